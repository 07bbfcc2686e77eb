//! Capacity: reserving and giving back.

use super::{CowVec, UniqueVec};
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;

impl<T: Clone> CowVec<T> {
    /// Reserves room for at least `additional` more elements. Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n) always, even if there is room,
    /// since another handle may take it: do not reserve before each push.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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

    /// [`CowVec::reserve`] with the error as a value. Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n), even if there is room.
    ///
    /// # Errors
    ///
    /// If the new capacity would exceed `isize::MAX` bytes, or the allocator has no such block. The
    /// vector is then as it was.
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

    /// Reserves room for `additional` more elements, and no more than the allocator rounds up to.
    /// Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n) always.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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

    /// [`CowVec::reserve_exact`] with the error as a value. Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n) always.
    ///
    /// # Errors
    ///
    /// As [`CowVec::try_reserve`].
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

    /// Lets go of the room beyond `capacity` elements, or beyond the length if that is more, but for
    /// what the allocator rounds up to. Clones the buffer if it is shared and larger than that.
    ///
    /// Unique: O(n) if the allocator moves the block, else O(1). Shared: O(n), or O(1) if the buffer is
    /// no larger; other handles keep the old one alive.
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

    /// Lets go of the room beyond the length, but for what the allocator rounds up to. Clones the buffer
    /// if it is shared and larger than that.
    ///
    /// Unique: O(n) if the allocator moves the block, else O(1). Shared: O(n), or O(1) if the buffer is
    /// no larger. This is also how a short prefix of a long vector stops keeping all of it alive.
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

    /// Moves on to a buffer of its own with room for `capacity` elements, which is not less than `len`.
    #[track_caller]
    fn copy(&mut self, capacity: usize) {
        *self = self.handle.copied(capacity).into_shared();
    }

    /// [`CowVec::copy`] with the error as a value.
    fn try_copy(&mut self, capacity: usize) -> Result<(), TryReserveError> {
        let mut copy = UniqueVec::try_with_capacity(capacity)?;
        copy.extend_from_slice(self);
        *self = copy.into_shared();
        Ok(())
    }
}

/// Makes `handle` unique, with room for `more` elements.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn reserve_unique<T: Clone>(handle: &mut Handle<T>, more: usize) -> &mut UniqueVec<T> {
    let needed = handle.len().saturating_add(more);
    let unique = handle.unique_or(|shared| shared.copied(shared.cap_for_copy(needed)));
    unique.reserve(more);
    unique
}
