//! Compares every edit and search of `PersistentVector` with the same one of `Vec`.
//!
//! Each runs on a unique vector, and on a shared one whose hidden copy must not change. The trees have full leaves,
//! or are joined from pieces of odd lengths.

use crate::common::panics::message;
use cow_collections::persistent::GetDisjointMutError;
use cow_collections::{PersistentVector, persistent_vector};

/// An element so large that a leaf has four, and a few elements make a high tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Big(u64, [u64; 31]);

fn big(n: u64) -> Big {
    Big(n, [n; 31])
}

fn all(n: u64) -> Vec<Big> {
    // Unsorted, with duplicates.
    (0..n).map(|x| big(x * 7 % 50 / 3)).collect()
}

/// Returns two vectors of `values`: one with full leaves, and one joined from pieces of odd lengths.
fn shapes(values: &[Big]) -> [PersistentVector<Big>; 2] {
    let mut pieces = PersistentVector::new();
    let (mut rest, mut size) = (values, 1);
    while !rest.is_empty() {
        let (piece, others) = rest.split_at(size.min(rest.len()));
        pieces.append(piece.into());
        (rest, size) = (others, size * 5 % 13 + 1);
    }
    [values.into(), pieces]
}

const LENGTHS: &[u64] =
    if cfg!(miri) { &[0, 5, 18] } else { &[0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 60, 70, 300] };

/// Asserts that `work` on every shape and length does what `expected` does on a `Vec`.
#[track_caller]
fn same<R: PartialEq + std::fmt::Debug>(
    work: impl Fn(&mut PersistentVector<Big>) -> R,
    expected: impl Fn(&mut Vec<Big>) -> R,
) {
    for n in LENGTHS {
        let values = all(*n);
        let mut after = values.clone();
        let result = expected(&mut after);
        for (shape, alone) in shapes(&values).into_iter().enumerate() {
            let check = |v: &PersistentVector<Big>, found: R, how: &str| {
                v.assert_invariants();
                assert_eq!(found, result, "{how}, shape {shape} of {n}");
                assert!(*v == after, "{how}, shape {shape} of {n}: {:?}", v.to_vec());
            };
            let (hidden, mut shared) = (alone.clone(), alone.clone());
            let found = work(&mut shared);
            check(&shared, found, "shared");
            hidden.assert_invariants();
            assert!(hidden == values, "the hidden copy is unchanged, shape {shape} of {n}");
            drop((hidden, shared));
            let mut alone = alone;
            let found = work(&mut alone);
            check(&alone, found, "unique");
        }
    }
}

/// Calls `same` with several indices, each a fraction of the length.
#[track_caller]
fn at_places<R: PartialEq + std::fmt::Debug>(
    work: impl Fn(&mut PersistentVector<Big>, usize) -> R,
    expected: impl Fn(&mut Vec<Big>, usize) -> R,
) {
    let places: &[usize] = if cfg!(miri) { &[0, 5, 16] } else { &[0, 1, 3, 5, 8, 11, 14, 15, 16] };
    for place in places {
        same(|v| work(v, v.len() * place / 16), |v| expected(v, v.len() * place / 16));
    }
}

fn is_empty<T>(v: &[T]) -> bool {
    v.is_empty()
}

#[test]
fn edits_of_one_element_equal_those_of_vec() {
    at_places(|v, i| v.insert(i, big(99)), |v, i| v.insert(i, big(99)));
    at_places(|v, i| (i < v.len()).then(|| v.remove(i)), |v, i| (i < v.len()).then(|| v.remove(i)));
    at_places(
        |v, i| (i < v.len()).then(|| v.swap_remove(i)),
        |v, i| (i < v.len()).then(|| v.swap_remove(i)),
    );
    at_places(
        |v, i| v.get_mut(i).map(|x| std::mem::replace(x, big(5))),
        |v, i| v.get_mut(i).map(|x| std::mem::replace(x, big(5))),
    );
    same(|v| v.push_front(big(9)), |v| v.insert(0, big(9)));
    same(PersistentVector::pop_front, |v| (!is_empty(v)).then(|| v.remove(0)));
    same(|v| v.first_mut().map(|x| x.0 = 77), |v| v.first_mut().map(|x| x.0 = 77));
    same(|v| v.last_mut().map(|x| x.0 = 77), |v| v.last_mut().map(|x| x.0 = 77));
}

