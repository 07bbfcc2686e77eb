#![cfg(all(feature = "list", not(cow_loom)))]
//! What `CopyOnWriteList` allocates, and that it frees it.

#[path = "common/alloc.rs"]
mod alloc;

use alloc::{Counting, blocks_of, no_leak};
use cow_collections::CopyOnWriteList;

#[global_allocator]
static COUNTING: Counting = Counting;

/// arc-swap keeps a node for each thread that ever loaded or stored, and reuses it: make it first.
fn with_a_node(work: impl FnOnce()) {
    let list = CopyOnWriteList::from(vec![0]);
    list.push(list.load()[0]);
    drop(list);
    no_leak(work);
}

#[test]
fn reads_and_pushes_with_room_allocate_nothing() {
    with_a_node(|| {
        let list = CopyOnWriteList::with_capacity(100);
        list.push(0_u64);
        assert_eq!(blocks_of(|| (1..100).for_each(|n| list.push(n))).0, 0);
        assert_eq!(blocks_of(|| list.load().len()).0, 0);
        assert_eq!(blocks_of(|| list.snapshot().len()).0, 0);
        let mut reader = list.reader();
        assert_eq!(blocks_of(|| reader.load().len()), (0, 100));
    });
}

#[test]
fn an_unused_list_owns_nothing_and_any_other_write_takes_one_block() {
    with_a_node(|| {
        assert_eq!(blocks_of(CopyOnWriteList::<String>::new).0, 0);
        let list: CopyOnWriteList<u64> = (0..10).collect();
        assert_eq!(blocks_of(|| list.set(3, 7)), (1, Ok(3)));
        assert_eq!(blocks_of(|| list.insert(0, 7)), (1, Ok(())));
        assert_eq!(blocks_of(|| list.remove_at(0)), (1, Some(7)));
        assert_eq!(blocks_of(|| list.set(99, 7)), (0, Err(7)));
        assert_eq!(blocks_of(|| list.retain(|_| true)), (0, 0));
        assert_eq!(blocks_of(|| list.update(|v| v.len())), (0, 10));
    });
}
