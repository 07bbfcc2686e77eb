//! Appends short texts to a string that grows.

use cow_collections::CowString;
use instructions::{N, black_box, measured};

fn main() {
    let mut s = CowString::new();
    measured(|| (0..N).for_each(|_| s.push_str(black_box("words "))));
    assert_eq!(s.len() as u64, 6 * N);
}
