#![no_main]
//! The handles of `CowString` against `Vec<u8>`. Offsets are at most 63, and blocks count as huge above 255 bytes.
//! `.ci/deep fuzz` sets `cfg(cow_fuzz)`, which exports that instance.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = bytes;
    #[cfg(cow_fuzz)]
    cow_collections_fuzz::accounted(|| cow_collections::string::fuzz_small_limits(bytes));
});