#[test]
fn edits_of_many_elements_equal_those_of_vec() {
    let many = if cfg!(miri) { 12 } else { 40 };
    at_places(
        |v, i| (0..many).for_each(|x| v.insert(i, big(x))),
        |v, i| (0..many).for_each(|x| v.insert(i, big(x))),
    );
    at_places(
        |v, i| (0..many).for_each(|x| v.insert(i + x as usize, big(x))),
        |v, i| (0..many).for_each(|x| v.insert(i + x as usize, big(x))),
    );
    at_places(
        |v, i| {
            while v.len() > i {
                v.remove(i);
            }
        },
        |v, i| v.truncate(i),
    );
    same(
        |v| (0..many).for_each(|x| v.push_front(big(x))),
        |v| {
            (0..many).for_each(|x| v.insert(0, big(x)));
        },
    );
    same(|v| while v.pop_front().is_some() {}, Vec::clear);
}

#[test]
fn cuts_and_joins() {
    at_places(|v, i| v.truncate(i), |v, i| v.truncate(i));
    at_places(|v, i| v.split_off(i).to_vec(), |v, i| v.split_off(i));
    at_places(|v, i| v.rotate_left(i), |v, i| v.rotate_left(i));
    at_places(|v, i| v.rotate_right(i), |v, i| v.rotate_right(i));
    at_places(|v, i| v.slice(i / 2..i).to_vec(), |v, i| v[i / 2..i].to_vec());
    at_places(|v, i| v.slice(i..).to_vec(), |v, i| v[i..].to_vec());
    at_places(|v, i| *v = v.slice(..i), |v, i| *v = v[..i].to_vec());
    same(|v| v.append(v.clone()), |v| v.extend(v.clone()));
    at_places(|v, i| v.append(v.slice(i..)), |v, i| v.extend_from_within(i..));
    at_places(|v, i| v.extend_from_within(i / 3..i), |v, i| v.extend_from_within(i / 3..i));
    at_places(
        |v, i| {
            let mut whole = v.slice(i..);
            whole.append(v.slice(..i));
            *v = whole;
        },
        |v, i| v.rotate_left(i),
    );
    same(|v| v.append(PersistentVector::new()), |_| ());
}

#[test]
fn take_skip_and_split_at_leave_the_vector_and_give_its_parts() {
    at_places(|v, i| v.take(i).to_vec(), |v, i| v[..i].to_vec());
    at_places(|v, i| v.skip(i).to_vec(), |v, i| v[i..].to_vec());
    at_places(
        |v, i| {
            let (left, right) = v.split_at(i);
            left.assert_invariants();
            right.assert_invariants();
            (left.to_vec(), right.to_vec())
        },
        |v, i| (v[..i].to_vec(), v[i..].to_vec()),
    );
    // `v.skip` is the vector's own method. `v.iter().skip` is the iterator's.
    at_places(|v, i| v.iter().skip(i).count(), |v, i| v.iter().skip(i).count());
}

#[test]
fn take_and_skip_past_the_end_give_all_and_nothing() {
    for n in LENGTHS {
        for v in shapes(&all(*n)) {
            for past in [v.len(), v.len() + 1, usize::MAX] {
                assert!(v.take(past).ptr_eq(&v), "take {past} of {n}");
                assert!(v.skip(past).is_empty(), "skip {past} of {n}");
            }
            assert!(v.skip(0).ptr_eq(&v));
        }
    }
}

