//! What a text is searched for.

use alloc::string::String;
use core::ops::Range;
use core::str;

use super::CowString;

/// What a text is searched for: a `char`, a text, any of some characters, or any character that a
/// closure picks.
///
/// It stands in for the standard library's trait of the same name, which is unstable, and has the same
/// implementations (`char`, `&str`, `&&str`, `&String`, `[char; N]`, `&[char; N]`, `&[char]`, every
/// `FnMut(char) -> bool`) and one for `&CowString`. It is sealed: what is found is what `str` finds.
///
/// # Examples
///
/// ```
/// use cow_collections::CowString;
///
/// let text = CowString::from("one, two;three");
/// let words = ["one", " two", "three"];
/// assert_eq!(text.split_shared([',', ';']).collect::<Vec<_>>(), words);
/// assert_eq!(text.split_shared(|c| c == ',' || c == ';').collect::<Vec<_>>(), words);
/// assert_eq!(text.split_shared(&CowString::from(", ")).last().unwrap(), "two;three");
/// ```
pub trait Pattern: Sized + sealed::Sealed {
    /// The iterator of `str::split`.
    type Split<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::rsplit`.
    type RSplit<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::splitn`.
    type SplitN<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::rsplitn`.
    type RSplitN<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::split_terminator`.
    type SplitTerminator<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::rsplit_terminator`.
    type RSplitTerminator<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::split_inclusive`.
    type SplitInclusive<'a>: Iterator<Item = &'a str>;
    /// The iterator of `str::match_indices`.
    type MatchIndices<'a>: Iterator<Item = (usize, &'a str)>;

    // Not methods: where this trait is imported, they would come before those of `str`.
    #[doc(hidden)]
    fn split(pattern: Self, text: &str) -> Self::Split<'_>;
    #[doc(hidden)]
    fn rsplit(pattern: Self, text: &str) -> Self::RSplit<'_>;
    #[doc(hidden)]
    fn splitn(pattern: Self, text: &str, n: usize) -> Self::SplitN<'_>;
    #[doc(hidden)]
    fn rsplitn(pattern: Self, text: &str, n: usize) -> Self::RSplitN<'_>;
    #[doc(hidden)]
    fn split_terminator(pattern: Self, text: &str) -> Self::SplitTerminator<'_>;
    #[doc(hidden)]
    fn rsplit_terminator(pattern: Self, text: &str) -> Self::RSplitTerminator<'_>;
    #[doc(hidden)]
    fn split_inclusive(pattern: Self, text: &str) -> Self::SplitInclusive<'_>;
    #[doc(hidden)]
    fn match_indices(pattern: Self, text: &str) -> Self::MatchIndices<'_>;
    #[doc(hidden)]
    fn rfind(pattern: Self, text: &str) -> Option<Range<usize>>;
    #[doc(hidden)]
    fn split_once(pattern: Self, text: &str) -> Option<(&str, &str)>;
    #[doc(hidden)]
    fn rsplit_once(pattern: Self, text: &str) -> Option<(&str, &str)>;
    #[doc(hidden)]
    fn strip_prefix(pattern: Self, text: &str) -> Option<&str>;
    #[doc(hidden)]
    fn strip_suffix(pattern: Self, text: &str) -> Option<&str>;
    #[doc(hidden)]
    fn trim_start_matches(pattern: Self, text: &str) -> &str;
    #[doc(hidden)]
    fn trim_end_matches(pattern: Self, text: &str) -> &str;
}

/// A [`Pattern`] that is found character by character, and so is the same from both ends: any but a
/// text.
pub trait CharPattern: Pattern {
    #[doc(hidden)]
    fn trim_matches(pattern: Self, text: &str) -> &str;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else is to implement it")]
    pub trait Sealed {}
}

