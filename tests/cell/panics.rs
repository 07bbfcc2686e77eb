//! Panics at every clone, drop and closure call in every operation of `CopyOnWriteCell`.
//!
//! No value is lost or dropped twice, no lock stays taken, and an earlier snapshot is unchanged. The cell is unchanged
//! too, unless a drop panicked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use crate::common::panics::message;
use cow_collections::CopyOnWriteCell;
use cow_collections::list::Snapshot;

type Cell = CopyOnWriteCell<Dummy>;
type Work = fn(&Cell, &Rc<Ledger>);

/// Returns a closure's `answer`, or panics if the ledger asks for it.
fn say<R>(ledger: &Ledger, answer: R) -> R {
    ledger.pass(Point::Closure);
    answer
}

const WORKS: &[Work] = &[
    |c, a| c.store(a.dummy(9)),
    |c, a| drop(c.replace(a.dummy(9))),
    |c, a| c.update(|d| d.id = say(a, 9)),
    |c, a| c.update(|d| *d = say(a, a.dummy(9))),
    |c, a| drop(c.update(|d| std::mem::replace(d, say(a, a.dummy(9))))),
    |c, a| drop(c.try_update(|d| say(a, Ok::<_, ()>(std::mem::replace(d, a.dummy(9)))))),
    |c, a| drop(c.try_update(|d| say(a, Err::<(), _>(std::mem::replace(d, a.dummy(9)))))),
    |c, a| drop(c.rcu(|d| say(a, d.clone()))),
    |c, a| {
        let mut first = true;
        drop(c.rcu(|d| {
            if std::mem::take(&mut first) {
                // The closure's own write, so that it is called twice. It leaves an equal value.
                c.update(|d| d.id += 0);
            }
            say(a, d.clone())
        }));
    },
    |c, a| drop(c.compare_and_swap(&c.snapshot(), say(a, a.dummy(9)))),
    |c, a| drop(c.compare_and_swap(&Snapshot::from(a.dummy(3)), say(a, a.dummy(9)))),
    |c, a| drop(c.replace(a.dummy(3)).try_unwrap()),
    |c, a| {
        let mut reader = c.reader();
        assert_eq!(reader.load().id, 3);
        let old = c.replace(a.dummy(8));
        assert_eq!(reader.load().id, 8);
        drop(old);
    },
    // The last guard or reader drops the value. arc-swap's cannot unwind.
    #[cfg(not(feature = "arc-swap"))]
    |c, a| {
        let guard = c.load();
        c.store(a.dummy(8));
        drop(guard);
    },
    #[cfg(not(feature = "arc-swap"))]
    |c, a| {
        let mut reader = c.reader();
        assert_eq!(reader.load().id, 3);
        c.store(a.dummy(8));
        assert_eq!(reader.load().id, 8);
    },
];

/// Panics at every `point` of `work`, and returns the number of points. Runs with and without a snapshot, because a
/// snapshot delays drops.
fn at_every(point: Point, work: Work) -> usize {
    let points = [true, false].map(|kept| {
        panic_at_every(
            point,
            |ledger| {
                let cell = CopyOnWriteCell::new(ledger.dummy(3));
                let before = kept.then(|| cell.snapshot());
                (cell, before, ledger.clone())
            },
            |(cell, _, _), ledger| work(cell, ledger),
            |(cell, before, ledger)| {
                assert!(before.iter().all(|old| old.id == 3), "the snapshot is unchanged");
                if point != Point::Drop {
                    assert_eq!(cell.load().id, 3, "the cell is unchanged");
                }
                // No lock is held, so another write succeeds.
                cell.update(|dummy| dummy.id = 99);
                cell.store(ledger.dummy(100));
                assert_eq!(cell.load().id, 100);
            },
        )
    });
    points.iter().sum()
}

#[test]
fn panic_in_any_operation_of_a_cell_loses_nothing() {
    let _hits = demand(&[(Point::Clone, 16), (Point::Drop, 26), (Point::Closure, 20)]);
    for (i, work) in WORKS.iter().enumerate() {
        let kinds = [Point::Clone, Point::Drop, Point::Closure];
        let points = kinds.map(|point| at_every(point, *work));
        assert!(cfg!(miri) || points.iter().sum::<usize>() > 0, "work {i} has no point");
    }
}

/// The owner's edit clones the value, because a snapshot shares it.
#[test]
fn panic_in_get_mut_leaves_the_value() {
    for (point, panics) in [(Point::Clone, 1), (Point::Drop, 0)] {
        let points = panic_at_every(
            point,
            |ledger| {
                let cell = CopyOnWriteCell::new(ledger.dummy(3));
                let before = cell.snapshot();
                (cell, before)
            },
            |(cell, _), _| cell.get_mut().id = 9,
            |(cell, before)| {
                assert!(cell.snapshot().ptr_eq(before));
                assert_eq!((before.id, cell.version()), (3, 0));
            },
        );
        assert_eq!(points, panics);
    }
}

/// A value whose drop panics if its number is odd.
#[derive(Clone)]
struct Odd(u32);

impl Drop for Odd {
    fn drop(&mut self) {
        assert!(self.0 % 2 == 0 || std::thread::panicking(), "drop of {}", self.0);
    }
}

#[test]
fn panic_in_the_drop_of_the_old_value_comes_after_the_change() {
    let cell = CopyOnWriteCell::new(Odd(1));
    assert_eq!(message(|| cell.store(Odd(3))), "drop of 1");
    assert_eq!((cell.load().0, cell.version()), (3, 1));
    assert_eq!(message(|| cell.update(|odd| odd.0 = 5)), "drop of 3");
    assert_eq!((cell.load().0, cell.version()), (5, 2));
    let replaced = cell.replace(Odd(7));
    assert_eq!(message(|| drop(replaced)), "drop of 5");
    assert_eq!(message(|| cell.rcu(|_| Odd(2))), "drop of 7");
    assert_eq!((cell.load().0, cell.version()), (2, 4));
    cell.store(Odd(1));
    assert_eq!(message(|| drop(cell)), "drop of 1", "the drop of the cell unwinds too");
    let cell = CopyOnWriteCell::new(Odd(1));
    let taken = catch_unwind(AssertUnwindSafe(|| cell.into_inner())).expect("the value lives on");
    assert_eq!(message(|| drop(taken)), "drop of 1");
}

#[test]
fn panic_in_default_or_clone_of_a_new_cell_leaves_nothing_behind() {
    struct Fails;
    impl Default for Fails {
        fn default() -> Self {
            panic!("asked")
        }
    }
    assert_eq!(message(CopyOnWriteCell::<Fails>::default), "asked");
}
