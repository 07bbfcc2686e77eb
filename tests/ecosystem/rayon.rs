use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cow_collections::{
    CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector, UniqueVec,
};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator};
use rayon::prelude::*;

/// Lengths around those of a leaf, of a node, and of a part that is split.
const SIZES: [u32; 10] = [0, 1, 2, 31, 255, 256, 257, 1_000, 4_500, 9_000];

/// Returns a vector of the numbers below `n`. The tree has leaves of many lengths and a front leaf.
fn uneven(n: u32) -> PersistentVector<u32> {
    let (half, mut vector) = (n / 2, PersistentVector::new());
    let mut next = half;
    while next < n {
        let end = n.min(next + 1 + next % 300);
        vector.append((next..end).collect());
        next = end;
    }
    (0..half).rev().for_each(|x| vector.push_front(x));
    vector
}

/// Checks that `iter` yields `expected`, also if it is split, cut, reversed, filtered or zipped.
#[track_caller]
fn is<T, I>(iter: impl Fn() -> I, expected: &[T])
where
    T: Clone + PartialEq + Send + Sync + std::fmt::Debug,
    I: IndexedParallelIterator<Item = T>,
{
    let n = expected.len();
    assert_eq!((iter().len(), iter().opt_len()), (n, Some(n)));
    assert_eq!(iter().collect::<Vec<_>>(), expected);
    assert_eq!(iter().with_max_len(1).collect::<Vec<_>>(), expected);
    assert!(iter().rev().collect::<Vec<_>>().iter().rev().eq(expected));
    assert_eq!(iter().skip(n / 3).take(n / 2).collect::<Vec<_>>(), expected[n / 3..][..n / 2]);
    assert_eq!(iter().filter(|_| true).collect::<Vec<_>>(), expected);
    let (left, right): (Vec<_>, Vec<_>) = iter().zip(iter().enumerate()).unzip();
    assert_eq!(left, expected);
    assert!(right.into_iter().eq(expected.iter().cloned().enumerate()));
}

#[test]
fn all_are_walked_over_in_order() {
    for n in SIZES {
        let elements: Vec<u32> = (0..n).collect();
        let by_reference: Vec<&u32> = elements.iter().collect();
        let v = CowVec::from(&elements[..]);
        is(|| v.par_iter(), &by_reference);
        is(|| (&v).into_par_iter(), &by_reference);
        is(|| UniqueVec::from(&elements[..]).into_par_iter(), &elements);
        is(|| v.clone().into_par_iter(), &elements);
        is(|| CowVec::from(&elements[..]).into_par_iter(), &elements);
        let unique = UniqueVec::from(&elements[..]);
        is(|| (&unique).into_par_iter(), &by_reference);
        for vector in [PersistentVector::from(&elements[..]), uneven(n)] {
            is(|| vector.par_iter(), &by_reference);
            is(|| vector.clone().into_par_iter(), &elements);
            vector.assert_invariants();
        }
        is(|| uneven(n).into_par_iter(), &elements);
        let list = CopyOnWriteList::from(v);
        let guard = list.load();
        is(|| (&guard).into_par_iter(), &by_reference);
        is(|| list.snapshot().into_par_iter(), &elements);
    }
}

#[test]
fn par_chunks_yields_the_leaves_in_order() {
    for n in SIZES {
        for vector in [(0..n).collect(), uneven(n)] {
            let leaves: Vec<&[u32]> = vector.chunks().collect();
            is(|| vector.par_chunks(), &leaves);
            let clone = vector.clone();
            assert_eq!(clone.par_chunks().len(), leaves.len());
            let pairs = clone.par_chunks().zip(&leaves);
            assert!(pairs.all(|(leaf, old)| leaf.as_ptr() == old.as_ptr()), "no leaf is copied");
            let sum: u64 = vector.par_chunks().flatten_iter().map(|x| u64::from(*x)).sum();
            assert_eq!(sum, (0..u64::from(n)).sum::<u64>());
        }
    }
}

