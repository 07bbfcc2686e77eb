//! When the values of a cell are dropped, and that each is dropped once.

use crate::common::dummy::{Dummy, Ledger};
use cow_collections::CopyOnWriteCell;
use cow_collections::list::ArcCellReader;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

fn cell() -> (CopyOnWriteCell<Dummy>, Rc<Ledger>) {
    let ledger = Ledger::new();
    (CopyOnWriteCell::new(ledger.dummy(0)), ledger)
}

#[test]
fn value_that_nobody_reads_is_dropped_by_the_write_that_replaces_it() {
    let (cell, ledger) = cell();
    for n in 1..10 {
        cell.store(ledger.dummy(n));
        assert_eq!(ledger.live(), 1);
        drop(cell.replace(ledger.dummy(n)));
        assert_eq!(ledger.live(), 1);
        cell.update(|value| value.id += 1);
        assert_eq!(ledger.live(), 1);
        drop(cell.rcu(|value| ledger.dummy(value.id)));
        assert_eq!(ledger.live(), 1);
    }
    assert_eq!(ledger.cloned.get(), 9, "only `update` clones");
    drop(cell);
    assert_eq!(ledger.live(), 0);
}

#[test]
fn guard_that_is_the_last_to_read_a_value_drops_it() {
    let (cell, ledger) = cell();
    let (a, b) = (cell.load(), cell.load());
    cell.store(ledger.dummy(1));
    drop(a);
    assert_eq!((b.id, ledger.live()), (0, 2));
    drop(b);
    assert_eq!(ledger.live(), 1, "no write was needed");
}

#[test]
fn reader_that_is_the_last_to_read_a_value_drops_it_at_its_next_load() {
    let (cell, ledger) = cell();
    let mut reader = cell.reader();
    assert_eq!(reader.load().id, 0);
    cell.store(ledger.dummy(1));
    assert_eq!(ledger.live(), 2);
    assert_eq!((reader.load().id, ledger.live()), (1, 1));
    cell.store(ledger.dummy(2));
    reader.release();
    assert_eq!(ledger.live(), 1);
}

#[test]
fn arc_reader_keeps_one_value_until_its_next_load_or_release() {
    let ledger = Ledger::new();
    #[allow(clippy::arc_with_non_send_sync, reason = "one thread is enough to count drops")]
    let cell = Arc::new(CopyOnWriteCell::new(ledger.dummy(0)));
    let mut reader = ArcCellReader::from(cell.clone());
    assert_eq!(reader.load().id, 0);
    for n in 1..5 {
        cell.store(ledger.dummy(n));
    }
    assert_eq!(ledger.live(), 2);
    assert_eq!((reader.load().id, ledger.live()), (4, 1));
    cell.store(ledger.dummy(5));
    reader.release();
    assert_eq!(ledger.live(), 1);
}

#[test]
fn snapshot_keeps_its_value_and_outlives_the_cell() {
    let (cell, ledger) = cell();
    let kept = cell.snapshot();
    cell.store(ledger.dummy(1));
    let replaced = cell.replace(ledger.dummy(2));
    drop(cell);
    assert_eq!((kept.id, replaced.id, ledger.live()), (0, 1, 2));
    let clone = kept.clone();
    drop(kept);
    assert_eq!((clone.id, ledger.live()), (0, 2));
    assert_eq!(clone.try_unwrap().unwrap().id, 0);
    drop(replaced);
    assert_eq!(ledger.live(), 0);
}

#[test]
fn value_that_is_not_stored_is_given_back_or_dropped() {
    let (cell, ledger) = cell();
    let old = cell.replace(ledger.dummy(1));
    let error = cell.compare_and_swap(&old, ledger.dummy(2)).unwrap_err();
    assert_eq!((error.new.id, error.current.id, ledger.live()), (2, 1, 3));
    drop((error, old));
    assert_eq!(ledger.live(), 1);
    _ = cell.try_update(|value| {
        value.id = 9;
        Err::<(), _>(())
    });
    assert_eq!((cell.load().id, ledger.live()), (1, 1));
    let mut calls = 0;
    cell.rcu(|_| {
        calls += 1;
        if calls < 4 {
            cell.store(ledger.dummy(3));
        }
        ledger.dummy(4)
    });
    assert_eq!((cell.load().id, ledger.live()), (4, 1));
}

