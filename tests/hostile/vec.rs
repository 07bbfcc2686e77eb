//! `CowVec`.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BinaryHeap, VecDeque};
use std::hash::Hash;
#[cfg(feature = "std")]
use std::io::Write;
use std::ops::{Bound, RangeBounds};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

#[cfg(feature = "std")]
use cow_collections::PersistentVector;
use cow_collections::{CowVec, UniqueVec};

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Nothing, Plain, elements};
#[cfg(feature = "std")]
use crate::liars::View;
use crate::liars::{Digest, Span, coming, folded, items, rfolded, show, tried, yes};
use crate::script::{Friend, Meddle, call};

/// Six numbers with two equal neighbours.
pub const NUMBERS: [u8; 6] = [1, 2, 2, 3, 4, 5];

pub fn six<T: Elem>() -> Vec<T> {
    NUMBERS.map(T::of).into()
}

impl<T: Elem> Subject for CowVec<T> {
    const FORMS: usize = 3;

    fn make(form: usize) -> Self {
        match form {
            0 => six().into(),
            1 => {
                let mut v = Self::with_capacity(20);
                six().into_iter().for_each(|element| v.push(element));
                v
            }
            // Another handle has pushed elements past the length.
            _ => {
                let mut all = Self::from(six());
                all.extend(elements(20, 3));
                let mut v = all.clone();
                v.truncate(6);
                v
            }
        }
    }

    fn check(&self) -> Vec<u8> {
        assert!(self.capacity() >= self.len() && self.retained_len() >= self.len());
        assert_eq!(self.iter().count(), self.len());
        self.iter().map(T::number).collect()
    }

    fn use_again(&mut self) {
        let len = self.len();
        self.push(T::of(30));
        assert_eq!(self.len(), len + 1);
        self.insert(0, T::of(31));
        drop(self.remove(len / 2));
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.clone();
        Some(Box::new(move || hidden.check()))
    }

    fn friend(&self) -> Option<Friend> {
        let mut friend = Some(self.clone());
        Some(Box::new(move |how| match how {
            Meddle::Read => drop(friend.as_ref().map(Self::check)),
            Meddle::Push => friend.as_mut().into_iter().for_each(|v| v.push(T::of(50))),
            Meddle::Clone => drop(friend.as_ref().map(|v| (v.clone(), v.clone().pop()))),
            Meddle::Drop => friend = None,
        }))
    }
}

