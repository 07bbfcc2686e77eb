//! Pushing and popping at the back.
//!
//! Most calls only touch the tail leaf. A full tail becomes the last leaf of the tree; if the tail is empty, the
//! last leaf of the tree becomes the tail.

use super::node::{FrontLeaf, Root};
use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    #[inline]
    #[track_caller]
    pub(crate) fn push_back(&mut self, value: T) {
        if let Err(value) = self.push_back_in_place(value) {
            self.push_back_slowly(value);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_back_slowly(&mut self, value: T) {
        if self.tail_len() == Self::LEAF {
            self.flush_tail(Handle::copied);
        }
        if !self.tail_is_shared() {
            return self.edit_reserved_tail(1, Handle::copied, |tail| tail.push(value));
        }
        let needed = self.tail_len() + 1;
        let cap = match self.before_tail() {
            0 => self.tail_cap(needed),
            // Reserves little, because of many versions that share a tail, few grow to a whole leaf.
            _ => Self::LEAF.min(needed + needed / 8 + 8),
        };
        let mut copy = UniqueVec::cloned_from(self.tail(), cap);
        copy.push(value);
        drop(self.replace_tail(copy.into_handle()));
    }

    #[inline]
    pub(crate) fn pop_back(&mut self) -> Option<T> {
        if let Some(last) = self.pop_back_in_place() {
            return Some(last);
        }
        self.pop_back_slowly()
    }

    #[cold]
    #[inline(never)]
    fn pop_back_slowly(&mut self) -> Option<T> {
        if self.tail_len() == 0 {
            if self.tree_len() == 0 {
                if let Some(last) = self.edit_front_leaf(FrontLeaf::pop_last_if_shared) {
                    return Some(last);
                }
                self.move_front_leaf_into_tree();
            } else if let Some(leaf) = self.pop_leaf() {
                drop(self.replace_tail(leaf));
                self.rebalance_end();
            }
        }
        self.edit_tail(|tail| {
            if let Some(unique) = tail.get_unique() {
                return unique.pop();
            }
            let (last, rest) = tail.as_slice().split_last()?;
            let (last, len) = (last.clone(), rest.len());
            tail.shorten(len);
            Some(last)
        })
    }
}
