#![no_main]
//! The tree of a `PersistentVector` with nodes and leaves of four, against `Vec`, of elements without and with drop
//! glue. `.ci/deep fuzz` sets `cfg(cow_fuzz)`, which exports that instance. Without the cfg, the target runs
//! `PersistentVector`.

#[cfg(not(cow_fuzz))]
use cow_collections::PersistentVector as SmallVector;
#[cfg(cow_fuzz)]
use cow_collections::persistent::SmallVector;
use cow_collections_fuzz::accounted;
use cow_collections_fuzz::counted::Counted;
use cow_collections_fuzz::model::{Op, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = Op::script(bytes);
    accounted(|| run(SmallVector::<u8>::new(), &script));
    accounted(|| run(SmallVector::<Counted>::new(), &script));
});
