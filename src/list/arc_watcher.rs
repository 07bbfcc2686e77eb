//! [`ArcWatcher`], a watcher that does not borrow its list.

use alloc::sync::{Arc, Weak};
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::waiting::Key;
use super::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet, Watcher};

/// A collection whose changes can be watched. This crate's concurrent collections implement it, and no other type can.
///
/// # Examples
///
/// ```
/// use cow_collections::list::Watchable;
/// use cow_collections::{CopyOnWriteCell, CopyOnWriteList};
///
/// fn changes<L: Watchable>(shared: &L, write: impl FnOnce(&L)) -> bool {
///     let watcher = shared.subscribe();
///     write(shared);
///     watcher.has_changed()
/// }
///
/// assert!(changes(&CopyOnWriteCell::new(1), |cell| cell.store(2)));
/// assert!(!changes(&CopyOnWriteList::from([1, 2]), |list| list.sort()));
/// ```
pub trait Watchable: sealed::Sealed {
    /// The type of the elements, or of a cell's value.
    type Element;

    /// Creates a watcher of the changes from now on: see [`CopyOnWriteList::subscribe`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    /// use cow_collections::list::Watchable;
    ///
    /// let set = CopyOnWriteSet::new();
    /// let mut watcher = Watchable::subscribe(&set);
    /// set.insert("a");
    /// watcher.wait(); // returns at once
    /// assert!(!watcher.has_changed());
    /// ```
    fn subscribe(&self) -> Watcher<'_, Self::Element>;
}

mod sealed {
    #[expect(unnameable_types, reason = "no other crate implements it")]
    pub trait Sealed {}
}

impl<T> sealed::Sealed for CopyOnWriteList<T> {}

impl<T> Watchable for CopyOnWriteList<T> {
    type Element = T;

    #[inline]
    fn subscribe(&self) -> Watcher<'_, T> {
        self.subscribe()
    }
}

impl<T> sealed::Sealed for CopyOnWriteSet<T> {}

impl<T> Watchable for CopyOnWriteSet<T> {
    type Element = T;

    #[inline]
    fn subscribe(&self) -> Watcher<'_, T> {
        self.subscribe()
    }
}

impl<T> sealed::Sealed for CopyOnWriteCell<T> {}

impl<T> Watchable for CopyOnWriteCell<T> {
    type Element = T;

    #[inline]
    fn subscribe(&self) -> Watcher<'_, T> {
        self.subscribe()
    }
}

/// A [`Watcher`] that does not borrow the list, for a task that must own its watcher. It ends when the list is gone.
///
/// `L` is a [`CopyOnWriteList`], a [`CopyOnWriteSet`] or a [`CopyOnWriteCell`], here called the list. The watcher holds
/// a [`Weak`] reference, so it does not keep the elements alive. It keeps the memory of the `Arc` itself.
///
/// Changes are coalesced, and wakers may use the list, as with a [`Watcher`].
///
/// # When the list is gone
///
/// The list is gone when its last `Arc` is dropped, or when [`Arc::into_inner`] moves the list out. From then on the
/// watcher returns [`Closed`], also if it had not yet notified of the last changes: the list cannot be loaded any more.
///
/// The drop of a list wakes all tasks that wait, after it has dropped the elements. If a waker panics, the other tasks
/// are woken, and then the drop panics. While the thread unwinds already, panics of wakers are discarded. Moving a list
/// out of its `Arc` wakes nobody. The next change or the drop of that list wakes the tasks.
///
/// The methods that access the list hold a temporary `Arc` while they do. So do the drops of a watcher and of a future
/// that wait. If all other `Arc`s are dropped meanwhile, this thread drops the list and its elements. The method panics
/// if one of these drops panics. Meanwhile [`Arc::into_inner`] and [`Arc::try_unwrap`] fail for the program's only
/// `Arc`, so drop the watchers before you call them.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
/// use cow_collections::list::ArcWatcher;
/// use std::sync::Arc;
///
/// fn spawn(_task: impl Future<Output = ()> + Send + 'static) {}
///
/// let names = Arc::new(CopyOnWriteList::<String>::new());
/// let mut watcher = ArcWatcher::new(&names);
/// spawn(async move {
///     while watcher.changed().await.is_ok() {
///         if let Some(names) = watcher.upgrade() {
///             println!("{:?}", names.load());
///         }
///     }
///     println!("the list is gone");
/// });
/// ```
pub struct ArcWatcher<L: Watchable> {
    list: Weak<L>,
    seen: u64,
    /// The place of this watcher's task among those that wait, if it waits.
    key: Option<Key>,
}

