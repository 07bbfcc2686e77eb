//! Writes that put the elements in another order, or take away what repeats.

use core::cmp::Ordering;

use super::CopyOnWriteList;
use super::write_guard::{reserve, shrink_if_sparse};

/// To order elements. Each of these clones the elements into a new version and publishes that, unless it
/// would change nothing: then it clones and publishes nothing. Closures and comparisons run while the list
/// is locked. All panic if called from within another write to this list, or if a clone, a closure or a
/// comparison panics; the list is then as it was.
impl<T: Clone> CopyOnWriteList<T> {
    /// Sorts the elements; equal ones stay in order.
    ///
    /// O(n log n); O(n) comparisons and nothing else if they are in order.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([3, 1, 2]);
    /// list.sort();
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn sort(&self)
    where
        T: Ord,
    {
        self.sort_by(T::cmp);
    }

    /// [`sort`](CopyOnWriteList::sort) by a comparison.
    #[track_caller]
    pub fn sort_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        self.arrange(&mut compare, |order, compare| order.sort_by(compare));
    }

    /// [`sort`](CopyOnWriteList::sort) by a key, which is asked for again and again.
    #[track_caller]
    pub fn sort_by_key<K: Ord>(&self, mut key: impl FnMut(&T) -> K) {
        self.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts the elements; equal ones may change places.
    ///
    /// O(n log n), without memory of its own beyond the new version.
    #[track_caller]
    pub fn sort_unstable(&self)
    where
        T: Ord,
    {
        self.sort_unstable_by(T::cmp);
    }

    /// [`sort_unstable`](CopyOnWriteList::sort_unstable) by a comparison.
    #[track_caller]
    pub fn sort_unstable_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        self.arrange(&mut compare, |order, compare| order.sort_unstable_by(compare));
    }

    /// [`sort_unstable`](CopyOnWriteList::sort_unstable) by a key, which is asked for again and again.
    #[track_caller]
    pub fn sort_unstable_by_key<K: Ord>(&self, mut key: impl FnMut(&T) -> K) {
        self.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    }

    #[track_caller]
    fn arrange<F: FnMut(&T, &T) -> Ordering>(&self, compare: &mut F, sort: fn(&mut [T], &mut F)) {
        self.rebuild(|old, new| {
            if old.is_sorted_by(|a, b| compare(a, b).is_le()) {
                return None;
            }
            reserve(new, old.len());
            new.extend_from_slice(old);
            sort(new, compare);
            Some(())
        });
    }

    /// Puts the last element first, and so on.
    ///
    /// O(n).
    #[track_caller]
    #[doc(alias = "reversed")]
    pub fn reverse(&self) {
        self.rebuild(|old, new| {
            if old.len() < 2 {
                return None;
            }
            reserve(new, old.len());
            new.extend(old.iter().rev().cloned());
            Some(())
        });
    }

    /// Moves the first `by` elements to the end; `by` counts modulo the length of this moment.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// list.rotate_left(4);
    /// assert_eq!(list, [2, 3, 1]);
    /// list.rotate_right(1);
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    #[track_caller]
    pub fn rotate_left(&self, by: usize) {
        self.rotate(|len| by % len);
    }

    /// Moves the last `by` elements to the front; `by` counts modulo the length of this moment.
    ///
    /// O(n).
    #[track_caller]
    pub fn rotate_right(&self, by: usize) {
        self.rotate(|len| len - by % len);
    }

    /// Makes the element at the index that `first` gives for the length the first one.
    #[track_caller]
    fn rotate(&self, first: impl FnOnce(usize) -> usize) {
        self.rebuild(|old, new| {
            let first = if old.is_empty() { 0 } else { first(old.len()) };
            let (head, rest) = old.split_at(first);
            if head.is_empty() || rest.is_empty() {
                return None;
            }
            reserve(new, old.len());
            new.extend_from_slice(rest);
            new.extend_from_slice(head);
            Some(())
        });
    }

    /// Keeps the first `len` elements; if there are not more, all of them.
    ///
    /// O(`len`): clones what stays.
    #[track_caller]
    pub fn truncate(&self, len: usize) {
        self.rebuild(|old, new| {
            if len >= old.len() {
                return None;
            }
            reserve(new, len);
            new.extend_from_slice(&old[..len]);
            Some(())
        });
    }

    /// Removes each element that equals the one before it, and returns how many went.
    ///
    /// O(n): clones what stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 1, 2, 1]);
    /// assert_eq!(list.dedup(), 1);
    /// assert_eq!(list, [1, 2, 1]);
    /// ```
    #[track_caller]
    pub fn dedup(&self) -> usize
    where
        T: PartialEq,
    {
        self.dedup_by(|a, b| a == b)
    }

    /// [`dedup`](CopyOnWriteList::dedup) by a key.
    #[track_caller]
    pub fn dedup_by_key<K: PartialEq>(&self, mut key: impl FnMut(&T) -> K) -> usize {
        self.dedup_by(|a, b| key(a) == key(b))
    }

    /// [`dedup`](CopyOnWriteList::dedup) by a function, which is shown each element and, after it, the last
    /// one before it that stays.
    #[track_caller]
    pub fn dedup_by(&self, mut same: impl FnMut(&T, &T) -> bool) -> usize {
        let removed = self.rebuild(|old, new| {
            let last = old.windows(2).position(|pair| same(&pair[1], &pair[0]))?;
            reserve(new, old.len() - 1);
            new.extend_from_slice(&old[..=last]);
            let rest = &old[last + 2..];
            let mut last = &old[last];
            for element in rest {
                if !same(element, last) {
                    new.push(element.clone());
                    last = element;
                }
            }
            shrink_if_sparse(new);
            Some(old.len() - new.len())
        });
        removed.unwrap_or(0)
    }
}
