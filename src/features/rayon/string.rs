//! Collects into and extends a [`CowString`] in parallel. rayon's `ParallelString` iterates over its `str`.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;

use ::rayon::prelude::*;

use crate::string::CowString;

/// Implements both traits for each item type of `Extend`.
macro_rules! collect {
    ($([$($vars:tt)*] $item:ty;)+) => {$(
        impl<$($vars)*> FromParallelIterator<$item> for CowString {
            /// Collects parts in parallel, and copies them into one text. O(n).
            fn from_par_iter<I: IntoParallelIterator<Item = $item>>(iter: I) -> Self {
                let mut text = Self::new();
                text.par_extend(iter);
                text
            }
        }

        impl<$($vars)*> ParallelExtend<$item> for CowString {
            /// Collects parts in parallel, and appends them as [`CowString::push_str`] does. O(k) for k bytes.
            ///
            /// Clones the buffer if it is shared and cannot be appended to in place.
            fn par_extend<I: IntoParallelIterator<Item = $item>>(&mut self, iter: I) {
                let parts = iter.into_par_iter().fold(Self::new, |mut part, item| {
                    part.extend([item]);
                    part
                });
                self.extend(parts.collect_vec_list().into_iter().flatten());
            }
        }
    )+};
}

collect! {
    [] char;
    ['a] &'a char;
    ['a] &'a str;
    [] String;
    [] Box<str>;
    ['a] Cow<'a, str>;
    [] Self;
}
