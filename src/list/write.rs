//! Writes at the end and by index.

use alloc::vec::Vec;
use core::mem;
use core::ops::{Range, RangeBounds};

use super::CopyOnWriteList;
use super::write_guard::{push, push_all, reserve};
use crate::range;
use crate::vec::UniqueVec;

/// Writing at the end and by index.
impl<T: Clone> CopyOnWriteList<T> {
    /// Appends an element.
    ///
    /// Amortised O(1), in place. If the buffer is full, clones all elements into one of twice the capacity, because
    /// readers may still have the old one. This amounts to about one clone for each push.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, if a clone panics, or if the new capacity exceeds
    /// `isize::MAX` bytes. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// list.push("a");
    /// assert_eq!(list, ["a"]);
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "add")]
    #[doc(alias = "addLast")]
    pub fn push(&self, element: T) {
        let mut grown = UniqueVec::new();
        push(element, &mut grown, self.write());
    }

    /// Appends all elements of an iterator, as one change.
    ///
    /// Amortised O(1) for each element, in place, like [`push`](CopyOnWriteList::push). The iterator is exhausted
    /// before the list is locked, so it may read and write the list. Readers see all of the elements or none.
    ///
    /// # Panics
    ///
    /// Panics if [`push`](CopyOnWriteList::push) does, or if the iterator panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1]);
    /// list.extend([2, 3]);
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    #[track_caller]
    #[doc(alias = "addAll")]
    pub fn extend(&self, elements: impl IntoIterator<Item = T>) {
        let batch: Vec<T> = elements.into_iter().collect();
        let mut grown = UniqueVec::new();
        if !batch.is_empty() {
            push_all(batch, &mut grown, self.write());
        }
    }

    /// Appends clones of all elements of a slice, as one change.
    ///
    /// Like [`extend`](CopyOnWriteList::extend): clones them before the list is locked.
    ///
    /// # Panics
    ///
    /// Panics if [`push`](CopyOnWriteList::push) does. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let defaults = [1, 2];
    /// let list = CopyOnWriteList::from([0]);
    /// list.extend_from_slice(&defaults);
    /// assert_eq!(list, [0, 1, 2]);
    /// assert_eq!(list.version(), 1);
    /// ```
    #[track_caller]
    #[doc(alias = "addAll")]
    pub fn extend_from_slice(&self, elements: &[T]) {
        self.extend(elements.iter().cloned());
    }

    /// Inserts an element at index 0.
    ///
    /// O(n): clones the elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let handlers = CopyOnWriteList::from(["default"]);
    /// handlers.push_front("special");
    /// assert_eq!(handlers, ["special", "default"]);
    /// ```
    #[track_caller]
    #[doc(alias = "addFirst")]
    pub fn push_front(&self, element: T) {
        // Index 0 is never out of range.
        _ = self.insert(0, element);
    }

    /// Inserts an element at `index`, before the element there.
    ///
    /// O(n): clones the elements into a new version.
    ///
    /// # Errors
    ///
    /// Returns the element if `index` is greater than the current length.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'c']);
    /// assert_eq!(list.insert(1, 'b'), Ok(()));
    /// assert_eq!(list.insert(9, 'z'), Err('z'));
    /// assert_eq!(list, ['a', 'b', 'c']);
    /// ```
    #[track_caller]
    #[doc(alias = "add")]
    pub fn insert(&self, index: usize, element: T) -> Result<(), T> {
        let mut element = Some(element);
        self.rebuild(|old, new| {
            let (head, rest) = old.split_at_checked(index)?;
            reserve(new, old.len() + 1);
            new.extend_from_slice(head);
            new.extend(element.take());
            new.extend_from_slice(rest);
            Some(())
        });
        element.map_or(Ok(()), Err)
    }

    /// Inserts all elements of an iterator at `index`, as one change.
    ///
    /// O(n): clones the other elements into a new version. The iterator is exhausted before the list is locked. If it
    /// is empty, publishes nothing.
    ///
    /// # Errors
    ///
    /// Returns the elements if `index` is greater than the current length.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone or the iterator panics. The list
    /// is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 4]);
    /// assert_eq!(list.insert_many(1, [2, 3]), Ok(()));
    /// assert_eq!(list.insert_many(9, [7, 8]), Err(vec![7, 8]));
    /// assert_eq!(list, [1, 2, 3, 4]);
    /// ```
    #[track_caller]
    #[doc(alias = "addAll")]
    pub fn insert_many(
        &self,
        index: usize,
        elements: impl IntoIterator<Item = T>,
    ) -> Result<(), Vec<T>> {
        self.splice(index..index, elements).map(drop)
    }

    /// Replaces the element at `index` and returns a clone of the old one.
    ///
    /// O(n): clones the elements into a new version.
    ///
    /// # Errors
    ///
    /// Returns the new element if `index` is out of range.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'b']);
    /// assert_eq!(list.set(1, 'c'), Ok('b'));
    /// assert_eq!(list.set(2, 'd'), Err('d'));
    /// assert_eq!(list, ['a', 'c']);
    /// ```
    #[track_caller]
    pub fn set(&self, index: usize, mut element: T) -> Result<T, T> {
        let done = self.rebuild(|old, new| {
            if index >= old.len() {
                return None;
            }
            reserve(new, old.len());
            new.extend_from_slice(old);
            mem::swap(&mut new[index], &mut element);
            Some(())
        });
        if done.is_some() { Ok(element) } else { Err(element) }
    }

    /// Removes the element at `index` and returns a clone of it, or `None` if `index` is out of range.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'b']);
    /// assert_eq!(list.remove_at(0), Some('a'));
    /// assert_eq!(list.remove_at(1), None);
    /// ```
    #[track_caller]
    #[doc(alias = "remove")]
    pub fn remove_at(&self, index: usize) -> Option<T> {
        self.remove_where(|old| (index < old.len()).then_some(index))
    }

    /// Removes the element at `index` and returns a clone of it, or `None` if `index` is out of range. The last element
    /// replaces it.
    ///
    /// O(n): this is no faster than [`remove_at`](CopyOnWriteList::remove_at).
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(['a', 'b', 'c']);
    /// assert_eq!(list.swap_remove_at(0), Some('a'));
    /// assert_eq!(list, ['c', 'b']);
    /// ```
    #[track_caller]
    pub fn swap_remove_at(&self, index: usize) -> Option<T> {
        let mut removed = None;
        self.rebuild(|old, new| {
            removed = Some(old.get(index)?.clone());
            let (last, others) = old.split_last()?;
            reserve(new, others.len());
            new.extend_from_slice(&others[..index.min(others.len())]);
            if index < others.len() {
                new.push(last.clone());
                new.extend_from_slice(&others[index + 1..]);
            }
            Some(())
        });
        removed
    }

    /// Removes the last element and returns a clone of it, or `None` if the list is empty.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// assert_eq!(list.pop(), Some(2));
    /// assert_eq!(list, [1]);
    /// ```
    #[track_caller]
    #[doc(alias = "removeLast")]
    pub fn pop(&self) -> Option<T> {
        self.remove_where(|old| old.len().checked_sub(1))
    }

    /// Removes the first element and returns a clone of it, or `None` if the list is empty.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let queue = CopyOnWriteList::from(["first", "second"]);
    /// assert_eq!(queue.pop_front(), Some("first"));
    /// assert_eq!(queue.pop_front(), Some("second"));
    /// assert_eq!(queue.pop_front(), None);
    /// ```
    #[track_caller]
    #[doc(alias = "removeFirst")]
    pub fn pop_front(&self) -> Option<T> {
        self.remove_at(0)
    }

    /// Removes the element at the index that `which` returns, and returns a clone of it.
    #[track_caller]
    pub(super) fn remove_where(&self, which: impl FnOnce(&[T]) -> Option<usize>) -> Option<T> {
        let mut removed = None;
        self.rebuild(|old, new| {
            let index = which(old)?;
            removed = Some(old[index].clone());
            reserve(new, old.len() - 1);
            new.extend_from_slice(&old[..index]);
            new.extend_from_slice(&old[index + 1..]);
            Some(())
        });
        removed
    }

    /// Removes the elements of a range and returns clones of them, or `None` if the range is out of bounds.
    ///
    /// O(n): clones the other elements into a new version. If the range is empty, publishes nothing.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone panics. The list is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// assert_eq!(list.remove_range(..2), Some(vec![1, 2]));
    /// assert_eq!(list.remove_range(..2), None);
    /// assert_eq!(list, [3]);
    /// ```
    #[track_caller]
    #[doc(alias = "removeRange")]
    pub fn remove_range(&self, range: impl RangeBounds<usize>) -> Option<Vec<T>> {
        self.splice(range, []).ok()
    }

    /// Replaces the elements of a range with those of an iterator, as one change, and returns clones of the old
    /// ones.
    ///
    /// O(n): clones the other elements into a new version. The iterator is exhausted before the list is locked. If both
    /// the range and the iterator are empty, publishes nothing.
    ///
    /// # Errors
    ///
    /// Returns the new elements if the range is out of bounds.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this list, or if a clone or the iterator panics. The list
    /// is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// assert_eq!(list.splice(..2, [7]), Ok(vec![1, 2]));
    /// assert_eq!(list.splice(..=2, [8]), Err(vec![8]));
    /// assert_eq!(list, [7, 3]);
    /// ```
    #[track_caller]
    #[doc(alias = "subList")]
    pub fn splice(
        &self,
        range: impl RangeBounds<usize>,
        elements: impl IntoIterator<Item = T>,
    ) -> Result<Vec<T>, Vec<T>> {
        // The bounds and the iterator are the user's code, so they run before locking.
        let range = range::read(range);
        let mut batch: Vec<T> = elements.into_iter().collect();
        let mut removed = Vec::new();
        let mut done = false;
        self.rebuild(|old, new| {
            let Range { start, end } = range::checked(range, old.len())?;
            removed.extend_from_slice(&old[start..end]);
            done = true;
            if removed.is_empty() && batch.is_empty() {
                return None;
            }
            reserve(new, old.len() - removed.len() + batch.len());
            new.extend_from_slice(&old[..start]);
            new.append_vec(&mut batch);
            new.extend_from_slice(&old[end..]);
            Some(())
        });
        if done { Ok(removed) } else { Err(batch) }
    }

    /// Changes the elements of a range with `change`, as one change, and returns its result, or `None` if the range is
    /// out of bounds.
    ///
    /// O(n): clones the elements into a new version. `change` gets the range of the clones while the list is locked. If
    /// the range is empty, publishes nothing.
    ///
    /// # Panics
    ///
    /// Panics if `change` writes to this list, or if `change` or a clone panics. The list is then unchanged.
    ///
    /// The list is locked while the values that `change` owns, and the elements that it replaces, are dropped. If one
    /// of these drops writes to this list, it panics. A panic while unwinding aborts the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([4, 3, 2, 1]);
    /// assert_eq!(list.update_range(1.., |part| part.sort()), Some(()));
    /// assert_eq!(list.update_range(5.., |part| part.sort()), None);
    /// assert_eq!(list, [4, 1, 2, 3]);
    /// ```
    #[track_caller]
    #[doc(alias = "subList")]
    pub fn update_range<R>(
        &self,
        range: impl RangeBounds<usize>,
        change: impl FnOnce(&mut [T]) -> R,
    ) -> Option<R> {
        // The bounds are the user's code, so they run before locking.
        let range = range::read(range);
        let mut result = None;
        self.rebuild(|old, new| {
            let range = range::checked(range, old.len())?;
            if range.is_empty() {
                result = Some(change(&mut []));
                return None;
            }
            reserve(new, old.len());
            new.extend_from_slice(old);
            result = Some(change(&mut new[range]));
            Some(())
        });
        result
    }
}
