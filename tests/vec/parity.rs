//! Runs the same scripts on `CowVec`, `UniqueVec` and `Vec`, and compares everything observable. That is panic
//! messages, the order of drops, clones and calls, and the results with iterators whose size hints are wrong.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use cow_collections::{CowVec, UniqueVec};
use std::cell::{Cell, RefCell};
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// The messages and lines of the panics that a test expects on this thread.
    static EXPECTED: RefCell<Option<Vec<(String, u32)>>> = const { RefCell::new(None) };
}

/// Returns the message of the panic in which `work` ends, and the line that it names: 0 if in another file.
fn panic_of(work: impl FnOnce()) -> Option<(String, u32)> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            let (said, place) =
                (info.payload_as_str().unwrap_or_default(), info.location().unwrap());
            let line = if place.file() == file!() { place.line() } else { 0 };
            EXPECTED.with_borrow_mut(|expected| match expected {
                Some(panics) => panics.push((said.to_string(), line)),
                None => loud(info),
            });
        }));
    });
    EXPECTED.set(Some(Vec::new()));
    let panicked = catch_unwind(AssertUnwindSafe(work)).is_err();
    let panics = EXPECTED.take().unwrap_or_default();
    assert_eq!(panics.len(), usize::from(panicked), "{panics:?}");
    panics.into_iter().next()
}

/// `same_panic!{ |v| script; ... }` checks that each script panics with the same message on all vectors: a `Vec` of
/// five numbers, a unique and a shared `CowVec`, and a `UniqueVec`.
macro_rules! same_panic {
    ($(|$v:ident| $script:expr;)+) => {$({
        let (mut vec, mut unique) = (vec![0, 1, 2, 3, 4], CowVec::from([0, 1, 2, 3, 4]));
        let (mut shared, mut alone) = (CowVec::from(&vec[..]), UniqueVec::from(vec.clone()));
        let hidden = shared.clone();
        macro_rules! panic_on {
            ($owner:ident) => {
                panic_of(|| {
                    let $v = &mut $owner;
                    _ = $script;
                })
            };
        }
        let what = stringify!($script);
        let (said, blamed) = panic_on!(vec).expect(what);
        // A vector here may name the caller's line where `Vec` names its own.
        let same = |ours: Option<(String, u32)>, on: &str| {
            let (ours, line) = ours.expect(what);
            assert_eq!(ours, said, "{on}: {what}");
            assert!(line == blamed || blamed == 0, "{on} does not name the caller: {what}");
        };
        same(panic_on!(unique), "unique");
        same(panic_on!(shared), "shared");
        assert!(shared.ptr_eq(&hidden), "shared is unchanged: {what}");
        same(panic_on!(alone), "`UniqueVec`");
        assert!(unique == vec && alone == vec, "left as `Vec` leaves it: {what}");
    })+};
}

#[test]
#[allow(clippy::reversed_empty_ranges, reason = "on purpose")]
fn indices_out_of_range_panic_in_the_words_of_vec() {
    same_panic! {
        |v| v.insert(6, 9);
        |v| v.insert(usize::MAX, 9);
        |v| v.insert_mut(7, 9);
        |v| v.remove(5);
        |v| v.swap_remove(5);
        |v| v.split_off(6);
        |v| v[5];
        |v| v[2..6].len();
        |v| v[4..2].len();
        |v| v[6..].len();
    }
}

#[test]
#[allow(clippy::reversed_empty_ranges, reason = "on purpose")]
fn bad_ranges_panic_in_the_words_of_vec() {
    same_panic! {
        |v| v.drain(4..2);
        |v| v.drain(..6);
        |v| v.drain(6..);
        |v| v.drain(..=5);
        |v| v.drain(7..9);
        |v| v.drain(2..=usize::MAX);
        |v| v.drain((Excluded(usize::MAX), Unbounded));
        |v| v.drain((Excluded(5), Included(5)));
        |v| v.splice(4..2, [7]);
        |v| v.splice(..6, [7]);
        |v| v.splice(6.., [7]);
        |v| v.splice(..=usize::MAX, [7]);
        |v| v.extract_if(4..2, |_| true);
        |v| v.extract_if(..6, |_| true);
        |v| v.extract_if(6.., |_| true);
        |v| v.extend_from_within(4..2);
        |v| v.extend_from_within(..6);
        |v| v.extend_from_within(6..);
        |v| v.extend_from_within(..=usize::MAX);
    }
}

/// An iterator with an arbitrary size hint that is not fused.
#[derive(Clone)]
struct Liar {
    left: u32,
    low: usize,
    high: Option<usize>,
}

impl Iterator for Liar {
    type Item = i32;
    fn next(&mut self) -> Option<i32> {
        let left = self.left;
        self.left = left.wrapping_sub(1);
        (left != 0).then_some(left as i32)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.low, self.high)
    }
}