#[test]
fn take_skip_and_split_at_share_all_but_the_edges() {
    let n = if cfg!(miri) { 100 } else { 2_000 };
    for v in shapes(&all(n)) {
        let (len, bytes) = (v.len(), v.heap_bytes());
        let (left, right) = v.split_at(len / 3);
        for (part, elements) in [
            (v.take(len / 3), len / 3),
            (v.skip(len / 3), len - len / 3),
            (left, len / 3),
            (right, len - len / 3),
        ] {
            assert_eq!(part.len(), elements);
            // A part owns one leaf, and the nodes of one edge. An element has 256 bytes, a node some 200.
            let own = part.heap_bytes() - part.shared_bytes_with(&v);
            assert!(own < 4_000, "{own} of {bytes}");
        }
    }
}

#[test]
fn drain_splice_and_slice_equal_those_of_vec() {
    let (more, lengths): (&[u64], &[usize]) =
        if cfg!(miri) { (&[0, 3], &[20, 90]) } else { (&[0, 1, 3, 30], &[0, 1, 20, 400]) };
    at_places(|v, i| v.drain(i / 2..i).collect(), |v, i| v.drain(i / 2..i).collect::<Vec<_>>());
    at_places(|v, i| v.drain(i..).rev().collect(), |v, i| v.drain(i..).rev().collect::<Vec<_>>());
    at_places(|v, i| drop(v.drain(..i)), |v, i| drop(v.drain(..i)));
    for k in more {
        let with = || (0..*k).map(big);
        at_places(
            |v, i| v.splice(i / 2..i, with()).collect::<Vec<_>>(),
            |v, i| v.splice(i / 2..i, with()).collect::<Vec<_>>(),
        );
        at_places(|v, i| drop(v.splice(i..i, with())), |v, i| drop(v.splice(i..i, with())));
    }
    at_places(
        |v, i| v.replace_range(i..i, v.clone()).is_empty(),
        |v, i| v.splice(i..i, v.clone()).count() == 0,
    );
    same(|v| v.extend_from_slice(&all(9)), |v| v.extend_from_slice(&all(9)));
    for &n in lengths {
        same(|v| v.resize(n, big(3)), |v| v.resize(n, big(3)));
        let counter = || {
            let mut x = 0;
            move || {
                x += 1;
                big(x)
            }
        };
        same(|v| v.resize_with(n, counter()), |v| v.resize_with(n, counter()));
    }
}

#[test]
fn retain_and_dedup_equal_those_of_vec() {
    for m in [1, 2, 3, 17] {
        same(|v| v.retain(|x| x.0 % m == 0), |v| v.retain(|x| x.0 % m == 0));
        same(|v| v.retain(|x| x.0 % m != 0), |v| v.retain(|x| x.0 % m != 0));
    }
    let (divisors, asked): (&[u64], _) =
        if cfg!(miri) { (&[3], &[usize::MAX][..]) } else { (&[1, 2, 3, 17], &[1, usize::MAX][..]) };
    for &m in divisors {
        fn odd(x: &mut Big, m: u64) -> bool {
            x.0 += 1;
            x.0 % m == 0
        }
        same(|v| v.retain_mut(|x| odd(x, m)), |v| v.retain_mut(|x| odd(x, m)));
        same(|v| v.retain_mut(|x| !odd(x, m)), |v| v.retain_mut(|x| !odd(x, m)));
        for &asked in asked {
            at_places(
                |v, i| v.extract_if(i / 2..i, |x| odd(x, m)).take(asked).collect::<Vec<_>>(),
                |v, i| v.extract_if(i / 2..i, |x| odd(x, m)).take(asked).collect::<Vec<_>>(),
            );
        }
        same(|v| v.pop_back_if(|x| odd(x, m)), |v| v.pop_if(|x| odd(x, m)));
        same(
            |v| v.pop_front_if(|x| odd(x, m)),
            |v| v.first_mut().is_some_and(|x| odd(x, m)).then(|| v.remove(0)),
        );
    }
    same(PersistentVector::dedup, Vec::dedup);
    same(|v| v.dedup_by_key(|x| x.0 / 4), |v| v.dedup_by_key(|x| x.0 / 4));
    same(|v| v.dedup_by(|a, b| a.0 < b.0), |v| v.dedup_by(|a, b| a.0 < b.0));
}