/// Cases for every element.
fn cases<T: Elem>() -> Vec<Case<CowVec<T>>> {
    let cases: &[Case<CowVec<T>>] = &[
        case("CowVec::append", |v| {
            let mut more = CowVec::from(elements(20, 2));
            v.append(&mut more);
            v.append(&mut CowVec::make(1));
        }),
        case("CowVec::as_mut_slice", |v| v.as_mut_slice().sort()),
        case("CowVec::dedup", |v| v.dedup()),
        case("CowVec::dedup_by", |v| v.dedup_by(|a, b| yes(a.number() == b.number()))),
        case("CowVec::dedup_by_key", |v| v.dedup_by_key(|e| e.key())),
        case("CowVec::drain", |v| drop(v.drain(Span))),
        case("CowVec::drain", |v| drop(v.drain(Span).next_back())),
        case("Iterator for vec::Drain<'a, T> | DoubleEndedIterator for vec::Drain<'a, T>", |v| {
            rfolded(v.drain(1..5));
            tried(v.drain(1..));
            drop(v.drain(..1).nth(3));
        }),
        case("Debug for vec::Drain<'_, T>", |v| show(&v.drain(1..))),
        case("CowVec::extend_from_slice", |v| v.extend_from_slice(&elements(20, 3))),
        case("CowVec::extend_from_within", |v| v.extend_from_within(Span)),
        case("CowVec::extract_if", |v| {
            drop(v.extract_if(Span, |e| yes(e.is_odd())));
            v.extract_if(Span, |e| yes(e.is_odd())).for_each(drop);
        }),
        case("CowVec::insert", |v| v.insert(2, T::of(20))),
        case("CowVec::insert_mut", |v| *v.insert_mut(2, T::of(20)) = T::of(21)),
        case("CowVec::into_boxed_slice", |v| drop(v.clone().into_boxed_slice())),
        case("CowVec::into_vec", |v| drop(v.clone().into_vec())),
        case("CowVec::pop", |v| drop(v.pop())),
        case("CowVec::pop_if", |v| drop(v.pop_if(|e| yes(!e.is_odd())))),
        case("CowVec::push | CowVec::push_mut", |v| {
            v.push(T::of(20));
            *v.push_mut(T::of(21)) = T::of(22);
        }),
        case("CowVec::remove | CowVec::swap_remove", |v| {
            drop(v.remove(1));
            drop(v.swap_remove(1));
        }),
        case("CowVec::reserve | CowVec::shrink_to", |v| {
            v.reserve(30);
            v.shrink_to(3);
            v.clear();
        }),
        case("CowVec::reserve_exact | CowVec::shrink_to_fit", |v| {
            v.reserve_exact(30);
            v.shrink_to_fit();
            v.clear();
        }),
        case("CowVec::resize", |v| {
            v.resize(9, T::of(20));
            v.resize(2, T::of(21));
        }),
        case("CowVec::resize_with", |v| {
            v.resize_with(9, || {
                call();
                T::of(20)
            });
        }),
        case("CowVec::retain", |v| v.retain(|e| yes(e.is_odd()))),
        case("CowVec::retain_mut", |v| {
            v.retain_mut(|e| {
                *e = T::of(20);
                yes(true)
            })
        }),
        case("CowVec::splice", |v| drop(v.splice(Span, items()))),
        case("CowVec::splice", |v| {
            let mut splice = v.splice(1..4, items());
            drop((splice.next(), splice.next_back()));
        }),
        case("CowVec::split_off", |v| drop(v.split_off(2))),
        case("CowVec::try_reserve | CowVec::try_reserve_exact", |v| {
            assert!(v.try_reserve(20).is_ok() && v.try_reserve_exact(40).is_ok());
            v.clear();
        }),
        case("Extend<T> for CowVec<T>", |v| v.extend(items())),
        case("FromIterator<T> for CowVec<T>", |v| *v = items().collect()),
        case("From<&[T]> for CowVec<T> | From<&mut [T]> for CowVec<T>", |_| {
            drop(CowVec::from(&elements::<T>(20, 3)[..]));
            drop(CowVec::from(&mut elements::<T>(20, 3)[..]));
        }),
        case("From<&[T; N]> for CowVec<T> | From<&mut [T; N]> for CowVec<T>", |_| {
            drop(CowVec::from(&[1, 2, 3].map(T::of)));
            drop(CowVec::from(&mut [1, 2, 3].map(T::of)));
        }),
        case("From<Arc<[T]>> for CowVec<T> | From<Rc<[T]>> for CowVec<T>", |_| {
            let (arc, rc) = (Arc::from(elements::<T>(20, 3)), Rc::from(elements::<T>(20, 3)));
            drop((CowVec::from(Arc::clone(&arc)), CowVec::from(Rc::clone(&rc))));
            drop((CowVec::from(arc), CowVec::from(rc)));
        }),
        case("From<Cow<'_, [T]>> for CowVec<T>", |_| {
            drop(CowVec::from(Cow::Borrowed(&elements::<T>(20, 3)[..])));
        }),
        case("From<CowVec<T>> for Cow<'_, [T]>", |v| {
            let owned: Cow<'_, [T]> = v.clone().into();
            drop(owned.into_owned());
        }),
        case("From<&'a CowVec<T>> for Cow<'a, [T]>", |v| {
            let borrowed: Cow<'_, [T]> = (&*v).into();
            drop(borrowed.into_owned());
        }),
        case("From<CowVec<T>> for BinaryHeap<T>", |v| {
            drop(BinaryHeap::from(v.clone()));
        }),
        case("From<&Vec<T>> for CowVec<T>", |_| drop(CowVec::from(&six::<T>()))),
        case("Hash for CowVec<T>", |v| v.hash(&mut Digest)),
        case("Debug for CowVec<T>", |v| show(v)),
        case("Ord for CowVec<T> | PartialOrd for CowVec<T>", |v| {
            let other = CowVec::make(0);
            _ = (*v).cmp(&other);
            _ = *v < other;
        }),
        case(
            "PartialEq<[U]> for CowVec<T> | PartialEq<&[U]> for CowVec<T> \
             | PartialEq<&mut [U]> for CowVec<T> | PartialEq<[U; N]> for CowVec<T> \
             | PartialEq<&[U; N]> for CowVec<T> | PartialEq<Vec<U>> for CowVec<T> \
             | PartialEq<VecDeque<U>> for CowVec<T> \
             | PartialEq<Cow<'_, [U]>> for CowVec<T> \
             | PartialEq<CowVec<U>> for CowVec<T>",
            |v| {
                let array = NUMBERS.map(T::of);
                _ = (*v == array[..], *v == &array[..], *v == array, *v == &array);
                _ = *v == &mut six::<T>()[..];
                _ = (*v == six(), *v == VecDeque::from(six()));
                _ = *v == Cow::<[T]>::Owned(six());
                _ = *v == CowVec::<T>::make(1);
            },
        ),
        case(
            "PartialEq<CowVec<U>> for [T] | PartialEq<CowVec<U>> for &[T] \
             | PartialEq<CowVec<U>> for &mut [T] | PartialEq<CowVec<U>> for [T; N] \
             | PartialEq<CowVec<U>> for &[T; N] | PartialEq<CowVec<U>> for Vec<T> \
             | PartialEq<CowVec<U>> for VecDeque<T> \
             | PartialEq<CowVec<U>> for Cow<'_, [T]>",
            |v| {
                let array = NUMBERS.map(T::of);
                _ = (array[..] == *v, &array[..] == *v, array == *v, &array == *v);
                _ = &mut six::<T>()[..] == *v;
                _ = (six::<T>() == *v, VecDeque::from(six::<T>()) == *v);
                _ = Cow::<[T]>::Owned(six()) == *v;
            },
        ),
        case("Iterator for vec::ExtractIf<'_, T, F>", |v| {
            drop(v.extract_if(1.., |e| yes(e.is_odd())).nth(1));
            folded(v.extract_if(1.., |e| yes(e.is_odd())));
        }),
        case("Debug for vec::ExtractIf<'_, T, F>", |v| {
            show(&v.extract_if(1.., |e| yes(e.is_odd())));
        }),
        case("Debug for vec::Splice<'_, I>", |v| show(&v.splice(1..3, items()))),
        case("Debug for vec::IntoIter<T>", |v| show(&v.clone().into_iter())),
        case("Clone for vec::IntoIter<T>", |v| {
            let mut iter = v.clone().into_iter();
            drop(iter.next());
            drop(iter.clone());
        }),
        case("Iterator for vec::IntoIter<T> | DoubleEndedIterator for vec::IntoIter<T>", |v| {
            folded(v.clone().into_iter());
            rfolded(v.clone().into_iter());
            tried(v.clone().into_iter());
            let mut iter = v.clone().into_iter();
            drop((iter.nth(1), iter.nth_back(1), iter.next(), iter.count()));
        }),
        case("CowVec::into_unique | CowVec::make_unique", |v| {
            v.make_unique().pop();
            drop(v.clone().into_unique());
        }),
        case("CowVec::make_mut", |v| v.make_mut().sort_by_key(|e| e.key())),
        case("CowVec::set", |v| drop(v.set(2, T::of(20)))),
        case("CowVec::fast_eq", |v| _ = v.fast_eq(&CowVec::make(0))),
        case("Iterator for vec::Splice<'_, I> | DoubleEndedIterator for vec::Splice<'_, I>", |v| {
            rfolded(v.splice(1..4, items()));
            tried(v.splice(1..4, items()));
            drop(v.splice(1..4, items()).nth(1));
        }),
        case("IntoIterator for CowVec<T>", |v| v.clone().into_iter().for_each(|_| call())),
        case("PartialEq<UniqueVec<U>> for CowVec<T>", |v| _ = *v == UniqueVec::<T>::make(0)),
        case("TryFrom<CowVec<T>> for [T; N]", |v| {
            drop(<[T; 6]>::try_from(v.clone()));
            drop(<[T; 5]>::try_from(v.clone()));
        }),
        case(
            "From<CowVec<T>> for Arc<[T]> | From<CowVec<T>> for Rc<[T]> \
             | From<CowVec<T>> for Box<[T]>",
            |v| {
                drop((Arc::<[T]>::from(v.clone()), Rc::<[T]>::from(v.clone())));
                drop(Box::<[T]>::from(v.clone()));
            },
        ),
        case("From<CowVec<T>> for Vec<T> | From<CowVec<T>> for VecDeque<T>", |v| {
            drop((Vec::from(v.clone()), VecDeque::from(v.clone())));
        }),
    ];
    cases.to_vec()
}

