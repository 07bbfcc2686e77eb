//! Operations on a `CopyOnWriteCell`, with a number as the oracle.
//!
//! Bytes decode to a script of operations, so that property tests and fuzzing share one interpreter. A script works on
//! a cell, and on snapshots, guards, readers and watchers of it. A clone in an operation may be made to panic. After each
//! operation the cell, the guards, the snapshots and the version are checked.

use super::counted::{panic_on_purpose, panicking_at_clone};
use super::model::Element;
use cow_collections::CopyOnWriteCell;
use cow_collections::list::{ArcCellReader, CellGuard, CellReader, Snapshot, Watcher};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellOp {
    Store(u8),
    Replace(u8),
    Update(u8),
    /// Runs `update` with a closure that panics after its edit.
    Fail(u8),
    /// Runs `try_update` with a closure that returns an error if asked to.
    Try(u8, bool),
    /// Runs `rcu` with a closure that writes to the cell in its first few calls.
    Rcu(u8, u8),
    /// Swaps if the cell has a kept snapshot, or the current one.
    Swap(u8, u8),
    Snapshot,
    Load,
    Reader,
    ArcReader,
    Subscribe,
    /// Loads through a kept reader of both kinds.
    Read(u8),
    Release(u8),
    /// Asks a kept watcher whether the cell changed.
    Watch(u8),
    /// Drops a kept snapshot, guard, reader, `ArcCellReader` or watcher.
    Forget(u8, u8),
    /// Takes a snapshot from a kept guard.
    Keep(u8),
    /// Unwraps a kept snapshot.
    Unwrap(u8),
    /// Ends all borrows of the cell, then runs an operation that needs `&mut` or ownership.
    Own(u8, u8),
}

/// An operation, and the number of the clone that panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellStep {
    pub panics: Option<u8>,
    pub op: CellOp,
}

impl CellStep {
    pub const BYTES: usize = 3;

    /// Decodes a step. Any three bytes are valid.
    pub fn decode([kind, a, b]: [u8; Self::BYTES]) -> Self {
        let op = match kind & 0x1F {
            0..3 => CellOp::Store(a),
            3 | 4 => CellOp::Replace(a),
            5..8 => CellOp::Update(a),
            8 => CellOp::Fail(a),
            9 | 10 => CellOp::Try(a, b % 2 == 0),
            11 | 12 => CellOp::Rcu(a, b % 4),
            13 | 14 => CellOp::Swap(a, b),
            15 | 16 => CellOp::Snapshot,
            17 | 18 => CellOp::Load,
            19 => CellOp::Reader,
            20 => CellOp::ArcReader,
            21 => CellOp::Subscribe,
            22 | 23 => CellOp::Read(a),
            24 => CellOp::Release(a),
            25 => CellOp::Watch(a),
            26 | 27 => CellOp::Forget(a, b),
            28 => CellOp::Keep(a),
            29 | 30 => CellOp::Unwrap(a),
            _ => CellOp::Own(a, b),
        };
        Self { panics: (kind & 0xE0 == 0xE0).then_some(b % 2), op }
    }

    /// Decodes the steps of a script. Fewer than three bytes at the end are ignored.
    pub fn script(bytes: &[u8]) -> Vec<Self> {
        let steps = bytes.chunks_exact(Self::BYTES);
        steps.map(|step| Self::decode([step[0], step[1], step[2]])).collect()
    }
}

/// What the cell must have.
struct Oracle {
    number: u8,
    version: u64,
}

impl Oracle {
    fn set(&mut self, number: u8) {
        self.number = number;
        self.version += 1;
    }
}

/// Snapshots, each with the number and the version that it was taken at. They outlive all borrows of the cell.
type Snapshots<T> = Vec<(Snapshot<T>, u8, u64)>;

/// Removes the element at `n`, counted around.
fn take<V>(of: &mut Vec<V>, n: u8) -> Option<V> {
    (!of.is_empty()).then(|| of.swap_remove(usize::from(n) % of.len()))
}

fn choose<V>(of: &mut [V], n: u8) -> Option<&mut V> {
    let len = of.len().max(1);
    of.get_mut(usize::from(n) % len)
}

/// Runs a script, and panics at the first difference.
pub fn run<T: Element>(script: &[CellStep]) {
    let mut oracle = Oracle { number: 0, version: 0 };
    let mut cell = Arc::new(CopyOnWriteCell::new(T::of(0)));
    let mut snapshots: Snapshots<T> = Vec::new();
    let mut steps = script.iter().copied();
    while let Some((a, b, panics)) = borrow(&cell, &mut oracle, &mut snapshots, &mut steps) {
        let mut owned = Arc::into_inner(cell).expect("all `ArcCellReader`s are dropped");
        if a % 3 == 0 {
            let taken = owned.into_inner();
            assert_eq!(taken.number(), oracle.number, "the cell has another value");
            if a % 2 == 0 {
                snapshots.push((taken, oracle.number, u64::MAX));
            } else if let Ok(value) = taken.try_unwrap() {
                let shared = snapshots.iter().any(|(_, _, version)| *version == oracle.version);
                assert!(!shared && value.number() == oracle.number);
            }
            snapshots.iter_mut().for_each(|(_, _, version)| *version = u64::MAX);
            owned = CopyOnWriteCell::from(T::of(b));
            oracle = Oracle { number: b, version: 0 };
        } else if panicking_at_clone(panics, || *owned.get_mut() = T::of(b)).is_some() {
            oracle.set(b);
        }
        cell = Arc::new(owned);
    }
    assert!(snapshots.iter().all(|(snapshot, number, _)| snapshot.number() == *number));
}

