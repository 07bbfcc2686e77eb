//! The unsafe core of a persistent vector: reference-counted nodes over shared buffers.
//!
//! A leaf is a buffer ([`Handle`]) of at most `L` elements; `L = 0` stands for [`leaf_len`]. A [`Node`] is the inner
//! node of a counted B+tree with up to `F` children: leaves at level 1, and above that nodes of the level below. Each
//! node has a size table, as in a relaxed radix tree (Stucki et al. 2015). [`Root`] is a whole vector: a tree, and a
//! leaf outside of it at each end. Every method here is safe unless marked `unsafe`, and keeps N1 to N6.
//!
//! | file | owns |
//! |---|---|
//! | `mod` | the block of a node, a counted reference to it, and reading it |
//! | `children` | inserting, removing and editing children, and splitting nodes |
//! | `front_leaf` | `FrontLeaf`, the leaf before the tree |
//! | `root` | `Root`, and reading an element by index |
//! | `in_place` | edits of one element that copy nothing |
//! | `leaf_mut` | mutable access to leaves, which copies those that are shared |
#![expect(unsafe_code, reason = "one block with untyped children, edited in place while unique")]

mod children;
mod front_leaf;
mod in_place;
mod leaf_mut;
mod root;
#[cfg(all(test, not(cow_loom)))]
mod tests;

use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop, offset_of};
use core::ops::Range;
use core::ptr::{self, NonNull};

pub(crate) use self::front_leaf::FrontLeaf;
pub(crate) use self::leaf_mut::{LeafCursor, LeavesMut};
pub(crate) use self::root::Root;
use crate::raw::buffer::{BlockRef, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::raw::refcount::RefCount;
use crate::sync::{self, LoomAccess};

/// Returns the most elements of a leaf: about 1 KiB of them, and fewer if a copy runs their `Clone`.
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

/// An end of a vector.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Front,
    Back,
}

impl End {
    pub(crate) const fn is_front(self) -> bool {
        matches!(self, Self::Front)
    }

    /// Returns the slot of the child at this end of a node, which has children.
    pub(crate) fn slot<T, const F: usize, const L: usize>(self, node: &Node<T, F, L>) -> usize {
        match self {
            Self::Front => 0,
            Self::Back => node.len().saturating_sub(1),
        }
    }

    /// Returns the slot for one more child at this end of a node.
    pub(crate) fn place<T, const F: usize, const L: usize>(self, node: &Node<T, F, L>) -> usize {
        match self {
            Self::Front => 0,
            Self::Back => node.len(),
        }
    }
}

/// Set if shift and mask find the slot of an index below this node (N4).
const RADIX: u8 = 1;
/// Set if neighbouring children may fit together, because a panic came between an edit and the rebalancing.
///
/// The flag affects only how well the tree is packed.
const NEEDS_REBALANCE: u8 = 2;

/// The block of a node.
#[repr(C)]
struct Inner<const F: usize> {
    refs: RefCount,
    /// The number of children.
    len: u8,
    /// The level: 1 above leaves, and one more for each level of nodes below.
    level: u8,
    /// [`RADIX`] and [`NEEDS_REBALANCE`].
    ///
    /// N4: A node has `RADIX` only if every child but the last is full down to its leaves, and the last is a leaf or
    /// has `RADIX`.
    flags: u8,
    loom_access: LoomAccess,
    /// Always 0. It precedes `sizes`, so that `sizes[slot - 1]` is valid for slot 0.
    zero: usize,
    /// The size table. N3: `sizes[i]` is the number of elements below children `[0, i]`, except during an edit;
    /// `usize::MAX` past the last child. A leaf's size is the length of its handle, whose buffer may be larger.
    sizes: [usize; F],
    /// N2: `children[0..len]` are counted references to non-empty children: data pointers of buffers at level 1, and
    /// above that pointers to nodes of the level below. The other slots are null.
    children: [*mut u8; F],
}

#[cfg(all(not(cow_loom), target_pointer_width = "64"))]
const _: () = assert!(size_of::<Inner<16>>() == 280);

