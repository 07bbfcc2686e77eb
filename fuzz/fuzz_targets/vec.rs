#![no_main]
//! `CowVec`, without and with drop glue, against `Vec`.

use cow_collections::CowVec;
use cow_collections_fuzz::model::{Op, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = Op::script(bytes);
    run(CowVec::<u8>::new(), &script);
    run(CowVec::<String>::new(), &script);
});
