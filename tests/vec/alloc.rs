//! Checks how many blocks `CowVec` and its conversions allocate, and that all are freed.

use std::borrow::Cow;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use crate::common::alloc::{blocks_of, live, no_leak};
use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec, cow_vec};

#[test]
fn empty_and_clone_allocate_nothing() {
    no_leak(|| {
        assert_eq!(blocks_of(CowVec::<u64>::new).0, 0);
        assert_eq!(blocks_of(|| CowVec::<u64>::with_capacity(0)).0, 0);
        let v = cow_vec![1, 2, 3];
        assert_eq!(blocks_of(|| v.clone()).0, 0);
        let mut w = v.clone();
        assert_eq!(blocks_of(|| w.pop()).0, 0);
        assert_eq!(blocks_of(|| w.truncate(1)).0, 0);
        assert_eq!(blocks_of(|| w.clear()).0, 0);
    });
}

#[test]
fn building_allocates_once() {
    no_leak(|| {
        assert_eq!(blocks_of(|| (0..1000_u64).collect::<CowVec<_>>()).0, 1);
        let vec: Vec<String> = (0..9).map(|n| n.to_string()).collect();
        assert_eq!(blocks_of(|| CowVec::from(vec)).0, 1);
        assert_eq!(blocks_of(|| cow_vec![1_u8, 2]).0, 1);
        assert_eq!(blocks_of(|| UniqueVec::<u8>::with_capacity(9)).0, 1);
    });
}

/// Returns the number of blocks that `work` allocates on a clone of twenty numbers.
fn blocks_on_shared(work: fn(&mut CowVec<u64>)) -> usize {
    let shared: CowVec<u64> = (0..20).collect();
    let mut v = shared.clone();
    blocks_of(|| work(&mut v)).0
}

#[test]
fn methods_that_copy_nothing_on_shared_do_not_allocate() {
    no_leak(|| {
        assert_eq!(blocks_on_shared(|v| v.truncate(3)), 0);
        assert_eq!(blocks_on_shared(|v| v.clear()), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.pop()), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.pop_if(|n| *n == 19)), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.remove(19)), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.swap_remove(19)), 0);
        assert_eq!(blocks_on_shared(|v| v.retain(|_| true)), 0);
        assert_eq!(blocks_on_shared(|v| v.retain(|n| *n < 9)), 0);
        assert_eq!(blocks_on_shared(|v| v.dedup()), 0);
        assert_eq!(blocks_on_shared(|v| drop(v.split_off(0))), 0);
        assert_eq!(blocks_on_shared(|v| drop(v.split_off(20))), 0);
        assert_eq!(blocks_on_shared(|v| drop(v.drain(7..))), 0);
        assert_eq!(blocks_on_shared(|v| drop(v.drain(7..7))), 0);
        assert_eq!(blocks_on_shared(|v| drop(v.extract_if(.., |_| true))), 0);
        assert_eq!(blocks_on_shared(|v| v.append(&mut CowVec::new())), 0);
        assert_eq!(blocks_on_shared(|v| CowVec::new().append(v)), 0, "takes it over");
        assert_eq!(blocks_on_shared(|v| v.resize(3, 0)), 0);
        assert_eq!(blocks_on_shared(|v| v.extend_from_within(4..4)), 0);
        assert_eq!(blocks_on_shared(|v| v.shrink_to(100)), 0);
        assert_eq!(blocks_on_shared(|v| v.try_push(1).unwrap_or(())), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.clone().into_iter().nth(9)), 0);
        assert_eq!(blocks_on_shared(|v| _ = v.clone().into_raw_and_back()), 0);
    });
}

trait RawAndBack {
    fn into_raw_and_back(self) -> Self;
}

impl<T> RawAndBack for CowVec<T> {
    #[expect(unsafe_code, reason = "`from_raw` is unsafe")]
    fn into_raw_and_back(self) -> Self {
        // SAFETY: the pointer is from `into_raw` and is used once.
        unsafe { Self::from_raw(self.into_raw()) }
    }
}

