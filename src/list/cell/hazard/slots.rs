//! The slots in which guards and readers protect versions.
//!
//! A list has a fixed number of slots for guards and for readers, each on its own cache line. They are allocated at the
//! first use. A thread that finds none free uses an *overflow slot* until it has added a reference to the version.
//! Overflow slots form a linked list. It has as many as there ever were threads in that step at the same time.

use alloc::boxed::Box;
use core::ptr::{self, NonNull};
use core::{array, iter};

use crate::raw::refcount::FilledWord;
use crate::sync::{AtomicPtr, CachePadded, FIXED_SLOTS, NamedOrdering, Ordering, const_fn};

/// Acquires a free slot, by a compare-exchange that is also the fence before the check. Partners:
/// [`PUBLISH_FENCE`](super::PUBLISH_FENCE) and [`FREE_SLOT`].
///
/// It also acquires the reads of the slot's last owner. The new owner's later store to the slot then releases them too.
const ACQUIRE_SLOT: NamedOrdering = NamedOrdering::new("ACQUIRE_SLOT", Ordering::SeqCst);

/// Stores another version in a slot. Partner: [`SCAN_SLOT`], which sees the owner's last use of the version before.
const MOVE_SLOT: NamedOrdering = NamedOrdering::new("MOVE_SLOT", Ordering::SeqCst);

/// The fence between [`MOVE_SLOT`] and the check. Partner: [`PUBLISH_FENCE`](super::PUBLISH_FENCE).
const MOVE_FENCE: NamedOrdering = NamedOrdering::new("MOVE_FENCE", Ordering::SeqCst);

/// Stores that a slot protects nothing, or is free. Partners: [`SCAN_SLOT`] and [`ACQUIRE_SLOT`].
///
/// Release: the owner's last use of the version happens before the writer drops it. So does the addition of a
/// reference to the version by the owner.
const FREE_SLOT: NamedOrdering = NamedOrdering::new("FREE_SLOT", Ordering::Release);

/// Loads the version that a slot protects, for a writer. Partners: [`FREE_SLOT`] and [`MOVE_SLOT`].
const SCAN_SLOT: NamedOrdering = NamedOrdering::new("SCAN_SLOT", Ordering::SeqCst);

/// Makes new slots visible to all threads. Partner: [`FIND_SLOTS`].
///
/// Both are SeqCst: a writer that does not find a slot precedes its reader in the single total order, so the
/// reader's check sees what the writer published.
const ADD_SLOTS: NamedOrdering = NamedOrdering::new("ADD_SLOTS", Ordering::SeqCst);

/// Finds the slots. Partner: [`ADD_SLOTS`].
const FIND_SLOTS: NamedOrdering = NamedOrdering::new("FIND_SLOTS", Ordering::SeqCst);

/// The value of a slot that is taken and protects nothing. No block has an address this small.
pub(super) const RESERVED: *mut FilledWord = NonNull::dangling().as_ptr();

/// Returns `version`, or [`RESERVED`] if it is null.
fn or_reserved(version: *mut FilledWord) -> *mut FilledWord {
    if version.is_null() { RESERVED } else { version }
}

/// A hazard pointer: the version in it is not dropped.
pub(super) struct HazardSlot {
    /// Null if the slot is free, [`RESERVED`], or the version protected.
    ///
    /// H2: the owner reads a version only after a check found it current while it was in the slot, and only
    /// until the owner stores another value here.
    protected: AtomicPtr<FilledWord>,
    /// The slot's bit in a set of slots.
    bit: usize,
}

/// The bits of the slots for guards.
pub(super) const GUARD_BITS: usize = (1 << FIXED_SLOTS) - 1;

/// The bit that all overflow slots share.
const OVERFLOW_BIT: usize = 1 << (2 * FIXED_SLOTS);

impl HazardSlot {
    fn new(protected: *mut FilledWord, bit: usize) -> CachePadded<Self> {
        CachePadded::new(Self { protected: AtomicPtr::new(protected), bit })
    }

    /// Acquires the slot and stores `version` in it, if it is free.
    #[inline]
    fn acquire(&self, version: *mut FilledWord) -> bool {
        let order = ACQUIRE_SLOT.order();
        self.protected.compare_exchange(ptr::null_mut(), version, order, Ordering::Relaxed).is_ok()
    }

    /// Executes the fence that follows an acquisition of the slot with a version in it.
    #[inline]
    fn fenced(&self) -> &Self {
        ACQUIRE_SLOT.fence_after_rmw();
        self
    }

    /// Like `acquire`, but loads first. The slot is likely taken, and a load leaves the cache line shared.
    fn acquire_if_free(&self, version: *mut FilledWord) -> bool {
        // Relaxed, because only the compare-exchange acquires the slot.
        self.protected.load(Ordering::Relaxed).is_null() && self.acquire(version)
    }

    /// Returns the slot's bit if the slot protects `version`, or else 0.
    #[inline]
    fn bit_if_protects(&self, version: *mut FilledWord) -> usize {
        if self.protected.load(SCAN_SLOT.order()) == version { self.bit } else { 0 }
    }

