//! The crate's own cell: an atomic pointer to the current buffer, and slots in which readers protect versions.
//!
//! This is the algorithm of hazard pointers (Michael, "Hazard Pointers: Safe Memory Reclamation for Lock-Free
//! Objects", 2004), with slots that belong to one list. A reader stores the pointer of a version in its slot, and
//! then checks that this version is still the current one. A writer replaces the pointer, and then scans the
//! slots: it drops its reference to the old version, or *retires* the version if a slot has it.
//!
//! A guard takes one of eight padded slots, or an *overflow slot* if all eight are taken. A reader always has an
//! overflow slot. Overflow slots form a linked list, one for each reader and further guard that the list had at one
//! time. No thread waits for a slot, and no slot is freed before its list.
//!
//! # Orderings
//!
//! The reader stores to its slot and then loads the pointer. The writer stores the pointer and then loads the
//! slots. At least one of the two must see the other's store, else the writer may drop a version while it is read.
//! So both need a full fence between store and load: [`ACQUIRE_SLOT`], [`MOVE_FENCE`] and [`PUBLISH_FENCE`].
//!
//! The stores are SeqCst read-modify-writes, and the loads are SeqCst too. Their single total order is enough in
//! Rust's memory model. On x86 such a read-modify-write is itself a full fence, so no other instruction is
//! needed. loom treats SeqCst operations as acquire and release operations, but it models the fences.
#![expect(unsafe_code, reason = "drops the reference to a version that no slot protects")]

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop, take};
use core::ptr::{self, NonNull};

use super::{Publication, PublishedRef};
use crate::raw::handle::Handle;
use crate::raw::refcount::FilledWord;
use crate::sync::{
    AtomicPtr, CachePadded, GUARD_SLOTS, NamedOrdering, Ordering, UnmodelledUsize, const_fn,
    thread_number,
};
use crate::vec::unique::UniqueVec;

/// Acquires a free slot, by a compare-exchange that is also the fence before the check. Partners:
/// [`PUBLISH_FENCE`] and [`FREE_SLOT`].
///
/// It also acquires the reads of the slot's last owner. The new owner's later store to the slot then releases them too.
const ACQUIRE_SLOT: NamedOrdering = NamedOrdering::new("ACQUIRE_SLOT", Ordering::SeqCst);

/// Stores another version in a slot. Partner: [`SCAN_SLOT`], which sees the owner's last use of the version before.
const MOVE_SLOT: NamedOrdering = NamedOrdering::new("MOVE_SLOT", Ordering::SeqCst);

/// The fence between [`MOVE_SLOT`] and the check. Partner: [`PUBLISH_FENCE`].
const MOVE_FENCE: NamedOrdering = NamedOrdering::new("MOVE_FENCE", Ordering::SeqCst);

/// Stores that a slot protects nothing, or is free. Partners: [`SCAN_SLOT`] and [`ACQUIRE_SLOT`].
///
/// Release: the owner's last use of the version happens before the writer drops it. So does the addition of a
/// reference to the version by the owner.
const FREE_SLOT: NamedOrdering = NamedOrdering::new("FREE_SLOT", Ordering::Release);

/// Loads the version that a slot protects, for a writer. Partners: [`FREE_SLOT`] and [`MOVE_SLOT`].
const SCAN_SLOT: NamedOrdering = NamedOrdering::new("SCAN_SLOT", Ordering::SeqCst);

/// Replaces the current version. Partner: [`READ_PTR`], which makes the version's contents visible.
const PUBLISH_PTR: NamedOrdering = NamedOrdering::new("PUBLISH_PTR", Ordering::SeqCst);

/// The fence between [`PUBLISH_PTR`] and the scan. Partners: [`ACQUIRE_SLOT`] and [`MOVE_FENCE`].
///
/// A later scan of the retired versions needs no other fence, because it holds the same lock.
const PUBLISH_FENCE: NamedOrdering = NamedOrdering::new("PUBLISH_FENCE", Ordering::SeqCst);

/// Checks that the version in a slot is still the current one, or that there is none. Partner: [`PUBLISH_PTR`].
const READ_PTR: NamedOrdering = NamedOrdering::new("READ_PTR", Ordering::SeqCst);

