//! Turns a [`Handle`] into a [`UniqueVec`].
//!
//! A handle may write only if it is the only one of its block. Each of these functions checks that through `&mut`
//! or by value, and trims the block (B5).
#![expect(unsafe_code, reason = "claims that a handle is the only one of its block")]

#[cfg(all(feature = "list", not(feature = "arc-swap")))]
use core::mem::needs_drop;
use core::ptr;

use super::UniqueVec;
use crate::raw::handle::Handle;

impl<T> Handle<T> {
    /// Returns this handle for writing, if it is the only one of its block.
    #[inline]
    pub(crate) fn get_unique(&mut self) -> Option<&mut UniqueVec<T>> {
        if !self.is_unique() {
            return None;
        }
        // SAFETY: this handle was found unique.
        Some(unsafe { self.assume_unique() })
    }

    /// Returns this handle for writing, after `copy` has replaced it if it is shared.
    #[inline]
    pub(crate) fn unique_or(
        &mut self,
        copy: impl FnOnce(&Self) -> UniqueVec<T>,
    ) -> &mut UniqueVec<T> {
        if !self.is_unique() {
            *self = copy(self).into_handle();
        }
        // SAFETY: this handle was found unique, or replaced by a unique one.
        unsafe { self.assume_unique() }
    }

    /// Drops the excess elements of the block (B5), and returns this handle for writing.
    ///
    /// # Safety
    ///
    /// * This is the only handle of its block, or has none.
    #[inline]
    unsafe fn assume_unique(&mut self) -> &mut UniqueVec<T> {
        if let Some(block) = self.block() {
            block.begin_edit();
            if !block.filled().is_plain(self.len()) {
                // SAFETY: the block is live (B1), and this handle is its unique owner (B5).
                unsafe { self.buf().trim(self.len()) };
            }
        }
        // SAFETY: `UniqueVec` is `repr(transparent)` over `Handle`. This handle is unique and its block trimmed, and
        // the borrow prevents clones.
        unsafe { &mut *ptr::from_mut(self).cast::<UniqueVec<T>>() }
    }

    /// Like [`Handle::get_unique`], by value.
    #[inline]
    pub(crate) fn try_into_unique(mut self) -> Result<UniqueVec<T>, Self> {
        if self.get_unique().is_none() {
            return Err(self);
        }
        // SAFETY: this handle was found unique, and its block trimmed.
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
        // SAFETY: this handle was found unique, and its block counts no elements.
        Ok(unsafe { UniqueVec::from_handle(self) })
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
