//! Tests of conversions and comparisons between the vectors and every type that `Vec` converts to or compares with.

use std::borrow::{Borrow, BorrowMut, Cow};
use std::cell::Cell;
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;
use std::sync::Arc;

use crate::common::dummy::{Dummy, Ledger, Point, panic_at_every};
use cow_collections::{CowVec, UniqueVec, cow_vec};

fn ids<'a>(dummies: impl IntoIterator<Item = &'a Dummy>) -> Vec<u32> {
    dummies.into_iter().map(|dummy| dummy.id).collect()
}

/// Returns a deque whose elements wrap around.
fn wrapped<T>(elements: Vec<T>) -> VecDeque<T> {
    let mut deque = VecDeque::with_capacity(elements.len());
    let mut elements = elements.into_iter();
    let first: Vec<T> = elements.by_ref().take(2).collect();
    deque.extend(elements);
    for element in first.into_iter().rev() {
        deque.push_front(element);
    }
    assert!(deque.len() < 3 || !deque.as_slices().1.is_empty(), "the elements wrap around");
    deque
}

/// Checks that `$vec == $other` and `$other == $vec` are `$expected`.
macro_rules! compare {
    ($vec:expr, $expected:expr; $($other:expr),+ $(,)?) => {$(
        assert_eq!($vec == $other, $expected, stringify!($vec == $other));
        assert_eq!($other == $vec, $expected, stringify!($other == $vec));
    )+};
}

#[test]
fn comparison_both_ways_with_another_element_type() {
    let strings = || ["a", "b", "c"].map(String::from);
    let (cow, unique) = (CowVec::from(strings()), UniqueVec::from(strings()));
    let cases: [(Vec<&str>, bool); 5] = [
        (vec!["a", "b", "c"], true),
        (vec!["a", "b", "d"], false),
        (vec!["x", "b", "c"], false),
        (vec!["a", "b"], false),
        (vec!["a", "b", "c", "d"], false),
    ];
    for (mut other, expected) in cases {
        let deque = wrapped(other.clone());
        let (other_cow, other_unique) =
            (CowVec::from(other.clone()), UniqueVec::from(other.clone()));
        compare!(cow, expected; other_cow, other_unique, other, other[..], deque);
        compare!(cow, expected; &other[..], Cow::Borrowed(&other[..]), Cow::Owned(other.clone()));
        compare!(cow, expected; &mut other[..]);
        compare!(unique, expected; other_cow, other_unique, other, other[..], deque);
        compare!(unique, expected; &other[..], Cow::Borrowed(&other[..]), Cow::Owned(other.clone()));
        compare!(unique, expected; &mut other[..]);
    }
    compare!(cow, true; ["a", "b", "c"], &["a", "b", "c"]);
    compare!(cow, false; ["a", "b"], &["a", "b", "d"]);
    compare!(unique, true; ["a", "b", "c"], &["a", "b", "c"]);
    compare!(unique, false; ["a", "b"], &["a", "b", "d"]);
    compare!(cow, true; cow.clone(), unique);
}

#[test]
fn comparison_infers_what_it_infers_for_vec() {
    macro_rules! infer {
        ($($empty:expr),+) => {$(
            assert_eq!($empty, []);
            assert_eq!($empty, &[]);
            assert_eq!($empty, vec![]);
            assert_eq!($empty, Vec::new());
            assert_eq!(vec![] as Vec<Ordering>, $empty);
            assert_ne!($empty, [Ordering::Less]);
        )+};
    }
    // Not tested with numbers and `char`: crates that some features enable implement more comparisons for them.
    infer!(Vec::<Ordering>::new(), CowVec::<Ordering>::new(), UniqueVec::<Ordering>::new());
}

#[test]
fn equality_has_no_pointer_short_cut() {
    let v = cow_vec![f32::NAN];
    assert!(v.ptr_eq(&v.clone()));
    assert_ne!(v, v.clone());
}

