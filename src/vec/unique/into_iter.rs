//! Iteration by value over a [`UniqueVec`].
#![expect(unsafe_code, reason = "moves elements out of the block")]

use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::mem;
use core::ops::Range;
use core::ptr::{self, NonNull};
use core::slice;

use super::UniqueVec;

/// Moves elements `[front, back)` out of a block, from both ends (M1).
///
/// It has no drop: its owner drops the remaining elements by [`RawIter::skip`].
pub(super) struct RawIter<T> {
    /// The address of slot 0, in a block that does not move while elements are left.
    start: NonNull<T>,
    front: usize,
    back: usize,
    owns: PhantomData<T>,
}

// SAFETY: a `RawIter` owns its elements, so the bounds are those of `Vec`.
unsafe impl<T: Send> Send for RawIter<T> {}
// SAFETY: `&RawIter` gives `&T` and nothing else.
unsafe impl<T: Sync> Sync for RawIter<T> {}

impl<T> RawIter<T> {
    /// Creates an iterator over the elements of `range`.
    ///
    /// # Safety
    ///
    /// * The elements are initialised, the length of `vec` does not cover them, and nobody else uses them (M1).
    /// * The block of `vec` does not move before the elements are gone.
    #[inline]
    pub(super) unsafe fn new(vec: &mut UniqueVec<T>, range: Range<usize>) -> Self {
        Self { start: vec.0.buf().data(), front: range.start, back: range.end, owns: PhantomData }
    }

