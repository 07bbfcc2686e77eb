//! The whole vector for any fan-out and leaf size: a tree of leaves, and a tail.
//!
//! The face fixes `F` and `L`; tests run at 4 and 4, where trees are deep from 30 elements.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | building, the ends, one element |
//! | `leaf` | edits of one leaf, unique or shared |
//! | `edge` | leaves and whole trees put on at either end, and taken off |
//! | `tidy` | what keeps a tree packed: neighbours that fit together are merged |
//! | `edit` | insert, remove, retain |
//! | `cut` | truncate, slice, split |
//! | `share` | what two trees have in common, and where they differ |
//! | `check` | everything that is true of a tree |

use alloc::vec::Vec;
use core::mem;

use self::edge::{Edge, grow, shrink};
#[cfg(test)]
pub(super) use self::share::Change;
use crate::raw::handle::Handle;
use crate::raw::node::{Kid, LeavesMut, Node, Root};
use crate::raw::unique::UniqueVec;
use crate::vec::CowVec;

mod check;
mod cut;
mod edge;
mod edit;
mod leaf;
mod share;
mod tidy;

/// The tree holds the first `root.len()` elements, in leaves of at most `LEAF`, the tail the rest.
///
/// The tail has at most `LEAF`, and may be empty: after a pop that took the last of it, the next leaf
/// becomes the tail when it is needed, not before, so that pushing and popping across a boundary does
/// not move leaves to and fro.
pub(crate) struct Tree<T, const F: usize, const L: usize> {
    root: Root<T, F, L>,
    tail: Handle<T>,
}

impl<T, const F: usize, const L: usize> Tree<T, F, L> {
    /// The elements of a full leaf.
    pub(crate) const LEAF: usize = Node::<T, F, L>::LEAF;

    #[inline]
    pub(crate) const fn new() -> Self {
        Self { root: Root::new(), tail: Handle::new() }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.root.len() + self.tail.len()
    }

    /// The levels of nodes above the leaves, 0 if there is nothing but the tail.
    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.root.height()
    }

    /// All elements, if they are in one leaf.
    pub(crate) fn as_slice(&self) -> Option<&[T]> {
        match self.root.leaf(0) {
            None => Some(self.tail.as_slice()),
            Some((leaf, _)) => (leaf.len() == self.len()).then_some(leaf),
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.root.len()) {
            None => Some(self.root.at(index)),
            Some(index) => self.tail.as_slice().get(index),
        }
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        match index.checked_sub(self.root.len()) {
            None => self.root.leaf(index),
            Some(offset) if offset < self.tail.len() => {
                Some((self.tail.as_slice(), self.root.len()))
            }
            Some(_) => None,
        }
    }

    /// Whether both are one and the same, not merely equal; all empty ones are.
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        if self.len() == 0 && other.len() == 0 {
            return true;
        }
        let same_tree = match (self.root.top(), other.root.top()) {
            (None, None) => true,
            (Some(a), Some(b)) => a.ptr_eq(b),
            _ => false,
        };
        same_tree && self.tail.ptr_eq(&other.tail)
    }

    /// Makes the leaf the last of the tree. A full one fits together with no other.
    #[track_caller]
    fn push_leaf(&mut self, leaf: Handle<T>) {
        self.root.edit(|root| grow(root, Kid::Leaf(leaf), Edge::Last));
    }

    /// Takes the last leaf out of the tree, which may then need to be tidied.
    fn pop_leaf(&mut self) -> Option<Handle<T>> {
        self.root.edit(|root| shrink(root, Edge::Last))
    }

    /// Takes the first leaf out: for those who take all of them, since it leaves the tree untidy.
    pub(super) fn take_first_leaf(&mut self) -> Option<Handle<T>> {
        self.root.edit(|root| shrink(root, Edge::First)).or_else(|| self.take_tail())
    }

    /// Takes the last leaf out, be it the tail: as [`Tree::take_first_leaf`].
    pub(super) fn take_last_leaf(&mut self) -> Option<Handle<T>> {
        self.take_tail().or_else(|| self.pop_leaf())
    }

    fn take_tail(&mut self) -> Option<Handle<T>> {
        if self.tail.len() == 0 {
            return None;
        }
        Some(mem::replace(&mut self.tail, Handle::new()))
    }

    /// Makes the tail of a vector that has no tree.
    pub(super) fn from_small(tail: Handle<T>) -> Self {
        assert!(tail.len() <= Self::LEAF, "at most one leaf");
        Self { root: Root::new(), tail }
    }

    /// All elements in one buffer, if they are in one leaf.
    pub(super) fn try_into_small(mut self) -> Result<Handle<T>, Self> {
        if self.as_slice().is_none() {
            return Err(self);
        }
        Ok(self.take_last_leaf().unwrap_or(Handle::new()))
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
        let whole = this.root.len() > 0;
        let mut tail = UniqueVec::with_capacity(if whole { Self::LEAF } else { last });
        tail.append_next(&mut rest, last);
        this.tail = tail.into_shared().into_handle();
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
        // Asked for an element before anything is done for it: an empty iterator copies nothing.
        while let Some(value) = iter.next() {
            if self.tail.len() == Self::LEAF {
                self.flush(&copy);
            }
            let more = iter.size_hint().0.saturating_add(1);
            let whole = self.root.len() > 0;
            let tail = make_room(&mut self.tail, more, Self::LEAF, whole, &copy);
            tail.push(value);
            let room = Self::LEAF - tail.len();
            tail.extend_iter(iter.by_ref().take(room));
        }
    }

    /// Moves the tail into the tree, and leaves it empty.
    #[track_caller]
    fn flush(&mut self, copy: impl Fn(&Handle<T>, usize) -> UniqueVec<T>) {
        // A leaf keeps no more room than a leaf has.
        if self.tail.block_cap() > UniqueVec::<T>::rounded(Self::LEAF) {
            let tail = self.tail.unique_or(|shared| copy(shared, Self::LEAF));
            tail.set_capacity(Self::LEAF);
        }
        let leaf = mem::replace(&mut self.tail, Handle::new());
        self.push_leaf(leaf);
    }
}

