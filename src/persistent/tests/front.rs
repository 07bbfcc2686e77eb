//! Tests every operation on vectors with a front leaf of either form, unique and shared.

use super::*;
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

/// Makes a vector with a front leaf, and other versions to keep alive.
type Make<T> = fn(u64) -> (Small<T>, Vec<Small<T>>);

/// Pushes up to three elements before a vector of the others.
fn pushed<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    let first = n.min(3);
    let mut v = Small::collect((first..n).map(T::of));
    (0..first).rev().for_each(|x| v.push_front(T::of(x)));
    (v, Vec::new())
}

fn pushed_and_shared<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    let (v, _) = pushed(n);
    (v.clone(), vec![v])
}

/// A version that pushed more elements before the first one has been dropped.
fn pushed_by_others<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    let (v, _) = pushed(n);
    let mut other = v.clone();
    (0..9).for_each(|x| other.push_front(T::of(x)));
    drop(other);
    (v, Vec::new())
}

fn popped<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    let mut v = Small::collect([0, 0].into_iter().chain(0..n).map(T::of));
    (0..2).for_each(|_| drop(v.pop_front()));
    (v, Vec::new())
}

/// The front leaf was a tree's leaf. Another version has all its elements.
fn popped_and_shared<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    let old = Small::collect([0, 0].into_iter().chain(0..n).map(T::of));
    let mut v = old.clone();
    (0..2).for_each(|_| drop(v.pop_front()));
    (v, vec![old])
}

/// Like [`popped_and_shared`], but the other version is dropped. The leaf hides the popped elements.
fn popped_from_shared<T: Element>(n: u64) -> (Small<T>, Vec<Small<T>>) {
    (popped_and_shared(n).0, Vec::new())
}

fn makes<T: Element>() -> [Make<T>; 6] {
    [pushed, pushed_and_shared, pushed_by_others, popped, popped_and_shared, popped_from_shared]
}

/// Compares `work` on a vector with `expected` on a `Vec`, for every form of front leaf and several lengths. The
/// other versions must not change.
#[track_caller]
fn every_front_leaf<T: Element>(
    work: impl Fn(&mut Small<T>),
    expected: impl Fn(&mut Vec<T>),
    least: u64,
) {
    let lengths = if cfg!(miri) { &[9][..] } else { &[1, 2, 3, 4, 6, 9, 23, 70, 150] };
    for &n in lengths.iter().filter(|n| **n >= least) {
        for make in makes::<T>() {
            let (mut tree, others) = make(n);
            assert_is(&tree, &range(n));
            let before: Vec<Vec<T>> =
                others.iter().map(|tree| Elements::new(tree).cloned().collect()).collect();
            let mut oracle = range(n);
            work(&mut tree);
            expected(&mut oracle);
            assert_is(&tree, &oracle);
            assert!(!tree.needs_rebalance());
            for (tree, before) in others.iter().zip(&before) {
                assert_is(tree, before);
            }
            drop(others);
            tree.push_front(T::of(7));
            oracle.insert(0, T::of(7));
            assert_is(&tree, &oracle);
        }
    }
}

