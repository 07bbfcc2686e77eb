use std::cell::Cell;
use std::fmt::Debug;

use cow_collections::list::Snapshot;
use cow_collections::{
    CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector,
    UniqueVec, cow_vec,
};
use proptest::prelude::*;
use serde_core::de::value::{
    BorrowedBytesDeserializer, BorrowedStrDeserializer, BytesDeserializer, Error, SeqDeserializer,
    StrDeserializer, StringDeserializer,
};
use serde_core::de::{DeserializeOwned, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_core::{Deserialize, Serialize, forward_to_deserialize_any};

use crate::alloc::no_leak;
use crate::serde_bytes;

/// Checks that a collection is written as a `Vec` of the elements, and read back.
#[track_caller]
fn as_vec<T, C>(elements: &[T])
where
    T: Clone + Serialize,
    C: FromIterator<T> + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let collection: C = elements.iter().cloned().collect();
    let text = serde_json::to_string(&collection).unwrap();
    assert_eq!(text, serde_json::to_string(elements).unwrap());
    assert_eq!(serde_json::from_str::<C>(&text).unwrap(), collection);
    let mut other: C = elements.iter().skip(1).cloned().collect();
    C::deserialize_in_place(&mut serde_json::Deserializer::from_str(&text), &mut other).unwrap();
    assert_eq!(other, collection);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn encoded_value_decodes_to_itself(
        numbers in prop::collection::vec(any::<u32>(), 0..600),
        texts in prop::collection::vec(".*", 0..8),
    ) {
        as_vec::<_, CowVec<u32>>(&numbers);
        as_vec::<_, UniqueVec<u32>>(&numbers);
        as_vec::<_, PersistentVector<u32>>(&numbers);
        as_vec::<_, CopyOnWriteList<u32>>(&numbers);
        as_vec::<_, CowVec<String>>(&texts);
        as_vec::<_, PersistentVector<CowString>>(
            &texts.iter().map(CowString::from).collect::<Vec<_>>()
        );
        for text in &texts {
            let written = serde_json::to_string(&CowString::from(text)).unwrap();
            prop_assert_eq!(&written, &serde_json::to_string(text).unwrap());
            prop_assert_eq!(&serde_json::from_str::<CowString>(&written).unwrap(), text);
        }
    }
}

