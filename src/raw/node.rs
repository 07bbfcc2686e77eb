//! `Node`, the inner node of a persistent vector, and `Root`, a tree of them with what a read needs.
//!
//! A leaf is a buffer (`Handle`); a node has up to `F` kids, which are leaves at level 1 and nodes of
//! the level below it above that. Leaves have at most `L` elements; `L = 0` stands for the size that
//! suits `T`, see [`leaf_len`]. Everything here has safe methods: each keeps N1 to N4 by itself.
#![expect(unsafe_code, reason = "one block with untyped kids, edited in place while unique")]

use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop};
use core::ptr::{self, NonNull};

use super::buffer::SharedBuf;
use super::handle::{Handle, UniqueVec};
use super::layout::ReserveError;
use super::refcount::RefCount;
use crate::sync::{self, Witness};

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

/// The block of a node.
#[repr(C)]
struct Inner<const F: usize> {
    refs: RefCount,
    /// The kids.
    len: u8,
    /// 1 above leaves, one more above each level of nodes.
    level: u8,
    flags: u8,
    witness: Witness,
    /// `ends[i]`: the elements of kids `[0, i]`; `usize::MAX` past the last kid.
    ends: [usize; F],
    /// Slot 0 of a leaf's buffer, or the block of a node; null past the last kid.
    kids: [*mut u8; F],
}

#[cfg(all(not(cow_loom), target_pointer_width = "64"))]
const _: () = assert!(size_of::<Inner<16>>() == 272);

impl<const F: usize> Inner<F> {
    /// The elements before kid `slot`.
    #[inline]
    fn start(&self, slot: usize) -> usize {
        if slot == 0 { 0 } else { self.ends[slot - 1] }
    }

    /// The elements below.
    #[inline]
    fn total(&self) -> usize {
        self.start(usize::from(self.len))
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

    fn total(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf.len(),
            Self::Node(node) => node.total(),
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

    /// The highest level: there a full tree has at most `isize::MAX + 1` elements, so that no sum of
    /// lengths overflows and every shift is less than the width of a word.
    pub(crate) const MAX_LEVEL: u8 = {
        assert!(F.is_power_of_two() && F >= 2 && F <= 64);
        assert!(Self::LEAF.is_power_of_two() && Self::LEAF <= 1024);
        ((usize::BITS - 1 - Self::LEAF_BITS) / Self::BRANCH_BITS) as u8
    };

    /// The elements of a full tree of that level.
    #[inline]
    const fn full(level: u8) -> usize {
        Self::LEAF << (Self::BRANCH_BITS * level as u32)
    }

    /// The shift that leaves the slot at a level, which is not 0.
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
        let (refs, witness) = (RefCount::one(), Witness::new());
        let (ends, kids) = ([usize::MAX; F], [ptr::null_mut(); F]);
        let empty = Inner { refs, len: 0, level, flags: DENSE, witness, ends, kids };
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
        inner.witness.read();
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
        inner.witness.write();
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

    /// Whether a kid more has room.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.len() < F
    }

    /// The kid that has element `index`, which is below the total.
    #[inline]
    pub(crate) fn slot_of(&self, index: usize) -> usize {
        let inner = self.inner();
        // No kid has more than a full one, so the slot is the guess or one to its right.
        let guess = index >> Self::shift(inner.level);
        if inner.ends.get(guess).is_some_and(|&end| index < end) {
            guess
        } else {
            inner.ends.partition_point(|&end| end <= index)
        }
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

    /// Appends a kid, which is not empty.
    ///
    /// # Panics
    ///
    /// If there is no room, or the kid is not of the level below.
    pub(crate) fn push(&mut self, kid: Kid<T, F, L>) {
        let (slot, start, more) = (self.len(), self.total(), kid.total());
        assert!(kid.level() + 1 == self.level(), "all leaves are at one depth");
        assert!(slot < F && 0 < more && more <= Self::full(kid.level()), "a kid fits its node");
        let inner = self.unshared();
        inner.kids[slot] = kid.into_slot();
        // At most a full node, which does not overflow.
        inner.ends[slot] = start + more;
        inner.len += 1;
        self.settle();
    }

    /// Takes kid `slot` out.
    ///
    /// # Panics
    ///
    /// If there is no such kid.
    pub(crate) fn take(&mut self, slot: usize) -> Kid<T, F, L> {
        let len = self.len();
        assert!(slot < len, "no such kid");
        let inner = self.unshared();
        let (kid, total) = (inner.kids[slot], inner.ends[slot] - inner.start(slot));
        inner.kids.copy_within(slot + 1..len, slot);
        inner.ends.copy_within(slot + 1..len, slot);
        for end in &mut inner.ends[slot..len - 1] {
            *end -= total;
        }
        (inner.kids[len - 1], inner.ends[len - 1]) = (ptr::null_mut(), usize::MAX);
        inner.len -= 1;
        let level = inner.level - 1;
        self.settle();
        // SAFETY: N2, N3: it stood there, and its count is nobody's now.
        unsafe { Kid::from_slot(kid, level, total) }
    }

    /// Runs `edit` on the node that is kid `slot`, and then makes this node agree with it.
    ///
    /// # Panics
    ///
    /// If there is no such node, or `edit` leaves one of another level.
    pub(crate) fn edit<R>(&mut self, slot: usize, edit: impl FnOnce(&mut Self) -> R) -> R {
        /// Puts the kid back, even if `edit` panics (N2, N3).
        struct Back<'a, T, const F: usize, const L: usize> {
            parent: &'a mut Node<T, F, L>,
            slot: usize,
            kid: ManuallyDrop<Node<T, F, L>>,
            old: usize,
        }
        impl<T, const F: usize, const L: usize> Drop for Back<'_, T, F, L> {
            fn drop(&mut self) {
                let (kid, new) = (self.kid.inner, self.kid.total());
                assert!(self.kid.level() + 1 == self.parent.level(), "all leaves are at one depth");
                let inner = self.parent.unshared();
                inner.kids[self.slot] = kid.as_ptr().cast();
                for end in &mut inner.ends[self.slot..usize::from(inner.len)] {
                    *end = *end - self.old + new;
                }
                self.parent.settle();
            }
        }
        assert!(slot < self.len() && self.level() > 1, "no such node");
        let inner = self.unshared();
        let old = inner.ends[slot] - inner.start(slot);
        let kid = inner.kids[slot].cast();
        // SAFETY: N2: the slot of a node; its count is on loan until `Back` returns it.
        let inner = unsafe { NonNull::new_unchecked(kid) };
        let kid = ManuallyDrop::new(Self { inner, owns: PhantomData });
        let mut back = Back { parent: self, slot, kid, old };
        edit(&mut back.kid)
    }

