//! `CopyOnWriteCell` and `Snapshot`.
#![cfg(all(feature = "list", not(cow_loom)))]

#[path = "../common/mod.rs"]
mod common;

mod alloc;
mod behaviour;
mod drops;
mod model;
mod panics;
mod race;
mod rules;
mod stress;
