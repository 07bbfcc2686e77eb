#![cfg(not(cow_loom))]
//! What `CowString` allocates, and that it frees it.

#[path = "common/alloc.rs"]
mod alloc;

use alloc::{Counting, blocks_of, no_leak};
use cow_collections::{CowString, CowVec};

#[global_allocator]
static COUNTING: Counting = Counting;

const LONG: &str = "a text of more than fifteen bytes,\nin two lines of some length\n";

#[test]
fn short_and_static_texts_allocate_nothing() {
    no_leak(|| {
        assert_eq!(blocks_of(CowString::new).0, 0);
        assert_eq!(blocks_of(|| CowString::from("fifteen bytes..")).0, 0);
        assert_eq!(blocks_of(|| CowString::from_static(LONG)).0, 0);
        let (blocks, s) = blocks_of(|| CowString::from_static(LONG).slice(2..40));
        assert_eq!((blocks, &*s), (0, &LONG[2..40]));
    });
}

#[test]
fn a_long_text_is_one_block_for_all_who_share_it() {
    no_leak(|| {
        let (blocks, text) = blocks_of(|| CowString::from(LONG));
        assert_eq!(blocks, 1);
        assert_eq!(blocks_of(|| text.clone()).0, 0);
        assert_eq!(blocks_of(|| text.slice(3..50)).0, 0);
        assert_eq!(blocks_of(|| text.lines_shared().map(|line| line.len()).sum::<usize>()).0, 0);
        let (blocks, bytes) = blocks_of(|| CowVec::from(text.clone()));
        assert_eq!((blocks, bytes.as_ptr()), (0, text.as_ptr()));
        assert_eq!(blocks_of(|| CowString::try_from(bytes).unwrap()).0, 0);
        let mut shorter = text.clone();
        assert_eq!(blocks_of(|| shorter.truncate(20)).0, 0);
        assert_eq!(blocks_of(|| shorter.push('!')).0, 1, "the next byte is taken");
    });
}

#[test]
fn a_history_of_clone_then_push_allocates_as_one_string_does() {
    no_leak(|| {
        let mut history = Vec::with_capacity(1000);
        let (blocks, ()) = blocks_of(|| {
            let mut now = CowString::new();
            for _ in 0..1000 {
                history.push(now.clone());
                now.push('x');
            }
        });
        assert!(blocks <= 7, "{blocks} blocks: growth alone takes seven");
        assert!(history.iter().enumerate().all(|(n, version)| version.len() == n));
    });
}
