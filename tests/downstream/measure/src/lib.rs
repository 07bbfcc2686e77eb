//! Measures the job of a driver. Every line of output has a name and a value, which `run` compares between the sides.

#[path = "../../../common/alloc.rs"]
pub mod alloc;

use std::fs;
use std::hint::black_box;
use std::time::Instant;

/// The number of times that `time` runs a job.
const ROUNDS: usize = 3;

/// What was measured of the parts of a job.
#[derive(Default)]
pub struct Parts {
    times: Vec<(String, f64)>,
    counts: Vec<(String, usize)>,
}

impl Parts {
    /// Runs one part of the job, and notes its milliseconds and its allocations.
    pub fn run<R>(&mut self, name: &str, part: impl FnOnce() -> R) -> R {
        let begin = Instant::now();
        let (blocks, result) = alloc::blocks_of(|| black_box(part()));
        self.times.push((format!("{name}, ms"), begin.elapsed().as_secs_f64() * 1e3));
        self.counts.push((format!("{name}, allocations"), blocks));
        result
    }

    /// Notes a number.
    pub fn count(&mut self, name: &str, count: usize) {
        self.counts.push((name.into(), count));
    }
}

/// Prints the milliseconds of each part.
pub fn time(job: impl Fn(&mut Parts) -> usize) {
    for _ in 0..ROUNDS {
        let mut parts = Parts::default();
        job(&mut parts);
        for (name, time) in parts.times {
            println!("{name}|{time:.2}");
        }
    }
}

/// Prints the allocations of each part, the peak of the process's memory, and the result of the job.
pub fn count(job: impl Fn(&mut Parts) -> usize) {
    let mut parts = Parts::default();
    let result = job(&mut parts);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    for (name, count) in parts.counts {
        println!("{name}|{count}");
    }
    println!("peak memory, KiB|{}\nresult|{result}", peak.unwrap_or("0"));
}
