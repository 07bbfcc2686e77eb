//! Equality, order, hash and `Debug`, all as those of the slice.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::{CowVec, UniqueVec};

/// `$left == $right` compares slices. No pointer short cut: a `NaN` differs from itself.
macro_rules! equal_as_slices {
    ($([$($vars:tt)*] $left:ty, $right:ty;)+) => {$(
        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<$right> for $left {
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                self[..] == other[..]
            }
        }
    )+};
}

equal_as_slices! {
    [] CowVec<T>, CowVec<U>;
    [] CowVec<T>, UniqueVec<U>;
    [] CowVec<T>, Vec<U>;
    [] CowVec<T>, [U];
    [] CowVec<T>, &[U];
    [const N: usize] CowVec<T>, [U; N];
    [const N: usize] CowVec<T>, &[U; N];
    [] UniqueVec<T>, UniqueVec<U>;
    [] UniqueVec<T>, CowVec<U>;
    [] UniqueVec<T>, Vec<U>;
    [] UniqueVec<T>, [U];
    [] UniqueVec<T>, &[U];
    [const N: usize] UniqueVec<T>, [U; N];
    [const N: usize] UniqueVec<T>, &[U; N];
    [] Vec<T>, CowVec<U>;
    [] Vec<T>, UniqueVec<U>;
    [] [T], CowVec<U>;
    [] [T], UniqueVec<U>;
}

/// The rest of the comparisons, which the standard library has for one type only.
macro_rules! as_slice {
    ($vec:ident) => {
        impl<T: Eq> Eq for $vec<T> {}

        impl<T: PartialOrd> PartialOrd for $vec<T> {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                self[..].partial_cmp(&other[..])
            }
        }

        impl<T: Ord> Ord for $vec<T> {
            #[inline]
            fn cmp(&self, other: &Self) -> Ordering {
                self[..].cmp(&other[..])
            }
        }

        impl<T: Hash> Hash for $vec<T> {
            #[inline]
            fn hash<H: Hasher>(&self, state: &mut H) {
                self[..].hash(state);
            }
        }

        impl<T: fmt::Debug> fmt::Debug for $vec<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self[..].fmt(f)
            }
        }
    };
}

as_slice!(CowVec);
as_slice!(UniqueVec);
