//! The version number of a list, its watchers, and `ArcReader`.

use crate::common::panics::text;
use cow_collections::list::ArcReader;
use cow_collections::{CopyOnWriteList, CopyOnWriteSet, cow_vec};
use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// A write, and whether it changes a list of 1, 2, 3.
type Write = (fn(&CopyOnWriteList<i32>), bool);

const WRITES: [Write; 54] = [
    (|l| l.push(4), true),
    (|l| l.extend([4, 5]), true),
    (|l| l.extend([]), false),
    (|l| l.extend_from_slice(&[4]), true),
    (|l| l.extend_from_slice(&[]), false),
    (|l| l.push_front(0), true),
    (|l| _ = l.insert(3, 4), true),
    (|l| _ = l.insert(4, 4), false),
    (|l| _ = l.insert_many(1, [4, 5]), true),
    (|l| _ = l.insert_many(1, []), false),
    (|l| _ = l.insert_many(4, [4]), false),
    (|l| _ = l.set(0, 1), true),
    (|l| _ = l.set(3, 1), false),
    (|l| _ = l.remove_at(2), true),
    (|l| _ = l.remove_at(3), false),
    (|l| _ = l.swap_remove_at(2), true),
    (|l| _ = l.swap_remove_at(3), false),
    (|l| _ = l.pop(), true),
    (|l| _ = l.pop_front(), true),
    (|l| _ = l.remove_range(1..), true),
    (|l| _ = l.remove_range(3..), false),
    (|l| _ = l.remove_range(1..5), false),
    (|l| _ = l.splice(3.., [4]), true),
    (|l| _ = l.splice(3.., []), false),
    (|l| _ = l.remove(&2), true),
    (|l| _ = l.remove(&4), false),
    (|l| _ = l.remove_first_by(|x| *x == 3), true),
    (|l| _ = l.remove_first_by(|x| *x == 4), false),
    (|l| _ = l.retain(|x| *x < 2), true),
    (|l| _ = l.retain(|x| *x < 4), false),
    (|l| _ = l.remove_if(|x| *x < 2), true),
    (|l| _ = l.remove_all(&[3, 4]), true),
    (|l| _ = l.remove_all(&[4]), false),
    (|l| l.replace_all(|x| x + 1), true),
    (|l| _ = l.push_if_absent(4), true),
    (|l| _ = l.push_if_absent(3), false),
    (|l| _ = l.extend_absent([3, 4]), true),
    (|l| _ = l.extend_absent([3, 3]), false),
    (|l| l.sort_by_key(|x| -x), true),
    (|l| l.sort(), false),
    (|l| l.sort_unstable(), false),
    (|l| l.reverse(), true),
    (|l| l.rotate_left(4), true),
    (|l| l.rotate_right(3), false),
    (|l| l.truncate(2), true),
    (|l| l.truncate(3), false),
    (|l| _ = l.dedup(), false),
    (|l| l.clear(), true),
    (|l| _ = l.take(), true),
    (|l| _ = l.replace([1, 2, 3]), true),
    (|l| l.update(|v| v.push(4)), true),
    (|l| l.update(|v| _ = v.len()), false),
    (|l| _ = l.try_update(|v| v.pop().ok_or(()).and(Err::<(), ()>(()))), false),
    (|l| _ = l.rcu(|v| v.clone()), false),
];

/// A write that changes nothing publishes nothing, is not counted and wakes nobody. Every other write is one change.
#[test]
fn each_change_is_counted_and_told_once() {
    for (n, (write, changes)) in WRITES.into_iter().enumerate() {
        for room in [0, 8] {
            let list = CopyOnWriteList::with_capacity(3 + room);
            list.extend([1, 2, 3]);
            let (before, version, mut watcher) =
                (list.snapshot(), list.version(), list.subscribe());
            let woken = Alarm::new();
            assert!(watcher.poll_changed(&mut woken.context()).is_pending());
            write(&list);
            assert_eq!(!list.snapshot().ptr_eq(&before), changes, "{n}");
            assert_eq!(list.version() - version, u64::from(changes), "{n}");
            assert_eq!((watcher.has_changed(), woken.times() == 1), (changes, changes), "{n}");
            assert_eq!(before, [1, 2, 3]);
        }
    }
}