/// `[generics] type as std, convert;` makes a type a pattern as `str`'s methods take `std`.
macro_rules! patterns {
    ($([$($generics:tt)*] $type:ty as $std:ty, $convert:expr;)+) => {$(
        impl<$($generics)*> sealed::Sealed for $type {}

        impl<$($generics)*> Pattern for $type {
            type Split<'a> = str::Split<'a, $std>;
            type RSplit<'a> = str::RSplit<'a, $std>;
            type SplitN<'a> = str::SplitN<'a, $std>;
            type RSplitN<'a> = str::RSplitN<'a, $std>;
            type SplitTerminator<'a> = str::SplitTerminator<'a, $std>;
            type RSplitTerminator<'a> = str::RSplitTerminator<'a, $std>;
            type SplitInclusive<'a> = str::SplitInclusive<'a, $std>;
            type MatchIndices<'a> = str::MatchIndices<'a, $std>;

            #[inline]
            fn split(pattern: Self, text: &str) -> Self::Split<'_> {
                text.split($convert(pattern))
            }

            #[inline]
            fn rsplit(pattern: Self, text: &str) -> Self::RSplit<'_> {
                text.rsplit($convert(pattern))
            }

            #[inline]
            fn splitn(pattern: Self, text: &str, n: usize) -> Self::SplitN<'_> {
                text.splitn(n, $convert(pattern))
            }

            #[inline]
            fn rsplitn(pattern: Self, text: &str, n: usize) -> Self::RSplitN<'_> {
                text.rsplitn(n, $convert(pattern))
            }

            #[inline]
            fn split_terminator(pattern: Self, text: &str) -> Self::SplitTerminator<'_> {
                text.split_terminator($convert(pattern))
            }

            #[inline]
            fn rsplit_terminator(pattern: Self, text: &str) -> Self::RSplitTerminator<'_> {
                text.rsplit_terminator($convert(pattern))
            }

            #[inline]
            fn split_inclusive(pattern: Self, text: &str) -> Self::SplitInclusive<'_> {
                text.split_inclusive($convert(pattern))
            }

            #[inline]
            fn match_indices(pattern: Self, text: &str) -> Self::MatchIndices<'_> {
                text.match_indices($convert(pattern))
            }

            #[inline]
            fn rfind(pattern: Self, text: &str) -> Option<Range<usize>> {
                let (start, found) = text.rmatch_indices($convert(pattern)).next()?;
                Some(start..start + found.len())
            }

            #[inline]
            fn split_once(pattern: Self, text: &str) -> Option<(&str, &str)> {
                text.split_once($convert(pattern))
            }

            #[inline]
            fn rsplit_once(pattern: Self, text: &str) -> Option<(&str, &str)> {
                text.rsplit_once($convert(pattern))
            }

            #[inline]
            fn strip_prefix(pattern: Self, text: &str) -> Option<&str> {
                text.strip_prefix($convert(pattern))
            }

            #[inline]
            fn strip_suffix(pattern: Self, text: &str) -> Option<&str> {
                text.strip_suffix($convert(pattern))
            }

            #[inline]
            fn trim_start_matches(pattern: Self, text: &str) -> &str {
                text.trim_start_matches($convert(pattern))
            }

            #[inline]
            fn trim_end_matches(pattern: Self, text: &str) -> &str {
                text.trim_end_matches($convert(pattern))
            }
        }
    )+};
}

patterns! {
    [] char as char, |c| c;
    ['b] &'b str as &'b str, |s| s;
    ['b, 'c] &'c &'b str as &'b str, |s: &'c &'b str| *s;
    ['b] &'b String as &'b str, |s: &'b String| &**s;
    ['b] &'b CowString as &'b str, |s: &'b CowString| &**s;
    [const N: usize] [char; N] as Self, |set| set;
    ['b, const N: usize] &'b [char; N] as Self, |set| set;
    ['b] &'b [char] as Self, |set| set;
    [F: FnMut(char) -> bool] F as F, |picks| picks;
}

macro_rules! char_patterns {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> CharPattern for $type {
            #[inline]
            fn trim_matches(pattern: Self, text: &str) -> &str {
                text.trim_matches(pattern)
            }
        }
    )+};
}

char_patterns! {
    [] char;
    [const N: usize] [char; N];
    [const N: usize] &[char; N];
    [] &[char];
    [F: FnMut(char) -> bool] F;
}
