//! [`Repr`], a string of bytes in 16 bytes. It does not know that the bytes are text; `utf8` ensures that.
//!
//! A handle is a pointer and a word, so that on 64-bit targets it is passed in two registers and moved as two words.
//! Its last byte, the tag, says which of five forms it has:
//!
//! ```text
//!               ptr              upper
//!               0                8            12        15
//!   inline    | up to 15 bytes, zero beyond the length | 0x40 + length |
//!   static    | address        | len: u32   | 0         | 0x80          |
//!   counted   | address        | len: u32   | offset, low 24 bits | 0xC0 + offset, high 5 bits |
//!   cloned    | the same                                         | 0xE0 + offset, high 5 bits |
//!   huge      | address        | len, 56 bits           | 0xBF          |
//! ```
//!
//! The pointer leads to the first byte of the string, so that reading does not decode the offset. The offset
//! leads from there back to slot 0 of the block, which a clone, a drop and a write need.
//!
//! A cloned handle is a counted one that was made from another handle. It is rarely the last one, so its drop
//! skips the fast path for `refs == 1`: that load would stall on the preceding increment. For the same reason a cloned
//! handle is shortened without a look at the block.
//!
//! A block with more slots than a `u32` counts makes its handles huge. A huge handle has no room for an
//! offset. The layout is the same on all targets: zeros follow a pointer of fewer than 8 bytes, and `upper` is
//! little-endian.
#![expect(unsafe_code, reason = "pairs a pointer with the tag that says what it points to")]

mod copy;
#[cfg(any(cow_fuzz, all(test, not(cow_loom))))]
pub(super) mod model;
mod reserve;
#[cfg(all(test, not(cow_loom)))]
mod tests;
mod write;

use core::mem::{ManuallyDrop, transmute};
use core::num::NonZero;
use core::ops::Range;
use core::ptr::{self, NonNull};
use core::slice;

use self::copy::copy_to_slots;
pub(super) use self::reserve::Growth;
use crate::raw::buffer::{BlockRef, Header, SharedBuf, cold};
use crate::raw::handle::Handle;
use crate::raw::layout::{BlockLayout, ReserveError, or_fail};
use crate::sync::const_fn;

/// The number of bytes that a handle holds without a block.
pub(super) const INLINE: usize = 15;

/// The upper half of an empty inline handle. Each byte of the string adds 1 to the tag.
const EMPTY: u64 = 0x40 << 56;

/// The upper half of a static handle, to which the length is added.
const STATIC: u64 = 0x80 << 56;

/// The upper half of a huge handle, to which the length is added.
const HUGE: u64 = 0xBF << 56;

/// The upper half of a counted handle, to which the offset and the length are added.
const COUNTED: u64 = 0xC0 << 56;

/// The bit that makes a counted handle a cloned one. It is set in every huge handle.
///
/// The upper half of a cloned handle is at least `COUNTED | CLONED`, and that of any other form is less.
const CLONED: u64 = 0x20 << 56;

const _: () = assert!(HUGE & CLONED != 0);

/// The bits of the tag. In a counted handle, the lowest five of them are the highest of the offset.
const TAG: u64 = 0xFF << 56;

/// The bits of the upper half that hold the length of a handle that is not inline or huge.
const LEN: u64 = u32::MAX as u64;

/// The bits of an offset: 24 below the tag and 5 in it.
const OFFSET_BITS: usize = (1 << 29) - 1;

/// The largest capacity of a block whose handles are not huge: the largest `u32`.
const U32_SLOTS: usize = if usize::BITS > 32 { u32::MAX as usize } else { usize::MAX };

const LAYOUT: BlockLayout = BlockLayout::of::<Header, u8>();

/// The number of bytes from the end of a pointer to the ninth byte.
const PAD: usize = 8 - size_of::<usize>();

