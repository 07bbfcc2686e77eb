//! The behaviour of `PersistentVector`. The tests check its invariants after operations.

use std::borrow::Cow;
use std::cmp::Ordering::{Equal, Less};
use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use crate::common::panics::message;
use cow_collections::{CowVec, PersistentVector, UniqueVec, persistent_vector};

/// The number of `u64` elements in a full leaf.
const LEAF: u64 = 128;

fn vector(n: u64) -> PersistentVector<u64> {
    let vector: PersistentVector<u64> = (0..n).collect();
    vector.assert_invariants();
    vector
}

/// Asserts that the vector has the elements `0..n`, by both directions of iteration and by `get`.
#[track_caller]
fn assert_counts(vector: &PersistentVector<u64>, n: u64) {
    vector.assert_invariants();
    assert_eq!(vector.len() as u64, n);
    assert!(vector.iter().copied().eq(0..n));
    assert!(vector.iter().rev().copied().eq((0..n).rev()));
    for i in [0, 1, LEAF - 1, LEAF, n / 2, n.saturating_sub(1), n, n + 1, u64::MAX] {
        assert_eq!(vector.get(i as usize), (i < n).then_some(&i), "{i} of {n}");
    }
}

/// Lengths at which leaves, nodes and levels fill up.
fn lengths() -> Vec<u64> {
    let mut all = vec![1, LEAF];
    if !cfg!(miri) {
        all.extend([2 * LEAF, 3 * LEAF]);
        let branch = 16 * LEAF;
        all.extend([branch, branch + LEAF, 2 * branch, 16 * branch, 16 * branch + LEAF]);
        all.extend([1_025, 1_056, 32_832, 33_792]);
    }
    all.iter().flat_map(|&n| [n.saturating_sub(1), n, n + 1]).collect()
}

#[test]
fn every_length_around_a_boundary() {
    for n in lengths() {
        let collected = vector(n);
        assert_counts(&collected, n);
        let from_vec = PersistentVector::from((0..n).collect::<Vec<_>>());
        assert_counts(&from_vec, n);
        let mut pushed = PersistentVector::new();
        (0..n).for_each(|x| pushed.push_back(x));
        assert_counts(&pushed, n);
        assert!(collected == from_vec && from_vec == pushed);
        for mut v in [collected, pushed] {
            v.push_back(n);
            assert_counts(&v, n + 1);
            assert_eq!(v.pop_back(), Some(n));
            assert_eq!(v.pop_back(), n.checked_sub(1));
            assert_counts(&v, n.saturating_sub(1));
        }
    }
}

#[test]
fn versions_stay() {
    let n = if cfg!(miri) { 150 } else { 3_000 };
    let mut versions = vec![PersistentVector::new()];
    for x in 0..n {
        let mut next = versions.last().unwrap().clone();
        next.push_back(x);
        versions.push(next);
    }
    for (n, version) in versions.iter().enumerate().step_by(if cfg!(miri) { 41 } else { 7 }) {
        assert_counts(version, n as u64);
    }
    let last = versions.pop().unwrap();
    drop(versions);
    assert_counts(&last, n);
}

#[test]
fn set_and_index() {
    let n = if cfg!(miri) { 2 } else { 5 } * LEAF + 7;
    let old = vector(n);
    let mut new = old.clone();
    for i in (0..n as usize).step_by(if cfg!(miri) { 97 } else { 5 }) {
        assert_eq!(new.set(i, 7_000 + i as u64), i as u64);
        new.assert_invariants();
        new[i] += 1;
        assert_eq!((old[i], new[i]), (i as u64, 7_001 + i as u64));
        *new.get_mut(i).unwrap() -= 1;
        assert_eq!(new[i], 7_000 + i as u64);
    }
    assert_counts(&old, n);
    assert_eq!(new.get_mut(n as usize), None);
    assert_eq!((old.first(), old.front()), (Some(&0), Some(&0)));
    assert_eq!((old.last(), old.back()), (Some(&(n - 1)), Some(&(n - 1))));
    assert_eq!(PersistentVector::<u8>::new().last(), None);
}

#[test]
fn the_panics_of_an_index_name_length_and_index() {
    let expected = "index out of bounds: the len is 3 but the index is 3";
    let mut v = persistent_vector![1, 2, 3];
    assert_eq!(message(|| _ = v[3]), expected);
    assert_eq!(message(|| v[3] = 1), expected);
    assert_eq!(message(|| _ = v.set(3, 1)), expected);
    assert_eq!(message(|| _ = v.update(3, 1)), expected);
    v.assert_invariants();
}

