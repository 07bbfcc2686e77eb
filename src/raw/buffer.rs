//! The block in which elements lie: [`SharedBuf`] points to one, and [`BlockRef`] borrows one.
//!
//! A `SharedBuf` is a copyable pointer that owns nothing, so most of its methods are unsafe. A `BlockRef`
//! proves that its block is live, and gives safe access to the fields of the header.
//! Lengths and references are paired with a `SharedBuf` elsewhere, for example by a `Handle`.
#![expect(unsafe_code, reason = "allocates, grows and frees the one buffer")]
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "a slot and its use rest on one fact")]

use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::needs_drop;
#[cfg(feature = "list")]
use core::mem::offset_of;
use core::ptr::{self, NonNull};
use core::slice;

use super::layout::{BlockLayout, MAX_LEN, ReserveError, or_fail};
use super::refcount::{Filled, FilledWord, RefCount};
use crate::sync::{self, LoomAccess};

/// The start of every block: three words.
///
/// No `&Header` exists (B7), because other handles change the atomic fields at any time. [`BlockRef`] reaches
/// each field through a raw pointer to that field.
#[repr(C)]
pub(crate) struct Header {
    /// The number of references to the block. The owner of the last one drops the elements and frees the block
    /// when it gives that one back (B6).
    refs: RefCount,
    /// The number of initialised slots, with the flags LIST and BACK_ALIGNED.
    ///
    /// * While the block is shared, the number only grows and the flags do not change (B3, B10).
    /// * A handle that moves the number from its own end upwards owns the new slots (B4).
    /// * Only the unique owner lowers the number. It stores the new number first and then drops the elements
    ///   above it. So a destructor that panics leaks elements and never drops one twice (B5).
    /// * Elements without drop glue need no drop. So an append by the unique owner may overwrite excess elements, and
    ///   stores only the number with the new elements (B5).
    filled: FilledWord,
    /// The number of slots, from which the layout of the block follows (B1). It changes only while the unique
    /// owner reallocates the block (B3).
    cap: usize,
    loom_access: LoomAccess,
}

#[cfg(not(cow_loom))]
const _: () = assert!(size_of::<Header>() == 3 * size_of::<usize>());

/// A pointer to slot 0 of a block, or the empty sentinel (B1). It owns no reference.
pub(crate) struct SharedBuf<T> {
    data: NonNull<T>,
    /// A block holds `T`s and drops them.
    owns: PhantomData<T>,
}

impl<T> Clone for SharedBuf<T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for SharedBuf<T> {}
impl<T> PartialEq for SharedBuf<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

impl<T> SharedBuf<T> {
    const LAYOUT: BlockLayout = BlockLayout::of::<Header, T>();

    /// The sentinel of handles without a block. Its address is `align_of::<T>()`.
    ///
    /// No slot 0 has that address: a block is aligned for `T`, so it starts there or above, and its header comes first.
    pub(crate) const EMPTY: Self = Self { data: NonNull::dangling(), owns: PhantomData };

    /// Returns the pointer to slot 0, which [`SharedBuf::from_data`] turns back.
    #[inline]
    pub(crate) const fn data(self) -> NonNull<T> {
        self.data
    }

    /// Returns whether this points to a block.
    #[inline]
    pub(crate) fn is_allocated(self) -> bool {
        self.data != NonNull::dangling()
    }

    /// Allocates a block with at least `cap` slots, one reference and no initialised slot.
    #[inline]
    #[track_caller]
    pub(crate) fn allocate(cap: usize) -> Self {
        or_fail(Self::try_allocate(cap))
    }

    /// Like [`SharedBuf::allocate`], with exactly `cap` slots.
    #[inline]
    #[track_caller]
    pub(crate) fn allocate_exact(cap: usize) -> Self {
        or_fail(Self::try_allocate_exact(cap))
    }

    /// Like [`SharedBuf::allocate`], but returns an error instead of ending the operation.
    #[inline]
    pub(crate) fn try_allocate(cap: usize) -> Result<Self, ReserveError> {
        Self::try_allocate_exact(Self::LAYOUT.round_up(cap)?)
    }

    #[inline]
    fn try_allocate_exact(cap: usize) -> Result<Self, ReserveError> {
        let layout = Self::LAYOUT.block(cap)?;
        // SAFETY: a block has a header, so the size is not zero.
        let start = unsafe { sync::alloc(layout) };
        let start = NonNull::new(start).ok_or(ReserveError::Alloc(layout))?;
        let (refs, filled) = (RefCount::one(), FilledWord::zero());
        let header = Header { refs, filled, cap, loom_access: LoomAccess::new() };
        // SAFETY: the block is new, and its layout has room and alignment for a header (B1).
        unsafe { start.cast::<Header>().write(header) };
        Ok(Self::at(start))
    }

