//! The whole vector for any fan-out and leaf size: a dense tree of full leaves, and a tail.
//!
//! The face fixes `F` and `L`; tests run at 4 and 4, where trees are deep from 30 elements.

use alloc::vec::Vec;
use core::mem;

use crate::raw::handle::{Handle, UniqueVec};
use crate::raw::node::{Kid, KidRef, Node, Root};

/// The tree holds the first `root.len()` elements in leaves of `LEAF` each, the tail the rest.
///
/// The tail has at most `LEAF`. It is empty only if everything is, or after a pop that took the last
/// of it: the next leaf becomes the tail when it is needed, not before, so that pushing and popping
/// across a boundary does not move leaves to and fro.
pub(crate) struct Tree<T, const F: usize, const L: usize> {
    root: Root<T, F, L>,
    tail: Handle<T>,
}

impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// The elements of a full leaf.
    pub(crate) const LEAF: usize = Node::<T, F, L>::LEAF;

    #[inline]
    pub(crate) const fn new() -> Self {
        Self { root: Root::new(), tail: Handle::new() }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.root.len() + self.tail.len()
    }

    /// The levels of nodes above the leaves, 0 if there is nothing but the tail.
    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.root.height()
    }

    /// All elements, if they are in one leaf.
    pub(crate) fn as_slice(&self) -> Option<&[T]> {
        match self.root.leaf(0) {
            None => Some(self.tail.as_slice()),
            Some((leaf, _)) => (leaf.len() == self.len()).then_some(leaf),
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.root.len()) {
            None => Some(self.root.at(index)),
            Some(index) => self.tail.as_slice().get(index),
        }
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        match index.checked_sub(self.root.len()) {
            None => self.root.leaf(index),
            Some(offset) if offset < self.tail.len() => {
                Some((self.tail.as_slice(), self.root.len()))
            }
            Some(_) => None,
        }
    }

    /// Whether both are one and the same, not merely equal; all empty ones are.
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        if self.len() == 0 && other.len() == 0 {
            return true;
        }
        let same_tree = match (self.root.top(), other.root.top()) {
            (None, None) => true,
            (Some(a), Some(b)) => a.ptr_eq(b),
            _ => false,
        };
        same_tree && self.tail.ptr_eq(&other.tail)
    }

    /// Makes the leaf, which is full, the last of the tree.
    #[track_caller]
    fn push_leaf(&mut self, leaf: Handle<T>) {
        self.root.edit(|root| grow(root, Kid::Leaf(leaf)));
    }

    /// Takes the last leaf out of the tree.
    fn pop_leaf(&mut self) -> Option<Handle<T>> {
        self.root.edit(|root| shrink(root, Edge::Last))
    }

    /// Takes the first leaf out: what is left of the tree is no longer dense.
    pub(super) fn take_first_leaf(&mut self) -> Option<Handle<T>> {
        self.root.edit(|root| shrink(root, Edge::First)).or_else(|| self.take_tail())
    }

    /// Takes the last leaf out, be it the tail.
    pub(super) fn take_last_leaf(&mut self) -> Option<Handle<T>> {
        self.take_tail().or_else(|| self.pop_leaf())
    }

    fn take_tail(&mut self) -> Option<Handle<T>> {
        if self.tail.len() == 0 {
            return None;
        }
        Some(mem::replace(&mut self.tail, Handle::new()))
    }

    /// Makes the tail of a vector that has no tree.
    pub(super) fn from_small(tail: Handle<T>) -> Self {
        assert!(tail.len() <= Self::LEAF, "at most one leaf");
        Self { root: Root::new(), tail }
    }

    /// All elements in one buffer, if they are in one leaf.
    pub(super) fn try_into_small(mut self) -> Result<Handle<T>, Self> {
        if self.as_slice().is_none() {
            return Err(self);
        }
        Ok(self.take_last_leaf().unwrap_or(Handle::new()))
    }

    /// Moves all elements of a `Vec`, a leaf at a time.
    #[track_caller]
    pub(super) fn from_vec(vec: Vec<T>) -> Self {
        let mut this = Self::new();
        let mut rest = vec.into_iter();
        while rest.len() > Self::LEAF {
            let mut leaf = UniqueVec::with_capacity(Self::LEAF);
            leaf.append_next(&mut rest, Self::LEAF);
            this.push_leaf(leaf.into_shared().into_handle());
        }
        let last = rest.len();
        let whole = this.root.len() > 0;
        let mut tail = UniqueVec::with_capacity(if whole { Self::LEAF } else { last });
        tail.append_next(&mut rest, last);
        this.tail = tail.into_shared().into_handle();
        this
    }

    /// Collects what an iterator yields, a leaf at a time.
    #[track_caller]
    pub(super) fn collect(iter: impl Iterator<Item = T>) -> Self {
        let mut this = Self::new();
        this.fill(iter, |_, _| unreachable!("nobody else knows the tail"));
        this
    }

    /// Appends what an iterator yields; `copy` is called if the tail must be copied.
    #[track_caller]
    fn fill(
        &mut self,
        mut iter: impl Iterator<Item = T>,
        copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
    ) {
        // Asked for an element before anything is done for it: an empty iterator copies nothing.
        while let Some(value) = iter.next() {
            if self.tail.len() == Self::LEAF {
                self.flush(&copy);
            }
            let more = iter.size_hint().0.saturating_add(1);
            let whole = self.root.len() > 0;
            let tail = make_room(&mut self.tail, more, Self::LEAF, whole, &copy);
            tail.push(value);
            let room = Self::LEAF - tail.len();
            tail.extend_iter(iter.by_ref().take(room));
        }
    }

    /// Moves the tail, which is full, into the tree, and leaves it empty.
    #[track_caller]
    fn flush(&mut self, copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>) {
        // A leaf keeps no more room than a leaf has.
        if self.tail.block_cap() > UniqueVec::<T>::rounded(Self::LEAF) {
            let tail = self.tail.unique_or(|shared| copy(shared, Self::LEAF));
            tail.set_capacity(Self::LEAF);
        }
        let leaf = mem::replace(&mut self.tail, Handle::new());
        self.push_leaf(leaf);
    }

    /// Shortens the vector to its first `len` elements.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(len) = len.checked_sub(self.root.len()) {
            return shorten(&mut self.tail, len);
        }
        let Some(last) = len.checked_sub(1) else {
            drop(mem::replace(self, Self::new()));
            return;
        };
        let old_tail = mem::replace(&mut self.tail, Handle::new());
        let mut gone = Vec::new();
        self.root.edit(|root| root.as_mut().map(|top| cut(top, last, &mut gone)));
        // The leaf that is cut through becomes the tail. All is sound again before anything is dropped,
        // which then happens from the front to the back.
        if let Some(leaf) = self.pop_leaf() {
            self.tail = leaf;
            let len = len - self.root.len();
            shorten(&mut self.tail, len);
        }
        gone.reverse();
        drop((gone, old_tail));
    }
}

