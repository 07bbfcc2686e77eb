//! One set of operations and one oracle for every sequence of the crate.
//!
//! Bytes decode to a script of operations, so that property tests, fuzzing and saved inputs share one
//! interpreter. Each operation runs twice. The first run is on a clone, and the original, a hidden copy, must
//! not change. The second run is on the original, in the state that the dropped clone left.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use std::fmt;

/// An operation on a sequence of small numbers. Positions are reduced to valid ones.
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
    /// Extends by a slice of `n` numbers that count up from a first one.
    ExtendSlice(u8, u8),
    /// Extends by an iterator over the same numbers.
    Extend(u8, u8),
    /// Keeps the numbers that have no bit in common with this one.
    Retain(u8),
    /// Adds a number to every element in place.
    AddAll(u8),
    Reserve(u8),
    /// Converts to a related type (a `Vec`, a `CowVec`) and back.
    RoundTrip,
    /// Drains a range; the last field says how many elements to take from each end.
    Drain(u8, u8, u8),
    /// Replaces a range by an iterator with an inexact size hint, and takes some of the removed elements.
    Splice(u8, u8, u8),
    /// Extracts from a range; the last field chooses which elements, and how many to take.
    ExtractIf(u8, u8, u8),
    Dedup,
    /// Removes duplicates, which may differ in these bits, and changes the number that stays.
    DedupBy(u8),
    DedupByKey(u8),
    /// Adds the second number to each, then keeps those that have no bit in common with the first.
    RetainMut(u8, u8),
    Resize(u8, u8),
    ResizeWith(u8, u8),
    /// Splits, and appends the second part again if the second field is odd.
    SplitOff(u8, u8),
    /// Appends another vector, which may be shared, of `n` numbers that count up from a first one.
    Append(u8, u8, bool),
    ExtendWithin(u8, u8),
    PopIf(u8),
    InsertMut(u8, u8),
    PushMut(u8),
    /// Pushes without a copy if possible, otherwise with one.
    TryPush(u8),
    ReserveExact(u8),
    TryReserve(u8),
    ShrinkTo(u8),
    ShrinkToFit,
    /// Pushes `n` numbers that count up from a first one to the front, one by one.
    PushFront(u8, u8),
    /// Pops `n` numbers from the front, one by one.
    PopFront(u8),
    /// Keeps a clone.
    Keep,
    /// Swaps the current sequence with a kept clone.
    Switch(u8),
    /// Drops a kept clone.
    Forget(u8),
}

impl Op {
    /// Decodes an operation. Any three bytes are valid.
    pub fn decode([kind, a, b]: [u8; 3]) -> Self {
        // From 0 to 5.
        let c = kind / 48;
        match kind % 48 {
            0..=2 => Self::Push(a),
            3 => Self::PushFront(a % 40, b),
            4 => Self::PopFront(a % 40),
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
            23 => Self::Forget(a),
            24 | 25 => Self::Drain(a, b, c),
            26 | 27 => Self::Splice(a, b, c),
            28 | 29 => Self::ExtractIf(a, b, c),
            30 => Self::Dedup,
            31 => Self::DedupBy(a),
            32 => Self::DedupByKey(a),
            33 => Self::RetainMut(a, b),
            34 => Self::Resize(a % 80, b),
            35 => Self::ResizeWith(a % 80, b),
            36 => Self::SplitOff(a, b),
            37 => Self::Append(a % 40, b, c % 2 == 1),
            38 => Self::ExtendWithin(a, b),
            39 => Self::PopIf(a),
            40 => Self::InsertMut(a, b),
            41 => Self::PushMut(a),
            42 | 43 => Self::TryPush(a),
            44 => Self::ReserveExact(a % 100),
            45 => Self::TryReserve(a % 100),
            46 => Self::ShrinkTo(a),
            _ => Self::ShrinkToFit,
        }
    }

    /// Decodes the operations of a script. One or two bytes at the end are ignored.
    pub fn script(bytes: &[u8]) -> Vec<Self> {
        bytes.chunks_exact(3).map(|c| Self::decode([c[0], c[1], c[2]])).collect()
    }
}

/// The result of an operation, in a form that can be compared with the oracle's.
pub type Outcome = Option<u8>;

/// A sequence under test.
pub trait Subject: Clone {
    /// Applies an operation. Returns `None` if this type does not have it. `Keep`, `Switch` and `Forget`
    /// are never passed here.
    fn apply(&mut self, op: Op) -> Option<Outcome>;

    fn contents(&self) -> Vec<u8>;

    /// Returns whether the contents equal `expected`. Types implement it without allocating, because it runs
    /// after every operation.
    fn is(&self, expected: &[u8]) -> bool {
        self.contents() == expected
    }

    /// Checks the type's invariants.
    fn check(&self) {}
}

/// Returns a position below `len`, which must not be 0.
pub fn at(position: u8, len: usize) -> usize {
    usize::from(position) % len
}

/// Returns `n` numbers that count up from `first`, wrapping.
pub fn counting(n: u8, first: u8) -> Vec<u8> {
    (0..n).map(|i| first.wrapping_add(i)).collect()
}

