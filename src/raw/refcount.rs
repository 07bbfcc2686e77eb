//! The two counters of a block, and the orderings that they need. Nothing here is unsafe.
//!
//! # The argument
//!
//! Handles share a block, and `refs` counts them. A handle moves to another thread through a channel, a lock or a
//! join, which orders everything before the move before everything after it.
//!
//! * **Clone** increments Relaxed. The thread holds a handle, so the count cannot reach zero meanwhile. The new
//!   handle covers only what the old one covered.
//! * **Drop of a shared handle** decrements with [`RELEASE`]. Each decrement continues the release sequence. So
//!   the reads of elements and the claims of slots through the dropped handles happen before an Acquire load of a
//!   later value.
//! * **Drop of the last handle**, whose decrement found 1, loads with [`LAST_OWNER`] (Acquire) and frees the
//!   block. It is a load and not a fence, because ThreadSanitizer does not see fences.
//! * **Drop of a unique handle**, which reads 1 with [`UNIQUE_DROP`] (Acquire), frees the block without a
//!   read-modify-write. No other handle exists that could be cloned, and the load pairs with the [`RELEASE`] of
//!   every dropped handle. The value 1 cannot be stale: the increment for this handle happens before the load.
//! * **The unique check** before a write loads 1 with [`UNIQUE`] (Acquire), and pairs with the same decrements.
//!   It needs `&mut` of the handle: with `&`, another thread could clone the handle right after the load.
//! * **Claim** moves `filled` by a strong compare-exchange, Relaxed on success and failure. It decides which
//!   handle owns the slot, and nothing else. The element reaches other threads with the handle that wrote it,
//!   never through `filled`. A failure only means that the block is copied. A Relaxed load may reject the claim
//!   early. Rejecting is always correct; only the compare-exchange can grant it.
//! * **The unique owner** stores `filled` Relaxed, because no other thread reads it. If it appends below `filled`, it
//!   overwrites slots that a dropped handle read or wrote. The unique check orders that before, by [`UNIQUE`] and
//!   [`RELEASE`], as it does for a write to an element.
//!
//! The orderings of a list's length stand at [`FilledWord::commit`]; those of its cell and of its version are in
//! `list/cell/hazard` and `list/watch.rs`.
//!
//! In a loom build `COW_WEAKEN=NAME` makes one of the constants below Relaxed, and `.ci/run loom-controls` shows
//! that a model then fails. For a step that is Relaxed already, the same command leaves out or breaks the step in a
//! copy of the crate (`.ci/loom-edits.txt`).

use crate::sync::{AtomicUsize, NamedOrdering, Ordering, loads_as_rmw};

/// Drop: `refs` is 1, so this handle is unique. Partner: [`RELEASE`].
pub(crate) const UNIQUE_DROP: NamedOrdering = NamedOrdering::new("UNIQUE_DROP", Ordering::Acquire);
/// Drop: decrements `refs`. Partners: [`UNIQUE_DROP`], [`LAST_OWNER`], [`UNIQUE`].
pub(crate) const RELEASE: NamedOrdering = NamedOrdering::new("RELEASE", Ordering::Release);
/// Drop: the decrement found 1, and the block is freed next. Partner: [`RELEASE`].
pub(crate) const LAST_OWNER: NamedOrdering = NamedOrdering::new("LAST_OWNER", Ordering::Acquire);
/// Unique check: `refs` is 1, and elements are written next. Partner: [`RELEASE`].
pub(crate) const UNIQUE: NamedOrdering = NamedOrdering::new("UNIQUE", Ordering::Acquire);

/// The greatest count that may be incremented. Incrementing a greater one aborts the process, as with `Arc`, because
/// the count could wrap.
const MAX_REFS: usize = isize::MAX as usize;

/// The number of handles of a block.
#[derive(Debug)]
pub(crate) struct RefCount(AtomicUsize);

impl RefCount {
    /// Creates a count of one.
    #[inline]
    pub(crate) fn one() -> Self {
        Self(AtomicUsize::new(1))
    }

    /// Adds a handle. Aborts the process if there were more than `isize::MAX` already.
    #[inline]
    pub(crate) fn increment(&self) {
        if self.0.fetch_add(1, Ordering::Relaxed) > MAX_REFS {
            abort();
        }
    }

