//! `PersistentVector`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;

use cow_collections::{CowVec, PersistentVector, UniqueVec};

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Nothing, Plain, elements};
use crate::liars::{Digest, Span, coming, folded, items, order, rfolded, show, tried, yes};
use crate::script::{Friend, Meddle, call};
use crate::vec::leaked;

/// Enough elements for two levels of nodes, if a leaf has four.
const LEN: u8 = if cfg!(miri) { 13 } else { 70 };

/// Yields the numbers from 1 to 30 again and again, each twice.
fn numbers(len: u8) -> impl Iterator<Item = u8> {
    (0..len).map(|i| i / 2 % 30 + 1)
}

fn many<T: Elem>(len: u8) -> Vec<T> {
    numbers(len).map(T::of).collect()
}

impl<T: Elem> Subject for PersistentVector<T> {
    const FORMS: usize = 4;
    const HEAVY: bool = true;

    fn make(form: usize) -> Self {
        match form {
            0 => many(LEN).into(),
            // Leaves that are not full.
            1 => {
                let mut v = Self::from(many(LEN / 2));
                v.append(many(5).into());
                v.append(Self::from(many(LEN / 2)).slice(3..));
                v
            }
            // A front leaf and a tail leaf outside the tree.
            2 => {
                let mut v = Self::from(many(LEN - 6));
                (0..3).for_each(|_| v.push_front(T::of(5)));
                (0..3).for_each(|_| v.push_back(T::of(6)));
                v
            }
            _ => many(5).into(),
        }
    }

    fn check(&self) -> Vec<u8> {
        self.assert_invariants();
        let numbers: Vec<u8> = self.iter().map(T::number).collect();
        assert_eq!(numbers.len(), self.len());
        numbers
    }

    fn use_again(&mut self) {
        let len = self.len();
        self.push_front(T::of(31));
        self.insert(len / 2, T::of(32));
        self.push_back(T::of(30));
        assert_eq!(self.len(), len + 3);
        drop(self.remove(len / 3));
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.clone();
        Some(Box::new(move || hidden.check()))
    }

    fn friend(&self) -> Option<Friend> {
        let mut friend = Some(self.clone());
        Some(Box::new(move |how| match how {
            Meddle::Read => drop(friend.as_ref().map(Self::check)),
            Meddle::Push => {
                if let Some(v) = &mut friend {
                    v.push_back(T::of(50));
                    v.push_front(T::of(51));
                    _ = v.set(v.len() / 2, T::of(52));
                }
            }
            Meddle::Clone => drop(friend.as_ref().map(|v| (v.clone(), v.slice(2..)))),
            Meddle::Drop => friend = None,
        }))
    }
}