impl<L: Watchable> ArcWatcher<L> {
    /// Creates a watcher of the changes from now on.
    ///
    /// O(1): one atomic increment. A watcher costs writers nothing until it waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcWatcher;
    /// use std::sync::Arc;
    ///
    /// let list = Arc::new(CopyOnWriteList::new());
    /// list.push(1);
    /// let watcher = ArcWatcher::new(&list);
    /// assert!(!watcher.has_changed()?); // the watcher is newer than the change
    /// list.push(2);
    /// assert!(watcher.has_changed()?);
    /// # Ok::<(), cow_collections::list::Closed>(())
    /// ```
    #[must_use]
    pub fn new(list: &Arc<L>) -> Self {
        Self { list: Arc::downgrade(list), seen: list.subscribe().seen, key: None }
    }

    /// Returns the list, or `None` if it is gone.
    ///
    /// O(1). The result keeps the list alive, so do not hold it while you wait.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcWatcher;
    /// use std::sync::Arc;
    ///
    /// let list = Arc::new(CopyOnWriteList::from(["a", "b"]));
    /// let watcher = ArcWatcher::new(&list);
    /// assert_eq!(watcher.upgrade().map(|list| list.len()), Some(2));
    /// drop(list);
    /// assert!(watcher.upgrade().is_none());
    /// ```
    #[must_use]
    pub fn upgrade(&self) -> Option<Arc<L>> {
        self.list.upgrade()
    }

    /// Returns `true` if the list is gone.
    ///
    /// O(1): one load.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use cow_collections::list::ArcWatcher;
    /// use std::sync::Arc;
    ///
    /// let cell = Arc::new(CopyOnWriteCell::new(1));
    /// let watcher = ArcWatcher::new(&cell);
    /// assert!(!watcher.is_closed());
    /// drop(cell);
    /// assert!(watcher.is_closed());
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.list.strong_count() == 0
    }

    /// Returns `true` if the list was changed since the last notification.
    ///
    /// O(1). This is not a notification itself: see [`mark_seen`](ArcWatcher::mark_seen).
    ///
    /// # Errors
    ///
    /// Returns [`Closed`] if the list is gone.
    ///
    /// # Panics
    ///
    /// Panics if this call drops the list and an element's drop panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::ArcWatcher;
    /// use std::sync::Arc;
    ///
    /// let list = Arc::new(CopyOnWriteList::new());
    /// let watcher = ArcWatcher::new(&list);
    /// assert!(!watcher.has_changed()?);
    /// list.push(1);
    /// assert!(watcher.has_changed()?);
    /// drop(list);
    /// assert!(watcher.has_changed().is_err());
    /// # Ok::<(), cow_collections::list::Closed>(())
    /// ```
    pub fn has_changed(&self) -> Result<bool, Closed> {
        let list = self.upgrade().ok_or(Closed)?;
        let now = list.subscribe().seen;
        Ok(now != self.seen)
    }

    /// Marks all changes so far as seen. The watcher notifies of later ones only.
    ///
    /// O(1). Does nothing if the list is gone. To miss no change, load the list after this call and not before.
    ///
    /// # Panics
    ///
    /// Panics if this call drops the list and an element's drop panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use cow_collections::list::ArcWatcher;
    /// use std::sync::Arc;
    ///
    /// let cell = Arc::new(CopyOnWriteCell::new(1));
    /// let mut watcher = ArcWatcher::new(&cell);
    /// cell.store(2);
    /// watcher.mark_seen();
    /// assert_eq!(*cell.load(), 2);
    /// assert!(!watcher.has_changed()?);
    /// # Ok::<(), cow_collections::list::Closed>(())
    /// ```
    #[doc(alias = "borrow_and_update")]
    #[doc(alias = "mark_unchanged")]
    pub fn mark_seen(&mut self) {
        if let Some(list) = self.upgrade() {
            self.seen = list.subscribe().seen;
        }
    }

    /// Waits until the list is changed or gone, without blocking the thread. Completes at once if it was changed
    /// since the last notification.
    ///
    /// The cost of each poll is that of [`poll_changed`](ArcWatcher::poll_changed). The future does not keep the list
    /// alive while it waits.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future misses no change: the next call notifies of it. The drop also removes the task, in O(1), so
    /// that no change wakes it and its waker is dropped.
    ///
    /// # Errors
    ///
    /// The future returns [`Closed`] if the list is gone.
    ///
    /// # Panics
    ///
    /// The future panics if [`poll_changed`](ArcWatcher::poll_changed) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    /// use cow_collections::list::{ArcWatcher, Closed};
    ///
    /// async fn wait_for(
    ///     name: &str,
    ///     watcher: &mut ArcWatcher<CopyOnWriteSet<String>>,
    /// ) -> Result<(), Closed> {
    ///     while !watcher.upgrade().ok_or(Closed)?.contains(name) {
    ///         watcher.changed().await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    pub fn changed(&mut self) -> ArcChanged<'_, L> {
        ArcChanged { watcher: self, waits: false }
    }

    /// Returns `Ready` if the list was changed since the last notification, or is gone. Otherwise the next change or
    /// the list's drop wakes the task.
    ///
    /// `Ready` costs two atomic read-modify-writes. Otherwise this takes the list's lock too, which may wait for a
    /// writer, and registers the task in amortised O(1), however many tasks wait. Only the task of the last call is
    /// woken. Dropping the watcher removes the task in O(1).
    ///
    /// # Errors
    ///
    /// Returns [`Closed`] if the list is gone.
    ///
    /// # Panics
    ///
    /// Panics if it must wait and is called from within a write to the same list, or if this call drops the list and
    /// an element's drop panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use cow_collections::list::{ArcWatcher, Closed};
    /// use std::sync::Arc;
    /// use std::task::{Context, Poll, Waker};
    ///
    /// let list = Arc::new(CopyOnWriteList::new());
    /// let mut watcher = ArcWatcher::new(&list);
    /// let mut cx = Context::from_waker(Waker::noop());
    /// assert_eq!(watcher.poll_changed(&mut cx), Poll::Pending);
    /// list.push(1);
    /// assert_eq!(watcher.poll_changed(&mut cx), Poll::Ready(Ok(())));
    /// drop(list);
    /// assert_eq!(watcher.poll_changed(&mut cx), Poll::Ready(Err(Closed)));
    /// ```
    #[track_caller]
    pub fn poll_changed(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        let Some(list) = self.upgrade() else { return Poll::Ready(Err(Closed)) };
        let mut watcher = self.borrowed(&list);
        let change = watcher.poll_changed(cx);
        (self.seen, self.key) = (watcher.seen, watcher.key.take());
        drop(watcher);
        // If this drops the list, it also wakes the task that waits now.
        drop(list);
        change.map(Ok)
    }

    /// Moves this watcher's task to a watcher that borrows `list`. If the task is not moved back, the drop of the
    /// borrowed watcher removes it.
    fn borrowed<'a>(&mut self, list: &'a L) -> Watcher<'a, L::Element> {
        let mut watcher = list.subscribe();
        (watcher.seen, watcher.key) = (self.seen, self.key.take());
        watcher
    }

    /// Removes the task, so that nothing wakes it.
    fn stop_waiting(&mut self) {
        if self.key.is_none() {
            return;
        }
        if let Some(list) = self.upgrade() {
            drop(self.borrowed(&list));
        }
    }
}

