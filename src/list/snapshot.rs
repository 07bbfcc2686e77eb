//! [`Snapshot`], a value of a cell to keep.

use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;
use core::ptr;

use crate::raw::handle::Handle;
use crate::vec::UniqueVec;

/// A value that a [`CopyOnWriteCell`](super::CopyOnWriteCell) had, shared by reference count as in an `Arc`.
///
/// Returned by [`CopyOnWriteCell::snapshot`](super::CopyOnWriteCell::snapshot) and by the methods that replace a value.
/// A snapshot never changes. Clones share the value, and the last one drops it. A snapshot can be sent to another
/// thread and may outlive the cell.
///
/// Comparisons, hashes and formats are those of the value. So a snapshot works as a key of a map wherever its value
/// does. [`ptr_eq`](Snapshot::ptr_eq) compares the address instead.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
///
/// let cell = CopyOnWriteCell::new(String::from("a"));
/// let before = cell.snapshot();
/// cell.store(String::from("b"));
/// assert_eq!((before.as_str(), cell.load().as_str()), ("a", "b"));
/// assert_eq!(before.try_unwrap()?, "a");
/// # Ok::<(), cow_collections::list::Snapshot<String>>(())
/// ```
pub struct Snapshot<T> {
    /// Covers exactly one element.
    handle: Handle<T>,
}

impl<T> Snapshot<T> {
    #[inline]
    pub(super) fn from_handle(handle: Handle<T>) -> Self {
        debug_assert!(handle.len() == 1, "a snapshot has one value");
        Self { handle }
    }

    /// Returns `true` if both snapshots are the same version of the same cell.
    ///
    /// O(1). The values are not compared: two versions differ even if their values are equal.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let (a, b) = (cell.snapshot(), cell.snapshot());
    /// assert!(a.ptr_eq(&b));
    /// cell.store(1);
    /// assert!(a == cell.snapshot() && !a.ptr_eq(&cell.snapshot()));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.handle.ptr_eq(&other.handle)
    }

    /// Returns whether `value`, which lives now, is that of this snapshot.
    #[inline]
    pub(super) fn is(&self, value: &T) -> bool {
        ptr::eq(self.handle.data(), value)
    }

    /// Returns the value if nothing else has it.
    ///
    /// O(1).
    ///
    /// # Errors
    ///
    /// Returns the snapshot if the cell or another snapshot has the value, or if the cell keeps it for a guard or a
    /// reader.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(String::from("a"));
    /// let shared = cell.snapshot().try_unwrap().unwrap_err();
    /// drop(cell);
    /// assert_eq!(shared.try_unwrap()?, "a");
    /// # Ok::<(), cow_collections::list::Snapshot<String>>(())
    /// ```
    #[inline]
    pub fn try_unwrap(self) -> Result<T, Self> {
        let mut unique = self.handle.try_into_unique().map_err(Self::from_handle)?;
        let Some(value) = unique.pop() else { unreachable!("a snapshot has one value") };
        Ok(value)
    }

    /// Returns the size of the buffer in bytes. Does not count memory that the value owns.
    ///
    /// O(1).
    pub(super) fn heap_bytes(&self) -> usize {
        self.handle.heap_bytes()
    }
}

impl<T> From<T> for Snapshot<T> {
    /// Moves the value into a new buffer. O(1), one allocation.
    fn from(value: T) -> Self {
        Self::from_handle(UniqueVec::from_array([value]).into_handle())
    }
}

impl<T> Clone for Snapshot<T> {
    /// Returns a snapshot of the same value. O(1): one atomic increment.
    #[inline]
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone() }
    }
}

impl<T> Deref for Snapshot<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.handle.as_slice()[0]
    }
}

impl<T> AsRef<T> for Snapshot<T> {
    #[inline]
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T> Borrow<T> for Snapshot<T> {
    #[inline]
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: PartialEq> PartialEq for Snapshot<T> {
    /// Compares the values.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Snapshot<T> {}

impl<T: PartialOrd> PartialOrd for Snapshot<T> {
    /// Compares the values.
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: Ord> Ord for Snapshot<T> {
    /// Compares the values.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: Hash> Hash for Snapshot<T> {
    /// Hashes the value.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Snapshot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for Snapshot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> fmt::Pointer for Snapshot<T> {
    /// Formats the address of the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&&**self, f)
    }
}