/// What tests ask after every operation.
impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// Panics unless the whole structure is sound.
    pub(crate) fn assert_invariants(&self) {
        let (len, in_tree, tail) = (self.len(), self.root.len(), self.tail.len());
        assert!(tail <= Self::LEAF, "the tail is at most a leaf");
        assert_eq!(in_tree % Self::LEAF, 0, "leaves in the tree are full");
        assert!(tail <= self.tail.block_cap(), "the tail's elements are in its block");
        match self.root.top() {
            None => assert_eq!((in_tree, self.height()), (0, 0), "no tree, no elements in it"),
            Some(top) => {
                assert_eq!((top.total(), top.level()), (in_tree, self.height()), "the root agrees");
                assert!(top.level() == 1 || top.len() > 1, "the top has more than one kid");
                assert!(top.level() <= Node::<T, F, L>::MAX_LEVEL, "no level too many");
                assert!(self.root.is_dense() && top.is_dense(), "nothing here makes it otherwise");
                assert_node(top);
            }
        }
        assert_eq!(self.as_slice().is_some(), len <= Self::LEAF, "small is contiguous");
        let mut seen = 0;
        while let Some((leaf, start)) = self.leaf(seen) {
            assert_eq!(start, seen, "leaves follow each other");
            for (i, element) in leaf.iter().enumerate() {
                let found = self.get(start + i).map(core::ptr::from_ref);
                assert_eq!(found, Some(core::ptr::from_ref(element)), "get finds what leaves show");
            }
            seen += leaf.len();
        }
        assert_eq!(seen, len, "leaves show every element");
        assert!(self.get(len).is_none() && self.leaf(len).is_none(), "nothing past the end");
    }
}

