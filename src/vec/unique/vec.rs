//! `UniqueVec`, a handle that is known to be alone.
#![expect(unsafe_code, reason = "writes to slots that no other handle covers")]

mod bulk;
pub(crate) mod gap;
pub(crate) mod moves;
pub(crate) mod transfer;

use core::mem::MaybeUninit;
#[cfg(all(feature = "list", not(feature = "arc-swap")))]
use core::mem::needs_drop;
use core::ptr::{self, NonNull};
use core::slice;

pub use self::bulk::*;
use crate::raw::buffer::{Header, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::layout::{BlockLayout, ReserveError, TryReserveError, or_fail};
#[cfg(feature = "list")]
use crate::raw::refcount::control;
#[cfg(feature = "list")]
use crate::sync::weakened;

/// A [`CowVec`](crate::CowVec) that is known to be the only handle of its buffer: a `Vec` in all but
/// its allocation, and one step from being shared.
///
/// It has no `Clone` bound and no read-modify-write anywhere: the one check that the buffer is not
/// shared was made when it was got, by [`CowVec::make_unique`](crate::CowVec::make_unique),
/// [`get_unique`](crate::CowVec::get_unique) or [`into_unique`](crate::CowVec::into_unique), and the
/// type keeps it true. [`into_shared`](UniqueVec::into_shared) leads back in O(1).
///
/// # Examples
///
/// ```
/// use cow_collections::{CowVec, UniqueVec};
///
/// let mut squares = UniqueVec::new();
/// for n in 0..4_u32 {
///     squares.push(n * n);
/// }
/// squares[0] = 7;
/// let shared: CowVec<u32> = squares.into_shared();
/// assert_eq!(shared, [7, 1, 4, 9]);
/// ```
#[repr(transparent)]
pub struct UniqueVec<T>(Handle<T>);

// SAFETY: no other handle exists, so no other thread can reach the elements: `Vec`'s bounds.
unsafe impl<T: Send> Send for UniqueVec<T> {}
// SAFETY: `&UniqueVec` gives `&T` and cannot be cloned into a handle: `Vec`'s bounds.
unsafe impl<T: Sync> Sync for UniqueVec<T> {}

/// From a handle that any number may share.
impl<T> Handle<T> {
    /// This handle as one that may write, if it is the only one.
    #[inline]
    pub(crate) fn get_unique(&mut self) -> Option<&mut UniqueVec<T>> {
        if !self.is_unique() {
            return None;
        }
        // SAFETY: just found unique.
        Some(unsafe { self.settle() })
    }

    /// This handle as one that may write; if it is shared, `copy` replaces it.
    #[inline]
    pub(crate) fn unique_or(
        &mut self,
        copy: impl FnOnce(&Self) -> UniqueVec<T>,
    ) -> &mut UniqueVec<T> {
        if !self.is_unique() {
            *self = copy(self).into_handle();
        }
        // SAFETY: found unique, or replaced by one that is.
        unsafe { self.settle() }
    }

    /// Trims a unique handle's buffer (B5), after which it is a `UniqueVec`.
    ///
    /// # Safety
    ///
    /// This is the only handle of its buffer.
    #[inline]
    unsafe fn settle(&mut self) -> &mut UniqueVec<T> {
        if self.buf().is_allocated() {
            // SAFETY: B1; unique.
            unsafe { self.buf().begin_edit() };
            // SAFETY: B1: this handle holds a count of it.
            if !unsafe { self.buf().filled() }.is_plain(self.len()) {
                // SAFETY: B5: unique.
                unsafe { self.buf().trim(self.len()) };
            }
        }
        // SAFETY: `UniqueVec` is `repr(transparent)` over `Handle`; this one is unique and trimmed, and
        // the borrow keeps anyone from cloning it.
        unsafe { &mut *ptr::from_mut(self).cast::<UniqueVec<T>>() }
    }

    /// [`Handle::get_unique`] by value.
    #[inline]
    pub(crate) fn try_into_unique(mut self) -> Result<UniqueVec<T>, Self> {
        if self.get_unique().is_none() {
            return Err(self);
        }
        // SAFETY: just found unique, and trimmed.
        Ok(unsafe { UniqueVec::from_handle(self) })
    }

    /// [`Handle::try_into_unique`] for a list: the one gate to publication (B11).
    #[cfg(feature = "list")]
    pub(crate) fn try_into_publishable(self) -> Result<UniqueVec<T>, Self> {
        if weakened(control::PUBLISH_WITHOUT_GATE) {
            // SAFETY: not kept: a loom control shows what follows.
            return Ok(unsafe { UniqueVec::from_handle(self) });
        }
        self.try_into_unique()
    }

    /// The buffer without its elements, for a list to build its next version in, if this is the only handle
    /// and nothing but memory is dropped.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    #[inline]
    pub(crate) fn try_into_spare(mut self) -> Result<UniqueVec<T>, Self> {
        if needs_drop::<T>() || !(self.is_unique() || weakened(control::PUBLISH_WITHOUT_GATE)) {
            return Err(self);
        }
        // SAFETY: B2 holds for no elements.
        unsafe { self.set_len(0) };
        if self.buf().is_allocated() {
            // SAFETY: B1; unique.
            unsafe { self.buf().begin_edit() };
            // SAFETY: B1, B5: unique, so that this trims; there is nothing to drop.
            unsafe { self.buf().filled() }.set(0);
        }
        // SAFETY: just found unique, and trimmed.
        Ok(unsafe { UniqueVec::from_handle(self) })
    }
}

/// What the faces and the engines build on. Everywhere here `refs` is 1 and the tail is `len`.
impl<T> UniqueVec<T> {
    const LAYOUT: BlockLayout = BlockLayout::of::<Header, T>();

    /// Creates an empty vector that has not allocated.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let v = UniqueVec::<u8>::new();
    /// assert!(v.is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self(Handle::new())
    }

    /// Creates an empty vector with room for at least `capacity` elements.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// If the block would be larger than `isize::MAX` bytes: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let v = UniqueVec::<u8>::with_capacity(10);
    /// assert!(v.is_empty() && v.capacity() >= 10);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut this = Self::new();
        if capacity > 0 {
            let buf = SharedBuf::allocate(capacity);
            // SAFETY: the buffer is new and this is its one count; B2 holds for no elements.
            unsafe { this.0.set_buf(buf) };
        }
        this
    }

    /// Creates an empty vector with room for at least `capacity` elements, or returns why it cannot.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the block would be larger than `isize::MAX` bytes, or the allocator has no such
    /// block.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert!(UniqueVec::<u32>::try_with_capacity(10).is_ok_and(|v| v.capacity() >= 10));
    /// assert!(UniqueVec::<u32>::try_with_capacity(usize::MAX).is_err());
    /// ```
    #[inline]
    pub fn try_with_capacity(capacity: usize) -> Result<Self, TryReserveError> {
        let mut this = Self::new();
        this.try_reserve_exact(capacity)?;
        Ok(this)
    }

    /// The vector of a handle.
    ///
    /// # Safety
    ///
    /// It is the only one of its buffer, and the buffer is trimmed to it.
    #[inline]
    pub(super) unsafe fn from_handle(handle: Handle<T>) -> Self {
        Self(handle)
    }

    /// The handle, which may then be cloned.
    #[inline]
    pub(crate) fn into_handle(self) -> Handle<T> {
        self.0
    }

    /// The elements the buffer has room for.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::<u8>::new().capacity(), 0);
    /// ```
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.block_cap()
    }

    /// The bytes of the buffer, header included, 0 without one; not what its elements own elsewhere.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::<u8>::new().heap_bytes(), 0);
    /// assert!(UniqueVec::<u64>::with_capacity(10).heap_bytes() > 80);
    /// ```
    #[inline]
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }

    /// Returns the number of elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::from([1, 2]).len(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if the vector has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert!(UniqueVec::<u8>::new().is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a pointer to the first element, or a dangling one if the vector has not allocated.
    ///
    /// O(1). The pointer is valid for reads of `len` elements until the vector is
    /// dropped or the buffer grows.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let v = UniqueVec::from([1, 2]);
    /// assert_eq!(v.as_ptr(), &raw const v[0]);
    /// ```
    #[inline]
    #[must_use]
    pub const fn as_ptr(&self) -> *const T {
        self.0.data()
    }

    /// The elements as a slice.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::from([1, 2]).as_slice(), [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self.0.as_slice()
    }

    /// The elements as a mutable slice.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// v.as_mut_slice().reverse();
    /// assert_eq!(v, [2, 1]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        let len = self.0.len();
        // SAFETY: B2, B5: unique, for as long as the borrow.
        unsafe { self.0.buf().slice_mut(len) }
    }

    /// A pointer to the first slot, valid for the whole block until the buffer grows; dangling without
    /// a block.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// let second = v.as_mut_ptr().wrapping_add(1);
    /// // SAFETY: the second of two elements, which nobody else touches meanwhile.
    /// unsafe { second.write(5) };
    /// assert_eq!(v, [1, 5]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.0.buf().data().as_ptr()
    }

    /// Slot 0, whose provenance is the whole block; a slice's pointer would have only what the length
    /// covers.
    #[inline]
    pub(super) fn slot_0(&mut self) -> NonNull<T> {
        self.0.buf().data()
    }

    /// Slot `index`, initialised or not.
    ///
    /// # Safety
    ///
    /// `index` is below the capacity, which is not 0.
    #[inline]
    pub(super) unsafe fn slot(&mut self, index: usize) -> *mut T {
        // SAFETY: B1, B5: unique.
        unsafe { self.0.buf().slot(index) }
    }

    /// Sets the length.
    ///
    /// O(1). What is above it is neither dropped nor known to be initialised any more.
    ///
    /// # Safety
    ///
    /// `len` is at most the capacity, and the first `len` elements are initialised.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::with_capacity(2);
    /// v.spare_capacity_mut()[0].write(7);
    /// // SAFETY: the first element was written.
    /// unsafe { v.set_len(1) };
    /// assert_eq!(v, [7]);
    /// ```
    #[inline]
    pub unsafe fn set_len(&mut self, len: usize) {
        debug_assert!(len <= self.capacity(), "within the block");
        // SAFETY: the caller's.
        unsafe { self.0.set_len(len) };
        if self.0.buf().is_allocated() {
            // SAFETY: B1, B5: unique.
            unsafe { self.0.buf().filled() }.set(len);
        }
    }

    /// The room beyond the length, for the caller to initialise and then to
    /// [`set_len`](UniqueVec::set_len).
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// v.reserve(2);
    /// assert!(v.spare_capacity_mut().len() >= 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn spare_capacity_mut(&mut self) -> &mut [MaybeUninit<T>] {
        let (len, spare) = (self.0.len(), self.capacity() - self.0.len());
        let first = self.as_mut_ptr().wrapping_add(len).cast();
        // SAFETY: B1, B5: these slots are within the block and nobody's, and may be uninitialised; the
        // pointer of an empty range is aligned and not null.
        unsafe { slice::from_raw_parts_mut(first, spare) }
    }

    /// Gives the elements up for good, and the block with them.
    ///
    /// O(1); nothing is ever dropped or freed.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let forever: &'static mut [u8] = UniqueVec::from([1, 2]).leak();
    /// forever[0] = 3;
    /// assert_eq!(forever, [3, 2]);
    /// ```
    #[inline]
    #[must_use = "the elements are leaked otherwise"]
    pub fn leak<'a>(self) -> &'a mut [T] {
        let (buf, len) = self.0.into_parts();
        // SAFETY: B2, B5: unique, and the count is never given back.
        unsafe { buf.slice_mut(len) }
    }

    /// Appends an element.
    ///
    /// O(1) amortised; O(n) when the buffer grows.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::new();
    /// v.push(1);
    /// assert_eq!(v, [1]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        let len = self.0.len();
        if len == self.capacity() {
            self.grow_amortised(1);
        }
        // A copy: through `self` it would be loaded again after the write.
        let buf = self.0.buf();
        // SAFETY: B5: unique, and below the capacity.
        let slot = unsafe { buf.slot(len) };
        // SAFETY: B5: uninitialised and nobody's.
        unsafe { slot.write(value) };
        // SAFETY: B1: there is a block, it has room for one.
        unsafe { buf.filled() }.set(len + 1);
        // Last, beside what the caller stores next: often in the same cache line, and one commit.
        // SAFETY: B2: the slot was written.
        unsafe { self.0.set_len(len + 1) };
    }

    /// Removes the last element and returns it, or `None` if there is none.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// assert_eq!((v.pop(), v.pop()), (Some(1), None));
    /// ```
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let last = self.0.len().checked_sub(1)?;
        // SAFETY: B5: what is above is nobody's.
        unsafe { self.set_len(last) };
        // SAFETY: B2: initialised, so below the capacity.
        let slot = unsafe { self.slot(last) };
        // SAFETY: B5: no length covers it any more, so it is moved out once.
        Some(unsafe { slot.read() })
    }

    /// Shortens the vector to `len` elements and drops the rest; no effect if it is not longer.
    ///
    /// O(elements dropped).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// v.truncate(1);
    /// assert_eq!(v, [1]);
    /// ```
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        let old = self.0.len();
        if len < old {
            // SAFETY: B8: the lengths are safe before the drops run.
            unsafe { self.set_len(len) };
            // SAFETY: B5: initialised, and counted nowhere any more.
            unsafe { self.0.buf().drop_slots(len, old - len) };
        }
    }

    /// Reserves room for at least `additional` more elements, more if that avoids frequent growth.
    ///
    /// O(1) if there is room; else one allocation, and the elements may move.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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
        if self.capacity() - self.0.len() < additional {
            self.grow_amortised(additional);
        }
    }

    /// Reserves room for `additional` more elements, and no more than the allocator rounds up to.
    ///
    /// O(1) if there is room; else one allocation, and the elements may move.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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
        or_fail(self.reserve_by(additional, Self::exactly));
    }

    /// [`UniqueVec::reserve`] with the error as a value.
    ///
    /// O(1) if there is room; else one allocation, and the elements may move.
    ///
    /// # Errors
    ///
    /// If the new capacity would exceed `isize::MAX` bytes, or the allocator has no such block. The
    /// vector is then as it was.
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
        Ok(self.reserve_by(additional, Self::amortised)?)
    }

    /// [`UniqueVec::reserve_exact`] with the error as a value.
    ///
    /// O(1) if there is room; else one allocation, and the elements may move.
    ///
    /// # Errors
    ///
    /// As [`UniqueVec::try_reserve`].
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
        Ok(self.reserve_by(additional, Self::exactly)?)
    }

    /// Lets go of the room beyond `capacity` elements, or beyond the length if that is more, but for
    /// what the allocator rounds up to.
    ///
    /// O(n) if the allocator moves the block, else O(1). Without elements and with `capacity` 0 it frees
    /// the block.
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
        let target = capacity.max(self.0.len());
        if target == 0 {
            *self = Self::new();
        } else if Self::rounded(target) < self.capacity() {
            self.set_capacity(target);
        }
    }

    /// Lets go of the room beyond the length, but for what the allocator rounds up to.
    ///
    /// O(n) if the allocator moves the block, else O(1). Without elements it frees the block.
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

    /// Makes room for `additional` more elements; if there is none, `enough` turns the length that must
    /// fit into a capacity.
    fn reserve_by(
        &mut self,
        additional: usize,
        enough: fn(&Self, usize) -> usize,
    ) -> Result<(), ReserveError> {
        if self.capacity() - self.0.len() >= additional {
            return Ok(());
        }
        let needed = self.0.len().checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
        self.try_set_capacity(enough(self, needed))
    }

    fn amortised(&self, needed: usize) -> usize {
        Self::LAYOUT.amortised(self.capacity(), needed)
    }

    fn exactly(&self, needed: usize) -> usize {
        needed
    }

    /// Moves the elements to a block with room for `cap`, which is not less than their number, or for
    /// as many more as its size class has.
    #[track_caller]
    pub(crate) fn set_capacity(&mut self, cap: usize) {
        or_fail(self.try_set_capacity(cap));
    }

    /// [`UniqueVec::set_capacity`] with the error as a value; the vector is then as it was.
    fn try_set_capacity(&mut self, cap: usize) -> Result<(), ReserveError> {
        assert!(cap >= self.0.len(), "a block holds its elements");
        let buf = if self.0.buf().is_allocated() {
            // SAFETY: B5: unique, and not less than the tail, which is the length.
            unsafe { self.0.buf().try_grow(cap) }?
        } else {
            SharedBuf::try_allocate(cap)?
        };
        // SAFETY: the one count of the block that has the elements now; the old block is gone.
        unsafe { self.0.set_buf(buf) };
        Ok(())
    }

    /// The slots that a block made for `cap` elements has.
    pub(crate) fn rounded(cap: usize) -> usize {
        Self::LAYOUT.round_up(cap).unwrap_or(cap)
    }

    /// Makes room for `additional` more elements, which do not fit.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn grow_amortised(&mut self, additional: usize) {
        or_fail(self.reserve_by(additional, Self::amortised));
    }
}

#[cfg(not(cow_loom))]
const _: () = assert!(size_of::<Option<UniqueVec<u8>>>() == size_of::<Handle<u8>>());
