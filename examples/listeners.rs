//! Listeners that add and remove listeners while they are being called.
//!
//! `cargo run --release --example listeners -- FILE`
//!
//! - Each line of FILE (by default README.md) is an event for all listeners. At the start of a code block, one
//!   listener adds another for the lines of code, and removes it at the end of the block.
//! - With a `Mutex<Vec<..>>` this would deadlock. A loop over the indices of a vector would skip a listener or call
//!   one twice.
//! - A loop over a `CopyOnWriteList` never waits and sees the list as it was when the loop began, as with Java's
//!   `CopyOnWriteArrayList`.
//! - Then threads dispatch events while other listeners come and go. A listener that stays hears each event once.
//!
//! Exit status: 1 if a check fails, 2 if the file cannot be used.

mod common;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;

use common::{Outcome, argument, ensure, exit, read, refused};
use cow_collections::CopyOnWriteList;

const EVENTS: usize = 200_000;

/// A listener. Its first argument is the bus, so that it can add and remove listeners.
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

    /// Removes a listener, found by its address, because closures cannot be compared.
    fn unsubscribe(&self, listener: &Listener) -> bool {
        self.listeners.remove_ptr(listener).is_some()
    }

    /// Calls all current listeners. A listener added meanwhile hears the next event, and a listener removed
    /// meanwhile may still hear this one.
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

    // This listener removes itself when it is called. The next listener must not be skipped.
    let itself = Arc::new(OnceLock::new());
    let (known, heard) = (itself.clone(), counter(&first));
    let once = bus.subscribe(move |bus, line| {
        heard(bus, line);
        if let Some(itself) = known.get().and_then(Weak::upgrade) {
            bus.unsubscribe(&itself);
        }
    });
    _ = itself.set(Arc::downgrade(&once)); // weak: a listener that owned itself would leak
    bus.subscribe(counter(&all));
    // This listener adds another where a code block begins, and removes it where the block ends.
    let (open, code_line) = (Mutex::new(None), code.clone());
    bus.subscribe(move |bus, line| {
        if is_fence(line) {
            let mut open = open.lock().expect("no listener panics");
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
    println!("{file:?}: the three listeners heard {heard:?} lines");
    // The listener for code still hears the line that ends the block: it was there when the dispatch began.
    let mut inside = false;
    let in_code = text.lines().filter(|line| {
        let before = inside;
        inside ^= is_fence(line);
        before
    });
    let lines = text.lines().count();
    let expected = [lines.min(1), lines, in_code.count()];
    ensure(heard == expected, format!("expected {expected:?} lines"))?;
    let left = 2 + usize::from(lines == 0) + usize::from(inside);
    ensure(bus.listeners.len() == left, "the bus has too many or too few listeners")
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

/// Returns a listener that counts the events it hears.
fn counter(count: &Arc<AtomicUsize>) -> impl Fn(&Bus, &str) + Send + Sync + 'static {
    let count = count.clone();
    move |_, _| _ = count.fetch_add(1, Relaxed)
}

/// Dispatches from threads while guests come and go. The two listeners that stay hear each event once, although
/// their indices change.
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
            bus.dispatch("an event");
            visits += usize::from(bus.unsubscribe(&guest));
        }
        visits
    });
    let [first, last, guests] = [first, last, guests].map(|count| count.load(Relaxed));
    let events = 2 * EVENTS + visits;
    println!(
        "{events} events from three threads: the listeners that stayed heard {first} and {last},"
    );
    println!("and the guests heard {guests} in {visits} visits");
    ensure([first, last] == [events; 2], "a listener that stayed did not hear each event once")?;
    ensure(guests >= visits && bus.listeners.len() == 2, "a guest heard nothing or is still there")
}
