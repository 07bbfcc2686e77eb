//! Holds the rules of the house that neither the compiler nor clippy can: it reads the sources as text.
//!
//! Each rule is a function from a file to its violations, and each has a test which shows that it can
//! fail. Comments, documentation and the content of literals do not count, so `src/docs` is not read.
#![cfg(not(any(cow_loom, miri)))]

use std::fs;
use std::path::Path;

/// The layers from the bottom up, each with its rank and the names under which `lib.rs` exports it. A
/// file may name its own layer and those of a lower rank.
const LAYERS: [(&str, usize, &[&str]); 10] = [
    ("panics", 0, &[]),
    ("range", 0, &[]),
    ("sync", 0, &[]),
    ("raw", 1, &[]),
    ("vec", 2, &["CowVec", "UniqueVec", "cow_vec"]),
    ("string", 3, &["CowString", "ToCowString", "cow_format"]),
    ("persistent", 3, &["PersistentVector", "persistent_vector"]),
    ("list", 3, &["CopyOnWriteList", "CopyOnWriteSet"]),
    ("features", 4, &[]),
    ("lib", 5, &[]),
];

/// Files and folders where `unsafe` may stand.
const UNSAFE: [&str; 7] = [
    "src/raw/buffer.rs",
    "src/raw/handle.rs",
    "src/persistent/node/",
    "src/list/cell/",
    "src/vec/unique/",
    "src/string/repr/",
    "src/string/utf8.rs",
];

const PRIMITIVES: [&str; 4] = ["arc_swap", "crossbeam_utils", "loom", "parking_lot"];
/// The crates that are behind features, each with the file or folder that alone names it.
/// (proptest is also what some of the crate's own tests are made of.)
const FOREIGN: [(&str, &str); 7] = [
    ("arbitrary", "src/features/arbitrary"),
    ("borsh", "src/features/borsh"),
    ("bytes", "src/features/bytes"),
    ("rayon", "src/features/rayon"),
    ("schemars", "src/features/schemars"),
    ("serde_core", "src/features/serde"),
    ("zeroize", "src/features/zeroize"),
];
/// Words after which a path may begin with `::`.
const BEFORE_PATHS: [&str; 8] = ["as", "dyn", "for", "impl", "in", "mut", "return", "use"];
const MAX_LINES: usize = 900;

struct Source {
    /// Relative to the package, with `/`.
    file: String,
    lines: usize,
    tokens: Vec<Token>,
}

struct Token {
    line: usize,
    text: String,
}

impl Source {
    fn new(file: &str, text: &str) -> Self {
        Self { file: file.into(), lines: text.lines().count(), tokens: tokens(&code(text)) }
    }

    fn report(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{line}: {what}", self.file)
    }

    /// The text of token `i`, empty past either end.
    fn at(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |token| &token.text)
    }

    /// Whether `pattern` stands at token `i`.
    fn has(&self, i: usize, pattern: &[&str]) -> bool {
        pattern.iter().enumerate().all(|(k, text)| self.at(i + k) == *text)
    }

    /// Every path in the file with its line, `use` trees expanded.
    fn paths(&self) -> Vec<(usize, Vec<&str>)> {
        let (mut found, mut path, mut groups) = (Vec::new(), Vec::new(), vec![0]);
        let mut before = "";
        for Token { line, text } in &self.tokens {
            let open = *groups.last().unwrap();
            if text == "::" && BEFORE_PATHS.contains(&before) {
                path.truncate(open);
            } else if text == "{" && before == "::" {
                groups.push(path.len());
            } else if text != "::" && !(is_word(text) && before == "::") {
                if path.len() > open {
                    found.push((*line, path.clone()));
                }
                if text == "}" && groups.len() > 1 {
                    groups.pop();
                }
                path.truncate(*groups.last().unwrap());
            }
            if is_word(text) {
                path.push(text.as_str());
            }
            before = text;
        }
        found
    }
}

