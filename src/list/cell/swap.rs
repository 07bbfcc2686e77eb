//! The cell that uses arc-swap, which treats a buffer as a reference-counted pointer.
//!
//! arc-swap drops references inside its own code, where no panic may unwind (P3). So the drop of a reference that
//! arc-swap holds runs no element's drop: if the reference was the last one, it puts the block on a queue of the
//! thread. The code here takes the blocks from the queue after each call into arc-swap, and drops their elements then.
#![expect(unsafe_code, reason = "implements arc-swap's unsafe trait for a buffer")]

use core::cell::Cell as StdCell;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, needs_drop};
use core::panic::AssertUnwindSafe;
use core::ptr::{self, NonNull};
use std::panic::catch_unwind;

pub(super) use super::NoWriterState as WriterState;
use super::newest::Newest;
use super::{Publication, PublishedRef};
use crate::raw::buffer::SharedBuf;
use crate::raw::refcount::FilledWord;
use crate::sync::{ArcSwapAny, ArcSwapGuard, OnceLock, RefCnt};

/// A reference that arc-swap holds. Its drop runs no element's drop (P3).
struct HeldRef<T>(ManuallyDrop<PublishedRef<T>>);

impl<T> HeldRef<T> {
    fn new(version: PublishedRef<T>) -> Self {
        Self(ManuallyDrop::new(version))
    }

    /// Returns the reference. Its drop may run element destructors, because arc-swap no longer holds it.
    fn into_inner(self) -> PublishedRef<T> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: the reference is moved out once, because `this` is not dropped.
        unsafe { ManuallyDrop::take(&mut this.0) }
    }
}

impl<T> Clone for HeldRef<T> {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Drop for HeldRef<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: only this drop takes the reference, once.
        let version = unsafe { ManuallyDrop::take(&mut self.0) };
        if needs_drop::<T>() {
            give_back(version);
        }
    }
}

/// Gives the reference back, and adds the block to this thread's queue if it was the last one.
///
/// Not inlined, because few guards have a reference, and the drop of a guard is then small enough to be inlined.
#[cold]
#[inline(never)]
fn give_back<T>(version: PublishedRef<T>) {
    let buf = ManuallyDrop::new(version).buf();
    // SAFETY: `version` had a reference to the block and is not dropped, so the reference is given back once.
    if unsafe { buf.give_back_by_rmw() } {
        // SAFETY: that was the last reference.
        unsafe { enqueue(buf) };
    }
}

// SAFETY: the pointer is that of a live block's second word, so it is aligned, not null, and no other object has its
// address (P1). The conversions below add and release no reference, and `Drop` releases the one that `Clone` adds
// (P2). None of these unwinds (P3): `Clone` aborts on overflow, and `Drop` runs no element's drop.
unsafe impl<T> RefCnt for HeldRef<T> {
    type Base = FilledWord;

    #[inline]
    fn into_ptr(me: Self) -> *mut FilledWord {
        Self::as_ptr(&ManuallyDrop::new(me))
    }

    #[inline]
    fn as_ptr(me: &Self) -> *mut FilledWord {
        me.0.filled.as_ptr()
    }

    #[inline]
    unsafe fn from_ptr(filled: *const FilledWord) -> Self {
        // SAFETY: the pointer came from `as_ptr`, which returns that of a `NonNull`.
        let filled = unsafe { NonNull::new_unchecked(filled.cast_mut()) };
        // SAFETY: the pointer is the published address of a live block (P1). arc-swap gives away a reference to it,
        // or takes the result back without dropping it.
        Self::new(unsafe { PublishedRef::from_published(filled) })
    }
}

std::thread_local! {
    /// The published address of the first block in this thread's queue, or null. Each block links to the next one.
    ///
    /// Q1: all blocks in the queue have the element type of the list whose method runs. The queue is empty when that
    /// method returns or unwinds, and while it runs the user's code.
    ///
    /// * Only the drop of a `HeldRef<T>` adds a block, and only arc-swap drops a `HeldRef<T>`, in a call on a cell of
    ///   `T`s or in the drop of a guard of one. Such a call runs no user code.
    /// * [`take_queue`] empties the queue right after each such call, also if the call unwinds. So the elements
    ///   are dropped before a borrow in `T` can end: the guard, the reader or the reference to the list is still
    ///   alive, and has the type `T`.
    ///
    /// The cell has no destructor. So the queue can be used while the thread ends, on targets with thread-locals of
    /// their own.
    static QUEUE: StdCell<*mut FilledWord> = const { StdCell::new(ptr::null_mut()) };
}

