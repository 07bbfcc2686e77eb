//! Depends on the crate without `std` and without any other feature.
#![no_std]

use cow_collections::{CowString, CowVec, PersistentVector, cow_vec};

/// Returns the numbers with `one` appended, and the numbers from before.
pub fn pushed(numbers: CowVec<u32>, one: u32) -> (CowVec<u32>, CowVec<u32>) {
    let before = numbers.clone();
    let mut after = numbers;
    after.push(one);
    (after, before)
}

/// Returns the squares of the numbers below `n`.
pub fn squares(n: u32) -> CowVec<u32> {
    let mut all = cow_vec![];
    all.extend((0..n).map(|i| i * i));
    all
}

/// Returns the text with an exclamation mark.
pub fn louder(text: &str) -> CowString {
    let mut text = CowString::from(text);
    text.push('!');
    text
}

/// Returns the vector from before, and a version whose first element is `value`.
pub fn edited(before: PersistentVector<u32>, value: u32) -> [PersistentVector<u32>; 2] {
    let mut after = before.clone();
    after.set(0, value);
    [before, after]
}
