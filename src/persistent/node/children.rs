//! Inserting, removing and editing the children of a node, and moving them to another node.

use alloc::vec::Vec;
use core::array;
use core::mem::{self, needs_drop};
use core::ops::Range;
use core::ptr;

use super::{Child, ChildRef, End, Inner, NEEDS_REBALANCE, Node, RADIX};
use crate::raw::handle::Handle;

impl<T, const F: usize, const L: usize> Node<T, F, L> {
    /// Appends a child.
    ///
    /// # Panics
    ///
    /// Panics as [`Node::insert`] does.
    pub(crate) fn push(&mut self, child: Child<T, F, L>) {
        self.insert(self.len(), child);
    }

    /// Inserts a child before the one at `slot`.
    ///
    /// # Panics
    ///
    /// Panics if the node is full, if `slot > len`, or if the child does not fit: it must not be empty, must be of the
    /// level below, and a leaf must have at most `LEAF` elements.
    pub(crate) fn insert(&mut self, slot: usize, child: Child<T, F, L>) {
        let (len, more) = (self.len(), child.total());
        assert!(slot <= len && len < F && child.fits(self.level()), "a child fits its node");
        let inner = self.unshared();
        let start = inner.start(slot);
        inner.children.copy_within(slot..len, slot + 1);
        inner.sizes.copy_within(slot..len, slot + 1);
        inner.children[slot] = child.into_slot();
        inner.sizes[slot] = start;
        for size in &mut inner.sizes[slot..=len] {
            *size += more;
        }
        inner.len += 1;
        self.update_radix_flag();
    }

    /// Removes child `slot` and returns it.
    ///
    /// # Panics
    ///
    /// Panics if there is no such child.
    pub(crate) fn take(&mut self, slot: usize) -> Child<T, F, L> {
        let len = self.len();
        assert!(slot < len, "no such child");
        let inner = self.unshared();
        let (child, total) = (inner.children[slot], inner.child_total(slot));
        inner.replace(slot, 1, &[]);
        let level = inner.level - 1;
        self.update_radix_flag();
        // SAFETY: the slot was a child of `total` elements (N2, N3), and has left the node, so its reference is used
        // once.
        unsafe { Child::from_slot(child, level, total) }
    }

    /// Splits off the children from `at` on into a new node.
    ///
    /// # Panics
    ///
    /// Panics if `at > len`.
    pub(crate) fn split_off(&mut self, at: usize) -> Self {
        let mut right = Self::new(self.level());
        self.split_into(at, &mut right);
        right
    }

