//! Loom models of reference counting: which handle may write, and which one frees the buffer.

use crate::common::{Seen, check, numbers};
use cow_collections::CowVec;
use loom::thread;

fn seen(values: impl IntoIterator<Item = usize>) -> CowVec<Seen> {
    values.into_iter().map(Seen::new).collect()
}

/// A reader drops its handle while another handle checks that it is unique, and writes. Tests UNIQUE with RELEASE.
#[test]
fn make_mut_against_a_dropping_reader_copies_or_edits_in_place() {
    check(5, || {
        let mut a = seen([1, 2]);
        let b = a.clone();
        let reader = thread::spawn(move || assert_eq!(numbers(&b), [1, 2]));
        a.make_mut()[0] = Seen::new(7);
        assert_eq!(numbers(&a), [7, 2]);
        reader.join().unwrap();
    });
}

/// Two readers drop their handles while a writer edits without waiting for them.
#[test]
fn make_mut_against_two_dropping_readers_copies_or_edits_in_place() {
    check(50, || {
        let mut a = seen([1]);
        let readers = [a.clone(), a.clone()].map(|handle| {
            thread::spawn(move || {
                assert_eq!(numbers(&handle), [1]);
                drop(handle);
            })
        });
        if let Some(elements) = a.try_mut() {
            elements[0] = Seen::new(7);
        }
        a.make_mut()[0] = Seen::new(8);
        assert_eq!(numbers(&a), [8]);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}

/// Both threads read and drop their handles. The last owner frees the buffer. Tests UNIQUE_DROP and LAST_OWNER.
#[test]
fn drop_by_two_threads_frees_once() {
    check(4, || {
        let a = seen([1]);
        let b = a.clone();
        let other = thread::spawn(move || {
            assert_eq!(numbers(&b), [1]);
            drop(b);
        });
        assert_eq!(numbers(&a), [1]);
        drop(a);
        other.join().unwrap();
    });
}

/// Three threads drop a handle each. Two of them clone theirs first.
#[test]
fn drop_by_three_threads_frees_once() {
    check(50, || {
        let a = seen([1]);
        let threads = [a.clone(), a.clone()].map(|handle| {
            thread::spawn(move || {
                let again = handle.clone();
                drop(handle);
                assert_eq!(numbers(&again), [1]);
            })
        });
        drop(a);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

/// A unique handle moves its elements out, and a shared one clones them.
#[test]
fn into_iter_by_two_threads_yields_all_elements_to_both() {
    check(10, || {
        let a = seen([1, 2]);
        let b = a.clone();
        let other = thread::spawn(move || b.into_iter().map(|x| x.get()).sum::<usize>());
        let mine: usize = a.into_iter().map(|x| x.get()).sum();
        assert_eq!((mine, other.join().unwrap()), (3, 3));
    });
}
