//! Archives vectors, lists and sets as a `Vec`, a [`CowString`] as a `String`, and a cell as a `Box`, through rkyv.
//!
//! The archived types are rkyv's own, and so are the checks of an archive. rkyv first writes the elements of a list,
//! and then the list itself. Another thread may change the list in between, so the resolver has the written length too.

use core::cmp::Ordering;

use rkyv::boxed::{ArchivedBox, BoxResolver};
use rkyv::rancor::{Fallible, Source};
use rkyv::ser::{Allocator, Writer};
use rkyv::string::{ArchivedString, StringResolver};
use rkyv::vec::{ArchivedVec, VecResolver};
use rkyv::{Archive, Deserialize, Place, Serialize, SerializeUnsized};

use super::MOST_RESERVED;
#[cfg(feature = "list")]
use crate::list::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet, Snapshot};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Deserialises elements into a new buffer.
fn collect<T: Archive, D: Fallible + ?Sized>(
    archived: &[T::Archived],
    deserializer: &mut D,
) -> Result<UniqueVec<T>, D::Error>
where
    T::Archived: Deserialize<T, D>,
{
    let mut vec = UniqueVec::new();
    let most = size_of_val(archived).max(MOST_RESERVED).checked_div(size_of::<T>());
    vec.reserve_exact(most.unwrap_or(0).min(archived.len()));
    for element in archived {
        vec.push(element.deserialize(deserializer)?);
    }
    Ok(vec)
}

/// Implements `Archive` and `Serialize` for a vector.
macro_rules! archive {
    ($($type:ident, $vec:ident, $serializer:ident => $serialize:expr;)+) => {$(
        impl<T: Archive> Archive for $type<T> {
            type Archived = ArchivedVec<T::Archived>;
            type Resolver = VecResolver;

            fn resolve(&self, resolver: VecResolver, out: Place<Self::Archived>) {
                ArchivedVec::resolve_from_len(self.len(), resolver, out);
            }
        }

        impl<T: Serialize<S>, S: Fallible + Allocator + Writer + ?Sized> Serialize<S> for $type<T> {
            /// Writes the bytes of a `Vec`. O(n).
            ///
            /// # Errors
            ///
            /// Returns the error of an element, of the writer or of the allocator.
            fn serialize(&self, $serializer: &mut S) -> Result<VecResolver, S::Error> {
                let $vec = self;
                $serialize
            }
        }
    )+};
}

archive! {
    CowVec, vec, serializer => ArchivedVec::serialize_from_slice(vec.as_slice(), serializer);
    UniqueVec, vec, serializer => ArchivedVec::serialize_from_slice(vec.as_slice(), serializer);
    PersistentVector, vector, serializer =>
        ArchivedVec::serialize_from_iter::<T, _, _>(vector.iter(), serializer);
}

/// Implements `Archive` and `Serialize` for a list or a set.
#[cfg(feature = "list")]
macro_rules! archive_list {
    ($($type:ident)+) => {$(
        impl<T: Archive> Archive for $type<T> {
            type Archived = ArchivedVec<T::Archived>;
            type Resolver = (usize, VecResolver);

            fn resolve(&self, (len, resolver): Self::Resolver, out: Place<Self::Archived>) {
                ArchivedVec::resolve_from_len(len, resolver, out);
            }
        }

        impl<T: Serialize<S>, S: Fallible + Allocator + Writer + ?Sized> Serialize<S> for $type<T> {
            /// Writes a snapshot of the elements in the bytes of a `Vec`. Does not see later writes. O(n).
            ///
            /// # Errors
            ///
            /// Returns the error of an element, of the writer or of the allocator.
            fn serialize(&self, serializer: &mut S) -> Result<Self::Resolver, S::Error> {
                let elements = self.load();
                Ok((elements.len(), ArchivedVec::serialize_from_slice(&elements, serializer)?))
            }
        }
    )+};
}

#[cfg(feature = "list")]
archive_list!(CopyOnWriteList CopyOnWriteSet);

