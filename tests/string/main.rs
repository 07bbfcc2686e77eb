//! Tests of `CowString`.
#![cfg(not(cow_loom))]

#[path = "../common/mod.rs"]
mod common;

mod alloc;
mod behaviour;
mod convert;
mod edit;
mod forms;
mod model;
mod panics;
mod slice;
