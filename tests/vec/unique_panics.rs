//! Panics at every clone, drop, comparison and closure call in the methods of `UniqueVec`. Nothing is lost or
//! dropped twice, and only valid elements remain.

use std::mem;
use std::rc::Rc;

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use cow_collections::UniqueVec;

type Vector = UniqueVec<Dummy>;
type Work = fn(&mut Vector, &Rc<Ledger>);

fn say<R>(ledger: &Ledger, answer: R) -> R {
    ledger.pass(Point::Closure);
    answer
}

/// Returns an iterator that makes dummies and may panic before each.
fn coming(ledger: &Rc<Ledger>, ids: std::ops::Range<u32>) -> impl Iterator<Item = Dummy> {
    ids.map(|id| say(ledger, ledger.dummy(id)))
}

const WORKS: &[Work] = &[
    |v, l| drop(mem::replace(v.push_mut(l.dummy(9)), l.dummy(8))),
    |v, l| drop(mem::replace(v.insert_mut(2, l.dummy(9)), l.dummy(8))),
    |v, _| drop(v.remove(1)),
    |v, _| drop(v.swap_remove(1)),
    |v, _| drop(v.pop()),
    |v, l| drop(v.pop_if(|_| say(l, true))),
    |v, _| v.truncate(2),
    |v, _| v.clear(),
    |v, l| v.retain(|d| say(l, d.id % 2 == 1)),
    |v, l| v.retain_mut(|d| say(l, d.id % 2 == 1)),
    |v, _| v.dedup(),
    |v, l| v.dedup_by(|a, b| say(l, a.id == b.id)),
    |v, l| v.dedup_by_key(|d| say(l, d.id)),
    |v, _| drop(v.drain(1..3)),
    |v, _| drop(v.drain(1..4).nth(1)),
    |v, l| drop(v.splice(1..3, coming(l, 7..12))),
    |v, l| drop(v.splice(1..4, coming(l, 7..9).filter(|d| d.id != 8)).next_back()),
    |v, l| v.extract_if(.., |d| say(l, d.id == 1)).for_each(drop),
    |v, l| v.resize(9, l.dummy(9)),
    |v, l| v.resize(2, l.dummy(9)),
    |v, l| v.resize_with(9, || say(l, l.dummy(9))),
    |v, _| drop(v.split_off(2)),
    |v, l| v.append(&mut coming(l, 7..12).collect()),
    |v, _| v.extend_from_within(1..4),
    |v, l| v.extend_from_slice(&l.dummies(7..12)),
    |v, l| v.extend(coming(l, 7..12)),
    |v, _| drop(v.clone()),
    |v, l| v.clone_from(&l.dummies(7..9).into()),
    |v, _| v.sort(),
    |v, l| v.sort_unstable_by_key(|d| say(l, 9 - d.id)),
    |v, _| drop(mem::take(v).into_vec()),
    |v, _| drop(mem::take(v).into_boxed_slice()),
    |v, _| drop(mem::take(v).into_shared()),
    |v, _| drop(mem::take(v).into_iter().nth(2)),
    |v, _| drop(mem::take(v).into_iter().nth_back(2)),
    |v, _| drop(mem::take(v).into_iter().clone()),
];

#[test]
fn panic_in_any_edit_of_a_unique_vec_loses_nothing() {
    let _hits = demand(&[
        (Point::Clone, 23),
        (Point::Drop, 93),
        (Point::Closure, 50),
        (Point::Eq, 4),
        (Point::Cmp, 4),
    ]);
    let kinds = [Point::Clone, Point::Drop, Point::Closure, Point::Eq, Point::Cmp];
    for (i, work) in WORKS.iter().enumerate().filter(|(i, _)| !cfg!(miri) || i % 4 == 0) {
        let points = kinds.map(|point| {
            panic_at_every(
                point,
                |ledger| {
                    let ids = [3, 1, 1, 2, 0];
                    let v: Vector = ids.into_iter().map(|id| ledger.dummy(id)).collect();
                    v
                },
                work,
                |v| {
                    assert!(v.iter().all(|d| d.id < 12) && v.len() <= 10, "{v:?}");
                    assert!(v.capacity() >= v.len());
                },
            )
        });
        assert!(points.iter().sum::<usize>() > 0, "work {i} reaches no point");
    }
}
