//! The methods of `str` that make a new text, as a [`CowString`].

use super::utf8::Utf8;
use super::{CowString, Pattern};

/// What `str` gives as a new `String`, as a `CowString`: these stand before the methods of `str`.
///
/// A result that is the text itself is a clone, which shares the buffer and costs O(1) beyond the search.
/// Any other is made in one pass, at the cost that `str` has. For a `String` call the method of `str`:
/// `text.as_str().replace("a", "b")`.
impl CowString {
    /// The text with every match of a pattern replaced, as `str::replace`.
    ///
    /// O(n), the same on unique and on shared; a clone if there is no match.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("longer than fifteen bytes");
    /// assert_eq!(text.replace('e', "E"), "longEr than fiftEEn bytEs");
    /// assert!(text.replace("shorter", "").ptr_eq(&text));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn replace<P: Pattern>(&self, from: P, to: &str) -> Self {
        self.with_matches_as(P::match_indices(from, self), to)
    }

    /// The text with the first `count` matches of a pattern replaced, as `str::replacen`.
    ///
    /// O(n), the same on unique and on shared; a clone if there is no match.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("a-b-c-d").replacen('-', ", ", 2), "a, b, c-d");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn replacen<P: Pattern>(&self, from: P, to: &str, count: usize) -> Self {
        self.with_matches_as(P::match_indices(from, self).take(count), to)
    }

    fn with_matches_as<'a>(
        &'a self,
        mut matches: impl Iterator<Item = (usize, &'a str)>,
        to: &str,
    ) -> Self {
        let Some((start, found)) = matches.next() else { return self.clone() };
        // Exact if this is the only match.
        let most = (self.len() - found.len()).saturating_add(to.len());
        let mut text = Utf8::new();
        text.push_piece(&self[..start], most);
        text.push_piece(to, most);
        let mut done = start + found.len();
        for (start, found) in matches {
            text.push_piece(&self[done..start], most);
            text.push_piece(to, most);
            done = start + found.len();
        }
        text.push_piece(&self[done..], most);
        Self { text }
    }

    /// The text `n` times in a row, as `str::repeat`.
    ///
    /// O(n · len), in one allocation; a clone if `n` is 1.
    ///
    /// # Panics
    ///
    /// If the capacity would overflow: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("ab").repeat(3), "ababab");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn repeat(&self, n: usize) -> Self {
        let len = self.len().checked_mul(n).expect("capacity overflow");
        if len == self.len() {
            return self.clone();
        }
        let mut text = Self::with_capacity(len);
        let mut so_far = self.clone();
        while text.len() < len {
            text.push_str(&so_far[..so_far.len().min(len - text.len())]);
            // A clone shares the buffer, and leaves the room behind the text to it: so it doubles.
            so_far = text.clone();
        }
        text
    }

    /// The text in lower case, as `str::to_lowercase`.
    ///
    /// O(n), the same on unique and on shared; a clone if it is in lower case already.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("ΜΈΓΑΣ").to_lowercase(), "μέγας");
    /// let text = CowString::from("longer than fifteen bytes");
    /// assert!(text.to_lowercase().ptr_eq(&text));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn to_lowercase(&self) -> Self {
        if self.is_ascii() {
            return self.to_ascii_lowercase();
        }
        if self.contains('Σ') {
            // Its lower case depends on what is around it, which `str` alone knows.
            return Self::from(self.as_str().to_lowercase());
        }
        self.mapped(char::to_lowercase)
    }

    /// The text in upper case, as `str::to_uppercase`.
    ///
    /// O(n), the same on unique and on shared; a clone if it is in upper case already.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("Straße").to_uppercase(), "STRASSE");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn to_uppercase(&self) -> Self {
        if self.is_ascii() {
            return self.to_ascii_uppercase();
        }
        self.mapped(char::to_uppercase)
    }

    /// The text with each character mapped; a clone if that changes none.
    fn mapped<M: Iterator<Item = char>>(&self, map: impl Fn(char) -> M) -> Self {
        let changes = |&(_, c): &(usize, char)| !map(c).eq([c]);
        let Some((start, _)) = self.char_indices().find(changes) else { return self.clone() };
        let mut text = Self::with_capacity(self.len());
        text.push_str(&self[..start]);
        text.extend(self[start..].chars().flat_map(map));
        text
    }

    /// The text with its ASCII letters in lower case, as `str::to_ascii_lowercase`.
    ///
    /// O(n), the same on unique and on shared; a clone if they are in lower case already.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("GRÜẞE").to_ascii_lowercase(), "grÜẞe");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn to_ascii_lowercase(&self) -> Self {
        self.changed_from(u8::is_ascii_uppercase, str::make_ascii_lowercase)
    }

    /// The text with its ASCII letters in upper case, as `str::to_ascii_uppercase`.
    ///
    /// O(n), the same on unique and on shared; a clone if they are in upper case already.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("Grüße").to_ascii_uppercase(), "GRüßE");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn to_ascii_uppercase(&self) -> Self {
        self.changed_from(u8::is_ascii_lowercase, str::make_ascii_uppercase)
    }

    /// A copy of the text with `change` made from the first byte on that is `wanted`, which is ASCII; a
    /// clone if there is none.
    #[track_caller]
    fn changed_from(&self, wanted: fn(&u8) -> bool, change: fn(&mut str)) -> Self {
        let Some(start) = self.as_bytes().iter().position(wanted) else { return self.clone() };
        let mut text = Self::from(self.as_str());
        change(&mut text.make_mut()[start..]);
        text
    }
}

