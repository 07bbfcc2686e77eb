//! Tests the shape of trees after edits: their leaves and nodes, and the blocks that an edit must not copy.

use super::relaxed::census;
use super::*;
use crate::persistent::node::{Node, leaf_len};
use crate::vec::unique::UniqueVec;

#[test]
fn truncate_and_split_off_leave_no_extra_leaf() {
    let n = if cfg!(miri) { 22 } else { 90 };
    // Cuts only within the tree, because a cut at the start of the tail may leave the tail empty.
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
fn append_of_few_elements_stays_one_leaf() {
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
fn slice_of_whole_leaves_clones_nothing() {
    assert_eq!(clones_of(90, |v| *v = v.slice(8..84)), 0);
    assert_eq!(clones_of(90, |v| *v = v.slice(4..90)), 0);
    assert_eq!(
        clones_of(90, |v| *v = v.slice(5..90)),
        3,
        "the elements left of one leaf are cloned"
    );
}

#[test]
fn build_in_one_go_gives_a_radix_tree() {
    for n in boundaries() {
        let built = [tree::<u64>(n), Small::from_vec(range(n))];
        assert!(built.iter().all(|tree| tree.top().is_none_or(Node::is_radix)), "{n}");
    }
    let high = Root::<u64, 2, 2>::collect(0..300);
    assert!(high.top().is_some_and(Node::is_radix));
    let mut relaxed = tree::<u64>(60);
    relaxed.remove(5);
    assert!(!relaxed.top().is_some_and(Node::is_radix));
}

#[test]
fn leaf_len_has_a_kibibyte_and_at_least_four_elements() {
    // Returns the length computed at run time, and the one computed by the compiler.
    fn lens<T>() -> (usize, usize) {
        (core::hint::black_box(leaf_len::<T> as fn() -> usize)(), Root::<T, 16, 0>::LEAF)
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
fn edit_behind_the_front_leaf_leaves_it_unchanged() {
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
    let mut v = tree::<u64>(16);
    (0..3).for_each(|x| v.push_front(x));
    v.insert(3, 9);
    assert_eq!(lens(&v), [3, 1, 4, 4, 4, 4]);
    // If a push copies a shared front leaf, the result is still one leaf.
    let mut one = tree::<u64>(40);
    one.push_front(1);
    let mut other = one.clone();
    one.push_front(2);
    other.push_front(3);
    assert_eq!([lens(&one)[0], lens(&other)[0]], [2, 2]);
}

#[test]
fn remove_that_merges_leaves_keeps_the_capacity_of_a_leaf() {
    let mut v = Root::<u64, 4, 16>::collect(0..40);
    // Each copy of the leaf has only the capacity that it needs.
    for _ in 0..6 {
        let old = v.clone();
        v.remove(3);
        drop(old);
    }
    // Removes elements until two leaves fit into one.
    while v.len() > 20 {
        v.remove(11);
        v.assert_invariants();
    }
    assert_eq!(v.len(), 20);
}

/// Many inserts near one end of the tree leave full nodes behind.
#[test]
fn insert_at_either_end_leaves_full_nodes() {
    let n = if cfg!(miri) { 60 } else { 2_000 };
    let place: [fn(usize) -> usize; 2] = [|_| 1, |len| len - 9];
    for place in place {
        let mut v = Root::<u64, 16, 8>::collect(0..64);
        (0..n).for_each(|x| v.insert(place(v.len()), x));
        v.assert_invariants();
        let (leaves, nodes) = census(&v);
        assert!(leaves as u64 <= n / 3 + 10, "{leaves} leaves");
        assert!(nodes <= leaves / 14 + 4, "{nodes} nodes above {leaves} leaves");
    }
}

/// Counts the blocks of `old` that `new` does not have.
fn left_behind(old: &Small<u64>, new: &Small<u64>) -> usize {
    let blocks = new.blocks();
    old.blocks().keys().filter(|at| !blocks.contains_key(at)).count()
}

#[test]
fn push_and_pop_across_a_leaf_copy_only_changed_nodes() {
    // A root above two full trees of two levels, and a full tail.
    let old = tree::<u64>(2 * 64 + 4);
    let mut new = old.clone();
    new.push_back(7);
    assert_eq!((left_behind(&old, &new), new.height()), (1, 3), "only the root is copied");
    let old = tree::<u64>(64 + 4);
    let mut new = old.clone();
    (0..5).for_each(|_| _ = new.pop_back());
    assert_eq!(
        (left_behind(&old, &new), new.height()),
        (3, 2),
        "only one path and the tail are replaced"
    );
}

#[test]
fn edits_after_a_panic_rebalance_the_tree() {
    let (seeds, steps) = if cfg!(miri) { (1, 25) } else { (6, 400) };
    let (mut panics, mut marked, mut rebalanced) = (0, 0, 0);
    for seed in 1..=seeds {
        let (ledger, mut random) = (Rc::new(Ledger::default()), Random(seed * 77_777));
        let mut v = Small::collect((0..60).map(|n| Counted::new(n, &ledger)));
        let (mut hidden, mut oracle) = (v.clone(), range::<u64>(60));
        for step in 0..steps {
            if random.below(3) == 0 {
                hidden = v.clone();
            }
            let (kind, at) = (random.below(8), random.below(oracle.len()));
            let before = v.needs_rebalance();
            ledger.clone_fuse.set((random.below(2) == 0).then(|| random.below(12)));
            let (new, gone) = (1_000 + step as u64, |x: u64| x % 5 == seed % 5);
            let outcome = catch_unwind(AssertUnwindSafe(|| match kind {
                0..=2 => v.insert(at, Counted::new(new, &ledger)),
                3..=5 => drop(v.remove(at)),
                6 => {
                    let right = v.split_off(at);
                    let left = core::mem::replace(&mut v, right);
                    v.append(left);
                }
                _ => v.retain(|x| !gone(x.0)),
            }));
            ledger.clone_fuse.set(None);
            v.assert_invariants();
            hidden.assert_invariants();
            let now = || Elements::new(&v).map(|x| x.0);
            match (outcome, kind) {
                (Ok(()), 0..=2) => oracle.insert(at, new),
                (Ok(()), 3..=5) => drop(oracle.remove(at)),
                (Ok(()), 6) => oracle.rotate_left(at),
                (Ok(()), _) => oracle.retain(|x| !gone(*x)),
                (Err(_), _) => {
                    panics += 1;
                    oracle = now().collect();
                }
            }
            assert!(now().eq(oracle.iter().copied()));
            marked += usize::from(!before && v.needs_rebalance());
            rebalanced += usize::from(before && !v.needs_rebalance());
            while oracle.len() < 20 {
                oracle.push(new);
                v.push_back(Counted::new(new, &ledger));
            }
        }
        drop((v, hidden));
        assert_eq!(ledger.live.get(), 0);
    }
    let least = if cfg!(miri) { 0 } else { 10 };
    assert!(
        panics >= least && marked >= least && rebalanced >= least,
        "{panics} panics, {marked} marked, {rebalanced} rebalanced"
    );
}

#[test]
fn edits_of_a_shared_front_leaf_clone_only_what_they_move() {
    let popped_at_both_ends = |v: &mut Small<Counted>| {
        drop(v.pop_front());
        let kept = v.clone();
        drop(v.pop_back());
        drop(kept);
    };
    assert_eq!(clones_of(4, popped_at_both_ends), 1);
    let put_before_others_and_into_their_tree = |v: &mut Small<Counted>| {
        let others = v.slice(8..28);
        v.truncate(2);
        let kept = v.clone();
        v.append(others);
        v.retain(|_| true);
        drop(kept);
    };
    assert_eq!(
        clones_of(30, put_before_others_and_into_their_tree),
        0,
        "the leaf is put into the tree unchanged"
    );
}

#[test]
fn append_to_leaf_with_spare_capacity_keeps_it_out_of_the_tree() {
    for shared in [false, true] {
        let mut roomy = UniqueVec::<u64>::with_capacity(1_000);
        roomy.extend(0..2);
        let mut v = Small::from_leaf(roomy.into_handle());
        let kept = shared.then(|| v.clone());
        v.append(tree(30));
        v.retain(|_| true);
        v.assert_invariants();
        drop(kept);
    }
}
