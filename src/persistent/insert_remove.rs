//! Inserting and removing single elements, and keeping those that a closure accepts.
//!
//! An edit of one element changes one leaf and the path to it. As in a B+tree, a full leaf or node is split, and
//! neighbours that have become small are merged: see `rebalance`.

use alloc::vec::Vec;
use core::mem;

use super::leaf;
use super::node::{Child, ChildRef, Node, Root};
use super::rebalance::rebalance;
use crate::raw::handle::Handle;

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Inserts an element before `index`, which is at most the length.
    #[track_caller]
    pub(crate) fn insert(&mut self, index: usize, value: T) {
        if index == self.len() {
            return self.push_back(value);
        }
        if index == 0 {
            return self.push_front(value);
        }
        if index < self.front_len() {
            self.move_front_leaf_into_tree();
        }
        if self.before_tail() <= index && self.tail_len() == Self::LEAF {
            self.flush_tail(Handle::copied);
        }
        if let Some(at) = index.checked_sub(self.before_tail()) {
            return self.insert_in_tail(at, value);
        }
        let index = index - self.front_len();
        let Err(value) = self.insert_in_place(index, value) else { return };
        let height = usize::from(self.height());
        let mut splits = Splits { places: Vec::new(), nodes: Vec::new(), height };
        self.edit_top(|tree| {
            let Some(top) = tree else { return };
            let full = usize::from(!top.has_room());
            if let Some(right) = insert(top, 0, full, index, value, &mut splits) {
                let mut higher = splits.next_node();
                tree.take().into_iter().for_each(|left| higher.push(Child::Node(left)));
                higher.push(Child::Node(right));
                *tree = Some(higher);
            }
        });
        splits.places.into_iter().for_each(|index| self.rebalance_around(index));
    }

    /// Inserts an element into the tail, which is not full.
    pub(super) fn insert_in_tail(&mut self, at: usize, value: T) {
        let cap = self.tail_cap(self.tail_len() + 1);
        self.edit_tail(|tail| leaf::insert(tail, at, value, cap));
    }

    /// Removes the element at `index`, which exists. If a clone panics, it may be gone.
    pub(crate) fn remove(&mut self, index: usize) -> T {
        if index == 0 {
            if let Some(first) = self.pop_front() {
                return first;
            }
        }
        if index < self.front_len() {
            self.move_front_leaf_into_tree();
        }
        if let Some(at) = index.checked_sub(self.before_tail()) {
            return self.edit_tail(|tail| leaf::remove(tail, at));
        }
        let index = index - self.front_len();
        if let Some(value) = self.remove_in_place(index) {
            return value;
        }
        let mut may_fit = false;
        let value = self.edit_top(|tree| match tree {
            Some(top) => remove(top, index, &mut may_fit),
            None => unreachable!("a tree with that element has a top"),
        });
        if may_fit {
            self.rebalance_around(index);
        }
        value
    }

    /// Removes the element at `index` and puts the last one in its place, or returns `None` if there is none.
    pub(crate) fn swap_remove(&mut self, index: usize) -> Option<T> {
        let is_last = index + 1 == self.len();
        if !is_last {
            // Copies a shared leaf before any element is taken out, because a clone may panic.
            self.get_mut(index)?;
        }
        let value = self.pop_back()?;
        if is_last {
            return Some(value);
        }
        self.get_mut(index).map(|element| mem::replace(element, value))
    }

    /// Keeps the elements for which `keep` returns `true`.
    ///
    /// If `keep` panics, the vector has the elements that were kept and those not yet visited. If the leaf in which
    /// `keep` panicked is shared, the vector has all elements of that leaf.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.move_front_leaf_into_tree();
        self.edit_top(|tree| {
            if let Some(top) = tree {
                retain(top, &mut keep);
            }
        });
        self.edit_tail(|tail| leaf::retain(tail, &mut keep));
    }
}

/// Holds the nodes and the places for an insert that splits a leaf. They are allocated before anything is changed,
/// because allocation may fail.
struct Splits<T, const F: usize, const L: usize> {
    /// For each leaf and node that was split, the number of elements of the tree before the place.
    places: Vec<usize>,
    /// Nodes without children for the right halves, the lowest last. If the top is split, the first node is the new
    /// top.
    nodes: Vec<Node<T, F, L>>,
    /// The levels of the tree.
    height: usize,
}

