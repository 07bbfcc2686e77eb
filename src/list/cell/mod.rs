//! What a list publishes: a cell that readers load, and the lock and state of its writers.
//!
//! The interface is [`Publication`]: `new`, `load`, `reader`, and `write`, whose [`Writing`] appends in
//! place or publishes a new buffer. Behind it stands a cell:
//!
//! | cell | where |
//! |---|---|
//! | `hazard` | unless the feature `arc-swap` is on: the crate's own, checked by loom as it ships |
//! | `swap` | with that feature: arc-swap |
//! | `standin` | with that feature under loom: two models of arc-swap, which itself cannot run there |
//!
//! A cell is a type `Cell<T>` with `new`, `swap` (for the holder of the lock; gives back, `Released`, the
//! counts of versions that nobody protects) and `take` (for the owner); `Writer`, what the holder of the
//! lock keeps for it; and two ways in: `Protected`, which keeps the buffer of that moment alive, and
//! `Cached`, which keeps it and checks whether it is still the current one.
#![expect(unsafe_code, reason = "reads and appends to a buffer that readers share")]

#[cfg(not(feature = "arc-swap"))]
mod hazard;
mod lock;
#[cfg(all(feature = "arc-swap", cow_loom))]
mod standin;
#[cfg(all(feature = "arc-swap", not(cow_loom)))]
mod swap;

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem;
#[cfg(any(cow_loom, not(feature = "arc-swap")))]
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};

#[cfg(not(feature = "arc-swap"))]
use self::hazard as cell;
use self::lock::{Lock, Locked, REST_OF_LINE, RestOfLine};
#[cfg(all(feature = "arc-swap", cow_loom))]
use self::standin as cell;
#[cfg(all(feature = "arc-swap", cow_loom))]
pub use self::standin::Standin;
#[cfg(all(feature = "arc-swap", not(cow_loom)))]
use self::swap as cell;
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::layout::ReserveError;
use crate::raw::refcount::{FilledWord, control};
use crate::sync::{CachePadded, const_fn, weakened};
use crate::vec::unique::UniqueVec;

/// One count of an allocated buffer that has passed the gate (P1), released by `fetch_sub` only (P2). It
/// is the address that is published, at which the length stands.
struct Counted<T> {
    tail: NonNull<FilledWord>,
    owns: PhantomData<SharedBuf<T>>,
}

// SAFETY: as for `Handle`.
unsafe impl<T: Send + Sync> Send for Counted<T> {}
// SAFETY: as for `Handle`.
unsafe impl<T: Send + Sync> Sync for Counted<T> {}

impl<T> Counted<T> {
    /// Takes over the caller's count of the buffer published at `tail`.
    ///
    /// # Safety
    ///
    /// B1, P1, and the caller gives one count away.
    #[inline]
    unsafe fn from_published(tail: NonNull<FilledWord>) -> Self {
        Self { tail, owns: PhantomData }
    }

    #[inline]
    fn buf(&self) -> SharedBuf<T> {
        // SAFETY: B1: this holds a count of it.
        unsafe { SharedBuf::from_published(self.tail) }
    }
}

/// As a cell that is a pointer holds it: null for none.
#[cfg(any(cow_loom, not(feature = "arc-swap")))]
impl<T> Counted<T> {
    #[inline]
    fn into_ptr(counted: Option<Self>) -> *mut FilledWord {
        counted.map_or(ptr::null_mut(), |counted| ManuallyDrop::new(counted).tail.as_ptr())
    }

    /// What [`Counted::into_ptr`] made `tail` of, by a count that stays somebody else's.
    ///
    /// # Safety
    ///
    /// B1, P1, for as long as this is used: it is not to be dropped.
    #[inline]
    unsafe fn view(tail: *mut FilledWord) -> Option<ManuallyDrop<Self>> {
        let tail = NonNull::new(tail)?;
        // SAFETY: this function's; no count is taken, as it is not dropped.
        Some(ManuallyDrop::new(unsafe { Self::from_published(tail) }))
    }
}

