//! Equality, order, hash and `Debug`, which are those of a slice with the same elements.

use alloc::borrow::Cow;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter;

use super::PersistentVector;
use crate::vec::{CowVec, UniqueVec};

/// Calls `see` with runs of two sequences at the same positions, until it returns a value or one sequence ends.
fn each_run<'a, 'b, T: 'a, U: 'b, R>(
    mut left: impl Iterator<Item = &'a [T]>,
    mut right: impl Iterator<Item = &'b [U]>,
    mut see: impl FnMut(&'a [T], &'b [U]) -> Option<R>,
) -> Option<R> {
    let (mut ours, mut theirs): (&[T], &[U]) = (&[], &[]);
    loop {
        if ours.is_empty() {
            ours = left.next()?;
        }
        if theirs.is_empty() {
            theirs = right.next()?;
        }
        let run = ours.len().min(theirs.len());
        let ((a, rest), (b, other_rest)) = (ours.split_at(run), theirs.split_at(run));
        if let Some(answer) = see(a, b) {
            return Some(answer);
        }
        (ours, theirs) = (rest, other_rest);
    }
}

/// Returns `true` if two sequences of the same length are equal.
///
/// Compares shared elements too, because an element need not equal itself, as `NaN` does not.
fn equal<'a, 'b, T: PartialEq<U> + 'a, U: 'b>(
    left: impl Iterator<Item = &'a [T]>,
    right: impl Iterator<Item = &'b [U]>,
) -> bool {
    each_run(left, right, |a, b| (a != b).then_some(())).is_none()
}

impl<T: PartialEq<U>, U> PartialEq<PersistentVector<U>> for PersistentVector<T> {
    fn eq(&self, other: &PersistentVector<U>) -> bool {
        self.len() == other.len() && equal(self.chunks(), other.chunks())
    }
}

/// Implements equality between a vector and types that dereference to slices, both ways.
macro_rules! equal_to_slices {
    ($([$($vars:tt)*] $left:ty, $right:ty $(where $owned_left:ident, $owned_right:ident)?;)+) => {$(
        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<$right> for PersistentVector<T>
        $(where $owned_right: Clone)?
        {
            fn eq(&self, other: &$right) -> bool {
                self.len() == other.len() && equal(self.chunks(), iter::once(&other[..]))
            }
        }

        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<PersistentVector<U>> for $left
        $(where $owned_left: Clone)?
        {
            fn eq(&self, vector: &PersistentVector<U>) -> bool {
                self.len() == vector.len() && equal(iter::once(&self[..]), vector.chunks())
            }
        }
    )+};
}

equal_to_slices! {
    [] CowVec<T>, CowVec<U>;
    [] UniqueVec<T>, UniqueVec<U>;
    [] Vec<T>, Vec<U>;
    [] [T], [U];
    [] &[T], &[U];
    [] &mut [T], &mut [U];
    [const N: usize] [T; N], [U; N];
    [const N: usize] &[T; N], &[U; N];
    [] Cow<'_, [T]>, Cow<'_, [U]> where T, U;
}

/// Returns the two slices of a deque.
fn runs<T>(deque: &VecDeque<T>) -> impl Iterator<Item = &[T]> {
    let (front, back) = deque.as_slices();
    [front, back].into_iter()
}

impl<T: PartialEq<U>, U> PartialEq<VecDeque<U>> for PersistentVector<T> {
    fn eq(&self, other: &VecDeque<U>) -> bool {
        self.len() == other.len() && equal(self.chunks(), runs(other))
    }
}

impl<T: PartialEq<U>, U> PartialEq<PersistentVector<U>> for VecDeque<T> {
    fn eq(&self, vector: &PersistentVector<U>) -> bool {
        self.len() == vector.len() && equal(runs(self), vector.chunks())
    }
}

impl<T: Eq> Eq for PersistentVector<T> {}

impl<T: PartialOrd> PartialOrd for PersistentVector<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let differs =
            |a: &[T], b: &[T]| Some(a.partial_cmp(b)).filter(|&o| o != Some(Ordering::Equal));
        each_run(self.chunks(), other.chunks(), differs)
            .unwrap_or_else(|| self.len().partial_cmp(&other.len()))
    }
}

impl<T: Ord> Ord for PersistentVector<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        let differs = |a: &[T], b: &[T]| Some(a.cmp(b)).filter(|o| o.is_ne());
        each_run(self.chunks(), other.chunks(), differs)
            .unwrap_or_else(|| self.len().cmp(&other.len()))
    }
}

impl<T: Hash> Hash for PersistentVector<T> {
    /// Hashes as a slice does, for hashers that see a stream of bytes.
    ///
    /// Hashes element by element, because equal vectors may have different leaves.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|element| element.hash(state));
    }
}

impl<T: fmt::Debug> fmt::Debug for PersistentVector<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}
