//! Checks that each line of `tests/api.txt` that needs a case has one.

use std::collections::{BTreeMap, BTreeSet};

const API: &str = include_str!("../api.txt");

/// Traits that user code implements. A bound on one of them makes an item run that code.
const USER: &[&str] = &[
    "Arbitrary",
    "Archive",
    "AsRef",
    "Borrow",
    "BorshDeserialize",
    "BorshSerialize",
    "BufRead",
    "Buf",
    "Clone",
    "Debug",
    "Deserialize",
    "Display",
    "DoubleEndedIterator",
    "Eq",
    "Fn",
    "FnMut",
    "FnOnce",
    "Hash",
    "Into",
    "IntoIterator",
    "IntoParallelIterator",
    "Iterator",
    "JsonSchema",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Pattern",
    "RangeBounds",
    "Read",
    "Serialize",
    "ToString",
    "Write",
    "Zeroize",
    // rustdoc's form of `Item: Clone` and `Item: Debug`.
    "Itemcore",
];

/// Traits of the crate's types whose methods take a generic argument or a user's object.
const GENERIC: &[&str] = &[
    "BorshDeserialize",
    "BorshSerialize",
    "Deserialize",
    "DoubleEndedIterator",
    "Extend",
    "FromIterator",
    "FromParallelIterator",
    "Hash",
    "IndexedParallelIterator",
    "Iterator",
    "ParallelExtend",
    "ParallelIterator",
    "Producer",
    "Serialize",
    "Write",
];

/// Traits whose own methods run no user code, whatever their bounds.
const MARKERS: &[&str] = &["Default", "Eq", "ExactSizeIterator", "FusedIterator", "Send", "Sync"];

/// A part of a line, and whether this build has the items of lines with that part.
const FEATURES: &[(&str, bool)] = &[
    ("arbitrary::Arbitrary", cfg!(feature = "arbitrary")),
    ("borsh::", cfg!(feature = "borsh")),
    ("bytes::", cfg!(feature = "bytes")),
    ("futures_core::", cfg!(feature = "futures")),
    ("proptest::", cfg!(feature = "proptest")),
    ("quickcheck::", cfg!(feature = "quickcheck")),
    ("rayon::", cfg!(all(feature = "rayon", not(miri)))),
    ("pub fn par_", cfg!(all(feature = "rayon", not(miri)))),
    ("rkyv::", cfg!(feature = "rkyv")),
    ("rusqlite::", cfg!(feature = "rusqlite")),
    ("schemars::", cfg!(feature = "schemars")),
    ("serde_core::", cfg!(feature = "serde")),
    ("zeroize::", cfg!(feature = "zeroize")),
    ("list::", cfg!(feature = "list")),
    ("CopyOnWrite", cfg!(feature = "list")),
    ("impl Write for UniqueVec", cfg!(feature = "std")),
    ("impl Write for CowVec", cfg!(feature = "std")),
    ("impl Write for persistent::", cfg!(feature = "std")),
];

/// Why an item needs a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// A method or function with a generic argument.
    Argument,
    /// Any other item that runs user code.
    UserCode,
}

/// Returns the name by which cases cover the item of a line, and why the item needs a case. A method is named
/// `Type::method`. An implementation is named as in the file, without `impl<..>` and `where`.
fn item(line: &str) -> Option<(String, Option<Need>)> {
    let (bounds, rest) = match line.strip_prefix("impl")? {
        rest if rest.starts_with('<') => rest.split_at(closing(rest)?),
        rest => ("", rest),
    };
    let (rest, conditions) = rest.split_once(" where ").unwrap_or((rest, ""));
    let (head, member) = match rest.split_once(": pub ") {
        Some((head, member)) => (head.trim(), Some(member)),
        None => (rest.trim(), None),
    };
    let bounds = format!("{bounds} {conditions}");
    let Some(member) = member else {
        let (implemented, _) = head.split_once(" for ")?;
        let implemented = implemented.split('<').next()?.rsplit("::").next()?;
        let runs = !MARKERS.contains(&implemented)
            && (GENERIC.contains(&implemented) || mentions(&bounds, USER));
        return Some((head.to_owned(), runs.then_some(Need::UserCode)));
    };
    let (_, signature) = member.split_once("fn ")?;
    let name_len = signature.find(['<', '('])?;
    let (name, rest) = signature.split_at(name_len);
    let (vars, arguments) = rest.split_at(if rest.starts_with('<') { closing(rest)? } else { 0 });
    // The arguments end where the result begins.
    let arguments = arguments.split(") -> ").next()?;
    let vars = vars.trim_matches(['<', '>']);
    let takes_type = vars.split(", ").any(|var| !var.is_empty() && !var.starts_with(['\'']));
    let need = if takes_type || arguments.contains("impl ") || arguments.contains("dyn ") {
        Some(Need::Argument)
    } else if mentions(&bounds, USER) || arguments.contains("Context<") {
        Some(Need::UserCode)
    } else {
        None
    };
    let type_name = head.split('<').next()?.rsplit("::").next()?;
    Some((format!("{type_name}::{name}"), need))
}

