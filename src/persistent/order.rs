//! Reordering elements, and mutable access to several of them.

use alloc::vec::Vec;
use core::array;
use core::cmp::Ordering;
use core::error::Error;
use core::fmt;
use core::mem;

use super::PersistentVector;
use super::node::{LeavesMut, Root};
use crate::panics::bad_index;
use crate::vec::CowVec;

/// The error of [`PersistentVector::get_disjoint_mut`].
///
/// # Examples
///
/// ```
/// use cow_collections::persistent::GetDisjointMutError;
/// use cow_collections::persistent_vector;
///
/// let mut vector = persistent_vector![1, 2, 3];
/// let error = vector.get_disjoint_mut([1, 1]).unwrap_err();
/// assert_eq!(error, GetDisjointMutError::OverlappingIndices);
/// let error = vector.get_disjoint_mut([0, 3]).unwrap_err();
/// assert_eq!(error, GetDisjointMutError::IndexOutOfBounds);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GetDisjointMutError {
    /// An index is out of bounds.
    IndexOutOfBounds,
    /// Two indices are equal.
    OverlappingIndices,
}

impl fmt::Display for GetDisjointMutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IndexOutOfBounds => "an index is out of bounds",
            Self::OverlappingIndices => "there were overlapping indices",
        })
    }
}

impl Error for GetDisjointMutError {}

/// Methods that reorder elements.
///
/// Sorting moves all elements into one slice and back, and clones those of shared leaves before the first comparison.
impl<T: Clone> PersistentVector<T> {
    /// Returns mutable references to several elements at once.
    ///
    /// O(k log16 n) for k elements. Copies their leaves if these are shared.
    ///
    /// # Errors
    ///
    /// Returns an error if an index is out of bounds, or if two are equal; nothing is copied then.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// let [a, b] = vector.get_disjoint_mut([900, 3])?;
    /// core::mem::swap(a, b);
    /// assert_eq!((vector[3], vector[900]), (900, 3));
    /// assert!(vector.get_disjoint_mut([3, 3]).is_err());
    /// # Ok::<(), cow_collections::persistent::GetDisjointMutError>(())
    /// ```
    pub fn get_disjoint_mut<const N: usize>(
        &mut self,
        indices: [usize; N],
    ) -> Result<[&mut T; N], GetDisjointMutError> {
        if indices.iter().any(|index| *index >= self.len()) {
            return Err(GetDisjointMutError::IndexOutOfBounds);
        }
        let mut order: [usize; N] = array::from_fn(|i| i);
        order.sort_unstable_by_key(|i| indices[*i]);
        if order.windows(2).any(|pair| indices[pair[0]] == indices[pair[1]]) {
            return Err(GetDisjointMutError::OverlappingIndices);
        }
        let mut found = [const { None }; N];
        let (mut elements, mut passed) = (self.iter_mut(), 0);
        for i in order {
            found[i] = elements.nth(indices[i] - passed);
            passed = indices[i] + 1;
        }
        Ok(found.map(|element| match element {
            Some(element) => element,
            None => unreachable!("every index is below the length"),
        }))
    }

    /// Swaps two elements.
    ///
    /// O(log16 n). Copies their leaves if these are shared.
    ///
    /// # Panics
    ///
    /// Panics if an index is out of bounds, or if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3];
    /// vector.swap(0, 2);
    /// assert_eq!(vector, [3, 2, 1]);
    /// ```
    #[track_caller]
    pub fn swap(&mut self, a: usize, b: usize) {
        let len = self.len();
        if a.max(b) >= len {
            bad_index(if a >= len { a } else { b }, len);
        }
        if let Ok([a, b]) = self.get_disjoint_mut([a, b]) {
            mem::swap(a, b);
        }
    }

    /// Fills the vector with clones of `value`.
    ///
    /// O(n). Copies every shared leaf.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let old = persistent_vector![1, 2, 3];
    /// let mut new = old.clone();
    /// new.fill(0);
    /// assert_eq!((old, new), (persistent_vector![1, 2, 3], persistent_vector![0; 3]));
    /// ```
    pub fn fill(&mut self, value: T) {
        self.chunks_mut().for_each(|leaf| leaf.fill(value.clone()));
    }

    /// Reverses the order of the elements.
    ///
    /// O(n). Copies every shared leaf.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics; some elements may then have changed places.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3];
    /// vector.reverse();
    /// assert_eq!(vector, [3, 2, 1]);
    /// ```
    pub fn reverse(&mut self) {
        let mut elements = self.iter_mut();
        while let (Some(a), Some(b)) = (elements.next(), elements.next_back()) {
            mem::swap(a, b);
        }
    }

