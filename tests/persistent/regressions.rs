#![cfg(not(miri))] // too large for Miri, which runs the same code at smaller sizes
//! Cases that were a bug or a performance cliff in another persistent vector.

use std::collections::VecDeque;

use cow_collections::PersistentVector;

type Vector = PersistentVector<u64>;

fn vector(n: u64) -> Vector {
    (0..n).collect()
}

#[track_caller]
fn assert_is(v: &Vector, expected: &[u64]) {
    v.assert_invariants();
    assert_eq!(v.len(), expected.len());
    assert!(v.iter().eq(expected));
    assert!(v.iter().rev().eq(expected.iter().rev()));
}

/// Returns the height that full nodes above full leaves would need.
fn packed(v: &Vector) -> usize {
    let leaves = v.len().div_ceil(128);
    (0..).find(|h| 16_usize.pow(*h) >= leaves).unwrap() as usize
}

#[track_caller]
fn assert_dense_enough(v: &Vector, bytes: usize) {
    assert!(v.height() <= packed(v) + 2, "{} levels", v.height());
    let each = v.heap_bytes() / v.len();
    assert!(each < bytes, "{each} bytes an element");
}

#[test]
fn memory_when_built_at_once() {
    let v = vector(1_000_000);
    assert!(v.heap_bytes() * 10 <= v.len() * 85, "{}", v.heap_bytes());
    let large: PersistentVector<[u8; 1024]> = (0..10).map(|_| [0; 1024]).collect();
    assert!(large.heap_bytes() <= 17 * 1024, "{}", large.heap_bytes());
}

#[test]
fn forty_thousand_inserts_in_the_middle() {
    let (mut v, mut oracle) = (Vector::new(), VecDeque::new());
    for x in 0..40_000 {
        v.insert(v.len() / 2, x);
        oracle.push_back(x);
    }
    // Odd numbers come first, in order. Even numbers follow, in reverse.
    let (even, odd): (Vec<u64>, Vec<u64>) = oracle.into_iter().partition(|x| x % 2 == 0);
    let expected: Vec<u64> = odd.into_iter().chain(even.into_iter().rev()).collect();
    assert_is(&v, &expected);
    assert_dense_enough(&v, 18);
}

#[test]
fn four_thousand_prepends_by_append() {
    let mut v = Vector::new();
    for x in 0..4_099 {
        let mut one = vector(0);
        one.push_back(x);
        one.append(v);
        v = one;
    }
    assert_is(&v, &(0..4_099).rev().collect::<Vec<_>>());
    assert_dense_enough(&v, 22);
    let rest = v.slice(1..);
    assert_is(&rest, &(0..4_098).rev().collect::<Vec<_>>());
}

#[test]
fn twenty_thousand_rotations() {
    let mut v = vector(40_000);
    let (mut at, mut first) = (1, 0);
    for _ in 0..20_000 {
        at = at * 48_271 % 39_999;
        v.rotate_left(at);
        first = (first + at as u64) % 40_000;
        assert_eq!(v[0], first);
    }
    assert_is(&v, &(first..40_000).chain(0..first).collect::<Vec<_>>());
    assert_dense_enough(&v, 22);
}

#[test]
fn prepended_and_then_taken_from_the_back() {
    let mut v = Vector::new();
    (0..70_000).for_each(|x| v.push_front(x));
    v.assert_invariants();
    assert_dense_enough(&v, 22);
    for n in (60_000..70_000).rev() {
        v.truncate(n);
    }
    assert_is(&v, &(10_000..70_000).rev().collect::<Vec<_>>());
    while v.pop_back().is_some() {}
    v.assert_invariants();
}

#[test]
fn pops_at_the_front_and_removals_behind() {
    let mut v = vector(262);
    let mut oracle: Vec<u64> = (0..262).collect();
    for _ in 0..97 {
        assert_eq!(v.pop_front(), Some(oracle.remove(0)));
    }
    for at in [160, 163, 160] {
        assert_eq!(v.remove(at), oracle.remove(at));
    }
    for x in 0..65 {
        v.push_back(x);
        oracle.push(x);
        assert_is(&v, &oracle);
    }
}

