//! [`PersistentVector`], a persistent vector: clones share structure, and a write to a shared vector copies O(log n).

// A counted B+tree with a leaf outside of the tree at each end. `node` is the unsafe core, with `node::Root`, a whole
// vector for any fan-out `F` and leaf size `L`. The algorithms on it are safe code, one file for each subject: `build`,
// `back`, `front`, `ends`, `insert_remove`, `rebalance`, `cut`, `append`, `diff`, `leaf` and `check`. The other files
// have the public methods. Tests run at `F = 4` and `L = 4`, where 30 elements make a tree of several levels.

// First, so that the documentation lists `new` first.
mod vector;

mod edit;
mod insert_remove;

mod append;
mod back;
mod build;
mod check;
mod compare;
mod convert;
mod cursor;
mod cut;
mod diff;
mod ends;
mod filter;
mod front;
#[cfg(feature = "std")]
mod io;
mod iter;
mod iter_mut;
mod leaf;
mod memory;
pub(crate) mod node;
mod order;
mod rebalance;
mod search;
#[cfg(cow_fuzz)]
mod small;
#[cfg(all(test, not(cow_loom)))]
mod tests;

#[doc(hidden)]
pub use self::convert::from_elem;
pub use self::cursor::{Cursor, CursorMut};
pub use self::diff::Hunk;
pub use self::filter::ExtractIf;
pub use self::iter::{Chunks, IntoIter, Iter};
pub use self::iter_mut::{ChunksMut, IterMut};
pub use self::order::GetDisjointMutError;
#[cfg(cow_fuzz)]
pub use self::small::{SmallIntoIter, SmallVector};
// The alias stands here, because the search finds none in a private module.
#[doc(alias = "Vector")]
pub use self::vector::PersistentVector;

/// The most children of a node.
const FAN_OUT: usize = 16;
/// The most elements of a leaf; 0 stands for [`leaf_len`](node::leaf_len).
const LEAF_LEN: usize = 0;
