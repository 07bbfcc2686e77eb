//! [`CopyOnWriteList`], one list that many threads read while others write to it, and
//! [`CopyOnWriteSet`] on top of it.

mod arc_reader;
mod arrange;
pub(crate) mod cell;
mod change;
mod compare;
mod convert;
mod guard;
mod matching;
mod reader;
mod search;
mod set;
mod update;
mod waiting;
mod watch;
mod write;

use core::marker::PhantomData;
use core::panic::{RefUnwindSafe, UnwindSafe};

pub use self::arc_reader::ArcReader;
pub use self::compare::CompareError;
pub use self::guard::Guard;
pub use self::reader::Reader;
pub use self::set::CopyOnWriteSet;
use self::watch::Changes;
pub use self::watch::Watcher;
use crate::list::cell::Publication;
#[cfg(all(cow_loom, feature = "arc-swap"))]
#[doc(hidden)]
pub use crate::list::cell::Standin;
use crate::sync::{CachePadded, const_fn};
use crate::vec::{CowVec, UniqueVec};

/// A list for many readers and few writers: reads never wait, and what is read never changes.
///
/// It is Java's `CopyOnWriteArrayList`: shared by reference and written through `&self`. A write does
/// not touch what readers look at. [`push`](CopyOnWriteList::push) and
/// [`extend`](CopyOnWriteList::extend) append in place, behind the end of every version read so far;
/// other writes build a new buffer and put it in place of the old one.
///
/// ```text
///  push(d), in place:                 set(1, X), in a new buffer:
///
///  list, 4 ──┬─► | a b c d |          list ────► | a X c |
///  guard, 3 ─┘                        guard ───► | a b c |   freed with its last reader
/// ```
///
/// | to read | costs | use it for |
/// |---|---|---|
/// | [`load`](CopyOnWriteList::load) | one atomic read-modify-write, on a cache line of the thread's own | one look, or one loop |
/// | [`snapshot`](CopyOnWriteList::snapshot) | a `load` and one atomic increment, on a line that all threads share | a [`CowVec`] to keep, or to send to another thread |
/// | [`reader`](CopyOnWriteList::reader), [`ArcReader`] | two loads and a compare, while no write replaces the buffer | a thread that reads again and again |
///
/// A loop goes over one version: `for x in &list.load()`. `&CopyOnWriteList` does not implement `IntoIterator`,
/// because a loop would hold a guard without saying so.
///
/// | to write | costs |
/// |---|---|
/// | [`push`](CopyOnWriteList::push), [`extend`](CopyOnWriteList::extend) | O(1) amortised an element, in place; all elements are cloned when the buffer doubles |
/// | all other | O(n): each element that stays is cloned, and one new version is published |
///
/// Publishing a new version looks once into each slot of the list: that of eight guards, of each reader, and of
/// each guard beyond the eighth, as many as there ever were at one time. So does each look for old versions to
/// drop, for each version that is still kept.
///
/// [`version`](CopyOnWriteList::version) counts the changes, and [`subscribe`](CopyOnWriteList::subscribe)
/// gives a [`Watcher`] that waits for the next one.
///
/// An index may be out of range by the time it is used, since other threads write too. That is no panic:
/// such calls give `None`, or hand the element back in `Err`.
///
/// Writers wait for each other, readers for nobody. Each call is one change: readers see all of it or
/// nothing, and a call that changes nothing publishes nothing.
///
/// # Panics
///
/// A write from within another write to the same list, on the same thread, panics, because closures, and
/// `Clone` and `PartialEq` of the elements, may run while the list is locked. A closure that waits for another
/// thread's write to the same list deadlocks.
///
/// Code of the user's that panics does so before or after the change:
///
/// * Clones, comparisons, iterators, conversions and closures run before. If they panic, the list is as it
///   was. These are the panics that each method lists.
/// * The wakers of [`Watcher`]s and the `Drop` of old elements run after, when the list is unlocked, so they
///   may write to it. If they panic, the method that made the change panics too, but the change has taken
///   effect. All other wakers are woken and the old elements are dropped before.
///
/// # When old versions are dropped
///
/// A version that a write replaced is dropped when no guard, reader or snapshot has it any more:
///
/// * If nothing has it, the write that replaces it drops it, after unlocking.
/// * If a guard or a reader is the last to have it, the drop of that guard drops it, or the reader's next
///   [`load`](Reader::load), [`release`](Reader::release) or drop. This does not wait for a lock.
/// * If the last one leaves while another thread writes, or looks for old versions to drop, that thread may
///   miss it. The next write drops it then. A guard or a reader that leaves later may do so earlier. Without
///   either, the list keeps the version until the list itself is dropped.
/// * A version that a snapshot or an [`ArcReader`] has is dropped with the last handle of its buffer.
///
/// If the elements need no drop, a list on its own cell keeps one buffer of an old version for the next
/// write.
///
/// An idle list takes 384 bytes on most targets, three cache lines, plus its buffer. The first `load` adds eight
/// cache lines, and each slot beyond them adds one.
///
/// The list is not `Clone`, since a clone could mean the same list or a copy: share `&list` or
/// `Arc<CopyOnWriteList<T>>`, or copy with [`fork`](CopyOnWriteList::fork).
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
///
/// static LIST: CopyOnWriteList<u32> = CopyOnWriteList::new();
///
/// LIST.extend([1, 2]);
/// let before = LIST.snapshot();
/// std::thread::scope(|threads| {
///     threads.spawn(|| LIST.push(3));
/// });
/// assert_eq!(before, [1, 2]);
/// assert_eq!(LIST.load()[..], [1, 2, 3]);
/// ```
///
/// It is invariant in `T`, because elements are put in through a shared reference:
///
/// ```
/// # use cow_collections::CopyOnWriteList;
/// fn same<'a>(list: &'a CopyOnWriteList<&'static str>) -> &'a CopyOnWriteList<&'static str> {
///     list
/// }
/// ```
/// ```compile_fail
/// # use cow_collections::CopyOnWriteList;
/// fn shorter<'a>(list: &'a CopyOnWriteList<&'static str>) -> &'a CopyOnWriteList<&'a str> {
///     list
/// }
/// ```
#[doc(alias = "CopyOnWriteArrayList")]
pub struct CopyOnWriteList<T> {
    publication: Publication<T>,
    changes: CachePadded<Changes>,
    invariant: PhantomData<fn(T) -> T>,
}

