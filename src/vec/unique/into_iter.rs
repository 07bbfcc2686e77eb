//! The face of [`UniqueVec`], and its iterators; what moves elements stands in `raw`.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::{Deref, DerefMut, Range, RangeBounds};

use alloc::boxed::Box;

use super::UniqueVec;
use crate::vec::unique::gap::{Cut, Gap};

use crate::range;
use crate::vec::CowVec;
use crate::vec::unique::moves::MoveOut;

/// What differs from `Vec` only by where the elements lie.
impl<T> UniqueVec<T> {
    /// Turns this into a [`CowVec`], whose clones share its buffer.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let a = UniqueVec::from([1, 2]).into_shared();
    /// assert!(a.ptr_eq(&a.clone()));
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "shareable")]
    pub fn into_shared(self) -> CowVec<T> {
        CowVec::from_handle(self.into_handle())
    }

    /// Moves the elements into a boxed slice.
    ///
    /// O(n): one allocation and one `memcpy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let boxed: Box<[u8]> = UniqueVec::from([1, 2]).into_boxed_slice();
    /// assert_eq!(*boxed, [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_boxed_slice(self) -> Box<[T]> {
        self.into_vec().into_boxed_slice()
    }

    /// Appends an element and lends it.
    ///
    /// O(1) amortised; O(n) when the buffer grows.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::new();
    /// *v.push_mut(1) += 1;
    /// assert_eq!(v, [2]);
    /// ```
    #[inline]
    #[must_use = "`push` appends without lending"]
    #[track_caller]
    pub fn push_mut(&mut self, value: T) -> &mut T {
        let index = self.len();
        self.push(value);
        &mut self[index]
    }

    /// Inserts an element at `index`, shifts those after it to the right, and lends it.
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
    /// v.insert_mut(1, 'x').make_ascii_uppercase();
    /// assert_eq!(v, ['a', 'X', 'c']);
    /// ```
    #[inline]
    #[must_use = "`insert` inserts without lending"]
    #[track_caller]
    pub fn insert_mut(&mut self, index: usize, element: T) -> &mut T {
        self.insert(index, element);
        &mut self[index]
    }

    /// Removes the last element and returns it if `predicate` is true of it, which may change it.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// assert_eq!(v.pop_if(|n| *n > 1), Some(2));
    /// assert_eq!(v.pop_if(|n| *n > 1), None);
    /// ```
    #[inline]
    pub fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.last_mut()?) { self.pop() } else { None }
    }

    /// Removes all elements and keeps the capacity.
    ///
    /// O(n) drops.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// let capacity = v.capacity();
    /// v.clear();
    /// assert_eq!((v.len(), v.capacity()), (0, capacity));
    /// ```
    #[inline]
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Makes the vector `new_len` long, with clones of `value` at the end or without the last elements.
    ///
    /// O(elements appended or dropped), plus growth.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, those before it have been
    /// appended.
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
            Some(more) => self.extend_iter(core::iter::repeat_n(value, more)),
            None => self.truncate(new_len),
        }
    }

    /// Makes the vector `new_len` long, with what `fill` returns at the end or without the last elements.
    ///
    /// O(elements appended or dropped), plus growth.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If `fill` panics, what it returned before has
    /// been appended.
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
            Some(more) => self.extend_iter(core::iter::repeat_with(fill).take(more)),
            None => self.truncate(new_len),
        }
    }

    /// Keeps the elements for which `keep` is true, in order, and drops the others.
    ///
    /// O(n). `keep` sees each element once, in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3, 4]);
    /// v.retain(|n| n % 2 == 0);
    /// assert_eq!(v, [2, 4]);
    /// ```
    #[inline]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.retain_mut(|element| keep(element));
    }

    /// Keeps the elements for which `keep` is true, in order, and drops the others.
    ///
    /// O(n). `keep` sees each element once, in order, and may change it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// v.retain_mut(|n| {
    ///     *n *= 2;
    ///     *n > 2
    /// });
    /// assert_eq!(v, [4, 6]);
    /// ```
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        let mut gap = Gap::new(self, 0);
        while let Some(element) = gap.current() {
            if keep(element) {
                gap.keep();
            } else {
                gap.discard();
            }
        }
    }

    /// Drops all but the first of each run of equal elements.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 1, 2, 1]);
    /// v.dedup();
    /// assert_eq!(v, [1, 2, 1]);
    /// ```
    #[inline]
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.dedup_by(|element, last| element == last);
    }

    /// Drops all but the first of each run of elements with equal keys.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([10, 11, 20]);
    /// v.dedup_by_key(|n| *n / 10);
    /// assert_eq!(v, [10, 20]);
    /// ```
    #[inline]
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&mut T) -> K) {
        self.dedup_by(|element, last| key(element) == key(last));
    }

    /// Drops each element for which `same` is true of it and the last one kept.
    ///
    /// O(n). `same` may change both.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(["a", "A", "b"]);
    /// v.dedup_by(|element, last| element.eq_ignore_ascii_case(last));
    /// assert_eq!(v, ["a", "b"]);
    /// ```
    pub fn dedup_by(&mut self, mut same: impl FnMut(&mut T, &mut T) -> bool) {
        if self.len() < 2 {
            return;
        }
        let mut gap = Gap::new(self, 0);
        gap.keep();
        while let Some((element, last)) = gap.current_and_last() {
            if same(element, last) {
                gap.discard();
            } else {
                gap.keep();
            }
        }
    }

    /// Removes a range and returns its elements by an iterator; what the iterator was not asked for is
    /// dropped with it.
    ///
    /// O(1), and O(n) when the iterator is dropped, which closes the gap. If it is leaked, the range and
    /// what is behind it are leaked too.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3, 4]);
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
    /// O(n) when it is dropped: elements behind the range move at most three times. If it is leaked, the
    /// range and what is behind it are leaked too.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector, and when dropped, if the new capacity would exceed
    /// `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
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
    /// O(n). Elements that it was not asked for stay.
    ///
    /// # Panics
    ///
    /// If the range is not within the vector.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3, 4]);
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
        ExtractIf { sieve: Sieve::new(self, range), extract }
    }
}

