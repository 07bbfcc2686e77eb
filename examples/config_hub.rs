//! Shares one base configuration among 1,000 tenants. A tenant stores only what it changed.
//!
//! `cargo run --release --example config_hub -- FOLDER`
//!
//! - A configuration is a vector of settings: the files of FOLDER (by default src). Each tenant has a clone of it.
//!   The hub publishes one vector of all configurations, so a change copies a few of 1,000 handles.
//! - Ten tenants keep changing three settings at once, while two threads read 10,000,000 times. A read sees all
//!   three changes or none, and no version older than the newest one published before it began.
//! - Another thread sleeps until it is notified of changes, and finds what changed.
//!
//! Exit status: 1 if a check fails, 2 if the folder cannot be used.

mod common;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{iter, thread};

use common::counting::{live, peak_of};
use common::{Outcome, Random, SetOnDrop, argument, ensure, exit, read_tree, refused, timed};
use cow_collections::{
    CopyOnWriteList, CowString, PersistentVector, cow_format, persistent_vector,
};

const TENANTS: usize = 1_000;
const EVERY: usize = 100; // every hundredth tenant changes
const READS: usize = 10_000_000;

/// Names and texts. The first and the last setting have the revision, so that a torn read would show.
type Config = PersistentVector<(CowString, CowString)>;
/// A list of one element: the configurations of all tenants.
type Hub = CopyOnWriteList<PersistentVector<Config>>;

fn main() -> ExitCode {
    exit(serve())
}

fn serve() -> Outcome {
    let folder = argument("a folder", "src")?;
    let (files, start) = (read_tree(&folder)?, live());
    let base = base(&files).ok_or_else(|| refused(format!("{folder:?}: expected UTF-8 files")))?;
    let base_bytes = live() - start;
    // With a smaller base, the handles of the tenants would dominate the result.
    if base_bytes < 12 * TENANTS * size_of::<Config>() {
        return Err(refused(format!("{folder:?}: expected half a megabyte or more")));
    }
    println!("{folder:?}: a base of {} settings, {base_bytes} bytes", base.len());
    let (hub, time) = timed(|| Hub::from([persistent_vector![base.clone(); TENANTS]]));
    println!("{TENANTS} tenants created in {time:.1?}: {} bytes", live() - start - base_bytes);
    let (outcome, peak) = peak_of(|| change_and_read(&hub));
    outcome?;
    let (used, peak) = (live() - start, peak - start);
    let mut changes = 0;
    for (tenant, config) in hub.load()[0].iter().enumerate() {
        let changed = config.heap_bytes() - config.shared_bytes_with(&base);
        ensure((changed > 0) == (tenant % EVERY == 0), format!("tenant {tenant} owns {changed}"))?;
        let places = base.diff(config).into_iter().flat_map(|hunk| hunk.new);
        changes += changed + places.map(|i| config[i].1.heap_bytes()).sum::<usize>();
    }
    let share = used as f64 / (base_bytes + changes) as f64;
    println!("in use: {used} bytes, {share:.3} x (base + {changes} of changes); peak {peak}");
    ensure(used * 10 <= (base_bytes + changes) * 11, "the overhead is more than 10 %")
}

/// Returns the files as settings, between two that have the revision, or `None` if a file is not UTF-8.
fn base(files: &[(String, Vec<u8>)]) -> Option<Config> {
    let revision = || Some(("revision".into(), "0".into()));
    let setting = |(name, text): &(String, Vec<u8>)| {
        Some((name.as_str().into(), std::str::from_utf8(text).ok()?.into()))
    };
    iter::once(revision()).chain(files.iter().map(setting)).chain([revision()]).collect()
}

/// Returns the revision, or `None` if the first and the last setting differ.
fn revision(config: &Config) -> Option<u64> {
    let (first, last) = (config.first()?, config.last()?);
    if first.1 == last.1 { first.1.parse().ok() } else { None }
}

/// Publishes a new revision of a tenant: changes the two settings that have it, and the text of a third.
fn change(hub: &Hub, tenant: usize, revision: u64) {
    hub.update_range(.., |hub| {
        let config = &mut hub[0][tenant];
        let (last, stamp) = (config.len() - 1, cow_format!("{revision}"));
        config[0].1 = stamp.clone();
        config[1 + tenant / EVERY % (last - 1)].1 = cow_format!("{tenant}, revision {revision}");
        config[last].1 = stamp;
    });
}

/// Changes settings while two threads read and a third one watches.
fn change_and_read(hub: &Hub) -> Outcome {
    let published = &[const { AtomicU64::new(0) }; TENANTS]; // newest published revisions
    let (changed, clock) = (AtomicBool::new(false), Instant::now());
    let (reads, (told, seen)) = thread::scope(|threads| {
        let watcher = threads.spawn(|| watch(hub, &changed));
        let readers = [1, 2].map(|seed| threads.spawn(move || read(hub, published, Random(seed))));
        let end = SetOnDrop(&changed);
        for revision in 1.. {
            for tenant in (0..TENANTS).step_by(EVERY) {
                change(hub, tenant, revision);
                published[tenant].store(revision, Ordering::Release);
            }
            if readers.iter().all(|reader| reader.is_finished()) {
                break;
            }
        }
        drop(end);
        (readers.map(|reader| reader.join().unwrap()), watcher.join().unwrap())
    });
    reads.into_iter().collect::<Outcome>()?;
    let (changes, time) = (hub.version(), clock.elapsed());
    println!("{READS} reads in {time:.1?} during {changes} changes: none torn, none stale");
    println!("watcher notified {told} times; one notification may stand for several changes");
    ensure((1..=changes).contains(&told), "the watcher was notified never or too often")?;
    let last = published.iter().map(|revision| revision.load(Ordering::Acquire));
    ensure(last.eq(seen), "the watcher missed the last changes")
}

fn read(hub: &Hub, published: &[AtomicU64], mut random: Random) -> Outcome {
    let (mut reader, mut seen) = (hub.reader(), [0; TENANTS]);
    for n in 0..READS / 2 {
        let any = random.below(TENANTS);
        let tenant = if n % 2 == 0 { any } else { any / EVERY * EVERY }; // one that changes
        let there = published[tenant].load(Ordering::Acquire).max(seen[tenant]);
        let found = revision(&reader.load()[0][tenant]);
        // A torn read is `None`, which is less than any `Some`.
        ensure(found >= Some(there), format_args!("tenant {tenant}: {found:?} after {there}"))?;
        seen[tenant] = found.unwrap_or(there);
    }
    Ok(())
}

/// Sleeps until there are changes, and finds them. Returns the number of notifications and the last revisions.
fn watch(hub: &Hub, ended: &AtomicBool) -> (u64, [u64; TENANTS]) {
    let (mut watcher, mut known) = (hub.subscribe(), hub.load()[0].clone());
    let (mut told, mut seen) = (0, [0; TENANTS]);
    while !ended.load(Ordering::Acquire) || watcher.has_changed() {
        if watcher.wait_timeout(Duration::from_millis(10)) {
            told += 1;
            let now = hub.load()[0].clone();
            let new = (0..TENANTS).filter(|tenant| !now[*tenant].ptr_eq(&known[*tenant]));
            new.for_each(|tenant| seen[tenant] = revision(&now[tenant]).unwrap_or(0));
            known = now;
        }
    }
    (told, seen)
}
