//! What several examples need: an end in one line, real input, numbers, and a count of bytes.
#![allow(dead_code, reason = "each example uses a part")]

pub mod store;

use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// Why a program does not succeed, in one line, and its exit status.
pub struct Failure(String, u8);
pub type Outcome<T = ()> = Result<T, Failure>;

/// What `main` returns: a failure is printed to the standard error.
pub fn exit(outcome: Outcome) -> ExitCode {
    let Err(Failure(line, status)) = outcome else { return ExitCode::SUCCESS };
    eprintln!("{line}");
    ExitCode::from(status)
}

pub fn ensure(right: bool, what_is_wrong: impl Display) -> Outcome {
    if right { Ok(()) } else { Err(wrong(what_is_wrong)) }
}

/// Status 1: something is not as it should be.
pub fn wrong(what: impl Display) -> Failure {
    Failure(format!("wrong: {what}"), 1)
}

/// Status 2: a file or an argument cannot be used.
pub fn refused(why: impl Display) -> Failure {
    Failure(why.to_string(), 2)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        refused(error)
    }
}

/// The only argument, a file or a folder, or what stands for it.
pub fn argument(name: &str, default: impl Into<PathBuf>) -> Outcome<PathBuf> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    match &args[..] {
        [] => Ok(default.into()),
        [path] if !path.to_string_lossy().starts_with('-') => Ok(path.into()),
        _ => Err(refused(format!("expected one argument, {name}, or none"))),
    }
}

/// What a file has in it.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| refused(format!("{path:?}: {error}")))
}

/// All files in a folder and below it that are not empty, by their names from there on, in order.
pub fn read_tree(folder: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    walk(folder, "", &mut files).map_err(|error| refused(format!("{folder:?}: {error}")))?;
    files.retain(|(_, bytes)| !bytes.is_empty());
    if files.is_empty() {
        return Err(refused(format!("{folder:?}: expected a folder with files")));
    }
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, name: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), format!("{name}{}", entry.file_name().to_string_lossy()));
        match entry.file_type()? {
            kind if kind.is_dir() => walk(&path, &format!("{name}/"), files)?,
            kind if kind.is_file() => files.push((name, fs::read(path)?)),
            _ => {} // links may lead anywhere
        }
    }
    Ok(())
}

/// A folder that is gone in the end, whatever is in it.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(within: &Path, name: &str) -> Outcome<Self> {
        let path = within.join(format!("{name}.{}", process::id()));
        let made = fs::create_dir(&path);
        made.map_err(|error| refused(format!("{within:?}: {error}"))).map(|()| Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

pub fn timed<R>(work: impl FnOnce() -> R) -> (R, Duration) {
    let clock = Instant::now();
    let result = work();
    (result, clock.elapsed())
}

/// How long this thread has run on a core, where the system tells, or else any time that passes: other
/// programs do not count.
pub fn own_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat");
    let nanoseconds = told.ok().and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Ends the loops of other threads, also if this one panics: they would go on for ever.
pub struct SetOnDrop<'a>(pub &'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// SplitMix64: the same numbers in every run.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

/// An allocator that counts the bytes of all threads.
pub mod counting {
    #![expect(unsafe_code, reason = "an allocator is an unsafe trait")]

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    #[global_allocator]
    static COUNTING: Counting = Counting;
    static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    static PEAK: AtomicUsize = AtomicUsize::new(0);

    /// The bytes that `work` allocates, whether or not it frees them.
    pub fn allocated_by<R>(work: impl FnOnce() -> R) -> (R, usize) {
        let before = ALLOCATED.load(Relaxed);
        let result = work();
        (result, ALLOCATED.load(Relaxed) - before)
    }

    /// The bytes allocated and not freed.
    pub fn live() -> usize {
        LIVE.load(Relaxed)
    }

    /// The most bytes that were in use at a time during `work`.
    pub fn peak_of<R>(work: impl FnOnce() -> R) -> (R, usize) {
        PEAK.store(live(), Relaxed);
        let result = work();
        (result, PEAK.load(Relaxed))
    }

    struct Counting;

    // SAFETY: forwards to the system's; the default `realloc` is made of these two.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            ALLOCATED.fetch_add(layout.size(), Relaxed);
            let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
            // The peak seldom moves, and a load costs less than a maximum.
            if live > PEAK.load(Relaxed) {
                PEAK.fetch_max(live, Relaxed);
            }
            // SAFETY: the caller's.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            LIVE.fetch_sub(layout.size(), Relaxed);
            // SAFETY: the caller's.
            unsafe { System.dealloc(block, layout) }
        }
    }
}
