//! The list and its alternatives, under one workload.

use std::hint::black_box;
use std::sync::{Arc, Mutex, RwLock};

use arc_swap::{ArcSwap, Cache};
use concread::CowCell;
use cow_collections::{CopyOnWriteCell, CopyOnWriteList, PersistentVector};
use left_right::Absorb;

use crate::race::Worker;
use crate::workload::{Read, Write};

/// The index at which single elements are read and written.
const INDEX: usize = 7;

pub const STD_LOCK: &str = "std RwLock<Vec>";
pub const LOCK: &str = "parking_lot RwLock<Vec>";
pub const BY_READER: &str =
    list("CopyOnWriteList by reader", "CopyOnWriteList on arc-swap by reader");
pub const BY_LOAD: &str = list("CopyOnWriteList by load", "CopyOnWriteList on arc-swap by load");
const BY_SNAPSHOT: &str =
    list("CopyOnWriteList by snapshot", "CopyOnWriteList on arc-swap by snapshot");
pub const SWAP_BY_CACHE: &str = "ArcSwap<Vec> by cache";
pub const SWAP_BY_LOAD: &str = "ArcSwap<Vec> by load";
pub const LEFT_RIGHT: &str = "left-right";

/// Returns the name of a list: on the crate's own cell, or with the feature `arc-swap`.
const fn list(on_own_cell: &'static str, on_arc_swap: &'static str) -> &'static str {
    if cfg!(feature = "arc-swap") { on_arc_swap } else { on_own_cell }
}

/// An element of a list.
pub trait Payload: Clone + Send + Sync + 'static {
    fn new() -> Self;
    fn look(&self) -> u64;
}

impl Payload for u64 {
    fn new() -> Self {
        black_box(1)
    }
    fn look(&self) -> u64 {
        *self
    }
}

impl Payload for Arc<str> {
    fn new() -> Self {
        black_box("a text of thirty and two bytes..").into()
    }
    fn look(&self) -> u64 {
        self.len() as u64
    }
}

impl Payload for String {
    fn new() -> Self {
        black_box("a text of thirty and two bytes..").into()
    }
    fn look(&self) -> u64 {
        self.len() as u64
    }
}

/// A write, which is the same for every subject.
#[derive(Clone, Copy)]
struct Change {
    write: Write,
    len: usize,
}

impl Change {
    /// Changes a vector in place. A push truncates the vector to `len` elements instead if `left` is 0.
    fn apply<T: Payload>(self, vec: &mut Vec<T>, left: usize) {
        let index = INDEX % self.len;
        match (self.write, left) {
            (Write::Set, _) => vec[index] = T::new(),
            (Write::Push, 0) => vec.truncate(self.len),
            (Write::Push, _) => vec.push(T::new()),
            (Write::Replace, _) => {
                vec.remove(index);
                vec.push(T::new());
            }
        }
    }

    /// Changes a list by one publication.
    fn apply_to_list<T: Payload>(self, list: &CopyOnWriteList<T>, left: usize) {
        let index = INDEX % self.len;
        match (self.write, left) {
            (Write::Set, _) => _ = list.set(index, T::new()),
            (Write::Push, 0) => list.update(|vec| vec.truncate(self.len)),
            (Write::Push, _) => list.push(T::new()),
            (Write::Replace, _) => list.update(|vec| {
                vec.remove(index);
                vec.push(T::new());
            }),
        }
    }

    /// Changes a persistent vector, by a copy of one path if it is shared.
    fn apply_to_persistent<T: Payload>(self, vec: &mut PersistentVector<T>, left: usize) {
        let index = INDEX % self.len;
        match (self.write, left) {
            (Write::Set, _) => _ = vec.set(index, T::new()),
            (Write::Push, 0) => vec.truncate(self.len),
            (Write::Push, _) => vec.push(T::new()),
            (Write::Replace, _) => {
                vec.remove(index);
                vec.push(T::new());
            }
        }
    }

    fn apply_to_swap<T: Payload>(self, swap: &ArcSwap<Vec<T>>, left: usize) {
        swap.rcu(|vec| {
            let mut vec = Vec::clone(vec);
            self.apply(&mut vec, left);
            vec
        });
    }
}

/// A write that left-right applies twice, once to each of its two vectors.
struct Logged {
    change: Change,
    left: usize,
}

/// A wrapper for left-right, because a foreign trait cannot be implemented for `Vec`.
#[derive(Clone)]
struct Twin<T>(Vec<T>);

impl<T: Payload> Absorb<Logged> for Twin<T> {
    fn absorb_first(&mut self, operation: &mut Logged, _: &Self) {
        operation.change.apply(&mut self.0, operation.left);
    }
    fn sync_with(&mut self, first: &Self) {
        self.clone_from(first);
    }
}

