//! The capacity of a [`UniqueVec`]: reserving and shrinking.
#![expect(unsafe_code, reason = "reallocates the block")]

use super::UniqueVec;
use crate::raw::buffer::{Header, SharedBuf};
use crate::raw::layout::{BlockLayout, ReserveError, TryReserveError, or_fail};

impl<T> UniqueVec<T> {
    const LAYOUT: BlockLayout = BlockLayout::of::<Header, T>();

    /// Reserves capacity for at least `additional` more elements, and speculatively for more.
    ///
    /// O(1) if the capacity suffices; otherwise one allocation, and the elements may move.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// v.reserve(10);
    /// assert!(v.capacity() >= 11);
    /// ```
    #[inline]
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if self.capacity() - self.len() < additional {
            self.grow_amortised(additional);
        }
    }

    /// Reserves capacity for `additional` more elements, rounded up to a size class of the allocator.
    ///
    /// O(1) if the capacity suffices; otherwise one allocation, and the elements may move.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1_u64]);
    /// v.reserve_exact(10);
    /// assert!((11..15).contains(&v.capacity()));
    /// ```
    #[inline]
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        or_fail(self.reserve_with(additional, Self::exactly));
    }

    /// Tries to reserve capacity for at least `additional` more elements, and speculatively for more.
    ///
    /// O(1) if the capacity suffices; otherwise one allocation, and the elements may move.
    ///
    /// # Errors
    ///
    /// Returns an error if the new capacity exceeds `isize::MAX` bytes, or the allocation fails. The vector is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1_u64]);
    /// assert!(v.try_reserve(usize::MAX).is_err());
    /// assert!(v.try_reserve(10).is_ok() && v.capacity() >= 11);
    /// ```
    #[inline]
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        Ok(self.reserve_with(additional, Self::amortised)?)
    }

    /// Tries to reserve capacity for `additional` more elements, rounded up to a size class of the allocator.
    ///
    /// O(1) if the capacity suffices; otherwise one allocation, and the elements may move.
    ///
    /// # Errors
    ///
    /// Returns an error as [`try_reserve`](UniqueVec::try_reserve) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1_u64]);
    /// assert!(v.try_reserve_exact(usize::MAX).is_err());
    /// assert!(v.try_reserve_exact(10).is_ok() && v.capacity() >= 11);
    /// ```
    #[inline]
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError> {
        Ok(self.reserve_with(additional, Self::exactly)?)
    }

    /// Shrinks the capacity to `capacity` or the length, whichever is larger, rounded up to a size class of the
    /// allocator.
    ///
    /// O(n) if the allocator moves the buffer, otherwise O(1). Frees the buffer if both are 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::with_capacity(100);
    /// v.push(1_u64);
    /// v.shrink_to(10);
    /// assert!((10..100).contains(&v.capacity()));
    /// ```
    #[track_caller]
    pub fn shrink_to(&mut self, capacity: usize) {
        let target = capacity.max(self.len());
        if target == 0 {
            *self = Self::new();
        } else if Self::rounded(target) < self.capacity() {
            self.set_capacity(target);
        }
    }

    /// Shrinks the capacity to the length, rounded up to a size class of the allocator.
    ///
    /// O(n) if the allocator moves the buffer, otherwise O(1). Frees the buffer if the vector is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::with_capacity(100);
    /// v.push(1_u64);
    /// v.shrink_to_fit();
    /// assert!(v.capacity() < 10);
    /// ```
    #[inline]
    #[track_caller]
    pub fn shrink_to_fit(&mut self) {
        self.shrink_to(0);
    }

    /// Reserves capacity for `additional` more elements. `growth` returns the new capacity for the number of elements
    /// that it must hold.
    fn reserve_with(
        &mut self,
        additional: usize,
        growth: fn(&Self, usize) -> usize,
    ) -> Result<(), ReserveError> {
        if self.capacity() - self.len() >= additional {
            return Ok(());
        }
        let needed = self.len().checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        self.try_set_capacity(growth(self, needed))
    }

    fn amortised(&self, needed: usize) -> usize {
        Self::LAYOUT.amortised(self.capacity(), needed)
    }

    fn exactly(&self, needed: usize) -> usize {
        needed
    }

    /// Reallocates to a capacity of `cap`, which is at least the length, rounded up to a size class of the allocator.
    #[track_caller]
    pub(crate) fn set_capacity(&mut self, cap: usize) {
        or_fail(self.try_set_capacity(cap));
    }

    /// Like [`UniqueVec::set_capacity`], but returns an error, and then leaves the vector unchanged.
    fn try_set_capacity(&mut self, cap: usize) -> Result<(), ReserveError> {
        assert!(cap >= self.len(), "a block holds its elements");
        let buf = if self.0.buf().is_allocated() {
            // SAFETY: this is the unique owner of a live block (B1, B5), which counts `len <= cap` elements. The block
            // is replaced below.
            unsafe { self.0.buf().try_grow(cap) }?
        } else {
            SharedBuf::try_allocate(cap)?
        };
        // SAFETY: `buf` has the elements and the only reference (B1, B2), and the old block is gone.
        unsafe { self.0.set_buf(buf) };
        Ok(())
    }

    /// Returns the capacity of a new block for `cap` elements.
    pub(crate) fn rounded(cap: usize) -> usize {
        Self::LAYOUT.round_up(cap).unwrap_or(cap)
    }

    /// The part of [`UniqueVec::reserve`] that runs when the capacity does not suffice.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn grow_amortised(&mut self, additional: usize) {
        or_fail(self.reserve_with(additional, Self::amortised));
    }
}
