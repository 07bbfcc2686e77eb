//! Arguments that lie: ranges, iterators, closures, readers of text, hashers and writers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::Hasher;
use std::ops::{Bound, RangeBounds};

use cow_collections::CowVec;

use crate::element::{Elem, shown};
use crate::script::{Ask, answer, call};

/// The range `1..3`, or others.
#[derive(Clone, Copy)]
pub struct Span;

impl RangeBounds<usize> for Span {
    fn start_bound(&self) -> Bound<&usize> {
        use Bound::{Excluded, Included, Unbounded};
        const MAX: &usize = &usize::MAX;
        answer(
            Ask::Start,
            &[Included(&1), Included(&0), Included(&100), Included(MAX), Excluded(MAX), Unbounded],
        )
    }

    fn end_bound(&self) -> Bound<&usize> {
        use Bound::{Excluded, Included, Unbounded};
        const MAX: &usize = &usize::MAX;
        answer(
            Ask::End,
            &[Excluded(&3), Excluded(&0), Excluded(&100), Included(MAX), Excluded(MAX), Unbounded],
        )
    }
}

/// An iterator over `make(n)` for numbers from `next` on. It lies about its length and its end.
pub struct Coming<A> {
    next: u8,
    end: u8,
    make: fn(u8) -> A,
}

/// Yields three elements with the numbers 11 to 13, or others.
pub fn items<T: Elem>() -> Coming<T> {
    coming(T::of)
}

/// Yields `make` of 11, 12 and 13, or of other numbers.
pub fn coming<A>(make: fn(u8) -> A) -> Coming<A> {
    Coming { next: 11, end: 14, make }
}

/// A value that converts into a vector of [`items`].
pub(crate) struct Becomes;

impl<T: Elem> From<Becomes> for CowVec<T> {
    fn from(_: Becomes) -> Self {
        items().collect()
    }
}

impl<A> Coming<A> {
    fn take(&mut self) -> Option<A> {
        // The iterator must end at some point.
        let more = match answer(Ask::Next, &[0, 1, 2]) {
            0 => self.next < self.end,
            1 => false,
            _ => self.next < 40,
        };
        more.then(|| {
            self.next += 1;
            (self.make)(self.next - 1)
        })
    }

    /// Splits this into two iterators. The first one ends after `count` numbers.
    #[cfg(all(feature = "rayon", not(miri)))]
    pub fn cut(self, count: usize) -> (Self, Self) {
        let middle = self.end.min(self.next + count.min(30) as u8);
        (Self { end: middle, ..self }, Self { next: middle, ..self })
    }

    fn left(&self) -> usize {
        self.end.saturating_sub(self.next).into()
    }
}

impl<A> Iterator for Coming<A> {
    type Item = A;

    fn next(&mut self) -> Option<A> {
        self.take()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (left, max) = (self.left(), usize::MAX);
        answer(
            Ask::Hint,
            &[
                (left, Some(left)),
                (0, None),
                (0, Some(0)),
                (1, Some(1)),
                (left + 70, Some(left + 70)),
                (left + 2, Some(0)),
                (max, Some(max)),
                (max - 5, None),
            ],
        )
    }
}

impl<A> DoubleEndedIterator for Coming<A> {
    fn next_back(&mut self) -> Option<A> {
        self.take()
    }
}

impl<A> ExactSizeIterator for Coming<A> {
    fn len(&self) -> usize {
        let left = self.left();
        answer(Ask::Len, &[left, 0, 1, left + 70, usize::MAX])
    }
}

/// Returns `honest` or a lie, as the result of a closure.
pub fn yes(honest: bool) -> bool {
    answer(Ask::Yes, &[honest, true, false])
}

/// Compares two elements, or lies.
pub fn order<T: Elem>(a: &T, b: &T) -> Ordering {
    let honest = a.number().cmp(&b.number());
    answer(Ask::Order, &[honest, Ordering::Less, Ordering::Greater, Ordering::Equal])
}

/// A text that may be another one each time.
#[derive(Clone, Copy)]
pub struct View;

impl AsRef<str> for View {
    fn as_ref(&self) -> &str {
        answer(Ask::View, &["ab", "", "é", "a text that is longer than what fits inline"])
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shown(f, "ab")?;
        shown(f, "é")
    }
}

/// A hasher that may panic, and returns arbitrary hashes.
pub struct Digest;

impl Hasher for Digest {
    fn write(&mut self, _: &[u8]) {
        call();
    }

    fn finish(&self) -> u64 {
        answer(Ask::Hash, &[0, u64::MAX])
    }
}

/// A text writer that fails at times.
pub struct Sink;

impl fmt::Write for Sink {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        if answer(Ask::Write, &[true, false]) { Ok(()) } else { Err(fmt::Error) }
    }
}

/// Writes a value's debug form to a [`Sink`].
pub fn show(value: &dyn fmt::Debug) {
    use fmt::Write;
    _ = write!(Sink, "{value:?}");
    _ = write!(Sink, "{value:#?}");
}

/// Folds all items by a closure that may panic.
pub fn folded<A>(iter: impl Iterator<Item = A>) {
    iter.fold((), |(), _| call());
}

/// Folds all items from the back by a closure that may panic.
pub fn rfolded<A>(iter: impl DoubleEndedIterator<Item = A>) {
    iter.rfold((), |(), _| call());
}

/// Folds items by closures that may end the fold or panic, from the front and from the back, and drops the
/// iterator.
pub fn tried<A>(mut iter: impl DoubleEndedIterator<Item = A>) {
    let mut left = 2;
    _ = iter.try_fold((), |(), _| {
        left -= 1;
        yes(left > 0).then_some(())
    });
    _ = iter.try_rfold((), |(), _| yes(true).then_some(()));
}
