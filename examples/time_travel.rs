//! Keeps every version of a text, and reads, saves and compares the versions.
//!
//! `cargo run --release --example time_travel -- FILE [EDITS [OUT]] [--corrupt K]`
//!
//! - The lines of FILE (by default README.md) are slices of one shared buffer, and a version is a vector of lines.
//!   The program makes EDITS edits (by default 10,000). Each makes a version, which costs only what it changes. One
//!   list keeps all versions.
//! - Meanwhile two threads read the newest version, and never wait.
//! - A thread in the background saves the half-way version to OUT (by default a temporary file).
//! - A plain `Vec<String>` then takes the same edits, and the versions are compared with it.
//!   `--corrupt K` damages version K before that, to show that the comparison finds it.
//!
//! Exit status: 1 if a check fails, 2 if a file or an argument cannot be used.

mod common;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, mem, thread};

use common::counting::live;
use common::{Outcome, Random, SetOnDrop, ensure, exit, refused, timed};
use cow_collections::{CopyOnWriteList, CowString, PersistentVector};

/// The lines of a text, with their terminators.
type Version = PersistentVector<CowString>;
/// All versions, the oldest first.
type History = CopyOnWriteList<Version>;

const USAGE: &str = "usage: time_travel [FILE [EDITS [OUT]]] [--corrupt K]";
const READERS: usize = 2;
/// The number of versions that are compared line by line.
const COMPARED: usize = 1_000;

fn main() -> ExitCode {
    let options = Options::parse(env::args_os().skip(1));
    exit(options.and_then(|options| leak_nothing(&options)))
}

struct Options {
    file: PathBuf,
    edits: usize,
    out: Option<PathBuf>,
    corrupt: Option<usize>,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = OsString>) -> Outcome<Self> {
        let usage = || refused(USAGE);
        let (mut plain, mut corrupt) = (Vec::new(), None);
        while let Some(arg) = args.next() {
            if arg == "--corrupt" {
                corrupt = Some(args.next().ok_or_else(usage)?);
            } else if arg.to_string_lossy().starts_with("--") || plain.len() == 3 {
                return Err(usage());
            } else {
                plain.push(arg);
            }
        }
        let mut plain = plain.into_iter();
        let file = plain.next().map_or("README.md".into(), PathBuf::from);
        let edits = plain.next().map_or(Some(10_000), number).ok_or_else(usage)?;
        let out = plain.next().map(PathBuf::from);
        let no_version = || refused(format!("--corrupt: expected a version, from 0 to {edits}"));
        let version = |k| number(k).filter(|k| *k <= edits).ok_or_else(no_version);
        let corrupt = corrupt.map(version).transpose()?;
        Ok(Self { file, edits, out, corrupt })
    }

    fn half_way(&self) -> usize {
        self.edits / 2
    }
}

fn number(arg: OsString) -> Option<usize> {
    arg.to_str()?.parse().ok()
}

/// Runs the job, and checks that it frees every byte.
fn leak_nothing(options: &Options) -> Outcome {
    warm_up();
    let start = live();
    travel(options)?;
    let end = live();
    ensure(
        end == start,
        format_args!("{start} live bytes at the start, {end} after the last drop"),
    )?;
    println!("live bytes after the last drop: {end}, as at the start");
    println!("every version verified");
    Ok(())
}

/// Allocates what is never freed, so that it does not look like a leak: the buffer of standard output and, with the
/// feature `arc-swap`, a node of that crate for each thread that uses a list. Later threads take over these nodes.
fn warm_up() {
    println!("time travel: keeps every version of a text");
    let list = CopyOnWriteList::from([0]);
    let together = Barrier::new(READERS + 1);
    let read = || {
        assert!(!list.is_empty());
        together.wait();
    };
    thread::scope(|threads| {
        let readers = [(); READERS].map(|()| threads.spawn(read));
        read();
        // The threads release their nodes before `join` returns. The end of the scope does not wait for that.
        for reader in readers {
            reader.join().expect("a reader panicked");
        }
    });
}

fn travel(options: &Options) -> Outcome {
    let input = fs::read_to_string(&options.file).map_err(|error| {
        refused(format!("{:?}: expected a UTF-8 text file: {error}", options.file))
    })?;
    let target = Target::new(options.out.as_deref())?;
    let before = live();
    let first = shared_lines(&CowString::from(&*input));
    println!("{:?}: {} lines, {} bytes", options.file, first.len(), input.len());

    let trial = Target { path: target.beside("version-0"), temporary: true };
    let same = trial.save(&first)? == input.as_bytes();
    ensure(same, "version 0, as saved, differs from the input")?;
    drop(trial);

    let (versions, saved) = make_history(first, options, &target)?;
    let live = live() - before - saved.capacity();
    if let Some(number) = options.corrupt {
        damage(&versions, number);
    }
    let versions = versions.snapshot();
    let full_copies = verify(&versions, &input, &saved, options)?;
    tell_apart(&versions, options)?;
    println!("live bytes of all versions: {live}; full copies would take {full_copies}");
    Ok(())
}

