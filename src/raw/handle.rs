//! `Handle`, {pointer, length} with safe methods.
#![expect(unsafe_code, reason = "the one place that pairs a buffer with a length")]

use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop};
use core::ptr::{self, NonNull};

use super::buffer::{Header, SharedBuf};
use super::layout::BlockLayout;

/// One count of a buffer and a length (B2); what `CowVec`, leaves and snapshots are made of.
#[repr(C)]
pub(crate) struct Handle<T> {
    /// These two are for `UniqueVec` only to touch.
    pub(super) buf: SharedBuf<T>,
    pub(super) len: usize,
    owns: PhantomData<T>,
}

// SAFETY: as for `Arc<[T]>`: another thread may read the elements through this handle (T: Sync), and
// run the last drop of elements that this thread made (T: Send).
unsafe impl<T: Send + Sync> Send for Handle<T> {}
// SAFETY: as above; `&Handle` can be cloned.
unsafe impl<T: Send + Sync> Sync for Handle<T> {}

impl<T> Handle<T> {
    /// No block, no elements.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { buf: SharedBuf::EMPTY, len: 0, owns: PhantomData }
    }

    /// The handle that owns one count of `buf`, whose slots `[0, len)` are initialised.
    ///
    /// # Safety
    ///
    /// B1 and B2 hold, and the caller gives one count away.
    #[inline]
    pub(crate) const unsafe fn from_parts(buf: SharedBuf<T>, len: usize) -> Self {
        Self { buf, len, owns: PhantomData }
    }

    /// The buffer and the length; the caller now owns the count.
    #[inline]
    pub(crate) fn into_parts(self) -> (SharedBuf<T>, usize) {
        let this = ManuallyDrop::new(self);
        (this.buf, this.len)
    }

    /// The buffer, by a count that stays this handle's.
    #[inline]
    pub(crate) const fn buf(&self) -> SharedBuf<T> {
        self.buf
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Slot 0, or a dangling pointer without a block.
    #[inline]
    pub(crate) const fn data(&self) -> *const T {
        self.buf.data().as_ptr()
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: B2, for as long as this handle lives.
        unsafe { self.buf.slice(self.len) }
    }

    #[inline]
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        self.buf == other.buf && self.len == other.len
    }

    /// The handles of the buffer a moment ago, 0 without one.
    pub(crate) fn strong_count(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.strong_count() }
    }

    /// The slots of the block, 0 without one.
    #[inline]
    pub(crate) fn block_cap(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.cap() }
    }

    /// The initialised slots of the block a moment ago, 0 without one.
    pub(crate) fn retained(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.filled() }.advisory()
    }

    /// The bytes of the block, 0 without one.
    pub(crate) fn heap_bytes(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.block() }.size()
    }

    /// The elements by address; the caller now owns the count.
    pub(crate) fn into_raw(self) -> *const [T] {
        let (buf, len) = self.into_parts();
        ptr::slice_from_raw_parts(buf.data().as_ptr(), len)
    }

    /// The handle that [`Handle::into_raw`] turned into `elements`.
    ///
    /// # Safety
    ///
    /// `elements` came from there, for this `T`, and is not used again.
    pub(crate) unsafe fn from_raw(elements: *const [T]) -> Self {
        // SAFETY: it came from a `NonNull`.
        let data = unsafe { NonNull::new_unchecked(elements.cast_mut().cast()) };
        // SAFETY: B1: the pointer of a buffer.
        let buf = unsafe { SharedBuf::from_data(data) };
        // SAFETY: B1, B2: the caller gives that handle's count away.
        unsafe { Self::from_parts(buf, elements.len()) }
    }

    /// The slots reachable without a copy, as far as can be told a moment ago.
    pub(crate) fn reachable_cap(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        let (cap, tail) = (unsafe { self.buf.cap() }, unsafe { self.buf.filled() });
        let claimable = !needs_drop::<T>() && tail.is_plain(self.len);
        if claimable || self.strong_count() == 1 { cap } else { self.len }
    }

    /// The capacity to give a copy of this handle's elements that is to hold `needed`.
    pub(crate) fn cap_for_copy(&self, needed: usize) -> usize {
        BlockLayout::of::<Header, T>().for_copy(self.block_cap(), self.len, needed)
    }

    /// Whether this is the only handle of its buffer; true without one.
    #[inline]
    pub(crate) fn is_unique(&mut self) -> bool {
        // SAFETY: B1: this handle holds a count of it, and is held by `&mut`.
        !self.buf.is_allocated() || unsafe { self.buf.is_unique() }
    }

    /// Whether becoming unique may drop elements, which only this handle's buffer still counts. For the
    /// only holder.
    #[cfg(feature = "list")]
    pub(crate) fn may_hide_orphans(&self) -> bool {
        needs_drop::<T>() && self.buf.is_allocated() && {
            // SAFETY: B1: this handle holds a count of it.
            !unsafe { self.buf.filled() }.is_plain(self.len)
        }
    }

    /// Appends `value` where the next slot can be had without a copy: unique with room, or shared with
    /// the slot still free and no drop glue in `T` (B9). Else `make_room` must replace this handle by
    /// one that is unique and has room. The element may be changed until the next use of this handle.
    #[inline]
    pub(crate) fn push_with(&mut self, value: T, make_room: impl FnOnce(&mut Self)) -> &mut T {
        if !self.claim(1) {
            make_room(self);
            assert!(self.claim(1), "room was made");
        }
        self.write_claimed(value)
    }

    /// [`Handle::push_with`] where there is no way to make room: gives the value back if the next slot
    /// cannot be had.
    #[inline]
    pub(crate) fn try_push(&mut self, value: T) -> Result<&mut T, T> {
        if self.claim(1) { Ok(self.write_claimed(value)) } else { Err(value) }
    }

    /// Writes to slot `len`, which was just claimed, and covers it.
    #[inline]
    fn write_claimed(&mut self, value: T) -> &mut T {
        let len = self.len;
        // SAFETY: B4: claimed for this handle, so below the capacity.
        let slot = unsafe { self.buf.slot(len) };
        // SAFETY: B4: nobody else touches it.
        unsafe { slot.write(value) };
        self.len = len + 1;
        // SAFETY: B4: initialised, and the borrow of this handle, the only one that covers the slot,
        // keeps anyone from cloning it.
        unsafe { &mut *slot }
    }

    /// Whether the slots `[len, len + more)` are now this handle's to write, at once (B4).
    #[inline]
    fn claim(&mut self, more: usize) -> bool {
        // SAFETY: B1: this handle holds a count of it, and its end is `len`.
        self.buf.is_allocated() && unsafe { self.buf.claim(self.len, more) }
    }

    /// Appends clones of `values` without a copy of what is there, if that many slots can be had.
    /// False means that nothing was done. Only for types without drop glue: if a clone panics, the
    /// claimed slots stay uninitialised, which no handle ever covers and nobody drops.
    #[inline]
    pub(crate) fn extend_claimed(&mut self, values: &[T]) -> bool
    where
        T: Clone,
    {
        if needs_drop::<T>() || !self.claim(values.len()) {
            return false;
        }
        let len = self.len;
        for (i, value) in values.iter().enumerate() {
            let value = value.clone();
            // SAFETY: B4: claimed for this handle.
            let slot = unsafe { self.buf.slot(len + i) };
            // SAFETY: B4: nobody else touches it.
            unsafe { slot.write(value) };
        }
        self.len = len + values.len();
        true
    }

    /// Covers the slots `[0, len)`.
    ///
    /// # Safety
    ///
    /// * B2 holds for `len`: the slots are initialised, and their writes happen-before this call.
    #[inline]
    pub(crate) unsafe fn set_len(&mut self, len: usize) {
        self.len = len;
    }

    /// Puts `buf` in the place of the buffer, whose count the caller now owns.
    ///
    /// # Safety
    ///
    /// * The caller gives away one count of `buf`.
    /// * B2 holds for `buf` and this handle's length.
    #[inline]
    pub(crate) unsafe fn set_buf(&mut self, buf: SharedBuf<T>) {
        self.buf = buf;
    }

    /// Forgets the elements from `len` on, without dropping them: they stay the buffer's (B6).
    #[inline]
    pub(crate) fn shorten(&mut self, len: usize) {
        debug_assert!(len <= self.len, "a handle never grows over slots it did not write");
        self.len = self.len.min(len);
    }
}

impl<T> Clone for Handle<T> {
    #[inline]
    fn clone(&self) -> Self {
        if self.buf.is_allocated() {
            // SAFETY: B1: this handle holds a count of it.
            unsafe { self.buf.retain() };
        }
        Self { buf: self.buf, len: self.len, owns: PhantomData }
    }
}

impl<T> Drop for Handle<T> {
    #[inline]
    fn drop(&mut self) {
        if self.buf.is_allocated() {
            // SAFETY: B1: this handle's count, given back once.
            unsafe { self.buf.release() };
        }
    }
}

#[cfg(not(cow_loom))]
const _: () = {
    assert!(size_of::<Handle<u8>>() == 2 * size_of::<usize>());
    assert!(size_of::<Option<Handle<u8>>>() == size_of::<Handle<u8>>());
};
