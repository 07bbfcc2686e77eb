//! Edits of many elements. On a shared buffer each builds its result in one pass, and clones only what
//! survives.

use core::iter;
use core::mem;
use core::ops::RangeBounds;

use super::{CowVec, Drain, ExtractIf, Splice, UniqueVec, make_room};
use crate::panics::bad_split;
use crate::range;

impl<T: Clone> CowVec<T> {
    /// Keeps the elements for which `keep` is true, in order.
    ///
    /// Unique: O(n), drops the others. Clones the buffer if it is shared and an element goes; then only
    /// what is kept is cloned, in one pass. If none goes, or only a tail does, nothing is cloned.
    ///
    /// # Panics
    ///
    /// If `keep` or, on a shared buffer, a clone panics. A shared vector is then as it was; a unique one
    /// has lost only elements that `keep` had rejected.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3, 4];
    /// v.retain(|n| n % 2 == 0);
    /// assert_eq!(v, [2, 4]);
    /// ```
    #[track_caller]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        if let Some(unique) = self.get_unique() {
            return unique.retain(keep);
        }
        let Some(first_gone) = self.iter().position(|element| !keep(element)) else { return };
        let rest = self[first_gone + 1..].iter().filter(|element| keep(element));
        match self.survivors(first_gone, rest) {
            Some(result) => *self = result.into_shared(),
            None => self.handle.shorten(first_gone),
        }
    }

    /// Clones of the first `head` elements and then of `rest`, of which fewer are left than there were;
    /// `None` if there is no rest.
    #[track_caller]
    fn survivors<'a>(
        &'a self,
        head: usize,
        mut rest: impl Iterator<Item = &'a T>,
    ) -> Option<UniqueVec<T>> {
        let next = rest.next()?;
        let mut result = UniqueVec::with_capacity(self.len() - 1);
        result.extend_from_slice(&self[..head]);
        result.push(next.clone());
        for element in rest {
            result.push(element.clone());
        }
        Some(result)
    }

    /// Keeps the elements for which `keep` is true, in order; it may change them.
    ///
    /// Unique: O(n), drops the others. Clones the buffer if it is shared: each element just before `keep`
    /// is shown it.
    ///
    /// # Panics
    ///
    /// If `keep` or, on a shared buffer, a clone panics. A shared vector is then as it was; a unique one
    /// has lost only elements that `keep` had rejected.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// v.retain_mut(|n| {
    ///     *n *= 2;
    ///     *n > 2
    /// });
    /// assert_eq!(v, [4, 6]);
    /// ```
    #[track_caller]
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        match self.get_unique() {
            Some(unique) => unique.retain_mut(keep),
            None => self.extract_if(.., |element| !keep(element)).for_each(drop),
        }
    }

    /// Drops all but the first of each run of equal elements.
    ///
    /// Unique: O(n). Clones the buffer if it is shared and an element goes; then only what is kept is
    /// cloned, in one pass. If none goes, or only a tail does, nothing is cloned.
    ///
    /// # Panics
    ///
    /// If a comparison or, on a shared buffer, a clone panics. A shared vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 1, 2, 1];
    /// v.dedup();
    /// assert_eq!(v, [1, 2, 1]);
    /// ```
    #[track_caller]
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        if let Some(unique) = self.get_unique() {
            return unique.dedup();
        }
        let equal_to_next = |pair: &[T]| pair[1] == pair[0];
        let Some(mut last) = self.windows(2).position(equal_to_next) else { return };
        let (head, this) = (last + 1, &*self);
        let rest = (head + 1..this.len()).filter_map(|index| {
            let same = this[index] == this[last];
            (!same).then(|| {
                last = index;
                &this[index]
            })
        });
        match this.survivors(head, rest) {
            Some(result) => *self = result.into_shared(),
            None => self.handle.shorten(head),
        }
    }

    /// Drops all but the first of each run of elements with equal keys.
    ///
    /// Unique: O(n). Clones the buffer if it is shared: each element just before `key` is shown it.
    ///
    /// # Panics
    ///
    /// If `key`, a comparison or, on a shared buffer, a clone panics. A shared vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![10, 11, 20];
    /// v.dedup_by_key(|n| *n / 10);
    /// assert_eq!(v, [10, 20]);
    /// ```
    #[track_caller]
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&mut T) -> K) {
        self.dedup_by(|element, last| key(element) == key(last));
    }

    /// Drops each element for which `same` is true of it and the last one kept; it may change both.
    ///
    /// Unique: O(n). Clones the buffer if it is shared: each element just before `same` is shown it.
    ///
    /// # Panics
    ///
    /// If `same` or, on a shared buffer, a clone panics. A shared vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!["a", "A", "b"];
    /// v.dedup_by(|element, last| element.eq_ignore_ascii_case(last));
    /// assert_eq!(v, ["a", "b"]);
    /// ```
    #[track_caller]
    pub fn dedup_by(&mut self, mut same: impl FnMut(&mut T, &mut T) -> bool) {
        if let Some(unique) = self.get_unique() {
            return unique.dedup_by(same);
        }
        let [first, rest @ ..] = &self[..] else { return };
        if rest.is_empty() {
            return;
        }
        let mut result = UniqueVec::with_capacity(self.len());
        let mut last = first.clone();
        for element in rest {
            let mut element = element.clone();
            if !same(&mut element, &mut last) {
                result.push(mem::replace(&mut last, element));
            }
        }
        result.push(last);
        *self = result.into_shared();
    }

    /// Removes a range and returns its elements by an iterator.
    ///
    /// Unique: O(1), and O(n) when the iterator is dropped, with what it was not asked for; if it is
    /// leaked, the range and what is behind it are leaked too. Clones the buffer if it is shared: what
    /// stays is cloned at the call (nothing, if that is a prefix), and each removed element when it is
    /// asked for, the others never.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector. If a clone of what stays panics, the vector is as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3, 4];
    /// assert!(v.drain(1..3).eq([2, 3]));
    /// assert_eq!(v, [1, 4]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> Drain<'_, T> {
        let range = range::resolve(range, self.len());
        Drain::new(self, range)
    }

    /// Replaces a range by what an iterator yields, and returns the removed elements by an iterator,
    /// whose drop does the replacing.
    ///
    /// Unique: O(n) when it is dropped; if it is leaked, the range and what is behind it are leaked too.
    /// Clones the buffer if it is shared: what stays at the call, each removed element when it is asked
    /// for, the others never.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector. If a clone of what stays panics, the vector is as it was.
    /// When dropped, if the new capacity would exceed `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// assert!(v.splice(..2, [7, 8, 9]).eq([1, 2]));
    /// assert_eq!(v, [7, 8, 9, 3]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn splice<I: IntoIterator<Item = T>>(
        &mut self,
        range: impl RangeBounds<usize>,
        replace_with: I,
    ) -> Splice<'_, I::IntoIter> {
        let range = range::resolve(range, self.len());
        Splice::new(self, range, replace_with.into_iter())
    }

    /// Removes the elements of a range for which `extract` is true, and returns them by an iterator.
    ///
    /// Elements that it was not asked for stay. Unique: O(n). Clones the buffer if it is shared and an
    /// element is asked for: each just before `extract` is shown it, the others once each, and the
    /// vector moves on to them when the iterator is dropped.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, and if `extract` or, on a shared buffer, a clone panics. A
    /// shared vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3, 4];
    /// assert!(v.extract_if(.., |n| *n % 2 == 0).eq([2, 4]));
    /// assert_eq!(v, [1, 3]);
    /// ```
    #[track_caller]
    pub fn extract_if<F: FnMut(&mut T) -> bool>(
        &mut self,
        range: impl RangeBounds<usize>,
        extract: F,
    ) -> ExtractIf<'_, T, F> {
        let range = range::resolve(range, self.len());
        ExtractIf::new(self, range, extract)
    }

    /// Makes the vector `new_len` long, with clones of `value` at the end or without the last elements.
    ///
    /// O(elements appended or dropped), plus growth. Shared: without a copy if it only gets shorter, or
    /// if `T` has no drop glue and the slots after this vector's end are free; otherwise clones the
    /// buffer.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, a shared vector is as it
    /// was, and a unique one has the elements before it.
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

    /// Makes the vector `new_len` long, with what `fill` returns at the end or without the last elements.
    ///
    /// O(elements appended or dropped), plus growth. Shared: as [`resize`](CowVec::resize).
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If `fill` or a clone panics, a shared vector is
    /// as it was, and a unique one has the elements before it.
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

    /// Extends, a shared vector by all of `more` or nothing.
    #[track_caller]
    fn extend_whole(&mut self, more: impl Iterator<Item = T>) {
        if let Some(unique) = self.get_unique() {
            return unique.extend_iter(more);
        }
        let mut longer = self.clone();
        longer.extend(more);
        *self = longer;
    }

    /// Moves the elements from `at` on into a vector of their own.
    ///
    /// Unique: O(n - at), one allocation. Shared: clones what is returned and nothing else, or nothing at
    /// all if `at` is 0.
    ///
    /// # Panics
    ///
    /// If `at > len`. If a clone panics, the vector is as it was.
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

    /// Appends all elements of another vector, and leaves it empty.
    ///
    /// Unique, both: O(k) for its k elements, one `memcpy`. If the other one is shared, its elements are
    /// cloned. If this one is shared, as [`extend_from_slice`](CowVec::extend_from_slice). An empty
    /// vector with too little room becomes the other one, in O(1).
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, the other vector is as it
    /// was, and so is this one if it was shared.
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
            Some(theirs) if !self.handle.extend_claimed(theirs) => {
                make_room(&mut self.handle, theirs.len()).append(theirs);
            }
            Some(_) => other.clear(),
            None => {
                self.extend_from_slice(other);
                other.clear();
            }
        }
    }

    /// Appends clones of the elements of `range`.
    ///
    /// O(k) for k elements, plus growth. Shared: as [`extend_from_slice`](CowVec::extend_from_slice).
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, or the new capacity would exceed `isize::MAX` bytes. If a
    /// clone panics, a shared vector is as it was, and a unique one has the elements before it.
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

    /// Appends clones of all elements of a slice.
    ///
    /// O(k) amortised on a unique buffer, and on a shared one if `T` has no drop glue and the slots
    /// after this vector's end are still free. Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, a shared vector is as it
    /// was, and a unique one has the elements before it.
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
        if values.is_empty() || self.handle.extend_claimed(values) {
            return;
        }
        if let Some(unique) = self.get_unique() {
            return unique.extend_from_slice(values);
        }
        // Not into `self` as it grows: if a clone panics, it is to stay as it was.
        let needed = self.len().saturating_add(values.len());
        let mut result = self.handle.copied(self.handle.cap_for_copy(needed));
        result.extend_from_slice(values);
        *self = result.into_shared();
    }
}
