//! Tests of the iterators of `CowVec` and `UniqueVec`, from unique and from shared buffers. They are exact,
//! double-ended and fused in every state of consumption.

use cow_collections::vec::{ExtractIf, IntoIter, unique};
use cow_collections::{CowVec, UniqueVec, cow_vec};
use std::cell::Cell;
use std::mem;

fn strings(n: usize) -> CowVec<String> {
    (0..n).map(|n| n.to_string()).collect()
}

/// Takes elements from both ends, and checks that `left` remain.
fn consume<I>(iter: &mut I, front: usize, back: usize, left: usize)
where
    I: ExactSizeIterator<Item = String> + DoubleEndedIterator,
{
    assert_eq!(iter.by_ref().take(front).count(), front);
    assert_eq!(iter.by_ref().rev().take(back).count(), back);
    assert_eq!((iter.len(), iter.size_hint()), (left, (left, Some(left))));
}

/// `same_as_std!(elements; owner; |v| iterator)` compares an iterator from a new owner `v` with std's over the
/// same elements. It does so after every possible number of elements consumed at each end.
macro_rules! same_as_std {
    ($elements:expr; $owner:expr; |$v:ident| $iter:expr) => {{
        let elements: &[String] = &$elements;
        let ends = |front| (0..=elements.len() - front).map(move |back| (front, back));
        for (front, back) in (0..=elements.len()).flat_map(ends) {
            let left = &elements[front..elements.len() - back];
            let std = || left.to_vec().into_iter();
            macro_rules! begun {
                ($name:ident) => {
                    let mut $v = $owner;
                    let mut $name = $iter;
                    consume(&mut $name, front, back, left.len());
                };
            }
            {
                begun!(iter);
                assert_eq!(iter.as_slice(), left);
                assert!(iter.eq(std()));
            }
            {
                begun!(iter);
                assert!(iter.rev().eq(std().rev()));
            }
            {
                begun!(iter);
                assert_eq!(iter.count(), left.len());
            }
            {
                begun!(iter);
                assert_eq!(iter.last(), std().last());
            }
            let join = |all: String, next: String| all + &next + ",";
            {
                begun!(iter);
                assert_eq!(iter.fold(String::new(), join), std().fold(String::new(), join));
            }
            {
                begun!(iter);
                assert_eq!(iter.rfold(String::new(), join), std().rfold(String::new(), join));
            }
            for n in [0, 1, left.len(), left.len() + 1, usize::MAX] {
                begun!(iter);
                let mut theirs = std();
                assert_eq!(iter.nth(n), theirs.nth(n));
                assert_eq!(iter.len(), theirs.len());
                assert_eq!(iter.next_back(), theirs.next_back());
                assert_eq!(iter.nth_back(n), theirs.nth_back(n));
                assert!(iter.eq(theirs));
            }
            begun!(iter);
            iter.by_ref().for_each(drop);
            for _ in 0..2 {
                assert_eq!((iter.next(), iter.next_back(), iter.len()), (None, None, 0), "fused");
                assert_eq!((iter.nth(0), iter.nth_back(3)), (None, None), "fused");
            }
        }
    }};
}

const LEN: usize = if cfg!(miri) { 2 } else { 5 };

#[test]
fn into_iter_in_every_state_equals_that_of_vec() {
    let all = strings(LEN);
    same_as_std!(all; CowVec::from(&all[..]); |v| mem::take(&mut v).into_iter());
    same_as_std!(all; all.clone(); |v| mem::take(&mut v).into_iter());
    same_as_std!(all; all.clone().into_unique(); |v| mem::take(&mut v).into_iter());
    same_as_std!([]; IntoIter::<String>::default(); |v| mem::take(&mut v));
}

#[test]
fn drain_in_every_state_equals_that_of_vec() {
    let all = strings(LEN);
    for range in [0..LEN, 1..LEN - 1, 1..1, 1..LEN, 0..2] {
        let some = &all[range.clone()];
        same_as_std!(some; CowVec::from(&all[..]); |v| v.drain(range.clone()));
        same_as_std!(some; all.clone(); |v| v.drain(range.clone()));
        same_as_std!(some; all.clone().into_unique(); |v| v.drain(range.clone()));
    }
}

