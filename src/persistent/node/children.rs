//! Children put in, taken out, lent for an edit, and moved to another node.

use alloc::vec::Vec;
use core::array;
use core::ops::Range;
use core::ptr;

use super::{Child, ChildRef, End, Inner, NEEDS_REBALANCE, Node, RADIX};
use crate::raw::handle::Handle;

impl<T, const F: usize, const L: usize> Node<T, F, L> {
    /// Appends a child, which is not empty.
    ///
    /// # Panics
    ///
    /// If there is no room, or the child is not of the level below or a leaf of more than `LEAF` elements.
    pub(crate) fn push(&mut self, child: Child<T, F, L>) {
        self.insert(self.len(), child);
    }

    /// Puts in a child, which is not empty, before the one at `slot`.
    ///
    /// # Panics
    ///
    /// If there is no room or no such place, or the child is not of the level below or a leaf of more than `LEAF`
    /// elements.
    pub(crate) fn insert(&mut self, slot: usize, child: Child<T, F, L>) {
        let (len, more) = (self.len(), child.total());
        assert!(slot <= len && len < F && child.fits(self.level()), "a child fits its node");
        let inner = self.unshared();
        let start = inner.start(slot);
        inner.children.copy_within(slot..len, slot + 1);
        inner.sizes.copy_within(slot..len, slot + 1);
        inner.children[slot] = child.into_slot();
        inner.sizes[slot] = start;
        for end in &mut inner.sizes[slot..=len] {
            *end += more;
        }
        inner.len += 1;
        self.update_radix_flag();
    }

    /// Takes child `slot` out.
    ///
    /// # Panics
    ///
    /// If there is no such child.
    pub(crate) fn take(&mut self, slot: usize) -> Child<T, F, L> {
        let len = self.len();
        assert!(slot < len, "no such child");
        let inner = self.unshared();
        let (child, total) = (inner.children[slot], inner.sizes[slot] - inner.start(slot));
        inner.replace(slot, 1, &[]);
        let level = inner.level - 1;
        self.update_radix_flag();
        // SAFETY: N2, N3: it stood there, and its count is nobody's now.
        unsafe { Child::from_slot(child, level, total) }
    }

