//! [`IntoChars`], the iterator over characters that owns its text.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

use super::CowString;

impl CowString {
    /// Converts the string into an iterator over its characters.
    ///
    /// O(1), shared or not.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// fn letters(word: CowString) -> impl Iterator<Item = char> {
    ///     word.into_chars().filter(|c| c.is_alphabetic())
    /// }
    /// assert_eq!(letters("a-ß-c".into()).collect::<String>(), "aßc");
    /// ```
    #[inline]
    pub fn into_chars(self) -> IntoChars {
        IntoChars { rest: 0..self.len(), text: self }
    }
}

/// An iterator over the characters of a [`CowString`], which it owns.
///
/// This struct is created by [`CowString::into_chars`].
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let mut chars = CowString::from("añb").into_chars();
/// assert_eq!((chars.next(), chars.next_back()), (Some('a'), Some('b')));
/// assert_eq!(chars.as_str(), "ñ");
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct IntoChars {
    text: CowString,
    /// The remaining characters. The range lies on character boundaries.
    rest: Range<usize>,
}

impl IntoChars {
    /// Returns the remaining characters as a `str`.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut chars = CowString::from("abc").into_chars();
    /// assert_eq!(chars.next_back(), Some('c'));
    /// assert_eq!(chars.as_str(), "ab");
    /// ```
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text[self.rest.clone()]
    }

    /// Returns the remaining characters as a string that shares the buffer.
    ///
    /// Costs as much as [`CowString::slice`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut chars = CowString::from("longer than fifteen bytes").into_chars();
    /// assert_eq!(chars.nth(6), Some(' '));
    /// assert_eq!(chars.into_string(), "than fifteen bytes");
    /// ```
    #[inline]
    #[must_use]
    pub fn into_string(self) -> CowString {
        self.text.slice(self.rest)
    }
}

impl Iterator for IntoChars {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        let c = self.as_str().chars().next()?;
        self.rest.start += c.len_utf8();
        Some(c)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.as_str().chars().size_hint()
    }

    #[inline]
    fn count(self) -> usize {
        self.as_str().chars().count()
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

impl DoubleEndedIterator for IntoChars {
    #[inline]
    fn next_back(&mut self) -> Option<char> {
        let c = self.as_str().chars().next_back()?;
        self.rest.end -= c.len_utf8();
        Some(c)
    }

    #[inline]
    fn rfold<A, F: FnMut(A, char) -> A>(self, first: A, f: F) -> A {
        self.as_str().chars().rfold(first, f)
    }
}

impl FusedIterator for IntoChars {}

impl fmt::Debug for IntoChars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoChars").field(&self.as_str()).finish()
    }
}
