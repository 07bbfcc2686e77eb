//! The features that let other crates know the collections, each in a file of its own.

mod arbitrary;
mod proptest;
mod rayon;
mod serde;
