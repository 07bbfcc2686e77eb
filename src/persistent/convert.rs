//! Conversions from and to other collections.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::PersistentVector;
use super::node::Root;
use crate::raw::handle::Handle;
use crate::vec::CowVec;
use crate::vec::UniqueVec;

impl<T> From<Vec<T>> for PersistentVector<T> {
    /// Moves the elements, a leaf at a time. O(n).
    #[track_caller]
    fn from(vec: Vec<T>) -> Self {
        Self { root: Root::from_vec(vec) }
    }
}

impl<T: Clone> From<CowVec<T>> for PersistentVector<T> {
    /// Converts a `CowVec`.
    ///
    /// O(1) if the elements fit into one leaf: the buffer becomes that leaf. Else O(n): moves the elements if the
    /// buffer is unique, and clones them if it is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{PersistentVector, cow_vec};
    ///
    /// let small = cow_vec![1, 2, 3];
    /// let vector = PersistentVector::from(small.clone());
    /// assert_eq!(vector.as_slice().map(<[i32]>::as_ptr), Some(small.as_ptr()));
    /// ```
    #[track_caller]
    fn from(vec: CowVec<T>) -> Self {
        if vec.len() <= Self::LEAF {
            return Self { root: Root::from_leaf(vec.into_handle()) };
        }
        vec.into_iter().collect()
    }
}

impl<T: Clone> From<UniqueVec<T>> for PersistentVector<T> {
    /// Converts as the shared `CowVec` does: O(1) if the elements fit into one leaf.
    #[track_caller]
    fn from(vec: UniqueVec<T>) -> Self {
        vec.into_shared().into()
    }
}

impl<T: Clone> From<PersistentVector<T>> for CowVec<T> {
    /// Converts to a `CowVec`.
    ///
    /// O(1) if the elements are in one leaf, whose buffer is the result. After a push or pop at the front, they move to
    /// the start of that buffer, or are cloned if it is shared. Else O(n): moves the elements of leaves that no other
    /// vector shares, and clones those of shared leaves.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowVec, PersistentVector};
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(CowVec::from(vector.clone()), vector.to_vec());
    /// ```
    #[track_caller]
    fn from(vector: PersistentVector<T>) -> Self {
        match vector.root.try_into_leaf() {
            Ok(leaf) => Self::from_handle(leaf),
            Err(root) => PersistentVector { root }.into_iter().collect(),
        }
    }
}

impl<T: Clone> From<PersistentVector<T>> for Vec<T> {
    /// Moves the elements of leaves that no other vector shares, and clones those of shared leaves. O(n).
    #[track_caller]
    fn from(vector: PersistentVector<T>) -> Self {
        vector.into_iter().collect()
    }
}

/// Implements `From` for types that dereference to slices, whose elements are cloned.
macro_rules! from_slices {
    ($([$($vars:tt)*] $source:ty;)+) => {$(
        impl<T: Clone, $($vars)*> From<$source> for PersistentVector<T> {
            /// Clones the elements, a leaf at a time. O(n).
            #[track_caller]
            fn from(slice: $source) -> Self {
                slice.iter().cloned().collect()
            }
        }
    )+};
}

from_slices! {
    [] &[T];
    [] &Vec<T>;
    [const N: usize] &[T; N];
    [] &mut [T];
    [const N: usize] &mut [T; N];
    [] Arc<[T]>;
    [] Rc<[T]>;
}

impl<T: Clone> From<Cow<'_, [T]>> for PersistentVector<T> {
    /// Moves the elements if they are owned, and clones them if they are borrowed. O(n).
    #[track_caller]
    fn from(elements: Cow<'_, [T]>) -> Self {
        match elements {
            Cow::Borrowed(slice) => slice.into(),
            Cow::Owned(vec) => vec.into(),
        }
    }
}

impl<T> From<Box<[T]>> for PersistentVector<T> {
    /// Moves the elements, a leaf at a time. O(n).
    #[track_caller]
    fn from(boxed: Box<[T]>) -> Self {
        boxed.into_vec().into()
    }
}

impl<T> From<VecDeque<T>> for PersistentVector<T> {
    /// Moves the elements, a leaf at a time. O(n).
    #[track_caller]
    fn from(deque: VecDeque<T>) -> Self {
        Vec::from(deque).into()
    }
}

