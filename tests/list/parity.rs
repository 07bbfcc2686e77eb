//! The cases of the JSR-166 test kit for Java's `CopyOnWriteArrayList` and `CopyOnWriteArraySet`, restated. Each runs
//! on every collection that it applies to.
//!
//! The cases of sets are in `set.rs`, and those of threads in `stress.rs` and `threads.rs`. The cases of re-entrancy
//! are in `rules.rs`, and those of drops and old snapshots in `behaviour.rs`. Writing through a guard does not
//! compile: see the docs of `Guard`.

use cow_collections::{CopyOnWriteList, CowVec, PersistentVector};
use std::fmt::Debug;
use std::hash::{BuildHasher, Hash, RandomState};

/// The reads of all collections.
trait Reads: Debug + PartialEq + Sized {
    fn to_vec(&self) -> Vec<i32>;
    fn get(&self, index: usize) -> Option<i32>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn ends(&self) -> (Option<i32>, Option<i32>);
    /// Uses the type's own search if there is one.
    fn index_of(&self, x: i32) -> Option<usize>;
    fn last_index_of(&self, x: i32) -> Option<usize>;
    fn contains(&self, x: i32) -> bool;
}

/// The writes of lists and vectors. An index out of range changes nothing.
trait Writes: Reads {
    fn push(&mut self, x: i32);
    fn extend(&mut self, xs: &[i32]);
    fn insert(&mut self, index: usize, x: i32) -> bool;
    fn insert_many(&mut self, index: usize, xs: &[i32]) -> bool;
    fn set(&mut self, index: usize, x: i32) -> Option<i32>;
    fn remove_at(&mut self, index: usize) -> Option<i32>;
    fn remove(&mut self, x: i32) -> Option<i32>;
    fn retain(&mut self, keep: impl FnMut(&i32) -> bool) -> usize;
    fn remove_range(&mut self, range: std::ops::Range<usize>) -> bool;
    fn sort(&mut self);
    fn clear(&mut self);
    fn fork(&self) -> Self;
}

