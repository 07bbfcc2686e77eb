//! Recommends a type for a workload. Measures the candidates on this machine for a few seconds, and prints which one
//! to take and why.
//!
//! ```text
//! cargo run --release -p benches --bin advisor -- shared LENGTH u64|arc|string THREADS WRITES% set|push|replace
//! cargo run --release -p benches --bin advisor -- versions LENGTH u64|arc|string WRITES set|push|insert
//! cargo run --release -p benches --bin advisor -- --check
//! ```
//!
//! With `shared`, threads read and write one list, and `WRITES%` of their operations are writes. With `versions`, one
//! thread keeps a version of its list after every `WRITES` writes, and drops all but the last eight. `--check`
//! measures ten such workloads twice, and ends with status 1 if a choice is more than 10 % slower than the best.

#[path = "../crossover/race.rs"]
mod race;
#[path = "../crossover/subjects.rs"]
mod subjects;
mod versions;
#[path = "../crossover/workload.rs"]
mod workload;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::versions::Change;
use self::workload::{Named, Payload, Read, Write};

/// A preferred candidate may be slower than the best by this factor, which is within the noise.
const SLACK: f64 = 1.05;
const ALLOWED: f64 = 1.10;

enum Kind {
    Shared { threads: usize, percent: f64, write: Write },
    Versions { writes: usize, change: Change },
}

struct Workload {
    len: usize,
    payload: Payload,
    kind: Kind,
}

/// The nanoseconds that an operation takes with each candidate.
type Costs = Vec<(&'static str, f64)>;

fn parse(arguments: &[String]) -> Option<Workload> {
    let mut rest = arguments.iter().map(String::as_str);
    let kind = rest.next()?;
    let len = rest.next()?.parse().ok().filter(|len| (1..=10_000_000).contains(len))?;
    let payload = Payload::find(rest.next()?)?;
    let kind = match kind {
        "shared" => Kind::Shared {
            threads: rest.next()?.parse().ok().filter(|n| (1..=64).contains(n))?,
            percent: rest.next()?.parse().ok().filter(|share| (0.0..=100.0).contains(share))?,
            write: Write::find(rest.next()?)?,
        },
        "versions" => Kind::Versions {
            writes: rest.next()?.parse().ok().filter(|n| *n > 0)?,
            change: Change::find(rest.next()?)?,
        },
        _ => return None,
    };
    rest.next().is_none().then_some(Workload { len, payload, kind })
}

impl Workload {
    fn describe(&self) -> String {
        let of = format!("{} elements, {}", self.len, self.payload.name());
        match self.kind {
            Kind::Shared { threads, percent, write } => {
                format!(
                    "{threads} threads share {of}; {percent} % of operations are writes ({})",
                    write.name()
                )
            }
            Kind::Versions { writes, change } => {
                format!(
                    "one thread keeps a version of {of} after every {writes} writes ({})",
                    change.name()
                )
            }
        }
    }

    fn measure(&self, rounds: usize, run: Duration) -> Costs {
        match self.payload {
            Payload::U64 => self.measure_of::<u64>(rounds, run),
            Payload::Arc => self.measure_of::<Arc<str>>(rounds, run),
            Payload::String => self.measure_of::<String>(rounds, run),
        }
    }

    /// Returns the medians of rounds in which the candidates take turns.
    fn measure_of<T: subjects::Payload>(&self, rounds: usize, run: Duration) -> Costs {
        let medians = |names: Vec<&'static str>, cost: &dyn Fn(usize) -> f64| {
            let mut seen = vec![Vec::new(); names.len()];
            for _ in 0..rounds {
                seen.iter_mut().enumerate().for_each(|(place, costs)| costs.push(cost(place)));
            }
            let median = |mut costs: Vec<f64>| {
                costs.sort_by(f64::total_cmp);
                costs[costs.len() / 2]
            };
            names.into_iter().zip(seen.into_iter().map(median)).collect()
        };
        match self.kind {
            Kind::Shared { threads, percent, write } => {
                subjects::subjects::<T, _>(self.len, write, Read::One, |all| {
                    let roles = vec![percent; threads];
                    medians(all.iter().map(|(name, _)| *name).collect(), &|place| {
                        let (done, took) = race::race(&all[place].1, &roles, run, false);
                        took * threads as f64 / (done.reads + done.writes) as f64
                    })
                })
            }
            Kind::Versions { writes, change } => {
                let all = versions::candidates::<T>(self.len, writes, change);
                medians(all.iter().map(|(name, _)| *name).collect(), &|place| (all[place].1)(run))
            }
        }
    }

    /// Returns the time of a copy of the list on this machine, in nanoseconds.
    fn copy(&self) -> f64 {
        match self.payload {
            Payload::U64 => time_of_copy::<u64>(self.len),
            Payload::Arc => time_of_copy::<Arc<str>>(self.len),
            Payload::String => time_of_copy::<String>(self.len),
        }
    }

    fn explain(&self, costs: &Costs, chosen: &str) {
        let copy = self.copy();
        let lock = costs.iter().filter(|(name, _)| name.contains("Lock") || name.contains("Mutex"));
        let lock = lock.map(|(_, ns)| *ns).fold(f64::INFINITY, f64::min);
        println!(
            "a copy of the list takes {copy:.0} ns here: {} elements x {:.2} ns",
            self.len,
            copy / self.len as f64
        );
        match self.kind {
            Kind::Shared { percent, .. } if chosen.starts_with("CopyOnWriteList") => {
                let copied = copy * percent / 100.0;
                println!(
                    "If every write copies, that is {copied:.1} ns per operation. The fastest lock takes {lock:.1} ns"
                );
                println!("per operation in all. Readers of the list never wait for writers.");
            }
            Kind::Shared { .. } => {
                println!(
                    "A copy for each write does not pay: writes are too frequent, or a copy takes too long."
                );
                println!(
                    "With copies, memory would hold at most the list and each version that is still read."
                );
            }
            Kind::Versions { writes, .. } => {
                let per_write = copy / writes as f64;
                println!("A copy for each version takes {per_write:.1} ns per write.");
            }
        }
    }
}

