//! Iterators over leaves and elements for writing.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;
use core::slice;

use super::node::Root;
use super::{FAN_OUT, LEAF_LEN, PersistentVector};
use crate::persistent::node::LeavesMut;

/// The elements for writing: the rest of a leaf at each end, and the leaves between.
pub(super) struct ElementsMut<'a, T, const F: usize, const L: usize> {
    front: slice::IterMut<'a, T>,
    slices: LeavesMut<'a, T, F, L>,
    back: slice::IterMut<'a, T>,
}

impl<'a, T: Clone, const F: usize, const L: usize> ElementsMut<'a, T, F, L> {
    pub(super) fn new(root: &'a mut Root<T, F, L>) -> Self {
        let slices = LeavesMut::new(root);
        Self { front: Default::default(), slices, back: Default::default() }
    }

    /// Returns the elements of a range, which is within bounds.
    pub(super) fn within(root: &'a mut Root<T, F, L>, range: Range<usize>) -> Self {
        let after = root.len() - range.end;
        let mut elements = Self::new(root);
        elements.slices.skip_front(range.start);
        elements.slices.skip_back(after);
        elements
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<&'a mut T> {
        match self.front.next() {
            Some(element) => Some(element),
            None => self.refill(),
        }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) -> Option<&'a mut T> {
        match self.slices.next() {
            Some(leaf) => {
                self.front = leaf.iter_mut();
                self.front.next()
            }
            None => self.back.next(),
        }
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<&'a mut T> {
        match self.back.next_back() {
            Some(element) => Some(element),
            None => self.refill_back(),
        }
    }

    #[cold]
    #[inline(never)]
    fn refill_back(&mut self) -> Option<&'a mut T> {
        match self.slices.next_back() {
            Some(leaf) => {
                self.back = leaf.iter_mut();
                self.back.next_back()
            }
            None => self.front.next_back(),
        }
    }

    /// Returns the `n`th remaining element, and copies no leaf that it skips.
    pub(super) fn nth(&mut self, n: usize) -> Option<&'a mut T> {
        let Some(n) = n.checked_sub(self.front.len()) else { return self.front.nth(n) };
        self.front = Default::default();
        let between = self.slices.remaining();
        self.slices.skip_front(n);
        if n >= between { self.back.nth(n - between) } else { self.next() }
    }

    pub(super) fn nth_back(&mut self, n: usize) -> Option<&'a mut T> {
        let Some(n) = n.checked_sub(self.back.len()) else { return self.back.nth_back(n) };
        self.back = Default::default();
        let between = self.slices.remaining();
        self.slices.skip_back(n);
        if n >= between { self.front.nth_back(n - between) } else { self.next_back() }
    }

    #[inline]
    fn fold<B>(mut self, init: B, mut f: impl FnMut(B, &'a mut T) -> B) -> B {
        let mut folded = self.front.fold(init, &mut f);
        while let Some(leaf) = self.slices.next() {
            folded = leaf.iter_mut().fold(folded, &mut f);
        }
        self.back.fold(folded, f)
    }
}

impl<T, const F: usize, const L: usize> ElementsMut<'_, T, F, L> {
    #[inline]
    pub(super) fn remaining(&self) -> usize {
        self.front.len() + self.slices.remaining() + self.back.len()
    }
}

/// An iterator over mutable references to the elements of a [`PersistentVector`].
///
/// Created by [`PersistentVector::iter_mut`] and [`PersistentVector::range_mut`]. Copies a shared leaf when it reaches
/// its first element; `nth` copies no leaf that it skips.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let old: PersistentVector<u32> = (0..1_000).collect();
/// let mut new = old.clone();
/// if let Some(x) = new.iter_mut().nth(700) {
///     *x = 0; // copies only the leaf of this element
/// }
/// assert_eq!((old[700], new[700]), (700, 0));
/// assert!(new.shares_with(&old));
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct IterMut<'a, T>(pub(super) ElementsMut<'a, T, FAN_OUT, LEAF_LEN>);

/// An iterator over the leaves of a [`PersistentVector`], as mutable slices of up to about 1 KiB.
///
/// Created by [`PersistentVector::chunks_mut`]. Copies a shared leaf when it reaches it.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let mut samples: PersistentVector<i64> = (0..1_000).collect();
/// let mut leaves = samples.chunks_mut();
/// if let Some(last) = leaves.next_back() {
///     last.fill(-1);
/// }
/// assert_eq!((samples.first(), samples.last()), (Some(&0), Some(&-1)));
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ChunksMut<'a, T>(pub(super) LeavesMut<'a, T, FAN_OUT, LEAF_LEN>);

impl<'a, T: Clone> Iterator for IterMut<'a, T> {
    type Item = &'a mut T;

    #[inline]
    fn next(&mut self) -> Option<&'a mut T> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.remaining();
        (left, Some(left))
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<&'a mut T> {
        self.0.nth(n)
    }

    #[inline]
    fn fold<B, G: FnMut(B, Self::Item) -> B>(self, init: B, f: G) -> B {
        self.0.fold(init, f)
    }
}

impl<'a, T: Clone> DoubleEndedIterator for IterMut<'a, T> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a mut T> {
        self.0.next_back()
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<&'a mut T> {
        self.0.nth_back(n)
    }
}

impl<T: Clone> ExactSizeIterator for IterMut<'_, T> {}
impl<T: Clone> FusedIterator for IterMut<'_, T> {}

impl<T> fmt::Debug for IterMut<'_, T> {
    /// Shows the number of remaining elements.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IterMut").field("len", &self.0.remaining()).finish_non_exhaustive()
    }
}

impl<'a, T: Clone> Iterator for ChunksMut<'a, T> {
    type Item = &'a mut [T];

    #[inline]
    fn next(&mut self) -> Option<&'a mut [T]> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.remaining();
        (usize::from(left > 0), Some(left))
    }
}

impl<'a, T: Clone> DoubleEndedIterator for ChunksMut<'a, T> {
    #[inline]
    fn next_back(&mut self) -> Option<&'a mut [T]> {
        self.0.next_back()
    }
}

impl<T: Clone> FusedIterator for ChunksMut<'_, T> {}

impl<T> fmt::Debug for ChunksMut<'_, T> {
    /// Shows the number of remaining elements.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChunksMut").field("elements", &self.0.remaining()).finish_non_exhaustive()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut PersistentVector<T> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T>;

    #[inline]
    fn into_iter(self) -> IterMut<'a, T> {
        self.iter_mut()
    }
}
