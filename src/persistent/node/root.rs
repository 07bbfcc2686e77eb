//! `Root`: a whole vector, a tree with a leaf outside of it at each end, and the way to its elements.

use core::mem;

use super::front_leaf::FrontLeaf;
use super::{ChildRef, End, Inner, Node};
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use core::ptr::NonNull;

/// One count of a buffer, or none; the slots that it covers stand in the root (N5).
pub(super) struct Block<T>(pub(super) SharedBuf<T>);

// SAFETY: as for `Handle`, which this is without a length.
unsafe impl<T: Send + Sync> Send for Block<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Block<T> {}

impl<T> Clone for Block<T> {
    #[inline]
    fn clone(&self) -> Self {
        if self.0.is_allocated() {
            // SAFETY: B1: a count of it is held here.
            unsafe { self.0.retain() };
        }
        Self(self.0)
    }
}

impl<T> Drop for Block<T> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_allocated() {
            // SAFETY: B1: this count, given back once.
            unsafe { self.0.release() };
        }
    }
}

impl<T> Block<T> {
    const NONE: Self = Self(SharedBuf::EMPTY);

    /// The buffer; the caller now owns the count.
    #[inline]
    fn into_buf(self) -> SharedBuf<T> {
        mem::ManuallyDrop::new(self).0
    }
}

/// A front leaf, a tree and a tail, in this order, each of which there may be none of; and what a read needs to
/// know of the tree, so that it need not ask the top node (N4, N5). Leaves outside of the tree have no
/// length of their own here: three pointers, one length and eight bytes are all there is.
pub(crate) struct Root<T, const F: usize, const L: usize> {
    pub(super) front: Block<T>,
    pub(super) top: Option<Node<T, F, L>>,
    pub(super) tail: Block<T>,
    /// The elements of the front leaf and the tree.
    pub(super) before_tail: usize,
    pub(super) shape: Shape,
}

/// Eight bytes that are copied as one word.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Shape {
    /// The slots that the front leaf covers.
    pub(super) front: Span,
    /// The tail covers slots `[0, tail_len)`.
    pub(super) tail_len: u16,
    /// The top's level, 0 without one.
    height: u8,
    /// The height less one, if shift and mask find the slots of an index: there is a tree, which is radix,
    /// and nothing before it. Else [`RELAXED`], which is always safe and asks for a closer look.
    pub(super) radix: u8,
}

/// Some slots, fewer than a `u16` counts: how many, and below that the first, so that one addition
/// changes both.
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

    /// With the slot before the first, which there is.
    #[inline]
    pub(super) const fn grown(self) -> Self {
        Self(self.0 + 0xffff)
    }

    /// Without the first, which there is.
    #[inline]
    pub(super) const fn shrunk(self) -> Self {
        Self(self.0 - 0xffff)
    }
}

/// The radix of what is not found by shift and mask.
pub(super) const RELAXED: u8 = u8::MAX;

