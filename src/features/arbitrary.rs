//! Makes values from the bytes of a fuzzer, through arbitrary.

use arbitrary::{Arbitrary, Result, Unstructured};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Implements `Arbitrary` for a collection, with the bytes that a `Vec` uses.
macro_rules! collection {
    ($($type:ident: $($bound:path),+;)+) => {$(
        impl<'a, T: $($bound +)+ Arbitrary<'a>> Arbitrary<'a> for $type<T> {
            /// Makes the elements that a `Vec` has for the same bytes. O(n).
            ///
            /// # Errors
            ///
            /// Returns the error of an element.
            fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
                bytes.arbitrary_iter()?.collect()
            }

            /// Like `arbitrary`, but uses all bytes.
            ///
            /// # Errors
            ///
            /// Returns the error of an element.
            fn arbitrary_take_rest(bytes: Unstructured<'a>) -> Result<Self> {
                bytes.arbitrary_take_rest_iter()?.collect()
            }

            /// Returns a lower bound of 0 and no upper bound.
            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (0, None)
            }
        }
    )+};
}

collection! {
    CowVec: Sized;
    UniqueVec: Sized;
    PersistentVector: Sized;
}

#[cfg(feature = "list")]
collection! {
    CopyOnWriteList: Sized;
    CopyOnWriteSet: Eq;
}

impl<'a> Arbitrary<'a> for CowString {
    /// Makes the text that a `String` has for the same bytes. O(n).
    ///
    /// # Errors
    ///
    /// Returns the error of a `&str`.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        <&str>::arbitrary(bytes).map(Self::from)
    }

    /// Like `arbitrary`, but uses all bytes.
    ///
    /// # Errors
    ///
    /// Returns the error of a `&str`.
    fn arbitrary_take_rest(bytes: Unstructured<'a>) -> Result<Self> {
        <&str>::arbitrary_take_rest(bytes).map(Self::from)
    }

    /// Returns the bounds of a `&str`.
    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        <&str>::size_hint(depth)
    }
}
