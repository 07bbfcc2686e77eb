//! Replaces elements of a short list.

use cow_collections::CopyOnWriteList;
use instructions::{N, black_box, measured};

fn main() {
    let list: CopyOnWriteList<u64> = (0..16).collect();
    measured(|| (0..N).for_each(|i| _ = black_box(list.set(black_box(i as usize % 16), i))));
    assert_eq!(list.len(), 16);
}