    /// Sets the flag if it can be proven here: no kid has more than a full one, so if those left of the
    /// last have as many together as full ones, each of them is full (N4).
    fn settle(&mut self) {
        let (len, level) = (self.len(), self.level());
        let last_is_dense = match len.checked_sub(1).map(|last| self.kid(last)) {
            Some(KidRef::Node(last)) => last.is_dense(),
            _ => true,
        };
        let before_last = len.saturating_sub(1);
        let dense = last_is_dense && self.start(before_last) == before_last * Self::full(level - 1);
        self.unshared().flags = if dense { DENSE } else { 0 };
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
        unsafe { dying.inner.as_ref() }.witness.write();
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
        if self.refs().release() {
            // SAFETY: that was the last count.
            unsafe { Self::free(self.inner) };
        }
    }
}

/// A tree, or none, and what a read needs to know of it, so that it need not ask the top node (N4).
pub(crate) struct Root<T, const F: usize, const L: usize> {
    top: Option<Node<T, F, L>>,
    /// The elements.
    len: usize,
    /// The top's level, 0 without one.
    height: u8,
    /// The top's flag.
    dense: bool,
}

impl<T, const F: usize, const L: usize> Root<T, F, L> {
    /// No tree.
    pub(crate) const fn new() -> Self {
        Self { top: None, len: 0, height: 0, dense: true }
    }

    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) const fn height(&self) -> u8 {
        self.height
    }

    /// Whether slots follow from an index by shift and mask (N4).
    pub(crate) const fn is_dense(&self) -> bool {
        self.dense
    }

    #[inline]
    pub(crate) const fn top(&self) -> Option<&Node<T, F, L>> {
        self.top.as_ref()
    }

    /// Runs `edit` on the top node.
    pub(crate) fn edit<R>(&mut self, edit: impl FnOnce(&mut Option<Node<T, F, L>>) -> R) -> R {
        /// Agrees with the top again, even if `edit` panics (N4).
        struct Agree<'a, T, const F: usize, const L: usize>(&'a mut Root<T, F, L>);
        impl<T, const F: usize, const L: usize> Drop for Agree<'_, T, F, L> {
            fn drop(&mut self) {
                let (len, height, dense) = match &self.0.top {
                    Some(top) => (top.total(), top.level(), top.is_dense()),
                    None => (0, 0, true),
                };
                (self.0.len, self.0.height, self.0.dense) = (len, height, dense);
            }
        }
        let agree = Agree(self);
        edit(&mut agree.0.top)
    }

    /// The element at `index`.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[inline]
    pub(crate) fn at(&self, index: usize) -> &T {
        assert!(index < self.len, "no such element");
        if !self.dense {
            return self.relaxed_at(index);
        }
        // SAFETY: N4: dense, and the index is below the length.
        let leaf = unsafe { self.dense_leaf(index) };
        let offset = index & (Node::<T, F, L>::LEAF - 1);
        // SAFETY: B2, N3: as many are initialised, for as long as this root keeps its count.
        let leaf = unsafe { leaf.slice(offset + 1) };
        // SAFETY: in bounds.
        unsafe { leaf.get_unchecked(offset) }
    }

    /// [`Root::at`] where the tree is not dense.
    #[cold]
    #[inline(never)]
    fn relaxed_at(&self, index: usize) -> &T {
        match self.relaxed_leaf(index) {
            Some((leaf, start)) => &leaf[index - start],
            None => unreachable!("N3: a tree with that element has a leaf with it"),
        }
    }

    /// The leaf that has element `index`, and the elements before it.
    #[inline]
    pub(crate) fn leaf(&self, index: usize) -> Option<(&[T], usize)> {
        if index >= self.len {
            return None;
        }
        if !self.dense {
            return self.relaxed_leaf(index);
        }
        let start = index & !(Node::<T, F, L>::LEAF - 1);
        let len = Node::<T, F, L>::LEAF.min(self.len - start);
        // SAFETY: N4: dense, and the index is below the length.
        let leaf = unsafe { self.dense_leaf(index) };
        // SAFETY: B2, N3, N4: every leaf but the last is full, and the last has the rest.
        Some((unsafe { leaf.slice(len) }, start))
    }

    /// The leaf that has element `index`, by shift and mask.
    ///
    /// # Safety
    ///
    /// The tree is dense and has that element.
    #[inline]
    unsafe fn dense_leaf(&self, index: usize) -> SharedBuf<T> {
        // SAFETY: N4: there is an element, so there is a top.
        let top = unsafe { self.top.as_ref().unwrap_unchecked() };
        // Up to here shifts are constants: two thousand million elements of 8 bytes.
        const UNROLLED: u8 = 6;
        let mut at = top.inner.as_ptr().cast();
        if self.height > UNROLLED {
            // SAFETY: as this function's.
            at = unsafe { Self::step_down(at, index, self.height, UNROLLED) };
        }
        macro_rules! step {
            ($($level:literal)+) => {$(
                if self.height >= $level {
                    // SAFETY: N2, N4: `at` is a node of that level, on the way to the element.
                    at = unsafe { Self::step(at, index, $level) };
                }
            )+};
        }
        step!(6 5 4 3 2 1);
        // SAFETY: N2: at level 0 there are buffers, and there is one on the way to the element.
        let data = unsafe { NonNull::new_unchecked(at.cast::<T>()) };
        // SAFETY: N2: as above.
        unsafe { SharedBuf::from_data(data) }
    }

    /// The kid of the dense node at `node`, of level `level`, on the way to element `index`.
    ///
    /// # Safety
    ///
    /// There is that node, which has the element.
    #[inline(always)]
    unsafe fn step(node: *mut u8, index: usize, level: u8) -> *mut u8 {
        let node = node.cast::<Inner<F>>();
        if cfg!(cow_loom) {
            // SAFETY: N2: a live node.
            unsafe { &(*node).witness }.read();
        }
        // SAFETY: N2: a live node; the one field, which nobody edits (N1).
        let kids = unsafe { &(*node).kids };
        // A level that no dense tree has may shift by more than a word has bits: it is never asked for.
        let slot = index.wrapping_shr(Node::<T, F, L>::shift(level)) & (F - 1);
        // SAFETY: masked to less than `F`.
        unsafe { *kids.get_unchecked(slot) }
    }

    /// The node of level `to` on the way from the dense node at `node`, of level `from`, to element
    /// `index`.
    ///
    /// # Safety
    ///
    /// As for [`Root::step`].
    #[cold]
    #[inline(never)]
    unsafe fn step_down(mut node: *mut u8, index: usize, from: u8, to: u8) -> *mut u8 {
        for level in (to + 1..=from).rev() {
            // SAFETY: as this function's.
            node = unsafe { Self::step(node, index, level) };
        }
        node
    }

    /// The leaf that has element `index`, and the elements before it, by the ends.
    #[cold]
    #[inline(never)]
    fn relaxed_leaf(&self, index: usize) -> Option<(&[T], usize)> {
        let (mut node, mut start) = (self.top.as_ref()?, 0);
        loop {
            let slot = node.slot_of(index - start);
            start += node.start(slot);
            match node.kid(slot) {
                KidRef::Leaf(leaf) => return Some((leaf, start)),
                KidRef::Node(kid) => node = kid,
            }
        }
    }

    /// The elements of the leaf that has element `index`, for in-place edits, and the elements before
    /// it. Every shared node on the way is copied, and `copy` is called if the leaf is shared; if it
    /// panics, nothing visible has changed.
    #[inline]
    pub(crate) fn leaf_mut(
        &mut self,
        index: usize,
        copy: impl FnOnce(&Handle<T>) -> UniqueVec<T>,
    ) -> Option<(&mut [T], usize)> {
        if index >= self.len {
            return None;
        }
        let (dense, mut node, mut start) = (self.dense, self.top.as_mut()?, 0);
        loop {
            let slot = if dense {
                (index >> Node::<T, F, L>::shift(node.level())) & (F - 1)
            } else {
                node.slot_of(index - start)
            };
            let inner = node.unshared();
            let (before, end) = (inner.start(slot), inner.ends[slot]);
            start += before;
            let kid = ptr::from_mut(&mut inner.kids[slot]);
            if inner.level > 1 {
                // SAFETY: N1, N2: the slot of a node is a `Node`, which is transparent over its
                // pointer, and its parent is unique; a copy of it has the same level and total.
                node = unsafe { &mut *kid.cast::<Node<T, F, L>>() };
                continue;
            }
            // SAFETY: N1: in a unique node, which is borrowed for as long as the result.
            let kid = unsafe { &mut *kid };
            // SAFETY: N1, N2, N3: the slot of a leaf with that many elements.
            return Some((unsafe { unshared_leaf(kid, end - before, copy) }, start));
        }
    }
}

