//! Compares this crate with its peers, row by row: `cargo bench -p benches --bench table [FILTER]`.
//!
//! A row alternates many short runs of both sides in one process, so that other load on the machine affects both
//! alike. It prints the medians, and the median of the ratios of neighbouring runs, which has an upper limit.

mod cell;
#[path = "../common/mod.rs"]
mod common;
mod list;
mod list_scale;
mod persistent;
mod persistent_peers;
mod string;
mod string_edits;
mod string_parts;
mod vec;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Much shorter than a scheduler's time slice, so that other processes interrupt few runs. Longer runs fall into
/// step with the slices, and then all interruptions hit the same side.
const RUN: Duration = Duration::from_micros(100);
/// A row takes at least this time, and at least `LEAST_RUNS` runs.
const ROW: Duration = Duration::from_millis(400);
const LEAST_RUNS: usize = 9;

struct Table {
    filter: Option<String>,
    /// Runs everything once, only to show that it works.
    smoke: bool,
    missed: usize,
}

impl Table {
    /// Prints a row: how long `ours` and `peer` take for one of the `per` units of their work.
    fn row<A, B>(
        &mut self,
        name: &str,
        at_most: f64,
        per: usize,
        mut ours: impl FnMut() -> A,
        mut peer: impl FnMut() -> B,
    ) {
        self.compare(name, at_most, per, |n| time(n, &mut ours), |n| time(n, &mut peer));
    }

    /// Like [`Table::row`], for work that consumes a value. The first function of a side makes the value, untimed.
    fn row_of<I, A, J, B>(
        &mut self,
        name: &str,
        at_most: f64,
        per: usize,
        mut ours: (impl FnMut() -> I, impl FnMut(I) -> A),
        mut peer: (impl FnMut() -> J, impl FnMut(J) -> B),
    ) {
        self.compare(name, at_most, per, |n| time_of(n, &mut ours), |n| time_of(n, &mut peer));
    }

    /// Like [`Table::row`], for sides that repeat their work a given number of times, and return the mean nanoseconds.
    fn compare(
        &mut self,
        name: &str,
        at_most: f64,
        per: usize,
        mut ours: impl FnMut(u32) -> f64,
        mut peer: impl FnMut(u32) -> f64,
    ) {
        if self.filter.as_ref().is_some_and(|filter| !name.contains(filter)) {
            return;
        }
        let (n, m) = if self.smoke { (1, 1) } else { (often(&mut ours), often(&mut peer)) };
        let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let begin = Instant::now();
        loop {
            let (x, y) = (ours(n), peer(m));
            a.push(x);
            b.push(y);
            ratios.push(x / y);
            if self.smoke || ratios.len() >= LEAST_RUNS && begin.elapsed() > ROW {
                break;
            }
        }
        let [a, b, ratio] = [a, b, ratios].map(median);
        let met = ratio <= at_most * 1.05;
        self.missed += usize::from(!met);
        let (a, b) = (a / per as f64, b / per as f64);
        let verdict = if met { "met" } else { "missed" };
        println!("| {name} | {a:.2} | {b:.2} | {ratio:.3} | {at_most} | {verdict} |");
    }
}

/// Returns how often a side can repeat its work in one run.
fn often(side: &mut impl FnMut(u32) -> f64) -> u32 {
    let (mut n, run) = (1, RUN.as_secs_f64() * 1e9);
    loop {
        // The second time, its memory is in the cache.
        let one = side(n).min(side(n));
        if one * f64::from(n) * 4.0 > run {
            return (run / one).max(1.0) as u32;
        }
        n *= 4;
    }
}

/// Runs `work` `n` times, and returns the mean nanoseconds.
fn time<R>(n: u32, work: &mut impl FnMut() -> R) -> f64 {
    let begin = Instant::now();
    for _ in 0..n {
        black_box(work());
    }
    begin.elapsed().as_secs_f64() * 1e9 / f64::from(n)
}

/// Runs `work` `n` times on values of `make`, and returns the mean nanoseconds of `work`.
fn time_of<I, R>(n: u32, (make, work): &mut (impl FnMut() -> I, impl FnMut(I) -> R)) -> f64 {
    let mut took = Duration::ZERO;
    for begun in (0..n).step_by(16) {
        // Makes 16 values at a time, so that they stay in the cache.
        let inputs: Vec<I> = (begun..n.min(begun + 16)).map(|_| black_box(make())).collect();
        let begin = Instant::now();
        for input in inputs {
            black_box(work(input));
        }
        took += begin.elapsed();
    }
    took.as_secs_f64() * 1e9 / f64::from(n)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Collects the numbers below `n`. Not inlined, so that the loop of each side is in a separate function.
#[inline(never)]
fn numbers<C: FromIterator<u64>>(n: u64) -> C {
    (0..n).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let smoke = arguments.iter().any(|a| a == "--test");
    let filter = arguments.into_iter().find(|a| !a.starts_with("--"));
    let mut table = Table { filter, smoke, missed: 0 };
    println!("| work, ours / peer | ours, ns | peer, ns | ratio | at most | |");
    println!("|---|---|---|---|---|---|");
    vec::rows(&mut table);
    string::rows(&mut table);
    string_parts::rows(&mut table);
    string_edits::rows(&mut table);
    persistent::rows(&mut table);
    persistent_peers::rows(&mut table);
    list::rows(&mut table);
    list_scale::rows(&mut table);
    cell::rows(&mut table);
    println!("{} rows missed (a row is met within 5 %)", table.missed);
}
