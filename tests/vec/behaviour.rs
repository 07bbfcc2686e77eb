//! Tests of `CowVec` and `UniqueVec`, one behaviour per test.
#![expect(unsafe_code, reason = "tests the functions that are unsafe to call")]

use cow_collections::{CowVec, UniqueVec, cow_vec};
use std::cell::Cell;
use std::mem::needs_drop;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn clone_then_push_claims_the_next_slot() {
    let mut a = CowVec::with_capacity(8);
    a.extend([1, 2, 3]);
    let mut b = a.clone();
    let mut c = a.clone();
    b.push(4);
    c.push(5);
    assert!(core::ptr::eq(a.as_ptr(), b.as_ptr()), "the first clone claims the slot");
    assert!(!core::ptr::eq(a.as_ptr(), c.as_ptr()), "the second clone copies");
    assert_eq!((&a[..], &b[..], &c[..]), (&[1, 2, 3][..], &[1, 2, 3, 4][..], &[1, 2, 3, 5][..]));
}

#[test]
fn types_with_drop_glue_never_share_an_append() {
    let a = cow_vec![String::from("a")];
    let mut b = a.clone();
    b.reserve(10);
    let c = b.clone();
    b.push(String::from("b"));
    assert!(!core::ptr::eq(c.as_ptr(), b.as_ptr()));
    assert_eq!((a.len(), b.len(), c.len()), (1, 2, 1));
}

#[test]
fn excess_elements_are_dropped_when_a_handle_becomes_unique() {
    let mut a = cow_vec![1];
    let mut b = a.clone();
    b.push(2);
    b.push(3);
    drop(b);
    a.push(9);
    assert_eq!(a, [1, 9]);
}

#[test]
fn append_after_truncate_and_a_dropped_clone_stays_in_place() {
    let mut v = CowVec::with_capacity(16);
    v.extend(0..10_u32);
    let (start, room) = (v.as_ptr(), v.capacity());
    let in_place = |v: &CowVec<u32>, expected: &[u32]| {
        assert_eq!((v.as_ptr(), v.capacity(), v.as_slice()), (start, room, expected));
        assert_eq!(
            v.retained_len(),
            expected.len(),
            "the buffer no longer counts the old elements"
        );
    };
    // While shared, `v` gets shorter but the buffer keeps all elements, so `v` then appends below `filled`.
    let shortened = |v: &mut CowVec<u32>, len: usize| {
        let clone = v.clone();
        v.truncate(len);
        assert_eq!((v.len(), v.retained_len()), (len, clone.len()));
        drop(clone);
    };
    shortened(&mut v, 7);
    v.push(70);
    in_place(&v, &[0, 1, 2, 3, 4, 5, 6, 70]);
    shortened(&mut v, 3);
    *v.push_mut(30) += 1;
    in_place(&v, &[0, 1, 2, 31]);
    shortened(&mut v, 2);
    v.extend(20..24);
    in_place(&v, &[0, 1, 20, 21, 22, 23]);
    shortened(&mut v, 1);
    v.extend_from_slice(&[10, 11, 12]);
    in_place(&v, &[0, 10, 11, 12]);
    shortened(&mut v, 1);
    assert_eq!(v.try_push(40), Ok(()));
    in_place(&v, &[0, 40]);

    // A unique vector lowers `filled` at once, so that even a clone appends in place.
    v.truncate(1);
    let mut clone = v.clone();
    clone.push(50);
    assert_eq!((clone.as_ptr(), &clone[..], &v[..]), (start, &[0, 50][..], &[0][..]));
    // The clone has claimed the slot, so this push copies.
    v.push(60);
    assert_ne!(v.as_ptr(), start);
    assert_eq!((&clone[..], &v[..]), (&[0, 50][..], &[0, 60][..]));
}

#[test]
fn push_below_filled_with_drop_glue_drops_the_excess_elements_first() {
    use std::rc::Rc;
    let tokens: Vec<Rc<u8>> = (0..4).map(Rc::new).collect();
    let mut v = CowVec::with_capacity(8);
    v.extend(tokens.iter().cloned());
    let start = v.as_ptr();
    let clone = v.clone();
    v.truncate(1);
    drop(clone);
    assert_eq!(tokens.iter().map(Rc::strong_count).collect::<Vec<_>>(), [2, 2, 2, 2]);
    v.push(tokens[3].clone());
    assert_eq!(tokens.iter().map(Rc::strong_count).collect::<Vec<_>>(), [2, 1, 1, 2]);
    assert_eq!((v.as_ptr(), v.len()), (start, 2));
}

