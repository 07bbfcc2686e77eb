//! Appending whole vectors.
//!
//! Trees are put side by side as B+trees are concatenated: the lower one becomes a child at the end of the
//! higher one. Then the nodes where they meet are rebalanced. The cost is O(log n), whatever the lengths.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::ends::grow;
use super::iter::Elements;
use super::leaf;
use super::node::{Child, End, FrontLeaf, Node, Root};
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Appends all elements of another vector.
    ///
    /// If a clone panics, all of `other` has been appended, or none of it, or a part of its first leaf.
    #[track_caller]
    pub(crate) fn append(&mut self, mut other: Self) {
        let len = self.len().checked_add(other.len());
        if len.is_none_or(|len| len > isize::MAX as usize) {
            ReserveError::CapacityOverflow.fail();
        }
        if self.len() == 0 {
            *self = other;
            return;
        }
        if self.before_tail() == 0 && other.before_tail() > 0 {
            return self.put_tail_before(other);
        }
        other.move_front_leaf_into_tree();
        let tree = other.edit_top(Option::take);
        let tail = other.take_tail();
        if tree.is_none() {
            return self.append_tail(tail);
        }
        let old_len = self.tree_len();
        if self.tail_len() > 0 {
            self.flush_tail(Handle::copied);
            // Rebalances before the trees are linked, because a clone may panic.
            self.rebalance_around(old_len);
        }
        let split_index = self.tree_len();
        self.edit_top(|top| link(top, tree));
        drop(self.replace_tail(tail));
        self.rebalance_around(split_index);
    }

    /// Appends the elements of a range of this vector.
    ///
    /// Clones them if they are at most a leaf's; else appends a slice that shares their leaves.
    #[track_caller]
    pub(crate) fn extend_from_within(&mut self, range: Range<usize>) {
        if range.len() > Self::LEAF {
            let part = self.slice(range);
            return self.append(part);
        }
        let clones: Vec<T> = Elements::within(self, range).cloned().collect();
        let needed = Self::LEAF.min(self.tail_len() + clones.len());
        if self.tail_is_shared() && self.with_tail(Handle::block_cap) < needed {
            // A shared tail whose block is too small is copied now. Later it would have some of the new elements in
            // its last free slots, and the copy would clone them a second time.
            self.edit_reserved_tail(clones.len(), Handle::copied, |_| ());
        }
        clones.into_iter().for_each(|value| self.push_back(value));
    }

    /// Puts the tail, which is all of this vector, before the elements of `other`, which has more than a tail.
    ///
    /// The elements go into the front leaf of `other` if they have room there; else the tail becomes its
    /// front leaf.
    fn put_tail_before(&mut self, mut other: Self) {
        let front_len = other.front_len();
        if front_len > 0 && self.tail_len() <= Self::LEAF - front_len {
            // Both leaves are copied before any element is moved, because a clone may panic.
            other.edit_front_leaf(|front| front.reserve_front(Self::LEAF));
            self.edit_tail(|tail| _ = tail.unique_or(|tail| tail.copied(tail.len())));
            while let Some(last) = self.pop_back_in_place() {
                other.push_front(last);
            }
        } else {
            other.move_front_leaf_into_tree();
            let front = FrontLeaf::from_leaf(self.take_tail());
            drop(other.replace_front_leaf(front));
        }
        *self = other;
    }

    /// Appends the elements of a leaf to the tail; those without room there become the new tail.
    #[track_caller]
    fn append_tail(&mut self, mut more: Handle<T>) {
        if more.len() == 0 {
            return;
        }
        if self.tail_len() == Self::LEAF {
            self.flush_tail(Handle::copied);
        }
        if self.tail_len() == 0 {
            drop(self.replace_tail(more));
            return;
        }
        let room = Self::LEAF - self.tail_len();
        let rest = (more.len() > room).then(|| leaf::split_off(&mut more, room, Self::LEAF));
        if !self.edit_tail(|tail| tail.extend_claimed(more.as_slice())) {
            self.edit_reserved_tail(more.len(), Handle::copied, |_| ());
            self.edit_tail(|tail| leaf::join(tail, &mut more, Self::LEAF));
        }
        if let Some(rest) = rest {
            self.flush_tail(Handle::copied);
            drop(self.replace_tail(rest));
        }
    }
}

/// Puts `right` after a tree: at the end of the higher one, or both below a new top.
#[track_caller]
fn link<T, const F: usize, const L: usize>(
    tree: &mut Option<Node<T, F, L>>,
    mut right: Option<Node<T, F, L>>,
) {
    let height = |tree: &Option<Node<T, F, L>>| tree.as_ref().map_or(0, Node::level);
    if height(tree) < height(&right) {
        mem::swap(tree, &mut right);
        if let Some(left) = right {
            grow(tree, Child::Node(left), End::Front);
        }
    } else if let Some(right) = right {
        grow(tree, Child::Node(right), End::Back);
    }
}
