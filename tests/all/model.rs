//! Compares every sequence with its oracle, by scripts of random operations.

use crate::common::model::{Op, Outcome, Subject, apply_to_vec, run};
use crate::common::subjects::{ByUnique, Nothing, run_zero_sized};
use cow_collections::{CowString, CowVec, PersistentVector};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = if cfg!(miri) { 4 } else { 300 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Generates scripts. They shrink by whole operations.
fn script() -> impl Strategy<Value = Vec<Op>> {
    let length = if cfg!(miri) { 0..20 } else { 0..120 };
    prop::collection::vec(any::<[u8; 3]>().prop_map(Op::decode), length)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn cow_vec_without_drop_glue(script in script()) {
        run(CowVec::<u8>::new(), &script);
    }

    #[test]
    fn cow_vec_with_drop_glue(script in script()) {
        run(CowVec::<String>::new(), &script);
    }

    #[test]
    fn unique_vec(script in script()) {
        run(ByUnique(CowVec::<u8>::new()), &script);
        run(ByUnique(CowVec::<String>::new()), &script);
    }

    #[test]
    fn vectors_of_nothing(script in script()) {
        run_zero_sized::<()>(&script);
        let before = Nothing::live();
        run_zero_sized::<Nothing>(&script);
        assert_eq!(Nothing::live(), before, "lost or dropped twice");
    }

    #[test]
    fn cow_string(script in script()) {
        run(CowString::new(), &script);
    }

    #[test]
    fn persistent_vector_without_drop_glue(script in script()) {
        run(PersistentVector::<u8>::new(), &script);
        run(PersistentVector::<[u64; 40]>::new(), &script);
    }

    #[test]
    fn persistent_vector_with_drop_glue(script in script()) {
        run(PersistentVector::<String>::new(), &script);
    }
}

/// Checks that the model can fail: it catches a subject that does not copy.
#[test]
#[should_panic(expected = "changed a hidden copy")]
fn a_subject_that_shares_its_writes_is_caught() {
    use std::{cell::RefCell, rc::Rc};
    #[derive(Clone)]
    struct Linked(Rc<RefCell<Vec<u8>>>);
    impl Subject for Linked {
        fn apply(&mut self, op: Op) -> Option<Outcome> {
            Some(apply_to_vec(&mut self.0.borrow_mut(), op))
        }
        fn contents(&self) -> Vec<u8> {
            self.0.borrow().clone()
        }
    }
    run(Linked(Rc::default()), &[Op::Push(1)]);
}

/// Replays the fuzzer's seeds and past findings through the same interpreter.
#[test]
#[cfg(not(miri))] // reads files
fn saved_scripts_replay() {
    for input in crate::common::seeds::saved(&["vec", "persistent"], 42) {
        let script = Op::script(&input);
        run(CowVec::<u8>::new(), &script);
        run(CowVec::<String>::new(), &script);
        run(ByUnique(CowVec::<String>::new()), &script);
        run_zero_sized::<Nothing>(&script);
        run(CowString::new(), &script);
        run(PersistentVector::<[u64; 40]>::new(), &script);
        run(PersistentVector::<String>::new(), &script);
    }
}