    /// Moves the children from `at` on to a node of their own, which has none if there are none.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        let mut right = Self::new(self.level());
        self.split_into(at, &mut right);
        right
    }

    /// [`Node::split_off`] to a node that was made before, which has no children: that cannot fail for lack of memory
    /// if this node is unique.
    ///
    /// # Panics
    ///
    /// If there is no such place, or `right` has children or is of another level.
    pub(crate) fn split_into(&mut self, at: usize, right: &mut Self) {
        let len = self.len();
        assert!(at <= len, "no such place");
        assert!(right.len() == 0 && right.level() == self.level(), "a new node of that level");
        let (left, new) = (self.unshared(), right.unshared());
        let start = left.start(at);
        new.children[..len - at].copy_from_slice(&left.children[at..len]);
        for (to, end) in new.sizes.iter_mut().zip(&left.sizes[at..len]) {
            *to = end - start;
        }
        // At most `F`.
        (new.len, new.flags) = ((len - at) as u8, left.flags);
        left.children[at..len].fill(ptr::null_mut());
        left.sizes[at..len].fill(usize::MAX);
        left.len = at as u8;
        self.update_radix_flag();
        right.update_radix_flag();
    }

    /// Appends the children of a node of the same level.
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
        to.children[len..len + more].copy_from_slice(&from.children[..more]);
        for (end, theirs) in to.sizes[len..].iter_mut().zip(&from.sizes[..more]) {
            *end = start + theirs;
        }
        to.len += from.len;
        to.flags |= from.flags & NEEDS_REBALANCE;
        if moved {
            // N2: their counts are this node's now.
            let from = other.unshared();
            (from.len, from.sizes, from.children) = (0, [usize::MAX; F], [ptr::null_mut(); F]);
        }
        self.update_radix_flag();
    }

    /// Keeps the children of a range. Those before it, in order, and those after it, in reverse, go to `gone`
    /// if they were this node's alone to give up: a shared node is copied without them.
    ///
    /// # Panics
    ///
    /// If there is no such range.
    pub(crate) fn keep(&mut self, range: Range<usize>, gone: &mut Vec<Child<T, F, L>>) {
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
        to.children[..range.len()].copy_from_slice(&from.children[range.clone()]);
        for (end, old) in to.sizes.iter_mut().zip(&from.sizes[range.clone()]) {
            *end = old - start;
        }
        (to.len, to.flags) = (range.len() as u8, from.flags);
        copy.update_radix_flag();
        *self = copy;
    }

    /// Runs `edit` on the `N` children from `first` on, and then makes this node agree with them: it may
    /// take children out or leave them empty, and those are gone. If this node is shared, they are clones,
    /// and it is copied only if `edit` changed them. After a panic the node has what `edit` left.
    ///
    /// # Panics
    ///
    /// If there are no such children, or `edit` leaves one of another level, or a leaf of more than `LEAF` elements.
    pub(crate) fn edit_children<const N: usize, R>(
        &mut self,
        first: usize,
        edit: impl FnOnce(&mut [Option<Child<T, F, L>>; N]) -> R,
    ) -> R {
        let mut guard = ChildGuard::new(self, first);
        let result = edit(&mut guard.children);
        guard.done = true;
        // Not by the end of the scope: it may panic, and then `result` would leak if it were being returned.
        drop(guard);
        result
    }

    /// [`Node::edit_children`] of one child, which is a node.
    pub(crate) fn edit<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> R {
        self.edit_children(slot, |[child]| match child {
            Some(Child::Node(child)) => edit(child),
            _ => unreachable!("the children are nodes"),
        })
    }

    /// [`Node::edit_children`] of one child, which is a leaf.
    pub(crate) fn edit_leaf<R>(
        &mut self,
        slot: usize,
        edit: impl FnOnce(&mut Handle<T>) -> R,
    ) -> R {
        self.edit_children(slot, |[child]| match child {
            Some(Child::Leaf(leaf)) => edit(leaf),
            _ => unreachable!("the children are leaves"),
        })
    }

    /// Puts a leaf before the first below this node, or behind the last, if nobody else has a node on that
    /// edge and the lowest has room. Else `leaf` keeps it.
    pub(crate) fn put_leaf(&mut self, leaf: &mut Option<Handle<T>>, end: End) {
        if self.level() > 1 {
            self.edit_in_place(end.slot(self), |child| child.put_leaf(leaf, end));
        } else if self.has_room() && self.refs().is_unique() {
            if let Some(leaf) = leaf.take() {
                self.insert(end.place(self), Child::Leaf(leaf));
            }
        }
    }

    /// Takes out the first leaf below this node, or the last, if nobody else has a node on that edge and the
    /// lowest keeps another one.
    pub(crate) fn take_leaf(&mut self, end: End) -> Option<Handle<T>> {
        if self.level() > 1 {
            return self.edit_in_place(end.slot(self), |child| child.take_leaf(end))?;
        }
        if self.len() < 2 || !self.refs().is_unique() {
            return None;
        }
        match self.take(end.slot(self)) {
            Child::Leaf(leaf) => Some(leaf),
            Child::Node(_) => unreachable!("level 1"),
        }
    }

    /// Runs `edit` on child `slot`, a node, in its place, if nobody else has this node, and then agrees with it.
    /// For edits that neither panic nor take all children out.
    fn edit_in_place<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> Option<R> {
        let (len, level) = (self.len(), self.level());
        if !self.refs().is_unique() || slot >= len || level == 1 {
            return None;
        }
        let child = ptr::from_mut(&mut self.unshared().children[slot]);
        // SAFETY: N1, N2: the slot of a node is a `Node`, which is transparent over its pointer, and this one
        // is unique and borrowed.
        let child = unsafe { &mut *child.cast::<Self>() };
        let result = edit(child);
        let total = child.total();
        let inner = self.unshared();
        let old = inner.sizes[slot] - inner.start(slot);
        if total != old {
            for end in &mut inner.sizes[slot..len] {
                *end = *end - old + total;
            }
            self.update_radix_flag();
        }
        Some(result)
    }

    /// Says that two neighbours among the children may fit together, until that is put right: for an edit that can fail
    /// before it is.
    pub(crate) fn mark_needs_rebalance(&mut self) {
        self.unshared().flags |= NEEDS_REBALANCE;
    }

    /// Says that no two neighbours among the children fit together.
    pub(crate) fn clear_needs_rebalance(&mut self) {
        if self.needs_rebalance() {
            self.unshared().flags &= !NEEDS_REBALANCE;
        }
    }

    /// Sets the flag if it can be proven here: no child has more than a full one, so if those left of the
    /// last have as many together as full ones, each of them is full (N4).
    #[inline]
    fn update_radix_flag(&mut self) {
        let (len, level) = (self.len(), self.level());
        let before_last = len.saturating_sub(1);
        let radix = level <= Self::MAX_RADIX_LEVEL
            && self.start(before_last) == before_last * Self::full(level - 1)
            && (len == 0
                || match self.child(before_last) {
                    ChildRef::Node(last) => last.is_radix(),
                    ChildRef::Leaf(_) => true,
                });
        let inner = self.unshared();
        inner.flags = inner.flags & NEEDS_REBALANCE | if radix { RADIX } else { 0 };
    }
}

