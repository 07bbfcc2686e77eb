//! What keeps a tree packed: two neighbours under one node that fit into 3/4 of a leaf or node are
//! merged. An edit first leaves the elements as they should be, and then tidies near it: if a clone
//! panics there, nothing of the content changes, and the nodes above are marked as loose.

use core::ops::Range;

use super::Tree;
use super::leaf;
use crate::raw::node::{Kid, KidRef, Node};

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Tidies after a change of the leaves on both sides of a place, which has `seam` elements of the tree
    /// before it, or of nodes above them.
    pub(super) fn tidy_seam(&mut self, seam: usize) {
        if self.root.is_dense() {
            return; // full but for the right edge
        }
        if let Some(before) = seam.checked_sub(1) {
            self.tidy_at(before);
        }
        self.tidy_at(seam);
    }

    /// Tidies after the last leaf was taken out.
    pub(super) fn tidy_end(&mut self) {
        if !self.root.is_dense() {
            self.tidy_at(self.root.tree_len() - 1);
        }
    }

    /// Tidies on the way to one element of the tree.
    fn tidy_at(&mut self, index: usize) {
        if self.root.top().is_some_and(|top| index < top.total() && !is_tidy(top, index)) {
            self.root.edit(|top| top.iter_mut().for_each(|top| tidy_way(top, index)));
        }
    }
}

/// The kids that may fit together with the one after them, where the way goes through `slot`. Where a node
/// was split, the neighbour of the half that is not on the way has changed as well.
fn lefts(slot: usize) -> Range<usize> {
    slot.saturating_sub(2)..slot + 2
}

/// Whether there is nothing to merge on the way to one element.
fn is_tidy<T, const F: usize, const L: usize>(mut node: &Node<T, F, L>, mut index: usize) -> bool {
    loop {
        let slot = node.slot_of(index);
        if node.is_loose() || node.first_fit(lefts(slot)).is_some() {
            return false;
        }
        index -= node.start(slot);
        match node.kid(slot) {
            KidRef::Node(kid) => node = kid,
            KidRef::Leaf(_) => return true,
        }
    }
}

/// Tidies from the bottom up on the way to one element.
fn tidy_way<T: Clone, const F: usize, const L: usize>(node: &mut Node<T, F, L>, index: usize) {
    let slot = node.slot_of(index);
    if node.level() > 1 {
        let start = node.start(slot);
        node.edit(slot, |kid| tidy_way(kid, index - start));
    }
    tidy(node, lefts(slot));
}

/// Merges neighbours that fit together, of those whose left one is in the range; of all, if a panic has
/// left the node loose.
pub(super) fn tidy<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    lefts: Range<usize>,
) {
    let Range { start: mut slot, mut end } = if node.is_loose() { 0..node.len() } else { lefts };
    while let Some(left) = node.first_fit(slot..end) {
        merge(node, left);
        (slot, end) = (left, end - 1);
    }
    node.set_tight();
}

/// Merges kid `slot` with the next one, and so on down between them.
fn merge<T: Clone, const F: usize, const L: usize>(node: &mut Node<T, F, L>, slot: usize) {
    node.lend(slot, |[left, right]| match (left, right) {
        (Some(Kid::Leaf(left)), Some(Kid::Leaf(right))) => {
            leaf::join(left, right, Tree::<T, F, L>::LEAF);
        }
        (Some(Kid::Node(left)), right) => {
            let seam = left.len();
            if let Some(Kid::Node(right)) = right.take() {
                left.append(right);
            }
            tidy(left, seam - 1..seam);
        }
        _ => unreachable!("all leaves are at one depth"),
    });
}