impl<T: Clone> From<PersistentVector<T>> for VecDeque<T> {
    /// Moves the elements of leaves that no other vector shares, and clones those of shared leaves. O(n).
    #[track_caller]
    fn from(vector: PersistentVector<T>) -> Self {
        vector.into_iter().collect()
    }
}

/// Implements `From<PersistentVector<T>>` for slices on the heap.
macro_rules! into_slices {
    ($($target:ty;)+) => {$(
        impl<T: Clone> From<PersistentVector<T>> for $target {
            /// Moves the elements of leaves that no other vector shares, and clones those of shared leaves. O(n).
            #[track_caller]
            fn from(vector: PersistentVector<T>) -> Self {
                CowVec::from(vector).into()
            }
        }
    )+};
}

into_slices! {
    Box<[T]>;
    Arc<[T]>;
    Rc<[T]>;
}

impl<T: Clone, const N: usize> TryFrom<PersistentVector<T>> for [T; N] {
    type Error = PersistentVector<T>;

    /// Moves the elements of leaves that no other vector shares, and clones those of shared leaves. O(n).
    ///
    /// # Errors
    ///
    /// Returns the vector if its length is not `N`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// assert_eq!(<[_; 2]>::try_from(persistent_vector!['a', 'b']), Ok(['a', 'b']));
    /// assert_eq!(<[_; 3]>::try_from(persistent_vector!['a']), Err(persistent_vector!['a']));
    /// ```
    #[track_caller]
    fn try_from(vector: PersistentVector<T>) -> Result<Self, PersistentVector<T>> {
        if vector.len() != N {
            return Err(vector);
        }
        Self::try_from(CowVec::from(vector)).map_err(PersistentVector::from)
    }
}

impl<T, const N: usize> From<[T; N]> for PersistentVector<T> {
    /// Moves the elements, a leaf at a time. O(n).
    #[track_caller]
    fn from(array: [T; N]) -> Self {
        if N > Self::LEAF {
            return Vec::from(array).into();
        }
        let leaf = UniqueVec::from_array(array).into_shared().into_handle();
        Self { root: Root::from_leaf(leaf) }
    }
}

impl<T> FromIterator<T> for PersistentVector<T> {
    /// Collects the elements into full leaves. O(n).
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" before it takes an element if the lower size hint is more than
    /// `isize::MAX` bytes, as collecting into a `Vec` does.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        Self { root: Root::collect(iter.into_iter()) }
    }
}

impl<T: Clone> Extend<T> for PersistentVector<T> {
    /// Appends the items of an iterator: fills the last leaf, and then further ones.
    ///
    /// O(1) amortised for each element. Copies the last leaf if it is shared.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" before it takes an element if the lower size hint is more than
    /// `isize::MAX` bytes, or more elements than a `usize` can count together with those of the vector.
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        self.root.extend(iter.into_iter());
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for PersistentVector<T> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        self.extend(iter.into_iter().copied());
    }
}

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns the one leaf that has all elements, or the vector if there are several.
    pub(super) fn try_into_leaf(mut self) -> Result<Handle<T>, Self> {
        if self.as_slice().is_none() {
            return Err(self);
        }
        self.move_front_leaf_into_tree();
        Ok(self.take_last_leaf().unwrap_or(Handle::new()))
    }
}

/// Implements `persistent_vector![value; n]`.
#[doc(hidden)]
#[track_caller]
pub fn from_elem<T: Clone>(value: T, n: usize) -> PersistentVector<T> {
    core::iter::repeat_n(value, n).collect()
}

/// Creates a [`PersistentVector`](crate::PersistentVector) from its elements, as `vec!` creates a `Vec`.
///
/// O(n). Moves the elements; `persistent_vector![value; n]` clones `value` n - 1 times.
///
/// # Examples
///
/// ```
/// use cow_collections::{PersistentVector, persistent_vector};
///
/// let empty: PersistentVector<u8> = persistent_vector![];
/// assert!(empty.is_empty());
/// assert_eq!(persistent_vector![1, 2, 3], [1, 2, 3]);
/// assert_eq!(persistent_vector!["a"; 3], ["a", "a", "a"]);
/// ```
#[macro_export]
macro_rules! persistent_vector {
    () => { $crate::PersistentVector::new() };
    ($value:expr; $n:expr) => { $crate::persistent::from_elem($value, $n) };
    ($($element:expr),+ $(,)?) => { $crate::PersistentVector::from([$($element),+]) };
}
