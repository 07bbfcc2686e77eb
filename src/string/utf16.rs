//! Decoding UTF-16, from code units and from bytes of either order.

use alloc::string::{FromUtf16Error, String};
use core::error::Error;
use core::fmt;

use super::CowString;

impl CowString {
    /// Decodes UTF-16 code units, as `String::from_utf16` does.
    ///
    /// O(n).
    ///
    /// # Errors
    ///
    /// Returns an error if a surrogate is unpaired.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16(&[0xD834, 0xDD1E, 0x6D])?, "𝄞m");
    /// assert!(CowString::from_utf16(&[0xD834, 0x6D]).is_err());
    /// # Ok::<(), std::string::FromUtf16Error>(())
    /// ```
    pub fn from_utf16(units: &[u16]) -> Result<Self, FromUtf16Error> {
        let mut text = Self::with_capacity(units.len());
        for c in char::decode_utf16(units.iter().copied()) {
            let Ok(c) = c else {
                // Only the standard library can construct its error.
                return String::from_utf16(units).map(Self::from);
            };
            text.push(c);
        }
        Ok(text)
    }

    /// Decodes UTF-16 code units, and replaces unpaired surrogates with `\u{FFFD}`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16_lossy(&[0xD834, 0x6D]), "\u{FFFD}m");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_utf16_lossy(units: &[u16]) -> Self {
        let mut text = Self::with_capacity(units.len());
        for c in char::decode_utf16(units.iter().copied()) {
            text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        text
    }

    /// Decodes little-endian UTF-16 bytes.
    ///
    /// O(n).
    ///
    /// # Errors
    ///
    /// Returns an error if a surrogate is unpaired, or the number of bytes is odd.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16le(b"o\0k\0")?, "ok");
    ///
    /// let error = CowString::from_utf16le(b"o\0k").unwrap_err();
    /// assert_eq!(error.valid_up_to(), 2);
    /// # Ok::<(), cow_collections::string::FromUtf16BytesError>(())
    /// ```
    pub fn from_utf16le(bytes: &[u8]) -> Result<Self, FromUtf16BytesError> {
        decoded(bytes, u16::from_le_bytes)
    }

    /// Decodes big-endian UTF-16 bytes.
    ///
    /// O(n).
    ///
    /// # Errors
    ///
    /// Returns an error if a surrogate is unpaired, or the number of bytes is odd.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16be(b"\0o\0k")?, "ok");
    /// # Ok::<(), cow_collections::string::FromUtf16BytesError>(())
    /// ```
    pub fn from_utf16be(bytes: &[u8]) -> Result<Self, FromUtf16BytesError> {
        decoded(bytes, u16::from_be_bytes)
    }

    /// Decodes little-endian UTF-16 bytes, and replaces unpaired surrogates and an odd last byte with
    /// `\u{FFFD}`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16le_lossy(b"\x34\xD8m\0!"), "\u{FFFD}m\u{FFFD}");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_utf16le_lossy(bytes: &[u8]) -> Self {
        decoded_lossy(bytes, u16::from_le_bytes)
    }

    /// Decodes big-endian UTF-16 bytes, and replaces unpaired surrogates and an odd last byte with
    /// `\u{FFFD}`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from_utf16be_lossy(b"\xD8\x34\0m!"), "\u{FFFD}m\u{FFFD}");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_utf16be_lossy(bytes: &[u8]) -> Self {
        decoded_lossy(bytes, u16::from_be_bytes)
    }
}

/// Returns the code units of `bytes`, and whether an odd byte follows them.
fn units(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (impl Iterator<Item = u16> + '_, bool) {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    (pairs.map(move |pair| unit([pair[0], pair[1]])), odd)
}

fn decoded(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<CowString, FromUtf16BytesError> {
    let (units, odd) = units(bytes, unit);
    let (mut text, mut valid_up_to) = (CowString::with_capacity(bytes.len() / 2), 0);
    for c in char::decode_utf16(units) {
        let c =
            c.map_err(|_| FromUtf16BytesError { valid_up_to, kind: Invalid::UnpairedSurrogate })?;
        text.push(c);
        valid_up_to += 2 * c.len_utf16();
    }
    if odd { Err(FromUtf16BytesError { valid_up_to, kind: Invalid::OddByte }) } else { Ok(text) }
}

#[track_caller]
fn decoded_lossy(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> CowString {
    let (units, odd) = units(bytes, unit);
    let mut text = CowString::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(units) {
        text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if odd {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// The error of decoding bytes that are not valid UTF-16.
///
/// This struct is created by [`CowString::from_utf16le`] and [`CowString::from_utf16be`].
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let error = CowString::from_utf16le(b"o\0k\0!").unwrap_err();
/// assert_eq!(error.to_string(), "invalid utf-16: odd last byte at index 4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FromUtf16BytesError {
    valid_up_to: usize,
    kind: Invalid,
}

/// The reason why the bytes after the valid ones are invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Invalid {
    UnpairedSurrogate,
    OddByte,
}

impl FromUtf16BytesError {
    /// Returns the number of bytes before the first invalid one.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let error = CowString::from_utf16be(b"\0o\xDD\x1E").unwrap_err();
    /// assert_eq!(error.valid_up_to(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn valid_up_to(&self) -> usize {
        self.valid_up_to
    }
}

impl fmt::Display for FromUtf16BytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Invalid::UnpairedSurrogate => "unpaired surrogate",
            Invalid::OddByte => "odd last byte",
        };
        write!(f, "invalid utf-16: {what} at index {}", self.valid_up_to)
    }
}

impl Error for FromUtf16BytesError {}
