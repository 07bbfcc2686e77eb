//! Tests of properties that all collections share.
#![cfg(not(cow_loom))]

#[path = "../common/mod.rs"]
mod common;

mod alloc_fail;
mod autotraits;
mod comparisons;
mod covariance;
#[path = "../common/impls.rs"]
mod impls;
mod lengths;
mod model;
mod panics;
mod race;
mod ub_guards;
mod unfused;
