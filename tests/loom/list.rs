#![cfg(feature = "list")]
//! Loom models of lists. They run on the crate's own cell. With the feature `arc-swap`, they run on two mocks of
//! arc-swap, because it cannot run under loom itself: see `src/list/cell/mock.rs`.

#[cfg(not(feature = "arc-swap"))]
use crate::common::check_to;
use crate::common::{Counted, Seen, check, numbers};
use cow_collections::list::ArcReader;
#[cfg(feature = "arc-swap")]
use cow_collections::list::Mock;
use cow_collections::{CopyOnWriteList, CowVec, UniqueVec};
use loom::sync::Arc;
use loom::thread;
use std::sync::Arc as StdArc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The floor of models that are too large for three preemptions on the crate's own cell. They run with two.
const LARGE: usize = 10_000;

/// The least number of executions of a model, on the crate's own cell and on the mocks of arc-swap.
struct Floors {
    own: usize,
    weak: usize,
    exact: usize,
}

/// Explores `model` on the cell of this build.
fn explore(floors: Floors, model: impl Fn() + Sync + Send + Copy + 'static) {
    #[cfg(not(feature = "arc-swap"))]
    match floors.own {
        LARGE => check_to(Some(2), LARGE, model),
        floor => check(floor, model),
    }
    #[cfg(feature = "arc-swap")]
    for (mock, floor) in [(Mock::Weak, floors.weak), (Mock::Exact, floors.exact)] {
        check(floor, move || {
            mock.choose();
            model();
        });
    }
    _ = (floors.own, floors.weak, floors.exact);
}

/// Makes a vector of `0..` with room for exactly `free` more.
fn seen(free: usize) -> UniqueVec<Seen> {
    let mut v = UniqueVec::with_capacity(free + 1);
    v.extend((0..v.capacity() - free).map(Seen::new));
    v
}

/// Makes a list of `0..n` with room for `free` more, and returns `n` too.
fn list(free: usize) -> (Arc<CopyOnWriteList<Seen>>, usize) {
    let v = seen(free);
    let n = v.len();
    (Arc::new(v.into()), n)
}

/// Like [`list`], but in std's `Arc` for an `ArcReader`. The last `Arc` must be dropped after all threads are joined,
/// because loom does not see std's orderings.
fn arc_list(free: usize) -> (StdArc<CopyOnWriteList<Seen>>, usize) {
    let v = seen(free);
    let n = v.len();
    (StdArc::new(v.into()), n)
}

/// Asserts that `elements` are `0..`, and returns their number.
fn prefix(elements: &[Seen]) -> usize {
    let numbers = numbers(elements);
    assert!(numbers.iter().copied().eq(0..numbers.len()), "{numbers:?}");
    numbers.len()
}

/// Returns the index of the elements in `states`.
fn position(states: &[Vec<usize>], elements: &[Seen]) -> usize {
    let numbers = numbers(elements);
    let found = states.iter().position(|state| *state == numbers);
    found.unwrap_or_else(|| panic!("{numbers:?} is none of {states:?}"))
}

/// One thread pushes in place, and then with growth. Two other threads take snapshots.
#[test]
fn snapshot_against_pushes_has_a_prefix() {
    explore(Floors { own: LARGE, weak: 1500, exact: 4000 }, || {
        let (list, n) = list(1);
        let (writer, other) = (list.clone(), list.clone());
        let other = thread::spawn(move || {
            let snapshot = other.snapshot();
            drop(other);
            assert!(prefix(&snapshot) >= n);
        });
        let writer = thread::spawn(move || {
            writer.push(Seen::new(n));
            writer.push(Seen::new(n + 1));
        });
        let snapshot = list.snapshot();
        assert!(prefix(&snapshot) >= n);
        writer.join().unwrap();
        assert_eq!(prefix(&list.load()), n + 2, "finished writes are seen");
        other.join().unwrap();
    });
}

