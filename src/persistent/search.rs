//! Searching.

use core::cmp::Ordering;
use core::ops::Range;

use super::PersistentVector;

impl<T> PersistentVector<T> {
    /// Returns the leaf that has the element at `index`, and the indices of its elements, or `None` if `index` is out
    /// of bounds.
    ///
    /// O(log16 n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u64> = (0..1_000).collect();
    /// let (indices, leaf) = vector.chunk_at(500).unwrap();
    /// assert_eq!(leaf[500 - indices.start], 500);
    /// assert_eq!(leaf.len(), indices.len());
    /// ```
    #[must_use]
    pub fn chunk_at(&self, index: usize) -> Option<(Range<usize>, &[T])> {
        let (leaf, start) = self.root.leaf(index)?;
        Some((start..start + leaf.len(), leaf))
    }

    /// Returns `true` if the vector has an element that equals `value`.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let squares: PersistentVector<u32> = (0..100).map(|x| x * x).collect();
    /// assert!(squares.contains(&81));
    /// assert!(!squares.contains(&80));
    /// ```
    #[must_use]
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.chunks().any(|leaf| leaf.contains(value))
    }

    /// Returns the index of the first element that equals `value`, or `None` if there is none.
    ///
    /// O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let vector = persistent_vector!['a', 'b', 'b'];
    /// assert_eq!(vector.index_of(&'b'), Some(1));
    /// assert_eq!(vector.index_of(&'c'), None);
    /// ```
    #[must_use]
    pub fn index_of(&self, value: &T) -> Option<usize>
    where
        T: PartialEq,
    {
        let mut before = 0;
        self.chunks().find_map(|leaf| {
            let found = leaf.iter().position(|element| element == value);
            before += leaf.len();
            found.map(|at| before - leaf.len() + at)
        })
    }

    /// Returns `true` if `needle` is a prefix of the vector.
    ///
    /// O(k) for a slice of k elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let path = persistent_vector!["usr", "local", "bin"];
    /// assert!(path.starts_with(&["usr", "local"]));
    /// assert!(path.starts_with(&[]));
    /// assert!(!path.starts_with(&["local"]));
    /// ```
    #[must_use]
    pub fn starts_with(&self, needle: &[T]) -> bool
    where
        T: PartialEq,
    {
        needle.len() <= self.len() && self.iter().zip(needle).all(|(a, b)| a == b)
    }

    /// Returns `true` if `needle` is a suffix of the vector.
    ///
    /// O(k) for a slice of k elements.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let bytes: PersistentVector<u8> = "GET / HTTP/1.1\r\n\r\n".bytes().collect();
    /// assert!(bytes.ends_with(b"\r\n\r\n"));
    /// ```
    #[must_use]
    pub fn ends_with(&self, needle: &[T]) -> bool
    where
        T: PartialEq,
    {
        needle.len() <= self.len()
            && self.iter().rev().zip(needle.iter().rev()).all(|(a, b)| a == b)
    }

    /// Searches a sorted vector for an element, and returns its index.
    ///
    /// If several elements are equal to `value`, returns the index of any of them.
    ///
    /// O(log n) comparisons.
    ///
    /// # Errors
    ///
    /// Returns the index at which `value` could be inserted, if no element is equal to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).map(|x| 2 * x).collect();
    /// assert_eq!(vector.binary_search(&600), Ok(300));
    /// assert_eq!(vector.binary_search(&601), Err(301));
    /// ```
    #[doc(alias = "insert_ord")]
    pub fn binary_search(&self, value: &T) -> Result<usize, usize>
    where
        T: Ord,
    {
        self.binary_search_by(|element| element.cmp(value))
    }

    /// Searches a sorted vector with a key function: see [`binary_search`](PersistentVector::binary_search).
    ///
    /// # Errors
    ///
    /// Returns an index as `binary_search` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let log = persistent_vector![(1, "start"), (5, "load"), (9, "stop")];
    /// assert_eq!(log.binary_search_by_key(&5, |(time, _)| *time), Ok(1));
    /// assert_eq!(log.binary_search_by_key(&6, |(time, _)| *time), Err(2));
    /// ```
    pub fn binary_search_by_key<B: Ord>(
        &self,
        value: &B,
        mut key: impl FnMut(&T) -> B,
    ) -> Result<usize, usize> {
        self.binary_search_by(|element| key(element).cmp(value))
    }

    /// Searches a sorted vector with a comparison function: see [`binary_search`](PersistentVector::binary_search).
    ///
    /// # Errors
    ///
    /// Returns an index as `binary_search` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::persistent_vector;
    ///
    /// let vector = persistent_vector![-1.5, 0.0, 2.0];
    /// assert_eq!(vector.binary_search_by(|x: &f64| x.total_cmp(&2.0)), Ok(2));
    /// assert_eq!(vector.binary_search_by(|x: &f64| x.total_cmp(&0.5)), Err(2));
    /// ```
    pub fn binary_search_by(
        &self,
        mut compare: impl FnMut(&T) -> Ordering,
    ) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        // Narrows the range by whole leaves, and searches within the last one only.
        while let Some((leaf, start)) =
            self.root.leaf(low + (high - low) / 2).filter(|_| low < high)
        {
            let (first, end) = (low.max(start), high.min(start + leaf.len()));
            let leaf = &leaf[first - start..end - start];
            match (compare(&leaf[0]), leaf.len()) {
                (Ordering::Equal, _) => return Ok(first),
                (Ordering::Greater, _) => high = first,
                (Ordering::Less, 1) => low = end,
                (Ordering::Less, len) => match compare(&leaf[len - 1]) {
                    Ordering::Equal => return Ok(end - 1),
                    Ordering::Less => low = end,
                    Ordering::Greater => {
                        let found = leaf[1..len - 1].binary_search_by(compare);
                        return found.map(|at| at + first + 1).map_err(|at| at + first + 1);
                    }
                },
            }
        }
        Err(low)
    }

    /// Returns the index of the first element for which `pred` returns `false`.
    ///
    /// The vector must be partitioned: `pred` is `true` for every element before that index and `false` for all others.
    ///
    /// O(log n) calls.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u32> = (0..1_000).collect();
    /// assert_eq!(vector.partition_point(|x| *x < 400), 400);
    /// ```
    #[must_use]
    pub fn partition_point(&self, mut pred: impl FnMut(&T) -> bool) -> usize {
        let side = |element: &T| if pred(element) { Ordering::Less } else { Ordering::Greater };
        self.binary_search_by(side).unwrap_or_else(|at| at)
    }
}