/// Adds the block to this thread's queue.
///
/// If the queue is gone because the thread ends, drops the elements here, inside arc-swap. A panic is then not passed
/// on, because it must not unwind through arc-swap (P3).
///
/// # Safety
///
/// * The block is live, and its last reference was given back.
unsafe fn enqueue<T>(buf: SharedBuf<T>) {
    let added = QUEUE.try_with(|queue| {
        // SAFETY: the block is live, because nobody else frees it.
        let published = unsafe { buf.block() }.published();
        // SAFETY: the block is live, and its last reference was given back.
        unsafe { buf.set_link(queue.replace(published.as_ptr())) };
    });
    if added.is_err() {
        // SAFETY: the block is live, its last reference was given back, and it is not in the queue.
        unsafe { free_without_unwinding(buf) };
    }
}

/// Drops the elements and frees the block. A panic is not passed on.
///
/// # Safety
///
/// * The block is live, and its last reference was given back. It is not used again.
unsafe fn free_without_unwinding<T>(buf: SharedBuf<T>) {
    // SAFETY: the last reference was given back, and the block is freed once.
    let freed = catch_unwind(AssertUnwindSafe(|| unsafe { buf.free() }));
    // The drop of a panic's payload may panic too. The payload of such a second panic is leaked.
    _ = catch_unwind(AssertUnwindSafe(|| drop(freed))).map_err(ManuallyDrop::new);
}

/// Takes all blocks from this thread's queue, and returns the published address of the first one, or null.
#[inline]
fn take_queue() -> *mut FilledWord {
    let mut first = ptr::null_mut();
    _ = QUEUE.try_with(|queue| {
        first = queue.get();
        // Stores only if the queue is not empty, because it almost always is.
        if !first.is_null() {
            queue.set(ptr::null_mut());
        }
    });
    first
}

/// Blocks whose last reference arc-swap gave back, as a linked list. Always empty if `T` needs no drop.
///
/// The drop of this drops the elements of these blocks and of those that are in this thread's queue by then, and frees
/// the blocks. It comes right after a call into arc-swap on a cell of `T`s, or where the queue is empty (Q1).
pub(crate) struct Released<T> {
    /// The published address of the first block, or null.
    first: *mut FilledWord,
    owns: PhantomData<PublishedRef<T>>,
}

// SAFETY: a reference to this gives access to nothing.
unsafe impl<T> Sync for Released<T> {}

impl<T> Released<T> {
    const NONE: Self = Self { first: ptr::null_mut(), owns: PhantomData };
}

impl<T> Drop for Released<T> {
    #[inline]
    fn drop(&mut self) {
        if needs_drop::<T>() {
            let (here, queue) = (self.first, take_queue());
            if !here.is_null() || !queue.is_null() {
                let lists = [here, queue].map(|first| Blocks { first, owns: PhantomData });
                drop_blocks::<T>(lists);
            }
        }
    }
}

/// Drops the elements of the blocks in both lists, also if a drop panics.
///
/// Takes the lists by value, so that a guard can stay in registers. Otherwise its load and drop were measured slower.
#[cold]
#[inline(never)]
fn drop_blocks<T>(lists: [Blocks<T>; 2]) {
    for mut blocks in lists {
        blocks.drop_all();
    }
}

/// A linked list of blocks whose last reference was given back. It owns the blocks.
struct Blocks<T> {
    first: *mut FilledWord,
    owns: PhantomData<PublishedRef<T>>,
}

