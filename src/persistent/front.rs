//! The front: a front leaf that elements are put before and taken out of, and what becomes of it.

use super::{Tree, leaf};
use crate::persistent::node::End;
use crate::persistent::node::FrontLeaf;

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Up to so many elements, a vector of one leaf is edited as such: that is no slower, takes no block of
    /// a leaf's size, and leaves it one slice.
    const FEW: usize = if Self::LEAF < 16 { 1 } else { Self::LEAF / 16 };

    #[inline]
    #[track_caller]
    pub(crate) fn push_front(&mut self, value: T) {
        if let Err(value) = self.root.push_front_in_place(value) {
            self.push_front_slowly(value);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_front_slowly(&mut self, value: T) {
        match self.root.front_len() {
            0 if self.root.before_tail() == 0 && self.root.tail_len() <= Self::FEW => {
                return self.insert_in_tail(0, value);
            }
            len if len == Self::LEAF => self.move_front_leaf_into_tree(),
            _ => {}
        }
        self.root.edit_front_leaf(|front| front.reserve_front(Self::LEAF));
        let pushed = self.root.push_front_in_place(value);
        assert!(pushed.is_ok(), "room was made");
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<T> {
        if let Some(first) = self.root.pop_front_in_place() {
            return Some(first);
        }
        self.pop_front_slowly()
    }

    #[cold]
    #[inline(never)]
    fn pop_front_slowly(&mut self) -> Option<T> {
        if self.root.front_len() == 0 {
            if self.root.before_tail() == 0 && self.root.tail_len() <= Self::FEW {
                let some = self.root.tail_len() > 0;
                return some.then(|| self.root.edit_tail(|tail| leaf::remove(tail, 0)));
            }
            self.refill_front_leaf();
        }
        self.pop_from_front_leaf()
    }

    /// Takes the first element out if it is in the front leaf.
    pub(in crate::persistent) fn pop_from_front_leaf(&mut self) -> Option<T> {
        self.root.edit_front_leaf(|front| front.pop_first(Self::LEAF))
    }

    /// Makes the leaf after the front leaf, which is empty, the front leaf.
    #[cold]
    #[inline(never)]
    fn refill_front_leaf(&mut self) {
        match self.take_leaf(End::Front) {
            Some(leaf) => {
                drop(self.root.replace_front_leaf(FrontLeaf::from_leaf(leaf)));
                self.rebalance_around(0);
            }
            None => {
                let tail = self.root.take_tail();
                drop(self.root.replace_front_leaf(FrontLeaf::from_leaf(tail)));
            }
        }
    }

    /// Makes the front leaf the first leaf of the tree, or the tail if there is nothing else. If a clone panics,
    /// nothing has changed, or the tree is not tidy.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn move_front_leaf_into_tree(&mut self) {
        let len = self.root.front_len();
        if len == 0 {
            return;
        }
        if self.root.len() == len {
            let tail = self.root.edit_front_leaf(|front| front.take_leaf(Self::LEAF));
            drop(self.root.replace_tail(tail));
            return;
        }
        let leaf = self.root.edit_front_leaf(|front| front.take_leaf(Self::LEAF));
        self.put_leaf(leaf, End::Front);
        // A full one fits together with no other.
        if len < Self::LEAF {
            self.rebalance_around(len);
        }
    }
}
