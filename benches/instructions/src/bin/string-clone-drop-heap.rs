//! Clones a string whose text is in a buffer, and drops the clone.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let s = CowString::from(TEXT);
    assert!(!s.is_inline());
    measured(|| (0..N).for_each(|_| drop(black_box(black_box(&s).clone()))));
}