fn every_operation<T: Element>() {
    let x = || T::of(99);
    every_front_leaf::<T>(|v| v.push_front(x()), |v| v.insert(0, x()), 0);
    every_front_leaf::<T>(|v| drop(v.pop_front()), |v| drop(v.remove(0)), 1);
    every_front_leaf::<T>(|v| drop(v.pop_back()), |v| drop(v.pop()), 1);
    every_front_leaf::<T>(|v| while v.pop_back().is_some() {}, Vec::clear, 0);
    every_front_leaf::<T>(|v| while v.pop_front().is_some() {}, Vec::clear, 0);
    every_front_leaf::<T>(|v| *v.get_mut(0).unwrap() = x(), |v| v[0] = x(), 1);
    every_front_leaf::<T>(|v| v.push_back(x()), |v| v.push(x()), 0);
    every_front_leaf::<T>(|v| v.extend((0..9).map(T::of)), |v| v.extend(range::<T>(9)), 0);
    every_front_leaf::<T>(|v| v.with_slice(<[T]>::reverse), |v| v.reverse(), 0);
    every_front_leaf::<T>(|v| v.append(v.clone()), |v| v.extend(v.clone()), 0);
    every_front_leaf::<T>(|v| v.append(pushed(9).0), |v| v.extend(range::<T>(9)), 0);
    every_front_leaf::<T>(|v| v.append(pushed(2).0), |v| v.extend(range::<T>(2)), 0);
    every_front_leaf::<T>(
        |v| {
            let mut front = pushed_and_shared(9).0;
            front.append(core::mem::replace(v, Small::new()));
            *v = front;
        },
        |v| *v = [range(9), v.clone()].concat(),
        0,
    );
    for at in if cfg!(miri) { 5..6 } else { 0..8 } {
        let least = at as u64 + 1;
        every_front_leaf::<T>(|v| v.insert(at, x()), |v| v.insert(at, x()), least);
        every_front_leaf::<T>(|v| drop(v.remove(at)), |v| drop(v.remove(at)), least);
        every_front_leaf::<T>(|v| drop(v.swap_remove(at)), |v| drop(v.swap_remove(at)), least);
        every_front_leaf::<T>(|v| v.truncate(at), |v| v.truncate(at), least);
        every_front_leaf::<T>(|v| drop(v.split_off(at)), |v| v.truncate(at), least);
        every_front_leaf::<T>(|v| *v = v.split_off(at), |v| *v = v.split_off(at), least);
        every_front_leaf::<T>(|v| *v = v.slice(at..v.len()), |v| drop(v.drain(..at)), least);
        every_front_leaf::<T>(|v| *v = v.slice(at / 2..at), |v| *v = v[at / 2..at].to_vec(), least);
        let odd = |i: &core::cell::Cell<usize>| {
            i.set(i.get() + 1);
            i.get() % 2 == at % 2
        };
        let (ours, theirs) = (Cell::new(0), Cell::new(0));
        every_front_leaf::<T>(|v| v.retain(|_| odd(&ours)), |v| v.retain(|_| odd(&theirs)), 0);
    }
    every_front_leaf::<T>(|v| drop(Moved::new(v.clone()).next()), |_| (), 0);
    every_front_leaf::<T>(
        |v| {
            let mut moved = Moved::new(core::mem::replace(v, Small::new()));
            while let Some(x) = moved.next_back() {
                v.push_back(x);
            }
        },
        |v| v.reverse(),
        0,
    );
    every_front_leaf::<T>(
        |v| {
            let small = core::mem::replace(v, Small::new()).try_into_leaf();
            *v = small.map_or_else(|large| large, Small::from_leaf);
        },
        |_| (),
        0,
    );
}

#[test]
fn every_operation_on_every_form_of_front_leaf_matches_vec() {
    every_operation::<String>();
    if !cfg!(miri) {
        every_operation::<u64>();
        every_operation::<u8>();
        every_operation::<()>();
        every_operation::<Wide>();
        every_operation::<[u64; 200]>();
        every_operation::<Unit>();
        assert_eq!(UNITS.get(), 0, "every value is dropped once");
    }
}

/// Returns the addresses of the elements.
fn places<T, const F: usize, const L: usize>(tree: &Root<T, F, L>) -> Vec<*const T> {
    Elements::new(tree).map(core::ptr::from_ref).collect()
}

#[test]
fn push_front_on_shared_front_leaf_without_drop_glue_copies_nothing() {
    let mut a = tree::<u64>(30);
    a.push_front(100);
    let mut b = a.clone();
    b.push_front(101);
    assert_eq!(places(&a), places(&b)[1..], "both front leaves are one buffer");
    // The other version finds the slot taken.
    let mut c = a.clone();
    c.push_front(102);
    assert_eq!(places(&a)[1..], places(&c)[2..]);
    assert_ne!(places(&a)[0], places(&c)[1], "the push copied the front leaf");
    assert_eq!([&a, &b, &c].map(|v| *v.get(0).unwrap()), [100, 101, 102]);
    // With drop glue, the front leaf is copied.
    let mut a = tree::<String>(30);
    a.push_front(String::of(100));
    let mut b = a.clone();
    b.push_front(String::of(101));
    assert_ne!(places(&a)[0], places(&b)[1]);
}

#[test]
fn pop_front_moves_no_element_but_once_when_unique() {
    let old = tree::<u64>(60);
    let mut new = old.clone();
    for gone in 1..60 {
        assert_eq!(new.pop_front(), Some(gone - 1));
        // Both versions share the tail too, until it becomes the front leaf.
        assert_eq!(places(&new), places(&old)[gone as usize..], "{gone}");
    }
    // If the vector is unique, the first pop moves the rest of the leaf to the leaf's end. Later pops move nothing.
    let mut unique = tree::<u64>(60);
    unique.pop_front();
    let before = places(&unique);
    assert_eq!(unique.pop_front(), Some(1));
    assert_eq!(places(&unique), before[1..]);
}

