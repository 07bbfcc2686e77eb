//! `CowVec` and `UniqueVec` beside `Vec`, `EcoVec` and `Arc<Vec>`: `cargo bench --bench vec`.

use std::hint::black_box;
use std::sync::Arc;

use cow_collections::{CowVec, UniqueVec};
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

/// Growing from empty.
fn push(c: &mut Criterion) {
    for n in [16, 1000, 100_000] {
        let mut group = c.benchmark_group(format!("vec/push/{n}"));
        macro_rules! push {
            ($name:literal, $new:expr, |$v:ident| $target:expr) => {
                group.bench_function($name, |b| {
                    b.iter(|| {
                        let mut $v = $new;
                        for x in 0..n as u64 {
                            $target.push(black_box(x));
                        }
                        $v
                    })
                });
            };
        }
        push!("Vec", Vec::new(), |v| v);
        push!("CowVec", CowVec::new(), |v| v);
        push!("UniqueVec", UniqueVec::new(), |v| v);
        push!("EcoVec", EcoVec::new(), |v| v);
        push!("Arc<Vec>", Arc::new(Vec::new()), |v| Arc::make_mut(&mut v));
        push!("triomphe Arc<Vec>", triomphe::Arc::new(Vec::new()), |v| {
            triomphe::Arc::make_mut(&mut v)
        });
        group.finish();
    }
}

fn with_capacity(c: &mut Criterion) {
    let mut group = c.benchmark_group("vec/with_capacity_push/8");
    macro_rules! push {
        ($name:literal, $type:ident) => {
            group.bench_function($name, |b| {
                b.iter(|| {
                    let mut v = $type::with_capacity(8);
                    for x in 0..8_u64 {
                        v.push(black_box(x));
                    }
                    v
                })
            });
        };
    }
    push!("Vec", Vec);
    push!("CowVec", CowVec);
    push!("EcoVec", EcoVec);
    group.finish();
}

/// A clone is taken before each push, and kept until the next.
fn history(c: &mut Criterion) {
    for n in [1000_u64, 20_000] {
        let mut group = c.benchmark_group(format!("vec/clone_kept_push/{n}"));
        group.sample_size(10);
        macro_rules! history {
            ($name:literal, $new:expr, |$v:ident| $target:expr) => {
                group.bench_function($name, |b| {
                    b.iter(|| {
                        let (mut $v, mut kept) = ($new, $new);
                        for x in 0..n {
                            kept = black_box($v.clone());
                            $target.push(x);
                        }
                        ($v, kept)
                    })
                });
            };
        }
        history!("CowVec", CowVec::new(), |v| v);
        history!("EcoVec", EcoVec::new(), |v| v);
        history!("Arc<Vec>", Arc::new(Vec::new()), |v| Arc::make_mut(&mut v));
        group.finish();
    }
}

fn build(c: &mut Criterion) {
    for n in [8, 1000] {
        let source: Vec<u64> = (0..n).collect();
        let mut group = c.benchmark_group(format!("vec/from_slice/{n}"));
        group.bench_function("Vec", |b| b.iter(|| Vec::from(black_box(&source[..]))));
        group.bench_function("CowVec", |b| b.iter(|| CowVec::from(black_box(&source[..]))));
        group.bench_function("EcoVec", |b| b.iter(|| EcoVec::from(black_box(&source[..]))));
        group.finish();

        let mut group = c.benchmark_group(format!("vec/collect/{n}"));
        group.bench_function("Vec", |b| b.iter(|| (0..black_box(n)).collect::<Vec<_>>()));
        group.bench_function("CowVec", |b| b.iter(|| (0..black_box(n)).collect::<CowVec<_>>()));
        group.bench_function("EcoVec", |b| b.iter(|| (0..black_box(n)).collect::<EcoVec<_>>()));
        group.finish();
    }
}