impl Reads for CopyOnWriteList<i32> {
    fn to_vec(&self) -> Vec<i32> {
        self.to_vec()
    }
    fn get(&self, index: usize) -> Option<i32> {
        assert_eq!(self.get(index), self.with(index, |x| *x));
        self.get(index)
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
    fn ends(&self) -> (Option<i32>, Option<i32>) {
        (self.first(), self.last())
    }
    fn index_of(&self, x: i32) -> Option<usize> {
        assert_eq!(self.index_of(&x), self.position(|y| *y == x));
        self.index_of(&x)
    }
    fn last_index_of(&self, x: i32) -> Option<usize> {
        self.last_index_of(&x)
    }
    fn contains(&self, x: i32) -> bool {
        self.contains(&x)
    }
}

impl Writes for CopyOnWriteList<i32> {
    fn push(&mut self, x: i32) {
        CopyOnWriteList::push(self, x);
    }
    fn extend(&mut self, xs: &[i32]) {
        self.extend_from_slice(xs);
    }
    fn insert(&mut self, index: usize, x: i32) -> bool {
        CopyOnWriteList::insert(self, index, x).map_err(|back| assert_eq!(back, x)).is_ok()
    }
    fn insert_many(&mut self, index: usize, xs: &[i32]) -> bool {
        let result = CopyOnWriteList::insert_many(self, index, xs.iter().copied());
        result.map_err(|back| assert_eq!(back, xs)).is_ok()
    }
    fn set(&mut self, index: usize, x: i32) -> Option<i32> {
        CopyOnWriteList::set(self, index, x).map_err(|back| assert_eq!(back, x)).ok()
    }
    fn remove_at(&mut self, index: usize) -> Option<i32> {
        CopyOnWriteList::remove_at(self, index)
    }
    fn remove(&mut self, x: i32) -> Option<i32> {
        CopyOnWriteList::remove(self, &x)
    }
    fn retain(&mut self, keep: impl FnMut(&i32) -> bool) -> usize {
        CopyOnWriteList::retain(self, keep)
    }
    fn remove_range(&mut self, range: std::ops::Range<usize>) -> bool {
        let expected = self.load().get(range.clone()).map(<[i32]>::to_vec);
        let removed = CopyOnWriteList::remove_range(self, range);
        assert_eq!(removed, expected);
        removed.is_some()
    }
    fn sort(&mut self) {
        CopyOnWriteList::sort(self);
    }
    fn clear(&mut self) {
        CopyOnWriteList::clear(self);
    }
    fn fork(&self) -> Self {
        self.fork()
    }
}

impl Reads for CowVec<i32> {
    fn to_vec(&self) -> Vec<i32> {
        self[..].to_vec()
    }
    fn get(&self, index: usize) -> Option<i32> {
        self[..].get(index).copied()
    }
    fn len(&self) -> usize {
        self[..].len()
    }
    fn is_empty(&self) -> bool {
        self[..].is_empty()
    }
    fn ends(&self) -> (Option<i32>, Option<i32>) {
        (self.first().copied(), self.last().copied())
    }
    fn index_of(&self, x: i32) -> Option<usize> {
        self.iter().position(|y| *y == x)
    }
    fn last_index_of(&self, x: i32) -> Option<usize> {
        self.iter().rposition(|y| *y == x)
    }
    fn contains(&self, x: i32) -> bool {
        self[..].contains(&x)
    }
}

impl Writes for CowVec<i32> {
    fn push(&mut self, x: i32) {
        CowVec::push(self, x);
    }
    fn extend(&mut self, xs: &[i32]) {
        self.extend_from_slice(xs);
    }
    fn insert(&mut self, index: usize, x: i32) -> bool {
        index <= self[..].len() && {
            CowVec::insert(self, index, x);
            true
        }
    }
    fn insert_many(&mut self, index: usize, xs: &[i32]) -> bool {
        index <= self[..].len() && self.splice(index..index, xs.iter().copied()).next().is_none()
    }
    fn set(&mut self, index: usize, x: i32) -> Option<i32> {
        (index < self[..].len()).then(|| CowVec::set(self, index, x))
    }
    fn remove_at(&mut self, index: usize) -> Option<i32> {
        (index < self[..].len()).then(|| CowVec::remove(self, index))
    }
    fn remove(&mut self, x: i32) -> Option<i32> {
        Some(CowVec::remove(self, self.index_of(x)?))
    }
    fn retain(&mut self, keep: impl FnMut(&i32) -> bool) -> usize {
        let before = self[..].len();
        CowVec::retain(self, keep);
        before - self[..].len()
    }
    fn remove_range(&mut self, range: std::ops::Range<usize>) -> bool {
        self[..].get(range.clone()).is_some() && {
            drop(self.drain(range));
            true
        }
    }
    fn sort(&mut self) {
        self.make_mut().sort();
    }
    fn clear(&mut self) {
        CowVec::clear(self);
    }
    fn fork(&self) -> Self {
        self.clone()
    }
}

impl Reads for PersistentVector<i32> {
    fn to_vec(&self) -> Vec<i32> {
        self.to_vec()
    }
    fn get(&self, index: usize) -> Option<i32> {
        self.get(index).copied()
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
    fn ends(&self) -> (Option<i32>, Option<i32>) {
        (self.first().copied(), self.last().copied())
    }
    fn index_of(&self, x: i32) -> Option<usize> {
        self.iter().position(|y| *y == x)
    }
    fn last_index_of(&self, x: i32) -> Option<usize> {
        self.iter().rposition(|y| *y == x)
    }
    fn contains(&self, x: i32) -> bool {
        self.iter().any(|y| *y == x)
    }
}

/// Returns whether `a` and `b` are equal. Checks that both operators agree in both directions.
fn both_ways<A: PartialEq<B> + ?Sized, B: PartialEq<A> + ?Sized>(a: &A, b: &B) -> bool {
    let equal = a == b;
    assert_eq!([b == a, a.ne(b), b.ne(a)], [equal, !equal, !equal]);
    equal
}

/// Makes collections of the same elements in different ways.
mod make {
    use super::*;

