//! The memory that versions of a `PersistentVector` share, their differences, and their sizes in bytes.

use std::cell::Cell;

use cow_collections::PersistentVector;
use cow_collections::persistent::Hunk;

/// An element so large that a leaf has four.
type Big = [u32; 64];

fn big(n: u32) -> Big {
    [n; 64]
}

fn vector(n: u32) -> PersistentVector<Big> {
    (0..n).map(big).collect()
}

const N: u32 = if cfg!(miri) { 50 } else { 2_000 };

/// Applies the hunks to `old`.
fn patched(old: &[Big], new: &[Big], hunks: &[Hunk]) -> Vec<Big> {
    let (mut made, mut at) = (Vec::new(), 0);
    for Hunk { old: gone, new: put } in hunks {
        assert!(gone.start >= at && !(gone.is_empty() && put.is_empty()), "{hunks:?}");
        made.extend_from_slice(&old[at..gone.start]);
        assert_eq!(made.len(), put.start, "{hunks:?}");
        made.extend_from_slice(&new[put.clone()]);
        at = gone.end;
    }
    made.extend_from_slice(&old[at..]);
    made
}

/// Returns the hunks from `old` to `new`. Checks the hunks of both directions.
#[track_caller]
fn diff(old: &PersistentVector<Big>, new: &PersistentVector<Big>) -> Vec<Hunk> {
    let (a, b) = (old.to_vec(), new.to_vec());
    let hunks = old.diff(new);
    assert!(patched(&a, &b, &hunks) == b, "{hunks:?}");
    assert!(patched(&b, &a, &new.diff(old)) == a);
    assert_eq!(hunks.is_empty(), a == b);
    assert_eq!(old.eq_shared(new), a == b);
    assert_eq!(new.eq_shared(old), a == b);
    hunks
}

fn hunk(old: std::ops::Range<usize>, new: std::ops::Range<usize>) -> Hunk {
    Hunk { old, new }
}

#[test]
fn each_kind_of_edit_is_one_hunk() {
    let (old, n) = (vector(N), N as usize);
    assert_eq!(diff(&old, &old.clone()), []);
    let edited = |edit: fn(&mut PersistentVector<Big>)| {
        let mut new = old.clone();
        edit(&mut new);
        diff(&old, &new)
    };
    assert_eq!(edited(|v| _ = v.set(17, big(9_999))), [hunk(17..18, 17..18)]);
    assert_eq!(edited(|v| _ = v.set(17, big(17))), []);
    assert_eq!(edited(|v| v.insert(30, big(9_999))), [hunk(30..30, 30..31)]);
    assert_eq!(edited(|v| _ = v.remove(21)), [hunk(21..22, 21..21)]);
    assert_eq!(edited(|v| v.push_front(big(7_777))), [hunk(0..0, 0..1)]);
    assert_eq!(edited(|v| v.push_back(big(7_777))), [hunk(n..n, n..n + 1)]);
    assert_eq!(edited(|v| v.truncate(33)), [hunk(33..n, 33..33)]);
    assert_eq!(edited(PersistentVector::clear), [hunk(0..n, 0..0)]);
    assert_eq!(edited(|v| drop(v.drain(10..30))), [hunk(10..30, 10..10)]);
    let side_by_side = edited(|v| (17..20).for_each(|at| _ = v.set(at, big(9_999))));
    assert_eq!(side_by_side, [hunk(17..20, 17..20)]);
    let both = edited(|v| {
        v.remove(3);
        v.set(40, big(1_234));
    });
    assert_eq!(both, [hunk(3..4, 3..3), hunk(41..42, 40..41)]);
    let mut twice = old.clone();
    twice.append(old.clone());
    assert_eq!(diff(&old, &twice), [hunk(n..n, n..2 * n)]);
    assert_eq!(diff(&PersistentVector::new(), &PersistentVector::new()), []);
}

#[test]
fn random_edits() {
    let mut state = 4_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % n.max(1)
    };
    for round in 0..if cfg!(miri) { 2 } else { 150 } {
        let old = vector(below(N as usize) as u32);
        let mut new = old.clone();
        for x in 0..below(6) as u32 {
            let len = new.len();
            match below(7) {
                0 => new.insert(below(len + 1), big(10_000 + x)),
                1 if len > 0 => _ = new.remove(below(len)),
                2 if len > 0 => _ = new.set(below(len), big(10_000 + x)),
                3 => new.rotate_left(below(len + 1)),
                4 => {
                    let at = below(len + 1);
                    new.extend_from_within(at / 2..at);
                }
                5 => {
                    let at = below(len + 1);
                    drop(new.drain(at / 2..at / 2 + at / 9));
                }
                _ => new.push_back(big(x)),
            }
        }
        new.assert_invariants();
        let hunks = diff(&old, &new);
        assert!(hunks.len() <= new.len() + 1, "round {round}");
        let (shared, bytes) = (old.shared_bytes_with(&new), new.heap_bytes());
        assert!(shared <= bytes && shared == new.shared_bytes_with(&old), "round {round}");
        assert_eq!(shared > 0, old.shares_with(&new), "round {round}");
    }
}

