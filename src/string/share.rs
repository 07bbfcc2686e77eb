//! Parts of a text that share its buffer, each under a name that says so.

use core::ops::RangeBounds;
use core::str::{Lines, SplitAsciiWhitespace, SplitWhitespace};

use super::{CharPattern, CowString, Pattern, SharedParts};

/// Parts of the text that share its buffer.
///
/// Each finds what the method of `str` finds, and hands it out as [`slice`](CowString::slice) does: O(1)
/// beyond the search, with up to 15 bytes inline. On unique, shared and static text alike nothing else
/// is copied. For what has no name here there is [`slice_ref`](CowString::slice_ref).
impl CowString {
    /// The text of a range of bytes, which shares this one's buffer.
    ///
    /// O(1): one atomic increment, none for static text. Up to 15 bytes become inline and share
    /// nothing; a longer slice keeps the whole buffer alive. In a buffer of more than 512 MiB, a slice
    /// that begins past the first 512 MiB is a copy, and so is one that does not begin at 0 where the
    /// buffer has 4 GiB or more.
    ///
    /// # Panics
    ///
    /// If the range is not within the text, or cuts a character.
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

    /// [`slice`](CowString::slice), or `None` if the range is not within the text or cuts a character.
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

    /// The part of this text that `part` borrows, sharing the buffer: from a `&str` back to a string.
    ///
    /// O(1), as [`slice`](CowString::slice), whatever method of `str` found the part. An empty part may
    /// come from anywhere.
    ///
    /// # Panics
    ///
    /// If `part` does not stand within this very text, but for instance within an equal one.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("key = the value, of some length");
    /// let value = text.rsplit("= ").next().unwrap();
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

    /// [`slice_ref`](CowString::slice_ref), or `None` if `part` does not stand within this text.
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

    /// A part that `str` found in this text.
    #[inline]
    pub(super) fn share(&self, part: &str) -> Self {
        Self { text: self.text.share(part) }
    }

    /// Two parts that `str` found in this text.
    #[inline]
    fn share_both(&self, (first, second): (&str, &str)) -> (Self, Self) {
        (self.share(first), self.share(second))
    }

