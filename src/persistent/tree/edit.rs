//! Edits in the middle. Those of one element change one leaf, and no more than the way to it.

use alloc::vec::Vec;
use core::mem;

use super::tidy::tidy;
use super::{Tree, leaf};
use crate::raw::handle::Handle;
use crate::raw::node::{Kid, KidRef, Node};

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
        if index < self.root.head_len() {
            self.settle_head();
        }
        if self.root.before_tail() <= index && self.root.tail_len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        if let Some(at) = index.checked_sub(self.root.before_tail()) {
            return self.insert_in_tail(at, value);
        }
        let index = index - self.root.head_len();
        let Err(value) = self.root.insert_in_place(index, value) else { return };
        let height = usize::from(self.height());
        let mut splits = Splits { seams: Vec::new(), nodes: Vec::new(), height };
        self.root.edit(|root| {
            let Some(top) = root else { return };
            let full = usize::from(!top.has_room());
            if let Some(right) = insert(top, 0, full, index, value, &mut splits) {
                let mut higher = splits.next_node();
                root.take().into_iter().for_each(|left| higher.push(Kid::Node(left)));
                higher.push(Kid::Node(right));
                *root = Some(higher);
            }
        });
        splits.seams.into_iter().for_each(|seam| self.tidy_seam(seam));
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
        if index < self.root.head_len() {
            self.settle_head();
        }
        if let Some(at) = index.checked_sub(self.root.before_tail()) {
            return self.root.edit_tail(|tail| leaf::remove(tail, at));
        }
        let index = index - self.root.head_len();
        if let Some(value) = self.root.remove_in_place(index) {
            return value;
        }
        let mut changed = false;
        let value = self.root.edit(|root| match root {
            Some(top) => remove(top, index, &mut changed),
            None => unreachable!("a tree with that element has a top"),
        });
        if changed {
            self.tidy_seam(index);
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
        self.settle_head();
        self.root.edit(|root| {
            if let Some(top) = root {
                retain(top, &mut keep);
            }
        });
        self.root.edit_tail(|tail| leaf::retain(tail, &mut keep));
    }
}

/// What an insert that splits a leaf needs, made before anything is changed, since that may fail.
struct Splits<T, const F: usize, const L: usize> {
    /// The elements before each place where a leaf or node was split.
    seams: Vec<usize>,
    /// The nodes without children that the nodes on the way are split into, the lowest last, and before them one
    /// to go above the top if that is split.
    nodes: Vec<Node<T, F, L>>,
    /// The levels of the tree.
    height: usize,
}

impl<T, const F: usize, const L: usize> Splits<T, F, L> {
    /// Makes them for a way on which the lowest `full` nodes have no room.
    fn prepare(&mut self, full: usize) {
        self.seams.reserve(full + 1);
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

/// Inserts an element into a node with `before` elements before it, and returns what no longer has room
/// in it, to come after it. `full` nodes without room end with this one on the way from the top.
fn insert<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    before: usize,
    full: usize,
    index: usize,
    value: T,
    splits: &mut Splits<T, F, L>,
) -> Option<Node<T, F, L>> {
    let leaf = Tree::<T, F, L>::LEAF;
    let slot = node.slot_of(index);
    let start = node.start(slot);
    let at = index - start;
    let has_room = |slot: usize| match node.kid(slot) {
        KidRef::Leaf(elements) => elements.len() < leaf,
        KidRef::Node(_) => false,
    };
    let more = if node.level() > 1 {
        Kid::Node(node.edit(slot, |kid| {
            let full = if kid.has_room() { 0 } else { full + 1 };
            insert(kid, before + start, full, at, value, splits)
        })?)
    } else if has_room(slot) {
        node.edit_leaf(slot, |kid| leaf::insert(kid, at, value, leaf));
        return None;
    } else if at == 0 && slot > 0 && has_room(slot - 1) {
        // Where one element follows the other, they fill one leaf after the other.
        node.edit_leaf(slot - 1, |kid| leaf::insert(kid, kid.len(), value, leaf));
        return None;
    } else {
        splits.prepare(full);
        let more = node.edit_leaf(slot, |kid| leaf::insert_and_split(kid, at, value, leaf));
        splits.seams.push(before + node.start(slot + 1));
        Kid::Leaf(more)
    };
    let right = put(node, slot + 1, more, splits)?;
    splits.seams.push(before + node.total());
    Some(right)
}

/// Puts a kid at `slot`, which is not the first, and returns what no longer has room, to come after it.
fn put<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    slot: usize,
    kid: Kid<T, F, L>,
    splits: &mut Splits<T, F, L>,
) -> Option<Node<T, F, L>> {
    if node.has_room() {
        node.insert(slot, kid);
        return None;
    }
    // Full ones stay behind where kids are added at one end.
    let cut = match slot {
        1 => 1,
        _ if slot == F => F,
        _ => F / 2,
    };
    let mut right = splits.next_node();
    node.split_into(cut, &mut right);
    if slot > cut || cut != F / 2 {
        right.insert(slot - cut, kid);
    } else {
        node.insert(slot, kid);
    }
    Some(right)
}

/// Takes an element out. `changed` says whether the way to it is to be tidied.
fn remove<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    index: usize,
    changed: &mut bool,
) -> T {
    let (slot, kids) = (node.slot_of(index), node.len());
    let at = index - node.start(slot);
    let value = if node.level() > 1 {
        node.edit(slot, |kid| remove(kid, at, changed))
    } else {
        let value = node.edit_leaf(slot, |kid| leaf::remove(kid, at));
        *changed |= node.first_fit(slot.saturating_sub(1)..slot + 1).is_some();
        value
    };
    *changed |= node.len() < kids;
    value
}

fn retain<T: Clone, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    keep: &mut impl FnMut(&T) -> bool,
) {
    let mut slot = 0;
    while slot < node.len() {
        let kids = node.len();
        if node.level() > 1 {
            node.edit(slot, |kid| retain(kid, keep));
        } else {
            node.edit_leaf(slot, |kid| leaf::retain(kid, keep));
        }
        slot += usize::from(node.len() == kids);
    }
    tidy(node, 0..node.len());
}
