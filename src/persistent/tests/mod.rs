//! Tests the vector with fan-out 4 and leaves of four elements, so that 30 elements make a deep tree.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{boxed::Box, vec};
use core::cell::Cell;
use core::fmt::Debug;
use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, resume_unwind};

mod front;
mod relaxed;
mod shape;

use super::Hunk;
use super::iter::{Elements, Leaves, Moved};
use super::node::Root;

type Small<T> = Root<T, 4, 4>;

/// An element that is made from a number.
trait Element: Clone + Eq + Debug {
    fn of(n: u64) -> Self;
}

impl Element for u64 {
    fn of(n: u64) -> Self {
        n
    }
}

impl Element for u8 {
    fn of(n: u64) -> Self {
        n as Self
    }
}

impl Element for String {
    fn of(n: u64) -> Self {
        n.to_string()
    }
}

impl Element for () {
    fn of(_: u64) -> Self {}
}

impl Element for [u64; 200] {
    fn of(n: u64) -> Self {
        [n; 200]
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
#[repr(align(64))]
struct Wide(u64);

impl Element for Wide {
    fn of(n: u64) -> Self {
        Self(n)
    }
}

std::thread_local! {
    /// The number of live `Unit`s.
    static UNITS: Cell<isize> = const { Cell::new(0) };
}

/// A zero-sized element whose drop is counted.
#[derive(PartialEq, Eq, Debug)]
struct Unit(());

impl Element for Unit {
    fn of(_: u64) -> Self {
        UNITS.set(UNITS.get() + 1);
        Self(())
    }
}

impl Clone for Unit {
    fn clone(&self) -> Self {
        Self::of(0)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        UNITS.set(UNITS.get() - 1);
    }
}

/// A pseudorandom number generator.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as usize) % n.max(1)
    }
}

fn range<T: Element>(n: u64) -> Vec<T> {
    (0..n).map(T::of).collect()
}

fn tree<T: Element>(n: u64) -> Small<T> {
    let tree = Small::collect((0..n).map(T::of));
    tree.assert_invariants();
    tree
}

#[track_caller]
fn assert_is<T: Element, const F: usize, const L: usize>(tree: &Root<T, F, L>, expected: &[T]) {
    tree.assert_invariants();
    assert_eq!(tree.len(), expected.len());
    assert!(Elements::new(tree).eq(expected), "iteration gives the elements");
    assert!(
        Elements::new(tree).rev().eq(expected.iter().rev()),
        "iteration from the back gives the elements"
    );
    let folded = Elements::new(tree).fold(0, |i, x| {
        assert_eq!(*x, expected[i], "fold gives the elements");
        i + 1
    });
    assert_eq!(folded, expected.len());
}

