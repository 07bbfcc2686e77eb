//! Checks deserialization of arbitrary bytes against the standard library. The bytes are read as JSON and in a
//! binary format that may announce a wrong number of elements.
#![allow(dead_code, reason = "each test binary uses a part")]

use cow_collections::{CopyOnWriteList, CowString, CowVec, PersistentVector, UniqueVec};
use serde_core::de::value::Error;
use serde_core::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor,
};
use serde_core::{Serialize, forward_to_deserialize_any};
use std::str;

/// The most bytes that an announced length may make a collection reserve.
const MOST_RESERVED: usize = 1 << 20;

/// Reads `bytes` in both formats as every collection.
pub fn check(bytes: &[u8]) {
    let (numbers, texts) = ("[3,1,2]", r#"["","a text of more than fifteen bytes","b"]"#);
    same::<Vec<u8>, CowVec<u8>>(bytes, numbers, CowVec::clone, CowVec::heap_bytes);
    same::<Vec<u8>, PersistentVector<u8>>(
        bytes,
        numbers,
        PersistentVector::clone,
        PersistentVector::heap_bytes,
    );
    same::<Vec<u8>, CopyOnWriteList<u8>>(
        bytes,
        numbers,
        CopyOnWriteList::fork,
        CopyOnWriteList::heap_bytes,
    );
    same::<Vec<String>, CowVec<String>>(bytes, texts, CowVec::clone, CowVec::heap_bytes);
    same::<Vec<String>, UniqueVec<String>>(bytes, texts, UniqueVec::clone, UniqueVec::heap_bytes);
    same::<Vec<String>, PersistentVector<CowString>>(
        bytes,
        texts,
        PersistentVector::clone,
        PersistentVector::heap_bytes,
    );
    for text in [r#""short""#, r#""a text of more than fifteen bytes""#] {
        same::<String, CowString>(bytes, text, CowString::clone, CowString::heap_bytes);
    }
}

/// Checks that `C` reads what `S` reads, and fails with the same error where `S` fails. `C` is read as a new
/// value, and in place of the value `old`, both unique and shared.
fn same<S, C>(bytes: &[u8], old: &str, copy: fn(&C) -> C, heap_bytes: fn(&C) -> usize)
where
    S: DeserializeOwned + Serialize,
    C: DeserializeOwned + Serialize,
{
    let json = || serde_json::Deserializer::from_slice(bytes);
    compare(json().read::<S>(), json().read::<C>(), bytes, heap_bytes);
    compare(Lying(bytes).read::<S>(), Lying(bytes).read::<C>(), bytes, heap_bytes);
    let mut place: C = serde_json::from_str(old).unwrap();
    let kept = copy(&place);
    for shared in [true, false] {
        let mut other = if shared { copy(&place) } else { serde_json::from_str(old).unwrap() };
        let read = json().read_into(&mut other).map(|()| other);
        compare(json().read::<S>(), read, bytes, heap_bytes);
        let read = Lying(bytes).read_into(&mut place).map(|()| copy(&place));
        compare(Lying(bytes).read::<S>(), read, bytes, |_| 0);
        written(&place);
        place = serde_json::from_str(old).unwrap();
    }
    assert_eq!(written(&kept), old, "a copy changed");
}

fn compare<S: Serialize, C: DeserializeOwned + Serialize, E: ToString>(
    theirs: Result<S, E>,
    ours: Result<C, E>,
    bytes: &[u8],
    heap_bytes: impl Fn(&C) -> usize,
) {
    match (theirs, ours) {
        (Ok(theirs), Ok(ours)) => {
            let text = written(&theirs);
            assert_eq!(written(&ours), text);
            assert_eq!(written(&serde_json::from_str::<C>(&text).unwrap()), text, "read back");
            // An element takes at most 24 bytes; the factor leaves slack for spare capacity and nodes.
            let most = MOST_RESERVED + 64 * bytes.len() + 4096;
            assert!(heap_bytes(&ours) <= most, "{} bytes", heap_bytes(&ours));
        }
        (Err(theirs), Err(ours)) => assert_eq!(ours.to_string(), theirs.to_string()),
        (theirs, ours) => {
            let said = [theirs.map(|_| ()), ours.map(|_| ())];
            panic!("{:?}", said.map(|read| read.map_err(|error| error.to_string())));
        }
    }
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// Reads one value. For JSON, input left over is an error.
trait Read: Sized {
    type Error: ToString;
    fn read_into<C: DeserializeOwned>(self, place: &mut C) -> Result<(), Self::Error>;
    fn read<C: DeserializeOwned>(self) -> Result<C, Self::Error>;
}

impl<'de> Read for serde_json::Deserializer<serde_json::de::SliceRead<'de>> {
    type Error = serde_json::Error;

    fn read_into<C: DeserializeOwned>(mut self, place: &mut C) -> Result<(), Self::Error> {
        C::deserialize_in_place(&mut self, place)?;
        self.end()
    }

    fn read<C: DeserializeOwned>(mut self) -> Result<C, Self::Error> {
        let value = C::deserialize(&mut self)?;
        self.end().map(|()| value)
    }
}

/// A binary format whose sequences may announce a wrong length.
///
/// - A number is one byte.
/// - A text is its length in one byte, then its bytes, which need not be UTF-8.
/// - A sequence is one byte that encodes the announced length, one byte with the real length, then the elements.
struct Lying<'de>(&'de [u8]);

impl Read for Lying<'_> {
    type Error = Error;

    fn read_into<C: DeserializeOwned>(mut self, place: &mut C) -> Result<(), Error> {
        C::deserialize_in_place(&mut self, place)
    }

    fn read<C: DeserializeOwned>(mut self) -> Result<C, Error> {
        C::deserialize(&mut self)
    }
}

impl<'de> Lying<'de> {
    fn take(&mut self, len: usize) -> Result<&'de [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or_else(|| Error::custom("cut"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Error> {
        self.take(1).map(|byte| byte[0])
    }
}

impl<'de> Deserializer<'de> for &mut Lying<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("neither a number, nor a text, nor a sequence"))
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(self.byte()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let len = self.byte()?;
        let bytes = self.take(len.into())?;
        match str::from_utf8(bytes) {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(_) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let promised = match self.byte()? {
            few @ 0..128 => few.into(),
            u8::MAX => usize::MAX,
            many => 1 << (u32::from(many) % usize::BITS),
        };
        let given = self.byte()?;
        visitor.visit_seq(Elements { of: self, promised, given })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Elements<'a, 'de> {
    of: &'a mut Lying<'de>,
    promised: usize,
    given: u8,
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(left) = self.given.checked_sub(1) else { return Ok(None) };
        self.given = left;
        seed.deserialize(&mut *self.of).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.promised)
    }
}
