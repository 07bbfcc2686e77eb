//! Edits of single elements of a [`CowVec`]. On a shared buffer each builds its result in one pass.

use core::mem;

use super::capacity::reserve_unique;
use super::{CowVec, UniqueVec};
use crate::panics::{bad_insert, bad_remove, bad_swap_remove};

impl<T: Clone> CowVec<T> {
    /// Appends an element.
    ///
    /// O(1) amortised if unique, or if shared with the slot after this vector's end free and no drop glue in `T`.
    /// Otherwise clones the buffer if it is shared. Without drop glue, a history of clones and pushes thus costs O(1)
    /// amortised a step; see [sharing](crate::docs::sharing).
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes. If a clone panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let mut history = vec![CowVec::new()];
    /// for n in 0..5 {
    ///     let mut next = history[n].clone();
    ///     next.push(n);
    ///     history.push(next);
    /// }
    /// assert_eq!(history[2], [0, 1]);
    /// assert_eq!(history[5], [0, 1, 2, 3, 4]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        self.push_reserving(value, 1);
    }

    /// Appends an element and returns a reference to it.
    ///
    /// O(1) amortised if unique, or if shared with the slot after this vector's end free and no drop glue in `T`.
    /// Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// Panics as [`push`](CowVec::push) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1];
    /// *v.push_mut(2) *= 10;
    /// assert_eq!(v, [1, 20]);
    /// ```
    #[inline]
    #[must_use = "use `push` if you do not need the reference"]
    #[track_caller]
    pub fn push_mut(&mut self, value: T) -> &mut T {
        self.push_reserving(value, 1)
    }

    /// Like [`CowVec::push_mut`], but reserves capacity for `more` elements if it must allocate.
    #[inline]
    #[track_caller]
    pub(super) fn push_reserving(&mut self, value: T, more: usize) -> &mut T {
        self.handle.push_with(value, move |handle| _ = reserve_unique(handle, more))
    }

    /// Removes the last element and returns it, or `None` if there is none.
    ///
    /// O(1). Clones that element, and no other, if the buffer is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// let mut b = a.clone();
    /// assert_eq!(b.pop(), Some(2));
    /// assert_eq!(a, [1, 2]);
    /// ```
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        if let Some(unique) = self.get_unique() {
            return unique.pop();
        }
        let (last, rest) = self.split_last()?;
        let (last, len) = (last.clone(), rest.len());
        self.handle.shorten(len);
        Some(last)
    }

    /// Removes the last element and returns it if `predicate` returns `true` for it.
    ///
    /// O(1) if unique. If shared, passes a clone of the element to `predicate`; if the element stays, clones the
    /// buffer, because `predicate` may have changed the clone.
    ///
    /// # Panics
    ///
    /// Panics if `predicate` or, on a shared buffer, a clone panics. A shared vector is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2];
    /// assert_eq!(v.pop_if(|n| *n > 1), Some(2));
    /// assert_eq!(v.pop_if(|n| *n > 1), None);
    /// ```
    #[track_caller]
    pub fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if let Some(unique) = self.get_unique() {
            return unique.pop_if(predicate);
        }
        let (last, rest) = self.split_last()?;
        let (mut last, len) = (last.clone(), rest.len());
        if predicate(&mut last) {
            self.handle.shorten(len);
            return Some(last);
        }
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(len + 1));
        result.extend_from_slice(&self[..len]);
        result.push(last);
        *self = result.into_shared();
        None
    }

    /// Inserts an element at `index`, and shifts all elements after it to the right.
    ///
    /// Clones the buffer if it is shared. O(n - index) if unique; O(n) if shared. At the end it costs as much as
    /// [`push`](CowVec::push).
    ///
    /// # Panics
    ///
    /// Panics if `index > len`, or the new capacity exceeds `isize::MAX` bytes. If a clone panics, the vector is
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!['a', 'c'];
    /// v.insert(1, 'b');
    /// assert_eq!(v, ['a', 'b', 'c']);
    /// ```
    #[track_caller]
    pub fn insert(&mut self, index: usize, element: T) {
        if let Some(unique) = self.get_unique() {
            return unique.insert(index, element);
        }
        if index == self.len() {
            return self.push(element);
        }
        let Some((head, rest)) = self.split_at_checked(index) else {
            bad_insert(index, self.len())
        };
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(self.len() + 1));
        result.extend_from_slice(head);
        result.push(element);
        result.extend_from_slice(rest);
        *self = result.into_shared();
    }

    /// Inserts an element at `index`, shifts all elements after it to the right, and returns a reference to it.
    ///
    /// Clones the buffer if it is shared. O(n - index) if unique; O(n) if shared. At the end it costs as much as
    /// [`push`](CowVec::push).
    ///
    /// # Panics
    ///
    /// Panics as [`insert`](CowVec::insert) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!['a', 'c'];
    /// v.insert_mut(1, 'x').make_ascii_uppercase();
    /// assert_eq!(v, ['a', 'X', 'c']);
    /// ```
    #[must_use = "use `insert` if you do not need the reference"]
    #[track_caller]
    pub fn insert_mut(&mut self, index: usize, element: T) -> &mut T {
        if index == self.len() {
            return self.push_mut(element);
        }
        // Makes the buffer unique, so that `make_mut` does not copy.
        self.insert(index, element);
        &mut self.make_mut()[index]
    }

    /// Removes and returns the element at `index`, and shifts all elements after it to the left.
    ///
    /// Clones the buffer if it is shared, and the removed element too. O(n - index) if unique; O(n) if shared. At the
    /// end it costs as much as [`pop`](CowVec::pop).
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`. If a clone panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!['a', 'b', 'c'];
    /// assert_eq!(v.remove(0), 'a');
    /// assert_eq!(v, ['b', 'c']);
    /// ```
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        if let Some(unique) = self.get_unique() {
            return unique.remove(index);
        }
        let Some((removed, head, rest)) = self.split_around(index) else {
            bad_remove(index, self.len())
        };
        let removed = removed.clone();
        if rest.is_empty() {
            self.handle.shorten(index);
            return removed;
        }
        let mut result = UniqueVec::with_capacity(self.len() - 1);
        result.extend_from_slice(head);
        result.extend_from_slice(rest);
        *self = result.into_shared();
        removed
    }

    /// Removes and returns the element at `index`, and replaces it by the last element.
    ///
    /// Clones the buffer if it is shared. O(1) if unique; O(n) if shared. At the end it costs as much as
    /// [`pop`](CowVec::pop).
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`. If a clone panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!['a', 'b', 'c'];
    /// assert_eq!(v.swap_remove(0), 'a');
    /// assert_eq!(v, ['c', 'b']);
    /// ```
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        if let Some(unique) = self.get_unique() {
            return unique.swap_remove(index);
        }
        let Some((removed, head, rest)) = self.split_around(index) else {
            bad_swap_remove(index, self.len())
        };
        let removed = removed.clone();
        let Some((last, middle)) = rest.split_last() else {
            self.handle.shorten(index);
            return removed;
        };
        let mut result = UniqueVec::with_capacity(self.len() - 1);
        result.extend_from_slice(head);
        result.push(last.clone());
        result.extend_from_slice(middle);
        *self = result.into_shared();
        removed
    }

    /// Replaces the element at `index`, and returns the old one.
    ///
    /// Clones the buffer if it is shared. O(1) if unique; O(n) if shared.
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`. If a clone panics, the vector is unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec!['a', 'b'];
    /// assert_eq!(v.set(1, 'c'), 'b');
    /// assert_eq!(v, ['a', 'c']);
    /// ```
    #[track_caller]
    pub fn set(&mut self, index: usize, element: T) -> T {
        // Panics before anything is copied.
        let _ = &self[index];
        mem::replace(&mut self.make_unique()[index], element)
    }

    /// Returns the element at `index`, the elements before it, and those after it.
    fn split_around(&self, index: usize) -> Option<(&T, &[T], &[T])> {
        let (head, rest) = self.split_at_checked(index)?;
        let (element, rest) = rest.split_first()?;
        Some((element, head, rest))
    }
}
