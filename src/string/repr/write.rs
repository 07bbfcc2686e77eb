//! Writing: in place where this handle is inline or the only one of its block, else by one pass that
//! builds the new bytes beside the old.

use alloc::boxed::Box;
use core::mem::{ManuallyDrop, replace};
use core::{ptr, slice};

use super::reserve::Growth;
use super::{CLONED, INLINE, MAX_OFFSET, Repr, Tag, fill};
use crate::raw::buffer::SharedBuf;
use crate::raw::layout::or_fail;

/// The handle itself.
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
    pub(super) unsafe fn set_upper(&mut self, upper: u64) {
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

    /// Sets the length of a handle that is inline, or unique and settled. Its first `len` bytes have
    /// been written.
    #[inline]
    fn set_own_len(&mut self, len: usize) {
        let Some(buf) = self.buf() else {
            self.inline_mut()[len..].fill(0);
            self.tag = Tag::inline(len);
            return;
        };
        // SAFETY: B1; unique.
        unsafe { buf.begin_edit() };
        self.set_len(len);
        // SAFETY: B1, B5: unique.
        unsafe { buf.filled() }.set(self.offset() + len);
    }

    /// The first byte of a handle that is inline or unique, with leave to write up to its capacity.
    #[inline]
    fn own_ptr(&mut self) -> *mut u8 {
        if self.is_inline() { ptr::from_mut(self).cast() } else { self.ptr.cast_mut() }
    }

    /// Makes this the handle of another place in its block, or of where its block has moved.
    ///
    /// # Safety
    ///
    /// As for [`Repr::counted`]; the count is the one that this handle has.
    #[inline]
    pub(super) unsafe fn set(&mut self, buf: SharedBuf<u8>, offset: usize, len: usize) {
        // SAFETY: the caller's.
        let new = unsafe { Self::counted(buf, offset, len) };
        _ = ManuallyDrop::new(replace(self, new));
    }
}

/// The bytes as they are, and at their end.
impl Repr {
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

    /// The bytes for ever: a unique block stays where it is, any other form is copied.
    pub(crate) fn leak<'a>(mut self) -> &'a mut [u8] {
        if !self.is_unique() {
            return Box::leak(Box::from(self.as_bytes()));
        }
        let bytes = ptr::from_mut(ManuallyDrop::new(self).make_mut());
        // SAFETY: B5, B7: in a block whose only count is never given back.
        unsafe { &mut *bytes }
    }

    /// Appends `more`: in place if the bytes fit inline, or into a block that is unique with room, or
    /// shared with the next slots still free.
    #[inline]
    #[track_caller]
    pub(crate) fn push(&mut self, more: &[u8]) {
        if !self.push_to_block(more) {
            self.push_rest(more);
        }
    }

    /// [`Repr::push`] where it is nearly always: the only handle of a whole block with room, and not a
    /// cloned one; false means that nothing was done.
    #[inline]
    #[must_use]
    pub(crate) fn push_to_block(&mut self, more: &[u8]) -> bool {
        let upper = self.upper();
        upper >> 32 == (Tag::Counted0 as u64) << 24 && {
            // SAFETY: S2: offset 0.
            let buf = unsafe { self.block_at(0) };
            let end = upper as u32 as usize;
            // SAFETY: B1: this handle holds a count of it, and its end is `end`.
            let claimed = unsafe { buf.claim_if_unique(end, more.len()) };
            if claimed {
                // SAFETY: B4: just claimed.
                unsafe { self.write_claimed(upper, buf, end, more) };
            }
            claimed
        }
    }

    /// [`Repr::push`] onto inline bytes, if the result is inline; false means that nothing was done.
    ///
    /// By whole words: a load of what was just stored in smaller pieces waits. The bytes beyond the
    /// length are zero (S2), so that to append is to shift and to add.
    #[inline]
    #[must_use]
    fn push_inline(&mut self, more: &[u8]) -> bool {
        debug_assert!(self.is_inline());
        let (len, n) = ((self.upper() >> 56) as usize & INLINE, more.len());
        if n > INLINE - len {
            return false;
        }
        let whole = |[low, high]: [u64; 2]| u128::from(low) | u128::from(high) << 64;
        let more = whole(Self::packed(more)) << (8 * len);
        let words = whole(self.words()) + more + ((n as u128) << 120);
        let new = Self::from_words(words as u64, (words >> 64) as u64);
        _ = ManuallyDrop::new(replace(self, new));
        true
    }

    /// The 16 bytes of an inline handle, the lowest first.
    #[inline]
    fn words(&self) -> [u64; 2] {
        let words = ptr::from_ref(self).cast::<[u64; 2]>();
        // SAFETY: S2: 16 initialised bytes, none of which belongs to a pointer.
        unsafe { words.read_unaligned() }.map(u64::from_le)
    }

