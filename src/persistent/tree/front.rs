//! The front: a head that elements are put before and taken out of, and what becomes of it.

use super::edge::Edge;
use super::{Tree, leaf};
use crate::persistent::node::Head;

impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    /// Up to so many elements, a vector of one leaf is edited as such: that is no slower, takes no block of
    /// a leaf's size, and leaves it one slice.
    const FEW: usize = if Self::LEAF < 16 { 1 } else { Self::LEAF / 16 };

    #[inline]
    #[track_caller]
    pub(crate) fn push_front(&mut self, value: T) {
        if let Err(value) = self.root.push_head(value) {
            self.push_front_slowly(value);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_front_slowly(&mut self, value: T) {
        match self.root.head_len() {
            0 if self.root.before_tail() == 0 && self.root.tail_len() <= Self::FEW => {
                return self.insert_in_tail(0, value);
            }
            len if len == Self::LEAF => self.settle_head(),
            _ => {}
        }
        self.root.edit_head(|head| head.make_room(Self::LEAF));
        let pushed = self.root.push_head(value);
        assert!(pushed.is_ok(), "room was made");
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<T> {
        if let Some(first) = self.root.pop_head() {
            return Some(first);
        }
        self.pop_front_slowly()
    }

    #[cold]
    #[inline(never)]
    fn pop_front_slowly(&mut self) -> Option<T> {
        if self.root.head_len() == 0 {
            if self.root.before_tail() == 0 && self.root.tail_len() <= Self::FEW {
                let some = self.root.tail_len() > 0;
                return some.then(|| self.root.edit_tail(|tail| leaf::remove(tail, 0)));
            }
            self.refill_head();
        }
        self.pop_head()
    }

    /// Takes the first element out if it is in the head.
    pub(in crate::persistent) fn pop_head(&mut self) -> Option<T> {
        self.root.edit_head(|head| head.pop_first(Self::LEAF))
    }

    /// Makes the leaf after the head, which is empty, the head.
    #[cold]
    #[inline(never)]
    fn refill_head(&mut self) {
        match self.take_leaf(Edge::First) {
            Some(leaf) => {
                drop(self.root.replace_head(Head::from_leaf(leaf)));
                self.tidy_seam(0);
            }
            None => {
                let tail = self.root.take_tail();
                drop(self.root.replace_head(Head::from_leaf(tail)));
            }
        }
    }

    /// Makes the head the first leaf of the tree, or the tail if there is nothing else. If a clone panics,
    /// nothing has changed, or the tree is not tidy.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn settle_head(&mut self) {
        let len = self.root.head_len();
        if len == 0 {
            return;
        }
        if self.root.len() == len {
            let tail = self.root.edit_head(|head| head.take_leaf(Self::LEAF));
            drop(self.root.replace_tail(tail));
            return;
        }
        let leaf = self.root.edit_head(|head| head.take_leaf(Self::LEAF));
        self.put_leaf(leaf, Edge::First);
        // A full one fits together with no other.
        if len < Self::LEAF {
            self.tidy_seam(len);
        }
    }
}
