//! Helpers of the loom models.

use loom::cell::UnsafeCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Explores `model`, and asserts at least `floor` executions. Fewer mean that its operations do not pass through
/// loom, so that the model proves nothing.
pub fn check(floor: usize, model: impl Fn() + Sync + Send + 'static) {
    let bound = loom::model::Builder::new().preemption_bound; // reads LOOM_MAX_PREEMPTIONS
    check_to(bound.or(Some(3)), floor, model);
}

/// Like [`check`], but with at most `bound` preemptions whatever the environment asks for. `None` allows any number.
/// Small models use a higher bound, large ones a lower one.
pub fn check_to(bound: Option<usize>, floor: usize, model: impl Fn() + Sync + Send + 'static) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = bound;
    builder.check(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        model();
    });
    let count = count.load(Ordering::Relaxed);
    eprintln!("{count} executions, at least {floor} expected");
    assert!(count >= floor, "only {count} executions of at least {floor}: is all of it in loom?");
}

/// An element whose reads and writes loom sees. It has no drop glue, so that shared buffers are
/// appended to in place.
#[derive(Debug)]
pub struct Seen(UnsafeCell<usize>);

const _: () = assert!(!std::mem::needs_drop::<Seen>());

impl Seen {
    /// Loom takes this for a write to the cell, and reports a reader that is not ordered after it.
    pub fn new(value: usize) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub fn get(&self) -> usize {
        self.0.with(|value| {
            // SAFETY: loom checks this access.
            #[allow(unsafe_code, reason = "reads a loom cell")]
            unsafe {
                *value
            }
        })
    }
}

impl Clone for Seen {
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}

// SAFETY: loom checks every access.
#[allow(unsafe_code, reason = "the cell is loom's")]
unsafe impl Sync for Seen {}

/// Returns the numbers in a slice of cells.
pub fn numbers(elements: &[Seen]) -> Vec<usize> {
    elements.iter().map(Seen::get).collect()
}

/// An element with drop glue that counts the live elements.
pub struct Counted {
    pub number: Seen,
    pub live: Arc<AtomicUsize>,
}

const _: () = assert!(std::mem::needs_drop::<Counted>());

impl Counted {
    pub fn new(number: usize, live: &Arc<AtomicUsize>) -> Self {
        live.fetch_add(1, Ordering::Relaxed);
        Self { number: Seen::new(number), live: live.clone() }
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new(self.number.get(), &self.live)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        // Reads the element, so that loom reports a use that is not ordered before its drop.
        self.number.get();
        let live = self.live.fetch_sub(1, Ordering::Relaxed);
        assert!(live > 0, "dropped twice");
    }
}