/// Runs random operations on several vectors that share structure, and on a `Vec` for each.
fn random_operations<T: Element, const F: usize, const L: usize>(seed: u64, steps: usize) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut all: Vec<(Root<T, F, L>, Vec<T>)> = vec![(Root::new(), Vec::new())];
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        T::of(next)
    };
    for _ in 0..steps {
        let chosen = random.below(all.len());
        let most = if random.below(8) > 0 {
            12
        } else if cfg!(miri) {
            40
        } else {
            150
        };
        let many = random.below(most);
        let versions = all.len();
        let (tree, oracle) = &mut all[chosen];
        match random.below(32) {
            0..=3 => {
                for _ in 0..many {
                    let value = fresh();
                    tree.push_back(value.clone());
                    oracle.push(value);
                }
            }
            4..=6 => {
                for _ in 0..many {
                    assert_eq!(tree.pop_back(), oracle.pop());
                    tree.assert_invariants();
                }
            }
            7..=9 if !oracle.is_empty() => {
                let at = random.below(oracle.len());
                let value = fresh();
                *tree.get_mut(at).unwrap() = value.clone();
                oracle[at] = value;
            }
            10 => {
                let values: Vec<T> = (0..many).map(|_| fresh()).collect();
                tree.extend(values.iter().cloned());
                oracle.extend(values);
            }
            11 => {
                let len = random.below(oracle.len() + 2);
                if len < oracle.len() {
                    tree.truncate(len);
                    oracle.truncate(len);
                }
            }
            12 => {
                // Drops an iterator after some steps from both ends.
                let mut moved = Moved::new(tree.clone());
                let mut expected = oracle.clone().into_iter();
                for _ in 0..many {
                    if random.below(2) == 0 {
                        assert_eq!(moved.next(), expected.next());
                    } else {
                        assert_eq!(moved.next_back(), expected.next_back());
                    }
                    assert_eq!(moved.remaining(), expected.len());
                }
            }
            13 => *tree = Root::from_vec(oracle.clone()),
            14 if versions < 6 => {
                let copy = (tree.clone(), oracle.clone());
                all.push(copy);
            }
            15 if versions > 1 => drop(all.swap_remove(chosen)),
            16..=18 => {
                // Inserts at random indices, at consecutive ones, or always at the same one.
                let (kind, mut at) = (random.below(4), random.below(oracle.len() + 1));
                for _ in 0..many {
                    match kind {
                        0 => at = random.below(oracle.len() + 1),
                        1 => at += 1,
                        _ => {}
                    }
                    at = at.min(oracle.len());
                    let value = fresh();
                    tree.insert(at, value.clone());
                    oracle.insert(at, value);
                    tree.assert_invariants();
                }
            }
            19..=21 => {
                let (kind, mut at) = (random.below(3), random.below(oracle.len() + 1));
                for _ in 0..many.min(oracle.len()) {
                    if kind == 0 || at >= oracle.len() {
                        at = random.below(oracle.len());
                    }
                    assert_eq!(tree.remove(at), oracle.remove(at));
                    tree.assert_invariants();
                }
            }
            22 if !oracle.is_empty() => {
                let at = random.below(oracle.len());
                assert_eq!(tree.swap_remove(at), Some(oracle.swap_remove(at)));
            }
            23 if oracle.len() < 2_000 => {
                let other = random.below(versions);
                let (more, values) = all[other].clone();
                let (tree, oracle) = &mut all[chosen];
                tree.append(more);
                oracle.extend(values);
            }
            24 => {
                let (a, b) = (random.below(oracle.len() + 1), random.below(oracle.len() + 1));
                let range = a.min(b)..a.max(b);
                let part = tree.slice(range.clone());
                assert_is(&part, &oracle[range.clone()]);
                if random.below(2) == 0 {
                    (*tree, *oracle) = (part, oracle[range].to_vec());
                }
            }
            25 => {
                let at = random.below(oracle.len() + 1);
                let (right, rest) = (tree.split_off(at), oracle.split_off(at));
                assert_is(&right, &rest);
                assert_is(tree, oracle);
                match random.below(3) {
                    0 => (*tree, *oracle) = (right, rest),
                    1 => {
                        let left = core::mem::replace(tree, right);
                        tree.append(left);
                        *oracle = [rest, core::mem::take(oracle)].concat();
                    }
                    _ => {}
                }
            }
            26 => {
                let (one_in, mut random) = (1 + random.below(9), Random(seed + many as u64));
                let kept: Vec<bool> =
                    oracle.iter().map(|_| random.below(one_in) == many % 2).collect();
                let (mut a, mut b) = (kept.iter(), kept.iter());
                tree.retain(|_| *a.next().unwrap());
                oracle.retain(|_| *b.next().unwrap());
            }
            27 | 28 => {
                for _ in 0..many {
                    let value = fresh();
                    tree.push_front(value.clone());
                    oracle.insert(0, value);
                    tree.assert_invariants();
                }
            }
            29 | 30 => {
                for _ in 0..many {
                    let expected = (!oracle.is_empty()).then(|| oracle.remove(0));
                    assert_eq!(tree.pop_front(), expected);
                    tree.assert_invariants();
                }
            }
            _ => assert!(tree.get_mut(oracle.len()).is_none()),
        }
        for (tree, oracle) in &all {
            assert_is(tree, oracle);
            assert!(!tree.needs_rebalance(), "without a panic no rebalance is pending");
        }
    }
    for (old, before) in &all {
        for (new, after) in &all {
            assert_diff(before, after, &old.diff(new));
            assert_eq!(old.eq_shared(new), before == after);
        }
        // The other tree has equal elements, but leaves of other lengths.
        assert!(old.eq_shared(&Root::from_vec(before.clone())));
    }
}

