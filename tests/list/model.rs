//! Lists, and what reads them, against vectors, by scripts of random operations.

use crate::common::alloc::no_leak;
use crate::common::counted::{Counted, all_dropped};
use crate::common::list_model::{ListStep, run, run_set};
use crate::common::model::Element;
use cow_collections::CopyOnWriteList;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = if cfg!(miri) { 4 } else { 600 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Scripts shrink by whole steps.
fn script() -> impl Strategy<Value = Vec<ListStep>> {
    let length = if cfg!(miri) { 0..30 } else { 0..150 };
    prop::collection::vec(any::<[u8; ListStep::BYTES]>().prop_map(ListStep::decode), length)
}

/// Everything that a script is for.
fn all(script: &[ListStep]) {
    // What arc-swap keeps for each thread that reads is not the script's.
    drop(CopyOnWriteList::from([0]).load());
    no_leak(|| {
        run::<u8>(script);
        all_dropped(|| run::<Counted>(script));
        all_dropped(|| run_set::<Counted>(script));
    });
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lists_equal_their_vectors_after_any_script(script in script()) {
        all(&script);
    }
}

/// The model can fail: a list of elements whose clones are not the same is found out.
#[test]
#[should_panic(expected = "the list")]
fn a_difference_is_caught() {
    #[derive(PartialEq)]
    struct Rising(u8);
    impl Clone for Rising {
        fn clone(&self) -> Self {
            Self(self.0 + 1)
        }
    }
    impl Element for Rising {
        fn of(number: u8) -> Self {
            Self(number)
        }
        fn number(&self) -> u8 {
            self.0
        }
    }
    run::<Rising>(&ListStep::script(&[0, 0, 1, 0, 8, 0, 0, 2]));
}

/// What the fuzzer starts from, and what it once found, goes through the same code here.
#[test]
#[cfg(not(miri))] // reads files
fn saved_scripts_replay() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/list");
    let mut replayed = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        all(&ListStep::script(&std::fs::read(file.unwrap().path()).unwrap()));
        replayed += 1;
    }
    assert!(replayed >= 10, "only {replayed} saved scripts");
}
