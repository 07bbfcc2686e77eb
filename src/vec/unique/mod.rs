//! [`UniqueVec`], a vector whose buffer is not shared, and its iterators.

// The unsafe core of the vectors. `vec.rs` has the type, and each other file one group of its methods.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a slot and its use rest on one fact")]

pub(crate) mod vec;

mod append;
mod capacity;
mod convert;
mod drain;
mod edit;
mod handle;
mod into_iter;
mod retain;

pub use self::drain::{Drain, Splice};
pub use self::into_iter::IntoIter;
pub use self::retain::ExtractIf;
pub(crate) use self::vec::UniqueVec;
