//! The two counters of a buffer, every ordering the crate uses, and the argument for each. No unsafe.
//!
//! # The argument
//!
//! A buffer is shared by *handles*; a handle is moved between threads by its user, and whatever moves
//! it (a channel, a lock, a join) orders what came before the move. `refs` counts handles.
//!
//! * **clone** increments Relaxed: the thread holds a handle, so the count cannot reach zero
//!   meanwhile, and the new handle carries no data that the old one did not.
//! * **drop** of a shared handle decrements with [`RELEASE`]; each decrement heads or continues a
//!   release sequence, so that whoever reads a later value with Acquire sees everything that was done
//!   through the dropped handles: their reads of elements, and the slots they claimed.
//! * The holder whose decrement found 1 then loads with [`LAST_OWNER`] (Acquire) and frees. It is a
//!   load and not a fence because ThreadSanitizer does not see fences.
//! * **drop** of a handle that already reads 1 with [`SOLE_OWNER`] (Acquire) frees at once, without a
//!   read-modify-write: nobody else holds a handle, so nobody can clone one, and the Acquire pairs
//!   with the [`RELEASE`] of every handle that is gone. The value 1 cannot be stale: increments made
//!   for this handle happen-before it, and the others are gone with their handles.
//! * **unique check**: a load of 1 with [`UNIQUE`] (Acquire) through `&mut` handle pairs with the same
//!   decrements, and gives leave to write. It is never asked through `&self`: there another thread
//!   could clone right after the answer.
//! * **claim** moves `tail` by a strong compare-exchange, Relaxed on both sides: it decides who owns
//!   the slot and nothing else. The element travels with the handle that wrote it, never through
//!   `tail`, and a failure only means that the buffer is copied. So may a Relaxed look before it fail: no is
//!   always a right answer, and yes is for the compare-exchange to say.
//! * **unique paths** store `tail` Relaxed: there is nobody to read it.
//!
//! The orderings of a list's length stand at [`FilledWord::commit`]; those of its cell and of its version are in
//! `list/cell/hazard.rs` and `list/watch.rs`.
//!
//! Each constant here that is stronger than Relaxed can be made Relaxed in a loom build through
//! `COW_WEAKEN=NAME`, and `.ci/loom-controls` shows that a model then fails. What is Relaxed already
//! has structural controls instead, under the names of [`control`].

use crate::sync::{AtomicUsize, NamedOrdering, Ordering, loads_as_rmw, weakened};

/// drop: `refs` is 1, so this handle is the only one. Partner: [`RELEASE`].
pub(crate) const SOLE_OWNER: NamedOrdering = NamedOrdering::new("SOLE_OWNER", Ordering::Acquire);
/// drop: one handle less. Partners: [`SOLE_OWNER`], [`LAST_OWNER`], [`UNIQUE`].
pub(crate) const RELEASE: NamedOrdering = NamedOrdering::new("RELEASE", Ordering::Release);
/// drop: the decrement found 1, the block is about to be freed. Partner: [`RELEASE`].
pub(crate) const LAST_OWNER: NamedOrdering = NamedOrdering::new("LAST_OWNER", Ordering::Acquire);
/// unique check: `refs` is 1, elements may be written. Partner: [`RELEASE`].
pub(crate) const UNIQUE: NamedOrdering = NamedOrdering::new("UNIQUE", Ordering::Acquire);

/// Structural controls: each leaves out or breaks one step that no ordering stands for. `NULL` is none
/// of them: a model run under that name must pass, which shows that the others fail for their reason.
pub(crate) mod control {
    /// A claim by the look and a store instead of the compare-exchange.
    pub(crate) const CLAIM_LOAD_STORE: &str = "claim-load-store";
    /// A unique holder that does not lower `tail` to its own length.
    pub(crate) const NO_TRIM: &str = "no-trim";
    /// A list's buffer without its flag, so that a snapshot's claim can succeed in it.
    #[cfg(feature = "list")]
    pub(crate) const NO_LIST_FLAG: &str = "no-list-flag";
    /// A list publishes a buffer that is shared.
    #[cfg(feature = "list")]
    pub(crate) const PUBLISH_SHARED: &str = "publish-shared";
}

/// More handles than this, and the process aborts, as `Arc` does: past it the count could wrap.
const MAX_REFS: usize = isize::MAX as usize;

/// The number of handles of a buffer.
#[derive(Debug)]
pub(crate) struct RefCount(AtomicUsize);

impl RefCount {
    /// A count of one.
    #[inline]
    pub(crate) fn one() -> Self {
        Self(AtomicUsize::new(1))
    }