    /// [`Repr::push`] into a block, if the slots after `end`, which is this handle's, can be had; false
    /// means that nothing was done.
    #[inline]
    #[must_use]
    fn append(&mut self, upper: u64, buf: SharedBuf<u8>, end: usize, more: &[u8]) -> bool {
        // SAFETY: B1: this handle holds a count of it, and its end is `end`.
        let claimed = unsafe { buf.claim(end, more.len()) };
        if claimed {
            // SAFETY: B4: just claimed.
            unsafe { self.write_claimed(upper, buf, end, more) };
        }
        claimed
    }

    /// Writes `more` to the slots from `end` on, and covers them.
    ///
    /// # Safety
    ///
    /// They were just claimed for this handle, whose upper half is `upper`.
    #[inline]
    unsafe fn write_claimed(&mut self, upper: u64, buf: SharedBuf<u8>, end: usize, more: &[u8]) {
        // SAFETY: B4: claimed for this handle; nobody has a reference to those slots.
        unsafe { fill(buf, end, more) };
        // SAFETY: S2: the length is in the lowest bits, and has room for any up to the capacity.
        unsafe { self.set_upper(upper + more.len() as u64) };
    }

    /// [`Repr::push`] onto inline bytes, and all else that is rarer. It calls nothing on its way if the
    /// result is inline.
    #[inline(never)]
    #[track_caller]
    fn push_rest(&mut self, more: &[u8]) {
        if !(self.is_inline() && self.push_inline(more)) {
            self.push_slow(more);
        }
    }

    /// [`Repr::push`] of what does not fit where the bytes are, or onto a slice.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_slow(&mut self, more: &[u8]) {
        if self.push_in_place(more) {
            return;
        }
        or_fail(self.try_reserve(more.len(), Growth::Amortised));
        assert!(self.push_in_place(more), "room was made");
    }

    /// [`Repr::push`] without making room, whatever the form; false means that nothing was done.
    #[must_use]
    fn push_in_place(&mut self, more: &[u8]) -> bool {
        if self.is_inline() {
            return self.push_inline(more);
        }
        let Some(buf) = self.buf().filter(|_| !more.is_empty()) else { return more.is_empty() };
        let end = self.offset() + self.len();
        let mut upper = self.upper();
        if !self.is_huge() && self.is_unique() {
            // What it was made from is gone: the next push need not come this way.
            upper &= !CLONED;
        }
        self.append(upper, buf, end, more)
    }

    /// [`Repr::push`] onto bytes of which there will hardly be more than `most`: where these are too many
    /// to be inline, a first block has room for that many.
    #[track_caller]
    pub(crate) fn push_of(&mut self, more: &[u8], most: usize) {
        if self.is_inline() && self.len() + more.len() > INLINE {
            let room = more.len().max(most.saturating_sub(self.len()));
            or_fail(self.try_reserve(room, Growth::Exact));
        }
        self.push(more);
    }

    /// Appends the bytes `[start, end)` of these.
    ///
    /// # Panics
    ///
    /// If the range is not within the bytes.
    #[track_caller]
    pub(crate) fn extend_from_within(&mut self, start: usize, end: usize) {
        let n = self.as_bytes()[start..end].len();
        if !self.is_inline() && !self.is_unique() {
            // Appending may give up this handle's count, so what it reads needs one of its own.
            let source = self.clone();
            return self.push(&source.as_bytes()[start..end]);
        }
        or_fail(self.try_reserve(n, Growth::Amortised));
        let (len, first) = (self.len(), self.own_ptr());
        let (from, to) = (first.wrapping_add(start), first.wrapping_add(len));
        // SAFETY: B5: from initialised bytes to the room that was made after them.
        unsafe { ptr::copy_nonoverlapping(from, to, n) };
        self.set_own_len(len + n);
    }

    /// Forgets the bytes from `len` on, in place: no copy, and the form stays.
    ///
    /// # Panics
    ///
    /// If `len` is more than there are.
    #[inline]
    #[track_caller]
    pub(crate) fn truncate(&mut self, len: usize) {
        assert!(len <= self.len(), "a handle never grows over slots it did not write");
        if self.is_inline() || self.is_unique() {
            self.set_own_len(len);
        } else {
            self.set_len(len);
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

    /// Takes the bytes from `at` on: a copy from a unique block, which stays this handle's; else shared.
    ///
    /// # Panics
    ///
    /// If `at` is more than there are.
    #[track_caller]
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        let rest = if self.is_unique() {
            Self::copy_of(&self.as_bytes()[at..])
        } else {
            self.slice(at, self.len())
        };
        self.truncate(at);
        rest
    }
}

