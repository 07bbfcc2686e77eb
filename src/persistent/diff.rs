//! Comparing two vectors that share nodes.
//!
//! [`Root::diff`] trims the leaves that both vectors begin and end with, if they are the same memory at the same
//! distance from that end. Between these it looks for anchors: nodes and leaves that occur once in each vector. It
//! keeps the heaviest increasing subsequence of the anchors: the most elements in the same order in both vectors. The
//! gaps between anchors are compared by position.
//!
//! A node may occur in many places, so that a vector may have more elements than memory has bytes. Hence no step
//! visits a node once for each of its places. A [`Walk`] skips nodes that both vectors have at the same place, and
//! remembers its result for every other pair of nodes. The search for anchors opens each node at most once,
//! and again where an end of a range cuts it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::mem;
use core::ops::{ControlFlow, Range};

use super::PersistentVector;
use super::node::{ChildRef, End, Node, Root};

/// A place where two vectors differ: see [`PersistentVector::diff`].
///
/// # Examples
///
/// ```
/// use cow_collections::persistent_vector;
///
/// let old = persistent_vector![1, 2, 3, 4];
/// let new = persistent_vector![1, 3, 4, 5];
/// let mut shown = old.to_vec();
/// // From the back, so that the ranges of the other hunks stay valid.
/// for hunk in old.diff(&new).into_iter().rev() {
///     shown.splice(hunk.old, new.range(hunk.new).copied());
/// }
/// assert_eq!(shown, [1, 3, 4, 5]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hunk {
    /// The elements of the older vector there; empty if elements were inserted.
    pub old: Range<usize>,
    /// The elements of the newer vector in their place; empty if elements were removed.
    pub new: Range<usize>,
}

impl<T> PersistentVector<T> {
    /// Returns the places where `new` differs from this vector, in order.
    ///
    /// Replacing each `old` range by the elements of its `new` range turns this vector into `new`.
    ///
    /// Elements that both vectors share are not compared. They count as equal, even if an element does not equal
    /// itself. After one `set`, one insert or one remove, the hunk is no larger than the leaves that the edit
    /// copied, and only these are compared. After other edits the hunks need not be minimal: two insertions may be
    /// one hunk, with the elements between them.
    ///
    /// O(k log n), where k counts the hunks and the places of nodes and leaves that only one of the vectors
    /// has. The search skips a part that both have in two cases:
    ///
    /// * The part is at the same distance from an end, or from another shared part, in both vectors.
    /// * The part occurs once in each vector.
    ///
    /// A part that occurs many times and has moved is compared by position: its hunks may be as many as its elements.
    ///
    /// Equal vectors may have hunks, where equal elements have moved. To test for equality, use
    /// [`eq_shared`](PersistentVector::eq_shared).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    /// use cow_collections::persistent::Hunk;
    ///
    /// let old: PersistentVector<u32> = (0..100_000).collect();
    /// let mut new = old.clone();
    /// new.set(70_000, 1);
    /// new.insert(500, 2);
    /// let expected = [
    ///     Hunk { old: 500..500, new: 500..501 },
    ///     Hunk { old: 70_000..70_001, new: 70_001..70_002 },
    /// ];
    /// assert_eq!(old.diff(&new), expected);
    /// ```
    #[must_use]
    pub fn diff(&self, new: &Self) -> Vec<Hunk>
    where
        T: PartialEq,
    {
        self.root.diff(&new.root)
    }

    /// Returns `true` if both vectors have equal elements, without comparing those that they share.
    ///
    /// `==` compares all elements, because an element need not equal itself.
    ///
    /// O(1) for a clone, O(log16 n) after some writes to one of them, at most O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let a: PersistentVector<u32> = (0..100_000).collect();
    /// let mut b = a.clone();
    /// b.set(500, 500);
    /// assert!(a.eq_shared(&b)); // compares one leaf
    /// b.set(500, 0);
    /// assert!(!a.eq_shared(&b));
    /// ```
    #[must_use]
    pub fn eq_shared(&self, other: &Self) -> bool
    where
        T: Eq,
    {
        self.root.eq_shared(&other.root)
    }
}

