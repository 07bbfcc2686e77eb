//! Pops from clones of one text, and drops them.

use cow_collections::CowString;
use instructions::{N, TEXT, black_box, measured};

fn main() {
    let s = CowString::from(TEXT);
    let clones = vec![s.clone(); N as usize];
    measured(|| {
        for mut clone in clones {
            black_box(clone.pop());
            black_box(clone);
        }
    });
    assert_eq!(s.strong_count(), 1);
}
