//! Operations on `CopyOnWriteList`s, with vectors as the oracle.
//!
//! Bytes decode to a script of operations, so that property tests, fuzzing and saved inputs share one
//! interpreter. A script works on two lists and on snapshots, guards, readers and watchers of them. Each
//! operation addresses one list, and a clone in it may be made to panic. After each operation the lists,
//! guards, snapshots and versions are checked.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use super::counted::{panic_on_purpose, panicking_at_clone};
use super::model::{Element, Outcome, at, counting, digest, range};
use cow_collections::list::{ArcReader, Guard, Reader, Watcher};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet, CowVec};
use std::mem;
use std::sync::Arc;

/// A write whose result the oracle can compute from the elements alone. Positions may be past the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    Push(u8),
    /// Extends by `n` numbers that count up from a first one, from an iterator or a slice.
    Extend(u8, u8),
    PushFront(u8),
    Insert(u8, u8),
    InsertMany(u8, u8, u8),
    Set(u8, u8),
    RemoveAt(u8),
    SwapRemoveAt(u8),
    Pop,
    PopFront,
    RemoveRange(u8, u8),
    Splice(u8, u8, u8),
    /// Adds a number to each element of a range.
    UpdateRange(u8, u8, u8),
    Remove(u8),
    RemoveFirstBy(u8),
    Retain(u8),
    RemoveAll(u8, u8),
    ReplaceAll(u8),
    PushIfAbsent(u8),
    ExtendAbsent(u8, u8),
    Sort(bool),
    Reverse,
    Rotate(u8, bool),
    Truncate(u8),
    Dedup(u8),
    Clear,
    Take,
    Replace(u8, u8),
}

/// An operation on the lists and on the values taken from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOp {
    Write(Write),
    /// Runs `update` or `try_update` with one of several closures.
    Update(u8, u8, u8),
    /// Replaces the contents by a snapshot or a new vector, through `store`, `rcu` or `compare_and_swap`.
    Exchange(u8, u8, u8),
    Snapshot,
    Load,
    Reader,
    ArcReader,
    Subscribe,
    /// Loads through a kept `Reader` or `ArcReader`.
    Read(u8, bool),
    Release(u8, bool),
    /// Asks a kept watcher whether the list changed.
    Watch(u8),
    /// Drops a kept snapshot, guard, reader, `ArcReader` or watcher.
    Forget(u8, u8),
    /// Takes a snapshot from a kept guard.
    Keep(u8),
    /// Writes to a kept snapshot.
    EditSnapshot(u8, u8, u8),
    /// Ends all borrows of the lists, then runs an operation that needs `&mut` or ownership.
    Own(u8, u8),
}

/// An operation, the index of its list, and the number of the clone that panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListStep {
    pub list: usize,
    pub panics: Option<u8>,
    pub op: ListOp,
}

impl ListStep {
    pub const BYTES: usize = 4;

    /// Decodes a step. Any four bytes are valid.
    pub fn decode([kind, how, a, b]: [u8; Self::BYTES]) -> Self {
        let panics = (how & 0x70 == 0x70).then_some(how & 0x0F);
        Self { list: usize::from(how >> 7), panics, op: ListOp::decode(kind, how, a, b) }
    }

    /// Decodes the steps of a script. Fewer than four bytes at the end are ignored.
    pub fn script(bytes: &[u8]) -> Vec<Self> {
        let (steps, _) = bytes.as_chunks();
        steps.iter().map(|step| Self::decode(*step)).collect()
    }
}

impl ListOp {
    fn decode(kind: u8, how: u8, a: u8, b: u8) -> Self {
        let way = how & 0x0F;
        match kind % 64 {
            0..36 => Self::Write(Write::decode(kind % 64, way, a, b)),
            36..40 => Self::Update(way, a, b),
            40..44 => Self::Exchange(way, a, b),
            44..47 => Self::Snapshot,
            47..50 => Self::Load,
            50 => Self::Reader,
            51 => Self::ArcReader,
            52 => Self::Subscribe,
            53 | 54 => Self::Read(a, way % 2 == 0),
            55 => Self::Release(a, way % 2 == 0),
            56 => Self::Watch(a),
            57..60 => Self::Forget(way, a),
            60 => Self::Keep(a),
            61 | 62 => Self::EditSnapshot(a, way, b),
            _ => Self::Own(way, a),
        }
    }
}

