//! `Node`, the inner node of a persistent vector, and `Root`, a tree of them with what a read needs.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | the block of a node, one count of it, and looks into it |
//! | `edit` | kids put in, taken out, lent for an edit, moved to another node |
//! | `head` | `Head`: a leaf in front of a tree |
//! | `place` | one element put in or taken out in its place |
//! | `root` | `Root`: a tree with a leaf at each end, and the way to an element |
//! | `write` | the way to an element for writing |
//!
//! A leaf is a buffer (`Handle`); a node has up to `F` kids, which are leaves at level 1 and nodes of
//! the level below it above that. Leaves have at most `L` elements; `L = 0` stands for the size that
//! suits `T`, see [`leaf_len`]. Everything here has safe methods: each keeps N1 to N4 by itself.
#![expect(unsafe_code, reason = "one block with untyped kids, edited in place while unique")]

mod edit;
mod head;
mod place;
mod root;
#[cfg(all(test, not(cow_loom)))]
mod tests;
mod write;

use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop, offset_of};
use core::ops::Range;
use core::ptr::{self, NonNull};

pub(crate) use self::head::Head;
pub(crate) use self::root::Root;
pub(crate) use self::write::{LeafCursor, LeavesMut};
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::raw::refcount::RefCount;
use crate::sync::{self, LoomAccess};

/// The most elements of a leaf: about 1 KiB of them, and few where a copy runs their `Clone`.
pub(crate) const fn leaf_len<T>() -> usize {
    let most = if needs_drop::<T>() { 32 } else { 1024 };
    if size_of::<T>() == 0 {
        return most;
    }
    let fit = 1024 / size_of::<T>();
    if fit < 4 {
        4
    } else if fit > most {
        most
    } else {
        1 << fit.ilog2()
    }
}

/// Set where slots follow from an index by shift and mask (N4).
const DENSE: u8 = 1;
/// Set where kids may stand side by side that fit together, because a panic came between an edit and
/// what puts it right. Nothing depends on it but how well the tree is packed.
const LOOSE: u8 = 2;

/// The block of a node.
#[repr(C)]
struct Inner<const F: usize> {
    refs: RefCount,
    /// The kids.
    len: u8,
    /// 1 above leaves, one more above each level of nodes.
    level: u8,
    flags: u8,
    loom_access: LoomAccess,
    /// No elements: what stands before the first kid, and before its end, so that nobody need ask whether a
    /// kid is the first.
    none: usize,
    /// `ends[i]`: the elements of kids `[0, i]`; `usize::MAX` past the last kid.
    ends: [usize; F],
    /// Slot 0 of a leaf's buffer, or the block of a node; null past the last kid.
    kids: [*mut u8; F],
}

#[cfg(all(not(cow_loom), target_pointer_width = "64"))]
const _: () = assert!(size_of::<Inner<16>>() == 280);

impl<const F: usize> Inner<F> {
    /// The elements before kid `slot`.
    ///
    /// # Panics
    ///
    /// If no node has as many kids.
    #[inline]
    fn start(&self, slot: usize) -> usize {
        assert!(slot <= F, "no such kid");
        // SAFETY: at most `F`.
        unsafe { self.start_unchecked(slot) }
    }

    /// [`Inner::start`] without a look at the slot, which is at most `F`.
    #[inline]
    unsafe fn start_unchecked(&self, slot: usize) -> usize {
        const { assert!(offset_of!(Self, ends) == offset_of!(Self, none) + size_of::<usize>()) };
        // SAFETY: within the block.
        let starts = unsafe { ptr::from_ref(self).byte_add(offset_of!(Self, none)) };
        // SAFETY: `ends` follows `none`, and with it has more than `F` words.
        let start = unsafe { starts.cast::<usize>().add(slot) };
        // SAFETY: initialised, and nobody writes while `self` is borrowed.
        unsafe { *start }
    }

    /// The elements below.
    #[inline]
    fn total(&self) -> usize {
        self.start(usize::from(self.len))
    }

