//! `Utf8`: bytes that are known to be text, and the only place that tells the compiler so.
#![expect(unsafe_code, reason = "views bytes that it has checked as `str`")]

use alloc::vec::Vec;
use core::ops::{Range, RangeBounds};
use core::str::{self, Utf8Error};

use super::CowString;
use super::macros::const_fn;
use super::repr::{Growth, Repr};
use crate::range;
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::vec::CowVec;

/// Bytes that are valid UTF-8 (S1). No method here leaves them otherwise, whatever it is given.
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

    /// The buffer of `bytes` as text.
    ///
    /// # Errors
    ///
    /// Gives the bytes back if they are not valid UTF-8, and says where.
    pub(super) fn check(bytes: CowVec<u8>) -> Result<Self, (CowVec<u8>, Utf8Error)> {
        match str::from_utf8(&bytes) {
            Ok(_) => Ok(Self(Repr::from_handle(bytes.into_handle()))),
            Err(error) => Err((bytes, error)),
        }
    }

    /// The buffer without a copy.
    ///
    /// # Errors
    ///
    /// Gives the text back if that cannot be, as [`Repr::try_into_handle`] says.
    #[inline]
    pub(super) fn try_into_handle(self) -> Result<Handle<u8>, Self> {
        self.0.try_into_handle().map_err(Self)
    }

    /// What can be asked of bytes, whatever they are.
    #[inline]
    pub(super) const fn repr(&self) -> &Repr {
        &self.0
    }

    const_fn! {
        #[inline]
        pub(super) const fn as_str(&self) -> &str {
            // SAFETY: S1.
            unsafe { str::from_utf8_unchecked(self.0.as_bytes()) }
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn make_mut(&mut self) -> &mut str {
        // SAFETY: S1; whoever changes a `str` keeps it valid.
        unsafe { str::from_utf8_unchecked_mut(self.0.make_mut()) }
    }

    #[inline]
    pub(super) fn is_unique(&mut self) -> bool {
        self.0.is_unique()
    }

    /// Appends text to text.
    #[inline]
    #[track_caller]
    pub(super) fn push_str(&mut self, text: &str) {
        self.0.push(text.as_bytes());
    }

    /// Appends text to text of which there will hardly be more than `most` bytes.
    #[track_caller]
    pub(super) fn push_piece(&mut self, text: &str, most: usize) {
        self.0.push_piece(text.as_bytes(), most);
    }

    #[inline]
    #[track_caller]
    pub(super) fn push(&mut self, c: char) {
        if !(c.is_ascii() && self.0.push_unique(&[c as u8])) {
            self.push_any(c);
        }
    }

    #[inline(never)]
    #[track_caller]
    fn push_any(&mut self, c: char) {
        self.0.push(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Forgets what follows byte `len`.
    ///
    /// # Panics
    ///
    /// If that cuts a character.
    #[inline]
    #[track_caller]
    pub(super) fn truncate(&mut self, len: usize) {
        if len <= self.0.len() {
            // In the words of `String::truncate`, without naming this type.
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
        // SAFETY: S1; whoever changes a `str` keeps it valid.
        unsafe { str::from_utf8_unchecked_mut(self.0.leak()) }
    }

    /// Replaces the text of a range by another.
    ///
    /// # Panics
    ///
    /// If the range is not within the text, or cuts a character.
    #[inline]
    #[track_caller]
    pub(super) fn splice(&mut self, range: Range<usize>, with: &str) {
        // S1: from one character's beginning to another's, and text between them.
        assert!(self.as_str().get(range.clone()).is_some(), "a range of whole characters");
        self.0.splice(range.start, range.end, with.as_bytes());
    }

    /// Appends the text of a range.
    ///
    /// # Panics
    ///
    /// As [`Utf8::splice`].
    #[inline]
    #[track_caller]
    pub(super) fn extend_from_within(&mut self, range: Range<usize>) {
        assert!(self.as_str().get(range.clone()).is_some(), "a range of whole characters");
        self.0.extend_from_within(range.start, range.end);
    }

    /// Takes the text from byte `at` on.
    ///
    /// # Panics
    ///
    /// If that cuts a character.
    #[inline]
    #[track_caller]
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        assert!(self.as_str().is_char_boundary(at), "assertion failed: self.is_char_boundary(at)");
        Self(self.0.split_off(at))
    }

    /// Removes the characters that `keep` turns down. If it panics, the text is as it was, or else lacks
    /// only characters turned down.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(char) -> bool) {
        let mut chars = self.as_str().char_indices();
        let Some((first, _)) = chars.find(|(_, c)| !keep(*c)) else { return };
        let Some((next, c)) = chars.find(|(_, c)| keep(*c)) else { return self.truncate(first) };
        let asked = next + c.len_utf8();
        if self.0.is_inline() || self.0.is_unique() {
            let mut work = self.0.retain_after(first);
            work.remove(next - first);
            work.keep(c.len_utf8());
            loop {
                // SAFETY: S1: what is left of the text, from a character's beginning.
                let rest = unsafe { str::from_utf8_unchecked(work.rest()) };
                let Some((kept, c)) = rest.char_indices().find(|(_, c)| !keep(*c)) else { break };
                work.keep(kept);
                work.remove(c.len_utf8());
            }
        } else {
            let (bytes, most) = (self.0.as_bytes(), self.0.len() - (next - first));
            let mut kept = Repr::new();
            kept.push_piece(&bytes[..first], most);
            let mut run = next;
            for (at, c) in self.as_str()[asked..].char_indices() {
                if !keep(c) {
                    kept.push_piece(&bytes[run..asked + at], most);
                    run = asked + at + c.len_utf8();
                }
            }
            kept.push_piece(&bytes[run..], most);
            // S1: whole characters.
            self.0 = kept;
        }
    }

    /// The text of a range.
    ///
    /// # Panics
    ///
    /// As `str` does, if the range is not within the text or cuts a character.
    #[inline]
    #[track_caller]
    pub(super) fn slice(&self, range: impl RangeBounds<usize>) -> Self {
        self.share(&self.as_str()[range::half_open(range::read(range), self.0.len())])
    }

    #[inline]
    pub(super) fn try_slice(&self, range: impl RangeBounds<usize>) -> Option<Self> {
        Some(self.share(self.as_str().get(range::checked(range, self.0.len())?)?))
    }

    /// The text `part`, which stands within this one's memory.
    ///
    /// # Panics
    ///
    /// If it does not, unless it is empty.
    #[inline]
    #[track_caller]
    pub(super) fn share(&self, part: &str) -> Self {
        let Range { start, end } = self.0.range_of(part.as_bytes());
        // S1: these bytes of this text are what `part` is.
        Self(self.0.slice(start, end))
    }

    /// [`Utf8::share`], or `None` if `part` stands elsewhere.
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

/// A range of whole characters that is removed from a text when this is dropped, and read until then.
pub(super) struct Removal<'a> {
    text: &'a mut Utf8,
    range: Range<usize>,
    /// What is left to be read: it begins and ends between characters.
    rest: Range<usize>,
}

impl<'a> Removal<'a> {
    /// # Panics
    ///
    /// If the range is not within the text, or cuts a character.
    #[inline]
    #[track_caller]
    pub(super) fn new(text: &'a mut Utf8, range: Range<usize>) -> Self {
        assert!(text.as_str().get(range.clone()).is_some(), "a range of whole characters");
        Self { text, rest: range.clone(), range }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        let rest = &self.text.0.as_bytes()[self.rest.clone()];
        // SAFETY: S1: whole characters of a text.
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

impl Drop for Removal<'_> {
    #[inline]
    fn drop(&mut self) {
        self.text.splice(self.range.clone(), "");
    }
}

impl CowString {
    /// A copy of bytes that the caller knows to be UTF-8.
    ///
    /// O(n).
    ///
    /// # Safety
    ///
    /// The bytes are valid UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// // SAFETY: ASCII.
    /// let text = unsafe { CowString::from_utf8_unchecked(vec![b'o', b'k']) };
    /// assert_eq!(text, "ok");
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub unsafe fn from_utf8_unchecked(bytes: Vec<u8>) -> Self {
        // S1: the caller's promise.
        Self { text: Utf8(Repr::copy_of(&bytes)) }
    }
}
