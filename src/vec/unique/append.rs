//! Appends many elements to a [`UniqueVec`], and splits it.
//!
//! [`SetLenOnDrop`] writes elements past the length and stores the length when it is dropped, so that a panic of
//! user code loses no element.
#![expect(unsafe_code, reason = "writes to slots that the length does not cover")]

use alloc::vec::Vec;
use core::iter;
use core::mem;
use core::ops::RangeBounds;
use core::ptr;

use super::UniqueVec;
use crate::panics::bad_split;
use crate::range;

/// Writes elements past the length of a vector, and sets the length when it is dropped (M1, B8).
struct SetLenOnDrop<'a, T> {
    vec: &'a mut UniqueVec<T>,
    /// The address of slot 0, which the compiler would otherwise load again after each write.
    start: *mut T,
    /// The number of initialised slots.
    len: usize,
}

impl<'a, T> SetLenOnDrop<'a, T> {
    fn new(vec: &'a mut UniqueVec<T>) -> Self {
        let (start, len) = (vec.as_mut_ptr(), vec.len());
        Self { vec, start, len }
    }

    /// Returns how many of the next `count` elements lie before a 16-byte boundary.
    ///
    /// Slot 0 lies 8 bytes past such a boundary on 64-bit targets, and vector stores that straddle cache lines take
    /// longer. Returns 0 if alignment does not pay.
    #[inline]
    fn slots_to_alignment(&self, count: usize) -> usize {
        const WORTH: usize = 64;
        if count < WORTH || !matches!(size_of::<T>(), 1 | 2 | 4 | 8) {
            return 0;
        }
        let next = self.start.wrapping_add(self.len);
        (next.addr().wrapping_neg() % 16) / size_of::<T>()
    }

    /// Writes the next `count` elements of an iterator. Returns `false` if it ended early.
    ///
    /// A loop with a counter needs no check of the capacity, and vectorises if the iterator does. It does not trust
    /// the iterator's size hint.
    ///
    /// # Safety
    ///
    /// * The vector has capacity for `len + count` elements.
    #[inline]
    unsafe fn fill(&mut self, iter: &mut impl Iterator<Item = T>, count: usize) -> bool {
        for _ in 0..count {
            let Some(value) = iter.next() else { return false };
            // SAFETY: the caller reserved capacity for `count` elements.
            unsafe { self.write(value) };
        }
        true
    }

    /// Writes an element to the next slot.
    ///
    /// # Safety
    ///
    /// * The vector has capacity for `len + 1` elements.
    #[inline]
    unsafe fn write(&mut self, value: T) {
        // SAFETY: the slot lies below the capacity (B1), and neither length covers it (B5).
        unsafe { self.start.add(self.len).write(value) };
        self.len += 1;
    }
}

