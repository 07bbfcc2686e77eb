//! Tests of the features, one file each, against the crates that they are for: `cargo test -p ecosystem`.
#![cfg(test)]

#[path = "../common/alloc.rs"]
mod alloc;
mod arbitrary;
mod borsh;
mod bytes;
mod futures;
mod proptest;
mod rayon;
mod schemars;
mod serde;
#[path = "../common/serde_bytes.rs"]
mod serde_bytes;
mod tokio;
mod zeroize;
