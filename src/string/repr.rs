//! `Repr`: bytes in 16 bytes, of which nothing here knows that they are text.
//!
//! ```text
//!               0                8            12        15
//!   inline    | up to 15 bytes, zero beyond the length | 0x40 + length |
//!   static    | ptr            | len: u32   | 0         | 0x80          |
//!   counted   | ptr            | len: u32   | offset, low 24 bits | 0xC0 + offset, high 6 bits |
//!   huge      | ptr            | len, 56 bits           | 0xBF          |
//! ```
//!
//! The pointer leads to the first byte of the string, so that reading never decodes the offset: that
//! is the way back from there to slot 0 of the block, which a clone, a drop and a write need. A block
//! with more slots than a `u32` counts makes its handles huge; these have no room for an offset. The
//! layout is the same on all targets: where a pointer is shorter than 8 bytes, zeros follow it, and the
//! upper half is one little-endian word.
#![expect(unsafe_code, reason = "pairs a pointer with the tag that says what it is")]

use core::mem::{ManuallyDrop, replace, transmute};
use core::ptr::{self, NonNull};
use core::slice;

use super::macros::const_fn;
use crate::raw::buffer::{Header, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::layout::{BlockLayout, ReserveError};

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
    Counted32, Counted33, Counted34, Counted35, Counted36, Counted37, Counted38, Counted39,
    Counted40, Counted41, Counted42, Counted43, Counted44, Counted45, Counted46, Counted47,
    Counted48, Counted49, Counted50, Counted51, Counted52, Counted53, Counted54, Counted55,
    Counted56, Counted57, Counted58, Counted59, Counted60, Counted61, Counted62, Counted63,
}

const _: () = assert!(Tag::Inline15 as u8 == 0x4F);
const _: () = assert!(Tag::Counted0 as u8 == 0xC0 && Tag::Counted63 as u8 == 0xFF);

impl Tag {
    /// The tag of `len` inline bytes.
    #[inline]
    const fn inline(len: usize) -> Self {
        debug_assert!(len <= INLINE);
        // SAFETY: 0x40..=0x4F are all listed.
        unsafe { transmute::<u8, Self>(0x40 | (len & 15) as u8) }
    }

    /// The tag of a counted string with these high bits of its offset.
    #[inline]
    const fn counted(high: u8) -> Self {
        // SAFETY: 0xC0..=0xFF are all listed.
        unsafe { transmute::<u8, Self>(0xC0 | high) }
    }
}

/// The bytes a handle holds without a block.
pub(super) const INLINE: usize = 15;

/// The bits of an offset: 24 in bytes of their own and 6 in the tag.
const OFFSET_BITS: usize = (1 << 30) - 1;

/// The largest offset that a counted handle is given. Small in unit tests, so that they reach it.
const MAX_OFFSET: usize = if cfg!(test) { 1023 } else { OFFSET_BITS };

/// The most slots of a block whose handles are not huge. Small in unit tests, so that they reach it.
const MAX_PLAIN: usize = if cfg!(test) {
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
        let n = bytes.len();
        debug_assert!(n <= INLINE);
        // Loads that overlap: two cover any length of their class.
        let (low, high) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(last)) if n > 8 => {
                (u64::from_le_bytes(*head), u64::from_le_bytes(*last) >> (8 * (16 - n)))
            }
            (Some(all), _) => (u64::from_le_bytes(*all), 0),
            _ => (Self::up_to_seven(bytes), 0),
        };
        Self::from_words(low, high | (0x40 | (n & 15) as u64) << 56)
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
        let [a, b, c, _] = (offset as u32).to_le_bytes();
        Self { ptr, pad: [0; PAD], len: (len as u32).to_le(), offset: [a, b, c], tag }
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
        let mut this = Self::outside(ptr, len, offset, Tag::counted((offset >> 24) as u8));
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