    /// The kid that has element `index`, which is below the total: the number of ends up to that, found
    /// without a branch, since there is no telling where a way goes. Three looks side by side take as long
    /// as one, and leave a quarter of what was left.
    #[inline]
    fn slot_of(&self, index: usize) -> usize {
        let (mut slot, mut left) = (0, F);
        while left > 1 {
            let part = if left > 2 { left / 4 } else { 1 };
            // SAFETY: `F` is a power of two, so `part` divides `left`, and `left` kids from `slot` on, all of them
            // among the `F`, are in question: the end is of one of them.
            let end = |kid: usize| unsafe { *self.ends.get_unchecked(slot + kid - 1) };
            let passed = (part..left).step_by(part).map(|kid| usize::from(end(kid) <= index));
            slot += part * passed.sum::<usize>();
            left = part;
        }
        slot
    }
}

/// One count of a node.
#[repr(transparent)]
pub(crate) struct Node<T, const F: usize, const L: usize> {
    inner: NonNull<Inner<F>>,
    owns: PhantomData<T>,
}

// SAFETY: as for `Handle`, which the leaves are.
unsafe impl<T: Send + Sync, const F: usize, const L: usize> Send for Node<T, F, L> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync, const F: usize, const L: usize> Sync for Node<T, F, L> {}

/// What a node has as a child, and owns one count of.
pub(crate) enum Kid<T, const F: usize, const L: usize> {
    Leaf(Handle<T>),
    Node(Node<T, F, L>),
}

/// A look at a child.
pub(crate) enum KidRef<'a, T, const F: usize, const L: usize> {
    Leaf(&'a [T]),
    Node(&'a Node<T, F, L>),
}

impl<T, const F: usize, const L: usize> Kid<T, F, L> {
    /// 0 for a leaf.
    pub(crate) fn level(&self) -> u8 {
        match self {
            Self::Leaf(_) => 0,
            Self::Node(node) => node.level(),
        }
    }

    /// The elements below.
    pub(crate) fn total(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf.len(),
            Self::Node(node) => node.total(),
        }
    }

    /// Returns `true` if a node of that level may have this kid: it is of the level below, and not empty (N2). A
    /// leaf has at most [`Node::LEAF`] elements: only then does a sum of totals prove that each kid is full (N4).
    #[inline]
    fn fits(&self, level: u8) -> bool {
        let total = self.total();
        let most = if level == 1 { Node::<T, F, L>::LEAF } else { usize::MAX };
        self.level() + 1 == level && 0 < total && total <= most
    }

    /// What would stand in a slot for this kid.
    #[inline]
    fn slot(&self) -> *mut u8 {
        match self {
            Self::Leaf(leaf) => leaf.as_slice().as_ptr().cast_mut().cast(),
            Self::Node(node) => node.inner.as_ptr().cast(),
        }
    }

    /// The pointer that stands in a slot, with the count it stands for (N2).
    fn into_slot(self) -> *mut u8 {
        match self {
            Self::Leaf(leaf) => leaf.into_parts().0.data().as_ptr().cast(),
            Self::Node(node) => ManuallyDrop::new(node).inner.as_ptr().cast(),
        }
    }

    /// # Safety
    ///
    /// `slot` stood in a node of level `level + 1` for a kid of `total` elements, and the caller gives
    /// its count away (N2, N3).
    unsafe fn from_slot(slot: *mut u8, level: u8, total: usize) -> Self {
        // SAFETY: N2: not null.
        let slot = unsafe { NonNull::new_unchecked(slot) };
        if level > 0 {
            return Self::Node(Node { inner: slot.cast(), owns: PhantomData });
        }
        // SAFETY: N2: it came from `into_slot`.
        let buf = unsafe { SharedBuf::from_data(slot.cast()) };
        // SAFETY: N2, N3: the slot's count, and that many elements are initialised.
        Self::Leaf(unsafe { Handle::from_parts(buf, total) })
    }
}

impl<T, const F: usize, const L: usize> Node<T, F, L> {
    /// The most elements of a leaf.
    pub(crate) const LEAF: usize = if L == 0 { leaf_len::<T>() } else { L };
    const LEAF_BITS: u32 = Self::LEAF.trailing_zeros();
    const BRANCH_BITS: u32 = F.trailing_zeros();

