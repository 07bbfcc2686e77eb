//! Implements quickcheck's `Arbitrary`. Values are generated and shrunk as `Vec`s and `String`s are.
//!
//! Lists, sets and cells do not implement it, because quickcheck clones values, and they are shared by reference.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use quickcheck::{Arbitrary, Gen};

use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Implements `Arbitrary` by converting a value of a type of std.
macro_rules! as_std {
    ($([$($vars:tt)*] $type:ty => $std:ty, $this:ident => $copy:expr;)+) => {$(
        impl<$($vars: Arbitrary)*> Arbitrary for $type {
            #[doc = concat!("Generates a `", stringify!($std), "` and converts it. O(n).")]
            fn arbitrary(generator: &mut Gen) -> Self {
                <$std>::arbitrary(generator).into()
            }

            #[doc = concat!("Shrinks a copy that is a `", stringify!($std), "`, and converts each result. O(n) each.")]
            fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
                let $this = self;
                Box::new($copy.shrink().map(Self::from))
            }
        }
    )+};
}

as_std! {
    [T] CowVec<T> => Vec<T>, vec => vec.to_vec();
    [T] UniqueVec<T> => Vec<T>, vec => vec.to_vec();
    [T] PersistentVector<T> => Vec<T>, vector => vector.to_vec();
    [] CowString => String, text => String::from(text.as_str());
}
