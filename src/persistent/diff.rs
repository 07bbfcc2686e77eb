//! Where two trees differ.
//!
//! [`Tree::diff`] trims what both trees begin and end with, as far as it is the same leaves at the same
//! distance from that end. Between these it looks for anchors: nodes and leaves that occur once in each tree.
//! Of them it takes the chain that is in order in both and has the most elements (a heaviest increasing
//! subsequence). What is between two anchors of the chain is compared by position.
//!
//! A tree may have a node in many places, so that it has far more elements than memory has bytes. Hence no step
//! visits a node for each of its places: a [`Walk`] skips nodes that both trees have at the same place, and
//! remembers what it found of every other pair of nodes; the search for anchors opens a node once.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::mem;
use core::ops::{ControlFlow, Range};

use super::Tree;
use crate::persistent::Hunk;
use crate::persistent::node::End;
use crate::persistent::node::{ChildRef, Node};

/// A node or a leaf in its place.
struct Piece<'a, T, const F: usize, const L: usize> {
    child: ChildRef<'a, T, F, L>,
    /// The elements of the vector before it.
    start: usize,
}

impl<'a, T, const F: usize, const L: usize> Piece<'a, T, F, L> {
    /// The front leaf, the tree and the tail of a vector, of which each may be empty.
    fn all_of(tree: &'a Tree<T, F, L>) -> [Self; 3] {
        let root = &tree.root;
        let in_tree = root.top().map_or(ChildRef::Leaf(&[]), ChildRef::Node);
        [
            Piece { child: ChildRef::Leaf(root.front()), start: 0 },
            Piece { child: in_tree, start: root.front_len() },
            Piece { child: ChildRef::Leaf(root.tail()), start: root.before_tail() },
        ]
    }

    /// 0 for a leaf.
    fn level(&self) -> u8 {
        match self.child {
            ChildRef::Leaf(_) => 0,
            ChildRef::Node(node) => node.level(),
        }
    }

    fn range(&self) -> Range<usize> {
        let len = match self.child {
            ChildRef::Leaf(leaf) => leaf.len(),
            ChildRef::Node(node) => node.total(),
        };
        self.start..self.start + len
    }

    /// What a piece is known by, among those of its level. Handles of one buffer may differ in length.
    fn identity(&self) -> (usize, usize) {
        match self.child {
            ChildRef::Leaf(leaf) => (leaf.as_ptr().addr(), leaf.len()),
            ChildRef::Node(node) => (node.addr(), node.total()),
        }
    }

    /// The children that have elements of a range, which the piece has; none of a leaf. Without those that
    /// `unlike`, a node in the same place, has as well.
    #[inline]
    fn children(
        &self,
        range: &Range<usize>,
        unlike: Option<&'a Node<T, F, L>>,
    ) -> impl DoubleEndedIterator<Item = Self> + use<'a, T, F, L> {
        let (start, range) = (self.start, range.clone());
        let node = match self.child {
            ChildRef::Node(node) if !range.is_empty() => Some(node),
            _ => None,
        };
        node.into_iter().flat_map(move |node| {
            let (first, last) = (range.start - start, range.end - 1 - start);
            (node.slot_of(first)..node.slot_of(last) + 1)
                .filter(move |slot| {
                    !unlike.is_some_and(|unlike| node.has_same_child(unlike, *slot))
                })
                .map(move |slot| Piece { child: node.child(slot), start: start + node.start(slot) })
        })
    }
}

/// What two ranges have in common.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// What a walk looks for, from one end to the other.
#[derive(Clone, Copy)]
enum Goal {
    /// The first pair of leaves, seen from that end, that are not the same memory.
    Unshared(End),
    /// The first pair of elements, seen from that end, that are not equal.
    Unequal(End),
    /// Every range of elements that are not equal, from the front on.
    All,
}

impl Goal {
    fn starts_at_front(self) -> bool {
        match self {
            Self::Unshared(end) | Self::Unequal(end) => end.is_front(),
            Self::All => true,
        }
    }

