#![cfg(not(cow_loom))]
//! A panic at every clone, drop and closure call of every operation, on unique and on shared: nothing
//! is lost or dropped twice, a shared vector is as it was, and a hidden copy never changes.

#[path = "common/dummy.rs"]
mod dummy;

use cow_collections::{CowVec, PersistentVector};
use dummy::{Dummy, Ledger, Point, panic_at_every};
use std::rc::Rc;

type Vector = CowVec<Dummy>;

fn ids(v: &[Dummy]) -> Vec<u32> {
    v.iter().map(|d| d.id).collect()
}

const FIVE: [u32; 5] = [0, 1, 2, 3, 4];

fn five(ledger: &Rc<Ledger>) -> Vector {
    ledger.dummies(0..5).into()
}

/// Panics at every `point` of `work` on a shared vector of five; returns how many there were.
fn on_shared(point: Point, work: impl Fn(&mut Vector, &Ledger)) -> usize {
    panic_at_every(
        point,
        |ledger| {
            let hidden = five(ledger);
            (hidden.clone(), hidden)
        },
        |(v, hidden), ledger| {
            work(v, ledger);
            assert_eq!(ids(hidden), FIVE);
        },
        |(v, hidden)| {
            assert_eq!(ids(hidden), FIVE, "the hidden copy changed");
            assert!(
                v.ptr_eq(hidden) || point == Point::Drop,
                "a panic must leave a shared one as it was"
            );
        },
    )
}

/// Panics at every `point` of `work` on a vector of five that is alone; returns how many there were.
fn on_unique(point: Point, work: impl Fn(&mut Vector, &Ledger)) -> usize {
    panic_at_every(point, five, |v, ledger| work(v, ledger), |v| drop(ids(v)))
}

fn odd(ledger: &Ledger) -> impl FnMut(&Dummy) -> bool {
    |d| {
        ledger.pass(Point::Closure);
        d.id % 2 == 1
    }
}

#[test]
fn clones_on_shared() {
    let clones = |work: fn(&mut Vector)| on_shared(Point::Clone, move |v, _| work(v));
    assert_eq!(clones(|v| _ = v.make_mut()), 5);
    assert_eq!(clones(|v| _ = v.make_unique()), 5);
    assert_eq!(clones(|v| v.reserve(1)), 5);
    assert_eq!(clones(|v| v.insert(2, Ledger::new().dummy(9))), 5);
    assert_eq!(clones(|v| v.push(Ledger::new().dummy(9))), 5);
    assert_eq!(
        clones(|v| drop(v.set(2, Ledger::new().dummy(9)))),
        5,
        "four others and the returned one"
    );
    assert_eq!(clones(|v| drop(v.remove(2))), 5, "four others and the returned one");
    assert_eq!(clones(|v| drop(v.remove(4))), 1, "the last one goes as pop does");
    assert_eq!(clones(|v| drop(v.swap_remove(1))), 5);
    assert_eq!(clones(|v| drop(v.pop())), 1);
    assert_eq!(clones(|v| v.truncate(2)), 0);
    assert_eq!(clones(Vector::clear), 0);
    assert_eq!(clones(|v| v.retain(|_| true)), 0);
    assert_eq!(clones(|v| v.retain(|d| d.id < 2)), 0, "only a tail goes");
    assert_eq!(clones(|v| v.retain(|d| d.id > 1)), 3, "only what is kept is cloned");
}

#[test]
fn extending_on_shared() {
    let clones = on_shared(Point::Clone, |v, _| {
        let more = v.clone();
        v.extend_from_slice(&more[..2]);
    });
    assert_eq!(clones, 7);
    let closures = on_shared(Point::Closure, |v, ledger| {
        let more = v.clone();
        let values = more.iter().map(|d| {
            ledger.pass(Point::Closure);
            d.clone()
        });
        // Each pushed element is there when the next is asked for, so only the first panic finds the
        // vector as it was.
        let mut copy = v.clone();
        copy.extend(values);
        *v = copy;
    });
    assert_eq!(closures, 5);
}

#[test]
fn by_value_on_shared_clones_what_is_asked_for() {
    let clones = on_shared(Point::Clone, |v, _| {
        let mut elements = v.clone().into_iter();
        elements.next();
        elements.next_back();
    });
    assert_eq!(clones, 2);
    assert_eq!(on_shared(Point::Clone, |v, _| drop(v.clone().into_vec())), 5);
    assert_eq!(on_shared(Point::Clone, |v, _| drop(v.clone().into_unique())), 5);
}

#[test]
fn closures() {
    assert_eq!(on_shared(Point::Closure, |v, ledger| v.retain(odd(ledger))), 5);
    assert_eq!(on_unique(Point::Closure, |v, ledger| v.retain(odd(ledger))), 5);
}