#[test]
fn vectors_built_apart_are_equal_and_share_nothing() {
    let (a, b) = (vector(N), vector(N));
    assert!(!a.shares_with(&b) && a.eq_shared(&b) && a.diff(&b).is_empty());
    assert_eq!((a.shared_bytes_with(&b), a.unique_bytes()), (0, a.heap_bytes()));
    // Equal elements in a tree of another shape.
    let mut c = vector(3);
    c.append((3..N).map(big).collect());
    assert!(a.eq_shared(&c) && a.diff(&c).is_empty());
    // As many elements in the tree, but leaves of other lengths.
    let mut d = vector(N);
    d.insert(5, big(7));
    d.remove(5);
    assert!(a.eq_shared(&d) && d.eq_shared(&a) && a.diff(&d).is_empty());
    d.set(N as usize / 2, big(0));
    assert!(!a.eq_shared(&d) && !d.eq_shared(&a));
    let split = |at: usize| {
        let mut v = vector(30);
        v.insert(at, big(7));
        v.remove(at);
        v
    };
    let lens = |v: &PersistentVector<Big>| v.chunks().map(<[Big]>::len).collect::<Vec<_>>();
    assert_eq!(
        (lens(&split(1))[..3].to_vec(), lens(&split(5))[..3].to_vec()),
        (vec![2, 2, 4], vec![4, 2, 2])
    );
    assert!(split(1).eq_shared(&split(5)) && split(5).eq_shared(&split(1)));
    let mut e = d.clone();
    assert!(e.ptr_eq(&d));
    e.set(0, big(0));
    assert!(!e.ptr_eq(&d), "the tails are the same, the trees are not");
    // One vector has only a front leaf, the other only a tail.
    let (tail, mut front): (PersistentVector<u64>, PersistentVector<u64>) =
        ((1..50).collect(), (0..50).collect());
    front.pop_front();
    assert!(tail.eq_shared(&front) && tail.diff(&front).is_empty() && front.diff(&tail).is_empty());
    let nan = PersistentVector::from([f64::NAN]);
    assert!(
        nan != nan.clone() && nan.diff(&nan.clone()).is_empty(),
        "shared elements are not compared"
    );
}

#[test]
fn bytes_are_those_of_the_blocks() {
    let none = PersistentVector::<u64>::new();
    assert_eq!((none.heap_bytes(), none.unique_bytes(), none.shares_with(&none)), (0, 0, false));
    if size_of::<usize>() != 8 {
        return;
    }
    let leaf = 24 + 8 * 128;
    let old: PersistentVector<u64> = (0..130).collect();
    assert_eq!(old.heap_bytes(), 280 + 2 * leaf);
    assert_eq!(old.unique_bytes(), old.heap_bytes());
    let mut new = old.clone();
    assert_eq!((new.unique_bytes(), old.unique_bytes()), (0, 0));
    new.set(0, 5);
    // A node and a leaf are not shared, but the tail is.
    assert_eq!((new.unique_bytes(), old.unique_bytes()), (280 + leaf, 280 + leaf));
    assert_eq!(new.shared_bytes_with(&old), leaf);
    drop(old);
    assert_eq!(new.unique_bytes(), new.heap_bytes());
    // A front leaf is a block too.
    let mut with_front: PersistentVector<u64> = (0..300).collect();
    with_front.pop_front();
    let own = 280 + 3 * leaf;
    assert_eq!((with_front.heap_bytes(), with_front.unique_bytes()), (own, own));
    let mut other: PersistentVector<u64> = (0..300).collect();
    other.pop_front();
    assert!(!with_front.shares_with(&other));
    let copy = with_front.clone();
    assert_eq!((with_front.unique_bytes(), with_front.shared_bytes_with(&copy)), (0, own));
    // A block that occurs twice is counted once.
    let mut twice: PersistentVector<u64> = (0..128 * 64).collect();
    let once = twice.heap_bytes();
    twice.append(twice.clone());
    assert!(twice.heap_bytes() < once + 4 * 280 + 2 * leaf, "{} {once}", twice.heap_bytes());
}

/// Returns the size in bytes of a block of `words` words.
const fn room(words: usize) -> usize {
    24 + 8 * words
}

