//! Writes by what the elements are.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::mem;

use super::CopyOnWriteList;
use super::search::is;
use super::write_guard::{is_prefix, push, push_all, reserve, shrink_if_sparse};
use crate::vec::{CowVec, UniqueVec};

/// To write by what the elements are. Where an element is looked for, that is done in a snapshot first:
/// what is not found takes no lock. If another thread has changed the list before it is locked, what is
/// new is looked through again under the lock.
impl<T: Clone> CopyOnWriteList<T> {
    /// Removes the first element that equals `element` and returns a clone of it, or `None` if there is
    /// none.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone or a comparison panics. The list is
    /// then as it was.
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

    /// Removes the first element for which `matches` is true and returns a clone of it, or `None` if there
    /// is none.
    ///
    /// As [`remove`](CopyOnWriteList::remove). `matches` may be asked about an element more than once.
    ///
    /// # Panics
    ///
    /// As `remove`, or if `matches` panics.
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
        let (seen, index) = {
            let now = self.load();
            let index = now.iter().position(&mut matches)?;
            (now.to_snapshot(), index)
        };
        let removed = self.remove_where(|old| {
            if is_prefix(&seen, old) { Some(index) } else { old.iter().position(&mut matches) }
        });
        // Perhaps the last of its version; a panic here must find what was removed in a local, since what
        // is in the place of the return value then leaks.
        drop(seen);
        removed
    }

    /// Keeps the elements for which `keep` is true, in order, and returns how many went.
    ///
    /// O(n): `keep` sees each element once; if one goes, those that stay are cloned into a new version, and
    /// no other. If none goes nothing is cloned or published.
    ///
    /// # Panics
    ///
    /// If `keep` writes to this list, or it or a clone panics. The list is then as it was.
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
    pub fn retain(&self, mut keep: impl FnMut(&T) -> bool) -> usize {
        let removed = self.rebuild(|old, new| {
            let first_gone = old.iter().position(|element| !keep(element))?;
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

    /// Removes the elements for which `gone` is true, and returns how many went.
    ///
    /// [`retain`](CopyOnWriteList::retain), the other way round.
    ///
    /// # Panics
    ///
    /// If `gone` writes to this list, or it or a clone panics. The list is then as it was.
    #[track_caller]
    #[doc(alias = "removeIf")]
    pub fn remove_if(&self, mut gone: impl FnMut(&T) -> bool) -> usize {
        self.retain(|element| !gone(element))
    }

    /// Removes all elements that equal one of `elements`, and returns how many went.
    ///
    /// O(n) for each of `elements`; clones the elements that stay into a new version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone or a comparison panics. The list is
    /// then as it was.
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
        let gone = |element: &T| elements.contains(element.borrow());
        if self.position(gone).is_none() {
            return 0;
        }
        self.remove_if(gone)
    }

    /// Replaces each element by what `replace` makes of it, all at once.
    ///
    /// O(n). If there are no elements nothing is published.
    ///
    /// # Panics
    ///
    /// If `replace` writes to this list, or panics. The list is then as it was.
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
    pub fn replace_all(&self, replace: impl FnMut(&T) -> T) {
        self.rebuild(|old, new| {
            if old.is_empty() {
                return None;
            }
            reserve(new, old.len());
            new.extend(old.iter().map(replace));
            Some(())
        });
    }

    /// Appends an element unless the list has one that equals it.
    ///
    /// O(n) to look, and a [`push`](CopyOnWriteList::push). Of threads that do this with equal elements,
    /// one succeeds.
    ///
    /// # Errors
    ///
    /// Gives the element back if an equal one is there.
    ///
    /// # Panics
    ///
    /// As `push`, or if a comparison panics. The list is then as it was.
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
        self.push_if_absent_by(element, |present, element| present == element)
    }

    /// Appends an element unless the list has one that is the same by `same`, which is shown that one and
    /// the new one.
    ///
    /// As [`push_if_absent`](CopyOnWriteList::push_if_absent).
    ///
    /// # Errors
    ///
    /// Gives the element back if the list has the same.
    ///
    /// # Panics
    ///
    /// As [`push`](CopyOnWriteList::push), or if `same` panics. The list is then as it was.
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
        let seen = {
            let now = self.load();
            if now.iter().any(|other| same(other, &element)) {
                return Err(element);
            }
            now.to_snapshot()
        };
        self.push_after_a_look(element, same, seen)
    }

    /// The rest of [`CopyOnWriteList::push_if_absent_by`] where it was not in `seen`: apart, so that a look
    /// that finds it costs what a look costs.
    #[inline(never)]
    #[track_caller]
    fn push_after_a_look(
        &self,
        element: T,
        mut same: impl FnMut(&T, &T) -> bool,
        seen: CowVec<T>,
    ) -> Result<(), T> {
        let mut grown = UniqueVec::new();
        let guard = self.write();
        if unseen(&seen, guard.as_slice()).iter().any(|other| same(other, &element)) {
            return Err(element);
        }
        push(element, &mut grown, guard);
        Ok(())
    }

    /// Appends those of `elements` that equal no element and none of those before them, at once, and
    /// returns how many.
    ///
    /// O(n) for each of them. The iterator is run to its end before the list is locked.
    ///
    /// # Panics
    ///
    /// As [`push`](CopyOnWriteList::push), or if the iterator or a comparison panics. The list is then as it
    /// was.
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
        let seen = self.snapshot();
        reject_present(&mut batch, &mut rejected, &seen);
        if batch.is_empty() {
            return 0;
        }
        let guard = self.write();
        reject_present(&mut batch, &mut rejected, unseen(&seen, guard.as_slice()));
        let added = batch.len();
        if added > 0 {
            push_all(batch, &mut grown, guard);
        }
        added
    }
}

/// To write by identity.
impl<U: ?Sized> CopyOnWriteList<Arc<U>> {
    /// Removes the first element that is the same `Arc` as `element`, whatever it equals, and returns it,
    /// or `None` if there is none.
    ///
    /// O(n), as [`remove`](CopyOnWriteList::remove). So one of two equal listeners can be taken out.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list.
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

/// What of `now` is not in `seen`, a snapshot of the same list that was looked through before.
fn unseen<'a, T>(seen: &CowVec<T>, now: &'a [T]) -> &'a [T] {
    if is_prefix(seen, now) { &now[seen.len()..] } else { now }
}

/// Moves the elements of `batch` that equal one of `present`, or one before them, to `rejected`, so that
/// no drop runs here.
fn reject_present<T: PartialEq>(batch: &mut Vec<T>, rejected: &mut Vec<T>, present: &[T]) {
    let is_present = |i: usize| present.contains(&batch[i]) || batch[..i].contains(&batch[i]);
    let reject: Vec<bool> = (0..batch.len()).map(is_present).collect();
    for (element, reject) in mem::take(batch).into_iter().zip(reject) {
        if reject { rejected.push(element) } else { batch.push(element) }
    }
}
