#![no_main]
//! Bytes that may be text, against the standard library.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::text_bytes::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| accounted(|| check(bytes)));
