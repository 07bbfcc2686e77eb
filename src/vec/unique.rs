//! The face of `UniqueVec`, over the primitives of `raw`.

use core::ops::{Deref, DerefMut};

use super::CowVec;
pub use crate::raw::handle::UniqueVec;

impl<T> UniqueVec<T> {
    /// Turns this into a [`CowVec`], whose clones share its buffer.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub fn into_shared(self) -> CowVec<T> {
        CowVec::from_handle(self.into_handle())
    }

    /// Removes all elements and keeps the capacity.
    ///
    /// O(n) drops.
    #[inline]
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the elements for which `keep` is true, in order, and drops the others.
    ///
    /// O(n).
    #[inline]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.retain_mut(|element| keep(element));
    }
}

impl<T> Deref for UniqueVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> DerefMut for UniqueVec<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<T: Clone> Clone for UniqueVec<T> {
    /// Clones the elements into a buffer of their own. O(n); see [`UniqueVec::into_shared`] for clones
    /// in O(1).
    fn clone(&self) -> Self {
        let mut copy = Self::with_capacity(self.len());
        copy.extend_from_slice(self);
        copy
    }
}

impl<T> Default for UniqueVec<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}