/// The bytes in the middle.
impl Repr {
    /// Replaces the bytes `[start, end)` by `with`. What is removed at either end costs no copy.
    ///
    /// # Panics
    ///
    /// If the range is not within the bytes, or the new capacity would exceed `isize::MAX` bytes.
    #[track_caller]
    pub(crate) fn splice(&mut self, start: usize, end: usize, with: &[u8]) {
        let len = self.len();
        assert!(start <= end && end <= len, "a range of these bytes");
        if start == len {
            self.push(with);
        } else if with.is_empty() && end == len {
            self.truncate(start);
        } else if !self.is_inline() && !self.is_unique() {
            self.splice_copied(start, end, with);
        } else if !(with.is_empty() && start == 0 && self.advance(end)) {
            self.splice_own(start, end, with);
        }
    }

    /// [`Repr::splice`] of a handle that is inline or unique.
    #[track_caller]
    fn splice_own(&mut self, start: usize, end: usize, with: &[u8]) {
        or_fail(self.try_reserve(with.len().saturating_sub(end - start), Growth::Amortised));
        let (len, first) = (self.len(), self.own_ptr());
        let (from, to) = (first.wrapping_add(end), first.wrapping_add(start + with.len()));
        // SAFETY: B5: both within the room that was made, and this handle's alone.
        unsafe { ptr::copy(from, to, len - end) };
        // SAFETY: B5: as above; the caller's bytes are elsewhere.
        unsafe { ptr::copy_nonoverlapping(with.as_ptr(), first.wrapping_add(start), with.len()) };
        self.set_own_len(start + with.len() + (len - end));
    }

    /// [`Repr::splice`] of bytes that others see.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn splice_copied(&mut self, start: usize, end: usize, with: &[u8]) {
        let (bytes, len) = (self.as_bytes(), self.len());
        let (head, old, rest) = (&bytes[..start], &bytes[start..end], &bytes[end..]);
        if old == with {
            return;
        }
        if head.is_empty() && with.is_empty() {
            *self = self.slice(end, len);
            return;
        }
        // A length is at most `isize::MAX`, so two of them have a sum.
        let new_len = head.len() + with.len() + rest.len();
        let grows = new_len > len.max(INLINE);
        let cap = if grows { self.cap_for_copy(new_len) } else { new_len };
        let mut new = Self::with_capacity(cap);
        for part in [head, with, rest] {
            new.push(part);
        }
        *self = new;
    }

    /// Forgets the first `n` bytes of a unique block in place, if an offset can say so; false means that
    /// nothing was done.
    fn advance(&mut self, n: usize) -> bool {
        let (Some(buf), false) = (self.buf(), self.is_huge()) else { return false };
        let offset = self.offset() + n;
        if offset <= MAX_OFFSET {
            // SAFETY: S2, B2: a part of what this handle covers.
            unsafe { self.set(buf, offset, self.len() - n) };
        }
        offset <= MAX_OFFSET
    }

    /// Begins to take bytes out of these, of which the first `kept` stay. For a handle that is inline or
    /// unique: any other is copied first.
    pub(crate) fn compact(&mut self, kept: usize) -> Compaction<'_> {
        let bytes = replace(self, Self::new());
        Compaction { target: self, bytes, kept, run: kept, read: kept }
    }
}

/// Takes bytes out of a handle in one pass; meanwhile the handle is empty, and the drop gives it back
/// what was kept and what was not looked at (M1, B8).
pub(crate) struct Compaction<'a> {
    target: &'a mut Repr,
    bytes: Repr,
    /// Bytes that are where they stay.
    kept: usize,
    /// The first of those that stay and have not been moved yet.
    run: usize,
    /// The first that was not decided on.
    read: usize,
}

impl Compaction<'_> {
    /// The bytes not decided on.
    #[inline]
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes.as_bytes()[self.read..]
    }

    /// The next `n` bytes stay.
    #[inline]
    pub(crate) fn keep(&mut self, n: usize) {
        self.read += n;
    }

    /// The next `n` bytes go.
    #[inline]
    pub(crate) fn remove(&mut self, n: usize) {
        self.close(self.read);
        self.read += n;
        self.run = self.read;
    }

    /// Moves the bytes `[run, end)` to where they stay.
    #[inline]
    fn close(&mut self, end: usize) {
        if self.run < end {
            self.bytes.make_mut().copy_within(self.run..end, self.kept);
            self.kept += end - self.run;
        }
    }
}

impl Drop for Compaction<'_> {
    fn drop(&mut self) {
        self.close(self.bytes.len());
        self.bytes.truncate(self.kept);
        *self.target = replace(&mut self.bytes, Repr::new());
    }
}