    /// Visits in the order of the walk.
    fn visit<I, B>(
        self,
        mut items: impl DoubleEndedIterator<Item = I>,
        mut visit: impl FnMut(I) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        if self.starts_at_front() {
            items.try_for_each(visit)
        } else {
            items.rev().try_for_each(&mut visit)
        }
    }
}

/// What is known of two nodes, by the address of each, and how far the second begins after the first.
type Pair = (usize, usize, usize);

/// A walk over two trees at once. It pairs the elements of a range of the old one with as many of the new one.
/// All positions are those in the old one, unless they are said to be in the new one.
struct Walk<'a, T, const F: usize, const L: usize> {
    old: &'a Tree<T, F, L>,
    new: &'a Tree<T, F, L>,
    /// What, added to a position, gives the one in the new tree. It may wrap around.
    shift: usize,
    goal: Goal,
    /// The ranges of elements that are not equal, of what the walk is in.
    unequal: Vec<Range<usize>>,
    /// Pairs of nodes that are equal where they overlap, or not so in one range, counted from where they
    /// begin to overlap. This bounds a walk where nodes occur many times.
    known: BTreeMap<Pair, Option<Range<usize>>>,
}

impl<'a, T: PartialEq, const F: usize, const L: usize> Walk<'a, T, F, L> {
    fn new(old: &'a Tree<T, F, L>, new: &'a Tree<T, F, L>) -> Self {
        let (unequal, known) = (Vec::new(), BTreeMap::new());
        Self { old, new, shift: 0, goal: Goal::All, unequal, known }
    }

    /// The position in the new tree.
    fn in_new(&self, range: &Range<usize>) -> Range<usize> {
        range.start.wrapping_add(self.shift)..range.end.wrapping_add(self.shift)
    }

    /// The position in the old tree.
    fn in_old(&self, range: &Range<usize>) -> Range<usize> {
        range.start.wrapping_sub(self.shift)..range.end.wrapping_sub(self.shift)
    }

    /// Walks over a range. What breaks says where the walk stopped.
    fn run(&mut self, range: &Range<usize>, shift: usize, goal: Goal) -> ControlFlow<usize> {
        (self.shift, self.goal) = (shift, goal);
        let (old, new) = (Piece::all_of(self.old), Piece::all_of(self.new));
        goal.visit(old.iter(), |x| {
            let part = overlap(&x.range(), range);
            if part.is_empty() {
                return ControlFlow::Continue(());
            }
            goal.visit(new.iter(), |y| {
                let both = overlap(&y.range(), &self.in_new(&part));
                if both.is_empty() {
                    return ControlFlow::Continue(());
                }
                let both = self.in_old(&both);
                self.pair(x, y, both)
            })
        })
    }

    /// Walks over a range that both pieces have, and that is not empty.
    fn pair(
        &mut self,
        x: &Piece<'a, T, F, L>,
        y: &Piece<'a, T, F, L>,
        range: Range<usize>,
    ) -> ControlFlow<usize> {
        let in_new = self.in_new(&range);
        // Where the range begins in each piece.
        let (from_x, from_y) = (range.start - x.start, in_new.start - y.start);
        match (&x.child, &y.child) {
            (ChildRef::Leaf(xs), ChildRef::Leaf(ys)) => {
                let (xs, ys) = (&xs[from_x..][..range.len()], &ys[from_y..][..range.len()]);
                self.leaves(xs, ys, range.start)
            }
            (ChildRef::Node(p), ChildRef::Node(q)) if p.ptr_eq(q) && from_x == from_y => {
                ControlFlow::Continue(())
            }
            // Remembering costs about as much as to compare a leaf: below the second level it does not pay.
            (ChildRef::Node(p), ChildRef::Node(q)) if p.level() == q.level() && p.level() > 1 => {
                let whole = (from_x == 0 || from_y == 0)
                    && (range.end == x.range().end || in_new.end == y.range().end);
                if whole {
                    let pair = (p.addr(), q.addr(), from_y.wrapping_sub(from_x));
                    self.remembered(pair, x, y, range)
                } else {
                    self.open(x, y, range)
                }
            }
            _ => self.open(x, y, range),
        }
    }

