//! `FrontLeaf`, the leaf before the tree.
//!
//! While the leaf is shared, a pop only shortens the range of slots that this vector covers. Once the leaf is unique,
//! it is back-aligned: its elements move to the end of a block of a leaf's slots, so that pushes have room before them.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, needs_drop};
use core::ptr;

use crate::raw::buffer::{BlockRef, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::refcount::Filled;
use crate::vec::unique::UniqueVec;

/// A counted reference to a buffer, or none, and the slots `[start, end)` of it.
///
/// N6: The block has one of two forms.
/// * Back-aligned: it has the flag `BACK_ALIGNED` and exactly a leaf's slots, of which the last `filled` are
///   initialised. For such a block, B3, B4 and B6 count slots from the end down.
/// * As it was in the tree: its first `filled` slots are initialised.
///
/// The initialised slots outside of `[start, end)` are hidden. A unique owner makes the block back-aligned, with
/// nothing hidden, before it moves elements in or out. No other handle has a back-aligned block: it loses the flag,
/// while unique, before it enters a tree or leaves the vector.
pub(crate) struct FrontLeaf<T> {
    buf: SharedBuf<T>,
    start: usize,
    end: usize,
    owns: PhantomData<T>,
}

impl<T> FrontLeaf<T> {
    /// Creates a front leaf without a block.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { buf: SharedBuf::EMPTY, start: 0, end: 0, owns: PhantomData }
    }

    /// Creates a front leaf from its parts.
    ///
    /// # Safety
    ///
    /// * `buf` is empty or live, and slots `[start, end)` of it are initialised (B1, N6).
    /// * The caller owns one reference to it and does not use that again.
    #[inline]
    pub(super) const unsafe fn from_parts(buf: SharedBuf<T>, start: usize, end: usize) -> Self {
        Self { buf, start, end, owns: PhantomData }
    }

    /// Returns the buffer and the range of slots; the caller now owns the reference.
    #[inline]
    pub(super) fn into_parts(self) -> (SharedBuf<T>, usize, usize) {
        let this = ManuallyDrop::new(self);
        (this.buf, this.start, this.end)
    }

    /// Makes a leaf a front leaf, without changing its block.
    #[inline]
    pub(crate) fn from_leaf(leaf: Handle<T>) -> Self {
        let (buf, end) = leaf.into_parts();
        Self { buf, start: 0, end, owns: PhantomData }
    }

    /// Returns the block, or `None` if there is none.
    #[inline]
    pub(super) fn block(&self) -> Option<BlockRef<'_, T>> {
        // SAFETY: this front leaf owns a reference to the buffer (B1), and is borrowed for as long as the result.
        self.buf.is_allocated().then(|| unsafe { self.buf.block() })
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Returns the slot after the last element.
    #[inline]
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    #[inline]
    fn as_slice(&self) -> &[T] {
        // SAFETY: the slots are initialised (N6), and this front leaf keeps its reference while it is borrowed.
        unsafe { self.buf.range(self.start, self.len()) }
    }

    /// Returns the elements of a unique front leaf.
    #[inline]
    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        assert!(self.is_unique(), "the front leaf is shared");
        // SAFETY: the slots are initialised (N6), and the buffer is unique while it is borrowed (B5).
        unsafe { self.buf.range_mut(self.start, self.len()) }
    }

    /// Returns `true` if no other handle has the buffer, or there is none.
    #[inline]
    pub(crate) fn is_unique(&mut self) -> bool {
        self.block().is_none_or(BlockRef::is_unique)
    }

    /// Returns the number of slots of the block, 0 without one.
    #[inline]
    fn block_cap(&self) -> usize {
        self.block().map_or(0, BlockRef::cap)
    }

    /// Returns the range of initialised slots. For tests, and for a unique owner.
    fn filled(&self) -> (usize, usize) {
        let Some(block) = self.block() else { return (0, 0) };
        match block.filled().read() {
            Filled::Plain(count) | Filled::List(count) => (0, count),
            Filled::BackAligned(count) => (block.cap() - count, block.cap()),
        }
    }

    /// Returns `true` if the block has the flag `BACK_ALIGNED`, which does not change while it is shared (B10).
    #[inline]
    fn is_back_aligned(&self) -> bool {
        self.block().is_some_and(|block| matches!(block.filled().read(), Filled::BackAligned(_)))
    }

    /// Keeps `count` elements from `start` on, and hides the others, which stay in the buffer.
    #[inline]
    pub(crate) fn hide(&mut self, start: usize, count: usize) {
        assert!(start <= self.len() && count <= self.len() - start, "range out of bounds");
        self.start += start;
        self.end = self.start + count;
        if count == 0 {
            *self = Self::new();
        }
    }

    /// Makes a unique front leaf back-aligned in a block of `cap` slots, with nothing hidden.
    #[inline]
    fn align_back(&mut self, cap: usize) {
        let aligned = self.block().is_some_and(|block| {
            block.begin_edit();
            self.end == cap && block.cap() == cap && block.filled().is_back_aligned(self.len())
        });
        if !aligned {
            self.align_back_slow(cap);
        }
    }

    /// The part of [`FrontLeaf::align_back`] that changes the block.
    #[cold]
    #[inline(never)]
    fn align_back_slow(&mut self, cap: usize) {
        let len = self.len();
        assert!(len <= cap && self.is_unique(), "a front leaf is aligned only while unique");
        if self.is_back_aligned() && self.end == self.block_cap() {
            // SAFETY: the buffer is unique, and its last `len` slots are the elements (B5).
            return unsafe { self.buf.trim(len) };
        }
        let fits = self.buf.is_allocated() && self.block_cap() == cap;
        let to = if fits { self.buf } else { SharedBuf::allocate_exact(cap) };
        let (first, last) = self.filled();
        // Hidden elements move out, because others may move into their slots. They are dropped last, after every
        // length is valid (B8).
        let mut hidden = Vec::new();
        if needs_drop::<T>() {
            hidden.reserve_exact(last - first - len);
            for slot in (first..self.start).chain(self.end..last) {
                // SAFETY: initialised slots are within the block (B1).
                let slot = unsafe { self.buf.slot(slot) };
                // SAFETY: the slot is initialised and hidden, and is overwritten or no longer counted below (N6).
                hidden.push(unsafe { slot.read() });
            }
        }
        let old = mem::replace(&mut self.buf, to);
        if len > 0 && (old != to || self.start != cap - len) {
            // SAFETY: the slot is within the old block (B1).
            let from = unsafe { old.slot(self.start) };
            // SAFETY: `to` has `cap` slots.
            let slots = unsafe { to.slot(cap - len) };
            // SAFETY: the `len` slots from `from` on are initialised (N6), and the hidden elements in the target slots
            // have moved out.
            unsafe { ptr::copy(from, slots, len) };
        }
        (self.start, self.end) = (cap - len, cap);
        // SAFETY: this front leaf owns a reference to `to` (B1).
        unsafe { to.block() }.filled().set_back_aligned(len);
        if old.is_allocated() && old != to {
            // SAFETY: this front leaf owns a reference to `old` (B1). All elements of `old` have moved out.
            unsafe { old.block() }.filled().set(0);
            // SAFETY: this front leaf owned a reference to `old` (B1), and does not use it again.
            unsafe { old.release() };
        }
        drop(hidden);
    }

    /// Gives up the first `count` elements of a unique, back-aligned front leaf, without dropping them.
    #[inline]
    fn forget_front(&mut self, count: usize) {
        self.start += count;
        if let Some(block) = self.block() {
            block.filled().set_back_aligned(self.len());
        }
    }

    /// Removes the first `count` elements: drops them if the leaf is unique, else hides them.
    pub(crate) fn skip(&mut self, count: usize, cap: usize) {
        assert!(count <= self.len(), "range out of bounds");
        if !self.is_unique() {
            return self.hide(count, self.len() - count);
        }
        self.align_back(cap);
        let first = self.start;
        self.forget_front(count);
        // SAFETY: the slots are initialised, and no longer counted, so they are dropped once (B5).
        unsafe { self.buf.drop_slots(first, count) };
    }

    /// Keeps the first `len` elements: drops the others if the leaf is unique, else hides them.
    pub(crate) fn truncate(&mut self, len: usize, cap: usize) {
        assert!(len <= self.len(), "range out of bounds");
        if !self.is_unique() {
            return self.hide(0, len);
        }
        self.end = self.start + len;
        self.align_back(cap);
    }

    /// Removes the first element of a unique front leaf and returns it.
    #[inline]
    fn take_first(&mut self, cap: usize) -> Option<T> {
        if self.len() == 0 {
            return None;
        }
        self.align_back(cap);
        // SAFETY: the first element's slot is within the block (B1).
        let slot = unsafe { self.buf.slot(self.start) };
        self.forget_front(1);
        // SAFETY: the slot is initialised, and no longer counted, so it is moved out once (N6).
        Some(unsafe { slot.read() })
    }

    /// Returns the bytes of the block, 0 without one.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.block().map_or(0, BlockRef::size)
    }

    /// Returns the number of handles of the buffer, 0 without one; may be stale.
    pub(crate) fn strong_count(&self) -> usize {
        self.block().map_or(0, BlockRef::strong_count)
    }

    /// Returns the address of slot 0.
    pub(crate) fn addr(&self) -> usize {
        self.buf.data().addr().get()
    }

    /// Panics unless N6 holds.
    pub(crate) fn assert_invariants(&self, leaf: usize) {
        let (first, last) = self.filled();
        assert!(self.start <= self.end && self.end <= leaf, "the front leaf is at most a leaf");
        assert!(first <= self.start && self.end <= last, "the front leaf's slots are filled");
        assert!(!self.is_back_aligned() || last == leaf, "a back-aligned block has a leaf's slots");
    }
}

