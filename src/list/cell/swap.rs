//! The cell over arc-swap: a thin buffer as one of its reference-counted pointers.
#![expect(unsafe_code, reason = "implements arc-swap's unsafe trait for a buffer")]

use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

pub(super) use super::NoWriter as Writer;
use super::{Counted, Publication};
use crate::raw::buffer::SharedBuf;
use crate::raw::refcount::FilledWord;
use crate::sync::{self, ArcSwapAny, ArcSwapGuard, OnceLock, RefCnt};

/// A count as arc-swap holds it: one whose drop does not unwind (P3).
struct Published<T>(ManuallyDrop<Counted<T>>);

impl<T> Published<T> {
    /// The count, whose drop may unwind again: arc-swap has let go of it.
    fn into_counted(self) -> Counted<T> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: moved out once; `this` is not dropped.
        unsafe { ManuallyDrop::take(&mut this.0) }
    }
}

impl<T> Clone for Published<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Drop for Published<T> {
    #[inline]
    fn drop(&mut self) {
        let bomb = AbortOnUnwind;
        // SAFETY: dropped once, here.
        unsafe { ManuallyDrop::drop(&mut self.0) };
        _ = ManuallyDrop::new(bomb);
    }
}

/// Ends the process where an unwind passes.
struct AbortOnUnwind;

impl Drop for AbortOnUnwind {
    #[cold]
    fn drop(&mut self) {
        std::eprintln!(
            "cow-collections: the drop of an element panicked while a reader of a CopyOnWriteList let \
             go of an old version; arc-swap cannot unwind, so the process ends"
        );
        std::process::abort();
    }
}

// SAFETY: P1: a live block's second word, so never null, aligned, and no other object has this address.
// P2: the conversions below touch no count, and `Clone` and `Drop` cancel each other. P3: none unwinds
// (`Clone` aborts on overflow).
unsafe impl<T> RefCnt for Published<T> {
    type Base = FilledWord;

    #[inline]
    fn into_ptr(me: Self) -> *mut FilledWord {
        Self::as_ptr(&ManuallyDrop::new(me))
    }

    #[inline]
    fn as_ptr(me: &Self) -> *mut FilledWord {
        me.0.tail.as_ptr()
    }

    #[inline]
    unsafe fn from_ptr(tail: *const FilledWord) -> Self {
        // SAFETY: P1: it came from `as_ptr`.
        let tail = unsafe { NonNull::new_unchecked(tail.cast_mut()) };
        // SAFETY: arc-swap's promise: a count of its, or one that it takes back without a drop.
        Self(ManuallyDrop::new(unsafe { Counted::from_published(tail) }))
    }
}

type Swap<T> = ArcSwapAny<Option<Published<T>>>;

/// Unset until the first publication: arc-swap's constructor is not `const` for a pointer of ours.
pub(super) struct Cell<T>(OnceLock<Swap<T>>);

impl<T> Cell<T> {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Whether `version` is the current one, or there is none if it is null. The caller holds a count of
    /// it. (arc-swap shows its pointer only behind a guard.)
    #[inline]
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        let guard = self.0.get().map(Swap::load);
        let now = guard.as_ref().and_then(|guard| guard.as_ref());
        let now = now.map_or(ptr::null(), |published| Published::as_ptr(published).cast_const());
        ptr::eq(now, version)
    }

    /// For the holder of the writers' lock: puts `next` in and gives back what was there.
    #[inline]
    pub(super) fn swap(&self, _: &mut Writer<T>, next: Option<Counted<T>>) -> Released<T> {
        let next = next.map(|counted| Published(ManuallyDrop::new(counted)));
        let Some(swap) = self.0.get() else {
            self.first(next);
            return None;
        };
        // A swap: a store would drop the old version inside arc-swap.
        swap.swap(next).map(Published::into_counted)
    }

    #[cold]
    fn first(&self, next: Option<Published<T>>) {
        assert!(self.0.set(Swap::new(next)).is_ok(), "only the holder of the lock sets it");
    }

    /// For the owner: what was there.
    pub(super) fn take(&mut self) -> Option<Counted<T>> {
        self.0.take()?.into_inner().map(Published::into_counted)
    }
}

/// The count that the cell held.
pub(super) type Released<T> = Option<Counted<T>>;

/// arc-swap's guard.
pub(super) struct Protected<'a, T> {
    /// `None` where the cell was unset.
    guard: Option<ArcSwapGuard<Option<Published<T>>>>,
    _cell: &'a Cell<T>,
}

impl<'a, T> Protected<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let cell = &*publication.cell;
        Self { guard: cell.0.get().map(Swap::load), _cell: cell }
    }

    #[inline]
    pub(super) fn buf(&self) -> Option<SharedBuf<T>> {
        Some((**self.guard.as_ref()?).as_ref()?.0.buf())
    }
}

/// arc-swap's cache, which holds a count of the version it saw last.
pub(super) struct Cached<'a, T> {
    cell: &'a Cell<T>,
    cache: Option<sync::Cache<&'a Swap<T>, Option<Published<T>>>>,
}

impl<'a, T> Cached<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { cell: &publication.cell, cache: None }
    }

    #[inline]
    pub(super) fn load(&mut self) -> Option<SharedBuf<T>> {
        if self.cache.is_none() {
            self.fill();
        }
        Some(self.cache.as_mut()?.load().as_ref()?.0.buf())
    }

    #[cold]
    #[inline(never)]
    fn fill(&mut self) {
        self.cache = self.cell.0.get().map(sync::Cache::new);
    }

    pub(super) fn release(&mut self) {
        self.cache = None;
    }
}