    /// Walks over all that two nodes have in common, unless that was done before.
    fn remembered(
        &mut self,
        pair: Pair,
        x: &Piece<'a, T, F, L>,
        y: &Piece<'a, T, F, L>,
        range: Range<usize>,
    ) -> ControlFlow<usize> {
        let start = range.start;
        match self.known.get(&pair) {
            Some(None) => return ControlFlow::Continue(()),
            Some(Some(unequal)) => {
                let unequal = start + unequal.start..start + unequal.end;
                return self.found(unequal);
            }
            None => {}
        }
        let before = mem::take(&mut self.unequal);
        let walked = self.open(x, y, range);
        let unequal = mem::replace(&mut self.unequal, before);
        if walked.is_continue() && unequal.len() <= 1 {
            let known = unequal.first().map(|range| range.start - start..range.end - start);
            self.known.insert(pair, known);
        }
        unequal.into_iter().try_for_each(|range| self.found(range))?;
        walked
    }

    /// Walks over the children of the higher piece.
    fn open(
        &mut self,
        x: &Piece<'a, T, F, L>,
        y: &Piece<'a, T, F, L>,
        range: Range<usize>,
    ) -> ControlFlow<usize> {
        let goal = self.goal;
        if x.level() >= y.level() {
            let unlike = match y.child {
                ChildRef::Node(node) if x.start.wrapping_add(self.shift) == y.start => Some(node),
                _ => None,
            };
            return goal.visit(x.children(&range, unlike), |child| {
                let both = overlap(&child.range(), &range);
                self.pair(&child, y, both)
            });
        }
        let range = self.in_new(&range);
        goal.visit(y.children(&range, None), |child| {
            let both = overlap(&child.range(), &range);
            self.pair(x, &child, self.in_old(&both))
        })
    }

    /// Compares two runs of elements of one length, of a leaf each.
    fn leaves(&mut self, xs: &[T], ys: &[T], start: usize) -> ControlFlow<usize> {
        if xs.as_ptr() == ys.as_ptr() {
            return ControlFlow::Continue(());
        }
        let end = start + xs.len();
        match self.goal {
            Goal::Unshared(_) => self.found(start..end),
            Goal::Unequal(End::Back) => match xs.iter().zip(ys).rposition(|(a, b)| a != b) {
                Some(last) => self.found(start..start + last + 1),
                None => ControlFlow::Continue(()),
            },
            Goal::Unequal(End::Front) | Goal::All => {
                let mut at = 0;
                loop {
                    at += equal_run(&xs[at..], &ys[at..]);
                    let Some(rest) = xs.get(at + 1..) else { return ControlFlow::Continue(()) };
                    let (from, pairs) = (at, rest.iter().zip(&ys[at + 1..]));
                    at += 1 + pairs.take_while(|(a, b)| a != b).count();
                    self.found(start + from..start + at)?;
                }
            }
        }
    }

