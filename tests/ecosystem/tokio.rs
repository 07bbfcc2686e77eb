//! Tasks of tokio that wait for changes.

use cow_collections::list::{ArcWatcher, Closed};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use futures::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Barrier, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::{select, task, time};

/// Returns the longest length that was seen until the list was gone.
async fn follow(mut watcher: ArcWatcher<CopyOnWriteList<usize>>) -> usize {
    let mut longest = 0;
    while watcher.changed().await.is_ok() {
        if let Some(list) = watcher.upgrade() {
            longest = longest.max(list.len());
        }
    }
    longest
}

#[tokio::test]
async fn task_of_one_thread_follows_a_list_until_it_is_gone() {
    let list = Arc::new(CopyOnWriteList::new());
    let task = task::spawn(follow(ArcWatcher::new(&list)));
    for n in 0..10 {
        list.push(n);
        task::yield_now().await;
    }
    drop(list);
    assert_eq!(task.await.unwrap(), 10);
}

/// Each question is answered by all tasks. A lost wake-up ends in the timeout.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_of_several_threads_answer_each_change() {
    const TASKS: usize = 8;
    const N: usize = 200;
    let (asked, answered) = (Arc::new(CopyOnWriteList::new()), Arc::new(CopyOnWriteList::new()));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (mut watcher, answered) = (ArcWatcher::new(&asked), answered.clone());
        tasks.spawn(async move {
            let mut n = 0;
            while watcher.changed().await.is_ok() {
                while let Some(question) = watcher.upgrade().and_then(|asked| asked.get(n)) {
                    answered.push(question);
                    n += 1;
                }
            }
            n
        });
    }
    let work = async {
        // The main future is not spawned, so it may borrow.
        let mut watcher = answered.subscribe();
        for n in 0..N {
            asked.push(n);
            while answered.len() < TASKS * (n + 1) {
                watcher.changed().await;
            }
        }
    };
    time::timeout(Duration::from_secs(600), work).await.expect("no wake-up is lost");
    drop(asked);
    assert_eq!(tasks.join_all().await, [N; TASKS]);
}

/// A watcher of a static list is `'static`, so a spawned task may own it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_task_waits_for_a_static_list() {
    static LIST: CopyOnWriteList<u8> = CopyOnWriteList::new();
    let mut watcher = LIST.subscribe();
    let task = task::spawn(async move {
        watcher.changed().await;
        LIST.len()
    });
    LIST.push(1);
    assert_eq!(task.await.unwrap(), 1);
}

/// Messages cancel the wait for a change before each change. The task sees all changes all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn select_that_cancels_the_wait_loses_no_change() {
    const N: usize = 1000;
    let list = Arc::new(CopyOnWriteList::new());
    let cancelled = Arc::new(AtomicUsize::new(0));
    let (mut watcher, count) = (ArcWatcher::new(&list), cancelled.clone());
    let (sender, mut receiver) = mpsc::channel(1);
    let task = task::spawn(async move {
        let mut seen = 0;
        while seen < N {
            select! {
                change = watcher.changed() => {
                    change?;
                    seen = watcher.upgrade().map_or(0, |list| list.len());
                }
                Some(()) = receiver.recv() => {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Ok::<_, Closed>(())
    });
    let messages = task::spawn(async move { while sender.send(()).await.is_ok() {} });
    let work = async {
        for n in 0..N {
            while cancelled.load(Ordering::Relaxed) <= n {
                task::yield_now().await;
            }
            list.push(n);
        }
        task.await.unwrap()
    };
    assert_eq!(time::timeout(Duration::from_secs(600), work).await, Ok(Ok(())));
    messages.await.unwrap();
}

#[tokio::test]
async fn timeout_drops_the_future_and_the_next_one_sees_the_change() {
    let list = CopyOnWriteList::new();
    let mut watcher = list.subscribe();
    for n in 0..3 {
        let wait = time::timeout(Duration::from_millis(2), watcher.changed());
        assert!(wait.await.is_err());
        list.push(n);
        time::timeout(Duration::from_secs(600), watcher.changed()).await.expect("a change came");
    }
}

/// A task that is aborted while it waits leaves no waker in the list.
#[tokio::test]
async fn aborted_task_leaves_the_list_to_the_others() {
    let set = Arc::new(CopyOnWriteSet::new());
    let (mut one, mut two) = (ArcWatcher::new(&set), ArcWatcher::new(&set));
    let aborted = task::spawn(async move { one.changed().await });
    let waiting = task::spawn(async move { two.changed().await });
    task::yield_now().await;
    aborted.abort();
    assert!(aborted.await.unwrap_err().is_cancelled());
    assert!(set.insert(1));
    assert_eq!(waiting.await.unwrap(), Ok(()));
}

/// Many tasks wait by a stream. The drop of the list ends all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_of_many_tasks_end_with_the_list() {
    const TASKS: usize = 1000;
    let list = Arc::new(CopyOnWriteList::new());
    let (items, ready) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(TASKS + 1)));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (mut watcher, items, ready) = (ArcWatcher::new(&list), items.clone(), ready.clone());
        tasks.spawn(async move {
            while watcher.next().await.is_some() {
                items.fetch_add(1, Ordering::Relaxed);
                ready.wait().await;
            }
        });
    }
    for round in 1..4 {
        list.push(round);
        ready.wait().await;
        assert_eq!(items.load(Ordering::Relaxed), round * TASKS);
    }
    drop(list);
    time::timeout(Duration::from_secs(600), tasks.join_all()).await.expect("all streams end");
}

/// The runtime is dropped while tasks wait. It drops their watchers, and then the list is used by this thread.
#[test]
fn runtime_that_is_dropped_with_waiting_tasks_leaves_the_list() {
    let list = Arc::new(CopyOnWriteList::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (started, start) = oneshot::channel();
        let watcher = ArcWatcher::new(&list);
        task::spawn(async move {
            started.send(()).unwrap();
            follow(watcher).await
        });
        start.await.unwrap();
        task::yield_now().await;
    });
    drop(runtime);
    list.push(1);
    assert_eq!((list.len(), Arc::weak_count(&list)), (1, 0));
}