    pub fn list(elements: &[i32]) -> CopyOnWriteList<i32> {
        elements.into()
    }
    pub fn forked(elements: &[i32]) -> CopyOnWriteList<i32> {
        list(elements).fork()
    }
    /// Pushes the elements one by one, with others that are popped again, while snapshots keep all versions.
    pub fn grown(elements: &[i32]) -> CopyOnWriteList<i32> {
        let list = CopyOnWriteList::new();
        let mut versions = vec![];
        for x in elements {
            list.extend([*x, -1]);
            versions.push(list.snapshot());
            assert_eq!(list.pop(), Some(-1));
        }
        list
    }
    pub fn vector(elements: &[i32]) -> CowVec<i32> {
        elements.into()
    }
    /// Returns a snapshot of a list that has grown since.
    pub fn snapshot(elements: &[i32]) -> CowVec<i32> {
        let list = list(elements);
        let snapshot = list.snapshot();
        list.push(-1);
        snapshot
    }
    pub fn persistent(elements: &[i32]) -> PersistentVector<i32> {
        elements.iter().copied().collect()
    }
}

/// Makes each case a test that runs on all collections.
macro_rules! reads {
    ($($case:ident)+) => {$(
        #[test]
        fn $case() {
            reads::$case(make::list);
            reads::$case(make::forked);
            reads::$case(make::grown);
            reads::$case(make::vector);
            reads::$case(make::snapshot);
            reads::$case(make::persistent);
        }
    )+};
}

/// Makes each case a test that runs on lists and vectors.
macro_rules! writes {
    ($($case:ident)+) => {$(
        #[test]
        fn $case() {
            writes::$case(make::list);
            writes::$case(make::forked);
            writes::$case(make::grown);
            writes::$case(make::vector);
            writes::$case(make::snapshot);
        }
    )+};
}

reads! {
    from_vec_ignores_later_changes_of_the_source
    contains_is_true_only_for_elements
    eq_with_equal_contents_is_true
    eq_with_another_length_is_false
    get_returns_the_element_at_the_index
    index_of_returns_the_first_match
    last_index_of_returns_the_last_match
    is_empty_only_without_elements
    debug_shows_all_elements
    len_counts_the_elements
    to_vec_result_is_independent
}

mod reads {
    use super::*;

    pub fn from_vec_ignores_later_changes_of_the_source<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let mut source = vec![2, 0, 1];
        let made = make(&source);
        source[1] = 9;
        source.push(9);
        assert_eq!(made.to_vec(), [2, 0, 1]);
    }

    pub fn contains_is_true_only_for_elements<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let made = make(&[0, 1, 2]);
        assert!(made.contains(1) && made.contains(0) && !made.contains(5));
        assert!(!make(&[]).contains(1));
    }

    pub fn eq_with_equal_contents_is_true<S: Reads>(make: impl Fn(&[i32]) -> S) {
        for n in [0, 1, 3] {
            let elements: Vec<i32> = (0..n).collect();
            let (a, b) = (make(&elements), make(&elements));
            assert!(both_ways(&a, &b) && both_ways(&a, &a));
        }
    }

    pub fn eq_with_another_length_is_false<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let all = [make(&[]), make(&[0]), make(&[1]), make(&[0, 1]), make(&[1, 0])];
        for (i, a) in all.iter().enumerate() {
            for (j, b) in all.iter().enumerate() {
                assert_eq!(a == b, i == j);
            }
        }
    }

    pub fn get_returns_the_element_at_the_index<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let made = make(&[5, 6, 7]);
        assert_eq!([0, 1, 2, 3].map(|i| made.get(i)), [Some(5), Some(6), Some(7), None]);
        assert_eq!((made.get(usize::MAX), made.ends()), (None, (Some(5), Some(7))));
        assert_eq!((make(&[]).get(0), make(&[]).ends()), (None, (None, None)));
    }

    pub fn index_of_returns_the_first_match<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let elements = [3, 1, 3, 2, 1];
        let made = make(&elements);
        for x in 0..5 {
            assert_eq!(made.index_of(x), elements.iter().position(|y| *y == x));
        }
        assert_eq!(make(&[]).index_of(0), None);
    }

    pub fn last_index_of_returns_the_last_match<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let elements = [3, 1, 3, 2, 1];
        let made = make(&elements);
        for x in 0..5 {
            assert_eq!(made.last_index_of(x), elements.iter().rposition(|y| *y == x));
        }
        assert_eq!(make(&[]).last_index_of(0), None);
    }

    pub fn is_empty_only_without_elements<S: Reads>(make: impl Fn(&[i32]) -> S) {
        assert!(make(&[]).is_empty() && !make(&[1, 2, 3]).is_empty());
    }

    pub fn debug_shows_all_elements<S: Reads>(make: impl Fn(&[i32]) -> S) {
        for elements in [vec![], vec![7], vec![1, 2, 3]] {
            assert_eq!(format!("{:?}", make(&elements)), format!("{elements:?}"));
            assert_eq!(format!("{:#?}", make(&elements)), format!("{elements:#?}"));
        }
    }

    pub fn len_counts_the_elements<S: Reads>(make: impl Fn(&[i32]) -> S) {
        assert_eq!((make(&[]).len(), make(&[1, 2, 3]).len()), (0, 3));
    }

    pub fn to_vec_result_is_independent<S: Reads>(make: impl Fn(&[i32]) -> S) {
        let made = make(&[1, 2, 3]);
        let mut copy = made.to_vec();
        copy[0] = 9;
        assert_eq!((made.to_vec(), copy), (vec![1, 2, 3], vec![9, 2, 3]));
    }
}

