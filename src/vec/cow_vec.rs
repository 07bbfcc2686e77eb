//! [`CowVec`] itself: creation, views, sharing and shortening.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Deref;

use super::UniqueVec;
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;

/// A `Vec` whose clones share one buffer, which is copied only when a shared one is written.
///
/// Reading is as fast as reading a slice, without atomics. A `CowVec` does not implement `DerefMut`, because that
/// would copy a shared buffer without a visible call. [`make_mut`](CowVec::make_mut) returns the elements as a mutable
/// slice, and [`make_unique`](CowVec::make_unique) the whole interface of `Vec` after one check.
/// [Sharing](crate::docs::sharing#when-mut-copies) compares this with the other types.
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
/// | pop, truncate, clear | as `Vec` | O(1); `pop` clones the element that it returns |
/// | other writes | as `Vec` | O(n), one pass builds the result |
///
/// The first write after the buffer stopped being shared also drops the elements beyond this vector's end.
///
/// Use a [`PersistentVector`](crate::PersistentVector) for a large vector that is shared and often written in the
/// middle. Such a write copies all elements of a `CowVec`, but one leaf of a `PersistentVector`. Conversions from and
/// to `Vec` copy, because the buffer of a `CowVec` has its counters before the elements.
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
    pub(super) handle: Handle<T>,
}

/// Methods that never copy a shared buffer, and so need no `Clone`.
impl<T> CowVec<T> {
    /// Creates an empty vector, without an allocation.
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

    /// Creates an empty vector with at least the given capacity.
    ///
    /// One allocation, or none if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
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

    /// Creates an empty vector with at least the given capacity, or returns an error.
    ///
    /// One allocation, or none if `capacity` is 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the capacity exceeds `isize::MAX` bytes, or the allocation fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// assert!(CowVec::<u32>::try_with_capacity(10).is_ok_and(|v| v.capacity() >= 10));
    /// assert!(CowVec::<u32>::try_with_capacity(usize::MAX).is_err());
    /// ```
    #[inline]
    pub fn try_with_capacity(capacity: usize) -> Result<Self, TryReserveError> {
        UniqueVec::try_with_capacity(capacity).map(UniqueVec::into_shared)
    }