    /// Moves the children from `at` on into `right`, which has none.
    ///
    /// Does not allocate if this node is unique.
    ///
    /// # Panics
    ///
    /// Panics if `at > len`, or if `right` has children or is of another level.
    pub(crate) fn split_into(&mut self, at: usize, right: &mut Self) {
        let len = self.len();
        assert!(at <= len, "no such place");
        assert!(right.len() == 0 && right.level() == self.level(), "a new node of that level");
        let (left, new) = (self.unshared(), right.unshared());
        let start = left.start(at);
        new.children[..len - at].copy_from_slice(&left.children[at..len]);
        for (to, size) in new.sizes.iter_mut().zip(&left.sizes[at..len]) {
            *to = size - start;
        }
        // `len - at` is at most `F`, which fits a `u8`.
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
    /// Panics if there is no room for all of them, or if the levels differ.
    pub(crate) fn append(&mut self, mut other: Self) {
        let (len, more, start) = (self.len(), other.len(), self.total());
        assert!(self.level() == other.level() && len + more <= F, "there is room");
        let moved = other.refs().is_unique();
        // Copies before any reference is added, because the allocation may fail.
        let to = self.unshared();
        if !moved {
            (0..more).for_each(|slot| other.retain(slot));
        }
        let from = other.inner();
        to.children[len..len + more].copy_from_slice(&from.children[..more]);
        for (size, theirs) in to.sizes[len..].iter_mut().zip(&from.sizes[..more]) {
            *size = start + theirs;
        }
        to.len += from.len;
        to.flags |= from.flags & NEEDS_REBALANCE;
        if moved {
            // This node now owns the references of the other's slots (N2).
            let from = other.unshared();
            (from.len, from.sizes, from.children) = (0, [usize::MAX; F], [ptr::null_mut(); F]);
        }
        self.update_radix_flag();
    }

    /// Removes the children outside of a range.
    ///
    /// If this node is unique, `removed` gets those before the range in order, and then those after it in reverse. If
    /// it is shared, it is copied without them, and `removed` gets the old node. The old node's other owners may drop
    /// it meanwhile, and then the last reference to its elements is the one in `removed`.
    ///
    /// # Panics
    ///
    /// Panics if the range is not within the children.
    pub(crate) fn keep(&mut self, range: Range<usize>, removed: &mut Vec<Child<T, F, L>>) {
        let len = self.len();
        assert!(range.start <= range.end && range.end <= len, "no such range");
        if range.len() == len {
            return;
        }
        if self.refs().is_unique() {
            removed.extend((0..range.start).map(|_| self.take(0)));
            removed.extend((range.end..len).map(|_| self.take(self.len() - 1)));
            return;
        }
        let mut copy = Self::new(self.level());
        if needs_drop::<T>() {
            removed.reserve(1);
        }
        range.clone().for_each(|slot| self.retain(slot));
        let (from, to) = (self.inner(), copy.unshared());
        let start = from.start(range.start);
        to.children[..range.len()].copy_from_slice(&from.children[range.clone()]);
        for (size, old) in to.sizes.iter_mut().zip(&from.sizes[range.clone()]) {
            *size = old - start;
        }
        (to.len, to.flags) = (range.len() as u8, from.flags);
        copy.update_radix_flag();
        let old = mem::replace(self, copy);
        if needs_drop::<T>() {
            removed.push(Child::Node(old));
        }
    }

    /// Runs `edit` on the `N` children from `first` on, and then updates this node.
    ///
    /// `edit` may take children out or leave them empty: the node then loses them. If this node is shared, `edit` gets
    /// clones, and the node is copied only if `edit` changed them. After a panic of `edit`, the node has the children
    /// as `edit` left them.
    ///
    /// # Panics
    ///
    /// Panics if there are no such children, or if `edit` leaves one that does not fit: see [`Node::insert`].
    pub(crate) fn edit_children<const N: usize, R>(
        &mut self,
        first: usize,
        edit: impl FnOnce(&mut [Option<Child<T, F, L>>; N]) -> R,
    ) -> R {
        let mut guard = ChildGuard::new(self, first);
        let result = edit(&mut guard.children);
        guard.done = true;
        // Dropped here, before the return: the guard may panic, and `result` would leak if it were being returned.
        drop(guard);
        result
    }

    /// Runs `edit` on a child that is a node: see [`Node::edit_children`].
    pub(crate) fn edit<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> R {
        self.edit_children(slot, |[child]| match child {
            Some(Child::Node(child)) => edit(child),
            _ => unreachable!("the children are nodes"),
        })
    }

    /// Runs `edit` on a child that is a leaf: see [`Node::edit_children`].
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

    /// Puts a leaf before or behind all others below this node, if the nodes at that end are unique and the lowest has
    /// room. Else leaves it in `leaf`.
    pub(crate) fn put_leaf(&mut self, leaf: &mut Option<Handle<T>>, end: End) {
        if self.level() > 1 {
            self.edit_in_place(end.slot(self), |child| child.put_leaf(leaf, end));
        } else if self.has_room() && self.refs().is_unique() {
            if let Some(leaf) = leaf.take() {
                self.insert(end.place(self), Child::Leaf(leaf));
            }
        }
    }

    /// Removes the first or last leaf below this node, if the nodes at that end are unique and the lowest has another
    /// leaf.
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

    /// Runs `edit` on child `slot`, a node, in its slot, and then updates this node. Does nothing if this node is
    /// shared.
    ///
    /// `edit` must neither panic nor remove the last child, because no guard restores the node then.
    fn edit_in_place<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> Option<R> {
        let (len, level) = (self.len(), self.level());
        if !self.refs().is_unique() || slot >= len || level == 1 {
            return None;
        }
        let child = ptr::from_mut(&mut self.unshared().children[slot]);
        // SAFETY: above level 1, a slot is a pointer to a node (N2), and `Node` is transparent over that pointer. This
        // node is unique and borrowed mutably, so nobody else reaches the slot (N1).
        let child = unsafe { &mut *child.cast::<Self>() };
        let result = edit(child);
        let total = child.total();
        let inner = self.unshared();
        let old = inner.child_total(slot);
        if total != old {
            for size in &mut inner.sizes[slot..len] {
                *size = *size - old + total;
            }
            self.update_radix_flag();
        }
        Some(result)
    }

    /// Clears [`NEEDS_REBALANCE`]: no neighbouring children fit together.
    pub(crate) fn clear_needs_rebalance(&mut self) {
        if self.needs_rebalance() {
            self.unshared().flags &= !NEEDS_REBALANCE;
        }
    }

    /// Sets or clears [`RADIX`] (N4).
    ///
    /// No child has more elements than a full one. So if the children before the last together have as many elements as
    /// full ones, each of them is full.
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
    /// Replaces `count` children from `first` on by at most as many, given with their totals.
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
        // `left` is at most the old `len`, which is a `u8`.
        self.len = left as u8;
    }
}

