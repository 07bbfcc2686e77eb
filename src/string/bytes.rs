//! Text from encoded bytes, and out of a [`CowString`] into other owners.

use alloc::boxed::Box;
use alloc::string::{FromUtf8Error, String};
use alloc::vec::Vec;

use super::CowString;
use crate::vec::CowVec;

impl CowString {
    /// A copy of bytes that are UTF-8, as `String::from_utf8` takes them.
    ///
    /// O(n). A [`CowVec<u8>`](CowVec) becomes a string without a copy: `CowString::try_from(bytes)`.
    ///
    /// # Errors
    ///
    /// If the bytes are not valid UTF-8; the error is the standard library's, and gives them back.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf8(vec![b'o', b'k']).unwrap(), "ok");
    /// assert_eq!(CowString::from_utf8(vec![b'o', 0xFF]).unwrap_err().into_bytes(), [b'o', 0xFF]);
    /// ```
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, FromUtf8Error> {
        match core::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self::from(text)),
            // Only the standard library can make its error.
            Err(_) => String::from_utf8(bytes).map(Self::from),
        }
    }

    /// A copy of bytes that are mostly UTF-8: what is not becomes `\u{FFFD}`.
    ///
    /// O(n). Owned always, where `String::from_utf8_lossy` borrows.
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

    /// [`from_utf8_lossy`](CowString::from_utf8_lossy) of bytes that are given away.
    ///
    /// O(n): they are copied, as all that is not a buffer of ours.
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

    /// The bytes of the text, in the same buffer where that can be, as
    /// [`CowVec::from`](CowVec#impl-From<CowString>-for-CowVec<u8>) says.
    ///
    /// O(1), shared or not, if the text begins where its buffer does; inline and static text is copied.
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

    /// A `String` of the text.
    ///
    /// O(n): a `String` cannot own a buffer that begins with counters.
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

    /// A `Box<str>` of the text.
    ///
    /// O(n): one exact allocation and a copy.
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

    /// The text for the rest of the program, mutable; its memory is never given back.
    ///
    /// Unique: O(1), the buffer stays with all of its room. Any other text is copied, O(n).
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
    #[expect(clippy::must_use_candidate, reason = "as of `String`: what leaks may be of no use")]
    pub fn leak<'a>(self) -> &'a mut str {
        self.text.leak()
    }
}