#[test]
fn spliced_out() {
    /// Gives `Splice` the method that the macro needs.
    trait AsSlice {
        fn as_slice(&self) -> Vec<String>;
    }
    impl<I: Iterator<Item = String>> AsSlice for cow_collections::vec::Splice<'_, I> {
        /// Reads the remaining elements from `Debug`, because `Splice` has no `as_slice`.
        fn as_slice(&self) -> Vec<String> {
            let shown = format!("{self:?}");
            let inside = shown.trim_start_matches("Splice([").trim_end_matches("])");
            inside.split(", ").filter(|s| !s.is_empty()).map(|s| s.replace('"', "")).collect()
        }
    }
    let all = strings(LEN);
    let two = || ["x".to_string(), "y".to_string()];
    for range in [0..LEN, 1..LEN - 1, 1..LEN] {
        let some = &all[range.clone()];
        same_as_std!(some; CowVec::from(&all[..]); |v| v.splice(range.clone(), two()));
        same_as_std!(some; all.clone(); |v| v.splice(range.clone(), two()));
        same_as_std!(some; all.clone().into_unique(); |v| v.splice(range.clone(), two()));
    }
}

/// An element that counts its clones and drops.
struct Counted<'a>(&'a Cell<usize>, &'a Cell<usize>);

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.0.set(self.0.get() + 1);
        Counted(self.0, self.1)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
    }
}

/// Checks that iterators of a shared buffer do not clone elements that are skipped or only counted.
#[test]
fn skipped_elements_are_not_cloned() {
    let (clones, drops) = (Cell::new(0), Cell::new(0));
    let shared: CowVec<_> = (0..6).map(|_| Counted(&clones, &drops)).collect();
    drop(shared.clone().into_iter().nth(4));
    assert_eq!(clones.take(), 1);
    drop(shared.clone().into_iter().nth_back(5));
    assert_eq!(clones.take(), 1);
    assert_eq!((shared.clone().into_iter().count(), clones.take()), (6, 0));
    drop(shared.clone().drain(..).nth(3));
    assert_eq!((shared.clone().drain(2..).count(), clones.take()), (4, 1));
    let mut part = shared.clone().into_iter();
    drop((part.next(), part.next_back()));
    assert_eq!((part.as_slice().len(), clones.take()), (4, 2));
    assert_eq!((part.clone().len(), clones.take()), (4, 4));
}

/// Checks the size hint of `ExtractIf`: the lower bound is 0, the upper is the rest of the range.
#[test]
fn extract_if_bounds_its_size() {
    let all = cow_vec![1, 2, 3, 4, 5, 6];
    let shared = all.clone();
    for mut v in [CowVec::from(&all[..]), shared] {
        let mut extract = v.extract_if(1..5, |n| *n % 2 == 0);
        assert_eq!(extract.size_hint(), (0, Some(4)));
        assert_eq!((extract.next(), extract.size_hint()), (Some(2), (0, Some(3))));
        assert_eq!((extract.next(), extract.next(), extract.next()), (Some(4), None, None));
        assert_eq!(extract.size_hint(), (0, Some(0)));
        drop(extract);
        assert_eq!(v, [1, 3, 5, 6]);
    }
    let mut v = all.into_unique();
    let mut extract = v.extract_if(1..5, |n| *n % 2 == 0);
    assert_eq!(extract.size_hint(), (0, Some(4)));
    assert_eq!((extract.next(), extract.size_hint()), (Some(2), (0, Some(3))));
    assert_eq!((extract.next(), extract.next()), (Some(4), None));
    assert_eq!(extract.size_hint(), (0, Some(0)));
}

/// Checks that a struct with an `ExtractIf` field needs no bound `T: Clone`.
#[test]
fn extract_if_needs_no_bound_to_be_named() {
    struct Holder<'a, T, F>(Option<ExtractIf<'a, T, F>>);
    #[derive(Debug)]
    struct NotClone;
    assert!(Holder::<NotClone, fn(&mut NotClone) -> bool>(None).0.is_none());
    let all = strings(3);
    let mut v = all.clone();
    drop(Holder(Some(v.extract_if(.., |_| true))));
    assert_eq!(v, all);
}

