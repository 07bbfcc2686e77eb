//! Engines that move elements within and out of a unique buffer while user code may run and panic.
#![expect(unsafe_code, reason = "moves elements under a length that does not cover them")]

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem;
use core::ops::{Deref, DerefMut, Range, RangeBounds};
use core::ptr::{self, NonNull};
use core::slice;

use super::UniqueVec;
use crate::range;
use crate::raw::handle::Handle;

/// Writes past the end of a vector with room; the length follows when this is dropped, so that a
/// panic between two writes loses nothing (M1, B8).
struct Appender<'a, T> {
    vec: &'a mut UniqueVec<T>,
    /// Slot 0, kept here so that it need not be loaded again after each write.
    start: *mut T,
    len: usize,
}

impl<'a, T> Appender<'a, T> {
    fn new(vec: &'a mut UniqueVec<T>) -> Self {
        let (start, len) = (vec.as_mut_ptr(), vec.len());
        Self { vec, start, len }
    }

    /// The elements to write, of `count`, before the next slot starts a 16-byte line: on 64-bit slot 0
    /// stands 8 bytes past one, and vector stores that straddle cache lines cost half again as much. 0
    /// where it does not pay or no slot starts a line.
    #[inline]
    fn to_register_line(&self, count: usize) -> usize {
        const WORTH: usize = 64;
        if count < WORTH || !matches!(size_of::<T>(), 1 | 2 | 4 | 8) {
            return 0;
        }
        let next = self.start.wrapping_add(self.len);
        (next.addr().wrapping_neg() % 16) / size_of::<T>()
    }

    /// Writes the next `count` elements of an iterator; false if it ended before them. A counted loop
    /// needs no capacity check, and vectorises where the iterator does; a hint that lies only ends it
    /// early or leaves more for later.
    ///
    /// # Safety
    ///
    /// The vector has room for `count` more than were written.
    #[inline]
    unsafe fn fill(&mut self, iter: &mut impl Iterator<Item = T>, count: usize) -> bool {
        for _ in 0..count {
            let Some(value) = iter.next() else { return false };
            // SAFETY: the caller's.
            unsafe { self.write(value) };
        }
        true
    }

    /// # Safety
    ///
    /// The vector has room for one more than was written.
    #[inline]
    unsafe fn write(&mut self, value: T) {
        // SAFETY: the caller's: within the block.
        let slot = unsafe { self.start.add(self.len) };
        // SAFETY: B5: unique, and no length covers the slot yet.
        unsafe { slot.write(value) };
        self.len += 1;
    }
}

impl<T> Drop for Appender<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: M1: slots up to `len` were written.
        unsafe { self.vec.set_len(self.len) };
    }
}

impl<T> UniqueVec<T> {
    /// Appends clones of all elements of a slice.
    ///
    /// O(k) for k elements, plus growth.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, the elements before it
    /// have been appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// v.extend_from_slice(&[2, 3]);
    /// assert_eq!(v, [1, 2, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T])
    where
        T: Clone,
    {
        self.reserve(values.len());
        // SAFETY: reserved above.
        unsafe { self.extend_reserved(values) };
    }

    /// Clones of all elements of a slice, with room for `cap` if that is more.
    #[inline]
    #[track_caller]
    pub(crate) fn cloned_from(values: &[T], cap: usize) -> Self
    where
        T: Clone,
    {
        let mut this = Self::with_capacity(cap.max(values.len()));
        // SAFETY: room was made above.
        unsafe { this.extend_reserved(values) };
        this
    }

    /// [`UniqueVec::extend_from_slice`] without the check that there is room.
    ///
    /// # Safety
    ///
    /// There is room for all of them.
    #[inline]
    unsafe fn extend_reserved(&mut self, values: &[T])
    where
        T: Clone,
    {
        let mut appender = Appender::new(self);
        for value in values {
            let value = value.clone();
            // SAFETY: the caller's.
            unsafe { appender.write(value) };
        }
    }

