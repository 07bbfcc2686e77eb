#![cfg(not(any(cow_loom, miri)))]
//! Compares three lists with each other:
//!
//! - the named orderings in `src` and the steps in `.ci/loom-edits.txt`,
//! - the controls that weaken or remove them (`.ci/loom-controls*.txt`),
//! - the table in `src/docs/internals.md`, which names for each a model that fails without it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The name of a control, the file of its models, and the name of a model. A table of controls may have a part of the
/// last.
type Row = (String, String, String);

#[derive(Clone)]
struct Papers {
    /// The names of all orderings and steps.
    named: BTreeSet<String>,
    /// The rows of the tables of controls.
    controls: BTreeSet<Row>,
    /// The rows of the table in `src/docs/internals.md`.
    page: BTreeSet<Row>,
    /// The existing models, by file and function.
    models: BTreeSet<(String, String)>,
}

/// Returns each part of `text` between `from` and the next `to`.
fn between<'a>(text: &'a str, from: &'a str, to: char) -> impl Iterator<Item = &'a str> {
    text.split(from).skip(1).filter_map(move |rest| rest.split_once(to).map(|(found, _)| found))
}

/// Returns the names of the orderings in a source text.
fn named(source: &str) -> impl Iterator<Item = String> {
    between(source, "NamedOrdering::new(\"", '"').map(String::from)
}

/// Returns the names of the steps in the table of edits.
fn edits(table: &str) -> impl Iterator<Item = String> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| line.split_once('|')).map(|(name, _)| name.trim().into())
}

/// Returns the text of all source files in `folder` and below.
fn sources(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.extension() {
        None => sources(&path),
        Some(extension) if extension == "rs" => fs::read_to_string(path).unwrap(),
        Some(_) => String::new(),
    };
    files.map(text).collect()
}

fn controls(table: &str) -> BTreeSet<Row> {
    let rows = table.lines().filter(|line| !line.starts_with('#') && line.contains('|'));
    let rows = rows.map(|line| {
        let mut cells = line.split('|').map(|cell| cell.trim().to_string());
        let mut cell = || cells.next().expect("three cells");
        (cell(), cell(), cell())
    });
    rows.collect()
}

/// Returns the rows of the page that have a control in the first cell and models, as `loom::module::function`, in the
/// second.
fn page(text: &str) -> BTreeSet<Row> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let models = rows.flat_map(|(name, models)| {
        let models = between(models, "`loom::", '`').filter_map(|model| model.split_once("::"));
        models.map(move |(module, test)| (name.into(), module.into(), test.into()))
    });
    models.collect()
}

fn models(file: &str, text: &str) -> BTreeSet<(String, String)> {
    let tests = text.split("#[test]\n").skip(1);
    let tests = tests.filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
    tests.map(|(test, _)| (file.into(), test.into())).collect()
}

impl Papers {
    fn read() -> Self {
        let text = |file: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
        };
        let loom = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/loom")).unwrap();
        let loom = loom.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let tables = [".ci/loom-controls.txt", ".ci/loom-controls-arc-swap.txt"];
        Self {
            named: named(&sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")))
                .chain(edits(&text(".ci/loom-edits.txt")))
                .collect(),
            controls: tables.iter().flat_map(|table| controls(&text(table))).collect(),
            page: page(&text("src/docs/internals.md")),
            models: loom
                .flat_map(|name| {
                    models(name.trim_end_matches(".rs"), &text(&format!("tests/loom/{name}")))
                })
                .collect(),
        }
    }

    /// Returns a message for each disagreement between the lists.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |what: String| faults.push(what);
        let stands_for = |row: &Row, other: &Row| {
            (&row.0, &row.1) == (&other.0, &other.1) && row.2.contains(&other.2)
        };
        for name in &self.named {
            if !self.page.iter().any(|row| row.0 == *name) {
                fault(format!("{name}: the page names no model that fails without it"));
            }
        }
        for row in &self.page {
            if !self.named.contains(&row.0) {
                fault(format!("{}: on the page, but no such ordering or step exists", row.0));
            }
            if !self.models.contains(&(row.1.clone(), row.2.clone())) {
                fault(format!("{}: there is no model {}::{}", row.0, row.1, row.2));
            }
            if !self.controls.iter().any(|control| stands_for(row, control)) {
                fault(format!("{}: no control runs {}::{}", row.0, row.1, row.2));
            }
        }
        for row @ (name, file, filter) in &self.controls {
            if !self.models.iter().any(|model| model.0 == *file && model.1.contains(filter)) {
                fault(format!("{name}: there is no model {file}::{filter}"));
            }
            if name != "NULL" && !self.page.iter().any(|other| stands_for(other, row)) {
                fault(format!("{name}: the page does not name {file}::{filter}"));
            }
        }
        for (file, _) in &self.models {
            if !self.controls.iter().any(|row| (row.0.as_str(), &row.1) == ("NULL", file)) {
                fault(format!("{file}: no null control"));
            }
        }
        faults
    }
}

#[test]
fn each_ordering_has_a_model_that_fails_without_it() {
    let papers = Papers::read();
    let (named, models) = (papers.named.len(), papers.models.len());
    assert!(named >= 28 && models >= 40, "found only {named} names and {models} models");
    assert_eq!(papers.faults(), [""; 0]);
    println!("{named} orderings and steps, {} controls", papers.controls.len());
}

#[test]
fn each_fault_is_found() {
    let row = |name: &str, file: &str, test: &str| (name.into(), file.into(), test.into());
    let good = Papers {
        named: named(
            "const C: &str = \"c\"; const A: NamedOrdering = NamedOrdering::new(\"A\", X);",
        )
        .chain(edits("# n\nb | src/x.rs | s/x/y|z/\n"))
        .collect(),
        controls: controls("# c\nNULL | x |\nA | x | one\nb | x | two\n"),
        page: page(
            "| A | text | `A` |\n| `A` | `loom::x::one_model` |\n| `b` | `loom::x::two`, `loom::x::two_b` |",
        ),
        models: models(
            "x",
            "#[test]\nfn one_model() {}\n#[test]\n#[cfg(x)]\nfn two() {}\nfn no() {}",
        )
        .into_iter()
        .chain([("x".into(), "two_b".into())])
        .collect(),
    };
    assert_eq!(
        (good.named.len(), good.controls.len(), good.page.len(), good.models.len()),
        (2, 3, 3, 3)
    );
    assert_eq!(good.faults(), [""; 0]);
    let with = |change: fn(&mut Papers, Row), row: Row| {
        let mut papers = good.clone();
        change(&mut papers, row);
        papers.faults()
    };
    let cases = [
        with(|p, row| _ = p.named.insert(row.0), row("C", "", "")),
        with(|p, row| _ = p.named.remove(&row.0), row("A", "", "")),
        with(|p, row| _ = p.page.remove(&row), row("A", "x", "one_model")),
        with(|p, row| _ = p.page.insert(row), row("A", "x", "one_gone")),
        with(|p, row| _ = p.page.insert(row), row("A", "x", "two")),
        with(|p, row| _ = p.controls.remove(&row), row("A", "x", "one")),
        with(|p, row| _ = p.controls.remove(&row), row("NULL", "x", "")),
        with(|p, row| _ = p.controls.insert(row), row("b", "x", "gone")),
        with(|p, row| _ = p.models.remove(&(row.1, row.2)), row("", "x", "one_model")),
    ];
    for (i, faults) in cases.iter().enumerate() {
        assert!(!faults.is_empty(), "fault {i} is not found");
    }
}