/// One thread pushes, removes and pushes again. Another one loads twice.
#[test]
fn load_against_remove_at_has_one_version() {
    explore(Floors { own: 1500, weak: 100, exact: 150 }, || {
        let (list, n) = list(1);
        let writer = list.clone();
        let writer = thread::spawn(move || {
            writer.push(Seen::new(n));
            assert_eq!(writer.remove_at(0).map(|x| x.get()), Some(0));
            writer.push(Seen::new(n + 1));
        });
        let states: [Vec<usize>; 4] =
            [(0..n).collect(), (0..n + 1).collect(), (1..n + 1).collect(), (1..n + 2).collect()];
        let a = position(&states, &list.load());
        let b = position(&states, &list.load());
        assert!(a <= b, "the version never goes back");
        writer.join().unwrap();
        assert_eq!(position(&states, &list.load()), 3);
    });
}

/// One thread pushes in place, pushes with growth, and removes. Another one uses a reader.
#[test]
fn reader_against_writes_never_goes_back() {
    explore(Floors { own: 1000, weak: 400, exact: 100 }, || {
        let (list, n) = list(1);
        let writer = list.clone();
        let mut reader = list.reader();
        let states: [Vec<usize>; 4] =
            [(0..n).collect(), (0..n + 1).collect(), (0..n + 2).collect(), (1..n + 2).collect()];
        assert_eq!(position(&states, reader.load()), 0);
        let writer = thread::spawn(move || {
            writer.push(Seen::new(n));
            writer.push(Seen::new(n + 1));
            _ = writer.remove_at(0);
        });
        let mut last = 0;
        for _ in 0..3 {
            let now = position(&states, reader.load());
            assert!(last <= now, "the version never goes back");
            last = now;
        }
        writer.join().unwrap();
        assert_eq!(position(&states, reader.load()), 3, "finished writes are seen");
        reader.release();
        assert_eq!(position(&states, reader.load()), 3);
    });
}

/// If a thread saw a push, its next load from an `ArcReader` returns it. The first push only changes the length, and
/// the second replaces the buffer.
#[test]
fn arc_reader_load_after_a_push_was_seen_returns_it() {
    explore(Floors { own: 1500, weak: 180, exact: 200 }, || {
        let (list, n) = arc_list(1);
        let mut reader = ArcReader::from(list.clone());
        assert_eq!(prefix(reader.load()), n);
        let writer = list.clone();
        let writer = thread::spawn(move || {
            writer.push(Seen::new(n));
            writer.push(Seen::new(n + 1));
        });
        let seen = list.len();
        let read = prefix(reader.load());
        assert!(seen <= read, "the version never goes back");
        assert!(read <= list.len(), "the version never goes back");
        writer.join().unwrap();
        assert_eq!(prefix(reader.load()), n + 2, "finished writes are seen");
    });
}

/// If a thread saw a `set`, its next load from an `ArcReader` returns it. Only the buffer changes, not the length.
#[test]
fn arc_reader_load_after_a_set_was_seen_returns_it() {
    explore(Floors { own: 3000, weak: 90, exact: 90 }, || {
        let (list, n) = arc_list(1);
        let mut reader = ArcReader::from(list.clone());
        assert_eq!(prefix(reader.load()), n);
        let writer = list.clone();
        let writer = thread::spawn(move || {
            assert!(writer.set(0, Seen::new(100)).is_ok());
            assert!(writer.set(0, Seen::new(200)).is_ok());
        });
        let seen = list.load()[0].get();
        let read = reader.load()[0].get();
        assert!(seen <= read, "the version never goes back");
        assert!(read <= list.load()[0].get(), "the version never goes back");
        writer.join().unwrap();
        assert_eq!(reader.load()[0].get(), 200, "finished writes are seen");
    });
}

/// An `ArcReader` keeps an empty version while the list gets an element and loses it.
#[test]
fn arc_reader_load_of_an_empty_list_sees_each_write() {
    let floors = || Floors { own: 80, weak: 30, exact: 15 };
    explore(floors(), || an_empty_version_is_kept(CopyOnWriteList::new()));
    explore(floors(), || an_empty_version_is_kept(CopyOnWriteList::with_capacity(1)));
}

