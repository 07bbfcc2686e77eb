//! The inputs that the fuzzers have saved.

use std::fs;
use std::io::{Write, stderr};
use std::path::Path;

/// Returns the saved inputs of these fuzz targets, and panics if they are fewer than `least`.
///
/// The published package has no folder `fuzz`. There, this function returns nothing and says so on standard error.
#[expect(clippy::explicit_write, reason = "`eprintln!` shows nothing if the test passes")]
pub fn saved(targets: &[&str], least: usize) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Cargo adds this file to each package.
    if root.join("Cargo.toml.orig").exists() {
        writeln!(stderr(), "skipped: the package has no saved inputs of {targets:?}").unwrap();
        return Vec::new();
    }
    let folders = targets.iter().map(|target| root.join("fuzz/seeds").join(target));
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let inputs: Vec<_> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(inputs.len() >= least, "only {} saved inputs of {targets:?}", inputs.len());
    inputs
}
