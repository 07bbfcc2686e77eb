//! The allocations of `CopyOnWriteList`, and that it frees them.

use crate::common::alloc::{blocks_of, live, no_leak};
use cow_collections::list::{ArcWatcher, Watcher};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

/// Runs `work` after a load and a store, because arc-swap keeps a node for each thread that ever did either.
fn with_a_node(work: impl FnOnce()) {
    let list = CopyOnWriteList::from(vec![0]);
    list.push(list.load()[0]);
    drop(list);
    no_leak(work);
}

/// Whether lists use the crate's own cell.
const OWN: bool = cfg!(not(feature = "arc-swap"));

#[test]
fn reads_and_pushes_with_room_allocate_nothing() {
    with_a_node(|| {
        let list = CopyOnWriteList::with_capacity(100);
        list.push(0_u64);
        assert_eq!(blocks_of(|| (1..100).for_each(|n| list.push(n))).0, 0);
        assert_eq!(blocks_of(|| list.load().len()).0, usize::from(OWN), "the guard slots, once");
        assert_eq!(blocks_of(|| list.load().len()).0, 0);
        assert_eq!(blocks_of(|| list.snapshot().len()).0, 0);
        let (blocks, mut reader) = blocks_of(|| list.reader());
        assert_eq!(blocks, usize::from(OWN), "one overflow slot");
        assert_eq!(blocks_of(|| reader.load().len()), (0, 100));
        drop(reader);
        assert_eq!(blocks_of(|| list.reader().load().len()), (0, 100), "the slot is reused");
    });
}

#[test]
fn an_unused_list_owns_nothing_and_any_other_write_takes_one_block() {
    with_a_node(|| {
        assert_eq!(blocks_of(CopyOnWriteList::<String>::new).0, 0);
        let list: CopyOnWriteList<u64> = (0..10).collect();
        assert_eq!(blocks_of(|| list.set(3, 7)), (1, Ok(3)));
        assert_eq!(blocks_of(|| list.insert(0, 7)), (1, Ok(())), "the first buffer is too small");
        // From here on the old buffer is recycled.
        let blocks = usize::from(!OWN);
        assert_eq!(blocks_of(|| list.remove_at(0)), (blocks, Some(7)));
        for n in 0..10 {
            assert_eq!(blocks_of(|| list.set(3, n)).0, blocks);
        }
        let snapshot = list.snapshot();
        assert_eq!(blocks_of(|| list.set(3, 7)), (blocks, Ok(9)));
        assert_eq!(blocks_of(|| list.set(3, 8)), (1, Ok(7)), "a snapshot has the old buffer");
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

/// Readers of different versions all load the current one. Afterwards only its buffer is left, and a recycled
/// one if elements have no drop glue.
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
        assert!(
            (live() - before) as usize >= (readers.len() - 1) * buffer,
            "each reader has its own version"
        );
        for reader in &mut readers {
            assert_eq!(reader.load().len(), LEN);
        }
        let kept = (live() - before) as usize / buffer;
        for reader in &mut readers {
            reader.release();
        }
        assert_eq!((live() - before) as usize / buffer, kept, "release frees no buffer");
        kept
    }
    with_a_node(|| {
        // The crate's own cell keeps one recycled buffer if elements have no drop glue.
        assert_eq!(buffers_after(READERS, 1_u64), usize::from(OWN));
        assert_eq!(buffers_after(READERS, std::sync::Arc::new(1)), 0);
        // A version that only one reader held is recycled too.
        assert_eq!(buffers_after(1, 1_u64), usize::from(OWN));
    });
}

/// Waiting tasks take memory. It is freed when all tasks were woken or all watchers are dropped.
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
            assert!((16..100).contains(&each), "{each} bytes per waiting task");
            if end == 0 {
                list.push(1);
                watchers.iter_mut().for_each(Watcher::mark_seen);
                assert_eq!(live(), before, "the memory is freed after all were woken");
            } else {
                watchers.drain(..watchers.len().min(count / 2));
            }
        }
        assert!(watchers.is_empty());
        assert!(live() - before < 400, "{} bytes after all were dropped", live() - before);
    });
}