#[test]
fn write_to_an_empty_list_that_stays_empty_is_no_change() {
    let writes: [fn(&CopyOnWriteList<i32>); 14] = [
        |l| l.clear(),
        |l| _ = l.take(),
        |l| _ = l.replace([]),
        |l| l.store(cow_vec![]),
        |l| assert_eq!(l.compare_and_swap(&cow_vec![], cow_vec![]), Ok(cow_vec![])),
        |l| _ = l.rcu(|_| cow_vec![]),
        |l| l.update(|v| v.clear()),
        |l| l.update(|v| *v = cow_vec![]),
        |l| _ = l.pop(),
        |l| _ = l.pop_front(),
        |l| _ = l.remove_range(..),
        |l| l.reverse(),
        |l| l.replace_all(|x| *x),
        |l| _ = l.splice(.., []),
    ];
    for list in [CopyOnWriteList::new(), CopyOnWriteList::with_capacity(4)] {
        for write in writes {
            write(&list);
        }
        assert_eq!((list.version(), list.len()), (0, 0));
        assert_eq!(
            list.compare_and_swap(&cow_vec![], cow_vec![1]),
            Ok(cow_vec![]),
            "all empty vectors are the same version"
        );
        assert_eq!(list.version(), 1);
    }
}

/// A waker that counts how often it was woken.
pub struct Alarm {
    count: Arc<Count>,
    pub waker: Waker,
}

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Alarm {
    pub fn new() -> Self {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        Self { waker: count.clone().into(), count }
    }

    pub fn times(&self) -> usize {
        self.count.0.load(Ordering::Relaxed)
    }

    pub fn context(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }

    /// Returns how many clones of the waker exist.
    pub fn clones(&self) -> usize {
        Arc::strong_count(&self.count) - 2
    }
}

#[test]
fn changes_are_told_as_one_and_from_the_subscription_on() {
    let list = CopyOnWriteList::from([1]);
    list.push(2);
    let mut watcher = list.subscribe();
    assert!(!watcher.has_changed() && !watcher.wait_timeout(Duration::ZERO));
    list.push(3);
    list.clear();
    assert!(watcher.has_changed() && watcher.has_changed());
    watcher.wait();
    assert!(!watcher.has_changed() && !watcher.wait_timeout(Duration::from_millis(2)));
    list.push(4);
    watcher.mark_seen();
    assert!(!watcher.has_changed());
    assert!(format!("{watcher:?}").contains("Watcher"));
}

#[test]
fn a_thread_waits_until_it_is_woken_or_out_of_time() {
    let list = CopyOnWriteList::new();
    let mut watcher = list.subscribe();
    let begin = Instant::now();
    assert!(!watcher.wait_timeout(Duration::from_millis(20)));
    assert!(begin.elapsed() >= Duration::from_millis(20));
    thread::scope(|threads| {
        threads.spawn(|| {
            thread::sleep(Duration::from_millis(20));
            list.push(1);
        });
        assert!(watcher.wait_timeout(Duration::MAX));
        assert_eq!(list, [1]);
    });
}

/// One thread hands numbers to the others through the list, and waits for each answer.
#[test]
fn threads_wait_for_each_other() {
    const N: usize = if cfg!(miri) { 5 } else { 300 };
    let (asked, answered) = (CopyOnWriteList::new(), CopyOnWriteList::new());
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let mut watcher = asked.subscribe();
                for n in 0..N {
                    while asked.len() <= n {
                        watcher.wait();
                    }
                    answered.push(asked.get(n).unwrap());
                }
            });
        }
        let mut watcher = answered.subscribe();
        for n in 0..N {
            asked.push(n);
            while answered.len() < 2 * (n + 1) {
                assert!(watcher.wait_timeout(Duration::from_secs(600)), "a wake-up was lost");
            }
        }
    });
    assert_eq!(answered.len(), 2 * N);
}