#[test]
fn sort_reverse_and_fill_equal_those_of_vec() {
    same(PersistentVector::sort, |v| v.sort());
    same(|v| v.sort_by(|a, b| b.cmp(a)), |v| v.sort_by(|a, b| b.cmp(a)));
    same(|v| v.sort_by_key(|x| x.0 % 5), |v| v.sort_by_key(|x| x.0 % 5));
    same(|v| v.sort_by_cached_key(|x| x.0 % 5), |v| v.sort_by_cached_key(|x| x.0 % 5));
    same(PersistentVector::sort_unstable, |v| v.sort_unstable());
    same(|v| v.sort_unstable_by(|a, b| b.cmp(a)), |v| v.sort_unstable_by(|a, b| b.cmp(a)));
    same(|v| v.sort_unstable_by_key(|x| x.0), |v| v.sort_unstable_by_key(|x| x.0));
    same(PersistentVector::reverse, |v| v.reverse());
    same(|v| v.fill(big(4)), |v| v.fill(big(4)));
    at_places(
        |v, i| (i < v.len()).then(|| v.swap(i, v.len() / 3)),
        |v, i| {
            (i < v.len()).then(|| {
                let other = v.len() / 3;
                v.swap(i, other)
            })
        },
    );
}

#[test]
fn writing_iterators() {
    same(|v| v.iter_mut().for_each(|x| x.0 += 1), |v| v.iter_mut().for_each(|x| x.0 += 1));
    same(
        |v| v.iter_mut().rev().enumerate().for_each(|(i, x)| x.0 = i as u64),
        |v| v.iter_mut().rev().enumerate().for_each(|(i, x)| x.0 = i as u64),
    );
    at_places(
        |v, i| v.range_mut(i / 2..i).for_each(|x| x.0 += 1),
        |v, i| v[i / 2..i].iter_mut().for_each(|x| x.0 += 1),
    );
    at_places(
        |v, i| v.range_mut(i..).rev().enumerate().for_each(|(i, x)| x.0 = i as u64),
        |v, i| v[i..].iter_mut().rev().enumerate().for_each(|(i, x)| x.0 = i as u64),
    );
    same(|v| v.chunks_mut().rev().for_each(|chunk| chunk[0].0 *= 1), |_| ());
    same(
        |v| v.chunks_mut().flatten().for_each(|x| x.0 += 2),
        |v| {
            v.iter_mut().for_each(|x| x.0 += 2);
        },
    );
}

/// `chunks_mut` gives the same chunks as `chunks`. `iter_mut` from both ends gives what `Vec`'s does.
#[test]
fn writing_iterators_by_steps() {
    let mut state = 99_u64;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % n
    };
    for n in LENGTHS {
        for shape in shapes(&all(*n)) {
            let chunks: Vec<Vec<Big>> = shape.chunks().map(<[Big]>::to_vec).collect();
            let mut copy = shape.clone();
            assert!(copy.chunks_mut().map(|chunk| chunk.to_vec()).eq(chunks));
            for _ in 0..if cfg!(miri) { 1 } else { 20 } {
                let (mut ours, mut theirs) = (shape.clone(), all(*n));
                let (mut a, mut b) = (ours.iter_mut(), theirs.iter_mut());
                let mut kept = Vec::new();
                loop {
                    assert_eq!(a.len(), b.len());
                    let step = below(9) as usize;
                    let (x, y) = match below(4) {
                        0 => (a.next(), b.next()),
                        1 => (a.next_back(), b.next_back()),
                        2 => (a.nth(step), b.nth(step)),
                        _ => (a.nth_back(step), b.nth_back(step)),
                    };
                    assert_eq!(x, y);
                    let (Some(x), Some(y)) = (x, y) else { break };
                    // All references are alive at once.
                    kept.push((x, y));
                }
                for (i, (x, y)) in kept.into_iter().enumerate() {
                    (x.0, y.0) = (i as u64, i as u64);
                }
                assert_eq!(ours, theirs);
                ours.assert_invariants();
                assert_eq!(shape, all(*n), "the hidden copy is unchanged");
            }
        }
    }
}