fn liars() -> impl Iterator<Item = Liar> {
    let highs = [None, Some(0), Some(usize::MAX)];
    let lows = [0, 1, 4, 5, 6, 40];
    lows.into_iter().flat_map(move |low| highs.map(|high| Liar { left: 5, low, high }))
}

#[test]
fn out_of_bounds_panics_with_the_message_of_vec() {
    same_panic! {
        |v| v.reserve(usize::MAX);
        |v| v.reserve(isize::MAX as usize);
        |v| v.reserve_exact(usize::MAX);
        |v| v.reserve_exact(isize::MAX as usize / 2);
        |v| v.resize(usize::MAX, 0);
        |v| v.resize_with(isize::MAX as usize, || 0);
    }
    let capacity_overflow = |work: fn()| assert_eq!(panic_of(work).unwrap().0, "capacity overflow");
    const ENDLESS: Liar = Liar { left: 5, low: usize::MAX, high: None };
    capacity_overflow(|| drop(Vec::from([1, 2]).splice(..1, ENDLESS)));
    capacity_overflow(|| drop(CowVec::from([1, 2]).splice(..1, ENDLESS)));
    capacity_overflow(|| drop(ENDLESS.collect::<CowVec<_>>()));
    capacity_overflow(|| CowVec::from([1]).extend(ENDLESS));
    capacity_overflow(|| drop(CowVec::<u64>::with_capacity(usize::MAX / 8)));
    capacity_overflow(|| drop(UniqueVec::<u8>::with_capacity(isize::MAX as usize)));
}

#[test]
fn lying_size_hints_change_nothing() {
    for liar in liars() {
        // The oracle gets the plain array, because `Vec` panics on such an iterator if std has debug assertions.
        let expected = [5, 4, 3, 2, 1];
        assert_eq!(CowVec::from_iter(liar.clone()), expected);
        assert_eq!(UniqueVec::from_iter(liar.clone()), expected);
        let mut extended = CowVec::from([9]);
        let (hidden, mut shared) = (extended.clone(), extended.clone());
        shared.extend(liar.clone());
        assert_eq!((&shared[1..], &hidden[..]), (&expected[..], &[9][..]));
        drop((shared, hidden));
        extended.extend(liar.clone());
        assert_eq!(extended[1..], expected);
        for range in [1..1, 0..1, 1..3, 1..4, 0..4, 4..4] {
            let mut vec = vec![10, 11, 12, 13];
            let (mut unique, mut shared) = (CowVec::from(&vec[..]), CowVec::from(&vec[..]));
            let hidden = shared.clone();
            let removed: Vec<i32> = vec.splice(range.clone(), expected).collect();
            assert!(unique.splice(range.clone(), liar.clone()).eq(removed.iter().copied()));
            assert!(shared.splice(range, liar.clone()).eq(removed));
            assert_eq!((&unique, &shared), (&vec.clone().into(), &vec.into()));
            assert_eq!(hidden, [10, 11, 12, 13]);
        }
    }
}

/// Records the events of a script's elements in order.
#[derive(Default)]
struct Log {
    events: RefCell<Vec<String>>,
    /// The element whose drop panics once.
    bomb: Cell<Option<u32>>,
}

impl Log {
    fn note(&self, event: impl ToString) {
        self.events.borrow_mut().push(event.to_string());
    }

    fn loud(&self, id: u32) -> Loud<'_> {
        Loud { id, log: self }
    }

    fn louds(&self, ids: std::ops::Range<u32>) -> Vec<Loud<'_>> {
        ids.map(|id| self.loud(id)).collect()
    }

    /// Returns an iterator that makes the elements lazily and records each call of `next`.
    fn coming(&self, ids: std::ops::Range<u32>) -> impl Iterator<Item = Loud<'_>> {
        let mut ids = ids;
        std::iter::from_fn(move || {
            let id = ids.next();
            self.note(format!("next: {id:?}"));
            id.map(|id| self.loud(id))
        })
    }

    fn says<R>(&self, what: &str, answer: R) -> R {
        self.note(what);
        answer
    }

    /// Records whether `work` panics.
    fn catch(&self, work: impl FnOnce()) {
        let panicked = panic_of(work);
        self.note(format!("panicked: {}", panicked.is_some()));
    }
}

struct Loud<'a> {
    id: u32,
    log: &'a Log,
}

impl Clone for Loud<'_> {
    fn clone(&self) -> Self {
        self.log.note(format!("clone {}", self.id));
        self.log.loud(self.id + 100)
    }
}