#[test]
fn small_is_a_cow_vec_and_back_in_one_step() {
    let small: CowVec<u64> = (0..LEAF).collect();
    let v = PersistentVector::from(small.clone());
    v.assert_invariants();
    assert_eq!(v.as_slice().unwrap().as_ptr(), small.as_ptr());
    let mut w = v.clone();
    w.push_back(LEAF);
    assert_counts(&w, LEAF + 1);
    assert_eq!((w.as_slice(), w.height()), (None, 1));
    assert_eq!(w.pop_back(), Some(LEAF));
    assert_eq!(w.as_slice().map(<[u64]>::as_ptr), Some(small.as_ptr()), "the leaf is the same");
    let back = CowVec::from(w);
    assert!(back.ptr_eq(&small));
    assert!(CowVec::from(v).ptr_eq(&small));
    let none = CowVec::from(PersistentVector::<u64>::new());
    assert_eq!((none.len(), none.capacity()), (0, 0));
}

#[test]
fn a_larger_cow_vec_is_built_in_bulk() {
    let n = if cfg!(miri) { 2 } else { 20 } * LEAF + 1;
    for shared in [false, true] {
        let large: CowVec<u64> = (0..n).collect();
        let kept = shared.then(|| large.clone());
        assert_counts(&PersistentVector::from(large), n);
        assert!(kept.is_none_or(|kept| kept.iter().copied().eq(0..n)));
    }
    let unique: UniqueVec<u64> = (0..n).collect();
    assert_counts(&unique.into(), n);
    let v = vector(n);
    let (cow, vec): (CowVec<u64>, Vec<u64>) = (v.clone().into(), v.clone().into());
    assert_eq!((cow, &vec), (v.to_vec().into(), &v.to_vec()));
    assert_counts(&v, n);
}

#[test]
fn a_cow_vec_with_room_to_spare_becomes_a_leaf_without_it() {
    for shared in [false, true] {
        let mut roomy = CowVec::with_capacity(10_000);
        roomy.extend(0..LEAF);
        let kept = shared.then(|| roomy.clone());
        let mut v = PersistentVector::from(roomy);
        (LEAF..3 * LEAF).for_each(|x| v.push_back(x));
        assert_counts(&v, 3 * LEAF);
        assert!(kept.is_none_or(|kept| kept.iter().copied().eq(0..LEAF)));
    }
}

#[test]
fn extend_fills_the_tail_and_copies_nothing_for_nothing() {
    let old = vector(LEAF + 5);
    let mut new = old.clone();
    new.extend(std::iter::empty::<u64>());
    assert!(new.ptr_eq(&old));
    new.extend(LEAF + 5..4 * LEAF);
    assert_counts(&new, 4 * LEAF);
    new.extend(&[4 * LEAF, 4 * LEAF + 1]);
    assert_counts(&new, 4 * LEAF + 2);
    assert_counts(&old, LEAF + 5);
    // Extends by one element at a time, from iterators whose lower size hint is 0.
    let mut slow = PersistentVector::new();
    for x in 0..2 * LEAF {
        slow.extend(Some(x).into_iter().filter(|_| true));
    }
    assert_counts(&slow, 2 * LEAF);
}

#[test]
fn iterators_are_exact_from_both_ends() {
    let n = 2 * LEAF + 3;
    let v = vector(n);
    let mut iter = v.iter();
    assert_eq!(
        (iter.len(), iter.nth(200), iter.next_back()),
        (n as usize, Some(&200), Some(&(n - 1)))
    );
    assert_eq!((iter.len(), iter.clone().last()), (n as usize - 202, Some(&(n - 2))));
    assert_eq!(iter.clone().sum::<u64>(), (201..n - 1).sum::<u64>());
    assert_eq!((iter.nth(1_000), iter.next()), (None, None));
    let chunks: Vec<usize> = v.chunks().map(<[u64]>::len).collect();
    assert_eq!(chunks, [128, 128, 3]);
    assert!(v.chunks().rev().map(<[u64]>::len).eq([3, 128, 128]));
    assert_eq!(v.chunks().flatten().copied().collect::<Vec<_>>(), v.to_vec());
    assert_eq!((&v).into_iter().len(), n as usize);
    assert_eq!(PersistentVector::<u8>::new().chunks().next(), None);
}

