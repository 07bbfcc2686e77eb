//! [`Utf8`], bytes that are valid UTF-8.
//!
//! Only this file turns the bytes of a string into a `str`. Every method that changes them takes text and
//! checks that a range lies on character boundaries.
#![expect(unsafe_code, reason = "views bytes that it has checked as `str`")]

use alloc::vec::Vec;
use core::ops::{Bound, Range, RangeBounds};
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

/// The panic messages of a method for a range that starts or ends inside a character.
pub(super) struct Messages {
    pub(super) start: &'static str,
    pub(super) end: &'static str,
}

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
            self.push_other(c);
        }
    }

    /// Appends a character where [`Utf8::push`] does not. Each arm appends a fixed number of bytes, which stay in
    /// registers.
    #[inline(never)]
    #[track_caller]
    fn push_other(&mut self, c: char) {
        let mut bytes = [0; 4];
        let pushed = match *c.encode_utf8(&mut bytes).as_bytes() {
            [a, b] => self.0.push_unique(&[a, b]),
            [a, b, c] => self.0.push_unique(&[a, b, c]),
            [a, b, c, d] => self.0.push_unique(&[a, b, c, d]),
            _ => false,
        };
        if !pushed {
            self.push_slow(c);
        }
    }

    /// Appends a character to a text of any form. Encodes it here again, because only this call needs the bytes in
    /// memory.
    #[inline(never)]
    #[track_caller]
    fn push_slow(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Shortens the text to `len` bytes, if it is longer.
    ///
    /// # Panics
    ///
    /// Panics if `len` is within the text and not on a character boundary.
    #[track_caller]
    pub(super) fn truncate(&mut self, len: usize) {
        let text = self.as_str();
        if len <= text.len() {
            // The message of `String::truncate`.
            assert!(text.is_char_boundary(len), "assertion failed: self.is_char_boundary(new_len)");
            self.0.truncate(len);
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<char> {
        // S1: a byte that is ASCII is a character.
        if let Some(last) = self.0.pop_ascii_if_cloned() {
            Some(last.into())
        } else {
            self.pop_other()
        }
    }

    #[inline(never)]
    fn pop_other(&mut self) -> Option<char> {
        let text = self.as_str();
        let last = text.chars().next_back()?;
        let rest = text.len() - last.len_utf8();
        // SAFETY: `rest` is less than the length. S1: the last character begins there.
        unsafe { self.0.truncate_unchecked(rest) };
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
    /// Panics with `messages` if the range is decreasing, out of bounds or not on character boundaries.
    #[track_caller]
    pub(super) fn splice(&mut self, range: Range<usize>, with: &str, messages: &Messages) {
        self.assert_part(&range, messages);
        // SAFETY: the range lies within the text. S1: it begins and ends on character boundaries, and `with` is text.
        unsafe { self.0.splice_unchecked(range.start, range.end, with.as_bytes()) };
    }

    /// Inserts a text at byte `at`.
    ///
    /// # Panics
    ///
    /// Panics if `at` is not on a character boundary.
    #[track_caller]
    pub(super) fn insert(&mut self, at: usize, text: &str) {
        if !self.as_str().is_char_boundary(at) {
            // The message of `String::insert`.
            not_on_boundary("assertion failed: self.is_char_boundary(idx)");
        }
        // SAFETY: `at` is at most the length. S1: it is a character boundary, and `text` is text.
        unsafe { self.0.splice_unchecked(at, at, text.as_bytes()) };
    }

    /// Inserts a character at byte `at`, as [`Utf8::insert`] does. One byte stays in a register.
    #[track_caller]
    pub(super) fn insert_char(&mut self, at: usize, c: char) {
        let fast = c.is_ascii() && self.as_str().is_char_boundary(at) && {
            // SAFETY: `at` is at most the length. S1: it is a character boundary, and the byte is a character.
            unsafe { self.0.splice_unique(at, at, &[c as u8]) }
        };
        if !fast {
            self.insert(at, c.encode_utf8(&mut [0; 4]));
        }
    }

    #[inline]
    #[track_caller]
    fn assert_part(&self, range: &Range<usize>, messages: &Messages) {
        let text = self.as_str();
        if !text.is_char_boundary(range.start) {
            not_on_boundary(messages.start);
        }
        if range.start > range.end || !text.is_char_boundary(range.end) {
            not_on_boundary(messages.end);
        }
    }

    /// Removes the character that begins at byte `at`, and returns it. Returns `None` if `at` is the length.
    ///
    /// # Panics
    ///
    /// Panics as indexing a `str` does, if `at` is past the end or not on a character boundary.
    #[track_caller]
    pub(super) fn remove(&mut self, at: usize) -> Option<char> {
        let c = self.as_str()[at..].chars().next()?;
        // SAFETY: the character lies within the text. S1: one whole character is removed.
        unsafe { self.0.splice_unchecked(at, at + c.len_utf8(), b"") };
        Some(c)
    }

    /// Appends a copy of the text of a range.
    ///
    /// # Panics
    ///
    /// Panics as [`Utf8::splice`] does.
    #[inline]
    #[track_caller]
    pub(super) fn extend_from_within(&mut self, range: Range<usize>, messages: &Messages) {
        self.assert_part(&range, messages);
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
    #[inline]
    pub(super) fn retain(&mut self, mut keep: impl FnMut(char) -> bool) {
        let Some(removed) = find(self.as_str(), |c| !keep(c)) else { return };
        let Some(mut guard) = self.0.retain_after(removed.start) else {
            return self.retain_in_copy(removed, keep);
        };
        guard.remove(0, removed.len());
        loop {
            // SAFETY: the rest of a text from a character boundary on is valid UTF-8 (S1).
            let rest = unsafe { str::from_utf8_unchecked(guard.rest()) };
            let Some(removed) = find(rest, |c| !keep(c)) else { break };
            guard.remove(removed.start, removed.len());
        }
    }

    /// Implements [`Utf8::retain`] for a shared or static text, whose first character to remove is `removed`. Copies
    /// the runs of characters that stay.
    #[inline(never)]
    fn retain_in_copy(&mut self, removed: Range<usize>, mut keep: impl FnMut(char) -> bool) {
        let text = self.as_str();
        let Some(next) = find(&text[removed.end..], &mut keep) else {
            return self.truncate(removed.start);
        };
        let (mut run, mut checked) = (removed.end + next.start, removed.end + next.end);
        let expected_len = text.len() - (run - removed.start);
        let mut kept = Self::new();
        kept.push_piece(&text[..removed.start], expected_len);
        while let Some(removed) = find(&text[checked..], |c| !keep(c)) {
            kept.push_piece(&text[run..checked + removed.start], expected_len);
            checked += removed.end;
            run = checked;
        }
        kept.push_piece(&text[run..], expected_len);
        *self = kept;
    }

    /// Returns the text of a range, which shares the buffer.
    ///
    /// # Panics
    ///
    /// Panics as indexing a `str` does.
    #[inline]
    #[track_caller]
    pub(super) fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        let (bounds, len) = (range::read(range), self.0.len());
        let Range { start, end } = range::half_open(bounds, len);
        // The compiler leaves this out for ranges without an included end.
        if let Bound::Included(last) = bounds.1 {
            if last >= len {
                self.ends_past_the_text(start, last);
            }
        }
        self.part_or_panic(start, end)
    }

    #[track_caller]
    fn part_or_panic(&self, start: usize, end: usize) -> Self {
        if !self.is_part(start, end) {
            self.not_a_part(start, end)
        }
        // SAFETY: the range lies within the text. S1: it begins and ends on character boundaries.
        Self(unsafe { self.0.slice_unchecked(start, end - start) })
    }

    #[inline]
    pub(super) fn try_slice(&self, range: impl RangeBounds<usize>) -> Option<Self> {
        let range = range::checked(range, self.0.len())?;
        self.try_part(range.start, range.end)
    }

    fn try_part(&self, start: usize, end: usize) -> Option<Self> {
        if !self.is_part(start, end) {
            return None;
        }
        // SAFETY: the range lies within the text. S1: it begins and ends on character boundaries.
        Some(Self(unsafe { self.0.slice_unchecked(start, end - start) }))
    }

    /// Returns whether the range lies within the text and on character boundaries.
    #[inline]
    fn is_part(&self, start: usize, end: usize) -> bool {
        let text = self.as_str();
        start <= end && text.is_char_boundary(start) && text.is_char_boundary(end)
    }

    /// Panics as indexing a `str` with a range that is no part of it does.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn not_a_part(&self, start: usize, end: usize) -> ! {
        _ = &self.as_str()[start..end];
        unreachable!("the range is not a part of the text")
    }

    /// Panics as indexing a `str` with `start..=last` does, which is past the end.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn ends_past_the_text(&self, start: usize, last: usize) -> ! {
        _ = &self.as_str()[start..=last];
        unreachable!("the range ends past the text")
    }

    /// Returns `part`, which borrows from this text, as a text that shares the buffer. Returns `None` if `part` is
    /// neither within the memory of this text nor empty.
    pub(super) fn try_share(&self, part: &str) -> Option<Self> {
        let Range { start, end } = self.0.range_of(part.as_bytes());
        if start > end || end > self.0.len() {
            return None;
        }
        // SAFETY: the range is not decreasing, and ends within the text. S1: these bytes are the bytes of `part`.
        Some(Self(unsafe { self.0.slice_unchecked(start, end - start) }))
    }

    #[inline]
    pub(super) fn eq(&self, other: &Self) -> bool {
        self.0.eq(&other.0)
    }
}

/// Returns the range of the first character for which `is_wanted` returns `true`.
#[inline]
fn find(text: &str, mut is_wanted: impl FnMut(char) -> bool) -> Option<Range<usize>> {
    let mut chars = text.chars();
    let found = chars.find(|c| is_wanted(*c))?;
    // The position follows from the rest, so that the loop does not count.
    let end = text.len() - chars.as_str().len();
    Some(end - found.len_utf8()..end)
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_on_boundary(message: &'static str) -> ! {
    panic!("{message}")
}

/// Removes a range of characters from a text when it is dropped, and returns them until then.
pub(super) struct DrainGuard<'a> {
    text: &'a mut Utf8,
    /// Lies within the text and on character boundaries.
    range: Range<usize>,
    /// The characters that were not returned yet. The range lies on character boundaries.
    rest: Range<usize>,
}

impl<'a> DrainGuard<'a> {
    /// # Panics
    ///
    /// Panics with `messages` if the range does not lie on character boundaries.
    #[inline]
    #[track_caller]
    pub(super) fn new(text: &'a mut Utf8, range: Range<usize>, messages: &Messages) -> Self {
        text.assert_part(&range, messages);
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
        let Range { start, end } = self.range;
        // SAFETY: the range lies within the text, which the guard borrows. S1: it lies on character boundaries.
        unsafe { self.text.0.splice_unchecked(start, end, b"") };
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