    /// Takes a range of elements that are not equal: what the walk looks for.
    fn found(&mut self, range: Range<usize>) -> ControlFlow<usize> {
        match self.goal {
            Goal::Unshared(End::Front) | Goal::Unequal(End::Front) => {
                return ControlFlow::Break(range.start);
            }
            Goal::Unshared(End::Back) | Goal::Unequal(End::Back) => {
                return ControlFlow::Break(range.end);
            }
            Goal::All => {}
        }
        match self.unequal.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.unequal.push(range),
        }
        ControlFlow::Continue(())
    }

    /// How many elements two ranges have in common, in the order of the walk.
    fn common(&mut self, old: &Range<usize>, new: &Range<usize>, goal: Goal) -> usize {
        let len = old.len().min(new.len());
        if len == 0 {
            return 0;
        }
        if goal.starts_at_front() {
            let shift = new.start.wrapping_sub(old.start);
            match self.run(&(old.start..old.start + len), shift, goal) {
                ControlFlow::Continue(()) => len,
                ControlFlow::Break(at) => at - old.start,
            }
        } else {
            let shift = new.end.wrapping_sub(old.end);
            match self.run(&(old.end - len..old.end), shift, goal) {
                ControlFlow::Continue(()) => len,
                ControlFlow::Break(at) => old.end - at,
            }
        }
    }

    /// Takes from two ranges what they have in common at each end.
    fn trim(&mut self, hunk: Hunk, goal: impl Fn(End) -> Goal) -> Hunk {
        let Hunk { mut old, mut new } = hunk;
        let before = self.common(&old, &new, goal(End::Front));
        (old.start, new.start) = (old.start + before, new.start + before);
        let after = self.common(&old, &new, goal(End::Back));
        (old.end, new.end) = (old.end - after, new.end - after);
        Hunk { old, new }
    }

    /// Adds how two ranges differ: by position if they are of one length, else the part between what they
    /// begin and end with.
    fn compare(&mut self, old: Range<usize>, new: Range<usize>, hunks: &mut Vec<Hunk>) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        if old.len() == new.len() {
            let shift = new.start.wrapping_sub(old.start);
            _ = self.run(&old, shift, Goal::All);
            for range in mem::take(&mut self.unequal) {
                let in_new = self.in_new(&range);
                push_hunk(hunks, Hunk { old: range, new: in_new });
            }
        } else {
            let hunk = self.trim(Hunk { old, new }, Goal::Unequal);
            push_hunk(hunks, hunk);
        }
    }
}

/// How many elements two slices of one length begin with that are equal.
fn equal_run<T: PartialEq>(xs: &[T], ys: &[T]) -> usize {
    // A slice is compared faster than its elements one by one.
    const BLOCK: usize = 32;
    let mut run = 0;
    for (xs, ys) in xs.chunks(BLOCK).zip(ys.chunks(BLOCK)) {
        if xs != ys {
            if let Some(first) = xs.iter().zip(ys).position(|(a, b)| a != b) {
                return run + first;
            }
        }
        run += xs.len();
    }
    run
}

/// Appends a hunk, or extends the last one if the new one follows it without a gap.
fn push_hunk(hunks: &mut Vec<Hunk>, new: Hunk) {
    match hunks.last_mut() {
        Some(last) if last.old.end == new.old.start && last.new.end == new.new.start => {
            (last.old.end, last.new.end) = (new.old.end, new.new.end);
        }
        _ => hunks.push(new),
    }
}

/// A node or leaf that both trees have.
struct Anchor {
    old: usize,
    new: usize,
    len: usize,
}

/// Which of two trees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Old,
    New,
}

