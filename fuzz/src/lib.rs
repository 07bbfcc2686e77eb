//! The script interpreters of the tests, for the fuzz targets.

#[path = "../../tests/common/alloc.rs"]
pub mod alloc;
#[path = "../../tests/common/cell_model.rs"]
pub mod cell_model;
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

/// Runs `work`. Panics unless it frees every byte that it allocates and drops every element that it makes.
pub fn accounted(work: impl FnOnce()) {
    alloc::no_leak(|| counted::all_dropped(work));
}
