//! Panics at every clone, drop, comparison and closure call in every operation of `CopyOnWriteList` and
//! `CopyOnWriteSet`.
//!
//! No element is lost or dropped twice, no lock stays taken, and an earlier snapshot is unchanged. The list is
//! unchanged too, unless a drop panicked.

use std::rc::Rc;

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet, CowVec};

type List = CopyOnWriteList<Dummy>;
type Set = CopyOnWriteSet<Dummy>;
type Work<C> = fn(&C, &Rc<Ledger>);

fn ids(v: &[Dummy]) -> Vec<u32> {
    v.iter().map(|d| d.id).collect()
}

/// Returns a closure's `answer`, or panics if the ledger asks for it.
fn say<R>(ledger: &Ledger, answer: R) -> R {
    ledger.pass(Point::Closure);
    answer
}

/// Makes dummies by an iterator that may panic at each one.
fn coming(ledger: &Rc<Ledger>, ids: std::ops::Range<u32>) -> impl Iterator<Item = Dummy> {
    ids.map(|id| say(ledger, ledger.dummy(id)))
}

/// The operations of a list. A panic leaves the list unchanged, unless a drop panicked.
const WORKS: &[Work<List>] = &[
    |l, a| l.push(a.dummy(9)),
    |l, a| l.push_front(a.dummy(9)),
    |l, a| l.extend(coming(a, 7..12)),
    |l, a| l.extend_from_slice(&a.dummies(7..9)),
    |l, a| drop(l.insert(2, a.dummy(9))),
    |l, a| drop(l.insert_many(2, coming(a, 7..9))),
    |l, a| drop(l.set(2, a.dummy(9))),
    |l, _| drop(l.pop()),
    |l, _| drop(l.pop_front()),
    |l, _| drop(l.remove_at(1)),
    |l, _| drop(l.swap_remove_at(1)),
    |l, _| drop(l.remove_range(1..3)),
    |l, a| drop(l.splice(1..3, coming(a, 7..12))),
    |l, a| _ = l.update_range(1..4, |_| say(a, ())),
    |l, _| l.truncate(2),
    |l, _| l.clear(),
    |l, a| _ = l.retain(|d| say(a, d.id % 2 == 1)),
    |l, a| l.replace_all(|d| say(a, a.dummy(d.id + 1))),
    |l, a| l.update(|v| v.push(say(a, a.dummy(9)))),
    |l, a| l.update(|v| v.make_mut()[1] = say(a, a.dummy(9))),
    |l, a| drop(l.try_update(|v| say(a, Err::<(), _>(v.pop())))),
    |l, _| drop(l.update(CowVec::pop)),
    |l, a| {
        let edit = |v: &mut CowVec<Dummy>| {
            v.make_mut()[1] = say(a, a.dummy(9));
            Err::<(), _>(v.pop())
        };
        drop(l.try_update(edit));
    },
    |l, a| drop(l.push_if_absent(a.dummy(1))),
    |l, a| drop(l.rcu(|v| say(a, v.iter().cloned().collect()))),
    |l, a| l.store(a.dummies(7..9)),
    |l, a| {
        let seen = l.snapshot();
        drop(l.compare_and_swap(&seen, say(a, a.dummies(7..9))));
    },
    |l, _| _ = l.dedup(),
    |l, a| _ = l.dedup_by(|x, y| say(a, x.id == y.id)),
    |l, a| _ = l.dedup_by_key(|d| say(a, d.id)),
    |l, _| l.reverse(),
    |l, _| l.rotate_left(2),
    |l, _| l.sort(),
    |l, _| l.sort_unstable(),
    |l, a| l.sort_by(|x, y| say(a, y.id.cmp(&x.id))),
    |l, a| l.sort_by_key(|d| say(a, 9 - d.id)),
    |l, a| l.sort_unstable_by_key(|d| say(a, 9 - d.id)),
    |l, a| drop(l.push_if_absent(a.dummy(9))),
    |l, a| _ = l.extend_absent(coming(a, 2..9)),
    |l, a| drop(l.remove(&a.dummy(2))),
    |l, a| _ = l.remove_all(&a.dummies(1..3)),
    |l, a| assert!(l.contains(&a.dummy(3))),
    |l, a| assert!(l.contains_all(&a.dummies(0..3))),
    |l, a| assert_eq!(l.index_of(&a.dummy(3)), Some(0)),
    |l, a| assert_eq!(l.last_index_of(&a.dummy(0)), Some(4)),
    |l, a| l.for_each(|_| say(a, ())),
    |l, _| assert!(*l == l.fork()),
    |l, _| drop(l.fork()),
    |l, _| drop(l.snapshot().into_vec()),
    |l, a| {
        let more: CowVec<Dummy> = a.dummies(7..9).into();
        let shared = more.clone();
        l.store(more);
        drop(shared);
    },
];