impl<const F: usize> Inner<F> {
    /// Returns the number of elements before child `slot`.
    ///
    /// # Panics
    ///
    /// Panics if `slot > F`.
    #[inline]
    fn start(&self, slot: usize) -> usize {
        assert!(slot <= F, "no such child");
        // SAFETY: `slot <= F`.
        unsafe { self.start_unchecked(slot) }
    }

    /// Returns the number of elements before child `slot`, without a bounds check.
    ///
    /// # Safety
    ///
    /// * `slot <= F`
    #[inline]
    unsafe fn start_unchecked(&self, slot: usize) -> usize {
        const { assert!(offset_of!(Self, sizes) == offset_of!(Self, zero) + size_of::<usize>()) };
        // SAFETY: the offset is that of a field, so the pointer stays within the block.
        let starts = unsafe { ptr::from_ref(self).byte_add(offset_of!(Self, zero)) };
        // SAFETY: `sizes` follows `zero`, so `F + 1` words begin there, and `slot <= F`.
        let start = unsafe { starts.cast::<usize>().add(slot) };
        // SAFETY: the word is initialised, and `self` is borrowed, so nobody writes it.
        unsafe { *start }
    }

    /// Returns the number of elements below child `slot`.
    #[inline]
    fn child_total(&self, slot: usize) -> usize {
        self.sizes[slot] - self.start(slot)
    }

    /// Returns the number of elements below this node.
    #[inline]
    fn total(&self) -> usize {
        self.start(usize::from(self.len))
    }

    /// Returns the slot of the child that has element `index`, which is below the total. The slot is the number of
    /// sizes that are at most `index`.
    ///
    /// Searches four ways without branches: a branch would be unpredictable, and three independent loads cost about as
    /// much as one.
    #[inline]
    fn slot_of(&self, index: usize) -> usize {
        let (mut slot, mut left) = (0, F);
        while left > 1 {
            let part = if left > 2 { left / 4 } else { 1 };
            // SAFETY: the answer is one of the `left` slots from `slot` on, which are below `F`. `child` is less than
            // `left`, so this index is one of them.
            let size = |child: usize| unsafe { *self.sizes.get_unchecked(slot + child - 1) };
            let passed = (part..left).step_by(part).map(|child| usize::from(size(child) <= index));
            slot += part * passed.sum::<usize>();
            left = part;
        }
        slot
    }
}

/// A counted reference to a node.
///
/// N1: A node is written only through `&mut`, and only if it and every node above it are unique.
#[repr(transparent)]
pub(crate) struct Node<T, const F: usize, const L: usize> {
    inner: NonNull<Inner<F>>,
    owns: PhantomData<T>,
}

// SAFETY: while a node is shared, only its atomic `refs` change (N1). Its leaves are `Handle`s, which are `Send` and
// `Sync` under the same bounds.
unsafe impl<T: Send + Sync, const F: usize, const L: usize> Send for Node<T, F, L> {}
// SAFETY: `&Node` gives access to `&T` and to clones of the node, and both are `Send` under these bounds.
unsafe impl<T: Send + Sync, const F: usize, const L: usize> Sync for Node<T, F, L> {}

/// A child of a node, as a counted reference.
pub(crate) enum Child<T, const F: usize, const L: usize> {
    Leaf(Handle<T>),
    Node(Node<T, F, L>),
}