/// The text with comments, and what stands inside of literals, turned into spaces.
fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let mut out = String::new();
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
        if chars[i] == '/' && at(i + 1) == '/' {
            while i < chars.len() && chars[i] != '\n' {
                i += 1;
            }
        } else if chars[i] == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            while i < chars.len() {
                match (chars[i], at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 {
                    break;
                }
            }
        } else if chars[i] == 'r' && at(i + 1 + hashes) == '"' {
            let end: String = format!("\"{}", "#".repeat(hashes));
            i += hashes + 2;
            while i < chars.len() && !end.chars().enumerate().all(|(k, c)| at(i + k) == c) {
                i += 1;
            }
            i += end.len();
        } else if chars[i] == '"' || chars[i] == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'') {
            i += 1;
            while i < chars.len() && chars[i] != chars[start] {
                i += 1 + usize::from(chars[i] == '\\');
            }
            i += 1;
        } else {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        let gone = &chars[start..i.min(chars.len())];
        out.extend(gone.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    }
    out
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
}

/// Words, `::`, and single signs; `$crate` is one word.
fn tokens(code: &str) -> Vec<Token> {
    let mut all = Vec::new();
    for (line, mut rest) in code.lines().enumerate() {
        rest = rest.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = |from: usize| {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                rest[from..].find(|c| !word(c)).map_or(rest.len(), |n| from + n)
            };
            let len = match first {
                '$' => word(1),
                ':' if rest.starts_with("::") => 2,
                _ => word(0).max(first.len_utf8()),
            };
            all.push(Token { line: line + 1, text: rest[..len].into() });
            rest = rest[len..].trim_start();
        }
    }
    all
}

/// Only `src/sync.rs` names a synchronisation primitive.
fn primitives(source: &Source) -> Vec<String> {
    if source.file == "src/sync.rs" {
        return Vec::new();
    }
    let named = |path: &[&str]| {
        PRIMITIVES.contains(&path[0]) || matches!(path, ["core" | "std", "sync", ..])
    };
    let paths = source.paths().into_iter().filter(|(_, path)| named(path));
    paths.map(|(line, path)| source.report(line, path.join("::"))).collect()
}

/// A crate that is behind a feature is named in that feature's file alone, and not even there for another.
fn foreign(source: &Source) -> Vec<String> {
    let strange = |name: &str| {
        FOREIGN.iter().any(|(foreign, home)| *foreign == name && !source.file.starts_with(home))
    };
    let paths = source.paths().into_iter().filter(|(_, path)| path.len() > 1 && strange(path[0]));
    paths.map(|(line, path)| source.report(line, path.join("::"))).collect()
}

/// `unsafe` stands in the marked files; elsewhere only as the declaration of a public function or an
/// auto trait, under its own `expect`.
fn unsafe_code(source: &Source) -> Vec<String> {
    if UNSAFE.iter().any(|marked| source.file.starts_with(marked)) {
        return Vec::new();
    }
    let found = (0..source.tokens.len()).filter(|i| source.at(*i) == "unsafe");
    let found = found.filter(|i| !is_declared(source, *i) && !is_body(source, *i));
    found.map(|i| source.report(source.tokens[i].line, "unsafe outside the marked files")).collect()
}

/// Whether the `unsafe` at token `i` begins a declaration that says why it is there.
fn is_declared(source: &Source, i: usize) -> bool {
    is_declaration(source, i) && is_expected(source, i)
}

/// Whether the `unsafe` at token `i` begins a block in the body of such a function, which can only hand
/// its caller's promise on.
fn is_body(source: &Source, i: usize) -> bool {
    let head = (1..i).rev().find(|k| source.at(*k) == "fn");
    source.at(i + 1) == "{" && head.is_some_and(|head| is_declared(source, head - 1))
}

