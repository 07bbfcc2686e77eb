//! A write in progress: the lock, and the one change that is made under it.
//!
//! Whatever can run a `Drop` of the user's is declared before the lock is taken, so that it dies after it
//! is given back, also when a panic unwinds. That goes for arguments too, which die last to first: a
//! function that gets a [`Change`] gets it last.

use alloc::vec::Vec;
use core::mem;
use core::ptr;

use super::CopyOnWriteList;
use super::watch::Changes;
use crate::list::cell::Writing;
use crate::raw::handle::Handle;
use crate::vec::{CowVec, UniqueVec};

/// The lock of a list, held for at most one change: that gives it back, counts itself, and wakes who
/// waits for it.
pub(super) struct Change<'a, T> {
    writing: Writing<'a, T>,
    changes: &'a Changes,
}

impl<T> CopyOnWriteList<T> {
    /// Takes the lock.
    #[inline]
    #[track_caller]
    pub(super) fn change(&self) -> Change<'_, T> {
        Change { writing: self.publication.write(), changes: &self.changes }
    }

    /// For the owner, after a change without the lock. Whoever waits for one borrows the list, so nobody
    /// is there to be woken.
    pub(super) fn count_change(&mut self) {
        _ = self.changes.advance();
    }
}

impl<T> Change<'_, T> {
    /// The elements before the change.
    #[inline]
    pub(super) fn as_slice(&self) -> &[T] {
        self.writing.as_slice()
    }

    /// A counted handle of them.
    #[inline]
    pub(super) fn to_handle(&self) -> Handle<T> {
        self.writing.to_handle()
    }

    /// The version before the change. Under the lock it counts exactly the changes that can be seen.
    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.changes.version()
    }

    /// Puts `next` in their place, and then drops what nobody reads any more.
    #[track_caller]
    pub(super) fn publish(mut self, next: UniqueVec<T>) {
        let retired = self.writing.publish(next);
        self.end(retired);
    }

    /// Counts the change, gives back the lock, wakes who waits, and drops `retired`. The last two run code
    /// of the user's, which may panic: the change has taken effect then.
    #[inline]
    fn end<R>(self, retired: R) {
        let wake = self.changes.advance();
        drop(self.writing);
        if wake {
            self.changes.wake(retired);
        }
    }
}

/// Appends `element`: in place, or in `grown` if there is no room.
#[inline]
#[track_caller]
pub(super) fn push<T: Clone>(element: T, grown: &mut UniqueVec<T>, mut change: Change<'_, T>) {
    if change.writing.room() > 0 {
        change.writing.append(element);
        return change.end(());
    }
    grow(grown, change.as_slice(), 1);
    grown.push(element);
    change.publish(mem::take(grown));
}

/// Appends `batch`, which is not empty, at once: in place, or in `grown` if there is no room.
#[track_caller]
pub(super) fn push_all<T: Clone>(
    mut batch: Vec<T>,
    grown: &mut UniqueVec<T>,
    mut change: Change<'_, T>,
) {
    if change.writing.room() >= batch.len() {
        change.writing.append_all(&mut batch);
        return change.end(());
    }
    grow(grown, change.as_slice(), batch.len());
    grown.append_vec(&mut batch);
    change.publish(mem::take(grown));
}

/// Makes room in `grown` for twice the elements of `old`, or for `more` in addition to them if that is
/// more, and clones them into it.
#[cold]
#[inline(never)]
#[track_caller]
fn grow<T: Clone>(grown: &mut UniqueVec<T>, old: &[T], more: usize) {
    grown.reserve(old.len().saturating_mul(2).max(old.len().saturating_add(more)));
    grown.extend_from_slice(old);
}

impl<T: Clone> CopyOnWriteList<T> {
    /// Publishes what `build` makes of the current elements, unless it gives `None`. What it writes into
    /// is declared out here, so that it dies after unlocking if `build` panics.
    #[track_caller]
    pub(super) fn rebuild<R>(
        &self,
        build: impl FnOnce(&[T], &mut UniqueVec<T>) -> Option<R>,
    ) -> Option<R> {
        let mut new;
        let result;
        let mut change = self.change();
        new = change.writing.spare();
        result = build(change.as_slice(), &mut new);
        if result.is_some() {
            change.publish(new);
        } else {
            change.writing.keep(new);
        }
        result
    }
}

/// Room in `new`, which is empty, for `len` elements, and for some that are pushed later if it has to be
/// made.
#[track_caller]
pub(super) fn make_room<T>(new: &mut UniqueVec<T>, len: usize) {
    if new.capacity() < len {
        *new = UniqueVec::with_capacity(len.saturating_add(len / 2));
    }
}

/// Gives back what [`make_room`] made for elements that did not come, if that is most of it.
pub(super) fn fit<T>(new: &mut UniqueVec<T>) {
    if new.len() < new.capacity() / 4 {
        new.shrink_to(new.len() * 2);
    }
}

/// Whether `seen`, a snapshot, holds the first of the elements in `now`, which its list has later: then
/// they are in the same buffer, where nothing is replaced while a snapshot lives.
pub(super) fn is_prefix<T>(seen: &CowVec<T>, now: &[T]) -> bool {
    ptr::eq(seen.as_ptr(), now.as_ptr()) && seen.len() <= now.len()
}

/// Whether both are the same version: the same place in memory and the same length. All empty ones are.
pub(super) fn same<T>(a: &[T], b: &[T]) -> bool {
    ptr::eq(a, b) || a.is_empty() && b.is_empty()
}

/// `elements` in a buffer that a list may publish (B11), copied if it is shared; then also itself.
#[track_caller]
pub(super) fn publishable<T: Clone>(elements: CowVec<T>) -> (UniqueVec<T>, Option<CowVec<T>>) {
    match elements.into_handle().try_into_publishable() {
        Ok(unique) => (unique, None),
        Err(shared) => (shared.copied(shared.len()), Some(CowVec::from_handle(shared))),
    }
}

/// Takes what is in `draft` if a list may publish it as it is (B11), and if finding out runs no drop:
/// this is called under the lock.
pub(super) fn take_publishable<T>(draft: &mut CowVec<T>) -> Option<UniqueVec<T>> {
    let handle = mem::take(draft).into_handle();
    let taken = if handle.may_have_excess() { Err(handle) } else { handle.try_into_publishable() };
    taken.map_err(|shared| *draft = CowVec::from_handle(shared)).ok()
}
