//! Writing: in place where this handle is alone, else by one pass that builds the new bytes.

use core::mem::{ManuallyDrop, replace};
use core::{ptr, slice};

use super::{INLINE, LAYOUT, Repr, Tag, copied, fill};
use crate::raw::buffer::SharedBuf;
use crate::raw::layout::ReserveError;

impl Repr {
    /// The first 15 bytes of an inline handle.
    #[inline]
    pub(super) fn inline_mut(&mut self) -> &mut [u8; INLINE] {
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
    pub(super) fn set_len(&mut self, len: usize) {
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
    pub(super) fn settle(&mut self) {
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
    pub(super) fn shift(&mut self) {
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
    pub(crate) fn make_mut(&mut self) -> &mut [u8] {
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
    pub(crate) fn push(&mut self, more: &[u8]) {
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
    pub(crate) fn truncate(&mut self, len: usize) {
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
    pub(crate) fn clear(&mut self) {
        let (Some(buf), true) = (self.buf(), self.is_unique()) else {
            *self = Self::new();
            return;
        };
        // SAFETY: S2: no bytes, of the block that this handle has.
        unsafe { self.set(buf, 0, 0) };
        self.settle();
    }
}
