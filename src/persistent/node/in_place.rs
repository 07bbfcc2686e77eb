//! Edits of one element that copy nothing.
//!
//! Each method here does the common case of an edit: the blocks it changes are unique, or a free slot can be
//! claimed, and no leaf or node is added or removed. Else it changes nothing, and its caller takes the general path.

use core::ptr::{self, NonNull};

use super::root::RELAXED;
use super::{Inner, Node, RADIX, Root, is_unique_and_trimmed, leaf_buf};
use crate::raw::buffer::BlockRef;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Appends `value` to the tail, or returns it.
    ///
    /// The tail must not be full. Its next slot must be free, in a unique block or, if `T` has no drop glue, in a
    /// shared one (B9).
    #[inline]
    pub(crate) fn push_back_in_place(&mut self, value: T) -> Result<(), T> {
        let len = self.tail_len();
        let Some(block) = self.tail.block() else { return Err(value) };
        if len == Node::<T, F, L>::LEAF {
            return Err(value);
        }
        // SAFETY: the tail ends at `len` (N5), and is borrowed mutably.
        if !unsafe { block.claim(len, 1) } {
            return Err(value);
        }
        // SAFETY: the slot was claimed, so it is within the block (B4).
        let slot = unsafe { block.buf().slot(len) };
        // SAFETY: only this root claimed the slot (B4), and it is not yet initialised.
        unsafe { slot.write(value) };
        // At most `LEAF`, which fits a `u16`.
        self.shape.tail_len = (len + 1) as u16;
        Ok(())
    }

    /// Removes the last element of the tail and returns it, if the tail is unique and not empty.
    #[inline]
    pub(crate) fn pop_back_in_place(&mut self) -> Option<T> {
        let last = self.tail_len().checked_sub(1)?;
        let block = self.tail.block().filter(|block| is_unique_and_trimmed(*block, last + 1))?;
        block.filled().set(last);
        // SAFETY: the slot was filled, so it is within the block (B1).
        let slot = unsafe { block.buf().slot(last) };
        self.shape.tail_len -= 1;
        // SAFETY: the slot is initialised, and no length covers it any more, so it is moved out once (B5).
        Some(unsafe { slot.read() })
    }

    /// Returns `true` if another handle has the tail's buffer.
    #[inline]
    pub(crate) fn tail_is_shared(&mut self) -> bool {
        self.tail.block().is_some_and(|block| !block.is_unique())
    }

    /// Returns `true` if the tail's buffer is unique and has exactly the tail's elements.
    #[inline]
    pub(super) fn owns_tail(&mut self) -> bool {
        let len = self.tail_len();
        self.tail.block().is_some_and(|block| is_unique_and_trimmed(block, len))
    }

    /// Inserts `value` before the first element of the front leaf, or returns it.
    ///
    /// The slot there must be free, in a unique block or, if `T` has no drop glue, in a shared one (B9).
    #[inline]
    pub(crate) fn push_front_in_place(&mut self, value: T) -> Result<(), T> {
        let (start, leaf) = (self.shape.front.start(), Node::<T, F, L>::LEAF);
        if start == 0 {
            return Err(value);
        }
        // SAFETY: a front leaf that does not begin at slot 0 has a block (N6), to which this root holds a reference.
        let block = unsafe { self.front.0.block() };
        // SAFETY: the front leaf begins at `start` (N5), which is not 0, and is borrowed mutably. A back-aligned block
        // has `leaf` slots (N6). The claimed slot is written below, before user code runs (B8).
        if !unsafe { block.claim_before(start, leaf) } {
            return Err(value);
        }
        let buf = block.buf();
        self.shape.front = self.shape.front.grown();
        self.shape.radix = RELAXED;
        self.before_tail += 1;
        // SAFETY: the slot was claimed, so it is within the block (B4).
        let slot = unsafe { buf.slot(start - 1) };
        // SAFETY: only this root claimed the slot (B4), and it is not yet initialised.
        unsafe { slot.write(value) };
        Ok(())
    }

    /// Removes the first element of the front leaf and returns it, if the leaf is unique, back-aligned and has another
    /// element.
    #[inline]
    pub(crate) fn pop_front_in_place(&mut self) -> Option<T> {
        let len = self.front_len();
        if len < 2 {
            return None;
        }
        // SAFETY: a front leaf with elements has a block (N6), to which this root holds a reference.
        let block = unsafe { self.front.0.block() };
        if !block.is_unique() {
            return None;
        }
        block.begin_edit();
        if !block.filled().is_back_aligned(len) {
            return None;
        }
        // Exactly `len` slots are filled, so the front leaf covers the last `len` of `LEAF` slots (N6).
        let start = Node::<T, F, L>::LEAF - len;
        // SAFETY: a back-aligned block has `LEAF` slots (N6).
        let slot = unsafe { block.buf().slot(start) };
        block.filled().set_back_aligned(len - 1);
        self.shape.front = self.shape.front.shrunk();
        self.before_tail -= 1;
        // SAFETY: the slot is initialised, and no longer counted as filled, so it is moved out once (N6).
        Some(unsafe { slot.read() })
    }

    /// Inserts `value` before element `index` of the tree, or returns it.
    ///
    /// The path to the element must be unique, and its leaf must still have room afterwards. No node gains or loses
    /// the flag `RADIX` (N4): a leaf that is not full is the last one below every radix node above it.
    #[inline]
    pub(crate) fn insert_in_place(&mut self, index: usize, value: T) -> Result<(), T> {
        let Some(path) = UniquePath::to(self, index) else { return Err(value) };
        let UniquePath { leaf, len, at, .. } = path;
        if len + 1 >= Node::<T, F, L>::LEAF || len == leaf.cap() {
            return Err(value);
        }
        // Nothing below panics before all these slots are initialised.
        leaf.filled().set(len + 1);
        // SAFETY: `at <= len < cap`, so both slots are within the block (B1).
        let (from, to) = (unsafe { leaf.buf().slot(at) }, unsafe { leaf.buf().slot(at + 1) });
        // SAFETY: the `len - at` slots from `at` on are initialised, and there is a free slot behind them (B5).
        unsafe { ptr::copy(from, to, len - at) };
        // SAFETY: the element that was in the slot has moved.
        unsafe { from.write(value) };
        path.add_to_sizes(1);
        Ok(())
    }

    /// Removes element `index` of the tree and returns it, if this removes no leaf or node and changes no flags.
    ///
    /// The path to the element must be unique, without the flag `RADIX`, and its leaf must stay too large to be merged
    /// with a neighbour.
    #[inline]
    pub(crate) fn remove_in_place(&mut self, index: usize) -> Option<T> {
        let path = UniquePath::to(self, index)?;
        let UniquePath { leaf, len, at, .. } = path;
        if path.has_radix_node || len < 2 || path.would_fit() {
            return None;
        }
        leaf.filled().set(len - 1);
        // SAFETY: `at < len`, so both slots are within the block or one past it (B1).
        let (to, from) = (unsafe { leaf.buf().slot(at) }, unsafe { leaf.buf().slot(at + 1) });
        // SAFETY: the slot is initialised, and is overwritten or no longer counted, so it is moved out once (B5).
        let value = unsafe { to.read() };
        // SAFETY: the `len - at - 1` slots behind it are initialised, and the slot itself is free.
        unsafe { ptr::copy(from, to, len - at - 1) };
        path.add_to_sizes(-1);
        Some(value)
    }
}

