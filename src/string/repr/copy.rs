//! Copies of bytes. Copies of a few bytes make no call of `memcpy`, which would cost more than the copy.
#![allow(clippy::multiple_unsafe_ops_per_block, reason = "the parts of one copy rest on one fact")]

use core::ptr;

use crate::raw::buffer::SharedBuf;

/// The most bytes that [`move_short`] moves.
pub(super) const SHORT: usize = 16;

/// Copies `bytes` to the slots from `first` on.
///
/// # Safety
///
/// * The slots lie inside the block, and only the caller may write them (B4 or B5).
/// * `bytes` does not overlap them.
#[inline]
pub(super) unsafe fn copy_to_slots(bytes: &[u8], buf: SharedBuf<u8>, first: usize) {
    let from = bytes.as_ptr();
    // SAFETY: the slots lie inside the block and are the caller's to write, and `bytes` does not overlap them.
    unsafe {
        let to = buf.slot(first);
        match bytes.len() {
            n @ 0..=SHORT => move_short(from, to, n),
            n @ 17..=32 => move_ends::<16>(from, to, n),
            n @ 33..=64 => move_ends::<32>(from, to, n),
            n => ptr::copy_nonoverlapping(from, to, n),
        }
    }
}

/// Moves `n` bytes, as `ptr::copy` does.
///
/// # Safety
///
/// * As for `ptr::copy`.
#[inline]
pub(super) unsafe fn move_bytes(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: the caller's obligations are the same.
    unsafe { if n <= SHORT { move_short(from, to, n) } else { ptr::copy(from, to, n) } }
}

/// Moves at most 16 bytes, as `ptr::copy` does.
///
/// # Safety
///
/// * As for `ptr::copy`, and `n <= 16`.
#[inline]
unsafe fn move_short(from: *const u8, to: *mut u8, n: usize) {
    debug_assert!(n <= SHORT);
    // SAFETY: the caller's obligations are the same. Each index is less than `n`, and all bytes are read before the
    // first is written.
    unsafe {
        if n >= 8 {
            move_ends::<8>(from, to, n);
        } else if n >= 4 {
            move_ends::<4>(from, to, n);
        } else if n > 0 {
            let [middle, last] = [n / 2, n - 1];
            let bytes = (from.read(), from.add(middle).read(), from.add(last).read());
            to.write(bytes.0);
            to.add(middle).write(bytes.1);
            to.add(last).write(bytes.2);
        }
    }
}

/// Moves the first and the last `N` of `n` bytes, which may overlap. So two moves of a fixed size make one of any size
/// from `N` to `2 * N`.
///
/// # Safety
///
/// * As for `ptr::copy`, and `N <= n <= 2 * N`.
#[inline]
unsafe fn move_ends<const N: usize>(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: the caller's obligations are the same. Both ends lie within the `n` bytes, and are read before the first
    // is written.
    unsafe {
        let head = from.cast::<[u8; N]>().read();
        let last = from.add(n - N).cast::<[u8; N]>().read();
        to.cast::<[u8; N]>().write(head);
        to.add(n - N).cast::<[u8; N]>().write(last);
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn move_bytes_equals_copy_within_for_all_overlaps() {
        for n in 0..=SHORT + 1 {
            for to in 0..=20 {
                let mut ours: Vec<u8> = (0..40).collect();
                let mut theirs = ours.clone();
                theirs.copy_within(10..10 + n, to);
                let first = ours.as_mut_ptr();
                // SAFETY: both ranges lie within the vector.
                unsafe { move_bytes(first.add(10), first.add(to), n) };
                assert_eq!(ours, theirs, "{n} bytes from 10 to {to}");
            }
        }
    }
}
