//! A small race of the operations that protect, publish and release a value. Miri runs it with many seeds
//! (`-Zmiri-many-seeds=0..64`), and so does ThreadSanitizer.

use cow_collections::CopyOnWriteCell;
use cow_collections::list::ArcCellReader;
use std::sync::Arc;
use std::thread;

const ROUNDS: usize = if cfg!(miri) { 3 } else { 5000 };

/// Runs two writers, and threads with readers, guards and snapshots. A value is four equal numbers. No thread ever sees
/// a value whose numbers differ, and no reader goes back.
fn race<T>(make: impl Fn(usize) -> T + Sync, read: impl Fn(&T) -> [usize; 4] + Sync)
where
    T: Clone + Send + Sync,
{
    let cell = Arc::new(CopyOnWriteCell::new(make(0)));
    let number = |value: &T| {
        let [a, b, c, d] = read(value);
        assert!(a == b && b == c && c == d, "no value is torn");
        a
    };
    thread::scope(|threads| {
        let (cell, make, number) = (&cell, &make, &number);
        for _ in 0..2 {
            threads.spawn(move || {
                for n in 0..ROUNDS {
                    match n % 3 {
                        0 => cell.update(|value| *value = make(number(value) + 1)),
                        1 => _ = cell.rcu(|value| make(number(value) + 1)),
                        _ => {
                            let seen = cell.snapshot();
                            _ = cell.compare_and_swap(&seen, make(number(&seen) + 1));
                        }
                    }
                }
            });
        }
        threads.spawn(move || {
            let (mut reader, mut owned) = (cell.reader(), ArcCellReader::from(cell.clone()));
            let mut last = 0;
            for n in 0..ROUNDS {
                for now in [number(reader.load()), number(owned.load()), number(reader.load())] {
                    assert!(last <= now, "the value never goes back");
                    last = now;
                }
                if n % 2 == 1 {
                    reader.release();
                    owned.release();
                }
            }
        });
        threads.spawn(move || {
            let mut last = 0;
            for _ in 0..ROUNDS {
                let guard = cell.load();
                let snapshot = cell.snapshot();
                let (a, b) = (number(&guard), number(&snapshot));
                drop(guard);
                let c =
                    snapshot.try_unwrap().map_or_else(|shared| number(&shared), |own| number(&own));
                assert!(last <= a && a <= b && b == c, "the value never goes back");
                last = b;
            }
        });
    });
}

/// Such values let the cell recycle its buffers.
#[test]
fn reads_against_writes_of_a_value_without_drop_glue_see_whole_values() {
    race(|n| [n; 4], |x| *x);
}

/// Such values make the cell free its old buffers.
#[test]
fn reads_against_writes_of_a_value_with_drop_glue_see_whole_values() {
    race(|n| Box::new([n; 4]), |x| **x);
}
