//! The same elements in another order, and several of them at once.

use core::array;
use core::cmp::Ordering;
use core::error::Error;
use core::fmt;
use core::mem;

use super::PersistentVector;
use crate::panics::bad_index;

/// Why several elements could not be lent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GetDisjointMutError {
    /// An index is not below the length.
    IndexOutOfBounds,
    /// Two indices are the same.
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

/// Sorting moves all elements into one slice and back, a leaf at a time; those of shared leaves are cloned
/// before anything is compared.
impl<T: Clone> PersistentVector<T> {
    /// Several elements for writing at once. Clones their leaves if they are shared.
    ///
    /// O(k log16 n) for k of them.
    ///
    /// # Errors
    ///
    /// If an index is not below the length, or two are the same; nothing is copied then.
    ///
    /// # Panics
    ///
    /// If a clone panics; the vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let mut vector: PersistentVector<u32> = (0..1_000).collect();
    /// let [a, b] = vector.get_disjoint_mut([900, 3]).unwrap();
    /// core::mem::swap(a, b);
    /// assert_eq!((vector[3], vector[900]), (900, 3));
    /// assert!(vector.get_disjoint_mut([3, 3]).is_err());
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

    /// Swaps two elements. Clones their leaves if they are shared.
    ///
    /// O(log16 n).
    ///
    /// # Panics
    ///
    /// If an index is not below the length, or a clone panics; the vector is then as it was.
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

    /// Sets every element to a clone of `value`. Clones every leaf that is shared.
    ///
    /// O(n).
    pub fn fill(&mut self, value: T) {
        self.chunks_mut().for_each(|leaf| leaf.fill(value.clone()));
    }

    /// Reverses the order of the elements. Clones every leaf that is shared.
    ///
    /// O(n).
    ///
    /// # Panics
    ///
    /// If a clone panics; some elements may then have changed places.
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

    /// Puts the first `mid` elements behind the others.
    ///
    /// O(log16 n): a cut and a join, as [`split_off`](PersistentVector::split_off) and
    /// [`append`](PersistentVector::append).
    ///
    /// # Panics
    ///
    /// If `mid > len`. If a clone panics, elements may be gone.
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

    /// Puts the last `k` elements before the others: see [`rotate_left`](PersistentVector::rotate_left).
    ///
    /// # Panics
    ///
    /// If `k > len`. If a clone panics, elements may be gone.
    #[track_caller]
    pub fn rotate_right(&mut self, k: usize) {
        assert!(k <= self.len(), "assertion failed: k <= self.len()");
        self.rotate_left(self.len() - k);
    }

    /// Sorts the elements, and keeps the order of equal ones. Clones every leaf that is shared.
    ///
    /// O(n log n): `[T]`'s sort.
    ///
    /// # Panics
    ///
    /// May panic if the order is not total, as `[T]::sort` does. If a comparison panics, the vector has
    /// all elements, in an unspecified order; if a clone panics, it is as it was.
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
        self.tree.with_slice(<[T]>::sort);
    }

    /// [`sort`](PersistentVector::sort) by a comparison.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering) {
        self.tree.with_slice(|all| all.sort_by(compare));
    }

    /// [`sort`](PersistentVector::sort) by a key.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.tree.with_slice(|all| all.sort_by_key(key));
    }

    /// [`sort`](PersistentVector::sort) by a key, which is asked for once an element.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.tree.with_slice(|all| all.sort_by_cached_key(key));
    }

    /// [`sort`](PersistentVector::sort) that may change the order of equal elements.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_unstable(&mut self)
    where
        T: Ord,
    {
        self.tree.with_slice(<[T]>::sort_unstable);
    }

    /// [`sort_unstable`](PersistentVector::sort_unstable) by a comparison.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_unstable_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering) {
        self.tree.with_slice(|all| all.sort_unstable_by(compare));
    }

    /// [`sort_unstable`](PersistentVector::sort_unstable) by a key.
    ///
    /// # Panics
    ///
    /// As `sort`.
    pub fn sort_unstable_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        self.tree.with_slice(|all| all.sort_unstable_by_key(key));
    }

    /// Edits the elements as one slice, which has all of them afterwards in whatever order.
    #[cfg(feature = "rayon")]
    pub(crate) fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        self.tree.with_slice(edit);
    }
}