    /// Appends what an iterator yields; its lower size hint is reserved at once.
    #[inline]
    #[track_caller]
    pub(crate) fn extend_iter(&mut self, iter: impl Iterator<Item = T>) {
        let (announced, _) = iter.size_hint();
        self.reserve(announced);
        // SAFETY: reserved above.
        unsafe { self.extend_announced(iter, announced) };
    }

    /// What an iterator yields, in a buffer that at first has room for its lower size hint.
    #[inline]
    #[track_caller]
    pub(crate) fn collected(iter: impl Iterator<Item = T>) -> Self {
        let (announced, _) = iter.size_hint();
        let mut this = Self::with_capacity(announced);
        // SAFETY: room was made above.
        unsafe { this.extend_announced(iter, announced) };
        this
    }

    /// [`UniqueVec::extend_iter`] without the check that there is room.
    ///
    /// # Safety
    ///
    /// There is room for `announced` more elements.
    #[inline]
    #[track_caller]
    unsafe fn extend_announced(&mut self, mut iter: impl Iterator<Item = T>, announced: usize) {
        let mut appender = Appender::new(self);
        let lead = appender.to_register_line(announced);
        // The loop without a lead stands by itself: there the compiler sees that a range, say, is through
        // at the count, and drops its own check of the end, and the last loop.
        let all_came = if lead == 0 {
            // SAFETY: the caller's.
            unsafe { appender.fill(&mut iter, announced) }
        } else {
            // SAFETY: the caller's: the lead is a part of what was announced.
            let lead_came = unsafe { appender.fill(&mut iter, lead) };
            // SAFETY: the caller's: this is the rest of it.
            lead_came && unsafe { appender.fill(&mut iter, announced - lead) }
        };
        drop(appender);
        if all_came {
            for value in iter {
                self.push(value);
            }
        }
    }

    /// Inserts an element at `index` and shifts those after it to the right.
    ///
    /// O(n - index), plus growth.
    ///
    /// # Panics
    ///
    /// If `index > len`, or the new capacity would exceed `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'c']);
    /// v.insert(1, 'b');
    /// assert_eq!(v, ['a', 'b', 'c']);
    /// ```
    #[track_caller]
    pub fn insert(&mut self, index: usize, element: T) {
        let len = self.len();
        if index > len {
            bad_insert(index, len);
        }
        self.reserve(1);
        // SAFETY: there is room for one more, so `index` is below the capacity.
        let slot = unsafe { self.slot(index) };
        // SAFETY: as above: `index + 1` is at most the capacity.
        let next = unsafe { slot.add(1) };
        // SAFETY: B5: `[index, len)` is initialised, and slot `len` is nobody's.
        unsafe { ptr::copy(slot, next, len - index) };
        // SAFETY: B5: what stood there was moved.
        unsafe { slot.write(element) };
        // SAFETY: all `len + 1` slots are initialised.
        unsafe { self.set_len(len + 1) };
    }

