//! Panics at every clone, drop, comparison and closure call of every operation, on unique and on shared
//! vectors.
//!
//! Nothing is lost or dropped twice, a shared vector is unchanged, and a hidden copy never changes. The tests
//! also check how many clones each operation makes.

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use cow_collections::{CowVec, PersistentVector, UniqueVec};
use std::mem;
use std::rc::Rc;

type Vector = CowVec<Dummy>;

fn ids(v: &[Dummy]) -> Vec<u32> {
    v.iter().map(|d| d.id).collect()
}

/// Five ids, two of them equal and adjacent.
const FIVE: [u32; 5] = [0, 1, 1, 2, 3];

fn five(ledger: &Rc<Ledger>) -> Vector {
    FIVE.iter().map(|id| ledger.dummy(*id)).collect()
}

/// Panics at every `point` of `work` on a shared vector of five. Returns the number of points.
fn on_shared(point: Point, whole: bool, work: impl Fn(&mut Vector, &Rc<Ledger>)) -> usize {
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
                v.ptr_eq(hidden) || point == Point::Drop || !whole,
                "the shared vector is unchanged"
            );
            drop(ids(v));
        },
    )
}

/// Panics at every `point` of `work` on a unique vector of five. Returns the number of points.
fn on_unique(point: Point, work: impl Fn(&mut Vector, &Rc<Ledger>)) -> usize {
    panic_at_every(point, five, |v, ledger| work(v, ledger), |v| drop(ids(v)))
}

/// An operation, and how often it reaches each kind of point.
struct Edit {
    name: &'static str,
    work: fn(&mut Vector, &Rc<Ledger>),
    shared_clones: usize,
    unique_clones: usize,
    closures: usize,
    comparisons: usize,
    /// Whether a panicking clone or closure leaves a shared vector unchanged.
    whole: bool,
}

/// Returns an operation that clones `shared_clones` elements of a shared vector and calls no other user code.
const fn edit(
    name: &'static str,
    shared_clones: usize,
    work: fn(&mut Vector, &Rc<Ledger>),
) -> Edit {
    let (unique_clones, closures, comparisons) = (0, 0, 0);
    Edit { name, work, shared_clones, unique_clones, closures, comparisons, whole: true }
}

impl Edit {
    const fn calls(self, closures: usize) -> Self {
        Self { closures, ..self }
    }
    const fn compares(self, comparisons: usize) -> Self {
        Self { comparisons, ..self }
    }
    const fn unique_clones(self, unique_clones: usize) -> Self {
        Self { unique_clones, ..self }
    }
    const fn in_steps(self) -> Self {
        Self { whole: false, ..self }
    }
    /// Panics at each `point` and checks that there are `count`. Miri skips operations without points.
    fn check(&self, point: Point, count: usize, points: impl Fn(Point) -> usize) {
        if !cfg!(miri) || count > 0 {
            assert_eq!(points(point), count, "{point:?}: {}", self.name);
        }
    }
}

/// Returns a closure's answer, or panics if the test requested it.
fn say<R>(ledger: &Ledger, answer: R) -> R {
    ledger.pass(Point::Closure);
    answer
}

/// Returns an iterator that makes dummies and may panic before each.
fn coming(ledger: &Rc<Ledger>, ids: std::ops::Range<u32>) -> impl Iterator<Item = Dummy> {
    ids.map(|id| say(ledger, ledger.dummy(id)))
}

