//! Where an element is.

use core::cmp::Ordering;
use core::ops::Range;

use super::PersistentVector;

impl<T> PersistentVector<T> {
    /// The leaf that has the element at `index`, and the indices of its elements, or `None` if there is no
    /// such element.
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

    /// Whether an element equals `value`.
    ///
    /// O(n).
    #[must_use]
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.chunks().any(|leaf| leaf.contains(value))
    }

    /// The index of the first element that equals `value`, or `None` if none does.
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

    /// Whether the first elements are those of a slice.
    ///
    /// O(k) for a slice of k.
    #[must_use]
    pub fn starts_with(&self, needle: &[T]) -> bool
    where
        T: PartialEq,
    {
        needle.len() <= self.len() && self.iter().zip(needle).all(|(a, b)| a == b)
    }

    /// Whether the last elements are those of a slice.
    ///
    /// O(k) for a slice of k.
    #[must_use]
    pub fn ends_with(&self, needle: &[T]) -> bool
    where
        T: PartialEq,
    {
        needle.len() <= self.len()
            && self.iter().rev().zip(needle.iter().rev()).all(|(a, b)| a == b)
    }

    /// Searches a sorted vector: the index of an element that equals `value`, or where it could be
    /// inserted.
    ///
    /// O(log n) comparisons.
    ///
    /// # Errors
    ///
    /// If there is none: the index where it could be inserted.
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

    /// [`binary_search`](PersistentVector::binary_search) by a key.
    ///
    /// # Errors
    ///
    /// As `binary_search`.
    pub fn binary_search_by_key<B: Ord>(
        &self,
        value: &B,
        mut key: impl FnMut(&T) -> B,
    ) -> Result<usize, usize> {
        self.binary_search_by(|element| key(element).cmp(value))
    }

    /// [`binary_search`](PersistentVector::binary_search) by how elements compare with what is sought.
    ///
    /// # Errors
    ///
    /// As `binary_search`.
    pub fn binary_search_by(
        &self,
        mut compare: impl FnMut(&T) -> Ordering,
    ) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        // Halves by whole leaves: only the last one is searched within.
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

    /// The number of elements before the first for which `pred` is false; it must be true for all before
    /// and false for all after.
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