#[test]
fn into_iter_moves_or_clones_from_both_ends() {
    for shared in [false, true] {
        let n = 5 * 32 + 9;
        let v: PersistentVector<String> = (0..n).map(|x| x.to_string()).collect();
        let kept = shared.then(|| v.clone());
        let mut iter = v.into_iter();
        assert_eq!((iter.len(), iter.next().as_deref()), (n, Some("0")));
        assert_eq!(iter.next_back(), Some((n - 1).to_string()));
        assert!(iter.by_ref().take(50).eq((1..51).map(|x| x.to_string())));
        assert_eq!(iter.len(), n - 52);
        assert!(iter.rev().eq((51..n - 1).rev().map(|x| x.to_string())));
        let Some(kept) = kept else { continue };
        kept.assert_invariants();
        assert!(kept.iter().eq(&(0..n).map(|x| x.to_string()).collect::<Vec<_>>()));
    }
}

#[test]
fn truncate_and_clear() {
    let n = if cfg!(miri) { 3 } else { 20 } * LEAF;
    let old = vector(n);
    let lengths = [n, n - 1, n - LEAF + 1, n - LEAF, 16 * LEAF, LEAF + 1, LEAF, 1, 0];
    for len in lengths.into_iter().filter(|len| *len <= n) {
        let mut new = old.clone();
        new.truncate(len as usize);
        assert_counts(&new, len);
        (len..len + 3).for_each(|x| new.push_back(x));
        assert_counts(&new, len + 3);
    }
    let mut new = old.clone();
    new.clear();
    assert!(new.is_empty() && new.ptr_eq(&PersistentVector::default()));
    assert_counts(&old, n);
}

#[test]
fn comparisons_are_those_of_slices() {
    let n = LEAF + 2;
    let (v, slice) = (vector(n), (0..n).collect::<Vec<_>>());
    let cow: CowVec<u64> = slice.iter().copied().collect();
    assert_eq!(v, slice);
    assert_eq!(v, slice[..]);
    assert_eq!(v, &slice[..]);
    assert_eq!(v, cow);
    assert_eq!(persistent_vector![1, 2], [1, 2]);
    assert_eq!(persistent_vector![1, 2], &[1, 2]);
    assert_eq!(persistent_vector![5; 3], persistent_vector![5, 5, 5]);
    assert_ne!(persistent_vector![1], persistent_vector![1, 2]);
    let mut other = v.clone();
    other.set(LEAF as usize, 0);
    assert_eq!((other.cmp(&v), other.partial_cmp(&v)), (Less, Some(Less)));
    assert_eq!((v.cmp(&v.clone()), v.partial_cmp(&v.clone())), (Equal, Some(Equal)));
    assert_eq!(v.cmp(&vector(n - 1)), slice.cmp(&slice[..n as usize - 1].to_vec()));
    assert_eq!(vector(0).cmp(&v), slice[..0].cmp(&slice[..]));
    assert!(persistent_vector![f64::NAN] != persistent_vector![f64::NAN]);
    assert_eq!(persistent_vector![f64::NAN].partial_cmp(&persistent_vector![1.0]), None);
    let hash = |x: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        x(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash(&|h| v.hash(h)), hash(&|h| slice.hash(h)));
    assert_eq!(format!("{:?}", persistent_vector![1, 2]), "[1, 2]");
    assert_eq!(format!("{:?}", persistent_vector![1, 2].iter()), "[1, 2]");
    assert_eq!(format!("{:?}", persistent_vector![1, 2].chunks()), "[[1, 2]]");
}

/// Compares vectors of `String` with collections of `&str`, and `NaN`, which differs from itself.
#[test]
fn equality_holds_both_ways_with_all_that_holds_the_elements() {
    macro_rules! compare {
        ($vector:expr, $expected:expr; $($other:expr),+) => {$(
            assert_eq!($vector == $other, $expected, stringify!($other));
            assert_eq!($other == $vector, $expected, stringify!($other));
        )+};
    }
    let texts: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let vector = PersistentVector::from(&texts);
    let mut others: Vec<Vec<&str>> = vec![texts.iter().map(|text| &**text).collect(); 5];
    others[1].pop();
    others[2].push("x");
    others[3][50] = "x";
    others[4][99] = "x";
    for (i, mut other) in others.into_iter().enumerate() {
        let mut deque = VecDeque::from(other[2..].to_vec());
        deque.push_front(other[1]);
        deque.push_front(other[0]);
        compare!(vector, i == 0; other, other[..], deque, CowVec::from(&other), UniqueVec::from(&other));
        compare!(vector, i == 0; &other[..], &mut other[..], PersistentVector::from(&other));
        compare!(vector, i == 0; Cow::Borrowed(&other[..]), Cow::Owned(other.clone()));
    }
    compare!(persistent_vector![1, 2], true; [1, 2], &[1, 2]);
    compare!(persistent_vector![1, 2], false; [1], &[1, 3]);
    let nan = persistent_vector![f64::NAN];
    compare!(nan, false; [f64::NAN], vec![f64::NAN], VecDeque::from([f64::NAN]));
}

