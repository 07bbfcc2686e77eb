//! An element that counts its clones and drops, and panics on demand.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

/// Where a panic can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    Clone,
    Drop,
    Closure,
    Eq,
}

/// What happened to the dummies that share it.
#[derive(Debug, Default)]
pub struct Ledger {
    pub made: Cell<usize>,
    pub cloned: Cell<usize>,
    pub dropped: Cell<usize>,
    /// The kind of point that panics, and how many of them still pass before one does.
    fuse: Cell<Option<(Point, usize)>>,
}

/// What a panic on demand carries.
struct OnDemand;

impl Ledger {
    pub fn new() -> Rc<Self> {
        Rc::default()
    }

    pub fn dummy(self: &Rc<Self>, id: u32) -> Dummy {
        bump(&self.made);
        Dummy { id, ledger: self.clone() }
    }

    pub fn dummies(self: &Rc<Self>, ids: std::ops::Range<u32>) -> Vec<Dummy> {
        ids.map(|id| self.dummy(id)).collect()
    }

    /// Dummies that were made and not dropped; negative if one was dropped twice.
    pub fn live(&self) -> isize {
        self.made.get() as isize - self.dropped.get() as isize
    }

    /// A place where a panic can be asked for.
    pub fn pass(&self, point: Point) {
        match self.fuse.get() {
            Some((kind, 0)) if kind == point => {
                self.fuse.set(None);
                resume_unwind(Box::new(OnDemand));
            }
            Some((kind, n)) if kind == point => self.fuse.set(Some((kind, n - 1))),
            _ => {}
        }
    }
}

fn bump(count: &Cell<usize>) {
    count.set(count.get() + 1);
}

#[derive(Debug)]
pub struct Dummy {
    pub id: u32,
    ledger: Rc<Ledger>,
}

impl Clone for Dummy {
    fn clone(&self) -> Self {
        self.ledger.pass(Point::Clone);
        bump(&self.ledger.cloned);
        self.ledger.dummy(self.id)
    }
}

impl Drop for Dummy {
    fn drop(&mut self) {
        bump(&self.ledger.dropped);
        self.ledger.pass(Point::Drop);
    }
}

impl PartialEq for Dummy {
    fn eq(&self, other: &Self) -> bool {
        self.ledger.pass(Point::Eq);
        self.id == other.id
    }
}

/// Runs `setup`, then `work`, and then both again for each `point` that `work` passed, with a panic there
/// and then `after`; under Miri only for the first and the last. No dummy may be lost or dropped twice.
/// Returns how many points there are.
pub fn panic_at_every<S>(
    point: Point,
    setup: impl Fn(&Rc<Ledger>) -> S,
    work: impl Fn(&mut S, &Rc<Ledger>),
    after: impl Fn(&S),
) -> usize {
    // How many points come before the panic, and how many of them did not.
    let run = |n: usize| {
        let ledger = Ledger::new();
        let mut state = setup(&ledger);
        ledger.fuse.set(Some((point, n)));
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut state, &ledger)));
        let left = ledger.fuse.take().map(|(_, left)| left);
        match outcome {
            Ok(()) => {}
            Err(panic) if panic.is::<OnDemand>() => after(&state),
            Err(_) => panic!("a panic of its own, at {point:?} {n}"),
        }
        drop(state);
        assert_eq!(ledger.live(), 0, "lost or dropped twice, at {point:?} {n}");
        left
    };
    let points = usize::MAX - run(usize::MAX).expect("nothing panics by itself");
    for n in (0..points).filter(|n| !cfg!(miri) || [0, points - 1].contains(n)) {
        assert_eq!(run(n), None, "panics at {point:?} {n}");
    }
    points
}