#[test]
fn methods_that_copy_on_shared_allocate_one_block() {
    no_leak(|| {
        assert_eq!(blocks_on_shared(|v| _ = v.set(3, 9)), 1);
        assert_eq!(blocks_on_shared(|v| v.insert(3, 9)), 1);
        assert_eq!(blocks_on_shared(|v| _ = v.remove(3)), 1);
        assert_eq!(blocks_on_shared(|v| _ = v.pop_if(|_| false)), 1);
        assert_eq!(blocks_on_shared(|v| v.retain(|n| *n > 9)), 1);
        assert_eq!(blocks_on_shared(|v| v.retain_mut(|n| *n > 9)), 1);
        assert_eq!(blocks_on_shared(|v| v.dedup_by_key(|n| *n / 2)), 1);
        assert_eq!(blocks_on_shared(|v| drop(v.drain(3..7))), 1);
        assert_eq!(blocks_on_shared(|v| drop(v.splice(3..7, [1, 2, 3, 4]))), 1, "of the same size");
        assert_eq!(blocks_on_shared(|v| v.extract_if(3..7, |_| true).for_each(drop)), 1);
        assert_eq!(blocks_on_shared(|v| drop(v.split_off(9))), 1);
        assert_eq!(blocks_on_shared(|v| v.reserve(50)), 1);
        assert_eq!(blocks_on_shared(|v| v.reserve_exact(50)), 1);
        assert_eq!(blocks_on_shared(|v| v.extend_from_within(..)), 1);
        assert_eq!(blocks_on_shared(|v| v.resize(90, 0)), 1);
        assert_eq!(blocks_on_shared(|v| v.append(&mut (0..30).collect())), 1 + 1, "and `other`");
        assert_eq!(blocks_on_shared(|v| drop(std::mem::take(v).into_vec())), 1);
        assert_eq!(blocks_on_shared(|v| drop(std::mem::take(v).into_boxed_slice())), 1);
    });
}

#[test]
fn a_unique_vector_with_room_allocates_nothing() {
    no_leak(|| {
        let mut v = UniqueVec::with_capacity(40);
        v.extend(0..20_u64);
        let mut other: UniqueVec<u64> = (0..4).collect();
        let (blocks, ()) = blocks_of(|| {
            drop(v.splice(3..7, [1, 2, 3, 4]));
            drop(v.splice(3..7, [1, 2]));
            drop(v.splice(3..4, [1, 2, 3]));
            v.retain(|n| n % 5 != 0);
            v.dedup();
            drop(v.drain(2..4));
            v.extract_if(.., |n| *n == 7).for_each(drop);
            v.insert(1, 3);
            v.append(&mut other);
            v.extend_from_within(..2);
            v.resize(30, 1);
            v.extend([1, 2, 3]);
            v.truncate(3);
            v.shrink_to(40);
        });
        assert_eq!((blocks, v.len()), (0, 3));
        assert_eq!(blocks_of(|| v.into_shared().into_iter().count()).0, 0);
    });
}

#[test]
fn shrinking_gives_room_back() {
    no_leak(|| {
        let mut v = CowVec::with_capacity(1000);
        v.extend(0..10_u64);
        let before = live();
        v.shrink_to_fit();
        assert!(live() < before - 900 * 8, "{} {before}", live());
        v.clear();
        v.shrink_to_fit();
        assert_eq!(v.heap_bytes(), 0);
    });
}

#[test]
fn heap_bytes_are_what_was_allocated() {
    no_leak(|| {
        let before = live();
        let mut unique = UniqueVec::with_capacity(10);
        unique.extend(0..3_u64);
        let bytes = (live() - before) as usize;
        assert_eq!(unique.heap_bytes(), bytes);
        assert_eq!(unique.into_shared().heap_bytes(), bytes);
        assert_eq!(UniqueVec::<u64>::new().heap_bytes(), 0);
    });
}

#[test]
fn room_that_is_there_is_enough() {
    no_leak(|| {
        let mut v = UniqueVec::with_capacity(10);
        v.extend(0..4_u64);
        let more = v.capacity() - v.len();
        assert_eq!(blocks_of(|| v.reserve(more)).0, 0);
        assert_eq!(blocks_of(|| v.reserve(more + 1)).0, 1);
        v.shrink_to_fit();
        assert_eq!(v.heap_bytes(), CowVec::from([0_u64; 4]).heap_bytes());
    });
}

#[test]
fn heap_bytes_of_every_type_are_what_was_allocated() {
    #[track_caller]
    fn check<C>(make: impl FnOnce() -> C, heap_bytes: impl Fn(&C) -> usize) {
        let before = live();
        let collection = make();
        assert_eq!(heap_bytes(&collection), (live() - before) as usize);
        drop(collection);
        assert_eq!(live(), before);
    }
    for n in [0, 1, 5, 100, 3_000] {
        check(|| (0..n).collect::<CowVec<u64>>(), CowVec::heap_bytes);
        check(|| (0..n).collect::<UniqueVec<u64>>(), UniqueVec::heap_bytes);
        check(|| (0..n).collect::<PersistentVector<u64>>(), PersistentVector::heap_bytes);
        check(|| (0..n).map(|_| 'ß').collect::<CowString>(), CowString::heap_bytes);
    }
    let v = CowVec::from([1_u8; 100]);
    assert_eq!(v.clone().heap_bytes(), v.heap_bytes());
}

#[test]
fn append_uses_the_buffer_with_room() {
    no_leak(|| {
        let mut v = CowVec::with_capacity(20);
        let at = v.as_ptr();
        v.append(&mut CowVec::from_iter(0..v.capacity() as u64));
        assert_eq!((v.as_ptr(), v.len()), (at, v.capacity()), "the capacity is just enough");
        v.truncate(4);
        assert!(v.try_mut().is_some(), "unique, and trimmed by `try_mut`");
        let mut shared = v.clone();
        let mut unique = CowVec::from([4_u64, 5]);
        assert_eq!(blocks_of(|| shared.append(&mut unique)).0, 0);
        assert_eq!((shared.as_ptr(), &shared[..]), (v.as_ptr(), &[0, 1, 2, 3, 4, 5][..]));
    });
}

