//! Reads all elements of a vector in turn.

use cow_collections::PersistentVector;
use instructions::{N, black_box, measured};

fn main() {
    let v: PersistentVector<u64> = (0..N).collect();
    let mut sum = 0;
    measured(|| {
        for x in black_box(&v) {
            sum += black_box(*x);
        }
    });
    assert_eq!(sum, N * (N - 1) / 2);
}
