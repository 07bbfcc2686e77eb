//! Takes parts of a text that share it, and drops them.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let s = CowString::from(TEXT);
    assert!(s.slice(2..30).as_ptr() == s[2..].as_ptr(), "the slice shares the buffer");
    measured(|| (0..N).for_each(|_| drop(black_box(black_box(&s).slice(2..black_box(30))))));
}
