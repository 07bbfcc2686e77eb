//! `PersistentVector`.
#![cfg(not(cow_loom))]

#[path = "../common/mod.rs"]
mod common;

mod alloc;
mod behaviour;
mod clones;
mod diff;
mod edit;
mod iterators;
mod panics;
mod regressions;
mod share;