    /// Returns the number of elements that fit without copying.
    ///
    /// This is the capacity of the buffer if it is not shared, or if this vector can append in place. Otherwise it is
    /// `len`. The value may be stale, because other threads may clone and drop handles. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2, 3];
    /// let mut b = a.clone();
    /// b.push(4); // uses the next slot of the buffer
    /// assert_eq!(a.capacity(), 3);
    /// ```
    #[inline]
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.handle.reachable_cap()
    }

    /// Returns the number of elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// assert_eq!(CowVec::from([1, 2]).len(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.handle.len()
    }

    /// Returns `true` if the vector has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// assert!(CowVec::<u8>::new().is_empty());
    /// ```
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a pointer to the first element, or a dangling pointer if the vector has not allocated.
    ///
    /// O(1). The pointer is valid for reads of `len` elements until this vector is dropped or modified.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let v = CowVec::from([1, 2]);
    /// assert_eq!(v.as_ptr(), &raw const v[0]);
    /// ```
    #[inline]
    #[must_use]
    pub const fn as_ptr(&self) -> *const T {
        self.handle.data()
    }

    /// Returns the elements as a slice.
    ///
    /// O(1), without atomics.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// assert_eq!(cow_vec![1, 2].as_slice(), [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self.handle.as_slice()
    }

    /// Returns `true` if no other handle shares the buffer, or if there is no buffer.
    ///
    /// `true` stays true while this vector is borrowed mutably, because nobody can clone it meanwhile. `false` may be
    /// stale, because another thread may drop the last other handle. O(1).
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

    /// Returns `true` if both vectors have the same address and the same length.
    ///
    /// Also returns `true` for two vectors without a buffer. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// assert!(a.ptr_eq(&a.clone()));
    /// assert!(!a.ptr_eq(&cow_vec![1, 2]));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.handle.ptr_eq(&other.handle)
    }

    /// Returns the number of handles of the buffer, or 0 without a buffer.
    ///
    /// The value may be stale; use it for diagnostics only. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// let b = a.clone();
    /// assert_eq!(b.strong_count(), 2);
    /// ```
    #[inline]
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.handle.strong_count()
    }

    /// Returns the number of elements that the buffer keeps alive.
    ///
    /// It is more than `len` if other handles have, or had, more elements in the buffer.
    /// [`shrink_to_fit`](CowVec::shrink_to_fit) drops these elements if the buffer is not shared. Otherwise it copies
    /// this vector into a new buffer, if that is smaller. The value may be stale; use it for diagnostics only. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut first = cow_vec![0; 1000];
    /// let all = first.clone();
    /// first.truncate(1);
    /// drop(all);
    /// assert_eq!((first.len(), first.retained_len()), (1, 1000));
    /// first.shrink_to_fit();
    /// assert_eq!(first.retained_len(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn retained_len(&self) -> usize {
        self.handle.retained()
    }

    /// Returns the size of the buffer in bytes, with its header, or 0 without a buffer.
    ///
    /// Does not count memory that the elements own. Every handle of a buffer returns its full size. O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// assert_eq!(CowVec::<u8>::new().heap_bytes(), 0);
    /// assert!(CowVec::<u64>::with_capacity(10).heap_bytes() > 80);
    /// ```
    #[inline]
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.handle.heap_bytes()
    }

    /// Returns `true` if both vectors are equal, without comparing elements if they are [`ptr_eq`](CowVec::ptr_eq).
    ///
    /// O(1) for a clone that was not modified, otherwise O(n). `==` always compares elements, because an element that
    /// is only `PartialEq` may differ from itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// assert!(a.fast_eq(&a.clone()));
    /// assert!(a.fast_eq(&cow_vec![1, 2]));
    /// ```
    #[inline]
    #[must_use]
    pub fn fast_eq(&self, other: &Self) -> bool
    where
        T: Eq,
    {
        self.ptr_eq(other) || self == other
    }

    /// Returns the elements as a mutable slice, or `None` if the buffer is shared.
    ///
    /// O(1). If unique, also drops the elements that the buffer keeps beyond this vector's end. The name is not
    /// `get_mut`, which would hide the slice's method.
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
    #[doc(alias = "get_mut")]
    pub fn try_mut(&mut self) -> Option<&mut [T]> {
        self.get_unique().map(UniqueVec::as_mut_slice)
    }

    /// Returns this vector as a [`UniqueVec`], or `None` if the buffer is shared.
    ///
    /// O(1). If unique, also drops the elements that the buffer keeps beyond this vector's end.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut a = cow_vec![1];
    /// a.get_unique().unwrap().push(2);
    /// let b = a.clone();
    /// assert!(a.get_unique().is_none());
    /// assert_eq!(b, [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn get_unique(&mut self) -> Option<&mut UniqueVec<T>> {
        self.handle.get_unique()
    }

    /// Turns this vector into a [`UniqueVec`], if the buffer is not shared.
    ///
    /// O(1), as [`get_unique`](CowVec::get_unique).
    ///
    /// # Errors
    ///
    /// Returns the vector if its buffer is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1];
    /// let b = a.clone();
    /// let a = a.try_into_unique().unwrap_err();
    /// drop(b);
    /// assert_eq!(a.try_into_unique()?, [1]);
    /// # Ok::<(), cow_collections::CowVec<i32>>(())
    /// ```
    #[inline]
    pub fn try_into_unique(self) -> Result<UniqueVec<T>, Self> {
        self.handle.try_into_unique().map_err(Self::from_handle)
    }

    /// Moves the elements into a `Vec`, if the buffer is not shared.
    ///
    /// O(n) if unique, one allocation and one `memcpy`; O(1) if shared.
    ///
    /// # Errors
    ///
    /// Returns the vector if its buffer is shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1];
    /// let b = a.clone();
    /// let a = a.try_into_vec().unwrap_err();
    /// drop(b);
    /// assert_eq!(a.try_into_vec(), Ok(vec![1]));
    /// ```
    #[inline]
    #[doc(alias = "try_unwrap")]
    pub fn try_into_vec(self) -> Result<Vec<T>, Self> {
        self.try_into_unique().map(UniqueVec::into_vec)
    }

    /// Appends an element, if that does not clone the others.
    ///
    /// O(1) amortised if unique, as [`push`](CowVec::push). O(1) if shared, and succeeds only if `T` has no drop glue
    /// and the slot after this vector's end is free.
    ///
    /// # Errors
    ///
    /// Returns the element if the buffer would have to be cloned.
    ///
    /// # Panics
    ///
    /// Panics if the buffer is not shared and the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut a = cow_vec![String::from("a")];
    /// assert_eq!(a.try_push("b".into()), Ok(()));
    /// let b = a.clone();
    /// assert_eq!(a.try_push("c".into()), Err("c".into()));
    /// ```
    #[inline]
    #[track_caller]
    pub fn try_push(&mut self, value: T) -> Result<(), T> {
        match self.handle.try_push(value) {
            Ok(_) => Ok(()),
            Err(value) => self.try_push_growing(value),
        }
    }

    /// Appends an element if the vector is unique, after trimming or growing the buffer.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn try_push_growing(&mut self, value: T) -> Result<(), T> {
        let Some(unique) = self.get_unique() else { return Err(value) };
        unique.push(value);
        Ok(())
    }

    /// Returns `true` if `additional` more elements fit without an allocation.
    ///
    /// O(1). If unique, also drops the elements that the buffer keeps beyond this vector's end. Returns `false` if the
    /// buffer is shared, because another handle may use the capacity.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowVec;
    ///
    /// let mut v = CowVec::with_capacity(10);
    /// v.extend(0..8);
    /// let all = v.clone();
    /// v.truncate(1);
    /// assert!(!v.try_reclaim(9));
    /// drop(all);
    /// assert!(v.try_reclaim(9));
    /// ```
    #[inline]
    #[must_use]
    pub fn try_reclaim(&mut self, additional: usize) -> bool {
        self.get_unique().is_some_and(|unique| unique.capacity() - unique.len() >= additional)
    }

    /// Turns the vector into a pointer to its elements, which [`from_raw`](CowVec::from_raw) turns back.
    ///
    /// O(1). The buffer leaks if the pointer is not turned back.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowVec, cow_vec};
    ///
    /// let raw = cow_vec![1, 2].into_raw();
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// let v = unsafe { CowVec::from_raw(raw) };
    /// assert_eq!(v, [1, 2]);
    /// ```
    #[inline]
    #[must_use = "the buffer leaks otherwise"]
    pub fn into_raw(self) -> *const [T] {
        self.handle.into_raw()
    }

    /// Turns a pointer from [`into_raw`](CowVec::into_raw) back into a vector.
    ///
    /// O(1).
    ///
    /// # Safety
    ///
    /// * `elements` came from `into_raw` of a `CowVec<T>`.
    /// * It is turned back only once.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowVec, cow_vec};
    ///
    /// let raw = cow_vec!["a", "b"].into_raw();
    /// // SAFETY: the pointer came from `into_raw`, and is turned back once.
    /// let v = unsafe { CowVec::from_raw(raw) };
    /// assert_eq!(v, ["a", "b"]);
    /// ```
    #[inline]
    #[must_use]
    #[expect(unsafe_code, reason = "passes the caller's obligations on")]
    pub unsafe fn from_raw(elements: *const [T]) -> Self {
        // SAFETY: the caller's obligations are the same.
        Self::from_handle(unsafe { Handle::from_raw(elements) })
    }

    /// Shortens the vector to `len` elements. Has no effect if the vector is not longer.
    ///
    /// Drops the rest if unique. O(1) if shared, and the rest stays alive with the buffer.
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
        self.handle.truncate(len);
    }

    /// Removes all elements.
    ///
    /// Drops them and keeps the capacity if unique. O(1) if shared, and leaves the buffer to the other handles.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// let mut b = a.clone();
    /// b.clear();
    /// assert_eq!((a.len(), b.len()), (2, 0));
    /// ```
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

