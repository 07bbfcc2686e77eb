//! Tests `PersistentVector::diff` on vectors in which leaves and nodes occur more than once. The hunks must be
//! right and small, and the comparisons few.

use std::cell::Cell;
use std::ops::Range;

use cow_collections::PersistentVector;
use cow_collections::persistent::Hunk;
use proptest::prelude::*;

/// An element so large that a leaf has four.
type Big = [u32; 64];

thread_local! {
    /// Comparisons of `Seen`.
    static SEEN: Cell<usize> = const { Cell::new(0) };
}

/// An element that counts its comparisons. A leaf has 256.
#[derive(Clone, Eq, Debug)]
struct Seen(u32);

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        SEEN.set(SEEN.get() + 1);
        self.0 == other.0
    }
}

const LEAF: usize = 256;

/// Returns `2^doublings` copies of `page` in few blocks, made by appending a vector to itself.
fn doubled<T: Clone>(page: impl IntoIterator<Item = T>, doublings: u32) -> PersistentVector<T> {
    let mut vector: PersistentVector<T> = page.into_iter().collect();
    (0..doublings).for_each(|_| vector.append(vector.clone()));
    vector
}

/// Returns the hunks from `old` to `new`, and the number of comparisons. Checks that the hunks are in order and turn
/// `old` into `new`. Does not iterate over the elements, because there may be too many.
#[track_caller]
fn hunks(old: &PersistentVector<Seen>, new: &PersistentVector<Seen>) -> (Vec<Hunk>, usize) {
    SEEN.set(0);
    let hunks = old.diff(new);
    let seen = SEEN.get();
    let mut end = 0;
    for hunk in &hunks {
        assert!(hunk.old.start >= end && hunk.old.len() + hunk.new.len() > 0, "{hunks:?}");
        end = hunk.old.end;
    }
    let mut made = old.clone();
    for Hunk { old, new: put } in hunks.iter().rev() {
        made.replace_range(old.clone(), new.slice(put.clone()));
    }
    assert!(made.len() == new.len() && made.eq_shared(new), "{hunks:?}");
    (hunks, seen)
}

fn hunk(old: Range<usize>, new: Range<usize>) -> Hunk {
    Hunk { old, new }
}

#[test]
fn diff_after_one_set_in_a_leaf_appended_to_itself_is_one_element() {
    let old = doubled((0..256).map(Seen), 1);
    let mut new = old.clone();
    new.set(0, Seen(1_000));
    assert_eq!(hunks(&old, &new).0, [hunk(0..1, 0..1)]);
    assert_eq!(hunks(&new, &old).0, [hunk(0..1, 0..1)]);
}

/// Checks one edit of each kind, at both ends, in the middle and between.
fn assert_one_edit_compares_a_leaf(doublings: u32) {
    let doublings = if cfg!(miri) { doublings / 8 } else { doublings };
    let old = doubled((0..256).map(Seen), doublings);
    let n = old.len();
    let places = [n / 3, 0, 1, 255, 256, n / 2 - 1, n / 2, n - 257, n - 1];
    for &at in if cfg!(miri) { &places[..1] } else { &places[..] } {
        let edited = |edit: fn(&mut PersistentVector<Seen>, usize)| {
            let mut new = old.clone();
            edit(&mut new, at);
            let ((there, seen), (back, _)) = (hunks(&old, &new), hunks(&new, &old));
            assert!(seen <= 4 * LEAF, "{seen} comparisons at {at} of {n}");
            assert_eq!((there.len(), back.len()), (1, 1), "{there:?} {back:?}");
            assert_eq!((&there[0].old, &there[0].new), (&back[0].new, &back[0].old));
            there[0].clone()
        };
        let set = edited(|new, at| _ = new.set(at, Seen(1_000)));
        assert_eq!(set, hunk(at..at + 1, at..at + 1));
        let inserted = edited(|new, at| new.insert(at, Seen(1_000)));
        assert_eq!(inserted, hunk(at..at, at..at + 1));
        let removed = edited(|new, at| _ = new.remove(at));
        assert_eq!((removed.old.len(), removed.new.len()), (1, 0));
    }
}

#[test]
fn diff_after_24_doublings_and_one_edit_compares_a_leaf() {
    assert_one_edit_compares_a_leaf(24);
}

#[test]
fn diff_after_40_doublings_and_one_edit_compares_a_leaf() {
    assert_one_edit_compares_a_leaf(40);
}

