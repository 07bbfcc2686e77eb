//! Equality, order, hash and `Debug`, all as for slices.

use alloc::borrow::Cow;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::{CowVec, UniqueVec};

/// Implements `$left == $right` by comparing slices. Equal pointers do not suffice, because `NaN` differs from itself.
macro_rules! equal_as_slices {
    ($([$($vars:tt)*] $left:ty, $right:ty $(where $owned:ident)?;)+) => {$(
        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<$right> for $left
        $(where $owned: Clone)?
        {
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
    [] UniqueVec<T>, CowVec<U>;
    [] UniqueVec<T>, UniqueVec<U>;
}

/// Implements equality with the types that std compares with `Vec`, in both directions.
macro_rules! equal_to_others {
    ($vec:ident) => {
        equal_as_slices! {
            [] $vec<T>, Vec<U>;
            [] $vec<T>, [U];
            [] $vec<T>, &[U];
            [] $vec<T>, &mut [U];
            [const N: usize] $vec<T>, [U; N];
            [const N: usize] $vec<T>, &[U; N];
            [] $vec<T>, Cow<'_, [U]> where U;
            [] Vec<T>, $vec<U>;
            [] [T], $vec<U>;
            [] &[T], $vec<U>;
            [] &mut [T], $vec<U>;
            [const N: usize] [T; N], $vec<U>;
            [const N: usize] &[T; N], $vec<U>;
            [] Cow<'_, [T]>, $vec<U> where T;
        }

        impl<T: PartialEq<U>, U> PartialEq<VecDeque<U>> for $vec<T> {
            #[inline]
            fn eq(&self, other: &VecDeque<U>) -> bool {
                equal_to_deque(self, other)
            }
        }

        impl<T: PartialEq<U>, U> PartialEq<$vec<U>> for VecDeque<T> {
            #[inline]
            fn eq(&self, other: &$vec<U>) -> bool {
                *self == &other[..]
            }
        }
    };
}

equal_to_others!(CowVec);
equal_to_others!(UniqueVec);

/// Compares a slice with a deque, which std implements only in the other direction.
fn equal_to_deque<T: PartialEq<U>, U>(slice: &[T], deque: &VecDeque<U>) -> bool {
    let (front, back) = deque.as_slices();
    slice.len() == deque.len() && {
        let (head, rest) = slice.split_at(front.len());
        head == front && rest == back
    }
}

/// Implements `Eq`, `PartialOrd`, `Ord`, `Hash` and `Debug`.
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
