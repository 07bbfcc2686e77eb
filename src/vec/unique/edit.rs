//! Edits of single elements of a [`UniqueVec`].
#![expect(unsafe_code, reason = "moves elements within the block")]

use core::ptr;

use super::UniqueVec;
use crate::panics::{bad_insert, bad_remove, bad_swap_remove};

impl<T> UniqueVec<T> {
    /// Appends an element.
    ///
    /// O(1) amortised; O(n) when the buffer grows.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::new();
    /// v.push(1);
    /// assert_eq!(v, [1]);
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        let len = self.len();
        if len == self.capacity() {
            self.grow_amortised(1);
        }
        // Copies the pointer, because the compiler would otherwise load it again after the write through `self`.
        let buf = self.0.buf();
        // SAFETY: the slot lies below the capacity (B1), and nobody else reaches it (B5).
        unsafe { buf.slot(len).write(value) };
        // SAFETY: the capacity is not 0, so this is a live block (B1).
        unsafe { buf.block() }.filled().set(len + 1);
        // Stores the length last, because the caller often stores to the same cache line next.
        // SAFETY: the slot was written (B2).
        unsafe { self.0.set_len(len + 1) };
    }

    /// Appends an element and returns a reference to it.
    ///
    /// O(1) amortised; O(n) when the buffer grows.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::new();
    /// *v.push_mut(1) += 1;
    /// assert_eq!(v, [2]);
    /// ```
    #[inline]
    #[must_use = "use `push` if you do not need the reference"]
    #[track_caller]
    pub fn push_mut(&mut self, value: T) -> &mut T {
        let index = self.len();
        self.push(value);
        &mut self[index]
    }

    /// Removes the last element and returns it, or `None` if there is none.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1]);
    /// assert_eq!((v.pop(), v.pop()), (Some(1), None));
    /// ```
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        let buf = self.0.buf();
        // SAFETY: the vector has an element, so this is a live block (B1).
        unsafe { buf.block() }.filled().set(last);
        // SAFETY: the first `last` elements are initialised (B2).
        unsafe { self.0.set_len(last) };
        // SAFETY: the slot is initialised (B2). The length no longer covers it, so the element is moved out once.
        Some(unsafe { buf.slot(last).read() })
    }

    /// Removes the last element and returns it if `predicate` returns `true` for it.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// assert_eq!(v.pop_if(|n| *n > 1), Some(2));
    /// assert_eq!(v.pop_if(|n| *n > 1), None);
    /// ```
    #[inline]
    pub fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T> {
        if predicate(self.last_mut()?) { self.pop() } else { None }
    }

    /// Inserts an element at `index`, and shifts all elements after it to the right.
    ///
    /// O(n - index), plus growth.
    ///
    /// # Panics
    ///
    /// Panics if `index > len`, or the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'c']);
    /// v.insert(1, 'b');
    /// assert_eq!(v, ['a', 'b', 'c']);
    /// ```
    #[track_caller]
    pub fn insert(&mut self, index: usize, element: T) {
        let len = self.len();
        if index > len {
            bad_insert(index, len);
        }
        self.reserve(1);
        // SAFETY: capacity for `len + 1` elements was reserved, so both addresses lie inside the block (B1). Elements
        // `[index, len)` are initialised and move up by one slot, and the new one takes the slot that they left.
        unsafe {
            let slot = self.slot(index);
            ptr::copy(slot, slot.add(1), len - index);
            slot.write(element);
            self.set_len(len + 1);
        }
    }

    /// Inserts an element at `index`, shifts all elements after it to the right, and returns a reference to it.
    ///
    /// O(n - index), plus growth.
    ///
    /// # Panics
    ///
    /// Panics if `index > len`, or the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'c']);
    /// v.insert_mut(1, 'x').make_ascii_uppercase();
    /// assert_eq!(v, ['a', 'X', 'c']);
    /// ```
    #[inline]
    #[must_use = "use `insert` if you do not need the reference"]
    #[track_caller]
    pub fn insert_mut(&mut self, index: usize, element: T) -> &mut T {
        self.insert(index, element);
        &mut self[index]
    }

    /// Removes and returns the element at `index`, and shifts all elements after it to the left.
    ///
    /// O(n - index).
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'b', 'c']);
    /// assert_eq!(v.remove(0), 'a');
    /// assert_eq!(v, ['b', 'c']);
    /// ```
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        let len = self.len();
        if index >= len {
            bad_remove(index, len);
        }
        // SAFETY: the slot lies below the length, so it is initialised (B2). The elements after it move down by one
        // slot. So the element is moved out once, and the first `len - 1` slots are initialised.
        unsafe {
            let slot = self.slot(index);
            let element = slot.read();
            ptr::copy(slot.add(1), slot, len - index - 1);
            self.set_len(len - 1);
            element
        }
    }

    /// Removes and returns the element at `index`, and replaces it by the last element.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// Panics if `index >= len`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from(['a', 'b', 'c']);
    /// assert_eq!(v.swap_remove(0), 'a');
    /// assert_eq!(v, ['c', 'b']);
    /// ```
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        let len = self.len();
        if index >= len {
            bad_swap_remove(index, len);
        }
        // Does not borrow all elements as a slice, so that pointers to the others stay valid, as with `Vec`.
        // SAFETY: both slots lie below the length, so they are initialised (B2); they may be the same slot. The last
        // element replaces the one that is moved out, and the length no longer covers the last slot.
        unsafe {
            let slot = self.slot(index);
            let element = slot.read();
            ptr::copy(self.slot(len - 1), slot, 1);
            self.set_len(len - 1);
            element
        }
    }

    /// Shortens the vector to `len` elements and drops the rest. Has no effect if the vector is not longer.
    ///
    /// O(k) for k dropped elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2, 3]);
    /// v.truncate(1);
    /// assert_eq!(v, [1]);
    /// ```
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        let old = self.len();
        if len < old {
            // SAFETY: the first `len` elements are initialised (B2). The length changes before destructors run (B8).
            unsafe { self.set_len(len) };
            // SAFETY: the other elements are initialised, and nothing counts them any more (B5).
            unsafe { self.0.buf().drop_slots(len, old - len) };
        }
    }

    /// Removes and drops all elements, and keeps the capacity.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::UniqueVec;
    ///
    /// let mut v = UniqueVec::from([1, 2]);
    /// let capacity = v.capacity();
    /// v.clear();
    /// assert_eq!((v.len(), v.capacity()), (0, capacity));
    /// ```
    #[inline]
    pub fn clear(&mut self) {
        self.truncate(0);
    }
}
