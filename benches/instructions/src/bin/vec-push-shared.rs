//! Clones a vector, and pushes onto the clone in place.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let mut v = CowVec::with_capacity(2 * N as usize);
    v.push(0);
    measured(|| {
        for x in 0..N {
            let mut w = v.clone();
            w.push(black_box(x));
            v = w;
        }
    });
    assert_eq!(v.len() as u64, N + 1);
}
