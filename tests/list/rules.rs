//! Tests `CopyOnWriteList` with user code that panics, or that writes to the list that calls it.

use crate::common::panics::message;
use crate::elements::{Hook, Noise, Tally, panic_at_clone};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet, CowVec, cow_vec};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// Runs `work` on a list of three elements, with a panic at the first clone, then at the second, and so on.
///
/// Checks after each panic that the list is unchanged, no element is lost, and the list can be written again.
/// Returns the number of clones.
fn panic_at_every_clone(work: impl Fn(&CopyOnWriteList<Noise>)) -> usize {
    for n in 0.. {
        let tally = Tally::new();
        // Elements are large, so there is no spare capacity and a push grows the buffer.
        let list: CopyOnWriteList<Noise> = (1..=3).map(|id| Noise::new(tally.token(id))).collect();
        let before = list.snapshot();
        panic_at_clone(Some(n));
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&list)));
        panic_at_clone(None);
        if outcome.is_err() {
            assert!(
                list.snapshot().ptr_eq(&before),
                "the list is unchanged after a panic at clone {n}"
            );
            list.push(Noise::new(tally.token(9)));
            assert_eq!(list.len(), 4);
        }
        drop((list, before));
        assert_eq!(
            tally.live(),
            0,
            "no element is lost or dropped twice after a panic at clone {n}"
        );
        if outcome.is_ok() {
            return n;
        }
    }
    unreachable!("a run without a panic ends the loop")
}

#[test]
fn a_panicking_clone_changes_nothing() {
    let tally = Tally::new();
    let noise = || Noise::new(tally.token(7));
    assert_eq!(panic_at_every_clone(|l| l.push(noise())), 3, "growth");
    assert_eq!(panic_at_every_clone(|l| l.extend([noise(), noise()])), 3);
    assert_eq!(panic_at_every_clone(|l| assert!(l.insert(1, noise()).is_ok())), 3);
    assert_eq!(panic_at_every_clone(|l| assert!(l.set(1, noise()).is_ok())), 3);
    assert_eq!(panic_at_every_clone(|l| assert!(l.remove_at(1).is_some())), 3);
    assert_eq!(panic_at_every_clone(|l| assert!(l.pop().is_some())), 3);
    assert_eq!(panic_at_every_clone(|l| assert_eq!(l.retain(|x| x.token.id() != 1), 1)), 2);
    assert_eq!(panic_at_every_clone(|l| l.update(|v| v.push(noise()))), 3);
    assert_eq!(
        panic_at_every_clone(|l| l.update(|v| v.truncate(2))),
        2,
        "publishing copies the buffer"
    );
    let shared: CowVec<Noise> = (0..3).map(|_| noise()).collect();
    assert_eq!(panic_at_every_clone(|l| l.store(shared.clone())), 3);
    assert_eq!(
        panic_at_every_clone(|l| {
            assert!(l.compare_and_swap(&l.snapshot(), shared.clone()).is_ok())
        }),
        3
    );
    assert_eq!(panic_at_every_clone(|l| _ = l.rcu(|_| shared.clone())), 3);
    drop(shared);
    assert_eq!(panic_at_every_clone(|l| assert_eq!(l.fork().len(), 3)), 3);
    let id = |noise: &Noise| noise.token.id();
    type Write = fn(&CopyOnWriteList<Noise>);
    let others: [(Write, usize); 15] = [
        (|l| l.extend_from_slice(&l.snapshot()[..1]), 4),
        (|l| l.push_front(l.load()[0].clone()), 4),
        (|l| assert!(l.insert_many(1, l.snapshot().into_iter().take(1)).is_ok()), 4),
        (|l| assert!(l.splice(..2, []).is_ok()), 3),
        (|l| assert!(l.remove_range(1..).is_some()), 3),
        (|l| assert!(l.swap_remove_at(0).is_some()), 3),
        (|l| assert!(l.pop_front().is_some()), 3),
        (|l| assert!(l.remove_first_by(|x| x.token.id() == 2).is_some()), 3),
        (|l| assert!(l.remove_if(|x| x.token.id() == 2) == 1), 2),
        (|l| l.replace_all(Noise::clone), 3),
        (|l| assert!(l.update_range(1.., <[Noise]>::reverse).is_some()), 3),
        (|l| l.truncate(1), 1),
        (|l| l.reverse(), 3),
        (|l| l.rotate_left(1), 3),
        (|l| assert_eq!(l.dedup_by_key(|x| x.token.id() / 2), 1), 2),
    ];
    for (n, (work, clones)) in others.into_iter().enumerate() {
        assert_eq!(panic_at_every_clone(work), clones, "{n}");
    }
    assert_eq!(panic_at_every_clone(|l| l.sort_by_key(|x| 9 - id(x))), 3);
    assert_eq!(panic_at_every_clone(|l| l.sort_unstable_by_key(|x| 9 - id(x))), 3);
    assert_eq!(
        panic_at_every_clone(|l| assert!(l.push_if_absent_by(noise(), |_, _| false).is_ok())),
        3
    );
    assert_eq!(tally.live(), 0);
}

