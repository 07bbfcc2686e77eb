//! `PersistentVector` beside `imbl::Vector`, `rpds::VectorSync` and `Vec`: `cargo bench --bench
//! persistent`. Figures are for the whole work, of as many steps as its name says.

mod common;

use std::hint::black_box;

use common::random_indices;
use cow_collections::PersistentVector;
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};

/// Steps of a work that touches elements one by one.
const STEPS: usize = 1000;

const SIZES: [usize; 2] = [10_000, 1_000_000];

type Imbl = imbl::Vector<u64>;
type Rpds = rpds::VectorSync<u64>;

fn numbers<C: FromIterator<u64>>(n: usize) -> C {
    (0..n as u64).collect()
}

fn group<'a>(c: &'a mut Criterion, work: &str, n: usize) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(format!("persistent/{work}/{n}"));
    if n > 100_000 {
        group.sample_size(20);
    }
    group
}

fn get(c: &mut Criterion) {
    for n in SIZES {
        let indices = random_indices(n, STEPS);
        let mut group = group(c, "get", n);
        macro_rules! get {
            ($name:literal, $v:expr) => {
                let v = $v;
                group.bench_function($name, |b| {
                    b.iter(|| {
                        indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&v)[i]))
                    })
                });
            };
        }
        get!("PersistentVector", numbers::<PersistentVector<u64>>(n));
        get!("imbl", numbers::<Imbl>(n));
        get!("rpds", numbers::<Rpds>(n));
        get!("Vec", numbers::<Vec<u64>>(n));
        group.finish();
    }
}

fn push_back(c: &mut Criterion) {
    let n = 10_000;
    let mut group = group(c, "push_back", n);
    macro_rules! push {
        ($name:literal, $new:expr, $push:ident) => {
            group.bench_function($name, |b| {
                b.iter(|| {
                    let mut v = $new;
                    for x in 0..n as u64 {
                        v.$push(black_box(x));
                    }
                    v
                })
            });
        };
    }
    push!("PersistentVector", PersistentVector::new(), push_back);
    push!("imbl", Imbl::new(), push_back);
    push!("rpds", Rpds::new_sync(), push_back_mut);
    push!("Vec", Vec::new(), push);
    group.finish();
}

fn collect(c: &mut Criterion) {
    for n in SIZES {
        let mut group = group(c, "collect", n);
        group.bench_function("PersistentVector", |b| {
            b.iter(|| numbers::<PersistentVector<u64>>(black_box(n)))
        });
        group.bench_function("imbl", |b| b.iter(|| numbers::<Imbl>(black_box(n))));
        group.bench_function("rpds", |b| b.iter(|| numbers::<Rpds>(black_box(n))));
        group.bench_function("Vec", |b| b.iter(|| numbers::<Vec<u64>>(black_box(n))));
        group.finish();
    }
    let n = SIZES[1];
    let mut group = group(c, "from_vec", n);
    macro_rules! from {
        ($name:literal, $of:ty) => {
            group.bench_function($name, |b| {
                b.iter_batched(|| numbers::<Vec<u64>>(n), <$of>::from, BatchSize::PerIteration)
            });
        };
    }
    from!("PersistentVector", PersistentVector<u64>);
    from!("imbl", Imbl);
    group.finish();
}

fn iterate(c: &mut Criterion) {
    let n = 10_000;
    let (ours, imbl) = (numbers::<PersistentVector<u64>>(n), numbers::<Imbl>(n));
    let (rpds, vec) = (numbers::<Rpds>(n), numbers::<Vec<u64>>(n));
    macro_rules! iterate {
        ($work:literal, $sum:ident) => {
            let mut group = group(c, $work, n);
            iterate!(group, "PersistentVector", ours, $sum);
            iterate!(group, "imbl", imbl, $sum);
            iterate!(group, "rpds", rpds, $sum);
            iterate!(group, "Vec", vec, $sum);
            group.finish();
        };
        ($group:ident, $name:literal, $v:ident, $sum:ident) => {
            $group.bench_function($name, |b| b.iter(|| $sum(black_box(&$v).iter())));
        };
    }
    iterate!("iterate_for", sum_for);
    iterate!("iterate_fold", sum_fold);
}

fn sum_for<'a>(iter: impl Iterator<Item = &'a u64>) -> u64 {
    let mut sum = 0_u64;
    for x in iter {
        sum = sum.wrapping_add(*x);
    }
    sum
}

fn sum_fold<'a>(iter: impl Iterator<Item = &'a u64>) -> u64 {
    iter.fold(0, |sum, x| sum.wrapping_add(*x))
}

fn set(c: &mut Criterion) {
    for n in SIZES {
        let indices = random_indices(n, STEPS);
        let mut unique = group(c, "set_unique", n);
        macro_rules! unique {
            ($name:literal, $v:expr, |$now:ident, $i:ident| $set:expr) => {
                let mut $now = $v;
                unique.bench_function($name, |b| {
                    b.iter(|| {
                        for &$i in &indices {
                            $set;
                        }
                    })
                });
            };
        }
        unique!("PersistentVector", numbers::<PersistentVector<u64>>(n), |v, i| v.set(i, 1));
        unique!("imbl", numbers::<Imbl>(n), |v, i| v.set(i, 1));
        unique!("rpds", numbers::<Rpds>(n), |v, i| v.set_mut(i, 1));
        unique!("Vec", numbers::<Vec<u64>>(n), |v, i| v[i] = 1);
        unique.finish();

        let mut shared = group(c, "clone_set_drop", n);
        macro_rules! shared {
            ($name:literal, $v:expr, |$now:ident, $i:ident| $set:expr) => {
                let old = $v;
                let mut next = indices.iter().cycle();
                shared.bench_function($name, |b| {
                    b.iter(|| {
                        let (mut $now, $i) = (old.clone(), *next.next().unwrap());
                        $set;
                    })
                });
            };
        }
        shared!("PersistentVector", numbers::<PersistentVector<u64>>(n), |v, i| v.set(i, 1));
        shared!("imbl", numbers::<Imbl>(n), |v, i| v.set(i, 1));
        shared!("rpds", numbers::<Rpds>(n), |v, i| v.set_mut(i, 1));
        shared!("Vec", numbers::<Vec<u64>>(n), |v, i| v[i] = 1);
        shared.finish();
    }
}

fn clone_drop(c: &mut Criterion) {
    let n = SIZES[1];
    let mut group = group(c, "clone_drop", n);
    let (ours, imbl) = (numbers::<PersistentVector<u64>>(n), numbers::<Imbl>(n));
    let rpds = numbers::<Rpds>(n);
    group.bench_function("PersistentVector", |b| b.iter(|| ours.clone()));
    group.bench_function("imbl", |b| b.iter(|| imbl.clone()));
    group.bench_function("rpds", |b| b.iter(|| rpds.clone()));
    group.finish();
}

criterion_group!(benches, get, push_back, collect, iterate, set, clone_drop);
criterion_main!(benches);
