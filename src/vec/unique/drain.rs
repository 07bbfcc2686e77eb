//! Removes a range of a [`UniqueVec`], and may put other elements in its place: `drain`, `splice`.
#![expect(unsafe_code, reason = "moves elements under a length that does not cover them")]

use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::{Range, RangeBounds};
use core::ptr::{self, NonNull};

use super::UniqueVec;
use super::into_iter::{RawIter, iterate};
use super::retain::close_gap;
use crate::range;

impl<T> UniqueVec<T> {
    /// Removes `range` and returns an iterator over the removed elements.
    ///
    /// O(1), and O(n) when the iterator is dropped. The drop also drops the elements that the iterator has not
    /// returned. Leaking the iterator leaks the elements of the range and those after it.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3, 4]);
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
    /// O(n + k) for k new elements when the iterator is dropped, which inserts them. The elements after the range move
    /// at most twice, and once more for each reallocation. Leaking the iterator leaks the elements of the range and
    /// those after it.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds. Dropping the iterator panics if the new capacity exceeds `isize::MAX`
    /// bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
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
}

/// An iterator that removes a range of a [`UniqueVec`]; made by [`UniqueVec::drain`].
///
/// # Examples
///
/// ```
/// use cow_collections::UniqueVec;
///
/// let mut v = UniqueVec::from(['a', 'b', 'c', 'd']);
/// let mut drained = v.drain(1..3);
/// assert_eq!((drained.len(), drained.next()), (2, Some('b')));
/// drop(drained); // removes the whole range
/// assert_eq!(v, ['a', 'd']);
/// ```
// While this lives, the length of the vector covers only the elements before the range. The drop closes the gap (M1).
//
//   0        vec.len()    front       back       tail       len
//   | before   | returned   | to come   | returned | after    |
pub struct Drain<'a, T> {
    /// The vector, borrowed for `'a`. It is a pointer, because a reference would make `Drain` invariant in `T`.
    /// Covariance is sound: elements leave as `T`, and only `splice` inserts elements, of the vector's type.
    vec: NonNull<UniqueVec<T>>,
    elements: RawIter<T>,
    /// The first slot after the range.
    tail: usize,
    /// The end of the elements after the range.
    len: usize,
    borrow: PhantomData<&'a [T]>,
}

// SAFETY: a `Drain` is a `&mut UniqueVec<T>` and some of its elements, so the bounds are those of `UniqueVec`.
unsafe impl<T: Send> Send for Drain<'_, T> {}
// SAFETY: `&Drain` gives `&T` and nothing else.
unsafe impl<T: Sync> Sync for Drain<'_, T> {}

impl<'a, T> Drain<'a, T> {
    #[inline]
    pub(in crate::vec) fn new(vec: &'a mut UniqueVec<T>, range: Range<usize>) -> Self {
        let (len, tail) = (vec.len(), range.end);
        assert!(range.start <= range.end && range.end <= len, "the range lies within the vector");
        // SAFETY: `start <= len`. The vector covers only elements that this iterator does not touch (M1, B8).
        unsafe { vec.set_len(range.start) };
        // SAFETY: the elements of the range are initialised (B2), and the length no longer covers them (M1). The block
        // does not move before they are gone.
        let elements = unsafe { RawIter::new(vec, range) };
        Self { vec: NonNull::from(vec), elements, tail, len, borrow: PhantomData }
    }

    #[inline]
    fn vec(&mut self) -> &mut UniqueVec<T> {
        // SAFETY: the vector is borrowed for `'a`, and only this iterator uses it.
        unsafe { self.vec.as_mut() }
    }

