//! What a list and a cell have in common: the published version, the lock of the writers, and the changes.

use core::panic::{RefUnwindSafe, UnwindSafe};

use super::cell::Publication;
use super::watch::Changes;
use super::write_guard::WriteGuard;
use crate::sync::{CachePadded, const_fn};

/// The published version, the lock of the writers, and the count of changes.
pub(super) struct Shared<T> {
    pub(super) publication: Publication<T>,
    /// Dropped last, because its drop wakes tasks. The elements are dropped by then.
    pub(super) changes: CachePadded<Changes>,
}

// A panic never leaves a half-written version published.
impl<T: RefUnwindSafe> UnwindSafe for Shared<T> {}
impl<T: RefUnwindSafe> RefUnwindSafe for Shared<T> {}

impl<T> Shared<T> {
    const_fn! {
        /// Creates a body without a version. Does not allocate.
        pub(super) const fn new() -> Self {
            let changes = CachePadded::new(Changes::new());
            Self { publication: Publication::new(), changes }
        }
    }

    /// Takes the lock.
    #[inline]
    #[track_caller]
    pub(super) fn write(&self) -> WriteGuard<'_, T> {
        WriteGuard::new(self.publication.write(), &self.changes)
    }

    /// Returns how many times the elements were changed.
    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.changes.version()
    }

    /// Counts a change that the owner makes without the lock.
    ///
    /// Wakes nobody. A [`Watcher`](super::Watcher) borrows the owner, so none waits. An
    /// [`ArcWatcher`](super::ArcWatcher) may wait whose `Arc` is gone: the next change or the drop wakes it.
    pub(super) fn count_change(&mut self) {
        self.changes.count();
    }
}
