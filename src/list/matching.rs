//! Writes that choose elements by value or predicate.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::mem;

use super::search::is;
use super::write_guard::{is_prefix, push, push_all, reserve, shrink_if_sparse};
use super::{CopyOnWriteList, Guard};
use crate::vec::{CowVec, UniqueVec};

/// Writing by value or predicate. Methods that search for an element first search the current version, so no lock is
/// taken if there is nothing to change. Under the lock they search only the elements that were pushed meanwhile, or all
/// elements if another write came first.
impl<T: Clone> CopyOnWriteList<T> {
    /// Removes the first element that equals `element` and returns a clone of it, or `None` if there is none.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone or a comparison panics. The list
    /// is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([String::from("a"), String::from("b")]);
    /// assert_eq!(list.remove("a").as_deref(), Some("a"));
    /// assert_eq!(list.remove("a"), None);
    /// assert_eq!(list, ["b"]);
    /// ```
    #[track_caller]
    pub fn remove<Q>(&self, element: &Q) -> Option<T>
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.remove_first_by(is(element))
    }

    /// Removes the first element for which `matches` returns `true` and returns a clone of it, or `None` if there is
    /// none.
    ///
    /// O(n): clones the other elements into a new version. `matches` may be called more than once for an element.
    ///
    /// # Panics
    ///
    /// Panics if [`remove`](CopyOnWriteList::remove) does, or if `matches` panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3, 4]);
    /// assert_eq!(list.remove_first_by(|n| n % 2 == 0), Some(2));
    /// assert_eq!(list, [1, 3, 4]);
    /// ```
    #[track_caller]
    pub fn remove_first_by(&self, mut matches: impl FnMut(&T) -> bool) -> Option<T> {
        let (seen, index) = self.find_version(&mut matches)?;
        let removed = self.remove_where(|old| {
            if is_prefix(&seen, old) { Some(index) } else { old.iter().position(&mut matches) }
        });
        // Drops `seen` before the return: if this panics, `removed` is dropped. A value that is being returned would
        // leak.
        drop(seen);
        removed
    }

    /// Returns the current elements, and the index of the first one for which `matches` returns `true`.
    ///
    /// A snapshot and not a guard, because the caller replaces this version. A guard would make the list retire it.
    fn find_version(&self, matches: impl FnMut(&T) -> bool) -> Option<(CowVec<T>, usize)> {
        let now = self.load();
        let index = now.iter().position(matches)?;
        let found = (now.to_snapshot(), index);
        drop(now);
        Some(found)
    }

    /// Keeps the elements for which `keep` returns `true`, in order, and returns how many were removed.
    ///
    /// O(n): calls `keep` once for each element, and clones those that stay into a new version. If none is removed,
    /// clones and publishes nothing.
    ///
    /// # Panics
    ///
    /// Panics if `keep` writes to this list, or if `keep` or a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1, 2, 3, 4]);
    /// assert_eq!(list.retain(|n| n % 2 == 0), 2);
    /// assert_eq!(list, [2, 4]);
    /// ```
    #[track_caller]
    #[doc(alias = "retainAll")]
    pub fn retain(&self, keep: impl FnMut(&T) -> bool) -> usize {
        self.retain_by(keep, |_| None)
    }

    /// Keeps the elements for which `keep` returns `true`, and returns how many were removed. Does not call `keep` up to
    /// the index that `first_gone` returns, if it returns that of the first element to remove.
    #[track_caller]
    fn retain_by(
        &self,
        mut keep: impl FnMut(&T) -> bool,
        first_gone: impl FnOnce(&[T]) -> Option<usize>,
    ) -> usize {
        let removed = self.rebuild(|old, new| {
            let first_gone =
                first_gone(old).or_else(|| old.iter().position(|element| !keep(element)))?;
            reserve(new, old.len() - 1);
            new.extend_from_slice(&old[..first_gone]);
            for element in &old[first_gone + 1..] {
                if keep(element) {
                    new.push(element.clone());
                }
            }
            shrink_if_sparse(new);
            Some(old.len() - new.len())
        });
        removed.unwrap_or(0)
    }

    /// Removes the elements for which `matches` returns `true`, and returns how many were removed.
    ///
    /// O(n), like [`retain`](CopyOnWriteList::retain), which keeps such elements.
    ///
    /// # Panics
    ///
    /// Panics if `matches` writes to this list, or if `matches` or a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let sessions = CopyOnWriteList::from([("a", 50), ("b", 900), ("c", 700)]);
    /// assert_eq!(sessions.remove_if(|(_, idle)| *idle > 600), 2);
    /// assert_eq!(sessions, [("a", 50)]);
    /// ```
    #[track_caller]
    #[doc(alias = "removeIf")]
    pub fn remove_if(&self, mut matches: impl FnMut(&T) -> bool) -> usize {
        self.retain(|element| !matches(element))
    }

    /// Removes all elements that equal one of `elements`, and returns how many were removed.
    ///
    /// O(n) for each of `elements`. Clones the elements that stay into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone or a comparison panics. The list
    /// is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 1, 3]);
    /// assert_eq!(list.remove_all(&[1, 3]), 3);
    /// assert_eq!(list, [2]);
    /// ```
    #[track_caller]
    #[doc(alias = "removeAll")]
    pub fn remove_all<Q: PartialEq>(&self, elements: &[Q]) -> usize
    where
        T: Borrow<Q>,
    {
        let matches = |element: &T| elements.contains(element.borrow());
        let Some((seen, first)) = self.find_version(matches) else { return 0 };
        self.retain_by(|element| !matches(element), |old| is_prefix(&seen, old).then_some(first))
    }

    /// Replaces each element with the result of `replace`, as one change.
    ///
    /// O(n). If the list is empty, publishes nothing.
    ///
    /// # Panics
    ///
    /// Panics if `replace` writes to this list, or panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// list.replace_all(|n| n * 10);
    /// assert_eq!(list, [10, 20]);
    /// ```
    #[track_caller]
    #[doc(alias = "replaceAll")]
    pub fn replace_all(&self, mut replace: impl FnMut(&T) -> T) {
        self.rebuild(|old, new| {
            if old.is_empty() {
                return None;
            }
            reserve(new, old.len());
            // By reference, so that the closure is dropped after unlocking.
            new.extend(old.iter().map(&mut replace));
            Some(())
        });
    }

    /// Appends an element unless the list has an equal one.
    ///
    /// O(n) to search, and a [`push`](CopyOnWriteList::push). If several threads do this with equal elements, one
    /// succeeds.
    ///
    /// # Errors
    ///
    /// Returns the element if the list has an equal one.
    ///
    /// # Panics
    ///
    /// Panics if [`push`](CopyOnWriteList::push) does, or if a comparison panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// assert_eq!(list.push_if_absent("a"), Ok(()));
    /// assert_eq!(list.push_if_absent("a"), Err("a"));
    /// assert_eq!(list, ["a"]);
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "addIfAbsent")]
    pub fn push_if_absent(&self, element: T) -> Result<(), T>
    where
        T: PartialEq,
    {
        self.push_unless(element, |present, element| present.contains(element))
    }

    /// Appends an element unless `same` returns `true` for an element of the list and the new one.
    ///
    /// O(n) to search, and a [`push`](CopyOnWriteList::push), like [`push_if_absent`](CopyOnWriteList::push_if_absent).
    ///
    /// # Errors
    ///
    /// Returns the element if `same` returned `true`.
    ///
    /// # Panics
    ///
    /// Panics if [`push`](CopyOnWriteList::push) does, or if `same` panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([("a", 1)]);
    /// let added = list.push_if_absent_by(("a", 2), |x, y| x.0 == y.0);
    /// assert_eq!(added, Err(("a", 2)));
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "addIfAbsent")]
    pub fn push_if_absent_by(
        &self,
        element: T,
        mut same: impl FnMut(&T, &T) -> bool,
    ) -> Result<(), T> {
        self.push_unless(element, |present, element| {
            present.iter().any(|other| same(other, element))
        })
    }

    /// Appends `element` unless `has` returns `true` for a part of the list and `element`.
    #[inline]
    #[track_caller]
    fn push_unless(&self, element: T, mut has: impl FnMut(&[T], &T) -> bool) -> Result<(), T> {
        let seen = self.load();
        if has(&seen, &element) {
            // If the drop of the guard panics, `element` is dropped. A value that is being returned would leak.
            drop(seen);
            return Err(element);
        }
        self.push_if_unseen(element, has, seen)
    }

    /// Appends `element`, which `seen` does not have, unless the list has it now.
    ///
    /// Not inlined, so that a search that finds the element stays as fast as `contains`.
    #[inline(never)]
    #[track_caller]
    fn push_if_unseen(
        &self,
        element: T,
        mut has: impl FnMut(&[T], &T) -> bool,
        seen: Guard<'_, T>,
    ) -> Result<(), T> {
        let mut grown = UniqueVec::new();
        let guard = self.write();
        let outcome = if has(unseen(&seen, guard.as_slice()), &element) {
            drop(guard);
            Err(element)
        } else {
            push(element, &mut grown, guard);
            Ok(())
        };
        drop(seen);
        outcome
    }

    /// Appends each of `elements` that the list does not have, as one change, and returns how many were appended.
    /// Appends only the first of equal ones.
    ///
    /// O(n + m) for each of m elements: compares it with those of the list and with those before it. The iterator is
    /// exhausted before the list is locked.
    ///
    /// # Panics
    ///
    /// Panics if [`push`](CopyOnWriteList::push) does, or if the iterator or a comparison panics. The list is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// assert_eq!(list.extend_absent([2, 3, 3, 4]), 2);
    /// assert_eq!(list, [1, 2, 3, 4]);
    /// ```
    #[track_caller]
    #[doc(alias = "addAllAbsent")]
    pub fn extend_absent(&self, elements: impl IntoIterator<Item = T>) -> usize
    where
        T: PartialEq,
    {
        let mut batch: Vec<T> = elements.into_iter().collect();
        let mut rejected = Vec::new();
        let mut grown = UniqueVec::new();
        let seen = self.load();
        reject(&mut batch, &mut rejected, |element, before| {
            seen.contains(element) || before.contains(element)
        });
        if batch.is_empty() {
            return 0;
        }
        let guard = self.write();
        let unseen = unseen(&seen, guard.as_slice());
        reject(&mut batch, &mut rejected, |element, _| unseen.contains(element));
        let added = batch.len();
        if added > 0 {
            push_all(batch, &mut grown, guard);
        }
        added
    }
}

