//! To and from the crate `bytes`.

use core::str::Utf8Error;

use bytes::Bytes;

use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

impl From<CowVec<u8>> for Bytes {
    /// The same buffer, shared or not, without a copy. O(1): one small allocation; none if it is empty.
    ///
    /// The buffer stays shared with all its clones: a push to one of these is not seen, and may need a copy.
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
    /// The same buffer, without a copy. O(1): one small allocation; none if it is empty.
    fn from(vec: UniqueVec<u8>) -> Self {
        vec.into_shared().into()
    }
}

impl From<CowString> for Bytes {
    /// The same text, wherever it is, without a copy of a buffer. O(1): one small allocation, in which an
    /// inline text then is; none if it is empty.
    fn from(text: CowString) -> Self {
        if text.is_empty() { Self::new() } else { Self::from_owner(text) }
    }
}

impl From<Bytes> for CowVec<u8> {
    /// Copies the bytes, even if nobody shares them: the counters stand before the bytes. O(n), one
    /// allocation.
    #[track_caller]
    fn from(bytes: Bytes) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<Bytes> for UniqueVec<u8> {
    /// Copies the bytes, even if nobody shares them. O(n), one allocation.
    #[track_caller]
    fn from(bytes: Bytes) -> Self {
        Self::from(&bytes[..])
    }
}

impl TryFrom<Bytes> for CowString {
    type Error = Utf8Error;

    /// Copies the text, even if nobody shares it. O(n) to check and to copy, one allocation, none for up to
    /// 15 bytes.
    ///
    /// # Errors
    ///
    /// If the bytes are not valid UTF-8. They are lost only if this was their last handle: keep a clone.
    fn try_from(bytes: Bytes) -> Result<Self, Utf8Error> {
        core::str::from_utf8(&bytes).map(Self::from)
    }
}
