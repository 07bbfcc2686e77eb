//! What `CopyOnWriteList` allocates, and that it frees it.

use crate::common::alloc::{blocks_of, live, no_leak};
use cow_collections::list::Watcher;
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use std::task::{Context, Waker};

/// Makes what stays with the thread first: arc-swap keeps a node for each that ever loaded or stored.
fn with_a_node(work: impl FnOnce()) {
    let list = CopyOnWriteList::from(vec![0]);
    list.push(list.load()[0]);
    drop(list);
    no_leak(work);
}

/// Whether lists are on their own cell.
const OWN: bool = cfg!(not(feature = "arc-swap"));

#[test]
fn reads_and_pushes_with_room_allocate_nothing() {
    with_a_node(|| {
        let list = CopyOnWriteList::with_capacity(100);
        list.push(0_u64);
        assert_eq!(blocks_of(|| (1..100).for_each(|n| list.push(n))).0, 0);
        assert_eq!(blocks_of(|| list.load().len()).0, usize::from(OWN), "slots, once");
        assert_eq!(blocks_of(|| list.load().len()).0, 0);
        assert_eq!(blocks_of(|| list.snapshot().len()).0, 0);
        let (blocks, mut reader) = blocks_of(|| list.reader());
        assert_eq!(blocks, usize::from(OWN), "a slot");
        assert_eq!(blocks_of(|| reader.load().len()), (0, 100));
        drop(reader);
        assert_eq!(blocks_of(|| list.reader().load().len()), (0, 100), "the same one");
    });
}

#[test]
fn an_unused_list_owns_nothing_and_any_other_write_takes_one_block() {
    with_a_node(|| {
        assert_eq!(blocks_of(CopyOnWriteList::<String>::new).0, 0);
        let list: CopyOnWriteList<u64> = (0..10).collect();
        assert_eq!(blocks_of(|| list.set(3, 7)), (1, Ok(3)));
        assert_eq!(blocks_of(|| list.insert(0, 7)), (1, Ok(())), "the first buffer is too small");
        // From here on the old buffer serves again.
        let blocks = usize::from(!OWN);
        assert_eq!(blocks_of(|| list.remove_at(0)), (blocks, Some(7)));
        for n in 0..10 {
            assert_eq!(blocks_of(|| list.set(3, n)).0, blocks);
        }
        let snapshot = list.snapshot();
        assert_eq!(blocks_of(|| list.set(3, 7)), (blocks, Ok(9)));
        assert_eq!(blocks_of(|| list.set(3, 8)), (1, Ok(7)), "a snapshot has it");
        assert_eq!(snapshot[3], 9);
        assert_eq!(blocks_of(|| list.set(99, 7)), (0, Err(7)));
        assert_eq!(blocks_of(|| list.retain(|_| true)), (0, 0));
        assert_eq!(blocks_of(|| list.update(|v| v.len())), (0, 10));
    });
}

#[test]
fn heap_bytes_are_those_of_the_buffer() {
    with_a_node(|| {
        let list = CopyOnWriteList::<u64>::new();
        assert_eq!(list.heap_bytes(), 0);
        let before = live();
        (0..100).for_each(|n| list.push(n));
        assert_eq!(list.heap_bytes(), list.snapshot().heap_bytes());
        assert!(list.heap_bytes() >= 100 * 8);
        assert!(list.heap_bytes() <= (live() - before) as usize);
    });
}

/// Readers of different versions, all of elements without drop glue, load the current one: only that
/// version's buffer stays, and the one that is kept for the next write.
#[test]
fn reader_load_gives_up_the_old_version_whatever_the_elements() {
    const LEN: usize = if cfg!(miri) { 500 } else { 10_000 };
    const READERS: usize = if cfg!(miri) { 3 } else { 20 };
    fn buffers_after<T: Clone>(readers: usize, element: T) -> usize {
        let list = CopyOnWriteList::from(vec![element.clone(); LEN]);
        let buffer = list.heap_bytes();
        let mut readers: Vec<_> = (0..readers).map(|_| list.reader()).collect();
        let before = live();
        for reader in &mut readers {
            assert_eq!(reader.load().len(), LEN);
            assert!(list.set(0, element.clone()).is_ok());
        }
        assert!((live() - before) as usize >= (readers.len() - 1) * buffer, "each has its own");
        for reader in &mut readers {
            assert_eq!(reader.load().len(), LEN);
        }
        let kept = (live() - before) as usize / buffer;
        for reader in &mut readers {
            reader.release();
        }
        assert_eq!(
            (live() - before) as usize / buffer,
            kept,
            "release has nothing left to give up"
        );
        kept
    }
    with_a_node(|| {
        // One beside the published buffer, if elements have no drop glue and the list is on its own cell.
        assert_eq!(buffers_after(READERS, 1_u64), usize::from(OWN));
        assert_eq!(buffers_after(READERS, std::sync::Arc::new(1)), 0);
        // One that only one reader held.
        assert_eq!(buffers_after(1, 1_u64), usize::from(OWN));
    });
}

