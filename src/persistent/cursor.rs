//! A place in a vector, which remembers its leaf.

use core::fmt;

use super::PersistentVector;

/// Reads elements that stand near each other in any order, at the price of a slice's within a leaf.
///
/// Made by [`PersistentVector::cursor`].
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let vector: PersistentVector<u32> = (0..1_000).collect();
/// let mut cursor = vector.cursor();
/// assert_eq!(cursor.get(500), Some(&500));
/// assert_eq!(cursor.get(499), Some(&499)); // in the leaf it has
/// assert_eq!(cursor.get(1_000), None);
/// ```
pub struct Cursor<'a, T> {
    vector: &'a PersistentVector<T>,
    leaf: &'a [T],
    /// The elements before the leaf.
    start: usize,
}

impl<'a, T> Cursor<'a, T> {
    /// The element at `index`, or `None` if there is none.
    ///
    /// O(1) in the leaf of the last element that was asked for, else O(log16 n).
    #[inline]
    pub fn get(&mut self, index: usize) -> Option<&'a T> {
        match self.leaf.get(index.wrapping_sub(self.start)) {
            Some(element) => Some(element),
            None => self.seek(index),
        }
    }

    #[cold]
    #[inline(never)]
    fn seek(&mut self, index: usize) -> Option<&'a T> {
        (self.leaf, self.start) = self.vector.tree.leaf(index)?;
        self.leaf.get(index - self.start)
    }
}

impl<T> Clone for Cursor<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: fmt::Debug> fmt::Debug for Cursor<'_, T> {
    /// Shows the leaf it has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("start", &self.start).field("leaf", &self.leaf).finish()
    }
}

impl<T> PersistentVector<T> {
    /// A cursor on this vector, for reading elements that stand near each other.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub fn cursor(&self) -> Cursor<'_, T> {
        Cursor { vector: self, leaf: &[], start: 0 }
    }
}
