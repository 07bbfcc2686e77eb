//! The crate's sequences as subjects of the model.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use crate::model::{Element, Op, Outcome, Particular, Subject, apply_as_vec, at, counting};
use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
use std::cell::Cell;

impl Element for String {
    fn of(number: u8) -> Self {
        number.to_string()
    }
    fn number(&self) -> u8 {
        self.parse().unwrap()
    }
}

/// So large that a leaf has four.
impl Element for [u64; 40] {
    fn of(number: u8) -> Self {
        [number.into(); 40]
    }
    fn number(&self) -> u8 {
        self[39] as u8
    }
}

/// Has drop glue and no size: live ones are counted, and all have the number 0.
#[derive(PartialEq)]
pub struct Nothing;

thread_local! {
    static NOTHINGS: Cell<isize> = const { Cell::new(0) };
}

impl Nothing {
    /// Those that were made and not dropped, on this thread.
    pub fn live() -> isize {
        NOTHINGS.get()
    }
}

impl Clone for Nothing {
    fn clone(&self) -> Self {
        Self::of(0)
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        NOTHINGS.set(NOTHINGS.get() - 1);
    }
}

impl Element for Nothing {
    fn of(_: u8) -> Self {
        NOTHINGS.set(NOTHINGS.get() + 1);
        Self
    }
    fn number(&self) -> u8 {
        0
    }
}

/// Without drop glue either.
impl Element for () {
    fn of(_: u8) -> Self {}
    fn number(&self) -> u8 {
        0
    }
}

impl<T: Element> Particular<T> for CowVec<T> {
    fn replace(&mut self, index: usize, element: T) -> T {
        self.set(index, element)
    }

    fn push_cheaply(&mut self, element: T) {
        let (alone, before, len) = (self.is_unique(), self.as_ptr(), self.len());
        match self.try_push(element) {
            Ok(()) if alone => {}
            Ok(()) => {
                assert!(
                    !std::mem::needs_drop::<T>(),
                    "a claim is only for types without drop glue"
                );
                assert_eq!(self.as_ptr(), before, "it never copies");
            }
            Err(element) => {
                assert!(!alone, "only a shared one refuses");
                assert_eq!((self.as_ptr(), self.len()), (before, len), "nothing was done");
                self.push(element);
            }
        }
    }

    fn round_trip(&mut self) {
        *self = self.clone().into_vec().into();
    }
}

impl<T: Element> Particular<T> for UniqueVec<T> {
    fn replace(&mut self, index: usize, element: T) -> T {
        std::mem::replace(&mut self[index], element)
    }

    fn push_cheaply(&mut self, element: T) {
        self.push(element);
    }

    fn round_trip(&mut self) {
        *self = std::mem::take(self).into_vec().into();
    }
}

/// An operation on any of the three vectors, for elements of one type.
pub trait Apply {
    fn perform(&mut self, op: Op) -> Outcome;
}

impl<T: Element> Apply for Vec<T> {
    fn perform(&mut self, op: Op) -> Outcome {
        apply_as_vec!(self, op, T)
    }
}

impl<T: Element> Apply for CowVec<T> {
    fn perform(&mut self, op: Op) -> Outcome {
        apply_as_vec!(self, op, T)
    }
}

impl<T: Element> Apply for UniqueVec<T> {
    fn perform(&mut self, op: Op) -> Outcome {
        apply_as_vec!(self, op, T)
    }
}

impl<T: Element> Subject for CowVec<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        Some(self.perform(op))
    }

    fn contents(&self) -> Vec<u8> {
        self.iter().map(T::number).collect()
    }

    fn check(&self) {
        assert!(self.capacity() >= self.len() && self.retained_len() >= self.len());
    }
}

/// A `CowVec` every operation of which goes through the `UniqueVec` that it can be.
#[derive(Clone)]
pub struct ByUnique<T>(pub CowVec<T>);

impl<T: Element> Subject for ByUnique<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        Some(self.0.make_unique().perform(op))
    }

    fn contents(&self) -> Vec<u8> {
        self.0.contents()
    }

    fn check(&self) {
        self.0.check();
    }
}

