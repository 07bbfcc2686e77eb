//! Loom models of appends to a shared buffer.

use crate::common::{Seen, check, numbers};
use cow_collections::{CowVec, UniqueVec};
use loom::sync::{Arc, Mutex};
use loom::thread;

/// Makes a vector of at most eight `values`, with room for at least `room` more.
fn seen(values: impl IntoIterator<Item = usize>, room: usize) -> CowVec<Seen> {
    let mut v = UniqueVec::with_capacity(8 + room);
    v.extend(values.into_iter().map(Seen::new));
    v.into_shared()
}

/// Two handles push at once. One claims the slot and the other copies. Neither sees the other's element.
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
        assert!(in_place.contains(&(start as usize)), "one handle appends in place");
    });
}

/// One handle pops and pushes, while another pushes and is dropped. Claims, trims and frees overlap.
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

/// One thread writes a slot and sends its handle to another thread, which reads the slot and appends.
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
        // This is a read-modify-write. If a thread began with a load, loom would explore only one order.
        drop(a.clone());
        if a.get_unique().is_some() {
            let start = a.as_ptr();
            let c = a.clone();
            assert!(a.capacity() > a.len(), "trimmed, so the next slot can be claimed");
            a.push(Seen::new(9));
            assert!(std::ptr::eq(start, a.as_ptr()), "the push claims the slot");
            assert_eq!((numbers(&a), numbers(&c)), (vec![1, 9], vec![1]));
        }
        other.join().unwrap();
    });
}

/// A clone reads, pushes and is dropped, while a shorter handle pushes. If that one is then unique, it writes over slots
/// that the clone read and wrote. Tests UNIQUE with RELEASE.
#[test]
fn push_below_filled_against_a_dropping_clone_copies_or_overwrites() {
    check(5, || {
        let mut a = seen([1, 2], 4);
        let mut b = a.clone();
        a.truncate(1);
        let other = thread::spawn(move || {
            b.push(Seen::new(3));
            assert_eq!(numbers(&b), [1, 2, 3]);
        });
        a.push(Seen::new(9));
        assert_eq!(numbers(&a), [1, 9]);
        other.join().unwrap();
    });
}

/// A handle inserts and pushes, while another one appends and may still exist.
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
