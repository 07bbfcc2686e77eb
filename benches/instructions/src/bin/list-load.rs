//! Loads a list through a reader.

use cow_collections::CopyOnWriteList;
use instructions::{N, black_box, measured};

fn main() {
    let list: CopyOnWriteList<u64> = (0..N).collect();
    let mut reader = list.reader();
    let mut sum = 0;
    measured(|| (0..N).for_each(|i| sum += black_box(&mut reader).load()[i as usize]));
    assert_eq!(sum, N * (N - 1) / 2);
}
