//! `CowVec` and `UniqueVec` beside `Vec`, `EcoVec` and `Arc<Vec>`.

use std::hint::black_box;

use cow_collections::CowVec;
use ecow::EcoVec;

use crate::common::random_indices;
use crate::{Table, numbers};

/// Where reading costs the same, one loop for both sides keeps its place in the code out of the figure.
#[inline(never)]
fn get_all(v: &[u64], indices: &[usize]) -> u64 {
    indices.iter().fold(0, |sum, &i| sum ^ v[i])
}

#[inline(never)]
fn sum(v: &[u64]) -> u64 {
    v.iter().sum()
}

pub fn rows(table: &mut Table) {
    let n = 1000;
    let vec: Vec<u64> = (0..n as u64).collect();
    let cow: CowVec<u64> = vec.iter().copied().collect();
    let indices = random_indices(n, n);
    let (ours, peer) =
        (|| get_all(black_box(&cow), &indices), || get_all(black_box(&vec), &indices));
    table.row("CowVec random get, 1,000 / Vec", 1.0, n, ours, peer);
    let (ours, peer) = (|| sum(black_box(&cow)), || sum(black_box(&vec)));
    table.row("CowVec sum, 1,000 / Vec", 1.0, n, ours, peer);

    macro_rules! growing {
        ($new:expr) => {
            || {
                let mut v = $new;
                for x in 0..1000_u64 {
                    v.push(black_box(x));
                }
                v
            }
        };
    }
    table.row(
        "CowVec push growing, 1,000 / EcoVec",
        0.5,
        n,
        growing!(CowVec::new()),
        growing!(EcoVec::new()),
    );
    let unique = || {
        let mut v = CowVec::new();
        let unique = v.make_unique();
        for x in 0..1000_u64 {
            unique.push(black_box(x));
        }
        v
    };
    table.row(
        "CowVec push growing by make_unique, 1,000 / Vec",
        1.5,
        n,
        unique,
        growing!(Vec::new()),
    );

    macro_rules! history {
        ($new:expr, $n:expr) => {
            || {
                let (mut v, mut kept) = ($new, Vec::with_capacity($n));
                for x in 0..$n as u64 {
                    kept.push(v.clone());
                    v.push(x);
                }
                (v, kept)
            }
        };
    }
    let name = "CowVec clone kept + push, growth included, 20,000 / EcoVec";
    table.row(name, 0.05, 20_000, history!(CowVec::new(), 20_000), history!(EcoVec::new(), 20_000));
    // Twenty histories of 1,000 against one of 20,000: the same number of steps.
    let twenty = || (0..20).map(|_| history!(CowVec::new(), 1000)()).collect::<Vec<_>>();
    let name = "CowVec clone kept + push, a step at 20,000 / at 1,000";
    table.row(name, 1.3, 20_000, history!(CowVec::new(), 20_000), twenty);

    let (ours, peer) =
        (|| numbers::<CowVec<u64>>(black_box(1000)), || numbers::<Vec<u64>>(black_box(1000)));
    table.row("CowVec collect, 1,000 / Vec", 1.2, n, ours, peer);
}
