//! The figures the crate promises, ours beside the peer's: `cargo bench --bench table [FILTER]`.
//!
//! Each row runs both sides in turn, 15 times, in this one process, and prints the medians and the
//! median of the 15 ratios, so that a noisy neighbour hurts both sides alike.

#[path = "../common/mod.rs"]
mod common;
mod list;
mod persistent;
mod string;
mod vec;

use std::hint::black_box;
use std::time::{Duration, Instant};

const RUNS: usize = 15;
const RUN: Duration = Duration::from_millis(20);

struct Table {
    filter: Option<String>,
    /// One short run of everything, to see that it works.
    smoke: bool,
    missed: usize,
}

impl Table {
    /// Prints a row: how long `ours` and `peer` take, for `per` units of work each.
    fn row<A, B>(
        &mut self,
        name: &str,
        at_most: f64,
        per: usize,
        mut ours: impl FnMut() -> A,
        mut peer: impl FnMut() -> B,
    ) {
        if self.filter.as_ref().is_some_and(|filter| !name.contains(filter)) {
            return;
        }
        let runs = if self.smoke { 1 } else { RUNS };
        let (n, m) = if self.smoke { (1, 1) } else { (often(&mut ours), often(&mut peer)) };
        let (mut a, mut b, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..runs {
            let (x, y) = (time(n, &mut ours), time(m, &mut peer));
            a.push(x);
            b.push(y);
            ratios.push(x / y);
        }
        let [a, b, ratio] = [a, b, ratios].map(median);
        let met = ratio <= at_most * 1.05;
        self.missed += usize::from(!met);
        let (a, b) = (a / per as f64, b / per as f64);
        let verdict = if met { "met" } else { "missed" };
        println!("| {name} | {a:.2} | {b:.2} | {ratio:.3} | {at_most} | {verdict} |");
    }
}

/// How often `work` runs in one run's time.
fn often<R>(work: &mut impl FnMut() -> R) -> u32 {
    let mut n = 1;
    loop {
        let begin = Instant::now();
        for _ in 0..n {
            black_box(work());
        }
        let took = begin.elapsed();
        if took * 4 > RUN {
            return (f64::from(n) * RUN.as_secs_f64() / took.as_secs_f64()).max(1.0) as u32;
        }
        n *= 4;
    }
}

/// Nanoseconds for one of `n` times `work`.
fn time<R>(n: u32, work: &mut impl FnMut() -> R) -> f64 {
    let begin = Instant::now();
    for _ in 0..n {
        black_box(work());
    }
    begin.elapsed().as_secs_f64() * 1e9 / f64::from(n)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Not inlined, so that each side's loop stands at the beginning of a function of its own.
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
    persistent::rows(&mut table);
    list::rows(&mut table);
    println!("{} rows missed (a row is met within 5 %)", table.missed);
}