/// The bytes of a new block with room for `cap`, which is at least as many.
#[cold]
#[inline(never)]
#[track_caller]
fn copied(bytes: &[u8], cap: usize) -> SharedBuf<u8> {
    let buf = SharedBuf::allocate(cap);
    // SAFETY: B1, B5: a new block with at least that many slots; the caller's bytes are elsewhere.
    unsafe { fill(buf, 0, bytes) };
    // SAFETY: B1, B5: new.
    unsafe { buf.tail() }.set(bytes.len());
    buf
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
        if self.is_huge() {
            return huge_len(upper);
        }
        let (inline, outside) = ((upper >> 56) as usize & 15, upper as u32 as usize);
        if self.is_inline() { inline } else { outside }
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
        if self.upper() >> 56 < Tag::Huge as u64 {
            return None;
        }
        let data = self.ptr.cast_mut().wrapping_sub(self.offset());
        // SAFETY: S2: slot 0 of a live block.
        let data = unsafe { NonNull::new_unchecked(data) };
        // SAFETY: S2: as above.
        Some(unsafe { SharedBuf::from_data(data) })
    }

    /// Whether there is a block and no other handle of it.
    #[inline]
    pub(super) fn is_unique(&mut self) -> bool {
        // SAFETY: B1: this handle holds a count of it, and is held by `&mut`.
        self.buf().is_some_and(|buf| unsafe { buf.is_unique() })
    }

    /// The handles of the block a moment ago, 0 without one.
    pub(super) fn strong_count(&self) -> usize {
        // SAFETY: B1: this handle holds a count of it.
        self.buf().map_or(0, |buf| unsafe { buf.strong_count() })
    }

    /// The bytes that fit without a copy, as far as can be told a moment ago.
    pub(super) fn capacity(&self) -> usize {
        if self.is_inline() {
            return INLINE;
        }
        let Some(buf) = self.buf() else { return self.len() };
        // SAFETY: B1: this handle holds a count of it.
        let (cap, tail) = (unsafe { buf.cap() }, unsafe { buf.tail() });
        let claimable = tail.is_plain(self.offset() + self.len());
        if claimable || self.strong_count() == 1 { cap - self.offset() } else { self.len() }
    }

    /// Whether the handles are the same bit for bit: inline and equal, or the same bytes of one place.
    #[inline]
    pub(super) fn ptr_eq(&self, other: &Self) -> bool {
        self.ptr == other.ptr && self.pad == other.pad && self.upper() == other.upper()
    }

    #[inline]
    pub(super) fn eq(&self, other: &Self) -> bool {
        // Two inline handles are equal only as they stand: what is beyond the length is zero (S2).
        self.ptr_eq(other)
            || !(self.is_inline() && other.is_inline()) && self.as_bytes() == other.as_bytes()
    }

    /// The bytes `[start, end)`: inline if they fit, else of the same block or static memory. A copy
    /// only where the offset cannot be said: past [`MAX_OFFSET`], or in a huge block.
    ///
    /// # Panics
    ///
    /// If the range is not within the bytes.
    #[inline]
    #[track_caller]
    pub(super) fn slice(&self, start: usize, end: usize) -> Self {
        let bytes = &self.as_bytes()[start..end];
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        let Some(buf) = self.buf() else {
            // SAFETY: S2: within the static bytes, since inline ones are no more than 15.
            let first = unsafe { self.ptr.add(start) };
            return Self::outside(first, bytes.len(), 0, Tag::Static);
        };
        let offset = self.offset() + start;
        if offset > MAX_OFFSET || self.is_huge() && offset > 0 {
            return Self::copy_of(bytes);
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { buf.retain() };
        // SAFETY: S2, B2: within this handle's bytes, and the count is one just made.
        unsafe { Self::counted(buf, offset, bytes.len()) }
    }
}

/// Writing.
impl Repr {
    /// The first 15 bytes of an inline handle.
    #[inline]
    fn inline_mut(&mut self) -> &mut [u8; INLINE] {
        debug_assert!(self.is_inline());
        // SAFETY: S2: initialised, any bytes will do, and the tag is not among them.
        unsafe { &mut *ptr::from_mut(self).cast() }
    }

    /// Writes the upper half.
    ///
    /// # Safety
    ///
    /// S2 holds with it.
    #[inline]
    unsafe fn set_upper(&mut self, upper: u64) {
        let place = ptr::from_mut(self).cast::<u64>().wrapping_add(1);
        // SAFETY: the caller's.
        unsafe { place.write_unaligned(upper.to_le()) };
    }

    /// Sets the length of a handle that is not inline; the slots are this handle's to cover.
    #[inline]
    fn set_len(&mut self, len: usize) {
        let rest = if self.is_huge() { !(u64::MAX >> 8) } else { !0xFFFF_FFFF };
        // SAFETY: S2: the length has as many bits as this form gives it; the tag stays.
        unsafe { self.set_upper(self.upper() & rest | len as u64) };
    }

