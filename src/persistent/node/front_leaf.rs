//! `FrontLeaf`, a leaf in front of a tree, where elements come and go before all others.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, needs_drop};
use core::ptr;

use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::refcount::Filled;
use crate::vec::unique::UniqueVec;

/// One count of a buffer, and the slots `[start, end)` of it (N6). A leaf from a tree becomes one as it
/// is; an only holder makes it a block of exactly a leaf's slots with the elements at its end before it
/// puts anything before them, or takes anything out.
pub(crate) struct FrontLeaf<T> {
    buf: SharedBuf<T>,
    start: usize,
    end: usize,
    owns: PhantomData<T>,
}

impl<T> FrontLeaf<T> {
    /// No block, no elements.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { buf: SharedBuf::EMPTY, start: 0, end: 0, owns: PhantomData }
    }

    /// # Safety
    ///
    /// B1 and N6 hold, and the caller gives one count away.
    #[inline]
    pub(super) const unsafe fn from_parts(buf: SharedBuf<T>, start: usize, end: usize) -> Self {
        Self { buf, start, end, owns: PhantomData }
    }

    /// The buffer and the slots; the caller now owns the count.
    #[inline]
    pub(super) fn into_parts(self) -> (SharedBuf<T>, usize, usize) {
        let this = ManuallyDrop::new(self);
        (this.buf, this.start, this.end)
    }

    /// A leaf as it is.
    #[inline]
    pub(crate) fn from_leaf(leaf: Handle<T>) -> Self {
        let (buf, end) = leaf.into_parts();
        Self { buf, start: 0, end, owns: PhantomData }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// The slots up to the last element.
    #[inline]
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    #[inline]
    fn as_slice(&self) -> &[T] {
        // SAFETY: N6, for as long as this handle lives.
        unsafe { self.buf.range(self.start, self.len()) }
    }

    /// The elements of an only holder.
    #[inline]
    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        assert!(self.is_unique(), "only then");
        // SAFETY: N6, B5: unique, for as long as the borrow.
        unsafe { self.buf.range_mut(self.start, self.len()) }
    }

    /// Whether this is the only handle of its buffer; true without one.
    #[inline]
    pub(crate) fn is_unique(&mut self) -> bool {
        // SAFETY: B1: this handle holds a count of it, and is held by `&mut`.
        !self.buf.is_allocated() || unsafe { self.buf.is_unique() }
    }

    /// The slots of the block, 0 without one.
    #[inline]
    fn block_cap(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.cap() }
    }

    /// The slots of which the buffer says that they are initialised. For tests, and for an only holder.
    fn filled(&self) -> (usize, usize) {
        if !self.buf.is_allocated() {
            return (0, 0);
        }
        // SAFETY: B1: this handle holds a count of it.
        let (cap, tail) = (unsafe { self.buf.cap() }, unsafe { self.buf.filled() });
        match tail.read() {
            Filled::Plain(count) | Filled::List(count) => (0, count),
            Filled::BackAligned(count) => (cap - count, cap),
        }
    }

    /// Whether the buffer has the form of a front leaf.
    #[inline]
    fn is_back_aligned(&self) -> bool {
        self.buf.is_allocated() && {
            // SAFETY: B1: this handle holds a count of it; B10: while others do, the form stays.
            matches!(unsafe { self.buf.filled() }.read(), Filled::BackAligned(_))
        }
    }

    /// Forgets all but `count` elements from `start` on, without dropping them: they stay the buffer's
    /// (B6).
    #[inline]
    pub(crate) fn hide(&mut self, start: usize, count: usize) {
        assert!(start <= self.len() && count <= self.len() - start, "it has them");
        self.start += start;
        self.end = self.start + count;
        if count == 0 {
            *self = Self::new();
        }
    }

    /// Gives the only holder's block the form of a front leaf, with `cap` slots, and nothing in it that this
    /// handle does not cover.
    #[inline]
    fn align_back(&mut self, cap: usize) {
        let aligned = self.buf.is_allocated() && {
            // SAFETY: B1: unique.
            unsafe { self.buf.begin_edit() };
            // SAFETY: B1: this handle holds a count of it.
            let (slots, tail) = (unsafe { self.buf.cap() }, unsafe { self.buf.filled() });
            self.end == cap && slots == cap && tail.is_back_aligned(self.len())
        };
        if !aligned {
            self.align_back_slow(cap);
        }
    }

    /// [`FrontLeaf::align_back`] where there is something to do.
    #[cold]
    #[inline(never)]
    fn align_back_slow(&mut self, cap: usize) {
        let len = self.len();
        assert!(len <= cap && self.is_unique(), "an only holder with room");
        if self.is_back_aligned() && self.end == self.block_cap() {
            // SAFETY: B1, B5: unique.
            return unsafe { self.buf.trim(len) };
        }
        let fits = self.buf.is_allocated() && self.block_cap() == cap;
        let to = if fits { self.buf } else { SharedBuf::allocate_exact(cap) };
        let (first, last) = self.filled();
        // What is hidden moves out, since the elements may move there. It is dropped after everything
        // else is done (B8).
        let mut hidden = Vec::new();
        if needs_drop::<T>() {
            hidden.reserve_exact(last - first - len);
            for slot in (first..self.start).chain(self.end..last) {
                // SAFETY: B1: within the block.
                let slot = unsafe { self.buf.slot(slot) };
                // SAFETY: B5, N6: initialised, covered by no handle, and counted no more from below on.
                hidden.push(unsafe { slot.read() });
            }
        }
        let old = mem::replace(&mut self.buf, to);
        if len > 0 && (old != to || self.start != cap - len) {
            // SAFETY: B1: within the block.
            let from = unsafe { old.slot(self.start) };
            // SAFETY: B1: within the block, which has `cap` slots.
            let slots = unsafe { to.slot(cap - len) };
            // SAFETY: B5, N6: initialised here; what was there is nobody's now.
            unsafe { ptr::copy(from, slots, len) };
        }
        (self.start, self.end) = (cap - len, cap);
        // SAFETY: B1: unique, or new.
        unsafe { to.filled() }.set_back_aligned(len);
        if old.is_allocated() && old != to {
            // SAFETY: B1: unique.
            unsafe { old.filled() }.set(0);
            // SAFETY: B1: its count was this handle's, and it has no elements any more.
            unsafe { old.release() };
        }
        drop(hidden);
    }

    /// Makes the first `count` elements, which the only holder of a settled block has, nobody's.
    #[inline]
    fn forget_front(&mut self, count: usize) {
        self.start += count;
        // SAFETY: B1, B5: unique.
        unsafe { self.buf.filled() }.set_back_aligned(self.len());
    }

    /// Takes out the first `count` elements, which there are: drops them if this is the only handle.
    pub(crate) fn skip(&mut self, count: usize, cap: usize) {
        assert!(count <= self.len(), "it has them");
        if !self.is_unique() {
            return self.hide(count, self.len() - count);
        }
        self.align_back(cap);
        let first = self.start;
        self.forget_front(count);
        // SAFETY: B5: initialised, and counted no more.
        unsafe { self.buf.drop_slots(first, count) };
    }

    /// Keeps the first `len` elements, which there are: drops the others if this is the only handle.
    pub(crate) fn truncate(&mut self, len: usize, cap: usize) {
        assert!(len <= self.len(), "it has them");
        if !self.is_unique() {
            return self.hide(0, len);
        }
        self.end = self.start + len;
        self.align_back(cap);
    }

    /// Takes the first element out of the only holder's block.
    #[inline]
    fn take_first(&mut self, cap: usize) -> Option<T> {
        if self.len() == 0 {
            return None;
        }
        self.align_back(cap);
        // SAFETY: B1: within the block.
        let slot = unsafe { self.buf.slot(self.start) };
        self.forget_front(1);
        // SAFETY: N6: initialised, and counted no more, so it is moved out once.
        Some(unsafe { slot.read() })
    }

    /// The bytes of the block, 0 without one.
    pub(crate) fn heap_bytes(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.block() }.size()
    }

    /// The handles of the buffer a moment ago, 0 without one.
    pub(crate) fn strong_count(&self) -> usize {
        if !self.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1: this handle holds a count of it.
        unsafe { self.buf.strong_count() }
    }

    /// Where slot 0 is.
    pub(crate) fn addr(&self) -> usize {
        self.buf.data().addr().get()
    }

    /// Panics unless the elements are in the block, and that has one of its two forms.
    pub(crate) fn assert_invariants(&self, leaf: usize) {
        let (first, last) = self.filled();
        assert!(self.start <= self.end && self.end <= leaf, "the front is at most a leaf");
        assert!(first <= self.start && self.end <= last, "what the front covers is filled");
        assert!(!self.is_back_aligned() || last == leaf, "a front's block has a leaf's slots");
    }
}