impl Write {
    fn decode(kind: u8, way: u8, a: u8, b: u8) -> Self {
        match kind {
            0..5 => Self::Push(a),
            5..7 => Self::Extend(a % 20, b),
            7 => Self::PushFront(a),
            8 => Self::Insert(a, b),
            9 => Self::InsertMany(a, way, b),
            10 | 11 => Self::Set(a, b),
            12 => Self::RemoveAt(a),
            13 => Self::SwapRemoveAt(a),
            14 => Self::Pop,
            15 => Self::PopFront,
            16 => Self::RemoveRange(a, b),
            17 => Self::Splice(a, b, way),
            18 => Self::UpdateRange(a, b, way),
            19 => Self::Remove(a),
            20 => Self::RemoveFirstBy(a),
            21 => Self::Retain(a),
            22 => Self::RemoveAll(a % 20, b),
            23 => Self::ReplaceAll(a),
            24 | 25 => Self::PushIfAbsent(a),
            26 => Self::ExtendAbsent(a % 20, b),
            27 => Self::Sort(way % 2 == 0),
            28 => Self::Reverse,
            29 => Self::Rotate(a, way % 2 == 0),
            30 => Self::Truncate(a),
            31 => Self::Dedup(a),
            32 if way == 0 => Self::Clear,
            33 if way == 0 => Self::Take,
            34 => Self::Replace(a % 20, b),
            _ => Self::Push(b),
        }
    }

    /// Applies the write to the oracle. Returns the expected outcome, and whether the write counts as a change.
    fn expect(self, v: &mut Vec<u8>) -> (Outcome, bool) {
        let (before, len) = (v.clone(), v.len());
        let place = |i: u8| at(i, len + 2);
        let outcome = match self {
            Self::Push(x) => return (None, (v.push(x), true).1),
            Self::Extend(n, x) => return (None, (v.extend(counting(n, x)), n > 0).1),
            Self::PushFront(x) => return (None, (v.insert(0, x), true).1),
            Self::Insert(i, x) if place(i) > len => Some(x),
            Self::Insert(i, x) => return (None, (v.insert(place(i), x), true).1),
            Self::InsertMany(i, n, x) if place(i) > len => Some(digest(counting(n, x))),
            Self::InsertMany(i, n, x) => {
                v.splice(place(i)..place(i), counting(n, x));
                None
            }
            Self::Set(i, x) if place(i) >= len => Some(!x),
            Self::Set(i, x) => return (Some(mem::replace(&mut v[place(i)], x)), true),
            Self::RemoveAt(i) => (place(i) < len).then(|| v.remove(place(i))),
            Self::SwapRemoveAt(i) => (place(i) < len).then(|| v.swap_remove(place(i))),
            Self::Pop => v.pop(),
            Self::PopFront => (len > 0).then(|| v.remove(0)),
            Self::RemoveRange(i, n) => Some(digest(v.drain(range(i, n, len)))),
            Self::Splice(i, n, k) => {
                let removed = digest(v.splice(range(i, n, len), counting(k, i)));
                return (Some(removed), !range(i, n, len).is_empty() || k > 0);
            }
            Self::UpdateRange(i, n, x) => {
                v[range(i, n, len)].iter_mut().for_each(|y| *y = y.wrapping_add(x));
                return (Some(x), !range(i, n, len).is_empty());
            }
            Self::Remove(x) => v.iter().position(|y| *y == x).map(|i| v.remove(i)),
            Self::RemoveFirstBy(m) => v.iter().position(|y| y & m != 0).map(|i| v.remove(i)),
            Self::Retain(mask) => {
                v.retain(|x| x & mask == 0);
                Some((len - v.len()) as u8)
            }
            Self::RemoveAll(n, x) => {
                v.retain(|y| !counting(n, x).contains(y));
                Some((len - v.len()) as u8)
            }
            Self::ReplaceAll(x) => {
                v.iter_mut().for_each(|y| *y = y.wrapping_add(x));
                return (None, len > 0);
            }
            Self::PushIfAbsent(x) if v.contains(&x) => Some(x),
            Self::PushIfAbsent(x) => return (None, (v.push(x), true).1),
            Self::ExtendAbsent(n, x) => {
                v.extend(counting(n, x).into_iter().filter(|y| !before.contains(y)));
                Some((v.len() - len) as u8)
            }
            Self::Sort(_) => return (None, !before.is_sorted() && (v.sort(), true).1),
            Self::Reverse => return (None, (v.reverse(), len > 1).1),
            Self::Rotate(n, left) if len > 0 => {
                let n = at(n, 2 * len) % len;
                if left {
                    v.rotate_left(n)
                } else {
                    v.rotate_right(n)
                }
                return (None, n > 0);
            }
            Self::Rotate(..) => None,
            Self::Truncate(n) => {
                v.truncate(place(n));
                None
            }
            Self::Dedup(mask) => {
                v.dedup_by_key(|x| *x & mask);
                Some((len - v.len()) as u8)
            }
            Self::Clear => {
                v.clear();
                None
            }
            Self::Take => Some(digest(v.drain(..))),
            Self::Replace(n, x) => {
                *v = counting(n, x);
                return (Some(digest(before)), len > 0 || n > 0);
            }
        };
        (outcome, *v != before)
    }

