//! Panics of an element's drop when the last guard, reader, snapshot or list releases an old version. They unwind, and
//! all other elements are dropped.

use crate::common::panics::message;
use cow_collections::list::{ArcReader, Reader};
use cow_collections::{CopyOnWriteList, CowVec};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// An element that `live` counts. If it is loud, its drop panics, unless the thread is panicking already.
struct Loud {
    live: Arc<AtomicUsize>,
    loud: bool,
}

impl Loud {
    fn new(live: &Arc<AtomicUsize>, loud: bool) -> Self {
        live.fetch_add(1, Ordering::Relaxed);
        Self { live: live.clone(), loud }
    }
}

impl Clone for Loud {
    fn clone(&self) -> Self {
        Self::new(&self.live, self.loud)
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
        assert!(!self.loud || thread::panicking(), "a drop that panics");
    }
}

type List = CopyOnWriteList<Loud>;

/// Makes three elements, of which the second is loud.
fn old(live: &Arc<AtomicUsize>) -> Vec<Loud> {
    [false, true, false].map(|loud| Loud::new(live, loud)).into()
}

/// Asserts that `work` panics in a drop.
#[track_caller]
fn panics<R>(work: impl FnOnce() -> R) {
    assert_eq!(message(work), "a drop that panics");
}

/// Runs `work` on a list of old elements, and checks that all of them are dropped once.
fn with_old(work: impl FnOnce(Arc<List>, &Arc<AtomicUsize>)) {
    let live = Arc::default();
    work(Arc::new(List::from(old(&live))), &live);
    assert_eq!(live.load(Ordering::Relaxed), 0, "each element is dropped once");
}

/// Checks that `list` is empty and can be used.
fn usable(list: &List, live: &Arc<AtomicUsize>) {
    assert!(list.is_empty());
    list.push(Loud::new(live, false));
    assert_eq!((list.load().len(), list.reader().load().len(), list.snapshot().len()), (1, 1, 1));
    list.clear();
}

#[test]
fn drop_of_the_last_guard_unwinds() {
    with_old(|list, live| {
        let (first, last) = (list.load(), list.load());
        list.clear();
        drop(first);
        assert_eq!(live.load(Ordering::Relaxed), 3);
        panics(|| drop(last));
        assert_eq!(live.load(Ordering::Relaxed), 0);
        usable(&list, live);
    });
}

#[test]
fn drop_of_a_guard_past_the_eighth_unwinds() {
    with_old(|list, live| {
        let mut guards: Vec<_> = (0..20).map(|_| list.load()).collect();
        list.clear();
        let last = guards.pop();
        drop(guards);
        assert_eq!(live.load(Ordering::Relaxed), 3);
        panics(|| drop(last));
        usable(&list, live);
    });
}

/// Runs `work` on a reader that is the last to have a replaced version.
fn by_reader(work: impl FnOnce(Reader<'_, Loud>)) {
    with_old(|list, live| {
        let mut reader = list.reader();
        assert_eq!(reader.load().len(), 3);
        list.clear();
        work(reader);
        usable(&list, live);
    });
}

#[test]
fn load_of_a_reader_unwinds_and_has_the_new_version() {
    by_reader(|mut reader| {
        panics(|| _ = reader.load());
        assert!(reader.load().is_empty());
    });
}

#[test]
fn release_of_a_reader_unwinds_and_has_no_version() {
    by_reader(|mut reader| {
        panics(|| reader.release());
        assert!(reader.load().is_empty());
    });
}

#[test]
fn drop_of_a_reader_unwinds() {
    by_reader(|reader| panics(|| drop(reader)));
}

/// Runs `work` on an owned reader that is the last to have a replaced version.
fn by_arc_reader(work: impl FnOnce(ArcReader<Loud>)) {
    with_old(|list, live| {
        let mut reader = ArcReader::from(list.clone());
        assert_eq!(reader.load().len(), 3);
        list.clear();
        work(reader);
        usable(&list, live);
    });
}

#[test]
fn load_of_an_arc_reader_unwinds_and_has_the_new_version() {
    by_arc_reader(|mut reader| {
        panics(|| _ = reader.load());
        assert!(reader.load().is_empty());
    });
}

#[test]
fn release_of_an_arc_reader_unwinds_and_has_no_version() {
    by_arc_reader(|mut reader| {
        panics(|| reader.release());
        assert!(reader.load().is_empty());
    });
}

#[test]
fn drop_of_an_arc_reader_unwinds() {
    by_arc_reader(|reader| panics(|| drop(reader)));
}

#[test]
fn drop_of_the_last_snapshot_unwinds() {
    with_old(|list, live| {
        let snapshot = list.snapshot();
        list.clear();
        assert_eq!(live.load(Ordering::Relaxed), 3);
        panics(|| drop(snapshot));
        usable(&list, live);
    });
}

#[test]
fn drop_of_the_list_unwinds() {
    with_old(|list, _| panics(|| drop(list)));
}

/// A write that releases the last reference to a version has taken effect when the panic unwinds.
#[test]
fn write_that_drops_the_old_version_unwinds_after_its_change() {
    type Write = fn(&List);
    let writes: [Write; 6] = [
        |list| list.store(CowVec::new()),
        |list| drop(list.replace(CowVec::new())),
        |list| drop(list.take()),
        |list| list.truncate(0),
        |list| list.update(CowVec::clear),
        |list| drop(list.compare_and_swap_version(list.version(), CowVec::new())),
    ];
    for write in writes {
        with_old(|list, live| {
            panics(|| write(&list));
            usable(&list, live);
        });
    }
}

/// An element whose drop releases a version of another list. That list has another type of element.
#[derive(Clone)]
struct Outer(Arc<List>);

impl Drop for Outer {
    fn drop(&mut self) {
        let guard = self.0.load();
        self.0.clear();
        drop(guard);
    }
}

#[test]
fn drop_of_a_guard_of_a_list_of_lists_unwinds_from_the_inner_list() {
    let live: Arc<AtomicUsize> = Arc::default();
    let inner = || Outer(Arc::new(List::from(old(&live))));
    let list = CopyOnWriteList::from([Outer(Arc::default()), inner(), Outer(Arc::default())]);
    let guard = list.load();
    list.clear();
    panics(|| drop(guard));
    assert_eq!(live.load(Ordering::Relaxed), 0);
    // The inner list is dropped with the element, instead of cleared by it.
    let list = CopyOnWriteList::from([Arc::new(List::from(old(&live)))]);
    let guard = list.load();
    list.clear();
    panics(|| drop(guard));
    assert_eq!(live.load(Ordering::Relaxed), 0);
    assert!(list.is_empty());
}

/// Borrows end right after the call that drops the elements, so none of them may be dropped later.
#[test]
fn drop_of_a_guard_drops_elements_with_borrows_before_it_returns() {
    struct Logs<'a>(&'a AtomicUsize);
    impl Drop for Logs<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let drops = Box::new(AtomicUsize::new(0));
    let list = CopyOnWriteList::from(Vec::from_iter((0..3).map(|_| Logs(&drops))));
    let (guard, mut reader) = (list.load(), list.reader());
    assert_eq!(reader.load().len(), 3);
    list.clear();
    drop(guard);
    assert_eq!(drops.load(Ordering::Relaxed), 0);
    assert!(reader.load().is_empty());
    assert_eq!(drops.load(Ordering::Relaxed), 3);
}

