//! Writes to a cell: replacing the value, editing a clone of it, and compare-and-swap.
//!
//! As in `write_guard`, values whose drop may run the user's code are declared before the lock is taken.

use core::error::Error;
use core::fmt;
use core::mem::needs_drop;

use super::cell::ValueWriteGuard;
use super::{CopyOnWriteCell, Snapshot};
use crate::vec::UniqueVec;

/// The error of [`compare_and_swap`](CopyOnWriteCell::compare_and_swap).
///
/// The cell did not have the value that the caller expected. The cell is unchanged.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
/// use cow_collections::list::CellCompareError;
///
/// fn double(cell: &CopyOnWriteCell<u32>) -> Result<(), CellCompareError<u32>> {
///     let seen = cell.snapshot();
///     cell.store(5); // a write that comes between
///     cell.compare_and_swap(&seen, *seen * 2)?;
///     Ok(())
/// }
///
/// let error = double(&CopyOnWriteCell::new(1)).unwrap_err();
/// assert_eq!((error.new, *error.current), (2, 5));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CellCompareError<T> {
    /// The value that was not stored.
    pub new: T,
    /// A snapshot of the value that the cell had instead. A retry can expect this one.
    pub current: Snapshot<T>,
}

impl<T> fmt::Debug for CellCompareError<T> {
    /// Does not show the values, so that `unwrap` needs no `T: Debug`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CellCompareError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for CellCompareError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cell was changed since the state that the swap expected")
    }
}

impl<T> Error for CellCompareError<T> {}

/// A value to publish.
///
/// A value that needs drop is in a buffer already, which was allocated before locking, because the cell recycles no
/// buffers of such values. Other values are written to a recycled buffer under the lock.
struct Next<T> {
    value: Option<T>,
    buffer: UniqueVec<T>,
}

impl<T> Next<T> {
    #[inline]
    #[track_caller]
    fn new(value: T) -> Self {
        if needs_drop::<T>() {
            Self { value: None, buffer: UniqueVec::from_array([value]) }
        } else {
            Self { value: Some(value), buffer: UniqueVec::new() }
        }
    }

    #[inline]
    fn into_value(mut self) -> T {
        self.value.or_else(|| self.buffer.pop()).expect("the value was not published")
    }

    #[inline]
    #[track_caller]
    fn publish(mut self, mut guard: ValueWriteGuard<'_, T>) {
        if let Some(value) = self.value {
            self.buffer = guard.take_recycled();
            push(&mut self.buffer, value);
        }
        guard.publish(self.buffer);
    }
}

/// Pushes `value` into an empty vector. If it must allocate, allocates for one element.
#[inline]
#[track_caller]
fn push<T>(empty: &mut UniqueVec<T>, value: T) {
    if empty.capacity() == 0 {
        *empty = UniqueVec::from_array([value]);
    } else {
        empty.push(value);
    }
}

/// Replacing the value, without clones.
impl<T> CopyOnWriteCell<T> {
    /// Replaces the value.
    ///
    /// O(1): moves `value`, and drops the old value if no guard, reader or snapshot has it.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this cell. The cell is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new("a");
    /// cell.store("b");
    /// assert_eq!(*cell.load(), "b");
    /// ```
    #[inline]
    #[track_caller]
    pub fn store(&self, value: T) {
        let next = Next::new(value);
        let guard = self.shared.write();
        next.publish(guard);
    }

    /// Replaces the value and returns the old one.
    ///
    /// O(1): moves `value`.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this cell. The cell is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new("a");
    /// assert_eq!(*cell.replace("b"), "a");
    /// assert_eq!(*cell.load(), "b");
    /// ```
    #[track_caller]
    #[doc(alias = "swap")]
    pub fn replace(&self, value: T) -> Snapshot<T> {
        let next = Next::new(value);
        let old;
        let guard = self.shared.write();
        old = Snapshot::from_handle(guard.to_handle());
        next.publish(guard);
        old
    }

    /// Replaces the value with `new` if the cell still has that of `current`, and returns the old one.
    ///
    /// The cell and `current` are equal if they are the same version, as in [`Snapshot::ptr_eq`]. Values are not
    /// compared. So success means that nothing was changed since the snapshot was taken.
    ///
    /// O(1): moves `new`. Takes no lock if the cell was changed long before.
    ///
    /// # Errors
    ///
    /// Returns a [`CellCompareError`] with `new` and the value of the cell if that is not `current`.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this cell. The cell is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let one = cell.snapshot();
    /// assert_eq!(cell.compare_and_swap(&one, 2).map(|old| *old), Ok(1));
    ///
    /// let error = cell.compare_and_swap(&one, 3).unwrap_err();
    /// assert_eq!((error.new, *error.current), (3, 2));
    /// assert!(cell.compare_and_swap(&error.current, error.new).is_ok());
    /// assert_eq!(*cell.load(), 3);
    /// ```
    #[track_caller]
    #[doc(alias = "compare_exchange")]
    pub fn compare_and_swap(
        &self,
        current: &Snapshot<T>,
        new: T,
    ) -> Result<Snapshot<T>, CellCompareError<T>> {
        self.swap_if_current(current, new).map(|()| current.clone())
    }

