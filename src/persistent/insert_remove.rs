//! Edits in the middle. Those of one element change one leaf, and no more than the way to it.

use alloc::vec::Vec;
use core::mem;

use super::edge::grow;
use super::tidy::rebalance;
use super::{Tree, leaf};
use crate::persistent::node::{Child, ChildRef, End, Node};
use crate::raw::handle::Handle;

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Inserts an element before `index`, which is not past the end.
    #[track_caller]
    pub(crate) fn insert(&mut self, index: usize, value: T) {
        if index == self.len() {
            return self.push_back(value);
        }
        if index == 0 {
            return self.push_front(value);
        }
        if index < self.root.front_len() {
            self.move_front_leaf_into_tree();
        }
        if self.root.before_tail() <= index && self.root.tail_len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        if let Some(at) = index.checked_sub(self.root.before_tail()) {
            return self.insert_in_tail(at, value);
        }
        let index = index - self.root.front_len();
        let Err(value) = self.root.insert_in_place(index, value) else { return };
        let mut splits = Vec::new();
        self.root.edit(|root| {
            let more = root.as_mut().and_then(|top| insert(top, 0, index, value, &mut splits));
            if let Some(right) = more {
                grow(root, Child::Node(right), End::Back);
            }
        });
        splits.into_iter().for_each(|split_index| self.rebalance_split(split_index));
    }

    /// Inserts an element into the tail, which has room.
    pub(super) fn insert_in_tail(&mut self, at: usize, value: T) {
        let whole = self.root.before_tail() > 0;
        self.root.edit_tail(|tail| {
            let few = tail.cap_for_copy(tail.len() + 1).min(Self::LEAF);
            leaf::insert(tail, at, value, if whole { Self::LEAF } else { few });
        });
    }

    /// Takes the element at `index` out, which there is. If a clone panics, it may be gone.
    pub(crate) fn remove(&mut self, index: usize) -> T {
        if index == 0 {
            if let Some(first) = self.pop_front() {
                return first;
            }
        }
        if index < self.root.front_len() {
            self.move_front_leaf_into_tree();
        }
        if let Some(at) = index.checked_sub(self.root.before_tail()) {
            return self.root.edit_tail(|tail| leaf::remove(tail, at));
        }
        let index = index - self.root.front_len();
        if let Some(value) = self.root.remove_in_place(index) {
            return value;
        }
        let mut changed = false;
        let value = self.root.edit(|root| match root {
            Some(top) => remove(top, index, &mut changed),
            None => unreachable!("a tree with that element has a top"),
        });
        if changed {
            self.rebalance_around(index);
        }
        value
    }

    /// Takes the element at `index` out, which there is, and puts the last one in its place.
    pub(crate) fn swap_remove(&mut self, index: usize) -> Option<T> {
        // Copied, if it must be, before anything is taken out.
        let last = index + 1 == self.len();
        if !last {
            self.get_mut(index)?;
        }
        let value = self.pop_back()?;
        if last {
            return Some(value);
        }
        self.get_mut(index).map(|element| mem::replace(element, value))
    }

    /// Keeps the elements for which `keep` is true. After a panic of `keep`, the vector has what was kept
    /// and what was not yet asked for, and what a shared leaf had.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.move_front_leaf_into_tree();
        self.root.edit(|root| {
            if let Some(top) = root {
                retain(top, &mut keep);
            }
        });
        self.root.edit_tail(|tail| leaf::retain(tail, &mut keep));
    }
}

/// Inserts an element into a node with `before` elements before it, and returns what no longer has room
/// in it, to come after it. Where a leaf or node is split, `splits` gets the elements before that place.
fn insert<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    before: usize,
    index: usize,
    value: T,
    splits: &mut Vec<usize>,
) -> Option<Node<T, F, L>> {
    let leaf = Tree::<T, F, L>::LEAF;
    let slot = node.slot_of(index);
    let start = node.start(slot);
    let at = index - start;
    let has_room = |slot: usize| match node.child(slot) {
        ChildRef::Leaf(elements) => elements.len() < leaf,
        ChildRef::Node(_) => false,
    };
    let more = if node.level() > 1 {
        Child::Node(node.edit(slot, |child| insert(child, before + start, at, value, splits))?)
    } else if has_room(slot) {
        node.edit_leaf(slot, |child| leaf::insert(child, at, value, leaf));
        return None;
    } else if at == 0 && slot > 0 && has_room(slot - 1) {
        // Where one element follows the other, they fill one leaf after the other.
        node.edit_leaf(slot - 1, |child| leaf::insert(child, child.len(), value, leaf));
        return None;
    } else {
        // Room for one at each level, before anything is split, since it may fail.
        splits.reserve(usize::from(Node::<T, F, L>::MAX_LEVEL) + 1);
        let more = node.edit_leaf(slot, |child| leaf::insert_and_split(child, at, value, leaf));
        splits.push(before + node.start(slot + 1));
        Child::Leaf(more)
    };
    // What comes next may fail, here or in a node above, before the split_index is tidied.
    node.mark_needs_rebalance();
    let right = put(node, slot + 1, more)?;
    splits.push(before + node.total());
    Some(right)
}

/// Puts a child at `slot`, which is not the first, and returns what no longer has room, to come after it.
fn put<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    slot: usize,
    child: Child<T, F, L>,
) -> Option<Node<T, F, L>> {
    if node.has_room() {
        node.insert(slot, child);
        return None;
    }
    // Full ones stay behind where children are added at one end.
    let cut = match slot {
        1 => 1,
        _ if slot == F => F,
        _ => F / 2,
    };
    let mut right = node.split_off(cut);
    if slot > cut || cut != F / 2 {
        right.insert(slot - cut, child);
    } else {
        node.insert(slot, child);
    }
    Some(right)
}

/// Takes an element out. `changed` says whether the way to it is to be tidied.
fn remove<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    index: usize,
    changed: &mut bool,
) -> T {
    let (slot, children) = (node.slot_of(index), node.len());
    let at = index - node.start(slot);
    let value = if node.level() > 1 {
        node.edit(slot, |child| remove(child, at, changed))
    } else {
        let value = node.edit_leaf(slot, |child| leaf::remove(child, at));
        *changed |= node.first_fit(slot.saturating_sub(1)..slot + 1).is_some();
        value
    };
    *changed |= node.len() < children;
    value
}

fn retain<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    keep: &mut impl FnMut(&T) -> bool,
) {
    let mut slot = 0;
    while slot < node.len() {
        let children = node.len();
        if node.level() > 1 {
            node.edit(slot, |child| retain(child, keep));
        } else {
            node.edit_leaf(slot, |child| leaf::retain(child, keep));
        }
        slot += usize::from(node.len() == children);
    }
    rebalance(node, 0..node.len());
}