/// Makes new slots visible to all threads. Partner: [`FIND_SLOTS`].
///
/// Both are SeqCst: a writer that does not find a slot precedes its reader in the single total order, so the
/// reader's check sees what the writer published.
const ADD_SLOTS: NamedOrdering = NamedOrdering::new("ADD_SLOTS", Ordering::SeqCst);

/// Finds the slots. Partner: [`ADD_SLOTS`].
const FIND_SLOTS: NamedOrdering = NamedOrdering::new("FIND_SLOTS", Ordering::SeqCst);

/// The value of a slot that is taken and protects nothing. No block has an address this small.
const RESERVED: *mut FilledWord = NonNull::dangling().as_ptr();

/// A hazard pointer: the version in it is not dropped.
struct HazardSlot {
    /// Null if the slot is free, [`RESERVED`], or the version protected.
    ///
    /// H2: the owner reads a version only after a check found it current while it was in the slot, and only
    /// until the owner stores another value here.
    protected: AtomicPtr<FilledWord>,
    kind: SlotKind,
    /// The next overflow slot. It does not change once other threads can reach this slot (H3).
    next: *const PaddedSlot,
}

/// A slot on its own cache line.
type PaddedSlot = CachePadded<HazardSlot>;

/// The kind of a slot. The values are the bits of [`Cell::blocked_by`].
#[derive(Clone, Copy)]
#[repr(usize)]
enum SlotKind {
    /// One of the eight slots that only guards take.
    Guard = 1,
    /// For readers, and for guards beyond the eighth.
    Overflow = 2,
}

// SAFETY: the other fields are `Sync`, and `next` does not change once others can reach the slot (H3).
unsafe impl Sync for HazardSlot {}

impl HazardSlot {
    fn new(protected: *mut FilledWord, kind: SlotKind) -> PaddedSlot {
        CachePadded::new(Self { protected: AtomicPtr::new(protected), kind, next: ptr::null() })
    }

    /// Acquires the slot and stores `version` in it, if it is free.
    #[inline]
    fn acquire(&self, version: *mut FilledWord) -> bool {
        let order = ACQUIRE_SLOT.order();
        self.protected.compare_exchange(ptr::null_mut(), version, order, Ordering::Relaxed).is_ok()
    }

    /// Like `acquire`, but loads first. The slot is likely taken, and a load leaves the cache line shared.
    fn acquire_if_free(&self, version: *mut FilledWord) -> bool {
        // Relaxed, because only the compare-exchange acquires the slot.
        self.protected.load(Ordering::Relaxed).is_null() && self.acquire(version)
    }

    /// Protects `version`, or nothing if it is null. The caller owns the slot, and then checks that `version` is
    /// current.
    fn protect(&self, version: *mut FilledWord) {
        let version = if version.is_null() { RESERVED } else { version };
        self.protected.swap(version, MOVE_SLOT.order());
        MOVE_FENCE.fence_after_rmw();
    }

    /// Stops protecting a version. The caller owns the slot, and keeps it.
    fn clear(&self) {
        self.protected.store(RESERVED, FREE_SLOT.order());
    }

    /// Frees the slot. The caller owns the slot, and does not use it again.
    #[inline]
    fn free(&self) {
        self.protected.store(ptr::null_mut(), FREE_SLOT.order());
    }
}

pub(super) struct Cell<T> {
    /// The current version, or null if there is none. The cell owns a reference to it (P1).
    current: AtomicPtr<FilledWord>,
    /// Null until the first load. The slots here and in `overflow` stay until the cell is dropped (H3).
    guard_slots: AtomicPtr<[PaddedSlot; GUARD_SLOTS]>,
    /// The first overflow slot.
    overflow: AtomicPtr<PaddedSlot>,
    /// The kinds of the slots that protect retired versions. This is a hint to the slots' owners to look for
    /// versions to drop. If an owner misses it, the next write drops them.
    blocked_by: UnmodelledUsize,
    owns: PhantomData<PublishedRef<T>>,
}

