//! The whole vector for any fan-out and leaf size: a tree of leaves, and one outside of it at each end.
//!
//! The face fixes `F` and `L`; tests run at 4 and 4, where trees are deep from 30 elements.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | building, the back, one element |
//! | `front` | the front |
//! | `leaf` | edits of one leaf, unique or shared |
//! | `edge` | leaves and whole trees put on at either end, and taken off |
//! | `tidy` | what keeps a tree packed: neighbours that fit together are merged |
//! | `edit` | insert, remove, retain |
//! | `cut` | truncate, slice, split |
//! | `share` | the blocks that a tree is made of |
//! | `diff` | where two trees differ, and whether they are equal |
//! | `check` | everything that is true of a tree |

use alloc::vec::Vec;
use core::mem;

use self::edge::{grow, shrink};
use crate::persistent::node::{Child, End, FrontLeaf, LeafCursor, LeavesMut, Node, Root};
use crate::raw::handle::Handle;
use crate::raw::layout::{ReserveError, check_announced};
use crate::vec::CowVec;
use crate::vec::unique::UniqueVec;

mod check;
mod cut;
mod diff;
mod edge;
mod edit;
mod front;
mod leaf;
mod share;
mod tidy;

/// The front leaf has the first elements, the tree the next, in leaves of at most `LEAF`, the tail the rest.
///
/// The front leaf and the tail have at most `LEAF` each, and may be empty: after a pop that took the last of one,
/// the next leaf takes its place when it is needed, not before, so that pushing and popping across a
/// boundary does not move leaves to and fro. There is a front leaf only after elements were pushed or popped at
/// the front; what else touches its elements, but to look at them or to write over them, first makes it
/// the first leaf of the tree.
pub(crate) struct Tree<T, const F: usize, const L: usize> {
    root: Root<T, F, L>,
}

impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// The elements of a full leaf.
    pub(crate) const LEAF: usize = Node::<T, F, L>::LEAF;

    #[inline]
    pub(crate) const fn new() -> Self {
        Self { root: Root::new() }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.root.len()
    }

    /// The levels of nodes above the leaves, 0 if there is no tree.
    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.root.height()
    }

    /// All elements, if they are in one leaf.
    pub(crate) fn as_slice(&self) -> Option<&[T]> {
        match self.root.leaf(0) {
            None => Some(&[]),
            Some((leaf, _)) => (leaf.len() == self.len()).then_some(leaf),
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.root.get(index)
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        self.root.leaf(index)
    }

    /// Whether both are one and the same, not merely equal; all empty ones are.
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        self.root.ptr_eq(&other.root)
    }

    /// Makes the leaf the last of the tree. A full one fits together with no other.
    #[track_caller]
    fn push_leaf(&mut self, leaf: Handle<T>) {
        self.put_leaf(leaf, End::Back);
    }

    /// Makes the leaf the first or the last of the tree.
    #[track_caller]
    fn put_leaf(&mut self, leaf: Handle<T>, end: End) {
        if let Some(leaf) = self.root.put_leaf(leaf, end) {
            self.root.edit(|root| grow(root, Child::Leaf(leaf), end));
        }
    }

    /// Takes the last leaf out of the tree, which may then need to be tidied.
    fn pop_leaf(&mut self) -> Option<Handle<T>> {
        self.take_leaf(End::Back)
    }

    /// Takes the first or the last leaf out of the tree, which may then need to be tidied.
    fn take_leaf(&mut self, end: End) -> Option<Handle<T>> {
        let easily = self.root.take_leaf(end);
        easily.or_else(|| self.root.edit(|root| shrink(root, end)))
    }

    /// Makes the tail of a vector that has no tree.
    pub(super) fn from_small(tail: Handle<T>) -> Self {
        let mut this = Self::new();
        _ = this.root.replace_tail(tail);
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
            this.push_leaf(leaf.into_shared().into_handle());
        }
        let last = rest.len();
        let whole = this.root.before_tail() > 0;
        let mut tail = UniqueVec::with_capacity(if whole { Self::LEAF } else { last });
        tail.append_next(&mut rest, last);
        _ = this.root.replace_tail(tail.into_shared().into_handle());
        this
    }

    /// Collects what an iterator yields, a leaf at a time.
    #[track_caller]
    pub(super) fn collect(iter: impl Iterator<Item = T>) -> Self {
        let mut this = Self::new();
        this.fill(iter, |_, _| unreachable!("nobody else knows the tail"));
        this
    }

    /// Appends what an iterator yields; `copy` is called if the tail must be copied.
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
        // Asked for an element before anything is done for it: an empty iterator copies nothing. After its
        // end it is not asked again, since it need not be fused.
        let mut ended = false;
        while !ended {
            let Some(value) = iter.next() else { break };
            if self.root.tail_len() == Self::LEAF {
                self.flush(&copy);
            }
            let more = iter.size_hint().0.saturating_add(1);
            let whole = self.root.before_tail() > 0;
            ended = self.root.edit_tail(|tail| {
                let tail = reserve_tail(tail, more, Self::LEAF, whole, &copy);
                tail.push(value);
                let room = Self::LEAF - tail.len();
                tail.extend_iter(iter.by_ref().take(room));
                tail.len() < Self::LEAF
            });
        }
    }

    /// Moves the tail into the tree, and leaves it empty.
    #[track_caller]
    fn flush(&mut self, copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>) {
        // A leaf keeps no more room than a leaf has.
        if self.root.with_tail(Handle::block_cap) > UniqueVec::<T>::rounded(Self::LEAF) {
            self.root.edit_tail(|tail| {
                let tail = tail.unique_or(|shared| copy(shared, Self::LEAF));
                tail.set_capacity(Self::LEAF);
            });
        }
        let leaf = self.root.take_tail();
        self.push_leaf(leaf);
    }
}

