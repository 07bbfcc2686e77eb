use bytes::Bytes;
use cow_collections::{CowString, CowVec, UniqueVec, cow_vec};

#[test]
fn a_buffer_becomes_bytes_without_a_copy() {
    let mut v = cow_vec![1_u8, 2, 3];
    let start = v.as_ptr();
    let bytes = Bytes::from(v.clone());
    assert_eq!((bytes.as_ptr(), &bytes[..]), (start, &[1, 2, 3][..]));
    v.push(4);
    v.make_mut()[0] = 9;
    assert_eq!((&v[..], &bytes[..]), (&[9, 2, 3, 4][..], &[1, 2, 3][..]));
    let part = bytes.slice(1..);
    drop(bytes);
    assert_eq!((&part[..], part.as_ptr()), (&[2, 3][..], start.wrapping_add(1)));

    let mut sole = cow_vec![5_u8; 40];
    let bytes = Bytes::from(sole.clone());
    assert!(!sole.is_unique());
    drop(bytes);
    assert!(sole.is_unique(), "dropping the bytes releases the buffer");
    assert_eq!(Bytes::from(UniqueVec::from([7, 8])), [7, 8][..]);
    assert!(Bytes::from(CowVec::new()).is_empty() && Bytes::from(CowString::new()).is_empty());
}

#[test]
fn a_text_becomes_bytes_wherever_it_is() {
    let long = CowString::from("a text of more than fifteen bytes");
    let bytes = Bytes::from(long.slice(2..30));
    assert_eq!((&bytes[..], bytes.as_ptr()), (&long.as_bytes()[2..30], long[2..].as_ptr()));
    const STATIC: CowString = CowString::from_static("a text that is in the program itself");
    assert_eq!(Bytes::from(STATIC).as_ptr(), STATIC.as_ptr());
    let inline = Bytes::from(CowString::from("short"));
    let moved = std::thread::spawn(move || (inline.clone(), inline)).join().unwrap();
    assert_eq!((&moved.0[..], &moved.1[..]), (&b"short"[..], &b"short"[..]));
}

#[test]
fn bytes_are_copied_in() {
    let bytes = Bytes::from_static("für alle, die lesen".as_bytes());
    assert_eq!(CowVec::from(bytes.clone()), bytes[..]);
    assert_eq!(UniqueVec::from(bytes.clone()), bytes[..]);
    assert_eq!(CowString::try_from(bytes.clone()).unwrap(), "für alle, die lesen");
    let error = CowString::try_from(bytes.slice(..2)).unwrap_err();
    assert_eq!((error.valid_up_to(), error.error_len()), (1, None));
}
