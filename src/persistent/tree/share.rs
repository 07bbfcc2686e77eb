//! What two versions have in common: the same blocks, and where they differ.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::ops::Range;
use core::{mem, ptr};

use super::Tree;
use crate::persistent::iter::Elements;
use crate::raw::node::{KidRef, Node, Root};

/// The blocks that something is made of: the address of each, and its bytes.
pub(crate) type Blocks = BTreeMap<usize, usize>;

impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// Every block below, once.
    pub(crate) fn blocks(&self) -> Blocks {
        let mut found = Blocks::new();
        if let Some(top) = self.root.top() {
            add_blocks(top, &mut found);
        }
        let tail =
            self.root.look_at_tail(|tail| (tail.as_slice().as_ptr().addr(), tail.heap_bytes()));
        let head = self.root.look_at_head(|head| (head.addr(), head.heap_bytes()));
        found.extend([head, tail].into_iter().filter(|(_, bytes)| *bytes > 0));
        found
    }

    /// The bytes of the blocks that nothing but this vector reaches, a moment ago.
    pub(crate) fn unique_bytes(&self) -> usize {
        let own = |count: usize, bytes: usize| if count == 1 { bytes } else { 0 };
        let tail = self.root.look_at_tail(|tail| own(tail.strong_count(), tail.heap_bytes()));
        let head = self.root.look_at_head(|head| own(head.strong_count(), head.heap_bytes()));
        head + self.root.top().map_or(0, |top| top.own_bytes()) + tail
    }
}

fn add_blocks<T, const F: usize, const L: usize>(node: &Node<T, F, L>, found: &mut Blocks) {
    if found.insert(node.addr(), Node::<T, F, L>::BYTES).is_some() {
        return;
    }
    for slot in 0..node.len() {
        match node.kid(slot) {
            KidRef::Node(kid) => add_blocks(kid, found),
            KidRef::Leaf(leaf) => {
                _ = found.insert(leaf.as_ptr().addr(), node.leaf_handle(slot).heap_bytes());
            }
        }
    }
}

impl<T: Eq, const F: usize, const L: usize> Tree<T, F, L> {
    /// Whether both have equal elements; what they share is not compared.
    pub(crate) fn eq_shared(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.root, &other.root);
        let lens = |root: &Root<T, F, L>| (root.head_len(), root.tree_len(), root.tail_len());
        if lens(ours) != lens(theirs) {
            return self.len() == other.len() && self.eq_by_leaves(other);
        }
        let in_trees = match (ours.top(), theirs.top()) {
            (Some(a), Some(b)) => eq_nodes(a, b),
            _ => Some(true),
        };
        match in_trees {
            Some(equal) => {
                equal
                    && eq_leaves(ours.head(), theirs.head())
                    && eq_leaves(ours.tail(), theirs.tail())
            }
            None => self.eq_by_leaves(other),
        }
    }

    /// [`Tree::eq_shared`] where the shapes differ.
    fn eq_by_leaves(&self, other: &Self) -> bool {
        let mut at = 0;
        while let (Some((a, start)), Some((b, other_start))) = (self.leaf(at), other.leaf(at)) {
            let (a, b) = (&a[at - start..], &b[at - other_start..]);
            let run = a.len().min(b.len());
            if !eq_leaves(&a[..run], &b[..run]) {
                return false;
            }
            at += run;
        }
        true
    }
}

fn eq_leaves<T: Eq>(a: &[T], b: &[T]) -> bool {
    ptr::eq(a, b) || a == b
}

/// Whether two nodes have equal elements; `None` if their shapes differ before that is known.
fn eq_nodes<T: Eq, const F: usize, const L: usize>(
    a: &Node<T, F, L>,
    b: &Node<T, F, L>,
) -> Option<bool> {
    if a.ptr_eq(b) {
        return Some(true);
    }
    if a.level() != b.level() || a.len() != b.len() {
        return None;
    }
    for slot in 0..a.len() {
        if a.start(slot + 1) != b.start(slot + 1) {
            return None;
        }
        let equal = match (a.kid(slot), b.kid(slot)) {
            (KidRef::Leaf(a), KidRef::Leaf(b)) => eq_leaves(a, b),
            (KidRef::Node(a), KidRef::Node(b)) => eq_nodes(a, b)?,
            _ => unreachable!("both are of one level"),
        };
        if !equal {
            return Some(false);
        }
    }
    Some(true)
}

/// A subtree or a leaf, and the elements before it.
struct Piece<'a, T, const F: usize, const L: usize> {
    kid: KidRef<'a, T, F, L>,
    start: usize,
}

impl<T, const F: usize, const L: usize> Piece<'_, T, F, L> {
    fn addr(&self) -> usize {
        match self.kid {
            KidRef::Leaf(leaf) => leaf.as_ptr().addr(),
            KidRef::Node(node) => node.addr(),
        }
    }

    fn level(&self) -> u8 {
        match self.kid {
            KidRef::Leaf(_) => 0,
            KidRef::Node(node) => node.level(),
        }
    }

    fn len(&self) -> usize {
        match self.kid {
            KidRef::Leaf(leaf) => leaf.len(),
            KidRef::Node(node) => node.total(),
        }
    }

    /// What it is known by. Handles of one buffer may differ in length.
    fn identity(&self) -> (usize, usize) {
        (self.addr(), self.len())
    }
}

