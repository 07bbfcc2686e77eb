//! Parallel iterators: producers that lie about their lengths, and closures and elements that panic in a pool. The
//! pool of a test consists of the test's thread, because plans are thread-local.

use std::borrow::Cow;

#[cfg(feature = "list")]
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
use rayon::ThreadPoolBuilder;
use rayon::iter::plumbing::{Consumer, Producer, ProducerCallback, UnindexedConsumer, bridge};
use rayon::prelude::*;

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Plain};
use crate::liars::{Coming, coming, folded, order, rfolded, show, tried, yes};
#[cfg(feature = "list")]
use crate::list::List;
use crate::script::{Ask, answer, call};
use crate::vec::leaked;

/// A parallel iterator over the items of [`coming`]. Its length may differ at each call.
struct Parallel<A>(Coming<A>);

/// Yields three elements with the numbers 11 to 13, or others.
fn parallel<T: Elem>() -> Parallel<T> {
    making(T::of)
}

/// Yields `make` of 11, 12 and 13, or of other numbers.
fn making<A>(make: fn(u8) -> A) -> Parallel<A> {
    Parallel(coming(make))
}

impl<A: Send> ParallelIterator for Parallel<A> {
    type Item = A;

    fn drive_unindexed<C: UnindexedConsumer<A>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn opt_len(&self) -> Option<usize> {
        answer(Ask::Hint, &[Some(3), None, Some(0), Some(1), Some(70)])
    }
}

impl<A: Send> IndexedParallelIterator for Parallel<A> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn drive<C: Consumer<A>>(self, consumer: C) -> C::Result {
        bridge(self, consumer)
    }

    fn with_producer<B: ProducerCallback<A>>(self, callback: B) -> B::Output {
        callback.callback(self)
    }
}

impl<A: Send> Producer for Parallel<A> {
    type Item = A;
    type IntoIter = Coming<A>;

    fn into_iter(self) -> Coming<A> {
        self.0
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let (left, right) = self.0.cut(answer(Ask::Size, &[index, 0, 3]));
        (Self(left), Self(right))
    }
}

