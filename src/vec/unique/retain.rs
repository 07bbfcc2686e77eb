//! Engines that take elements out of the middle of a unique buffer while user code runs: `Gap` looks at
//! each and keeps or removes it, `Cut` hands a range out from both ends and may fill its place.
#![expect(unsafe_code, reason = "moves elements under a length that does not cover them")]

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut, Range};
use core::ptr::{self, NonNull};

use super::UniqueVec;
use super::moves::Outgoing;

/// A vector on the way through its elements: `[.., kept)` stay, `[kept, read)` are gone, `[read, len)`
/// have not been looked at. Its drop closes the gap (M1).
pub(crate) struct Gap<'a, T> {
    /// Its length is where the way began.
    vec: &'a mut UniqueVec<T>,
    kept: usize,
    read: usize,
    len: usize,
}

impl<'a, T> Gap<'a, T> {
    /// Begins before the element at `start`, which is at most the length.
    #[inline]
    pub(crate) fn new(vec: &'a mut UniqueVec<T>, start: usize) -> Self {
        let len = vec.len();
        assert!(start <= len, "within the vector");
        // SAFETY: M1, B8: the vector covers only what this engine does not touch.
        unsafe { vec.set_len(start) };
        Self { vec, kept: start, read: start, len }
    }

    /// The element to decide on next.
    #[inline]
    pub(crate) fn current(&mut self) -> Option<&mut T> {
        if self.read == self.len {
            return None;
        }
        // SAFETY: B2: below the old length.
        let slot = unsafe { self.vec.slot(self.read) };
        // SAFETY: M1: initialised, and nobody else's.
        Some(unsafe { &mut *slot })
    }

    /// [`Gap::current`], and the element that was last kept on this way; `None` if either is missing.
    #[inline]
    pub(crate) fn current_and_last(&mut self) -> Option<(&mut T, &mut T)> {
        if self.kept == self.vec.len() || self.read == self.len {
            return None;
        }
        // SAFETY: B2: below the old length.
        let current = unsafe { self.vec.slot(self.read) };
        // SAFETY: B2: as above, and not less than the vector's length.
        let last = unsafe { self.vec.slot(self.kept - 1) };
        // SAFETY: M1: initialised, and nobody else's.
        let current = unsafe { &mut *current };
        // SAFETY: M1: as above, and `kept - 1 < read`, so it is another one.
        Some((current, unsafe { &mut *last }))
    }

    /// Keeps the current element.
    #[inline]
    pub(crate) fn keep(&mut self) {
        let slot = self.pass();
        if self.kept + 1 < self.read {
            // SAFETY: B2: below `read`.
            let to = unsafe { self.vec.slot(self.kept) };
            // SAFETY: M1: the target is in the gap, and is not `slot`.
            unsafe { ptr::copy_nonoverlapping(slot, to, 1) };
        }
        self.kept += 1;
    }

    /// Drops the current element.
    #[inline]
    pub(crate) fn discard(&mut self) {
        let slot = self.pass();
        // SAFETY: M1, B8: `read` has passed it, so it is dropped once, even if the drop panics.
        unsafe { slot.drop_in_place() };
    }

    /// Moves the current element out.
    #[inline]
    pub(crate) fn take(&mut self) -> T {
        let slot = self.pass();
        // SAFETY: M1: `read` has passed it, so it is moved out once.
        unsafe { slot.read() }
    }

    /// The slot of the current element, which is behind `read` from here.
    #[inline]
    fn pass(&mut self) -> *mut T {
        assert!(self.read < self.len, "there is a current element");
        // SAFETY: B2: below the old length.
        let slot = unsafe { self.vec.slot(self.read) };
        self.read += 1;
        slot
    }
}

impl<T> Drop for Gap<'_, T> {
    fn drop(&mut self) {
        // SAFETY: M1: `[len of the vector, kept)` and `[read, len)` are initialised, the rest is not.
        unsafe { close(self.vec, self.kept, self.read, self.len) };
    }
}

/// Moves slots `[read, len)` down to `kept`, and makes them and what is before them the vector's.
///
/// # Safety
///
/// `read <= len`, which is at most the capacity; slots `[0, kept)` and `[read, len)` are initialised, and
/// nobody touches them; `kept <= read` unless the second range is empty.
unsafe fn close<T>(vec: &mut UniqueVec<T>, kept: usize, read: usize, len: usize) {
    let rest = len - read;
    if rest > 0 && kept < read {
        // SAFETY: B1: within the block.
        let from = unsafe { vec.slot(read) };
        // SAFETY: B1: within the block.
        let to = unsafe { vec.slot(kept) };
        // SAFETY: M1: `[read, len)` is initialised, `[kept, read)` is not.
        unsafe { ptr::copy(from, to, rest) };
    }
    // SAFETY: M1: `[0, kept + rest)` is initialised and nothing else is.
    unsafe { vec.set_len(kept + rest) };
}

