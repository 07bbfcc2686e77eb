//! An allocator that counts, for each thread by itself, what it gives out, and fails on demand.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

pub struct Counting;

thread_local! {
    static BLOCKS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// How many blocks are still given out before one is refused.
    static FUSE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The blocks this thread has allocated so far; a reallocation counts as one.
pub fn blocks() -> usize {
    BLOCKS.get()
}

/// The bytes this thread has allocated and not freed.
pub fn live() -> isize {
    LIVE.get()
}

/// The blocks that `work` allocates.
pub fn blocks_of<R>(work: impl FnOnce() -> R) -> (usize, R) {
    let before = blocks();
    let result = work();
    (blocks() - before, result)
}

/// Runs `work`, which must free every byte it allocates.
#[track_caller]
pub fn no_leak(work: impl FnOnce()) {
    let before = live();
    work();
    assert_eq!(live(), before, "bytes leaked");
}

/// Runs `work` with its allocation number `k`, from 0, refused; and whether there was one.
pub fn refusing<R>(k: usize, work: impl FnOnce() -> R) -> (bool, R) {
    FUSE.set(Some(k));
    let result = work();
    (FUSE.take().is_none(), result)
}

/// Whether this allocation is the one to refuse.
fn refuse() -> bool {
    let fuse = FUSE.get();
    FUSE.set(fuse.and_then(|left| left.checked_sub(1)));
    fuse == Some(0)
}

fn count(blocks: usize, bytes: isize) {
    BLOCKS.set(BLOCKS.get() + blocks);
    LIVE.set(LIVE.get() + bytes);
}

// SAFETY: forwards to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if refuse() {
            return ptr::null_mut();
        }
        // SAFETY: the caller's.
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            count(1, layout.size() as isize);
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        // SAFETY: the caller's.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if refuse() {
            return ptr::null_mut();
        }
        // SAFETY: the caller's.
        let moved = unsafe { System.realloc(block, layout, size) };
        if !moved.is_null() {
            count(1, size as isize - layout.size() as isize);
        }
        moved
    }
}
