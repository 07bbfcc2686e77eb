//! Checks that defects of other crates' vectors do not occur here. There is one test for each published advisory,
//! named by its identifier, and for each defect without one. The comment states the defect. Miri runs all tests.
#![expect(unsafe_code, reason = "lengths near isize::MAX can only be set")]

use crate::common::dummy::{Dummy, Ledger, Point, panic_at_every};
use crate::common::panics::message;
use crate::impls::impls;
use cow_collections::vec::{Drain, ExtractIf, IntoIter, Splice, unique};
use cow_collections::{CowVec, UniqueVec, cow_vec};
use std::cell::Cell;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

fn ids(v: &[Dummy]) -> Vec<u32> {
    v.iter().map(|d| d.id).collect()
}

/// Panics at every `point` of `work` on a shared and on a unique vector of `n` dummies.
///
/// Checks that nothing is lost or dropped twice and that the hidden copy is unchanged. Returns the number of
/// points on the unique vector.
fn survives(point: Point, n: u32, work: impl Fn(&mut CowVec<Dummy>, &Rc<Ledger>)) -> usize {
    let all: Vec<u32> = (0..n).collect();
    panic_at_every(
        point,
        |ledger| (CowVec::from(ledger.dummies(0..n)), CowVec::from(ledger.dummies(0..n))),
        |(_, hidden), ledger| work(&mut hidden.clone(), ledger),
        |(_, hidden)| assert_eq!(ids(hidden), all, "the hidden copy changed"),
    );
    panic_at_every(
        point,
        |ledger| CowVec::from(ledger.dummies(0..n)),
        |v, ledger| work(v, ledger),
        |v| assert!(ids(v).len() <= v.retained_len()),
    )
}

/// `clear` and the drop of `IntoIter` dropped elements while the length still counted them. A panic in one drop
/// caused a double drop of all.
#[test]
fn rustsec_2026_0103_thin_vec_clear_and_into_iter_drop() {
    assert_eq!(survives(Point::Drop, 3, |v, _| v.clear()), 3);
    assert_eq!(survives(Point::Drop, 3, |v, _| drop(mem::take(v).into_iter())), 3);
    let unique =
        |v: &mut CowVec<Dummy>, _: &Rc<Ledger>| drop(mem::take(v).into_unique().into_iter());
    survives(Point::Drop, 3, unique);
}

/// Removing elements at the left or right end of a chunk moved the boundary only after the drops.
#[test]
fn rustsec_2026_0255_sized_chunks_drop_left_and_right() {
    assert_eq!(survives(Point::Drop, 4, |v, _| drop(v.drain(..2))), 2, "left");
    assert_eq!(survives(Point::Drop, 4, |v, _| v.truncate(2)), 2, "right");
}

/// The `imbl` fork had the same defect, also when it truncated an inline array.
#[test]
fn rustsec_2026_0292_imbl_sized_chunks_truncate() {
    for left in 0..3 {
        assert_eq!(survives(Point::Drop, 3, |v, _| v.truncate(left)), 3 - left);
        let resize = |v: &mut CowVec<Dummy>, l: &Rc<Ledger>| v.resize(left, l.dummy(9));
        assert_eq!(survives(Point::Drop, 3, resize), 3 - left + 1);
    }
}

/// Another fork had the same defect in `clear`, which left the boundaries unchanged.
#[test]
fn rustsec_2026_0254_sp_sized_chunks_clear() {
    let clear_and_go_on = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        v.clear();
        v.push(ledger.dummy(7));
        v.clear();
    };
    assert_eq!(survives(Point::Drop, 3, clear_and_go_on), 4);
}

/// `truncate`, and extending by a slice over existing elements, dropped elements before it moved the ends.
#[test]
fn rustsec_2026_0256_circular_buffer_truncate_and_extend() {
    let replace_the_end = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        v.truncate(1);
        v.extend_from_slice(&ledger.dummies(5..7));
    };
    survives(Point::Drop, 3, replace_the_end);
    survives(Point::Clone, 3, replace_the_end);
}

/// `clear` dropped elements before it stored the new length, so that a panic in a drop repeated the drops.
#[test]
fn rustsec_2026_0122_rkyv_clear_before_length() {
    let emptied = panic_at_every(
        Point::Drop,
        |ledger| UniqueVec::from(ledger.dummies(0..3)),
        |v, _| v.clear(),
        |v| assert!(v.is_empty(), "the length is stored before the drops"),
    );
    assert_eq!(emptied, 3);
}