#[test]
fn tasks_are_woken_once_and_forgotten_with_their_watcher() {
    let list = CopyOnWriteList::new();
    let (mut a, mut b) = (list.subscribe(), list.subscribe());
    let (old, new, other) = (Alarm::new(), Alarm::new(), Alarm::new());
    assert!(a.poll_changed(&mut old.context()).is_pending());
    assert!(a.poll_changed(&mut new.context()).is_pending(), "the new waker replaces the old one");
    assert!(b.poll_changed(&mut other.context()).is_pending());
    drop(b);
    list.push(1);
    list.push(2);
    assert_eq!([&old, &new, &other].map(Alarm::times), [0, 1, 0]);
    assert!(a.poll_changed(&mut new.context()).is_ready());
    assert!(a.poll_changed(&mut new.context()).is_pending());
    list.push(3);
    assert_eq!(new.times(), 2);
}

#[test]
fn a_waker_may_write_to_the_list_or_panic() {
    /// Pushes when it is woken and when it is dropped.
    struct Writes(Arc<CopyOnWriteList<i32>>);
    impl Wake for Writes {
        fn wake(self: Arc<Self>) {
            self.0.push(7);
            assert!(self.0.len() < 4, "asked");
        }
    }
    impl Drop for Writes {
        fn drop(&mut self) {
            self.0.push(8);
        }
    }
    let list = Arc::new(CopyOnWriteList::from([1]));
    let waker = || Waker::from(Arc::new(Writes(list.clone())));
    let mut watcher = list.subscribe();
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker())).is_pending());
    list.push(2);
    assert_eq!(*list, [1, 2, 7, 8], "the waker is woken and dropped after the change");
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker())).is_ready());
    assert_eq!(list.len(), 5, "a waker that was not kept is dropped");
    // One of two wakers panics. The other one is still woken, and the change is made.
    let mut other = list.subscribe();
    let woken = Alarm::new();
    watcher.mark_seen();
    assert!(other.poll_changed(&mut woken.context()).is_pending());
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker())).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| list.push(9))).is_err());
    assert_eq!((woken.times(), list.get(5)), (1, Some(9)));
    list.push(10);
    drop((watcher, other));
}

/// Returns a waker that panics when it is woken, and counts its panics.
fn panicking(count: &Arc<AtomicUsize>) -> Waker {
    struct Panics(Arc<AtomicUsize>);
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("waker {}", self.0.fetch_add(1, Ordering::Relaxed));
        }
    }
    Arc::new(Panics(count.clone())).into()
}

/// Runs `write` while two panicking wakers and a normal one wait for a change. Returns the panic's message.
fn with_panicking_wakers<T>(list: &CopyOnWriteList<T>, write: impl FnOnce()) -> Option<String> {
    let (panics, woken) = (Arc::new(AtomicUsize::new(0)), Alarm::new());
    let mut watchers = [list.subscribe(), list.subscribe(), list.subscribe()];
    let wakers = [panicking(&panics), woken.waker.clone(), panicking(&panics)];
    for (watcher, waker) in watchers.iter_mut().zip(&wakers) {
        assert!(watcher.poll_changed(&mut Context::from_waker(waker)).is_pending());
    }
    let payload = catch_unwind(AssertUnwindSafe(write)).err();
    let changed = watchers[0].has_changed();
    assert_eq!(
        panics.load(Ordering::Relaxed),
        if changed { 2 } else { 0 },
        "both panicking wakers were woken"
    );
    assert_eq!(woken.times(), usize::from(changed), "the normal waker was woken too");
    assert_eq!(payload.is_some(), changed);
    payload.map(text)
}

#[test]
fn each_write_takes_effect_before_a_panic_of_a_waker_goes_on() {
    for (n, (write, changes)) in WRITES.into_iter().enumerate() {
        for room in [0, 8] {
            let make = || {
                let list = CopyOnWriteList::with_capacity(3 + room);
                list.extend([1, 2, 3]);
                list
            };
            let (list, expected) = (make(), make());
            write(&expected);
            let version = list.version();
            let message = with_panicking_wakers(&list, || write(&list));
            assert_eq!(message.as_deref(), changes.then_some("waker 0"), "{n}");
            assert_eq!(list, expected, "{n}");
            assert_eq!(list.version() - version, u64::from(changes), "{n}");
            // The list is unlocked, and no task waits any more.
            list.push(4);
            assert_eq!(list.last(), Some(4));
        }
    }
}