/// Panics unless a node and all below it are sound.
fn assert_node<T, const F: usize, const L: usize>(node: &Node<T, F, L>) {
    assert!(0 < node.len() && node.len() <= F, "1 to F kids");
    let (mut total, mut full) = (0, true);
    let most = Tree::<T, F, L>::LEAF * F.pow(u32::from(node.level()) - 1);
    for slot in 0..node.len() {
        assert_eq!(node.start(slot), total, "ends are exact");
        assert!(full || !node.is_dense(), "dense: every kid but the last is full");
        let kid_total = match node.kid(slot) {
            KidRef::Leaf(leaf) => {
                let handle = node.leaf_handle(slot);
                assert_eq!(node.level(), 1, "leaves are at one depth");
                assert_eq!(handle.as_slice().as_ptr(), leaf.as_ptr(), "a leaf is a buffer");
                assert!(handle.block_cap() >= leaf.len(), "its elements are in its block");
                let room = UniqueVec::<T>::rounded(Tree::<T, F, L>::LEAF);
                assert!(handle.block_cap() <= room, "it has no more room than a leaf has");
                leaf.len()
            }
            KidRef::Node(kid) => {
                assert_eq!(kid.level() + 1, node.level(), "leaves are at one depth");
                let last = slot + 1 == node.len();
                assert!(kid.is_dense() || !(last && node.is_dense()), "dense: so is the last kid");
                assert_node(kid);
                kid.total()
            }
        };
        assert!(0 < kid_total && kid_total <= most, "1 to a full kid's elements");
        full = kid_total == most;
        total += kid_total;
    }
    assert_eq!(node.total(), total, "ends are exact");
}

/// What copies shared leaves.
impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    #[inline]
    #[track_caller]
    pub(crate) fn push_back(&mut self, value: T) {
        if self.tail.len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        let whole = self.root.len() > 0;
        self.tail
            .push_with(value, |tail| _ = make_room(tail, 1, Self::LEAF, whole, Handle::copied));
    }

    #[inline]
    pub(crate) fn pop_back(&mut self) -> Option<T> {
        if self.tail.len() == 0 {
            self.tail = self.pop_leaf()?;
        }
        if let Some(unique) = self.tail.get_unique() {
            return unique.pop();
        }
        let (last, rest) = self.tail.as_slice().split_last()?;
        let (last, len) = (last.clone(), rest.len());
        self.tail.shorten(len);
        Some(last)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let (leaf, start) = match index.checked_sub(self.root.len()) {
            None => self.root.leaf_mut(index, |leaf| leaf.copied(leaf.len()))?,
            // Before anything is copied for it.
            Some(offset) if offset >= self.tail.len() => return None,
            Some(_) => {
                let (start, whole) = (self.root.len(), self.root.len() > 0);
                let tail = self.tail.unique_or(|tail| {
                    let cap = if whole { Self::LEAF } else { tail.cap_for_copy(tail.len()) };
                    tail.copied(cap)
                });
                (tail.as_mut_slice(), start)
            }
        };
        leaf.get_mut(index - start)
    }

    #[track_caller]
    pub(crate) fn extend(&mut self, iter: impl Iterator<Item = T>) {
        self.fill(iter, Handle::copied);
    }
}

