//! `Root`, a whole vector, and reading its elements.
//!
//! A read takes the path from the top to a leaf. While every leaf but the last is full, shift and mask of the index
//! give the slot at each level, as in a radix tree. Else the size table of each node is searched.

use core::{mem, ptr};

use super::front_leaf::FrontLeaf;
use super::{ChildRef, End, Inner, Node, leaf_buf};
use crate::raw::buffer::{BlockRef, SharedBuf};
use crate::raw::handle::Handle;

/// A counted reference to a buffer, or none. `Root` knows which of its slots are covered (N5).
pub(super) struct Block<T>(pub(super) SharedBuf<T>);

// SAFETY: this is a `Handle` without a length, and `Handle` is `Send` and `Sync` under the same bounds.
unsafe impl<T: Send + Sync> Send for Block<T> {}
// SAFETY: `&Block` gives access to no element and can only add a reference, which is an atomic increment.
unsafe impl<T: Send + Sync> Sync for Block<T> {}

impl<T> Drop for Block<T> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_allocated() {
            // SAFETY: this `Block` owns a reference to the buffer (B1), and releases it once.
            unsafe { self.0.release() };
        }
    }
}

impl<T> Block<T> {
    const NONE: Self = Self(SharedBuf::EMPTY);

    /// Returns the block, or `None` if there is none.
    #[inline]
    pub(super) fn block(&self) -> Option<BlockRef<'_, T>> {
        // SAFETY: this `Block` owns a reference to the buffer (B1), and is borrowed for as long as the result.
        self.0.is_allocated().then(|| unsafe { self.0.block() })
    }

    /// Adds a reference to the block, if there is one.
    #[inline]
    fn retain(&self) {
        if let Some(block) = self.block() {
            block.retain();
        }
    }

    /// Returns the buffer; the caller now owns the reference.
    #[inline]
    fn into_buf(self) -> SharedBuf<T> {
        mem::ManuallyDrop::new(self).0
    }
}

/// A vector: a front leaf, a tree and a tail leaf, in this order. Each of them may be absent.
///
/// Pushes at the back go to the tail. A front leaf exists only after a push or pop at the front. Both may be empty
/// beside a tree. The next leaf of the tree replaces an empty one only when it is needed, so that pushes and pops
/// across the boundary of a leaf do not move a leaf each time.
///
/// N5: Each of `front` and `tail` is none or a counted reference to a buffer. The tail covers slots `[0, tail_len)`,
/// and the front leaf the slots in `shape`, at most `LEAF` each. Those of the front leaf are initialised by N6.
pub(crate) struct Root<T, const F: usize, const L: usize> {
    pub(super) front: Block<T>,
    pub(super) top: Option<Node<T, F, L>>,
    pub(super) tail: Block<T>,
    /// N5: The number of elements of the front leaf and the tree.
    pub(super) before_tail: usize,
    pub(super) shape: Shape,
}

/// Describes a vector for readers: eight bytes, copied as one word.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Shape {
    /// The slots of the front leaf.
    pub(super) front: Span,
    /// The number of elements of the tail.
    pub(super) tail_len: u16,
    /// N4: The level of the top, or 0 if there is no tree.
    height: u8,
    /// N4: `height - 1` if there is no front leaf and the top has the radix flag, so that shift and mask find every
    /// element of the tree. Else, or if unknown, [`RELAXED`].
    pub(super) radix: u8,
}

/// A range of slots: the length in the upper 16 bits, the first slot in the lower, so that one addition changes both.
#[derive(Clone, Copy)]
pub(super) struct Span(u32);

impl Span {
    const fn new(start: usize, len: usize) -> Self {
        Self((len << 16 | start) as u32)
    }

    #[inline]
    pub(super) const fn start(self) -> usize {
        (self.0 & 0xffff) as usize
    }

    #[inline]
    const fn len(self) -> usize {
        (self.0 >> 16) as usize
    }

    /// Returns the range extended by the slot before it, which exists.
    #[inline]
    pub(super) const fn grown(self) -> Self {
        Self(self.0 + 0xffff)
    }

    /// Returns the range without its first slot; the range is not empty.
    #[inline]
    pub(super) const fn shrunk(self) -> Self {
        Self(self.0 - 0xffff)
    }
}

/// The value of `shape.radix` for a vector that is read by sizes.
pub(super) const RELAXED: u8 = u8::MAX;

