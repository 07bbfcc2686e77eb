//! The versions that wait until no slot protects them, and what becomes of them then.

use alloc::vec::Vec;
use core::mem::{ManuallyDrop, needs_drop, take};

use super::super::PublishedRef;
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

/// The part of the writers' state that belongs to the cell. The lock guards it.
pub(in crate::list::cell) struct WriterState<T> {
    /// The replaced versions that a slot protected at the last scan. Each keeps the reference that the cell had
    /// (H1), so no handle of the version is unique.
    retired: Vec<PublishedRef<T>>,
    /// The buffer of an old version, emptied, for the next one to be built in.
    recycled: UniqueVec<T>,
    /// The capacity of the current version.
    current_cap: usize,
}

impl<T> WriterState<T> {
    pub(in crate::list::cell) const fn new() -> Self {
        Self { retired: Vec::new(), recycled: UniqueVec::new(), current_cap: 0 }
    }

    /// Returns an empty vector to build the next version in. It may have capacity already.
    #[inline]
    pub(in crate::list::cell) fn take_recycled(&mut self) -> UniqueVec<T> {
        take(&mut self.recycled)
    }

    /// Keeps an empty vector for the next version.
    #[inline]
    pub(in crate::list::cell) fn recycle(&mut self, empty: UniqueVec<T>) {
        self.recycled = empty;
    }

    #[cfg(all(test, not(cow_loom)))]
    pub(super) fn retired_len(&self) -> usize {
        self.retired.len()
    }

    #[inline]
    pub(super) fn has_retired(&self) -> bool {
        !self.retired.is_empty()
    }

    /// Keeps a replaced version until a scan finds it in no slot.
    pub(super) fn retire(&mut self, version: PublishedRef<T>) {
        self.retired.push(version);
    }

    /// Moves the retired versions that are not `protected` to `reclaimed`.
    pub(super) fn reclaim(
        &mut self,
        reclaimed: &mut Reclaimed<T>,
        mut protected: impl FnMut(&PublishedRef<T>) -> bool,
    ) {
        let mut i = 0;
        while let Some(version) = self.retired.get(i) {
            if protected(version) {
                i += 1;
            } else {
                reclaimed.add(self.retired.swap_remove(i), self);
            }
        }
    }

    /// Sets the capacity of the version that becomes current. Frees the recycled buffer if its capacity is
    /// less than half of `cap`, or more than twice `cap`.
    #[inline]
    pub(super) fn set_current_cap(&mut self, cap: usize) {
        self.current_cap = cap;
        if self.has_recycled() && !self.fits_current(self.recycled.capacity()) {
            self.recycled = UniqueVec::new();
        }
    }

    #[inline]
    fn has_recycled(&self) -> bool {
        self.recycled.capacity() > 0
    }

    #[inline]
    fn fits_current(&self, cap: usize) -> bool {
        cap / 2 <= self.current_cap && self.current_cap / 2 <= cap
    }
}

/// The references to reclaimed versions. They are dropped after unlocking, because element destructors may run.
/// Always empty if `T` needs no drop.
///
/// Each is a handle of length 0: the last handle of a buffer drops all of its elements (B6).
pub(crate) struct Reclaimed<T> {
    first: ManuallyDrop<Option<Handle<T>>>,
    more: ManuallyDrop<Vec<Handle<T>>>,
}

impl<T> Reclaimed<T> {
    pub(super) const NONE: Self =
        Self { first: ManuallyDrop::new(None), more: ManuallyDrop::new(Vec::new()) };

    /// Adds a version that no slot protects. If `T` needs no drop, recycles or frees its buffer instead.
    #[inline]
    pub(super) fn add(&mut self, version: PublishedRef<T>, writer: &mut WriterState<T>) {
        let buf = ManuallyDrop::new(version).buf();
        // SAFETY: a length of 0 covers no slots (B2). `version` is not dropped, so its reference becomes the
        // handle's. References that guards added happened before the scan (H1).
        let handle = unsafe { Handle::from_parts(buf, 0) };
        if needs_drop::<T>() {
            match &*self.first {
                None => *self.first = Some(handle),
                Some(_) => self.more.push(handle),
            }
        } else if !writer.has_recycled() && writer.fits_current(handle.block_cap()) {
            if let Ok(empty) = handle.try_into_recycled() {
                writer.recycled = empty;
            }
        }
    }
}

impl<T> Drop for Reclaimed<T> {
    #[inline]
    fn drop(&mut self) {
        if needs_drop::<T>() {
            // Both are locals, so that the first is dropped even if a drop of the others panics.
            // SAFETY: only this drop takes `more`, once.
            let _more = unsafe { ManuallyDrop::take(&mut self.more) };
            // SAFETY: only this drop takes `first`, once.
            let _first = unsafe { ManuallyDrop::take(&mut self.first) };
        }
    }
}