impl<T> Cell<T> {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                current: AtomicPtr::new(ptr::null_mut()),
                guard_slots: AtomicPtr::new(ptr::null_mut()),
                overflow: AtomicPtr::new(ptr::null_mut()),
                blocked_by: UnmodelledUsize::new(0),
                owns: PhantomData,
            }
        }
    }

    /// Returns whether `version` is the current one; null stands for none.
    ///
    /// Relaxed is enough for a version, because the caller protects it by a slot or a reference: a protected version is
    /// not published a second time. The cell may be emptied any number of times, so null needs [`READ_PTR`]: see
    /// [`Cell::is_empty`].
    #[inline]
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        if version.is_null() {
            return self.is_empty();
        }
        ptr::eq(self.current.load(Ordering::Relaxed), version)
    }

    /// Returns whether there is no current version.
    ///
    /// This load pairs with [`PUBLISH_PTR`]: the writer's actions before it emptied the cell happen before the caller
    /// returns an empty slice. Models: `load_of_a_cleared_list_sees_what_happened_before` and those beside it.
    #[inline]
    fn is_empty(&self) -> bool {
        self.current.load(READ_PTR.order()).is_null()
    }

    /// Replaces the current version with `next`, and reclaims all versions that no slot protects. The caller holds
    /// the lock.
    #[inline]
    pub(super) fn swap(
        &self,
        writer: &mut WriterState<T>,
        next: Option<PublishedRef<T>>,
    ) -> Reclaimed<T> {
        writer.set_current_cap(next.as_ref().map_or(0, |next| next.block().cap()));
        let old = self.current.swap(PublishedRef::into_ptr(next), PUBLISH_PTR.order());
        PUBLISH_FENCE.fence_after_rmw();
        let mut reclaimed = Reclaimed::NONE;
        if let Some(old) = NonNull::new(old) {
            // SAFETY: the pointer was in the cell, so it is that of a live block (P1), and the swap took the cell's
            // reference out with it.
            let old = unsafe { PublishedRef::from_published(old) };
            if writer.retired.is_empty() && self.protecting(&old) == 0 {
                reclaimed.add(old, writer);
                return reclaimed;
            }
            writer.retired.push(old);
        }
        self.reclaim_retired(writer, &mut reclaimed);
        reclaimed
    }

    /// Reclaims the retired versions that no slot protects. The caller holds the lock.
    #[inline(never)]
    fn reclaim_retired(&self, writer: &mut WriterState<T>, reclaimed: &mut Reclaimed<T>) {
        let (mut blocked_by, mut i) = (0, 0);
        while let Some(version) = writer.retired.get(i) {
            match self.protecting(version) {
                0 => reclaimed.add(writer.retired.remove(i), writer),
                kinds => (blocked_by, i) = (blocked_by | kinds, i + 1),
            }
        }
        // Stores only a new value, because readers load this cache line.
        if self.blocked_by.load(Ordering::Relaxed) != blocked_by {
            self.blocked_by.store(blocked_by, Ordering::Relaxed);
        }
    }

    /// Returns the kinds of the slots that protect `version`, as bits.
    #[inline]
    fn protecting(&self, version: &PublishedRef<T>) -> usize {
        let version = version.as_ptr();
        let mut kinds = 0;
        let mut scan = |slot: &HazardSlot| {
            if slot.protected.load(SCAN_SLOT.order()) == version {
                kinds |= slot.kind as usize;
            }
        };
        self.guard_slots().into_iter().flatten().for_each(|slot| scan(slot));
        self.overflow_slots().for_each(|slot| scan(slot));
        kinds
    }

    #[inline]
    fn guard_slots(&self) -> Option<&[PaddedSlot; GUARD_SLOTS]> {
        // SAFETY: the pointer is null, or that of slots that live as long as the cell (H3).
        unsafe { self.guard_slots.load(FIND_SLOTS.order()).as_ref() }
    }

    fn overflow_slots(&self) -> impl Iterator<Item = &PaddedSlot> {
        // SAFETY: the pointer is null, or that of a slot that lives as long as the cell (H3).
        let first = unsafe { self.overflow.load(FIND_SLOTS.order()).as_ref() };
        // SAFETY: `next` is null, or the pointer of a slot that lives as long as the cell (H3).
        iter::successors(first, |slot| unsafe { slot.next.as_ref() })
    }

    /// Acquires a slot for a guard and stores `version` in it.
    #[inline]
    fn acquire_slot(&self, version: *mut FilledWord) -> &HazardSlot {
        if let Some(slots) = self.guard_slots() {
            let slot = &slots[thread_number() % GUARD_SLOTS];
            if slot.acquire(version) {
                ACQUIRE_SLOT.fence_after_rmw();
                return slot;
            }
        }
        self.acquire_any_slot(version)
    }

    #[cold]
    #[inline(never)]
    fn acquire_any_slot(&self, version: *mut FilledWord) -> &HazardSlot {
        let slots = self.guard_slots().unwrap_or_else(|| self.add_guard_slots());
        if let Some(slot) = slots.iter().find(|slot| slot.acquire_if_free(version)) {
            ACQUIRE_SLOT.fence_after_rmw();
            return slot;
        }
        let slot = self.acquire_overflow_slot();
        slot.protect(version);
        slot
    }

    fn add_guard_slots(&self) -> &[PaddedSlot; GUARD_SLOTS] {
        let free = || HazardSlot::new(ptr::null_mut(), SlotKind::Guard);
        let slots = Box::into_raw(Box::new([(); GUARD_SLOTS].map(|()| free())));
        let (none, order) = (ptr::null_mut(), ADD_SLOTS.order());
        match self.guard_slots.compare_exchange(none, slots, order, FIND_SLOTS.order()) {
            // SAFETY: the cell now owns the slots, and frees them only when it is dropped (H3).
            Ok(_) => unsafe { &*slots },
            Err(others) => {
                // SAFETY: the pointer is from `Box::into_raw`, and no other thread has seen it.
                drop(unsafe { Box::from_raw(slots) });
                // SAFETY: these are another thread's slots, which the cell owns until it is dropped (H3).
                unsafe { &*others }
            }
        }
    }

    /// Acquires an overflow slot that protects nothing.
    fn acquire_overflow_slot(&self) -> &HazardSlot {
        if let Some(slot) = self.overflow_slots().find(|slot| slot.acquire_if_free(RESERVED)) {
            return slot;
        }
        let slot = Box::into_raw(Box::new(HazardSlot::new(RESERVED, SlotKind::Overflow)));
        let mut first = self.overflow.load(Ordering::Relaxed);
        loop {
            // SAFETY: the pointer is from `Box::into_raw`, and no other thread has seen it.
            unsafe { &mut *slot }.next = first;
            let order = ADD_SLOTS.order();
            match self.overflow.compare_exchange(first, slot, order, Ordering::Relaxed) {
                // SAFETY: the cell now owns the slot, and frees it only when it is dropped (H3).
                Ok(_) => return unsafe { &*slot },
                Err(now) => first = now,
            }
        }
    }

    /// Returns the current version, which `slot` protects from then on. `slot` has `seen` in it already.
    ///
    /// Each time that another version is current, stores that one in the slot and checks again.
    #[inline]
    fn validate(
        &self,
        slot: &HazardSlot,
        mut seen: *mut FilledWord,
    ) -> Option<ManuallyDrop<PublishedRef<T>>> {
        let load = || self.current.load(READ_PTR.order());
        let mut now = load();
        while now != seen {
            slot.protect(now);
            (seen, now) = (now, load());
        }
        // ABA: `seen` may equal `now` although the block of `seen` was freed and another block has its address. The
        // pointer of the last load is used, because it has the provenance of the current block.
        // SAFETY: `now` was current while `slot` had it, so a writer that replaces it keeps the cell's reference until
        // the slot is changed (P1, H1, H2).
        unsafe { PublishedRef::view(now) }
    }

    /// Empties the cell and returns its version.
    pub(super) fn take(&mut self) -> Option<PublishedRef<T>> {
        let old = self.current.swap(ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: the pointer was in the cell, so it is that of a live block (P1), and the swap took the cell's
        // reference out with it.
        NonNull::new(old).map(|old| unsafe { PublishedRef::from_published(old) })
    }
}

