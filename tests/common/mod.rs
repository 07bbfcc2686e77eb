//! What the tests of several binaries use. The fuzzers and `tests/ecosystem` include some of the files too.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod alloc;
pub mod counted;
pub mod dummy;
#[cfg(feature = "list")]
pub mod list_model;
pub mod model;
pub mod panics;
pub mod subjects;
pub mod text_bytes;
pub mod text_model;

/// Counts for each thread by itself, so that tests that run side by side do not see each other.
#[global_allocator]
static COUNTING: alloc::Counting = alloc::Counting;
