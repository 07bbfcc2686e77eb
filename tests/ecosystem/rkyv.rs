use std::cell::Cell;
use std::fmt::Debug;

use cow_collections::list::Snapshot;
use cow_collections::{
    CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector,
    UniqueVec,
};
use proptest::prelude::*;
use rkyv::api::high::{HighDeserializer, HighSerializer, HighValidator};
use rkyv::boxed::ArchivedBox;
use rkyv::bytecheck::CheckBytes;
use rkyv::rancor::{Error, Fallible};
use rkyv::ser::allocator::ArenaHandle;
use rkyv::ser::{Allocator, Writer};
use rkyv::string::ArchivedString;
use rkyv::util::AlignedVec;
use rkyv::vec::{ArchivedVec, VecResolver};
use rkyv::{Archive, Deserialize, Place, Serialize, access, from_bytes, to_bytes};

use crate::alloc;

/// The serializer of `to_bytes`.
type Output<'a> = HighSerializer<AlignedVec, ArenaHandle<'a>, Error>;

fn write(value: &impl for<'a> Serialize<Output<'a>>) -> AlignedVec {
    to_bytes::<Error>(value).unwrap()
}

/// Reads a value after the checks of rkyv. An error becomes its text.
fn read<T>(bytes: &[u8]) -> Result<T, String>
where
    T: Archive<Archived: for<'a> CheckBytes<HighValidator<'a, Error>> + Read<T>>,
{
    from_bytes::<T, Error>(bytes).map_err(|error| error.to_string())
}

/// `Deserialize` by the deserializer of `from_bytes`.
trait Read<T>: Deserialize<T, HighDeserializer<Error>> {}
impl<T, A: Deserialize<T, HighDeserializer<Error>>> Read<T> for A {}

/// Checks that a collection is written as a `Vec` of the elements, and read back.
#[track_caller]
fn as_vec<T, C>(elements: &[T])
where
    T: Clone + Archive + for<'a> Serialize<Output<'a>>,
    T::Archived: for<'a> CheckBytes<HighValidator<'a, Error>>,
    C: FromIterator<T> + PartialEq + Debug,
    C: Archive<Archived = ArchivedVec<T::Archived>> + for<'a> Serialize<Output<'a>>,
    ArchivedVec<T::Archived>: Read<C>,
{
    let collection: C = elements.iter().cloned().collect();
    let bytes = write(&collection);
    assert_eq!(*bytes, *write(&elements.to_vec()));
    assert_eq!(access::<C::Archived, Error>(&bytes).unwrap().len(), elements.len());
    assert_eq!(read::<C>(&bytes).unwrap(), collection);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn bytes_are_those_of_vec_and_string(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
        numbers in prop::collection::vec(any::<u64>(), 0..300),
        texts in prop::collection::vec(".{0,20}", 0..40),
    ) {
        as_vec::<_, CowVec<u8>>(&bytes);
        as_vec::<_, PersistentVector<u8>>(&bytes);
        as_vec::<_, CowVec<u64>>(&numbers);
        as_vec::<_, UniqueVec<u64>>(&numbers);
        as_vec::<_, PersistentVector<u64>>(&numbers);
        as_vec::<_, CopyOnWriteList<u64>>(&numbers);
        as_vec::<_, PersistentVector<String>>(&texts);
        as_vec::<_, CopyOnWriteList<String>>(&texts);
        let ours: Vec<CowString> = texts.iter().map(CowString::from).collect();
        prop_assert_eq!(&*write(&ours), &*write(&texts));
        as_vec::<_, CowVec<CowString>>(&ours);
        let nested: Vec<CowVec<CowString>> = ours.chunks(3).map(CowVec::from).collect();
        as_vec::<_, PersistentVector<CowVec<CowString>>>(&nested);
    }
}

#[test]
fn empty_and_zero_sized_elements_are_written_as_those_of_vec() {
    for len in [0, 1, 300] {
        let elements = vec![(); len];
        as_vec::<_, CowVec<()>>(&elements);
        as_vec::<_, UniqueVec<()>>(&elements);
        as_vec::<_, PersistentVector<()>>(&elements);
        as_vec::<_, CopyOnWriteList<()>>(&elements);
    }
}

#[test]
fn text_around_the_inline_limits_is_written_as_string() {
    for len in 0..20 {
        for letter in ["x", "ß", "€"] {
            let text = letter.repeat(len);
            let bytes = write(&CowString::from(&text));
            assert_eq!(*bytes, *write(&text));
            assert_eq!(access::<ArchivedString, Error>(&bytes).unwrap(), text.as_str());
            assert_eq!(read::<CowString>(&bytes).unwrap(), text);
        }
    }
}

