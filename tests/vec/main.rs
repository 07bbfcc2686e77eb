//! Tests of `CowVec` and `UniqueVec`.
#![cfg(not(cow_loom))]

#[path = "../common/mod.rs"]
mod common;

mod alloc;
mod behaviour;
mod convert;
mod iterators;
mod parity;
mod unique_panics;
