//! JSON schemas of the serialised forms, through schemars.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use schemars::{JsonSchema, Schema, SchemaGenerator};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Implements `JsonSchema` with the schema and the name of a type of std.
macro_rules! schema {
    ($([$($vars:tt)*] $type:ty => $std:ty;)+) => {$(
        #[doc = concat!("Has the schema of `", stringify!($std), "`.")]
        impl<$($vars: JsonSchema)*> JsonSchema for $type {
            fn inline_schema() -> bool {
                <$std>::inline_schema()
            }

            fn schema_name() -> Cow<'static, str> {
                <$std>::schema_name()
            }

            fn schema_id() -> Cow<'static, str> {
                <$std>::schema_id()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$std>::json_schema(generator)
            }
        }
    )+};
}

schema! {
    [T] CowVec<T> => Vec<T>;
    [T] UniqueVec<T> => Vec<T>;
    [T] PersistentVector<T> => Vec<T>;
    [] CowString => String;
}

#[cfg(feature = "list")]
schema! {
    [T] CopyOnWriteList<T> => Vec<T>;
    [T] CopyOnWriteSet<T> => BTreeSet<T>;
}