impl<T: Clone> FrontLeaf<T> {
    /// Sees to it that there is a slot before the first of fewer elements than `cap`: in a new block, or by
    /// a copy if this one is shared.
    #[cold]
    #[inline(never)]
    pub(crate) fn reserve_front(&mut self, cap: usize) {
        self.unshared(cap);
    }

    /// This handle as the only one of a block with the form of a front leaf.
    #[inline]
    pub(super) fn unshared(&mut self, cap: usize) -> &mut Self {
        if !self.is_unique() {
            let copy = UniqueVec::cloned_from(self.as_slice(), cap);
            *self = Self::from_leaf(copy.into_handle());
        }
        self.align_back(cap);
        self
    }

    /// Takes the first element out, and clones it if others may have the block.
    #[inline]
    pub(crate) fn pop_first(&mut self, cap: usize) -> Option<T> {
        if self.is_unique() {
            return self.take_first(cap);
        }
        let first = self.as_slice().first()?.clone();
        self.hide(1, self.len() - 1);
        Some(first)
    }

    /// Clones the last element and hides it, if others may have the block.
    pub(crate) fn pop_last_if_shared(&mut self) -> Option<T> {
        if self.is_unique() {
            return None;
        }
        let last = self.as_slice().last()?.clone();
        self.hide(0, self.len() - 1);
        Some(last)
    }

