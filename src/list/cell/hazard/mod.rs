//! The crate's own cell: an atomic pointer to the current buffer, and slots in which readers protect versions.
//!
//! This is the algorithm of hazard pointers (Michael, "Hazard Pointers: Safe Memory Reclamation for Lock-Free
//! Objects", 2004), with slots that belong to one list. A reader stores the pointer of a version in its slot, and
//! then checks that this version is still the current one. A writer replaces the pointer, and then scans the
//! slots: it drops its reference to the old version, or *retires* the version if a slot has it.
//!
//! A guard or reader without a free slot adds a reference to the version instead. It protects the version by an
//! overflow slot only until then. So the number of slots does not grow with the guards and readers, and no thread
//! waits for a slot. While a guard's slot has an old version, each thread's guards use only two slots, and leave the
//! others to other threads.
//!
//! # Orderings
//!
//! The reader stores to its slot and then loads the pointer. The writer stores the pointer and then loads the
//! slots. At least one of the two must see the other's store, else the writer may drop a version while it is read.
//! All four are SeqCst, and the stores are read-modify-writes. Their single total order is enough in Rust's memory
//! model: [`internals`](crate::docs::internals) has the proof. loom treats SeqCst operations as acquire and release
//! operations, but it models fences. So each store has a fence behind it, which is no instruction on x86.
//!
//! # Dropping replaced versions
//!
//! A guard or reader that takes a replaced version out of a slot tries the lock, and reclaims the versions that no slot
//! protects. It may leave in the very moment in which another thread scans the slots, and then neither sees the other.
//! So a scan stores which slots it found to protect replaced versions. A guard that leaves looks at these slots, and
//! reclaims if one has changed. So does a guard without a slot: it owns a reference, or the list was empty. While no
//! replaced version is protected, a guard does no more than its store.
#![expect(unsafe_code, reason = "drops the reference to a version that no slot protects")]

mod retired;
mod slots;
#[cfg(all(test, not(cow_loom)))]
mod tests;

use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::{self, NonNull};

use self::slots::{GUARD_BITS, HazardSlot, Slots};
use super::{Publication, PublishedRef};
use crate::raw::refcount::FilledWord;
use crate::sync::{AtomicPtr, NamedOrdering, Ordering, UnmodelledUsize, const_fn, thread_number};

pub(super) use self::retired::{Reclaimed, WriterState};

/// Replaces the current version. Partner: [`READ_PTR`], which makes the version's contents visible.
const PUBLISH_PTR: NamedOrdering = NamedOrdering::new("PUBLISH_PTR", Ordering::SeqCst);

/// The fence between [`PUBLISH_PTR`] and the scan. Partners: the fences of the slots.
///
/// A later scan of the retired versions needs no other fence, because it holds the same lock.
const PUBLISH_FENCE: NamedOrdering = NamedOrdering::new("PUBLISH_FENCE", Ordering::SeqCst);

/// Checks that the version in a slot is still the current one, or that there is none. Partner: [`PUBLISH_PTR`].
const READ_PTR: NamedOrdering = NamedOrdering::new("READ_PTR", Ordering::SeqCst);

pub(super) struct Cell<T> {
    /// The current version, or null if there is none. The cell owns a reference to it (P1).
    current: AtomicPtr<FilledWord>,
    /// The set of the slots that protected retired versions at the last scan. Empty if no version is retired.
    ///
    /// Changed under the lock. Relaxed and not modelled, because only a scan decides whether a version is dropped.
    blocked_by: UnmodelledUsize,
    slots: Slots,
    owns: PhantomData<PublishedRef<T>>,
}

