//! What other crates ask of a type: a file for each of them, behind the feature of its name. They go by
//! what the types offer, and look into none of them.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "borsh")]
mod borsh;
#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "proptest")]
mod proptest;
#[cfg(feature = "rayon")]
pub mod rayon;
#[cfg(feature = "schemars")]
mod schemars;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "zeroize")]
mod zeroize;
