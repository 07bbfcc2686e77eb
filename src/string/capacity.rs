//! Capacity: asking for it, reserving more, and giving the excess back.

use super::CowString;
use super::repr::Growth;
use super::utf8::Utf8;
use crate::raw::layout::{TryReserveError, or_fail};

impl CowString {
    /// Creates an empty string with at least the specified capacity.
    ///
    /// One allocation; none for up to 15 bytes, which every string can hold.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
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

    /// Creates an empty string with at least the specified capacity, or returns an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the capacity exceeds `isize::MAX` bytes, or the allocator reports a failure.
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

    /// Returns the capacity usable without copying; may be stale.
    ///
    /// Another thread that clones or drops a handle may change it. O(1).
    ///
    /// | text | capacity |
    /// |---|---|
    /// | inline | 15 |
    /// | static | `len` |
    /// | in a buffer that is unique, or can be appended to in place | the buffer's from the start of the text |
    /// | in a shared buffer whose next byte is used | `len` |
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

    /// Returns the number of bytes of text that this string keeps in memory; may be stale.
    ///
    /// That is all text in the buffer. It is more than [`len`](CowString::len) for a slice, for a clone that was
    /// shortened, or if other handles have appended. Without a buffer it is `len`.
    /// [`shrink_to_fit`](CowString::shrink_to_fit) releases the excess. O(1).
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

    /// Returns the size of the buffer's allocation in bytes, or 0 for inline and static text.
    ///
    /// O(1). All handles of a buffer return the same size.
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

    /// Reserves capacity for at least `additional` more bytes. Clones the buffer if it is shared.
    ///
    /// May reserve more, to avoid frequent reallocations. O(1) if unique or inline with enough capacity. O(n) if
    /// shared or static, even with enough capacity, because another handle may use it. So do not reserve
    /// before each push.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
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

    /// Reserves the minimum capacity for at least `additional` more bytes. Clones the buffer if it is shared.
    ///
    /// The size of the allocation is rounded up to the allocator's granularity. Costs as much as
    /// [`reserve`](CowString::reserve).
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
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

    /// Tries to reserve capacity for at least `additional` more bytes. Clones the buffer if it is shared.
    ///
    /// Costs as much as [`reserve`](CowString::reserve).
    ///
    /// # Errors
    ///
    /// Returns an error if the capacity exceeds `isize::MAX` bytes, or the allocator reports a failure. The
    /// text is then unchanged.
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

    /// Tries to reserve the minimum capacity for at least `additional` more bytes. Clones the buffer if it is
    /// shared.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`try_reserve`](CowString::try_reserve).
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

    /// Shrinks the buffer to fit the text.
    ///
    /// * Up to 15 bytes in a buffer become inline.
    /// * A unique text moves to the front of its buffer, which then shrinks: O(n) if one of the two moves it.
    /// * A shared text is copied into a new buffer if the shared one is larger than it needs: O(n). It
    ///   then no longer keeps the larger buffer alive.
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

    /// Shrinks the buffer with a lower bound, as [`shrink_to_fit`](CowString::shrink_to_fit) does.
    ///
    /// The buffer keeps room for `capacity` bytes, or for the text if that is longer. Has no effect if the buffer is
    /// smaller.
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
