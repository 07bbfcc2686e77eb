//! A copy of the pointer that arc-swap's cell has, because that crate gives access to its own only behind a guard.

use core::ptr;

use crate::raw::refcount::FilledWord;
use crate::sync::{AtomicPtr, Ordering, const_fn};

/// The pointer of the current version, or of the version that a writer is about to publish. Null if that is none.
pub(super) struct Newest(AtomicPtr<FilledWord>);

impl Newest {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self(AtomicPtr::new(ptr::null_mut()))
        }
    }

    /// Stores `next`, and then publishes it by `publish`. The caller holds the lock.
    #[inline]
    pub(super) fn store_before<R>(&self, next: *mut FilledWord, publish: impl FnOnce() -> R) -> R {
        self.0.store(next, Ordering::Relaxed);
        publish()
    }

    /// Returns whether `version`, which is not null, is the current one. The caller holds a reference to it.
    ///
    /// Relaxed is enough. While the caller holds its reference, the version is not published a second time (B11). So it
    /// is here only until a writer stores another pointer, which comes before the swap. A thread that saw the result of
    /// the swap, or something that happened later, does not find the version here. Control: `newest-after-swap`.
    #[inline]
    pub(super) fn is(&self, version: *const FilledWord) -> bool {
        ptr::eq(self.0.load(Ordering::Relaxed), version)
    }
}