impl<T> Cell<T> {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                current: AtomicPtr::new(ptr::null_mut()),
                blocked_by: UnmodelledUsize::new(0),
                slots: Slots::new(),
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
            if !writer.has_retired() && self.protecting(&old) == 0 {
                reclaimed.add(old, writer);
                return reclaimed;
            }
            writer.retire(old);
        }
        self.reclaim_retired(writer, &mut reclaimed);
        reclaimed
    }

    /// Reclaims the retired versions that no slot protects. The caller holds the lock.
    #[inline(never)]
    fn reclaim_retired(&self, writer: &mut WriterState<T>, reclaimed: &mut Reclaimed<T>) {
        let mut blocked_by = 0;
        writer.reclaim(reclaimed, |version| {
            let slots = self.protecting(version);
            blocked_by |= slots;
            slots != 0
        });
        // Stores only a new value, because readers load this cache line.
        if self.blocked_by.load(Ordering::Relaxed) != blocked_by {
            self.blocked_by.store(blocked_by, Ordering::Relaxed);
        }
    }

    /// Returns the set of the slots that protect `version`.
    #[inline]
    fn protecting(&self, version: &PublishedRef<T>) -> usize {
        self.slots.protecting(version.as_ptr())
    }

    /// Returns whether a version is retired, as far as the last scan has told.
    #[inline]
    fn has_retired(&self) -> bool {
        self.blocked_by.load(Ordering::Relaxed) != 0
    }

    /// Returns whether a guard's slot protected a retired version at the last scan.
    fn has_old_guard(&self) -> bool {
        self.blocked_by.load(Ordering::Relaxed) & GUARD_BITS != 0
    }

    /// Returns whether a slot that protected a retired version at the last scan has changed since.
    fn has_missed(&self) -> bool {
        let current = self.current.load(Ordering::Relaxed);
        self.slots.any_left(self.blocked_by.load(Ordering::Relaxed), current)
    }

    /// Returns the current version, which `slot` protects from then on. `slot` has `seen` in it already. Also returns
    /// whether `seen` was replaced.
    ///
    /// Each time that another version is current, stores that one in the slot and checks again.
    #[inline]
    fn validate(
        &self,
        slot: &HazardSlot,
        mut seen: *mut FilledWord,
    ) -> (Option<ManuallyDrop<PublishedRef<T>>>, bool) {
        let load = || self.current.load(READ_PTR.order());
        let mut now = load();
        let replaced = now != seen;
        while now != seen {
            slot.protect(now);
            (seen, now) = (now, load());
        }
        // ABA: `seen` may equal `now` although the block of `seen` was freed and another block has its address. The
        // pointer of the last load is used, because it has the provenance of the current block.
        // SAFETY: `now` was current while `slot` had it, so a writer that replaces it keeps the cell's reference until
        // the slot is changed (P1, H1, H2).
        (unsafe { PublishedRef::view(now) }, replaced)
    }

    /// Returns a reference to the current version. Also returns whether a version was replaced while an overflow slot
    /// had it, so that the caller must [`reclaim`].
    ///
    /// An overflow slot protects the version until the reference is added. A scan that finds the slot free sees the
    /// reference ([`slots`]).
    fn counted(&self) -> (Option<PublishedRef<T>>, bool) {
        // Relaxed, because `validate` checks the pointer with `READ_PTR`, also if it is null.
        let seen = self.current.load(Ordering::Relaxed);
        let slot = self.slots.acquire_overflow(seen);
        let (version, replaced) = self.validate(slot, seen);
        let counted = version.as_deref().cloned();
        slot.free();
        let version = counted.as_ref().map_or(ptr::null_mut(), PublishedRef::as_ptr);
        // Relaxed, as in `must_reclaim_after`.
        let replaced = replaced || self.current.load(Ordering::Relaxed) != version;
        (counted, replaced)
    }

    /// Returns whether there may be versions to reclaim, after a slot was changed that had `version`.
    ///
    /// All loads are Relaxed. If they miss a write in this moment, that write stores the slot in `blocked_by`, and the
    /// next guard that leaves finds it changed.
    #[inline]
    fn must_reclaim_after(&self, version: *mut FilledWord) -> bool {
        let blocked_by = self.blocked_by.load(Ordering::Relaxed);
        blocked_by != 0 && {
            let replaced = self.current.load(Ordering::Relaxed) != version;
            replaced || self.slots.any_left(blocked_by, version)
        }
    }

    /// Empties the cell and returns its version.
    pub(super) fn take(&mut self) -> Option<PublishedRef<T>> {
        let old = self.current.swap(ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: the pointer was in the cell, so it is that of a live block (P1), and the swap took the cell's
        // reference out with it.
        NonNull::new(old).map(|old| unsafe { PublishedRef::from_published(old) })
    }
}

