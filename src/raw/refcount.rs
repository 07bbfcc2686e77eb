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
//! * **a list's append** writes the slot and then stores the new length with [`PUBLISH_LEN`]
//!   (Release), under the list's lock, so there is one writer. A reader of the list loads the pointer
//!   and then the length with [`READ_LEN`] (Acquire): it sees the elements below that length. The lock
//!   orders the writers among themselves, and what the pointer's publication carries (the elements that
//!   were there when it was stored, and the flag) is the cell's to order. A list's writer reads the
//!   length from its own state under the lock, never back from `tail`.
//! * **a list's version** counts its changes. It is stored with [`PUBLISH_VERSION`] (Release) after each
//!   change, under the list's lock, so there is one writer. Whoever reads it with [`READ_VERSION`]
//!   (Acquire) and then loads the list sees all the changes counted, and perhaps later ones.
//!   An equal version proves nothing: a change can be seen before it is counted. Only under the lock are
//!   the two in step.
//! * **who waits for a change** says so in a flag, and **who changes** a list looks at it, both under the
//!   list's lock and both Relaxed: either the change comes after, and sees the flag, or it came before,
//!   and the version that the waiter checks under the lock tells it.
//!
//! # The cell of a list
//!
//! The orderings of the list's own cell are in [`hazard`], with their argument.
//!
//! Each constant here that is stronger than Relaxed can be made Relaxed in a loom build through
//! `COW_WEAKEN=NAME`, and `.ci/loom-controls` shows that a model then fails. What is Relaxed already
//! has structural controls instead, under the names of [`control`].

use crate::sync::{AtomicUsize, Ordering, loads_as_rmw, weakened};

/// A named ordering: `strong` as it ships, Relaxed where a loom control weakens it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedOrdering {
    name: &'static str,
    strong: Ordering,
}

impl NamedOrdering {
    const fn new(name: &'static str, strong: Ordering) -> Self {
        Self { name, strong }
    }

    #[inline(always)]
    pub(crate) fn order(self) -> Ordering {
        if weakened(self.name) { Ordering::Relaxed } else { self.strong }
    }

    /// For an edge that is a fence, behind a SeqCst read-modify-write.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    #[inline(always)]
    pub(crate) fn fence_after_rmw(self) {
        if !weakened(self.name) {
            crate::sync::fence_after_rmw();
        }
    }
}

/// drop: `refs` is 1, so this handle is the only one. Partner: [`RELEASE`].
pub(crate) const SOLE_OWNER: NamedOrdering = NamedOrdering::new("SOLE_OWNER", Ordering::Acquire);
/// drop: one handle less. Partners: [`SOLE_OWNER`], [`LAST_OWNER`], [`UNIQUE`].
pub(crate) const RELEASE: NamedOrdering = NamedOrdering::new("RELEASE", Ordering::Release);
/// drop: the decrement found 1, the block is about to be freed. Partner: [`RELEASE`].
pub(crate) const LAST_OWNER: NamedOrdering = NamedOrdering::new("LAST_OWNER", Ordering::Acquire);
/// unique check: `refs` is 1, elements may be written. Partner: [`RELEASE`].
pub(crate) const UNIQUE: NamedOrdering = NamedOrdering::new("UNIQUE", Ordering::Acquire);
/// a list's append: the slots below the new length are written. Partner: [`READ_LEN`].
#[cfg(feature = "list")]
pub(crate) const PUBLISH_LEN: NamedOrdering = NamedOrdering::new("PUBLISH_LEN", Ordering::Release);
/// a list's reader: how many elements of the published buffer there are. Partner: [`PUBLISH_LEN`].
#[cfg(feature = "list")]
pub(crate) const READ_LEN: NamedOrdering = NamedOrdering::new("READ_LEN", Ordering::Acquire);
/// a list's writer: one change more was made. Partner: [`READ_VERSION`].
#[cfg(feature = "list")]
pub(crate) const PUBLISH_VERSION: NamedOrdering =
    NamedOrdering::new("PUBLISH_VERSION", Ordering::Release);
/// whoever asks for a list's version, and then loads it. Partner: [`PUBLISH_VERSION`].
#[cfg(feature = "list")]
pub(crate) const READ_VERSION: NamedOrdering =
    NamedOrdering::new("READ_VERSION", Ordering::Acquire);

/// The orderings of a list's own cell, whose *versions* (addresses of buffers) are protected by *slots*.
///
/// # The argument
///
/// A reader puts a version into its slot and then looks whether it is still the current one; a writer
/// puts another version in its place and then looks into all slots. Each must see the other's store if
/// the other does not see its own, or a writer would give back what a reader goes on to read. So both
/// have a full fence between store and load ([`CLAIM_SLOT`], [`MOVE_FENCE`], [`PUBLISH_FENCE`]). The
/// stores are SeqCst read-modify-writes and the loads SeqCst as well, so that all of them stand in the
/// one order of such operations; that alone is enough, and on x86 the fences are no instruction of their
/// own. (loom takes SeqCst operations for acquire and release ones, and sees the fences.)
///
/// * A version's contents come to its reader from [`PUBLISH_PTR`] by [`READ_PTR`], the load after which
///   the slot protects it, and with the pointer of that load: one read before may be equal and still be of
///   a block that is gone, in whose place another stands. A load that finds what the slot protects already
///   may be Relaxed: a version that is protected is not published a second time. The same holds for an
///   `ArcReader`, which protects its version by a count.
/// * A reader's last use of a version comes before the store by which its slot forgets it, whether that
///   lets go of the slot ([`FREE_SLOT`]) or puts another version there ([`MOVE_SLOT`]): both are Release,
///   for the writer's [`SCAN_SLOT`], after which the version may be given back. A handle that the reader
///   made is counted before that, too.
/// * A slot passes from guard to guard. [`CLAIM_SLOT`], full fence that it is, also acquires what the
///   last one released by [`FREE_SLOT`]: what this guard then stores there stands in for that.
/// * Slots are made when the first reader needs them, published by [`ADD_SLOTS`] and found by
///   [`FIND_SLOTS`]. These are SeqCst so that a writer that does not find a slot comes before its reader
///   in the one order, whose look at the current version then sees what the writer published.
/// * A writer that looks again at what it could not give back needs no further fence: the one of the
///   publication that replaced the version came before, under the lock.
#[cfg(all(feature = "list", not(feature = "arc-swap")))]
pub(crate) mod hazard {
    use super::{NamedOrdering, Ordering};

