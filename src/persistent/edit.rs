//! Edits: one element in, out or in another place, whole ranges, other vectors.

use alloc::vec::Vec;
use core::iter;
use core::ops::RangeBounds;

use super::{IntoIter, PersistentVector};
use crate::panics::{bad_insert, bad_remove, bad_split, bad_swap_remove};
use crate::range;

/// What moves elements between leaves. Those of leaves that nobody else has are moved, and those of
/// shared ones cloned; nothing else is. What takes a head apart, which only a vector that was pushed or
/// popped at the front has, first makes it the first leaf of the tree: it is cloned if it is shared.
impl<T: Clone> PersistentVector<T> {
    /// Inserts an element before the one at `index`, or at the end. Clones its leaf if that is shared.
    ///
    /// Unique: O(log16 n), and moves at most one leaf's elements. Shared: also copies one leaf and the
    /// nodes above it. At 0 it is [`push_front`](PersistentVector::push_front).
    ///
    /// # Panics
    ///
    /// If `index > len`. If a clone panics, the vector is as it was, or has the element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// new.insert(500, 7);
    /// assert_eq!((new[499], new[500], new[501]), (499, 7, 500));
    /// assert_eq!((old.len(), new.len()), (1_000, 1_001));
    /// ```
    #[inline]
    #[track_caller]
    pub fn insert(&mut self, index: usize, element: T) {
        if index > self.len() {
            bad_insert(index, self.len());
        }
        self.tree.insert(index, element);
    }

