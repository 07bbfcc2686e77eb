//! Refuses each allocation of every fallible operation in turn. The operation returns its error and loses
//! nothing.

use std::fmt::Debug;

use crate::common::alloc::{no_leak, refusing};
use crate::common::dummy::{Dummy, Ledger};
use cow_collections::{CowString, CowVec, TryReserveError, UniqueVec};

/// A value, and other values that share its buffer.
type Shared<T> = (T, Vec<T>);

/// Runs `work` on a new value from `make` for each allocation in it, and refuses that allocation.
///
/// Checks that a failure leaves the value and the values that share its buffer unchanged, and that `work` then
/// succeeds with memory. Returns the number of refusals.
#[track_caller]
fn each_refused<T, S: PartialEq + Debug>(
    make: impl Fn() -> Shared<T>,
    see: impl Fn(&T) -> S,
    work: impl Fn(&mut T) -> Result<(), TryReserveError>,
) -> usize {
    for k in 0.. {
        let (mut value, others) = make();
        let before = (see(&value), others.iter().map(&see).collect::<Vec<_>>());
        let (refused, result) = refusing(k, || work(&mut value));
        let after = (see(&value), others.iter().map(&see).collect::<Vec<_>>());
        assert_eq!(refused, result.is_err(), "allocation {k}");
        if refused {
            assert_eq!(after, before, "allocation {k}");
            // The value stays usable after the failure.
            work(&mut value).expect("the allocator has memory again");
        } else {
            assert_eq!(after.1, before.1);
            return k;
        }
    }
    unreachable!("`work` makes finitely many allocations")
}

/// Prints how many allocations a test refused, and checks that there were at least `least`.
fn demand(refusals: usize, least: usize) {
    println!("points: {}: {refusals} refusals", std::thread::current().name().unwrap_or("?"));
    assert!(refusals >= least, "only {refusals} refusals");
}

/// The capacities to reserve: none, little, more than the block has, and much.
const ROOMS: [usize; 4] = [0, 1, 100, 5000];

#[test]
fn texts_without_memory_stay_as_they_are() {
    let text = "a text of more than fifteen bytes, \u{20ac}";
    let forms: [fn(&str) -> Shared<CowString>; 6] = [
        |text| (text.into(), vec![]),
        |text| {
            let s = CowString::from(text);
            (s.clone(), vec![s])
        },
        |text| {
            let all = CowString::from(text);
            (all.slice(2..20), vec![all])
        },
        |text| (CowString::from(text).slice(2..20), vec![]),
        |text| (CowString::from(&text[..9]), vec![]),
        |_| (CowString::from_static("a text that lives as long as the program"), vec![]),
    ];
    let see = |s: &CowString| (String::from(s), s.as_ptr().addr(), s.capacity());
    // The address of inline bytes changes when the handle moves, so they are compared as text.
    let see = |s: &CowString| (!s.is_inline()).then(|| see(s)).ok_or(String::from(s));
    let mut refusals = 0;
    no_leak(|| {
        for make in forms {
            for more in ROOMS {
                let make = || make(text);
                refusals += each_refused(make, see, |s| s.try_reserve(more));
                refusals += each_refused(make, see, |s| s.try_reserve_exact(more));
            }
        }
        let none = || (None, vec![]);
        refusals += each_refused(none, Option::is_none, |s| {
            *s = Some(CowString::try_with_capacity(100)?);
            Ok(())
        });
    });
    demand(refusals, 35);
}

#[test]
fn vectors_without_memory_stay_as_they_are() {
    let ledger = Ledger::new();
    let see = |v: &CowVec<Dummy>| {
        (v.iter().map(|x| x.id).collect::<Vec<_>>(), v.as_ptr().addr(), v.capacity())
    };
    let mut refusals = 0;
    let forms: [fn(_) -> Shared<CowVec<Dummy>>; 4] = [
        |v: CowVec<Dummy>| (v, vec![]),
        |v| (v.clone(), vec![v]),
        |v| {
            let mut shorter = v.clone();
            shorter.truncate(2);
            (shorter, vec![v])
        },
        |v| {
            let mut shorter = v.clone();
            shorter.truncate(2);
            drop(v);
            (shorter, vec![])
        },
    ];
    no_leak(|| {
        for (n, make) in [0, 5].into_iter().flat_map(|n| forms.map(|make| (n, make))) {
            for more in ROOMS {
                let make = || make(CowVec::from(ledger.dummies(0..n)));
                refusals += each_refused(make, see, |v| v.try_reserve(more));
                refusals += each_refused(make, see, |v| v.try_reserve_exact(more));
            }
        }
        assert_eq!(ledger.live(), 0, "lost or dropped twice");
        refusals += each_refused(
            || (None, vec![]),
            Option::is_none,
            |v| {
                *v = Some(CowVec::<u64>::try_with_capacity(100)?);
                Ok(())
            },
        );
    });
    demand(refusals, 31);
}

#[test]
fn an_error_says_why() {
    let error = refusing(0, || UniqueVec::<u64>::new().try_reserve(100)).1.unwrap_err();
    let bytes = UniqueVec::<u64>::with_capacity(100).heap_bytes();
    assert_eq!(error.to_string(), format!("the allocator has no block of {bytes} bytes"));
    let error = UniqueVec::<u64>::new().try_reserve(usize::MAX).unwrap_err();
    assert_eq!(error.to_string(), "capacity overflow: more than isize::MAX bytes were asked for");
}

#[test]
fn unique_vectors_without_memory_stay_as_they_are() {
    let ledger = Ledger::new();
    let see = |v: &UniqueVec<Dummy>| {
        (v.iter().map(|x| x.id).collect::<Vec<_>>(), v.as_ptr().addr(), v.capacity())
    };
    let mut refusals = 0;
    no_leak(|| {
        for (n, more) in [0, 5].into_iter().flat_map(|n| ROOMS.map(|more| (n, more))) {
            let make = || (UniqueVec::from(ledger.dummies(0..n)), vec![]);
            refusals += each_refused(make, see, |v| v.try_reserve(more));
            refusals += each_refused(make, see, |v| v.try_reserve_exact(more));
        }
        assert_eq!(ledger.live(), 0, "lost or dropped twice");
        refusals += each_refused(
            || (None, vec![]),
            Option::is_none,
            |v| {
                *v = Some(UniqueVec::<u64>::try_with_capacity(100)?);
                Ok(())
            },
        );
    });
    demand(refusals, 11);
}
