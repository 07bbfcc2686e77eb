//! The publication of a list's buffer: the cell that readers load, and the lock and state of its writers.
//!
//! [`Publication`] is the interface. Reads go through `load` and `reader`. A write takes the lock with `write`,
//! which returns a [`Writer`] that appends in place or publishes another buffer. A publication uses one of three cells:
//!
//! | cell | used |
//! |---|---|
//! | `hazard` | without the feature `arc-swap`: the crate's own cell, which loom explores unchanged |
//! | `swap` | with that feature |
//! | `mock` | with that feature under loom: two models of arc-swap, which cannot run there |
//!
//! Each of these modules has the same five types: `Cell`, the `WriterState` that the lock guards for it, the
//! `Reclaimed` references that a swap returns, and a `HazardGuard` and a `ReaderState` that protect a version.
#![expect(unsafe_code, reason = "reads and appends to a buffer that readers share")]

#[cfg(not(feature = "arc-swap"))]
mod hazard;
mod lock;
#[cfg(all(feature = "arc-swap", cow_loom))]
mod mock;
#[cfg(feature = "arc-swap")]
mod newest;
#[cfg(all(feature = "arc-swap", not(cow_loom)))]
mod swap;
mod value;

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem;
#[cfg(any(cow_loom, not(feature = "arc-swap")))]
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

#[cfg(not(feature = "arc-swap"))]
use self::hazard as imp;
use self::imp::{Cell, HazardGuard, Reclaimed, WriterState};
use self::lock::{Lock, Locked, REST_OF_LINE, RestOfLine};
#[cfg(all(feature = "arc-swap", cow_loom))]
use self::mock as imp;
#[cfg(all(feature = "arc-swap", not(cow_loom)))]
use self::swap as imp;
use crate::raw::buffer::{BlockRef, SharedBuf};
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::raw::refcount::FilledWord;
use crate::sync::{CachePadded, const_fn};
use crate::vec::unique::UniqueVec;

pub(crate) use self::imp::ReaderState;
#[cfg(all(feature = "arc-swap", cow_loom))]
pub use self::mock::Mock;
pub(crate) use self::value::{LoadedValue, ValueReader, ValueShared, ValueWriteGuard};

/// A reference to an allocated buffer that a list has published, counted in the buffer's `refs`.
pub(crate) struct PublishedRef<T> {
    /// The address that is published: that of the block's second word, which has the length (P1).
    filled: NonNull<FilledWord>,
    owns: PhantomData<SharedBuf<T>>,
}

// SAFETY: like `Arc<[T]>`: another thread may read the elements (`T: Sync`), and drop the last ones (`T: Send`).
unsafe impl<T: Send + Sync> Send for PublishedRef<T> {}
// SAFETY: another thread can clone a `&PublishedRef`, and the clone is `Send` under these bounds.
unsafe impl<T: Send + Sync> Sync for PublishedRef<T> {}

impl<T> PublishedRef<T> {
    /// Takes over a reference to the buffer published at `filled`.
    ///
    /// # Safety
    ///
    /// * `filled` is the published address of a live block of `T`s (B1, P1).
    /// * The caller gives away one reference to that block.
    #[inline]
    unsafe fn from_published(filled: NonNull<FilledWord>) -> Self {
        Self { filled, owns: PhantomData }
    }

    #[inline]
    fn buf(&self) -> SharedBuf<T> {
        // SAFETY: this reference keeps the block alive (B1), and the address is that of its second word (P1).
        unsafe { SharedBuf::from_published(self.filled) }
    }

    #[inline]
    fn block(&self) -> BlockRef<'_, T> {
        // SAFETY: this reference keeps the block alive, and is borrowed for as long as the result (B1).
        unsafe { self.buf().block() }
    }

    /// Returns the number of elements published so far. At least that many slots are initialised from then on.
    #[inline]
    fn committed(&self) -> usize {
        self.block().filled().committed()
    }
}

/// Conversions for cells that store a pointer, which is null if there is no version.
#[cfg(any(cow_loom, not(feature = "arc-swap")))]
impl<T> PublishedRef<T> {
    #[inline]
    fn as_ptr(&self) -> *mut FilledWord {
        self.filled.as_ptr()
    }