#[test]
fn push_front_of_many_fills_whole_leaves() {
    let whole = if cfg!(miri) { 18 } else { 40 };
    let mut v = Root::<u64, 16, 0>::new();
    (0..128 * whole as u64).for_each(|x| v.push_front(x));
    v.assert_invariants();
    let mut leaves = Leaves::new(&v);
    let sizes: Vec<usize> = core::iter::from_fn(|| leaves.next()).map(<[u64]>::len).collect();
    // The first few elements are pushed into the tail in place.
    assert_eq!((sizes.len(), sizes[0], sizes[whole]), (whole + 1, 119, 9));
    assert!(sizes[1..whole].iter().all(|len| *len == 128), "{sizes:?}");
    assert_eq!(v.height(), 2);
}

#[test]
fn push_front_and_pop_front_on_few_elements_stay_in_one_leaf() {
    let mut v = Root::<u64, 16, 0>::from_vec(range(3));
    let before = v.as_slice().map(<[u64]>::as_ptr);
    assert_eq!(v.pop_front(), Some(0));
    v.push_front(5);
    assert_eq!(v.as_slice().map(<[u64]>::as_ptr), before);
    let copy = v.clone();
    v.push_front(6);
    assert_eq!((v.as_slice(), copy.as_slice()), (Some(&[6, 5, 1, 2][..]), Some(&[5, 1, 2][..])));
}

#[test]
fn pop_front_on_buffer_with_spare_capacity_matches_vec() {
    for shared in [false, true] {
        let mut roomy = UniqueVec::<String>::with_capacity(1_000);
        roomy.extend(range::<String>(4));
        let roomy: Handle<String> = roomy.into_handle();
        let kept = shared.then(|| roomy.clone());
        let mut v = Small::from_leaf(roomy);
        assert_eq!(v.pop_front(), Some(String::of(0)));
        v.push_back(String::of(4));
        v.push_front(String::of(0));
        assert_is(&v, &range(5));
        v.push_front(String::of(9));
        v.push_front(String::of(9));
        assert_eq!(v.len(), 7);
        v.assert_invariants();
        assert!(kept.is_none_or(|kept| kept.as_slice() == range::<String>(4)));
        // The leaf's block is larger than that of a tree's leaf may be.
        let mut roomy = UniqueVec::<String>::with_capacity(1_000);
        roomy.extend(range::<String>(4));
        let mut v = Small::from_leaf(roomy.into_handle());
        v.pop_front();
        let kept = shared.then(|| v.clone());
        v.insert(1, String::of(9));
        v.push_back(String::of(9));
        v.retain(|_| true);
        v.assert_invariants();
        drop(kept);
    }
}

#[test]
fn diff_and_blocks_behind_front_leaves_find_shared_parts() {
    let old = tree::<u64>(150);
    let mut new = old.clone();
    new.push_front(1_000);
    assert_eq!(old.diff(&new), [Hunk { old: 0..0, new: 0..1 }]);
    assert_eq!(new.diff(&old), [Hunk { old: 0..1, new: 0..0 }]);
    assert!(!old.eq_shared(&new) && new.eq_shared(&new.clone()));
    let mut longer = new.clone();
    longer.push_front(1_001);
    assert_eq!(new.diff(&longer), [Hunk { old: 0..0, new: 0..1 }]);
    assert_eq!(longer.pop_front(), Some(1_001));
    assert!(new.ptr_eq(&longer) && new.eq_shared(&longer));
    let mut popped = new.clone();
    (0..3).for_each(|_| _ = popped.pop_front());
    assert_eq!(new.diff(&popped), [Hunk { old: 0..3, new: 0..0 }]);
    assert!(!new.ptr_eq(&popped) && !new.eq_shared(&popped));
    // The whole block of a leaf that became a front leaf counts as shared.
    let common = |a: &Small<u64>, b: &Small<u64>| {
        let theirs = b.blocks();
        let both = a.blocks().into_iter().filter(|(at, _)| theirs.contains_key(at));
        both.map(|(_, bytes)| bytes).sum::<usize>()
    };
    let own = popped.unique_bytes();
    assert_eq!(popped.blocks().values().sum::<usize>(), own + common(&popped, &new));
    // Only the path to the first leaf is not shared.
    assert!(
        own <= 4 * popped.top().map_or(0, |_| crate::persistent::node::Node::<u64, 4, 4>::BYTES)
    );
}
