#![no_main]
//! `CopyOnWriteList` with its readers, and `CopyOnWriteSet`, against `Vec`.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::counted::Counted;
use cow_collections_fuzz::list_model::{ListStep, run, run_set};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = ListStep::script(bytes);
    accounted(|| run::<u8>(&script));
    accounted(|| run::<Counted>(&script));
    accounted(|| run_set::<Counted>(&script));
});