fn shared(c: &mut Criterion) {
    let vec: Vec<u64> = (0..1000).collect();
    let (cow, eco) = (CowVec::from(&vec[..]), EcoVec::from(&vec[..]));
    let arc = Arc::new(vec.clone());

    let mut group = c.benchmark_group("vec/clone_drop/1000");
    group.bench_function("Vec", |b| b.iter(|| vec.clone()));
    group.bench_function("CowVec", |b| b.iter(|| cow.clone()));
    group.bench_function("EcoVec", |b| b.iter(|| eco.clone()));
    group.bench_function("Arc<Vec>", |b| b.iter(|| arc.clone()));
    group.finish();

    let mut group = c.benchmark_group("vec/clone_set/1000");
    macro_rules! set {
        ($name:literal, $old:ident, |$new:ident| $set:expr) => {
            group.bench_function($name, |b| {
                b.iter(|| {
                    let mut $new = $old.clone();
                    $set;
                    $new
                })
            });
        };
    }
    set!("CowVec", cow, |new| new.set(black_box(500), 1));
    set!("EcoVec", eco, |new| new.make_mut()[black_box(500)] = 1);
    set!("Arc<Vec>", arc, |new| Arc::make_mut(&mut new)[black_box(500)] = 1);
    group.finish();
}

/// A shared vector of 100 strings on the heap is cloned, and the clone edited.
fn shared_strings(c: &mut Criterion) {
    let strings: Vec<String> = (0..100).map(|i| format!("{i:032}")).collect();
    let (cow, eco) = (CowVec::from(&strings[..]), EcoVec::from(&strings[..]));
    let even = |string: &String| string.as_bytes()[31] % 2 == 0;
    macro_rules! edit {
        ($work:literal, |$new:ident| $cow:expr, $eco:expr) => {
            let mut group = c.benchmark_group(concat!("vec/shared_strings/", $work));
            group.bench_function("CowVec", |b| {
                b.iter(|| {
                    let mut $new = cow.clone();
                    $cow;
                    $new
                })
            });
            group.bench_function("EcoVec", |b| {
                b.iter(|| {
                    let mut $new = eco.clone();
                    $eco;
                    $new
                })
            });
            group.finish();
        };
    }
    edit!("remove", |new| new.remove(50), new.remove(50));
    edit!("insert", |new| new.insert(50, strings[7].clone()), new.insert(50, strings[7].clone()));
    edit!("retain half", |new| new.retain(even), new.retain(|string| even(string)));
}

fn into_iter(c: &mut Criterion) {
    let mut group = c.benchmark_group("vec/into_iter/1000");
    macro_rules! into_iter {
        ($name:literal, $type:ty) => {
            group.bench_function($name, |b| {
                let make = || (0..1000_u64).collect::<$type>();
                b.iter_batched(make, |v| v.into_iter().sum::<u64>(), BatchSize::SmallInput)
            });
        };
    }
    into_iter!("Vec", Vec<u64>);
    into_iter!("CowVec", CowVec<u64>);
    into_iter!("EcoVec", EcoVec<u64>);
    group.finish();
}

fn unique(c: &mut Criterion) {
    let source: Vec<u64> = (0..1000).map(|x| x * 7919 % 1000).collect();
    macro_rules! both {
        ($work:literal, |$v:ident| $body:expr) => {
            let mut group = c.benchmark_group(concat!("vec/unique/", $work, "/1000"));
            let mut $v = source.clone();
            group.bench_function("Vec", |b| b.iter(|| $body));
            let mut $v = UniqueVec::from(source.clone());
            group.bench_function("UniqueVec", |b| b.iter(|| $body));
            group.finish();
        };
    }
    both!("sort", |v| {
        v.copy_from_slice(&source);
        v.sort();
    });
    both!("extend_from_slice", |v| {
        v.clear();
        black_box(&mut v).extend_from_slice(&source);
    });
    both!("iterate", |v| black_box(&mut v).iter_mut().for_each(|x| *x += 1));
}

criterion_group!(
    benches,
    read,
    push,
    with_capacity,
    history,
    build,
    shared,
    shared_strings,
    into_iter,
    unique
);
criterion_main!(benches);
