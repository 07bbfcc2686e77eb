//! The capacity of a handle: asking for it, reserving more, and giving the excess back.

use core::ptr;

use super::{INLINE, LAYOUT, Repr, allocate_copy, try_allocate_copy};
use crate::raw::buffer::{BlockRef, SharedBuf};
use crate::raw::layout::{ReserveError, or_fail};

/// How much capacity to reserve if there is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    /// Enough that appending is O(1) amortised a byte.
    Amortised,
    /// As much as is asked for.
    Exact,
}

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Returns the number of slots of the block, or `None` if there is no block.
    #[inline]
    fn block_cap(&self) -> Option<usize> {
        self.block().map(BlockRef::cap)
    }

    /// Returns the capacity usable without copying; may be stale.
    pub(crate) fn capacity(&self) -> usize {
        if self.is_inline() {
            return INLINE;
        }
        let Some(block) = self.block() else { return self.len() };
        let claimable = block.filled().is_plain(self.offset() + self.len());
        let reachable = claimable || block.strong_count() == 1;
        if reachable { block.cap() - self.offset() } else { self.len() }
    }

    /// Returns the number of bytes that this handle keeps in memory.
    ///
    /// These are all initialised slots of its block, or its own bytes if there is no block.
    pub(crate) fn retained_len(&self) -> usize {
        self.block().map_or(self.len(), |block| block.filled().advisory())
    }

    /// Returns the size of the block in bytes, or 0 if there is none.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.block().map_or(0, BlockRef::size)
    }

    /// Returns the capacity for a copy of these bytes that has room for `needed`.
    pub(super) fn cap_for_copy(&self, needed: usize) -> usize {
        let len = self.len();
        let own = if self.is_inline() { 0 } else { len };
        LAYOUT.for_copy(self.block_cap().unwrap_or(own), len, needed)
    }

    /// Makes this an inline or unique handle with room for `more` bytes after its own.
    ///
    /// # Errors
    ///
    /// Returns an error if no such block can be allocated. The handle is then unchanged.
    pub(crate) fn try_reserve(&mut self, more: usize, growth: Growth) -> Result<(), ReserveError> {
        let len = self.len();
        let needed = len.checked_add(more).ok_or(ReserveError::CapacityOverflow)?;
        if self.trim_if_unique() {
            // SAFETY: `trim_if_unique` found this handle unique, and trimmed its block.
            return unsafe { self.try_grow(needed, growth) };
        }
        if needed <= INLINE {
            if !self.is_inline() {
                *self = Self::inline(self.as_bytes());
            }
            return Ok(());
        }
        let cap = match growth {
            Growth::Amortised => self.cap_for_copy(needed),
            Growth::Exact => needed,
        };
        let buf = try_allocate_copy(self.as_bytes(), cap)?;
        // SAFETY: the block is new, and its first `len` slots hold the bytes (B1, B2).
        *self = unsafe { Self::counted(buf, 0, len) };
        Ok(())
    }

    /// Implements [`Repr::try_reserve`] for a unique handle and `needed` bytes in all.
    ///
    /// # Safety
    ///
    /// * This handle is the only one of its block, which is trimmed.
    unsafe fn try_grow(&mut self, needed: usize, growth: Growth) -> Result<(), ReserveError> {
        let (Some(buf), Some(cap)) = (self.buf(), self.block_cap()) else { return Ok(()) };
        let (offset, len) = (self.offset(), self.len());
        if needed <= cap - offset {
            return Ok(());
        }
        // Moving the bytes to the front suffices if it gains the room. Amortised growth demands that it gains
        // at least as many bytes as it moves.
        let gained = needed <= cap && (growth == Growth::Exact || offset >= len);
        let mut block = buf;
        if !gained {
            let cap = match growth {
                Growth::Amortised => LAYOUT.amortised(cap, needed),
                Growth::Exact => needed,
            };
            // SAFETY: this handle is unique and trimmed (B5). The new capacity is at least the old one, so that
            // its bytes fit.
            block = unsafe { buf.try_grow(cap) }?;
        }
        if offset > 0 {
            // SAFETY: the handle is unique. The block has moved with the reference and its `len` bytes, which begin at
            // `offset` (B1, B2).
            unsafe { self.move_from(block, offset, len) };
        } else {
            // SAFETY: the block has moved with its bytes and the reference (B1, B2).
            unsafe { self.set(block, 0, len) };
        }
        Ok(())
    }

    /// Gives back capacity beyond `capacity` and the length. A unique handle shrinks its block; a shared one
    /// moves to a new block if that is smaller.
    #[track_caller]
    pub(crate) fn shrink_to(&mut self, capacity: usize) {
        let (Some(buf), Some(cap)) = (self.buf(), self.block_cap()) else { return };
        let len = self.len();
        let target = capacity.max(len);
        if target <= INLINE {
            *self = Self::inline(self.as_bytes());
            return;
        }
        if LAYOUT.round_up(target).unwrap_or(target) >= cap {
            return;
        }
        if self.move_to_front() {
            // SAFETY: this handle is unique and trimmed, and its `len <= target` bytes begin at slot 0 (B5).
            let smaller = or_fail(unsafe { buf.try_grow(target) });
            // SAFETY: the block has moved with its bytes and the reference (B1, B2).
            unsafe { self.set(smaller, 0, len) };
        } else {
            let buf = allocate_copy(self.as_bytes(), target);
            // SAFETY: the block is new, and its first `len` slots hold the bytes (B1, B2).
            *self = unsafe { Self::counted(buf, 0, len) };
        }
    }

    /// Trims the block if this handle is its only one, and returns whether it is.
    ///
    /// Trimming lowers `filled` to the end of the bytes (B5).
    #[inline]
    pub(super) fn trim_if_unique(&mut self) -> bool {
        let Some(block) = self.block().filter(|block| block.is_unique()) else { return false };
        block.begin_edit();
        // The excess bytes need no drop.
        block.filled().set(self.offset() + self.len());
        true
    }

    /// Moves the bytes to slot 0 and trims the block, if this handle is its only one. Returns whether it is.
    pub(super) fn move_to_front(&mut self) -> bool {
        let (Some(buf), true) = (self.buf(), self.trim_if_unique()) else { return false };
        let (offset, len) = (self.offset(), self.len());
        if offset > 0 {
            // SAFETY: `trim_if_unique` found this handle unique. Its `len` bytes begin at slot `offset` (S2).
            unsafe { self.move_from(buf, offset, len) };
        }
        true
    }

    /// Moves slots `[offset, offset + len)` of `buf` to slot 0, trims the block to them, and makes this their handle.
    ///
    /// # Safety
    ///
    /// * This handle is the only one of `buf`, which is its block or the result of reallocating it.
    /// * The slots are initialised.
    #[cold]
    pub(super) unsafe fn move_from(&mut self, buf: SharedBuf<u8>, offset: usize, len: usize) {
        // SAFETY: this handle is the only one of the block, and keeps it alive (B1).
        let block = unsafe { buf.block() };
        block.begin_edit();
        // SAFETY: the slot lies inside the block (B1).
        let bytes = unsafe { buf.slot(offset) };
        // SAFETY: the bytes are initialised (B2), the slots before them lie inside the block, and this handle
        // is the unique owner (B5).
        unsafe { ptr::copy(bytes, buf.data().as_ptr(), len) };
        // SAFETY: the bytes now begin at slot 0 (B1, B2), and no code that can panic ran in between.
        unsafe { self.set(buf, 0, len) };
        block.filled().set(len);
    }
}
