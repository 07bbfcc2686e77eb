//! The crate's own cell: an atomic pointer, and *slots* by which readers protect the version they read.
//!
//! A guard claims one of the list's padded slots, which are made at the first `load`; when all are taken,
//! one of the list's chain. A reader has a slot of the chain as long as it lives, and the chain grows to
//! the most readers there are at one time. A write looks at the slots of its own list and at no others.
//! Nobody waits for a slot, and none is freed before the list.
#![expect(unsafe_code, reason = "gives back what no slot protects")]

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::iter;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop, take};
use core::ptr::{self, NonNull};

use super::{Counted, Publication};
use crate::raw::buffer::SharedBuf;
use crate::raw::handle::Handle;
use crate::raw::refcount::hazard::{
    ADD_SLOTS, CLAIM_SLOT, FIND_SLOTS, FREE_SLOT, MOVE_FENCE, MOVE_SLOT, PUBLISH_FENCE,
    PUBLISH_PTR, READ_PTR, SCAN_SLOT,
};
use crate::raw::refcount::{FilledWord, control};
use crate::sync::{
    AtomicPtr, CachePadded, Ordering, UnmodelledUsize, const_fn, thread_number, weakened,
};
use crate::vec::unique::UniqueVec;

/// The guards of one list, at one time, that need no slot of the chain. Under loom one: two are many.
const GUARDS: usize = if cfg!(cow_loom) { 1 } else { 8 };

/// In a slot that is taken and protects nothing: smaller than the address of any block's second word.
const NOTHING: *mut FilledWord = NonNull::dangling().as_ptr();

/// A place to name a version that must not be given back.
struct Slot {
    /// Null while the slot is free; [`NOTHING`], or the version protected.
    version: AtomicPtr<FilledWord>,
    kind: usize,
    /// The rest of the chain.
    next: *const Spaced,
}

/// On a cache line of its own.
type Spaced = CachePadded<Slot>;

/// Kinds of slots, as bits.
const OF_GUARDS: usize = 1;
const OF_CHAIN: usize = 2;

// SAFETY: `next` is not changed once others can reach the slot.
unsafe impl Sync for Slot {}

impl Slot {
    fn new(version: *mut FilledWord, kind: usize) -> Spaced {
        CachePadded::new(Self { version: AtomicPtr::new(version), kind, next: ptr::null() })
    }

    /// Takes the slot if it is free.
    #[inline]
    fn claim(&self, version: *mut FilledWord) -> bool {
        let order = CLAIM_SLOT.order();
        self.version.compare_exchange(ptr::null_mut(), version, order, Ordering::Relaxed).is_ok()
    }

    /// [`Slot::claim`] for a slot that is likely taken, so that its line is not fetched for nothing.
    fn claim_if_free(&self, version: *mut FilledWord) -> bool {
        self.version.load(Ordering::Relaxed).is_null() && self.claim(version)
    }

    /// For its owner: puts `version` in it, or nothing if that is null.
    fn set(&self, version: *mut FilledWord) {
        let version = if version.is_null() { NOTHING } else { version };
        self.version.swap(version, MOVE_SLOT.order());
        MOVE_FENCE.fence_after_rmw();
    }

    /// For its owner, who does not read the version any more.
    #[inline]
    fn forget(&self, then: *mut FilledWord) {
        self.version.store(then, FREE_SLOT.order());
    }
}

pub(super) struct Cell<T> {
    /// The current version, of which this owns a count; null without one.
    current: AtomicPtr<FilledWord>,
    /// Null until the first load.
    guards: AtomicPtr<[Spaced; GUARDS]>,
    /// The first slot of the chain.
    chain: AtomicPtr<Spaced>,
    /// The kinds of the slots that keep retired versions. A hint to their owners to give these back: one
    /// that misses it leaves that to the next write.
    pending: UnmodelledUsize,
    owns: PhantomData<Counted<T>>,
}