const EDITS: &[Edit] = &[
    edit("make_mut", 5, |v, _| _ = v.make_mut()),
    edit("make_unique", 5, |v, _| _ = v.make_unique()),
    edit("reserve", 5, |v, _| v.reserve(1)),
    edit("reserve_exact", 5, |v, _| v.reserve_exact(1)),
    edit("try_reserve", 5, |v, _| v.try_reserve(1).unwrap()),
    edit("try_reserve_exact", 5, |v, _| v.try_reserve_exact(1).unwrap()),
    edit("shrink_to_fit", 0, |v, _| v.shrink_to_fit()),
    edit("push", 5, |v, l| v.push(l.dummy(9))),
    edit("push_mut", 5, |v, l| v.push_mut(l.dummy(9)).id = 8),
    edit("try_push", 0, |v, l| drop(v.try_push(l.dummy(9)))),
    edit("insert", 5, |v, l| v.insert(2, l.dummy(9))),
    edit("insert at the end", 5, |v, l| v.insert(5, l.dummy(9))),
    edit("insert_mut", 5, |v, l| v.insert_mut(2, l.dummy(9)).id = 8),
    edit("set: four others and the returned one", 5, |v, l| drop(v.set(2, l.dummy(9)))),
    edit("remove: four others and the returned one", 5, |v, _| drop(v.remove(2))),
    edit("remove the last one: as pop", 1, |v, _| drop(v.remove(4))),
    edit("swap_remove", 5, |v, _| drop(v.swap_remove(1))),
    edit("swap_remove the last one", 1, |v, _| drop(v.swap_remove(4))),
    edit("pop", 1, |v, _| drop(v.pop())),
    edit("pop_if it goes", 1, |v, l| drop(v.pop_if(|_| say(l, true)))).calls(1),
    edit("pop_if it stays", 5, |v, l| drop(v.pop_if(|_| say(l, false)))).calls(1),
    edit("truncate", 0, |v, _| v.truncate(2)),
    edit("clear", 0, |v, _| v.clear()),
    edit("retain odd", 3, |v, l| v.retain(|d| say(l, d.id % 2 == 1))).calls(5),
    edit("retain all", 0, |v, l| v.retain(|_| say(l, true))).calls(5),
    edit("retain a prefix", 0, |v, l| v.retain(|d| say(l, d.id < 2))).calls(5),
    edit("retain a tail", 2, |v, l| v.retain(|d| say(l, d.id > 1))).calls(5),
    edit("retain_mut", 5, |v, l| v.retain_mut(|d| say(l, d.id % 2 == 1))).calls(5),
    edit("dedup", 4, |v, _| v.dedup()).compares(4),
    edit("dedup_by", 5, |v, l| v.dedup_by(|a, b| say(l, a.id == b.id))).calls(4),
    edit("dedup_by_key", 5, |v, l| v.dedup_by_key(|d| say(l, d.id))).calls(8),
    edit("drain the middle", 3, |v, _| drop(v.drain(1..3))),
    edit("drain a prefix", 3, |v, _| drop(v.drain(..2))),
    edit("drain a tail", 0, |v, _| drop(v.drain(3..))),
    edit("drain nothing", 0, |v, _| drop(v.drain(2..2))),
    edit("drain, one from each end", 4, |v, _| {
        let mut drain = v.drain(1..4);
        drop((drain.next(), drain.next_back()));
    })
    .in_steps(),
    edit("drain, the second", 3, |v, _| drop(v.drain(1..4).nth(1))).in_steps(),
    edit("splice to more", 3, |v, l| drop(v.splice(1..3, l.dummies(7..12)))),
    edit("splice a tail", 3, |v, l| drop(v.splice(3.., l.dummies(7..9)))),
    edit("splice from an iterator", 3, |v, l| drop(v.splice(1..3, coming(l, 7..12))))
        .calls(5)
        .in_steps(),
    edit("splice, one from each end", 4, |v, l| {
        let mut splice = v.splice(1..4, coming(l, 7..9).filter(|d| d.id != 8));
        drop((splice.next(), splice.next_back()));
    })
    .calls(2)
    .in_steps(),
    edit("extract_if", 5, |v, l| v.extract_if(.., |d| say(l, d.id == 1)).for_each(drop)).calls(5),
    edit("extract_if within", 5, |v, l| v.extract_if(2..4, |_| say(l, true)).for_each(drop))
        .calls(2),
    edit("extract_if, one", 5, |v, l| drop(v.extract_if(1.., |_| say(l, true)).next())).calls(1),
    edit("extract_if, none", 0, |v, l| drop(v.extract_if(.., |_| say(l, true)))),
    edit("resize: the value is the last one", 6, |v, l| v.resize(7, l.dummy(9))).unique_clones(1),
    edit("resize to less", 0, |v, l| v.resize(2, l.dummy(9))),
    edit("resize_with", 5, |v, l| v.resize_with(7, || say(l, l.dummy(9)))).calls(2),
    edit("split_off", 3, |v, _| drop(v.split_off(2))),
    edit("split_off all", 0, |v, _| drop(v.split_off(0))),
    edit("split_off none", 0, |v, _| drop(v.split_off(5))),
    edit("append", 5, |v, l| v.append(&mut l.dummies(7..9).into())),
    edit("append nothing", 0, |v, _| v.append(&mut Vector::with_capacity(3))),
    edit("append a shared vector", 7, |v, l| {
        let other = Vector::from(l.dummies(7..9));
        v.append(&mut other.clone());
    })
    .unique_clones(2),
    edit("extend_from_within", 7, |v, _| v.extend_from_within(1..3)).unique_clones(2),
    edit("extend_from_slice", 7, |v, l| v.extend_from_slice(&l.dummies(7..9))).unique_clones(2),
    edit("extend", 5, |v, l| v.extend(coming(l, 7..12))).calls(5).in_steps(),
    edit("extend by nothing", 0, |v, _| v.extend(None)),
    edit("into_vec", 5, |v, _| drop(mem::take(v).into_vec())).in_steps(),
    edit("into_boxed_slice", 5, |v, _| drop(mem::take(v).into_boxed_slice())).in_steps(),
    edit("into_unique", 5, |v, _| drop(mem::take(v).into_unique())).in_steps(),
    edit("into_iter, one from each end", 2, |v, _| {
        let mut elements = mem::take(v).into_iter();
        drop((elements.next(), elements.next_back()));
    })
    .in_steps(),
    edit("into_iter, the fourth", 1, |v, _| drop(mem::take(v).into_iter().nth(3))).in_steps(),
    edit("into_iter, counted", 0, |v, _| _ = mem::take(v).into_iter().count()).in_steps(),
    edit("drop", 0, |v, _| drop(mem::take(v))),
];

