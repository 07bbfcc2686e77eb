//! Loom models. Each explores all schedules of a few operations, up to a number of preemptions.
#![cfg(cow_loom)]

mod append;
mod cell;
mod common;
mod hazard;
mod list;
mod persistent;
mod refcount;
mod string;
mod watch;
