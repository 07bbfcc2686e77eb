//! The crate's sequences as subjects of the model.
#![allow(dead_code, reason = "each test binary uses a part")]

use crate::model::{Op, Outcome, Subject, at, counting};
use cow_collections::{CowString, CowVec, PersistentVector};

/// An element and its number, so that one subject serves elements with and without drop glue.
pub trait Element: Clone {
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

impl<T: Element> Subject for CowVec<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        let len = self.len();
        match op {
            Op::Push(x) => self.push(T::of(x)),
            Op::Pop => return Some(self.pop().map(|x| x.number())),
            Op::Insert(i, x) => self.insert(at(i, len + 1), T::of(x)),
            Op::Remove(i) if len > 0 => return Some(Some(self.remove(at(i, len)).number())),
            Op::SwapRemove(i) if len > 0 => {
                return Some(Some(self.swap_remove(at(i, len)).number()));
            }
            Op::Set(i, x) if len > 0 => return Some(Some(self.set(at(i, len), T::of(x)).number())),
            Op::Truncate(n) => self.truncate(n.into()),
            Op::Clear => self.clear(),
            Op::ExtendSlice(n, x) => {
                let values: Vec<T> = counting(n, x).into_iter().map(T::of).collect();
                self.extend_from_slice(&values);
            }
            Op::Extend(n, x) => self.extend(counting(n, x).into_iter().map(T::of)),
            Op::Retain(mask) => self.retain(|x| x.number() & mask == 0),
            Op::AddAll(x) => {
                for y in self.make_mut() {
                    *y = T::of(y.number().wrapping_add(x));
                }
            }
            Op::Reserve(n) => self.reserve(n.into()),
            Op::RoundTrip => *self = self.clone().into_vec().into(),
            Op::Remove(_) | Op::SwapRemove(_) | Op::Set(..) => {}
            Op::Keep | Op::Switch(_) | Op::Forget(_) => return None,
        }
        Some(None)
    }

    fn contents(&self) -> Vec<u8> {
        self.iter().map(T::number).collect()
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
            Op::Insert(..) | Op::Remove(_) | Op::SwapRemove(_) | Op::Retain(_) => return None,
            Op::Reserve(_) | Op::Keep | Op::Switch(_) | Op::Forget(_) => return None,
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