/// `get_mut` clones the elements, because a snapshot shares them.
#[test]
fn a_panicking_clone_leaves_the_owners_list() {
    for n in 0..=3 {
        let tally = Tally::new();
        let mut list: CopyOnWriteList<_> = (1..=3).map(|id| Noise::new(tally.token(id))).collect();
        let before = list.snapshot();
        panic_at_clone(Some(n));
        let done = catch_unwind(AssertUnwindSafe(|| list.get_mut().reverse())).is_ok();
        panic_at_clone(None);
        assert_eq!(list.snapshot().ptr_eq(&before), n < 3);
        assert_eq!((done, list.version()), (n == 3, u64::from(n == 3)));
        drop((list, before));
        assert_eq!(
            tally.live(),
            0,
            "no element is lost or dropped twice after a panic at clone {n}"
        );
    }
}

#[test]
fn a_panicking_closure_or_iterator_changes_nothing() {
    let list = CopyOnWriteList::from([1, 2, 3]);
    let before = list.snapshot();
    for at in 1..=3 {
        let retain = || _ = list.retain(|n| if *n == at { panic!("asked") } else { false });
        assert_eq!(message(retain), "asked");
    }
    assert_eq!(
        message(|| list.update(|v| {
            v.push(4);
            panic!("asked")
        })),
        "asked"
    );
    assert_eq!(
        message(|| _ = list.try_update(|v| -> Result<(), ()> {
            v.clear();
            panic!("asked")
        })),
        "asked"
    );
    let iter = || (0..5).map(|n| if n == 3 { panic!("asked") } else { n });
    let asked = |n: &i32| if *n == 2 { panic!("asked") } else { false };
    let works: [&dyn Fn(); 19] = [
        &|| list.extend(iter()),
        &|| _ = list.insert_many(0, iter()),
        &|| _ = list.splice(1.., iter()),
        &|| _ = list.extend_absent(iter()),
        &|| _ = list.replace(iter().collect::<Vec<_>>()),
        &|| _ = list.remove_if(asked),
        &|| _ = list.remove_first_by(asked),
        &|| _ = list.push_if_absent_by(7, |n, _| asked(n)),
        &|| list.replace_all(|n| if asked(n) { 0 } else { 1 }),
        &|| _ = list.update_range(1.., |part| part.iter().any(asked)),
        &|| list.sort_by(|a, b| if asked(a) { a.cmp(b) } else { b.cmp(a) }),
        &|| list.sort_by_key(asked),
        &|| list.sort_unstable_by(|a, b| if asked(b) { a.cmp(b) } else { b.cmp(a) }),
        &|| _ = list.dedup_by(|a, _| asked(a)),
        &|| _ = list.dedup_by_key(asked),
        &|| _ = list.rcu(|v| v.iter().map(|n| i32::from(asked(n))).collect()),
        &|| _ = list.position(asked),
        &|| list.for_each(|n| _ = asked(n)),
        &|| _ = list.with(1, asked),
    ];
    for (n, work) in works.into_iter().enumerate() {
        assert_eq!(message(work), "asked", "{n}");
    }
    assert!(list.snapshot().ptr_eq(&before));
    assert_eq!(list.version(), 0);
    list.push(4);
    assert_eq!(list, [1, 2, 3, 4]);
}

