//! The methods of `String` that change the text, and its mutable views.

use core::fmt;
use core::ops::{DerefMut, RangeBounds};

use super::CowString;
use super::drain::Drain;
use super::utf8::Messages;
use crate::range;

/// The messages of `String::drain` and `String::extend_from_within`.
pub(super) const RANGE: Messages = Messages {
    start: "assertion failed: self.is_char_boundary(start)",
    end: "assertion failed: self.is_char_boundary(end)",
};

/// The messages of `String::replace_range`.
const REPLACE_RANGE: Messages = Messages {
    start: "start of range should be a character boundary",
    end: "end of range should be a character boundary",
};

impl CowString {
    /// Returns the text as a mutable `str`. Clones the buffer if it is shared.
    ///
    /// O(1) if unique or inline; O(n) if shared or static. The copy reserves no capacity for more text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let a = CowString::from("longer than 15 bytes");
    /// let mut b = a.clone();
    /// b.make_mut().make_ascii_uppercase();
    /// assert_eq!(a, "longer than 15 bytes");
    /// assert_eq!(b, "LONGER THAN 15 BYTES");
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    #[doc(alias = "to_mut")]
    pub fn make_mut(&mut self) -> &mut str {
        self.text.make_mut()
    }

    /// Returns the text as a mutable `str`. Clones the buffer if it is shared.
    ///
    /// This is `String`'s name for [`make_mut`](CowString::make_mut), and costs the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("text");
    /// text.as_mut_str().make_ascii_uppercase();
    /// assert_eq!(text, "TEXT");
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn as_mut_str(&mut self) -> &mut str {
        self.make_mut()
    }

    /// Returns the text as a mutable `str`, or `None` if that needs a copy.
    ///
    /// It needs none if the text is inline or this is the only handle of its buffer. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut a = CowString::from("longer than 15 bytes");
    /// a.try_mut().unwrap().make_ascii_uppercase();
    /// let b = a.clone();
    /// assert!(a.try_mut().is_none());
    /// assert_eq!(b, "LONGER THAN 15 BYTES");
    /// ```
    #[inline]
    #[must_use]
    pub fn try_mut(&mut self) -> Option<&mut str> {
        if self.is_unique() { Some(self.make_mut()) } else { None }
    }

