//! `Root`: a tree, and the way to its elements, for reading and for writing.

use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

use super::{Inner, KidRef, Node};
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::unique::UniqueVec;

/// A tree, or none, and what a read needs to know of it, so that it need not ask the top node (N4).
pub(crate) struct Root<T, const F: usize, const L: usize> {
    top: Option<Node<T, F, L>>,
    /// The elements.
    len: usize,
    /// The top's level, 0 without one.
    height: u8,
    /// The top's flag.
    dense: bool,
}

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// No tree.
    pub(crate) const fn new() -> Self {
        Self { top: None, len: 0, height: 0, dense: true }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.height
    }

    /// Whether slots follow from an index by shift and mask (N4).
    pub(crate) const fn is_dense(&self) -> bool {
        self.dense
    }

    #[inline]
    pub(crate) const fn top(&self) -> Option<&Node<T, F, L>> {
        self.top.as_ref()
    }

    #[inline]
    pub(crate) fn into_top(self) -> Option<Node<T, F, L>> {
        self.top
    }

    /// Runs `edit` on the top node. A top without kids, and levels that are one kid, are then gone.
    pub(crate) fn edit<R>(&mut self, edit: impl FnOnce(&mut Option<Node<T, F, L>>) -> R) -> R {
        /// Agrees with the top again, even if `edit` panics (N4).
        struct Agree<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>);
        impl<T, const F: usize, const L: usize> Drop for Agree<'_, T, F, L> {
            fn drop(&mut self) {
                if self.0.top.as_ref().is_some_and(|top| top.len() == 0) {
                    self.0.top = None;
                }
                while let Some(top) = &self.0.top {
                    let (1, KidRef::Node(kid)) = (top.len(), top.kid(0)) else { break };
                    self.0.top = Some(kid.clone());
                }
                let (len, height, dense) = match &self.0.top {
                    Some(top) => (top.total(), top.level(), top.is_dense()),
                    None => (0, 0, true),
                };
                (self.0.len, self.0.height, self.0.dense) = (len, height, dense);
            }
        }
        let agree = Agree(self);
        edit(&mut agree.0.top)
    }

    /// The element at `index`.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[inline]
    pub(crate) fn at(&self, index: usize) -> &T {
        assert!(index < self.len, "no such element");
        if !self.dense {
            return self.relaxed_at(index);
        }
        // SAFETY: N4: dense, and the index is below the length.
        let leaf = unsafe { self.dense_leaf(index) };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // SAFETY: B2, N3: as many are initialised, for as long as this root keeps its count.
        let leaf = unsafe { leaf.slice(offset + 1) };
        // SAFETY: in bounds.
        unsafe { leaf.get_unchecked(offset) }
    }

    /// [`Root::at`] where the tree is not dense.
    #[inline(never)]
    fn relaxed_at(&self, index: usize) -> &T {
        match self.relaxed_leaf(index) {
            Some((leaf, start)) => &leaf[index - start],
            None => unreachable!("N3: a tree with that element has a leaf with it"),
        }
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        if index >= self.len {
            return None;
        }
        if !self.dense {
            return self.relaxed_leaf(index);
        }
        let start = index & !(Node::<T, F, L>::LEAF - 1);
        let len = Node::<T, F, L>::LEAF.min(self.len - start);
        // SAFETY: N4: dense, and the index is below the length.
        let leaf = unsafe { self.dense_leaf(index) };
        // SAFETY: B2, N3, N4: every leaf but the last is full, and the last has the rest.
        Some((unsafe { leaf.slice(len) }, start))
    }

    /// The leaf that has element `index`, by shift and mask.
    ///
    /// # Safety
    ///
    /// The tree is dense and has that element.
    #[inline]
    unsafe fn dense_leaf(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: N4: there is an element, so there is a top.
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        // Up to here shifts are constants: two thousand million elements of 8 bytes.
        const UNROLLED: u8 = 6;
        let mut at = top.inner.as_ptr().cast();
        if self.height > UNROLLED {
            // SAFETY: as this function's.
            at = unsafe { Self::step_down(at, index, self.height, UNROLLED) };
        }
        macro_rules! step {
            ($($level:literal)+) => {$(
                if self.height >= $level {
                    // SAFETY: N2, N4: `at` is a node of that level, on the way to the element.
                    at = unsafe { Self::step(at, index, $level) };
                }
            )+};
        }
        step!(6 5 4 3 2 1);
        // SAFETY: N2: at level 0 there are buffers, and there is one on the way to the element.
        let data = unsafe { NonNull::new_unchecked(at.cast::<T>()) };
        // SAFETY: N2: as above.
        unsafe { SharedBuf::from_data(data) }
    }

    /// The kid of the dense node at `node`, of level `level`, on the way to element `index`.
    ///
    /// # Safety
    ///
    /// There is that node, which has the element.
    #[inline(always)]
    unsafe fn step(node: *mut u8, index: usize, level: u8) -> *mut u8 {
        let node = node.cast::<Inner<F>>();
        if cfg!(cow_loom) {
            // SAFETY: N2: a live node.
            unsafe { &(*node).witness }.read();
        }
        // SAFETY: N2: a live node; the one field, which nobody edits (N1).
        let kids = unsafe { &(*node).kids };
        // A level that no dense tree has may shift by more than a word has bits: it is never asked for.
        let slot = index.wrapping_shr(Node::<T, F, L>::shift(level)) & (F - 1);
        // SAFETY: masked to less than `F`.
        unsafe { *kids.get_unchecked(slot) }
    }

    /// The node of level `to` on the way from the dense node at `node`, of level `from`, to element
    /// `index`.
    ///
    /// # Safety
    ///
    /// As for [`Root::step`].
    #[cold]
    #[inline(never)]
    unsafe fn step_down(mut node: *mut u8, index: usize, from: u8, to: u8) -> *mut u8 {
        for level in (to + 1..=from).rev() {
            // SAFETY: as this function's.
            node = unsafe { Self::step(node, index, level) };
        }
        node
    }

    /// The leaf that has element `index`, and the elements before it, by the ends.
    #[inline]
    fn relaxed_leaf(&self, index: usize) -> Option<(&[T], usize)> {
        let (mut node, mut start) = (self.top.as_ref()?, 0);
        loop {
            let slot = node.slot_of(index - start);
            start += node.start(slot);
            match node.kid(slot) {
                KidRef::Leaf(leaf) => return Some((leaf, start)),
                KidRef::Node(kid) => node = kid,
            }
        }
    }

    /// The elements of the leaf that has element `index`, for in-place edits, and the elements before
    /// it. Every shared node on the way is copied, and `copy` is called if the leaf is shared; if it
    /// panics, nothing visible has changed.
    #[inline]
    pub(crate) fn leaf_mut(
        &mut self,
        index: usize,
        copy: impl FnOnce(&Handle<T>) -> UniqueVec<T>,
    ) -> Option<(&mut [T], usize)> {
        if index >= self.len {
            return None;
        }
        let (dense, mut node, mut start) = (self.dense, self.top.as_mut()?, 0);
        loop {
            let slot = if dense {
                (index >> Node::<T, F, L>::shift(node.level())) & (F - 1)
            } else {
                node.slot_of(index - start)
            };
            let inner = node.unshared();
            let (before, end) = (inner.start(slot), inner.ends[slot]);
            start += before;
            let kid = ptr::from_mut(&mut inner.kids[slot]);
            if inner.level > 1 {
                // SAFETY: N1, N2: the slot of a node is a `Node`, which is transparent over its
                // pointer, and its parent is unique; a copy of it has the same level and total.
                node = unsafe { &mut *kid.cast::<Node<T, F, L>>() };
                continue;
            }
            // SAFETY: N1: in a unique node, which is borrowed for as long as the result.
            let kid = unsafe { &mut *kid };
            // SAFETY: N1, N2, N3: the slot of a leaf with that many elements.
            return Some((unsafe { unshared_leaf(kid, end - before, copy) }, start));
        }
    }
}