fn edits<T: Elem>() -> Vec<Case<PersistentVector<T>>> {
    let cases: &[Case<PersistentVector<T>>] = &[
        case("PersistentVector::append", |v| {
            v.append(many(9).into());
            v.append(v.clone());
        }),
        case("PersistentVector::concat", |v| {
            let one = || PersistentVector::from(many(7));
            let mut parts = [one(), v.clone(), one()].into_iter();
            let parts = items::<T>().map_while(|_| parts.next());
            *v = PersistentVector::concat(parts);
        }),
        case("PersistentVector::first_mut | PersistentVector::last_mut", |v| {
            *v.first_mut().expect("there is one") = T::of(20);
            *v.last_mut().expect("there is one") = T::of(21);
        }),
        case("PersistentVector::front_mut | PersistentVector::back_mut", |v| {
            *v.front_mut().expect("there is one") = T::of(20);
            *v.back_mut().expect("there is one") = T::of(21);
        }),
        case("PersistentVector::get_mut | IndexMut<usize> for PersistentVector<T>", |v| {
            let middle = v.len() / 2;
            *v.get_mut(middle).expect("there is one") = T::of(20);
            v[middle + 1] = T::of(21);
        }),
        case("PersistentVector::get_disjoint_mut", |v| {
            let [a, b] = v.get_disjoint_mut([1, 4]).expect("both are there");
            std::mem::swap(a, b);
        }),
        case("PersistentVector::chunks_mut | Iterator for persistent::ChunksMut<'a, T>", |v| {
            folded(v.chunks_mut());
            v.chunks_mut().for_each(|chunk| chunk.sort());
        }),
        case("DoubleEndedIterator for persistent::ChunksMut<'a, T>", |v| {
            rfolded(v.chunks_mut());
            tried(v.chunks_mut());
        }),
        case("PersistentVector::cursor_mut | CursorMut::get_mut", |v| {
            let mut cursor = v.cursor_mut();
            for i in [0, 3, 1] {
                *cursor.get_mut(i).expect("there is one") = T::of(20);
            }
        }),
        case("PersistentVector::dedup", |v| v.dedup()),
        case("PersistentVector::dedup_by", |v| v.dedup_by(|a, b| yes(a.number() == b.number()))),
        case("PersistentVector::dedup_by_key", |v| v.dedup_by_key(|e| e.key())),
        case("PersistentVector::drain", |v| drop(v.drain(Span))),
        case("PersistentVector::drain", |v| folded(v.drain(Span))),
        case("PersistentVector::extend_from_slice", |v| v.extend_from_slice(&elements(20, 9))),
        case("PersistentVector::extend_from_within", |v| v.extend_from_within(Span)),
        case("PersistentVector::extract_if", |v| {
            drop(v.extract_if(Span, |e| yes(e.is_odd())));
            folded(v.extract_if(Span, |e| yes(e.is_odd())));
        }),
        case("Iterator for persistent::ExtractIf<'_, T, F>", |v| {
            folded(v.extract_if(1.., |e| yes(e.is_odd())));
            drop(v.extract_if(1.., |e| yes(e.is_odd())).nth(1));
        }),
        case("PersistentVector::fill", |v| v.fill(T::of(20))),
        case("PersistentVector::insert", |v| v.insert(2, T::of(20))),
        case("PersistentVector::insert", |v| v.insert(v.len() / 2, T::of(20))),
        case("PersistentVector::iter_mut | IntoIterator for &'a mut PersistentVector<T>", |v| {
            v.iter_mut().for_each(|e| *e = T::of(20));
        }),
        case("Iterator for persistent::IterMut<'a, T>", |v| {
            folded((&mut *v).into_iter());
            _ = v.iter_mut().nth(3).map(|e| *e = T::of(20));
        }),
        case("DoubleEndedIterator for persistent::IterMut<'a, T>", |v| {
            rfolded(v.iter_mut());
            tried(v.iter_mut());
        }),
        case("PersistentVector::pop | PersistentVector::pop_back", |v| {
            drop((v.pop(), v.pop_back()));
        }),
        case("PersistentVector::pop_back_if", |v| drop(v.pop_back_if(|e| yes(e.is_odd())))),
        case("PersistentVector::pop_front", |v| drop((v.pop_front(), v.pop_front()))),
        case("PersistentVector::pop_front_if", |v| drop(v.pop_front_if(|e| yes(e.is_odd())))),
        case("PersistentVector::push | PersistentVector::push_back", |v| {
            v.push(T::of(20));
            v.push_back(T::of(20));
        }),
        case("PersistentVector::push_front", |v| v.push_front(T::of(20))),
        case("PersistentVector::range_mut", |v| v.range_mut(Span).for_each(|e| *e = T::of(20))),
        case("PersistentVector::remove", |v| drop(v.remove(v.len() / 2))),
        case("PersistentVector::replace_range", |v| drop(v.replace_range(Span, many(9).into()))),
        case("PersistentVector::resize", |v| {
            v.resize(v.len() + 9, T::of(20));
            v.resize(2, T::of(21));
        }),
        case("PersistentVector::resize_with", |v| {
            v.resize_with(v.len() + 9, || {
                call();
                T::of(20)
            });
        }),
        case("PersistentVector::retain", |v| v.retain(|e| yes(e.is_odd()))),
        case("PersistentVector::retain_mut", |v| {
            v.retain_mut(|e| {
                *e = T::of(20);
                yes(true)
            });
        }),
        case("PersistentVector::reverse", |v| v.reverse()),
        case("PersistentVector::rotate_left | PersistentVector::rotate_right", |v| {
            v.rotate_left(3);
            v.rotate_right(1);
        }),
        case("PersistentVector::set", |v| drop(v.set(3, T::of(20)))),
        case("PersistentVector::slice", |v| *v = v.slice(Span)),
        case("PersistentVector::slice", |v| *v = v.slice(2..v.len() - 1)),
        case("PersistentVector::splice", |v| drop(v.splice(Span, items()))),
        case("PersistentVector::splice", |v| folded(v.splice(1..4, items()))),
        case("PersistentVector::split_off", |v| drop(v.split_off(v.len() / 3))),
        case("PersistentVector::swap", |v| v.swap(1, 4)),
        case("PersistentVector::swap_remove", |v| drop(v.swap_remove(1))),
        case("PersistentVector::truncate", |v| v.truncate(v.len() / 3)),
        case("PersistentVector::update", |v| *v = v.update(2, T::of(20))),
        case("Extend<T> for PersistentVector<T>", |v| v.extend(items())),
        case("FromIterator<T> for PersistentVector<T>", |v| *v = items().collect()),
    ];
    cases.to_vec()
}

