#![cfg(all(feature = "list", not(feature = "arc-swap")))]
//! Loom models of the crate's own cell. For every slot, fence and ordering of `src/list/cell/hazard`, a model here
//! fails without it.
//!
//! Under loom a list has one slot for guards and one for readers. A second guard, or a second reader, takes an overflow
//! slot until it has added a reference.

use crate::common::{Counted, Seen, check, check_to, numbers};
use cow_collections::CopyOnWriteList;
use cow_collections::list::ArcReader;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use std::sync::Arc as StdArc;
use std::sync::atomic::AtomicUsize as StdAtomicUsize;

/// Makes a list of one element, so that the second publication recycles the first buffer.
fn list() -> Arc<CopyOnWriteList<Seen>> {
    Arc::new([Seen::new(0)].into_iter().collect())
}

/// Publishes the version `[number]`.
fn publish(list: &CopyOnWriteList<Seen>, number: usize) {
    assert!(list.set(0, Seen::new(number)).is_ok());
}

/// Returns the number of the version in `elements`. Asserts that it is the only element, and at most `last`.
fn version(elements: &[Seen], last: usize) -> usize {
    let numbers = numbers(elements);
    assert!(numbers.len() == 1 && numbers[0] <= last, "{numbers:?}");
    numbers[0]
}

#[test]
fn guard_against_a_publication_reads_one_version() {
    check_to(None, 300, || {
        let list = list();
        let other = list.clone();
        let guard = thread::spawn(move || {
            let a = version(&other.load(), 1);
            let b = version(&other.load(), 1);
            assert!(a <= b, "the version never goes back");
        });
        publish(&list, 1);
        guard.join().unwrap();
        assert_eq!(version(&list.load(), 1), 1);
    });
}

/// The second publication recycles the buffer that the first one replaced.
#[test]
fn guard_against_a_recycled_buffer_reads_one_version() {
    check_to(None, 4000, || {
        let list = list();
        let other = list.clone();
        let guard = thread::spawn(move || version(&other.load(), 2));
        publish(&list, 1);
        publish(&list, 2);
        guard.join().unwrap();
    });
}

#[test]
fn reader_against_publications_reads_one_version() {
    check(260, || {
        let list = list();
        let other = list.clone();
        let reader = thread::spawn(move || {
            let mut reader = other.reader();
            let a = version(reader.load(), 2);
            let b = version(reader.load(), 2);
            assert!(a <= b, "the version never goes back");
        });
        publish(&list, 1);
        publish(&list, 2);
        reader.join().unwrap();
    });
}

/// A reader releases its version between two reads, against a publication and a clear.
#[test]
fn released_reader_never_goes_back() {
    check(550, || {
        let list = list();
        let other = list.clone();
        let reader = thread::spawn(move || {
            let mut reader = other.reader();
            let state = |now: &[Seen]| if now.is_empty() { 2 } else { version(now, 1) };
            let before = state(reader.load());
            reader.release();
            let after = state(reader.load());
            assert!(before <= after, "the version never goes back");
        });
        publish(&list, 1);
        list.clear();
        reader.join().unwrap();
    });
}

/// Two guards on two threads use one slot in turn, or an overflow slot, against two publications.
#[test]
fn two_guards_against_two_publications_read_one_version_each() {
    check_to(Some(2), 500, || {
        let list = list();
        let guards = [(); 2].map(|()| {
            let list = list.clone();
            thread::spawn(move || version(&list.load(), 2))
        });
        publish(&list, 1);
        publish(&list, 2);
        for guard in guards {
            guard.join().unwrap();
        }
    });
}

/// One thread has two guards, and the second takes an overflow slot. Another thread has a reader.
#[test]
fn guard_past_the_last_slot_reads_one_version() {
    check(250, || {
        let list = list();
        let other = list.clone();
        let guards = thread::spawn(move || {
            let (a, b) = (other.load(), other.load());
            assert!(version(&a, 1) <= version(&b, 1));
            drop(a);
            version(&b, 1);
        });
        let mut reader = list.reader();
        publish(&list, 1);
        assert_eq!(version(reader.load(), 1), 1);
        guards.join().unwrap();
    });
}

/// A reader without a slot, and then with one, against two publications.
#[test]
fn reader_past_the_last_slot_reads_one_version() {
    check(250, || {
        let list = list();
        let other = list.clone();
        let readers = thread::spawn(move || {
            let mut first = other.reader();
            let a = version(first.load(), 2);
            let mut second = other.reader();
            let b = version(second.load(), 2);
            drop(first);
            let c = version(second.load(), 2);
            assert!(a <= b && b <= c, "the version never goes back");
        });
        publish(&list, 1);
        publish(&list, 2);
        readers.join().unwrap();
    });
}

/// A snapshot of a version that a guard protects is never unique, even after the list released the version.
#[test]
fn snapshot_beside_a_guard_is_never_unique() {
    check_to(None, 50, || {
        let list = list();
        let other = list.clone();
        let mut snapshot = list.snapshot();
        let guard = thread::spawn(move || {
            let guard = other.load();
            assert!(guard.is_empty() || version(&guard, 1) == 0);
        });
        list.clear();
        if let Some(unique) = snapshot.get_unique() {
            unique[0] = Seen::new(9);
        }
        guard.join().unwrap();
    });
}