impl<const F: usize> Inner<F> {
    /// Puts children with their totals in the place of `count` children from `first` on, of which there are no
    /// fewer.
    #[inline]
    fn replace(&mut self, first: usize, count: usize, new: &[(*mut u8, usize)]) {
        let (len, start, old_end) = (usize::from(self.len), self.start(first), first + count);
        let old_total = self.start(old_end) - start;
        let mut end = start;
        for (i, (child, total)) in new.iter().enumerate() {
            end += total;
            (self.children[first + i], self.sizes[first + i]) = (*child, end);
        }
        let new_end = first + new.len();
        for (i, slot) in (old_end..len).enumerate() {
            self.children[new_end + i] = self.children[slot];
            self.sizes[new_end + i] = self.sizes[slot] - (start + old_total) + end;
        }
        let left = len - count + new.len();
        self.children[left..len].fill(ptr::null_mut());
        self.sizes[left..len].fill(usize::MAX);
        // Not more than it was.
        self.len = left as u8;
    }
}

/// Children of a node while they are lent; its drop puts them back, even if the edit panics (N2, N3).
struct ChildGuard<'a, T, const F: usize, const L: usize, const N: usize> {
    node: &'a mut Node<T, F, L>,
    first: usize,
    children: [Option<Child<T, F, L>>; N],
    /// Whether the node is shared: then the slots keep their counts, and the children have more of them.
    cloned: bool,
    /// Whether the edit came to its end.
    done: bool,
}

impl<'a, T, const F: usize, const L: usize, const N: usize> ChildGuard<'a, T, F, L, N> {
    #[inline]
    fn new(node: &'a mut Node<T, F, L>, first: usize) -> Self {
        assert!(first + N <= node.len(), "no such children");
        let cloned = !node.refs().is_unique();
        if cloned {
            (first..first + N).for_each(|slot| node.retain(slot));
        } else {
            node.unshared();
        }
        let inner = node.inner();
        let children = array::from_fn(|i| {
            let slot = first + i;
            let total = inner.sizes[slot] - inner.start(slot);
            // SAFETY: N2, N3: the count just made, or the slot's own, on guard until the drop.
            Some(unsafe { Child::from_slot(inner.children[slot], inner.level - 1, total) })
        });
        Self { node, first, children, cloned, done: false }
    }

    /// Puts back what came of the one child; false means that nothing fitting did.
    #[inline]
    fn put_back(&mut self) -> bool {
        let inner = self.node.unshared();
        let (start, level) = (inner.start(self.first), inner.level);
        let Some(child) = self.children[0].take_if(|child| child.fits(level)) else { return false };
        let (old, total) = (inner.sizes[self.first] - start, child.total());
        if total != old {
            for end in &mut inner.sizes[self.first..usize::from(inner.len)] {
                *end = *end - old + total;
            }
        }
        // N2: the slot counts it again, by its own pointer: a block that grew where it was has another one, of
        // the same address.
        inner.children[self.first] = child.into_slot();
        self.node.update_radix_flag();
        true
    }

    /// Whether the children are what they were.
    fn is_unchanged(&self) -> bool {
        let inner = self.node.inner();
        self.children.iter().enumerate().all(|(i, child)| {
            let slot = self.first + i;
            let was = (inner.children[slot], inner.sizes[slot] - inner.start(slot));
            child.as_ref().is_some_and(|child| (child.slot(), child.total()) == was)
        })
    }
}

impl<T, const F: usize, const L: usize, const N: usize> Drop for ChildGuard<'_, T, F, L, N> {
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
                let total = inner.sizes[slot] - inner.start(slot);
                // SAFETY: N2, N3: the slot is overwritten below.
                unsafe { Child::<T, F, L>::from_slot(inner.children[slot], inner.level - 1, total) }
            })
        });
        let level = self.node.level();
        let mut new = [(ptr::null_mut(), 0); N];
        let mut count = 0;
        for child in &mut self.children {
            if let Some(child) = child.take_if(|child| child.fits(level)) {
                let total = child.total();
                new[count] = (child.into_slot(), total);
                count += 1;
            }
        }
        let inner = self.node.unshared();
        inner.replace(self.first, N, &new[..count]);
        if !self.done {
            inner.flags |= NEEDS_REBALANCE;
        }
        self.node.update_radix_flag();
        // All is sound again before the last count of anything is given up, here or with `children`, and before a
        // panic because of a child that did not fit: the node is without it then.
        drop(cloned);
        let misfit = self.children.iter().flatten().any(|child| child.total() > 0);
        assert!(!misfit || !self.done, "a child fits its node");
    }
}
