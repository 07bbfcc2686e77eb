//! The cached read.

use core::fmt;

use crate::raw::publish::Cached;

/// A thread's own way into a [`CopyOnWriteList`](super::CopyOnWriteList): the fastest read there is.
///
/// Made by [`CopyOnWriteList::reader`](super::CopyOnWriteList::reader). It keeps the version that it saw
/// last, so that a [`load`](Reader::load) of an unchanged list is one load, one compare and one load of
/// the length, about a nanosecond. The price is that this version stays alive until the next `load`, or
/// until [`release`](Reader::release): call that before a long pause. A reader that never comes back keeps
/// that one version, and no later one.
///
/// It has a cache line of its own in the list, which the next reader gets when it is dropped. So it borrows
/// the list, which cannot go before it:
///
/// ```compile_fail,E0505
/// use cow_collections::CopyOnWriteList;
///
/// let list = CopyOnWriteList::from(vec![1, 2]);
/// let reader = list.reader();
/// drop(list);
/// drop(reader);
/// ```
pub struct Reader<'a, T> {
    cached: Cached<'a, T>,
}

impl<'a, T> Reader<'a, T> {
    #[inline]
    pub(super) fn new(cached: Cached<'a, T>) -> Self {
        Self { cached }
    }

    /// The elements that the list has now.
    ///
    /// O(1): about a nanosecond if no write replaced the buffer since the last call (appending in place
    /// does not), else as [`CopyOnWriteList::load`](super::CopyOnWriteList::load).
    ///
    /// If this was the last holder of an old version, its elements are dropped here, on this thread, unless
    /// a write is going on: then by that one or the next.
    ///
    /// # Panics
    ///
    /// If one of these drops panics; with the feature `arc-swap`, which cannot unwind, it aborts the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1, 2]);
    /// let mut reader = list.reader();
    /// assert_eq!(reader.load(), [1, 2]);
    /// list.push(3);
    /// assert_eq!(reader.load(), [1, 2, 3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&mut self) -> &[T] {
        self.cached.load()
    }

    /// Lets go of the version that is kept; the next [`load`](Reader::load) gets the current one.
    ///
    /// O(1), unless this was its last holder; then its elements are dropped as by `load`.
    #[inline]
    pub fn release(&mut self) {
        self.cached.release();
    }
}

impl<T> fmt::Debug for Reader<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
