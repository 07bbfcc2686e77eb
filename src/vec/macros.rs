/// Creates a [`CowVec`](crate::CowVec) from its elements, as `vec!` creates a `Vec`.
///
/// O(n), one allocation. Moves the elements. `cow_vec![value; n]` clones `value` `n - 1` times.
///
/// # Examples
///
/// ```
/// use cow_collections::{CowVec, cow_vec};
///
/// let empty: CowVec<u8> = cow_vec![];
/// assert!(empty.is_empty());
/// assert_eq!(cow_vec![1, 2, 3], [1, 2, 3]);
/// assert_eq!(cow_vec!["a"; 3], ["a", "a", "a"]);
/// ```
#[macro_export]
macro_rules! cow_vec {
    () => { $crate::CowVec::new() };
    ($value:expr; $n:expr) => { $crate::vec::from_elem($value, $n) };
    ($($element:expr),+ $(,)?) => { $crate::CowVec::from([$($element),+]) };
}
