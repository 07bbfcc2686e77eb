//! `CowString` beside `String` and the other strings that share.

use std::hint::black_box;

use cow_collections::CowString;
use ecow::EcoString;
use hipstr::HipStr;
use lean_string::LeanString;

use crate::Table;
use crate::common::random_indices;

pub fn rows(table: &mut Table) {
    // The texts have 1 to 64 bytes. Half of them are inline, in an order that no branch predictor learns.
    let n = 65_536;
    let text = "0123456789abcdef".repeat(4);
    let lengths = random_indices(64, n);
    macro_rules! texts {
        ($type:ty) => {{
            let mix = |&x: &usize| if x % 2 == 0 { 1 + x / 2 % 15 } else { 16 + x / 2 % 49 };
            lengths.iter().map(|x| <$type>::from(&text[..mix(x)])).collect::<Vec<_>>()
        }};
    }
    // Reads the length and the first byte, which takes one load through the pointer for each text.
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
    table.row("CowString deref, mixed lengths / String", 1.25, n, look!(ours), look!(peer));

    macro_rules! equal {
        ($texts:expr) => {
            || black_box(&$texts).windows(2).filter(|two| two[0] == two[1]).count()
        };
    }
    table.row("CowString ==, mixed lengths / String", 1.2, n, equal!(ours), equal!(peer));
    let lean = texts!(LeanString);
    table.row("CowString ==, mixed lengths / LeanString", 1.0, n, equal!(ours), equal!(lean));
    let eco = texts!(EcoString);
    table.row("CowString ==, mixed lengths / EcoString", 1.0, n, equal!(ours), equal!(eco));

    macro_rules! heap_texts {
        ($type:ty) => {
            lengths.iter().map(|x| <$type>::from(&text[..16 + x % 49])).collect::<Vec<_>>()
        };
    }
    let (ours, peer) = (heap_texts!(CowString), heap_texts!(String));
    table.row("CowString deref, heap / String", 1.25, n, look!(ours), look!(peer));
    let text = "x".repeat(100);
    let (ours, other) = (CowString::from(&*text), CowString::from(&*text));
    let (peer, other_peer) = (text.clone(), text.clone());
    let (ours, peer) = (|| same(&ours, &other), || same(&peer, &other_peer));
    table.row("CowString == of equal heap texts, 100 bytes / String", 1.15, 1, ours, peer);

    for n in [8, 15, 40, 100] {
        let text = "x".repeat(n);
        let (ours, peer) = (|| made::<CowString>(&text), || made::<LeanString>(&text));
        table.row(&format!("CowString from + drop, {n} bytes / LeanString"), 1.0, 1, ours, peer);
    }

    let (short, long) = ("8 bytes.", "a text of more than twenty-four bytes");
    macro_rules! cloned {
        ($name:expr, $at_most:expr, $ours:expr, $peer:expr) => {
            let (ours, peer) = ($ours, $peer);
            table.row($name, $at_most, 1, || cloned(&ours), || cloned(&peer));
        };
    }
    let name = "CowString clone + drop, inline / LeanString";
    cloned!(name, 1.0, CowString::from(short), LeanString::from(short));
    let name = "CowString clone + drop, inline / EcoString";
    cloned!(name, 1.05, CowString::from(short), EcoString::from(short));
    let name = "CowString clone + drop, heap / LeanString";
    cloned!(name, 1.0, CowString::from(long), LeanString::from(long));
    let name = "CowString clone + drop, heap / EcoString";
    cloned!(name, 1.0, CowString::from(long), EcoString::from(long));
    let name = "CowString clone + drop, heap / HipStr";
    cloned!(name, 1.0, CowString::from(long), HipStr::<'static>::from(long.to_owned()));
    let name = "CowString clone + drop, static / LeanString";
    cloned!(name, 1.0, CowString::from_static(long), LeanString::from_static_str(long));
    let name = "CowString clone + drop, static / inline";
    cloned!(name, 1.0, CowString::from_static(long), CowString::from(short));

    macro_rules! history {
        ($type:ty) => {
            || {
                let (mut text, mut kept) = (<$type>::new(), Vec::with_capacity(4096));
                for _ in 0..4096 {
                    kept.push(text.clone());
                    text.push_str(black_box("xy"));
                }
                (text, kept)
            }
        };
    }
    let name = "CowString clone kept + push 2 bytes, 4,096 / LeanString";
    table.row(name, 0.02, 4096, history!(CowString), history!(LeanString));
    let name = "CowString clone kept + push 2 bytes, 4,096 / HipStr";
    table.row(name, 0.3, 4096, history!(CowString), history!(HipStr<'static>));
}

/// Makes and drops a text. Not inlined, so that the code around the call does not change the machine code.
#[inline(never)]
fn made<S: for<'a> From<&'a str>>(text: &str) {
    drop(black_box(S::from(black_box(text))));
}

#[inline(never)]
fn cloned<S: Clone>(text: &S) {
    drop(black_box(black_box(text).clone()));
}

#[inline(never)]
fn same<S: PartialEq>(a: &S, b: &S) -> bool {
    black_box(a) == black_box(b)
}
