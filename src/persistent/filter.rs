//! Removing elements by a closure that may change them first.

use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::{Range, RangeBounds};

use super::PersistentVector;
use crate::range;

impl<T: Clone> PersistentVector<T> {
    /// Keeps the elements for which `keep` returns `true`, in order; `keep` may change them.
    ///
    /// Calls `keep` once for each element, in order, before it removes the first one. Copies every shared leaf;
    /// [`retain`](PersistentVector::retain) shares the leaves that lose nothing.
    ///
    /// O(n), with a word of memory for each removed element.
    ///
    /// # Panics
    ///
    /// Panics if `keep` or a clone panics. All elements are then still there, changed as far as `keep` changed them.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// new.retain_mut(|x| {
    ///     *x += 1;
    ///     *x % 3 == 0
    /// });
    /// assert_eq!((old.len(), new.len(), new[100]), (1_000, 333, 303));
    /// ```
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        let elements = self.iter_mut().enumerate();
        let gone = elements.filter_map(|(index, x)| (!keep(x)).then_some(index)).collect();
        self.remove_all(gone);
    }

    /// Removes the elements at these indices, which are in ascending order.
    pub(super) fn remove_all(&mut self, gone: Vec<usize>) {
        if gone.is_empty() {
            return;
        }
        let (mut gone, mut indices) = (gone.into_iter().peekable(), 0..);
        self.retain(|_| {
            let index = indices.next();
            gone.next_if(|next| Some(*next) == index).is_none()
        });
    }

    /// Removes the elements of a range for which `extract` returns `true`, and returns an iterator over them.
    ///
    /// `extract` may change elements. Elements that the iterator does not reach stay. Copies each shared leaf that the
    /// iterator reaches.
    ///
    /// O(log16 n) for each element that `extract` sees; a removal moves the elements behind it in its leaf.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or if `extract` or a clone panics. Elements that were not returned are
    /// then still there, except that after a panic of a clone one more element may be gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3, 4];
    /// assert!(vector.extract_if(1.., |x| *x % 2 == 0).eq([2, 4]));
    /// assert_eq!(vector, [1, 3]);
    /// ```
    #[track_caller]
    pub fn extract_if<F: FnMut(&mut T) -> bool>(
        &mut self,
        range: impl RangeBounds<usize>,
        extract: F,
    ) -> ExtractIf<'_, T, F> {
        let range = range::resolve(range, self.len());
        ExtractIf { vector: self, range, extract }
    }

    /// Removes the last element and returns it, if there is one and `predicate` returns `true` for it.
    ///
    /// `predicate` may change the element.
    ///
    /// Unique: O(1); O(log16 n) after a pop that emptied the last leaf. Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `predicate` or a clone panics; the element is then still there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 4];
    /// assert_eq!(vector.pop_back_if(|x| *x % 2 == 0), Some(4));
    /// assert_eq!(vector.pop_back_if(|x| *x > 2), None);
    /// assert_eq!(vector, [1, 2]);
    /// ```
    #[doc(alias = "pop_if")]
    pub fn pop_back_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.last_mut()?) { self.pop_back() } else { None }
    }

    /// Removes the first element and returns it, if there is one and `predicate` returns `true` for it.
    ///
    /// `predicate` may change the element.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `predicate` or a clone panics; the element is then still there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 4];
    /// assert_eq!(vector.pop_front_if(|x| *x < 2), Some(1));
    /// assert_eq!(vector.pop_front_if(|x| *x > 2), None);
    /// assert_eq!(vector, [2, 4]);
    /// ```
    pub fn pop_front_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.first_mut()?) { self.pop_front() } else { None }
    }
}

/// An iterator that removes the elements of a [`PersistentVector`] for which a closure returns `true`.
///
/// Created by [`PersistentVector::extract_if`].
///
/// # Examples
///
/// ```
/// use cow_collections::persistent_vector;
///
/// let mut queue = persistent_vector![3, 8, 5, 10];
/// let mut even = queue.extract_if(.., |x| *x % 2 == 0);
/// assert_eq!(even.next(), Some(8));
/// drop(even); // the elements that it did not reach stay
/// assert_eq!(queue, [3, 5, 10]);
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed; use `retain_mut` to remove elements"]
pub struct ExtractIf<'a, T, F> {
    vector: &'a mut PersistentVector<T>,
    /// The indices not yet visited.
    range: Range<usize>,
    extract: F,
}

impl<T: Clone, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'_, T, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        while !self.range.is_empty() {
            let index = self.range.start;
            if (self.extract)(self.vector.get_mut(index)?) {
                let element = self.vector.remove(index);
                self.range.end -= 1;
                return Some(element);
            }
            self.range.start += 1;
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.range.len()))
    }
}

impl<T: Clone, F: FnMut(&mut T) -> bool> FusedIterator for ExtractIf<'_, T, F> {}

impl<T, F> fmt::Debug for ExtractIf<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractIf").field("range", &self.range).finish_non_exhaustive()
    }
}