#[test]
fn a_panicking_drop_of_an_old_version_unwinds_after_the_change() {
    let hooked = |id| {
        Hook::new(id, |id| {
            if id == 2 {
                panic!("drop of {id}")
            }
        })
    };
    let list = CopyOnWriteList::from(vec![hooked(1), hooked(2), hooked(3)]);
    assert_eq!(message(|| list.clear()), "drop of 2");
    assert!(list.is_empty());
    list.push(hooked(4));
    assert_eq!(list.len(), 1);
    let list = CopyOnWriteList::from(vec![hooked(1), hooked(2)]);
    assert_eq!(message(|| drop(list)), "drop of 2", "the drop of the list unwinds too");
}

const REENTRANT: &str = "written from within another write";

#[test]
fn a_write_within_a_write_panics_and_reads_do_not() {
    let list = CopyOnWriteList::from([1, 2]);
    let mut watcher = list.subscribe();
    let watcher = std::cell::RefCell::new(&mut watcher);
    let writes: [&dyn Fn(); 23] = [
        &|| _ = list.splice(.., [1]),
        &|| _ = list.remove(&1),
        &|| _ = list.push_if_absent(7),
        &|| _ = list.extend_absent([7]),
        &|| _ = list.take(),
        &|| list.sort(),
        &|| _ = list.dedup(),
        &|| _ = list.try_update(|_| Err::<(), ()>(())),
        &|| _ = list.rcu(|_| cow_vec![1]),
        &|| _ = list.compare_and_swap(&list.snapshot(), cow_vec![1]),
        &|| _ = list.compare_and_swap_version(list.version(), [1]),
        &|| _ = list.compare_and_swap_version(list.version(), list.snapshot()),
        &|| _ = list.replace([1]),
        // This call would never return.
        &|| watcher.borrow_mut().wait(),
        &|| list.push(1),
        &|| list.extend([1]),
        &|| _ = list.insert(0, 1),
        &|| _ = list.set(0, 1),
        &|| _ = list.pop(),
        &|| _ = list.retain(|_| true),
        &|| list.clear(),
        &|| list.update(|_| ()),
        &|| list.store(cow_vec![1]),
    ];
    for write in writes {
        let text = message(|| list.update(|_| write()));
        assert!(text.contains(REENTRANT), "{text}");
        let text = message(|| {
            _ = list.retain(|_| {
                write();
                true
            })
        });
        assert!(text.contains(REENTRANT), "{text}");
    }
    assert_eq!(list, [1, 2]);
    // A write that finds in a snapshot that it changes nothing takes no lock.
    list.update(|_| {
        assert_eq!((list.remove(&7), list.remove_all(&[7])), (None, 0));
        assert_eq!((list.push_if_absent(1), list.extend_absent([2, 1])), (Err(1), 0));
        let error = list.compare_and_swap(&cow_vec![1, 2], [7]).unwrap_err();
        assert_eq!((error.new, error.current), (cow_vec![7], cow_vec![1, 2]));
        assert!(list.compare_and_swap_version(1, [7]).is_err());
        list.store(list.snapshot());
        assert_eq!(list.version(), 0);
    });
    list.update(|v| assert_eq!(*v, list.load()[..]));
    assert_eq!(list.retain(|n| list.contains(n) && list.reader().load().len() == 2), 0);
    let other = CopyOnWriteList::new();
    list.update(|_| other.push(1));
    assert_eq!(other, [1], "a write to another list succeeds");
    list.extend(std::iter::from_fn(|| list.pop()).take(2));
    assert_eq!(list, [2, 1], "the iterator runs before the lock");
}

