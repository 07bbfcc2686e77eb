#![cfg(not(cow_loom))]
//! What `CowVec` allocates, and that it frees it.

#[path = "common/alloc.rs"]
mod alloc;

use alloc::{Counting, blocks_of, no_leak};
use cow_collections::{CowVec, UniqueVec, cow_vec};

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn empty_and_clone_allocate_nothing() {
    no_leak(|| {
        assert_eq!(blocks_of(CowVec::<u64>::new).0, 0);
        assert_eq!(blocks_of(|| CowVec::<u64>::with_capacity(0)).0, 0);
        let v = cow_vec![1, 2, 3];
        assert_eq!(blocks_of(|| v.clone()).0, 0);
        let mut w = v.clone();
        assert_eq!(blocks_of(|| w.pop()).0, 0);
        assert_eq!(blocks_of(|| w.truncate(1)).0, 0);
        assert_eq!(blocks_of(|| w.clear()).0, 0);
    });
}

#[test]
fn building_allocates_once() {
    no_leak(|| {
        assert_eq!(blocks_of(|| (0..1000_u64).collect::<CowVec<_>>()).0, 1);
        let vec: Vec<String> = (0..9).map(|n| n.to_string()).collect();
        assert_eq!(blocks_of(|| CowVec::from(vec)).0, 1);
        assert_eq!(blocks_of(|| cow_vec![1_u8, 2]).0, 1);
        assert_eq!(blocks_of(|| UniqueVec::<u8>::with_capacity(9)).0, 1);
    });
}

#[test]
fn growth_doubles_from_32_bytes() {
    no_leak(|| {
        let mut v = CowVec::new();
        let (blocks, ()) = blocks_of(|| (0..1024_u64).for_each(|n| v.push(n)));
        assert_eq!((blocks, v.capacity()), (9, 1024));
    });
}

#[test]
fn a_history_of_clone_then_push_allocates_as_one_vector_does() {
    no_leak(|| {
        let mut history = Vec::with_capacity(1024);
        let (blocks, ()) = blocks_of(|| {
            let mut now = CowVec::new();
            for n in 0..1024_u64 {
                history.push(now.clone());
                now.push(n);
            }
        });
        assert_eq!(blocks, 9, "as many as growth alone takes");
        for (n, version) in history.iter().enumerate() {
            assert_eq!(version.len(), n);
        }
    });
}

#[test]
fn one_block_for_each_edit_of_a_shared_vector() {
    no_leak(|| {
        let shared: CowVec<String> = (0..20).map(|n| "x".repeat(n)).collect();
        let strings = |work: fn(&mut CowVec<String>)| {
            let mut v = shared.clone();
            blocks_of(|| work(&mut v)).0
        };
        // "x".repeat(0) has no block of its own.
        assert_eq!(strings(|v| v.make_mut().reverse()), 1 + 19);
        assert_eq!(strings(|v| v.insert(3, String::new())), 1 + 19);
        assert_eq!(strings(|v| v.push(String::new())), 1 + 19);
        assert_eq!(strings(|v| v.retain(|s| s.len() > 1)), 1 + 18);
        assert_eq!(strings(|v| v.retain(|s| s.len() < 9)), 0, "only a tail goes");
    });
}
