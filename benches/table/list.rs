//! `CopyOnWriteList` beside slices, `ArcSwap<Vec>` and `RwLock<Vec>`. `benches/crossover` measures several threads.

use std::hint::black_box;
use std::pin::Pin;
use std::sync::{Arc, Barrier};
use std::task::{Context, Waker};
use std::thread;

use arc_swap::ArcSwap;
use cow_collections::CopyOnWriteList;
use cow_collections::list::ArcWatcher;
use parking_lot::{Mutex, RwLock};

use crate::{Table, time};

pub fn rows(table: &mut Table) {
    let (n, vec) = (1000, (0..64).collect::<Vec<u64>>());
    let list = CopyOnWriteList::from(vec.clone());
    let swap = ArcSwap::from_pointee(vec.clone());
    let mut reader = list.reader();
    macro_rules! look {
        ($slice:expr) => {
            || (0..n).fold(0, |sum: u64, _| sum ^ $slice[black_box(7)])
        };
    }
    let (ours, peer) = (look!(black_box(&mut reader).load()), look!(black_box(&vec)));
    table.row("CopyOnWriteList read one by reader / Vec", 2.5, n, ours, peer);
    let (ours, peer) = (look!(black_box(&list).load()), look!(black_box(&swap).load()));
    table.row("CopyOnWriteList read one by load / ArcSwap<Vec> load", 0.7, n, ours, peer);
    let (ours, peer) = (look!(black_box(&list).snapshot()), look!(black_box(&swap).load_full()));
    table.row("CopyOnWriteList read one by snapshot / ArcSwap<Vec> load_full", 0.9, n, ours, peer);

    let name = "CopyOnWriteList push_if_absent, present at 32 of 64 / contains";
    let (ours, peer) =
        (|| list.push_if_absent(black_box(32)).is_err(), || list.contains(&black_box(32)));
    table.row(name, 1.1, 1, ours, peer);
    for (n, at_most) in [(16, 2.1), (64, 1.4), (512, 1.1)] {
        push_if_absent(table, n, at_most);
    }
    iterate(table);
    watchers(table);

    for (n, at_most) in [(16, 0.2), (64, 0.2), (512, 0.5), (32_768, 1.0)] {
        let elements: Vec<u64> = (0..n).collect();
        let (list, swap) =
            (CopyOnWriteList::from(elements.clone()), ArcSwap::from_pointee(elements));
        let i = n as usize / 2;
        let peer = || {
            swap.rcu(|v| {
                let mut v = Vec::clone(v);
                v[i] = black_box(1);
                v
            })
        };
        let name = format!("CopyOnWriteList set, {n} / ArcSwap<Vec> rcu");
        table.row(&name, at_most, 1, || list.set(i, black_box(1)), peer);
    }
    let name = "CopyOnWriteList set, 64, beside 128 threads of another list / alone";
    let [list, other] = [(); 2].map(|()| (0..64).collect::<CopyOnWriteList<u64>>());
    let set = || list.set(7, black_box(1));
    table.compare(
        name,
        1.2,
        1,
        |n| beside_128_threads(&other, || time(n, &mut &set)),
        |n| time(n, &mut &set),
    );

    for (n, of_swap) in [(16, 0.1), (1024, 0.08), (16_384, 0.006)] {
        push(table, n, of_swap);
    }
    let ours = || {
        let list = CopyOnWriteList::new();
        (0..20_000u64).for_each(|x| list.push(black_box(x)));
        list
    };
    let peer = || {
        let swap = ArcSwap::from_pointee(Vec::new());
        (0..20_000u64).for_each(|x| push_to_swap(&swap, black_box(x)));
        swap
    };
    table.row("CopyOnWriteList 0 to 20,000 pushes / ArcSwap<Vec> rcu", 0.01, 20_000, ours, peer);
}

/// Measures elements that are absent from `n`, with room for them.
fn push_if_absent(table: &mut Table, n: u64, at_most: f64) {
    let (pushes, room) = (n.min(64), 2 * n as usize);
    let list = move || {
        let list = CopyOnWriteList::with_capacity(room);
        list.extend(0..n);
        // The first load allocates.
        drop(list.load());
        list
    };
    let ours = move |list: CopyOnWriteList<u64>| {
        (n..n + pushes).for_each(|x| list.push_if_absent(black_box(x)).expect("it is absent"));
        list
    };
    let lock = move || {
        let mut vec = Vec::with_capacity(room);
        vec.extend(0..n);
        Mutex::new(vec)
    };
    let peer = move |lock: Mutex<Vec<u64>>| {
        for x in n..n + pushes {
            let (x, mut vec) = (black_box(x), lock.lock());
            assert!(!vec.contains(&x), "it is absent");
            vec.push(x);
        }
        lock
    };
    let name =
        format!("CopyOnWriteList push_if_absent, absent from {n} / Mutex<Vec> contains + push");
    table.row_of(&name, at_most, pushes as usize, (list, ours), (lock, peer));
}

