//! [`SmallVector`], an instance with small limits for the fuzzers. `cfg(cow_fuzz)` exports it.
#![expect(missing_docs, missing_debug_implementations, reason = "not part of the public API")]

use core::ops::Range;

use super::iter::{Elements, Moved};
use super::node::Root;

/// The tree of a [`PersistentVector`](super::PersistentVector) with nodes of four children and leaves of four
/// elements, so that 30 elements make a tree of several levels.
#[derive(Clone)]
pub struct SmallVector<T>(Root<T, 4, 4>);

impl<T> SmallVector<T> {
    pub const fn new() -> Self {
        Self(Root::new())
    }

    pub const fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        Elements::new(&self.0)
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        self.0.get(index)
    }

    pub fn assert_invariants(&self) {
        self.0.assert_invariants();
    }
}

impl<T: Clone> SmallVector<T> {
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.0.get_mut(index)
    }

    pub fn push_back(&mut self, value: T) {
        self.0.push_back(value);
    }

    pub fn pop_back(&mut self) -> Option<T> {
        self.0.pop_back()
    }

    pub fn push_front(&mut self, value: T) {
        self.0.push_front(value);
    }

    pub fn pop_front(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    pub fn insert(&mut self, index: usize, value: T) {
        self.0.insert(index, value);
    }

    pub fn remove(&mut self, index: usize) -> T {
        self.0.remove(index)
    }

    pub fn swap_remove(&mut self, index: usize) -> Option<T> {
        self.0.swap_remove(index)
    }

    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.0.truncate(len);
        }
    }

    pub fn slice(&self, range: Range<usize>) -> Self {
        Self(self.0.slice(range))
    }

    pub fn split_off(&mut self, at: usize) -> Self {
        Self(self.0.split_off(at))
    }

    pub fn append(&mut self, other: Self) {
        self.0.append(other.0);
    }

    pub fn extend(&mut self, iter: impl Iterator<Item = T>) {
        self.0.extend(iter);
    }

    pub fn extend_from_within(&mut self, range: Range<usize>) {
        self.0.extend_from_within(range);
    }

    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }

    pub fn with_slice(&mut self, edit: impl FnOnce(&mut [T])) {
        self.0.with_slice(edit);
    }

    /// Converts to a single leaf and back, if one leaf has all elements.
    pub fn round_trip(self) -> Self {
        Self(self.0.try_into_leaf().map_or_else(|root| root, Root::from_leaf))
    }
}

impl<T: Clone> IntoIterator for SmallVector<T> {
    type Item = T;
    type IntoIter = SmallIntoIter<T>;

    fn into_iter(self) -> SmallIntoIter<T> {
        SmallIntoIter(Moved::new(self.0))
    }
}

/// An iterator over the elements of a [`SmallVector`], by value.
pub struct SmallIntoIter<T>(Moved<T, 4, 4>);

impl<T: Clone> Iterator for SmallIntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.remaining(), Some(self.0.remaining()))
    }
}

impl<T: Clone> DoubleEndedIterator for SmallIntoIter<T> {
    fn next_back(&mut self) -> Option<T> {
        self.0.next_back()
    }
}

impl<T: Clone> ExactSizeIterator for SmallIntoIter<T> {}
