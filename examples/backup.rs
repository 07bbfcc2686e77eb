//! A backup of a database as it was at one moment, written while others write to the database.
//!
//! `cargo run --release --example backup -- FOLDER`
//!
//! - Two threads move money between accounts, each transfer by itself under a lock. The backup holds that lock
//!   for one clone, and then writes its rows to a file in FOLDER (for temporary files) at leisure.
//! - The file has a version, and is that very version: just so many transfers have been made, and no money is
//!   missing. The transfers after that, made again from a log, bring it up to the database as it is now.
//! - For comparison: a copy that is made under the lock stops all others for longer, and one that takes the
//!   lock again for each few rows, so as not to, mixes versions.
//!
//! Exit status: 1 if something is not as it should be, 2 if the folder cannot be used.

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
/// Rows that are read under one lock, where it is taken again and again.
const PART: usize = 2_000;
const OPENING_BALANCE: i64 = 1_000;
const TOTAL: i64 = ACCOUNTS as i64 * OPENING_BALANCE;

#[derive(Clone)]
struct Bank {
    accounts: PersistentVector<i64>,
    /// The transfers so far.
    version: u64,
}

impl Bank {
    /// Transfer number `version`, always the same: the numbers are the log.
    fn transfer(&mut self) {
        self.version += 1;
        let mut random = Random(self.version);
        let (from, to) = (random.below(ACCOUNTS), random.below(ACCOUNTS));
        let amount = random.below(100) as i64;
        self.accounts[from] -= amount;
        self.accounts[to] += amount;
    }

    /// Rows of text, with the version before and the sum behind them.
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
        let (version, rows) = text.split_once('\n').ok_or_else(|| wrong("an empty backup"))?;
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
            "written while {} transfers copied {copied} of {memory} bytes",
            bank.version - version
        );
        drop(bank);

        let copy = |bank: MutexGuard<'_, Bank>| timed(|| bank.accounts.to_vec());
        println!("to copy all rows would have held the lock for {:?}", copy(lock()).1);
        let part = |first| {
            let version = lock().version;
            wait_for(version + 100); // who needs the lock again may have to wait for it
            lock().accounts.iter().skip(first).take(PART).sum::<i64>()
        };
        Ok((0..ACCOUNTS).step_by(PART).map(part).sum())
    })?;
    println!("all rows, {PART} at a time, have {mixed}, and the accounts at each moment {TOTAL}");

    let now = lock().clone();
    let (mut again, mut backup) = (opened, Bank::read(&file)?);
    (0..backup.version).for_each(|_| again.transfer());
    ensure(
        backup.accounts == again.accounts,
        format!("the file is not version {}", backup.version),
    )?;
    ensure(backup.accounts.iter().sum::<i64>() == TOTAL, "money is missing")?;
    (backup.version..now.version).for_each(|_| backup.transfer());
    println!(
        "the file is its version, and with the log after it version {}, as the bank is now",
        now.version
    );
    ensure(backup.accounts == now.accounts, "backup and log are not what the bank is now")
}
