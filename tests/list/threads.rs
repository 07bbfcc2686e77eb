//! `CopyOnWriteList` under several threads.

use cow_collections::CopyOnWriteList;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

const N: usize = if cfg!(miri) { 20 } else { 1000 };

/// Two threads push while others read. Each thread's elements keep their order, and every snapshot is a prefix of
/// the final list.
#[test]
fn every_version_is_a_prefix_of_the_last_when_all_only_push() {
    let per_writer = N;
    let list = CopyOnWriteList::new();
    let writers = AtomicUsize::new(2);
    let kept = thread::scope(|threads| {
        for w in 0..2 {
            let (list, writers) = (&list, &writers);
            threads.spawn(move || {
                for n in 0..per_writer {
                    if n % 3 == 0 {
                        list.extend([Box::new((w, n))]);
                    } else {
                        list.push(Box::new((w, n)));
                    }
                }
                writers.fetch_sub(1, Ordering::Release);
            });
        }
        let readers: Vec<_> = (0..2)
            .map(|r| {
                let (list, writers) = (&list, &writers);
                threads.spawn(move || {
                    let (mut kept, mut reader, mut last) = (vec![], list.reader(), 0);
                    while writers.load(Ordering::Acquire) > 0 {
                        let len = if r == 0 { reader.load().len() } else { list.load().len() };
                        assert!(len >= last, "the length never decreases");
                        last = len;
                        if kept.len() < 50 {
                            kept.push(list.snapshot());
                        }
                        thread::yield_now();
                    }
                    kept
                })
            })
            .collect();
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect::<Vec<_>>()
    });
    let all = list.snapshot();
    for w in 0..2 {
        let own: Vec<_> = all.iter().filter(|x| x.0 == w).map(|x| x.1).collect();
        assert_eq!(own, (0..per_writer).collect::<Vec<_>>(), "the order of each writer");
    }
    for snapshot in kept {
        assert_eq!(snapshot[..], all[..snapshot.len()]);
    }
}

/// Every thread runs a mix of operations, and sees only elements that some thread added.
#[test]
fn every_operation_from_many_threads_loses_nothing() {
    let tally = Arc::new(AtomicUsize::new(0));
    #[derive(Debug, Clone, PartialEq)]
    struct Counted(usize, Alive);
    #[derive(Debug)]
    struct Alive(Arc<AtomicUsize>);
    impl Alive {
        fn new(count: &Arc<AtomicUsize>) -> Self {
            count.fetch_add(1, Ordering::Relaxed);
            Self(count.clone())
        }
    }
    impl Clone for Alive {
        fn clone(&self) -> Self {
            Self::new(&self.0)
        }
    }
    impl PartialEq for Alive {
        fn eq(&self, _: &Self) -> bool {
            true
        }
    }
    impl Drop for Alive {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let list = CopyOnWriteList::new();
    thread::scope(|threads| {
        for t in 0..4_usize {
            let (list, tally) = (&list, &tally);
            threads.spawn(move || {
                let mut reader = list.reader();
                for n in 0..N / 2 {
                    let mine = || Counted(t * N + n, Alive::new(tally));
                    list.push(mine());
                    assert!(list.contains(&mine()), "a thread sees its own element");
                    match n % 5 {
                        0 => assert!(list.load().iter().all(|x| x.0 < 4 * N)),
                        1 => assert!(reader.load().contains(&mine())),
                        2 => list.update(|v| v.make_mut().reverse()),
                        3 => _ = list.insert(list.len() / 2, mine()),
                        _ => list.update(|v| v.push(mine())),
                    }
                    assert!(list.snapshot().iter().filter(|x| **x == mine()).count() >= 1);
                    let removed = list.retain(|x| x.0 / N != t);
                    assert!(removed >= 1, "{removed}");
                }
            });
        }
    });
    assert!(list.is_empty(), "every thread removed its own elements: {list:?}");
    drop(list);
    assert_eq!(tally.load(Ordering::Relaxed), 0, "each element is dropped once");
}

/// Compares a list that another thread changes. Every answer is right for some version.
#[test]
fn equality_while_another_thread_writes() {
    let (list, done) = (CopyOnWriteList::from([1]), AtomicBool::new(false));
    thread::scope(|threads| {
        threads.spawn(|| {
            for _ in 0..N {
                list.push(2);
                assert_eq!(list.pop(), Some(2));
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            assert!(list != [2] && !list.is_empty());
            assert!(list == list.snapshot() || list.len() <= 2);
            thread::yield_now();
        }
    });
    assert_eq!(list, [1]);
}

/// A thread that sees a pushed element also sees the writes before the push.
#[test]
fn a_push_publishes_what_came_before_it() {
    let (list, side) = (CopyOnWriteList::new(), AtomicUsize::new(0));
    thread::scope(|threads| {
        threads.spawn(|| {
            for n in 1..=N {
                side.store(n, Ordering::Relaxed);
                list.push(n);
            }
        });
        let mut reader = list.reader();
        loop {
            let last = reader.load().last().copied().unwrap_or(0);
            assert!(side.load(Ordering::Relaxed) >= last);
            if last == N {
                break;
            }
            thread::yield_now();
        }
    });
}

/// The destructors of a thread's thread-locals read and write a list.
#[test]
fn a_list_is_used_while_a_thread_ends() {
    static LIST: CopyOnWriteList<u8> = CopyOnWriteList::new();
    struct Late;
    impl Drop for Late {
        fn drop(&mut self) {
            LIST.push(2);
            assert_eq!(LIST.load().len(), 2);
            assert_eq!(LIST.set(0, 3), Ok(1));
        }
    }
    thread_local! {
        static LATE: Late = const { Late };
    }
    let thread = thread::spawn(|| {
        LATE.with(|_| ());
        LIST.push(1);
        LIST.snapshot()
    });
    assert_eq!(thread.join().unwrap(), [1]);
    assert_eq!(LIST, [3, 2]);
}