    /// Returns the pointer to the block that starts at `start`.
    #[inline]
    fn at(start: NonNull<u8>) -> Self {
        // SAFETY: a block has at least `offset` bytes (B1).
        let data = unsafe { start.byte_add(Self::LAYOUT.offset) };
        Self { data: data.cast(), owns: PhantomData }
    }

    /// Turns a pointer from [`SharedBuf::data`] back.
    ///
    /// # Safety
    ///
    /// * `data` came from `data` of a `SharedBuf<T>`.
    #[inline]
    pub(crate) const unsafe fn from_data(data: NonNull<T>) -> Self {
        Self { data, owns: PhantomData }
    }

    #[inline]
    fn header(self) -> *mut Header {
        // Wrapping, because the sentinel has no header. The header of a block lies inside it (B1).
        self.data.as_ptr().wrapping_byte_sub(Self::LAYOUT.offset).cast()
    }
}

/// Marks a branch as rarely taken, so that the other one is laid out without a jump.
#[cold]
pub(crate) const fn cold() {}

/// A borrow of a block that is live for `'a`, which gives safe access to its header.
pub(crate) struct BlockRef<'a, T> {
    buf: SharedBuf<T>,
    live: PhantomData<&'a Header>,
}

impl<T> Clone for BlockRef<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for BlockRef<'_, T> {}

impl<'a, T> BlockRef<'a, T> {
    /// Returns the buffer, without adding a reference.
    #[inline]
    pub(crate) fn buf(self) -> SharedBuf<T> {
        self.buf
    }