#[test]
fn unique_vec_round_trip() {
    let mut v = cow_vec![1, 2, 3];
    {
        let u = v.make_unique();
        u.insert(0, 0);
        u.retain(|x| x % 2 == 0);
        u[0] = 8;
    }
    assert_eq!(v, [8, 2]);
    let u: UniqueVec<i32> = v.clone().into_unique();
    assert_eq!(u, v);
    assert!(v.get_unique().is_some());
    let w = v.clone();
    assert!(v.get_unique().is_none());
    assert_eq!(w.try_into_unique().unwrap_err(), [8, 2]);
}

#[test]
fn collect_takes_short_and_long_hints() {
    struct Liar(usize, usize);
    impl Iterator for Liar {
        type Item = usize;
        fn next(&mut self) -> Option<usize> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, None)
        }
    }
    for hint in [0, 1, 5, 9] {
        assert_eq!(Liar(5, hint).collect::<CowVec<_>>(), [4, 3, 2, 1, 0]);
    }
}

#[test]
fn raw_and_back_keeps_the_handle() {
    let v = cow_vec![String::from("a"), String::from("b")];
    let raw = v.clone().into_raw();
    assert_eq!((raw.len(), v.strong_count()), (2, 2));
    assert_eq!(raw.cast(), v.as_ptr());
    // SAFETY: the pointer is from `into_raw` and is used once.
    let back = unsafe { CowVec::from_raw(raw) };
    assert!(back.ptr_eq(&v));
    drop(v);
    assert_eq!(back.try_into_vec().unwrap(), ["a", "b"]);
}

#[test]
fn raw_of_a_prefix_and_of_what_has_no_block_or_no_size() {
    let all = cow_vec![1, 2, 3];
    let mut prefix = all.clone();
    prefix.truncate(1);
    // SAFETY: the pointer is from `into_raw` and is used once.
    let prefix = unsafe { CowVec::from_raw(prefix.into_raw()) };
    assert_eq!((&prefix[..], prefix.retained_len()), (&[1][..], 3));
    // SAFETY: the pointer is from `into_raw` and is used once.
    let mut empty = unsafe { CowVec::<u64>::from_raw(CowVec::new().into_raw()) };
    empty.push(1);
    // SAFETY: the pointer is from `into_raw` and is used once.
    let nothings = unsafe { CowVec::from_raw(CowVec::from([(), ()]).into_raw()) };
    assert_eq!((empty, nothings.len()), (cow_vec![1], 2));
}

#[test]
fn try_with_capacity_has_the_room_or_says_why_not() {
    for capacity in [0, 1, 100] {
        let (shared, unique) = (
            CowVec::<u64>::try_with_capacity(capacity),
            UniqueVec::<u64>::try_with_capacity(capacity),
        );
        let (shared, unique) = (shared.unwrap(), unique.unwrap());
        let expected = UniqueVec::<u64>::with_capacity(capacity).capacity();
        assert_eq!((shared.capacity(), unique.capacity()), (expected, expected));
        assert_eq!((shared.len(), unique.len()), (0, 0));
    }
    let overflow = "capacity overflow: more than isize::MAX bytes were asked for";
    for capacity in [usize::MAX, usize::MAX / 8, isize::MAX as usize / 8] {
        let error = CowVec::<u64>::try_with_capacity(capacity).unwrap_err();
        assert_eq!(error.to_string(), overflow);
        let error = UniqueVec::<u64>::try_with_capacity(capacity).unwrap_err();
        assert_eq!(error.to_string(), overflow);
    }
}

#[test]
fn try_mut_and_get_unique_succeed_only_on_unique() {
    let mut v = cow_vec![1, 2];
    v.try_mut().expect("unique")[0] = 3;
    let other = v.clone();
    assert!(v.try_mut().is_none() && v.get_unique().is_none());
    drop(other);
    v.get_unique().expect("unique again").push(4);
    assert_eq!(v, [3, 2, 4]);
}

#[test]
fn leak_returns_a_static_slice() {
    use std::sync::OnceLock;
    static LEAKED: OnceLock<&'static mut [Box<u8>]> = OnceLock::new();
    let leaked = UniqueVec::from([Box::new(1), Box::new(2)]).leak();
    *leaked[0] = 9;
    let leaked = LEAKED.get_or_init(|| leaked);
    assert_eq!((*leaked[0], *leaked[1]), (9, 2));
    assert!(UniqueVec::<u8>::new().leak().is_empty());
    assert_eq!(LEAKED.get().map(|leaked| leaked.len()), Some(2));
}

