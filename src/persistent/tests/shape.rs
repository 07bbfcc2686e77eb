//! The shape that edits leave: which leaves and nodes there are, and what is neither copied nor made.

use super::relaxed::census;
use super::*;

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
