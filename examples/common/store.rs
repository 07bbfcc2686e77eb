//! A store of keys and values that saves itself to a file: a hash table in a `PersistentVector`.
//!
//! A save writes a clone of the table. Meanwhile a write copies its leaf of 1 KiB, once, and the nodes above it, as
//! a write after `fork` copies a page.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;
use std::{mem, thread};

use cow_collections::{PersistentVector, persistent_vector};

use super::{Outcome, Random, own_time, wrong};

/// The pause of a save after every 8,192 entries, which it writes in about a millisecond.
const REST: Duration = Duration::from_millis(3);

#[derive(Clone)]
pub struct Store {
    /// Keys and values. The key 0 marks a free slot.
    slots: PersistentVector<[u32; 2]>,
    used: usize,
    /// The number of writes so far.
    pub version: u32,
}

impl Store {
    pub fn new() -> Self {
        Self { slots: persistent_vector![[0; 2]; 1024], used: 0, version: 0 }
    }

    /// Returns the number of slots, and how many of them are in use.
    pub fn size(&self) -> (usize, usize) {
        (self.slots.len(), self.used)
    }

    pub fn heap_bytes(&self) -> usize {
        self.slots.heap_bytes()
    }

    /// Returns the bytes that writes have copied since `snapshot` was cloned.
    pub fn copied_since(&self, snapshot: &Self) -> usize {
        self.heap_bytes() - self.slots.shared_bytes_with(&snapshot.slots)
    }

    pub fn entries(&self) -> impl Iterator<Item = [u32; 2]> {
        self.slots.iter().copied().filter(|[key, _]| *key != 0)
    }

    /// Returns the slot that has the key, or the free slot where it would go.
    fn find(&self, key: u32) -> usize {
        let hash = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let mut slots = (hash as usize..).map(|slot| slot % self.slots.len());
        slots.find(|slot| [0, key].contains(&self.slots[*slot][0])).expect("a slot is free")
    }

    pub fn get(&self, key: u32) -> Option<u32> {
        let [found, value] = self.slots[self.find(key)];
        (found != 0).then_some(value)
    }

    /// Sets the value of a key. While a save runs, the table grows at 7/8 full rather than at 3/4, because a larger
    /// table shares nothing with the clone that is being saved.
    pub fn set(&mut self, key: u32, value: u32, saving: bool) {
        self.version += 1;
        let mut slot = self.find(key);
        if self.slots[slot][0] == 0 {
            let size = self.slots.len();
            if self.used >= if saving { size / 8 * 7 } else { size / 4 * 3 } {
                let old = mem::replace(&mut self.slots, persistent_vector![[0; 2]; 2 * size]);
                for entry in old.iter().filter(|entry| entry[0] != 0) {
                    let slot = self.find(entry[0]);
                    self.slots[slot] = *entry;
                }
                slot = self.find(key);
            }
            self.used += 1;
        }
        self.slots[slot] = [key, value];
    }

    /// Writes a second file and renames it to `path`. Calls `step` between any two steps.
    ///
    /// A reader that opens `path` at any moment finds the old file or all of the new one.
    pub fn save(&self, path: &Path, mut step: impl FnMut()) -> io::Result<()> {
        let part = path.with_extension("part");
        let mut file = BufWriter::new(File::create(&part)?);
        let mut line = format!("version {}\n", self.version);
        let mut sum = 0;
        for (number, [key, value]) in self.entries().enumerate() {
            file.write_all(line.as_bytes())?;
            sum = checksum(sum, &line);
            line.clear();
            writeln!(line, "{key} {value}").expect("writing to a string succeeds");
            if number % 256 == 0 {
                step();
            }
            if number % 8_192 == 8_191 {
                thread::sleep(REST); // leaves the cores and the disk to others
            }
        }
        write!(file, "{line}checksum {}", checksum(sum, &line))?;
        let file = file.into_inner()?;
        step();
        file.sync_all()?; // puts the data on the disk before the rename
        step();
        fs::rename(&part, path)?;
        step();
        // Puts the new name on the disk before the caller reports the save.
        if cfg!(unix) { File::open(path.parent().unwrap_or(path))?.sync_all() } else { Ok(()) }
    }

    /// Loads the store that was saved last, or an empty store if there is no file.
    pub fn load(path: &Path) -> Outcome<Self> {
        let mut store = Self::new();
        if path.exists() {
            let damaged = || wrong(format!("{path:?} is damaged"));
            let text = fs::read_to_string(path)?;
            let (text, sum) = text.rsplit_once("checksum ").ok_or_else(damaged)?;
            let text =
                text.strip_prefix("version ").filter(|_| sum == checksum(0, text).to_string());
            let mut numbers = Vec::new();
            for word in text.ok_or_else(damaged)?.split_whitespace() {
                numbers.push(word.parse().map_err(|_| damaged())?);
            }
            let [version, entries @ ..] = &numbers[..] else { return Err(damaged()) };
            entries.chunks_exact(2).for_each(|entry| store.set(entry[0], entry[1], false));
            store.version = *version;
        }
        Ok(store)
    }

    /// Makes writes, the same in every run, while `go` returns true for their number.
    pub fn write(&mut self, keys: usize, saving: bool, go: impl Fn(u32) -> bool) -> Speed {
        let (start, before) = (own_time(), self.version);
        while go(self.version - before) {
            for n in self.version + 1..=self.version + 100 {
                self.set(key(n, keys), n, saving);
            }
        }
        Speed { writes: self.version - before, time: own_time() - start }
    }

    /// Returns true if the store has exactly the entries that its `version` writes make.
    pub fn is_right(&self, keys: usize) -> bool {
        let expected: HashMap<u32, u32> = (1..=self.version).map(|n| (key(n, keys), n)).collect();
        expected == self.entries().map(<(u32, u32)>::from).collect()
    }
}

/// Returns the checksum of a text that follows a text with the checksum `sum`.
fn checksum(sum: u64, text: &str) -> u64 {
    text.bytes().fold(sum, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// A number of writes, and the time that their thread ran.
#[derive(Default)]
pub struct Speed {
    writes: u32,
    time: Duration,
}

impl Speed {
    pub fn add(&mut self, other: Self) {
        self.writes += other.writes;
        self.time += other.time;
    }

    pub fn per_second(&self) -> f64 {
        f64::from(self.writes) / self.time.as_secs_f64().max(1e-9)
    }
}

/// Returns the key that write `n` sets.
fn key(n: u32, keys: usize) -> u32 {
    1 + Random(n.into()).below(keys) as u32
}
