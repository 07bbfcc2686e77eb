//! Parallel iteration over [`CowVec`] and [`UniqueVec`].

use alloc::vec::Vec;
use core::fmt;

use ::rayon::iter::plumbing::{Consumer, ProducerCallback, UnindexedConsumer, bridge};
use ::rayon::prelude::*;
use ::rayon::{slice, vec};

use crate::vec::{CowVec, UniqueVec};

/// A parallel iterator over the elements of a [`CowVec`] by value.
///
/// Moves the elements if the buffer is not shared when iteration begins, and clones them otherwise.
///
/// # Examples
///
/// ```
/// use cow_collections::CowVec;
/// use rayon::prelude::*;
///
/// let words: CowVec<String> = ["a", "b", "c"].map(String::from).into();
/// let shared = words.clone();
/// let joined: String = words.into_par_iter().collect(); // clones, because `shared` remains
/// assert_eq!((joined.as_str(), shared.len()), ("abc", 3));
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct IntoIter<T>(CowVec<T>);

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.0).finish()
    }
}

impl<T: Clone + Send + Sync> ParallelIterator for IntoIter<T> {
    type Item = T;

    fn drive_unindexed<C: UnindexedConsumer<T>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T: Clone + Send + Sync> IndexedParallelIterator for IntoIter<T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn drive<C: Consumer<T>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<B: ProducerCallback<T>>(self, callback: B) -> B::Output {
        match self.0.try_into_unique() {
            Ok(unique) => unique.into_par_iter().with_producer(callback),
            Err(shared) => shared.par_iter().cloned().with_producer(callback),
        }
    }
}

impl<T: Clone + Send + Sync> IntoParallelIterator for CowVec<T> {
    type Item = T;
    type Iter = IntoIter<T>;

    /// Moves the elements through a `Vec` if the buffer is not shared. Otherwise clones each on the thread that uses
    /// it.
    fn into_par_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

impl<'a, T: Sync> IntoParallelIterator for &'a CowVec<T> {
    type Item = &'a T;
    type Iter = slice::Iter<'a, T>;

    /// Iterates over the slice.
    fn into_par_iter(self) -> Self::Iter {
        self.as_slice().into_par_iter()
    }
}

impl<T: Send> IntoParallelIterator for UniqueVec<T> {
    type Item = T;
    type Iter = vec::IntoIter<T>;

    /// Moves the elements through a `Vec`. O(n), one allocation and one `memcpy` before iteration begins.
    fn into_par_iter(self) -> Self::Iter {
        self.into_vec().into_par_iter()
    }
}

impl<'a, T: Sync> IntoParallelIterator for &'a UniqueVec<T> {
    type Item = &'a T;
    type Iter = slice::Iter<'a, T>;

    /// Iterates over the slice.
    fn into_par_iter(self) -> Self::Iter {
        self.as_slice().into_par_iter()
    }
}

impl<'a, T: Send> IntoParallelIterator for &'a mut UniqueVec<T> {
    type Item = &'a mut T;
    type Iter = slice::IterMut<'a, T>;

    /// Iterates over the slice.
    fn into_par_iter(self) -> Self::Iter {
        self.as_mut_slice().into_par_iter()
    }
}

impl<T: Send> FromParallelIterator<T> for UniqueVec<T> {
    /// Collects into `Vec`s in parallel, and moves their elements into one buffer. O(n).
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(iter: I) -> Self {
        let mut vec = Self::new();
        vec.par_extend(iter);
        vec
    }
}

impl<T: Send> FromParallelIterator<T> for CowVec<T> {
    /// Collects into a [`UniqueVec`]. O(n).
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(iter: I) -> Self {
        UniqueVec::from_par_iter(iter).into_shared()
    }
}

impl<T: Send> ParallelExtend<T> for UniqueVec<T> {
    /// Collects into `Vec`s in parallel, and moves their elements to the end. O(k) for k elements.
    fn par_extend<I: IntoParallelIterator<Item = T>>(&mut self, iter: I) {
        let parts = iter.into_par_iter().collect_vec_list();
        self.reserve(parts.iter().map(Vec::len).sum());
        for mut part in parts {
            self.append_vec(&mut part);
        }
    }
}

impl<T: Clone + Send> ParallelExtend<T> for CowVec<T> {
    /// Collects into `Vec`s in parallel, and appends their elements as [`extend`](Extend::extend) does.
    ///
    /// Clones the buffer if it is shared and cannot be appended to in place.
    fn par_extend<I: IntoParallelIterator<Item = T>>(&mut self, iter: I) {
        for part in iter.into_par_iter().collect_vec_list() {
            self.extend(part);
        }
    }
}

/// Implements `ParallelExtend` for references, as `Extend` is.
macro_rules! extend_by_reference {
    ($($type:ident)+) => {$(
        impl<'a, T: Copy + Send + Sync> ParallelExtend<&'a T> for $type<T> {
            /// Appends copies of the elements.
            fn par_extend<I: IntoParallelIterator<Item = &'a T>>(&mut self, iter: I) {
                self.par_extend(iter.into_par_iter().copied());
            }
        }
    )+};
}
pub(super) use extend_by_reference;

extend_by_reference!(CowVec UniqueVec);
