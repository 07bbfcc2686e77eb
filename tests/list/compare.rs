//! Compare and swap, and the user's conversion in `store`, `replace` and the swaps.

use cow_collections::list::CompareError;
use cow_collections::{CopyOnWriteList, CowVec, UniqueVec, cow_vec};
use std::cell::Cell;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn compare_and_swap_of_an_empty_snapshot_succeeds_whenever_the_list_is_empty() {
    for empty in [CowVec::new(), CowVec::with_capacity(4)] {
        let list = CopyOnWriteList::with_capacity(4);
        list.push(1);
        assert!(list.compare_and_swap(&empty, [2]).is_err());
        list.clear();
        assert_eq!(list.compare_and_swap(&empty, [2]), Ok(cow_vec![]));
        assert_eq!((list.version(), list.snapshot()), (3, cow_vec![2]));
    }
}

#[test]
fn compare_and_swap_version_after_push_and_clear_fails() {
    let list = CopyOnWriteList::new();
    let (version, empty) = (list.version(), list.snapshot());
    list.push(1);
    list.clear();
    let error = list.compare_and_swap_version(version, [2]).unwrap_err();
    assert_eq!((error.new, error.current), (cow_vec![2], empty));
    assert_eq!((list.version(), list.len()), (2, 0));
    assert_eq!(list.compare_and_swap_version(2, [2]), Ok(cow_vec![]));
    assert_eq!((list.version(), list.snapshot()), (3, cow_vec![2]));
}

#[test]
fn compare_and_swap_version_of_the_lists_own_buffer_publishes_nothing() {
    let list = CopyOnWriteList::from([1, 2]);
    list.push(3);
    let own = list.snapshot();
    assert!(list.compare_and_swap_version(0, own.clone()).unwrap_err().new.ptr_eq(&own));
    assert!(list.compare_and_swap_version(1, own.clone()).unwrap().ptr_eq(&own));
    assert_eq!(list.version(), 1);
    assert!(list.snapshot().ptr_eq(&own));
    // An empty vector in an empty list publishes nothing either.
    list.clear();
    assert_eq!(list.compare_and_swap_version(2, CowVec::with_capacity(9)), Ok(cow_vec![]));
    assert_eq!(list.version(), 2);
}

#[test]
fn compare_and_swap_with_a_vector_stored_while_shared_fails() {
    let list = CopyOnWriteList::new();
    let shared = cow_vec![1];
    list.store(shared.clone());
    let error = list.compare_and_swap(&shared, [2]).unwrap_err();
    assert_eq!(error.current, shared, "the list has the same elements in another buffer");
    assert_eq!(list.compare_and_swap(&error.current, error.new), Ok(cow_vec![1]));
    assert_eq!(list, [2]);
}

#[test]
fn compare_and_swap_after_a_push_in_place_fails() {
    let list = CopyOnWriteList::with_capacity(4);
    list.push(1);
    let before = list.snapshot();
    list.push(2);
    assert_eq!(list.snapshot().as_ptr(), before.as_ptr());
    let error = list.compare_and_swap(&before, before.clone()).unwrap_err();
    assert!(error.new.ptr_eq(&before) && error.current.ptr_eq(&list.snapshot()));
}

#[test]
fn compare_error_is_an_error_without_any_bound() {
    struct Plain;
    fn is_error<T>(error: CompareError<T>) -> String {
        let error: &dyn Error = &error;
        format!("{error}: {error:?}")
    }
    let list = CopyOnWriteList::from([1, 2]);
    let error = list.compare_and_swap(&cow_vec![1], [3]).unwrap_err();
    assert_eq!(error.clone(), error);
    let text = is_error(error);
    assert!(text.starts_with("the list was changed since"), "{text}");
    assert!(text.ends_with("CompareError { new_len: 1, current_len: 2, .. }"), "{text}");
    _ = is_error::<Plain>;
}

