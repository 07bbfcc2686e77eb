//! Cursors, which keep the leaf of the last access.

use core::fmt;

use super::{FAN_OUT, LEAF_LEN, PersistentVector};
use crate::persistent::node::LeafCursor;

/// Reads elements near each other, in any order, as fast as from a slice while they are in one leaf.
///
/// Created by [`PersistentVector::cursor`].
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
    /// The number of elements before the leaf.
    start: usize,
}

impl<'a, T> Cursor<'a, T> {
    /// Returns the number of elements of the vector.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let vector = persistent_vector!['a', 'b', 'c'];
    /// let mut cursor = vector.cursor();
    /// let middle = cursor.len() / 2;
    /// assert_eq!(cursor.get(middle), Some(&'b'));
    /// ```
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.vector.len()
    }

    /// Returns `true` if the vector has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// assert!(PersistentVector::<u8>::new().cursor().is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vector.is_empty()
    }

    /// Returns the element at `index`, or `None` if it is out of bounds.
    ///
    /// O(1) in the leaf of the last element returned, else O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let vector = persistent_vector!["a", "b", "c"];
    /// let mut cursor = vector.cursor();
    /// let pair = (cursor.get(0), cursor.get(1)); // these borrow the vector, not the cursor
    /// assert_eq!(pair, (Some(&"a"), Some(&"b")));
    /// assert_eq!(cursor.get(3), None);
    /// ```
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
        (self.leaf, self.start) = self.vector.root.leaf(index)?;
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
    /// Shows the current leaf.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("start", &self.start).field("leaf", &self.leaf).finish()
    }
}

impl<T> PersistentVector<T> {
    /// Returns a cursor for reading elements near each other.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let heights: PersistentVector<u32> =
    ///     [1, 5, 2, 4, 3].into_iter().cycle().take(1_000).collect();
    /// let mut cursor = heights.cursor();
    /// let peaks = (1..999).filter(|i| {
    ///     let here = cursor.get(*i);
    ///     here > cursor.get(i - 1) && here > cursor.get(i + 1)
    /// });
    /// assert_eq!(peaks.count(), 400);
    /// ```
    #[doc(alias = "focus")]
    #[inline]
    #[must_use]
    pub fn cursor(&self) -> Cursor<'_, T> {
        Cursor { vector: self, leaf: &[], start: 0 }
    }
}

impl<T: Clone> PersistentVector<T> {
    /// Returns a cursor for changing elements near each other.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut sums: PersistentVector<u32> = (1..=100).collect();
    /// let mut cursor = sums.cursor_mut();
    /// for i in 1..cursor.len() {
    ///     let before = cursor.get(i - 1).copied();
    ///     if let (Some(sum), Some(before)) = (cursor.get_mut(i), before) {
    ///         *sum += before;
    ///     }
    /// }
    /// assert_eq!(sums.last(), Some(&5_050));
    /// ```
    #[doc(alias = "focus_mut")]
    #[inline]
    #[must_use]
    pub fn cursor_mut(&mut self) -> CursorMut<'_, T> {
        CursorMut(LeafCursor::new(&mut self.root))
    }
}

/// Changes elements near each other, in any order, as fast as in a slice while they are in one leaf.
///
/// Created by [`PersistentVector::cursor_mut`]. Copies only shared leaves that are written, and the nodes above them.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let old: PersistentVector<u32> = (0..1_000).collect();
/// let mut new = old.clone();
/// let mut cursor = new.cursor_mut();
/// for i in 500..600 {
///     let before = *cursor.get(i - 1).unwrap();
///     *cursor.get_mut(i).unwrap() += before;
/// }
/// assert_eq!(new[501], 499 + 500 + 501);
/// assert_eq!(old[501], 501);
/// ```
pub struct CursorMut<'a, T>(LeafCursor<'a, T, FAN_OUT, LEAF_LEN>);

impl<T> CursorMut<'_, T> {
    /// Returns the element at `index`, or `None` if it is out of bounds. Copies nothing.
    ///
    /// O(1) in the leaves last read and last written, else O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// let mut cursor = new.cursor_mut();
    /// assert_eq!(cursor.get(999), Some(&999));
    /// assert_eq!(cursor.get(1_000), None);
    /// assert!(new.ptr_eq(&old)); // nothing was copied
    /// ```
    #[inline]
    pub fn get(&mut self, index: usize) -> Option<&T> {
        self.0.get(index)
    }

    /// Returns the number of elements of the vector.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3, 4];
    /// let mut cursor = vector.cursor_mut();
    /// for i in (0..cursor.len()).step_by(2) {
    ///     if let Some(x) = cursor.get_mut(i) {
    ///         *x = 0;
    ///     }
    /// }
    /// assert_eq!(vector, [0, 2, 0, 4]);
    /// ```
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if the vector has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1];
    /// assert!(!vector.cursor_mut().is_empty());
    /// vector.clear();
    /// assert!(vector.cursor_mut().is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Clone> CursorMut<'_, T> {
    /// Returns a mutable reference to the element at `index`, or `None` if it is out of bounds.
    ///
    /// O(1) in the leaf last written, else O(log16 n). Copies a shared leaf, and the shared nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![String::from("a"), String::from("b")];
    /// let mut cursor = vector.cursor_mut();
    /// if let Some(text) = cursor.get_mut(1) {
    ///     text.push('!');
    /// }
    /// assert!(cursor.get_mut(2).is_none());
    /// assert_eq!(vector, ["a", "b!"]);
    /// ```
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.0.get_mut(index)
    }
}

impl<T> fmt::Debug for CursorMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorMut").field("len", &self.len()).finish_non_exhaustive()
    }
}
