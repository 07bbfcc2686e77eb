//! Helpers that examples share: exit codes, input files, timing, random numbers, and an allocator that counts bytes.
#![allow(dead_code, reason = "each example uses only some helpers")]

pub mod store;

use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// A failure of an example: a message of one line, and the exit status.
pub struct Failure(String, u8);
pub type Outcome<T = ()> = Result<T, Failure>;

/// Returns the exit code for `main`, and prints a failure to standard error.
pub fn exit(outcome: Outcome) -> ExitCode {
    let Err(Failure(line, status)) = outcome else { return ExitCode::SUCCESS };
    eprintln!("{line}");
    ExitCode::from(status)
}

pub fn ensure(right: bool, what_is_wrong: impl Display) -> Outcome {
    if right { Ok(()) } else { Err(wrong(what_is_wrong)) }
}

/// Returns a failure with status 1: a check failed.
pub fn wrong(what: impl Display) -> Failure {
    Failure(format!("check failed: {what}"), 1)
}

/// Returns a failure with status 2: a file or an argument cannot be used.
pub fn refused(why: impl Display) -> Failure {
    Failure(why.to_string(), 2)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        refused(error)
    }
}

/// Returns the only argument, a path, or `default` if there is none.
pub fn argument(name: &str, default: impl Into<PathBuf>) -> Outcome<PathBuf> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    match &args[..] {
        [] => Ok(default.into()),
        [path] if !path.to_string_lossy().starts_with('-') => Ok(path.into()),
        _ => Err(refused(format!("expected one argument, {name}, or none"))),
    }
}

/// Reads a file.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| refused(format!("{path:?}: {error}")))
}

/// Reads all non-empty files in a folder and below it, sorted by their paths relative to the folder.
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
            _ => {} // a link may lead out of the folder
        }
    }
    Ok(())
}

/// A folder that is removed on drop, with everything in it.
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

/// Returns the time that this thread has run on a core, so that other programs do not count. Falls back to
/// elapsed time if the system does not report it.
pub fn own_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat");
    let nanoseconds = told.ok().and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Sets a flag on drop that ends the loops of other threads, so that they end even if this thread panics.
pub struct SetOnDrop<'a>(pub &'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The generator SplitMix64. It yields the same numbers in every run.
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

/// A global allocator that counts the bytes of all threads.
pub mod counting {
    #![expect(unsafe_code, reason = "`GlobalAlloc` is an unsafe trait")]

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    #[global_allocator]
    static COUNTING: Counting = Counting;
    static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    static PEAK: AtomicUsize = AtomicUsize::new(0);

    /// Returns the result of `work` and the bytes allocated meanwhile, whether or not they are freed.
    pub fn allocated_by<R>(work: impl FnOnce() -> R) -> (R, usize) {
        let before = ALLOCATED.load(Relaxed);
        let result = work();
        (result, ALLOCATED.load(Relaxed) - before)
    }

    /// Returns the bytes that are allocated and not yet freed.
    pub fn live() -> usize {
        LIVE.load(Relaxed)
    }

    /// Returns the result of `work` and the most bytes that were live at once meanwhile.
    pub fn peak_of<R>(work: impl FnOnce() -> R) -> (R, usize) {
        PEAK.store(live(), Relaxed);
        let result = work();
        (result, PEAK.load(Relaxed))
    }

    struct Counting;

    // SAFETY: both methods forward to `System`, and the defaults of the other methods call them.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            ALLOCATED.fetch_add(layout.size(), Relaxed);
            let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
            // The peak seldom moves, and a load costs less than `fetch_max`.
            if live > PEAK.load(Relaxed) {
                PEAK.fetch_max(live, Relaxed);
            }
            // SAFETY: the caller passes a layout of non-zero size.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            LIVE.fetch_sub(layout.size(), Relaxed);
            // SAFETY: the caller passes a block from `alloc`, so from `System`, with its layout.
            unsafe { System.dealloc(block, layout) }
        }
    }
}