#[test]
fn cell_and_snapshot_are_written_as_box_and_read_back() {
    let value = (7_u32, String::from("more than eight bytes"));
    let bytes = write(&Box::new(value.clone()));
    let cell = CopyOnWriteCell::new(value.clone());
    assert_eq!(*write(&cell), *bytes);
    assert_eq!(*write(&cell.snapshot()), *bytes);
    let archived = access::<ArchivedBox<<(u32, String) as Archive>::Archived>, Error>(&bytes);
    assert_eq!(archived.unwrap().1, "more than eight bytes");
    assert_eq!(*read::<CopyOnWriteCell<(u32, String)>>(&bytes).unwrap().load(), value);
    assert_eq!(*read::<Snapshot<(u32, String)>>(&bytes).unwrap(), value);
}

#[test]
fn set_is_written_in_its_order_and_read_without_duplicates() {
    as_vec::<_, CopyOnWriteSet<u64>>(&[3, 1, 2]);
    let set: CopyOnWriteSet<u8> = read(&write(&vec![3_u8, 1, 3, 2, 1])).unwrap();
    assert_eq!(set.load()[..], [3, 1, 2]);
}

#[derive(Default, Archive, Serialize, Deserialize)]
struct Document {
    title: CowString,
    tags: CowVec<CowString>,
    scores: UniqueVec<u32>,
    lines: PersistentVector<CowString>,
    comments: CopyOnWriteList<CowString>,
    readers: CopyOnWriteSet<u32>,
    settings: CopyOnWriteCell<Option<CowString>>,
}

#[test]
fn struct_with_derived_traits_is_accessed_and_read_back() {
    let document = Document {
        title: "a title of more than eight bytes".into(),
        tags: ["a", "b"].map(CowString::from).into(),
        scores: [1, 2, 3].into(),
        lines: (0..1_000).map(|n| format!("line {n}").into()).collect(),
        comments: [CowString::from("good")].into(),
        readers: [5, 7].into(),
        settings: CopyOnWriteCell::new(Some("serif".into())),
    };
    let bytes = write(&document);
    let archived = access::<ArchivedDocument, Error>(&bytes).unwrap();
    assert_eq!((archived.title.as_str(), archived.lines.len()), (document.title.as_str(), 1_000));
    assert_eq!(archived.lines[999], "line 999");
    assert_eq!(archived.settings.as_ref().as_deref(), Some("serif"));
    let read: Document = read(&bytes).unwrap();
    read.lines.assert_invariants();
    assert_eq!(*write(&read), *bytes);
    assert_eq!((read.tags, read.readers.len()), (document.tags, 2));
}

#[test]
fn archived_forms_compare_as_with_vec_and_string() {
    let all: [&[u32]; 5] = [&[], &[1], &[1, 2], &[1, 3], &[2]];
    for left in all {
        let bytes = write(&left.to_vec());
        let archived = access::<ArchivedVec<rkyv::primitive::ArchivedU32>, Error>(&bytes).unwrap();
        for right in all {
            let (equal, order) = (left == right, left.partial_cmp(right));
            let (vec, vector) = (CowVec::from(right), PersistentVector::from(right));
            assert_eq!((*archived == vec, archived.partial_cmp(&vec)), (equal, order));
            assert_eq!((*archived == vector, archived.partial_cmp(&vector)), (equal, order));
            let unique = UniqueVec::from(right);
            assert_eq!((*archived == unique, archived.partial_cmp(&unique)), (equal, order));
        }
    }
    let all = ["", "a", "eight by", "more than fifteen bytes", "z"];
    for left in all {
        let bytes = write(&left.to_owned());
        let archived = access::<ArchivedString, Error>(&bytes).unwrap();
        for right in all {
            let text = CowString::from(right);
            assert_eq!((*archived == text, text == *archived), (left == right, left == right));
            assert_eq!(archived.partial_cmp(&text), left.partial_cmp(right));
            assert_eq!(text.partial_cmp(archived), right.partial_cmp(left));
        }
    }
}

/// Checks that `C` is refused, or has the elements that are read, where `V` is or has them.
#[track_caller]
fn as_std<C, V>(bytes: &[u8], same: impl Fn(&C, &V) -> bool)
where
    C: Archive + Debug,
    V: Archive<Archived = C::Archived> + Debug,
    C::Archived: for<'a> CheckBytes<HighValidator<'a, Error>> + Read<C> + Read<V>,
{
    match (read::<C>(bytes), read::<V>(bytes)) {
        (Ok(ours), Ok(theirs)) => assert!(same(&ours, &theirs), "{ours:?} {theirs:?}"),
        (Err(ours), Err(theirs)) => assert_eq!(ours, theirs),
        (ours, theirs) => panic!("{ours:?} {theirs:?}"),
    }
}