/// A node or a leaf, with its place in a vector.
struct Piece<'a, T, const F: usize, const L: usize> {
    child: ChildRef<'a, T, F, L>,
    /// The number of elements of the vector before it.
    start: usize,
}

impl<'a, T, const F: usize, const L: usize> Piece<'a, T, F, L> {
    /// Returns the front leaf, the tree and the tail of a vector, each of which may be empty.
    fn all_of(root: &'a Root<T, F, L>) -> [Self; 3] {
        let in_tree = root.top().map_or(ChildRef::Leaf(&[]), ChildRef::Node);
        [
            Piece { child: ChildRef::Leaf(root.front()), start: 0 },
            Piece { child: in_tree, start: root.front_len() },
            Piece { child: ChildRef::Leaf(root.tail()), start: root.before_tail() },
        ]
    }

    /// Returns the level: 0 for a leaf.
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

    /// Returns a key that is unique among pieces of one level. Handles of one buffer may differ in length.
    fn identity(&self) -> (usize, usize) {
        match self.child {
            ChildRef::Leaf(leaf) => (leaf.as_ptr().addr(), leaf.len()),
            ChildRef::Node(node) => (node.addr(), node.total()),
        }
    }

    /// Returns the children that have elements of a range, which lies within the piece; none for a leaf.
    ///
    /// Skips the children that `unlike`, a node at the same place, has as well.
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

/// Returns the intersection of two ranges.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// The goal of a walk.
#[derive(Clone, Copy)]
enum Goal {
    /// The first pair of leaves from this end that are not the same memory.
    Unshared(End),
    /// The first pair of elements from this end that are not equal.
    Unequal(End),
    /// Every range of elements that are not equal, from front to back.
    All,
}

impl Goal {
    fn starts_at_front(self) -> bool {
        match self {
            Self::Unshared(end) | Self::Unequal(end) => end.is_front(),
            Self::All => true,
        }
    }

    /// Visits items in the order of the walk.
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

/// The addresses of two nodes, and the distance from the start of the first to that of the second.
type Pair = (usize, usize, usize);

/// A walk over two vectors at once, which pairs a range of the old one with a range of the new one.
///
/// All positions are those in the old vector, unless a name says `new`.
struct Walk<'a, T, const F: usize, const L: usize> {
    old: &'a Root<T, F, L>,
    new: &'a Root<T, F, L>,
    /// The number to add to a position for the position in the new vector. The addition may wrap.
    shift: usize,
    goal: Goal,
    /// The ranges of unequal elements found so far in the current pair of nodes.
    unequal: Vec<Range<usize>>,
    /// The results for pairs of nodes: `None` if they are equal where they overlap, else the one range in which they
    /// differ, relative to the start of the overlap. This bounds the cost of a walk where nodes occur many times.
    known: BTreeMap<Pair, Option<Range<usize>>>,
}

impl<'a, T: PartialEq, const F: usize, const L: usize> Walk<'a, T, F, L> {
    fn new(old: &'a Root<T, F, L>, new: &'a Root<T, F, L>) -> Self {
        let (unequal, known) = (Vec::new(), BTreeMap::new());
        Self { old, new, shift: 0, goal: Goal::All, unequal, known }
    }

    /// Returns the same range in the new vector.
    fn in_new(&self, range: &Range<usize>) -> Range<usize> {
        range.start.wrapping_add(self.shift)..range.end.wrapping_add(self.shift)
    }

    /// Returns the same range in the old vector.
    fn in_old(&self, range: &Range<usize>) -> Range<usize> {
        range.start.wrapping_sub(self.shift)..range.end.wrapping_sub(self.shift)
    }

    /// Walks over a range. Breaks with the position at which the walk stopped.
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

