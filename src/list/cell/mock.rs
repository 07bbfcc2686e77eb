//! Two models of arc-swap for loom, behind the interface of a cell.
//!
//! arc-swap cannot run under loom, because its per-thread nodes are leaked statics. So each model of a list runs on
//! two mocks of it. `Weak` orders the least: an acquire/release pointer that keeps old versions until the
//! cell is dropped, so that only visibility is checked. `Exact` counts references under its own lock. It orders more,
//! but drops versions when arc-swap does, so that uniqueness is checked. arc-swap's own reclamation is not checked
//! here.
#![expect(unsafe_code, reason = "turns the cell's pointer into a buffer")]

use alloc::vec::Vec;
use core::cell::Cell as StdCell;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, replace};
use core::ptr;

pub(super) use super::NoWriterState as WriterState;
use super::newest::Newest;
use super::{Publication, PublishedRef};
use crate::raw::refcount::FilledWord;
use crate::sync::{AtomicPtr, Mutex, Ordering, UnmodelledMutex};

/// Which of the two mocks a list uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mock {
    /// An acquire/release pointer. Old versions are kept until the cell is dropped.
    Weak,
    /// Counts references under a lock.
    Exact,
}

std::thread_local! {
    static CHOICE: StdCell<Mock> = const { StdCell::new(Mock::Weak) };
}

impl Mock {
    /// Makes lists that this thread creates use this mock. loom runs all threads of a model on one thread.
    pub fn choose(self) {
        CHOICE.set(self);
    }
}

pub(super) enum Cell<T> {
    Weak {
        current: AtomicPtr<FilledWord>,
        newest: Newest,
        old: UnmodelledMutex<Vec<PublishedRef<T>>>,
    },
    Exact(Mutex<Option<PublishedRef<T>>>),
}

/// Returns the version that a weak cell has at `filled`.
fn view<T>(filled: *mut FilledWord) -> Option<ManuallyDrop<PublishedRef<T>>> {
    // SAFETY: the pointer is null or from `into_ptr`, and the cell keeps a reference until it is dropped (P1).
    unsafe { PublishedRef::view(filled) }
}

impl<T> Cell<T> {
    pub(super) fn new() -> Self {
        match CHOICE.get() {
            Mock::Weak => Self::Weak {
                current: AtomicPtr::new(ptr::null_mut()),
                newest: Newest::new(),
                old: UnmodelledMutex::new(Vec::new()),
            },
            Mock::Exact => Self::Exact(Mutex::new(None)),
        }
    }

    /// Returns whether `version` is surely the current one. Returns `false` for null, which stands for none. `swap.rs`
    /// does the same, except for a cell without a first version.
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        !version.is_null()
            && match self {
                Self::Weak { newest, .. } => newest.is(version),
                Self::Exact(current) => current
                    .lock()
                    .as_ref()
                    .is_some_and(|current| ptr::eq(current.as_ptr(), version)),
            }
    }

    /// Replaces the current version with `next`. Returns the old one, unless the cell keeps it.
    pub(super) fn swap(
        &self,
        _: &mut WriterState<T>,
        next: Option<PublishedRef<T>>,
    ) -> Reclaimed<T> {
        match self {
            Self::Weak { current, newest, old } => {
                let next = PublishedRef::into_ptr(next);
                let out = newest.store_before(next, || current.swap(next, Ordering::AcqRel));
                let out = view(out);
                old.lock().unwrap().extend(out.map(ManuallyDrop::into_inner));
                None
            }
            Self::Exact(current) => replace(&mut *current.lock(), next),
        }
    }

    pub(super) fn take(&mut self) -> Option<PublishedRef<T>> {
        self.swap(&mut WriterState::new(), None)
    }
}

/// The reference that the cell held, or `None` if the cell keeps it.
pub(crate) type Reclaimed<T> = Option<PublishedRef<T>>;

pub(super) enum HazardGuard<'a, T> {
    /// The cell keeps the version.
    Weak(Option<ManuallyDrop<PublishedRef<T>>>, PhantomData<&'a Cell<T>>),
    Exact(Option<PublishedRef<T>>),
}

impl<'a, T> HazardGuard<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        match &*publication.cell {
            Cell::Weak { current, .. } => {
                Self::Weak(view(current.load(Ordering::Acquire)), PhantomData)
            }
            Cell::Exact(current) => Self::Exact(current.lock().clone()),
        }
    }

    pub(super) fn version(&self) -> Option<&PublishedRef<T>> {
        match self {
            Self::Weak(version, _) => version.as_deref(),
            Self::Exact(version) => version.as_ref(),
        }
    }
}

pub(crate) struct ReaderState<'a, T> {
    cell: &'a Cell<T>,
    kept: Option<PublishedRef<T>>,
}

impl<'a, T> ReaderState<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { cell: &publication.cell, kept: None }
    }

    /// Returns the current version, like the reader in `swap.rs`.
    pub(super) fn version(&mut self) -> Option<&PublishedRef<T>> {
        let kept = self.kept.as_ref().map_or(ptr::null_mut(), PublishedRef::as_ptr);
        if !self.cell.is_current(kept) {
            // Drops the old version after unlocking.
            self.kept = match self.cell {
                Cell::Weak { current, .. } => {
                    view::<T>(current.load(Ordering::Acquire)).as_deref().cloned()
                }
                Cell::Exact(current) => current.lock().clone(),
            };
        }
        self.kept.as_ref()
    }

    pub(crate) fn release(&mut self) {
        self.kept = None;
    }
}
