//! [`PersistentVector`] itself: creation, reading, access to one element, and the ends.

use alloc::vec::Vec;
use core::mem;
use core::ops::{Index, IndexMut, RangeBounds};

use super::iter::{Chunks, Elements, Iter, Leaves};
use super::iter_mut::{ChunksMut, ElementsMut, IterMut};
use super::node::{LeavesMut, Root};
use super::{FAN_OUT, LEAF_LEN};
use crate::panics::bad_index;
use crate::range;

/// A persistent vector: clones share structure, and a write to a shared vector copies O(log n).
///
/// The elements are in leaves of at most 1 KiB, below nodes of up to 16 children: a counted B+tree. A tail leaf outside
/// of the tree takes pushes, and so does a front leaf, once an element was pushed or popped at the front. A clone adds
/// a reference to each of these and copies nothing. A write to a shared vector copies one leaf and the small nodes
/// above it; a write to a unique vector happens in place, so that no separate builder is needed.
///
/// ```text
///  old ─┬─► node ─┬─► leaf a      old ──► node ─┬─► leaf a ◄─┐
///  new ─┘         └─► leaf b                    └─► leaf b   │
///                                                            │
///  new.set(i, x), i in b:         new ──► node ──────────────┤
///                                                            └─► copy of b
/// ```
///
/// While its elements are in one leaf and none was pushed or popped at the front, a `PersistentVector` has the same
/// representation as a [`CowVec`](crate::CowVec): [`as_slice`](PersistentVector::as_slice) returns the elements, and
/// each type converts into the other in O(1).
///
/// | | unique | shared |
/// |---|---|---|
/// | clone | O(1): one atomic increment each for the front leaf, the tree and the tail | the same |
/// | get | O(log16 n): a shift and a mask for each level | the same |
/// | set, get_mut | O(log16 n), in place | copies one leaf and one node for each level |
/// | push_back | O(1) amortised | copies the last leaf, or appends to it as [`CowVec::push`](crate::CowVec::push) does |
/// | push_front | O(1) amortised | copies the front leaf, or inserts into it in place |
/// | pop_back, pop_front | O(1) amortised | clones the returned element; copies the nodes above a leaf that leaves the tree |
/// | insert, remove | O(log16 n), in place | copies one leaf and one node for each level |
/// | append, split_off, slice | O(log16 n) | copies the nodes next to the cut, and clones parts of the leaves there |
/// | truncate | the same, and drops the removed elements | the same, and drops only what no other vector shares |
/// | iterate | one slice for each leaf | the same |
///
/// Reaching a single element costs more than in a `Vec`. Use a `Vec` if you never keep two versions.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
///
/// let old: PersistentVector<u32> = (0..100_000).collect();
/// let mut new = old.clone(); // copies nothing
/// new.set(50_000, 7); // copies one leaf, about 1 KiB, and the nodes above it
/// new.push_back(8);
/// assert_eq!((old[50_000], old.len()), (50_000, 100_000));
/// assert_eq!((new[50_000], new.len()), (7, 100_001));
/// ```
pub struct PersistentVector<T> {
    pub(super) root: Root<T, FAN_OUT, LEAF_LEN>,
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<PersistentVector<u8>>() == 40);
    assert!(size_of::<Option<PersistentVector<u8>>>() == 40);
};

/// Methods that do not require `T: Clone`, because they copy no element.
impl<T> PersistentVector<T> {
    /// The most elements of a leaf.
    pub(super) const LEAF: usize = Root::<T, FAN_OUT, LEAF_LEN>::LEAF;

