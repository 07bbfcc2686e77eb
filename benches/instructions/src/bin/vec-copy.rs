//! Copies a shared vector in order to write.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let v: CowVec<u64> = (0..8).collect();
    measured(|| {
        for x in 0..N {
            let mut w = black_box(&v).clone();
            w.make_mut()[0] = x;
            drop(black_box(w));
        }
    });
    assert!(v.iter().copied().eq(0..8));
}
