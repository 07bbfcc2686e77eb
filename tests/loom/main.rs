//! The loom models: every schedule of a few operations, within a bound of preemptions.
#![cfg(cow_loom)]

mod append;
mod common;
mod hazard;
mod list;
mod persistent;
mod refcount;
mod string;
mod watch;