impl<T> Cell<T> {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                current: AtomicPtr::new(ptr::null_mut()),
                guards: AtomicPtr::new(ptr::null_mut()),
                chain: AtomicPtr::new(ptr::null_mut()),
                pending: UnmodelledUsize::new(0),
                owns: PhantomData,
            }
        }
    }

    /// Whether `version` is the current one, or there is none if it is null. The caller protects it, by a
    /// slot or by a count, so that a Relaxed load does.
    #[inline]
    pub(super) fn is_current(&self, version: *const FilledWord) -> bool {
        ptr::eq(self.current.load(Ordering::Relaxed), version)
    }

    /// For the holder of the lock: puts `next` in, and gives back what is in no slot then.
    #[inline]
    pub(super) fn swap(&self, writer: &mut Writer<T>, next: Option<Counted<T>>) -> Released<T> {
        // SAFETY: B1: `next` holds a count of it.
        writer.resize(next.as_ref().map_or(0, |next| unsafe { next.buf().cap() }));
        let old = self.current.swap(Counted::into_ptr(next), PUBLISH_PTR.order());
        PUBLISH_FENCE.fence_after_rmw();
        let mut released = Released::NONE;
        if let Some(old) = NonNull::new(old) {
            // SAFETY: P1: the cell's count, taken out with it.
            let old = unsafe { Counted::from_published(old) };
            if writer.retired.is_empty() && self.protectors(&old) == 0 {
                released.add(old, writer);
                return released;
            }
            writer.retired.push(old);
        }
        self.release(writer, &mut released);
        released
    }

    /// For the holder of the lock: gives back the retired versions that are in no slot.
    #[inline(never)]
    fn release(&self, writer: &mut Writer<T>, released: &mut Released<T>) {
        let (mut pending, mut i) = (0, 0);
        while let Some(version) = writer.retired.get(i) {
            match self.protectors(version) {
                0 => released.add(writer.retired.remove(i), writer),
                kinds => (pending, i) = (pending | kinds, i + 1),
            }
        }
        // On the line that readers look at.
        if self.pending.load(Ordering::Relaxed) != pending {
            self.pending.store(pending, Ordering::Relaxed);
        }
    }

    /// The kinds of the slots that `version` is in.
    #[inline]
    fn protectors(&self, version: &Counted<T>) -> usize {
        // SAFETY: B1: a count is at hand.
        if weakened(control::RETIRED_UNCOUNTED) && unsafe { version.buf().strong_count() } > 1 {
            return 0;
        }
        let version = version.tail.as_ptr();
        let mut kinds = 0;
        let mut look = |slot: &Slot| {
            if slot.version.load(SCAN_SLOT.order()) == version {
                kinds |= slot.kind;
            }
        };
        self.guards().into_iter().flatten().for_each(|slot| look(slot));
        self.chain().for_each(|slot| look(slot));
        kinds
    }

    #[inline]
    fn guards(&self) -> Option<&[Spaced; GUARDS]> {
        // SAFETY: H3.
        unsafe { self.guards.load(FIND_SLOTS.order()).as_ref() }
    }

    fn chain(&self) -> impl Iterator<Item = &Spaced> {
        // SAFETY: H3.
        let first = unsafe { self.chain.load(FIND_SLOTS.order()).as_ref() };
        // SAFETY: H3.
        iter::successors(first, |slot| unsafe { slot.next.as_ref() })
    }

    /// A slot with `version` in it.
    #[inline]
    fn claim(&self, version: *mut FilledWord) -> &Slot {
        if let Some(guards) = self.guards() {
            let slot = &guards[thread_number() % GUARDS];
            if slot.claim(version) {
                CLAIM_SLOT.fence_after_rmw();
                return slot;
            }
        }
        self.claim_any(version)
    }

    #[cold]
    #[inline(never)]
    fn claim_any(&self, version: *mut FilledWord) -> &Slot {
        let guards = self.guards().unwrap_or_else(|| self.add_guards());
        if let Some(slot) = guards.iter().find(|slot| slot.claim_if_free(version)) {
            CLAIM_SLOT.fence_after_rmw();
            return slot;
        }
        let slot = self.claim_in_chain();
        slot.set(version);
        slot
    }

    fn add_guards(&self) -> &[Spaced; GUARDS] {
        let slots = Box::new([(); GUARDS].map(|()| Slot::new(ptr::null_mut(), OF_GUARDS)));
        let slots = Box::into_raw(slots);
        let (none, order) = (ptr::null_mut(), ADD_SLOTS.order());
        match self.guards.compare_exchange(none, slots, order, FIND_SLOTS.order()) {
            // SAFETY: H3: the cell's from here on.
            Ok(_) => unsafe { &*slots },
            Err(others) => {
                // SAFETY: still this thread's alone.
                drop(unsafe { Box::from_raw(slots) });
                // SAFETY: H3.
                unsafe { &*others }
            }
        }
    }

    /// A slot of the chain, with nothing in it.
    fn claim_in_chain(&self) -> &Slot {
        if let Some(slot) = self.chain().find(|slot| slot.claim_if_free(NOTHING)) {
            return slot;
        }
        let slot = Box::into_raw(Box::new(Slot::new(NOTHING, OF_CHAIN)));
        let mut first = self.chain.load(Ordering::Relaxed);
        loop {
            // SAFETY: still this thread's alone.
            unsafe { &mut *slot }.next = first;
            let order = ADD_SLOTS.order();
            match self.chain.compare_exchange(first, slot, order, Ordering::Relaxed) {
                // SAFETY: H3: the cell's from here on.
                Ok(_) => return unsafe { &*slot },
                Err(now) => first = now,
            }
        }
    }

    /// The current version, protected by `slot`, which has `seen` in it (H2).
    #[inline]
    fn settle(&self, slot: &Slot, mut seen: *mut FilledWord) -> Option<ManuallyDrop<Counted<T>>> {
        let look = || self.current.load(READ_PTR.order());
        let mut now = if weakened(control::NO_REREAD) { seen } else { look() };
        while now != seen {
            slot.set(now);
            (seen, now) = (now, look());
        }
        // Of two equal pointers the later: the version that the other was read of may be gone, and this one
        // have got its place.
        // SAFETY: P1, H1, H2: whoever takes it out of the cell keeps its count as long as `slot` has it.
        unsafe { Counted::view(now) }
    }

    /// For the owner: what was there.
    pub(super) fn take(&mut self) -> Option<Counted<T>> {
        let old = self.current.swap(ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: P1: the cell's count, taken out with it.
        NonNull::new(old).map(|old| unsafe { Counted::from_published(old) })
    }
}