    /// Removes and returns the element at `index`, and shifts those after it to the left.
    ///
    /// O(n - index).
    ///
    /// # Panics
    ///
    /// If `index >= len`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'b', 'c']);
    /// assert_eq!(v.remove(0), 'a');
    /// assert_eq!(v, ['b', 'c']);
    /// ```
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        let len = self.len();
        if index >= len {
            bad_remove(index, len);
        }
        // SAFETY: B2: below the length.
        let slot = unsafe { self.slot(index) };
        // SAFETY: B5: moved out; the slot is overwritten or left uncovered below.
        let element = unsafe { slot.read() };
        // SAFETY: B2: at most the length.
        let next = unsafe { slot.add(1) };
        // SAFETY: B5: `[index + 1, len)` is initialised.
        unsafe { ptr::copy(next, slot, len - index - 1) };
        // SAFETY: the first `len - 1` slots are initialised, the last is nobody's.
        unsafe { self.set_len(len - 1) };
        element
    }

    /// Removes and returns the element at `index`, and puts the last one in its place.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// If `index >= len`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'b', 'c']);
    /// assert_eq!(v.swap_remove(0), 'a');
    /// assert_eq!(v, ['c', 'b']);
    /// ```
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        let len = self.len();
        if index >= len {
            bad_swap_remove(index, len);
        }
        // Without a slice of all elements: pointers to the others stay valid, as with `Vec`.
        // SAFETY: B2: `index` is below the length.
        let slot = unsafe { self.slot(index) };
        // SAFETY: B2: `len - 1` is below the length.
        let last = unsafe { self.slot(len - 1) };
        // SAFETY: B5: initialised; the copy below overwrites the slot, or no length covers it any more.
        let element = unsafe { slot.read() };
        // SAFETY: B5: initialised, and within the block; both may be the same slot.
        unsafe { ptr::copy(last, slot, 1) };
        // SAFETY: the first `len - 1` slots are initialised, and the last was moved.
        unsafe { self.set_len(len - 1) };
        element
    }

    /// Appends all elements of another vector, and leaves it empty with its capacity.
    ///
    /// O(k) for its k elements: one `memcpy`, plus growth.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes; both are then as they were.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let (mut a, mut b) = (UniqueVec::from([1, 2]), UniqueVec::from([3]));
    /// a.append(&mut b);
    /// assert_eq!(a, [1, 2, 3]);
    /// assert!(b.is_empty());
    /// ```
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        let more = other.len();
        // SAFETY: they are initialised, and `other` gives them up below.
        unsafe { self.append_moved(other.as_ptr(), more) };
        // SAFETY: its elements were moved out.
        unsafe { other.set_len(0) };
    }

    /// Moves the elements from `at` on into a vector of their own.
    ///
    /// O(n - at): one allocation and one `memcpy`. The capacity stays.
    ///
    /// # Panics
    ///
    /// If `at > len`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// assert_eq!(v.split_off(1), [2, 3]);
    /// assert_eq!(v, [1]);
    /// ```
    #[must_use = "use `.truncate()` if you do not need the other half"]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        let len = self.len();
        if at > len {
            bad_split(at, len);
        }
        let mut rest = Self::with_capacity(len - at);
        let from = self.as_ptr().wrapping_add(at);
        // SAFETY: B2: initialised, and this vector gives them up below.
        unsafe { rest.append_moved(from, len - at) };
        // SAFETY: what is above was moved out.
        unsafe { self.set_len(at) };
        rest
    }

    /// Appends clones of the elements of `range`.
    ///
    /// O(k) for k elements, plus growth.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, or the new capacity would exceed `isize::MAX` bytes. If a
    /// clone panics, the elements before it have been appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// v.extend_from_within(1..);
    /// assert_eq!(v, [1, 2, 3, 2, 3]);
    /// ```
    #[track_caller]
    pub fn extend_from_within(&mut self, range: impl RangeBounds<usize>)
    where
        T: Clone,
    {
        let range = range::resolve(range, self.len());
        self.reserve(range.len());
        let mut appender = Appender::new(self);
        for index in range {
            // SAFETY: `resolve` returned indices below the length that the vector had (B2).
            let value = unsafe { appender.start.add(index) };
            // SAFETY: B2, B5: initialised, and nobody writes it.
            let value = unsafe { &*value }.clone();
            // SAFETY: reserved above.
            unsafe { appender.write(value) };
        }
    }

    /// Appends `count` elements that lie at `from`, which may be any pointer if there are none.
    ///
    /// # Safety
    ///
    /// They are initialised, in another block, and the caller gives them up before anything else runs.
    #[track_caller]
    unsafe fn append_moved(&mut self, from: *const T, count: usize) {
        if count == 0 {
            return;
        }
        self.reserve(count);
        let len = self.len();
        // SAFETY: there is room for at least one, so `len` is below the capacity.
        let end = unsafe { self.slot(len) };
        // SAFETY: `count` elements there, `count` reserved slots here, different blocks.
        unsafe { ptr::copy_nonoverlapping(from, end, count) };
        // SAFETY: the slots were written.
        unsafe { self.set_len(len + count) };
    }

    /// Appends all elements of a `Vec`, and leaves it empty.
    #[track_caller]
    pub(crate) fn append_vec(&mut self, other: &mut Vec<T>) {
        let more = other.len();
        // SAFETY: they are initialised, and `other` gives them up below.
        unsafe { self.append_moved(other.as_ptr(), more) };
        // SAFETY: its elements were moved out.
        unsafe { other.set_len(0) };
    }

    /// Appends the next `count` elements of a `Vec` on its way out, which has as many.
    #[track_caller]
    pub(crate) fn append_next(&mut self, other: &mut alloc::vec::IntoIter<T>, count: usize) {
        assert!(count <= other.len(), "as many are there");
        // SAFETY: they are initialised, and `other` gives them up below.
        unsafe { self.append_moved(other.as_slice().as_ptr(), count) };
        other.by_ref().take(count).for_each(mem::forget);
    }

    /// Moves the elements into a new `Vec` with no spare room.
    ///
    /// O(n): one allocation and one `memcpy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// assert_eq!(UniqueVec::from([1, 2]).into_vec(), vec![1, 2]);
    /// ```
    #[must_use]
    pub fn into_vec(mut self) -> Vec<T> {
        let len = self.len();
        let mut vec = Vec::with_capacity(len);
        // SAFETY: B8: this vector gives its elements up before they are copied.
        unsafe { self.set_len(0) };
        let from = self.as_ptr();
        // SAFETY: `len` elements here, `len` reserved slots there, different blocks.
        unsafe { ptr::copy_nonoverlapping(from, vec.as_mut_ptr(), len) };
        // SAFETY: the slots were written.
        unsafe { vec.set_len(len) };
        vec
    }
}

