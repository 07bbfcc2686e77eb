//! [`CopyOnWriteCell`] itself: creating and reading it.

use core::fmt;
use core::marker::PhantomData;
use core::panic::{RefUnwindSafe, UnwindSafe};

use super::cell::ValueShared;
use super::{CellGuard, CellReader, Snapshot, Watcher};

/// One value of any type, for many readers and few writers. Reads never wait, and the value that a reader has read
/// never changes.
///
/// The cell is shared by reference and written through `&self`. A write publishes a new value in place of the old one.
/// Readers that have the old value keep it. So a cell holds what programs keep in an `RwLock<Arc<T>>` or an
/// `arc_swap::ArcSwap<T>`: a configuration, a routing table, a map.
///
/// ```text
///  update(|config| config.port = 81), in a clone:
///
///  cell  ────► | port: 81, host: "a" |
///  guard ────► | port: 80, host: "a" |   dropped with its last reader
/// ```
///
/// | read | cost | use it for |
/// |---|---|---|
/// | [`load`](CopyOnWriteCell::load) | one atomic read-modify-write, on a cache line that the thread usually has to itself | one access |
/// | [`snapshot`](CopyOnWriteCell::snapshot) | a `load` and one atomic increment, on a cache line that all threads share | a [`Snapshot`] to keep, or to send to another thread |
/// | [`reader`](CopyOnWriteCell::reader), [`ArcCellReader`](super::ArcCellReader) | one or two loads and a compare, until a write | a thread that reads repeatedly |
///
/// | write | cost |
/// |---|---|
/// | [`store`](CopyOnWriteCell::store), [`replace`](CopyOnWriteCell::replace) | O(1): moves the value |
/// | [`update`](CopyOnWriteCell::update), [`try_update`](CopyOnWriteCell::try_update) | one clone of the value, and the edit |
/// | [`compare_and_swap`](CopyOnWriteCell::compare_and_swap) | O(1): moves the value |
/// | [`rcu`](CopyOnWriteCell::rcu) | one call of the closure for each attempt |
///
/// All parts of a value are published together. A struct of two vectors in one cell is always consistent, which two
/// lists beside each other are not.
///
/// # A vector whose writes do not copy it
///
/// A clone of a [`PersistentVector`](crate::PersistentVector) shares its elements, and a write copies O(log n) of them.
/// So a cell with such a vector is a vector for many threads, and a write costs about the same at any length:
///
/// ```
/// use cow_collections::{CopyOnWriteCell, PersistentVector};
///
/// let squares: PersistentVector<u64> = (0..10_000).map(|n| n * n).collect();
/// let cell = CopyOnWriteCell::new(squares);
/// std::thread::scope(|threads| {
///     threads.spawn(|| {
///         for n in 0..100 {
///             cell.update(|v| v.set(n, 0));
///         }
///     });
///     let mut reader = cell.reader();
///     assert_eq!(reader.load()[100], 10_000);
/// });
/// assert_eq!((cell.load()[99], cell.load().len()), (0, 10_000));
/// ```
///
/// [`version`](CopyOnWriteCell::version) counts the changes, and [`subscribe`](CopyOnWriteCell::subscribe) returns a
/// [`Watcher`] that waits for the next one.
///
/// Writers wait for each other, and readers never wait. Each call is one change.
///
/// # Panics
///
/// A write from within another write to the same cell, on the same thread, panics. This concerns the closures of
/// `update` and `try_update`, and the clone that they edit, because these run while the cell is locked. A closure that
/// waits for another thread's write to the same cell deadlocks. The closure of [`rcu`](CopyOnWriteCell::rcu) runs without
/// a lock.
///
/// Your own code may panic before or after the change:
///
/// * Clones and closures run before it. If one panics, the cell is unchanged. Each method lists these panics.
/// * The wakers of [`Watcher`]s and the `Drop` of an old value run after it, when the cell is unlocked, so they may
///   write to the cell. If one panics, the method that made the change panics too, but the change has taken effect. All
///   other wakers are woken and all old values are dropped before that.
///
/// # When old values are dropped
///
/// A value that a write replaced is dropped when no guard, reader or snapshot has it any more. The rules are those
/// [of a list](super::CopyOnWriteList#when-old-versions-are-dropped).
///
/// If `T` needs no drop, the cell keeps one buffer of an old value for the next write, except with the feature
/// `arc-swap`.
///
/// # Memory
///
/// A cell is as large as a [list](super::CopyOnWriteList#memory), and has one buffer with the value. So it is for a few
/// values that many threads share, and not for each element of a large collection.
///
/// The cell is not `Clone`, because a clone could mean the same cell or a copy. Share `&cell` or
/// `Arc<CopyOnWriteCell<T>>`, or create another cell with a clone of the value.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteCell;
///
/// #[derive(Clone)]
/// struct Config {
///     host: String,
///     port: u16,
/// }
///
/// let cell = CopyOnWriteCell::new(Config { host: "localhost".into(), port: 80 });
/// let before = cell.snapshot();
/// std::thread::scope(|threads| {
///     threads.spawn(|| cell.update(|config| config.port += 1));
/// });
/// assert_eq!((before.port, cell.load().port), (80, 81));
/// assert_eq!(cell.load().host, "localhost");
/// ```
///
/// The cell is invariant in `T`, because values are stored through a shared reference:
///
/// ```
/// # use cow_collections::CopyOnWriteCell;
/// fn same<'a>(cell: &'a CopyOnWriteCell<&'static str>) -> &'a CopyOnWriteCell<&'static str> {
///     cell
/// }
/// ```
/// ```compile_fail
/// # use cow_collections::CopyOnWriteCell;
/// fn shorter<'a>(cell: &'a CopyOnWriteCell<&'static str>) -> &'a CopyOnWriteCell<&'a str> {
///     cell
/// }
/// ```
///
/// It is `Send` and `Sync` only if `T` is both, because any thread may read the value and drop it:
///
/// ```
/// # use cow_collections::CopyOnWriteCell;
/// fn share<T: Send + Sync>(cell: CopyOnWriteCell<T>) -> impl Send + Sync {
///     cell
/// }
/// ```
/// ```compile_fail,E0277
/// # use cow_collections::CopyOnWriteCell;
/// fn share(cell: CopyOnWriteCell<std::cell::Cell<u8>>) -> impl Send {
///     cell
/// }
/// ```
/// ```compile_fail,E0277
/// # use cow_collections::CopyOnWriteCell;
/// fn share(cell: CopyOnWriteCell<std::sync::MutexGuard<'static, u8>>) -> impl Sync {
///     cell
/// }
/// ```
pub struct CopyOnWriteCell<T> {
    pub(super) shared: ValueShared<T>,
    invariant: PhantomData<fn(T) -> T>,
}

