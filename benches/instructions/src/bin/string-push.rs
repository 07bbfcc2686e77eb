//! Pushes characters of one byte onto a text that grows.

use cow_collections::CowString;
use instructions::{N, black_box, measured};

fn main() {
    let mut s = CowString::new();
    measured(|| (0..N).for_each(|_| s.push(black_box('x'))));
    assert_eq!(s.len() as u64, N);
}
