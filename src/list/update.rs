//! Writes of all elements at once: edits by a closure, and replacing one version with another. Writes that depend on
//! the current version are in `compare`.

use super::CopyOnWriteList;
use super::write_guard::{publishable, reserve, same, take_publishable};
use crate::vec::{CowVec, UniqueVec};

/// Removing all elements, which clones none.
impl<T> CopyOnWriteList<T> {
    /// Removes all elements.
    ///
    /// O(1), plus O(n) to drop the elements if no guard, reader or snapshot has them. Otherwise the last of these drops
    /// them.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// let snapshot = list.snapshot();
    /// list.clear();
    /// assert!(list.is_empty());
    /// assert_eq!(snapshot, [1, 2]);
    /// ```
    #[track_caller]
    pub fn clear(&self) {
        let guard = self.write();
        if !guard.as_slice().is_empty() {
            guard.publish(UniqueVec::new());
        }
    }

    /// Removes all elements and returns them.
    ///
    /// O(1). The result shares the old version with the guards and readers that have it.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// assert_eq!(list.take(), [1, 2]);
    /// assert!(list.is_empty());
    /// ```
    #[track_caller]
    pub fn take(&self) -> CowVec<T> {
        let old;
        let guard = self.write();
        old = CowVec::from_handle(guard.to_handle());
        if !old.is_empty() {
            guard.publish(UniqueVec::new());
        }
        old
    }
}

/// Changing all elements.
impl<T: Clone> CopyOnWriteList<T> {
    /// Creates another list with clones of the current elements.
    ///
    /// O(n), because two lists never share a buffer.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1]);
    /// let other = list.fork();
    /// other.push(2);
    /// assert_eq!((list.len(), other.len()), (1, 2));
    /// ```
    #[must_use]
    #[track_caller]
    #[doc(alias = "clone")]
    pub fn fork(&self) -> Self {
        self.snapshot().into()
    }

    /// Returns the elements for the owner of the list to change in place, without its lock.
    ///
    /// O(1) if no snapshot shares the buffer; O(n) if one does. Counts as a change unless the list is empty. To change
    /// the length, convert to a vector and back with [`into_inner`](CopyOnWriteList::into_inner) and `from`.
    ///
    /// # Panics
    ///
    /// Panics if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let mut list = CopyOnWriteList::from([2, 1]);
    /// let before = list.snapshot();
    /// list.get_mut().sort();
    /// assert_eq!(list, [1, 2]);
    /// assert_eq!(before, [2, 1]);
    /// ```
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut [T] {
        if self.shared.publication.get_mut().is_some_and(|now| !now.is_empty()) {
            self.shared.count_change();
        } else {
            self.replace_all(T::clone);
        }
        self.shared.publication.get_mut().expect("a version that was just built is not shared")
    }

    /// Edits the elements with `change`, and publishes the result as one change.
    ///
    /// `change` gets the elements as a [`CowVec`] that shares the list's buffer, so its first write copies them, also if
    /// it appends. To append in place, use [`push`](Self::push) or [`extend`](Self::extend) of the list. `change` runs
    /// while the list is locked for other writers; readers continue. If the vector is unchanged, by
    /// [`ptr_eq`](CowVec::ptr_eq), nothing is published.
    ///
    /// Costs what `change` costs, and a copy if the vector then is shared with another one, or is a prefix of the
    /// list's own buffer.
    ///
    /// # Panics
    ///
    /// Panics if `change` writes to this list other than through its vector, or if `change` or a clone panics. The list
    /// is then unchanged.
    ///
    /// The list is locked while the values that `change` owns, and the elements that it removes, are dropped, also when
    /// `change` unwinds. If one of these drops writes to this list, it panics. A panic while unwinding aborts the
    /// process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![3, 1, 2]);
    /// let largest = list.update(|v| {
    ///     v.make_mut().sort();
    ///     v.pop()
    /// });
    /// assert_eq!(largest, Some(3));
    /// assert_eq!(list, [1, 2]);
    /// ```
    #[track_caller]
    pub fn update<R>(&self, change: impl FnOnce(&mut CowVec<T>) -> R) -> R {
        self.edit(change, |_| true)
    }

