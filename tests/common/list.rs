//! Elements that tell what a list does with them.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

thread_local! {
    static CLONES_LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Makes the clone of a [`Noise`] after `n` more on this thread panic.
pub fn panic_at_clone(n: Option<usize>) {
    CLONES_LEFT.set(n);
}

/// Counts the tokens alive.
pub struct Tally(Rc<Cell<usize>>);

impl Tally {
    pub fn new() -> Self {
        Self(Rc::default())
    }

    pub fn token(&self, id: u32) -> Token {
        self.0.set(self.0.get() + 1);
        Token { id, live: self.0.clone() }
    }

    pub fn live(&self) -> usize {
        self.0.get()
    }
}

/// An element with drop glue that is counted while it lives.
pub struct Token {
    id: u32,
    live: Rc<Cell<usize>>,
}

impl Token {
    pub fn id(&self) -> u32 {
        self.id
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        Tally(self.live.clone()).token(self.id)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.live.set(self.live.get().checked_sub(1).expect("dropped twice"));
    }
}

/// A token whose clone panics on demand.
pub struct Noise(pub Token);

impl Clone for Noise {
    fn clone(&self) -> Self {
        if let Some(left) = CLONES_LEFT.get() {
            CLONES_LEFT.set(left.checked_sub(1));
            assert!(left > 0, "asked");
        }
        Self(self.0.clone())
    }
}

/// An element with a function to run at its drop.
pub struct Hook {
    id: u32,
    at_drop: fn(u32),
}

impl Hook {
    pub fn new(id: u32, at_drop: fn(u32)) -> Self {
        Self { id, at_drop }
    }
}

impl Clone for Hook {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        (self.at_drop)(self.id);
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}