impl<T> Blocks<T> {
    /// Drops the elements of all blocks, and frees the blocks. If a drop panics, the other blocks stay in the list.
    fn drop_all(&mut self) {
        while let Some(published) = NonNull::new(self.first) {
            // SAFETY: this list owns the block, which has `T`s (Q1) and is live until it is freed below.
            let buf = unsafe { SharedBuf::<T>::from_published(published) };
            // SAFETY: `enqueue` linked the block, whose last reference was given back.
            self.first = unsafe { buf.link() };
            // SAFETY: the last reference was given back. The block is no longer in the list, so it is freed once.
            unsafe { buf.free() };
        }
    }
}

impl<T> Drop for Blocks<T> {
    fn drop(&mut self) {
        self.drop_all();
    }
}

type Swap<T> = ArcSwapAny<Option<HeldRef<T>>>;

pub(super) struct Cell<T> {
    newest: Newest,
    /// Unset until the first publication, because `ArcSwapAny::new` is not `const`.
    swap: OnceLock<Swap<T>>,
}

impl<T> Cell<T> {
    pub(super) const fn new() -> Self {
        Self { newest: Newest::new(), swap: OnceLock::new() }
    }

    /// Calls arc-swap on this cell, and returns its result and the blocks that the call released. The caller drops
    /// those where an unwinding panic leaves everything valid.
    #[inline]
    fn call<R>(&self, arc_swap: impl FnOnce() -> R) -> (R, Released<T>) {
        // If arc-swap itself panics, the drop of this empties the queue (Q1).
        let mut released = Released::NONE;
        let result = arc_swap();
        if needs_drop::<T>() {
            released.first = take_queue();
        }
        (result, released)
    }

    /// Returns whether `version` is surely the current one; null stands for none. The caller holds a reference to it.
    ///
    /// Returns `false` for null after the first publication, so that the caller makes one of arc-swap's loads: these
    /// see what a thread did before it emptied the list.
    #[inline]
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        if version.is_null() { self.swap.get().is_none() } else { self.newest.is(version) }
    }

    /// Replaces the current version with `next` and returns the old one. The caller holds the lock.
    #[inline]
    pub(super) fn swap(
        &self,
        _: &mut WriterState<T>,
        next: Option<PublishedRef<T>>,
    ) -> Reclaimed<T> {
        let newest = next.as_ref().map_or(ptr::null_mut(), |next| next.filled.as_ptr());
        let next = next.map(HeldRef::new);
        self.newest.store_before(newest, || {
            let Some(swap) = self.swap.get() else {
                self.set_first(next);
                return Reclaimed::NONE;
            };
            // Not `store`, which would drop the old version inside arc-swap.
            let (old, released) = self.call(|| swap.swap(next));
            Reclaimed { _old: old.map(HeldRef::into_inner), _released: released }
        })
    }

    #[cold]
    fn set_first(&self, next: Option<HeldRef<T>>) {
        assert!(
            self.swap.set(Swap::new(next)).is_ok(),
            "only the holder of the lock sets the cell"
        );
    }

    /// Empties the cell and returns its version.
    pub(super) fn take(&mut self) -> Reclaimed<T> {
        let Some(swap) = self.swap.take() else { return Reclaimed::NONE };
        let (old, released) = self.call(|| swap.into_inner());
        Reclaimed { _old: old.map(HeldRef::into_inner), _released: released }
    }
}

/// The reference that the cell held. It is dropped after unlocking, because element destructors may run.
pub(crate) struct Reclaimed<T> {
    _old: Option<PublishedRef<T>>,
    /// Empty in arc-swap 1.9: a writer there gives back no last reference.
    _released: Released<T>,
}

impl<T> Reclaimed<T> {
    const NONE: Self = Self { _old: None, _released: Released::NONE };
}

/// arc-swap's guard, which protects the version that was current at one moment.
pub(super) struct HazardGuard<'a, T> {
    /// `None` if the cell was unset.
    guard: Option<ArcSwapGuard<Option<HeldRef<T>>>>,
    /// The blocks that the load released: those of versions that were replaced while it ran. This field is dropped after
    /// `guard`, so it also drops the version that the guard released.
    _released: Released<T>,
    _cell: PhantomData<&'a Cell<T>>,
}

