//! Writes of all elements at once: whatever a vector can do, and one version in the place of another.
//! Those that depend on what the list had before are in `compare`.

use super::CopyOnWriteList;
use super::write_guard::{publishable, reserve, same, take_publishable};
use crate::vec::{CowVec, UniqueVec};

/// To remove all elements. These clone none.
impl<T> CopyOnWriteList<T> {
    /// Removes all elements.
    ///
    /// O(1) for the list; the elements are dropped by the last holder of this version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list.
    #[track_caller]
    pub fn clear(&self) {
        let guard = self.write();
        if !guard.as_slice().is_empty() {
            guard.publish(UniqueVec::new());
        }
    }

    /// Removes all elements and returns them.
    ///
    /// O(1): nothing is copied. The result shares the old version with the guards and readers that have it.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list.
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

/// To change them by any means.
impl<T: Clone> CopyOnWriteList<T> {
    /// Another list with clones of the elements of this moment.
    ///
    /// O(n). The two have nothing in common, as two lists never share a buffer.
    ///
    /// # Panics
    ///
    /// If a clone panics.
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

    /// The elements, for the owner of the list to change in place, without its lock.
    ///
    /// O(1); O(n) if a snapshot shares the buffer, which is cloned then. Counts as a change, unless there are
    /// no elements. For more than that, [`into_inner`](CopyOnWriteList::into_inner) and
    /// `from` lead to a vector and back.
    ///
    /// # Panics
    ///
    /// If a clone panics. The list is then as it was.
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
        if self.publication.get_mut().is_some_and(|now| !now.is_empty()) {
            self.count_change();
        } else {
            self.replace_all(T::clone);
        }
        self.publication.get_mut().expect("it was just built")
    }

    /// Changes the list by any means a vector has, as one change.
    ///
    /// `change` gets the elements as a [`CowVec`], shared with the list; its first write clones what it
    /// needs, and what it leaves is published. It runs while the list is locked for other writers; readers
    /// go on. If it leaves the vector as it was, by [`ptr_eq`](CowVec::ptr_eq), nothing is published.
    ///
    /// O(1) and what `change` costs; and a copy if what it leaves is shared with another vector or is the
    /// list's own buffer, shortened.
    ///
    /// # Panics
    ///
    /// If `change` writes to this list by other means than its vector, or it or a clone panics. The list is
    /// then as it was. What `change` itself drops, also while it unwinds, it drops under the lock: an
    /// element whose `Drop` writes to this list then panics, which while unwinding aborts the process.
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

    /// [`update`](CopyOnWriteList::update), which changes nothing if `change` gives an error.
    ///
    /// # Errors
    ///
    /// That of `change`. The list is then as it was.
    ///
    /// # Panics
    ///
    /// As `update`.
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

    /// Publishes what `edit` leaves if `accept` accepts its result.
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
        // A panic here must find the result in a local: in the place of the return value it would leak.
        drop(draft);
        result
    }

    /// Replaces all elements by those of a vector, or of anything that turns into one.
    ///
    /// O(1) if the vector is not shared. If it is shared, the list copies it in O(n), because a list appends
    /// to its buffer in place. Conversion and copy come before the list is locked. If the vector is the
    /// list's own buffer with its own length, nothing is published.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if the conversion or a clone panics. The
    /// list is then as it was.
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
        // The user's code, so it runs before the lock is taken.
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

    /// Replaces all elements, as [`store`](CopyOnWriteList::store) does, and returns the old ones.
    ///
    /// O(1) if the vector is not shared, else O(n), as `store`.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if the conversion or a clone panics. The
    /// list is then as it was.
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
