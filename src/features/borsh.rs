//! Binary serialisation through borsh, in the formats of `Vec` and `String`.
//!
//! Reading goes through `Vec` and `String`, so borsh makes the checks. Whatever length the input announces, borsh at
//! first reserves at most 4 KiB or one element, and at most 1 MiB for bytes and text. Reading and writing refuse
//! zero-sized elements, as borsh does for a `Vec`, because a few bytes of input could announce billions of them.

use alloc::string::String;
use alloc::vec::Vec;

use borsh::error::ERROR_ZST_FORBIDDEN;
use borsh::io::{Error, ErrorKind, Read, Result, Write};
use borsh::{BorshDeserialize, BorshSerialize};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Implements both traits for `$type`, which is read as a `$read`.
macro_rules! as_one {
    ($([$($vars:tt)*] $type:ty, $read:ty, $this:ident, $writer:ident => $write:expr;)+) => {$(
        impl<$($vars: BorshSerialize)*> BorshSerialize for $type {
            /// Writes the length in four bytes, and then each element, or the text. O(n).
            ///
            /// # Errors
            ///
            /// Returns an error if the length is 2³² or more, if the elements are zero-sized, or if the writer
            /// or an element returns one.
            fn serialize<W: Write>(&self, $writer: &mut W) -> Result<()> {
                let $this = self;
                $write
            }
        }

        impl<$($vars: BorshDeserialize)*> BorshDeserialize for $type {
            /// Reads a `Vec` or a `String` and converts it. O(n).
            ///
            /// # Errors
            ///
            /// Returns the errors of reading a `Vec` or a `String`, also for zero-sized elements.
            fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
                <$read>::deserialize_reader(reader).map(Self::from)
            }
        }
    )+};
}

as_one! {
    [T] CowVec<T>, Vec<T>, vec, writer => write_slice(vec, writer);
    [T] UniqueVec<T>, Vec<T>, vec, writer => write_slice(vec, writer);
    [] CowString, String, text, writer => text.as_str().serialize(writer);
    [T] PersistentVector<T>, Vec<T>, vector, writer => write_leaves(vector, writer);
}

#[cfg(feature = "list")]
as_one! {
    [T] CopyOnWriteList<T>, Vec<T>, list, writer => write_slice(&list.load(), writer);
}

#[cfg(feature = "list")]
impl<T: BorshSerialize> BorshSerialize for CopyOnWriteSet<T> {
    /// Writes the length in four bytes, and then each element in its order. O(n).
    ///
    /// # Errors
    ///
    /// Returns the errors of writing a [`CopyOnWriteList`].
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        write_slice(&self.load(), writer)
    }
}

#[cfg(feature = "list")]
impl<T: BorshDeserialize + Eq> BorshDeserialize for CopyOnWriteSet<T> {
    /// Reads a `Vec` and keeps the first of equal elements. O(n²): limit the length of input that others write.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading a `Vec`, also for zero-sized elements.
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
        Vec::deserialize_reader(reader).map(Self::from)
    }
}

fn write_slice<T: BorshSerialize>(elements: &[T], writer: &mut impl Write) -> Result<()> {
    refuse_zero_sized::<T>()?;
    elements.serialize(writer)
}

/// Writes the elements of a vector in the form of a slice.
fn write_leaves<T: BorshSerialize>(
    vector: &PersistentVector<T>,
    writer: &mut impl Write,
) -> Result<()> {
    refuse_zero_sized::<T>()?;
    let len = u32::try_from(vector.len()).map_err(|_| ErrorKind::InvalidData)?;
    len.serialize(writer)?;
    vector.iter().try_for_each(|element| element.serialize(writer))
}

/// Returns the error that borsh returns for a `Vec` of zero-sized elements. For a slice it returns none.
fn refuse_zero_sized<T>() -> Result<()> {
    if size_of::<T>() == 0 {
        return Err(Error::new(ErrorKind::InvalidData, ERROR_ZST_FORBIDDEN));
    }
    Ok(())
}