impl<T> Deref for UniqueVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> DerefMut for UniqueVec<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

impl<T: Clone> Clone for UniqueVec<T> {
    /// Clones the elements into a buffer of their own. O(n); see [`UniqueVec::into_shared`] for clones
    /// in O(1).
    fn clone(&self) -> Self {
        Self::cloned_from(self, self.len())
    }
}

impl<T> Default for UniqueVec<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// `iterate!([generics] Type, Item, field)`: an exact, double-ended, fused iterator, and a slice of what
/// is to come, that forward to an engine.
macro_rules! iterate {
    ([$($generics:tt)*] $type:ty, $item:ty, $engine:ident) => {
        impl<$($generics)*> $type {
            /// The elements still to come.
            ///
            /// O(1).
            #[inline]
            #[must_use]
            pub fn as_slice(&self) -> &[$item] {
                self.$engine.as_slice()
            }
        }

        impl<$($generics)*> Iterator for $type {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                self.$engine.next()
            }

            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                let left = self.as_slice().len();
                (left, Some(left))
            }

            #[inline]
            fn nth(&mut self, n: usize) -> Option<$item> {
                self.$engine.skip(n);
                self.$engine.next()
            }

            #[inline]
            fn count(self) -> usize {
                self.len()
            }
        }

        impl<$($generics)*> DoubleEndedIterator for $type {
            #[inline]
            fn next_back(&mut self) -> Option<$item> {
                self.$engine.next_back()
            }

            #[inline]
            fn nth_back(&mut self, n: usize) -> Option<$item> {
                self.$engine.skip_back(n);
                self.$engine.next_back()
            }
        }

        impl<$($generics)*> ExactSizeIterator for $type {}
        impl<$($generics)*> FusedIterator for $type {}
    };
}

/// The elements of a [`UniqueVec`] by value; made by its `into_iter`.
pub struct IntoIter<T> {
    elements: MoveOut<T>,
}