    /// The highest level of a tree that can be dense: there a full one has at most `isize::MAX + 1`
    /// elements, so every shift is less than the width of a word.
    const MAX_DENSE: u8 = {
        assert!(F.is_power_of_two() && F >= 2 && F <= 64);
        assert!(Self::LEAF.is_power_of_two() && Self::LEAF <= 1024);
        ((usize::BITS - 1 - Self::LEAF_BITS) / Self::BRANCH_BITS) as u8
    };

    /// The highest level: half of a node's bits a level. Where neighbours never fit into 3/4 of a node,
    /// a level multiplies the elements by at least 5.27 at a fan-out of 16, so nothing is as high; at 4
    /// there is no such bound, and the limit is what keeps recursion short.
    pub(crate) const MAX_LEVEL: u8 = (2 * usize::BITS / Self::BRANCH_BITS) as u8;

    /// The elements of a full tree of that level, or `usize::MAX` where that says less.
    #[inline]
    const fn full(level: u8) -> usize {
        let bits = Self::LEAF_BITS + Self::BRANCH_BITS * level as u32;
        if bits < usize::BITS { 1 << bits } else { usize::MAX }
    }

    /// The shift that leaves the slot at a level, which is not 0: less than the width of a word where a
    /// tree can be dense.
    #[inline]
    const fn shift(level: u8) -> u32 {
        Self::LEAF_BITS + Self::BRANCH_BITS * (level as u32 - 1)
    }

    /// A node without kids.
    ///
    /// # Panics
    ///
    /// If there is no such level: "capacity overflow".
    #[track_caller]
    pub(crate) fn new(level: u8) -> Self {
        if level == 0 || level > Self::MAX_LEVEL {
            ReserveError::CapacityOverflow.fail();
        }
        let layout = Layout::new::<Inner<F>>();
        // SAFETY: the size is not zero.
        let start = unsafe { sync::alloc(layout) };
        let Some(inner) = NonNull::new(start.cast::<Inner<F>>()) else {
            ReserveError::Alloc(layout).fail()
        };
        let (refs, loom_access) = (RefCount::one(), LoomAccess::new());
        let (ends, kids) = ([usize::MAX; F], [ptr::null_mut(); F]);
        let empty = Inner { refs, len: 0, level, flags: DENSE, loom_access, none: 0, ends, kids };
        // SAFETY: the block is new, and has this layout.
        unsafe { inner.write(empty) };
        Self { inner, owns: PhantomData }
    }

    /// A node with that kid alone.
    #[track_caller]
    pub(crate) fn above(kid: Kid<T, F, L>) -> Self {
        let mut node = Self::new(kid.level() + 1);
        node.push(kid);
        node
    }

    #[inline]
    fn refs(&self) -> &RefCount {
        // SAFETY: this handle holds a count; the one field, which is an atomic.
        unsafe { &(*self.inner.as_ptr()).refs }
    }

    #[inline]
    fn inner(&self) -> &Inner<F> {
        // SAFETY: N1: this handle holds a count, so nobody edits but through it by `&mut`.
        let inner = unsafe { self.inner.as_ref() };
        inner.loom_access.read();
        inner
    }

    /// The block, edited in place: copied first if other handles of it exist (N1).
    #[inline]
    fn unshared(&mut self) -> &mut Inner<F> {
        if !self.refs().is_unique() {
            *self = self.copied();
        }
        // SAFETY: N1: found unique or just made, and held by `&mut`.
        let inner = unsafe { self.inner.as_mut() };
        inner.loom_access.write();
        inner
    }

    /// A node of its own with the same kids.
    #[cold]
    #[inline(never)]
    fn copied(&self) -> Self {
        let mut copy = Self::new(self.level());
        let from = self.inner();
        // SAFETY: it was just made.
        let to = unsafe { copy.inner.as_mut() };
        for slot in 0..usize::from(from.len) {
            self.retain(slot);
        }
        (to.len, to.flags, to.ends, to.kids) = (from.len, from.flags, from.ends, from.kids);
        copy
    }

