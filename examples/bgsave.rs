//! A store of keys and values that saves itself in the background, while it is written to at full speed.
//!
//! `cargo run --release --example bgsave -- FOLDER`
//!
//! - The store, in `common/store.rs`, is a hash table in a `PersistentVector`. A save writes a clone of it, and
//!   while the clone lives, a write copies the leaf it changes, once.
//! - The table puts off growing until the save has ended, as Redis does after it forks to save.
//! - A save writes a second file in FOLDER (by default the one for temporary files) and renames it. A complete
//!   file exists at every moment.
//! - To show this, the program starts itself again and again, and kills that process at each step of its saves.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::{env, thread, time};

use common::counting::{live, peak_of};
use common::store::{Speed, Store};
use common::{Outcome, Scratch, argument, ensure, exit, refused, timed};

const KEYS: usize = 390_000;
const FEW_KEYS: usize = 2_000;

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    exit(match &args[..] {
        [_, child, path, step] if child == "--child" => be_killed(path.as_ref(), step),
        _ => parent(),
    })
}

fn parent() -> Outcome {
    let scratch = Scratch::new(&argument("a folder", env::temp_dir())?, "bgsave")?;
    full_speed(&scratch.0.join("large"))?;
    growth_waits(&scratch.0.join("small"))?;
    kill_at_every_step(&scratch.0.join("killed"))
}

fn full_speed(path: &Path) -> Outcome {
    let (mut store, mut rounds) = (Store::new(), 0);
    let (mut alone, mut saving) = (Speed::default(), Speed::default());
    store.write(KEYS, false, |writes| writes < 1_000_000);
    loop {
        alone.add(store.write(KEYS, false, |writes| writes < 200_000));
        let (table, before) = (store.heap_bytes(), live());
        let (snapshot, time) = timed(|| store.clone());
        let ((saved, speed), peak) = peak_of(|| {
            thread::scope(|threads| {
                let save = threads.spawn(|| snapshot.save(path, || {}));
                let speed = store.write(KEYS, true, |_| !save.is_finished());
                (save.join().expect("the save panicked"), speed)
            })
        });
        saved?;
        let (copied, writes) = (store.copied_since(&snapshot), store.version - snapshot.version);
        ensure(copied <= table && peak - before <= table + table / 4, "a leaf was copied twice")?;
        saving.add(speed);
        rounds += 1;
        // Other programs may slow some rounds, so a low ratio leads to more rounds, up to 31. A ratio that
        // stays low is printed, but is not an error.
        let ratio = saving.per_second() / alone.per_second();
        if rounds >= 5 && ratio >= 0.85 || rounds == 31 {
            println!("snapshot of {table} bytes: {time:?}; {writes} writes copied {copied} bytes");
            println!(
                "peak memory: {peak} bytes, {before} before; writes per second in {rounds} saves:"
            );
            println!("{:.0}, {ratio:.2} x the rate without a save", saving.per_second());
            let loaded = Store::load(path)?;
            let right = loaded.version == snapshot.version && loaded.is_right(KEYS);
            return ensure(right, "the loaded store differs from the snapshot");
        }
    }
}

fn growth_waits(path: &Path) -> Outcome {
    let mut store = Store::new();
    store.write(FEW_KEYS, false, |writes| writes < 900);
    let (snapshot, before, (go, wait)) = (store.clone(), store.size(), mpsc::channel::<()>());
    thread::scope(|threads| {
        let save = threads.spawn(|| snapshot.save(path, move || _ = wait.recv()));
        store.write(FEW_KEYS, true, |writes| writes < 200);
        let during = store.size();
        drop(go);
        save.join().expect("the save panicked")?;
        store.write(FEW_KEYS, false, |writes| writes < 100);
        let after = store.size();
        println!(
            "(slots, in use): {before:?} before a save, {during:?} at its end, {after:?} later"
        );
        ensure(during.0 == before.0 && during.1 > before.0 / 4 * 3, "the table grew in the save")?;
        ensure(after.0 > during.0 && store.is_right(FEW_KEYS), "no growth after the save")
    })
}

/// Runs in the process that is killed: saves three times while it writes, and stops at `step`.
fn be_killed(path: &Path, step: &OsStr) -> Outcome {
    let mut store = Store::load(path)?;
    let left = AtomicUsize::new(step.to_string_lossy().parse().map_err(refused)?);
    let stop = || {
        if left.fetch_sub(1, Ordering::Relaxed) == 0 {
            println!("stopped");
            thread::sleep(time::Duration::MAX);
        }
    };
    for _ in 0..3 {
        let snapshot = store.clone();
        thread::scope(|threads| {
            let save = threads.spawn(|| snapshot.save(path, stop));
            store.write(FEW_KEYS, true, |writes| writes < 1_000);
            save.join().expect("the save panicked")
        })?;
        println!("{}", snapshot.version);
    }
    Ok(())
}

fn kill_at_every_step(path: &Path) -> Outcome {
    let (mut saved, mut step, mut stopped) = (0, 0, true);
    while stopped {
        let mut command = Command::new(env::current_exe()?);
        command.arg("--child").arg(path).arg(step.to_string()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        stopped = false;
        for line in BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines() {
            match &*line? {
                "stopped" => stopped = child.kill().map(|()| true)?,
                version => saved = version.parse().map_err(refused)?,
            }
        }
        ensure(child.wait()?.success() != stopped, "the process failed without a kill")?;
        let store = Store::load(path)?;
        let right = store.version >= saved && store.is_right(FEW_KEYS);
        ensure(right, format!("killed at step {step}: the file is too old or wrong"))?;
        step += 1;
    }
    println!("killed at each of {} steps: the file had every reported save", step - 1);
    ensure(step > 10, "the process was killed at fewer than 10 steps")
}
