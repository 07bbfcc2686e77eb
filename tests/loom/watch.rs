#![cfg(feature = "list")]
//! Loom models of a list's version and its watchers. A lost wake-up leaves a thread asleep, which loom reports as a
//! deadlock.

use crate::common::check;
use cow_collections::{CopyOnWriteList, CowVec};
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;
use std::sync::Arc as StdArc;
use std::task::{Context, Wake, Waker};

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