/// A list is used by the destructors of two thread-locals, of which one is destroyed before those of the cell and the
/// other one after.
#[test]
fn list_used_while_its_thread_ends_drops_its_elements() {
    struct AtExit(Arc<AtomicUsize>);
    impl Drop for AtExit {
        fn drop(&mut self) {
            by_reader(|mut reader| panics(|| _ = reader.load()));
            with_old(|list, live| {
                let guards: Vec<_> = (0..10).map(|_| list.load()).collect();
                list.clear();
                panics(|| drop(guards));
                usable(&list, live);
            });
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    thread_local! {
        static FIRST: std::cell::OnceCell<AtExit> = const { std::cell::OnceCell::new() };
        static LAST: std::cell::OnceCell<AtExit> = const { std::cell::OnceCell::new() };
    }
    let ended: Arc<AtomicUsize> = Arc::default();
    thread::spawn({
        let ended = ended.clone();
        move || {
            FIRST.with(|first| assert!(first.set(AtExit(ended.clone())).is_ok()));
            with_old(|list, live| {
                panics(|| list.clear());
                usable(&list, live);
            });
            LAST.with(|last| assert!(last.set(AtExit(ended)).is_ok()));
        }
    })
    .join()
    .unwrap();
    assert_eq!(ended.load(Ordering::Relaxed), 2);
}

/// Threads load and release versions whose drops panic, while another one publishes. Some hold so many guards that the
/// cell has no free slot for them.
#[test]
fn drops_that_panic_on_several_threads_lose_nothing() {
    let rounds = if cfg!(miri) { 8 } else { 3000 };
    let live: Arc<AtomicUsize> = Arc::default();
    let (list, done) = (List::from(old(&live)), AtomicBool::new(false));
    let quietly = |work: &mut dyn FnMut()| {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
            assert_eq!(crate::common::panics::text(payload), "a drop that panics");
        }
    };
    thread::scope(|threads| {
        let held: &[usize] = if cfg!(miri) { &[10] } else { &[0, 1, 12] };
        for held in held {
            let (list, done) = (&list, &done);
            threads.spawn(move || {
                let mut reader = list.reader();
                while !done.load(Ordering::Relaxed) {
                    let mut guards = Vec::new();
                    for _ in 0..=*held {
                        // A load may drop the elements of a version that is replaced meanwhile.
                        quietly(&mut || guards.push(list.load()));
                    }
                    while let Some(guard) = guards.pop() {
                        assert!(guard.is_empty() || guard.len() == 3);
                        quietly(&mut || drop(list.load()));
                        quietly(&mut || _ = reader.load());
                        let mut guard = Some(guard);
                        quietly(&mut || drop(guard.take()));
                    }
                    thread::yield_now();
                }
                let mut reader = Some(reader);
                quietly(&mut || drop(reader.take()));
            });
        }
        for round in 0..rounds {
            let mut next = Some(old(&live));
            quietly(&mut || list.store(next.take().unwrap()));
            if round % 4 == 0 {
                quietly(&mut || list.clear());
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    let mut list = Some(list);
    quietly(&mut || drop(list.take()));
    assert_eq!(live.load(Ordering::Relaxed), 0, "each element is dropped once");
}