    /// writer: a version is replaced. Partner: [`READ_PTR`].
    pub(crate) const PUBLISH_PTR: NamedOrdering =
        NamedOrdering::new("PUBLISH_PTR", Ordering::SeqCst);
    /// writer: between that and the look into the slots. Partners: [`CLAIM_SLOT`], [`MOVE_FENCE`].
    pub(crate) const PUBLISH_FENCE: NamedOrdering =
        NamedOrdering::new("PUBLISH_FENCE", Ordering::SeqCst);
    /// reader: the version in the slot is still the current one. Partner: [`PUBLISH_PTR`].
    pub(crate) const READ_PTR: NamedOrdering = NamedOrdering::new("READ_PTR", Ordering::SeqCst);
    /// reader: takes a free slot, and the fence between that and the look at the current version, which
    /// are one. Partners: [`FREE_SLOT`], [`PUBLISH_FENCE`].
    pub(crate) const CLAIM_SLOT: NamedOrdering = NamedOrdering::new("CLAIM_SLOT", Ordering::SeqCst);
    /// reader: another version in its slot. Partner: [`SCAN_SLOT`].
    pub(crate) const MOVE_SLOT: NamedOrdering = NamedOrdering::new("MOVE_SLOT", Ordering::SeqCst);
    /// reader: between that and the look at the current version. Partner: [`PUBLISH_FENCE`].
    pub(crate) const MOVE_FENCE: NamedOrdering = NamedOrdering::new("MOVE_FENCE", Ordering::SeqCst);
    /// reader: its slot protects nothing any more. Partners: [`SCAN_SLOT`], [`CLAIM_SLOT`].
    pub(crate) const FREE_SLOT: NamedOrdering = NamedOrdering::new("FREE_SLOT", Ordering::Release);
    /// writer: what a slot protects. Partners: [`FREE_SLOT`], [`MOVE_SLOT`].
    pub(crate) const SCAN_SLOT: NamedOrdering = NamedOrdering::new("SCAN_SLOT", Ordering::SeqCst);
    /// reader: new slots for all to find. Partner: [`FIND_SLOTS`].
    pub(crate) const ADD_SLOTS: NamedOrdering = NamedOrdering::new("ADD_SLOTS", Ordering::SeqCst);
    /// both: the slots there are. Partner: [`ADD_SLOTS`].
    pub(crate) const FIND_SLOTS: NamedOrdering = NamedOrdering::new("FIND_SLOTS", Ordering::SeqCst);
}

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
    /// A swap that clears the flag of the buffer it takes out, which a reader may still be about to read.
    #[cfg(feature = "list")]
    pub(crate) const FLAG_CLEARED_ON_SWAP: &str = "flag-cleared-on-swap";
    /// A list that publishes a buffer which other handles hold.
    #[cfg(feature = "list")]
    pub(crate) const PUBLISH_WITHOUT_GATE: &str = "publish-without-gate";
    /// An update whose closure is lent the count that the cell holds.
    #[cfg(feature = "list")]
    pub(crate) const CLOSURE_LENT_CELL_COUNT: &str = "closure-lent-cell-count";
    /// A swap that compares before the lock is taken, and not under it.
    #[cfg(feature = "list")]
    pub(crate) const COMPARE_ONCE: &str = "compare-once";
    /// A watcher that says that it waits without holding the list's lock.
    #[cfg(feature = "list")]
    pub(crate) const WATCH_WITHOUT_LOCK: &str = "watch-without-lock";
    /// An `ArcReader` that takes its version for the current one if the version number is the same.
    #[cfg(all(feature = "list", cow_loom))]
    pub(crate) const FRESH_BY_VERSION: &str = "fresh-by-version";
    /// A reader that does not look again whether the version in its slot is still the current one.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    pub(crate) const NO_REREAD: &str = "no-reread";
    /// A list that gives its count of a version back while a guard protects it, if a handle has one too.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    pub(crate) const RETIRED_UNCOUNTED: &str = "retired-uncounted";
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

    /// Takes the list's mark off: what a swap must not do while a reader may still come (B10).
    #[cfg(feature = "list")]
    pub(crate) fn clear_list(&self, count: usize) {
        self.0.store(count, PUBLISH_LEN.order());
    }

    /// Makes the slots below `count`, which are written, part of the list. For the holder of its lock.
    #[cfg(feature = "list")]
    #[inline]
    pub(crate) fn commit(&self, count: usize) {
        self.0.store(Self::list_word(count), PUBLISH_LEN.order());
    }

    /// The elements of a list's buffer. For its readers.
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
