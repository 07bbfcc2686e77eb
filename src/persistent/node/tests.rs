//! Tests edits in place. They succeed only if nothing has to be copied, and otherwise change nothing.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Range;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use super::{Child, End, FrontLeaf, Node, Root};
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

type Tree = Root<u64, 4, 8>;

fn leaf(elements: Range<u64>) -> Handle<u64> {
    let mut leaf = UniqueVec::with_capacity(8);
    leaf.extend(elements);
    leaf.into_handle()
}

/// Makes a node with leaves of these lengths, each with the elements from 0 on.
fn node(lens: &[u64]) -> Node<u64, 4, 8> {
    let mut node = Node::new(1);
    lens.iter().for_each(|len| node.push(Child::Leaf(leaf(0..*len))));
    node
}

fn tree(top: Node<u64, 4, 8>) -> Tree {
    let mut tree = Tree::new();
    tree.edit_top(|place| *place = Some(top));
    tree
}

/// Makes a tree of two such nodes and a root above them.
fn high(left: &[u64], right: &[u64]) -> Tree {
    let mut top = Node::above(Child::Node(node(left)));
    top.push(Child::Node(node(right)));
    tree(top)
}

#[test]
fn insert_and_remove_in_place_on_unique_path_only() {
    for mut v in [tree(node(&[6, 6])), high(&[6, 6], &[6, 6])] {
        let len = v.tree_len();
        for at in [0, 4, 8, len - 1] {
            assert_eq!(v.insert_in_place(at, 77), Ok(()), "{at}");
            assert_eq!((v.get(at), v.tree_len()), (Some(&77), len + 1));
            assert_eq!(v.remove_in_place(at), Some(77), "{at}");
        }
        let copy = v.clone();
        assert_eq!(
            (v.insert_in_place(3, 77), v.remove_in_place(3)),
            (Err(77), None),
            "a shared path is not edited"
        );
        drop(copy);
        assert_eq!(v.insert_in_place(3, 77), Ok(()));
        assert_eq!(v.insert_in_place(3, 77), Err(77), "the leaf would be full");
    }
    // A leaf may shrink to one element, unless it fits into one leaf with a neighbour.
    let mut v = tree(node(&[8, 2, 8]));
    assert_eq!((v.remove_in_place(9), v.remove_in_place(8)), (Some(1), None));
    assert_eq!(tree(node(&[2, 5])).remove_in_place(0), None, "both leaves would fit into one");
    assert_eq!(tree(node(&[8, 8])).remove_in_place(0), None, "the tree is radix");
    // A tree of eight levels.
    let side = || (0..6).fold(node(&[6, 6]), |below, _| Node::above(Child::Node(below)));
    let mut top = Node::above(Child::Node(side()));
    top.push(Child::Node(side()));
    let mut v = tree(top);
    assert_eq!((v.height(), v.insert_in_place(15, 77), v.get(15)), (8, Ok(()), Some(&77)));
}

#[test]
fn put_and_take_leaf_in_place_on_unique_edge_only() {
    for mut v in [tree(node(&[8, 7])), high(&[8, 7], &[8, 7])] {
        let len = v.tree_len();
        for end in [End::Front, End::Back] {
            assert!(v.put_leaf_in_place(leaf(70..75), end).is_none(), "there is room");
            assert_eq!(v.get(if end.is_front() { 0 } else { len }), Some(&70));
            assert_eq!(v.tree_len(), len + 5);
            let copy = v.clone();
            assert!(
                v.take_leaf_in_place(end).is_none()
                    && v.put_leaf_in_place(leaf(0..5), end).is_some()
            );
            assert!(v.ptr_eq(&copy), "a shared tree is unchanged");
            drop(copy);
            let taken = v.take_leaf_in_place(end).map(|leaf| leaf.as_slice().to_vec());
            assert_eq!((taken, v.tree_len()), (Some((70..75).collect()), len));
        }
    }
    assert!(tree(node(&[8])).take_leaf_in_place(End::Front).is_none(), "the only leaf stays");
    assert!(
        tree(node(&[8; 4])).put_leaf_in_place(leaf(0..8), End::Back).is_some(),
        "the node is full"
    );
}

#[test]
fn pop_front_in_place_on_unique_back_aligned_leaf_only() {
    let mut v = tree(node(&[8, 8]));
    drop(v.replace_front_leaf(FrontLeaf::from_leaf(leaf(0..6))));
    assert_eq!(v.pop_front_in_place(), None, "the front leaf is not back-aligned yet");
    assert_eq!(v.edit_front_leaf(|front| front.pop_first(8)), Some(0));
    assert_eq!([v.pop_front_in_place(), v.pop_front_in_place()], [Some(1), Some(2)]);
    let copy = v.clone();
    assert_eq!(v.pop_front_in_place(), None, "a shared front leaf is unchanged");
    drop(copy);
    assert_eq!(
        [v.pop_front_in_place(), v.pop_front_in_place(), v.pop_front_in_place()],
        [Some(3), Some(4), None]
    );
}

#[test]
fn get_unique_by_radix_on_unique_radix_tree_finds_the_element() {
    for mut v in [tree(node(&[8, 8, 5])), high(&[8; 4], &[8, 8, 5])] {
        for at in [0, 9, v.tree_len() - 1] {
            assert!(v.get_unique_by_radix(at).is_some(), "{at}");
        }
        let copy = v.clone();
        assert!(v.get_unique_by_radix(0).is_none(), "the tree is shared");
        drop(copy);
    }
    assert!(tree(node(&[8, 7, 8])).get_unique_by_radix(0).is_none(), "the tree is not radix");
}

