//! Measures at which share of writes a lock becomes faster. Threads read and write one list, with shares of writes
//! from none to all.
//!
//! ```text
//! cargo bench -p benches --bench crossover -- [FILTER] [--threads 2] [--readers 0 --writers 0] [--len 64]
//!     [--payload u64|arc|string] [--write set|push|replace] [--read one|all] [--share PERCENT]
//!     [--rounds 9] [--millis 20]
//! cargo bench -p benches --bench crossover -- --charts | --draw
//! cargo bench -p benches --features arc-swap --bench crossover -- CopyOnWriteList
//! ```
//!
//! All `threads` read and write alike, by the share. If `readers` or `writers` is given, that many threads only read
//! or only write instead. The threads start at once, thread `i` on core `i`. A round runs all subjects in turn, so
//! that other load on the machine affects all alike. Figures are medians of the rounds. `FILTER` is a part of a
//! subject's name. The locks always run.
//!
//! The output is CSV with these columns:
//! - `reads_s` and `writes_s`: operations per second of all threads together.
//! - `ns`: the time of one operation of one thread.
//! - `of_lock`: the median of the ratios to the faster of the two read-write locks in the same round.
//! - `p50`, `p99` and `p99.9`: percentiles of the times of reads in nanoseconds, from a separate run. They include the
//!   time of the clock, which also keeps reads from overlapping.
//! - `write_bytes` and `peak_bytes`: the bytes allocated per write, and the peak of live bytes beyond those before the
//!   run, from another separate run.
//!
//! If a JDK is installed, `Crossover.java` measures Java's `CopyOnWriteArrayList` too. Its rows have no `of_lock`,
//! because its rounds do not alternate with those of the locks, and no `peak_bytes`.
//!
//! With the feature `arc-swap` lists publish through that crate, and their names say so. Compare the rows of the two
//! runs by `of_lock`. The charts are those of the crate's own cell.
//!
//! `--charts` measures the whole grid, writes the figures to `tmp/crossover.csv` in the target folder, and draws the
//! charts in `src/docs`, whose pages show them. `--draw` draws them again from that file, to change a label without a
//! measurement.

mod charts;
mod heap;
mod java;
mod race;
mod rows;
mod settings;
mod subjects;
mod workload;

use std::io;
use std::sync::Arc;
use std::thread;

use self::race::race;
use self::rows::{Latency, Row};
use self::settings::{Case, Effort, Settings, Task};
use self::subjects::{LOCK, STD_LOCK, subjects};
use self::workload::{Named, Payload, Read, Write};

#[global_allocator]
static ALLOCATOR: heap::Counting = heap::Counting;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The result of one round for one subject: reads and writes per second, and nanoseconds per operation.
#[derive(Clone, Copy)]
struct Seen {
    reads: f64,
    writes: f64,
    ns: f64,
}

/// Measures one case with the locks and with the subjects whose names contain `filter`.
fn measure<T: subjects::Payload>(case: &Case, filter: &str, effort: Effort) -> Vec<Row> {
    let roles = case.roles();
    subjects::<T, _>(case.len, case.write, case.read, |all| {
        let wanted: Vec<_> = all
            .iter()
            .filter(|(name, _)| [LOCK, STD_LOCK].contains(name) || name.contains(filter))
            .collect();
        let rounds: Vec<Vec<Seen>> = (0..effort.rounds)
            .map(|_| {
                let each = wanted.iter().map(|(_, worker)| {
                    let (done, took) = race(worker, &roles, effort.run, false);
                    Seen {
                        reads: done.reads as f64 / took * 1e9,
                        writes: done.writes as f64 / took * 1e9,
                        ns: took * roles.len() as f64 / (done.reads + done.writes) as f64,
                    }
                });
                each.collect()
            })
            .collect();
        let row = |(place, (name, worker)): (usize, &&(&'static str, race::Worker<'_>))| {
            let of = |figure: fn(&Seen) -> f64| {
                median(rounds.iter().map(|round| figure(&round[place])).collect())
            };
            // The first two subjects are the locks.
            let of_lock = |round: &Vec<Seen>| round[place].ns / f64::min(round[0].ns, round[1].ns);
            let (timed, _) = race(worker, &roles, effort.run, true);
            let (allocated, peak, (counted, _)) =
                heap::bytes_of(|| race(worker, &roles, effort.run, false));
            let latency = timed.latency.filter(|reads| !reads.is_empty());
            Row {
                subject: name.to_string(),
                case: *case,
                reads: of(|seen| seen.reads),
                writes: of(|seen| seen.writes),
                ns: of(|seen| seen.ns),
                of_lock: Some(median(rounds.iter().map(of_lock).collect())),
                latency: latency
                    .map(|reads| Latency([50.0, 99.0, 99.9].map(|p| reads.value_at_percentile(p)))),
                write_bytes: (counted.writes > 0).then(|| allocated as f64 / counted.writes as f64),
                peak_bytes: Some(peak),
            }
        };
        wanted.iter().enumerate().map(row).collect()
    })
}

fn measure_case(case: &Case, filter: &str, effort: Effort) -> Vec<Row> {
    match case.payload {
        Payload::U64 => measure::<u64>(case, filter, effort),
        Payload::Arc => measure::<Arc<str>>(case, filter, effort),
        Payload::String => measure::<String>(case, filter, effort),
    }
}

/// Returns the cases of the charts: two threads at every length, share, payload and write. Reads of the whole list,
/// one thread, and one thread per core have fewer shares.
fn grid() -> Vec<Case> {
    let mut cases = Vec::new();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for (_, payload) in Payload::ALL {
        for (_, write) in Write::ALL {
            for len in charts::LENGTHS {
                let case = Case {
                    threads: 2,
                    readers: 0,
                    writers: 0,
                    len,
                    payload: *payload,
                    write: *write,
                    read: Read::One,
                    share: 0.0,
                };
                cases.extend(charts::SHARES.map(|share| Case { share, ..case }));
                let all = Case { read: Read::All, ..case };
                cases.extend([0.0, 1.0, 10.0, 50.0].map(|share| Case { share, ..all }));
                let alone = Case { threads: 1, ..case };
                cases.extend([0.0, 10.0, 100.0].map(|share| Case { share, ..alone }));
                if cores > 2 {
                    let many = Case { threads: cores, ..case };
                    cases.extend([0.0, 1.0, 10.0, 50.0].map(|share| Case { share, ..many }));
                }
            }
        }
    }
    cases
}

fn main() -> io::Result<()> {
    let settings = Settings::parse();
    let charts = !matches!(settings.task, Task::Print(_));
    assert!(!(charts && cfg!(feature = "arc-swap")), "no charts with the feature arc-swap");
    let by_java = |cases: &[Case]| match java::LIST.contains(&settings.filter) {
        true => java::measure(cases, settings.effort),
        false => Ok(Vec::new()),
    };
    let measured = |cases: &[Case]| {
        let rows = |case: &Case| measure_case(case, &settings.filter, settings.effort);
        cases.iter().flat_map(rows).collect::<Vec<_>>()
    };
    match &settings.task {
        Task::Print(cases) => {
            println!("{}", rows::HEADER);
            for case in cases {
                for row in measured(std::slice::from_ref(case)) {
                    println!("{row}");
                }
            }
            by_java(cases)?.iter().for_each(|row| println!("{row}"));
            Ok(())
        }
        Task::Charts => {
            let cases = grid();
            let mut rows = measured(&cases);
            rows.extend(by_java(&cases)?);
            rows::write(&charts::caption(), &rows)?;
            charts::draw()
        }
        Task::Draw => charts::draw(),
    }
}