#[test]
fn spare_room_can_be_written_and_covered() {
    let mut v = UniqueVec::<String>::with_capacity(5);
    v.push("0".into());
    let room = v.capacity() - 1;
    let spare = v.spare_capacity_mut();
    assert_eq!(spare.len(), room);
    for (slot, n) in spare.iter_mut().zip(1..4) {
        slot.write(n.to_string());
    }
    // SAFETY: the loop wrote three more elements, and the capacity is at least 5.
    unsafe { v.set_len(4) };
    assert_eq!(v, ["0", "1", "2", "3"]);
    let mut shared = v.into_shared();
    let kept = shared.clone();
    shared.truncate(2);
    assert_eq!((shared.len(), kept.len()), (2, 4));
    assert!(UniqueVec::<u64>::new().spare_capacity_mut().is_empty());
    let mut nothings = UniqueVec::<()>::with_capacity(1);
    assert_eq!(nothings.spare_capacity_mut().len(), isize::MAX as usize);
    // SAFETY: `()` needs no initialisation, and the capacity is `isize::MAX`.
    unsafe { nothings.set_len(7) };
    assert_eq!(nothings.len(), 7);
}

/// Checks that `set_len` does not drop the elements that it cuts off.
#[test]
fn set_len_drops_nothing() {
    struct Bell<'a>(&'a Cell<u32>);
    impl Drop for Bell<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let rung = Cell::new(0);
    let mut v: UniqueVec<_> = (0..3).map(|_| Bell(&rung)).collect();
    // SAFETY: 1 is less than the length.
    unsafe { v.set_len(1) };
    drop(v);
    assert_eq!(rung.get(), 1);
}

#[test]
fn flattened_stays_in_its_block() {
    let mut v = UniqueVec::from([["a", "b"], ["c", "d"]].map(|pair| pair.map(String::from)));
    v.reserve(10);
    let (place, room) = (v.as_ptr().cast::<String>(), v.capacity());
    let mut flat = v.into_flattened();
    assert_eq!((flat.as_ptr(), flat.capacity()), (place, 2 * room));
    flat.push("e".into());
    flat.shrink_to_fit();
    assert_eq!(flat, ["a", "b", "c", "d", "e"]);
    assert!(UniqueVec::<[u8; 3]>::new().into_flattened().is_empty());
}

#[test]
fn flattened_arrays_of_nothing() {
    // Empty arrays flatten to a vector without capacity.
    let mut none = UniqueVec::from([[0_u64; 0]; 3]).into_flattened();
    assert_eq!((none.len(), none.capacity()), (0, 0));
    none.push(1);
    assert_eq!(none.into_shared(), [1]);
    let empty = UniqueVec::from([[0_u8; 0]; 3]).into_flattened().into_shared();
    assert_eq!((empty.clone().len(), empty.is_empty()), (0, true));
    // Zero-sized elements: the capacity is the largest length.
    let mut units = UniqueVec::from([[(); 4]; 3]).into_flattened();
    units.push(());
    assert_eq!((units.len(), units.capacity()), (13, isize::MAX as usize));
    let none: UniqueVec<()> = UniqueVec::from([[(); 0]; 3]).into_flattened();
    assert!(none.is_empty());
}

/// Runs edits and conversions on elements of a type and checks that they are always aligned.
fn aligned<T: Clone + PartialEq + std::fmt::Debug>(of: impl Fn(u8) -> T) {
    let stands = |v: &[T]| assert_eq!(v.as_ptr().addr() % align_of::<T>(), 0);
    let check = |v: &CowVec<T>, expected: &[u8]| {
        stands(v);
        assert_eq!(*v, expected.iter().map(|n| of(*n)).collect::<Vec<_>>());
    };
    let mut v = CowVec::new();
    stands(&v);
    (0..5).for_each(|n| v.push(of(n)));
    let hidden = v.clone();
    v.insert(1, of(9));
    check(&v, &[0, 9, 1, 2, 3, 4]);
    assert_eq!(v.drain(1..3).collect::<Vec<_>>(), [of(9), of(1)]);
    drop(v.splice(1..2, [of(7), of(8)]));
    check(&v, &[0, 7, 8, 3, 4]);
    v.shrink_to_fit();
    v.extend_from_within(..1);
    check(&v.split_off(3), &[3, 4, 0]);
    check(&hidden, &[0, 1, 2, 3, 4]);
    stands(hidden.clone().into_iter().as_slice());
    stands(v.clone().into_unique().leak_and_back().as_slice());
    stands(&v.into_vec());
    stands(hidden.into_unique().into_iter().as_slice());
}

trait LeakAndBack<T> {
    fn leak_and_back(self) -> CowVec<T>;
}

impl<T> LeakAndBack<T> for UniqueVec<T> {
    fn leak_and_back(self) -> CowVec<T> {
        // SAFETY: the pointer is from `into_raw` and is used once.
        unsafe { CowVec::from_raw(self.into_shared().into_raw()) }
    }
}

