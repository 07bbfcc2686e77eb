//! `CopyOnWriteList` beside `Vec`, `ArcSwap<Vec>` and the locks: `cargo bench --bench list`.

use std::hint::black_box;
use std::sync::{Arc, RwLock};

use arc_swap::{ArcSwap, Cache};
use cow_collections::{CopyOnWriteList, CowVec};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// One look at one element: what a look costs, and nothing else.
fn get(c: &mut Criterion) {
    let vec: Vec<u64> = (0..64).collect();
    let list = CopyOnWriteList::from(vec.clone());
    let swap = ArcSwap::from_pointee(vec.clone());
    let (std, parking_lot) = (RwLock::new(vec.clone()), parking_lot::RwLock::new(vec.clone()));
    let (mut reader, mut cache) = (list.reader(), Cache::new(&swap));
    let i = black_box(7);

    let mut group = c.benchmark_group("list/get/64");
    group.bench_function("Vec", |b| b.iter(|| black_box(&vec)[i]));
    group.bench_function("CopyOnWriteList by reader", |b| {
        b.iter(|| black_box(&mut reader).load()[i])
    });
    group.bench_function("CopyOnWriteList by load", |b| b.iter(|| black_box(&list).load()[i]));
    group.bench_function("CopyOnWriteList by snapshot", |b| {
        b.iter(|| black_box(&list).snapshot()[i])
    });
    group.bench_function("ArcSwap<Vec> by cache", |b| b.iter(|| black_box(&mut cache).load()[i]));
    group.bench_function("ArcSwap<Vec> by load", |b| b.iter(|| black_box(&swap).load()[i]));
    group.bench_function("ArcSwap<Vec> by load_full", |b| {
        b.iter(|| black_box(&swap).load_full()[i])
    });
    group.bench_function("std RwLock<Vec>", |b| b.iter(|| black_box(&std).read().unwrap()[i]));
    group.bench_function("parking_lot RwLock<Vec>", |b| {
        b.iter(|| black_box(&parking_lot).read()[i])
    });
    group.finish();
}

/// A walk over all elements.
fn sum(c: &mut Criterion) {
    let vec: Vec<u64> = (0..1000).collect();
    let list = CopyOnWriteList::from(vec.clone());
    let mut reader = list.reader();
    let mut group = c.benchmark_group("list/sum/1000");
    group.bench_function("Vec", |b| b.iter(|| black_box(&vec).iter().sum::<u64>()));
    group.bench_function("CopyOnWriteList by reader", |b| {
        b.iter(|| black_box(&mut reader).load().iter().sum::<u64>())
    });
    group.bench_function("CopyOnWriteList by load", |b| {
        b.iter(|| black_box(&list).load().iter().sum::<u64>())
    });
    group.finish();
}

/// One element onto 16,384 of which somebody keeps a snapshot; 128 pushes, so that the figure has its
/// share of the copy that the first of them costs.
fn push(c: &mut Criterion) {
    let vec: Vec<u64> = (0..16_384).collect();
    let mut group = c.benchmark_group("list/push/16384, a snapshot kept, 128 times");
    let pushes = |(snapshot, list): (CowVec<u64>, CopyOnWriteList<u64>)| {
        (0..128).for_each(|n| list.push(black_box(n)));
        (snapshot, list)
    };
    let with_room = || {
        let list = CopyOnWriteList::with_capacity(2 * vec.len());
        list.extend(vec.iter().copied());
        (list.snapshot(), list)
    };
    let full = || {
        let list = CopyOnWriteList::from(vec.clone());
        (list.snapshot(), list)
    };
    group.bench_function("CopyOnWriteList", |b| {
        b.iter_batched(with_room, pushes, BatchSize::LargeInput)
    });
    group.bench_function("CopyOnWriteList, which doubles first", |b| {
        b.iter_batched(full, pushes, BatchSize::LargeInput)
    });
    group.bench_function("ArcSwap<Vec> by rcu", |b| {
        b.iter_batched(
            || {
                let swap = ArcSwap::from_pointee(vec.clone());
                (swap.load_full(), swap)
            },
            |(snapshot, swap)| {
                for n in 0..128 {
                    swap.rcu(|v| {
                        let mut v = Vec::clone(v);
                        v.push(black_box(n));
                        v
                    });
                }
                (snapshot, swap)
            },
            BatchSize::LargeInput,
        )
    });
    group.finish();
}

/// Writes that build a new version.
fn set(c: &mut Criterion) {
    for n in [64_u64, 4096] {
        let mut group = c.benchmark_group(format!("list/set/{n}"));
        let list: CopyOnWriteList<u64> = (0..n).collect();
        let swap = ArcSwap::from_pointee((0..n).collect::<Vec<u64>>());
        let lock = parking_lot::RwLock::new((0..n).collect::<Vec<u64>>());
        group.bench_function("CopyOnWriteList", |b| b.iter(|| list.set(7, black_box(1))));
        group.bench_function("ArcSwap<Vec> by rcu", |b| {
            b.iter(|| {
                swap.rcu(|v| {
                    let mut v = Vec::clone(v);
                    v[7] = black_box(1);
                    v
                })
            })
        });
        group.bench_function("parking_lot RwLock<Vec>", |b| {
            b.iter(|| lock.write()[7] = black_box(1))
        });
        group.finish();
        // The elements' own counters are the price of a copy in Rust.
        let mut group = c.benchmark_group(format!("list/set Arc<str>/{n}"));
        let text: Arc<str> = "text".into();
        let list: CopyOnWriteList<Arc<str>> = (0..n).map(|_| text.clone()).collect();
        group.bench_function("CopyOnWriteList", |b| b.iter(|| list.set(7, text.clone())));
        group.finish();
    }
}

criterion_group!(benches, get, sum, push, set);
criterion_main!(benches);
