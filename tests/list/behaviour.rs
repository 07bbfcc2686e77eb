//! The behaviour of `CopyOnWriteList`.

use crate::elements::Tally;
use cow_collections::{CopyOnWriteList, CowVec, UniqueVec, cow_vec};
use std::collections::VecDeque;
use std::ops::Bound;
use std::thread;

const N: usize = if cfg!(miri) { 20 } else { 1000 };

fn letters(s: &str) -> CopyOnWriteList<char> {
    s.chars().collect()
}

#[test]
fn a_new_list_is_empty_in_every_way() {
    let list = CopyOnWriteList::<String>::new();
    assert!(list.is_empty());
    assert_eq!((list.len(), list.get(0), list.pop(), list.remove_at(0)), (0, None, None, None));
    assert!(list.load().is_empty() && list.snapshot().is_empty());
    assert!(list.reader().load().is_empty());
    assert_eq!(
        format!("{list:?} {:?} {:?}", list.load(), CopyOnWriteList::<u8>::default()),
        "[] [] []"
    );
    assert_eq!(format!("{:?}", list.reader()), "Reader { .. }");
    assert_eq!(list.retain(|_| panic!("nothing to ask about")), 0);
    list.clear();
    list.extend([]);
    assert_eq!(list, CopyOnWriteList::<String>::with_capacity(0));
}

#[test]
fn made_from_other_collections() {
    let source = vec![1, 2, 3];
    let lists = [
        CopyOnWriteList::from(source.clone()),
        CopyOnWriteList::from(&source[..]),
        CopyOnWriteList::from([1, 2, 3]),
        CopyOnWriteList::from(cow_vec![1, 2, 3]),
        CopyOnWriteList::from(&[1, 2, 3]),
        CopyOnWriteList::from(source.clone().into_boxed_slice()),
        CopyOnWriteList::from(VecDeque::from(source.clone())),
        CopyOnWriteList::from(UniqueVec::from(source.clone())),
        source.iter().copied().collect(),
    ];
    for list in &lists {
        assert_eq!(*list, source);
        list.push(4);
        assert_eq!(*list, [1, 2, 3, 4]);
    }
    assert_eq!(source, [1, 2, 3]);
}

#[test]
fn extend_by_reference_appends_copies() {
    let mut list = CopyOnWriteList::from([1]);
    Extend::extend(&mut list, &[2, 3]);
    Extend::extend(&mut &list, &[4]);
    assert_eq!(list, [1, 2, 3, 4]);
}

#[test]
fn comparison_is_that_of_the_elements() {
    let list = letters("ab");
    assert_eq!(list, list);
    assert_eq!(list, letters("ab"));
    assert_ne!(list, letters("abc"));
    assert_eq!(list, ['a', 'b']);
    assert_eq!(list, &['a', 'b']);
    assert_eq!(list, ['a', 'b'][..]);
    assert_eq!(list, &['a', 'b'][..]);
    assert_eq!(list, vec!['a', 'b']);
    assert_eq!(list, cow_vec!['a', 'b']);
    assert_eq!(format!("{list:?}"), "['a', 'b']");
    let nan = CopyOnWriteList::from([f64::NAN]);
    assert_ne!(nan, nan);
}

#[test]
fn push_and_extend_keep_order_and_duplicates() {
    let mut list = CopyOnWriteList::new();
    for n in 0..100 {
        list.push(n % 7);
    }
    list.extend(0..50);
    Extend::extend(&mut list, [1]);
    Extend::extend(&mut &list, [2]);
    let expected: Vec<_> = (0..100).map(|n| n % 7).chain(0..50).chain([1, 2]).collect();
    assert_eq!(list, expected);
    assert!(list.contains(&49) && !list.contains(&50));
    assert_eq!((list.get(151), list.get(152)), (Some(2), None));
}

