use arbitrary::{Arbitrary, Unstructured};
use cow_collections::{
    CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector, UniqueVec,
};

/// Returns pseudorandom bytes, the same each time.
fn bytes(seed: u64, len: usize) -> Vec<u8> {
    let step = |x: &u64| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let states = std::iter::successors(Some(seed), step).skip(1);
    states.map(|x| (x >> 40) as u8).take(len).collect()
}

/// Makes a `C` and a `V` from the same bytes, by both methods, and compares them by `same`.
#[track_caller]
fn as_std<'a, C: Arbitrary<'a>, V: Arbitrary<'a>>(bytes: &'a [u8], same: impl Fn(&C, &V) -> bool) {
    let (mut ours, mut theirs) = (Unstructured::new(bytes), Unstructured::new(bytes));
    for _ in 0..3 {
        assert!(same(&C::arbitrary(&mut ours).unwrap(), &V::arbitrary(&mut theirs).unwrap()));
        assert_eq!(ours.len(), theirs.len(), "both use the same number of bytes");
    }
    let ours = C::arbitrary_take_rest(ours).unwrap();
    assert!(same(&ours, &V::arbitrary_take_rest(theirs).unwrap()));
    assert_eq!(C::size_hint(0), V::size_hint(0));
    assert_eq!(C::try_size_hint(0).unwrap(), V::try_size_hint(0).unwrap());
}

#[test]
fn values_are_those_of_std() {
    for seed in 0..50 {
        for len in [0, 1, 30, 300] {
            let bytes = bytes(seed, len);
            as_std::<CowVec<u16>, Vec<u16>>(&bytes, |a, b| a == b);
            as_std::<UniqueVec<u16>, Vec<u16>>(&bytes, |a, b| a == b);
            as_std::<PersistentVector<u16>, Vec<u16>>(&bytes, |a, b| a == b);
            as_std::<CopyOnWriteList<u16>, Vec<u16>>(&bytes, |a, b| a == b);
            as_std::<CowVec<CowString>, Vec<String>>(&bytes, |a, b| a.iter().eq(b));
            as_std::<CowString, String>(&bytes, |a, b| a == b);
            as_std::<CopyOnWriteSet<u8>, Vec<u8>>(&bytes, |a, b| {
                b.iter().all(|x| a.contains(x)) && a.load().iter().all(|x| b.contains(x))
            });
        }
    }
}
