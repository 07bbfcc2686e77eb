//! Panics at every clone, drop and closure call in every edit of `PersistentVector`.
//!
//! No element is lost or dropped twice, the vector's invariants hold, and a hidden copy is unchanged. The vector has
//! four leaves of odd sizes in its tree and a tail, and may have a front leaf of either form.

use std::rc::Rc;

use crate::common::dummy::{Dummy, Ledger, Point, demand, panic_at_every};
use cow_collections::{CowVec, PersistentVector};

type Vector = PersistentVector<Dummy>;

const N: u32 = 100;

type Make = fn(&Rc<Ledger>) -> Vector;

fn pieces(ledger: &Rc<Ledger>) -> Vector {
    pieces_from(ledger, 0)
}

/// Makes a vector whose first eight elements are in a front leaf with room before them.
fn with_front_leaf(ledger: &Rc<Ledger>) -> Vector {
    let mut v = pieces_from(ledger, 8);
    (0..8).rev().for_each(|id| v.push_front(ledger.dummy(id)));
    v
}

/// Makes a vector whose front leaf was taken from the tree, and hides two elements before the first.
fn popped(ledger: &Rc<Ledger>) -> Vector {
    let mut v: Vector = ledger.dummies(1_000..1_002).into();
    v.append(pieces(ledger));
    let shared = v.clone();
    (0..2).for_each(|_| drop(v.pop_front()));
    drop(shared);
    v
}

/// Makes a vector of one front leaf, with hidden elements on both sides.
fn only_a_front_leaf(ledger: &Rc<Ledger>) -> Vector {
    let mut v: Vector = ledger.dummies(1_000..1_004).into();
    v.extend(ledger.dummies(0..9));
    v.extend(ledger.dummies(1_000..1_004));
    let shared = v.clone();
    (0..4).for_each(|_| drop(v.pop_front()));
    v.truncate(9);
    drop(shared);
    v
}

fn pieces_from(ledger: &Rc<Ledger>, first: u32) -> Vector {
    let mut v: Vector = ledger.dummies(first..30).into();
    for (from, to) in [(30, 32), (32, 61), (61, 62), (62, N)] {
        v.append(ledger.dummies(from..to).into());
    }
    v
}

fn ids(v: &Vector) -> Vec<u32> {
    v.iter().map(|d| d.id).collect()
}

fn counts(v: &Vector) -> bool {
    v.iter().map(|d| d.id).eq(0..v.len() as u32)
}

/// Panics at every `point` of `work`, on a shared vector with a hidden copy and on a unique one. Calls `after` with
/// the vector after each panic. Returns the number of points on the shared and on the unique vector.
fn at_every(
    make: Make,
    point: Point,
    work: fn(&mut Vector, &Ledger),
    after: impl Fn(&Vector, bool),
) -> (usize, usize) {
    let shared = panic_at_every(
        point,
        |ledger| {
            let hidden = make(ledger);
            (hidden.clone(), hidden)
        },
        |(v, hidden), ledger| {
            work(v, ledger);
            v.assert_invariants();
            assert!(counts(hidden));
        },
        |(v, hidden)| {
            v.assert_invariants();
            hidden.assert_invariants();
            assert!(counts(hidden), "the hidden copy is unchanged");
            after(v, true);
        },
    );
    let alone = panic_at_every(
        point,
        make,
        |v, ledger| {
            work(v, ledger);
            v.assert_invariants();
        },
        |v| {
            v.assert_invariants();
            after(v, false);
        },
    );
    (shared, alone)
}

/// Edits that clone elements of shared leaves.
const WORKS: &[fn(&mut Vector, &Ledger)] = &[
    |v, _| v.insert(31, Ledger::new().dummy(7)),
    |v, _| v.insert(3, Ledger::new().dummy(7)),
    |v, _| v.push_front(Ledger::new().dummy(7)),
    |v, _| drop(v.remove(31)),
    |v, _| drop(v.remove(70)),
    |v, _| drop(v.pop_front()),
    |v, _| drop(v.swap_remove(5)),
    |v, _| v.truncate(33),
    |v, _| drop(v.split_off(40)),
    |v, _| drop(v.slice(10..70)),
    |v, _| v.append(v.clone()),
    |v, _| v.rotate_left(40),
    |v, _| drop(v.drain(5..65)),
    |v, _| drop(v.splice(31..61, Ledger::new().dummies(0..9))),
    |v, _| v.retain(|d| d.id % 5 != 0),
    |v, _| v.dedup_by(|a, b| a.id / 3 == b.id / 3),
    |v, _| v.resize(110, Ledger::new().dummy(7)),
    |v, _| v.extend_from_within(20..70),
    |v, _| v.sort_by_key(|d| d.id % 10),
    |v, _| v.reverse(),
    |v, _| v.swap(3, 90),
    |v, _| v.iter_mut().for_each(|d| d.id += 0),
    |v, _| v.retain_mut(|d| d.id % 5 != 0),
    |v, _| drop(v.extract_if(20..70, |d| d.id % 5 == 0).collect::<Vec<_>>()),
    |v, _| drop(v.pop_back_if(|_| true)),
    |v, _| drop(v.pop_front_if(|_| true)),
    |v, _| v.range_mut(31..62).for_each(|d| d.id += 0),
];

