//! Mutable access to elements and leaves.
//!
//! The path from the top to the leaf is made unique: each shared node on it is copied, and so is a shared leaf. If a
//! clone panics, no element has changed.

use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

use super::root::RELAXED;
use super::{Inner, Node, Root, is_unique_and_trimmed, leaf_buf};
use crate::raw::handle::Handle;

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns the element at `index`, or `None` if there is none: see [`Root::leaf_mut`].
    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if let Some(mut element) = self.get_unique_by_radix(index) {
            // SAFETY: the element is in a unique and trimmed leaf below unique nodes (N1, B5), and the root is
            // borrowed mutably for as long as the result.
            return Some(unsafe { element.as_mut() });
        }
        self.get_mut_slow(index)
    }

    #[inline(never)]
    fn get_mut_slow(&mut self, index: usize) -> Option<&mut T> {
        let (leaf, start) = self.leaf_mut(index)?;
        leaf.get_mut(index - start)
    }

    /// Returns the element at `index`, if shift and mask find it, the path to it is unique, and its leaf is trimmed.
    #[inline]
    pub(super) fn get_unique_by_radix(&mut self, index: usize) -> Option<NonNull<T>> {
        if self.shape.radix == RELAXED || index >= self.before_tail {
            return None;
        }
        let mut at = self.top.as_ref()?.inner.as_ptr().cast::<u8>();
        let mut level = self.height();
        while level > 0 {
            let node = at.cast::<Inner<F>>();
            // SAFETY: `at` is a live radix node of that level with the element (N4). The field is an atomic.
            if !unsafe { &(*node).refs }.is_unique() {
                return None;
            }
            // SAFETY: `at` is a live radix node of that level with the element (N4), and nobody writes it.
            at = unsafe { Self::step_by_radix(at, index, level) };
            level -= 1;
        }
        // SAFETY: `at` is a child of a node of level 1.
        let buf = unsafe { leaf_buf::<T>(at) };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // Every leaf but the last is full, and the last has the remaining elements (N4).
        let len = Node::<T, F, L>::LEAF.min(self.before_tail - (index - offset));
        // SAFETY: the node above holds a reference to the buffer (N2), is unique and borrowed mutably (N1).
        if !is_unique_and_trimmed(unsafe { buf.block() }, len) {
            return None;
        }
        // SAFETY: `offset < len`, so the slot is within the block (B1).
        let slot = unsafe { buf.slot(offset) };
        NonNull::new(slot)
    }

    /// Returns the leaf that has element `index`, and the number of elements before it.
    ///
    /// Copies a shared leaf, and every shared node on the path to it. If a clone panics, no element has changed.
    #[inline]
    pub(crate) fn leaf_mut(&mut self, index: usize) -> Option<(&mut [T], usize)> {
        if index >= self.before_tail {
            let start = self.before_tail;
            return (index < self.len()).then(|| (self.tail_mut(), start));
        }
        let mut start = self.front_len();
        if index < start {
            return Some((self.front_leaf_mut(), 0));
        }
        let mut node = self.top.as_mut()?;
        loop {
            let slot = node.slot_of(index - start);
            let inner = node.unshared();
            let (before, size) = (inner.start(slot), inner.sizes[slot]);
            start += before;
            let child = ptr::from_mut(&mut inner.children[slot]);
            if inner.level > 1 {
                // SAFETY: above level 1, a slot is a pointer to a node (N2), and `Node` is transparent over that
                // pointer. The parent is unique and borrowed mutably, and a copy of the child has its level and total.
                node = unsafe { &mut *child.cast::<Node<T, F, L>>() };
                continue;
            }
            // SAFETY: the slot is in a unique node, which is borrowed mutably for as long as the result (N1).
            let child = unsafe { &mut *child };
            // SAFETY: the slot is a leaf of `size - before` elements in a unique node (N2, N3).
            let leaf = unsafe { unshared_leaf(child, size - before) };
            return Some((leaf, start));
        }
    }

    /// Returns the tail's elements.
    #[inline]
    fn tail_mut(&mut self) -> &mut [T] {
        if !self.owns_tail() {
            self.unshare_tail();
        }
        // SAFETY: the tail is unique and trimmed, or empty (B5, N5).
        unsafe { self.tail.0.slice_mut(self.tail_len()) }
    }

    #[cold]
    #[inline(never)]
    fn unshare_tail(&mut self) {
        let cap = match self.before_tail {
            0 => self.with_tail(|tail| tail.cap_for_copy(tail.len())),
            _ => Node::<T, F, L>::LEAF,
        };
        self.edit_tail(|tail| _ = tail.unique_or(|tail| tail.copied(cap)));
    }

    /// Returns the front leaf's elements.
    fn front_leaf_mut(&mut self) -> &mut [T] {
        let elements = self.edit_front_leaf(|front| {
            ptr::from_mut(front.unshared(Node::<T, F, L>::LEAF).as_mut_slice())
        });
        // SAFETY: the front leaf is unique and back-aligned (N6), and the root is borrowed mutably for as long as the
        // result.
        unsafe { &mut *elements }
    }
}

/// The leaves that have elements `[front, back)` of a vector, cut to that range.
///
/// They are returned from both ends, each element once. A shared leaf is copied when it is returned.
pub(crate) struct LeavesMut<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    front: usize,
    back: usize,
}

impl<'a, T, const F: usize, const L: usize> LeavesMut<'a, T, F, L> {
    #[inline]
    pub(crate) fn new(root: &'a mut Root<T, F, L>) -> Self {
        let back = root.len();
        Self { root, front: 0, back }
    }

