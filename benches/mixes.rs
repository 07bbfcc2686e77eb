//! Read-heavy and write-heavy work on all types: `cargo bench -p benches --bench mixes [FILTER]`.
//!
//! An iteration is 1,000 operations. Each reads or writes one element at a random index, by the share of writes
//! in the name. Every 100 operations, a new clone of the collection replaces the clone that was kept before. The
//! rows therefore differ in the costs of a clone, of a write to a shared value, and of a read. One thread does all the
//! work. The benchmark `crossover` measures threads that contend.

mod common;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use cow_collections::{CopyOnWriteList, CowString, CowVec, PersistentVector, cow_vec};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};

const OPERATIONS: usize = 1_000;
/// The number of operations between two clones.
const KEEP_EVERY: usize = 100;
const LENGTHS: [usize; 2] = [64, 4_096];
/// Writes in percent of all operations.
const SHARES: [usize; 4] = [1, 10, 50, 90];

/// Measures a collection that `make` builds with a length, for each share of writes.
fn mix<C, K>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    len: usize,
    make: impl Fn(usize) -> C,
    keep: impl Fn(&C) -> K,
    read: impl Fn(&C, usize) -> u64,
    write: impl Fn(&mut C, usize, u64),
) {
    let indices = common::random_indices(len, OPERATIONS);
    for share in SHARES {
        let mut collection = make(len);
        let mut kept = keep(&collection);
        // Writes are spread evenly, so that their number between two clones is always the same.
        let is_write = |operation: usize| operation * 37 % 100 < share;
        let id = BenchmarkId::new(name, format!("{len} elements, {share} % writes"));
        group.bench_function(id, |bencher| {
            bencher.iter(|| {
                let mut sum = 0_u64;
                for (operation, &index) in indices.iter().enumerate() {
                    if operation % KEEP_EVERY == 0 {
                        kept = keep(&collection);
                    }
                    if is_write(operation) {
                        write(&mut collection, index, operation as u64);
                    } else {
                        sum = sum.wrapping_add(read(&collection, index));
                    }
                }
                black_box(&kept);
                sum
            });
        });
    }
}

fn vectors(c: &mut Criterion) {
    let mut group = quick(c, "vector");
    for len in LENGTHS {
        let keep = Vec::clone;
        mix(&mut group, "Vec", len, |n| vec![0; n], keep, |v, i| v[i], |v, i, x| v[i] = x);
        mix(
            &mut group,
            "Arc<Vec>",
            len,
            |n| Arc::new(vec![0; n]),
            Arc::clone,
            |v, i| v[i],
            |v, i, x| Arc::make_mut(v)[i] = x,
        );
        mix(
            &mut group,
            "EcoVec",
            len,
            |n| ecow::eco_vec![0; n],
            ecow::EcoVec::clone,
            |v, i| v[i],
            |v, i, x| v.make_mut()[i] = x,
        );
        mix(
            &mut group,
            "CowVec",
            len,
            |n| cow_vec![0; n],
            CowVec::clone,
            |v, i| v[i],
            |v, i, x| v.make_mut()[i] = x,
        );
    }
}

fn persistent_vectors(c: &mut Criterion) {
    let mut group = quick(c, "persistent vector");
    for len in LENGTHS {
        mix(
            &mut group,
            "imbl::Vector",
            len,
            |n| (0..n as u64).collect::<imbl::Vector<u64>>(),
            imbl::Vector::clone,
            |v, i| v[i],
            |v, i, x| _ = v.set(i, x),
        );
        mix(
            &mut group,
            "rpds::VectorSync",
            len,
            |n| (0..n as u64).collect::<rpds::VectorSync<u64>>(),
            rpds::VectorSync::clone,
            |v, i| v[i],
            |v, i, x| _ = v.set_mut(i, x),
        );
        mix(
            &mut group,
            "PersistentVector",
            len,
            |n| (0..n as u64).collect::<PersistentVector<u64>>(),
            PersistentVector::clone,
            |v, i| v[i],
            |v, i, x| _ = v.set(i, x),
        );
    }
}

/// A write appends a character, or removes the last one if the text has become longer by 100.
fn texts(c: &mut Criterion) {
    let mut group = quick(c, "text");
    for len in LENGTHS {
        macro_rules! text {
            ($name:literal, $type:ty) => {
                mix(
                    &mut group,
                    $name,
                    len,
                    |n| <$type>::from("x".repeat(n).as_str()),
                    <$type>::clone,
                    |text, i| u64::from(text.as_bytes()[i]),
                    |text, _, _| {
                        if text.len() < len + 100 { text.push('y') } else { _ = text.pop() }
                    },
                );
            };
        }
        text!("String", String);
        text!("EcoString", ecow::EcoString);
        text!("CowString", CowString);
    }
}

/// Lists behind a shared reference: a vector in a lock, a vector in an `ArcSwap`, and a `CopyOnWriteList`.
fn lists(c: &mut Criterion) {
    let mut group = quick(c, "list");
    for len in LENGTHS {
        mix(
            &mut group,
            "RwLock<Vec>",
            len,
            |n| parking_lot::RwLock::new(vec![0; n]),
            |list| list.read().clone(),
            |list, i| list.read()[i],
            |list, i, x| list.write()[i] = x,
        );
        mix(
            &mut group,
            "ArcSwap<Vec>",
            len,
            |n| arc_swap::ArcSwap::from_pointee(vec![0; n]),
            |list| list.load_full(),
            |list, i| list.load()[i],
            |list, i, x| {
                list.rcu(|old| {
                    let mut new = Vec::clone(old);
                    new[i] = x;
                    new
                });
            },
        );
        mix(
            &mut group,
            "CopyOnWriteList",
            len,
            |n| CopyOnWriteList::from(vec![0; n]),
            CopyOnWriteList::snapshot,
            |list, i| list.load()[i],
            |list, i, x| _ = list.set(i, x),
        );
    }
}

/// A group whose rows take about a second each.
fn quick<'a>(c: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    group
}

criterion_group!(benches, vectors, persistent_vectors, texts, lists);
criterion_main!(benches);