#[test]
fn insert_set_and_remove_at_every_index() {
    for n in 0..4 {
        for i in 0..6 {
            let fresh = || letters(&"abc"[..n]);
            let mut model: Vec<char> = fresh().load().to_vec();
            let list = fresh();
            let result = list.insert(i, 'x');
            if i <= n {
                model.insert(i, 'x');
            }
            assert_eq!((result.is_ok(), list.snapshot()), (i <= n, model.into()));

            let (list, mut model) = (fresh(), fresh().load().to_vec());
            let expected = if i < n { Ok(std::mem::replace(&mut model[i], 'y')) } else { Err('y') };
            assert_eq!((list.set(i, 'y'), list.snapshot()), (expected, model.into()));

            let (list, mut model) = (fresh(), fresh().load().to_vec());
            let expected = (i < n).then(|| model.remove(i));
            assert_eq!((list.remove_at(i), list.snapshot()), (expected, model.into()));

            let (list, mut model) = (fresh(), fresh().load().to_vec());
            assert_eq!((list.pop(), list.snapshot()), (model.pop(), model.into()));
        }
    }
    assert_eq!(letters("").insert(1, 'x'), Err('x'));
}

#[test]
fn retain_keeps_the_order_of_what_stays() {
    for mask in 0..64_usize {
        let list: CopyOnWriteList<usize> = (0..6).collect();
        let mut seen = vec![];
        let removed = list.retain(|n| {
            seen.push(*n);
            mask >> n & 1 == 1
        });
        let kept: Vec<usize> = (0..6).filter(|n| mask >> n & 1 == 1).collect();
        assert_eq!((removed, seen), (6 - kept.len(), (0..6).collect()));
        assert_eq!(list, kept);
    }
}

#[test]
fn update_does_what_a_vector_does() {
    let list = CopyOnWriteList::from([3, 1, 2]);
    assert_eq!(list.update(|v| v.pop()), Some(2));
    assert_eq!(list, [3, 1]);
    list.update(|v| v.make_mut().sort());
    list.update(|v| v.insert(1, 9));
    assert_eq!(list, [1, 9, 3]);
    list.update(|v| v.truncate(2));
    assert_eq!(list, [1, 9]);
    list.update(|v| *v = cow_vec![7; 3]);
    assert_eq!(list, [7, 7, 7]);
    list.update(CowVec::clear);
    assert!(list.is_empty());
    list.update(|v| v.push(1));
    assert_eq!(list, [1]);
    list.update(|v| *v.make_unique() = UniqueVec::with_capacity(8));
    assert!(list.is_empty());
    list.push(2);
    assert_eq!(list, [2]);
}

#[test]
fn store_takes_a_vector_over_or_copies_it() {
    let list = CopyOnWriteList::from([1]);
    let unique = cow_vec![2, 3];
    let address = unique.as_ptr();
    list.store(unique);
    assert_eq!((list.load().as_ptr(), list.snapshot()), (address, cow_vec![2, 3]));
    let shared = cow_vec![4, 5];
    list.store(shared.clone());
    assert_ne!(list.load().as_ptr(), shared.as_ptr());
    list.push(6);
    assert_eq!((shared, list.snapshot()), (cow_vec![4, 5], cow_vec![4, 5, 6]));
    list.store(CowVec::new());
    assert!(list.is_empty());
}

#[test]
fn a_static_list() {
    static LIST: CopyOnWriteList<String> = CopyOnWriteList::new();
    thread::scope(|threads| {
        for t in 0..2 {
            threads.spawn(move || LIST.push(format!("{t}")));
        }
    });
    let mut all = LIST.snapshot().into_vec();
    all.sort();
    assert_eq!(all, ["0", "1"]);
}

#[test]
fn zero_sized_and_over_aligned_elements() {
    let units = CopyOnWriteList::from(vec![(); 3]);
    let before = units.snapshot();
    units.extend([(), ()]);
    units.push(());
    assert_eq!((units.len(), before.len(), units.pop(), units.len()), (6, 3, Some(()), 5));

    #[derive(Debug, Clone, PartialEq)]
    #[repr(align(128))]
    struct Wide(u8);
    let list = CopyOnWriteList::new();
    for n in 0..20 {
        list.push(Wide(n));
    }
    let guard = list.load();
    assert_eq!(guard.as_ptr().addr() % 128, 0);
    assert_eq!(list.set(3, Wide(99)), Ok(Wide(3)));
    assert_eq!((&guard[3], list.get(3)), (&Wide(3), Some(Wide(99))));
}