#[test]
fn panic_in_any_edit_of_a_shared_vector_loses_nothing() {
    let _hits =
        demand(&[(Point::Clone, 207), (Point::Drop, 49), (Point::Closure, 61), (Point::Eq, 4)]);
    for edit in EDITS {
        let points = |point| on_shared(point, edit.whole, edit.work);
        edit.check(Point::Clone, edit.shared_clones, points);
        edit.check(Point::Closure, edit.closures, points);
        edit.check(Point::Eq, edit.comparisons, points);
        points(Point::Drop);
    }
}

#[test]
fn panic_in_any_edit_of_a_unique_vector_loses_nothing() {
    let _hits =
        demand(&[(Point::Clone, 7), (Point::Drop, 105), (Point::Closure, 61), (Point::Eq, 4)]);
    for edit in EDITS {
        let points = |point| on_unique(point, edit.work);
        edit.check(Point::Clone, edit.unique_clones, points);
        edit.check(Point::Closure, edit.closures, points);
        edit.check(Point::Eq, edit.comparisons, points);
        points(Point::Drop);
    }
}

/// Checks that shrinking a short prefix clones it, so that the rest can be freed.
#[test]
fn shrinking_a_prefix() {
    let _hits = demand(&[(Point::Clone, 1)]);
    let clones = on_shared(Point::Clone, false, |v, _| {
        v.truncate(1);
        v.shrink_to_fit();
    });
    assert_eq!(clones, 1);
}

/// Checks that a unique vector loses only the elements that its closure rejected before the panic.
#[test]
#[cfg(not(miri))] // Miri runs only the first and the last point.
fn a_closure_that_panics_on_unique_loses_only_what_it_rejected() {
    let _hits = demand(&[(Point::Closure, 24)]);
    let survivors = |work: fn(&mut Vector, &Rc<Ledger>)| {
        let seen = std::cell::RefCell::new(Vec::new());
        let after = |v: &Vector| seen.borrow_mut().push(ids(v));
        panic_at_every(Point::Closure, five, work, after);
        seen.into_inner()
    };
    let rejecting_0_and_2 =
        [vec![0, 1, 1, 2, 3], vec![1, 1, 2, 3], vec![1, 1, 2, 3], vec![1, 1, 2, 3], vec![1, 1, 3]];
    assert_eq!(survivors(|v, l| v.retain(|d| say(l, d.id % 2 == 1))), rejecting_0_and_2);
    assert_eq!(survivors(|v, l| v.retain_mut(|d| say(l, d.id % 2 == 1))), rejecting_0_and_2);
    assert_eq!(
        survivors(|v, l| v.extract_if(.., |d| say(l, d.id % 2 == 0)).for_each(drop)),
        rejecting_0_and_2
    );
    assert_eq!(
        survivors(|v, l| v.dedup_by(|a, b| say(l, a.id == b.id))),
        [vec![0, 1, 1, 2, 3], vec![0, 1, 1, 2, 3], vec![0, 1, 2, 3], vec![0, 1, 2, 3]]
    );
    assert_eq!(
        survivors(|v, l| v.resize_with(7, || say(l, l.dummy(9)))),
        [vec![0, 1, 1, 2, 3], vec![0, 1, 1, 2, 3, 9]]
    );
    assert_eq!(
        survivors(|v, l| drop(v.splice(1..3, coming(l, 7..10)))),
        [vec![0, 2, 3], vec![0, 7, 2, 3], vec![0, 7, 8, 2, 3]]
    );
}

/// Checks the number of drops. All of them run even if one panics.
#[test]
fn drops_on_unique() {
    let _hits = demand(&[(Point::Drop, 32)]);
    let drops = |work: fn(&mut Vector)| on_unique(Point::Drop, move |v, _| work(v));
    assert_eq!(drops(|v| v.truncate(2)), 3);
    assert_eq!(drops(Vector::clear), 5);
    assert_eq!(drops(|v| drop(mem::take(v))), 5);
    assert_eq!(drops(|v| v.retain(|d| d.id % 2 == 1)), 2);
    assert_eq!(drops(|v| drop(v.remove(0))), 1);
    assert_eq!(drops(|v| drop(v.drain(1..4))), 3);
    assert_eq!(drops(|v| drop(v.drain(1..4).nth(1))), 3);
    assert_eq!(drops(|v| drop(mem::take(v).into_iter().skip(1).nth(1))), 5);
    assert_eq!(drops(|v| drop(mem::take(v).into_iter().nth_back(2))), 5);
}

