//! Streams of changes: futures-core's `Stream` for the watchers of lists.

use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};

use crate::list::{ArcWatcher, Watchable, Watcher};

impl<T> Stream for Watcher<'_, T> {
    type Item = ();

    /// Returns an item if the list was changed since the last one, as [`Watcher::poll_changed`] does. The stream never
    /// ends.
    ///
    /// # Panics
    ///
    /// Panics if it must wait and is called from within a write to the same list.
    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<()>> {
        self.poll_changed(cx).map(Some)
    }
}

impl<T> FusedStream for Watcher<'_, T> {
    /// Returns `false`.
    fn is_terminated(&self) -> bool {
        false
    }
}

/// The stream ends when the list is gone.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
/// use cow_collections::list::ArcWatcher;
/// use futures_core::Stream;
/// use std::pin::Pin;
/// use std::sync::Arc;
/// use std::task::{Context, Poll, Waker};
///
/// let list = Arc::new(CopyOnWriteList::new());
/// let mut changes = ArcWatcher::new(&list);
/// let mut cx = Context::from_waker(Waker::noop());
/// let mut next = || Pin::new(&mut changes).poll_next(&mut cx);
/// list.push(1);
/// assert_eq!(next(), Poll::Ready(Some(())));
/// assert_eq!(next(), Poll::Pending);
/// drop(list);
/// assert_eq!(next(), Poll::Ready(None));
/// ```
impl<L: Watchable> Stream for ArcWatcher<L> {
    type Item = ();

    /// Returns an item if the list was changed since the last one, and `None` if the list is gone, as
    /// [`ArcWatcher::poll_changed`] does.
    ///
    /// # Panics
    ///
    /// Panics if [`ArcWatcher::poll_changed`] does.
    #[track_caller]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<()>> {
        self.poll_changed(cx).map(Result::ok)
    }
}

impl<L: Watchable> FusedStream for ArcWatcher<L> {
    /// Returns `true` if the list is gone.
    fn is_terminated(&self) -> bool {
        self.is_closed()
    }
}