/// The leaves of a tree for writing, each lent once, from both ends: those that hold elements
/// `[front, back)`, as far as they hold them. A shared one is copied when it is asked for.
pub(crate) struct LeavesMut<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    front: usize,
    back: usize,
}

impl<'a, T, const F: usize, const L: usize> LeavesMut<'a, T, F, L> {
    #[inline]
    pub(crate) fn new(root: &'a mut Root<T, F, L>) -> Self {
        let back = root.len;
        Self { root, front: 0, back }
    }

    /// The elements still to come.
    #[inline]
    pub(crate) fn remaining(&self) -> usize {
        self.back - self.front
    }

    /// Passes over the next `count` elements, at most what remains, and copies nothing for it.
    #[inline]
    pub(crate) fn skip_front(&mut self, count: usize) {
        self.front += count.min(self.remaining());
    }

    /// Passes over the last `count` elements, at most what remains.
    #[inline]
    pub(crate) fn skip_back(&mut self, count: usize) {
        self.back -= count.min(self.remaining());
    }
}

impl<'a, T: Clone, const F: usize, const L: usize> LeavesMut<'a, T, F, L> {
    pub(crate) fn next(&mut self) -> Option<&'a mut [T]> {
        let place = (self.front < self.back).then_some(self.front)?;
        let (elements, _, to) = self.lend(place)?;
        self.front = to;
        // SAFETY: the tree is borrowed for as long, and neither end comes to these elements again: no
        // two of these slices overlap. Ways to other leaves pass through nodes, never through a leaf.
        Some(unsafe { &mut *elements })
    }

    pub(crate) fn next_back(&mut self) -> Option<&'a mut [T]> {
        let place = (self.front < self.back).then(|| self.back - 1)?;
        let (elements, from, _) = self.lend(place)?;
        self.back = from;
        // SAFETY: as in `next`.
        Some(unsafe { &mut *elements })
    }

    /// What is to come of the leaf that has an element which is to come, and where it begins and ends.
    fn lend(&mut self, place: usize) -> Option<(*mut [T], usize, usize)> {
        let (leaf, start) = self.root.leaf_mut(place, |leaf| leaf.copied(leaf.len()))?;
        let (from, to) = (self.front.max(start), self.back.min(start + leaf.len()));
        Some((ptr::from_mut(&mut leaf[from - start..to - start]), from, to))
    }
}