/// Returns a range within `len`.
pub fn range(start: u8, count: u8, len: usize) -> std::ops::Range<usize> {
    let start = at(start, len + 1);
    start..start + at(count, len - start + 1)
}

/// Hashes numbers to one, which depends on each number and on their order.
pub fn digest(numbers: impl IntoIterator<Item = u8>) -> u8 {
    numbers.into_iter().fold(1, |sum, n| sum.wrapping_mul(31).wrapping_add(n))
}

/// An iterator over numbers that count up, with an arbitrary lower size hint. A splice inserts them.
pub struct Hinted<T> {
    coming: std::vec::IntoIter<u8>,
    announced: usize,
    of: fn(u8) -> T,
}

impl<T: Element> Hinted<T> {
    pub fn new(n: u8, first: u8, announced: u8) -> Self {
        Self { coming: counting(n, first).into_iter(), announced: announced.into(), of: T::of }
    }
}

impl<T> Iterator for Hinted<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        self.coming.next().map(self.of)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.announced, None)
    }
}

/// An element that is made from a number and returns it. One subject thus serves elements with and without
/// drop glue.
pub trait Element: Clone + PartialEq {
    fn of(number: u8) -> Self;
    fn number(&self) -> u8;
}

impl Element for u8 {
    fn of(number: u8) -> Self {
        number
    }
    fn number(&self) -> u8 {
        *self
    }
}

/// The operations that differ between the vectors.
pub trait Particular<T> {
    fn replace(&mut self, index: usize, element: T) -> T;
    fn push_cheaply(&mut self, element: T);
    fn round_trip(&mut self);
}

impl<T> Particular<T> for Vec<T> {
    fn replace(&mut self, index: usize, element: T) -> T {
        std::mem::replace(&mut self[index], element)
    }
    fn push_cheaply(&mut self, element: T) {
        self.push(element);
    }
    fn round_trip(&mut self) {}
}

