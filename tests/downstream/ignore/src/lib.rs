//! Walks a tree of folders, each with a `.gitignore`, and matches paths by one long list of globs.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use ignore::gitignore::GitignoreBuilder;
use ignore::{Walk, WalkBuilder};
use measure::Parts;

const FOLDERS: usize = 400;
const FILES: usize = 20;
/// The number of globs of a `.gitignore`, and of the long list.
const GLOBS: usize = 40;
const LONG: usize = 2_000;

/// Returns some globs. Each names files that no other glob names.
fn globs(folder: usize, number: usize) -> String {
    let mut text = String::from("*.tmp\n!keep-*.tmp\n/build/\n");
    for i in 0..number {
        match i % 4 {
            0 => writeln!(text, "generated-{folder}-{i}.rs"),
            1 => writeln!(text, "/cache/{folder}/{i}/"),
            2 => writeln!(text, "**/logs-{i}/*.log"),
            _ => writeln!(text, "data-{folder}-{i}-*.bin"),
        }
        .expect("a String takes all text");
    }
    text
}

/// A tree in a temporary folder, which the drop removes.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        let root = env::temp_dir().join(format!("walk-{}", process::id()));
        for folder in 0..FOLDERS {
            let path = root.join(format!("group-{}/part-{folder}", folder % 20));
            fs::create_dir_all(&path).expect("a folder can be made");
            fs::write(path.join(".gitignore"), globs(folder, GLOBS))
                .expect("a file can be written");
            for file in 0..FILES {
                let name = match file % 4 {
                    0 => format!("scratch-{file}.tmp"),
                    1 => format!("generated-{folder}-{file}.rs"),
                    2 => format!("keep-{file}.tmp"),
                    _ => format!("source-{file}.rs"),
                };
                fs::write(path.join(name), "").expect("a file can be written");
            }
        }
        Tree(root)
    }

    fn walk(&self) -> Walk {
        // No settings of the machine count.
        WalkBuilder::new(&self.0).parents(false).git_global(false).require_git(false).build()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the number of files and folders that no glob excludes, and of paths that a glob excludes.
pub fn job(parts: &mut Parts) -> usize {
    let tree = Tree::new();
    let files = parts.run("walk of 400 folders", || tree.walk().filter(Result::is_ok).count());
    let text = globs(0, LONG);
    let list = parts.run("matcher of 2,000 globs", || {
        let mut builder = GitignoreBuilder::new("/");
        for line in text.lines() {
            builder.add_line(None, line).expect("a valid glob");
        }
        builder.build().expect("valid globs")
    });
    let ignored = parts.run("match of 20,000 paths", || {
        let paths = (0..20_000).map(|i| format!("logs-{}/{i}/generated-0-{}.rs", i % 7, i % LONG));
        paths.filter(|path| list.matched(Path::new(path), false).is_ignore()).count()
    });
    assert!(files > FOLDERS && ignored > 0);
    files + ignored
}
