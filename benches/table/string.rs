//! `CowString` beside `String` and `LeanString`.

use std::hint::black_box;

use cow_collections::CowString;
use lean_string::LeanString;

use crate::Table;
use crate::common::random_indices;

pub fn rows(table: &mut Table) {
    // Lengths from 1 to 64, half of them inline, in an order that no branch predictor learns.
    let n = 65_536;
    let text = "0123456789abcdef".repeat(4);
    let lengths = random_indices(64, n);
    macro_rules! texts {
        ($type:ty) => {{
            let mix = |&x: &usize| if x % 2 == 0 { 1 + x / 2 % 15 } else { 16 + x / 2 % 49 };
            lengths.iter().map(|x| <$type>::from(&text[..mix(x)])).collect::<Vec<_>>()
        }};
    }
    // The length and the first byte: one look through the pointer for each text.
    macro_rules! look {
        ($texts:expr) => {
            || {
                black_box(&$texts).iter().fold(0_usize, |sum, text| {
                    let bytes = text.as_bytes();
                    sum + bytes.len() + usize::from(bytes[0])
                })
            }
        };
    }
    let (ours, peer) = (texts!(CowString), texts!(String));
    table.row("CowString deref, mixed lengths / String", 1.0, n, look!(ours), look!(peer));

    let short = "8 bytes.";
    let ours = || drop(black_box(CowString::from(black_box(short))));
    let peer = || drop(black_box(LeanString::from(black_box(short))));
    table.row("CowString from + drop, 8 bytes / LeanString", 1.15, 1, ours, peer);
}
