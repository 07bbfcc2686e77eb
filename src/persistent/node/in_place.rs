//! One element put in or taken out in its place, where that changes one leaf, the sizes above it, and
//! nothing else.

use core::ptr::{self, NonNull};

use super::{Inner, Node, RADIX, Root};
use crate::raw::buffer::SharedBuf;

/// The most levels of a way that is remembered.
const LEVELS: usize = 8;

/// The way to an element through nodes that nobody else has, to a leaf that nobody else has and that has
/// no orphans.
struct UniquePath<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    /// The nodes, from the top on, and their children that the way goes through.
    nodes: [(NonNull<Inner<F>>, usize); LEVELS],
    /// Whether one of them has the flag RADIX.
    radix: bool,
    leaf: SharedBuf<T>,
    /// The elements of the leaf, and the place among them.
    len: usize,
    at: usize,
}

impl<'a, T, const F: usize, const L: usize> UniquePath<'a, T, F, L> {
    /// The way to element `index` of the tree.
    #[inline]
    fn to(root: &'a mut Root<T, F, L>, index: usize) -> Option<Self> {
        let height = usize::from(root.height());
        if height > LEVELS || index >= root.tree_len() {
            return None;
        }
        let (mut radix, mut len, mut at) = (false, 0, index);
        let mut nodes = [(NonNull::dangling(), 0); LEVELS];
        let mut child = root.top()?.inner.cast::<u8>();
        for place in &mut nodes[..height] {
            let node = child.cast::<Inner<F>>();
            // SAFETY: N2: a live node, on as many levels as the tree has; the one field, an atomic.
            if !unsafe { &(*node.as_ptr()).refs }.is_unique() {
                return None;
            }
            // SAFETY: N1: unique, as those above it, and the root is borrowed.
            let inner = unsafe { node.as_ref() };
            inner.loom_access.read();
            let slot = inner.slot_of(at);
            let start = inner.start(slot);
            (len, at) = (inner.sizes[slot] - start, at - start);
            radix |= inner.flags & RADIX != 0;
            // SAFETY: N2: the slot of a child, so not null.
            child = unsafe { NonNull::new_unchecked(inner.children[slot]) };
            *place = (node, slot);
        }
        // SAFETY: N2: below the last level are buffers.
        let leaf = unsafe { SharedBuf::<T>::from_data(child.cast()) };
        // SAFETY: B1, N1: the node above holds a count, is unique and borrowed.
        if !unsafe { leaf.is_unique() } {
            return None;
        }
        // SAFETY: B1: unique.
        unsafe { leaf.begin_edit() };
        // SAFETY: B1: as above.
        let trimmed = unsafe { leaf.filled() }.is_plain(len);
        trimmed.then_some(Self { root, nodes, radix, leaf, len, at })
    }

    /// Whether the leaf without one element fits together with one beside it.
    fn would_fit(&self) -> bool {
        let (node, slot) = self.nodes[usize::from(self.root.height()) - 1];
        // SAFETY: N1: on the way, and nobody edits.
        let inner = unsafe { node.as_ref() };
        let fits = |first: usize| {
            first + 1 < usize::from(inner.len)
                && inner.sizes[first + 1] - inner.start(first) - 1 <= Node::<T, F, L>::LEAF / 4 * 3
        };
        fits(slot) || slot > 0 && fits(slot - 1)
    }

    /// Counts one element more, or `usize::MAX` for one less (N3).
    #[inline]
    fn count(self, more: usize) {
        for (node, slot) in &self.nodes[..usize::from(self.root.height())] {
            // SAFETY: N1: unique when this way was found, and the root is borrowed since.
            let inner = unsafe { &mut *node.as_ptr() };
            inner.loom_access.write();
            for end in &mut inner.sizes[*slot..] {
                // Past the last child.
                if *end == usize::MAX {
                    break;
                }
                *end = end.wrapping_add(more);
            }
        }
        self.root.before_tail = self.root.before_tail.wrapping_add(more);
    }
}

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Inserts `value` before element `index` of the tree, if its leaf has room and nobody else has it, or a
    /// node above it. Else gives it back. No node gets or loses a flag by that: all nodes above a leaf with
    /// room that have the flag RADIX have it for their last child, and it still has room (N4).
    #[inline]
    pub(crate) fn insert_in_place(&mut self, index: usize, value: T) -> Result<(), T> {
        let Some(way) = UniquePath::to(self, index) else { return Err(value) };
        let UniquePath { leaf, len, at, .. } = way;
        // SAFETY: B1: the node above holds a count.
        if len + 1 >= Node::<T, F, L>::LEAF || len == unsafe { leaf.cap() } {
            return Err(value);
        }
        // SAFETY: B1, B5: unique.
        unsafe { leaf.filled() }.set(len + 1);
        // SAFETY: B1: within the block, which has room.
        let (from, to) = (unsafe { leaf.slot(at) }, unsafe { leaf.slot(at + 1) });
        // SAFETY: B5: initialised here; the slot behind them is nobody's.
        unsafe { ptr::copy(from, to, len - at) };
        // SAFETY: B5: what was there has moved.
        unsafe { from.write(value) };
        way.count(1);
        Ok(())
    }

    /// Takes element `index` of the tree out, if nobody else has its leaf, or a node above it, and these
    /// stay as they are but for that: without the flag RADIX, and with no less of a leaf than may stand
    /// there.
    #[inline]
    pub(crate) fn remove_in_place(&mut self, index: usize) -> Option<T> {
        let way = UniquePath::to(self, index)?;
        let UniquePath { leaf, len, at, .. } = way;
        if way.radix || len < 2 || way.would_fit() {
            return None;
        }
        // SAFETY: B1, B5: unique. What no length covers is nobody's, until it has moved.
        unsafe { leaf.filled() }.set(len - 1);
        // SAFETY: B1: within the block.
        let (to, from) = (unsafe { leaf.slot(at) }, unsafe { leaf.slot(at + 1) });
        // SAFETY: B5: initialised, and moved out once.
        let value = unsafe { to.read() };
        // SAFETY: B5: initialised here; what was before them has moved.
        unsafe { ptr::copy(from, to, len - at - 1) };
        way.count(usize::MAX);
        Some(value)
    }
}
