//! `Repr`: bytes in 16 bytes, of which nothing here knows that they are text.
//!
//! ```text
//!               0                8            12        15
//!   inline    | up to 15 bytes, zero beyond the length | 0x40 + length |
//!   static    | ptr            | len: u32   | 0         | 0x80          |
//!   counted   | ptr            | len: u32   | offset, low 24 bits | 0xC0 + offset, high 5 bits |
//!   cloned    | the same                                         | 0xE0 + offset, high 5 bits |
//!   huge      | ptr            | len, 56 bits           | 0xBF          |
//! ```
//!
//! The pointer leads to the first byte of the string, so that reading never decodes the offset: that
//! is the way back from there to slot 0 of the block, which a clone, a drop and a write need. A cloned
//! handle is a counted one that was made from another, and hence is likely not the last: its drop does not
//! ask first whether it is, since a load waits for the atomic increment just before. A block
//! with more slots than a `u32` counts makes its handles huge; these have no room for an offset. The
//! layout is the same on all targets: where a pointer is shorter than 8 bytes, zeros follow it, and the
//! upper half is one little-endian word.
#![expect(unsafe_code, reason = "pairs a pointer with the tag that says what it is")]

mod reserve;
mod slices;
#[cfg(all(test, not(cow_loom)))]
mod tests;
mod write;

use core::mem::{ManuallyDrop, transmute};
use core::ptr::{self, NonNull};
use core::slice;

pub(super) use self::reserve::Growth;
use super::macros::const_fn;
use crate::raw::buffer::{Header, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::layout::{BlockLayout, ReserveError, or_fail};

/// The last byte of a string. The numbers that stand for nothing are its niches.
#[rustfmt::skip]
#[expect(dead_code, reason = "all but four variants are only ever made from their number")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Tag {
    Inline0 = 0x40, Inline1, Inline2, Inline3, Inline4, Inline5, Inline6, Inline7,
    Inline8, Inline9, Inline10, Inline11, Inline12, Inline13, Inline14, Inline15,
    Static = 0x80,
    Huge = 0xBF,
    Counted0, Counted1, Counted2, Counted3, Counted4, Counted5, Counted6, Counted7,
    Counted8, Counted9, Counted10, Counted11, Counted12, Counted13, Counted14, Counted15,
    Counted16, Counted17, Counted18, Counted19, Counted20, Counted21, Counted22, Counted23,
    Counted24, Counted25, Counted26, Counted27, Counted28, Counted29, Counted30, Counted31,
    Cloned0, Cloned1, Cloned2, Cloned3, Cloned4, Cloned5, Cloned6, Cloned7,
    Cloned8, Cloned9, Cloned10, Cloned11, Cloned12, Cloned13, Cloned14, Cloned15,
    Cloned16, Cloned17, Cloned18, Cloned19, Cloned20, Cloned21, Cloned22, Cloned23,
    Cloned24, Cloned25, Cloned26, Cloned27, Cloned28, Cloned29, Cloned30, Cloned31,
}

const _: () = assert!(Tag::Inline15 as u8 == 0x4F);
const _: () = assert!(Tag::Counted0 as u8 == 0xC0 && Tag::Cloned31 as u8 == 0xFF);

impl Tag {
    /// The tag of `len` inline bytes.
    #[inline]
    const fn inline(len: usize) -> Self {
        debug_assert!(len <= INLINE);
        // SAFETY: 0x40..=0x4F are all listed.
        unsafe { transmute::<u8, Self>(0x40 | (len & 15) as u8) }
    }

    /// The tag of a counted string with this offset.
    #[inline]
    const fn counted(offset: usize) -> Self {
        debug_assert!(offset <= OFFSET_BITS);
        // SAFETY: 0xC0..=0xFF are all listed.
        unsafe { transmute::<u8, Self>(0xC0 | (offset >> 24) as u8) }
    }

