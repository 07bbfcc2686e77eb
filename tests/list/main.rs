//! `CopyOnWriteList` and `CopyOnWriteSet`.
#![cfg(all(feature = "list", not(cow_loom)))]

#[path = "../common/mod.rs"]
mod common;

mod alloc;
mod behaviour;
mod compare;
mod drop_panics;
mod elements;
mod model;
mod panics;
mod parity;
mod protect;
mod race;
mod rules;
mod set;
mod stress;
mod threads;
mod watch;
mod watch_async;
