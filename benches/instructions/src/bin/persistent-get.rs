//! Reads elements of a vector by their indices.

use cow_collections::PersistentVector;
use instructions::{N, black_box, measured};

fn main() {
    let v: PersistentVector<u64> = (0..10 * N).collect();
    let sum = measured(|| {
        (0..N).map(|i| black_box(&v)[black_box(i as usize * 10)]).fold(0, |sum, x| sum + x)
    });
    assert_eq!(sum, 5 * N * (N - 1));
}
