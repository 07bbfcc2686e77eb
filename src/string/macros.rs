//! The macro [`cow_format!`](crate::cow_format).

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