/// The most levels of a [`UniquePath`].
const LEVELS: usize = 8;

/// The path to an element of the tree, if every node on it is unique, and its leaf is unique and trimmed.
struct UniquePath<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    /// The nodes from the top down, and the slot of the next one in each.
    nodes: [(NonNull<Inner<F>>, usize); LEVELS],
    has_radix_node: bool,
    leaf: BlockRef<'a, T>,
    /// The number of elements of the leaf.
    len: usize,
    /// The place of the element in the leaf.
    at: usize,
}

impl<'a, T, const F: usize, const L: usize> UniquePath<'a, T, F, L> {
    /// Returns the path to element `index` of the tree.
    #[inline]
    fn to(root: &'a mut Root<T, F, L>, index: usize) -> Option<Self> {
        let height = usize::from(root.height());
        if height > LEVELS || index >= root.tree_len() {
            return None;
        }
        let (mut has_radix_node, mut len, mut at) = (false, 0, index);
        let mut nodes = [(NonNull::dangling(), 0); LEVELS];
        let mut child = root.top()?.inner.cast::<u8>();
        for place in &mut nodes[..height] {
            let node = child.cast::<Inner<F>>();
            // SAFETY: `child` is the top or a child of a node above level 1, so it is a live node (N2). The field is an
            // atomic.
            if !unsafe { &(*node.as_ptr()).refs }.is_unique() {
                return None;
            }
            // SAFETY: the node and those above it are unique, and the root is borrowed mutably (N1).
            let inner = unsafe { node.as_ref() };
            inner.loom_access.read();
            let slot = inner.slot_of(at);
            let start = inner.start(slot);
            (len, at) = (inner.sizes[slot] - start, at - start);
            has_radix_node |= inner.flags & RADIX != 0;
            // SAFETY: the slot of a child is not null (N2).
            child = unsafe { NonNull::new_unchecked(inner.children[slot]) };
            *place = (node, slot);
        }
        // SAFETY: after as many steps as the tree has levels, `child` is a child of a node of level 1.
        let leaf = unsafe { leaf_buf::<T>(child.as_ptr()) };
        // SAFETY: the node above holds a reference to the buffer (N2), is unique and borrowed mutably (N1).
        let leaf = unsafe { leaf.block() };
        is_unique_and_trimmed(leaf, len).then_some(Self {
            root,
            nodes,
            has_radix_node,
            leaf,
            len,
            at,
        })
    }

    /// Returns `true` if the leaf with one element fewer would fit together with a neighbour.
    fn would_fit(&self) -> bool {
        let (node, slot) = self.nodes[usize::from(self.root.height()) - 1];
        // SAFETY: the node is on the path, so it is live and nobody else writes it (N1).
        let inner = unsafe { node.as_ref() };
        let fits = |first: usize| {
            first + 1 < usize::from(inner.len)
                && inner.sizes[first + 1] - inner.start(first) - 1 <= Node::<T, F, L>::LEAF / 4 * 3
        };
        fits(slot) || slot > 0 && fits(slot - 1)
    }

    /// Changes the sizes of all nodes on the path, and the length of the vector (N3).
    #[inline]
    fn add_to_sizes(self, change: isize) {
        for (node, slot) in &self.nodes[..usize::from(self.root.height())] {
            // SAFETY: the nodes were found unique, and the root has been borrowed mutably since (N1).
            let inner = unsafe { &mut *node.as_ptr() };
            inner.loom_access.write();
            for size in &mut inner.sizes[*slot..] {
                // Past the last child.
                if *size == usize::MAX {
                    break;
                }
                *size = size.wrapping_add_signed(change);
            }
        }
        self.root.before_tail = self.root.before_tail.wrapping_add_signed(change);
    }
}
