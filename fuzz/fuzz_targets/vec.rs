#![no_main]
//! `CowVec` and `UniqueVec` against `Vec`, of elements without drop glue, with drop glue, and of size zero.

use cow_collections::CowVec;
use cow_collections_fuzz::accounted;
use cow_collections_fuzz::counted::Counted;
use cow_collections_fuzz::model::{Op, run};
use cow_collections_fuzz::subjects::{ByUnique, Nothing, run_zero_sized};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let script = Op::script(bytes);
    accounted(|| run(CowVec::<u8>::new(), &script));
    accounted(|| run(CowVec::<Counted>::new(), &script));
    accounted(|| run(ByUnique(CowVec::<Counted>::new()), &script));
    accounted(|| run_zero_sized::<Nothing>(&script));
    assert_eq!(Nothing::live(), 0, "lost or dropped twice");
});
