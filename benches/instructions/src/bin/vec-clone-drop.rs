//! Clones a vector, and drops the clone.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let v: CowVec<u64> = (0..N).collect();
    measured(|| (0..N).for_each(|_| drop(black_box(black_box(&v).clone()))));
    assert_eq!(v.strong_count(), 1);
}