    /// The elements as a leaf of a tree, filled from its first slot, with no more room than a leaf has; this
    /// has none then. They are cloned if others may have the block, unless it is a tree's leaf as it was.
    pub(crate) fn take_leaf(&mut self, cap: usize) -> Handle<T> {
        let roomy = self.block_cap() > UniqueVec::<T>::rounded(cap);
        if roomy || self.start > 0 || self.is_back_aligned() {
            self.unshared(cap);
            let len = self.len();
            if self.start > 0 {
                // SAFETY: B1: within the block.
                let from = unsafe { self.buf.slot(self.start) };
                // SAFETY: B1: within the block.
                let to = unsafe { self.buf.slot(0) };
                // SAFETY: B5, N6: initialised here; there is nothing else in the block.
                unsafe { ptr::copy(from, to, len) };
            }
            // SAFETY: B1, B5: unique.
            unsafe { self.buf.filled() }.set(len);
            (self.start, self.end) = (0, len);
        }
        let (buf, _, end) = mem::replace(self, Self::new()).into_parts();
        // SAFETY: B1, B2, N6: its count; a block that has not the form of a front leaf is filled from slot 0.
        unsafe { Handle::from_parts(buf, end) }
    }
}

impl<T> Drop for FrontLeaf<T> {
    #[inline]
    fn drop(&mut self) {
        if self.buf.is_allocated() {
            // SAFETY: B1: this handle's count, given back once.
            unsafe { self.buf.release() };
        }
    }
}