/// Implements `Deserialize` by `$collect`.
macro_rules! deserialize {
    ($($(#[$doc:meta])* $type:ident: $bound:path, $elements:ident, $deserializer:ident => $collect:expr;)+) => {$(
        impl<T: Archive + $bound, D: Fallible + ?Sized> Deserialize<$type<T>, D>
            for ArchivedVec<T::Archived>
        where
            T::Archived: Deserialize<T, D>,
        {
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// Returns the error of an element.
            fn deserialize(&self, $deserializer: &mut D) -> Result<$type<T>, D::Error> {
                let $elements = self.as_slice();
                $collect
            }
        }
    )+};
}

deserialize! {
    /// Deserialises the elements into a new buffer. O(n). Reserves at most as many bytes as the elements take in the
    /// archive, or 1 MiB if that is more.
    CowVec: Sized, elements, from => collect(elements, from).map(UniqueVec::into_shared);
    /// Deserialises the elements into a new buffer. O(n). Reserves at most as many bytes as the elements take in the
    /// archive, or 1 MiB if that is more.
    UniqueVec: Sized, elements, from => collect(elements, from);
    /// Deserialises the elements into full leaves. O(n).
    PersistentVector: Sized, elements, from => elements.iter().map(|x| x.deserialize(from)).collect();
}

#[cfg(feature = "list")]
deserialize! {
    /// Deserialises the elements into a new buffer. O(n). Reserves at most as many bytes as the elements take in the
    /// archive, or 1 MiB if that is more.
    CopyOnWriteList: Sized, elements, from => collect(elements, from).map(Into::into);
    /// Deserialises the elements, and keeps the first of equal ones. O(n²): limit the length of untrusted archives.
    CopyOnWriteSet: Eq, elements, from => elements.iter().map(|x| x.deserialize(from)).collect();
}

/// Compares an archived vector with a vector, as rkyv does with a `Vec`.
macro_rules! compare {
    ($($type:ident)+) => {$(
        impl<T: PartialEq<U>, U> PartialEq<$type<U>> for ArchivedVec<T> {
            fn eq(&self, other: &$type<U>) -> bool {
                self.len() == other.len() && self.iter().eq(other)
            }
        }

        impl<T: PartialOrd<U>, U> PartialOrd<$type<U>> for ArchivedVec<T> {
            fn partial_cmp(&self, other: &$type<U>) -> Option<Ordering> {
                self.iter().partial_cmp(other)
            }
        }
    )+};
}

compare!(CowVec UniqueVec PersistentVector);

impl Archive for CowString {
    type Archived = ArchivedString;
    type Resolver = StringResolver;

    fn resolve(&self, resolver: StringResolver, out: Place<ArchivedString>) {
        ArchivedString::resolve_from_str(self, resolver, out);
    }
}

impl<S: Fallible + ?Sized> Serialize<S> for CowString
where
    S::Error: Source,
    str: SerializeUnsized<S>,
{
    /// Writes the bytes of a `String`. O(n).
    ///
    /// # Errors
    ///
    /// Returns an error if the text is too long for rkyv, or if the writer returns one.
    fn serialize(&self, serializer: &mut S) -> Result<StringResolver, S::Error> {
        ArchivedString::serialize_from_str(self, serializer)
    }
}

impl<D: Fallible + ?Sized> Deserialize<CowString, D> for ArchivedString {
    /// Copies the text. O(n), and one allocation if it has more than 15 bytes.
    fn deserialize(&self, _: &mut D) -> Result<CowString, D::Error> {
        Ok(self.as_str().into())
    }
}

/// Compares the texts of `$left` and `$right`.
macro_rules! compare_text {
    ($($left:ident, $right:ident;)+) => {$(
        impl PartialEq<$right> for $left {
            fn eq(&self, other: &$right) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl PartialOrd<$right> for $left {
            fn partial_cmp(&self, other: &$right) -> Option<Ordering> {
                self.as_str().partial_cmp(other.as_str())
            }
        }
    )+};
}

compare_text! {
    ArchivedString, CowString;
    CowString, ArchivedString;
}

/// Implements all three traits for a type that holds one value.
#[cfg(feature = "list")]
macro_rules! value {
    ($($(#[$doc:meta])* $type:ident, $this:ident => $value:expr, $new:expr;)+) => {$(
        impl<T: Archive> Archive for $type<T> {
            type Archived = ArchivedBox<T::Archived>;
            type Resolver = BoxResolver;

            fn resolve(&self, resolver: BoxResolver, out: Place<Self::Archived>) {
                ArchivedBox::resolve_from_raw_parts(resolver, (), out);
            }
        }

        impl<T: Serialize<S>, S: Fallible + Writer + ?Sized> Serialize<S> for $type<T> {
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// Returns the error of the value or of the writer.
            fn serialize(&self, serializer: &mut S) -> Result<BoxResolver, S::Error> {
                let $this = self;
                ArchivedBox::serialize_from_ref::<T, S>($value, serializer)
            }
        }

        impl<T: Archive, D: Fallible + ?Sized> Deserialize<$type<T>, D> for ArchivedBox<T::Archived>
        where
            T::Archived: Deserialize<T, D>,
        {
            /// Deserialises a `T` into a new buffer.
            ///
            /// # Errors
            ///
            /// Returns the error of the value.
            fn deserialize(&self, deserializer: &mut D) -> Result<$type<T>, D::Error> {
                self.get().deserialize(deserializer).map($new)
            }
        }
    )+};
}

#[cfg(feature = "list")]
value! {
    /// Writes the current value in the bytes of a `Box`. Does not see later writes to the cell.
    CopyOnWriteCell, cell => &*cell.load(), CopyOnWriteCell::new;
    /// Writes the value in the bytes of a `Box`. Each snapshot repeats the value that it shares.
    Snapshot, snapshot => &**snapshot, Snapshot::from;
}