/// Whether the `unsafe` at token `i` begins `pub unsafe fn` or `unsafe impl Send|Sync for`.
fn is_declaration(source: &Source, i: usize) -> bool {
    let head = || (i..source.tokens.len()).take_while(|k| source.at(*k) != "{");
    source.has(i - i.min(1), &["pub", "unsafe", "fn"])
        || source.at(i + 1) == "impl"
            && head().any(|k| source.has(k, &["Send", "for"]) || source.has(k, &["Sync", "for"]))
}

/// Whether `#[expect(unsafe_code, reason = ..)]` is among the attributes before token `i`.
fn is_expected(source: &Source, i: usize) -> bool {
    let mut end = if source.at(i - i.min(1)) == "pub" { i - 1 } else { i };
    while end > 0 && source.at(end - 1) == "]" {
        let Some(start) = (0..end).rev().find(|k| source.has(*k, &["#", "["])) else { break };
        if source.has(start + 2, &["expect", "(", "unsafe_code", ",", "reason"]) {
            return true;
        }
        end = start;
    }
    false
}

/// A longer file is two ideas.
fn length(source: &Source) -> Vec<String> {
    let long = source.lines > MAX_LINES;
    long.then(|| source.report(source.lines, format!("more than {MAX_LINES} lines")))
        .into_iter()
        .collect()
}

/// Imports go down the layers, never up or sideways.
fn layers(source: &Source) -> Vec<String> {
    let own = source.file.trim_start_matches("src/").split(['/', '.']).next().unwrap();
    let rank = |name: &str| LAYERS.iter().find(|layer| layer.0 == name).map(|layer| layer.1);
    let mut bad = Vec::new();
    let Some(own_rank) = rank(own) else {
        return vec![source.report(1, "belongs to no layer")];
    };
    for (line, path) in source.paths() {
        let inside = |s: &&&str| matches!(**s, "crate" | "$crate" | "super" | "self");
        let up = path.iter().take_while(inside).count();
        if up == 0 || up == path.len() {
            continue;
        }
        let layer = LAYERS
            .iter()
            .find(|(name, _, exports)| path[up] == *name || exports.contains(&path[up]));
        match layer {
            Some((name, rank, _)) if *name != own && *rank >= own_rank => {
                bad.push(source.report(line, format!("{own} names {}", path.join("::"))));
            }
            None if path[0] == "crate" && up == 1 && own != "lib" => {
                bad.push(source.report(line, format!("{} names no layer", path.join("::"))));
            }
            _ => {}
        }
    }
    bad
}

/// Nothing is left for later without a trace.
fn unfinished(source: &Source) -> Vec<String> {
    let marks: [&[&str]; 3] = [&["#", "[", "ignore"], &["todo", "!"], &["unimplemented", "!"]];
    let found = (0..source.tokens.len()).filter(|i| marks.iter().any(|mark| source.has(*i, mark)));
    found.map(|i| source.report(source.tokens[i].line, "ignored or unfinished")).collect()
}

