//! [`CellGuard`], which keeps the value of a cell alive for a scope.

use core::fmt;
use core::ops::Deref;

use super::Snapshot;
use super::cell::LoadedValue;

/// The value that a [`CopyOnWriteCell`](super::CopyOnWriteCell) had at one moment.
///
/// Created by [`CopyOnWriteCell::load`](super::CopyOnWriteCell::load). A guard dereferences to the value, which never
/// changes while the guard lives. If the guard is the last to have an old value, its drop drops that value: see
/// [when old values are dropped](super::CopyOnWriteCell#when-old-values-are-dropped).
///
/// A guard is not `Send`. Do not hold one across an `.await`: the future would not be `Send`, and the value would stay
/// alive while the task waits. Use a [snapshot](CellGuard::to_snapshot), which can be sent to another thread:
///
/// ```
/// # use cow_collections::CopyOnWriteCell;
/// # async fn send(name: &str) {}
/// # fn spawn(task: impl Future<Output = ()> + Send) {}
/// async fn greet(name: &CopyOnWriteCell<String>) {
///     send(&name.snapshot()).await;
/// }
/// # spawn(greet(&CopyOnWriteCell::default()));
/// ```
/// ```compile_fail
/// # use cow_collections::CopyOnWriteCell;
/// # async fn send(name: &str) {}
/// # fn spawn(task: impl Future<Output = ()> + Send) {}
/// async fn greet(name: &CopyOnWriteCell<String>) {
///     send(&name.load()).await; // the guard lives here
/// }
/// # spawn(greet(&CopyOnWriteCell::default()));
/// ```
///
/// A guard gives no mutable access:
///
/// ```compile_fail,E0594
/// # use cow_collections::CopyOnWriteCell;
/// let cell = CopyOnWriteCell::new(1);
/// *cell.load() = 2;
/// ```
pub struct CellGuard<'a, T> {
    loaded: LoadedValue<'a, T>,
}

impl<'a, T> CellGuard<'a, T> {
    #[inline]
    pub(super) fn new(loaded: LoadedValue<'a, T>) -> Self {
        Self { loaded }
    }

    /// Returns a snapshot of the same value.
    ///
    /// O(1): one atomic increment.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let guard = cell.load();
    /// cell.store(2);
    /// assert_eq!(*guard.to_snapshot(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn to_snapshot(&self) -> Snapshot<T> {
        Snapshot::from_handle(self.loaded.to_handle())
    }
}

impl<T> Deref for CellGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.loaded.value()
    }
}

impl<T> AsRef<T> for CellGuard<'_, T> {
    #[inline]
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: fmt::Debug> fmt::Debug for CellGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for CellGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