/// Asserts that these hunks turn `old` into `new`.
fn assert_diff<T: Element>(old: &[T], new: &[T], hunks: &[Hunk]) {
    let (mut made, mut at) = (Vec::new(), 0);
    for Hunk { old: gone, new: put } in hunks {
        made.extend_from_slice(&old[at..gone.start]);
        assert_eq!(made.len(), put.start);
        made.extend_from_slice(&new[put.clone()]);
        at = gone.end;
    }
    made.extend_from_slice(&old[at..]);
    assert_eq!(made, new);
}

#[test]
fn random_operations_on_shared_versions_match_vec() {
    let (seeds, steps) = if cfg!(miri) { (1, 14) } else { (6, 300) };
    for seed in 1..=seeds {
        random_operations::<u64, 4, 4>(seed, steps);
        random_operations::<u8, 4, 4>(seed + 20, steps);
        random_operations::<String, 4, 4>(seed + 40, steps / 2);
        random_operations::<Unit, 4, 4>(seed + 80, steps / 2);
        random_operations::<Wide, 4, 4>(seed + 60, steps / 4);
        random_operations::<[u64; 200], 4, 4>(seed + 90, steps / 8);
        random_operations::<(), 4, 4>(seed + 70, steps / 4);
    }
    assert_eq!(UNITS.get(), 0, "every value is dropped once");
}

#[test]
fn random_operations_with_other_limits_match_vec() {
    if cfg!(miri) {
        return random_operations::<String, 4, 8>(1, 12);
    }
    for seed in 1..=4 {
        let steps = 150;
        random_operations::<u64, 4, 8>(seed + 20, steps);
        random_operations::<u64, 16, 16>(seed, steps);
        random_operations::<u8, 8, 4>(seed + 40, steps);
        random_operations::<u64, 8, 2>(seed + 60, steps);
        random_operations::<[u64; 200], 16, 0>(seed + 80, steps / 4);
        random_operations::<String, 16, 0>(seed + 100, steps);
        random_operations::<u64, 16, 0>(seed + 120, steps);
        random_operations::<u8, 16, 0>(seed + 140, steps / 4);
        random_operations::<Wide, 16, 0>(seed + 160, steps / 4);
        random_operations::<Unit, 16, 0>(seed + 180, steps / 4);
    }
}

/// Lengths around every boundary of the tree: multiples of a leaf, and full trees.
fn boundaries() -> Vec<u64> {
    let mut all: Vec<u64> = (0..if cfg!(miri) { 3 } else { 40 }).map(|k| 4 * k).collect();
    let levels: &[u64] = if cfg!(miri) { &[20, 68] } else { &[16, 64, 256, 1024] };
    all.extend_from_slice(levels);
    all.iter().flat_map(|&n| [n.saturating_sub(1), n, n + 1]).collect()
}

#[test]
fn build_by_any_method_gives_the_same_tree() {
    for n in boundaries() {
        let values = range::<u64>(n);
        let collected = tree::<u64>(n);
        assert_is(&collected, &values);
        let moved = Small::from_vec(values.clone());
        assert_is(&moved, &values);
        let mut pushed = Small::new();
        values.iter().for_each(|&x| pushed.push_back(x));
        assert_is(&pushed, &values);
        let mut extended = Small::new();
        for part in values.chunks(7) {
            extended.extend(part.iter().copied());
        }
        assert_is(&extended, &values);
        let heights = [&collected, &moved, &pushed, &extended].map(Root::height);
        assert_eq!(heights, [collected.height(); 4], "{n}");
        let leaves = (n as usize).saturating_sub(1) / 4;
        let expected = (1..).find(|&h| leaves <= 4_usize.pow(h)).unwrap() as u8;
        assert_eq!(collected.height(), if leaves == 0 { 0 } else { expected }, "{n}");
    }
}

#[test]
fn push_and_pop_across_every_boundary_match_vec() {
    for n in boundaries().into_iter().filter(|&n| !cfg!(miri) || n < 24) {
        let before = tree::<u64>(n);
        let mut after = before.clone();
        let mut oracle = range::<u64>(n);
        for round in 0..6 {
            after.push_back(round);
            oracle.push(round);
            assert_is(&after, &oracle);
        }
        for _ in 0..12 {
            assert_eq!(after.pop_back(), oracle.pop());
            assert_is(&after, &oracle);
        }
        assert_is(&before, &range(n));
    }
}

