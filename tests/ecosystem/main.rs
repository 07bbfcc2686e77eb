//! The features that let other crates know the collections, each in a file of its own.

mod arbitrary;
mod borsh;
mod bytes;
mod proptest;
mod rayon;
mod schemars;
mod serde;
mod zeroize;
