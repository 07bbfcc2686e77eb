//! `Drain`, the characters of a range that is being removed.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;
use core::str::Chars;

use super::CowString;

/// The characters of a range that is removed from a text when this is dropped; made by
/// [`CowString::drain`].
#[must_use = "use `.replace_range(range, \"\")` if you don't need the characters"]
pub struct Drain<'a> {
    text: &'a mut CowString,
    /// What is to be removed.
    range: Range<usize>,
    /// What is left of it to be asked for.
    rest: Range<usize>,
}

impl<'a> Drain<'a> {
    #[inline]
    pub(super) fn new(text: &'a mut CowString, range: Range<usize>) -> Self {
        Self { text, rest: range.clone(), range }
    }

    /// The characters not asked for yet, as a text.
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
        &self.text[self.rest.clone()]
    }

    #[inline]
    fn chars(&self) -> Chars<'_> {
        self.as_str().chars()
    }
}

impl Iterator for Drain<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        let c = self.chars().next()?;
        self.rest.start += c.len_utf8();
        Some(c)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chars().size_hint()
    }

    #[inline]
    fn last(mut self) -> Option<char> {
        self.next_back()
    }
}

impl DoubleEndedIterator for Drain<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<char> {
        let c = self.chars().next_back()?;
        self.rest.end -= c.len_utf8();
        Some(c)
    }
}

impl FusedIterator for Drain<'_> {}

impl Drop for Drain<'_> {
    #[inline]
    fn drop(&mut self) {
        self.text.text.splice(self.range.clone(), "");
    }
}

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