/// A key's drop that panicked between removing an entry and unlinking it left the links in place.
#[test]
fn rustsec_2026_0253_lru_drop_in_the_middle_of_a_removal() {
    survives(Point::Drop, 4, |v, _| drop(v.remove(1)));
    survives(Point::Drop, 4, |v, _| drop(v.swap_remove(1)));
    survives(Point::Drop, 4, |v, ledger| drop(v.set(1, ledger.dummy(9))));
    survives(Point::Drop, 4, |v, _| v.retain(|d| d.id != 1));
}

/// User code that panicked left the container in a half-changed state.
#[test]
fn rustsec_2026_0205_scc_user_code_that_panics() {
    let rewrite = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        v.retain_mut(|d| {
            ledger.pass(Point::Closure);
            d.id += 1;
            d.id % 2 == 0
        });
    };
    assert_eq!(survives(Point::Closure, 4, rewrite), 4);
    survives(Point::Clone, 4, rewrite);
}

/// The length was raised before the elements were cloned into place.
#[test]
fn rustsec_2026_0252_orx_split_vec_length_before_clone() {
    let extend = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        v.extend_from_slice(&ledger.dummies(7..10));
        v.extend_from_within(..2);
        v.resize(12, ledger.dummy(8));
    };
    survives(Point::Clone, 3, extend);
    let written = panic_at_every(
        Point::Clone,
        |_| UniqueVec::new(),
        |v: &mut UniqueVec<Dummy>, ledger| v.extend_from_slice(&ledger.dummies(0..3)),
        |v| assert_eq!(ids(v), (0..v.len() as u32).collect::<Vec<_>>(), "the length is exact"),
    );
    assert_eq!(written, 3);
}

/// `insert_many` from an iterator that panicked left moved elements in two places.
#[test]
fn rustsec_2018_0003_smallvec_insert_many_panic() {
    let insert_many = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        let coming = (10..15).map(|id| {
            ledger.pass(Point::Closure);
            ledger.dummy(id)
        });
        drop(v.splice(1..1, coming));
    };
    assert_eq!(survives(Point::Closure, 3, insert_many), 5);
}

/// A function for `Vec` had the same defect: when the iterator panicked, the tail was not moved back.
#[test]
fn rustsec_2021_0042_insert_many_tail_comes_back() {
    let mut v = cow_vec![1, 2, 3];
    let coming = (10..15).inspect(|n| assert_ne!(*n, 12, "on purpose"));
    assert!(catch_unwind(AssertUnwindSafe(|| drop(v.splice(1..2, coming)))).is_err());
    assert_eq!(v, [1, 10, 11, 3]);
}

/// A panicking clone, while a slice was inserted in the middle, caused a double drop.
#[test]
fn rustsec_2021_0018_qwutils_insert_slice_clone() {
    let insert_clones = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        let slice = ledger.dummies(10..13);
        drop(v.splice(1..1, slice.iter().cloned()));
    };
    assert_eq!(survives(Point::Clone, 3, insert_clones), 3);
}

/// A panicking predicate of `drain_filter` caused a double drop.
#[test]
fn rustsec_2021_0047_slice_deque_drain_filter() {
    for mask in if cfg!(miri) { 2..4 } else { 0..8 } {
        let filter = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
            let extract = v.extract_if(.., |d| {
                ledger.pass(Point::Closure);
                mask >> d.id & 1 == 1
            });
            extract.for_each(drop);
        };
        assert_eq!(survives(Point::Closure, 3, filter), 3);
    }
}

/// A panicking clone or function in `resize` led to a drop of uninitialised elements.
#[test]
fn rustsec_2021_0040_arenavec_resize() {
    survives(Point::Clone, 2, |v, ledger| v.resize(5, ledger.dummy(9)));
    let fill = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        v.resize_with(5, || {
            ledger.pass(Point::Closure);
            ledger.dummy(9)
        });
    };
    assert_eq!(survives(Point::Closure, 2, fill), 3);
}

/// `push_front` of a clone moved the ends first, so that a panic in the clone left an uninitialised slot.
#[test]
fn rustsec_2025_0054_array_queue_push_front() {
    let push_front = |v: &mut CowVec<Dummy>, ledger: &Rc<Ledger>| {
        let element = ledger.dummy(9);
        v.insert(0, element.clone());
    };
    assert_eq!(survives(Point::Clone, 3, push_front), 1);
}