    /// The parts between the matches of a pattern, as `str::split` gives them, sharing the buffer.
    ///
    /// O(1) to make; a step costs what [`SharedParts`] says. From both ends if the pattern is not a text.
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
        SharedParts::new(self, P::split(pattern, self))
    }

    /// [`split_shared`](CowString::split_shared) from the end, as `str::rsplit`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("usr/lib/a library of some length");
    /// assert_eq!(text.rsplit_shared('/').next().unwrap(), "a library of some length");
    /// ```
    #[inline]
    pub fn rsplit_shared<P: Pattern>(&self, pattern: P) -> SharedParts<'_, P::RSplit<'_>> {
        SharedParts::new(self, P::rsplit(pattern, self))
    }

    /// [`split_shared`](CowString::split_shared) into at most `n` parts, as `str::splitn`: the last is what is left.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("GET /a/path of some length HTTP/1.1");
    /// let parts: Vec<CowString> = text.splitn_shared(2, ' ').collect();
    /// assert_eq!(parts, ["GET", "/a/path of some length HTTP/1.1"]);
    /// ```
    #[inline]
    pub fn splitn_shared<P: Pattern>(
        &self,
        n: usize,
        pattern: P,
    ) -> SharedParts<'_, P::SplitN<'_>> {
        SharedParts::new(self, P::splitn(pattern, self, n))
    }

    /// [`rsplit_shared`](CowString::rsplit_shared) into at most `n` parts, as `str::rsplitn`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("an archive of some length.tar.gz");
    /// let parts: Vec<CowString> = text.rsplitn_shared(2, '.').collect();
    /// assert_eq!(parts, ["gz", "an archive of some length.tar"]);
    /// ```
    #[inline]
    pub fn rsplitn_shared<P: Pattern>(
        &self,
        n: usize,
        pattern: P,
    ) -> SharedParts<'_, P::RSplitN<'_>> {
        SharedParts::new(self, P::rsplitn(pattern, self, n))
    }

    /// [`split_shared`](CowString::split_shared) without a last part that is empty, as `str::split_terminator`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("first();second();");
    /// let parts: Vec<CowString> = text.split_terminator_shared(';').collect();
    /// assert_eq!(parts, ["first()", "second()"]);
    /// ```
    #[inline]
    pub fn split_terminator_shared<P: Pattern>(
        &self,
        pattern: P,
    ) -> SharedParts<'_, P::SplitTerminator<'_>> {
        SharedParts::new(self, P::split_terminator(pattern, self))
    }

    /// [`split_terminator_shared`](CowString::split_terminator_shared) from the end, as `str::rsplit_terminator`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("first();second();");
    /// let parts: Vec<CowString> = text.rsplit_terminator_shared(';').collect();
    /// assert_eq!(parts, ["second()", "first()"]);
    /// ```
    #[inline]
    pub fn rsplit_terminator_shared<P: Pattern>(
        &self,
        pattern: P,
    ) -> SharedParts<'_, P::RSplitTerminator<'_>> {
        SharedParts::new(self, P::rsplit_terminator(pattern, self))
    }

    /// [`split_shared`](CowString::split_shared) with the match at the end of each part, as `str::split_inclusive`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("one line\nand the next\n");
    /// let parts: Vec<CowString> = text.split_inclusive_shared('\n').collect();
    /// assert_eq!(parts, ["one line\n", "and the next\n"]);
    /// ```
    #[inline]
    pub fn split_inclusive_shared<P: Pattern>(
        &self,
        pattern: P,
    ) -> SharedParts<'_, P::SplitInclusive<'_>> {
        SharedParts::new(self, P::split_inclusive(pattern, self))
    }

    /// The words of the text, as `str::split_whitespace` gives them, sharing the buffer.
    ///
    /// O(1) to make; a step costs what [`SharedParts`] says.
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
        SharedParts::new(self, self.split_whitespace())
    }

    /// The words of the text between ASCII white space, as `str::split_ascii_whitespace` gives them, sharing the
    /// buffer.
    ///
    /// O(1) to make; a step costs what [`SharedParts`] says.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from(" a\tb\u{2003}c ");
    /// assert_eq!(text.split_ascii_whitespace_shared().collect::<Vec<_>>(), ["a", "b\u{2003}c"]);
    /// ```
    #[inline]
    pub fn split_ascii_whitespace_shared(&self) -> SharedParts<'_, SplitAsciiWhitespace<'_>> {
        SharedParts::new(self, self.split_ascii_whitespace())
    }

    /// The lines of the text, as `str::lines` gives them, sharing the buffer.
    ///
    /// O(1) to make; a step costs what [`SharedParts`] says.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("a line of its own length\r\nshort\n");
    /// let lines: Vec<CowString> = text.lines_shared().collect();
    /// assert_eq!(lines, ["a line of its own length", "short"]);
    /// assert_eq!(text.strong_count(), 2); // the text and its first line
    /// ```
    #[inline]
    pub fn lines_shared(&self) -> SharedParts<'_, Lines<'_>> {
        SharedParts::new(self, self.lines())
    }

    /// What is before and after the first match of a pattern, as `str::split_once`, sharing the buffer.
    ///
    /// O(n) to find it; then O(1).
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
        Some(self.share_both(P::split_once(delimiter, self)?))
    }

    /// What is before and after the last match of a pattern, as `str::rsplit_once`, sharing the buffer.
    ///
    /// O(n) to find it; then O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("a folder of some length/a file of some length");
    /// let (folder, file) = text.rsplit_once_shared('/').unwrap();
    /// assert_eq!((&*folder, &*file), ("a folder of some length", "a file of some length"));
    /// ```
    #[inline]
    #[must_use]
    pub fn rsplit_once_shared<P: Pattern>(&self, delimiter: P) -> Option<(Self, Self)> {
        Some(self.share_both(P::rsplit_once(delimiter, self)?))
    }

    /// What is before and from a byte on, as `str::split_at`, sharing the buffer.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// If `mid` is past the end, or cuts a character.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("longer than fifteen bytes, and in halves");
    /// let (first, second) = text.split_at_shared(27);
    /// assert_eq!((&*first, &*second), ("longer than fifteen bytes, ", "and in halves"));
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn split_at_shared(&self, mid: usize) -> (Self, Self) {
        self.share_both(self.split_at(mid))
    }

    /// The text without a prefix, as `str::strip_prefix`, sharing the buffer; `None` if it does not begin so.
    ///
    /// O(length of the prefix).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("file:///a/path/of/some/length");
    /// assert_eq!(text.strip_prefix_shared("file://").unwrap(), "/a/path/of/some/length");
    /// assert_eq!(text.strip_prefix_shared('/'), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn strip_prefix_shared<P: Pattern>(&self, prefix: P) -> Option<Self> {
        Some(self.share(P::strip_prefix(prefix, self)?))
    }

    /// The text without a suffix, as `str::strip_suffix`, sharing the buffer; `None` if it does not end so.
    ///
    /// O(length of the suffix).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("a file of some length.txt");
    /// assert_eq!(text.strip_suffix_shared(".txt").unwrap(), "a file of some length");
    /// assert_eq!(text.strip_suffix_shared('.'), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn strip_suffix_shared<P: Pattern>(&self, suffix: P) -> Option<Self> {
        Some(self.share(P::strip_suffix(suffix, self)?))
    }

    /// The text without white space at its ends, as `str::trim`, sharing the buffer.
    ///
    /// O(white space).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("  longer than fifteen bytes\n");
    /// let trimmed = text.trim_shared();
    /// assert_eq!(trimmed, "longer than fifteen bytes");
    /// assert_eq!(text.strong_count(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_shared(&self) -> Self {
        self.share(self.trim())
    }

    /// The text without white space at its start, as `str::trim_start`, sharing the buffer.
    ///
    /// O(white space).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("  longer than fifteen bytes\n");
    /// assert_eq!(text.trim_start_shared(), "longer than fifteen bytes\n");
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_start_shared(&self) -> Self {
        self.share(self.trim_start())
    }

    /// The text without white space at its end, as `str::trim_end`, sharing the buffer.
    ///
    /// O(white space).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("  longer than fifteen bytes\n");
    /// assert_eq!(text.trim_end_shared(), "  longer than fifteen bytes");
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_end_shared(&self) -> Self {
        self.share(self.trim_end())
    }

    /// The text without matches of a pattern at its ends, as `str::trim_matches`, sharing the buffer.
    ///
    /// O(what is cut).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("\"'a quoted piece of some length'\"");
    /// assert_eq!(text.trim_matches_shared(['\'', '"']), "a quoted piece of some length");
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_matches_shared<P: CharPattern>(&self, pattern: P) -> Self {
        self.share(P::trim_matches(pattern, self))
    }

    /// The text without matches of a pattern at its start, as `str::trim_start_matches`, sharing the buffer.
    ///
    /// O(what is cut).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("## a heading of some length ##");
    /// assert_eq!(text.trim_start_matches_shared('#'), " a heading of some length ##");
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_start_matches_shared<P: Pattern>(&self, pattern: P) -> Self {
        self.share(P::trim_start_matches(pattern, self))
    }

    /// The text without matches of a pattern at its end, as `str::trim_end_matches`, sharing the buffer.
    ///
    /// O(what is cut).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("## a heading of some length ##");
    /// assert_eq!(text.trim_end_matches_shared('#'), "## a heading of some length ");
    /// ```
    #[inline]
    #[must_use]
    pub fn trim_end_matches_shared<P: Pattern>(&self, pattern: P) -> Self {
        self.share(P::trim_end_matches(pattern, self))
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_a_part() -> ! {
    panic!("the part does not stand within this text");
}
