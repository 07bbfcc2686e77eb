//! [`UniqueVec`] itself: creation, views, and raw access.
#![expect(unsafe_code, reason = "exposes slots that the length does not cover")]

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::slice;

use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;
use crate::vec::CowVec;

/// A vector that is the only handle of its buffer, and becomes a [`CowVec`] in O(1).
///
/// A `UniqueVec` works as a `Vec` does: it needs no `Clone` bound and no atomic read-modify-write.
/// [`CowVec::make_unique`], [`CowVec::get_unique`] and [`CowVec::into_unique`] check once that the buffer is not
/// shared, and return one. [`into_shared`](UniqueVec::into_shared) turns it back.
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
// The handle is the only one of its block, and the header counts exactly its elements: `refs` is 1 and `filled` is
// `len`.
#[repr(transparent)]
pub struct UniqueVec<T>(pub(super) Handle<T>);

// SAFETY: no other handle reaches the elements, so the bounds are those of `Vec`.
unsafe impl<T: Send> Send for UniqueVec<T> {}
// SAFETY: `&UniqueVec` gives `&T` and no handle, so the bounds are those of `Vec`.
unsafe impl<T: Sync> Sync for UniqueVec<T> {}

impl<T> UniqueVec<T> {
    /// Creates an empty vector, without an allocation.
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

    /// Creates an empty vector with at least the given capacity.
    ///
    /// One allocation, or none if `capacity` is 0.
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
            // SAFETY: the block is new and has one reference (B1), and the length is 0 (B2).
            unsafe { this.0.set_buf(buf) };
        }
        this
    }

    /// Creates an empty vector with at least the given capacity, or returns an error.
    ///
    /// One allocation, or none if `capacity` is 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the capacity exceeds `isize::MAX` bytes, or the allocation fails.
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

    /// Creates a vector from a handle.
    ///
    /// # Safety
    ///
    /// * The handle is the only one of its block, or has none (B5).
    /// * The block counts exactly the elements of the handle as initialised.
    #[inline]
    pub(super) unsafe fn from_handle(handle: Handle<T>) -> Self {
        Self(handle)
    }

    /// Returns the handle, which may then be cloned.
    #[inline]
    pub(crate) fn into_handle(self) -> Handle<T> {
        self.0
    }

    /// Turns this into a [`CowVec`], whose clones share its buffer.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let a = UniqueVec::from([1, 2]).into_shared();
    /// assert!(a.ptr_eq(&a.clone()));
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "freeze")]
    #[doc(alias = "shareable")]
    pub fn into_shared(self) -> CowVec<T> {
        CowVec::from_handle(self.into_handle())
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

    /// Returns the number of elements that fit without reallocating.
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

    /// Returns the size of the buffer in bytes, with its header, or 0 without a buffer.
    ///
    /// Does not count memory that the elements own. O(1).
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

    /// Returns the elements as a slice.
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

    /// Returns the elements as a mutable slice.
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
        // SAFETY: the elements are initialised (B2), and nobody else reaches them during the borrow (B5).
        unsafe { self.0.buf().slice_mut(len) }
    }

    /// Returns a pointer to the first element, or a dangling pointer if the vector has not allocated.
    ///
    /// O(1). The pointer is valid for reads of `len` elements until the vector is dropped or reallocates.
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

    /// Returns a mutable pointer to the first element, or a dangling pointer if the vector has not allocated.
    ///
    /// O(1). The pointer is valid for the whole capacity until the vector is dropped or reallocates.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// let second = v.as_mut_ptr().wrapping_add(1);
    /// // SAFETY: the second of two elements, which nobody else uses meanwhile.
    /// unsafe { second.write(5) };
    /// assert_eq!(v, [1, 5]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.0.buf().data().as_ptr()
    }

    /// Returns the address of slot `index`, initialised or not.
    ///
    /// # Safety
    ///
    /// * `index` is at most the capacity.
    #[inline]
    pub(super) unsafe fn slot(&mut self, index: usize) -> *mut T {
        // SAFETY: the slot lies inside the block or at its end (B1).
        unsafe { self.0.buf().slot(index) }
    }

    /// Sets the length, without dropping or initialising elements.
    ///
    /// O(1).
    ///
    /// # Safety
    ///
    /// * `len` is at most the capacity.
    /// * The first `len` elements are initialised.
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
        debug_assert!(len <= self.capacity(), "the slots lie inside the block");
        // SAFETY: the caller initialised these slots (B2).
        unsafe { self.0.set_len(len) };
        if let Some(block) = self.0.block() {
            block.filled().set(len);
        }
    }

    /// Returns the slots after the last element, which the caller may initialise before it calls
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
        // SAFETY: the slots lie inside the block (B1), and nobody else reaches them (B5, B7). A dangling pointer is
        // aligned, and the slice is empty there.
        unsafe { slice::from_raw_parts_mut(first, spare) }
    }

    /// Leaks the vector, and returns its elements for the rest of the program.
    ///
    /// O(1).
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
        // SAFETY: the elements are initialised (B2). Nobody else reaches them (B5), and the block is never freed.
        unsafe { buf.slice_mut(len) }
    }
}

impl<T> Deref for UniqueVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> DerefMut for UniqueVec<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<T: Clone> Clone for UniqueVec<T> {
    /// Clones the elements into a new buffer. O(n); a [`CowVec`] is cloned in O(1).
    fn clone(&self) -> Self {
        Self::cloned_from(self, self.len())
    }
}

impl<T> Default for UniqueVec<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(cow_loom))]
const _: () = assert!(size_of::<Option<UniqueVec<u8>>>() == size_of::<Handle<u8>>());