/// A string of bytes in 16 bytes, in one of five forms.
///
/// A counted, cloned or huge handle owns one reference to its block.
///
/// The parameters are the largest offset of a counted handle, and the largest capacity of a block whose
/// handles are not huge. [`CowString`](super::CowString) has the defaults, which are the most that the form
/// can hold. Tests have smaller limits, so that short strings reach them.
///
/// S2: the last byte, the tag, says what the other 15 bytes are.
///
/// | form | the other bytes |
/// |---|---|
/// | inline | as many bytes as the tag counts, then zeros |
/// | static | the address and length of bytes that live for the whole program |
/// | counted, cloned | the address of slot `offset` of a block, the length, and `offset <= MAX_OFFSET` |
/// | huge | the address of slot 0 of a block, and the length |
///
/// A handle is huge if and only if its block has more than `MAX_PLAIN` slots. For a handle of a block, read
/// `offset + len` for `len` in B2, B4 and B5.
#[repr(C)]
pub(super) struct Repr<const MAX_OFFSET: usize = OFFSET_BITS, const MAX_PLAIN: usize = U32_SLOTS> {
    /// The address of the first byte. In an inline handle, bytes 0 to 7 as an address without provenance.
    ptr: *const u8,
    pad: [u8; PAD],
    /// The upper half in little-endian order, so that the tag is the last byte on all targets.
    upper: NonZero<u64>,
}

const _: () = assert!(size_of::<Repr>() == 16 && size_of::<Option<Repr>>() == 16);

// SAFETY: the bytes are `Send` and `Sync` and the counters are atomic, as in `Arc<[u8]>`.
unsafe impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Send for Repr<MAX_OFFSET, MAX_PLAIN> {}
// SAFETY: the bytes are `Sync`, and a clone through `&Repr` changes only an atomic counter.
unsafe impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Sync for Repr<MAX_OFFSET, MAX_PLAIN> {}