fn sorts<T: Elem>() -> Vec<Case<PersistentVector<T>>> {
    let cases: &[Case<PersistentVector<T>>] = &[
        case("PersistentVector::sort", |v| v.sort()),
        case("PersistentVector::sort_by", |v| v.sort_by(order)),
        case("PersistentVector::sort_by_cached_key", |v| v.sort_by_cached_key(|e| e.key())),
        case("PersistentVector::sort_by_key", |v| v.sort_by_key(|e| e.key())),
        case("PersistentVector::sort_unstable", |v| v.sort_unstable()),
        case("PersistentVector::sort_unstable_by", |v| v.sort_unstable_by(order)),
        case("PersistentVector::sort_unstable_by_key", |v| v.sort_unstable_by_key(|e| e.key())),
    ];
    cases.to_vec()
}

fn reads<T: Elem>() -> Vec<Case<PersistentVector<T>>> {
    let cases: &[Case<PersistentVector<T>>] = &[
        case("PersistentVector::binary_search", |v| _ = v.binary_search(&T::of(9))),
        case("PersistentVector::binary_search_by", |v| {
            _ = v.binary_search_by(|e| order(e, &T::of(9)));
        }),
        case("PersistentVector::binary_search_by_key", |v| {
            _ = v.binary_search_by_key(&T::of(9).key(), |e| e.key());
        }),
        case("PersistentVector::partition_point", |v| {
            _ = v.partition_point(|e| order(e, &T::of(9)) == Ordering::Less);
        }),
        case("PersistentVector::contains | PersistentVector::index_of", |v| {
            _ = v.contains(&T::of(28));
            _ = v.index_of(&T::of(29));
        }),
        case("PersistentVector::starts_with | PersistentVector::ends_with", |v| {
            _ = v.starts_with(&many::<T>(9));
            _ = v.ends_with(&many::<T>(9)[3..]);
        }),
        case("PersistentVector::diff | Hash for persistent::Hunk", |v| {
            let mut other = v.clone();
            drop(other.set(3, T::of(20)));
            drop(other.remove(1));
            v.diff(&other).hash(&mut Digest);
            v.diff(&PersistentVector::make(0)).hash(&mut Digest);
        }),
        case("PersistentVector::eq_shared", |v| _ = v.eq_shared(&PersistentVector::make(0))),
        case("PersistentVector::range", |v| folded(v.range(Span))),
        case("PersistentVector::to_vec | From<PersistentVector<T>> for Vec<T>", |v| {
            drop((v.to_vec(), Vec::from(v.clone())));
        }),
        case("From<PersistentVector<T>> for VecDeque<T>", |v| {
            drop(VecDeque::from(v.clone()));
        }),
        case("From<PersistentVector<T>> for CowVec<T>", |v| {
            drop(CowVec::from(v.clone()));
        }),
        case("From<CowVec<T>> for PersistentVector<T>", |_| {
            let v = CowVec::from(many::<T>(LEN));
            drop(PersistentVector::from(v.clone()));
            drop(PersistentVector::from(v));
        }),
        case("From<UniqueVec<T>> for PersistentVector<T>", |_| {
            drop(PersistentVector::from(UniqueVec::from(many::<T>(LEN))));
        }),
        case("From<&[T]> for PersistentVector<T>", |_| {
            drop(PersistentVector::from(&many::<T>(LEN)[..]));
        }),
        case("From<&Vec<T>> for PersistentVector<T>", |_| {
            drop(PersistentVector::from(&many::<T>(LEN)));
        }),
        case("From<&[T; N]> for PersistentVector<T>", |_| {
            drop(PersistentVector::from(&[1, 2, 3].map(T::of)));
        }),
        case(
            "From<&mut [T; N]> for PersistentVector<T> \
             | From<&mut [T]> for PersistentVector<T>",
            |_| {
                drop(PersistentVector::from(&mut [1, 2, 3].map(T::of)));
                drop(PersistentVector::from(&mut many::<T>(LEN)[..]));
            },
        ),
        case(
            "From<Arc<[T]>> for PersistentVector<T> \
             | From<Rc<[T]>> for PersistentVector<T>",
            |_| {
                drop(PersistentVector::from(Arc::<[T]>::from(many::<T>(LEN))));
                drop(PersistentVector::from(Rc::<[T]>::from(many::<T>(LEN))));
            },
        ),
        case("From<Cow<'_, [T]>> for PersistentVector<T>", |_| {
            drop(PersistentVector::from(Cow::Borrowed(&many::<T>(LEN)[..])));
        }),
        case(
            "From<PersistentVector<T>> for Arc<[T]> \
             | From<PersistentVector<T>> for Box<[T]> \
             | From<PersistentVector<T>> for Rc<[T]>",
            |v| {
                drop(Arc::<[T]>::from(v.clone()));
                drop(Box::<[T]>::from(v.clone()));
                drop(Rc::<[T]>::from(v.clone()));
            },
        ),
        case("TryFrom<PersistentVector<T>> for [T; N]", |v| {
            drop(<[T; 5]>::try_from(v.take(5)));
            drop(<[T; 5]>::try_from(v.clone()));
        }),
        case("PersistentVector::skip | PersistentVector::take | PersistentVector::split_at", |v| {
            drop((v.skip(1), v.take(LEN as usize / 2), v.split_at(3)));
        }),
        case("Clone for persistent::IntoIter<T>", |v| {
            let mut iter = v.clone().into_iter();
            drop(iter.next());
            drop(iter.clone());
        }),
        case(
            "Iterator for persistent::Iter<'a, T> | DoubleEndedIterator for persistent::Iter<'_, T>",
            |v| {
                folded(v.iter());
                rfolded(v.iter());
                tried(v.iter());
            },
        ),
        case(
            "Iterator for persistent::Chunks<'a, T> | DoubleEndedIterator for persistent::Chunks<'_, T>",
            |v| {
                folded(v.chunks());
                rfolded(v.chunks());
                tried(v.chunks());
            },
        ),
        case("IntoIterator for PersistentVector<T> | Iterator for persistent::IntoIter<T>", |v| {
            folded(v.clone().into_iter());
            folded(std::mem::take(v).into_iter());
        }),
        case("DoubleEndedIterator for persistent::IntoIter<T>", |v| {
            rfolded(v.clone().into_iter());
            tried(std::mem::take(v).into_iter());
        }),
        case("Debug for PersistentVector<T> | Debug for persistent::Iter<'_, T>", |v| {
            show(v);
            show(&v.iter());
        }),
        case("Debug for persistent::Chunks<'_, T> | Debug for persistent::Cursor<'_, T>", |v| {
            show(&v.chunks());
            show(&v.cursor());
        }),
        case("Hash for PersistentVector<T>", |v| v.hash(&mut Digest)),
        case("Ord for PersistentVector<T> | PartialOrd for PersistentVector<T>", |v| {
            let other = PersistentVector::make(0);
            _ = (*v).cmp(&other);
            _ = *v < other;
        }),
        case(
            "PartialEq<PersistentVector<U>> for PersistentVector<T> \
             | PartialEq<[U]> for PersistentVector<T> \
             | PartialEq<&[U]> for PersistentVector<T> \
             | PartialEq<[U; N]> for PersistentVector<T> \
             | PartialEq<&[U; N]> for PersistentVector<T> \
             | PartialEq<&mut [U]> for PersistentVector<T> \
             | PartialEq<Vec<U>> for PersistentVector<T> \
             | PartialEq<VecDeque<U>> for PersistentVector<T> \
             | PartialEq<Cow<'_, [U]>> for PersistentVector<T> \
             | PartialEq<UniqueVec<U>> for PersistentVector<T> \
             | PartialEq<CowVec<U>> for PersistentVector<T>",
            |v| {
                let (array, mut all) = ([1, 1, 2, 2, 3].map(T::of), many::<T>(LEN));
                _ = (*v == array, *v == &array, *v == all[..], *v == &all[..], *v == all);
                _ = *v == &mut all[..];
                _ = (*v == VecDeque::from(many::<T>(LEN)), *v == Cow::<[T]>::Owned(many(LEN)));
                _ = (*v == UniqueVec::from(many::<T>(LEN)), *v == CowVec::from(all));
                _ = *v == PersistentVector::<T>::make(0);
            },
        ),
        case(
            "PartialEq<PersistentVector<U>> for [T] \
             | PartialEq<PersistentVector<U>> for &[T] \
             | PartialEq<PersistentVector<U>> for &mut [T] \
             | PartialEq<PersistentVector<U>> for [T; N] \
             | PartialEq<PersistentVector<U>> for &[T; N] \
             | PartialEq<PersistentVector<U>> for Vec<T> \
             | PartialEq<PersistentVector<U>> for VecDeque<T> \
             | PartialEq<PersistentVector<U>> for Cow<'_, [T]> \
             | PartialEq<PersistentVector<U>> for UniqueVec<T> \
             | PartialEq<PersistentVector<U>> for CowVec<T>",
            |v| {
                let (array, mut all) = ([1, 1, 2, 2, 3].map(T::of), many::<T>(LEN));
                _ = (array == *v, &array == *v, all[..] == *v, &all[..] == *v, all == *v);
                _ = &mut all[..] == *v;
                _ = (VecDeque::from(many::<T>(LEN)) == *v, Cow::<[T]>::Owned(many(LEN)) == *v);
                _ = (UniqueVec::from(many::<T>(LEN)) == *v, CowVec::from(all) == *v);
            },
        ),
    ];
    cases.to_vec()
}