// A panic never leaves a half-written value published.
impl<T: RefUnwindSafe> UnwindSafe for CopyOnWriteCell<T> {}
impl<T: RefUnwindSafe> RefUnwindSafe for CopyOnWriteCell<T> {}

/// Creating a cell, and reading it.
impl<T> CopyOnWriteCell<T> {
    /// Creates a cell with a value. Allocates one buffer.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    /// use std::sync::LazyLock;
    ///
    /// static PORT: LazyLock<CopyOnWriteCell<u16>> = LazyLock::new(|| CopyOnWriteCell::new(80));
    /// PORT.store(81);
    /// assert_eq!(*PORT.load(), 81);
    /// ```
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { shared: ValueShared::new(value), invariant: PhantomData }
    }

    /// Returns a guard that dereferences to the current value.
    ///
    /// O(1), and never waits. Costs and progress are those of [a list's `load`](super::CopyOnWriteList::load): one
    /// atomic read-modify-write, and one plain store when the guard is dropped. The first load allocates the slots of
    /// the cell.
    ///
    /// The guard keeps its value alive. If it is the last to have an old value, its drop drops that value: see
    /// [when old values are dropped](CopyOnWriteCell#when-old-values-are-dropped).
    ///
    /// Do not hold a guard across an `.await`, because it is not `Send`. Use a [`snapshot`](CopyOnWriteCell::snapshot)
    /// there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new("a");
    /// let guard = cell.load();
    /// cell.store("b"); // not seen through this guard
    /// assert_eq!((*guard, *cell.load()), ("a", "b"));
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&self) -> CellGuard<'_, T> {
        CellGuard::new(self.shared.load())
    }

    /// Returns the current value as a snapshot to keep.
    ///
    /// O(1), and never waits. The cost is a [`load`](CopyOnWriteCell::load) and one atomic increment, on a cache line
    /// that all threads share. The snapshot's drop is one atomic decrement there.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// let snapshot = cell.snapshot();
    /// cell.store(2);
    /// assert_eq!(*snapshot, 1);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "load_full")]
    pub fn snapshot(&self) -> Snapshot<T> {
        let guard = self.load();
        let snapshot = guard.to_snapshot();
        // Drops the guard before the return: if that panics, `snapshot` is dropped. A value that is being returned
        // would leak.
        drop(guard);
        snapshot
    }

    /// Creates a reader for one thread, which keeps the value that it saw last.
    ///
    /// Never waits. The cost is that of [a list's reader](super::CopyOnWriteList::reader). [`CellReader`] documents what
    /// a reader costs and keeps alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new("idle");
    /// std::thread::scope(|threads| {
    ///     threads.spawn(|| {
    ///         let mut reader = cell.reader();
    ///         while *reader.load() != "stop" {
    ///             std::thread::yield_now();
    ///         }
    ///     });
    ///     cell.store("stop");
    /// });
    /// ```
    #[inline]
    #[must_use]
    pub fn reader(&self) -> CellReader<'_, T> {
        CellReader::new(self.shared.reader())
    }

    /// Returns how many times the cell was changed.
    ///
    /// O(1): one load. Each write adds 1, also if the new value equals the old one. If you call `version` and then read
    /// the value, the read includes every change counted, and perhaps later ones.
    ///
    /// An equal version does not prove that the value is the same, because a change can be seen shortly before it is
    /// counted. To change the cell only if nothing was changed, use
    /// [`compare_and_swap`](CopyOnWriteCell::compare_and_swap).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// assert_eq!(cell.version(), 0);
    /// cell.store(1);
    /// assert_eq!(cell.version(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.shared.version()
    }

    /// Creates a watcher of the changes from now on.
    ///
    /// O(1). A watcher costs writers nothing until it waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(1);
    /// std::thread::scope(|threads| {
    ///     let mut watcher = cell.subscribe();
    ///     threads.spawn(|| cell.store(2));
    ///     watcher.wait();
    ///     assert_eq!(*cell.load(), 2);
    /// });
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "watch")]
    pub fn subscribe(&self) -> Watcher<'_, T> {
        self.shared.subscribe()
    }

    /// Returns the size of the current buffer in bytes.
    ///
    /// Does not count memory that the value owns, older values that are still read, and slots of guards and readers.
    /// O(1): costs a [`snapshot`](CopyOnWriteCell::snapshot).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// assert!(CopyOnWriteCell::new([0_u64; 100]).heap_bytes() > 800);
    /// ```
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.snapshot().heap_bytes()
    }

    /// Consumes the cell and returns its value.
    ///
    /// O(1). If no other snapshot has the value, [`Snapshot::try_unwrap`] moves it out.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteCell;
    ///
    /// let cell = CopyOnWriteCell::new(String::from("a"));
    /// assert_eq!(cell.into_inner().try_unwrap()?, "a");
    /// # Ok::<(), cow_collections::list::Snapshot<String>>(())
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Snapshot<T> {
        // Takes the lock rather than a guard, whose first load would allocate slots.
        let snapshot = Snapshot::from_handle(self.shared.write().to_handle());
        // Drops the cell before the return: if that panics, `snapshot` is dropped.
        drop(self);
        snapshot
    }
}

impl<T> From<T> for CopyOnWriteCell<T> {
    /// Creates a cell with the value. O(1), one allocation.
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Default> Default for CopyOnWriteCell<T> {
    /// Creates a cell with the default value.
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for CopyOnWriteCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CopyOnWriteCell").field(&*self.load()).finish()
    }
}
