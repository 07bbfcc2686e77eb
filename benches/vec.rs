//! `CowVec` beside `Vec`, `EcoVec` and `Arc<Vec>`: `cargo bench --bench vec`.

use std::hint::black_box;
use std::sync::Arc;

use cow_collections::CowVec;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ecow::EcoVec;

fn read(c: &mut Criterion) {
    let n = 1000_usize;
    let vec: Vec<u64> = (0..n as u64).collect();
    let cow: CowVec<u64> = vec.iter().copied().collect();
    let eco: EcoVec<u64> = vec.iter().copied().collect();
    let indices: Vec<usize> = (0..n).map(|i| i * 7919 % n).collect();

    let mut group = c.benchmark_group("vec/get/1000");
    macro_rules! get {
        ($name:literal, $v:expr) => {
            group.bench_function($name, |b| {
                b.iter(|| {
                    indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&$v)[i]))
                })
            });
        };
    }
    get!("Vec", vec);
    get!("CowVec", cow);
    get!("EcoVec", eco);
    group.finish();

    let mut group = c.benchmark_group("vec/sum/1000");
    group.bench_function("Vec", |b| b.iter(|| black_box(&vec).iter().sum::<u64>()));
    group.bench_function("CowVec", |b| b.iter(|| black_box(&cow).iter().sum::<u64>()));
    group.bench_function("EcoVec", |b| b.iter(|| black_box(&eco).iter().sum::<u64>()));
    group.finish();
}

fn push(c: &mut Criterion) {
    let mut group = c.benchmark_group("vec/push/1000");
    macro_rules! push {
        ($name:literal, $new:expr) => {
            group.bench_function($name, |b| {
                b.iter(|| {
                    let mut v = $new;
                    for n in 0..1000_u64 {
                        v.push(black_box(n));
                    }
                    v
                })
            });
        };
    }
    push!("Vec", Vec::new());
    push!("CowVec", CowVec::new());
    push!("EcoVec", EcoVec::new());
    group.bench_function("CowVec through make_unique", |b| {
        b.iter(|| {
            let mut v = CowVec::new();
            let unique = v.make_unique();
            for n in 0..1000_u64 {
                unique.push(black_box(n));
            }
            v
        })
    });
    group.bench_function("Arc<Vec> through make_mut", |b| {
        b.iter(|| {
            let mut v = Arc::new(Vec::new());
            for n in 0..1000_u64 {
                Arc::make_mut(&mut v).push(black_box(n));
            }
            v
        })
    });
    group.finish();
}

/// A history: each version is kept, and the next is it with one element more.
fn history(c: &mut Criterion) {
    for n in [1000_u64, 20_000] {
        let mut group = c.benchmark_group(format!("vec/clone_kept_push/{n}"));
        group.sample_size(10);
        macro_rules! history {
            ($name:literal, $new:expr) => {
                group.bench_function($name, |b| {
                    b.iter_batched(
                        || Vec::with_capacity(n as usize),
                        |mut kept| {
                            let mut v = $new;
                            for x in 0..n {
                                kept.push(v.clone());
                                v.push(x);
                            }
                            (v, kept)
                        },
                        BatchSize::PerIteration,
                    )
                });
            };
        }
        history!("CowVec", CowVec::new());
        if n == 1000 {
            history!("EcoVec", EcoVec::new());
        }
        group.finish();
    }
}

fn collect(c: &mut Criterion) {
    let mut group = c.benchmark_group("vec/collect/1000");
    group.bench_function("Vec", |b| b.iter(|| (0..black_box(1000_u64)).collect::<Vec<_>>()));
    group.bench_function("CowVec", |b| b.iter(|| (0..black_box(1000_u64)).collect::<CowVec<_>>()));
    group.bench_function("EcoVec", |b| b.iter(|| (0..black_box(1000_u64)).collect::<EcoVec<_>>()));
    group.finish();
}

fn clone_and_drop(c: &mut Criterion) {
    let mut group = c.benchmark_group("vec/clone_drop/1000");
    let vec: Vec<u64> = (0..1000).collect();
    let cow: CowVec<u64> = vec.iter().copied().collect();
    let eco: EcoVec<u64> = vec.iter().copied().collect();
    let arc = Arc::new(vec.clone());
    group.bench_function("Vec", |b| b.iter(|| vec.clone()));
    group.bench_function("CowVec", |b| b.iter(|| cow.clone()));
    group.bench_function("EcoVec", |b| b.iter(|| eco.clone()));
    group.bench_function("Arc<Vec>", |b| b.iter(|| arc.clone()));
    group.finish();
}

criterion_group!(benches, read, push, history, collect, clone_and_drop);
criterion_main!(benches);
