//! Elements that record the clones and drops of a list.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

thread_local! {
    static CLONES_LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Makes the clone of a [`Noise`] after `n` more on this thread panic.
pub(crate) fn panic_at_clone(n: Option<usize>) {
    CLONES_LEFT.set(n);
}

/// Counts the live tokens.
pub(crate) struct Tally(Rc<Cell<usize>>);

impl Tally {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn token(&self, id: u32) -> Token {
        self.0.set(self.0.get() + 1);
        Token { id, live: self.0.clone() }
    }

    pub(crate) fn live(&self) -> usize {
        self.0.get()
    }
}

/// An element with drop glue that a tally counts while it lives.
pub(crate) struct Token {
    id: u32,
    live: Rc<Cell<usize>>,
}

impl Token {
    pub(crate) fn id(&self) -> u32 {
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

/// A token whose clone panics on demand. It is so large that a block of three has no spare capacity.
pub(crate) struct Noise {
    pub(crate) token: Token,
    _size: [u64; 8],
}

impl Noise {
    pub(crate) fn new(token: Token) -> Self {
        Self { token, _size: [0; 8] }
    }
}

impl Clone for Noise {
    fn clone(&self) -> Self {
        if let Some(left) = CLONES_LEFT.get() {
            CLONES_LEFT.set(left.checked_sub(1));
            assert!(left > 0, "asked");
        }
        Self::new(self.token.clone())
    }
}

/// An element whose drop calls a function.
pub(crate) struct Hook {
    id: u32,
    at_drop: fn(u32),
}

impl Hook {
    pub(crate) fn new(id: u32, at_drop: fn(u32)) -> Self {
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
