//! Iterators over parts of a text that share its buffer.

use core::fmt;
use core::iter::FusedIterator;
use core::str::Lines;

use super::CowString;

/// The lines of a text, each sharing its buffer; made by [`CowString::lines_shared`].
#[derive(Clone)]
#[must_use = "iterators are lazy"]
pub struct LinesShared<'a> {
    whole: &'a CowString,
    lines: Lines<'a>,
}

impl<'a> LinesShared<'a> {
    #[inline]
    pub(super) fn new(whole: &'a CowString) -> Self {
        Self { whole, lines: whole.lines() }
    }

    #[inline]
    fn share(&self, line: &str) -> CowString {
        CowString { text: self.whole.text.share(line) }
    }
}

impl Iterator for LinesShared<'_> {
    type Item = CowString;

    #[inline]
    fn next(&mut self) -> Option<CowString> {
        let line = self.lines.next()?;
        Some(self.share(line))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.lines.size_hint()
    }
}

impl DoubleEndedIterator for LinesShared<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<CowString> {
        let line = self.lines.next_back()?;
        Some(self.share(line))
    }
}

impl FusedIterator for LinesShared<'_> {}

impl fmt::Debug for LinesShared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lines.clone()).finish()
    }
}
