//! `PersistentVector` beside the vectors of imbl, rpds and pvec: iteration, versions, and vectors after many edits.

use std::hint::black_box;

use cow_collections::PersistentVector;
use pvec::core::RrbVec;

use crate::common::random_indices;
use crate::{Table, numbers};

type Ours = PersistentVector<u64>;
type Imbl = imbl::Vector<u64>;
type Rpds = rpds::VectorSync<u64>;

fn pvec(n: u64) -> RrbVec<u64> {
    let mut v = RrbVec::new();
    (0..n).for_each(|x| v.push(x));
    v
}

fn rpds(n: u64) -> Rpds {
    (0..n).collect()
}

pub fn rows(table: &mut Table) {
    whole(table);
    versions(table);
    worn(table);
    equality(table);
    differences(table);
}

/// Measures collecting, reading and iterating.
fn whole(table: &mut Table) {
    let collected = (|| numbers::<Ours>(10_000), || numbers::<Imbl>(10_000));
    let name = "PersistentVector collect, 10,000 / imbl";
    table.row(name, 0.08, 10_000, collected.0, collected.1);

    for n in [10_000, 1_000_000] {
        let (ours, peer) = (numbers::<Ours>(n), pvec(n));
        let indices = random_indices(n as usize, 10_000);
        let name = format!("PersistentVector random get, {n} / pvec");
        table.row(
            &name,
            1.0,
            indices.len(),
            || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&ours)[i])),
            || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&peer)[i])),
        );
    }

    let n = 10_000;
    let (ours, imbl) = (numbers::<Ours>(n), numbers::<Imbl>(n));
    macro_rules! walk {
        ($of:ident) => {
            || {
                let mut sum = 0_u64;
                for x in black_box(&$of) {
                    sum = sum.wrapping_add(black_box(*x));
                }
                sum
            }
        };
    }
    let name = "PersistentVector iterate by for, 10,000 / imbl";
    table.row(name, 0.35, n as usize, walk!(ours), walk!(imbl));
    macro_rules! fold {
        ($of:expr) => {
            || $of.fold(0, |sum: u64, x| sum.wrapping_add(*x))
        };
    }
    let name = "PersistentVector iterate by fold, 10,000 / imbl";
    let (a, b) = (fold!(black_box(&ours).iter()), fold!(black_box(&imbl).iter()));
    table.row(name, 0.15, n as usize, a, b);
    let name = "PersistentVector iterate by chunks, 10,000 / imbl's leaves";
    let a = fold!(black_box(&ours).chunks().flatten());
    let b = fold!(black_box(&imbl).leaves().flatten());
    table.row(name, 1.0, n as usize, a, b);
}

/// Measures making a version that differs in one element.
fn versions(table: &mut Table) {
    for (n, unique, shared) in [(10_000, 0.2, 0.4), (1_000_000, 0.25, 0.3)] {
        let indices = random_indices(n as usize, 1000);
        macro_rules! set {
            ($vector:expr) => {{
                let mut v = $vector;
                let mut next = indices.iter().cycle();
                move || v.set(*next.next().unwrap(), 1)
            }};
        }
        let name = format!("PersistentVector set, unique, {n} / imbl");
        table.row(&name, unique, 1, set!(numbers::<Ours>(n)), set!(numbers::<Imbl>(n)));

        macro_rules! clone_set {
            ($vector:expr, |$v:ident, $i:ident| $set:expr) => {{
                let old = $vector;
                let mut next = indices.iter().cycle();
                move || {
                    let mut $v = old.clone();
                    let $i = *next.next().unwrap();
                    $set;
                    $v
                }
            }};
        }
        let ours = || clone_set!(numbers::<Ours>(n), |v, i| v.set(i, 1));
        let name = format!("PersistentVector clone + set + drop, {n} / imbl");
        table.row(&name, shared, 1, ours(), clone_set!(numbers::<Imbl>(n), |v, i| v.set(i, 1)));
        let name = format!("PersistentVector clone + set + drop, {n} / rpds");
        table.row(&name, 0.6, 1, ours(), clone_set!(rpds(n), |v, i| v.set_mut(i, 1)));
    }

    macro_rules! clone_push {
        ($vector:expr, $push:ident) => {{
            let old = $vector;
            move || {
                let mut new = old.clone();
                new.$push(1);
                new
            }
        }};
    }
    // A million elements fill the last leaf of imbl, but not ours.
    for (n, imbl) in [(10_000, 0.5), (1_000_000, 0.05), (1_000_037, 0.05)] {
        let ours = || clone_push!(numbers::<Ours>(n), push_back);
        let name = format!("PersistentVector clone + push_back + drop, {n} / imbl");
        table.row(&name, imbl, 1, ours(), clone_push!(numbers::<Imbl>(n), push_back));
        let name = format!("PersistentVector clone + push_back + drop, {n} / rpds");
        table.row(&name, 0.1, 1, ours(), clone_push!(rpds(n), push_back_mut));
        let name = format!("PersistentVector clone + push_back + drop, {n} / pvec");
        table.row(&name, 1.0, 1, ours(), clone_push!(pvec(n), push));
    }
}

