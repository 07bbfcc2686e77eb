//! The versions that guards and readers of a `CopyOnWriteList` keep alive, and for how long.

use crate::elements::{Tally, Token};
use cow_collections::CopyOnWriteList;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Returns a list of one token, and its tally.
fn list() -> (CopyOnWriteList<Token>, Tally) {
    let tally = Tally::new();
    (vec![tally.token(0)].into(), tally)
}

/// Publishes a version of one token.
fn publish(list: &CopyOnWriteList<Token>, tally: &Tally, id: u32) {
    list.update(|v| *v = vec![tally.token(id)].into());
}

#[test]
fn an_old_version_goes_with_its_last_guard() {
    let (list, tally) = list();
    let (a, b) = (list.load(), list.load());
    publish(&list, &tally, 1);
    assert_eq!((a[0].id(), b[0].id(), tally.live()), (0, 0, 2));
    drop(a);
    assert_eq!((b[0].id(), tally.live()), (0, 2));
    drop(b);
    assert_eq!(tally.live(), 1, "no write was needed");
}

#[test]
fn a_guard_keeps_what_a_snapshot_gives_up() {
    let (list, tally) = list();
    let (guard, snapshot) = (list.load(), list.snapshot());
    publish(&list, &tally, 1);
    publish(&list, &tally, 2);
    drop(snapshot);
    assert_eq!((guard[0].id(), tally.live()), (0, 2));
    drop(guard);
    assert_eq!(tally.live(), 1);
}

/// Takes more guards on one thread than there are guard slots, of one version and of many.
#[test]
fn guards_past_the_eighth() {
    let (list, tally) = list();
    let same: Vec<_> = (0..20).map(|_| list.load()).collect();
    for id in 1..=20 {
        publish(&list, &tally, id);
    }
    assert_eq!(tally.live(), 2, "the version of the guards and the current one are left");
    let mut each = Vec::new();
    for id in 21..=40 {
        publish(&list, &tally, id);
        each.push(list.load());
    }
    assert!(same.iter().all(|guard| guard[0].id() == 0));
    assert!(each.iter().zip(21..).all(|(guard, id)| guard[0].id() == id));
    assert_eq!(tally.live(), 21);
    drop(same);
    assert_eq!(tally.live(), 20);
    // Drops guards with a guard slot and with an overflow slot in mixed order.
    for n in (1..=19).rev() {
        drop(each.swap_remove(n / 2));
        assert_eq!(tally.live(), if each.iter().any(|g| g[0].id() == 40) { n } else { n + 1 });
    }
    drop(each);
    assert_eq!(tally.live(), 1);
    let again: Vec<_> = (0..20).map(|_| list.load()).collect();
    assert!(again.iter().all(|guard| guard[0].id() == 40));
}

#[test]
fn a_reader_that_never_comes_back_pins_one_version_and_not_all() {
    let (list, tally) = list();
    let (mut stuck, mut live) = (list.reader(), list.reader());
    assert_eq!(stuck.load()[0].id(), 0);
    for id in 1..=50 {
        publish(&list, &tally, id);
        assert_eq!((live.load()[0].id(), list.load()[0].id()), (id, id));
        assert_eq!(tally.live(), 2, "the stuck reader's version and the current one are left");
    }
    // The stuck reader does not keep other guards from dropping their versions at once.
    let guard = list.load();
    publish(&list, &tally, 51);
    assert_eq!((tally.live(), live.load()[0].id()), (3, 51));
    drop(guard);
    assert_eq!(tally.live(), 2);
    assert_eq!(stuck.load()[0].id(), 51);
    assert_eq!(tally.live(), 1);
    // If the reader is forgotten, it pins its version as long as the list lives.
    std::mem::forget(stuck);
    publish(&list, &tally, 52);
    publish(&list, &tally, 53);
    assert_eq!((tally.live(), live.load()[0].id()), (2, 53));
    drop(live);
    drop(list);
    if cfg!(not(feature = "arc-swap")) {
        assert_eq!(tally.live(), 0);
    }
}

#[test]
fn a_version_goes_when_its_reader_refreshes_releases_or_is_dropped() {
    let (list, tally) = list();
    let mut reader = list.reader();
    assert_eq!(reader.load()[0].id(), 0);
    publish(&list, &tally, 1);
    assert_eq!(tally.live(), 2);
    assert_eq!(reader.load()[0].id(), 1);
    assert_eq!(tally.live(), 1, "a load drops the old version");
    publish(&list, &tally, 2);
    reader.release();
    assert_eq!(tally.live(), 1, "a release drops the old version");
    reader.release();
    assert_eq!(reader.load()[0].id(), 2);
    publish(&list, &tally, 3);
    assert_eq!(tally.live(), 2);
    drop(reader);
    assert_eq!(tally.live(), 1, "dropping the reader drops the old version");
}

/// The writing thread makes and drops guards and readers within a write. None of them waits for the lock.
#[test]
fn guards_and_readers_within_a_write() {
    let (list, tally) = list();
    let old = list.load();
    let mut reader = list.reader();
    assert_eq!(reader.load()[0].id(), 0);
    publish(&list, &tally, 1);
    let mut guards = Vec::new();
    list.update(|v| {
        guards.extend((0..20).map(|_| list.load()));
        assert!(list.reader().load()[0].id() == 1 && reader.load()[0].id() == 1);
        drop(old);
        v.push(tally.token(2));
    });
    assert_eq!(guards.iter().map(|guard| guard.len()).max(), Some(1));
    assert_eq!((list.len(), reader.load().len()), (2, 2));
    drop(guards);
    assert_eq!(
        tally.live(),
        2,
        "the write or a later guard freed the versions that were still protected"
    );
}

/// The last guard drops an element whose drop reads and writes the list.
#[test]
fn the_drop_that_a_guard_runs_may_use_the_list() {
    static LIST: CopyOnWriteList<Uses> = CopyOnWriteList::new();
    static DROPS: AtomicUsize = AtomicUsize::new(0);
    #[derive(Clone)]
    struct Uses(u8);
    impl Drop for Uses {
        fn drop(&mut self) {
            let before = LIST.load().len();
            if self.0 == 1 {
                LIST.push(Self(0));
                assert_eq!(LIST.reader().load().len(), before + 1);
            }
            DROPS.fetch_add(1, Ordering::Relaxed);
        }
    }
    LIST.push(Uses(1));
    let guard = LIST.load();
    LIST.clear();
    assert_eq!((guard[0].0, DROPS.load(Ordering::Relaxed)), (1, 0));
    drop(guard);
    assert_eq!((LIST.len(), DROPS.load(Ordering::Relaxed)), (1, 1));
    LIST.clear();
}

/// Threads make and drop readers at the same time. No thread sees an older version after a newer one.
#[test]
fn readers_come_and_go() {
    let rounds = if cfg!(miri) { 3 } else { 200 };
    let list = CopyOnWriteList::from([0_usize]);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                let mut last = 0;
                for _ in 0..rounds {
                    let (mut reader, mut other) = (list.reader(), list.reader());
                    for _ in 0..3 {
                        for now in [reader.load()[0], list.load()[0], other.load()[0]] {
                            assert!(now >= last, "no older version is seen");
                            last = now;
                        }
                        reader.release();
                    }
                }
            });
        }
        for n in 1..=rounds * 4 {
            assert_eq!(list.set(0, n), Ok(n - 1));
        }
    });
    assert_eq!(list, [rounds * 4]);
}
