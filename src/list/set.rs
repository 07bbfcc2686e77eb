//! [`CopyOnWriteSet`], a set on top of a list.

use alloc::vec;
use alloc::vec::Vec;
use core::borrow::Borrow;
use core::fmt;

use super::{CopyOnWriteList, Guard, Reader, Watcher};
use crate::raw::layout::check_announced;
use crate::sync::const_fn;
use crate::vec::{CowVec, UniqueVec};

/// A set for many readers and few writers: a [`CopyOnWriteList`] without equal elements.
///
/// The set keeps elements in insertion order, and needs only `Eq`. A search is O(n), so use it for small sets, for
/// example of listeners, peers or names. Two sets are equal if they have equal elements in any order. A comparison
/// takes O(n²) at worst.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteSet;
///
/// static NAMES: CopyOnWriteSet<&str> = CopyOnWriteSet::new();
///
/// assert!(NAMES.insert("a"));
/// assert!(!NAMES.insert("a"));
/// assert!(NAMES.contains("a"));
/// assert_eq!(NAMES.extend(["b", "a"]), 1);
/// assert_eq!(NAMES.load()[..], ["a", "b"]);
/// ```
pub struct CopyOnWriteSet<T> {
    list: CopyOnWriteList<T>,
}

impl<T> CopyOnWriteSet<T> {
    const_fn! {
        /// Creates an empty set. Does not allocate.
        ///
        /// O(1).
        ///
        /// # Examples
        ///
        /// ```
        /// use cow_collections::CopyOnWriteSet;
        ///
        /// static BLOCKED: CopyOnWriteSet<u32> = CopyOnWriteSet::new();
        /// assert!(BLOCKED.is_empty());
        /// ```
        #[must_use]
        pub const fn new() -> Self {
            Self { list: CopyOnWriteList::new() }
        }
    }

    /// Returns a guard that dereferences to the current elements: see [`CopyOnWriteList::load`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let names = CopyOnWriteSet::from(["a", "b"]);
    /// for name in &names.load() {
    ///     names.remove(name); // this loop still sees all names
    /// }
    /// assert!(names.is_empty());
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "forEach")]
    pub fn load(&self) -> Guard<'_, T> {
        self.list.load()
    }

    /// Returns the current elements as a vector that shares the buffer: see [`CopyOnWriteList::snapshot`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let peers = CopyOnWriteSet::from([1, 2]);
    /// let before = peers.snapshot();
    /// peers.insert(3);
    /// assert_eq!(before, [1, 2]);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "iterator")]
    #[doc(alias = "spliterator")]
    #[doc(alias = "toArray")]
    #[doc(alias = "stream")]
    pub fn snapshot(&self) -> CowVec<T> {
        self.list.snapshot()
    }

    /// Creates a reader for one thread: see [`CopyOnWriteList::reader`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let allowed = CopyOnWriteSet::from(["get"]);
    /// let mut reader = allowed.reader();
    /// assert!(!reader.load().contains(&"put"));
    /// allowed.insert("put");
    /// assert!(reader.load().contains(&"put"));
    /// ```
    #[inline]
    #[must_use]
    pub fn reader(&self) -> Reader<'_, T> {
        self.list.reader()
    }

    /// Returns how many times the set was changed: see [`CopyOnWriteList::version`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::new();
    /// set.insert(1);
    /// set.insert(1); // changes nothing
    /// assert_eq!(set.version(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.list.version()
    }

    /// Creates a watcher of the changes from now on: see [`CopyOnWriteList::subscribe`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([1]);
    /// let watcher = set.subscribe();
    /// set.insert(1);
    /// assert!(!watcher.has_changed());
    /// set.remove(&1);
    /// assert!(watcher.has_changed());
    /// ```
    #[inline]
    #[must_use]
    pub fn subscribe(&self) -> Watcher<'_, T> {
        self.list.subscribe()
    }

    /// Returns the current number of elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from(["a", "b", "a"]);
    /// assert_eq!(set.len(), 2);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "size")]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns `true` if the set has no elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let busy = CopyOnWriteSet::from(["worker"]);
    /// assert!(!busy.is_empty());
    /// busy.remove("worker");
    /// assert!(busy.is_empty());
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "isEmpty")]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the size of the current buffer in bytes: see [`CopyOnWriteList::heap_bytes`].
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// assert_eq!(CopyOnWriteSet::<u64>::new().heap_bytes(), 0);
    /// assert!(CopyOnWriteSet::from([1_u64, 2]).heap_bytes() > 16);
    /// ```
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.list.heap_bytes()
    }

    /// Returns `true` if the set has an element that equals `element`, which may be any borrowed form of `T`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([String::from("a")]);
    /// assert!(set.contains("a")); // needs no `String`
    /// assert!(!set.contains("b"));
    /// ```
    #[must_use]
    pub fn contains<Q>(&self, element: &Q) -> bool
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.list.contains(element)
    }

    /// Removes all elements.
    ///
    /// O(1), plus O(n) to drop the elements if no guard, reader or snapshot has them. Otherwise the last of these drops
    /// them.
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this set.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([1, 2]);
    /// let guard = set.load();
    /// set.clear();
    /// assert!(set.is_empty());
    /// assert_eq!(guard[..], [1, 2]);
    /// ```
    #[track_caller]
    pub fn clear(&self) {
        self.list.clear();
    }

    /// Removes all elements and returns them.
    ///
    /// O(1).
    ///
    /// # Panics
    ///
    /// Panics if called from within another write to this set.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let dirty = CopyOnWriteSet::from(["a", "b"]);
    /// for name in dirty.take() {
    ///     dirty.insert(name); // for the next round
    /// }
    /// assert_eq!(dirty.len(), 2);
    /// ```
    #[track_caller]
    pub fn take(&self) -> CowVec<T> {
        self.list.take()
    }

    /// Consumes the set and returns its elements.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([2, 1, 2]);
    /// assert_eq!(set.into_inner(), [2, 1]);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> CowVec<T> {
        self.list.into_inner()
    }
}