#[test]
fn remaining_elements_of_an_iterator_can_be_read_and_written() {
    let all = cow_vec![1, 2, 3, 4];
    let mut elements = all.clone().into_iter();
    elements.next();
    assert_eq!((elements.as_slice(), elements.as_ref()), (&[2, 3, 4][..], &[2, 3, 4][..]));
    assert_eq!(format!("{elements:?}"), "IntoIter([2, 3, 4])");
    let mut elements = all.clone().into_unique().into_iter();
    elements.next_back();
    elements.as_mut_slice()[0] = 9;
    assert_eq!(format!("{elements:?}"), "IntoIter([9, 2, 3])");
    assert!(elements.eq([9, 2, 3]));
    for mut v in [CowVec::from(&all[..]), all.clone()] {
        let mut drain = v.drain(1..);
        drain.next();
        assert_eq!((drain.as_slice(), drain.as_ref()), (&[3, 4][..], &[3, 4][..]));
        assert_eq!(format!("{drain:?}"), "Drain([3, 4])");
        drop(drain);
        assert_eq!(format!("{:?}", v.splice(.., [7])), "Splice([1])");
        assert_eq!(format!("{:?}", v.extract_if(.., |_| true)), "ExtractIf { .. }");
        assert_eq!(v, [7]);
    }
    // The iterators of `UniqueVec`.
    let mut elements = all.clone().into_unique().into_iter();
    assert_eq!(elements.as_ref(), [1, 2, 3, 4]);
    elements.next();
    assert_eq!(elements.as_mut_slice(), [2, 3, 4]);
    assert_eq!(unique::IntoIter::<i32>::default().next(), None);
    let mut v = all.into_unique();
    let mut drain = v.drain(1..);
    drain.next();
    assert_eq!(drain.as_ref(), [3, 4]);
    assert_eq!(format!("{drain:?}"), "Drain([3, 4])");
    drop(drain);
    assert_eq!(format!("{:?}", v.splice(.., [7])), "Splice([1])");
    assert_eq!(format!("{:?}", v.extract_if(.., |_| true)), "ExtractIf { .. }");
    assert_eq!(v, [7]);
}

#[test]
fn iteration_by_reference_equals_that_of_slice() {
    let mut v = cow_vec![1, 2, 3];
    assert!((&v).into_iter().eq(&[1, 2, 3]));
    for n in v.make_unique() {
        *n *= 2;
    }
    assert!(v.make_unique().into_iter().eq(&[2, 4, 6]));
    assert!((&*v.make_unique()).into_iter().rev().eq(&[6, 4, 2]));
}

/// Checks that a leaked drain of a unique vector keeps the elements before the range and drops nothing twice. As
/// documented, the range and the elements behind it are leaked.
#[test]
fn leaked_iterators_of_a_unique_vector() {
    let (clones, drops) = (Cell::new(0), Cell::new(0));
    let five = || (0..5).map(|_| Counted(&clones, &drops)).collect::<UniqueVec<_>>();
    let mut v = five();
    let mut drain = v.drain(2..4);
    drop(drain.next());
    mem::forget(drain);
    assert_eq!(v.len(), 2);
    v.extend((0..3).map(|_| Counted(&clones, &drops)));
    drop(v);
    assert_eq!(drops.take(), 1 + 5);

    let mut v = five();
    mem::forget(v.splice(1..2, (0..9).map(|_| unreachable!())));
    assert_eq!(v.len(), 1);
    drop(v);
    assert_eq!(drops.take(), 1);

    let mut v = five().into_shared();
    let mut extract = v.extract_if(.., |_| true);
    drop(extract.next());
    mem::forget(extract);
    assert_eq!(v.len(), 0);
    v.push(Counted(&clones, &drops));
    drop(v);
    assert_eq!((drops.take(), clones.take()), (1 + 1, 0));
}

/// Checks that a leaked drain of a shared vector leaks only one handle of the old buffer.
#[test]
fn leaked_drain_of_a_shared_vector() {
    use std::sync::OnceLock;
    // Static, because the leaked handles keep the buffer alive.
    static OLD: OnceLock<CowVec<String>> = OnceLock::new();
    let old = OLD.get_or_init(|| strings(5));
    let mut v = old.clone();
    let mut drain = v.drain(1..3);
    assert_eq!(drain.next().as_deref(), Some("1"));
    mem::forget(drain);
    assert_eq!(v, ["0", "3", "4"]);
    assert!(v.is_unique());
    assert_eq!(old.strong_count(), 2, "one handle is leaked");
    let mut v = old.clone();
    mem::forget(v.drain(2..));
    assert_eq!(v, old[..2]);
    assert!(!v.is_unique());
    v.push("9".into());
    drop(v);
    let mut v = old.clone();
    mem::forget(v.extract_if(.., |_| true));
    assert!(v.ptr_eq(old), "no element was requested");
}
