//! [`CopyOnWriteList`] itself: creating and reading it.

use core::marker::PhantomData;
use core::panic::{RefUnwindSafe, UnwindSafe};

use super::shared::Shared;
use super::{Guard, Reader};
use crate::sync::const_fn;
use crate::vec::{CowVec, UniqueVec};

/// A list for many readers and few writers. Reads never wait, and the elements that a reader has read never change.
///
/// Like Java's `CopyOnWriteArrayList`, the list is shared by reference and written through `&self`. A write does not
/// change the elements that readers see. [`push`](CopyOnWriteList::push) and [`extend`](CopyOnWriteList::extend)
/// append in place, after the end of every version that was read. Other writes build a new buffer and publish it
/// in place of the old one.
///
/// ```text
///  push(d), in place:                 set(1, X), in a new buffer:
///
///  list, 4 ──┬─► | a b c d |          list ────► | a X c |
///  guard, 3 ─┘                        guard ───► | a b c |   dropped with its last reader
/// ```
///
/// | read | cost | use it for |
/// |---|---|---|
/// | [`load`](CopyOnWriteList::load) | one atomic read-modify-write, on a cache line that the thread usually has to itself | one access, or one loop |
/// | [`snapshot`](CopyOnWriteList::snapshot) | a `load` and one atomic increment, on a cache line that all threads share | a [`CowVec`] to keep, or to send to another thread |
/// | [`reader`](CopyOnWriteList::reader), [`ArcReader`](super::ArcReader) | two loads and a compare, until a write replaces the buffer | a thread that reads repeatedly |
///
/// To loop over one version, write `for x in &list.load()`. `&CopyOnWriteList` does not implement `IntoIterator`,
/// because a loop would hold a guard without saying so.
///
/// | write | cost |
/// |---|---|
/// | [`push`](CopyOnWriteList::push), [`extend`](CopyOnWriteList::extend) | amortised O(1) for each element, in place; clones all elements when the buffer doubles |
/// | all others | O(n): clones each element that stays, and publishes one new version |
///
/// A list has eight slots for guards and eight for readers, in which they protect their versions. A guard or reader
/// that finds none free adds a reference to the version instead, and takes an *overflow slot* only meanwhile. So a list
/// has as many overflow slots as there ever were threads in that step at one time, and no cost grows with the guards
/// and readers. Publishing a new version loads each slot, once for each version that a slot protects. While a
/// guard has an old version in a slot, each thread's guards use only two slots. So a thread that holds many guards of old
/// versions leaves slots to other threads.
///
/// [`version`](CopyOnWriteList::version) counts the changes, and [`subscribe`](CopyOnWriteList::subscribe)
/// returns a [`Watcher`](super::Watcher) that waits for the next one.
///
/// An index may be out of range when it is used, because another thread may have shortened the list. Such calls
/// do not panic: they return `None`, or the element in `Err`.
///
/// Writers wait for each other, and readers never wait. Each call is one change: readers see all of it or nothing.
/// A call that changes nothing publishes nothing.
///
/// # Panics
///
/// A write from within another write to the same list, on the same thread, panics, because closures, and
/// `Clone` and `PartialEq` of the elements, may run while the list is locked. A closure that waits for another
/// thread's write to the same list deadlocks.
///
/// Your own code may panic before or after the change:
///
/// * Clones, comparisons, iterators, conversions and closures run before it. If one panics, the list is unchanged.
///   Each method lists these panics.
/// * The wakers of [`Watcher`](super::Watcher)s and the `Drop` of old elements run after it, when the list is
///   unlocked, so they may write to the list. If one panics, the method that made the change panics too, but the
///   change has taken effect. All other wakers are woken and the old elements are dropped before that.
///
/// # When old versions are dropped
///
/// The guards and readers that have a version are its *protectors*. If a replaced version has none, the write that
/// replaces it drops it after unlocking. Otherwise, a replaced version is dropped by its last protector, or, if that
/// leaves in the very moment in which another thread looks, by the next guard that leaves, the next reader that moves,
/// or the next write. It never waits for a write while guards come and go. None of them waits for a lock to drop it.
///
/// A guard leaves when it is dropped. A reader leaves its version, or moves, in its next [`load`](Reader::load), its
/// [`release`](Reader::release) or its drop. So these calls and a [`push`](CopyOnWriteList::push) may drop old elements
/// after their own effect. A [`load`](CopyOnWriteList::load) may too, if a write replaces a version while it runs. If a
/// drop panics, the call panics.
///
/// If a snapshot or an [`ArcReader`](super::ArcReader) has a version, its elements are dropped with the last handle of
/// its buffer. If the elements need no drop, the list keeps one buffer of an old version for the next write, except
/// with the feature `arc-swap`.
///
/// # Memory
///
/// On most targets, an idle list takes 384 bytes, or three cache lines, plus its buffer. The first `load` adds eight
/// cache lines, the first reader adds eight, and each overflow slot adds one. A list keeps at most one retired version
/// for each slot.
///
/// The list is not `Clone`, because a clone could mean the same list or a copy. Share `&list` or
/// `Arc<CopyOnWriteList<T>>`, or copy the elements with [`fork`](CopyOnWriteList::fork).
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
/// The list is invariant in `T`, because elements are inserted through a shared reference:
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
pub struct CopyOnWriteList<T> {
    pub(super) shared: Shared<T>,
    invariant: PhantomData<fn(T) -> T>,
}