impl<T: Clone> FrontLeaf<T> {
    /// Makes room for one more element before the first, if there are fewer than `cap`.
    ///
    /// Clones the elements if the leaf is shared.
    #[cold]
    #[inline(never)]
    pub(crate) fn reserve_front(&mut self, cap: usize) {
        self.unshared(cap);
    }

    /// Makes the front leaf unique and back-aligned; clones the elements if it is shared.
    #[inline]
    pub(super) fn unshared(&mut self, cap: usize) -> &mut Self {
        if !self.is_unique() {
            let copy = UniqueVec::cloned_from(self.as_slice(), cap);
            *self = Self::from_leaf(copy.into_handle());
        }
        self.align_back(cap);
        self
    }

    /// Removes the first element and returns it, or a clone of it if the leaf is shared.
    #[inline]
    pub(crate) fn pop_first(&mut self, cap: usize) -> Option<T> {
        if self.is_unique() {
            return self.take_first(cap);
        }
        let first = self.as_slice().first()?.clone();
        self.hide(1, self.len() - 1);
        Some(first)
    }

    /// Hides the last element and returns a clone of it, if the leaf is shared.
    pub(crate) fn pop_last_if_shared(&mut self) -> Option<T> {
        if self.is_unique() {
            return None;
        }
        let last = self.as_slice().last()?.clone();
        self.hide(0, self.len() - 1);
        Some(last)
    }

