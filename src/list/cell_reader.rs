//! [`CellReader`] and [`ArcCellReader`], which keep the value of a cell between reads.

use alloc::sync::Arc;
use core::fmt;

use super::CopyOnWriteCell;
use super::cell::ValueReader;
use crate::raw::handle::Handle;

/// A reader of a [`CopyOnWriteCell`] for one thread. It is the fastest way to read repeatedly.
///
/// Created by [`CopyOnWriteCell::reader`]. A reader keeps the value that it saw last. So a
/// [`load`](CellReader::load) of an unchanged cell is a load of the pointer and a compare.
///
/// A reader keeps at most one value alive, until its next `load` or [`release`](CellReader::release). Call `release`
/// before a long pause.
///
/// A reader borrows the cell:
///
/// ```compile_fail,E0505
/// use cow_collections::CopyOnWriteCell;
///
/// let cell = CopyOnWriteCell::new(1);
/// let reader = cell.reader();
/// drop(cell);
/// drop(reader);
/// ```
pub struct CellReader<'a, T> {
    state: ValueReader<'a, T>,
}

impl<'a, T> CellReader<'a, T> {
    #[inline]
    pub(super) fn new(state: ValueReader<'a, T>) -> Self {
        Self { state }
    }

    /// Returns the current value of the cell.
    ///
    /// O(1): one load and a compare if the cell was not written since the last call. Otherwise this costs a
    /// [`CopyOnWriteCell::load`].
    ///
    /// If the cell was written, the reader releases the value that it kept. If the reader was the last to have that
    /// value, this call drops it on this thread: see
    /// [when old values are dropped](CopyOnWriteCell#when-old-values-are-dropped).
    ///
    /// # Panics
    ///
    /// Panics if that drop panics. The reader then has the new value.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let mut reader = cell.reader();
    /// assert_eq!(*reader.load(), 1);
    /// cell.store(2);
    /// assert_eq!(*reader.load(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&mut self) -> &T {
        self.state.load()
    }

    /// Releases the value that the reader keeps. The next [`load`](CellReader::load) gets the current one.
    ///
    /// O(1), unless the reader was the last to have that value: it is then dropped, as in `load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use std::sync::Arc;
    ///
    /// let first = Arc::new("first");
    /// let cell = CopyOnWriteCell::new(Arc::clone(&first));
    /// let mut reader = cell.reader();
    /// assert_eq!(**reader.load(), "first");
    /// cell.store(Arc::new("second"));
    /// assert_eq!(Arc::strong_count(&first), 2); // the reader keeps the old value
    /// reader.release();
    /// assert_eq!(Arc::strong_count(&first), 1);
    /// ```
    #[inline]
    pub fn release(&mut self) {
        self.state.release();
    }
}

impl<T> fmt::Debug for CellReader<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CellReader").finish_non_exhaustive()
    }
}

/// A [`CellReader`] that owns an `Arc` of the cell, for a thread or a structure that cannot borrow the cell.
///
/// An `ArcCellReader` keeps the value that it saw last, as a snapshot does. That value stays alive until the next
/// [`load`](ArcCellReader::load) or [`release`](ArcCellReader::release).
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
/// use cow_collections::list::ArcCellReader;
/// use std::sync::Arc;
///
/// let cell = Arc::new(CopyOnWriteCell::new(1));
/// let mut reader = ArcCellReader::from(Arc::clone(&cell));
/// std::thread::spawn(move || {
///     assert_eq!(*reader.load(), 1);
///     reader.cell().store(2);
///     assert_eq!(*reader.load(), 2);
/// })
/// .join()
/// .unwrap();
/// ```
pub struct ArcCellReader<T> {
    cell: Arc<CopyOnWriteCell<T>>,
    /// The value seen last, or an empty handle.
    kept: Handle<T>,
}

impl<T> ArcCellReader<T> {
    /// Returns the current value of the cell.
    ///
    /// This never returns a value older than one that the calling thread has already seen.
    ///
    /// O(1): two loads and a compare if the cell was not written since the last call. Otherwise this costs a
    /// [`CopyOnWriteCell::snapshot`].
    ///
    /// If the reader held the last handle of an old value, drops that value on this thread.
    ///
    /// # Panics
    ///
    /// Panics if that drop panics. The reader then has the new value.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use cow_collections::list::ArcCellReader;
    /// use std::sync::Arc;
    ///
    /// let limit = Arc::new(CopyOnWriteCell::new(10));
    /// let mut reader = ArcCellReader::from(Arc::clone(&limit));
    /// assert_eq!(*reader.load(), 10);
    /// limit.store(20);
    /// assert_eq!(*reader.load(), 20);
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&mut self) -> &T {
        self.cell.shared.refresh(&mut self.kept);
        &self.kept.as_slice()[0]
    }

    /// Releases the value that the reader keeps. The next [`load`](ArcCellReader::load) gets the current one.
    ///
    /// O(1), unless this was the last handle of the value: it is then dropped, as in `load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use cow_collections::list::ArcCellReader;
    /// use std::sync::Arc;
    ///
    /// let cell = Arc::new(CopyOnWriteCell::new(String::from("old")));
    /// let mut reader = ArcCellReader::from(Arc::clone(&cell));
    /// assert_eq!(reader.load(), "old");
    /// let old = cell.replace(String::from("new"));
    /// reader.release(); // the snapshot is now the only handle of the old value
    /// assert_eq!(old.try_unwrap()?, "old");
    /// # Ok::<(), cow_collections::list::Snapshot<String>>(())
    /// ```
    pub fn release(&mut self) {
        self.kept = Handle::new();
    }

    /// Returns the cell.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use cow_collections::list::ArcCellReader;
    /// use std::sync::Arc;
    ///
    /// let mut reader = ArcCellReader::from(Arc::new(CopyOnWriteCell::new(1)));
    /// reader.cell().update(|value| *value += 1);
    /// assert_eq!(*reader.load(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn cell(&self) -> &Arc<CopyOnWriteCell<T>> {
        &self.cell
    }
}

impl<T> From<Arc<CopyOnWriteCell<T>>> for ArcCellReader<T> {
    /// Creates a reader. Does not load the cell yet. O(1).
    fn from(cell: Arc<CopyOnWriteCell<T>>) -> Self {
        Self { cell, kept: Handle::new() }
    }
}

impl<T> Clone for ArcCellReader<T> {
    /// Returns another reader of the same cell. O(1).
    fn clone(&self) -> Self {
        Self { cell: Arc::clone(&self.cell), kept: self.kept.clone() }
    }
}

impl<T> fmt::Debug for ArcCellReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcCellReader").finish_non_exhaustive()
    }
}
