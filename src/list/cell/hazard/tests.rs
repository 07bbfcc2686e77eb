//! Tests that put a slot into a state that otherwise only another thread's timing brings about.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::sync::FIXED_SLOTS;
use crate::vec::UniqueVec;

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
        let slot = list.cell.slots.acquire_any(freed).unwrap();
        let (version, replaced) = list.cell.validate(slot, freed);
        assert_eq!(replaced, !reused);
        // SAFETY: the slot protects the version, which has one element (B2).
        assert_eq!(unsafe { version.unwrap().buf().slice(1) }, ["current"]);
        slot.free();
        reused
    });
    assert!(reused || !cfg!(miri), "Miri reuses an address in 100 attempts");
}

/// A publication, and an element of its first version.
struct Replaced {
    list: Publication<Arc<str>>,
    first: Arc<str>,
}

impl Replaced {
    fn new() -> Self {
        let (list, first) = (Publication::new(), Arc::from("first"));
        let this = Self { list, first };
        this.publish(&this.first);
        this
    }

    fn publish(&self, element: &Arc<str>) {
        let next = UniqueVec::from(vec![element.clone()]);
        drop(self.list.write().publish(next));
    }

    /// Acquires a slot as a load does, and publishes the second version before the load continues.
    fn replace_during_a_load(&self) -> (&HazardSlot, *mut FilledWord) {
        let seen = self.list.cell.current.load(Ordering::Relaxed);
        let slot = self.list.cell.slots.acquire_any(seen).unwrap();
        self.publish(&Arc::from("second"));
        assert!(!self.is_dropped(), "the slot protects the first version");
        (slot, seen)
    }

    fn is_dropped(&self) -> bool {
        Arc::strong_count(&self.first) == 1
    }
}

/// Acquires all free slots for guards.
fn free_slots<T>(list: &Publication<T>) -> Vec<&HazardSlot> {
    core::iter::from_fn(|| list.cell.slots.acquire_any(slots::RESERVED)).collect()
}

#[test]
fn load_that_validates_too_late_drops_the_replaced_version() {
    let test = Replaced::new();
    let (slot, seen) = test.replace_during_a_load();
    let (slot, version) = HazardGuard::validated(&test.list, slot, seen);
    assert!(test.is_dropped());
    drop(HazardGuard { publication: &test.list, slot, version });
}

/// A guard leaves without a look, as if it had missed the write in the same moment.
#[test]
fn version_that_was_missed_is_dropped_by_the_next_guard() {
    let test = Replaced::new();
    let (slot, _) = test.replace_during_a_load();
    slot.free();
    assert!(!test.is_dropped());
    drop(test.list.load());
    assert!(test.is_dropped());
}

#[test]
fn version_that_was_missed_is_dropped_by_the_next_guard_without_a_slot() {
    let test = Replaced::new();
    let (slot, _) = test.replace_during_a_load();
    let others = free_slots(&test.list);
    assert_eq!(others.len(), FIXED_SLOTS - 1);
    slot.protect(ptr::null_mut());
    let (slot_of_guard, version) = HazardGuard::counted(&test.list);
    assert!(slot_of_guard.is_none());
    drop(HazardGuard { publication: &test.list, slot: None, version });
    assert!(test.is_dropped());
    others.into_iter().for_each(HazardSlot::free);
    slot.free();
}

/// Publishes two versions. A guard of the first of them leaves without a look. Returns the element of that version.
fn miss_a_version(list: &Publication<Arc<str>>) -> Arc<str> {
    let [missed, next]: [Arc<str>; 2] = [Arc::from("missed"), Arc::from("next")];
    drop(list.write().publish(UniqueVec::from(vec![missed.clone()])));
    let slot = list.cell.slots.acquire_any(list.cell.current.load(Ordering::Relaxed)).unwrap();
    drop(list.write().publish(UniqueVec::from(vec![next])));
    slot.free();
    assert_eq!(Arc::strong_count(&missed), 2);
    missed
}

#[test]
fn version_that_was_missed_is_dropped_by_an_older_guard_without_a_slot() {
    let Replaced { list, .. } = Replaced::new();
    let (slot, version) = HazardGuard::counted(&list);
    let guard = HazardGuard { publication: &list, slot, version };
    let missed = miss_a_version(&list);
    drop(guard);
    assert_eq!(Arc::strong_count(&missed), 1);
}