    /// Rotates the vector so that the first `mid` elements move behind the others.
    ///
    /// O(log16 n): one cut and one concatenation, as by [`split_off`](PersistentVector::split_off) and
    /// [`append`](PersistentVector::append).
    ///
    /// # Panics
    ///
    /// Panics if `mid > len`, or if a clone panics. Elements may then be gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![1, 2, 3, 4];
    /// vector.rotate_left(1);
    /// assert_eq!(vector, [2, 3, 4, 1]);
    /// vector.rotate_right(2);
    /// assert_eq!(vector, [4, 1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn rotate_left(&mut self, mid: usize) {
        assert!(mid <= self.len(), "assertion failed: mid <= self.len()");
        let right = self.split_off(mid);
        let left = mem::replace(self, right);
        self.append(left);
    }

    /// Rotates the vector so that the last `k` elements move before the others: see
    /// [`rotate_left`](PersistentVector::rotate_left).
    ///
    /// # Panics
    ///
    /// Panics if `k > len`, or if a clone panics. Elements may then be gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut tabs = persistent_vector!["a", "b", "c"];
    /// tabs.rotate_right(1);
    /// assert_eq!(tabs, ["c", "a", "b"]);
    /// ```
    #[track_caller]
    pub fn rotate_right(&mut self, k: usize) {
        assert!(k <= self.len(), "assertion failed: k <= self.len()");
        self.rotate_left(self.len() - k);
    }

    /// Sorts the vector, preserving the order of equal elements.
    ///
    /// O(n log n). Copies every shared leaf.
    ///
    /// # Panics
    ///
    /// May panic if the order is not total, as `[T]::sort` does; the vector then has all elements in an unspecified
    /// order. Panics if a clone panics; the vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..1_000).rev().collect();
    /// let mut new = old.clone();
    /// new.sort();
    /// assert!(new.iter().copied().eq(0..1_000));
    /// assert_eq!(old[0], 999);
    /// ```
    pub fn sort(&mut self)
    where
        T: Ord,
    {
        self.root.with_slice(<[T]>::sort);
    }

    /// Sorts the vector with a comparison function: see [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![2.5_f64, -1.0, 0.0];
    /// vector.sort_by(|a, b| b.total_cmp(a));
    /// assert_eq!(vector, [2.5, 0.0, -1.0]);
    /// ```
    pub fn sort_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering) {
        self.root.with_slice(|all| all.sort_by(compare));
    }

    /// Sorts the vector with a key function: see [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut words = persistent_vector!["pear", "fig", "apple", "kiwi"];
    /// words.sort_by_key(|word| word.len());
    /// assert_eq!(words, ["fig", "pear", "kiwi", "apple"]);
    /// ```
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.root.with_slice(|all| all.sort_by_key(key));
    }

    /// Sorts the vector with a key function, which is called at most once for each element: see
    /// [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut names = persistent_vector!["Eve", "adam", "Bob"];
    /// let mut calls = 0;
    /// names.sort_by_cached_key(|name| {
    ///     calls += 1;
    ///     name.to_lowercase()
    /// });
    /// assert_eq!(names, ["adam", "Bob", "Eve"]);
    /// assert!(calls <= 3);
    /// ```
    pub fn sort_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.root.with_slice(|all| all.sort_by_cached_key(key));
    }

    /// Sorts the vector, but may not preserve the order of equal elements: see [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![3, 1, 2];
    /// vector.sort_unstable();
    /// assert_eq!(vector, [1, 2, 3]);
    /// ```
    pub fn sort_unstable(&mut self)
    where
        T: Ord,
    {
        self.root.with_slice(<[T]>::sort_unstable);
    }

    /// Sorts the vector with a comparison function, but may not preserve the order of equal elements: see
    /// [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![(1, 'a'), (1, 'b'), (2, 'c')];
    /// vector.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    /// assert_eq!(vector, [(2, 'c'), (1, 'a'), (1, 'b')]);
    /// ```
    pub fn sort_unstable_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering) {
        self.root.with_slice(|all| all.sort_unstable_by(compare));
    }

    /// Sorts the vector with a key function, but may not preserve the order of equal elements: see
    /// [`sort`](PersistentVector::sort).
    ///
    /// # Panics
    ///
    /// Panics as `sort` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let mut vector = persistent_vector![-3_i32, 2, 1];
    /// vector.sort_unstable_by_key(|x| x.unsigned_abs());
    /// assert_eq!(vector, [1, 2, -3]);
    /// ```
    pub fn sort_unstable_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.root.with_slice(|all| all.sort_unstable_by_key(key));
    }

    /// Calls `edit` with all elements as one slice, which it may only permute.
    #[cfg(feature = "rayon")]
    pub(crate) fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        self.root.with_slice(edit);
    }
}

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Calls `edit` with all elements as one slice, which it may only permute or overwrite.
    ///
    /// Moves the elements out into a `Vec` and back, unless they are in one leaf. Clones shared leaves first. Moves
    /// all elements back even if `edit` panics.
    pub(super) fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        /// Rebuilds the vector from the elements that were moved out.
        struct Rebuild<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>, Vec<T>);
        impl<T, const F: usize, const L: usize> Drop for Rebuild<'_, T, F, L> {
            fn drop(&mut self) {
                *self.0 = Root::from_vec(mem::take(&mut self.1));
            }
        }
        if self.as_slice().is_some() {
            return edit(LeavesMut::new(self).next().unwrap_or_default());
        }
        self.move_front_leaf_into_tree();
        let mut leaves = LeavesMut::new(self);
        while leaves.next().is_some() {}
        let mut all = Vec::with_capacity(self.len());
        // No leaf is shared any more, so nothing here clones or panics.
        while let Some(leaf) = self.take_first_leaf() {
            all.extend(CowVec::from_handle(leaf));
        }
        let mut rebuild = Rebuild(self, all);
        edit(&mut rebuild.1);
    }
}