/// Makes every subject, and passes all of them to `use_all` with their names.
pub fn subjects<T: Payload, R>(
    len: usize,
    write: Write,
    read: Read,
    use_all: impl FnOnce(&[(&'static str, Worker<'_>)]) -> R,
) -> R {
    let change = Change { write, len };
    let elements = || vec![T::new(); len];
    let look = |elements: &[T]| match read {
        Read::One => elements[INDEX % len].look(),
        Read::All => elements.iter().map(T::look).sum(),
    };
    let lists = [(); 3].map(|()| CopyOnWriteList::from(elements()));
    let swaps = [(); 2].map(|()| ArcSwap::from_pointee(elements()));
    let persistent = || elements().into_iter().collect::<PersistentVector<T>>();
    let look_up = |elements: &PersistentVector<T>| match read {
        Read::One => elements[INDEX % len].look(),
        Read::All => elements.iter().map(T::look).sum(),
    };
    let (cell, swap) = (CopyOnWriteCell::new(persistent()), ArcSwap::from_pointee(persistent()));
    let (std, parking_lot) = (RwLock::new(elements()), parking_lot::RwLock::new(elements()));
    let mutex = Mutex::new(elements());
    let lock_of_arc = RwLock::new(Arc::new(elements()));
    let concread = CowCell::new(elements());
    let (twins, reader) = left_right::new_from_empty(Twin(elements()));
    // Each handle of left-right is for one thread at a time.
    let (twins, readers) = (Mutex::new(twins), Mutex::new(reader));

    let all: [(&str, Worker<'_>); 13] = [
        (
            STD_LOCK,
            Box::new(|ops| {
                ops.run(
                    || look(&std.read().unwrap()),
                    |left| change.apply(&mut std.write().unwrap(), left),
                )
            }),
        ),
        (
            LOCK,
            Box::new(|ops| {
                let lock = &parking_lot;
                ops.run(|| look(&lock.read()), |left| change.apply(&mut lock.write(), left))
            }),
        ),
        (
            BY_READER,
            Box::new(|ops| {
                let mut reader = lists[0].reader();
                ops.run(|| look(reader.load()), |left| change.apply_to_list(&lists[0], left))
            }),
        ),
        (
            BY_LOAD,
            Box::new(|ops| {
                let list = &lists[1];
                ops.run(|| look(&list.load()), |left| change.apply_to_list(list, left))
            }),
        ),
        (
            BY_SNAPSHOT,
            Box::new(|ops| {
                let list = &lists[2];
                ops.run(|| look(&list.snapshot()), |left| change.apply_to_list(list, left))
            }),
        ),
        (
            SWAP_BY_CACHE,
            Box::new(|ops| {
                let mut cache = Cache::new(&swaps[0]);
                ops.run(|| look(cache.load()), |left| change.apply_to_swap(&swaps[0], left))
            }),
        ),
        (
            SWAP_BY_LOAD,
            Box::new(|ops| {
                let swap = &swaps[1];
                ops.run(|| look(&swap.load()), |left| change.apply_to_swap(swap, left))
            }),
        ),
        (
            "CopyOnWriteCell<PersistentVector> by reader",
            Box::new(|ops| {
                let mut reader = cell.reader();
                ops.run(
                    || look_up(reader.load()),
                    |left| cell.update(|vec| change.apply_to_persistent(vec, left)),
                )
            }),
        ),
        (
            "ArcSwap<PersistentVector> by cache",
            Box::new(|ops| {
                let mut cache = Cache::new(&swap);
                ops.run(
                    || look_up(cache.load()),
                    |left| {
                        swap.rcu(|vec| {
                            let mut vec = PersistentVector::clone(vec);
                            change.apply_to_persistent(&mut vec, left);
                            vec
                        });
                    },
                )
            }),
        ),
        (
            "RwLock<Arc<Vec>>",
            Box::new(|ops| {
                let lock = &lock_of_arc;
                ops.run(
                    || {
                        let shared = lock.read().unwrap().clone();
                        look(&shared)
                    },
                    |left| change.apply(Arc::make_mut(&mut lock.write().unwrap()), left),
                )
            }),
        ),
        (
            LEFT_RIGHT,
            Box::new(|ops| {
                let reader = readers.lock().unwrap().clone();
                ops.run(
                    || look(&reader.enter().expect("the writer is alive").0),
                    |left| {
                        let mut twins = twins.lock().unwrap();
                        twins.append(Logged { change, left });
                        twins.publish();
                    },
                )
            }),
        ),
        (
            "concread CowCell<Vec>",
            Box::new(|ops| {
                ops.run(
                    || look(&concread.read()),
                    |left| {
                        let mut writing = concread.write();
                        change.apply(writing.get_mut(), left);
                        writing.commit();
                    },
                )
            }),
        ),
        (
            "Mutex<Vec>",
            Box::new(|ops| {
                ops.run(
                    || look(&mutex.lock().unwrap()),
                    |left| change.apply(&mut mutex.lock().unwrap(), left),
                )
            }),
        ),
    ];
    use_all(&all)
}
