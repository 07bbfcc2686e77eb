//! The crate's sequences as subjects of the model.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use super::model::{
    Element, Hinted, Op, Outcome, Particular, Subject, apply_as_vec, at, counting, digest, range,
};
use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
use std::cell::Cell;
use std::ops::Range;

impl Element for String {
    fn of(number: u8) -> Self {
        number.to_string()
    }
    fn number(&self) -> u8 {
        self.parse().unwrap()
    }
}

/// An element so large that a leaf holds four.
impl Element for [u64; 40] {
    fn of(number: u8) -> Self {
        [number.into(); 40]
    }
    fn number(&self) -> u8 {
        self[39] as u8
    }
}

/// A zero-sized element with drop glue. Live ones are counted, and all have the number 0.
#[derive(PartialEq)]
pub struct Nothing;

thread_local! {
    static NOTHINGS: Cell<isize> = const { Cell::new(0) };
}

impl Nothing {
    /// Returns the number of elements made and not dropped on this thread.
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

/// A zero-sized element without drop glue.
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
                assert!(!std::mem::needs_drop::<T>(), "only types without drop glue claim slots");
                assert_eq!(self.as_ptr(), before, "`try_push` does not copy");
            }
            Err(element) => {
                assert!(!alone, "`try_push` fails only on a shared vector");
                assert_eq!((self.as_ptr(), self.len()), (before, len), "the vector is unchanged");
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

/// Performs an operation on any of the three vectors.
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

    fn is(&self, expected: &[u8]) -> bool {
        self.iter().map(T::number).eq(expected.iter().copied())
    }

    fn check(&self) {
        assert!(self.capacity() >= self.len() && self.retained_len() >= self.len());
    }
}

/// A `CowVec` that performs every operation through `make_unique`.
#[derive(Clone)]
pub struct ByUnique<T>(pub CowVec<T>);

impl<T: Element> Subject for ByUnique<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        Some(self.0.make_unique().perform(op))
    }

    fn contents(&self) -> Vec<u8> {
        self.0.contents()
    }

    fn is(&self, expected: &[u8]) -> bool {
        self.0.is(expected)
    }

    fn check(&self) {
        self.0.check();
    }
}

/// Runs a script on vectors of zero-sized elements, with a `Vec` of the same type as oracle.
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

