//! [`CowString`], a string in 16 bytes whose clones and slices share its buffer.

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
use self::macros::const_fn;
pub use self::pattern::Pattern;
#[cfg(cow_fuzz)]
#[doc(hidden)]
pub use self::repr::model::run as fuzz_small_limits;
pub use self::share::SharedParts;
use self::utf8::Utf8;
pub use self::utf16::FromUtf16BytesError;

/// A `String` whose clones and slices share one buffer, which is copied only when a shared one is
/// written; 16 bytes, of which up to 15 hold a short text without any buffer.
///
/// Reading is reading a `str`: no atomics. Appending to a clone writes into the buffer that it shares,
/// as long as no other clone has taken those bytes. A long `&'static str` costs nothing to hold, and a
/// [`CowVec<u8>`](crate::CowVec) becomes a string, and a string one, without a copy.
///
/// As a `String`, it gives out `&mut str` implicitly, by `DerefMut`. That copies shared or static text, and
/// [`try_mut`](CowString::try_mut) does not: see [sharing](crate::docs::sharing#when-mut-copies).
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
/// | read, iterate | a `str` | the same |
/// | push, push_str | O(k) amortised | O(k) amortised if this is the longest clone, else a copy |
/// | pop, truncate, clear, slice | no copy | no copy |
/// | other writes | as `String` | one copy: O(n) |
///
/// What it is bad at: it cannot adopt the buffer of a `String`, or give its own away as one (the
/// counters stand before the bytes), so both directions copy. A small slice keeps all of a large
/// buffer alive; `CowString::from(&text[range])` copies instead.
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let text = CowString::from("What was the question? It was this one.");
/// let mut other = text.clone();
/// let first = text.slice(..22);
/// assert_eq!(text.strong_count(), 3); // three strings, one buffer
///
/// other.push('!'); // written behind the bytes that all three see
/// assert_eq!(text, "What was the question? It was this one.");
/// assert_eq!(other, "What was the question? It was this one.!");
/// assert_eq!(first, "What was the question?");
/// assert_eq!(text.strong_count(), 3);
/// ```
#[repr(transparent)]
pub struct CowString {
    text: Utf8,
}

impl CowString {
    /// Creates an empty string that has not allocated.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// static NONE: CowString = CowString::new();
    /// assert!(NONE.is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { text: Utf8::new() }
    }

    /// Creates a string of text that lives for ever, without a copy.
    ///
    /// O(1). Clones, slices, `pop` and `truncate` copy nothing and touch no counter; the first other
    /// write copies the text. Up to 15 bytes are inline.
    ///
    /// # Panics
    ///
    /// If the text has 4 GiB or more.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// const GREETING: CowString = CowString::from_static("a greeting of more than 15 bytes");
    /// assert_eq!(GREETING.len(), 32);
    /// assert_eq!(GREETING.strong_count(), 0);
    /// ```
    #[doc(alias = "const_new")]
    #[doc(alias = "from_static_str")]
    #[doc(alias = "borrowed")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub const fn from_static(text: &'static str) -> Self {
        Self { text: Utf8::from_static(text) }
    }

    const_fn! {
        /// The text as a `str`.
        ///
        /// O(1), without atomics.
        ///
        /// # Examples
        ///
        /// ```
        /// use cow_collections::CowString;
        ///
        /// assert_eq!(CowString::from("text").as_str(), "text");
        /// ```
        #[inline]
        #[must_use]
        pub const fn as_str(&self) -> &str {
            self.text.as_str()
        }
    }

    const_fn! {
        /// Returns a pointer to the first byte of the text.
        ///
        /// O(1). The pointer is valid for reads of `len` bytes until this string is dropped, changed or, because
        /// inline text is inside the string itself, moved.
        ///
        /// # Examples
        ///
        /// ```
        /// use cow_collections::CowString;
        ///
        /// let text = CowString::from("a text of more than 15 bytes");
        /// assert_eq!(text.as_ptr(), text.clone().as_ptr());
        /// ```
        #[inline]
        #[must_use]
        pub const fn as_ptr(&self) -> *const u8 {
            self.as_str().as_ptr()
        }
    }

    const_fn! {
        /// The text as bytes.
        ///
        /// O(1), without atomics.
        ///
        /// # Examples
        ///
        /// ```
        /// use cow_collections::CowString;
        ///
        /// assert_eq!(CowString::from("text").as_bytes(), b"text");
        /// ```
        #[inline]
        #[must_use]
        pub const fn as_bytes(&self) -> &[u8] {
            self.text.repr().as_bytes()
        }
    }

    /// The length of the text in bytes.
    ///
    /// O(1), without a branch on where the text is.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("für").len(), 4);
    /// ```
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.text.repr().len()
    }

    /// Whether the text has no bytes.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert!(CowString::new().is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the text is in the 16 bytes of the string itself, without a buffer.
    ///
    /// So are all strings made of at most 15 bytes; one that was longer keeps its buffer when it is
    /// shortened, as `String` keeps its capacity. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert!(CowString::from("fifteen bytes ..").slice(..15).is_inline());
    /// assert!(!CowString::from("fifteen bytes ..").is_inline());
    /// ```
    #[doc(alias = "is_heap_allocated")]
    #[doc(alias = "is_allocated")]
    #[inline]
    #[must_use]
    pub const fn is_inline(&self) -> bool {
        self.text.repr().is_inline()
    }

    /// Whether the text lives for ever outside of any buffer, as [`from_static`](CowString::from_static)
    /// has it if it is longer than 15 bytes.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from_static("longer than 15 bytes");
    /// assert!(s.is_static() && s.slice(2..).is_static());
    /// s.push('!');
    /// assert!(!s.is_static());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_static(&self) -> bool {
        self.text.repr().is_static()
    }

    /// Whether writes need no copy, because nobody else can see the bytes: the text is inline, or this
    /// is the only handle of its buffer.
    ///
    /// The answer is definite, which is why it takes `&mut`: nobody can clone meanwhile. False for
    /// static text. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut a = CowString::from("longer than 15 bytes");
    /// let b = a.clone();
    /// assert!(!a.is_unique());
    /// drop(b);
    /// assert!(a.is_unique());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_unique(&mut self) -> bool {
        self.is_inline() || self.text.is_unique()
    }

    /// Whether both are the same bytes of the same buffer or static text: same address and same length.
    /// Inline texts are the same if they are equal.
    ///
    /// True implies that the texts are equal. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let a = CowString::from("longer than 15 bytes");
    /// assert!(a.ptr_eq(&a.clone()));
    /// assert!(!a.ptr_eq(&CowString::from("longer than 15 bytes")));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.text.repr().ptr_eq(other.text.repr())
    }

    /// The handles of the buffer as they were a moment ago, 0 for inline and static text.
    ///
    /// To look at, not to decide by: other threads may clone and drop. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let a = CowString::from("a text that is not inline");
    /// let b = a.clone();
    /// assert_eq!(b.strong_count(), 2);
    /// assert_eq!(CowString::from("inline").strong_count(), 0);
    /// ```
    #[inline]
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.text.repr().strong_count()
    }
}

impl Deref for CowString {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Clone for CowString {
    /// Shares the buffer. O(1): one atomic increment, none for inline and static text; nothing is
    /// allocated.
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
    assert!(size_of::<Option<Option<CowString>>>() == 16);
};
