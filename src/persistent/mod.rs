//! [`PersistentVector`], a vector of which every version stays, at the price of what changed.

mod compare;
mod convert;
mod cursor;
mod edit;
mod filter;
#[cfg(feature = "std")]
mod io;
mod iter;
mod iter_mut;
pub(crate) mod node;
mod order;
mod search;
mod share;
#[cfg(all(test, not(cow_loom)))]
mod tests;
mod tree;

use alloc::vec::Vec;
use core::mem;
use core::ops::{Index, IndexMut, RangeBounds};

#[doc(hidden)]
pub use self::convert::from_elem;
pub use self::cursor::{Cursor, CursorMut};
pub use self::filter::ExtractIf;
pub use self::iter::{Chunks, IntoIter, Iter};
use self::iter::{Elements, Leaves};
use self::iter_mut::ElementsMut;
pub use self::iter_mut::{ChunksMut, IterMut};
pub use self::order::GetDisjointMutError;
pub use self::share::Hunk;
use self::tree::Tree;
use crate::panics::bad_index;
use crate::range;

/// The kids of a node, and the elements of a leaf, of which 0 means what suits them. Fuzzing finds more in
/// trees that are deep from 30 elements.
const FAN: usize = if cfg!(cow_fuzz) { 4 } else { 16 };
const SIZE: usize = if cfg!(cow_fuzz) { 4 } else { 0 };

/// A vector whose clones share their structure, so that a version costs only what it changes.
///
/// A tree of leaves of at most 1 KiB, 16 to a node, and outside of it a tail leaf, where pushes go, and a
/// head leaf once something was pushed or popped at the front. A clone takes these, and copies nothing. A
/// write to a shared vector copies one leaf and the small nodes above it; a write to one that is not
/// shared happens in place, so there is no separate builder and nothing to freeze.
///
/// ```text
///  old ─┬─► node ─┬─► leaf a      old ──► node ─┬─► leaf a ◄─┐
///  new ─┘         └─► leaf b                    └─► leaf b   │
///                                                            │
///  new.set(i, x), i in b:         new ──► node ──────────────┤
///                                                            └─► copy of b
/// ```
///
/// As long as its elements fit into one leaf and none was pushed at the front, a `PersistentVector` is a
/// [`CowVec`](crate::CowVec) in all but name: [`as_slice`](PersistentVector::as_slice) gives the elements, and each turns into the other
/// in O(1).
///
/// | | unique | shared |
/// |---|---|---|
/// | clone | one atomic increment each for the head, the tree and the tail that it has | the same |
/// | get | O(log16 n), a shift and a mask a level | the same |
/// | set, get_mut | O(log16 n), in place | copies one leaf and a node a level |
/// | push_back | O(1) amortised | copies the last leaf, or appends to it as [`CowVec::push`](crate::CowVec::push) does |
/// | push_front | O(1) amortised | copies the first leaf if that is a head, or puts the element before it in place |
/// | pop_back, pop_front | O(1) amortised | clones the element returned; copies the nodes above a leaf that is taken out |
/// | insert, remove | O(log16 n), in place | copies one leaf and a node a level |
/// | append, split_off, slice, truncate | O(log16 n) | copies the nodes at the edges, and clones parts of the leaves there |
/// | iterate | a slice a leaf | the same |
///
/// A single element costs more to reach than in a `Vec`; what is never kept in two versions is better
/// off there.
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
    tree: Tree<T, FAN, SIZE>,
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<PersistentVector<u8>>() == 40);
    assert!(size_of::<Option<PersistentVector<u8>>>() == 40);
};

/// What needs no `Clone`, because no element is copied.
impl<T> PersistentVector<T> {
    /// The most elements of a leaf.
    const LEAF: usize = Tree::<T, FAN, SIZE>::LEAF;

