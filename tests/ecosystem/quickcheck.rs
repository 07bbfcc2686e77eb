use std::fmt::Debug;
use std::panic;

use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
use quickcheck::{Arbitrary, Gen, QuickCheck, Testable};

/// Checks that `C` has the values of `V` for the same random numbers, and shrinks each as `V` does.
#[track_caller]
fn as_std<C: Arbitrary, V: Arbitrary>(same: impl Fn(&C, &V) -> bool) {
    for seed in 0..50 {
        for size in [1, 3, 60] {
            let ours = C::arbitrary(&mut Gen::from_size_and_seed(size, seed));
            let theirs = V::arbitrary(&mut Gen::from_size_and_seed(size, seed));
            assert!(same(&ours, &theirs));
            let (mut ours, mut theirs) = (ours.shrink(), theirs.shrink());
            for _ in 0..200 {
                match (ours.next(), theirs.next()) {
                    (Some(ours), Some(theirs)) => assert!(same(&ours, &theirs)),
                    (None, None) => break,
                    _ => panic!("both shrink to the same number of values"),
                }
            }
        }
    }
}

#[test]
fn values_and_their_shrinking_are_those_of_std() {
    as_std::<CowVec<u16>, Vec<u16>>(|a, b| a == b);
    as_std::<UniqueVec<u16>, Vec<u16>>(|a, b| a == b);
    as_std::<PersistentVector<u16>, Vec<u16>>(|a, b| a == b);
    as_std::<CowVec<CowString>, Vec<String>>(|a, b| a.iter().eq(b));
    as_std::<CowString, String>(|a, b| a == b);
}

/// Returns what quickcheck says of a property that fails.
fn failure<A: Testable>(property: A) -> String {
    let check = || QuickCheck::new().tests(1_000).quickcheck(property);
    let payload = panic::catch_unwind(panic::AssertUnwindSafe(check)).unwrap_err();
    payload.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn failing_input_is_shrunk() {
    fn small<'a>(numbers: impl IntoIterator<Item = &'a u32>) -> bool {
        numbers.into_iter().all(|number| *number < 1_000)
    }
    #[track_caller]
    fn shrinks_to(message: &str, smallest: impl Debug) {
        assert!(message.ends_with(&format!("Arguments: ({smallest:?})")), "{message}");
    }
    let vec: fn(CowVec<u32>) -> bool = |vec| small(&vec);
    shrinks_to(&failure(vec), [1_000]);
    let unique: fn(UniqueVec<u32>) -> bool = |vec| small(&vec);
    shrinks_to(&failure(unique), [1_000]);
    let vector: fn(PersistentVector<u32>) -> bool = |vector| small(&vector);
    shrinks_to(&failure(vector), [1_000]);
    let text: fn(CowString) -> bool = |text| text.len() < 20;
    let message = failure(text);
    assert!(message.contains("Arguments: (\""), "{message}");
}

#[test]
fn holding_property_passes() {
    let reversed: fn(PersistentVector<u8>) -> bool = |vector| {
        vector.assert_invariants();
        let back: PersistentVector<u8> = vector.iter().rev().copied().collect();
        back.iter().rev().eq(&vector)
    };
    QuickCheck::new().quickcheck(reversed);
    let halves: fn(CowString, usize) -> bool = |text, at| {
        let at = text.floor_char_boundary(at);
        [text.slice(..at), text.slice(at..)].concat() == text
    };
    QuickCheck::new().quickcheck(halves);
}
