//! The count of a list's changes, and waiting for the next one.

use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::panic::AssertUnwindSafe;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::panic::{catch_unwind, resume_unwind};
use std::time::Instant;

use super::CopyOnWriteList;
use super::waiting::{Key, Waiting};
use crate::raw::refcount::{PUBLISH_VERSION, READ_VERSION, control};
use crate::sync::{AtomicBool, Condvar, Counter, Mutex, MutexGuard, Ordering, const_fn, weakened};

/// How often a list was changed, and who waits for the next time.
///
/// `watched` is only touched under the list's lock, so that a change that comes after it was set sees it.
/// Who sets it takes the lock of `waiting` before giving back the list's, so that who saw it finds the
/// waiter there. Nobody takes the list's lock while holding that of `waiting`, or runs any code of the
/// user's.
#[derive(Debug)]
pub(super) struct Changes {
    version: Counter,
    watched: AtomicBool,
    /// The tasks that wait. Threads wait at the condition variable.
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Changes {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                version: Counter::new(),
                watched: AtomicBool::new(false),
                waiting: Mutex::new(Waiting::NOBODY),
                changed: Condvar::new(),
            }
        }
    }

    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.version.load(READ_VERSION.order())
    }

    /// One change more. For the holder of the list's lock, who calls [`Changes::wake`] after giving it
    /// back if this says so.
    #[inline]
    #[must_use]
    pub(super) fn advance(&self) -> bool {
        self.version.advance(PUBLISH_VERSION.order());
        let watched = self.watched.load(Ordering::Relaxed);
        if watched {
            self.watched.store(false, Ordering::Relaxed);
        }
        watched
    }

    /// Wakes all who wait, and then drops `retired`. For a write that has given back the list's lock, as
    /// its last step: both run code of the user's. If a waker panics, the others are woken, `retired` is
    /// dropped, and only then does the first panic go on, so that no two panics meet.
    #[cold]
    #[inline(never)]
    pub(super) fn wake<R>(&self, retired: R) {
        let tasks = self.waiting.lock().take_all();
        self.changed.notify_all();
        let wake = |waker: Waker| catch_unwind(AssertUnwindSafe(|| waker.wake()));
        let panics: Vec<_> = tasks.filter_map(|waker| wake(waker).err()).collect();
        drop(retired);
        let mut panics = panics.into_iter();
        if let Some(first) = panics.next() {
            // A payload's drop may panic as well, so before the first one goes on.
            drop(panics);
            resume_unwind(first);
        }
    }
}

/// What happens to a list.
impl<T> CopyOnWriteList<T> {
    /// How many times the list was changed.
    ///
    /// O(1): one load. It grows with each call that changes the list, and never otherwise. Read it before
    /// the elements: what is then read has every change counted, and perhaps later ones, never fewer.
    ///
    /// An equal version does not prove that the elements are the same, because a change can be seen shortly
    /// before it is counted. To know that nothing was changed, use
    /// [`compare_and_swap_version`](CopyOnWriteList::compare_and_swap_version). To read again and again at
    /// little cost, use a [`Reader`](super::Reader) or an [`ArcReader`](super::ArcReader).
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
        self.changes.version()
    }

    /// A watcher that tells of the changes from now on.
    ///
    /// O(1). Writers do nothing for it until it waits.
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
        Watcher { list: self, seen: self.version(), key: None }
    }
}

/// Tells when a [`CopyOnWriteList`] was changed: by asking, by blocking, or by waking a task.
///
/// Made by [`CopyOnWriteList::subscribe`]. It tells *that* the list was changed since the watcher last
/// told so, not how often: several changes may pass as one. What to do then is to
/// [load](CopyOnWriteList::load) the list.
///
/// The thread that makes a change wakes those who wait, after it has unlocked the list. If a waker panics, the
/// others are woken, and then the write panics, which has taken effect: see
/// [panics](CopyOnWriteList#panics). Wakers are cloned, woken and dropped without any lock of the list's, so
/// they may use it.
pub struct Watcher<'a, T> {
    list: &'a CopyOnWriteList<T>,
    seen: u64,
    /// The place of this watcher's task among those that wait, once it had one.
    key: Option<Key>,
}

