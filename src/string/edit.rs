//! Changing the text: at its end, in its middle, and in place.

use core::fmt;
use core::ops::{DerefMut, RangeBounds};

use super::CowString;
use super::drain::Drain;
use crate::range;

impl CowString {
    /// The text as a mutable `str`. Clones the buffer if it is shared.
    ///
    /// Unique or inline: O(1). Shared or static: O(n), without spare room.
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
    pub fn make_mut(&mut self) -> &mut str {
        self.text.make_mut()
    }

    /// The text as a mutable `str`, by `String`'s name for [`make_mut`](CowString::make_mut). Clones the
    /// buffer if it is shared.
    ///
    /// Unique or inline: O(1). Shared or static: O(n), without spare room.
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

    /// Returns the text as a mutable `str` if that needs no copy: if it is inline, or this is the only handle
    /// of its buffer.
    ///
    /// O(1).
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
    /// O(1) amortised, also on a shared buffer while the bytes after this text's end are still free.
    /// Otherwise clones the buffer if it is shared. A history of clone-then-push thus costs O(1) a
    /// step; see [sharing](crate::docs::sharing).
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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
    /// O(k) amortised for k bytes, also on a shared buffer while the bytes after this text's end are
    /// still free. Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
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
    ///     log.push(next); // one buffer, grown as `String` grows it
    /// }
    /// assert_eq!(log[2], "started a log of everything; read edit");
    /// ```
    #[inline]
    #[track_caller]
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Removes the last character and returns it, or `None` if there is none.
    ///
    /// O(1), without a copy. What is left stays where it is, however short.
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

    /// Shortens the text to its first `new_len` bytes; no effect if it is not longer.
    ///
    /// O(1), without a copy. What is left stays where it is, however short; a shared buffer stays
    /// shared.
    ///
    /// # Panics
    ///
    /// If `new_len` is not longer than the text and cuts a character.
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
    /// O(1). Unique: keeps the buffer and its capacity. Shared or static: lets go of it.
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

    /// Inserts a character before byte `at`.
    ///
    /// O(n - at), plus growth. Shared or static: one copy, O(n). Clones the buffer if it is shared; at
    /// the end it is [`push`](CowString::push).
    ///
    /// # Panics
    ///
    /// If `at` is past the end or within a character, or the new capacity would exceed `isize::MAX`
    /// bytes.
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
        self.insert_str(at, c.encode_utf8(&mut [0; 4]));
    }

    /// Inserts a text before byte `at`.
    ///
    /// O(n - at + k) for k bytes, plus growth. Shared or static: one copy, O(n + k). Clones the buffer if
    /// it is shared; at the end it is [`push_str`](CowString::push_str).
    ///
    /// # Panics
    ///
    /// If `at` is past the end or within a character, or the new capacity would exceed `isize::MAX`
    /// bytes.
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
        assert!(self.is_char_boundary(at), "assertion failed: self.is_char_boundary(idx)");
        self.text.splice(at..at, text);
    }

    /// Removes the character that begins at byte `at` and returns it.
    ///
    /// O(n - at). Shared or static: one copy, O(n). Clones the buffer if it is shared. The first and the
    /// last character are removed in O(1) and without a copy; what was before the first byte is no
    /// longer part of the [capacity](CowString::capacity).
    ///
    /// # Panics
    ///
    /// If no character begins at `at`.
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
        let Some(c) = self[at..].chars().next() else {
            panic!("cannot remove a char from the end of a string")
        };
        self.text.splice(at..at + c.len_utf8(), "");
        c
    }

    /// Keeps the characters for which `keep` is true, and removes the others.
    ///
    /// O(n). Clones the buffer if it is shared, but only if a character goes that others follow which
    /// stay: else nothing is copied. Shared or static: one copy, of what stays.
    ///
    /// If `keep` panics, a shared or static text is as it was, and so may any other be, or it lacks the
    /// characters turned down so far.
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

    /// Removes the text of a range and returns its characters as an iterator.
    ///
    /// What is not asked for is removed too, when the iterator is dropped; one that is forgotten removes
    /// nothing. O(n - end) for that. Shared or static: one copy, of what stays. Clones the buffer if it is
    /// shared. A range at the beginning or the end of the text is removed in O(1) and without a copy;
    /// what was before the first byte is no longer part of the [capacity](CowString::capacity).
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
    /// let mut s = CowString::from("α is alpha, β is beta");
    /// let first: String = s.drain(..12).collect();
    /// assert_eq!((&*first, &*s), ("α is alpha,", " β is beta"));
    /// ```
    #[inline]
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> Drain<'_> {
        let range = range::resolve(range, self.len());
        assert!(
            self.is_char_boundary(range.start),
            "assertion failed: self.is_char_boundary(start)"
        );
        assert!(self.is_char_boundary(range.end), "assertion failed: self.is_char_boundary(end)");
        Drain::new(self, range)
    }

    /// Replaces the text of a range by another, which need not have its length.
    ///
    /// O(n - end + k) for k bytes, plus growth. Shared or static: one copy, and none if nothing changes.
    /// Clones the buffer if it is shared. A range that is replaced by nothing costs what
    /// [`drain`](CowString::drain) does.
    ///
    /// # Panics
    ///
    /// If the range is not within the text or cuts a character, or the new capacity would exceed
    /// `isize::MAX` bytes.
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
        assert!(
            self.is_char_boundary(range.start),
            "start of range should be a character boundary"
        );
        assert!(self.is_char_boundary(range.end), "end of range should be a character boundary");
        self.text.splice(range, with);
    }

    /// Cuts the text in two at byte `at`, and returns the second part.
    ///
    /// Unique: the second part is a copy, O(n - at), and this one keeps its buffer. Shared or static:
    /// O(1), both parts go on sharing. A second part of up to 15 bytes is inline.
    ///
    /// # Panics
    ///
    /// If `at` is past the end or within a character.
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

    /// Appends a copy of a part of the text.
    ///
    /// O(k) amortised for k bytes, also on a shared buffer while the bytes after this text's end are
    /// still free. Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// If the range is not within the text or cuts a character, or the new capacity would exceed
    /// `isize::MAX` bytes.
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
        assert!(
            self.is_char_boundary(range.start),
            "assertion failed: self.is_char_boundary(start)"
        );
        assert!(self.is_char_boundary(range.end), "assertion failed: self.is_char_boundary(end)");
        self.text.extend_from_within(range);
    }
}

impl DerefMut for CowString {
    /// Returns the text as a mutable `str`. Clones the buffer if it is shared, as
    /// [`make_mut`](CowString::make_mut) does, which shows in the code that it may.
    ///
    /// Unique or inline: O(1). Shared or static: O(n).
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
