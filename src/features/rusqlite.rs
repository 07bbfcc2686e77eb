//! Stores texts and blobs in SQLite, and reads them, through rusqlite.

use rusqlite::Result;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

impl ToSql for CowString {
    /// Lends the text to SQLite, which stores a `TEXT`. O(1).
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

impl ToSql for CowVec<u8> {
    /// Lends the bytes to SQLite, which stores a `BLOB`. O(1).
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        self.as_slice().to_sql()
    }
}

impl ToSql for UniqueVec<u8> {
    /// Lends the bytes to SQLite, which stores a `BLOB`. O(1).
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        self.as_slice().to_sql()
    }
}

impl FromSql for CowString {
    /// Copies a `TEXT`. O(n), and one allocation if it has more than 15 bytes.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading a `String`: `FromSqlError::InvalidType` if the value is not a `TEXT`, and an
    /// error with the place in the text if the text is not valid UTF-8. SQLite does not check that it is.
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(Self::from)
    }
}

impl FromSql for CowVec<u8> {
    /// Copies a `BLOB`. O(n), one allocation.
    ///
    /// # Errors
    ///
    /// Returns `FromSqlError::InvalidType` if the value is not a `BLOB`.
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob().map(Self::from)
    }
}

impl FromSql for UniqueVec<u8> {
    /// Copies a `BLOB`. O(n), one allocation.
    ///
    /// # Errors
    ///
    /// Returns `FromSqlError::InvalidType` if the value is not a `BLOB`.
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob().map(Self::from)
    }
}
