//! The count of a list's changes, and [`Watcher`], which waits for the next change.

use alloc::boxed::Box;
use core::any::Any;
use core::fmt;
use core::future::Future;
use core::mem::{self, ManuallyDrop};
use core::panic::AssertUnwindSafe;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::panic::{catch_unwind, resume_unwind};
use std::thread;
use std::time::Instant;

use super::CopyOnWriteList;
use super::shared::Shared;
use super::waiting::{Key, Waiting};
use crate::sync::{
    AtomicBool, Condvar, Counter, Mutex, MutexGuard, NamedOrdering, Ordering, const_fn,
};

/// Counts a change, after the change itself. Partner: [`READ_VERSION`].
///
/// There is one writer at a time, the holder of the list's lock.
const PUBLISH_VERSION: NamedOrdering = NamedOrdering::new("PUBLISH_VERSION", Ordering::Release);

/// Loads the count. A later load of the list returns all changes counted, and perhaps later ones. Partner:
/// [`PUBLISH_VERSION`].
///
/// An equal count does not prove that nothing changed, because a change can be seen before it is counted. Only
/// under the lock do the two agree.
const READ_VERSION: NamedOrdering = NamedOrdering::new("READ_VERSION", Ordering::Acquire);

/// How often a list was changed, and the watchers that wait for the next change.
#[derive(Debug)]
pub(super) struct Changes {
    version: Counter,
    /// A waiter sets `watched` and a writer checks it. Both hold the list's lock, so Relaxed is enough: the writer sees
    /// the flag, or the waiter sees the version that the writer counted before.
    watched: AtomicBool,
    /// The tasks that wait. A waiter takes this lock before it releases the list's, so a writer that saw `watched`
    /// finds the waiter here.
    ///
    /// No thread takes the list's lock, or runs the user's code, while it holds this lock.
    waiting: Mutex<Waiting>,
    /// Threads wait here, with the lock of `waiting`.
    changed: Condvar,
}

impl Changes {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                version: Counter::new(),
                watched: AtomicBool::new(false),
                waiting: Mutex::new(Waiting::EMPTY),
                changed: Condvar::new(),
            }
        }
    }

    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.version.load(READ_VERSION.order())
    }

    /// Counts a change without waking anybody. The caller holds the list's lock, or owns the list.
    #[inline]
    pub(super) fn count(&self) {
        self.version.advance(PUBLISH_VERSION.order());
    }

    /// Counts a change. The caller holds the list's lock. If this returns true, the caller must call
    /// [`Changes::wake`] after unlocking.
    #[inline]
    #[must_use]
    pub(super) fn advance(&self) -> bool {
        self.count();
        let watched = self.watched.load(Ordering::Relaxed);
        if watched {
            self.watched.store(false, Ordering::Relaxed);
        }
        watched
    }

    /// Wakes all waiters, and then drops `reclaimed`. This is the last step of a write, after unlocking, because both
    /// run the user's code.
    ///
    /// If a waker panics, wakes the others and drops `reclaimed` before the first panic continues. If the drop panics
    /// too, that panic is discarded like those of other wakers.
    #[cold]
    #[inline(never)]
    pub(super) fn wake<R>(&self, reclaimed: R) {
        let tasks = self.waiting.lock().take_all();
        self.changed.notify_all();
        let mut panics = FirstPanic(None);
        for waker in tasks {
            panics.catch(|| waker.wake());
        }
        panics.catch(|| drop(reclaimed));
        panics.resume();
    }
}

impl Drop for Changes {
    /// Wakes the tasks of [`ArcWatcher`](super::ArcWatcher)s, so that they find the list gone. No thread waits, because
    /// a thread that waits borrows the list.
    ///
    /// The list's elements were dropped before. If a waker panics, wakes the others before the first panic continues.
    /// While the thread unwinds already, the panics are discarded, because they would abort the process.
    fn drop(&mut self) {
        let waiting = self.waiting.get_mut();
        if waiting.is_empty() {
            return;
        }
        let mut panics = FirstPanic(None);
        for waker in waiting.take_all() {
            panics.catch(|| waker.wake());
        }
        if thread::panicking() {
            panics.discard();
        } else {
            panics.resume();
        }
    }
}

