//! `CowVec` and `UniqueVec` beside `Vec`, `EcoVec` and `Arc<Vec>`.
//!
//! The time of a row includes the drop of its results, on both sides. Elements are `u64`, unless the row says
//! strings: these have 32 bytes each, on the heap.

use std::hint::black_box;
use std::sync::Arc;

use cow_collections::{CowVec, UniqueVec};
use ecow::EcoVec;

use crate::common::random_indices;
use crate::{Table, numbers};

const N: usize = 1000;

pub fn rows(table: &mut Table) {
    reading(table);
    pushing(table);
    sharing(table);
    histories(table);
    building(table);
    editing_shared_strings(table);
    using_up(table);
    through_unique(table);
}

/// Reads all elements. Both sides share one loop, so that its place in the code does not affect the ratio.
#[inline(never)]
fn get_all(v: &[u64], indices: &[usize]) -> u64 {
    indices.iter().fold(0, |sum, &i| sum ^ v[i])
}

#[inline(never)]
fn sum(v: &[u64]) -> u64 {
    v.iter().sum()
}

#[inline(never)]
fn sort(v: &mut [u64]) {
    v.sort();
}

fn reading(table: &mut Table) {
    let (cow, vec) = (numbers::<CowVec<u64>>(N as u64), numbers::<Vec<u64>>(N as u64));
    let indices = random_indices(N, N);
    let (ours, peer) =
        (|| get_all(black_box(&cow), &indices), || get_all(black_box(&vec), &indices));
    table.row("CowVec random get, 1,000 / Vec", 1.0, N, ours, peer);
    let (ours, peer) = (|| sum(black_box(&cow)), || sum(black_box(&vec)));
    table.row("CowVec sum, 1,000 / Vec", 1.0, N, ours, peer);
}

/// Pushes `n` numbers, one by one, onto a new vector.
macro_rules! pushed {
    ($new:expr, $n:expr) => {
        pushed!($new, $n, |v| v)
    };
    ($new:expr, $n:expr, |$v:ident| $target:expr) => {
        || {
            let mut $v = $new;
            for x in 0..$n as u64 {
                $target.push(black_box(x));
            }
            $v
        }
    };
}

fn pushing(table: &mut Table) {
    for (n, at_most) in [(16, 0.9), (N, 0.5), (100_000, 0.5)] {
        let name = format!("CowVec push growing, {n} / EcoVec");
        table.row(&name, at_most, n, pushed!(CowVec::new(), n), pushed!(EcoVec::new(), n));
    }
    let peer = pushed!(triomphe::Arc::new(Vec::new()), N, |v| triomphe::Arc::make_mut(&mut v));
    let name = "CowVec push growing, 1,000 / triomphe Arc<Vec>";
    table.row(name, 1.4, N, pushed!(CowVec::new(), N), peer);
    let (ours, peer) = (pushed!(CowVec::with_capacity(8), 8), pushed!(EcoVec::with_capacity(8), 8));
    table.row("CowVec with_capacity(8), 8 pushes, drop / EcoVec", 0.6, 8, ours, peer);
}

fn sharing(table: &mut Table) {
    let (cow, eco) = (numbers::<CowVec<u64>>(N as u64), numbers::<EcoVec<u64>>(N as u64));
    let (ours, peer) = (|| black_box(&cow).clone(), || black_box(&eco).clone());
    table.row("CowVec clone + drop, shared / EcoVec", 1.05, 1, ours, peer);

    let ours = || {
        let mut new = cow.clone();
        new.set(black_box(500), 1);
        new
    };
    let peer = || {
        let mut new = eco.clone();
        new.make_mut()[black_box(500)] = 1;
        new
    };
    table.row("CowVec clone + set one, 1,000 / EcoVec", 1.0, 1, ours, peer);
}

/// Pushes `n` numbers onto a new vector. Before each push, a new clone replaces the one that was kept.
macro_rules! snapshots {
    ($new:expr, $n:expr) => {
        snapshots!($new, $n, |v| v)
    };
    ($new:expr, $n:expr, |$v:ident| $target:expr) => {
        || {
            let (mut $v, mut kept) = ($new, $new);
            for x in 0..$n as u64 {
                kept = black_box($v.clone());
                $target.push(x);
            }
            ($v, kept)
        }
    };
}

/// Like `snapshots`, but keeps all clones to the end.
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

fn histories(table: &mut Table) {
    for (n, at_most) in [(N, 0.2), (20_000, 0.03)] {
        let name = format!("CowVec clone kept + push, growing to {n} / EcoVec");
        table.row(&name, at_most, n, snapshots!(CowVec::new(), n), snapshots!(EcoVec::new(), n));
        let name = format!("CowVec clone kept + push, growing to {n} / Arc<Vec>");
        let peer = snapshots!(Arc::new(Vec::new()), n, |v| Arc::make_mut(&mut v));
        table.row(&name, at_most, n, snapshots!(CowVec::new(), n), peer);
    }
    let name = "CowVec all clones kept + push, growing to 20,000 / EcoVec";
    table.row(name, 0.05, 20_000, history!(CowVec::new(), 20_000), history!(EcoVec::new(), 20_000));
    // Twenty histories of 1,000 against one of 20,000: the same number of steps.
    let twenty = || (0..20).map(|_| history!(CowVec::new(), N)()).collect::<Vec<_>>();
    let name = "CowVec all clones kept + push, a step at 20,000 / at 1,000";
    table.row(name, 1.3, 20_000, history!(CowVec::new(), 20_000), twenty);
}

