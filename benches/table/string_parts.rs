//! Comparing and sharing parts of a `CowString`, beside `String` and the types whose slices share.

use std::hint::black_box;

use arcstr::ArcStr;
use bytes::Bytes;
use cow_collections::CowString;
use hipstr::HipStr;

use crate::Table;
use crate::common::random_indices;

pub fn rows(table: &mut Table) {
    // Half of the pairs are equal, and most of the others differ in length. Half of the texts are inline, in an
    // order that no branch predictor learns.
    let n = 65_536;
    let text = "0123456789abcdef".repeat(4);
    let lengths = random_indices(128, n);
    macro_rules! texts {
        ($type:ty) => {{
            let mix = |x: usize| if x % 2 == 0 { 1 + x / 2 % 15 } else { 16 + x / 2 % 49 };
            let pair = |pair: &[usize]| {
                let second = if pair[1] < 64 { pair[0] } else { pair[1] };
                [pair[0], second].map(|x| <$type>::from(&text[..mix(x)]))
            };
            lengths.chunks_exact(2).flat_map(pair).collect::<Vec<_>>()
        }};
    }
    macro_rules! equal {
        ($texts:expr) => {
            || black_box(&$texts).chunks_exact(2).filter(|pair| pair[0] == pair[1]).count()
        };
    }
    let (ours, peer) = (texts!(CowString), texts!(String));
    let name = "CowString ==, mixed lengths, half equal / String";
    table.row(name, 1.2, n / 2, equal!(ours), equal!(peer));

    // A word of a log line, and a part of a page.
    for (part, whole) in [(40, 464), (64, 4096)] {
        let text = "0123456789abcdef".repeat(whole / 16);
        let (ours, peer) = (CowString::from(&*text), HipStr::from(text));
        let range = || black_box(100)..black_box(100 + part);
        let name = format!("CowString slice {part} of {whole} + drop / HipStr");
        let slice = || drop(black_box(black_box(&ours).slice(range())));
        table.row(&name, 0.85, 1, slice, || drop(black_box(black_box(&peer).slice(range()))));
    }
    for (part, whole) in [(40, 464), (64, 4096), (2048, 4096)] {
        let text = "0123456789abcdef".repeat(whole / 16);
        let (ours, peer) = (CowString::from(&*text), Bytes::from(text));
        let range = || black_box(100)..black_box(100 + part);
        let name = format!("CowString slice {part} of {whole} + drop / Bytes");
        let slice = || drop(black_box(black_box(&ours).slice(range())));
        table.row(&name, 1.2, 1, slice, || drop(black_box(black_box(&peer).slice(range()))));

        // Replaces the slices of the last run, so that the vectors do not allocate.
        macro_rules! kept {
            ($whole:expr) => {{
                let mut kept = Vec::with_capacity(1000);
                move || {
                    kept.clear();
                    (0..1000).for_each(|_| kept.push(black_box(&$whole).slice(range())));
                }
            }};
        }
        let name = format!("CowString 1,000 slices {part} of {whole} into a Vec / Bytes");
        table.row(&name, 0.8, 1000, kept!(ours), kept!(peer));
    }

    let line = |x: usize| "x".repeat(16 + x) + "\n";
    let text: String = random_indices(64, 22_000).into_iter().map(line).collect();
    let ours = CowString::from(&*text);
    let share = || ours.lines_shared().collect::<Vec<_>>();
    let copy = || text.lines().map(String::from).collect::<Vec<_>>();
    let name = "CowString lines of 1 MiB, collected and dropped / String";
    table.row(name, 0.5, text.lines().count(), share, copy);
    let peer = ArcStr::from(&*text);
    let substrings = || peer.lines().map(|line| peer.substr_from(line)).collect::<Vec<_>>();
    let name = "CowString lines of 1 MiB, collected and dropped / ArcStr";
    table.row(name, 0.95, text.lines().count(), share, substrings);
}
