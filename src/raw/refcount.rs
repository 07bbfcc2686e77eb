//! The two counters of a block, and the orderings that they need. Nothing here is unsafe.
//!
//! # The argument
//!
//! Handles share a block, and `refs` counts them. A user who moves a handle to another thread does so through a
//! channel, a lock or a join, which orders everything before the move before everything after it.
//!
//! * **Clone** increments Relaxed. The thread holds a handle, so the count cannot reach zero meanwhile. The new
//!   handle covers only what the old one covered.
//! * **Drop of a shared handle** decrements with [`RELEASE`]. Each decrement continues the release sequence, so
//!   an Acquire load of a later value sees everything that was done through the dropped handles: their reads of
//!   elements, and the slots that they claimed.
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
//! * **The unique owner** stores `filled` Relaxed, because no other thread reads it.
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

/// Drop: `refs` is 1, so this handle is unique. Partner: [`RELEASE`].
pub(crate) const UNIQUE_DROP: NamedOrdering = NamedOrdering::new("UNIQUE_DROP", Ordering::Acquire);
/// Drop: decrements `refs`. Partners: [`UNIQUE_DROP`], [`LAST_OWNER`], [`UNIQUE`].
pub(crate) const RELEASE: NamedOrdering = NamedOrdering::new("RELEASE", Ordering::Release);
/// Drop: the decrement found 1, and the block is freed next. Partner: [`RELEASE`].
pub(crate) const LAST_OWNER: NamedOrdering = NamedOrdering::new("LAST_OWNER", Ordering::Acquire);
/// Unique check: `refs` is 1, and elements are written next. Partner: [`RELEASE`].
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

/// The most handles of a block. One more aborts the process, as with `Arc`, because the count could wrap.
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

    /// Adds a handle. Aborts the process if the count passes `isize::MAX`.
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
    /// For handles of which other threads may add references (P2), and for those that are rarely unique.
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

/// The flag of a block that a list publishes or has published (B10).
const LIST: usize = 1 << (usize::BITS - 1);
/// The flags of a back-aligned block: LIST's bit and one more. A block has one of the two forms, so a word
/// without a flag keeps all bits but the top one for its number.
const HEAD: usize = LIST | 1 << (usize::BITS - 2);
/// The bits of a word with a flag that hold its number.
const FLAGGED_COUNT: usize = usize::MAX >> 2;

/// The initialised slots of a block: how many, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Slots `[0, n)`. Handles may claim more.
    Plain(usize),
    /// Slots `[0, n)`. Handles cannot claim more, because a list may still append to this block.
    List(usize),
    /// The last `n` slots.
    Head(usize),
}

/// The number of initialised slots of a block, with flags for its form.
///
/// No method returns the raw word as a length, because it may contain flags, and because slots below it may be
/// claimed but not yet written.
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

    /// Claims slots `[end, end + more)` for the caller, if the number is exactly `end` and no flag is set (B4).
    #[inline]
    #[must_use]
    pub(crate) fn claim(&self, end: usize, more: usize) -> bool {
        // Loads first, because a failed load is cheaper than a failed compare-exchange, and most claims fail where
        // many versions branch off one. Not in loom's runs with loads as read-modify-writes, where the load would
        // count as one more writer of a list's word.
        let load_first = !loads_as_rmw() || weakened(control::CLAIM_LOAD_STORE);
        if load_first && self.0.load(Ordering::Relaxed) != end {
            return false;
        }
        if weakened(control::CLAIM_LOAD_STORE) {
            self.0.store(end + more, Ordering::Relaxed);
            return true;
        }
        self.0.compare_exchange(end, end + more, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Returns the number of initialised slots. The value may be stale; use it for diagnostics only.
    pub(crate) fn advisory(&self) -> usize {
        match self.read() {
            Filled::Plain(count) | Filled::List(count) | Filled::Head(count) => count,
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
        match word & HEAD {
            HEAD => Filled::Head(word & FLAGGED_COUNT),
            LIST => Filled::List(word & FLAGGED_COUNT),
            _ => Filled::Plain(word),
        }
    }

    /// The most elements that the word of a list can count.
    #[cfg(feature = "list")]
    pub(crate) const MAX_LIST_LEN: usize = FLAGGED_COUNT;

    /// Sets the flag LIST, with `count` initialised slots. For the unique owner, before it publishes the block
    /// (B11).
    #[cfg(feature = "list")]
    pub(crate) fn set_list(&self, count: usize) {
        self.0.store(Self::list_word(count), Ordering::Relaxed);
    }

    /// Clears the flag LIST, which a list must not do while a reader may still load the block (B10).
    #[cfg(feature = "list")]
    pub(crate) fn clear_list(&self, count: usize) {
        self.0.store(count, PUBLISH_LEN.order());
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
        if weakened(control::NO_LIST_FLAG) { count } else { LIST | count }
    }

    /// Returns whether the block is back-aligned and exactly its last `count` slots are initialised. For the
    /// unique owner.
    #[inline]
    pub(crate) fn is_head(&self, count: usize) -> bool {
        self.0.load(Ordering::Relaxed) == Self::head_word(count)
    }

    /// Like [`FilledWord::claim`], for the slot before the last `count` slots of a back-aligned block.
    #[inline]
    #[must_use]
    pub(crate) fn claim_head(&self, count: usize) -> bool {
        self.claim(Self::head_word(count), 1)
    }

    /// Makes the block back-aligned, with its last `count` slots initialised. For the unique owner.
    #[inline]
    pub(crate) fn set_head(&self, count: usize) {
        self.0.store(Self::head_word(count), Ordering::Relaxed);
    }

    /// Adds instead of `|`, so that adding 1 to the number adds 1 to the word.
    #[inline]
    fn head_word(count: usize) -> usize {
        HEAD + count
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
        filled.set_head(3);
        assert!(!filled.claim(3, 1));
        assert!(!filled.is_plain(3));
        assert_eq!(filled.read(), Filled::Head(3));
    }

    #[test]
    #[cfg(feature = "list")]
    fn claim_on_list_fails_and_commit_succeeds() {
        let filled = FilledWord::zero();
        filled.set_list(2);
        assert!(!filled.claim(2, 1));
        assert!(!filled.is_plain(2));
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
    }
}
