//! The iterator over parts of a text that share its buffer.

use core::fmt;
use core::iter::FusedIterator;

use super::CowString;

/// Parts of a text, each sharing its buffer: what [`CowString::split_shared`],
/// [`CowString::lines_shared`] and their like give. `I` is the iterator of `str` that finds the parts.
///
/// Each step costs what it does for `str`, plus what [`CowString::slice`] says: up to 15 bytes are
/// copied and share nothing, longer parts cost an atomic increment and keep the buffer alive.
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let text = CowString::from("name=an entry of some length;flag;name=another of some length");
/// let mut parts = text.split_shared(';');
/// assert_eq!(parts.next().unwrap(), "name=an entry of some length");
/// assert_eq!(parts.next_back().unwrap(), "name=another of some length");
/// assert_eq!(parts.next().unwrap(), "flag");
/// assert_eq!(parts.next(), None);
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy"]
pub struct SharedParts<'a, I> {
    whole: &'a CowString,
    parts: I,
}

impl<'a, I> SharedParts<'a, I> {
    #[inline]
    pub(super) fn new(whole: &'a CowString, parts: I) -> Self {
        Self { whole, parts }
    }
}

impl<'a, I: Iterator<Item = &'a str>> Iterator for SharedParts<'a, I> {
    type Item = CowString;

    #[inline]
    fn next(&mut self) -> Option<CowString> {
        let part = self.parts.next()?;
        Some(self.whole.share(part))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.parts.size_hint()
    }

    #[inline]
    fn count(self) -> usize {
        self.parts.count()
    }

    #[inline]
    fn last(self) -> Option<CowString> {
        let part = self.parts.last()?;
        Some(self.whole.share(part))
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<CowString> {
        let part = self.parts.nth(n)?;
        Some(self.whole.share(part))
    }
}

impl<'a, I: DoubleEndedIterator<Item = &'a str>> DoubleEndedIterator for SharedParts<'a, I> {
    #[inline]
    fn next_back(&mut self) -> Option<CowString> {
        let part = self.parts.next_back()?;
        Some(self.whole.share(part))
    }

    #[inline]
    fn nth_back(&mut self, n: usize) -> Option<CowString> {
        let part = self.parts.nth_back(n)?;
        Some(self.whole.share(part))
    }
}

impl<'a, I: FusedIterator<Item = &'a str>> FusedIterator for SharedParts<'a, I> {}

/// The parts that are left.
impl<'a, I: Iterator<Item = &'a str> + Clone> fmt::Debug for SharedParts<'a, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.clone()).finish()
    }
}
