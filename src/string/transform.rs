//! The methods of `str` that return a new text, with a [`CowString`] as the result, and the same in place.

use super::utf8::Utf8;
use super::{CowString, Pattern};

/// Methods that return a `CowString` where those of `str` return a `String`.
///
/// They hide the methods of `str`. Call those as `text.as_str().replace("a", "b")`. If nothing changes, the
/// result is a clone, which shares the buffer. Otherwise it is made in one pass, O(n), on unique and shared
/// alike.
impl CowString {
    /// Replaces all matches of a pattern, as `str::replace` does.
    ///
    /// O(n). Returns a clone if there is no match.
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

    /// Replaces the first `count` matches of a pattern, as `str::replacen` does.
    ///
    /// O(n). Returns a clone if there is no match.
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
        let expected_len = (self.len() - found.len()).saturating_add(to.len());
        let mut text = Utf8::new();
        text.push_piece(&self[..start], expected_len);
        text.push_piece(to, expected_len);
        let mut done = start + found.len();
        for (start, found) in matches {
            text.push_piece(&self[done..start], expected_len);
            text.push_piece(to, expected_len);
            done = start + found.len();
        }
        text.push_piece(&self[done..], expected_len);
        Self { text }
    }

    /// Repeats the text `n` times, as `str::repeat` does.
    ///
    /// O(n · len), in one allocation. Returns a clone if `n` is 1.
    ///
    /// # Panics
    ///
    /// Panics if the capacity overflows.
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
            // Doubles the text: the clone shares the buffer, whose free bytes the next `push_str` claims.
            so_far = text.clone();
        }
        text
    }

    /// Returns the text in lower case, as `str::to_lowercase` does.
    ///
    /// O(n). Returns a clone if nothing changes.
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
        // Not `contains`, because that compiles the search for a whole text.
        if self.matches('Σ').next().is_some() {
            // The lower case of 'Σ' depends on its neighbours. Only `str` has the rule.
            return Self::from(self.as_str().to_lowercase());
        }
        self.mapped(char::to_lowercase)
    }

    /// Returns the text in upper case, as `str::to_uppercase` does.
    ///
    /// O(n). Returns a clone if nothing changes.
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

    /// Returns the text with each character mapped, or a clone if that changes nothing.
    fn mapped<M: ExactSizeIterator<Item = char>>(&self, map: fn(char) -> M) -> Self {
        let changes = |&(_, c): &(usize, char)| {
            let mut mapped = map(c);
            mapped.len() > 1 || mapped.next() != Some(c)
        };
        let Some((start, _)) = self.char_indices().find(changes) else { return self.clone() };
        let mut text = Self::with_capacity(self.len());
        text.push_str(&self[..start]);
        for c in self[start..].chars() {
            map(c).for_each(|c| text.push(c));
        }
        text
    }

    /// Returns the text with its ASCII letters in lower case, as `str::to_ascii_lowercase` does.
    ///
    /// O(n). Returns a clone if nothing changes.
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

    /// Returns the text with its ASCII letters in upper case, as `str::to_ascii_uppercase` does.
    ///
    /// O(n). Returns a clone if nothing changes.
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

    /// Returns a copy with `change` applied from the first byte for which `changes` is true. That byte is
    /// ASCII. Returns a clone if there is none.
    #[track_caller]
    fn changed_from(&self, changes: fn(&u8) -> bool, change: fn(&mut str)) -> Self {
        let Some(start) = self.as_bytes().iter().position(changes) else { return self.clone() };
        let mut text = Self::from(self.as_str());
        change(&mut text.make_mut()[start..]);
        text
    }
}

/// Changing the text in place. These methods clone the buffer if it is shared, but only if something changes.
impl CowString {
    /// Converts the ASCII letters of the text to lower case. Clones the buffer if it is shared and a letter
    /// changes.
    ///
    /// O(n).
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

    /// Converts the ASCII letters of the text to upper case. Clones the buffer if it is shared and a letter
    /// changes.
    ///
    /// O(n).
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

    /// Applies `change` from the first byte for which `changes` is true. That byte is ASCII.
    #[track_caller]
    fn change_from(&mut self, changes: fn(&u8) -> bool, change: fn(&mut str)) {
        if let Some(start) = self.as_bytes().iter().position(changes) {
            change(&mut self.make_mut()[start..]);
        }
    }

    /// Replaces the first match of a pattern. Clones the buffer if it is shared and there is a match.
    ///
    /// O(n) to find the match. Replacing it costs as much as [`replace_range`](CowString::replace_range).
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

    /// Replaces the last match of a pattern. Clones the buffer if it is shared and there is a match.
    ///
    /// O(n) to find the match. Replacing it costs as much as [`replace_range`](CowString::replace_range).
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

    /// Removes all matches of a pattern. Copies the text that stays, unless there is no match.
    ///
    /// O(n), on unique and shared alike. If the pattern is a closure and panics, the text is unchanged.
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
