//! Compares equal texts in two buffers.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let (a, b) = (CowString::from(TEXT), CowString::from(TEXT));
    let mut equal = 0;
    measured(|| (0..N).for_each(|_| equal += u64::from(black_box(&a) == black_box(&b))));
    assert_eq!(equal, N);
}
