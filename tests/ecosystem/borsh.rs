use std::fmt::Debug;

use borsh::{BorshDeserialize, BorshSerialize};
use cow_collections::{
    CopyOnWriteList, CopyOnWriteSet, CowString, CowVec, PersistentVector, UniqueVec,
};
use proptest::prelude::*;

/// Checks that a collection is written as a `Vec` of the elements, and read back. Input that is cut or too long must
/// give the error of `Vec`.
#[track_caller]
fn as_vec<T, C>(elements: &[T])
where
    T: Clone + BorshSerialize + BorshDeserialize + Debug,
    C: FromIterator<T> + BorshSerialize + BorshDeserialize + PartialEq + Debug,
{
    let collection: C = elements.iter().cloned().collect();
    let mut bytes = borsh::to_vec(&collection).unwrap();
    assert_eq!(bytes, borsh::to_vec(elements).unwrap());
    assert_eq!(borsh::from_slice::<C>(&bytes).unwrap(), collection);
    let same_error = |bytes: &[u8]| {
        let ours = borsh::from_slice::<C>(bytes).unwrap_err();
        let theirs = borsh::from_slice::<Vec<T>>(bytes).unwrap_err();
        assert_eq!((ours.kind(), ours.to_string()), (theirs.kind(), theirs.to_string()));
    };
    for end in [0, 3, bytes.len() - 1] {
        same_error(&bytes[..end]);
    }
    bytes.push(0);
    same_error(&bytes);
    bytes[..4].copy_from_slice(&[0xFF; 4]); // a length of 4,294,967,295
    same_error(&bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn encoded_value_decodes_to_itself(
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
        for text in &texts {
            let written = borsh::to_vec(&CowString::from(text)).unwrap();
            prop_assert_eq!(&written, &borsh::to_vec(text).unwrap());
            prop_assert_eq!(&borsh::from_slice::<CowString>(&written).unwrap(), text);
        }
    }
}

#[test]
fn around_the_inline_limit() {
    for len in 0..20 {
        for letter in ["x", "ß", "€"] {
            let text = letter.repeat(len);
            let mut bytes = borsh::to_vec(&CowString::from(&text)).unwrap();
            assert_eq!(borsh::from_slice::<CowString>(&bytes).unwrap(), text);
            if let Some(last) = bytes[4..].last_mut() {
                *last = 0xFF;
                borsh::from_slice::<CowString>(&bytes).unwrap_err();
            }
        }
    }
}

/// Checks that `C` refuses to write and to read elements of no size with the errors of `Vec`.
#[track_caller]
fn zero_sized_elements_are_refused<T, C>(element: &T)
where
    T: Clone + BorshSerialize + BorshDeserialize + Debug,
    C: FromIterator<T> + BorshSerialize + BorshDeserialize + Debug,
{
    for len in [0, 3] {
        let elements = vec![element.clone(); len];
        let ours = borsh::to_vec(&elements.iter().cloned().collect::<C>()).unwrap_err();
        let theirs = borsh::to_vec(&elements).unwrap_err();
        assert_eq!((ours.kind(), ours.to_string()), (theirs.kind(), theirs.to_string()));
        let bytes = (len as u32).to_le_bytes();
        let ours = borsh::from_slice::<C>(&bytes).unwrap_err();
        let theirs = borsh::from_slice::<Vec<T>>(&bytes).unwrap_err();
        assert_eq!((ours.kind(), ours.to_string()), (theirs.kind(), theirs.to_string()));
    }
}

#[test]
fn zero_sized_elements_are_neither_written_nor_read() {
    zero_sized_elements_are_refused::<(), CowVec<()>>(&());
    zero_sized_elements_are_refused::<(), UniqueVec<()>>(&());
    zero_sized_elements_are_refused::<(), PersistentVector<()>>(&());
    zero_sized_elements_are_refused::<(), CopyOnWriteList<()>>(&());
    zero_sized_elements_are_refused::<(), CopyOnWriteSet<()>>(&());
    zero_sized_elements_are_refused::<[u8; 0], CowVec<[u8; 0]>>(&[]);
    zero_sized_elements_are_refused::<[u8; 0], UniqueVec<[u8; 0]>>(&[]);
    zero_sized_elements_are_refused::<[u8; 0], PersistentVector<[u8; 0]>>(&[]);
    zero_sized_elements_are_refused::<[u8; 0], CopyOnWriteList<[u8; 0]>>(&[]);
    zero_sized_elements_are_refused::<[u8; 0], CopyOnWriteSet<[u8; 0]>>(&[]);
}

#[test]
fn a_set_is_written_in_its_order_and_read_without_duplicates() {
    as_vec::<_, CopyOnWriteSet<u64>>(&[3, 1, 2]);
    let bytes = borsh::to_vec(&vec![3_u8, 1, 3, 2, 1]).unwrap();
    let set: CopyOnWriteSet<u8> = borsh::from_slice(&bytes).unwrap();
    assert_eq!(set.load()[..], [3, 1, 2]);
}