impl<T> IntoIter<T> {
    #[inline]
    pub(in crate::vec) fn new(vec: UniqueVec<T>) -> Self {
        Self { elements: MoveOut::new(vec) }
    }

    /// The elements still to come, to change before they do.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut elements = UniqueVec::from([1, 2]).into_iter();
    /// elements.as_mut_slice()[0] = 5;
    /// assert!(elements.eq([5, 2]));
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.elements.as_mut_slice()
    }
}

impl<T> AsRef<[T]> for IntoIter<T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Clone> Clone for IntoIter<T> {
    /// Clones the elements still to come.
    fn clone(&self) -> Self {
        UniqueVec::from_iter(self.as_slice().iter().cloned()).into_iter()
    }
}

impl<T> Default for IntoIter<T> {
    /// Nothing to come.
    fn default() -> Self {
        Self::new(UniqueVec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for IntoIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.as_slice()).finish()
    }
}

iterate!([T] IntoIter<T>, T, elements);

/// The elements that [`UniqueVec::drain`] removes.
#[must_use = "dropping it at once removes the range; `truncate` or `clear` may say that better"]
pub struct Drain<'a, T> {
    cut: Cut<'a, T>,
}

impl<'a, T> Drain<'a, T> {
    #[inline]
    pub(in crate::vec) fn new(vec: &'a mut UniqueVec<T>, range: Range<usize>) -> Self {
        Self { cut: Cut::new(vec, range) }
    }
}

impl<T> AsRef<[T]> for Drain<'_, T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for Drain<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Drain").field(&self.as_slice()).finish()
    }
}

iterate!(['a, T] Drain<'a, T>, T, cut);

/// The elements that [`UniqueVec::splice`] removes. Its drop puts the replacement in their place.
#[must_use = "the replacement happens when it is dropped"]
pub struct Splice<'a, I: Iterator> {
    cut: Cut<'a, I::Item>,
    with: I,
}

impl<'a, I: Iterator> Splice<'a, I> {
    #[inline]
    pub(in crate::vec) fn new(
        vec: &'a mut UniqueVec<I::Item>,
        range: Range<usize>,
        with: I,
    ) -> Self {
        Self { cut: Cut::new(vec, range), with }
    }
}

impl<I: Iterator> Drop for Splice<'_, I> {
    #[track_caller]
    fn drop(&mut self) {
        self.cut.replace(&mut self.with);
    }
}

impl<I: Iterator<Item: fmt::Debug>> fmt::Debug for Splice<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Splice").field(&self.as_slice()).finish()
    }
}

iterate!(['a, I: Iterator] Splice<'a, I>, I::Item, cut);

/// The elements that [`UniqueVec::extract_if`] removes.
#[must_use = "iterators are lazy; `retain_mut` removes without giving anything back"]
pub struct ExtractIf<'a, T, F> {
    sieve: Sieve<'a, T>,
    extract: F,
}

impl<T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'_, T, F> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.sieve.next(&mut self.extract)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.sieve.left()))
    }
}

impl<T, F: FnMut(&mut T) -> bool> FusedIterator for ExtractIf<'_, T, F> {}

impl<T: fmt::Debug, F> fmt::Debug for ExtractIf<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractIf").finish_non_exhaustive()
    }
}

/// The part of a vector that is still to be sifted.
pub(in crate::vec) struct Sieve<'a, T> {
    gap: Gap<'a, T>,
    left: usize,
}

impl<'a, T> Sieve<'a, T> {
    pub(in crate::vec) fn new(vec: &'a mut UniqueVec<T>, range: Range<usize>) -> Self {
        Self { gap: Gap::new(vec, range.start), left: range.len() }
    }

    #[inline]
    pub(in crate::vec) fn left(&self) -> usize {
        self.left
    }

    /// The next element for which `extract` is true; keeps those before it.
    pub(in crate::vec) fn next(&mut self, mut extract: impl FnMut(&mut T) -> bool) -> Option<T> {
        while self.left > 0 {
            let extracted = extract(self.gap.current()?);
            self.left -= 1;
            if extracted {
                return Some(self.gap.take());
            }
            self.gap.keep();
        }
        None
    }
}
