//! Appending to a shared buffer, explored by loom on the crate's own types.

use crate::common::{Seen, check, numbers};
use cow_collections::{CowVec, UniqueVec};
use loom::sync::{Arc, Mutex};
use loom::thread;

/// A vector with `values` and room for `room` more.
fn seen(values: impl IntoIterator<Item = usize>, room: usize) -> CowVec<Seen> {
    let mut v = UniqueVec::with_capacity(8 + room);
    v.extend(values.into_iter().map(Seen::new));
    v.into_shared()
}

/// Two handles push at once: one gets the slot, the other copies, neither sees the other's.
#[test]
fn push_by_two_threads_uses_the_free_slot_once() {
    check(12, || {
        let mut a = seen([1], 2);
        let start = a.as_ptr();
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.push(Seen::new(20));
            assert_eq!(numbers(&b), [1, 20]);
            b.as_ptr() as usize
        });
        a.push(Seen::new(10));
        assert_eq!(numbers(&a), [1, 10]);
        let in_place = [a.as_ptr() as usize, other.join().unwrap()];
        assert!(in_place.contains(&(start as usize)), "one of them appends in place");
    });
}

/// Each pushes, pops and pushes again, while handles go: claims, trims and frees meet.
#[test]
fn pop_then_push_against_push_keeps_what_each_handle_has() {
    check(10, || {
        let mut a = seen([1, 2], 4);
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.push(Seen::new(30));
            assert_eq!(numbers(&b), [1, 2, 30]);
        });
        assert_eq!(a.pop().map(|x| x.get()), Some(2));
        a.push(Seen::new(21));
        a.push(Seen::new(31));
        assert_eq!(numbers(&a), [1, 21, 31]);
        other.join().unwrap();
    });
}

/// Three handles push, one of them twice through a clone.
#[test]
fn push_by_three_threads_uses_each_free_slot_once() {
    check(500, || {
        let mut a = seen([1], 4);
        let (mut b, mut c) = (a.clone(), a.clone());
        let second = thread::spawn(move || {
            b.push(Seen::new(2));
            let mut d = b.clone();
            drop(b);
            d.push(Seen::new(3));
            assert_eq!(numbers(&d), [1, 2, 3]);
        });
        let third = thread::spawn(move || {
            c.push(Seen::new(5));
            assert_eq!(numbers(&c), [1, 5]);
        });
        a.push(Seen::new(7));
        assert_eq!(numbers(&a), [1, 7]);
        drop(a);
        second.join().unwrap();
        third.join().unwrap();
    });
}

/// A slot written by one thread, handed over with its handle, read and appended to by another.
#[test]
fn read_of_a_moved_handle_sees_its_elements() {
    check(4, || {
        let a = seen([1], 4);
        let mut b = a.clone();
        let mailbox = Arc::new(Mutex::new(None::<CowVec<Seen>>));
        let sender = mailbox.clone();
        let other = thread::spawn(move || {
            b.push(Seen::new(2));
            *sender.lock().unwrap() = Some(b);
        });
        let received = mailbox.lock().unwrap().take();
        if let Some(mut received) = received {
            assert_eq!(numbers(&received), [1, 2]);
            received.push(Seen::new(3));
            assert_eq!(numbers(&received), [1, 2, 3]);
        }
        assert_eq!(numbers(&a), [1]);
        drop(a);
        other.join().unwrap();
    });
}

/// A clone pushes and is dropped. The remaining owner trims the excess elements.
#[test]
fn push_by_the_last_handle_drops_excess_elements() {
    check(5, || {
        let mut a = seen([1], 4);
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.push(Seen::new(2));
            assert_eq!(numbers(&b), [1, 2]);
        });
        // A read-modify-write: a thread that begins by a load would have loom try one order only.
        drop(a.clone());
        if a.get_unique().is_some() {
            let start = a.as_ptr();
            let c = a.clone();
            assert!(a.capacity() > a.len(), "trimmed, so the next slot can be claimed");
            a.push(Seen::new(9));
            assert!(std::ptr::eq(start, a.as_ptr()), "claimed");
            assert_eq!((numbers(&a), numbers(&c)), (vec![1, 9], vec![1]));
        }
        other.join().unwrap();
    });
}

/// The same, and the other handle may still be there.
#[test]
fn push_beside_a_dropping_handle_trims_or_copies() {
    check(10, || {
        let mut a = seen([1], 4);
        let mut b = a.clone();
        let other = thread::spawn(move || {
            b.extend_from_slice(&[Seen::new(2), Seen::new(3)]);
            assert_eq!(numbers(&b), [1, 2, 3]);
        });
        a.insert(0, Seen::new(0));
        a.push(Seen::new(9));
        assert_eq!(numbers(&a), [0, 1, 9]);
        other.join().unwrap();
    });
}
