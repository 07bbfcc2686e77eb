//! The driver. It runs each case of a collection's table under every plan.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::element::{found_none, live};
use crate::script::{Friend, Honest, Outcome, Plan, Seen, perform};

/// A collection under attack.
pub trait Subject: Sized + 'static {
    /// The number of forms that the same contents can have.
    const FORMS: usize;

    /// Whether a run takes long. If so, each plan runs on one form, in turn, and each call uses the other handle in
    /// one way.
    const HEAVY: bool = false;

    /// The message of the documented panic if a write is called within another write.
    const REFUSES: Option<&str> = None;

    /// Makes the collection in one of its forms, with at least four elements.
    fn make(form: usize) -> Self;

    /// Returns the contents. Panics if a slot holds no element, or if an invariant is broken.
    fn check(&self) -> Vec<u8>;

    /// Uses the collection after an attack.
    fn use_again(&mut self);

    /// Makes a clone that shares memory with this one and must not change. Returns a function that reads the clone.
    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        None
    }

    /// Makes a clone that shares memory with this one, for user code to use.
    fn friend(&self) -> Option<Friend> {
        None
    }
}

/// Work on a collection that runs hostile code, and the items of the API that the work covers.
pub struct Case<V> {
    pub covers: &'static str,
    run: fn(&mut V),
}

impl<V> Clone for Case<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Case<V> {}

/// Makes a case for the items that `covers` names, separated by bars.
pub const fn case<V>(covers: &'static str, run: fn(&mut V)) -> Case<V> {
    Case { covers, run }
}

/// Attacks each case with every plan, on a unique collection and on one with a hidden clone. Returns the cases
/// that run no hostile code at all. Miri runs only one plan of each kind, a different one for each case, because it
/// takes a hundred thousand times as long.
pub fn attack<V: Subject>(cases: &[Case<V>]) -> Vec<&'static str> {
    let (mut runs, mut idle) = (0, Vec::new());
    let has_friend = V::make(0).friend().is_some();
    for (turn, case) in cases.iter().enumerate() {
        let forms = || (0..V::FORMS).flat_map(|form| [(form, false), (form, true)]);
        // One form, in turn, or all forms.
        let chosen = |nth: usize, in_turn| {
            let first = if in_turn { (nth + turn) % (2 * V::FORMS) } else { 0 };
            forms().skip(first).take(if in_turn { 1 } else { usize::MAX })
        };
        let honest =
            chosen(0, cfg!(miri)).map(|(form, shared)| run(case, form, shared, Plan::Honest));
        let seen = honest.max_by_key(|seen| seen.calls).expect("there is a form");
        if seen.calls == 0 && !cfg!(miri) {
            idle.push(case.covers);
        }
        let mut plans = seen.plans(turn, V::HEAVY);
        plans.retain(|plan| has_friend || !matches!(plan, Plan::Meddle(..)));
        for (nth, plan) in plans.into_iter().enumerate() {
            for (form, shared) in chosen(nth, V::HEAVY || cfg!(miri)) {
                run(case, form, shared, plan);
                runs += 1;
            }
        }
    }
    println!("hostile: {runs} runs of {} cases", cases.len());
    idle
}

/// Like [`attack`], for another type of element. Runs only some of the cases if a run takes long.
pub fn attack_again<V: Subject>(cases: &[Case<V>]) {
    let step = if cfg!(miri) { 8 } else { 1 + usize::from(V::HEAVY) };
    attack(&cases.iter().copied().step_by(step).collect::<Vec<_>>());
}

/// Runs a case under a plan, and checks everything that must be true afterwards.
fn run<V: Subject>(case: &Case<V>, form: usize, shared: bool, plan: Plan) -> Seen {
    let before = live();
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let mut subject = V::make(form);
        let hidden = if shared { subject.hide() } else { None };
        let contents = hidden.as_ref().map(|read| read());
        let friend = if let Plan::Meddle(..) = plan { subject.friend() } else { None };
        // A panic in a `Drop` may leak, which Miri reports. `tests/all/panics.rs` tests the drops that must not leak.
        let drops = !cfg!(miri);
        let (outcome, seen) = perform(plan, friend, drops, || (case.run)(&mut subject));
        match (plan, &outcome) {
            (_, Outcome::Returned)
            | (Plan::Panic(_), Outcome::PlannedPanic)
            | (Plan::Lie { .. } | Plan::Random(..), _) => {}
            (Plan::Meddle(..), Outcome::OtherPanic(text))
                if V::REFUSES.is_some_and(|refuses| text.contains(refuses)) => {}
            _ => panic!("{outcome:?}"),
        }
        let _honest = Honest::new();
        assert!(!found_none(), "a place without an element was read or dropped");
        subject.check();
        assert_eq!(hidden.as_ref().map(|read| read()), contents, "the hidden clone changed");
        subject.use_again();
        subject.check();
        drop(subject);
        assert_eq!(hidden.as_ref().map(|read| read()), contents, "the hidden clone changed");
        seen
    }));
    let lost = live() - before;
    let may_leak = checked.as_ref().is_ok_and(|seen| seen.drop_panicked);
    let dropped_once = lost == 0 || may_leak && lost > 0;
    if checked.is_err() || !dropped_once {
        eprintln!("{}, form {form}, shared: {shared}, {plan:?}", case.covers);
    }
    let seen = checked.unwrap_or_else(|payload| resume_unwind(payload));
    assert!(dropped_once, "{lost} elements were lost, or dropped twice if negative");
    seen
}

/// A collection that loses its elements if a closure panics.
struct Careless(Vec<crate::element::Item<0>>);

impl Subject for Careless {
    const FORMS: usize = 1;

    fn make(_: usize) -> Self {
        Self(crate::element::elements(1, 4))
    }

    fn check(&self) -> Vec<u8> {
        self.0.iter().map(crate::element::Elem::number).collect()
    }

    fn use_again(&mut self) {}
}

#[test]
fn attack_on_a_collection_that_loses_elements_fails() {
    let careless = case("", |v: &mut Careless| {
        let taken = std::mem::ManuallyDrop::new(std::mem::take(&mut v.0));
        crate::script::call();
        v.0 = std::mem::ManuallyDrop::into_inner(taken);
    });
    let payload = catch_unwind(|| attack(&[careless])).expect_err("the attack fails");
    let message = payload.downcast::<String>().expect("a message with the number of lost elements");
    assert!(message.contains("elements were lost"), "{message}");
}