/// A range of elements on their way out, from both ends, between two parts that stay. Its drop drops
/// what is left of the range and closes up (M1).
///
/// ```text
///   0         vec.len()    front      back       tail         len
///   | stays     | gone       | to come  | gone     | stays      |
/// ```
pub(crate) struct Cut<'a, T> {
    /// Borrowed for `'a`; not a reference, which would make this type invariant in `T`. Elements only
    /// ever leave through it as `T`, or enter while `T` is what the vector's owner named.
    vec: NonNull<UniqueVec<T>>,
    elements: Outgoing<T>,
    tail: usize,
    len: usize,
    lent: PhantomData<&'a [T]>,
}

// SAFETY: it is a `&mut UniqueVec<T>` with a range of elements: `Drain`'s bounds.
unsafe impl<T: Send> Send for Cut<'_, T> {}
// SAFETY: as above; `&Cut` gives `&T` and no more.
unsafe impl<T: Sync> Sync for Cut<'_, T> {}

impl<'a, T> Cut<'a, T> {
    /// Takes `range` out, which is within the vector.
    #[inline]
    pub(crate) fn new(vec: &'a mut UniqueVec<T>, range: Range<usize>) -> Self {
        let (len, tail) = (vec.len(), range.end);
        assert!(range.start <= range.end && range.end <= len, "within the vector");
        // SAFETY: M1, B8: the vector covers only what this engine does not touch.
        unsafe { vec.set_len(range.start) };
        // SAFETY: M1: just given up; the block does not grow before they are gone.
        let elements = unsafe { Outgoing::new(vec, range) };
        Self { vec: NonNull::from(vec), elements, tail, len, lent: PhantomData }
    }

    #[inline]
    fn vec(&mut self) -> &mut UniqueVec<T> {
        // SAFETY: it is borrowed for `'a`, by this engine alone.
        unsafe { self.vec.as_mut() }
    }

    /// Drops what is left of the range, and puts what `with` yields in its place.
    ///
    /// What fits is written into the gap. Then what the size hint promises, and at last whatever else
    /// came, move the rest further back: each at most once.
    pub(crate) fn replace(&mut self, with: &mut impl Iterator<Item = T>) {
        self.skip(usize::MAX);
        if self.tail == self.len {
            // Nothing stands behind the gap that could be in the way.
            return self.vec().extend_iter(with);
        }
        if !self.fill(with) {
            return;
        }
        let (announced, _) = with.size_hint();
        if announced > 0 {
            self.widen(announced);
            if !self.fill(with) {
                return;
            }
        }
        // Not by `collect`, which refuses a wrong size hint where the standard library has debug assertions.
        let rest = Vec::from_iter(with);
        if !rest.is_empty() {
            self.widen(rest.len());
            self.fill(&mut rest.into_iter());
        }
    }

    /// Writes what `with` yields into the gap; true if the gap is full.
    fn fill(&mut self, with: &mut impl Iterator<Item = T>) -> bool {
        let tail = self.tail;
        while self.vec().len() < tail {
            let Some(value) = with.next() else { return false };
            let vec = self.vec();
            let len = vec.len();
            // SAFETY: below `tail`, so within the block.
            let slot = unsafe { vec.slot(len) };
            // SAFETY: M1: the slot is in the gap.
            unsafe { slot.write(value) };
            // SAFETY: M1: it was written, and is the vector's from here.
            unsafe { vec.set_len(len + 1) };
        }
        true
    }

    /// Moves the part behind the gap `more` slots back.
    fn widen(&mut self, more: usize) {
        let (tail, len) = (self.tail, self.len);
        let vec = self.vec();
        // Growth moves the whole block, slots beyond the vector's length included.
        vec.reserve((len - vec.len()).saturating_add(more));
        // SAFETY: B1: `tail < len`, within the block.
        let from = unsafe { self.vec().slot(tail) };
        // SAFETY: B1: room for `len + more` was made.
        let to = unsafe { self.vec().slot(tail + more) };
        // SAFETY: M1: `[tail, len)` is initialised, and what it is moved to is nobody's.
        unsafe { ptr::copy(from, to, len - tail) };
        self.tail += more;
        self.len += more;
    }
}

impl<T> Deref for Cut<'_, T> {
    type Target = Outgoing<T>;

    #[inline]
    fn deref(&self) -> &Outgoing<T> {
        &self.elements
    }
}

impl<T> DerefMut for Cut<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Outgoing<T> {
        &mut self.elements
    }
}

impl<T> Drop for Cut<'_, T> {
    fn drop(&mut self) {
        /// Closes up even if an element's drop panics.
        struct Close<'c, 'a, T>(&'c mut Cut<'a, T>);
        impl<T> Drop for Close<'_, '_, T> {
            fn drop(&mut self) {
                let (tail, len) = (self.0.tail, self.0.len);
                let vec = self.0.vec();
                let kept = vec.len();
                // SAFETY: M1: `[0, kept)` and `[tail, len)` are initialised and nothing else is.
                unsafe { close(vec, kept, tail, len) };
            }
        }
        Close(self).0.skip(usize::MAX);
    }
}