impl<T> Drop for Cell<T> {
    /// Frees the slots: guards and readers borrow the list, so none is left.
    fn drop(&mut self) {
        let guards = self.guards.load(Ordering::Relaxed);
        if !guards.is_null() {
            // SAFETY: H3: from `add_guards`.
            drop(unsafe { Box::from_raw(guards) });
        }
        let mut slot = self.chain.load(Ordering::Relaxed);
        while !slot.is_null() {
            // SAFETY: H3: from `claim_in_chain`.
            slot = unsafe { Box::from_raw(slot) }.next.cast_mut();
        }
    }
}

/// What the holder of the lock has for the cell.
pub(super) struct Writer<T> {
    /// Versions that were in slots when these were last looked at (H1).
    retired: Vec<Counted<T>>,
    /// An old version's buffer for the next one to be built in, empty.
    spare: UniqueVec<T>,
    /// The current version's.
    cap: usize,
}

impl<T> Writer<T> {
    pub(super) const fn new() -> Self {
        Self { retired: Vec::new(), spare: UniqueVec::new(), cap: 0 }
    }

    /// A buffer to build the next version in, which may have room already.
    #[inline]
    pub(super) fn take_spare(&mut self) -> UniqueVec<T> {
        take(&mut self.spare)
    }

    /// Takes back what was not needed. Only memory is ever dropped here.
    #[inline]
    pub(super) fn keep_spare(&mut self, spare: UniqueVec<T>) {
        self.spare = spare;
    }

    /// For a next version with `cap` slots: a spare that is much larger or smaller goes.
    #[inline]
    fn resize(&mut self, cap: usize) {
        self.cap = cap;
        if self.has_spare() && !self.is_like_current(self.spare.capacity()) {
            self.spare = UniqueVec::new();
        }
    }

    #[inline]
    fn has_spare(&self) -> bool {
        self.spare.capacity() > 0
    }

    #[inline]
    fn is_like_current(&self, cap: usize) -> bool {
        cap / 2 <= self.cap && self.cap / 2 <= cap
    }
}

/// Counts of versions that were in no slot, as handles without elements of their own, for the last one of
/// a buffer to drop what is in it. Empty where that is nothing but memory.
pub(super) struct Released<T> {
    first: ManuallyDrop<Option<Handle<T>>>,
    more: ManuallyDrop<Vec<Handle<T>>>,
}

impl<T> Released<T> {
    const NONE: Self = Self { first: ManuallyDrop::new(None), more: ManuallyDrop::new(Vec::new()) };

    /// Adds a version, or keeps its buffer as the spare if no handle has it.
    #[inline]
    fn add(&mut self, version: Counted<T>, writer: &mut Writer<T>) {
        let buf = ManuallyDrop::new(version).buf();
        // SAFETY: B2: no elements; H1: the cell's count goes with it, and those that guards added have
        // happened before.
        let handle = unsafe { Handle::from_parts(buf, 0) };
        if needs_drop::<T>() {
            match &*self.first {
                None => *self.first = Some(handle),
                Some(_) => self.more.push(handle),
            }
        } else if !writer.has_spare() && writer.is_like_current(handle.block_cap()) {
            if let Ok(spare) = handle.try_into_recycled() {
                writer.spare = spare;
            }
        }
    }
}

