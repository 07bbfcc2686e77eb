//! Keeps some elements of a [`UniqueVec`] and removes the others: `retain`, `dedup`, `extract_if`.
//!
//! [`RetainGuard`] moves the kept elements together while user code decides, and closes the gap when it is dropped.
#![expect(unsafe_code, reason = "moves elements under a length that does not cover them")]

use core::fmt;
use core::iter::FusedIterator;
use core::ops::RangeBounds;
use core::ptr;

use super::UniqueVec;
use crate::range;

/// Visits the elements of a vector, and keeps or removes each. Its drop closes the gap (M1).
///
/// ```text
///   0      vec.len()       kept            read              len
///   | skipped | kept         | gap           | not visited     |
/// ```
struct RetainGuard<'a, T> {
    /// Its length is the index of the first visited element.
    vec: &'a mut UniqueVec<T>,
    kept: usize,
    read: usize,
    len: usize,
}

impl<'a, T> RetainGuard<'a, T> {
    /// Creates a guard that visits the elements from `start` on.
    #[inline]
    fn new(vec: &'a mut UniqueVec<T>, start: usize) -> Self {
        let len = vec.len();
        assert!(start <= len, "`start` lies within the vector");
        // SAFETY: `start <= len`. The vector covers only elements that the guard does not touch (M1, B8).
        unsafe { vec.set_len(start) };
        Self { vec, kept: start, read: start, len }
    }

    /// Returns the current element, or `None` after the last.
    #[inline]
    fn current(&mut self) -> Option<&mut T> {
        if self.read == self.len {
            return None;
        }
        // SAFETY: `[read, len)` is initialised, and only this guard uses it (M1).
        Some(unsafe { &mut *self.vec.slot(self.read) })
    }

    /// Returns the current element with the last element that this guard kept. Returns `None` if either is missing.
    #[inline]
    fn current_and_last(&mut self) -> Option<(&mut T, &mut T)> {
        if self.kept == self.vec.len() || self.read == self.len {
            return None;
        }
        // SAFETY: both slots are initialised, and only this guard uses them (M1). They differ, since `kept <= read`.
        Some(unsafe { (&mut *self.vec.slot(self.read), &mut *self.vec.slot(self.kept - 1)) })
    }

    /// Keeps the current element.
    #[inline]
    fn keep(&mut self) {
        let slot = self.advance();
        if self.kept + 1 < self.read {
            // SAFETY: slot `kept` lies in the gap, and is not `slot` (M1).
            unsafe { ptr::copy_nonoverlapping(slot, self.vec.slot(self.kept), 1) };
        }
        self.kept += 1;
    }

    /// Drops the current element.
    #[inline]
    fn discard(&mut self) {
        let slot = self.advance();
        // SAFETY: the slot is now in the gap, so the element is dropped once, even if its drop panics (M1, B8).
        unsafe { slot.drop_in_place() };
    }

    /// Removes and returns the current element.
    #[inline]
    fn remove(&mut self) -> T {
        let slot = self.advance();
        // SAFETY: the slot is now in the gap, so the element is moved out once (M1).
        unsafe { slot.read() }
    }

    /// Returns the slot of the current element, and moves on.
    #[inline]
    fn advance(&mut self) -> *mut T {
        assert!(self.read < self.len, "there is a current element");
        // SAFETY: the slot lies inside the block, below the old length (B2).
        let slot = unsafe { self.vec.slot(self.read) };
        self.read += 1;
        slot
    }
}

impl<T> Drop for RetainGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: `[0, kept)` and `[read, len)` are initialised, and `[kept, read)` is not (M1).
        unsafe { close_gap(self.vec, self.kept, self.read, self.len) };
    }
}

/// Moves slots `[read, len)` down to slot `kept`, and sets the length to cover all elements.
///
/// # Safety
///
/// * `read <= len`, and `len` is at most the capacity.
/// * Slots `[0, kept)` and `[read, len)` are initialised, and nobody else uses them.
/// * `kept <= read`, or the second range is empty.
pub(super) unsafe fn close_gap<T>(vec: &mut UniqueVec<T>, kept: usize, read: usize, len: usize) {
    let rest = len - read;
    if rest > 0 && kept < read {
        // SAFETY: both slots lie inside the block (B1), and the gap between them has no elements (M1).
        unsafe { ptr::copy(vec.slot(read), vec.slot(kept), rest) };
    }
    // SAFETY: slots `[0, kept + rest)` are initialised (M1).
    unsafe { vec.set_len(kept + rest) };
}