#[test]
fn diff_after_40_doublings_and_many_sets_is_one_element_each() {
    let (doublings, sets) = if cfg!(miri) { (4, 3) } else { (40, 100) };
    let old = doubled((0..256).map(Seen), doublings);
    let (mut new, mut expected) = (old.clone(), Vec::new());
    for i in 0..sets {
        let at = old.len() / 101 * i + i * i;
        new.set(at, Seen(1_000));
        expected.push(hunk(at..at + 1, at..at + 1));
    }
    let (hunks, seen) = hunks(&old, &new);
    assert_eq!(hunks, expected);
    assert!(seen <= sets * 2 * LEAF, "{seen}");
}

#[test]
fn diff_after_40_doublings_and_edits_that_shift_ends() {
    // The edits move the elements between them. These repeat so often that `diff` cannot tell the copies apart.
    let doublings = if cfg!(miri) { 3 } else { 40 };
    for page in [(0..256).collect::<Vec<u32>>(), vec![0; 256], [0, 1].repeat(150)] {
        let old = doubled(page.into_iter().map(Seen), doublings);
        let n = old.len();
        let edits: [fn(&mut PersistentVector<Seen>, usize); 6] = [
            |new, n| {
                new.remove(n - 1);
                new.remove(0);
            },
            |new, n| {
                new.insert(n / 3, Seen(1_000));
                new.set(n - 1, Seen(1_000));
                new.set(0, Seen(1_000));
            },
            |new, n| {
                new.insert(n / 2 + 3, Seen(1_000));
                new.insert(n / 4, Seen(1_000));
                new.remove(n - 7);
                new.remove(7);
            },
            |new, n| new.rotate_left(n / 3 + 1),
            |new, n| {
                new.set(n - 1, Seen(1_000));
                new.extend_from_within(n / 5..n / 2 + 5);
                new.set(0, Seen(1_000));
            },
            |new, n| {
                new.set(n - 1, Seen(1_000));
                drop(new.drain(n / 5..n / 2 + 5));
                new.set(0, Seen(1_000));
            },
        ];
        for edit in edits {
            let mut new = old.clone();
            edit(&mut new, n);
            for (old, new) in [(&old, &new), (&new, &old)] {
                let (found, seen) = hunks(old, new);
                assert!(found.len() <= 3 && seen <= 10_000 * LEAF, "{found:?} {seen}");
            }
        }
    }
}

#[test]
fn diff_of_doublings_built_apart_compares_each_pair_of_nodes_once() {
    let many = if cfg!(miri) { 4 } else { 40 };
    let (old, same) = (doubled((0..256).map(Seen), many), doubled((0..256).map(Seen), many));
    let (found, seen) = hunks(&old, &same);
    assert!(found.is_empty() && seen <= 10_000 * LEAF, "{found:?} {seen}");
    assert!(old.eq_shared(&same) && !old.shares_with(&same));
    // Equal elements in leaves of other lengths.
    let mut other = doubled((0..256).map(Seen), many);
    other.insert(100, Seen(0));
    other.remove(100);
    let (found, seen) = hunks(&old, &other);
    assert!(found.is_empty() && seen <= 10_000 * LEAF, "{found:?} {seen}");
    // One element of each page differs.
    let page = |x: u32| Seen(if x == 7 { 1_000 } else { x });
    let few = if cfg!(miri) { 2 } else { 10 };
    let (old, new) = (doubled((0..256).map(Seen), few), doubled((0..256).map(page), few));
    let (found, _) = hunks(&old, &new);
    assert_eq!(found.len(), 1 << few);
    assert!(found.iter().zip(0..).all(|(hunk, i)| hunk.old == (256 * i + 7..256 * i + 8)));
}

/// One element of a node of 1,024 elements differs. The node occurs eight times, and the result of the first comparison
/// is moved to the other places.
#[test]
fn diff_where_a_node_with_one_other_element_occurs_often_is_one_element_each() {
    let page = |other: u32| (0..2_048).map(move |x| if x == 1_500 { [other; 64] } else { [x; 64] });
    let (old, new): (PersistentVector<Big>, _) = (doubled(page(0), 3), doubled(page(1), 3));
    let places = (0..8).map(|copy| copy * 2_048 + 1_500);
    assert_eq!(old.diff(&new), places.map(|i| hunk(i..i + 1, i..i + 1)).collect::<Vec<_>>());
}

#[test]
fn diff_where_one_leaf_occurs_often_compares_a_few_leaves() {
    // Concatenates single leaves, so that no node occurs twice.
    let pages = if cfg!(miri) { 40 } else { 100_000 };
    let page: PersistentVector<Seen> = (0..256).map(Seen).collect();
    let old = PersistentVector::concat((0..pages).map(|_| page.clone()));
    let mut new = old.clone();
    let n = old.len();
    new.set(n - 5, Seen(1_000));
    new.insert(n / 2, Seen(1_000));
    new.remove(5);
    let (found, seen) = hunks(&old, &new);
    // The leaf occurs often, so only nodes of 16 leaves occur once and serve as anchors.
    assert!(found.iter().all(|hunk| hunk.old.len() <= 32 * LEAF), "{found:?}");
    assert!(seen <= 64 * LEAF, "{seen}");
}