impl<T, const F: usize, const L: usize> Clone for Tree<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self { root: self.root.clone(), tail: self.tail.clone() }
    }
}

/// Makes the tail unique with room for `more` elements, as far as a leaf has it: for a whole leaf, or
/// for twice what there is.
#[cold]
#[inline(never)]
#[track_caller]
fn make_room<T>(
    tail: &mut Handle<T>,
    more: usize,
    leaf: usize,
    whole: bool,
    copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
) -> &mut UniqueVec<T> {
    let needed = tail.len().saturating_add(more).min(leaf);
    let cap = if whole { leaf } else { tail.cap_for_copy(needed).min(leaf) };
    let tail = tail.unique_or(|shared| copy(shared, cap));
    if tail.capacity() < cap {
        tail.set_capacity(cap);
    }
    tail
}

/// Shortens a handle to at most `len` elements: drops the rest if it is unique.
fn shorten<T>(handle: &mut Handle<T>, len: usize) {
    if len >= handle.len() {
        return;
    }
    match handle.get_unique() {
        Some(unique) => unique.truncate(len),
        None => handle.shorten(len),
    }
}

/// Makes `kid`, a leaf, the last of a tree. Nodes that have no room are neither copied nor changed.
#[track_caller]
fn grow<T, const F: usize, const L: usize>(root: &mut Option<Node<T, F, L>>, kid: Kid<T, F, L>) {
    let Some(top) = root else {
        *root = Some(Node::above(kid));
        return;
    };
    match lowest_room(top) {
        Some(level) => attach(top, raised(kid, level - 1)),
        None => {
            let kid = raised(kid, top.level());
            let mut higher = Node::new(top.level() + 1);
            if let Some(top) = root.take() {
                higher.push(Kid::Node(top));
            }
            higher.push(kid);
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

/// The level of the lowest node on the right edge that has room.
fn lowest_room<T, const F: usize, const L: usize>(mut node: &Node<T, F, L>) -> Option<u8> {
    let mut lowest = None;
    loop {
        if node.has_room() {
            lowest = Some(node.level());
        }
        match node.kid(node.len() - 1) {
            KidRef::Leaf(_) => return lowest,
            KidRef::Node(kid) => node = kid,
        }
    }
}

/// Makes `kid` the last of the node on the right edge that is one level above it.
fn attach<T, const F: usize, const L: usize>(node: &mut Node<T, F, L>, kid: Kid<T, F, L>) {
    if node.level() == kid.level() + 1 {
        node.push(kid);
    } else {
        node.edit(node.len() - 1, |last| attach(last, kid));
    }
}

/// An end of the vector.
#[derive(Clone, Copy)]
enum Edge {
    First,
    Last,
}

impl Edge {
    /// The kid at this edge.
    fn slot<T, const F: usize, const L: usize>(self, node: &Node<T, F, L>) -> usize {
        match self {
            Self::First => 0,
            Self::Last => node.len() - 1,
        }
    }
}

/// Takes the leaf at one edge out of a tree, and levels that are then one kid.
fn shrink<T, const F: usize, const L: usize>(
    root: &mut Option<Node<T, F, L>>,
    edge: Edge,
) -> Option<Handle<T>> {
    let top = root.as_mut()?;
    if is_one_leaf(top) {
        return root.take().map(|top| edge_leaf(&top, edge));
    }
    let leaf = detach(top, edge);
    while let (1, KidRef::Node(kid)) = (top.len(), top.kid(0)) {
        *top = kid.clone();
    }
    Some(leaf)
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

/// Takes out all leaves after the one that has element `last`, from the back to the front.
fn cut<T, const F: usize, const L: usize>(
    node: &mut Node<T, F, L>,
    last: usize,
    gone: &mut Vec<Kid<T, F, L>>,
) {
    let slot = node.slot_of(last);
    while node.len() > slot + 1 {
        gone.push(node.take(node.len() - 1));
    }
    let start = node.start(slot);
    if node.level() > 1 {
        node.edit(slot, |kid| cut(kid, last - start, gone));
    }
}