#[test]
fn a_tail_has_room_for_what_is_likely_to_come() {
    if size_of::<usize>() != 8 {
        return;
    }
    let leaf = room(128);
    let bytes = PersistentVector::<u64>::heap_bytes;
    // Without a tree, a tail grows as a `Vec` does. Behind a tree, a full leaf is allocated at once.
    let pushed = |mut v: PersistentVector<u64>, n: u64| {
        (0..n).for_each(|x| v.push_back(x));
        v
    };
    let copied = |n: u64| PersistentVector::from((0..n).collect::<Vec<u64>>());
    let collected = |n: u64| (0..n).collect::<PersistentVector<u64>>();
    let small = [pushed(PersistentVector::new(), 1), copied(5), collected(5)];
    assert_eq!(small.each_ref().map(bytes), [room(4), room(6), room(6)]);
    let large = [pushed(collected(128), 1), copied(133), collected(133)];
    assert_eq!(large.each_ref().map(bytes), [280 + 2 * leaf; 3]);
    // Appended elements grow a tail as pushes do. A tail that becomes the result's tail keeps its capacity.
    let mut joined = copied(5);
    joined.append(copied(5));
    assert_eq!(bytes(&joined), room(12));
    let mut joined = copied(256);
    joined.append(copied(5));
    assert_eq!(bytes(&joined), 280 + 2 * leaf + room(6));
    let mut written = joined.clone();
    written.set(258, 7);
    assert_eq!(bytes(&written), 280 + 3 * leaf);
    joined.append(copied(5));
    assert_eq!(bytes(&joined), 280 + 3 * leaf);
    let mut small = copied(6);
    small.insert(3, 7);
    assert_eq!(bytes(&small), room(12));
    let mut large = collected(256);
    large.append(copied(6));
    large.insert(258, 7);
    assert_eq!(bytes(&large), 280 + 3 * leaf);
    // The copy made by a removal has no spare capacity.
    let kept = copied(9);
    let mut fewer = kept.clone();
    fewer.remove(3);
    assert_eq!(bytes(&fewer), room(8));
    // The copy made by a write has the capacity of the original.
    let mut written = kept.clone();
    written.set(3, 7);
    assert_eq!(bytes(&written), bytes(&kept));
    // If another handle has appended to the tail, a push copies it with room for a few more elements.
    let version = collected(128 + 47);
    let (mut theirs, mut ours) = (version.clone(), version.clone());
    theirs.push_back(1);
    ours.push_back(2);
    assert_eq!(bytes(&theirs), 280 + 2 * leaf);
    assert_eq!(bytes(&ours), 280 + leaf + room(62));
}

#[test]
fn a_small_vector_before_a_large_one_is_its_front_leaf() {
    let words = |n: u64| (0..n).collect::<PersistentVector<u64>>();
    // How many elements are put before `words(1_280)` one by one, how many at once, and the resulting first leaf.
    for (one_by_one, at_once, first) in
        [(0, 2, 2), (3, 2, 5), (3, 60, 63), (100, 28, 128), (100, 100, 100)]
    {
        let mut large = words(1_280);
        (0..one_by_one).for_each(|x| large.push_front(x));
        let mut whole = words(at_once);
        whole.append(large);
        whole.assert_invariants();
        assert_eq!(whole.len() as u64, 1_280 + one_by_one + at_once);
        let lens: Vec<usize> = whole.chunks().map(<[u64]>::len).collect();
        assert_eq!(lens[0], first, "{at_once} before {one_by_one}: {lens:?}");
    }
}

thread_local! {
    /// Comparisons of `Seen`.
    static SEEN: Cell<usize> = const { Cell::new(0) };
}

#[derive(Clone, Eq)]
struct Seen(u32);

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        SEEN.set(SEEN.get() + 1);
        self.0 == other.0
    }
}

#[test]
fn only_what_changed_is_compared() {
    // The inserts are several leaves of 256 elements apart, so that no two of them are one hunk.
    let n = N.max(100);
    let old: PersistentVector<Seen> = (0..100 * n).map(Seen).collect();
    let mut new = old.clone();
    for x in 0..10 {
        new.insert((x * 9 * n) as usize, Seen(7));
    }
    SEEN.set(0);
    let hunks = old.diff(&new);
    assert_eq!(hunks.len(), 10);
    assert!(hunks.iter().all(|h| h.old.is_empty() && h.new.len() == 1), "{hunks:?}");
    // Each of the ten edits may compare two leaves of 256 elements, and one more element beside each leaf.
    assert!(SEEN.get() <= 10 * 2 * 257, "{}", SEEN.get());
    let mut set = old.clone();
    _ = set.set(3, Seen(3));
    SEEN.set(0);
    assert!(old.eq_shared(&set) && old.eq_shared(&old.clone()));
    assert_eq!(SEEN.get(), 256);
}