impl<'a, T> HazardGuard<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let cell = &*publication.cell;
        let (guard, released) = cell.call(|| cell.swap.get().map(Swap::load));
        Self { guard, _released: released, _cell: PhantomData }
    }

    #[inline]
    pub(super) fn version(&self) -> Option<&PublishedRef<T>> {
        Some(&(**self.guard.as_ref()?).as_ref()?.0)
    }
}

/// A reference to the version that was seen last.
pub(crate) struct ReaderState<'a, T> {
    cell: &'a Cell<T>,
    kept: Option<PublishedRef<T>>,
}

impl<'a, T> ReaderState<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { cell: &publication.cell, kept: None }
    }

    /// Returns the current version.
    #[inline]
    pub(super) fn version(&mut self) -> Option<&PublishedRef<T>> {
        let kept = self.kept.as_ref().map_or(ptr::null_mut(), |kept| kept.filled.as_ptr());
        if !self.cell.is_current(kept) {
            self.refresh();
        }
        self.kept.as_ref()
    }

    #[cold]
    #[inline(never)]
    fn refresh(&mut self) {
        let (current, _released) =
            self.cell.call(|| self.cell.swap.get().and_then(Swap::load_full));
        // `kept` has the new version before elements of the old one are dropped.
        let _old = mem::replace(&mut self.kept, current.map(HeldRef::into_inner));
    }

    pub(crate) fn release(&mut self) {
        self.kept = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vec::unique::UniqueVec;
    use alloc::rc::Rc;
    use alloc::vec::Vec;

    /// An element whose drop panics if it is loud.
    struct Loud {
        _count: Rc<()>,
        loud: bool,
    }

    impl Drop for Loud {
        fn drop(&mut self) {
            assert!(!self.loud, "a drop that panics");
        }
    }

    /// Makes a unique block of three elements, of which the second may be loud.
    fn block(count: &Rc<()>, loud: bool) -> HeldRef<Loud> {
        let elements = [false, loud, false].map(|loud| Loud { _count: count.clone(), loud });
        let elements = UniqueVec::from(Vec::from(elements));
        let (buf, _) = elements.into_shared().into_handle().into_parts();
        // SAFETY: the handle gave its reference away here, so the block is live.
        let published = unsafe { buf.block() }.published();
        // SAFETY: the address is that of a live block, whose handle gave its reference away.
        HeldRef::new(unsafe { PublishedRef::from_published(published) })
    }

    #[test]
    fn released_with_a_loud_element_drops_all_blocks() {
        for loud in 0..3 {
            let count = Rc::new(());
            let blocks: Vec<_> = (0..3).map(|n| block(&count, n == loud)).collect();
            let shared = blocks[0].clone();
            drop(blocks);
            assert_eq!(Rc::strong_count(&count), 10, "nothing is dropped yet");
            let release = || drop(Released::<Loud>::NONE);
            assert_eq!(catch_unwind(release).is_err(), loud > 0);
            assert!(take_queue().is_null(), "the queue is empty");
            assert_eq!(Rc::strong_count(&count), 4, "a block that is shared stays");
            drop(shared);
            assert_eq!(catch_unwind(release).is_err(), loud == 0);
            assert_eq!(Rc::strong_count(&count), 1);
        }
    }

    #[test]
    fn call_that_unwinds_empties_the_queue() {
        let (count, cell) = (Rc::new(()), Cell::<Loud>::new());
        let held = block(&count, false);
        let unwinds = || {
            cell.call(|| {
                drop(held);
                panic!("inside");
            })
        };
        assert!(catch_unwind(AssertUnwindSafe(unwinds)).is_err());
        assert_eq!(Rc::strong_count(&count), 1);
        assert!(take_queue().is_null());
    }

    #[test]
    fn free_without_a_queue_catches_the_panic() {
        let count = Rc::new(());
        let held = ManuallyDrop::new(block(&count, true));
        let buf = held.0.buf();
        // SAFETY: `held` has the only reference to the block, and is not dropped.
        assert!(unsafe { buf.give_back_by_rmw() });
        // SAFETY: that was the last reference, and the block is not used again.
        unsafe { free_without_unwinding(buf) };
        assert_eq!(Rc::strong_count(&count), 1);
    }
}
