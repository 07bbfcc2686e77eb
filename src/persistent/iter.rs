//! Iterators over leaves, over elements by reference, and by value.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;
use core::slice;

use super::node::Root;
use super::{FAN_OUT, LEAF_LEN, PersistentVector};
use crate::vec;
use crate::vec::CowVec;

/// The leaves that have elements `[front, back)` of a vector, cut to that range.
pub(super) struct Leaves<'a, T, const F: usize, const L: usize> {
    root: &'a Root<T, F, L>,
    front: usize,
    back: usize,
}

impl<'a, T, const F: usize, const L: usize> Leaves<'a, T, F, L> {
    pub(super) fn new(root: &'a Root<T, F, L>) -> Self {
        Self { root, front: 0, back: root.len() }
    }

    /// Returns the number of remaining elements.
    #[inline]
    pub(super) fn remaining(&self) -> usize {
        self.back - self.front
    }

    /// Skips up to `count` elements at the front.
    #[inline]
    fn skip_front(&mut self, count: usize) {
        self.front += count.min(self.remaining());
    }

    /// Skips up to `count` elements at the back.
    #[inline]
    fn skip_back(&mut self, count: usize) {
        self.back -= count.min(self.remaining());
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<&'a [T]> {
        if self.front == self.back {
            return None;
        }
        let (leaf, start) = self.root.leaf(self.front)?;
        let end = leaf.len().min(self.back - start);
        let leaf = &leaf[self.front - start..end];
        self.front += leaf.len();
        Some(leaf)
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<&'a [T]> {
        if self.front == self.back {
            return None;
        }
        let (leaf, start) = self.root.leaf(self.back - 1)?;
        let leaf = &leaf[self.front.saturating_sub(start)..self.back - start];
        self.back -= leaf.len();
        Some(leaf)
    }
}

impl<T, const F: usize, const L: usize> Clone for Leaves<'_, T, F, L> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

/// The elements of a vector: the rest of a leaf at each end, and the leaves between.
pub(super) struct Elements<'a, T, const F: usize, const L: usize> {
    front: slice::Iter<'a, T>,
    leaves: Leaves<'a, T, F, L>,
    back: slice::Iter<'a, T>,
}

impl<'a, T, const F: usize, const L: usize> Elements<'a, T, F, L> {
    pub(super) fn new(root: &'a Root<T, F, L>) -> Self {
        Self { front: [].iter(), leaves: Leaves::new(root), back: [].iter() }
    }

    /// Returns the elements of a range, which is within bounds.
    pub(super) fn within(root: &'a Root<T, F, L>, range: Range<usize>) -> Self {
        let leaves = Leaves { root, front: range.start, back: range.end };
        Self { front: [].iter(), leaves, back: [].iter() }
    }

    /// Returns the next element from the next leaf, or from the leaf that the back iterates over.
    #[cold]
    #[inline(never)]
    fn refill(&mut self) -> Option<&'a T> {
        match self.leaves.next() {
            Some(leaf) => {
                self.front = leaf.iter();
                self.front.next()
            }
            None => self.back.next(),
        }
    }

    #[cold]
    #[inline(never)]
    fn refill_back(&mut self) -> Option<&'a T> {
        match self.leaves.next_back() {
            Some(leaf) => {
                self.back = leaf.iter();
                self.back.next_back()
            }
            None => self.front.next_back(),
        }
    }
}

impl<'a, T, const F: usize, const L: usize> Iterator for Elements<'a, T, F, L> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        match self.front.next() {
            Some(element) => Some(element),
            None => self.refill(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.front.len() + self.leaves.remaining() + self.back.len();
        (left, Some(left))
    }

    fn nth(&mut self, n: usize) -> Option<&'a T> {
        let Some(n) = n.checked_sub(self.front.len()) else { return self.front.nth(n) };
        self.front = [].iter();
        if let Some(n) = n.checked_sub(self.leaves.remaining()) {
            self.leaves.skip_front(usize::MAX);
            return self.back.nth(n);
        }
        self.leaves.skip_front(n);
        self.next()
    }

    #[inline]
    fn count(self) -> usize {
        self.size_hint().0
    }

    #[inline]
    fn last(mut self) -> Option<&'a T> {
        self.next_back()
    }

    #[inline]
    fn fold<B, G: FnMut(B, Self::Item) -> B>(mut self, init: B, mut f: G) -> B {
        let mut folded = self.front.fold(init, &mut f);
        while let Some(leaf) = self.leaves.next() {
            folded = leaf.iter().fold(folded, &mut f);
        }
        self.back.fold(folded, f)
    }
}