impl<T: Clone> Handle<T> {
    /// Clones of the elements in a buffer of their own with room for `cap`.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn copied(&self, cap: usize) -> UniqueVec<T> {
        UniqueVec::cloned_from(self.as_slice(), cap)
    }
}

/// Elements `[front, back)` of a block, which nobody else touches, on their way out from both ends (M1).
/// Whoever holds this drops what is left, by [`Outgoing::skip`].
pub(crate) struct Outgoing<T> {
    /// Slot 0 of a block that does not move while elements are left.
    start: NonNull<T>,
    front: usize,
    back: usize,
    owns: PhantomData<T>,
}

// SAFETY: it owns these elements as a `Vec` does.
unsafe impl<T: Send> Send for Outgoing<T> {}
// SAFETY: as above; `&Outgoing` gives `&T` and no more.
unsafe impl<T: Sync> Sync for Outgoing<T> {}

impl<T> Outgoing<T> {
    /// The elements of `range`.
    ///
    /// # Safety
    ///
    /// M1: they are elements of `vec` that its length no longer covers, and nobody else touches them. Its
    /// block stays where it is until they are gone.
    #[inline]
    pub(super) unsafe fn new(vec: &mut UniqueVec<T>, range: Range<usize>) -> Self {
        Self { start: vec.slot_0(), front: range.start, back: range.end, owns: PhantomData }
    }

    /// Slot `index` of the block.
    ///
    /// # Safety
    ///
    /// `index` is at most the capacity.
    #[inline]
    unsafe fn slot(&self, index: usize) -> *mut T {
        // SAFETY: B1: within the block.
        unsafe { self.start.add(index) }.as_ptr()
    }

