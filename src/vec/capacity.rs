//! The capacity of a [`CowVec`]: reserving and shrinking.

use super::{CowVec, UniqueVec};
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;

impl<T: Clone> CowVec<T> {
    /// Reserves capacity for at least `additional` more elements. Clones the buffer if it is shared.
    ///
    /// If unique: O(1) if the capacity suffices, otherwise one allocation. O(n) if shared, even if the capacity
    /// suffices, because another handle may use it. So do not reserve before each push.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1];
    /// v.reserve(10);
    /// assert!(v.capacity() >= 11);
    /// ```
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        reserve_unique(&mut self.handle, additional);
    }

    /// Tries to reserve capacity for at least `additional` more elements. Clones the buffer if it is shared.
    ///
    /// If unique: O(1) if the capacity suffices, otherwise one allocation. O(n) if shared.
    ///
    /// # Errors
    ///
    /// Returns an error if the new capacity exceeds `isize::MAX` bytes, or the allocation fails. The vector is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// assert!(v.try_reserve(usize::MAX).is_err());
    /// assert!(v.try_reserve(10).is_ok() && v.capacity() >= 13);
    /// ```
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        match self.get_unique() {
            Some(unique) => unique.try_reserve(additional),
            None => self.try_copy(self.handle.cap_for_copy(self.len().saturating_add(additional))),
        }
    }

    /// Reserves capacity for `additional` more elements, rounded up to a size class of the allocator. Clones the buffer
    /// if it is shared.
    ///
    /// If unique: O(1) if the capacity suffices, otherwise one allocation. O(n) if shared.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1_u64];
    /// v.reserve_exact(10);
    /// assert!((11..15).contains(&v.capacity()));
    /// ```
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        match self.get_unique() {
            Some(unique) => unique.reserve_exact(additional),
            None => self.copy(self.len().saturating_add(additional)),
        }
    }

    /// Tries to reserve capacity for `additional` more elements, rounded up to a size class of the allocator. Clones
    /// the buffer if it is shared.
    ///
    /// If unique: O(1) if the capacity suffices, otherwise one allocation. O(n) if shared.
    ///
    /// # Errors
    ///
    /// Returns an error as [`try_reserve`](CowVec::try_reserve) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1_u64];
    /// assert!(v.try_reserve_exact(usize::MAX).is_err());
    /// assert!(v.try_reserve_exact(10).is_ok() && v.capacity() >= 11);
    /// ```
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError> {
        match self.get_unique() {
            Some(unique) => unique.try_reserve_exact(additional),
            None => self.try_copy(self.len().saturating_add(additional)),
        }
    }

    /// Shrinks the capacity to `capacity` or the length, whichever is larger, rounded up to a size class of the
    /// allocator. Clones the buffer if it is shared and larger.
    ///
    /// If unique: O(n) if the allocator moves the buffer, otherwise O(1). O(n) if shared, or O(1) if the buffer is not
    /// larger. The other handles keep the old buffer alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let mut v = CowVec::with_capacity(100);
    /// v.push(1_u64);
    /// v.shrink_to(10);
    /// assert!((10..100).contains(&v.capacity()));
    /// ```
    #[track_caller]
    pub fn shrink_to(&mut self, capacity: usize) {
        if let Some(unique) = self.get_unique() {
            return unique.shrink_to(capacity);
        }
        let target = capacity.max(self.len());
        if UniqueVec::<T>::rounded(target) < self.handle.block_cap() {
            self.copy(target);
        }
    }

    /// Shrinks the capacity to the length, rounded up to a size class of the allocator. Clones the buffer if it is
    /// shared and larger.
    ///
    /// If unique: O(n) if the allocator moves the buffer, otherwise O(1). O(n) if shared, or O(1) if the buffer is not
    /// larger. Call this on a short prefix of a long vector, so that it no longer keeps the long buffer alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let all: CowVec<u64> = (0..100).collect();
    /// let mut some = all.clone();
    /// some.truncate(3);
    /// some.shrink_to_fit();
    /// assert!(some.capacity() < 10 && !some.ptr_eq(&all));
    /// ```
    #[inline]
    #[track_caller]
    pub fn shrink_to_fit(&mut self) {
        self.shrink_to(0);
    }

    /// Replaces the vector by a copy with at least the given capacity.
    #[track_caller]
    fn copy(&mut self, capacity: usize) {
        *self = self.handle.copied(capacity).into_shared();
    }

    /// Like [`CowVec::copy`], but returns an error if the allocation fails.
    fn try_copy(&mut self, capacity: usize) -> Result<(), TryReserveError> {
        let mut copy = UniqueVec::try_with_capacity(capacity)?;
        copy.extend_from_slice(self);
        *self = copy.into_shared();
        Ok(())
    }
}

/// Makes `handle` unique, with capacity for `more` elements.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn reserve_unique<T: Clone>(handle: &mut Handle<T>, more: usize) -> &mut UniqueVec<T> {
    let needed = handle.len().saturating_add(more);
    let unique = handle.unique_or(|shared| shared.copied(shared.cap_for_copy(needed)));
    unique.reserve(more);
    unique
}
