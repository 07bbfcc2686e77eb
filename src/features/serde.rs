//! Serialisation through serde: collections as sequences, a [`CowString`] as a string.

use core::fmt;
use core::iter;
use core::marker::PhantomData;
use core::str;

use serde_core::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde_core::{Deserialize, Serialize, Serializer};

#[cfg(feature = "list")]
use crate::list::{CopyOnWriteList, CopyOnWriteSet};
use crate::persistent::PersistentVector;
use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

/// The most bytes that are reserved because the input says that so many elements follow.
const MOST_RESERVED: usize = 1 << 20;

/// The elements to make room for, of those that the input promises.
fn cautious<T>(hint: Option<usize>) -> usize {
    hint.unwrap_or(0).min(MOST_RESERVED.checked_div(size_of::<T>()).unwrap_or(0))
}

/// `Serialize` as a sequence of what `$elements` gives, which knows its length.
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
    /// A sequence of the elements, as of a `Vec`. O(n).
    CowVec, vec => vec.as_slice();
    /// A sequence of the elements, as of a `Vec`. O(n).
    UniqueVec, vec => vec.as_slice();
}

#[cfg(feature = "list")]
serialize! {
    /// A sequence of the elements of this moment: writes to the list meanwhile are not seen. O(n).
    CopyOnWriteList, list => list.load()[..];
    /// A sequence of the elements of this moment, in their order. O(n).
    CopyOnWriteSet, set => set.load()[..];
}

impl<T: Serialize> Serialize for PersistentVector<T> {
    /// A sequence of the elements, as of a `Vec`; what versions share is written by each. O(n).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for UniqueVec<T> {
    /// From a sequence. O(n), straight into the buffer; what the input says of its length makes it reserve
    /// 1 MiB at most.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut vec = Self::new();
        Self::deserialize_in_place(deserializer, &mut vec)?;
        Ok(vec)
    }

    /// From a sequence, into the elements and the buffer that are there. After an error it has some of
    /// both.
    fn deserialize_in_place<D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Self,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_seq(Overwrite(place))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CowVec<T> {
    /// From a sequence. O(n), straight into the buffer; what the input says of its length makes it reserve
    /// 1 MiB at most.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueVec::deserialize(deserializer).map(UniqueVec::into_shared)
    }

    /// From a sequence, into the elements and the buffer that are there; a shared buffer is let go, and
    /// nothing of it is cloned.
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
    /// From a sequence. O(n), straight into whole leaves, whatever the input says of its length.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Collect(PhantomData))
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for CopyOnWriteList<T> {
    /// From a sequence. O(n), straight into the list's buffer; what the input says of its length makes it
    /// reserve 1 MiB at most.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueVec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "list")]
impl<'de, T: Deserialize<'de> + Eq> Deserialize<'de> for CopyOnWriteSet<T> {
    /// From a sequence, of equal elements the first. O(n²): bound the length of input that others write.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Collect(PhantomData))
    }
}

/// Puts a sequence in place of a vector's elements.
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
        // The hint is asked for when it covers what is left.
        vec.reserve_exact(cautious::<T>(seq.size_hint()));
        while let Some(element) = seq.next_element()? {
            vec.push(element);
        }
        Ok(())
    }
}

/// Puts a value in place of an element.
struct Replace<'a, T>(&'a mut T);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Replace<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::deserialize_in_place(deserializer, self.0)
    }
}

/// Collects a sequence, without room made for what is not there yet.
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
    /// A string. O(n).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for CowString {
    /// From a string, or from bytes that are valid UTF-8. O(n): one copy and at most one allocation, none
    /// for up to 15 bytes.
    ///
    /// It asks for a borrowed text, so that no `String` is made on the way.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = Self::new();
        Self::deserialize_in_place(deserializer, &mut text)?;
        Ok(text)
    }

    /// As `deserialize`, into the buffer that is there if it has room and is not shared. After an error the
    /// text is as it was.
    fn deserialize_in_place<D: Deserializer<'de>>(
        deserializer: D,
        place: &mut Self,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_str(Text(place))
    }
}

/// Puts a text in place of another.
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
