//! Two models of arc-swap for loom, behind the cell's interface.
//!
//! arc-swap cannot run under loom (its per-thread nodes are leaked statics). What the crate relies on is
//! modelled from both sides instead, and every model of a list runs on both. `Weak` has the fewest
//! edges: an acquire/release pointer, and old versions are kept until the cell goes, so that only
//! visibility is checked. `Exact` counts at once, under a lock of its own, so that the drops, counts and
//! uniqueness are those of real life, with more edges. arc-swap's own reclamation is not checked here.
#![expect(unsafe_code, reason = "turns the cell's pointer into a buffer")]

use alloc::vec::Vec;
use core::cell::Cell as Choice;
use core::ptr::{self, NonNull};

use super::Counted;
use crate::raw::buffer::SharedBuf;
use crate::raw::refcount::TailWord;
use crate::sync::{AtomicPtr, Mutex, Ordering, UnmodelledMutex};

/// Which of the two a list gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standin {
    /// Acquire/release pointer, old versions kept to the end.
    Weak,
    /// Counted under a lock.
    Exact,
}

std::thread_local! {
    static CHOICE: Choice<Standin> = const { Choice::new(Standin::Weak) };
}

impl Standin {
    /// Makes lists created on this thread, where loom runs the threads of its models too, use this.
    pub fn choose(self) {
        CHOICE.set(self);
    }
}

pub(super) enum Cell<T> {
    Weak { current: AtomicPtr<TailWord>, old: UnmodelledMutex<Vec<Counted<T>>> },
    Exact(Mutex<Option<Counted<T>>>),
}

fn as_ptr<T>(counted: Option<Counted<T>>) -> *mut TailWord {
    counted.map_or(ptr::null_mut(), |counted| core::mem::ManuallyDrop::new(counted).0.published())
}

/// The buffer whose count `tail` came from, by [`as_ptr`].
fn as_buf<T>(tail: *mut TailWord) -> Option<SharedBuf<T>> {
    // SAFETY: P1: a live block's second word; the cell keeps it alive.
    NonNull::new(tail).map(|tail| unsafe { SharedBuf::from_published(tail) })
}

impl<T> Cell<T> {
    pub(super) fn new() -> Self {
        match CHOICE.get() {
            Standin::Weak => Self::Weak {
                current: AtomicPtr::new(ptr::null_mut()),
                old: UnmodelledMutex::new(Vec::new()),
            },
            Standin::Exact => Self::Exact(Mutex::new(None)),
        }
    }

    pub(super) fn load(&self) -> Protected<'_, T> {
        let (buf, counted) = match self {
            Self::Weak { current, .. } => (as_buf(current.load(Ordering::Acquire)), None),
            Self::Exact(current) => {
                let counted = current.lock().clone();
                (counted.as_ref().map(|counted| counted.0), counted)
            }
        };
        Protected { buf, _counted: counted, _cell: self }
    }

    pub(super) fn reader(&self) -> Cached<'_, T> {
        Cached { cell: self, kept: None }
    }

    pub(super) fn swap(&self, next: Option<Counted<T>>) -> Option<Counted<T>> {
        match self {
            Self::Weak { current, old } => {
                let out = as_buf(current.swap(as_ptr(next), Ordering::AcqRel)).map(Counted);
                old.lock().unwrap().extend(out);
                None
            }
            Self::Exact(current) => core::mem::replace(&mut *current.lock(), next),
        }
    }

    pub(super) fn take(&mut self) -> Option<Counted<T>> {
        self.swap(None)
    }
}

pub(super) struct Protected<'a, T> {
    buf: Option<SharedBuf<T>>,
    _counted: Option<Counted<T>>,
    _cell: &'a Cell<T>,
}

impl<T> Protected<'_, T> {
    pub(super) fn buf(&self) -> Option<SharedBuf<T>> {
        self.buf
    }
}

pub(super) struct Cached<'a, T> {
    cell: &'a Cell<T>,
    kept: Option<Counted<T>>,
}

impl<T> Cached<'_, T> {
    /// As arc-swap's cache: where the current pointer, read Relaxed, is not the one kept, a full load.
    pub(super) fn load(&mut self) -> Option<SharedBuf<T>> {
        let kept = self.kept.as_ref().map(|counted| counted.0);
        match self.cell {
            Cell::Weak { current, .. } => {
                let address = kept.map_or(ptr::null_mut(), SharedBuf::published);
                if current.load(Ordering::Relaxed) != address {
                    let buf = as_buf(current.load(Ordering::Acquire));
                    // SAFETY: B1: the cell keeps it to its end.
                    self.kept = buf.map(|buf| unsafe { Counted::again(buf) });
                }
            }
            Cell::Exact(current) => {
                let newer = {
                    let current = current.lock();
                    let buf = current.as_ref().map(|counted| counted.0);
                    (buf != kept).then(|| current.clone())
                };
                if let Some(newer) = newer {
                    self.kept = newer;
                }
            }
        }
        self.kept.as_ref().map(|counted| counted.0)
    }

    pub(super) fn release(&mut self) {
        self.kept = None;
    }
}
