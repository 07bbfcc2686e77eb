//! Writing to a handle.
//!
//! An inline or unique handle is written in place. Appending also writes in place to a shared block whose
//! next slots are free. Any other write builds the new bytes in one pass beside the old ones.

use alloc::boxed::Box;
use core::mem::{ManuallyDrop, replace};
use core::num::NonZero;
use core::{ptr, slice};

use super::copy::{SHORT, copy_to_slots, move_bytes};
use super::reserve::Growth;
use super::{CLONED, COUNTED, INLINE, LEN, Repr, STATIC, TAG};
use crate::raw::buffer::SharedBuf;
use crate::raw::layout::or_fail;

/// The parts of a handle.
impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Returns the first 15 bytes of an inline handle.
    #[inline]
    fn inline_mut(&mut self) -> &mut [u8; INLINE] {
        debug_assert!(self.is_inline());
        // SAFETY: the first 15 bytes of an inline handle are initialised, and any bytes are valid there (S2).
        // The tag is the 16th byte.
        unsafe { &mut *ptr::from_mut(self).cast() }
    }

    /// Stores the upper half.
    ///
    /// # Safety
    ///
    /// * S2 holds with `upper`.
    #[inline]
    pub(super) unsafe fn set_upper(&mut self, upper: u64) {
        // SAFETY: an upper half has a tag, which is not 0 (S2).
        self.upper = unsafe { NonZero::new_unchecked(upper.to_le()) };
    }

    /// Stores the length of a handle that is not inline.
    ///
    /// # Safety
    ///
    /// * The handle is not inline.
    /// * `len` fits the form, and those bytes are initialised (S2, B2).
    #[inline]
    pub(super) unsafe fn set_len(&mut self, len: usize) {
        let rest = if self.is_huge() { TAG } else { !LEN };
        // SAFETY: the caller ensures that the length fits this form. The tag and the offset stay (S2).
        unsafe { self.set_upper(self.upper() & rest | len as u64) };
    }

    /// Stores the length of a handle that is inline or unique, and trims its block.
    ///
    /// # Safety
    ///
    /// * The handle is inline, or the only one of its block.
    /// * `len` fits the form, and those bytes are initialised (S2, B2).
    #[inline]
    unsafe fn set_len_in_place(&mut self, len: usize) {
        let Some(block) = self.block() else {
            self.set_inline_len(len);
            return;
        };
        block.begin_edit();
        block.filled().set(self.offset() + len);
        // A unique handle is counted, so that the next edit takes the fast path. A huge one keeps its tag.
        let rest = if self.is_huge() { TAG } else { !LEN & !CLONED };
        // SAFETY: the handle has a block. The caller ensures that `len` fits, and that the bytes are initialised (B2).
        // The tag and the offset stay, except for the bit of a cloned handle (S2).
        unsafe { self.set_upper(self.upper() & rest | len as u64) };
    }

    /// Returns the address of the first byte of a handle that is inline or unique. Its capacity may be
    /// written.
    #[inline]
    fn as_mut_ptr(&mut self) -> *mut u8 {
        if self.is_inline() { ptr::from_mut(self).cast() } else { self.ptr.cast_mut() }
    }

    /// Makes this the handle of other slots of its block, or of the result of reallocating the block.
    ///
    /// # Safety
    ///
    /// * As for [`Repr::counted`]; the reference is the one that this handle holds.
    #[inline]
    pub(super) unsafe fn set(&mut self, buf: SharedBuf<u8>, offset: usize, len: usize) {
        // SAFETY: the caller ensures that the block is live (B1), that the slots are initialised (B2), and that the
        // offset fits (S2).
        let new = unsafe { Self::counted(buf, offset, len) };
        _ = ManuallyDrop::new(replace(self, new));
    }
}

/// Returns two words as one, the lower first.
#[inline]
fn whole([low, high]: [u64; 2]) -> u128 {
    u128::from(low) | u128::from(high) << 64
}