/// Generates pieces of JSON and of texts, mixed with arbitrary bytes.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces =
        ["[", "]", ",", "\"", "\\", "1", "300", "-1", "1e9", "ä", "text", "null", "{\"a\":", "}"];
    let piece = prop_oneof![
        3 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => prop::collection::vec(any::<u8>(), 0..9)
            .prop_map(|numbers| format!("{numbers:?}").into_bytes()),
        1 => prop::collection::vec(".{0,20}", 0..3).prop_map(|texts| format!("{texts:?}").into()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn read_as_std(bytes: &[u8]) {
    // With arc-swap's cell, the first read on a thread allocates memory that the thread keeps.
    drop(CopyOnWriteList::from(vec![0]).load());
    no_leak(|| serde_bytes::check(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]
    #[test]
    fn any_bytes_are_read_as_std_reads_them(bytes in bytes()) {
        read_as_std(&bytes);
    }
}

/// Reads the seeds of the fuzz target.
#[test]
fn saved_bytes_are_read_as_std_reads_them() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/serde");
    let files: Vec<_> =
        std::fs::read_dir(seeds).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 18);
    for file in files {
        let bytes = std::fs::read(file).unwrap();
        read_as_std(&bytes);
    }
}

#[test]
fn a_set_is_read_without_its_duplicates() {
    let set: CopyOnWriteSet<u8> = serde_json::from_str("[3, 1, 3, 2, 1]").unwrap();
    assert_eq!(serde_json::to_string(&set).unwrap(), "[3,1,2]");
}

#[test]
fn cell_and_snapshot_are_written_and_read_as_their_value() {
    let value = (1, String::from("a"), vec![2_u8, 3]);
    let text = serde_json::to_string(&value).unwrap();
    let cell: CopyOnWriteCell<(u8, CowString, PersistentVector<u8>)> =
        serde_json::from_str(&text).unwrap();
    let (number, name, numbers) = &*cell.load();
    assert_eq!((*number, name.as_str(), numbers.len()), (1, "a", 2));
    assert_eq!(serde_json::to_string(&cell).unwrap(), text);
    assert_eq!(serde_json::to_string(&cell.snapshot()).unwrap(), text);
    let snapshot: Snapshot<(u8, String, Vec<u8>)> = serde_json::from_str(&text).unwrap();
    assert_eq!(*snapshot, value);
    let error = serde_json::from_str::<u8>("300").unwrap_err().to_string();
    assert_eq!(serde_json::from_str::<CopyOnWriteCell<u8>>("300").unwrap_err().to_string(), error);
    assert_eq!(serde_json::from_str::<Snapshot<u8>>("300").unwrap_err().to_string(), error);
}

#[test]
fn wrong_input_gives_the_error_that_std_gives() {
    fn error<T: DeserializeOwned>(text: &str) -> String {
        serde_json::from_str::<T>(text).err().unwrap().to_string()
    }
    for text in ["{}", "1", "[1, \"a\"]", "[1, 2", "[1 2]", "[300]", ""] {
        let expected = error::<Vec<u8>>(text);
        assert_eq!(error::<CowVec<u8>>(text), expected);
        assert_eq!(error::<UniqueVec<u8>>(text), expected);
        assert_eq!(error::<PersistentVector<u8>>(text), expected);
        assert_eq!(error::<CopyOnWriteList<u8>>(text), expected);
        assert_eq!(error::<CopyOnWriteSet<u8>>(text), expected);
        assert_eq!(error::<CowString>(text), error::<String>(text));
    }
}

#[test]
fn a_text_is_read_of_whatever_has_one() {
    fn read<'de, D: Deserializer<'de, Error = Error>>(from: D) -> Result<CowString, Error> {
        CowString::deserialize(from)
    }
    for text in ["", "fünfzehn bytes.", "seventeen bytes.."] {
        assert_eq!(read(StrDeserializer::new(text)).unwrap(), text);
        assert_eq!(read(BorrowedStrDeserializer::new(text)).unwrap(), text);
        assert_eq!(read(StringDeserializer::new(text.into())).unwrap(), text);
        assert_eq!(read(BytesDeserializer::new(text.as_bytes())).unwrap(), text);
        assert_eq!(read(BorrowedBytesDeserializer::new(text.as_bytes())).unwrap(), text);
    }
    let bad = read(BytesDeserializer::new(b"a\xFF")).unwrap_err();
    assert_eq!(bad.to_string(), "invalid value: byte array, expected a string");
}

#[test]
fn a_text_is_read_into_its_own_buffer() {
    let read = |text: &str, place: &mut CowString| {
        CowString::deserialize_in_place(StrDeserializer::<Error>::new(text), place).unwrap();
    };
    let mut text = CowString::from("longer than fifteen bytes");
    let start = text.as_ptr();
    read("sixteen bytes ..", &mut text);
    assert_eq!((&*text, text.as_ptr()), ("sixteen bytes ..", start));
    let other = text.clone();
    read("another sixteen .", &mut text);
    assert_eq!((&*text, &*other, other.as_ptr()), ("another sixteen .", "sixteen bytes ..", start));
    let bytes = BytesDeserializer::<Error>::new(b"\xFF");
    CowString::deserialize_in_place(bytes, &mut text).unwrap_err();
    assert_eq!(text, "another sixteen .");
}

#[test]
fn elements_are_read_into_their_own_buffer() {
    let read = |numbers: &[u32], place: &mut CowVec<u32>| {
        let numbers = SeqDeserializer::<_, Error>::new(numbers.iter().copied());
        CowVec::deserialize_in_place(numbers, place).unwrap();
        place.as_ptr()
    };
    let mut v = CowVec::with_capacity(10);
    let start = v.as_ptr();
    assert_eq!((read(&[1, 2, 3], &mut v), &v[..]), (start, &[1, 2, 3][..]));
    assert_eq!((read(&[4], &mut v), &v[..]), (start, &[4][..]));
    assert_eq!((read(&[5, 6], &mut v), &v[..]), (start, &[5, 6][..]));
    let other = v.clone();
    assert_ne!(read(&[7, 8, 9], &mut v), start);
    assert_eq!((&v[..], &other[..]), (&[7, 8, 9][..], &[5, 6][..]));
}

/// A sequence that promises `promised` elements, yields `given`, and then ends or fails.
struct Liar {
    promised: usize,
    given: usize,
    fails: bool,
}

impl<'de> Deserializer<'de> for Liar {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Liar {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        if self.given == 0 {
            return if self.fails { Err(serde_core::de::Error::custom("cut")) } else { Ok(None) };
        }
        self.given -= 1;
        seed.deserialize(StrDeserializer::new("x")).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.promised)
    }
}

