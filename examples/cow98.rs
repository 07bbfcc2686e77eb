//! The copy-on-write string that C++98 had, and C++11 gave up, with what went wrong there put right.
//!
//! `cargo run --release --example cow98 -- FILE`
//!
//! - Two strings, of the text of FILE (README.md), share an address until one of them is written. The writer
//!   moves, the other stays where it is.
//! - There, a mere look through `s[0]` copied, since it might have been a write, and a reference kept from
//!   before a copy wrote into both. Here a read never copies, who writes says so (`make_mut`), and a
//!   reference that could write does not outlive a clone: that program does not compile.
//! - C++98 knew no threads, and where the count was a plain number, strings that threads had in common were
//!   written through, or freed twice. Here threads clone, read, write and drop one text as fast as they can,
//!   and nothing happens to it.
//!
//! Exit status: 1 if something is not as it should be, 2 if the file cannot be used.

mod common;

use std::process::ExitCode;
use std::thread;

use common::counting::{allocated_by, live};
use common::{Outcome, argument, ensure, exit, read, refused, timed};
use cow_collections::CowString;

const THREADS: usize = 4;
const ROUNDS: usize = 20_000;

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Outcome {
    let file = argument("a file", "README.md")?;
    let bytes = read(&file)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|error| refused(format!("{file:?}: {error}")))?;
    if text.len() < 32 {
        // Up to 15 bytes stand in the string itself, and there is nothing to share.
        return Err(refused(format!("{file:?}: expected 32 bytes or more")));
    }
    println!("{file:?}: {} bytes", text.len());
    one_thread(text)?;
    many_threads(text)
}

fn one_thread(text: &str) -> Outcome {
    let mut a = CowString::with_capacity(text.len() + 100);
    a.push_str(text);
    let ((mut b, time), copied) = allocated_by(|| timed(|| a.clone()));
    show(&a, &b, "b is a clone of a");
    println!("taken in {time:?}; {copied} bytes copied");
    ensure(copied == 0 && at(&a) == at(&b), "a clone copied the text")?;

    let look = |s: &CowString| s.bytes().fold(u64::from(s.as_bytes()[0]), |n, b| n + u64::from(b));
    let (equal, copied) = allocated_by(|| look(&a) == look(&b));
    ensure(equal && copied == 0 && at(&a) == at(&b), "a read copied the text")?;

    let old = at(&a);
    b.make_mut().make_ascii_uppercase();
    show(&a, &b, "b was written to: it moved");
    ensure(at(&a) == old && at(&b) != old, "it was not the writer who moved")?;
    ensure(a == text && b == text.to_ascii_uppercase(), "a write is missing, or seen twice")?;

    a.make_mut().make_ascii_uppercase();
    show(&a, &b, "a was written to: it has its text alone, and stays");
    ensure(at(&a) == old && a == b, "a text with one owner was copied")?;

    // What is appended goes behind the text, where nobody else looks. So the first who does it stays, too.
    let mut c = a.clone();
    c.push_str(", and more");
    show(&a, &c, "c, a clone of a, was appended to: it stays");
    ensure(at(&c) == old && c.len() == a.len() + 10, "an appended text moved")?;
    a.push_str(", or else");
    show(&a, &c, "a was, too: it moved");
    ensure(
        at(&a) != old && c.ends_with("more") && a.ends_with("else"),
        "both appended in one place",
    )
}

/// The address of the text.
fn at(string: &CowString) -> usize {
    string.as_ptr().addr()
}

fn show(a: &CowString, b: &CowString, what: &str) {
    println!("{:x} {:x}  {what}", at(a), at(b));
}

/// Clones, reads, writes and drops from many threads. A count that is not atomic is wrong soon.
fn many_threads(text: &str) -> Outcome {
    let start = live();
    let shared = CowString::from(text);
    let (old, all) = (at(&shared), live() - start);
    let work = |thread: usize| {
        let mut wrong = 0;
        for round in 0..ROUNDS {
            let mut mine = shared.clone();
            let first = mine.pop(); // a write that need not copy: the clone is now shorter
            wrong += usize::from(at(&mine) != old || first != text.chars().next_back());
            if (round + thread) % 16 == 0 {
                mine.make_mut().make_ascii_uppercase();
                wrong += usize::from(at(&mine) == old);
            }
        }
        wrong
    };
    let (wrong, time) = timed(|| {
        thread::scope(|threads| {
            let threads: Vec<_> = (0..THREADS).map(|n| threads.spawn(move || work(n))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a panic")).sum::<usize>()
        })
    });
    println!(
        "{THREADS} threads took {} clones in {time:.1?}: owners now {}",
        THREADS * ROUNDS,
        shared.strong_count()
    );
    ensure(wrong == 0, format!("{wrong} clones were not as they should be"))?;
    ensure(shared == text && at(&shared) == old, "a thread wrote to the text of all")?;
    ensure(shared.strong_count() == 1 && live() - start == all, "a clone is left, or freed twice")
}