/// Tasks that wait take memory, which is given back when all were woken or all watchers dropped.
#[test]
fn watchers_give_back_their_memory_after_a_burst() {
    let count = if cfg!(miri) { 100 } else { 100_000 };
    with_a_node(|| {
        let list = CopyOnWriteList::with_capacity(4);
        let mut context = Context::from_waker(Waker::noop());
        let mut watchers: Vec<_> = (0..count).map(|_| list.subscribe()).collect();
        let before = live();
        for end in [0, count / 2, count] {
            for watcher in &mut watchers {
                assert!(watcher.poll_changed(&mut context).is_pending());
            }
            let each = (live() - before) as usize / watchers.len();
            assert!((16..100).contains(&each), "{each} bytes for one that waits");
            if end == 0 {
                list.push(1);
                watchers.iter_mut().for_each(Watcher::mark_seen);
                assert_eq!(live(), before, "all were woken");
            } else {
                watchers.drain(..watchers.len().min(count / 2));
            }
        }
        assert!(watchers.is_empty());
        assert!(live() - before < 400, "{} bytes after all were dropped", live() - before);
    });
}

/// A buffer is kept for the next write only if it is about as large as that one's.
#[test]
#[cfg(not(feature = "arc-swap"))]
fn a_large_version_is_not_kept_by_a_small_list() {
    with_a_node(|| {
        let list: CopyOnWriteList<u64> = (0..10_000).collect();
        assert!(list.set(0, 1).is_ok());
        let before = live();
        list.retain(|n| *n < 100);
        list.clear();
        assert!(before - live() > 2 * 80_000 - 1_000);
        // Nor one that was never changed.
        let list: CopyOnWriteList<u64> = (0..10_000).collect();
        let before = live();
        list.store([1]);
        assert!(before - live() > 70_000, "it pays for the slots of guards as well");
    });
}

#[test]
#[cfg(not(feature = "arc-swap"))]
fn a_small_buffer_is_not_kept_by_a_large_list() {
    with_a_node(|| {
        let before = live();
        let list: CopyOnWriteList<u64> = (0..10).collect();
        assert!(list.set(0, 1).is_ok());
        list.extend(0..10_000);
        assert_eq!((live() - before) as usize, list.heap_bytes());
    });
}

#[test]
#[cfg(not(feature = "arc-swap"))]
fn a_buffer_is_kept_while_it_may_serve() {
    with_a_node(|| {
        let list = CopyOnWriteList::from([0_u64; 16]);
        assert!(list.set(0, 1).is_ok());
        // By a write that finds nothing to change.
        assert_eq!(blocks_of(|| list.update_range(2..2, |_| ())), (0, Some(())));
        assert_eq!(blocks_of(|| list.set(0, 2)), (0, Ok(1)));
        // By growth, whose old buffer a snapshot has.
        let _snapshot = list.snapshot();
        while list.len() < 18 {
            list.push(7);
        }
        assert_eq!(blocks_of(|| list.truncate(16)).0, 0);
    });
}

/// What a list costs that is there, and is rarely used.
#[test]
fn a_hundred_thousand_small_lists() {
    let count = if cfg!(miri) { 10 } else { 100_000 };
    with_a_node(|| {
        let before = live();
        let lists: Vec<CopyOnWriteList<u32>> = (0..count).map(|n| [n, 1, 2].into()).collect();
        let idle = (live() - before) as usize / lists.len();
        for (n, list) in (0..).zip(&lists) {
            assert_eq!(list.reader().load(), [n, 1, 2]);
        }
        let read = (live() - before) as usize / lists.len();
        for (n, list) in (0..).zip(&lists) {
            assert_eq!(list.load()[..], [n, 1, 2]);
        }
        let loaded = (live() - before) as usize / lists.len();
        // Its cache lines and its buffer; a line for a reader; eight for guards.
        let line = align_of::<CopyOnWriteList<u32>>();
        assert!(idle <= 3 * line + 64 && read <= idle + line && loaded <= read + 8 * line);
    });
}

#[test]
fn heap_bytes_are_those_of_the_published_buffer() {
    let before = live();
    let list: CopyOnWriteList<u64> = (0..100).collect();
    let (bytes, published) = ((live() - before) as usize, list.heap_bytes());
    assert_eq!(published, list.snapshot().heap_bytes());
    assert!((816..=bytes).contains(&published), "{published} of {bytes}");
    let old = list.snapshot();
    list.clear();
    assert_eq!((list.heap_bytes(), old.heap_bytes()), (0, published));
    let before = live();
    let set = CopyOnWriteSet::from([1_u64, 2]);
    let (bytes, published) = ((live() - before) as usize, set.heap_bytes());
    assert_eq!(published, set.snapshot().heap_bytes());
    assert!((40..=bytes).contains(&published), "{published} of {bytes}");
}