    /// The tag of a cloned string with this offset.
    #[inline]
    const fn cloned(offset: usize) -> Self {
        debug_assert!(offset <= OFFSET_BITS);
        // SAFETY: 0xC0..=0xFF are all listed.
        unsafe { transmute::<u8, Self>(0xE0 | (offset >> 24) as u8) }
    }
}

/// The bytes a handle holds without a block.
pub(super) const INLINE: usize = 15;

/// The bits of an offset: 24 in bytes of their own and 5 in the tag.
const OFFSET_BITS: usize = (1 << 29) - 1;

/// What a cloned handle's upper half has that a counted one's does not. A huge one's has it always.
const CLONED: u64 = 0x20 << 56;

const _: () = assert!(Tag::Huge as u64 & CLONED >> 56 != 0);

/// The largest offset that a counted handle is given. Small in unit tests and for our own fuzzing, so that
/// they reach it.
const MAX_OFFSET: usize = if cfg!(cow_fuzz) {
    63
} else if cfg!(test) {
    1023
} else {
    OFFSET_BITS
};

/// The most slots of a block whose handles are not huge. Small where the largest offset is.
const MAX_PLAIN: usize = if cfg!(cow_fuzz) {
    255
} else if cfg!(test) {
    4095
} else if usize::BITS > 32 {
    u32::MAX as usize
} else {
    usize::MAX
};

const LAYOUT: BlockLayout = BlockLayout::of::<Header, u8>();

/// Bytes from the end of a pointer to the ninth byte.
const PAD: usize = 8 - size_of::<usize>();

/// Bytes in one of four forms (S2), and one count of a block in two of them.
#[repr(C)]
pub(super) struct Repr {
    ptr: *const u8,
    pad: [u8; PAD],
    /// Little-endian, as all of the upper half.
    len: u32,
    offset: [u8; 3],
    tag: Tag,
}

const _: () = assert!(size_of::<Repr>() == 16 && size_of::<Option<Option<Repr>>>() == 16);

// SAFETY: as for `Arc<[u8]>`: the bytes are `Send` and `Sync`, and the counters are atomic.
unsafe impl Send for Repr {}
// SAFETY: as above; `&Repr` can be cloned.
unsafe impl Sync for Repr {}

/// Making handles.
impl Repr {
    #[inline]
    pub(super) const fn new() -> Self {
        Self::from_words(0, 0x40 << 56)
    }

    /// The inline handle of these 16 bytes, the lowest first.
    #[inline]
    const fn from_words(low: u64, high: u64) -> Self {
        debug_assert!(high >> 60 == 4, "an inline tag");
        // SAFETY: S2: the last byte is an inline tag; integers and a pointer take any other bytes.
        unsafe { transmute::<[u64; 2], Self>([low.to_le(), high.to_le()]) }
    }

    /// A handle that holds up to 15 bytes in itself.
    #[inline]
    const fn inline(bytes: &[u8]) -> Self {
        let [low, high] = Self::packed(bytes);
        Self::from_words(low, high | (0x40 | bytes.len() as u64) << 56)
    }

    /// Up to 15 bytes as the low ones of two words, and zeros beyond.
    #[inline]
    const fn packed(bytes: &[u8]) -> [u64; 2] {
        let n = bytes.len();
        debug_assert!(n <= INLINE);
        // Loads that overlap: two cover any length of their class.
        let (Some(head), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) else {
            return [Self::up_to_seven(bytes), 0];
        };
        // Of the last eight what the first eight lack.
        let rest = if n > 8 { u64::from_le_bytes(*last) >> (8 * (16 - n)) } else { 0 };
        [u64::from_le_bytes(*head), rest]
    }

    /// Fewer than 8 bytes as the low ones of a word.
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

    /// Bytes that live for ever.
    ///
    /// # Panics
    ///
    /// If there are 4 GiB of them or more.
    #[inline]
    #[track_caller]
    pub(super) const fn from_static(bytes: &'static [u8]) -> Self {
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        assert!(bytes.len() <= u32::MAX as usize, "a static string must be shorter than 4 GiB");
        Self::outside(bytes.as_ptr(), bytes.len(), 0, Tag::Static)
    }