    /// Creates an empty vector, without allocating.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// static NONE: PersistentVector<u8> = PersistentVector::new();
    /// assert!(NONE.is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { root: Root::new() }
    }

    /// Returns the number of elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// vector.truncate(10);
    /// assert_eq!(vector.len(), 10);
    /// ```
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.root.len()
    }

    /// Returns `true` if the vector has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector = PersistentVector::new();
    /// assert!(vector.is_empty());
    /// vector.push_back(1);
    /// assert!(!vector.is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of levels of nodes above the leaves: 0 for a small vector, then about log16 of the number of
    /// leaves.
    ///
    /// A write to an element of a shared vector copies that many nodes and one leaf.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let small: PersistentVector<u64> = (0..100).collect();
    /// let large: PersistentVector<u64> = (0..100_000).collect();
    /// assert_eq!((small.height(), large.height()), (0, 3));
    /// ```
    #[inline]
    #[must_use]
    pub const fn height(&self) -> usize {
        self.root.height() as usize
    }

    /// Returns all elements as one slice, or `None` if they are in several leaves.
    ///
    /// Elements of at most about 1 KiB are in one leaf, unless the vector was once larger, or elements were inserted
    /// where the leaf was full, or at the front of a leaf that was more than a sixteenth full.
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u64> = (0..128).collect();
    /// assert_eq!(vector.as_slice().map(<[u64]>::len), Some(128));
    /// vector.push_back(128);
    /// assert_eq!(vector.as_slice(), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> Option<&[T]> {
        self.root.as_slice()
    }

    /// Returns `true` if all elements are in one slice: see [`as_slice`](PersistentVector::as_slice).
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u8> = b"in one leaf".iter().copied().collect();
    /// assert!(vector.is_contiguous());
    /// vector.extend([0; 10_000]);
    /// assert!(!vector.is_contiguous());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_contiguous(&self) -> bool {
        self.as_slice().is_some()
    }

    /// Returns the element at `index`, or `None` if it is out of bounds.
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.get(999), Some(&999));
    /// assert_eq!(vector.get(1_000), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.root.get(index)
    }

    /// Returns the first element, or `None` if the vector is empty.
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{PersistentVector, persistent_vector};
    ///
    /// assert_eq!(persistent_vector![1, 2].first(), Some(&1));
    /// assert_eq!(PersistentVector::<u8>::new().first(), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// Returns the last element, or `None` if the vector is empty.
    ///
    /// O(1); O(log16 n) after a pop that emptied the last leaf.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let undo = persistent_vector!["", "a", "ab"];
    /// assert_eq!(undo.last(), Some(&"ab"));
    /// ```
    #[inline]
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Returns the first element, or `None` if the vector is empty: [`first`](PersistentVector::first), by the name
    /// that `VecDeque` has for it.
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut queue = persistent_vector!["first", "second"];
    /// queue.pop_front();
    /// assert_eq!(queue.front(), Some(&"second"));
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "head")]
    pub fn front(&self) -> Option<&T> {
        self.first()
    }

    /// Returns the last element, or `None` if the vector is empty: [`last`](PersistentVector::last), by the name that
    /// `VecDeque` has for it.
    ///
    /// O(1); O(log16 n) after a pop that emptied the last leaf.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut queue = persistent_vector!["first", "second"];
    /// queue.pop_back();
    /// assert_eq!(queue.back(), Some(&"first"));
    /// ```
    #[inline]
    #[must_use]
    pub fn back(&self) -> Option<&T> {
        self.last()
    }

    /// Returns a double-ended iterator over the elements.
    ///
    /// O(1), and O(1) amortised for each element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.iter().sum::<u32>(), 499_500);
    /// assert_eq!(vector.iter().rev().nth(10), Some(&989));
    /// ```
    #[inline]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(Elements::new(&self.root))
    }

    /// Returns a double-ended iterator over the elements of a range.
    ///
    /// O(1), and O(1) amortised for each element.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert!(vector.range(300..303).eq(&[300, 301, 302]));
    /// assert_eq!(vector.range(500..).len(), 500);
    /// ```
    #[track_caller]
    pub fn range(&self, range: impl RangeBounds<usize>) -> Iter<'_, T> {
        Iter(Elements::within(&self.root, range::resolve(range, self.len())))
    }

    /// Returns a double-ended iterator over the leaves, as slices that are not empty.
    ///
    /// Equal vectors may have their elements in different leaves.
    ///
    /// O(1), and O(log16 n) for each slice.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// let sum: u32 = vector.chunks().map(|slice| slice.iter().sum::<u32>()).sum();
    /// assert_eq!(sum, 499_500);
    /// ```
    #[doc(alias = "leaves")]
    #[inline]
    pub fn chunks(&self) -> Chunks<'_, T> {
        Chunks(Leaves::new(&self.root))
    }

    /// Returns `true` if both vectors are the same version: they are clones, and neither was written since.
    ///
    /// Two vectors with equal elements need not be the same version; two empty ones are.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let a: PersistentVector<u32> = (0..1_000).collect();
    /// let mut b = a.clone();
    /// assert!(a.ptr_eq(&b));
    /// b.set(0, 0);
    /// assert!(a == b && !a.ptr_eq(&b));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.root.ptr_eq(&other.root)
    }

    /// Removes all elements.
    ///
    /// Unique: O(n), drops the elements. Shared: O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let old = persistent_vector![1, 2];
    /// let mut new = old.clone();
    /// new.clear();
    /// assert!(new.is_empty());
    /// assert_eq!(old, [1, 2]);
    /// ```
    #[inline]
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Panics unless the tree is valid.
    ///
    /// O(n log16 n).
    ///
    /// # Panics
    ///
    /// Panics if an invariant does not hold, which is a bug of this crate.
    #[doc(hidden)]
    pub fn assert_invariants(&self) {
        self.root.assert_invariants();
    }
}

