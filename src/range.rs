//! Resolves a `RangeBounds<usize>` against a length.
//!
//! `RangeBounds` is a safe trait, so an implementation may answer differently each time. [`read`] asks for
//! each bound once, and every other function uses the values that it returned. No other file of the crate
//! calls `start_bound` or `end_bound`.

use core::ops::{Bound, Range, RangeBounds};

/// The two bounds of a range as values.
pub(crate) type Bounds = (Bound<usize>, Bound<usize>);

/// Reads each bound of `range` once.
#[inline]
#[expect(clippy::disallowed_methods, reason = "the one place that asks a range for its bounds")]
pub(crate) fn read(range: impl RangeBounds<usize>) -> Bounds {
    (range.start_bound().cloned(), range.end_bound().cloned())
}

/// Returns `bounds` as a half-open range of a text of `len` bytes, which need not be within the text.
///
/// A bound past `usize::MAX` becomes `usize::MAX`, which is past the end of every text.
#[inline]
pub(crate) fn half_open((start, end): Bounds, len: usize) -> Range<usize> {
    let end = match end {
        Bound::Included(last) => last.saturating_add(1),
        Bound::Excluded(end) => end,
        Bound::Unbounded => len,
    };
    first_index(start)..end
}

/// Returns the first index of a range that starts at `start`, or `usize::MAX` if that would be greater.
#[inline]
fn first_index(start: Bound<usize>) -> usize {
    match start {
        Bound::Included(first) => first,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    }
}

/// Returns the indices of `range` in a sequence of `len` elements, or `None` if the range is decreasing or
/// ends after `len`.
///
/// The result has `start <= end <= len`.
#[inline]
pub(crate) fn checked(range: impl RangeBounds<usize>, len: usize) -> Option<Range<usize>> {
    let (start, end) = read(range);
    let start = match start {
        Bound::Included(first) => first,
        Bound::Excluded(before) => before.checked_add(1)?,
        Bound::Unbounded => 0,
    };
    let end = match end {
        Bound::Included(last) => last.checked_add(1)?,
        Bound::Excluded(end) => end,
        Bound::Unbounded => len,
    };
    (start <= end && end <= len).then_some(start..end)
}

/// Returns the indices of `range` in a sequence of `len` elements.
///
/// The result has `start <= end <= len`.
///
/// # Panics
///
/// Panics with the messages of slice indexing if the range is decreasing or ends after `len`.
#[inline]
#[track_caller]
pub(crate) fn resolve(range: impl RangeBounds<usize>, len: usize) -> Range<usize> {
    let bounds = read(range);
    match checked(bounds, len) {
        Some(range) => range,
        None => out_of_range(bounds, len),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn out_of_range((start, end): Bounds, len: usize) -> ! {
    let start = first_index(start);
    let end = match end {
        Bound::Included(last) if last >= len => end_out_of_range(last, len),
        Bound::Included(last) => last + 1,
        Bound::Excluded(end) if end > len => end_out_of_range(end, len),
        Bound::Excluded(end) => end,
        Bound::Unbounded => len,
    };
    if start > len {
        panic!("range start index {start} out of range for slice of length {len}");
    }
    panic!("slice index starts at {start} but ends at {end}");
}

#[track_caller]
fn end_out_of_range(end: usize, len: usize) -> ! {
    panic!("range end index {end} out of range for slice of length {len}");
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use core::cell::Cell;
    use core::panic::AssertUnwindSafe;
    use std::panic::catch_unwind;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// A range whose bounds are 0 at the first call, and 100 at later ones.
    #[derive(Default)]
    struct Growing {
        starts: Cell<usize>,
        ends: Cell<usize>,
    }

    fn next<'a>(calls: &Cell<usize>) -> Bound<&'a usize> {
        calls.set(calls.get() + 1);
        Bound::Included(if calls.get() == 1 { &0 } else { &100 })
    }

    impl RangeBounds<usize> for &Growing {
        fn start_bound(&self) -> Bound<&usize> {
            next(&self.starts)
        }

        fn end_bound(&self) -> Bound<&usize> {
            next(&self.ends)
        }
    }

    #[test]
    fn each_bound_is_read_once() {
        let range = Growing::default();
        assert_eq!(resolve(&range, 4), 0..1);
        assert_eq!((range.starts.get(), range.ends.get()), (1, 1));
        assert_eq!(checked(&Growing::default(), 4), Some(0..1));
    }

    fn bounds() -> impl Iterator<Item = Bound<usize>> {
        let values = || [0, 1, 2, 3, 4, usize::MAX - 1, usize::MAX].into_iter();
        let included = values().map(Bound::Included);
        included.chain(values().map(Bound::Excluded)).chain([Bound::Unbounded])
    }

    #[test]
    fn start_past_the_length_is_reported_before_an_end_at_the_length() {
        let bounds = (Bound::Included(5), Bound::Excluded(3));
        let payload = catch_unwind(|| out_of_range(bounds, 3)).unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        assert_eq!(text, "range start index 5 out of range for slice of length 3");
    }

    #[test]
    fn checked_agrees_with_slices_for_all_bounds() {
        for len in 0..=3 {
            let indices: Vec<usize> = (0..len).collect();
            for start in bounds() {
                for end in bounds() {
                    let range = checked((start, end), len);
                    let expected = indices.get((start, end));
                    assert_eq!(
                        range.clone().map(|range| &indices[range]),
                        expected,
                        "{start:?} {end:?}"
                    );
                    assert!(range.is_none_or(|range| range.start <= range.end && range.end <= len));
                }
            }
        }
        assert_eq!(checked(..=usize::MAX, usize::MAX), None);
        assert_eq!(checked((Bound::Excluded(usize::MAX), Bound::Unbounded), usize::MAX), None);
        assert_eq!(checked(usize::MAX.., usize::MAX), Some(usize::MAX..usize::MAX));
    }

    fn message(start: Bound<usize>, end: Bound<usize>) -> String {
        let panic = catch_unwind(|| resolve((start, end), 3)).unwrap_err();
        panic.downcast_ref::<String>().cloned().expect("a message with numbers")
    }

    #[test]
    fn resolve_panics_with_the_messages_of_slices() {
        use Bound::{Excluded, Included, Unbounded};
        assert_eq!(
            message(Included(2), Excluded(9)),
            "range end index 9 out of range for slice of length 3"
        );
        assert_eq!(
            message(Unbounded, Included(usize::MAX)),
            std::format!("range end index {} out of range for slice of length 3", usize::MAX)
        );
        assert_eq!(
            message(Included(5), Unbounded),
            "range start index 5 out of range for slice of length 3"
        );
        assert_eq!(message(Included(3), Excluded(2)), "slice index starts at 3 but ends at 2");
        assert_eq!(message(Excluded(1), Included(0)), "slice index starts at 2 but ends at 1");
        assert!(catch_unwind(AssertUnwindSafe(|| resolve(2..=2, 3))).is_ok());
    }
}