/// The Rust sources below `folder`, which need not exist.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(path).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            if !name.ends_with("/target") {
                found.extend(sources(&name));
            }
        } else if name.ends_with(".rs") {
            found.push(Source::new(&name, &fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

#[test]
fn the_house_is_tidy() {
    let src = sources("src");
    for file in ["src/lib.rs", "src/sync.rs", "src/raw/refcount.rs"] {
        assert!(src.iter().any(|source| source.file == file), "{file} was not read");
    }
    let mut bad = Vec::new();
    for rule in [primitives, foreign, unsafe_code, length, layers, unfinished] {
        bad.extend(src.iter().flat_map(rule));
    }
    for folder in ["tests", "benches", "examples"] {
        bad.extend(sources(folder).iter().flat_map(unfinished));
    }
    assert!(bad.is_empty(), "\n{}", bad.join("\n"));
}

/// Asserts that `rule` finds one violation in each text of `bad`, and none in those of `good`.
#[track_caller]
fn check(rule: fn(&Source) -> Vec<String>, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for (file, text) in bad {
        assert_eq!(rule(&Source::new(file, text)).len(), 1, "{file}: {text}");
    }
    for (file, text) in good {
        assert_eq!(rule(&Source::new(file, text)), [""; 0], "{file}: {text}");
    }
}

#[test]
fn comments_and_literals_are_no_code() {
    let text = "a /* b /* c */ d */ 'e' \"f\\\"\" r#\"g\"h\"# '\\'' \"\\\\\" i // j\nk: &'l m";
    assert_eq!(code(text).split_whitespace().collect::<Vec<_>>(), ["a", "i", "k:", "&'l", "m"]);
    let source = Source::new("x.rs", "/*\n\n*/ unsafe");
    assert_eq!((source.at(0), source.tokens[0].line), ("unsafe", 3));
}

#[test]
fn use_trees_are_expanded() {
    let source = Source::new("x.rs", "use a::{b, c::{self, d as e}, f::*}; x = g::h(i); { j }");
    let paths: Vec<String> = source.paths().into_iter().map(|(_, path)| path.join("::")).collect();
    for path in ["a::b", "a::c::self", "a::c::d", "a::f", "g::h", "i", "j"] {
        assert!(paths.iter().any(|found| found == path), "{path} in {paths:?}");
    }
}

#[test]
fn primitives_can_fail() {
    check(
        primitives,
        &[
            ("src/vec/mod.rs", "use core::sync::atomic::AtomicUsize;"),
            ("src/vec/mod.rs", "use std::{fmt, sync::Mutex};"),
            ("src/list/mod.rs", "static LOCK: parking_lot::Mutex<()> = x;"),
            ("src/list/cell/swap.rs", "use arc_swap::RefCnt;"),
            ("src/raw/refcount.rs", "loom::model(|| {});"),
            ("src/list/mod.rs", "use crossbeam_utils::CachePadded;"),
            ("src/list/mod.rs", "use ::{parking_lot::Mutex, core::fmt};"),
        ],
        &[
            ("src/sync.rs", "pub(crate) use core::sync::atomic::AtomicUsize;"),
            ("src/list/mod.rs", "use crate::sync::{AtomicUsize, Mutex}; use alloc::sync::Arc;"),
            (
                "src/vec/mod.rs",
                "//! As `std::sync::Arc`.\n#[doc = \"loom::model\"]\n/* arc_swap:: */",
            ),
        ],
    );
}

#[test]
fn foreign_can_fail() {
    check(
        foreign,
        &[
            ("src/vec/mod.rs", "use serde_core::Serialize;"),
            ("src/features/mod.rs", "impl serde_core::Serialize for X {}"),
            ("src/features/borsh.rs", "use ::bytes::Bytes;"),
            ("src/features/rayon/vec.rs", "use arbitrary::{Arbitrary};"),
        ],
        &[
            ("src/features/serde.rs", "use serde_core::{Serialize, de::Visitor};"),
            ("src/features/rayon/list.rs", "use ::rayon::prelude::*;"),
            ("src/features/mod.rs", "pub mod rayon; mod bytes;"),
            ("src/string/mod.rs", "mod bytes; use self::bytes::F; let x = bytes.len();"),
        ],
    );
}

#[test]
fn unsafe_code_can_fail() {
    let expect = "#[expect(unsafe_code, reason = \"the caller's promise\")]";
    let declared = [
        format!("{expect}\npub unsafe fn set_len(&mut self, len: usize) {{}}"),
        format!("{expect}\n#[inline]\npub unsafe fn set_len(&mut self, len: usize) {{}}"),
        format!("#[inline]\n{expect}\nunsafe impl<T: Sync> Sync for UniqueVec<T> {{}}"),
        format!("{expect}\npub unsafe fn from_raw(p: P) {{ unsafe {{ f(p) }} }}"),
    ];
    let other = [
        format!("{expect}\nunsafe impl<T> Trait for T {{}}"),
        format!("{expect}\nfn f() {{ unsafe {{ g() }} }}"),
        format!("{expect}\nfn f() {{}}\npub unsafe fn g() {{}}"),
        format!("{expect}\nunsafe fn private() {{}}"),
        format!("{expect}\npub unsafe fn f() {{}}\nfn g() {{ unsafe {{ f() }} }}"),
    ];
    let bad = [
        "fn f() { unsafe { g() } }",
        "pub unsafe fn f() {}",
        "unsafe impl<T: Sync> Sync for UniqueVec<T> {}",
        "pub unsafe trait Trait {}",
        "#[expect(unsafe_code)]\npub unsafe fn f() {}",
    ];
    let in_vec = |text| ("src/vec/mod.rs", text);
    check(
        unsafe_code,
        &bad.into_iter().chain(other.iter().map(|s| &**s)).map(in_vec).collect::<Vec<_>>(),
        &declared.iter().map(|s| in_vec(&**s)).collect::<Vec<_>>(),
    );
    check(
        unsafe_code,
        &[
            ("src/string/mod.rs", "unsafe {}"),
            ("src/raw/layout.rs", "unsafe {}"),
            ("src/lib.rs", "unsafe {}"),
        ],
        &[
            ("src/raw/buffer.rs", "unsafe {}"),
            ("src/list/cell/swap.rs", "unsafe impl RefCnt for Published {}"),
            ("src/string/utf8.rs", "unsafe fn f() {}"),
            ("src/vec/mod.rs", "// unsafe\n#![deny(unsafe_code)] \"unsafe\""),
        ],
    );
}

#[test]
fn length_can_fail() {
    let (at, over) = ("\n".repeat(MAX_LINES), "\n".repeat(MAX_LINES + 1));
    check(length, &[("src/lib.rs", &over)], &[("src/lib.rs", &at)]);
}

#[test]
fn layers_can_fail() {
    check(
        layers,
        &[
            ("src/raw/handle.rs", "use crate::vec::CowVec;"),
            ("src/sync.rs", "use crate::raw::RefCount;"),
            ("src/vec/mod.rs", "use crate::{raw::Handle, string::CowString};"),
            ("src/vec/mod.rs", "use crate::CowString;"),
            ("src/string/mod.rs", "use crate::persistent::PersistentVector;"),
            ("src/persistent/tree.rs", "use super::super::list::CopyOnWriteList;"),
            ("src/list/mod.rs", "fn f() -> crate::CowString {}"),
            ("src/list/mod.rs", "macro_rules! m { () => { $crate::CowString::new() } }"),
            ("src/vec/mod.rs", "use crate::features::serde;"),
            ("src/list/mod.rs", "use crate::Reexported;"),
            ("src/other.rs", ""),
        ],
        &[
            ("src/lib.rs", "pub use vec::CowVec; pub use self::list::CopyOnWriteList;"),
            ("src/raw/handle.rs", "use super::refcount::RefCount; pub(crate) fn f() {}"),
            ("src/list/mod.rs", "use crate::{raw, sync::Mutex, vec::CowVec}; use super::list;"),
            ("src/string/convert.rs", "use super::CowString; use crate::vec::CowVec;"),
            ("src/features/serde.rs", "use crate::list::CopyOnWriteList;"),
            ("src/vec/macros.rs", "macro_rules! m { () => { $crate::CowVec::new() } }"),
            (
                "src/string/mod.rs",
                "//! [`crate::list`]\nuse alloc::vec::Vec; use std::string::String;",
            ),
        ],
    );
}

#[test]
fn unfinished_can_fail() {
    check(
        unfinished,
        &[
            ("tests/vec.rs", "#[test]\n#[ignore]\nfn f() {}"),
            ("tests/vec.rs", "#[ignore = \"slow\"]"),
            ("src/lib.rs", "fn f() { todo!() }"),
            ("benches/vec.rs", "unimplemented!(\"later\")"),
        ],
        &[(
            "src/lib.rs",
            "// todo!()\n#[should_panic] fn todo() { \"unimplemented!\"; ignore(); }",
        )],
    );
}
