#![cfg(feature = "list")]
//! Loom models of a list's version and its watchers. A lost wake-up leaves a thread asleep, which loom reports as a
//! deadlock.

use crate::common::check;
use cow_collections::list::ArcWatcher;
use cow_collections::{CopyOnWriteList, CowVec};
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::sync::{Arc, Notify};
use loom::thread;
use std::pin::{Pin, pin};
use std::sync::Arc as StdArc;
use std::sync::atomic::AtomicUsize as StdUsize;
use std::task::{Context, Poll, Wake, Waker};

/// A thread that reads the version then sees all changes up to it, in place and in another buffer.
#[test]
fn version_is_never_ahead_of_the_elements() {
    check(200, || {
        let list = Arc::new(CopyOnWriteList::with_capacity(1));
        let free = CowVec::<usize>::with_capacity(1).capacity();
        let writer = list.clone();
        let writer = thread::spawn(move || {
            writer.push(0);
            writer.extend(0..free);
        });
        let states = [0, 1, 1 + free];
        let version = list.version();
        let len = list.len();
        assert!(len >= states[version as usize], "{len} elements at version {version}");
        let later = list.version();
        assert!(version <= later, "the version never goes back");
        assert!(list.len() >= states[later as usize]);
        writer.join().unwrap();
        assert_eq!((list.version(), list.len()), (2, 1 + free));
    });
}

/// A waiting thread sees the change that woke it, whether the change came before or after the wait began.
#[test]
fn change_while_a_thread_waits_wakes_it() {
    check(20, || {
        let list = Arc::new(CopyOnWriteList::new());
        let writer = list.clone();
        let mut watcher = list.subscribe();
        let writer = thread::spawn(move || writer.push(1));
        watcher.wait();
        assert_eq!(list.len(), 1);
        assert!(!watcher.has_changed(), "the change is reported once");
        writer.join().unwrap();
    });
}

/// Two threads make one change each. The waiting thread misses neither.
#[test]
fn changes_by_two_threads_while_a_thread_waits_are_both_seen() {
    check(100, || {
        let list = Arc::new(CopyOnWriteList::new());
        let mut watcher = list.subscribe();
        let writers = [1, 2].map(|n| {
            let list = list.clone();
            thread::spawn(move || list.push(n))
        });
        while list.version() < 2 {
            watcher.wait();
        }
        assert_eq!(list.len(), 2);
        for writer in writers {
            writer.join().unwrap();
        }
    });
}

