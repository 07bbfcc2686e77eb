//! The allocator searches freed memory for a byte that only secrets contain.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use cow_collections::{CowString, CowVec, UniqueVec};
use zeroize::Zeroize;

use crate::alloc::Counting;

const SECRET: u8 = b'~';

// The number of secrets in memory that this thread freed, while a test counts them.
thread_local!(static LEFT: Cell<Option<usize>> = const { Cell::new(None) });

struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

// SAFETY: every method forwards to the counting allocator.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract of `alloc`. Zeroing allows `dealloc` to read all bytes.
        unsafe { Counting.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(mut left) = LEFT.get() {
            let mut run = 0;
            for i in 0..layout.size() {
                // SAFETY: `i < layout.size()`, so the byte is inside the block.
                let byte = unsafe { block.add(i) };
                // SAFETY: `alloc` zeroed the block, so the byte is initialised.
                let byte = unsafe { byte.read() };
                run = if byte == SECRET { run + 1 } else { 0 };
                left += usize::from(run == 8);
            }
            LEFT.set(Some(left));
        }
        // SAFETY: the caller upholds the contract of `dealloc`.
        unsafe { Counting.dealloc(block, layout) }
    }
}

/// Returns the number of secrets of 8 bytes or more in the memory that `work` frees.
fn left_by(work: impl FnOnce()) -> usize {
    LEFT.set(Some(0));
    work();
    LEFT.take().unwrap()
}

#[test]
fn test_sees_bytes_that_are_not_wiped() {
    assert_eq!(left_by(|| drop(CowVec::from(vec![SECRET; 20]))), 2, "the blocks of both vectors");
    assert_eq!(left_by(|| drop(CowString::from("~".repeat(20)))), 2);
}

fn secret(room: usize) -> UniqueVec<u8> {
    let mut v = UniqueVec::with_capacity(room);
    v.extend_from_slice(&[SECRET; 20]);
    v
}

#[test]
fn zeroize_on_unique_wipes_the_whole_buffer() {
    let left = left_by(|| {
        let mut unique = secret(100);
        unique.truncate(10); // the bytes past the end are wiped, too
        let room = unique.capacity();
        unique.zeroize();
        assert_eq!((unique.len(), unique.capacity()), (0, room));

        let mut v = secret(40).into_shared();
        let mut longer = v.clone();
        longer.extend_from_slice(&[SECRET; 9]);
        drop(longer); // its elements are past the end of `v`
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
    assert_eq!(left, 0, "the last handle wipes the buffer");

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
        // A part that is the only handle of its buffer wipes the whole buffer.
        let mut part = whole().slice(12..28);
        assert!(part.is_unique() && !part.is_inline());
        assert!(part.try_zeroize());
        assert_eq!(part, "");
    });
    assert_eq!(left, 0);
    // Inline texts are boxed, so that their memory is freed and searched.
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
