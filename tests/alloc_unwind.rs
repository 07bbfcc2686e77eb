#![cfg(cow_alloc_hook)]
#![feature(alloc_error_hook)]
//! Lets every allocation of every edit of `PersistentVector` fail and unwind, in trees of many shapes.
//!
//! Unwinding needs the allocation error hook of a nightly. Afterwards the vector is sound, nothing is lost or
//! dropped twice, and a hidden copy is unchanged. `.ci/run alloc-hook` runs this test.

mod common;

use std::alloc::set_alloc_error_hook;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use common::alloc::{no_leak, refusing};
use cow_collections::PersistentVector;

/// An element so large that a leaf holds four. Its `Rc` counts the live values.
#[derive(Clone)]
struct Big(#[expect(dead_code, reason = "it counts")] Rc<()>, [usize; 31]);

type Vector = PersistentVector<Big>;

/// The payload with which the hook unwinds.
struct Refused;

/// A deterministic generator of pseudorandom numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as usize) % n.max(1)
    }
}

/// An edit. It takes two numbers below a thousand, and a function that makes a number of new elements.
type Edit = fn(&mut Vector, usize, usize, &dyn Fn(usize) -> Vec<Big>);

const EDITS: [(&str, Edit); 20] = [
    ("push_back", |v, _, _, new| v.push_back(new(1).remove(0))),
    ("push_front", |v, _, _, new| v.push_front(new(1).remove(0))),
    ("pop_back", |v, _, _, _| drop(v.pop_back())),
    ("pop_front", |v, _, _, _| drop(v.pop_front())),
    ("insert", |v, a, _, new| v.insert(v.len() * a / 1_000, new(1).remove(0))),
    ("remove", |v, a, _, _| drop((!v.is_empty()).then(|| v.remove(v.len() * a / 1_000)))),
    ("swap_remove", |v, a, _, _| drop((!v.is_empty()).then(|| v.swap_remove(v.len() * a / 1_000)))),
    ("set", |v, a, _, new| {
        drop((!v.is_empty()).then(|| v.set(v.len() * a / 1_000, new(1).remove(0))))
    }),
    ("truncate", |v, a, _, _| v.truncate(v.len() * a / 1_000)),
    ("split_off", |v, a, _, _| drop(v.split_off(v.len() * a / 1_000))),
    ("keep the end", |v, a, _, _| *v = v.split_off(v.len() * a / 1_000)),
    ("slice", |v, a, b, _| *v = v.slice(v.len() * a / 1_000..v.len() * b / 1_000)),
    ("append some", |v, _, b, new| v.append(new(b / 20).into())),
    ("append to some", |v, _, b, new| {
        let mut some: Vector = new(b / 20).into();
        some.append(v.clone());
        *v = some;
    }),
    ("append a part", |v, a, b, _| v.append(v.slice(v.len() * a / 1_000..v.len() * b / 1_000))),
    ("extend_from_within", |v, a, b, _| {
        v.extend_from_within(v.len() * a / 1_000..v.len() * b / 1_000)
    }),
    ("drain", |v, a, b, _| drop(v.drain(v.len() * a / 1_000..v.len() * b / 1_000))),
    ("rotate", |v, a, _, _| v.rotate_left(v.len() * a / 1_000)),
    ("retain", |v, a, _, _| v.retain(|x| x.1[0] * 7 % 1_000 >= a)),
    ("splice", |v, a, b, new| {
        drop(v.splice(v.len() * a / 1_000..v.len() * b / 1_000, new(b / 100)));
    }),
];

#[test]
fn edits_whose_allocations_fail_leave_a_sound_vector() {
    set_alloc_error_hook(|_| resume_unwind(Box::new(Refused)));
    let mut refusals = [0; EDITS.len()];
    no_leak(|| {
        let all = Rc::new(());
        let new = |n: usize| -> Vec<Big> { (0..n).map(|x| Big(all.clone(), [x; 31])).collect() };
        for seed in 1..1_000_u64 {
            let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
            let script: Vec<_> = (0..random.below(30))
                .map(|_| (random.below(EDITS.len()), random.below(1_000), random.below(1_000)))
                .collect();
            let n = random.below(300);
            let make = || {
                let mut v: Vector = new(n).into();
                for (edit, a, b) in &script {
                    if v.len() < 2_000 {
                        EDITS[*edit].1(&mut v, *a.min(b), *a.max(b), &new);
                    }
                }
                v
            };
            let (edit, a, b) =
                (random.below(EDITS.len()), random.below(1_000), random.below(1_000));
            let shared = random.below(2) > 0;
            for k in 0.. {
                let mut v = make();
                v.assert_invariants();
                let hidden = shared.then(|| v.clone());
                let before: Vec<usize> = v.iter().map(|x| x.1[0]).collect();
                let (refused, result) = refusing(k, || {
                    catch_unwind(AssertUnwindSafe(|| {
                        EDITS[edit].1(&mut v, a.min(b), a.max(b), &new)
                    }))
                });
                let case = format!("seed {seed}, allocation {k} of {}", EDITS[edit].0);
                if let Err(payload) = result {
                    assert!(payload.is::<Refused>(), "{case}: unexpected panic");
                }
                let sound = catch_unwind(AssertUnwindSafe(|| v.assert_invariants()));
                assert!(sound.is_ok(), "{case}: unsound, {} elements", before.len());
                if let Some(hidden) = hidden {
                    hidden.assert_invariants();
                    assert!(hidden.iter().map(|x| x.1[0]).eq(before), "{case}: the copy changed");
                }
                // The vector can still be edited.
                v.insert(v.len() / 2, new(1).remove(0));
                v.assert_invariants();
                drop(v);
                assert_eq!(Rc::strong_count(&all), 1, "{case}: lost or dropped twice");
                refusals[edit] += usize::from(refused);
                if !refused {
                    break;
                }
            }
        }
    });
    println!("points: {} refusals", refusals.iter().sum::<usize>());
    for ((name, _), refusals) in EDITS.iter().zip(refusals) {
        assert!(
            refusals > 0 || *name == "pop_back" || *name == "pop_front",
            "no refusal in {name}"
        );
    }
}