#[test]
fn get_mut_at_every_index_changes_no_other_version() {
    let n = if cfg!(miri) { 41 } else { 300 };
    let before = tree::<u64>(n);
    for i in (0..n as usize).step_by(if cfg!(miri) { 5 } else { 1 }) {
        let mut after = before.clone();
        *after.get_mut(i).unwrap() = 1_000;
        let mut oracle = range::<u64>(n);
        oracle[i] = 1_000;
        assert_is(&after, &oracle);
        // A second write is in place.
        let at = core::ptr::from_ref(after.get(i).unwrap());
        *after.get_mut(i).unwrap() = 2_000;
        assert_eq!(core::ptr::from_ref(after.get(i).unwrap()), at, "the leaf is not copied again");
        assert_is(&before, &range(n));
    }
}

#[test]
fn truncate_to_every_length_matches_vec() {
    let n = if cfg!(miri) { 22 } else { 150 };
    for len in (0..n).step_by(if cfg!(miri) { 3 } else { 1 }) {
        let before = tree::<String>(n);
        let mut shared = before.clone();
        shared.truncate(len as usize);
        assert_is(&shared, &range(len));
        assert_is(&before, &range(n));
        drop(before);
        shared.push_back(String::of(len));
        assert_is(&shared, &range(len + 1));
        let mut unique = tree::<String>(n);
        unique.truncate(len as usize);
        assert_is(&unique, &range(len));
    }
}

#[test]
fn iterators_from_both_ends_and_by_nth_match_slices() {
    let n = if cfg!(miri) { 40 } else { 90 };
    let values = range::<u64>(n);
    let tree = tree::<u64>(n);
    let mut random = Random(77);
    for _ in 0..if cfg!(miri) { 3 } else { 500 } {
        let (mut ours, mut theirs) = (Elements::new(&tree), values.iter());
        loop {
            let step = random.below(12);
            assert_eq!(ours.size_hint(), (theirs.len(), Some(theirs.len())));
            let (a, b) = match random.below(4) {
                0 => (ours.next(), theirs.next()),
                1 => (ours.next_back(), theirs.next_back()),
                2 => (ours.nth(step), theirs.nth(step)),
                _ => (ours.nth_back(step), theirs.nth_back(step)),
            };
            assert_eq!(a, b);
            if random.below(9) == 0 {
                assert!(ours.clone().eq(theirs.clone()));
                assert_eq!(ours.clone().last(), theirs.clone().last());
                assert_eq!(ours.clone().count(), theirs.len());
                let rfold = ours.clone().rfold(Vec::new(), |mut all, x| {
                    all.push(x);
                    all
                });
                assert!(rfold.into_iter().eq(theirs.clone().rev()));
            }
            if a.is_none() {
                assert_eq!((ours.next(), ours.next_back()), (None, None), "fused");
                break;
            }
        }
        let (mut leaves, mut left, mut right) = (Leaves::new(&tree), Vec::new(), Vec::new());
        loop {
            let front = random.below(2) == 0;
            let Some(leaf) = (if front { leaves.next() } else { leaves.next_back() }) else {
                break;
            };
            assert!(!leaf.is_empty());
            if front {
                left.extend_from_slice(leaf);
            } else {
                right.extend(leaf.iter().rev());
            }
        }
        left.extend(right.iter().rev());
        assert_eq!(left, values);
    }
}

/// Counts the elements of one test, and makes their clones and drops panic.
#[derive(Default)]
struct Ledger {
    live: Cell<isize>,
    clones: Cell<usize>,
    clone_fuse: Cell<Option<usize>>,
    drop_fuse: Cell<Option<usize>>,
}

/// Counts `fuse` down, and panics at 0.
fn burn(fuse: &Cell<Option<usize>>) {
    match fuse.get() {
        Some(0) => {
            fuse.set(None);
            resume_unwind(Box::new(()));
        }
        Some(n) => fuse.set(Some(n - 1)),
        None => {}
    }
}

/// An element that a ledger counts, and that panics on demand.
struct Counted(u64, Rc<Ledger>);

impl Counted {
    fn new(n: u64, ledger: &Rc<Ledger>) -> Self {
        ledger.live.set(ledger.live.get() + 1);
        Self(n, ledger.clone())
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        burn(&self.1.clone_fuse);
        self.1.clones.set(self.1.clones.get() + 1);
        Self::new(self.0, &self.1)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.live.set(self.1.live.get() - 1);
        burn(&self.1.drop_fuse);
    }
}