/// Children that were moved out of a node for an edit. Its drop puts them back, even if the edit panics (N2, N3).
struct ChildGuard<'a, T, const F: usize, const L: usize, const N: usize> {
    node: &'a mut Node<T, F, L>,
    first: usize,
    children: [Option<Child<T, F, L>>; N],
    /// Whether the node is shared. Then the slots keep their references, and `children` are additional ones.
    cloned: bool,
    /// Whether the edit returned.
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
            let total = inner.child_total(slot);
            // SAFETY: the slot is a child of `total` elements (N2, N3). If the node is shared, the reference was just
            // added; else the guard owns the slot's reference until its drop.
            Some(unsafe { Child::from_slot(inner.children[slot], inner.level - 1, total) })
        });
        Self { node, first, children, cloned, done: false }
    }

    /// Puts the only child back into its slot. Returns `false` if it is gone or does not fit.
    #[inline]
    fn put_back(&mut self) -> bool {
        let inner = self.node.unshared();
        let (start, level) = (inner.start(self.first), inner.level);
        let Some(child) = self.children[0].take_if(|child| child.fits(level)) else { return false };
        let (old, total) = (inner.sizes[self.first] - start, child.total());
        if total != old {
            for size in &mut inner.sizes[self.first..usize::from(inner.len)] {
                *size = *size - old + total;
            }
        }
        // Stored even if the address is the same: a block that was reallocated in place has another pointer, with
        // its own provenance (N2).
        inner.children[self.first] = child.into_slot();
        self.node.update_radix_flag();
        true
    }

    /// Returns `true` if the children are those in the slots.
    fn is_unchanged(&self) -> bool {
        let inner = self.node.inner();
        self.children.iter().enumerate().all(|(i, child)| {
            let slot = self.first + i;
            let was = (inner.children[slot], inner.child_total(slot));
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
            // Copies the node. The copy owns one reference for each of its slots.
            self.node.unshared();
            let inner = self.node.inner();
            array::from_fn::<_, N, _>(|i| {
                let slot = self.first + i;
                let total = inner.child_total(slot);
                // SAFETY: the slot is a child of `total` elements (N2, N3). It is overwritten below, so its reference
                // is used once.
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
        // The node is valid again before `cloned` and `self.children` are dropped, and before the panic for a child
        // that does not fit. The node no longer has that child.
        drop(cloned);
        let misfit = self.children.iter().flatten().any(|child| child.total() > 0);
        assert!(!misfit || !self.done, "a child fits its node");
    }
}
