//! The layout of a block, and how it grows.
//!
//! A block is a header and then `cap` slots. The offset of slot 0 is the header's size rounded up to the element's
//! alignment. The size of a block is rounded up to a size class of the allocator, because the rest of the class would
//! otherwise be lost: glibc, jemalloc's small bins and others have usable sizes of at least `16 n + 8` bytes.

use core::alloc::Layout;
use core::fmt;

/// Why an allocation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReserveError {
    /// The block exceeds `isize::MAX` bytes.
    CapacityOverflow,
    /// The allocator returned null for this layout.
    Alloc(Layout),
}

/// Returns the value, or ends the operation by [`ReserveError::fail`].
#[inline]
#[track_caller]
pub(crate) fn or_fail<R>(result: Result<R, ReserveError>) -> R {
    match result {
        Ok(value) => value,
        Err(error) => error.fail(),
    }
}

/// Checks the length that an iterator announces, before its first element is taken.
///
/// Without this check a collection that allocates for each element would use up all memory where `Vec` panics.
///
/// # Panics
///
/// Panics with "capacity overflow" if `len + more` elements of type `T` take more than `isize::MAX` bytes.
#[inline]
#[track_caller]
pub(crate) fn check_announced<T>(len: usize, more: usize) {
    let bytes = len.checked_add(more).and_then(|len| len.checked_mul(size_of::<T>()));
    if bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
        ReserveError::CapacityOverflow.fail();
    }
}

impl ReserveError {
    /// Panics if the capacity overflowed, and calls the allocation error hook otherwise, as `Vec` does.
    #[cold]
    #[track_caller]
    pub(crate) fn fail(self) -> ! {
        match self {
            Self::CapacityOverflow => panic!("capacity overflow"),
            Self::Alloc(layout) => alloc::alloc::handle_alloc_error(layout),
        }
    }
}

/// The error of the `try_reserve` methods. The collection is unchanged.
///
/// # Examples
///
/// ```
/// use cow_collections::CowVec;
///
/// let mut v = CowVec::<u64>::new();
/// let error = v.try_reserve(usize::MAX).unwrap_err();
/// assert_eq!(error.to_string(), "capacity overflow: more than isize::MAX bytes were asked for");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryReserveError(ReserveError);

impl From<ReserveError> for TryReserveError {
    fn from(why: ReserveError) -> Self {
        Self(why)
    }
}

impl fmt::Display for TryReserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ReserveError::CapacityOverflow => {
                f.write_str("capacity overflow: more than isize::MAX bytes were asked for")
            }
            ReserveError::Alloc(layout) => {
                write!(f, "the allocator has no block of {} bytes", layout.size())
            }
        }
    }
}

impl core::error::Error for TryReserveError {}

/// The bytes that the first block of a growing collection has for elements. One element, if it is larger.
const FIRST_BYTES: usize = 32;

/// The number of slots of a block of a zero-sized type, and the greatest length of every collection.
pub(crate) const MAX_LEN: usize = isize::MAX as usize;

/// The sizes from which the layout of a block follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockLayout {
    /// The bytes from the start of a block to slot 0.
    pub(crate) offset: usize,
    /// The alignment of a block.
    pub(crate) align: usize,
    /// The bytes of a slot.
    elem: usize,
}

impl BlockLayout {
    /// Returns the layout of blocks with a header of type `H` before elements of type `T`.
    pub(crate) const fn of<H, T>() -> Self {
        let align =
            if align_of::<H>() > align_of::<T>() { align_of::<H>() } else { align_of::<T>() };
        // The sum does not overflow: a size is at most `isize::MAX`, an alignment at most 2^29.
        let offset = (size_of::<H>() + align_of::<T>() - 1) & !(align_of::<T>() - 1);
        Self { offset, align, elem: size_of::<T>() }
    }

    /// Returns the layout of a block with `cap` slots.
    #[inline]
    pub(crate) fn block(self, cap: usize) -> Result<Layout, ReserveError> {
        self.elem
            .checked_mul(cap)
            .and_then(|data| data.checked_add(self.offset))
            .and_then(|size| Layout::from_size_align(size, self.align).ok())
            .ok_or(ReserveError::CapacityOverflow)
    }

    /// Returns the size of an existing block with `cap` slots in bytes. Does not check for overflow.
    #[inline]
    pub(crate) fn size(self, cap: usize) -> usize {
        self.offset + self.elem * cap
    }

    /// Returns the number of slots in the smallest size class that holds `cap` slots.
    #[inline]
    pub(crate) fn round_up(self, cap: usize) -> Result<usize, ReserveError> {
        if self.elem == 0 {
            return if cap <= MAX_LEN { Ok(MAX_LEN) } else { Err(ReserveError::CapacityOverflow) };
        }
        let exact = self.block(cap)?;
        // At most `isize::MAX + 15`, which a `usize` holds.
        let class = ((exact.size() + 7) & !15) + 8;
        let rounded = (class - self.offset) / self.elem;
        Ok(if self.block(rounded).is_ok() { rounded } else { cap })
    }

