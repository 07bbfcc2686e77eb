//! Appends many elements to a [`CowVec`], and splits it.

use core::iter;
use core::mem;
use core::ops::RangeBounds;

use super::CowVec;
use super::capacity::reserve_unique;
use crate::panics::bad_split;
use crate::range;

impl<T: Clone> CowVec<T> {
    /// Appends clones of all elements of a slice.
    ///
    /// O(k) amortised for k elements if unique, or if shared with the slots after this vector's end free and no drop
    /// glue in `T`. Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, a shared vector is unchanged, and a
    /// unique one keeps the elements appended before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1];
    /// v.extend_from_slice(&[2, 3]);
    /// assert_eq!(v, [1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        // A unique vector does not claim slots, because a claim would append no element if a clone panics.
        if let Some(unique) = self.get_unique() {
            return unique.extend_from_slice(values);
        }
        if values.is_empty() || self.handle.extend_claimed(values) {
            return;
        }
        // Builds the result apart from `self`, which stays unchanged if a clone panics.
        let needed = self.len().saturating_add(values.len());
        let mut result = self.handle.copied(self.handle.cap_for_copy(needed));
        result.extend_from_slice(values);
        *self = result.into_shared();
    }

    /// Appends clones of the elements of `range`.
    ///
    /// O(k) for k elements, plus growth. On a shared buffer as [`extend_from_slice`](CowVec::extend_from_slice).
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or the new capacity exceeds `isize::MAX` bytes. If a clone panics, a
    /// shared vector is unchanged, and a unique one keeps the elements appended before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// v.extend_from_within(1..);
    /// assert_eq!(v, [1, 2, 3, 2, 3]);
    /// ```
    #[track_caller]
    pub fn extend_from_within(&mut self, range: impl RangeBounds<usize>) {
        if let Some(unique) = self.get_unique() {
            return unique.extend_from_within(range);
        }
        let range = range::resolve(range, self.len());
        let source = self.clone();
        self.extend_from_slice(&source[range]);
    }

    /// Moves all elements of another vector to the end of this one.
    ///
    /// O(k) for k elements. Moves them by one `memcpy` if both vectors are unique. Clones them if the other vector is
    /// shared. If this one is shared, this costs as much as [`extend_from_slice`](CowVec::extend_from_slice). An empty
    /// vector with too little capacity becomes the other one, in O(1).
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, the other vector is unchanged, and so
    /// is this one if it was shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let (mut a, mut b) = (cow_vec![1, 2], cow_vec![3]);
    /// a.append(&mut b);
    /// assert_eq!(a, [1, 2, 3]);
    /// assert!(b.is_empty());
    /// ```
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() && self.capacity() < other.len() {
            *self = mem::take(other);
            return;
        }
        match other.get_unique() {
            Some(theirs) if self.is_unique() => self.make_unique().append(theirs),
            Some(theirs) if !self.handle.extend_claimed(theirs) => {
                reserve_unique(&mut self.handle, theirs.len()).append(theirs);
            }
            Some(_) => other.clear(),
            None => {
                self.extend_from_slice(other);
                other.clear();
            }
        }
    }

    /// Splits the vector in two at `at`, and returns the elements from `at` on.
    ///
    /// O(n - at), one allocation. If shared, clones the returned elements, or nothing if `at` is 0.
    ///
    /// # Panics
    ///
    /// Panics if `at > len`. If a clone panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// assert_eq!(v.split_off(1), [2, 3]);
    /// assert_eq!(v, [1]);
    /// ```
    #[must_use = "use `.truncate()` if you do not need the other half"]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        if let Some(unique) = self.get_unique() {
            return unique.split_off(at).into_shared();
        }
        if at == 0 {
            return mem::take(self);
        }
        let Some(rest) = self.get(at..) else { bad_split(at, self.len()) };
        let rest = Self::from(rest);
        self.handle.shorten(at);
        rest
    }

    /// Resizes the vector to `new_len` elements: appends clones of `value`, or truncates.
    ///
    /// O(k) for k appended or dropped elements, plus growth. Clones the buffer if it is shared. It does not if
    /// `new_len <= len`, or if `T` has no drop glue and the slots after this vector's end are free.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, a shared vector is unchanged, and a
    /// unique one keeps the elements appended before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1];
    /// v.resize(3, 0);
    /// assert_eq!(v, [1, 0, 0]);
    /// v.resize(2, 0);
    /// assert_eq!(v, [1, 0]);
    /// ```
    #[track_caller]
    pub fn resize(&mut self, new_len: usize, value: T) {
        match new_len.checked_sub(self.len()) {
            Some(more) => self.extend_whole(iter::repeat_n(value, more)),
            None => self.truncate(new_len),
        }
    }

    /// Resizes the vector to `new_len` elements: appends results of `fill`, or truncates.
    ///
    /// O(k) for k appended or dropped elements, plus growth. On a shared buffer as [`resize`](CowVec::resize).
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If `fill` or a clone panics, a shared vector is
    /// unchanged, and a unique one keeps the elements appended before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let (mut v, mut n) = (cow_vec![0], 0);
    /// v.resize_with(3, || {
    ///     n += 1;
    ///     n
    /// });
    /// assert_eq!(v, [0, 1, 2]);
    /// ```
    #[track_caller]
    pub fn resize_with(&mut self, new_len: usize, fill: impl FnMut() -> T) {
        match new_len.checked_sub(self.len()) {
            Some(more) => self.extend_whole(iter::repeat_with(fill).take(more)),
            None => self.truncate(new_len),
        }
    }

    /// Appends the elements of `more`. Leaves a shared vector unchanged if `more` or a clone panics.
    #[track_caller]
    fn extend_whole(&mut self, more: impl Iterator<Item = T>) {
        if let Some(unique) = self.get_unique() {
            return unique.extend_iter(more);
        }
        let mut longer = self.clone();
        longer.extend(more);
        *self = longer;
    }
}
