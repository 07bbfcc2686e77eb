//! An element that counts its clones and drops, and panics on demand.

use std::cell::Cell;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::thread;

/// A kind of place at which a test can request a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    Clone,
    Drop,
    Closure,
    Eq,
    Cmp,
    Hash,
}

const POINTS: [Point; 6] =
    [Point::Clone, Point::Drop, Point::Closure, Point::Eq, Point::Cmp, Point::Hash];

thread_local! {
    /// The number of panics at each of [`POINTS`] on this thread since counting began.
    static HITS: Cell<[usize; POINTS.len()]> = const { Cell::new([0; POINTS.len()]) };
}

/// Counts the points at which a test panicked. Its drop prints the count of each kind and checks it against
/// the minimum.
pub struct Hits(&'static [(Point, usize)]);

/// Starts counting. At the end, at least the given number of points of each kind must have been reached:
/// fewer mean that the test no longer covers something. Under Miri few points run, so nothing is checked.
#[must_use]
pub fn demand(least: &'static [(Point, usize)]) -> Hits {
    HITS.take();
    Hits(least)
}

impl Drop for Hits {
    fn drop(&mut self) {
        let hits = HITS.take();
        if thread::panicking() {
            return;
        }
        let count = |point: Point| hits[point as usize];
        let said = POINTS.map(|point| format!("{} {point:?}", count(point)));
        println!("points: {}: {}", thread::current().name().unwrap_or("?"), said.join(", "));
        for (point, least) in self.0 {
            assert!(cfg!(miri) || count(*point) >= *least, "only {} {point:?}", count(*point));
        }
    }
}

/// Records what happened to the dummies that share it.
#[derive(Debug, Default)]
pub struct Ledger {
    pub made: Cell<usize>,
    pub cloned: Cell<usize>,
    pub dropped: Cell<usize>,
    /// The kind of point that panics, and the number of points that still pass before one does.
    fuse: Cell<Option<(Point, usize)>>,
}

/// The payload of a requested panic.
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

    /// Returns the number of dummies made minus the number dropped. A negative number means a double drop.
    pub fn live(&self) -> isize {
        self.made.get() as isize - self.dropped.get() as isize
    }

    /// Panics if the test requested a panic at this point.
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

impl Eq for Dummy {}

impl PartialOrd for Dummy {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dummy {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ledger.pass(Point::Cmp);
        self.id.cmp(&other.id)
    }
}

impl Hash for Dummy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ledger.pass(Point::Hash);
        self.id.hash(state);
    }
}

/// Runs `setup` and `work` once without a panic and counts how often `work` passes `point`.
///
/// Then repeats both for each of these points, panics there, and calls `after`. Miri runs only the first and
/// the last. Checks that no dummy is lost or dropped twice. Returns the number of points.
pub fn panic_at_every<S>(
    point: Point,
    setup: impl Fn(&Rc<Ledger>) -> S,
    work: impl Fn(&mut S, &Rc<Ledger>),
    after: impl Fn(&S),
) -> usize {
    // Panics after `n` points. Returns `None` if it panicked, else `n` minus the number of points passed.
    let run = |n: usize| {
        let ledger = Ledger::new();
        let mut state = setup(&ledger);
        ledger.fuse.set(Some((point, n)));
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut state, &ledger)));
        let left = ledger.fuse.take().map(|(_, left)| left);
        match outcome {
            Ok(()) => {}
            Err(panic) if panic.is::<OnDemand>() => after(&state),
            Err(_) => panic!("unexpected panic at {point:?} {n}"),
        }
        drop(state);
        assert_eq!(ledger.live(), 0, "lost or dropped twice, at {point:?} {n}");
        left
    };
    let points = usize::MAX - run(usize::MAX).expect("the run without a panic succeeds");
    for n in (0..points).filter(|n| !cfg!(miri) || [0, points - 1].contains(n)) {
        assert_eq!(run(n), None, "no panic at {point:?} {n}");
        let mut hits = HITS.get();
        hits[point as usize] += 1;
        HITS.set(hits);
    }
    points
}
