//! Iteration by value over a [`CowVec`].

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

use super::{CowVec, unique};
use crate::raw::handle::Handle;

/// An iterator over the elements of a [`CowVec`] by value; made by [`CowVec::into_iter`].
///
/// Moves the elements out of a unique buffer. Clones the elements of a shared buffer, each when it is returned.
///
/// # Examples
///
/// ```
/// use cow_collections::cow_vec;
///
/// let v = cow_vec![String::from("a"), String::from("b")];
/// let shared = v.clone();
/// assert_eq!(v.into_iter().collect::<String>(), "ab"); // clones
/// assert_eq!(shared.into_iter().collect::<String>(), "ab"); // moves
/// ```
pub struct IntoIter<T> {
    source: Source<unique::IntoIter<T>, T>,
}

/// The source of an iterator's elements. It is chosen when the iterator is made.
pub(super) enum Source<M, T> {
    /// Moved out of a unique buffer.
    Moving(M),
    /// Cloned out of a shared buffer.
    Cloning(Cloning<T>),
}

/// Clones the elements of a range of a shared buffer.
pub(super) struct Cloning<T> {
    handle: Handle<T>,
    range: Range<usize>,
}

impl<T> Cloning<T> {
    pub(super) fn new(handle: Handle<T>, range: Range<usize>) -> Self {
        Self { handle, range }
    }

    /// Returns the remaining elements as a slice.
    #[inline]
    pub(super) fn as_slice(&self) -> &[T] {
        &self.handle.as_slice()[self.range.clone()]
    }

    #[inline]
    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        (self.range.len(), Some(self.range.len()))
    }
}

impl<T: Clone> Cloning<T> {
    #[inline]
    pub(super) fn next(&mut self) -> Option<T> {
        let element = self.as_slice().first()?.clone();
        self.range.start += 1;
        Some(element)
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<T> {
        let element = self.as_slice().last()?.clone();
        self.range.end -= 1;
        Some(element)
    }

    #[inline]
    pub(super) fn nth(&mut self, n: usize) -> Option<T> {
        self.range.nth(n).map(|index| self.handle.as_slice()[index].clone())
    }

    #[inline]
    pub(super) fn nth_back(&mut self, n: usize) -> Option<T> {
        self.range.nth_back(n).map(|index| self.handle.as_slice()[index].clone())
    }
}

/// `iterate!([generics] Type, Item, field)` implements the iterator traits by the [`Source`] in a field.
macro_rules! iterate {
    ([$($generics:tt)*] $type:ty, $item:ty, $source:ident) => {
        impl<$($generics)*> Iterator for $type {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                match &mut self.$source {
                    Source::Moving(moving) => moving.next(),
                    Source::Cloning(cloning) => cloning.next(),
                }
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                match &self.$source {
                    Source::Moving(moving) => moving.size_hint(),
                    Source::Cloning(cloning) => cloning.size_hint(),
                }
            }

            #[inline]
            fn nth(&mut self, n: usize) -> Option<$item> {
                match &mut self.$source {
                    Source::Moving(moving) => moving.nth(n),
                    Source::Cloning(cloning) => cloning.nth(n),
                }
            }

            #[inline]
            fn count(self) -> usize {
                self.len()
            }

            #[inline]
            fn fold<B, F: FnMut(B, $item) -> B>(self, init: B, f: F) -> B {
                match self.$source {
                    Source::Moving(moving) => moving.fold(init, f),
                    Source::Cloning(cloning) => cloning.as_slice().iter().cloned().fold(init, f),
                }
            }
        }

        impl<$($generics)*> DoubleEndedIterator for $type {
            #[inline]
            fn next_back(&mut self) -> Option<$item> {
                match &mut self.$source {
                    Source::Moving(moving) => moving.next_back(),
                    Source::Cloning(cloning) => cloning.next_back(),
                }
            }

            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<$item> {
                match &mut self.$source {
                    Source::Moving(moving) => moving.nth_back(n),
                    Source::Cloning(cloning) => cloning.nth_back(n),
                }
            }

            #[inline]
            fn rfold<B, F: FnMut(B, $item) -> B>(self, init: B, f: F) -> B {
                match self.$source {
                    Source::Moving(moving) => moving.rfold(init, f),
                    Source::Cloning(cloning) => cloning.as_slice().iter().cloned().rfold(init, f),
                }
            }
        }

        impl<$($generics)*> ExactSizeIterator for $type {}
        impl<$($generics)*> FusedIterator for $type {}
    };
}
pub(super) use iterate;

impl<T> IntoIter<T> {
    /// Returns the remaining elements as a slice.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut letters = cow_vec!['a', 'b', 'c'].into_iter();
    /// letters.next();
    /// assert_eq!(letters.as_slice(), ['b', 'c']);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.source {
            Source::Moving(moving) => moving.as_slice(),
            Source::Cloning(cloning) => cloning.as_slice(),
        }
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
        CowVec::from(self.as_slice()).into_iter()
    }
}

impl<T: Clone> Default for IntoIter<T> {
    /// Creates an empty iterator.
    fn default() -> Self {
        CowVec::new().into_iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.as_slice()).finish()
    }
}

iterate!([T: Clone] IntoIter<T>, T, source);

impl<T: Clone> IntoIterator for CowVec<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    /// Moves the elements out of a unique buffer. Clones the elements of a shared buffer, each when it is returned.
    /// O(1), and O(1) an element.
    #[inline]
    fn into_iter(self) -> IntoIter<T> {
        let source = match self.into_handle().try_into_unique() {
            Ok(unique) => Source::Moving(unique.into_iter()),
            Err(handle) => {
                let range = 0..handle.len();
                Source::Cloning(Cloning::new(handle, range))
            }
        };
        IntoIter { source }
    }
}

impl<'a, T> IntoIterator for &'a CowVec<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
