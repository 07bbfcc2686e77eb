#![no_main]
//! As `persistent`, without `cfg(cow_fuzz)`: nodes of sixteen, and leaves of four by the size of their
//! elements, or of 32.

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