    /// Applies the write to a list and returns its outcome.
    fn perform<T: Element>(self, list: &CopyOnWriteList<T>) -> Outcome {
        let len = list.len();
        let place = |i: u8| at(i, len + 2);
        let (of, numbers) = (T::of, |n, x| counting(n, x).into_iter().map(T::of));
        let add = |x: &T, n: u8| of(x.number().wrapping_add(n));
        let digest = |v: &[T]| digest(v.iter().map(T::number));
        let number = |x: Option<T>| x.map(|x| x.number());
        match self {
            Self::Push(x) => list.push(of(x)),
            Self::Extend(n, x) if n % 2 == 0 => list.extend(numbers(n, x)),
            Self::Extend(n, x) => list.extend_from_slice(&numbers(n, x).collect::<Vec<T>>()),
            Self::PushFront(x) => list.push_front(of(x)),
            Self::Insert(i, x) => return number(list.insert(place(i), of(x)).err()),
            Self::InsertMany(i, n, x) => {
                return list.insert_many(place(i), numbers(n, x)).err().map(|v| digest(&v));
            }
            Self::Set(i, x) => {
                let set = list.set(place(i), of(x));
                return Some(set.map_or_else(|x| !x.number(), |old| old.number()));
            }
            Self::RemoveAt(i) => return number(list.remove_at(place(i))),
            Self::SwapRemoveAt(i) => return number(list.swap_remove_at(place(i))),
            Self::Pop => return number(list.pop()),
            Self::PopFront => return number(list.pop_front()),
            Self::RemoveRange(i, n) => {
                assert!(list.remove_range(len + 1..).is_none());
                return list.remove_range(range(i, n, len)).map(|v| digest(&v));
            }
            Self::Splice(i, n, k) => {
                let removed = list.splice(range(i, n, len), numbers(k, i));
                return Some(digest(&removed.ok().unwrap()));
            }
            Self::UpdateRange(i, n, x) => {
                return list.update_range(range(i, n, len), |part| {
                    part.iter_mut().for_each(|y| *y = add(y, x));
                    x
                });
            }
            Self::Remove(x) => return number(list.remove(&of(x))),
            Self::RemoveFirstBy(m) => {
                return number(list.remove_first_by(|x| x.number() & m != 0));
            }
            Self::Retain(mask) => return Some(list.retain(|x| x.number() & mask == 0) as u8),
            Self::RemoveAll(n, x) => {
                return Some(list.remove_all(&numbers(n, x).collect::<Vec<T>>()) as u8);
            }
            Self::ReplaceAll(x) => list.replace_all(|y| add(y, x)),
            Self::PushIfAbsent(x) => return number(list.push_if_absent(of(x)).err()),
            Self::ExtendAbsent(n, x) => return Some(list.extend_absent(numbers(n, x)) as u8),
            Self::Sort(true) => list.sort_by_key(T::number),
            Self::Sort(false) => list.sort_unstable_by_key(T::number),
            Self::Reverse => list.reverse(),
            Self::Rotate(n, left) => {
                let n = if len > 0 { at(n, 2 * len) } else { n.into() };
                if left { list.rotate_left(n) } else { list.rotate_right(n) }
            }
            Self::Truncate(n) => list.truncate(place(n)),
            Self::Dedup(mask) => return Some(list.dedup_by_key(|x| x.number() & mask) as u8),
            Self::Clear => list.clear(),
            Self::Take => return Some(digest(&list.take())),
            Self::Replace(n, x) => {
                return Some(digest(&list.replace(numbers(n, x).collect::<Vec<_>>())));
            }
        }
        None
    }
}