    /// Walks over a range, not empty, that both pieces have.
    fn pair(
        &mut self,
        x: &Piece<'a, T, F, L>,
        y: &Piece<'a, T, F, L>,
        range: Range<usize>,
    ) -> ControlFlow<usize> {
        let in_new = self.in_new(&range);
        // The start of the range in each piece.
        let (from_x, from_y) = (range.start - x.start, in_new.start - y.start);
        match (&x.child, &y.child) {
            (ChildRef::Leaf(xs), ChildRef::Leaf(ys)) => {
                let (xs, ys) = (&xs[from_x..][..range.len()], &ys[from_y..][..range.len()]);
                self.leaves(xs, ys, range.start)
            }
            (ChildRef::Node(p), ChildRef::Node(q)) if p.ptr_eq(q) && from_x == from_y => {
                ControlFlow::Continue(())
            }
            // Remembering a pair costs about as much as comparing a leaf, so it does not pay off at level 1.
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

    /// Walks over the overlap of two nodes, unless the result is known.
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

    /// Compares two parts of leaves, of one length.
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

    /// Handles a range of elements that are not equal.
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

    /// Returns how many elements two ranges have in common, counted in the order of the walk.
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

    /// Removes from two ranges the elements that they have in common at each end.
    fn trim(&mut self, hunk: Hunk, goal: impl Fn(End) -> Goal) -> Hunk {
        let Hunk { mut old, mut new } = hunk;
        let before = self.common(&old, &new, goal(End::Front));
        (old.start, new.start) = (old.start + before, new.start + before);
        let after = self.common(&old, &new, goal(End::Back));
        (old.end, new.end) = (old.end - after, new.end - after);
        Hunk { old, new }
    }

    /// Appends the hunks between two ranges.
    ///
    /// Ranges of one length are compared by position. Of other ranges, the common prefix and suffix are trimmed.
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

/// Returns the length of the common prefix of two slices of one length.
fn equal_run<T: PartialEq>(xs: &[T], ys: &[T]) -> usize {
    // `==` of slices is faster than comparing their elements one by one.
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

/// A node or leaf that both vectors have.
struct Anchor {
    old: usize,
    new: usize,
    len: usize,
}

/// One of the two vectors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Old,
    New,
}

/// Returns the nodes and leaves that occur once in a range of the old vector and once in a range of the new one.
///
/// Opens nodes level by level from the top, but not those that both vectors have or that one has twice. So it opens
/// each node at most once, and again where an end of a range cuts it. An anchor may occur again below a node that was
/// not opened. The hunks may then be longer than necessary, but they are still correct.
fn anchors<T, const F: usize, const L: usize>(
    (old, in_old): (&Root<T, F, L>, &Range<usize>),
    (new, in_new): (&Root<T, F, L>, &Range<usize>),
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

/// Returns the anchors that are in the same order in both vectors and have the most elements in total.
// Inline although it is long, so that only crates that call it compile it and its map.
#[inline]
fn in_order(mut anchors: Vec<Anchor>) -> Vec<Anchor> {
    anchors.sort_unstable_by_key(|anchor| anchor.old);
    if anchors.is_sorted_by_key(|anchor| anchor.new) {
        return anchors;
    }
    // Maps the place of an anchor in the new vector to the heaviest chain that ends there or before it: the number of
    // elements of the chain and its last anchor.
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

impl<T: PartialEq, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns the hunks between this vector and `new`, in order.
    pub(super) fn diff(&self, new: &Self) -> Vec<Hunk> {
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

impl<T: Eq, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns `true` if both have equal elements; does not compare those that they share.
    pub(super) fn eq_shared(&self, other: &Self) -> bool {
        if self.len() != other.len() || self.ptr_eq(other) {
            return self.len() == other.len();
        }
        let mut walk = Walk::new(self, other);
        walk.run(&(0..self.len()), 0, Goal::Unequal(End::Front)).is_continue()
    }
}
