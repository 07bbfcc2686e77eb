//! Making a string, reading it, and asking how its text is stored.

use super::CowString;
use super::utf8::Utf8;
use crate::sync::const_fn;

impl CowString {
    /// Creates an empty string, which does not allocate.
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

    /// Creates a string of static text without copying it.
    ///
    /// O(1). Clones, slices, `pop` and `truncate` copy nothing and change no counter. The first other write
    /// copies the text. Up to 15 bytes become inline.
    ///
    /// # Panics
    ///
    /// Panics if the text has 4 GiB or more.
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
        /// Returns the text as a `str`.
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
        /// O(1). The pointer is valid for reads of `len` bytes until this string is dropped or changed. If the
        /// text is inline, it is also valid only until the string is moved.
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
        /// Returns the text as bytes.
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

    /// Returns the length of the text in bytes.
    ///
    /// O(1).
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

    /// Returns `true` if the text has no bytes.
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

    /// Returns `true` if the text is stored in the string itself, without a buffer.
    ///
    /// `from`, `slice` and most other methods store a new text of up to 15 bytes in this way. A longer string keeps its
    /// buffer when it is shortened, as `String` keeps its capacity. O(1).
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

    /// Returns `true` if the text is static and not inline.
    ///
    /// [`from_static`](CowString::from_static) makes such a string of more than 15 bytes. O(1).
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

    /// Returns `true` if the text is inline or this is the only handle of its buffer, so that writes need no
    /// copy.
    ///
    /// Takes `&mut`, so that no other thread can clone the string meanwhile. `false` may be stale, because another
    /// thread may drop the last other handle. Returns `false` for static text. O(1).
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

    /// Returns `true` if both texts are at the same address and have the same length, or are inline and equal.
    ///
    /// If so, the texts are equal. O(1).
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

    /// Returns the number of handles of the buffer, or 0 for inline and static text.
    ///
    /// The value may be stale, because other threads may clone and drop; use it for diagnostics only. O(1).
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
