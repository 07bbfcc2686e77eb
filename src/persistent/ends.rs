//! Adding a leaf or a subtree at either end of the tree, and taking a leaf off.
//!
//! A subtree is added to the lowest node at that end that has room. If there is none, the tree grows by a level,
//! as in a B+tree that is only filled from the end: full nodes are neither split nor copied.

use super::node::{Child, ChildRef, End, Node, Root};
use crate::raw::handle::Handle;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Makes a leaf the last one of the tree, without rebalancing.
    #[track_caller]
    pub(super) fn push_leaf(&mut self, leaf: Handle<T>) {
        self.put_leaf(leaf, End::Back);
    }

    /// Makes a leaf the first or the last one of the tree, without rebalancing.
    #[track_caller]
    pub(super) fn put_leaf(&mut self, leaf: Handle<T>, end: End) {
        if let Some(leaf) = self.put_leaf_in_place(leaf, end) {
            self.edit_top(|top| grow(top, Child::Leaf(leaf), end));
        }
    }

    /// Takes the last leaf out of the tree, without rebalancing.
    pub(super) fn pop_leaf(&mut self) -> Option<Handle<T>> {
        self.take_leaf(End::Back)
    }

    /// Takes the first or the last leaf out of the tree, without rebalancing.
    pub(super) fn take_leaf(&mut self, end: End) -> Option<Handle<T>> {
        self.take_leaf_in_place(end).or_else(|| self.edit_top(|top| shrink(top, end)))
    }

    /// Takes out the first leaf of a vector without a front leaf, without rebalancing.
    ///
    /// For callers that take all leaves.
    pub(super) fn take_first_leaf(&mut self) -> Option<Handle<T>> {
        self.take_leaf(End::Front).or_else(|| self.take_filled_tail())
    }

    /// Takes out the last leaf, which is the tail or a leaf of the tree, without rebalancing.
    ///
    /// For callers that take all leaves. The front leaf stays.
    pub(super) fn take_last_leaf(&mut self) -> Option<Handle<T>> {
        self.take_filled_tail().or_else(|| self.pop_leaf())
    }

    fn take_filled_tail(&mut self) -> Option<Handle<T>> {
        (self.tail_len() > 0).then(|| self.take_tail())
    }
}

/// Makes `child`, which is no higher than the tree, its first or last part.
#[track_caller]
pub(super) fn grow<T, const F: usize, const L: usize>(
    tree: &mut Option<Node<T, F, L>>,
    child: Child<T, F, L>,
    end: End,
) {
    let Some(top) = tree else {
        *tree = Some(Node::above(child));
        return;
    };
    match lowest_room(top, child.level(), end) {
        Some(level) => attach(top, raised(child, level - 1), end),
        None => {
            let child = raised(child, top.level());
            let mut higher = Node::new(top.level() + 1);
            if let Some(top) = tree.take() {
                higher.push(Child::Node(top));
            }
            higher.insert(end.place(&higher), child);
            *tree = Some(higher);
        }
    }
}

/// Puts nodes of one child above `child` until it has that level.
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

/// Returns the level of the lowest node at one end that has room and is above level `above`.
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

/// Puts `child` into the node at one end that is one level above it.
fn attach<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    child: Child<T, F, L>,
    end: End,
) {
    if node.level() == child.level() + 1 {
        node.insert(end.place(node), child);
    } else {
        node.edit(end.slot(node), |outer| attach(outer, child, end));
    }
}

/// Takes the leaf at one end out of a tree.
fn shrink<T, const F: usize, const L: usize>(
    tree: &mut Option<Node<T, F, L>>,
    end: End,
) -> Option<Handle<T>> {
    let top = tree.as_mut()?;
    if is_one_leaf(top) {
        return tree.take().map(|top| leaf_at(&top, end));
    }
    Some(detach(top, end))
}

/// Takes the leaf at one end out of a node that has several leaves below it.
fn detach<T, const F: usize, const L: usize>(node: &mut Node<T, F, L>, end: End) -> Handle<T> {
    let slot = end.slot(node);
    match node.child(slot) {
        ChildRef::Node(child) if !is_one_leaf(child) => node.edit(slot, |child| detach(child, end)),
        _ => match node.take(slot) {
            Child::Leaf(leaf) => leaf,
            Child::Node(child) => leaf_at(&child, end),
        },
    }
}

/// Returns a handle of the leaf at one end of a node.
fn leaf_at<T, const F: usize, const L: usize>(node: &Node<T, F, L>, end: End) -> Handle<T> {
    let slot = end.slot(node);
    match node.child(slot) {
        ChildRef::Leaf(_) => node.leaf_handle(slot),
        ChildRef::Node(child) => leaf_at(child, end),
    }
}

/// Returns `true` if exactly one leaf is below a node.
fn is_one_leaf<T, const F: usize, const L: usize>(node: &Node<T, F, L>) -> bool {
    node.len() == 1
        && match node.child(0) {
            ChildRef::Leaf(_) => true,
            ChildRef::Node(child) => is_one_leaf(child),
        }
}
