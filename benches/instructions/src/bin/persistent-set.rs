//! Writes elements of a unique vector.

use cow_collections::PersistentVector;
use instructions::{N, black_box, measured};

fn main() {
    let mut v: PersistentVector<u64> = (0..10 * N).collect();
    measured(|| {
        for i in 0..N {
            black_box(black_box(&mut v).set(black_box(i as usize * 10), i));
        }
    });
    assert_eq!(v[10], 1);
}