/// `apply_as_vec!(vector, operation, Element)` performs the operation by methods that all vectors share by
/// name. The oracle is therefore the standard library itself.
macro_rules! apply_as_vec {
    ($v:expr, $op:expr, $t:ty) => {{
        use super::model::{Hinted, Op, Particular, at, counting, digest, range};
        let (v, of, add) = ($v, <$t>::of, |x: &$t, n: u8| <$t>::of(x.number().wrapping_add(n)));
        let len = v.len();
        match $op {
            Op::Push(x) => v.push(of(x)),
            Op::Pop => return v.pop().map(|x| x.number()),
            Op::Insert(i, x) => v.insert(at(i, len + 1), of(x)),
            Op::Remove(i) if len > 0 => return Some(v.remove(at(i, len)).number()),
            Op::SwapRemove(i) if len > 0 => return Some(v.swap_remove(at(i, len)).number()),
            Op::Set(i, x) if len > 0 => return Some(v.replace(at(i, len), of(x)).number()),
            Op::Remove(_) | Op::SwapRemove(_) | Op::Set(..) => {}
            Op::Truncate(n) => v.truncate(n.into()),
            Op::Clear => v.clear(),
            Op::ExtendSlice(n, x) => {
                let values: Vec<$t> = counting(n, x).into_iter().map(of).collect();
                v.extend_from_slice(&values);
            }
            Op::Extend(n, x) => v.extend(counting(n, x).into_iter().map(of)),
            Op::Retain(mask) => v.retain(|x| x.number() & mask == 0),
            Op::AddAll(n) => v.as_mut_slice().iter_mut().for_each(|x| *x = add(x, n)),
            Op::Reserve(n) => v.reserve(n.into()),
            Op::RoundTrip => v.round_trip(),
            Op::Drain(a, b, c) => {
                let mut drain = v.drain(range(a, b, len));
                let mut taken: Vec<$t> = drain.by_ref().take(usize::from(c % 3)).collect();
                taken.extend(drain.by_ref().rev().take(usize::from(c / 3)));
                taken.extend_from_slice(drain.as_slice());
                taken.push(of(drain.len() as u8));
                return Some(digest(taken.iter().map(|x| x.number())));
            }
            Op::Splice(a, b, c) => {
                let with = Hinted::<$t>::new(b % 7, a, c);
                let mut splice = v.splice(range(a, b, len), with);
                let mut taken: Vec<$t> = splice.by_ref().take(usize::from(c % 3)).collect();
                taken.extend(splice.by_ref().rev().take(usize::from(c / 3)));
                taken.push(of(splice.len() as u8));
                return Some(digest(taken.iter().map(|x| x.number())));
            }
            Op::ExtractIf(a, b, c) => {
                let asked = if c == 5 { usize::MAX } else { c.into() };
                let extract = |x: &mut $t| {
                    *x = add(x, 1);
                    x.number() & (c + 1) == 0
                };
                let extracted = v.extract_if(range(a, b, len), extract).take(asked);
                return Some(digest(extracted.map(|x| x.number())));
            }
            Op::Dedup => v.dedup(),
            Op::DedupBy(bits) => v.dedup_by(|x, last| {
                let same = (x.number() ^ last.number()) & !bits == 0;
                if same {
                    *last = add(last, 1);
                }
                same
            }),
            Op::DedupByKey(mask) => v.dedup_by_key(|x| x.number() & mask),
            Op::RetainMut(mask, n) => v.retain_mut(|x| {
                *x = add(x, n);
                x.number() & mask == 0
            }),
            Op::Resize(n, x) => v.resize(n.into(), of(x)),
            Op::ResizeWith(n, x) => {
                let mut next = x;
                v.resize_with(n.into(), || {
                    next = next.wrapping_add(1);
                    of(next)
                });
            }
            Op::SplitOff(i, b) => {
                let mut rest = v.split_off(at(i, len + 1));
                let outcome = Some(digest(rest.iter().map(|x| x.number())));
                if b % 2 == 1 {
                    v.append(&mut rest);
                    assert!(rest.is_empty());
                }
                return outcome;
            }
            Op::Append(n, x, shared) => {
                let mut other = v.clone();
                other.clear();
                other.extend(counting(n, x).into_iter().map(of));
                let keep = shared.then(|| other.clone());
                v.append(&mut other);
                assert!(other.is_empty());
                assert!(keep.is_none_or(|keep| keep[..] == v[len..]));
            }
            Op::ExtendWithin(a, b) => v.extend_from_within(range(a, b, len)),
            Op::PopIf(mask) => {
                let popped = v.pop_if(|x| {
                    *x = add(x, 1);
                    x.number() & mask == 0
                });
                return popped.map(|x| x.number());
            }
            Op::InsertMut(i, x) => {
                let lent = v.insert_mut(at(i, len + 1), of(x));
                *lent = add(lent, 1);
            }
            Op::PushMut(x) => {
                let lent = v.push_mut(of(x));
                *lent = add(lent, 1);
            }
            Op::TryPush(x) => v.push_cheaply(of(x)),
            Op::ReserveExact(n) => {
                v.reserve_exact(n.into());
                assert!(v.capacity() >= len + usize::from(n));
            }
            Op::TryReserve(n) => {
                v.try_reserve(n.into()).unwrap();
                assert!(v.capacity() >= len + usize::from(n));
                assert!(v.try_reserve(usize::MAX).is_err() || size_of::<$t>() == 0);
                v.try_reserve_exact(n.into()).unwrap();
            }
            Op::ShrinkTo(n) => {
                v.shrink_to(n.into());
                assert!(v.capacity() >= len);
            }
            Op::ShrinkToFit => {
                v.shrink_to_fit();
                assert!(v.capacity() >= len);
            }
            Op::PushFront(n, x) => counting(n, x).into_iter().for_each(|x| v.insert(0, of(x))),
            Op::PopFront(n) => {
                let popped = (0..len.min(n.into())).map(|_| v.remove(0).number());
                return Some(digest(popped));
            }
            Op::Keep | Op::Switch(_) | Op::Forget(_) => unreachable!("handled by `run`"),
        }
        None
    }};
}
#[allow(unused_imports, reason = "each test binary uses a part")]
pub(crate) use apply_as_vec;

/// Applies an operation to the oracle.
pub fn apply_to_vec(v: &mut Vec<u8>, op: Op) -> Outcome {
    apply_as_vec!(v, op, u8)
}

/// Longer sequences are truncated first. With small nodes (`cow_fuzz`) few elements reach every case, and more
/// only take time.
const LONG: usize = if cfg!(cow_fuzz) { 120 } else { 600 };

/// Checks that the contents of `subject` equal `expected`.
#[track_caller]
fn look<S: Subject>(subject: &S, expected: &[u8], now: fmt::Arguments<'_>) {
    if !subject.is(expected) {
        assert_eq!(subject.contents(), expected, "{now}");
    }
}

/// Runs a script on an empty `subject` and on the oracle, and compares them after each step.
pub fn run<S: Subject>(subject: S, script: &[Op]) {
    const KEPT: usize = 6;
    let (mut now, mut kept) = ((subject, Vec::new()), Vec::<(S, Vec<u8>)>::new());
    let mut before = Vec::new();
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
                let op = if now.1.len() > LONG { Op::Truncate(20) } else { op };
                before.clone_from(&now.1);
                let mut shared = now.0.clone();
                let Some(outcome) = shared.apply(op) else { continue };
                look(&now.0, &before, format_args!("step {step}: {op:?} changed a hidden copy"));
                let expected = apply_to_vec(&mut now.1, op);
                assert_eq!(outcome, expected, "step {step}: {op:?} on shared gave");
                look(&shared, &now.1, format_args!("step {step}: {op:?} on shared"));
                shared.check();
                drop(shared);
                let outcome = now.0.apply(op);
                assert_eq!(outcome, Some(expected), "step {step}: {op:?} gave");
            }
        }
        for (subject, expected) in kept.iter().chain([&now]) {
            look(subject, expected, format_args!("step {step}: after {op:?}"));
            subject.check();
        }
    }
}