    /// A handle of bytes that are elsewhere.
    #[inline]
    const fn outside(ptr: *const u8, len: usize, offset: usize, tag: Tag) -> Self {
        /// The upper half is written at once, as it is read: a load of more than one store waits.
        #[repr(C)]
        struct Halves {
            ptr: *const u8,
            pad: [u8; PAD],
            upper: u64,
        }
        let upper = len as u32 as u64 | (offset as u64 & 0xFF_FFFF) << 32 | (tag as u64) << 56;
        let halves = Halves { ptr, pad: [0; PAD], upper: upper.to_le() };
        // SAFETY: S2: a pointer where there is one, and a tag in the last byte.
        unsafe { transmute::<Halves, Self>(halves) }
    }

    /// A copy of `bytes`.
    #[inline]
    #[track_caller]
    pub(super) fn copy_of(bytes: &[u8]) -> Self {
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        let buf = copied(bytes, bytes.len());
        // SAFETY: S2: the count of a new block with that many bytes in it.
        unsafe { Self::counted(buf, 0, bytes.len()) }
    }

    /// No bytes, and room for `cap`.
    #[inline]
    #[track_caller]
    pub(super) fn with_capacity(cap: usize) -> Self {
        if cap <= INLINE {
            return Self::new();
        }
        let buf = SharedBuf::allocate(cap);
        // SAFETY: S2: the count of a new block.
        unsafe { Self::counted(buf, 0, 0) }
    }

    /// The handle that owns one count of `buf` and covers `len` bytes from slot `offset`.
    ///
    /// # Safety
    ///
    /// B1 holds, and B2 for `offset + len`; the caller gives one count away. The offset is at most
    /// [`MAX_OFFSET`], and 0 if the block has more than [`MAX_PLAIN`] slots.
    #[inline]
    unsafe fn counted(buf: SharedBuf<u8>, offset: usize, len: usize) -> Self {
        // SAFETY: the caller's.
        let ptr = unsafe { buf.slot(offset) };
        let mut this = Self::outside(ptr, len, offset, Tag::counted(offset));
        // SAFETY: the caller's.
        if unsafe { buf.cap() } > MAX_PLAIN {
            this.tag = Tag::Huge;
            this.set_len(len);
        }
        this
    }

    /// The handle that owns what `handle` did; short ones let go of the buffer.
    pub(super) fn from_handle(handle: Handle<u8>) -> Self {
        if handle.len() <= INLINE {
            return Self::inline(handle.as_slice());
        }
        let (buf, len) = handle.into_parts();
        // SAFETY: B1, B2: the handle's, whose count comes with it; one without a block is short.
        unsafe { Self::counted(buf, 0, len) }
    }

    /// The same buffer as a handle without an offset, if that needs no copy of the block.
    ///
    /// # Errors
    ///
    /// Gives the bytes back if they are not in a block, or begin in the middle of a shared one.
    pub(super) fn try_into_handle(mut self) -> Result<Handle<u8>, Self> {
        let Some(buf) = self.buf() else { return Err(self) };
        if self.offset() > 0 {
            if !self.is_unique() {
                return Err(self);
            }
            self.settle();
            self.shift();
        }
        let this = ManuallyDrop::new(self);
        // SAFETY: B1, B2: this handle's block and length, offset 0; its count goes with them.
        Ok(unsafe { Handle::from_parts(buf, this.len()) })
    }
}