    /// Returns the number of remaining elements.
    #[inline]
    pub(crate) fn remaining(&self) -> usize {
        self.back - self.front
    }

    /// Skips up to `count` elements at the front, and copies nothing.
    #[inline]
    pub(crate) fn skip_front(&mut self, count: usize) {
        self.front += count.min(self.remaining());
    }

    /// Skips up to `count` elements at the back, and copies nothing.
    #[inline]
    pub(crate) fn skip_back(&mut self, count: usize) {
        self.back -= count.min(self.remaining());
    }
}

impl<'a, T: Clone, const F: usize, const L: usize> LeavesMut<'a, T, F, L> {
    pub(crate) fn next(&mut self) -> Option<&'a mut [T]> {
        let place = (self.front < self.back).then_some(self.front)?;
        let (elements, _, to) = self.rest_of_leaf(place)?;
        self.front = to;
        // SAFETY: the root is borrowed mutably for `'a`, and neither end returns these elements again, so the slices
        // do not overlap. Paths to other leaves pass through nodes, never through a leaf.
        Some(unsafe { &mut *elements })
    }

    pub(crate) fn next_back(&mut self) -> Option<&'a mut [T]> {
        let place = (self.front < self.back).then(|| self.back - 1)?;
        let (elements, from, _) = self.rest_of_leaf(place)?;
        self.back = from;
        // SAFETY: the root is borrowed mutably for `'a`, and neither end returns these elements again.
        Some(unsafe { &mut *elements })
    }

    /// Returns the remaining elements of the leaf that has element `place`, and their range in the vector.
    fn rest_of_leaf(&mut self, place: usize) -> Option<(*mut [T], usize, usize)> {
        let (leaf, start) = self.root.leaf_mut(place)?;
        let (from, to) = (self.front.max(start), self.back.min(start + leaf.len()));
        Some((ptr::from_mut(&mut leaf[from - start..to - start]), from, to))
    }
}

/// A vector that keeps the leaf last written and the leaf last read.
pub(crate) struct LeafCursor<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    /// A unique leaf, and the number of elements before it.
    written: (&'a mut [T], usize),
    /// Another leaf, and the number of elements before it. Reset before a write, which may drop the leaf.
    read: (&'a [T], usize),
}

impl<'a, T, const F: usize, const L: usize> LeafCursor<'a, T, F, L> {
    #[inline]
    pub(crate) fn new(root: &'a mut Root<T, F, L>) -> Self {
        Self { root, written: (&mut [], 0), read: (&[], 0) }
    }

    /// Returns the number of elements of the vector.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.root.len()
    }

    /// Returns an element, and copies nothing.
    #[inline]
    pub(crate) fn get(&mut self, index: usize) -> Option<&T> {
        let (elements, start) = &self.written;
        if let Some(element) = elements.get(index.wrapping_sub(*start)) {
            return Some(element);
        }
        if index.wrapping_sub(self.read.1) >= self.read.0.len() {
            let (leaf, start) = self.root.leaf(index)?;
            let leaf = ptr::from_ref(leaf);
            // SAFETY: the root is borrowed mutably for `'a`, and `seek` resets `read` before it writes to the root.
            // The leaf is not that of `written`, which does not have the element.
            self.read = (unsafe { &*leaf }, start);
        }
        self.read.0.get(index - self.read.1)
    }
}

impl<T: Clone, const F: usize, const L: usize> LeafCursor<'_, T, F, L> {
    /// Returns an element for writing: see [`Root::leaf_mut`].
    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if index.wrapping_sub(self.written.1) >= self.written.0.len() {
            self.seek(index)?;
        }
        self.written.0.get_mut(index - self.written.1)
    }

    #[cold]
    #[inline(never)]
    fn seek(&mut self, index: usize) -> Option<()> {
        self.read = (&[], 0);
        self.written = (&mut [], 0);
        let (leaf, start) = self.root.leaf_mut(index)?;
        let leaf = ptr::from_mut(leaf);
        // SAFETY: the root is borrowed mutably for `'a`, and this is the only slice of the leaf.
        self.written = (unsafe { &mut *leaf }, start);
        Some(())
    }
}

/// Returns the elements of the leaf in `slot`; copies it first if it is shared.
///
/// # Safety
///
/// * `slot` is a leaf of `len` elements in a node of level 1, which is unique and stays borrowed.
#[inline]
unsafe fn unshared_leaf<T: Clone>(slot: &mut *mut u8, len: usize) -> &mut [T] {
    /// Puts the handle back into its slot, even if a clone or drop panics (N2).
    struct PutBack<'a, T>(&'a mut *mut u8, ManuallyDrop<Handle<T>>);
    impl<T> Drop for PutBack<'_, T> {
        #[inline]
        fn drop(&mut self) {
            // SAFETY: the handle is taken only here, and the guard is not used again.
            let handle = unsafe { ManuallyDrop::take(&mut self.1) };
            *self.0 = handle.into_parts().0.data().as_ptr().cast();
        }
    }
    // SAFETY: the slot is a child of a node of level 1.
    let buf = unsafe { leaf_buf(*slot) };
    // SAFETY: `len` elements are initialised (N3). The guard owns the slot's reference until it puts it back.
    let handle = unsafe { Handle::from_parts(buf, len) };
    let mut guard = PutBack(slot, ManuallyDrop::new(handle));
    let unique = guard.1.unique_or(|leaf| leaf.copied(leaf.len()));
    let elements = ptr::from_mut(unique.as_mut_slice());
    drop(guard);
    // SAFETY: the leaf is unique and trimmed (B5), and only the borrowed node reaches it (N1).
    unsafe { &mut *elements }
}
