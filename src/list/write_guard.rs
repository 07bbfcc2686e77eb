//! A write in progress: [`WriteGuard`] holds the lock for at most one change.
//!
//! Values whose drop may run the user's code are declared before the lock is taken. They are then dropped after it
//! is released, also when a panic unwinds. Arguments are dropped last to first, so a function that takes a
//! [`WriteGuard`] takes it as its last argument.

use alloc::vec::Vec;
use core::mem;
use core::ptr;

use super::CopyOnWriteList;
use super::cell::Writer;
use super::watch::Changes;
use crate::raw::handle::Handle;
use crate::vec::{CowVec, UniqueVec};

/// Holds the lock of a list or a cell for one change. Making the change counts it, releases the lock, and wakes all
/// watchers that wait.
pub(super) struct WriteGuard<'a, T> {
    writer: Writer<'a, T>,
    changes: &'a Changes,
}

impl<T> CopyOnWriteList<T> {
    /// Takes the lock.
    #[inline]
    #[track_caller]
    pub(super) fn write(&self) -> WriteGuard<'_, T> {
        self.shared.write()
    }
}

impl<'a, T> WriteGuard<'a, T> {
    #[inline]
    pub(super) fn new(writer: Writer<'a, T>, changes: &'a Changes) -> Self {
        Self { writer, changes }
    }

    /// Returns the elements before the change.
    #[inline]
    pub(super) fn as_slice(&self) -> &[T] {
        self.writer.as_slice()
    }

    /// Returns a handle of the elements before the change. It is shared, unless it is empty.
    #[inline]
    pub(super) fn to_handle(&self) -> Handle<T> {
        self.writer.to_handle()
    }

    /// Returns the version before the change. Under the lock it counts exactly the changes that can be seen.
    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.changes.version()
    }

    /// Returns an empty vector to build the next version in. It may have capacity already.
    #[inline]
    pub(super) fn take_recycled(&mut self) -> UniqueVec<T> {
        self.writer.take_recycled()
    }

    /// Keeps a vector from [`WriteGuard::take_recycled`], still empty, for the next write.
    #[inline]
    pub(super) fn recycle(&mut self, empty: UniqueVec<T>) {
        self.writer.recycle(empty);
    }

    /// Publishes `next`, and then drops old versions that nobody reads any more.
    #[track_caller]
    pub(super) fn publish(mut self, next: UniqueVec<T>) {
        let reclaimed = self.writer.publish(next);
        self.finish(reclaimed);
    }

    /// Finishes a change that published nothing.
    #[inline]
    fn finish_in_place(mut self) {
        match self.writer.reclaim_missed() {
            None => self.finish(()),
            Some(reclaimed) => self.finish(reclaimed),
        }
    }

    /// Counts the change, releases the lock, wakes the watchers and drops `reclaimed`. Wakers and drops run the user's
    /// code, which may panic. The change has taken effect by then.
    #[inline]
    fn finish<R>(self, reclaimed: R) {
        let wake = self.changes.advance();
        drop(self.writer);
        if wake {
            self.changes.wake(reclaimed);
        }
    }
}

/// Appends `element` in place, or publishes `grown` with it if there is no room.
#[inline]
#[track_caller]
pub(super) fn push<T: Clone>(element: T, grown: &mut UniqueVec<T>, mut guard: WriteGuard<'_, T>) {
    if guard.writer.room() > 0 {
        guard.writer.append(element);
        return guard.finish_in_place();
    }
    grow(grown, guard.as_slice(), 1);
    grown.push(element);
    guard.publish(mem::take(grown));
}

/// Appends `batch`, which is not empty, in place, or publishes `grown` with it if there is no room.
#[track_caller]
pub(super) fn push_all<T: Clone>(
    mut batch: Vec<T>,
    grown: &mut UniqueVec<T>,
    mut guard: WriteGuard<'_, T>,
) {
    if guard.writer.room() >= batch.len() {
        guard.writer.append_all(&mut batch);
        return guard.finish_in_place();
    }
    grow(grown, guard.as_slice(), batch.len());
    grown.append_vec(&mut batch);
    guard.publish(mem::take(grown));
}

/// Clones `old` into `grown`, with capacity for twice as many elements, or for `more` additional ones if those
/// are more.
#[cold]
#[inline(never)]
#[track_caller]
fn grow<T: Clone>(grown: &mut UniqueVec<T>, old: &[T], more: usize) {
    grown.reserve(old.len().saturating_mul(2).max(old.len().saturating_add(more)));
    grown.extend_from_slice(old);
}

impl<T: Clone> CopyOnWriteList<T> {
    /// Publishes the vector that `build` fills from the current elements, unless `build` returns `None`.
    #[track_caller]
    pub(super) fn rebuild<R>(
        &self,
        build: impl FnOnce(&[T], &mut UniqueVec<T>) -> Option<R>,
    ) -> Option<R> {
        let mut new;
        let result;
        let mut guard = self.write();
        new = guard.take_recycled();
        result = build(guard.as_slice(), &mut new);
        if result.is_some() {
            guard.publish(new);
        } else {
            guard.recycle(new);
        }
        result
    }
}

/// Reserves capacity in `new`, which is empty, for `len` elements. If it must allocate, reserves half as much again
/// for elements that are pushed later.
#[track_caller]
pub(super) fn reserve<T>(new: &mut UniqueVec<T>, len: usize) {
    if new.capacity() < len {
        *new = UniqueVec::with_capacity(len.saturating_add(len / 2));
    }
}

/// Shrinks `new` if less than a quarter of its capacity is used.
pub(super) fn shrink_if_sparse<T>(new: &mut UniqueVec<T>) {
    if new.len() < new.capacity() / 4 {
        new.shrink_to(new.len() * 2);
    }
}

/// Returns whether `now` begins with the elements of `seen`, which a guard or a snapshot protects. `now` are later
/// elements of the same list.
///
/// Compares only the addresses of the buffers. While a guard or a snapshot has a buffer, no element in it is replaced,
/// and no other buffer has its address.
pub(super) fn is_prefix<T>(seen: &[T], now: &[T]) -> bool {
    ptr::eq(seen.as_ptr(), now.as_ptr()) && seen.len() <= now.len()
}

/// Returns whether both are the same version: same address and length, or both empty.
pub(super) fn same<T>(a: &[T], b: &[T]) -> bool {
    ptr::eq(a, b) || a.is_empty() && b.is_empty()
}

/// Returns `elements` in a buffer that a list may publish (B11). If it is shared, copies it, and returns the
/// shared vector too.
#[track_caller]
pub(super) fn publishable<T: Clone>(elements: CowVec<T>) -> (UniqueVec<T>, Option<CowVec<T>>) {
    match elements.into_handle().try_into_unique() {
        Ok(unique) => (unique, None),
        Err(shared) => (shared.copied(shared.len()), Some(CowVec::from_handle(shared))),
    }
}

/// Takes the elements of `draft` if a list may publish its buffer (B11) without a copy. Returns `None` if element
/// destructors might run, because the caller holds the lock.
pub(super) fn take_publishable<T>(draft: &mut CowVec<T>) -> Option<UniqueVec<T>> {
    let handle = mem::take(draft).into_handle();
    let taken = if handle.may_have_excess() { Err(handle) } else { handle.try_into_unique() };
    taken.map_err(|shared| *draft = CowVec::from_handle(shared)).ok()
}
