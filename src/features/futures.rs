//! Streams of changes: futures-core's `Stream` for the watchers of lists.

use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

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
