//! The one macro of this module.

/// Declares a `const fn`, which is a plain `fn` under loom: there it reads the buffer's witness.
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