impl<T> Drop for Cell<T> {
    /// Frees the slots. No guard or reader is left, because they borrow the list.
    fn drop(&mut self) {
        let slots = self.guard_slots.load(Ordering::Relaxed);
        if !slots.is_null() {
            // SAFETY: `add_guard_slots` got the pointer from `Box::into_raw`, and nobody frees it before (H3).
            drop(unsafe { Box::from_raw(slots) });
        }
        let mut slot = self.overflow.load(Ordering::Relaxed);
        while !slot.is_null() {
            // SAFETY: `acquire_overflow_slot` got the pointer from `Box::into_raw`, and nobody frees it before (H3).
            slot = unsafe { Box::from_raw(slot) }.next.cast_mut();
        }
    }
}

/// The part of the writers' state that belongs to the cell. The lock guards it.
pub(super) struct WriterState<T> {
    /// The replaced versions that a slot protected at the last scan. Each keeps the reference that the cell had
    /// (H1), so no handle of the version is unique.
    retired: Vec<PublishedRef<T>>,
    /// The buffer of an old version, emptied, for the next one to be built in.
    recycled: UniqueVec<T>,
    /// The capacity of the current version.
    current_cap: usize,
}

impl<T> WriterState<T> {
    pub(super) const fn new() -> Self {
        Self { retired: Vec::new(), recycled: UniqueVec::new(), current_cap: 0 }
    }

