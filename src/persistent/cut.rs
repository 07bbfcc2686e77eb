//! Cuts. What is not wanted is never built: a shared node is copied without it.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::{Tree, leaf};
use crate::persistent::node::{Child, FrontLeaf, Node};
use crate::raw::handle::Handle;

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Shortens the vector to its first `len` elements. If a clone panics, it is shortened none the less.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(len) = len.checked_sub(self.root.before_tail()) {
            return self.root.edit_tail(|tail| leaf::shorten(tail, len));
        }
        if len == 0 {
            drop(mem::replace(self, Self::new()));
            return;
        }
        let old_tail = self.root.take_tail();
        let Some(last) = (len - 1).checked_sub(self.root.front_len()) else {
            let gone = self.root.edit(Option::take);
            self.root.edit_front_leaf(|front| front.truncate(len, Self::LEAF));
            drop((gone, old_tail));
            return;
        };
        let mut gone = Vec::new();
        self.root.edit(|top| {
            if let Some(top) = top {
                cut_after(top, last, &mut gone);
            }
        });
        // All is sound again before anything is dropped, which then happens from the front to the back:
        // the leaf that is cut through hides its rest until it is trimmed.
        self.end_with_tail(len);
        self.root.edit_tail(|tail| _ = tail.get_unique());
        gone.reverse();
        drop((gone, old_tail));
    }

    /// The elements of a range, as a vector of their own.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let mut part = self.clone();
        part.truncate(range.end);
        part.cut_front(range.start.min(range.end));
        part
    }

    /// Takes the elements from `at` on, which is not past the end. If a clone panics, these may be gone.
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        if at == 0 {
            return mem::replace(self, Self::new());
        }
        if at < self.root.front_len() {
            self.move_front_leaf_into_tree();
        }
        let mut right = Self::new();
        if let Some(at) = at.checked_sub(self.root.before_tail()) {
            let tail = self.root.edit_tail(|tail| leaf::split_off(tail, at, Self::LEAF));
            drop(right.root.replace_tail(tail));
            return right;
        }
        let in_tree = at - self.root.front_len();
        let split = self.root.edit(|top| match top {
            Some(node) if in_tree > 0 => Some(split(node, in_tree)),
            _ => top.take(),
        });
        drop(right.root.replace_tail(self.root.take_tail()));
        right.root.edit(|top| *top = split);
        if in_tree > 0 {
            self.end_with_tail(at);
            right.rebalance_around(0);
        }
        right
    }

    /// Makes the last leaf of the tree, which was just cut, the tail of a vector of `len` elements.
    fn end_with_tail(&mut self, len: usize) {
        if let Some(mut leaf) = self.pop_leaf() {
            leaf.shorten(len - self.root.before_tail());
            drop(self.root.replace_tail(leaf));
        }
        self.rebalance_end();
    }

    /// Takes the first `count` elements out, which are no more than there are.
    fn cut_front(&mut self, count: usize) {
        let Some(count) = count.checked_sub(self.root.front_len()) else {
            return self.root.edit_front_leaf(|front| front.skip(count, Self::LEAF));
        };
        let gone = self.root.replace_front_leaf(FrontLeaf::new());
        if let Some(count) = count.checked_sub(self.root.before_tail()) {
            let rest = self.root.edit_tail(|tail| leaf::split_off(tail, count, Self::LEAF));
            *self = Self::from_small(rest);
            return;
        }
        drop(gone);
        let Some((leaf, start)) = self.root.leaf(count) else { return };
        // Cloned before anything is cut.
        let rest = (start < count).then(|| leaf::cloned(&leaf[count - start..], Self::LEAF));
        let mut gone = Vec::new();
        self.root.edit(|top| {
            if let Some(top) = top {
                cut_before(top, count, rest, &mut gone);
            }
        });
        self.rebalance_around(0);
    }
}

/// Takes out all leaves after the one that has element `last`, from the back to the front.
fn cut_after<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    last: usize,
    gone: &mut Vec<Child<T, F, L>>,
) {
    let slot = node.slot_of(last);
    node.keep(0..slot + 1, gone);
    let start = node.start(slot);
    if node.level() > 1 {
        node.edit(slot, |child| cut_after(child, last - start, gone));
    }
}

/// Takes out all leaves before the one that has element `first`, and puts `rest` in the place of that.
fn cut_before<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    first: usize,
    rest: Option<Handle<T>>,
    gone: &mut Vec<Child<T, F, L>>,
) {
    let slot = node.slot_of(first);
    let start = node.start(slot);
    node.keep(slot..node.len(), gone);
    if node.level() > 1 {
        node.edit(0, |child| cut_before(child, first - start, rest, gone));
    } else if let Some(rest) = rest {
        // Before anything is replaced, since it may fail.
        gone.reserve(1);
        let old = node.edit_leaf(0, |leaf| mem::replace(leaf, rest));
        gone.push(Child::Leaf(old));
    }
}

/// Takes the elements from `at` on, which is neither the start nor the end of the node.
fn split<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    at: usize,
) -> Node<T, F, L> {
    let slot = node.slot_of(at);
    let at = at - node.start(slot);
    if at == 0 {
        return node.split_off(slot);
    }
    // Made before the child is cut, since that may fail: then its rest might fit together with its neighbour.
    let mut right = Node::new(node.level());
    let first = if node.level() > 1 {
        Child::Node(node.edit(slot, |child| split(child, at)))
    } else {
        let cap = Tree::<T, F, L>::LEAF;
        Child::Leaf(node.edit_leaf(slot, |leaf| leaf::split_off(leaf, at, cap)))
    };
    node.split_into(slot + 1, &mut right);
    right.insert(0, first);
    right
}
