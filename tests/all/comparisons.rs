//! Panics at every comparison and every hash of an element, in every method that compares or hashes vectors.
//!
//! The vectors are unchanged, and nothing is lost or dropped twice. Edits that compare elements, such as `sort`
//! and `dedup`, are tested here too.

use std::collections::BinaryHeap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hash;
use std::mem;

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use cow_collections::{CowVec, PersistentVector, UniqueVec};

/// Two equal vectors that do not share a buffer.
type Pair<V> = (V, V);

/// A comparison or hash of the two vectors.
type Ask<V> = fn(&Pair<V>);

/// Panics at every `point` of `ask` on two vectors of `n` elements, and checks that both are unchanged.
fn asking<V: From<Vec<Dummy>>>(
    point: Point,
    n: u32,
    ask: Ask<V>,
    ids: fn(&V) -> Vec<u32>,
) -> usize {
    panic_at_every(
        point,
        |ledger| (ledger.dummies(0..n).into(), ledger.dummies(0..n).into()),
        |pair, _| ask(pair),
        |(a, b)| assert!(ids(a).into_iter().eq(0..n) && ids(b).into_iter().eq(0..n)),
    )
}

fn hash(value: impl Hash) {
    value.hash(&mut DefaultHasher::new());
}

fn ids<'a>(v: impl IntoIterator<Item = &'a Dummy>) -> Vec<u32> {
    v.into_iter().map(|d| d.id).collect()
}

#[test]
fn panic_in_any_comparison_of_vectors_changes_nothing() {
    let _hits = demand(&[(Point::Eq, 29), (Point::Cmp, 20), (Point::Hash, 10)]);
    let points = |point, ask: Ask<CowVec<Dummy>>| asking(point, 5, ask, |v| ids(v));
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a == b)), 5);
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a.fast_eq(b))), 5);
    assert_eq!(points(Point::Eq, |(a, _)| assert!(a.fast_eq(&a.clone()))), 0, "the same buffer");
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a.contains(&b[3]))), 4);
    assert_eq!(points(Point::Eq, |(a, b)| assert!(*a == *b.as_slice() && b.as_slice() == *a)), 10);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.cmp(b).is_eq())), 5);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.partial_cmp(b).unwrap().is_eq())), 5);
    assert!(points(Point::Cmp, |(a, b)| _ = a.binary_search(&b[4])) > 1);
    assert_eq!(points(Point::Hash, |(a, _)| hash(a)), 5);
    let points = |point, ask: Ask<UniqueVec<Dummy>>| asking(point, 5, ask, |v| ids(v));
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a == b)), 5);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.cmp(b).is_eq())), 5);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.partial_cmp(b).unwrap().is_eq())), 5);
    assert_eq!(points(Point::Hash, |(a, _)| hash(a)), 5);
}

#[test]
fn panic_in_any_comparison_of_persistent_vectors_changes_nothing() {
    let _hits = demand(&[(Point::Eq, 700), (Point::Cmp, 200), (Point::Hash, 100)]);
    let points = |point, ask: Ask<PersistentVector<Dummy>>| asking(point, 100, ask, |v| ids(v));
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a == b)), 100);
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a.eq_shared(b))), 100);
    assert_eq!(points(Point::Eq, |(a, _)| assert!(a.eq_shared(&a.clone()))), 0, "the same tree");
    assert_eq!(
        points(Point::Eq, |(a, b)| assert!(*a == b.iter().cloned().collect::<Vec<_>>())),
        100
    );
    assert_eq!(
        points(Point::Eq, |(a, b)| assert!(*a == b.iter().cloned().collect::<CowVec<_>>())),
        100
    );
    assert_eq!(points(Point::Eq, |(a, b)| assert!(a.contains(&b[70]))), 71);
    assert_eq!(points(Point::Eq, |(a, b)| assert_eq!(a.index_of(&b[70]), Some(70))), 71);
    assert!(points(Point::Eq, |(a, b)| assert!(a.diff(b).is_empty())) >= 100);
    let prefix = |(a, b): &Pair<_>| assert!(PersistentVector::starts_with(a, &ends(b, 0, 40)));
    assert_eq!(points(Point::Eq, prefix), 40);
    let suffix = |(a, b): &Pair<_>| assert!(PersistentVector::ends_with(a, &ends(b, 60, 100)));
    assert_eq!(points(Point::Eq, suffix), 40);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.cmp(b).is_eq())), 100);
    assert_eq!(points(Point::Cmp, |(a, b)| assert!(a.partial_cmp(b).unwrap().is_eq())), 100);
    assert!(points(Point::Cmp, |(a, b)| _ = a.binary_search(&b[99])) > 3);
    assert_eq!(points(Point::Hash, |(a, _)| hash(a)), 100);
}

