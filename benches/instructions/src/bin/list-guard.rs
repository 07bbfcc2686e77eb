//! Loads a list through guards.

use cow_collections::CopyOnWriteList;
use instructions::{N, black_box, measured};

fn main() {
    let list: CopyOnWriteList<u64> = (0..N).collect();
    let mut sum = list.load()[0];
    measured(|| (0..N).for_each(|i| sum += black_box(&list).load()[i as usize]));
    assert_eq!(sum, N * (N - 1) / 2);
}