    /// Creates an empty vector that has not allocated.
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
        Self { tree: Tree::new() }
    }

    /// The number of elements.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tree.len()
    }

    /// Whether there are no elements.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The levels of nodes above the leaves: 0 for a small vector, then about log16 of the leaves.
    ///
    /// A write to an element of a shared vector copies that many nodes and one leaf. O(1).
    #[inline]
    #[must_use]
    pub const fn height(&self) -> usize {
        self.tree.height() as usize
    }

    /// All elements as one slice, if one leaf holds them all: always while they are few, about 1 KiB,
    /// unless the vector was once larger, or some were put in where the leaf was full, or at the front of
    /// more than a sixteenth of a leaf.
    ///
    /// O(1).
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
        self.tree.as_slice()
    }

    /// Whether one slice has all elements: whether [`as_slice`](PersistentVector::as_slice) gives it.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub fn is_contiguous(&self) -> bool {
        self.as_slice().is_some()
    }

    /// The element at `index`, or `None` if there is none.
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
        self.tree.get(index)
    }

    /// The first element, or `None` if there is none.
    ///
    /// O(log16 n).
    #[inline]
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last element, or `None` if there is none.
    ///
    /// O(1), but O(log16 n) right after a pop that emptied a leaf.
    #[inline]
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The first element, or `None` if there is none: [`first`](PersistentVector::first) by
    /// `VecDeque`'s name.
    ///
    /// O(log16 n).
    #[inline]
    #[must_use]
    #[doc(alias = "head")]
    pub fn front(&self) -> Option<&T> {
        self.first()
    }

    /// The last element, or `None` if there is none: [`last`](PersistentVector::last) by `VecDeque`'s
    /// name.
    ///
    /// O(1), but O(log16 n) right after a pop that emptied a leaf.
    #[inline]
    #[must_use]
    pub fn back(&self) -> Option<&T> {
        self.last()
    }

    /// The elements by reference, from both ends.
    ///
    /// O(1), and O(1) amortised an element.
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
        Iter(Elements::new(&self.tree))
    }

    /// The elements of a range by reference, from both ends.
    ///
    /// O(1), and O(1) amortised an element.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector.
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
        Iter(Elements::within(&self.tree, range::resolve(range, self.len())))
    }

    /// The elements as slices, one a leaf, from both ends. None of them is empty.
    ///
    /// O(1), and O(log16 n) a slice. How elements are spread over leaves is not part of a vector's
    /// value: equal vectors may differ in it.
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
        Chunks(Leaves::new(&self.tree))
    }

    /// Whether both vectors are one and the same version: clones of which neither has been written.
    ///
    /// O(1). Equal vectors need not be; empty ones are.
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
        self.tree.ptr_eq(&other.tree)
    }

    /// Removes all elements.
    ///
    /// Unique: drops them. Shared: O(1).
    #[inline]
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// Panics unless the inner structure is sound: for tests of this crate and of code that suspects
    /// it.
    ///
    /// # Panics
    ///
    /// If it is not, which is a bug of this crate. O(n log16 n).
    pub fn assert_invariants(&self) {
        self.tree.assert_invariants();
    }
}