impl<T> Clone for Counted<T> {
    #[inline]
    fn clone(&self) -> Self {
        // SAFETY: B1: this holds a count of it.
        unsafe { self.buf().retain() };
        // SAFETY: the count was just added.
        unsafe { Self::from_published(self.tail) }
    }
}

impl<T> Drop for Counted<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: B1: this count, given back once.
        unsafe { self.buf().release_by_rmw() };
    }
}

/// What a cell over arc-swap keeps for its writers.
#[cfg(feature = "arc-swap")]
struct NoWriter<T>(PhantomData<T>);

#[cfg(feature = "arc-swap")]
impl<T> NoWriter<T> {
    const fn new() -> Self {
        Self(PhantomData)
    }

    fn take_spare(&mut self) -> UniqueVec<T> {
        UniqueVec::new()
    }

    fn keep_spare(&mut self, _: UniqueVec<T>) {}
}

/// What nobody needs any more after a publication: to be dropped after unlocking, since the drops of
/// elements may run here.
#[must_use = "dropped here, its elements' drops would run under the lock"]
pub(crate) struct Retired<T>(#[expect(dead_code, reason = "held for its drop")] cell::Released<T>);

/// The writers' view of what the cell holds (P4).
#[repr(C)]
struct State<T> {
    _apart: RestOfLine,
    /// A copy of the cell's pointer, without a count of its own; the sentinel if the cell is empty.
    buf: SharedBuf<T>,
    /// The committed length, so that no writer reads it back from the tail word.
    len: usize,
    /// What the cell keeps for its writers.
    cell: cell::Writer<T>,
}

impl<T> State<T> {
    const EMPTY: Self =
        Self { _apart: REST_OF_LINE, buf: SharedBuf::EMPTY, len: 0, cell: cell::Writer::new() };
}

// SAFETY: as for `Handle`.
unsafe impl<T: Send + Sync> Send for State<T> {}

/// A published buffer, its readers' cell and its writers' lock, each on cache lines of its own.
pub(crate) struct Publication<T> {
    cell: CachePadded<cell::Cell<T>>,
    lock: CachePadded<Lock<State<T>>>,
}

impl<T> Publication<T> {
    const_fn! {
        /// Nothing published.
        pub(crate) const fn new() -> Self {
            let lock = Lock::new(State::EMPTY);
            Self { cell: CachePadded::new(cell::Cell::new()), lock: CachePadded::new(lock) }
        }
    }

    /// The current version, kept alive, and its length of this moment.
    #[inline]
    pub(crate) fn load(&self) -> Loaded<'_, T> {
        let protected = cell::Protected::new(self);
        // SAFETY: B1: protected.
        let len = protected.buf().map_or(0, |buf| unsafe { buf.filled() }.committed());
        Loaded { protected, len, _on_this_thread: OnThisThread(PhantomData) }
    }

    /// Makes `kept` a handle of the current version, and drops the handle that it was.
    ///
    /// While `kept` holds its count, no list can publish its block a second time (B11), nor can another
    /// block have its address. So if `kept`'s block is the published one, only its length can be old.
    #[inline]
    pub(crate) fn refresh(&self, kept: &mut Handle<T>) {
        let buf = kept.buf();
        if !buf.is_allocated() {
            if !self.cell.is_current(ptr::null()) {
                self.replace(kept);
            }
            return;
        }
        // SAFETY: B1: `kept` holds a count of it.
        if !self.cell.is_current(unsafe { buf.published() }.as_ptr()) {
            return self.replace(kept);
        }
        // SAFETY: B1: as above.
        let len = unsafe { buf.filled() }.committed();
        // SAFETY: B2: `len` was read from the published block by an Acquire load.
        unsafe { kept.set_len(len) };
    }

    #[cold]
    #[inline(never)]
    fn replace(&self, kept: &mut Handle<T>) {
        let current = self.load().to_handle();
        // Elements may be dropped here, after the new version is in its place.
        drop(mem::replace(kept, current));
    }

    /// A reader that keeps the version it saw last.
    #[inline]
    pub(crate) fn reader(&self) -> Cached<'_, T> {
        Cached(cell::Cached::new(self))
    }

    /// The elements, for the owner to change where they are; `None` if handles share them. Guards and
    /// readers borrow the list, so none is left to see it.
    pub(crate) fn get_mut(&mut self) -> Option<&mut [T]> {
        let State { buf, len, .. } = *self.lock.get_mut();
        if len == 0 {
            return Some(&mut []);
        }
        // SAFETY: B1, P4: the cell's count, which is lent by `&mut`.
        if !unsafe { buf.is_unique() } {
            return None;
        }
        // SAFETY: as above.
        unsafe { buf.begin_edit() };
        // SAFETY: B2, B5, P4: unique, and exactly `len` slots are claimed.
        Some(unsafe { buf.slice_mut(len) })
    }

    /// Takes the lock.
    ///
    /// # Panics
    ///
    /// If this thread holds it already.
    #[inline]
    #[track_caller]
    pub(crate) fn write(&self) -> Writing<'_, T> {
        Writing { cell: &self.cell, state: self.lock.lock() }
    }
}