    #[inline]
    fn into_ptr(version: Option<Self>) -> *mut FilledWord {
        version.map_or(ptr::null_mut(), |version| ManuallyDrop::new(version).as_ptr())
    }

    /// Returns the version at `filled` without adding a reference. The result must not be dropped.
    ///
    /// # Safety
    ///
    /// * `filled` is null, or comes from [`PublishedRef::into_ptr`].
    /// * Another reference keeps the block alive while the result is used (B1).
    #[inline]
    unsafe fn view(filled: *mut FilledWord) -> Option<ManuallyDrop<Self>> {
        let filled = NonNull::new(filled)?;
        // SAFETY: the caller keeps the block alive (B1), and `filled` is its published address (P1). The result needs
        // no reference, because `ManuallyDrop` never releases one.
        Some(ManuallyDrop::new(unsafe { Self::from_published(filled) }))
    }
}

impl<T> Clone for PublishedRef<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.block().retain();
        // SAFETY: this reference keeps the block alive (B1), and `retain` added the reference that is given away.
        unsafe { Self::from_published(self.filled) }
    }
}

impl<T> Drop for PublishedRef<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: this reference kept the block alive (B1), and is released once. The release decrements without a
        // load first, because arc-swap may have added references from other threads (P2).
        unsafe { self.buf().release_by_rmw() };
    }
}

/// A [`WriterState`] without contents: cells other than the crate's own recycle no buffers.
#[cfg(feature = "arc-swap")]
struct NoWriterState<T>(PhantomData<T>);

#[cfg(feature = "arc-swap")]
impl<T> NoWriterState<T> {
    const fn new() -> Self {
        Self(PhantomData)
    }

    fn take_recycled(&mut self) -> UniqueVec<T> {
        UniqueVec::new()
    }

    fn recycle(&mut self, _: UniqueVec<T>) {}

    fn reclaim_missed(&mut self, _: &Cell<T>) -> Option<Reclaimed<T>> {
        None
    }
}

/// The state that the lock guards.
///
/// P4: `buf` is the buffer in the cell, which holds a reference to it. Both change only under the lock.
#[repr(C)]
struct State<T> {
    _rest_of_line: RestOfLine,
    /// The sentinel if the cell is empty.
    buf: SharedBuf<T>,
    /// The committed length, so that no writer loads it from the buffer.
    len: usize,
    writer: WriterState<T>,
}

impl<T> State<T> {
    const EMPTY: Self = Self {
        _rest_of_line: REST_OF_LINE,
        buf: SharedBuf::EMPTY,
        len: 0,
        writer: WriterState::new(),
    };
}

impl<T> State<T> {
    /// Returns the published block, or `None` if the cell is empty.
    #[inline]
    fn block(&self) -> Option<BlockRef<'_, T>> {
        // SAFETY: the cell keeps the block alive while the lock is held, which guards this state (B1, P4).
        self.buf.is_allocated().then(|| unsafe { self.buf.block() })
    }
}

// SAFETY: `buf` gives access to shared elements, and `WriterState` owns elements and `PublishedRef`s. Another thread
// may use and drop all of these if `T: Send + Sync`.
unsafe impl<T: Send + Sync> Send for State<T> {}

/// The readers' cell and the writers' lock, each on its own cache lines.
pub(crate) struct Publication<T> {
    cell: CachePadded<Cell<T>>,
    lock: CachePadded<Lock<State<T>>>,
}

impl<T> Publication<T> {
    const_fn! {
        /// Creates an empty cell and an unlocked lock.
        pub(crate) const fn new() -> Self {
            let lock = Lock::new(State::EMPTY);
            Self { cell: CachePadded::new(Cell::new()), lock: CachePadded::new(lock) }
        }
    }