#[test]
fn diff_takes_what_is_shared_for_equal() {
    let old = doubled((0..256).map(|_| f64::NAN), if cfg!(miri) { 4 } else { 40 });
    let mut new = old.clone();
    assert_eq!(old.diff(&new), []);
    new.push_back(1.0);
    new.push_front(1.0);
    let n = old.len();
    assert_eq!(old.diff(&new), [hunk(0..0, 0..1), hunk(n..n, n + 1..n + 2)]);
    // The elements of a copied leaf are compared.
    let mut new = old.clone();
    new.set(n / 2 + 3, 1.0);
    assert_eq!(old.diff(&new), [hunk(n / 2..n / 2 + 128, n / 2..n / 2 + 128)]);
}

thread_local! {
    /// The state of the random answers of `Liar`.
    static ANSWERS: Cell<u64> = const { Cell::new(0) };
    /// The number of comparisons before one panics.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// An element whose comparisons answer at random, and panic if `LEFT` is 0.
#[derive(Clone)]
struct Liar {
    /// Makes the element so large that a leaf has four.
    _bytes: [u8; 256],
}

const LIAR: Liar = Liar { _bytes: [0; 256] };

impl PartialEq for Liar {
    fn eq(&self, _: &Self) -> bool {
        LEFT.set(LEFT.get().checked_sub(1).expect("no answer left"));
        ANSWERS.set(ANSWERS.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        ANSWERS.get() >> 61 > 1
    }
}

#[test]
fn diff_by_answers_that_lie_is_in_order_and_within_bounds() {
    let old = doubled(std::iter::repeat_n(LIAR, 7), 5);
    for seed in 0..if cfg!(miri) { 2 } else { 200 } {
        let mut new =
            if seed % 2 == 0 { old.clone() } else { doubled(old.iter().take(9).cloned(), 4) };
        for i in 0..seed as usize % 5 {
            let n = new.len();
            new.set((n / 5 * i) % n, LIAR);
            new.insert((n / 7 * i) % n, LIAR);
        }
        ANSWERS.set(seed);
        let (mut end, mut new_end) = (0, 0);
        for Hunk { old, new } in old.diff(&new) {
            assert_eq!(
                old.start - end,
                new.start - new_end,
                "elements between hunks are in both vectors"
            );
            (end, new_end) = (old.end, new.end);
        }
        assert_eq!(old.len() - end, new.len() - new_end);
        for left in [0, 1, 3, 10, 40] {
            LEFT.set(left);
            _ = std::panic::catch_unwind(|| old.diff(&new));
            LEFT.set(usize::MAX);
        }
        assert_eq!(old.len(), 7 << 5);
    }
}

/// A step that builds a vector.
#[derive(Clone, Debug)]
enum Part {
    /// Appends as many different elements.
    Fresh(usize),
    /// Appends as many equal elements.
    Equal(usize),
    /// Appends a clone of the vector.
    Doubled,
    /// Appends a range of the vector, in thousandths of its length.
    Within(usize, usize),
    /// Repeats the vector, so that it occurs this many times.
    Pages(usize),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        (1_usize..40).prop_map(Part::Fresh),
        (1_usize..40).prop_map(Part::Equal),
        Just(Part::Doubled),
        (0_usize..1_000, 0_usize..1_000).prop_map(|(a, b)| Part::Within(a.min(b), a.max(b))),
        (2_usize..6).prop_map(Part::Pages),
    ]
}

const MOST: usize = if cfg!(miri) { 60 } else { 1_500 };

fn built(parts: &[Part]) -> PersistentVector<Big> {
    let mut vector = PersistentVector::new();
    for part in parts {
        let n = vector.len();
        match *part {
            Part::Fresh(count) => vector.extend((n..n + count).map(|x| [x as u32; 64])),
            Part::Equal(count) => vector.extend(std::iter::repeat_n([7; 64], count)),
            _ if n > MOST => {}
            Part::Doubled => vector.append(vector.clone()),
            Part::Within(a, b) => vector.extend_from_within(n * a / 1_000..n * b / 1_000),
            Part::Pages(count) => {
                let page = vector.clone();
                (1..count).for_each(|_| vector.append(page.clone()));
            }
        }
    }
    vector
}

/// An edit. Its indices are in thousandths of the vector's length.
#[derive(Clone, Debug)]
enum Edit {
    Set(usize, u32),
    Insert(usize, u32),
    Remove(usize),
    Drain(usize, usize),
    Within(usize, usize),
    Rotate(usize),
    Truncate(usize),
    PushFront(u32),
    PushBack(u32),
    PopFront,
    PopBack,
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = || 0_usize..1_000;
    // Few different values, so that the vector already has some of them.
    let value = || prop_oneof![Just(7_u32), 0_u32..4, Just(9_999)];
    prop_oneof![
        (at(), value()).prop_map(|(at, x)| Edit::Set(at, x)),
        (at(), value()).prop_map(|(at, x)| Edit::Insert(at, x)),
        at().prop_map(Edit::Remove),
        (at(), at()).prop_map(|(a, b)| Edit::Drain(a.min(b), a.max(b))),
        (at(), at()).prop_map(|(a, b)| Edit::Within(a.min(b), a.max(b))),
        at().prop_map(Edit::Rotate),
        at().prop_map(Edit::Truncate),
        value().prop_map(Edit::PushFront),
        value().prop_map(Edit::PushBack),
        Just(Edit::PopFront),
        Just(Edit::PopBack),
    ]
}

fn apply(vector: &mut PersistentVector<Big>, edit: &Edit) {
    let n = vector.len();
    let place = |at: usize| n * at / 1_000;
    match *edit {
        Edit::Set(at, x) if n > 0 => _ = vector.set(place(at), [x; 64]),
        Edit::Remove(at) if n > 0 => _ = vector.remove(place(at)),
        Edit::Set(..) | Edit::Remove(_) => {}
        Edit::Insert(at, x) => vector.insert(place(at), [x; 64]),
        Edit::Drain(a, b) => drop(vector.drain(place(a)..place(b))),
        Edit::Within(a, b) => vector.extend_from_within(place(a)..place(b)),
        Edit::Rotate(at) => vector.rotate_left(place(at)),
        Edit::Truncate(at) => vector.truncate(place(at)),
        Edit::PushFront(x) => vector.push_front([x; 64]),
        Edit::PushBack(x) => vector.push_back([x; 64]),
        Edit::PopFront => _ = vector.pop_front(),
        Edit::PopBack => _ = vector.pop_back(),
    }
}

/// Returns the hunks from `old` to `new`. Checks that they turn `old` into `new`.
fn rebuilding(old: &PersistentVector<Big>, new: &PersistentVector<Big>) -> Vec<Hunk> {
    let (a, b, hunks) = (old.to_vec(), new.to_vec(), old.diff(new));
    let (mut made, mut at) = (Vec::new(), 0);
    for Hunk { old: gone, new: put } in &hunks {
        assert!(gone.start >= at && gone.len() + put.len() > 0, "{hunks:?}");
        made.extend_from_slice(&a[at..gone.start]);
        assert_eq!(made.len(), put.start, "{hunks:?}");
        made.extend_from_slice(&b[put.clone()]);
        at = gone.end;
    }
    made.extend_from_slice(&a[at..]);
    assert!(made == b, "{hunks:?}");
    assert_eq!(old.eq_shared(new), a == b);
    hunks
}

fn config() -> ProptestConfig {
    let cases = if cfg!(miri) { 3 } else { 500 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn diff_after_any_edits_rebuilds_the_new(
        parts in prop::collection::vec(part(), 1..9),
        edits in prop::collection::vec(edit(), 0..8),
    ) {
        let old = built(&parts);
        let mut new = old.clone();
        edits.iter().for_each(|edit| apply(&mut new, edit));
        rebuilding(&old, &new);
        rebuilding(&new, &old);
    }

    #[test]
    fn diff_of_vectors_built_apart_rebuilds_the_new(
        parts in prop::collection::vec(part(), 1..9),
        others in prop::collection::vec(part(), 1..9),
    ) {
        let (old, new, same) = (built(&parts), built(&others), built(&parts));
        rebuilding(&old, &new);
        prop_assert_eq!(rebuilding(&old, &same), []);
    }

    #[test]
    fn diff_after_one_edit_is_one_element(
        parts in prop::collection::vec(part(), 1..9),
        at in 0_usize..1_000,
        x in prop_oneof![Just(7_u32), 0_u32..4, Just(9_999)],
    ) {
        let old = built(&parts);
        for edit in [Edit::Set(at, x), Edit::Insert(at, x), Edit::Remove(at)] {
            let mut new = old.clone();
            apply(&mut new, &edit);
            for (from, to) in [(&old, &new), (&new, &old)] {
                let hunks = rebuilding(from, to);
                let most = usize::from(old.to_vec() != new.to_vec());
                let size = hunks.iter().map(|hunk| hunk.old.len().max(hunk.new.len()));
                prop_assert_eq!(size.sum::<usize>(), most, "{:?}: {:?}", &edit, &hunks);
            }
        }
    }
}
