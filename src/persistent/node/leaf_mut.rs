//! Elements for writing: one by one, leaf by leaf, and the slot behind the last.

use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

use super::root::RELAXED;
use super::{Inner, Node, Root};
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

/// The fast ways at both ends. Where there is none, the leaf is lent to a slow one.
impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Appends `value` where the tail is no whole leaf, and its next slot can be had without a copy: unique
    /// with room, or shared with the slot still free and no drop glue in `T` (B9). Else gives it back.
    #[inline]
    pub(crate) fn push_back_in_place(&mut self, value: T) -> Result<(), T> {
        let (buf, len) = (self.tail.0, self.tail_len());
        if len == Node::<T, F, L>::LEAF || !buf.is_allocated() {
            return Err(value);
        }
        // SAFETY: B1, N5: this root holds a count of it, and its end is there.
        if !unsafe { buf.claim(len, 1) } {
            return Err(value);
        }
        // SAFETY: B4: claimed for this root, so below the capacity.
        let slot = unsafe { buf.slot(len) };
        // SAFETY: B4: nobody else touches it.
        unsafe { slot.write(value) };
        // At most a leaf's slots.
        self.shape.tail_len = (len + 1) as u16;
        Ok(())
    }

    /// Takes the tail's last element out, if there is one and nobody else has the block.
    #[inline]
    pub(crate) fn pop_back_in_place(&mut self) -> Option<T> {
        if self.tail_len() == 0 || !self.owns_tail() {
            return None;
        }
        self.shape.tail_len -= 1;
        let last = self.tail_len();
        // SAFETY: B1, B5: unique; what is above is nobody's.
        unsafe { self.tail.0.filled() }.set(last);
        // SAFETY: B1: within the block.
        let slot = unsafe { self.tail.0.slot(last) };
        // SAFETY: B5: initialised, and no length covers it any more, so it is moved out once.
        Some(unsafe { slot.read() })
    }

    /// Whether somebody else has the tail's block.
    #[inline]
    pub(crate) fn tail_is_shared(&mut self) -> bool {
        let buf = self.tail.0;
        // SAFETY: B1: this root holds a count of it, and is held by `&mut`.
        buf.is_allocated() && !unsafe { buf.is_unique() }
    }

    /// Whether nobody else has the tail's block, and there is nothing in it but the tail.
    #[inline]
    fn owns_tail(&mut self) -> bool {
        let buf = self.tail.0;
        // SAFETY: B1: this root holds a count of it, and is held by `&mut`.
        let own = buf.is_allocated() && unsafe { buf.is_unique() };
        own && {
            // SAFETY: B1: unique.
            unsafe { buf.begin_edit() };
            // SAFETY: B1: as above.
            unsafe { buf.filled() }.is_plain(self.tail_len())
        }
    }

    /// Puts `value` before all others where the front leaf's slot before its first can be had without a copy:
    /// unique with room, or shared with the slot still free and no drop glue in `T` (B9). Else gives it
    /// back.
    #[inline]
    pub(crate) fn push_front_in_place(&mut self, value: T) -> Result<(), T> {
        let (buf, start) = (self.front.0, self.shape.front.start());
        // SAFETY: B1, N5, N6: there is a block, of which this root holds a count, and it begins there.
        if start == 0 || !unsafe { buf.claim_before(start, Node::<T, F, L>::LEAF) } {
            return Err(value);
        }
        self.shape.front = self.shape.front.grown();
        self.shape.radix = RELAXED;
        self.before_tail += 1;
        // SAFETY: B4: claimed for this root, so within the block.
        let slot = unsafe { buf.slot(start - 1) };
        // SAFETY: B4: nobody else touches it.
        unsafe { slot.write(value) };
        Ok(())
    }

    /// Takes the front leaf's first element out, if it is not the last one, nobody else has the block, and that
    /// has the form of a front leaf.
    #[inline]
    pub(crate) fn pop_front_in_place(&mut self) -> Option<T> {
        let (buf, len) = (self.front.0, self.front_len());
        // SAFETY: B1: there is a block, of which this root holds a count, and is held by `&mut`.
        if len < 2 || !unsafe { buf.is_unique() } {
            return None;
        }
        // SAFETY: B1: unique.
        unsafe { buf.begin_edit() };
        // SAFETY: B1: as above.
        let tail = unsafe { buf.filled() };
        if !tail.is_back_aligned(len) {
            return None;
        }
        // N6: as many are initialised as the front leaf covers, so it covers the last of a leaf's slots.
        let start = Node::<T, F, L>::LEAF - len;
        // SAFETY: B1: within the block.
        let slot = unsafe { buf.slot(start) };
        self.shape.front = self.shape.front.shrunk();
        self.before_tail -= 1;
        tail.set_back_aligned(len - 1);
        // SAFETY: N6: initialised, and counted no more, so it is moved out once.
        Some(unsafe { slot.read() })
    }
}

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// The element at `index`, for in-place edits, or `None` if there is none: as [`Root::leaf_mut`].
    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if let Some(mut element) = self.direct(index) {
            // SAFETY: N1, B5: unique and trimmed, and reached by nothing but this root, which is borrowed.
            return Some(unsafe { element.as_mut() });
        }
        self.get_mut_anywhere(index)
    }

    #[inline(never)]
    fn get_mut_anywhere(&mut self, index: usize) -> Option<&mut T> {
        let (leaf, start) = self.leaf_mut(index)?;
        leaf.get_mut(index - start)
    }

    /// The element at `index` where shift and mask find it, and nobody else has its leaf or a node above
    /// it, nor are there orphans in it (N1, B5).
    #[inline]
    pub(super) fn direct(&mut self, index: usize) -> Option<NonNull<T>> {
        if self.shape.radix == RELAXED || index >= self.before_tail {
            return None;
        }
        let mut at = self.top.as_ref()?.inner.as_ptr().cast::<u8>();
        let mut level = self.height();
        while level > 0 {
            let node = at.cast::<Inner<F>>();
            // SAFETY: N2, N4: a node of that level, on the way to the element; the one field, an atomic.
            if !unsafe { &(*node).refs }.is_unique() {
                return None;
            }
            // SAFETY: N2, N4: as above.
            at = unsafe { Self::step_by_radix(at, index, level) };
            level -= 1;
        }
        // SAFETY: N2: at level 0 there are buffers, and there is one on the way to the element.
        let data = unsafe { NonNull::new_unchecked(at.cast::<T>()) };
        // SAFETY: N2: as above.
        let buf = unsafe { SharedBuf::from_data(data) };
        // SAFETY: B1, N1: the node above holds a count, is unique and borrowed.
        if !unsafe { buf.is_unique() } {
            return None;
        }
        // SAFETY: B1: unique.
        unsafe { buf.begin_edit() };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // N4: every leaf but the last is full, and the last has the rest.
        let len = Node::<T, F, L>::LEAF.min(self.before_tail - (index - offset));
        // SAFETY: B1: as above.
        if !unsafe { buf.filled() }.is_plain(len) {
            return None;
        }
        // SAFETY: B1: within the block, which has the element.
        let slot = unsafe { buf.slot(offset) };
        NonNull::new(slot)
    }

    /// The elements of the leaf that has element `index`, for in-place edits, and the elements before it.
    /// If the leaf is shared it is copied, and every shared node on the way; if that panics, nothing
    /// visible has changed.
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
            let (before, end) = (inner.start(slot), inner.sizes[slot]);
            start += before;
            let child = ptr::from_mut(&mut inner.children[slot]);
            if inner.level > 1 {
                // SAFETY: N1, N2: the slot of a node is a `Node`, which is transparent over its
                // pointer, and its parent is unique; a copy of it has the same level and total.
                node = unsafe { &mut *child.cast::<Node<T, F, L>>() };
                continue;
            }
            // SAFETY: N1: in a unique node, which is borrowed for as long as the result.
            let child = unsafe { &mut *child };
            // SAFETY: N1, N2, N3: the slot of a leaf with that many elements.
            let leaf =
                unsafe { unshared_leaf(child, end - before, |leaf| leaf.copied(leaf.len())) };
            return Some((leaf, start));
        }
    }

    /// The tail's elements, for in-place edits.
    #[inline]
    fn tail_mut(&mut self) -> &mut [T] {
        if !self.owns_tail() {
            self.unshare_tail();
        }
        // SAFETY: B2, B5, N5: unique and trimmed, or empty.
        unsafe { self.tail.0.slice_mut(self.tail_len()) }
    }

    #[cold]
    #[inline(never)]
    fn unshare_tail(&mut self) {
        let alone = self.before_tail == 0;
        self.edit_tail(|tail| {
            _ = tail.unique_or(|tail| {
                let len = tail.len();
                tail.copied(if alone { tail.cap_for_copy(len) } else { Node::<T, F, L>::LEAF })
            });
        });
    }

    /// The front leaf's elements, for in-place edits.
    fn front_leaf_mut(&mut self) -> &mut [T] {
        let elements = self.edit_front_leaf(|front| {
            ptr::from_mut(front.unshared(Node::<T, F, L>::LEAF).as_mut_slice())
        });
        // SAFETY: N1, B5: as for the tail.
        unsafe { &mut *elements }
    }
}