/// The payload of the first panic of several calls of the user's code.
struct FirstPanic(Option<Box<dyn Any + Send>>);

impl FirstPanic {
    /// Calls `run`. Keeps its panic if it is the first one, and discards it otherwise.
    fn catch(&mut self, run: impl FnOnce()) {
        let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else { return };
        if self.0.is_none() {
            self.0 = Some(payload);
        } else {
            Self(Some(payload)).discard();
        }
    }

    /// Continues the panic, if there was one.
    fn resume(self) {
        if let Some(payload) = self.0 {
            resume_unwind(payload);
        }
    }

    /// Drops the payload. If that panics, leaks the new payload, because its drop may panic too.
    fn discard(self) {
        _ = catch_unwind(AssertUnwindSafe(|| drop(self.0))).map_err(ManuallyDrop::new);
    }
}

/// Seeing changes.
impl<T> CopyOnWriteList<T> {
    /// Returns how many times the list was changed.
    ///
    /// O(1): one load. Each call that changes the list adds 1. If you call `version` and then read the elements, they
    /// include every change counted, and perhaps later ones.
    ///
    /// An equal version does not prove that the elements are the same, because a change can be seen shortly
    /// before it is counted. To change the list only if nothing was changed, use
    /// [`compare_and_swap_version`](CopyOnWriteList::compare_and_swap_version). To read repeatedly at little cost, use
    /// a [`Reader`](super::Reader) or an [`ArcReader`](super::ArcReader).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// assert_eq!(list.version(), 0);
    /// list.extend([3, 4]);
    /// assert_eq!(list.version(), 1);
    /// list.retain(|_| true);
    /// assert_eq!(list.version(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.shared.version()
    }

    /// Creates a watcher of the changes from now on.
    ///
    /// O(1). A watcher costs writers nothing until it waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// std::thread::scope(|threads| {
    ///     let mut watcher = list.subscribe();
    ///     threads.spawn(|| list.push(1));
    ///     watcher.wait();
    ///     assert_eq!(list, [1]);
    /// });
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "watch")]
    pub fn subscribe(&self) -> Watcher<'_, T> {
        self.shared.subscribe()
    }
}

impl<T> Shared<T> {
    /// Creates a watcher of the changes from now on. It takes the lock, but publishes nothing.
    #[inline]
    pub(super) fn subscribe(&self) -> Watcher<'_, T> {
        Watcher::new(self)
    }
}

/// Notifies of changes of a [`CopyOnWriteList`]: on request, by blocking, or by waking a task.
///
/// Created by [`CopyOnWriteList::subscribe`]. A watcher borrows the list. An [`ArcWatcher`](super::ArcWatcher) does
/// not, so a spawned task can own it. [Async code](crate::docs::asynchronous) has examples of both.
///
/// Changes are coalesced: one notification may stand for several. After a notification,
/// [load](CopyOnWriteList::load) the list. Changes by the thread that has the watcher count too.
///
/// The thread that makes a change wakes the waiters after it has unlocked the list. If a waker panics, the
/// other waiters are woken, and then the write panics, after it has taken effect: see
/// [panics](CopyOnWriteList#panics). The list is unlocked when wakers are cloned, woken and dropped, so they may use
/// it.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
///
/// let list = CopyOnWriteList::new();
/// let mut watcher = list.subscribe();
/// std::thread::scope(|threads| {
///     threads.spawn(|| list.push("a"));
///     watcher.wait();
///     assert_eq!(list, ["a"]);
/// });
/// ```
pub struct Watcher<'a, T> {
    shared: &'a Shared<T>,
    pub(super) seen: u64,
    /// The place of this watcher's task in `waiting`, if it ever waited.
    pub(super) key: Option<Key>,
}