/// Represents each number by a character of one or two bytes.
impl Subject for CowString {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        let number = |c: char| u8::try_from(c).unwrap();
        let len = self.chars().count();
        // Returns the byte index of the character with number `i`.
        let place = |s: &Self, i: usize| s.char_indices().nth(i).map_or(s.len(), |(at, _)| at);
        let bytes = |s: &Self, r: Range<usize>| place(s, r.start)..place(s, r.end);
        match op {
            Op::Push(x) => self.push(char::from(x)),
            Op::Pop => return Some(self.pop().map(number)),
            Op::Insert(i, x) => self.insert(place(self, at(i, len + 1)), char::from(x)),
            Op::Remove(i) if len > 0 => {
                return Some(Some(number(self.remove(place(self, at(i, len))))));
            }
            Op::Set(i, x) if len > 0 => {
                let at = place(self, at(i, len));
                let old = self.drain(at..at + self[at..].chars().next().unwrap().len_utf8()).last();
                self.insert(at, char::from(x));
                return Some(old.map(number));
            }
            Op::Truncate(n) => self.truncate(place(self, n.into())),
            Op::Clear => self.clear(),
            Op::ExtendSlice(n, x) => {
                let text: String = counting(n, x).into_iter().map(char::from).collect();
                self.push_str(&text);
            }
            Op::Extend(n, x) => self.extend(counting(n, x).into_iter().map(char::from)),
            Op::Retain(mask) => self.retain(|c| number(c) & mask == 0),
            // Converts to bytes and back, or becomes the middle of a longer text, so that its offset is not 0.
            Op::RoundTrip if len % 2 == 0 => {
                *self = CowString::try_from(CowVec::from(self.clone())).unwrap();
            }
            Op::RoundTrip => {
                let mut longer = CowString::from("ÿ before");
                longer.extend([&**self, "after ÿ"]);
                *self = longer.slice("ÿ before".len()..longer.len() - "after ÿ".len());
            }
            Op::AddAll(x) => {
                let mut at = 0;
                while let Some(old) = self[at..].chars().next() {
                    let new = char::from(number(old).wrapping_add(x));
                    let range = at..at + old.len_utf8();
                    self.replace_range(range, new.encode_utf8(&mut [0; 4]));
                    at += new.len_utf8();
                }
            }
            Op::Drain(a, b, c) => {
                let mut drain = self.drain(bytes(self, range(a, b, len)));
                let mut taken: Vec<char> = drain.by_ref().take(usize::from(c % 3)).collect();
                taken.extend(drain.by_ref().rev().take(usize::from(c / 3)));
                let left = drain.as_str().chars().count() as u8;
                taken.extend(drain);
                taken.push(char::from(left));
                return Some(Some(digest(taken.into_iter().map(number))));
            }
            Op::SplitOff(i, b) => {
                let rest = self.split_off(place(self, at(i, len + 1)));
                if b % 2 == 1 {
                    self.push_str(&rest);
                }
                return Some(Some(digest(rest.chars().map(number))));
            }
            Op::ExtendWithin(a, b) => self.extend_from_within(bytes(self, range(a, b, len))),
            // Changes no byte, but makes the buffer unique.
            Op::Reserve(n) if n % 2 == 0 => self.make_mut()[..0].make_ascii_uppercase(),
            Op::Reserve(n) => self.reserve(n.into()),
            Op::ReserveExact(n) => self.reserve_exact(n.into()),
            Op::TryReserve(n) => {
                self.try_reserve(n.into()).unwrap();
                assert!(self.capacity() >= self.len() + usize::from(n));
                assert!(self.try_reserve(usize::MAX).is_err());
            }
            Op::ShrinkTo(n) => self.shrink_to(n.into()),
            Op::ShrinkToFit => self.shrink_to_fit(),
            Op::Remove(_) | Op::Set(..) => {}
            _ => return None,
        }
        Some(None)
    }

    fn contents(&self) -> Vec<u8> {
        self.chars().map(|c| u8::try_from(c).unwrap()).collect()
    }

    fn is(&self, expected: &[u8]) -> bool {
        self.chars().eq(expected.iter().map(|x| char::from(*x)))
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
            // Converts to `CowVec` and back, or splits and appends.
            Op::RoundTrip if len % 2 == 0 => *self = CowVec::from(self.clone()).into(),
            Op::RoundTrip => {
                let mut front = self.slice(..len / 3);
                front.append(self.split_off(len / 3));
                *self = front;
            }
            Op::Insert(i, x) => self.insert(at(i, len + 1), T::of(x)),
            Op::Remove(i) if len > 0 => return Some(Some(self.remove(at(i, len)).number())),
            Op::SwapRemove(i) if len > 0 => {
                return Some(Some(self.swap_remove(at(i, len)).number()));
            }
            Op::Remove(_) | Op::SwapRemove(_) => {}
            Op::Retain(mask) => self.retain(|x| x.number() & mask == 0),
            Op::RetainMut(mask, n) => self.retain_mut(|x| {
                *x = T::of(x.number().wrapping_add(n));
                x.number() & mask == 0
            }),
            Op::ExtractIf(a, b, c) => {
                let asked = if c == 5 { usize::MAX } else { c.into() };
                let extract = |x: &mut T| {
                    *x = T::of(x.number().wrapping_add(1));
                    x.number() & (c + 1) == 0
                };
                let extracted = self.extract_if(range(a, b, len), extract).take(asked);
                return Some(Some(digest(extracted.map(|x| x.number()))));
            }
            Op::PopIf(mask) => {
                let popped = self.pop_back_if(|x| {
                    *x = T::of(x.number().wrapping_add(1));
                    x.number() & mask == 0
                });
                return Some(popped.map(|x| x.number()));
            }
            Op::SplitOff(i, b) => {
                let rest = self.split_off(at(i, len + 1));
                let outcome = Some(digest(rest.iter().map(T::number)));
                if b % 2 == 1 {
                    self.append(rest);
                }
                return Some(outcome);
            }
            Op::Append(n, x, shared) => {
                let other: Self = counting(n, x).into_iter().map(T::of).collect();
                let keep = shared.then(|| other.clone());
                self.append(other);
                assert!(keep.is_none_or(|keep| keep.contents() == counting(n, x)));
            }
            Op::Drain(a, b, c) => return Some(Some(taken(self.drain(range(a, b, len)), c))),
            Op::Splice(a, b, c) => {
                let with = Hinted::<T>::new(b % 7, a, c);
                let mut splice = self.splice(range(a, b, len), with);
                let mut taken: Vec<T> = splice.by_ref().take(usize::from(c % 3)).collect();
                taken.extend(splice.by_ref().rev().take(usize::from(c / 3)));
                taken.push(T::of(splice.len() as u8));
                return Some(Some(digest(taken.iter().map(T::number))));
            }
            Op::Dedup => self.dedup_by(|a, b| a.number() == b.number()),
            Op::DedupByKey(mask) => self.dedup_by_key(|x| x.number() & mask),
            Op::Resize(n, x) => self.resize(n.into(), T::of(x)),
            Op::ResizeWith(n, x) => {
                let mut next = x;
                self.resize_with(n.into(), || {
                    next = next.wrapping_add(1);
                    T::of(next)
                });
            }
            Op::ExtendWithin(a, b) => self.extend_from_within(range(a, b, len)),
            Op::PushFront(n, x) => {
                for x in counting(n, x) {
                    self.push_front(T::of(x));
                    // For many pushes only the caller checks, after the last one.
                    if n < 10 {
                        self.assert_invariants();
                    }
                }
            }
            Op::PopFront(n) => {
                let popped = (0..n).map_while(|_| self.pop_front());
                return Some(Some(digest(popped.map(|x| x.number()))));
            }
            _ => return None,
        }
        Some(None)
    }

    fn contents(&self) -> Vec<u8> {
        self.iter().map(T::number).collect()
    }

    fn is(&self, expected: &[u8]) -> bool {
        self.iter().map(T::number).eq(expected.iter().copied())
    }

    fn check(&self) {
        self.assert_invariants();
    }
}

/// Drains some from the front, some from the back and the rest. Returns a digest of all, with the length of
/// the rest.
fn taken<T: Element>(mut drain: cow_collections::persistent::IntoIter<T>, c: u8) -> u8 {
    let mut taken: Vec<T> = drain.by_ref().take(usize::from(c % 3)).collect();
    taken.extend(drain.by_ref().rev().take(usize::from(c / 3)));
    let left = drain.len() as u8;
    taken.extend(drain);
    taken.push(T::of(left));
    digest(taken.iter().map(T::number))
}