/// A script on vectors of what has no size, where the oracle is a `Vec` of the same.
pub fn run_zero_sized<T: Element>(script: &[Op]) {
    let (mut expected, mut shared) = (Vec::<T>::new(), CowVec::<T>::new());
    let mut unique = UniqueVec::<T>::new();
    for &op in script {
        if matches!(op, Op::Keep | Op::Switch(_) | Op::Forget(_)) {
            continue;
        }
        let hidden = shared.clone();
        let outcome = expected.perform(op);
        assert_eq!(shared.perform(op), outcome, "{op:?} on shared");
        assert_eq!(shared.len(), expected.len(), "{op:?} on shared");
        let mut alone = hidden.into_unique().into_shared();
        assert_eq!(alone.perform(op), outcome, "{op:?} gave");
        assert_eq!(alone.len(), expected.len(), "{op:?}");
        assert_eq!(unique.perform(op), outcome, "{op:?} on a `UniqueVec`");
        assert_eq!(unique.len(), expected.len(), "{op:?} on a `UniqueVec`");
        if op == Op::RoundTrip {
            shared = alone;
        }
    }
}

/// Characters of one and of two bytes stand for the numbers.
impl Subject for CowString {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        let number = |c: char| u8::try_from(c).unwrap();
        match op {
            Op::Push(x) => self.push(char::from(x)),
            Op::Pop => return Some(self.pop().map(number)),
            Op::Truncate(n) => {
                let end = self.char_indices().nth(n.into()).map_or(self.len(), |(end, _)| end);
                self.truncate(end);
            }
            Op::Clear => self.clear(),
            Op::ExtendSlice(n, x) => {
                let text: String = counting(n, x).into_iter().map(char::from).collect();
                self.push_str(&text);
            }
            Op::Extend(n, x) => self.extend(counting(n, x).into_iter().map(char::from)),
            // By bytes, or as the middle of a longer text, where its offset is not 0.
            Op::RoundTrip if self.chars().count() % 2 == 0 => {
                *self = CowString::try_from(CowVec::from(self.clone())).unwrap();
            }
            Op::RoundTrip => {
                let mut longer = CowString::from("ÿ before");
                longer.extend([&**self, "after ÿ"]);
                *self = longer.slice("ÿ before".len()..longer.len() - "after ÿ".len());
            }
            // Changes nothing, but owns its bytes after.
            Op::Reserve(_) => self.make_mut()[..0].make_ascii_uppercase(),
            _ => return None,
        }
        Some(None)
    }

    fn contents(&self) -> Vec<u8> {
        self.chars().map(|c| u8::try_from(c).unwrap()).collect()
    }

    fn check(&self) {
        assert!(self.len() > 15 || self.is_inline() || self.strong_count() > 0);
        assert!(self.capacity() >= self.len());
    }
}

impl<T: Element> Subject for PersistentVector<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        let len = self.len();
        match op {
            Op::Push(x) => self.push_back(T::of(x)),
            Op::Pop => return Some(self.pop_back().map(|x| x.number())),
            Op::Set(i, x) if len > 0 => return Some(Some(self.set(at(i, len), T::of(x)).number())),
            Op::Set(..) => {}
            Op::Truncate(n) => self.truncate(n.into()),
            Op::Clear => self.clear(),
            Op::ExtendSlice(n, x) => {
                let values: CowVec<T> = counting(n, x).into_iter().map(T::of).collect();
                self.extend(values);
            }
            Op::Extend(n, x) => self.extend(counting(n, x).into_iter().map(T::of)),
            Op::AddAll(x) => {
                for i in 0..len {
                    self[i] = T::of(self[i].number().wrapping_add(x));
                }
            }
            Op::RoundTrip => *self = CowVec::from(self.clone()).into(),
            _ => return None,
        }
        Some(None)
    }

    fn contents(&self) -> Vec<u8> {
        self.iter().map(T::number).collect()
    }

    fn check(&self) {
        self.assert_invariants();
    }
}
