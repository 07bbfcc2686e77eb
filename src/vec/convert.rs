//! Conversions from and into other collections.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::{BinaryHeap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::{Borrow, BorrowMut};

use super::{CowVec, UniqueVec};
use crate::raw::layout::check_announced;

impl<T> From<UniqueVec<T>> for CowVec<T> {
    /// Keeps the buffer. O(1).
    #[inline]
    fn from(unique: UniqueVec<T>) -> Self {
        unique.into_shared()
    }
}

/// Implements `From<$source>` for both vectors. `$build` makes the `UniqueVec`.
macro_rules! from {
    ($($(#[$doc:meta])* [$($vars:tt)*] $source:ty => $element:ty, $build:expr;)+) => {$(
        impl<$($vars)*> From<$source> for UniqueVec<$element> {
            $(#[$doc])*
            #[inline]
            #[track_caller]
            fn from(source: $source) -> Self {
                $build(source)
            }
        }

        impl<$($vars)*> From<$source> for CowVec<$element> {
            $(#[$doc])*
            #[inline]
            #[track_caller]
            fn from(source: $source) -> Self {
                UniqueVec::from(source).into_shared()
            }
        }
    )+};
}

from! {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Vec<T> => T, moved;
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Box<[T]> => T, |boxed: Box<[T]>| moved(boxed.into_vec());
    /// Moves the elements. O(n): one allocation and one `memcpy`, and one more move within a deque that wraps around.
    [T] VecDeque<T> => T, |deque| moved(Vec::from(deque));
    /// Moves the elements, in arbitrary order. O(n): one allocation and one `memcpy`.
    [T] BinaryHeap<T> => T, |heap| moved(BinaryHeap::into_vec(heap));
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T, const N: usize] [T; N] => T, UniqueVec::from_array;
    /// Clones the elements. O(n): one allocation.
    [T: Clone] &[T] => T, cloned;
    /// Clones the elements. O(n): one allocation.
    [T: Clone] &mut [T] => T, cloned;
    /// Clones the elements. O(n): one allocation.
    [T: Clone] &Vec<T> => T, cloned;
    /// Clones the elements. O(n): one allocation.
    [T: Clone, const N: usize] &[T; N] => T, cloned;
    /// Clones the elements. O(n): one allocation.
    [T: Clone, const N: usize] &mut [T; N] => T, cloned;
    /// Moves the elements if they are owned, clones them if they are borrowed. O(n): one allocation.
    [T: Clone] Cow<'_, [T]> => T, moved_or_cloned;
    /// Clones the elements, even if nobody else shares them. O(n): one allocation.
    [T: Clone] Arc<[T]> => T, |shared: Arc<[T]>| cloned(&shared);
    /// Clones the elements, even if nobody else shares them. O(n): one allocation.
    [T: Clone] Rc<[T]> => T, |shared: Rc<[T]>| cloned(&shared);
    /// Copies the bytes of the text. O(n): one allocation.
    [] &str => u8, |text: &str| cloned(text.as_bytes());
    /// Copies the bytes of the text. O(n): one allocation.
    [] String => u8, |text: String| moved(text.into_bytes());
}

#[track_caller]
fn moved<T>(mut vec: Vec<T>) -> UniqueVec<T> {
    let mut unique = UniqueVec::with_capacity(vec.len());
    unique.append_vec(&mut vec);
    unique
}

#[inline]
#[track_caller]
fn cloned<T: Clone>(slice: &[T]) -> UniqueVec<T> {
    UniqueVec::cloned_from(slice, slice.len())
}

#[track_caller]
fn moved_or_cloned<T: Clone>(elements: Cow<'_, [T]>) -> UniqueVec<T> {
    match elements {
        Cow::Borrowed(slice) => cloned(slice),
        Cow::Owned(vec) => moved(vec),
    }
}

/// Implements `From` of both vectors for `$target`: `$move` for a unique buffer, `$clone` for a shared slice.
macro_rules! into {
    ($($(#[$doc:meta])* [$($vars:tt)*] $target:ty, $move:expr, $clone:expr;)+) => {$(
        impl<$($vars)*> From<UniqueVec<T>> for $target {
            $(#[$doc])*
            #[inline]
            fn from(vec: UniqueVec<T>) -> Self {
                $move(vec)
            }
        }

        impl<$($vars)*> From<CowVec<T>> for $target
        where
            T: Clone,
        {
            $(#[$doc])*
            ///
            /// Clones the elements if the buffer is shared.
            #[inline]
            fn from(vec: CowVec<T>) -> Self {
                match vec.try_into_unique() {
                    Ok(unique) => unique.into(),
                    Err(shared) => $clone(shared.as_slice()),
                }
            }
        }
    )+};
}

into! {
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Vec<T>, UniqueVec::into_vec, <[T]>::to_vec;
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Box<[T]>, UniqueVec::into_boxed_slice, Self::from;
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Arc<[T]>, UniqueVec::into_arc, Self::from;
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] Rc<[T]>, UniqueVec::into_rc, Self::from;
    /// Moves the elements. O(n): one allocation and one `memcpy`.
    [T] VecDeque<T>, |vec| UniqueVec::into_vec(vec).into(), |slice| <[T]>::to_vec(slice).into();
    /// Moves the elements and orders them. O(n): one allocation and one `memcpy`.
    [T: Ord] BinaryHeap<T>, |vec| UniqueVec::into_vec(vec).into(), |slice| <[T]>::to_vec(slice).into();
    /// Moves the elements into an owned `Cow`. O(n): one allocation and one `memcpy`.
    [T: Clone] Cow<'_, [T]>, |vec| UniqueVec::into_vec(vec).into(), |slice| <[T]>::to_vec(slice).into();
}

impl<'a, T: Clone> From<&'a CowVec<T>> for Cow<'a, [T]> {
    /// Borrows the elements. O(1).
    #[inline]
    fn from(vec: &'a CowVec<T>) -> Self {
        Cow::Borrowed(vec)
    }
}

impl<'a, T: Clone> From<&'a UniqueVec<T>> for Cow<'a, [T]> {
    /// Borrows the elements. O(1).
    #[inline]
    fn from(vec: &'a UniqueVec<T>) -> Self {
        Cow::Borrowed(vec)
    }
}

impl<T, const N: usize> TryFrom<UniqueVec<T>> for [T; N] {
    type Error = UniqueVec<T>;

    /// Moves the elements. O(n): no allocation and one `memcpy`.
    ///
    /// # Errors
    ///
    /// Returns the vector if its length is not `N`.
    #[inline]
    fn try_from(vec: UniqueVec<T>) -> Result<Self, UniqueVec<T>> {
        vec.try_into_array()
    }
}

impl<T: Clone, const N: usize> TryFrom<CowVec<T>> for [T; N] {
    type Error = CowVec<T>;

    /// Moves the elements. O(n): no allocation and one `memcpy`.
    ///
    /// Clones the elements if the buffer is shared.
    ///
    /// # Errors
    ///
    /// Returns the vector if its length is not `N`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let [a, b] = <[_; 2]>::try_from(cow_vec!['a', 'b'])?;
    /// assert_eq!((a, b), ('a', 'b'));
    /// assert_eq!(<[_; 3]>::try_from(cow_vec!['a']), Err(cow_vec!['a']));
    /// # Ok::<(), cow_collections::CowVec<char>>(())
    /// ```
    fn try_from(vec: CowVec<T>) -> Result<Self, CowVec<T>> {
        match vec.try_into_unique() {
            Ok(unique) => unique.try_into_array().map_err(UniqueVec::into_shared),
            Err(shared) => match <&Self>::try_from(shared.as_slice()) {
                Ok(array) => Ok(array.clone()),
                Err(_) => Err(shared),
            },
        }
    }
}

impl<T> FromIterator<T> for CowVec<T> {
    /// Collects the elements directly into the buffer. O(n).
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        UniqueVec::from_iter(iter).into_shared()
    }
}

impl<T> FromIterator<T> for UniqueVec<T> {
    /// Collects the elements directly into the buffer. O(n).
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        Self::collected(iter.into_iter())
    }
}