/// Methods that copy a shared buffer.
impl<T: Clone> CowVec<T> {
    /// Returns the elements as a mutable slice. Clones the buffer if it is shared.
    ///
    /// O(1) if unique; O(n) if shared. The copy reserves no capacity for pushes. The copy that
    /// [`make_unique`](CowVec::make_unique) makes keeps the capacity of the buffer, up to twice the length.
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
    ///
    /// // The result has all methods of a mutable slice: indexing, `last_mut`, `swap`, ...
    /// b.make_mut()[0] = 9;
    /// if let Some(last) = b.make_mut().last_mut() {
    ///     *last += 1;
    /// }
    /// assert_eq!(b, [9, 2, 4]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    #[doc(alias = "to_mut")]
    pub fn make_mut(&mut self) -> &mut [T] {
        self.handle.unique_or(|shared| shared.copied(shared.len())).as_mut_slice()
    }

    /// Like [`make_mut`](CowVec::make_mut), under `Vec`'s name. Clones the buffer if it is shared.
    ///
    /// O(1) if unique; O(n) if shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![1, 2];
    /// v.as_mut_slice().reverse();
    /// assert_eq!(v, [2, 1]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.make_mut()
    }

    /// Returns this vector as a [`UniqueVec`], for many edits after one check. Clones the buffer if it is shared.
    ///
    /// O(1) if unique; O(n) if shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut v = cow_vec![0];
    /// let unique = v.make_unique();
    /// for n in 1..100 {
    ///     unique.push(n); // without atomics, as `Vec`
    /// }
    /// assert_eq!(v.len(), 100);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn make_unique(&mut self) -> &mut UniqueVec<T> {
        self.handle.unique_or(|shared| shared.copied(shared.cap_for_copy(shared.len())))
    }

    /// Turns this vector into a [`UniqueVec`]. Clones the buffer if it is shared.
    ///
    /// O(1) if unique; O(n) if shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let a = cow_vec![1, 2];
    /// let mut b = a.clone().into_unique();
    /// b[0] = 5;
    /// assert_eq!(a, [1, 2]);
    /// assert_eq!(b, [5, 2]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn into_unique(self) -> UniqueVec<T> {
        self.try_into_unique().unwrap_or_else(|shared| shared.handle.copied(shared.len()))
    }

    /// Moves the elements into a `Vec`. Clones them if the buffer is shared.
    ///
    /// O(n) and one allocation in both cases, because a `Vec` cannot own a block with a header.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// assert_eq!(cow_vec![1, 2].into_vec(), vec![1, 2]);
    /// ```
    #[must_use]
    #[doc(alias = "unwrap_or_clone")]
    pub fn into_vec(self) -> Vec<T> {
        match self.try_into_unique() {
            Ok(unique) => unique.into_vec(),
            Err(shared) => shared.to_vec(),
        }
    }

    /// Moves the elements into a boxed slice. Clones them if the buffer is shared.
    ///
    /// O(n), one allocation.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let boxed: Box<[u8]> = cow_vec![1, 2].into_boxed_slice();
    /// assert_eq!(*boxed, [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_boxed_slice(self) -> Box<[T]> {
        self.into_vec().into_boxed_slice()
    }
}

impl<T> Deref for CowVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> Clone for CowVec<T> {
    /// Returns a new handle of the same buffer. O(1), one atomic increment. `T` need not be `Clone`.
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
