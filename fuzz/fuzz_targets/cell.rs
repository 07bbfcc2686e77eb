#![no_main]
//! `CopyOnWriteCell` with its readers and snapshots, against a number.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::cell_model::{CellStep, run};
use cow_collections_fuzz::counted::Counted;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = CellStep::script(bytes);
    accounted(|| run::<u8>(&script));
    accounted(|| run::<Counted>(&script));
});