    /// Makes this the handle of another place in its block, or of where its block has moved.
    ///
    /// # Safety
    ///
    /// As for [`Repr::counted`]; the count is the one that this handle has.
    #[inline]
    unsafe fn set(&mut self, buf: SharedBuf<u8>, offset: usize, len: usize) {
        // SAFETY: the caller's.
        let new = unsafe { Self::counted(buf, offset, len) };
        _ = ManuallyDrop::new(replace(self, new));
    }

    /// Trims a unique handle's block (B5).
    #[inline]
    fn settle(&mut self) {
        let Some(buf) = self.buf() else { return };
        debug_assert!(self.is_unique());
        let end = self.offset() + self.len();
        // SAFETY: B1; unique.
        unsafe { buf.begin_edit() };
        // SAFETY: B1: this handle holds a count of it.
        if !unsafe { buf.tail() }.is_plain(end) {
            // SAFETY: B5: unique.
            unsafe { buf.trim(end) };
        }
    }

    /// Moves the bytes of a unique, settled handle to slot 0.
    #[cold]
    fn shift(&mut self) {
        let (Some(buf), len) = (self.buf(), self.len()) else { return };
        // SAFETY: B2, B5: initialised slots and those before them, of a unique handle.
        unsafe { ptr::copy(self.ptr, buf.data().as_ptr(), len) };
        // SAFETY: S2, B2: the bytes are there now, and nothing can fail between.
        unsafe { self.set(buf, 0, len) };
        // SAFETY: B1; B5: unique.
        unsafe { buf.tail() }.set(len);
    }

    /// The bytes, to be changed. Copies them if they are static or the block is shared.
    #[inline]
    #[track_caller]
    pub(super) fn make_mut(&mut self) -> &mut [u8] {
        if self.is_inline() {
            let len = self.len();
            return &mut self.inline_mut()[..len];
        }
        if !self.is_unique() {
            self.detach();
            if self.is_inline() {
                return self.make_mut();
            }
        }
        self.settle();
        let (first, len) = (self.ptr.cast_mut(), self.len());
        // SAFETY: B2, B5, B7: the bytes of a unique handle, for as long as the borrow.
        unsafe { slice::from_raw_parts_mut(first, len) }
    }

