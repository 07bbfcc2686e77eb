//! Writes that reorder elements or remove repeated ones.

use core::cmp::Ordering;

use super::CopyOnWriteList;
use super::write_guard::{reserve, shrink_if_sparse};

/// Reordering. Each of these clones the elements into a new version and publishes it. If nothing would change, it
/// clones and publishes nothing.
///
/// Closures, comparisons and the drops of keys run while the list is locked.
///
/// All of these panic if called from within another write to this list, or if a clone, a closure or a comparison
/// panics. The list is then unchanged.
impl<T: Clone> CopyOnWriteList<T> {
    /// Sorts the elements, preserving the order of equal ones.
    ///
    /// O(n log n). If the elements are sorted already, only compares them, in O(n).
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

    /// Sorts like [`sort`](CopyOnWriteList::sort), with a comparison function.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([0.5_f64, -1.0, 2.0]);
    /// list.sort_by(f64::total_cmp);
    /// assert_eq!(list, [-1.0, 0.5, 2.0]);
    /// ```
    #[track_caller]
    pub fn sort_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        self.arrange(&mut compare, |order, compare| order.sort_by(compare));
    }

    /// Sorts like [`sort`](CopyOnWriteList::sort), with a key function. It is called more than once for an element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let words = CopyOnWriteList::from(["pear", "fig", "kiwi"]);
    /// words.sort_by_key(|word| word.len());
    /// assert_eq!(words, ["fig", "pear", "kiwi"]); // words of one length keep their order
    /// ```
    #[track_caller]
    pub fn sort_by_key<K: Ord>(&self, mut key: impl FnMut(&T) -> K) {
        self.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts the elements without preserving the order of equal ones.
    ///
    /// O(n log n). Allocates only the new version.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([3, 1, 2]);
    /// let before = list.snapshot();
    /// list.sort_unstable();
    /// assert_eq!(list, [1, 2, 3]);
    /// assert_eq!(before, [3, 1, 2]);
    /// ```
    #[track_caller]
    pub fn sort_unstable(&self)
    where
        T: Ord,
    {
        self.sort_unstable_by(T::cmp);
    }

    /// Sorts like [`sort_unstable`](CopyOnWriteList::sort_unstable), with a comparison function.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 3, 2]);
    /// list.sort_unstable_by(|a, b| b.cmp(a));
    /// assert_eq!(list, [3, 2, 1]);
    /// ```
    #[track_caller]
    pub fn sort_unstable_by(&self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        self.arrange(&mut compare, |order, compare| order.sort_unstable_by(compare));
    }

    /// Sorts like [`sort_unstable`](CopyOnWriteList::sort_unstable), with a key function. It is called more than once
    /// for an element.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let servers = CopyOnWriteList::from([("a", 7), ("b", 2), ("c", 5)]);
    /// servers.sort_unstable_by_key(|(_, load)| *load);
    /// assert_eq!(servers.first(), Some(("b", 2)));
    /// ```
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

    /// Reverses the order of the elements.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// list.reverse();
    /// assert_eq!(list, [3, 2, 1]);
    /// ```
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

    /// Moves the first `by` elements to the end. `by` is taken modulo the current length.
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

    /// Moves the last `by` elements to the front. `by` is taken modulo the current length.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(["a", "b", "c"]);
    /// list.rotate_right(1);
    /// assert_eq!(list, ["c", "a", "b"]);
    /// list.rotate_right(3);
    /// assert_eq!(list, ["c", "a", "b"]);
    /// ```
    #[track_caller]
    pub fn rotate_right(&self, by: usize) {
        self.rotate(|len| len - by % len);
    }

    /// Rotates so that the element at `first(len)` becomes the first one.
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

    /// Keeps the first `len` elements. Does nothing if the list has no more than that.
    ///
    /// O(`len`): clones the elements that stay.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let recent = CopyOnWriteList::from(["c", "b", "a"]);
    /// recent.truncate(2);
    /// recent.truncate(10); // it has no more than that
    /// assert_eq!(recent, ["c", "b"]);
    /// ```
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

    /// Removes each element that equals the one before it, and returns how many were removed.
    ///
    /// O(n): clones the elements that stay.
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

    /// Removes elements like [`dedup`](CopyOnWriteList::dedup), with a key function.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let events = CopyOnWriteList::from([("a", 1), ("a", 2), ("b", 3), ("a", 4)]);
    /// assert_eq!(events.dedup_by_key(|(name, _)| *name), 1);
    /// assert_eq!(events, [("a", 1), ("b", 3), ("a", 4)]);
    /// ```
    #[track_caller]
    pub fn dedup_by_key<K: PartialEq>(&self, mut key: impl FnMut(&T) -> K) -> usize {
        self.dedup_by(|a, b| key(a) == key(b))
    }

    /// Removes elements like [`dedup`](CopyOnWriteList::dedup), with an equality function. It gets each element, and
    /// then the last one before it that stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let readings = CopyOnWriteList::from([10, 11, 12, 20]);
    /// // Removes those that are close to the last one that stays.
    /// assert_eq!(readings.dedup_by(|next, last| *next - *last < 2), 1);
    /// assert_eq!(readings, [10, 12, 20]);
    /// ```
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
