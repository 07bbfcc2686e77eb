#![no_main]
//! `PersistentVector`, without and with drop glue, against `Vec`. `.ci/fuzz` sets `cfg(cow_fuzz)`, which
//! makes nodes of four and leaves of four.

use cow_collections::PersistentVector;
use cow_collections_fuzz::accounted;
use cow_collections_fuzz::counted::Counted;
use cow_collections_fuzz::model::{Op, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = Op::script(bytes);
    accounted(|| run(PersistentVector::<u8>::new(), &script));
    accounted(|| run(PersistentVector::<Counted>::new(), &script));
});