    /// One count more of a kid.
    #[inline]
    fn retain(&self, slot: usize) {
        let kid = self.inner().kids[slot];
        if self.level() > 1 {
            let kid = kid.cast::<Inner<F>>();
            // SAFETY: N2: a node, of which this one holds a count; the one field, an atomic.
            unsafe { &(*kid).refs }.increment();
        } else {
            // SAFETY: N2: a buffer, of which this node holds a count, so not null.
            let kid = unsafe { NonNull::new_unchecked(kid.cast()) };
            // SAFETY: N2.
            let buf = unsafe { SharedBuf::<T>::from_data(kid) };
            // SAFETY: B1: this node holds a count of it.
            unsafe { buf.retain() };
        }
    }

    /// The bytes of a node's block.
    pub(crate) const BYTES: usize = size_of::<Inner<F>>();

    /// Where the block is.
    pub(crate) fn addr(&self) -> usize {
        self.inner.as_ptr().addr()
    }

    /// The bytes of this block and of those below it that are reached from here alone, a moment ago.
    pub(crate) fn own_bytes(&self) -> usize {
        if self.refs().advisory() > 1 {
            return 0;
        }
        let kids = (0..self.len()).map(|slot| match self.kid(slot) {
            KidRef::Node(kid) => kid.own_bytes(),
            KidRef::Leaf(_) => {
                let leaf = self.leaf_handle(slot);
                // This one and the node's.
                if leaf.strong_count() == 2 { leaf.heap_bytes() } else { 0 }
            }
        });
        Self::BYTES + kids.sum::<usize>()
    }

