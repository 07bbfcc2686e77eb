//! Slices of a text that share its buffer, and [`SharedParts`], the iterator over several of them.
//!
//! Each method first finds a `&str` within the text, and then turns it into a `CowString` by its address.

use core::fmt;
use core::iter::FusedIterator;
use core::ops::RangeBounds;
use core::str::{Lines, SplitWhitespace};

use super::{CowString, Pattern};

/// Slices that share the buffer.
///
/// Each costs O(1) beyond the search, on unique, shared and static text alike. Slices of up to 15 bytes are
/// copied into the new string. Longer ones share the buffer, except in the two cases that
/// [`slice`](CowString::slice) names.
impl CowString {
    /// Returns the text of a range of bytes, which shares the buffer.
    ///
    /// O(1): one atomic increment, none for static text. Up to 15 bytes become inline and share nothing. A
    /// longer slice keeps the whole buffer alive.
    ///
    /// Two cases copy the slice. In a buffer of more than 512 MiB, a slice that begins past the first
    /// 512 MiB is a copy. In a buffer of 4 GiB or more, a slice that does not begin at 0 is a copy.
    ///
    /// # Panics
    ///
    /// Panics as indexing a `str` does, if the range is out of bounds or does not lie on character
    /// boundaries.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("the first line\nthe second line\n");
    /// let second = text.slice(15..30);
    /// assert_eq!(second, "the second line");
    /// assert!(second.is_inline());
    ///
    /// let longer = text.slice(10..);
    /// assert_eq!(longer.as_ptr(), text[10..].as_ptr()); // the same bytes
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        Self { text: self.text.slice(range) }
    }

    /// Returns what [`slice`](CowString::slice) does, or `None` if the range is out of bounds or does not
    /// lie on character boundaries.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("naïve");
    /// assert_eq!(text.try_slice(..4).as_deref(), Some("naï"));
    /// assert_eq!(text.try_slice(..3), None);
    /// assert_eq!(text.try_slice(4..9), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn try_slice(&self, range: impl RangeBounds<usize>) -> Option<Self> {
        Some(Self { text: self.text.try_slice(range)? })
    }

    /// Returns `part`, which borrows from this text, as a string that shares the buffer.
    ///
    /// Costs as much as [`slice`](CowString::slice). Any method of `str` may have found the part. An empty
    /// part may come from anywhere.
    ///
    /// # Panics
    ///
    /// Panics if `part` is not within the memory of this text, even if the texts are equal. A [slice](CowString::slice)
    /// of up to 15 bytes is a copy, so it is not within that memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("key = the value, of some length\n");
    /// let value = text.trim_end().strip_prefix("key = ").unwrap();
    /// let value = text.slice_ref(value);
    /// assert_eq!(value, "the value, of some length");
    /// assert_eq!(text.strong_count(), 2);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn slice_ref(&self, part: &str) -> Self {
        let Some(part) = self.try_slice_ref(part) else { not_a_part() };
        part
    }

    /// Returns what [`slice_ref`](CowString::slice_ref) does, or `None` if `part` is not within the memory
    /// of this text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("longer than fifteen bytes");
    /// assert!(text.try_slice_ref(&text[2..20]).is_some());
    /// assert!(text.try_slice_ref("longer").is_none());
    /// ```
    #[inline]
    #[must_use]
    pub fn try_slice_ref(&self, part: &str) -> Option<Self> {
        Some(Self { text: self.text.try_share(part)? })
    }

    /// Returns an iterator over `parts`, which borrow from this text, as strings that share the buffer.
    ///
    /// `parts` may come from any method of `str`, such as `rsplitn`, `split_inclusive` or `matches`. O(1);
    /// see [`SharedParts`] for the cost of a step.
    ///
    /// # Panics
    ///
    /// Panics at a step if the part is not within the memory of this text, as
    /// [`slice_ref`](CowString::slice_ref) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("an archive of some length.tar.gz");
    /// let parts: Vec<CowString> = text.share_all(text.rsplitn(2, '.')).collect();
    /// assert_eq!(parts, ["gz", "an archive of some length.tar"]);
    ///
    /// let words = text.match_indices(char::is_alphabetic).map(|(_, letter)| letter);
    /// assert_eq!(text.share_all(words).count(), 26);
    /// ```
    #[inline]
    pub fn share_all<'a, I>(&'a self, parts: I) -> SharedParts<'a, I::IntoIter>
    where
        I: IntoIterator<Item = &'a str>,
    {
        SharedParts { text: self, parts: parts.into_iter() }
    }

    /// Returns the parts between the matches of a pattern, as `str::split` does, sharing the buffer.
    ///
    /// O(1); see [`SharedParts`] for the cost of a step. Unless the pattern is a text, the iterator is
    /// double-ended.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("one entry of some length,,two");
    /// let entries: Vec<CowString> = text.split_shared(',').collect();
    /// assert_eq!(entries, ["one entry of some length", "", "two"]);
    /// assert_eq!(text.strong_count(), 2); // the text and its first entry
    /// ```
    #[inline]
    pub fn split_shared<P: Pattern>(&self, pattern: P) -> SharedParts<'_, P::Split<'_>> {
        self.share_all(P::split(pattern, self))
    }

    /// Returns the words of the text, as `str::split_whitespace` does, sharing the buffer.
    ///
    /// O(1); see [`SharedParts`] for the cost of a step.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("  a\tb\u{2003}c ");
    /// assert_eq!(text.split_whitespace_shared().collect::<Vec<_>>(), ["a", "b", "c"]);
    /// ```
    #[inline]
    pub fn split_whitespace_shared(&self) -> SharedParts<'_, SplitWhitespace<'_>> {
        self.share_all(self.split_whitespace())
    }

    /// Returns the lines of the text, as `str::lines` does, sharing the buffer.
    ///
    /// O(1); see [`SharedParts`] for the cost of a step.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("a line too long to be inline\r\nshort\n");
    /// let lines: Vec<CowString> = text.lines_shared().collect();
    /// assert_eq!(lines, ["a line too long to be inline", "short"]);
    /// assert_eq!(text.strong_count(), 2); // the text and its first line
    /// ```
    #[inline]
    pub fn lines_shared(&self) -> SharedParts<'_, Lines<'_>> {
        self.share_all(self.lines())
    }

    /// Returns the texts before and after the first match of a pattern, as `str::split_once` does, sharing
    /// the buffer.
    ///
    /// O(n) to find the match.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("key=a value of some length=");
    /// let (key, value) = text.split_once_shared('=').unwrap();
    /// assert_eq!((&*key, &*value), ("key", "a value of some length="));
    /// ```
    #[inline]
    #[must_use]
    pub fn split_once_shared<P: Pattern>(&self, delimiter: P) -> Option<(Self, Self)> {
        let (start, found) = P::match_indices(delimiter, self).next()?;
        Some((self.slice(..start), self.slice(start + found.len()..)))
    }

    /// Returns the text without white space at its ends, as `str::trim` does, sharing the buffer.
    ///
    /// O(k) for k bytes of white space.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("  longer than fifteen bytes\n");
    /// assert_eq!(text.trim_shared(), "longer than fifteen bytes");
    /// assert_eq!(text.strong_count(), 1); // the result was dropped
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_shared(&self) -> Self {
        self.slice_ref(self.trim())
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_a_part() -> ! {
    panic!("the part is not within this text");
}

/// An iterator over parts of a text that share its buffer.
///
/// This struct is created by [`CowString::share_all`], [`CowString::split_shared`],
/// [`CowString::lines_shared`] and [`CowString::split_whitespace_shared`]. `I` is the iterator that finds
/// the parts.
///
/// A step costs a step of `I` and a [`CowString::slice`]. Up to 15 bytes are copied. A longer part costs an atomic
/// increment and keeps the buffer alive.
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
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct SharedParts<'a, I> {
    text: &'a CowString,
    parts: I,
}

