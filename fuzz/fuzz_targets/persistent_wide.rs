#![no_main]
//! `PersistentVector` against `Vec`. Nodes have sixteen children. Leaves have four elements if these are large, and 32
//! otherwise.

use cow_collections::PersistentVector;
use cow_collections_fuzz::accounted;
use cow_collections_fuzz::counted::Counted;
use cow_collections_fuzz::model::{Op, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = Op::script(bytes);
    accounted(|| run(PersistentVector::<[u64; 40]>::new(), &script));
    accounted(|| run(PersistentVector::<Counted>::new(), &script));
});