/// Writing all bytes, and at the end.
impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Returns the bytes for writing. Copies them if they are static or the block is shared.
    #[inline]
    #[track_caller]
    pub(crate) fn make_mut(&mut self) -> &mut [u8] {
        if self.is_inline() {
            let len = self.len();
            return &mut self.inline_mut()[..len];
        }
        if !self.trim_if_unique() {
            self.detach();
            if self.is_inline() {
                return self.make_mut();
            }
        }
        let (first, len) = (self.ptr.cast_mut(), self.len());
        // SAFETY: the slice covers initialised bytes and no other slot (B2, B7). This handle is the unique owner
        // (B5), and is borrowed for as long as the result.
        unsafe { slice::from_raw_parts_mut(first, len) }
    }

    /// Replaces this handle by a copy of its bytes.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn detach(&mut self) {
        *self = Self::copy_of(self.as_bytes());
    }

    /// Returns the bytes, which are never freed. Copies them unless the handle is unique.
    pub(crate) fn leak<'a>(mut self) -> &'a mut [u8] {
        if !self.is_unique() {
            return Box::leak(Box::from(self.as_bytes()));
        }
        let bytes = ptr::from_mut(ManuallyDrop::new(self).make_mut());
        // SAFETY: the bytes are in a block whose only reference is never released (B5, B7).
        unsafe { &mut *bytes }
    }

    /// Appends `more`.
    ///
    /// This happens in place in three cases: the result fits inline, the block is unique and has room, or the
    /// block is shared and its next slots are free.
    #[inline]
    #[track_caller]
    pub(crate) fn push(&mut self, more: &[u8]) {
        if more.len() > SHORT || !self.push_unique(more) {
            self.push_other(more);
        }
    }

    /// Appends `more` in the most frequent case: a unique handle that is not cloned, has offset 0 and has
    /// room. Returns whether that was so.
    #[inline]
    #[must_use]
    pub(crate) fn push_unique(&mut self, more: &[u8]) -> bool {
        let upper = self.upper();
        upper >> 32 == COUNTED >> 32 && {
            // SAFETY: the tag is that of a counted handle, and the offset is 0 (S2).
            let buf = unsafe { self.block_at(0) };
            // SAFETY: this handle holds a reference to the block (B1).
            let block = unsafe { buf.block() };
            let end = upper as u32 as usize;
            // SAFETY: this handle ends at slot `end`, and is borrowed by `&mut`. The blocks of strings are never
            // back-aligned, because they are filled from slot 0 on (B2).
            let claimed = unsafe { block.claim_if_unique(end, more.len()) };
            if claimed {
                // SAFETY: the slots were just claimed for this handle (B4).
                unsafe { self.write_claimed(upper, buf, end, more) };
            }
            claimed
        }
    }

    /// Appends `more` to inline bytes if the result fits inline, and returns whether it does.
    ///
    /// Works on whole words, because a load of bytes that were just stored in smaller pieces stalls. The
    /// bytes beyond the length are zero (S2), so that appending is a shift and an addition.
    #[inline]
    #[must_use]
    fn push_inline(&mut self, more: &[u8]) -> bool {
        debug_assert!(self.is_inline());
        let (len, n) = ((self.upper() >> 56) as usize & INLINE, more.len());
        if n > INLINE - len {
            return false;
        }
        let more = whole(Self::packed(more)) << (8 * len);
        self.set_words(whole(self.words()) + more + ((n as u128) << 120));
        true
    }

    /// Stores the length of inline bytes, and zeroes the bytes beyond (S2).
    #[inline]
    fn set_inline_len(&mut self, len: usize) {
        debug_assert!(self.is_inline() && len <= INLINE);
        let kept = whole(self.words()) & !(u128::MAX << (8 * len));
        self.set_words(kept | (len as u128) << 120);
    }

    /// Stores the 16 bytes of an inline handle, the lowest first, with the length in the last one.
    #[inline]
    fn set_words(&mut self, words: u128) {
        let new = Self::from_words(words as u64, (words >> 64) as u64);
        _ = ManuallyDrop::new(replace(self, new));
    }

    /// Returns the 16 bytes of an inline handle, the lowest first.
    #[inline]
    fn words(&self) -> [u64; 2] {
        let words = ptr::from_ref(self).cast::<[u64; 2]>();
        // SAFETY: the 16 bytes are initialised, and no pointer is among them (S2).
        unsafe { words.read_unaligned() }.map(u64::from_le)
    }

    /// Writes `more` to the slots from `end` on, and covers them. `upper` is this handle's upper half.
    ///
    /// # Safety
    ///
    /// * The slots were just claimed for this handle, whose bytes end at slot `end` of `buf`.
    #[inline]
    unsafe fn write_claimed(&mut self, upper: u64, buf: SharedBuf<u8>, end: usize, more: &[u8]) {
        // SAFETY: the slots are claimed for this handle (B4), so no reference to them exists.
        unsafe { copy_to_slots(more, buf, end) };
        // SAFETY: the length is in the lowest bits, which hold any length up to the capacity (S2).
        unsafe { self.set_upper(upper + more.len() as u64) };
    }

    /// Appends `more` where [`Repr::push`] does not. Makes no call if the result is inline.
    #[inline(never)]
    #[track_caller]
    fn push_other(&mut self, more: &[u8]) {
        if self.is_inline() {
            if !self.push_inline(more) {
                self.push_slow(more);
            }
        } else if more.len() <= SHORT || !self.push_unique(more) {
            self.push_slow(more);
        }
    }

    /// Appends `more` to a handle of any form. Reserves a larger block if there is no room.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_slow(&mut self, more: &[u8]) {
        if self.push_in_place(more) {
            return;
        }
        or_fail(self.try_reserve(more.len(), Growth::Amortised));
        assert!(self.push_in_place(more), "there is room for the bytes");
    }

    /// Appends `more` to a handle of any form if there is room, and returns whether there is.
    #[must_use]
    fn push_in_place(&mut self, more: &[u8]) -> bool {
        if self.is_inline() {
            return self.push_inline(more);
        }
        let Some(block) = self.block().filter(|_| !more.is_empty()) else { return more.is_empty() };
        let buf = block.buf();
        let end = self.offset() + self.len();
        let mut upper = self.upper();
        if !self.is_huge() && block.is_unique() {
            // Makes a cloned handle a counted one, so that the next push takes the fast path.
            upper &= !CLONED;
        }
        // SAFETY: this handle ends at slot `end`, and is borrowed by `&mut`.
        let claimed = unsafe { block.claim(end, more.len()) };
        if claimed {
            // SAFETY: the slots were just claimed for this handle (B4).
            unsafe { self.write_claimed(upper, buf, end, more) };
        }
        claimed
    }

    /// Appends `more` to a string that is built in pieces.
    ///
    /// If the bytes no longer fit inline, the first block has room for `expected_len` bytes.
    #[track_caller]
    pub(crate) fn push_piece(&mut self, more: &[u8], expected_len: usize) {
        if self.is_inline() && self.len() + more.len() > INLINE {
            let room = more.len().max(expected_len.saturating_sub(self.len()));
            or_fail(self.try_reserve(room, Growth::Exact));
        }
        self.push(more);
    }

    /// Appends a copy of the bytes `[start, end)`.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or the new capacity exceeds `isize::MAX` bytes.
    #[track_caller]
    pub(crate) fn extend_from_within(&mut self, start: usize, end: usize) {
        let n = self.as_bytes()[start..end].len();
        if !self.is_inline() && !self.is_unique() {
            // A clone keeps the source alive, because appending may give up this handle's reference.
            let source = self.clone();
            return self.push(&source.as_bytes()[start..end]);
        }
        or_fail(self.try_reserve(n, Growth::Amortised));
        let (len, first) = (self.len(), self.as_mut_ptr());
        let (from, to) = (first.wrapping_add(start), first.wrapping_add(len));
        // SAFETY: `[start, end)` is initialised and ends before `len` (B2). The handle is inline or unique, and
        // has room for `n` bytes after `len` (B5).
        unsafe { ptr::copy_nonoverlapping(from, to, n) };
        // SAFETY: the handle is inline or unique, has room for `len + n` bytes, and the last `n` were just written.
        unsafe { self.set_len_in_place(len + n) };
    }

    /// Shortens the string to `len` bytes. Copies nothing and keeps the form.
    ///
    /// # Safety
    ///
    /// * `len` is at most the length.
    #[inline]
    pub(crate) unsafe fn truncate_unchecked(&mut self, len: usize) {
        debug_assert!(len <= self.len());
        let upper = self.upper();
        if upper < STATIC {
            self.set_inline_len(len);
        } else if upper >= COUNTED | CLONED {
            // A cloned handle does not ask whether it is unique. Its excess bytes stay initialised, and a unique handle
            // may append over them.
            // SAFETY: `len` is at most the length, so it fits, and those bytes are initialised (S2, B2).
            unsafe { self.set_upper(upper & !LEN | len as u64) };
        } else {
            // SAFETY: `len` is at most the length.
            unsafe { self.truncate_other(len) };
        }
    }

    /// Removes the last byte and returns it, if the handle is cloned and the byte is ASCII.
    ///
    /// One predictable branch on the form replaces the choices of [`Repr::as_bytes`], on which a series of calls would
    /// wait.
    #[inline]
    pub(crate) fn pop_ascii_if_cloned(&mut self) -> Option<u8> {
        let (upper, len) = (self.upper(), self.upper() as u32 as usize);
        // Under loom only `as_bytes` reports a read.
        if upper < COUNTED | CLONED || len == 0 || cfg!(cow_loom) {
            return None;
        }
        let last = self.ptr.wrapping_add(len - 1);
        // SAFETY: the handle is cloned, so that its bytes are initialised slots of a live block (S2, B2).
        let last = unsafe { last.read() };
        if !last.is_ascii() {
            return None;
        }
        // SAFETY: the length is not 0, and is in the lowest bits. The tag and the offset stay (S2).
        unsafe { self.set_upper(upper - 1) };
        Some(last)
    }

    /// Implements [`Repr::truncate_unchecked`] for a static, counted or huge handle.
    ///
    /// # Safety
    ///
    /// * `len` is at most the length.
    #[inline(never)]
    unsafe fn truncate_other(&mut self, len: usize) {
        if let Some(block) = self.block().filter(|block| block.is_unique()) {
            block.begin_edit();
            block.filled().set(self.offset() + len);
        }
        // SAFETY: the handle is not inline. `len` is at most the length, so those bytes are initialised (B2).
        unsafe { self.set_len(len) };
    }

    /// Shortens the string to `len` bytes, as [`Repr::truncate_unchecked`] does.
    ///
    /// # Panics
    ///
    /// Panics if `len` is greater than the length.
    #[track_caller]
    pub(crate) fn truncate(&mut self, len: usize) {
        assert!(len <= self.len(), "truncating must not cover more slots");
        // SAFETY: `len` is at most the length.
        unsafe { self.truncate_unchecked(len) };
    }

    /// Removes all bytes. A unique handle keeps its block; any other becomes inline.
    #[inline]
    pub(crate) fn clear(&mut self) {
        let Some(block) = self.block().filter(|block| block.is_unique()) else {
            *self = Self::new();
            return;
        };
        block.begin_edit();
        block.filled().set(0);
        let buf = block.buf();
        // SAFETY: this handle holds a reference to the block (B1), and will cover none of its slots (B2).
        unsafe { self.set(buf, 0, 0) };
    }

    /// Removes the bytes from `at` on and returns them. Copies them if the handle is unique, so that it
    /// keeps its block; otherwise the result shares the block.
    ///
    /// # Panics
    ///
    /// Panics if `at` is greater than the length.
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

