//! Room: what there is, how more is made, and how what is not needed is given back.

use core::ptr;

use super::{INLINE, LAYOUT, Repr, copied, try_copied};
use crate::raw::buffer::SharedBuf;
use crate::raw::layout::{ReserveError, or_fail};

/// How much room to make where there is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    /// So much that a sequence of pushes costs O(1) each.
    Amortised,
    /// What was asked for.
    Exact,
}

impl Repr {
    /// The bytes that fit without a copy, as far as can be told a moment ago.
    pub(crate) fn capacity(&self) -> usize {
        if self.is_inline() {
            return INLINE;
        }
        let Some(buf) = self.buf() else { return self.len() };
        // SAFETY: B1: this handle holds a count of it.
        let (cap, tail) = (unsafe { buf.cap() }, unsafe { buf.filled() });
        let claimable = tail.is_plain(self.offset() + self.len());
        if claimable || self.strong_count() == 1 { cap - self.offset() } else { self.len() }
    }

    /// The bytes that this handle keeps in memory: all that its block has, or its own.
    pub(crate) fn retained_len(&self) -> usize {
        let Some(buf) = self.buf() else { return self.len() };
        // SAFETY: B1: this handle holds a count of it.
        unsafe { buf.filled() }.advisory()
    }

    /// The size of the block, 0 without one.
    pub(crate) fn heap_bytes(&self) -> usize {
        // SAFETY: B1: this handle holds a count of it.
        self.buf().map_or(0, |buf| unsafe { buf.block() }.size())
    }

    /// The capacity to give a copy of these bytes that is to have room for `needed`.
    pub(super) fn cap_for_copy(&self, needed: usize) -> usize {
        let len = self.len();
        let own = if self.is_inline() { 0 } else { len };
        // SAFETY: B1: this handle holds a count of it.
        let cap = self.buf().map_or(own, |buf| unsafe { buf.cap() });
        LAYOUT.for_copy(cap, len, needed)
    }

    /// Makes this inline, or the only handle of a block, with room for `more` bytes after its own.
    ///
    /// # Errors
    ///
    /// If there is no such block. The bytes are then where they were.
    pub(crate) fn try_reserve(&mut self, more: usize, growth: Growth) -> Result<(), ReserveError> {
        let len = self.len();
        let needed = len.checked_add(more).ok_or(ReserveError::CapacityOverflow)?;
        if self.is_unique() {
            return self.try_grow(needed, growth);
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
        let buf = try_copied(self.as_bytes(), cap)?;
        // SAFETY: S2: the count of a new block with that many bytes in it. The old one goes now.
        *self = unsafe { Self::counted(buf, 0, len) };
        Ok(())
    }

    /// [`Repr::try_reserve`] of a unique handle, for `needed` bytes in all.
    fn try_grow(&mut self, needed: usize, growth: Growth) -> Result<(), ReserveError> {
        self.settle();
        let Some(buf) = self.buf() else { return Ok(()) };
        // SAFETY: B1: this handle holds a count of it.
        let (cap, offset, len) = (unsafe { buf.cap() }, self.offset(), self.len());
        if needed <= cap - offset {
            return Ok(());
        }
        // Moving the bytes down is paid for by the room it gains, or else by growth.
        let gained = needed <= cap && (growth == Growth::Exact || offset >= len);
        let mut block = buf;
        if !gained {
            let cap = match growth {
                Growth::Amortised => LAYOUT.amortised(cap, needed),
                Growth::Exact => needed,
            };
            // SAFETY: B5: unique and settled, and the tail is not more: it fitted before.
            block = unsafe { buf.try_grow(cap) }?;
        }
        if offset > 0 {
            // SAFETY: S2: the block has moved with its bytes and its count.
            unsafe { self.move_to_front(block, offset) };
        } else {
            // SAFETY: as above.
            unsafe { self.set(block, 0, len) };
        }
        Ok(())
    }

    /// Lets go of what is beyond `capacity`, or beyond the bytes if these are more: of a unique block's
    /// room, and of a shared block as a whole.
    #[track_caller]
    pub(crate) fn shrink_to(&mut self, capacity: usize) {
        let Some(buf) = self.buf() else { return };
        let len = self.len();
        let target = capacity.max(len);
        if target <= INLINE {
            *self = Self::inline(self.as_bytes());
            return;
        }
        // SAFETY: B1: this handle holds a count of it.
        let cap = unsafe { buf.cap() };
        if LAYOUT.round_up(target).unwrap_or(target) >= cap {
            return;
        }
        if self.is_unique() {
            self.settle();
            if self.offset() > 0 {
                self.shift();
            }
            // SAFETY: B5: unique, and the tail is the length, which is not more.
            let smaller = or_fail(unsafe { buf.try_grow(target) });
            // SAFETY: S2: the block has moved with its bytes and its count.
            unsafe { self.set(smaller, 0, len) };
        } else {
            let buf = copied(self.as_bytes(), target);
            // SAFETY: S2: the count of a new block with that many bytes in it.
            *self = unsafe { Self::counted(buf, 0, len) };
        }
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
        if !unsafe { buf.filled() }.is_plain(end) {
            // SAFETY: B5: unique.
            unsafe { buf.trim(end) };
        }
    }

    /// Moves the bytes of a unique, settled handle to slot 0.
    pub(super) fn shift(&mut self) {
        if let Some(buf) = self.buf() {
            // SAFETY: S2: where they are.
            unsafe { self.move_to_front(buf, self.offset()) };
        }
    }

    /// Moves the bytes of a unique, settled handle from slot `offset` of `buf`, its block or what that has
    /// become, to slot 0.
    ///
    /// # Safety
    ///
    /// There they are.
    #[cold]
    unsafe fn move_to_front(&mut self, buf: SharedBuf<u8>, offset: usize) {
        let len = self.len();
        // SAFETY: B1: within the block.
        let bytes = unsafe { buf.slot(offset) };
        // SAFETY: B2, B5: initialised slots and those before them, of a unique handle.
        unsafe { ptr::copy(bytes, buf.data().as_ptr(), len) };
        // SAFETY: S2, B2: the bytes are there now, and nothing can fail between.
        unsafe { self.set(buf, 0, len) };
        // SAFETY: B1; B5: unique.
        unsafe { buf.filled() }.set(len);
    }
}
