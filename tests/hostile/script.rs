//! Decides what the hostile implementations answer, and what else they do when they are called.
//!
//! Every call from the crate into user code goes through [`call`] or [`answer`]. Outside of [`perform`] both
//! are honest. Within it, a [`Plan`] names the call that panics, the call that uses another handle of the
//! same collection, or the question whose answers are lies.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;
use std::thread;

/// A question that safe user code answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Start,
    End,
    Hint,
    Len,
    Next,
    Yes,
    Equal,
    Order,
    Partial,
    Hash,
    Clone,
    View,
    Write,
    Size,
}

const ASKS: [Ask; 14] = [
    Ask::Start,
    Ask::End,
    Ask::Hint,
    Ask::Len,
    Ask::Next,
    Ask::Yes,
    Ask::Equal,
    Ask::Order,
    Ask::Partial,
    Ask::Hash,
    Ask::Clone,
    Ask::View,
    Ask::Write,
    Ask::Size,
];

/// A use of another handle of the collection by user code, while the crate waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meddle {
    Read,
    Push,
    Clone,
    Drop,
}

pub const MEDDLES: [Meddle; 4] = [Meddle::Push, Meddle::Drop, Meddle::Clone, Meddle::Read];

/// A function that uses another handle of the collection.
pub type Friend = Box<dyn FnMut(Meddle)>;

#[derive(Clone, Copy, Debug)]
pub enum Plan {
    Honest,
    /// The call with this number panics.
    Panic(usize),
    /// The call with this number uses the friend.
    Meddle(usize, Meddle),
    /// The first `count` answers to `ask` are number `first`, and all later answers are number `then`.
    Lie {
        ask: Ask,
        first: usize,
        count: usize,
        then: usize,
    },
    /// Every answer is drawn by a generator with this seed, and the call with this number panics.
    Random(u64, usize),
}

// Many small cells, because Miri takes long for a large one with many references.
thread_local! {
    static ON: Cell<bool> = const { Cell::new(false) };
    static PLAN: Cell<Plan> = const { Cell::new(Plan::Honest) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
    /// Whether a `Drop` may panic.
    static DROPS: Cell<bool> = const { Cell::new(true) };
    /// Whether the planned panic came from a `Drop`.
    static DROPPING: Cell<bool> = const { Cell::new(false) };
    /// For each question, how often it was asked, and the largest number of its answers.
    static ASKED: Cell<[(usize, usize); ASKS.len()]> = const { Cell::new([(0, 0); ASKS.len()]) };
    static RANDOM: Cell<u64> = const { Cell::new(0) };
    static FRIEND: RefCell<Option<Friend>> = const { RefCell::new(None) };
}

/// The payload of a planned panic.
struct OnPurpose;

/// How the work under a plan ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Returned,
    PlannedPanic,
    OtherPanic(String),
}

/// What the crate asked during a run.
#[derive(Debug)]
pub struct Seen {
    pub calls: usize,
    /// Whether a `Drop` panicked.
    pub drop_panicked: bool,
    asked: [(usize, usize); ASKS.len()],
}

/// Counts a call into user code, and does what the plan says for that call.
pub fn call() {
    call_from(false);
}

/// Like [`call`], from a `Drop`. A panic there may leak, as in the standard library.
pub fn call_from_drop() {
    call_from(true);
}

fn call_from(drop: bool) {
    if !ON.get() {
        return;
    }
    let number = CALLS.replace(CALLS.get() + 1);
    match PLAN.get() {
        // A panic while another one unwinds would end the process.
        Plan::Panic(n) | Plan::Random(_, n)
            if n == number && !thread::panicking() && (!drop || DROPS.get()) =>
        {
            DROPPING.set(drop);
            resume_unwind(Box::new(OnPurpose));
        }
        Plan::Meddle(n, how) if n == number => {
            // Calls that the friend causes are honest and not counted.
            let _honest = Honest::new();
            FRIEND.with_borrow_mut(|friend| {
                friend.as_mut().expect("the plan has a friend")(how);
            });
        }
        _ => {}
    }
}

/// Returns the answer to `ask` that the plan demands. The first of `answers` is the honest one.
pub fn answer<A: Clone>(ask: Ask, answers: &[A]) -> A {
    call();
    // A lie that makes the crate panic while another panic unwinds would end the process, as in the standard
    // library's `Splice`.
    if !ON.get() || thread::panicking() {
        return answers[0].clone();
    }
    let mut asked = ASKED.get();
    let (times, most) = &mut asked[ask as usize];
    let nth = *times;
    *times += 1;
    *most = answers.len().max(*most);
    ASKED.set(asked);
    let index = match PLAN.get() {
        Plan::Lie { ask: lie, first, count, then } if lie == ask => {
            if nth < count {
                first
            } else {
                then
            }
        }
        Plan::Random(..) => {
            let mut x = RANDOM.get();
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            RANDOM.set(x);
            (x >> 32) as usize
        }
        _ => 0,
    };
    answers[index % answers.len()].clone()
}