impl<L: Watchable> Clone for ArcWatcher<L> {
    /// Returns a watcher that has seen what this one has, and that registers its own task. O(1).
    fn clone(&self) -> Self {
        Self { list: self.list.clone(), seen: self.seen, key: None }
    }
}

impl<L: Watchable> Drop for ArcWatcher<L> {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

impl<L: Watchable> fmt::Debug for ArcWatcher<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcWatcher").field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// The future of [`ArcWatcher::changed`].
///
/// If it is polled again after it completed, it waits for the next change.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
/// use cow_collections::list::ArcWatcher;
/// use std::pin::pin;
/// use std::sync::Arc;
/// use std::task::{Context, Poll, Waker};
///
/// let cell = Arc::new(CopyOnWriteCell::new(1));
/// let mut watcher = ArcWatcher::new(&cell);
/// let mut changed = pin!(watcher.changed());
/// let mut cx = Context::from_waker(Waker::noop());
/// assert_eq!(changed.as_mut().poll(&mut cx), Poll::Pending);
/// cell.store(2);
/// assert_eq!(changed.as_mut().poll(&mut cx), Poll::Ready(Ok(())));
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct ArcChanged<'w, L: Watchable> {
    watcher: &'w mut ArcWatcher<L>,
    /// Whether the last poll registered the task.
    waits: bool,
}

impl<L: Watchable> Future for ArcChanged<'_, L> {
    type Output = Result<(), Closed>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let change = this.watcher.poll_changed(cx);
        this.waits = change.is_pending();
        change
    }
}

impl<L: Watchable> Drop for ArcChanged<'_, L> {
    fn drop(&mut self) {
        if self.waits {
            self.watcher.stop_waiting();
        }
    }
}

impl<L: Watchable> fmt::Debug for ArcChanged<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcChanged").field("watcher", &self.watcher).finish_non_exhaustive()
    }
}

/// The error of an [`ArcWatcher`] whose list is gone.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
/// use cow_collections::list::{ArcWatcher, Closed};
/// use std::sync::Arc;
///
/// fn value(watcher: &ArcWatcher<CopyOnWriteCell<u32>>) -> Result<u32, Closed> {
///     let cell = watcher.upgrade().ok_or(Closed)?;
///     Ok(*cell.load())
/// }
///
/// let cell = Arc::new(CopyOnWriteCell::new(7));
/// let watcher = ArcWatcher::new(&cell);
/// assert_eq!(value(&watcher), Ok(7));
/// drop(cell);
/// assert_eq!(value(&watcher), Err(Closed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the watched collection no longer exists")
    }
}

impl core::error::Error for Closed {}
