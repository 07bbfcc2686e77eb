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
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

pub(super) use super::NoWriter as Writer;
use super::{Counted, Publication};
use crate::raw::buffer::SharedBuf;
use crate::raw::refcount::FilledWord;
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
    Weak { current: AtomicPtr<FilledWord>, old: UnmodelledMutex<Vec<Counted<T>>> },
    Exact(Mutex<Option<Counted<T>>>),
}

/// What the weak cell has at `tail`.
fn view<T>(tail: *mut FilledWord) -> Option<ManuallyDrop<Counted<T>>> {
    // SAFETY: P1: the cell keeps a count of it to its end.
    unsafe { Counted::view(tail) }
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

    /// Relaxed, as arc-swap's own cache looks.
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        let now = match self {
            Self::Weak { current, .. } => current.load(Ordering::Relaxed),
            Self::Exact(current) => {
                current.lock().as_ref().map_or(ptr::null_mut(), |counted| counted.tail.as_ptr())
            }
        };
        ptr::eq(now, version)
    }

    pub(super) fn swap(&self, _: &mut Writer<T>, next: Option<Counted<T>>) -> Released<T> {
        match self {
            Self::Weak { current, old } => {
                let out = view(current.swap(Counted::into_ptr(next), Ordering::AcqRel));
                old.lock().unwrap().extend(out.map(ManuallyDrop::into_inner));
                None
            }
            Self::Exact(current) => core::mem::replace(&mut *current.lock(), next),
        }
    }

    pub(super) fn take(&mut self) -> Option<Counted<T>> {
        self.swap(&mut Writer::new(), None)
    }
}

/// The count that the cell held, where it does not keep it.
pub(super) type Released<T> = Option<Counted<T>>;

pub(super) enum Protected<'a, T> {
    /// The cell keeps it.
    Weak(Option<ManuallyDrop<Counted<T>>>, PhantomData<&'a Cell<T>>),
    Exact(Option<Counted<T>>),
}

impl<'a, T> Protected<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        match &*publication.cell {
            Cell::Weak { current, .. } => {
                Self::Weak(view(current.load(Ordering::Acquire)), PhantomData)
            }
            Cell::Exact(current) => Self::Exact(current.lock().clone()),
        }
    }

    pub(super) fn buf(&self) -> Option<SharedBuf<T>> {
        match self {
            Self::Weak(view, _) => Some(view.as_ref()?.buf()),
            Self::Exact(counted) => Some(counted.as_ref()?.buf()),
        }
    }
}

pub(super) struct Cached<'a, T> {
    cell: &'a Cell<T>,
    kept: Option<Counted<T>>,
}

impl<'a, T> Cached<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { cell: &publication.cell, kept: None }
    }

    /// As arc-swap's cache: where the current pointer, read Relaxed, is not the one kept, a full load.
    pub(super) fn load(&mut self) -> Option<SharedBuf<T>> {
        let kept = self.kept.as_ref().map(|counted| counted.tail);
        match self.cell {
            Cell::Weak { current, .. } => {
                let kept = kept.map_or(ptr::null_mut(), NonNull::as_ptr);
                if current.load(Ordering::Relaxed) != kept {
                    let view = view::<T>(current.load(Ordering::Acquire));
                    self.kept = view.map(|view| Counted::clone(&view));
                }
            }
            Cell::Exact(current) => {
                let newer = {
                    let current = current.lock();
                    let stale = current.as_ref().map(|counted| counted.tail) != kept;
                    stale.then(|| current.clone())
                };
                // Dropped outside of the lock.
                if let Some(newer) = newer {
                    self.kept = newer;
                }
            }
        }
        Some(self.kept.as_ref()?.buf())
    }

    pub(super) fn release(&mut self) {
        self.kept = None;
    }
}