writes! {
    extend_with_duplicates_keeps_them
    clear_removes_all_elements
    fork_does_not_see_later_writes
    insert_shifts_later_elements
    eq_after_push_to_one_and_then_both
    remove_at_returns_the_element
    remove_takes_the_first_match
    retain_returns_the_number_removed
    set_returns_the_old_element
    remove_range_matches_a_vec
    index_out_of_range_is_refused
    retain_with_a_random_predicate_matches_a_vec
    retain_whose_predicate_panics_leaves_the_list_unchanged
    snapshot_before_retain_keeps_all_elements
    sort_matches_a_vec
}

mod writes {
    use super::*;

    pub fn extend_with_duplicates_keeps_them<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        made.extend(&[0, 1, 2]);
        assert_eq!(made.len(), 6);
        made.extend(&[0, 1, 2]);
        assert_eq!(made.to_vec(), [0, 1, 2].repeat(3));
        made.extend(&[]);
        assert_eq!(made.len(), 9);
    }

    pub fn clear_removes_all_elements<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        made.clear();
        assert_eq!((made.len(), made.ends()), (0, (None, None)));
        made.clear();
        made.push(1);
        assert_eq!(made.to_vec(), [1]);
    }

    pub fn fork_does_not_see_later_writes<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let made = make(&[0, 1, 2]);
        let mut fork = made.fork();
        assert_eq!(made, fork);
        fork.clear();
        fork.push(4);
        assert_eq!((made.to_vec(), fork.to_vec()), (vec![0, 1, 2], vec![4]));
    }

    pub fn insert_shifts_later_elements<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        assert!(made.insert(0, -1) && made.insert(2, 9) && made.insert(5, 7));
        assert_eq!(made.to_vec(), [-1, 0, 9, 1, 2, 7]);
        assert!(made.insert_many(1, &[5, 6]) && made.insert_many(8, &[8]));
        assert_eq!(made.to_vec(), [-1, 5, 6, 0, 9, 1, 2, 7, 8]);
    }

    pub fn eq_after_push_to_one_and_then_both<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let (mut a, mut b) = (make(&[0, 1, 2]), make(&[0, 1, 2]));
        a.push(5);
        assert!(!both_ways(&a, &b));
        assert!(b.to_vec().iter().all(|x| a.contains(*x)));
        assert!(!a.to_vec().iter().all(|x| b.contains(*x)));
        b.push(5);
        assert!(both_ways(&a, &b));
    }

    pub fn remove_at_returns_the_element<S: Writes>(make: impl Fn(&[i32]) -> S) {
        for i in 0..4 {
            let mut made = make(&[10, 11, 12, 13]);
            assert_eq!(made.remove_at(i), Some(10 + i as i32));
            assert_eq!((made.len(), made.contains(10 + i as i32)), (3, false));
        }
    }

    pub fn remove_takes_the_first_match<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        assert_eq!(made.remove(7), None);
        assert_eq!(made.to_vec(), [0, 1, 2]);
        assert_eq!((made.remove(2), made.remove(0)), (Some(2), Some(0)));
        assert_eq!((made.remove(1), made.remove(1)), (Some(1), None));
        let mut twice = make(&[1, 2, 1]);
        assert_eq!((twice.remove(1), twice.to_vec()), (Some(1), vec![2, 1]));
    }

    pub fn retain_returns_the_number_removed<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        assert_eq!(made.retain(|x| ![0, 1].contains(x)), 2);
        assert_eq!(made.retain(|x| ![0, 1].contains(x)), 0);
        assert_eq!(made.to_vec(), [2]);
    }

    pub fn set_returns_the_old_element<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2]);
        assert_eq!((made.set(1, 4), made.get(1)), (Some(1), Some(4)));
        assert_eq!(made.to_vec(), [0, 4, 2]);
    }

    pub fn remove_range_matches_a_vec<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let n = if cfg!(miri) { 3 } else { 6 };
        let elements: Vec<i32> = (0..n as i32).collect();
        for start in 0..=n {
            for end in start..=n {
                let (mut made, mut model) = (make(&elements), elements.clone());
                assert!(made.remove_range(start..end));
                model.drain(start..end);
                assert_eq!(made.to_vec(), model);
            }
        }
    }

    #[expect(clippy::reversed_empty_ranges, reason = "refused")]
    pub fn index_out_of_range_is_refused<S: Writes>(make: impl Fn(&[i32]) -> S) {
        for n in [0, 1, 5] {
            let elements: Vec<i32> = (0..n).collect();
            let (mut made, len) = (make(&elements), elements.len());
            for i in [len, len + 1, usize::MAX] {
                assert_eq!((made.get(i), made.set(i, 9), made.remove_at(i)), (None, None, None));
            }
            for i in [len + 1, usize::MAX] {
                assert!(!made.insert(i, 9) && !made.insert_many(i, &[9]));
                assert!(!made.insert_many(i, &[]), "an empty insertion fails too");
            }
            assert!(!made.remove_range(0..len + 1) && !made.remove_range(4..3));
            assert_eq!(made.to_vec(), elements);
            assert!(made.insert_many(len, &[]) && made.remove_range(len..len));
            assert!(made.insert(len, 7) && made.insert(0, 8) && made.remove_range(0..len + 2));
            assert!(made.is_empty());
        }
    }

    pub fn retain_with_a_random_predicate_matches_a_vec<S: Writes>(make: impl Fn(&[i32]) -> S) {
        for mask in (0..64).step_by(if cfg!(miri) { 9 } else { 1 }) {
            let mut made = make(&[0, 1, 2, 3, 4, 5]);
            let (mut kept, mut order) = (vec![], vec![]);
            let removed = made.retain(|x| {
                order.push(*x);
                if mask >> x & 1 == 1 {
                    kept.push(*x);
                }
                mask >> x & 1 == 1
            });
            assert_eq!(order, [0, 1, 2, 3, 4, 5], "the predicate sees each element once, in order");
            assert_eq!((removed, made.to_vec()), (6 - kept.len(), kept));
        }
    }

    pub fn retain_whose_predicate_panics_leaves_the_list_unchanged<S: Writes>(
        make: impl Fn(&[i32]) -> S,
    ) {
        let mut made = make(&[0, 1, 2, 3]);
        // If the vector were unique, it could lose the rejected elements, as std's `Vec` does.
        let shared = made.fork();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            made.retain(|x| if *x == 2 { panic!("asked") } else { x % 2 == 1 })
        }));
        assert!(outcome.is_err() && made.contains(2));
        assert_eq!(made.to_vec(), shared.to_vec());
        made.push(4);
        assert_eq!((made.len(), shared.len()), (5, 4));
    }

    pub fn snapshot_before_retain_keeps_all_elements<S: Writes>(make: impl Fn(&[i32]) -> S) {
        let mut made = make(&[0, 1, 2, 3]);
        let before = made.to_vec();
        let fork = made.fork();
        assert_eq!(made.retain(|x| x % 2 == 0), 2);
        assert_eq!((fork.to_vec(), made.to_vec()), (before, vec![0, 2]));
    }

    pub fn sort_matches_a_vec<S: Writes>(make: impl Fn(&[i32]) -> S) {
        for elements in [vec![], vec![1], vec![1, 2, 3], vec![3, 1, 2, 1], vec![2, 1, 0]] {
            let (mut made, mut model) = (make(&elements), elements);
            made.sort();
            model.sort();
            assert_eq!(made.to_vec(), model);
        }
    }
}

