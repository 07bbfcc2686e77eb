//! Writes elements of a unique vector, and checks each time that it is unique.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let mut v: CowVec<u64> = (0..N).collect();
    measured(|| (0..N).for_each(|i| black_box(&mut v).make_mut()[i as usize] += 1));
    assert!(v.iter().copied().eq(1..=N));
}
