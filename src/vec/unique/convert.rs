//! Moves all elements of a [`UniqueVec`] from or to another owner.
#![expect(unsafe_code, reason = "moves elements between owners")]

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem::MaybeUninit;
use core::ptr;

use super::UniqueVec;
use crate::raw::handle::Handle;
use crate::raw::layout::MAX_LEN;

impl<T> UniqueVec<T> {
    /// Moves the elements into a new `Vec`.
    ///
    /// O(n), one allocation and one `memcpy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::from([1, 2]).into_vec(), vec![1, 2]);
    /// ```
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        let len = self.len();
        let mut vec = Vec::with_capacity(len);
        self.move_to(&mut vec.spare_capacity_mut()[..len]);
        // SAFETY: `move_to` initialised the first `len` slots.
        unsafe { vec.set_len(len) };
        vec
    }

    /// Moves the elements into a new boxed slice.
    ///
    /// O(n), one allocation and one `memcpy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let boxed: Box<[u8]> = UniqueVec::from([1, 2]).into_boxed_slice();
    /// assert_eq!(*boxed, [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_boxed_slice(self) -> Box<[T]> {
        self.into_vec().into_boxed_slice()
    }

    /// Moves the elements out of an array.
    ///
    /// Does not use the array's iterator, which compiles to a loop if the array is long or `T` has drop glue.
    #[inline]
    #[track_caller]
    pub(crate) fn from_array<const N: usize>(array: [T; N]) -> Self {
        let mut vec = Self::with_capacity(N);
        if N > 0 {
            let slots = vec.as_mut_ptr().cast::<[T; N]>();
            // SAFETY: the block has `N` slots (B1), which are aligned for an array and initialised by the write.
            unsafe {
                slots.write(array);
                vec.set_len(N);
            }
        }
        vec
    }

    /// Moves the elements into an array, or returns the vector if its length is not `N`.
    #[inline]
    pub(crate) fn try_into_array<const N: usize>(mut self) -> Result<[T; N], Self> {
        if self.len() != N {
            return Err(self);
        }
        // SAFETY: the length 0 covers no slot (B2).
        unsafe { self.set_len(0) };
        // SAFETY: the first `N` slots are initialised, and no length covers them, so they are moved out once. A
        // dangling pointer is aligned, and `N` is 0 there.
        Ok(unsafe { self.as_ptr().cast::<[T; N]>().read() })
    }

    /// Moves the elements into a new `Arc`, in one allocation.
    pub(crate) fn into_arc(self) -> Arc<[T]> {
        let mut slots = Arc::new_uninit_slice(self.len());
        self.move_to(Arc::get_mut(&mut slots).expect("a new `Arc` is unique"));
        // SAFETY: `move_to` initialised every slot.
        unsafe { slots.assume_init() }
    }

    /// Moves the elements into a new `Rc`, in one allocation.
    pub(crate) fn into_rc(self) -> Rc<[T]> {
        let mut slots = Rc::new_uninit_slice(self.len());
        self.move_to(Rc::get_mut(&mut slots).expect("a new `Rc` is unique"));
        // SAFETY: `move_to` initialised every slot.
        unsafe { slots.assume_init() }
    }

    /// Moves the elements into other slots, and initialises all of them.
    ///
    /// # Panics
    ///
    /// Panics if the number of slots is not the length.
    fn move_to(mut self, slots: &mut [MaybeUninit<T>]) {
        let len = self.len();
        assert_eq!(slots.len(), len, "one slot for each element");
        let (from, to) = (self.as_ptr(), slots.as_mut_ptr().cast::<T>());
        // SAFETY: there are `len` initialised elements here and `len` slots there, in different blocks. No length
        // covers the elements, so they are moved out once.
        unsafe {
            self.set_len(0);
            ptr::copy_nonoverlapping(from, to, len);
        }
    }
}

impl<T, const N: usize> UniqueVec<[T; N]> {
    /// Turns a vector of arrays into a vector of their elements, in the same buffer.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// Panics if the elements are zero-sized and their number exceeds `isize::MAX`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let pairs = UniqueVec::from([[1, 2], [3, 4]]);
    /// assert_eq!(pairs.into_flattened(), [1, 2, 3, 4]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn into_flattened(self) -> UniqueVec<T> {
        let Some(len) = self.len().checked_mul(N).filter(|len| *len <= MAX_LEN) else {
            panic!("{} arrays of {N} are more than isize::MAX elements", self.len())
        };
        let (buf, _) = self.into_handle().into_parts();
        if !buf.is_allocated() {
            return UniqueVec::new();
        }
        // SAFETY: the block is live and has one reference (B1, B5), which passes on to the new vector. Its `len`
        // elements are those of the arrays (B2).
        unsafe { UniqueVec::from_handle(Handle::from_parts(buf.flatten(len), len)) }
    }
}