/// Writing. All of these panic if called from within another write to this set, or if a clone, a comparison, an
/// iterator or a closure panics. The set is then unchanged. Wakers and the `Drop` of old elements run after the
/// change: see [the panics of a list](CopyOnWriteList#panics).
impl<T: Clone + Eq> CopyOnWriteSet<T> {
    /// Appends an element unless the set has an equal one. Returns `true` if it was appended.
    ///
    /// O(n), in place: see [`CopyOnWriteList::push_if_absent`]. Takes no lock if an equal one is found.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let seen = CopyOnWriteSet::new();
    /// let first_uses = ["a", "b", "a"].into_iter().filter(|name| seen.insert(*name));
    /// assert_eq!(first_uses.count(), 2);
    /// ```
    #[track_caller]
    #[doc(alias = "add")]
    pub fn insert(&self, element: T) -> bool {
        self.list.push_if_absent(element).is_ok()
    }

    /// Appends each element that the set does not have, as one change, and returns how many were appended.
    ///
    /// O(n + m) for each of m elements: see [`CopyOnWriteList::extend_absent`]. The iterator is exhausted before the
    /// set is locked.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([1, 2]);
    /// assert_eq!(set.extend([2, 3, 3, 4]), 2);
    /// assert_eq!(set.load()[..], [1, 2, 3, 4]);
    /// ```
    #[track_caller]
    #[doc(alias = "addAll")]
    pub fn extend(&self, elements: impl IntoIterator<Item = T>) -> usize {
        self.list.extend_absent(elements)
    }

    /// Removes the element that equals `element`. Returns `true` if there was one.
    ///
    /// O(n): clones the other elements into a new version. Takes no lock if none is found.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let set = CopyOnWriteSet::from([1, 2]);
    /// assert!(set.remove(&1));
    /// assert!(!set.remove(&1));
    /// ```
    #[track_caller]
    pub fn remove<Q>(&self, element: &Q) -> bool
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.list.remove(element).is_some()
    }

    /// Keeps the elements for which `keep` returns `true`, and returns how many were removed.
    ///
    /// O(n): see [`CopyOnWriteList::retain`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let ports = CopyOnWriteSet::from([80, 443, 8080]);
    /// assert_eq!(ports.retain(|port| *port < 1024), 1);
    /// assert!(!ports.contains(&8080));
    /// ```
    #[track_caller]
    #[doc(alias = "removeIf")]
    #[doc(alias = "removeAll")]
    #[doc(alias = "retainAll")]
    pub fn retain(&self, keep: impl FnMut(&T) -> bool) -> usize {
        self.list.retain(keep)
    }
}

