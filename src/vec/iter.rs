//! Iteration by value.

use core::fmt;
use core::iter::FusedIterator;

use super::{CowVec, UniqueVec};
use crate::raw::handle::Handle;
use crate::raw::moves::MoveOut;

/// The elements of a [`CowVec`] by value.
///
/// Made by [`CowVec::into_iter`]. If the vector was the only handle of its buffer, elements are moved
/// out; else each is cloned when it is asked for, and none that is not.
pub struct IntoIter<T> {
    source: Source<T>,
}

/// Decided once, when the iterator is made.
enum Source<T> {
    Moving(MoveOut<T>),
    /// Elements `[front, back)` are still to come.
    Cloning {
        handle: Handle<T>,
        front: usize,
        back: usize,
    },
}

impl<T> IntoIter<T> {
    /// The elements still to come.
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
            Source::Cloning { handle, front, back } => &handle.as_slice()[*front..*back],
        }
    }
}

impl<T: Clone> Iterator for IntoIter<T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        match &mut self.source {
            Source::Moving(moving) => moving.next(),
            Source::Cloning { handle, front, back } => {
                let element = handle.as_slice()[*front..*back].first()?;
                *front += 1;
                Some(element.clone())
            }
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.as_slice().len();
        (left, Some(left))
    }
}

impl<T: Clone> DoubleEndedIterator for IntoIter<T> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        match &mut self.source {
            Source::Moving(moving) => moving.next_back(),
            Source::Cloning { handle, front, back } => {
                let element = handle.as_slice()[*front..*back].last()?;
                *back -= 1;
                Some(element.clone())
            }
        }
    }
}

impl<T: Clone> ExactSizeIterator for IntoIter<T> {}
impl<T: Clone> FusedIterator for IntoIter<T> {}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.as_slice()).finish()
    }
}

impl<T: Clone> IntoIterator for CowVec<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    /// Moves the elements out if this is the only handle of its buffer; else clones each when it is
    /// asked for. O(1), and O(1) an element.
    #[inline]
    fn into_iter(self) -> IntoIter<T> {
        let source = match self.into_handle().try_into_unique() {
            Ok(unique) => Source::Moving(MoveOut::new(unique)),
            Err(handle) => Source::Cloning { front: 0, back: handle.len(), handle },
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

impl<'a, T> IntoIterator for &'a UniqueVec<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut UniqueVec<T> {
    type Item = &'a mut T;
    type IntoIter = core::slice::IterMut<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
