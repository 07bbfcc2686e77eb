//! Where the elements stand in a block, how large a block is, and how it grows: safe arithmetic only.
//!
//! A block is a header and then `cap` slots. The offset of slot 0 is the header's size rounded up to
//! the element's alignment. The total is rounded up to the allocator's size class: glibc, jemalloc's
//! small bins and others hand out blocks whose usable size is `16 n + 8` or more, and the room that
//! would be lost to rounding becomes slots.

use core::alloc::Layout;
use core::fmt;

/// Why memory for elements could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReserveError {
    /// The block would be larger than `isize::MAX` bytes.
    CapacityOverflow,
    /// The allocator returned null for this layout.
    Alloc(Layout),
}

/// The value, or the end of the operation by [`ReserveError::fail`].
#[inline]
#[track_caller]
pub(crate) fn or_fail<R>(result: Result<R, ReserveError>) -> R {
    match result {
        Ok(value) => value,
        Err(error) => error.fail(),
    }
}

/// Checks the length that an iterator announces, before it is asked for its first element.
///
/// Without this check a collection that allocates as elements arrive would use up all memory where `Vec`
/// panics.
///
/// # Panics
///
/// Panics with "capacity overflow" if `len` elements of type `T` and `more` would exceed `isize::MAX` bytes.
#[inline]
#[track_caller]
pub(crate) fn check_announced<T>(len: usize, more: usize) {
    let bytes = len.checked_add(more).and_then(|len| len.checked_mul(size_of::<T>()));
    if bytes.is_none_or(|bytes| bytes > isize::MAX as usize) {
        ReserveError::CapacityOverflow.fail();
    }
}

impl ReserveError {
    /// Ends the operation as `Vec` does: a panic for an overflow, the allocation error hook otherwise.
    #[cold]
    #[track_caller]
    pub(crate) fn fail(self) -> ! {
        match self {
            Self::CapacityOverflow => panic!("capacity overflow"),
            Self::Alloc(layout) => alloc::alloc::handle_alloc_error(layout),
        }
    }
}

/// The error of the `try_reserve` methods: why room could not be had. Nothing was changed.
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

/// Bytes of data in the smallest block that growth makes.
const FIRST_BYTES: usize = 32;

/// The most slots a buffer of a zero-sized type has; it also bounds every length.
pub(crate) const MAX_LEN: usize = isize::MAX as usize;

/// The sizes from which the layout of any block follows: header, element, and their alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockLayout {
    /// Bytes from the start of the block to slot 0.
    pub(crate) offset: usize,
    /// Alignment of the block.
    pub(crate) align: usize,
    /// Bytes of one slot.
    elem: usize,
}

impl BlockLayout {
    /// The layout of blocks with a header of type `H` before elements of type `T`.
    pub(crate) const fn of<H, T>() -> Self {
        let align =
            if align_of::<H>() > align_of::<T>() { align_of::<H>() } else { align_of::<T>() };
        // Neither sum overflows: a size is at most `isize::MAX`, an alignment at most 2^29.
        let offset = (size_of::<H>() + align_of::<T>() - 1) & !(align_of::<T>() - 1);
        Self { offset, align, elem: size_of::<T>() }
    }

    /// The allocation for `cap` slots.
    #[inline]
    pub(crate) fn block(self, cap: usize) -> Result<Layout, ReserveError> {
        self.elem
            .checked_mul(cap)
            .and_then(|data| data.checked_add(self.offset))
            .and_then(|size| Layout::from_size_align(size, self.align).ok())
            .ok_or(ReserveError::CapacityOverflow)
    }

    /// The bytes of a block that exists, so that nothing overflows.
    #[inline]
    pub(crate) fn size(self, cap: usize) -> usize {
        self.offset + self.elem * cap
    }

    /// The slots of the smallest size class that holds `cap` of them.
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

    /// The slots to ask for when `needed` no longer fit into `cap`: twice as many, or a first block
    /// of 32 bytes of data, or what is needed.
    #[inline]
    pub(crate) fn amortised(self, cap: usize, needed: usize) -> usize {
        let first = FIRST_BYTES.checked_div(self.elem).unwrap_or(1).max(1);
        needed.max(cap.saturating_mul(2)).max(first)
    }

    /// The slots to ask for when `len` elements of a block with `cap` slots are copied to make room
    /// for `needed`: double when it was full, else its capacity, unless that is far more than growth
    /// would have given (the copy of a short prefix need not be as large as what it was cut from).
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
    fn header_is_three_words_and_the_data_starts_after_it() {
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
    fn the_first_block_has_32_bytes_of_data_or_one_element() {
        assert_eq!(BlockLayout::of::<Header, u8>().amortised(0, 1), 32);
        assert_eq!(BlockLayout::of::<Header, u64>().amortised(0, 1), 4);
        assert_eq!(BlockLayout::of::<Header, [u8; 100]>().amortised(0, 1), 1);
        assert_eq!(BlockLayout::of::<Header, ()>().amortised(0, 1), 1);
    }

    #[test]
    fn zero_sized_elements_have_all_the_room_there_is() {
        let zst = BlockLayout::of::<Header, ()>();
        assert_eq!(zst.round_up(0), Ok(MAX_LEN));
        assert_eq!(zst.round_up(MAX_LEN), Ok(MAX_LEN));
        assert_eq!(zst.round_up(MAX_LEN + 1), Err(ReserveError::CapacityOverflow));
        assert_eq!(zst.block(MAX_LEN).map(|l| l.size()), Ok(size_of::<Header>()));
    }

    #[test]
    fn overflow_is_an_error_at_every_step() {
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
    fn a_short_prefix_is_not_copied_into_a_huge_block() {
        let l = BlockLayout::of::<Header, u64>();
        assert_eq!(l.for_copy(8, 5, 6), 8, "the slot was taken: the capacity is kept");
        assert_eq!(l.for_copy(8, 7, 8), 8, "the last slot: so it is here");
        assert_eq!(l.for_copy(8, 8, 9), 16, "full: it doubles");
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
            assert_eq!(block.size() % 16, 8, "the whole class is used");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 512 }, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn rounding_keeps_what_was_asked_and_wastes_less_than_a_class(cap in 0usize..100_000) {
            check::<u8>(cap);
            check::<u32>(cap);
            check::<u64>(cap);
            check::<[u64; 3]>(cap);
            check::<[u8; 7]>(cap);
            check::<()>(cap);
        }

        #[test]
        fn growth_always_makes_room(cap in 0usize..1_000_000, more in 1usize..1_000_000) {
            let l = BlockLayout::of::<Header, u64>();
            prop_assert!(l.amortised(cap, cap + more) >= cap + more);
            for len in [cap, cap / 2, 0] {
                prop_assert!(l.for_copy(cap, len, len + more) >= len + more);
            }
        }
    }
}