#[test]
fn push_is_in_place_and_nobody_before_sees_it() {
    let list = CopyOnWriteList::with_capacity(8);
    list.push(String::from("a"));
    let (guard, snapshot, mut reader) = (list.load(), list.snapshot(), list.reader());
    assert_eq!(reader.load(), ["a"]);
    list.push(String::from("b"));
    assert_eq!(list.load().as_ptr(), guard.as_ptr(), "the push is in place in spite of drop glue");
    assert_eq!((&guard[..], &snapshot[..]), (&["a".into()][..], &["a".into()][..]));
    assert_eq!(guard.to_snapshot(), ["a"]);
    assert_eq!(reader.load(), ["a", "b"], "a reader sees the current version");
    list.extend(["c".into(), "d".into()]);
    assert_eq!(list.load().as_ptr(), guard.as_ptr());
    assert_eq!((guard.len(), snapshot.len(), list.len(), reader.load().len()), (1, 1, 4, 4));
}

/// Makes the same random changes to a list and to a `Vec`, and keeps a snapshot of each version.
#[test]
fn a_thousand_changes_and_every_snapshot() {
    let (list, mut model) = (CopyOnWriteList::new(), Vec::new());
    let (mut snapshots, mut reader) = (vec![], list.reader());
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize % n
    };
    for n in 0..N {
        let (i, text) = (below(model.len() + 2), format!("{n}"));
        let (inside, at_end) = (i < model.len(), i <= model.len());
        match below(10) {
            0 => {
                assert_eq!(list.insert(i, text.clone()).is_ok(), at_end);
                if at_end {
                    model.insert(i, text);
                }
            }
            1 => {
                let old = inside.then(|| std::mem::replace(&mut model[i], text.clone()));
                assert_eq!(list.set(i, text.clone()), old.ok_or(text));
            }
            2 => assert_eq!(list.remove_at(i), inside.then(|| model.remove(i))),
            3 => assert_eq!(list.pop(), model.pop()),
            4 => {
                let more: Vec<_> = (0..i).map(|k| format!("{n}.{k}")).collect();
                list.extend(more.clone());
                model.extend(more);
            }
            5 => {
                let before = model.len();
                let keep = |x: &String| !x.ends_with(['0', '1', '2', '3']);
                model.retain(keep);
                assert_eq!(list.retain(keep), before - model.len());
            }
            6 => {
                list.update(|v| v.truncate(i));
                model.truncate(i);
            }
            7 if i == 0 => {
                list.clear();
                model.clear();
            }
            8 => {
                let back = below(n + 1).min(snapshots.len());
                if let Some((snapshot, then)) = snapshots.get(back) {
                    list.store(CowVec::clone(snapshot));
                    model = Vec::clone(then);
                }
            }
            _ => {
                list.push(text.clone());
                model.push(text);
            }
        }
        assert_eq!(reader.load(), model);
        assert_eq!((list.len(), list.get(i)), (model.len(), model.get(i).cloned()));
        snapshots.push((list.snapshot(), model.clone()));
    }
    drop(reader);
    drop(list);
    for (snapshot, model) in snapshots {
        assert_eq!(snapshot, model);
    }
}

#[test]
fn a_snapshot_pushes_into_a_copy_while_the_list_has_its_buffer() {
    let list = CopyOnWriteList::with_capacity(8);
    list.push(1);
    let mut snapshot = list.snapshot();
    snapshot.push(20);
    list.push(2);
    assert_ne!(snapshot.as_ptr(), list.load().as_ptr());
    assert_eq!((snapshot, list.snapshot()), (cow_vec![1, 20], cow_vec![1, 2]));
}

#[test]
fn a_swap_does_not_open_the_old_buffer_to_claims() {
    let list = CopyOnWriteList::with_capacity(8);
    list.push(1);
    let (mut a, b) = (list.snapshot(), list.snapshot());
    list.clear();
    let address = a.as_ptr();
    a.push(2);
    assert_ne!(a.as_ptr(), address, "the flag stays while the buffer is shared");
    drop(list);
    let mut c = b.clone();
    c.push(3);
    assert_ne!(c.as_ptr(), address, "the flag also stays after the list is dropped");
    let mut last = b;
    last.push(4);
    assert_eq!((last.as_ptr(), &last[..]), (address, &[1, 4][..]), "the unique owner trims");
}