    /// Appends a character.
    ///
    /// O(1) amortised. On a shared buffer that holds if the bytes after the text are free; otherwise this
    /// clones the buffer. So a series of clone and push costs O(1) a step; see
    /// [sharing](crate::docs::sharing).
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("ab");
    /// s.push('ß');
    /// assert_eq!(s, "abß");
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, c: char) {
        self.text.push(c);
    }

    /// Appends a text.
    ///
    /// O(k) amortised for k bytes. On a shared buffer that holds if the bytes after the text are free;
    /// otherwise this clones the buffer.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut log = vec![CowString::from("started a log of everything;")];
    /// for step in [" read", " edit", " write"] {
    ///     let mut next = log.last().unwrap().clone();
    ///     next.push_str(step);
    ///     log.push(next); // all share one buffer
    /// }
    /// assert_eq!(log[2], "started a log of everything; read edit");
    /// ```
    #[inline]
    #[track_caller]
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Removes the last character and returns it, or `None` if the text is empty.
    ///
    /// O(1), without a copy. The text stays in its buffer, however short it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("aß");
    /// assert_eq!(s.pop(), Some('ß'));
    /// assert_eq!(s.pop(), Some('a'));
    /// assert_eq!(s.pop(), None);
    /// ```
    #[inline]
    pub fn pop(&mut self) -> Option<char> {
        self.text.pop()
    }

    /// Shortens the text to `new_len` bytes. Has no effect if the text is not longer.
    ///
    /// O(1), without a copy. The text stays in its buffer, however short it is. A shared buffer stays shared.
    ///
    /// # Panics
    ///
    /// Panics if `new_len` does not lie on a character boundary.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let a = CowString::from("longer than 15 bytes");
    /// let mut b = a.clone();
    /// b.truncate(6);
    /// assert_eq!((a.len(), b.as_str()), (20, "longer"));
    /// ```
    #[inline]
    #[track_caller]
    pub fn truncate(&mut self, new_len: usize) {
        self.text.truncate(new_len);
    }

    /// Removes all text.
    ///
    /// O(1). A unique string keeps its buffer and capacity; any other becomes inline.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("text");
    /// text.clear();
    /// assert_eq!(text, "");
    /// ```
    #[inline]
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Inserts a character at byte `at`. Clones the buffer if it is shared.
    ///
    /// O(n - at) if unique; O(n) if shared or static. At the end it costs as much as [`push`](CowString::push).
    ///
    /// # Panics
    ///
    /// Panics as `String::insert` does, if `at` is past the end or not on a character boundary, and if the
    /// new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("ß");
    /// s.insert(0, 'a');
    /// s.insert(3, 'c');
    /// assert_eq!(s, "aßc");
    /// ```
    #[inline]
    #[track_caller]
    pub fn insert(&mut self, at: usize, c: char) {
        self.text.insert_char(at, c);
    }

    /// Inserts a text at byte `at`. Clones the buffer if it is shared.
    ///
    /// O(n - at + k) for k bytes if unique; O(n + k) if shared or static. At the end it costs as much as
    /// [`push_str`](CowString::push_str).
    ///
    /// # Panics
    ///
    /// Panics as [`insert`](CowString::insert) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let first = CowString::from("a sentence");
    /// let mut second = first.clone();
    /// second.insert_str(2, "longer ");
    /// assert_eq!((&*first, &*second), ("a sentence", "a longer sentence"));
    /// ```
    #[inline]
    #[track_caller]
    pub fn insert_str(&mut self, at: usize, text: &str) {
        self.text.insert(at, text);
    }

    /// Removes the character at byte `at` and returns it. Clones the buffer if it is shared.
    ///
    /// O(n - at) if unique; O(n) if shared or static. Removing the first or the last character takes O(1) and
    /// copies nothing. The bytes before the text no longer count as [capacity](CowString::capacity).
    ///
    /// At most 512 MiB before the text stay unused. If removing the first character would leave more, this moves the
    /// text to the front of the buffer, or copies it if the buffer is shared. In a buffer of 4 GiB or more, removing
    /// the first character always moves or copies the text.
    ///
    /// # Panics
    ///
    /// Panics as `String::remove` does, if no character begins at `at`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("aßc");
    /// assert_eq!(s.remove(1), 'ß');
    /// assert_eq!(s, "ac");
    /// ```
    #[inline]
    #[track_caller]
    pub fn remove(&mut self, at: usize) -> char {
        let Some(c) = self.text.remove(at) else {
            panic!("cannot remove a char from the end of a string")
        };
        c
    }

    /// Retains only the characters for which `keep` returns `true`.
    ///
    /// O(n). Clones the buffer if it is shared or static, and copies only the characters that stay. Copies
    /// nothing if no character or only a suffix is removed.
    ///
    /// If `keep` panics, a shared or static text is unchanged. Any other text lacks at most the characters
    /// for which `keep` returned `false`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("f_o_ob_ar");
    /// s.retain(|c| c != '_');
    /// assert_eq!(s, "foobar");
    /// ```
    #[inline]
    #[track_caller]
    pub fn retain(&mut self, keep: impl FnMut(char) -> bool) {
        self.text.retain(keep);
    }

    /// Removes the text of a range and returns its characters as an iterator. Clones the buffer if it is
    /// shared.
    ///
    /// The whole range is removed when the iterator is dropped. If the iterator is leaked, nothing is removed.
    ///
    /// O(n - end) if unique; O(n) if shared or static. Removing a prefix or a suffix takes O(1) and copies
    /// nothing. The bytes before the text no longer count as [capacity](CowString::capacity).
    ///
    /// Removing a prefix moves or copies the text in two cases, as [`remove`](CowString::remove) says.
    ///
    /// # Panics
    ///
    /// Panics as `String::drain` does, if the range is out of bounds or does not lie on character boundaries.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("α is alpha, β is beta");
    /// let first: String = s.drain(..12).collect();
    /// assert_eq!((&*first, &*s), ("α is alpha,", " β is beta"));
    /// ```
    #[inline]
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> Drain<'_> {
        let range = range::resolve(range, self.len());
        Drain::new(self, range)
    }

    /// Replaces the text of a range with `with`, which may have another length. Clones the buffer if it is
    /// shared.
    ///
    /// O(n - end + k) for k bytes if unique; O(n + k) if shared or static. Does not clone the buffer if the range
    /// already has the text `with`. Replacing a range with nothing costs as much as [`drain`](CowString::drain).
    ///
    /// # Panics
    ///
    /// Panics as `String::replace_range` does, if the range is out of bounds or does not lie on character
    /// boundaries. Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("α is alpha, β is beta");
    /// s.replace_range(6..11, "the first");
    /// assert_eq!(s, "α is the first, β is beta");
    /// ```
    #[inline]
    #[track_caller]
    pub fn replace_range(&mut self, range: impl RangeBounds<usize>, with: &str) {
        let range = range::resolve(range, self.len());
        self.text.splice(range, with, &REPLACE_RANGE);
    }

    /// Splits the text in two at byte `at`, and returns the second part.
    ///
    /// O(n - at) if unique: the second part is a copy, and this string keeps its buffer. O(1) if shared or static: the
    /// second part is a [`slice`](CowString::slice). A second part of up to 15 bytes is inline.
    ///
    /// # Panics
    ///
    /// Panics as `String::split_off` does, if `at` is past the end or not on a character boundary.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut hello = CowString::from("Hello, World!");
    /// let world = hello.split_off(7);
    /// assert_eq!((&*hello, &*world), ("Hello, ", "World!"));
    /// ```
    #[inline]
    #[must_use = "use `.truncate()` if you don't need the other half"]
    #[track_caller]
    pub fn split_off(&mut self, at: usize) -> Self {
        Self { text: self.text.split_off(at) }
    }

    /// Appends a copy of the text of a range.
    ///
    /// Costs as much as [`push_str`](CowString::push_str).
    ///
    /// # Panics
    ///
    /// Panics as `String::extend_from_within` does, if the range is out of bounds or does not lie on character
    /// boundaries. Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("abcde");
    /// s.extend_from_within(2..);
    /// s.extend_from_within(..2);
    /// assert_eq!(s, "abcdecdeab");
    /// ```
    #[track_caller]
    pub fn extend_from_within(&mut self, range: impl RangeBounds<usize>) {
        let range = range::resolve(range, self.len());
        self.text.extend_from_within(range, &RANGE);
    }
}

impl DerefMut for CowString {
    /// Returns the text as a mutable `str`. Clones the buffer if it is shared, as
    /// [`make_mut`](CowString::make_mut) does.
    #[inline]
    fn deref_mut(&mut self) -> &mut str {
        self.make_mut()
    }
}

impl AsMut<str> for CowString {
    /// Returns the text as a mutable `str`. Clones the buffer if it is shared, as
    /// [`make_mut`](CowString::make_mut) does.
    #[inline]
    fn as_mut(&mut self) -> &mut str {
        self.make_mut()
    }
}

impl fmt::Write for CowString {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }

    #[inline]
    fn write_char(&mut self, c: char) -> fmt::Result {
        self.push(c);
        Ok(())
    }
}
