//! Building a vector from a `Vec`, an iterator or one buffer, and extending it.
//!
//! Elements go into the tail leaf. A full tail becomes the last leaf of the tree, so a vector that is built in
//! one go has full leaves only.

use alloc::vec::Vec;

use super::node::Root;
use crate::raw::handle::Handle;
use crate::raw::layout::{ReserveError, check_announced};
use crate::vec::unique::UniqueVec;

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// Returns a vector with this leaf as its tail, and nothing else.
    pub(super) fn from_leaf(leaf: Handle<T>) -> Self {
        let mut this = Self::new();
        _ = this.replace_tail(leaf);
        this
    }

    /// Moves all elements of a `Vec`, a leaf at a time.
    #[track_caller]
    pub(super) fn from_vec(vec: Vec<T>) -> Self {
        let mut this = Self::new();
        let mut rest = vec.into_iter();
        while rest.len() > Self::LEAF {
            let mut leaf = UniqueVec::with_capacity(Self::LEAF);
            leaf.append_next(&mut rest, Self::LEAF);
            this.push_leaf(leaf.into_handle());
        }
        let last = rest.len();
        let cap = if this.before_tail() > 0 { Self::LEAF } else { last };
        let mut tail = UniqueVec::with_capacity(cap);
        tail.append_next(&mut rest, last);
        _ = this.replace_tail(tail.into_handle());
        this
    }

    /// Collects an iterator, a leaf at a time.
    #[track_caller]
    pub(super) fn collect(iter: impl Iterator<Item = T>) -> Self {
        let mut this = Self::new();
        this.fill(iter, |_, _| unreachable!("a new tail is not shared"));
        this
    }

    /// Appends the items of an iterator; calls `copy` if the tail is shared.
    #[track_caller]
    fn fill(
        &mut self,
        mut iter: impl Iterator<Item = T>,
        copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
    ) {
        let announced = iter.size_hint().0;
        check_announced::<T>(0, announced);
        if self.len().checked_add(announced).is_none() {
            ReserveError::CapacityOverflow.fail();
        }
        // Takes an item before it reserves room, so that an empty iterator copies nothing. Stops at the first
        // `None`, because the iterator need not be fused.
        let mut ended = false;
        while !ended {
            let Some(value) = iter.next() else { break };
            if self.tail_len() == Self::LEAF {
                self.flush_tail(&copy);
            }
            let more = iter.size_hint().0.saturating_add(1);
            ended = self.edit_reserved_tail(more, &copy, |tail| {
                tail.push(value);
                let room = Self::LEAF - tail.len();
                tail.extend_iter(iter.by_ref().take(room));
                tail.len() < Self::LEAF
            });
        }
    }

    /// Moves the tail into the tree as its last leaf.
    #[track_caller]
    pub(super) fn flush_tail(&mut self, copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>) {
        // A leaf of the tree has at most a leaf's capacity.
        if self.with_tail(Handle::block_cap) > UniqueVec::<T>::rounded(Self::LEAF) {
            self.edit_tail(|tail| {
                let tail = tail.unique_or(|shared| copy(shared, Self::LEAF));
                tail.set_capacity(Self::LEAF);
            });
        }
        let leaf = self.take_tail();
        self.push_leaf(leaf);
    }

    /// Returns the capacity for a tail of `needed` elements.
    ///
    /// The capacity is that of a whole leaf if the vector has other leaves. Else the tail grows as a `Vec` does, up to
    /// a leaf.
    pub(super) fn tail_cap(&self, needed: usize) -> usize {
        match self.before_tail() {
            0 => self.with_tail(|tail| tail.cap_for_copy(needed)).min(Self::LEAF),
            _ => Self::LEAF,
        }
    }

    /// Runs `edit` on the tail, which is unique and has room for `more` elements or up to a leaf.
    #[track_caller]
    pub(super) fn edit_reserved_tail<R>(
        &mut self,
        more: usize,
        copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
        edit: impl FnOnce(&mut UniqueVec<T>) -> R,
    ) -> R {
        let cap = self.tail_cap(self.tail_len().saturating_add(more).min(Self::LEAF));
        self.edit_tail(|tail| edit(reserve(tail, cap, copy)))
    }
}

impl<T: Clone, const F: usize, const L: usize> Root<T, F, L> {
    /// Appends the items of an iterator; copies the tail if it is shared.
    #[track_caller]
    pub(crate) fn extend(&mut self, iter: impl Iterator<Item = T>) {
        self.fill(iter, Handle::copied);
    }
}

/// Makes a tail unique, with at least this capacity.
#[cold]
#[inline(never)]
#[track_caller]
fn reserve<T>(
    tail: &mut Handle<T>,
    cap: usize,
    copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
) -> &mut UniqueVec<T> {
    let tail = tail.unique_or(|shared| copy(shared, cap));
    if tail.capacity() < cap {
        tail.set_capacity(cap);
    }
    tail
}