#[test]
fn writing_copies_what_is_shared_and_nothing_else() {
    for n in SIZES {
        let elements: Vec<u32> = (0..n).collect();
        let mut written: Vec<u32> = (0..n).map(|x| x + 1).collect();
        let mut alone = CowVec::from(&elements[..]);
        let place = alone.as_ptr();
        alone.make_mut().par_iter_mut().for_each(|x| *x += 1);
        assert_eq!((alone.as_ptr(), &alone[..]), (place, &written[..]));
        let mut copied = alone.clone();
        copied.make_mut().par_iter_mut().for_each(|x| *x -= 1);
        assert_eq!((&copied[..], &alone[..]), (&elements[..], &written[..]));
        let mut unique = UniqueVec::from(&elements[..]);
        unique.par_iter_mut().for_each(|x| *x += 1);
        assert_eq!(unique, written);

        for old in [PersistentVector::from(&elements[..]), uneven(n)] {
            let mut new = old.clone();
            new.par_iter_mut().with_max_len(1).for_each(|x| *x += 1);
            new.assert_invariants();
            assert_eq!((old.to_vec(), new.to_vec()), (elements.clone(), written.clone()));
            let copy: Vec<&mut u32> = (&mut new).into_par_iter().rev().collect();
            assert!(copy.iter().rev().map(|x| **x).eq(written.iter().copied()));
            let mut by_ref: Vec<&mut u32> = written.iter_mut().collect();
            let zipped = new.par_iter_mut().zip(by_ref.par_iter_mut());
            zipped.for_each(|(a, b)| assert_eq!(a, *b));
        }
    }
}

/// An element that counts its clones and the live elements.
#[derive(Debug)]
struct Counted(Arc<[AtomicUsize; 2]>);

