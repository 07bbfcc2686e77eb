//! The macro `impls!`, which asks at compile time whether a type implements a trait.

/// `impls!(T: A)` is a constant that says whether `T` implements `A`. It works because an inherent constant
/// takes precedence over a trait's.
macro_rules! impls {
    ($t:ty: $bound:path) => {{
        #[allow(dead_code, reason = "unused if the type implements the trait")]
        trait No {
            const IMPLS: bool = false;
        }
        impl<T: ?Sized> No for T {}
        struct Ask<T: ?Sized>(core::marker::PhantomData<T>);
        #[allow(dead_code, reason = "unused if the type does not implement the trait")]
        impl<T: ?Sized + $bound> Ask<T> {
            const IMPLS: bool = true;
        }
        <Ask<$t>>::IMPLS
    }};
}
pub(crate) use impls;
