//! All elements of a unique buffer from or to another owner at once, in one `memcpy`, or to another
//! type in none.
#![expect(unsafe_code, reason = "moves elements between owners")]

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::mem::MaybeUninit;
use core::ptr;

use super::UniqueVec;
use crate::raw::handle::Handle;
use crate::raw::layout::MAX_LEN;

impl<T> UniqueVec<T> {
    /// The elements of an array. Not by its iterator, from which the compiler makes no `memcpy` if it is
    /// long or its elements have drop glue.
    #[inline]
    #[track_caller]
    pub(crate) fn from_array<const N: usize>(array: [T; N]) -> Self {
        let mut vec = Self::with_capacity(N);
        if N > 0 {
            let slots = vec.as_mut_ptr().cast::<[T; N]>();
            // SAFETY: B5: the block has room for `N`, and an array is aligned as its elements are.
            unsafe { slots.write(array) };
            // SAFETY: the slots were written.
            unsafe { vec.set_len(N) };
        }
        vec
    }

    /// The elements as an array, or the vector itself if it has not as many.
    #[inline]
    pub(crate) fn try_into_array<const N: usize>(mut self) -> Result<[T; N], Self> {
        if self.len() != N {
            return Err(self);
        }
        // SAFETY: B8: this vector gives its elements up before they are moved.
        unsafe { self.set_len(0) };
        let slots = self.as_ptr().cast::<[T; N]>();
        // SAFETY: B2: `N` initialised elements that no length covers any more; the pointer is aligned
        // even without a block, and then `N` is 0.
        Ok(unsafe { slots.read() })
    }

    /// The elements in an `Arc`. Not by a `Vec` or a `Box`, which would be a second block.
    pub(crate) fn into_arc(self) -> Arc<[T]> {
        let mut slots = Arc::new_uninit_slice(self.len());
        self.move_to(Arc::get_mut(&mut slots).expect("a new one is alone"));
        // SAFETY: every slot was written.
        unsafe { slots.assume_init() }
    }

    /// The elements in an `Rc`, as [`into_arc`](UniqueVec::into_arc).
    pub(crate) fn into_rc(self) -> Rc<[T]> {
        let mut slots = Rc::new_uninit_slice(self.len());
        self.move_to(Rc::get_mut(&mut slots).expect("a new one is alone"));
        // SAFETY: every slot was written.
        unsafe { slots.assume_init() }
    }

    /// Moves the elements to as many slots elsewhere.
    fn move_to(mut self, slots: &mut [MaybeUninit<T>]) {
        let len = self.len();
        assert_eq!(slots.len(), len, "a slot for each element");
        // SAFETY: B8: this vector gives its elements up before they are moved.
        unsafe { self.set_len(0) };
        let (from, to) = (self.as_ptr(), slots.as_mut_ptr().cast::<T>());
        // SAFETY: `len` elements here, `len` slots there, different blocks.
        unsafe { ptr::copy_nonoverlapping(from, to, len) };
    }
}

impl<T, const N: usize> UniqueVec<[T; N]> {
    /// Turns a vector of arrays into one of their elements, in the same block.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// If the elements are zero-sized and their number overflows.
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
        // SAFETY: B1, B5: unique, and the arrays' elements are these.
        let buf = unsafe { buf.flatten(len) };
        // SAFETY: B1, B2: with the count that was this vector's.
        let handle = unsafe { Handle::from_parts(buf, len) };
        // SAFETY: it is still the only one, and trimmed.
        unsafe { UniqueVec::from_handle(handle) }
    }
}