/// A child of a node, borrowed.
pub(crate) enum ChildRef<'a, T, const F: usize, const L: usize> {
    Leaf(&'a [T]),
    Node(&'a Node<T, F, L>),
}

impl<T, const F: usize, const L: usize> Child<T, F, L> {
    /// Returns the level: 0 for a leaf.
    pub(crate) fn level(&self) -> u8 {
        match self {
            Self::Leaf(_) => 0,
            Self::Node(node) => node.level(),
        }
    }

    /// Returns the number of elements below.
    pub(crate) fn total(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf.len(),
            Self::Node(node) => node.total(),
        }
    }

    /// Returns `true` if a node of that level may have this child (N2).
    ///
    /// A leaf has at most [`Node::LEAF`] elements: only then does a sum of totals prove that each child is full (N4).
    #[inline]
    fn fits(&self, level: u8) -> bool {
        let total = self.total();
        let most = if level == 1 { Node::<T, F, L>::LEAF } else { usize::MAX };
        self.level() + 1 == level && 0 < total && total <= most
    }

    /// Returns the pointer that a slot has for this child.
    #[inline]
    fn slot(&self) -> *mut u8 {
        match self {
            Self::Leaf(leaf) => leaf.as_slice().as_ptr().cast_mut().cast(),
            Self::Node(node) => node.inner.as_ptr().cast(),
        }
    }

    /// Returns the pointer for a slot, which now owns the reference (N2).
    fn into_slot(self) -> *mut u8 {
        match self {
            Self::Leaf(leaf) => leaf.into_parts().0.data().as_ptr().cast(),
            Self::Node(node) => ManuallyDrop::new(node).inner.as_ptr().cast(),
        }
    }

    /// Takes a child out of a slot.
    ///
    /// # Safety
    ///
    /// * `slot` is a child of `total` elements in a node of level `level + 1`.
    /// * The caller owns the slot's reference and does not use it again.
    unsafe fn from_slot(slot: *mut u8, level: u8, total: usize) -> Self {
        if level > 0 {
            // SAFETY: the slot of a child is not null (N2).
            let inner = unsafe { NonNull::new_unchecked(slot.cast()) };
            return Self::Node(Node { inner, owns: PhantomData });
        }
        // SAFETY: a child of a node of level 1 is a buffer (N2).
        let buf = unsafe { leaf_buf(slot) };
        // SAFETY: the caller owns the reference, and the first `total` slots are initialised (N3).
        Self::Leaf(unsafe { Handle::from_parts(buf, total) })
    }
}

/// Returns the buffer of a leaf.
///
/// # Safety
///
/// * `slot` is a child of a node of level 1.
#[inline(always)]
unsafe fn leaf_buf<T>(slot: *mut u8) -> SharedBuf<T> {
    // SAFETY: the slot of a child is not null (N2).
    let data = unsafe { NonNull::new_unchecked(slot.cast()) };
    // SAFETY: the children at level 1 are data pointers of live buffers (N2).
    unsafe { SharedBuf::from_data(data) }
}

/// Returns `true` if a block is unique and exactly `len` of its slots are filled. The caller has exclusive access to
/// one reference to it.
#[inline]
fn is_unique_and_trimmed<T>(block: BlockRef<'_, T>, len: usize) -> bool {
    if !block.is_unique() {
        return false;
    }
    block.begin_edit();
    block.filled().is_plain(len)
}

impl<T, const F: usize, const L: usize> Node<T, F, L> {
    /// The most elements of a leaf.
    pub(crate) const LEAF: usize = if L == 0 { leaf_len::<T>() } else { L };
    const LEAF_BITS: u32 = Self::LEAF.trailing_zeros();
    const BRANCH_BITS: u32 = F.trailing_zeros();

    /// The highest level at which a node can be radix.
    ///
    /// A full node there has at most `isize::MAX + 1` elements, so every shift is less than the width of a word.
    const MAX_RADIX_LEVEL: u8 = {
        assert!(F.is_power_of_two() && F >= 2 && F <= 64);
        assert!(Self::LEAF.is_power_of_two() && Self::LEAF <= 1024);
        ((usize::BITS - 1 - Self::LEAF_BITS) / Self::BRANCH_BITS) as u8
    };

    /// The highest level, which bounds recursion. Each level stands for `log2(F) / 2` bits of a length.
    ///
    /// With a fan-out of 16, no tree becomes so high. Neighbours never fit into 3/4 of a node, so each level multiplies
    /// the elements by at least 5.27. With a fan-out of 4 there is no such bound.
    pub(crate) const MAX_LEVEL: u8 = (2 * usize::BITS / Self::BRANCH_BITS) as u8;

    /// Returns the number of elements of a full tree of that level, at most `usize::MAX`.
    #[inline]
    const fn full(level: u8) -> usize {
        let bits = Self::LEAF_BITS + Self::BRANCH_BITS * level as u32;
        if bits < usize::BITS { 1 << bits } else { usize::MAX }
    }

