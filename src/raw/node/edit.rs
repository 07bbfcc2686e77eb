//! Kids put in, taken out, lent for an edit, and moved to another node.

use alloc::vec::Vec;
use core::array;
use core::ops::Range;
use core::ptr;

use super::{DENSE, Inner, Kid, KidRef, LOOSE, Node};
use crate::raw::handle::Handle;

impl<T, const F: usize, const L: usize> Node<T, F, L> {
    /// Appends a kid, which is not empty.
    ///
    /// # Panics
    ///
    /// If there is no room, or the kid is not of the level below or a leaf of more than `LEAF` elements.
    pub(crate) fn push(&mut self, kid: Kid<T, F, L>) {
        self.insert(self.len(), kid);
    }

    /// Puts in a kid, which is not empty, before the one at `slot`.
    ///
    /// # Panics
    ///
    /// If there is no room or no such place, or the kid is not of the level below or a leaf of more than `LEAF`
    /// elements.
    pub(crate) fn insert(&mut self, slot: usize, kid: Kid<T, F, L>) {
        let (len, more) = (self.len(), kid.total());
        assert!(slot <= len && len < F && kid.fits(self.level()), "a kid fits its node");
        let inner = self.unshared();
        let start = inner.start(slot);
        inner.kids.copy_within(slot..len, slot + 1);
        inner.ends.copy_within(slot..len, slot + 1);
        inner.kids[slot] = kid.into_slot();
        inner.ends[slot] = start;
        for end in &mut inner.ends[slot..=len] {
            *end += more;
        }
        inner.len += 1;
        self.settle();
    }

    /// Takes kid `slot` out.
    ///
    /// # Panics
    ///
    /// If there is no such kid.
    pub(crate) fn take(&mut self, slot: usize) -> Kid<T, F, L> {
        let len = self.len();
        assert!(slot < len, "no such kid");
        let inner = self.unshared();
        let (kid, total) = (inner.kids[slot], inner.ends[slot] - inner.start(slot));
        inner.replace(slot, 1, &[]);
        let level = inner.level - 1;
        self.settle();
        // SAFETY: N2, N3: it stood there, and its count is nobody's now.
        unsafe { Kid::from_slot(kid, level, total) }
    }