/// Measures vectors after many edits.
fn worn(table: &mut Table) {
    // The vectors are relaxed, because they are appended from pieces of 733 elements.
    for (n, at_most) in [(10_000, 0.7), (1_000_000, 1.0)] {
        macro_rules! relaxed {
            ($of:ty) => {{
                let piece = numbers::<$of>(733);
                let mut v = <$of>::new();
                while v.len() < n {
                    v.append(piece.clone());
                }
                v
            }};
        }
        let (ours, imbl) = (relaxed!(Ours), relaxed!(Imbl));
        let indices = random_indices(n, 10_000);
        macro_rules! sum {
            ($v:ident) => {
                || indices.iter().fold(0, |sum: u64, &i| sum.wrapping_add(black_box(&$v)[i]))
            };
        }
        let name = format!("PersistentVector random get, relaxed, {n} / imbl");
        table.row(&name, at_most, indices.len(), sum!(ours), sum!(imbl));
    }

    macro_rules! prepended {
        ($of:ty) => {
            || {
                let mut v = <$of>::new();
                for x in 0..4096 {
                    let mut one: $of = [x].into_iter().collect();
                    one.append(v);
                    v = one;
                }
                v
            }
        };
    }
    let name = "PersistentVector prepend by append, 4,096 times / imbl";
    table.row(name, 0.01, 4096, prepended!(Ours), prepended!(Imbl));

    macro_rules! rotated {
        ($of:ty) => {{
            let mut v = numbers::<$of>(20_000);
            move || {
                let rest = v.split_off(7777);
                let front = std::mem::replace(&mut v, rest);
                v.append(front);
            }
        }};
    }
    let name = "PersistentVector rotate by split and append, 20,000 / imbl";
    table.row(name, 0.05, 1, rotated!(Ours), rotated!(Imbl));

    let indices = random_indices(10_000, 1000);
    macro_rules! edit {
        ($of:ty) => {{
            let mut v = numbers::<$of>(10_000);
            let mut next = indices.iter().cycle();
            move || {
                let i = *next.next().unwrap();
                v.insert(i, 1);
                v.remove(10_000 - i)
            }
        }};
    }
    let name = "PersistentVector insert + remove at random, 10,000 / Vec";
    table.row(name, 1.0, 2, edit!(Ours), edit!(Vec<u64>));
}

/// Measures the comparison of versions that share nodes.
fn equality(table: &mut Table) {
    let n = 1_000_000;
    let ours = numbers::<Ours>(n);
    let (clone, mut changed) = (ours.clone(), ours.clone());
    changed.set(n as usize / 2, 0);
    let small = numbers::<Ours>(10);
    let same = small.clone();
    let name = "PersistentVector eq_shared with its clone, 1,000,000 / 10";
    let (a, b) = (|| black_box(&ours).eq_shared(&clone), || black_box(&small).eq_shared(&same));
    table.row(name, 3.0, 1, a, b);
    let eq_shared = || black_box(&ours).eq_shared(&changed);
    let name = "PersistentVector eq_shared after one set, 1,000,000 / == of Vec";
    let (a, b) = (numbers::<Vec<u64>>(n), numbers::<Vec<u64>>(n));
    table.row(name, 0.01, 1, eq_shared, || black_box(&a) == &b);
}

/// Measures the difference of two versions, beside a comparison of all elements, and beside shorter versions.
fn differences(table: &mut Table) {
    let n = 100_000;
    let (ours, vec) = (numbers::<Ours>(n), numbers::<Vec<u64>>(n));
    let (mut set, mut edited, mut vec_set) = (ours.clone(), ours.clone(), vec.clone());
    set.set(70_000, 0);
    edited.set(70_000, 0);
    edited.insert(500, 0);
    edited.remove(30_000);
    vec_set[70_000] = 0;
    let apart = numbers::<Ours>(n);
    let positions = || {
        let pairs = black_box(&vec).iter().zip(&vec_set).enumerate();
        pairs.filter(|(_, (a, b))| a != b).map(|(i, _)| i).collect::<Vec<usize>>()
    };
    let name = "PersistentVector diff after one set, 100,000 / positions of Vecs";
    table.row(name, 0.05, 1, || black_box(&ours).diff(&set), positions);
    let name = "PersistentVector diff after three edits, 100,000 / positions of Vecs";
    table.row(name, 0.3, 1, || black_box(&ours).diff(&edited), positions);
    let name = "PersistentVector diff, nothing shared, 100,000 / positions of Vecs";
    table.row(name, 5.0, 1, || black_box(&ours).diff(&apart), positions);

    let doubled = |doublings| {
        let mut old = numbers::<Ours>(128);
        (0..doublings).for_each(|_| old.append(old.clone()));
        let mut new = old.clone();
        new.set(old.len() / 3, 1_000);
        (old, new)
    };
    let (few, few_set) = doubled(10);
    for (doublings, at_most) in [(24, 2.5), (40, 4.0)] {
        let (many, many_set) = doubled(doublings);
        let name = format!("PersistentVector diff after one set, {doublings} doublings / 10");
        let ours = || black_box(&many).diff(&many_set);
        table.row(&name, at_most, 1, ours, || black_box(&few).diff(&few_set));
    }
}
