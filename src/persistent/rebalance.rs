//! What keeps a tree packed: two neighbours under one node that fit into 3/4 of a leaf or node are
//! merged. An edit first leaves the elements as they should be, and then tidies near it: if a clone
//! panics there, nothing of the content changes, and the nodes above are marked as loose.

use core::ops::Range;

use super::Tree;
use super::leaf;
use crate::persistent::node::{Child, ChildRef, Node};

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Tidies after a change of the leaves on both sides of a place, which has `split_index` elements of the tree
    /// before it, or of nodes above them.
    pub(super) fn rebalance_around(&mut self, split_index: usize) {
        if self.root.has_radix_tree() {
            return; // full but for the right edge
        }
        self.rebalance_split(split_index);
    }

    /// [`Tree::rebalance_around`] where a leaf or node was split, and those above it are marked as loose.
    pub(super) fn rebalance_split(&mut self, split_index: usize) {
        if let Some(before) = split_index.checked_sub(1) {
            self.rebalance_path_to(before);
        }
        self.rebalance_path_to(split_index);
    }

    /// Tidies after the last leaf was taken out.
    pub(super) fn rebalance_end(&mut self) {
        if !self.root.has_radix_tree() {
            self.rebalance_path_to(self.root.tree_len() - 1);
        }
    }

    /// Tidies on the way to one element of the tree.
    fn rebalance_path_to(&mut self, index: usize) {
        if self.root.top().is_some_and(|top| index < top.total() && !is_balanced(top, index)) {
            self.root.edit(|top| top.iter_mut().for_each(|top| rebalance_path(top, index)));
        }
    }
}

/// The children that may fit together with the one after them, where the way goes through `slot`. Where a node
/// was split, the neighbour of the half that is not on the way has changed as well.
fn left_siblings(slot: usize) -> Range<usize> {
    slot.saturating_sub(2)..slot + 2
}

/// Whether there is nothing to merge on the way to one element.
fn is_balanced<T, const F: usize, const L: usize>(
    mut node: &Node<T, F, L>,
    mut index: usize,
) -> bool {
    loop {
        let slot = node.slot_of(index);
        if node.needs_rebalance() || node.first_fit(left_siblings(slot)).is_some() {
            return false;
        }
        index -= node.start(slot);
        match node.child(slot) {
            ChildRef::Node(child) => node = child,
            ChildRef::Leaf(_) => return true,
        }
    }
}

/// Tidies from the bottom up on the way to one element.
fn rebalance_path<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    index: usize,
) {
    let slot = node.slot_of(index);
    if node.level() > 1 {
        let start = node.start(slot);
        node.edit(slot, |child| rebalance_path(child, index - start));
    }
    rebalance(node, left_siblings(slot));
}

/// Merges neighbours that fit together, of those whose left one is in the range; of all, if a panic has
/// left the node loose.
pub(super) fn rebalance<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    left_siblings: Range<usize>,
) {
    let Range { start: mut slot, mut end } =
        if node.needs_rebalance() { 0..node.len() } else { left_siblings };
    while let Some(left) = node.first_fit(slot..end) {
        merge(node, left);
        (slot, end) = (left, end - 1);
    }
    node.clear_needs_rebalance();
}

/// Merges child `slot` with the next one, and so on down between them.
fn merge<T: Clone, const F: usize, const L: usize>(node: &mut Node<T, F, L>, slot: usize) {
    node.edit_children(slot, |[left, right]| match (left, right) {
        (Some(Child::Leaf(left)), Some(Child::Leaf(right))) => {
            leaf::join(left, right, Tree::<T, F, L>::LEAF);
        }
        (Some(Child::Node(left)), right) => {
            let split_index = left.len();
            if let Some(Child::Node(right)) = right.take() {
                left.append(right);
            }
            rebalance(left, split_index - 1..split_index);
        }
        _ => unreachable!("all leaves are at one depth"),
    });
}
