//! Checks of every invariant of a vector. Tests call them after every operation.

use core::ptr;

use super::node::{ChildRef, Node, Root};
use crate::vec::unique::UniqueVec;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Panics unless all invariants hold (N2 to N6).
    pub(crate) fn assert_invariants(&self) {
        let (len, front, in_tree, tail) =
            (self.len(), self.front_len(), self.tree_len(), self.tail_len());
        assert_eq!(len, front + in_tree + tail, "the lengths agree");
        assert!(len <= isize::MAX as usize, "the length fits an isize");
        self.with_front_leaf(|front| front.assert_invariants(Self::LEAF));
        self.with_tail(|tail| {
            assert!(tail.len() <= Self::LEAF, "the tail is at most a leaf");
            assert!(tail.len() <= tail.block_cap(), "the tail's elements are in its block");
        });
        let is_radix = front == 0 && self.top().is_some_and(Node::is_radix);
        assert_eq!(
            self.reads_by_radix(),
            is_radix,
            "the radix is set exactly if there is no front leaf and the top is radix"
        );
        match self.top() {
            None => {
                assert_eq!(
                    (in_tree, self.height()),
                    (0, 0),
                    "an absent tree has no elements and no height"
                );
                assert!(
                    front.min(tail) > 0 || self.as_slice().is_some(),
                    "a single leaf is contiguous"
                );
            }
            Some(top) => {
                assert_eq!(
                    (top.total(), top.level()),
                    (in_tree, self.height()),
                    "the root knows the length and height of the tree"
                );
                assert!(top.level() == 1 || top.len() > 1, "the top has more than one child");
                assert_node(top);
            }
        }
        let mut seen = 0;
        while let Some((leaf, start)) = self.leaf(seen) {
            assert_eq!(start, seen, "leaves follow each other");
            assert!(!leaf.is_empty(), "no leaf is empty");
            for (i, element) in leaf.iter().enumerate() {
                let found = self.get(start + i).map(ptr::from_ref);
                assert_eq!(
                    found,
                    Some(ptr::from_ref(element)),
                    "get and leaf find the same element"
                );
            }
            seen += leaf.len();
        }
        assert_eq!(seen, len, "leaves have every element");
        assert!(self.get(len).is_none() && self.leaf(len).is_none(), "no element is past the end");
    }

    /// Returns `true` if a panic has left a node marked for rebalancing.
    #[cfg(test)]
    pub(in crate::persistent) fn needs_rebalance(&self) -> bool {
        fn needs_rebalance<T, const F: usize, const L: usize>(node: &Node<T, F, L>) -> bool {
            node.needs_rebalance()
                || (0..node.len()).any(|slot| match node.child(slot) {
                    ChildRef::Leaf(_) => false,
                    ChildRef::Node(child) => needs_rebalance(child),
                })
        }
        self.top().is_some_and(needs_rebalance)
    }
}

/// Panics unless all invariants hold for a node and those below it.
fn assert_node<T, const F: usize, const L: usize>(node: &Node<T, F, L>) {
    assert!(0 < node.len() && node.len() <= F, "a node has 1 to F children");
    assert!(
        0 < node.level() && node.level() <= Node::<T, F, L>::MAX_LEVEL,
        "the level is within bounds"
    );
    let (mut total, mut full) = (0, true);
    let most = F
        .checked_pow(u32::from(node.level()) - 1)
        .map_or(usize::MAX, |children| children.saturating_mul(Root::<T, F, L>::LEAF));
    let balanced = node.first_fit(0..node.len()).is_none();
    assert!(node.needs_rebalance() || balanced, "no two neighbours fit together");
    for slot in 0..node.len() {
        assert_eq!(node.start(slot), total, "sizes are exact");
        assert!(full || !node.is_radix(), "in a radix node every child but the last is full");
        let child_total = match node.child(slot) {
            ChildRef::Leaf(leaf) => {
                let handle = node.leaf_handle(slot);
                assert_eq!(node.level(), 1, "leaves are at one depth");
                assert!(ptr::eq(handle.as_slice(), leaf), "a leaf is a buffer");
                assert!(handle.block_cap() >= leaf.len(), "a leaf's elements are in its block");
                let room = UniqueVec::<T>::rounded(Root::<T, F, L>::LEAF);
                assert!(handle.block_cap() <= room, "a leaf has at most a leaf's capacity");
                leaf.len()
            }
            ChildRef::Node(child) => {
                assert_eq!(child.level() + 1, node.level(), "leaves are at one depth");
                let last = slot + 1 == node.len();
                assert!(
                    child.is_radix() || !(last && node.is_radix()),
                    "in a radix node the last child is radix"
                );
                assert_node(child);
                child.total()
            }
        };
        assert!(0 < child_total && child_total <= most, "a child has 1 to a full child's elements");
        full = child_total == most;
        total += child_total;
    }
    assert_eq!(node.total(), total, "sizes are exact");
}