/// The elements of the leaf in `slot`, for in-place edits; if it is shared, `copy` replaces it.
///
/// # Safety
///
/// `slot` stands for a leaf with `len` elements, in a node that is unique while it is borrowed (N1, N2,
/// N3).
#[inline]
unsafe fn unshared_leaf<T>(
    slot: &mut *mut u8,
    len: usize,
    copy: impl FnOnce(&Handle<T>) -> UniqueVec<T>,
) -> &mut [T] {
    /// Puts the handle back, even if `copy` or a drop panics (N2).
    struct Back<'a, T>(&'a mut *mut u8, ManuallyDrop<Handle<T>>);
    impl<T> Drop for Back<'_, T> {
        #[inline]
        fn drop(&mut self) {
            // SAFETY: it is taken out once, here.
            let handle = unsafe { ManuallyDrop::take(&mut self.1) };
            *self.0 = handle.into_parts().0.data().as_ptr().cast();
        }
    }
    // SAFETY: N2: not null.
    let data = unsafe { NonNull::new_unchecked(slot.cast()) };
    // SAFETY: N2.
    let buf = unsafe { SharedBuf::from_data(data) };
    // SAFETY: B2, N2, N3: the slot's count is on loan until `Back` returns it.
    let handle = unsafe { Handle::from_parts(buf, len) };
    let mut back = Back(slot, ManuallyDrop::new(handle));
    let unique = back.1.unique_or(|leaf| {
        let copy = copy(leaf);
        assert!(copy.len() == len, "N3: a copy has as many elements");
        copy
    });
    let elements = ptr::from_mut(unique.as_mut_slice());
    drop(back);
    // SAFETY: N1, B5: unique and trimmed, and reached by nothing but the node that is borrowed.
    unsafe { &mut *elements }
}

impl<T, const F: usize, const L: usize> Clone for Root<T, F, L> {
    #[inline]
    fn clone(&self) -> Self {
        Self { top: self.top.clone(), len: self.len, height: self.height, dense: self.dense }
    }
}
