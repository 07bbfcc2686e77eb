//! Parallel iteration through the crate `rayon`.
//!
//! Where a collection can be iterated over, collected into and extended, it can be so in parallel.
//!
//! | | |
//! |---|---|
//! | `par_iter` | any; of a list by `list.load()`, or a snapshot |
//! | `par_iter_mut` | [`UniqueVec`](crate::UniqueVec), and [`PersistentVector`](crate::PersistentVector), which first copies the leaves that are shared; of a [`CowVec`](crate::CowVec) by `vec.make_mut().par_iter_mut()` |
//! | `into_par_iter` | the three vectors: elements that nobody shares are moved, the others are cloned in parallel |
//! | `collect`, `par_extend` | all, [`CopyOnWriteSet`](crate::CopyOnWriteSet) and [`CowString`](crate::CowString) included |
//! | `par_sort` and the like | slices: `vec.make_mut().par_sort()`; and methods of `PersistentVector` and [`CopyOnWriteList`](crate::CopyOnWriteList) |
//!
//! A thread that waits for parallel work may take up any other work of its pool. Parallel work within
//! [`CopyOnWriteList::update`](crate::CopyOnWriteList::update), which runs under the list's lock, can so
//! come upon another write to that list, which panics: use [`rcu`](crate::CopyOnWriteList::rcu) there.
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
