//! Runs Java's list under the same work, in a Java program: `Crossover.java`.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use crate::rows::Row;
use crate::settings::{Case, Effort};

/// As the program calls it.
pub const LIST: &str = "Java CopyOnWriteArrayList";

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crossover/Crossover.java");

/// What a virtual machine calls itself, if there is one that can compile.
pub fn version() -> Option<String> {
    let modules = Command::new("java").arg("--list-modules").output().ok()?;
    if !String::from_utf8_lossy(&modules.stdout).contains("jdk.compiler") {
        return None;
    }
    let version = Command::new("java").arg("-version").output().ok()?;
    Some(String::from_utf8_lossy(&version.stderr).lines().last()?.into())
}

/// One virtual machine for each kind of work, as its compiler learns from what it has seen before; each first
/// works for a while that does not count.
pub fn measure(cases: &[Case], effort: Effort) -> io::Result<Vec<Row>> {
    if version().is_none() {
        eprintln!("skipped: no java");
        return Ok(Vec::new());
    }
    let kind = |case: &Case| (case.payload, case.write, case.read);
    let mut kinds: Vec<_> = cases.iter().map(kind).collect();
    let mut rows = Vec::new();
    while let Some(first) = kinds.first().copied() {
        kinds.retain(|other| *other != first);
        let like: Vec<_> = cases.iter().filter(|case| kind(case) == first).copied().collect();
        rows.extend(run(&like, effort)?);
    }
    Ok(rows)
}

fn run(cases: &[Case], effort: Effort) -> io::Result<Vec<Row>> {
    let mut program = Command::new("java")
        .arg(PROGRAM)
        .args([effort.rounds.to_string(), effort.run.as_millis().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = program.stdin.take().expect("it is piped");
    for case in cases {
        writeln!(input, "{case}")?;
    }
    drop(input);
    let output = program.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rows: Option<Vec<_>> = text.lines().map(Row::parse).collect();
    rows.filter(|rows| output.status.success() && rows.len() == cases.len())
        .ok_or_else(|| io::Error::other(format!("{PROGRAM}: {}\n{text}", output.status)))
}
