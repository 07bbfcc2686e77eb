//! [`Guard`], which keeps one version alive for a scope.

use core::fmt;
use core::ops::Deref;

use super::cell::Loaded;
use crate::vec::CowVec;

/// The elements that a [`CopyOnWriteList`](super::CopyOnWriteList) had at one moment.
///
/// Created by [`CopyOnWriteList::load`](super::CopyOnWriteList::load). A guard dereferences to a slice that never
/// changes, even if another thread appends in place. The guard keeps that version alive, including elements
/// that are pushed into the same buffer later. If it is the last to have an old version, its drop drops the
/// elements: see [when old versions are dropped](super::CopyOnWriteList#when-old-versions-are-dropped).
///
/// A guard is not `Send`. Do not hold one across an `.await`: the future would not be `Send`, and the version would
/// stay alive while the task waits. Use a [snapshot](Guard::to_snapshot), which can be sent to another thread:
///
/// ```
/// # use cow_collections::CopyOnWriteList;
/// # async fn send(name: &str) {}
/// # fn spawn(task: impl Future<Output = ()> + Send) {}
/// async fn greet(names: &CopyOnWriteList<String>) {
///     for name in &names.snapshot() {
///         send(name).await;
///     }
/// }
/// # spawn(greet(&CopyOnWriteList::new()));
/// ```
/// ```compile_fail
/// # use cow_collections::CopyOnWriteList;
/// # async fn send(name: &str) {}
/// # fn spawn(task: impl Future<Output = ()> + Send) {}
/// async fn greet(names: &CopyOnWriteList<String>) {
///     for name in &names.load() {
///         send(name).await; // the guard lives here
///     }
/// }
/// # spawn(greet(&CopyOnWriteList::new()));
/// ```
///
/// A guard gives no mutable access:
///
/// ```compile_fail,E0594
/// # use cow_collections::CopyOnWriteList;
/// let list = CopyOnWriteList::from([1]);
/// list.load()[0] = 2;
/// ```
/// ```compile_fail,E0596
/// # use cow_collections::CopyOnWriteList;
/// let list = CopyOnWriteList::from([1]);
/// list.load().iter_mut();
/// ```
pub struct Guard<'a, T> {
    loaded: Loaded<'a, T>,
}

impl<'a, T> Guard<'a, T> {
    #[inline]
    pub(super) fn new(loaded: Loaded<'a, T>) -> Self {
        Self { loaded }
    }

    /// Returns the same elements as a vector that shares the list's buffer.
    ///
    /// O(1): one atomic increment.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1, 2]);
    /// let guard = list.load();
    /// list.push(3);
    /// assert_eq!(guard.to_snapshot(), [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn to_snapshot(&self) -> CowVec<T> {
        CowVec::from_handle(self.loaded.to_handle())
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.loaded.as_slice()
    }
}

impl<T> AsRef<[T]> for Guard<'_, T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<'a, T> IntoIterator for &'a Guard<'_, T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}
