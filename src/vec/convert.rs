//! Into and out of other collections.

use alloc::vec::Vec;
use core::borrow::{Borrow, BorrowMut};

use super::{CowVec, UniqueVec};

impl<T> From<UniqueVec<T>> for CowVec<T> {
    /// O(1).
    #[inline]
    fn from(unique: UniqueVec<T>) -> Self {
        unique.into_shared()
    }
}

impl<T> From<Vec<T>> for CowVec<T> {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    #[inline]
    #[track_caller]
    fn from(vec: Vec<T>) -> Self {
        UniqueVec::from(vec).into_shared()
    }
}

impl<T> From<Vec<T>> for UniqueVec<T> {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    #[track_caller]
    fn from(mut vec: Vec<T>) -> Self {
        let mut unique = Self::with_capacity(vec.len());
        unique.append_vec(&mut vec);
        unique
    }
}

impl<T: Clone> From<&[T]> for CowVec<T> {
    /// Clones the elements. O(n).
    #[inline]
    #[track_caller]
    fn from(slice: &[T]) -> Self {
        let mut unique = UniqueVec::with_capacity(slice.len());
        unique.extend_from_slice(slice);
        unique.into_shared()
    }
}

impl<T, const N: usize> From<[T; N]> for CowVec<T> {
    /// Moves the elements. O(n).
    #[inline]
    fn from(array: [T; N]) -> Self {
        array.into_iter().collect()
    }
}

impl<T, const N: usize> From<[T; N]> for UniqueVec<T> {
    /// Moves the elements. O(n).
    #[inline]
    fn from(array: [T; N]) -> Self {
        array.into_iter().collect()
    }
}

impl<T> FromIterator<T> for CowVec<T> {
    /// O(n), straight into the buffer.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        UniqueVec::from_iter(iter).into_shared()
    }
}

impl<T> FromIterator<T> for UniqueVec<T> {
    /// O(n), straight into the buffer.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let mut unique = Self::new();
        unique.extend(iter);
        unique
    }
}

impl<T> Extend<T> for UniqueVec<T> {
    /// O(1) amortised an element.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        self.extend_iter(iter.into_iter());
    }
}

impl<T: Clone> Extend<T> for CowVec<T> {
    /// Appends each element as [`CowVec::push`] does. O(1) amortised an element; on a shared buffer at
    /// most one copy.
    ///
    /// Clones the buffer if it is shared and cannot be appended to in place.
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        let mut iter = iter.into_iter();
        loop {
            // Never reserve while shared: that would copy what a claim can append to in place.
            if let Some(unique) = self.get_unique() {
                return unique.extend_iter(iter);
            }
            let Some(value) = iter.next() else { return };
            let more = iter.size_hint().0.saturating_add(1);
            self.push_reserving(value, more);
        }
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for CowVec<T> {
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        self.extend(iter.into_iter().copied());
    }
}

impl<T> AsRef<[T]> for CowVec<T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T> Borrow<[T]> for CowVec<T> {
    #[inline]
    fn borrow(&self) -> &[T] {
        self
    }
}

impl<T> AsRef<[T]> for UniqueVec<T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T> AsMut<[T]> for UniqueVec<T> {
    #[inline]
    fn as_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T> Borrow<[T]> for UniqueVec<T> {
    #[inline]
    fn borrow(&self) -> &[T] {
        self
    }
}

impl<T> BorrowMut<[T]> for UniqueVec<T> {
    #[inline]
    fn borrow_mut(&mut self) -> &mut [T] {
        self
    }
}

/// `cow_vec![value; n]`, as `vec::from_elem`: clones `n - 1` times and moves the last.
#[doc(hidden)]
#[track_caller]
pub fn from_elem<T: Clone>(value: T, n: usize) -> CowVec<T> {
    core::iter::repeat_n(value, n).collect()
}
