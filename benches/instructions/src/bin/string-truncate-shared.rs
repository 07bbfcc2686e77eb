//! Truncates clones of one text, and drops them.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let s = CowString::from(TEXT);
    let clones = vec![s.clone(); N as usize];
    measured(|| {
        for mut clone in clones {
            clone.truncate(black_box(20));
            black_box(clone);
        }
    });
    assert_eq!(s.strong_count(), 1);
}