/// Writing in the middle.
impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Replaces the bytes `[start, end)` by `with`.
    ///
    /// Removing bytes at the end copies nothing. Removing bytes at the front copies nothing while the new offset fits.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Safety
    ///
    /// * `start <= end`, and `end` is at most the length.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn splice_unchecked(&mut self, start: usize, end: usize, with: &[u8]) {
        // SAFETY: the caller's obligations are the same.
        if !unsafe { self.splice_unique(start, end, with) } {
            self.splice_other(start, end, with);
        }
    }

    /// Implements [`Repr::splice_unchecked`] in the most frequent case: a unique handle that is not cloned, has offset
    /// 0 and has room. Returns `false`, and changes nothing, in any other case, and if a prefix is only removed.
    ///
    /// # Safety
    ///
    /// * As for [`Repr::splice_unchecked`].
    #[inline]
    #[must_use]
    pub(crate) unsafe fn splice_unique(&mut self, start: usize, end: usize, with: &[u8]) -> bool {
        let (upper, first) = (self.upper(), self.ptr.cast_mut());
        // `splice_other` removes a prefix without a move.
        if upper >> 32 != COUNTED >> 32 || (start == 0 && with.is_empty()) {
            return false;
        }
        let len = upper as u32 as usize;
        debug_assert!(start <= end && end <= len);
        // SAFETY: the handle is counted, and its offset is 0 (S2).
        let buf = unsafe { self.block_at(0) };
        // SAFETY: this handle holds a reference to the block (B1).
        let block = unsafe { buf.block() };
        let removed = end - start;
        // SAFETY: without the bytes of the range this handle ends at slot `len - removed`, and it is borrowed by
        // `&mut`. The blocks of strings are never back-aligned.
        if !unsafe { block.claim_if_unique(len - removed, with.len()) } {
            return false;
        }
        // SAFETY: the length is in the lowest bits, and fits because it is at most the capacity (S2). All bytes are
        // initialised below (B2).
        unsafe { self.set_upper(upper - removed as u64 + with.len() as u64) };
        let (from, to) = (first.wrapping_add(end), first.wrapping_add(start + with.len()));
        // SAFETY: this handle is the unique owner (B5), and its new length fits the block, so both ranges lie inside
        // it. The bytes `[end, len)` are initialised (B2).
        unsafe { ptr::copy(from, to, len - end) };
        // SAFETY: the slots lie inside the block. This handle is the unique owner and is borrowed by `&mut` (B5), so
        // `with` does not overlap them.
        unsafe { copy_to_slots(with, buf, start) };
        true
    }

    /// Implements [`Repr::splice_unchecked`] where [`Repr::splice_unique`] returns `false`.
    #[inline(never)]
    #[track_caller]
    fn splice_other(&mut self, start: usize, end: usize, with: &[u8]) {
        let len = self.len();
        assert!(start <= end && end <= len, "the range must be within the bytes");
        if start == len {
            self.push(with);
        } else if with.is_empty() && end == len {
            self.truncate(start);
        } else if !self.is_inline() && !self.is_unique() {
            self.splice_shared(start, end, with);
        } else if with.is_empty() && start == 0 && !self.is_inline() && !self.is_huge() {
            // SAFETY: the handle is neither inline, shared, static nor huge, and `end <= len`.
            unsafe { self.remove_front(end) };
        } else {
            // SAFETY: the handle is inline or unique, and the range lies within its bytes.
            unsafe { self.splice_in_place(start, end, with) };
        }
    }

    /// Implements [`Repr::splice_unchecked`] for a handle that is inline or unique.
    ///
    /// # Safety
    ///
    /// * The handle is inline or unique.
    /// * As for [`Repr::splice_unchecked`].
    #[track_caller]
    unsafe fn splice_in_place(&mut self, start: usize, end: usize, with: &[u8]) {
        or_fail(self.try_reserve(with.len().saturating_sub(end - start), Growth::Amortised));
        let (len, first) = (self.len(), self.as_mut_ptr());
        let (from, to) = (first.wrapping_add(end), first.wrapping_add(start + with.len()));
        // SAFETY: the handle is inline or unique, and has room for the result (B5), so that both ranges lie
        // inside it or its block.
        unsafe { ptr::copy(from, to, len - end) };
        // SAFETY: the handle has room for the result. It is inline or unique and is borrowed by `&mut` (B5), so `with`
        // does not overlap it.
        unsafe { ptr::copy_nonoverlapping(with.as_ptr(), first.wrapping_add(start), with.len()) };
        let new_len = start + with.len() + (len - end);
        // SAFETY: the handle is inline or unique, has room for the result, and all its bytes were just written.
        unsafe { self.set_len_in_place(new_len) };
    }

    /// Implements [`Repr::splice_unchecked`] for a handle that is shared or static.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn splice_shared(&mut self, start: usize, end: usize, with: &[u8]) {
        let (bytes, len) = (self.as_bytes(), self.len());
        let (head, old, rest) = (&bytes[..start], &bytes[start..end], &bytes[end..]);
        if old == with {
            return;
        }
        if head.is_empty() && with.is_empty() {
            *self = self.slice(end, len);
            return;
        }
        // No overflow: each length is at most `isize::MAX`, and `head` and `rest` are parts of one string.
        let new_len = head.len() + with.len() + rest.len();
        let grows = new_len > len.max(INLINE);
        let cap = if grows { self.cap_for_copy(new_len) } else { new_len };
        let mut new = Self::with_capacity(cap);
        for part in [head, with, rest] {
            new.push(part);
        }
        *self = new;
    }

    /// Removes the first `n` bytes by a greater offset. If that does not fit, moves the other bytes to slot 0, so
    /// that the next `MAX_OFFSET` bytes can be removed without a move.
    ///
    /// # Safety
    ///
    /// * This handle is the only one of its block, and is not huge.
    /// * `n` is at most the length.
    unsafe fn remove_front(&mut self, n: usize) {
        let Some(buf) = self.buf() else { return };
        let (offset, len) = (self.offset() + n, self.len() - n);
        if offset <= MAX_OFFSET {
            // SAFETY: the slots are a part of those that this handle covers (B2), and the offset fits (S2).
            unsafe { self.set(buf, offset, len) };
        } else {
            // SAFETY: this handle is the only one of its block, and the slots are a part of those that it covers (B2).
            unsafe { self.move_from(buf, offset, len) };
        }
    }

    /// Returns a guard that removes bytes after the first `kept` ones, or `None` if the handle is static or shared.
    ///
    /// # Panics
    ///
    /// Panics if `kept` is greater than the length.
    #[inline]
    #[track_caller]
    pub(crate) fn retain_after(
        &mut self,
        kept: usize,
    ) -> Option<RetainGuard<'_, MAX_OFFSET, MAX_PLAIN>> {
        assert!(kept <= self.len(), "the guard must not keep more bytes than there are");
        if !self.is_inline() && !self.trim_if_unique() {
            return None;
        }
        let bytes = replace(self, Self::new());
        Some(RetainGuard { target: self, bytes, kept, read: kept })
    }
}

