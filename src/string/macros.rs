//! The macro [`cow_format!`](crate::cow_format), and one that defines functions.

/// Defines a `const fn`. Under loom it is not `const`, because it tells the model that it reads the buffer.
macro_rules! const_fn {
    ($(#[$attribute:meta])* $visibility:vis const fn $($rest:tt)*) => {
        #[cfg(not(cow_loom))]
        $(#[$attribute])*
        $visibility const fn $($rest)*

        #[cfg(cow_loom)]
        $(#[$attribute])*
        $visibility fn $($rest)*
    };
}

pub(super) use const_fn;

/// Creates a [`CowString`](crate::CowString) as `format!` creates a `String`.
///
/// O(n). Allocates at most as often as `format!` does, and not at all for up to 15 bytes. A text without
/// arguments is static and is not copied.
///
/// # Panics
///
/// Panics if a formatting trait implementation of an argument returns an error.
///
/// # Examples
///
/// ```
/// use cow_collections::cow_format;
///
/// let (key, value) = ("answer", 42);
/// assert_eq!(cow_format!("{key} = {value:>4}"), "answer =   42");
/// assert_eq!(cow_format!("a text of more than fifteen bytes").strong_count(), 0);
/// ```
#[macro_export]
#[clippy::format_args]
macro_rules! cow_format {
    ($format:literal $($argument:tt)*) => {
        $crate::string::format(
            ::core::format_args!($format $($argument)*),
            const { $crate::string::room_for($format) },
        )
    };
    ($($argument:tt)*) => { $crate::string::format(::core::format_args!($($argument)*), 0) };
}