/// What copies shared leaves.
impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    #[inline]
    #[track_caller]
    pub(crate) fn push_back(&mut self, value: T) {
        if let Err(value) = self.root.push_back_in_place(value) {
            self.push_back_slowly(value);
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_back_slowly(&mut self, value: T) {
        if self.root.tail_len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        let (whole, needed) = (self.root.before_tail() > 0, self.root.tail_len() + 1);
        let few = self.root.with_tail(|tail| tail.cap_for_copy(needed)).min(Self::LEAF);
        if self.root.tail_is_shared() {
            // Of many versions of a tail, few get as many elements as a leaf has.
            let some = Self::LEAF.min(needed + needed / 8 + 8);
            let mut copy = UniqueVec::cloned_from(self.root.tail(), if whole { some } else { few });
            copy.push(value);
            drop(self.root.replace_tail(copy.into_handle()));
            return;
        }
        self.root.edit_tail(|tail| {
            reserve_tail(tail, 1, Self::LEAF, whole, Handle::copied).push(value);
        });
    }

    #[inline]
    pub(crate) fn pop_back(&mut self) -> Option<T> {
        if let Some(last) = self.root.pop_back_in_place() {
            return Some(last);
        }
        self.pop_back_slowly()
    }

    #[cold]
    #[inline(never)]
    fn pop_back_slowly(&mut self) -> Option<T> {
        if self.root.tail_len() == 0 {
            if self.root.tree_len() == 0 {
                if let Some(last) = self.root.edit_front_leaf(FrontLeaf::pop_last_if_shared) {
                    return Some(last);
                }
                self.move_front_leaf_into_tree();
            } else if let Some(leaf) = self.pop_leaf() {
                drop(self.root.replace_tail(leaf));
                self.rebalance_end();
            }
        }
        self.root.edit_tail(|tail| {
            if let Some(unique) = tail.get_unique() {
                return unique.pop();
            }
            let (last, rest) = tail.as_slice().split_last()?;
            let (last, len) = (last.clone(), rest.len());
            tail.shorten(len);
            Some(last)
        })
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.root.get_mut(index)
    }

    /// The vector for writing at places near each other.
    #[inline]
    pub(super) fn leaf_cursor(&mut self) -> LeafCursor<'_, T, F, L> {
        LeafCursor::new(&mut self.root)
    }

    /// All leaves for writing.
    #[inline]
    pub(super) fn leaves_mut(&mut self) -> LeavesMut<'_, T, F, L> {
        LeavesMut::new(&mut self.root)
    }

    /// Takes the first leaf out: for those who take all of them, since it leaves the tree untidy. There is
    /// no front leaf.
    pub(super) fn take_first_leaf(&mut self) -> Option<Handle<T>> {
        self.take_leaf(End::Front).or_else(|| self.take_tail())
    }

    /// Takes the last leaf out, be it the tail, but not the front: as [`Tree::take_first_leaf`].
    pub(super) fn take_last_leaf(&mut self) -> Option<Handle<T>> {
        self.take_tail().or_else(|| self.pop_leaf())
    }

    fn take_tail(&mut self) -> Option<Handle<T>> {
        (self.root.tail_len() > 0).then(|| self.root.take_tail())
    }

    /// All elements in one buffer, if they are in one leaf.
    pub(super) fn try_into_small(mut self) -> Result<Handle<T>, Self> {
        if self.as_slice().is_none() {
            return Err(self);
        }
        self.move_front_leaf_into_tree();
        Ok(self.take_last_leaf().unwrap_or(Handle::new()))
    }

    /// Runs `edit` on all elements, moved into one slice unless one leaf has them all. They come back
    /// even if it panics; shared leaves are cloned before.
    pub(crate) fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        /// Builds the vector anew of what was moved out.
        struct PutBack<'a, T, const F: usize, const L: usize>(&'a mut Tree<T, F, L>, Vec<T>);
        impl<T, const F: usize, const L: usize> Drop for PutBack<'_, T, F, L> {
            fn drop(&mut self) {
                *self.0 = Tree::from_vec(mem::take(&mut self.1));
            }
        }
        if self.as_slice().is_some() {
            return edit(self.leaves_mut().next().unwrap_or_default());
        }
        self.move_front_leaf_into_tree();
        let mut leaves = self.leaves_mut();
        while leaves.next().is_some() {}
        let mut all = Vec::with_capacity(self.len());
        // Nothing is shared, so nothing runs here that could panic.
        while let Some(leaf) = self.take_first_leaf() {
            all.extend(CowVec::from_handle(leaf));
        }
        let mut back = PutBack(self, all);
        edit(&mut back.1);
    }

    #[track_caller]
    pub(crate) fn extend(&mut self, iter: impl Iterator<Item = T>) {
        self.fill(iter, Handle::copied);
    }
}

impl<T, const F: usize, const L: usize> Clone for Tree<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self { root: self.root.clone() }
    }
}

/// Makes the tail unique with room for `more` elements, as far as a leaf has it: for a whole leaf, or
/// for twice what there is.
#[cold]
#[inline(never)]
#[track_caller]
fn reserve_tail<T>(
    tail: &mut Handle<T>,
    more: usize,
    leaf: usize,
    whole: bool,
    copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>,
) -> &mut UniqueVec<T> {
    let needed = tail.len().saturating_add(more).min(leaf);
    let cap = if whole { leaf } else { tail.cap_for_copy(needed).min(leaf) };
    let tail = tail.unique_or(|shared| copy(shared, cap));
    if tail.capacity() < cap {
        tail.set_capacity(cap);
    }
    tail
}
