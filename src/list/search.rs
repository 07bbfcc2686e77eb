//! Reads of single elements, and searches. Each reads one version.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::CopyOnWriteList;

/// Reading and searching. Each of these reads one version, which no write changes. Closures and comparisons may write
/// to the list.
impl<T> CopyOnWriteList<T> {
    /// Returns a clone of the element at `index`, or `None` if `index` is out of range.
    ///
    /// O(1) and one clone. [`with`](CopyOnWriteList::with) needs no clone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(['a', 'b']);
    /// assert_eq!(list.get(1), Some('b'));
    /// assert_eq!(list.get(2), None);
    /// ```
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T>
    where
        T: Clone,
    {
        self.with(index, T::clone)
    }

    /// Calls `look` with the element at `index` and returns its result, or `None` if `index` is out of range.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([String::from("one")]);
    /// assert_eq!(list.with(0, |name| name.len()), Some(3));
    /// assert_eq!(list.with(1, |name| name.len()), None);
    /// ```
    pub fn with<R>(&self, index: usize, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.load().get(index).map(look)
    }

    /// Returns a clone of the first element, or `None` if the list is empty.
    ///
    /// O(1) and one clone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let servers = CopyOnWriteList::from(["primary", "backup"]);
    /// assert_eq!(servers.first(), Some("primary"));
    /// ```
    #[must_use]
    #[doc(alias = "getFirst")]
    pub fn first(&self) -> Option<T>
    where
        T: Clone,
    {
        self.load().first().cloned()
    }

    /// Returns a clone of the last element, or `None` if the list is empty.
    ///
    /// O(1) and one clone.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let versions = CopyOnWriteList::from([1, 2]);
    /// versions.push(3);
    /// assert_eq!(versions.last(), Some(3));
    /// versions.clear();
    /// assert_eq!(versions.last(), None);
    /// ```
    #[must_use]
    #[doc(alias = "getLast")]
    pub fn last(&self) -> Option<T>
    where
        T: Clone,
    {
        self.load().last().cloned()
    }

    /// Returns a `Vec` with clones of all elements.
    ///
    /// O(n). A [`snapshot`](CopyOnWriteList::snapshot) takes O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([3, 1, 2]);
    /// let mut sorted = list.to_vec();
    /// sorted.sort();
    /// assert_eq!(sorted, [1, 2, 3]);
    /// assert_eq!(list, [3, 1, 2]);
    /// ```
    #[must_use]
    #[doc(alias = "toArray")]
    pub fn to_vec(&self) -> Vec<T>
    where
        T: Clone,
    {
        self.load().to_vec()
    }

    /// Calls `look` with each element, in order.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// list.for_each(|n| list.push(n * 10));
    /// assert_eq!(list, [1, 2, 10, 20]);
    /// ```
    #[doc(alias = "forEach")]
    pub fn for_each(&self, look: impl FnMut(&T)) {
        self.load().iter().for_each(look);
    }

    /// Returns `true` if the list has an element that equals `element`, which may be any borrowed form of `T`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([String::from("a")]);
    /// assert!(list.contains("a"));
    /// assert!(!list.contains("b"));
    /// ```
    #[must_use]
    pub fn contains<Q>(&self, element: &Q) -> bool
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.index_of(element).is_some()
    }

    /// Returns `true` if one version has all of `elements`.
    ///
    /// O(n) for each of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// assert!(list.contains_all(&[3, 1, 1]));
    /// assert!(!list.contains_all(&[3, 4]));
    /// ```
    #[must_use]
    #[doc(alias = "containsAll")]
    pub fn contains_all<'a, Q>(&self, elements: impl IntoIterator<Item = &'a Q>) -> bool
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized + 'a,
    {
        let now = self.load();
        elements.into_iter().all(|element| now.iter().any(is(element)))
    }

    /// Returns the index of the first element for which `matches` returns `true`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(["one", "two", "three"]);
    /// assert_eq!(list.position(|word| word.starts_with('t')), Some(1));
    /// assert_eq!(list.position(|word| word.is_empty()), None);
    /// ```
    #[must_use]
    pub fn position(&self, matches: impl FnMut(&T) -> bool) -> Option<usize> {
        self.load().iter().position(matches)
    }

    /// Returns the index of the first element that equals `element`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(['a', 'b', 'a']);
    /// assert_eq!(list.index_of(&'a'), Some(0));
    /// assert_eq!(list.index_of_from(&'a', 1), Some(2));
    /// assert_eq!(list.last_index_of(&'a'), Some(2));
    /// assert_eq!(list.last_index_of_to(&'a', 1), Some(0));
    /// ```
    #[must_use]
    #[doc(alias = "indexOf")]
    pub fn index_of<Q>(&self, element: &Q) -> Option<usize>
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.position(is(element))
    }

    /// Returns the index of the first element at `from` or after it that equals `element`.
    ///
    /// O(n). Returns `None` if `from` is greater than the length.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(['a', 'b', 'a']);
    /// assert_eq!(list.index_of_from(&'a', 0), Some(0));
    /// assert_eq!(list.index_of_from(&'a', 1), Some(2));
    /// assert_eq!(list.index_of_from(&'a', 9), None);
    /// ```
    #[must_use]
    #[doc(alias = "indexOf")]
    pub fn index_of_from<Q>(&self, element: &Q, from: usize) -> Option<usize>
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        Some(from + self.load().get(from..)?.iter().position(is(element))?)
    }

    /// Returns the index of the last element that equals `element`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([String::from("a"), String::from("b"), String::from("a")]);
    /// assert_eq!(list.last_index_of("a"), Some(2));
    /// assert_eq!(list.last_index_of("c"), None);
    /// ```
    #[must_use]
    #[doc(alias = "lastIndexOf")]
    pub fn last_index_of<Q>(&self, element: &Q) -> Option<usize>
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.load().iter().rposition(is(element))
    }

    /// Returns the index of the last element at `to` or before it that equals `element`.
    ///
    /// O(n). Returns `None` if `to` is out of range.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([7, 8, 7, 8]);
    /// assert_eq!(list.last_index_of_to(&7, 3), Some(2));
    /// assert_eq!(list.last_index_of_to(&7, 1), Some(0));
    /// assert_eq!(list.last_index_of_to(&7, 4), None);
    /// ```
    #[must_use]
    #[doc(alias = "lastIndexOf")]
    pub fn last_index_of_to<Q>(&self, element: &Q, to: usize) -> Option<usize>
    where
        T: Borrow<Q>,
        Q: PartialEq + ?Sized,
    {
        self.load().get(..=to)?.iter().rposition(is(element))
    }
}

/// Returns a predicate that is true of elements that equal `element`.
pub(super) fn is<T, Q>(element: &Q) -> impl Fn(&T) -> bool
where
    T: Borrow<Q>,
    Q: PartialEq + ?Sized,
{
    move |other| other.borrow() == element
}