/// Below this radix all shifts are constants: up to eight million elements of 8 bytes.
const UNROLLED: u8 = 4;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// The most elements of a leaf.
    pub(crate) const LEAF: usize = Node::<T, F, L>::LEAF;

    /// No elements.
    pub(crate) const fn new() -> Self {
        Self {
            front: Block::NONE,
            top: None,
            tail: Block::NONE,
            before_tail: 0,
            shape: Shape { front: Span::new(0, 0), tail_len: 0, height: 0, radix: RELAXED },
        }
    }

    /// The elements.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.before_tail + self.shape.tail_len as usize
    }

    /// The elements of the front leaf and the tree.
    #[inline]
    pub(crate) const fn before_tail(&self) -> usize {
        self.before_tail
    }

    #[inline]
    pub(crate) const fn front_len(&self) -> usize {
        self.shape.front.len()
    }

    /// The elements of the tree.
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

    /// Whether every leaf of the tree but the last is full (N4).
    pub(crate) fn has_radix_tree(&self) -> bool {
        self.top.as_ref().is_none_or(Node::is_radix)
    }

    /// Whether shift and mask find every element before the tail.
    pub(crate) const fn reads_by_radix(&self) -> bool {
        self.shape.radix != RELAXED
    }

    #[inline]
    pub(crate) const fn top(&self) -> Option<&Node<T, F, L>> {
        self.top.as_ref()
    }

    #[inline]
    pub(crate) fn front(&self) -> &[T] {
        // SAFETY: N5: initialised, for as long as this root keeps its count.
        unsafe { self.front.0.range(self.shape.front.start(), self.front_len()) }
    }

    #[inline]
    pub(crate) fn tail(&self) -> &[T] {
        // SAFETY: B2, N5: initialised, for as long as this root keeps its count.
        unsafe { self.tail.0.slice(self.tail_len()) }
    }

    /// Whether both are the same blocks, as far as they have elements.
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

    /// Runs `edit` on the top node. A top without children, and levels that are one child, are then gone.
    pub(crate) fn edit_top<R>(&mut self, edit: impl FnOnce(&mut Option<Node<T, F, L>>) -> R) -> R {
        /// Agrees with the top again, even if `edit` panics (N4).
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

    /// Puts a leaf at an end of the tree where that is easy: see [`Node::put_leaf`]. Else gives it back.
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

    /// Takes the leaf at an end of the tree where that is easy: see [`Node::take_leaf`].
    pub(crate) fn take_leaf_in_place(&mut self, end: End) -> Option<Handle<T>> {
        let leaf = self.top.as_mut()?.take_leaf(end)?;
        self.before_tail -= leaf.len();
        self.update_radix();
        Some(leaf)
    }

    /// Sets the radix (N4).
    #[inline]
    fn update_radix(&mut self) {
        let direct = self.front_len() == 0 && self.top.as_ref().is_some_and(Node::is_radix);
        self.shape.radix = if direct { self.shape.height - 1 } else { RELAXED };
    }

    /// Puts another leaf, or an empty one, in the place of the tail, and returns that.
    ///
    /// # Panics
    ///
    /// If it has more elements than a leaf.
    #[inline]
    pub(crate) fn replace_tail(&mut self, tail: Handle<T>) -> Handle<T> {
        assert!(tail.len() <= Node::<T, F, L>::LEAF, "at most a leaf");
        let (buf, len) = tail.into_parts();
        let old = mem::replace(&mut self.tail, Block(buf)).into_buf();
        // At most a leaf's elements.
        let old_len = mem::replace(&mut self.shape.tail_len, len as u16);
        // SAFETY: B1, B2, N5: its count, and its length.
        unsafe { Handle::from_parts(old, old_len.into()) }
    }

    #[inline]
    pub(crate) fn take_tail(&mut self) -> Handle<T> {
        self.replace_tail(Handle::new())
    }

    /// Runs `edit` on the tail, which is put back even after a panic.
    ///
    /// # Panics
    ///
    /// If it then has more elements than a leaf.
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

    /// A look at the tail's handle.
    pub(crate) fn with_tail<R>(&self, look: impl FnOnce(&Handle<T>) -> R) -> R {
        // SAFETY: B1, B2, N5: the count is this root's, and not given back here.
        let tail = unsafe { Handle::from_parts(self.tail.0, self.tail_len()) };
        look(&mem::ManuallyDrop::new(tail))
    }

    /// Puts another leaf, or an empty one, in the place of the front leaf, and returns that.
    ///
    /// # Panics
    ///
    /// If it has more elements than a leaf.
    #[inline]
    pub(crate) fn replace_front_leaf(&mut self, front: FrontLeaf<T>) -> FrontLeaf<T> {
        let len = front.len();
        assert!(front.end() <= Node::<T, F, L>::LEAF, "at most a leaf");
        let (buf, start, _) = front.into_parts();
        let old = self.take_front_leaf();
        self.front = Block(buf);
        // Neither is more than a leaf's slots.
        self.shape.front = Span::new(start, len);
        self.before_tail += len;
        if len > 0 {
            self.shape.radix = RELAXED;
        } else {
            self.update_radix();
        }
        old
    }

    /// Takes the front leaf out. The radix stays, which is right or `RELAXED`.
    #[inline]
    fn take_front_leaf(&mut self) -> FrontLeaf<T> {
        self.before_tail -= self.front_len();
        let buf = mem::replace(&mut self.front, Block::NONE).into_buf();
        let span = mem::replace(&mut self.shape.front, Span::new(0, 0));
        // SAFETY: N5: its count, and the slots that it covers.
        unsafe { FrontLeaf::from_parts(buf, span.start(), span.start() + span.len()) }
    }

    /// Runs `edit` on the front leaf, which is put back even after a panic.
    ///
    /// # Panics
    ///
    /// If it then has more elements than a leaf.
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

    /// A look at the front leaf.
    pub(crate) fn with_front_leaf<R>(&self, look: impl FnOnce(&FrontLeaf<T>) -> R) -> R {
        let (start, len) = (self.shape.front.start(), self.front_len());
        // SAFETY: N5: the count is this root's, and not given back here.
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

    /// The element at `index`, or `None` if there is none.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        if let Some(index) = index.checked_sub(self.before_tail) {
            return self.tail().get(index);
        }
        if self.shape.radix >= UNROLLED {
            return Some(self.far(index));
        }
        // SAFETY: N4: found by a radix of a few levels, and the index is below the tail.
        let leaf = unsafe { self.near_leaf(index) };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // SAFETY: B2, N3: as many are initialised, for as long as this root keeps its count.
        let leaf = unsafe { leaf.slice(offset + 1) };
        // SAFETY: in bounds.
        Some(unsafe { leaf.get_unchecked(offset) })
    }

    /// The element at `index`, which is before the tail, in another way.
    #[inline(never)]
    fn far(&self, index: usize) -> &T {
        if self.shape.radix != RELAXED {
            return self.deep(index);
        }
        let Some(mut index) = index.checked_sub(self.front_len()) else {
            return &self.front()[index];
        };
        // SAFETY: N5: the element is in the tree, so there is a top.
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let mut at = top.inner.as_ptr().cast();
        for _ in 0..self.shape.height {
            // SAFETY: N2, N3: `at` is a node with that element, on as many levels as the tree has.
            let (child, there) = unsafe { Self::search(at, index) };
            (at, index) = (child, there);
        }
        // SAFETY: N2: at level 0 there are buffers, and this is the one that has the element.
        let element = unsafe { at.cast::<T>().add(index) };
        // SAFETY: B2, N3: initialised, for as long as this root keeps its count.
        unsafe { &*element }
    }

    /// [`Root::far`] in a tree of many levels.
    #[cold]
    #[inline(never)]
    fn deep(&self, index: usize) -> &T {
        match self.leaf(index) {
            Some((leaf, start)) => &leaf[index - start],
            None => unreachable!("N3: there is a leaf with that element"),
        }
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        if index >= self.before_tail {
            return (index < self.len()).then(|| (self.tail(), self.before_tail));
        }
        let leaf = match self.shape.radix {
            RELAXED => return self.far_leaf(index),
            // SAFETY: N4: found by its radix, and the index is below the tail.
            UNROLLED.. => unsafe { self.deep_leaf(index) },
            // SAFETY: N4: as above, and of a few levels.
            _ => unsafe { self.near_leaf(index) },
        };
        let start = index & !(Node::<T, F, L>::LEAF - 1);
        let len = Node::<T, F, L>::LEAF.min(self.before_tail - start);
        // SAFETY: B2, N3, N4: every leaf but the last is full, and the last has the rest.
        Some((unsafe { leaf.slice(len) }, start))
    }

    /// [`Root::leaf`] of the front leaf, or by sizes.
    #[inline]
    fn far_leaf(&self, index: usize) -> Option<(&[T], usize)> {
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

    /// The leaf that has element `index`, by shifts that are constants.
    ///
    /// # Safety
    ///
    /// The radix is less than [`UNROLLED`], and the element is before the tail.
    #[inline]
    unsafe fn near_leaf(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: N4: there is a radix, so there is a top.
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let (mut at, radix) = (top.inner.as_ptr().cast(), self.shape.radix);
        // The lower a tree, the more it counts what is asked before.
        if radix >= 2 {
            if radix >= 3 {
                // SAFETY: N2, N4: `at` is a node of that level, on the way to the element.
                at = unsafe { Self::step(at, index, 4) };
            }
            // SAFETY: N2, N4: as above.
            at = unsafe { Self::step(at, index, 3) };
        }
        if radix >= 1 {
            // SAFETY: N2, N4: as above.
            at = unsafe { Self::step(at, index, 2) };
        }
        // SAFETY: N2, N4: as above.
        at = unsafe { Self::step(at, index, 1) };
        // SAFETY: N2: at level 0 there are buffers, and there is one on the way to the element.
        let data = unsafe { NonNull::new_unchecked(at.cast::<T>()) };
        // SAFETY: N2: as above.
        unsafe { SharedBuf::from_data(data) }
    }

    /// The leaf that has element `index`, by shift and mask.
    ///
    /// # Safety
    ///
    /// There is a radix, and the element is before the tail.
    #[inline(never)]
    unsafe fn deep_leaf(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: N4: there is a radix, so there is a top.
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        let mut at = top.inner.as_ptr().cast();
        for level in (1..=self.shape.height).rev() {
            // SAFETY: N2, N4: `at` is a node of that level, on the way to the element.
            at = unsafe { Self::step(at, index, level) };
        }
        // SAFETY: N2: at level 0 there are buffers, and there is one on the way to the element.
        let data = unsafe { NonNull::new_unchecked(at.cast::<T>()) };
        // SAFETY: N2: as above.
        unsafe { SharedBuf::from_data(data) }
    }

    /// The child of the radix node at `node`, of level `level`, on the way to element `index`.
    ///
    /// # Safety
    ///
    /// There is that node, which has the element.
    #[inline(always)]
    pub(super) unsafe fn step(node: *mut u8, index: usize, level: u8) -> *mut u8 {
        let node = node.cast::<Inner<F>>();
        if cfg!(cow_loom) {
            // SAFETY: N2: a live node.
            unsafe { &(*node).loom_access }.read();
        }
        // SAFETY: N2: a live node; the one field, which nobody edits (N1).
        let children = unsafe { &(*node).children };
        // A level that no radix tree has may shift by more than a word has bits: it is never asked for.
        let slot = index.wrapping_shr(Node::<T, F, L>::shift(level)) & (F - 1);
        // SAFETY: masked to less than `F`.
        unsafe { *children.get_unchecked(slot) }
    }

    /// The child of the node at `node` that has element `index`, by its sizes, and the index there.
    ///
    /// # Safety
    ///
    /// There is that node, which has the element.
    #[inline(always)]
    unsafe fn search(node: *mut u8, index: usize) -> (*mut u8, usize) {
        // SAFETY: N1, N2: a live node, which nobody edits.
        let node = unsafe { &*node.cast::<Inner<F>>() };
        node.loom_access.read();
        let slot = node.slot_of(index);
        // SAFETY: less than `F`.
        let start = unsafe { node.start_unchecked(slot) };
        // SAFETY: as above.
        let child = unsafe { *node.children.get_unchecked(slot) };
        (child, index - start)
    }
}

impl<T, const F: usize, const L: usize> Clone for Root<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        let (front, top, tail) = (self.front.clone(), self.top.clone(), self.tail.clone());
        Self { front, top, tail, ..*self }
    }
}