/// A callback that splits a producer into three parts and folds them. It holds the indices for the second split.
struct Splits(&'static [usize]);

/// Indices within the remaining items. Rayon's own producers lose elements if they are split past the end.
const WITHIN: Splits = Splits(&[1, 0, 2]);

/// Indices that may be past the end.
const BEYOND: Splits = Splits(&[1, 0, 2, 100, usize::MAX]);

impl<A> ProducerCallback<A> for Splits {
    type Output = ();

    fn callback<P: Producer<Item = A>>(self, producer: P) {
        let (left, right) = producer.split_at(answer(Ask::Size, &[2, 0, 3]));
        folded(left.into_iter());
        let (left, right) = right.split_at(answer(Ask::Next, self.0));
        rfolded(right.into_iter());
        tried(left.into_iter());
    }
}

/// Runs `work` in a pool that consists of this thread.
fn in_pool<R>(work: impl FnOnce() -> R) -> R {
    let pool = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    let _pool = pool.expect("this thread is in no other pool");
    work()
}

/// Uses a parallel iterator by the methods of its traits.
fn used<I: IndexedParallelIterator>(make: impl Fn() -> I) {
    make().for_each(|_| call());
    _ = make().filter(|_| yes(true)).count();
    drop(
        make()
            .rev()
            .with_min_len(2)
            .map(|element| {
                call();
                element
            })
            .collect::<Vec<_>>(),
    );
    make().with_producer(WITHIN);
}

fn vecs<T: Elem>() -> Vec<Case<CowVec<T>>> {
    let cases: &[Case<CowVec<T>>] = &[
        case("rayon::iter::ParallelExtend<T> for CowVec<T>", |v| v.par_extend(parallel())),
        case("rayon::iter::ParallelExtend<T> for UniqueVec<T>", |_| {
            UniqueVec::<T>::make(0).par_extend(parallel());
        }),
        case("rayon::iter::FromParallelIterator<T> for CowVec<T>", |v| {
            *v = parallel().collect();
        }),
        case("rayon::iter::FromParallelIterator<T> for UniqueVec<T>", |v| {
            *v = parallel().collect::<UniqueVec<T>>().into_shared();
        }),
        case(
            "rayon::iter::IntoParallelIterator for CowVec<T> \
             | rayon::iter::ParallelIterator for rayon::vec::IntoIter<T> \
             | rayon::iter::IndexedParallelIterator for rayon::vec::IntoIter<T>",
            |v| {
                used(|| v.clone().into_par_iter());
                std::mem::take(v).into_par_iter().with_producer(WITHIN);
            },
        ),
        case("rayon::iter::IntoParallelIterator for &'a CowVec<T>", |v| {
            v.make_mut().par_iter_mut().for_each(|e| *e = T::of(20));
            v.make_mut().par_iter_mut().with_producer(WITHIN);
            v.par_iter().with_producer(WITHIN);
        }),
        case("Clone for rayon::vec::IntoIter<T> | Debug for rayon::vec::IntoIter<T>", |v| {
            let iter = v.clone().into_par_iter();
            show(&iter);
            iter.clone().for_each(drop);
        }),
    ];
    cases.to_vec()
}

fn trees<T: Elem>() -> Vec<Case<PersistentVector<T>>> {
    let cases: &[Case<PersistentVector<T>>] = &[
        case("PersistentVector::par_sort", |v| v.par_sort()),
        case("PersistentVector::par_sort_by", |v| v.par_sort_by(order)),
        case("PersistentVector::par_sort_by_key", |v| v.par_sort_by_key(|e| e.key())),
        case("PersistentVector::par_sort_unstable", |v| v.par_sort_unstable()),
        case("PersistentVector::par_sort_unstable_by", |v| v.par_sort_unstable_by(order)),
        case("PersistentVector::par_sort_unstable_by_key", |v| {
            v.par_sort_unstable_by_key(|e| e.key());
        }),
        case("rayon::iter::ParallelExtend<T> for PersistentVector<T>", |v| {
            v.par_extend(parallel());
        }),
        case("rayon::iter::FromParallelIterator<T> for PersistentVector<T>", |v| {
            *v = parallel().collect();
        }),
        case(
            "rayon::iter::IntoParallelIterator for PersistentVector<T> \
             | rayon::iter::ParallelIterator for rayon::persistent::IntoIter<T> \
             | rayon::iter::IndexedParallelIterator for rayon::persistent::IntoIter<T> \
             | rayon::iter::plumbing::Producer for rayon::persistent::IntoIter<T>",
            |v| {
                used(|| v.clone().into_par_iter());
                std::mem::take(v).into_par_iter().with_producer(BEYOND);
            },
        ),
        case(
            "rayon::iter::ParallelIterator for rayon::persistent::Iter<'a, T> \
             | rayon::iter::IndexedParallelIterator for rayon::persistent::Iter<'a, T> \
             | rayon::iter::plumbing::Producer for rayon::persistent::Iter<'a, T>",
            |v| {
                used(|| v.par_iter());
                v.par_iter().with_producer(BEYOND);
            },
        ),
        case(
            "rayon::iter::ParallelIterator for rayon::persistent::Chunks<'a, T> \
             | rayon::iter::IndexedParallelIterator for rayon::persistent::Chunks<'a, T>",
            |v| {
                v.par_chunks().for_each(|_| call());
                _ = v.par_chunks().rev().filter(|_| yes(true)).count();
            },
        ),
        case(
            "rayon::iter::IntoParallelIterator for &'a mut PersistentVector<T> \
             | rayon::iter::ParallelIterator for rayon::persistent::IterMut<'a, T> \
             | rayon::iter::IndexedParallelIterator for rayon::persistent::IterMut<'a, T>",
            |v| {
                v.par_iter_mut().for_each(|e| *e = T::of(20));
                v.par_iter_mut().rev().filter(|e| yes(e.is_odd())).for_each(|e| *e = T::of(20));
            },
        ),
        case(
            "rayon::iter::plumbing::Producer for rayon::persistent::IterMut<'a, T> \
             | Iterator for rayon::persistent::ElementsMut<'a, T> \
             | DoubleEndedIterator for rayon::persistent::ElementsMut<'_, T>",
            |v| v.par_iter_mut().with_producer(BEYOND),
        ),
        case(
            "Debug for rayon::persistent::Iter<'_, T> | Debug for rayon::persistent::IterMut<'_, T> \
             | Debug for rayon::persistent::ElementsMut<'a, T> | Debug for rayon::persistent::Chunks<'_, T>",
            |v| {
                show(&v.par_iter());
                show(&v.par_chunks());
                show(&v.par_iter_mut());
                show(&Producer::into_iter(v.par_iter_mut()));
            },
        ),
        case(
            "Debug for rayon::persistent::IntoIter<T> | Clone for rayon::persistent::IntoIter<T>",
            |v| {
                let iter = v.clone().into_par_iter();
                show(&iter);
                iter.clone().for_each(drop);
            },
        ),
    ];
    cases.to_vec()
}

#[cfg(feature = "list")]
fn lists<T: Elem>() -> Vec<Case<List<T>>> {
    let cases: &[Case<List<T>>] = &[
        case("CopyOnWriteList::par_sort | CopyOnWriteList::par_sort_unstable", |l| {
            l.run(|l| l.par_sort());
            l.run(|l| l.par_sort_unstable());
        }),
        case("CopyOnWriteList::par_sort_by | CopyOnWriteList::par_sort_unstable_by", |l| {
            l.run(|l| l.par_sort_by(order));
            l.run(|l| l.par_sort_unstable_by(order));
        }),
        case("CopyOnWriteList::par_sort_by_key | CopyOnWriteList::par_sort_unstable_by_key", |l| {
            l.run(|l| l.par_sort_by_key(|e| e.key()));
            l.run(|l| l.par_sort_unstable_by_key(|e| e.key()));
        }),
        case(
            "rayon::iter::ParallelExtend<T> for CopyOnWriteList<T> \
             | rayon::iter::ParallelExtend<T> for &CopyOnWriteList<T>",
            |l| {
                let mut list = CopyOnWriteList::from(l.list.snapshot());
                list.par_extend(parallel());
                l.run(|mut l| l.par_extend(parallel()));
            },
        ),
        case("rayon::iter::FromParallelIterator<T> for CopyOnWriteList<T>", |_| {
            drop(parallel().collect::<CopyOnWriteList<T>>());
        }),
        case(
            "rayon::iter::FromParallelIterator<T> for CopyOnWriteSet<T> \
             | rayon::iter::ParallelExtend<T> for CopyOnWriteSet<T> \
             | rayon::iter::ParallelExtend<T> for &CopyOnWriteSet<T>",
            |_| {
                let mut set = parallel().collect::<CopyOnWriteSet<T>>();
                set.par_extend(parallel());
                (&set).par_extend(parallel());
            },
        ),
    ];
    cases.to_vec()
}

/// Cases for elements that are `Copy`.
fn of_copies() -> Vec<Case<CowVec<Plain<0>>>> {
    let cases: &[Case<CowVec<Plain<0>>>] = &[
        case("rayon::iter::ParallelExtend<&'a T> for CowVec<T>", |v| {
            v.par_extend(making(leaked));
        }),
        case("rayon::iter::ParallelExtend<&'a T> for UniqueVec<T>", |_| {
            UniqueVec::<Plain<0>>::make(0).par_extend(making(leaked));
        }),
        case("rayon::iter::ParallelExtend<&'a T> for PersistentVector<T>", |_| {
            PersistentVector::<Plain<0>>::make(0).par_extend(making(leaked));
        }),
    ];
    cases.to_vec()
}

fn text(number: u8) -> &'static str {
    ["ab", "a text that is longer than what fits inline", "é"][usize::from(number) % 3]
}