/// Returns whether `elements` have these numbers.
fn is<T: Element>(elements: &[T], numbers: &[u8]) -> bool {
    elements.iter().map(T::number).eq(numbers.iter().copied())
}

/// Returns whether a list regards `a` and `b` as the same value: one buffer, or both empty.
fn is_same<T>(a: &CowVec<T>, b: &CowVec<T>) -> bool {
    a.ptr_eq(b) || a.is_empty() && b.is_empty()
}

/// Longer lists are truncated first.
const LONG: usize = 100;

/// A list, its expected numbers and its expected version.
struct Tried<T> {
    list: Arc<CopyOnWriteList<T>>,
    numbers: Vec<u8>,
    version: u64,
}

impl<T: Element> Tried<T> {
    fn new(list: CopyOnWriteList<T>, numbers: Vec<u8>) -> Self {
        Self { list: Arc::new(list), numbers, version: 0 }
    }

    fn split(&mut self) -> (&Arc<CopyOnWriteList<T>>, Known<'_>) {
        let Self { list, numbers, version } = self;
        (list, Known { numbers, version })
    }
}

/// The expected state of a list, separate from it so that the list can be borrowed.
struct Known<'a> {
    numbers: &'a mut Vec<u8>,
    version: &'a mut u64,
}

impl Known<'_> {
    /// Records the new expected state, unless the call panicked.
    fn record<R>(&mut self, result: Option<R>, numbers: Vec<u8>, changed: bool) -> Option<R> {
        if result.is_some() {
            *self.numbers = numbers;
            *self.version += u64::from(changed);
        }
        result
    }
}

/// Snapshots, with their expected numbers.
type Snapshots<T> = Vec<(CowVec<T>, Vec<u8>)>;