#[test]
fn each_write_of_a_set_takes_effect_before_a_panic_of_a_waker_goes_on() {
    let writes: [fn(&CopyOnWriteSet<i32>); 6] = [
        |s| _ = s.insert(4),
        |s| _ = s.extend([3, 4, 5]),
        |s| _ = s.remove(&1),
        |s| _ = s.retain(|x| *x > 1),
        |s| s.clear(),
        |s| _ = s.take(),
    ];
    for write in writes {
        let (set, expected) = (CopyOnWriteSet::from([1, 2, 3]), CopyOnWriteSet::from([1, 2, 3]));
        write(&expected);
        let panics = Arc::new(AtomicUsize::new(0));
        let mut watcher = set.subscribe();
        let waker = panicking(&panics);
        assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
        assert!(catch_unwind(AssertUnwindSafe(|| write(&set))).is_err());
        assert_eq!((&set, panics.load(Ordering::Relaxed)), (&expected, 1));
        assert!(set.insert(9));
    }
}

/// The old version is dropped although wakers panic, and a drop panics too. The first panic continues.
#[test]
fn clear_with_panicking_wakers_and_elements_unwinds_with_the_first_waker() {
    #[derive(Clone)]
    struct Panics(Arc<AtomicUsize>);
    impl Drop for Panics {
        fn drop(&mut self) {
            if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
                panic!("an element");
            }
        }
    }
    let drops = Arc::new(AtomicUsize::new(0));
    let list = CopyOnWriteList::from([Panics(drops.clone()), Panics(drops.clone())]);
    let message = with_panicking_wakers(&list, || list.clear());
    assert_eq!(message.as_deref(), Some("waker 0"));
    assert_eq!((list.len(), drops.load(Ordering::Relaxed)), (0, 2));
}

/// A waker's clone and drop run without a lock, so they may watch, read and write the same list.
#[test]
#[expect(unsafe_code, reason = "only a raw waker can customise its clone")]
fn a_wakers_clone_and_drop_may_use_the_list() {
    static TABLE: RawWakerVTable = RawWakerVTable::new(
        |list| {
            uses(list);
            RawWaker::new(list, &TABLE)
        },
        uses,
        uses,
        uses,
    );
    fn uses(list: *const ()) {
        // SAFETY: the pointer is to the test's list, which outlives its wakers.
        let list = unsafe { &*list.cast::<CopyOnWriteList<i32>>() };
        let mut other = list.subscribe();
        assert!(other.poll_changed(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(other.poll_changed(&mut Context::from_waker(Waker::noop())).is_pending());
        // Pushes only at even versions. If every call pushed, the test's watcher would never wait.
        if list.version() % 2 == 0 || list.is_empty() {
            list.push(1);
        }
        drop(other);
    }
    let list = CopyOnWriteList::new();
    // SAFETY: the table expects a pointer to a list, and no other thread uses this list.
    let waker = unsafe { Waker::new(std::ptr::from_ref(&list).cast(), &TABLE) };
    let mut context = Context::from_waker(&waker);
    let mut watcher = list.subscribe();
    while watcher.poll_changed(&mut context).is_ready() {}
    assert!(watcher.poll_changed(&mut context).is_pending(), "the first waker was replaced");
    list.push(2);
    while watcher.poll_changed(&mut context).is_ready() {}
    drop(watcher);
    drop(waker);
}

/// The watcher checks for a change before and after it takes the lock. A change between the checks is reported at once.
#[test]
#[expect(unsafe_code, reason = "only a raw waker can customise its clone")]
fn a_waker_whose_clone_writes_finds_the_change() {
    static TABLE: RawWakerVTable = RawWakerVTable::new(
        |list| {
            // SAFETY: the pointer is to the test's list, which outlives its wakers.
            unsafe { &*list.cast::<CopyOnWriteList<i32>>() }.push(2);
            RawWaker::new(list, &TABLE)
        },
        |_| unreachable!("the change is found before the task waits"),
        |_| unreachable!("the change is found before the task waits"),
        |_| {},
    );
    let list = CopyOnWriteList::from([1]);
    // SAFETY: the table expects a pointer to a list, and no other thread uses this list.
    let waker = unsafe { Waker::new(std::ptr::from_ref(&list).cast(), &TABLE) };
    let mut watcher = list.subscribe();
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_ready());
    assert!(!watcher.has_changed(), "the change was reported");
    assert_eq!(list, [1, 2]);
    list.push(3);
}

/// If a thread reads the version before the elements, the version is never newer than they are.
#[test]
fn versions_are_monotone_and_behind_the_elements() {
    const N: usize = if cfg!(miri) { 20 } else { 2000 };
    let list = CopyOnWriteList::new();
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| (0..N).for_each(|n| list.push(n)));
        }
        let (mut last, mut reader) = (0, list.reader());
        while last < 2 * N {
            let version = list.version() as usize;
            assert!(last <= version && version <= reader.load().len());
            last = version;
            thread::yield_now();
        }
    });
    assert_eq!(list.version() as usize, list.len());
}

