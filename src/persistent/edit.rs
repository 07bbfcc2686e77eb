//! The edits of a vector: single elements, ranges, and other vectors.

use alloc::vec::Vec;
use core::iter;
use core::ops::RangeBounds;

use super::{IntoIter, PersistentVector};
use crate::panics::{bad_insert, bad_remove, bad_split, bad_swap_remove};
use crate::range;

/// Methods that move elements between leaves.
///
/// Elements of unique leaves are moved, and those of shared leaves cloned. An edit inside of the front leaf first makes
/// that the first leaf of the tree, and clones its elements if it is shared.
impl<T: Clone> PersistentVector<T> {
    /// Inserts an element before the one at `index`, or at the end.
    ///
    /// At 0 this is [`push_front`](PersistentVector::push_front).
    ///
    /// Unique: O(log16 n), and moves at most one leaf's elements. Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index > len`, or if a clone panics. The vector may then have the element.
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
        self.root.insert(index, element);
    }

    /// Removes the element at `index` and returns it.
    ///
    /// At 0 this is [`pop_front`](PersistentVector::pop_front).
    ///
    /// Unique: O(log16 n), and moves at most one leaf's elements. Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`, or if a clone panics. The element may then be gone.
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
        self.root.remove(index)
    }

    /// Removes the element at `index` and returns it, and puts the last element in its place.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`, or if a clone panics. The last element may then be gone.
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
        match self.root.swap_remove(index) {
            Some(element) => element,
            None => bad_swap_remove(index, len),
        }
    }

    /// Shortens the vector to its first `len` elements; no effect if it is not longer.
    ///
    /// Unique: O(k) for k removed elements, which are dropped. Shared: O(log16 n); copies the nodes next to the cut,
    /// and clones elements only of leaves there that have become so small that they are merged.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the vector is shortened nevertheless.
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
            self.root.truncate(len);
        }
    }

    /// Returns the elements of a range as a vector that shares the structure of this one.
    ///
    /// O(log16 n): copies the nodes next to both cuts, and clones a part of the first leaf.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or if a clone panics.
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
        Self { root: self.root.slice(range::resolve(range, self.len())) }
    }

    /// Returns the first `count` elements, or all if there are fewer, as a vector that shares the structure of this
    /// one.
    ///
    /// [`truncate`](PersistentVector::truncate) does the same in place.
    ///
    /// O(log16 n): copies the nodes next to the cut.
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

    /// Returns the elements after the first `count`, if any, as a vector that shares the structure of this one.
    ///
    /// O(log16 n): copies the nodes next to the cut, and clones a part of the leaf there.
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
            count => Self { root: self.root.slice(count..self.len()) },
        }
    }

    /// Returns a vector of the first `mid` elements and one of the others, which share the structure of this one.
    ///
    /// [`split_off`](PersistentVector::split_off) does the same in place.
    ///
    /// O(log16 n): copies the nodes next to the cut, and clones a part of the leaf there.
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

    /// Splits the vector at `at`, and returns the elements from there on.
    ///
    /// Unique: O(log16 n), and moves a part of a leaf. Shared: copies the nodes next to the cut, and clones a part of a
    /// leaf.
    ///
    /// # Panics
    ///
    /// Panics if `at > len`, or if a clone panics. The elements from `at` on may then be gone.
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
        Self { root: self.root.split_off(at) }
    }

    /// Appends all elements of another vector, which may be a clone of this one.
    ///
    /// O(log16 n): puts the trees side by side. Copies the nodes where they meet if these are shared, and clones
    /// elements only of shared leaves there that are so small that they are merged.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if there would be more than `isize::MAX` elements, or if a clone panics. The
    /// vector then has its old elements, and may have some of the other's.
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
        self.root.append(other.root);
    }

    /// Returns the elements of several vectors, in order, as one vector.
    ///
    /// O(log16 n) for each of them: see [`append`](PersistentVector::append).
    ///
    /// # Panics
    ///
    /// Panics as `append` does.
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

    /// Keeps the elements for which `keep` returns `true`, in order.
    ///
    /// Calls `keep` once for each element, in order. Leaves and subtrees that lose nothing stay shared, except for the
    /// front leaf. Clones the kept elements of shared leaves that lose some.
    ///
    /// O(n).
    ///
    /// # Panics
    ///
    /// Panics if `keep` or a clone panics. Elements for which `keep` has not returned `false` are then still there.
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
        self.root.retain(keep);
    }

    /// Removes the elements of a range and returns an iterator over them.
    ///
    /// Unlike `Vec::drain`, this removes the elements before it returns, even if the iterator is leaked. The iterator
    /// moves elements out of leaves that no other vector shares, and clones those of shared leaves when it reaches
    /// them.
    ///
    /// O(log16 n): two cuts and one concatenation.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or if a clone panics. The elements from the start of the range on may then
    /// be gone.
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

    /// Replaces a range by the items of an iterator, and returns an iterator over the removed elements.
    ///
    /// Unlike `Vec::splice`, this replaces the elements before it returns: it collects `replace_with` first.
    ///
    /// O(log16 n + k) for k new elements: see [`drain`](PersistentVector::drain).
    ///
    /// # Panics
    ///
    /// Panics as `drain` does. If `replace_with` panics, the vector is unchanged.
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

    /// Replaces a range by the elements of another vector, and returns the removed elements.
    ///
    /// O(log16 n): two cuts and two concatenations, which copy and clone as
    /// [`split_off`](PersistentVector::split_off) and [`append`](PersistentVector::append) do.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, if there would be more than `isize::MAX` elements, or if a clone panics.
    /// The elements from the start of the range on may then be gone.
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
        let mut removed = self.root.split_off(range.start);
        let rest = removed.split_off(range.len());
        self.root.append(with.root);
        self.root.append(rest);
        Self { root: removed }
    }

    /// Removes consecutive repeated elements.
    ///
    /// O(n). Clones as [`retain`](PersistentVector::retain) does.
    ///
    /// # Panics
    ///
    /// Panics if a comparison panics; the vector is then unchanged. Panics if a clone panics; some duplicates may then
    /// still be there.
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

    /// Removes all but the first of consecutive elements with equal keys: see [`dedup`](PersistentVector::dedup).
    ///
    /// # Panics
    ///
    /// Panics if `key` panics; the vector is then unchanged. Panics if a clone panics; some duplicates may then still
    /// be there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![10, 11, 20, 21, 12];
    /// vector.dedup_by_key(|x| *x / 10);
    /// assert_eq!(vector, [10, 20, 12]);
    /// ```
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.dedup_by(|a, b| key(a) == key(b));
    }

    /// Removes all but the first of consecutive elements for which `same` returns `true`: see
    /// [`dedup`](PersistentVector::dedup).
    ///
    /// `same` is called with an element and the last one that stays, as by `Vec::dedup_by`. It cannot change them,
    /// because all calls come before the first write.
    ///
    /// # Panics
    ///
    /// Panics if `same` panics; the vector is then unchanged. Panics if a clone panics; some duplicates may then still
    /// be there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector!["a", "A", "b", "a"];
    /// vector.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    /// assert_eq!(vector, ["a", "b", "a"]);
    /// ```
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
    /// O(k) for k new elements; else as [`truncate`](PersistentVector::truncate).
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if the new elements would exceed `isize::MAX` bytes. Panics if a clone panics;
    /// the elements before it may then have been appended.
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
    /// O(k) for k new elements; else as [`truncate`](PersistentVector::truncate).
    ///
    /// # Panics
    ///
    /// Panics as [`resize`](PersistentVector::resize) does. If `fill` panics, the elements before have been appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![0];
    /// let mut next = 0;
    /// vector.resize_with(3, || {
    ///     next += 10;
    ///     next
    /// });
    /// assert_eq!(vector, [0, 10, 20]);
    /// vector.resize_with(1, || unreachable!("no element is appended"));
    /// assert_eq!(vector, [0]);
    /// ```
    #[track_caller]
    pub fn resize_with(&mut self, len: usize, fill: impl FnMut() -> T) {
        match len.checked_sub(self.len()) {
            None => self.truncate(len),
            Some(more) => self.extend(iter::repeat_with(fill).take(more)),
        }
    }

    /// Appends clones of the elements of a slice.
    ///
    /// Copies the last leaf if it is shared.
    ///
    /// O(k) for k elements.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the elements before it have been appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let old = persistent_vector![1, 2];
    /// let mut new = old.clone();
    /// new.extend_from_slice(&[3, 4]);
    /// assert_eq!(new, [1, 2, 3, 4]);
    /// assert_eq!(old, [1, 2]);
    /// ```
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        self.extend(values.iter().cloned());
    }

    /// Appends the elements of a range of this vector.
    ///
    /// Clones the elements if they are at most one leaf's: about 1 KiB, or 32 elements with drop glue. Else shares
    /// their leaves, and clones elements only of the leaves at the ends of the range and of the vector, each at most
    /// once. If the last leaf is shared with another vector, its elements may be cloned too.
    ///
    /// O(log16 n).
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, if there would be more than `isize::MAX` elements, or if a clone panics.
    /// The vector then has its old elements, and may have some of the new ones.
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
        self.root.extend_from_within(range);
    }
}