    /// Returns the shift of an index at a level above 0. It is less than the width of a word if a tree of that level
    /// can be radix.
    #[inline]
    const fn shift(level: u8) -> u32 {
        Self::LEAF_BITS + Self::BRANCH_BITS * (level as u32 - 1)
    }

    /// Creates a node without children.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if the level is 0 or above [`Node::MAX_LEVEL`].
    #[track_caller]
    pub(crate) fn new(level: u8) -> Self {
        if level == 0 || level > Self::MAX_LEVEL {
            ReserveError::CapacityOverflow.fail();
        }
        let inner = Self::allocate();
        let (refs, loom_access) = (RefCount::one(), LoomAccess::new());
        let (sizes, children) = ([usize::MAX; F], [ptr::null_mut(); F]);
        let empty =
            Inner { refs, len: 0, level, flags: RADIX, loom_access, zero: 0, sizes, children };
        // SAFETY: the block is new, and has the layout of `Inner`.
        unsafe { inner.write(empty) };
        Self { inner, owns: PhantomData }
    }

    /// Allocates the block of a node.
    #[track_caller]
    fn allocate() -> NonNull<Inner<F>> {
        let layout = Layout::new::<Inner<F>>();
        // SAFETY: the layout has a size above 0.
        let start = unsafe { sync::alloc(layout) };
        let Some(inner) = NonNull::new(start.cast()) else { ReserveError::Alloc(layout).fail() };
        inner
    }

    /// Creates a node with one child.
    #[track_caller]
    pub(crate) fn above(child: Child<T, F, L>) -> Self {
        let mut node = Self::new(child.level() + 1);
        node.push(child);
        node
    }

    #[inline]
    fn refs(&self) -> &RefCount {
        // SAFETY: this `Node` owns a reference to the block, so the block is live. The field is an atomic.
        unsafe { &(*self.inner.as_ptr()).refs }
    }

    #[inline]
    fn inner(&self) -> &Inner<F> {
        // SAFETY: this `Node` owns a reference to the block, and only a unique owner writes, through `&mut` (N1).
        let inner = unsafe { self.inner.as_ref() };
        inner.loom_access.read();
        inner
    }

    /// Returns the block for writing; copies it first if it is shared (N1).
    #[inline]
    fn unshared(&mut self) -> &mut Inner<F> {
        if !self.refs().is_unique() {
            *self = self.copied();
        }
        // SAFETY: the block is unique or was just made, and is borrowed mutably (N1).
        let inner = unsafe { self.inner.as_mut() };
        inner.loom_access.write();
        inner
    }

    /// Returns a copy with the same children.
    #[cold]
    #[inline(never)]
    fn copied(&self) -> Self {
        let inner = Self::allocate();
        let Inner { len, level, flags, sizes, children, .. } = *self.inner();
        self.retain_children();
        let (refs, loom_access) = (RefCount::one(), LoomAccess::new());
        let copy = Inner { refs, len, level, flags, loom_access, zero: 0, sizes, children };
        // SAFETY: the block is new, and has the layout of `Inner`.
        unsafe { inner.write(copy) };
        Self { inner, owns: PhantomData }
    }

    /// Adds a reference to each child.
    #[inline]
    fn retain_children(&self) {
        let inner = self.inner();
        let children = &inner.children[..usize::from(inner.len)];
        if inner.level > 1 {
            for child in children {
                // SAFETY: above level 1, children are live nodes, because this node holds a reference to each (N2).
                // The field is an atomic.
                unsafe { &(*child.cast::<Inner<F>>()).refs }.increment();
            }
        } else {
            for child in children {
                // SAFETY: at level 1, children are buffers (N2).
                let buf = unsafe { leaf_buf::<T>(*child) };
                // SAFETY: this node holds a reference to the buffer, so the buffer is live (B1).
                unsafe { buf.block() }.retain();
            }
        }
    }

