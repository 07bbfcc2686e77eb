//! Shows the copy-on-write string that C++98 had and C++11 gave up, without its faults.
//!
//! `cargo run --release --example cow98 -- FILE`
//!
//! - Two strings with the text of FILE (by default README.md) share an address until one of them is written to.
//!   The written string moves, and the other keeps its address.
//! - In C++98, reading `s[0]` copied, because it might have been a write. Here reads never copy, and writes are
//!   explicit (`make_mut`).
//! - In C++98, a reference taken before a copy could write to both strings. Here a program that uses a mutable
//!   reference after a clone does not compile.
//! - C++98 had no threads. If the count was a plain number, a string shared by threads could be freed twice or
//!   change for all. Here threads clone, read, write and drop one text, and the text stays intact.
//!
//! Exit status: 1 if a check fails, 2 if the file cannot be used.

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
        // A string of up to 15 bytes is stored inline, so it shares nothing.
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
    println!("cloned in {time:?}; {copied} bytes copied");
    ensure(copied == 0 && at(&a) == at(&b), "a clone copied the text")?;

    let look = |s: &CowString| s.bytes().fold(u64::from(s.as_bytes()[0]), |n, b| n + u64::from(b));
    let (equal, copied) = allocated_by(|| look(&a) == look(&b));
    ensure(equal && copied == 0 && at(&a) == at(&b), "a read copied the text")?;

    let old = at(&a);
    b.make_mut().make_ascii_uppercase();
    show(&a, &b, "b was written to: b moved");
    ensure(at(&a) == old && at(&b) != old, "b did not move on a write to b, or a moved")?;
    ensure(a == text && b == text.to_ascii_uppercase(), "the write did not change b alone")?;

    a.make_mut().make_ascii_uppercase();
    show(&a, &b, "a was written to: a is the unique owner and stays");
    ensure(at(&a) == old && a == b, "a text with a unique owner was copied")?;

    // The first append to a shared text fills the spare capacity, which no other handle shows, so `c` stays.
    let mut c = a.clone();
    c.push_str(", and more");
    show(&a, &c, "c, a clone of a, was appended to: c stays");
    ensure(at(&c) == old && c.len() == a.len() + 10, "the first append moved the text")?;
    a.push_str(", or else");
    show(&a, &c, "a was appended to as well: a moved");
    ensure(
        at(&a) != old && c.ends_with("more") && a.ends_with("else"),
        "the second append overwrote the first",
    )
}

/// Returns the address of the text.
fn at(string: &CowString) -> usize {
    string.as_ptr().addr()
}

fn show(a: &CowString, b: &CowString, what: &str) {
    println!("{:x} {:x}  {what}", at(a), at(b));
}

/// Clones, reads, writes and drops one text from many threads. A count that is not atomic would soon be wrong.
fn many_threads(text: &str) -> Outcome {
    let start = live();
    let shared = CowString::from(text);
    let (old, all) = (at(&shared), live() - start);
    let work = |thread: usize| {
        let mut wrong = 0;
        for round in 0..ROUNDS {
            let mut mine = shared.clone();
            let first = mine.pop(); // shortens the clone without a copy
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
            threads.into_iter().map(|thread| thread.join().expect("thread panicked")).sum::<usize>()
        })
    });
    println!(
        "{THREADS} threads made {} clones in {time:.1?}; owners now: {}",
        THREADS * ROUNDS,
        shared.strong_count()
    );
    ensure(wrong == 0, format!("{wrong} checks of clones failed"))?;
    ensure(shared == text && at(&shared) == old, "a thread changed the shared text")?;
    ensure(shared.strong_count() == 1 && live() - start == all, "a clone leaked or was freed twice")
}
