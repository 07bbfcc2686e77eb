//! Listeners that add and remove listeners while they are being called.
//!
//! `cargo run --release --example listeners -- FILE`
//!
//! - The lines of FILE (README.md) are events, and each is handed to all listeners. Where a code block
//!   begins, a listener adds another one, for the lines of code, and where it ends takes it away again.
//! - With a `Mutex<Vec<..>>` that would wait for itself for ever, and with an index into a vector skip a
//!   listener or call one twice. A `CopyOnWriteList` is walked as it was when the walk began, as is Java's
//!   CopyOnWriteArrayList, and nobody who walks it ever waits.
//! - Then threads hand out events while others come and go: who was there all the time hears each once.
//!
//! Exit status: 1 if something is not as it should be, 2 if the file cannot be used.

mod common;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;

use common::{Outcome, argument, ensure, exit, read, refused};
use cow_collections::CopyOnWriteList;

const EVENTS: usize = 200_000;

/// Is called with the bus that has the event, to add and remove listeners there.
type Listener = Arc<dyn Fn(&Bus, &str) + Send + Sync>;

#[derive(Default)]
struct Bus {
    listeners: CopyOnWriteList<Listener>,
}

impl Bus {
    fn subscribe(&self, listener: impl Fn(&Bus, &str) + Send + Sync + 'static) -> Listener {
        let listener: Listener = Arc::new(listener);
        self.listeners.push(listener.clone());
        listener
    }

    /// Removes that very listener: closures cannot be compared, their addresses can.
    fn unsubscribe(&self, listener: &Listener) -> bool {
        self.listeners.remove_ptr(listener).is_some()
    }

    /// Calls those who are there now. Who is added meanwhile hears the next event, and who is removed
    /// may still hear this one.
    fn dispatch(&self, event: &str) {
        self.listeners.load().iter().for_each(|listener| listener(self, event));
    }
}

fn main() -> ExitCode {
    exit(read_lines().and_then(|()| come_and_go()))
}

fn read_lines() -> Outcome {
    let file = argument("a file", "README.md")?;
    let text = String::from_utf8(read(&file)?);
    let text = text.map_err(|_| refused(format!("{file:?}: expected UTF-8")))?;
    let (bus, [first, all, code]) = (Bus::default(), [(); 3].map(|()| Arc::default()));

    // Hears one event, and removes itself while it is called: the next one is not skipped.
    let itself = Arc::new(OnceLock::new());
    let (known, heard) = (itself.clone(), counter(&first));
    let once = bus.subscribe(move |bus, line| {
        heard(bus, line);
        if let Some(itself) = known.get().and_then(Weak::upgrade) {
            bus.unsubscribe(&itself);
        }
    });
    _ = itself.set(Arc::downgrade(&once)); // a listener that had itself would never be freed
    bus.subscribe(counter(&all));
    // Adds another listener where code begins, and removes it where code ends.
    let (open, code_line) = (Mutex::new(None), code.clone());
    bus.subscribe(move |bus, line| {
        if is_fence(line) {
            let mut open = open.lock().expect("nobody panics");
            *open = match open.take() {
                None => Some(bus.subscribe(counter(&code_line))),
                Some(listener) => {
                    bus.unsubscribe(&listener);
                    None
                }
            };
        }
    });
    text.lines().for_each(|line| bus.dispatch(line));

    let heard = [first, all, code].map(|count| count.load(Relaxed));
    println!("{file:?}: of its lines the three listeners heard {heard:?}");
    // The line that ends a code block is still heard: its listener was there when the walk began.
    let mut inside = false;
    let in_code = text.lines().filter(|line| {
        let before = inside;
        inside ^= is_fence(line);
        before
    });
    let lines = text.lines().count();
    let expected = [lines.min(1), lines, in_code.count()];
    ensure(heard == expected, format!("they should have heard {expected:?}"))?;
    let left = 2 + usize::from(lines == 0) + usize::from(inside);
    ensure(bus.listeners.len() == left, "a listener is left, or lost")
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

/// A listener that counts what it hears.
fn counter(count: &Arc<AtomicUsize>) -> impl Fn(&Bus, &str) + Send + Sync + 'static {
    let count = count.clone();
    move |_, _| _ = count.fetch_add(1, Relaxed)
}

/// Threads dispatch while guests come and go: who stays hears each event once, wherever he is moved.
fn come_and_go() -> Outcome {
    let (bus, [first, last, guests]) = (Bus::default(), [(); 3].map(|()| Arc::default()));
    bus.subscribe(counter(&first));
    bus.subscribe(counter(&last));
    let visits = thread::scope(|threads| {
        let dispatch = || (0..EVENTS).for_each(|_| bus.dispatch("an event"));
        let dispatchers = [(); 2].map(|()| threads.spawn(dispatch));
        let mut visits = 0;
        while !dispatchers.iter().all(|dispatcher| dispatcher.is_finished()) {
            let guest: Listener = Arc::new(counter(&guests));
            bus.listeners.push_front(guest.clone());
            bus.dispatch("his own");
            visits += usize::from(bus.unsubscribe(&guest));
        }
        visits
    });
    let [first, last, guests] = [first, last, guests].map(|count| count.load(Relaxed));
    let events = 2 * EVENTS + visits;
    println!("{events} events from three threads: heard {first} and {last} times by who stayed,");
    println!("and {guests} times in {visits} visits by who came and went");
    ensure([first, last] == [events; 2], "who stayed did not hear each event once")?;
    ensure(guests >= visits && bus.listeners.len() == 2, "a guest heard nothing, or is left")
}