impl Counted {
    fn new(counts: &Arc<[AtomicUsize; 2]>) -> Self {
        counts[1].fetch_add(1, Ordering::Relaxed);
        Self(counts.clone())
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.0[0].fetch_add(1, Ordering::Relaxed);
        Self::new(&self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0[1].fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn into_par_iter_of_unique_moves_elements() {
    const N: usize = 5_000;
    let counts = Arc::new([const { AtomicUsize::new(0) }; 2]);
    let make = || std::iter::repeat_with(|| Counted::new(&counts)).take(N);
    let count = |of: usize| counts[of].swap(0, Ordering::Relaxed);
    let alive = || counts[1].load(Ordering::Relaxed);

    assert_eq!(make().collect::<UniqueVec<_>>().into_par_iter().count(), N);
    assert_eq!(make().collect::<CowVec<_>>().into_par_iter().count(), N);
    assert_eq!((count(0), alive()), (0, 0));
    let vector: PersistentVector<_> = make().collect();
    assert_eq!(vector.into_par_iter().with_max_len(N / 10).count(), N);
    let cloned = count(0);
    assert!(cloned < 40 * 32, "{cloned} clones, more than in the leaves where parts meet");
    assert_eq!(alive(), 0);

    let shared: CowVec<_> = make().collect();
    assert_eq!(shared.clone().into_par_iter().count(), N);
    assert_eq!(shared.clone().into_par_iter().skip(N - 10).count(), 10);
    assert!((N..=2 * N).contains(&count(0)));
    assert_eq!(alive(), N);
    assert_eq!(shared.into_par_iter().find_any(|_| true).into_iter().count(), 1);
    assert_eq!(alive(), 0);
}

#[test]
fn all_are_collected_into_and_extended() {
    for n in SIZES {
        let elements: Vec<u32> = (0..n).collect();
        // The number of elements is known for `exact`, and unknown for `gaps`.
        let exact = || (0..n).into_par_iter();
        let gaps = || (0..2 * n).into_par_iter().filter(|x| x % 2 == 0).map(|x| x / 2);
        assert_eq!(exact().collect::<CowVec<_>>(), elements);
        assert_eq!(gaps().collect::<CowVec<_>>(), elements);
        assert_eq!(exact().collect::<UniqueVec<_>>(), elements);
        assert_eq!(gaps().collect::<UniqueVec<_>>(), elements);
        assert_eq!(exact().collect::<CopyOnWriteList<_>>(), elements);
        assert_eq!(gaps().collect::<CopyOnWriteList<_>>(), elements);
        for vector in [exact().collect::<PersistentVector<_>>(), gaps().collect()] {
            vector.assert_invariants();
            assert_eq!(vector, elements);
        }

        let twice = [&elements[..], &elements].concat();
        let old = CowVec::from(&elements[..]);
        let mut new = old.clone();
        new.par_extend(gaps());
        assert_eq!((&old[..], &new[..]), (&elements[..], &twice[..]));
        new.par_extend(&old);
        assert_eq!(new.len(), 3 * old.len());
        let mut unique = UniqueVec::from(&elements[..]);
        unique.par_extend(&elements);
        assert_eq!(unique, twice);
        let old = uneven(n);
        let mut new = old.clone();
        new.par_extend(gaps());
        new.par_extend(&elements);
        new.assert_invariants();
        assert_eq!((&old, &new), (&elements[..].into(), &[&twice[..], &elements].concat().into()));
        let list = CopyOnWriteList::from(&elements[..]);
        (&list).par_extend(gaps());
        assert_eq!((list.version(), &list.load()[..]), (u64::from(n > 0), &twice[..]));
    }
}

#[test]
fn a_text_is_collected_of_all_that_it_can_be_extended_by() {
    let words: Vec<String> = (0..1_000).map(|n| format!("{n} ß ")).collect();
    let whole = words.concat();
    let chars: Vec<char> = whole.chars().collect();
    let shared = CowString::from("begin: ");
    let mut text = shared.clone();
    text.par_extend(words.par_iter().map(String::as_str));
    assert_eq!((&*shared, &text[..7], &text[7..]), ("begin: ", "begin: ", &*whole));
    assert_eq!(chars.par_iter().collect::<CowString>(), whole);
    assert_eq!(chars.into_par_iter().collect::<CowString>(), whole);
    assert_eq!(words.par_iter().cloned().collect::<CowString>(), whole);
    assert_eq!(words.par_iter().map(CowString::from).collect::<CowString>(), whole);
    let boxed = words.par_iter().map(|s| Box::<str>::from(s.as_str()));
    assert_eq!(boxed.collect::<CowString>(), whole);
    let borrowed = words.par_iter().map(|s| Cow::Borrowed(s.as_str()));
    assert_eq!(borrowed.collect::<CowString>(), whole);
}

#[test]
fn all_are_sorted() {
    for n in SIZES {
        let mixed: Vec<u32> = (0..n).map(|x| x.wrapping_mul(2_654_435_761) % 1_000).collect();
        let (mut up, mut down) = (mixed.clone(), mixed.clone());
        up.sort();
        down.sort_by_key(|x| u32::MAX - x);
        let vector = PersistentVector::from(&mixed[..]);
        let list = CopyOnWriteList::from(&mixed[..]);
        let before = list.snapshot();
        let check = |sorted: &[u32], vector: PersistentVector<u32>| {
            vector.assert_invariants();
            assert_eq!((&list.load()[..], vector), (sorted, PersistentVector::from(sorted)));
        };
        macro_rules! sort {
            ($sorted:ident: $method:ident $(, $by:expr)?) => {{
                let mut new = vector.clone();
                new.$method($($by)?);
                list.$method($($by)?);
                check(&$sorted, new);
            }};
        }
        sort!(up: par_sort);
        sort!(down: par_sort_by, |a, b| b.cmp(a));
        sort!(up: par_sort_by_key, |x| *x);
        sort!(down: par_sort_unstable_by, |a, b| b.cmp(a));
        sort!(up: par_sort_unstable);
        sort!(down: par_sort_unstable_by_key, |x| u32::MAX - x);
        let version = list.version();
        list.par_sort_by(|a, b| b.cmp(a));
        assert_eq!(list.version(), version, "sorting a sorted list publishes nothing");
        assert_eq!((&before[..], vector.to_vec()), (&mixed[..], mixed.clone()));
        let mut v = before.clone();
        v.make_mut().par_sort();
        assert_eq!(v, up);
    }
    // The sorts are stable: numbers with the same tens keep their order.
    let ones: Vec<u32> = (0..3_000).map(|x| x % 100).collect();
    let mut sorted = ones.clone();
    sorted.sort_by_key(|x| x / 10);
    let (list, mut vector) = (CopyOnWriteList::from(&ones[..]), PersistentVector::from(ones));
    list.par_sort_by_key(|x| x / 10);
    vector.par_sort_by_key(|x| x / 10);
    assert_eq!((&list.load()[..], &vector.to_vec()), (&sorted[..], &sorted));
}

#[test]
fn a_list_that_others_push_to_is_sorted_whole() {
    let list = CopyOnWriteList::from((0..2_000).rev().collect::<Vec<u32>>());
    std::thread::scope(|threads| {
        threads.spawn(|| (2_000..2_200).for_each(|x| list.push(x)));
        (0..20).for_each(|_| list.par_sort());
    });
    list.par_sort();
    assert!(list.load().iter().copied().eq(0..2_200));
}

#[test]
fn a_set_is_collected_and_extended_without_duplicates() {
    let mut set: CopyOnWriteSet<u32> = (0..300_u32).into_par_iter().map(|n| n % 7).collect();
    assert_eq!(set.load()[..], [0, 1, 2, 3, 4, 5, 6]);
    set.par_extend((5..9).into_par_iter());
    (&set).par_extend((8..10).into_par_iter());
    assert_eq!(set.load()[..], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}