impl<T> Drop for SetLenOnDrop<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: slots `[0, len)` were written (M1).
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
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, the elements before it
    /// stay appended.
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
        // SAFETY: the capacity was reserved.
        unsafe { self.extend_reserved(values) };
    }

    /// Appends clones of the elements of `range`.
    ///
    /// O(k) for k elements, plus growth.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or the new capacity exceeds `isize::MAX` bytes. If a
    /// clone panics, the elements before it stay appended.
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
        let mut guard = SetLenOnDrop::new(self);
        for index in range {
            // SAFETY: `index` lies below the length that the vector had, so the slot is initialised (B2).
            let value = unsafe { &*guard.start.add(index) }.clone();
            // SAFETY: the capacity was reserved.
            unsafe { guard.write(value) };
        }
    }

    /// Moves all elements of another vector to the end of this one. The other keeps its capacity.
    ///
    /// O(k) for k elements, one `memcpy`, plus growth.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. Both vectors are then unchanged.
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
        // SAFETY: the elements are initialised (B2) and lie in the block of `other`, which gives them up.
        unsafe {
            self.append_moved(other.as_ptr(), more);
            other.set_len(0);
        }
    }

    /// Splits the vector in two at `at`, and returns the elements from `at` on.
    ///
    /// O(n - at), one allocation and one `memcpy`. This vector keeps its capacity.
    ///
    /// # Panics
    ///
    /// Panics if `at > len`.
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
        // SAFETY: the elements from `at` on are initialised (B2). They lie in the block of this vector, not in that of
        // `rest`, and this vector gives them up.
        unsafe {
            rest.append_moved(from, len - at);
            self.set_len(at);
        }
        rest
    }

    /// Resizes the vector to `new_len` elements: appends clones of `value`, or truncates.
    ///
    /// O(k) for k appended or dropped elements, plus growth.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, the elements before it
    /// stay appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// v.resize(3, 0);
    /// assert_eq!(v, [1, 0, 0]);
    /// v.resize(2, 0);
    /// assert_eq!(v, [1, 0]);
    /// ```
    #[track_caller]
    pub fn resize(&mut self, new_len: usize, value: T)
    where
        T: Clone,
    {
        match new_len.checked_sub(self.len()) {
            Some(more) => self.extend_iter(iter::repeat_n(value, more)),
            None => self.truncate(new_len),
        }
    }

    /// Resizes the vector to `new_len` elements: appends results of `fill`, or truncates.
    ///
    /// O(k) for k appended or dropped elements, plus growth.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If `fill` panics, the elements before stay
    /// appended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let (mut v, mut n) = (UniqueVec::from([0]), 0);
    /// v.resize_with(3, || {
    ///     n += 1;
    ///     n
    /// });
    /// assert_eq!(v, [0, 1, 2]);
    /// ```
    #[track_caller]
    pub fn resize_with(&mut self, new_len: usize, fill: impl FnMut() -> T) {
        match new_len.checked_sub(self.len()) {
            Some(more) => self.extend_iter(iter::repeat_with(fill).take(more)),
            None => self.truncate(new_len),
        }
    }

    /// Clones the elements of a slice into a new vector, with a capacity of at least `cap`.
    #[inline]
    #[track_caller]
    pub(crate) fn cloned_from(values: &[T], cap: usize) -> Self
    where
        T: Clone,
    {
        let mut this = Self::with_capacity(cap.max(values.len()));
        // SAFETY: the capacity is at least the length of `values`.
        unsafe { this.extend_reserved(values) };
        this
    }

    /// Like [`UniqueVec::extend_from_slice`], without a check of the capacity.
    ///
    /// # Safety
    ///
    /// * The vector has capacity for all of `values`.
    #[inline]
    unsafe fn extend_reserved(&mut self, values: &[T])
    where
        T: Clone,
    {
        let mut guard = SetLenOnDrop::new(self);
        for value in values {
            let value = value.clone();
            // SAFETY: the caller reserved capacity for all of `values`.
            unsafe { guard.write(value) };
        }
    }

    /// Appends the elements of an iterator, after reserving its lower size hint.
    #[inline]
    #[track_caller]
    pub(crate) fn extend_iter(&mut self, iter: impl Iterator<Item = T>) {
        let (announced, _) = iter.size_hint();
        self.reserve(announced);
        // SAFETY: the capacity was reserved.
        unsafe { self.extend_announced(iter, announced) };
    }

    /// Collects an iterator into a new vector, which starts with the capacity of its lower size hint.
    #[inline]
    #[track_caller]
    pub(crate) fn collected(iter: impl Iterator<Item = T>) -> Self {
        let (announced, _) = iter.size_hint();
        let mut this = Self::with_capacity(announced);
        // SAFETY: the capacity is at least `announced`.
        unsafe { this.extend_announced(iter, announced) };
        this
    }

    /// Like [`UniqueVec::extend_iter`], without a check of the capacity for the first `announced` elements.
    ///
    /// # Safety
    ///
    /// * The vector has capacity for `announced` more elements.
    #[inline]
    #[track_caller]
    unsafe fn extend_announced(&mut self, mut iter: impl Iterator<Item = T>, announced: usize) {
        let mut guard = SetLenOnDrop::new(self);
        let lead = guard.slots_to_alignment(announced);
        // Has a branch for `lead == 0`, where the compiler sees that an iterator such as a range ends after
        // `announced` elements. It then removes the iterator's own check, and the last loop.
        let filled = if lead == 0 {
            // SAFETY: the caller reserved capacity for `announced` elements.
            unsafe { guard.fill(&mut iter, announced) }
        } else {
            // SAFETY: the two numbers add up to `announced`, for which the caller reserved capacity.
            unsafe { guard.fill(&mut iter, lead) && guard.fill(&mut iter, announced - lead) }
        };
        drop(guard);
        if filled {
            for value in iter {
                self.push(value);
            }
        }
    }

    /// Moves `count` elements at `from` to the end of this vector.
    ///
    /// # Safety
    ///
    /// * The elements are initialised and lie outside the block of this vector; `from` may be any pointer if `count`
    ///   is 0.
    /// * The caller gives them up before anything else runs.
    #[track_caller]
    unsafe fn append_moved(&mut self, from: *const T, count: usize) {
        if count == 0 {
            return;
        }
        self.reserve(count);
        let len = self.len();
        // SAFETY: there are `count` elements at `from` and `count` reserved slots here, in different blocks. The slots
        // are initialised when the length covers them (B2).
        unsafe {
            ptr::copy_nonoverlapping(from, self.slot(len), count);
            self.set_len(len + count);
        }
    }

    /// Moves all elements of a `Vec` to the end of this vector.
    #[track_caller]
    pub(crate) fn append_vec(&mut self, other: &mut Vec<T>) {
        let more = other.len();
        // SAFETY: the elements are initialised and lie in the buffer of `other`, which gives them up.
        unsafe {
            self.append_moved(other.as_ptr(), more);
            other.set_len(0);
        }
    }

    /// Moves the next `count` elements of a `Vec`'s iterator to the end of this vector.
    ///
    /// # Panics
    ///
    /// Panics if the iterator has fewer elements.
    #[track_caller]
    pub(crate) fn append_next(&mut self, other: &mut alloc::vec::IntoIter<T>, count: usize) {
        assert!(count <= other.len(), "the iterator has enough elements");
        // SAFETY: the elements are initialised and lie in the buffer of `other`, which gives them up by `forget`.
        unsafe { self.append_moved(other.as_slice().as_ptr(), count) };
        other.by_ref().take(count).for_each(mem::forget);
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;

    #[test]
    fn slots_to_alignment_ends_at_a_16_byte_boundary() {
        fn check<T: Copy>(value: T) {
            for before in 0..20 {
                let mut vec = UniqueVec::with_capacity(200);
                (0..before).for_each(|_| vec.push(value));
                let next = vec.as_ptr().addr() + before * size_of::<T>();
                let guard = SetLenOnDrop::new(&mut vec);
                assert_eq!(guard.slots_to_alignment(63), 0, "a short append is not aligned");
                for count in [64, 100] {
                    let lead = guard.slots_to_alignment(count);
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