#[test]
fn new_list_is_empty() {
    let list = CopyOnWriteList::<i32>::new();
    assert!(list.is_empty() && CowVec::<i32>::new().is_empty());
    assert!(PersistentVector::<i32>::new().is_empty());
    assert_eq!((list.first(), list.last(), list.pop_front()), (None, None, None));
}

#[test]
fn extend_absent_adds_each_missing_element_once() {
    let list = make::list(&[0, 1, 2]);
    assert_eq!(list.extend_absent([3, 4, 1]), 2);
    assert_eq!(list.extend_absent([3, 4, 1]), 0);
    assert_eq!(list.extend_absent([9, 9]), 1);
    assert_eq!(list.extend_absent([]), 0);
    assert_eq!((list.to_vec(), list.version()), (vec![0, 1, 2, 3, 4, 9], 2));
    assert_eq!(make::list(&[]).extend_absent([7, 7, 8]), 2);
}

#[test]
fn push_if_absent_adds_only_a_missing_element() {
    let list = make::list(&[0, 1, 2]);
    assert_eq!((list.push_if_absent(1), list.len(), list.version()), (Err(1), 3, 0));
    assert_eq!((list.push_if_absent(5), list.contains(&5), list.version()), (Ok(()), true, 1));
    let same = |a: &i32, b: &i32| a % 10 == b % 10;
    assert_eq!(
        (list.push_if_absent_by(15, same), list.push_if_absent_by(16, same)),
        (Err(15), Ok(()))
    );
    // An equal element is pushed between the search and the lock.
    let list = make::list(&[0, 1, 2]);
    let same = |a: &i32, b: &i32| {
        if *a == 2 {
            list.push(7);
        }
        a == b
    };
    assert_eq!((list.push_if_absent_by(7, same), &list.load()[..]), (Err(7), &[0, 1, 2, 7][..]));
}