#[test]
fn damaged_archives_are_refused_where_those_of_std_are() {
    let texts: Vec<String> =
        ["", "short", "a text of more than fifteen bytes"].map(String::from).into();
    let bytes = write(&texts);
    let mut damaged = AlignedVec::<16>::new();
    damaged.extend_from_slice(&bytes);
    let check = |bytes: &[u8]| {
        as_std::<CowVec<CowString>, Vec<String>>(bytes, |a, b| a.iter().eq(b));
        as_std::<UniqueVec<CowString>, Vec<String>>(bytes, |a, b| a.iter().eq(b));
        as_std::<PersistentVector<CowString>, Vec<String>>(bytes, |a, b| a.iter().eq(b));
        as_std::<CopyOnWriteList<CowString>, Vec<String>>(bytes, |a, b| a.load().iter().eq(b));
        as_std::<CowString, String>(bytes, |a, b| a == b);
        as_std::<CopyOnWriteCell<CowString>, Box<String>>(bytes, |a, b| *a.load() == **b);
    };
    check(&damaged);
    for place in 0..damaged.len() {
        for flipped in [0x01, 0x80, 0xFF] {
            damaged[place] ^= flipped;
            check(&damaged);
            damaged[place] ^= flipped;
        }
        check(&bytes[..place]);
    }
    assert_eq!(*damaged, *bytes);
}

/// A list that another write changes after its elements are written.
struct Changing(CopyOnWriteList<String>, fn(&CopyOnWriteList<String>));

impl Archive for Changing {
    type Archived = <CopyOnWriteList<String> as Archive>::Archived;
    type Resolver = <CopyOnWriteList<String> as Archive>::Resolver;

    fn resolve(&self, resolver: Self::Resolver, out: Place<Self::Archived>) {
        self.0.resolve(resolver, out);
    }
}

impl<S: Fallible + Allocator + Writer + ?Sized> Serialize<S> for Changing
where
    String: Serialize<S>,
{
    fn serialize(&self, serializer: &mut S) -> Result<Self::Resolver, S::Error> {
        let resolver = self.0.serialize(serializer);
        (self.1)(&self.0);
        resolver
    }
}

#[test]
fn list_that_changes_while_it_is_written_is_archived_as_it_was() {
    let texts: Vec<String> = (0..3).map(|n| format!("text number {n}")).collect();
    let bytes = write(&texts);
    let changes: [fn(&CopyOnWriteList<String>); 3] =
        [|list| list.clear(), |list| list.push("one more".into()), |list| list.truncate(1)];
    for change in changes {
        assert_eq!(*write(&Changing(CopyOnWriteList::from(&texts[..]), change)), *bytes);
    }
}

/// An element that takes no space in the archive and 8 KiB in memory.
#[derive(Clone)]
struct Big(#[expect(dead_code, reason = "only its size is used")] [u64; 1 << 10]);

thread_local! {
    /// The bytes allocated when the first element is made.
    static AT_FIRST: Cell<Option<isize>> = const { Cell::new(None) };
}

impl Archive for Big {
    type Archived = ();
    type Resolver = ();

    fn resolve(&self, (): (), _: Place<()>) {}
}

impl<D: Fallible + ?Sized> Deserialize<Big, D> for () {
    fn deserialize(&self, _: &mut D) -> Result<Big, D::Error> {
        AT_FIRST.set(AT_FIRST.get().or(Some(alloc::live())));
        Ok(Big([0; 1 << 10]))
    }
}

/// An archive that announces this many elements.
struct Announcing(usize);

impl Archive for Announcing {
    type Archived = ArchivedVec<()>;
    type Resolver = ();

    fn resolve(&self, (): (), out: Place<Self::Archived>) {
        ArchivedVec::resolve_from_len(self.0, VecResolver::from_pos(0), out);
    }
}

impl<S: Fallible + ?Sized> Serialize<S> for Announcing {
    fn serialize(&self, _: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

#[test]
fn announced_length_reserves_at_most_1_mib() {
    #[track_caller]
    fn reserves_little<C: Archive<Archived = ArchivedVec<()>>>(bytes: &[u8])
    where
        ArchivedVec<()>: Read<C>,
    {
        AT_FIRST.set(None);
        let before = alloc::live();
        read::<C>(bytes).unwrap();
        let reserved = AT_FIRST.get().unwrap() - before;
        assert!(reserved <= (1 << 20) + (1 << 12), "{reserved} bytes");
    }
    let bytes = write(&Announcing(1_000));
    reserves_little::<CowVec<Big>>(&bytes);
    reserves_little::<UniqueVec<Big>>(&bytes);
    reserves_little::<PersistentVector<Big>>(&bytes);
    reserves_little::<CopyOnWriteList<Big>>(&bytes);
}
