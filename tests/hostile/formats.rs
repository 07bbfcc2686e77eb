//! Readers, writers and generators of other crates: serde, borsh, rkyv, arbitrary, proptest, quickcheck, schemars,
//! zeroize.

#[cfg(feature = "serde")]
mod serde {
    #[cfg(feature = "list")]
    use cow_collections::list::Snapshot;
    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
    use serde_core::de::value::Error;
    use serde_core::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
    use serde_core::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};

    use super::Writer;
    use crate::attack::{Case, Subject, attack, case};
    use crate::element::{Elem, Item};
    use crate::script::{Ask, answer};

    type Element = Item<0>;

    impl Serialize for Element {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match answer(Ask::Write, &[0, 1, 2]) {
                0 => serializer.serialize_u8(self.number()),
                1 => Err(serde_core::ser::Error::custom("a lie")),
                _ => serializer.serialize_str("not a number"),
            }
        }
    }

    impl<'de> Deserialize<'de> for Element {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            let fails = answer(Ask::View, &[false, true]);
            if fails { Err(D::Error::custom("a lie")) } else { Ok(Self::of(20)) }
        }
    }

    /// A deserializer of three elements, or of a text.
    struct Input;

    impl<'de> Deserializer<'de> for Input {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match answer(Ask::Yes, &[0, 1, 2]) {
                0 => visitor.visit_seq(Sequence(3)),
                1 => visitor.visit_u8(1),
                _ => Err(Error::custom("a lie")),
            }
        }

        fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match answer(Ask::View, &[0, 1, 2, 3, 4]) {
                0 => visitor.visit_str("ab"),
                1 => visitor.visit_string("a text that is longer than what fits inline".into()),
                2 => visitor.visit_bytes(b"\xff\xc3"),
                3 => visitor.visit_seq(Sequence(3)),
                _ => visitor.visit_bytes("é".as_bytes()),
            }
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    /// A sequence with this many elements left, or another number.
    struct Sequence(usize);

    impl<'de> SeqAccess<'de> for Sequence {
        type Error = Error;

        fn next_element_seed<S: DeserializeSeed<'de>>(
            &mut self,
            seed: S,
        ) -> Result<Option<S::Value>, Error> {
            self.0 = self.0.wrapping_sub(1);
            match answer(Ask::Next, &[0, 1, 2, 3]) {
                0 if self.0 < 3 => seed.deserialize(Input).map(Some),
                0 | 1 => Ok(None),
                2 => Err(Error::custom("a lie")),
                _ if self.0 < usize::MAX - 30 => seed.deserialize(Input).map(Some),
                _ => Ok(None),
            }
        }

        fn size_hint(&self) -> Option<usize> {
            answer(Ask::Hint, &[Some(self.0), None, Some(0), Some(usize::MAX), Some(1_000)])
        }
    }

    fn read<'de, C: Deserialize<'de>>() {
        drop(C::deserialize(Input));
    }

    /// Deserializes into an existing collection.
    fn read_into<'de, C: Deserialize<'de>>(place: &mut C) {
        _ = Deserialize::deserialize_in_place(Input, place);
    }

    fn write(value: &impl Serialize) {
        _ = serde_json::to_writer(Writer, value);
    }

    fn elements() -> Vec<Element> {
        crate::element::elements(20, 3)
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("serde_core::de::Deserialize<'de> for CowVec<T>", |v| {
                read::<CowVec<Element>>();
                read_into(v);
            }),
            case("serde_core::de::Deserialize<'de> for UniqueVec<T>", |_| {
                read::<UniqueVec<Element>>();
                read_into(&mut UniqueVec::from(elements()));
            }),
            case("serde_core::de::Deserialize<'de> for PersistentVector<T>", |_| {
                read::<PersistentVector<Element>>();
                read_into(&mut PersistentVector::from(elements()));
            }),
            case("serde_core::de::Deserialize<'de> for string::CowString", |_| {
                read::<CowString>();
                let mut text = CowString::from("a text that is longer than what fits inline");
                let hidden = text.clone();
                read_into(&mut text);
                assert!(hidden.starts_with("a text"));
                text.check();
            }),
            case("serde_core::ser::Serialize for CowVec<T>", |v| write(v)),
            case("serde_core::ser::Serialize for UniqueVec<T>", |_| {
                write(&UniqueVec::from(elements()));
            }),
            case("serde_core::ser::Serialize for PersistentVector<T>", |_| {
                write(&PersistentVector::from(elements()));
            }),
            case("serde_core::ser::Serialize for string::CowString", |_| {
                write(&CowString::from("ab"))
            }),
            #[cfg(feature = "list")]
            case("serde_core::de::Deserialize<'de> for CopyOnWriteList<T>", |_| {
                read::<CopyOnWriteList<Element>>();
            }),
            #[cfg(feature = "list")]
            case("serde_core::de::Deserialize<'de> for CopyOnWriteSet<T>", |_| {
                read::<CopyOnWriteSet<Element>>();
            }),
            #[cfg(feature = "list")]
            case(
                "serde_core::de::Deserialize<'de> for CopyOnWriteCell<T> \
                 | serde_core::de::Deserialize<'de> for list::Snapshot<T>",
                |_| {
                    read::<CopyOnWriteCell<Vec<Element>>>();
                    read::<Snapshot<Vec<Element>>>();
                },
            ),
            #[cfg(feature = "list")]
            case(
                "serde_core::ser::Serialize for CopyOnWriteCell<T> \
                 | serde_core::ser::Serialize for list::Snapshot<T>",
                |_| {
                    let cell = CopyOnWriteCell::new(elements());
                    write(&cell);
                    write(&cell.snapshot());
                },
            ),
            #[cfg(feature = "list")]
            case("serde_core::ser::Serialize for CopyOnWriteList<T>", |_| {
                write(&CopyOnWriteList::from(elements()));
            }),
            #[cfg(feature = "list")]
            case("serde_core::ser::Serialize for CopyOnWriteSet<T>", |_| {
                write(&CopyOnWriteSet::from([20, 21].map(Element::of)));
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn serde_formats_that_lie_leave_collections_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "borsh")]
mod borsh {
    use borsh::io::{Error, ErrorKind, Read, Result, Write};
    use borsh::{BorshDeserialize, BorshSerialize};
    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};

    use crate::attack::{Case, attack, case};
    use crate::element::{Elem, Item, elements};
    use crate::script::{Ask, answer};

    type Element = Item<0>;

    impl BorshSerialize for Element {
        fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
            match answer(Ask::Write, &[1, 0, 40]) {
                0 => Err(Error::from(ErrorKind::InvalidData)),
                count => (0..count).try_for_each(|_| self.number().serialize(writer)),
            }
        }
    }

    impl BorshDeserialize for Element {
        fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
            let byte = u8::deserialize_reader(reader)?;
            if byte == 0 { Err(ErrorKind::InvalidData.into()) } else { Ok(Self::of(20)) }
        }
    }

    /// A writer that fails at times, or reports more bytes than it was given.
    struct Writer;

    impl Write for Writer {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            let len = bytes.len();
            match answer(Ask::Size, &[Some(len), Some(0), Some(len + 100), None]) {
                Some(len) => Ok(len),
                None => Err(ErrorKind::WriteZero.into()),
            }
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    /// A reader that yields a length of three and then bytes, or lies.
    struct Reader(usize);

    impl Read for Reader {
        fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
            let len = bytes.len();
            // The input must end at some point.
            if self.0 > 60 {
                return Ok(0);
            }
            let length = answer(Ask::View, &[[3, 0, 0, 0], [u8::MAX; 4], [0; 4]]);
            for byte in bytes {
                *byte = length.get(self.0).copied().unwrap_or(b'a');
                self.0 += 1;
            }
            match answer(Ask::Size, &[Some(len), Some(0), Some(len + 100), None]) {
                Some(len) => Ok(len),
                None => Err(ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    fn read<C: BorshDeserialize>() {
        drop(C::deserialize_reader(&mut Reader(0)));
    }

    fn write(value: &impl BorshSerialize) {
        _ = value.serialize(&mut Writer);
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("borsh::de::BorshDeserialize for CowVec<T>", |_| read::<CowVec<Element>>()),
            case("borsh::de::BorshDeserialize for UniqueVec<T>", |_| read::<UniqueVec<Element>>()),
            case("borsh::de::BorshDeserialize for PersistentVector<T>", |_| {
                read::<PersistentVector<Element>>();
            }),
            case("borsh::de::BorshDeserialize for string::CowString", |_| read::<CowString>()),
            case("borsh::ser::BorshSerialize for CowVec<T>", |v| write(v)),
            case("borsh::ser::BorshSerialize for UniqueVec<T>", |_| {
                write(&UniqueVec::from(elements::<Element>(20, 3)));
            }),
            case("borsh::ser::BorshSerialize for PersistentVector<T>", |_| {
                write(&PersistentVector::from(elements::<Element>(20, 3)));
            }),
            case("borsh::ser::BorshSerialize for string::CowString", |_| {
                write(&CowString::from("ab"))
            }),
            #[cfg(feature = "list")]
            case("borsh::de::BorshDeserialize for CopyOnWriteList<T>", |_| {
                read::<CopyOnWriteList<Element>>();
            }),
            #[cfg(feature = "list")]
            case("borsh::de::BorshDeserialize for CopyOnWriteSet<T>", |_| {
                read::<CopyOnWriteSet<Element>>();
            }),
            #[cfg(feature = "list")]
            case("borsh::ser::BorshSerialize for CopyOnWriteSet<T>", |_| {
                write(&CopyOnWriteSet::from(elements::<Element>(20, 3)));
            }),
            #[cfg(feature = "list")]
            case("borsh::ser::BorshSerialize for CopyOnWriteList<T>", |_| {
                write(&CopyOnWriteList::from(elements::<Element>(20, 3)));
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn borsh_readers_and_writers_that_lie_leave_collections_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "rkyv")]
mod rkyv {
    use std::cmp::Ordering;
    use std::fmt;

    #[cfg(feature = "list")]
    use cow_collections::list::Snapshot;
    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteCell, CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};
    use rkyv::api::high::{HighDeserializer, HighSerializer, to_bytes_in};
    #[cfg(feature = "list")]
    use rkyv::boxed::ArchivedBox;
    use rkyv::rancor::{Error, Fallible, Source, Strategy};
    use rkyv::ser::allocator::ArenaHandle;
    use rkyv::ser::{Positional, Writer};
    use rkyv::string::ArchivedString;
    use rkyv::util::AlignedVec;
    use rkyv::vec::ArchivedVec;
    use rkyv::{Archive, Deserialize, Place, Portable, Serialize, to_bytes};

    use crate::attack::{Case, attack, case};
    use crate::element::{Elem, Item, elements};
    use crate::script::{Ask, answer, call};

    type Element = Item<0>;

    impl Archive for Element {
        type Archived = u8;
        type Resolver = ();

        fn resolve(&self, (): (), out: Place<u8>) {
            out.write(answer(Ask::View, &[self.number(), 0, 255]));
        }
    }

    impl<S: Fallible<Error: Source> + ?Sized> Serialize<S> for Element {
        fn serialize(&self, _: &mut S) -> Result<(), S::Error> {
            let fails = answer(Ask::Write, &[false, true]);
            if fails { Err(S::Error::new(fmt::Error)) } else { Ok(()) }
        }
    }

    impl<D: Fallible<Error: Source> + ?Sized> Deserialize<Element, D> for u8 {
        fn deserialize(&self, _: &mut D) -> Result<Element, D::Error> {
            let fails = answer(Ask::View, &[false, true]);
            if fails { Err(D::Error::new(fmt::Error)) } else { Ok(Element::of(20)) }
        }
    }

    impl PartialEq<Element> for u8 {
        fn eq(&self, other: &Element) -> bool {
            answer(Ask::Equal, &[*self == other.number(), true, false])
        }
    }

    impl PartialOrd<Element> for u8 {
        fn partial_cmp(&self, other: &Element) -> Option<Ordering> {
            let honest = self.partial_cmp(&other.number());
            answer(Ask::Partial, &[honest, None, Some(Ordering::Less), Some(Ordering::Greater)])
        }
    }

    /// A writer that fails at times.
    #[derive(Default)]
    struct Output(usize);

    impl Positional for Output {
        fn pos(&self) -> usize {
            call();
            self.0
        }
    }

    impl Writer<Error> for Output {
        fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
            self.0 += bytes.len();
            let fails = answer(Ask::Size, &[false, true]);
            if fails { Err(Error::new(fmt::Error)) } else { Ok(()) }
        }
    }

    /// The case that runs no code of an element, because the deserialiser is not used.
    const TEXT: &str =
        "rkyv::traits::Deserialize<string::CowString, D> for rkyv::string::ArchivedString";

    fn write<T>(value: &T)
    where
        T: for<'a> Serialize<HighSerializer<AlignedVec, ArenaHandle<'a>, Error>>
            + for<'a> Serialize<HighSerializer<Output, ArenaHandle<'a>, Error>>,
    {
        _ = to_bytes::<Error>(value);
        _ = to_bytes_in::<_, Error>(value, Output::default());
    }

    /// Calls `work` with the archive of a vector of three bytes, of a text or of a box.
    fn with_archive<A: Portable>(
        honest: &impl for<'a> Serialize<
            HighSerializer<AlignedVec, ArenaHandle<'a>, Error>,
            Archived = A,
        >,
        work: impl FnOnce(&A),
    ) {
        let bytes = to_bytes::<Error>(honest).expect("no element lies");
        #[expect(unsafe_code, reason = "the feature `bytecheck` is off")]
        // SAFETY: the bytes are the archive of a value whose archived form is `A`.
        work(unsafe { rkyv::access_unchecked(&bytes) });
    }

    type Input = HighDeserializer<Error>;

    fn read_vec<C>()
    where
        ArchivedVec<u8>: Deserialize<C, Input>,
    {
        let mut input = rkyv::de::Pool::new();
        with_archive(&vec![7_u8, 8, 9], |archived: &ArchivedVec<u8>| {
            _ = archived.deserialize(Strategy::<_, Error>::wrap(&mut input));
        });
    }

    #[cfg(feature = "list")]
    fn read_box<C>()
    where
        ArchivedBox<u8>: Deserialize<C, Input>,
    {
        let mut input = rkyv::de::Pool::new();
        with_archive(&Box::new(7_u8), |archived: &ArchivedBox<u8>| {
            _ = archived.deserialize(Strategy::<_, Error>::wrap(&mut input));
        });
    }

    fn compare<C>(other: &C)
    where
        ArchivedVec<u8>: PartialOrd<C>,
    {
        with_archive(&vec![20_u8, 21, 22], |archived: &ArchivedVec<u8>| {
            _ = archived == other;
            _ = archived.partial_cmp(other);
        });
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case(
                "rkyv::traits::Archive for CowVec<T> | rkyv::traits::Serialize<S> for CowVec<T>",
                |v| {
                    write(v);
                },
            ),
            case(
                "rkyv::traits::Archive for UniqueVec<T> | rkyv::traits::Serialize<S> for UniqueVec<T>",
                |_| {
                    write(&UniqueVec::from(elements::<Element>(20, 3)));
                },
            ),
            case(
                "rkyv::traits::Archive for PersistentVector<T> | rkyv::traits::Serialize<S> for PersistentVector<T>",
                |_| {
                    write(&PersistentVector::from(elements::<Element>(20, 3)));
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Archive for CopyOnWriteList<T> | rkyv::traits::Serialize<S> for CopyOnWriteList<T>",
                |_| {
                    write(&CopyOnWriteList::from(elements::<Element>(20, 3)));
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Archive for CopyOnWriteSet<T> | rkyv::traits::Serialize<S> for CopyOnWriteSet<T>",
                |_| {
                    write(&CopyOnWriteSet::from(elements::<Element>(20, 3)));
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Archive for CopyOnWriteCell<T> | rkyv::traits::Serialize<S> for CopyOnWriteCell<T>",
                |_| {
                    write(&CopyOnWriteCell::new(Element::of(20)));
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Archive for list::Snapshot<T> | rkyv::traits::Serialize<S> for list::Snapshot<T>",
                |_| {
                    write(&Snapshot::from(Element::of(20)));
                },
            ),
            case("rkyv::traits::Serialize<S> for string::CowString", |_| {
                write(&CowString::from("a text of more than eight bytes"));
            }),
            case(TEXT, |_| {
                let mut input = ();
                with_archive(&String::from("ab"), |archived: &ArchivedString| {
                    let text: Result<CowString, Error> =
                        archived.deserialize(Strategy::wrap(&mut input));
                    assert_eq!(text.expect("no error is possible"), "ab");
                });
            }),
            case(
                "rkyv::traits::Deserialize<CowVec<T>, D> for rkyv::vec::ArchivedVec<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_vec::<CowVec<Element>>();
                },
            ),
            case(
                "rkyv::traits::Deserialize<UniqueVec<T>, D> for rkyv::vec::ArchivedVec<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_vec::<UniqueVec<Element>>();
                },
            ),
            case(
                "rkyv::traits::Deserialize<PersistentVector<T>, D> for rkyv::vec::ArchivedVec<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_vec::<PersistentVector<Element>>();
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Deserialize<CopyOnWriteList<T>, D> for rkyv::vec::ArchivedVec<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_vec::<CopyOnWriteList<Element>>();
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Deserialize<CopyOnWriteSet<T>, D> for rkyv::vec::ArchivedVec<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_vec::<CopyOnWriteSet<Element>>();
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Deserialize<CopyOnWriteCell<T>, D> for rkyv::boxed::ArchivedBox<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_box::<CopyOnWriteCell<Element>>();
                },
            ),
            #[cfg(feature = "list")]
            case(
                "rkyv::traits::Deserialize<list::Snapshot<T>, D> for rkyv::boxed::ArchivedBox<<T as rkyv::traits::Archive>::Archived>",
                |_| {
                    read_box::<Snapshot<Element>>();
                },
            ),
            case(
                "PartialEq<CowVec<U>> for rkyv::vec::ArchivedVec<T> | PartialOrd<CowVec<U>> for rkyv::vec::ArchivedVec<T>",
                |v| {
                    compare(v);
                },
            ),
            case(
                "PartialEq<UniqueVec<U>> for rkyv::vec::ArchivedVec<T> | PartialOrd<UniqueVec<U>> for rkyv::vec::ArchivedVec<T>",
                |_| {
                    compare(&UniqueVec::from(elements::<Element>(20, 3)));
                },
            ),
            case(
                "PartialEq<PersistentVector<U>> for rkyv::vec::ArchivedVec<T> | PartialOrd<PersistentVector<U>> for rkyv::vec::ArchivedVec<T>",
                |_| {
                    compare(&PersistentVector::from(elements::<Element>(20, 3)));
                },
            ),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn elements_and_writers_of_rkyv_that_lie_leave_collections_valid() {
        assert_eq!(attack(&cases()), [TEXT]);
    }
}

#[cfg(feature = "arbitrary")]
mod arbitrary {
    use arbitrary::{Arbitrary, Error, Result, Unstructured};
    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowVec, PersistentVector, UniqueVec};

    use crate::attack::{Case, attack, case};
    use crate::element::{Elem, Item};
    use crate::script::{Ask, answer};

    type Element = Item<0>;

    impl<'a> Arbitrary<'a> for Element {
        fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
            _ = bytes.fill_buffer(&mut [0; 2]);
            let fails = answer(Ask::View, &[false, true]);
            if fails { Err(Error::NotEnoughData) } else { Ok(Self::of(20)) }
        }

        fn size_hint(_: usize) -> (usize, Option<usize>) {
            answer(Ask::Hint, &[(2, Some(2)), (0, Some(0)), (usize::MAX, None)])
        }
    }

    fn make<C: Arbitrary<'static>>() {
        drop(C::arbitrary(&mut Unstructured::new(&[1; 40])));
        drop(C::arbitrary_take_rest(Unstructured::new(&[1; 40])));
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("arbitrary::Arbitrary<'a> for CowVec<T>", |_| make::<CowVec<Element>>()),
            case("arbitrary::Arbitrary<'a> for UniqueVec<T>", |_| make::<UniqueVec<Element>>()),
            case("arbitrary::Arbitrary<'a> for PersistentVector<T>", |_| {
                make::<PersistentVector<Element>>();
            }),
            #[cfg(feature = "list")]
            case("arbitrary::Arbitrary<'a> for CopyOnWriteList<T>", |_| {
                make::<CopyOnWriteList<Element>>();
            }),
            #[cfg(feature = "list")]
            case("arbitrary::Arbitrary<'a> for CopyOnWriteSet<T>", |_| {
                make::<CopyOnWriteSet<Element>>();
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn arbitrary_elements_that_fail_leave_collections_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "proptest")]
mod proptest {
    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowVec, PersistentVector, UniqueVec};
    use proptest::arbitrary::{Arbitrary, any_with};
    use proptest::strategy::{BoxedStrategy, Just, Strategy, ValueTree};
    use proptest::test_runner::TestRunner;

    use crate::attack::{Case, attack, case};
    use crate::element::{Elem, Item};
    use crate::script::call;

    type Element = Item<0>;

    impl Arbitrary for Element {
        type Parameters = ();
        type Strategy = BoxedStrategy<Self>;

        fn arbitrary_with((): ()) -> Self::Strategy {
            call();
            let make = |()| {
                call();
                Self::of(20)
            };
            Just(()).prop_map(make).boxed()
        }
    }

    /// Makes a value and simplifies it.
    fn make<C: Arbitrary<Parameters = (proptest::collection::SizeRange, ())>>() {
        let strategy = any_with::<C>((2.into(), ()));
        if let Ok(mut tree) = strategy.new_tree(&mut TestRunner::deterministic()) {
            drop(tree.current());
            tree.simplify();
            drop(tree.current());
        }
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("proptest::arbitrary::traits::Arbitrary for CowVec<T>", |_| {
                make::<CowVec<Element>>();
            }),
            case("proptest::arbitrary::traits::Arbitrary for UniqueVec<T>", |_| {
                make::<UniqueVec<Element>>();
            }),
            case("proptest::arbitrary::traits::Arbitrary for PersistentVector<T>", |_| {
                make::<PersistentVector<Element>>();
            }),
            #[cfg(feature = "list")]
            case("proptest::arbitrary::traits::Arbitrary for CopyOnWriteList<T>", |_| {
                make::<CopyOnWriteList<Element>>();
            }),
            #[cfg(feature = "list")]
            case("proptest::arbitrary::traits::Arbitrary for CopyOnWriteSet<T>", |_| {
                make::<CopyOnWriteSet<Element>>();
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn proptest_strategies_that_panic_leave_collections_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "quickcheck")]
mod quickcheck {
    use cow_collections::{CowVec, PersistentVector, UniqueVec};
    use quickcheck::{Arbitrary, Gen};

    use crate::attack::{Case, attack, case};
    use crate::element::{Elem, Item};
    use crate::script::{Ask, answer, call};

    type Element = Item<0>;

    impl Arbitrary for Element {
        fn arbitrary(_: &mut Gen) -> Self {
            call();
            Self::of(20)
        }

        fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
            let shrinks = answer(Ask::View, &[2, 0, 5]);
            let smaller = |_| {
                call();
                Self::of(10)
            };
            Box::new((0..shrinks).map(smaller))
        }
    }

    /// Makes a value and shrinks it.
    fn make<C: Arbitrary>() {
        let value = C::arbitrary(&mut Gen::from_size_and_seed(4, 1));
        value.shrink().take(10).for_each(drop);
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("quickcheck::arbitrary::Arbitrary for CowVec<T>", |_| make::<CowVec<Element>>()),
            case("quickcheck::arbitrary::Arbitrary for UniqueVec<T>", |_| {
                make::<UniqueVec<Element>>();
            }),
            case("quickcheck::arbitrary::Arbitrary for PersistentVector<T>", |_| {
                make::<PersistentVector<Element>>();
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn quickcheck_elements_that_panic_leave_collections_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "schemars")]
mod schemars {
    use std::borrow::Cow;

    #[cfg(feature = "list")]
    use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
    use cow_collections::{CowVec, PersistentVector, UniqueVec};
    use schemars::{JsonSchema, Schema, SchemaGenerator};

    use crate::attack::{Case, attack, case};
    use crate::element::Item;
    use crate::script::{Ask, answer, call};

    type Element = Item<0>;

    impl JsonSchema for Element {
        fn schema_name() -> Cow<'static, str> {
            answer(Ask::View, &["element", "", "another"]).into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            call();
            Schema::default()
        }
    }

    fn make<C: JsonSchema>() {
        let mut generator = SchemaGenerator::default();
        _ = (C::schema_name(), C::schema_id(), C::inline_schema());
        drop(C::json_schema(&mut generator));
        drop(generator.into_root_schema_for::<C>());
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("schemars::JsonSchema for CowVec<T>", |_| make::<CowVec<Element>>()),
            case("schemars::JsonSchema for UniqueVec<T>", |_| make::<UniqueVec<Element>>()),
            case("schemars::JsonSchema for PersistentVector<T>", |_| {
                make::<PersistentVector<Element>>();
            }),
            #[cfg(feature = "list")]
            case("schemars::JsonSchema for CopyOnWriteList<T>", |_| {
                make::<CopyOnWriteList<Element>>();
            }),
            #[cfg(feature = "list")]
            case("schemars::JsonSchema for CopyOnWriteSet<T>", |_| {
                make::<CopyOnWriteSet<Element>>()
            }),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn schemas_that_panic_lose_nothing() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

#[cfg(feature = "zeroize")]
mod zeroize {
    use cow_collections::{CowVec, UniqueVec};
    use zeroize::Zeroize;

    use crate::attack::{Case, Subject, attack, case};
    use crate::element::{Elem, Item};
    use crate::script::call;

    type Element = Item<0>;

    impl Zeroize for Element {
        fn zeroize(&mut self) {
            call();
            *self = Self::of(1);
        }
    }

    fn cases() -> Vec<Case<CowVec<Element>>> {
        let cases: &[Case<CowVec<Element>>] = &[
            case("CowVec::try_zeroize", |v| _ = v.try_zeroize()),
            case("zeroize::Zeroize for UniqueVec<T>", |_| UniqueVec::<Element>::make(1).zeroize()),
        ];
        cases.to_vec()
    }

    pub fn covers() -> Vec<&'static str> {
        cases().iter().map(|case| case.covers).collect()
    }

    #[test]
    fn zeroize_that_panics_leaves_vectors_valid() {
        assert_eq!(attack(&cases()), [""; 0]);
    }
}

/// A writer that fails at times, or reports more bytes than it was given.
#[cfg(feature = "serde")]
struct Writer;

#[cfg(feature = "serde")]
mod io {
    use std::io::{Error, ErrorKind, Result, Write};

    use crate::script::{Ask, answer};

    impl Write for super::Writer {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            let len = bytes.len();
            match answer(Ask::Size, &[Some(len), Some(0), Some(len + 100), None]) {
                Some(len) => Ok(len),
                None => Err(Error::from(ErrorKind::WriteZero)),
            }
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }
}

pub fn covers() -> Vec<&'static str> {
    let all: &[fn() -> Vec<&'static str>] = &[
        #[cfg(feature = "serde")]
        serde::covers,
        #[cfg(feature = "borsh")]
        borsh::covers,
        #[cfg(feature = "rkyv")]
        rkyv::covers,
        #[cfg(feature = "arbitrary")]
        arbitrary::covers,
        #[cfg(feature = "proptest")]
        proptest::covers,
        #[cfg(feature = "quickcheck")]
        quickcheck::covers,
        #[cfg(feature = "schemars")]
        schemars::covers,
        #[cfg(feature = "zeroize")]
        zeroize::covers,
    ];
    all.iter().flat_map(|covers| covers()).collect()
}
