//! Into a text through `Display`.

use core::fmt::{self, Write};

use super::CowString;

/// Converts a value to a [`CowString`], as `ToString` does to a `String`.
///
/// It is implemented for everything that implements `Display`.
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
    /// Converts the value to a text.
    ///
    /// O(n). A value that is written in one piece, as texts and numbers are, costs at most one allocation,
    /// and none up to 15 bytes. A [`CowString`] is copied too: `clone` shares it.
    ///
    /// # Panics
    ///
    /// If the value's `Display` returns an error.
    #[must_use]
    #[track_caller]
    fn to_cow_string(&self) -> CowString;
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

/// `cow_format!`, as `alloc::fmt::format`.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn format(arguments: fmt::Arguments<'_>) -> CowString {
    if let Some(text) = arguments.as_str() {
        return CowString::from_static(text);
    }
    let mut text = CowString::new();
    let written = text.write_fmt(arguments);
    written.expect(
        "a formatting trait implementation returned an error when the underlying stream did not",
    );
    text
}
