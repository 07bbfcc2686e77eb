//! The workload of one thread that writes to a list and keeps versions of it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cow_collections::{CowVec, PersistentVector};

use crate::subjects::Payload;
use crate::workload::Named;

/// The number of versions that are kept.
const KEPT: usize = 8;

/// The kind of a write. An insert also removes the last element, so that the length stays the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Set,
    Push,
    Insert,
}

impl Named for Change {
    const ALL: &[(&str, Self)] =
        &[("set", Self::Set), ("push", Self::Push), ("insert", Self::Insert)];
}

/// The methods that all candidates have.
trait List<T>: Clone {
    fn of(elements: Vec<T>) -> Self;
    fn size(&self) -> usize;
    fn get(&self, index: usize) -> &T;
    fn set(&mut self, index: usize, element: T);
    fn push(&mut self, element: T);
    fn insert(&mut self, index: usize, element: T);
    fn truncate(&mut self, len: usize);
}

/// Implements [`List`] for a type. `$push` and `$set` are given, because their names differ.
macro_rules! list {
    ($type:ident, $push:ident, $set:expr) => {
        impl<T: Payload> List<T> for $type<T> {
            fn of(elements: Vec<T>) -> Self {
                elements.into_iter().collect()
            }
            fn size(&self) -> usize {
                self.len()
            }
            fn get(&self, index: usize) -> &T {
                &self[index]
            }
            fn set(&mut self, index: usize, element: T) {
                let set: fn(&mut Self, usize, T) -> T = $set;
                set(self, index, element);
            }
            fn push(&mut self, element: T) {
                self.$push(element);
            }
            fn insert(&mut self, index: usize, element: T) {
                self.insert(index, element);
            }
            fn truncate(&mut self, len: usize) {
                self.truncate(len);
            }
        }
    };
}

type ImblVector<T> = imbl::Vector<T>;

list!(Vec, push, |vec, index, element| std::mem::replace(&mut vec[index], element));
list!(CowVec, push, |vec, index, element| vec.set(index, element));
list!(PersistentVector, push_back, |vec, index, element| vec.set(index, element));
list!(ImblVector, push_back, |vec, index, element| vec.set(index, element));

/// Runs for about the given time, and returns the nanoseconds per write.
pub type Timed<'a> = Box<dyn Fn(Duration) -> f64 + 'a>;

fn candidate<'a, T: Payload, L: List<T> + 'a>(
    len: usize,
    writes: usize,
    change: Change,
) -> Timed<'a> {
    let state =
        RefCell::new((L::of(vec![T::new(); len]), VecDeque::from([const { None::<L> }; KEPT])));
    Box::new(move |run| {
        let (list, kept) = &mut *state.borrow_mut();
        let (mut random, mut count) = (88_172_645_463_325_252_u64, 0_u32);
        let begin = Instant::now();
        while begin.elapsed() < run {
            for _ in 0..writes {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                let index = random as usize % len;
                match change {
                    Change::Set => list.set(index, T::new()),
                    Change::Push => list.push(T::new()),
                    Change::Insert => {
                        list.insert(index, T::new());
                        list.truncate(len);
                    }
                }
                black_box(list.get(len - 1 - index).look());
                count += 1;
            }
            if list.size() >= 2 * len + 1_000 {
                list.truncate(len);
            }
            kept.pop_front();
            kept.push_back(Some(list.clone()));
        }
        begin.elapsed().as_secs_f64() * 1e9 / f64::from(count)
    })
}

/// Returns the candidates for a list whose versions are kept.
pub fn candidates<'a, T: Payload>(
    len: usize,
    writes: usize,
    change: Change,
) -> Vec<(&'static str, Timed<'a>)> {
    vec![
        ("Vec, cloned", candidate::<T, Vec<T>>(len, writes, change)),
        ("CowVec", candidate::<T, CowVec<T>>(len, writes, change)),
        ("PersistentVector", candidate::<T, PersistentVector<T>>(len, writes, change)),
        ("imbl::Vector", candidate::<T, ImblVector<T>>(len, writes, change)),
    ]
}
