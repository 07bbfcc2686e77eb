//! An element with drop glue that allocates nothing: who looks at it, clones or drops it where there is
//! none, or none any more, is found out at once, and who loses one by the count.

use super::model::Element;
use std::cell::Cell;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// How many clones still succeed before one panics.
    static FUSE: Cell<Option<u8>> = const { Cell::new(None) };
}

#[derive(Debug)]
pub struct Counted {
    mark: u32,
    number: u8,
}

const ALIVE: u32 = 0xA11E_57ED;

/// What a panic of ours carries. It is thrown without the hook, which in a fuzz target aborts.
struct OnPurpose;

pub fn panic_on_purpose() -> ! {
    resume_unwind(Box::new(OnPurpose))
}

/// What `work` gives, or nothing if it ends in a panic on purpose.
pub fn survived<R>(work: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => Some(result),
        Err(panic) if panic.is::<OnPurpose>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

/// Runs `work`, in which the clone after `n` others panics.
pub fn panicking_at_clone<R>(n: Option<u8>, work: impl FnOnce() -> R) -> Option<R> {
    FUSE.set(n);
    let result = survived(work);
    FUSE.set(None);
    result
}

impl Counted {
    /// Those that were made and not dropped, on this thread.
    pub fn live() -> isize {
        LIVE.get()
    }
}

/// Runs `work`, which must drop every [`Counted`] that it makes, once.
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
        // Or the store would be taken for one that nobody sees.
        black_box(&mut self.mark);
        LIVE.set(LIVE.get() - 1);
    }
}