    /// Replaces this handle by one of a copy of its bytes.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn detach(&mut self) {
        *self = Self::copy_of(self.as_bytes());
    }

    /// Appends `more`: in place if the bytes fit inline, or into a block that is unique with room, or
    /// shared with the next slots still free.
    #[inline]
    #[track_caller]
    pub(super) fn push(&mut self, more: &[u8]) {
        if self.is_huge() || !self.push_in_place(more) {
            self.push_slow(more);
        }
    }

    /// [`Repr::push`] where it needs no allocation; false means that nothing was done.
    #[inline]
    #[must_use]
    fn push_in_place(&mut self, more: &[u8]) -> bool {
        let (upper, len) = (self.upper(), self.len());
        if let Some(buf) = self.buf() {
            let end = self.offset() + len;
            // SAFETY: B1: this handle holds a count of it, and its end is `end`.
            let claimed = unsafe { buf.claim(end, more.len()) };
            if claimed {
                // SAFETY: B4: claimed for this handle; nobody has a reference to those slots.
                unsafe { fill(buf, end, more) };
                // SAFETY: S2: the length is in the lowest bits, and has room for any up to the capacity.
                unsafe { self.set_upper(upper + more.len() as u64) };
            }
            return claimed;
        }
        if !self.is_inline() {
            return false;
        }
        let Some(slots) = self.inline_mut().get_mut(len..len + more.len()) else { return false };
        slots.copy_from_slice(more);
        self.tag = Tag::inline(len + more.len());
        true
    }

    /// [`Repr::push`] of what does not fit where the bytes are.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_slow(&mut self, more: &[u8]) {
        if more.is_empty() || self.is_huge() && self.push_in_place(more) {
            return;
        }
        if more.len() <= INLINE && self.len() <= INLINE - more.len() && !self.is_unique() {
            *self = Self::inline(self.as_bytes());
        } else {
            self.make_room(more.len());
        }
        assert!(self.push_in_place(more), "room was made");
    }

    /// Makes this the only handle of a block with room for `more` bytes after its own.
    #[track_caller]
    fn make_room(&mut self, more: usize) {
        let len = self.len();
        let Some(needed) = len.checked_add(more) else { ReserveError::CapacityOverflow.fail() };
        let buf = self.buf();
        let (Some(buf), true) = (buf, self.is_unique()) else {
            let inline = self.is_inline();
            // SAFETY: B1: this handle holds a count of it.
            let cap = buf.map_or(if inline { 0 } else { len }, |buf| unsafe { buf.cap() });
            let buf = copied(self.as_bytes(), LAYOUT.for_copy(cap, len, needed));
            // SAFETY: S2: the count of a new block with that many bytes in it. The old one goes now.
            *self = unsafe { Self::counted(buf, 0, len) };
            return;
        };
        self.settle();
        // SAFETY: B1: this handle holds a count of it.
        let (cap, offset) = (unsafe { buf.cap() }, self.offset());
        if cap - offset - len >= more {
            return;
        }
        if offset > 0 {
            self.shift();
        }
        // Moving the bytes down is paid for by the room it gains, or else by growth.
        if cap - len < more || offset < len {
            // SAFETY: B5: unique, and the tail is `len`.
            let grown = unsafe { buf.grow(LAYOUT.amortised(cap, needed)) };
            // SAFETY: S2: the block has moved with its bytes and its count.
            unsafe { self.set(grown, 0, len) };
        }
    }

    /// Forgets the bytes from `len` on, in place: no copy, and the form stays.
    ///
    /// # Panics
    ///
    /// If `len` is more than there are.
    #[inline]
    #[track_caller]
    pub(super) fn truncate(&mut self, len: usize) {
        let old = self.len();
        assert!(len <= old, "a handle never grows over slots it did not write");
        if self.is_inline() {
            self.inline_mut()[len..old].fill(0);
            self.tag = Tag::inline(len);
            return;
        }
        self.set_len(len);
        if let (Some(buf), true) = (self.buf(), self.is_unique()) {
            // SAFETY: B1; unique.
            unsafe { buf.begin_edit() };
            // SAFETY: B1, B5: unique.
            unsafe { buf.tail() }.set(self.offset() + len);
        }
    }

    /// Forgets all bytes; a unique handle keeps its block, any other lets go.
    #[inline]
    pub(super) fn clear(&mut self) {
        let (Some(buf), true) = (self.buf(), self.is_unique()) else {
            *self = Self::new();
            return;
        };
        // SAFETY: S2: no bytes, of the block that this handle has.
        unsafe { self.set(buf, 0, 0) };
        self.settle();
    }
}

impl Clone for Repr {
    #[inline]
    fn clone(&self) -> Self {
        if let Some(buf) = self.buf() {
            // SAFETY: B1: this handle holds a count of it.
            unsafe { buf.retain() };
        }
        // SAFETY: S2: the same place, under the count just made; other forms own nothing.
        unsafe { ptr::read(self) }
    }
}

