//! A routing table that threads read while it is edited 100,000 times. Its parts are always consistent.
//!
//! `cargo run --release --example routing_table -- FILE`
//!
//! - A table is a struct of two vectors and a text: the networks in ascending order, their gateways, and a summary.
//!   The summary has the number of networks and a checksum. The lines of FILE (by default README.md) are the gateways.
//! - Each edit announces a network, withdraws a network or changes its gateway, and writes the summary. A
//!   `CopyOnWriteCell` publishes all parts at once, so a reader never sees one part without the others. Two lists
//!   cannot do that.
//! - Clones of the parts share their contents. An edit copies one path of a vector, and not the table.
//! - Each read looks up a network, and compares the parts with the summary. Kept versions never change.
//!
//! Exit status: 1 if a check fails, 2 if the file cannot be used.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::{Outcome, Random, SetOnDrop, argument, ensure, exit, read, refused, timed};
use cow_collections::list::Snapshot;
use cow_collections::{CopyOnWriteCell, CowString, PersistentVector, cow_format};

const EDITS: u64 = 100_000;
const NETWORKS: usize = 8_192; // about two thirds of them are in the table
const READERS: u64 = 2;

#[derive(Clone, Default)]
struct Table {
    networks: PersistentVector<u32>,
    /// The gateway of each network.
    gateways: PersistentVector<CowString>,
    /// The number of edits, the number of networks and the checksum, as [`summary`] writes them.
    summary: CowString,
}

/// Versions of the table that are kept, with their numbers of edits.
type Versions = Vec<(u64, Snapshot<Table>)>;

fn main() -> ExitCode {
    exit(serve())
}

fn serve() -> Outcome {
    let file = argument("a file", "README.md")?;
    let text = String::from_utf8(read(&file)?);
    let text = text.map_err(|_| refused(format!("{file:?}: expected UTF-8")))?;
    let gateways: Vec<CowString> = text.lines().map(CowString::from).collect();
    if gateways.is_empty() {
        return Err(refused(format!("{file:?}: expected a file with lines")));
    }
    let (table, ended) = (CopyOnWriteCell::new(Table::default()), AtomicBool::new(false));
    let (expected, kept, read, time) = thread::scope(|threads| {
        let (table, ended) = (&table, &ended);
        let readers: Vec<_> =
            (0..READERS).map(|seed| threads.spawn(move || look_up(table, ended, seed))).collect();
        let end = SetOnDrop(ended);
        let ((expected, kept), time) = timed(|| edit(table, &gateways));
        drop(end);
        let read: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        (expected, kept, read, time)
    });
    let (mut reads, mut whole) = (0, 0);
    for outcome in read {
        let (all, of_whole) = outcome?;
        (reads, whole) = (reads + all, whole + of_whole);
    }
    let now = table.load();
    let pairs = now.networks.iter().zip(&now.gateways);
    ensure(expected.iter().eq(pairs), "the table differs from a map with the same edits")?;
    ensure(table.version() == EDITS, "an edit is missing")?;
    for (edits, version) in kept {
        ensure(check(&version)? == edits, format!("version {edits} has changed"))?;
    }
    println!("{EDITS} edits of {} networks in {time:.1?}", now.networks.len());
    println!("{reads} reads meanwhile, {whole} of the whole table: all parts were consistent");
    Ok(())
}

fn summary(edits: u64, networks: usize, sum: u64) -> CowString {
    cow_format!("{edits} edits, {networks} networks, checksum {sum}")
}

/// Returns what a network with this gateway adds to the checksum.
fn weight(network: u32, gateway: &str) -> u64 {
    let text = gateway.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    text.wrapping_mul(u64::from(network) + 1)
}

/// Edits the table at random. Returns a map with the same edits, and some versions.
fn edit(
    table: &CopyOnWriteCell<Table>,
    gateways: &[CowString],
) -> (BTreeMap<u32, CowString>, Versions) {
    let (mut random, mut sum) = (Random(1), 0_u64);
    let (mut expected, mut kept) = (BTreeMap::new(), Vec::new());
    for edits in 1..=EDITS {
        let network = random.below(NETWORKS) as u32;
        let gateway = &gateways[random.below(gateways.len())];
        let withdraw = random.below(2) == 0;
        table.update(|table| {
            match table.networks.binary_search(&network) {
                Ok(at) => {
                    sum = sum.wrapping_sub(weight(network, &table.gateways[at]));
                    if withdraw {
                        table.networks.remove(at);
                        table.gateways.remove(at);
                    } else {
                        sum = sum.wrapping_add(weight(network, gateway));
                        table.gateways.set(at, gateway.clone());
                    }
                }
                Err(at) => {
                    sum = sum.wrapping_add(weight(network, gateway));
                    table.networks.insert(at, network);
                    table.gateways.insert(at, gateway.clone());
                }
            }
            table.summary = summary(edits, table.networks.len(), sum);
        });
        if expected.contains_key(&network) && withdraw {
            expected.remove(&network);
        } else {
            expected.insert(network, gateway.clone());
        }
        if edits % (EDITS / 100) == 0 {
            kept.push((edits, table.snapshot()));
        }
    }
    (expected, kept)
}

/// Checks that all parts of a table agree. Returns the number of edits that its summary has.
fn check(table: &Table) -> Outcome<u64> {
    let edits = table.summary.split(' ').next().and_then(|edits| edits.parse().ok()).unwrap_or(0);
    let pairs = table.networks.iter().zip(&table.gateways);
    let sum = pairs.fold(0_u64, |sum, (n, gateway)| sum.wrapping_add(weight(*n, gateway)));
    let expected = summary(edits, table.networks.len(), sum);
    ensure(table.networks.len() == table.gateways.len(), "the vectors differ in length")?;
    ensure(
        edits == 0 || table.summary == expected,
        format!("{} is not {expected}", table.summary),
    )?;
    Ok(edits)
}

/// Reads until the edits end. Returns the number of reads, and of those of the whole table.
fn look_up(table: &CopyOnWriteCell<Table>, ended: &AtomicBool, seed: u64) -> Outcome<(u64, u64)> {
    let (mut reader, mut random) = (table.reader(), Random(seed));
    let (mut reads, mut whole, mut last) = (0, 0, 0);
    while !ended.load(Ordering::Acquire) || whole == 0 {
        let now = reader.load();
        let network = random.below(NETWORKS) as u32;
        let found = now.networks.binary_search(&network).ok().map(|at| now.gateways.get(at));
        ensure(found != Some(None), format!("network {network} has no gateway"))?;
        let length = cow_format!(", {} networks, ", now.gateways.len());
        ensure(
            last == 0 || now.summary.contains(length.as_str()),
            "the summary is of another table",
        )?;
        if reads % 256 == 0 {
            let edits = check(now)?;
            ensure(last <= edits, "a read returned an older version than the read before")?;
            (whole, last) = (whole + 1, edits);
        }
        reads += 1;
    }
    Ok((reads, whole))
}