/// Returns how many elements of a unique vector `work` clones.
fn clones_of(n: u64, work: fn(&mut Small<Counted>)) -> usize {
    let ledger = Rc::new(Ledger::default());
    let mut tree = Small::collect((0..n).map(|n| Counted::new(n, &ledger)));
    ledger.clones.set(0);
    work(&mut tree);
    tree.assert_invariants();
    ledger.clones.get()
}

/// Runs `work` with a panic in the first clone or drop, then in the second, and so on. Returns the number of panics.
///
/// Checks that no element is lost or dropped twice, and that all versions keep their invariants. If `strong`, a
/// panicking clone must leave the vector unchanged.
fn panic_at_every(n: u64, shared: bool, strong: bool, work: fn(&mut Small<Counted>)) -> usize {
    let mut panics = 0;
    for of_clone in [true, false] {
        // Miri's step is prime, so that the panics are at different points of different edits.
        for index in (0..).step_by(if cfg!(miri) { 19 } else { 1 }) {
            let ledger = Rc::new(Ledger::default());
            let mut now = Small::collect((0..n).map(|n| Counted::new(n, &ledger)));
            let hidden = shared.then(|| now.clone());
            let fuse = if of_clone { &ledger.clone_fuse } else { &ledger.drop_fuse };
            fuse.set(Some(index));
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut now)));
            fuse.set(None);
            now.assert_invariants();
            if let Some(hidden) = &hidden {
                hidden.assert_invariants();
                assert!(
                    Elements::new(hidden).map(|x| x.0).eq(0..n),
                    "the hidden copy is unchanged"
                );
            }
            if outcome.is_err() {
                panics += 1;
                let untouched = Elements::new(&now).map(|x| x.0).eq(0..n);
                assert!(untouched || !(strong && of_clone), "a panicking clone changes nothing");
            }
            drop((now, hidden));
            let live = ledger.live.get();
            assert_eq!(live, 0, "{n} {shared}: clone {of_clone} {index} of {outcome:?}");
            if outcome.is_ok() {
                break;
            }
        }
    }
    panics
}

#[test]
fn edits_with_a_panic_in_any_clone_or_drop_lose_nothing() {
    let lengths: &[u64] = if cfg!(miri) { &[21] } else { &[1, 3, 4, 5, 16, 20, 21, 70, 85] };
    let mut panics = 0;
    for &n in lengths {
        for shared in [false, true] {
            let mut at = |strong, work: fn(&mut Small<Counted>)| {
                panics += panic_at_every(n, shared, strong, work);
            };
            at(true, |v| v.get_mut(0).unwrap().0 += 1);
            at(true, |v| v.get_mut(v.len() / 2).unwrap().0 += 1);
            at(true, |v| v.get_mut(v.len() - 1).unwrap().0 += 1);
            at(false, |v| {
                let more = Counted::new(7, &v.get(0).unwrap().1);
                v.push_back(more);
            });
            at(false, |v| drop(v.pop_back()));
            at(false, |v| while v.pop_back().is_some() {});
            at(false, |v| v.truncate(v.len() / 2));
            at(false, |v| v.truncate(0));
            at(false, |v| *v = Small::new());
            at(false, |v| {
                let ledger = v.get(0).unwrap().1.clone();
                v.extend((0..9).map(|n| Counted::new(n, &ledger)));
            });
            // A panic may come after these edits took effect, so the contents are those before or after the edit.
            at(false, |v| {
                let more = Counted::new(7, &v.get(0).unwrap().1);
                v.insert(v.len() / 2, more);
            });
            at(false, |v| drop(v.remove(v.len() / 2)));
            at(false, |v| drop(v.swap_remove(v.len() / 3)));
            at(false, |v| {
                while v.len() > 1 {
                    drop(v.remove(v.len() / 2));
                }
            });
            at(false, |v| drop(v.split_off(v.len() / 3)));
            at(false, |v| drop(v.slice(v.len() / 3..v.len() - 1)));
            at(false, |v| v.append(v.slice(1..v.len() / 2)));
            at(false, |v| {
                let left = v.slice(0..v.len() / 2);
                v.append(left);
            });
            at(false, |v| v.retain(|x| x.0 % 3 != 1));
            at(false, |v| v.retain(|x| x.0 % 7 == 1));
            at(false, |v| {
                let ledger = v.get(0).unwrap().1.clone();
                (0..9).for_each(|n| v.push_front(Counted::new(n, &ledger)));
            });
            at(false, |v| drop(v.pop_front()));
            at(false, |v| while v.pop_front().is_some() {});
            at(false, |v| {
                v.push_front(v.get(0).unwrap().clone());
                let shared = v.clone();
                v.push_front(v.get(0).unwrap().clone());
                drop(shared);
                (0..3).for_each(|_| drop(v.pop_front()));
            });
            at(true, |v| {
                let mut moved = Moved::new(v.clone());
                while moved.next().is_some() && moved.next_back().is_some() {}
            });
            at(false, |v| {
                let mut moved = Moved::new(core::mem::replace(v, Small::new()));
                _ = (moved.next(), moved.next_back(), moved.next());
            });
        }
    }
    assert!(panics > if cfg!(miri) { 50 } else { 2_000 }, "only {panics} panics");
}

