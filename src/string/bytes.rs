//! Decoding UTF-8, and converting a [`CowString`] into other owned types by name.

use alloc::boxed::Box;
use alloc::string::{FromUtf8Error, String};
use alloc::vec::Vec;

use super::CowString;
use crate::vec::CowVec;

impl CowString {
    /// Converts bytes to a string, as `String::from_utf8` does.
    ///
    /// O(n): copies them. `CowString::try_from` converts a [`CowVec<u8>`](CowVec) without a copy.
    ///
    /// # Errors
    ///
    /// Returns the bytes in an error if they are not valid UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf8(vec![b'o', b'k'])?, "ok");
    /// assert_eq!(CowString::from_utf8(vec![b'o', 0xFF]).unwrap_err().into_bytes(), [b'o', 0xFF]);
    /// # Ok::<(), std::string::FromUtf8Error>(())
    /// ```
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        match core::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self::from(text)),
            // Only the standard library can construct its error.
            Err(_) => String::from_utf8(bytes).map(Self::from),
        }
    }

    /// Converts bytes to a string, and replaces invalid sequences with `\u{FFFD}`.
    ///
    /// O(n). The result is always a copy, unlike that of `String::from_utf8_lossy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf8_lossy(b"Hello \xF0\x90\x80World"), "Hello \u{FFFD}World");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_utf8_lossy(bytes: &[u8]) -> Self {
        let mut text = Self::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text
    }

    /// Converts a vector of bytes to a string, as [`from_utf8_lossy`](CowString::from_utf8_lossy) does.
    ///
    /// O(n): copies them.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf8_lossy_owned(vec![b'o', 0xFF]), "o\u{FFFD}");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_utf8_lossy_owned(bytes: Vec<u8>) -> Self {
        Self::from_utf8_lossy(&bytes)
    }

    /// Converts the string to its bytes, in the same buffer if possible.
    ///
    /// O(1), shared or not, if the text begins at the start of its buffer. Otherwise O(n); see
    /// [`CowVec::from`](CowVec#impl-From<CowString>-for-CowVec<u8>).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("ok").into_bytes(), [b'o', b'k']);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn into_bytes(self) -> CowVec<u8> {
        self.into()
    }

    /// Converts the string to a `String`.
    ///
    /// O(n): copies the text, because a `String` cannot own a buffer that begins with counters.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("text").into_string(), String::from("text"));
    /// ```
    #[inline]
    #[must_use]
    pub fn into_string(self) -> String {
        self.into()
    }

    /// Converts the string to a `Box<str>`.
    ///
    /// O(n): copies the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let boxed: Box<str> = CowString::from("text").into_boxed_str();
    /// assert_eq!(&*boxed, "text");
    /// ```
    #[inline]
    #[must_use]
    pub fn into_boxed_str(self) -> Box<str> {
        Box::from(self.as_str())
    }

    /// Leaks the text and returns it as a mutable `str`.
    ///
    /// O(1) if unique: leaks the buffer with its capacity. Otherwise O(n): leaks a copy.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let text: &'static mut str = CowString::from("longer than 15 bytes").leak();
    /// text.make_ascii_uppercase();
    /// assert_eq!(text, "LONGER THAN 15 BYTES");
    /// ```
    #[inline]
    #[expect(clippy::must_use_candidate, reason = "as `String::leak`: the result may be unused")]
    pub fn leak<'a>(self) -> &'a mut str {
        self.text.leak()
    }
}