    /// One handle more; aborts the process when the count passes `isize::MAX`.
    #[inline]
    pub(crate) fn increment(&self) {
        if self.0.fetch_add(1, Ordering::Relaxed) > MAX_REFS {
            abort();
        }
    }

    /// Whether the handle that asks, by `&mut`, is the only one.
    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        self.load(UNIQUE.order()) == 1
    }

    /// One handle less; true tells the caller that it was the last and must free the block.
    #[inline]
    #[must_use]
    pub(crate) fn release(&self) -> bool {
        self.load(SOLE_OWNER.order()) == 1 || self.release_counted()
    }

    /// [`RefCount::release`] without its first load, for handles whose count may be incremented by
    /// other threads on their behalf (P2).
    #[inline]
    #[must_use]
    pub(crate) fn release_counted(&self) -> bool {
        if self.0.fetch_sub(1, RELEASE.order()) != 1 {
            return false;
        }
        self.load(LAST_OWNER.order());
        true
    }

    /// The count as it was a moment ago: for users to look at, never to decide by.
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

/// Ends the process: a count that wrapped would free a buffer in use.
#[cold]
#[inline(never)]
fn abort() -> ! {
    #[cfg(feature = "std")]
    std::process::abort();
    // Without std, a panic that leaves an `extern "C"` function aborts.
    #[cfg(not(feature = "std"))]
    {
        extern "C" fn overflow() -> ! {
            panic!("more than isize::MAX handles of one buffer");
        }
        overflow()
    }
}

/// Set in the tail word of a buffer that a list publishes or has published (B10).
const LIST: usize = 1 << (usize::BITS - 1);
/// Set, with [`LIST`]'s bit, in the tail word of a front leaf. The two never stand together, so that a
/// plain count keeps all bits but the top one.
const BACK_ALIGNED: usize = LIST | 1 << (usize::BITS - 2);
/// The count of a word that has a flag.
const FLAGGED_COUNT: usize = usize::MAX >> 2;

/// Publishes a list's new length after the slots below it are written. Partner: [`READ_LEN`].
#[cfg(feature = "list")]
const PUBLISH_LEN: NamedOrdering = NamedOrdering::new("PUBLISH_LEN", Ordering::Release);

/// Loads the length of a published buffer: the elements below it are visible then. Partner: [`PUBLISH_LEN`].
///
/// The cell's own ordering makes visible what was there when the pointer was stored: its first elements and the
/// flag. A writer takes the length from its state under the lock, and never loads it from here.
#[cfg(feature = "list")]
const READ_LEN: NamedOrdering = NamedOrdering::new("READ_LEN", Ordering::Acquire);

/// How many slots of a buffer are claimed, and on which side, as its only holder reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Slots `[0, n)`; handles may claim more.
    Plain(usize),
    /// Slots `[0, n)`; a list may still commit into this buffer, so handles cannot claim.
    List(usize),
    /// The last `n` slots.
    BackAligned(usize),
}

/// The claimed slots of a buffer, and its form. The raw word cannot be read as a length: a flag may
/// stand in it, and slots below it may be claimed and not yet written.
#[derive(Debug)]
pub(crate) struct FilledWord(AtomicUsize);

impl FilledWord {
    /// No slot claimed.
    #[inline]
    pub(crate) fn zero() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Whether exactly `count` slots are claimed and no flag is set. For a unique holder.
    #[inline]
    pub(crate) fn is_plain(&self, count: usize) -> bool {
        self.0.load(Ordering::Relaxed) == count
    }