fn an_empty_version_is_kept(list: CopyOnWriteList<Seen>) {
    let list = StdArc::new(list);
    let mut reader = ArcReader::from(list.clone());
    assert_eq!(prefix(reader.load()), 0);
    let writer = list.clone();
    let writer = thread::spawn(move || {
        writer.push(Seen::new(0));
        writer.clear();
    });
    let seen = list.len();
    let read = prefix(reader.load());
    assert!(seen <= read || list.is_empty(), "the version never goes back");
    writer.join().unwrap();
    assert_eq!(prefix(reader.load()), 0, "finished writes are seen");
}

/// A load sees a batch whole or not at all. The first batch is in place, and the second grows the buffer.
#[test]
fn load_against_extend_has_whole_batches() {
    explore(Floors { own: 600, weak: 60, exact: 120 }, || {
        let (list, n) = list(2);
        let writer = list.clone();
        let writer = thread::spawn(move || {
            writer.extend((n..n + 2).map(Seen::new));
            writer.extend((n + 2..n + 4).map(Seen::new));
        });
        let (a, b) = (prefix(&list.load()), prefix(&list.load()));
        assert!((a - n) % 2 == 0 && (b - n) % 2 == 0 && a <= b);
        writer.join().unwrap();
    });
}

/// Two threads write, and one of them replaces the buffer. A third one reads.
#[test]
fn writes_by_two_threads_are_both_kept() {
    explore(Floors { own: 2500, weak: 300, exact: 500 }, || {
        let (list, n) = list(1);
        let (a, b) = (list.clone(), list.clone());
        let a = thread::spawn(move || a.push(Seen::new(n)));
        let b = thread::spawn(move || assert_eq!(b.remove_at(0).map(|x| x.get()), Some(0)));
        let states: [Vec<usize>; 4] =
            [(0..n).collect(), (0..n + 1).collect(), (1..n).collect(), (1..n + 1).collect()];
        position(&states, &list.load());
        a.join().unwrap();
        b.join().unwrap();
        assert_eq!(position(&states, &list.load()), 3);
    });
}

/// A snapshot pushes while its list pushes. The snapshot copies, because the list publishes the buffer.
#[test]
fn snapshot_push_beside_its_list_copies() {
    explore(Floors { own: 6, weak: 5, exact: 40 }, || {
        let (list, n) = list(2);
        let mut snapshot = list.snapshot();
        let other = thread::spawn(move || {
            snapshot.push(Seen::new(100));
            let numbers = numbers(&snapshot);
            assert_eq!((numbers.len(), numbers[n]), (n + 1, 100));
        });
        list.push(Seen::new(n));
        assert_eq!(prefix(&list.load()), n + 1);
        other.join().unwrap();
        assert_eq!(prefix(&list.load()), n + 1);
    });
}

/// A snapshot pushes after the list released the buffer. A reader that loaded the pointer before, and reads the
/// length after, must not take the claim for a commit.
#[test]
fn snapshot_push_after_a_swap_is_not_read_by_guards() {
    explore(Floors { own: 950, weak: 6, exact: 80 }, || {
        let (list, n) = list(2);
        let reader = list.clone();
        let reader = thread::spawn(move || {
            let guard = reader.load();
            assert!(guard.len() <= n, "no claim is read as a commit");
            assert!([0, n].contains(&prefix(&guard)));
        });
        let mut snapshot = list.snapshot();
        list.clear();
        snapshot.push(Seen::new(100));
        assert_eq!(numbers(&snapshot)[n..], [100]);
        reader.join().unwrap();
    });
}

/// A snapshot that becomes the unique owner trims the excess elements, and writes to their slots.
#[test]
fn snapshot_that_becomes_unique_trims_before_it_writes() {
    explore(Floors { own: 270, weak: 80, exact: 90 }, || {
        let (list, n) = list(2);
        let (reader, writer) = (list.clone(), list.clone());
        drop(list);
        let reader = thread::spawn(move || {
            let mut snapshot = reader.snapshot();
            drop(reader);
            let len = prefix(&snapshot);
            if let Some(unique) = snapshot.get_unique() {
                unique.push(Seen::new(100));
                if len > 0 {
                    unique[0] = Seen::new(50);
                }
            } else {
                snapshot.push(Seen::new(100));
            }
            assert_eq!(numbers(&snapshot)[len..], [100]);
        });
        writer.push(Seen::new(n));
        writer.clear();
        drop(writer);
        reader.join().unwrap();
    });
}

