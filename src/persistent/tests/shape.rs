//! The shape that edits leave: which leaves and nodes there are, and what is neither copied nor made.

use super::relaxed::census;
use super::*;
use crate::raw::node::{Node, leaf_len};

#[test]
fn a_cut_leaves_no_leaf_that_is_not_needed() {
    let n = if cfg!(miri) { 22 } else { 90 };
    // Within the tree: a tail may lose all it has, and is then empty.
    for len in (1..n / 4 * 4).step_by(if cfg!(miri) { 7 } else { 1 }) {
        for shared in [false, true] {
            let mut cut = tree::<u64>(n);
            let kept = shared.then(|| cut.clone());
            cut.truncate(len as usize);
            assert_eq!(census(&cut).0, len.div_ceil(4) as usize, "truncate to {len}");
            assert_eq!(cut.height(), tree::<u64>(len).height(), "truncate to {len}");
            let mut cut = tree::<u64>(n);
            drop(cut.split_off(len as usize));
            assert_eq!(census(&cut).0, len.div_ceil(4) as usize, "split_off at {len}");
            drop(kept);
        }
    }
}

#[test]
fn what_has_room_in_one_leaf_stays_one() {
    for a in 0..=4 {
        for b in 0..=4 - a {
            let mut joined = tree::<u64>(a);
            joined.append(tree(b));
            assert_eq!((joined.height(), census(&joined).0), (0, 1), "{a} and {b}");
            assert!(joined.as_slice().is_some());
        }
    }
}

#[test]
fn a_slice_of_whole_leaves_clones_nothing() {
    assert_eq!(clones_of(90, |v| *v = v.slice(8..84)), 0);
    assert_eq!(clones_of(90, |v| *v = v.slice(4..90)), 0);
    assert_eq!(clones_of(90, |v| *v = v.slice(5..90)), 3, "what is left of one leaf");
}

#[test]
fn what_is_built_at_once_is_dense() {
    for n in boundaries() {
        let built = [tree::<u64>(n), Small::from_vec(range(n))];
        assert!(built.iter().all(|tree| tree.top().is_none_or(Node::is_dense)), "{n}");
    }
    let high = Tree::<u64, 2, 2>::collect(0..300);
    assert!(high.top().is_some_and(Node::is_dense));
    let mut relaxed = tree::<u64>(60);
    relaxed.remove(5);
    assert!(!relaxed.top().is_some_and(Node::is_dense));
}

#[test]
fn a_leaf_has_a_kibibyte_and_no_fewer_than_four() {
    // As they are asked for while this runs, and not as the compiler does.
    fn lens<T>() -> (usize, usize) {
        (core::hint::black_box(leaf_len::<T> as fn() -> usize)(), Tree::<T, 16, 0>::LEAF)
    }
    assert_eq!(
        [lens::<u8>(), lens::<u16>(), lens::<u64>(), lens::<[u64; 3]>(), lens::<[u8; 5]>()],
        [(1024, 1024), (512, 512), (128, 128), (32, 32), (128, 128)]
    );
    assert_eq!(
        [lens::<[u64; 32]>(), lens::<[u64; 64]>(), lens::<[u64; 200]>(), lens::<()>()],
        [(4, 4), (4, 4), (4, 4), (1024, 1024)]
    );
    assert_eq!([lens::<String>(), lens::<Box<u8>>(), lens::<Unit>()], [(32, 32); 3]);
}

#[test]
fn an_edit_behind_the_head_leaves_it_alone() {
    let lens = |v: &Small<u64>| {
        let mut leaves = Leaves::new(v);
        core::iter::from_fn(|| leaves.next()).map(<[u64]>::len).collect::<Vec<_>>()
    };
    let mut v = tree::<u64>(68);
    (0..3).for_each(|x| v.push_front(x));
    assert_eq!((v.height(), lens(&v)[..3].to_vec()), (2, vec![3, 4, 4]));
    let mut removed = v.clone();
    removed.remove(3);
    assert_eq!((removed.height(), lens(&removed)[..3].to_vec()), (2, vec![3, 3, 4]));
    v.insert(3, 9);
    assert_eq!(lens(&v)[..3], [3, 1, 4]);
    // A copy of a head is one, with what is put before it.
    let mut one = tree::<u64>(40);
    one.push_front(1);
    let mut other = one.clone();
    one.push_front(2);
    other.push_front(3);
    assert_eq!([lens(&one)[0], lens(&other)[0]], [2, 2]);
}

#[test]
fn merged_leaves_have_no_more_room_than_a_leaf() {
    let mut v = Tree::<u64, 4, 16>::collect(0..40);
    // Each copy has as much room as it needs.
    for _ in 0..6 {
        let old = v.clone();
        v.remove(3);
        drop(old);
    }
    // Until both fit together.
    while v.len() > 20 {
        v.remove(11);
        v.assert_invariants();
    }
    assert_eq!(v.len(), 20);
}

/// Many inserts at one place of the tree leave nodes behind that are full, on the side where they end.
#[test]
fn inserts_at_either_end_leave_full_nodes() {
    let n = if cfg!(miri) { 60 } else { 2_000 };
    let place: [fn(usize) -> usize; 2] = [|_| 1, |len| len - 9];
    for place in place {
        let mut v = Tree::<u64, 16, 8>::collect(0..64);
        (0..n).for_each(|x| v.insert(place(v.len()), x));
        v.assert_invariants();
        let (leaves, nodes) = census(&v);
        assert!(leaves as u64 <= n / 3, "{leaves} leaves");
        assert!(nodes <= leaves / 14 + 4, "{nodes} nodes above {leaves} leaves");
    }
}
