//! [`Utf8`], bytes that are valid UTF-8.
//!
//! Only this file turns the bytes of a string into a `str`. Every method that changes them takes text and
//! checks that a range lies on character boundaries.
#![expect(unsafe_code, reason = "views bytes that it has checked as `str`")]

use alloc::vec::Vec;
use core::ops::{Range, RangeBounds};
use core::str::{self, Utf8Error};

use super::CowString;
use super::repr::{Growth, Repr};
use crate::range;
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::sync::const_fn;
use crate::vec::CowVec;

/// A string of bytes that are valid UTF-8.
///
/// S1: the bytes are valid UTF-8 whenever code outside this file can see them, also after a panic.
#[derive(Clone)]
#[repr(transparent)]
pub(super) struct Utf8(Repr);

impl Utf8 {
    #[inline]
    pub(super) const fn new() -> Self {
        Self(Repr::new())
    }

    #[inline]
    #[track_caller]
    pub(super) const fn from_static(text: &'static str) -> Self {
        Self(Repr::from_static(text.as_bytes()))
    }

    #[inline]
    #[track_caller]
    pub(super) fn copy_of(text: &str) -> Self {
        Self(Repr::copy_of(text.as_bytes()))
    }

    #[inline]
    #[track_caller]
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Repr::with_capacity(capacity))
    }

    /// Takes over the buffer of `bytes`.
    ///
    /// # Errors
    ///
    /// Returns the bytes and the error of `str::from_utf8` if they are not valid UTF-8.
    pub(super) fn check(bytes: CowVec<u8>) -> Result<Self, (CowVec<u8>, Utf8Error)> {
        match str::from_utf8(&bytes) {
            Ok(_) => Ok(Self(Repr::from_handle(bytes.into_handle()))),
            Err(error) => Err((bytes, error)),
        }
    }

    /// Turns this into a handle of the same buffer, as [`Repr::try_into_handle`] does.
    #[inline]
    pub(super) fn try_into_handle(self) -> Result<Handle<u8>, Self> {
        self.0.try_into_handle().map_err(Self)
    }

    /// Returns the bytes for reading.
    #[inline]
    pub(super) const fn repr(&self) -> &Repr {
        &self.0
    }

    const_fn! {
        #[inline]
        pub(super) const fn as_str(&self) -> &str {
            // SAFETY: the bytes are valid UTF-8 (S1).
            unsafe { str::from_utf8_unchecked(self.0.as_bytes()) }
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn make_mut(&mut self) -> &mut str {
        // SAFETY: the bytes are valid UTF-8 (S1), and a `&mut str` keeps them so.
        unsafe { str::from_utf8_unchecked_mut(self.0.make_mut()) }
    }

    #[inline]
    pub(super) fn is_unique(&mut self) -> bool {
        self.0.is_unique()
    }

    #[inline]
    #[track_caller]
    pub(super) fn push_str(&mut self, text: &str) {
        self.0.push(text.as_bytes());
    }

    /// Appends a text to one that is built in pieces, as [`Repr::push_piece`] does.
    #[track_caller]
    pub(super) fn push_piece(&mut self, text: &str, expected_len: usize) {
        self.0.push_piece(text.as_bytes(), expected_len);
    }

    #[inline]
    #[track_caller]
    pub(super) fn push(&mut self, c: char) {
        if !(c.is_ascii() && self.0.push_unique(&[c as u8])) {
            self.push_slow(c);
        }
    }

    #[inline(never)]
    #[track_caller]
    fn push_slow(&mut self, c: char) {
        self.0.push(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Shortens the text to `len` bytes, if it is longer.
    ///
    /// # Panics
    ///
    /// Panics if `len` is within the text and not on a character boundary.
    #[inline]
    #[track_caller]
    pub(super) fn truncate(&mut self, len: usize) {
        if len <= self.0.len() {
            // The message of `String::truncate`.
            assert!(
                self.as_str().is_char_boundary(len),
                "assertion failed: self.is_char_boundary(new_len)"
            );
            self.0.truncate(len);
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<char> {
        let last = self.as_str().chars().next_back()?;
        self.0.truncate(self.0.len() - last.len_utf8());
        Some(last)
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    #[inline]
    pub(super) fn try_reserve(&mut self, more: usize, growth: Growth) -> Result<(), ReserveError> {
        self.0.try_reserve(more, growth)
    }

    #[inline]
    #[track_caller]
    pub(super) fn shrink_to(&mut self, capacity: usize) {
        self.0.shrink_to(capacity);
    }

    #[inline]
    pub(super) fn leak<'a>(self) -> &'a mut str {
        // SAFETY: the bytes are valid UTF-8 (S1), and a `&mut str` keeps them so.
        unsafe { str::from_utf8_unchecked_mut(self.0.leak()) }
    }

    /// Replaces the text of a range.
    ///
    /// # Panics
    ///
    /// Panics if the range is out of bounds or does not lie on character boundaries.
    #[inline]
    #[track_caller]
    pub(super) fn splice(&mut self, range: Range<usize>, with: &str) {
        // S1: the range begins and ends on character boundaries, and `with` is text.
        self.assert_whole_chars(&range);
        self.0.splice(range.start, range.end, with.as_bytes());
    }

    #[track_caller]
    fn assert_whole_chars(&self, range: &Range<usize>) {
        assert!(
            self.as_str().get(range.clone()).is_some(),
            "the range must lie on char boundaries"
        );
    }

    /// Appends a copy of the text of a range.
    ///
    /// # Panics
    ///
    /// Panics as [`Utf8::splice`] does.
    #[inline]
    #[track_caller]
    pub(super) fn extend_from_within(&mut self, range: Range<usize>) {
        self.assert_whole_chars(&range);
        self.0.extend_from_within(range.start, range.end);
    }

    /// Removes the text from byte `at` on and returns it.
    ///
    /// # Panics
    ///
    /// Panics if `at` is not on a character boundary.
    #[inline]
    #[track_caller]
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        assert!(self.as_str().is_char_boundary(at), "assertion failed: self.is_char_boundary(at)");
        Self(self.0.split_off(at))
    }

    /// Removes the characters for which `keep` returns `false`.
    ///
    /// If `keep` panics, no other character is lost. A shared or static text is then unchanged.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(char) -> bool) {
        let mut chars = self.as_str().char_indices();
        let Some((first, _)) = chars.find(|(_, c)| !keep(*c)) else { return };
        let Some((next, c)) = chars.find(|(_, c)| keep(*c)) else { return self.truncate(first) };
        let checked = next + c.len_utf8();
        if self.0.is_inline() || self.0.is_unique() {
            let mut guard = self.0.retain_after(first);
            guard.remove(next - first);
            guard.keep(c.len_utf8());
            loop {
                // SAFETY: the rest of a text from a character boundary on is valid UTF-8 (S1).
                let rest = unsafe { str::from_utf8_unchecked(guard.rest()) };
                let Some((kept, c)) = rest.char_indices().find(|(_, c)| !keep(*c)) else { break };
                guard.keep(kept);
                guard.remove(c.len_utf8());
            }
        } else {
            // Copies the runs of characters that stay.
            let (text, expected_len) = (self.as_str(), self.0.len() - (next - first));
            let mut kept = Self::new();
            kept.push_piece(&text[..first], expected_len);
            let mut run = next;
            for (at, c) in text[checked..].char_indices() {
                if !keep(c) {
                    kept.push_piece(&text[run..checked + at], expected_len);
                    run = checked + at + c.len_utf8();
                }
            }
            kept.push_piece(&text[run..], expected_len);
            *self = kept;
        }
    }

    /// Returns the text of a range, which shares the buffer.
    ///
    /// # Panics
    ///
    /// Panics as indexing a `str` does.
    #[inline]
    #[track_caller]
    pub(super) fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        self.share(&self.as_str()[range::half_open(range::read(range), self.0.len())])
    }

    #[inline]
    pub(super) fn try_slice(&self, range: impl RangeBounds<usize>) -> Option<Self> {
        Some(self.share(self.as_str().get(range::checked(range, self.0.len())?)?))
    }

    /// Returns `part`, which borrows from this text, as a text that shares the buffer.
    ///
    /// # Panics
    ///
    /// Panics if `part` is neither within the memory of this text nor empty.
    #[inline]
    #[track_caller]
    fn share(&self, part: &str) -> Self {
        let Range { start, end } = self.0.range_of(part.as_bytes());
        // S1: these bytes of this text are the bytes of `part`.
        Self(self.0.slice(start, end))
    }

    /// Like [`Utf8::share`], but returns `None` instead of a panic.
    #[inline]
    pub(super) fn try_share(&self, part: &str) -> Option<Self> {
        let Range { start, end } = self.0.range_of(part.as_bytes());
        (start <= end && end <= self.0.len()).then(|| Self(self.0.slice(start, end)))
    }

    #[inline]
    pub(super) fn eq(&self, other: &Self) -> bool {
        self.0.eq(&other.0)
    }
}

/// Removes a range of characters from a text when it is dropped, and returns them until then.
pub(super) struct DrainGuard<'a> {
    text: &'a mut Utf8,
    range: Range<usize>,
    /// The characters that were not returned yet. The range lies on character boundaries.
    rest: Range<usize>,
}

impl<'a> DrainGuard<'a> {
    /// # Panics
    ///
    /// Panics as [`Utf8::splice`] does.
    #[inline]
    #[track_caller]
    pub(super) fn new(text: &'a mut Utf8, range: Range<usize>) -> Self {
        text.assert_whole_chars(&range);
        Self { text, rest: range.clone(), range }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        let rest = &self.text.0.as_bytes()[self.rest.clone()];
        // SAFETY: the range lies on character boundaries of a text, so its bytes are valid UTF-8 (S1).
        unsafe { str::from_utf8_unchecked(rest) }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.as_str().chars().next()?;
        self.rest.start += c.len_utf8();
        Some(c)
    }

    #[inline]
    pub(super) fn next_back(&mut self) -> Option<char> {
        let c = self.as_str().chars().next_back()?;
        self.rest.end -= c.len_utf8();
        Some(c)
    }
}

impl Drop for DrainGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.text.splice(self.range.clone(), "");
    }
}

impl CowString {
    /// Converts bytes to a string without checking that they are UTF-8.
    ///
    /// O(n): copies them.
    ///
    /// # Safety
    ///
    /// * The bytes must be valid UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// // SAFETY: ASCII is valid UTF-8.
    /// let text = unsafe { CowString::from_utf8_unchecked(vec![b'o', b'k']) };
    /// assert_eq!(text, "ok");
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub unsafe fn from_utf8_unchecked(bytes: Vec<u8>) -> Self {
        // S1: the caller ensures that the bytes are valid UTF-8.
        Self { text: Utf8(Repr::copy_of(&bytes)) }
    }
}
