#![cfg(feature = "list")]
//! Loom models of `CopyOnWriteCell`. As those of a list, they run on the crate's own publication, or on two mocks of
//! arc-swap.

#[cfg(not(feature = "arc-swap"))]
use crate::common::check_to;
use crate::common::{Counted, Seen, check};
use cow_collections::CopyOnWriteCell;
#[cfg(feature = "arc-swap")]
use cow_collections::list::Mock;
use cow_collections::list::{ArcCellReader, Snapshot};
use loom::sync::Arc;
use loom::thread;
use std::sync::Arc as StdArc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The least number of executions of a model, on the crate's own publication and on the mocks of arc-swap.
struct Floors {
    own: usize,
    weak: usize,
    exact: usize,
}

/// Explores `model` with at most `preemptions`, on the publication of this build.
fn explore_to(
    preemptions: Option<usize>,
    floors: Floors,
    model: impl Fn() + Sync + Send + Copy + 'static,
) {
    #[cfg(not(feature = "arc-swap"))]
    check_to(preemptions, floors.own, model);
    #[cfg(feature = "arc-swap")]
    for (mock, floor) in [(Mock::Weak, floors.weak), (Mock::Exact, floors.exact)] {
        check(floor, move || {
            mock.choose();
            model();
        });
    }
    _ = (preemptions, floors.own, floors.weak, floors.exact);
}

/// Explores `model` with the usual number of preemptions.
fn explore(floors: Floors, model: impl Fn() + Sync + Send + Copy + 'static) {
    #[cfg(not(feature = "arc-swap"))]
    check(floors.own, model);
    #[cfg(feature = "arc-swap")]
    explore_to(None, floors, model);
}

fn cell(number: usize) -> Arc<CopyOnWriteCell<Seen>> {
    Arc::new(CopyOnWriteCell::new(Seen::new(number)))
}

/// Replaces a number by the next one.
fn increment(seen: &Seen) -> Seen {
    Seen::new(seen.get() + 1)
}

/// The second store recycles the buffer that the first one replaced.
#[test]
fn load_against_two_stores_reads_one_value() {
    explore(Floors { own: 600, weak: 12, exact: 16 }, || {
        let cell = cell(0);
        let writer = cell.clone();
        let writer = thread::spawn(move || {
            writer.store(Seen::new(1));
            writer.store(Seen::new(2));
        });
        let a = cell.load().get();
        let b = cell.load().get();
        assert!(a <= b && b <= 2, "the value never goes back");
        writer.join().unwrap();
        assert_eq!(cell.load().get(), 2, "finished writes are seen");
    });
}

/// The guard keeps its value while the buffer of another value is recycled.
#[test]
fn guard_that_outlives_two_stores_keeps_its_value() {
    explore(Floors { own: 110, weak: 6, exact: 9 }, || {
        let cell = cell(0);
        let reader = cell.clone();
        let reader = thread::spawn(move || {
            let guard = reader.load();
            let a = guard.get();
            assert_eq!(guard.get(), a, "the value of a guard does not change");
            let snapshot = guard.to_snapshot();
            drop(guard);
            assert_eq!(snapshot.get(), a);
        });
        cell.store(Seen::new(1));
        cell.store(Seen::new(2));
        reader.join().unwrap();
    });
}

/// Each update sees the one before, also if it recycles that one's buffer.
#[test]
fn updates_by_two_threads_lose_nothing() {
    explore(Floors { own: 230, weak: 13, exact: 15 }, || {
        let cell = cell(0);
        let other = cell.clone();
        let other = thread::spawn(move || {
            other.update(|seen| *seen = increment(seen));
            other.update(|seen| *seen = increment(seen));
        });
        cell.update(|seen| *seen = increment(seen));
        assert!(cell.load().get() >= 1);
        other.join().unwrap();
        assert_eq!((cell.load().get(), cell.version()), (3, 3));
    });
}

/// The closure of `rcu` runs without the lock. The thread that comes second runs it again.
#[test]
fn rcu_by_two_threads_loses_nothing() {
    explore_to(Some(2), Floors { own: 1200, weak: 110, exact: 380 }, || {
        let cell = cell(0);
        let other = cell.clone();
        let other = thread::spawn(move || assert!(other.rcu(increment).get() < 2));
        let old = cell.rcu(increment).get();
        assert!(old < 2);
        other.join().unwrap();
        assert_eq!(cell.load().get(), 2);
    });
}