#[test]
fn ptr_eq_is_the_same_version() {
    for n in [0, 5, LEAF + 5] {
        let a = vector(n);
        let mut b = a.clone();
        assert!(a.ptr_eq(&b) && (n == 0 || !a.ptr_eq(&vector(n))));
        b.push_back(1);
        assert!(!a.ptr_eq(&b));
    }
    let (few, many) = (vector(5), vector(LEAF + 5));
    assert!(!few.ptr_eq(&many) && !many.ptr_eq(&few), "only one has a tree");
    let mut emptied = vector(1);
    emptied.pop_back();
    assert!(emptied.ptr_eq(&PersistentVector::new()));
}

#[test]
fn elements_of_every_size_and_alignment() {
    #[derive(Clone, PartialEq, Debug)]
    #[repr(align(64))]
    struct Wide(usize);
    #[derive(Clone, PartialEq, Debug)]
    struct Nothing;
    impl Drop for Nothing {
        fn drop(&mut self) {}
    }
    #[track_caller]
    fn check<T: Clone + PartialEq + std::fmt::Debug>(n: usize, of: impl Fn(usize) -> T) {
        let all: Vec<T> = (0..n).map(&of).collect();
        let old: PersistentVector<T> = all.iter().cloned().collect();
        let mut new = old.clone();
        for x in &all {
            new.push_back(x.clone());
        }
        new.assert_invariants();
        for i in (0..n).step_by(1 + n / if cfg!(miri) { 4 } else { 20 }) {
            assert_eq!(new.set(i, of(i + 1)), all[i]);
            new.assert_invariants();
        }
        for x in all.iter().rev() {
            assert_eq!(new.pop_back().as_ref(), Some(x));
        }
        new.assert_invariants();
        assert_eq!((&old, new.len()), (&all.clone().into(), n));
        let back: Vec<T> = old.into();
        assert_eq!(back, all);
    }
    // Each vector has at least one level of nodes above its leaves.
    let n = |small, large| if cfg!(miri) { small } else { large };
    check(n(9, 450), |x| [x; 200]);
    check(n(18, 700), Wide);
    check(n(34, 700), |x| x.to_string());
    check(n(34, 700), Box::new);
    check(n(34, 700), |_| Nothing);
    check(n(10, 3_000), |_| ());
    check(n(10, 3_000), |x| x as u8);
}

#[test]
fn versions_on_many_threads() {
    let n = if cfg!(miri) { 40 } else { 1_000 };
    let old: PersistentVector<String> = (0..n).map(|x| x.to_string()).collect();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let mut own = old.clone();
            scope.spawn(move || {
                for i in (thread..n).step_by(7) {
                    own.set(i, format!("{thread}"));
                    own.push_back(format!("{thread}"));
                }
                own.assert_invariants();
                assert!(own.iter().skip(n).all(|x| *x == thread.to_string()));
                own.truncate(n);
                own.assert_invariants();
            });
        }
    });
    old.assert_invariants();
    assert!(old.iter().enumerate().all(|(i, x)| *x == i.to_string()));
}

/// Converts arrays shorter and longer than a leaf, and empty ones, with and without drop glue.
#[test]
fn arrays_become_vectors() {
    fn check<const N: usize>() {
        let v = PersistentVector::from([7_u64; N]);
        v.assert_invariants();
        assert_eq!(v, [7; N]);
        let texts = std::array::from_fn::<_, N, _>(|i| i.to_string());
        let v = PersistentVector::from(texts.clone());
        v.assert_invariants();
        assert_eq!(v, texts);
    }
    check::<0>();
    check::<1>();
    check::<32>();
    check::<33>();
    check::<128>();
    check::<129>();
    check::<300>();
}