/// The bytes in a new block with room for `cap`, which is at least as many.
#[inline]
fn try_copied(bytes: &[u8], cap: usize) -> Result<SharedBuf<u8>, ReserveError> {
    let buf = SharedBuf::<u8>::try_allocate(cap)?;
    // SAFETY: B1, B5: new.
    unsafe { buf.filled() }.set(bytes.len());
    let slots = buf.data().as_ptr();
    // Copies that overlap, of a known size: a call costs more than they do.
    match (bytes.first_chunk::<32>(), bytes.last_chunk::<32>()) {
        (Some(head), Some(last)) if bytes.len() <= 64 => {
            // SAFETY: B1, B5: a new block with at least that many slots; the caller's bytes are elsewhere.
            unsafe { slots.cast::<[u8; 32]>().write(*head) };
            // SAFETY: as above.
            unsafe { slots.wrapping_add(bytes.len() - 32).cast::<[u8; 32]>().write(*last) };
        }
        // SAFETY: as above.
        _ => unsafe { fill(buf, 0, bytes) },
    }
    Ok(buf)
}

/// [`try_copied`] that does not return without a block.
#[inline(never)]
#[track_caller]
fn copied(bytes: &[u8], cap: usize) -> SharedBuf<u8> {
    or_fail(try_copied(bytes, cap))
}

/// Writes `bytes` from slot `at` on.
///
/// # Safety
///
/// The slots are in the block, the caller's to write, and not what `bytes` covers.
#[inline]
unsafe fn fill(buf: SharedBuf<u8>, at: usize, bytes: &[u8]) {
    // SAFETY: the caller's.
    let slots = unsafe { buf.slot(at) };
    // SAFETY: the caller's.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), slots, bytes.len()) };
}

/// Marks a branch as rarely taken.
#[cold]
const fn cold() {}

/// The length of a handle that is not huge, from its upper half.
#[inline]
const fn short_len(upper: u64) -> u32 {
    let (inline, outside) = ((upper >> 56) as u32 & 15, upper as u32);
    if upper >> 63 == 0 { inline } else { outside }
}

/// The length of a huge handle: all of its upper half but the tag.
#[cold]
#[inline(never)]
const fn huge_len(upper: u64) -> usize {
    (upper & (u64::MAX >> 8)) as usize
}

/// Asking.
impl Repr {
    /// The upper half: the tag in the highest byte, the offset below it, the length in the low half.
    /// Read at once, it gives the length of any form without a branch, and a clone's comparison.
    #[inline]
    const fn upper(&self) -> u64 {
        let upper = ptr::from_ref(self).cast::<u64>().wrapping_add(1);
        // SAFETY: S2: 16 initialised bytes, and of the upper half none belongs to a pointer.
        u64::from_le(unsafe { upper.read_unaligned() })
    }

