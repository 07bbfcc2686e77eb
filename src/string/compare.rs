//! Equality, order, `Hash`, `Debug` and `Display`, which equal those of `str`.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::CowString;

impl PartialEq for CowString {
    /// Compares the texts. O(1) if both are inline or [at the same address](CowString::ptr_eq).
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.text.eq(&other.text)
    }
}

impl Eq for CowString {}

/// Implements `==` and `<` of texts, for `$left` with `$right` on the right.
macro_rules! compare_as_text {
    ($([$($generics:tt)*] $left:ty, $right:ty;)+) => {$(
        impl<$($generics)*> PartialEq<$right> for $left {
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                self[..] == other[..]
            }
        }

        impl<$($generics)*> PartialOrd<$right> for $left {
            #[inline]
            fn partial_cmp(&self, other: &$right) -> Option<Ordering> {
                self[..].partial_cmp(&other[..])
            }
        }
    )+};
}

compare_as_text! {
    [] CowString, str;
    [] str, CowString;
    ['a] CowString, &'a str;
    ['a] &'a str, CowString;
    [] CowString, String;
    [] String, CowString;
    ['a] CowString, &'a String;
    ['a] &'a String, CowString;
    ['a] CowString, Cow<'a, str>;
    ['a] Cow<'a, str>, CowString;
    [] CowString, Box<str>;
    [] Box<str>, CowString;
    [] CowString, Rc<str>;
    [] Rc<str>, CowString;
    [] CowString, Arc<str>;
    [] Arc<str>, CowString;
}

impl PartialOrd for CowString {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CowString {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self[..].cmp(&other[..])
    }
}

impl Hash for CowString {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self[..].hash(state);
    }
}

impl fmt::Debug for CowString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self[..], f)
    }
}

impl fmt::Display for CowString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self[..], f)
    }
}
