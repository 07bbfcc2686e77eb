#![no_main]
//! Texts that share their buffers, against as many `String`s.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::text_model::{Step, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| accounted(|| run(&Step::script(bytes))));