    /// Adds a reference to a child.
    #[inline]
    fn retain(&self, slot: usize) {
        let child = self.inner().children[slot];
        if self.level() > 1 {
            let child = child.cast::<Inner<F>>();
            // SAFETY: above level 1, children are live nodes, because this node holds a reference to each (N2). The
            // field is an atomic.
            unsafe { &(*child).refs }.increment();
        } else {
            // SAFETY: at level 1, children are buffers (N2).
            let buf = unsafe { leaf_buf::<T>(child) };
            // SAFETY: this node holds a reference to the buffer, so the buffer is live (B1).
            unsafe { buf.block() }.retain();
        }
    }

    /// The size of a node's block in bytes.
    pub(crate) const BYTES: usize = size_of::<Inner<F>>();

    /// Returns the address of the block.
    pub(crate) fn addr(&self) -> usize {
        self.inner.as_ptr().addr()
    }

    /// Returns the bytes of this block and of the blocks that only it reaches; may be stale.
    pub(crate) fn unique_bytes(&self) -> usize {
        if self.refs().advisory() > 1 {
            return 0;
        }
        let children = (0..self.len()).map(|slot| match self.child(slot) {
            ChildRef::Node(child) => child.unique_bytes(),
            ChildRef::Leaf(_) => {
                let leaf = self.leaf_handle(slot);
                // The two references are this handle's and the node's.
                if leaf.strong_count() == 2 { leaf.heap_bytes() } else { 0 }
            }
        });
        Self::BYTES + children.sum::<usize>()
    }

