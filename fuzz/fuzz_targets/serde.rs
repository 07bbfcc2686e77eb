#![no_main]
//! Bytes read by serde, against `Vec` and `String`.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::serde_bytes::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| accounted(|| check(bytes)));