/// The elements of the leaf in `slot`, for in-place edits; if it is shared, `copy` replaces it.
///
/// # Safety
///
/// `slot` stands for a leaf with `len` elements, in a node that is unique while it is borrowed (N1, N2,
/// N3).
#[inline]
unsafe fn unshared_leaf<T>(
    slot: &mut *mut u8,
    len: usize,
    copy: impl FnOnce(&Handle<T>) -> UniqueVec<T>,
) -> &mut [T] {
    /// Puts the handle back, even if `copy` or a drop panics (N2).
    struct Back<'a, T>(&'a mut *mut u8, ManuallyDrop<Handle<T>>);
    impl<T> Drop for Back<'_, T> {
        #[inline]
        fn drop(&mut self) {
            // SAFETY: it is taken out once, here.
            let handle = unsafe { ManuallyDrop::take(&mut self.1) };
            *self.0 = handle.into_parts().0.data().as_ptr().cast();
        }
    }
    // SAFETY: N2: not null.
    let data = unsafe { NonNull::new_unchecked(slot.cast()) };
    // SAFETY: N2.
    let buf = unsafe { SharedBuf::from_data(data) };
    // SAFETY: B2, N2, N3: the slot's count is on loan until `Back` returns it.
    let handle = unsafe { Handle::from_parts(buf, len) };
    let mut back = Back(slot, ManuallyDrop::new(handle));
    let unique = back.1.unique_or(|leaf| {
        let copy = copy(leaf);
        assert!(copy.len() == len, "N3: a copy has as many elements");
        copy
    });
    let elements = ptr::from_mut(unique.as_mut_slice());
    drop(back);
    // SAFETY: N1, B5: unique and trimmed, and reached by nothing but the node that is borrowed.
    unsafe { &mut *elements }
}

impl<T, const F: usize, const L: usize> Clone for Root<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self { top: self.top.clone(), len: self.len, height: self.height, dense: self.dense }
    }
}
