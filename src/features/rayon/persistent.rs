//! Iterates over a [`PersistentVector`] in parallel, and sorts it.

use alloc::vec::{self, Vec};
use core::cmp::Ordering;
use core::fmt;
use core::iter::Flatten;
use core::mem;
use core::ops::Range;

use ::rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use ::rayon::prelude::*;

use super::vec::extend_by_reference;
use crate::persistent::{self, PersistentVector};

/// A parallel iterator over the elements of a [`PersistentVector`]. It splits by index.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use rayon::prelude::*;
///
/// let vector: PersistentVector<u64> = (0..1_000).collect();
/// let even = vector.par_iter().filter(|n| **n % 2 == 0);
/// assert_eq!(even.count(), 500);
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Iter<'a, T> {
    vector: &'a PersistentVector<T>,
    range: Range<usize>,
}

/// A parallel iterator over the leaves of a [`PersistentVector`], in order. Returned by
/// [`PersistentVector::par_chunks`].
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use rayon::prelude::*;
///
/// let vector: PersistentVector<u64> = (0..1_000).collect();
/// let longest = vector.par_chunks().map(|chunk| chunk.len()).max();
/// assert_eq!(longest, vector.chunks().map(|chunk| chunk.len()).max());
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Chunks<'a, T>(Vec<&'a [T]>);

/// A parallel iterator over mutable references to the elements of a [`PersistentVector`].
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use rayon::prelude::*;
///
/// let old: PersistentVector<u64> = (0..1_000).collect();
/// let mut new = old.clone();
/// new.par_iter_mut().for_each(|n| *n *= 2);
/// assert_eq!((old[700], new[700]), (700, 1_400));
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct IterMut<'a, T> {
    leaves: Vec<&'a mut [T]>,
    len: usize,
}

/// A parallel iterator over the elements of a [`PersistentVector`] by value. It splits the vector in O(log n).
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use rayon::prelude::*;
///
/// let vector: PersistentVector<String> = (0..1_000).map(|n| n.to_string()).collect();
/// let longest = vector.into_par_iter().max_by_key(|text| text.len());
/// assert_eq!(longest.map(|text| text.len()), Some(3));
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct IntoIter<T>(PersistentVector<T>);

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { vector: self.vector, range: self.range.clone() }
    }
}

impl<T> Clone for Chunks<'_, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Iter").field(&self.vector.iter_within(self.range.clone())).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for Chunks<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Chunks").field(&self.0).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for IterMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IterMut").field(&self.leaves).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.0).finish()
    }
}

/// Implements both traits for an iterator of length `$len` that is its own producer.
macro_rules! parallel_iterator {
    ($([$($vars:tt)*] $iter:ty => $item:ty, $this:ident => $len:expr;)+) => {$(
        impl<$($vars)*> ParallelIterator for $iter {
            type Item = $item;

            fn drive_unindexed<C: UnindexedConsumer<$item>>(self, consumer: C) -> C::Result {
                bridge(self, consumer)
            }

            fn opt_len(&self) -> Option<usize> {
                Some(self.len())
            }
        }

        impl<$($vars)*> IndexedParallelIterator for $iter {
            fn len(&self) -> usize {
                let $this = self;
                $len
            }

            fn drive<C: Consumer<$item>>(self, consumer: C) -> C::Result {
                bridge(self, consumer)
            }

            fn with_producer<B: ProducerCallback<$item>>(self, callback: B) -> B::Output {
                callback.callback(self)
            }
        }
    )+};
}

parallel_iterator! {
    ['a, T: Send + Sync] Iter<'a, T> => &'a T, iter => iter.range.len();
    ['a, T: Send] IterMut<'a, T> => &'a mut T, iter => iter.len;
    [T: Clone + Send + Sync] IntoIter<T> => T, iter => iter.0.len();
}

impl<'a, T: Send + Sync> Producer for Iter<'a, T> {
    type Item = &'a T;
    type IntoIter = persistent::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.vector.iter_within(self.range)
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let Range { start, end } = self.range;
        let part = |range| Self { vector: self.vector, range };
        (part(start..start + index), part(start + index..end))
    }
}

impl<'a, T: Sync> ParallelIterator for Chunks<'a, T> {
    type Item = &'a [T];

    fn drive_unindexed<C: UnindexedConsumer<&'a [T]>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<'a, T: Sync> IndexedParallelIterator for Chunks<'a, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn drive<C: Consumer<&'a [T]>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<B: ProducerCallback<&'a [T]>>(self, callback: B) -> B::Output {
        self.0.into_par_iter().with_producer(callback)
    }
}