/// What copies shared leaves.
impl<T: Clone, const F: usize, const L: usize> Tree<T, F, L> {
    #[inline]
    #[track_caller]
    pub(crate) fn push_back(&mut self, value: T) {
        if self.tail.len() == Self::LEAF {
            self.flush(Handle::copied);
        }
        let whole = self.root.len() > 0;
        self.tail
            .push_with(value, |tail| _ = make_room(tail, 1, Self::LEAF, whole, Handle::copied));
    }

    #[inline]
    pub(crate) fn pop_back(&mut self) -> Option<T> {
        if self.tail.len() == 0 {
            self.tail = self.pop_leaf()?;
            self.tidy_end();
        }
        if let Some(unique) = self.tail.get_unique() {
            return unique.pop();
        }
        let (last, rest) = self.tail.as_slice().split_last()?;
        let (last, len) = (last.clone(), rest.len());
        self.tail.shorten(len);
        Some(last)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let (leaf, start) = match index.checked_sub(self.root.len()) {
            None => self.root.leaf_mut(index, |leaf| leaf.copied(leaf.len()))?,
            // Before anything is copied for it.
            Some(offset) if offset >= self.tail.len() => return None,
            Some(_) => {
                let (start, whole) = (self.root.len(), self.root.len() > 0);
                let tail = self.tail.unique_or(|tail| {
                    let cap = if whole { Self::LEAF } else { tail.cap_for_copy(tail.len()) };
                    tail.copied(cap)
                });
                (tail.as_mut_slice(), start)
            }
        };
        leaf.get_mut(index - start)
    }

    /// All leaves for writing: those of the tree, and the tail.
    #[inline]
    pub(super) fn leaves_mut(&mut self) -> (LeavesMut<'_, T, F, L>, &mut Handle<T>) {
        (LeavesMut::new(&mut self.root), &mut self.tail)
    }

    /// Runs `edit` on all elements, moved into one slice unless one leaf has them all. They come back
    /// even if it panics; shared leaves are cloned before.
    pub(crate) fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        /// Builds the vector anew of what was moved out.
        struct Back<'a, T, const F: usize, const L: usize>(&'a mut Tree<T, F, L>, Vec<T>);
        impl<T, const F: usize, const L: usize> Drop for Back<'_, T, F, L> {
            fn drop(&mut self) {
                *self.0 = Tree::from_vec(mem::take(&mut self.1));
            }
        }
        let (mut leaves, tail) = self.leaves_mut();
        let in_tree = leaves.remaining();
        while leaves.next().is_some() {}
        let unique = tail.unique_or(|tail| tail.copied(tail.len()));
        if in_tree == 0 {
            return edit(unique.as_mut_slice());
        }
        let mut all = Vec::with_capacity(self.len());
        // Nothing is shared, so nothing runs here that could panic.
        while let Some(leaf) = self.take_first_leaf() {
            all.extend(CowVec::from_handle(leaf));
        }
        let mut back = Back(self, all);
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
        Self { root: self.root.clone(), tail: self.tail.clone() }
    }
}

/// Makes the tail unique with room for `more` elements, as far as a leaf has it: for a whole leaf, or
/// for twice what there is.
#[cold]
#[inline(never)]
#[track_caller]
fn make_room<T>(
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
