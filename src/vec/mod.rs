//! [`CowVec`], a vector whose clones share its buffer, and [`UniqueVec`], a vector whose buffer is not shared.

// Declared first, so that the page of `CowVec` in the documentation begins with `new`.
mod cow_vec;

mod capacity;
mod edit;

mod append;
mod compare;
mod convert;
mod drain;
#[cfg(feature = "std")]
mod io;
mod iter;
mod macros;
mod retain;
pub mod unique;

// The aliases of a type stand here, because rustdoc's search finds none that stand in a private module.
#[doc(hidden)]
pub use self::convert::from_elem;
#[doc(alias = "CowArc")]
#[doc(alias = "EcoVec")]
pub use self::cow_vec::CowVec;
pub use self::drain::{Drain, Splice};
pub use self::iter::IntoIter;
pub use self::retain::ExtractIf;
pub(crate) use self::unique::UniqueVec;
