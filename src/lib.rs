// The links of README.md lead to its own files, and to docs.rs. Markdown takes the first definition of a link, so these
// lead to the items of the version that is documented.
#![cfg_attr(not(doctest), doc = include_str!("docs/links.md"))]
#![cfg_attr(all(feature = "list", not(doctest)), doc = include_str!("docs/links_list.md"))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(
    missing_docs,
    unreachable_pub,
    clippy::std_instead_of_core,
    clippy::alloc_instead_of_core,
    clippy::mem_forget
)]

extern crate alloc;
#[cfg(any(feature = "std", cow_loom, test))]
extern crate std;

#[cfg(not(target_has_atomic = "ptr"))]
compile_error!("cow-collections needs a target with pointer-width compare-and-swap");
#[cfg(all(feature = "list", not(target_has_atomic = "64")))]
compile_error!(
    "the feature `list` needs a target with 64-bit atomics, which count a list's changes"
);

#[cfg(feature = "list")]
pub mod list;
mod panics;
pub mod persistent;
mod range;
mod raw;
pub mod string;
mod sync;
pub mod vec;

// Declared last, so that a type's page in the documentation begins with its own methods.
mod features;

#[cfg(feature = "rayon")]
pub use crate::features::rayon;
#[cfg(feature = "list")]
#[doc(inline)]
pub use crate::list::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet};
#[doc(inline)]
pub use crate::persistent::PersistentVector;
#[doc(inline)]
pub use crate::raw::layout::TryReserveError;
#[doc(inline)]
pub use crate::string::{CowString, ToCowString};
#[doc(inline)]
pub use crate::vec::CowVec;
#[doc(inline)]
pub use crate::vec::unique::vec::UniqueVec;

pub mod docs {
    //! Pages about the crate as a whole.
    //!
    //! Read them in this order: [`choosing`], [`recipes`], [`asynchronous`], [`conversions`], [`migrating`],
    //! [`performance`], [`limitations`], [`internals`]. The pages [`sharing`], [`strings`], [`persistent`] and
    //! [`features`] go into detail.

    #[doc = include_str!("docs/choosing.md")]
    pub mod choosing {}
    #[doc = include_str!("docs/recipes.md")]
    // `tests/ecosystem` and `tests/consumer/model` run these programs, because they need other crates.
    #[cfg_attr(not(doctest), doc = include_str!("docs/recipes_crates.md"))]
    #[cfg_attr(not(doctest), doc = include_str!("docs/recipes_loom.md"))]
    pub mod recipes {}
    #[doc = include_str!("docs/async.md")]
    pub mod asynchronous {}
    #[doc = include_str!("docs/conversions.md")]
    pub mod conversions {}
    #[doc = include_str!("docs/migrating.md")]
    pub mod migrating {}
    #[doc = include_str!("docs/performance.md")]
    // Markdown shows these lines as pictures if an empty line stands between them.
    #[doc = ""]
    #[doc = include_str!("docs/overtaken.svg")]
    #[doc = ""]
    #[doc = include_str!("docs/reads.svg")]
    pub mod performance {}
    #[doc = include_str!("docs/limitations.md")]
    pub mod limitations {}
    #[doc = include_str!("docs/internals.md")]
    pub mod internals {}

    #[doc = include_str!("docs/sharing.md")]
    pub mod sharing {}
    #[doc = include_str!("docs/strings.md")]
    pub mod strings {}
    #[doc = include_str!("docs/persistent.md")]
    pub mod persistent {}
    #[doc = include_str!("docs/features.md")]
    pub mod features {}
}