    /// Returns the current version and its length at this moment.
    #[inline]
    pub(crate) fn load(&self) -> Loaded<'_, T> {
        let guard = HazardGuard::new(self);
        let len = guard.version().map_or(0, PublishedRef::committed);
        Loaded { guard, len, _on_this_thread: OnThisThread(PhantomData) }
    }

    /// Makes `kept` a handle of the current version, and drops the handle that it replaces.
    ///
    /// While `kept` holds its reference, no list can publish its block a second time (B11), and no other block
    /// can have its address. So if `kept`'s block is the published one, only its length can be old.
    #[inline]
    pub(crate) fn refresh(&self, kept: &mut Handle<T>) {
        let Some(block) = kept.block() else {
            if !self.cell.is_current(ptr::null()) {
                self.replace(kept);
            }
            return;
        };
        if !self.cell.is_current(block.published().as_ptr()) {
            return self.replace(kept);
        }
        let len = block.filled().committed();
        // SAFETY: the published block has `len` initialised slots, which the Acquire load of `len` makes
        // visible (B2).
        unsafe { kept.set_len(len) };
    }

    #[cold]
    #[inline(never)]
    fn replace(&self, kept: &mut Handle<T>) {
        let current = self.load();
        // `kept` has the new version before elements of old ones are dropped, by this or by the guard.
        drop(mem::replace(kept, current.to_handle()));
    }

    /// Creates a reader that keeps the version it saw last.
    #[inline]
    pub(crate) fn reader(&self) -> ReaderState<'_, T> {
        ReaderState::new(self)
    }

    /// Returns the elements for the owner to change in place, or `None` if a handle shares them. No guard or
    /// reader can see the change, because they borrow the list.
    pub(crate) fn get_mut(&mut self) -> Option<&mut [T]> {
        let state = self.lock.get_mut();
        let Some(block) = state.block().filter(|_| state.len > 0) else { return Some(&mut []) };
        if !block.is_unique() {
            return None;
        }
        block.begin_edit();
        // SAFETY: the cell's reference is the only one, so nobody else reaches the slots (B5), and exactly `len`
        // are initialised (P4).
        Some(unsafe { state.buf.slice_mut(state.len) })
    }

    /// Takes the lock.
    ///
    /// # Panics
    ///
    /// Panics if this thread holds it already.
    #[inline]
    #[track_caller]
    pub(crate) fn write(&self) -> Writer<'_, T> {
        Writer { cell: &self.cell, state: self.lock.lock() }
    }
}

impl<T> Drop for Publication<T> {
    /// Empties the cell first. If an element's drop panics, it then unwinds from here, and not from arc-swap (P3).
    fn drop(&mut self) {
        drop(self.cell.take());
    }
}

/// The version that a list had at one moment.
pub(crate) struct Loaded<'a, T> {
    guard: HazardGuard<'a, T>,
    /// The version's length at that moment.
    len: usize,
    _on_this_thread: OnThisThread,
}

/// A marker that makes its owner `!Send`, but not `!Sync`. arc-swap may store the protection of a version in the
/// thread that loaded it.
struct OnThisThread(PhantomData<*const ()>);

// SAFETY: a `PhantomData` has no contents to share.
unsafe impl Sync for OnThisThread {}

impl<T> Loaded<'_, T> {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: the guard keeps the version alive, and an Acquire load of `len` made that many initialised
        // slots visible (B2).
        self.guard.version().map_or(&[], |version| unsafe { version.buf().slice(self.len) })
    }

    /// Returns a handle of the same elements.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        let Some(version) = self.guard.version() else { return Handle::new() };
        version.block().retain();
        // SAFETY: the reference was just added, and `len` slots are initialised and visible (B2).
        unsafe { Handle::from_parts(version.buf(), self.len) }
    }
}

impl<T> ReaderState<'_, T> {
    /// Returns the elements of the current version, which is kept until the next call.
    #[inline]
    pub(crate) fn load(&mut self) -> &[T] {
        let Some(version) = self.version() else { return &[] };
        // Reads the buffer before the length: after that Acquire load, the pointer would be loaded again.
        let (buf, len) = (version.buf(), version.committed());
        // SAFETY: the reader keeps the version while it is borrowed, and the Acquire load of `len` made that many
        // initialised slots visible (B2).
        unsafe { buf.slice(len) }
    }
}

/// The held lock of a publication.
pub(crate) struct Writer<'a, T> {
    cell: &'a Cell<T>,
    state: Locked<'a, State<T>>,
}