    /// Edits the elements like [`update`](CopyOnWriteList::update), but publishes nothing if `change` returns an error.
    ///
    /// # Errors
    ///
    /// Returns the error of `change`. The list is then unchanged.
    ///
    /// # Panics
    ///
    /// Panics if [`update`](CopyOnWriteList::update) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// let result = list.try_update(|v| {
    ///     v.push(3);
    ///     if v.len() > 2 { Err("too many") } else { Ok(()) }
    /// });
    /// assert_eq!(result, Err("too many"));
    /// assert_eq!(list, [1, 2]);
    /// ```
    #[track_caller]
    pub fn try_update<R, E>(
        &self,
        change: impl FnOnce(&mut CowVec<T>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.edit(change, Result::is_ok)
    }

    /// Edits the elements with `edit`, and publishes them if `accept` is true of its result.
    #[track_caller]
    fn edit<R>(
        &self,
        edit: impl FnOnce(&mut CowVec<T>) -> R,
        accept: impl FnOnce(&R) -> bool,
    ) -> R {
        let mut next = UniqueVec::new();
        let mut draft;
        let result;
        let guard = self.write();
        draft = CowVec::from_handle(guard.to_handle());
        result = edit(&mut draft);
        if !accept(&result) || same(&draft, guard.as_slice()) {
            drop(guard);
        } else {
            match take_publishable(&mut draft) {
                Some(unique) => next = unique,
                None => {
                    reserve(&mut next, draft.len());
                    next.extend_from_slice(&draft);
                }
            }
            guard.publish(next);
        }
        // Drops `draft` before the return: if this panics, `result` is dropped. A value that is being returned would
        // leak.
        drop(draft);
        result
    }

    /// Replaces all elements with those of a vector, or of a value that converts into one.
    ///
    /// O(1) if the vector is unique; O(n) if it is shared, because a list appends to its buffer in place. Conversion
    /// and copy come before the list is locked. If the vector already is the list's current version, publishes
    /// nothing.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if the conversion or a clone panics. The
    /// list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CopyOnWriteList, cow_vec};
    ///
    /// let list = CopyOnWriteList::from([1]);
    /// list.store(cow_vec![2, 3]);
    /// assert_eq!(list, [2, 3]);
    /// list.store(vec![4]);
    /// list.store([5, 6]);
    /// assert_eq!(list, [5, 6]);
    /// ```
    #[track_caller]
    pub fn store(&self, elements: impl Into<CowVec<T>>) {
        // `into` is the user's code, so it runs before locking.
        let elements = elements.into();
        if same(&self.load(), &elements) {
            return;
        }
        let (unique, _shared) = publishable(elements);
        let guard = self.write();
        if !same(guard.as_slice(), &unique) {
            guard.publish(unique);
        }
    }

    /// Replaces all elements like [`store`](CopyOnWriteList::store), and returns the old ones.
    ///
    /// O(1) if the vector is unique; O(n) if it is shared.
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
    /// let list = CopyOnWriteList::from([1, 2]);
    /// assert_eq!(list.replace([3]), [1, 2]);
    /// assert_eq!(list.replace((4..6).collect::<Vec<_>>()), [3]);
    /// assert_eq!(list, [4, 5]);
    /// ```
    #[track_caller]
    #[doc(alias = "swap")]
    pub fn replace(&self, elements: impl Into<CowVec<T>>) -> CowVec<T> {
        let elements = elements.into();
        if same(&self.load(), &elements) {
            return elements;
        }
        let (unique, _shared) = publishable(elements);
        let old;
        let guard = self.write();
        old = CowVec::from_handle(guard.to_handle());
        if !same(&unique, &old) {
            guard.publish(unique);
        }
        old
    }
}
