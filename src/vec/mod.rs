//! [`CowVec`], a vector whose clones share its buffer, and [`UniqueVec`], the same while it is alone.

mod compare;
mod convert;
mod iter;
mod macros;
mod unique;

use alloc::vec::Vec;
use core::ops::Deref;

#[doc(hidden)]
pub use self::convert::from_elem;
pub use self::iter::IntoIter;
pub use self::unique::UniqueVec;
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;
use crate::raw::moves::{bad_insert, bad_remove, bad_swap_remove};

/// A `Vec` whose clones share one buffer, which is copied only when a shared one is written.
///
/// Reading is reading a slice: no atomics, no branch. A `CowVec` does not give out `&mut [T]` by
/// itself, so that an O(n) copy is always spelled by a call: [`make_mut`](CowVec::make_mut) for the
/// elements, [`make_unique`](CowVec::make_unique) for the whole `Vec` interface without further checks.
///
/// ```text
///  a ─┐                                         a ───► | refs 1 | a b c |
///     ├─► | refs 2 | a b c |   b.set(0, 'x')
///  b ─┘                       ──────────────►   b ───► | refs 1 | x b c |
/// ```
///
/// | | unique | shared |
/// |---|---|---|
/// | clone | one atomic increment | the same |
/// | read, iterate | a slice | the same |
/// | push | O(1) amortised | O(1) amortised if `T` has no drop glue and this is the longest clone, else a copy |
/// | pop, truncate, clear | as `Vec` | no copy |
/// | other writes | as `Vec` | one pass builds the result: O(n) |
///
/// # Examples
///
/// ```
/// use cow_collections::{CowVec, cow_vec};
///
/// let a = cow_vec![1, 2, 3];
/// let mut b = a.clone();
/// assert!(a.ptr_eq(&b));
///
/// b.make_mut()[0] = 10; // copies, once
/// b.push(4);
/// assert_eq!(a, [1, 2, 3]);
/// assert_eq!(b, [10, 2, 3, 4]);
/// ```
#[repr(transparent)]
pub struct CowVec<T> {
    handle: Handle<T>,
}

/// What needs no `Clone`, because nothing is copied.
impl<T> CowVec<T> {
    /// Creates an empty vector that has not allocated.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// static NONE: CowVec<u8> = CowVec::new();
    /// assert!(NONE.is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { handle: Handle::new() }
    }

    /// Creates an empty vector with room for at least `capacity` elements.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// If the block would be larger than `isize::MAX` bytes: "capacity overflow".
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let mut v = CowVec::with_capacity(10);
    /// v.push(1);
    /// assert!(v.capacity() >= 10);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        UniqueVec::with_capacity(capacity).into_shared()
    }

    /// The elements that fit without a copy, as far as can be told.
    ///
    /// The slots of the buffer if this is its only handle, or could append in place; `len` if the
    /// buffer is shared and the next slot is taken. Another thread that clones or drops a handle may
    /// change the answer. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2, 3];
    /// let mut b = a.clone();
    /// b.push(4); // takes the next slot of the buffer
    /// assert_eq!(a.capacity(), 3);
    /// ```
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.handle.reachable_cap()
    }

    /// The elements as a slice.
    ///
    /// O(1), without atomics or branches.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self.handle.as_slice()
    }

    /// Whether this is the only handle of its buffer; true without one.
    ///
    /// The answer is definite, which is why it takes `&mut`: nobody can clone meanwhile. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut a = cow_vec![1];
    /// let b = a.clone();
    /// assert!(!a.is_unique());
    /// drop(b);
    /// assert!(a.is_unique());
    /// ```
    #[inline]
    #[must_use]
    pub fn is_unique(&mut self) -> bool {
        self.handle.is_unique()
    }

    /// Whether both are the same elements of the same buffer: same address and same length.
    ///
    /// All empty vectors without a buffer are equal. O(1).
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.handle.ptr_eq(&other.handle)
    }

    /// The handles of the buffer as they were a moment ago, 0 without one.
    ///
    /// To look at, not to decide by: other threads may clone and drop. O(1).
    #[inline]
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.handle.strong_count()
    }

    /// The elements as a mutable slice, if the buffer is not shared.
    ///
    /// O(1), except that elements which dropped clones had pushed past this one's end are dropped.
    /// (Not named `get_mut`, which would hide the slice's.)
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut a = cow_vec![1, 2];
    /// a.try_mut().unwrap()[0] = 5;
    /// let b = a.clone();
    /// assert!(a.try_mut().is_none());
    /// assert_eq!(b, [5, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn try_mut(&mut self) -> Option<&mut [T]> {
        self.get_unique().map(UniqueVec::as_mut_slice)
    }

    /// This vector as a [`UniqueVec`], if the buffer is not shared.
    ///
    /// O(1), except that elements which dropped clones had pushed past this one's end are dropped.
    #[inline]
    #[must_use]
    pub fn get_unique(&mut self) -> Option<&mut UniqueVec<T>> {
        self.handle.get_unique()
    }

    /// This vector as a [`UniqueVec`], or itself if the buffer is shared.
    ///
    /// O(1), as [`get_unique`](CowVec::get_unique).
    ///
    /// # Errors
    ///
    /// Gives the vector back if other handles of its buffer exist.
    #[inline]
    pub fn try_into_unique(self) -> Result<UniqueVec<T>, Self> {
        self.handle.try_into_unique().map_err(Self::from_handle)
    }

    /// Shortens the vector to `len` elements; no effect if it is not longer.
    ///
    /// Unique: drops the rest. Shared: O(1), no copy; the rest stays alive with the buffer.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2, 3];
    /// let mut b = a.clone();
    /// b.truncate(1);
    /// assert_eq!((a.len(), b.len()), (3, 1));
    /// ```
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        match self.get_unique() {
            Some(unique) => unique.truncate(len),
            None => self.handle.shorten(len),
        }
    }

    /// Removes all elements.
    ///
    /// Unique: drops them and keeps the capacity. Shared: O(1), lets go of the buffer.
    #[inline]
    pub fn clear(&mut self) {
        match self.get_unique() {
            Some(unique) => unique.clear(),
            None => *self = Self::new(),
        }
    }

    #[inline]
    pub(crate) fn from_handle(handle: Handle<T>) -> Self {
        Self { handle }
    }

    #[inline]
    pub(crate) fn into_handle(self) -> Handle<T> {
        self.handle
    }
}