/// Making handles.
impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    #[inline]
    pub(super) const fn new() -> Self {
        Self::from_words(0, 0)
    }

    /// Returns the inline handle whose bytes are these, the lowest first, with the length in the last one.
    #[inline]
    const fn from_words(low: u64, high: u64) -> Self {
        // SAFETY: `EMPTY` is not 0, so the upper half is not 0. The other fields accept any initialised bytes.
        unsafe { transmute::<[u64; 2], Self>([low.to_le(), (high | EMPTY).to_le()]) }
    }

    /// Returns an inline handle of up to 15 bytes.
    #[inline]
    const fn inline(bytes: &[u8]) -> Self {
        let [low, high] = Self::packed(bytes);
        Self::from_words(low, high | (bytes.len() as u64) << 56)
    }

    /// Returns up to 15 bytes as the lowest bytes of two words, with zeros beyond.
    #[inline]
    const fn packed(bytes: &[u8]) -> [u64; 2] {
        let n = bytes.len();
        debug_assert!(n <= INLINE);
        // Two loads that may overlap cover any length of at least 8.
        let (Some(head), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) else {
            return [Self::up_to_seven(bytes), 0];
        };
        // The bytes of the last load that the first one lacks.
        let rest = if n > 8 { u64::from_le_bytes(*last) >> (8 * (16 - n)) } else { 0 };
        [u64::from_le_bytes(*head), rest]
    }

    /// Returns fewer than 8 bytes as the lowest bytes of a word.
    #[inline]
    const fn up_to_seven(bytes: &[u8]) -> u64 {
        let n = bytes.len();
        if let (Some(head), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            let (head, last) = (u32::from_le_bytes(*head), u32::from_le_bytes(*last));
            head as u64 | (last as u64) << (8 * (n - 4))
        } else if n > 0 {
            let (first, middle, last) = (bytes[0], bytes[n / 2], bytes[n - 1]);
            first as u64 | (middle as u64) << (8 * (n / 2)) | (last as u64) << (8 * (n - 1))
        } else {
            0
        }
    }

    /// Returns a handle of bytes that live for the whole program.
    ///
    /// # Panics
    ///
    /// Panics if there are 4 GiB of them or more.
    #[inline]
    #[track_caller]
    pub(super) const fn from_static(bytes: &'static [u8]) -> Self {
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        assert!(bytes.len() <= u32::MAX as usize, "a static string must be shorter than 4 GiB");
        Self::from_parts(bytes.as_ptr(), STATIC | bytes.len() as u64)
    }

    /// Returns a handle of bytes that are not inline. The caller ensures S2.
    #[inline]
    const fn from_parts(ptr: *const u8, upper: u64) -> Self {
        let Some(upper) = NonZero::new(upper.to_le()) else { panic!("a handle without a tag") };
        Self { ptr, pad: [0; PAD], upper }
    }

    #[inline]
    #[track_caller]
    pub(super) fn copy_of(bytes: &[u8]) -> Self {
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        let buf = allocate_copy(bytes, bytes.len());
        // SAFETY: the block is new, and its first slots hold the bytes (B1, B2).
        unsafe { Self::counted(buf, 0, bytes.len()) }
    }

    #[inline]
    #[track_caller]
    pub(super) fn with_capacity(cap: usize) -> Self {
        if cap <= INLINE {
            return Self::new();
        }
        let buf = SharedBuf::allocate(cap);
        // SAFETY: the block is new, and the handle covers none of its slots (B1, B2).
        unsafe { Self::counted(buf, 0, 0) }
    }

    /// Returns a handle that covers `len` bytes of a block from slot `offset` on.
    ///
    /// # Safety
    ///
    /// * `buf` points to a live block (B1), and the caller gives one reference to it away.
    /// * Slots `[offset, offset + len)` are initialised (B2).
    /// * `offset` is at most `MAX_OFFSET`, and 0 if the block has more than `MAX_PLAIN` slots (S2).
    #[inline]
    unsafe fn counted(buf: SharedBuf<u8>, offset: usize, len: usize) -> Self {
        // SAFETY: `offset` is at most the capacity, because the slots after it are in the block.
        let ptr = unsafe { buf.slot(offset) };
        // SAFETY: the block is live (B1).
        if unsafe { buf.block() }.cap() > MAX_PLAIN {
            cold();
            return Self::from_parts(ptr, HUGE | len as u64);
        }
        Self::from_parts(ptr, COUNTED | (offset as u64) << 32 | len as u64)
    }

    /// Takes over the buffer of `handle`. Up to 15 bytes become inline, and the buffer is released.
    pub(super) fn from_handle(handle: Handle<u8>) -> Self {
        if handle.len() <= INLINE {
            return Self::inline(handle.as_slice());
        }
        let (buf, len) = handle.into_parts();
        // SAFETY: a handle with elements has a block, whose first `len` slots are initialised (B1, B2). Its
        // reference is given away.
        unsafe { Self::counted(buf, 0, len) }
    }

    /// Turns this into a handle without an offset, if that does not copy into another block.
    ///
    /// A unique handle with an offset moves its bytes to the front of the block.
    ///
    /// # Errors
    ///
    /// Returns `self` if the bytes are not in a block, or begin in the middle of a shared one.
    pub(super) fn try_into_handle(mut self) -> Result<Handle<u8>, Self> {
        let Some(buf) = self.buf() else { return Err(self) };
        if self.offset() > 0 && !self.move_to_front() {
            return Err(self);
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: the bytes begin at slot 0 of the block (B1, B2). `this` is not dropped, so that its
        // reference goes to the result.
        Ok(unsafe { Handle::from_parts(buf, this.len()) })
    }

    /// Returns the bytes `[start, end)`, as [`Repr::slice_unchecked`] does.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds.
    #[track_caller]
    pub(super) fn slice(&self, start: usize, end: usize) -> Self {
        let len = self.as_bytes()[start..end].len();
        // SAFETY: the range lies within the bytes.
        unsafe { self.slice_unchecked(start, len) }
    }

    /// Returns the `len` bytes from `start` on.
    ///
    /// Up to 15 bytes become inline. More share the block or the static memory. They are copied if they
    /// begin past `MAX_OFFSET`, or in the middle of a huge block.
    ///
    /// # Safety
    ///
    /// * `start + len` is at most the length of this handle.
    #[inline(always)]
    #[track_caller]
    pub(super) unsafe fn slice_unchecked(&self, start: usize, len: usize) -> Self {
        if len <= INLINE {
            // SAFETY: the caller ensures that the range lies within the bytes.
            return Self::inline(unsafe { self.as_bytes().get_unchecked(start..start + len) });
        }
        // This handle is not inline, because it has more than 15 bytes.
        let (first, upper) = (self.ptr.wrapping_add(start), self.upper());
        let offset = offset(upper);
        if upper < COUNTED || offset + start > MAX_OFFSET {
            return self.slice_slow(start, len);
        }
        // SAFETY: the handle is counted or cloned, and its bytes begin at this offset (S2).
        let buf = unsafe { self.block_at(offset) };
        // SAFETY: this handle holds a reference to the block (B1).
        unsafe { buf.block() }.retain();
        // S2, B2: the slice lies within this handle's bytes, and owns the reference just made.
        Self::from_parts(first, COUNTED | CLONED | ((offset + start) as u64) << 32 | len as u64)
    }

    /// Implements [`Repr::slice_unchecked`] for more than 15 bytes past `MAX_OFFSET`, or of a static or huge handle.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds.
    #[inline(never)]
    #[track_caller]
    fn slice_slow(&self, start: usize, len: usize) -> Self {
        let bytes = &self.as_bytes()[start..start + len];
        if self.is_static() {
            return Self::from_parts(bytes.as_ptr(), STATIC | len as u64);
        }
        let Some(block) = self.block().filter(|_| self.offset() + start == 0) else {
            return Self::copy_of(bytes);
        };
        block.retain();
        // SAFETY: `bytes` are the first of this handle's bytes, which begin at slot 0 (B2). The reference was
        // just made.
        unsafe { Self::counted(block.buf(), 0, len) }
    }
}

