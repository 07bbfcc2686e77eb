//! Compares texts that share buffers with as many `String`s, by scripts of random operations. Another test
//! decodes random bytes.

use crate::common::alloc::no_leak;
use crate::common::text_bytes::check;
use crate::common::text_model::{Live, Step, character, run, run_from, text};
use cow_collections::CowString;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn config() -> ProptestConfig {
    let cases = if cfg!(miri) { 4 } else { 600 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Generates scripts. They shrink by whole steps.
fn script() -> impl Strategy<Value = Vec<Step>> {
    let length = if cfg!(miri) { 0..30 } else { 0..150 };
    prop::collection::vec(any::<[u8; Step::BYTES]>().prop_map(Step::decode), length)
}

/// Generates bytes, often but not always valid UTF-8: pieces of text, and arbitrary bytes.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        any::<u8>().prop_map(|n| character(n).to_string().into_bytes()),
        any::<u8>().prop_map(|n| text(n).into_bytes()),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn texts_equal_their_strings_after_any_script(script in script()) {
        no_leak(|| run(&script));
    }

    #[test]
    fn bytes_that_may_be_text(bytes in bytes()) {
        no_leak(|| check(&bytes));
    }
}

/// Checks that the model can fail: it catches a wrong text and a wrong result.
#[test]
fn a_difference_is_caught() {
    let runs = |ours: &str, theirs: &str, step: [u8; Step::BYTES]| {
        let text = Live::from(CowString::from(ours), theirs.into());
        catch_unwind(AssertUnwindSafe(|| run_from(text, &[Step::decode(step)]))).is_ok()
    };
    let (pop, clone) = ([6, 0, 0, 0, 0], [52, 0, 0, 0, 0]);
    assert!(runs("ab", "ab", clone) && !runs("ab", "aß", clone));
    assert!(runs("ab", "ab", pop) && !runs("ab", "ac", pop), "only the popped character differs");
}

/// Replays the fuzzer's seeds and past findings through the same code.
#[test]
#[cfg(not(miri))] // reads files
fn saved_scripts_replay() {
    for input in crate::common::seeds::saved(&["string"], 12) {
        no_leak(|| run(&Step::script(&input)));
    }
}

#[test]
#[cfg(not(miri))] // reads files
fn saved_bytes_replay() {
    for input in crate::common::seeds::saved(&["string_bytes"], 8) {
        no_leak(|| check(&input));
    }
}
