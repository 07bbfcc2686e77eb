//! Counts how often `PersistentVector` clones elements.

use std::cell::Cell;
use std::collections::BTreeSet;

use cow_collections::PersistentVector;

thread_local! {
    /// Clones made of `Dropped` and `Plain`.
    static CLONES: Cell<usize> = const { Cell::new(0) };
}

/// An element with drop glue, which counts the clones between the original and itself. A leaf has 32.
#[derive(Debug, PartialEq)]
struct Dropped {
    id: usize,
    depth: usize,
    _glue: Box<()>,
}

/// Like `Dropped`, but without drop glue. A leaf has 64.
#[derive(Debug, PartialEq)]
struct Plain {
    id: usize,
    depth: usize,
}

/// An element that counts its clones.
trait Counted: Clone {
    fn new(id: usize) -> Self;
    fn id(&self) -> usize;
    fn depth(&self) -> usize;
}

impl Counted for Dropped {
    fn new(id: usize) -> Self {
        Self { id, depth: 0, _glue: Box::new(()) }
    }

    fn id(&self) -> usize {
        self.id
    }

    fn depth(&self) -> usize {
        self.depth
    }
}

impl Clone for Dropped {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        Self { id: self.id, depth: self.depth + 1, _glue: Box::new(()) }
    }
}

impl Counted for Plain {
    fn new(id: usize) -> Self {
        Self { id, depth: 0 }
    }

    fn id(&self) -> usize {
        self.id
    }

    fn depth(&self) -> usize {
        self.depth
    }
}

impl Clone for Plain {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        Self { id: self.id, depth: self.depth + 1 }
    }
}

/// Returns vectors of `n` elements in leaves of several lengths.
fn shapes<T: Counted>(n: usize) -> Vec<PersistentVector<T>> {
    let from = |start: usize| (start..n).map(T::new);
    let collected: PersistentVector<T> = from(0).collect();
    let mut pushed_front = PersistentVector::new();
    (0..n).rev().for_each(|x| pushed_front.push_front(T::new(x)));
    // Pieces of 25 elements, most of which stay separate leaves.
    let mut pieces = PersistentVector::new();
    let mut start = 0;
    while start < n {
        let end = n.min(start + 25);
        pieces.append((start..end).map(T::new).collect());
        start = end;
    }
    // Inserts in the middle split leaves.
    let mut split = PersistentVector::new();
    (0..n / 2).for_each(|x| split.push_back(T::new(x)));
    (n / 2..n).rev().for_each(|x| split.insert(n / 2, T::new(x)));
    vec![collected, pushed_front, pieces, split]
}

fn assert_each_is_cloned_once<T: Counted>(leaf: usize) {
    let lens: BTreeSet<usize> = if cfg!(miri) {
        [3, leaf + 5].into()
    } else {
        // Lengths around leaf boundaries, and some between.
        let ends = (0..=5).flat_map(|leaves| (leaves * leaf).saturating_sub(1)..leaves * leaf + 2);
        ends.chain((0..5 * leaf).step_by(13)).collect()
    };
    for n in lens {
        let places = [0, n / 3, n, 1, n / 2, n.saturating_sub(leaf + 1), n.saturating_sub(3)];
        let places = if cfg!(miri) { &places[1..3] } else { &places[..] };
        let ranges: BTreeSet<(usize, usize)> =
            places.iter().flat_map(|a| places.iter().map(|b| (*a.min(&n), *b.min(&n)))).collect();
        for (start, end) in ranges.into_iter().filter(|(start, end)| start <= end) {
            for shared in [false, true] {
                for (shape, mut vector) in shapes::<T>(n).into_iter().enumerate() {
                    let before: Vec<usize> = vector.iter().map(T::depth).collect();
                    let other = shared.then(|| vector.clone());
                    let case = format!("{start}..{end} of {n}, shape {shape}, shared: {shared}");
                    CLONES.set(0);
                    vector.extend_from_within(start..end);
                    let clones = CLONES.get();
                    vector.assert_invariants();
                    let ids = (0..n).chain(start..end);
                    assert!(vector.iter().map(T::id).eq(ids), "{case}");
                    let deep = vector.iter().zip((0..n).chain(start..end));
                    for (i, (element, from)) in deep.enumerate() {
                        assert!(element.depth() <= before[from] + 1, "{case}: cloned twice at {i}");
                    }
                    if shared {
                        // The shared leaf that is appended to is cloned too.
                        assert!(clones <= end - start + leaf, "{case}: {clones} clones");
                    } else {
                        assert!(clones <= end - start, "{case}: {clones} clones");
                    }
                    drop(other);
                }
            }
        }
    }
}

#[test]
fn extend_from_within_clones_each_element_once_with_drop_glue() {
    assert_each_is_cloned_once::<Dropped>(32);
}

#[test]
fn extend_from_within_clones_each_element_once_without_drop_glue() {
    assert_each_is_cloned_once::<Plain>(64);
}

#[test]
fn extend_from_within_of_many_elements_clones_a_leaf_or_two() {
    for shared in [false, true] {
        let mut vector: PersistentVector<Dropped> = (0..10_000).map(Dropped::new).collect();
        let other = shared.then(|| vector.clone());
        CLONES.set(0);
        vector.extend_from_within(1_000..9_000);
        assert!(CLONES.get() <= 64, "{}", CLONES.get());
        drop(other);
    }
}
