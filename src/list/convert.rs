//! Conversions from other collections, and comparisons.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::fmt;

use super::CopyOnWriteList;
use super::write_guard::publishable;
use crate::vec::{CowVec, UniqueVec};

impl<T> From<UniqueVec<T>> for CopyOnWriteList<T> {
    /// Takes over the buffer. O(1).
    fn from(elements: UniqueVec<T>) -> Self {
        let list = Self::new();
        drop(list.shared.publication.write().publish(elements));
        list
    }
}

impl<T> From<Vec<T>> for CopyOnWriteList<T> {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    #[track_caller]
    fn from(elements: Vec<T>) -> Self {
        UniqueVec::from(elements).into()
    }
}

impl<T> From<Box<[T]>> for CopyOnWriteList<T> {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    #[track_caller]
    fn from(elements: Box<[T]>) -> Self {
        UniqueVec::from(elements).into()
    }
}

impl<T> From<VecDeque<T>> for CopyOnWriteList<T> {
    /// Moves the elements. O(n), one allocation.
    #[track_caller]
    fn from(elements: VecDeque<T>) -> Self {
        UniqueVec::from(elements).into()
    }
}

impl<T: Clone> From<CowVec<T>> for CopyOnWriteList<T> {
    /// Takes over the buffer in O(1) if it is unique. Clones the elements in O(n) if it is shared, because a list
    /// appends to its buffer in place.
    #[track_caller]
    fn from(elements: CowVec<T>) -> Self {
        publishable(elements).0.into()
    }
}

impl<T: Clone> From<&[T]> for CopyOnWriteList<T> {
    /// Clones the elements. O(n).
    #[track_caller]
    fn from(elements: &[T]) -> Self {
        CowVec::from(elements).into()
    }
}

impl<T: Clone, const N: usize> From<&[T; N]> for CopyOnWriteList<T> {
    /// Clones the elements. O(n).
    #[track_caller]
    fn from(elements: &[T; N]) -> Self {
        elements.as_slice().into()
    }
}

impl<T, const N: usize> From<[T; N]> for CopyOnWriteList<T> {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    fn from(elements: [T; N]) -> Self {
        UniqueVec::from(elements).into()
    }
}

impl<T> FromIterator<T> for CopyOnWriteList<T> {
    /// Collects the elements into the list's buffer. O(n).
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        UniqueVec::from_iter(iter).into()
    }
}

impl<T: Clone> Extend<T> for CopyOnWriteList<T> {
    /// Appends the elements like [`CopyOnWriteList::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        CopyOnWriteList::extend(self, iter);
    }
}

impl<T: Clone> Extend<T> for &CopyOnWriteList<T> {
    /// Appends the elements like [`CopyOnWriteList::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        CopyOnWriteList::extend(self, iter);
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for CopyOnWriteList<T> {
    /// Appends copies of the elements like [`CopyOnWriteList::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        CopyOnWriteList::extend(self, iter.into_iter().copied());
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for &CopyOnWriteList<T> {
    /// Appends copies of the elements like [`CopyOnWriteList::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        CopyOnWriteList::extend(self, iter.into_iter().copied());
    }
}

/// Implements `==` of a list and `$right`, and of `$left` and a list. Compares the current elements.
macro_rules! equal_as_slices {
    ($([$($vars:tt)*] $left:ty, $right:ty;)+) => {$(
        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<$right> for CopyOnWriteList<T> {
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                self.load()[..] == other[..]
            }
        }

        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<CopyOnWriteList<U>> for $left {
            #[inline]
            fn eq(&self, list: &CopyOnWriteList<U>) -> bool {
                self[..] == list.load()[..]
            }
        }
    )+};
}

equal_as_slices! {
    [] CowVec<T>, CowVec<U>;
    [] UniqueVec<T>, UniqueVec<U>;
    [] Vec<T>, Vec<U>;
    [] [T], [U];
    [] &[T], &[U];
    [const N: usize] [T; N], [U; N];
    [const N: usize] &[T; N], &[U; N];
}

impl<T: PartialEq<U>, U> PartialEq<VecDeque<U>> for CopyOnWriteList<T> {
    fn eq(&self, other: &VecDeque<U>) -> bool {
        let list = self.load();
        list.len() == other.len() && list.iter().zip(other).all(|(a, b)| a == b)
    }
}

impl<T: PartialEq<U>, U> PartialEq<CopyOnWriteList<U>> for VecDeque<T> {
    fn eq(&self, list: &CopyOnWriteList<U>) -> bool {
        let list = list.load();
        self.len() == list.len() && self.iter().zip(&list).all(|(a, b)| a == b)
    }
}

impl<T: PartialEq<U>, U> PartialEq<CopyOnWriteList<U>> for CopyOnWriteList<T> {
    /// Loads one list after the other, and compares the elements.
    fn eq(&self, other: &CopyOnWriteList<U>) -> bool {
        let (left, right) = (self.load(), other.load());
        left[..] == right[..]
    }
}

impl<T: Eq> Eq for CopyOnWriteList<T> {}

impl<T: fmt::Debug> fmt::Debug for CopyOnWriteList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.load().fmt(f)
    }
}

impl<T> Default for CopyOnWriteList<T> {
    fn default() -> Self {
        Self::new()
    }
}
