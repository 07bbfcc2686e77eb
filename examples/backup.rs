//! Backs up one version of a database while other threads write to it.
//!
//! `cargo run --release --example backup -- FOLDER`
//!
//! - Two threads move money between accounts, and take a lock for each transfer. The backup holds that lock only
//!   for a clone. It then writes the rows to a file in FOLDER (by default the one for temporary files).
//! - The file has exactly the transfers up to its version, and no money is missing. Replaying the later
//!   transfers from a log brings it up to date.
//! - For comparison: a copy that is made under the lock stops the other threads for longer. A copy that takes
//!   the lock again for every few rows mixes versions.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, thread};

use common::{Outcome, Random, Scratch, SetOnDrop, argument, ensure, exit, timed, wrong};
use cow_collections::{PersistentVector, persistent_vector};

const ACCOUNTS: usize = 200_000;
/// The number of rows that are read under one lock by the copy that mixes versions.
const PART: usize = 2_000;
const OPENING_BALANCE: i64 = 1_000;
const TOTAL: i64 = ACCOUNTS as i64 * OPENING_BALANCE;

#[derive(Clone)]
struct Bank {
    accounts: PersistentVector<i64>,
    /// The number of transfers so far.
    version: u64,
}

impl Bank {
    /// Makes the next transfer. Its number determines the accounts and the amount, so the numbers are the log.
    fn transfer(&mut self) {
        self.version += 1;
        let mut random = Random(self.version);
        let (from, to) = (random.below(ACCOUNTS), random.below(ACCOUNTS));
        let amount = random.below(100) as i64;
        self.accounts[from] -= amount;
        self.accounts[to] += amount;
    }

    /// Writes the version and one line for each account. Calls `half_way` after half of the accounts.
    fn write(&self, path: &Path, mut half_way: impl FnMut()) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, "{}", self.version)?;
        for (number, balance) in self.accounts.iter().enumerate() {
            if number == ACCOUNTS / 2 {
                half_way();
            }
            writeln!(file, "{balance}")?;
        }
        file.into_inner()?.sync_all()
    }

    fn read(path: &Path) -> Outcome<Self> {
        let text = fs::read_to_string(path)?;
        let (version, rows) = text.split_once('\n').ok_or_else(|| wrong("the backup is empty"))?;
        let rows: Result<_, _> = rows.lines().map(str::parse).collect();
        Ok(Self { accounts: rows.map_err(wrong)?, version: version.parse().map_err(wrong)? })
    }
}

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Outcome {
    let scratch = Scratch::new(&argument("a folder", env::temp_dir())?, "backup")?;
    let file = scratch.0.join("bank");
    let opened = Bank { accounts: persistent_vector![OPENING_BALANCE; ACCOUNTS], version: 0 };
    let bank = Mutex::new(opened.clone());
    let lock = || bank.lock().unwrap_or_else(PoisonError::into_inner);
    let closed = AtomicBool::new(false);
    let work = || {
        while !closed.load(Ordering::Relaxed) {
            lock().transfer();
        }
    };
    let wait_for = |version| {
        while lock().version < version {
            thread::yield_now();
        }
    };

    let mixed = thread::scope(|threads| -> Outcome<i64> {
        let _end = SetOnDrop(&closed);
        (0..2).for_each(|_| _ = threads.spawn(work));
        wait_for(10_000);

        let held = |bank: MutexGuard<'_, Bank>| timed(|| bank.clone());
        let (snapshot, time) = held(lock());
        let (version, memory) = (snapshot.version, snapshot.accounts.heap_bytes());
        println!("backup of version {version}: the lock was held for {time:?}");
        snapshot.write(&file, || wait_for(version + 10_000))?;
        let bank = lock();
        let copied =
            bank.accounts.heap_bytes() - bank.accounts.shared_bytes_with(&snapshot.accounts);
        println!(
            "during the backup, {} transfers copied {copied} of {memory} bytes",
            bank.version - version
        );
        drop(bank);

        let copy = |bank: MutexGuard<'_, Bank>| timed(|| bank.accounts.to_vec());
        println!("copying all rows would have held the lock for {:?}", copy(lock()).1);
        let part = |first| {
            let version = lock().version;
            wait_for(version + 100); // others take the lock meanwhile
            lock().accounts.iter().skip(first).take(PART).sum::<i64>()
        };
        Ok((0..ACCOUNTS).step_by(PART).map(part).sum())
    })?;
    println!("sum of all rows read {PART} at a time: {mixed}; sum in every version: {TOTAL}");

    let now = lock().clone();
    let (mut again, mut backup) = (opened, Bank::read(&file)?);
    (0..backup.version).for_each(|_| again.transfer());
    ensure(
        backup.accounts == again.accounts,
        format!("the file differs from version {}", backup.version),
    )?;
    ensure(backup.accounts.iter().sum::<i64>() == TOTAL, "money is missing")?;
    (backup.version..now.version).for_each(|_| backup.transfer());
    println!(
        "the file matches its version, and with the log version {}, the current one",
        now.version
    );
    ensure(backup.accounts == now.accounts, "backup and log do not give the current accounts")
}
