//! Pushes onto a vector that grows.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let mut v = CowVec::new();
    measured(|| (0..N).for_each(|x| v.push(black_box(x))));
    assert_eq!(v.len() as u64, N);
}