/// The leaves of a vector for writing, each lent once, from both ends: those that hold elements
/// `[front, back)`, as far as they hold them. A shared one is copied when it is asked for.
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
        let (elements, _, to) = self.rest_of_leaf(place)?;
        self.front = to;
        // SAFETY: the root is borrowed for as long, and neither end comes to these elements again: no two
        // of these slices overlap. Ways to other leaves pass through nodes, never through a leaf.
        Some(unsafe { &mut *elements })
    }

    pub(crate) fn next_back(&mut self) -> Option<&'a mut [T]> {
        let place = (self.front < self.back).then(|| self.back - 1)?;
        let (elements, from, _) = self.rest_of_leaf(place)?;
        self.back = from;
        // SAFETY: as in `next`.
        Some(unsafe { &mut *elements })
    }

    /// What is to come of the leaf that has an element which is to come, and where it begins and ends.
    fn rest_of_leaf(&mut self, place: usize) -> Option<(*mut [T], usize, usize)> {
        let (leaf, start) = self.root.leaf_mut(place)?;
        let (from, to) = (self.front.max(start), self.back.min(start + leaf.len()));
        Some((ptr::from_mut(&mut leaf[from - start..to - start]), from, to))
    }
}

/// A vector for writing that remembers the leaf it wrote to last, and the one it read from last.
pub(crate) struct LeafCursor<'a, T, const F: usize, const L: usize> {
    root: &'a mut Root<T, F, L>,
    /// A unique leaf, and the elements before it.
    written: (&'a mut [T], usize),
    /// Another leaf. None of them outlives a way for writing, which may let go of it.
    read: (&'a [T], usize),
}

impl<'a, T, const F: usize, const L: usize> LeafCursor<'a, T, F, L> {
    #[inline]
    pub(crate) fn new(root: &'a mut Root<T, F, L>) -> Self {
        Self { root, written: (&mut [], 0), read: (&[], 0) }
    }

    /// All elements.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.root.len()
    }

    /// An element to read, which copies nothing.
    #[inline]
    pub(crate) fn get(&mut self, index: usize) -> Option<&T> {
        let (elements, start) = &self.written;
        if let Some(element) = elements.get(index.wrapping_sub(*start)) {
            return Some(element);
        }
        if index.wrapping_sub(self.read.1) >= self.read.0.len() {
            let (leaf, start) = self.root.leaf(index)?;
            let leaf = ptr::from_ref(leaf);
            // SAFETY: the root is borrowed for as long, and nothing is written to it before this is given
            // up; `written` is of another leaf, as it does not have the element.
            self.read = (unsafe { &*leaf }, start);
        }
        self.read.0.get(index - self.read.1)
    }
}

impl<T: Clone, const F: usize, const L: usize> LeafCursor<'_, T, F, L> {
    /// An element to write. If its leaf is shared it is copied, and every shared node on the way; if that
    /// panics, nothing visible has changed.
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
        // SAFETY: the root is borrowed for as long, and this is the one slice of it.
        self.written = (unsafe { &mut *leaf }, start);
        Some(())
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
    struct PutBack<'a, T>(&'a mut *mut u8, ManuallyDrop<Handle<T>>);
    impl<T> Drop for PutBack<'_, T> {
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
    // SAFETY: B2, N2, N3: the slot's count is on guard until `PutBack` returns it.
    let handle = unsafe { Handle::from_parts(buf, len) };
    let mut back = PutBack(slot, ManuallyDrop::new(handle));
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
