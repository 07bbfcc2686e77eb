//! Clones a vector, writes one element of the clone, and keeps that version.

use cow_collections::PersistentVector;
use instructions::{N, black_box, measured};

fn main() {
    let mut v: PersistentVector<u64> = (0..10 * N).collect();
    measured(|| {
        for i in 0..N {
            let mut w = v.clone();
            w.set(black_box(i as usize * 10), i);
            v = w;
        }
    });
    assert_eq!(v[10], 1);
}
