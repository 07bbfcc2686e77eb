//! Implements the traits of other crates: one module a crate, behind the feature of its name.
//!
//! These files use only methods that every module can call, and no unsafe code.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "borsh")]
mod borsh;
#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "futures")]
mod futures;
#[cfg(feature = "proptest")]
mod proptest;
#[cfg(feature = "quickcheck")]
mod quickcheck;
#[cfg(feature = "rayon")]
pub mod rayon;
#[cfg(feature = "rkyv")]
mod rkyv;
#[cfg(feature = "rusqlite")]
mod rusqlite;
#[cfg(feature = "schemars")]
mod schemars;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "zeroize")]
mod zeroize;

/// The most bytes that are reserved only because the input announces elements.
#[cfg(any(feature = "rkyv", feature = "serde"))]
const MOST_RESERVED: usize = 1 << 20;