/// The least `shape.radix` for which a loop takes the steps. Below it, up to eight million elements of 8 bytes, all
/// shifts are constants.
const UNROLLED: u8 = 4;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// The most elements of a leaf.
    pub(crate) const LEAF: usize = Node::<T, F, L>::LEAF;

    /// Creates an empty vector.
    pub(crate) const fn new() -> Self {
        Self {
            front: Block::NONE,
            top: None,
            tail: Block::NONE,
            before_tail: 0,
            shape: Shape { front: Span::new(0, 0), tail_len: 0, height: 0, radix: RELAXED },
        }
    }

    /// Returns the number of elements.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.before_tail + self.shape.tail_len as usize
    }

    /// Returns the number of elements of the front leaf and the tree.
    #[inline]
    pub(crate) const fn before_tail(&self) -> usize {
        self.before_tail
    }

    #[inline]
    pub(crate) const fn front_len(&self) -> usize {
        self.shape.front.len()
    }

    /// Returns the number of elements of the tree.
    #[inline]
    pub(crate) const fn tree_len(&self) -> usize {
        self.before_tail - self.front_len()
    }

    #[inline]
    pub(crate) const fn tail_len(&self) -> usize {
        self.shape.tail_len as usize
    }

    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.shape.height
    }

    /// Returns `true` if the tree is empty or radix: every leaf but the last is full (N4).
    pub(crate) fn has_radix_tree(&self) -> bool {
        self.top.as_ref().is_none_or(Node::is_radix)
    }

    /// Returns `true` if shift and mask find every element before the tail.
    pub(crate) const fn reads_by_radix(&self) -> bool {
        self.shape.radix != RELAXED
    }

    #[inline]
    pub(crate) const fn top(&self) -> Option<&Node<T, F, L>> {
        self.top.as_ref()
    }

    #[inline]
    pub(crate) fn front(&self) -> &[T] {
        // SAFETY: the front leaf's slots are initialised (N5, N6), and this root keeps its reference while borrowed.
        unsafe { self.front.0.range(self.shape.front.start(), self.front_len()) }
    }

    #[inline]
    pub(crate) fn tail(&self) -> &[T] {
        // SAFETY: the tail's slots are initialised (N5), and this root keeps its reference while it is borrowed.
        unsafe { self.tail.0.slice(self.tail_len()) }
    }

    /// Returns `true` if both consist of the same blocks, apart from empty leaves.
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        let same_tree = match (&self.top, &other.top) {
            (None, None) => true,
            (Some(a), Some(b)) => a.ptr_eq(b),
            _ => false,
        };
        let same =
            |a: &[T], b: &[T]| a.len() == b.len() && (a.is_empty() || a.as_ptr() == b.as_ptr());
        same_tree && same(self.front(), other.front()) && same(self.tail(), other.tail())
    }

    /// Runs `edit` on the tree, and then removes a top without children and every top with a single node below it.
    pub(crate) fn edit_top<R>(&mut self, edit: impl FnOnce(&mut Option<Node<T, F, L>>) -> R) -> R {
        /// Makes the shape match the tree again, even if `edit` panics (N4, N5).
        struct UpdateShape<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>);
        impl<T, const F: usize, const L: usize> Drop for UpdateShape<'_, T, F, L> {
            fn drop(&mut self) {
                if self.0.top.as_ref().is_some_and(|top| top.len() == 0) {
                    self.0.top = None;
                }
                while let Some(top) = &self.0.top {
                    let (1, ChildRef::Node(child)) = (top.len(), top.child(0)) else { break };
                    self.0.top = Some(child.clone());
                }
                let (len, height) =
                    self.0.top.as_ref().map_or((0, 0), |top| (top.total(), top.level()));
                (self.0.before_tail, self.0.shape.height) = (self.0.front_len() + len, height);
                self.0.update_radix();
            }
        }
        let guard = UpdateShape(self);
        edit(&mut guard.0.top)
    }

    /// Puts a leaf at an end of the tree if nothing has to be copied, or returns it: see [`Node::put_leaf`].
    pub(crate) fn put_leaf_in_place(&mut self, leaf: Handle<T>, end: End) -> Option<Handle<T>> {
        let (len, mut leaf) = (leaf.len(), Some(leaf));
        if let Some(top) = &mut self.top {
            top.put_leaf(&mut leaf, end);
        }
        if leaf.is_none() {
            self.before_tail += len;
            self.update_radix();
        }
        leaf
    }

    /// Removes the leaf at an end of the tree if nothing has to be copied: see [`Node::take_leaf`].
    pub(crate) fn take_leaf_in_place(&mut self, end: End) -> Option<Handle<T>> {
        let leaf = self.top.as_mut()?.take_leaf(end)?;
        self.before_tail -= leaf.len();
        self.update_radix();
        Some(leaf)
    }

    /// Sets `shape.radix` (N4).
    #[inline]
    fn update_radix(&mut self) {
        let direct = self.front_len() == 0 && self.top.as_ref().is_some_and(Node::is_radix);
        self.shape.radix = if direct { self.shape.height - 1 } else { RELAXED };
    }

    /// Replaces the tail and returns the old one.
    ///
    /// # Panics
    ///
    /// Panics if the new tail has more than `LEAF` elements.
    #[inline]
    pub(crate) fn replace_tail(&mut self, tail: Handle<T>) -> Handle<T> {
        assert!(tail.len() <= Node::<T, F, L>::LEAF, "at most a leaf");
        let (buf, len) = tail.into_parts();
        let old = mem::replace(&mut self.tail, Block(buf)).into_buf();
        // `len` is at most `LEAF`, which fits a `u16`.
        let old_len = mem::replace(&mut self.shape.tail_len, len as u16);
        // SAFETY: this root owned a reference to the old tail, whose first `old_len` slots are initialised (N5).
        unsafe { Handle::from_parts(old, old_len.into()) }
    }

    #[inline]
    pub(crate) fn take_tail(&mut self) -> Handle<T> {
        self.replace_tail(Handle::new())
    }

    /// Runs `edit` on the tail, and puts it back even if `edit` panics.
    ///
    /// # Panics
    ///
    /// Panics if the tail then has more than `LEAF` elements.
    #[inline]
    pub(crate) fn edit_tail<R>(&mut self, edit: impl FnOnce(&mut Handle<T>) -> R) -> R {
        struct PutBack<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>, Handle<T>);
        impl<T, const F: usize, const L: usize> Drop for PutBack<'_, T, F, L> {
            #[inline]
            fn drop(&mut self) {
                _ = self.0.replace_tail(mem::replace(&mut self.1, Handle::new()));
            }
        }
        let tail = self.take_tail();
        edit(&mut PutBack(self, tail).1)
    }

    /// Calls `look` with the tail.
    pub(crate) fn with_tail<R>(&self, look: impl FnOnce(&Handle<T>) -> R) -> R {
        // SAFETY: the tail's slots are initialised (N5). The handle is never dropped, so this root keeps its reference.
        let tail = unsafe { Handle::from_parts(self.tail.0, self.tail_len()) };
        look(&mem::ManuallyDrop::new(tail))
    }

    /// Replaces the front leaf and returns the old one.
    ///
    /// # Panics
    ///
    /// Panics if the new front leaf ends behind slot `LEAF`.
    #[inline]
    pub(crate) fn replace_front_leaf(&mut self, front: FrontLeaf<T>) -> FrontLeaf<T> {
        let len = front.len();
        assert!(front.end() <= Node::<T, F, L>::LEAF, "at most a leaf");
        let (buf, start, _) = front.into_parts();
        let old = self.take_front_leaf();
        self.front = Block(buf);
        // Both are at most `LEAF`, which fits 16 bits.
        self.shape.front = Span::new(start, len);
        self.before_tail += len;
        if len > 0 {
            self.shape.radix = RELAXED;
        } else {
            self.update_radix();
        }
        old
    }

    /// Removes the front leaf. Does not change `shape.radix`, which is then still correct or `RELAXED`.
    #[inline]
    fn take_front_leaf(&mut self) -> FrontLeaf<T> {
        self.before_tail -= self.front_len();
        let buf = mem::replace(&mut self.front, Block::NONE).into_buf();
        let span = mem::replace(&mut self.shape.front, Span::new(0, 0));
        // SAFETY: this root owned a reference to the front leaf's block, and these are its slots (N5).
        unsafe { FrontLeaf::from_parts(buf, span.start(), span.start() + span.len()) }
    }

    /// Runs `edit` on the front leaf, and puts it back even if `edit` panics.
    ///
    /// # Panics
    ///
    /// Panics if the front leaf then ends behind slot `LEAF`.
    #[inline]
    pub(crate) fn edit_front_leaf<R>(&mut self, edit: impl FnOnce(&mut FrontLeaf<T>) -> R) -> R {
        struct PutBack<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>, FrontLeaf<T>);
        impl<T, const F: usize, const L: usize> Drop for PutBack<'_, T, F, L> {
            #[inline]
            fn drop(&mut self) {
                _ = self.0.replace_front_leaf(mem::replace(&mut self.1, FrontLeaf::new()));
            }
        }
        let front = self.take_front_leaf();
        edit(&mut PutBack(self, front).1)
    }

    /// Calls `look` with the front leaf.
    pub(crate) fn with_front_leaf<R>(&self, look: impl FnOnce(&FrontLeaf<T>) -> R) -> R {
        let (start, len) = (self.shape.front.start(), self.front_len());
        // SAFETY: these are the front leaf's slots (N5). `front` is never dropped, so this root keeps its reference.
        let front = unsafe { FrontLeaf::from_parts(self.front.0, start, start + len) };
        look(&mem::ManuallyDrop::new(front))
    }

    /// Returns all elements, if they are in one leaf.
    pub(crate) fn as_slice(&self) -> Option<&[T]> {
        match self.leaf(0) {
            None => Some(&[]),
            Some((leaf, _)) => (leaf.len() == self.len()).then_some(leaf),
        }
    }

    /// Returns the element at `index`, or `None` if there is none.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        if let Some(index) = index.checked_sub(self.before_tail) {
            return self.tail().get(index);
        }
        if self.shape.radix >= UNROLLED {
            return Some(self.get_slow(index));
        }
        // SAFETY: the radix is below `UNROLLED`, and the element is before the tail.
        let leaf = unsafe { self.leaf_by_radix_unrolled(index) };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // SAFETY: the leaf has the element at `offset` (N4), so `offset + 1` slots are initialised. The tree keeps its
        // reference while this root is borrowed.
        let leaf = unsafe { leaf.slice(offset + 1) };
        // SAFETY: `offset` is below the length, `offset + 1`.
        Some(unsafe { leaf.get_unchecked(offset) })
    }

    /// Returns the element at `index`, which is before the tail, in a high tree or by sizes.
    #[inline(never)]
    fn get_slow(&self, index: usize) -> &T {
        if self.shape.radix != RELAXED {
            return self.get_in_high_tree(index);
        }
        let Some(mut index) = index.checked_sub(self.front_len()) else {
            return &self.front()[index];
        };
        // SAFETY: the element is neither in the front leaf nor in the tail, so there is a tree (N5).
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let mut at = top.inner.as_ptr().cast();
        for _ in 0..self.shape.height {
            // SAFETY: `at` is a live node with that element: the top, or a child found by sizes (N2, N3). The loop
            // takes as many steps as the tree has levels.
            let (child, rest) = unsafe { Self::step_by_sizes(at, index) };
            (at, index) = (child, rest);
        }
        // SAFETY: below level 1, `at` is the data pointer of the buffer that has the element (N2).
        let element = unsafe { at.cast::<T>().add(index) };
        // SAFETY: the element is initialised (N3), and the tree keeps its reference while this root is borrowed.
        unsafe { &*element }
    }

    /// Returns the element at `index`, which is before the tail, in a radix tree of many levels.
    #[cold]
    #[inline(never)]
    fn get_in_high_tree(&self, index: usize) -> &T {
        match self.leaf(index) {
            Some((leaf, start)) => &leaf[index - start],
            None => unreachable!("the index is before the tail"),
        }
    }

    /// Returns the leaf that has element `index`, and the number of elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        if index >= self.before_tail {
            return (index < self.len()).then(|| (self.tail(), self.before_tail));
        }
        let leaf = match self.shape.radix {
            RELAXED => return self.leaf_by_sizes(index),
            // SAFETY: there is a radix, and the element is before the tail.
            UNROLLED.. => unsafe { self.leaf_by_radix(index) },
            // SAFETY: the radix is below `UNROLLED`, and the element is before the tail.
            _ => unsafe { self.leaf_by_radix_unrolled(index) },
        };
        let start = index & !(Node::<T, F, L>::LEAF - 1);
        let len = Node::<T, F, L>::LEAF.min(self.before_tail - start);
        // SAFETY: every leaf but the last is full, and the last has the remaining elements (N4), so `len` slots are
        // initialised (N3).
        Some((unsafe { leaf.slice(len) }, start))
    }

    /// Returns the leaf that has element `index`, which is before the tail, by sizes.
    #[inline]
    fn leaf_by_sizes(&self, index: usize) -> Option<(&[T], usize)> {
        let mut start = self.front_len();
        if index < start {
            return Some((self.front(), 0));
        }
        let mut node = self.top.as_ref()?;
        loop {
            let slot = node.slot_of(index - start);
            start += node.start(slot);
            match node.child(slot) {
                ChildRef::Leaf(leaf) => return Some((leaf, start)),
                ChildRef::Node(child) => node = child,
            }
        }
    }

    /// Returns the leaf that has element `index`, by shifts that are constants.
    ///
    /// # Safety
    ///
    /// * `shape.radix < UNROLLED`
    /// * `index < before_tail`
    #[inline]
    unsafe fn leaf_by_radix_unrolled(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: there is a radix, so there is a top (N4).
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let (mut at, radix) = (top.inner.as_ptr().cast(), self.shape.radix);
        // Low trees take the fewest branches, because branches are a large part of their cost.
        if radix >= 2 {
            if radix >= 3 {
                // SAFETY: `at` is the top, a radix node of level 4 that has the element (N4).
                at = unsafe { Self::step_by_radix(at, index, 4) };
            }
            // SAFETY: `at` is a radix node of level 3 that has the element (N4).
            at = unsafe { Self::step_by_radix(at, index, 3) };
        }
        if radix >= 1 {
            // SAFETY: `at` is a radix node of level 2 that has the element (N4).
            at = unsafe { Self::step_by_radix(at, index, 2) };
        }
        // SAFETY: `at` is a radix node of level 1 that has the element (N4).
        at = unsafe { Self::step_by_radix(at, index, 1) };
        // SAFETY: `at` is a child of a node of level 1.
        unsafe { leaf_buf(at) }
    }

    /// Returns the leaf that has element `index`, by shift and mask.
    ///
    /// # Safety
    ///
    /// * `shape.radix != RELAXED`
    /// * `index < before_tail`
    #[inline(never)]
    unsafe fn leaf_by_radix(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: there is a radix, so there is a top (N4).
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let mut at = top.inner.as_ptr().cast();
        for level in (1..=self.shape.height).rev() {
            // SAFETY: `at` is a radix node of that level that has the element (N4).
            at = unsafe { Self::step_by_radix(at, index, level) };
        }
        // SAFETY: `at` is a child of a node of level 1.
        unsafe { leaf_buf(at) }
    }

    /// Returns the child of a radix node that has element `index` of the tree.
    ///
    /// # Safety
    ///
    /// * `node` is a live node of level `level` that nobody writes.
    /// * `node` is on the path from a radix top to the element.
    #[inline(always)]
    pub(super) unsafe fn step_by_radix(node: *mut u8, index: usize, level: u8) -> *mut u8 {
        let node = node.cast::<Inner<F>>();
        if cfg!(cow_loom) {
            // SAFETY: the node is live.
            unsafe { &(*node).loom_access }.read();
        }
        // SAFETY: the node is live, and nobody writes the field (N1).
        let children = unsafe { &(*node).children };
        // For levels that no radix tree has, the shift may exceed the width of a word; no caller asks for them.
        let slot = index.wrapping_shr(Node::<T, F, L>::shift(level)) & (F - 1);
        // SAFETY: the mask makes the slot less than `F`.
        unsafe { *children.get_unchecked(slot) }
    }

    /// Returns the child of a node that has element `index` of the node, and the index in the child.
    ///
    /// # Safety
    ///
    /// * `node` is a live node that nobody writes, and has the element.
    #[inline(always)]
    unsafe fn step_by_sizes(node: *mut u8, index: usize) -> (*mut u8, usize) {
        // SAFETY: the node is live, and nobody writes it (N1).
        let node = unsafe { &*node.cast::<Inner<F>>() };
        node.loom_access.read();
        let slot = node.slot_of(index);
        // SAFETY: `slot_of` returns a slot below `F`.
        let start = unsafe { node.start_unchecked(slot) };
        // SAFETY: `slot_of` returns a slot below `F`.
        let child = unsafe { *node.children.get_unchecked(slot) };
        (child, index - start)
    }
}

impl<T, const F: usize, const L: usize> Clone for Root<T, F, L> {
    /// Adds a reference to each block: one increment now, and one decrement when the clone is dropped.
    ///
    /// Every block has its own count, because a write replaces each of the three alone. Most vectors have no front leaf,
    /// and small ones have only a tail.
    #[inline]
    fn clone(&self) -> Self {
        self.front.retain();
        if let Some(top) = &self.top {
            top.refs().increment();
        }
        self.tail.retain();
        // Copies the root as a whole. If each field were stored alone, a move of the clone would load 16 bytes at a time
        // and wait for the narrower stores.
        // SAFETY: a reference was added to each block of this root, and the copy owns these (N2, N5).
        unsafe { ptr::read(self) }
    }
}
