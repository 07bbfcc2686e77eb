//! Stands in for the vector of imbl.

pub use cow_collections::{PersistentVector as Vector, persistent_vector as vector};