    /// Moves the kids from `at` on to a node of their own, which has none if there are none.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        let mut right = Self::new(self.level());
        self.split_into(at, &mut right);
        right
    }

    /// [`Node::split_off`] to a node that was made before, which has no kids: that cannot fail for lack of memory
    /// if this node is unique.
    ///
    /// # Panics
    ///
    /// If there is no such place, or `right` has kids or is of another level.
    pub(crate) fn split_into(&mut self, at: usize, right: &mut Self) {
        let len = self.len();
        assert!(at <= len, "no such place");
        assert!(right.len() == 0 && right.level() == self.level(), "a new node of that level");
        let (left, new) = (self.unshared(), right.unshared());
        let start = left.start(at);
        new.kids[..len - at].copy_from_slice(&left.kids[at..len]);
        for (to, end) in new.ends.iter_mut().zip(&left.ends[at..len]) {
            *to = end - start;
        }
        // At most `F`.
        (new.len, new.flags) = ((len - at) as u8, left.flags);
        left.kids[at..len].fill(ptr::null_mut());
        left.ends[at..len].fill(usize::MAX);
        left.len = at as u8;
        self.settle();
        right.settle();
    }

    /// Appends the kids of a node of the same level.
    ///
    /// # Panics
    ///
    /// If there is no room for all of them.
    pub(crate) fn append(&mut self, mut other: Self) {
        let (len, more, start) = (self.len(), other.len(), self.total());
        assert!(self.level() == other.level() && len + more <= F, "there is room");
        let moved = other.refs().is_unique();
        // Before anything is counted: a copy may fail.
        let to = self.unshared();
        if !moved {
            (0..more).for_each(|slot| other.retain(slot));
        }
        let from = other.inner();
        to.kids[len..len + more].copy_from_slice(&from.kids[..more]);
        for (end, theirs) in to.ends[len..].iter_mut().zip(&from.ends[..more]) {
            *end = start + theirs;
        }
        to.len += from.len;
        to.flags |= from.flags & LOOSE;
        if moved {
            // N2: their counts are this node's now.
            let from = other.unshared();
            (from.len, from.ends, from.kids) = (0, [usize::MAX; F], [ptr::null_mut(); F]);
        }
        self.settle();
    }

    /// Keeps the kids of a range. Those before it, in order, and those after it, in reverse, go to `gone`
    /// if they were this node's alone to give up: a shared node is copied without them.
    ///
    /// # Panics
    ///
    /// If there is no such range.
    pub(crate) fn keep(&mut self, range: Range<usize>, gone: &mut Vec<Kid<T, F, L>>) {
        let len = self.len();
        assert!(range.start <= range.end && range.end <= len, "no such range");
        if range.len() == len {
            return;
        }
        if self.refs().is_unique() {
            gone.extend((0..range.start).map(|_| self.take(0)));
            gone.extend((range.end..len).map(|_| self.take(self.len() - 1)));
            return;
        }
        let mut copy = Self::new(self.level());
        range.clone().for_each(|slot| self.retain(slot));
        let (from, to) = (self.inner(), copy.unshared());
        let start = from.start(range.start);
        to.kids[..range.len()].copy_from_slice(&from.kids[range.clone()]);
        for (end, old) in to.ends.iter_mut().zip(&from.ends[range.clone()]) {
            *end = old - start;
        }
        (to.len, to.flags) = (range.len() as u8, from.flags);
        copy.settle();
        *self = copy;
    }

    /// Runs `edit` on the `N` kids from `first` on, and then makes this node agree with them: it may
    /// take kids out or leave them empty, and those are gone. If this node is shared, they are clones,
    /// and it is copied only if `edit` changed them. After a panic the node has what `edit` left.
    ///
    /// # Panics
    ///
    /// If there are no such kids, or `edit` leaves one of another level, or a leaf of more than `LEAF` elements.
    pub(crate) fn lend<const N: usize, R>(
        &mut self,
        first: usize,
        edit: impl FnOnce(&mut [Option<Kid<T, F, L>>; N]) -> R,
    ) -> R {
        let mut loan = Loan::new(self, first);
        let result = edit(&mut loan.kids);
        loan.done = true;
        // Not by the end of the scope: it may panic, and then `result` would leak if it were being returned.
        drop(loan);
        result
    }

    /// [`Node::lend`] of one kid, which is a node.
    pub(crate) fn edit<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> R {
        self.lend(slot, |[kid]| match kid {
            Some(Kid::Node(kid)) => edit(kid),
            _ => unreachable!("the kids are nodes"),
        })
    }

    /// [`Node::lend`] of one kid, which is a leaf.
    pub(crate) fn edit_leaf<R>(
        &mut self,
        slot: usize,
        edit: impl FnOnce(&mut Handle<T>) -> R,
    ) -> R {
        self.lend(slot, |[kid]| match kid {
            Some(Kid::Leaf(leaf)) => edit(leaf),
            _ => unreachable!("the kids are leaves"),
        })
    }

    /// Puts a leaf before the first below this node, or behind the last, if nobody else has a node on that
    /// edge and the lowest has room. Else `leaf` keeps it.
    pub(crate) fn put_leaf(&mut self, leaf: &mut Option<Handle<T>>, first: bool) {
        let last = self.len().saturating_sub(1);
        if self.level() > 1 {
            self.visit(if first { 0 } else { last }, |kid| kid.put_leaf(leaf, first));
        } else if self.has_room() && self.refs().is_unique() {
            if let Some(leaf) = leaf.take() {
                self.insert(if first { 0 } else { last + 1 }, Kid::Leaf(leaf));
            }
        }
    }

    /// Takes out the first leaf below this node, or the last, if nobody else has a node on that edge and the
    /// lowest keeps another one.
    pub(crate) fn take_leaf(&mut self, first: bool) -> Option<Handle<T>> {
        let last = self.len().saturating_sub(1);
        let slot = if first { 0 } else { last };
        if self.level() > 1 {
            return self.visit(slot, |kid| kid.take_leaf(first))?;
        }
        if last == 0 || !self.refs().is_unique() {
            return None;
        }
        match self.take(slot) {
            Kid::Leaf(leaf) => Some(leaf),
            Kid::Node(_) => unreachable!("level 1"),
        }
    }

    /// Runs `edit` on kid `slot`, a node, in its place, if nobody else has this node, and then agrees with it.
    /// For edits that neither panic nor take all kids out.
    fn visit<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> Option<R> {
        let (len, level) = (self.len(), self.level());
        if !self.refs().is_unique() || slot >= len || level == 1 {
            return None;
        }
        let kid = ptr::from_mut(&mut self.unshared().kids[slot]);
        // SAFETY: N1, N2: the slot of a node is a `Node`, which is transparent over its pointer, and this one
        // is unique and borrowed.
        let kid = unsafe { &mut *kid.cast::<Self>() };
        let result = edit(kid);
        let total = kid.total();
        let inner = self.unshared();
        let old = inner.ends[slot] - inner.start(slot);
        if total != old {
            for end in &mut inner.ends[slot..len] {
                *end = *end - old + total;
            }
            self.settle();
        }
        Some(result)
    }

    /// Says that no two neighbours among the kids fit together.
    pub(crate) fn set_tight(&mut self) {
        if self.is_loose() {
            self.unshared().flags &= !LOOSE;
        }
    }

    /// Sets the flag if it can be proven here: no kid has more than a full one, so if those left of the
    /// last have as many together as full ones, each of them is full (N4).
    #[inline]
    fn settle(&mut self) {
        let (len, level) = (self.len(), self.level());
        let before_last = len.saturating_sub(1);
        let dense = level <= Self::MAX_DENSE
            && self.start(before_last) == before_last * Self::full(level - 1)
            && (len == 0
                || match self.kid(before_last) {
                    KidRef::Node(last) => last.is_dense(),
                    KidRef::Leaf(_) => true,
                });
        let inner = self.unshared();
        inner.flags = inner.flags & LOOSE | if dense { DENSE } else { 0 };
    }
}