/// Allocates a block of at least `cap` slots, and copies `bytes` into it. `cap` is at least their number.
#[inline]
fn try_allocate_copy(bytes: &[u8], cap: usize) -> Result<SharedBuf<u8>, ReserveError> {
    let buf = SharedBuf::<u8>::try_allocate(cap)?;
    // SAFETY: the block is new, and live until it is returned (B1).
    unsafe { buf.block() }.filled().set(bytes.len());
    // SAFETY: the new block has at least `bytes.len()` slots (B1), and nobody else can reach them (B5).
    unsafe { copy_to_slots(bytes, buf, 0) };
    Ok(buf)
}

/// Like [`try_allocate_copy`], but panics or aborts if it fails.
#[inline(never)]
#[track_caller]
fn allocate_copy(bytes: &[u8], cap: usize) -> SharedBuf<u8> {
    or_fail(try_allocate_copy(bytes, cap))
}

/// Returns the length of a handle that is not huge, from its upper half.
#[inline]
const fn short_len(upper: u64) -> u32 {
    let (inline, external) = ((upper >> 56) as u32 & 15, upper as u32);
    if upper >> 63 == 0 { inline } else { external }
}

/// Returns the offset of a counted or cloned handle, from its upper half.
#[inline]
const fn offset(upper: u64) -> usize {
    (upper >> 32) as usize & OFFSET_BITS
}

/// Returns whether this is the upper half of a counted or cloned handle with offset 0.
///
/// A branch on this saves the wait for the offset, because a processor predicts the branch.
#[inline]
const fn begins_block(upper: u64) -> bool {
    (upper & !CLONED) >> 32 == COUNTED >> 32
}

