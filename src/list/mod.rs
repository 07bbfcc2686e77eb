//! [`CopyOnWriteList`], one list that many threads read while others write to it, and [`CopyOnWriteSet`] on top.
//! [`CopyOnWriteCell`] does the same for one value of any type.
//!
//! [`Guard`] and [`CellGuard`] are what `load` returns, and [`Snapshot`] is what a cell's `snapshot` returns. [`Reader`],
//! [`CellReader`], [`ArcReader`] and [`ArcCellReader`] are for a thread that reads repeatedly. [`Watcher`] and
//! [`ArcWatcher`] wait for a change.

// `cell` publishes the buffer and has all unsafe code. `write_guard` holds the lock for one change, and `watch` counts
// changes. The other files have the methods: `write`, `update`, `matching`, `arrange` and `compare` those that change
// the list, `search` those that read it. `cow_cell` and `cell_write` have those of a cell.

// First, so that the documentation lists `new` first.
mod cow_cell;
mod cow_list;

mod search;
mod write;

mod arc_reader;
mod arc_watcher;
mod arrange;
pub(crate) mod cell;
mod cell_guard;
mod cell_reader;
mod cell_write;
mod compare;
mod convert;
mod guard;
mod matching;
mod reader;
mod set;
mod shared;
mod snapshot;
mod update;
mod waiting;
mod watch;
mod write_guard;

// The aliases of a type stand here, because the search finds none that stand in a private module.
pub use self::arc_reader::ArcReader;
#[doc(alias = "Receiver")]
pub use self::arc_watcher::ArcWatcher;
pub use self::arc_watcher::{ArcChanged, Closed, Watchable};
#[cfg(all(cow_loom, feature = "arc-swap"))]
#[doc(hidden)]
pub use self::cell::Mock;
pub use self::cell_guard::CellGuard;
pub use self::cell_reader::{ArcCellReader, CellReader};
pub use self::cell_write::CellCompareError;
pub use self::compare::CompareError;
#[doc(alias = "ArcSwap")]
#[doc(alias = "AtomicReference")]
pub use self::cow_cell::CopyOnWriteCell;
#[doc(alias = "CopyOnWriteArrayList")]
pub use self::cow_list::CopyOnWriteList;
pub use self::guard::Guard;
pub use self::reader::Reader;
#[doc(alias = "CopyOnWriteArraySet")]
pub use self::set::CopyOnWriteSet;
pub use self::snapshot::Snapshot;
pub use self::watch::{Changed, Watcher};
