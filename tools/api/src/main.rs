//! Prints the public API that a file of rustdoc's JSON describes: sorted lines, each complete by itself, so
//! that two of them are compared as sets.
//!
//! A method stands behind the head of its `impl`, whose bounds are part of it. Paths into the standard
//! library are cut to their last name: where std keeps a type is not ours to promise, and moves. For the same
//! reason only the types of a trait's `impl` are listed. Left out are blanket `impl`s and auto traits
//! (`tests/all/autotraits.rs` has those).

use std::collections::{BTreeSet, HashMap};
use std::process::ExitCode;

use public_api::tokens::Token;
use public_api::{Builder, PublicApi, PublicItem};

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: api FILE");
        return ExitCode::from(2);
    };
    let api = Builder::from_rustdoc_json(file)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build();
    match api {
        Ok(api) => {
            lines(&api).iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn lines(api: &PublicApi) -> BTreeSet<String> {
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
            // The head of an `impl` without a trait says nothing by itself.
            None if own.starts_with("impl") && !is_of_trait(own) => None,
            // Derived, and for the compiler alone.
            None if own.contains("StructuralPartialEq") => None,
            None => Some(own.clone()),
        }
    };
    api.items().filter_map(line).map(|line| shorter(&line)).collect()
}

/// Whether the head of an `impl` names a trait.
fn is_of_trait(head: &str) -> bool {
    head.match_indices(" for ").any(|(at, _)| !head[at + 5..].starts_with('<'))
}

/// An item of an `impl` without the path of the type, which the head has: `pub fn a::B<T>::c(&self)` is
/// `pub fn c(&self)`.
fn last_part(tokens: &[Token]) -> String {
    let is_head =
        |token: &Token| matches!(token, Token::Qualifier(_) | Token::Kind(_) | Token::Whitespace);
    let head = tokens.iter().take_while(|token| is_head(token)).count();
    // A function's name is told; that of a type or constant is the last of the path before its value.
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

/// The line with paths into the standard library cut to their last name, and ours without the crate's.
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
    fn heads() {
        assert!(is_of_trait("impl<T> core::clone::Clone for a::B<T>"));
        assert!(!is_of_trait("impl<F: for<'a> Fn(&'a u8)> a::B<F>"));
        assert!(!is_of_trait("impl<T> a::B<T> where T: for <'a> X<'a>"));
    }

    #[test]
    fn paths() {
        assert_eq!(
            shorter(
                "pub fn f(&core::ops::range::Range<usize>, cow_collections::vec::CowVec<T>) -> T::Item"
            ),
            "pub fn f(&Range<usize>, vec::CowVec<T>) -> T::Item"
        );
    }
}
