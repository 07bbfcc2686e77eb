//! The features that let other crates know the collections, each in a file of its own.

#[path = "../common/alloc.rs"]
mod alloc;
mod arbitrary;
mod borsh;
mod bytes;
mod proptest;
mod rayon;
mod schemars;
mod serde;
#[path = "../common/serde_bytes.rs"]
mod serde_bytes;
mod zeroize;