/// Methods that clone the elements of shared leaves.
impl<T: Clone> PersistentVector<T> {
    /// Returns a mutable reference to the element at `index`, or `None` if it is out of bounds.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// if let Some(element) = vector.get_mut(500) {
    ///     *element += 1;
    /// }
    /// assert_eq!(vector[500], 501);
    /// ```
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.root.get_mut(index)
    }

    /// Returns a mutable reference to the first element, or `None` if the vector is empty.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// if let Some(first) = new.first_mut() {
    ///     *first = 7; // copies one leaf
    /// }
    /// assert_eq!((old[0], new[0]), (0, 7));
    /// ```
    #[doc(alias = "front_mut")]
    #[inline]
    #[must_use]
    pub fn first_mut(&mut self) -> Option<&mut T> {
        self.get_mut(0)
    }

    /// Returns a mutable reference to the last element, or `None` if the vector is empty.
    ///
    /// Unique: O(1); O(log16 n) after a pop that emptied the last leaf. Shared: copies one leaf and the nodes above it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut runs = persistent_vector![('a', 1)];
    /// for c in "ab".chars() {
    ///     match runs.last_mut() {
    ///         Some((last, count)) if *last == c => *count += 1,
    ///         _ => runs.push_back((c, 1)),
    ///     }
    /// }
    /// assert_eq!(runs, [('a', 2), ('b', 1)]);
    /// ```
    #[doc(alias = "back_mut")]
    #[inline]
    #[must_use]
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.get_mut(self.len().checked_sub(1)?)
    }

    /// Returns a mutable reference to the first element: [`first_mut`](PersistentVector::first_mut), by the name that
    /// `VecDeque` has for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut retries = persistent_vector![("a", 2), ("b", 3)];
    /// if let Some((_, left)) = retries.front_mut() {
    ///     *left -= 1;
    /// }
    /// assert_eq!(retries, [("a", 1), ("b", 3)]);
    /// ```
    #[inline]
    #[must_use]
    pub fn front_mut(&mut self) -> Option<&mut T> {
        self.first_mut()
    }

    /// Returns a mutable reference to the last element: [`last_mut`](PersistentVector::last_mut), by the name that
    /// `VecDeque` has for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut lines = persistent_vector![String::from("one"), String::from("tw")];
    /// if let Some(line) = lines.back_mut() {
    ///     line.push('o');
    /// }
    /// assert_eq!(lines, ["one", "two"]);
    /// ```
    #[inline]
    #[must_use]
    pub fn back_mut(&mut self) -> Option<&mut T> {
        self.last_mut()
    }

    /// Returns a double-ended iterator over mutable references to the elements.
    ///
    /// Copies each shared leaf when the iterator reaches it.
    ///
    /// O(1), and O(1) amortised for each element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// new.iter_mut().skip(500).for_each(|x| *x += 1); // the leaves before stay shared
    /// assert_eq!((old[500], new[499], new[500]), (500, 499, 501));
    /// ```
    #[inline]
    pub fn iter_mut(&mut self) -> IterMut<'_, T> {
        IterMut(ElementsMut::new(&mut self.root))
    }

    /// Returns a double-ended iterator over mutable references to the elements of a range.
    ///
    /// Copies each shared leaf when the iterator reaches it.
    ///
    /// O(1), and O(1) amortised for each element.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// vector.range_mut(500..503).for_each(|x| *x = 0);
    /// assert!(vector.range(499..504).eq(&[499, 0, 0, 0, 503]));
    /// ```
    #[track_caller]
    pub fn range_mut(&mut self, range: impl RangeBounds<usize>) -> IterMut<'_, T> {
        let range = range::resolve(range, self.len());
        IterMut(ElementsMut::within(&mut self.root, range))
    }

    /// Returns a double-ended iterator over the leaves, as mutable slices that are not empty.
    ///
    /// Copies each shared leaf when the iterator reaches it.
    ///
    /// O(1), and O(log16 n) for each slice.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut text: PersistentVector<u8> = b"text".iter().copied().collect();
    /// for leaf in text.chunks_mut() {
    ///     leaf.make_ascii_uppercase();
    /// }
    /// assert_eq!(text, *b"TEXT");
    /// ```
    #[doc(alias = "leaves_mut")]
    #[inline]
    pub fn chunks_mut(&mut self) -> ChunksMut<'_, T> {
        ChunksMut(LeavesMut::new(&mut self.root))
    }

    /// Replaces the element at `index` and returns the old one.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`, or if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// assert_eq!(new.set(500, 7), 500);
    /// assert_eq!((old[500], new[500]), (500, 7));
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "set_mut")]
    pub fn set(&mut self, index: usize, element: T) -> T {
        mem::replace(&mut self[index], element)
    }

    /// Returns a version of the vector with another element at `index`.
    ///
    /// For several changes, clone the vector once and change the clone in place.
    ///
    /// O(log16 n): copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`, or if a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let old = persistent_vector![1, 2, 3];
    /// assert_eq!(old.update(1, 7), [1, 7, 3]);
    /// assert_eq!(old, [1, 2, 3]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn update(&self, index: usize, element: T) -> Self {
        let mut new = self.clone();
        new.set(index, element);
        new
    }

    /// Appends an element.
    ///
    /// Unique: O(1) amortised. Shared: copies at most one leaf, and the nodes above a full one. If `T` has no drop glue
    /// and the slot after this vector's end is free, appends to a shared leaf in place.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if the tree would have too many levels, or if a clone panics; the vector is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut versions = vec![PersistentVector::new()];
    /// for n in 0..1_000 {
    ///     let mut next = versions[n].clone();
    ///     next.push_back(n);
    ///     versions.push(next);
    /// }
    /// assert_eq!(versions[2], [0, 1]);
    /// assert_eq!(versions[1_000].len(), 1_000);
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "push_back_mut")]
    pub fn push_back(&mut self, value: T) {
        self.root.push_back(value);
    }

    /// Appends an element: [`push_back`](PersistentVector::push_back), by the name that `Vec` has for it.
    ///
    /// # Panics
    ///
    /// Panics as `push_back` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector = PersistentVector::new();
    /// vector.push('a');
    /// vector.push('b');
    /// assert_eq!(vector, ['a', 'b']);
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        self.root.push_back(value);
    }

    /// Inserts an element before all others.
    ///
    /// Elements are inserted into a front leaf, which becomes the first leaf of the tree when it is full. A vector of
    /// one leaf that is at most a sixteenth full inserts into that leaf instead.
    ///
    /// Unique: O(1) amortised. Shared: copies at most one leaf, and the nodes above a full one. If `T` has no drop glue
    /// and the slot before this vector's start is free, inserts into a shared front leaf in place.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if the tree would have too many levels, or if a clone panics; the vector is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![2, 3];
    /// vector.push_front(1);
    /// assert_eq!(vector, [1, 2, 3]);
    /// assert_eq!((vector.pop_front(), vector.pop_front()), (Some(1), Some(2)));
    /// ```
    #[inline]
    #[track_caller]
    pub fn push_front(&mut self, value: T) {
        self.root.push_front(value);
    }

    /// Removes the first element and returns it, or `None` if the vector is empty.
    ///
    /// When the front leaf is empty, the first leaf of the tree takes its place.
    ///
    /// Unique: O(1) amortised. Shared: clones the returned element, and copies the nodes above a leaf that leaves the
    /// tree. In a vector of one leaf that is at most a sixteenth full, moves or clones its other elements.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// assert_eq!(new.pop_front(), Some(0)); // copies no leaf
    /// assert_eq!((old.len(), new.len(), new[0]), (1_000, 999, 1));
    /// ```
    #[inline]
    pub fn pop_front(&mut self) -> Option<T> {
        self.root.pop_front()
    }

    /// Removes the last element and returns it, or `None` if the vector is empty.
    ///
    /// Unique: O(1) amortised. Shared: clones the returned element, and copies the nodes above a leaf that leaves the
    /// tree.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).collect();
    /// let mut new = old.clone();
    /// assert_eq!(new.pop_back(), Some(999));
    /// assert_eq!((old.len(), new.len()), (1_000, 999));
    /// ```
    #[inline]
    #[doc(alias = "drop_last")]
    pub fn pop_back(&mut self) -> Option<T> {
        self.root.pop_back()
    }

    /// Removes the last element and returns it, or `None` if the vector is empty:
    /// [`pop_back`](PersistentVector::pop_back), by the name that `Vec` has for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut stack = persistent_vector![1, 2];
    /// assert_eq!(stack.pop(), Some(2));
    /// assert_eq!(stack.pop(), Some(1));
    /// assert_eq!(stack.pop(), None);
    /// ```
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.root.pop_back()
    }

    /// Clones all elements into a `Vec`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let vector = persistent_vector![1, 2, 3];
    /// let clones: Vec<i32> = vector.to_vec();
    /// assert_eq!(vector, clones);
    /// ```
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        let mut vec = Vec::with_capacity(self.len());
        self.chunks().for_each(|leaf| vec.extend_from_slice(leaf));
        vec
    }
}

impl<T> Index<usize> for PersistentVector<T> {
    type Output = T;

    /// Returns the element at `index`.
    ///
    /// O(log16 n).
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`.
    #[inline]
    #[track_caller]
    fn index(&self, index: usize) -> &T {
        match self.get(index) {
            Some(element) => element,
            None => bad_index(index, self.len()),
        }
    }
}

impl<T: Clone> IndexMut<usize> for PersistentVector<T> {
    /// Returns a mutable reference to the element at `index`.
    ///
    /// Unique: O(log16 n). Shared: copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`, or if a clone panics; the vector is then unchanged.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, index: usize) -> &mut T {
        let len = self.len();
        match self.get_mut(index) {
            Some(element) => element,
            None => bad_index(index, len),
        }
    }
}

impl<T> Clone for PersistentVector<T> {
    /// Returns a vector that shares the structure of this one.
    ///
    /// O(1): one atomic increment each for the front leaf, the tree and the tail that exist, so one if all elements are
    /// in one leaf. Does not allocate, and does not require `T: Clone`.
    #[inline]
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

impl<T> Default for PersistentVector<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