impl<T> Extend<T> for UniqueVec<T> {
    /// Appends each element. O(1) amortised an element.
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
            // Does not reserve on a shared buffer: that would copy where a claim can append in place.
            if let Some(unique) = self.get_unique() {
                return unique.extend_iter(iter);
            }
            check_announced::<T>(self.len(), iter.size_hint().0);
            let Some(value) = iter.next() else { return };
            let more = iter.size_hint().0.saturating_add(1);
            self.push_reserving(value, more);
        }
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for CowVec<T> {
    /// Appends copies of the elements, as `extend` does of values.
    ///
    /// Clones the buffer if it is shared and cannot be appended to in place.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        self.extend(iter.into_iter().copied());
    }
}

impl<'a, T: Copy + 'a> Extend<&'a T> for UniqueVec<T> {
    /// Appends each element. O(1) amortised an element.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        self.extend(iter.into_iter().copied());
    }
}

impl<T> AsRef<Self> for CowVec<T> {
    #[inline]
    fn as_ref(&self) -> &Self {
        self
    }
}

impl<T> AsMut<Self> for CowVec<T> {
    #[inline]
    fn as_mut(&mut self) -> &mut Self {
        self
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

// Returns a `UniqueVec`, and never its `CowVec`, which could be cloned.
impl<T> AsRef<Self> for UniqueVec<T> {
    #[inline]
    fn as_ref(&self) -> &Self {
        self
    }
}

impl<T> AsMut<Self> for UniqueVec<T> {
    #[inline]
    fn as_mut(&mut self) -> &mut Self {
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

/// Makes `cow_vec![value; n]`: clones `value` `n - 1` times, and moves it to the end.
#[doc(hidden)]
#[track_caller]
pub fn from_elem<T: Clone>(value: T, n: usize) -> CowVec<T> {
    core::iter::repeat_n(value, n).collect()
}
