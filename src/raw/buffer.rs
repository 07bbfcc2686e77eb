//! `SharedBuf`: the thin pointer to a block, and what may be done with the block.
#![expect(unsafe_code, reason = "allocates, grows and frees the one buffer")]

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
#[repr(C)]
pub(crate) struct Header {
    refs: RefCount,
    tail: FilledWord,
    cap: usize,
    loom_access: LoomAccess,
}

#[cfg(not(cow_loom))]
const _: () = assert!(size_of::<Header>() == 3 * size_of::<usize>());

/// A pointer to slot 0 of a block, or the empty sentinel (B1). It owns nothing by itself: who holds
/// one also says how many counts it stands for.
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

    /// The sentinel of handles without a block. Its address is `align_of::<T>()`; slot 0 of a block
    /// stands at least a header's size above the block's own start, so no block has that address.
    pub(crate) const EMPTY: Self = Self { data: NonNull::dangling(), owns: PhantomData };

    /// The pointer as a handle of another layout stores it.
    #[inline]
    pub(crate) const fn data(self) -> NonNull<T> {
        self.data
    }

    /// Whether there is a block behind the pointer.
    #[inline]
    pub(crate) fn is_allocated(self) -> bool {
        self.data != NonNull::dangling()
    }

    /// A new block with at least `cap` slots, one count, and nothing claimed.
    #[inline]
    #[track_caller]
    pub(crate) fn allocate(cap: usize) -> Self {
        or_fail(Self::try_allocate(cap))
    }

    /// [`SharedBuf::allocate`] of exactly `cap` slots.
    #[inline]
    #[track_caller]
    pub(crate) fn allocate_exact(cap: usize) -> Self {
        or_fail(Self::try_allocate_exact(cap))
    }

    /// [`SharedBuf::allocate`] with the error as a value.
    #[inline]
    pub(crate) fn try_allocate(cap: usize) -> Result<Self, ReserveError> {
        Self::try_allocate_exact(Self::LAYOUT.round_up(cap)?)
    }

    /// [`SharedBuf::allocate_exact`] with the error as a value.
    #[inline]
    fn try_allocate_exact(cap: usize) -> Result<Self, ReserveError> {
        let layout = Self::LAYOUT.block(cap)?;
        // SAFETY: the size is not zero, a block has a header.
        let start = unsafe { sync::alloc(layout) };
        let start = NonNull::new(start).ok_or(ReserveError::Alloc(layout))?;
        let (refs, tail) = (RefCount::one(), FilledWord::zero());
        let header = Header { refs, tail, cap, loom_access: LoomAccess::new() };
        // SAFETY: B1: the block is new, large enough for a header, and aligned for it.
        unsafe { start.cast::<Header>().write(header) };
        Ok(Self::at(start))
    }

    /// The buffer whose block starts at `start`.
    #[inline]
    fn at(start: NonNull<u8>) -> Self {
        // SAFETY: B1: a block has at least `offset` bytes.
        let data = unsafe { start.byte_add(Self::LAYOUT.offset) };
        Self { data: data.cast(), owns: PhantomData }
    }
}

/// What needs a block. Each of these requires that `self` points to a live block (B1), of which the
/// caller holds a count, and not to the sentinel; "unique" adds that no other count exists, that the
/// caller got here by `&mut` or by value, and has synchronised with the handles that are gone.
impl<T> SharedBuf<T> {
    /// The buffer that a pointer from [`SharedBuf::data`] belongs to.
    #[inline]
    pub(crate) const unsafe fn from_data(data: NonNull<T>) -> Self {
        Self { data, owns: PhantomData }
    }

    #[inline]
    fn header(self) -> *mut Header {
        // Callers hold a live block (B1), so this stays inside of it.
        self.data.as_ptr().wrapping_byte_sub(Self::LAYOUT.offset).cast()
    }