impl<'a, T: Send> Producer for IterMut<'a, T> {
    type Item = &'a mut T;
    type IntoIter = ElementsMut<'a, T>;

    fn into_iter(self) -> ElementsMut<'a, T> {
        ElementsMut { elements: self.leaves.into_iter().flatten(), left: self.len }
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let Self { leaves: mut left, len } = self;
        // Finds the leaf of the element at `index`, and the end of that leaf.
        let mut end = 0;
        let cut = left.iter().take_while(|leaf| {
            end += leaf.len();
            end <= index
        });
        let cut = cut.count();
        let mut right = left.split_off(cut);
        if let Some(leaf) = right.first_mut() {
            let keep = leaf.len() - (end - index);
            let (head, rest) = mem::take(leaf).split_at_mut(keep);
            *leaf = rest;
            left.push(head);
        }
        (Self { leaves: left, len: index }, Self { leaves: right, len: len - index })
    }
}

impl<T: Clone + Send + Sync> Producer for IntoIter<T> {
    type Item = T;
    type IntoIter = persistent::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }

    fn split_at(mut self, index: usize) -> (Self, Self) {
        let right = self.0.split_off(index);
        (self, Self(right))
    }
}

/// An iterator over mutable references to the elements of some leaves.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use rayon::prelude::*;
///
/// let mut vector: PersistentVector<u32> = vec![0; 1_000].into();
/// // `zip` splits both sides, and iterates over the parts.
/// vector.par_iter_mut().zip(0..1_000_u32).for_each(|(element, n)| *element = n);
/// assert!(vector.into_iter().eq(0..1_000));
/// ```
#[derive(Debug)]
pub struct ElementsMut<'a, T> {
    elements: Flatten<vec::IntoIter<&'a mut [T]>>,
    left: usize,
}

impl<'a, T> Iterator for ElementsMut<'a, T> {
    type Item = &'a mut T;

    fn next(&mut self) -> Option<&'a mut T> {
        let next = self.elements.next()?;
        self.left -= 1;
        Some(next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }

    fn fold<B, G: FnMut(B, Self::Item) -> B>(self, init: B, f: G) -> B {
        self.elements.fold(init, f)
    }
}

impl<T> DoubleEndedIterator for ElementsMut<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let next = self.elements.next_back()?;
        self.left -= 1;
        Some(next)
    }
}

impl<T> ExactSizeIterator for ElementsMut<'_, T> {}

impl<'a, T: Send + Sync> IntoParallelIterator for &'a PersistentVector<T> {
    type Item = &'a T;
    type Iter = Iter<'a, T>;

    /// Iterates over references. O(1), and O(1) to split. Each part finds its first leaf in O(log16 n).
    fn into_par_iter(self) -> Iter<'a, T> {
        Iter { vector: self, range: 0..self.len() }
    }
}

impl<'a, T: Clone + Send> IntoParallelIterator for &'a mut PersistentVector<T> {
    type Item = &'a mut T;
    type Iter = IterMut<'a, T>;

    /// Clones every shared leaf on this thread, and iterates over mutable references. O(k) for k leaves, also to split.
    fn into_par_iter(self) -> IterMut<'a, T> {
        let len = self.len();
        IterMut { leaves: self.chunks_mut().collect(), len }
    }
}

impl<T: Clone + Send + Sync> IntoParallelIterator for PersistentVector<T> {
    type Item = T;
    type Iter = IntoIter<T>;

