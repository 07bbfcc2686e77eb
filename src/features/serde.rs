//! Serialises collections as sequences, a [`CowString`] as a string and a cell as its value, through serde.

use core::fmt;
use core::iter;
use core::marker::PhantomData;
use core::str;

use serde_core::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde_core::{Deserialize, Serialize, Serializer};

use super::MOST_RESERVED;
#[cfg(feature = "list")]
use crate::list::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet, Snapshot};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// Returns how many of the announced elements to reserve capacity for.
fn cautious<T>(hint: Option<usize>) -> usize {
    hint.unwrap_or(0).min(MOST_RESERVED.checked_div(size_of::<T>()).unwrap_or(0))
}

/// Implements `Serialize` as that of `$elements`.
macro_rules! serialize {
    ($($(#[$doc:meta])* $type:ident, $vec:ident => $elements:expr;)+) => {$(
        impl<T: Serialize> Serialize for $type<T> {
            $(#[$doc])*
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $vec = self;
                $elements.serialize(serializer)
            }
        }
    )+};
}

serialize! {
    /// Serialises the elements as a sequence, as a `Vec`. O(n).
    CowVec, vec => vec.as_slice();
    /// Serialises the elements as a sequence, as a `Vec`. O(n).
    UniqueVec, vec => vec.as_slice();
}

#[cfg(feature = "list")]
serialize! {
    /// Serialises a snapshot of the elements as a sequence. Does not see later writes to the list. O(n).
    CopyOnWriteList, list => list.load()[..];
    /// Serialises a snapshot of the elements as a sequence, in insertion order. O(n).
    CopyOnWriteSet, set => set.load()[..];
    /// Serialises the current value, as a `T`. Does not see later writes to the cell.
    CopyOnWriteCell, cell => *cell.load();
    /// Serialises the value, as a `T`. Each snapshot repeats the value that it shares.
    Snapshot, snapshot => **snapshot;
}

impl<T: Serialize> Serialize for PersistentVector<T> {
    /// Serialises the elements as a sequence, as a `Vec`. Each version repeats the elements that it shares. O(n).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for UniqueVec<T> {
    /// Deserialises a sequence into a new buffer. O(n). Reserves at most 1 MiB for the length that the input announces.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut vec = Self::new();
        Self::deserialize_in_place(deserializer, &mut vec)?;
        Ok(vec)
    }

    /// Deserialises a sequence into the existing elements and buffer. After an error the vector has old and new
    /// elements.
    fn deserialize_in_place<D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Self,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_seq(Overwrite(place))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CowVec<T> {
    /// Deserialises a sequence into a new buffer. O(n). Reserves at most 1 MiB for the length that the input announces.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueVec::deserialize(deserializer).map(UniqueVec::into_shared)
    }

    /// Deserialises a sequence into the existing elements and buffer, or into a new buffer if that is shared. Clones
    /// nothing.
    fn deserialize_in_place<D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Self,
    ) -> Result<(), D::Error> {
        if let Some(unique) = place.get_unique() {
            return UniqueVec::deserialize_in_place(deserializer, unique);
        }
        *place = Self::deserialize(deserializer)?;
        Ok(())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PersistentVector<T> {
    /// Deserialises a sequence into full leaves. O(n). Does not trust the length that the input announces.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Collect(PhantomData))
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for CopyOnWriteList<T> {
    /// Deserialises a sequence into a new buffer. O(n). Reserves at most 1 MiB for the length that the input announces.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueVec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de> + Eq> Deserialize<'de> for CopyOnWriteSet<T> {
    /// Deserialises a sequence, and keeps the first of equal elements. O(n²): limit the length of untrusted input.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Collect(PhantomData))
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for CopyOnWriteCell<T> {
    /// Deserialises a `T` into a new cell.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Snapshot<T> {
    /// Deserialises a `T` into a new buffer.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

/// Replaces the elements of a vector by a sequence.
struct Overwrite<'a, T>(&'a mut UniqueVec<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Overwrite<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let vec = self.0;
        for i in 0..vec.len() {
            if seq.next_element_seed(Replace(&mut vec[i]))?.is_none() {
                vec.truncate(i);
                return Ok(());
            }
        }
        // Reserves only here, because the hint covers only the elements that are left.
        vec.reserve_exact(cautious::<T>(seq.size_hint()));
        while let Some(element) = seq.next_element()? {
            vec.push(element);
        }
        Ok(())
    }
}

/// Replaces an element.
struct Replace<'a, T>(&'a mut T);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Replace<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::deserialize_in_place(deserializer, self.0)
    }
}

/// Collects a sequence, without reserving capacity for announced elements.
struct Collect<C, T>(PhantomData<fn() -> (C, T)>);

impl<'de, C: FromIterator<T>, T: Deserialize<'de>> Visitor<'de> for Collect<C, T> {
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<C, A::Error> {
        iter::from_fn(|| seq.next_element().transpose()).collect()
    }
}

impl Serialize for CowString {
    /// Serialises the text as a string. O(n).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for CowString {
    /// Deserialises a string, or bytes that are valid UTF-8. O(n), one copy, and one allocation if the text has more
    /// than 15 bytes.
    ///
    /// Requests a borrowed text, so that the deserialiser makes no `String`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = Self::new();
        Self::deserialize_in_place(deserializer, &mut text)?;
        Ok(text)
    }

    /// Like `deserialize`, but uses the existing buffer if it is large enough and not shared. After an error the text
    /// is unchanged.
    fn deserialize_in_place<D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Self,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_str(Text(place))
    }
}

/// Replaces a text.
struct Text<'a>(&'a mut CowString);

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.0.is_unique() && text.len() <= self.0.capacity() {
            self.0.clear();
            self.0.push_str(text);
        } else {
            *self.0 = CowString::from(text);
        }
        Ok(())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        match str::from_utf8(bytes) {
            Ok(text) => self.visit_str(text),
            Err(_) => Err(E::invalid_value(Unexpected::Bytes(bytes), &self)),
        }
    }
}