/// The pieces of a whole vector in order: the head, the tree and the tail.
fn pieces<T, const F: usize, const L: usize>(tree: &Tree<T, F, L>) -> Vec<Piece<'_, T, F, L>> {
    let root = &tree.root;
    let top = root.top().map(|top| Piece { kid: KidRef::Node(top), start: root.head_len() });
    let leaf = |leaf, start| Piece { kid: KidRef::Leaf(leaf), start };
    let (head, tail) = (leaf(root.head(), 0), leaf(root.tail(), root.before_tail()));
    let all = [Some(head), top, Some(tail)].into_iter().flatten();
    all.filter(|piece| piece.len() > 0).collect()
}

/// Puts the kids of each node of a level in its place, but for those that are shared.
fn open<'a, T, const F: usize, const L: usize>(
    pieces: &mut Vec<Piece<'a, T, F, L>>,
    level: u8,
    shared: &BTreeSet<(usize, usize)>,
) {
    let mut opened = Vec::with_capacity(pieces.len());
    for piece in mem::take(pieces) {
        match piece.kid {
            KidRef::Node(node) if node.level() == level && !shared.contains(&piece.identity()) => {
                opened.extend((0..node.len()).map(|slot| Piece {
                    kid: node.kid(slot),
                    start: piece.start + node.start(slot),
                }));
            }
            _ => opened.push(piece),
        }
    }
    *pieces = opened;
}

/// A range of one vector, and what stands in its place in another.
pub(crate) type Change = (Range<usize>, Range<usize>);

impl<T: PartialEq, const F: usize, const L: usize> Tree<T, F, L> {
    /// Where `new` differs from this vector, in order. Both are taken apart from the top, level by level,
    /// but not where they share a subtree, wherever that stands.
    pub(crate) fn diff(&self, new: &Self) -> Vec<Change> {
        let (mut a, mut b) = (pieces(self), pieces(new));
        let highest = self.height().max(new.height());
        for level in (1..=highest).rev() {
            let of_level = |pieces: &[Piece<'_, T, F, L>]| -> BTreeSet<_> {
                pieces.iter().filter(|p| p.level() == level).map(Piece::identity).collect()
            };
            let shared = &of_level(&a) & &of_level(&b);
            open(&mut a, level, &shared);
            open(&mut b, level, &shared);
        }
        let mut places = BTreeMap::<_, Vec<usize>>::new();
        for piece in &a {
            places.entry(piece.identity()).or_default().push(piece.start);
        }
        let (mut changes, mut old_at, mut new_at) = (Vec::new(), 0, 0);
        for piece in &b {
            // The first of its places that is still ahead.
            let starts = places.get(&piece.identity()).map_or(&[][..], |starts| starts);
            let Some(&start) = starts.get(starts.partition_point(|start| *start < old_at)) else {
                continue;
            };
            self.compare(new, old_at..start, new_at..piece.start, &mut changes);
            (old_at, new_at) = (start + piece.len(), piece.start + piece.len());
        }
        self.compare(new, old_at..self.len(), new_at..new.len(), &mut changes);
        changes
    }

    /// Adds how two ranges differ: element by element if they are of one length, else the part between
    /// what they begin and end with.
    fn compare(
        &self,
        new: &Self,
        mut ours: Range<usize>,
        mut theirs: Range<usize>,
        changes: &mut Vec<Change>,
    ) {
        let pairs = || {
            let ours = Elements::within(self, ours.clone());
            ours.zip(Elements::within(new, theirs.clone()))
        };
        if ours.len() == theirs.len() {
            for (i, (a, b)) in pairs().enumerate() {
                if a != b {
                    let (at, new_at) = (ours.start + i, theirs.start + i);
                    add_change(changes, at..at + 1, new_at..new_at + 1);
                }
            }
            return;
        }
        let before = pairs().take_while(|(a, b)| a == b).count();
        (ours.start, theirs.start) = (ours.start + before, theirs.start + before);
        let most = ours.len().min(theirs.len());
        let (mut a, mut b) =
            (Elements::within(self, ours.clone()), Elements::within(new, theirs.clone()));
        let after = (0..most).take_while(|_| a.next_back() == b.next_back()).count();
        (ours.end, theirs.end) = (ours.end - after, theirs.end - after);
        add_change(changes, ours, theirs);
    }
}

/// Adds a change, to the last one if it follows at once.
fn add_change(changes: &mut Vec<Change>, old: Range<usize>, new: Range<usize>) {
    match changes.last_mut() {
        Some(last) if last.0.end == old.start && last.1.end == new.start => {
            (last.0.end, last.1.end) = (old.end, new.end);
        }
        _ => changes.push((old, new)),
    }
}