#[test]
fn hash_of_equal_snapshots_is_equal() {
    let state = RandomState::new();
    let hash = |x: &dyn Fn() -> u64| x();
    let (a, b) = (make::snapshot(&[0, 1, 2]), make::grown(&[0, 1, 2]).snapshot());
    assert_eq!(hash(&|| state.hash_one(&a)), hash(&|| state.hash_one(&b)));
    fn hashes<T: Hash>() {}
    hashes::<CowVec<i32>>();
}

#[test]
fn eq_with_other_types_is_symmetric() {
    let list = make::list(&[1, 2]);
    let (vec, cow, slice) = (vec![1, 2], make::vector(&[1, 2]), &[1, 2][..]);
    let equal = || {
        let ways = [
            both_ways(&list, &vec),
            both_ways(&list, &cow),
            both_ways(&list, &slice),
            both_ways(&list, slice),
            both_ways(&list, &[1, 2]),
            both_ways(&list, &&[1, 2]),
        ];
        assert!(ways.iter().all(|way| *way == ways[0]));
        ways[0]
    };
    assert!(equal());
    list.push(3);
    assert!(!equal());
}

#[test]
fn contains_all_needs_every_element() {
    let list = make::list(&[0, 1, 2]);
    assert!(
        list.contains_all::<i32>(&[]) && list.contains_all(&[1]) && list.contains_all(&[2, 0, 2])
    );
    assert!(!list.contains_all(&[1, 2, 6]) && !make::list(&[]).contains_all(&[1]));
    let names = CopyOnWriteList::from(["a", "b"].map(String::from));
    assert!(names.contains_all(["b", "a"]) && !names.contains_all(["c"]));
}

#[test]
fn index_of_from_every_start_matches_a_vec() {
    let elements = [3, 1, 3, 2, 1, 0, 3];
    let list = make::list(&elements);
    for x in 0..5 {
        for i in 0..=elements.len() {
            let from = elements[i..].iter().position(|y| *y == x).map(|at| at + i);
            assert_eq!(list.index_of_from(&x, i), from);
            let to = elements.get(..=i).and_then(|e| e.iter().rposition(|y| *y == x));
            assert_eq!(list.last_index_of_to(&x, i), to);
        }
    }
}