    /// Claims slots `[end, end + more)` for the caller if exactly `end` are claimed and no flag is
    /// set (B4).
    #[inline]
    #[must_use]
    pub(crate) fn claim(&self, end: usize, more: usize) -> bool {
        // Where many versions branch off one, most find the slot taken, and a look costs less than the claim.
        // Where loom is to see more, it is left out: as a read-modify-write it would be one writer more of a
        // list's word.
        let look = !loads_as_rmw() || weakened(control::CLAIM_LOAD_STORE);
        if look && self.0.load(Ordering::Relaxed) != end {
            return false;
        }
        if weakened(control::CLAIM_LOAD_STORE) {
            self.0.store(end + more, Ordering::Relaxed);
            return true;
        }
        self.0.compare_exchange(end, end + more, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// The slots claimed a moment ago, in any form: for users to look at, never to decide by.
    pub(crate) fn advisory(&self) -> usize {
        match self.read() {
            Filled::Plain(count) | Filled::List(count) | Filled::BackAligned(count) => count,
        }
    }

    /// Sets a plain count. For a unique holder.
    #[inline]
    pub(crate) fn set(&self, count: usize) {
        self.0.store(count, Ordering::Relaxed);
    }

    /// The word, decoded. For a unique holder, the last releaser, or a list's writer.
    #[inline]
    pub(crate) fn read(&self) -> Filled {
        let word = self.0.load(Ordering::Relaxed);
        match word & BACK_ALIGNED {
            BACK_ALIGNED => Filled::BackAligned(word & FLAGGED_COUNT),
            LIST => Filled::List(word & FLAGGED_COUNT),
            _ => Filled::Plain(word),
        }
    }

    /// The most elements a list's buffer can count.
    #[cfg(feature = "list")]
    pub(crate) const MAX_LIST_LEN: usize = FLAGGED_COUNT;

    /// Marks the buffer as a list's, with `count` slots claimed. For a unique holder at the gate (B11).
    #[cfg(feature = "list")]
    pub(crate) fn set_list(&self, count: usize) {
        self.0.store(Self::list_word(count), Ordering::Relaxed);
    }

    /// Makes the first `count` slots, which are written, visible to the list's readers. For the holder of its
    /// lock, which orders the writers among themselves.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn commit(&self, count: usize) {
        self.0.store(Self::list_word(count), PUBLISH_LEN.order());
    }

    /// Returns the number of elements of a published buffer, and makes them visible to the caller, who got the
    /// pointer from the list's cell.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn committed(&self) -> usize {
        self.0.load(READ_LEN.order()) & FLAGGED_COUNT
    }

    #[cfg(feature = "list")]
    #[inline]
    fn list_word(count: usize) -> usize {
        if weakened(control::NO_LIST_FLAG) { count } else { LIST | count }
    }

    /// Whether the form is a front leaf's and exactly the last `count` slots are claimed. For a unique holder.
    #[inline]
    pub(crate) fn is_back_aligned(&self, count: usize) -> bool {
        self.0.load(Ordering::Relaxed) == Self::back_aligned_word(count)
    }

    /// [`FilledWord::claim`] of the slot before the last `count` of a front leaf.
    #[inline]
    #[must_use]
    pub(crate) fn claim_back_aligned(&self, count: usize) -> bool {
        self.claim(Self::back_aligned_word(count), 1)
    }

    /// Sets a front leaf's count. For a unique holder.
    #[inline]
    pub(crate) fn set_back_aligned(&self, count: usize) {
        self.0.store(Self::back_aligned_word(count), Ordering::Relaxed);
    }

    /// By addition, so that the word of a count one more or less is one more or less.
    #[inline]
    fn back_aligned_word(count: usize) -> usize {
        BACK_ALIGNED + count
    }
}

#[cfg(all(test, not(cow_loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_last_release_and_only_that_one_frees() {
        let refs = RefCount::one();
        refs.increment();
        assert!(!refs.is_unique());
        assert!(!refs.release());
        assert!(refs.is_unique());
        assert!(refs.release());
        let refs = RefCount::one();
        refs.increment();
        assert!(!refs.release_counted());
        assert!(refs.release_counted());
    }

    #[test]
    fn a_claim_needs_the_exact_end_and_no_flag() {
        let tail = FilledWord::zero();
        assert!(tail.claim(0, 2));
        assert!(!tail.claim(0, 1), "the slot is taken");
        assert!(!tail.claim(3, 1), "not at the end");
        assert!(tail.claim(2, 1));
        assert_eq!(tail.read(), Filled::Plain(3));
        tail.set_back_aligned(3);
        assert!(!tail.claim(3, 1));
        assert!(!tail.is_plain(3));
        assert_eq!(tail.read(), Filled::BackAligned(3));
    }

    #[test]
    #[cfg(feature = "list")]
    fn a_list_commits_and_nobody_claims() {
        let tail = FilledWord::zero();
        tail.set_list(2);
        assert!(!tail.claim(2, 1));
        assert!(!tail.is_plain(2));
        tail.commit(3);
        assert_eq!((tail.committed(), tail.read()), (3, Filled::List(3)));
        tail.commit(FilledWord::MAX_LIST_LEN);
        assert_eq!(tail.read(), Filled::List(FilledWord::MAX_LIST_LEN));
    }

    #[test]
    fn a_plain_count_may_use_all_bits_but_the_top_one() {
        let tail = FilledWord::zero();
        tail.set(isize::MAX as usize);
        assert_eq!(tail.read(), Filled::Plain(isize::MAX as usize));
    }
}