/// Collects numbers by eight copies of one function, one after the other. The place of a short loop in the cache lines
/// is chance, but decides up to half of its time.
fn in_eight_places<C: FromIterator<u64>>(n: u64) {
    #[inline(never)]
    fn numbers_at<C: FromIterator<u64>, const PLACE: usize>(n: u64) -> C {
        // Moves the loop to another place in the code.
        black_box([PLACE; PLACE]);
        (0..n).collect()
    }
    macro_rules! each {
        ($($place:literal)*) => {
            $(black_box(numbers_at::<C, $place>(black_box(n)));)*
        };
    }
    each!(0 1 2 3 4 5 6 7);
}

fn building(table: &mut Table) {
    for n in [8, N] {
        let vec = numbers::<Vec<u64>>(n as u64);
        let (ours, peer) =
            (|| CowVec::from(black_box(&vec[..])), || Vec::from(black_box(&vec[..])));
        table.row(&format!("CowVec from a slice, {n} / Vec"), 1.1, n, ours, peer);
        let (ours, peer) =
            (|| in_eight_places::<CowVec<u64>>(n as u64), || in_eight_places::<Vec<u64>>(n as u64));
        table.row(&format!("CowVec collect, {n} / Vec"), 1.2, 8 * n, ours, peer);
    }
}

/// Returns `n` strings of 32 bytes, which are on the heap.
fn strings(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{i:032}")).collect()
}

fn editing_shared_strings(table: &mut Table) {
    let n = 100;
    let strings = strings(n);
    let (cow, eco) = (CowVec::from(&strings[..]), EcoVec::from(&strings[..]));
    /// Clones a vector, and edits the clone.
    macro_rules! edited {
        ($old:ident, |$new:ident| $edit:expr) => {
            || {
                let mut $new = $old.clone();
                $edit;
                $new
            }
        };
    }
    let (ours, peer) = (edited!(cow, |new| new.remove(50)), edited!(eco, |new| new.remove(50)));
    table.row("CowVec remove on shared, 100 strings / EcoVec", 0.75, n, ours, peer);

    let one = &strings[7];
    let (ours, peer) = (
        edited!(cow, |new| new.insert(50, one.clone())),
        edited!(eco, |new| new.insert(50, one.clone())),
    );
    table.row("CowVec insert on shared, 100 strings / EcoVec", 0.75, n, ours, peer);

    let even = |string: &String| string.as_bytes()[31] % 2 == 0;
    let (ours, peer) = (
        edited!(cow, |new| new.retain(even)),
        edited!(eco, |new| new.retain(|string| even(string))),
    );
    table.row("CowVec retain half on shared, 100 strings / EcoVec", 0.75, n, ours, peer);
}

fn using_up(table: &mut Table) {
    macro_rules! used_up {
        ($type:ty, |$v:ident| $sum:expr) => {
            (|| numbers::<$type>(N as u64), |$v: $type| -> u64 { $sum })
        };
    }
    macro_rules! sum_by_for {
        ($v:ident) => {{
            let mut sum = 0;
            for x in $v {
                sum += x;
            }
            sum
        }};
    }
    let name = "CowVec into_iter unique, for over 1,000 / Vec";
    let ours = used_up!(CowVec<u64>, |v| sum_by_for!(v));
    table.row_of(name, 1.2, N, ours, used_up!(Vec<u64>, |v| sum_by_for!(v)));

    let name = "CowVec into_iter unique, sum of 1,000 / Vec";
    let ours = used_up!(CowVec<u64>, |v| v.into_iter().sum());
    table.row_of(name, 1.2, N, ours, used_up!(Vec<u64>, |v| v.into_iter().sum()));

    let strings = strings(100);
    let name = "CowVec into_iter unique, for over 100 strings / Vec";
    macro_rules! lengths {
        ($new:expr) => {
            (
                || $new,
                |v| {
                    let mut sum = 0;
                    for string in v {
                        sum += black_box(string).len();
                    }
                    sum
                },
            )
        };
    }
    table.row_of(name, 1.2, 100, lengths!(CowVec::from(&strings[..])), lengths!(strings.clone()));
}

fn through_unique(table: &mut Table) {
    let ours = || {
        let mut v = CowVec::new();
        let unique = v.make_unique();
        for x in 0..N as u64 {
            unique.push(black_box(x));
        }
        v
    };
    let name = "UniqueVec push growing by make_unique, 1,000 / Vec";
    table.row(name, 1.5, N, ours, pushed!(Vec::new(), N));

    let numbers_of =
        |indices: Vec<usize>| indices.into_iter().map(|x| x as u64).collect::<Vec<_>>();
    let source = numbers_of(random_indices(1 << 20, N));
    let (mut unique, mut vec) = (UniqueVec::from(source.clone()), source.clone());

    macro_rules! sort {
        ($v:ident) => {
            || {
                $v.copy_from_slice(&source);
                sort(black_box(&mut $v));
            }
        };
    }
    table.row("UniqueVec sort, 1,000 / Vec", 1.05, N, sort!(unique), sort!(vec));

    macro_rules! extend {
        ($v:ident) => {
            || {
                $v.clear();
                black_box(&mut $v).extend_from_slice(black_box(&source));
            }
        };
    }
    let name = "UniqueVec clear + extend_from_slice, 1,000 / Vec";
    table.row(name, 1.05, N, extend!(unique), extend!(vec));

    let (ours, peer) = (|| sum(black_box(&unique)), || sum(black_box(&vec)));
    table.row("UniqueVec iterate, 1,000 / Vec", 1.05, N, ours, peer);
}
