//! Tests trees whose leaves are not full: the edits that make them, and that they stay packed.

use super::*;
use crate::persistent::node::ChildRef;
use crate::persistent::node::Node;

/// Returns the number of leaves, and of nodes above them.
pub(super) fn census<T, const F: usize, const L: usize>(tree: &Root<T, F, L>) -> (usize, usize) {
    fn below<T, const F: usize, const L: usize>(node: &Node<T, F, L>, found: &mut (usize, usize)) {
        found.1 += 1;
        for slot in 0..node.len() {
            match node.child(slot) {
                ChildRef::Leaf(_) => found.0 += 1,
                ChildRef::Node(child) => below(child, found),
            }
        }
    }
    let mut found = (1, 0);
    if let Some(top) = tree.top() {
        below(top, &mut found);
    }
    found
}

/// Returns the height of a tree of full nodes with as many elements.
fn packed<T, const F: usize, const L: usize>(tree: &Root<T, F, L>) -> u8 {
    let leaves = tree.len().div_ceil(Root::<T, F, L>::LEAF);
    (0..).find(|h| F.pow(*h) >= leaves).unwrap() as u8
}

/// Asserts the bounds of the height, and of the numbers of leaves and nodes.
#[track_caller]
fn assert_packed<const F: usize, const L: usize>(tree: &Root<u64, F, L>, expected: &[u64]) {
    assert_is(tree, expected);
    assert!(!tree.needs_rebalance());
    let (leaves, nodes) = census(tree);
    let full = tree.len().div_ceil(Root::<u64, F, L>::LEAF);
    assert!(leaves <= 3 * full + 2, "{leaves} leaves where {full} would do");
    assert!(nodes <= leaves / (F / 4) + 5, "{nodes} nodes above {leaves} leaves");
    let (height, packed) = (tree.height(), packed(tree));
    // At fan-out 4, two neighbours may have only four children together, so trees may be higher.
    let more = if F > 4 { 2 } else { 8 };
    assert!(height <= packed + more, "{height} levels where {packed} would do");
}

/// The length of a large tree.
const N: u64 = if cfg!(miri) { 30 } else { 4_000 };

type Wide16 = Root<u64, 16, 8>;

#[test]
fn insert_at_one_place_keeps_the_tree_packed() {
    fn check<const F: usize, const L: usize>() {
        let place: [fn(usize) -> usize; 5] =
            [|n| n / 2, |_| 0, |n| n.saturating_sub(1), |n| n / 3, |n| n * 7 / 8];
        for place in place {
            let (mut tree, mut oracle) = (Root::<u64, F, L>::new(), Vec::new());
            for x in 0..N {
                let at = place(oracle.len());
                tree.insert(at, x);
                oracle.insert(at, x);
            }
            assert_packed(&tree, &oracle);
            while oracle.len() > 3 {
                let at = place(oracle.len());
                assert_eq!(tree.remove(at), oracle.remove(at));
            }
            assert_packed(&tree, &oracle);
        }
    }
    check::<4, 4>();
    check::<16, 8>();
}

#[test]
fn insert_at_consecutive_places_keeps_the_tree_packed() {
    let mut tree = Wide16::collect(0..N);
    let mut oracle = range::<u64>(N);
    for i in 0..N as usize {
        tree.insert(17 + i, i as u64);
        oracle.insert(17 + i, i as u64);
    }
    assert_packed(&tree, &oracle);
    // Inserts at the start of a leaf fill the leaf before it.
    let mut tree = Wide16::collect(0..N);
    for i in 0..N as usize {
        tree.insert(16 + i, i as u64);
    }
    let leaves = census(&tree).0;
    assert!(leaves <= N as usize / 4 + 2, "{leaves} leaves");
}

#[test]
fn append_to_single_elements_keeps_the_tree_packed() {
    let (mut tree, mut oracle) = (Wide16::new(), Vec::new());
    for x in 0..N {
        let mut one = Wide16::new();
        one.push_back(x);
        one.append(tree);
        tree = one;
        oracle.push(x);
    }
    oracle.reverse();
    assert_packed(&tree, &oracle);
    while let Some(expected) = oracle.pop() {
        assert_eq!(tree.pop_back(), Some(expected));
    }
}

#[test]
fn split_off_and_append_at_random_places_keeps_the_tree_packed() {
    let mut random = Random(5);
    let n = N as usize / 2;
    let (mut tree, mut oracle) = (Wide16::collect(0..n as u64), range::<u64>(n as u64));
    for round in 0..if cfg!(miri) { 4 } else { 3_000 } {
        let at = random.below(n + 1);
        let right = tree.split_off(at);
        let left = core::mem::replace(&mut tree, right);
        tree.append(left);
        oracle.rotate_left(at);
        if round % 100 == 0 {
            assert_packed(&tree, &oracle);
        }
    }
    assert_packed(&tree, &oracle);
}

#[test]
fn move_of_one_element_through_all_places_keeps_the_tree_packed() {
    // Each step removes the middle element, and moves the first one to the end.
    let (mut tree, mut oracle) = (Wide16::collect(0..N / 4), range::<u64>(N / 4));
    while oracle.len() > 1 {
        let at = oracle.len() / 2;
        let mut rest = tree.split_off(at);
        let rest = rest.split_off(1);
        tree.append(rest);
        let rest = tree.split_off(1);
        let first = core::mem::replace(&mut tree, rest);
        tree.append(first);
        oracle.remove(at);
        oracle.rotate_left(1);
        if oracle.len() % 16 == 0 {
            assert_packed(&tree, &oracle);
        }
    }
    assert_is(&tree, &oracle);
}

