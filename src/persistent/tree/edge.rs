//! Leaves and whole trees put on at either end, and taken off.

use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

use super::{Tree, leaf, make_room};
use crate::persistent::iter::Elements;
use crate::persistent::node::{Head, Kid, KidRef, Node};
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;

/// An end of the vector.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    First,
    Last,
}

impl Edge {
    pub(super) const fn is_first(self) -> bool {
        matches!(self, Self::First)
    }

    /// The kid at this edge.
    fn slot<T, const F: usize, const L: usize>(self, node: &Node<T, F, L>) -> usize {
        match self {
            Self::First => 0,
            Self::Last => node.len() - 1,
        }
    }

    /// Where a kid more goes.
    fn place<T, const F: usize, const L: usize>(self, node: &Node<T, F, L>) -> usize {
        match self {
            Self::First => 0,
            Self::Last => node.len(),
        }
    }
}

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
        other.settle_head();
        let theirs = other.root.edit(Option::take);
        let tail = other.root.take_tail();
        if theirs.is_none() {
            return self.append_small(tail);
        }
        let old = self.root.tree_len();
        if self.root.tail_len() > 0 {
            self.flush(Handle::copied);
            // Before the trees are linked, which may fail.
            self.tidy_seam(old);
        }
        let seam = self.root.tree_len();
        self.root.edit(|root| link(root, theirs));
        drop(self.root.replace_tail(tail));
        self.tidy_seam(seam);
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
        if self.root.tail_is_shared() && self.root.look_at_tail(Handle::block_cap) < needed {
            // Copied now, and not after some of the clones have been put into its last free slots.
            let (more, whole) = (clones.len(), self.root.before_tail() > 0);
            self.root.edit_tail(|tail| {
                make_room(tail, more, Self::LEAF, whole, Handle::copied);
            });
        }
        clones.into_iter().for_each(|value| self.push_back(value));
    }

    /// [`Tree::append`] to a vector of a tail alone, whose elements go before those of a larger one: into
    /// its head if they have room there, or as its head.
    fn put_before(&mut self, mut other: Self) {
        let head = other.root.head_len();
        if head > 0 && self.root.tail_len() <= Self::LEAF - head {
            // Copied before anything is taken.
            self.root.edit_tail(|tail| _ = tail.unique_or(|tail| tail.copied(tail.len())));
            while let Some(last) = self.root.pop_tail() {
                other.push_front(last);
            }
        } else {
            other.settle_head();
            let head = Head::from_leaf(self.root.take_tail());
            drop(other.root.replace_head(head));
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
                make_room(tail, more.len(), Self::LEAF, whole, Handle::copied);
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
            grow(root, Kid::Node(left), Edge::First);
        }
    } else if let Some(right) = other {
        grow(root, Kid::Node(right), Edge::Last);
    }
}

/// Makes `kid`, which is no higher than the tree, its first or last. Nodes that have no room are neither
/// copied nor changed.
#[track_caller]
pub(super) fn grow<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    kid: Kid<T, F, L>,
    edge: Edge,
) {
    let Some(top) = root else {
        *root = Some(Node::above(kid));
        return;
    };
    match lowest_room(top, kid.level(), edge) {
        Some(level) => attach(top, raised(kid, level - 1), edge),
        None => {
            let kid = raised(kid, top.level());
            let mut higher = Node::new(top.level() + 1);
            if let Some(top) = root.take() {
                higher.push(Kid::Node(top));
            }
            higher.insert(edge.place(&higher), kid);
            *root = Some(higher);
        }
    }
}

/// The kid under as many nodes as its level asks for.
#[track_caller]
fn raised<T, const F: usize, const L: usize>(mut kid: Kid<T, F, L>, level: u8) -> Kid<T, F, L> {
    while kid.level() < level {
        kid = Kid::Node(Node::above(kid));
    }
    kid
}

/// The level of the lowest node on an edge, above a level, that has room.
fn lowest_room<T, const F: usize, const L: usize>(
    mut node: &Node<T, F, L>,
    above: u8,
    edge: Edge,
) -> Option<u8> {
    let mut lowest = None;
    while node.level() > above {
        if node.has_room() {
            lowest = Some(node.level());
        }
        match node.kid(edge.slot(node)) {
            KidRef::Leaf(_) => break,
            KidRef::Node(kid) => node = kid,
        }
    }
    lowest
}

/// Puts `kid` into the node on an edge that is one level above it.
fn attach<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    kid: Kid<T, F, L>,
    edge: Edge,
) {
    if node.level() == kid.level() + 1 {
        node.insert(edge.place(node), kid);
    } else {
        node.edit(edge.slot(node), |last| attach(last, kid, edge));
    }
}

/// Takes the leaf at one edge out of a tree.
pub(super) fn shrink<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    edge: Edge,
) -> Option<Handle<T>> {
    let top = root.as_mut()?;
    if is_one_leaf(top) {
        return root.take().map(|top| edge_leaf(&top, edge));
    }
    Some(detach(top, edge))
}

/// Takes the leaf at one edge out of a node that has more than one.
fn detach<T, const F: usize, const L: usize>(node: &mut Node<T, F, L>, edge: Edge) -> Handle<T> {
    let slot = edge.slot(node);
    match node.kid(slot) {
        KidRef::Node(kid) if !is_one_leaf(kid) => node.edit(slot, |kid| detach(kid, edge)),
        _ => match node.take(slot) {
            Kid::Leaf(leaf) => leaf,
            Kid::Node(kid) => edge_leaf(&kid, edge),
        },
    }
}

/// A handle of the leaf at one edge of a node.
fn edge_leaf<T, const F: usize, const L: usize>(node: &Node<T, F, L>, edge: Edge) -> Handle<T> {
    let slot = edge.slot(node);
    match node.kid(slot) {
        KidRef::Leaf(_) => node.leaf_handle(slot),
        KidRef::Node(kid) => edge_leaf(kid, edge),
    }
}

/// Whether there is one leaf below a node, and no more.
fn is_one_leaf<T, const F: usize, const L: usize>(node: &Node<T, F, L>) -> bool {
    node.len() == 1
        && match node.kid(0) {
            KidRef::Leaf(_) => true,
            KidRef::Node(kid) => is_one_leaf(kid),
        }
}
