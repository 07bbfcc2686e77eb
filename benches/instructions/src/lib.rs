//! What `.ci/run instructions` counts: each file of `src/bin` is one hot path, and calls [`measured`] once.

pub use std::hint::black_box;

/// How often a path does what it measures.
pub const N: u64 = 1_000;

/// More than fits inline into a string.
pub const TEXT: &str = "a text of more than fifteen bytes";

/// Runs `work`, whose instructions count: those before and after this call do not.
#[inline(never)]
pub fn measured<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}
