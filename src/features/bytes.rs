//! Converts vectors and strings into `Bytes` of the crate `bytes`, and back.

use core::str::Utf8Error;

use bytes::Bytes;

use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

impl From<CowVec<u8>> for Bytes {
    /// Shares the buffer. O(1): one small allocation, or none if the vector is empty.
    ///
    /// The buffer stays shared with all clones of the vector. The `Bytes` do not see later pushes to these clones.
    ///
    /// # Examples
    ///
    /// ```
    /// use bytes::Bytes;
    /// use cow_collections::cow_vec;
    ///
    /// let v = cow_vec![1, 2, 3];
    /// let bytes = Bytes::from(v.clone());
    /// assert_eq!(bytes.as_ptr(), v.as_ptr());
    /// ```
    fn from(vec: CowVec<u8>) -> Self {
        if vec.is_empty() { Self::new() } else { Self::from_owner(vec) }
    }
}

impl From<UniqueVec<u8>> for Bytes {
    /// Keeps the buffer. O(1): one small allocation, or none if the vector is empty.
    fn from(vec: UniqueVec<u8>) -> Self {
        vec.into_shared().into()
    }
}

impl From<CowString> for Bytes {
    /// Shares the buffer, or moves an inline text. O(1): one small allocation, or none if the text is empty.
    fn from(text: CowString) -> Self {
        if text.is_empty() { Self::new() } else { Self::from_owner(text) }
    }
}

impl From<Bytes> for CowVec<u8> {
    /// Copies the bytes, even if nobody else shares them, because a `CowVec` needs a block with a header. O(n), one
    /// allocation.
    #[track_caller]
    fn from(bytes: Bytes) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<Bytes> for UniqueVec<u8> {
    /// Copies the bytes, even if nobody else shares them. O(n), one allocation.
    #[track_caller]
    fn from(bytes: Bytes) -> Self {
        Self::from(&bytes[..])
    }
}

impl TryFrom<Bytes> for CowString {
    type Error = Utf8Error;

    /// Checks and copies the text, even if nobody else shares it. O(n), and one allocation if it has more than 15
    /// bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not valid UTF-8. Keep a clone of the bytes if you need them then.
    fn try_from(bytes: Bytes) -> Result<Self, Utf8Error> {
        core::str::from_utf8(&bytes).map(Self::from)
    }
}
