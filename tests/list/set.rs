//! `CopyOnWriteSet`: the cases of the JSR-166 test kit for sets.

use cow_collections::CopyOnWriteSet;

fn set(elements: &[i32]) -> CopyOnWriteSet<i32> {
    elements.iter().copied().collect()
}

#[test]
fn set_from_duplicates_holds_each_once() {
    let made = [set(&[3, 1, 3, 2, 1]), [3, 1, 3, 2, 1].into(), vec![3, 1, 3, 2, 1].into()];
    for set in made {
        assert_eq!(
            (set.len(), &set.load()[..]),
            (3, &[3, 1, 2][..]),
            "the first of equal elements, in order"
        );
        assert!(!set.is_empty() && CopyOnWriteSet::<i32>::new().is_empty());
        assert!((1..=3).all(|x| set.contains(&x)) && !set.contains(&4));
    }
}

#[test]
fn set_extend_adds_each_element_once() {
    let mut set = set(&[0, 1, 2]);
    assert_eq!((set.extend([3, 4, 1, 3]), set.extend([3, 4, 1])), (2, 0));
    assert_eq!((set.snapshot().into_vec(), set.version()), (vec![0, 1, 2, 3, 4], 1));
    Extend::extend(&mut set, [5]);
    assert_eq!(set.len(), 6);
    Extend::extend(&mut &set, [5, 6]);
    assert_eq!(set.len(), 7);
}

#[test]
fn set_extend_by_references_adds_copies() {
    let mut set = CopyOnWriteSet::from([0, 1]);
    Extend::extend(&mut set, &[1, 2]);
    Extend::extend(&mut &set, &[2, 3]);
    assert_eq!(set.load()[..], [0, 1, 2, 3]);
}

#[test]
fn set_insert_and_remove_return_whether_they_changed_it() {
    let set = set(&[0, 1]);
    assert!(!set.insert(1) && set.insert(2) && set.remove(&0) && !set.remove(&0));
    assert_eq!((set.version(), set.snapshot().into_vec()), (2, vec![1, 2]));
    let names = CopyOnWriteSet::from([String::from("a")]);
    assert!(names.contains("a") && names.remove("a") && !names.remove("a") && names.is_empty());
}

#[test]
fn set_keeps_insertion_order_and_compares_without_it() {
    let (a, b) = (set(&[0, 1, 2, 3]), set(&[0, 1, 2, 3]));
    assert!(a.remove(&0));
    assert_ne!(a, b);
    assert!(a.insert(0));
    assert_eq!(&a.load()[..], [1, 2, 3, 0]);
    assert!(CopyOnWriteSet::eq(&a, &a) && CopyOnWriteSet::eq(&a, &b));
    assert!(CopyOnWriteSet::eq(&b, &a));
    assert_ne!(a, set(&[0, 1, 2]));
    assert_ne!(a, set(&[0, 1, 2, 4]));
    assert_ne!(set(&[1]), set(&[]));
    // All orders of four elements, which share prefixes of every length.
    for n in 0..24 {
        let (mut rest, mut order, mut n) = (vec![0, 1, 2, 3], vec![], n);
        while let Some(len) = std::num::NonZero::new(rest.len()) {
            order.push(rest.remove(n % len));
            n /= len;
        }
        assert!(set(&order) == b && b == set(&order), "{order:?}");
    }
}

#[test]
fn set_is_subset_and_is_superset() {
    let (empty, few, many) = (set(&[]), set(&[2, 0]), set(&[0, 1, 2]));
    assert!(empty.is_subset(&few) && few.is_subset(&many) && few.is_subset(&few));
    assert!(many.is_superset(&few) && few.is_superset(&empty) && empty.is_superset(&empty));
    assert!(!many.is_subset(&few) && !few.is_superset(&many) && !few.is_subset(&set(&[0, 1, 3])));
    assert_eq!(empty, CopyOnWriteSet::default());
}

#[test]
fn set_extended_by_itself_is_unchanged() {
    let set = set(&[0, 1, 2]);
    assert_eq!((set.extend(set.snapshot()), set.version()), (0, 0));
    assert_eq!(
        set.extend(std::iter::from_fn(|| set.insert(9).then_some(9))),
        0,
        "the iterator may write to the set"
    );
    assert_eq!(set.snapshot(), [0, 1, 2, 9]);
}

#[test]
fn set_shares_the_other_operations_of_the_list() {
    let set = set(&[0, 1, 2, 3]);
    let mut watcher = set.subscribe();
    let mut reader = set.reader();
    assert_eq!((set.retain(|x| x % 2 == 0), set.retain(|_| true)), (2, 0));
    assert!(watcher.has_changed());
    watcher.wait();
    assert_eq!((reader.load(), format!("{set:?}")), (&[0, 2][..], "{0, 2}".into()));
    assert_eq!((set.take(), set.is_empty()), ([0, 2][..].into(), true));
    set.insert(7);
    set.clear();
    set.insert(8);
    drop((watcher, reader));
    assert_eq!(set.into_inner(), [8]);
}

#[test]
fn set_insert_from_many_threads_succeeds_once() {
    static SET: CopyOnWriteSet<usize> = CopyOnWriteSet::new();
    const N: usize = if cfg!(miri) { 4 } else { 100 };
    let inserted: usize = std::thread::scope(|threads| {
        let insert = || (0..N).filter(|n| SET.insert(*n)).count();
        let all: Vec<_> = (0..3).map(|_| threads.spawn(insert)).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((inserted, SET.len()), (N, N));
    assert_eq!(SET, (0..N).rev().collect());
}
