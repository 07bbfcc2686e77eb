//! Reads, collects, extends and sorts a [`CopyOnWriteList`] in parallel. Holds no lock during parallel work.

use alloc::vec::Vec;
use core::cmp::Ordering;

use ::rayon::prelude::*;
use ::rayon::slice;

use crate::list::{CopyOnWriteList, CopyOnWriteSet, Guard};
use crate::vec::UniqueVec;

impl<'a, T: Sync> IntoParallelIterator for &'a Guard<'_, T> {
    type Item = &'a T;
    type Iter = slice::Iter<'a, T>;

    /// Iterates over the slice.
    fn into_par_iter(self) -> Self::Iter {
        self[..].into_par_iter()
    }
}

impl<T: Send> FromParallelIterator<T> for CopyOnWriteList<T> {
    /// Collects into a [`UniqueVec`], whose buffer the list takes. O(n).
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(iter: I) -> Self {
        UniqueVec::from_par_iter(iter).into()
    }
}

impl<T: Send + Eq> FromParallelIterator<T> for CopyOnWriteSet<T> {
    /// Collects into a `Vec` in parallel, and keeps the first of equal elements. O(n²).
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(iter: I) -> Self {
        Vec::from_par_iter(iter).into()
    }
}

/// Implements `ParallelExtend` for a list and for a reference to one.
macro_rules! extend {
    ($($list:ty)+) => {$(
        impl<T: Clone + Send> ParallelExtend<T> for $list {
            /// Collects into a `Vec` in parallel, and appends all at once, as [`CopyOnWriteList::extend`] does.
            fn par_extend<I: IntoParallelIterator<Item = T>>(&mut self, iter: I) {
                CopyOnWriteList::extend(self, Vec::from_par_iter(iter));
            }
        }
    )+};
}

extend!(CopyOnWriteList<T> &CopyOnWriteList<T>);

/// Implements `ParallelExtend` for a set and for a reference to one.
macro_rules! extend_set {
    ($($set:ty)+) => {$(
        impl<T: Clone + Eq + Send> ParallelExtend<T> for $set {
            /// Collects into a `Vec` in parallel, and adds new elements at once, as [`CopyOnWriteSet::extend`] does.
            fn par_extend<I: IntoParallelIterator<Item = T>>(&mut self, iter: I) {
                CopyOnWriteSet::extend(self, Vec::from_par_iter(iter));
            }
        }
    )+};
}

extend_set!(CopyOnWriteSet<T> &CopyOnWriteSet<T>);

/// Parallel sorting, with the feature `rayon`.
///
/// Each method sorts a copy without a lock, and repeats that if another thread published meanwhile. A sorted list stays
/// unchanged. Each panics if it is called within another write to this list, or if a clone or the comparison panics. The
/// list is then unchanged.
impl<T: Clone + Send + Sync> CopyOnWriteList<T> {
    /// Sorts the list in parallel, as [`sort`](CopyOnWriteList::sort) does.
    ///
    /// O(n log n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([3, 1, 2]);
    /// list.par_sort();
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn par_sort(&self)
    where
        T: Ord,
    {
        self.par_sort_by(T::cmp);
    }

    /// Sorts the list in parallel, with a comparison function.
    #[track_caller]
    pub fn par_sort_by(&self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.par_arrange(compare, |all, compare| all.par_sort_by(compare));
    }

    /// Sorts the list in parallel, with a key function, which is called for each comparison.
    #[track_caller]
    pub fn par_sort_by_key<K: Ord>(&self, key: impl Fn(&T) -> K + Sync) {
        self.par_sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts the list in parallel, and may reorder equal elements.
    #[track_caller]
    pub fn par_sort_unstable(&self)
    where
        T: Ord,
    {
        self.par_sort_unstable_by(T::cmp);
    }

    /// Sorts the list in parallel, with a comparison function, and may reorder equal elements.
    #[track_caller]
    pub fn par_sort_unstable_by(&self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.par_arrange(compare, |all, compare| all.par_sort_unstable_by(compare));
    }

    /// Sorts the list in parallel, with a key function, which is called for each comparison, and may reorder equal
    /// elements.
    #[track_caller]
    pub fn par_sort_unstable_by_key<K: Ord>(&self, key: impl Fn(&T) -> K + Sync) {
        self.par_sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    }

    #[track_caller]
    fn par_arrange<F: Fn(&T, &T) -> Ordering>(&self, compare: F, sort: fn(&mut [T], &F)) {
        self.rcu(|old| {
            if old.is_sorted_by(|a, b| compare(a, b).is_le()) {
                return old.clone();
            }
            let mut new = UniqueVec::from(old.as_slice());
            sort(&mut new, &compare);
            new.into_shared()
        });
    }
}