#[test]
fn insert_between_all_elements_keeps_the_tree_packed() {
    let n = N / 4;
    let (mut tree, mut oracle) = (Wide16::collect(0..n), range::<u64>(n));
    for at in (1..n as usize).rev() {
        let rest = tree.split_off(at);
        tree.append(Wide16::collect([7].into_iter()));
        tree.append(rest);
        oracle.insert(at, 7);
    }
    assert_packed(&tree, &oracle);
}

#[test]
fn append_of_pieces_of_odd_lengths_keeps_the_tree_packed() {
    let mut random = Random(9);
    let (mut tree, mut oracle) = (Wide16::new(), Vec::new());
    while oracle.len() < N as usize {
        let piece = 1 + random.below(25) as u64;
        tree.append(Wide16::collect(0..piece));
        oracle.extend(0..piece);
    }
    assert_packed(&tree, &oracle);
}

#[test]
#[cfg(not(miri))] // takes too long
fn append_beyond_isize_max_elements_panics() {
    let mut tree = Root::<u64, 16, 8>::collect(0..5);
    let mut len = 5_usize;
    let mut heights = Vec::new();
    while let Some(doubled) = len.checked_mul(2).filter(|n| *n <= isize::MAX as usize) {
        tree.append(tree.clone());
        len = doubled;
        assert_eq!(tree.len(), len);
        for i in [0, 1, 4, 5, len / 3, len / 2, len - 1] {
            assert_eq!(tree.get(i), Some(&(i as u64 % 5)));
        }
        heights.push(tree.height());
    }
    assert!(*heights.last().unwrap() <= 26, "{heights:?}");
    let panic = catch_unwind(AssertUnwindSafe(|| tree.append(tree.clone())));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"capacity overflow"));
    assert_eq!((tree.len(), tree.get(len - 1)), (len, Some(&4)));
    // A length of exactly `isize::MAX` is possible.
    let (mut longest, mut piece) = (Wide16::new(), Wide16::collect(0..1));
    loop {
        longest.append(piece.clone());
        if longest.len() == isize::MAX as usize {
            break;
        }
        piece.append(piece.clone());
    }
    assert_eq!(longest.get(longest.len() - 1), Some(&0));
    // Truncations lead back to a small tree.
    while tree.len() > 100 {
        tree.truncate(tree.len() / 2 + 1);
    }
    let len = tree.len() as u64;
    assert_is(&tree, &(0..len).map(|i| i % 5).collect::<Vec<_>>());
}

#[test]
fn split_off_slice_and_append_at_every_place_match_vec() {
    let n = if cfg!(miri) { 22 } else { 90 };
    let mut relaxed = tree::<String>(n / 2);
    relaxed.append(tree::<String>(n - n / 2 - 1).slice(1..(n - n / 2 - 1) as usize));
    let oracle: Vec<String> = Elements::new(&relaxed).cloned().collect();
    for whole in [&relaxed, &tree::<String>(oracle.len() as u64)] {
        let oracle: Vec<String> = Elements::new(whole).cloned().collect();
        for at in (0..=oracle.len()).step_by(if cfg!(miri) { 5 } else { 1 }) {
            let mut left = whole.clone();
            let right = left.split_off(at);
            assert_is(&left, &oracle[..at]);
            assert_is(&right, &oracle[at..]);
            assert_is(&whole.slice(at / 2..at), &oracle[at / 2..at]);
            assert_is(whole, &oracle);
            left.append(right.clone());
            assert_is(&left, &oracle);
            let mut turned = right;
            turned.append(whole.slice(0..at));
            assert_is(&turned, &[&oracle[at..], &oracle[..at]].concat());
        }
    }
}

#[test]
fn append_of_trees_of_any_two_heights_matches_vec() {
    let lengths: &[u64] =
        if cfg!(miri) { &[0, 3, 30] } else { &[0, 1, 4, 5, 17, 64, 65, 300, 1_100] };
    for &a in lengths {
        for &b in lengths {
            let (mut left, right) = (tree::<u64>(a), tree::<u64>(b));
            left.append(right.clone());
            let expected: Vec<u64> = (0..a).chain(0..b).collect();
            assert_is(&left, &expected);
            assert_is(&right, &range(b));
            left.append(left.clone());
            assert_is(&left, &[&expected[..], &expected].concat());
        }
    }
}

#[test]
fn edits_of_unique_vectors_clone_nothing() {
    let works: [fn(&mut Small<Counted>); 7] = [
        |v| {
            let ledger = v.get(0).unwrap().1.clone();
            (0..9).for_each(|n| v.push_back(Counted::new(n, &ledger)));
        },
        |v| {
            for i in 0..20 {
                let more = Counted::new(7, &v.get(0).unwrap().1);
                v.insert(v.len() * i / 20, more);
            }
        },
        |v| {
            while v.len() > 1 {
                drop(v.remove(v.len() / 2));
            }
        },
        |v| drop(v.swap_remove(1)),
        |v| {
            let right = v.split_off(v.len() / 3);
            let left = core::mem::replace(v, right);
            v.append(left);
        },
        |v| v.retain(|x| x.0 % 3 == 1),
        |v| v.truncate(v.len() / 2),
    ];
    for n in [2, 5, 22, 90] {
        for (i, work) in works.into_iter().enumerate() {
            assert_eq!(clones_of(n, work), 0, "work {i} on {n}");
        }
    }
}

#[test]
fn retain_shares_leaves_that_lose_nothing() {
    let old = tree::<String>(80);
    let mut new = old.clone();
    new.retain(|_| true);
    assert!(new.ptr_eq(&old), "nothing was removed");
    new.retain(|x| x != "5");
    let shared = |i: usize| core::ptr::eq(old.get(i + 1).unwrap(), new.get(i).unwrap());
    assert!(!shared(4) && shared(8) && shared(78));
    assert_eq!((old.len(), new.len()), (80, 79));
}
