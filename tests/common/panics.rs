//! The messages of panics.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the message of the panic that `work` ends in.
#[track_caller]
pub fn message<R>(work: impl FnOnce() -> R) -> String {
    let work = || drop(work());
    text(catch_unwind(AssertUnwindSafe(work)).expect_err("no panic"))
}

/// Returns the message that a panic's payload carries.
#[track_caller]
pub fn text(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a payload of text")).into(),
    }
}