/// Returns the length of the bracketed part at the start of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut last = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(i + 1);
        }
        last = c;
    }
    None
}

/// Returns whether `text` contains one of `words`.
fn mentions(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

/// Fails unless `covered` names every item that needs a case, and no item that does not exist.
pub fn check(covered: &[&str]) {
    let mut items: BTreeMap<String, Option<Need>> = BTreeMap::new();
    let mut off = BTreeSet::new();
    for line in API.lines() {
        let Some((name, need)) = item(line) else { continue };
        if FEATURES.iter().any(|(word, on)| !on && line.contains(word)) {
            off.insert(name);
            continue;
        }
        // A name needs a case if one of the methods with that name needs one.
        let known = items.entry(name).or_insert(need);
        if need == Some(Need::Argument) || known.is_none() {
            *known = need;
        }
    }
    let covered: BTreeSet<&str> = covered.iter().flat_map(|names| names.split(" | ")).collect();
    let unknown: Vec<_> = covered
        .iter()
        .filter(|name| !items.contains_key(**name) && !off.contains(**name))
        .collect();
    let all =
        |need| items.iter().filter(move |(_, of)| **of == Some(need)).map(|(name, _)| &**name);
    let missing: Vec<_> = [Need::Argument, Need::UserCode]
        .into_iter()
        .flat_map(all)
        .filter(|name| !covered.contains(name))
        .collect();
    let count = |need| {
        let covered = all(need).filter(|name| covered.contains(name)).count();
        format!("{covered} of {}", all(need).count())
    };
    println!("hostile: {} other items that run user code have a case", count(Need::UserCode));
    println!("hostile: {} methods with a generic argument have a case", count(Need::Argument));
    assert!(unknown.is_empty(), "cases of items that do not exist: {unknown:#?}");
    assert!(missing.is_empty(), "items without a case: {missing:#?}");
}

#[test]
fn lines_of_the_api_are_read_as_items() {
    let read = |line, name: &str, need| {
        assert!(item(line) == Some((name.to_owned(), need)), "{line}");
    };
    let argument = Some(Need::Argument);
    read("impl<T> CowVec<T>: pub fn a(&mut self, impl Into<T>)", "CowVec::a", argument);
    read("impl<T> CowVec<T>: pub fn a<F: Fn(&T) -> T>(&self, F) -> T", "CowVec::a", argument);
    read("impl<T> CowVec<T>: pub fn leak<'a>(self) -> &'a mut [T]", "CowVec::leak", None);
    read("impl<T> CowVec<T>: pub fn iter(&self) -> impl Iterator<T>", "CowVec::iter", None);
    let user = Some(Need::UserCode);
    read("impl<T: Clone> CowVec<T>: pub fn pop(&mut self) -> T", "CowVec::pop", user);
    read(
        "impl<T> CowVec<T>: pub fn has(&self, &T) -> bool where T: PartialEq",
        "CowVec::has",
        user,
    );
    read("impl<T> Extend<T> for CowVec<T>", "Extend<T> for CowVec<T>", user);
    read("impl<T> Deref for CowVec<T>", "Deref for CowVec<T>", None);
    read("impl<T: Clone> From<&[T]> for CowVec<T>", "From<&[T]> for CowVec<T>", user);
    assert!(item("pub struct CowVec<T>").is_none());
}
