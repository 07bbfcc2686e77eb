//! Leaves and whole trees put on at either end, and taken off.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::{Tree, leaf, reserve_tail};
use crate::persistent::iter::Elements;
use crate::persistent::node::{Child, ChildRef, End, FrontLeaf, Node};
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Appends all of another vector: whole trees are put side by side, and then tidied where they meet.
    /// If a clone panics, everything or nothing has been appended, or the part of a leaf.
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
        if self.root.before_tail() == 0 && other.root.before_tail() > 0 {
            return self.put_before(other);
        }
        other.move_front_leaf_into_tree();
        let theirs = other.root.edit(Option::take);
        let tail = other.root.take_tail();
        if theirs.is_none() {
            return self.append_small(tail);
        }
        let old = self.root.tree_len();
        if self.root.tail_len() > 0 {
            self.flush(Handle::copied);
            // Before the trees are linked, which may fail.
            self.rebalance_around(old);
        }
        let split_index = self.root.tree_len();
        self.root.edit(|root| link(root, theirs));
        drop(self.root.replace_tail(tail));
        self.rebalance_around(split_index);
    }

    /// Appends the elements of a range, which the vector has: clones of no more than a leaf has, which leave all
    /// leaves as they are. More are appended as a vector that shares their leaves.
    #[track_caller]
    pub(crate) fn extend_from_within(&mut self, range: Range<usize>) {
        if range.len() > Self::LEAF {
            let part = self.slice(range);
            return self.append(part);
        }
        let clones: Vec<T> = Elements::within(self, range).cloned().collect();
        let needed = Self::LEAF.min(self.root.tail_len() + clones.len());
        if self.root.tail_is_shared() && self.root.with_tail(Handle::block_cap) < needed {
            // Copied now, and not after some of the clones have been put into its last free slots.
            let (more, whole) = (clones.len(), self.root.before_tail() > 0);
            self.root.edit_tail(|tail| {
                reserve_tail(tail, more, Self::LEAF, whole, Handle::copied);
            });
        }
        clones.into_iter().for_each(|value| self.push_back(value));
    }

    /// [`Tree::append`] to a vector of a tail alone, whose elements go before those of a larger one: into
    /// its front leaf if they have room there, or as its front leaf.
    fn put_before(&mut self, mut other: Self) {
        let front = other.root.front_len();
        if front > 0 && self.root.tail_len() <= Self::LEAF - front {
            // Copied before anything is taken.
            self.root.edit_tail(|tail| _ = tail.unique_or(|tail| tail.copied(tail.len())));
            while let Some(last) = self.root.pop_back_in_place() {
                other.push_front(last);
            }
        } else {
            other.move_front_leaf_into_tree();
            let front = FrontLeaf::from_leaf(self.root.take_tail());
            drop(other.root.replace_front_leaf(front));
        }
        *self = other;
    }

    /// Appends the elements of a leaf to the tail, and goes on with what has no room there as the tail.
    #[track_caller]
    fn append_small(&mut self, mut more: Handle<T>) {
        if more.len() == 0 {
            return;
        }
        if self.root.tail_len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        if self.root.tail_len() == 0 {
            drop(self.root.replace_tail(more));
            return;
        }
        let room = Self::LEAF - self.root.tail_len();
        let rest = (more.len() > room).then(|| leaf::split_off(&mut more, room, Self::LEAF));
        let whole = self.root.before_tail() > 0;
        self.root.edit_tail(|tail| {
            if !tail.extend_claimed(more.as_slice()) {
                reserve_tail(tail, more.len(), Self::LEAF, whole, Handle::copied);
                leaf::join(tail, &mut more, Self::LEAF);
            }
        });
        if let Some(rest) = rest {
            self.flush(Handle::copied);
            drop(self.root.replace_tail(rest));
        }
    }
}

/// Puts `other` after a tree, on a new top or on the edge of the higher one.
#[track_caller]
fn link<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    other: Option<Node<T, F, L>>,
) {
    let height = |tree: &Option<Node<T, F, L>>| tree.as_ref().map_or(0, Node::level);
    let mut other = other;
    if height(root) < height(&other) {
        mem::swap(root, &mut other);
        if let Some(left) = other {
            grow(root, Child::Node(left), End::Front);
        }
    } else if let Some(right) = other {
        grow(root, Child::Node(right), End::Back);
    }
}

/// Makes `child`, which is no higher than the tree, its first or last. Nodes that have no room are neither
/// copied nor changed.
#[track_caller]
pub(super) fn grow<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    child: Child<T, F, L>,
    end: End,
) {
    let Some(top) = root else {
        *root = Some(Node::above(child));
        return;
    };
    match lowest_room(top, child.level(), end) {
        Some(level) => attach(top, raised(child, level - 1), end),
        None => {
            let child = raised(child, top.level());
            let mut higher = Node::new(top.level() + 1);
            if let Some(top) = root.take() {
                higher.push(Child::Node(top));
            }
            higher.insert(end.place(&higher), child);
            *root = Some(higher);
        }
    }
}

/// The child under as many nodes as its level asks for.
#[track_caller]
fn raised<T, const F: usize, const L: usize>(
    mut child: Child<T, F, L>,
    level: u8,
) -> Child<T, F, L> {
    while child.level() < level {
        child = Child::Node(Node::above(child));
    }
    child
}

/// The level of the lowest node on an edge, above a level, that has room.
fn lowest_room<T, const F: usize, const L: usize>(
    mut node: &Node<T, F, L>,
    above: u8,
    end: End,
) -> Option<u8> {
    let mut lowest = None;
    while node.level() > above {
        if node.has_room() {
            lowest = Some(node.level());
        }
        match node.child(end.slot(node)) {
            ChildRef::Leaf(_) => break,
            ChildRef::Node(child) => node = child,
        }
    }
    lowest
}

/// Puts `child` into the node on an edge that is one level above it.
fn attach<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    child: Child<T, F, L>,
    end: End,
) {
    if node.level() == child.level() + 1 {
        node.insert(end.place(node), child);
    } else {
        node.edit(end.slot(node), |last| attach(last, child, end));
    }
}

/// Takes the leaf at one edge out of a tree.
pub(super) fn shrink<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    end: End,
) -> Option<Handle<T>> {
    let top = root.as_mut()?;
    if is_one_leaf(top) {
        return root.take().map(|top| edge_leaf(&top, end));
    }
    Some(detach(top, end))
}

/// Takes the leaf at one edge out of a node that has more than one.
fn detach<T, const F: usize, const L: usize>(node: &mut Node<T, F, L>, end: End) -> Handle<T> {
    let slot = end.slot(node);
    match node.child(slot) {
        ChildRef::Node(child) if !is_one_leaf(child) => node.edit(slot, |child| detach(child, end)),
        _ => match node.take(slot) {
            Child::Leaf(leaf) => leaf,
            Child::Node(child) => edge_leaf(&child, end),
        },
    }
}

/// A handle of the leaf at one edge of a node.
fn edge_leaf<T, const F: usize, const L: usize>(node: &Node<T, F, L>, end: End) -> Handle<T> {
    let slot = end.slot(node);
    match node.child(slot) {
        ChildRef::Leaf(_) => node.leaf_handle(slot),
        ChildRef::Node(child) => edge_leaf(child, end),
    }
}

/// Whether there is one leaf below a node, and no more.
fn is_one_leaf<T, const F: usize, const L: usize>(node: &Node<T, F, L>) -> bool {
    node.len() == 1
        && match node.child(0) {
            ChildRef::Leaf(_) => true,
            ChildRef::Node(child) => is_one_leaf(child),
        }
}
