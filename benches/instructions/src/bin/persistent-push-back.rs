//! Pushes at the back of a vector.

use cow_collections::PersistentVector;
use instructions::{N, black_box, measured};

fn main() {
    let mut v = PersistentVector::new();
    measured(|| (0..N).for_each(|x| v.push_back(black_box(x))));
    assert_eq!(v.len() as u64, N);
}
