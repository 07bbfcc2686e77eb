//! Making one text of several: `concat`, `join`, `FromIterator`, `Extend` and `+`.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use core::ops::{Add, AddAssign};

use super::CowString;
use crate::raw::layout::check_announced;

impl CowString {
    /// Concatenates texts, as `[T]::concat` does for `String`.
    ///
    /// O(n), in one allocation; none for up to 15 bytes.
    ///
    /// # Panics
    ///
    /// Panics if the capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::concat(&["one", "two"]), "onetwo");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn concat<T: AsRef<str>>(texts: &[T]) -> Self {
        Self::join(texts, "")
    }

    /// Concatenates texts with `between` between them, as `[T]::join` does for `String`.
    ///
    /// O(n), in one allocation; none for up to 15 bytes.
    ///
    /// # Panics
    ///
    /// Panics if the capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let lines = [CowString::from("one"), CowString::from("two")];
    /// assert_eq!(CowString::join(&lines, "\r\n"), "one\r\ntwo");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn join<T: AsRef<str>>(texts: &[T], between: &str) -> Self {
        let Some((first, others)) = texts.split_first() else { return Self::new() };
        // A sum that saturates is more than any capacity.
        let lens = others.iter().map(|text| between.len().saturating_add(text.as_ref().len()));
        let mut joined =
            Self::with_capacity(lens.fold(first.as_ref().len(), usize::saturating_add));
        joined.push_str(first.as_ref());
        for text in others {
            joined.push_str(between);
            joined.push_str(text.as_ref());
        }
        joined
    }

    /// Concatenates the texts of an iterator with `between` between them.
    ///
    /// O(n). The buffer grows with each text; [`join`](CowString::join), which takes a slice, allocates once.
    ///
    /// # Panics
    ///
    /// Panics if the capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, ToCowString};
    ///
    /// let squares = (1..4).map(|n| (n * n).to_cow_string());
    /// assert_eq!(CowString::join_iter(squares, ", "), "1, 4, 9");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn join_iter(texts: impl IntoIterator<Item: AsRef<str>>, between: &str) -> Self {
        let mut texts = texts.into_iter();
        let Some(first) = texts.next() else { return Self::new() };
        let mut joined = Self::from(first.as_ref());
        for text in texts {
            joined.push_str(between);
            joined.push_str(text.as_ref());
        }
        joined
    }
}

impl FromIterator<char> for CowString {
    /// Collects the characters in one buffer. O(n).
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = char>>(iter: I) -> Self {
        let iter = iter.into_iter();
        let mut text = Self::with_capacity(iter.size_hint().0);
        text.extend(iter);
        text
    }
}

impl<'a> FromIterator<&'a char> for CowString {
    /// Collects the characters in one buffer. O(n).
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = &'a char>>(iter: I) -> Self {
        iter.into_iter().copied().collect()
    }
}

impl FromIterator<CowString> for CowString {
    /// Appends the other texts to the first one, as [`CowString::push_str`] does. O(n).
    ///
    /// A single text is not copied.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = CowString>>(iter: I) -> Self {
        let mut iter = iter.into_iter();
        let mut text = iter.next().unwrap_or_default();
        text.extend(iter);
        text
    }
}

impl<'a> FromIterator<&'a CowString> for CowString {
    /// Appends the other texts to a clone of the first one, as [`CowString::push_str`] does. O(n).
    ///
    /// A single text is not copied.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = &'a CowString>>(iter: I) -> Self {
        let mut iter = iter.into_iter();
        let mut text = iter.next().cloned().unwrap_or_default();
        text.extend(iter);
        text
    }
}

impl Extend<char> for CowString {
    /// Appends each character as [`CowString::push`] does. O(1) amortised a character.
    ///
    /// Clones the buffer at most once, if it is shared and cannot be appended to in place.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = char>>(&mut self, iter: I) {
        let iter = iter.into_iter();
        check_announced::<u8>(self.len(), iter.size_hint().0);
        // Does not reserve, because that copies a shared buffer even if it can be appended to in place.
        for c in iter {
            self.push(c);
        }
    }
}

impl<'a> Extend<&'a char> for CowString {
    /// Appends each character as [`CowString::push`] does. O(1) amortised a character.
    ///
    /// Clones the buffer at most once, if it is shared and cannot be appended to in place.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a char>>(&mut self, iter: I) {
        self.extend(iter.into_iter().copied());
    }
}

macro_rules! extend_by_texts {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> Extend<$type> for CowString {
            /// Appends each text as [`CowString::push_str`] does. O(k) amortised for k bytes.
            ///
            /// Clones the buffer at most once, if it is shared and cannot be appended to in place.
            #[inline]
            #[track_caller]
            fn extend<I: IntoIterator<Item = $type>>(&mut self, iter: I) {
                for text in iter {
                    self.push_str(&text);
                }
            }
        }
    )+};
}

macro_rules! collect_texts {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> FromIterator<$type> for CowString {
            /// Concatenates the texts in one buffer. O(n).
            #[inline]
            #[track_caller]
            fn from_iter<I: IntoIterator<Item = $type>>(iter: I) -> Self {
                let mut text = Self::new();
                text.extend(iter);
                text
            }
        }
    )+};
}

extend_by_texts! {
    ['a] &'a str;
    [] String;
    ['a] &'a String;
    [] Box<str>;
    ['a] Cow<'a, str>;
    [] CowString;
    ['a] &'a CowString;
}

collect_texts! {
    ['a] &'a str;
    [] String;
    ['a] &'a String;
    [] Box<str>;
    ['a] Cow<'a, str>;
}

impl FromIterator<CowString> for String {
    /// Copies the texts. O(n).
    fn from_iter<I: IntoIterator<Item = CowString>>(iter: I) -> Self {
        let mut text = Self::new();
        text.extend(iter);
        text
    }
}

impl FromIterator<CowString> for Box<str> {
    /// Copies the texts. O(n).
    fn from_iter<I: IntoIterator<Item = CowString>>(iter: I) -> Self {
        String::from_iter(iter).into_boxed_str()
    }
}

impl FromIterator<CowString> for Cow<'_, str> {
    /// Copies the texts. O(n).
    fn from_iter<I: IntoIterator<Item = CowString>>(iter: I) -> Self {
        Self::Owned(iter.into_iter().collect())
    }
}

impl Extend<CowString> for String {
    /// Copies the texts. O(n).
    fn extend<I: IntoIterator<Item = CowString>>(&mut self, iter: I) {
        for text in iter {
            self.push_str(&text);
        }
    }
}

impl Add<&str> for CowString {
    type Output = Self;

    /// Appends a text as [`CowString::push_str`] does, and returns the string.
    #[inline]
    #[track_caller]
    fn add(mut self, text: &str) -> Self {
        self.push_str(text);
        self
    }
}

impl AddAssign<&str> for CowString {
    /// Appends a text as [`CowString::push_str`] does.
    #[inline]
    #[track_caller]
    fn add_assign(&mut self, text: &str) {
        self.push_str(text);
    }
}