#[test]
fn compare_and_swap_by_two_threads_succeeds_once() {
    explore(Floors { own: 320, weak: 33, exact: 110 }, || {
        let cell = cell(0);
        let other = cell.clone();
        let seen = cell.snapshot();
        let swap = |cell: &CopyOnWriteCell<Seen>, seen: &Snapshot<Seen>, number| match cell
            .compare_and_swap(seen, Seen::new(number))
        {
            Ok(old) => {
                assert!(old.ptr_eq(seen));
                true
            }
            Err(error) => {
                assert_eq!(error.new.get(), number);
                assert_ne!(error.current.get(), 0);
                false
            }
        };
        let theirs = seen.clone();
        let other = thread::spawn(move || swap(&other, &theirs, 200));
        let mine = swap(&cell, &seen, 100);
        let theirs = other.join().unwrap();
        assert!(mine != theirs, "one of them wins");
        assert_eq!((cell.load().get(), cell.version()), (if mine { 100 } else { 200 }, 1));
    });
}

#[test]
fn reader_against_two_stores_never_goes_back() {
    explore(Floors { own: 100, weak: 15, exact: 6 }, || {
        let cell = cell(0);
        let writer = cell.clone();
        let mut reader = cell.reader();
        let writer = thread::spawn(move || {
            writer.store(Seen::new(1));
            writer.store(Seen::new(2));
        });
        let mut last = 0;
        for _ in 0..2 {
            let now = reader.load().get();
            assert!(last <= now, "the value never goes back");
            last = now;
        }
        writer.join().unwrap();
        assert_eq!(reader.load().get(), 2, "finished writes are seen");
        reader.release();
        assert_eq!(reader.load().get(), 2);
    });
}

/// If a thread saw a store, its next load from an `ArcCellReader` returns it.
#[test]
fn arc_reader_load_after_a_store_was_seen_returns_it() {
    explore(Floors { own: 1900, weak: 34, exact: 42 }, || {
        // std's `Arc`, which an `ArcCellReader` needs. The last one is dropped after all threads are joined.
        let cell = StdArc::new(CopyOnWriteCell::new(Seen::new(0)));
        let mut reader = ArcCellReader::from(cell.clone());
        assert_eq!(reader.load().get(), 0);
        let writer = cell.clone();
        let writer = thread::spawn(move || {
            writer.store(Seen::new(1));
            writer.store(Seen::new(2));
        });
        let seen = cell.load().get();
        let read = reader.load().get();
        assert!(seen <= read, "the value never goes back");
        assert!(read <= cell.load().get(), "the value never goes back");
        writer.join().unwrap();
        assert_eq!(reader.load().get(), 2, "finished writes are seen");
    });
}

/// A snapshot is moved out only if nobody reads the value any more.
#[test]
fn try_unwrap_against_a_guard_moves_out_an_unread_value() {
    explore(Floors { own: 17, weak: 2, exact: 9 }, || {
        let live = StdArc::new(AtomicUsize::new(0));
        let cell = Arc::new(CopyOnWriteCell::new(Counted::new(0, &live)));
        let reader = cell.clone();
        let reader = thread::spawn(move || {
            let guard = reader.load();
            assert!(guard.number.get() <= 1);
        });
        let old = cell.replace(Counted::new(1, &live));
        match old.try_unwrap() {
            // Writes to the value, so that loom reports a reader that is not ordered before.
            Ok(mut own) => own.number = Seen::new(7),
            Err(shared) => assert_eq!(shared.number.get(), 0),
        }
        reader.join().unwrap();
        drop(cell);
        assert_eq!(live.load(Ordering::Relaxed), 0, "all values are dropped");
    });
}

/// Each value is dropped once, by its last owner: a writer, a guard, or a snapshot.
#[test]
fn stores_against_loads_drop_each_value_once() {
    explore(Floors { own: 280, weak: 13, exact: 13 }, || {
        let live = StdArc::new(AtomicUsize::new(0));
        let cell = Arc::new(CopyOnWriteCell::new(Counted::new(0, &live)));
        let reader = cell.clone();
        let reader = thread::spawn(move || {
            let snapshot = reader.snapshot();
            let guard = reader.load();
            assert!(snapshot.number.get() <= guard.number.get(), "the value never goes back");
        });
        cell.store(Counted::new(1, &live));
        cell.update(|value| value.number = increment(&value.number));
        reader.join().unwrap();
        assert_eq!(cell.load().number.get(), 2);
        drop(cell);
        assert_eq!(live.load(Ordering::Relaxed), 0, "all values are dropped");
    });
}

/// A thread that waits for a change of the cell then reads the new value.
#[test]
fn store_while_a_thread_waits_wakes_it() {
    explore(Floors { own: 15, weak: 10, exact: 10 }, || {
        let cell = cell(0);
        let writer = cell.clone();
        let mut watcher = cell.subscribe();
        let writer = thread::spawn(move || writer.store(Seen::new(1)));
        watcher.wait();
        assert_eq!(cell.load().get(), 1);
        writer.join().unwrap();
    });
}
