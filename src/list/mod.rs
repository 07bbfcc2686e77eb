//! [`CopyOnWriteList`], one list that many threads read while others write to it, and [`CopyOnWriteSet`] on top.
//!
//! `cell` publishes the buffer and has all unsafe code. `write_guard` holds the lock for one change, and `watch` counts
//! changes. The other files have the methods: `write`, `update`, `matching`, `arrange` and `compare` those that change
//! the list, `search` those that read it.

// First, so that the documentation lists `new` first.
mod cow_list;

mod search;
mod write;

mod arc_reader;
mod arc_watcher;
mod arrange;
pub(crate) mod cell;
mod compare;
mod convert;
mod guard;
mod matching;
mod reader;
mod set;
mod shared;
mod update;
mod waiting;
mod watch;
mod write_guard;

pub use self::arc_reader::ArcReader;
pub use self::arc_watcher::{ArcChanged, ArcWatcher, Closed, Watchable};
#[cfg(all(cow_loom, feature = "arc-swap"))]
#[doc(hidden)]
pub use self::cell::Mock;
pub use self::compare::CompareError;
pub use self::cow_list::CopyOnWriteList;
pub use self::guard::Guard;
pub use self::reader::Reader;
pub use self::set::CopyOnWriteSet;
pub use self::watch::{Changed, Watcher};