/// Removes bytes of a handle in one pass.
///
/// The handle is empty meanwhile (B8). The drop puts back the bytes that were kept and those that are still
/// undecided. So a panic of the caller's closure loses only bytes that were removed.
pub(crate) struct RetainGuard<'a, const MAX_OFFSET: usize, const MAX_PLAIN: usize> {
    target: &'a mut Repr<MAX_OFFSET, MAX_PLAIN>,
    /// Inline or unique.
    bytes: Repr<MAX_OFFSET, MAX_PLAIN>,
    /// The number of bytes that are at their final position.
    kept: usize,
    /// The first undecided byte. `kept <= read`, and `read` is at most the length of `bytes`.
    read: usize,
}

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> RetainGuard<'_, MAX_OFFSET, MAX_PLAIN> {
    /// Returns the undecided bytes, which are neither kept nor removed yet.
    #[inline]
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes.as_bytes()[self.read..]
    }

    /// Keeps the first `n` undecided bytes, and removes the next `removed` bytes.
    ///
    /// # Panics
    ///
    /// Panics if fewer bytes are undecided.
    #[inline]
    #[track_caller]
    pub(crate) fn remove(&mut self, n: usize, removed: usize) {
        let undecided = self.bytes.len() - self.read;
        assert!(n <= undecided && removed <= undecided - n, "the bytes must be undecided");
        let first = self.bytes.as_mut_ptr();
        let (from, to) = (first.wrapping_add(self.read), first.wrapping_add(self.kept));
        // SAFETY: `kept <= read` and `read + n <= len`, so both ranges are initialised bytes (B2). `bytes` is inline
        // or unique (B5), and no reference to the bytes outlives a borrow of the guard (B7).
        unsafe { move_bytes(from, to, n) };
        self.kept += n;
        self.read += n + removed;
    }
}

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Drop
    for RetainGuard<'_, MAX_OFFSET, MAX_PLAIN>
{
    fn drop(&mut self) {
        self.remove(self.bytes.len() - self.read, 0);
        self.bytes.truncate(self.kept);
        *self.target = replace(&mut self.bytes, Repr::new());
    }
}
