//! The blocks of memory that a tree is made of, which versions share.

use alloc::collections::BTreeMap;

use super::Tree;
use crate::persistent::node::{ChildRef, Node};

/// The blocks that something is made of: the address of each, and its bytes.
pub(crate) type Blocks = BTreeMap<usize, usize>;

impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// Every block below, once.
    pub(crate) fn blocks(&self) -> Blocks {
        let mut found = Blocks::new();
        if let Some(top) = self.root.top() {
            add_blocks(top, &mut found);
        }
        let tail = self.root.with_tail(|tail| (tail.as_slice().as_ptr().addr(), tail.heap_bytes()));
        let front = self.root.with_front_leaf(|front| (front.addr(), front.heap_bytes()));
        found.extend([front, tail].into_iter().filter(|(_, bytes)| *bytes > 0));
        found
    }

    /// The bytes of the blocks that nothing but this vector reaches, a moment ago.
    pub(crate) fn unique_bytes(&self) -> usize {
        let own = |count: usize, bytes: usize| if count == 1 { bytes } else { 0 };
        let tail = self.root.with_tail(|tail| own(tail.strong_count(), tail.heap_bytes()));
        let front =
            self.root.with_front_leaf(|front| own(front.strong_count(), front.heap_bytes()));
        front + self.root.top().map_or(0, |top| top.own_bytes()) + tail
    }
}

fn add_blocks<T, const F: usize, const L: usize>(node: &Node<T, F, L>, found: &mut Blocks) {
    if found.insert(node.addr(), Node::<T, F, L>::BYTES).is_some() {
        return;
    }
    for slot in 0..node.len() {
        match node.child(slot) {
            ChildRef::Node(child) => add_blocks(child, found),
            ChildRef::Leaf(leaf) => {
                _ = found.insert(leaf.as_ptr().addr(), node.leaf_handle(slot).heap_bytes());
            }
        }
    }
}