/// Checks the closures that run while the list is locked, and those that run without the lock.
#[test]
fn closures_that_write_panic_where_the_list_is_locked() {
    let list = CopyOnWriteList::from([3, 1, 2]);
    let write = || list.push(9);
    let locked: [&dyn Fn(); 13] = [
        &|| list.sort_by(|a, b| (write(), a.cmp(b)).1),
        &|| list.sort_by_key(|x| (write(), *x).1),
        &|| list.sort_unstable_by(|a, b| (write(), a.cmp(b)).1),
        &|| list.sort_unstable_by_key(|x| (write(), *x).1),
        &|| _ = list.dedup_by(|_, _| (write(), false).1),
        &|| _ = list.dedup_by_key(|x| (write(), *x).1),
        &|| list.replace_all(|x| (write(), *x).1),
        &|| _ = list.retain(|_| (write(), true).1),
        &|| _ = list.remove_if(|_| (write(), true).1),
        &|| _ = list.update_range(1.., |_| write()),
        &|| _ = list.update_range(1..1, |_| write()),
        &|| list.update(|_| write()),
        &|| _ = list.try_update(|_| (write(), Ok::<(), ()>(())).1),
    ];
    for (n, work) in locked.into_iter().enumerate() {
        let text = message(work);
        assert!(text.contains(REENTRANT), "{n}: {text}");
        assert!(list == [3, 1, 2] && list.version() == 0, "{n}");
    }
    let set = CopyOnWriteSet::from([1]);
    let text = message(|| _ = set.retain(|_| set.insert(2)));
    assert!(text.contains(REENTRANT) && set.len() == 1, "{text}");
    // These closures run on a snapshot, without the lock. `rcu` checks afterwards that the snapshot is still current.
    list.for_each(|x| list.push(x + 10));
    assert_eq!(list.position(|x| (list.pop().is_some(), *x == 2).1), Some(2));
    assert_eq!(list.with(0, |_| list.pop()), Some(Some(2)));
    let mut first = true;
    list.rcu(|v| {
        if std::mem::take(&mut first) {
            list.push(7);
        }
        v.iter().rev().copied().collect()
    });
    assert_eq!(list, [7, 1, 3]);
}

#[test]
fn a_clone_that_writes_panics() {
    struct Writes(Rc<CopyOnWriteList<Writes>>);
    impl Clone for Writes {
        fn clone(&self) -> Self {
            self.0.clear();
            Self(self.0.clone())
        }
    }
    let list = Rc::new(CopyOnWriteList::new());
    list.push(Writes(list.clone()));
    let text = message(|| _ = list.insert(0, Writes(list.clone())));
    assert!(text.contains(REENTRANT), "{text}");
    assert_eq!(list.len(), 1);
    list.clear(); // the cycle
}

thread_local! {
    static LIST: RefCell<Option<Rc<CopyOnWriteList<Logs>>>> = const { RefCell::new(None) };
    static LOGS: Cell<usize> = const { Cell::new(0) };
}

/// An element whose drop writes to the list, and whose clone can panic.
struct Logs {
    /// Whether `clone` succeeds.
    clone: bool,
    /// Makes the element so large that a block of three has no spare capacity.
    _size: [u64; 8],
}

impl Logs {
    const GOOD: Self = Self { clone: true, _size: [0; 8] };
    const BAD: Self = Self { clone: false, _size: [0; 8] };
}

impl Drop for Logs {
    fn drop(&mut self) {
        // The thread-local is gone if a failed test left its list there until the thread ends.
        if let Ok(Some(list)) = LIST.try_with(|list| list.borrow().clone()) {
            list.retain(|_| true);
            LOGS.set(LOGS.get() + 1);
        }
    }
}

impl Clone for Logs {
    fn clone(&self) -> Self {
        assert!(self.clone, "asked");
        Self::GOOD
    }
}

/// A write, and how many elements it drops.
type Write = (fn(&CopyOnWriteList<Logs>), usize);

