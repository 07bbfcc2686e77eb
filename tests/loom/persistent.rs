//! Loom models of a persistent vector whose versions are on two threads.
//!
//! Nodes and leaves report to loom when they are read, edited or freed. Loom therefore finds a node that is taken for
//! unique too early, or freed before its last reader is done.

use crate::common::check;
use cow_collections::PersistentVector;
use loom::thread;

/// An element so large that a leaf has four.
type Big = [usize; 32];

/// Makes a vector with two leaves in a tree, and a tail.
fn nine() -> PersistentVector<Big> {
    let v: PersistentVector<Big> = (0..9).map(|n| [n; 32]).collect();
    assert_eq!(v.height(), 1);
    v
}

fn at(v: &PersistentVector<Big>, indices: [usize; 3]) -> [usize; 3] {
    indices.map(|i| v[i][31])
}

/// Both threads write to the same leaf. Each copies a path, or the last one edits in place.
#[test]
fn set_by_two_threads_in_one_leaf_copies_it() {
    check(100, || {
        let mut a = nine();
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.set(0, [10; 32]);
            assert_eq!(at(&b, [0, 1, 4]), [10, 1, 4]);
        });
        a.set(1, [20; 32]);
        assert_eq!(at(&a, [0, 1, 4]), [0, 20, 4]);
        other.join().unwrap();
    });
}

/// One thread reads and drops its handle. The other copies before that, and writes in place after it.
#[test]
fn set_against_a_dropping_handle_copies_or_edits_in_place() {
    check(50, || {
        let mut a = nine();
        let b = a.clone();
        let other = thread::spawn(move || {
            assert_eq!(at(&b, [0, 5, 8]), [0, 5, 8]);
        });
        a.set(0, [10; 32]);
        a.set(5, [20; 32]);
        a.set(8, [30; 32]);
        assert_eq!(at(&a, [0, 5, 8]), [10, 20, 30]);
        other.join().unwrap();
    });
}

/// One thread moves the tail into the tree, while the other takes a leaf out.
#[test]
fn push_back_against_pop_back_keeps_both_versions() {
    check(50, || {
        let mut a = nine();
        let mut b = a.clone();
        let other = thread::spawn(move || {
            assert_eq!(b.pop_back().map(|x| x[0]), Some(8));
            assert_eq!(b.pop_back().map(|x| x[0]), Some(7));
            assert_eq!((b.len(), b.last().map(|x| x[0])), (7, Some(6)));
        });
        for n in 9..13 {
            a.push_back([n; 32]);
        }
        assert_eq!((at(&a, [0, 8, 12]), a.len()), ([0, 8, 12], 13));
        other.join().unwrap();
    });
}

/// Makes [`nine`] behind a front leaf of two elements, which has room for two more.
fn eleven() -> PersistentVector<Big> {
    let mut v = nine();
    v.push_front([101; 32]);
    v.push_front([102; 32]);
    v
}

/// Both threads push into the same front leaf. One claims the slot, and the other copies the leaf.
#[test]
fn push_front_by_two_threads_uses_the_free_slot_once() {
    check(10, || {
        let mut a = eleven();
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.push_front([10; 32]);
            assert_eq!((at(&b, [0, 1, 3]), b.len()), ([10, 102, 0], 12));
        });
        a.push_front([20; 32]);
        assert_eq!((at(&a, [0, 1, 3]), a.len()), ([20, 102, 0], 12));
        other.join().unwrap();
        a.push_front([21; 32]);
        assert_eq!(at(&a, [0, 1, 2]), [21, 20, 102]);
    });
}

/// One thread pops from a front leaf, or hides elements there, and writes. The other reads and drops its handle.
#[test]
fn pop_front_against_a_reader_keeps_its_version() {
    check(5, || {
        let mut a = eleven();
        let b = a.clone();
        let other = thread::spawn(move || {
            assert_eq!(at(&b, [0, 1, 2]), [102, 101, 0]);
        });
        assert_eq!(a.pop_front().map(|x| x[0]), Some(102));
        a.set(0, [30; 32]);
        a.push_front([31; 32]);
        assert_eq!(at(&a, [0, 1, 2]), [31, 30, 0]);
        other.join().unwrap();
    });
}

/// The first leaf of a tree becomes a front leaf on one thread. The other pushes a front leaf before it.
#[test]
fn pop_front_of_a_tree_against_push_front_keeps_both_versions() {
    check(20, || {
        let mut a = nine();
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.push_front([10; 32]);
            assert_eq!(at(&b, [0, 1, 9]), [10, 0, 8]);
        });
        assert_eq!(a.pop_front().map(|x| x[0]), Some(0));
        a.push_front([20; 32]);
        assert_eq!(at(&a, [0, 1, 8]), [20, 1, 8]);
        other.join().unwrap();
    });
}
