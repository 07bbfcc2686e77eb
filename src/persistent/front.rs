//! Pushing and popping at the front.
//!
//! Elements go into and come out of the front leaf. A full front leaf becomes the first leaf of the tree; if there
//! is none, the first leaf of the tree becomes the front leaf. Every edit elsewhere in the front leaf first moves it
//! into the tree.

use super::leaf;
use super::node::{End, FrontLeaf, Root};

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// The most elements for which a vector without other leaves is edited in its tail.
    ///
    /// Moving so few is no slower than a front leaf, needs no block of a leaf's size, and keeps the elements in one
    /// slice.
    const FEW: usize = if Self::LEAF < 16 { 1 } else { Self::LEAF / 16 };

    #[inline]
    #[track_caller]
    pub(crate) fn push_front(&mut self, value: T) {
        if let Err(value) = self.push_front_in_place(value) {
            self.push_front_slowly(value);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_front_slowly(&mut self, value: T) {
        match self.front_len() {
            0 if self.is_few() => return self.insert_in_tail(0, value),
            len if len == Self::LEAF => self.move_front_leaf_into_tree(),
            _ => {}
        }
        self.edit_front_leaf(|front| front.reserve_front(Self::LEAF));
        let pushed = self.push_front_in_place(value);
        assert!(pushed.is_ok(), "the front leaf has room");
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<T> {
        if let Some(first) = self.pop_front_in_place() {
            return Some(first);
        }
        self.pop_front_slowly()
    }

    #[cold]
    #[inline(never)]
    fn pop_front_slowly(&mut self) -> Option<T> {
        if self.front_len() == 0 {
            if self.is_few() {
                let has_any = self.tail_len() > 0;
                return has_any.then(|| self.edit_tail(|tail| leaf::remove(tail, 0)));
            }
            self.refill_front_leaf();
        }
        self.pop_from_front_leaf()
    }

    /// Returns `true` if there is only a tail of at most [`Root::FEW`] elements.
    fn is_few(&self) -> bool {
        self.before_tail() == 0 && self.tail_len() <= Self::FEW
    }

    /// Removes the first element of the front leaf and returns it, or `None` if that is empty.
    pub(super) fn pop_from_front_leaf(&mut self) -> Option<T> {
        self.edit_front_leaf(|front| front.pop_first(Self::LEAF))
    }

    /// Makes the first leaf of the tree, or the tail if there is no tree, the front leaf, which is empty.
    #[cold]
    #[inline(never)]
    fn refill_front_leaf(&mut self) {
        match self.take_leaf(End::Front) {
            Some(leaf) => {
                drop(self.replace_front_leaf(FrontLeaf::from_leaf(leaf)));
                self.rebalance_around(0);
            }
            None => {
                let tail = self.take_tail();
                drop(self.replace_front_leaf(FrontLeaf::from_leaf(tail)));
            }
        }
    }

    /// Makes the front leaf the first leaf of the tree, or the tail if it has all elements.
    ///
    /// Clones its elements if they have to move and the leaf is shared. If a clone panics, no element is lost.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn move_front_leaf_into_tree(&mut self) {
        let len = self.front_len();
        if len == 0 {
            return;
        }
        let is_all = self.len() == len;
        let leaf = self.edit_front_leaf(|front| front.take_leaf(Self::LEAF));
        if is_all {
            drop(self.replace_tail(leaf));
            return;
        }
        self.put_leaf(leaf, End::Front);
        // A full leaf does not fit together with another.
        if len < Self::LEAF {
            self.rebalance_around(len);
        }
    }
}