/// Writing by identity.
impl<U: ?Sized> CopyOnWriteList<Arc<U>> {
    /// Removes the first element that is the same `Arc` as `element` and returns it, or `None` if there is none. So one
    /// of two equal listeners can be removed.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    /// use std::sync::Arc;
    ///
    /// let (a, b) = (Arc::new(1), Arc::new(1));
    /// let list = CopyOnWriteList::from([a.clone(), b.clone()]);
    /// assert!(list.remove_ptr(&b).is_some());
    /// assert!(list.remove_ptr(&b).is_none());
    /// assert!(Arc::ptr_eq(&list.load()[0], &a));
    /// ```
    #[track_caller]
    pub fn remove_ptr(&self, element: &Arc<U>) -> Option<Arc<U>> {
        self.remove_first_by(|other| Arc::ptr_eq(other, element))
    }
}

/// Returns the elements of `now` that are not in `seen`, which a guard of the same list protects.
fn unseen<'a, T>(seen: &Guard<'_, T>, now: &'a [T]) -> &'a [T] {
    if is_prefix(seen, now) { &now[seen.len()..] } else { now }
}

/// Moves the elements of `batch` for which `is_present` returns `true` to `rejected`. `is_present` gets an element and
/// those before it. Drops none, because the list may be locked.
fn reject<T>(
    batch: &mut Vec<T>,
    rejected: &mut Vec<T>,
    mut is_present: impl FnMut(&T, &[T]) -> bool,
) {
    let reject: Vec<bool> = (0..batch.len()).map(|i| is_present(&batch[i], &batch[..i])).collect();
    for (element, reject) in mem::take(batch).into_iter().zip(reject) {
        if reject { rejected.push(element) } else { batch.push(element) }
    }
}