/// A write drops the elements that it replaces after unlocking. If it dropped them before, a write in their `Drop`
/// would panic, and the process would abort if that happened during unwinding.
#[test]
fn drops_run_after_unlocking_also_when_unwinding() {
    let setup = |elements: Vec<Logs>| {
        let list = Rc::new(CopyOnWriteList::from(elements));
        LIST.set(Some(list.clone()));
        LOGS.set(0);
        list
    };
    let done = |list: Rc<CopyOnWriteList<Logs>>, drops: usize| {
        assert_eq!(LOGS.get(), drops);
        LIST.set(None);
        drop(list);
    };
    let writes: [Write; 23] = [
        (|l| _ = l.take(), 2),
        (|l| _ = l.replace([]), 2),
        (|l| _ = l.remove_range(..), 4),
        (|l| _ = l.splice(..1, [Logs::GOOD]), 3),
        (|l| _ = l.splice(5.., [Logs::GOOD]), 1),
        (|l| _ = l.swap_remove_at(0), 3),
        (|l| _ = l.remove_first_by(|_| true), 3),
        (|l| l.replace_all(|_| Logs::GOOD), 2),
        (
            |l| {
                let owned = Logs::GOOD;
                l.replace_all(move |_| owned.clone());
            },
            3,
        ),
        (|l| l.truncate(0), 2),
        (|l| _ = l.push_if_absent_by(Logs::GOOD, |_, _| true), 1),
        (
            |l| {
                _ = l.try_update(|v| {
                    v.push(Logs::GOOD);
                    Err::<(), ()>(())
                })
            },
            3,
        ),
        (|l| _ = l.rcu(|_| CowVec::new()), 2),
        (|l| _ = l.compare_and_swap(&cow_vec![Logs::GOOD], cow_vec![Logs::GOOD]), 2),
        (|l| l.clear(), 2),
        (|l| _ = l.retain(|_| false), 2),
        (|l| _ = l.set(0, Logs::GOOD), 3),
        (|l| _ = l.set(5, Logs::GOOD), 1),
        (|l| _ = l.insert(5, Logs::GOOD), 1),
        (|l| _ = l.pop(), 3),
        (|l| l.update(|v| v.clear()), 2),
        (|l| l.update(|v| v.truncate(1)), 2),
        (|l| l.store(CowVec::new()), 2),
    ];
    for (write, drops) in writes {
        let list = setup(vec![Logs::GOOD, Logs::GOOD]);
        write(&list);
        done(list, drops);
    }
    // The last clone panics, which drops the new elements and the clones made so far.
    let failing: [Write; 8] = [
        (|l| l.push(Logs::GOOD), 3),
        (|l| l.extend([Logs::GOOD, Logs::GOOD]), 4),
        (|l| _ = l.insert(0, Logs::GOOD), 3),
        (|l| _ = l.set(0, Logs::GOOD), 3),
        (|l| _ = l.remove_at(0), 2),
        (|l| _ = l.remove_range(..), 2),
        (|l| _ = l.splice(1.., [Logs::GOOD]), 2),
        (
            |l| {
                _ = l.update(|v| -> u8 {
                    *v = cow_vec![Logs::GOOD];
                    panic!("asked")
                })
            },
            1,
        ),
    ];
    for (n, (write, drops)) in failing.into_iter().enumerate() {
        let list = setup(vec![Logs::GOOD, Logs::GOOD, Logs::BAD]);
        assert_eq!(message(|| write(&list)), "asked", "{n}");
        assert_eq!(list.len(), 3);
        done(list, drops);
    }
    // The closure returned a result, but copying its vector panics.
    let list = setup(vec![Logs::GOOD, Logs::BAD, Logs::GOOD]);
    assert_eq!(
        message(|| _ = list.update(|v| {
            v.truncate(2);
            Logs::GOOD
        })),
        "asked"
    );
    done(list, 2);
}

/// Publishing copies the buffer if trimming it would drop excess elements under the lock.
#[test]
fn excess_elements_in_a_draft_are_dropped_after_unlocking() {
    let list = Rc::new(CopyOnWriteList::new());
    LIST.set(Some(list.clone()));
    LOGS.set(0);
    let full = cow_vec![Logs::GOOD, Logs::GOOD];
    let mut short = full.clone();
    short.truncate(1);
    drop(full);
    list.update(|v| *v = short);
    assert_eq!((list.len(), LOGS.get()), (1, 2));
    LIST.set(None);
}