    /// Returns the capacity that replaces `cap` when `needed` slots do not fit.
    ///
    /// This is the greatest of `needed`, twice `cap`, and the number of slots in 32 bytes, which is at least 1.
    #[inline]
    pub(crate) fn amortised(self, cap: usize, needed: usize) -> usize {
        let first = FIRST_BYTES.checked_div(self.elem).unwrap_or(1).max(1);
        needed.max(cap.saturating_mul(2)).max(first)
    }

    /// Returns the capacity for a copy of `len` elements out of a block with `cap` slots that must hold `needed`.
    ///
    /// A full block doubles. Otherwise the capacity stays, except for a short prefix of a long block: its copy gets
    /// what growth would have given it.
    #[inline]
    pub(crate) fn for_copy(self, cap: usize, len: usize, needed: usize) -> usize {
        if needed > cap {
            self.amortised(cap, needed)
        } else {
            self.amortised(len, needed).min(cap)
        }
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Header = [usize; 3];

    #[test]
    fn of_places_data_after_three_words_or_at_the_alignment() {
        let words = size_of::<usize>();
        assert_eq!(BlockLayout::of::<Header, u8>().offset, 3 * words);
        assert_eq!(BlockLayout::of::<Header, ()>().offset, 3 * words);
        #[repr(align(64))]
        struct Wide(#[expect(dead_code, reason = "gives the type its size")] [u8; 64]);
        let wide = BlockLayout::of::<Header, Wide>();
        assert_eq!((wide.offset, wide.align), (64, 64));
        assert_eq!(BlockLayout::of::<Header, u8>().align, align_of::<Header>());
    }

    #[test]
    fn amortised_from_zero_is_32_bytes_or_one_element() {
        assert_eq!(BlockLayout::of::<Header, u8>().amortised(0, 1), 32);
        assert_eq!(BlockLayout::of::<Header, u64>().amortised(0, 1), 4);
        assert_eq!(BlockLayout::of::<Header, [u8; 100]>().amortised(0, 1), 1);
        assert_eq!(BlockLayout::of::<Header, ()>().amortised(0, 1), 1);
    }

    #[test]
    fn round_up_on_zero_sized_is_max_len() {
        let zst = BlockLayout::of::<Header, ()>();
        assert_eq!(zst.round_up(0), Ok(MAX_LEN));
        assert_eq!(zst.round_up(MAX_LEN), Ok(MAX_LEN));
        assert_eq!(zst.round_up(MAX_LEN + 1), Err(ReserveError::CapacityOverflow));
        assert_eq!(zst.block(MAX_LEN).map(|l| l.size()), Ok(size_of::<Header>()));
    }

    #[test]
    fn block_and_round_up_past_isize_max_fail() {
        let l = BlockLayout::of::<Header, u64>();
        let most = (MAX_LEN - (l.align - 1) - l.offset) / 8;
        for cap in [usize::MAX, usize::MAX / 8, MAX_LEN / 8, most + 1] {
            assert_eq!(l.block(cap), Err(ReserveError::CapacityOverflow), "{cap}");
            assert_eq!(l.round_up(cap), Err(ReserveError::CapacityOverflow), "{cap}");
        }
        assert!(l.block(most).is_ok());
        assert_eq!(l.round_up(most), Ok(most));
    }

    #[test]
    fn for_copy_on_short_prefix_is_small() {
        let l = BlockLayout::of::<Header, u64>();
        assert_eq!(l.for_copy(8, 5, 6), 8, "another handle claimed the slot: the capacity stays");
        assert_eq!(
            l.for_copy(8, 7, 8),
            8,
            "another handle claimed the last slot: the capacity stays"
        );
        assert_eq!(l.for_copy(8, 8, 9), 16, "a full block doubles");
        assert_eq!(l.for_copy(1_000_000, 10, 11), 20);
        assert_eq!(l.for_copy(0, 0, 3), 4);
    }

    fn check<T>(cap: usize) {
        let l = BlockLayout::of::<Header, T>();
        let (exact, rounded) = (l.block(cap).unwrap(), l.round_up(cap).unwrap());
        let block = l.block(rounded).unwrap();
        assert!(rounded >= cap);
        assert_eq!(l.offset % align_of::<T>(), 0);
        assert!(l.offset >= size_of::<Header>());
        if size_of::<T>() > 0 {
            assert!(block.size() - exact.size() < 16 + size_of::<T>());
            assert_eq!(l.round_up(rounded).unwrap(), rounded, "rounding is idempotent");
        }
        if matches!(size_of::<T>(), 1 | 4 | 8) && size_of::<usize>() == 8 {
            assert_eq!(block.size() % 16, 8, "the block fills its size class");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 512 }, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn round_up_wastes_less_than_a_size_class(cap in 0usize..100_000) {
            check::<u8>(cap);
            check::<u32>(cap);
            check::<u64>(cap);
            check::<[u64; 3]>(cap);
            check::<[u8; 7]>(cap);
            check::<()>(cap);
        }

        #[test]
        fn amortised_and_for_copy_hold_what_is_needed(cap in 0usize..1_000_000, more in 1usize..1_000_000) {
            let l = BlockLayout::of::<Header, u64>();
            prop_assert!(l.amortised(cap, cap + more) >= cap + more);
            for len in [cap, cap / 2, 0] {
                prop_assert!(l.for_copy(cap, len, len + more) >= len + more);
            }
        }
    }
}
