//! `CopyOnWriteList` under load: the cases of the JSR-166 test kit that use threads.

use cow_collections::CopyOnWriteList;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

const N: usize = if cfg!(miri) { 12 } else { 600 };
const THREADS: usize = if cfg!(miri) { 3 } else { 8 };

/// A number that counts its live instances in `live`.
#[derive(Debug)]
struct Counted {
    number: usize,
    live: Arc<AtomicUsize>,
}

impl Counted {
    fn new(number: usize, live: &Arc<AtomicUsize>) -> Self {
        live.fetch_add(1, Ordering::Relaxed);
        Self { number, live: live.clone() }
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new(self.number, &self.live)
    }
}

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A random number generator. Each thread has one.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }
}

/// One thread adds and removes one value. The readers see no other value.
#[test]
fn readers_see_only_written_elements() {
    let (list, done) = (CopyOnWriteList::new(), AtomicBool::new(false));
    thread::scope(|threads| {
        for _ in 0..THREADS - 1 {
            threads.spawn(|| {
                let mut reader = list.reader();
                while !done.load(Ordering::Relaxed) {
                    list.for_each(|x| assert_eq!(*x, 42));
                    assert!(reader.load().iter().all(|x| *x == 42));
                    thread::yield_now();
                }
            });
        }
        for _ in 0..N {
            list.push(42);
            assert_eq!(list.remove(&42), Some(42));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(list.is_empty());
}

/// Every thread runs a random mix of operations, and sees its own element until it removes that element.
#[test]
fn all_operations_from_many_threads_drop_each_element_once() {
    let live = Arc::new(AtomicUsize::new(0));
    let list = CopyOnWriteList::new();
    thread::scope(|threads| {
        for t in 0..THREADS {
            let (list, live) = (&list, &live);
            threads.spawn(move || {
                let mut random = Random(0x9E37_79B9 + t as u64);
                let (mut reader, mut version) = (list.reader(), 0);
                let legal = |x: &Counted| assert!(x.number < THREADS * N);
                for n in 0..N {
                    let own = Counted::new(t * N + n, live);
                    match random.below(3) {
                        0 => list.push(own.clone()),
                        1 => list.extend([own.clone()]),
                        _ => assert!(list.push_if_absent(own.clone()).is_ok()),
                    }
                    assert!(list.contains(&own), "a thread sees its own element");
                    match random.below(8) {
                        0 => list.for_each(legal),
                        1 => reader.load().iter().for_each(legal),
                        2 => list.to_vec().iter().for_each(legal),
                        3 => list.snapshot().into_iter().for_each(|x| legal(&x)),
                        4 => list.reverse(),
                        5 => list.rotate_left(random.below(4)),
                        6 => assert_eq!(list.extend_absent([own.clone()]), 0),
                        _ => _ = list.rcu(|v| v.iter().rev().cloned().collect()),
                    }
                    assert_eq!(list.load().iter().filter(|x| **x == own).count(), 1);
                    let removed = match random.below(4) {
                        0 => list.remove(&own),
                        1 => list.remove_first_by(|x| *x == own),
                        2 => {
                            (list.remove_all(std::slice::from_ref(&own)) == 1).then(|| own.clone())
                        }
                        _ => (list.retain(|x| *x != own) == 1).then(|| own.clone()),
                    };
                    assert_eq!(removed, Some(own.clone()));
                    assert!(!reader.load().contains(&own));
                    let now = list.version();
                    assert!(version < now, "the version increases");
                    version = now;
                }
            });
        }
    });
    assert!(list.is_empty());
    drop(list);
    assert_eq!(live.load(Ordering::Relaxed), 0, "each element is dropped once");
}

/// Several threads add the same value if it is absent. Exactly one of them adds it.
#[test]
fn push_if_absent_from_many_threads_adds_once() {
    for round in 0..N / 10 {
        let list = CopyOnWriteList::new();
        let added: usize = thread::scope(|threads| {
            let add = || usize::from(list.push_if_absent(7).is_ok()) + list.extend_absent([7, 8]);
            let all: Vec<_> = (0..3).map(|_| threads.spawn(add)).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((added, list.len()), (2, 2), "round {round}: {list:?}");
    }
}

/// If the threads only push, every version is a prefix of the last one.
#[test]
fn every_version_is_a_prefix_of_the_push_log() {
    let list = CopyOnWriteList::new();
    let running = AtomicUsize::new(3);
    let versions = thread::scope(|threads| {
        for t in 0..3 {
            let (list, running) = (&list, &running);
            threads.spawn(move || {
                for n in 0..N {
                    match n % 3 {
                        0 => list.push((t, n)),
                        1 => assert!(list.push_if_absent((t, n)).is_ok()),
                        _ => assert_eq!(list.extend_absent([(t, n)]), 1),
                    }
                }
                running.fetch_sub(1, Ordering::Release);
            });
        }
        let mut versions = vec![];
        while running.load(Ordering::Acquire) > 0 {
            let version = list.version();
            versions.push((version, list.snapshot()));
            thread::yield_now();
        }
        versions
    });
    let log = list.to_vec();
    assert_eq!((log.len(), list.version()), (3 * N, 3 * N as u64));
    for t in 0..3 {
        assert!(log.iter().filter(|x| x.0 == t).map(|x| x.1).eq(0..N), "the order of each thread");
    }
    for (version, snapshot) in versions {
        assert_eq!(snapshot[..], log[..snapshot.len()]);
        assert!(version as usize <= snapshot.len());
    }
}

/// Four threads update the list, each by another method. No update is lost.
#[test]
fn updates_from_many_threads_are_all_kept() {
    let list = CopyOnWriteList::from([0_usize]);
    thread::scope(|threads| {
        for t in 0..4 {
            let list = &list;
            threads.spawn(move || {
                for _ in 0..N / 4 {
                    match t {
                        0 => list.update(|v| v.make_mut()[0] += 1),
                        1 => _ = list.rcu(|v| [v[0] + 1].into()),
                        2 => list.replace_all(|n| n + 1),
                        _ => loop {
                            let old = list.snapshot();
                            if list.compare_and_swap(&old, [old[0] + 1]).is_ok() {
                                break;
                            }
                        },
                    }
                }
            });
        }
    });
    assert_eq!((list.get(0), list.version()), (Some(N / 4 * 4), N as u64 / 4 * 4));
}

/// Threads add, call and remove listeners. Listeners are found by identity.
#[test]
fn listeners_are_removed_by_identity() {
    type Listener = Arc<dyn Fn() + Send + Sync>;
    let list = CopyOnWriteList::<Listener>::new();
    let calls = Arc::new(AtomicUsize::new(0));
    thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                for _ in 0..N / 4 {
                    let calls = calls.clone();
                    let own: Listener = Arc::new(move || _ = calls.fetch_add(1, Ordering::Relaxed));
                    list.extend([own.clone(), own.clone()]);
                    list.for_each(|listener| listener());
                    assert!(list.remove_ptr(&own).is_some() && list.remove_ptr(&own).is_some());
                    assert!(list.remove_ptr(&own).is_none());
                }
            });
        }
    });
    assert!(list.is_empty());
    assert!(calls.load(Ordering::Relaxed) >= 3 * (N / 4) * 2);
    assert_eq!(Arc::strong_count(&calls), 1, "all listeners are dropped");
}

/// Two threads take elements while a third one pushes. No element is taken twice.
#[test]
fn takers_take_each_pushed_element_once() {
    let list = CopyOnWriteList::new();
    let taken = thread::scope(|threads| {
        threads.spawn(|| (0..N).for_each(|n| list.push(n)));
        let take = || {
            let mut own = vec![];
            for n in 0..N {
                match n % 3 {
                    0 => own.extend(list.take()),
                    1 => own.extend(list.pop_front()),
                    _ => own.extend(list.replace([])),
                }
            }
            own
        };
        let all: Vec<_> = (0..2).map(|_| threads.spawn(take)).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let rest = list.take();
    assert_eq!(taken.len() + rest.len(), N);
    assert_eq!(taken.into_iter().chain(rest).collect::<BTreeSet<_>>(), (0..N).collect());
}