    /// The kids.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        usize::from(self.inner().len)
    }

    /// 1 above leaves.
    #[inline]
    pub(crate) fn level(&self) -> u8 {
        self.inner().level
    }

    /// The elements below.
    #[inline]
    pub(crate) fn total(&self) -> usize {
        self.inner().total()
    }

    /// The elements before kid `slot`.
    #[inline]
    pub(crate) fn start(&self, slot: usize) -> usize {
        self.inner().start(slot)
    }

    /// Whether slots below follow from an index by shift and mask (N4).
    #[inline]
    pub(crate) fn is_dense(&self) -> bool {
        self.inner().flags & DENSE != 0
    }

    #[inline]
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }

    /// Returns `true` if both nodes, which are of one level, have the same child in a slot, with as many elements
    /// before it.
    #[inline]
    pub(crate) fn has_same_kid(&self, other: &Self, slot: usize) -> bool {
        let (ours, theirs) = (self.inner(), other.inner());
        let is_there = slot < usize::from(ours.len.min(theirs.len)) && ours.level == theirs.level;
        is_there
            && ours.kids[slot] == theirs.kids[slot]
            && ours.ends[slot] == theirs.ends[slot]
            && ours.start(slot) == theirs.start(slot)
    }

    /// Whether kids may stand side by side that fit together.
    #[inline]
    pub(crate) fn is_loose(&self) -> bool {
        self.inner().flags & LOOSE != 0
    }

    /// The first of some kids that, with the one after it, has so few elements, or kids of its own, that 3/4
    /// of a leaf or node has room for both.
    pub(crate) fn first_fit(&self, kids: Range<usize>) -> Option<usize> {
        let inner = self.inner();
        let mut kids = kids.start..kids.end.min(usize::from(inner.len).saturating_sub(1));
        if inner.level == 1 {
            let fits = |kid| inner.ends[kid + 1] - inner.start(kid) <= Self::LEAF / 4 * 3;
            return kids.find(|kid| fits(*kid));
        }
        let len = |kid| match self.kid(kid) {
            KidRef::Node(kid) => kid.len(),
            KidRef::Leaf(_) => unreachable!("leaves are at level 0"),
        };
        kids.find(|kid| len(*kid) + len(*kid + 1) <= F / 4 * 3)
    }

    /// Whether a kid more has room.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.len() < F
    }

    /// The kid that has element `index`, which is below the total.
    #[inline]
    pub(crate) fn slot_of(&self, index: usize) -> usize {
        self.inner().slot_of(index)
    }

    /// A look at kid `slot`.
    ///
    /// # Panics
    ///
    /// If there is no such kid.
    #[inline]
    pub(crate) fn kid(&self, slot: usize) -> KidRef<'_, T, F, L> {
        let inner = self.inner();
        assert!(slot < usize::from(inner.len), "no such kid");
        let kid = ptr::from_ref(&inner.kids[slot]);
        if inner.level > 1 {
            // SAFETY: N2: the slot of a node is a `Node`, which is transparent over its pointer.
            return KidRef::Node(unsafe { &*kid.cast::<Self>() });
        }
        let len = inner.ends[slot] - inner.start(slot);
        // SAFETY: N2: the slot of a leaf is a buffer's pointer, which is transparent over it.
        let buf = unsafe { *kid.cast::<SharedBuf<T>>() };
        // SAFETY: B2, N3: that many are initialised, for as long as this node keeps its count.
        KidRef::Leaf(unsafe { buf.slice(len) })
    }

    /// A handle of leaf `slot`.
    ///
    /// # Panics
    ///
    /// If there is no such kid, or it is a node.
    pub(crate) fn leaf_handle(&self, slot: usize) -> Handle<T> {
        let inner = self.inner();
        assert!(slot < usize::from(inner.len) && inner.level == 1, "no such leaf");
        let len = inner.ends[slot] - inner.start(slot);
        self.retain(slot);
        // SAFETY: N2, N3: the count just made is given away.
        match unsafe { Kid::<T, F, L>::from_slot(inner.kids[slot], 0, len) } {
            Kid::Leaf(leaf) => leaf,
            Kid::Node(_) => unreachable!("level 0"),
        }
    }

    /// Drops the kids and frees the block.
    ///
    /// # Safety
    ///
    /// The caller gave back the last count.
    #[inline(never)]
    unsafe fn free(inner: NonNull<Inner<F>>) {
        /// Drops what is left and frees the block, even if a drop panics.
        struct Dying<T, const F: usize, const L: usize> {
            inner: NonNull<Inner<F>>,
            next: usize,
            owns: PhantomData<T>,
        }
        impl<T, const F: usize, const L: usize> Dying<T, F, L> {
            fn next(&mut self) -> Option<Kid<T, F, L>> {
                // SAFETY: the last count is gone, nobody else reaches the block.
                let inner = unsafe { self.inner.as_ref() };
                if self.next == usize::from(inner.len) {
                    return None;
                }
                let total = inner.ends[self.next] - inner.start(self.next);
                let kid = inner.kids[self.next];
                self.next += 1;
                // SAFETY: N2, N3: taken once, `next` has passed it.
                Some(unsafe { Kid::from_slot(kid, inner.level - 1, total) })
            }
        }
        impl<T, const F: usize, const L: usize> Drop for Dying<T, F, L> {
            fn drop(&mut self) {
                while let Some(kid) = self.next() {
                    drop(kid);
                }
                // SAFETY: the block is live until here; for loom's counters alone it does anything.
                unsafe { self.inner.drop_in_place() };
                // SAFETY: allocated with this layout.
                unsafe { sync::dealloc(self.inner.as_ptr().cast(), Layout::new::<Inner<F>>()) };
            }
        }
        let mut dying = Dying::<T, F, L> { inner, next: 0, owns: PhantomData };
        // SAFETY: the last count is gone, nobody else reaches the block.
        unsafe { dying.inner.as_ref() }.loom_access.write();
        while let Some(kid) = dying.next() {
            drop(kid);
        }
    }
}

impl<T, const F: usize, const L: usize> Clone for Node<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        self.refs().increment();
        Self { inner: self.inner, owns: PhantomData }
    }
}

impl<T, const F: usize, const L: usize> Drop for Node<T, F, L> {
    /// Recursion is as deep as the tree is high, at most [`Node::MAX_LEVEL`].
    #[inline]
    fn drop(&mut self) {
        if self.refs().decrement() {
            // SAFETY: that was the last count.
            unsafe { Self::free(self.inner) };
        }
    }
}
