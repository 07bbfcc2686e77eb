//! Checks at compile time sizes, niches, `Send`, `Sync`, `UnwindSafe` and variance.

use crate::impls::impls;
use cow_collections::persistent::CursorMut;
use cow_collections::vec::{self, Drain, IntoIter, unique};
use cow_collections::{CowVec, PersistentVector, UniqueVec, persistent};
use std::cell::Cell;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

const _: () = {
    // A shared buffer needs both `Send` and `Sync`, and `Cell` is only `Send`.
    assert!(impls!(CowVec<u8>: Send) && impls!(CowVec<u8>: Sync));
    assert!(!impls!(CowVec<Cell<u8>>: Send) && !impls!(CowVec<Cell<u8>>: Sync));
    assert!(!impls!(CowVec<Rc<u8>>: Send) && !impls!(CowVec<Rc<u8>>: Sync));
    // `UniqueVec` has the bounds of `Vec`.
    assert!(impls!(UniqueVec<Cell<u8>>: Send) && !impls!(UniqueVec<Cell<u8>>: Sync));
    assert!(!impls!(UniqueVec<Rc<u8>>: Send) && !impls!(UniqueVec<Rc<u8>>: Sync));
    // Iterators may hold a shared buffer.
    assert!(impls!(IntoIter<u8>: Send) && impls!(IntoIter<u8>: Sync));
    assert!(!impls!(IntoIter<Cell<u8>>: Send) && !impls!(IntoIter<Cell<u8>>: Sync));
    assert!(impls!(Drain<'static, u8>: Send) && impls!(Drain<'static, u8>: Sync));
    assert!(!impls!(Drain<'static, Cell<u8>>: Send) && !impls!(Drain<'static, Cell<u8>>: Sync));
    assert!(impls!(Spliced<u8>: Send) && impls!(Spliced<u8>: Sync));
    assert!(!impls!(Spliced<Cell<u8>>: Send) && !impls!(Spliced<Cell<u8>>: Sync));
    assert!(impls!(Extracted<u8>: Send) && impls!(Extracted<u8>: Sync));
    assert!(!impls!(Extracted<Cell<u8>>: Send) && !impls!(Extracted<Cell<u8>>: Sync));
    // The iterators of `UniqueVec` have the bounds of `Vec`'s.
    assert!(impls!(unique::IntoIter<Cell<u8>>: Send) && !impls!(unique::IntoIter<Cell<u8>>: Sync));
    assert!(!impls!(unique::IntoIter<Rc<u8>>: Send) && impls!(unique::IntoIter<u8>: Sync));
    assert!(impls!(UniqueDrain<Cell<u8>>: Send) && !impls!(UniqueDrain<Cell<u8>>: Sync));
    assert!(!impls!(UniqueDrain<Rc<u8>>: Send) && impls!(UniqueDrain<u8>: Sync));
    assert!(impls!(UniqueSpliced<Cell<u8>>: Send) && !impls!(UniqueSpliced<Cell<u8>>: Sync));
    assert!(!impls!(UniqueSpliced<Rc<u8>>: Send) && impls!(UniqueSpliced<u8>: Sync));
    assert!(impls!(UniqueExtracted<Cell<u8>>: Send) && !impls!(UniqueExtracted<Cell<u8>>: Sync));
    assert!(!impls!(UniqueExtracted<Rc<u8>>: Send) && impls!(UniqueExtracted<u8>: Sync));
    assert!(impls!(IntoIter<u8>: UnwindSafe) && impls!(IntoIter<u8>: RefUnwindSafe));
    assert!(impls!(UniqueVec<u8>: UnwindSafe) && impls!(UniqueVec<u8>: RefUnwindSafe));
    assert!(impls!(unique::IntoIter<u8>: UnwindSafe) && impls!(unique::IntoIter<u8>: Unpin));
    // A `UniqueVec` never returns a reference to a `CowVec`, because that could be cloned.
    assert!(!impls!(UniqueVec<u8>: AsRef<CowVec<u8>>));
    assert!(!impls!(UniqueVec<u8>: core::borrow::Borrow<CowVec<u8>>));
    assert!(!impls!(CowVec<u8>: core::ops::DerefMut), "an O(n) copy needs an explicit call");

    assert!(impls!(CowVec<u8>: UnwindSafe) && impls!(CowVec<u8>: RefUnwindSafe));
    assert!(impls!(CowVec<u8>: Unpin));

    assert!(size_of::<CowVec<u64>>() == 2 * size_of::<usize>());
    assert!(size_of::<Option<CowVec<u64>>>() == 2 * size_of::<usize>());
    assert!(size_of::<UniqueVec<u64>>() == 2 * size_of::<usize>());
};

