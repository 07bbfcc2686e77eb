//! Truncating, slicing and splitting.
//!
//! A cut follows one path. A shared node on it is copied without the children that are cut off, so nothing is built
//! only to be dropped.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::leaf;
use super::node::{Child, FrontLeaf, Node, Root};
use crate::raw::handle::Handle;

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Shortens the vector to its first `len` elements, also if a clone panics.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(len) = len.checked_sub(self.before_tail()) {
            return self.edit_tail(|tail| tail.truncate(len));
        }
        if len == 0 {
            drop(mem::replace(self, Self::new()));
            return;
        }
        let old_tail = self.take_tail();
        let Some(last) = (len - 1).checked_sub(self.front_len()) else {
            let removed = self.edit_top(Option::take);
            self.edit_front_leaf(|front| front.truncate(len, Self::LEAF));
            drop((removed, old_tail));
            return;
        };
        let mut removed = Vec::new();
        self.edit_top(|tree| {
            if let Some(top) = tree {
                cut_after(top, last, &mut removed);
            }
        });
        // Elements are dropped only after the vector is valid again, in order: the leaf that is cut through hides its
        // rest until `get_unique` trims it.
        self.end_with_tail(len);
        self.edit_tail(|tail| _ = tail.get_unique());
        removed.reverse();
        drop((removed, old_tail));
    }

    /// Returns the elements of a range.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let mut part = self.clone();
        part.truncate(range.end);
        part.cut_front(range.start.min(range.end));
        part
    }

    /// Splits off the elements from `at` on, which is at most the length. If a clone panics, they may be gone.
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        if at == 0 {
            return mem::replace(self, Self::new());
        }
        if at < self.front_len() {
            self.move_front_leaf_into_tree();
        }
        let mut right = Self::new();
        if let Some(at) = at.checked_sub(self.before_tail()) {
            let tail = self.edit_tail(|tail| leaf::split_off(tail, at, Self::LEAF));
            drop(right.replace_tail(tail));
            return right;
        }
        let in_tree = at - self.front_len();
        let split = self.edit_top(|tree| match tree {
            Some(top) if in_tree > 0 => Some(split(top, in_tree)),
            _ => tree.take(),
        });
        drop(right.replace_tail(self.take_tail()));
        right.edit_top(|tree| *tree = split);
        if in_tree > 0 {
            self.end_with_tail(at);
            right.rebalance_around(0);
        }
        right
    }

    /// Makes the last leaf of the tree, through which a cut went, the tail of a vector of `len` elements.
    fn end_with_tail(&mut self, len: usize) {
        if let Some(mut leaf) = self.pop_leaf() {
            leaf.shorten(len - self.before_tail());
            drop(self.replace_tail(leaf));
        }
        self.rebalance_end();
    }

    /// Removes the first `count` elements, which is at most the length.
    fn cut_front(&mut self, count: usize) {
        let Some(count) = count.checked_sub(self.front_len()) else {
            return self.edit_front_leaf(|front| front.skip(count, Self::LEAF));
        };
        let front = self.replace_front_leaf(FrontLeaf::new());
        if let Some(count) = count.checked_sub(self.before_tail()) {
            let rest = self.edit_tail(|tail| leaf::split_off(tail, count, Self::LEAF));
            *self = Self::from_leaf(rest);
            return;
        }
        drop(front);
        let Some((leaf, start)) = self.leaf(count) else { return };
        // Cloned before anything is cut, because a clone may panic.
        let rest = (start < count).then(|| leaf::cloned(&leaf[count - start..], Self::LEAF));
        let mut removed = Vec::new();
        self.edit_top(|tree| {
            if let Some(top) = tree {
                cut_before(top, count, rest, &mut removed);
            }
        });
        self.rebalance_around(0);
    }
}

/// Removes all leaves after the one that has element `last`, from the back to the front.
fn cut_after<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    last: usize,
    removed: &mut Vec<Child<T, F, L>>,
) {
    let slot = node.slot_of(last);
    node.keep(0..slot + 1, removed);
    let start = node.start(slot);
    if node.level() > 1 {
        node.edit(slot, |child| cut_after(child, last - start, removed));
    }
}

/// Removes all leaves before the one that has element `first`, and replaces that one by `rest`.
fn cut_before<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    first: usize,
    rest: Option<Handle<T>>,
    removed: &mut Vec<Child<T, F, L>>,
) {
    let slot = node.slot_of(first);
    let start = node.start(slot);
    node.keep(slot..node.len(), removed);
    if node.level() > 1 {
        node.edit(0, |child| cut_before(child, first - start, rest, removed));
    } else if let Some(rest) = rest {
        // Reserved before the leaf is replaced, because allocation may fail.
        removed.reserve(1);
        let old = node.edit_leaf(0, |leaf| mem::replace(leaf, rest));
        removed.push(Child::Leaf(old));
    }
}

/// Splits off the elements from `at` on, which is neither 0 nor the total of the node.
fn split<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    at: usize,
) -> Node<T, F, L> {
    let slot = node.slot_of(at);
    let at = at - node.start(slot);
    if at == 0 {
        return node.split_off(slot);
    }
    // Allocated before the child is cut. If that failed afterwards, the rest of the child might fit together with
    // its neighbour.
    let mut right = Node::new(node.level());
    let first = if node.level() > 1 {
        Child::Node(node.edit(slot, |child| split(child, at)))
    } else {
        let cap = Root::<T, F, L>::LEAF;
        Child::Leaf(node.edit_leaf(slot, |leaf| leaf::split_off(leaf, at, cap)))
    };
    node.split_into(slot + 1, &mut right);
    right.insert(0, first);
    right
}
