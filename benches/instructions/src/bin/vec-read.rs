//! Reads elements of a vector by their indices, and then all in turn.

use cow_collections::CowVec;
use instructions::{N, black_box, measured};

fn main() {
    let v: CowVec<u64> = (0..N).collect();
    let sums = measured(|| {
        let get: u64 = (0..v.len()).map(|i| black_box(&v)[black_box(i)]).sum();
        let all: u64 = black_box(&v).iter().map(|x| black_box(*x)).sum();
        (get, all)
    });
    assert_eq!(sums.0, sums.1);
}