/// The list and a guard are dropped while another thread reads a snapshot.
#[test]
fn snapshot_after_the_list_is_dropped_keeps_its_elements() {
    explore(Floors { own: 7, weak: 4, exact: 15 }, || {
        let (list, n) = list(1);
        let snapshot = list.snapshot();
        let other = thread::spawn(move || assert_eq!(prefix(&snapshot), n));
        list.push(Seen::new(n));
        let guard = list.load();
        list.clear();
        assert_eq!(prefix(&guard), n + 1);
        drop(guard);
        drop(list);
        other.join().unwrap();
    });
}

/// `get_mut` edits in place if no snapshot is left. All reads of snapshots happened before the edit.
#[test]
fn get_mut_after_snapshots_are_dropped_edits_in_place() {
    explore(Floors { own: 50, weak: 3, exact: 3 }, || {
        let v = seen(1);
        let n = v.len();
        let mut list = CopyOnWriteList::from(v);
        let snapshot = list.snapshot();
        let other = thread::spawn(move || assert_eq!(prefix(&snapshot.clone()), n));
        list.get_mut()[0] = Seen::new(100);
        assert_eq!(list.load()[0].get(), 100);
        other.join().unwrap();
    });
}

/// Two threads start from the same version. One wins, and the other gets its vector back.
#[test]
fn compare_and_swap_by_two_threads_succeeds_once() {
    explore(Floors { own: 600, weak: 50, exact: 150 }, || {
        let (list, n) = list(1);
        let other = list.clone();
        let before = list.snapshot();
        // Returns whether the swap succeeded.
        let swap = |list: &CopyOnWriteList<Seen>, before: &CowVec<Seen>, number| {
            let new = CowVec::from_iter([Seen::new(number)]);
            match list.compare_and_swap(before, new) {
                Ok(old) => {
                    assert_eq!(prefix(&old), before.len());
                    true
                }
                Err(error) => {
                    assert_eq!(numbers(&error.new), [number], "the loser has its vector back");
                    assert_eq!(
                        numbers(&error.current),
                        [300 - number],
                        "the loser gets the winner's version"
                    );
                    false
                }
            }
        };
        let theirs = before.clone();
        let other = thread::spawn(move || swap(&other, &theirs, 200));
        let mine = swap(&list, &before, 100);
        let theirs = other.join().unwrap();
        assert!(mine != theirs, "one of them wins");
        assert_eq!(numbers(&list.load()), [if mine { 100 } else { 200 }]);
        assert_eq!(before.len(), n);
    });
}

/// Two threads swap by version on an empty list. One wins, and the other gets an error.
#[test]
fn compare_and_swap_version_by_two_threads_succeeds_once() {
    explore(Floors { own: 1500, weak: 20, exact: 80 }, || {
        let list = Arc::new(CopyOnWriteList::with_capacity(1));
        let other = list.clone();
        let swap = |list: &CopyOnWriteList<Seen>, number| {
            let new = CowVec::from_iter([Seen::new(number)]);
            list.compare_and_swap_version(0, new).is_ok()
        };
        let other = thread::spawn(move || swap(&other, 200));
        let mine = swap(&list, 100);
        let theirs = other.join().unwrap();
        assert!(mine != theirs, "one of them wins");
        assert_eq!(list.version(), 1);
        assert_eq!(numbers(&list.load()), [if mine { 100 } else { 200 }]);
    });
}