fn iterate(table: &mut Table) {
    let vec: Vec<u64> = (0..4096).collect();
    let list = CopyOnWriteList::from(vec.clone());
    let mut reader = list.reader();
    // All rows share one loop, because the speed of a copy would depend on its place in the code.
    #[inline(never)]
    fn sum(elements: &[u64]) -> u64 {
        elements.iter().sum()
    }
    let peer = || sum(black_box(&vec));
    let name = "CopyOnWriteList iterate 4,096 by reader / slice";
    table.row(name, 1.02, 4096, || sum(black_box(&mut reader).load()), peer);
    let name = "CopyOnWriteList iterate 4,096 by load / slice";
    table.row(name, 1.02, 4096, || sum(&black_box(&list).load()), peer);
    let name = "CopyOnWriteList iterate 4,096 by snapshot / slice";
    table.row(name, 1.02, 4096, || sum(&black_box(&list).snapshot()), peer);
}

fn push_to_swap(swap: &ArcSwap<Vec<u64>>, x: u64) {
    swap.rcu(|v| {
        let mut v = Vec::clone(v);
        v.push(x);
        v
    });
}

/// Returns work that pushes onto the given list, and keeps the value beside it.
fn pushed<K, L>(pushes: u64, push: impl Fn(&L, u64)) -> impl FnMut((K, L)) -> (K, L) {
    move |(kept, list)| {
        (0..pushes).for_each(|x| push(&list, black_box(x)));
        (kept, list)
    }
}

/// Measures pushes onto `n` elements with room for `n` more. All sides except the lock keep a snapshot.
fn push(table: &mut Table, n: u64, of_swap: f64) {
    let pushes = n.min(512);
    let vec = move || {
        let mut vec = Vec::with_capacity(2 * n as usize);
        vec.extend(0..n);
        vec
    };
    let list = move || {
        let list = CopyOnWriteList::with_capacity(2 * n as usize);
        list.extend(0..n);
        (list.snapshot(), list)
    };
    let swap = move || {
        let swap = ArcSwap::from_pointee(vec());
        (swap.load_full(), swap)
    };
    let per = pushes as usize;
    let name = format!("CopyOnWriteList push onto {n}, a snapshot kept / ArcSwap<Vec> rcu");
    let ours = pushed(pushes, CopyOnWriteList::push);
    let peer = pushed(pushes, push_to_swap);
    table.row_of(&name, of_swap, per, (list, ours), (swap, peer));
    let name = format!("CopyOnWriteList push onto {n}, a snapshot kept / RwLock<Vec>");
    let ours = pushed(pushes, CopyOnWriteList::push);
    let peer = pushed(pushes, |lock: &RwLock<Vec<u64>>, x| lock.write().push(x));
    table.row_of(&name, 1.5, per, (list, ours), (move || ((), RwLock::new(vec())), peer));
}

/// Runs `work` while 128 threads are alive that have read `used`.
fn beside_128_threads<R>(used: &CopyOnWriteList<u64>, work: impl FnOnce() -> R) -> R {
    let (started, over) = (Barrier::new(129), Barrier::new(129));
    thread::scope(|threads| {
        for _ in 0..128 {
            threads.spawn(|| {
                black_box(used.load()[7] + used.reader().load()[7]);
                started.wait();
                over.wait();
            });
        }
        started.wait();
        let result = work();
        over.wait();
        result
    })
}

/// Measures tasks that wait for a change: all at once, beside the same number ten at a time. A task must not cost
/// more because others wait.
fn watchers(table: &mut Table) {
    let list = CopyOnWriteList::from([0_u64]);
    let wait = |n: usize| {
        let mut context = Context::from_waker(Waker::noop());
        let mut watchers: Vec<_> = (0..n).map(|_| list.subscribe()).collect();
        for watcher in &mut watchers {
            assert!(watcher.poll_changed(&mut context).is_pending());
        }
        watchers
    };
    let wake = |n| {
        let watchers = wait(n);
        list.set(0, 1).unwrap();
        watchers
    };
    for n in [1_000, 100_000] {
        let by_tens = || (0..n / 10).for_each(|_| drop(wait(10)));
        table.row(
            &format!("CopyOnWriteList {n} tasks wait and leave / ten at a time"),
            2.0,
            n,
            || wait(n),
            by_tens,
        );
        let by_tens = || (0..n / 10).for_each(|_| drop(wake(10)));
        table.row(
            &format!("CopyOnWriteList {n} tasks wait and are woken / ten at a time"),
            2.0,
            n,
            || wake(n),
            by_tens,
        );
        watchers_beside(n, table);
    }
}

/// Measures one more watcher beside `n` tasks that wait, and beside ten.
fn watchers_beside(n: usize, table: &mut Table) {
    type Owned = ArcWatcher<CopyOnWriteList<u64>>;
    fn make(watchers: &[Owned]) -> Owned {
        black_box(watchers)[0].clone()
    }
    fn wait(watchers: &[Owned]) {
        let mut watcher = make(watchers);
        let mut future = watcher.changed();
        assert!(Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let lists = [n, 10].map(|n| (Arc::new(CopyOnWriteList::from([0])), n));
    let [many, few] = lists.each_ref().map(|(list, n)| {
        let mut watchers: Vec<_> = (0..*n).map(|_| ArcWatcher::new(list)).collect();
        let mut context = Context::from_waker(Waker::noop());
        assert!(watchers.iter_mut().all(|watcher| watcher.poll_changed(&mut context).is_pending()));
        watchers
    });
    let name = format!("ArcWatcher made and dropped beside {n} that wait / beside ten");
    table.row(&name, 1.5, 1, || make(&many), || make(&few));
    let name = format!("ArcWatcher made, waits and leaves beside {n} that wait / beside ten");
    table.row(&name, 1.5, 1, || wait(&many), || wait(&few));
}