    /// Returns whether the calling handle is the only one. The caller holds it by `&mut`.
    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        self.load(UNIQUE.order()) == 1
    }

    /// Removes a handle. Returns whether it was the last one, so that the caller must free the block.
    #[inline]
    #[must_use]
    pub(crate) fn decrement(&self) -> bool {
        self.load(UNIQUE_DROP.order()) == 1 || self.decrement_by_rmw()
    }

    /// Like [`RefCount::decrement`], but without the load that saves the read-modify-write of a unique handle.
    ///
    /// For handles to which other threads may add references (P2), and for those that are rarely unique.
    #[inline]
    #[must_use]
    pub(crate) fn decrement_by_rmw(&self) -> bool {
        if self.0.fetch_sub(1, RELEASE.order()) != 1 {
            return false;
        }
        self.load(LAST_OWNER.order());
        true
    }

    /// Returns the number of handles. The value may be stale; use it for diagnostics only.
    #[inline]
    pub(crate) fn advisory(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    fn load(&self, order: Ordering) -> usize {
        if loads_as_rmw() { self.0.fetch_add(0, order) } else { self.0.load(order) }
    }

    #[cfg(all(test, feature = "std", unix, not(miri)))]
    pub(crate) fn force(&self, count: usize) {
        self.0.store(count, Ordering::Relaxed);
    }
}

/// Ends the process, because a count that wrapped would free a block in use.
///
/// As an `extern "C"` function it cannot unwind, so that no code that clones a handle has a landing pad for it.
#[cold]
#[inline(never)]
extern "C" fn abort() -> ! {
    #[cfg(feature = "std")]
    std::process::abort();
    // A panic that leaves an `extern "C"` function aborts.
    #[cfg(not(feature = "std"))]
    panic!("more than isize::MAX handles of one buffer");
}

/// The flag of a block that a list publishes or has published (B10).
const LIST: usize = 1 << (usize::BITS - 1);
/// The flags of a back-aligned block: LIST's bit and one more.
///
/// A block is never both a list's and back-aligned. So LIST's bit tells whether a word has a flag, and a word without
/// a flag can use all other bits for its number.
const BACK_ALIGNED: usize = LIST | 1 << (usize::BITS - 2);
/// The bits of a word with a flag that hold its number.
const FLAGGED_COUNT: usize = usize::MAX >> 2;

/// Publishes a list's new length after the slots below it are written. Partner: [`READ_LEN`].
#[cfg(feature = "list")]
const PUBLISH_LEN: NamedOrdering = NamedOrdering::new("PUBLISH_LEN", Ordering::Release);

/// Loads the length of a published buffer: the elements below it are visible then. Partner: [`PUBLISH_LEN`].
///
/// The cell's own ordering makes visible what the buffer had when its pointer was stored: its first elements and
/// the flag. A writer takes the length from its state under the lock, and never loads it from here.
#[cfg(feature = "list")]
const READ_LEN: NamedOrdering = NamedOrdering::new("READ_LEN", Ordering::Acquire);

/// The number of initialised slots of a block, and where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Slots `[0, n)`. Handles may claim more.
    Plain(usize),
    /// Slots `[0, n)`. Handles cannot claim more, because a list may still append to this block.
    List(usize),
    /// The last `n` slots.
    BackAligned(usize),
}

/// The number of initialised slots of a block, with flags for its form.
///
/// No method returns the raw word as a length: it may contain flags, and slots below it may be claimed but not yet
/// written.
#[derive(Debug)]
pub(crate) struct FilledWord(AtomicUsize);

impl FilledWord {
    /// Creates the word of a block without initialised slots.
    #[inline]
    pub(crate) fn zero() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Returns whether exactly `count` slots are initialised and no flag is set. For the unique owner.
    #[inline]
    pub(crate) fn is_plain(&self, count: usize) -> bool {
        self.0.load(Ordering::Relaxed) == count
    }

    /// Returns whether no flag is set. For the unique owner.
    #[inline]
    pub(crate) fn is_unflagged(&self) -> bool {
        self.0.load(Ordering::Relaxed) & LIST == 0
    }

