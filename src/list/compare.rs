//! Writes that depend on the current version: compare-and-swap, and [`CopyOnWriteList::rcu`], which retries it.

use core::error::Error;
use core::fmt;

use super::CopyOnWriteList;
use super::write_guard::{WriteGuard, publishable, same};
use crate::vec::CowVec;

/// The error of [`compare_and_swap`](CopyOnWriteList::compare_and_swap) and
/// [`compare_and_swap_version`](CopyOnWriteList::compare_and_swap_version).
///
/// The list did not have the version that the caller expected. The list is unchanged.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
/// use cow_collections::list::CompareError;
///
/// fn pop(list: &CopyOnWriteList<u32>) -> Result<(), CompareError<u32>> {
///     let seen = list.snapshot();
///     list.push(3); // a write that comes between
///     list.compare_and_swap(&seen, &seen[..1])?;
///     Ok(())
/// }
///
/// let error = pop(&CopyOnWriteList::from([1, 2])).unwrap_err();
/// assert_eq!((error.new.len(), error.current.len()), (1, 3));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompareError<T> {
    /// The vector that was not stored.
    pub new: CowVec<T>,
    /// A snapshot of the elements that the list had instead. A retry can expect these.
    pub current: CowVec<T>,
}

impl<T> fmt::Debug for CompareError<T> {
    /// Shows only the lengths, so that `unwrap` needs no `T: Debug`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompareError")
            .field("new_len", &self.new.len())
            .field("current_len", &self.current.len())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for CompareError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list was changed since the state that the swap expected")
    }
}

impl<T> Error for CompareError<T> {}

/// Changing the list only if it was not changed meanwhile.
impl<T: Clone> CopyOnWriteList<T> {
    /// Replaces the elements with `change(snapshot)`, and returns the old ones. Retries if another thread
    /// changed the list meanwhile.
    ///
    /// `change` runs without a lock, so it may read and write the list. It runs once for each attempt, and no
    /// change of another thread is lost. To change nothing, it returns a clone of its argument.
    ///
    /// Each attempt costs what `change` costs, and a copy if the vector that it returns is shared.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if `change` or a clone panics. The list is
    /// then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// let old = list.rcu(|v| v.iter().map(|n| n * n).collect());
    /// assert_eq!(old, [1, 2, 3]);
    /// assert_eq!(list, [1, 4, 9]);
    /// ```
    #[track_caller]
    pub fn rcu(&self, mut change: impl FnMut(&CowVec<T>) -> CowVec<T>) -> CowVec<T> {
        let mut old = self.snapshot();
        loop {
            match self.compare_and_swap(&old, change(&old)) {
                Ok(old) => return old,
                Err(error) => old = error.current,
            }
        }
    }

    /// Replaces the elements with `new` if the list still has those of `current`, and returns the old ones.
    ///
    /// `current` and the list are equal if they have the same length in the same buffer, or if both are
    /// empty. Elements are not compared:
    ///
    /// * If `current` is a snapshot with elements, success means that nothing was changed since it was taken.
    /// * All empty vectors are equal. If `current` is empty, success means only that the list is empty now. It
    ///   may have had elements meanwhile. To see every change, use
    ///   [`compare_and_swap_version`](CopyOnWriteList::compare_and_swap_version).
    /// * A vector that was shared when it was [stored](CopyOnWriteList::store) was copied by the list, so the
    ///   comparison with it fails. A [`snapshot`](CopyOnWriteList::snapshot) taken after the store, and
    ///   [`CompareError::current`], compare as equal.
    ///
    /// O(1) if `new` is unique; O(n) if it is shared, because it is copied before the list is locked. If
    /// `new` is `current` itself, nothing is copied or published.
    ///
    /// # Errors
    ///
    /// Returns a [`CompareError`] with `new` and the elements of the list if these are not `current`.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if the conversion or a clone panics. The
    /// list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1]);
    /// let one = list.snapshot();
    /// assert_eq!(list.compare_and_swap(&one, [2]), Ok(one.clone()));
    ///
    /// let error = list.compare_and_swap(&one, [3]).unwrap_err();
    /// assert_eq!((&error.new[..], &error.current[..]), (&[3][..], &[2][..]));
    /// assert!(list.compare_and_swap(&error.current, error.new).is_ok());
    /// assert_eq!(list, [3]);
    /// ```
    ///
    /// The comparison with a stored vector fails if that vector was shared:
    ///
    /// ```
    /// use cow_collections::{CopyOnWriteList, cow_vec};
    ///
    /// let list = CopyOnWriteList::new();
    /// let shared = cow_vec![1];
    /// list.store(shared.clone());
    /// assert!(list.compare_and_swap(&shared, [2]).is_err());
    /// assert!(list.compare_and_swap(&list.snapshot(), [2]).is_ok());
    /// ```
    #[track_caller]
    pub fn compare_and_swap(
        &self,
        current: &CowVec<T>,
        new: impl Into<CowVec<T>>,
    ) -> Result<CowVec<T>, CompareError<T>> {
        // `into` is the user's code, so it runs before comparing and locking.
        let new = new.into();
        let now = self.load();
        if !same(&now, current) {
            return Err(CompareError { new, current: now.to_snapshot() });
        }
        drop(now);
        if same(&new, current) {
            return Ok(current.clone());
        }
        self.swap_if(new, |guard| same(guard.as_slice(), current))
    }