#[test]
fn split_off_again_and_again() {
    let mut v = vector(4_289);
    let mut expected: Vec<u64> = (0..4_289).collect();
    while v.len() > 64 {
        let rest = v.split_off(64);
        assert_is(&v, &expected[..64]);
        v = rest;
        expected.drain(..64);
    }
    assert_is(&v, &expected);
    // Splits exactly before the tail, and then pushes.
    let mut v = vector(16 * 128);
    let tail = v.split_off(16 * 128 - 128);
    v.push_back(7);
    v.append(tail);
    assert_eq!((v.len(), v[16 * 128 - 128], v[16 * 128]), (16 * 128 + 1, 7, 16 * 128 - 1));
    v.assert_invariants();
}

#[test]
fn pieces_of_sizes_that_meet_at_boundaries() {
    for sizes in [
        &[1_056, 1_024][..],
        &[1_020, 4, 30, 1_027],
        &[17; 8],
        &[44, 45],
        &[1, 1_023, 1, 2_047, 1, 128, 129, 127],
        &[26_091, 31_388, 1_098],
    ] {
        let (mut v, mut expected) = (Vector::new(), Vec::new());
        for size in sizes {
            v.append(vector(*size));
            expected.extend(0..*size);
            assert_is(&v, &expected);
        }
        for _ in 0..300 {
            assert_eq!(v.pop_back(), expected.pop());
        }
        (0..300).for_each(|x| v.push_back(x));
        expected.extend(0..300);
        assert_is(&v, &expected);
    }
    let mut v = vector(2);
    v.append(vector(32_768 - 1_024 + 32));
    assert_is(&v.slice(1..3), &[1, 0]);
}

#[test]
fn an_insert_and_its_removal_everywhere() {
    let mut relaxed = vector(300);
    relaxed.append(vector(366));
    let before = relaxed.to_vec();
    for at in (0..=666).filter(|at| at % 5 == 0 || (295..=305).contains(at)) {
        let mut v = relaxed.clone();
        v.insert(at, 7);
        assert_eq!(v.remove(at), 7);
        assert!(v == relaxed, "{at}");
        assert_is(&relaxed.slice(..at), &before[..at]);
        assert_is(&relaxed.slice(at..), &before[at..]);
    }
}

#[test]
fn doubled_forty_times_and_more() {
    let mut v = vector(3);
    for doublings in 1..=60 {
        v.append(v.clone());
        assert_eq!(v.len(), 3 << doublings);
        assert_eq!(v[v.len() - 1], 2);
    }
    assert!(v.height() <= 26, "{}", v.height());
    assert!(v.heap_bytes() < 1 << 20);
    v.insert(v.len() / 2, 9);
    assert_eq!(v[v.len() / 2], 9);
    assert_eq!(v.slice(v.len() / 2 - 1..v.len() / 2 + 2).len(), 3);
}

#[test]
fn quicksort_by_append() {
    fn sorted(v: Vector) -> Vector {
        let Some(pivot) = v.first().copied() else { return v };
        let (mut less, mut more) = (Vector::new(), Vector::new());
        v.iter()
            .skip(1)
            .for_each(|x| if *x < pivot { less.push_back(*x) } else { more.push_back(*x) });
        let mut all = sorted(less);
        all.push_back(pivot);
        all.append(sorted(more));
        all
    }
    let v: Vector = (0..2_000).map(|x| x * 7_919 % 2_000).collect();
    assert_is(&sorted(v), &(0..2_000).collect::<Vec<_>>());
}

#[test]
fn consumed_from_behind() {
    for n in [300, 129, 2_049] {
        let mut v = vector(n / 2);
        v.append(vector(n - n / 2));
        let mut expected = v.to_vec();
        expected.reverse();
        assert!(v.into_iter().rev().eq(expected));
    }
}

#[test]
fn every_other_one_leaves_the_circle() {
    for n in [978, 1_025, 2_500] {
        let (mut v, mut oracle) = (vector(n), (0..n).collect::<VecDeque<_>>());
        while v.len() > 1 {
            let steps = 7 % v.len();
            // Rotates by joining the two parts in the other order.
            let mut rest = v.split_off(steps);
            rest.append(v);
            v = rest;
            oracle.rotate_left(steps);
            assert_eq!(v.pop_front(), oracle.pop_front());
        }
        assert_is(&v, oracle.make_contiguous());
    }
}

