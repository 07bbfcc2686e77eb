//! [`Drain`], the iterator over the characters of a range that is removed.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

use super::CowString;
use super::edit::RANGE;
use super::utf8::DrainGuard;

/// A draining iterator over the characters of a range of a [`CowString`].
///
/// This struct is created by [`CowString::drain`]. The range is removed when the iterator is dropped.
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let mut s = CowString::from("key=value");
/// let key: String = s.drain(..3).collect();
/// assert_eq!((key.as_str(), s.as_str()), ("key", "=value"));
/// ```
pub struct Drain<'a>(DrainGuard<'a>);

impl<'a> Drain<'a> {
    #[inline]
    #[track_caller]
    pub(super) fn new(text: &'a mut CowString, range: Range<usize>) -> Self {
        Self(DrainGuard::new(&mut text.text, range, &RANGE))
    }

    /// Returns the remaining characters as a `str`.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("abcdef");
    /// let mut drain = s.drain(1..4);
    /// assert_eq!(drain.next(), Some('b'));
    /// assert_eq!(drain.as_str(), "cd");
    /// ```
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Iterator for Drain<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        self.0.next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.as_str().chars().size_hint()
    }

    #[inline]
    fn last(mut self) -> Option<char> {
        self.next_back()
    }

    #[inline]
    fn fold<A, F: FnMut(A, char) -> A>(self, first: A, f: F) -> A {
        self.as_str().chars().fold(first, f)
    }
}

impl DoubleEndedIterator for Drain<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<char> {
        self.0.next_back()
    }

    #[inline]
    fn rfold<A, F: FnMut(A, char) -> A>(self, first: A, f: F) -> A {
        self.as_str().chars().rfold(first, f)
    }
}

impl FusedIterator for Drain<'_> {}

impl AsRef<str> for Drain<'_> {
    #[inline]
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Drain<'_> {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.as_str().as_bytes()
    }
}

impl fmt::Debug for Drain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Drain").field(&self.as_str()).finish()
    }
}