/// Cases for elements that are `Copy`.
fn of_copies() -> Vec<Case<CowVec<Plain<0>>>> {
    let cases: &[Case<CowVec<Plain<0>>>] = &[
        case("Extend<&'a T> for CowVec<T>", |v| v.extend(coming(leaked))),
        #[cfg(feature = "std")]
        case("Write for CowVec<u8>", |_| write_to(CowVec::from(*b"bytes"))),
        #[cfg(feature = "std")]
        case("Write for UniqueVec<u8>", |_| write_to(UniqueVec::from(*b"bytes"))),
        #[cfg(feature = "std")]
        case("Write for PersistentVector<u8>", |_| {
            write_to(PersistentVector::from(*b"bytes"));
        }),
    ];
    cases.to_vec()
}

/// Formats a hostile value into bytes that are shared, and then into unique ones.
#[cfg(feature = "std")]
fn write_to<V: Write + Clone>(mut bytes: V)
where
    for<'a> &'a V: IntoIterator<Item = &'a u8>,
{
    let hidden = bytes.clone();
    _ = write!(bytes, "{View}, {View}");
    drop(hidden);
    _ = write!(bytes, "{View}");
    assert!(
        (&bytes).into_iter().all(|byte| byte.is_ascii_lowercase() || b" ,\xc3\xa9".contains(byte))
    );
}