/// Comparing with another set. Each method loads one version of each set.
impl<T: Eq> CopyOnWriteSet<T> {
    /// Returns `true` if `other` has all elements of this set.
    ///
    /// O(n) for each element of this set.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let (few, many) = (CopyOnWriteSet::from([2, 1]), CopyOnWriteSet::from([1, 2, 3]));
    /// assert!(few.is_subset(&many) && many.is_superset(&few));
    /// assert!(!many.is_subset(&few));
    /// ```
    #[must_use]
    #[doc(alias = "containsAll")]
    pub fn is_subset(&self, other: &Self) -> bool {
        let (own, other) = (self.load(), other.load());
        own.len() <= other.len() && own.iter().all(|element| other.contains(element))
    }

    /// Returns `true` if this set has all elements of `other`.
    ///
    /// O(n) for each element of `other`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteSet;
    ///
    /// let granted = CopyOnWriteSet::from(["read", "write"]);
    /// assert!(granted.is_superset(&CopyOnWriteSet::from(["read"])));
    /// assert!(!granted.is_superset(&CopyOnWriteSet::from(["read", "delete"])));
    /// ```
    #[must_use]
    #[doc(alias = "containsAll")]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }
}

/// Returns whether both have the same elements in any order. Compares the common prefix in O(n). After that, elements
/// of `b` that were found are not compared again.
fn same_elements<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[common..], &b[common..]);
    let mut found = vec![false; b.len()];
    a.iter().all(|element| {
        let index = (0..b.len()).find(|i| !found[*i] && b[*i] == *element);
        index.map(|i| found[i] = true).is_some()
    })
}

impl<T: Eq> PartialEq for CopyOnWriteSet<T> {
    /// Returns `true` if both have the same elements in any order. O(n) if the order is the same, O(n²) at worst.
    fn eq(&self, other: &Self) -> bool {
        let (own, other) = (self.load(), other.load());
        same_elements(&own, &other)
    }
}

impl<T: Eq> Eq for CopyOnWriteSet<T> {}

impl<T: Eq> FromIterator<T> for CopyOnWriteSet<T> {
    /// Keeps the first of equal elements. O(n²).
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let iter = iter.into_iter();
        check_announced::<T>(0, iter.size_hint().0);
        let mut elements = UniqueVec::new();
        for element in iter {
            if !elements.contains(&element) {
                elements.push(element);
            }
        }
        Self { list: elements.into() }
    }
}

impl<T: Eq, const N: usize> From<[T; N]> for CopyOnWriteSet<T> {
    /// Keeps the first of equal elements. O(n²).
    #[track_caller]
    fn from(elements: [T; N]) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Eq> From<Vec<T>> for CopyOnWriteSet<T> {
    /// Keeps the first of equal elements. O(n²).
    #[track_caller]
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Clone + Eq> Extend<T> for CopyOnWriteSet<T> {
    /// Appends new elements like [`CopyOnWriteSet::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        CopyOnWriteSet::extend(self, iter);
    }
}

impl<T: Clone + Eq> Extend<T> for &CopyOnWriteSet<T> {
    /// Appends new elements like [`CopyOnWriteSet::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, iter: I) {
        CopyOnWriteSet::extend(self, iter);
    }
}

impl<'a, T: Copy + Eq + 'a> Extend<&'a T> for CopyOnWriteSet<T> {
    /// Appends copies of new elements like [`CopyOnWriteSet::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        CopyOnWriteSet::extend(self, iter.into_iter().copied());
    }
}

impl<'a, T: Copy + Eq + 'a> Extend<&'a T> for &CopyOnWriteSet<T> {
    /// Appends copies of new elements like [`CopyOnWriteSet::extend`].
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, iter: I) {
        CopyOnWriteSet::extend(self, iter.into_iter().copied());
    }
}

impl<T: fmt::Debug> fmt::Debug for CopyOnWriteSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.load()).finish()
    }
}

impl<T> Default for CopyOnWriteSet<T> {
    fn default() -> Self {
        Self::new()
    }
}
