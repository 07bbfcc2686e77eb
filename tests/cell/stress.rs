//! A cell that many threads use at once.

use cow_collections::{CopyOnWriteCell, CowString, PersistentVector};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

const N: usize = if cfg!(miri) { 10 } else { 2000 };

/// Two vectors and a text that must agree with each other.
#[derive(Clone)]
struct Parts {
    odd: PersistentVector<usize>,
    even: PersistentVector<usize>,
    name: CowString,
}

impl Parts {
    fn check(&self) -> usize {
        assert_eq!(self.odd.len(), self.even.len());
        assert!(self.odd.iter().zip(&self.even).all(|(a, b)| *a == b + 1));
        let sum: usize = self.even.iter().sum();
        assert_eq!(self.name, *sum.to_string());
        sum
    }
}

#[test]
fn parts_of_one_value_are_always_consistent() {
    let len = if cfg!(miri) { 5 } else { 200 };
    let parts = Parts {
        odd: (0..len).map(|_| 1).collect(),
        even: (0..len).map(|_| 0).collect(),
        name: "0".into(),
    };
    let (cell, done, reads) =
        (CopyOnWriteCell::new(parts), AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|threads| {
        for t in 0..3 {
            let (cell, done, reads) = (&cell, &done, &reads);
            threads.spawn(move || {
                let (mut reader, mut last) = (cell.reader(), 0);
                while !done.load(Ordering::Relaxed) || last == 0 {
                    let sum = match t {
                        0 => reader.load().check(),
                        1 => cell.load().check(),
                        _ => cell.snapshot().check(),
                    };
                    assert!(last <= sum, "the value never goes back");
                    last = sum;
                    reads.fetch_add(1, Ordering::Relaxed);
                    thread::yield_now();
                }
            });
        }
        for n in 0..N {
            cell.update(|parts| {
                let at = n * 7 % len;
                let even = parts.even[at] + 2;
                parts.even.set(at, even);
                parts.odd.set(at, even + 1);
                parts.name = CowString::from(parts.even.iter().sum::<usize>().to_string());
            });
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(cell.load().check(), 2 * N);
    assert!(reads.load(Ordering::Relaxed) >= 3);
}

/// Threads that wait for each change see the last one.
#[test]
fn watchers_on_many_threads_see_the_last_write() {
    let cell = CopyOnWriteCell::new(0);
    thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                let mut watcher = cell.subscribe();
                while *cell.load() < N {
                    watcher.wait();
                }
            });
        }
        for _ in 0..N {
            cell.update(|n| *n += 1);
        }
    });
    assert_eq!(cell.version(), N as u64);
}

/// Many guards, readers and snapshots of many values, dropped in mixed order.
#[test]
fn guards_and_readers_past_the_slots_keep_their_values() {
    let cell = CopyOnWriteCell::new(String::from("0"));
    let mut guards = Vec::new();
    let mut readers: Vec<_> = (0..20).map(|_| cell.reader()).collect();
    for n in 0..40 {
        guards.push((n, cell.load()));
        let reader = &mut readers[n / 2];
        assert_eq!(*reader.load(), n.to_string());
        cell.store((n + 1).to_string());
    }
    for n in (1..=40).rev() {
        assert!(guards.iter().all(|(n, guard)| **guard == n.to_string()));
        drop(guards.swap_remove(n * 7 % n));
    }
    assert!(readers.iter_mut().all(|reader| reader.load() == "40"));
}