/// Checks that the tail behind a drained range moves back although a drop panics. `splice` then inserts nothing.
#[test]
fn a_drop_that_panics_in_a_drains_drop_still_closes_the_gap() {
    let _hits = demand(&[(Point::Drop, 6)]);
    let drops = panic_at_every(
        Point::Drop,
        five,
        |v, _| drop(v.drain(1..4)),
        |v| assert_eq!(ids(v), [0, 3], "the gap is closed"),
    );
    assert_eq!(drops, 3);
    let drops = panic_at_every(
        Point::Drop,
        five,
        |v, l| drop(v.splice(1..4, l.dummies(7..9))),
        |v| assert_eq!(ids(v), [0, 3], "the gap is closed and nothing is inserted"),
    );
    assert_eq!(drops, 3);
}

/// Checks that a panicking drop of an excess element changes nothing else. Excess elements lie past the end; a
/// vector that is unique again drops them (B5).
#[test]
fn a_drop_that_panics_in_a_trim() {
    let _hits = demand(&[(Point::Drop, 3)]);
    let drops = panic_at_every(
        Point::Drop,
        |ledger| {
            let mut v = five(ledger);
            let all = v.clone();
            v.truncate(2);
            drop(all);
            v
        },
        |v, _| _ = v.make_mut(),
        |v| assert_eq!(ids(v), [0, 1]),
    );
    assert_eq!(drops, 3);
}

/// Checks that a panicking clone leaves both vectors of `append` unchanged.
#[test]
fn appending_a_vector_that_stays_whole() {
    let _hits = demand(&[(Point::Clone, 12)]);
    for shared in [false, true] {
        let clones = panic_at_every(
            Point::Clone,
            |ledger| {
                let (hidden, other) = (five(ledger), Vector::from(ledger.dummies(7..9)));
                let keep = shared.then(|| other.clone());
                (hidden.clone(), hidden, other, keep)
            },
            |(v, _, other, _), _| {
                v.append(other);
                assert_eq!((v.len(), other.len()), (7, 0));
            },
            |(v, hidden, other, _)| {
                assert!(v.ptr_eq(hidden));
                assert_eq!(ids(other), [7, 8]);
            },
        );
        assert_eq!(clones, if shared { 7 } else { 5 });
    }
}

/// Checks that an iterator continues after a panic, with the element at which the closure panicked.
#[test]
fn iterators_go_on_after_a_panic() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    for shared in [false, true] {
        let ledger = Ledger::new();
        let mut v = five(&ledger);
        let hidden = shared.then(|| v.clone());
        let mut calls = 0;
        let mut extract = v.extract_if(.., |d| {
            calls += 1;
            assert_ne!(calls, 2, "on purpose");
            d.id == 1
        });
        assert!(catch_unwind(AssertUnwindSafe(|| extract.next())).is_err());
        assert!(extract.by_ref().map(|d| d.id).eq([1, 1]));
        drop(extract);
        assert_eq!((calls, ids(&v)), (6, vec![0, 2, 3]));
        drop((v, hidden));
        assert_eq!(ledger.live(), 0);
    }
}

/// Panics at every clone in `UniqueVec::clone` and in the clone of its iterator.
#[test]
fn a_unique_vec_clones_itself_whole() {
    let _hits = demand(&[(Point::Clone, 9)]);
    let clones = panic_at_every(
        Point::Clone,
        |ledger| five(ledger).into_unique(),
        |v, _| drop(v.clone()),
        |v: &UniqueVec<Dummy>| assert_eq!(ids(v), FIVE),
    );
    assert_eq!(clones, 5);
    let clones = panic_at_every(
        Point::Clone,
        |ledger| five(ledger).into_unique().into_iter(),
        |elements, _| {
            drop(elements.next());
            drop(elements.clone());
        },
        |elements| assert_eq!(elements.len(), 4),
    );
    assert_eq!(clones, 4);
}

/// Returns forty dummies: a leaf of 32 in the tree, and a tail of 8.
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
    let _hits = demand(&[(Point::Clone, 99)]);
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
                assert!(v.ptr_eq(hidden) || counts_to_forty(v), "the vector is unchanged");
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
        "only the elements taken"
    );
    assert_eq!(clones(|v| drop(CowVec::from(v.clone()))), 40);
}

#[test]
fn persistent_drops_on_unique() {
    let _hits = demand(&[(Point::Drop, 97)]);
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
    let _hits = demand(&[(Point::Closure, 40)]);
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