    /// The elements still to come.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: B1: `front` is at most `back`, and that at most the capacity.
        let first = unsafe { self.slot(self.front) };
        // SAFETY: M1: `[front, back)` is initialised and this engine's; the pointer of an empty range
        // is aligned and not null.
        unsafe { slice::from_raw_parts(first, self.back - self.front) }
    }

    /// [`Outgoing::as_slice`], to change them.
    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: B1: as `as_slice`.
        let first = unsafe { self.slot(self.front) };
        // SAFETY: M1: as `as_slice`, and held by `&mut`.
        unsafe { slice::from_raw_parts_mut(first, self.back - self.front) }
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<T> {
        if self.front == self.back {
            return None;
        }
        // SAFETY: M1: below `back`.
        let slot = unsafe { self.slot(self.front) };
        self.front += 1;
        // SAFETY: M1: `front` has passed it, so it is moved out once.
        Some(unsafe { slot.read() })
    }

    #[inline]
    pub(crate) fn next_back(&mut self) -> Option<T> {
        if self.front == self.back {
            return None;
        }
        self.back -= 1;
        // SAFETY: M1: at or above `front`.
        let slot = unsafe { self.slot(self.back) };
        // SAFETY: M1: no longer in the range, so it is moved out once.
        Some(unsafe { slot.read() })
    }

    /// Drops the next `count` elements, or as many as there are.
    #[inline]
    pub(crate) fn skip(&mut self, count: usize) {
        let (front, count) = (self.front, count.min(self.back - self.front));
        self.front += count;
        self.discard(front, count);
    }

    /// Drops the last `count` elements, or as many as there are.
    #[inline]
    pub(crate) fn skip_back(&mut self, count: usize) {
        let count = count.min(self.back - self.front);
        self.back -= count;
        self.discard(self.back, count);
    }

    /// Drops `count` slots from `first` on, which the range has just lost.
    #[inline]
    fn discard(&mut self, first: usize, count: usize) {
        if mem::needs_drop::<T>() && count > 0 {
            // SAFETY: M1: within the block.
            let first = unsafe { self.slot(first) };
            // SAFETY: M1, B8: initialised, and no longer in the range.
            unsafe { ptr::slice_from_raw_parts_mut(first, count).drop_in_place() };
        }
    }
}

/// The elements of a unique buffer on their way out, and the buffer.
pub(crate) struct MoveOut<T> {
    elements: Outgoing<T>,
    /// Owns the block; its length is 0 (M1).
    _vec: UniqueVec<T>,
}

impl<T> MoveOut<T> {
    #[inline]
    pub(crate) fn new(mut vec: UniqueVec<T>) -> Self {
        let len = vec.len();
        // SAFETY: M1: this engine owns the elements from here.
        unsafe { vec.set_len(0) };
        // SAFETY: M1: just given up; the vector is kept, and not touched.
        let elements = unsafe { Outgoing::new(&mut vec, 0..len) };
        Self { elements, _vec: vec }
    }
}

impl<T> Deref for MoveOut<T> {
    type Target = Outgoing<T>;

    #[inline]
    fn deref(&self) -> &Outgoing<T> {
        &self.elements
    }
}

impl<T> DerefMut for MoveOut<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Outgoing<T> {
        &mut self.elements
    }
}

impl<T> Drop for MoveOut<T> {
    #[inline]
    fn drop(&mut self) {
        self.skip(usize::MAX);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_insert(index: usize, len: usize) -> ! {
    panic!("insertion index (is {index}) should be <= len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_remove(index: usize, len: usize) -> ! {
    panic!("removal index (is {index}) should be < len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_split(at: usize, len: usize) -> ! {
    panic!("`at` split index (is {at}) should be <= len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_swap_remove(index: usize, len: usize) -> ! {
    panic!("swap_remove index (is {index}) should be < len (is {len})");
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;

    #[test]
    fn many_elements_begin_at_a_line_of_registers() {
        fn check<T: Copy>(value: T) {
            for before in 0..20 {
                let mut vec = UniqueVec::with_capacity(200);
                (0..before).for_each(|_| vec.push(value));
                let next = vec.as_ptr().addr() + before * size_of::<T>();
                let appender = Appender::new(&mut vec);
                assert_eq!(appender.to_register_line(63), 0, "not worth it");
                for count in [64, 100] {
                    let lead = appender.to_register_line(count);
                    assert_eq!((next + lead * size_of::<T>()) % 16, 0, "{before} before {count}");
                    assert!(lead * size_of::<T>() < 16);
                }
            }
        }
        check(1_u8);
        check(1_u16);
        check(1_u32);
    }
}