fn time_of_copy<T: subjects::Payload>(len: usize) -> f64 {
    let list = vec![T::new(); len];
    let once = || {
        let begin = Instant::now();
        drop(std::hint::black_box(list.clone()));
        begin.elapsed().as_secs_f64() * 1e9
    };
    (0..21).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Returns the preferred candidate among those that are as fast as the best, within the noise.
fn choose(costs: &Costs) -> &'static str {
    let best = costs.iter().map(|(_, ns)| *ns).fold(f64::INFINITY, f64::min);
    let preferred = |name: &str| {
        ["CopyOnWriteList", "CowVec", "PersistentVector"]
            .iter()
            .position(|own| name.starts_with(own))
    };
    let near = costs.iter().filter(|(_, ns)| *ns <= best * SLACK);
    near.min_by_key(|(name, _)| preferred(name).unwrap_or(usize::MAX))
        .expect("the best is among them")
        .0
}

fn advise(workload: &Workload) {
    println!("{}:", workload.describe());
    let mut costs = workload.measure(9, Duration::from_millis(20));
    let chosen = choose(&costs);
    costs.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    for (name, ns) in &costs {
        println!(
            "{ns:>14.1} ns an operation  {name}{}",
            if *name == chosen { "  <- take this" } else { "" }
        );
    }
    workload.explain(&costs, chosen);
}

/// Ten realistic workloads.
const WORKLOADS: [&str; 10] = [
    "shared 8 arc 2 0.01 push",
    "shared 64 u64 2 1 set",
    "shared 64 string 2 0.1 set",
    "shared 512 u64 2 50 set",
    "shared 4096 arc 2 5 replace",
    "shared 30000 u64 2 100 set",
    "shared 1000 u64 2 20 push",
    "versions 100 u64 10 set",
    "versions 100000 u64 10 set",
    "versions 20000 string 5 insert",
];

/// Returns whether each choice holds when all candidates are measured again.
fn check() -> bool {
    let holds = WORKLOADS.map(|line| {
        let words: Vec<String> = line.split(' ').map(String::from).collect();
        let workload = parse(&words).expect("the workload is valid");
        let chosen = choose(&workload.measure(9, Duration::from_millis(10)));
        let again = workload.measure(15, Duration::from_millis(20));
        let (best, least) =
            again.iter().min_by(|(_, a), (_, b)| a.total_cmp(b)).expect("not empty");
        let ours = again.iter().find(|(name, _)| *name == chosen).expect("measured again").1;
        println!("{}: {chosen}, {:.2} x the best ({best})", workload.describe(), ours / least);
        ours <= least * ALLOWED
    });
    holds.iter().all(|held| *held)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().eq(["--check"]) {
        return if check() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    }
    let default = || WORKLOADS[1].split(' ').map(String::from).collect();
    let words: Vec<String> = if arguments.is_empty() { default() } else { arguments };
    let Some(workload) = parse(&words) else {
        eprintln!(
            "expected: shared LENGTH u64|arc|string THREADS WRITES% set|push|replace, or\n\
             versions LENGTH u64|arc|string WRITES set|push|insert, or --check"
        );
        return ExitCode::from(2);
    };
    advise(&workload);
    ExitCode::SUCCESS
}
