//! The cell that uses arc-swap, which treats a buffer as a reference-counted pointer.
#![expect(unsafe_code, reason = "implements arc-swap's unsafe trait for a buffer")]

use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

pub(super) use super::NoWriterState as WriterState;
use super::{Publication, PublishedRef};
use crate::raw::refcount::FilledWord;
use crate::sync::{ArcSwapAny, ArcSwapGuard, Cache, OnceLock, RefCnt};

/// A reference that arc-swap holds. If its drop panics, the process aborts (P3).
struct AbortOnPanic<T>(ManuallyDrop<PublishedRef<T>>);

impl<T> AbortOnPanic<T> {
    /// Returns the reference. Its drop may unwind again, because arc-swap no longer holds it.
    fn into_inner(self) -> PublishedRef<T> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: the reference is moved out once, because `this` is not dropped.
        unsafe { ManuallyDrop::take(&mut this.0) }
    }
}

impl<T> Clone for AbortOnPanic<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Drop for AbortOnPanic<T> {
    #[inline]
    fn drop(&mut self) {
        let bomb = AbortBomb;
        // SAFETY: only this drop drops the reference, once.
        unsafe { ManuallyDrop::drop(&mut self.0) };
        _ = ManuallyDrop::new(bomb);
    }
}

/// Aborts the process if it is dropped, which only an unwind does.
struct AbortBomb;

impl Drop for AbortBomb {
    #[cold]
    fn drop(&mut self) {
        std::eprintln!(
            "cow-collections: the drop of an element panicked while a reader of a CopyOnWriteList \
             released an old version; arc-swap cannot unwind, so the process aborts"
        );
        std::process::abort();
    }
}

// SAFETY: the pointer is that of a live block's second word, so it is aligned, not null, and no other object has its
// address (P1). The conversions below add and release no reference, and `Drop` releases the one that `Clone` adds
// (P2). None of these unwinds (P3): `Clone` aborts on overflow.
unsafe impl<T> RefCnt for AbortOnPanic<T> {
    type Base = FilledWord;

    #[inline]
    fn into_ptr(me: Self) -> *mut FilledWord {
        Self::as_ptr(&ManuallyDrop::new(me))
    }

    #[inline]
    fn as_ptr(me: &Self) -> *mut FilledWord {
        me.0.filled.as_ptr()
    }

    #[inline]
    unsafe fn from_ptr(filled: *const FilledWord) -> Self {
        // SAFETY: the pointer came from `as_ptr`, which returns that of a `NonNull`.
        let filled = unsafe { NonNull::new_unchecked(filled.cast_mut()) };
        // SAFETY: the pointer is the published address of a live block (P1). arc-swap gives away a reference to it,
        // or takes the result back without dropping it.
        Self(ManuallyDrop::new(unsafe { PublishedRef::from_published(filled) }))
    }
}

type Swap<T> = ArcSwapAny<Option<AbortOnPanic<T>>>;

/// The cell. It is unset until the first publication, because `ArcSwapAny::new` is not `const`.
pub(super) struct Cell<T>(OnceLock<Swap<T>>);

impl<T> Cell<T> {
    pub(super) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Returns whether `version` is the current one; null stands for none. The caller holds a reference to it.
    ///
    /// Makes one of arc-swap's loads, because that crate gives access to its pointer only behind a guard.
    #[inline]
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        let guard = self.0.get().map(Swap::load);
        let now = guard.as_ref().and_then(|guard| guard.as_ref());
        let now = now.map_or(ptr::null(), |now| AbortOnPanic::as_ptr(now).cast_const());
        ptr::eq(now, version)
    }

    /// Replaces the current version with `next` and returns the old one. The caller holds the lock.
    #[inline]
    pub(super) fn swap(
        &self,
        _: &mut WriterState<T>,
        next: Option<PublishedRef<T>>,
    ) -> Reclaimed<T> {
        let next = next.map(|version| AbortOnPanic(ManuallyDrop::new(version)));
        let Some(swap) = self.0.get() else {
            self.set_first(next);
            return None;
        };
        // Not `store`, which would drop the old version inside arc-swap (P3).
        swap.swap(next).map(AbortOnPanic::into_inner)
    }

    #[cold]
    fn set_first(&self, next: Option<AbortOnPanic<T>>) {
        assert!(self.0.set(Swap::new(next)).is_ok(), "only the holder of the lock sets the cell");
    }

    /// Empties the cell and returns its version.
    pub(super) fn take(&mut self) -> Option<PublishedRef<T>> {
        self.0.take()?.into_inner().map(AbortOnPanic::into_inner)
    }
}

/// The reference that the cell held.
pub(crate) type Reclaimed<T> = Option<PublishedRef<T>>;

/// arc-swap's guard, which protects the version that was current at one moment.
pub(super) struct HazardGuard<'a, T> {
    /// `None` if the cell was unset.
    guard: Option<ArcSwapGuard<Option<AbortOnPanic<T>>>>,
    _cell: &'a Cell<T>,
}

impl<'a, T> HazardGuard<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let cell = &*publication.cell;
        Self { guard: cell.0.get().map(Swap::load), _cell: cell }
    }

    #[inline]
    pub(super) fn version(&self) -> Option<&PublishedRef<T>> {
        Some(&(**self.guard.as_ref()?).as_ref()?.0)
    }
}

/// arc-swap's cache, which holds a reference to the version it saw last.
pub(crate) struct ReaderState<'a, T> {
    cell: &'a Cell<T>,
    cache: Option<Cache<&'a Swap<T>, Option<AbortOnPanic<T>>>>,
}

impl<'a, T> ReaderState<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { cell: &publication.cell, cache: None }
    }

    /// Returns the current version.
    #[inline]
    pub(super) fn version(&mut self) -> Option<&PublishedRef<T>> {
        // The cache compares by a Relaxed load, which orders nothing if the list was filled and emptied meanwhile.
        if self.cache.as_mut().is_none_or(|cache| cache.load().is_none()) {
            self.fill();
        }
        Some(&self.cache.as_mut()?.load().as_ref()?.0)
    }

    #[cold]
    #[inline(never)]
    fn fill(&mut self) {
        self.cache = self.cell.0.get().map(Cache::new);
    }

    pub(crate) fn release(&mut self) {
        self.cache = None;
    }
}