    /// Returns the number of references.
    #[inline]
    fn refs(self) -> &'a RefCount {
        // SAFETY: the block is live for `'a` (B1), and the reference covers only this atomic field (B7).
        unsafe { &(*self.buf.header()).refs }
    }

    /// Returns the number of initialised slots, with its flags.
    #[inline]
    pub(crate) fn filled(self) -> &'a FilledWord {
        // SAFETY: the block is live for `'a` (B1), and the reference covers only this atomic field (B7).
        unsafe { &(*self.buf.header()).filled }
    }

    /// Returns the number of slots.
    #[inline]
    pub(crate) fn cap(self) -> usize {
        // SAFETY: the block is live (B1), and its capacity changes only where no borrow exists (B3).
        unsafe { (*self.buf.header()).cap }
    }

    /// Returns the size of the block in bytes.
    #[inline]
    pub(crate) fn size(self) -> usize {
        SharedBuf::<T>::LAYOUT.size(self.cap())
    }

    #[inline]
    fn layout(self) -> Layout {
        // SAFETY: the block was allocated with this layout (B1).
        unsafe { Layout::from_size_align_unchecked(self.size(), SharedBuf::<T>::LAYOUT.align) }
    }

    #[inline]
    fn loom_access(self) -> &'a LoomAccess {
        // SAFETY: the block is live for `'a` (B1), and the reference covers only this field (B7).
        unsafe { &(*self.buf.header()).loom_access }
    }

    /// Tells loom that the unique owner begins to write elements.
    #[inline]
    pub(crate) fn begin_edit(self) {
        self.loom_access().write();
    }

    /// Returns whether this reference is the only one. The caller holds its handle by `&mut`.
    #[inline]
    pub(crate) fn is_unique(self) -> bool {
        self.refs().is_unique()
    }

    /// Returns the number of references. The value may be stale; use it for diagnostics only.
    #[inline]
    pub(crate) fn strong_count(self) -> usize {
        self.refs().advisory()
    }

    /// Adds a reference.
    #[inline]
    pub(crate) fn retain(self) {
        self.refs().increment();
    }

    /// Returns the address under which a list publishes the block: the address of its second word.
    ///
    /// It lies inside the block, so that no other allocation begins or ends there, and it has the provenance
    /// of the whole block (B11).
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn published(self) -> NonNull<FilledWord> {
        // SAFETY: the second word lies inside the block (B1), so its address is not null.
        unsafe { NonNull::new_unchecked(&raw mut (*self.buf.header()).filled) }
    }

    /// Claims slots `[end, end + more)` for the caller, if it can write them without a copy (B4).
    ///
    /// A shared block grants a claim only to types without drop glue (B9). A unique block grants such types a claim
    /// below `filled` too: excess elements are overwritten or are no longer counted (B5).
    ///
    /// # Safety
    ///
    /// * The caller's elements end at slot `end`, and the caller holds its handle by `&mut`.
    /// * If `T` has drop glue, the caller initialises the claimed slots before user code runs (B8). Otherwise it may
    ///   leave some uninitialised, which no handle then covers.
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim(self, end: usize, more: usize) -> bool {
        if self.is_unique() {
            return self.claim_if_room(end, more);
        }
        cold();
        !needs_drop::<T>() && self.cap() - end >= more && self.filled().claim(end, more)
    }

    /// Like [`BlockRef::claim`], but fails if the block is shared. For types without drop glue only.
    ///
    /// Does not look at `filled`: the unique owner may clear the flag LIST, and write over excess elements (B5).
    ///
    /// # Safety
    ///
    /// * As for [`BlockRef::claim`].
    /// * The block is not back-aligned.
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim_if_unique(self, end: usize, more: usize) -> bool {
        const { assert!(!needs_drop::<T>(), "excess elements are not dropped") };
        let free = self.is_unique() && self.cap() - end >= more;
        if free {
            self.begin_edit();
            self.filled().set(end + more);
        }
        free
    }

    /// Claims slots of a unique block, where the caller's elements end at slot `end`.
    #[inline]
    fn claim_if_room(self, end: usize, more: usize) -> bool {
        let filled = self.filled();
        // The owner covers slots `[0, end)`, so `end <= filled` (B2). If the elements from `end` on need no drop, it
        // may overwrite them without a trim (B5).
        let may_append =
            if needs_drop::<T>() { filled.is_plain(end) } else { filled.is_unflagged() };
        let free = may_append && self.cap() - end >= more;
        if free {
            self.begin_edit();
            self.filled().set(end + more);
        }
        free
    }

    /// Claims the slot before `start` in the back-aligned block of a front leaf with `cap` slots, as
    /// [`BlockRef::claim`] does at the other end. Fails if the block is not back-aligned.
    ///
    /// # Safety
    ///
    /// * The caller's elements begin at slot `start`, which is not 0, and the caller holds its handle by `&mut`.
    /// * If the block is back-aligned, it has exactly `cap` slots (N6).
    /// * The caller initialises the claimed slot before user code runs (B8).
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim_before(self, start: usize, cap: usize) -> bool {
        if !self.is_unique() {
            cold();
            return !needs_drop::<T>() && self.filled().claim_back_aligned(cap - start);
        }
        let free = self.filled().is_back_aligned(cap - start);
        if free {
            self.begin_edit();
            self.filled().set_back_aligned(cap - start + 1);
        }
        free
    }
}

/// # Safety
///
/// For each method that takes `self`:
/// * `self` points to a live block, not to the sentinel (B1).
/// * The caller holds a reference to the block.
impl<T> SharedBuf<T> {
    /// Borrows the block.
    ///
    /// # Safety
    ///
    /// * The block stays live for `'a`, and its capacity does not change.
    #[inline]
    pub(crate) unsafe fn block<'a>(self) -> BlockRef<'a, T> {
        BlockRef { buf: self, live: PhantomData }
    }

    /// Gives the caller's reference back, and frees the block if it was the last one.
    #[inline]
    pub(crate) unsafe fn release(self) {
        // SAFETY: the caller holds a reference to the block.
        if unsafe { self.block() }.refs().decrement() {
            // SAFETY: that was the last reference (B6).
            unsafe { self.free() };
        }
    }

    /// Like [`SharedBuf::release`], but always with a `fetch_sub`.
    ///
    /// For references that other threads may have added (P2), and for those that are rarely the last one.
    #[inline]
    pub(crate) unsafe fn release_by_rmw(self) {
        // SAFETY: the caller holds a reference to the block.
        if unsafe { self.give_back_by_rmw() } {
            // SAFETY: that was the last reference (B6).
            unsafe { self.free() };
        }
    }

    /// Gives the caller's reference back, always with a `fetch_sub`. Returns whether it was the last one, so that the
    /// caller must free the block.
    ///
    /// # Safety
    ///
    /// * The caller has a reference to the block, and uses it no more after this call, except to free the block.
    #[inline]
    #[must_use]
    pub(crate) unsafe fn give_back_by_rmw(self) -> bool {
        // SAFETY: the caller holds a reference to the block.
        unsafe { self.block() }.refs().decrement_by_rmw()
    }

