//! Pushes onto a list.

use cow_collections::CopyOnWriteList;
use instructions::{N, black_box, measured};

fn main() {
    let list = CopyOnWriteList::new();
    measured(|| (0..N).for_each(|x| list.push(black_box(x))));
    assert_eq!(list.len() as u64, N);
}
