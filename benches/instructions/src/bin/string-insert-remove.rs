//! Inserts a character in the middle of a unique text, and removes it again.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let mut s = CowString::with_capacity(2 * TEXT.len());
    s.push_str(TEXT);
    measured(|| {
        for _ in 0..N {
            black_box(&mut s).insert(black_box(10), black_box('x'));
            black_box(black_box(&mut s).remove(black_box(10)));
        }
    });
    assert_eq!(s, TEXT);
}
