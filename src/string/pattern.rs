//! [`Pattern`], the texts and characters that a text is searched for.

use alloc::string::String;
use core::ops::Range;
use core::str;

use super::CowString;

/// A pattern that a text is searched for.
///
/// This trait stands in for the unstable trait of the same name in the standard library. It is implemented
/// for the same types and for `&CowString`. It is sealed.
///
/// | type | matches |
/// |---|---|
/// | `char` | that character |
/// | `&str`, `&&str`, `&String`, `&CowString` | that text |
/// | `[char; N]`, `&[char; N]`, `&[char]` | any of these characters |
/// | `F: FnMut(char) -> bool` | any character for which the closure returns `true` |
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
    /// The iterator that `str::split` returns.
    type Split<'a>: Iterator<Item = &'a str>;
    /// The iterator that `str::match_indices` returns.
    type MatchIndices<'a>: Iterator<Item = (usize, &'a str)>;

    // Functions without `self`: where this trait is imported, methods would hide those of `str`.
    #[doc(hidden)]
    fn split(pattern: Self, text: &str) -> Self::Split<'_>;
    #[doc(hidden)]
    fn match_indices(pattern: Self, text: &str) -> Self::MatchIndices<'_>;
    #[doc(hidden)]
    fn rfind(pattern: Self, text: &str) -> Option<Range<usize>>;
}

mod sealed {
    #[expect(unnameable_types, reason = "no other crate implements it")]
    pub trait Sealed {}
}

/// `[generics] type as std, convert;` implements `Pattern` for `type` by its conversion to the pattern
/// `std` of `str`.
macro_rules! patterns {
    ($([$($generics:tt)*] $type:ty as $std:ty, $convert:expr;)+) => {$(
        impl<$($generics)*> sealed::Sealed for $type {}

        impl<$($generics)*> Pattern for $type {
            type Split<'a> = str::Split<'a, $std>;
            type MatchIndices<'a> = str::MatchIndices<'a, $std>;

            #[inline]
            fn split(pattern: Self, text: &str) -> Self::Split<'_> {
                text.split($convert(pattern))
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
    [F: FnMut(char) -> bool] F as F, |closure| closure;
}