/// An element that panics if it is compared.
struct Unasked;

impl PartialEq for Unasked {
    fn eq(&self, _: &Self) -> bool {
        panic!("asked")
    }
}

impl Eq for Unasked {}

#[test]
fn fast_equality_compares_only_what_is_not_the_same() {
    let v = cow_vec![Unasked, Unasked];
    assert!(v.fast_eq(&v.clone()));
    assert!(!v.fast_eq(&cow_vec![Unasked]), "the lengths differ");
    let v = cow_vec![1, 2];
    assert!(v.fast_eq(&cow_vec![1, 2]) && !v.fast_eq(&cow_vec![1, 3]));
}

#[test]
fn unique_becomes_shared_in_place() {
    let unique = UniqueVec::from([1, 2]);
    let at = unique.as_ptr();
    let v = CowVec::from(unique);
    assert_eq!((v.as_ptr(), &v[..]), (at, &[1, 2][..]));
}

#[test]
fn order_and_hash_are_the_slices() {
    let lists: [&[u32]; 5] = [&[], &[0], &[1], &[1, 0], &[2]];
    let state = std::hash::RandomState::new();
    let hash = |x: &dyn Fn(&mut std::hash::DefaultHasher)| {
        let mut hasher = state.build_hasher();
        x(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    };
    for a in lists {
        let (cow, unique) = (CowVec::from(a), UniqueVec::from(a));
        let expected = hash(&|h| a.hash(h));
        assert_eq!((hash(&|h| cow.hash(h)), hash(&|h| unique.hash(h))), (expected, expected));
        for b in lists {
            assert_eq!(cow.cmp(&b.into()), a.cmp(b));
            assert_eq!(unique.cmp(&b.into()), a.cmp(b));
            assert_eq!(cow.partial_cmp(&b.into()), a.partial_cmp(b));
            assert_eq!(unique.partial_cmp(&b.into()), a.partial_cmp(b));
        }
    }
    let by_cow: HashMap<CowVec<u32>, usize> = lists.map(|l| (l.into(), l.len())).into();
    let by_unique: HashMap<UniqueVec<u32>, usize> = lists.map(|l| (l.into(), l.len())).into();
    assert_eq!((by_cow.get(&[1, 0][..]), by_unique.get(&[1, 0][..])), (Some(&2), Some(&2)));
    assert_eq!((by_cow.get(&[9][..]), by_unique.get(&[9][..])), (None, None));
    assert!(cow_vec![f32::NAN].partial_cmp(&cow_vec![0.0]).is_none());
}

/// Converts three dummies in the form of `$source` to both vectors, and checks the number of clones.
macro_rules! from {
    ($($clones:expr, |$dummies:ident| $source:expr;)+) => {$(
        from!(CowVec, $clones, |$dummies| $source);
        from!(UniqueVec, $clones, |$dummies| $source);
    )+};
    ($vec:ident, $clones:expr, |$dummies:ident| $source:expr) => {
        let ledger = Ledger::new();
        {
            #[allow(unused_mut, reason = "some sources are borrowed mutably")]
            let mut $dummies = ledger.dummies(0..3);
            let vec = $vec::from($source);
            assert_eq!(ids(&vec), [0, 1, 2], stringify!($source));
            assert_eq!(ledger.cloned.get(), $clones, stringify!($source));
        }
        assert_eq!(ledger.live(), 0, stringify!($source));
    };
}

fn three(dummies: Vec<Dummy>) -> [Dummy; 3] {
    dummies.try_into().unwrap()
}

#[test]
fn from_what_is_owned_moves_and_from_what_is_borrowed_clones() {
    from! {
        0, |dummies| dummies;
        0, |dummies| dummies.into_boxed_slice();
        0, |dummies| VecDeque::from(dummies);
        0, |dummies| wrapped(dummies);
        0, |dummies| three(dummies);
        0, |dummies| Cow::Owned(dummies);
        3, |dummies| Cow::Borrowed(&dummies[..]);
        3, |dummies| &dummies[..];
        3, |dummies| &mut dummies[..];
        3, |dummies| &dummies;
        3, |dummies| <&[Dummy; 3]>::try_from(&dummies[..]).unwrap();
        3, |dummies| <&mut [Dummy; 3]>::try_from(&mut dummies[..]).unwrap();
        3, |dummies| Arc::<[Dummy]>::from(dummies);
        3, |dummies| Rc::<[Dummy]>::from(dummies);
    }
}

#[test]
fn from_a_heap_moves_in_the_heaps_order() {
    let elements: Vec<_> = (0..5).map(|n| Rc::new(Reverse(n))).collect();
    let heap: BinaryHeap<_> = elements.iter().cloned().collect();
    let expected: Vec<_> = heap.iter().cloned().collect();
    assert_eq!(CowVec::from(heap.clone()), expected);
    assert_eq!(UniqueVec::from(heap), expected);
    drop(expected);
    assert!(elements.iter().all(|element| Rc::strong_count(element) == 1));
}

#[test]
fn bytes_from_text() {
    assert_eq!(CowVec::from("text"), b"text");
    assert_eq!(UniqueVec::from("text"), b"text");
    assert_eq!(CowVec::from(String::from("text")), b"text");
    assert_eq!(UniqueVec::from(String::from("text")), b"text");
    assert!(CowVec::<u8>::from("").is_empty());
}

/// Converts a unique `CowVec`, a shared one and a `UniqueVec` to `$target`.
macro_rules! into {
    ($($target:ty),+ $(,)?) => {$({
        let what = stringify!($target);
        let ledger = Ledger::new();
        let target: $target = UniqueVec::from(ledger.dummies(0..3)).try_into().unwrap();
        assert_eq!(ids(target.iter()), [0, 1, 2], "{what}");
        drop(target);
        assert_eq!((ledger.cloned.get(), ledger.live()), (0, 0), "{what} from a `UniqueVec`");

        let target: $target = CowVec::from(ledger.dummies(0..3)).try_into().unwrap();
        assert_eq!(ids(target.iter()), [0, 1, 2], "{what}");
        drop(target);
        assert_eq!((ledger.cloned.get(), ledger.live()), (0, 0), "{what} from a unique `CowVec`");

        let hidden = CowVec::from(ledger.dummies(0..4));
        let mut shared = hidden.clone();
        shared.truncate(3);
        let target: $target = shared.try_into().unwrap();
        assert_eq!(ids(target.iter()), [0, 1, 2], "{what}");
        assert_eq!((ledger.cloned.get(), ledger.live()), (3, 7), "{what} from a shared `CowVec`");
        drop(target);
        assert_eq!(ids(&hidden), [0, 1, 2, 3], "{what}");
        drop(hidden);
        assert_eq!(ledger.live(), 0, "{what} from a shared `CowVec`");

        let clones = panic_at_every(
            Point::Clone,
            |ledger| CowVec::from(ledger.dummies(0..3)),
            |hidden, _| drop(<$target>::try_from(hidden.clone()).unwrap()),
            |hidden| assert_eq!(ids(hidden), [0, 1, 2], "{what}"),
        );
        assert_eq!(clones, 3, "{what} from a shared `CowVec`");
    })+};
}

#[test]
fn into_each_moves_from_a_unique_vector_and_clones_from_a_shared_one() {
    into!(Vec<Dummy>, Box<[Dummy]>, Arc<[Dummy]>, Rc<[Dummy]>, VecDeque<Dummy>, Cow<'_, [Dummy]>);
    into!([Dummy; 3]);
}

#[test]
fn a_clone_that_panics_on_the_way_in_loses_nothing() {
    let clones = |convert: fn(&[Dummy])| {
        panic_at_every(
            Point::Clone,
            |ledger| ledger.dummies(0..3),
            |dummies, _| convert(dummies),
            |dummies| assert_eq!(ids(dummies), [0, 1, 2]),
        )
    };
    assert_eq!(clones(|dummies| drop(CowVec::from(dummies))), 3);
    assert_eq!(clones(|dummies| drop(UniqueVec::from(dummies))), 3);
}

#[test]
fn into_a_heap() {
    let expected: Vec<String> = ["c", "b", "a"].map(String::from).into();
    let v: CowVec<String> = expected.iter().rev().cloned().collect();
    let sorted = |heap: BinaryHeap<String>| heap.into_sorted_vec();
    assert!(sorted(v.clone().into()).iter().eq(&v), "shared");
    assert!(sorted(v.clone().into_unique().into()).iter().eq(&v));
    let expected = v.to_vec();
    assert_eq!(sorted(v.into()), expected, "unique");
}

#[test]
fn conversions_leave_out_excess_elements() {
    let with_excess = || {
        let mut v = CowVec::with_capacity(8);
        v.extend([1, 2]);
        let mut clone = v.clone();
        clone.push(3);
        assert_eq!(clone.as_ptr(), v.as_ptr(), "appended in place");
        v
    };
    assert_eq!(Vec::from(with_excess()), [1, 2]);
    assert_eq!(*Arc::<[i32]>::from(with_excess()), [1, 2]);
    assert_eq!(<[i32; 2]>::try_from(with_excess()), Ok([1, 2]));
}

#[test]
fn an_array_of_another_length_gives_the_vector_back() {
    let v = cow_vec![String::from("a"), String::from("b")];
    assert!(<[String; 1]>::try_from(v.clone()).unwrap_err().ptr_eq(&v));
    assert!(<[String; 3]>::try_from(v.clone()).unwrap_err().ptr_eq(&v));
    let place = v.as_ptr();
    let v = <[String; 3]>::try_from(v).unwrap_err();
    assert_eq!((v.as_ptr(), v.len()), (place, 2));
    let unique = <[String; 0]>::try_from(v.into_unique()).unwrap_err();
    assert_eq!((unique.as_ptr(), unique.len()), (place, 2));
}

#[test]
fn a_borrowed_cow_is_the_same_elements() {
    let v = cow_vec![1, 2];
    let cow = Cow::from(&v);
    assert!(matches!(cow, Cow::Borrowed(slice) if slice.as_ptr() == v.as_ptr()));
    let unique = UniqueVec::from([1, 2]);
    let cow = Cow::from(&unique);
    assert!(matches!(cow, Cow::Borrowed(slice) if slice.as_ptr() == unique.as_ptr()));
    assert!(matches!(Cow::from(v), Cow::Owned(_)));
}

/// Converts three elements of type `T` to every other type and back.
fn round_trip<T: Clone + Default>() {
    let new = || CowVec::from([T::default(), T::default(), T::default()]);
    let check = |v: CowVec<T>| assert_eq!(v.len(), 3);
    check(new());
    check(Vec::from(new()).into());
    check(<Box<[T]>>::from(new()).into());
    check(<Arc<[T]>>::from(new()).into());
    check(<Rc<[T]>>::from(new()).into());
    check(<VecDeque<T>>::from(new()).into());
    check(<Cow<'_, [T]>>::from(new()).into());
    check(Cow::from(&new()).into());
    check(new()[..].into());
    let Ok(array) = <[T; 3]>::try_from(new()) else { panic!("the vector has three elements") };
    check((&array).into());
    check(array.into());
    assert!(<[T; 2]>::try_from(new()).is_err());

    let none = || CowVec::from([(); 0].map(|()| T::default()));
    assert_eq!((none().capacity(), none().strong_count()), (0, 0), "no block");
    assert!(Vec::from(none()).is_empty());
    assert!(<Arc<[T]>>::from(none()).is_empty());
    assert!(<Rc<[T]>>::from(none()).is_empty());
    assert!(<[T; 0]>::try_from(none()).is_ok());
    assert!(<[T; 0]>::try_from(CowVec::with_capacity(2)).is_ok());
}

thread_local! {
    static NOTHINGS: Cell<isize> = const { Cell::new(0) };
}

/// A zero-sized element whose live values are counted.
struct Nothing;

impl Default for Nothing {
    fn default() -> Self {
        NOTHINGS.set(NOTHINGS.get() + 1);
        Self
    }
}

impl Clone for Nothing {
    fn clone(&self) -> Self {
        Default::default()
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        NOTHINGS.set(NOTHINGS.get() - 1);
    }
}

#[derive(Clone, Default)]
#[repr(align(64))]
struct Aligned(#[expect(dead_code, reason = "it gives the type drop glue")] String);

#[test]
fn elements_of_every_shape_make_the_round_trip() {
    round_trip::<()>();
    round_trip::<Nothing>();
    assert_eq!(NOTHINGS.get(), 0, "lost or dropped twice");
    round_trip::<u8>();
    round_trip::<String>();
    round_trip::<[u64; 5]>();
    round_trip::<Aligned>();
}

#[test]
fn nothing_is_cloned_without_clone() {
    struct Only(u8);
    let vec: Vec<Only> = UniqueVec::from([Only(1), Only(2)]).into();
    let boxed: Box<[Only]> = UniqueVec::from(vec).into();
    let deque: VecDeque<Only> = UniqueVec::from(boxed).into();
    let arc: Arc<[Only]> = UniqueVec::from(deque).into();
    let rc: Rc<[Only]> = UniqueVec::from([Only(3)]).into();
    let array: [Only; 1] = UniqueVec::from([Only(4)]).try_into().ok().unwrap();
    let shared: CowVec<Only> = CowVec::from(array);
    assert_eq!((arc[1].0, rc[0].0, shared[0].0), (2, 3, 4));
}

#[test]
fn views_of_themselves_and_of_the_slice() {
    fn view<T: ?Sized, V: AsRef<T>>(v: &V) -> &T {
        v.as_ref()
    }
    fn edit<T: ?Sized, V: AsMut<T>>(v: &mut V) -> &mut T {
        v.as_mut()
    }
    let mut cow = cow_vec![1_u8];
    edit::<CowVec<u8>, _>(&mut cow).push(2);
    assert_eq!((view::<CowVec<u8>, _>(&cow).len(), view::<[u8], _>(&cow)), (2, &[1, 2][..]));
    let mut unique = UniqueVec::from([1_u8]);
    edit::<UniqueVec<u8>, _>(&mut unique).push(2);
    edit::<[u8], _>(&mut unique)[0] = 9;
    let slice: &mut [u8] = unique.borrow_mut();
    slice[1] = 8;
    assert_eq!(
        (view::<UniqueVec<u8>, _>(&unique).len(), view::<[u8], _>(&unique)),
        (2, &[9, 8][..])
    );
}

/// Checks that a `UniqueVec` cannot be borrowed as a `CowVec`, which could be cloned. The call is ambiguous,
/// and does not compile, if `UniqueVec` implements one of the traits.
#[test]
fn no_cow_vec_is_borrowed_out_of_a_unique_one() {
    trait Unless<Trait> {
        fn holds() {}
    }
    struct IsAsRef;
    struct IsAsMut;
    struct IsBorrow;
    struct IsDeref;
    impl<T> Unless<()> for T {}
    impl<T: AsRef<CowVec<u8>>> Unless<IsAsRef> for T {}
    impl<T: AsMut<CowVec<u8>>> Unless<IsAsMut> for T {}
    impl<T: Borrow<CowVec<u8>>> Unless<IsBorrow> for T {}
    impl<T: std::ops::Deref<Target = CowVec<u8>>> Unless<IsDeref> for T {}
    <UniqueVec<u8> as Unless<_>>::holds();
}

#[test]
fn extend_by_reference() {
    let mut unique = UniqueVec::from([1]);
    unique.extend(&[2, 3]);
    unique.extend(&cow_vec![4]);
    assert_eq!(unique, [1, 2, 3, 4]);
    let mut cow = cow_vec![1];
    let hidden = cow.clone();
    cow.extend(&unique);
    assert_eq!((&hidden[..], &cow[..]), (&[1][..], &[1, 1, 2, 3, 4][..]));
}

#[cfg(feature = "std")]
#[test]
fn writes_append() {
    use std::io::{IoSlice, Write};

    fn check(v: &mut (impl Write + AsRef<[u8]>)) {
        assert_eq!(v.write(b"one").unwrap(), 3);
        assert_eq!(v.write(b"").unwrap(), 0);
        v.write_all(b" two").unwrap();
        assert_eq!(v.write_vectored(&[]).unwrap(), 0);
        let parts = [b" thr", &b""[..], b"ee", b"!"].map(IoSlice::new);
        assert_eq!(v.write_vectored(&parts).unwrap(), 7);
        write!(v, " {}", 4).unwrap();
        v.flush().unwrap();
        assert!(v.as_ref().ends_with(b"one two three! 4"));
    }

    check(&mut UniqueVec::new());
    check(&mut CowVec::new());

    // A shared vector whose next slots are free appends in place.
    let mut v = CowVec::with_capacity(64);
    v.push(b'>');
    let hidden = v.clone();
    check(&mut v);
    assert_eq!((&hidden[..], v.as_ptr()), (&b">"[..], hidden.as_ptr()));

    // The next slot is taken, so the write copies.
    let mut other = hidden.clone();
    check(&mut other);
    assert_ne!(other.as_ptr(), hidden.as_ptr());
    assert_eq!((&hidden[..], &v[..]), (&b">"[..], &b">one two three! 4"[..]));

    // The second part does not fit in the buffer, so the write copies.
    let full = CowVec::from([b'x'; 24]);
    let mut v = full.clone();
    let parts = [[b'y'; 6], [b'z'; 6]];
    let parts: Vec<_> = parts.iter().map(|part| IoSlice::new(part)).collect();
    assert_eq!(v.write_vectored(&parts).unwrap(), 12);
    assert_eq!((full.len(), &v[24..]), (24, &b"yyyyyyzzzzzz"[..]));
}

#[test]
#[cfg(feature = "std")]
fn bytes_are_written_and_read_as_those_of_a_vec() {
    use cow_collections::PersistentVector;
    use std::io::{BufRead, Cursor, Read, Seek, SeekFrom, Write, copy};

    let len = if cfg!(miri) { 2_100 } else { 20_000 };
    let source: Vec<u8> = (0..len).map(|n| n as u8).collect();
    let (mut v, mut vector) = (CowVec::new(), PersistentVector::new());
    assert_eq!(copy(&mut &source[..], &mut v).unwrap(), len as u64);
    assert_eq!(copy(&mut &source[..], &mut vector).unwrap(), len as u64);
    let old = vector.clone();
    vector.write_all(b"more").unwrap();
    assert_eq!((vector.write(b"!").unwrap(), vector.flush().is_ok()), (1, true));
    vector.assert_invariants();
    assert_eq!(
        (&old.to_vec(), vector.len(), &vector.to_vec()[len..]),
        (&source, len + 5, &b"more!"[..])
    );
    let mut cursor = Cursor::new(v.clone());
    let mut read = [0; 3];
    assert_eq!(cursor.seek(SeekFrom::End(-4)).unwrap(), len as u64 - 4);
    cursor.read_exact(&mut read).unwrap();
    assert_eq!((&read[..], cursor.position()), (&source[len - 4..len - 1], len as u64 - 1));
    assert_eq!(cursor.fill_buf().unwrap(), &source[len - 1..]);
    let mut rest = vec![];
    assert_eq!((&v[..]).read_to_end(&mut rest).unwrap(), len);
    assert_eq!(rest, source);
}