#[test]
fn the_last_snapshot_drops_what_was_pushed_behind_it() {
    let tally = Tally::new();
    let list = CopyOnWriteList::with_capacity(8);
    list.extend([tally.token(1), tally.token(2)]);
    let mut snapshot = list.snapshot();
    list.push(tally.token(3));
    assert!(!snapshot.is_unique());
    drop(list);
    assert_eq!(tally.live(), 3);
    assert!(snapshot.get_unique().is_some());
    assert_eq!(tally.live(), 2, "the excess element is dropped");
    snapshot.push(tally.token(4));
    drop(snapshot);
    assert_eq!(tally.live(), 0);
}

#[test]
fn readers_see_finished_writes_and_release_versions() {
    let tally = Tally::new();
    let list = CopyOnWriteList::from(vec![tally.token(1)]);
    let mut reader = list.reader();
    assert_eq!(reader.load().len(), 1);
    assert_eq!(list.update(|v| std::mem::take(v).len()), 1);
    assert_eq!(tally.live(), 1, "the reader keeps the version it saw");
    reader.release();
    assert_eq!(tally.live(), 0);
    assert!(reader.load().is_empty());
    list.push(tally.token(2));
    assert_eq!(reader.load().len(), 1);
    list.clear();
    assert_eq!(tally.live(), 1);
    assert!(reader.load().is_empty());
    assert_eq!(tally.live(), 0, "a load releases the old version");
    let unset = CopyOnWriteList::new();
    let mut reader = unset.reader();
    assert!(reader.load().is_empty());
    unset.push(1);
    assert_eq!(reader.load(), [1], "the first publication is seen too");
}

#[test]
fn guards_keep_old_versions_alive_however_many_there_are() {
    let tally = Tally::new();
    let list = CopyOnWriteList::new();
    let mut guards = vec![];
    for n in 0..20 {
        list.update(|v| *v = cow_vec![tally.token(n)]);
        guards.push(list.load());
    }
    assert_eq!(tally.live(), 20);
    for (n, guard) in guards.iter().enumerate() {
        assert_eq!(guard[0].id() as usize, n);
    }
    guards.truncate(5);
    assert_eq!(tally.live(), 6);
    drop(guards);
    drop(list);
    assert_eq!(tally.live(), 0);
}

#[test]
fn a_forgotten_guard_leaks_at_most_its_version() {
    let list = CopyOnWriteList::from([1, 2]);
    let guard = list.load();
    let snapshot = guard.to_snapshot();
    std::mem::forget(guard);
    list.clear();
    drop(list);
    assert_eq!(snapshot, [1, 2]);
    // arc-swap adds a reference for the guard when the list releases the version. The crate's cell keeps its own
    // reference for the guard, and drops it together with the list.
    assert_eq!(snapshot.strong_count(), if cfg!(feature = "arc-swap") { 2 } else { 1 });
    // A static keeps the snapshot reachable, so that leak checkers do not report this leak.
    static LEAKED: std::sync::OnceLock<CowVec<i32>> = std::sync::OnceLock::new();
    LEAKED.set(snapshot).unwrap();
}

#[test]
fn elements_are_arranged_as_those_of_a_vector() {
    for of in ["", "a", "cabba", "aabbbaacdd", "abcddefe"] {
        for by in 0..8 {
            let (list, mut vec) = (letters(of), of.chars().collect::<Vec<_>>());
            list.rotate_right(by);
            vec.rotate_right(if of.is_empty() { 0 } else { by % of.len() });
            assert_eq!(list, vec);
            list.rotate_left(by);
            assert_eq!(list, letters(of));
        }
        let list = letters(of);
        list.sort_unstable();
        let mut vec: Vec<_> = of.chars().collect();
        vec.sort_unstable();
        assert_eq!(list, vec);

        let (list, mut vec) = (letters(of), of.chars().collect::<Vec<_>>());
        vec.dedup();
        assert_eq!((list.dedup(), list.load().to_vec()), (of.len() - vec.len(), vec));
    }
}