    /// Claims slots `[end, end + more)` for the caller, if the word is exactly `end` (B4).
    ///
    /// So a number without flags claims nothing from a block with a flag. Does not check the capacity.
    #[inline]
    #[must_use]
    pub(crate) fn claim(&self, end: usize, more: usize) -> bool {
        // Loads first, because a failed load is cheaper than a failed compare-exchange, and most claims fail where
        // many versions branch off one. Not in loom's runs with loads as read-modify-writes, where the load would
        // count as one more writer of a list's word.
        if !loads_as_rmw() && self.0.load(Ordering::Relaxed) != end {
            return false;
        }
        self.0.compare_exchange(end, end + more, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Returns the number of initialised slots. The value may be stale; use it for diagnostics only.
    pub(crate) fn advisory(&self) -> usize {
        match self.read() {
            Filled::Plain(count) | Filled::List(count) | Filled::BackAligned(count) => count,
        }
    }

    /// Stores a number without flags. For the unique owner.
    #[inline]
    pub(crate) fn set(&self, count: usize) {
        self.0.store(count, Ordering::Relaxed);
    }

    /// Returns the decoded word. For the unique owner, the last owner, and the writer of a list.
    #[inline]
    pub(crate) fn read(&self) -> Filled {
        let word = self.0.load(Ordering::Relaxed);
        match word & BACK_ALIGNED {
            BACK_ALIGNED => Filled::BackAligned(word & FLAGGED_COUNT),
            LIST => Filled::List(word & FLAGGED_COUNT),
            _ => Filled::Plain(word),
        }
    }

    /// The greatest number that the word of a list can hold.
    #[cfg(feature = "list")]
    pub(crate) const MAX_LIST_LEN: usize = FLAGGED_COUNT;

    /// Sets the flag LIST, with `count` initialised slots. For the unique owner, before it publishes the block
    /// (B11).
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn set_list(&self, count: usize) {
        self.0.store(Self::list_word(count), Ordering::Relaxed);
    }

    /// Publishes the slots below `count`, which are written, to the readers of the list. For the holder of its
    /// lock.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn commit(&self, count: usize) {
        self.0.store(Self::list_word(count), PUBLISH_LEN.order());
    }

    /// Returns the number of elements of a list. For its readers.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn committed(&self) -> usize {
        self.0.load(READ_LEN.order()) & FLAGGED_COUNT
    }

    #[cfg(feature = "list")]
    #[inline]
    fn list_word(count: usize) -> usize {
        LIST | count
    }

    /// Returns whether the block is back-aligned and exactly its last `count` slots are initialised. For the
    /// unique owner.
    #[inline]
    pub(crate) fn is_back_aligned(&self, count: usize) -> bool {
        self.0.load(Ordering::Relaxed) == Self::back_aligned_word(count)
    }

    /// Like [`FilledWord::claim`], for the slot before the last `count` slots of a back-aligned block.
    #[inline]
    #[must_use]
    pub(crate) fn claim_back_aligned(&self, count: usize) -> bool {
        self.claim(Self::back_aligned_word(count), 1)
    }

    /// Makes the block back-aligned, with its last `count` slots initialised. For the unique owner.
    #[inline]
    pub(crate) fn set_back_aligned(&self, count: usize) {
        self.0.store(Self::back_aligned_word(count), Ordering::Relaxed);
    }

    /// Returns the word of a back-aligned block. Adds the flags, so that one slot more is always 1 more.
    #[inline]
    fn back_aligned_word(count: usize) -> usize {
        BACK_ALIGNED + count
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;

    #[test]
    fn decrement_returns_true_for_the_last_handle_only() {
        let refs = RefCount::one();
        refs.increment();
        assert!(!refs.is_unique());
        assert!(!refs.decrement());
        assert!(refs.is_unique());
        assert!(refs.decrement());
        let refs = RefCount::one();
        refs.increment();
        assert!(!refs.decrement_by_rmw());
        assert!(refs.decrement_by_rmw());
    }

    #[test]
    fn claim_past_end_or_with_flag_fails() {
        let filled = FilledWord::zero();
        assert!(filled.claim(0, 2));
        assert!(!filled.claim(0, 1), "the slot is taken");
        assert!(!filled.claim(3, 1), "not at the end");
        assert!(filled.claim(2, 1));
        assert_eq!(filled.read(), Filled::Plain(3));
        assert!(filled.is_unflagged());
        filled.set_back_aligned(3);
        assert!(!filled.claim(3, 1));
        assert!(!filled.is_plain(3) && !filled.is_unflagged());
        assert_eq!(filled.read(), Filled::BackAligned(3));
    }

    #[test]
    #[cfg(feature = "list")]
    fn claim_on_list_fails_and_commit_succeeds() {
        let filled = FilledWord::zero();
        filled.set_list(2);
        assert!(!filled.claim(2, 1));
        assert!(!filled.is_plain(2) && !filled.is_unflagged());
        filled.commit(3);
        assert_eq!((filled.committed(), filled.read()), (3, Filled::List(3)));
        filled.commit(FilledWord::MAX_LIST_LEN);
        assert_eq!(filled.read(), Filled::List(FilledWord::MAX_LIST_LEN));
    }

    #[test]
    fn set_with_isize_max_has_no_flag() {
        let filled = FilledWord::zero();
        filled.set(isize::MAX as usize);
        assert_eq!(filled.read(), Filled::Plain(isize::MAX as usize));
        assert!(filled.is_unflagged());
    }
}
