//! Tests of the features, one file each, against the crates that they are for: `cargo test -p ecosystem`.
#![cfg(any(test, doctest))]

#[path = "../common/alloc.rs"]
mod alloc;
mod arbitrary;
mod borsh;
mod bytes;
mod futures;
mod proptest;
mod quickcheck;
mod rayon;
/// The programs of the page `docs::recipes` that need other crates.
#[cfg(doctest)]
#[doc = include_str!("../../src/docs/recipes_crates.md")]
mod recipes {}
mod rkyv;
mod rusqlite;
mod schemars;
mod serde;
#[path = "../common/serde_bytes.rs"]
mod serde_bytes;
mod tokio;
mod zeroize;