    /// Returns whether the slot is free, protects nothing, or has `current`.
    #[inline]
    fn is_left(&self, current: *mut FilledWord) -> bool {
        // Relaxed, because only a scan decides whether a version is dropped.
        let now = self.protected.load(Ordering::Relaxed);
        now.is_null() || now == RESERVED || now == current
    }

    /// Protects `version`, or nothing if it is null. The caller owns the slot, and then checks that `version` is
    /// current.
    pub(super) fn protect(&self, version: *mut FilledWord) {
        self.protected.swap(or_reserved(version), MOVE_SLOT.order());
        MOVE_FENCE.fence_after_rmw();
    }

    /// Stops protecting a version. The caller owns the slot, and keeps it.
    pub(super) fn clear(&self) {
        self.protected.store(RESERVED, FREE_SLOT.order());
    }

    /// Frees the slot. The caller owns the slot, and does not use it again.
    #[inline]
    pub(super) fn free(&self) {
        self.protected.store(ptr::null_mut(), FREE_SLOT.order());
    }
}

fn union(bits: impl Iterator<Item = usize>) -> usize {
    bits.fold(0, |all, bit| all | bit)
}

/// All slots of a list.
pub(super) struct Slots {
    guards: FixedSlots,
    readers: FixedSlots,
    /// The first overflow slot, or null.
    overflow: AtomicPtr<OverflowSlot>,
}

impl Slots {
    const_fn! {
        pub(super) const fn new() -> Self {
            Self {
                guards: FixedSlots::new(0),
                readers: FixedSlots::new(FIXED_SLOTS),
                overflow: AtomicPtr::new(ptr::null_mut()),
            }
        }
    }

    /// Acquires the slot that this thread's guards use first. It has `version` then. Returns `None` if it is taken.
    #[inline]
    pub(super) fn acquire_usual(
        &self,
        version: *mut FilledWord,
        thread: usize,
    ) -> Option<&HazardSlot> {
        let slot = &self.guards.get()?[thread % FIXED_SLOTS];
        slot.acquire(version).then(|| slot.fenced())
    }

    /// Acquires the second slot of this thread's guards, which has `version` then. Returns `None` if it is taken.
    ///
    /// Every fourth thread has the same two slots, half of them in the other order.
    pub(super) fn acquire_second(
        &self,
        version: *mut FilledWord,
        thread: usize,
    ) -> Option<&HazardSlot> {
        let slot = &self.guards.get()?[(thread ^ (FIXED_SLOTS / 2)) % FIXED_SLOTS];
        slot.acquire_if_free(version).then(|| slot.fenced())
    }

    /// Acquires any slot for a guard, which has `version` then. Returns `None` if all are taken.
    pub(super) fn acquire_any(&self, version: *mut FilledWord) -> Option<&HazardSlot> {
        self.guards.acquire_any(version).map(HazardSlot::fenced)
    }

    /// Acquires a slot for a reader, which protects nothing yet.
    pub(super) fn acquire_for_reader(&self) -> Option<&HazardSlot> {
        self.readers.acquire_any(RESERVED)
    }

    /// Acquires an overflow slot, which has `version` then, or nothing if that is null.
    pub(super) fn acquire_overflow(&self, version: *mut FilledWord) -> &HazardSlot {
        let version = or_reserved(version);
        if let Some(slot) = self.overflow_slots().find(|slot| slot.acquire_if_free(version)) {
            return slot.fenced();
        }
        let slot = self.add_overflow();
        slot.protect(version);
        slot
    }

    fn add_overflow(&self) -> &HazardSlot {
        let slot = HazardSlot::new(RESERVED, OVERFLOW_BIT);
        let new = Box::into_raw(Box::new(OverflowSlot { slot, next: ptr::null_mut() }));
        let mut first = self.overflow.load(Ordering::Relaxed);
        loop {
            // SAFETY: the pointer is from `Box::into_raw`, and no other thread has seen it.
            unsafe { &mut *new }.next = first;
            let order = ADD_SLOTS.order();
            match self.overflow.compare_exchange(first, new, order, Ordering::Relaxed) {
                // SAFETY: the list now owns the slot, and frees it only when it is dropped (H3).
                Ok(_) => return unsafe { &(*new).slot },
                Err(now) => first = now,
            }
        }
    }

    /// Returns the set of the slots that protect `version`.
    #[inline]
    pub(super) fn protecting(&self, version: *mut FilledWord) -> usize {
        let overflow = self.overflow_slots().map(|slot| slot.bit_if_protects(version));
        self.guards.protecting(version) | self.readers.protecting(version) | union(overflow)
    }

    /// Returns whether a slot of the set `bits` is free, protects nothing, or has `current`. The answer may be stale.
    #[inline]
    pub(super) fn any_left(&self, bits: usize, current: *mut FilledWord) -> bool {
        self.guards.any_left(bits, current)
            || self.readers.any_left(bits >> FIXED_SLOTS, current)
            || bits & OVERFLOW_BIT != 0 && self.overflow_slots().any(|slot| slot.is_left(current))
    }

