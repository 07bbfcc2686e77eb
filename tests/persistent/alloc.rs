//! The allocations of `PersistentVector`, and that it frees them.

use crate::common::alloc::{blocks_of, live, no_leak};
use cow_collections::{CowVec, PersistentVector};

/// The length of a large vector.
const LARGE: u64 = if cfg!(miri) { 3_000 } else { 1_000_000 };

fn vector(n: u64) -> PersistentVector<u64> {
    (0..n).collect()
}

#[test]
fn empty_and_clone_allocate_nothing() {
    no_leak(|| {
        assert_eq!(blocks_of(PersistentVector::<u64>::new).0, 0);
        for n in [0, 1, 128, 129, 5_000] {
            let v = vector(n);
            assert_eq!(blocks_of(|| v.clone()).0, 0);
            assert_eq!(blocks_of(|| v.iter().chain(v.chunks().flatten()).count()).0, 0);
        }
    });
}

#[test]
fn clone_and_set_allocate_one_leaf_and_the_nodes_above_it() {
    no_leak(|| {
        let old = vector(LARGE);
        let height = old.height();
        assert_eq!(height, if cfg!(miri) { 2 } else { 4 });
        for index in [0, 1, LARGE as usize / 2, LARGE as usize / 128 * 128 - 1] {
            let mut new = old.clone();
            assert_eq!(blocks_of(|| new.set(index, 7)).0, height + 1, "{index}");
            assert_eq!(blocks_of(|| new.set(index, 8)).0, 0, "the second write is in place");
            assert_eq!(
                blocks_of(|| new.set(index ^ 1, 8)).0,
                0,
                "a write to the same leaf is in place"
            );
        }
        // The tail has no node above it.
        let mut new = old.clone();
        assert_eq!(blocks_of(|| new.set(LARGE as usize - 1, 7)).0, 1);
    });
}

#[test]
fn a_shared_path_costs_its_nodes_and_a_leaf() {
    no_leak(|| {
        let old = vector(LARGE);
        let before = live();
        let mut new = old.clone();
        new.set(0, 1);
        let bytes = live() - before;
        // If a word has four bytes, the size class of a leaf holds one more element.
        let slots = if size_of::<usize>() == 8 { 128 } else { 129 };
        let (node, header) = (35 * size_of::<usize>(), 3 * size_of::<usize>());
        assert_eq!(bytes as usize, old.height() * node + header + slots * 8);
    });
}

#[test]
fn building_allocates_each_leaf_and_node_once() {
    no_leak(|| {
        // 16 leaves and a tail need one node.
        assert_eq!(blocks_of(|| vector(16 * 128 + 1)).0, 17 + 1);
        // 17 leaves need a second node, and a root above both.
        assert_eq!(blocks_of(|| vector(17 * 128 + 1)).0, 18 + 3);
        let vec: Vec<u64> = (0..17 * 128 + 1).collect();
        assert_eq!(blocks_of(|| PersistentVector::from(vec)).0, 18 + 3);
        assert_eq!(blocks_of(|| vector(100)).0, 1);
    });
}

#[test]
fn small_conversions_allocate_nothing() {
    no_leak(|| {
        let small: CowVec<u64> = (0..128).collect();
        let (blocks, back) = blocks_of(|| CowVec::from(PersistentVector::from(small.clone())));
        assert_eq!((blocks, back.ptr_eq(&small)), (0, true));
    });
}

#[test]
fn a_history_of_pushes_shares_tails() {
    no_leak(|| {
        let mut history = Vec::with_capacity(128);
        let mut now = vector(1_280);
        now.push_back(0);
        let (blocks, ()) = blocks_of(|| {
            for n in 0..127 {
                history.push(now.clone());
                now.push_back(n);
            }
        });
        assert_eq!(blocks, 0, "all versions append to the same tail");
    });
}

#[test]
fn pushing_and_popping_across_a_boundary_does_not_allocate_each_time() {
    no_leak(|| {
        let mut v = vector(1_280);
        v.push_back(0);
        let (blocks, ()) = blocks_of(|| {
            for n in 0..100 {
                v.pop_back();
                v.push_back(n);
            }
        });
        assert_eq!(blocks, 0);
    });
}

#[test]
fn the_front_allocates_a_leaf_at_a_time() {
    no_leak(|| {
        let mut v = vector(LARGE);
        let h = v.height();
        let (blocks, ()) = blocks_of(|| (0..1_280).for_each(|n| v.push_front(n)));
        assert!(blocks <= 10 + h + 1, "ten leaves and some nodes: {blocks}");
        let (blocks, ()) = blocks_of(|| (0..1_280).for_each(|_| _ = v.pop_front()));
        assert_eq!(blocks, 0, "leaves of a tree are emptied in place");
        // Pushes and pops across a leaf boundary.
        let (blocks, ()) = blocks_of(|| {
            for n in 0..100 {
                v.push_front(n);
                v.pop_front();
            }
        });
        assert!(blocks <= 1, "{blocks}");
        let mut history = Vec::with_capacity(200);
        v.push_front(0);
        let (blocks, ()) = blocks_of(|| {
            for n in 0..100 {
                history.push(v.clone());
                v.push_front(n);
            }
        });
        assert_eq!(blocks, 0, "all versions push into the same front leaf");
        let (blocks, ()) = blocks_of(|| {
            for _ in 0..100 {
                history.push(v.clone());
                v.pop_front();
            }
        });
        assert_eq!(blocks, 0, "every version hides the elements that it popped");
    });
}