impl<T> Drop for Released<T> {
    #[inline]
    fn drop(&mut self) {
        if needs_drop::<T>() {
            // SAFETY: taken once, here. All of it is dropped, even if a part panics.
            let _more = unsafe { ManuallyDrop::take(&mut self.more) };
            // SAFETY: as above.
            let _first = unsafe { ManuallyDrop::take(&mut self.first) };
        }
    }
}

/// Gives back what slots of this kind kept from a writer, unless somebody is writing.
#[inline]
fn reclaim<T>(publication: &Publication<T>, kind: usize) {
    if publication.cell.pending.load(Ordering::Relaxed) & kind != 0 {
        try_release(publication);
    }
}

#[cold]
#[inline(never)]
fn try_release<T>(publication: &Publication<T>) {
    let Some(mut state) = publication.lock.try_lock() else { return };
    let mut released = Released::NONE;
    publication.cell.release(&mut state.cell, &mut released);
    drop(state);
    drop(released);
}

/// A guard's slot and what it protects.
pub(super) struct Protected<'a, T> {
    publication: &'a Publication<T>,
    /// `None` where the cell was empty.
    slot: Option<&'a Slot>,
    version: Option<ManuallyDrop<Counted<T>>>,
}

impl<'a, T> Protected<'a, T> {
    #[inline]
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        let cell = &*publication.cell;
        let seen = cell.current.load(Ordering::Relaxed);
        if seen.is_null() {
            return Self { publication, slot: None, version: None };
        }
        let slot = cell.claim(seen);
        Self { publication, slot: Some(slot), version: cell.settle(slot, seen) }
    }

    #[inline]
    pub(super) fn buf(&self) -> Option<SharedBuf<T>> {
        Some(self.version.as_ref()?.buf())
    }
}

impl<T> Drop for Protected<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            let kind = slot.kind;
            slot.forget(ptr::null_mut());
            reclaim(self.publication, kind);
        }
    }
}

/// A reader's slot and what it protects.
pub(super) struct Cached<'a, T> {
    publication: &'a Publication<T>,
    slot: &'a Slot,
    version: Option<ManuallyDrop<Counted<T>>>,
}

impl<'a, T> Cached<'a, T> {
    pub(super) fn new(publication: &'a Publication<T>) -> Self {
        Self { publication, slot: publication.cell.claim_in_chain(), version: None }
    }

    #[inline]
    pub(super) fn load(&mut self) -> Option<SharedBuf<T>> {
        let version =
            self.version.as_ref().map_or(ptr::null_mut(), |version| version.tail.as_ptr());
        if !self.publication.cell.is_current(version) {
            self.refresh();
        }
        Some(self.version.as_ref()?.buf())
    }

    #[cold]
    #[inline(never)]
    fn refresh(&mut self) {
        let cell = &*self.publication.cell;
        self.version = None;
        let seen = cell.current.load(Ordering::Relaxed);
        self.slot.set(seen);
        self.version = cell.settle(self.slot, seen);
        reclaim(self.publication, OF_CHAIN);
    }

    pub(super) fn release(&mut self) {
        self.version = None;
        self.slot.forget(NOTHING);
        reclaim(self.publication, OF_CHAIN);
    }
}

impl<T> Drop for Cached<'_, T> {
    fn drop(&mut self) {
        self.slot.forget(ptr::null_mut());
        reclaim(self.publication, OF_CHAIN);
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;

    /// What a guard reads that found one version, and claims its slot when another stands in its place.
    #[test]
    fn a_version_in_the_place_of_one_that_is_gone() {
        let again = (0..100).any(|_| {
            let list = Publication::new();
            // With drop glue, so that what is replaced is freed and not built in anew.
            let publish = |text: &'static str| {
                drop(list.write().publish(UniqueVec::from(vec![String::from(text)])));
                list.cell.current.load(Ordering::Relaxed)
            };
            let gone = publish("gone");
            publish("next");
            let again = publish("here").addr() == gone.addr();
            let slot = list.cell.claim(gone);
            let version = list.cell.settle(slot, gone).unwrap();
            // SAFETY: B2: protected, with one element.
            assert_eq!(unsafe { version.buf().slice(1) }, ["here"]);
            slot.forget(ptr::null_mut());
            again
        });
        assert!(again || !cfg!(miri), "Miri finds an address again");
    }
}
