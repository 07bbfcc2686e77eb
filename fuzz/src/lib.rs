//! The interpreters of scripts that the tests use, for fuzz targets.

#[path = "../../tests/common/alloc.rs"]
pub mod alloc;
#[path = "../../tests/common/counted.rs"]
pub mod counted;
#[path = "../../tests/common/list_model.rs"]
pub mod list_model;
#[path = "../../tests/common/model.rs"]
pub mod model;
#[path = "../../tests/common/serde_bytes.rs"]
pub mod serde_bytes;
#[cfg(cow_fuzz)]
pub mod small;
#[path = "../../tests/common/subjects.rs"]
pub mod subjects;
#[path = "../../tests/common/text_bytes.rs"]
pub mod text_bytes;
#[path = "../../tests/common/text_model.rs"]
pub mod text_model;

#[global_allocator]
static COUNTING: alloc::Counting = alloc::Counting;

/// Runs `work`, which must free every byte and drop every element of its own.
pub fn accounted(work: impl FnOnce()) {
    alloc::no_leak(|| counted::all_dropped(work));
}