/// Keeps user code honest while it lives.
pub struct Honest(bool);

impl Honest {
    pub fn new() -> Self {
        Self(ON.replace(false))
    }
}

impl Drop for Honest {
    fn drop(&mut self) {
        ON.set(self.0);
    }
}

/// Runs `work` under `plan`. Returns how the work ended, and what user code was asked. A `Drop` panics only if `drops`
/// is true.
pub fn perform(
    plan: Plan,
    friend: Option<Friend>,
    drops: bool,
    work: impl FnOnce(),
) -> (Outcome, Seen) {
    silence_planned_panics();
    PLAN.set(plan);
    CALLS.set(0);
    DROPPING.set(false);
    DROPS.set(drops);
    ASKED.set(Default::default());
    if let Plan::Random(seed, _) = plan {
        RANDOM.set(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    }
    FRIEND.set(friend);
    ON.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    ON.set(false);
    drop(FRIEND.take());
    let outcome = match result {
        Ok(()) => Outcome::Returned,
        Err(payload) if payload.is::<OnPurpose>() => Outcome::PlannedPanic,
        Err(payload) => Outcome::OtherPanic(match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => payload.downcast_ref::<&str>().map_or("?", |text| text).into(),
        }),
    };
    let seen = Seen { calls: CALLS.get(), drop_panicked: DROPPING.get(), asked: ASKED.get() };
    (outcome, seen)
}

/// Suppresses the messages of panics within [`perform`], because there are tens of thousands.
fn silence_planned_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !ON.get() {
                usual(info);
            }
        }));
    });
}

impl Seen {
    /// Returns all plans that follow from the questions. Under Miri, returns one of each kind, or half of these if
    /// the case is heavy. The case number `turn` selects the plans, and the use of the friend if the case is heavy.
    pub fn plans(&self, turn: usize, heavy: bool) -> Vec<Plan> {
        if cfg!(miri) { self.few(turn, heavy) } else { self.all(turn, heavy) }
    }

    fn all(&self, turn: usize, heavy: bool) -> Vec<Plan> {
        let mut plans: Vec<Plan> = (0..self.calls).map(Plan::Panic).collect();
        plans.extend((0..self.calls).flat_map(|n| {
            let (first, uses) = if heavy { (n + turn, 1) } else { (0, MEDDLES.len()) };
            (first..first + uses).map(move |i| Plan::Meddle(n, MEDDLES[i % MEDDLES.len()]))
        }));
        plans.extend(self.lies());
        plans.extend(self.by_chance());
        plans
    }

    /// Returns plans for all pairs of answers to each question. The second answer begins at the first to fourth
    /// repetition.
    fn lies(&self) -> Vec<Plan> {
        let mut plans = Vec::new();
        for ask in ASKS {
            let (times, answers) = self.asked[ask as usize];
            for (first, then) in (0..answers).flat_map(|i| (0..answers).map(move |j| (i, j))) {
                let counts = if first == then { 1..2 } else { 1..times.clamp(1, 4) + 1 };
                if (first, then) != (0, 0) {
                    plans.extend(counts.map(|count| Plan::Lie { ask, first, count, then }));
                }
            }
        }
        plans
    }

    /// Returns plans with random answers. Every other plan also panics.
    fn by_chance(&self) -> Vec<Plan> {
        let panics =
            |seed: usize| if seed % 2 == 0 { usize::MAX } else { seed * 7 % (self.calls + 1) };
        (0..24).map(|seed| Plan::Random(seed as u64, panics(seed))).collect()
    }

    fn few(&self, turn: usize, heavy: bool) -> Vec<Plan> {
        let mut plans = Vec::new();
        if self.calls > 0 {
            plans.push(Plan::Panic(turn % self.calls));
            plans.push(Plan::Meddle(turn * 7 % self.calls, MEDDLES[turn % MEDDLES.len()]));
        }
        let asked = || ASKS.into_iter().filter(|ask| self.asked[*ask as usize].1 > 1);
        if let Some(ask) = asked().cycle().nth(turn % ASKS.len()) {
            let lie = 1 + turn % (self.asked[ask as usize].1 - 1);
            plans.push(Plan::Lie { ask, first: lie, count: 1, then: 0 });
            plans.push(Plan::Lie { ask, first: 0, count: 1, then: lie });
        }
        if heavy {
            plans = plans.into_iter().skip(turn % 2).step_by(2).collect();
        }
        plans
    }
}