impl<'a, I: Iterator<Item = &'a str>> Iterator for SharedParts<'a, I> {
    type Item = CowString;

    // The methods use no closure, because a panic in a closure would not name the caller.
    #[inline]
    #[track_caller]
    fn next(&mut self) -> Option<CowString> {
        let part = self.parts.next()?;
        Some(self.text.slice_ref(part))
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
    #[track_caller]
    fn last(self) -> Option<CowString> {
        let part = self.parts.last()?;
        Some(self.text.slice_ref(part))
    }

    #[inline]
    #[track_caller]
    fn nth(&mut self, n: usize) -> Option<CowString> {
        let part = self.parts.nth(n)?;
        Some(self.text.slice_ref(part))
    }
}

impl<'a, I: DoubleEndedIterator<Item = &'a str>> DoubleEndedIterator for SharedParts<'a, I> {
    #[inline]
    #[track_caller]
    fn next_back(&mut self) -> Option<CowString> {
        let part = self.parts.next_back()?;
        Some(self.text.slice_ref(part))
    }

    #[inline]
    #[track_caller]
    fn nth_back(&mut self, n: usize) -> Option<CowString> {
        let part = self.parts.nth_back(n)?;
        Some(self.text.slice_ref(part))
    }
}

impl<'a, I: FusedIterator<Item = &'a str>> FusedIterator for SharedParts<'a, I> {}

impl<'a, I: Iterator<Item = &'a str> + Clone> fmt::Debug for SharedParts<'a, I> {
    /// Shows the parts that are left.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.clone()).finish()
    }
}
