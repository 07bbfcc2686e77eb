//! What two versions have in common, where they differ, and what they cost.

use alloc::vec::Vec;
use core::ops::Range;

use super::PersistentVector;

/// A place where two vectors differ: see [`PersistentVector::diff`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hunk {
    /// What the older one has there; empty if elements were put in.
    pub old: Range<usize>,
    /// What the newer one has instead; empty if elements were taken out.
    pub new: Range<usize>,
}

impl<T> PersistentVector<T> {
    /// Returns the places where `new` differs from this vector, in order: replacing each `old` range by the
    /// `new` one of the other vector gives the other vector.
    ///
    /// Elements that both vectors share are not compared. They count as equal, even if an element does not equal
    /// itself. After one `set`, one insert or one remove, the hunk is no larger than the leaves that the edit
    /// copied, and only these are compared. After other edits there may be shorter answers: two insertions near
    /// each other may be one hunk, with what is between them.
    ///
    /// O(k log n), where k counts the hunks and the places of nodes and leaves that only one of the vectors
    /// has. Parts that both have are skipped, even if they occur many times or stand elsewhere because
    /// something was inserted or removed before them.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    /// use cow_collections::persistent::Hunk;
    ///
    /// let old: PersistentVector<u32> = (0..100_000).collect();
    /// let mut new = old.clone();
    /// new.set(70_000, 1);
    /// new.insert(500, 2);
    /// let expected = [
    ///     Hunk { old: 500..500, new: 500..501 },
    ///     Hunk { old: 70_000..70_001, new: 70_001..70_002 },
    /// ];
    /// assert_eq!(old.diff(&new), expected);
    /// ```
    #[must_use]
    pub fn diff(&self, new: &Self) -> Vec<Hunk>
    where
        T: PartialEq,
    {
        self.tree.diff(&new.tree)
    }

    /// Returns `true` if both have equal elements. Elements that both share are not compared, unlike by `==`,
    /// which must compare all, since an element need not equal itself.
    ///
    /// O(1) for a clone, O(log16 n) after some writes to one of them, at most O(n).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let a: PersistentVector<u32> = (0..100_000).collect();
    /// let mut b = a.clone();
    /// b.set(500, 500);
    /// assert!(a.eq_shared(&b)); // compares one leaf
    /// b.set(500, 0);
    /// assert!(!a.eq_shared(&b));
    /// ```
    #[must_use]
    pub fn eq_shared(&self, other: &Self) -> bool
    where
        T: Eq,
    {
        self.tree.eq_shared(&other.tree)
    }

    /// Whether any block of memory belongs to both vectors.
    ///
    /// O(k log k) for k nodes and leaves.
    #[must_use]
    pub fn shares_with(&self, other: &Self) -> bool {
        self.shared_bytes_with(other) > 0
    }

    /// The bytes of all nodes and leaves that this vector reaches, each counted once, shared or not;
    /// without what the elements themselves own.
    ///
    /// O(k log k) for k nodes and leaves.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u64> = (0..10_000).collect();
    /// let mut new = old.clone();
    /// assert_eq!((old.shared_bytes_with(&new), old.unique_bytes()), (old.heap_bytes(), 0));
    /// new.set(0, 7);
    /// let cost = new.heap_bytes() - new.shared_bytes_with(&old);
    /// assert!(cost < 2_000 && new.unique_bytes() == cost);
    /// ```
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.tree.blocks().values().sum()
    }

    /// The bytes of the nodes and leaves that nothing else reaches: what dropping this vector would free,
    /// without what the elements themselves own. Parts that the vector has more than once, because a
    /// clone was appended to it, count as shared.
    ///
    /// Other threads may change the answer at any time. O(k) for k nodes and leaves.
    #[must_use]
    pub fn unique_bytes(&self) -> usize {
        self.tree.unique_bytes()
    }

    /// The bytes of the nodes and leaves that both vectors reach.
    ///
    /// O(k log k) for k nodes and leaves.
    #[must_use]
    pub fn shared_bytes_with(&self, other: &Self) -> usize {
        let (ours, theirs) = (self.tree.blocks(), other.tree.blocks());
        ours.iter().filter(|(block, _)| theirs.contains_key(block)).map(|(_, bytes)| bytes).sum()
    }
}
