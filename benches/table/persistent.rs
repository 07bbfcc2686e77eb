//! `PersistentVector` beside imbl's `Vector`.

use std::hint::black_box;

use cow_collections::PersistentVector;

use crate::common::random_indices;
use crate::{Table, numbers};

pub fn rows(table: &mut Table) {
    type Imbl = imbl::Vector<u64>;
    type Ours = PersistentVector<u64>;

    for (n, at_most) in [(10_000, 0.15), (1_000_000, 0.3)] {
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
    table.row(name, 0.25, 10_000, growing!(Ours::new()), growing!(Imbl::new()));

    let n = 1_000_000;
    let (ours, imbl) = (numbers::<Ours>(n as u64), numbers::<Imbl>(n as u64));
    let indices = random_indices(n, 1000);
    macro_rules! set {
        ($old:ident) => {{
            let mut next = indices.iter().cycle();
            move || {
                let mut new = $old.clone();
                new.set(*next.next().unwrap(), 1);
                new
            }
        }};
    }
    let name = "PersistentVector clone + set + drop, 1,000,000 / imbl";
    table.row(name, 0.45, 1, set!(ours), set!(imbl));
}
