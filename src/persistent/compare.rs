//! Equality, order, hash and `Debug`, all as those of a slice with the same elements.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::iter;

use super::PersistentVector;
use crate::vec::CowVec;

/// Shows `see` the elements of two sequences side by side, run by run, until it answers or one of
/// them ends.
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

/// No pointer short cut: a `NaN` differs from itself.
impl<T: PartialEq<U>, U> PartialEq<PersistentVector<U>> for PersistentVector<T> {
    fn eq(&self, other: &PersistentVector<U>) -> bool {
        self.len() == other.len()
            && each_run(self.chunks(), other.chunks(), |a, b| (a != b).then_some(())).is_none()
    }
}

/// Equality with one slice.
fn equals_slice<T: PartialEq<U>, U>(vector: &PersistentVector<T>, slice: &[U]) -> bool {
    let runs = iter::once(slice);
    vector.len() == slice.len()
        && each_run(vector.chunks(), runs, |a, b| (a != b).then_some(())).is_none()
}

/// `vector == $right` compares elements with a slice.
macro_rules! equal_to_slices {
    ($([$($vars:tt)*] $right:ty;)+) => {$(
        impl<T: PartialEq<U>, U, $($vars)*> PartialEq<$right> for PersistentVector<T> {
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                equals_slice(self, &other[..])
            }
        }
    )+};
}

equal_to_slices! {
    [] CowVec<U>;
    [] Vec<U>;
    [] [U];
    [] &[U];
    [const N: usize] [U; N];
    [const N: usize] &[U; N];
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
    /// As the slice's, for hashers that see a stream of bytes: element by element, since equal vectors
    /// need not have equal leaves.
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