#[test]
fn a_future_of_changes() {
    let list = CopyOnWriteList::new();
    let seen = Cell::new(0);
    let mut watcher = list.subscribe();
    let mut task = pin!(async {
        loop {
            poll_fn(|cx| watcher.poll_changed(cx)).await;
            seen.set(list.len());
        }
    });
    let woken = Alarm::new();
    for n in 1..4 {
        assert_eq!(task.as_mut().poll(&mut woken.context()), Poll::<()>::Pending);
        list.push(n);
        assert_eq!(woken.times(), n);
    }
    assert_eq!((task.as_mut().poll(&mut woken.context()), seen.get()), (Poll::Pending, 3));
}

/// An `ArcReader` never returns an older version than the thread has seen in the list. Pushes in place and new
/// buffers are both covered.
#[test]
fn arc_reader_load_never_goes_back() {
    const N: usize = if cfg!(miri) { 30 } else { 20_000 };
    let list = Arc::new(CopyOnWriteList::from([0_usize]));
    thread::scope(|threads| {
        threads.spawn(|| {
            for n in 1..=N {
                if n % 8 == 0 {
                    list.replace_all(|_| n)
                } else {
                    list.push(n)
                }
                if n % 64 == 0 {
                    list.truncate(1);
                    thread::yield_now();
                }
            }
        });
        let mut reader = ArcReader::from(list.clone());
        let mut last = 0;
        while last < N / 64 * 64 {
            let seen = *list.load().last().unwrap();
            last = *reader.load().last().unwrap();
            assert!(seen <= last, "{seen} in the list, then {last} by the reader");
        }
    });
}

#[test]
fn arc_reader_load_after_a_push_in_place_takes_no_second_handle() {
    let list = Arc::new(CopyOnWriteList::with_capacity(4));
    list.push(1);
    let mut reader = ArcReader::from(list.clone());
    assert_eq!(reader.load(), [1]);
    let (count, address) = (list.snapshot().strong_count(), reader.load().as_ptr());
    list.extend([2, 3]);
    let now = reader.load();
    assert_eq!((now, now.as_ptr()), (&[1, 2, 3][..], address));
    assert_eq!(list.snapshot().strong_count(), count);
    list.clear();
    assert!(reader.load().is_empty());
}

#[test]
fn a_reader_that_owns_its_share() {
    let list = Arc::new(CopyOnWriteList::from([String::from("a")]));
    let mut reader = ArcReader::from(list.clone());
    let other = thread::spawn(move || {
        assert_eq!(reader.load(), ["a"]);
        let first = reader.load().as_ptr();
        assert_eq!(reader.load().as_ptr(), first);
        reader.list().push("b".into());
        assert_eq!(reader.load(), ["a", "b"], "the reader sees its own push");
        reader
    });
    let mut reader = other.join().unwrap();
    let kept = reader.clone();
    list.clear();
    let mut snapshot = kept.list().snapshot();
    assert!(reader.load().is_empty() && snapshot.is_empty());
    list.push("c".into());
    assert_eq!(reader.load(), ["c"]);
    assert_eq!(format!("{reader:?}"), "ArcReader { .. }");
    snapshot = list.snapshot();
    list.clear();
    assert_eq!(snapshot.strong_count(), 2, "the reader keeps the version it saw");
    reader.release();
    assert_eq!(snapshot.strong_count(), 1);
    assert!(reader.load().is_empty());
    drop(kept);
    assert_eq!(Arc::strong_count(&list), 2);
}