thread_local! {
    static AT_EQ: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// An element that runs [`AT_EQ`] when it is compared.
#[derive(Debug, Clone)]
struct Picky(u32);

impl PartialEq for Picky {
    fn eq(&self, other: &Self) -> bool {
        AT_EQ.with_borrow(|at_eq| at_eq.as_ref().map(|at_eq| at_eq()));
        self.0 == other.0
    }
}

/// Runs `work`, which calls `at_eq` at each comparison.
fn comparing(at_eq: impl Fn() + 'static, work: impl FnOnce()) {
    AT_EQ.set(Some(Box::new(at_eq)));
    work();
    AT_EQ.set(None);
}

type Compares = fn(&CopyOnWriteList<Picky>);

/// Operations that compare. All except the last two find a match.
const COMPARES: [Compares; 8] = [
    |l| _ = l.remove(&Picky(2)),
    |l| _ = l.remove_all(&[Picky(2)]),
    |l| _ = l.push_if_absent(Picky(2)),
    |l| _ = l.extend_absent([Picky(2)]),
    |l| _ = l.contains(&Picky(2)),
    |l| _ = *l == [Picky(1), Picky(2)],
    |l| _ = l.push_if_absent(Picky(9)),
    |l| _ = l.extend_absent([Picky(9), Picky(8)]),
];

#[test]
fn a_panicking_comparison_changes_nothing() {
    for at in 0.. {
        let mut panicked = 0;
        for work in COMPARES.into_iter().chain([(|l| _ = l.dedup()) as Compares]) {
            let list = Rc::new(CopyOnWriteList::from([1, 2].map(Picky)));
            let (before, left) = (list.snapshot(), Cell::new(at));
            let at_eq = move || {
                assert!(left.get() > 0, "asked");
                left.set(left.get() - 1);
            };
            let outcome = {
                let list = list.clone();
                catch_unwind(AssertUnwindSafe(move || comparing(at_eq, || work(&list))))
            };
            AT_EQ.set(None);
            if outcome.is_err() {
                panicked += 1;
                assert!(list.snapshot().ptr_eq(&before));
                assert_eq!(list.version(), 0);
                list.push(Picky(3));
                assert_eq!(list.len(), 3);
            }
        }
        if panicked == 0 {
            assert!(at > 2);
            return;
        }
    }
}

/// The list searches a snapshot first, so a comparison may write to the list. If it did, the search continues under
/// the lock, where a comparison must not write.
#[test]
fn a_comparison_that_writes() {
    for (n, work) in COMPARES.into_iter().enumerate() {
        let list = Rc::new(CopyOnWriteList::from([1, 2].map(Picky)));
        let own = list.clone();
        let wrote = Cell::new(false);
        let at_eq = move || {
            if !wrote.replace(true) {
                own.push(Picky(3));
            }
        };
        let done = {
            let list = list.clone();
            let work = move || comparing(at_eq, || work(&list));
            catch_unwind(AssertUnwindSafe(work)).is_ok()
        };
        assert!(done, "{n}: the comparison writes once, without the lock");
        let expected: &[u32] = match n {
            0 | 1 => &[1, 3],
            6 => &[1, 2, 3, 9],
            7 => &[1, 2, 3, 9, 8],
            _ => &[1, 2, 3],
        };
        assert_eq!(list.load().iter().map(|x| x.0).collect::<Vec<_>>(), expected, "{n}");
    }
    // An element that is missing in the snapshot, but present once the list is locked, is not added.
    let list = Rc::new(CopyOnWriteList::from([1, 2].map(Picky)));
    let (own, wrote) = (list.clone(), Cell::new(false));
    let at_eq = move || {
        if !wrote.replace(true) {
            own.push(Picky(9));
        }
    };
    let work = list.clone();
    comparing(at_eq, move || assert_eq!(work.extend_absent([Picky(9)]), 0));
    assert_eq!((list.len(), list.version()), (3, 1));
    // If the comparison publishes another buffer, that buffer is searched under the lock.
    let list = Rc::new(CopyOnWriteList::from([1, 2].map(Picky)));
    let own = list.clone();
    let text = message(|| comparing(move || own.reverse(), || _ = list.push_if_absent(Picky(9))));
    AT_EQ.set(None);
    assert!(text.contains(REENTRANT), "{text}");
    assert_eq!(list.load().iter().map(|x| x.0).collect::<Vec<_>>(), [1, 2], "reversed twice");
}

/// Counts the comparisons of `work` on a list of 1 to 4, where the first one calls `meanwhile`.
fn comparisons(meanwhile: Compares, work: Compares) -> usize {
    let list = Rc::new(CopyOnWriteList::with_capacity(16));
    list.extend([1, 2, 3, 4].map(Picky));
    let count = Rc::new(Cell::new(0));
    let (own, counter) = (list.clone(), count.clone());
    let at_eq = move || {
        counter.set(counter.get() + 1);
        if counter.get() == 1 {
            meanwhile(&own);
        }
    };
    comparing(at_eq, || work(&list));
    count.get()
}

/// A search that finds nothing in the current version continues under the lock only with the elements that were pushed
/// since then. It searches all elements again if another write came first.
#[test]
fn search_under_the_lock_compares_only_new_elements() {
    let nothing: Compares = |_| ();
    let push: Compares = |l| l.push(Picky(8));
    let set: Compares = |l| _ = l.set(0, Picky(7));
    let absent: [Compares; 3] = [
        |l| l.push_if_absent(Picky(9)).unwrap(),
        |l| l.push_if_absent_by(Picky(9), |a, b| a == b).unwrap(),
        |l| assert_eq!(l.extend_absent([Picky(9)]), 1),
    ];
    for work in absent {
        assert_eq!(comparisons(nothing, work), 4);
        assert_eq!(comparisons(push, work), 4 + 1);
        assert_eq!(comparisons(set, work), 4 + 4);
    }
    // The third element is found. If the list begins with the same elements under the lock, it is not searched again.
    let remove: Compares = |l| assert_eq!(l.remove(&Picky(3)).unwrap().0, 3);
    assert_eq!(comparisons(nothing, remove), 3);
    assert_eq!(comparisons(push, remove), 3);
    assert_eq!(comparisons(set, remove), 3 + 3);
    // The elements behind the third one are compared under the lock.
    let remove_all: Compares = |l| assert_eq!(l.remove_all(&[Picky(3)]), 1);
    assert_eq!(comparisons(nothing, remove_all), 3 + 1);
    assert_eq!(comparisons(push, remove_all), 3 + 2);
    assert_eq!(comparisons(set, remove_all), 3 + 4);
    // The lock is not taken if there is nothing to change.
    let unchanged: [Compares; 3] = [
        |l| assert!(l.remove(&Picky(9)).is_none()),
        |l| assert_eq!(l.remove_all(&[Picky(9)]), 0),
        |l| assert_eq!(l.push_if_absent(Picky(4)).unwrap_err().0, 4),
    ];
    for work in unchanged {
        assert_eq!(comparisons(nothing, work), 4);
        assert_eq!(comparisons(set, work), 4);
    }
}

/// Each new element is compared once with each element of the list, and with those of the batch before it.
#[test]
fn extend_absent_of_new_elements_compares_each_pair_once() {
    let work: Compares = |l| assert_eq!(l.extend_absent([6, 7, 8, 9].map(Picky)), 4);
    let (with_list, within_batch) = (4 * 4, 1 + 2 + 3);
    assert_eq!(comparisons(|_| (), work), with_list + within_batch);
    // The lock is taken after the push, so only the pushed element is compared there.
    let with_pushed = 4;
    assert_eq!(comparisons(|l| l.push(Picky(5)), work), with_list + within_batch + with_pushed);
}
