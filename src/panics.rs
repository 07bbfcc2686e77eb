//! The panic messages for indices out of range, which are those of `Vec`. `range.rs` has the messages for ranges.

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_index(index: usize, len: usize) -> ! {
    panic!("index out of bounds: the len is {len} but the index is {index}");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_insert(index: usize, len: usize) -> ! {
    panic!("insertion index (is {index}) should be <= len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_remove(index: usize, len: usize) -> ! {
    panic!("removal index (is {index}) should be < len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_split(at: usize, len: usize) -> ! {
    panic!("`at` split index (is {at}) should be <= len (is {len})");
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn bad_swap_remove(index: usize, len: usize) -> ! {
    panic!("swap_remove index (is {index}) should be < len (is {len})");
}
