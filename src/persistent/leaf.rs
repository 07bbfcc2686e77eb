//! Edits of one leaf.
//!
//! A unique leaf is edited in place. A shared one is replaced by a copy that one pass builds with the edit made. If a
//! clone panics, the leaves are unchanged.

use core::mem;

use crate::raw::handle::Handle;
use crate::vec::unique::UniqueVec;

/// Returns clones of `before` and `after` with `between` between them.
#[inline]
fn rebuilt<T: Clone>(before: &[T], between: Option<T>, after: &[T], cap: usize) -> UniqueVec<T> {
    let mut copy = UniqueVec::with_capacity(cap);
    copy.extend_from_slice(before);
    copy.extend_iter(between.into_iter());
    copy.extend_from_slice(after);
    copy
}

/// Returns a leaf with clones of some elements.
pub(super) fn cloned<T: Clone>(elements: &[T], cap: usize) -> Handle<T> {
    rebuilt(elements, None, &[], cap).into_handle()
}

/// Inserts an element. A new buffer, if one is needed, has capacity `cap`.
#[inline]
pub(super) fn insert<T: Clone>(leaf: &mut Handle<T>, at: usize, value: T, cap: usize) {
    if let Some(unique) = leaf.get_unique() {
        if unique.capacity() == unique.len() {
            unique.set_capacity(cap);
        }
        unique.insert(at, value);
        return;
    }
    let (before, after) = leaf.as_slice().split_at(at);
    *leaf = rebuilt(before, Some(value), after, cap).into_handle();
}

/// Inserts an element into a full leaf, which is split, and returns the right half.
pub(super) fn insert_and_split<T: Clone>(
    leaf: &mut Handle<T>,
    at: usize,
    value: T,
    cap: usize,
) -> Handle<T> {
    if at == 0 {
        let first = rebuilt(&[], Some(value), &[], cap);
        return mem::replace(leaf, first.into_handle());
    }
    let half = leaf.len() / 2;
    if let Some(unique) = leaf.get_unique() {
        let mut right = unique.split_off(half);
        if at <= half {
            unique.insert(at, value);
        } else {
            right.set_capacity(cap);
            right.insert(at - half, value);
        }
        return right.into_handle();
    }
    let (left, right) = leaf.as_slice().split_at(half);
    let (new_left, new_right) = if at <= half {
        let (before, after) = left.split_at(at);
        (rebuilt(before, Some(value), after, cap), rebuilt(right, None, &[], cap))
    } else {
        let (before, after) = right.split_at(at - half);
        (rebuilt(left, None, &[], cap), rebuilt(before, Some(value), after, cap))
    };
    *leaf = new_left.into_handle();
    new_right.into_handle()
}

/// Removes an element and returns it.
#[inline]
pub(super) fn remove<T: Clone>(leaf: &mut Handle<T>, at: usize) -> T {
    if let Some(unique) = leaf.get_unique() {
        return unique.remove(at);
    }
    let (before, rest) = leaf.as_slice().split_at(at);
    let value = rest[0].clone();
    if rest.len() == 1 {
        leaf.shorten(at);
    } else {
        let copy = rebuilt(before, None, &rest[1..], leaf.len() - 1);
        *leaf = copy.into_handle();
    }
    value
}

/// Splits off the elements from `at` on, into a leaf with capacity `cap`.
///
/// The buffer of a shared leaf keeps its elements; the handle only gets shorter.
pub(super) fn split_off<T: Clone>(leaf: &mut Handle<T>, at: usize, cap: usize) -> Handle<T> {
    if at == 0 {
        return mem::replace(leaf, Handle::new());
    }
    if let Some(unique) = leaf.get_unique() {
        return unique.split_off(at).into_handle();
    }
    let tail = cloned(&leaf.as_slice()[at..], cap);
    leaf.shorten(at);
    tail
}

/// Moves the elements of `right` behind those of `left`, which gets capacity `cap` if it has to grow.
pub(super) fn join<T: Clone>(left: &mut Handle<T>, right: &mut Handle<T>, cap: usize) {
    // Copied before `left` changes, because a clone may panic.
    let mut copy = match right.get_unique() {
        Some(_) => None,
        None => Some(right.copied(right.len())),
    };
    let needed = left.len() + right.len();
    let left = left.unique_or(|shared| shared.copied(cap));
    if left.capacity() < needed {
        left.set_capacity(cap);
    }
    match (&mut copy, right.get_unique()) {
        (Some(copy), _) => left.append(copy),
        (None, Some(right)) => left.append(right),
        (None, None) => unreachable!("`right` was unique and is borrowed"),
    }
    *right = Handle::new();
}

/// Keeps the elements for which `keep` returns `true`.
///
/// If `keep` panics, a shared leaf is unchanged; a unique one has the elements that were kept and those not yet
/// visited.
pub(super) fn retain<T: Clone>(leaf: &mut Handle<T>, keep: &mut impl FnMut(&T) -> bool) {
    if let Some(unique) = leaf.get_unique() {
        return unique.retain_mut(|element| keep(element));
    }
    let all = leaf.as_slice();
    let Some(first) = all.iter().position(|element| !keep(element)) else { return };
    let (before, rest) = (&all[..first], &all[first + 1..]);
    let mut kept = rest.iter().filter(|element| keep(element)).cloned();
    match kept.next() {
        None => leaf.shorten(first),
        next => {
            let mut copy = rebuilt(before, next, &[], all.len());
            copy.extend_iter(kept);
            *leaf = copy.into_handle();
        }
    }
}