/// Returns a reference to a static element.
pub fn leaked(number: u8) -> &'static Plain<0> {
    static ALL: LazyLock<Vec<Plain<0>>> = LazyLock::new(|| elements(1, 60));
    &ALL[usize::from(number) - 1]
}

pub fn covers() -> Vec<&'static str> {
    let all = cases::<Plain<0>>().into_iter().map(|case| case.covers);
    all.chain(of_copies().into_iter().map(|case| case.covers)).collect()
}

#[test]
fn cow_vec_of_elements_with_drop_glue_stays_valid() {
    assert_eq!(attack(&cases::<Item<0>>()), [""; 0]);
}

#[test]
fn cow_vec_of_elements_without_drop_glue_stays_valid() {
    attack_again(&cases::<Plain<0>>());
    assert_eq!(attack(&of_copies()), [""; 0]);
}

#[test]
fn cow_vec_of_elements_without_a_size_stays_valid() {
    attack_again(&cases::<Nothing>());
}

#[test]
fn extend_from_within_by_a_range_that_changes_its_start_clones_only_elements() {
    struct Changing(Cell<usize>, [usize; 2]);
    impl RangeBounds<usize> for Changing {
        fn start_bound(&self) -> Bound<&usize> {
            let nth = self.0.replace(self.0.get() + 1);
            Bound::Included(&self.1[nth.min(1)])
        }
        fn end_bound(&self) -> Bound<&usize> {
            Bound::Unbounded
        }
    }
    for starts in [[0, 100], [100, 0]] {
        let changing = || Changing(Cell::new(0), starts);
        let (mut unique, mut alone) = (UniqueVec::from([1_u8; 4]), CowVec::from([1_u8; 4]));
        _ = catch_unwind(AssertUnwindSafe(|| unique.extend_from_within(changing())));
        _ = catch_unwind(AssertUnwindSafe(|| alone.extend_from_within(changing())));
        for bytes in [&unique[..], &alone[..]] {
            assert!(bytes.len() % 4 == 0 && bytes.iter().all(|byte| *byte == 1), "{bytes:?}");
        }
    }
}