fn character(number: u8) -> &'static char {
    &['a', 'é', 'z'][usize::from(number) % 3]
}

fn strings() -> Vec<Case<CowString>> {
    let cases: &[Case<CowString>] = &[
        case(
            "rayon::iter::ParallelExtend<char> for string::CowString \
             | rayon::iter::ParallelExtend<&'a char> for string::CowString",
            |v| {
                v.par_extend(making(|n| *character(n)));
                v.par_extend(making(character));
            },
        ),
        case(
            "rayon::iter::ParallelExtend<&'a str> for string::CowString \
             | rayon::iter::ParallelExtend<String> for string::CowString \
             | rayon::iter::ParallelExtend<Box<str>> for string::CowString \
             | rayon::iter::ParallelExtend<Cow<'a, str>> for string::CowString \
             | rayon::iter::ParallelExtend<string::CowString> for string::CowString",
            |v| {
                v.par_extend(making(text));
                v.par_extend(making(|n| String::from(text(n))));
                v.par_extend(making(|n| Box::<str>::from(text(n))));
                v.par_extend(making(|n| Cow::Borrowed(text(n))));
                v.par_extend(making(|n| CowString::from(text(n))));
            },
        ),
        case(
            "rayon::iter::FromParallelIterator<char> for string::CowString \
             | rayon::iter::FromParallelIterator<&'a char> for string::CowString \
             | rayon::iter::FromParallelIterator<&'a str> for string::CowString \
             | rayon::iter::FromParallelIterator<String> for string::CowString \
             | rayon::iter::FromParallelIterator<Box<str>> for string::CowString \
             | rayon::iter::FromParallelIterator<Cow<'a, str>> for string::CowString \
             | rayon::iter::FromParallelIterator<string::CowString> for string::CowString",
            |v| {
                *v = making(|n| *character(n)).collect();
                *v = making(character).collect();
                *v = making(text).collect();
                *v = making(|n| String::from(text(n))).collect();
                *v = making(|n| Box::<str>::from(text(n))).collect();
                *v = making(|n| Cow::Borrowed(text(n))).collect();
                *v = making(|n| CowString::from(text(n))).collect();
            },
        ),
    ];
    cases.to_vec()
}

