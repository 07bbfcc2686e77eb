use cow_collections::{
    CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector, UniqueVec,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_of_each(
        (v, unique) in any::<(CowVec<u8>, UniqueVec<Option<bool>>)>(),
        vector in any_with::<PersistentVector<u32>>(((200..400).into(), ())),
        (list, set) in any::<(CopyOnWriteList<CowString>, CopyOnWriteSet<u8>)>(),
        text in any_with::<CowString>("[a-c]{3,5}".into()),
    ) {
        prop_assert!(v.len() < 100 && unique.len() < 100 && list.len() < 100);
        prop_assert!((200..400).contains(&vector.len()));
        vector.assert_invariants();
        let elements = set.snapshot();
        prop_assert!((1..elements.len()).all(|i| !elements[i..].contains(&elements[i - 1])));
        prop_assert!((3..=5).contains(&text.len()) && text.bytes().all(|b| (b'a'..=b'c').contains(&b)));
    }
}

/// Returns the simplest value for which `bad` returns true.
fn shrunk<T: Arbitrary>(bad: impl Fn(&T) -> bool) -> T {
    let mut runner = TestRunner::deterministic();
    let mut tree = loop {
        let tree = any::<T>().new_tree(&mut runner).unwrap();
        if bad(&tree.current()) {
            break tree;
        }
    };
    let mut last = tree.current();
    while if bad(&tree.current()) { tree.simplify() } else { tree.complicate() } {
        if bad(&tree.current()) {
            last = tree.current();
        }
    }
    last
}

#[test]
fn failing_input_is_shrunk() {
    let big = |x: &u32| *x >= 1_000;
    assert_eq!(shrunk(|v: &CowVec<u32>| v.iter().any(big)), [1_000]);
    assert_eq!(shrunk(|v: &PersistentVector<u32>| v.iter().any(big)), [1_000]);
    assert_eq!(shrunk(|list: &CopyOnWriteList<u32>| list.len() > 1), [0, 0]);
}
