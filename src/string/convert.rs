//! Conversions between `CowString` and other text and byte types.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::ffi::{CString, IntoStringError};
use alloc::rc::Rc;
use alloc::string::{self, String};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::{Borrow, BorrowMut};
use core::convert::Infallible;
use core::error::Error;
use core::fmt;
use core::str::{FromStr, Utf8Error};

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

macro_rules! copied_from {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> From<$type> for CowString {
            /// Copies the text. O(n): one allocation, none for up to 15 bytes.
            #[inline]
            #[track_caller]
            fn from(text: $type) -> Self {
                Self::from(&*text)
            }
        }
    )+};
}

copied_from! {
    [] &mut str;
    [] String;
    [] Box<str>;
    [] Rc<str>;
    [] Arc<str>;
    ['a] Cow<'a, str>;
}

impl From<&String> for CowString {
    /// Copies the text. O(n): one allocation, none for up to 15 bytes.
    #[inline]
    #[track_caller]
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&Self> for CowString {
    /// Returns a clone, which shares the buffer. O(1).
    #[inline]
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl From<char> for CowString {
    /// Converts a character to an inline string. O(1).
    #[inline]
    fn from(c: char) -> Self {
        Self::from(&*c.encode_utf8(&mut [0; 4]))
    }
}

impl FromStr for CowString {
    type Err = Infallible;

    /// Copies the text. O(n): one allocation, none for up to 15 bytes.
    #[inline]
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

macro_rules! copied_into {
    ($($type:ty;)+) => {$(
        impl From<CowString> for $type {
            /// Copies the text. O(n): one allocation.
            #[inline]
            fn from(text: CowString) -> Self {
                Self::from(&*text)
            }
        }
    )+};
}

copied_into! {
    String;
    Box<str>;
    Rc<str>;
    Arc<str>;
}

impl From<&CowString> for String {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: &CowString) -> Self {
        Self::from(&**text)
    }
}

impl From<CowString> for Vec<u8> {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: CowString) -> Self {
        text.as_bytes().to_vec()
    }
}

impl From<CowString> for Cow<'_, str> {
    /// Copies the text into a `String`. O(n): one allocation.
    #[inline]
    fn from(text: CowString) -> Self {
        Self::Owned(text.into())
    }
}

impl<'a> From<&'a CowString> for Cow<'a, str> {
    /// Borrows the text. O(1).
    #[inline]
    fn from(text: &'a CowString) -> Self {
        Self::Borrowed(text)
    }
}

/// An error whose message is the text, like a boxed `String`.
struct Message(CowString);

impl Error for Message {}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'a> From<CowString> for Box<dyn Error + Send + Sync + 'a> {
    /// Boxes the string as an error that shows the text. O(1).
    #[inline]
    fn from(text: CowString) -> Self {
        Box::new(Message(text))
    }
}

impl<'a> From<CowString> for Box<dyn Error + 'a> {
    /// Boxes the string as an error that shows the text. O(1).
    #[inline]
    fn from(text: CowString) -> Self {
        Box::new(Message(text))
    }
}

impl TryFrom<Vec<u8>> for CowString {
    type Error = string::FromUtf8Error;

    /// Converts bytes to a string. O(n): checks them, then copies them.
    ///
    /// # Errors
    ///
    /// Returns the bytes in an error if they are not valid UTF-8.
    fn try_from(bytes: Vec<u8>) -> Result<Self, string::FromUtf8Error> {
        String::from_utf8(bytes).map(Self::from)
    }
}

impl TryFrom<CString> for CowString {
    type Error = IntoStringError;

    /// Converts the bytes before the final 0 to a string. O(n): checks them, then copies them.
    ///
    /// # Errors
    ///
    /// Returns the bytes in an error if they are not valid UTF-8.
    fn try_from(text: CString) -> Result<Self, IntoStringError> {
        text.into_string().map(Self::from)
    }
}

impl From<CowString> for CowVec<u8> {
    /// Converts a string to its bytes, in the same buffer if possible.
    ///
    /// * O(1), shared or not, if the text begins at the start of the buffer.
    /// * O(n) for a slice from the middle: it is moved to the front if unique, and copied if shared.
    /// * O(n) for inline and static text, which is copied.
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

    /// Converts bytes to a string in the same buffer, shared or not. Up to 15 bytes become inline.
    ///
    /// O(n) to check them, without a copy.
    ///
    /// # Errors
    ///
    /// Returns the bytes in an error if they are not valid UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, cow_vec};
    ///
    /// assert_eq!(CowString::try_from(cow_vec![b'o', b'k'])?, "ok");
    ///
    /// let error = CowString::try_from(cow_vec![b'o', 0xFF]).unwrap_err();
    /// assert_eq!(error.utf8_error().valid_up_to(), 1);
    /// assert_eq!(error.into_bytes(), [b'o', 0xFF]);
    /// # Ok::<(), cow_collections::string::FromUtf8Error>(())
    /// ```
    #[inline]
    fn try_from(bytes: CowVec<u8>) -> Result<Self, FromUtf8Error> {
        match Utf8::check(bytes) {
            Ok(text) => Ok(Self { text }),
            Err((bytes, error)) => Err(FromUtf8Error { bytes, error }),
        }
    }
}

/// The error of converting a [`CowVec<u8>`](CowVec) that is not valid UTF-8 to a [`CowString`].
///
/// # Examples
///
/// ```
/// use cow_collections::{CowString, cow_vec};
///
/// let error = CowString::try_from(cow_vec![b'a', 0xFF]).unwrap_err();
/// assert_eq!(error.to_string(), "invalid utf-8 sequence of 1 bytes from index 1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromUtf8Error {
    bytes: CowVec<u8>,
    error: Utf8Error,
}

impl FromUtf8Error {
    /// Returns where and how the bytes are not valid.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, cow_vec};
    ///
    /// let error = CowString::try_from(cow_vec![b'a', 0xFF]).unwrap_err();
    /// assert_eq!(error.utf8_error().valid_up_to(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn utf8_error(&self) -> Utf8Error {
        self.error
    }

    /// Returns the bytes that were to be converted.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, cow_vec};
    ///
    /// let error = CowString::try_from(cow_vec![b'a', 0xFF]).unwrap_err();
    /// assert_eq!(error.into_bytes(), [b'a', 0xFF]);
    /// ```
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

impl Error for FromUtf8Error {}

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

impl AsRef<[u8]> for CowString {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl BorrowMut<str> for CowString {
    /// Returns the text as a mutable `str`. Clones the buffer if it is shared, as [`CowString::make_mut`] does.
    #[inline]
    #[track_caller]
    fn borrow_mut(&mut self) -> &mut str {
        self.make_mut()
    }
}