type Spliced<T> = vec::Splice<'static, std::vec::IntoIter<T>>;
type Extracted<T> = vec::ExtractIf<'static, T, fn(&mut T) -> bool>;
type UniqueDrain<T> = unique::Drain<'static, T>;
type UniqueSpliced<T> = unique::Splice<'static, std::vec::IntoIter<T>>;
type UniqueExtracted<T> = unique::ExtractIf<'static, T, fn(&mut T) -> bool>;

#[cfg(feature = "list")]
const _: () = {
    use cow_collections::list::{ArcChanged, ArcReader, ArcWatcher, Changed};
    use cow_collections::list::{Guard, Reader, Watcher};
    use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
    // A snapshot shares the elements with the list and may be on another thread.
    assert!(impls!(CopyOnWriteList<u8>: Send) && impls!(CopyOnWriteList<u8>: Sync));
    assert!(!impls!(CopyOnWriteList<Cell<u8>>: Send) && !impls!(CopyOnWriteList<Cell<u8>>: Sync));
    assert!(!impls!(CopyOnWriteList<Rc<u8>>: Send) && !impls!(CopyOnWriteList<Rc<u8>>: Sync));
    assert!(!impls!(Guard<'static, u8>: Send) && impls!(Guard<'static, u8>: Sync));
    assert!(!impls!(Guard<'static, Cell<u8>>: Sync));
    assert!(impls!(Reader<'static, u8>: Send) && !impls!(Reader<'static, Rc<u8>>: Send));
    assert!(!impls!(Reader<'static, Cell<u8>>: Send));
    assert!(
        impls!(ArcReader<u8>: Send) && impls!(ArcReader<u8>: Sync) && impls!(ArcReader<u8>: Clone)
    );
    assert!(!impls!(ArcReader<Rc<u8>>: Send) && !impls!(ArcReader<Cell<u8>>: Send));
    assert!(impls!(Watcher<'static, u8>: Send) && impls!(Watcher<'static, u8>: Sync));
    assert!(!impls!(Watcher<'static, Cell<u8>>: Send) && !impls!(Watcher<'static, Rc<u8>>: Send));
    // A future of a change may be spawned on a runtime with several threads.
    assert!(
        impls!(Changed<'static, 'static, u8>: Send) && impls!(Changed<'static, 'static, u8>: Unpin)
    );
    assert!(!impls!(Changed<'static, 'static, Cell<u8>>: Send));
    type Owned<T> = ArcWatcher<CopyOnWriteList<T>>;
    assert!(impls!(Owned<u8>: Send) && impls!(Owned<u8>: Sync) && impls!(Owned<u8>: Unpin));
    assert!(!impls!(Owned<Cell<u8>>: Send) && !impls!(Owned<Rc<u8>>: Send));
    assert!(impls!(Owned<u8>: UnwindSafe) && impls!(Owned<Rc<u8>>: Clone));
    assert!(impls!(ArcWatcher<CopyOnWriteSet<u8>>: Send));
    type Waits<T> = ArcChanged<'static, CopyOnWriteList<T>>;
    assert!(impls!(Waits<u8>: Send) && impls!(Waits<u8>: Unpin) && !impls!(Waits<Rc<u8>>: Send));
    assert!(!impls!(CopyOnWriteList<u8>: Clone), "a clone could mean the same list or a copy");
    assert!(impls!(CopyOnWriteSet<u8>: Send) && impls!(CopyOnWriteSet<u8>: Sync));
    assert!(!impls!(CopyOnWriteSet<Cell<u8>>: Send) && !impls!(CopyOnWriteSet<Rc<u8>>: Sync));
    assert!(!impls!(CopyOnWriteSet<u8>: Clone));
    assert!(impls!(CopyOnWriteSet<u8>: UnwindSafe) && impls!(CopyOnWriteSet<u8>: RefUnwindSafe));
    assert!(impls!(Watcher<'static, u8>: UnwindSafe) && impls!(ArcReader<u8>: UnwindSafe));
    assert!(impls!(CopyOnWriteList<u8>: UnwindSafe) && impls!(CopyOnWriteList<u8>: RefUnwindSafe));
};

#[cfg(feature = "list")]
const _: () = {
    use cow_collections::CopyOnWriteCell;
    use cow_collections::list::{ArcCellReader, CellGuard, CellReader, Snapshot};
    // A snapshot shares the value with the cell and may be on another thread.
    assert!(impls!(CopyOnWriteCell<u8>: Send) && impls!(CopyOnWriteCell<u8>: Sync));
    assert!(!impls!(CopyOnWriteCell<Cell<u8>>: Send) && !impls!(CopyOnWriteCell<Cell<u8>>: Sync));
    assert!(!impls!(CopyOnWriteCell<Rc<u8>>: Send) && !impls!(CopyOnWriteCell<Rc<u8>>: Sync));
    assert!(!impls!(CopyOnWriteCell<Guarded>: Send) && !impls!(CopyOnWriteCell<Guarded>: Sync));
    assert!(impls!(Snapshot<u8>: Send) && impls!(Snapshot<u8>: Sync));
    assert!(!impls!(Snapshot<Cell<u8>>: Send) && !impls!(Snapshot<Cell<u8>>: Sync));
    assert!(!impls!(Snapshot<Guarded>: Send) && !impls!(Snapshot<Guarded>: Sync));
    assert!(!impls!(CellGuard<'static, u8>: Send) && impls!(CellGuard<'static, u8>: Sync));
    assert!(!impls!(CellGuard<'static, Cell<u8>>: Sync));
    assert!(impls!(CellReader<'static, u8>: Send) && !impls!(CellReader<'static, Rc<u8>>: Send));
    assert!(!impls!(CellReader<'static, Cell<u8>>: Send));
    assert!(impls!(ArcCellReader<u8>: Send) && impls!(ArcCellReader<u8>: Sync));
    assert!(!impls!(ArcCellReader<Rc<u8>>: Send) && !impls!(ArcCellReader<Cell<u8>>: Send));
    assert!(!impls!(CopyOnWriteCell<u8>: Clone), "a clone could mean the same cell or a copy");
    assert!(impls!(CopyOnWriteCell<u8>: UnwindSafe) && impls!(CopyOnWriteCell<u8>: RefUnwindSafe));
    assert!(impls!(Snapshot<u8>: UnwindSafe) && impls!(ArcCellReader<u8>: UnwindSafe));
    /// A type that is `Sync` and not `Send`.
    type Guarded = std::sync::MutexGuard<'static, u8>;
    assert!(impls!(Guarded: Sync) && !impls!(Guarded: Send));
};

/// Compiles only if `Snapshot` is covariant.
#[cfg(feature = "list")]
fn _covariant_snapshot<'short>(
    snapshot: cow_collections::list::Snapshot<&'static str>,
) -> cow_collections::list::Snapshot<&'short str> {
    snapshot
}

const _: () = {
    assert!(impls!(PersistentVector<u8>: Send) && impls!(PersistentVector<u8>: Sync));
    assert!(!impls!(PersistentVector<Cell<u8>>: Send) && !impls!(PersistentVector<Cell<u8>>: Sync));
    assert!(!impls!(PersistentVector<Rc<u8>>: Send) && !impls!(PersistentVector<Rc<u8>>: Sync));
    assert!(impls!(persistent::IntoIter<u8>: Send) && impls!(persistent::IntoIter<u8>: Sync));
    assert!(!impls!(persistent::IntoIter<Cell<u8>>: Send));
    assert!(!impls!(persistent::IntoIter<Cell<u8>>: Sync));
    assert!(
        impls!(persistent::Iter<'static, u8>: Send) && impls!(persistent::Iter<'static, u8>: Sync)
    );
    assert!(!impls!(persistent::Iter<'static, Cell<u8>>: Send));
    assert!(!impls!(persistent::Chunks<'static, Cell<u8>>: Send));

    assert!(
        impls!(PersistentVector<u8>: UnwindSafe) && impls!(PersistentVector<u8>: RefUnwindSafe)
    );
    assert!(impls!(PersistentVector<u8>: Unpin));
    assert!(impls!(CursorMut<'static, u8>: Send) && impls!(CursorMut<'static, u8>: Sync));
    assert!(!impls!(CursorMut<'static, Cell<u8>>: Send));
    assert!(!impls!(CursorMut<'static, Cell<u8>>: Sync));
    type Extract<T> = persistent::ExtractIf<'static, T, fn(&mut T) -> bool>;
    assert!(impls!(Extract<u8>: Send) && impls!(Extract<u8>: Sync));
    assert!(!impls!(Extract<Cell<u8>>: Send) && !impls!(Extract<Cell<u8>>: Sync));

    assert!(cfg!(not(target_pointer_width = "64")) || size_of::<PersistentVector<u64>>() == 40);
    assert!(size_of::<Option<PersistentVector<u64>>>() == size_of::<PersistentVector<u64>>());
};

/// Compiles only if `PersistentVector` and its iterators are covariant.
fn _covariant_persistent<'short>(
    vector: PersistentVector<&'static str>,
    into_iter: persistent::IntoIter<&'static str>,
    iter: persistent::Iter<'short, &'static str>,
    chunks: persistent::Chunks<'short, &'static str>,
) -> (
    PersistentVector<&'short str>,
    persistent::IntoIter<&'short str>,
    persistent::Iter<'short, &'short str>,
    persistent::Chunks<'short, &'short str>,
) {
    (vector, into_iter, iter, chunks)
}

const _: () = {
    use cow_collections::CowString;
    assert!(impls!(CowString: Send) && impls!(CowString: Sync) && impls!(CowString: Unpin));
    assert!(impls!(CowString: UnwindSafe) && impls!(CowString: RefUnwindSafe));
    // The size is the same on every target.
    assert!(size_of::<CowString>() == 16 && size_of::<Option<CowString>>() == 16);
};

const _: () = {
    use core::str::Lines;
    use cow_collections::string::SharedParts;
    // `SharedParts` borrows a string, so its bounds are those of the iterator that finds the parts.
    assert!(impls!(SharedParts<'static, Lines<'static>>: Send));
    assert!(impls!(SharedParts<'static, Lines<'static>>: Sync));
    assert!(!impls!(SharedParts<'static, Rc<u8>>: Send));
    assert!(!impls!(SharedParts<'static, Cell<u8>>: Sync));
};

/// Compiles only if the vectors and their iterators are covariant.
fn _covariant<'short>(
    vector: CowVec<&'static str>,
    unique: UniqueVec<&'static str>,
    iter: IntoIter<&'static str>,
    unique_iter: unique::IntoIter<&'static str>,
) -> (
    CowVec<&'short str>,
    UniqueVec<&'short str>,
    IntoIter<&'short str>,
    unique::IntoIter<&'short str>,
) {
    (vector, unique, iter, unique_iter)
}

/// Compiles only if `Drain` is covariant.
fn _covariant_drains<'a, 'short>(
    drain: Drain<'a, &'static str>,
    unique: unique::Drain<'a, &'static str>,
) -> (Drain<'a, &'short str>, unique::Drain<'a, &'short str>) {
    (drain, unique)
}
