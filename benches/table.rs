//! The figures the crate promises, ours beside the peer's: `cargo bench --bench table [FILTER]`.
//!
//! Each row runs both sides in turn, 15 times, in this one process, and prints the medians and the
//! median of the 15 ratios, so that a noisy neighbour hurts both sides alike.

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use common::random_indices;
use cow_collections::{CopyOnWriteList, CowString, CowVec, PersistentVector};
use ecow::EcoVec;
use lean_string::LeanString;

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

/// Where reading costs the same, one loop for both sides keeps its place in the code out of the figure.
#[inline(never)]
fn get_all(v: &[u64], indices: &[usize]) -> u64 {
    indices.iter().fold(0, |sum, &i| sum ^ v[i])
}

#[inline(never)]
fn sum(v: &[u64]) -> u64 {
    v.iter().sum()
}

/// Not inlined, so that each side's loop stands at the beginning of a function of its own.
#[inline(never)]
fn numbers<C: FromIterator<u64>>(n: u64) -> C {
    (0..n).collect()
}

fn vec_rows(table: &mut Table) {
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

fn list_rows(table: &mut Table) {
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

fn persistent_rows(table: &mut Table) {
    type Imbl = imbl::Vector<u64>;
    type Ours = PersistentVector<u64>;

    for (n, at_most) in [(10_000, 0.15), (1_000_000, 0.3)] {
        let (ours, imbl) = (numbers::<Ours>(n as u64), numbers::<Imbl>(n as u64));
        let indices = random_indices(n, 10_000);
        macro_rules! sum {
            ($v:ident) => {
                || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&$v)[i]))
            };
        }
        let name = format!("PersistentVector random get, {n} / imbl");
        table.row(&name, at_most, indices.len(), sum!(ours), sum!(imbl));
    }

    macro_rules! growing {
        ($new:expr) => {
            || {
                let mut v = $new;
                for x in 0..10_000_u64 {
                    v.push_back(black_box(x));
                }
                v
            }
        };
    }
    let name = "PersistentVector push_back, 10,000 / imbl";
    table.row(name, 0.25, 10_000, growing!(Ours::new()), growing!(Imbl::new()));

    let n = 1_000_000;
    let (ours, imbl) = (numbers::<Ours>(n as u64), numbers::<Imbl>(n as u64));
    let indices = random_indices(n, 1000);
    macro_rules! set {
        ($old:ident) => {{
            let mut next = indices.iter().cycle();
            move || {
                let mut new = $old.clone();
                new.set(*next.next().unwrap(), 1);
                new
            }
        }};
    }
    let name = "PersistentVector clone + set + drop, 1,000,000 / imbl";
    table.row(name, 0.45, 1, set!(ours), set!(imbl));
}

fn string_rows(table: &mut Table) {
    // Lengths from 1 to 64, half of them inline, in an order that no branch predictor learns.
    let n = 65_536;
    let text = "0123456789abcdef".repeat(4);
    let lengths = random_indices(64, n);
    macro_rules! texts {
        ($type:ty) => {{
            let mix = |&x: &usize| if x % 2 == 0 { 1 + x / 2 % 15 } else { 16 + x / 2 % 49 };
            lengths.iter().map(|x| <$type>::from(&text[..mix(x)])).collect::<Vec<_>>()
        }};
    }
    // The length and the first byte: one look through the pointer for each text.
    macro_rules! look {
        ($texts:expr) => {
            || {
                black_box(&$texts).iter().fold(0_usize, |sum, text| {
                    let bytes = text.as_bytes();
                    sum + bytes.len() + usize::from(bytes[0])
                })
            }
        };
    }
    let (ours, peer) = (texts!(CowString), texts!(String));
    table.row("CowString deref, mixed lengths / String", 1.0, n, look!(ours), look!(peer));

    let short = "8 bytes.";
    let ours = || drop(black_box(CowString::from(black_box(short))));
    let peer = || drop(black_box(LeanString::from(black_box(short))));
    table.row("CowString from + drop, 8 bytes / LeanString", 1.15, 1, ours, peer);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let smoke = arguments.iter().any(|a| a == "--test");
    let filter = arguments.into_iter().find(|a| !a.starts_with("--"));
    let mut table = Table { filter, smoke, missed: 0 };
    println!("| work, ours / peer | ours, ns | peer, ns | ratio | at most | |");
    println!("|---|---|---|---|---|---|");
    vec_rows(&mut table);
    string_rows(&mut table);
    persistent_rows(&mut table);
    list_rows(&mut table);
    println!("{} rows missed (a row is met within 5 %)", table.missed);
}