#[test]
fn a_range_is_updated_whole() {
    let list = letters("dcba");
    let (before, version) = (list.snapshot(), list.version());
    assert_eq!(list.update_range(..=2, |part| (part.sort(), part.len()).1), Some(3));
    assert_eq!((&*list.load(), before), (&['b', 'c', 'd', 'a'][..], cow_vec!['d', 'c', 'b', 'a']));
    assert_eq!(list.version(), version + 1);
    let shown = |part: &mut [char]| part.to_vec();
    assert_eq!(
        (list.update_range(4.., shown), list.update_range(2..2, shown)),
        (Some(vec![]), Some(vec![]))
    );
    for (start, end) in [(5, 5), (3, 5), (3, 2), (0, usize::MAX)] {
        assert_eq!(list.update_range(start..end, |_| panic!("called")), None::<()>);
    }
    assert_eq!(list.update_range(..=usize::MAX, shown), None);
    let after = |at| (Bound::Excluded(at), Bound::Unbounded);
    assert_eq!(list.update_range(after(usize::MAX), shown), None);
    assert_eq!(list.version(), version + 1, "nothing was changed");
    assert_eq!(list.update_range(after(1), shown), Some(vec!['d', 'a']));
}

#[test]
fn the_owner_edits_in_place_what_nobody_shares() {
    let mut list = letters("cab");
    let (place, version) = (list.load().as_ptr(), list.version());
    list.get_mut().sort();
    assert_eq!((list.load().as_ptr(), list.version()), (place, version + 1));
    assert_eq!(list, ['a', 'b', 'c']);

    // A shorter snapshot shares the whole buffer, so a write past its end copies too.
    let snapshot = list.snapshot();
    list.push('d');
    list.get_mut()[3] = 'x';
    list.get_mut()[0] = 'y';
    assert_eq!((snapshot.as_slice(), list.version()), (&['a', 'b', 'c'][..], version + 4));
    assert_eq!(list, ['y', 'b', 'c', 'x']);
    drop(snapshot);

    // `get_mut` also finds the snapshot after a reader was dropped or a guard was forgotten.
    let snapshot = list.reader().load().len();
    std::mem::forget(list.load());
    let kept = list.load().to_snapshot();
    list.get_mut().reverse();
    assert_eq!((snapshot, kept), (4, cow_vec!['y', 'b', 'c', 'x']));
    assert_eq!(list, ['x', 'c', 'b', 'y']);
    list.push('z');
    assert_eq!(list.len(), 5);

    let mut empty = CopyOnWriteList::<char>::with_capacity(4);
    let snapshot = empty.snapshot();
    assert!(empty.get_mut().is_empty() && snapshot.is_empty());
    assert_eq!(empty.version(), 0);
}

#[test]
fn write_without_change_publishes_nothing() {
    let list = CopyOnWriteList::from([1, 2, 3]);
    let before = list.snapshot();
    list.extend([]);
    assert_eq!(list.retain(|_| true), 0);
    assert_eq!((list.insert(4, 0), list.set(3, 0), list.remove_at(3)), (Err(0), Err(0), None));
    list.update(|v| _ = v.len());
    list.update(|v| *v = v.clone());
    list.update(|v| *v = before.clone());
    list.store(list.snapshot());
    list.store(before.clone());
    assert!(list.snapshot().ptr_eq(&before));
    list.store(before.iter().copied().collect::<CowVec<_>>());
    assert!(!list.snapshot().ptr_eq(&before) && list == before);
}

#[test]
fn clearing_what_is_empty_keeps_its_room() {
    let list = CopyOnWriteList::with_capacity(8);
    let kept = list.snapshot();
    list.clear();
    list.push(1);
    assert_eq!(list.load().as_ptr(), kept.as_ptr());
}

#[test]
fn pushes_are_amortised_and_other_writes_leave_room_for_them() {
    let list = CopyOnWriteList::new();
    let mut buffers = std::collections::BTreeSet::new();
    let snapshots: Vec<_> = (0..N)
        .map(|n| {
            list.push(n);
            buffers.insert(list.load().as_ptr());
            list.snapshot()
        })
        .collect();
    assert!(buffers.len() <= 10, "{} buffers for {} elements", buffers.len(), snapshots.len());
    let writes: [&dyn Fn(); 4] =
        [&|| _ = list.set(0, 1), &|| _ = list.insert(0, 1), &|| _ = list.remove_at(0), &|| {
            _ = list.pop()
        }];
    for write in writes {
        write();
        let address = list.load().as_ptr();
        list.push(2);
        assert_eq!(list.load().as_ptr(), address, "the push is in place");
    }
}

