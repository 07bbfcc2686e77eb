//! The interpreter of scripts that `tests/model.rs` uses, for fuzz targets.

#[path = "../../tests/common/model.rs"]
pub mod model;
#[path = "../../tests/common/subjects.rs"]
pub mod subjects;