impl<'a, T> Watcher<'a, T> {
    #[inline]
    pub(super) fn new(shared: &'a Shared<T>) -> Self {
        Watcher { shared, seen: shared.version(), key: None }
    }

    /// Returns `true` if the list was changed since the last notification.
    ///
    /// O(1): one load. This is not a notification itself: see [`mark_seen`](Watcher::mark_seen).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// let mut watcher = list.subscribe();
    /// assert!(!watcher.has_changed());
    /// list.push(1);
    /// list.push(2);
    /// assert!(watcher.has_changed());
    /// watcher.mark_seen();
    /// assert!(!watcher.has_changed());
    /// ```
    #[inline]
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.shared.version() != self.seen
    }

    /// Marks all changes so far as seen. The watcher notifies of later ones only.
    ///
    /// O(1): one load. To miss no change, load the list after this call and not before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// let mut watcher = list.subscribe();
    /// list.push(1);
    /// watcher.mark_seen();
    /// assert_eq!(list.load()[..], [1]); // loaded after the call, so no change is missed
    /// list.push(2);
    /// assert!(watcher.has_changed());
    /// ```
    #[inline]
    #[doc(alias = "borrow_and_update")]
    #[doc(alias = "mark_unchanged")]
    pub fn mark_seen(&mut self) {
        self.seen = self.shared.version();
    }

    /// Blocks the thread until the list is changed. Returns at once if it was changed since the last notification.
    ///
    /// Returning at once costs one load. Otherwise takes the list's lock once and sleeps.
    ///
    /// # Panics
    ///
    /// Panics if it must wait and is called from within a write to the same list, because no change could come.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let results = CopyOnWriteList::new();
    /// let mut watcher = results.subscribe();
    /// std::thread::scope(|threads| {
    ///     for n in 0..3 {
    ///         let results = &results;
    ///         threads.spawn(move || results.push(n));
    ///     }
    ///     while results.len() < 3 {
    ///         watcher.wait();
    ///     }
    /// });
    /// assert_eq!(results.load().iter().sum::<i32>(), 3);
    /// ```
    #[track_caller]
    pub fn wait(&mut self) {
        self.wait_until(None);
    }

    /// Blocks like [`wait`](Watcher::wait) until the list changes or `timeout` has passed. Returns `true` if the list
    /// was changed.
    ///
    /// # Panics
    ///
    /// Panics if [`wait`](Watcher::wait) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use std::time::Duration;
    ///
    /// let list = CopyOnWriteList::new();
    /// let mut watcher = list.subscribe();
    /// assert!(!watcher.wait_timeout(Duration::from_millis(1)));
    /// list.push(1);
    /// assert!(watcher.wait_timeout(Duration::MAX));
    /// ```
    #[track_caller]
    pub fn wait_timeout(&mut self, timeout: Duration) -> bool {
        // A deadline that overflows never comes.
        self.wait_until(Instant::now().checked_add(timeout))
    }

    #[track_caller]
    fn wait_until(&mut self, deadline: Option<Instant>) -> bool {
        loop {
            if self.take_change() {
                return true;
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return false;
            }
            if let Some(waiting) = self.start_waiting() {
                self.shared.changes.changed.wait(waiting, deadline);
            }
        }
    }

    /// Waits until the list is changed, without blocking the thread. Completes at once if it was changed since the
    /// last notification.
    ///
    /// The cost of each poll is that of [`poll_changed`](Watcher::poll_changed).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future misses no change: the next call notifies of it. The drop also removes the task, in O(1), so
    /// that no change wakes it and its waker is dropped.
    ///
    /// # Panics
    ///
    /// The future panics if it must wait and is polled from within a write to the same list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// async fn print_each_change(list: &CopyOnWriteList<String>) {
    ///     let mut watcher = list.subscribe();
    ///     loop {
    ///         watcher.changed().await;
    ///         println!("{:?}", list.load());
    ///     }
    /// }
    /// ```
    #[inline]
    pub fn changed(&mut self) -> Changed<'_, 'a, T> {
        Changed { watcher: self, waits: false }
    }

    /// Returns `Ready` if the list was changed since the last notification. Otherwise the next change wakes the task.
    ///
    /// `Ready` costs one load. Otherwise this takes the list's lock, which may wait for a writer, and
    /// registers the task in amortised O(1), however many tasks wait. Only the task of the last call is woken.
    /// Dropping the watcher removes the task in O(1).
    ///
    /// This is for futures and streams that are written by hand. In an `async` function, use
    /// [`changed`](Watcher::changed).
    ///
    /// # Panics
    ///
    /// Panics if it must wait and is called from within a write to the same list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use std::task::{Context, Waker};
    ///
    /// let list = CopyOnWriteList::new();
    /// let mut watcher = list.subscribe();
    /// let mut cx = Context::from_waker(Waker::noop());
    /// assert!(watcher.poll_changed(&mut cx).is_pending());
    /// list.push(1);
    /// assert!(watcher.poll_changed(&mut cx).is_ready());
    /// ```
    #[track_caller]
    pub fn poll_changed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.take_change() {
            return Poll::Ready(());
        }
        // Clone and drop of a waker are the user's code: they run before locking, and after unlocking.
        let waker = cx.waker().clone();
        let replaced;
        let Some(mut waiting) = self.start_waiting() else {
            self.mark_seen();
            return Poll::Ready(());
        };
        replaced = waiting.put(&mut self.key, waker);
        drop(waiting);
        drop(replaced);
        Poll::Pending
    }

    /// Returns whether the list was changed, and marks the change as seen.
    fn take_change(&mut self) -> bool {
        let version = self.shared.version();
        mem::replace(&mut self.seen, version) != version
    }

    /// Makes the next change wake the waiters, and returns the lock of their list. Returns `None` if the list was
    /// changed meanwhile.
    #[track_caller]
    fn start_waiting(&self) -> Option<MutexGuard<'a, Waiting>> {
        let changes = &self.shared.changes;
        let lock = self.shared.publication.write();
        if self.has_changed() {
            return None;
        }
        changes.watched.store(true, Ordering::Relaxed);
        let waiting = changes.waiting.lock();
        drop(lock);
        Some(waiting)
    }
    /// Removes the task, so that no change wakes it.
    pub(super) fn stop_waiting(&mut self) {
        if let Some(key) = self.key.take() {
            let waker = self.shared.changes.waiting.lock().remove(key);
            // A waker's drop is the user's code, so it runs after unlocking.
            drop(waker);
        }
    }
}