// A panic never leaves a half-written version published.
impl<T: RefUnwindSafe> UnwindSafe for CopyOnWriteList<T> {}
impl<T: RefUnwindSafe> RefUnwindSafe for CopyOnWriteList<T> {}

/// Creating a list, and reading it.
impl<T> CopyOnWriteList<T> {
    const_fn! {
        /// Creates an empty list. Does not allocate.
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
            Self { shared: Shared::new(), invariant: PhantomData }
        }
    }

    /// Creates an empty list with capacity for at least `capacity` elements, which can be appended in place.
    ///
    /// Does not allocate if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// Panics if the new capacity exceeds `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::with_capacity(100);
    /// list.push(0);
    /// let buffer = list.load().as_ptr();
    /// list.extend(1..100);
    /// assert_eq!(list.load().as_ptr(), buffer); // appended in place
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        UniqueVec::with_capacity(capacity).into()
    }

    /// Returns a guard that dereferences to the current elements.
    ///
    /// O(1), and never waits. The cost is one atomic read-modify-write. While at most eight threads read at the same
    /// time, each has its own cache line for it. The guard's drop is one plain store.
    ///
    /// `load` is lock-free: it checks once more for each version that another thread publishes meanwhile. If it finds
    /// no free slot, the guard adds a reference to its version: two read-modify-writes more, and one at its drop. The
    /// first load of a list that is not empty allocates eight cache lines, 1 KiB on most targets. With the
    /// feature `arc-swap`, each load costs one of that crate's loads.
    ///
    /// The guard keeps its version alive. If it is the last to have an old version, its drop drops the elements: see
    /// [when old versions are dropped](CopyOnWriteList#when-old-versions-are-dropped).
    ///
    /// Do not hold a guard across an `.await`, because it is not `Send`. Use a [`snapshot`](CopyOnWriteList::snapshot)
    /// there.
    ///
    /// # Panics
    ///
    /// Panics if a write replaces a version while this call runs, this call drops that version, and the drop of an
    /// element panics. So do the other methods that read the list.
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
        Guard::new(self.shared.publication.load())
    }

    /// Returns the current elements as a vector that shares the list's buffer.
    ///
    /// O(1), and never waits. The cost is a [`load`](CopyOnWriteList::load) and one atomic increment, on a cache line
    /// that all threads share. The snapshot's drop is one atomic decrement there.
    ///
    /// A snapshot never changes. It keeps the whole buffer alive, including elements that are pushed into it later. A
    /// write to the snapshot copies the elements while the list or another snapshot has the buffer.
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

    /// Creates a reader for one thread, which keeps the version that it saw last.
    ///
    /// O(1), and never waits. The first reader of a list allocates eight cache lines, 1 KiB on most targets. [`Reader`]
    /// documents what a reader costs and keeps alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from([1, 2, 3]);
    /// std::thread::scope(|threads| {
    ///     for _ in 0..2 {
    ///         threads.spawn(|| {
    ///             let mut reader = list.reader();
    ///             for i in 0..100 {
    ///                 assert_eq!(reader.load()[i % 3], i % 3 + 1);
    ///             }
    ///         });
    ///     }
    /// });
    /// ```
    #[inline]
    #[must_use]
    pub fn reader(&self) -> Reader<'_, T> {
        Reader::new(self.shared.publication.reader())
    }

    /// Returns the current number of elements.
    ///
    /// O(1): costs a [`load`](CopyOnWriteList::load).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(["a", "b"]);
    /// let snapshot = list.snapshot();
    /// list.push("c");
    /// assert_eq!((list.len(), snapshot.len()), (3, 2));
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "size")]
    pub fn len(&self) -> usize {
        self.load().len()
    }

    /// Returns `true` if the list has no elements.
    ///
    /// O(1): costs a [`load`](CopyOnWriteList::load).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let jobs = CopyOnWriteList::from(["job"]);
    /// jobs.pop();
    /// assert!(jobs.is_empty());
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "isEmpty")]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the size of the current buffer in bytes, including spare capacity and elements that snapshots share.
    ///
    /// Does not count older versions that are still read, nor the slots of guards and readers. O(1): costs a [`snapshot`](CopyOnWriteList::snapshot).
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

    /// Consumes the list and returns its elements.
    ///
    /// O(1). The vector is unique if no snapshot shares the buffer. Then
    /// `mem::take(&mut list).into_inner()` and [`from`](CopyOnWriteList::from) convert to a vector and back in O(1).
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