/// What copies shared leaves.
impl<T: Clone> PersistentVector<T> {
    /// The element at `index` for writing, or `None` if there is none. Clones its leaf if that is
    /// shared.
    ///
    /// Unique: O(log16 n). Shared: also copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// If a clone panics; the vector is then as it was.
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
        self.tree.get_mut(index)
    }

    /// The first element for writing, or `None` if there is none. Clones its leaf if that is shared.
    ///
    /// O(log16 n).
    #[doc(alias = "front_mut")]
    #[inline]
    #[must_use]
    pub fn first_mut(&mut self) -> Option<&mut T> {
        self.get_mut(0)
    }

    /// The last element for writing, or `None` if there is none. Clones its leaf if that is shared.
    ///
    /// O(1), but O(log16 n) right after a pop that emptied a leaf.
    #[doc(alias = "back_mut")]
    #[inline]
    #[must_use]
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.get_mut(self.len().checked_sub(1)?)
    }

    /// [`first_mut`](PersistentVector::first_mut), by the name that `VecDeque` has for it.
    #[inline]
    #[must_use]
    pub fn front_mut(&mut self) -> Option<&mut T> {
        self.first_mut()
    }

    /// [`last_mut`](PersistentVector::last_mut), by the name that `VecDeque` has for it.
    #[inline]
    #[must_use]
    pub fn back_mut(&mut self) -> Option<&mut T> {
        self.last_mut()
    }

    /// The elements for writing, from both ends. Clones each leaf that is shared when it comes to it.
    ///
    /// O(1), and O(1) amortised an element.
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
        IterMut(ElementsMut::new(&mut self.tree))
    }

    /// The elements of a range for writing, from both ends. Clones each leaf that is shared when it comes
    /// to it.
    ///
    /// O(1), and O(1) amortised an element.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector.
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
        IterMut(ElementsMut::within(&mut self.tree, range))
    }

    /// The elements as slices for writing, one a leaf, from both ends. Clones each leaf that is shared
    /// when it is asked for.
    ///
    /// O(1), and O(log16 n) a slice: see [`chunks`](PersistentVector::chunks).
    #[doc(alias = "leaves_mut")]
    #[inline]
    pub fn chunks_mut(&mut self) -> ChunksMut<'_, T> {
        ChunksMut(self.tree.leaves_mut())
    }

    /// Replaces the element at `index` and returns the old one. Clones its leaf if that is shared.
    ///
    /// Unique: O(log16 n). Shared: also copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was.
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

    /// A version of the vector with another element at `index`. Clones one leaf.
    ///
    /// O(log16 n): as [`set`](PersistentVector::set) on a clone. For several changes, clone once and
    /// change the clone in place.
    ///
    /// # Panics
    ///
    /// If `index >= len`, or if a clone panics.
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

    /// Appends an element. Clones the last leaf if it is shared and cannot be appended to in place.
    ///
    /// O(1) amortised. Shared: copies at most one leaf, and the nodes above a full one; elements without
    /// drop glue are appended to a shared leaf in place if the slot after this vector's end is free.
    ///
    /// # Panics
    ///
    /// If the tree would be higher than an `isize` can count: "capacity overflow". If a clone panics,
    /// the vector is as it was.
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
        self.tree.push_back(value);
    }

    /// Appends an element: [`push_back`](PersistentVector::push_back) by `Vec`'s name.
    ///
    /// # Panics
    ///
    /// As `push_back`.
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        self.tree.push_back(value);
    }

    /// Inserts an element before all others. Clones the first leaf if it is shared and was pushed or popped
    /// at before, and the slot before its first element is taken.
    ///
    /// O(1) amortised: elements are put before each other in a leaf of their own, which becomes the first
    /// of the tree when it is full. Shared: copies at most one leaf, and the nodes above a full one;
    /// elements without drop glue are put before those of a shared leaf in place if the slot there is
    /// free. Where there is no more than a sixteenth of a leaf, that makes room in itself.
    ///
    /// # Panics
    ///
    /// If the tree would be higher than an `isize` can count: "capacity overflow". If a clone panics,
    /// the vector is as it was.
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
        self.tree.push_front(value);
    }

    /// Removes the first element and returns it, or `None` if there is none.
    ///
    /// O(1) amortised: the first leaf is taken out of the tree when the one before it is empty. Shared:
    /// clones that element and no other, and copies the nodes above a leaf that is taken out; a leaf that
    /// is shared hides what was popped. A sixteenth of a leaf, or less, moves up, or is cloned if shared.
    ///
    /// # Panics
    ///
    /// If a clone panics; the vector is then as it was.
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
        self.tree.pop_front()
    }

    /// Removes the last element and returns it, or `None` if there is none.
    ///
    /// O(1) amortised. Shared: clones that element and no other, and copies the nodes above a leaf that is
    /// taken out of the tree, because the last one is empty.
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
        self.tree.pop_back()
    }

    /// Removes the last element and returns it, or `None` if there is none:
    /// [`pop_back`](PersistentVector::pop_back) by `Vec`'s name.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.tree.pop_back()
    }

    /// Clones all elements into a `Vec`.
    ///
    /// O(n).
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        let mut vec = Vec::with_capacity(self.len());
        self.chunks().for_each(|leaf| vec.extend_from_slice(leaf));
        vec
    }
}

impl<T> Index<usize> for PersistentVector<T> {
    type Output = T;

    /// O(log16 n).
    ///
    /// # Panics
    ///
    /// If `index >= len`.
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
    /// As [`get_mut`](PersistentVector::get_mut). Clones the element's leaf if that is shared.
    ///
    /// Unique: O(log16 n). Shared: also copies one leaf and the nodes above it.
    ///
    /// # Panics
    ///
    /// If `index >= len`.
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
    /// Shares the structure.
    ///
    /// O(1): one atomic increment each for the head, the tree and the tail that there are, so one if all
    /// elements are in one leaf. Nothing is allocated, and `T` need not be `Clone`.
    #[inline]
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone() }
    }
}

impl<T> Default for PersistentVector<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
