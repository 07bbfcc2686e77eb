//! The cached read of a list that the reader shares.

use alloc::sync::Arc;
use core::fmt;

use super::CopyOnWriteList;
use crate::vec::CowVec;

/// A [`Reader`](super::Reader) that owns its share of the list: for a thread, or a structure, that no
/// borrow of the list reaches.
///
/// It keeps a snapshot and the version of the list that it had. A [`load`](ArcReader::load) of an
/// unchanged list is one load and one compare; after a change, also one in place, it takes another
/// snapshot. What it saw last stays alive until the next `load`, or until [`release`](ArcReader::release).
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
    /// At least what was counted when `kept` was loaded; none if nothing is kept.
    version: Option<u64>,
    kept: CowVec<T>,
}

impl<T> ArcReader<T> {
    /// The elements that the list has now.
    ///
    /// O(1): one load and one compare if the list was not changed since the last call, else as
    /// [`CopyOnWriteList::snapshot`]. If this was the last holder of an old version, its elements are
    /// dropped here, on this thread.
    #[inline]
    #[must_use]
    pub fn load(&mut self) -> &[T] {
        // Read first: the snapshot may be newer, never older.
        let version = Some(self.list.version());
        if self.version != version {
            self.refresh(version);
        }
        &self.kept
    }

    #[cold]
    #[inline(never)]
    fn refresh(&mut self, version: Option<u64>) {
        let old = core::mem::replace(&mut self.kept, self.list.snapshot());
        self.version = version;
        drop(old);
    }

    /// Lets go of what is kept; the next [`load`](ArcReader::load) gets the current version.
    ///
    /// O(1), unless this was its last holder; then its elements are dropped as by `load`.
    pub fn release(&mut self) {
        self.version = None;
        self.kept = CowVec::new();
    }

    /// The list that is read.
    #[inline]
    #[must_use]
    pub fn list(&self) -> &Arc<CopyOnWriteList<T>> {
        &self.list
    }
}

impl<T> From<Arc<CopyOnWriteList<T>>> for ArcReader<T> {
    /// O(1): reads nothing yet.
    fn from(list: Arc<CopyOnWriteList<T>>) -> Self {
        Self { list, version: None, kept: CowVec::new() }
    }
}

impl<T> Clone for ArcReader<T> {
    /// Another reader of the same list. O(1).
    fn clone(&self) -> Self {
        Self { list: Arc::clone(&self.list), version: self.version, kept: self.kept.clone() }
    }
}

impl<T> fmt::Debug for ArcReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcReader").finish_non_exhaustive()
    }
}
