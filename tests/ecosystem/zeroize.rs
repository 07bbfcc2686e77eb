//! What is freed is looked through for a byte that only secrets are made of.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use cow_collections::{CowString, CowVec, UniqueVec};
use zeroize::Zeroize;

use crate::alloc::Counting;

const SECRET: u8 = b'~';

// How many were left in what this thread freed, if anyone asks.
thread_local!(static LEFT: Cell<Option<usize>> = const { Cell::new(None) });

struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

// SAFETY: forwards to the allocator that counts.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's. Zeroed, so that all of it may be read when it is freed.
        unsafe { Counting.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(mut left) = LEFT.get() {
            let mut run = 0;
            for i in 0..layout.size() {
                // SAFETY: within the block.
                let byte = unsafe { block.add(i) };
                // SAFETY: the block was zeroed when it was allocated.
                let byte = unsafe { byte.read() };
                run = if byte == SECRET { run + 1 } else { 0 };
                left += usize::from(run == 8);
            }
            LEFT.set(Some(left));
        }
        // SAFETY: the caller's.
        unsafe { Counting.dealloc(block, layout) }
    }
}

/// How many secrets of 8 bytes or more are in what `work` frees.
fn left_by(work: impl FnOnce()) -> usize {
    LEFT.set(Some(0));
    work();
    LEFT.take().unwrap()
}

#[test]
fn test_sees_bytes_that_are_not_wiped() {
    assert_eq!(left_by(|| drop(CowVec::from(vec![SECRET; 20]))), 2, "the Vec's block and its own");
    assert_eq!(left_by(|| drop(CowString::from("~".repeat(20)))), 2);
}

fn secret(room: usize) -> UniqueVec<u8> {
    let mut v = UniqueVec::with_capacity(room);
    v.extend_from_slice(&[SECRET; 20]);
    v
}

#[test]
fn a_vector_that_is_alone_is_wiped_whole() {
    let left = left_by(|| {
        let mut unique = secret(100);
        unique.truncate(10); // what is behind the end is wiped, too
        let room = unique.capacity();
        unique.zeroize();
        assert_eq!((unique.len(), unique.capacity()), (0, room));

        let mut v = secret(40).into_shared();
        let mut longer = v.clone();
        longer.extend_from_slice(&[SECRET; 9]);
        drop(longer); // its elements are behind the end of `v`
        v.truncate(2);
        assert!(v.try_zeroize());
        assert!(v.is_empty());
        v.push(1);
        assert_eq!(v, [1]);
        assert!(CowVec::<u8>::new().try_zeroize());
    });
    assert_eq!(left, 0);
}

#[test]
fn try_zeroize_on_shared_returns_false_and_changes_nothing() {
    let mut v = secret(40).into_shared();
    let mut other = v.clone();
    assert!(!v.try_zeroize());
    assert!(v.ptr_eq(&other));
    assert_eq!(v, [SECRET; 20]);
    drop(v);
    let left = left_by(|| {
        assert!(other.try_zeroize());
        drop(other);
    });
    assert_eq!(left, 0, "the last handle wiped it");

    let mut text = CowString::from("~".repeat(20));
    let mut other = text.clone();
    assert!(!text.try_zeroize());
    assert_eq!((&*text, text.as_ptr()), (&*"~".repeat(20), other.as_ptr()));
    drop(text);
    assert_eq!(left_by(|| assert!(other.try_zeroize())), 0);
    assert_eq!(other, "");

    let mut text = CowString::from_static("longer than fifteen bytes");
    assert!(!text.try_zeroize());
    assert_eq!(text, "longer than fifteen bytes");
}

#[test]
fn elements_that_own_memory_wipe_it_first() {
    let left = left_by(|| {
        let mut secrets: CowVec<UniqueVec<u8>> = CowVec::with_capacity(3);
        secrets.push(secret(20));
        assert!(secrets.try_zeroize());
        assert!(secrets.is_empty());
    });
    assert_eq!(left, 0);
}

#[test]
fn a_text_is_wiped_wherever_it_is() {
    let whole = || {
        let mut text = CowString::with_capacity(60);
        (0..30).for_each(|_| text.push('~'));
        text
    };
    let left = left_by(|| {
        let mut text = whole();
        assert!(text.try_zeroize());
        assert_eq!((&*text, text.heap_bytes()), ("", 0));
        // A part of a buffer that nobody else has any more: all of it.
        let mut part = whole().slice(12..28);
        assert!(part.is_unique() && !part.is_inline());
        assert!(part.try_zeroize());
        assert_eq!(part, "");
    });
    assert_eq!(left, 0);
    // Inline: boxed, so that its place is freed, and looked at.
    let inline = || Box::new(CowString::from("~~~~~~~~~~~~~~~"));
    assert_eq!(left_by(|| drop(inline())), 1);
    let left = left_by(|| {
        let mut text = inline();
        assert!(text.is_inline());
        assert!(text.try_zeroize());
        assert_eq!(*text, "");
    });
    assert_eq!(left, 0);
}