    /// Turns a pointer from [`BlockRef::published`] back.
    ///
    /// # Safety
    ///
    /// * `filled` came from `published` of a block of `T`s, which is still live (B1).
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) unsafe fn from_published(filled: NonNull<FilledWord>) -> Self {
        // SAFETY: the word lies this far behind the start of a live block (B1).
        let start = unsafe { filled.byte_sub(offset_of!(Header, filled)) };
        Self::at(start.cast())
    }
}

/// # Safety
///
/// For each of these methods:
/// * `self` points to a block and the caller holds a reference to it, or is the sentinel. Indices and lengths of
///   the sentinel are 0 (B1).
impl<T> SharedBuf<T> {
    /// Returns the first `len` elements.
    ///
    /// # Safety
    ///
    /// * The block stays live for `'a`.
    /// * These elements are initialised, and nobody writes them for `'a` (B2, B3).
    #[inline]
    pub(crate) unsafe fn slice<'a>(self, len: usize) -> &'a [T] {
        // SAFETY: the caller's obligations are the same.
        unsafe { self.range(0, len) }
    }

    /// Returns the `len` elements from slot `start` on.
    ///
    /// # Safety
    ///
    /// * The block stays live for `'a`.
    /// * These elements are initialised, and nobody writes them for `'a` (B2, B3, N6).
    #[inline]
    pub(crate) unsafe fn range<'a>(self, start: usize, len: usize) -> &'a [T] {
        if cfg!(cow_loom) && self.is_allocated() {
            // SAFETY: the caller holds a reference to the block.
            unsafe { self.block() }.loom_access().read();
        }
        // SAFETY: the slots lie inside the block and are initialised (B1, B2), and the slice covers no other
        // slot (B7). Nobody writes them for `'a` (B3). The sentinel is aligned, and `len` is 0 there.
        unsafe { slice::from_raw_parts(self.slot(start), len) }
    }

    /// Returns the first `len` elements for writing.
    ///
    /// # Safety
    ///
    /// * The caller is the unique owner. The block stays live for `'a`, and nobody else uses these elements (B5).
    /// * They are initialised (B2).
    #[inline]
    pub(crate) unsafe fn slice_mut<'a>(self, len: usize) -> &'a mut [T] {
        // SAFETY: the caller's obligations are the same.
        unsafe { self.range_mut(0, len) }
    }

    /// Returns the `len` elements from slot `start` on for writing.
    ///
    /// # Safety
    ///
    /// * The caller is the unique owner. The block stays live for `'a`, and nobody else uses these elements (B5).
    /// * They are initialised (B2).
    #[inline]
    pub(crate) unsafe fn range_mut<'a>(self, start: usize, len: usize) -> &'a mut [T] {
        // SAFETY: the slots lie inside the block and are initialised (B1, B2). No other reference to them
        // exists (B5), and the slice covers no other slot (B7).
        unsafe { slice::from_raw_parts_mut(self.slot(start), len) }
    }

    /// Returns the address of slot `index`.
    ///
    /// # Safety
    ///
    /// * `index` is at most the capacity.
    #[inline]
    pub(crate) unsafe fn slot(self, index: usize) -> *mut T {
        // SAFETY: the slot lies inside the block or at its end (B1).
        unsafe { self.data.as_ptr().add(index) }
    }
}

/// # Safety
///
/// For each of these methods:
/// * `self` points to a live block, not to the sentinel (B1).
/// * Nobody else uses the block. The caller holds the only reference, and has found it unique through `&mut` or owns it
///   by value (B5). Or the caller gave back the last reference, and frees the block next (B6).
impl<T> SharedBuf<T> {
    /// Lowers the number of initialised slots to `len`, and drops the excess elements (B5).
    ///
    /// Clears the flag LIST. A back-aligned block stays back-aligned, and keeps its last `len` slots (N6).
    ///
    /// # Safety
    ///
    /// * `len` is at most the number of initialised slots (B2).
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn trim(self, len: usize) {
        // SAFETY: the caller holds a reference to the block.
        let block = unsafe { self.block() };
        let (first, excess) = match block.filled().read() {
            Filled::Plain(old) | Filled::List(old) => {
                block.filled().set(len);
                (len, old - len)
            }
            Filled::BackAligned(old) => {
                block.filled().set_back_aligned(len);
                (block.cap() - old, old - len)
            }
        };
        // SAFETY: these slots are initialised (B2). No handle covers them and the header no longer counts them, so they
        // are dropped once (B5).
        unsafe { self.drop_slots(first, excess) };
    }

