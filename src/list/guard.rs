//! The scoped read.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

use crate::raw::publish::Loaded;
use crate::sync::MutexGuard;
use crate::vec::CowVec;

/// The elements that a [`CopyOnWriteList`](super::CopyOnWriteList) had at one moment.
///
/// Made by [`CopyOnWriteList::load`](super::CopyOnWriteList::load). It is a slice that never changes:
/// later writes, also those in place, are not seen. The guard keeps that version alive, with all
/// that was pushed into the same buffer since. If the guard is the last to do so, its drop drops the
/// elements: see [when old versions are dropped](super::CopyOnWriteList#when-old-versions-are-dropped).
/// It stays on its thread; a [snapshot](Guard::to_snapshot) may go anywhere.
///
/// Nothing is written through it:
///
/// ```compile_fail,E0594
/// # use cow_collections::CopyOnWriteList;
/// let list = CopyOnWriteList::from([1]);
/// list.load()[0] = 2;
/// ```
/// ```compile_fail,E0596
/// # use cow_collections::CopyOnWriteList;
/// let list = CopyOnWriteList::from([1]);
/// list.load().iter_mut();
/// ```
pub struct Guard<'a, T> {
    loaded: Loaded<'a, T>,
    /// Not `Send`: a cell may keep what protects a version with the thread that asked for it.
    on_this_thread: PhantomData<MutexGuard<'static, ()>>,
}

impl<'a, T> Guard<'a, T> {
    #[inline]
    pub(super) fn new(loaded: Loaded<'a, T>) -> Self {
        Self { loaded, on_this_thread: PhantomData }
    }

    /// The same elements as an owned value, which shares the buffer.
    ///
    /// O(1): one atomic increment.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1, 2]);
    /// let guard = list.load();
    /// list.push(3);
    /// assert_eq!(guard.to_snapshot(), [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn to_snapshot(&self) -> CowVec<T> {
        CowVec::from_handle(self.loaded.to_handle())
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.loaded.as_slice()
    }
}

impl<T> AsRef<[T]> for Guard<'_, T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<'a, T> IntoIterator for &'a Guard<'_, T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}
