//! Measures Java's list under the same workload, by the Java program `Crossover.java`.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use crate::rows::Row;
use crate::settings::{Case, Effort};

/// The name of the subject in the rows of the program.
pub const LIST: &str = "Java CopyOnWriteArrayList";

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crossover/Crossover.java");

/// Returns the version of the Java virtual machine, if one is installed that can compile.
pub fn version() -> Option<String> {
    let modules = Command::new("java").arg("--list-modules").output().ok()?;
    if !String::from_utf8_lossy(&modules.stdout).contains("jdk.compiler") {
        return None;
    }
    let version = Command::new("java").arg("-version").output().ok()?;
    Some(String::from_utf8_lossy(&version.stderr).lines().last()?.into())
}

/// Measures the cases. Each kind of work runs in a separate virtual machine, because the compiler optimises for the
/// work it has seen before. Each machine first warms up, which does not count.
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
    let mut input = program.stdin.take().expect("stdin is piped");
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
