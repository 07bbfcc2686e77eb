//! Iterators that take elements out of the middle of a [`CowVec`]: out of its buffer if that is unique,
//! else out of the old one, while the vector moves on to a copy of what stays.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

use super::iter::{Cloning, Source, iterate};
use super::{CowVec, UniqueVec, unique};
use crate::raw::handle::Handle;

/// The elements that [`CowVec::drain`] removes.
#[must_use = "dropping it at once removes the range; `truncate` or `clear` may say that better"]
pub struct Drain<'a, T> {
    source: Source<unique::Drain<'a, T>, T>,
}

impl<'a, T: Clone> Drain<'a, T> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<T>, range: Range<usize>) -> Self {
        if !vec.is_unique() {
            let old = vec.cut(range.clone());
            return Self { source: Source::Cloning(Cloning::new(old, range)) };
        }
        Self { source: Source::Moving(unique::Drain::new(vec.make_unique(), range)) }
    }
}

impl<T> Drain<'_, T> {
    /// The elements still to come.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// let mut drained = v.drain(1..);
    /// drained.next();
    /// assert_eq!(drained.as_slice(), [3]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.source {
            Source::Moving(moving) => moving.as_slice(),
            Source::Cloning(cloning) => cloning.as_slice(),
        }
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

iterate!(['a, T: Clone] Drain<'a, T>, T, source);

/// The elements that [`CowVec::splice`] removes. Its drop puts the replacement in their place.
#[must_use = "the replacement happens when it is dropped"]
pub struct Splice<'a, I: Iterator> {
    /// The removed elements, if the buffer was shared.
    removed: Option<Cloning<I::Item>>,
    /// Removes nothing in that case.
    inner: unique::Splice<'a, I>,
}

impl<'a, I: Iterator<Item: Clone>> Splice<'a, I> {
    #[track_caller]
    pub(super) fn new(vec: &'a mut CowVec<I::Item>, range: Range<usize>, with: I) -> Self {
        if vec.is_unique() {
            let inner = unique::Splice::new(vec.make_unique(), range, with);
            return Self { removed: None, inner };
        }
        let old = vec.cut_out(range.clone());
        let inner = unique::Splice::new(vec.make_unique(), range.start..range.start, with);
        Self { removed: Some(Cloning::new(old, range)), inner }
    }
}

impl<I: Iterator<Item: Clone>> Iterator for Splice<'_, I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.next(),
            None => self.inner.next(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.removed.as_ref().map_or_else(|| self.inner.size_hint(), Cloning::size_hint)
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.nth(n),
            None => self.inner.nth(n),
        }
    }
}

impl<I: Iterator<Item: Clone>> DoubleEndedIterator for Splice<'_, I> {
    #[inline]
    fn next_back(&mut self) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.next_back(),
            None => self.inner.next_back(),
        }
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<I::Item> {
        match &mut self.removed {
            Some(removed) => removed.nth_back(n),
            None => self.inner.nth_back(n),
        }
    }
}

impl<I: Iterator<Item: Clone>> ExactSizeIterator for Splice<'_, I> {}
impl<I: Iterator<Item: Clone>> FusedIterator for Splice<'_, I> {}

impl<I: Iterator<Item: fmt::Debug>> fmt::Debug for Splice<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let removed = self.removed.as_ref().map_or(self.inner.as_slice(), Cloning::as_slice);
        f.debug_tuple("Splice").field(&removed).finish()
    }
}

/// An iterator that removes elements of a [`CowVec`]; made by [`CowVec::extract_if`].
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
            *self.vec = core::mem::take(&mut self.copy).into_shared();
        }
    }
}

impl<T: Clone> CowVec<T> {
    /// Removes `range` from a shared vector and returns the handle it had; copies only if elements stand
    /// behind a range that is not empty.
    #[track_caller]
    fn cut(&mut self, range: Range<usize>) -> Handle<T> {
        if !range.is_empty() && range.end < self.len() {
            return self.cut_out(range);
        }
        let old = self.handle.clone();
        self.handle.shorten(self.len() - range.len());
        old
    }

    /// Moves a shared vector on to a copy without `range`, and returns the handle it had.
    #[track_caller]
    fn cut_out(&mut self, range: Range<usize>) -> Handle<T> {
        let (head, rest) = (&self[..range.start], &self[range.end..]);
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(self.len()));
        result.extend_from_slice(head);
        result.extend_from_slice(rest);
        core::mem::replace(&mut self.handle, result.into_handle())
    }
}