#[test]
fn index_of_from_out_of_range_is_none() {
    let list = make::list(&[1, 1]);
    for i in [2, 3, usize::MAX] {
        assert_eq!((list.index_of_from(&1, i), list.last_index_of_to(&1, i)), (None, None));
    }
    assert_eq!((list.index_of_from(&1, 1), list.last_index_of_to(&1, 0)), (Some(1), Some(0)));
    assert_eq!(make::list(&[]).last_index_of_to(&1, 0), None);
}

#[test]
fn iter_after_the_end_stays_ended() {
    let list = make::list(&[]);
    let guard = list.load();
    let mut iter = guard.iter();
    assert_eq!((iter.next(), iter.next()), (None, None));
    let list = make::list(&[2, 0, 1]);
    let mut iter = list.snapshot().into_iter();
    assert!(iter.by_ref().eq([2, 0, 1]));
    list.push(9);
    assert_eq!((iter.next(), iter.next()), (None, None));
}

#[test]
fn writes_to_a_snapshot_leave_the_list_unchanged() {
    let list = make::list(&[1, 2, 3]);
    let mut snapshot = list.snapshot();
    snapshot.set(0, 9);
    snapshot.retain(|x| *x != 2);
    snapshot.clear();
    list.to_vec().clear();
    let mut iter = list.snapshot().into_iter();
    assert_eq!((iter.next(), iter.next_back()), (Some(1), Some(3)));
    assert_eq!(list, [1, 2, 3]);
    assert_eq!(list.version(), 0);
}

/// Java's `toArray(T[])`: guards and snapshots are slices, which copy into slices.
#[test]
fn copying_a_guard_into_a_slice_leaves_the_rest() {
    let list = make::list(&[1, 2, 3]);
    let (guard, snapshot) = (list.load(), list.snapshot());
    for source in [&guard[..], &snapshot[..]] {
        for len in 0..6 {
            let mut target = vec![-1; len];
            let n = len.min(source.len());
            target[..n].clone_from_slice(&source[..n]);
            assert_eq!(target[..n], [1, 2, 3][..n]);
            assert!(target[n..].iter().all(|x| *x == -1), "the rest is untouched");
        }
    }
    let whole: [i32; 3] = guard.as_ref().try_into().unwrap();
    assert_eq!(whole, [1, 2, 3]);
    assert!(<[i32; 2]>::try_from(&guard[..]).is_err(), "the array is too small");
}

#[test]
fn slices_of_a_snapshot_match_a_vec() {
    let list: CopyOnWriteList<usize> = (0..10).collect();
    let snapshot = list.snapshot();
    for j in 0..=10 {
        assert_eq!(snapshot[j..].iter().fold(0, |n, _| n + 1), 10 - j);
        for i in j..=10 {
            assert!(snapshot[j..i].iter().copied().eq(j..i));
        }
    }
}

#[test]
fn empty_operand_calls_no_comparison() {
    struct Bomb;
    impl PartialEq for Bomb {
        fn eq(&self, _: &Self) -> bool {
            panic!("compared")
        }
    }
    impl Clone for Bomb {
        fn clone(&self) -> Self {
            panic!("cloned")
        }
    }
    let list = CopyOnWriteList::<Bomb>::new();
    assert!(!list.contains(&Bomb) && list.index_of(&Bomb).is_none());
    assert!(list.remove(&Bomb).is_none() && list.remove_all(&[Bomb]) == 0 && list.dedup() == 0);
    assert!(list == CowVec::<Bomb>::new() && list != [Bomb] && list.to_vec().is_empty());
    assert_eq!(list.retain(|_| panic!("shown")), 0);
    list.for_each(|_| panic!("shown"));
    list.replace_all(|_| panic!("shown"));
    list.reverse();
    list.rotate_left(3);
    list.rotate_right(3);
    list.truncate(0);
    assert!(list.push_if_absent(Bomb).is_ok());
    assert_eq!((list.len(), list.version()), (1, 1));
}

#[test]
fn iteration_during_writes_sees_one_version() {
    let list = make::list(&[0, 1, 2, 3]);
    let mut seen = vec![];
    for x in &list.load() {
        list.clear();
        seen.push(*x);
    }
    assert_eq!((seen, list.is_empty()), (vec![0, 1, 2, 3], true));
    let list = make::list(&[0, 1, 2, 3]);
    let guard = list.load();
    let mut iter = guard.iter();
    iter.next();
    list.clear();
    assert!(iter.eq(&[1, 2, 3]));
}