/// What copies a shared buffer.
impl<T: Clone> CowVec<T> {
    /// The elements as a mutable slice. Clones the buffer if it is shared.
    ///
    /// Unique: O(1). Shared: O(n), without spare room; use [`make_unique`](CowVec::make_unique) to go
    /// on pushing.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![3, 1, 2];
    /// let mut b = a.clone();
    /// b.make_mut().sort();
    /// assert_eq!(a, [3, 1, 2]);
    /// assert_eq!(b, [1, 2, 3]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn make_mut(&mut self) -> &mut [T] {
        self.handle.unique_or(|shared| shared.copied(shared.len())).as_mut_slice()
    }

    /// This vector as a [`UniqueVec`], for a series of edits under one check. Clones the buffer if it
    /// is shared.
    ///
    /// Unique: O(1). Shared: O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![0];
    /// let unique = v.make_unique();
    /// for n in 1..100 {
    ///     unique.push(n); // no atomics, as `Vec`
    /// }
    /// assert_eq!(v.len(), 100);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn make_unique(&mut self) -> &mut UniqueVec<T> {
        self.handle.unique_or(|shared| shared.copied(shared.cap_for_copy(shared.len())))
    }

    /// Turns this into a [`UniqueVec`]. Clones the buffer if it is shared.
    ///
    /// Unique: O(1). Shared: O(n).
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn into_unique(self) -> UniqueVec<T> {
        self.try_into_unique().unwrap_or_else(|shared| shared.handle.copied(shared.len()))
    }

    /// Moves the elements into a `Vec`. Clones them if the buffer is shared.
    ///
    /// O(n): a `Vec`'s allocation has no room for the header, so it is a new one either way.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// assert_eq!(cow_vec![1, 2].into_vec(), vec![1, 2]);
    /// ```
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self.try_into_unique() {
            Ok(unique) => unique.into_vec(),
            Err(shared) => shared.to_vec(),
        }
    }

    /// Appends an element.
    ///
    /// O(1) amortised on a unique buffer, and on a shared one if `T` has no drop glue and the slot
    /// after this vector's end is still free. Otherwise clones the buffer if it is shared. A history of
    /// clone-then-push thus costs O(1) a step; see [sharing](crate::docs::sharing).
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, the vector is as it was.
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

    /// [`CowVec::push`]; if it must allocate, it makes room for `more` elements in all.
    #[inline]
    #[track_caller]
    pub(super) fn push_reserving(&mut self, value: T, more: usize) {
        self.handle.push_with(value, |handle| _ = make_room(handle, more));
    }

    /// Removes the last element and returns it, or `None` if there is none.
    ///
    /// Unique: O(1). Shared: O(1), clones that element and no other.
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

    /// Inserts an element at `index` and shifts those after it to the right.
    ///
    /// Clones the buffer if it is shared. Unique: O(n - index). Shared: O(n), one pass.
    ///
    /// # Panics
    ///
    /// If `index > len`. If a clone panics, the vector is as it was.
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

    /// Removes and returns the element at `index`, and shifts those after it to the left.
    ///
    /// Clones the buffer if it is shared. Unique: O(n - index). Shared: O(n), one pass; the removed
    /// element is cloned too, because it is returned.
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was.
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

    /// Removes and returns the element at `index`, and puts the last one in its place.
    ///
    /// Clones the buffer if it is shared. Unique: O(1). Shared: O(n), one pass.
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was.
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

    /// Replaces the element at `index` and returns the old one.
    ///
    /// Clones the buffer if it is shared. Unique: O(1). Shared: O(n), one pass.
    ///
    /// # Panics
    ///
    /// If `index >= len`. If a clone panics, the vector is as it was.
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
        if let Some(unique) = self.get_unique() {
            return core::mem::replace(&mut unique[index], element);
        }
        let old = self[index].clone();
        let mut result = UniqueVec::with_capacity(self.handle.cap_for_copy(self.len()));
        result.extend_from_slice(&self[..index]);
        result.push(element);
        result.extend_from_slice(&self[index + 1..]);
        *self = result.into_shared();
        old
    }

    /// Keeps the elements for which `keep` is true, in order.
    ///
    /// Unique: O(n), drops the others. Clones the buffer if it is shared and an element goes; then only
    /// what is kept is cloned, in one pass. If none goes, or only a tail does, nothing is cloned.
    ///
    /// # Panics
    ///
    /// If `keep` or, on a shared buffer, a clone panics. A shared vector is then as it was; a unique one
    /// has lost only elements that `keep` had rejected.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3, 4];
    /// v.retain(|n| n % 2 == 0);
    /// assert_eq!(v, [2, 4]);
    /// ```
    #[track_caller]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        if let Some(unique) = self.get_unique() {
            return unique.retain(keep);
        }
        let Some(first_gone) = self.iter().position(|element| !keep(element)) else { return };
        let mut rest = self[first_gone + 1..].iter().filter(|element| keep(element));
        let Some(next) = rest.next() else {
            self.handle.shorten(first_gone);
            return;
        };
        let mut result = UniqueVec::with_capacity(self.len() - 1);
        result.extend_from_slice(&self[..first_gone]);
        result.push(next.clone());
        for element in rest {
            result.push(element.clone());
        }
        *self = result.into_shared();
    }

    /// Appends clones of all elements of a slice.
    ///
    /// O(k) amortised on a unique buffer, and on a shared one if `T` has no drop glue and the slots
    /// after this vector's end are still free. Otherwise clones the buffer if it is shared.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes. If a clone panics, a shared vector is as it
    /// was, and a unique one has the elements before it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1];
    /// v.extend_from_slice(&[2, 3]);
    /// assert_eq!(v, [1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        if values.is_empty() || self.handle.extend_claimed(values) {
            return;
        }
        if let Some(unique) = self.get_unique() {
            return unique.extend_from_slice(values);
        }
        // Not into `self` as it grows: if a clone panics, it is to stay as it was.
        let needed = self.len().saturating_add(values.len());
        let mut result = self.handle.copied(self.handle.cap_for_copy(needed));
        result.extend_from_slice(values);
        *self = result.into_shared();
    }

    /// Reserves room for at least `additional` more elements. Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n) always, even if there is room,
    /// since another handle may take it: do not reserve before each push.
    ///
    /// # Panics
    ///
    /// If the new capacity would exceed `isize::MAX` bytes: "capacity overflow".
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        make_room(&mut self.handle, additional);
    }

    /// [`CowVec::reserve`] with the error as a value. Clones the buffer if it is shared.
    ///
    /// Unique: O(1) if there is room, else one allocation. Shared: O(n), even if there is room.
    ///
    /// # Errors
    ///
    /// If the new capacity would exceed `isize::MAX` bytes, or the allocator has no such block. The
    /// vector is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2, 3];
    /// assert!(v.try_reserve(usize::MAX).is_err());
    /// assert!(v.try_reserve(10).is_ok() && v.capacity() >= 13);
    /// ```
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        if let Some(unique) = self.get_unique() {
            return unique.try_reserve(additional);
        }
        let needed = self.len().saturating_add(additional);
        let mut copy = UniqueVec::try_with_capacity(self.handle.cap_for_copy(needed))?;
        copy.extend_from_slice(self);
        *self = copy.into_shared();
        Ok(())
    }

    /// The element at `index`, those before it, and those after it.
    fn split_around(&self, index: usize) -> Option<(&T, &[T], &[T])> {
        let (head, rest) = self.split_at_checked(index)?;
        let (element, rest) = rest.split_first()?;
        Some((element, head, rest))
    }
}

/// Makes `handle` unique, with room for `more` elements.
#[cold]
#[inline(never)]
#[track_caller]
fn make_room<T: Clone>(handle: &mut Handle<T>, more: usize) -> &mut UniqueVec<T> {
    let needed = handle.len().saturating_add(more);
    let unique = handle.unique_or(|shared| shared.copied(shared.cap_for_copy(needed)));
    unique.reserve(more);
    unique
}

impl<T> Deref for CowVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> Clone for CowVec<T> {
    /// Shares the buffer. O(1): one atomic increment; nothing is allocated, and `T` need not be `Clone`.
    #[inline]
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone() }
    }
}

impl<T> Default for CowVec<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

const _: () = {
    assert!(size_of::<CowVec<u8>>() == 2 * size_of::<usize>());
    assert!(size_of::<Option<CowVec<u8>>>() == size_of::<CowVec<u8>>());
};
