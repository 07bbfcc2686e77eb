//! Stands in for ecow, as `docs::migrating` shows.

pub use cow_collections::{CowString as EcoString, CowVec as EcoVec};
pub use cow_collections::{cow_format as eco_format, cow_vec as eco_vec, vec};
pub type EcoBytes = EcoVec<u8>;
pub mod string {
    pub use cow_collections::{CowString as EcoString, ToCowString as ToEcoString};
}