impl<T> Writer<'_, T> {
    /// Returns the elements published.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: the cell keeps the buffer alive while the lock is held, and `len` slots are initialised (B2, P4).
        unsafe { self.state.buf.slice(self.state.len) }
    }

    /// Returns how many elements can be appended in place.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        let len = self.state.len;
        self.state.block().map_or(0, |block| block.cap().min(FilledWord::MAX_LIST_LEN) - len)
    }

    /// Appends an element in place.
    ///
    /// # Panics
    ///
    /// Panics if there is no room.
    #[inline]
    pub(crate) fn append(&mut self, value: T) {
        assert!(self.room() > 0, "there is room for the element");
        let len = self.state.len;
        // SAFETY: there is room, so the slot is inside the block (B1).
        let slot = unsafe { self.state.buf.slot(len) };
        // SAFETY: the slot is not committed, so nobody reads it, and only the holder of the lock writes it (B10).
        unsafe { slot.write(value) };
        self.commit(len + 1);
    }

    /// Moves all elements of `values` to the end, in place. Readers see all of them or none.
    ///
    /// # Panics
    ///
    /// Panics if there is no room for them.
    pub(crate) fn append_all(&mut self, values: &mut Vec<T>) {
        let (len, more) = (self.state.len, values.len());
        assert!(self.room() >= more, "there is room for the elements");
        if more == 0 {
            return;
        }
        // SAFETY: there is room for at least one element, so the slot is inside the block (B1).
        let end = unsafe { self.state.buf.slot(len) };
        // SAFETY: `more` slots from `end` are inside the block and not committed, so that nobody else reads or
        // writes them (B10). The two allocations differ.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), end, more) };
        // SAFETY: 0 is within the capacity, and a length of 0 covers no elements. All of them were moved out.
        unsafe { values.set_len(0) };
        self.commit(len + more);
    }

    /// Makes slots `[0, len)`, which are written, visible to readers.
    #[inline]
    fn commit(&mut self, len: usize) {
        self.state.len = len;
        // SAFETY: the buffer had room, so it is allocated, and the cell keeps it alive (B1, P4).
        unsafe { self.state.buf.block() }.filled().commit(len);
    }

    /// Returns a handle of the elements published. Takes a new reference, so that `is_unique` on the result is
    /// false unless it is empty.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        if let Some(block) = self.state.block() {
            block.retain();
        }
        // SAFETY: the reference was just added, and `len` slots are initialised (B2, P4).
        unsafe { Handle::from_parts(self.state.buf, self.state.len) }
    }

    /// Returns an empty vector to build the next version in. It may have capacity already.
    #[inline]
    pub(crate) fn take_recycled(&mut self) -> UniqueVec<T> {
        self.state.writer.take_recycled()
    }

    /// Keeps a vector from [`Writer::take_recycled`], still empty, for the next write.
    #[inline]
    pub(crate) fn recycle(&mut self, empty: UniqueVec<T>) {
        debug_assert!(empty.as_slice().is_empty(), "a recycled buffer is empty");
        self.state.writer.recycle(empty);
    }

    /// Returns replaced versions that no guard or reader has any more, or `None` if there are surely none. For a write
    /// that publishes nothing.
    #[inline]
    #[must_use = "dropped here, element destructors would run under the lock"]
    pub(crate) fn reclaim_missed(&mut self) -> Option<Reclaimed<T>> {
        self.state.writer.reclaim_missed(self.cell)
    }

    /// Publishes `next`, which is unique and trimmed, as the publication rule (B11) requires.
    ///
    /// # Panics
    ///
    /// Panics with "capacity overflow" if `next` has more elements than a list can count.
    #[must_use = "dropped here, element destructors would run under the lock"]
    #[track_caller]
    pub(crate) fn publish(&mut self, next: UniqueVec<T>) -> Reclaimed<T> {
        if next.len() > FilledWord::MAX_LIST_LEN {
            ReserveError::CapacityOverflow.fail();
        }
        let (buf, len) = next.into_shared().into_handle().into_parts();
        let next = buf.is_allocated().then(|| {
            // SAFETY: the handle gave its reference away here, so the block is live (B1).
            let block = unsafe { buf.block() };
            // The block is still unique, so its flags may change (B10, B11).
            block.filled().set_list(len);
            // SAFETY: the address is that of a live block (P1), whose handle gave its reference away.
            unsafe { PublishedRef::from_published(block.published()) }
        });
        let reclaimed = self.cell.swap(&mut self.state.writer, next);
        (self.state.buf, self.state.len) = (buf, len);
        reclaimed
    }
}
