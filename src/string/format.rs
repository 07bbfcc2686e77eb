//! Formatting into a string: [`ToCowString`], and the functions behind `cow_format!`.

use core::fmt::{self, Write};

use super::CowString;
use super::utf8::Utf8;

/// Converts a value to a [`CowString`], as `ToString` converts it to a `String`.
///
/// This trait is implemented for every type that implements `Display`.
///
/// # Examples
///
/// ```
/// use cow_collections::ToCowString;
///
/// assert_eq!(42.to_cow_string(), "42");
/// assert_eq!('x'.to_cow_string() + "y", "xy");
/// ```
pub trait ToCowString {
    /// Converts the value to a string.
    ///
    /// O(n). A value that is written in one piece, such as a number, costs at most one allocation, and none up
    /// to 15 bytes. [`CowString::to_cow_string`] hides this method and shares the buffer; generic
    /// code copies the text.
    ///
    /// # Panics
    ///
    /// Panics if the value's `Display` returns an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, ToCowString};
    /// use std::fmt::Display;
    ///
    /// fn quoted(value: impl Display) -> CowString {
    ///     format_args!("<{value}>").to_cow_string()
    /// }
    ///
    /// assert_eq!(quoted(42), "<42>");
    /// ```
    #[must_use]
    #[track_caller]
    fn to_cow_string(&self) -> CowString;
}

impl CowString {
    /// Returns a clone, which shares the buffer.
    ///
    /// O(1). This method hides that of [`ToCowString`], which copies the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowString, ToCowString};
    ///
    /// let text = CowString::from("longer than fifteen bytes");
    /// assert!(text.to_cow_string().ptr_eq(&text));
    /// ```
    #[inline]
    #[must_use]
    pub fn to_cow_string(&self) -> Self {
        self.clone()
    }
}

impl<T: fmt::Display + ?Sized> ToCowString for T {
    #[inline]
    #[track_caller]
    fn to_cow_string(&self) -> CowString {
        let mut text = CowString::new();
        write!(text, "{self}").expect("a Display implementation returned an error unexpectedly");
        text
    }
}

/// Formats the arguments of `cow_format!`, as `alloc::fmt::format` does. The first buffer has room for
/// `expected_len` bytes, and for at least 32.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn format(arguments: fmt::Arguments<'_>, expected_len: usize) -> CowString {
    if let Some(text) = arguments.as_str() {
        return CowString::from_static(text);
    }
    // The estimate does not include the arguments. Appending would allocate a first buffer of 32 bytes.
    let mut writer = Writer { text: Utf8::new(), expected_len: expected_len.max(32) };
    let written = writer.write_fmt(arguments);
    written.expect(
        "a formatting trait implementation returned an error when the underlying stream did not",
    );
    CowString { text: writer.text }
}

/// Returns an estimate of the length of a formatted text: twice the bytes of the format string outside of its
/// placeholders. `format!` estimates likewise.
#[doc(hidden)]
#[must_use]
pub const fn room_for(format: &str) -> usize {
    let bytes = format.as_bytes();
    let (mut outside, mut within, mut i) = (0, false, 0);
    while i < bytes.len() {
        let brace = matches!(bytes[i], b'{' | b'}');
        if brace && !within && i + 1 < bytes.len() && bytes[i + 1] == bytes[i] {
            // An escaped brace.
            i += 1;
            outside += 1;
        } else if brace {
            within = bytes[i] == b'{';
        } else if !within {
            outside += 1;
        }
        i += 1;
    }
    2 * outside
}

/// Writes to a string whose first buffer has room for `expected_len` bytes.
struct Writer {
    text: Utf8,
    expected_len: usize,
}

impl Write for Writer {
    #[inline]
    fn write_str(&mut self, more: &str) -> fmt::Result {
        self.text.push_piece(more, self.expected_len);
        Ok(())
    }
}