    #[inline]
    unsafe fn refs<'a>(self) -> &'a RefCount {
        // SAFETY: B1, B7: the one field, through a raw pointer; it is an atomic.
        unsafe { &(*self.header()).refs }
    }

    /// The claimed slots.
    #[inline]
    pub(crate) unsafe fn filled<'a>(self) -> &'a FilledWord {
        // SAFETY: B1, B7: the one field, through a raw pointer; it is an atomic.
        unsafe { &(*self.header()).tail }
    }

    #[inline]
    unsafe fn loom_access<'a>(self) -> &'a LoomAccess {
        // SAFETY: B1, B7: the one field, through a raw pointer.
        unsafe { &(*self.header()).loom_access }
    }

    /// The slots of the block.
    #[inline]
    pub(crate) unsafe fn cap(self) -> usize {
        // SAFETY: B1; B3: nobody writes it while the caller holds a count.
        unsafe { (*self.header()).cap }
    }

    /// The handles, as it was a moment ago.
    #[inline]
    pub(crate) unsafe fn strong_count(self) -> usize {
        // SAFETY: as this function's.
        unsafe { self.refs() }.advisory()
    }

    /// One count more.
    #[inline]
    pub(crate) unsafe fn retain(self) {
        // SAFETY: as this function's.
        unsafe { self.refs() }.increment();
    }

    /// Gives the caller's count back, and frees the block if it was the last.
    #[inline]
    pub(crate) unsafe fn release(self) {
        // SAFETY: as this function's.
        if unsafe { self.refs() }.release() {
            // SAFETY: that was the last count.
            unsafe { self.free() };
        }
    }

    /// [`SharedBuf::release`] by `fetch_sub` alone, for counts that other threads may have added (P2),
    /// and for those that are likely not the last.
    #[inline]
    pub(crate) unsafe fn release_counted(self) {
        // SAFETY: as this function's.
        if unsafe { self.refs() }.release_counted() {
            // SAFETY: that was the last count.
            unsafe { self.free() };
        }
    }