#[test]
fn watchers_that_never_wait_allocate_nothing() {
    let count = if cfg!(miri) { 80 } else { 8_000 };
    with_a_node(|| {
        let list = Arc::new(CopyOnWriteList::from([1]));
        let kept = ArcWatcher::new(&list);
        let (blocks, ()) = blocks_of(|| {
            for _ in 0..count {
                let watchers = (list.subscribe(), ArcWatcher::new(&list), kept.clone());
                drop((watchers.0.clone(), watchers));
            }
        });
        assert_eq!((blocks, Arc::weak_count(&list)), (0, 1));
    });
}

/// A future that waits takes a place that another one left. So the memory grows with the tasks that wait at one time,
/// and not with those that ever waited.
#[test]
fn futures_that_wait_beside_a_task_that_stays_reuse_its_memory() {
    let (count, at_once) = if cfg!(miri) { (80, 10) } else { (8_000, 1_000) };
    with_a_node(|| {
        let list = Arc::new(CopyOnWriteList::from([1]));
        let mut cx = Context::from_waker(Waker::noop());
        let mut stays = ArcWatcher::new(&list);
        assert!(stays.poll_changed(&mut cx).is_pending());
        let mut wait = |at_once: usize| {
            let mut owned: Vec<_> = (0..at_once).map(|_| ArcWatcher::new(&list)).collect();
            let mut futures: Vec<_> = owned.iter_mut().map(ArcWatcher::changed).collect();
            for future in &mut futures {
                assert!(Pin::new(future).poll(&mut cx).is_pending());
            }
        };
        wait(at_once);
        let before = live();
        assert_eq!(blocks_of(|| (0..20).for_each(|_| wait(at_once))).0, 40, "only the vectors");
        let (blocks, ()) = blocks_of(|| {
            for _ in 0..count {
                let mut watcher = stays.clone();
                assert!(Pin::new(&mut watcher.changed()).poll(&mut cx).is_pending());
            }
        });
        assert_eq!((blocks, live()), (0, before));
    });
}

/// A buffer is recycled only if its capacity is close to that of the current version.
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
        // The buffer of a list that was never changed is not kept either.
        let list: CopyOnWriteList<u64> = (0..10_000).collect();
        let before = live();
        list.store([1]);
        assert!(before - live() > 70_000, "the store also allocates the guard slots");
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
        // A write that changes nothing keeps it.
        assert_eq!(blocks_of(|| list.update_range(2..2, |_| ())), (0, Some(())));
        assert_eq!(blocks_of(|| list.set(0, 2)), (0, Ok(1)));
        // Growth keeps it, because a snapshot has the old buffer.
        let _snapshot = list.snapshot();
        while list.len() < 18 {
            list.push(7);
        }
        assert_eq!(blocks_of(|| list.truncate(16)).0, 0);
    });
}

/// Checks the memory of a list that is idle, then read by a reader, then by a guard.
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
        // An idle list takes three cache lines and its buffer, the slots of readers eight, and those of guards eight.
        let line = align_of::<CopyOnWriteList<u32>>();
        assert!(idle <= 3 * line + 64 && read <= idle + 8 * line && loaded <= read + 8 * line);
    });
}

/// Holds guards and readers, of one version and of as many versions as there are guards.
#[test]
#[cfg(not(feature = "arc-swap"))]
fn memory_of_a_list_does_not_grow_with_its_guards_and_readers() {
    let count = if cfg!(miri) { 40 } else { 10_000 };
    with_a_node(|| {
        let list = CopyOnWriteList::from([0_u32]);
        let line = align_of::<CopyOnWriteList<u32>>() as isize;
        let before = live();
        for rewrites in [false, true] {
            let (mut guards, mut readers) = (Vec::with_capacity(count), Vec::with_capacity(count));
            let held = live();
            for n in 0..count as u32 {
                guards.push(list.load());
                let mut reader = list.reader();
                assert_eq!(reader.load().len(), 1);
                readers.push(reader);
                if rewrites {
                    assert!(list.set(0, n).is_ok());
                }
            }
            // 16 slots and one overflow slot, and one buffer for each version.
            let buffers = if rewrites { count as isize * 64 } else { 0 };
            assert!(live() - held <= 18 * line + buffers, "{} bytes", live() - held);
        }
        // The guards and readers are gone: the slots, one recycled buffer, and the list of retired versions are left.
        assert!(live() - before <= 18 * line + 1024, "{} bytes", live() - before);
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