    /// The number of bytes, without a branch that depends on where they are.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        let upper = self.upper();
        if self.is_huge() { huge_len(upper) } else { short_len(upper) as usize }
    }

    const_fn! {
        /// The bytes.
        #[inline]
        pub(super) const fn as_bytes(&self) -> &[u8] {
            #[cfg(cow_loom)]
            if let Some(buf) = self.buf() {
                // SAFETY: B1; this handle holds a count of it.
                _ = unsafe { buf.slice(0) };
            }
            // Both are there to choose from, so that no branch need decide which to load.
            let (own, outside) = (ptr::from_ref(self).cast::<u8>(), self.ptr);
            let first = if self.is_inline() { own } else { outside };
            // SAFETY: S2, B2, B7: exactly the bytes of this handle, in itself, in static memory, or
            // in the block that it keeps alive.
            unsafe { slice::from_raw_parts(first, self.len()) }
        }
    }

    #[inline]
    pub(super) const fn is_inline(&self) -> bool {
        (self.upper() >> 56) < Tag::Static as u64
    }

    #[inline]
    const fn is_huge(&self) -> bool {
        MAX_PLAIN < usize::MAX && self.upper() >> 56 == Tag::Huge as u64
    }

    /// Slots from the block's first to this handle's. Only for handles with a block.
    #[inline]
    fn offset(&self) -> usize {
        if self.is_huge() { 0 } else { (self.upper() >> 32) as usize & OFFSET_BITS }
    }

    /// The block that this handle holds a count of.
    #[inline]
    fn buf(&self) -> Option<SharedBuf<u8>> {
        let tag = self.tag as u8;
        // One comparison for inline and static handles, which have nothing else that takes time.
        if tag < Tag::Huge as u8 {
            return None;
        }
        let offset = if tag == Tag::Huge as u8 {
            cold();
            0
        } else {
            (self.upper() >> 32) as usize & OFFSET_BITS
        };
        // SAFETY: S2: a counted handle's offset; a huge handle's bytes begin at slot 0.
        Some(unsafe { self.block_at(offset) })
    }

    /// The block of a handle that has one, `offset` slots before its bytes.
    ///
    /// # Safety
    ///
    /// So it is.
    #[inline]
    unsafe fn block_at(&self, offset: usize) -> SharedBuf<u8> {
        let data = self.ptr.cast_mut().wrapping_sub(offset);
        // SAFETY: S2: slot 0 of a live block.
        let data = unsafe { NonNull::new_unchecked(data) };
        // SAFETY: S2: as above.
        unsafe { SharedBuf::from_data(data) }
    }

    /// Whether there is a block and no other handle of it.
    #[inline]
    pub(super) fn is_unique(&mut self) -> bool {
        // SAFETY: B1: this handle holds a count of it, and is held by `&mut`.
        self.buf().is_some_and(|buf| unsafe { buf.is_unique() })
    }

    /// Whether the bytes live for ever, outside of any block and of this handle.
    #[inline]
    pub(super) const fn is_static(&self) -> bool {
        self.upper() >> 56 == Tag::Static as u64
    }

    /// The handles of the block a moment ago, 0 without one.
    pub(super) fn strong_count(&self) -> usize {
        // SAFETY: B1: this handle holds a count of it.
        self.buf().map_or(0, |buf| unsafe { buf.strong_count() })
    }

    /// Whether the handles are the same bit for bit: inline and equal, or the same bytes of one place.
    #[inline]
    pub(super) fn ptr_eq(&self, other: &Self) -> bool {
        let differ = self.upper() ^ other.upper();
        // A cloned handle is the same as what it was made from; no other two forms differ in that alone.
        self.ptr == other.ptr && self.pad == other.pad && differ & !CLONED == 0
    }

    /// Whether the bytes are equal.
    ///
    /// The lengths tell most unequal ones apart, by one branch whatever the mix of forms. (Of a huge
    /// handle's the low half does.)
    #[inline]
    pub(super) fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.upper(), other.upper());
        if short_len(a) != short_len(b) {
            return false;
        }
        if (a | b) >> 63 == 0 {
            // Both inline, as they stand: what is beyond the length is zero (S2).
            return a == b && self.ptr == other.ptr && self.pad == other.pad;
        }
        self.eq_outside(other)
    }

    #[inline(never)]
    fn eq_outside(&self, other: &Self) -> bool {
        self.ptr_eq(other) || self.as_bytes() == other.as_bytes()
    }
}

impl Clone for Repr {
    #[inline]
    fn clone(&self) -> Self {
        // SAFETY: S2: the same place; of a block, only used under the count made below.
        let mut clone = ManuallyDrop::new(unsafe { ptr::read(self) });
        if let Some(buf) = self.buf() {
            // SAFETY: B1: this handle holds a count of it.
            unsafe { buf.retain() };
            // SAFETY: S2: the cloned handle of the same place.
            unsafe { clone.set_upper(self.upper() | CLONED) };
        }
        ManuallyDrop::into_inner(clone)
    }
}

impl Drop for Repr {
    #[inline]
    fn drop(&mut self) {
        let Some(buf) = self.buf() else { return };
        if self.upper() & CLONED == 0 {
            // SAFETY: B1: this handle's count, given back once.
            unsafe { buf.release() };
        } else {
            // SAFETY: as above.
            unsafe { buf.release_counted() };
        }
    }
}
