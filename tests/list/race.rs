//! A small race of the operations that protect, publish and release a version. Miri runs it with many seeds
//! (`-Zmiri-many-seeds=0..64`), and so does ThreadSanitizer.

use cow_collections::CopyOnWriteList;
use std::thread;

const ROUNDS: usize = if cfg!(miri) { 3 } else { 5000 };

/// Runs two writers, a thread with a reader, and a thread with guards and snapshots. An element is four equal
/// numbers. No thread ever sees an element whose numbers differ.
fn race<T>(make: impl Fn(usize) -> T + Sync, read: impl Fn(&T) -> [usize; 4] + Sync)
where
    T: Clone + Send + Sync,
{
    let list = CopyOnWriteList::from(vec![make(0), make(0)]);
    let check = |elements: &[T]| {
        for [a, b, c, d] in elements.iter().map(&read) {
            assert!(a == b && b == c && c == d, "no element is torn");
        }
    };
    thread::scope(|threads| {
        let (list, make, check) = (&list, &make, &check);
        for first in 0..2 {
            threads.spawn(move || {
                for n in 0..ROUNDS {
                    assert!(list.set(first, make(n)).is_ok());
                    match n % 4 {
                        0 => list.push(make(n)),
                        1 => _ = list.insert(2, make(n)),
                        2 if list.len() > 8 => list.update(|v| v.truncate(2)),
                        _ => list.extend([make(n), make(n + 1)]),
                    }
                }
            });
        }
        threads.spawn(move || {
            let mut reader = list.reader();
            for n in 0..ROUNDS {
                check(reader.load());
                check(reader.load());
                if n % 2 == 1 {
                    reader.release();
                }
            }
        });
        threads.spawn(move || {
            for n in 0..ROUNDS {
                let guard = list.load();
                check(&guard);
                let mut snapshot = list.snapshot();
                check(&guard);
                drop(guard);
                snapshot.push(make(n));
                check(&snapshot);
            }
        });
    });
    check(&list.load());
}

/// Such elements let the list recycle its buffers.
#[test]
fn reads_against_writes_of_elements_without_drop_glue_see_whole_elements() {
    race(|n| [n; 4], |x| *x);
}

/// Such elements make the list free its old buffers.
#[test]
fn reads_against_writes_of_elements_with_drop_glue_see_whole_elements() {
    race(|n| Box::new([n; 4]), |x| **x);
}