/// Reading.
impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Returns the upper half: the tag in the highest byte, the offset below it, the length in the low half.
    ///
    /// It gives the length of any form except huge without a branch.
    #[inline]
    const fn upper(&self) -> u64 {
        u64::from_le(self.upper.get())
    }

    /// Returns the number of bytes. Only a huge handle takes a branch.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        if self.is_huge() {
            cold();
            return (self.upper() & !TAG) as usize;
        }
        short_len(self.upper()) as usize
    }

    const_fn! {
        #[inline]
        pub(super) const fn as_bytes(&self) -> &[u8] {
            // SAFETY: the slice covers exactly the bytes of this handle (S2, B7). They are in the handle, in static
            // memory, or initialised slots of a block that the handle keeps alive (B2). Nobody writes them while the
            // handle is borrowed (B3).
            unsafe { slice::from_raw_parts(self.first(), self.len()) }
        }
    }

    const_fn! {
        /// Returns the address of the first byte.
        #[inline]
        const fn first(&self) -> *const u8 {
            #[cfg(cow_loom)]
            if let Some(buf) = self.buf() {
                // SAFETY: this handle holds a reference to the block (B1).
                _ = unsafe { buf.slice(0) };
            }
            // Reads both addresses, so that the choice needs no branch.
            let (own, external) = (ptr::from_ref(self).cast::<u8>(), self.ptr);
            if self.is_inline() { own } else { external }
        }
    }

    #[inline]
    pub(super) const fn is_inline(&self) -> bool {
        self.upper() < STATIC
    }

    #[inline]
    const fn is_huge(&self) -> bool {
        MAX_PLAIN < usize::MAX && self.upper() >> 56 == HUGE >> 56
    }

    #[inline]
    pub(super) const fn is_static(&self) -> bool {
        self.upper() & TAG == STATIC
    }

    /// Returns the number of slots before this handle's first one. The handle has a block.
    #[inline]
    fn offset(&self) -> usize {
        if self.is_huge() {
            cold();
            return 0;
        }
        offset(self.upper())
    }

    /// Returns the block, or `None` if this handle has none.
    #[inline]
    fn block(&self) -> Option<BlockRef<'_, u8>> {
        // SAFETY: this handle owns a reference to the block, and is borrowed for as long as the result (B1).
        self.buf().map(|buf| unsafe { buf.block() })
    }

    /// Returns the buffer, or `None` if there is no block. This handle keeps its reference.
    #[inline]
    fn buf(&self) -> Option<SharedBuf<u8>> {
        let upper = self.upper();
        // One comparison for inline and static handles.
        if upper < HUGE {
            return None;
        }
        // SAFETY: the handle has a block, and its bytes begin at slot `offset` (S2).
        Some(unsafe { self.block_at(self.offset()) })
    }

    /// Returns the block whose slot `offset` this handle points to.
    ///
    /// # Safety
    ///
    /// * The handle has a block, and its bytes begin at slot `offset` of that block.
    #[inline]
    unsafe fn block_at(&self, offset: usize) -> SharedBuf<u8> {
        let data = self.ptr.cast_mut().wrapping_sub(offset);
        // SAFETY: the address is that of slot 0 of a live block (S2), so it is not null.
        let data = unsafe { NonNull::new_unchecked(data) };
        // SAFETY: the pointer came from `data` of a `SharedBuf<u8>`, and has its provenance (B1).
        unsafe { SharedBuf::from_data(data) }
    }

    /// Returns whether there is a block and this is its only handle.
    #[inline]
    pub(super) fn is_unique(&mut self) -> bool {
        self.block().is_some_and(BlockRef::is_unique)
    }

    /// Returns the number of handles of the block, or 0 if there is none. The value may be stale.
    pub(super) fn strong_count(&self) -> usize {
        self.block().map_or(0, BlockRef::strong_count)
    }

    /// Returns whether both handles are inline and equal, or cover the same bytes at the same address.
    #[inline]
    pub(super) fn ptr_eq(&self, other: &Self) -> bool {
        let differ = self.upper() ^ other.upper();
        // Only a cloned handle and a counted one differ in this bit alone.
        self.ptr == other.ptr && self.pad == other.pad && differ & !CLONED == 0
    }

    /// Returns whether the bytes are equal.
    ///
    /// Most unequal strings differ in length, which one branch finds for any two forms. For a huge handle
    /// this compares the low half of the length.
    #[inline]
    pub(super) fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.upper(), other.upper());
        if short_len(a) != short_len(b) {
            return false;
        }
        if (a | b) >> 63 == 0 {
            // Both are inline, and zero beyond the length (S2).
            return a == b && self.ptr == other.ptr && self.pad == other.pad;
        }
        // Under loom only `as_bytes` reports a read.
        if a & b < COUNTED || cfg!(cow_loom) {
            return self.eq_other(other);
        }
        let len = short_len(a) as usize;
        // SAFETY: both handles are counted or cloned, and `len` is the length of both. The bytes are initialised, and
        // not written while the handle is borrowed (S2, B2, B3).
        let bytes = unsafe { slice::from_raw_parts(self.ptr, len) };
        // SAFETY: the same holds for the other handle.
        let others = unsafe { slice::from_raw_parts(other.ptr, len) };
        self.ptr == other.ptr || bytes == others
    }

    /// Implements [`Repr::eq`], unless both handles are inline, or each is counted or cloned.
    #[inline(never)]
    fn eq_other(&self, other: &Self) -> bool {
        self.ptr_eq(other) || self.as_bytes() == other.as_bytes()
    }

    /// Returns the range of `part` within these bytes, by its address.
    ///
    /// If `part` lies elsewhere, the range is decreasing or out of bounds, unless `part` is empty.
    #[inline]
    pub(super) fn range_of(&self, part: &[u8]) -> Range<usize> {
        if part.is_empty() {
            return 0..0;
        }
        let start = part.as_ptr().addr().wrapping_sub(self.as_bytes().as_ptr().addr());
        start..start.wrapping_add(part.len())
    }
}

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Clone for Repr<MAX_OFFSET, MAX_PLAIN> {
    #[inline]
    fn clone(&self) -> Self {
        let upper = self.upper();
        // One comparison for inline and static handles.
        if upper < HUGE {
            return Self { ..*self };
        }
        if begins_block(upper) {
            // SAFETY: the handle has a block, and its offset is 0 (S2).
            let buf = unsafe { self.block_at(0) };
            // SAFETY: this handle holds a reference to the block (B1).
            unsafe { buf.block() }.retain();
        } else if let Some(block) = self.block() {
            block.retain();
        }
        // S2: with the bit, this is the cloned form of the same handle. A huge handle has the bit already.
        Self::from_parts(self.ptr, upper | CLONED)
    }
}

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Drop for Repr<MAX_OFFSET, MAX_PLAIN> {
    #[inline]
    fn drop(&mut self) {
        let upper = self.upper();
        // One comparison for inline and static handles.
        if upper < HUGE {
            return;
        }
        if upper >> 32 == (COUNTED | CLONED) >> 32 {
            // SAFETY: the handle is cloned, and its offset is 0 (S2).
            let buf = unsafe { self.block_at(0) };
            // SAFETY: this handle owns one reference to the block (B1), and releases it once.
            unsafe { buf.release_by_rmw() };
            return;
        }
        let Some(buf) = self.buf() else { return };
        if upper & CLONED == 0 {
            // SAFETY: this handle owns one reference to the block (B1), and releases it once.
            unsafe { buf.release() };
        } else {
            // SAFETY: this handle owns one reference to the block (B1), and releases it once.
            unsafe { buf.release_by_rmw() };
        }
    }
}