#[test]
fn version_that_was_missed_is_dropped_by_an_older_reader_without_a_slot() {
    let Replaced { list, .. } = Replaced::new();
    let reader = || {
        let version = list.cell.counted().0.map(ManuallyDrop::new);
        ReaderState { publication: &list, slot: None, version }
    };
    let dropped = reader();
    let missed = miss_a_version(&list);
    drop(dropped);
    assert_eq!(Arc::strong_count(&missed), 1);
    let mut released = reader();
    let missed = miss_a_version(&list);
    released.release();
    assert_eq!(Arc::strong_count(&missed), 1);
}

/// The next guard finds the list empty, and has no slot.
#[test]
fn version_that_was_missed_is_dropped_by_the_next_guard_of_an_empty_list() {
    let test = Replaced::new();
    let guard = test.list.load();
    drop(test.list.write().publish(UniqueVec::new()));
    let write = test.list.write();
    drop(guard);
    drop(write);
    assert!(!test.is_dropped());
    drop(test.list.load());
    assert!(test.is_dropped());
}

#[test]
fn version_that_was_missed_is_dropped_by_the_next_reader_that_moves() {
    let test = Replaced::new();
    let mut reader = test.list.reader();
    assert_eq!(reader.load().len(), 1);
    let (slot, _) = test.replace_during_a_load();
    slot.free();
    assert_eq!(&*reader.load()[0], "second");
    assert!(test.is_dropped());
}

#[test]
fn version_that_was_missed_is_dropped_by_the_next_append_in_place() {
    let test = Replaced::new();
    let (slot, _) = test.replace_during_a_load();
    let mut write = test.list.write();
    drop(write.reclaim_missed());
    assert!(!test.is_dropped(), "the slot still protects the version");
    slot.free();
    let reclaimed = write.reclaim_missed();
    drop(write);
    drop(reclaimed);
    assert!(test.is_dropped());
}

/// A guard leaves while another thread has the lock.
#[test]
fn version_that_is_left_while_the_lock_is_held_is_dropped_by_the_next_guard() {
    let test = Replaced::new();
    let guard = test.list.load();
    test.publish(&Arc::from("second"));
    let write = test.list.write();
    drop(guard);
    assert!(!test.is_dropped());
    drop(write);
    drop(test.list.load());
    assert!(test.is_dropped());
}

/// The slots do not grow with the guards and readers, and the retired versions do not grow with the versions.
#[test]
fn slots_and_retired_versions_stay_few() {
    let test = Replaced::new();
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push((test.list.load(), test.list.reader()));
        let (_, reader) = held.last_mut().unwrap();
        assert_eq!(reader.load().len(), 1);
        test.publish(&Arc::from("next"));
    }
    assert_eq!(test.list.cell.slots.overflow_len(), 1);
    assert!(test.list.write().state.writer.retired_len() <= 2 * FIXED_SLOTS);
    drop(held);
    assert_eq!(test.list.write().state.writer.retired_len(), 0);
    assert!(test.is_dropped());
}

#[test]
fn first_guard_beside_a_reader_of_an_old_version_takes_a_slot() {
    let test = Replaced::new();
    let mut reader = test.list.reader();
    assert_eq!(reader.load().len(), 1);
    test.publish(&Arc::from("second"));
    assert!(HazardGuard::new(&test.list).slot.is_some());
}

/// Guards of old versions, which a thread holds, leave six slots to the guards of other threads.
#[test]
fn guards_of_old_versions_on_one_thread_take_two_slots() {
    let test = Replaced::new();
    // The first load of all allocates the slots and takes any of them.
    drop(test.list.load());
    let guards: Vec<_> = (0..20)
        .map(|_| {
            let guard = test.list.load();
            test.publish(&Arc::from("next"));
            guard
        })
        .collect();
    let free = free_slots(&test.list);
    assert_eq!(free.len(), FIXED_SLOTS - 2);
    free.into_iter().for_each(HazardSlot::free);
    drop(guards);
    assert!(test.is_dropped());
}