impl<T> UniqueVec<T> {
    /// Retains only the elements for which `keep` returns `true`.
    ///
    /// O(n). Visits each element once, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3, 4]);
    /// v.retain(|n| n % 2 == 0);
    /// assert_eq!(v, [2, 4]);
    /// ```
    #[inline]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.retain_mut(|element| keep(element));
    }

    /// Retains only the elements for which `keep` returns `true`, passing a mutable reference to each.
    ///
    /// O(n). Visits each element once, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// v.retain_mut(|n| {
    ///     *n *= 2;
    ///     *n > 2
    /// });
    /// assert_eq!(v, [4, 6]);
    /// ```
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        let mut guard = RetainGuard::new(self, 0);
        while let Some(element) = guard.current() {
            if keep(element) {
                guard.keep();
            } else {
                guard.discard();
            }
        }
    }

    /// Removes consecutive repeated elements.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 1, 2, 1]);
    /// v.dedup();
    /// assert_eq!(v, [1, 2, 1]);
    /// ```
    #[inline]
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.dedup_by(|element, last| element == last);
    }

    /// Removes all but the first of consecutive elements with the same key.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([10, 11, 20]);
    /// v.dedup_by_key(|n| *n / 10);
    /// assert_eq!(v, [10, 20]);
    /// ```
    #[inline]
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&mut T) -> K) {
        self.dedup_by(|element, last| key(element) == key(last));
    }

    /// Removes each element for which `same` returns `true`, given that element and the last one that was kept.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(["a", "A", "b"]);
    /// v.dedup_by(|element, last| element.eq_ignore_ascii_case(last));
    /// assert_eq!(v, ["a", "b"]);
    /// ```
    pub fn dedup_by(&mut self, mut same: impl FnMut(&mut T, &mut T) -> bool) {
        if self.len() < 2 {
            return;
        }
        let mut guard = RetainGuard::new(self, 0);
        guard.keep();
        while let Some((element, last)) = guard.current_and_last() {
            if same(element, last) {
                guard.discard();
            } else {
                guard.keep();
            }
        }
    }

    /// Creates an iterator that removes the elements of `range` for which `extract` returns `true`.
    ///
    /// O(n). Elements that the iterator has not visited when it is dropped stay in the vector.
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
    /// assert!(v.extract_if(.., |n| *n % 2 == 0).eq([2, 4]));
    /// assert_eq!(v, [1, 3]);
    /// ```
    #[track_caller]
    pub fn extract_if<F: FnMut(&mut T) -> bool>(
        &mut self,
        range: impl RangeBounds<usize>,
        extract: F,
    ) -> ExtractIf<'_, T, F> {
        let range = range::resolve(range, self.len());
        ExtractIf { guard: RetainGuard::new(self, range.start), left: range.len(), extract }
    }
}

/// An iterator that removes elements of a [`UniqueVec`]; made by [`UniqueVec::extract_if`].
///
/// # Examples
///
/// ```
/// use cow_collections::UniqueVec;
///
/// let mut v = UniqueVec::from([5, 6, 7, 8]);
/// let mut large = v.extract_if(.., |n| *n > 5);
/// assert_eq!(large.by_ref().take(2).sum::<i32>(), 13);
/// drop(large);
/// assert_eq!(v, [5, 8]);
/// ```
#[must_use = "iterators are lazy; use `retain_mut` if you do not need the elements"]
pub struct ExtractIf<'a, T, F> {
    guard: RetainGuard<'a, T>,
    /// The number of elements still to be visited.
    left: usize,
    extract: F,
}

impl<T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'_, T, F> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        while self.left > 0 {
            let extracted = (self.extract)(self.guard.current()?);
            self.left -= 1;
            if extracted {
                return Some(self.guard.remove());
            }
            self.guard.keep();
        }
        None
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.left))
    }
}

impl<T, F: FnMut(&mut T) -> bool> FusedIterator for ExtractIf<'_, T, F> {}

impl<T: fmt::Debug, F> fmt::Debug for ExtractIf<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractIf").finish_non_exhaustive()
    }
}