/// The values that borrow the lists. Readers and watchers come with the index of their list.
struct Borrowed<'a, T> {
    guards: Vec<(Guard<'a, T>, Vec<u8>)>,
    readers: Vec<(usize, Reader<'a, T>)>,
    /// The last field is the version last seen.
    watchers: Vec<(usize, Watcher<'a, T>, u64)>,
}

/// The most guards that are kept: more than the eight padded slots of a list.
const GUARDS: usize = 12;
/// The most values of each other kind that are kept.
const OTHERS: usize = 4;

fn pick<K>(kept: &mut [K], i: u8) -> Option<&mut K> {
    let i = (!kept.is_empty()).then(|| at(i, kept.len()))?;
    Some(&mut kept[i])
}

fn forget<K>(kept: &mut Vec<K>, i: u8) {
    if !kept.is_empty() {
        kept.swap_remove(at(i, kept.len()));
    }
}

fn keep<K>(kept: &mut Vec<K>, most: usize, new: impl FnOnce() -> K) {
    if kept.len() < most {
        kept.push(new());
    }
}

/// The state that a script works on.
struct World<'a, T> {
    lists: [&'a Arc<CopyOnWriteList<T>>; 2],
    known: [Known<'a>; 2],
    snapshots: &'a mut Snapshots<T>,
    arc_readers: &'a mut Vec<(usize, ArcReader<T>)>,
    borrowed: Borrowed<'a, T>,
}

impl<'a, T: Element> World<'a, T> {
    fn apply(&mut self, step: ListStep) {
        let (list, n) = (self.lists[step.list], step.list);
        let known = &mut self.known[n];
        let long = known.numbers.len() > LONG;
        let op = if long { ListOp::Write(Write::Truncate(20)) } else { step.op };
        let Borrowed { guards, readers, watchers } = &mut self.borrowed;
        match op {
            ListOp::Write(write) => {
                let mut next = known.numbers.clone();
                let (expected, changed) = write.expect(&mut next);
                let outcome = panicking_at_clone(step.panics, || write.perform(list));
                if let Some(outcome) = known.record(outcome, next, changed) {
                    assert_eq!(outcome, expected, "gave");
                }
            }
            ListOp::Update(way, a, b) => self.update(step, way, a, b),
            ListOp::Exchange(way, a, b) => self.exchange(step, way, a, b),
            ListOp::Snapshot => {
                keep(self.snapshots, OTHERS, || (list.snapshot(), known.numbers.clone()))
            }
            ListOp::Load => keep(guards, GUARDS, || (list.load(), known.numbers.clone())),
            ListOp::Reader => keep(readers, OTHERS, || (n, list.reader())),
            ListOp::ArcReader => keep(self.arc_readers, OTHERS, || (n, list.clone().into())),
            ListOp::Subscribe => keep(watchers, OTHERS, || (n, list.subscribe(), *known.version)),
            ListOp::Read(i, true) => {
                if let Some((n, reader)) = pick(readers, i) {
                    assert!(is(reader.load(), self.known[*n].numbers), "read");
                }
            }
            ListOp::Read(i, false) => {
                if let Some((n, reader)) = pick(self.arc_readers, i) {
                    assert!(is(reader.load(), self.known[*n].numbers), "read");
                }
            }
            ListOp::Release(i, true) => {
                if let Some((_, reader)) = pick(readers, i) {
                    reader.release();
                }
            }
            ListOp::Release(i, false) => {
                if let Some((_, reader)) = pick(self.arc_readers, i) {
                    reader.release();
                }
            }
            ListOp::Watch(i) => {
                if let Some((n, watcher, seen)) = pick(watchers, i) {
                    assert_eq!(watcher.has_changed(), *self.known[*n].version != *seen);
                    watcher.mark_seen();
                    *seen = *self.known[*n].version;
                }
            }
            ListOp::Forget(what, i) => match what % 5 {
                0 => forget(self.snapshots, i),
                1 => forget(guards, i),
                2 => forget(readers, i),
                3 => forget(self.arc_readers, i),
                _ => forget(watchers, i),
            },
            ListOp::Keep(i) => {
                if let Some((guard, numbers)) = pick(guards, i) {
                    keep(self.snapshots, OTHERS, || (guard.to_snapshot(), numbers.clone()));
                }
            }
            ListOp::EditSnapshot(i, way, x) => {
                let other = pick(self.snapshots, x).cloned();
                if let Some((ours, theirs)) = pick(self.snapshots, i) {
                    panicking_at_clone(step.panics, || edit(ours, theirs, way, x, other));
                }
            }
            ListOp::Own(..) => unreachable!("`borrow` stops at this step"),
        }
    }

    fn update(&mut self, step: ListStep, way: u8, a: u8, b: u8) {
        let (list, known) = (self.lists[step.list], &mut self.known[step.list]);
        let (other, accept) = (pick(self.snapshots, b).cloned(), way < 8 || b % 2 == 0);
        let (mut next, mut same) = (known.numbers.clone(), false);
        let change = |v: &mut CowVec<T>| {
            let before = v.clone();
            assert!(is(v, &next) && is(&list.load(), &next), "the closure's argument");
            edit(v, &mut next, way, a, other);
            same = is_same(v, &before);
            if way == 7 {
                panic_on_purpose();
            }
            if accept { Ok(()) } else { Err(()) }
        };
        let result = panicking_at_clone(step.panics, || match way {
            0..8 => list.update(change),
            _ => list.try_update(change),
        });
        if accept {
            known.record(result, next, !same);
        }
    }

    /// Publishes a new vector, a kept snapshot, the other list's contents or a prefix of this list's. Uses
    /// `store`, `rcu`, or `compare_and_swap` against a kept snapshot or the current one.
    fn exchange(&mut self, step: ListStep, way: u8, a: u8, b: u8) {
        let list = self.lists[step.list];
        let (mut new, mut next) = match (way % 4, pick(self.snapshots, b)) {
            (0, _) => (counting(a % 20, b).into_iter().map(T::of).collect(), counting(a % 20, b)),
            (1, Some(kept)) => kept.clone(),
            (2, _) => {
                let other = 1 - step.list;
                (self.lists[other].snapshot(), self.known[other].numbers.clone())
            }
            _ => (list.snapshot(), self.known[step.list].numbers.clone()),
        };
        if way % 4 == 3 {
            edit(&mut new, &mut next, 2, b, None);
        }
        let known = &mut self.known[step.list];
        let mut changed = !is_same(&list.snapshot(), &new);
        let kept = pick(self.snapshots, a).map(|kept| kept.0.clone());
        let done = panicking_at_clone(step.panics, || match (way / 4, kept) {
            (0, _) => (list.store(new), true).1,
            (1, _) => is(&list.rcu(|_| new.clone()), known.numbers),
            (2, Some(current)) => {
                let is_current = is_same(&list.snapshot(), &current);
                match list.compare_and_swap(&current, new) {
                    Ok(old) => is_current && is(&old, known.numbers),
                    Err(error) => {
                        let handed_back = !is_current
                            && is(&error.new, &next)
                            && is(&error.current, known.numbers);
                        (changed, next) = (false, known.numbers.clone());
                        handed_back
                    }
                }
            }
            _ => {
                let current = list.snapshot();
                list.compare_and_swap(&current, new).is_ok_and(|old| is(&old, known.numbers))
            }
        });
        assert_ne!(done, Some(false), "exchanged");
        known.record(done, next, changed);
    }

    fn check(&self) {
        for (list, known) in self.lists.iter().zip(&self.known) {
            let now = list.load();
            assert!(is(&now, known.numbers), "the list");
            assert_eq!((list.version(), list.len()), (*known.version, now.len()), "the list");
        }
        let mut guards = self.borrowed.guards.iter();
        assert!(guards.all(|(guard, numbers)| is(guard, numbers)), "a guard");
        let mut snapshots = self.snapshots.iter();
        assert!(snapshots.all(|(snapshot, numbers)| is(snapshot, numbers)), "a snapshot");
    }
}

/// Edits a vector, then its oracle, which stays unchanged if the vector's edit panics. Without `other`, way 1
/// pushes instead.
fn edit<T: Element>(
    ours: &mut CowVec<T>,
    theirs: &mut Vec<u8>,
    way: u8,
    x: u8,
    other: Option<(CowVec<T>, Vec<u8>)>,
) {
    let add = |y: &T| T::of(y.number().wrapping_add(x));
    match (way % 8, other) {
        (0, _) => {}
        (1, Some(other)) => (*ours, *theirs) = other,
        (2, _) => {
            let len = at(x, theirs.len() + 1);
            ours.truncate(len);
            theirs.truncate(len);
        }
        (3, _) => {
            ours.make_mut().iter_mut().for_each(|y| *y = add(y));
            theirs.iter_mut().for_each(|y| *y = y.wrapping_add(x));
        }
        (4, _) => assert_eq!(ours.pop().map(|y| y.number()), theirs.pop()),
        (5, _) => {
            *ours = counting(x % 20, x).into_iter().map(T::of).collect();
            *theirs = counting(x % 20, x);
        }
        _ => {
            ours.push(T::of(x));
            theirs.push(x);
        }
    }
}

impl<T: Element> Tried<T> {
    /// Runs an operation that only the list's owner can run.
    fn own(&mut self, way: u8, a: u8, panics: Option<u8>) {
        let list = Arc::get_mut(&mut self.list).expect("no other `Arc` of the list exists");
        match way % 6 {
            0 => {
                let add = |x: &mut T| *x = T::of(x.number().wrapping_add(a));
                let done = panicking_at_clone(panics, || list.get_mut().iter_mut().for_each(add));
                if done.is_some() {
                    self.numbers.iter_mut().for_each(|x| *x = x.wrapping_add(a));
                    self.version += u64::from(!self.numbers.is_empty());
                }
            }
            1 => {
                let elements = mem::take(list).into_inner();
                assert!(is(&elements, &self.numbers), "`into_inner`");
                let list = panicking_at_clone(panics, || CopyOnWriteList::from(elements));
                let numbers = if list.is_some() { mem::take(&mut self.numbers) } else { vec![] };
                *self = Self::new(list.unwrap_or_default(), numbers);
            }
            2 => {
                if let Some(fork) = panicking_at_clone(panics, || list.fork()) {
                    *self = Self::new(fork, mem::take(&mut self.numbers));
                }
            }
            3 => *self = Self::new(CopyOnWriteList::with_capacity(a.into()), vec![]),
            4 => {
                *self = Self::new(counting(a % 20, a).into_iter().map(T::of).collect(), {
                    counting(a % 20, a)
                })
            }
            _ => *self = Self::new(CopyOnWriteList::new(), vec![]),
        }
    }
}

/// Runs a script on two empty lists.
pub fn run<T: Element>(script: &[ListStep]) {
    let mut lists = [(); 2].map(|()| Tried::<T>::new(CopyOnWriteList::new(), vec![]));
    let (mut snapshots, mut arc_readers) = (vec![], vec![]);
    let mut steps = script.iter();
    loop {
        let own = borrow(&mut lists, &mut snapshots, &mut arc_readers, &mut steps);
        let Some((step, way, a)) = own else { break };
        arc_readers.retain(|(n, _)| *n != step.list);
        lists[step.list].own(way, a, step.panics);
    }
}

/// Runs a script up to the next step that needs `&mut` or ownership of a list, and returns that step.
fn borrow<T: Element>(
    lists: &mut [Tried<T>; 2],
    snapshots: &mut Snapshots<T>,
    arc_readers: &mut Vec<(usize, ArcReader<T>)>,
    steps: &mut std::slice::Iter<'_, ListStep>,
) -> Option<(ListStep, u8, u8)> {
    let [(a, known_a), (b, known_b)] = lists.each_mut().map(Tried::split);
    let mut world = World {
        lists: [a, b],
        known: [known_a, known_b],
        snapshots,
        arc_readers,
        borrowed: Borrowed { guards: vec![], readers: vec![], watchers: vec![] },
    };
    world.check();
    for step in steps {
        if let ListOp::Own(way, a) = step.op {
            return Some((*step, way, a));
        }
        world.apply(*step);
        world.check();
    }
    None
}

/// Runs a script on a set, and skips the operations that sets do not have.
pub fn run_set<T: Element + Eq>(script: &[ListStep]) {
    let set = CopyOnWriteSet::<T>::new();
    let (mut known, mut version, mut kept) = (Vec::<u8>::new(), 0, Vec::new());
    for step in script {
        let before = known.clone();
        let numbers = |n, x| counting(n, x).into_iter().map(T::of);
        let absent = |n, x| counting(n, x).into_iter().filter(|y| !before.contains(y));
        let done = match step.op {
            ListOp::Write(Write::Push(x)) => {
                known.extend(absent(1, x));
                panicking_at_clone(step.panics, || u8::from(set.insert(T::of(x))))
            }
            ListOp::Write(Write::Extend(n, x)) => {
                known.extend(absent(n, x));
                panicking_at_clone(step.panics, || set.extend(numbers(n, x)) as u8)
            }
            ListOp::Write(Write::Remove(x)) => {
                known.retain(|y| *y != x);
                panicking_at_clone(step.panics, || u8::from(set.remove(&T::of(x))))
            }
            ListOp::Write(Write::Retain(mask)) => {
                known.retain(|x| x & mask == 0);
                panicking_at_clone(step.panics, || set.retain(|x| x.number() & mask == 0) as u8)
            }
            ListOp::Write(Write::Take) => {
                known.clear();
                Some(set.take().len() as u8)
            }
            ListOp::Snapshot => {
                keep(&mut kept, GUARDS, || (set.snapshot(), known.clone()));
                Some(0)
            }
            _ => continue,
        };
        match done {
            Some(n) => assert_eq!(n, known.len().abs_diff(before.len()) as u8, "{step:?} gave"),
            None => known.clone_from(&before),
        }
        version += u64::from(known != before);
        assert!(is(&set.load(), &known), "after {step:?}");
        assert_eq!(set.version(), version, "after {step:?}");
        assert!(kept.iter().all(|(snapshot, numbers)| is(snapshot, numbers)), "after {step:?}");
    }
}
