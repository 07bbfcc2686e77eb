//! Values out of a fuzzer's bytes, through arbitrary.

use arbitrary::{Arbitrary, Result, Unstructured};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// `Arbitrary` of a collection, from the same bytes as a `Vec`.
macro_rules! collection {
    ($($type:ident: $($bound:path),+;)+) => {$(
        impl<'a, T: $($bound +)+ Arbitrary<'a>> Arbitrary<'a> for $type<T> {
            /// O(n): as many elements as the bytes say, of the same bytes as a `Vec`'s.
            ///
            /// # Errors
            ///
            /// If an element's `arbitrary` fails.
            fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
                bytes.arbitrary_iter()?.collect()
            }

            /// As `arbitrary`, until there are no bytes left.
            ///
            /// # Errors
            ///
            /// If an element's `arbitrary` fails.
            fn arbitrary_take_rest(bytes: Unstructured<'a>) -> Result<Self> {
                bytes.arbitrary_take_rest_iter()?.collect()
            }

            /// None to any number.
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
    /// O(n): of the same bytes as a `String`.
    ///
    /// # Errors
    ///
    /// As of a `&str`.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        <&str>::arbitrary(bytes).map(Self::from)
    }

    /// As `arbitrary`, of all bytes that are left.
    ///
    /// # Errors
    ///
    /// As of a `&str`.
    fn arbitrary_take_rest(bytes: Unstructured<'a>) -> Result<Self> {
        <&str>::arbitrary_take_rest(bytes).map(Self::from)
    }

    /// As of a `&str`.
    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        <&str>::size_hint(depth)
    }
}
