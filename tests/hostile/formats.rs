//! Readers, writers and generators of other crates: serde, borsh, arbitrary, proptest, schemars, zeroize.

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
        #[cfg(feature = "arbitrary")]
        arbitrary::covers,
        #[cfg(feature = "proptest")]
        proptest::covers,
        #[cfg(feature = "schemars")]
        schemars::covers,
        #[cfg(feature = "zeroize")]
        zeroize::covers,
    ];
    all.iter().flat_map(|covers| covers()).collect()
}
