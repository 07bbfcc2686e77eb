#![cfg(not(cow_loom))]
//! What `CowVec` allocates, and that it frees it.

#[path = "common/alloc.rs"]
mod alloc;

use std::borrow::Cow;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use alloc::{Counting, blocks_of, no_leak};
use cow_collections::{CowVec, UniqueVec, cow_vec};

#[global_allocator]
static COUNTING: Counting = Counting;

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
        assert_eq!(blocks, 9, "as many as growth alone takes");
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
        // "x".repeat(0) has no block of its own.
        assert_eq!(strings(|v| v.make_mut().reverse()), 1 + 19);
        assert_eq!(strings(|v| v.insert(3, String::new())), 1 + 19);
        assert_eq!(strings(|v| v.push(String::new())), 1 + 19);
        assert_eq!(strings(|v| v.retain(|s| s.len() > 1)), 1 + 18);
        assert_eq!(strings(|v| v.retain(|s| s.len() < 9)), 0, "only a tail goes");
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
