//! [`CowVec`] itself: creation, views, sharing, and what shortens it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Deref;

use super::UniqueVec;
use crate::raw::handle::Handle;
use crate::raw::layout::TryReserveError;

/// A `Vec` whose clones share one buffer, which is copied only when a shared one is written.
///
/// Reading is reading a slice: no atomics, no branch. A `CowVec` does not give out `&mut [T]` by
/// itself, because that is an O(n) copy if the buffer is shared. A call asks for it:
/// [`make_mut`](CowVec::make_mut) for the elements, [`make_unique`](CowVec::make_unique) for the whole `Vec`
/// interface without further checks. [Sharing](crate::docs::sharing#when-mut-copies) says how the other types do.
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
/// | pop, truncate, clear | as `Vec` | no copy; `pop` clones the element that it returns |
/// | other writes | as `Vec` | one pass builds the result: O(n) |
///
/// What it is bad at: a large vector that is shared *and* written in the middle again and again, which
/// copies all of it each time where a [`PersistentVector`](crate::PersistentVector) copies a leaf; and to and
/// from `Vec`, which is a copy, since the counters stand before the elements.
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

    /// Creates an empty vector with room for at least `capacity` elements, or returns why it cannot.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the block would be larger than `isize::MAX` bytes, or the allocator has no such
    /// block.
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

    /// Returns a pointer to the first element, or a dangling one if the vector has not allocated.
    ///
    /// O(1). The pointer is valid for reads of `len` elements until this vector is
    /// dropped or changed.
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

    /// The elements as a slice.
    ///
    /// O(1), without atomics or branches.
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

    /// The handles of the buffer as they were a moment ago, 0 without one.
    ///
    /// To look at, not to decide by: other threads may clone and drop. O(1).
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

    /// The elements that the buffer keeps alive, as many as they were a moment ago.
    ///
    /// More than `len` if this is a prefix of what other handles pushed, or pushed before they were
    /// dropped; [`shrink_to_fit`](CowVec::shrink_to_fit) lets go of the rest. To look at, not to decide
    /// by. O(1).
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

    /// The bytes of the buffer, header included, 0 without one; not what its elements own elsewhere.
    ///
    /// All handles of a buffer report the same bytes. O(1).
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

    /// Whether both are equal, by [`ptr_eq`](CowVec::ptr_eq) before by elements.
    ///
    /// O(1) for a clone that was not changed, else as `==`, which always compares the elements: an
    /// element that is only `PartialEq` may differ from itself.
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
    #[doc(alias = "get_mut")]
    pub fn try_mut(&mut self) -> Option<&mut [T]> {
        self.get_unique().map(UniqueVec::as_mut_slice)
    }

    /// This vector as a [`UniqueVec`], if the buffer is not shared.
    ///
    /// O(1), except that elements which dropped clones had pushed past this one's end are dropped.
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

    /// This vector as a [`UniqueVec`], or itself if the buffer is shared.
    ///
    /// O(1), as [`get_unique`](CowVec::get_unique).
    ///
    /// # Errors
    ///
    /// Gives the vector back if other handles of its buffer exist.
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
    /// assert_eq!(a.try_into_unique().unwrap(), [1]);
    /// ```
    #[inline]
    pub fn try_into_unique(self) -> Result<UniqueVec<T>, Self> {
        self.handle.try_into_unique().map_err(Self::from_handle)
    }

    /// Moves the elements into a `Vec`, or gives this vector back if the buffer is shared.
    ///
    /// Unique: O(n), one allocation and one `memcpy`. Shared: O(1).
    ///
    /// # Errors
    ///
    /// Gives the vector back if other handles of its buffer exist.
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

    /// Appends an element if that needs no clone of the others.
    ///
    /// Unique: as [`push`](CowVec::push), O(1) amortised. Shared: O(1), and only if `T` has no drop glue
    /// and the slot after this vector's end is still free.
    ///
    /// # Errors
    ///
    /// Gives the element back if the buffer would have to be cloned.
    ///
    /// # Panics
    ///
    /// If the buffer is unique and the new capacity would exceed `isize::MAX` bytes.
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
        if let Some(unique) = self.get_unique() {
            unique.push(value);
            return Ok(());
        }
        self.handle.try_push(value).map(|_| ())
    }

    /// Whether `additional` more elements can be pushed without an allocation.
    ///
    /// Unique: O(1), except that elements which dropped clones had pushed past this one's end are
    /// dropped, and their slots reclaimed. Shared: false, since another handle may take the room.
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

    /// Turns the vector into its elements by address, which [`from_raw`](CowVec::from_raw) turns back.
    ///
    /// O(1). The handle is not given back until then: the buffer leaks otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowVec, cow_vec};
    ///
    /// let raw = cow_vec![1, 2].into_raw();
    /// // SAFETY: it was just made by `into_raw`, and is not used again.
    /// let v = unsafe { CowVec::from_raw(raw) };
    /// assert_eq!(v, [1, 2]);
    /// ```
    #[inline]
    #[must_use = "the buffer leaks otherwise"]
    pub fn into_raw(self) -> *const [T] {
        self.handle.into_raw()
    }

    /// The vector that [`into_raw`](CowVec::into_raw) turned into its elements.
    ///
    /// O(1).
    ///
    /// # Safety
    ///
    /// `elements` is what `into_raw` of a `CowVec<T>` gave, unchanged, and is used for this only once.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CowVec, cow_vec};
    ///
    /// let raw = cow_vec!["a", "b"].into_raw();
    /// // SAFETY: it was just made by `into_raw`, and is not used again.
    /// let v = unsafe { CowVec::from_raw(raw) };
    /// assert_eq!(v, ["a", "b"]);
    /// ```
    #[inline]
    #[must_use]
    #[expect(unsafe_code, reason = "hands the caller's promise on")]
    pub unsafe fn from_raw(elements: *const [T]) -> Self {
        // SAFETY: the caller's, B1 and B2 with it.
        Self::from_handle(unsafe { Handle::from_raw(elements) })
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
    ///
    /// // All that a mutable slice can do begins so: indexing, `first_mut`, `last_mut`, `swap`, ...
    /// b.make_mut()[0] = 9;
    /// if let Some(last) = b.make_mut().last_mut() {
    ///     *last += 1;
    /// }
    /// assert_eq!(b, [9, 2, 4]);
    /// ```
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn make_mut(&mut self) -> &mut [T] {
        self.handle.unique_or(|shared| shared.copied(shared.len())).as_mut_slice()
    }

    /// [`CowVec::make_mut`] by the name that `Vec` has for it. Clones the buffer if it is shared.
    ///
    /// Unique: O(1). Shared: O(n).
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