    /// Returns an empty vector to build the next version in. It may have capacity already.
    #[inline]
    pub(super) fn take_recycled(&mut self) -> UniqueVec<T> {
        take(&mut self.recycled)
    }

    /// Keeps an empty vector for the next version.
    #[inline]
    pub(super) fn recycle(&mut self, empty: UniqueVec<T>) {
        self.recycled = empty;
    }

    /// Sets the capacity of the version that becomes current. Frees the recycled buffer if its capacity is
    /// less than half of `cap`, or more than twice `cap`.
    #[inline]
    fn set_current_cap(&mut self, cap: usize) {
        self.current_cap = cap;
        if self.has_recycled() && !self.fits_current(self.recycled.capacity()) {
            self.recycled = UniqueVec::new();
        }
    }

    #[inline]
    fn has_recycled(&self) -> bool {
        self.recycled.capacity() > 0
    }

    #[inline]
    fn fits_current(&self, cap: usize) -> bool {
        cap / 2 <= self.current_cap && self.current_cap / 2 <= cap
    }
}

/// The references to reclaimed versions. They are dropped after unlocking, because element destructors may run.
/// Always empty if `T` needs no drop.
///
/// Each is a handle of length 0: the last handle of a buffer drops all of its elements (B6).
pub(crate) struct Reclaimed<T> {
    first: ManuallyDrop<Option<Handle<T>>>,
    more: ManuallyDrop<Vec<Handle<T>>>,
}

impl<T> Reclaimed<T> {
    const NONE: Self = Self { first: ManuallyDrop::new(None), more: ManuallyDrop::new(Vec::new()) };

    /// Adds a version that no slot protects. If `T` needs no drop, recycles or frees its buffer instead.
    #[inline]
    fn add(&mut self, version: PublishedRef<T>, writer: &mut WriterState<T>) {
        let buf = ManuallyDrop::new(version).buf();
        // SAFETY: a length of 0 covers no slots (B2). `version` is not dropped, so its reference becomes the
        // handle's. References that guards added happened before the scan (H1).
        let handle = unsafe { Handle::from_parts(buf, 0) };
        if needs_drop::<T>() {
            match &*self.first {
                None => *self.first = Some(handle),
                Some(_) => self.more.push(handle),
            }
        } else if !writer.has_recycled() && writer.fits_current(handle.block_cap()) {
            if let Ok(empty) = handle.try_into_recycled() {
                writer.recycled = empty;
            }
        }
    }
}

impl<T> Drop for Reclaimed<T> {
    #[inline]
    fn drop(&mut self) {
        if needs_drop::<T>() {
            // Both are locals, so that the first is dropped even if a drop of the others panics.
            // SAFETY: only this drop takes `more`, once.
            let _more = unsafe { ManuallyDrop::take(&mut self.more) };
            // SAFETY: only this drop takes `first`, once.
            let _first = unsafe { ManuallyDrop::take(&mut self.first) };
        }
    }
}

/// Drops retired versions if a slot of this kind protected one at the last scan and nobody is writing.
#[inline]
fn reclaim_if_blocked<T>(publication: &Publication<T>, by: SlotKind) {
    if publication.cell.blocked_by.load(Ordering::Relaxed) & by as usize != 0 {
        try_reclaim(publication);
    }
}

