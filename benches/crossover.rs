//! How many writes it takes until a lock is faster: threads that read and write one list, for a share of
//! writes from none to all.
//!
//! ```text
//! cargo bench --bench crossover -- [FILTER] [--threads 2] [--readers 0 --writers 0] [--len 64]
//!     [--payload u64|text] [--write set|push] [--share PERCENT] [--rounds 9] [--millis 20]
//! ```
//!
//! All `threads` read and write alike, by the share; or, if `readers` or `writers` are given, so many do
//! nothing else. They start at once, thread `i` on core `i`. A round runs all subjects in turn, so that a
//! noisy neighbour hurts all alike, and figures are medians of the rounds. The output is CSV: `ns` is the
//! time of one operation of one thread, and `of_lock` the median of each round's ratio to the better of the
//! two read-write locks. `FILTER` is a part of a subject's name; the locks always run.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, Cache};
use cow_collections::CopyOnWriteList;

/// Where pushes make a list about this long, it starts again.
const MAX_LEN: usize = 4096;
const INDEX: usize = 7;
/// In percent.
const SHARES: [f64; 6] = [0.0, 0.1, 1.0, 10.0, 50.0, 100.0];
const LOCKS: [&str; 2] = ["std RwLock<Vec>", "parking_lot RwLock<Vec>"];

/// What is stored.
trait Payload: Clone + Send + Sync {
    fn new() -> Self;
    fn look(&self) -> u64;
}

impl Payload for u64 {
    fn new() -> Self {
        black_box(1)
    }
    fn look(&self) -> u64 {
        *self
    }
}

impl Payload for Arc<str> {
    fn new() -> Self {
        black_box("a text").into()
    }
    fn look(&self) -> u64 {
        self.len() as u64
    }
}

struct Settings {
    filter: String,
    threads: usize,
    readers: usize,
    writers: usize,
    len: usize,
    payload: String,
    write: String,
    share: Option<f64>,
    rounds: usize,
    run: Duration,
}

impl Settings {
    fn parse() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
        let after = |name: &str| {
            let place = arguments.iter().position(|a| a == name)?;
            Some(arguments.get(place + 1).expect("a value").clone())
        };
        let number = |name, default: f64| after(name).map_or(default, |n| n.parse().expect(name));
        // A short run of everything, to see that it works.
        let smoke = arguments.iter().any(|a| a == "--test");
        Self {
            filter: arguments.first().filter(|a| !a.starts_with("--")).cloned().unwrap_or_default(),
            threads: number("--threads", 2.0) as usize,
            readers: number("--readers", 0.0) as usize,
            writers: number("--writers", 0.0) as usize,
            len: number("--len", 64.0) as usize,
            payload: after("--payload").unwrap_or("u64".into()),
            write: after("--write").unwrap_or("set".into()),
            share: after("--share").map(|n| n.parse().expect("--share")),
            rounds: if smoke { 1 } else { number("--rounds", 9.0) as usize },
            run: Duration::from_millis(if smoke { 1 } else { number("--millis", 20.0) as u64 }),
        }
    }

    fn apart(&self) -> bool {
        self.readers + self.writers > 0
    }

    /// For each thread, the share of writes among its operations.
    fn roles(&self, share: f64) -> Vec<f64> {
        match self.apart() {
            true => [vec![0.0; self.readers], vec![100.0; self.writers]].concat(),
            false => vec![share; self.threads],
        }
    }
}

/// What one thread does until it is told to stop.
struct Operations<'a> {
    stop: &'a AtomicBool,
    state: u64,
    /// Random numbers below this are writes.
    threshold: u64,
    /// After so many of its own pushes a thread makes the list short again.
    pushes: usize,
}

#[derive(Default, Clone, Copy)]
struct Counts {
    reads: u64,
    writes: u64,
}

