//! Lengths that no allocation can hold. The collections panic with "capacity overflow" where `Vec` and
//! `String` do, before they request an element and before they allocate.

use std::fmt::Debug;
use std::iter::{once, repeat_n, repeat_with};

use crate::common::panics::message;
#[cfg(feature = "list")]
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec, cow_vec, persistent_vector};

/// One byte more than the largest allocation, `isize::MAX` bytes.
const TOO_MANY: usize = isize::MAX as usize + 1;

/// The name of a call, and the call.
type Call<V> = (&'static str, fn(&mut V));

/// Checks that each call panics with "capacity overflow" and leaves `value` unchanged.
fn overflow<V: Clone + PartialEq + Debug>(value: &mut V, calls: &[Call<V>]) {
    let expected = value.clone();
    for (name, call) in calls {
        assert_eq!(message(|| call(value)), "capacity overflow", "{name}");
        assert_eq!(*value, expected, "{name}");
    }
}

/// An iterator that announces a length and must not be asked for an element.
struct Announces<T>(usize, T);

impl<T> Iterator for Announces<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        panic!("asked for an element");
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0, None)
    }
}

#[test]
fn constructors_with_too_many_elements_panic_with_capacity_overflow() {
    overflow(
        &mut (),
        &[
            ("Vec", |()| drop(vec![0_u8; TOO_MANY])),
            ("CowVec", |()| drop(cow_vec![0_u8; TOO_MANY])),
            ("PersistentVector", |()| drop(persistent_vector![0_u8; TOO_MANY])),
            ("PersistentVector of 4 bytes", |()| drop(persistent_vector![0_u32; TOO_MANY / 4])),
            ("UniqueVec, capacity", |()| drop(UniqueVec::<u8>::with_capacity(TOO_MANY))),
            ("CowVec, capacity", |()| drop(CowVec::<u8>::with_capacity(TOO_MANY))),
            ("CowString, capacity", |()| drop(CowString::with_capacity(TOO_MANY))),
            ("CowString, repeat", |()| drop(CowString::from("ab").repeat(TOO_MANY / 2))),
        ],
    );
}

/// Returns an iterator over `TOO_MANY` elements, whose length is announced.
fn many() -> impl Iterator<Item = u8> {
    once(0).chain(repeat_n(0, TOO_MANY - 1))
}

/// Returns an iterator over more than `usize::MAX` elements.
fn most() -> impl Iterator<Item = u8> {
    once(0).chain(repeat_n(0, usize::MAX))
}

#[test]
fn collecting_an_announced_length_too_large_panics_before_the_first_element() {
    overflow(
        &mut (),
        &[
            ("Vec", |()| drop(most().collect::<Vec<_>>())),
            ("UniqueVec", |()| drop(most().collect::<UniqueVec<_>>())),
            ("CowVec", |()| drop(most().collect::<CowVec<_>>())),
            ("PersistentVector", |()| drop(most().collect::<PersistentVector<_>>())),
            ("UniqueVec, many", |()| drop(many().collect::<UniqueVec<_>>())),
            ("CowVec, many", |()| drop(many().collect::<CowVec<_>>())),
            ("PersistentVector, many", |()| drop(many().collect::<PersistentVector<_>>())),
            ("UniqueVec, asked", |()| drop(Announces(TOO_MANY, 0).collect::<UniqueVec<_>>())),
            ("CowVec, asked", |()| drop(Announces(TOO_MANY, 0).collect::<CowVec<_>>())),
            ("PersistentVector, asked", |()| {
                drop(Announces(TOO_MANY, 0_u8).collect::<PersistentVector<_>>());
            }),
            ("CowString, asked", |()| drop(Announces(TOO_MANY, 'a').collect::<CowString>())),
        ],
    );
    #[cfg(feature = "list")]
    overflow(
        &mut (),
        &[
            ("CopyOnWriteList", |()| drop(most().collect::<CopyOnWriteList<_>>())),
            ("CopyOnWriteSet", |()| drop(most().collect::<CopyOnWriteSet<_>>())),
        ],
    );
}

