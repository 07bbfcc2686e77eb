//! Editing a `CowString`, beside `String` and `LeanString`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::mem;

use cow_collections::CowString;
use lean_string::LeanString;

use crate::Table;

/// A text of `n` bytes, with a digit in every tenth place.
fn sample(n: usize) -> String {
    "0abcdefghi".repeat(n / 10 + 1)[..n].to_owned()
}

pub fn rows(table: &mut Table) {
    appending(table);
    editing_unique(table);
    shortening_shared(table);
    passing(table);
}

fn appending(table: &mut Table) {
    macro_rules! grown {
        ($type:ty, $n:expr, |$text:ident| $push:expr) => {
            || {
                let mut $text = <$type>::new();
                for _ in 0..$n {
                    $push;
                }
                $text
            }
        };
    }
    /// A row that repeats one call on a new text.
    macro_rules! growing {
        ($name:expr, $at_most:expr, $n:expr, |$text:ident| $push:expr) => {
            let ours = grown!(CowString, $n, |$text| $push);
            let peer = grown!(String, $n, |$text| $push);
            table.row(concat!("CowString ", $name, " / String"), $at_most, $n, ours, peer);
        };
    }
    growing!("push a char, 1,000", 1.25, 1000, |text| text.push(black_box('x')));
    growing!("push a char of 3 bytes, 1,000", 1.2, 1000, |text| text.push(black_box('€')));
    growing!("push_str 5 bytes, 200", 1.1, 200, |text| text.push_str(black_box("fives")));
    growing!("push_str 1 byte, 64", 1.1, 64, |text| text.push_str(black_box("x")));
    growing!("write! a number and a word, 64", 1.0, 64, |text| {
        write!(text, "{} {},", black_box(17), black_box("word")).unwrap()
    });
}

/// Each edit leaves a text as long as it was, so that it can be repeated on one buffer.
fn editing_unique(table: &mut Table) {
    for n in [100, 4096] {
        macro_rules! edited {
            ($what:expr, |$text:ident, $middle:ident| $edit:expr) => {
                let $middle = n / 2;
                let mut $text = CowString::with_capacity(2 * n);
                $text.push_str(&sample(n));
                let ours = || $edit;
                let mut $text = String::with_capacity(2 * n);
                $text.push_str(&sample(n));
                let peer = || $edit;
                table.row(&format!("CowString {}, {n} bytes / String", $what), 1.1, 1, ours, peer);
            };
        }
        edited!("insert + remove in the middle", |text, middle| {
            text.insert(black_box(middle), black_box('x'));
            text.remove(black_box(middle))
        });
        edited!("two replace_range in the middle", |text, middle| {
            text.replace_range(black_box(middle)..black_box(middle + 4), black_box("longer"));
            text.replace_range(black_box(middle)..black_box(middle + 6), black_box("four"));
        });
        let whole = sample(n);
        edited!("retain nine tenths, after push_str", |text, _middle| {
            text.clear();
            text.push_str(black_box(&whole));
            text.retain(|c| c != '0');
        });
    }
}

fn shortening_shared(table: &mut Table) {
    let (ours, peer) = (CowString::from(sample(100)), LeanString::from(sample(100)));
    macro_rules! shortened {
        ($type:ty, |$text:ident| $shorten:expr) => {
            |mut $text: $type| {
                black_box($shorten);
                $text
            }
        };
        ($name:expr, $per:expr, |$text:ident| $shorten:expr) => {
            let ours = (|| ours.clone(), shortened!(CowString, |$text| $shorten));
            let peer = (|| peer.clone(), shortened!(LeanString, |$text| $shorten));
            let name = concat!("CowString ", $name, " / LeanString");
            table.row_of(name, 1.1, $per, ours, peer);
        };
    }
    shortened!("pop on shared + drop", 1, |text| text.pop());
    shortened!("truncate on shared + drop", 1, |text| text.truncate(black_box(60)));
    shortened!("pop on shared, 64 times", 64, |text| {
        (0..64).fold(0, |sum, _| sum ^ black_box(&mut text).pop().map_or(0, u32::from))
    });

    // The first push after the clone appends to the buffer, so that the time does not depend on the length.
    let cut = |mut text: CowString| {
        text.truncate(black_box(text.len() - 8));
        let clone = black_box(text.clone());
        text.push(black_box('x'));
        (text, clone)
    };
    let made = |n| move || CowString::from(sample(n));
    let name = "CowString truncate + clone + push on unique, 65,536 bytes / 64 bytes";
    table.row_of(name, 1.3, 1, (made(65_536), cut), (made(64), cut));
}

/// Takes and returns a text. Not inlined, so that the text goes through registers or memory.
#[inline(never)]
fn passed<S>(text: S) -> S {
    // Keeps the compiler from seeing that the call has no effect.
    black_box(());
    text
}

fn passing(table: &mut Table) {
    const N: usize = 1000;
    fn pass<S>(text: &mut S, empty: S) {
        let mut own = mem::replace(text, empty);
        for _ in 0..N {
            own = passed(own);
        }
        *text = own;
    }
    for n in [8, 100] {
        let (mut ours, mut peer) = (CowString::from(sample(n)), sample(n));
        let (ours, peer) =
            (|| pass(&mut ours, CowString::new()), || pass(&mut peer, String::new()));
        let name = format!("CowString taken and returned by a function, {n} bytes / String");
        table.row(&name, 0.6, N, ours, peer);
    }
}
