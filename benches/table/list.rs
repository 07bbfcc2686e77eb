//! `CopyOnWriteList` beside `ArcSwap<Vec>`.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;

use arc_swap::ArcSwap;
use cow_collections::CopyOnWriteList;

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

    // The list's first push doubles the buffer; that is in the figure.
    let elements: Vec<u64> = (0..16_384).collect();
    let ours = || {
        let list = CopyOnWriteList::from(elements.clone());
        let kept = list.snapshot();
        for x in 0..1024 {
            list.push(black_box(x));
        }
        (kept, list)
    };
    let peer = || {
        let swap = ArcSwap::from_pointee(elements.clone());
        let kept = swap.load_full();
        for x in 0..1024 {
            swap.rcu(|v| {
                let mut v = Vec::clone(v);
                v.push(black_box(x));
                v
            });
        }
        (kept, swap)
    };
    let name = "CopyOnWriteList push onto 16,384, a snapshot kept / ArcSwap<Vec> rcu";
    table.row(name, 0.01, 1024, ours, peer);
}

/// Does `work` while 128 threads live that once read `used`.
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
