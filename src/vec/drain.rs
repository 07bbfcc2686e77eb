//! Removes a range of a [`CowVec`], and may put other elements in its place: `drain`, `splice`.
//!
//! A unique vector is edited in its buffer. A shared one is replaced by a copy of the elements that stay, and the
//! iterator clones the removed elements out of the old buffer.

use core::fmt;
use core::iter::FusedIterator;
use core::mem;
use core::ops::{Range, RangeBounds};

use super::iter::{Cloning, Source, iterate};
use super::{CowVec, UniqueVec, unique};
use crate::range;
use crate::raw::handle::Handle;

impl<T: Clone> CowVec<T> {
    /// Removes `range` and returns an iterator over the removed elements.
    ///
    /// If unique: O(1), and O(n) when the iterator is dropped. The drop also drops the elements that the iterator has
    /// not returned. Leaking the iterator leaks the elements of the range and those after it.
    ///
    /// Clones the buffer if it is shared. The call clones the elements that stay, unless they are a prefix. The
    /// iterator clones each removed element when it returns that element.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds. If a clone of an element that stays panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3, 4];
    /// assert!(v.drain(1..3).eq([2, 3]));
    /// assert_eq!(v, [1, 4]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> Drain<'_, T> {
        let range = range::resolve(range, self.len());
        Drain::new(self, range)
    }

    /// Replaces `range` by the elements of `replace_with`, and returns an iterator over the removed elements.
    ///
    /// O(n + k) for k new elements when the iterator is dropped, which inserts them. Leaking the iterator leaks the
    /// elements after the range and, if unique, those of the range.
    ///
    /// Clones the buffer if it is shared. The call clones the elements that stay, in O(n). The iterator clones each
    /// removed element when it returns that element.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds. If a clone of an element that stays panics, the vector is unchanged.
    /// Dropping the iterator panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// assert!(v.splice(..2, [7, 8, 9]).eq([1, 2]));
    /// assert_eq!(v, [7, 8, 9, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn splice<I: IntoIterator<Item = T>>(
        &mut self,
        range: impl RangeBounds<usize>,
        replace_with: I,
    ) -> Splice<'_, I::IntoIter> {
        let range = range::resolve(range, self.len());
        Splice::new(self, range, replace_with.into_iter())
    }

    /// Removes `range` from a shared vector, and returns the old handle. Copies nothing if the range is empty or at the
    /// end.
    #[track_caller]
    fn remove_range(&mut self, range: Range<usize>) -> Handle<T> {
        if !range.is_empty() && range.end < self.len() {
            return self.copy_without(range);
        }
        let old = self.handle.clone();
        self.handle.shorten(self.len() - range.len());
        old
    }

    /// Replaces a shared vector by a copy without `range`, and returns the old handle.
    #[track_caller]
    fn copy_without(&mut self, range: Range<usize>) -> Handle<T> {
        let (head, rest) = (&self[..range.start], &self[range.end..]);
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(self.len()));
        result.extend_from_slice(head);
        result.extend_from_slice(rest);
        mem::replace(&mut self.handle, result.into_handle())
    }
}

/// An iterator over the elements that [`CowVec::drain`] removes.
///
/// # Examples
///
/// ```
/// use cow_collections::cow_vec;
///
/// let mut v = cow_vec![1, 2, 3, 4];
/// let mut drained = v.drain(1..3);
/// assert_eq!(drained.next_back(), Some(3));
/// drop(drained); // removes the whole range
/// assert_eq!(v, [1, 4]);
/// ```
pub struct Drain<'a, T> {
    source: Source<unique::Drain<'a, T>, T>,
}

impl<'a, T: Clone> Drain<'a, T> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<T>, range: Range<usize>) -> Self {
        if !vec.is_unique() {
            let old = vec.remove_range(range.clone());
            return Self { source: Source::Cloning(Cloning::new(old, range)) };
        }
        Self { source: Source::Moving(unique::Drain::new(vec.make_unique(), range)) }
    }
}

impl<T> Drain<'_, T> {
    /// Returns the remaining elements as a slice.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// let mut drained = v.drain(1..);
    /// drained.next();
    /// assert_eq!(drained.as_slice(), [3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.source {
            Source::Moving(moving) => moving.as_slice(),
            Source::Cloning(cloning) => cloning.as_slice(),
        }
    }
}

impl<T> AsRef<[T]> for Drain<'_, T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for Drain<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Drain").field(&self.as_slice()).finish()
    }
}

iterate!(['a, T: Clone] Drain<'a, T>, T, source);

/// An iterator over the elements that [`CowVec::splice`] removes. Its drop inserts the replacement.
///
/// # Examples
///
/// ```
/// use cow_collections::cow_vec;
///
/// let mut v = cow_vec!["a", "b", "c"];
/// let removed = v.splice(1.., ["x"]);
/// assert_eq!(removed.collect::<Vec<_>>(), ["b", "c"]);
/// assert_eq!(v, ["a", "x"]);
/// ```
pub struct Splice<'a, I: Iterator> {
    /// The removed elements, if the buffer was shared.
    removed: Option<Cloning<I::Item>>,
    /// Inserts the replacement. Removes nothing if the buffer was shared.
    inner: unique::Splice<'a, I>,
}

impl<'a, I: Iterator<Item: Clone>> Splice<'a, I> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<I::Item>, range: Range<usize>, with: I) -> Self {
        if vec.is_unique() {
            let inner = unique::Splice::new(vec.make_unique(), range, with);
            return Self { removed: None, inner };
        }
        let old = vec.copy_without(range.clone());
        let inner = unique::Splice::new(vec.make_unique(), range.start..range.start, with);
        Self { removed: Some(Cloning::new(old, range)), inner }
    }
}

impl<I: Iterator<Item: Clone>> Iterator for Splice<'_, I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.next(),
            None => self.inner.next(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.removed.as_ref().map_or_else(|| self.inner.size_hint(), Cloning::size_hint)
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.nth(n),
            None => self.inner.nth(n),
        }
    }
}

impl<I: Iterator<Item: Clone>> DoubleEndedIterator for Splice<'_, I> {
    #[inline]
    fn next_back(&mut self) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.next_back(),
            None => self.inner.next_back(),
        }
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.nth_back(n),
            None => self.inner.nth_back(n),
        }
    }
}

impl<I: Iterator<Item: Clone>> ExactSizeIterator for Splice<'_, I> {}
impl<I: Iterator<Item: Clone>> FusedIterator for Splice<'_, I> {}

impl<I: Iterator<Item: fmt::Debug>> fmt::Debug for Splice<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let removed = self.removed.as_ref().map_or(self.inner.as_slice(), Cloning::as_slice);
        f.debug_tuple("Splice").field(&removed).finish()
    }
}