#[test]
fn insert_in_place_into_full_leaf_with_spare_capacity_refuses() {
    // Capacities are rounded up, so this block has 16 slots.
    let mut bytes = UniqueVec::<u8>::with_capacity(8);
    bytes.extend(0..8);
    let mut v = Root::<u8, 4, 8>::new();
    v.edit_top(|top| *top = Some(Node::above(Child::Leaf(bytes.into_handle()))));
    assert_eq!((v.insert_in_place(3, 7), v.tree_len()), (Err(7), 8));
}

/// If a node took leaves of nine and of seven elements for two full ones, it would find wrong elements.
#[test]
#[should_panic(expected = "a child fits its node")]
fn insert_of_a_leaf_of_more_than_leaf_elements_panics() {
    node(&[7]).insert(0, Child::Leaf(leaf(0..9)));
}

#[test]
#[should_panic(expected = "a child fits its node")]
fn above_a_leaf_of_more_than_leaf_elements_panics() {
    drop(Node::<u64, 4, 8>::above(Child::Leaf(leaf(0..9))));
}

#[test]
fn edit_leaf_to_more_than_leaf_elements_panics_and_drops_each_element_once() {
    for shared in [false, true] {
        let (all, first) = counted();
        let mut node = Node::<Rc<u64>, 4, 8>::above(Child::Leaf(first.into_handle()));
        node.push(Child::Leaf(counted().1.into_handle()));
        let copy = shared.then(|| node.clone());
        let grown = catch_unwind(AssertUnwindSafe(|| {
            node.edit_leaf(0, |leaf| {
                let mut grown = leaf.copied(9);
                grown.push(all[0].clone());
                *leaf = grown.into_handle();
            });
        }));
        let message = grown.expect_err("the leaf has nine elements");
        let message = message.downcast_ref::<&str>().copied().unwrap_or_default();
        assert_eq!(message, "a child fits its node");
        drop((node, copy));
        assert_eq!(counts(&all), [1; 8], "shared: {shared}");
    }
}

#[test]
fn edit_children_that_replaces_a_node_by_a_leaf_panics_and_removes_the_child() {
    let mut top = Node::above(Child::Node(node(&[6, 6])));
    top.push(Child::Node(node(&[7])));
    let edited = catch_unwind(AssertUnwindSafe(|| {
        top.edit_children(0, |[child]| *child = Some(Child::Leaf(leaf(0..3))));
    }));
    assert!(edited.is_err());
    assert_eq!((top.len(), top.total()), (1, 7));
}

/// Returns eight elements, and a leaf with a second reference to each.
fn counted() -> (Vec<Rc<u64>>, UniqueVec<Rc<u64>>) {
    let all: Vec<_> = (0..8).map(Rc::new).collect();
    let mut leaf = UniqueVec::with_capacity(8);
    leaf.extend(all.iter().cloned());
    (all, leaf)
}

fn counts(all: &[Rc<u64>]) -> Vec<usize> {
    all.iter().map(Rc::strong_count).collect()
}

#[test]
fn pop_first_after_others_are_gone_drops_hidden_elements() {
    let (all, leaf) = counted();
    let mut v = Root::<Rc<u64>, 4, 8>::new();
    drop(v.replace_front_leaf(FrontLeaf::from_leaf(leaf.into_handle())));
    let old = v.clone();
    assert_eq!(v.edit_front_leaf(|front| front.pop_first(8)).as_deref(), Some(&0));
    drop(old);
    assert_eq!(counts(&all), [2; 8], "the leaf hides the popped element");
    assert_eq!(v.edit_front_leaf(|front| front.pop_first(8)).as_deref(), Some(&1));
    assert_eq!(counts(&all), [1, 1, 2, 2, 2, 2, 2, 2]);
}

#[test]
fn take_leaf_of_full_front_leaf_starts_at_slot_0() {
    let (all, leaf) = counted();
    let mut v = Root::<Rc<u64>, 4, 8>::new();
    drop(v.replace_front_leaf(FrontLeaf::from_leaf(leaf.into_handle())));
    v.edit_front_leaf(|front| front.reserve_front(8));
    let mut leaf = v.edit_front_leaf(|front| front.take_leaf(8));
    let kept = leaf.clone();
    leaf.shorten(3);
    drop(kept);
    assert!(leaf.get_unique().is_some_and(|leaf| leaf.len() == 3));
    assert_eq!(counts(&all), [2, 2, 2, 1, 1, 1, 1, 1]);
}

/// A new block may have the address of a freed one. The node must read it by the new pointer.
#[test]
fn edit_leaf_to_a_new_block_at_the_old_address_reads_the_new_one() {
    // No other test frees blocks of this size, so that the allocator soon reuses the address.
    let leaf = |elements: Range<u64>| {
        let mut leaf = UniqueVec::with_capacity(77);
        leaf.extend(elements);
        leaf.into_handle()
    };
    let again = (0..100).any(|_| {
        let mut node = Node::<u64, 4, 8>::above(Child::Leaf(leaf(0..6)));
        let again = node.edit_leaf(0, |place| {
            let gone = place.as_slice().as_ptr().addr();
            *place = Handle::new();
            *place = leaf(10..15);
            place.as_slice().as_ptr().addr() == gone
        });
        let last = node.leaf_handle(0);
        assert_eq!((node.total(), last.as_slice()), (5, &[10, 11, 12, 13, 14][..]));
        again
    });
    assert!(again || !cfg!(miri), "Miri reuses an address in 100 attempts");
}