impl<T, const F: usize, const L: usize> Splits<T, F, L> {
    /// Makes the nodes for a path whose lowest `full` nodes have no room.
    fn prepare(&mut self, full: usize) {
        self.places.reserve(full + 1);
        let highest = if full == self.height { full + 1 } else { full };
        self.nodes.reserve(highest);
        self.nodes.extend((1..=highest as u8).rev().map(Node::new));
    }

    fn next_node(&mut self) -> Node<T, F, L> {
        match self.nodes.pop() {
            Some(node) => node,
            None => unreachable!("there is one for each node without room"),
        }
    }
}

/// Inserts an element into a node that has `before` elements of the tree before it.
///
/// The lowest `full` nodes of the path from the top to this node have no room. If the node is split, returns its right
/// half.
fn insert<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    before: usize,
    full: usize,
    index: usize,
    value: T,
    splits: &mut Splits<T, F, L>,
) -> Option<Node<T, F, L>> {
    let cap = Root::<T, F, L>::LEAF;
    let slot = node.slot_of(index);
    let start = node.start(slot);
    let at = index - start;
    let has_room = |slot: usize| match node.child(slot) {
        ChildRef::Leaf(elements) => elements.len() < cap,
        ChildRef::Node(_) => false,
    };
    let right = if node.level() > 1 {
        Child::Node(node.edit(slot, |child| {
            let full = if child.has_room() { 0 } else { full + 1 };
            insert(child, before + start, full, at, value, splits)
        })?)
    } else if has_room(slot) {
        node.edit_leaf(slot, |child| leaf::insert(child, at, value, cap));
        return None;
    } else if at == 0 && slot > 0 && has_room(slot - 1) {
        // Appends to the leaf before, so that consecutive insertions fill one leaf after the other.
        node.edit_leaf(slot - 1, |child| leaf::insert(child, child.len(), value, cap));
        return None;
    } else {
        splits.prepare(full);
        let right = node.edit_leaf(slot, |child| leaf::insert_and_split(child, at, value, cap));
        splits.places.push(before + node.start(slot + 1));
        Child::Leaf(right)
    };
    let right = put(node, slot + 1, right, splits)?;
    splits.places.push(before + node.total());
    Some(right)
}

/// Puts a child at `slot`, which is not 0. If the node is split for it, returns its right half.
fn put<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    slot: usize,
    child: Child<T, F, L>,
    splits: &mut Splits<T, F, L>,
) -> Option<Node<T, F, L>> {
    if node.has_room() {
        node.insert(slot, child);
        return None;
    }
    // Children added at one end leave full nodes behind.
    let cut = match slot {
        1 => 1,
        _ if slot == F => F,
        _ => F / 2,
    };
    let mut right = splits.next_node();
    node.split_into(cut, &mut right);
    if slot > cut || cut != F / 2 {
        right.insert(slot - cut, child);
    } else {
        node.insert(slot, child);
    }
    Some(right)
}

/// Removes an element. Sets `may_fit` if two neighbours on the path to it may now fit together.
fn remove<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    index: usize,
    may_fit: &mut bool,
) -> T {
    let (slot, len) = (node.slot_of(index), node.len());
    let at = index - node.start(slot);
    let value = if node.level() > 1 {
        node.edit(slot, |child| remove(child, at, may_fit))
    } else {
        let value = node.edit_leaf(slot, |child| leaf::remove(child, at));
        *may_fit |= node.first_fit(slot.saturating_sub(1)..slot + 1).is_some();
        value
    };
    *may_fit |= node.len() < len;
    value
}

fn retain<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    keep: &mut impl FnMut(&T) -> bool,
) {
    let mut slot = 0;
    while slot < node.len() {
        let len = node.len();
        if node.level() > 1 {
            node.edit(slot, |child| retain(child, keep));
        } else {
            node.edit_leaf(slot, |child| leaf::retain(child, keep));
        }
        slot += usize::from(node.len() == len);
    }
    rebalance(node, 0..node.len());
}
