//! Watchers as streams, on the executors of the crate `futures`.

use cow_collections::list::{ArcWatcher, Watchable};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use futures::executor::{LocalPool, block_on};
use futures::future::{self, Either};
use futures::stream::{FusedStream, StreamExt};
use futures::task::LocalSpawnExt;
use futures::{poll, select_biased};
use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

#[test]
fn stream_of_a_watcher_has_an_item_for_the_changes_since_the_last_one() {
    let list = CopyOnWriteList::new();
    let mut watcher = list.subscribe();
    block_on(async {
        assert!(poll!(watcher.next()).is_pending());
        list.push(1);
        list.push(2);
        assert_eq!(watcher.next().await, Some(()));
        assert!(poll!(watcher.next()).is_pending());
        list.push(3);
        // The future and the stream are of one watcher.
        watcher.changed().await;
        assert!(poll!(watcher.next()).is_pending() && !watcher.is_terminated());
        let mut changes = list.subscribe().zip(futures::stream::iter(1..));
        list.push(4);
        assert_eq!(changes.next().await, Some(((), 1)));
        assert!(poll!(changes.next()).is_pending());
    });
}

#[test]
fn stream_of_an_owned_watcher_ends_when_the_list_is_gone() {
    let list = Arc::new(CopyOnWriteList::new());
    let mut watcher = ArcWatcher::new(&list);
    block_on(async {
        assert!(poll!(watcher.next()).is_pending() && !watcher.is_terminated());
        list.push(1);
        assert_eq!(watcher.next().await, Some(()));
        list.push(2);
        drop(list);
        assert!(watcher.is_terminated());
        assert_eq!([watcher.next().await, watcher.next().await], [None; 2]);
        assert_eq!(watcher.clone().count().await, 0);
    });
}

fn is_fused(_: &(impl FusedStream<Item = ()> + Unpin)) {}

#[test]
fn watchers_of_lists_and_sets_are_fused_streams() {
    let (list, set) = (Arc::new(CopyOnWriteList::<u8>::new()), Arc::new(CopyOnWriteSet::from([1])));
    is_fused(&list.subscribe());
    is_fused(&set.subscribe());
    is_fused(&ArcWatcher::new(&list));
    is_fused(&ArcWatcher::new(&set));
}

/// Lets the other tasks of the thread run.
async fn pass() {
    let mut passed = false;
    future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        if mem::replace(&mut passed, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Tasks of one thread follow a list. The writer is a task too, and the last one that has an `Arc` of the list.
#[test]
fn tasks_of_a_local_pool_follow_a_list_until_it_is_gone() {
    async fn follow<L: Watchable>(
        mut watcher: ArcWatcher<L>,
        len: impl Fn(&L) -> usize,
        seen: Rc<RefCell<Vec<usize>>>,
    ) {
        while watcher.next().await.is_some() {
            let list = watcher.upgrade().expect("the writer has an Arc while this task runs");
            seen.borrow_mut().push(len(&list));
        }
    }
    let mut pool = LocalPool::new();
    let list = Arc::new(CopyOnWriteList::new());
    let set = Arc::new(CopyOnWriteSet::new());
    let seen = [(); 3].map(|()| Rc::new(RefCell::new(Vec::new())));
    let ([a, b, c], all) = (seen.clone(), seen.clone());
    let spawner = pool.spawner();
    let watcher = ArcWatcher::new(&list);
    spawner.spawn_local(follow(watcher.clone(), CopyOnWriteList::len, a)).unwrap();
    spawner.spawn_local(follow(watcher, CopyOnWriteList::len, b)).unwrap();
    spawner.spawn_local(follow(ArcWatcher::new(&set), CopyOnWriteSet::len, c)).unwrap();
    spawner
        .spawn_local(async move {
            for len in 1..6 {
                list.push(len);
                set.insert(len);
                while all.iter().any(|seen| seen.borrow().last() != Some(&len)) {
                    pass().await;
                }
            }
        })
        .unwrap();
    pool.run();
    for seen in &seen {
        assert_eq!(*seen.borrow(), [1, 2, 3, 4, 5]);
    }
}

/// A `select!` drops the futures that are not ready. No change is lost.
#[test]
fn select_drops_the_other_futures_and_loses_no_change() {
    let (a, b) = (CopyOnWriteList::new(), CopyOnWriteList::new());
    let (mut of_a, mut of_b) = (a.subscribe(), b.subscribe());
    block_on(async {
        let mut seen = Vec::new();
        for n in 0..20 {
            if n % 3 != 0 {
                a.push(n);
            }
            if n % 3 != 1 {
                b.push(n);
            }
            // Each turn has a change of one list or of both. The biased one is always seen first.
            let first = match future::select(of_a.changed(), of_b.changed()).await {
                Either::Left(_) => 'a',
                Either::Right(_) => 'b',
            };
            seen.push(first);
            if n % 3 == 2 {
                assert_eq!(first, 'a');
                assert!(of_b.has_changed(), "the other future was dropped without its change");
                of_b.changed().await;
            }
            assert!(!of_a.has_changed() && !of_b.has_changed());
        }
        assert_eq!(seen[..6], ['b', 'a', 'a', 'b', 'a', 'a']);
    });
}

#[test]
fn select_of_streams_ends_with_the_list() {
    let list = Arc::new(CopyOnWriteList::new());
    let (mut owned, mut other) = (ArcWatcher::new(&list), ArcWatcher::new(&list));
    block_on(async {
        list.push(1);
        let mut list = Some(list);
        let (mut items, mut rounds) = (0, 0);
        loop {
            select_biased! {
                () = owned.select_next_some() => items += 1,
                () = other.select_next_some() => drop(list.take()),
                complete => break,
            }
            rounds += 1;
        }
        assert_eq!((items, rounds), (1, 2));
    });
}

/// The writer is on another thread. The executor parks this one meanwhile.
#[test]
fn stream_wakes_the_executor_from_another_thread() {
    const N: usize = 200;
    let list = Arc::new(CopyOnWriteList::new());
    let mut watcher = ArcWatcher::new(&list);
    let writer = thread::spawn(move || {
        for n in 0..N {
            list.push(n);
            if n % 20 == 0 {
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
    let items = block_on(async {
        let mut items = 0;
        while let Some(()) = watcher.next().await {
            items += 1;
        }
        items
    });
    assert!((1..=N).contains(&items), "{items} notifications of {N} changes");
    writer.join().unwrap();
}