impl<'a, T, const F: usize, const L: usize> DoubleEndedIterator for Elements<'a, T, F, L> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a T> {
        match self.back.next_back() {
            Some(element) => Some(element),
            None => self.refill_back(),
        }
    }

    fn nth_back(&mut self, n: usize) -> Option<&'a T> {
        let Some(n) = n.checked_sub(self.back.len()) else { return self.back.nth_back(n) };
        self.back = [].iter();
        if let Some(n) = n.checked_sub(self.leaves.remaining()) {
            self.leaves.skip_back(usize::MAX);
            return self.front.nth_back(n);
        }
        self.leaves.skip_back(n);
        self.next_back()
    }

    #[inline]
    fn rfold<B, G: FnMut(B, Self::Item) -> B>(mut self, init: B, mut f: G) -> B {
        let mut folded = self.back.rfold(init, &mut f);
        while let Some(leaf) = self.leaves.next_back() {
            folded = leaf.iter().rfold(folded, &mut f);
        }
        self.front.rfold(folded, f)
    }
}

impl<T, const F: usize, const L: usize> Clone for Elements<'_, T, F, L> {
    fn clone(&self) -> Self {
        Self { front: self.front.clone(), leaves: self.leaves.clone(), back: self.back.clone() }
    }
}

/// The elements of a vector by value: the rest of a leaf at each end, and the leaves between.
///
/// The elements of a front leaf are popped one by one.
#[derive(Clone)]
pub(super) struct Moved<T, const F: usize, const L: usize> {
    front: vec::IntoIter<T>,
    leaves: Root<T, F, L>,
    back: vec::IntoIter<T>,
}

impl<T: Clone, const F: usize, const L: usize> Moved<T, F, L> {
    pub(super) fn new(leaves: Root<T, F, L>) -> Self {
        let (front, back) = (CowVec::new().into_iter(), CowVec::new().into_iter());
        Self { front, leaves, back }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<T> {
        match self.front.next() {
            Some(element) => Some(element),
            None => self.refill(),
        }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) -> Option<T> {
        if let Some(first) = self.leaves.pop_from_front_leaf() {
            return Some(first);
        }
        match self.leaves.take_first_leaf() {
            Some(leaf) => {
                self.front = CowVec::from_handle(leaf).into_iter();
                self.front.next()
            }
            None => self.back.next(),
        }
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<T> {
        match self.back.next_back() {
            Some(element) => Some(element),
            None => self.refill_back(),
        }
    }

    #[cold]
    #[inline(never)]
    fn refill_back(&mut self) -> Option<T> {
        match self.leaves.take_last_leaf() {
            Some(leaf) => {
                self.back = CowVec::from_handle(leaf).into_iter();
                self.back.next_back()
            }
            None => self.leaves.pop_back().or_else(|| self.front.next_back()),
        }
    }
}

impl<T: Clone, const F: usize, const L: usize> Moved<T, F, L> {
    fn fold<B>(mut self, init: B, mut f: impl FnMut(B, T) -> B) -> B {
        let mut folded = self.front.fold(init, &mut f);
        while let Some(first) = self.leaves.pop_from_front_leaf() {
            folded = f(folded, first);
        }
        while let Some(leaf) = self.leaves.take_first_leaf() {
            folded = CowVec::from_handle(leaf).into_iter().fold(folded, &mut f);
        }
        self.back.fold(folded, f)
    }
}

impl<T, const F: usize, const L: usize> Moved<T, F, L> {
    #[inline]
    pub(super) fn remaining(&self) -> usize {
        self.front.as_slice().len() + self.leaves.len() + self.back.as_slice().len()
    }
}

/// An iterator over the elements of a [`PersistentVector`].
///
/// Created by [`PersistentVector::iter`] and [`PersistentVector::range`]. `fold`, and the methods built on it, iterate
/// over the slice of each leaf; `nth` is O(log16 n).
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let vector: PersistentVector<u32> = (0..1_000).collect();
/// let mut iter = vector.iter();
/// assert_eq!((iter.next(), iter.next_back()), (Some(&0), Some(&999)));
/// assert_eq!(iter.nth(500), Some(&501));
/// assert_eq!(iter.len(), 497);
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Iter<'a, T>(pub(super) Elements<'a, T, FAN_OUT, LEAF_LEN>);

/// An iterator over the leaves of a [`PersistentVector`], as slices of up to about 1 KiB.
///
/// Created by [`PersistentVector::chunks`].
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let vector: PersistentVector<u64> = (0..1_000).collect();
/// assert!(vector.chunks().all(|leaf| (1..=128).contains(&leaf.len())));
/// let sum: u64 = vector.chunks().map(|leaf| leaf.iter().sum::<u64>()).sum();
/// assert_eq!(sum, 499_500);
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Chunks<'a, T>(pub(super) Leaves<'a, T, FAN_OUT, LEAF_LEN>);

