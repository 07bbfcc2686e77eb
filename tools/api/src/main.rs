//! Prints the public API that a file of rustdoc's JSON describes, as sorted lines. Each line is complete by itself,
//! so that two APIs can be compared as sets of lines.
//!
//! The line of a method begins with the head of its `impl`, because the bounds there apply to it. Paths into the
//! standard library are cut to the last name, because std may move a type. Of a trait's `impl`, only the types are
//! listed, because the trait defines the rest. Blanket `impl`s and auto traits are left out (`tests/all/autotraits.rs`
//! tests the auto traits).
//!
//! Fails if there is no API. Ends with status 3 if a type, trait, function or macro has no example, and lists those on
//! stderr. The methods of a trait's `impl` need none. Rustdoc's own lint `missing_doc_code_examples` does not do, because
//! it skips the methods of a type that is defined in a private module.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use public_api::tokens::Token;
use public_api::{Builder, PublicApi, PublicItem};
use rustdoc_types::{Crate, ItemEnum};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: api FILE");
        return Ok(ExitCode::from(2));
    };
    let docs: Crate = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let api = Builder::from_rustdoc_json(file)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let all = lines(&api, |_| true);
    all.iter().for_each(|line| println!("{line}"));
    let missing = lines(&api, |item| needs_example(item, &docs) && !has_example(item, &docs));
    missing.iter().for_each(|line| eprintln!("no example: {line}"));
    Ok(match (all.len(), missing.len()) {
        (0, _) => ExitCode::FAILURE,
        (_, 0) => ExitCode::SUCCESS,
        _ => ExitCode::from(3),
    })
}

/// Returns whether an item is a type, a trait, a function or a macro, except in the `impl` of a trait.
fn needs_example(item: &PublicItem, docs: &Crate) -> bool {
    let inner = |id| docs.index.get(&id).map(|item| &item.inner);
    let of_trait = match item.parent_id().and_then(inner) {
        Some(ItemEnum::Impl(parent)) => parent.trait_.is_some(),
        _ => false,
    };
    let kind = matches!(
        inner(item.id()),
        Some(
            ItemEnum::Struct(_)
                | ItemEnum::Enum(_)
                | ItemEnum::Union(_)
                | ItemEnum::TypeAlias(_)
                | ItemEnum::Trait(_)
                | ItemEnum::Function(_)
                | ItemEnum::Macro(_)
                | ItemEnum::ProcMacro(_)
        )
    );
    kind && !of_trait
}

/// Returns whether the docs of an item have an example.
fn has_example(item: &PublicItem, docs: &Crate) -> bool {
    let docs = docs.index.get(&item.id()).and_then(|item| item.docs.as_deref());
    docs.is_some_and(has_code)
}

/// Returns whether a text in Markdown has a block of code that rustdoc runs or compiles.
fn has_code(docs: &str) -> bool {
    let fences = docs.lines().filter_map(|line| line.trim_start().strip_prefix("```"));
    // Every second fence ends a block.
    fences.step_by(2).any(|language| !matches!(language.trim(), "text" | "sh" | "toml" | "ignore"))
}

/// Returns the lines of the items that `choose` returns `true` for.
fn lines(api: &PublicApi, choose: impl Fn(&PublicItem) -> bool) -> BTreeSet<String> {
    let text: HashMap<_, _> = api.items().map(|item| (item.id(), item.to_string())).collect();
    let line = |item: &PublicItem| {
        let own = &text[&item.id()];
        let tokens: Vec<Token> = item.tokens().cloned().collect();
        let parent = item.parent_id().and_then(|id| text.get(&id));
        match parent.filter(|parent| parent.starts_with("impl")) {
            Some(head) if is_of_trait(head) => {
                own.starts_with("pub type").then(|| format!("{head}: {}", last_part(&tokens)))
            }
            Some(head) => Some(format!("{head}: {}", last_part(&tokens))),
            // The head of an `impl` without a trait is part of the lines of its methods.
            None if own.starts_with("impl") && !is_of_trait(own) => None,
            // Only the compiler uses this derived trait.
            None if own.contains("StructuralPartialEq") => None,
            None => Some(own.clone()),
        }
    };
    api.items().filter(|item| choose(item)).filter_map(line).map(|line| shorter(&line)).collect()
}

/// Returns whether the head of an `impl` names a trait.
fn is_of_trait(head: &str) -> bool {
    head.match_indices(" for ").any(|(at, _)| !head[at + 5..].starts_with('<'))
}

/// Returns an item of an `impl` without the path of the type, because the head has it: `pub fn a::B<T>::c(&self)`
/// becomes `pub fn c(&self)`.
fn last_part(tokens: &[Token]) -> String {
    let is_head =
        |token: &Token| matches!(token, Token::Qualifier(_) | Token::Kind(_) | Token::Whitespace);
    let head = tokens.iter().take_while(|token| is_head(token)).count();
    // A function's name is a token of its kind. The name of a type or constant is the last one before its value.
    let name = tokens.iter().position(|token| matches!(token, Token::Function(_)));
    let name = name.or_else(|| {
        let is_end =
            |token: &Token| matches!(token, Token::Symbol(sign) if sign == "=" || sign == ":");
        let end = tokens.iter().position(is_end).unwrap_or(tokens.len());
        tokens[..end].iter().rposition(|token| matches!(token, Token::Identifier(_)))
    });
    let rest = &tokens[name.unwrap_or(head)..];
    tokens[..head].iter().chain(rest).map(Token::text).collect()
}

/// Cuts paths into the standard library to the last name, and removes this crate's name from its own paths.
fn shorter(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let len = rest.find(|c| !word(c)).unwrap_or(rest.len());
        if len == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (path, after) = rest.split_at(len);
        let foreign = ["core::", "alloc::", "std::"].iter().any(|root| path.starts_with(root));
        out.push_str(if foreign {
            path.rsplit("::").next().unwrap_or(path)
        } else {
            path.strip_prefix("cow_collections::").unwrap_or(path)
        });
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_of_trait_ignores_for_in_bounds() {
        assert!(is_of_trait("impl<T> core::clone::Clone for a::B<T>"));
        assert!(!is_of_trait("impl<F: for<'a> Fn(&'a u8)> a::B<F>"));
        assert!(!is_of_trait("impl<T> a::B<T> where T: for <'a> X<'a>"));
    }

    #[test]
    fn has_code_ignores_blocks_of_text() {
        assert!(has_code("Adds.\n\n```\nassert_eq!(1 + 1, 2);\n```"));
        assert!(has_code("```text\na\n```\n```no_run\nf();\n```"));
        assert!(!has_code("```text\na\n```"));
        assert!(!has_code("Adds two numbers."));
    }

    #[test]
    fn shorter_cuts_paths() {
        assert_eq!(
            shorter(
                "pub fn f(&core::ops::range::Range<usize>, cow_collections::vec::CowVec<T>) -> T::Item"
            ),
            "pub fn f(&Range<usize>, vec::CowVec<T>) -> T::Item"
        );
    }
}