/// A value whose drop stores in the cell that it was in.
struct Stores(Rc<CopyOnWriteCell<u32>>);

impl Drop for Stores {
    fn drop(&mut self) {
        self.0.update(|n| *n += 1);
    }
}

struct Chain {
    cell: Option<std::rc::Weak<CopyOnWriteCell<Chain>>>,
    left: u32,
}

impl Clone for Chain {
    fn clone(&self) -> Self {
        Self { cell: self.cell.clone(), left: self.left - 1 }
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        if let Some(cell) = self.cell.take().and_then(|cell| cell.upgrade()) {
            if self.left > 0 {
                cell.store(Chain { cell: None, left: 0 });
                assert_eq!(cell.load().left, 0);
            }
        }
    }
}

#[test]
fn drop_of_an_old_value_may_write_to_the_cell() {
    let counter = Rc::new(CopyOnWriteCell::new(0));
    let cell = CopyOnWriteCell::new(Stores(counter.clone()));
    for _ in 0..5 {
        cell.store(Stores(counter.clone()));
    }
    drop(cell.replace(Stores(counter.clone())));
    drop(cell);
    assert_eq!(*counter.load(), 7);
    let cell = Rc::new(CopyOnWriteCell::new(Chain { cell: None, left: 0 }));
    let chain = |left| Chain { cell: Some(Rc::downgrade(&cell)), left };
    cell.store(chain(3));
    cell.store(chain(2));
    assert_eq!((cell.load().left, cell.version()), (0, 4), "the drops of 3 and 2 stored");
    cell.store(chain(5));
    cell.update(|_| ());
    assert_eq!(cell.load().left, 0);
    cell.store(chain(5));
    let guard = cell.load();
    cell.store(chain(0));
    drop(guard);
    assert_eq!((cell.load().left, cell.load().cell.is_none()), (0, true));
}

#[test]
fn values_are_dropped_once_whichever_thread_is_the_last_to_have_them() {
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    struct Counted(usize);
    impl Counted {
        fn new(n: usize) -> Self {
            LIVE.fetch_add(1, Ordering::Relaxed);
            Self(n)
        }
    }
    impl Clone for Counted {
        fn clone(&self) -> Self {
            Self::new(self.0)
        }
    }
    impl Drop for Counted {
        fn drop(&mut self) {
            assert!(LIVE.fetch_sub(1, Ordering::Relaxed) > 0, "dropped twice");
        }
    }
    let rounds = if cfg!(miri) { 10 } else { 2000 };
    let cell = Arc::new(CopyOnWriteCell::new(Counted::new(0)));
    thread::scope(|threads| {
        for t in 0..4 {
            let cell = cell.clone();
            threads.spawn(move || {
                let (mut reader, mut owned) = (cell.reader(), ArcCellReader::from(cell.clone()));
                let mut kept = Vec::new();
                for n in 0..rounds {
                    match (n + t) % 6 {
                        0 => cell.store(Counted::new(n)),
                        1 => cell.update(|value| value.0 += 1),
                        2 => kept.push(cell.replace(Counted::new(n))),
                        3 => _ = cell.compare_and_swap(&cell.snapshot(), Counted::new(n)),
                        4 => kept.truncate(2),
                        _ => _ = cell.rcu(Counted::clone),
                    }
                    _ = (reader.load().0, owned.load().0, cell.load().0);
                }
            });
        }
    });
    assert_eq!(LIVE.load(Ordering::Relaxed), 1);
    drop(cell);
    assert_eq!(LIVE.load(Ordering::Relaxed), 0);
}