/// In-place `collect` from a vector's own iterator caused a double drop of the collected elements when the drop
/// of a remaining element panicked.
#[test]
fn cve_2021_31162_std_from_iter_in_place() {
    let in_place = |v: &mut CowVec<Dummy>, _: &Rc<Ledger>| {
        *v = mem::take(v).into_iter().filter(|d| d.id % 2 == 0).take(1).collect();
    };
    survives(Point::Drop, 5, in_place);
}

/// An iterator that yields `.0` elements and announces `.1`.
struct Liar<'a>(usize, usize, &'a Rc<Ledger>);

impl Iterator for Liar<'_> {
    type Item = Dummy;
    fn next(&mut self) -> Option<Dummy> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.2.dummy(self.0 as u32))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.1, Some(self.1))
    }
}

impl ExactSizeIterator for Liar<'_> {}

fn take_from_liars(has: usize, announces: usize) {
    let ledger = Ledger::new();
    let liar = || Liar(has, announces, &ledger);
    for shared in [false, true] {
        let mut v: CowVec<Dummy> = liar().collect();
        let hidden = shared.then(|| v.clone());
        v.extend(liar());
        drop(v.splice(1..1, liar()));
        drop(v.splice(v.len().., liar()));
        assert_eq!(v.len(), 4 * has);
        assert!(hidden.is_none_or(|hidden| hidden.len() == has));
    }
    assert_eq!(ledger.live(), 0);
}

/// The lower bound of a size hint was trusted, and more elements came than the capacity held.
#[test]
fn rustsec_2021_0003_smallvec_lower_bound_too_low() {
    take_from_liars(6, 0);
    take_from_liars(6, 5);
    take_from_liars(8, 1);
}

/// An exact size was trusted, fewer elements came, and the length counted uninitialised slots.
#[test]
fn rustsec_2021_0048_stackvector_exact_size_too_high() {
    take_from_liars(1, 9);
    take_from_liars(6, 7);
}

/// For a range that ends near the end of the vector, the drop of `Drain` moved one element too few or too many.
#[test]
fn rustsec_2025_0062_toodee_off_by_one_in_drain() {
    const TAKEN: &[(usize, usize)] = &[(0, 0), (1, 1), (1, 0), (0, 1), (4, 0), (0, 4)];
    for (start, end) in (0..=4).flat_map(|start| (start..=4).map(move |end| (start, end))) {
        for &(front, back) in &TAKEN[..if cfg!(miri) { 2 } else { 6 }] {
            let ledger = Ledger::new();
            let mut expected: Vec<u32> = (0..4).collect();
            expected.drain(start..end);
            let mut unique = CowVec::from(ledger.dummies(0..4));
            let mut shared = CowVec::from(ledger.dummies(0..4));
            let hidden = shared.clone();
            for v in [&mut unique, &mut shared] {
                let mut drain = v.drain(start..end);
                drain.by_ref().take(front).for_each(drop);
                drain.by_ref().rev().take(back).for_each(drop);
                drop(drain);
                assert_eq!(ids(v), expected);
            }
            assert_eq!(hidden.len(), 4);
            drop((unique, shared, hidden));
            assert_eq!(ledger.live(), 0);
        }
    }
}

/// `grow` of a spilled vector to its current capacity freed the block and kept its pointer.
#[test]
fn rustsec_2019_0009_smallvec_grow_to_the_capacity() {
    let mut v = UniqueVec::from([String::from("a"), String::from("b")]);
    v.reserve(20);
    let before = v.capacity();
    for less in [0, 1, 2, 3, 19] {
        v.reserve(less);
        v.reserve_exact(less);
        v.try_reserve(less).unwrap();
        v.try_reserve_exact(less).unwrap();
        assert_eq!(v.capacity(), before);
    }
    assert_eq!(v, ["a", "b"]);
}

/// `grow` of a spilled vector to less than its capacity left a wrong capacity, which corrupted the allocator.
#[test]
fn rustsec_2019_0012_smallvec_grow_to_less() {
    let mut v = UniqueVec::with_capacity(100);
    v.extend((0..5).map(Box::new));
    for capacity in [7, 5, 4, 0] {
        v.shrink_to(capacity);
        assert!(v.capacity() >= 5);
    }
    v.reserve_exact(0);
    v.extend((5..9).map(Box::new));
    assert!(v.iter().map(|n| **n).eq(0..9));
}

