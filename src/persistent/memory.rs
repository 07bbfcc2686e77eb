//! The memory that vectors use and share.
//!
//! A vector is a set of blocks: nodes and leaves, each identified by its address. Two vectors share the intersection
//! of their sets.

use alloc::collections::BTreeMap;

use super::PersistentVector;
use super::node::{ChildRef, Node, Root};

impl<T> PersistentVector<T> {
    /// Returns `true` if the vectors have any node or leaf in common.
    ///
    /// O(k log k) for k nodes and leaves. Allocates O(k) memory meanwhile.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u32> = (0..10_000).collect();
    /// let mut new = old.clone();
    /// new.set(0, 1);
    /// assert!(new.shares_with(&old)); // most leaves
    /// let equal: PersistentVector<u32> = (0..10_000).collect();
    /// assert!(!equal.shares_with(&old));
    /// ```
    #[must_use]
    pub fn shares_with(&self, other: &Self) -> bool {
        self.shared_bytes_with(other) > 0
    }

    /// Returns the bytes of all nodes and leaves of this vector, shared or not, each counted once.
    ///
    /// Memory that the elements themselves own is not counted.
    ///
    /// O(k log k) for k nodes and leaves. Allocates O(k) memory meanwhile.
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
        self.root.blocks().values().sum()
    }

    /// Returns the bytes of the nodes and leaves that only this vector has: dropping it would free them.
    ///
    /// Memory that the elements themselves own is not counted. A part that the vector has more than once, because a
    /// clone was appended to it, counts as shared. The value may be stale if other threads clone or drop vectors.
    ///
    /// O(k) for k nodes and leaves.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let vector: PersistentVector<u64> = (0..10_000).collect();
    /// let all = vector.heap_bytes();
    /// let clone = vector.clone();
    /// assert_eq!(vector.unique_bytes(), 0);
    /// drop(clone);
    /// assert_eq!(vector.unique_bytes(), all);
    /// ```
    #[must_use]
    pub fn unique_bytes(&self) -> usize {
        self.root.unique_bytes()
    }

    /// Returns the bytes of the nodes and leaves that both vectors have.
    ///
    /// O(k log k) for k nodes and leaves. Allocates O(k) memory meanwhile.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::PersistentVector;
    ///
    /// let old: PersistentVector<u64> = (0..10_000).collect();
    /// let mut new = old.clone();
    /// new.push_back(10_000);
    /// // The memory of both versions.
    /// let both = old.heap_bytes() + new.heap_bytes() - old.shared_bytes_with(&new);
    /// assert!(both < old.heap_bytes() + 3_000);
    /// ```
    #[must_use]
    pub fn shared_bytes_with(&self, other: &Self) -> usize {
        let (ours, theirs) = (self.root.blocks(), other.root.blocks());
        ours.iter().filter(|(block, _)| theirs.contains_key(block)).map(|(_, bytes)| bytes).sum()
    }
}

/// The address of each block, and its size in bytes.
pub(super) type Blocks = BTreeMap<usize, usize>;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns all blocks of this vector.
    pub(super) fn blocks(&self) -> Blocks {
        let mut blocks = Blocks::new();
        if let Some(top) = self.top() {
            add_blocks(top, &mut blocks);
        }
        let tail = self.with_tail(|tail| (tail.as_slice().as_ptr().addr(), tail.heap_bytes()));
        let front = self.with_front_leaf(|front| (front.addr(), front.heap_bytes()));
        blocks.extend([front, tail].into_iter().filter(|(_, bytes)| *bytes > 0));
        blocks
    }

    /// Returns the bytes of the blocks that only this vector has; may be stale.
    pub(super) fn unique_bytes(&self) -> usize {
        let unique = |count: usize, bytes: usize| if count == 1 { bytes } else { 0 };
        let tail = self.with_tail(|tail| unique(tail.strong_count(), tail.heap_bytes()));
        let front = self.with_front_leaf(|front| unique(front.strong_count(), front.heap_bytes()));
        front + self.top().map_or(0, Node::unique_bytes) + tail
    }
}

fn add_blocks<T, const F: usize, const L: usize>(node: &Node<T, F, L>, blocks: &mut Blocks) {
    if blocks.insert(node.addr(), Node::<T, F, L>::BYTES).is_some() {
        return;
    }
    for slot in 0..node.len() {
        match node.child(slot) {
            ChildRef::Node(child) => add_blocks(child, blocks),
            ChildRef::Leaf(leaf) => {
                _ = blocks.insert(leaf.as_ptr().addr(), node.leaf_handle(slot).heap_bytes());
            }
        }
    }
}
