//! Whether a type implements a trait, as a constant.

/// `impls!(T: A)`: whether `T` implements `A`, decided at compile time because an inherent constant comes
/// before a trait's.
macro_rules! impls {
    ($t:ty: $bound:path) => {{
        #[allow(dead_code, reason = "unused exactly where the answer is yes")]
        trait No {
            const IMPLS: bool = false;
        }
        impl<T: ?Sized> No for T {}
        struct Ask<T: ?Sized>(core::marker::PhantomData<T>);
        #[allow(dead_code, reason = "unused exactly where the answer is no")]
        impl<T: ?Sized + $bound> Ask<T> {
            const IMPLS: bool = true;
        }
        <Ask<$t>>::IMPLS
    }};
}
pub(crate) use impls;