    /// Removes the element at `index` and returns it. Clones its leaf if that is shared.
    ///
    /// Unique: O(log16 n), and moves at most one leaf's elements. Shared: also copies one leaf and the
    /// nodes above it. At 0 it is [`pop_front`](PersistentVector::pop_front).
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was, or without the element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// assert_eq!(new.remove(500), 500);
    /// assert_eq!((old[500], new[500]), (500, 501));
    /// ```
    #[inline]
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        if index >= self.len() {
            bad_remove(index, self.len());
        }
        self.tree.remove(index)
    }

    /// Removes the element at `index`, puts the last one in its place, and returns it. Clones its leaf if
    /// that is shared.
    ///
    /// Unique: O(log16 n). Shared: also copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was, or without its last element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector!['a', 'b', 'c'];
    /// assert_eq!(vector.swap_remove(0), 'a');
    /// assert_eq!(vector, ['c', 'b']);
    /// ```
    #[inline]
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        let len = self.len();
        match self.tree.swap_remove(index) {
            Some(element) => element,
            None => bad_swap_remove(index, len),
        }
    }

    /// Shortens the vector to `len` elements; no effect if it is not longer.
    ///
    /// Unique: drops the rest. Shared: O(log16 n) copies of nodes. Elements are cloned only where shared
    /// leaves on the new edge have become so small that they are merged.
    ///
    /// # Panics
    ///
    /// If a clone panics; the vector is then shortened none the less.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let a: PersistentVector<u32> = (0..1_000).collect();
    /// let mut b = a.clone();
    /// b.truncate(500);
    /// assert_eq!((a.len(), b.len(), b.last()), (1_000, 500, Some(&499)));
    /// ```
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.tree.truncate(len);
        }
    }

    /// The elements of a range as a vector of their own, which shares what it can with this one.
    ///
    /// O(log16 n): copies the nodes at both edges, and clones the part of a leaf at the first.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, or a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// let part = vector.slice(400..=600);
    /// assert_eq!((part.len(), part[0], part[200]), (201, 400, 600));
    /// assert_eq!(vector.len(), 1_000);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        Self { tree: self.tree.slice(range::resolve(range, self.len())) }
    }

    /// Returns a vector of the first `count` elements, or of all if there are no more, which shares its
    /// structure with this one.
    ///
    /// O(log16 n): copies the nodes at the new end. [`truncate`](PersistentVector::truncate) does the same
    /// in place.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.take(3), [0, 1, 2]);
    /// assert_eq!(vector.take(2_000), vector);
    /// ```
    #[must_use]
    pub fn take(&self, count: usize) -> Self {
        let mut first = self.clone();
        first.truncate(count);
        first
    }

    /// Returns a vector of the elements after the first `count`, empty if there are no more, which shares
    /// its structure with this one.
    ///
    /// O(log16 n): copies the nodes at the new start, and clones the part of a leaf there.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.skip(997), [997, 998, 999]);
    /// assert!(vector.skip(2_000).is_empty());
    /// ```
    #[must_use]
    pub fn skip(&self, count: usize) -> Self {
        match count {
            0 => self.clone(),
            count if count >= self.len() => Self::new(),
            count => Self { tree: self.tree.slice(count..self.len()) },
        }
    }

    /// Returns a vector of the first `mid` elements and one of the others, which share their structure
    /// with this one.
    ///
    /// O(log16 n): copies the nodes at both new edges, and clones the part of a leaf.
    /// [`split_off`](PersistentVector::split_off) does the same in place.
    ///
    /// # Panics
    ///
    /// Panics if `mid > len`, as `split_at` of a slice does, or if a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// let (left, right) = vector.split_at(300);
    /// assert_eq!((left.len(), right.len(), right[0]), (300, 700, 300));
    /// assert_eq!(vector.len(), 1_000);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn split_at(&self, mid: usize) -> (Self, Self) {
        assert!(mid <= self.len(), "mid > len");
        let mut left = self.clone();
        let right = left.split_off(mid);
        (left, right)
    }

    /// Takes the elements from `at` on out, as a vector of their own.
    ///
    /// Unique: O(log16 n), and moves the part of a leaf. Shared: copies the nodes at both new edges, and
    /// clones the part of a leaf.
    ///
    /// # Panics
    ///
    /// If `at > len`. If a clone panics, the vector is as it was, or without those elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut left: PersistentVector<u32> = (0..1_000).collect();
    /// let right = left.split_off(300);
    /// assert_eq!((left.len(), right.len(), right[0]), (300, 700, 300));
    /// ```
    #[must_use = "use `.truncate()` if you do not need the other half"]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        if at > self.len() {
            bad_split(at, self.len());
        }
        Self { tree: self.tree.split_off(at) }
    }

    /// Appends all elements of another vector, which may be a clone of this one.
    ///
    /// O(log16 n): whole trees are put side by side. Copies the nodes at the edges that meet if they are
    /// shared, and clones elements only of shared leaves there that are so small that they are merged.
    ///
    /// # Panics
    ///
    /// If there are more than `isize::MAX` elements together: "capacity overflow". If a clone panics, the
    /// vector has what it had, and elements of the other as far as they were appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// vector.append(vector.clone());
    /// assert_eq!((vector.len(), vector[1_000]), (2_000, 0));
    /// ```
    #[track_caller]
    pub fn append(&mut self, other: Self) {
        self.tree.append(other.tree);
    }

    /// All elements of several vectors, in order, as one.
    ///
    /// O(log16 n) for each of them: as [`append`](PersistentVector::append).
    ///
    /// # Panics
    ///
    /// As `append`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let part: PersistentVector<u32> = (0..1_000).collect();
    /// let whole = PersistentVector::concat([part.slice(500..), part.clone(), part]);
    /// assert_eq!((whole.len(), whole[0], whole[500]), (2_500, 500, 0));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::new();
        parts.into_iter().for_each(|part| whole.append(part));
        whole
    }

    /// Keeps the elements for which `keep` is true, in order. Clones the kept elements of shared leaves
    /// that lose some.
    ///
    /// O(n). `keep` sees each element once, in order. Leaves and subtrees that lose nothing stay shared, but
    /// for a head.
    ///
    /// # Panics
    ///
    /// If `keep` or a clone panics; what was not yet decided is then still there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// new.retain(|x| x % 3 == 0);
    /// assert_eq!((old.len(), new.len(), new[100]), (1_000, 334, 300));
    /// ```
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.tree.retain(keep);
    }

    /// Takes the elements of a range out, and returns them by value.
    ///
    /// Unlike `Vec::drain`, it has done so when it returns: two cuts and a join, O(log16 n), whatever
    /// becomes of the iterator. Elements are moved out of leaves that no other vector has, and those of
    /// shared ones cloned when they are asked for.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector. If a clone panics, the vector may be without its elements
    /// from the start of the range on.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.drain(100..900).sum::<u32>(), 399_600);
    /// assert_eq!((vector.len(), vector[100]), (200, 900));
    /// ```
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> IntoIter<T> {
        let range = range::resolve(range, self.len());
        self.replace_range(range, Self::new()).into_iter()
    }

    /// Puts elements in the place of a range, and returns those that were there, by value.
    ///
    /// Unlike `Vec::splice`, it has done so when it returns: all of `replace_with` is collected first.
    /// O(log16 n + k) for k new elements, else as [`drain`](PersistentVector::drain).
    ///
    /// # Panics
    ///
    /// As `drain`. If `replace_with` panics, the vector is as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3, 4];
    /// assert!(vector.splice(1..3, [7, 8, 9]).eq([2, 3]));
    /// assert_eq!(vector, [1, 7, 8, 9, 4]);
    /// ```
    #[track_caller]
    pub fn splice(
        &mut self,
        range: impl RangeBounds<usize>,
        replace_with: impl IntoIterator<Item = T>,
    ) -> IntoIter<T> {
        let range = range::resolve(range, self.len());
        self.replace_range(range, replace_with.into_iter().collect()).into_iter()
    }

    /// Puts another vector in the place of a range, and returns what was there.
    ///
    /// O(log16 n): two cuts and two joins, at which nodes at the edges are copied if they are shared,
    /// and clones of elements are made as by [`split_off`](PersistentVector::split_off) and
    /// [`append`](PersistentVector::append).
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, or there would be more than `isize::MAX` elements. If a
    /// clone panics, the vector may be without its elements from the start of the range on.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let large: PersistentVector<u32> = (0..1_000).collect();
    /// let mut vector = large.clone();
    /// assert_eq!(vector.replace_range(500..501, large), [500]);
    /// assert_eq!((vector.len(), vector[500], vector[1_500]), (1_999, 0, 501));
    /// ```
    #[track_caller]
    pub fn replace_range(&mut self, range: impl RangeBounds<usize>, with: Self) -> Self {
        let range = range::resolve(range, self.len());
        if range.is_empty() && with.is_empty() {
            return with;
        }
        let mut removed = self.tree.split_off(range.start);
        let rest = removed.split_off(range.len());
        self.tree.append(with.tree);
        self.tree.append(rest);
        Self { tree: removed }
    }

    /// Removes all but the first of equal elements in a row.
    ///
    /// O(n). Clones as [`retain`](PersistentVector::retain) does.
    ///
    /// # Panics
    ///
    /// If a comparison panics; the vector is then as it was. If a clone panics, some duplicates may still
    /// be there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 2, 3, 2];
    /// vector.dedup();
    /// assert_eq!(vector, [1, 2, 3, 2]);
    /// ```
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.dedup_by(|a, b| a == b);
    }

    /// Removes all but the first of elements with equal keys in a row: see
    /// [`dedup`](PersistentVector::dedup).
    ///
    /// # Panics
    ///
    /// If `key` panics; the vector is then as it was.
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.dedup_by(|a, b| key(a) == key(b));
    }

    /// Removes all but the first of elements in a row that are the same: see
    /// [`dedup`](PersistentVector::dedup).
    ///
    /// `same` gets an element and the one before it that stays, as with `Vec`, but cannot change them:
    /// all is decided before anything is written.
    ///
    /// # Panics
    ///
    /// If `same` panics; the vector is then as it was.
    pub fn dedup_by(&mut self, mut same: impl FnMut(&T, &T) -> bool) {
        let mut elements = self.iter();
        let Some(mut last) = elements.next() else { return };
        let mut gone = Vec::new();
        for (before, element) in elements.enumerate() {
            if same(element, last) {
                gone.push(before + 1);
            } else {
                last = element;
            }
        }
        self.remove_all(gone);
    }

    /// Resizes the vector to `len` elements: shortens it, or appends clones of `value`.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if the new elements would exceed `isize::MAX` bytes, and where
    /// [`truncate`](PersistentVector::truncate) or a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1];
    /// vector.resize(3, 7);
    /// assert_eq!(vector, [1, 7, 7]);
    /// vector.resize(2, 0);
    /// assert_eq!(vector, [1, 7]);
    /// ```
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: T) {
        match len.checked_sub(self.len()) {
            None => self.truncate(len),
            Some(more) => self.extend(iter::repeat_n(value, more)),
        }
    }

    /// Resizes the vector to `len` elements: shortens it, or appends the results of calling `fill`.
    ///
    /// # Panics
    ///
    /// As [`resize`](PersistentVector::resize). If `fill` panics, the elements before have been appended.
    #[track_caller]
    pub fn resize_with(&mut self, len: usize, fill: impl FnMut() -> T) {
        match len.checked_sub(self.len()) {
            None => self.truncate(len),
            Some(more) => self.extend(iter::repeat_with(fill).take(more)),
        }
    }

    /// Appends clones of the elements of a slice, a leaf at a time. Clones the last leaf if it is shared.
    ///
    /// O(k) for k elements.
    ///
    /// # Panics
    ///
    /// If a clone panics; the elements before it have been appended.
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        self.extend(values.iter().cloned());
    }

    /// Appends the elements of a range of this vector.
    ///
    /// Clones each element of the range if they are no more than a leaf has (about 1 KiB, or 32 elements that need
    /// drop). Else shares their leaves, and clones elements only of the leaves at the ends of the range and of the
    /// vector, each at most once. If the last leaf is shared with another vector, its elements may be cloned
    /// too.
    ///
    /// O(log16 n).
    ///
    /// # Panics
    ///
    /// Panics if the range is not within the vector, if a clone panics, or if there would be more than
    /// `isize::MAX` elements. If a clone panics, the vector has what it had, and may have some of the new
    /// elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// vector.extend_from_within(100..);
    /// assert_eq!((vector.len(), vector[1_000]), (1_900, 100));
    /// ```
    #[track_caller]
    pub fn extend_from_within(&mut self, range: impl RangeBounds<usize>) {
        let range = range::resolve(range, self.len());
        self.tree.extend_from_within(range);
    }
}