#[test]
fn drops_on_unique() {
    let drops = |work: fn(&mut Vector)| on_unique(Point::Drop, move |v, _| work(v));
    assert_eq!(drops(|v| v.truncate(2)), 3);
    assert_eq!(drops(Vector::clear), 5);
    assert_eq!(drops(|v| drop(core::mem::take(v))), 5);
    assert_eq!(drops(|v| v.retain(|d| d.id % 2 == 1)), 3);
    assert_eq!(drops(|v| drop(v.remove(0))), 1);
    assert_eq!(drops(|v| drop(v.set(1, Ledger::new().dummy(7)))), 1);
    assert_eq!(drops(|v| drop(core::mem::take(v).into_iter().skip(1).nth(1))), 5);
}

#[test]
fn drops_of_the_last_handle() {
    // The clone is dropped first, so the original's drop runs the elements' own.
    let drops = on_shared(Point::Drop, |v, _| drop(core::mem::take(v)));
    assert_eq!(drops, 0, "the hidden copy keeps them");
}

#[test]
fn a_unique_vector_keeps_what_it_had_when_a_push_fails() {
    let clones = on_unique(Point::Clone, |v, _| {
        let more = v.clone().into_vec();
        v.extend_from_slice(&more);
    });
    assert_eq!(clones, 10);
}

/// Forty: a leaf of 32 in the tree, and a tail of 8.
fn forty(ledger: &Rc<Ledger>) -> PersistentVector<Dummy> {
    ledger.dummies(0..40).into()
}

fn counts_to_forty(v: &PersistentVector<Dummy>) -> bool {
    if !cfg!(miri) {
        v.assert_invariants();
    }
    v.iter().map(|d| d.id).eq(0..40)
}

#[test]
fn persistent_clones_on_shared() {
    let clones = |work: fn(&mut PersistentVector<Dummy>)| {
        panic_at_every(
            Point::Clone,
            |ledger| {
                let hidden = forty(ledger);
                (hidden.clone(), hidden)
            },
            |(v, hidden), _| {
                work(v);
                v.assert_invariants();
                assert!(counts_to_forty(hidden));
            },
            |(v, hidden)| {
                assert!(counts_to_forty(hidden), "the hidden copy changed");
                assert!(v.ptr_eq(hidden) || counts_to_forty(v), "as it was");
            },
        )
    };
    assert_eq!(clones(|v| v.push_back(Ledger::new().dummy(9))), 8, "the tail");
    assert_eq!(clones(|v| drop(v.set(0, Ledger::new().dummy(9)))), 32, "one leaf");
    assert_eq!(clones(|v| drop(v.set(39, Ledger::new().dummy(9)))), 8, "the tail");
    assert_eq!(clones(|v| drop(v.pop_back())), 1);
    assert_eq!(clones(|v| v.truncate(3)), 0);
    assert_eq!(clones(PersistentVector::clear), 0);
    assert_eq!(clones(|v| v.extend(None)), 0);
    assert_eq!(clones(|v| v.extend([Ledger::new().dummy(9), Ledger::new().dummy(9)])), 8);
    assert_eq!(
        clones(|v| {
            let mut elements = v.clone().into_iter();
            drop((elements.next(), elements.next_back()));
        }),
        2,
        "what is asked for"
    );
    assert_eq!(clones(|v| drop(CowVec::from(v.clone()))), 40);
}

#[test]
fn persistent_drops_on_unique() {
    let drops = |work: fn(&mut PersistentVector<Dummy>)| {
        let whole = |v: &PersistentVector<Dummy>| v.assert_invariants();
        panic_at_every(Point::Drop, forty, |v, _| work(v), whole)
    };
    assert_eq!(drops(|v| v.truncate(35)), 5);
    assert_eq!(drops(|v| v.truncate(30)), 10);
    assert_eq!(drops(PersistentVector::clear), 40);
    assert_eq!(drops(|v| drop(v.pop_back())), 1);
    assert_eq!(drops(|v| drop(v.set(0, Ledger::new().dummy(9)))), 1);
    assert_eq!(drops(|v| drop(core::mem::take(v).into_iter().nth(1))), 40);
}

#[test]
fn persistent_extend_keeps_what_came_before_a_panic() {
    let closures = panic_at_every(
        Point::Closure,
        forty,
        |v, ledger| {
            let more: Vec<Dummy> = v.iter().cloned().collect();
            v.extend(more.into_iter().inspect(|_| ledger.pass(Point::Closure)));
            assert_eq!(v.len(), 80);
        },
        |v| {
            v.assert_invariants();
            assert!(v.iter().map(|d| d.id).eq((0..40).chain(0..v.len() as u32 - 40)));
        },
    );
    assert_eq!(closures, 40);
}