impl<const F: usize> Inner<F> {
    /// Puts kids with their totals in the place of `count` kids from `first` on, of which there are no
    /// fewer.
    #[inline]
    fn replace(&mut self, first: usize, count: usize, new: &[(*mut u8, usize)]) {
        let (len, start, old_end) = (usize::from(self.len), self.start(first), first + count);
        let old_total = self.start(old_end) - start;
        let mut end = start;
        for (i, (kid, total)) in new.iter().enumerate() {
            end += total;
            (self.kids[first + i], self.ends[first + i]) = (*kid, end);
        }
        let new_end = first + new.len();
        for (i, slot) in (old_end..len).enumerate() {
            self.kids[new_end + i] = self.kids[slot];
            self.ends[new_end + i] = self.ends[slot] - (start + old_total) + end;
        }
        let left = len - count + new.len();
        self.kids[left..len].fill(ptr::null_mut());
        self.ends[left..len].fill(usize::MAX);
        // Not more than it was.
        self.len = left as u8;
    }
}

/// Kids of a node while they are lent; its drop puts them back, even if the edit panics (N2, N3).
struct Loan<'a, T, const F: usize, const L: usize, const N: usize> {
    node: &'a mut Node<T, F, L>,
    first: usize,
    kids: [Option<Kid<T, F, L>>; N],
    /// Whether the node is shared: then the slots keep their counts, and the kids have more of them.
    cloned: bool,
    /// Whether the edit came to its end.
    done: bool,
}

impl<'a, T, const F: usize, const L: usize, const N: usize> Loan<'a, T, F, L, N> {
    #[inline]
    fn new(node: &'a mut Node<T, F, L>, first: usize) -> Self {
        assert!(first + N <= node.len(), "no such kids");
        let cloned = !node.refs().is_unique();
        if cloned {
            (first..first + N).for_each(|slot| node.retain(slot));
        } else {
            node.unshared();
        }
        let inner = node.inner();
        let kids = array::from_fn(|i| {
            let slot = first + i;
            let total = inner.ends[slot] - inner.start(slot);
            // SAFETY: N2, N3: the count just made, or the slot's own, on loan until the drop.
            Some(unsafe { Kid::from_slot(inner.kids[slot], inner.level - 1, total) })
        });
        Self { node, first, kids, cloned, done: false }
    }

    /// Puts back what came of the one kid; false means that nothing fitting did.
    #[inline]
    fn put_back(&mut self) -> bool {
        let inner = self.node.unshared();
        let (start, level) = (inner.start(self.first), inner.level);
        let Some(kid) = self.kids[0].take_if(|kid| kid.fits(level)) else { return false };
        let (old, total) = (inner.ends[self.first] - start, kid.total());
        if total != old {
            for end in &mut inner.ends[self.first..usize::from(inner.len)] {
                *end = *end - old + total;
            }
        }
        // N2: the slot counts it again, by its own pointer: a block that grew where it was has another one, of
        // the same address.
        inner.kids[self.first] = kid.into_slot();
        self.node.settle();
        true
    }

    /// Whether the kids are what they were.
    fn is_unchanged(&self) -> bool {
        let inner = self.node.inner();
        self.kids.iter().enumerate().all(|(i, kid)| {
            let slot = self.first + i;
            let was = (inner.kids[slot], inner.ends[slot] - inner.start(slot));
            kid.as_ref().is_some_and(|kid| (kid.slot(), kid.total()) == was)
        })
    }
}

impl<T, const F: usize, const L: usize, const N: usize> Drop for Loan<'_, T, F, L, N> {
    #[inline]
    fn drop(&mut self) {
        if self.cloned {
            if self.is_unchanged() {
                return;
            }
        } else if self.done && N == 1 && self.put_back() {
            return;
        }
        let cloned = self.cloned.then(|| {
            // From here on what the slots count is this node's to give up.
            self.node.unshared();
            let inner = self.node.inner();
            array::from_fn::<_, N, _>(|i| {
                let slot = self.first + i;
                let total = inner.ends[slot] - inner.start(slot);
                // SAFETY: N2, N3: the slot is overwritten below.
                unsafe { Kid::<T, F, L>::from_slot(inner.kids[slot], inner.level - 1, total) }
            })
        });
        let level = self.node.level();
        let mut new = [(ptr::null_mut(), 0); N];
        let mut count = 0;
        for kid in &mut self.kids {
            if let Some(kid) = kid.take_if(|kid| kid.fits(level)) {
                let total = kid.total();
                new[count] = (kid.into_slot(), total);
                count += 1;
            }
        }
        let inner = self.node.unshared();
        inner.replace(self.first, N, &new[..count]);
        if !self.done {
            inner.flags |= LOOSE;
        }
        self.node.settle();
        // All is sound again before the last count of anything is given up, here or with `kids`, and before a
        // panic because of a kid that did not fit: the node is without it then.
        drop(cloned);
        let misfit = self.kids.iter().flatten().any(|kid| kid.total() > 0);
        assert!(!misfit || !self.done, "a kid fits its node");
    }
}
