//! [`CowString`], a string in 16 bytes whose clones and slices share its buffer.
//!
//! [`Pattern`] stands for what its search methods accept. [`SharedParts`] is the iterator of `lines_shared`,
//! `split_shared` and the like.

// `repr` holds the bytes and the unsafe code that shares them; `utf8` ensures that they are text. The other
// files are the public methods and traits.

// First, so that the documentation lists `new` first.
mod basics;

mod bytes;
mod capacity;
mod chars;
mod collect;
mod compare;
mod convert;
mod drain;
mod edit;
mod format;
mod macros;
#[cfg(feature = "std")]
mod os;
mod pattern;
mod repr;
mod share;
mod transform;
mod utf16;
mod utf8;

use core::ops::Deref;

pub use self::chars::IntoChars;
pub use self::convert::FromUtf8Error;
pub use self::drain::Drain;
pub use self::format::ToCowString;
#[doc(hidden)]
pub use self::format::{format, room_for};
pub use self::pattern::Pattern;
#[cfg(cow_fuzz)]
#[doc(hidden)]
pub use self::repr::model::run as fuzz_small_limits;
pub use self::share::SharedParts;
use self::utf8::Utf8;
pub use self::utf16::FromUtf16BytesError;

/// A `String` whose clones and slices share one buffer.
///
/// The buffer is copied only when a shared one is written. A `CowString` is 16 bytes; up to 15 bytes of text
/// are stored in the string itself, without a buffer.
///
/// * Reading is as fast as reading a `str`, without atomics.
/// * Appending to a clone writes into the shared buffer, if no other clone has used the bytes behind the text.
/// * A `&'static str` becomes a string without a copy.
/// * A [`CowVec<u8>`](crate::CowVec) becomes a string without a copy, and a string becomes a `CowVec<u8>`.
///
/// Like a `String`, it dereferences to `&mut str` implicitly, by `DerefMut`. This copies shared or static text;
/// [`try_mut`](CowString::try_mut) does not. See [sharing](crate::docs::sharing#when-mut-copies).
///
/// ```text
///  text ─────────────┐
///  text.clone() ─────┴─────► | refs 3 | to be or not to be, that is |
///  text.slice(9..) ───────────────────────────► ▲
///
///  "to be"     in the 16 bytes of the string itself
/// ```
///
/// | | unique or inline | shared or static |
/// |---|---|---|
/// | clone | one atomic increment; inline: copies 16 bytes | one atomic increment; static: copies 16 bytes |
/// | read, iterate | as `str` | as `str` |
/// | push, push_str | O(k) amortised | O(k) amortised if the bytes after the text are free, else a copy |
/// | pop, truncate, clear, slice | no copy | no copy |
/// | other writes | as `String` | one copy: O(n) |
///
/// Converting a `String` into a `CowString`, or back, copies the text, because the counters of a buffer
/// precede its bytes. A small slice keeps all of a large buffer alive; `CowString::from(&text[range])` copies
/// instead.
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let text = CowString::from("What was the question? It was this one.");
/// let mut other = text.clone();
/// let first = text.slice(..22);
/// assert_eq!(text.strong_count(), 3); // three strings share one buffer
///
/// other.push('!'); // written behind the bytes that are shared
/// assert_eq!(text, "What was the question? It was this one.");
/// assert_eq!(other, "What was the question? It was this one.!");
/// assert_eq!(first, "What was the question?");
/// assert_eq!(text.strong_count(), 3);
/// ```
#[doc(alias = "ArcStr")]
#[doc(alias = "CompactString")]
#[doc(alias = "CowArc")]
#[doc(alias = "EcoString")]
#[doc(alias = "SmolStr")]
#[repr(transparent)]
pub struct CowString {
    text: Utf8,
}

impl Deref for CowString {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Clone for CowString {
    /// Returns a string that shares the buffer.
    ///
    /// O(1): one atomic increment, none for inline and static text. Allocates nothing.
    #[inline]
    fn clone(&self) -> Self {
        Self { text: self.text.clone() }
    }
}

impl Default for CowString {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

const _: () = {
    assert!(size_of::<CowString>() == 16);
    assert!(size_of::<Option<CowString>>() == 16);
};
