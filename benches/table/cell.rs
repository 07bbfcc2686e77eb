//! `CopyOnWriteCell` beside `ArcSwap` and `RwLock<Arc<T>>`. `benches/crossover` measures several threads.

use std::hint::black_box;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};
use cow_collections::{CopyOnWriteCell, PersistentVector};
use parking_lot::RwLock;

use crate::Table;

/// A struct of 64 bytes, with and without drop glue.
trait Config: Clone + Send + Sync + 'static {
    const NAME: &str;
    fn new() -> Self;
    fn add(&mut self);
}

impl Config for [u64; 8] {
    const NAME: &str = "64 bytes";
    fn new() -> Self {
        [7; 8]
    }
    fn add(&mut self) {
        self[3] += 1;
    }
}

impl Config for (Box<[u64; 4]>, [u64; 7]) {
    const NAME: &str = "64 bytes with a box";
    fn new() -> Self {
        (Box::new([7; 4]), [7; 7])
    }
    fn add(&mut self) {
        self.1[3] += 1;
    }
}

pub fn rows(table: &mut Table) {
    reads(table);
    writes::<[u64; 8]>(table);
    writes::<(Box<[u64; 4]>, [u64; 7])>(table);
    vector(table);
}

/// Measures reads of a number in a struct.
fn reads(table: &mut Table) {
    let n = 1000;
    let cell = CopyOnWriteCell::new([7_u64; 8]);
    let swap = ArcSwap::from_pointee([7_u64; 8]);
    let lock = RwLock::new(Arc::new([7_u64; 8]));
    macro_rules! look {
        ($value:expr) => {
            || (0..n).fold(0, |sum: u64, _| sum ^ $value[3])
        };
    }
    let (ours, peer) = (look!(black_box(&cell).load()), look!(black_box(&swap).load()));
    table.row("CopyOnWriteCell of 64 bytes, load / ArcSwap load", 0.6, n, ours, peer);
    let (mut reader, mut cache) = (cell.reader(), Cache::new(&swap));
    let (ours, peer) = (look!(black_box(&mut reader).load()), look!(black_box(&mut cache).load()));
    table.row("CopyOnWriteCell of 64 bytes, reader / ArcSwap Cache", 1.0, n, ours, peer);
    let (ours, peer) = (look!(black_box(&cell).snapshot()), look!(black_box(&swap).load_full()));
    table.row("CopyOnWriteCell of 64 bytes, snapshot / ArcSwap load_full", 0.9, n, ours, peer);
    let name = "CopyOnWriteCell of 64 bytes, load / RwLock<Arc> read and clone";
    let (ours, peer) =
        (look!(black_box(&cell).load()), look!(Arc::clone(&black_box(&lock).read())));
    table.row(name, 0.5, n, ours, peer);
}

/// Measures writes of one value.
fn writes<T: Config>(table: &mut Table) {
    let name = |work: &str| format!("CopyOnWriteCell of {}, {work}", T::NAME);
    let cell = CopyOnWriteCell::new(T::new());
    let swap = ArcSwap::from_pointee(T::new());
    let lock = RwLock::new(Arc::new(T::new()));
    let ours = || cell.store(black_box(T::new()));
    let peer = || swap.store(Arc::new(black_box(T::new())));
    table.row(&name("store / ArcSwap store"), 0.6, 1, ours, peer);
    let peer = || *lock.write() = Arc::new(black_box(T::new()));
    table.row(&name("store / RwLock<Arc> write"), 1.8, 1, ours, peer);
    let added = |value: &T| {
        let mut value = value.clone();
        value.add();
        value
    };
    let peer = || swap.rcu(|value| added(value));
    table.row(&name("update / ArcSwap rcu"), 0.6, 1, || cell.update(T::add), peer);
    table.row(&name("rcu / ArcSwap rcu"), 0.9, 1, || cell.rcu(added), peer);
}

/// Measures a write to a vector in the cell, which copies one path of it.
fn vector(table: &mut Table) {
    for n in [512, 4096, 32_768] {
        let numbers: PersistentVector<u64> = (0..n).collect();
        let cell = CopyOnWriteCell::new(numbers.clone());
        let swap = ArcSwap::from_pointee(numbers);
        let i = n as usize / 2;
        let ours = || cell.update(|v| v.set(i, black_box(1)));
        let peer = || {
            swap.rcu(|v| {
                let mut v = PersistentVector::clone(v);
                v.set(i, black_box(1));
                v
            })
        };
        let name =
            format!("CopyOnWriteCell<PersistentVector> set, {n} / ArcSwap<PersistentVector> rcu");
        table.row(&name, 0.8, 1, ours, peer);
    }
}
