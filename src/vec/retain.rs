//! Keeps some elements of a [`CowVec`] and removes the others: `retain`, `dedup`, `extract_if`.
//!
//! On a shared buffer each method builds its result in one pass, and clones only the elements that stay.

use core::fmt;
use core::iter::FusedIterator;
use core::mem;
use core::ops::{Range, RangeBounds};

use super::{CowVec, UniqueVec, unique};
use crate::range;

impl<T: Clone> CowVec<T> {
    /// Retains only the elements for which `keep` returns `true`.
    ///
    /// O(n). Visits each element once, in order. Clones the buffer if it is shared, but only the elements that stay,
    /// and nothing if all removed elements are at the end.
    ///
    /// # Panics
    ///
    /// Panics if `keep` or, on a shared buffer, a clone panics. A shared vector is then unchanged. A unique one has
    /// lost only elements that `keep` had rejected.
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
        let Some(kept) = self.iter().position(|element| !keep(element)) else { return };
        let rest = self[kept + 1..].iter().filter(|element| keep(element));
        match self.clone_kept(kept, rest) {
            Some(result) => *self = result.into_shared(),
            None => self.handle.shorten(kept),
        }
    }

    /// Clones the first `head` elements and then `rest` into a new vector, or returns `None` if `rest` is empty.
    #[track_caller]
    fn clone_kept<'a>(
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

    /// Retains only the elements for which `keep` returns `true`, passing a mutable reference to each.
    ///
    /// O(n). Visits each element once, in order. Clones the buffer if it is shared: each element before it is visited.
    ///
    /// # Panics
    ///
    /// Panics if `keep` or, on a shared buffer, a clone panics. A shared vector is then unchanged. A unique one has
    /// lost only elements that `keep` had rejected.
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

    /// Removes consecutive repeated elements.
    ///
    /// O(n). Clones the buffer if it is shared, but only the elements that stay, and nothing if all removed elements
    /// are at the end.
    ///
    /// # Panics
    ///
    /// Panics if a comparison or, on a shared buffer, a clone panics. A shared vector is then unchanged.
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
        match this.clone_kept(head, rest) {
            Some(result) => *self = result.into_shared(),
            None => self.handle.shorten(head),
        }
    }

    /// Removes all but the first of consecutive elements with the same key.
    ///
    /// O(n). Clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// Panics if `key`, a comparison or, on a shared buffer, a clone panics. A shared vector is then unchanged.
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

    /// Removes each element for which `same` returns `true`, given that element and the last one that was kept.
    ///
    /// O(n). Clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// Panics if `same` or, on a shared buffer, a clone panics. A shared vector is then unchanged.
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

    /// Creates an iterator that removes the elements of `range` for which `extract` returns `true`.
    ///
    /// O(n). Elements that the iterator has not visited when it is dropped stay in the vector. Clones the buffer if it
    /// is shared and an element is visited. The vector then changes when the iterator is dropped.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds, or if `extract` or, on a shared buffer, a clone panics. A shared vector is
    /// then unchanged.
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
}

/// An iterator that removes elements of a [`CowVec`]; made by [`CowVec::extract_if`].
///
/// # Examples
///
/// ```
/// use cow_collections::cow_vec;
///
/// let mut v = cow_vec![1, 2, 3, 4];
/// let mut even = v.extract_if(.., |n| *n % 2 == 0);
/// assert_eq!(even.next(), Some(2));
/// drop(even); // the elements that it did not reach stay
/// assert_eq!(v, [1, 3, 4]);
/// ```
#[must_use = "iterators are lazy; use `retain_mut` if you do not need the elements"]
pub struct ExtractIf<'a, T, F> {
    source: Extract<'a, T, F>,
}

enum Extract<'a, T, F> {
    Unique(unique::ExtractIf<'a, T, F>),
    Shared(ExtractCopy<'a, T>, F),
}

impl<'a, T: Clone, F: FnMut(&mut T) -> bool> ExtractIf<'a, T, F> {
    pub(super) fn new(vec: &'a mut CowVec<T>, range: Range<usize>, extract: F) -> Self {
        let source = if vec.is_unique() {
            Extract::Unique(vec.make_unique().extract_if(range, extract))
        } else {
            Extract::Shared(ExtractCopy::new(vec, range), extract)
        };
        Self { source }
    }
}

impl<T: Clone, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'_, T, F> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match &mut self.source {
            Extract::Unique(unique) => unique.next(),
            Extract::Shared(copy, extract) => copy.next(extract),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.source {
            Extract::Unique(unique) => unique.size_hint(),
            Extract::Shared(copy, _) => (0, Some(copy.range.len())),
        }
    }
}

impl<T: Clone, F: FnMut(&mut T) -> bool> FusedIterator for ExtractIf<'_, T, F> {}

impl<T: fmt::Debug, F> fmt::Debug for ExtractIf<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractIf").finish_non_exhaustive()
    }
}

/// Copies a shared vector without the extracted elements. Its drop replaces the vector by the copy.
struct ExtractCopy<'a, T> {
    vec: &'a mut CowVec<T>,
    copy: UniqueVec<T>,
    /// `UniqueVec::extend_from_slice` for the drop, which cannot require `T: Clone` unless the public [`ExtractIf`]
    /// does.
    append: fn(&mut UniqueVec<T>, &[T]),
    /// The elements still to be visited.
    range: Range<usize>,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    /// No element was visited. The vector keeps its buffer.
    Start,
    /// A clone or the closure runs. If it panics, the vector keeps its buffer.
    Visiting,
    /// The last visit returned.
    Visited,
}

impl<'a, T: Clone> ExtractCopy<'a, T> {
    fn new(vec: &'a mut CowVec<T>, range: Range<usize>) -> Self {
        let append = UniqueVec::extend_from_slice;
        Self { vec, copy: UniqueVec::new(), append, range, state: State::Start }
    }

    /// Returns the next element for which `extract` returns `true`, and copies those before it.
    ///
    /// After a panic, the next call visits the same element again.
    fn next(&mut self, extract: &mut impl FnMut(&mut T) -> bool) -> Option<T> {
        while self.range.start < self.range.end {
            if self.state == State::Start {
                self.copy.clear();
                self.copy.reserve_exact(self.vec.len());
                self.copy.extend_from_slice(&self.vec[..self.range.start]);
            }
            self.state = State::Visiting;
            let mut element = self.vec[self.range.start].clone();
            let extracted = extract(&mut element);
            self.state = State::Visited;
            self.range.start += 1;
            if extracted {
                return Some(element);
            }
            self.copy.push(element);
        }
        None
    }
}

impl<T> Drop for ExtractCopy<'_, T> {
    fn drop(&mut self) {
        if self.state == State::Visited {
            let rest = &self.vec[self.range.start..];
            (self.append)(&mut self.copy, rest);
            *self.vec = mem::take(&mut self.copy).into_shared();
        }
    }
}
