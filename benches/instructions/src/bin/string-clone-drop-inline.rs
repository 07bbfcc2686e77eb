//! Clones a string whose text is in the handle, and drops the clone.

use cow_collections::CowString;
use instructions::{N, black_box, measured};

fn main() {
    let s = CowString::from("short");
    assert!(s.is_inline());
    measured(|| (0..N).for_each(|_| drop(black_box(black_box(&s).clone()))));
}