    /// Drops the rest of the range, and inserts the elements of `with` in its place.
    ///
    /// Elements that fit are written into the gap. The elements after the gap move at most twice: once for those that
    /// the size hint announces, and once for all others.
    fn replace(&mut self, with: &mut impl Iterator<Item = T>) {
        self.elements.skip(usize::MAX);
        if self.tail == self.len {
            // No elements after the gap have to move.
            return self.vec().extend_iter(with);
        }
        if !self.fill(with) {
            return;
        }
        let (announced, _) = with.size_hint();
        if announced > 0 {
            self.move_tail(announced);
            if !self.fill(with) {
                return;
            }
        }
        // Not `collect`, which rejects a wrong size hint if std has debug assertions.
        let rest = Vec::from_iter(with);
        if !rest.is_empty() {
            self.move_tail(rest.len());
            self.fill(&mut rest.into_iter());
        }
    }

    /// Writes elements of `with` into the gap. Returns whether the gap is full.
    fn fill(&mut self, with: &mut impl Iterator<Item = T>) -> bool {
        let tail = self.tail;
        while self.vec().len() < tail {
            let Some(value) = with.next() else { return false };
            let vec = self.vec();
            let len = vec.len();
            // SAFETY: the slot lies in the gap, below `tail` (M1). The length covers it once it is written.
            unsafe {
                vec.slot(len).write(value);
                vec.set_len(len + 1);
            }
        }
        true
    }

    /// Moves the elements after the gap by `more` slots towards the end.
    fn move_tail(&mut self, more: usize) {
        let (tail, len) = (self.tail, self.len);
        let vec = self.vec();
        // Reallocating moves all slots of the block, including those beyond the vector's length.
        vec.reserve((len - vec.len()).saturating_add(more));
        // SAFETY: slots `[tail, len)` are initialised (M1), and capacity for `len + more` was reserved.
        unsafe { ptr::copy(vec.slot(tail), vec.slot(tail + more), len - tail) };
        self.tail += more;
        self.len += more;
    }
}

impl<T> Drop for Drain<'_, T> {
    fn drop(&mut self) {
        /// Closes the gap even if the drop of an element panics.
        struct CloseGap<'c, 'a, T>(&'c mut Drain<'a, T>);
        impl<T> Drop for CloseGap<'_, '_, T> {
            fn drop(&mut self) {
                let (tail, len) = (self.0.tail, self.0.len);
                let vec = self.0.vec();
                let kept = vec.len();
                // SAFETY: slots `[0, kept)` and `[tail, len)` are initialised, and those between are not (M1).
                unsafe { close_gap(vec, kept, tail, len) };
            }
        }
        CloseGap(self).0.elements.skip(usize::MAX);
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

iterate! {
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// let mut drained = v.drain(1..);
    /// drained.next();
    /// assert_eq!(drained.as_slice(), [3]);
    /// ```
    ['a, T] Drain<'a, T>, T, elements
}

/// An iterator over the elements that [`UniqueVec::splice`] removes. Its drop inserts the replacement.
///
/// # Examples
///
/// ```
/// use cow_collections::UniqueVec;
///
/// let mut v = UniqueVec::from([1, 2, 3]);
/// let mut removed = v.splice(..2, [7]);
/// assert_eq!(removed.next(), Some(1));
/// drop(removed); // removes the rest of the range, and inserts
/// assert_eq!(v, [7, 3]);
/// ```
pub struct Splice<'a, I: Iterator> {
    drain: Drain<'a, I::Item>,
    replace_with: I,
}

impl<'a, I: Iterator> Splice<'a, I> {
    #[inline]
    pub(in crate::vec) fn new(
        vec: &'a mut UniqueVec<I::Item>,
        range: Range<usize>,
        replace_with: I,
    ) -> Self {
        Self { drain: Drain::new(vec, range), replace_with }
    }
}

impl<I: Iterator> Drop for Splice<'_, I> {
    #[track_caller]
    fn drop(&mut self) {
        self.drain.replace(&mut self.replace_with);
    }
}

impl<I: Iterator<Item: fmt::Debug>> fmt::Debug for Splice<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Splice").field(&self.as_slice()).finish()
    }
}

iterate! {
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// let removed = v.splice(..2, [7, 8, 9]);
    /// assert_eq!(removed.as_slice(), [1, 2]); // the new elements are not among them
    /// ```
    ['a, I: Iterator] Splice<'a, I>, I::Item, drain.elements
}
