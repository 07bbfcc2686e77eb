//! Waiting for changes in async code: `Watcher::changed` and `ArcWatcher`.

use crate::common::panics::{message, text};
use crate::watch::Alarm;
use cow_collections::list::{ArcWatcher, Closed, Watchable, Watcher};
use cow_collections::{CopyOnWriteList, CopyOnWriteSet};
use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Polls a future once.
fn poll<F: Future + Unpin>(future: &mut F, alarm: &Alarm) -> Poll<F::Output> {
    Pin::new(future).poll(&mut alarm.context())
}

/// A watcher of either kind.
trait Watches: Clone {
    fn poll(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>>;
    fn poll_future(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>>;
    /// Polls a future `count` times before it is dropped.
    fn cancel(&mut self, count: usize, alarm: &Alarm);
    fn is_changed(&self) -> bool;
    fn mark(&mut self);
}

impl<T> Watches for Watcher<'_, T> {
    fn poll(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>> {
        self.poll_changed(&mut alarm.context()).map(Ok)
    }

    fn poll_future(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>> {
        poll(&mut Watcher::changed(self), alarm).map(Ok)
    }

    fn cancel(&mut self, count: usize, alarm: &Alarm) {
        let mut future = Watcher::changed(self);
        (0..count).for_each(|_| assert!(poll(&mut future, alarm).is_pending()));
    }

    fn is_changed(&self) -> bool {
        self.has_changed()
    }

    fn mark(&mut self) {
        self.mark_seen();
    }
}

impl<L: Watchable> Watches for ArcWatcher<L> {
    fn poll(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>> {
        self.poll_changed(&mut alarm.context())
    }

    fn poll_future(&mut self, alarm: &Alarm) -> Poll<Result<(), Closed>> {
        poll(&mut ArcWatcher::changed(self), alarm)
    }

    fn cancel(&mut self, count: usize, alarm: &Alarm) {
        let mut future = ArcWatcher::changed(self);
        (0..count).for_each(|_| assert!(poll(&mut future, alarm).is_pending()));
    }

    fn is_changed(&self) -> bool {
        self.has_changed().unwrap()
    }

    fn mark(&mut self) {
        self.mark_seen();
    }
}

const CHANGED: Poll<Result<(), Closed>> = Poll::Ready(Ok(()));

const GONE: Poll<Result<(), Closed>> = Poll::Ready(Err(Closed));

#[test]
fn changed_after_a_change_completes_at_once() {
    fn check(list: &CopyOnWriteList<i32>, mut watcher: impl Watches) {
        let alarm = Alarm::new();
        list.push(1);
        list.push(2);
        assert!(watcher.is_changed());
        assert_eq!(watcher.poll_future(&alarm), CHANGED, "two changes are one notification");
        assert!(!watcher.is_changed() && watcher.poll_future(&alarm).is_pending());
        list.push(3);
        watcher.mark();
        assert!(watcher.poll_future(&alarm).is_pending(), "marked changes are seen");
        assert_eq!((alarm.times(), alarm.clones()), (0, 0), "no future waits any more");
    }
    let list = Arc::new(CopyOnWriteList::new());
    check(&list, list.subscribe());
    check(&list, ArcWatcher::new(&list));
}

#[test]
fn changed_before_a_change_waits_and_is_woken_once() {
    let list = Arc::new(CopyOnWriteList::new());
    let (mut borrowed, mut owned) = (list.subscribe(), ArcWatcher::new(&list));
    let (one, two) = (Alarm::new(), Alarm::new());
    {
        let (mut borrowed, mut owned) = (borrowed.changed(), owned.changed());
        for _ in 0..2 {
            assert!(poll(&mut borrowed, &one).is_pending() && poll(&mut owned, &two).is_pending());
        }
        assert_eq!([one.clones(), two.clones()], [1, 1]);
        list.push(1);
        list.push(2);
        assert_eq!([one.times(), two.times()], [1, 1]);
        assert_eq!([one.clones(), two.clones()], [0, 0]);
        assert_eq!(poll(&mut borrowed, &one), Poll::Ready(()));
        assert_eq!(poll(&mut owned, &two), CHANGED);
        // The futures may be polled again, and then wait for the next change.
        assert!(poll(&mut borrowed, &one).is_pending() && poll(&mut owned, &two).is_pending());
        list.push(3);
        assert_eq!([one.times(), two.times()], [2, 2]);
        assert!(format!("{borrowed:?} {owned:?}").contains("ArcChanged { watcher: ArcWatcher"));
    }
    assert_eq!(borrowed.poll_future(&one), CHANGED);
    assert_eq!(owned.poll_future(&two), CHANGED);
}

#[test]
fn dropped_future_leaves_no_waker_and_loses_no_change() {
    fn check(list: &CopyOnWriteList<i32>, mut watcher: impl Watches) {
        let alarm = Alarm::new();
        watcher.cancel(1, &alarm);
        watcher.cancel(2, &alarm);
        assert_eq!(alarm.clones(), 0, "the waker is dropped with the future");
        list.push(1);
        assert_eq!(alarm.times(), 0, "nobody waited");
        watcher.cancel(0, &alarm);
        assert_eq!(watcher.poll_future(&alarm), CHANGED, "the change is not lost");
        // A future that was never polled leaves the task of an earlier poll in place.
        assert!(watcher.poll(&alarm).is_pending());
        watcher.cancel(0, &alarm);
        assert_eq!(alarm.clones(), 1);
        list.push(2);
        assert_eq!((alarm.times(), alarm.clones()), (1, 0));
        watcher.mark();
        // The drop of a watcher removes its task too.
        assert!(watcher.poll(&alarm).is_pending());
        drop(watcher);
        assert_eq!(alarm.clones(), 0);
    }
    let list = Arc::new(CopyOnWriteList::new());
    check(&list, list.subscribe());
    check(&list, ArcWatcher::new(&list));
}

#[test]
fn leaked_future_is_woken_once() {
    let list = Arc::new(CopyOnWriteList::new());
    let alarm = Alarm::new();
    let mut watcher = ArcWatcher::new(&list);
    let mut future = std::mem::ManuallyDrop::new(watcher.changed());
    assert!(poll(&mut *future, &alarm).is_pending());
    list.push(1);
    list.push(2);
    assert_eq!((alarm.times(), alarm.clones()), (1, 0));
    assert_eq!(watcher.poll_future(&alarm), CHANGED);
}

#[test]
fn clone_has_seen_the_same_and_registers_its_own_task() {
    fn check(list: &CopyOnWriteList<i32>, mut watcher: impl Watches) {
        let (one, two) = (Alarm::new(), Alarm::new());
        list.push(1);
        let mut clone = watcher.clone();
        assert_eq!(watcher.poll(&one), CHANGED);
        assert!(clone.is_changed() && !watcher.is_changed());
        assert_eq!(clone.poll(&two), CHANGED);
        assert!(!watcher.clone().is_changed());
        // A clone of a watcher that waits does not wait, and its drop leaves the other task in place.
        assert!(watcher.poll(&one).is_pending());
        drop(watcher.clone());
        let mut clone = watcher.clone();
        assert!(clone.poll(&two).is_pending());
        list.push(2);
        assert_eq!([one.times(), two.times()], [1, 1]);
        assert_eq!([watcher.poll(&one), clone.poll(&two)], [CHANGED; 2]);
        assert!(watcher.poll(&one).is_pending() && clone.poll(&two).is_pending());
        drop(watcher);
        assert_eq!([one.clones(), two.clones()], [0, 1]);
    }
    let list = Arc::new(CopyOnWriteList::new());
    check(&list, list.subscribe());
    check(&list, ArcWatcher::new(&list));
}

#[test]
fn all_of_many_waiting_tasks_are_woken() {
    const N: usize = if cfg!(miri) { 50 } else { 100_000 };
    let list = Arc::new(CopyOnWriteList::new());
    let alarm = Alarm::new();
    let mut owned: Vec<_> = (0..N).map(|_| ArcWatcher::new(&list)).collect();
    let mut borrowed: Vec<_> = (0..N).map(|_| list.subscribe()).collect();
    for round in 1..3 {
        let mut futures: Vec<_> = owned.iter_mut().map(ArcWatcher::changed).collect();
        let mut others: Vec<_> = borrowed.iter_mut().map(Watcher::changed).collect();
        assert!(futures.iter_mut().all(|future| poll(future, &alarm).is_pending()));
        assert!(others.iter_mut().all(|future| poll(future, &alarm).is_pending()));
        // Every second task goes away again.
        let mut keep = [true, false].into_iter().cycle();
        futures.retain(|_| keep.next() == Some(true));
        assert_eq!(alarm.clones(), N + N.div_ceil(2));
        list.push(round);
        assert_eq!((alarm.times(), alarm.clones()), (round * (N + N.div_ceil(2)), 0));
        assert!(futures.iter_mut().all(|future| poll(future, &alarm) == CHANGED));
        assert!(others.iter_mut().all(|future| poll(future, &alarm).is_ready()));
        drop((futures, others));
        owned.iter_mut().for_each(ArcWatcher::mark_seen);
    }
    // The drop of the list wakes all too.
    drop(borrowed);
    assert!(owned.iter_mut().all(|watcher| watcher.poll(&alarm).is_pending()));
    let before = alarm.times();
    drop(list);
    assert_eq!((alarm.times() - before, alarm.clones()), (N, 0));
    assert!(owned.iter_mut().all(|watcher| watcher.poll(&alarm) == GONE));
}

#[test]
fn drop_of_the_list_wakes_its_tasks_and_closes_the_watchers() {
    let list = Arc::new(CopyOnWriteList::from([1]));
    let alarm = Alarm::new();
    let (mut waits, mut idle) = (ArcWatcher::new(&list), ArcWatcher::new(&list));
    assert!(waits.upgrade().is_some_and(|upgraded| Arc::ptr_eq(&upgraded, &list)));
    assert!(!idle.is_closed() && waits.poll_future(&alarm).is_pending());
    let mut future = waits.changed();
    assert!(poll(&mut future, &alarm).is_pending());
    assert_eq!(Arc::strong_count(&list), 1, "a waiting future does not keep the list alive");
    drop(list);
    assert_eq!((alarm.times(), alarm.clones()), (1, 0));
    assert!(poll(&mut future, &alarm) == GONE && poll(&mut future, &alarm) == GONE);
    drop(future);
    idle.mark_seen();
    for watcher in [&mut waits, &mut idle] {
        assert!(watcher.is_closed() && watcher.has_changed().is_err());
        assert!(watcher.upgrade().is_none() && watcher.clone().poll(&alarm) == GONE);
        assert!(watcher.poll_future(&alarm) == GONE);
    }
    assert_eq!((alarm.times(), alarm.clones()), (1, 0));
    let error: Box<dyn Error> = idle.has_changed().unwrap_err().into();
    assert_eq!(error.to_string(), "the watched collection no longer exists");
    assert!(format!("{idle:?}").starts_with("ArcWatcher { seen: 0"));
}

/// The elements cannot be loaded any more, so a notification would be useless.
#[test]
fn unseen_change_before_the_drop_of_the_list_is_not_reported() {
    let list = Arc::new(CopyOnWriteList::new());
    let mut watcher = ArcWatcher::new(&list);
    list.push(1);
    assert_eq!(watcher.has_changed(), Ok(true));
    drop(list);
    assert!(watcher.has_changed().is_err());
    assert!(watcher.poll_future(&Alarm::new()) == GONE);
}

#[test]
fn watcher_of_a_set_notifies_and_closes() {
    let set = Arc::new(CopyOnWriteSet::from([1]));
    let alarm = Alarm::new();
    let mut watcher = ArcWatcher::new(&set);
    assert!(watcher.poll_future(&alarm).is_pending());
    set.insert(1);
    assert!(watcher.poll_future(&alarm).is_pending(), "the set did not change");
    set.insert(2);
    assert_eq!(watcher.poll_future(&alarm), CHANGED);
    assert!(watcher.upgrade().is_some_and(|set| set.contains(&2)));
    drop(set);
    assert!(watcher.poll_future(&alarm) == GONE);
    fn of_any(list: &impl Watchable) -> bool {
        list.subscribe().has_changed()
    }
    assert!(!of_any(&CopyOnWriteSet::<i32>::new()) && !of_any(&CopyOnWriteList::<i32>::new()));
}

/// `Arc::into_inner` ends the watchers, but wakes nobody. The tasks stay in the list, which wakes them later.
#[test]
fn list_moved_out_of_its_arc_is_gone_and_wakes_with_its_next_change_or_drop() {
    let ends: [fn(CopyOnWriteList<i32>) -> CopyOnWriteList<i32>; 3] = [
        |list| {
            list.push(3);
            list
        },
        |mut list| {
            list.get_mut()[0] = 3;
            list.push(4);
            list
        },
        |mut list| {
            list.get_mut()[0] = 3;
            drop(list);
            CopyOnWriteList::new()
        },
    ];
    for end in ends {
        let list = Arc::new(CopyOnWriteList::from([1, 2]));
        let alarm = Alarm::new();
        let mut watcher = ArcWatcher::new(&list);
        assert!(watcher.poll(&alarm).is_pending());
        let list = Arc::into_inner(list).expect("no other Arc");
        assert_eq!((watcher.is_closed(), alarm.times()), (true, 0));
        let list = end(list);
        assert_eq!((alarm.times(), alarm.clones()), (1, 0));
        assert!(watcher.poll(&alarm) == GONE);
        drop((list, watcher));
        assert_eq!(alarm.times(), 1);
    }
    // A watcher that is dropped meanwhile leaves its waker in the list until then.
    let list = Arc::new(CopyOnWriteList::from([1]));
    let alarm = Alarm::new();
    let mut watcher = ArcWatcher::new(&list);
    assert!(watcher.poll(&alarm).is_pending());
    let list = Arc::into_inner(list).expect("no other Arc");
    drop(watcher);
    assert_eq!(alarm.clones(), 1);
    drop(list.into_inner());
    assert_eq!((alarm.times(), alarm.clones()), (1, 0));
}

/// An element that counts its drops. The drop with the number `panics` panics.
#[derive(Clone)]
struct Counted {
    drops: Arc<AtomicUsize>,
    panics: usize,
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.drops.fetch_add(1, Ordering::Relaxed) == self.panics {
            panic!("an element");
        }
    }
}

/// Panics with `payload`. Under Miri, prints no message: with that of a panic while unwinding, std prints a backtrace,
/// which takes Miri minutes.
fn throw(payload: impl Any + Send) -> ! {
    if cfg!(miri) { resume_unwind(Box::new(payload)) } else { panic_any(payload) }
}

/// A waker that panics when it is woken, with its number as the message. Counts these panics.
struct Throws(Arc<AtomicUsize>);

impl Wake for Throws {
    fn wake(self: Arc<Self>) {
        throw(format!("waker {}", self.0.fetch_add(1, Ordering::Relaxed)));
    }
}

/// A list of three elements, with two panicking wakers around a normal one.
struct Rigged {
    list: Arc<CopyOnWriteList<Counted>>,
    watchers: [ArcWatcher<CopyOnWriteList<Counted>>; 3],
    drops: Arc<AtomicUsize>,
    panics: Arc<AtomicUsize>,
    alarm: Alarm,
}

impl Rigged {
    /// The drop of the element `panicking_drop` panics.
    fn new(panicking_drop: usize) -> Self {
        let drops = Arc::new(AtomicUsize::new(0));
        let element = || Counted { drops: drops.clone(), panics: panicking_drop };
        let list = Arc::new(CopyOnWriteList::from([element(), element(), element()]));
        let mut watchers = [(); 3].map(|()| ArcWatcher::new(&list));
        let (panics, alarm) = (Arc::new(AtomicUsize::new(0)), Alarm::new());
        let throws = || Waker::from(Arc::new(Throws(panics.clone())));
        let wakers = [throws(), alarm.waker.clone(), throws()];
        for (watcher, waker) in watchers.iter_mut().zip(&wakers) {
            assert!(watcher.poll_changed(&mut Context::from_waker(waker)).is_pending());
        }
        Self { list, watchers, drops, panics, alarm }
    }

    /// Asserts that all elements were dropped, all wakers woken, and all watchers closed.
    fn check(&mut self) {
        assert_eq!(self.drops.load(Ordering::Relaxed), 3, "all elements are dropped");
        assert_eq!(self.panics.load(Ordering::Relaxed), 2, "both panicking wakers are woken");
        assert_eq!((self.alarm.times(), self.alarm.clones()), (1, 0));
        assert!(self.watchers.iter_mut().all(|watcher| watcher.poll(&self.alarm) == GONE));
    }
}

#[test]
fn drop_of_the_list_with_panicking_wakers_drops_and_wakes_all() {
    let mut rigged = Rigged::new(usize::MAX);
    let list = std::mem::take(&mut rigged.list);
    assert_eq!(message(|| drop(list)), "waker 0", "the first panic continues");
    rigged.check();
}

#[test]
fn drop_of_the_list_with_a_panicking_element_wakes_all() {
    let mut rigged = Rigged::new(1);
    let list = std::mem::take(&mut rigged.list);
    assert_eq!(message(|| drop(list)), "an element", "the first panic continues");
    rigged.check();
}

/// A panic of a waker would abort the process if it left a drop that unwinding runs.
#[test]
fn drop_of_the_list_while_unwinding_discards_the_panics_of_wakers() {
    let mut rigged = Rigged::new(usize::MAX);
    let list = std::mem::take(&mut rigged.list);
    let text = message(|| {
        let _list = list;
        panic!("the first");
    });
    assert_eq!(text, "the first");
    rigged.check();
}

/// The payload of a panic is the user's value, so its drop may panic too.
#[test]
fn payloads_that_panic_when_dropped_do_not_hide_the_first_panic() {
    struct Payload;
    impl Drop for Payload {
        fn drop(&mut self) {
            // A payload without a size, because it is leaked.
            throw(());
        }
    }
    struct Rude(Arc<AtomicUsize>);
    impl Wake for Rude {
        fn wake(self: Arc<Self>) {
            if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
                panic!("the first");
            }
            throw(Payload);
        }
    }
    let list = Arc::new(CopyOnWriteList::new());
    let count = Arc::new(AtomicUsize::new(0));
    let waker = Waker::from(Arc::new(Rude(count.clone())));
    let mut watchers = [(); 4].map(|()| ArcWatcher::new(&list));
    for unwinding in [false, true, false] {
        for watcher in &mut watchers {
            watcher.mark_seen();
            assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
        }
        count.store(usize::from(unwinding), Ordering::Relaxed);
        if unwinding {
            // Every waker throws a payload that panics. All are discarded, and the second ones are leaked.
            let other = Arc::new(CopyOnWriteList::<i32>::new());
            let mut watchers = [(); 2].map(|()| ArcWatcher::new(&other));
            for watcher in &mut watchers {
                assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
            }
            let text = message(|| {
                let _list = other;
                panic!("unwinding");
            });
            assert_eq!((&*text, count.load(Ordering::Relaxed)), ("unwinding", 3));
        } else {
            assert_eq!(message(|| list.push(1)), "the first");
            assert_eq!(count.load(Ordering::Relaxed), 4);
        }
    }
}

/// A waker that calls a function when it is woken, and once more when it is dropped.
struct Runs<F: Fn() + Send + Sync>(F);

impl<F: Fn() + Send + Sync> Wake for Runs<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

impl<F: Fn() + Send + Sync> Drop for Runs<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Wakers run without a lock, so they may watch and write the list. While the list is dropped they find it gone.
#[test]
fn waker_that_uses_the_list_writes_it_or_finds_it_gone() {
    let list = Arc::new(CopyOnWriteList::new());
    let mut watcher = ArcWatcher::new(&list);
    let other = watcher.clone();
    let closed = Arc::new(AtomicUsize::new(0));
    let count = closed.clone();
    let waker = Waker::from(Arc::new(Runs(move || {
        let mut other = other.clone();
        let polled = other.poll_changed(&mut Context::from_waker(Waker::noop()));
        match other.upgrade() {
            Some(list) => list.push(0),
            None => assert!(polled == GONE),
        }
        count.fetch_add(usize::from(other.is_closed()), Ordering::Relaxed);
    })));
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
    list.push(1);
    assert_eq!(*list, [1, 0], "the waker is woken, and not yet dropped");
    watcher.mark_seen();
    assert!(watcher.poll_changed(&mut Context::from_waker(&waker)).is_pending());
    drop(waker);
    assert_eq!(closed.load(Ordering::Relaxed), 0);
    drop(list);
    assert_eq!(closed.load(Ordering::Relaxed), 2, "the waker is woken and dropped with the list");
}

/// The drop of a replaced or removed waker may use the list, because no lock is held.
#[test]
fn waker_that_is_dropped_by_a_future_may_use_the_list() {
    let list = Arc::new(CopyOnWriteList::new());
    let mut watcher = ArcWatcher::new(&list);
    let writer = Arc::downgrade(&list);
    let waker = Waker::from(Arc::new(Runs(move || writer.upgrade().unwrap().push(1))));
    let mut future = watcher.changed();
    assert!(Pin::new(&mut future).poll(&mut Context::from_waker(&waker)).is_pending());
    drop(waker);
    assert_eq!(list.len(), 0);
    drop(future);
    assert_eq!(list.len(), 1, "the future dropped the last clone of the waker");
    assert_eq!(watcher.poll_future(&Alarm::new()), CHANGED);
}

/// A waker whose clone drops an `Arc` of the list. So the watcher's own `Arc` becomes the last one.
mod dropping {
    use super::*;
    use std::task::{RawWaker, RawWakerVTable};

    pub type List = Arc<CopyOnWriteList<Counted>>;

    /// The list that the next clone drops, and how often the waker was woken.
    pub struct State {
        pub list: Mutex<Option<List>>,
        pub woken: AtomicUsize,
    }

    #[expect(unsafe_code, reason = "only a raw waker can customise its clone")]
    static TABLE: RawWakerVTable = RawWakerVTable::new(
        |state| {
            // SAFETY: the pointer is to the test's state, which outlives its wakers.
            let state = unsafe { &*state.cast::<State>() };
            let list = state.list.lock().unwrap().take();
            drop(list);
            RawWaker::new(std::ptr::from_ref(state).cast(), &TABLE)
        },
        wake,
        wake,
        |_| {},
    );

    #[expect(unsafe_code, reason = "reads the state of a raw waker")]
    fn wake(state: *const ()) {
        // SAFETY: the pointer is to the test's state, which outlives its wakers.
        unsafe { &*state.cast::<State>() }.woken.fetch_add(1, Ordering::Relaxed);
    }

    #[expect(unsafe_code, reason = "only a raw waker can customise its clone")]
    pub fn waker(state: &State) -> Waker {
        // SAFETY: the table expects a pointer to a state. Any thread may use one.
        unsafe { Waker::new(std::ptr::from_ref(state).cast(), &TABLE) }
    }
}

#[test]
fn poll_that_has_the_last_arc_drops_the_list_and_wakes_its_own_task() {
    for panicking_drop in [usize::MAX, 1] {
        let drops = Arc::new(AtomicUsize::new(0));
        let element = || Counted { drops: drops.clone(), panics: panicking_drop };
        let list = Arc::new(CopyOnWriteList::from([element(), element(), element()]));
        let (mut watcher, mut other) = (ArcWatcher::new(&list), ArcWatcher::new(&list));
        let alarm = Alarm::new();
        assert!(other.poll(&alarm).is_pending());
        let state = dropping::State { list: Mutex::new(Some(list)), woken: AtomicUsize::new(0) };
        let waker = dropping::waker(&state);
        let polled = catch_unwind(AssertUnwindSafe(|| {
            watcher.poll_changed(&mut Context::from_waker(&waker))
        }));
        match polled {
            Ok(polled) => assert!(polled.is_pending() && panicking_drop > 3),
            Err(payload) => assert_eq!((text(payload), panicking_drop), ("an element".into(), 1)),
        }
        assert_eq!(drops.load(Ordering::Relaxed), 3);
        assert_eq!((state.woken.load(Ordering::Relaxed), alarm.times()), (1, 1));
        assert!(watcher.poll(&alarm) == GONE && other.poll(&alarm) == GONE);
    }
}

/// If the poll panics, the task of an earlier poll does not wait any more.
#[test]
fn poll_within_a_write_panics_and_loses_no_change() {
    let list = Arc::new(CopyOnWriteList::from([1]));
    let (mut borrowed, mut owned) = (list.subscribe(), ArcWatcher::new(&list));
    let alarm = Alarm::new();
    assert!(borrowed.poll(&alarm).is_pending() && owned.poll(&alarm).is_pending());
    for _ in 0..2 {
        let texts = [
            message(|| list.update(|_| borrowed.poll_future(&alarm))),
            message(|| list.update(|_| owned.poll_future(&alarm))),
        ];
        assert!(texts.iter().all(|text| text.contains("written from within another write")));
    }
    assert_eq!((list.version(), Arc::strong_count(&list)), (0, 1));
    list.push(2);
    assert_eq!([borrowed.poll_future(&alarm), owned.poll_future(&alarm)], [CHANGED; 2]);
    assert!(borrowed.poll_future(&alarm).is_pending() && owned.poll_future(&alarm).is_pending());
    assert_eq!(alarm.clones(), 0);
}

/// Unparks a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls a future until it is ready. Parks the thread meanwhile.
fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

/// One thread hands numbers to the others through the list, and waits for each answer. A lost wake-up never ends.
#[test]
fn tasks_on_threads_wait_for_each_other() {
    const N: usize = if cfg!(miri) { 5 } else { 300 };
    let (asked, answered) = (Arc::new(CopyOnWriteList::new()), CopyOnWriteList::new());
    thread::scope(|threads| {
        for _ in 0..2 {
            let mut watcher = ArcWatcher::new(&asked);
            let answered = &answered;
            threads.spawn(move || {
                block_on(async {
                    let mut n = 0;
                    while watcher.changed().await.is_ok() {
                        while let Some(asked) = watcher.upgrade().and_then(|asked| asked.get(n)) {
                            answered.push(asked);
                            n += 1;
                        }
                    }
                    assert_eq!(n, N, "each question was seen before the list was gone");
                });
            });
        }
        let mut watcher = answered.subscribe();
        block_on(async {
            for n in 0..N {
                asked.push(n);
                while answered.len() < 2 * (n + 1) {
                    watcher.changed().await;
                }
            }
        });
        drop(asked);
    });
    assert_eq!(answered.len(), 2 * N);
}

/// A thread drops the last `Arc` while another one polls. Either of them drops the list, and the task is woken.
#[test]
fn drop_of_the_list_against_polls_drops_once_and_closes() {
    const N: usize = if cfg!(miri) { 10 } else { 3000 };
    for _ in 0..N {
        let drops = Arc::new(AtomicUsize::new(0));
        let element = Counted { drops: drops.clone(), panics: usize::MAX };
        let list = Arc::new(CopyOnWriteList::from([element]));
        let mut watcher = ArcWatcher::new(&list);
        let mut other = watcher.clone();
        thread::scope(|threads| {
            threads.spawn(move || assert!(block_on(other.changed()).is_err()));
            threads.spawn(move || drop(list));
            assert!(block_on(watcher.changed()).is_err());
        });
        assert_eq!(drops.load(Ordering::Relaxed), 1);
        assert!(watcher.is_closed());
    }
}