impl<T> WriterState<T> {
    /// Reclaims the retired versions if a slot that protected one has changed. The caller holds the lock, and publishes
    /// nothing.
    #[inline]
    pub(super) fn reclaim_missed(&mut self, cell: &Cell<T>) -> Option<Reclaimed<T>> {
        self.has_retired().then(|| self.reclaim_changed(cell))
    }

    #[cold]
    #[inline(never)]
    fn reclaim_changed(&mut self, cell: &Cell<T>) -> Reclaimed<T> {
        let mut reclaimed = Reclaimed::NONE;
        if cell.has_missed() {
            cell.reclaim_retired(self, &mut reclaimed);
        }
        reclaimed
    }
}

/// Reclaims the retired versions that no slot protects, unless another thread has the lock.
#[cold]
#[inline(never)]
fn reclaim<T>(publication: &Publication<T>) {
    if !publication.cell.has_retired() {
        return;
    }
    let Some(mut state) = publication.lock.try_lock() else { return };
    let mut reclaimed = Reclaimed::NONE;
    publication.cell.reclaim_retired(&mut state.writer, &mut reclaimed);
    drop(state);
    drop(reclaimed);
}

/// Protects the version that was current at one moment.
pub(super) struct HazardGuard<'a, T> {
    publication: &'a Publication<T>,
    /// `None` if the guard owns a reference to `version`, or if the cell was empty.
    slot: Option<&'a HazardSlot>,
    /// Protected by `slot` (H2), or owned if there is no slot.
    version: Option<ManuallyDrop<PublishedRef<T>>>,
}

/// The slot and the version of a guard, which fit into two registers.
type Parts<'a, T> = (Option<&'a HazardSlot>, Option<ManuallyDrop<PublishedRef<T>>>);

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
        let (slot, version) = match cell.slots.acquire_usual(seen, thread_number()) {
            Some(slot) => Self::validated(publication, slot, seen),
            None => Self::with_any_slot(publication, seen),
        };
        Self { publication, slot, version }
    }

    /// Protects the current version with another free slot, or by a reference.
    ///
    /// While a guard's slot has an old version, each thread's guards use only two slots. So a thread that holds many
    /// guards of old versions leaves the other slots to other threads, which then add no references.
    #[cold]
    #[inline(never)]
    fn with_any_slot(publication: &'a Publication<T>, seen: *mut FilledWord) -> Parts<'a, T> {
        let cell = &*publication.cell;
        let slot = if cell.has_old_guard() {
            cell.slots.acquire_second(seen, thread_number())
        } else {
            cell.slots.acquire_any(seen)
        };
        match slot {
            Some(slot) => Self::validated(publication, slot, seen),
            None => Self::counted(publication),
        }
    }

    /// Protects the current version with `slot`, which has `seen` already.
    #[inline]
    fn validated(
        publication: &'a Publication<T>,
        slot: &'a HazardSlot,
        seen: *mut FilledWord,
    ) -> Parts<'a, T> {
        let (version, replaced) = publication.cell.validate(slot, seen);
        if replaced {
            return Self::after_reclaim(publication, Some(slot), version);
        }
        (Some(slot), version)
    }

    fn counted(publication: &'a Publication<T>) -> Parts<'a, T> {
        let (version, replaced) = publication.cell.counted();
        let version = version.map(ManuallyDrop::new);
        if replaced {
            return Self::after_reclaim(publication, None, version);
        }
        (None, version)
    }

    /// Reclaims the versions that no slot protects. The slot that this guard used may have kept one from being dropped.
    #[cold]
    #[inline(never)]
    fn after_reclaim(
        publication: &'a Publication<T>,
        slot: Option<&'a HazardSlot>,
        version: Option<ManuallyDrop<PublishedRef<T>>>,
    ) -> Parts<'a, T> {
        // If an element's drop panics, the guard is dropped.
        let guard = Self { publication, slot, version };
        reclaim(publication);
        let mut guard = ManuallyDrop::new(guard);
        (guard.slot, guard.version.take())
    }

    #[inline]
    pub(super) fn version(&self) -> Option<&PublishedRef<T>> {
        self.version.as_deref()
    }
}

impl<T> Drop for HazardGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        leave(self.publication, self.slot, &mut self.version);
    }
}