// What is published is never half-written, whatever panics.
impl<T: RefUnwindSafe> UnwindSafe for CopyOnWriteList<T> {}
impl<T: RefUnwindSafe> RefUnwindSafe for CopyOnWriteList<T> {}

/// To make a list, and to read it.
impl<T> CopyOnWriteList<T> {
    const_fn! {
        /// Creates an empty list that has not allocated.
        ///
        /// O(1).
        ///
        /// # Examples
        ///
        /// ```
        /// use cow_collections::CopyOnWriteList;
        ///
        /// static LISTENERS: CopyOnWriteList<fn()> = CopyOnWriteList::new();
        /// assert!(LISTENERS.is_empty());
        /// ```
        #[must_use]
        pub const fn new() -> Self {
            let changes = CachePadded::new(Changes::new());
            Self { publication: Publication::new(), changes, invariant: PhantomData }
        }
    }

    /// Creates an empty list with room for at least `capacity` elements, which are appended in place.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// If the block would be larger than `isize::MAX` bytes: "capacity overflow".
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        UniqueVec::with_capacity(capacity).into()
    }

    /// The elements of this moment, as a slice behind a guard.
    ///
    /// O(1), never waits: one atomic read-modify-write, on a cache line that is this thread's as long as
    /// eight threads or fewer read at the same time. The guard's drop is one plain store. Lock-free: `load`
    /// looks once more for each version that another thread publishes in the middle of it. The guard keeps
    /// its version alive. If there are eight guards already, a further one takes O(s), where s is the greatest
    /// number of readers and further guards that the list had at one time. The first load of a list that is not empty
    /// allocates eight cache lines, 1 KiB on most targets. With the feature `arc-swap`, the cost is that of
    /// one of that crate's loads.
    ///
    /// Do not hold a guard across an `.await`, because it is not `Send`. Take a
    /// [`snapshot`](CopyOnWriteList::snapshot) there.
    ///
    /// If the guard is the last to have an old version, its drop drops the elements: see
    /// [when old versions are dropped](CopyOnWriteList#when-old-versions-are-dropped). With the feature
    /// `arc-swap`, an element's drop that panics there aborts the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!["a", "b"]);
    /// for name in &list.load() {
    ///     list.push(name); // not seen by this loop
    /// }
    /// assert_eq!(list, ["a", "b", "a", "b"]);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "subList")]
    pub fn load(&self) -> Guard<'_, T> {
        Guard::new(self.publication.load())
    }

    /// The elements of this moment, as an owned value.
    ///
    /// O(1), never waits: a [`load`](CopyOnWriteList::load) and one atomic increment, on a line that all
    /// threads share. Its drop is one atomic decrement there. Nothing is copied: a snapshot is a [`CowVec`]
    /// on the list's own buffer, which it keeps alive, with all that is pushed into the same buffer later.
    /// The snapshot never sees that. A push to it copies, as long as the list or another snapshot has the
    /// buffer.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1]);
    /// let snapshot = list.snapshot();
    /// list.push(2);
    /// assert_eq!(snapshot, [1]);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "toArray")]
    #[doc(alias = "iterator")]
    #[doc(alias = "listIterator")]
    #[doc(alias = "spliterator")]
    #[doc(alias = "stream")]
    #[doc(alias = "load_full")]
    pub fn snapshot(&self) -> CowVec<T> {
        self.load().to_snapshot()
    }

    /// A reader for one thread, which keeps the version that it saw last.
    ///
    /// Never waits. O(s), where s is the greatest number of readers, and of guards beyond the eighth, that the
    /// list had at one time; allocates a cache line if all of their slots are taken. See [`Reader`] for what a
    /// reader costs and keeps alive.
    #[inline]
    #[must_use]
    pub fn reader(&self) -> Reader<'_, T> {
        Reader::new(self.publication.reader())
    }

    /// The number of elements at this moment.
    ///
    /// O(1), as [`load`](CopyOnWriteList::load).
    #[inline]
    #[must_use]
    #[doc(alias = "size")]
    pub fn len(&self) -> usize {
        self.load().len()
    }

    /// Whether there are no elements at this moment.
    ///
    /// O(1), as [`load`](CopyOnWriteList::load).
    #[inline]
    #[must_use]
    #[doc(alias = "isEmpty")]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the buffer that the list publishes, its free room and what snapshots share included.
    ///
    /// O(1), as [`snapshot`](CopyOnWriteList::snapshot). Older versions that are still read are not in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// assert_eq!(CopyOnWriteList::<u64>::new().heap_bytes(), 0);
    /// assert!(CopyOnWriteList::from([1_u64, 2]).heap_bytes() > 16);
    /// ```
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.snapshot().heap_bytes()
    }

    /// The elements, without the list.
    ///
    /// O(1): nothing is copied. If no snapshot shares the buffer the vector is unique, so that
    /// `mem::take(&mut list).into_inner()` and [`from`](CopyOnWriteList::from) lead out and back in O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2]);
    /// let mut v = list.into_inner();
    /// assert!(v.is_unique());
    /// assert_eq!(v, [1, 2]);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> CowVec<T> {
        self.snapshot()
    }
}
