//! Moves a virtual machine to another host while it runs. The move can be given up at any moment.
//!
//! `cargo run --release --example migration -- FOLDER`
//!
//! - The machine's memory is a vector of pages. It begins with the files of FOLDER (by default src), and the
//!   machine keeps writing to it.
//! - The first round sends a snapshot. Each later round sends the pages written during the round before. `diff`
//!   finds them, because a write to a page of a snapshot moves the page.
//! - When few pages are left, the machine stops until they are sent.
//! - The other host may fail at any page, or the machine may write faster than pages are sent. The move is then
//!   given up. This does not affect the machine, because only the machine writes to its memory.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::process::ExitCode;
use std::time::Instant;

use common::{Outcome, Random, argument, ensure, exit, read_tree, timed};
use cow_collections::{CowVec, PersistentVector};

const PAGE: usize = 4096;
/// The number of pages that get nine of ten writes.
const HOT: usize = 64;
/// The machine stops for the last round if at most this many pages are left.
const FEW: usize = 16;
const MOST_ROUNDS: usize = 40;

#[derive(Clone)]
struct Page(CowVec<u8>);

/// Compares addresses, not bytes: a write to a page of a snapshot moves the page.
impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

struct Machine {
    memory: PersistentVector<Page>,
    /// The number of writes so far. They are the same in every run, so that the memory can be checked.
    writes: u64,
}

impl Machine {
    fn new(image: &[u8]) -> Self {
        let mut bytes = image.to_vec();
        bytes.resize((image.len().div_ceil(PAGE) + 1024) * PAGE, 0);
        let memory = bytes.chunks(PAGE).map(|page| Page(page.into())).collect();
        Self { memory, writes: 0 }
    }

    fn run(&mut self, writes: u64) {
        for _ in 0..writes {
            self.writes += 1;
            let (mut random, pages) = (Random(self.writes), self.memory.len());
            let hot = random.below(10) > 0;
            let page = if hot { random.below(HOT) * (pages / HOT) } else { random.below(pages) };
            let at = random.below(PAGE / 8) * 8;
            let page = self.memory[page].0.make_mut();
            page[at..at + 8].copy_from_slice(&self.writes.to_le_bytes());
        }
    }

    /// Moves to another host. Returns the memory there, or `None` if the move is given up.
    ///
    /// The machine makes `pace` writes while one page is sent. The other host fails after `fails` pages.
    fn migrate(&mut self, pace: u64, fails: Option<usize>) -> Option<Vec<Vec<u8>>> {
        let (mut there, mut sent, mut rounds) =
            (vec![Vec::new(); self.memory.len()], 0, Vec::new());
        let mut dirty: Vec<usize> = (0..there.len()).collect();
        while rounds.len() < MOST_ROUNDS {
            let (snapshot, last) = (self.memory.clone(), dirty.len() <= FEW);
            let clock = Instant::now();
            for page in &dirty {
                if fails == Some(sent) {
                    println!("  the other host failed in round {}", rounds.len());
                    return None;
                }
                there[*page] = snapshot[*page].0.to_vec();
                sent += 1;
                self.run(if last { 0 } else { pace });
            }
            rounds.push(dirty.len());
            if last {
                println!("  pages sent in each round: {rounds:?}");
                println!("  stopped for {:.1?}", clock.elapsed());
                return Some(there);
            }
            dirty = snapshot.diff(&self.memory).into_iter().flat_map(|hunk| hunk.new).collect();
        }
        println!("  given up: {} pages are left after {MOST_ROUNDS} rounds", dirty.len());
        None
    }
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Outcome {
    let files = read_tree(&argument("a folder", "src")?)?;
    let image: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let mut machine = Machine::new(&image);
    let pages = machine.memory.len();
    // Compares with a machine that made the same writes without a snapshot.
    let right = |machine: &Machine| {
        let mut alone = Machine::new(&image);
        alone.run(machine.writes);
        alone.memory.iter().map(|page| &page.0).eq(machine.memory.iter().map(|page| &page.0))
    };

    println!("a machine of {pages} pages, which makes four writes while one is sent");
    ensure(machine.migrate(4, None).is_none(), "the machine moved, although it writes too fast")?;
    ensure(right(&machine), "giving up the move changed the memory")?;

    println!("the same machine, which makes one write while a page is sent");
    let mut failed = 0;
    for page in [0, 1, pages - 1, pages, pages + pages / 8] {
        failed += usize::from(machine.migrate(1, Some(page)).is_none());
        ensure(right(&machine), format!("the failure at page {page} changed the memory"))?;
    }
    ensure(failed == 5, "a move to a host that failed succeeded")?;
    let there = machine.migrate(1, None);
    let same =
        there.is_some_and(|there| there.iter().eq(machine.memory.iter().map(|page| &*page.0)));
    ensure(same && right(&machine), "the memory on the other host is wrong")?;

    let (copy, time) =
        timed(|| machine.memory.iter().map(|page| page.0.to_vec()).collect::<Vec<_>>());
    println!("stopping to send all {} pages would have taken {time:.1?}", copy.len());
    Ok(())
}