impl Operations<'_> {
    /// `write` is told how many pushes this thread may still make before the list is to be short again.
    #[inline(always)]
    fn run(mut self, mut read: impl FnMut() -> u64, mut write: impl FnMut(usize)) -> Counts {
        let (mut counts, pushes) = (Counts::default(), self.pushes);
        while !self.stop.load(Ordering::Relaxed) {
            for _ in 0..64 {
                self.state ^= self.state << 13;
                self.state ^= self.state >> 7;
                self.state ^= self.state << 17;
                if self.state < self.threshold {
                    write(self.pushes);
                    self.pushes = self.pushes.checked_sub(1).unwrap_or(pushes);
                    counts.writes += 1;
                } else {
                    black_box(read());
                    counts.reads += 1;
                }
            }
        }
        counts
    }
}

/// Keeps the calling thread on one core, as far as the system knows how.
fn pin(core: usize) {
    #[cfg(target_os = "linux")]
    {
        #[allow(unsafe_code, reason = "std does not know cores")]
        unsafe extern "C" {
            safe fn sched_setaffinity(pid: i32, size: usize, mask: &u64) -> i32;
        }
        let cores = thread::available_parallelism().map_or(1, usize::from).min(64);
        sched_setaffinity(0, size_of::<u64>(), &(1 << (core % cores)));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

type Worker<'a> = Box<dyn Fn(Operations<'_>) -> Counts + Sync + 'a>;

/// One run of one subject: what the threads did, and the nanoseconds it took.
fn race(worker: &Worker<'_>, roles: &[f64], run: Duration) -> (Counts, f64) {
    let (stop, barrier) = (AtomicBool::new(false), Barrier::new(roles.len() + 1));
    thread::scope(|threads| {
        let running: Vec<_> = (0..)
            .zip(roles)
            .map(|(thread, share)| {
                let (stop, barrier) = (&stop, &barrier);
                let threshold = (u64::MAX as f64 * share / 100.0) as u64;
                let state = (thread as u64 + 1) * 0x9E37_79B9_7F4A_7C15;
                let pushes = MAX_LEN / roles.len();
                threads.spawn(move || {
                    pin(thread);
                    barrier.wait();
                    worker(Operations { stop, state, threshold, pushes })
                })
            })
            .collect();
        barrier.wait();
        let begin = Instant::now();
        thread::sleep(run);
        stop.store(true, Ordering::Relaxed);
        let took = begin.elapsed().as_secs_f64() * 1e9;
        let all = running.into_iter().map(|thread| thread.join().unwrap());
        let sum =
            |a: Counts, b: Counts| Counts { reads: a.reads + b.reads, writes: a.writes + b.writes };
        (all.fold(Counts::default(), sum), took)
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// All subjects at one share.
fn case<T: Payload>(settings: &Settings, share: f64) {
    let (len, pushes) = (settings.len, settings.write == "push");
    let elements = || vec![T::new(); len];
    let look = |elements: &[T]| elements[INDEX % len].look();
    // What a write does to a vector that can be changed in place.
    let write = |v: &mut Vec<T>, left: usize| match (pushes, left) {
        (false, _) => v[INDEX % len] = T::new(),
        (true, 0) => v.truncate(len),
        (true, _) => v.push(T::new()),
    };
    let lists = [(); 3].map(|()| CopyOnWriteList::from(elements()));
    let write_list = |list: &CopyOnWriteList<T>, left| match (pushes, left) {
        (false, _) => _ = list.set(INDEX % len, T::new()),
        (true, 0) => list.update(|v| v.truncate(len)),
        (true, _) => list.push(T::new()),
    };
    let swaps = [(); 2].map(|()| ArcSwap::from_pointee(elements()));
    let write_swap = |swap: &ArcSwap<Vec<T>>, left| {
        swap.rcu(|v| {
            let mut v = Vec::clone(v);
            write(&mut v, left);
            v
        });
    };
    let (std, parking_lot) = (RwLock::new(elements()), parking_lot::RwLock::new(elements()));
    let mutex = Mutex::new(elements());

    let subjects: [(&str, Worker<'_>); 8] = [
        (
            LOCKS[0],
            Box::new(|ops| {
                ops.run(
                    || look(&std.read().unwrap()),
                    |left| write(&mut std.write().unwrap(), left),
                )
            }),
        ),
        (
            LOCKS[1],
            Box::new(|ops| {
                let (lock, write) = (&parking_lot, &write);
                ops.run(|| look(&lock.read()), |left| write(&mut lock.write(), left))
            }),
        ),
        (
            "CopyOnWriteList by reader",
            Box::new(|ops| {
                let mut reader = lists[0].reader();
                ops.run(|| look(reader.load()), |left| write_list(&lists[0], left))
            }),
        ),
        (
            "CopyOnWriteList by load",
            Box::new(|ops| ops.run(|| look(&lists[1].load()), |left| write_list(&lists[1], left))),
        ),
        (
            "CopyOnWriteList by snapshot",
            Box::new(|ops| {
                ops.run(|| look(&lists[2].snapshot()), |left| write_list(&lists[2], left))
            }),
        ),
        (
            "ArcSwap<Vec> by cache",
            Box::new(|ops| {
                let mut cache = Cache::new(&swaps[0]);
                ops.run(|| look(cache.load()), |left| write_swap(&swaps[0], left))
            }),
        ),
        (
            "ArcSwap<Vec> by load",
            Box::new(|ops| ops.run(|| look(&swaps[1].load()), |left| write_swap(&swaps[1], left))),
        ),
        (
            "Mutex<Vec>",
            Box::new(|ops| {
                ops.run(
                    || look(&mutex.lock().unwrap()),
                    |left| write(&mut mutex.lock().unwrap(), left),
                )
            }),
        ),
    ];
    let wanted = |name: &str| LOCKS.contains(&name) || name.contains(&settings.filter);
    let roles = settings.roles(share);
    // For each subject, each round's reads and writes a second, and nanoseconds for an operation.
    let mut figures = vec![[const { Vec::new() }; 4]; subjects.len()];
    for _ in 0..settings.rounds {
        for (figures, (name, worker)) in figures.iter_mut().zip(&subjects) {
            if wanted(name) {
                let (counts, took) = race(worker, &roles, settings.run);
                figures[0].push(counts.reads as f64 / took * 1e9);
                figures[1].push(counts.writes as f64 / took * 1e9);
                let all = (counts.reads + counts.writes) as f64;
                figures[2].push(took * roles.len() as f64 / all);
            }
        }
        let lock = f64::min(*figures[0][2].last().unwrap(), *figures[1][2].last().unwrap());
        for figures in &mut figures {
            let ratio = figures[2].last().map(|ns| ns / lock);
            figures[3].extend(ratio);
        }
    }
    for (figures, (name, _)) in figures.into_iter().zip(&subjects) {
        if wanted(name) {
            let [reads, writes, ns, ratio] = figures.map(median);
            let Settings { threads, readers, writers, payload, write, .. } = settings;
            let threads = if settings.apart() { 0 } else { *threads };
            println!(
                "{name},{write},{share},{threads},{readers},{writers},{len},{payload},{reads:.0},\
                 {writes:.0},{ns:.2},{ratio:.3}"
            );
        }
    }
}

fn main() {
    let settings = Settings::parse();
    println!("subject,write,share,threads,readers,writers,len,payload,reads_s,writes_s,ns,of_lock");
    let shares = match settings.share {
        Some(share) => vec![share],
        None if settings.apart() => vec![0.0],
        None => SHARES.to_vec(),
    };
    for share in shares {
        match &*settings.payload {
            "u64" => case::<u64>(&settings, share),
            "text" => case::<Arc<str>>(&settings, share),
            other => panic!("no payload {other}"),
        }
    }
}
