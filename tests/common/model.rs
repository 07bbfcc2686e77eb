//! One list of operations and one oracle for every sequence of the crate.
//!
//! A script of bytes becomes operations, so that property tests, fuzzing and saved inputs share one
//! interpreter. Each operation runs twice: on a clone, while the original is a hidden copy that must
//! not change; then on the original, which now finds what the dropped clone left behind.
#![allow(dead_code, reason = "each test binary uses a part")]

/// An operation on a sequence of small numbers. Positions are reduced to what is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Push(u8),
    Pop,
    Insert(u8, u8),
    Remove(u8),
    SwapRemove(u8),
    Set(u8, u8),
    Truncate(u8),
    Clear,
    /// `n` numbers counting up from a first one, as a slice.
    ExtendSlice(u8, u8),
    /// The same by an iterator.
    Extend(u8, u8),
    /// Keeps the numbers that have no bit in common with this one.
    Retain(u8),
    /// Adds a number to every element in place.
    AddAll(u8),
    Reserve(u8),
    /// Into the type's neighbour and back (a `Vec`, a `CowVec`).
    RoundTrip,
    /// Keeps a clone.
    Keep,
    /// Goes on with a kept clone, and keeps this one instead.
    Switch(u8),
    /// Drops a kept clone.
    Forget(u8),
}

impl Op {
    /// Every three bytes mean an operation.
    pub fn decode([kind, a, b]: [u8; 3]) -> Self {
        match kind % 24 {
            0..=4 => Self::Push(a),
            5 | 6 => Self::Pop,
            7 => Self::Insert(a, b),
            8 => Self::Remove(a),
            9 => Self::SwapRemove(a),
            10 => Self::Set(a, b),
            11 => Self::Truncate(a),
            12 if a < 64 => Self::Clear,
            12 | 13 => Self::ExtendSlice(a % 40, b),
            14 => Self::Extend(a % 40, b),
            15 => Self::Retain(a),
            16 => Self::AddAll(a),
            17 => Self::Reserve(a % 100),
            18 => Self::RoundTrip,
            19 | 20 => Self::Keep,
            21 | 22 => Self::Switch(a),
            _ => Self::Forget(a),
        }
    }

    /// The operations of a script; a rest of one or two bytes means nothing.
    pub fn script(bytes: &[u8]) -> Vec<Self> {
        bytes.chunks_exact(3).map(|c| Self::decode([c[0], c[1], c[2]])).collect()
    }
}

/// What an operation gave back, in a form that the oracle can be compared by.
pub type Outcome = Option<u8>;

/// A sequence under test.
pub trait Subject: Clone {
    /// Applies an operation; `None` if this type has no such operation. `Keep`, `Switch` and `Forget`
    /// never come here.
    fn apply(&mut self, op: Op) -> Option<Outcome>;

    fn contents(&self) -> Vec<u8>;

    /// The type's own invariants.
    fn check(&self) {}
}

/// A position below `len`, which is not 0.
pub fn at(position: u8, len: usize) -> usize {
    usize::from(position) % len
}

/// `n` numbers that count up, wrapping, from `first`.
pub fn counting(n: u8, first: u8) -> Vec<u8> {
    (0..n).map(|i| first.wrapping_add(i)).collect()
}

/// The oracle.
pub fn apply_to_vec(v: &mut Vec<u8>, op: Op) -> Outcome {
    let len = v.len();
    match op {
        Op::Push(x) => v.push(x),
        Op::Pop => return v.pop(),
        Op::Insert(i, x) => v.insert(at(i, len + 1), x),
        Op::Remove(i) if len > 0 => return Some(v.remove(at(i, len))),
        Op::SwapRemove(i) if len > 0 => return Some(v.swap_remove(at(i, len))),
        Op::Set(i, x) if len > 0 => return Some(std::mem::replace(&mut v[at(i, len)], x)),
        Op::Truncate(n) => v.truncate(n.into()),
        Op::Clear => v.clear(),
        Op::ExtendSlice(n, x) | Op::Extend(n, x) => v.extend(counting(n, x)),
        Op::Retain(mask) => v.retain(|x| x & mask == 0),
        Op::AddAll(x) => v.iter_mut().for_each(|y| *y = y.wrapping_add(x)),
        Op::Remove(_) | Op::SwapRemove(_) | Op::Set(..) | Op::Reserve(_) | Op::RoundTrip => {}
        Op::Keep | Op::Switch(_) | Op::Forget(_) => unreachable!("the interpreter's own"),
    }
    None
}

/// Runs a script on `subject`, which is empty, beside the oracle.
pub fn run<S: Subject>(subject: S, script: &[Op]) {
    const KEPT: usize = 6;
    let (mut now, mut kept) = ((subject, Vec::new()), Vec::<(S, Vec<u8>)>::new());
    for (step, &op) in script.iter().enumerate() {
        let pick = |i: u8| (!kept.is_empty()).then(|| at(i, kept.len()));
        match op {
            Op::Keep if kept.len() < KEPT => kept.push(now.clone()),
            Op::Keep => {}
            Op::Switch(i) => {
                if let Some(i) = pick(i) {
                    std::mem::swap(&mut now, &mut kept[i]);
                }
            }
            Op::Forget(i) => {
                if let Some(i) = pick(i) {
                    kept.swap_remove(i);
                }
            }
            op => {
                let before = now.1.clone();
                let mut shared = now.0.clone();
                let Some(outcome) = shared.apply(op) else { continue };
                assert_eq!(now.0.contents(), before, "step {step}: {op:?} changed a hidden copy");
                let expected = apply_to_vec(&mut now.1, op);
                assert_eq!(outcome, expected, "step {step}: {op:?} on shared gave");
                assert_eq!(shared.contents(), now.1, "step {step}: {op:?} on shared");
                shared.check();
                drop(shared);
                let outcome = now.0.apply(op);
                assert_eq!(outcome, Some(expected), "step {step}: {op:?} gave");
            }
        }
        for (subject, expected) in kept.iter().chain([&now]) {
            assert_eq!(subject.contents(), *expected, "step {step}: after {op:?}");
            subject.check();
        }
    }
}