impl<T> Clone for Watcher<'_, T> {
    /// Returns a watcher that has seen what this one has, and that registers its own task. O(1).
    fn clone(&self) -> Self {
        Self { shared: self.shared, seen: self.seen, key: None }
    }
}

impl<T> Drop for Watcher<'_, T> {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl<T> fmt::Debug for Watcher<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// The future of [`Watcher::changed`].
///
/// If it is polled again after it completed, it waits for the next change.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
/// use std::pin::pin;
/// use std::task::{Context, Waker};
///
/// let list = CopyOnWriteList::new();
/// let mut watcher = list.subscribe();
/// let mut cx = Context::from_waker(Waker::noop());
/// assert!(pin!(watcher.changed()).poll(&mut cx).is_pending());
/// list.push(1); // that future is gone, but the watcher misses no change
/// assert!(pin!(watcher.changed()).poll(&mut cx).is_ready());
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Changed<'w, 'a, T> {
    watcher: &'w mut Watcher<'a, T>,
    /// Whether the last poll registered the task.
    waits: bool,
}

impl<T> Future for Changed<'_, '_, T> {
    type Output = ();

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let change = this.watcher.poll_changed(cx);
        this.waits = change.is_pending();
        change
    }
}

impl<T> Drop for Changed<'_, '_, T> {
    fn drop(&mut self) {
        if self.waits {
            self.watcher.stop_waiting();
        }
    }
}

impl<T> fmt::Debug for Changed<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changed").field("watcher", &self.watcher).finish_non_exhaustive()
    }
}
