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
/// unchanged. Each panics if it is called within another write to this list, or if a clone or the comparison panics.
/// The list is then unchanged.
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
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([0.5_f64, -1.0, 2.0]);
    /// list.par_sort_by(f64::total_cmp);
    /// assert_eq!(list, [-1.0, 0.5, 2.0]);
    /// ```
    #[track_caller]
    pub fn par_sort_by(&self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.par_arrange(compare, |all, compare| all.par_sort_by(compare));
    }

    /// Sorts the list in parallel, with a key function, which is called for each comparison.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let words = CopyOnWriteList::from(["pear", "fig", "kiwi"]);
    /// words.par_sort_by_key(|word| word.len());
    /// assert_eq!(words, ["fig", "pear", "kiwi"]); // words of one length keep their order
    /// ```
    #[track_caller]
    pub fn par_sort_by_key<K: Ord>(&self, key: impl Fn(&T) -> K + Sync) {
        self.par_sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts the list in parallel, and may reorder equal elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list: CopyOnWriteList<u32> = (0..1_000).rev().collect();
    /// let before = list.snapshot();
    /// list.par_sort_unstable();
    /// assert_eq!((before[0], list.first()), (999, Some(0)));
    /// ```
    #[track_caller]
    pub fn par_sort_unstable(&self)
    where
        T: Ord,
    {
        self.par_sort_unstable_by(T::cmp);
    }

    /// Sorts the list in parallel, with a comparison function, and may reorder equal elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 3, 2]);
    /// list.par_sort_unstable_by(|a, b| b.cmp(a));
    /// assert_eq!(list, [3, 2, 1]);
    /// ```
    #[track_caller]
    pub fn par_sort_unstable_by(&self, compare: impl Fn(&T, &T) -> Ordering + Sync) {
        self.par_arrange(compare, |all, compare| all.par_sort_unstable_by(compare));
    }

    /// Sorts the list in parallel, with a key function, which is called for each comparison, and may reorder equal
    /// elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let servers = CopyOnWriteList::from([("a", 7), ("b", 2), ("c", 5)]);
    /// servers.par_sort_unstable_by_key(|(_, load)| *load);
    /// assert_eq!(servers.first(), Some(("b", 2)));
    /// ```
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