impl Drop for Loud<'_> {
    fn drop(&mut self) {
        self.log.note(format!("drop {}", self.id));
        if self.log.bomb.get() == Some(self.id) {
            self.log.bomb.set(None);
            panic!("bomb {}", self.id);
        }
    }
}

impl PartialEq for Loud<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.log.note(format!("{} == {}", self.id, other.id));
        self.id / 2 == other.id / 2
    }
}

/// `same_events!{ name: |v, log| script; ... }` makes a test of each script. The events are the same, in the same
/// order, on a `Vec` of six elements, a unique `CowVec` and a `UniqueVec`.
macro_rules! same_events {
    ($($name:ident: |$v:ident, $log:ident| $script:expr;)+) => {$(
        #[test]
        fn $name() {
            macro_rules! events_of {
                ($vec:ident) => {{
                    let log = Log::default();
                    let $log = &log;
                    {
                        let mut $v = $vec::from($log.louds(0..6));
                        $script;
                        $log.note("after");
                        $v.iter().for_each(|loud| $log.note(loud.id));
                    }
                    log.events.take()
                }};
            }
            let expected = events_of!(Vec);
            assert_eq!(events_of!(CowVec), expected, "on `CowVec`");
            assert_eq!(events_of!(UniqueVec), expected, "on `UniqueVec`");
        }
    )+};
}

same_events! {
    truncate: |v, log| v.truncate(2);
    clear: |v, log| v.clear();
    truncate_with_a_bomb: |v, log| {
        log.bomb.set(Some(3));
        log.catch(|| v.truncate(1));
    };
    drop_with_a_bomb: |v, log| {
        log.bomb.set(Some(1));
        log.catch(|| drop(std::mem::take(&mut v)));
    };
    insert_and_remove: |v, log| {
        v.insert(2, log.loud(9));
        drop(v.remove(1));
        log.note("removed");
        drop(v.swap_remove(0));
        log.catch(|| v.insert(9, log.loud(8)));
    };
    pop_if: |v, log| {
        drop(v.pop_if(|last| log.says(&format!("shown {}", last.id), false)));
        drop(v.pop_if(|last| log.says(&format!("shown {}", last.id), true)));
    };
    retain: |v, log| v.retain(|loud| log.says(&format!("shown {}", loud.id), loud.id % 3 != 0));
    retain_mut: |v, log| v.retain_mut(|loud| {
        loud.id += 10;
        log.says(&format!("shown {}", loud.id), loud.id % 2 == 0)
    });
    retain_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| v.retain(|loud| log.says("shown", loud.id % 2 == 1)));
    };
    retain_that_panics: |v, log| log.catch(|| v.retain(|loud| {
        assert!(loud.id < 4);
        log.says("shown", loud.id == 1)
    }));
    dedup: |v, log| v.dedup();
    dedup_by: |v, log| v.dedup_by(|loud, last| {
        log.says(&format!("shown {}, {}", loud.id, last.id), loud.id % 3 != 0)
    });
    dedup_by_key: |v, log| v.dedup_by_key(|loud| log.says(&format!("shown {}", loud.id), loud.id / 2));
    dedup_with_a_bomb: |v, log| {
        log.bomb.set(Some(3));
        log.catch(|| v.dedup());
    };
    dedup_that_panics: |v, log| log.catch(|| v.dedup_by(|loud, _| {
        assert!(loud.id < 4);
        log.says("shown", loud.id % 2 == 1)
    }));
    drain_dropped: |v, log| drop(v.drain(1..4));
    drain_from_both_ends: |v, log| {
        let mut drain = v.drain(1..5);
        drop(drain.next());
        log.note("between");
        drop(drain.next_back());
        log.note("at the end");
        drop(drain);
    };
    drain_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| drop(v.drain(1..4)));
    };
    drain_skips: |v, log| drop(v.drain(..5).nth(2));
    splice_to_less: |v, log| drop(v.splice(1..4, log.coming(20..22)));
    splice_to_more: |v, log| drop(v.splice(1..3, log.coming(20..27)));
    splice_at_the_end: |v, log| drop(v.splice(4.., log.coming(20..23)));
    splice_from_both_ends: |v, log| {
        let mut splice = v.splice(1..5, log.coming(20..23));
        drop(splice.next());
        log.note("between");
        drop(splice.next_back());
        log.note("at the end");
        drop(splice);
    };
    splice_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| drop(v.splice(1..4, log.coming(20..22))));
    };
    splice_that_panics: |v, log| log.catch(|| {
        drop(v.splice(1..2, log.coming(20..25).inspect(|loud| assert!(loud.id < 23))));
    });
    extract_if: |v, log| {
        let shown = |loud: &mut Loud<'_>| log.says(&format!("shown {}", loud.id), loud.id % 2 == 0);
        v.extract_if(1.., shown).for_each(|loud| log.note(format!("got {}", loud.id)));
    };
    extract_if_stopped: |v, log| {
        let mut extract = v.extract_if(..5, |loud| log.says("shown", loud.id % 2 == 1));
        drop(extract.next());
        log.note("enough");
    };
    extract_if_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| v.extract_if(.., |loud| log.says("shown", loud.id % 2 == 0)).for_each(drop));
    };
    extract_if_that_panics: |v, log| log.catch(|| {
        v.extract_if(.., |loud| {
            assert!(loud.id < 4);
            log.says("shown", loud.id == 1)
        })
        .for_each(drop);
    });
    resize: |v, log| {
        v.resize(9, log.loud(50));
        log.note("longer");
        v.resize(9, log.loud(60));
        log.note("as long");
        v.resize(2, log.loud(70));
    };
    resize_with: |v, log| {
        let mut id = 50;
        v.resize_with(9, || {
            id += 1;
            log.says("made", log.loud(id))
        });
        v.resize_with(3, || unreachable!());
    };
    extend: |v, log| {
        v.extend(log.coming(20..24));
        v.extend_from_slice(&log.louds(30..33));
        v.extend_from_within(1..3);
    };
    append_and_split_off: |v, log| {
        let mut rest = v.split_off(2);
        log.note("split");
        drop(rest.pop());
        v.append(&mut rest);
        log.note("appended");
    };
    into_iter: |v, log| {
        let mut elements = std::mem::take(&mut v).into_iter();
        drop(elements.next());
        log.note("between");
        drop(elements.next_back());
        drop(elements.nth(1));
        log.note("at the end");
    };
    into_iter_cloned: |v, log| {
        let mut elements = std::mem::take(&mut v).into_iter();
        drop(elements.next());
        let copies = elements.clone();
        log.note("cloned");
        copies.for_each(drop);
    };
    into_iter_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| drop(std::mem::take(&mut v).into_iter()));
    };
    collect_with_a_bomb: |v, log| {
        log.bomb.set(Some(2));
        log.catch(|| v = std::mem::take(&mut v).into_iter().filter(|loud| loud.id > 4).collect());
    };
    collect_that_panics: |v, log| log.catch(|| {
        v = log.coming(20..25).inspect(|loud| assert!(loud.id < 23)).collect();
    });
}