pub fn covers() -> Vec<&'static str> {
    let mut all: Vec<&str> = vecs::<Plain<0>>().iter().map(|case| case.covers).collect();
    all.extend(trees::<Plain<0>>().iter().map(|case| case.covers));
    all.extend(of_copies().iter().map(|case| case.covers));
    all.extend(strings().iter().map(|case| case.covers));
    #[cfg(feature = "list")]
    all.extend(lists::<Plain<0>>().iter().map(|case| case.covers));
    all
}

#[test]
fn cow_vec_in_parallel_stays_valid() {
    in_pool(|| {
        assert_eq!(attack(&vecs::<Item<0>>()), [""; 0]);
        attack_again(&vecs::<Plain<0>>());
        assert_eq!(attack(&of_copies()), [""; 0]);
    });
}

#[test]
fn persistent_vector_in_parallel_stays_valid() {
    in_pool(|| {
        assert_eq!(attack(&trees::<Item<31>>()), [""; 0]);
        attack_again(&trees::<Plain<31>>());
    });
}

#[cfg(feature = "list")]
#[test]
fn list_in_parallel_stays_valid() {
    in_pool(|| {
        assert_eq!(attack(&lists::<Item<0>>()), [""; 0]);
        attack_again(&lists::<Plain<0>>());
    });
}

#[test]
fn string_in_parallel_stays_valid() {
    in_pool(|| assert_eq!(attack(&strings()), [""; 0]));
}
