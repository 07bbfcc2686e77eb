//! Removes a range of a [`CowVec`], and may put other elements in its place: `drain`, `splice`.
//!
//! A unique vector does so in its buffer. A shared one is replaced by a copy of the elements that stay, and the
//! iterator clones the removed ones out of the old buffer.

use core::fmt;
use core::iter::FusedIterator;
use core::mem;
use core::ops::{Range, RangeBounds};

use super::iter::{Cloning, Source, iterate};
use super::{CowVec, UniqueVec, unique};
use crate::range;
use crate::raw::handle::Handle;

impl<T: Clone> CowVec<T> {
    /// Removes a range and returns its elements by an iterator.
    ///
    /// Unique: O(1), and O(n) when the iterator is dropped, with what it was not asked for; if it is
    /// leaked, the range and what is behind it are leaked too. Clones the buffer if it is shared: what
    /// stays is cloned at the call (nothing, if that is a prefix), and each removed element when it is
    /// asked for, the others never.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector. If a clone of what stays panics, the vector is as it was.
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

    /// Replaces a range by what an iterator yields, and returns the removed elements by an iterator,
    /// whose drop does the replacing.
    ///
    /// Unique: O(n) when it is dropped; if it is leaked, the range and what is behind it are leaked too.
    /// Clones the buffer if it is shared: what stays at the call, each removed element when it is asked
    /// for, the others never.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector. If a clone of what stays panics, the vector is as it was.
    /// When dropped, if the new capacity would exceed `isize::MAX` bytes.
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

    /// Removes `range` from a shared vector and returns the handle it had; copies only if elements stand
    /// behind a range that is not empty.
    #[track_caller]
    fn cut(&mut self, range: Range<usize>) -> Handle<T> {
        if !range.is_empty() && range.end < self.len() {
            return self.cut_out(range);
        }
        let old = self.handle.clone();
        self.handle.shorten(self.len() - range.len());
        old
    }

    /// Moves a shared vector on to a copy without `range`, and returns the handle it had.
    #[track_caller]
    fn cut_out(&mut self, range: Range<usize>) -> Handle<T> {
        let (head, rest) = (&self[..range.start], &self[range.end..]);
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(self.len()));
        result.extend_from_slice(head);
        result.extend_from_slice(rest);
        mem::replace(&mut self.handle, result.into_handle())
    }
}

/// The elements that [`CowVec::drain`] removes.
#[must_use = "dropping it at once removes the range; `truncate` or `clear` may say that better"]
pub struct Drain<'a, T> {
    source: Source<unique::Drain<'a, T>, T>,
}

impl<'a, T: Clone> Drain<'a, T> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<T>, range: Range<usize>) -> Self {
        if !vec.is_unique() {
            let old = vec.cut(range.clone());
            return Self { source: Source::Cloning(Cloning::new(old, range)) };
        }
        Self { source: Source::Moving(unique::Drain::new(vec.make_unique(), range)) }
    }
}

impl<T> Drain<'_, T> {
    /// The elements still to come.
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

/// The elements that [`CowVec::splice`] removes. Its drop puts the replacement in their place.
#[must_use = "the replacement happens when it is dropped"]
pub struct Splice<'a, I: Iterator> {
    /// The removed elements, if the buffer was shared.
    removed: Option<Cloning<I::Item>>,
    /// Removes nothing in that case.
    inner: unique::Splice<'a, I>,
}

impl<'a, I: Iterator<Item: Clone>> Splice<'a, I> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<I::Item>, range: Range<usize>, with: I) -> Self {
        if vec.is_unique() {
            let inner = unique::Splice::new(vec.make_unique(), range, with);
            return Self { removed: None, inner };
        }
        let old = vec.cut_out(range.clone());
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
