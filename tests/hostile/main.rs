#![cfg(not(cow_loom))]
//! Tests with user code that lies in safe traits. It answers differently each time, panics at its n-th call, or uses
//! a clone of the collection while the crate waits for the answer.
//!
//! To cover a new method, add one line to the table of its type in `vec.rs`, `string.rs`, `persistent.rs`,
//! `list.rs`, `cell.rs` or the file of its feature: `case("CowVec::method", |v| v.method(Span, items()))`. All
//! arguments in the line come from `liars.rs`, and the elements are hostile by themselves. The driver runs
//! the line under every plan, and `every_public_item_that_runs_user_code_has_a_case` fails if `tests/api.txt`
//! has a method without a line.

#![allow(clippy::cmp_owned, clippy::op_ref, reason = "each implementation is compared by itself")]

mod api;
mod attack;
#[cfg(feature = "list")]
mod cell;
mod element;
#[cfg(not(miri))]
mod formats;
mod liars;
#[cfg(feature = "list")]
mod list;
mod persistent;
#[cfg(all(feature = "rayon", not(miri)))]
mod rayon;
mod script;
mod string;
mod unique;
mod vec;

#[test]
fn every_public_item_that_runs_user_code_has_a_case() {
    let covered: &[Vec<&str>] = &[
        vec::covers(),
        unique::covers(),
        string::covers(),
        persistent::covers(),
        #[cfg(feature = "list")]
        list::covers(),
        #[cfg(feature = "list")]
        cell::covers(),
        #[cfg(not(miri))]
        formats::covers(),
        #[cfg(all(feature = "rayon", not(miri)))]
        rayon::covers(),
    ];
    api::check(&covered.concat());
}
