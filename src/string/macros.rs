//! The macros of this module.

/// Declares a `const fn`, which is a plain `fn` under loom: there it reads the buffer's loom_access.
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
/// O(n), without an allocation for up to 15 bytes; for more at most as many as `format!` makes. A text
/// without arguments is static: it is not copied.
///
/// # Panics
///
/// If a formatting trait of an argument returns an error.
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
