use std::path::PathBuf;
use std::{env, fs, process};

use cow_collections::{CowString, CowVec, UniqueVec, cow_vec};
use rusqlite::types::{ToSql, ToSqlOutput, Type, ValueRef};
use rusqlite::{Connection, Error, named_params, params};

use crate::alloc::blocks_of;

/// A file of a database. Its drop removes the file.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let file = Self(env::temp_dir().join(format!("{name}-{}.sqlite", process::id())));
        _ = fs::remove_file(&file.0);
        file
    }

    fn open(&self) -> Connection {
        Connection::open(&self.0).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        _ = fs::remove_file(&self.0);
    }
}

/// Texts on both sides of the inline limit, an empty one, and one that SQLite stores on several pages.
fn texts() -> [CowString; 6] {
    let long = "a page and more: ß ".repeat(2_000);
    ["", "fifteen bytes..", "sixteen bytes...", "with\0zero", "日本語", &long].map(CowString::from)
}

#[test]
fn texts_and_blobs_in_a_file_are_read_back() {
    let file = File::new("texts_and_blobs");
    let db = file.open();
    db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT, blob BLOB) STRICT", [])
        .unwrap();
    for (id, text) in texts().iter().enumerate() {
        let blob: CowVec<u8> = text.bytes().rev().collect();
        let insert = "INSERT INTO row VALUES (?1, ?2, ?3)";
        assert_eq!(db.execute(insert, params![id as i64, text, blob]).unwrap(), 1);
    }
    db.close().unwrap();

    let db = file.open();
    let mut rows = db.prepare("SELECT text, blob, blob FROM row ORDER BY id").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(CowString, CowVec<u8>, UniqueVec<u8>)> =
        rows.unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), texts().len());
    for ((text, blob, unique), expected) in rows.iter().zip(texts()) {
        assert_eq!(*text, expected);
        assert!(blob.iter().copied().eq(expected.bytes().rev()));
        assert_eq!(unique, blob);
    }
}

#[test]
fn values_are_found_by_text_and_blob_parameters() {
    let file = File::new("parameters");
    let db = file.open();
    db.execute("CREATE TABLE row (text TEXT, blob BLOB)", []).unwrap();
    let (text, blob) = (CowString::from("name"), UniqueVec::from([0_u8, 1, 255]));
    db.execute("INSERT INTO row VALUES (?1, ?2)", params![text, blob]).unwrap();
    let count = |query: &str, value: &dyn ToSql| -> i64 {
        db.query_row(query, named_params! { ":value": value }, |row| row.get(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM row WHERE text = :value", &text), 1);
    assert_eq!(count("SELECT count(*) FROM row WHERE text = :value", &text.slice(1..)), 0);
    assert_eq!(count("SELECT count(*) FROM row WHERE blob = :value", &cow_vec![0_u8, 1, 255]), 1);
    assert_eq!(count("SELECT length(:value)", &blob), 3);
    let none = None::<CowString>;
    assert_eq!(count("SELECT :value IS NULL", &none), 1);
    let read: Option<CowString> = db.query_row("SELECT NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(read, None);
}

#[test]
fn to_sql_lends_the_buffer() {
    for text in texts() {
        let blob = CowVec::from(text.as_bytes());
        let unique = UniqueVec::from(text.as_bytes());
        let (blocks, values) =
            blocks_of(|| [text.to_sql(), blob.to_sql(), unique.to_sql()].map(Result::unwrap));
        assert_eq!(blocks, 0);
        let [
            ToSqlOutput::Borrowed(ValueRef::Text(lent_text)),
            ToSqlOutput::Borrowed(ValueRef::Blob(lent_blob)),
            ToSqlOutput::Borrowed(ValueRef::Blob(lent_unique)),
        ] = values
        else {
            panic!("a text and two blobs: {values:?}");
        };
        assert_eq!((lent_text.as_ptr(), lent_text.len()), (text.as_ptr(), text.len()));
        assert_eq!((lent_blob.as_ptr(), lent_blob.len()), (blob.as_ptr(), blob.len()));
        assert_eq!((lent_unique.as_ptr(), lent_unique.len()), (unique.as_ptr(), unique.len()));
    }
}

#[test]
fn value_of_another_type_is_an_error_that_names_column_and_type() {
    let db = Connection::open_in_memory().unwrap();
    let text = |value: &str| {
        db.query_row(&format!("SELECT {value} AS it"), [], |row| row.get::<_, CowString>("it"))
    };
    let blob = |value: &str| {
        db.query_row(&format!("SELECT {value} AS it"), [], |row| row.get::<_, CowVec<u8>>("it"))
    };
    let unique = |value: &str| {
        db.query_row(&format!("SELECT {value} AS it"), [], |row| row.get::<_, UniqueVec<u8>>("it"))
    };
    for (value, found) in [("1", Type::Integer), ("1.5", Type::Real), ("NULL", Type::Null)] {
        let expected = Error::InvalidColumnType(0, "it".into(), found);
        assert_eq!(text(value).unwrap_err(), expected);
        assert_eq!(blob(value).unwrap_err(), expected);
        assert_eq!(unique(value).unwrap_err(), expected);
    }
    let error = text("X'6162'").unwrap_err();
    assert_eq!(error, Error::InvalidColumnType(0, "it".into(), Type::Blob));
    assert_eq!(blob("'ab'").unwrap_err(), Error::InvalidColumnType(0, "it".into(), Type::Text));
    assert_eq!((&*text("'ab'").unwrap(), &blob("X'6162'").unwrap()[..]), ("ab", &b"ab"[..]));
}

#[test]
fn text_that_is_not_utf8_is_the_error_of_a_string() {
    let db = Connection::open_in_memory().unwrap();
    for bytes in ["FF", "61C3", "EDA080", "6161616161616161616161616161616161616161C0AF"] {
        let query = format!("SELECT CAST(X'{bytes}' AS TEXT)");
        let ours = db.query_row(&query, [], |row| row.get::<_, CowString>(0)).unwrap_err();
        let theirs = db.query_row(&query, [], |row| row.get::<_, String>(0)).unwrap_err();
        assert_eq!(ours.to_string(), theirs.to_string());
        assert!(ours.to_string().contains("utf-8"), "{ours}");
    }
}