#[cold]
#[inline(never)]
fn try_reclaim<T>(publication: &Publication<T>) {
    let Some(mut state) = publication.lock.try_lock() else { return };
    let mut reclaimed = Reclaimed::NONE;
    publication.cell.reclaim_retired(&mut state.writer, &mut reclaimed);
    drop(state);
    drop(reclaimed);
}

/// Protects the version that was current at one moment.
pub(super) struct HazardGuard<'a, T> {
    publication: &'a Publication<T>,
    /// `None` if the cell was empty.
    slot: Option<&'a HazardSlot>,
    /// Protected by `slot` (H2).
    version: Option<ManuallyDrop<PublishedRef<T>>>,
}

impl<'a, T> HazardGuard<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let cell = &*publication.cell;
        // Relaxed, because `validate` checks the pointer with `READ_PTR`.
        let mut seen = cell.current.load(Ordering::Relaxed);
        if seen.is_null() {
            // Null is not validated, so it is loaded with the ordering of `Cell::is_empty`.
            seen = cell.current.load(READ_PTR.order());
            if seen.is_null() {
                return Self { publication, slot: None, version: None };
            }
        }
        let slot = cell.acquire_slot(seen);
        Self { publication, slot: Some(slot), version: cell.validate(slot, seen) }
    }

    #[inline]
    pub(super) fn version(&self) -> Option<&PublishedRef<T>> {
        self.version.as_deref()
    }
}

impl<T> Drop for HazardGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            let kind = slot.kind;
            slot.free();
            reclaim_if_blocked(self.publication, kind);
        }
    }
}

/// A reader's slot, and the version that it protects between reads.
pub(crate) struct ReaderState<'a, T> {
    publication: &'a Publication<T>,
    slot: &'a HazardSlot,
    /// Protected by `slot` (H2).
    version: Option<ManuallyDrop<PublishedRef<T>>>,
}

impl<'a, T> ReaderState<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let slot = publication.cell.acquire_overflow_slot();
        Self { publication, slot, version: None }
    }

    /// Returns the current version.
    #[inline]
    pub(super) fn version(&mut self) -> Option<&PublishedRef<T>> {
        let version = self.version.as_ref().map_or(ptr::null_mut(), |version| version.as_ptr());
        if !self.publication.cell.is_current(version) {
            self.refresh();
        }
        self.version.as_deref()
    }

    #[cold]
    #[inline(never)]
    fn refresh(&mut self) {
        let cell = &*self.publication.cell;
        self.version = None;
        // Relaxed, because `validate` checks the pointer with `READ_PTR`, also if it is null.
        let seen = cell.current.load(Ordering::Relaxed);
        self.slot.protect(seen);
        self.version = cell.validate(self.slot, seen);
        reclaim_if_blocked(self.publication, SlotKind::Overflow);
    }

    pub(crate) fn release(&mut self) {
        self.version = None;
        self.slot.clear();
        reclaim_if_blocked(self.publication, SlotKind::Overflow);
    }
}

impl<T> Drop for ReaderState<'_, T> {
    fn drop(&mut self) {
        self.slot.free();
        reclaim_if_blocked(self.publication, SlotKind::Overflow);
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;

    #[test]
    fn validate_on_a_reused_address_returns_the_new_version() {
        let reused = (0..100).any(|_| {
            let list = Publication::new();
            // `String` needs drop, so that the old buffer is freed and not recycled.
            let publish = |text: &'static str| {
                drop(list.write().publish(UniqueVec::from(vec![String::from(text)])));
                list.cell.current.load(Ordering::Relaxed)
            };
            let freed = publish("freed");
            publish("next");
            let reused = publish("current").addr() == freed.addr();
            let slot = list.cell.acquire_slot(freed);
            let version = list.cell.validate(slot, freed).unwrap();
            // SAFETY: the slot protects the version, which has one element (B2).
            assert_eq!(unsafe { version.buf().slice(1) }, ["current"]);
            slot.free();
            reused
        });
        assert!(reused || !cfg!(miri), "Miri reuses an address in 100 attempts");
    }
}
