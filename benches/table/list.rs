//! `CopyOnWriteList` beside `ArcSwap<Vec>`.

use std::hint::black_box;

use arc_swap::ArcSwap;
use cow_collections::CopyOnWriteList;

use crate::Table;

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
    table.row("CopyOnWriteList read one by reader / Vec", 3.0, n, ours, peer);
    let (ours, peer) = (look!(black_box(&list).load()), look!(black_box(&swap).load()));
    table.row("CopyOnWriteList read one by load / ArcSwap<Vec> load", 1.1, n, ours, peer);

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