fn ends(v: &PersistentVector<Dummy>, from: usize, to: usize) -> Vec<Dummy> {
    v.iter().skip(from).take(to - from).cloned().collect()
}

/// An edit that compares elements, and whether it keeps them all.
type Edit<V> = (fn(&mut V), bool);

/// Panics at every `point` of `edit`, on a unique vector and on one with a hidden copy.
fn editing<V>(point: Point, n: u32, (edit, keeps): Edit<V>, ids: fn(&V) -> Vec<u32>) -> usize
where
    V: From<Vec<Dummy>> + Clone,
{
    // Descending ids, each twice.
    let make = |ledger: &std::rc::Rc<Ledger>| -> V {
        let ids = (0..n).rev().flat_map(|id| [id, id]);
        ids.map(|id| ledger.dummy(id)).collect::<Vec<_>>().into()
    };
    let whole = |v: &V| {
        let mut ids = ids(v);
        ids.sort_unstable();
        assert!(!keeps || ids.into_iter().eq((0..n).flat_map(|id| [id, id])));
    };
    let hides = |hidden: &V| {
        assert!(ids(hidden).into_iter().eq((0..n).rev().flat_map(|id| [id, id])), "copy changed");
    };
    let alone = panic_at_every(point, make, |v, _| edit(v), whole);
    let shared = panic_at_every(
        point,
        |ledger| {
            let hidden = make(ledger);
            (hidden.clone(), hidden)
        },
        |(v, _), _| edit(v),
        |(v, hidden)| {
            whole(v);
            hides(hidden);
        },
    );
    alone + shared
}

#[test]
fn panic_in_any_comparing_edit_of_vectors_loses_nothing() {
    let _hits = demand(&[(Point::Eq, 18), (Point::Cmp, 40), (Point::Clone, 20), (Point::Drop, 25)]);
    let ids = |v: &CowVec<Dummy>| ids(v);
    let dedup: Edit<CowVec<Dummy>> = (CowVec::dedup, false);
    assert_eq!(editing(Point::Eq, 5, dedup, ids), 18);
    let sorts: [Edit<CowVec<Dummy>>; 3] = [
        (|v| v.make_mut().sort(), true),
        (|v| v.make_unique().sort_unstable(), true),
        (|v| drop(BinaryHeap::from(mem::take(v))), false),
    ];
    for sort in sorts {
        for point in [Point::Cmp, Point::Clone] {
            assert!(editing(point, 5, sort, ids) >= 10, "{point:?}");
        }
        editing(Point::Drop, 5, sort, ids);
    }
    editing(Point::Drop, 5, dedup, ids);
}

#[test]
fn panic_in_any_comparing_edit_of_persistent_vectors_loses_nothing() {
    let _hits =
        demand(&[(Point::Eq, 190), (Point::Cmp, 800), (Point::Clone, 200), (Point::Drop, 50)]);
    let ids = |v: &PersistentVector<Dummy>| ids(v);
    let dedup: Edit<PersistentVector<Dummy>> = (PersistentVector::dedup, false);
    assert!(editing(Point::Eq, 50, dedup, ids) >= 2 * 99);
    let sorts: [Edit<PersistentVector<Dummy>>; 2] =
        [(PersistentVector::sort, true), (PersistentVector::sort_unstable, true)];
    for sort in sorts {
        assert!(editing(Point::Cmp, 50, sort, ids) >= 2 * 99);
        assert!(editing(Point::Clone, 50, sort, ids) >= 100);
        editing(Point::Drop, 50, sort, ids);
    }
    editing(Point::Drop, 50, dedup, ids);
}
