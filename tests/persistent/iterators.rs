//! The iterators of `PersistentVector`: their lengths, both ends and `Debug`. Methods that have a second name.

use cow_collections::{PersistentVector, persistent_vector};

fn numbers(n: u32) -> PersistentVector<u32> {
    (0..n).collect()
}

/// Asserts that at each step `size_hint` bounds the number of the remaining items.
fn assert_size_hints<I: Iterator>(mut items: I, count: usize) {
    for left in (0..=count).rev() {
        let (least, most) = items.size_hint();
        assert!(least <= left && most.is_none_or(|most| most >= left), "{left} left");
        assert_eq!(least > 0, left > 0, "at least one item is promised while one is left");
        assert_eq!(items.next().is_some(), left > 0);
    }
    assert_eq!(items.size_hint(), (0, Some(0)));
}

#[test]
fn size_hint_of_chunks_bounds_the_leaves() {
    for n in [0, 1, 100, 3000] {
        let mut v = numbers(n);
        let count = v.chunks().count();
        assert_size_hints(v.chunks(), count);
        assert_size_hints(v.chunks_mut(), count);
    }
}

#[test]
fn size_hint_of_extract_if_is_the_rest_of_the_range() {
    let mut v = numbers(10);
    let mut odd = v.extract_if(2..9, |n| *n % 2 == 1);
    assert_eq!(odd.size_hint(), (0, Some(7)));
    assert_eq!(odd.next(), Some(3));
    assert_eq!(odd.size_hint(), (0, Some(5)));
    assert!(odd.by_ref().eq([5, 7]));
    assert_eq!(odd.size_hint(), (0, Some(0)));
}

#[test]
fn next_back_of_chunks_returns_the_leaves_from_the_end() {
    let mut v = numbers(3000);
    let leaves: Vec<Vec<u32>> = v.chunks().map(<[u32]>::to_vec).collect();
    assert!(leaves.len() > 2);
    assert!(v.chunks().rev().eq(leaves.iter().rev()));
    let mut chunks = v.chunks_mut();
    for leaf in leaves.iter().rev() {
        assert_eq!(chunks.next_back().unwrap(), leaf);
    }
    assert!(chunks.next_back().is_none());
}

#[test]
fn nth_back_returns_the_same_as_on_a_slice() {
    let v = numbers(3000);
    let all = v.to_vec();
    for n in [0, 1, 63, 64, 1000, 2999, 3000] {
        let (mut ours, mut slice) = (v.iter(), all.iter());
        assert_eq!(ours.nth_back(n), slice.nth_back(n));
        assert!(ours.eq(slice));
    }
}

#[test]
fn binary_search_finds_each_place_of_a_long_vector() {
    let v: PersistentVector<u32> = (0..1500).map(|n| 2 * n).collect();
    let all = v.to_vec();
    for key in 0..3001 {
        assert_eq!(v.binary_search(&key), all.binary_search(&key), "{key}");
    }
}

#[test]
fn debug_shows_what_is_left() {
    let mut v = persistent_vector![1, 2, 3];
    assert_eq!(format!("{:?}", v.chunks()), "[[1, 2, 3]]");
    assert_eq!(format!("{:?}", v.iter_mut()), "IterMut { len: 3, .. }");
    assert_eq!(format!("{:?}", v.chunks_mut()), "ChunksMut { elements: 3, .. }");
    assert_eq!(format!("{:?}", v.clone().into_iter()), "IntoIter { len: 3, .. }");
    assert_eq!(format!("{:?}", v.extract_if(1.., |_| true)), "ExtractIf { range: 1..3, .. }");
    let mut v = persistent_vector![1, 2];
    let mut cursor = v.cursor();
    assert_eq!(cursor.get(1), Some(&2));
    assert_eq!(format!("{cursor:?}"), "Cursor { start: 0, leaf: [1, 2] }");
    assert!(format!("{:?}", v.cursor_mut()).starts_with("CursorMut"));
    let error = v.get_disjoint_mut([0, 0]).unwrap_err();
    assert_eq!(error.to_string(), "there were overlapping indices");
    let error = v.get_disjoint_mut([0, 2]).unwrap_err();
    assert_eq!(error.to_string(), "an index is out of bounds");
}

#[test]
fn push_and_pop_do_what_push_back_and_pop_back_do() {
    let mut v = PersistentVector::new();
    v.push(1);
    v.push(2);
    assert_eq!(v, [1, 2]);
    assert_eq!((v.pop(), v.pop(), v.pop()), (Some(2), Some(1), None));
}

#[test]
fn is_contiguous_while_one_leaf_has_all_elements() {
    assert!(numbers(3).is_contiguous());
    assert!(!numbers(3000).is_contiguous());
}