/// The sum of the requested capacity and an offset overflowed in a release build.
#[test]
fn rustsec_2026_0007_bytes_reserve_overflow() {
    let mut v = cow_vec![1_u8; 20];
    let hidden = v.clone();
    for more in [usize::MAX, usize::MAX - 20, usize::MAX - 19, usize::MAX - 44, isize::MAX as usize]
    {
        assert!(v.try_reserve(more).is_err() && v.try_reserve_exact(more).is_err());
        assert_eq!(message(|| v.reserve(more)), "capacity overflow");
        assert_eq!(message(|| v.reserve_exact(more)), "capacity overflow");
        assert!(v.ptr_eq(&hidden));
        let mut alone = UniqueVec::from([1_u8; 20]);
        assert!(alone.try_reserve(more).is_err() && alone.try_reserve_exact(more).is_err());
        assert_eq!(message(|| alone.reserve(more)), "capacity overflow");
        assert_eq!(alone, hidden);
    }
}

/// Header, padding and elements together exceeded `isize::MAX` bytes, although the elements alone did not.
#[test]
fn thin_vec_88_layout_near_isize_max() {
    #[repr(align(64))]
    struct Wide;
    let most = isize::MAX as usize;
    for less_than_a_header in 0..3 * size_of::<usize>() {
        assert!(CowVec::<u8>::new().try_reserve_exact(most - less_than_a_header).is_err());
    }
    assert_eq!(message(|| CowVec::<u8>::with_capacity(most - 8)), "capacity overflow");
    assert_eq!(message(|| CowVec::<u64>::with_capacity(most / 8)), "capacity overflow");
    assert_eq!(message(|| CowVec::<[Wide; 1]>::with_capacity(most + 1)), "capacity overflow");
}

/// A capacity was truncated to 32 bits, and `remove` both dropped and returned the element.
#[test]
fn rustsec_2020_0038_ordnung_capacity_and_remove() {
    let ledger = Ledger::new();
    let mut v = UniqueVec::from(ledger.dummies(0..3));
    drop((v.remove(0), v.swap_remove(0)));
    assert_eq!((ids(&v), ledger.live()), (vec![2], 1));
    if usize::BITS > 32 {
        let four_gi = 1_usize << (usize::BITS / 2);
        assert!(v.try_reserve(four_gi << 29).is_err(), "the capacity is not truncated");
    }
}

/// Uninitialised values of any type were created, references among them.
#[test]
fn rustsec_2018_0018_smallvec_uninitialised_value() {
    // References come only from `push`, and spare capacity is exposed only as `MaybeUninit`.
    let mut v = UniqueVec::with_capacity(4);
    v.push(&7);
    assert!(v.spare_capacity_mut().len() >= 3);
    assert_eq!((v.len(), v.iter().copied().sum::<i32>()), (1, 7));
}

/// A panic while an element was made caused a drop of slots that were not yet written.
#[test]
fn rustsec_2020_0132_array_tools_drop_of_the_unwritten() {
    for n in 0..4 {
        let ledger = Ledger::new();
        let make = |i: u32| if i < n { ledger.dummy(i) } else { panic!("on purpose") };
        let made = catch_unwind(AssertUnwindSafe(|| (0..9).map(make).collect::<CowVec<_>>()));
        assert!(made.is_err());
        assert_eq!((ledger.made.get(), ledger.live()), (n as usize, 0));
    }
}

/// The clone of a half-consumed iterator included elements that the iterator had already returned.
#[test]
fn rustsec_2020_0145_heapless_clone_of_a_half_consumed_into_iter() {
    for shared in [false, true] {
        let ledger = Ledger::new();
        let v = CowVec::from(ledger.dummies(0..4));
        let hidden = shared.then(|| v.clone());
        let mut elements = v.into_iter();
        drop((elements.next(), elements.next_back()));
        let (copies, copied) = (elements.clone(), ledger.cloned.get());
        assert_eq!(copied, if shared { 2 + 2 } else { 2 }, "only the remaining elements");
        drop(elements);
        assert!(copies.map(|d| d.id).eq([1, 2]));
        drop(hidden);
        assert_eq!(ledger.live(), 0);
    }
}