impl<T> Drop for Publication<T> {
    /// Empties the cell first, so that elements that panic in their drop unwind from here and not from
    /// within arc-swap (P3).
    fn drop(&mut self) {
        drop(self.cell.take());
    }
}

/// The version that a list had at one moment.
pub(crate) struct Loaded<'a, T> {
    protected: cell::Protected<'a, T>,
    len: usize,
    _on_this_thread: OnThisThread,
}

/// A marker that keeps its owner on the thread that made it: not `Send`, but `Sync`. A cell may keep what
/// protects a version with the thread that asked for it, as arc-swap does.
struct OnThisThread(PhantomData<*const ()>);

// SAFETY: it has no contents.
unsafe impl Sync for OnThisThread {}

impl<T> Loaded<'_, T> {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: B2: protected, and `len` was read from its tail word by an Acquire load.
        self.protected.buf().map_or(&[], |buf| unsafe { buf.slice(self.len) })
    }

    /// A handle of the same buffer with the same length. Its count is added by this thread, so that it
    /// may be released as any handle's.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        let Some(buf) = self.protected.buf() else { return Handle::new() };
        // SAFETY: B1: protected.
        unsafe { buf.retain() };
        // SAFETY: B2: as in `as_slice`; the count was just added.
        unsafe { Handle::from_parts(buf, self.len) }
    }
}

/// A version kept between reads, and replaced when it is no longer the current one.
pub(crate) struct Cached<'a, T>(cell::Cached<'a, T>);

impl<T> Cached<'_, T> {
    #[inline]
    pub(crate) fn load(&mut self) -> &[T] {
        let Some(buf) = self.0.load() else { return &[] };
        // SAFETY: B1: the cache holds a count of it.
        let len = unsafe { buf.filled() }.committed();
        // SAFETY: B2: as above, for as long as the cache is not asked again.
        unsafe { buf.slice(len) }
    }

    /// Lets go of the version; the next read gets the current one.
    #[inline]
    pub(crate) fn release(&mut self) {
        self.0.release();
    }
}

/// The lock of a publication, held.
pub(crate) struct Writing<'a, T> {
    cell: &'a cell::Cell<T>,
    state: Locked<'a, State<T>>,
}

