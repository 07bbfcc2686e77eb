//! Room for more text: what there is, how more is made, and how it is given back.

use super::CowString;
use super::repr::Growth;
use super::utf8::Utf8;
use crate::raw::layout::{TryReserveError, or_fail};

impl CowString {
    /// Creates an empty string with room for at least `capacity` bytes.
    ///
    /// One allocation; none for up to 15, which every string has room for.
    ///
    /// # Panics
    ///
    /// If the block would be larger than `isize::MAX` bytes: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::with_capacity(100);
    /// s.push_str("without another allocation");
    /// assert!(s.capacity() >= 100);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { text: Utf8::with_capacity(capacity) }
    }

    /// [`with_capacity`](CowString::with_capacity) with the error as a value.
    ///
    /// # Errors
    ///
    /// If the block would be larger than `isize::MAX` bytes, or the allocator has no such block.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert!(CowString::try_with_capacity(100).is_ok_and(|s| s.capacity() >= 100));
    /// assert!(CowString::try_with_capacity(usize::MAX).is_err());
    /// ```
    pub fn try_with_capacity(capacity: usize) -> Result<Self, TryReserveError> {
        let mut text = Self::new();
        text.try_reserve_exact(capacity)?;
        Ok(text)
    }

    /// The bytes that fit without a copy, as far as can be told.
    ///
    /// 15 if the text is inline; the room of the buffer, from this text's start, if this is its only
    /// handle or could append in place; `len` for static text, and if the buffer is shared and the next
    /// byte is taken. Another thread that clones or drops a handle may change the answer. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::new().capacity(), 15);
    ///
    /// let a = CowString::from("sixteen bytes ...");
    /// let mut b = a.clone();
    /// b.push('.'); // takes the next byte of the buffer
    /// assert_eq!(a.capacity(), a.len());
    /// ```
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.text.repr().capacity()
    }

    /// The bytes of text that this string keeps in memory: all that stand in its buffer, as far as can be
    /// told, and its own if it has none.
    ///
    /// More than [`len`](CowString::len) for a slice, or where other handles have appended. Memory is
    /// given back by [`shrink_to_fit`](CowString::shrink_to_fit). O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let book = CowString::from("a book ".repeat(1000));
    /// let mut quote = book.slice(7..27);
    /// drop(book);
    /// assert_eq!((quote.len(), quote.retained_len()), (20, 7000));
    /// quote.shrink_to_fit();
    /// assert_eq!(quote.retained_len(), 20);
    /// ```
    #[inline]
    #[must_use]
    pub fn retained_len(&self) -> usize {
        self.text.repr().retained_len()
    }

    /// The bytes that were asked of the allocator for the buffer, whoever shares it; 0 for inline and
    /// static text.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// assert_eq!(CowString::from("short").heap_bytes(), 0);
    /// assert!(CowString::from("longer than 15 bytes").heap_bytes() > 20);
    /// ```
    #[inline]
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.text.repr().heap_bytes()
    }

    /// Reserves room for at least `additional` more bytes, more if that avoids frequent growth. Clones the
    /// buffer if it is shared.
    ///
    /// Unique or inline: O(1) if there is room, else one allocation. Shared or static: O(n) always, even if
    /// there is room, since another handle may take it: do not reserve before each push.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("text");
    /// s.reserve(100);
    /// assert!(s.capacity() >= 104);
    /// ```
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        or_fail(self.text.try_reserve(additional, Growth::Amortised));
    }

    /// Reserves room for `additional` more bytes, and no more than the allocator rounds up to. Clones the
    /// buffer if it is shared.
    ///
    /// Costs what [`reserve`](CowString::reserve) does.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("text");
    /// s.reserve_exact(96);
    /// assert!((100..120).contains(&s.capacity()));
    /// ```
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        or_fail(self.text.try_reserve(additional, Growth::Exact));
    }

    /// [`reserve`](CowString::reserve) with the error as a value. Clones the buffer if it is shared.
    ///
    /// # Errors
    ///
    /// If the new capacity would exceed `isize::MAX` bytes, or the allocator has no such block. The text
    /// is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::from("text");
    /// assert!(s.try_reserve(usize::MAX).is_err());
    /// assert!(s.try_reserve(100).is_ok() && s.capacity() >= 104);
    /// ```
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        Ok(self.text.try_reserve(additional, Growth::Amortised)?)
    }

    /// [`reserve_exact`](CowString::reserve_exact) with the error as a value. Clones the buffer if it is
    /// shared.
    ///
    /// # Errors
    ///
    /// As [`try_reserve`](CowString::try_reserve).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut text = CowString::from("text");
    /// assert!(text.try_reserve_exact(usize::MAX).is_err());
    /// assert!(text.try_reserve_exact(100).is_ok() && text.capacity() >= 104);
    /// ```
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError> {
        Ok(self.text.try_reserve(additional, Growth::Exact)?)
    }

    /// Lets go of what is kept beyond the text, but for what the allocator rounds up to.
    ///
    /// Up to 15 bytes become inline. Unique: a slice moves to the front of its buffer, which then shrinks;
    /// O(n) if the allocator moves it. Shared: where the buffer has more room than the text needs, the
    /// text is copied into one of its own, O(n), so that it no longer keeps the larger one alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::with_capacity(1000);
    /// s.push_str("longer than 15 bytes");
    /// s.shrink_to_fit();
    /// assert!((20..40).contains(&s.capacity()));
    /// ```
    #[inline]
    #[track_caller]
    pub fn shrink_to_fit(&mut self) {
        self.shrink_to(0);
    }

    /// [`shrink_to_fit`](CowString::shrink_to_fit) that leaves room for `capacity` bytes, if there is as
    /// much.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut s = CowString::with_capacity(1000);
    /// s.push_str("text");
    /// s.shrink_to(100);
    /// assert!((100..120).contains(&s.capacity()));
    /// s.shrink_to(0);
    /// assert!(s.is_inline());
    /// ```
    #[inline]
    #[track_caller]
    pub fn shrink_to(&mut self, capacity: usize) {
        self.text.shrink_to(capacity);
    }
}