    /// Drops slots `[first, first + count)`.
    ///
    /// # Safety
    ///
    /// * They are initialised, and nobody reads or drops them after this call, even if a destructor panics (B5, B6).
    #[inline]
    pub(crate) unsafe fn drop_slots(self, first: usize, count: usize) {
        if needs_drop::<T>() {
            // SAFETY: the slots lie inside the block (B1). The caller ensures that they are initialised, and dropped
            // once.
            unsafe { ptr::slice_from_raw_parts_mut(self.slot(first), count).drop_in_place() };
        }
    }

    /// Reallocates the block, with all its slots, to at least `cap` slots. On failure the block is unchanged.
    ///
    /// # Safety
    ///
    /// * `cap` is at least the number of initialised slots.
    /// * On success `self` is not used again.
    pub(crate) unsafe fn try_grow(self, cap: usize) -> Result<Self, ReserveError> {
        let cap = Self::LAYOUT.round_up(cap)?;
        let new = Self::LAYOUT.block(cap)?;
        // SAFETY: the caller holds a reference to the block.
        let old = unsafe { self.block() }.layout();
        // SAFETY: `old` is the layout of the block (B1), which nobody else uses (B5). `new` has the same alignment, and
        // room for a header, so its size is not zero.
        let start = unsafe { reallocate(self.header().cast(), old, new) };
        let start = NonNull::new(start).ok_or(ReserveError::Alloc(new))?;
        let grown = Self::at(start);
        // SAFETY: the header moved with the block (B1), and nobody else uses it (B5).
        unsafe { (*grown.header()).cap = cap };
        Ok(grown)
    }

    /// Turns a block of arrays into a block of their elements, of which `len` are initialised. Moves nothing.
    ///
    /// # Safety
    ///
    /// * `U` is the element type of the arrays `T`.
    /// * The first `len` slots of the result are initialised, and no others need a drop.
    pub(crate) unsafe fn flatten<U>(self, len: usize) -> SharedBuf<U> {
        const { assert!(align_of::<T>() == align_of::<U>(), "the block starts in the same place") };
        // SAFETY: the caller holds a reference to the block.
        let block = unsafe { self.block() };
        let cap = match size_of::<U>() {
            0 => MAX_LEN,
            size => block.cap() * (size_of::<T>() / size),
        };
        block.filled().set(len);
        // SAFETY: the block is live (B1), and nobody else uses its header (B5).
        unsafe { (*self.header()).cap = cap };
        SharedBuf { data: self.data.cast(), owns: PhantomData }
    }

    /// Stores the published address of another block, or null, in the place of the count of references.
    ///
    /// # Safety
    ///
    /// * The last reference was given back, so nobody reads the count any more (B6).
    #[cfg(all(feature = "arc-swap", not(cow_loom)))]
    pub(crate) unsafe fn set_link(self, next: *mut FilledWord) {
        const { assert!(size_of::<*mut FilledWord>() <= size_of::<RefCount>()) };
        // SAFETY: the count is the first word of the block (B1), and nobody else uses it.
        unsafe { self.header().cast::<*mut FilledWord>().write(next) };
    }

    /// Returns the address that [`SharedBuf::set_link`] stored.
    ///
    /// # Safety
    ///
    /// * `set_link` was called.
    #[cfg(all(feature = "arc-swap", not(cow_loom)))]
    pub(crate) unsafe fn link(self) -> *mut FilledWord {
        // SAFETY: `set_link` wrote the first word of the block, and nobody else uses it.
        unsafe { self.header().cast::<*mut FilledWord>().read() }
    }

    /// Drops the elements and frees the block, after the last reference was given back (B6).
    #[inline]
    pub(crate) unsafe fn free(self) {
        // SAFETY: the block is live until it is deallocated below (B1).
        unsafe { self.block() }.begin_edit();
        if needs_drop::<T>() {
            // SAFETY: the last reference was given back (B6).
            unsafe { self.drop_and_deallocate() };
        } else {
            // SAFETY: the last reference was given back (B6), and the elements need no drop.
            unsafe { self.deallocate() };
        }
    }

