//! Slices of a handle.

use core::ops::Range;

use super::{INLINE, MAX_OFFSET, Repr, Tag};
use crate::raw::buffer::SharedBuf;

impl Repr {
    /// The bytes `[start, end)`: inline if they fit, else of the same block or static memory. A copy
    /// only where the offset cannot be said: past [`MAX_OFFSET`], or in a huge block.
    ///
    /// # Panics
    ///
    /// If the range is not within the bytes.
    #[inline]
    #[track_caller]
    pub(crate) fn slice(&self, start: usize, end: usize) -> Self {
        let bytes = &self.as_bytes()[start..end];
        if bytes.len() <= INLINE {
            return Self::inline(bytes);
        }
        // This handle's pointer and not that of `bytes`, which could not lead back to the header.
        let first = self.ptr.wrapping_add(start);
        let Some(buf) = self.buf() else {
            return Self::outside(first, bytes.len(), 0, Tag::Static);
        };
        let offset = self.offset() + start;
        if offset > MAX_OFFSET || self.is_huge() {
            return self.far_slice(buf, start, bytes);
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { buf.retain() };
        // S2, B2: within this handle's bytes, and the count is the one just made.
        Self::outside(first, bytes.len(), offset, Tag::cloned(offset))
    }

    /// [`Repr::slice`] where a plain handle cannot say the offset, or the block makes its handles huge.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn far_slice(&self, buf: SharedBuf<u8>, start: usize, bytes: &[u8]) -> Self {
        if self.offset() + start > 0 {
            return Self::copy_of(bytes);
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { buf.retain() };
        // SAFETY: S2, B2: the first bytes of this handle's, and the count just made.
        unsafe { Self::counted(buf, 0, bytes.len()) }
    }

    /// Where `part` stands in these bytes, if it does; else some range that is not within them, unless it
    /// is empty. By its address alone: its pointer could not lead back to the header.
    #[inline]
    pub(crate) fn place_of(&self, part: &[u8]) -> Range<usize> {
        if part.is_empty() {
            return 0..0;
        }
        let start = part.as_ptr().addr().wrapping_sub(self.as_bytes().as_ptr().addr());
        start..start.wrapping_add(part.len())
    }
}