/// Splits a text into lines that share its buffer. A line of up to 15 bytes is copied into its handle.
fn shared_lines(text: &CowString) -> Version {
    let mut end = 0;
    let share = |line: &str| {
        let start = end;
        end += line.len();
        text.slice(start..end)
    };
    // `lines_shared` would drop the terminators, which are part of the text.
    text.split_inclusive('\n').map(share).collect()
}

/// The file to which a version is saved.
struct Target {
    path: PathBuf,
    temporary: bool,
}

impl Target {
    fn new(out: Option<&Path>) -> Outcome<Self> {
        let default = || env::temp_dir().join(format!("time_travel.{}", process::id()));
        let path = out.map_or_else(default, Path::to_owned);
        // The rename in `save` would replace a device with a file.
        if path.exists() && !path.is_file() {
            return Err(refused(format!("{path:?}: expected a file or an unused path")));
        }
        Ok(Self { path, temporary: out.is_none() })
    }

    /// Returns a path in the same folder that no other process uses.
    fn beside(&self, what: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{}.{what}", process::id()));
        name.into()
    }

    /// Writes a version to a second file and renames it, so that a reader finds the old file or all of the new
    /// one. Returns the bytes read back.
    fn save(&self, version: &Version) -> Outcome<Vec<u8>> {
        let part = self.beside("part");
        let written = write_lines(version, &part).and_then(|()| fs::rename(&part, &self.path));
        written.and_then(|()| fs::read(&self.path)).map_err(|error| {
            _ = fs::remove_file(&part); // it may not exist
            refused(format!("{:?}: cannot be written: {error}", self.path))
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.temporary {
            _ = fs::remove_file(&self.path); // it may not exist
        }
    }
}

fn write_lines(version: &Version, path: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    version.iter().try_for_each(|line| file.write_all(line.as_bytes()))?;
    file.into_inner()?.sync_all()
}

/// Makes all versions, while threads read the newest and another thread saves the version half-way. Returns the
/// versions and the saved bytes.
fn make_history(first: Version, options: &Options, target: &Target) -> Outcome<(History, Vec<u8>)> {
    let (edits, half_way) = (options.edits, options.half_way());
    let versions = History::from([first.clone()]);
    let mut newest = first;
    let mut edit = |number| {
        apply(Edit::new(number, newest.len()), &mut newest);
        versions.push(newest.clone());
    };
    let (begin, ended) = (Barrier::new(READERS + 1), AtomicBool::new(false));
    let (walks, saved) = thread::scope(|threads| {
        let walk = || walk_newest(&versions, &begin, &ended);
        let readers = [(); READERS].map(|()| threads.spawn(walk));
        let end = SetOnDrop(&ended);
        begin.wait();
        let clock = Instant::now();
        (1..=half_way).for_each(&mut edit);
        let (snapshot, snapshot_time) = timed(|| versions.snapshot());
        let saving = threads.spawn(move || timed(|| target.save(&snapshot[half_way])));
        let mut meanwhile = 0;
        for number in half_way + 1..=edits {
            edit(number);
            meanwhile += usize::from(!saving.is_finished());
        }
        let time = clock.elapsed();
        drop(end);
        let walks = readers.map(|reader| reader.join().expect("a reader panicked"));
        let (saved, save_time) = saving.join().expect("the saving thread panicked");
        println!("{edits} edits in {time:.1?}: {:.0} edits per second", per_second(edits, time));
        println!("snapshot of version {half_way}: taken in {snapshot_time:?}");
        println!("saved and read back in {save_time:.1?}, while {meanwhile} edits went on");
        (walks, saved)
    });
    let same = walks.iter().all(|(_, last)| *last == newest);
    ensure(same, "a reader did not end with the final version")?;
    let reads: f64 = walks.iter().map(|(reads, _)| reads).sum();
    println!("all readers ended with the final version; {reads:.0} lines read per second");
    Ok((versions, saved?))
}

fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(1e-9)
}

/// Reads all lines of the newest version repeatedly until the edits have ended. Returns the number of lines read
/// per second, and the last version.
fn walk_newest(versions: &History, begin: &Barrier, ended: &AtomicBool) -> (f64, Version) {
    let mut reader = versions.reader();
    // Loads before the first edit, so that this thread takes over a node from the warm-up.
    let mut seen = reader.load().len();
    let (mut lines, mut distinct) = (0, 1);
    begin.wait();
    let clock = Instant::now();
    loop {
        // The flag is loaded first. If the edits have ended, the version loaded next is the final one.
        let last_round = ended.load(Ordering::Acquire);
        let history = reader.load();
        let newest = &history[history.len() - 1];
        distinct += usize::from(history.len() > seen);
        seen = history.len();
        lines += read_lines(newest);
        if last_round {
            let rate = per_second(lines, clock.elapsed());
            println!("a reader saw {lines} lines of {distinct} distinct versions");
            return (rate, newest.clone());
        }
    }
}

/// Reads every byte of every line, and returns the number of lines.
fn read_lines(version: &Version) -> usize {
    let sum = |line: &CowString| line.bytes().map(u64::from).sum::<u64>();
    black_box(version.iter().map(sum).sum::<u64>());
    version.len()
}

enum Edit {
    Replace(usize, String),
    Insert(usize, String),
    Delete(usize),
    Append(String),
    DropLast,
}

impl Edit {
    /// Returns edit `number` for a text of `lines` lines, the same in every run.
    fn new(number: usize, lines: usize) -> Self {
        let mut random = Random(number as u64);
        // Short lines are stored in their handles. A longer line has a buffer.
        let line = format!("edit {number}{}\n", " é".repeat(random.below(30)));
        match random.below(8) {
            0 | 1 if lines > 0 => Self::Replace(random.below(lines), line),
            2 | 3 if lines > 0 => Self::Delete(random.below(lines)),
            4 if lines > 0 => Self::DropLast,
            5 => Self::Append(line),
            _ => Self::Insert(random.below(lines + 1), line),
        }
    }
}

fn apply(edit: Edit, lines: &mut Version) {
    match edit {
        Edit::Replace(index, line) => _ = lines.set(index, CowString::from(line)),
        Edit::Insert(index, line) => lines.insert(index, CowString::from(line)),
        Edit::Delete(index) => _ = lines.remove(index),
        Edit::Append(line) => lines.push_back(CowString::from(line)),
        Edit::DropLast => _ = lines.pop_back(),
    }
}

/// Applies an edit to a plain vector, and keeps `bytes` equal to the length of its text.
fn apply_plain(edit: Edit, lines: &mut Vec<String>, bytes: &mut usize) {
    match edit {
        Edit::Replace(index, line) => {
            *bytes += line.len();
            *bytes -= mem::replace(&mut lines[index], line).len();
        }
        Edit::Insert(index, line) => {
            *bytes += line.len();
            lines.insert(index, line);
        }
        Edit::Delete(index) => *bytes -= lines.remove(index).len(),
        Edit::Append(line) => {
            *bytes += line.len();
            lines.push(line);
        }
        Edit::DropLast => *bytes -= lines.pop().map_or(0, |line| line.len()),
    }
}

/// Changes one line of version `number` and of no other version.
fn damage(versions: &History, number: usize) {
    versions.update(|all| {
        let version = &mut all.make_mut()[number];
        match version.get_mut(version.len() / 2) {
            Some(line) => line.push('!'),
            None => version.push_back(CowString::from("!")),
        }
    });
}

/// Compares the versions with a plain vector that takes the same edits, and the saved bytes with the version
/// half-way. Returns the bytes that full copies of all versions would take.
fn verify(versions: &[Version], input: &str, saved: &[u8], options: &Options) -> Outcome<u64> {
    let clock = Instant::now();
    let chosen = choose(options);
    let mut lines: Vec<String> = input.split_inclusive('\n').map(String::from).collect();
    let (mut bytes, mut full_copies) = (input.len(), 0);
    for (number, version) in versions.iter().enumerate() {
        if number > 0 {
            apply_plain(Edit::new(number, lines.len()), &mut lines, &mut bytes);
        }
        full_copies += (lines.len() * size_of::<String>() + bytes) as u64;
        let same = version.len() == lines.len() && (!chosen.contains(&number) || *version == lines);
        ensure(same, format_args!("version {number} differs from what its edits make"))?;
        let same = number != options.half_way() || saved == lines.concat().as_bytes();
        ensure(same, format_args!("version {number} differs from the saved file"))?;
    }
    let (compared, time) = (chosen.len(), clock.elapsed());
    println!("{compared} of {} versions compared line by line in {time:.1?}", versions.len());
    Ok(full_copies)
}

/// Prints how the final version differs from the first, the half-way and a late version. Checks that each of them,
/// patched with these differences, becomes the final version.
fn tell_apart(versions: &[Version], options: &Options) -> Outcome {
    let new = &versions[options.edits];
    for number in BTreeSet::from([0, options.half_way(), options.edits - options.edits / 500]) {
        let old = &versions[number];
        let (hunks, time) = timed(|| old.diff(new));
        let (mut patched, mut kept) = (Version::new(), 0);
        for hunk in &hunks {
            patched.append(old.slice(kept..hunk.old.start));
            patched.append(new.slice(hunk.new.clone()));
            kept = hunk.old.end;
        }
        patched.append(old.slice(kept..));
        ensure(patched == *new, format_args!("patched version {number} is not the final one"))?;
        let (gone, come): (usize, usize) =
            hunks.iter().fold((0, 0), |(a, b), hunk| (a + hunk.old.len(), b + hunk.new.len()));
        println!(
            "from version {number} to the final one: {} hunk(s), {gone} lines removed and \
             {come} added, found in {time:.1?}",
            hunks.len()
        );
    }
    Ok(())
}

/// Chooses the versions to compare line by line: the first, half-way, final and damaged ones, and others at random.
fn choose(options: &Options) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::from([0, options.half_way(), options.edits]);
    chosen.extend(options.corrupt);
    let versions = options.edits + 1;
    let mut random = Random(0);
    while chosen.len() < COMPARED.min(versions) {
        chosen.insert(random.below(versions));
    }
    chosen
}