thread_local!(static ALIVE: Cell<isize> = const { Cell::new(0) });

/// A counted element of 24 bytes.
#[derive(Debug, PartialEq, Eq)]
struct Element([u64; 3]);

impl Element {
    fn new() -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self([0; 3])
    }
}

impl Clone for Element {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Drop for Element {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        CowString::deserialize(deserializer).map(|_| Self::new())
    }
}

/// Checks that a promised length makes a collection allocate little. `bytes` returns what the collection allocated.
fn lied_to<C: DeserializeOwned>(given: usize, bytes: impl Fn(&C) -> usize) {
    for promised in [0, given, 1 << 40, usize::MAX] {
        let read = C::deserialize(Liar { promised, given, fails: false }).unwrap();
        assert!(bytes(&read) <= (1 << 20) + 100, "{} bytes", bytes(&read));
        drop(read);
        assert_eq!(ALIVE.get(), 0);
        let cut = C::deserialize(Liar { promised, given, fails: true });
        assert_eq!(cut.err().unwrap().to_string(), "cut");
        assert_eq!(ALIVE.get(), 0, "elements read before an error are dropped");
    }
}

#[test]
fn deserialize_with_a_wrong_length_reserves_little() {
    for given in [0, 3, 500] {
        lied_to(given, CowVec::<Element>::heap_bytes);
        lied_to(given, UniqueVec::<Element>::heap_bytes);
        lied_to(given, PersistentVector::<Element>::heap_bytes);
        lied_to(given, CopyOnWriteList::<Element>::heap_bytes);
        lied_to(given, CopyOnWriteSet::<Element>::heap_bytes);
    }
    let units = SeqDeserializer::<_, Error>::new(std::iter::repeat_n((), 1_000));
    assert_eq!(CowVec::<()>::deserialize(units).unwrap().len(), 1_000);
    let exact = SeqDeserializer::<_, Error>::new([1_u64; 100].into_iter());
    assert!(UniqueVec::<u64>::deserialize(exact).unwrap().capacity() < 110);
}

#[test]
fn a_vector_is_whole_after_an_error() {
    let mut v = cow_vec![Element::new(), Element::new()];
    for given in [0, 1, 2, 5] {
        let liar = Liar { promised: 5, given, fails: true };
        CowVec::deserialize_in_place(liar, &mut v).unwrap_err();
        assert_eq!(ALIVE.get(), v.len() as isize);
    }
}

/// Writes `collection`, reads it back, and pops all elements from both.
#[track_caller]
fn reads_back_and_shrinks_alike<C>(
    mut collection: C,
    expected: &[i32],
    pop: fn(&mut C) -> Option<i32>,
) where
    C: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let text = serde_json::to_string(&collection).unwrap();
    assert_eq!(text, serde_json::to_string(expected).unwrap());
    let mut back: C = serde_json::from_str(&text).unwrap();
    for _ in 0..=expected.len() {
        assert_eq!(back, collection);
        assert_eq!(pop(&mut back), pop(&mut collection));
    }
}

#[test]
fn collections_read_back_equal_after_each_pop() {
    for n in [0, 1, 20, 300] {
        let elements: Vec<i32> = (0..n).collect();
        let list = CopyOnWriteList::from(elements.as_slice());
        reads_back_and_shrinks_alike(list, &elements, |list| list.pop_front());
        reads_back_and_shrinks_alike(CowVec::from(elements.as_slice()), &elements, CowVec::pop);
        let vector = PersistentVector::from(elements.as_slice());
        reads_back_and_shrinks_alike(vector, &elements, PersistentVector::pop_front);
    }
}
