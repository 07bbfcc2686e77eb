//! `SmallVector`, the tree of a `PersistentVector` with small nodes and leaves, as a subject of the model.
//!
//! Operations that a `PersistentVector` composes of others are composed here in the same way.

use crate::model::{Element, Hinted, Op, Outcome, Subject, at, counting, digest, range};
use cow_collections::persistent::SmallVector;
use std::ops::Range;

/// Replaces a range and returns the removed elements.
fn replace<T: Element>(
    v: &mut SmallVector<T>,
    range: Range<usize>,
    with: impl IntoIterator<Item = T>,
) -> SmallVector<T> {
    let mut new = SmallVector::new();
    new.extend(with.into_iter());
    let mut removed = v.split_off(range.start);
    let rest = removed.split_off(range.len());
    v.append(new);
    v.append(rest);
    removed
}

impl<T: Element> Subject for SmallVector<T> {
    fn apply(&mut self, op: Op) -> Option<Outcome> {
        let len = self.len();
        match op {
            Op::Push(x) => self.push_back(T::of(x)),
            Op::Pop => return Some(self.pop_back().map(|x| x.number())),
            Op::Set(i, x) if len > 0 => {
                let element = self.get_mut(at(i, len)).unwrap();
                return Some(Some(std::mem::replace(element, T::of(x)).number()));
            }
            Op::Truncate(n) => self.truncate(n.into()),
            Op::Clear => *self = Self::new(),
            Op::ExtendSlice(n, x) | Op::Extend(n, x) => {
                self.extend(counting(n, x).into_iter().map(T::of));
            }
            Op::AddAll(x) => {
                for i in 0..len {
                    let new = T::of(self.get(i).unwrap().number().wrapping_add(x));
                    *self.get_mut(i).unwrap() = new;
                }
            }
            Op::RoundTrip if len % 2 == 0 => *self = self.clone().round_trip(),
            Op::RoundTrip => {
                let mut front = self.slice(0..len / 3);
                front.append(self.split_off(len / 3));
                front.with_slice(|_| ());
                *self = front;
            }
            Op::Insert(i, x) => self.insert(at(i, len + 1), T::of(x)),
            Op::Remove(i) if len > 0 => return Some(Some(self.remove(at(i, len)).number())),
            Op::SwapRemove(i) if len > 0 => {
                return Some(self.swap_remove(at(i, len)).map(|x| x.number()));
            }
            Op::Set(..) | Op::Remove(_) | Op::SwapRemove(_) => {}
            Op::Retain(mask) => self.retain(|x| x.number() & mask == 0),
            Op::SplitOff(i, b) => {
                let rest = self.split_off(at(i, len + 1));
                let outcome = Some(digest(rest.iter().map(T::number)));
                if b % 2 == 1 {
                    self.append(rest);
                }
                return Some(outcome);
            }
            Op::Append(n, x, shared) => {
                let mut other = Self::new();
                other.extend(counting(n, x).into_iter().map(T::of));
                let keep = shared.then(|| other.clone());
                self.append(other);
                assert!(keep.is_none_or(|keep| keep.contents() == counting(n, x)));
            }
            Op::Drain(a, b, c) => {
                let mut drain = replace(self, range(a, b, len), []).into_iter();
                let mut taken: Vec<T> = drain.by_ref().take((c % 3).into()).collect();
                taken.extend(drain.by_ref().rev().take((c / 3).into()));
                let left = drain.len() as u8;
                taken.extend(drain);
                taken.push(T::of(left));
                return Some(Some(digest(taken.iter().map(T::number))));
            }
            Op::Splice(a, b, c) => {
                let with = Hinted::<T>::new(b % 7, a, c);
                let mut splice = replace(self, range(a, b, len), with).into_iter();
                let mut taken: Vec<T> = splice.by_ref().take((c % 3).into()).collect();
                taken.extend(splice.by_ref().rev().take((c / 3).into()));
                taken.push(T::of(splice.len() as u8));
                return Some(Some(digest(taken.iter().map(T::number))));
            }
            Op::ExtendWithin(a, b) => self.extend_from_within(range(a, b, len)),
            Op::PushFront(n, x) => {
                for x in counting(n, x) {
                    self.push_front(T::of(x));
                    // After many pushes, the caller checks once.
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