#[test]
fn panic_in_any_clone_loses_nothing() {
    let _hits = demand(&[(Point::Clone, 800)]);
    for (i, work) in WORKS.iter().enumerate().filter(|(i, _)| !cfg!(miri) || i % 6 == 0) {
        let (shared, alone) = at_every(pieces, Point::Clone, *work, |_, _| ());
        // Some edits only add a leaf, or cut between two leaves, so they clone nothing.
        assert!(
            shared > 0 || [2, 7, 10].contains(&i),
            "work {i} cloned nothing of a shared vector"
        );
        // These edits copy a value or a range of the vector, so they clone even if the vector is unique.
        let clones = [9, 10, 16, 17].contains(&i);
        assert!(alone == 0 || clones, "work {i} cloned {alone} elements of a unique vector");
    }
}

/// Edits of vectors with a front leaf. Their indices are in or near that leaf.
const FRONT_WORKS: &[fn(&mut Vector, &Ledger)] = &[
    |v, _| v.push_front(Ledger::new().dummy(7)),
    |v, _| (0..40).for_each(|_| v.push_front(Ledger::new().dummy(7))),
    |v, _| drop(v.pop_front()),
    |v, _| (0..40).for_each(|_| drop(v.pop_front())),
    |v, _| (0..95).for_each(|_| drop(v.pop_back())),
    |v, _| v.insert(3, Ledger::new().dummy(7)),
    |v, _| drop(v.remove(3)),
    |v, _| drop(v.swap_remove(3)),
    |v, _| v.truncate(4),
    |v, _| drop(v.split_off(4)),
    |v, _| drop(v.slice(2..5)),
    |v, _| drop(v.slice(5..)),
    |v, _| v.append(v.clone()),
    |v, _| v.rotate_left(3),
    |v, _| v.retain(|d| d.id % 5 != 0),
    |v, _| v.sort_by_key(|d| d.id % 10),
    |v, _| v.reverse(),
    |v, _| v.iter_mut().for_each(|d| d.id += 0),
    |v, _| v.first_mut().unwrap().id += 0,
    |v, _| v.retain_mut(|d| d.id % 5 != 0),
    |v, _| drop(v.extract_if(..9, |d| d.id % 2 == 0).collect::<Vec<_>>()),
    |v, _| drop(v.pop_front_if(|_| true)),
    |v, _| drop(CowVec::from(v.clone())),
    |v, _| drop(CowVec::from(std::mem::take(v))),
    |v, _| drop(std::mem::take(v).into_iter().take(3).collect::<Vec<_>>()),
    |v, _| drop(std::mem::take(v).into_iter().rev().skip(3).collect::<Vec<_>>()),
    |v, _| v.clear(),
];

#[test]
fn panic_in_any_clone_or_drop_beside_a_front_leaf_loses_nothing() {
    let _hits = demand(&[(Point::Clone, 2_300), (Point::Drop, 2_900)]);
    let mut points = [0; 2];
    for (m, make) in [with_front_leaf as Make, popped, only_a_front_leaf].into_iter().enumerate() {
        let works = FRONT_WORKS.iter().enumerate();
        for (i, work) in works.filter(|(i, _)| !cfg!(miri) || i % 15 == 5 * m + 1) {
            for (kind, point) in [Point::Clone, Point::Drop].into_iter().enumerate() {
                let (shared, alone) = at_every(make, point, *work, |_, _| ());
                points[kind] += shared + alone;
                assert!(shared < 300 && alone < 300, "work {i}");
            }
        }
    }
    assert!(cfg!(miri) || points.iter().all(|points| *points > 1_000), "{points:?}");
}

#[test]
fn panic_in_any_drop_loses_nothing() {
    let _hits = demand(&[(Point::Drop, 400)]);
    for (i, work) in WORKS.iter().enumerate().filter(|(i, _)| !cfg!(miri) || i % 6 == 1) {
        let (shared, alone) = at_every(pieces, Point::Drop, *work, |_, _| ());
        assert!(shared + alone < 500, "work {i}");
    }
}