impl Drop for Repr {
    #[inline]
    fn drop(&mut self) {
        if let Some(buf) = self.buf() {
            // SAFETY: B1: this handle's count, given back once.
            unsafe { buf.release() };
        }
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn bytes(n: usize) -> Vec<u8> {
        (0..n).map(|i| i as u8 | 1).collect()
    }

    /// The 16 bytes of an inline handle, which has no pointer among them.
    fn raw(repr: &Repr) -> [u8; 16] {
        assert!(repr.is_inline());
        // SAFETY: S2: all initialised.
        unsafe { ptr::from_ref(repr).cast::<[u8; 16]>().read() }
    }

    #[test]
    fn offsets_and_lengths_survive_every_bit() {
        let text = [0; 16];
        for bit in 0..30 {
            for offset in [1 << bit, (1 << bit) - 1, OFFSET_BITS ^ (1 << bit)] {
                let tag = Tag::counted((offset >> 24) as u8);
                // Not dropped: it has no block.
                let repr = ManuallyDrop::new(Repr::outside(text.as_ptr(), !offset, offset, tag));
                assert_eq!((repr.offset(), repr.len()), (offset, !offset & 0xFFFF_FFFF));
                assert_eq!((repr.is_inline(), repr.is_huge()), (false, false));
            }
        }
        let (offset, tag) = (0x3A_BC_DE_F1, Tag::counted(0x3A));
        let repr = ManuallyDrop::new(Repr::outside(text.as_ptr(), 0x1122_3344, offset, tag));
        assert_eq!(repr.upper(), 0xFA_BC_DE_F1_11_22_33_44);
        assert_eq!((repr.offset, repr.tag as u8), ([0xF1, 0xDE, 0xBC], 0xFA));
    }

    #[test]
    fn tags_are_the_numbers_of_the_layout() {
        for n in 0..=INLINE {
            assert_eq!(Tag::inline(n) as u8, 0x40 + n as u8);
        }
        for high in 0..64 {
            assert_eq!(Tag::counted(high) as u8, 0xC0 + high);
        }
        assert_eq!((Tag::Static as u8, Tag::Huge as u8), (0x80, 0xBF));
        assert_eq!(Repr::copy_of(&bytes(16)).tag, Tag::Counted0);
        assert_eq!(Repr::from_static(&[7; 16]).tag, Tag::Static);
        assert_eq!(Repr::from_static(&[7; 15]).tag, Tag::Inline15);
    }

    #[test]
    fn inline_bytes_stand_in_order_with_zeros_beyond() {
        for n in 0..=INLINE {
            let mut expected = [0; 16];
            expected[..n].copy_from_slice(&bytes(n));
            expected[15] = 0x40 + n as u8;
            let mut repr = Repr::copy_of(&bytes(n));
            assert_eq!(raw(&repr), expected);
            assert_eq!((repr.len(), repr.as_bytes()), (n, &bytes(n)[..]));
            for shorter in (0..n).rev() {
                repr.truncate(shorter);
                expected[shorter] = 0;
                expected[15] -= 1;
                assert_eq!(raw(&repr), expected);
            }
            repr.push(&bytes(n));
            assert!(repr.ptr_eq(&Repr::copy_of(&bytes(n))));
            repr.clear();
            assert_eq!(raw(&repr), raw(&Repr::new()));
        }
        const IN_CONST: Repr = Repr::from_static(b"fifteen bytes .");
        assert_eq!(raw(&IN_CONST), *b"fifteen bytes .\x4F");
    }

    #[test]
    fn an_offset_past_what_a_handle_can_say_is_a_copy() {
        let all = Repr::copy_of(&bytes(2000));
        for (start, shared) in [(0, true), (1, true), (MAX_OFFSET, true), (MAX_OFFSET + 1, false)] {
            let part = all.slice(start, start + 100);
            assert_eq!(part.as_bytes(), &bytes(2000)[start..start + 100]);
            assert_eq!(part.ptr == all.ptr.wrapping_add(start), shared, "{start}");
            assert_eq!(all.strong_count(), 1 + usize::from(shared));
        }
        let part = all.slice(MAX_OFFSET, 2000);
        assert_eq!(part.slice(1, 100).as_bytes(), &bytes(2000)[MAX_OFFSET + 1..MAX_OFFSET + 100]);
        assert_eq!(all.strong_count(), 2, "the slice of the slice is a copy");
    }

    #[test]
    fn a_block_with_more_slots_than_the_limit_makes_huge_handles() {
        let plain = Repr::copy_of(&bytes(MAX_PLAIN - 16));
        let mut huge = Repr::with_capacity(MAX_PLAIN + 100);
        huge.push(&bytes(MAX_PLAIN + 1));
        assert_eq!((plain.tag, huge.tag), (Tag::Counted0, Tag::Huge));
        assert_eq!(huge.len(), MAX_PLAIN + 1);

        // Rounding the capacity up decides, not the bytes asked for.
        let rounded = Repr::with_capacity(MAX_PLAIN);
        assert_eq!(rounded.tag == Tag::Huge, rounded.capacity() > MAX_PLAIN);

        let (front, middle) = (huge.slice(0, 100), huge.slice(1, 100));
        assert_eq!((front.tag, front.ptr, front.len()), (Tag::Huge, huge.ptr, 100));
        assert_eq!((middle.tag, middle.len()), (Tag::Counted0, 99));
        assert_eq!(huge.strong_count(), 2);
        assert_eq!(middle.as_bytes(), &bytes(100)[1..]);
        drop(front);

        let other = huge.clone();
        huge.push(b"xy");
        assert_eq!((other.len(), huge.len()), (MAX_PLAIN + 1, MAX_PLAIN + 3));
        assert_eq!(other.ptr, huge.ptr, "there was room");
        drop(other);
        huge.truncate(20);
        assert_eq!((huge.tag, huge.as_bytes()), (Tag::Huge, &bytes(20)[..]));
        huge.make_mut()[0] = 9;
        assert_eq!(huge.as_bytes()[..2], [9, 1]);
        huge.clear();
        assert_eq!((huge.tag, huge.len()), (Tag::Huge, 0));
    }

    #[test]
    fn growth_makes_a_handle_huge_and_a_copy_makes_it_plain() {
        let mut repr = Repr::copy_of(&bytes(3000));
        repr.push(&bytes(3000));
        assert_eq!((repr.tag, repr.len()), (Tag::Huge, 6000));
        repr.truncate(20);
        let shared = repr.clone();
        repr.make_mut()[0] = 9;
        assert_eq!((repr.tag, shared.tag), (Tag::Counted0, Tag::Huge));
        assert_eq!(shared.as_bytes(), bytes(20));
    }

    /// A handle of a block without a free slot, and how many there are.
    fn full() -> (Repr, usize) {
        let mut repr = Repr::with_capacity(100);
        let cap = repr.capacity();
        repr.push(&bytes(cap));
        (repr, cap)
    }

    #[test]
    fn a_unique_slice_moves_to_the_front_before_it_grows() {
        let (all, cap) = full();
        let mut part = all.slice(60, cap - 4);
        let first = all.ptr;
        drop(all);
        assert_eq!((part.offset(), part.capacity()), (60, cap - 60));
        part.push(&bytes(4));
        assert_eq!((part.offset(), part.len()), (60, cap - 60), "up to the block's end");
        part.push(&bytes(1));
        assert_eq!((part.ptr, part.offset(), part.len()), (first, 0, cap - 59), "no allocation");
        let expected = [&bytes(cap)[60..cap - 4], &bytes(4), &bytes(1)].concat();
        assert_eq!((part.as_bytes(), part.capacity()), (&expected[..], cap));
        part.push(&bytes(60));
        assert_eq!(part.len(), cap + 1);
        assert!(part.capacity() >= 2 * cap, "then it doubles");
    }

    #[test]
    fn a_shift_that_gains_little_doubles_at_once() {
        let (all, cap) = full();
        let mut part = all.slice(2, cap);
        drop(all);
        part.push(&bytes(1));
        assert_eq!((part.offset(), part.len()), (0, cap - 1));
        assert!(part.capacity() >= 2 * cap);
        assert_eq!(part.as_bytes()[..cap - 2], bytes(cap)[2..]);
    }

    #[test]
    fn slices_of_short_and_static_bytes() {
        static TEXT: [u8; 40] = [b'x'; 40];
        let all = Repr::from_static(&TEXT);
        let part = all.slice(3, 30);
        assert_eq!((part.tag, part.ptr, part.len()), (Tag::Static, TEXT[3..].as_ptr(), 27));
        assert!(all.slice(3, 18).is_inline());
        assert!(!all.slice(3, 19).is_inline());
        let heap = Repr::copy_of(&TEXT);
        assert!(heap.slice(25, 40).is_inline());
        assert_eq!(heap.slice(24, 40).offset(), 24);
        assert_eq!(heap.slice(24, 40).slice(0, 16).offset(), 24);
    }

    #[test]
    fn a_copy_of_a_short_text_is_inline() {
        let all = Repr::copy_of(&bytes(40));
        let mut part = all.clone();
        part.truncate(5);
        assert!(!part.is_inline(), "it stays where it is");
        part.push(&bytes(3));
        assert!(part.is_inline(), "the next bytes are taken");
        let mut part = Repr::from_static(b"a text of more than 15 bytes");
        part.truncate(4);
        assert_eq!(part.make_mut(), b"a te");
        assert!(part.is_inline());
    }

    #[test]
    fn a_vector_of_any_form_becomes_bytes_and_back() {
        for n in [0, 1, 15, 16, 100] {
            let vector = crate::vec::CowVec::from(&bytes(n)[..]);
            let at = vector.as_ptr();
            let repr = Repr::from_handle(vector.into_handle());
            assert_eq!((repr.as_bytes(), repr.is_inline()), (&bytes(n)[..], n <= INLINE));
            match repr.try_into_handle() {
                Ok(handle) => assert_eq!((handle.as_slice().as_ptr(), n > INLINE), (at, true)),
                Err(repr) => assert!(repr.is_inline()),
            }
        }
    }

    #[test]
    #[cfg(all(target_pointer_width = "64", not(miri)))]
    fn lengths_of_56_bits() {
        let mut repr = Repr::with_capacity(MAX_PLAIN + 1);
        for len in [1 << 32, (1 << 32) - 1, 0x12_3456_789A, (1 << 47) + 1] {
            repr.set_len(len);
            assert_eq!(repr.len(), len);
        }
        repr.set_len(0);
    }
}