/// A buffer that a snapshot has is not recycled.
#[test]
fn snapshot_of_a_replaced_version_is_not_written_again() {
    check_to(None, 7, || {
        let list = list();
        let snapshot = list.snapshot();
        let reader = thread::spawn(move || assert_eq!(version(&snapshot, 0), 0));
        publish(&list, 1);
        publish(&list, 2);
        reader.join().unwrap();
    });
}

/// A list of one counted element, and the number of elements that live.
struct CountedList {
    list: Arc<CopyOnWriteList<Counted>>,
    live: StdArc<StdAtomicUsize>,
}

impl CountedList {
    fn new() -> Self {
        let live = StdArc::default();
        Self { list: Arc::new([Counted::new(0, &live)].into_iter().collect()), live }
    }

    /// Publishes a version of one new element.
    fn publish(&self) {
        self.list.store([Counted::new(0, &self.live)]);
    }

    /// Makes one more guard leave, and asserts that only the current version is left.
    fn assert_others_dropped(&self) {
        drop(self.list.load());
        assert_eq!(self.live.load(Ordering::Relaxed), 1, "a replaced version waits for a write");
    }
}

/// A guard leaves while a write replaces its version.
#[test]
fn guard_against_a_publication_leaves_no_version() {
    check(400, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let guard = thread::spawn(move || drop(other.load()));
        list.publish();
        guard.join().unwrap();
        list.assert_others_dropped();
    });
}

/// A guard leaves while a write empties the list. The next guard finds it empty, and has no slot to leave.
#[test]
fn guard_against_a_clear_leaves_no_version() {
    check(30, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let guard = thread::spawn(move || drop(other.load()));
        list.list.clear();
        guard.join().unwrap();
        assert!(list.list.load().is_empty());
        assert_eq!(list.live.load(Ordering::Relaxed), 0, "the replaced version waits for a write");
    });
}

/// A guard and a reader of one replaced version leave at once.
#[test]
fn guard_and_reader_that_leave_at_once_leave_no_version() {
    check(500, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let guard = list.list.load();
        let reader = thread::spawn(move || {
            let mut reader = other.reader();
            assert_eq!(reader.load().len(), 1);
        });
        list.publish();
        drop(guard);
        reader.join().unwrap();
        list.assert_others_dropped();
    });
}

/// A load finds too late that its version was replaced, after another guard has looked for old versions.
#[test]
fn load_that_validates_too_late_leaves_no_version() {
    check(500, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let late = thread::spawn(move || drop(other.load()));
        list.publish();
        drop(list.list.load());
        late.join().unwrap();
        list.assert_others_dropped();
    });
}

/// A reader moves on from a replaced version, after a guard has looked for old versions.
#[test]
fn reader_that_moves_leaves_no_version() {
    check(100, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let reader = thread::spawn(move || {
            let mut reader = other.reader();
            assert_eq!((reader.load().len(), reader.load().len()), (1, 1));
        });
        list.publish();
        drop(list.list.load());
        reader.join().unwrap();
        list.assert_others_dropped();
    });
}

/// Guards past the last slot, against two publications, own the versions that they read.
#[test]
fn guards_past_the_last_slot_leave_no_version() {
    check_to(Some(2), 400, || {
        let list = CountedList::new();
        let other = list.list.clone();
        let slot = list.list.load();
        let counted = thread::spawn(move || {
            let counted = other.load();
            assert_eq!(counted.len(), 1);
        });
        list.publish();
        drop(slot);
        list.publish();
        counted.join().unwrap();
        list.assert_others_dropped();
    });
}

/// Clears a list on another thread after a Relaxed store. If `is_empty` returns true, it must happen after the store.
fn clear_against(floor: usize, is_empty: fn(&StdArc<CopyOnWriteList<Seen>>) -> bool) {
    check_to(None, floor, move || {
        let list: StdArc<CopyOnWriteList<Seen>> = StdArc::new([Seen::new(0)].into_iter().collect());
        let stored = Arc::new(AtomicUsize::new(0));
        let (other, store) = (list.clone(), stored.clone());
        let writer = thread::spawn(move || {
            store.store(1, Ordering::Relaxed);
            other.clear();
        });
        if is_empty(&list) {
            assert_eq!(stored.load(Ordering::Relaxed), 1, "the store happened before the clear");
        }
        writer.join().unwrap();
    });
}

#[test]
fn load_of_a_cleared_list_sees_what_happened_before() {
    clear_against(5, |list| list.load().is_empty());
}

#[test]
fn reader_load_of_a_cleared_list_sees_what_happened_before() {
    clear_against(5, |list| list.reader().load().is_empty());
}

#[test]
fn arc_reader_load_of_a_cleared_list_sees_what_happened_before() {
    clear_against(5, |list| ArcReader::from(list.clone()).load().is_empty());
}