#[test]
fn publish_of_a_shared_buffer_copies_it() {
    let list = CopyOnWriteList::with_capacity(8);
    list.extend([1, 2, 3]);
    let before = list.snapshot();
    list.update(|v| v.truncate(2));
    assert_ne!(
        list.load().as_ptr(),
        before.as_ptr(),
        "a shared buffer with another length is copied"
    );
    let mut mine = CowVec::with_capacity(8);
    mine.push(1);
    list.update(|v| *v = mine.clone());
    assert_ne!(list.load().as_ptr(), mine.as_ptr());
    let other = CopyOnWriteList::from(list.snapshot());
    assert_ne!(list.load().as_ptr(), other.load().as_ptr(), "two lists never share a buffer");
    list.push(2);
    other.push(3);
    mine.push(4);
    assert_eq!((list.snapshot(), other.snapshot()), (cow_vec![1, 2], cow_vec![1, 3]));
    assert_eq!((mine, before), (cow_vec![1, 4], cow_vec![1, 2, 3]));
}

#[test]
fn a_unique_snapshot_may_be_published_again() {
    for drops in [false, true] {
        let tally = Tally::new();
        let token = |id| drops.then(|| tally.token(id));
        let list = CopyOnWriteList::with_capacity(8);
        list.push(token(1));
        let snapshot = list.snapshot();
        list.push(token(2));
        list.clear();
        let address = snapshot.as_ptr();
        list.store(snapshot);
        assert_eq!((list.load().as_ptr(), list.len()), (address, 1), "trimmed and taken over");
        assert_eq!(tally.live(), usize::from(drops));
        let mut snapshot = Some(list.snapshot());
        list.push(token(3));
        list.clear();
        list.update(|v| *v = snapshot.take().unwrap());
        assert_eq!(list.len(), 1);
        list.push(token(4));
        drop(list);
        assert_eq!(tally.live(), 0);
    }
}

#[test]
fn update_passes_a_shared_handle_to_the_closure() {
    let list = CopyOnWriteList::from([1, 2]);
    list.update(|v| {
        assert!(!v.is_unique() && v.try_mut().is_none() && v.strong_count() == 2);
    });
    CopyOnWriteList::<u8>::new().update(|v| assert!(v.is_unique() && v.is_empty()));
}

#[test]
fn a_new_version_has_half_of_its_room_to_spare() {
    let room = |len: usize| CowVec::<u64>::with_capacity(len + len / 2).heap_bytes();
    let after = |write: fn(&CopyOnWriteList<u64>)| {
        let list = CopyOnWriteList::from([vec![0], (0..19).collect()].concat());
        write(&list);
        list.snapshot().heap_bytes()
    };
    assert_eq!(after(|list| list.insert(3, 7).unwrap()), room(21));
    assert_eq!(after(|list| assert_eq!(list.remove_at(3), Some(2))), room(19));
    assert_eq!(after(|list| assert_eq!(list.dedup(), 1)), room(19));
    assert_eq!(after(|list| assert_eq!(list.retain(|x| *x != 9), 1)), room(19));
    // If most elements were removed, the new buffer is shrunk.
    assert_eq!(after(|list| assert_eq!(list.retain(|x| *x < 6), 13)), room(19));
    let few = CowVec::<u64>::with_capacity(8).heap_bytes();
    assert_eq!(after(|list| assert_eq!(list.retain(|x| *x < 3), 16)), few);
    assert_eq!(after(|list| drop(list.splice(2..5, [1, 2, 3, 4]))), room(21));
}

#[test]
fn a_list_equals_other_collections_of_the_same_elements_both_ways() {
    let list = CopyOnWriteList::from([1, 2]);
    let (unique, deque) = (UniqueVec::from([1, 2]), VecDeque::from([1, 2]));
    assert_eq!([list == unique, unique == list], [true; 2]);
    assert_eq!([list == deque, deque == list], [true; 2]);
    let (unique, deque) = (UniqueVec::from([1]), VecDeque::from([1, 3]));
    assert_eq!([list != unique, unique != list], [true; 2]);
    assert_eq!([list != deque, deque != list], [true; 2]);
}
