//! [`Handle`]: a pointer to a block and a length, with safe methods.
//!
//! `CowVec`, the leaves of a `PersistentVector` and the snapshots of a list each are one handle. Handles of one
//! block may differ in length. A handle reads the elements that it covers, and appends where it can claim slots;
//! every other write needs a `UniqueVec`.
#![expect(unsafe_code, reason = "the one place that pairs a buffer with a length")]

use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop};
use core::ptr::{self, NonNull};

use super::buffer::{BlockRef, Header, SharedBuf};
use super::layout::BlockLayout;

/// A reference to a block, and the number of its elements that this handle covers.
#[repr(C)]
pub(crate) struct Handle<T> {
    /// Points to a block, and this handle owns one reference to it; or is the empty sentinel (B1).
    buf: SharedBuf<T>,
    /// Slots `[0, len)` are initialised, and their writes happen before every use of this handle. `len` is at most
    /// the block's number of initialised slots (B2).
    len: usize,
    owns: PhantomData<T>,
}

// SAFETY: another thread may read the elements through this handle (T: Sync). If its handle is the last one, it
// drops elements that this thread made (T: Send). `Arc<[T]>` has the same bounds.
unsafe impl<T: Send + Sync> Send for Handle<T> {}
// SAFETY: `&Handle` can be cloned, so the bounds are those of `Send`.
unsafe impl<T: Send + Sync> Sync for Handle<T> {}