#[test]
fn a_panic_of_a_comparison_keeps_all_elements() {
    let _hits = demand(&[(Point::Closure, 2_000)]);
    let sort = |v: &mut Vector, ledger: &Ledger| {
        v.sort_by_key(|d| {
            ledger.pass(Point::Closure);
            d.id * 7 % 30
        });
    };
    let (shared, alone) = at_every(pieces, Point::Closure, sort, |v, _| {
        let mut ids = ids(v);
        ids.sort_unstable();
        assert!(ids.into_iter().eq(0..N));
    });
    assert!(shared > 100 && alone == shared);
    let dedup = |v: &mut Vector, ledger: &Ledger| {
        v.dedup_by_key(|d| {
            ledger.pass(Point::Closure);
            d.id / 3
        });
    };
    let (shared, alone) = at_every(pieces, Point::Closure, dedup, |v, _| assert!(counts(v)));
    assert_eq!((shared, alone), (198, 198));
}

#[test]
fn a_panic_of_a_filter_keeps_what_it_has_not_seen() {
    let _hits = demand(&[(Point::Closure, 200)]);
    let retain = |v: &mut Vector, ledger: &Ledger| {
        v.retain(|d| {
            ledger.pass(Point::Closure);
            d.id % 3 == 0
        });
    };
    let (shared, alone) = at_every(pieces, Point::Closure, retain, |v, _| {
        let ids = ids(v);
        assert!(ids.is_sorted() && (0..N).step_by(3).all(|id| ids.contains(&id)));
        assert_eq!(ids.last(), Some(&(N - 1)));
    });
    assert_eq!((shared, alone), (100, 100));
}

#[test]
fn a_panic_of_a_filter_that_may_write_loses_no_element() {
    let _hits = demand(&[(Point::Closure, 300)]);
    let retain = |v: &mut Vector, ledger: &Ledger| {
        v.retain_mut(|d| {
            ledger.pass(Point::Closure);
            d.id % 3 == 0
        });
    };
    let makes: &[Make] = if cfg!(miri) { &[popped] } else { &[pieces, with_front_leaf, popped] };
    for &make in makes {
        let (shared, alone) = at_every(make, Point::Closure, retain, |v, _| assert!(counts(v)));
        assert_eq!((shared, alone), (100, 100));
        let extract = |v: &mut Vector, ledger: &Ledger| {
            let extract = |d: &mut Dummy| {
                ledger.pass(Point::Closure);
                d.id % 3 == 0
            };
            v.extract_if(5..95, extract).for_each(drop);
        };
        let (shared, alone) = at_every(make, Point::Closure, extract, |v, _| {
            let ids = ids(v);
            // Elements were extracted in order from the front, and no others are missing.
            let first = ids.iter().position(|id| *id > 5 && id % 3 == 0).unwrap();
            assert!(ids.is_sorted() && (ids[first]..N).eq(ids[first..].iter().copied()));
            assert!((0..N).filter(|id| id % 3 != 0 || *id < 5).all(|id| ids.contains(&id)));
        });
        assert_eq!((shared, alone), (90, 90));
        for pop in [
            |v: &mut Vector, ledger: &Ledger| {
                drop(v.pop_back_if(|_| {
                    ledger.pass(Point::Closure);
                    true
                }))
            },
            |v: &mut Vector, ledger: &Ledger| {
                drop(v.pop_front_if(|_| {
                    ledger.pass(Point::Closure);
                    true
                }))
            },
        ] {
            let (shared, alone) = at_every(make, Point::Closure, pop, |v, _| assert!(counts(v)));
            assert_eq!((shared, alone), (1, 1));
        }
    }
}

#[test]
fn an_iterator_that_panics_changes_nothing() {
    let _hits = demand(&[(Point::Closure, 18)]);
    let splice = |v: &mut Vector, ledger: &Ledger| {
        let with = v.slice(0..9).into_iter().inspect(|_| ledger.pass(Point::Closure));
        drop(v.splice(20..50, with));
    };
    let (shared, alone) = at_every(pieces, Point::Closure, splice, |v, _| assert!(counts(v)));
    assert_eq!((shared, alone), (9, 9));
}

#[test]
fn append_of_a_shared_front_leaf_whose_clone_panics_keeps_the_tail() {
    let points = panic_at_every(
        Point::Clone,
        |ledger| {
            let mut hidden = pieces_from(ledger, 8);
            (3..8).rev().for_each(|id| hidden.push_front(ledger.dummy(id)));
            let v: Vector = ledger.dummies(0..3).into();
            (v, hidden)
        },
        |(v, hidden), _| v.append(hidden.clone()),
        |(v, hidden)| {
            v.assert_invariants();
            assert_eq!((ids(v), hidden.len()), (vec![0, 1, 2], N as usize - 3));
        },
    );
    assert_eq!(points, 5);
}