#[test]
fn a_range_is_the_slices() {
    let vector: PersistentVector<u32> = (0..1_000).collect();
    let slice = vector.to_vec();
    for start in (0..=1_000).step_by(125) {
        for end in (start..=1_000).step_by(125) {
            assert!(vector.range(start..end).eq(&slice[start..end]), "{start}..{end}");
            assert!(vector.range(start..end).rev().eq(slice[start..end].iter().rev()));
        }
    }
    assert!(
        vector.range(..).eq(&slice)
            && vector.range(..=0).eq(&[0])
            && vector.range(1_000..).len() == 0
    );
}

#[test]
fn both_ends_for_writing() {
    let old: PersistentVector<u32> = (0..1_000).collect();
    let mut new = old.clone();
    *new.front_mut().unwrap() = 7;
    *new.back_mut().unwrap() = 8;
    assert_eq!(
        (new.front(), new.back(), old.front(), old.back()),
        (Some(&7), Some(&8), Some(&0), Some(&999))
    );
    let mut empty = PersistentVector::<u32>::new();
    assert!(empty.front_mut().is_none() && empty.back_mut().is_none());
}

#[test]
fn an_update_leaves_the_old_version() {
    let old: PersistentVector<String> = (0..1_000).map(|x| x.to_string()).collect();
    let new = old.update(500, "new".into());
    new.assert_invariants();
    assert_eq!((&*old[500], &*new[500], new.len()), ("500", "new", 1_000));
    assert_eq!(old.diff(&new).len(), 1);
}

#[test]
fn into_and_out_of_stds_collections() {
    let long: Vec<String> = (0..100).map(|x| x.to_string()).collect();
    let wants = PersistentVector::from(&long);
    wants.assert_invariants();
    assert_eq!(wants, long);
    assert_eq!(PersistentVector::from(long.clone().into_boxed_slice()), wants);
    let mut deque = VecDeque::from(long.clone());
    deque.rotate_left(30); // so that the deque has two slices
    assert!(PersistentVector::from(deque.clone()).iter().eq(&deque));
    assert_eq!(VecDeque::from(wants), long);
    assert_eq!(PersistentVector::from(&["a", "b"]), ["a", "b"]);
}

#[test]
fn from_what_is_shared_or_borrowed_clones_and_into_a_block_gives_all() {
    for n in [0, 5, 33, 300] {
        let mut source: Vec<String> = (0..n).map(|x: u32| x.to_string()).collect();
        let vectors = [
            PersistentVector::from(Arc::<[String]>::from(&source[..])),
            PersistentVector::from(Rc::<[String]>::from(&source[..])),
            PersistentVector::from(Cow::Borrowed(&source[..])),
            PersistentVector::from(Cow::Owned(source.clone())),
            PersistentVector::from(&mut source[..]),
        ];
        for vector in vectors {
            vector.assert_invariants();
            assert_eq!(vector, source);
            // The first two conversions clone a shared vector, the last one consumes a unique one.
            assert_eq!(*Box::<[String]>::from(vector.clone()), source[..]);
            assert_eq!(*Arc::<[String]>::from(vector.clone()), source[..]);
            let mut front = vector;
            front.push_front("x".into());
            assert_eq!(Rc::<[String]>::from(front)[1..], source[..]);
        }
    }
    assert_eq!(PersistentVector::from(&mut [1, 2]), [1, 2]);
}

#[test]
fn try_into_an_array_gives_the_vector_back_if_the_length_differs() {
    let vector: PersistentVector<String> = (0..40).map(|x| x.to_string()).collect();
    assert_eq!(
        <[String; 40]>::try_from(vector.clone()).as_ref(),
        Ok(&std::array::from_fn(|x| x.to_string()))
    );
    let back = <[String; 39]>::try_from(vector.clone()).unwrap_err();
    assert!(back.ptr_eq(&vector));
    assert_eq!(<[u8; 0]>::try_from(PersistentVector::new()), Ok([]));
}

#[test]
fn a_cloned_into_iter_gives_what_is_left_on_both() {
    let vector: PersistentVector<String> = (0..300).map(|x| x.to_string()).collect();
    for (front, back) in [(0, 0), (1, 1), (60, 0), (0, 60), (150, 149), (300, 0)] {
        let mut iter = vector.clone().into_iter();
        assert_eq!(iter.by_ref().take(front).count(), front);
        assert_eq!(iter.by_ref().rev().take(back).count(), back);
        let other = iter.clone();
        assert_eq!(other.len(), iter.len());
        assert!(iter.eq(vector.range(front..300 - back).cloned()));
        assert!(other.rev().eq(vector.range(front..300 - back).rev().cloned()));
    }
}
