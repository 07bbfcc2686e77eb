//! [`ArcReader`], a reader that owns an `Arc` of its list.

use alloc::sync::Arc;
use core::fmt;

use super::CopyOnWriteList;
use crate::raw::handle::Handle;

/// A [`Reader`](super::Reader) that owns an `Arc` of the list, for a thread or a structure that cannot borrow the list.
///
/// An `ArcReader` keeps the version that it saw last, as a snapshot does. That version stays alive until
/// the next [`load`](ArcReader::load) or [`release`](ArcReader::release).
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
/// use cow_collections::list::ArcReader;
/// use std::sync::Arc;
///
/// let list = Arc::new(CopyOnWriteList::from([1, 2]));
/// let mut reader = ArcReader::from(Arc::clone(&list));
/// std::thread::spawn(move || {
///     assert_eq!(reader.load(), [1, 2]);
///     reader.list().push(3);
///     assert_eq!(reader.load(), [1, 2, 3]);
/// })
/// .join()
/// .unwrap();
/// ```
pub struct ArcReader<T> {
    list: Arc<CopyOnWriteList<T>>,
    /// The version seen last, or an empty handle.
    kept: Handle<T>,
}

impl<T> ArcReader<T> {
    /// Returns the current elements of the list.
    ///
    /// This never returns a version older than one that the calling thread has already seen.
    ///
    /// O(1): two loads and a compare if no write has replaced the buffer since the last call. Appending in place does
    /// not replace it. Otherwise this costs a [`CopyOnWriteList::snapshot`]. With the feature `arc-swap`, so does each
    /// call while the list has no buffer.
    ///
    /// If the reader held the last handle of an old version, drops its elements on this thread.
    ///
    /// # Panics
    ///
    /// Panics if one of these drops panics. The reader then has the new version.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcReader;
    /// use std::sync::Arc;
    ///
    /// let list = Arc::new(CopyOnWriteList::from([1]));
    /// let mut reader = ArcReader::from(Arc::clone(&list));
    /// assert_eq!(reader.load(), [1]);
    /// list.push(2);
    /// assert_eq!(reader.load(), [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&mut self) -> &[T] {
        self.list.shared.publication.refresh(&mut self.kept);
        self.kept.as_slice()
    }

    /// Releases the version that the reader keeps. The next [`load`](ArcReader::load) gets the current one.
    ///
    /// O(1), unless this was the last handle of the version: its elements are then dropped, as in `load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcReader;
    /// use std::sync::Arc;
    ///
    /// let element = Arc::new("a");
    /// let list = Arc::new(CopyOnWriteList::from([Arc::clone(&element)]));
    /// let mut reader = ArcReader::from(Arc::clone(&list));
    /// assert_eq!(reader.load().len(), 1);
    /// list.clear();
    /// assert_eq!(Arc::strong_count(&element), 2); // the reader keeps the old version
    /// reader.release();
    /// assert_eq!(Arc::strong_count(&element), 1);
    /// ```
    pub fn release(&mut self) {
        self.kept = Handle::new();
    }

    /// Returns the list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcReader;
    /// use std::sync::Arc;
    ///
    /// let mut reader = ArcReader::from(Arc::new(CopyOnWriteList::new()));
    /// reader.list().push("a");
    /// assert_eq!(reader.load(), ["a"]);
    /// ```
    #[inline]
    #[must_use]
    pub fn list(&self) -> &Arc<CopyOnWriteList<T>> {
        &self.list
    }
}

impl<T> From<Arc<CopyOnWriteList<T>>> for ArcReader<T> {
    /// Creates a reader. Does not load the list yet. O(1).
    fn from(list: Arc<CopyOnWriteList<T>>) -> Self {
        Self { list, kept: Handle::new() }
    }
}

impl<T> Clone for ArcReader<T> {
    /// Returns another reader of the same list. O(1).
    fn clone(&self) -> Self {
        Self { list: Arc::clone(&self.list), kept: self.kept.clone() }
    }
}

impl<T> fmt::Debug for ArcReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcReader").finish_non_exhaustive()
    }
}
