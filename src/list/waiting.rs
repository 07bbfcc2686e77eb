//! The tasks that wait for a list's next change.

use alloc::vec::Vec;
use core::mem;
use core::task::Waker;

/// The wakers of the tasks that wait.
///
/// A task has its place under a [`Key`] until it is removed or all tasks are woken. So adding and removing one is
/// amortised O(1), however many wait. Free places are used again, and memory is freed when no task waits any more.
#[derive(Debug)]
pub(super) struct Waiting {
    /// How often all places were freed. A key of an earlier round has no place any more.
    round: u64,
    places: Vec<Place>,
    /// The first free place, or `NONE`. Each free place has the index of the next one.
    first_free: usize,
    tasks: usize,
}

#[derive(Debug)]
enum Place {
    Task(Waker),
    Free { next: usize },
}

const NONE: usize = usize::MAX;

/// The place of a task, valid for one round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    round: u64,
    index: usize,
}

impl Waiting {
    pub(super) const EMPTY: Self =
        Self { round: 0, places: Vec::new(), first_free: NONE, tasks: 0 };

    /// Stores `waker` in the place of `key`, and returns the waker that was there.
    ///
    /// If `key` has no place, takes a free one and changes `key`.
    pub(super) fn put(&mut self, key: &mut Option<Key>, waker: Waker) -> Option<Waker> {
        if let Some(Key { round, index }) = *key {
            if round == self.round {
                return self.replace(index, Place::Task(waker));
            }
        }
        let index = self.first_free;
        if let Some(Place::Free { next }) = self.places.get(index) {
            self.first_free = *next;
            self.places[index] = Place::Task(waker);
            *key = Some(Key { round: self.round, index });
        } else {
            *key = Some(Key { round: self.round, index: self.places.len() });
            self.places.push(Place::Task(waker));
        }
        self.tasks += 1;
        None
    }

    /// Removes the task at `key`, and returns its waker. Returns `None` if the task was woken before.
    pub(super) fn remove(&mut self, Key { round, index }: Key) -> Option<Waker> {
        if round != self.round {
            return None;
        }
        let waker = self.replace(index, Place::Free { next: self.first_free });
        self.first_free = index;
        self.tasks -= 1;
        if self.is_empty() {
            _ = self.take_all();
        }
        waker
    }

    /// Returns whether no task waits.
    pub(super) fn is_empty(&self) -> bool {
        self.tasks == 0
    }

    /// Removes all tasks, and returns their wakers in the order of their places.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = Waker> + use<> {
        let round = self.round + 1;
        let Self { places, .. } = mem::replace(self, Self { round, ..Self::EMPTY });
        places.into_iter().filter_map(Place::into_waker)
    }

    fn replace(&mut self, index: usize, place: Place) -> Option<Waker> {
        mem::replace(&mut self.places[index], place).into_waker()
    }
}

impl Place {
    fn into_waker(self) -> Option<Waker> {
        match self {
            Self::Task(waker) => Some(waker),
            Self::Free { .. } => None,
        }
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::sync::Arc;
    use alloc::task::Wake;

    use proptest::prelude::*;

    use super::*;

    /// A waker that does nothing.
    struct Noop;

    impl Wake for Noop {
        fn wake(self: Arc<Self>) {}
    }

    fn waker() -> Waker {
        Waker::from(Arc::new(Noop))
    }

    #[test]
    fn remove_of_the_last_task_frees_all_places() {
        let mut waiting = Waiting::EMPTY;
        let mut stays = None;
        assert!(waiting.put(&mut stays, waker()).is_none());
        for _ in 0..100 {
            let mut keys = [None; 10];
            for key in &mut keys {
                assert!(waiting.put(key, waker()).is_none());
            }
            assert!(waiting.places.len() <= 11, "no more places than tasks");
            for key in keys {
                assert!(waiting.remove(key.unwrap()).is_some());
            }
        }
        assert!(waiting.remove(stays.unwrap()).is_some());
        assert_eq!((waiting.places.capacity(), waiting.tasks), (0, 0));
    }

    proptest! {
        /// The map has the waker of each task.
        #[test]
        fn put_remove_and_take_all_keep_tasks_as_a_map(
            steps in prop::collection::vec((0..8_usize, 0..12_u8), 0..200),
        ) {
            let (mut waiting, mut expected) = (Waiting::EMPTY, BTreeMap::new());
            let mut keys = [None; 8];
            for (task, step) in steps {
                match step {
                    0 => {
                        let woken: Vec<Waker> = waiting.take_all().collect();
                        prop_assert_eq!(woken.len(), expected.len());
                        let waits = |waker: &Waker| woken.iter().any(|woken| woken.will_wake(waker));
                        prop_assert!(expected.values().all(waits));
                        expected.clear();
                    }
                    1..=4 => {
                        let Some(key) = keys[task].take() else { continue };
                        let (removed, waker) = (waiting.remove(key), expected.remove(&task));
                        prop_assert!(same(removed.as_ref(), waker.as_ref()));
                    }
                    _ => {
                        let waker = waker();
                        let replaced = waiting.put(&mut keys[task], waker.clone());
                        prop_assert!(same(replaced.as_ref(), expected.insert(task, waker).as_ref()));
                    }
                }
                prop_assert_eq!(waiting.tasks, expected.len());
            }
        }
    }

    fn same(a: Option<&Waker>, b: Option<&Waker>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => a.will_wake(b),
            (None, None) => true,
            _ => false,
        }
    }
}
