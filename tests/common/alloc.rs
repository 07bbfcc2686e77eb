//! An allocator that counts blocks and bytes per thread, and fails on demand.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

pub struct Counting;

thread_local! {
    static BLOCKS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// The number of allocations that still succeed before one is refused.
    static FUSE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Returns the number of blocks that this thread has allocated. A reallocation counts as one.
pub fn blocks() -> usize {
    BLOCKS.get()
}

/// Returns the number of bytes that this thread has allocated and not freed.
pub fn live() -> isize {
    LIVE.get()
}

/// Runs `work` and returns the number of blocks that it allocated, with its result.
pub fn blocks_of<R>(work: impl FnOnce() -> R) -> (usize, R) {
    let before = blocks();
    let result = work();
    (blocks() - before, result)
}

/// Checks that `work` frees every byte that it allocates.
#[track_caller]
pub fn no_leak(work: impl FnOnce()) {
    let before = live();
    work();
    assert_eq!(live(), before, "bytes leaked");
}

/// Runs `work` and refuses its allocation number `k`, counted from 0. Returns whether `work` got that far, with
/// its result.
pub fn refusing<R>(k: usize, work: impl FnOnce() -> R) -> (bool, R) {
    FUSE.set(Some(k));
    let result = work();
    (FUSE.take().is_none(), result)
}

/// Returns whether to refuse the current allocation, and counts it.
fn refuse() -> bool {
    let fuse = FUSE.get();
    FUSE.set(fuse.and_then(|left| left.checked_sub(1)));
    fuse == Some(0)
}

fn count(blocks: usize, bytes: isize) {
    BLOCKS.set(BLOCKS.get() + blocks);
    LIVE.set(LIVE.get() + bytes);
}

// SAFETY: every block comes from the system allocator, which keeps the contract. A null pointer reports failure.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if refuse() {
            return ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            count(1, layout.size() as isize);
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        // SAFETY: `System` allocated `block` with `layout`.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if refuse() {
            return ptr::null_mut();
        }
        // SAFETY: `System` allocated `block` with `layout`, and the caller passes a valid size.
        let moved = unsafe { System.realloc(block, layout, size) };
        if !moved.is_null() {
            count(1, size as isize - layout.size() as isize);
        }
        moved
    }
}