    #[inline(never)]
    unsafe fn drop_and_deallocate(self) {
        /// Frees the block even if the destructor of an element panics (B6).
        struct Free<T>(SharedBuf<T>);
        impl<T> Drop for Free<T> {
            #[inline]
            fn drop(&mut self) {
                // SAFETY: the last reference was given back, and nothing else frees the block (B6).
                unsafe { self.0.deallocate() };
            }
        }
        let _free = Free(self);
        // SAFETY: the block is live until `_free` is dropped (B1).
        let block = unsafe { self.block() };
        let (first, count) = match block.filled().read() {
            Filled::Plain(count) | Filled::List(count) => (0, count),
            Filled::BackAligned(count) => (block.cap() - count, count),
        };
        // SAFETY: exactly these slots are initialised, and no handle is left (B6). `_free` does not drop them again.
        unsafe { self.drop_slots(first, count) };
    }

    /// Frees the block without dropping elements.
    #[inline]
    unsafe fn deallocate(self) {
        // SAFETY: the block is live until here (B1).
        let layout = unsafe { self.block() }.layout();
        // SAFETY: the header is not used again. Dropping it matters only for loom's counters.
        unsafe { self.header().drop_in_place() };
        // SAFETY: the block was allocated with this layout (B1).
        unsafe { sync::dealloc(self.header().cast(), layout) };
    }
}

/// Reallocates a block. If the result is null, the old block is unchanged.
///
/// # Safety
///
/// * `start` is an allocation of layout `old`.
/// * `new` has the alignment of `old`, and a size that is not zero.
unsafe fn reallocate(start: *mut u8, old: Layout, new: Layout) -> *mut u8 {
    #[cfg(not(cow_loom))]
    // SAFETY: the caller's obligations are the same.
    return unsafe { alloc::alloc::realloc(start, old, new.size()) };
    // loom tracks allocations and has no `realloc`.
    #[cfg(cow_loom)]
    {
        // SAFETY: the size is not zero.
        let moved = unsafe { sync::alloc(new) };
        if !moved.is_null() {
            // SAFETY: both blocks have this many bytes and do not overlap.
            unsafe { ptr::copy_nonoverlapping(start, moved, old.size().min(new.size())) };
            // SAFETY: `start` was allocated with `old`.
            unsafe { sync::dealloc(start, old) };
        }
        moved
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;
    use alloc::rc::Rc;

    #[test]
    fn trim_on_back_aligned_drops_from_the_front() {
        let token = Rc::new(());
        let buf = SharedBuf::<Rc<()>>::allocate(4);
        // SAFETY: the block is live, and this test is its unique owner.
        unsafe {
            let cap = buf.block().cap();
            for i in 1..=3 {
                buf.slot(cap - i).write(token.clone());
            }
            buf.block().filled().set_back_aligned(3);
            buf.trim(1);
            assert_eq!(
                (buf.block().filled().read(), Rc::strong_count(&token)),
                (Filled::BackAligned(1), 2)
            );
            buf.release();
        }
        assert_eq!(Rc::strong_count(&token), 1);
    }

    #[test]
    fn is_allocated_on_sentinel_is_false() {
        assert!(!SharedBuf::<u8>::EMPTY.is_allocated());
        #[repr(align(4096))]
        struct Page;
        let buf = SharedBuf::<Page>::allocate(1);
        assert!(buf.is_allocated());
        // SAFETY: the block is live, and this test is its unique owner.
        unsafe { buf.release() };
    }

    /// Runs in a child process of the test below.
    #[cfg(all(feature = "std", unix, not(miri)))]
    fn overflow() {
        let buf = SharedBuf::<u8>::allocate(1);
        // SAFETY: the block is live, and this test is its unique owner.
        unsafe {
            let block = buf.block();
            block.refs().force(isize::MAX as usize);
            block.retain();
            std::println!("the last count that fits");
            block.retain();
        }
        std::println!("survived");
    }

    #[test]
    #[cfg(all(feature = "std", unix, not(miri)))]
    fn retain_past_isize_max_aborts() {
        const CHILD: &str = "COW_TEST_OVERFLOW";
        if std::env::var_os(CHILD).is_some() {
            return overflow();
        }
        let name = "raw::buffer::tests::retain_past_isize_max_aborts";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let out = std::string::String::from_utf8_lossy(&child.stdout).into_owned();
        let status = std::os::unix::process::ExitStatusExt::signal(&child.status);
        assert!(out.contains("the last count that fits") && !out.contains("survived"), "{out}");
        assert_eq!(status, Some(6), "SIGABRT");
    }
}
