//! Helpers for several test binaries. The fuzzers and `tests/ecosystem` include some of the files too.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod alloc;
#[cfg(feature = "list")]
pub mod cell_model;
pub mod counted;
pub mod dummy;
#[cfg(feature = "list")]
pub mod list_model;
pub mod model;
pub mod panics;
pub mod seeds;
pub mod subjects;
pub mod text_bytes;
pub mod text_model;

/// Counts per thread, so that tests that run in parallel do not affect each other.
#[global_allocator]
static COUNTING: alloc::Counting = alloc::Counting;