#[test]
fn marbles_in_a_circle() {
    let (mut v, mut oracle, mut at) = (Vector::new(), Vec::new(), 0);
    v.push_back(0);
    oracle.push(0);
    for marble in 1..=1_129 + 1_026 {
        if marble % 23 == 0 {
            at = (at + oracle.len() - 7) % oracle.len();
            assert_eq!(v.remove(at), oracle.remove(at));
        } else {
            at = (at + 1) % oracle.len() + 1;
            v.insert(at, marble);
            oracle.insert(at, marble);
        }
    }
    assert_is(&v, &oracle);
    for _ in 0..1_026 {
        assert_eq!(v.pop_back(), oracle.pop());
    }
    assert_is(&v, &oracle);
}

#[test]
fn halves_interleaved_by_ones() {
    for n in [2_061, 2_371] {
        let mut v = vector(n);
        let mut expected = v.to_vec();
        for _ in 0..4 {
            let half = v.len() / 2;
            let mut mixed = v.slice(2 * half..);
            let mut mixed_expected = expected[2 * half..].to_vec();
            for i in 0..half {
                mixed.append(v.slice(i..i + 1));
                mixed.append(v.slice(half + i..half + i + 1));
                mixed_expected.extend([expected[i], expected[half + i]]);
            }
            (v, expected) = (mixed, mixed_expected);
            assert_is(&v, &expected);
        }
        assert_dense_enough(&v, 22);
    }
}

#[test]
fn the_first_goes_last_ten_thousand_times() {
    let mut v = vector(2_000);
    for turn in 0..10_000 {
        let mut rest = v.split_off(1);
        rest.append(v);
        v = rest;
        assert_eq!((v[1_023], v.len()), ((turn + 1_024) % 2_000, 2_000));
    }
    v.assert_invariants();
    assert_dense_enough(&v, 22);
}

#[test]
fn pops_across_the_last_full_node() {
    for n in [33, 1_025, 16 * 128 + 1, 16 * 16 * 128 + 1, 32_832, 33_792] {
        let mut v = vector(n);
        assert!((0..n).all(|i| v[i as usize] == i), "{n}");
        for i in (n.saturating_sub(140)..n).rev() {
            assert_eq!(v.pop_back(), Some(i));
            // Checks around leaf boundaries, and at some indices between them.
            if i % 16 < 2 || i % 16 == 15 {
                v.assert_invariants();
            }
        }
        v.push_back(7);
        assert_eq!(v.last(), Some(&7));
    }
}

#[test]
fn parts_to_and_from_every_place() {
    let mut relaxed = vector(300);
    relaxed.append(vector(366));
    for v in [vector(666), relaxed] {
        let all = v.to_vec();
        for at in 0..=666 {
            assert_is(&v.slice(..at), &all[..at]);
            assert_is(&v.slice(at..), &all[at..]);
        }
    }
    let mut v = vector(1_024);
    v.reverse();
    assert_is(&v.slice(267..), &(0..757).rev().collect::<Vec<_>>());
}

#[test]
fn high_and_low_trees_joined() {
    fn halves(range: std::ops::Range<u64>) -> Vector {
        if range.end - range.start < 3 {
            return range.collect();
        }
        let middle = range.start.midpoint(range.end);
        let mut left = halves(range.start..middle);
        left.append(halves(middle..range.end));
        left
    }
    assert_is(&halves(0..10_000), &(0..10_000).collect::<Vec<_>>());
    let (empty, one, high) = (Vector::new(), vector(1), vector(128 * 16 * 16 * 3));
    assert_eq!(high.height(), 3);
    for (left, right) in
        [(&one, &high), (&high, &one), (&empty, &high), (&high, &empty), (&one, &one)]
    {
        let (mut v, expected) = (left.clone(), [left.to_vec(), right.to_vec()].concat());
        v.append(right.clone());
        assert_is(&v, &expected);
    }
    let mut twice = high.clone();
    twice.append(high.clone());
    assert_is(&twice, &high.to_vec().repeat(2));
}

#[test]
fn retain_of_most_elements_matches_vec() {
    for n in [129, 255, 256, 257, 2_049] {
        for kept in 1..8 {
            let (mut v, mut expected) = (vector(n), (0..n).collect::<Vec<_>>());
            v.retain(|x| x % 8 < kept);
            expected.retain(|x| x % 8 < kept);
            assert_is(&v, &expected);
        }
    }
}