    /// Returns the address of slot `index`.
    ///
    /// # Safety
    ///
    /// * `index` is at most the capacity.
    #[inline]
    unsafe fn slot(&self, index: usize) -> *mut T {
        // SAFETY: the slot lies inside the block or at its end (B1).
        unsafe { self.start.add(index) }.as_ptr()
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[T] {
        // SAFETY: `[front, back)` is initialised, and only this iterator uses it (M1). A dangling pointer is aligned,
        // and the slice is empty there.
        unsafe { slice::from_raw_parts(self.slot(self.front), self.back - self.front) }
    }

    #[inline]
    fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: `[front, back)` is initialised, and only this iterator uses it (M1). A dangling pointer is aligned,
        // and the slice is empty there.
        unsafe { slice::from_raw_parts_mut(self.slot(self.front), self.back - self.front) }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<T> {
        if self.front == self.back {
            return None;
        }
        let front = self.front;
        self.front += 1;
        // SAFETY: the slot was in the range, so it is initialised. It has left the range, so it is moved out once (M1).
        Some(unsafe { self.slot(front).read() })
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<T> {
        if self.front == self.back {
            return None;
        }
        self.back -= 1;
        // SAFETY: the slot was in the range, so it is initialised. It has left the range, so it is moved out once (M1).
        Some(unsafe { self.slot(self.back).read() })
    }

    /// Drops the next `count` elements, or all if there are fewer.
    #[inline]
    pub(super) fn skip(&mut self, count: usize) {
        let (front, count) = (self.front, count.min(self.back - self.front));
        self.front += count;
        self.discard(front, count);
    }

    /// Drops the last `count` elements, or all if there are fewer.
    #[inline]
    pub(super) fn skip_back(&mut self, count: usize) {
        let count = count.min(self.back - self.front);
        self.back -= count;
        self.discard(self.back, count);
    }

    /// Drops slots `[first, first + count)`, which have just left the range.
    #[inline]
    fn discard(&mut self, first: usize, count: usize) {
        if mem::needs_drop::<T>() && count > 0 {
            // SAFETY: the slots were in the range, so they are initialised. They have left it, so they are dropped once
            // (M1, B8).
            unsafe { ptr::slice_from_raw_parts_mut(self.slot(first), count).drop_in_place() };
        }
    }
}

/// `iterate! { docs [generics] Type, Item, field }` implements the iterator traits by the [`RawIter`] in a field. The
/// docs are the example of `as_slice`.
macro_rules! iterate {
    ($(#[$example:meta])* [$($generics:tt)*] $type:ty, $item:ty, $($elements:ident).+) => {
        impl<$($generics)*> $type {
            /// Returns the remaining elements as a slice.
            ///
            /// O(1).
            ///
            $(#[$example])*
            #[inline]
            #[must_use]
            pub fn as_slice(&self) -> &[$item] {
                self.$($elements).+.as_slice()
            }
        }

        impl<$($generics)*> Iterator for $type {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                self.$($elements).+.next()
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                let left = self.as_slice().len();
                (left, Some(left))
            }

            #[inline]
            fn nth(&mut self, n: usize) -> Option<$item> {
                self.$($elements).+.skip(n);
                self.$($elements).+.next()
            }

            #[inline]
            fn count(self) -> usize {
                self.len()
            }
        }

        impl<$($generics)*> DoubleEndedIterator for $type {
            #[inline]
            fn next_back(&mut self) -> Option<$item> {
                self.$($elements).+.next_back()
            }

            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<$item> {
                self.$($elements).+.skip_back(n);
                self.$($elements).+.next_back()
            }
        }

        impl<$($generics)*> ExactSizeIterator for $type {}
        impl<$($generics)*> FusedIterator for $type {}
    };
}
pub(super) use iterate;

/// An iterator that moves the elements out of a [`UniqueVec`]; made by its `into_iter`.
///
/// # Examples
///
/// ```
/// use cow_collections::UniqueVec;
///
/// let v = UniqueVec::from([String::from("a"), String::from("b")]);
/// let mut words = v.into_iter();
/// assert_eq!(words.next_back().as_deref(), Some("b"));
/// assert_eq!(words.len(), 1);
/// ```
pub struct IntoIter<T> {
    elements: RawIter<T>,
    /// Owns the block. Its length is 0 (M1).
    _vec: UniqueVec<T>,
}

impl<T> IntoIter<T> {
    #[inline]
    fn new(mut vec: UniqueVec<T>) -> Self {
        let len = vec.len();
        // SAFETY: the length 0 covers no slot (B2).
        unsafe { vec.set_len(0) };
        // SAFETY: the elements are initialised and the length no longer covers them (M1). The vector keeps its block
        // and is not used before the elements are gone.
        let elements = unsafe { RawIter::new(&mut vec, 0..len) };
        Self { elements, _vec: vec }
    }

    /// Returns the remaining elements as a mutable slice.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut elements = UniqueVec::from([1, 2]).into_iter();
    /// elements.as_mut_slice()[0] = 5;
    /// assert!(elements.eq([5, 2]));
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.elements.as_mut_slice()
    }
}

impl<T> Drop for IntoIter<T> {
    #[inline]
    fn drop(&mut self) {
        self.elements.skip(usize::MAX);
    }
}

impl<T> AsRef<[T]> for IntoIter<T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Clone> Clone for IntoIter<T> {
    /// Clones the remaining elements.
    fn clone(&self) -> Self {
        UniqueVec::from_iter(self.as_slice().iter().cloned()).into_iter()
    }
}

impl<T> Default for IntoIter<T> {
    /// Creates an empty iterator.
    fn default() -> Self {
        Self::new(UniqueVec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.as_slice()).finish()
    }
}

iterate! {
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut letters = UniqueVec::from(['a', 'b', 'c']).into_iter();
    /// letters.next();
    /// assert_eq!(letters.as_slice(), ['b', 'c']);
    /// ```
    [T] IntoIter<T>, T, elements
}

impl<T> IntoIterator for UniqueVec<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    /// Moves the elements out. O(1), and O(1) an element.
    #[inline]
    fn into_iter(self) -> IntoIter<T> {
        IntoIter::new(self)
    }
}

impl<'a, T> IntoIterator for &'a UniqueVec<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> slice::Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut UniqueVec<T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    #[inline]
    fn into_iter(self) -> slice::IterMut<'a, T> {
        self.iter_mut()
    }
}
