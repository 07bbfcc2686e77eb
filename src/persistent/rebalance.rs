//! Keeping a tree packed.
//!
//! Two neighbours under one node are merged if both fit into 3/4 of a leaf or node. A relaxed radix tree (Stucki et
//! al. 2015) bounds the extra steps of a search instead; here, as in a B+tree, the height stays logarithmic whatever
//! the edits were. An edit first puts every element in its place and then rebalances near it. If a clone panics there,
//! the contents stay complete, and the nodes above keep the flag `NEEDS_REBALANCE`.

use core::ops::Range;

use super::leaf;
use super::node::{Child, ChildRef, Node, Root};

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Rebalances where leaves or nodes on both sides of a place have changed.
    ///
    /// `index` is the number of elements of the tree before the place.
    pub(super) fn rebalance_around(&mut self, index: usize) {
        if self.has_radix_tree() {
            return; // Every leaf and node is full, except at the back.
        }
        if let Some(before) = index.checked_sub(1) {
            self.rebalance_path_to(before);
        }
        self.rebalance_path_to(index);
    }

    /// Rebalances after the last leaf was taken out.
    pub(super) fn rebalance_end(&mut self) {
        if !self.has_radix_tree() {
            self.rebalance_path_to(self.tree_len() - 1);
        }
    }

    /// Rebalances the nodes on the path to one element of the tree.
    fn rebalance_path_to(&mut self, index: usize) {
        if self.top().is_some_and(|top| index < top.total() && !is_balanced(top, index)) {
            self.edit_top(|tree| tree.iter_mut().for_each(|top| rebalance_path(top, index)));
        }
    }
}

/// Returns the children that may fit together with their right neighbour, where a path passes through `slot`.
///
/// If a node was split, the neighbour of the half that is not on the path has changed as well.
fn left_siblings(slot: usize) -> Range<usize> {
    slot.saturating_sub(2)..slot + 2
}

/// Returns `true` if no neighbours on the path to one element fit together.
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

/// Rebalances the nodes on the path to one element, from the bottom up.
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

/// Merges each child of a range with its right neighbour if they fit together.
///
/// Checks all children if a panic left the node marked.
pub(super) fn rebalance<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    left_siblings: Range<usize>,
) {
    let all = 0..node.len();
    let Range { start: mut slot, mut end } =
        if node.needs_rebalance() { all } else { left_siblings };
    while let Some(left) = node.first_fit(slot..end) {
        merge(node, left);
        (slot, end) = (left, end - 1);
    }
    node.clear_needs_rebalance();
}

/// Merges child `slot` with the next one, and then rebalances the children where the two meet.
fn merge<T: Clone, const F: usize, const L: usize>(node: &mut Node<T, F, L>, slot: usize) {
    node.edit_children(slot, |[left, right]| match (left, right) {
        (Some(Child::Leaf(left)), Some(Child::Leaf(right))) => {
            leaf::join(left, right, Root::<T, F, L>::LEAF);
        }
        (Some(Child::Node(left)), right) => {
            let meeting = left.len();
            if let Some(Child::Node(right)) = right.take() {
                left.append(right);
            }
            rebalance(left, meeting - 1..meeting);
        }
        _ => unreachable!("all leaves are at one depth"),
    });
}
