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
    /// and none up to 15 bytes. A [`CowString`] has a method of that name itself, which shares it; where
    /// only this trait is known of it, it is copied too.
    ///
    /// # Panics
    ///
    /// If the value's `Display` returns an error.
    #[must_use]
    #[track_caller]
    fn to_cow_string(&self) -> CowString;
}

impl CowString {
    /// A clone, which stands before what [`ToCowString`] gives.
    ///
    /// O(1), without an allocation: the buffer is shared.
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

/// `cow_format!`, as `alloc::fmt::format`. A text that is not inline is begun with `room` bytes.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn format(arguments: fmt::Arguments<'_>, room: usize) -> CowString {
    if let Some(text) = arguments.as_str() {
        return CowString::from_static(text);
    }
    let mut roomy = Roomy { text: CowString::new(), room };
    let written = roomy.write_fmt(arguments);
    written.expect(
        "a formatting trait implementation returned an error when the underlying stream did not",
    );
    roomy.text
}

/// The room that `format!` begins with for a format string: twice what is not within its placeholders,
/// as far as can be told without reading these.
#[doc(hidden)]
#[must_use]
pub const fn room_for(format: &str) -> usize {
    let bytes = format.as_bytes();
    let (mut outside, mut within, mut i) = (0, false, 0);
    while i < bytes.len() {
        let brace = matches!(bytes[i], b'{' | b'}');
        if brace && !within && i + 1 < bytes.len() && bytes[i + 1] == bytes[i] {
            // Two that stand for one.
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

/// Writes to a text whose first block has that much room, or all that it needs at once.
struct Roomy {
    text: CowString,
    room: usize,
}

impl Write for Roomy {
    #[inline]
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let len = self.text.len();
        if self.text.is_inline() && more.len() > self.text.capacity() - len {
            self.text.reserve(more.len().max(self.room.saturating_sub(len)));
        }
        self.text.push_str(more);
        Ok(())
    }
}