    /// Replaces the elements with `new` if the version is still `expected`, and returns the old ones.
    ///
    /// Unlike [`compare_and_swap`](CopyOnWriteList::compare_and_swap), this detects every change, including those that
    /// left the list empty again. Read the [version](CopyOnWriteList::version) first and the elements second:
    /// success then means that the list still had exactly these elements.
    ///
    /// O(1) if `new` is unique; O(n) if it is shared, because it is copied before the list is locked. If
    /// `new` already is the list's current version, nothing is copied or published, and the version stays.
    ///
    /// # Errors
    ///
    /// Returns a [`CompareError`] with `new` and the elements of the list if the version is not `expected`.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if the conversion or a clone panics. The
    /// list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// let (version, empty) = (list.version(), list.snapshot());
    /// list.push(1);
    /// list.clear();
    /// assert!(list.compare_and_swap_version(version, [2]).is_err(), "two changes were counted");
    /// assert!(list.compare_and_swap(&empty, [2]).is_ok(), "it is empty again");
    ///
    /// let version = list.version();
    /// let more: Vec<i32> = list.load().iter().map(|n| n + 1).collect();
    /// assert!(list.compare_and_swap_version(version, more).is_ok());
    /// assert_eq!(list, [3]);
    /// ```
    #[track_caller]
    pub fn compare_and_swap_version(
        &self,
        expected: u64,
        new: impl Into<CowVec<T>>,
    ) -> Result<CowVec<T>, CompareError<T>> {
        let new = new.into();
        // Versions never repeat, so this failure needs no lock. Success needs it, because a change can be seen
        // before it is counted.
        if self.version() != expected {
            return Err(CompareError { new, current: self.snapshot() });
        }
        if same(&self.load(), &new) {
            // If no change was counted before locking, the load returned this version.
            let guard = self.write();
            let (now, is_expected) = (guard.to_handle(), guard.version() == expected);
            drop(guard);
            let current = CowVec::from_handle(now);
            return if is_expected { Ok(current) } else { Err(CompareError { new, current }) };
        }
        self.swap_if(new, |guard| guard.version() == expected)
    }

    /// Publishes `new` and returns the old elements if `is_expected` is true under the lock.
    #[track_caller]
    fn swap_if(
        &self,
        new: CowVec<T>,
        is_expected: impl FnOnce(&WriteGuard<'_, T>) -> bool,
    ) -> Result<CowVec<T>, CompareError<T>> {
        let (unique, shared) = publishable(new);
        let current;
        let guard = self.write();
        current = CowVec::from_handle(guard.to_handle());
        if is_expected(&guard) {
            if !same(&unique, &current) {
                guard.publish(unique);
            }
            return Ok(current);
        }
        drop(guard);
        Err(CompareError { new: shared.unwrap_or_else(|| unique.into_shared()), current })
    }
}