    /// The address under which a list publishes the block: that of its second word. It lies inside the
    /// block, so that no other allocation begins or ends there, and carries the whole block's provenance.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) unsafe fn published(self) -> NonNull<FilledWord> {
        // SAFETY: B1: within the block.
        let tail = unsafe { self.header().byte_add(offset_of!(Header, tail)) };
        // SAFETY: B1: within the block, so not null.
        unsafe { NonNull::new_unchecked(tail.cast()) }
    }

    /// The buffer that a pointer from [`SharedBuf::published`] belongs to.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) unsafe fn from_published(tail: NonNull<FilledWord>) -> Self {
        // SAFETY: B1: the pointer stands this far behind the start of a live block.
        let start = unsafe { tail.byte_sub(offset_of!(Header, tail)) };
        Self::at(start.cast())
    }

    /// Whether the caller's count is the only one. The caller holds its handle by `&mut`.
    #[inline]
    pub(crate) unsafe fn is_unique(self) -> bool {
        // SAFETY: as this function's.
        unsafe { self.refs() }.is_unique()
    }

    /// Tells loom that a unique holder begins to edit.
    #[inline]
    pub(crate) unsafe fn begin_edit(self) {
        // SAFETY: as this function's.
        unsafe { self.loom_access() }.write();
    }

    /// Claims slots `[end, end + more)` for the caller, whose own end is `end` (B4): true means that
    /// they are the caller's to write, with no user code between. Where the buffer is shared it
    /// claims only for types without drop glue (B9).
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim(self, end: usize, more: usize) -> bool {
        // SAFETY: as this function's.
        if unsafe { self.is_unique() } {
            // SAFETY: as this function's; unique.
            unsafe { self.claim_alone(end, more) }
        } else {
            // SAFETY: as this function's.
            let (cap, tail) = (unsafe { self.cap() }, unsafe { self.filled() });
            !needs_drop::<T>() && cap - end >= more && tail.claim(end, more)
        }
    }

    /// [`SharedBuf::claim`] that says no where the buffer is shared.
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim_if_unique(self, end: usize, more: usize) -> bool {
        // SAFETY: as this function's.
        let unique = unsafe { self.is_unique() };
        // SAFETY: as this function's; unique.
        unique && unsafe { self.claim_alone(end, more) }
    }

    /// [`SharedBuf::claim`] for a unique holder.
    #[inline]
    unsafe fn claim_alone(self, end: usize, more: usize) -> bool {
        // SAFETY: as this function's.
        let (cap, tail) = (unsafe { self.cap() }, unsafe { self.filled() });
        let free = tail.is_plain(end) && cap - end >= more;
        if free {
            // SAFETY: as this function's.
            unsafe { self.begin_edit() };
            tail.set(end + more);
        }
        free
    }

    /// Claims the slot before `start` for the caller, whose first slot that is, in the block of a front leaf,
    /// which has `cap` slots: as [`SharedBuf::claim`], with the slots counted from the end of the block. A
    /// block of another form, of any capacity, has no such slot to claim.
    #[inline]
    #[must_use]
    pub(crate) unsafe fn claim_before(self, start: usize, cap: usize) -> bool {
        // SAFETY: as this function's.
        let tail = unsafe { self.filled() };
        // SAFETY: as this function's.
        if !unsafe { self.is_unique() } {
            return !needs_drop::<T>() && tail.claim_back_aligned(cap - start);
        }
        let free = tail.is_back_aligned(cap - start);
        if free {
            // SAFETY: as this function's.
            unsafe { self.begin_edit() };
            tail.set_back_aligned(cap - start + 1);
        }
        free
    }

    /// The first `len` elements, which are initialised and stay so for `'a` (B2).
    #[inline]
    pub(crate) unsafe fn slice<'a>(self, len: usize) -> &'a [T] {
        // SAFETY: as this function's.
        unsafe { self.range(0, len) }
    }

    /// The `len` elements from slot `start` on, which are initialised and stay so for `'a` (B2, N6).
    #[inline]
    pub(crate) unsafe fn range<'a>(self, start: usize, len: usize) -> &'a [T] {
        if cfg!(cow_loom) && self.is_allocated() {
            // SAFETY: there is a block.
            unsafe { self.loom_access() }.read();
        }
        // SAFETY: B1: within the block; without one, `start` is 0.
        let first = unsafe { self.slot(start) };
        // SAFETY: B2, B7: exactly the initialised slots that the caller's handle covers; the sentinel
        // is aligned and `len` is 0 there.
        unsafe { slice::from_raw_parts(first, len) }
    }

    /// A unique holder's slots `[0, len)`, which are initialised, for `'a`.
    #[inline]
    pub(crate) unsafe fn slice_mut<'a>(self, len: usize) -> &'a mut [T] {
        // SAFETY: as this function's.
        unsafe { self.range_mut(0, len) }
    }

    /// A unique holder's slots `[start, start + len)`, which are initialised, for `'a`.
    #[inline]
    pub(crate) unsafe fn range_mut<'a>(self, start: usize, len: usize) -> &'a mut [T] {
        // SAFETY: as in `range`.
        let first = unsafe { self.slot(start) };
        // SAFETY: B2, B5, B7: as `range`, and nobody else can reach them.
        unsafe { slice::from_raw_parts_mut(first, len) }
    }

    /// Slot `index`, which is below the capacity.
    #[inline]
    pub(crate) unsafe fn slot(self, index: usize) -> *mut T {
        // SAFETY: B1: within the block.
        unsafe { self.data.as_ptr().add(index) }
    }

    /// Makes the claimed slots of a unique holder's buffer exactly its own, and drops the orphans
    /// (B5). A list's flag goes; a front leaf keeps its form, and its `len` last slots (N6).
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn trim(self, len: usize) {
        if sync::weakened(super::refcount::control::NO_TRIM) {
            return;
        }
        // SAFETY: as this function's.
        let (cap, tail) = (unsafe { self.cap() }, unsafe { self.filled() });
        let (first, orphans) = match tail.read() {
            Filled::Plain(old) | Filled::List(old) => {
                tail.set(len);
                (len, old - len)
            }
            Filled::BackAligned(old) => {
                tail.set_back_aligned(len);
                (cap - old, old - len)
            }
        };
        // SAFETY: B2, B5: initialised, covered by no handle, and the tail no longer counts them.
        unsafe { self.drop_slots(first, orphans) };
    }

    /// Drops slots `[first, first + count)`, which are initialised and counted nowhere.
    #[inline]
    pub(crate) unsafe fn drop_slots(self, first: usize, count: usize) {
        if needs_drop::<T>() {
            // SAFETY: B1: within the block.
            let slots = unsafe { self.slot(first) };
            // SAFETY: the caller's promise.
            unsafe { ptr::slice_from_raw_parts_mut(slots, count).drop_in_place() };
        }
    }

    /// Moves a unique holder's block, whatever is in its slots, to one with at least `cap` slots, which is
    /// not less than `tail`. If that fails, the block is as it was.
    pub(crate) unsafe fn try_grow(self, cap: usize) -> Result<Self, ReserveError> {
        let cap = Self::LAYOUT.round_up(cap)?;
        let new = Self::LAYOUT.block(cap)?;
        // SAFETY: B1.
        let old = unsafe { self.block() };
        // SAFETY: B1, B5: `old` is the block's layout, nobody else holds it, and `new` is not zero.
        let start = unsafe { reallocate(self.header().cast(), old, new) };
        let start = NonNull::new(start).ok_or(ReserveError::Alloc(new))?;
        let grown = Self::at(start);
        // SAFETY: B1, B5: the header moved with the block, and is the caller's alone.
        unsafe { (*grown.header()).cap = cap };
        Ok(grown)
    }

    /// The layout of the block.
    #[inline]
    pub(crate) unsafe fn block(self) -> Layout {
        // SAFETY: as this function's.
        let cap = unsafe { self.cap() };
        // SAFETY: B1: the block was allocated with this layout.
        unsafe { Layout::from_size_align_unchecked(Self::LAYOUT.size(cap), Self::LAYOUT.align) }
    }

    /// A unique holder's block of arrays as one of their elements, with `len` of them claimed: as many
    /// bytes, in the same places.
    pub(crate) unsafe fn flatten<U>(self, len: usize) -> SharedBuf<U> {
        const { assert!(align_of::<T>() == align_of::<U>(), "the block starts in the same place") };
        // SAFETY: as this function's.
        let (cap, tail) = (unsafe { self.cap() }, unsafe { self.filled() });
        let cap = match size_of::<U>() {
            0 => MAX_LEN,
            size => cap * (size_of::<T>() / size),
        };
        // SAFETY: B1, B5: the caller's alone.
        unsafe { (*self.header()).cap = cap };
        tail.set(len);
        SharedBuf { data: self.data.cast(), owns: PhantomData }
    }

    /// Drops what is claimed and frees the block; the caller gave back the last count.
    #[inline]
    unsafe fn free(self) {
        // SAFETY: as this function's.
        unsafe { self.begin_edit() };
        if needs_drop::<T>() {
            // SAFETY: as this function's.
            unsafe { self.drop_and_deallocate() };
        } else {
            // SAFETY: as this function's.
            unsafe { self.deallocate() };
        }
    }

    #[inline(never)]
    unsafe fn drop_and_deallocate(self) {
        /// Frees the block even if an element's drop panics (B6).
        struct Free<T>(SharedBuf<T>);
        impl<T> Drop for Free<T> {
            #[inline]
            fn drop(&mut self) {
                // SAFETY: B6: the last count is gone, and this is the one place to free the block.
                unsafe { self.0.deallocate() };
            }
        }
        let _free = Free(self);
        // SAFETY: as this function's.
        let (cap, tail) = (unsafe { self.cap() }, unsafe { self.filled() });
        let (first, count) = match tail.read() {
            Filled::Plain(count) | Filled::List(count) => (0, count),
            Filled::BackAligned(count) => (cap - count, count),
        };
        // SAFETY: B6: these are the initialised slots, and no handle is left.
        unsafe { self.drop_slots(first, count) };
    }

    /// Gives the block back to the allocator; its elements were dropped, or need no drop.
    #[inline]
    unsafe fn deallocate(self) {
        // SAFETY: B1.
        let layout = unsafe { self.block() };
        // SAFETY: B1: the header is live until here; for loom's counters alone it does anything.
        unsafe { self.header().drop_in_place() };
        // SAFETY: B1: allocated with this layout.
        unsafe { sync::dealloc(self.header().cast(), layout) };
    }
}

