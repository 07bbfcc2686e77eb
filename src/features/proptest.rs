//! Implements proptest's `Arbitrary`, so that `any::<CowVec<T>>()` is a strategy. Values shrink as `Vec`s and
//! `String`s do.
//!
//! The parameters set the length and the elements of a collection, which the feature `arbitrary` cannot do.

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

// Each item has its own docs, because those of proptest have a link that leads nowhere from the pages of this crate.

/// Implements `Arbitrary` for a collection, by converting a `Vec`.
macro_rules! collection {
    ($($type:ident: $bound:path;)+) => {$(
        impl<T: $bound + Arbitrary> Arbitrary for $type<T> {
            /// The length and the parameters of the elements. The default is 0 to 99 elements.
            type Parameters = (SizeRange, T::Parameters);
            /// The strategy for a `Vec`, with a conversion.
            type Strategy = Map<VecStrategy<T::Strategy>, fn(Vec<T>) -> Self>;

            /// Returns a strategy for 0 to 99 elements with their default parameters.
            fn arbitrary() -> Self::Strategy {
                Self::arbitrary_with(Default::default())
            }

            /// Returns a strategy for a number of elements with these parameters.
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
    /// A regular expression. The default is any text.
    type Parameters = <String as Arbitrary>::Parameters;
    /// The strategy for a `String`, with a conversion.
    type Strategy = Map<StrategyFor<String>, fn(String) -> Self>;

    /// Returns a strategy for any text.
    fn arbitrary() -> Self::Strategy {
        Self::arbitrary_with(Default::default())
    }

    /// Returns a strategy for texts of a form.
    fn arbitrary_with(form: Self::Parameters) -> Self::Strategy {
        any_with::<String>(form).prop_map(Self::from as fn(String) -> Self)
    }
}
