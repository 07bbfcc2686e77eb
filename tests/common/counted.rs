//! An element with drop glue that allocates nothing. A read, clone or drop of a slot without a live element
//! panics at once. A lost element shows in the count of live ones.

use super::model::Element;
use std::cell::Cell;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// The number of clones that still succeed before one panics.
    static FUSE: Cell<Option<u8>> = const { Cell::new(None) };
}

#[derive(Debug)]
pub struct Counted {
    mark: u32,
    number: u8,
}

const ALIVE: u32 = 0xA11E_57ED;

/// The payload of an intended panic. It bypasses the panic hook, because the hook of a fuzz target aborts.
struct OnPurpose;

pub fn panic_on_purpose() -> ! {
    resume_unwind(Box::new(OnPurpose))
}

/// Returns the result of `work`, or `None` if it ends in an intended panic.
pub fn survived<R>(work: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => Some(result),
        Err(panic) if panic.is::<OnPurpose>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// Runs `work` and lets the clone after the first `n` panic; with `None`, no clone panics.
pub fn panicking_at_clone<R>(n: Option<u8>, work: impl FnOnce() -> R) -> Option<R> {
    FUSE.set(n);
    let result = survived(work);
    FUSE.set(None);
    result
}

impl Counted {
    /// Returns the number of elements made and not dropped on this thread.
    pub fn live() -> isize {
        LIVE.get()
    }
}

/// Checks that `work` drops every [`Counted`] that it makes exactly once.
#[track_caller]
pub fn all_dropped(work: impl FnOnce()) {
    let before = Counted::live();
    work();
    assert_eq!(Counted::live(), before, "lost or dropped twice");
}

impl Element for Counted {
    fn of(number: u8) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self { mark: ALIVE, number }
    }

    fn number(&self) -> u8 {
        assert_eq!(self.mark, ALIVE, "no element is there");
        self.number
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        match FUSE.get() {
            Some(0) => {
                FUSE.set(None);
                panic_on_purpose();
            }
            fuse => FUSE.set(fuse.map(|left| left - 1)),
        }
        Self::of(self.number())
    }
}

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Counted {}

impl Drop for Counted {
    fn drop(&mut self) {
        assert_eq!(self.mark, ALIVE, "dropped where no element is");
        self.mark = 0;
        // Otherwise the compiler may remove the store as dead.
        black_box(&mut self.mark);
        LIVE.set(LIVE.get() - 1);
    }
}