/// `realloc` to a layout of the same alignment; null leaves the old block as it was.
unsafe fn reallocate(start: *mut u8, old: Layout, new: Layout) -> *mut u8 {
    #[cfg(not(cow_loom))]
    // SAFETY: the caller's: a block of layout `old`, and `new` has its alignment and is not zero.
    return unsafe { alloc::alloc::realloc(start, old, new.size()) };
    // loom tracks allocations and has no `realloc`.
    #[cfg(cow_loom)]
    {
        // SAFETY: not zero-sized.
        let moved = unsafe { sync::alloc(new) };
        if !moved.is_null() {
            // SAFETY: both blocks have this many bytes and do not overlap.
            unsafe { ptr::copy_nonoverlapping(start, moved, old.size().min(new.size())) };
            // SAFETY: the caller's.
            unsafe { sync::dealloc(start, old) };
        }
        moved
    }
}

#[cfg(all(test, not(cow_loom)))]
#[expect(clippy::multiple_unsafe_ops_per_block, reason = "each test holds its block alone")]
mod tests {
    use super::*;
    use alloc::rc::Rc;

    #[test]
    fn a_front_leaf_trims_and_frees_from_its_front() {
        let token = Rc::new(());
        let buf = SharedBuf::<Rc<()>>::allocate(4);
        // SAFETY: a live block, held by this test alone.
        unsafe {
            let cap = buf.cap();
            for i in 1..=3 {
                buf.slot(cap - i).write(token.clone());
            }
            buf.filled().set_back_aligned(3);
            buf.trim(1);
            assert_eq!(
                (buf.filled().read(), Rc::strong_count(&token)),
                (Filled::BackAligned(1), 2)
            );
            buf.release();
        }
        assert_eq!(Rc::strong_count(&token), 1);
    }

    #[test]
    fn the_sentinel_is_no_block() {
        assert!(!SharedBuf::<u8>::EMPTY.is_allocated());
        #[repr(align(4096))]
        struct Page;
        let buf = SharedBuf::<Page>::allocate(1);
        assert!(buf.is_allocated());
        // SAFETY: a live block, held by this test alone.
        unsafe { buf.release() };
    }

    /// What a child process of the test below does.
    #[cfg(all(feature = "std", unix, not(miri)))]
    fn overflow() {
        let buf = SharedBuf::<u8>::allocate(1);
        // SAFETY: a live block, held by this test alone.
        unsafe {
            buf.refs().force(isize::MAX as usize);
            buf.retain();
            std::println!("the last count that fits");
            buf.retain();
        }
        std::println!("survived");
    }

    #[test]
    #[cfg(all(feature = "std", unix, not(miri)))]
    fn a_count_past_isize_max_aborts_the_process() {
        const CHILD: &str = "COW_TEST_OVERFLOW";
        if std::env::var_os(CHILD).is_some() {
            return overflow();
        }
        let name = "raw::buffer::tests::a_count_past_isize_max_aborts_the_process";
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