/// Ends the protection of `version` by a guard or reader that is dropped.
#[inline]
fn leave<T>(
    publication: &Publication<T>,
    slot: Option<&HazardSlot>,
    version: &mut Option<ManuallyDrop<PublishedRef<T>>>,
) {
    match slot {
        Some(slot) => {
            slot.free();
            reclaim_after(publication, version.as_ref());
        }
        None if version.is_some() || publication.cell.has_retired() => {
            leave_without_slot(publication, version.take());
        }
        None => {}
    }
}

/// Drops the reference of a guard or reader that has no slot. There is none if the cell was empty.
///
/// Then reclaims if another guard or reader left a slot unseen, but not because `version` was replaced: no slot had it.
#[cold]
#[inline(never)]
fn leave_without_slot<T>(
    publication: &Publication<T>,
    version: Option<ManuallyDrop<PublishedRef<T>>>,
) {
    drop(version.map(ManuallyDrop::into_inner));
    if publication.cell.has_missed() {
        reclaim(publication);
    }
}

fn as_ptr<T>(version: Option<&ManuallyDrop<PublishedRef<T>>>) -> *mut FilledWord {
    version.map_or(ptr::null_mut(), |version| version.as_ptr())
}

/// Reclaims retired versions if there may be any, after a slot was changed that had `version`.
#[inline]
fn reclaim_after<T>(publication: &Publication<T>, version: Option<&ManuallyDrop<PublishedRef<T>>>) {
    #[cold]
    #[inline(never)]
    fn retired<T>(publication: &Publication<T>, version: *mut FilledWord) {
        if publication.cell.must_reclaim_after(version) {
            reclaim(publication);
        }
    }
    if publication.cell.has_retired() {
        retired(publication, as_ptr(version));
    }
}

/// A reader's slot, and the version that it keeps between reads.
pub(crate) struct ReaderState<'a, T> {
    publication: &'a Publication<T>,
    /// `None` if all slots for readers were taken.
    slot: Option<&'a HazardSlot>,
    /// Protected by `slot` (H2), or owned if there is no slot.
    version: Option<ManuallyDrop<PublishedRef<T>>>,
}

impl<'a, T> ReaderState<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let slot = publication.cell.slots.acquire_for_reader();
        Self { publication, slot, version: None }
    }

    /// Returns the current version.
    #[inline]
    pub(super) fn version(&mut self) -> Option<impl Deref<Target = PublishedRef<T>>> {
        let kept = as_ptr(self.version.as_ref());
        // A local, because `self.version` would be loaded and checked again after `is_current`.
        let version = if self.publication.cell.is_current(kept) { kept } else { self.refresh() };
        // SAFETY: `version` is the pointer of `self.version`, which protects its block while `self` is borrowed (H2).
        unsafe { PublishedRef::view(version) }
    }

    /// Makes the current version the one that the reader keeps, and returns its pointer.
    #[cold]
    #[inline(never)]
    fn refresh(&mut self) -> *mut FilledWord {
        let cell = &*self.publication.cell;
        // The old version, if the reader owns it. Dropped last, when the reader has the new one.
        let mut _owned = None;
        if self.slot.is_none() {
            _owned = self.version.take().map(ManuallyDrop::into_inner);
            self.slot = cell.slots.acquire_for_reader();
        }
        let must_reclaim = match self.slot {
            Some(slot) => {
                let moves = self.version.take().is_some();
                // Relaxed, because `validate` checks the pointer with `READ_PTR`, also if it is null.
                let seen = cell.current.load(Ordering::Relaxed);
                slot.protect(seen);
                let (version, replaced) = cell.validate(slot, seen);
                self.version = version;
                moves || replaced
            }
            None => {
                let (version, replaced) = cell.counted();
                self.version = version.map(ManuallyDrop::new);
                replaced || cell.has_missed()
            }
        };
        if must_reclaim {
            reclaim(self.publication);
        }
        as_ptr(self.version.as_ref())
    }

    pub(crate) fn release(&mut self) {
        let version = self.version.take();
        match self.slot {
            Some(slot) => {
                slot.clear();
                reclaim_after(self.publication, version.as_ref());
            }
            None => leave_without_slot(self.publication, version),
        }
    }
}

impl<T> Drop for ReaderState<'_, T> {
    #[inline]
    fn drop(&mut self) {
        leave(self.publication, self.slot, &mut self.version);
    }
}
