//! Compares a cell, its readers and snapshots with a number, by scripts of random operations.

use crate::common::alloc::no_leak;
use crate::common::cell_model::{CellStep, run};
use crate::common::counted::{Counted, all_dropped};
use crate::common::model::Element;
use cow_collections::CopyOnWriteCell;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = if cfg!(miri) { 4 } else { 600 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Generates scripts that shrink by whole steps.
fn script() -> impl Strategy<Value = Vec<CellStep>> {
    let length = if cfg!(miri) { 0..30 } else { 0..150 };
    prop::collection::vec(any::<[u8; CellStep::BYTES]>().prop_map(CellStep::decode), length)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn cell_equals_its_number_after_any_script(script in script()) {
        // arc-swap keeps a node for each thread that reads. This load creates it, so that it is no leak of the script.
        drop(CopyOnWriteCell::from(0).load());
        no_leak(|| {
            run::<u8>(&script);
            all_dropped(|| run::<Counted>(&script));
        });
    }
}

/// Checks that the model can fail: it finds a value that differs from its number.
#[test]
#[should_panic(expected = "the cell after")]
fn a_difference_is_caught() {
    #[derive(Clone, PartialEq)]
    struct Odd(u8);
    impl Element for Odd {
        fn of(number: u8) -> Self {
            Self(number & !1)
        }
        fn number(&self) -> u8 {
            self.0
        }
    }
    run::<Odd>(&CellStep::script(&[0, 3, 0]));
}