/// An iterator over the elements of a [`PersistentVector`], by value.
///
/// Created by [`PersistentVector::into_iter`] and [`PersistentVector::drain`]. Moves elements out of leaves that no
/// other vector shares, and clones those of shared leaves when it reaches them.
///
/// # Examples
///
/// ```
/// use cow_collections::persistent_vector;
///
/// let mut words = persistent_vector!["a", "b", "c"].into_iter();
/// assert_eq!(words.next_back(), Some("c"));
/// assert_eq!(words.collect::<String>(), "ab");
/// ```
pub struct IntoIter<T>(pub(super) Moved<T, FAN_OUT, LEAF_LEN>);

impl<T: Clone> Clone for IntoIter<T> {
    /// Clones the remaining elements of partly returned leaves, and shares the other leaves. O(log16 n).
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[cfg(feature = "rayon")]
impl<T> PersistentVector<T> {
    /// Returns the elements of a range, which is within bounds.
    pub(crate) fn iter_within(&self, range: Range<usize>) -> Iter<'_, T> {
        Iter(Elements::within(&self.root, range))
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<&'a T> {
        self.0.nth(n)
    }

    #[inline]
    fn count(self) -> usize {
        self.0.count()
    }

    #[inline]
    fn last(self) -> Option<&'a T> {
        self.0.last()
    }

    #[inline]
    fn fold<B, G: FnMut(B, Self::Item) -> B>(self, init: B, f: G) -> B {
        self.0.fold(init, f)
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back()
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        self.0.nth_back(n)
    }

    #[inline]
    fn rfold<B, G: FnMut(B, Self::Item) -> B>(self, init: B, f: G) -> B {
        self.0.rfold(init, f)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}
impl<T> FusedIterator for Iter<'_, T> {}

impl<T> Clone for Iter<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Iter<'_, T> {
    /// Shows the remaining elements.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a, T> Iterator for Chunks<'a, T> {
    type Item = &'a [T];

    #[inline]
    fn next(&mut self) -> Option<&'a [T]> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.remaining();
        (usize::from(left > 0), Some(left))
    }
}

impl<T> DoubleEndedIterator for Chunks<'_, T> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back()
    }
}

impl<T> FusedIterator for Chunks<'_, T> {}

impl<T> Clone for Chunks<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Chunks<'_, T> {
    /// Shows the remaining leaves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T: Clone> Iterator for IntoIter<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.remaining();
        (left, Some(left))
    }

    #[inline]
    fn fold<B, G: FnMut(B, T) -> B>(self, init: B, f: G) -> B {
        self.0.fold(init, f)
    }
}

impl<T: Clone> DoubleEndedIterator for IntoIter<T> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        self.0.next_back()
    }
}

impl<T: Clone> ExactSizeIterator for IntoIter<T> {}
impl<T: Clone> FusedIterator for IntoIter<T> {}

impl<T> fmt::Debug for IntoIter<T> {
    /// Shows the number of remaining elements.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoIter").field("len", &self.0.remaining()).finish_non_exhaustive()
    }
}

impl<T: Clone> IntoIterator for PersistentVector<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    /// Returns an iterator that moves elements out of leaves that no other vector shares, and clones those of shared
    /// leaves when it reaches them.
    ///
    /// O(1), and O(1) amortised for each element.
    #[inline]
    fn into_iter(self) -> IntoIter<T> {
        IntoIter(Moved::new(self.root))
    }
}

impl<'a, T> IntoIterator for &'a PersistentVector<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}