/// Runs edits that do not move the first element, and reads the element through an older pointer after each.
/// `Vec` keeps such pointers valid. Miri checks this.
macro_rules! first_element_stays {
    ($v:ident, $unique:expr, $($edit:expr;)+) => {{
        $v.push(13);
        // SAFETY: the capacity suffices for all edits, and none of them touches the first element.
        let first = unsafe { &mut *$unique.as_mut_ptr() };
        $({
            $edit;
            assert_eq!(*first, 13, stringify!($edit));
            assert_eq!($v.as_ptr(), &raw const *first, stringify!($edit));
        })+
        *first += 1;
        assert_eq!($v[0], 14);
    }};
}

macro_rules! edits_behind_the_first {
    ($v:ident, $unique:expr, $more:expr) => {
        first_element_stays! {
            $v, $unique,
            $v.push(1);
            $v.push(2);
            $v.insert(1, 3);
            assert_eq!($v.len(), 4);
            assert!(!$v.is_empty());
            $v.remove(1);
            $v.pop().unwrap();
            $v.push(4);
            $v.swap_remove(1);
            $v.append(&mut $more);
            $v.extend([5, 6]);
            $v.extend(&[7, 8]);
            $v.extend_from_slice(&[9, 10]);
            $v.resize_with(20, || 11);
            $v.resize(22, 12);
            $v.reserve(5);
            $v.reserve_exact(5);
            $v.try_reserve(5).unwrap();
            assert!($v.capacity() >= 27);
            assert!($v.drain(1..4).next().is_some());
            assert!($v.splice(1..2, [1, 2, 3]).next().is_some());
            assert!($v.extract_if(5.., |n| *n == 12).next().is_some());
            assert!(!$v.split_off(15).is_empty());
            $v.truncate(2);
        }
    };
}

#[test]
#[expect(unsafe_code, reason = "reads through a pointer taken before the edits")]
fn edits_behind_the_first_element_keep_pointers_to_it_valid() {
    let mut expected = Vec::with_capacity(128);
    edits_behind_the_first!(expected, expected, vec![2, 3]);
    let mut unique = UniqueVec::with_capacity(128);
    edits_behind_the_first!(unique, unique, UniqueVec::from([2, 3]));
    assert_eq!(unique, expected);
    let mut v = CowVec::with_capacity(128);
    edits_behind_the_first!(v, v.make_unique(), CowVec::from([2, 3]));
    assert_eq!(v, expected);
}
