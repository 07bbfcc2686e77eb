//! [`Reader`], which keeps a version between reads.

use core::fmt;

use super::cell::ReaderState;

/// A reader of a [`CopyOnWriteList`](super::CopyOnWriteList) for one thread. It is the fastest way to read repeatedly.
///
/// Created by [`CopyOnWriteList::reader`](super::CopyOnWriteList::reader). A reader keeps the version that it saw
/// last. So a [`load`](Reader::load) of an unchanged list is a load of the pointer, a compare, and a load of the
/// length.
///
/// A reader keeps at most one version alive, until its next `load` or [`release`](Reader::release). Call `release`
/// before a long pause.
///
/// A list has eight slots for readers, each on its own cache line. While all are taken, a further reader owns a
/// reference to its version instead. It tries again to get a slot when a write has replaced its version.
///
/// A slot belongs to the list, so a reader borrows it:
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
    state: ReaderState<'a, T>,
}

impl<'a, T> Reader<'a, T> {
    #[inline]
    pub(super) fn new(state: ReaderState<'a, T>) -> Self {
        Self { state }
    }

    /// Returns the current elements of the list.
    ///
    /// O(1): two loads and a compare if no write has replaced the buffer since the last call. Appending in place does
    /// not replace it. Otherwise this costs a [`CopyOnWriteList::load`](super::CopyOnWriteList::load).
    ///
    /// If the buffer was replaced, the reader releases the version that it kept. If the reader was the last to have
    /// that version, this call drops its elements on this thread: see
    /// [when old versions are dropped](super::CopyOnWriteList#when-old-versions-are-dropped).
    ///
    /// # Panics
    ///
    /// Panics if one of these drops panics. The reader then has the new version.
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
        self.state.load()
    }

    /// Releases the version that the reader keeps. The next [`load`](Reader::load) gets the current one.
    ///
    /// O(1), unless the reader was the last to have that version: its elements are then dropped, as in
    /// `load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use std::sync::Arc;
    ///
    /// let element = Arc::new("a");
    /// let list = CopyOnWriteList::from([Arc::clone(&element)]);
    /// let mut reader = list.reader();
    /// assert_eq!(reader.load().len(), 1);
    /// list.clear();
    /// assert_eq!(Arc::strong_count(&element), 2); // the reader keeps the old version
    /// reader.release();
    /// assert_eq!(Arc::strong_count(&element), 1);
    /// ```
    #[inline]
    pub fn release(&mut self) {
        self.state.release();
    }
}

impl<T> fmt::Debug for Reader<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