/// Runs the steps up to one that needs ownership, and returns that one.
fn borrow<T: Element>(
    cell: &Arc<CopyOnWriteCell<T>>,
    oracle: &mut Oracle,
    snapshots: &mut Snapshots<T>,
    steps: &mut impl Iterator<Item = CellStep>,
) -> Option<(u8, u8, Option<u8>)> {
    let mut guards: Vec<(CellGuard<'_, T>, u8, u64)> = Vec::new();
    let mut readers: Vec<CellReader<'_, T>> = Vec::new();
    let mut owned: Vec<ArcCellReader<T>> = Vec::new();
    let mut watchers: Vec<(Watcher<'_, T>, u64)> = Vec::new();
    for CellStep { panics, op } in steps {
        match op {
            CellOp::Store(n) => {
                cell.store(T::of(n));
                oracle.set(n);
            }
            CellOp::Replace(n) => {
                assert_eq!(cell.replace(T::of(n)).number(), oracle.number);
                oracle.set(n);
            }
            CellOp::Update(n) => {
                let edit = |value: &mut T| std::mem::replace(value, T::of(n)).number();
                if let Some(old) = panicking_at_clone(panics, || cell.update(edit)) {
                    assert_eq!(old, oracle.number);
                    oracle.set(n);
                } else {
                    assert_eq!(panics, Some(0));
                }
            }
            CellOp::Fail(n) => {
                let edit = |value: &mut T| -> () {
                    *value = T::of(n);
                    panic_on_purpose()
                };
                assert!(panicking_at_clone(panics, || cell.update(edit)).is_none());
            }
            CellOp::Try(n, succeeds) => {
                let edit = |value: &mut T| {
                    *value = T::of(n);
                    if succeeds { Ok(n) } else { Err(n) }
                };
                if let Some(result) = panicking_at_clone(panics, || cell.try_update(edit)) {
                    assert_eq!(result, if succeeds { Ok(n) } else { Err(n) });
                    if succeeds {
                        oracle.set(n);
                    }
                }
            }
            CellOp::Rcu(n, writes) => {
                let mut calls = 0;
                let old = cell.rcu(|value| {
                    assert_eq!(value.number(), oracle.number);
                    calls += 1;
                    if calls <= writes {
                        cell.store(T::of(calls));
                        oracle.set(calls);
                    }
                    T::of(n)
                });
                assert_eq!((old.number(), calls), (oracle.number, writes + 1));
                oracle.set(n);
            }
            CellOp::Swap(n, which) => {
                let current = || (cell.snapshot(), oracle.number, oracle.version);
                let kept = choose(snapshots, which).filter(|_| which % 2 == 0);
                let (seen, _, version) = kept.map_or_else(current, |kept| kept.clone());
                match cell.compare_and_swap(&seen, T::of(n)) {
                    Ok(old) => {
                        assert!(version == oracle.version && old.ptr_eq(&seen));
                        oracle.set(n);
                    }
                    Err(error) => {
                        assert!(version != oracle.version, "the cell has this version");
                        assert_eq!(
                            (error.new.number(), error.current.number()),
                            (n, oracle.number)
                        );
                    }
                }
            }
            CellOp::Snapshot => snapshots.push((cell.snapshot(), oracle.number, oracle.version)),
            CellOp::Load => guards.push((cell.load(), oracle.number, oracle.version)),
            CellOp::Reader => readers.push(cell.reader()),
            CellOp::ArcReader => owned.push(cell.clone().into()),
            CellOp::Subscribe => watchers.push((cell.subscribe(), oracle.version)),
            CellOp::Read(n) => {
                if let Some(reader) = choose(&mut readers, n) {
                    assert_eq!(reader.load().number(), oracle.number, "the reader is stale");
                }
                if let Some(reader) = choose(&mut owned, n) {
                    assert_eq!(reader.load().number(), oracle.number, "the reader is stale");
                }
            }
            CellOp::Release(n) => {
                choose(&mut readers, n).into_iter().for_each(CellReader::release);
                choose(&mut owned, n).into_iter().for_each(ArcCellReader::release);
            }
            CellOp::Watch(n) => {
                if let Some((watcher, seen)) = choose(&mut watchers, n) {
                    assert_eq!(watcher.has_changed(), *seen != oracle.version);
                    watcher.mark_seen();
                    *seen = oracle.version;
                }
            }
            CellOp::Forget(kind, n) => match kind % 5 {
                0 => _ = take(snapshots, n),
                1 => _ = take(&mut guards, n),
                2 => _ = take(&mut readers, n),
                3 => _ = take(&mut owned, n),
                _ => _ = take(&mut watchers, n),
            },
            CellOp::Keep(n) => {
                if let Some((guard, number, version)) = choose(&mut guards, n) {
                    snapshots.push((guard.to_snapshot(), *number, *version));
                }
            }
            CellOp::Unwrap(n) => {
                if let Some((snapshot, number, version)) = take(snapshots, n) {
                    let shared = version == oracle.version
                        || snapshots.iter().any(|(other, ..)| other.ptr_eq(&snapshot));
                    match snapshot.try_unwrap() {
                        Ok(value) => assert!(!shared && value.number() == number),
                        Err(snapshot) => snapshots.push((snapshot, number, version)),
                    }
                }
            }
            CellOp::Own(a, b) => return Some((a, b, panics)),
        }
        let state = (cell.load().number(), cell.version());
        assert_eq!(state, (oracle.number, oracle.version), "the cell after {op:?}");
        assert!(guards.iter().all(|(guard, number, _)| guard.number() == *number));
        assert!(snapshots.iter().all(|(snapshot, number, _)| snapshot.number() == *number));
    }
    None
}