/// Two threads wait for one change.
#[test]
fn change_while_two_threads_wait_wakes_both() {
    check(500, || {
        let list = Arc::new(CopyOnWriteList::new());
        let other = list.clone();
        let other = thread::spawn(move || {
            let mut watcher = other.subscribe();
            if other.version() == 0 {
                watcher.wait();
            }
            assert_eq!(other.len(), 1);
        });
        let writer = list.clone();
        let mut watcher = list.subscribe();
        let writer = thread::spawn(move || writer.push(1));
        watcher.wait();
        assert_eq!(list.len(), 1);
        writer.join().unwrap();
        other.join().unwrap();
    });
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: StdArc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// If `poll_changed` returns `Pending`, the change wakes the task.
#[test]
fn change_while_a_task_waits_wakes_it() {
    check(15, || {
        let list = Arc::new(CopyOnWriteList::new());
        let woken = StdArc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        let writer = list.clone();
        let mut watcher = list.subscribe();
        let writer = thread::spawn(move || writer.push(1));
        let first = watcher.poll_changed(&mut cx);
        assert!(first.is_pending() || list.len() == 1);
        writer.join().unwrap();
        assert_eq!(first.is_pending(), woken.0.load(Ordering::Relaxed), "a pending task is woken");
        assert!(first.is_ready() || watcher.poll_changed(&mut cx).is_ready());
    });
}

/// A watcher is dropped while a change wakes it. One of the two threads drops the waker.
#[test]
fn drop_of_a_watcher_during_its_wake_drops_the_waker_once() {
    check(4, || {
        let list = Arc::new(CopyOnWriteList::new());
        let woken = StdArc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut watcher = list.subscribe();
        assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        let writer = list.clone();
        let writer = thread::spawn(move || writer.push(1));
        drop(watcher);
        writer.join().unwrap();
        assert_eq!(StdArc::strong_count(&woken), 1);
    });
}

struct Bell(Notify);

impl Wake for Bell {
    fn wake(self: StdArc<Self>) {
        self.0.notify();
    }
}

/// Polls a future until it is ready. Waits for its waker meanwhile.
fn block_on<F: Future>(future: F) -> F::Output {
    let bell = StdArc::new(Bell(Notify::new()));
    let waker = Waker::from(bell.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        bell.0.wait();
    }
}

/// A task that awaits a change sees the change that woke it, whether the change came before or after the first poll.
#[test]
fn change_while_a_future_waits_wakes_it() {
    check(20, || {
        let list = Arc::new(CopyOnWriteList::new());
        let writer = list.clone();
        let mut watcher = list.subscribe();
        let writer = thread::spawn(move || writer.push(1));
        block_on(watcher.changed());
        assert_eq!(list.len(), 1);
        assert!(!watcher.has_changed(), "the change is reported once");
        writer.join().unwrap();
    });
}

/// A future is dropped while a change wakes its task. The change is not lost, and one of the two threads drops the
/// waker.
#[test]
fn change_while_a_future_is_dropped_is_reported_later() {
    check(10, || {
        let list = Arc::new(CopyOnWriteList::new());
        let woken = StdArc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut watcher = list.subscribe();
        let writer = list.clone();
        let writer = thread::spawn(move || writer.push(1));
        let mut future = watcher.changed();
        let first = Pin::new(&mut future).poll(&mut Context::from_waker(&waker));
        drop(waker);
        drop(future);
        writer.join().unwrap();
        assert_eq!(first.is_pending(), watcher.has_changed());
        assert_eq!(StdArc::strong_count(&woken), 1);
    });
}

/// The list is dropped while an owned watcher polls. If the poll returns `Pending`, the drop wakes the task. Either
/// thread may drop the list.
#[test]
fn drop_of_the_list_while_a_task_waits_wakes_it() {
    // How often the poll found the list gone, and the poll or the owner dropped the list.
    static ENDS: [StdUsize; 3] = [const { StdUsize::new(0) }; 3];
    check(6, || {
        // std's `Arc`, because the watcher needs one. loom does not see its orderings, so the list has no elements.
        let list = StdArc::new(CopyOnWriteList::<usize>::new());
        let woken = StdArc::new(Woken(AtomicBool::new(false)));
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        let mut watcher = ArcWatcher::new(&list);
        let counted = StdArc::downgrade(&list);
        // loom switches threads only where two of them use the same object. So the threads meet before the poll by
        // `meet`, and within it by the list's lock.
        let meet = Arc::new(AtomicBool::new(false));
        let met = meet.clone();
        let owner = thread::spawn(move || {
            met.swap(true, Ordering::Relaxed);
            list.update(|_| ());
            drop(list);
        });
        meet.swap(true, Ordering::Relaxed);
        let first = watcher.poll_changed(&mut cx);
        let dropped = counted.strong_count() == 0;
        owner.join().unwrap();
        let end = if first.is_ready() { 0 } else { 2 - usize::from(dropped) };
        ENDS[end].fetch_add(1, Ordering::Relaxed);
        assert_eq!(first.is_pending(), woken.0.load(Ordering::Relaxed), "a pending task is woken");
        assert!(first.is_pending() || matches!(first, Poll::Ready(Err(_))));
        assert!(matches!(watcher.poll_changed(&mut cx), Poll::Ready(Err(_))));
    });
    let ends = ENDS.each_ref().map(|end| end.load(Ordering::Relaxed));
    assert!(ends.iter().all(|end| *end > 0), "{ends:?}");
}

/// A change and the drop of the list come while an owned watcher waits by its future.
#[test]
fn change_and_drop_of_the_list_while_a_future_waits_end_it() {
    check(20, || {
        let list = StdArc::new(CopyOnWriteList::new());
        let mut watcher = ArcWatcher::new(&list);
        let owner = thread::spawn(move || {
            list.push(1);
            drop(list);
        });
        let mut changes = 0;
        while block_on(watcher.changed()).is_ok() {
            changes += 1;
        }
        assert!(changes <= 1 && watcher.is_closed());
        owner.join().unwrap();
    });
}