#[test]
fn elements_stand_aligned() {
    #[derive(Debug, Clone, PartialEq)]
    #[repr(align(64))]
    struct Line(u8);
    #[derive(Debug, Clone, PartialEq)]
    #[repr(align(4096))]
    struct Page(String);
    #[derive(Debug, Clone, PartialEq)]
    #[repr(align(64))]
    struct Nothing;
    aligned(Line);
    aligned(|n| Page(n.to_string()));
    aligned(|_| Nothing);
    assert!(!needs_drop::<Line>() && needs_drop::<Page>());
}

#[test]
fn capacity_is_what_can_be_had_without_a_copy() {
    let mut v = CowVec::<u32>::with_capacity(10);
    let room = v.capacity();
    v.push(1);
    let mut next = v.clone();
    assert_eq!((v.capacity(), next.capacity()), (room, room), "either clone may claim the slots");
    next.push(2);
    assert_eq!((v.capacity(), next.capacity()), (1, room));
    assert!(!v.try_reclaim(1) && !next.try_reclaim(1));
    drop(next);
    assert_eq!(v.retained_len(), 2);
    assert!(v.try_reclaim(room - 1) && !v.try_reclaim(room));
    assert_eq!((v.retained_len(), v.capacity()), (1, room));
    let mut strings = UniqueVec::with_capacity(9);
    strings.push(String::new());
    let strings = strings.into_shared();
    assert!(strings.capacity() >= 9);
    let other = strings.clone();
    assert_eq!((strings.capacity(), other.capacity()), (1, 1), "drop glue forbids claims");
}

#[test]
fn try_push_never_copies() {
    let a = cow_vec![1, 2, 3];
    let (mut b, mut c) = (a.clone(), a.clone());
    b.reserve(4);
    let mut d = b.clone();
    assert_eq!(d.try_push(4), Ok(()));
    assert_eq!(b.try_push(5), Err(5), "the slot is taken");
    drop(d);
    assert_eq!(b.try_push(6), Ok(()), "unique again");
    while c.try_push(0).is_ok() {}
    assert_eq!((b, c.as_ptr()), (cow_vec![1, 2, 3, 6], a.as_ptr()));
}

#[test]
fn writes_through_push_mut_and_insert_mut_change_only_this_vector() {
    let a = cow_vec![1, 2, 3];
    let mut b = CowVec::with_capacity(8);
    b.extend_from_slice(&a);
    let c = b.clone();
    *b.push_mut(4) += 10;
    *b.insert_mut(0, 5) += 10;
    *b.insert_mut(5, 6) += 10;
    assert_eq!((&c[..], &b[..]), (&[1, 2, 3][..], &[15, 1, 2, 3, 14, 16][..]));
}

#[test]
fn len_and_is_empty_work_as_paths() {
    let vectors = [cow_vec![1, 2], CowVec::new()];
    assert!(vectors.iter().map(CowVec::len).eq([2, 0]));
    assert!(vectors.iter().map(CowVec::is_empty).eq([false, true]));
    let vectors = [UniqueVec::from([1, 2]), UniqueVec::new()];
    assert!(vectors.iter().map(UniqueVec::len).eq([2, 0]));
    assert!(vectors.iter().map(UniqueVec::is_empty).eq([false, true]));
    assert!(vectors.iter().map(UniqueVec::capacity).eq([vectors[0].capacity(), 0]));
}

thread_local! {
    static CLONES: Cell<usize> = const { Cell::new(0) };
}

/// An element without drop glue. Every third clone on a thread panics.
#[derive(Debug, PartialEq)]
struct Third(u8);

impl Clone for Third {
    fn clone(&self) -> Self {
        CLONES.set(CLONES.get() + 1);
        assert_ne!(CLONES.get() % 3, 0, "the third clone");
        Self(self.0)
    }
}

#[test]
fn extend_from_slice_whose_clone_panics_keeps_the_elements_of_a_unique_vector() {
    let mut v = CowVec::with_capacity(10);
    let extend = AssertUnwindSafe(|| v.extend_from_slice(&[1, 2, 3].map(Third)));
    assert!(catch_unwind(extend).is_err());
    assert_eq!(v, [1, 2].map(Third));
}

#[test]
fn append_of_two_unique_vectors_clones_nothing() {
    let mut v = CowVec::with_capacity(10);
    v.append(&mut cow_vec![Third(0), Third(1)]);
    v.append(&mut cow_vec![Third(2), Third(3)]);
    v.append(&mut cow_vec![Third(4)]);
    assert_eq!((v.len(), CLONES.get()), (5, 0));
}