    /// Replaces the value with `change(value)`, and returns the old one. Retries if another thread changed the cell
    /// meanwhile.
    ///
    /// `change` runs without a lock, so it may read and write the cell. It runs once for each attempt, and no change of
    /// another thread is lost. Each attempt costs what `change` costs.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this cell, or if `change` panics. The cell is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(3);
    /// assert_eq!(*cell.rcu(|n| n * n), 3);
    /// assert_eq!(*cell.load(), 9);
    /// ```
    #[track_caller]
    pub fn rcu(&self, mut change: impl FnMut(&T) -> T) -> Snapshot<T> {
        let mut old = self.snapshot();
        loop {
            match self.swap_if_current(&old, change(&old)) {
                Ok(()) => return old,
                Err(error) => old = error.current,
            }
        }
    }

    /// Publishes `new` if the cell has the version of `current`. While that snapshot lives, no other version can have
    /// its address.
    #[track_caller]
    fn swap_if_current(&self, current: &Snapshot<T>, new: T) -> Result<(), CellCompareError<T>> {
        let now = self.load();
        if !current.is(&now) {
            let current = now.to_snapshot();
            // Drops the guard before the return: if that panics, `new` and `current` are dropped.
            drop(now);
            return Err(CellCompareError { new, current });
        }
        drop(now);
        let next = Next::new(new);
        let guard = self.shared.write();
        if current.is(guard.value()) {
            next.publish(guard);
            return Ok(());
        }
        let current = Snapshot::from_handle(guard.to_handle());
        drop(guard);
        Err(CellCompareError { new: next.into_value(), current })
    }
}

/// Editing the value.
impl<T: Clone> CopyOnWriteCell<T> {
    /// Edits a clone of the value with `change`, and publishes it as one change.
    ///
    /// The clone and `change` run while the cell is locked for other writers; readers continue. So no change of another
    /// thread is lost, and `change` runs once. [`rcu`](CopyOnWriteCell::rcu) runs its closure without a lock.
    ///
    /// Costs one clone and what `change` costs. The clone is published even if `change` does not change it. Use
    /// [`try_update`](CopyOnWriteCell::try_update) to publish nothing.
    ///
    /// # Panics
    ///
    /// Panics if `change` or the clone writes to this cell, or if one of them panics. The cell is then unchanged.
    ///
    /// The cell is locked while the values that `change` owns, and those that it removes from the clone, are dropped,
    /// also when `change` unwinds. If one of these drops writes to this cell, it panics. A panic while unwinding aborts
    /// the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new((1, "a"));
    /// let sum = cell.update(|(n, _)| {
    ///     *n += 1;
    ///     *n
    /// });
    /// assert_eq!((sum, *cell.load()), (2, (2, "a")));
    /// ```
    #[inline]
    #[track_caller]
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        self.edit(change, |_| true)
    }

    /// Edits a clone of the value like [`update`](CopyOnWriteCell::update), but publishes nothing if `change` returns
    /// an error.
    ///
    /// # Errors
    ///
    /// Returns the error of `change`. The cell is then unchanged.
    ///
    /// # Panics
    ///
    /// Panics if [`update`](CopyOnWriteCell::update) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let result = cell.try_update(|n| {
    ///     *n += 9;
    ///     if *n > 5 { Err("too much") } else { Ok(()) }
    /// });
    /// assert_eq!((result, *cell.load()), (Err("too much"), 1));
    /// ```
    #[inline]
    #[track_caller]
    pub fn try_update<R, E>(&self, change: impl FnOnce(&mut T) -> Result<R, E>) -> Result<R, E> {
        self.edit(change, Result::is_ok)
    }

    /// Edits a clone of the value with `edit`, and publishes it if `accept` is true of the result.
    #[inline]
    #[track_caller]
    fn edit<R>(&self, edit: impl FnOnce(&mut T) -> R, accept: impl FnOnce(&R) -> bool) -> R {
        let mut next =
            if needs_drop::<T>() { UniqueVec::with_capacity(1) } else { UniqueVec::new() };
        let result;
        let mut guard = self.shared.write();
        let clone = guard.value().clone();
        if !needs_drop::<T>() {
            next = guard.take_recycled();
        }
        push(&mut next, clone);
        result = edit(&mut next[0]);
        if accept(&result) {
            guard.publish(next);
        } else if needs_drop::<T>() {
            drop(guard);
            // Drops the clone before the return: if that panics, `result` is dropped. A value that is being returned
            // would leak.
            drop(next);
        } else {
            next.clear();
            guard.recycle(next);
        }
        result
    }

    /// Returns the value for the owner of the cell to change in place, without its lock.
    ///
    /// O(1) if no snapshot shares the value; otherwise costs one clone. Counts as a change.
    ///
    /// # Panics
    ///
    /// Panics if the clone panics. The cell is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let mut cell = CopyOnWriteCell::new(1);
    /// let before = cell.snapshot();
    /// *cell.get_mut() += 1;
    /// assert_eq!((*before, *cell.load()), (1, 2));
    /// ```
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut T {
        if self.shared.get_mut().is_some() {
            self.shared.count_change();
        } else {
            self.update(|_| ());
        }
        self.shared.get_mut().expect("a value that was just cloned is not shared")
    }
}