#[test]
fn a_short_queue_allocates_nothing() {
    no_leak(|| {
        let mut queue = vector(3);
        queue.push_back(3);
        let (blocks, ()) = blocks_of(|| {
            for n in 0..100 {
                assert_eq!(queue.pop_front(), Some(n));
                queue.push_back(n + 4);
            }
        });
        assert_eq!(blocks, 0);
    });
}

#[test]
fn edits_of_shared_vectors_allocate_ways_and_no_more() {
    no_leak(|| {
        let old = vector(LARGE);
        let (h, n) = (old.height(), LARGE as usize);
        let mut new = old.clone();
        // The leaf and all nodes were full, so each is split into two. One more block records the splits.
        let (blocks, ()) = blocks_of(|| new.insert(n / 2, 7));
        assert!(blocks <= 2 * (h + 1) + 1, "insert: {blocks}");
        let (blocks, ()) = blocks_of(|| new.insert(n / 2, 8));
        assert_eq!(blocks, 0, "the edit is in place");
        let (blocks, _) = blocks_of(|| new.remove(n / 2));
        assert_eq!(blocks, 0, "the edit is in place");
        let mut new = old.clone();
        let (blocks, _) = blocks_of(|| new.remove(n / 2));
        assert_eq!(blocks, h + 1, "remove");
        let mut new = old.clone();
        let (blocks, _) = blocks_of(|| new.pop_front());
        assert_eq!(blocks, h, "the first leaf is not copied");
        let mut new = old.clone();
        let (blocks, ()) = blocks_of(|| new.push_front(7));
        assert_eq!(blocks, 1, "only a front leaf is allocated");
        let mut new = old.clone();
        let (blocks, ()) = blocks_of(|| new.append(old.clone()));
        assert!(blocks <= 3 * h + 2, "append: {blocks}");
        let mut small = vector(5);
        let (blocks, ()) = blocks_of(|| small.append(old.clone()));
        assert_eq!(blocks, 0, "the tail of the small vector becomes the front leaf");
        let mut new = old.clone();
        let (blocks, right) = blocks_of(|| new.split_off(n / 2 + 3));
        assert!(blocks <= 3 * h + 2, "split_off: {blocks}");
        drop(right);
        let (blocks, part) = blocks_of(|| old.slice(n / 3..n / 2));
        assert!(blocks <= 4 * h + 4, "slice: {blocks}");
        drop(part);
        assert_eq!(blocks_of(|| old.eq_shared(&old.clone())).0, 0);
        // `diff` does not descend into shared nodes.
        let mut new = old.clone();
        new.set(n / 2, 7);
        new.push_front(8);
        let (blocks, hunks) = blocks_of(|| old.diff(&new));
        assert!(hunks.len() == 2 && blocks <= 250, "diff: {blocks}");
        let mut small: PersistentVector<u64> = vec![1; 6].into();
        let kept = small.clone();
        assert_eq!(blocks_of(|| small.insert(3, 7)).0, 1, "the copy has room for the element");
        drop(kept);
        let mut large = vector(16 * 128 + 1);
        large.push_front(7);
        let (blocks, right) = blocks_of(|| large.split_off(1));
        assert_eq!(blocks, 0, "the split is between front leaf and tree");
        drop(right);
        // The last leaf is alone in its node, so the node is removed together with it.
        let old = vector(17 * 128 + 1);
        let mut new = old.clone();
        new.pop_back();
        assert_eq!(blocks_of(|| new.pop_back()).0, 1, "only the root is copied");
        let old = vector(128 + 1);
        let mut new = old.clone();
        new.pop_back();
        assert_eq!(blocks_of(|| new.pop_back()).0, 0);
    });
}

#[test]
fn strings_come_and_go() {
    no_leak(|| {
        let old: PersistentVector<String> = (0..500).map(|n| n.to_string()).collect();
        let mut new = old.clone();
        new.set(3, String::from("x"));
        new.truncate(250);
        new.extend(old.iter().cloned());
        for n in 0..100 {
            new.insert(n * 3, n.to_string());
            new.remove(n);
        }
        new.rotate_left(77);
        new.append(old.slice(3..90));
        new.retain(|x| x.len() != 2);
        new.sort();
        drop(new.splice(30..50, old.slice(..20)));
        new.dedup();
        new.truncate(400);
        drop(old);
        let left = (new.len() - 3).div_ceil(7);
        assert_eq!(new.into_iter().rev().skip(3).step_by(7).count(), left);
    });
}
