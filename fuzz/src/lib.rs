//! The interpreters of scripts that `tests/model.rs` and `tests/string_model.rs` use, for fuzz targets.

#[path = "../../tests/common/model.rs"]
pub mod model;
#[path = "../../tests/common/subjects.rs"]
pub mod subjects;
#[path = "../../tests/common/text_bytes.rs"]
pub mod text_bytes;
#[path = "../../tests/common/text_model.rs"]
pub mod text_model;