    #[cfg(all(test, not(cow_loom)))]
    pub(super) fn overflow_len(&self) -> usize {
        self.overflow_slots().count()
    }

    #[inline]
    fn overflow_slots(&self) -> impl Iterator<Item = &HazardSlot> {
        // SAFETY: the pointer is null, or that of a slot that lives as long as the list (H3).
        let first = unsafe { self.overflow.load(FIND_SLOTS.order()).as_ref() };
        // SAFETY: `next` is null, or the pointer of a slot that lives as long as the list (H3).
        let all = iter::successors(first, |slot| unsafe { slot.next.as_ref() });
        all.map(|overflow| &*overflow.slot)
    }
}

impl Drop for Slots {
    /// Frees the overflow slots. No guard or reader is left, because they borrow the list.
    fn drop(&mut self) {
        let mut slot = self.overflow.load(Ordering::Relaxed);
        while !slot.is_null() {
            // SAFETY: `acquire_overflow` got the pointer from `Box::into_raw`, and nobody frees it before (H3).
            slot = unsafe { Box::from_raw(slot) }.next;
        }
    }
}

struct OverflowSlot {
    slot: CachePadded<HazardSlot>,
    /// The next overflow slot, or null. It does not change once other threads can reach this slot (H3).
    next: *mut OverflowSlot,
}

/// The fixed slots for guards, or those for readers.
struct FixedSlots {
    /// Null until the first use. The slots stay until the list is dropped (H3).
    slots: AtomicPtr<[CachePadded<HazardSlot>; FIXED_SLOTS]>,
    /// The number of the first slot's bit.
    first_bit: usize,
}

impl FixedSlots {
    const_fn! {
        const fn new(first_bit: usize) -> Self {
            Self { slots: AtomicPtr::new(ptr::null_mut()), first_bit }
        }
    }

    #[inline]
    fn get(&self) -> Option<&[CachePadded<HazardSlot>; FIXED_SLOTS]> {
        // SAFETY: the pointer is null, or that of slots that live as long as the list (H3).
        unsafe { self.slots.load(FIND_SLOTS.order()).as_ref() }
    }

    /// Returns the set of the slots that protect `version`. Loads them without branches.
    #[inline]
    fn protecting(&self, version: *mut FilledWord) -> usize {
        let Some(slots) = self.get() else { return 0 };
        union(slots.iter().map(|slot| slot.bit_if_protects(version)))
    }

    /// Returns whether a slot of the set `bits` is free, protects nothing, or has `current`. Looks at no other slot.
    ///
    /// The first slot is bit 0 of `bits`. Ignores bits above those of the slots.
    #[inline]
    fn any_left(&self, bits: usize, current: *mut FilledWord) -> bool {
        let mut left = bits % (1 << FIXED_SLOTS);
        let slots = if left == 0 { None } else { self.get() };
        slots.is_some_and(|slots| {
            while left != 0 {
                if slots[left.trailing_zeros() as usize % FIXED_SLOTS].is_left(current) {
                    return true;
                }
                left &= left - 1;
            }
            false
        })
    }

    /// Acquires any of the slots, which has `version` then. Returns `None` if all are taken.
    fn acquire_any(&self, version: *mut FilledWord) -> Option<&HazardSlot> {
        let slots = self.get().unwrap_or_else(|| self.add());
        slots.iter().map(|slot| &**slot).find(|slot| slot.acquire_if_free(version))
    }

    /// Allocates the slots, unless another thread does so first.
    #[cold]
    fn add(&self) -> &[CachePadded<HazardSlot>; FIXED_SLOTS] {
        let free = |i| HazardSlot::new(ptr::null_mut(), 1_usize << (self.first_bit + i));
        let slots = Box::into_raw(Box::new(array::from_fn(free)));
        let (none, order) = (ptr::null_mut(), ADD_SLOTS.order());
        match self.slots.compare_exchange(none, slots, order, FIND_SLOTS.order()) {
            // SAFETY: the list now owns the slots, and frees them only when it is dropped (H3).
            Ok(_) => unsafe { &*slots },
            Err(others) => {
                // SAFETY: the pointer is from `Box::into_raw`, and no other thread has seen it.
                drop(unsafe { Box::from_raw(slots) });
                // SAFETY: these are another thread's slots, which the list owns until it is dropped (H3).
                unsafe { &*others }
            }
        }
    }
}

impl Drop for FixedSlots {
    /// Frees the slots. No guard or reader is left, because they borrow the list.
    fn drop(&mut self) {
        let slots = self.slots.load(Ordering::Relaxed);
        if !slots.is_null() {
            // SAFETY: `add` got the pointer from `Box::into_raw`, and nobody frees it before (H3).
            drop(unsafe { Box::from_raw(slots) });
        }
    }
}
