//! A virtual machine moves to another host while it runs, and can go back at any moment.
//!
//! `cargo run --release --example migration -- FOLDER`
//!
//! - The machine's memory is a vector of pages, which has the files of FOLDER (src) in it, and is written to
//!   all the while. The first round sends a snapshot of it; each later round the pages that were written to
//!   during the one before, as `diff` finds them: a page that is in a snapshot moves when it is written.
//! - When few are left the machine stops, and the last of them are sent. It stands still for these alone.
//! - The target may fail at any page, or the machine write faster than pages are sent. The move is then given
//!   up, and the machine has not noticed: nobody ever wrote to its memory but itself.
//!
//! Exit status: 1 if something is not as it should be, 2 if the folder cannot be used.

mod common;

use std::process::ExitCode;
use std::time::Instant;

use common::{Outcome, Random, argument, ensure, exit, read_tree, timed};
use cow_collections::{CowVec, PersistentVector};

const PAGE: usize = 4096;
/// Nine of ten writes go to so many pages.
const HOT: usize = 64;
/// With so many left to send the machine may stop.
const FEW: usize = 16;
const MOST_ROUNDS: usize = 40;

#[derive(Clone)]
struct Page(CowVec<u8>);

/// Where it is, not what it has: a page that was in a snapshot is elsewhere once it was written to.
impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

struct Machine {
    memory: PersistentVector<Page>,
    /// Each is always the same, so that what the memory should have can be made again.
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

    /// Moves to another host. Returns the memory there, unless the move is given up.
    ///
    /// While one page is sent the machine makes `pace` writes. The other host fails at page `fails`.
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
    // What the machine should have: the same writes in memory that nobody takes a snapshot of.
    let right = |machine: &Machine| {
        let mut alone = Machine::new(&image);
        alone.run(machine.writes);
        alone.memory.iter().map(|page| &page.0).eq(machine.memory.iter().map(|page| &page.0))
    };

    println!("a machine of {pages} pages, which writes four times while one is sent");
    ensure(machine.migrate(4, None).is_none(), "it moved, and did not have to stop for long")?;
    ensure(right(&machine), "the machine noticed that its move was given up")?;

    println!("which writes once");
    let mut failed = 0;
    for page in [0, 1, pages - 1, pages, pages + pages / 8] {
        failed += usize::from(machine.migrate(1, Some(page)).is_none());
        ensure(right(&machine), format!("the machine noticed the failure at page {page}"))?;
    }
    ensure(failed == 5, "a move succeeded to a host that failed")?;
    let there = machine.migrate(1, None);
    let same =
        there.is_some_and(|there| there.iter().eq(machine.memory.iter().map(|page| &*page.0)));
    ensure(same && right(&machine), "the machine is not there as it was here")?;

    let (copy, time) =
        timed(|| machine.memory.iter().map(|page| page.0.to_vec()).collect::<Vec<_>>());
    println!("to stop and send all {} pages would have taken {time:.1?}", copy.len());
    Ok(())
}
