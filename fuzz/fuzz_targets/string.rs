#![no_main]
//! Texts that share what they can, against as many `String`s. `.ci/fuzz` sets `cfg(cow_fuzz)`, which makes
//! blocks large, and offsets far, at a few hundred bytes.

use cow_collections_fuzz::accounted;
use cow_collections_fuzz::text_model::{Step, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| accounted(|| run(&Step::script(bytes))));