#[test]
fn a_writing_iterator_copies_only_what_it_comes_to() {
    let old: PersistentVector<Big> = (0..40).map(big).collect();
    let mut new = old.clone();
    new.iter_mut().nth(17).unwrap().0 = 100;
    new.iter_mut().nth_back(1).unwrap().0 = 100;
    let shared = |i: usize| std::ptr::eq(old.get(i).unwrap(), new.get(i).unwrap());
    assert!(shared(15) && !shared(16) && !shared(19) && shared(20));
    assert!(shared(35) && !shared(38));
    let mut new = old.clone();
    new.range_mut(6..10).for_each(|x| x.0 = 100);
    let shared = |i: usize| std::ptr::eq(old.get(i).unwrap(), new.get(i).unwrap());
    assert!(shared(3) && !shared(4) && !shared(11) && shared(12));
    assert_eq!(new.range_mut(6..10).len(), 4);
    // Filtering two elements of the first leaf copies no other leaf.
    let mut new = old.clone();
    assert_eq!(new.extract_if(..2, |x| x.0 == 1).count(), 1);
    let shared = |i: usize| std::ptr::eq(old.get(i + 1).unwrap(), new.get(i).unwrap());
    assert!(!shared(0) && shared(12));
}

#[test]
fn several_at_once() {
    for n in LENGTHS.iter().filter(|n| **n > 3) {
        let last = *n as usize - 1;
        for shape in shapes(&all(*n)) {
            let mut v = shape.clone();
            let [a, b, c] = v.get_disjoint_mut([last, 0, last / 2]).unwrap();
            (a.0, b.0, c.0) = (1_000, 1_001, 1_002);
            assert_eq!((v[last].0, v[0].0, v[last / 2].0), (1_000, 1_001, 1_002));
            v.assert_invariants();
            assert_eq!(shape, all(*n));
            let mut same = |indices| v.get_disjoint_mut(indices).err();
            assert_eq!(same([0, last + 1]), Some(GetDisjointMutError::IndexOutOfBounds));
            assert_eq!(same([1, 1]), Some(GetDisjointMutError::OverlappingIndices));
            assert_eq!(v.get_disjoint_mut([]), Ok([]));
        }
    }
}

#[test]
fn a_cursor_finds_what_get_finds() {
    for n in LENGTHS {
        for v in shapes(&all(*n)) {
            let mut cursor = v.cursor();
            assert_eq!((cursor.len(), cursor.is_empty()), (v.len(), v.is_empty()));
            let mut at = 3;
            for _ in 0..200 {
                at = (at * 31 + 7) % (v.len() + 2);
                for near in [at, at + 1, at.saturating_sub(1), usize::MAX] {
                    assert_eq!(cursor.get(near), v.get(near));
                    assert_eq!(cursor.clone().get(near), v.get(near));
                }
            }
        }
    }
}

#[test]
fn a_cursor_writes_what_get_mut_writes() {
    for n in LENGTHS {
        for shape in shapes(&all(*n)) {
            let (mut v, mut expected) = (shape.clone(), all(*n));
            let mut cursor = v.cursor_mut();
            assert_eq!((cursor.len(), cursor.is_empty()), (expected.len(), expected.is_empty()));
            let mut at = 3;
            for round in 0..100 {
                at = (at * 31 + 7) % (expected.len() + 2);
                // Reads before and after each write, in the written leaf and in others.
                for near in [at, at + 1, at.saturating_sub(1), expected.len() / 2, usize::MAX] {
                    assert_eq!(cursor.get(near), expected.get(near));
                    if let Some(element) = cursor.get_mut(near) {
                        element.0 = round;
                        expected[near].0 = round;
                    } else {
                        assert!(near >= expected.len());
                    }
                    assert_eq!(cursor.get(at), expected.get(at));
                }
            }
            v.assert_invariants();
            assert_eq!(
                (v, shape),
                (expected.into(), all(*n).into()),
                "the other version is unchanged"
            );
        }
    }
}

