//! How often a cell allocates, and that it frees everything.

use crate::common::alloc::{blocks_of, no_leak};
use cow_collections::CopyOnWriteCell;
use cow_collections::list::ArcCellReader;
use std::sync::Arc;

/// Runs `work` after a load and a store, because arc-swap keeps a node for each thread that ever did either.
fn with_a_node(work: impl FnOnce()) {
    let cell = CopyOnWriteCell::new(0);
    cell.store(*cell.load());
    drop(cell);
    no_leak(work);
}

/// Whether cells use the crate's own publication.
const OWN: bool = cfg!(not(feature = "arc-swap"));

#[test]
fn reads_allocate_nothing_after_the_first() {
    with_a_node(|| {
        let (blocks, cell) = blocks_of(|| Arc::new(CopyOnWriteCell::new([0_u64; 8])));
        assert_eq!(blocks, 2, "the `Arc` and the buffer");
        drop((cell.load(), cell.reader().load()[0]));
        let mut owned = ArcCellReader::from(cell.clone());
        let reads = || (cell.load()[0], cell.snapshot()[0], owned.load()[0]);
        assert_eq!(blocks_of(reads), (0, (0, 0, 0)));
        let mut reader = cell.reader();
        assert_eq!(blocks_of(|| reader.load()[0]), (0, 0));
        assert_eq!(blocks_of(|| cell.heap_bytes()).0, 0);
    });
}

/// The cell keeps one buffer of an old value that needs no drop.
#[test]
fn writes_of_a_plain_value_reuse_the_old_buffer() {
    with_a_node(|| {
        let cell = CopyOnWriteCell::new([0_u64; 8]);
        cell.store([1; 8]);
        let blocks = usize::from(!OWN);
        for n in 0..10 {
            assert_eq!(blocks_of(|| cell.store([n; 8])).0, blocks);
            assert_eq!(blocks_of(|| cell.update(|v| v[0] += 1)).0, blocks);
            assert_eq!(blocks_of(|| cell.try_update(|v| Err::<(), _>(v[0]))), (blocks, Err(n + 1)));
        }
        let kept = cell.replace([7; 8]);
        assert_eq!(blocks_of(|| cell.store([8; 8])).0, 1, "a snapshot has the old buffer");
        assert_eq!(kept[0], 10);
        let old = cell.snapshot();
        assert_eq!(blocks_of(|| cell.compare_and_swap(&kept, [9; 8]).is_err()), (0, true));
        assert_eq!(blocks_of(|| cell.compare_and_swap(&old, [9; 8]).is_ok()), (blocks, true));
    });
}

#[test]
fn writes_of_a_value_with_drop_glue_take_one_block() {
    with_a_node(|| {
        let cell = CopyOnWriteCell::new(Box::new(0));
        let (a, b, c) = (Box::new(1), Box::new(2), Box::new(3));
        assert_eq!(blocks_of(|| cell.store(a)).0, 1);
        assert_eq!(blocks_of(|| **cell.replace(b)), (1, 1));
        assert_eq!(blocks_of(|| cell.update(|n| **n += 1)).0, 2, "the buffer and the clone's box");
        let old = cell.snapshot();
        assert_eq!(blocks_of(|| cell.compare_and_swap(&old, c).is_ok()), (1, true));
        assert_eq!((**cell.load(), **old), (3, 3));
    });
}

#[test]
fn every_way_to_end_frees_everything() {
    with_a_node(|| {
        let cell = CopyOnWriteCell::new(String::from("a"));
        let readers: Vec<_> = (0..20).map(|_| cell.reader()).collect();
        let guards: Vec<_> = (0..20).map(|_| cell.load()).collect();
        cell.store("b".into());
        drop((readers, guards));
        let kept = cell.snapshot();
        assert_eq!(*cell.into_inner(), *kept);
        assert_eq!(kept.try_unwrap().unwrap(), "b");
        let mut cell = CopyOnWriteCell::new(Box::new(1));
        **cell.get_mut() += 1;
        assert_eq!(*cell.into_inner().try_unwrap().unwrap(), 2);
    });
}
