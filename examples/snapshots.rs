//! A file system with snapshots: it sends only changes, and rolls back after a power cut.
//!
//! `cargo run --release --example snapshots -- FOLDER`
//!
//! - A folder is a vector of entries, and a file is a vector of bytes. A snapshot of FOLDER (by default src) is a
//!   clone of the root. After a snapshot, a write copies a leaf of the file and of each folder up to the root.
//!   The program measures this cost for a write of one byte: fewer snapshots make writes cheaper.
//! - The changes that `diff` finds between two snapshots are sent to a copy. The power is cut before each change,
//!   and the copy then rolls back to the old version.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::ops::Range;
use std::process::ExitCode;

use common::counting::allocated_by;
use common::{Outcome, Random, argument, ensure, exit, read_tree, timed};
use cow_collections::{CowString, PersistentVector};

type Bytes = PersistentVector<u8>;

/// A file, or a folder with its entries sorted by name.
#[derive(Clone, Default)]
struct Node {
    bytes: Bytes,
    entries: PersistentVector<(CowString, Node)>,
}

/// Skips what two snapshots share, because it is equal.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.eq_shared(&other.bytes) && self.entries.eq_shared(&other.entries)
    }
}
impl Eq for Node {}
enum Change {
    Remove(String),
    /// Replaces a range of the bytes of a file.
    Write(String, Range<usize>, Bytes),
}

impl Node {
    /// Returns the node at a path, and creates it if needed. Copies a leaf of each shared folder on the path.
    fn at(&mut self, path: &str) -> &mut Self {
        path.split('/').filter(|name| !name.is_empty()).fold(self, |node, name| {
            let at = node.entries.binary_search_by(|entry| entry.0.as_str().cmp(name));
            if let Err(at) = at {
                node.entries.insert(at, (name.into(), Self::default()));
            }
            let (Ok(at) | Err(at)) = at;
            &mut node.entries[at].1
        })
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write(path, cut, new) => {
                self.at(path).bytes.replace_range(cut.clone(), new.clone());
            }
            Change::Remove(path) => {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                self.at(folder).entries.retain(|entry| entry.0 != name);
            }
        }
    }

    /// Appends the changes that turn `old` into this node, in the order in which to apply them.
    fn since(&self, old: &Self, path: &str, changes: &mut Vec<Change>) {
        for hunk in old.bytes.diff(&self.bytes) {
            let cut = hunk.new.start..hunk.new.start + hunk.old.len();
            changes.push(Change::Write(path.into(), cut, self.bytes.slice(hunk.new)));
        }
        for hunk in old.entries.diff(&self.entries) {
            // A hunk may have several entries, so they are matched by name.
            let (old, new) = (old.entries.slice(hunk.old), self.entries.slice(hunk.new));
            let path = |name: &CowString| format!("{path}/{name}");
            let gone = old.iter().filter(|old| new.iter().all(|new| new.0 != old.0));
            changes.extend(gone.map(|(name, _)| Change::Remove(path(name))));
            for (name, node) in &new {
                let old = old.iter().find(|old| old.0 == *name).map(|old| old.1.clone());
                node.since(&old.unwrap_or_default(), &path(name), changes);
            }
        }
    }
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Outcome {
    let files = read_tree(&argument("a folder", "src")?)?;
    let mut root = Node::default();
    files.iter().for_each(|(name, bytes)| root.at(name).bytes = bytes[..].into());
    println!("a tree of {} files", files.len());
    write_amplification(&root, &files)?;
    send(&root, &files)
}

/// Measures the bytes that a write of one byte copies, if a snapshot is taken every 1 to 1,000 writes.
fn write_amplification(root: &Node, files: &[(String, Vec<u8>)]) -> Outcome {
    let mut last = usize::MAX;
    for every in [1, 10, 100, 1000] {
        let (mut live, mut snapshots) = (root.clone(), Vec::new());
        let (mut random, mut copied) = (Random(7), 0);
        for write in 0..1000 {
            snapshots.extend((write % every == 0).then(|| live.clone()));
            let (path, bytes) = &files[random.below(files.len())];
            let at = random.below(bytes.len());
            copied += allocated_by(|| live.at(path).bytes[at] ^= 1).1;
        }
        println!("snapshot every {every:>4} writes: writing one byte copies {}", copied / 1000);
        ensure(snapshots[0] == *root, "a write changed a snapshot")?;
        ensure(copied < last, "fewer snapshots do not make writes cheaper")?;
        last = copied;
    }
    Ok(())
}

/// Updates a copy of the old version to a new one, and cuts the power before each change.
fn send(old: &Node, files: &[(String, Vec<u8>)]) -> Outcome {
    let mut new = old.clone();
    for (number, (path, bytes)) in files.iter().enumerate().step_by(5) {
        if number % 2 == 0 {
            new.at(path).bytes.insert(bytes.len() / 2, b'!');
        } else {
            new.apply(&Change::Remove(path.clone()));
            new.at(&format!("{path}.new")).bytes.extend(b"a new file\n");
        }
    }
    let mut changes = Vec::new();
    let ((), time) = timed(|| new.since(old, "", &mut changes));
    let bytes = |change: &Change| if let Change::Write(.., new) = change { new.len() } else { 0 };
    let sent: usize = changes.iter().map(bytes).sum();
    println!("a new version: {} changes with {sent} bytes, found in {time:.1?}", changes.len());
    let mut copy = old.clone();
    for cut in 0..changes.len() {
        let snapshot = copy.clone();
        changes[..cut].iter().for_each(|change| copy.apply(change));
        copy = snapshot; // rolls back after the power cut
        ensure(copy == *old, format!("power cut before change {cut}: the copy changed"))?;
    }
    changes.iter().for_each(|change| copy.apply(change));
    println!("each power cut left the old version, and the last run made the new one");
    ensure(copy == new, "the copy differs from the new version")
}
