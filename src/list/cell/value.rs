//! The publication of a [`CopyOnWriteCell`](super::super::CopyOnWriteCell): a [`Shared`] whose version always has
//! exactly one value.
//!
//! A list's reader must load the length of a version. Here the length is known (V1), so a read costs only the pointer.
//! Nobody else can publish for a cell, because [`ValueShared`] keeps its [`Shared`] to itself.

use super::super::shared::Shared;
use super::super::watch::Watcher;
use super::super::write_guard::WriteGuard;
use super::{HazardGuard, OnThisThread, PublishedRef, ReaderState};
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;
use core::marker::PhantomData;

/// The published value of a cell, the lock of its writers, and its changes.
///
/// V1: there always is a version, and it has exactly one element. `new` publishes the first one, and only
/// [`ValueWriteGuard::publish`] replaces it, which checks the length. A watcher publishes nothing.
pub(crate) struct ValueShared<T>(Shared<T>);

impl<T> ValueShared<T> {
    /// Publishes a first value. Allocates one buffer.
    pub(crate) fn new(value: T) -> Self {
        let shared = Shared::new();
        // The cell was empty, so nothing is reclaimed.
        drop(shared.publication.write().publish(UniqueVec::from_array([value])));
        Self(shared)
    }

    /// Returns the current version.
    #[inline]
    pub(crate) fn load(&self) -> LoadedValue<'_, T> {
        let guard = HazardGuard::new(&self.0.publication);
        LoadedValue { guard, _on_this_thread: OnThisThread(PhantomData) }
    }

    /// Creates a reader that keeps the version it saw last.
    #[inline]
    pub(crate) fn reader(&self) -> ValueReader<'_, T> {
        ValueReader(self.0.publication.reader())
    }

    /// Makes `kept` a handle of the current version, and drops the handle that it replaces.
    #[inline]
    pub(crate) fn refresh(&self, kept: &mut Handle<T>) {
        self.0.publication.refresh(kept);
    }

    /// Takes the lock.
    #[inline]
    #[track_caller]
    pub(crate) fn write(&self) -> ValueWriteGuard<'_, T> {
        ValueWriteGuard(self.0.write())
    }

    /// Returns the value for the owner to change in place, or `None` if a snapshot shares it.
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        self.0.publication.get_mut()?.first_mut()
    }

    /// Counts a change that the owner makes without the lock.
    pub(crate) fn count_change(&mut self) {
        self.0.count_change();
    }

    /// Returns how many times the value was changed.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        self.0.version()
    }

    /// Creates a watcher of the changes from now on.
    #[inline]
    pub(crate) fn subscribe(&self) -> Watcher<'_, T> {
        self.0.subscribe()
    }
}

impl<T> PublishedRef<T> {
    /// Returns the value of this version.
    ///
    /// # Safety
    ///
    /// * A cell published this version.
    /// * The load that returned this version made its contents visible.
    /// * A guard or reader protects the version for `'a`.
    #[inline]
    unsafe fn value<'a>(&self) -> &'a T {
        // SAFETY: the block stays live for `'a` (B1). The version has one element (V1), which is visible (B2) and which
        // nobody writes while it is published (B3).
        let values = unsafe { self.buf().slice(1) };
        &values[0]
    }
}

/// The version that a cell had at one moment.
pub(crate) struct LoadedValue<'a, T> {
    guard: HazardGuard<'a, T>,
    _on_this_thread: OnThisThread,
}

impl<T> LoadedValue<'_, T> {
    #[inline]
    fn version(&self) -> &PublishedRef<T> {
        self.guard.version().expect("a cell has a value")
    }

    #[inline]
    pub(crate) fn value(&self) -> &T {
        // SAFETY: only a `ValueShared` makes a `LoadedValue`, so a cell published the version. The guard's load of the
        // pointer acquired it, and the guard is borrowed for as long as the result.
        unsafe { self.version().value() }
    }

    /// Returns a handle of the same value.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        let version = self.version();
        version.block().retain();
        // SAFETY: the reference was just added, and the version has one element (V1), which is visible (B2).
        unsafe { Handle::from_parts(version.buf(), 1) }
    }
}

/// A [`ReaderState`] of a cell.
pub(crate) struct ValueReader<'a, T>(ReaderState<'a, T>);

impl<T> ValueReader<'_, T> {
    /// Returns the current value, which is kept until the next call.
    #[inline]
    pub(crate) fn load(&mut self) -> &T {
        let version = self.0.version().expect("a cell has a value");
        // SAFETY: only a `ValueShared` makes a `ValueReader`, so a cell published the version. The load that found this
        // version first acquired it, and the reader keeps it while it is borrowed.
        unsafe { version.value() }
    }

    #[inline]
    pub(crate) fn release(&mut self) {
        self.0.release();
    }
}

/// The held lock of a cell, for one change: see [`WriteGuard`].
pub(crate) struct ValueWriteGuard<'a, T>(WriteGuard<'a, T>);

impl<T> ValueWriteGuard<'_, T> {
    /// Returns the value before the change.
    #[inline]
    pub(crate) fn value(&self) -> &T {
        &self.0.as_slice()[0]
    }

    /// Returns a handle of the value before the change.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        self.0.to_handle()
    }

    /// Returns an empty vector to build the next value in. It may have capacity already.
    #[inline]
    pub(crate) fn take_recycled(&mut self) -> UniqueVec<T> {
        self.0.take_recycled()
    }

    /// Keeps a vector from [`ValueWriteGuard::take_recycled`], still empty, for the next write.
    #[inline]
    pub(crate) fn recycle(&mut self, empty: UniqueVec<T>) {
        self.0.recycle(empty);
    }

    /// Publishes the one element of `next`, and then drops old values that nobody reads any more.
    ///
    /// # Panics
    ///
    /// Panics if `next` does not have exactly one element.
    #[inline]
    #[track_caller]
    pub(crate) fn publish(self, next: UniqueVec<T>) {
        // V1 rests on this check.
        assert!(next.len() == 1, "a cell has one value");
        self.0.publish(next);
    }
}