/// The same within the text itself.
impl CowString {
    /// Puts the ASCII letters of the text in lower case.
    ///
    /// Clones the buffer if it is shared, but only if a letter changes: else nothing is copied. O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text = CowString::from("longer than 15 bytes");
    /// let mut other = text.clone();
    /// other.make_ascii_lowercase();
    /// assert!(other.ptr_eq(&text));
    /// ```
    #[track_caller]
    pub fn make_ascii_lowercase(&mut self) {
        self.change_from(u8::is_ascii_uppercase, str::make_ascii_lowercase);
    }

    /// Puts the ASCII letters of the text in upper case.
    ///
    /// Clones the buffer if it is shared, but only if a letter changes: else nothing is copied. O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("Grüße");
    /// text.make_ascii_uppercase();
    /// assert_eq!(text, "GRüßE");
    /// ```
    #[track_caller]
    pub fn make_ascii_uppercase(&mut self) {
        self.change_from(u8::is_ascii_lowercase, str::make_ascii_uppercase);
    }

    /// Makes `change` from the first byte on that is `wanted`, which is ASCII.
    #[track_caller]
    fn change_from(&mut self, wanted: fn(&u8) -> bool, change: fn(&mut str)) {
        if let Some(start) = self.as_bytes().iter().position(wanted) {
            change(&mut self.make_mut()[start..]);
        }
    }

    /// Replaces the first match of a pattern; no effect if there is none.
    ///
    /// O(n), and for the replacement what [`replace_range`](CowString::replace_range) costs. Clones the
    /// buffer if it is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("test results ❌❌");
    /// text.replace_first('❌', "✅");
    /// assert_eq!(text, "test results ✅❌");
    /// ```
    #[track_caller]
    pub fn replace_first<P: Pattern>(&mut self, from: P, to: &str) {
        let first = P::match_indices(from, self).next();
        if let Some(range) = first.map(|(start, found)| start..start + found.len()) {
            self.replace_range(range, to);
        }
    }

    /// Replaces the last match of a pattern; no effect if there is none.
    ///
    /// O(n), and for the replacement what [`replace_range`](CowString::replace_range) costs. Clones the
    /// buffer if it is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("test results ❌❌");
    /// text.replace_last('❌', "✅");
    /// assert_eq!(text, "test results ❌✅");
    /// ```
    #[track_caller]
    pub fn replace_last<P: Pattern>(&mut self, from: P, to: &str) {
        if let Some(range) = P::rfind(from, self) {
            self.replace_range(range, to);
        }
    }

    /// Removes every match of a pattern.
    ///
    /// O(n): unique or shared, what stays is copied, and is inline if that fits; nothing is copied if there
    /// is no match. If a closure that is the pattern panics, the text is as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("Trees are not green, the sky is not blue.");
    /// text.remove_matches("not ");
    /// assert_eq!(text, "Trees are green, the sky is blue.");
    /// ```
    #[track_caller]
    pub fn remove_matches<P: Pattern>(&mut self, pattern: P) {
        *self = self.replace(pattern, "");
    }
}