    /// Moves the elements of unshared leaves. The thread that uses an element clones it if its leaf is shared, or lies
    /// in two parts. O(1), and O(log16 n) to split.
    fn into_par_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

impl<T: Send> FromParallelIterator<T> for PersistentVector<T> {
    /// Collects into a `Vec` in parallel, and moves its elements leaf by leaf. O(n).
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(iter: I) -> Self {
        Vec::from_par_iter(iter).into()
    }
}

impl<T: Clone + Send> ParallelExtend<T> for PersistentVector<T> {
    /// Collects into `Vec`s in parallel, and appends their elements as [`extend`](Extend::extend) does. O(k) for k
    /// elements. Clones the last leaf if it is shared.
    fn par_extend<I: IntoParallelIterator<Item = T>>(&mut self, iter: I) {
        for part in iter.into_par_iter().collect_vec_list() {
            self.extend(part);
        }
    }
}

extend_by_reference!(PersistentVector);

/// Parallel iteration over leaves, with the feature `rayon`.
impl<T: Sync> PersistentVector<T> {
    /// Iterates over the leaves in parallel: slices in the order and with the elements of
    /// [`chunks`](PersistentVector::chunks).
    ///
    /// Collects references to the slices before iteration begins, which takes one step and one reference for each leaf.
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    /// use rayon::prelude::*;
    ///
    /// let vector: PersistentVector<u8> = b"to be or not to be".repeat(1_000).into();
    /// let spaces = |chunk: &[u8]| chunk.iter().filter(|byte| **byte == b' ').count();
    /// assert_eq!(vector.par_chunks().map(spaces).sum::<usize>(), 5_000);
    /// ```
    pub fn par_chunks(&self) -> Chunks<'_, T> {
        Chunks(self.chunks().collect())
    }
}

/// Parallel sorting, with the feature `rayon`.
///
/// Each method clones every shared leaf, and moves the elements into one slice while it sorts.
impl<T: Clone + Send> PersistentVector<T> {
    /// Sorts the vector in parallel, as [`sort`](PersistentVector::sort) does.
    ///
    /// O(n log n): rayon's sort of a slice.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..10_000).rev().collect();
    /// vector.par_sort();
    /// assert!(vector.into_iter().eq(0..10_000));
    /// ```
    pub fn par_sort(&mut self)
    where
        T: Ord,
    {
        self.with_slice(<[T]>::par_sort);
    }

    /// Sorts the vector in parallel, with a comparison function.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<f64> = [2.5, -1.0, 0.0].into();
    /// vector.par_sort_by(|a, b| b.total_cmp(a));
    /// assert_eq!(vector, [2.5, 0.0, -1.0]);
    /// ```
    pub fn par_sort_by(&mut self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.with_slice(|all| all.par_sort_by(compare));
    }

    /// Sorts the vector in parallel, with a key function.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut words = persistent_vector!["pear", "fig", "apple", "kiwi"];
    /// words.par_sort_by_key(|word| word.len());
    /// assert_eq!(words, ["fig", "pear", "kiwi", "apple"]);
    /// ```
    pub fn par_sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K + Sync) {
        self.with_slice(|all| all.par_sort_by_key(key));
    }

    /// Sorts the vector in parallel, and may reorder equal elements.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).rev().collect();
    /// let mut new = old.clone();
    /// new.par_sort_unstable();
    /// assert_eq!((old.first(), new.first()), (Some(&999), Some(&0)));
    /// ```
    pub fn par_sort_unstable(&mut self)
    where
        T: Ord,
    {
        self.with_slice(<[T]>::par_sort_unstable);
    }

    /// Sorts the vector in parallel, with a comparison function, and may reorder equal elements.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![(1, 'a'), (1, 'b'), (2, 'c')];
    /// vector.par_sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    /// assert_eq!(vector, [(2, 'c'), (1, 'a'), (1, 'b')]);
    /// ```
    pub fn par_sort_unstable_by(&mut self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.with_slice(|all| all.par_sort_unstable_by(compare));
    }

    /// Sorts the vector in parallel, with a key function, and may reorder equal elements.
    ///
    /// # Panics
    ///
    /// Panics as [`sort`](PersistentVector::sort) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![-3_i32, 2, 1];
    /// vector.par_sort_unstable_by_key(|x| x.unsigned_abs());
    /// assert_eq!(vector, [1, 2, -3]);
    /// ```
    pub fn par_sort_unstable_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K + Sync) {
        self.with_slice(|all| all.par_sort_unstable_by_key(key));
    }
}