#[test]
fn extending_a_vector_by_too_many_panics_and_leaves_it_as_it_was() {
    let calls: [Call<CowVec<u8>>; 4] = [
        ("extend", |v| v.extend(Announces(TOO_MANY - 2, 0))),
        ("resize", |v| v.resize(TOO_MANY, 0)),
        ("resize_with", |v| v.resize_with(TOO_MANY, || panic!("asked"))),
        ("reserve", |v| v.reserve(TOO_MANY)),
    ];
    // `overflow` keeps a clone, so that the vector is shared.
    overflow(&mut cow_vec![1, 2], &calls);
    for (name, call) in calls {
        let mut unique = cow_vec![1, 2];
        assert_eq!(message(|| call(&mut unique)), "capacity overflow", "{name}");
        assert_eq!(unique, [1, 2], "{name}");
    }
    overflow(
        &mut UniqueVec::from([1, 2]),
        &[
            ("extend", |v| v.extend(Announces(TOO_MANY - 2, 0_u8))),
            ("resize", |v| v.resize(TOO_MANY, 0)),
            ("resize_with", |v| v.resize_with(TOO_MANY, || panic!("asked"))),
        ],
    );
}

#[test]
fn extending_a_persistent_vector_by_too_many_panics_and_leaves_it_as_it_was() {
    let calls: [Call<PersistentVector<u8>>; 5] = [
        ("extend", |v| v.extend(Announces(TOO_MANY, 0))),
        ("extend past usize::MAX", |v| v.extend(Announces(usize::MAX, 0))),
        ("resize", |v| v.resize(usize::MAX, 0)),
        ("resize_with", |v| v.resize_with(TOO_MANY + 2, || panic!("asked"))),
        ("splice", |v| drop(v.splice(1..1, Announces(TOO_MANY, 0)))),
    ];
    overflow(&mut persistent_vector![1, 2], &calls);
    for (name, call) in calls {
        let mut unique = persistent_vector![1, 2];
        assert_eq!(message(|| call(&mut unique)), "capacity overflow", "{name}");
        assert_eq!(unique, [1, 2], "{name}");
    }
}

#[test]
fn extending_a_text_by_too_many_panics_and_leaves_it_as_it_was() {
    let calls: [Call<CowString>; 2] = [
        ("extend", |text| text.extend(Announces(TOO_MANY, 'a'))),
        ("reserve", |text| text.reserve(TOO_MANY)),
    ];
    overflow(&mut CowString::from("inline"), &calls);
    overflow(&mut CowString::from("a text that is too long to be inline"), &calls);
}

#[test]
#[cfg(feature = "list")]
fn extending_a_list_by_too_many_panics_and_leaves_it_as_it_was() {
    let (list, set) = (CopyOnWriteList::from([1, 2]), CopyOnWriteSet::from([1, 2]));
    assert_eq!(message(|| list.extend(most())), "capacity overflow");
    assert_eq!(message(|| drop(list.splice(..1, most()))), "capacity overflow");
    assert_eq!(message(|| _ = list.extend_absent(most())), "capacity overflow");
    assert_eq!(message(|| _ = set.extend(most())), "capacity overflow");
    assert_eq!((list.to_vec(), set.load().to_vec()), (vec![1, 2], vec![1, 2]));
}

#[test]
fn an_announced_length_that_fits_is_no_promise() {
    let mut few = PersistentVector::new();
    few.extend(repeat_with(|| 1_u8).take(3).chain(Announced(isize::MAX as usize - 4)));
    assert_eq!(few, [1, 1, 1]);

    /// An iterator that announces elements and yields none.
    struct Announced(usize);

    impl Iterator for Announced {
        type Item = u8;

        fn next(&mut self) -> Option<u8> {
            None
        }

        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.0, None)
        }
    }
}

#[test]
fn extend_of_zero_sized_elements_past_the_longest_length_panics() {
    let mut empty = PersistentVector::new();
    empty.extend(repeat_n((), 3));
    assert_eq!(empty.len(), 3);
    assert_eq!(message(|| empty.extend(Announces(usize::MAX, ()))), "capacity overflow");
}
