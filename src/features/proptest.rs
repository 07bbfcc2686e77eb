//! Strategies for values, through proptest: `any::<CowVec<T>>()` and the like, which shrink as `Vec`s and
//! `String`s do.
//!
//! Of the two crates that invent values for tests, proptest is the one whose strategies can be told how
//! long a collection is to be, and of what; `arbitrary` has the other form, by type alone.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use proptest::arbitrary::{Arbitrary, StrategyFor, any_with};
use proptest::collection::{SizeRange, VecStrategy, vec};
use proptest::strategy::{Map, Strategy};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// `Arbitrary` of a collection: a `Vec` is invented, and turned into it.
macro_rules! collection {
    ($($type:ident: $bound:path;)+) => {$(
        impl<T: $bound + Arbitrary> Arbitrary for $type<T> {
            /// The length, and what the elements are to be; by default 0 to 99 of any.
            type Parameters = (SizeRange, T::Parameters);
            type Strategy = Map<VecStrategy<T::Strategy>, fn(Vec<T>) -> Self>;

            fn arbitrary_with((len, elements): Self::Parameters) -> Self::Strategy {
                vec(any_with::<T>(elements), len).prop_map(Self::from as fn(Vec<T>) -> Self)
            }
        }
    )+};
}

collection! {
    CowVec: Debug;
    UniqueVec: Debug;
    PersistentVector: Debug;
}

#[cfg(feature = "list")]
collection! {
    CopyOnWriteList: Debug;
    CopyOnWriteSet: Eq;
}

impl Arbitrary for CowString {
    /// A regular expression, by default any text.
    type Parameters = <String as Arbitrary>::Parameters;
    type Strategy = Map<StrategyFor<String>, fn(String) -> Self>;

    fn arbitrary_with(form: Self::Parameters) -> Self::Strategy {
        any_with::<String>(form).prop_map(Self::from as fn(String) -> Self)
    }
}
