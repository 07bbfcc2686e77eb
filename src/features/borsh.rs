//! Binary serialisation through borsh, in the formats of `Vec` and `String`.
//!
//! Reading goes through these two, so that the checks are borsh's own: what the input says of its length
//! makes them reserve 4 KiB at most.

use alloc::string::String;
use alloc::vec::Vec;

use borsh::io::{Read, Result, Write};
use borsh::{BorshDeserialize, BorshSerialize};

#[cfg(feature = "list")]
use crate::list::CopyOnWriteList;
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Both traits of a `$type` that is read from a `$read`.
macro_rules! as_one {
    ($([$($vars:tt)*] $type:ty, $read:ty, $this:ident => $shown:expr;)+) => {$(
        impl<$($vars: BorshSerialize)*> BorshSerialize for $type {
            /// The length in four bytes, and what follows in the form that borsh gives it. O(n).
            ///
            /// # Errors
            ///
            /// If the length is 2³² or more, or the writer or an element fails.
            fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
                let $this = self;
                $shown.serialize(writer)
            }
        }

        impl<$($vars: BorshDeserialize)*> BorshDeserialize for $type {
            /// O(n): it is moved once more than into a `Vec` or a `String`.
            ///
            /// # Errors
            ///
            /// As of a `Vec` or a `String`; so, if the elements have no size.
            fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
                <$read>::deserialize_reader(reader).map(Self::from)
            }
        }
    )+};
}

as_one! {
    [T] CowVec<T>, Vec<T>, vec => vec.as_slice();
    [T] UniqueVec<T>, Vec<T>, vec => vec.as_slice();
    [] CowString, String, text => text.as_str();
}

#[cfg(feature = "list")]
as_one! {
    [T] CopyOnWriteList<T>, Vec<T>, list => list.load()[..];
}

as_one! {
    [T] PersistentVector<T>, Vec<T>, vector => Elements(vector);
}

/// The elements of a vector in the form of a slice.
struct Elements<'a, T>(&'a PersistentVector<T>);

impl<T: BorshSerialize> BorshSerialize for Elements<'_, T> {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        let len = u32::try_from(self.0.len()).map_err(|_| borsh::io::ErrorKind::InvalidData)?;
        len.serialize(writer)?;
        self.0.iter().try_for_each(|element| element.serialize(writer))
    }
}
