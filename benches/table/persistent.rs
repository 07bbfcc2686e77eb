//! `PersistentVector` beside imbl's `Vector`.

use std::cell::LazyCell;
use std::hint::black_box;

use cow_collections::PersistentVector;

use crate::common::random_indices;
use crate::{Table, numbers};

type Imbl = imbl::Vector<u64>;
type Ours = PersistentVector<u64>;

pub fn rows(table: &mut Table) {
    for (n, at_most) in [(10_000, 0.13), (1_000_000, 0.25)] {
        let (ours, imbl) = (numbers::<Ours>(n as u64), numbers::<Imbl>(n as u64));
        let indices = random_indices(n, 10_000);
        macro_rules! sum {
            ($v:ident) => {
                || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&$v)[i]))
            };
        }
        let name = format!("PersistentVector random get, {n} / imbl");
        table.row(&name, at_most, indices.len(), sum!(ours), sum!(imbl));
    }

    macro_rules! growing {
        ($new:expr) => {
            || {
                let mut v = $new;
                for x in 0..10_000_u64 {
                    v.push_back(black_box(x));
                }
                v
            }
        };
    }
    let name = "PersistentVector push_back, 10,000 / imbl";
    table.row(name, 0.2, 10_000, growing!(Ours::new()), growing!(Imbl::new()));
    edits(table);
}

/// Measures edits in the middle and at the ends, appends, splits, and reads after many inserts.
fn edits(table: &mut Table) {
    for (n, at_most) in [(10_000, 0.01), (1_000_000, 0.005)] {
        let indices = random_indices(n, 1000);
        macro_rules! edit {
            ($of:ty) => {{
                let mut v = numbers::<$of>(n as u64);
                let mut next = indices.iter().cycle();
                move || {
                    let i = *next.next().unwrap();
                    v.insert(i, 1);
                    v.remove(n - i)
                }
            }};
        }
        let name = format!("PersistentVector insert + remove at random, {n} / imbl");
        table.row(&name, at_most, 2, edit!(Ours), edit!(Imbl));
    }
    for (n, at_most) in [(10_000, 0.04), (1_000_000, 0.012)] {
        let (ours, imbl) = (numbers::<Ours>(n), numbers::<Imbl>(n));
        macro_rules! append {
            ($old:ident) => {
                || {
                    let mut v = $old.clone();
                    v.append($old.clone());
                    v
                }
            };
        }
        let name = format!("PersistentVector append(v, v), {n} / imbl");
        table.row(&name, at_most, 1, append!(ours), append!(imbl));
    }
    let n = 1_000_000;
    let (ours, imbl) = (numbers::<Ours>(n), numbers::<Imbl>(n));
    macro_rules! split {
        ($old:ident) => {
            || {
                let mut v = $old.clone();
                let right = v.split_off(n as usize / 2 + 37);
                (v, right)
            }
        };
    }
    let name = "PersistentVector split in the middle, 1,000,000 / imbl";
    table.row(name, 0.25, 1, split!(ours), split!(imbl));

    macro_rules! both_ends {
        ($of:ty) => {{
            let mut v = numbers::<$of>(n);
            move || {
                (0..1000).for_each(|x| v.push_front(x));
                (0..1000).fold(0, |sum: u64, _| sum.wrapping_add(v.pop_front().unwrap()))
            }
        }};
    }
    let name = "PersistentVector push_front + pop_front, 1,000,000 / imbl";
    table.row(name, 0.2, 2000, both_ends!(Ours), both_ends!(Imbl));

    macro_rules! from_the_front {
        ($of:ty) => {
            || {
                let mut v = <$of>::new();
                (0..n).for_each(|x| v.push_front(black_box(x)));
                v
            }
        };
    }
    let name = "PersistentVector push_front, growing to 1,000,000 / imbl";
    table.row(name, 0.2, n as usize, from_the_front!(Ours), from_the_front!(Imbl));
    macro_rules! to_the_end {
        ($of:ty) => {{
            let all = |v: $of| {
                let mut v = v;
                (0..n).fold(0, |sum: u64, _| sum.wrapping_add(v.pop_front().unwrap()))
            };
            (|| numbers::<$of>(n), all)
        }};
    }
    let name = "PersistentVector pop_front, all of 1,000,000 / imbl";
    table.row_of(name, 0.2, n as usize, to_the_end!(Ours), to_the_end!(Imbl));

    let n = 100_000;
    macro_rules! whole {
        ($work:literal, $at_most:literal, |$v:ident| $do:expr) => {
            let name = concat!("PersistentVector ", $work, ", 100,000 / imbl");
            let of = |$v: Ours| $do;
            let peer = |$v: Imbl| $do;
            let make = || numbers::<Vec<u64>>(n).into_iter().map(|x| x.wrapping_mul(0x9e37_79b9));
            let (ours, imbl) = (|| make().collect::<Ours>(), || make().collect::<Imbl>());
            table.row_of(name, $at_most, n as usize, (ours, of), (imbl, peer));
        };
    }
    whole!("sort", 0.06, |v| {
        let mut v = v;
        v.sort();
        v
    });
    whole!("retain half", 0.03, |v| {
        let mut v = v;
        v.retain(|x| x & 64 == 0);
        v
    });
    whole!("into_iter", 0.12, |v| v.into_iter().fold(0, |sum: u64, x| sum.wrapping_add(x)));
    whole!("iter_mut", 0.2, |v| {
        let mut v = v;
        v.iter_mut().for_each(|x| *x = x.wrapping_add(1));
        v
    });

    // imbl takes 14 seconds for as many inserts, so its vector is made only if a row needs it.
    let n = 40_000;
    let mut inserted = Ours::new();
    (0..n).for_each(|x| inserted.insert(x as usize / 2, x));
    let peer = LazyCell::new(|| {
        let mut peer = Imbl::new();
        (0..n).for_each(|x| peer.insert(x as usize / 2, x));
        peer
    });
    let dense = numbers::<Ours>(n);
    let indices = random_indices(n as usize, 10_000);
    macro_rules! sum {
        ($v:ident) => {
            || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&$v)[i]))
        };
    }
    let name = "PersistentVector get after 40,000 inserts in the middle / in full leaves";
    table.row(name, 6.0, indices.len(), sum!(inserted), sum!(dense));
    let name = "PersistentVector get after 40,000 inserts in the middle / imbl";
    table.row(name, 0.02, indices.len(), sum!(inserted), || {
        let peer = &*peer;
        indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(peer)[i]))
    });
}
