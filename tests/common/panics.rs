//! The messages of panics.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// The file and line of the last panic of this thread, while `place` runs.
    static PLACE: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// Returns the file and line that the panic names in which `work` ends.
#[track_caller]
pub fn place<R>(work: impl FnOnce() -> R) -> (String, u32) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |info| {
            let place = info.location().map(|place| (place.file().into(), place.line()));
            PLACE.with_borrow_mut(|last| if last.is_some() { *last = place } else { loud(info) });
        }));
    });
    PLACE.set(Some(Default::default()));
    let panicked = catch_unwind(AssertUnwindSafe(|| drop(work()))).is_err();
    let place = PLACE.take();
    assert!(panicked, "no panic");
    place.expect("a panic has a place")
}

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