/// Cases for elements that are `Copy`.
fn of_copies() -> Vec<Case<PersistentVector<Plain<0>>>> {
    let cases: &[Case<PersistentVector<Plain<0>>>] =
        &[case("Extend<&'a T> for PersistentVector<T>", |v| v.extend(coming(leaked)))];
    cases.to_vec()
}

fn all<T: Elem>() -> Vec<Case<PersistentVector<T>>> {
    [edits(), sorts(), reads()].concat()
}

pub fn covers() -> Vec<&'static str> {
    let copies = of_copies();
    all::<Plain<0>>()
        .iter()
        .map(|case| case.covers)
        .chain(copies.iter().map(|case| case.covers))
        .collect()
}

#[test]
fn persistent_vector_that_is_edited_stays_valid() {
    assert_eq!(attack(&edits::<Item<31>>()), [""; 0]);
}

#[test]
fn persistent_vector_that_is_sorted_stays_valid() {
    assert_eq!(attack(&sorts::<Item<31>>()), [""; 0]);
}

#[test]
fn persistent_vector_that_is_read_stays_valid() {
    assert_eq!(attack(&reads::<Item<31>>()), [""; 0]);
}

#[test]
fn persistent_vector_of_elements_without_drop_glue_stays_valid() {
    attack_again(&all::<Plain<31>>());
    assert_eq!(attack(&of_copies()), [""; 0]);
}

#[test]
fn persistent_vector_of_elements_without_a_size_stays_valid() {
    attack_again(&all::<Nothing>());
}