    /// Returns the number of children.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        usize::from(self.inner().len)
    }

    /// Returns the level: 1 above leaves.
    #[inline]
    pub(crate) fn level(&self) -> u8 {
        self.inner().level
    }

    /// Returns the number of elements below.
    #[inline]
    pub(crate) fn total(&self) -> usize {
        self.inner().total()
    }

    /// Returns the number of elements before child `slot`.
    #[inline]
    pub(crate) fn start(&self, slot: usize) -> usize {
        self.inner().start(slot)
    }

    /// Returns `true` if shift and mask find the slots below this node (N4).
    #[inline]
    pub(crate) fn is_radix(&self) -> bool {
        self.inner().flags & RADIX != 0
    }

    #[inline]
    pub(crate) fn ptr_eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }

    /// Returns `true` if both nodes have the same child in a slot, with the same number of elements before it.
    #[inline]
    pub(crate) fn has_same_child(&self, other: &Self, slot: usize) -> bool {
        let (ours, theirs) = (self.inner(), other.inner());
        let is_there = slot < usize::from(ours.len.min(theirs.len)) && ours.level == theirs.level;
        is_there
            && ours.children[slot] == theirs.children[slot]
            && ours.sizes[slot] == theirs.sizes[slot]
            && ours.start(slot) == theirs.start(slot)
    }

    /// Returns `true` if neighbouring children may fit together after a panic.
    #[inline]
    pub(crate) fn needs_rebalance(&self) -> bool {
        self.inner().flags & NEEDS_REBALANCE != 0
    }

    /// Returns the first of some children that fits together with its right neighbour.
    ///
    /// Two leaves fit together if 3/4 of a leaf has room for their elements. Two nodes fit together if 3/4 of a node
    /// has room for their children.
    pub(crate) fn first_fit(&self, children: Range<usize>) -> Option<usize> {
        let inner = self.inner();
        let mut children =
            children.start..children.end.min(usize::from(inner.len).saturating_sub(1));
        if inner.level == 1 {
            let fits = |child| inner.sizes[child + 1] - inner.start(child) <= Self::LEAF / 4 * 3;
            return children.find(|child| fits(*child));
        }
        let len = |child| match self.child(child) {
            ChildRef::Node(child) => child.len(),
            ChildRef::Leaf(_) => unreachable!("leaves are at level 0"),
        };
        children.find(|child| len(*child) + len(*child + 1) <= F / 4 * 3)
    }

    /// Returns `true` if there is room for one more child.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.len() < F
    }

    /// Returns the slot of the child that has element `index`, which is below the total.
    #[inline]
    pub(crate) fn slot_of(&self, index: usize) -> usize {
        self.inner().slot_of(index)
    }

    /// Returns child `slot`.
    ///
    /// # Panics
    ///
    /// Panics if there is no such child.
    #[inline]
    pub(crate) fn child(&self, slot: usize) -> ChildRef<'_, T, F, L> {
        let inner = self.inner();
        assert!(slot < usize::from(inner.len), "no such child");
        let child = &inner.children[slot];
        if inner.level > 1 {
            // SAFETY: above level 1, a slot is a pointer to a node (N2), and `Node` is transparent over that pointer.
            return ChildRef::Node(unsafe { &*ptr::from_ref(child).cast::<Self>() });
        }
        let len = inner.child_total(slot);
        // SAFETY: at level 1, children are buffers (N2).
        let buf = unsafe { leaf_buf::<T>(*child) };
        // SAFETY: `len` elements are initialised (N3), and this node keeps its reference while it is borrowed.
        ChildRef::Leaf(unsafe { buf.slice(len) })
    }

    /// Returns a new handle of leaf `slot`.
    ///
    /// # Panics
    ///
    /// Panics if there is no such child, or if it is a node.
    pub(crate) fn leaf_handle(&self, slot: usize) -> Handle<T> {
        let inner = self.inner();
        assert!(slot < usize::from(inner.len) && inner.level == 1, "no such leaf");
        let len = inner.child_total(slot);
        self.retain(slot);
        // SAFETY: the slot is a leaf of `len` elements (N2, N3), and the reference was just added.
        match unsafe { Child::<T, F, L>::from_slot(inner.children[slot], 0, len) } {
            Child::Leaf(leaf) => leaf,
            Child::Node(_) => unreachable!("level 0"),
        }
    }

    /// Drops the children and frees the block.
    ///
    /// # Safety
    ///
    /// * The caller released the last reference.
    #[inline(never)]
    unsafe fn free(inner: NonNull<Inner<F>>) {
        /// Drops the remaining children and frees the block, even if a drop panics.
        struct Dying<T, const F: usize, const L: usize> {
            inner: NonNull<Inner<F>>,
            next: usize,
            owns: PhantomData<T>,
        }
        impl<T, const F: usize, const L: usize> Dying<T, F, L> {
            #[inline]
            fn drop_children(&mut self) {
                // SAFETY: the last reference is released, so nobody else reaches the block.
                let inner = unsafe { self.inner.as_ref() };
                // Read once, because the compiler would load both again after each atomic operation.
                let (level, children) = (inner.level, &inner.children[..usize::from(inner.len)]);
                while let Some(child) = children.get(self.next) {
                    self.next += 1;
                    // SAFETY: the slot of a child is not null (N2).
                    let child = unsafe { NonNull::new_unchecked(*child) };
                    if level > 1 {
                        drop(Node::<T, F, L> { inner: child.cast(), owns: PhantomData });
                    } else {
                        // SAFETY: at level 1, children are buffers (N2).
                        let buf = unsafe { leaf_buf::<T>(child.as_ptr()) };
                        // SAFETY: the block owned a reference to the buffer. `next` has passed the child, so that the
                        // reference is released once.
                        unsafe { buf.release() };
                    }
                }
            }
        }
        impl<T, const F: usize, const L: usize> Drop for Dying<T, F, L> {
            #[inline]
            fn drop(&mut self) {
                self.drop_children();
                // SAFETY: the block is live until the next statement. Only loom's atomics have a drop.
                unsafe { self.inner.drop_in_place() };
                // SAFETY: the block was allocated with this layout.
                unsafe { sync::dealloc(self.inner.as_ptr().cast(), Layout::new::<Inner<F>>()) };
            }
        }
        let mut dying = Dying::<T, F, L> { inner, next: 0, owns: PhantomData };
        // SAFETY: the last reference is released, so nobody else reaches the block.
        unsafe { dying.inner.as_ref() }.loom_access.write();
        dying.drop_children();
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
    /// Recurses once a level, at most [`Node::MAX_LEVEL`] times.
    #[inline]
    fn drop(&mut self) {
        if self.refs().decrement() {
            // SAFETY: the decrement released the last reference.
            unsafe { Self::free(self.inner) };
        }
    }
}
