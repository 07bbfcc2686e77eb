//! Compares lists, their readers and snapshots with vectors, by scripts of random operations.

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

/// Generates scripts that shrink by whole steps.
fn script() -> impl Strategy<Value = Vec<ListStep>> {
    let length = if cfg!(miri) { 0..30 } else { 0..150 };
    prop::collection::vec(any::<[u8; ListStep::BYTES]>().prop_map(ListStep::decode), length)
}

/// Runs a script on lists of two element types and on a set, and checks for leaks.
fn all(script: &[ListStep]) {
    // arc-swap keeps a node for each thread that reads. This load creates it, so that it is no leak of the script.
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

/// Checks that the model can fail: it finds elements whose clones differ from them.
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

/// Runs the fuzzer's seeds, and the scripts that it once failed on, by the same code.
#[test]
#[cfg(not(miri))] // reads files
fn saved_scripts_replay() {
    for input in crate::common::seeds::saved(&["list"], 10) {
        all(&ListStep::script(&input));
    }
}