impl<'a, T> Watcher<'a, T> {
    /// Whether the list was changed since the watcher last told so.
    ///
    /// O(1): one load. Asking changes nothing: see [`mark_seen`](Watcher::mark_seen).
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
        self.list.version() != self.seen
    }

    /// Forgets the changes so far: the watcher tells of later ones.
    ///
    /// O(1): one load. To miss nothing, load the list after this and not before.
    #[inline]
    pub fn mark_seen(&mut self) {
        self.seen = self.list.version();
    }

    /// Blocks the thread until the list is changed, if it was not since the watcher last told so.
    ///
    /// If it was: one load. Otherwise takes the list's lock once and sleeps.
    ///
    /// # Panics
    ///
    /// If it has to wait within a write to the same list: no change can come then.
    #[track_caller]
    pub fn wait(&mut self) {
        self.wait_until(None);
    }

    /// [`wait`](Watcher::wait) for no longer than `timeout`; whether the list was changed.
    ///
    /// # Panics
    ///
    /// As `wait`.
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
        // A time that no clock will show is none.
        self.wait_until(Instant::now().checked_add(timeout))
    }

    #[track_caller]
    fn wait_until(&mut self, deadline: Option<Instant>) -> bool {
        loop {
            if self.tell() {
                return true;
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return false;
            }
            if let Some(waiting) = self.enlist() {
                self.list.changes.changed.wait(waiting, deadline);
            }
        }
    }

    /// Whether the list was changed since the watcher last told so; if not, wakes the task at the next
    /// change.
    ///
    /// If it was: one load. Otherwise takes the list's lock for a moment, which may wait for a writer, and
    /// registers the task in O(1) amortised, however many tasks wait. Only the task of the last call is woken.
    /// Dropping the watcher removes it in O(1).
    ///
    /// # Panics
    ///
    /// If it has to wait within a write to the same list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use std::future::poll_fn;
    ///
    /// async fn print_each_change(list: &CopyOnWriteList<String>) {
    ///     let mut watcher = list.subscribe();
    ///     loop {
    ///         poll_fn(|cx| watcher.poll_changed(cx)).await;
    ///         println!("{:?}", list.load());
    ///     }
    /// }
    /// ```
    #[track_caller]
    pub fn poll_changed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.tell() {
            return Poll::Ready(());
        }
        // Wakers are the user's: they are cloned before any lock is taken, and dropped after.
        let waker = cx.waker().clone();
        let replaced;
        let Some(mut waiting) = self.enlist() else {
            self.mark_seen();
            return Poll::Ready(());
        };
        replaced = waiting.put(&mut self.key, waker);
        drop(waiting);
        drop(replaced);
        Poll::Pending
    }

    /// Whether there is a change to tell of; it is told herewith.
    fn tell(&mut self) -> bool {
        let version = self.list.version();
        mem::replace(&mut self.seen, version) != version
    }

    /// Makes the next change wake who waits, unless there was one meanwhile.
    #[track_caller]
    fn enlist(&self) -> Option<MutexGuard<'a, Waiting>> {
        let changes = &self.list.changes;
        let lock = (!weakened(control::WATCH_WITHOUT_LOCK)).then(|| self.list.publication.write());
        if self.has_changed() {
            return None;
        }
        changes.watched.store(true, Ordering::Relaxed);
        let waiting = changes.waiting.lock();
        drop(lock);
        Some(waiting)
    }
}

impl<T> Drop for Watcher<'_, T> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let waker = self.list.changes.waiting.lock().remove(key);
            // The user's code, so it runs after unlocking.
            drop(waker);
        }
    }
}

impl<T> fmt::Debug for Watcher<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").field("seen", &self.seen).finish_non_exhaustive()
    }
}