impl<T> Handle<T> {
    /// Creates a handle without a block.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { buf: SharedBuf::EMPTY, len: 0, owns: PhantomData }
    }

    /// Creates a handle of `buf` that covers `len` elements.
    ///
    /// # Safety
    ///
    /// * `buf` is the sentinel, or points to a live block and the caller gives one reference to it away (B1).
    /// * The first `len` slots are initialised, and their writes happen before this call (B2).
    #[inline]
    pub(crate) const unsafe fn from_parts(buf: SharedBuf<T>, len: usize) -> Self {
        Self { buf, len, owns: PhantomData }
    }

    /// Returns the buffer and the length. The caller then owns the reference.
    #[inline]
    pub(crate) fn into_parts(self) -> (SharedBuf<T>, usize) {
        let this = ManuallyDrop::new(self);
        (this.buf, this.len)
    }

    /// Returns the buffer. This handle keeps its reference.
    #[inline]
    pub(crate) const fn buf(&self) -> SharedBuf<T> {
        self.buf
    }

    /// Returns the block, or `None` if this handle has none.
    #[inline]
    pub(crate) fn block(&self) -> Option<BlockRef<'_, T>> {
        // SAFETY: this handle owns a reference to the block, and is borrowed for as long as the result (B1).
        self.buf.is_allocated().then(|| unsafe { self.buf.block() })
    }

    /// Returns the number of elements.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Returns a pointer to the first slot, dangling if there is no block.
    #[inline]
    pub(crate) const fn data(&self) -> *const T {
        self.buf.data().as_ptr()
    }

    /// Returns the elements.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: this handle covers `len` initialised elements (B2), which nobody writes while it is borrowed (B3).
        // The handle keeps the block live (B1).
        unsafe { self.buf.slice(self.len) }
    }

    /// Returns whether both handles cover the same elements of the same block.
    #[inline]
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        self.buf == other.buf && self.len == other.len
    }

    /// Returns the number of handles, 0 without a block. The value may be stale; use it for diagnostics only.
    pub(crate) fn strong_count(&self) -> usize {
        self.block().map_or(0, BlockRef::strong_count)
    }

    /// Returns the number of slots of the block, 0 without one.
    #[inline]
    pub(crate) fn block_cap(&self) -> usize {
        self.block().map_or(0, BlockRef::cap)
    }

    /// Returns the number of initialised slots of the block, 0 without one. The value may be stale; use it for
    /// diagnostics only.
    pub(crate) fn retained(&self) -> usize {
        self.block().map_or(0, |block| block.filled().advisory())
    }

    /// Returns the size of the block in bytes, 0 without one.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.block().map_or(0, BlockRef::size)
    }

    /// Returns a pointer to the elements, which [`Handle::from_raw`] turns back.
    pub(crate) fn into_raw(self) -> *const [T] {
        let (buf, len) = self.into_parts();
        ptr::slice_from_raw_parts(buf.data().as_ptr(), len)
    }

    /// Turns a pointer from [`Handle::into_raw`] back.
    ///
    /// # Safety
    ///
    /// * `elements` came from `into_raw` of a `Handle<T>`.
    /// * It is turned back only once.
    pub(crate) unsafe fn from_raw(elements: *const [T]) -> Self {
        // SAFETY: the pointer came from a `NonNull`.
        let data = unsafe { NonNull::new_unchecked(elements.cast_mut().cast()) };
        // SAFETY: the pointer came from the `data` of a buffer.
        let buf = unsafe { SharedBuf::from_data(data) };
        // SAFETY: `into_raw` gave up the reference and the length of a handle (B1, B2).
        unsafe { Self::from_parts(buf, elements.len()) }
    }

    /// Returns the capacity usable without copying. The value may be stale.
    pub(crate) fn reachable_cap(&self) -> usize {
        let Some(block) = self.block() else { return 0 };
        let claimable = !needs_drop::<T>() && block.filled().is_plain(self.len);
        if claimable || block.strong_count() == 1 { block.cap() } else { self.len }
    }

    /// Returns the capacity for a copy of these elements that is to hold `needed` elements.
    pub(crate) fn cap_for_copy(&self, needed: usize) -> usize {
        BlockLayout::of::<Header, T>().for_copy(self.block_cap(), self.len, needed)
    }

    /// Returns whether this is the only handle of its block, or has none.
    #[inline]
    pub(crate) fn is_unique(&mut self) -> bool {
        self.block().is_none_or(BlockRef::is_unique)
    }

    /// Returns whether `T` needs drop and the block may have elements that this handle does not cover.
    ///
    /// For such a `T`, any block with a flag counts as one that may have them.
    #[cfg(feature = "list")]
    pub(crate) fn may_have_excess(&self) -> bool {
        needs_drop::<T>() && self.block().is_some_and(|block| !block.filled().is_plain(self.len))
    }

    /// Appends `value`, and calls `reserve` before that if the handle cannot claim the next slot.
    ///
    /// A unique handle can claim the slot if it has room, and a shared one if the slot is free and `T` has no drop
    /// glue (B9). `reserve` must replace this handle by a unique one with room. The caller may change the element
    /// until the next use of this handle.
    #[inline]
    pub(crate) fn push_with(&mut self, value: T, reserve: impl FnOnce(&mut Self)) -> &mut T {
        // SAFETY: `write_claimed` writes the slot at once (B8).
        match unsafe { self.claim(1) } {
            Some((slot, len)) => {
                // SAFETY: this handle just claimed the slot at `len`.
                unsafe { self.write_claimed(slot, len, value) }
            }
            None => self.push_reserved(value, reserve),
        }
    }

    /// The part of [`Handle::push_with`] that runs if the first claim fails.
    ///
    /// This part is not inlined, so that the other part can be inlined and need not save registers.
    #[cold]
    #[inline(never)]
    fn push_reserved(&mut self, value: T, reserve: impl FnOnce(&mut Self)) -> &mut T {
        reserve(self);
        // SAFETY: `write_claimed` writes the slot at once (B8).
        let Some((slot, len)) = (unsafe { self.claim(1) }) else { panic!("capacity was reserved") };
        // SAFETY: this handle just claimed the slot at `len`.
        unsafe { self.write_claimed(slot, len, value) }
    }

    /// Like [`Handle::push_with`], but gives the value back if the handle cannot claim the next slot.
    #[inline]
    pub(crate) fn try_push(&mut self, value: T) -> Result<&mut T, T> {
        // SAFETY: `write_claimed` writes the slot at once (B8).
        let Some((slot, len)) = (unsafe { self.claim(1) }) else { return Err(value) };
        // SAFETY: this handle just claimed the slot at `len`.
        Ok(unsafe { self.write_claimed(slot, len, value) })
    }

    /// Writes to the slot behind the last element, and covers it.
    ///
    /// # Safety
    ///
    /// * `Handle::claim` has just returned `slot` and `len`.
    #[inline]
    unsafe fn write_claimed(&mut self, slot: *mut T, len: usize, value: T) -> &mut T {
        // SAFETY: this handle claimed the slot, so nobody else uses it (B4).
        unsafe { slot.write(value) };
        self.len = len + 1;
        // SAFETY: the slot is initialised. Only this handle covers it, and the borrow prevents clones (B4).
        unsafe { &mut *slot }
    }

    /// Claims slots `[len, len + more)`, as [`BlockRef::claim`] does (B4).
    ///
    /// Returns the first of them and `len`, because the compiler would load both again after the load of the count.
    ///
    /// # Safety
    ///
    /// * If `T` has drop glue, the slots are written before user code runs (B8).
    #[inline]
    unsafe fn claim(&mut self, more: usize) -> Option<(*mut T, usize)> {
        let (block, len) = (self.block()?, self.len);
        // SAFETY: the elements of this handle end at `len` (B2), and it is borrowed by `&mut`. If `T` has drop glue,
        // the caller writes the slots before user code runs (B8).
        if !unsafe { block.claim(len, more) } {
            return None;
        }
        // SAFETY: this handle covers `len` elements, which is at most the capacity (B2).
        Some((unsafe { block.buf().slot(len) }, len))
    }

    /// Appends clones of `values`, if the handle can claim that many slots. Returns whether it did.
    ///
    /// Does nothing for types with drop glue. For other types, a panic of a clone leaves claimed slots
    /// uninitialised, which is sound: no handle covers them, and they are never dropped.
    #[inline]
    pub(crate) fn extend_claimed(&mut self, values: &[T]) -> bool
    where
        T: Clone,
    {
        if needs_drop::<T>() {
            return false;
        }
        // SAFETY: `T` has no drop glue, so the slots may stay uninitialised.
        let Some((first, len)) = (unsafe { self.claim(values.len()) }) else { return false };
        for (i, value) in values.iter().enumerate() {
            let value = value.clone();
            // SAFETY: this handle claimed the slot, so it lies below the capacity (B4).
            let slot = unsafe { first.add(i) };
            // SAFETY: this handle claimed the slot, so nobody else uses it (B4).
            unsafe { slot.write(value) };
        }
        self.len = len + values.len();
        true
    }

    /// Makes this handle cover slots `[0, len)`.
    ///
    /// # Safety
    ///
    /// * The slots are initialised, and their writes happen before this call (B2).
    #[inline]
    pub(crate) unsafe fn set_len(&mut self, len: usize) {
        self.len = len;
    }

    /// Replaces the buffer, whose reference the caller then owns.
    ///
    /// # Safety
    ///
    /// * The caller gives away one reference to `buf` (B1).
    /// * The first `len` slots of `buf` are initialised (B2).
    #[inline]
    pub(crate) unsafe fn set_buf(&mut self, buf: SharedBuf<T>) {
        self.buf = buf;
    }

    /// Makes this handle cover only the first `len` elements. The others stay in the block, which drops them (B6).
    #[inline]
    pub(crate) fn shorten(&mut self, len: usize) {
        debug_assert!(len <= self.len, "a handle never covers slots that it did not write");
        self.len = self.len.min(len);
    }
}

impl<T> Clone for Handle<T> {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(block) = self.block() {
            block.retain();
        }
        Self { buf: self.buf, len: self.len, owns: PhantomData }
    }
}

impl<T> Drop for Handle<T> {
    #[inline]
    fn drop(&mut self) {
        if self.buf.is_allocated() {
            // SAFETY: this handle owns one reference to the block, and gives it back once (B1).
            unsafe { self.buf.release() };
        }
    }
}

#[cfg(not(cow_loom))]
const _: () = {
    assert!(size_of::<Handle<u8>>() == 2 * size_of::<usize>());
    assert!(size_of::<Option<Handle<u8>>>() == size_of::<Handle<u8>>());
};