/// A derived `Clone` copied a pointer, which a manual `Drop` then freed twice.
#[test]
fn rustsec_2022_0012_arrow2_derived_clone() {
    let ledger = Ledger::new();
    let shared = CowVec::from(ledger.dummies(0..2));
    let alone = shared.clone().into_unique();
    drop((shared.clone(), alone.clone(), alone.clone().into_iter().clone(), alone));
    assert_eq!((ids(&shared), ledger.live()), (vec![0, 1], 2));
}

/// `follows_its_elements!{ test: Type; ... }` makes tests that `Type<T>` is `Send` and `Sync` only if `T` allows it.
macro_rules! follows_its_elements {
    ($($name:ident: $t:ident;)+) => {$(
        #[test]
        fn $name() {
            const {
                assert!(impls!($t<u8>: Send) && impls!($t<u8>: Sync));
                assert!(!impls!($t<Rc<u8>>: Send) && !impls!($t<Rc<u8>>: Sync));
                // `Cell` is `Send` but not `Sync`.
                assert!(!impls!($t<Cell<u8>>: Sync));
            }
        }
    )+};
}

type Drained<T> = Drain<'static, T>;
type UniqueDrained<T> = unique::Drain<'static, T>;
type UniqueIntoIter<T> = unique::IntoIter<T>;

follows_its_elements! {
    rustsec_2020_0099_aovec_send_and_sync_of_anything: CowVec;
    rustsec_2020_0149_appendix_send_and_sync_of_anything: UniqueVec;
    rustsec_2021_0113_metrics_util_send_and_sync_of_anything: IntoIter;
    rustsec_2020_0096_im_send_and_sync_of_anything: Drained;
    rustsec_2020_0092_concread_send_and_sync_of_anything: UniqueDrained;
    an_iterator_by_value_out_of_a_unique_one: UniqueIntoIter;
}

/// Unsafe code trusted the result of a safe trait, which any type may implement wrongly.
#[test]
fn rustsec_2025_0053_arenavec_safe_trait_trusted() {
    /// An element whose equality is inconsistent and whose `clone` changes it.
    #[derive(Debug)]
    struct Wrong(Cell<u32>);
    impl Clone for Wrong {
        fn clone(&self) -> Self {
            self.0.set(self.0.get() + 1);
            Wrong(self.0.clone())
        }
    }
    impl PartialEq for Wrong {
        fn eq(&self, _: &Self) -> bool {
            self.0.set(self.0.get() + 1);
            self.0.get() % 3 == 0
        }
    }
    /// Returns another range each time a bound is read.
    struct Shifting(Cell<usize>);
    impl std::ops::RangeBounds<usize> for Shifting {
        fn start_bound(&self) -> std::ops::Bound<&usize> {
            std::ops::Bound::Unbounded
        }
        fn end_bound(&self) -> std::ops::Bound<&usize> {
            self.0.set(self.0.get() + 1);
            if self.0.get() > 1 {
                std::ops::Bound::Excluded(&900)
            } else {
                std::ops::Bound::Unbounded
            }
        }
    }
    let mut v: CowVec<Wrong> = (0..9).map(|n| Wrong(Cell::new(n))).collect();
    for _ in 0..2 {
        let hidden = v.clone();
        v.dedup();
        v.dedup_by_key(|w| w.0.get() % 2);
        v.retain(|w| *w != *w || w.0.get() % 2 == 0);
        _ = catch_unwind(AssertUnwindSafe(|| v.drain(Shifting(Cell::new(0))).count()));
        _ = catch_unwind(AssertUnwindSafe(|| v.extend_from_within(Shifting(Cell::new(0)))));
        v.extend_from_slice(&hidden);
    }
}

/// A public length could be set to anything by safe code.
#[test]
fn rustsec_2025_0166_stackvector_public_length() {
    // Only `UniqueVec::set_len` sets the length alone, and it is unsafe: it coerces to an unsafe function pointer
    // only.
    let set_len: unsafe fn(&mut UniqueVec<u8>, usize) = UniqueVec::set_len;
    let mut v = UniqueVec::from([1_u8, 2, 3]);
    // SAFETY: 2 is less than the length.
    unsafe { set_len(&mut v, 2) };
    assert_eq!(v, [1, 2]);
}

