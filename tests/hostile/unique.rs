//! `UniqueVec`.

use std::borrow::Cow;
use std::collections::{BinaryHeap, VecDeque};
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;

use cow_collections::{CowVec, PersistentVector, UniqueVec};

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Nothing, Plain, elements};
use crate::liars::{Digest, Span, coming, folded, items, rfolded, show, tried, yes};
use crate::script::call;
use crate::vec::{NUMBERS, leaked, six};

impl<T: Elem> Subject for UniqueVec<T> {
    const FORMS: usize = 2;

    fn make(form: usize) -> Self {
        let mut v = Self::from(six());
        if form > 0 {
            v.reserve(20);
        }
        v
    }

    fn check(&self) -> Vec<u8> {
        assert!(self.capacity() >= self.len());
        self.iter().map(T::number).collect()
    }

    fn use_again(&mut self) {
        self.push(T::of(30));
        self.insert(0, T::of(31));
        drop(self.remove(1));
    }
}

/// Cases for every element.
fn cases<T: Elem>() -> Vec<Case<UniqueVec<T>>> {
    let cases: &[Case<UniqueVec<T>>] = &[
        case("UniqueVec::as_mut_slice", |v| v.as_mut_slice().sort()),
        case("UniqueVec::dedup", |v| v.dedup()),
        case("UniqueVec::dedup_by", |v| v.dedup_by(|a, b| yes(a.number() == b.number()))),
        case("UniqueVec::dedup_by_key", |v| v.dedup_by_key(|e| e.key())),
        case("UniqueVec::drain", |v| drop(v.drain(Span))),
        case("UniqueVec::drain", |v| drop(v.drain(Span).next_back())),
        case(
            "Iterator for vec::unique::Drain<'a, T> | DoubleEndedIterator for vec::unique::Drain<'a, T>",
            |v| {
                rfolded(v.drain(1..5));
                tried(v.drain(1..));
                drop(v.drain(..1).nth(3));
            },
        ),
        case("Debug for vec::unique::Drain<'_, T>", |v| show(&v.drain(1..))),
        case("UniqueVec::extend_from_slice", |v| v.extend_from_slice(&elements(20, 3))),
        case("UniqueVec::extend_from_within", |v| v.extend_from_within(Span)),
        case("UniqueVec::extract_if", |v| {
            drop(v.extract_if(Span, |e| yes(e.is_odd())));
            v.extract_if(Span, |e| yes(e.is_odd())).for_each(drop);
        }),
        case("UniqueVec::insert_mut", |v| *v.insert_mut(2, T::of(20)) = T::of(21)),
        case("UniqueVec::into_boxed_slice", |v| drop(v.clone().into_boxed_slice())),
        case("UniqueVec::into_vec", |v| drop(v.clone().into_vec())),
        case("UniqueVec::pop", |v| drop(v.pop())),
        case("UniqueVec::pop_if", |v| drop(v.pop_if(|e| yes(!e.is_odd())))),
        case("UniqueVec::push | UniqueVec::push_mut", |v| {
            v.push(T::of(20));
            *v.push_mut(T::of(21)) = T::of(22);
        }),
        case("UniqueVec::remove | UniqueVec::swap_remove", |v| {
            drop(v.remove(1));
            drop(v.swap_remove(1));
        }),
        case("UniqueVec::reserve | UniqueVec::shrink_to", |v| {
            v.reserve(30);
            v.shrink_to(3);
            v.clear();
        }),
        case("UniqueVec::reserve_exact | UniqueVec::shrink_to_fit", |v| {
            v.reserve_exact(30);
            v.shrink_to_fit();
            v.clear();
        }),
        case("UniqueVec::resize", |v| {
            v.resize(9, T::of(20));
            v.resize(2, T::of(21));
        }),
        case("UniqueVec::resize_with", |v| {
            v.resize_with(9, || {
                call();
                T::of(20)
            });
        }),
        case("UniqueVec::retain", |v| v.retain(|e| yes(e.is_odd()))),
        case("UniqueVec::retain_mut", |v| {
            v.retain_mut(|e| {
                *e = T::of(20);
                yes(true)
            })
        }),
        case("UniqueVec::splice", |v| drop(v.splice(Span, items()))),
        case("UniqueVec::splice", |v| {
            let mut splice = v.splice(1..4, items());
            drop((splice.next(), splice.next_back()));
        }),
        case("UniqueVec::split_off", |v| drop(v.split_off(2))),
        case("UniqueVec::try_reserve | UniqueVec::try_reserve_exact", |v| {
            assert!(v.try_reserve(20).is_ok() && v.try_reserve_exact(40).is_ok());
            v.clear();
        }),
        case("Extend<T> for UniqueVec<T>", |v| v.extend(items())),
        case("FromIterator<T> for UniqueVec<T>", |v| *v = items().collect()),
        case("From<&Vec<T>> for UniqueVec<T>", |_| drop(UniqueVec::from(&six::<T>()))),
        case("From<&[T]> for UniqueVec<T> | From<&mut [T]> for UniqueVec<T>", |_| {
            drop(UniqueVec::from(&elements::<T>(20, 3)[..]));
            drop(UniqueVec::from(&mut elements::<T>(20, 3)[..]));
        }),
        case("From<&[T; N]> for UniqueVec<T> | From<&mut [T; N]> for UniqueVec<T>", |_| {
            drop(UniqueVec::from(&[1, 2, 3].map(T::of)));
            drop(UniqueVec::from(&mut [1, 2, 3].map(T::of)));
        }),
        case("From<Arc<[T]>> for UniqueVec<T> | From<Rc<[T]>> for UniqueVec<T>", |_| {
            let (arc, rc) = (Arc::from(elements::<T>(20, 3)), Rc::from(elements::<T>(20, 3)));
            drop((UniqueVec::from(Arc::clone(&arc)), UniqueVec::from(Rc::clone(&rc))));
            drop((UniqueVec::from(arc), UniqueVec::from(rc)));
        }),
        case("From<Cow<'_, [T]>> for UniqueVec<T>", |_| {
            drop(UniqueVec::from(Cow::Borrowed(&elements::<T>(20, 3)[..])));
        }),
        case("From<UniqueVec<T>> for Cow<'_, [T]>", |v| {
            let owned: Cow<'_, [T]> = v.clone().into();
            drop(owned.into_owned());
        }),
        case("From<&'a UniqueVec<T>> for Cow<'a, [T]>", |v| {
            let borrowed: Cow<'_, [T]> = (&*v).into();
            drop(borrowed.into_owned());
        }),
        case("From<UniqueVec<T>> for BinaryHeap<T>", |v| {
            drop(BinaryHeap::from(v.clone()));
        }),
        case("Hash for UniqueVec<T>", |v| v.hash(&mut Digest)),
        case("Debug for UniqueVec<T>", |v| show(v)),
        case("Ord for UniqueVec<T> | PartialOrd for UniqueVec<T>", |v| {
            let other = UniqueVec::make(0);
            _ = (*v).cmp(&other);
            _ = *v < other;
        }),
        case(
            "PartialEq<[U]> for UniqueVec<T> | PartialEq<&[U]> for UniqueVec<T> \
             | PartialEq<&mut [U]> for UniqueVec<T> | PartialEq<[U; N]> for UniqueVec<T> \
             | PartialEq<&[U; N]> for UniqueVec<T> | PartialEq<Vec<U>> for UniqueVec<T> \
             | PartialEq<VecDeque<U>> for UniqueVec<T> \
             | PartialEq<Cow<'_, [U]>> for UniqueVec<T> \
             | PartialEq<UniqueVec<U>> for UniqueVec<T>",
            |v| {
                let array = NUMBERS.map(T::of);
                _ = (*v == array[..], *v == &array[..], *v == array, *v == &array);
                _ = *v == &mut six::<T>()[..];
                _ = (*v == six(), *v == VecDeque::from(six()));
                _ = *v == Cow::<[T]>::Owned(six());
                _ = *v == UniqueVec::<T>::make(1);
            },
        ),
        case(
            "PartialEq<UniqueVec<U>> for [T] | PartialEq<UniqueVec<U>> for &[T] \
             | PartialEq<UniqueVec<U>> for &mut [T] | PartialEq<UniqueVec<U>> for [T; N] \
             | PartialEq<UniqueVec<U>> for &[T; N] | PartialEq<UniqueVec<U>> for Vec<T> \
             | PartialEq<UniqueVec<U>> for VecDeque<T> \
             | PartialEq<UniqueVec<U>> for Cow<'_, [T]>",
            |v| {
                let array = NUMBERS.map(T::of);
                _ = (array[..] == *v, &array[..] == *v, array == *v, &array == *v);
                _ = &mut six::<T>()[..] == *v;
                _ = (six::<T>() == *v, VecDeque::from(six::<T>()) == *v);
                _ = Cow::<[T]>::Owned(six()) == *v;
            },
        ),
        case("Iterator for vec::unique::ExtractIf<'_, T, F>", |v| {
            drop(v.extract_if(1.., |e| yes(e.is_odd())).nth(1));
            folded(v.extract_if(1.., |e| yes(e.is_odd())));
        }),
        case("Debug for vec::unique::ExtractIf<'_, T, F>", |v| {
            show(&v.extract_if(1.., |e| yes(e.is_odd())));
        }),
        case("Debug for vec::unique::Splice<'_, I>", |v| show(&v.splice(1..3, items()))),
        case("Debug for vec::unique::IntoIter<T>", |v| show(&v.clone().into_iter())),
        case("Clone for vec::unique::IntoIter<T>", |v| {
            let mut iter = v.clone().into_iter();
            drop(iter.next());
            drop(iter.clone());
        }),
        case(
            "Iterator for vec::unique::IntoIter<T> | DoubleEndedIterator for vec::unique::IntoIter<T>",
            |v| {
                folded(v.clone().into_iter());
                rfolded(v.clone().into_iter());
                tried(v.clone().into_iter());
                let mut iter = v.clone().into_iter();
                drop((iter.nth(1), iter.nth_back(1), iter.next(), iter.count()));
            },
        ),
        case("Clone for UniqueVec<T>", |v| {
            drop(v.clone());
            v.clone_from(&UniqueVec::make(1))
        }),
        case(
            "Iterator for vec::unique::Splice<'a, I> \
             | DoubleEndedIterator for vec::unique::Splice<'a, I> \
             | Drop for vec::unique::Splice<'_, I> | Splice::as_slice",
            |v| {
                rfolded(v.splice(1..4, items()));
                tried(v.splice(1..4, items()));
                drop(v.splice(1..4, items()).nth(1));
                drop(v.splice(1..2, items()).as_slice().to_vec());
            },
        ),
        case("PartialEq<CowVec<U>> for UniqueVec<T>", |v| _ = *v == CowVec::<T>::make(0)),
        case("From<UniqueVec<T>> for PersistentVector<T>", |v| {
            drop(PersistentVector::from(v.clone()));
        }),
    ];
    cases.to_vec()
}

/// Cases for elements that are `Copy`.
fn of_copies() -> Vec<Case<UniqueVec<Plain<0>>>> {
    let cases: &[Case<UniqueVec<Plain<0>>>] =
        &[case("Extend<&'a T> for UniqueVec<T>", |v| v.extend(coming(leaked)))];
    cases.to_vec()
}

pub fn covers() -> Vec<&'static str> {
    let all = cases::<Plain<0>>().into_iter().map(|case| case.covers);
    all.chain(of_copies().into_iter().map(|case| case.covers)).collect()
}

#[test]
fn unique_vec_of_elements_with_drop_glue_stays_valid() {
    assert_eq!(attack(&cases::<Item<0>>()), [""; 0]);
}

#[test]
fn unique_vec_of_elements_without_drop_glue_stays_valid() {
    attack_again(&cases::<Plain<0>>());
    assert_eq!(attack(&of_copies()), [""; 0]);
}

#[test]
fn unique_vec_of_elements_without_a_size_stays_valid() {
    attack_again(&cases::<Nothing>());
}