/// The operations of a set.
const SET_WORKS: &[Work<Set>] = &[
    |s, a| assert!(s.insert(a.dummy(9))),
    |s, a| assert!(!s.insert(a.dummy(3))),
    |s, a| assert!(s.remove(&a.dummy(3))),
    |s, a| assert!(s.contains(&a.dummy(0))),
    |s, a| assert_eq!(s.extend(coming(a, 2..9)), 5),
    |s, a| _ = s.retain(|d| say(a, d.id % 2 == 1)),
    |s, a| assert!(s.is_subset(&coming(a, 0..5).collect())),
    |s, a| assert!(s.is_superset(&a.dummies(0..2).into())),
    |s, a| assert!(*s == a.dummies(0..4).into()),
];

/// Panics at every `point` of `work` on a collection of `ids_of`, and returns the number of points. Runs with and
/// without a snapshot, because a snapshot delays drops.
fn at_every<C: From<Vec<Dummy>>>(
    point: Point,
    ids_of: &[u32],
    snapshot: fn(&C) -> CowVec<Dummy>,
    again: Work<C>,
    work: Work<C>,
) -> usize {
    let points = [true, false].map(|kept| {
        panic_at_every(
            point,
            |ledger| {
                let all: Vec<Dummy> = ids_of.iter().map(|id| ledger.dummy(*id)).collect();
                let made = C::from(all);
                let before = kept.then(|| snapshot(&made));
                (made, before, ledger.clone())
            },
            |(made, before, _), ledger| {
                work(made, ledger);
                assert!(before.iter().all(|before| ids(before) == ids_of));
            },
            |(made, before, ledger)| {
                assert!(
                    before.iter().all(|before| ids(before) == ids_of),
                    "the snapshot is unchanged"
                );
                if point != Point::Drop {
                    assert_eq!(ids(&snapshot(made)), ids_of, "the collection is unchanged");
                }
                // No lock is held, so another write succeeds.
                again(made, ledger);
                assert!(snapshot(made).iter().any(|d| d.id == 99));
            },
        )
    });
    points.iter().sum()
}

const KINDS: [Point; 5] = [Point::Clone, Point::Drop, Point::Closure, Point::Eq, Point::Cmp];

#[test]
fn panic_in_any_operation_of_a_list_loses_nothing() {
    let _hits = demand(&[
        (Point::Clone, 360),
        (Point::Drop, 290),
        (Point::Closure, 190),
        (Point::Eq, 180),
        (Point::Cmp, 20),
    ]);
    for (i, work) in WORKS.iter().enumerate().filter(|(i, _)| !cfg!(miri) || i % 6 == 0) {
        let again: Work<List> = |list, ledger| list.push(ledger.dummy(99));
        let points =
            KINDS.map(|point| at_every(point, &[3, 1, 1, 2, 0], List::snapshot, again, *work));
        assert!(cfg!(miri) || points.iter().sum::<usize>() > 0, "work {i} has no point");
    }
}

#[test]
fn panic_in_any_operation_of_a_set_loses_nothing() {
    let _hits =
        demand(&[(Point::Clone, 28), (Point::Drop, 50), (Point::Closure, 32), (Point::Eq, 194)]);
    for (i, work) in SET_WORKS.iter().enumerate().filter(|(i, _)| !cfg!(miri) || i % 4 == 0) {
        let again: Work<Set> = |set, ledger| assert!(set.insert(ledger.dummy(99)));
        let points = KINDS.map(|point| at_every(point, &[3, 1, 2, 0], Set::snapshot, again, *work));
        assert!(cfg!(miri) || points.iter().sum::<usize>() > 0, "work {i} has no point");
    }
}
