//! The hot paths that `.ci/run instructions` counts. Each file of `src/bin` is one path, and calls [`measured`] once.

pub use std::hint::black_box;

/// How often a path repeats its operation.
pub const N: u64 = 1_000;

/// A text that is too long to be inline.
pub const TEXT: &str = "a text of more than fifteen bytes";

/// Runs `work`. Only the instructions of this call are counted.
#[inline(never)]
pub fn measured<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}
