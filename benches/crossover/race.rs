//! Runs threads that start at once, each on one core, and read and write until they are told to stop.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// After about this many pushes, the list is truncated to its initial length.
const PUSHES: usize = 4096;

/// The operations of one thread, which it repeats until it is told to stop.
pub struct Operations<'a> {
    stop: &'a AtomicBool,
    state: u64,
    /// Random numbers below this are writes.
    threshold: u64,
    /// After this many pushes, the thread truncates the list.
    pushes: usize,
    /// Whether each read is timed.
    timed: bool,
}

/// The numbers of operations that threads did.
#[derive(Default)]
pub struct Done {
    pub reads: u64,
    pub writes: u64,
    /// The times of reads in nanoseconds, if they were timed.
    pub latency: Option<Histogram<u64>>,
}

impl Done {
    fn and(mut self, other: Self) -> Self {
        self.reads += other.reads;
        self.writes += other.writes;
        match (&mut self.latency, other.latency) {
            (Some(ours), Some(theirs)) => ours.add(theirs).expect("both have the same bounds"),
            (ours @ None, theirs) => *ours = theirs,
            (Some(_), None) => {}
        }
        self
    }
}

impl Operations<'_> {
    /// Reads and writes until the thread is told to stop. `write` gets the number of pushes left until it must truncate
    /// the list.
    #[inline(always)]
    pub fn run(self, mut read: impl FnMut() -> u64, write: impl FnMut(usize)) -> Done {
        if !self.timed {
            return self.repeat(|| _ = black_box(read()), write);
        }
        // Times up to one second, with three digits.
        let mut latency = Histogram::new_with_max(1_000_000_000, 3).expect("valid bounds");
        let done = self.repeat(
            || {
                let begin = Instant::now();
                black_box(read());
                latency.saturating_record(begin.elapsed().as_nanos() as u64);
            },
            write,
        );
        Done { latency: Some(latency), ..done }
    }

    #[inline(always)]
    fn repeat(mut self, mut read: impl FnMut(), mut write: impl FnMut(usize)) -> Done {
        let (mut done, pushes) = (Done::default(), self.pushes);
        while !self.stop.load(Ordering::Relaxed) {
            for _ in 0..64 {
                self.state ^= self.state << 13;
                self.state ^= self.state >> 7;
                self.state ^= self.state << 17;
                if self.state < self.threshold {
                    write(self.pushes);
                    self.pushes = self.pushes.checked_sub(1).unwrap_or(pushes);
                    done.writes += 1;
                } else {
                    read();
                    done.reads += 1;
                }
            }
        }
        done
    }
}

/// Pins the calling thread to one core, on Linux only.
fn pin(core: usize) {
    #[cfg(target_os = "linux")]
    {
        #[allow(unsafe_code, reason = "std has no thread affinity")]
        unsafe extern "C" {
            safe fn sched_setaffinity(pid: i32, size: usize, mask: &u64) -> i32;
        }
        let cores = thread::available_parallelism().map_or(1, usize::from).min(64);
        sched_setaffinity(0, size_of::<u64>(), &(1 << (core % cores)));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = core;
}

pub type Worker<'a> = Box<dyn Fn(Operations<'_>) -> Done + Sync + 'a>;

/// Runs one subject, with a thread for each share of writes in `roles`. Returns the operations that they did, and the
/// mean time of a thread in nanoseconds. That time may be longer than `run`, because a thread checks for the end only
/// after every 64 operations.
pub fn race(worker: &Worker<'_>, roles: &[f64], run: Duration, timed: bool) -> (Done, f64) {
    let (stop, barrier) = (AtomicBool::new(false), Barrier::new(roles.len() + 1));
    thread::scope(|threads| {
        let running: Vec<_> = (0..)
            .zip(roles)
            .map(|(thread, share)| {
                let (stop, barrier) = (&stop, &barrier);
                let threshold = (u64::MAX as f64 * share / 100.0) as u64;
                let state = (thread as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let pushes = PUSHES / roles.len();
                threads.spawn(move || {
                    pin(thread);
                    barrier.wait();
                    let begin = Instant::now();
                    let done = worker(Operations { stop, state, threshold, pushes, timed });
                    (done, begin.elapsed().as_secs_f64() * 1e9)
                })
            })
            .collect();
        barrier.wait();
        thread::sleep(run);
        stop.store(true, Ordering::Relaxed);
        let all = running.into_iter().map(|thread| thread.join().unwrap());
        let (done, took) = all
            .fold((Done::default(), 0.0), |(done, took), (more, ns)| (done.and(more), took + ns));
        (done, took / roles.len() as f64)
    })
}
