//! How many writes it takes until a lock is faster: two threads that mostly read 64 elements, and the
//! share of writes from none to half: `cargo bench --bench crossover`.
//!
//! A figure is the time of one operation of one thread, while the other does the same.

use std::hint::black_box;
use std::sync::{Barrier, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use cow_collections::CopyOnWriteList;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};

const THREADS: u64 = 2;
const LEN: u64 = 64;
/// Where the pushes of one side reach this length, the list starts again, so that all sides stay small.
const MAX_LEN: usize = 1024;

/// In parts of ten thousand.
const SHARES: [u64; 5] = [0, 10, 100, 1000, 5000];

/// What one thread does: for each of its operations, whether it is a write.
struct Operations {
    state: u64,
    /// Random numbers below this are writes.
    threshold: u64,
    left: u64,
}

impl Iterator for Operations {
    type Item = bool;

    #[inline]
    fn next(&mut self) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        Some(self.state < self.threshold)
    }
}

/// The longest of the threads' times for `left` operations each, started at once.
fn race(left: u64, share: u64, worker: impl Fn(Operations) + Sync) -> Duration {
    let barrier = Barrier::new(THREADS as usize);
    let threshold = u64::MAX / 10_000 * share;
    thread::scope(|threads| {
        let running: Vec<_> = (1..=THREADS)
            .map(|thread| {
                let (barrier, worker) = (&barrier, &worker);
                let state = thread * 0x9E37_79B9_7F4A_7C15;
                threads.spawn(move || {
                    barrier.wait();
                    let begin = Instant::now();
                    worker(Operations { state, threshold, left });
                    begin.elapsed()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
    })
}

/// One subject at one share.
fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    share: u64,
    worker: impl Fn(Operations) + Sync,
) {
    group.bench_function(name, |b| b.iter_custom(|n| race(n, share, &worker)));
}

fn crossover(c: &mut Criterion) {
    let elements = || (0..LEN).collect::<Vec<u64>>();
    for pushes in [false, true] {
        for share in SHARES {
            let work = if pushes { "push" } else { "set" };
            let percent = share as f64 / 100.0;
            let mut group = c.benchmark_group(format!("crossover/{work}/{percent} %"));
            // What a write does to a vector that can be changed in place.
            let write = |v: &mut Vec<u64>| match pushes {
                false => v[7] = black_box(1),
                true if v.len() < MAX_LEN => v.push(black_box(1)),
                true => v.truncate(LEN as usize),
            };

            let list = CopyOnWriteList::from(elements());
            let write_list = |len: usize| match pushes {
                false => _ = list.set(7, black_box(1)),
                true if len < MAX_LEN => list.push(black_box(1)),
                true => list.update(|v| v.truncate(LEN as usize)),
            };
            bench(&mut group, "CopyOnWriteList by reader", share, |operations| {
                let mut reader = list.reader();
                for writes in operations {
                    match writes {
                        true => write_list(reader.load().len()),
                        false => _ = black_box(reader.load()[7]),
                    }
                }
            });
            bench(&mut group, "CopyOnWriteList by load", share, |operations| {
                for writes in operations {
                    match writes {
                        true => write_list(list.len()),
                        false => _ = black_box(list.load()[7]),
                    }
                }
            });
            let swap = ArcSwap::from_pointee(elements());
            bench(&mut group, "ArcSwap<Vec> by rcu and load", share, |operations| {
                for writes in operations {
                    if writes {
                        swap.rcu(|v| {
                            let mut v = Vec::clone(v);
                            write(&mut v);
                            v
                        });
                    } else {
                        black_box(swap.load()[7]);
                    }
                }
            });
            let lock = RwLock::new(elements());
            bench(&mut group, "std RwLock<Vec>", share, |operations| {
                for writes in operations {
                    match writes {
                        true => write(&mut lock.write().unwrap()),
                        false => _ = black_box(lock.read().unwrap()[7]),
                    }
                }
            });
            let lock = parking_lot::RwLock::new(elements());
            bench(&mut group, "parking_lot RwLock<Vec>", share, |operations| {
                for writes in operations {
                    match writes {
                        true => write(&mut lock.write()),
                        false => _ = black_box(lock.read()[7]),
                    }
                }
            });
            group.finish();
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .sample_size(10);
    targets = crossover
}
criterion_main!(benches);