#[test]
fn several_vectors_as_one() {
    let parts = [3, 0, 70, 1, 1, 16].map(|n| PersistentVector::from(all(n)));
    let whole = PersistentVector::concat(parts.clone());
    whole.assert_invariants();
    assert_eq!(whole, parts.iter().flatten().copied().collect::<Vec<_>>());
    assert!(PersistentVector::<u8>::concat([]).is_empty());
}

#[test]
fn binary_search_equals_that_of_slice() {
    for n in LENGTHS {
        let sorted: Vec<Big> = (0..*n).map(|x| big(x / 3 * 2)).collect();
        for v in shapes(&sorted) {
            for x in 0..n + 3 {
                let (found, value) = (v.binary_search(&big(x)), big(x));
                assert_eq!(found.is_ok(), sorted.binary_search(&value).is_ok());
                match found {
                    Ok(at) => assert_eq!(v[at], value),
                    Err(at) => assert_eq!(at, sorted.partition_point(|y| *y < value)),
                }
                let by_key = v.binary_search_by_key(&x, |y| y.0).is_ok();
                assert_eq!(by_key, found.is_ok());
                assert_eq!(v.partition_point(|y| y.0 < x), sorted.partition_point(|y| y.0 < x));
                assert_eq!(v.contains(&value), sorted.contains(&value));
                assert_eq!(v.index_of(&value), sorted.iter().position(|y| *y == value));
            }
            for cut in [0, 1, sorted.len() / 2, sorted.len()] {
                let cut = cut.min(sorted.len());
                assert!(v.starts_with(&sorted[..cut]) && v.ends_with(&sorted[cut..]));
            }
            assert!(!v.starts_with(&[big(1)]) && !v.ends_with(&[big(1)]));
            for i in 0..v.len() {
                let (indices, leaf) = v.chunk_at(i).unwrap();
                assert!(indices.contains(&i) && *leaf == sorted[indices]);
            }
            assert_eq!(v.chunk_at(v.len()), None);
        }
    }
}

#[test]
fn panics_have_the_messages_of_vec() {
    type Pair = (fn(&mut PersistentVector<u8>), fn(&mut Vec<u8>));
    let pairs: [Pair; 15] = [
        (|v| _ = v.range(2..4), |v| _ = &v[2..4]),
        (|v| v.insert(4, 0), |v| v.insert(4, 0)),
        (|v| _ = v.remove(3), |v| _ = v.remove(3)),
        (|v| _ = v.swap_remove(3), |v| _ = v.swap_remove(3)),
        (|v| _ = v.split_off(4), |v| _ = v.split_off(4)),
        (|v| _ = v.split_at(4), |v| _ = v.split_at(4)),
        (|v| v.swap(1, 3), |v| v.swap(1, 3)),
        (|v| v.rotate_left(4), |v| v.rotate_left(4)),
        (|v| v.rotate_right(4), |v| v.rotate_right(4)),
        (|v| _ = v.slice(1..4), |v| _ = v[1..4].to_vec()),
        (|v| _ = v.slice(4..), |v| _ = v[4..].to_vec()),
        (|v| drop(v.drain(..=3)), |v| _ = v[..=3].to_vec()),
        (|v| _ = v.range_mut(2..4), |v| _ = &v[2..4]),
        (|v| _ = v.extract_if(4.., |_| true), |v| _ = &v[4..]),
        (|v| drop(v.splice(4.., [])), |v| _ = v[4..].to_vec()),
    ];
    for (i, (ours, theirs)) in pairs.into_iter().enumerate() {
        let mut v = persistent_vector![1, 2, 3];
        let expected = message(|| theirs(&mut vec![1, 2, 3]));
        assert_eq!(message(|| ours(&mut v)), expected, "pair {i}");
        v.assert_invariants();
        assert_eq!(v, [1, 2, 3], "pair {i}");
    }
    #[expect(clippy::reversed_empty_ranges, reason = "the range must be refused")]
    let backwards = message(|| _ = persistent_vector![1, 2, 3].slice(2..1));
    assert_eq!(backwards, "slice index starts at 2 but ends at 1");
}