/// Two threads push the same element unless it is there. One of them succeeds, also if it must search again.
#[test]
fn push_if_absent_by_two_threads_succeeds_once() {
    explore(Floors { own: 400, weak: 10, exact: 80 }, || {
        let (list, n) = list(1);
        let other = list.clone();
        let add = move |list: &CopyOnWriteList<Seen>| {
            list.push_if_absent_by(Seen::new(n), |a, b| a.get() == b.get()).is_ok()
        };
        let other = thread::spawn(move || add(&other));
        let mine = add(&list);
        let theirs = other.join().unwrap();
        assert!(mine != theirs, "one of them succeeds");
        assert_eq!(prefix(&list.load()), n + 1);
    });
}

/// The list copies a shared vector before it publishes the elements. Otherwise the other handle could claim the slot
/// that the list would append to.
#[test]
fn store_of_a_shared_vector_copies_it() {
    explore(Floors { own: 6, weak: 5, exact: 5 }, || {
        let v: CowVec<Seen> = seen(2).into_shared();
        let (n, mut mine) = (v.len(), v.clone());
        let other = thread::spawn(move || {
            mine.push(Seen::new(100));
            let numbers = numbers(&mine);
            assert_eq!((numbers.len(), numbers[n]), (n + 1, 100));
            mine
        });
        let list = CopyOnWriteList::new();
        list.store(v);
        list.push(Seen::new(n));
        assert_eq!(prefix(&list.load()), n + 1);
        let mine = other.join().unwrap();
        assert_eq!(numbers(&mine)[n], 100);
        assert_eq!(prefix(&list.load()), n + 1);
    });
}

/// An update writes to a copy, because a reader may read the published buffer.
#[test]
fn update_against_a_reader_writes_a_copy() {
    explore(Floors { own: 500, weak: 5, exact: 90 }, || {
        let (list, n) = list(1);
        let reader = list.clone();
        let reader = thread::spawn(move || {
            let guard = reader.load();
            let first = guard[0].get();
            assert!(first == 0 || first == 100);
            assert!(numbers(&guard)[1..].iter().copied().eq(1..n));
        });
        list.update(|v| {
            assert!(!v.is_unique(), "the closure cannot write to the published buffer");
            v.make_mut()[0] = Seen::new(100);
        });
        assert_eq!(list.load()[0].get(), 100);
        reader.join().unwrap();
    });
}

/// Each element is dropped once, by its last owner: a writer, a reader, or a snapshot that trims.
#[test]
fn writes_against_loads_drop_each_element_once() {
    explore(Floors { own: 190, weak: 60, exact: 70 }, || {
        let live = StdArc::new(AtomicUsize::new(0));
        let list = CopyOnWriteList::with_capacity(2);
        list.push(Counted::new(0, &live));
        let (list, other) = {
            let list = Arc::new(list);
            (list.clone(), list)
        };
        let reader = thread::spawn(move || {
            let mut snapshot = other.snapshot();
            drop(other);
            for (n, element) in snapshot.iter().enumerate() {
                assert_eq!(element.number.get(), n);
            }
            _ = snapshot.get_unique();
        });
        list.push(Counted::new(1, &live));
        list.clear();
        drop(list);
        reader.join().unwrap();
        assert_eq!(live.load(Ordering::Relaxed), 0, "all elements are dropped");
    });
}

/// A list grows while another thread uses a reader, which may hold the last reference to the first buffer.
#[test]
fn reader_of_a_growing_list_drops_each_element_once() {
    explore(Floors { own: 260, weak: 40, exact: 14 }, || {
        let live = StdArc::new(AtomicUsize::new(0));
        let mut first = UniqueVec::with_capacity(1);
        let n = first.capacity();
        first.extend((0..n).map(|number| Counted::new(number, &live)));
        let list = Arc::new(CopyOnWriteList::from(first));
        let other = list.clone();
        let reader = thread::spawn(move || {
            let mut reader = other.reader();
            let before = reader.load().len();
            let numbers: Vec<_> = reader.load().iter().map(|x| x.number.get()).collect();
            assert!(numbers.is_empty() || before >= n && numbers.len() >= before);
            assert!(numbers.iter().copied().eq(0..numbers.len()));
        });
        list.push(Counted::new(n, &live));
        list.clear();
        reader.join().unwrap();
        drop(list);
        assert_eq!(live.load(Ordering::Relaxed), 0, "all elements are dropped");
    });
}