/// The nodes and leaves that occur once in a range of the old tree and once in one of the new tree.
///
/// Takes both trees apart from the top, level by level, but for nodes that both have, or that one has twice: so
/// it opens each node at most once. It does not see what is below a node that it does not open. Hence a node
/// may be an anchor although it occurs once more there, which makes the answer longer and never wrong.
fn anchors<T, const F: usize, const L: usize>(
    (old, in_old): (&Tree<T, F, L>, &Range<usize>),
    (new, in_new): (&Tree<T, F, L>, &Range<usize>),
) -> Vec<Anchor> {
    let within = |side| if side == Side::Old { in_old } else { in_new };
    let (mut anchors, mut pieces) = (Vec::new(), Vec::new());
    pieces.extend(Piece::all_of(old).map(|piece| (Side::Old, piece)));
    pieces.extend(Piece::all_of(new).map(|piece| (Side::New, piece)));
    for level in (0..=old.height().max(new.height())).rev() {
        let (mut here, mut below) = (Vec::new(), Vec::with_capacity(pieces.len()));
        for (side, piece) in pieces {
            let (range, within) = (piece.range(), within(side));
            if piece.level() < level {
                below.push((side, piece));
            } else if overlap(&range, within) != range {
                below.extend(
                    piece.children(&overlap(&range, within), None).map(|child| (side, child)),
                );
            } else if !range.is_empty() {
                here.push((side, piece));
            }
        }
        here.sort_unstable_by_key(|(side, piece)| (piece.identity(), *side));
        for same in here.chunk_by(|(_, a), (_, b)| a.identity() == b.identity()) {
            match same {
                [(side, piece)] => {
                    below.extend(piece.children(&piece.range(), None).map(|child| (*side, child)));
                }
                [(Side::Old, a), (Side::New, b)] => {
                    anchors.push(Anchor { old: a.start, new: b.start, len: a.range().len() });
                }
                _ => {}
            }
        }
        pieces = below;
    }
    anchors
}

/// The anchors that are in order in both trees and have the most elements.
fn in_order(mut anchors: Vec<Anchor>) -> Vec<Anchor> {
    anchors.sort_unstable_by_key(|anchor| anchor.old);
    if anchors.is_sorted_by_key(|anchor| anchor.new) {
        return anchors;
    }
    // By the place in the new tree of its last anchor: the heaviest chain that ends there or before, its
    // elements and its last anchor.
    let mut best = BTreeMap::<usize, (usize, usize)>::new();
    let mut before = Vec::with_capacity(anchors.len());
    for (i, anchor) in anchors.iter().enumerate() {
        let chain = best.range(..anchor.new).next_back().map(|(_, chain)| *chain);
        before.push(chain.map(|(_, last)| last));
        let weight = chain.map_or(0, |(weight, _)| weight) + anchor.len;
        while let Some((&at, _)) = best.range(anchor.new..).next().filter(|(_, c)| c.0 <= weight) {
            best.remove(&at);
        }
        best.insert(anchor.new, (weight, i));
    }
    let mut last = best.last_key_value().map(|(_, (_, last))| *last);
    let mut chosen = Vec::new();
    while let Some(i) = last {
        chosen.push(i);
        last = before[i];
    }
    let mut chosen = chosen.into_iter().rev().peekable();
    let mut i = 0;
    anchors.retain(|_| {
        i += 1;
        chosen.next_if_eq(&(i - 1)).is_some()
    });
    anchors
}

impl<T: PartialEq, const F: usize, const L: usize> Tree<T, F, L> {
    /// Where `new` differs from this vector, in order.
    pub(crate) fn diff(&self, new: &Self) -> Vec<Hunk> {
        let (mut walk, mut hunks) = (Walk::new(self, new), Vec::new());
        let whole = Hunk { old: 0..self.len(), new: 0..new.len() };
        let Hunk { old, new: in_new } = walk.trim(whole, Goal::Unshared);
        let (mut at, mut new_at) = (old.start, in_new.start);
        if !old.is_empty() && !in_new.is_empty() {
            for anchor in in_order(anchors((self, &old), (new, &in_new))) {
                walk.compare(at..anchor.old, new_at..anchor.new, &mut hunks);
                (at, new_at) = (anchor.old + anchor.len, anchor.new + anchor.len);
            }
        }
        walk.compare(at..old.end, new_at..in_new.end, &mut hunks);
        hunks
    }
}

impl<T: Eq, const F: usize, const L: usize> Tree<T, F, L> {
    /// Whether both have equal elements; what they share is not compared.
    pub(crate) fn eq_shared(&self, other: &Self) -> bool {
        if self.len() != other.len() || self.ptr_eq(other) {
            return self.len() == other.len();
        }
        let mut walk = Walk::new(self, other);
        walk.run(&(0..self.len()), 0, Goal::Unequal(End::Front)).is_continue()
    }
}
