//! Turns a [`Handle`] into a [`UniqueVec`].
//!
//! A handle may write only if it is the only one of its block. Each of these functions checks that through `&mut`
//! or by value, and trims the block (B5).
#![expect(unsafe_code, reason = "claims that a handle is the only one of its block")]

use core::mem::needs_drop;
use core::ptr;

use super::UniqueVec;
use crate::raw::buffer::BlockRef;
use crate::raw::handle::Handle;

impl<T> Handle<T> {
    /// Returns this handle for writing, if it is the only one of its block.
    #[inline]
    pub(crate) fn get_unique(&mut self) -> Option<&mut UniqueVec<T>> {
        if let Some(block) = self.block() {
            if !block.is_unique() {
                return None;
            }
            // SAFETY: this handle was found unique (B5), and covers exactly `len` elements.
            unsafe { trim_unique(block, self.len()) };
        }
        // SAFETY: this handle has no block, or was found unique and its block trimmed (B5).
        Some(unsafe { self.assume_unique() })
    }

    /// Returns this handle for writing, after `copy` has replaced it if it is shared.
    #[inline]
    pub(crate) fn unique_or(
        &mut self,
        copy: impl FnOnce(&Self) -> UniqueVec<T>,
    ) -> &mut UniqueVec<T> {
        if let Some(block) = self.block() {
            if block.is_unique() {
                // SAFETY: this handle was found unique (B5), and covers exactly `len` elements.
                unsafe { trim_unique(block, self.len()) };
            } else {
                *self = copy(self).into_handle();
            }
        }
        // SAFETY: this handle has no block, was found unique and its block trimmed, or was a `UniqueVec` (B5).
        unsafe { self.assume_unique() }
    }

    /// Returns this handle for writing.
    ///
    /// # Safety
    ///
    /// * This handle has no block, or is its only handle and the block has no excess elements (B5).
    #[inline]
    unsafe fn assume_unique(&mut self) -> &mut UniqueVec<T> {
        // SAFETY: `UniqueVec` is `repr(transparent)` over `Handle`. This handle is unique and its block trimmed, and
        // the borrow prevents clones.
        unsafe { &mut *ptr::from_mut(self).cast::<UniqueVec<T>>() }
    }

    /// Makes this handle cover only its first `len` elements, if it covers more. Drops the others if it is the only
    /// handle of its block.
    #[inline]
    pub(crate) fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        if needs_drop::<T>() {
            if let Some(unique) = self.get_unique() {
                return unique.truncate(len);
            }
        } else if let Some(block) = self.block().filter(|block| block.is_unique()) {
            // SAFETY: this handle was found unique (B5), and covers at least `len` elements, which need no drop.
            unsafe { trim_unique(block, len) };
        }
        self.shorten(len);
    }

    /// Like [`Handle::get_unique`], by value.
    #[inline]
    pub(crate) fn try_into_unique(mut self) -> Result<UniqueVec<T>, Self> {
        if self.get_unique().is_none() {
            return Err(self);
        }
        // SAFETY: this handle was found unique, and its block trimmed (B5).
        Ok(unsafe { UniqueVec::from_handle(self) })
    }

    /// Returns the buffer without its elements, for a list to recycle, if this handle is unique and the elements
    /// need no drop.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    #[inline]
    pub(crate) fn try_into_recycled(mut self) -> Result<UniqueVec<T>, Self> {
        if needs_drop::<T>() || !self.is_unique() {
            return Err(self);
        }
        self.shorten(0);
        if let Some(block) = self.block() {
            block.begin_edit();
            block.filled().set(0);
        }
        // SAFETY: this handle was found unique (B5). It covers no elements, and its block counts none.
        Ok(unsafe { UniqueVec::from_handle(self) })
    }
}

/// Drops the excess elements of a block (B5), and clears the flag LIST.
///
/// # Safety
///
/// * The caller holds the only reference to the block, by `&mut`, and covers at least its first `len` elements.
/// * If `T` needs drop, the caller covers no more than these.
#[inline]
unsafe fn trim_unique<T>(block: BlockRef<'_, T>, len: usize) {
    block.begin_edit();
    if !needs_drop::<T>() {
        // Without drop glue it suffices to lower the count. A store costs less than a check.
        block.filled().set(len);
    } else if !block.filled().is_plain(len) {
        // SAFETY: the caller is the unique owner (B5), and `len` is at most `filled` (B2).
        unsafe { block.buf().trim(len) };
    }
}

impl<T: Clone> Handle<T> {
    /// Clones the elements into a new buffer with room for at least `cap`.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn copied(&self, cap: usize) -> UniqueVec<T> {
        UniqueVec::cloned_from(self.as_slice(), cap)
    }
}
