//! The settings from the command line.

use std::time::Duration;

use crate::workload::{Named, Payload, Read, Write};

/// One point of the grid.
#[derive(Clone, Copy)]
pub struct Case {
    /// Threads that read and write alike.
    pub threads: usize,
    /// Threads that only read. If this or `writers` is not 0, `threads` has no effect.
    pub readers: usize,
    pub writers: usize,
    pub len: usize,
    pub payload: Payload,
    pub write: Write,
    pub read: Read,
    /// The share of writes, in percent of all operations.
    pub share: f64,
}

impl Case {
    pub fn apart(&self) -> bool {
        self.readers + self.writers > 0
    }

    /// Returns, for each thread, the share of writes among its operations.
    pub fn roles(&self) -> Vec<f64> {
        match self.apart() {
            true => [vec![0.0; self.readers], vec![100.0; self.writers]].concat(),
            false => vec![self.share; self.threads],
        }
    }
}

/// The number of rounds, and the time of each run.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    pub run: Duration,
}

pub enum Task {
    /// Measures these cases, and prints the rows.
    Print(Vec<Case>),
    /// Measures the whole grid, writes the rows to a file, and draws the charts.
    Charts,
    /// Draws the charts from the rows in the file.
    Draw,
}

pub struct Settings {
    /// A part of a subject's name.
    pub filter: String,
    pub effort: Effort,
    pub task: Task,
}

/// The shares of writes that are measured by default, in percent.
const SHARES: [f64; 6] = [0.0, 0.1, 1.0, 10.0, 50.0, 100.0];

fn named<N: Named>(option: &str, given: Option<String>, default: N) -> N {
    let names = || N::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let find = |name: &str| {
        N::find(name).unwrap_or_else(|| panic!("{option}: {name} is not one of {}", names()))
    };
    given.as_deref().map_or(default, find)
}

impl Settings {
    pub fn parse() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
        let given = |name: &str| arguments.iter().any(|a| a == name);
        let after = |name: &str| {
            let place = arguments.iter().position(|a| a == name)?;
            Some(arguments.get(place + 1).unwrap_or_else(|| panic!("{name} needs a value")).clone())
        };
        let number = |name: &str, default: f64| {
            after(name).map_or(default, |n| {
                n.parse().unwrap_or_else(|_| panic!("{name}: not a number: {n}"))
            })
        };
        let count = |name: &str, default: usize| number(name, default as f64) as usize;
        // Runs everything once, only to show that it works.
        let smoke = given("--test");
        let task = if given("--charts") {
            Task::Charts
        } else if given("--draw") {
            Task::Draw
        } else {
            let case = Case {
                threads: count("--threads", 2),
                readers: count("--readers", 0),
                writers: count("--writers", 0),
                len: count("--len", 64),
                payload: named("--payload", after("--payload"), Payload::U64),
                write: named("--write", after("--write"), Write::Set),
                read: named("--read", after("--read"), Read::One),
                share: 0.0,
            };
            let shares = match after("--share") {
                Some(_) => vec![number("--share", 0.0)],
                None if case.apart() => vec![0.0],
                None => SHARES.to_vec(),
            };
            Task::Print(shares.into_iter().map(|share| Case { share, ..case }).collect())
        };
        let (rounds, millis) = match (smoke, &task) {
            (true, _) => (1, 1),
            (_, Task::Print(_)) => (9, 20),
            _ => (5, 6),
        };
        Self {
            filter: arguments.first().filter(|a| !a.starts_with("--")).cloned().unwrap_or_default(),
            effort: Effort {
                rounds: count("--rounds", rounds),
                run: Duration::from_millis(count("--millis", millis) as u64),
            },
            task,
        }
    }
}