/// A `Vec` was built over memory that its allocator had not allocated.
#[test]
fn rustsec_2021_0082_vec_const_memory_of_another_allocator() {
    let boxes = || (0..3).map(Box::new).collect::<Vec<_>>();
    // A block has a header, so a `CowVec` cannot take over a `Vec`'s block, and a `Vec` cannot take over a
    // `CowVec`'s.
    let (vec, before) = (boxes(), boxes());
    let place = vec.as_ptr();
    let v = CowVec::from(vec);
    assert_ne!(v.as_ptr(), place);
    let place = v.as_ptr();
    let mut back = v.into_vec();
    assert_ne!(back.as_ptr(), place);
    back.push(Box::new(3));
    back.shrink_to_fit();
    assert_eq!(back[..3], before);
}

/// One vector could yield two mutable references to the same element.
#[test]
fn rustsec_2023_0126_im_aliasing_mutable_references() {
    let (mut v, mut w) = (cow_vec![1, 2, 3], cow_vec![0]);
    w.clone_from(&v);
    let (a, b) = (v.make_mut(), w.make_mut());
    for (x, y) in a.iter_mut().zip(b) {
        mem::swap(x, y);
        *x += 10;
    }
    assert_eq!((&v[..], &w[..]), (&[11, 12, 13][..], &[1, 2, 3][..]));
}

/// `iter_mut` reborrowed the slice for each element, which invalidated the references returned before.
#[test]
fn imbl_59_mutable_iterator_over_one_slice() {
    let mut v = UniqueVec::from([1, 2, 3]);
    let mut elements = v.iter_mut();
    let (first, last) = (elements.next().unwrap(), elements.next_back().unwrap());
    mem::swap(first, last);
    *elements.next().unwrap() = 9;
    *first += 1;
    assert_eq!(v, [4, 9, 1]);
}

/// A raw pointer had only the provenance of a reference to the first element, or to no element.
#[test]
fn triomphe_42_and_48_provenance_of_the_whole_block() {
    let v = cow_vec![1_u64, 2, 3];
    let raw = v.clone().into_raw();
    // SAFETY: the buffer has three elements, so index 2 is inside it.
    let last = unsafe { raw.cast::<u64>().add(2) };
    // SAFETY: `v` keeps the element alive and initialised.
    assert_eq!(unsafe { *last }, 3);
    // SAFETY: the pointer is from `into_raw` and is used once.
    let mut back = unsafe { CowVec::from_raw(raw) };
    drop(v);
    back.push(4);
    assert!(back.is_unique());
    let empty = CowVec::<u64>::new().into_raw();
    // SAFETY: the pointer is from `into_raw` and is used once.
    assert!(unsafe { CowVec::from_raw(empty) }.is_empty());
}

/// A pointer into the block was used after the iterator that filled the block made it move.
#[test]
fn arrow_rs_10932_growth_under_user_code() {
    let mut v = UniqueVec::new();
    // The lower size hint is 0, so the block grows several times.
    v.extend((0..100).filter(|_| true).map(|n| n.to_string()));
    assert!(v.iter().zip(0..).all(|(text, n)| *text == n.to_string()));
    let mut v = cow_vec![String::from("a")];
    let hidden = v.clone();
    v.extend((0..20).map(|n| hidden[0].clone() + &n.to_string()));
    drop(v.splice(1..2, (0..30).map(|n| hidden[0].clone() + &n.to_string())));
    assert_eq!((v.len(), &*hidden), (50, &["a".to_string()][..]));
}

/// Erased lifetimes let an element's drop run after the end of the borrow it holds.
#[test]
fn rustsec_2025_0016_pared_drop_after_the_lifetime() {
    struct Touch<'a>(&'a Cell<u32>);
    impl Drop for Touch<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    impl Clone for Touch<'_> {
        fn clone(&self) -> Self {
            Touch(self.0)
        }
    }
    let long = Cell::new(0);
    let a = CowVec::from([Touch(&long)]);
    {
        let short = Cell::new(0);
        let mut b = a.clone();
        b.push(Touch(&short));
        b.insert(1, Touch(&short));
        drop(b.splice(..1, [Touch(&short)]));
        drop(b);
        assert_eq!(short.get(), 3, "all are dropped within the lifetime");
    }
    drop(a);
    // `push` cloned the first element, and `splice` removed the clone.
    assert_eq!(long.get(), 2);
}

