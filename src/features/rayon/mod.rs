//! Parallel iteration through the crate `rayon`.
//!
//! | method | types |
//! |---|---|
//! | `par_iter` | all; for a list, call it on `list.load()` or a snapshot |
//! | `par_chunks` | `PersistentVector`: slices, which are its leaves; the others have the method of slices |
//! | `par_iter_mut` | [`UniqueVec`](crate::UniqueVec), and [`PersistentVector`](crate::PersistentVector), which first copies shared leaves; for a [`CowVec`](crate::CowVec) use `vec.make_mut().par_iter_mut()` |
//! | `into_par_iter` | the three vectors, which move unshared elements and clone the others in parallel |
//! | `collect`, `par_extend` | all, with [`CopyOnWriteSet`](crate::CopyOnWriteSet) and [`CowString`](crate::CowString) |
//! | `par_sort` and its variants | `PersistentVector` and [`CopyOnWriteList`](crate::CopyOnWriteList); for a `CowVec` use `vec.make_mut().par_sort()` |
//!
//! Use [`rcu`](crate::CopyOnWriteList::rcu) and not [`update`](crate::CopyOnWriteList::update) for parallel work that
//! writes to a list. `update` holds the list's lock, and a thread that waits for parallel work may run other work of
//! its pool meanwhile. If that other work writes to the same list, it panics.
//!
//! # Examples
//!
//! ```
//! use cow_collections::{CopyOnWriteList, CowVec};
//! use rayon::prelude::*;
//!
//! let squares: CowVec<u64> = (0..1_000_u64).into_par_iter().map(|n| n * n).collect();
//! let mut other = squares.clone();
//! other.make_mut().par_iter_mut().for_each(|n| *n += 1); // copies, once
//! assert_eq!((squares[3], other[3]), (9, 10));
//!
//! let list = CopyOnWriteList::from(other);
//! assert_eq!(list.load().par_iter().sum::<u64>(), 332_834_500);
//! ```

#[cfg(feature = "list")]
mod list;
pub mod persistent;
mod string;
pub mod vec;