#[test]
fn iteration_during_removals_sees_one_version() {
    let list: CopyOnWriteList<i32> = (0..20).collect();
    let mut seen = vec![];
    list.for_each(|x| {
        seen.push(*x);
        _ = list.remove_at((*x as usize * 7) % 20);
    });
    assert!(seen.into_iter().eq(0..20));
    assert!(list.len() < 20 && list.load().is_sorted());
}

#[test]
fn iteration_methods_agree() {
    let elements: Vec<i32> = (0..7).map(|n| n * n % 5).collect();
    let list = make::list(&elements);
    let mut shown = vec![];
    list.for_each(|x| shown.push(*x));
    assert_eq!(shown, elements);
    let mut shown = vec![];
    assert_eq!(list.retain(|x| (shown.push(*x), true).1), 0);
    assert_eq!((shown, list.version()), (elements.clone(), 0));
    let guard = list.load();
    assert!(guard.iter().rev().rev().eq(&elements) && (&guard).into_iter().eq(&elements));
    for k in 0..=elements.len() {
        let (head, rest) = guard.split_at(k);
        assert_eq!([head, rest].concat(), elements);
        let mut iter = list.snapshot().into_iter();
        iter.by_ref().take(k).for_each(drop);
        assert_eq!(iter.fold(vec![], |mut v, x| (v.push(x), v).1), elements[k..]);
    }
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        assert_eq!(guard.par_iter().copied().collect::<Vec<_>>(), elements);
        assert!(list.snapshot().into_par_iter().eq(elements.clone()));
        assert_eq!(guard.par_iter().copied().collect::<CopyOnWriteList<_>>(), list);
        for k in 0..=elements.len() {
            let (head, rest) = rayon::join(
                || guard.par_iter().take(k).copied().collect::<Vec<_>>(),
                || guard.par_iter().skip(k).copied().collect::<Vec<_>>(),
            );
            assert_eq!([head, rest].concat(), elements);
        }
        let vector = PersistentVector::from(elements.as_slice());
        assert!(vector.par_iter().eq(&elements) && vector.into_par_iter().eq(elements.clone()));
    }
}

#[test]
fn iteration_while_the_list_grows_and_shrinks() {
    let list = make::list(&[]);
    let visits = || {
        let mut n = 0;
        list.for_each(|_| n += 1);
        n
    };
    assert_eq!(visits(), 0);
    list.push(1);
    assert_eq!(visits(), 1);
    list.push(2);
    assert_eq!(visits(), 2);
    list.clear();
    assert_eq!(visits(), 0);
}

#[test]
fn iterator_that_panics_leaves_the_list_unchanged() {
    let list = make::list(&[1]);
    let half = || (0..4).map(|n| if n == 2 { panic!("asked") } else { n });
    let outcome = std::panic::catch_unwind(|| list.extend(half()));
    assert!(outcome.is_err() && list == [1] && list.version() == 0);
    list.push(2);
    assert_eq!(list, [1, 2]);
}

#[test]
fn zero_sized_over_aligned_and_too_many_elements() {
    #[derive(Debug, Clone, PartialEq)]
    #[repr(align(64))]
    struct Unit;
    let list = CopyOnWriteList::from([Unit, Unit]);
    assert_eq!(list.push_if_absent(Unit), Err(Unit));
    assert_eq!((list.remove(&Unit), list.len()), (Some(Unit), 1));
    assert_eq!((list.insert_many(1, [Unit, Unit]), list.last_index_of(&Unit)), (Ok(()), Some(2)));
    assert_eq!((list.swap_remove_at(0), list.dedup()), (Some(Unit), 1));
    let one = list.snapshot();
    assert!(list.compare_and_swap(&one, [Unit, Unit, Unit]).is_ok());
    assert!(list.compare_and_swap(&one, CowVec::new()).is_err());
    assert_eq!(list.len(), 3);
    let outcome = std::panic::catch_unwind(|| CopyOnWriteList::<u64>::with_capacity(usize::MAX));
    let text = outcome.unwrap_err();
    assert_eq!(text.downcast_ref::<&str>(), Some(&"capacity overflow"));
}