    /// Takes all elements out as a leaf of a tree, which begins at slot 0 and has at most a leaf's capacity.
    ///
    /// Clones the elements of a shared leaf, unless its block still has the form that it had in the tree.
    pub(crate) fn take_leaf(&mut self, cap: usize) -> Handle<T> {
        let roomy = self.block_cap() > UniqueVec::<T>::rounded(cap);
        if roomy || self.start > 0 || self.is_back_aligned() {
            self.unshared(cap);
            let len = self.len();
            if self.start > 0 {
                // SAFETY: the first element's slot is within the block (B1).
                let from = unsafe { self.buf.slot(self.start) };
                // SAFETY: the block has slots (B1).
                let to = unsafe { self.buf.slot(0) };
                // SAFETY: the `len` slots from `from` on are initialised, and there is nothing else in the block (N6).
                unsafe { ptr::copy(from, to, len) };
            }
            if let Some(block) = self.block() {
                block.filled().set(len);
            }
            (self.start, self.end) = (0, len);
        }
        let (buf, _, end) = mem::replace(self, Self::new()).into_parts();
        // SAFETY: the front leaf's reference is passed on, and a block that is not back-aligned is initialised from
        // slot 0 to `end` (N6).
        unsafe { Handle::from_parts(buf, end) }
    }
}

impl<T> Drop for FrontLeaf<T> {
    #[inline]
    fn drop(&mut self) {
        if self.buf.is_allocated() {
            // SAFETY: this front leaf owns a reference to the buffer (B1), and releases it once.
            unsafe { self.buf.release() };
        }
    }
}