/// `reserve_exact(1)` on a vector of eight took 1 for the total capacity.
#[test]
fn shared_vector_reserve_exact_that_shrinks() {
    let mut v = UniqueVec::from([0_u8; 8]);
    v.shrink_to_fit();
    let mut shared = v.clone().into_shared();
    let hidden = shared.clone();
    for more in [1, 2, 9] {
        v.reserve_exact(more);
        assert!(v.capacity() >= 8 + more);
        v.try_reserve_exact(more).unwrap();
        shared.reserve_exact(more);
        assert!(shared.capacity() >= 8 + more);
        shared.try_reserve_exact(more).unwrap();
    }
    assert_eq!((&v[..], &shared[..], hidden.len()), (&[0; 8][..], &[0; 8][..], 8));
}

/// Equality compared addresses, but equal addresses do not imply equal elements: NaN differs from itself.
#[test]
fn shared_vector_pointer_short_cut_in_eq() {
    let nan = cow_vec![f64::NAN];
    assert_ne!(nan, nan.clone());
    assert!(nan.ptr_eq(&nan.clone()));
}

/// The number of elements was computed by a division by the size of an element, which may be 0.
#[test]
fn polars_buffer_length_of_nothing() {
    let mut v = CowVec::from(vec![(); 3]);
    assert_eq!((v.len(), v.retained_len(), v.clone().into_vec()), (3, 3, vec![(); 3]));
    assert_eq!(v.drain(1..).len(), 2);
    let hidden = v.clone();
    v.extend([(); 4]);
    assert_eq!((v.split_off(2).len(), v.len(), hidden.len()), (3, 2, 1));
    assert_eq!(UniqueVec::from([[(); 3]; 2]).into_flattened().len(), 6);
}

/// Checks that a vector of zero-sized elements reaches length `isize::MAX`, and that one more panics.
#[test]
fn lengths_of_nothing_near_isize_max() {
    const MOST: usize = isize::MAX as usize;
    let full = || {
        let mut v = UniqueVec::with_capacity(1);
        // SAFETY: the elements are zero-sized and need no initialisation, and the capacity is at least the length.
        unsafe { v.set_len(MOST) };
        v
    };
    assert_eq!(message(|| full().push(())), "capacity overflow");
    assert_eq!(message(|| full().insert(1, ())), "capacity overflow");
    assert_eq!(message(|| full().extend_from_slice(&[()])), "capacity overflow");
    let shared = full().into_shared();
    let mut other = shared.clone();
    assert_eq!(message(|| other.push(())), "capacity overflow");
    assert_eq!(message(|| other.append(&mut cow_vec![(), ()])), "capacity overflow");
    assert!(other.ptr_eq(&shared));
    assert_eq!((other.pop(), other.len(), shared.len()), (Some(()), MOST - 1, MOST));
    let pairs = || {
        let mut v = UniqueVec::<[(); 2]>::with_capacity(1);
        // SAFETY: the elements are zero-sized and need no initialisation, and the capacity is at least the length.
        unsafe { v.set_len(MOST) };
        v
    };
    assert!(message(|| pairs().into_flattened()).contains("isize::MAX"));
}

/// Checks the largest length of a list. The word of its buffer has two flag bits, which the length must not reach.
#[test]
#[cfg(feature = "list")]
fn lists_of_nothing_are_as_long_as_they_can_count() {
    const MOST: usize = usize::MAX >> 2;
    let list = |len| {
        let mut v = UniqueVec::<()>::with_capacity(1);
        // SAFETY: the elements are zero-sized and need no initialisation, and the capacity is at least the length.
        unsafe { v.set_len(len) };
        cow_collections::CopyOnWriteList::from(v)
    };
    assert_eq!((list(MOST).len(), list(MOST).snapshot().len()), (MOST, MOST));
    assert_eq!(message(|| drop(list(MOST + 1))), "capacity overflow");
}

/// Checks that `ExtractIf` and `Splice` are `Send` and `Sync` only if the user's closure or iterator allows it.
#[test]
fn iterators_with_a_part_of_the_users_follow_it_too() {
    type Extract<T, F> = ExtractIf<'static, T, F>;
    type Spliced<I> = Splice<'static, I>;
    type Threads = fn(&mut u8) -> bool;
    type Of<T> = std::vec::IntoIter<T>;
    const {
        assert!(impls!(Extract<u8, Threads>: Send) && impls!(Spliced<Of<u8>>: Send));
        assert!(!impls!(Extract<u8, Rc<u8>>: Send) && !impls!(Extract<Rc<u8>, Threads>: Send));
        assert!(!impls!(Spliced<Of<Rc<u8>>>: Send) && !impls!(Spliced<Of<Cell<u8>>>: Sync));
    }
}
