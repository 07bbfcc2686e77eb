//! Into and out of other texts and of bytes.

use alloc::string::String;
use core::borrow::Borrow;
use core::fmt;
use core::str::Utf8Error;

use super::CowString;
use super::utf8::Utf8;
use crate::vec::CowVec;

impl From<&str> for CowString {
    /// Copies the text. O(n): one allocation, none for up to 15 bytes.
    #[inline]
    #[track_caller]
    fn from(text: &str) -> Self {
        Self { text: Utf8::copy_of(text) }
    }
}

impl From<String> for CowString {
    /// Copies the text. O(n): a `String`'s allocation has no room for the counters.
    #[inline]
    #[track_caller]
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}

impl From<char> for CowString {
    /// O(1), inline.
    #[inline]
    fn from(c: char) -> Self {
        Self::from(&*c.encode_utf8(&mut [0; 4]))
    }
}

impl From<CowString> for String {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: CowString) -> Self {
        Self::from(&*text)
    }
}

impl From<&CowString> for String {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: &CowString) -> Self {
        Self::from(&**text)
    }
}

impl From<CowString> for CowVec<u8> {
    /// The bytes of the text, in the same buffer.
    ///
    /// O(1), shared or not, if the text begins where the buffer does. A slice from the middle of a
    /// buffer is moved to its front if it is the only handle, and copied if it is shared. Inline and
    /// static text is copied.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, CowVec};
    ///
    /// let text = CowString::from("longer than 15 bytes");
    /// let bytes = CowVec::from(text.clone());
    /// assert_eq!(bytes.as_ptr(), text.as_ptr());
    /// ```
    #[inline]
    fn from(text: CowString) -> Self {
        match text.text.try_into_handle() {
            Ok(handle) => Self::from_handle(handle),
            Err(text) => Self::from(text.repr().as_bytes()),
        }
    }
}

impl TryFrom<CowVec<u8>> for CowString {
    type Error = FromUtf8Error;

    /// The bytes as text, in the same buffer, shared or not; up to 15 bytes become inline.
    ///
    /// O(n) to check them, without a copy.
    ///
    /// # Errors
    ///
    /// If the bytes are not valid UTF-8; the error gives them back.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, cow_vec};
    ///
    /// assert_eq!(CowString::try_from(cow_vec![b'o', b'k']).unwrap(), "ok");
    ///
    /// let error = CowString::try_from(cow_vec![b'o', 0xFF]).unwrap_err();
    /// assert_eq!(error.utf8_error().valid_up_to(), 1);
    /// assert_eq!(error.into_bytes(), [b'o', 0xFF]);
    /// ```
    #[inline]
    fn try_from(bytes: CowVec<u8>) -> Result<Self, FromUtf8Error> {
        match Utf8::check(bytes) {
            Ok(text) => Ok(Self { text }),
            Err((bytes, error)) => Err(FromUtf8Error { bytes, error }),
        }
    }
}

/// Bytes that were to become a [`CowString`] and are not valid UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromUtf8Error {
    bytes: CowVec<u8>,
    error: Utf8Error,
}

impl FromUtf8Error {
    /// Where and how the bytes are not valid.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub fn utf8_error(&self) -> Utf8Error {
        self.error
    }

    /// The bytes, as they were given.
    ///
    /// O(1).
    #[inline]
    #[must_use]
    pub fn into_bytes(self) -> CowVec<u8> {
        self.bytes
    }
}

impl fmt::Display for FromUtf8Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl core::error::Error for FromUtf8Error {}

impl FromIterator<char> for CowString {
    /// O(n), straight into the buffer.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = char>>(iter: I) -> Self {
        let iter = iter.into_iter();
        let mut text = Self::with_capacity(iter.size_hint().0);
        text.extend(iter);
        text
    }
}

impl<'a> FromIterator<&'a str> for CowString {
    /// O(n), straight into the buffer.
    #[inline]
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = &'a str>>(iter: I) -> Self {
        let mut text = Self::new();
        text.extend(iter);
        text
    }
}

impl Extend<char> for CowString {
    /// Appends each character as [`CowString::push`] does. O(1) amortised a character; on a shared
    /// buffer at most one copy.
    ///
    /// Clones the buffer if it is shared and cannot be appended to in place.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = char>>(&mut self, iter: I) {
        // Never reserve first: on a shared buffer that would copy what a claim appends in place.
        for c in iter {
            self.push(c);
        }
    }
}

impl<'a> Extend<&'a str> for CowString {
    /// Appends each text as [`CowString::push_str`] does. O(k) amortised for k bytes; on a shared
    /// buffer at most one copy.
    ///
    /// Clones the buffer if it is shared and cannot be appended to in place.
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a str>>(&mut self, iter: I) {
        for text in iter {
            self.push_str(text);
        }
    }
}

impl AsRef<str> for CowString {
    #[inline]
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for CowString {
    #[inline]
    fn borrow(&self) -> &str {
        self
    }
}