#[test]
fn growth_doubles_from_32_bytes() {
    no_leak(|| {
        let mut v = CowVec::new();
        let (blocks, ()) = blocks_of(|| (0..1024_u64).for_each(|n| v.push(n)));
        assert_eq!((blocks, v.capacity()), (9, 1024));
    });
}

#[test]
fn a_history_of_clone_then_push_allocates_as_one_vector_does() {
    no_leak(|| {
        let mut history = Vec::with_capacity(1024);
        let (blocks, ()) = blocks_of(|| {
            let mut now = CowVec::new();
            for n in 0..1024_u64 {
                history.push(now.clone());
                now.push(n);
            }
        });
        assert_eq!(blocks, 9, "the same as for one growing vector");
        for (n, version) in history.iter().enumerate() {
            assert_eq!(version.len(), n);
        }
    });
}

#[test]
fn one_block_for_each_edit_of_a_shared_vector() {
    no_leak(|| {
        let shared: CowVec<String> = (0..20).map(|n| "x".repeat(n)).collect();
        let strings = |work: fn(&mut CowVec<String>)| {
            let mut v = shared.clone();
            blocks_of(|| work(&mut v)).0
        };
        // `"x".repeat(0)` does not allocate.
        assert_eq!(strings(|v| v.make_mut().reverse()), 1 + 19);
        assert_eq!(strings(|v| v.insert(3, String::new())), 1 + 19);
        assert_eq!(strings(|v| v.push(String::new())), 1 + 19);
        assert_eq!(strings(|v| v.retain(|s| s.len() > 1)), 1 + 18);
        assert_eq!(strings(|v| v.retain(|s| s.len() < 9)), 0, "only a tail is removed");
    });
}

#[test]
fn each_conversion_allocates_its_result_alone() {
    fn convert<S, T: TryFrom<S>>(source: S) -> usize {
        blocks_of(|| T::try_from(source).ok().unwrap()).0
    }
    fn into_both<S: Clone>(source: S) -> [usize; 2]
    where
        CowVec<u64>: From<S>,
        UniqueVec<u64>: From<S>,
    {
        [convert::<S, CowVec<u64>>(source.clone()), convert::<S, UniqueVec<u64>>(source)]
    }
    fn from_each<T>() -> [usize; 3]
    where
        T: TryFrom<UniqueVec<u64>> + TryFrom<CowVec<u64>>,
    {
        let shared = CowVec::from([1; 20]);
        let (alone, unique) = (CowVec::from([1; 20]), UniqueVec::from([1; 20]));
        [convert::<_, T>(unique), convert::<_, T>(alone), convert::<_, T>(shared.clone())]
    }
    no_leak(|| {
        let mut deque = VecDeque::from(vec![1; 20]);
        deque.rotate_left(5);
        assert_eq!(into_both(deque), [1, 1]);
        assert_eq!(into_both(vec![1; 20]), [1, 1]);
        assert_eq!(into_both(vec![1; 20].into_boxed_slice()), [1, 1]);
        assert_eq!(into_both(BinaryHeap::from([1; 20])), [1, 1]);
        assert_eq!(into_both([1; 20]), [1, 1]);
        assert_eq!(into_both(&[1; 20]), [1, 1]);
        assert_eq!(into_both(&[1; 20][..]), [1, 1]);
        assert_eq!(into_both(Cow::Borrowed(&[1; 20][..])), [1, 1]);
        assert_eq!(into_both(Arc::<[u64]>::from([1; 20])), [1, 1]);
        assert_eq!(into_both(Rc::<[u64]>::from([1; 20])), [1, 1]);
        assert_eq!(convert::<_, CowVec<u8>>("twenty bytes of text"), 1);
        assert_eq!(convert::<_, CowVec<u8>>(String::from("twenty bytes of text")), 1);

        assert_eq!(from_each::<Vec<u64>>(), [1, 1, 1]);
        assert_eq!(from_each::<Box<[u64]>>(), [1, 1, 1]);
        assert_eq!(from_each::<Arc<[u64]>>(), [1, 1, 1]);
        assert_eq!(from_each::<Rc<[u64]>>(), [1, 1, 1]);
        assert_eq!(from_each::<VecDeque<u64>>(), [1, 1, 1]);
        assert_eq!(from_each::<BinaryHeap<u64>>(), [1, 1, 1]);
        assert_eq!(from_each::<Cow<'_, [u64]>>(), [1, 1, 1]);
        assert_eq!(from_each::<[u64; 20]>(), [0, 0, 0]);
        assert_eq!(blocks_of(|| Cow::from(&CowVec::<u64>::new()).len()).0, 0);
    });
}