impl<T> Writing<'_, T> {
    /// The elements published.
    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: B2, P4: the cell holds a count, and nobody can publish while this is borrowed.
        unsafe { self.state.buf.slice(self.state.len) }
    }

    /// How many elements can be appended without another buffer.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        if !self.state.buf.is_allocated() {
            return 0;
        }
        // SAFETY: B1, P4.
        let cap = unsafe { self.state.buf.cap() };
        cap.min(FilledWord::MAX_LIST_LEN) - self.state.len
    }

    /// Appends an element in place.
    ///
    /// # Panics
    ///
    /// If there is no room.
    #[inline]
    pub(crate) fn append(&mut self, value: T) {
        assert!(self.room() > 0, "the caller asked for room");
        let len = self.state.len;
        // SAFETY: B1: below the capacity.
        let slot = unsafe { self.state.buf.slot(len) };
        // SAFETY: B10: beyond what was committed, and this is the only writer.
        unsafe { slot.write(value) };
        self.commit(len + 1);
    }

    /// Moves all elements of `values` to the end, in place and at once.
    ///
    /// # Panics
    ///
    /// If there is no room for them.
    pub(crate) fn append_all(&mut self, values: &mut Vec<T>) {
        let (len, more) = (self.state.len, values.len());
        assert!(self.room() >= more, "the caller asked for room");
        if more == 0 {
            return;
        }
        // SAFETY: B1: there is room for at least one.
        let end = unsafe { self.state.buf.slot(len) };
        // SAFETY: B10: beyond what was committed, this is the only writer, and the blocks differ.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), end, more) };
        // SAFETY: its elements were moved out.
        unsafe { values.set_len(0) };
        self.commit(len + more);
    }

    /// Makes `[0, len)`, which are written, the list's.
    #[inline]
    fn commit(&mut self, len: usize) {
        self.state.len = len;
        // SAFETY: B1, P4: there is a buffer, it had room.
        unsafe { self.state.buf.filled() }.commit(len);
    }

    /// A counted handle of what is published. The cell's own count is never lent: who is handed this
    /// always finds it shared, or empty.
    #[inline]
    pub(crate) fn to_handle(&self) -> Handle<T> {
        if self.state.buf.is_allocated() && !weakened(control::CLOSURE_LENT_CELL_COUNT) {
            // SAFETY: B1, P4.
            unsafe { self.state.buf.retain() };
        }
        // SAFETY: B2, P4: `len` is what was committed; the count was just added.
        unsafe { Handle::from_parts(self.state.buf, self.state.len) }
    }

    /// An empty vector to build the next version in, which may have room already; [`Writing::keep`] takes
    /// back what was not needed.
    #[inline]
    pub(crate) fn spare(&mut self) -> UniqueVec<T> {
        self.state.cell.take_spare()
    }

    /// Takes back what [`Writing::spare`] gave, still empty.
    #[inline]
    pub(crate) fn keep(&mut self, spare: UniqueVec<T>) {
        debug_assert!(spare.as_slice().is_empty(), "a spare");
        self.state.cell.keep_spare(spare);
    }

    /// Publishes `next`, through the rest of the gate (B11): being a `UniqueVec` it is unique and
    /// trimmed.
    ///
    /// # Panics
    ///
    /// If it has more elements than a list can count: "capacity overflow".
    #[track_caller]
    pub(crate) fn publish(&mut self, next: UniqueVec<T>) -> Retired<T> {
        if next.len() > FilledWord::MAX_LIST_LEN {
            ReserveError::CapacityOverflow.fail();
        }
        let (buf, len) = next.into_shared().into_handle().into_parts();
        let next = buf.is_allocated().then(|| {
            // SAFETY: B1, B11: it was unique until here.
            unsafe { buf.filled() }.set_list(len);
            // SAFETY: B1: allocated.
            let tail = unsafe { buf.published() };
            // SAFETY: P1: the handle's count is given away.
            unsafe { Counted::from_published(tail) }
        });
        if weakened(control::FLAG_CLEARED_ON_SWAP) && self.state.buf.is_allocated() {
            // SAFETY: B1: the cell still holds its count.
            unsafe { self.state.buf.filled() }.clear_list(self.state.len);
        }
        let released = self.cell.swap(&mut self.state.cell, next);
        (self.state.buf, self.state.len) = (buf, len);
        Retired(released)
    }
}