#[test]
fn push_back_on_shared_tail_without_drop_glue_copies_nothing() {
    let a = tree::<u64>(22);
    let mut b = a.clone();
    b.push_back(22);
    b.push_back(23);
    let tails = [&a, &b].map(|t| t.leaf(21).map(|(leaf, _)| leaf.as_ptr()));
    assert_eq!(tails[0], tails[1], "both tails are one buffer");
    // Another version finds the slot taken. Its leaf goes into a tree with excess elements behind it.
    let mut c = a.clone();
    (0..8).for_each(|x| c.push_back(x));
    drop(b);
    let mut d = a.clone();
    (0..8).for_each(|x| d.push_back(x + 10));
    assert_is(&a, &range(22));
    let expected = |from: u64| [range::<u64>(22), (from..from + 8).collect()].concat();
    assert_is(&c, &expected(0));
    assert_is(&d, &expected(10));
}

#[test]
fn push_back_on_leaf_with_spare_capacity_shrinks_it() {
    use crate::vec::CowVec;
    for shared in [false, true] {
        let mut roomy = CowVec::with_capacity(1_000);
        roomy.extend(0..4_u64);
        let kept = shared.then(|| roomy.clone());
        let mut tree = Small::from_leaf(roomy.into_handle());
        tree.assert_invariants();
        (4..30).for_each(|x| tree.push_back(x));
        assert_is(&tree, &range(30));
        assert!(kept.is_none_or(|kept| kept == [0, 1, 2, 3]));
    }
}

#[test]
fn get_on_relaxed_tree_finds_every_element() {
    let n = if cfg!(miri) { 50 } else { 150 };
    let values = range::<u64>(n);
    let mut tree = Small::<u64>::from_vec(values.clone());
    for gone in 1..n as usize / 4 - 1 {
        tree.take_first_leaf();
        // Most of these trees are relaxed, because their first branch is not full.
        let rest = &values[4 * gone..];
        assert_eq!(tree.len(), rest.len());
        for (i, x) in rest.iter().enumerate() {
            assert_eq!(tree.get(i), Some(x));
            let before = tree.leaf(i).unwrap();
            assert_eq!(before.0[i - before.1], *x);
        }
        let mut edited = tree.clone();
        for (i, x) in rest.iter().enumerate() {
            assert_eq!(edited.get_mut(i), Some(&mut x.clone()));
        }
    }
}

#[test]
fn get_and_get_mut_on_tree_of_many_levels_find_every_element() {
    let n = if cfg!(miri) { 140 } else { 3_000 };
    let values = range::<u64>(n);
    let old = Root::<u64, 2, 2>::from_vec(values.clone());
    assert_eq!(old.height(), if cfg!(miri) { 7 } else { 11 });
    assert_is(&old, &values);
    let mut new = old.clone();
    for i in (0..n as usize).step_by(1 + n as usize / 9) {
        *new.get_mut(i).unwrap() += n;
        assert_eq!((old.get(i), new.get(i)), (Some(&values[i]), Some(&(values[i] + n))));
    }
    new.assert_invariants();
    assert_is(&old, &values);
}

#[test]
#[should_panic(expected = "capacity overflow")]
fn new_above_max_level_panics() {
    use crate::persistent::node::Node;
    drop(Node::<u8, 4, 4>::new(Node::<u8, 4, 4>::MAX_LEVEL + 1));
}