/// Three threads add one to all elements, each by another kind of swap. No addition is lost.
#[test]
fn swaps_of_many_threads_lose_nothing() {
    const N: usize = if cfg!(miri) { 5 } else { 300 };
    let list = CopyOnWriteList::from([0, 0]);
    std::thread::scope(|threads| {
        for thread in 0..3 {
            let list = &list;
            threads.spawn(move || {
                for _ in 0..N {
                    match thread {
                        0 => _ = list.rcu(|v| v.iter().map(|n| n + 1).collect()),
                        1 => loop {
                            let version = list.version();
                            let next: Vec<_> = list.load().iter().map(|n| n + 1).collect();
                            if list.compare_and_swap_version(version, next).is_ok() {
                                break;
                            }
                        },
                        _ => {
                            let mut now = list.snapshot();
                            let next = |v: &[usize]| v.iter().map(|n| n + 1).collect::<Vec<_>>();
                            while let Err(error) = list.compare_and_swap(&now, next(&now)) {
                                now = error.current;
                            }
                        }
                    }
                }
            });
        }
    });
    assert_eq!(list, [3 * N, 3 * N]);
    assert_eq!(list.version() as usize, 3 * N);
}

/// A value that runs a function when it is converted to a vector.
struct Converts<F>(F);

impl<F: FnOnce() -> Vec<i32>> From<Converts<F>> for CowVec<i32> {
    fn from(converts: Converts<F>) -> Self {
        (converts.0)().into()
    }
}

#[test]
fn store_and_replace_take_all_that_turns_into_a_vector() {
    let list = CopyOnWriteList::from([0]);
    list.store(vec![1]);
    list.store([1, 2]);
    list.store(&[1, 2, 3][..]);
    list.store(UniqueVec::from([4]));
    assert_eq!(list.replace(cow_vec![5]), [4]);
    assert_eq!(list.replace(vec![6].into_boxed_slice()), [5]);
    let own = list.snapshot();
    assert!(list.replace(own.clone()).ptr_eq(&own));
    assert_eq!(list.version(), 6, "storing the list's own buffer is no change");
    let shared = cow_vec![7, 8];
    assert_eq!(list.replace(shared.clone()), [6]);
    assert_ne!(list.load().as_ptr(), shared.as_ptr(), "a shared vector is copied");
    assert_eq!(list.replace([]), shared);
    assert!(list.replace([]).is_empty());
    assert_eq!(list.version(), 8);
}

#[test]
fn conversion_that_writes_to_the_list_runs_before_the_lock() {
    let list = CopyOnWriteList::from([1]);
    let pushes = || Converts(|| vec![list.version() as i32, (list.push(9), 5).1]);
    list.store(pushes());
    assert_eq!(list, [0, 5]);
    assert_eq!(list.replace(pushes()), [0, 5, 9]);
    let before = list.snapshot();
    let error = list.compare_and_swap(&before, pushes()).unwrap_err();
    assert_eq!((error.new.len(), error.current.len()), (2, before.len() + 1));
    let error = list.compare_and_swap_version(list.version(), pushes()).unwrap_err();
    assert_eq!(error.current.len(), before.len() + 2);
}

#[test]
fn conversion_that_panics_leaves_the_list_as_it_was() {
    let list = CopyOnWriteList::from([1]);
    let before = list.snapshot();
    let converted = Cell::new(0);
    let panics = || {
        Converts(|| -> Vec<i32> {
            converted.set(converted.get() + 1);
            panic!("asked")
        })
    };
    let writes: [&dyn Fn(); 4] = [
        &|| list.store(panics()),
        &|| _ = list.replace(panics()),
        &|| _ = list.compare_and_swap(&before, panics()),
        &|| _ = list.compare_and_swap_version(0, panics()),
    ];
    for write in writes {
        assert!(catch_unwind(AssertUnwindSafe(write)).is_err());
    }
    assert_eq!((converted.get(), list.version()), (4, 0));
    assert!(list.snapshot().ptr_eq(&before));
    list.push(2);
}
