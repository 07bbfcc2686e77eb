//! The behaviour of `CopyOnWriteCell` and `Snapshot`.

use cow_collections::list::{ArcCellReader, CellCompareError, Snapshot};
use cow_collections::{CopyOnWriteCell, PersistentVector};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

#[test]
fn new_and_from_and_default_hold_the_value() {
    assert_eq!(*CopyOnWriteCell::new(1).load(), 1);
    assert_eq!(*CopyOnWriteCell::from("a").load(), "a");
    assert!(CopyOnWriteCell::<String>::default().load().is_empty());
    let nested = CopyOnWriteCell::new(CopyOnWriteCell::new(1));
    nested.load().store(2);
    assert_eq!(*nested.load().load(), 2);
}

#[test]
fn store_replaces_the_value_that_every_way_of_reading_returns() {
    let cell = Arc::new(CopyOnWriteCell::new(String::from("a")));
    let (mut reader, mut owned) = (cell.reader(), ArcCellReader::from(cell.clone()));
    let mut other = owned.clone();
    assert_eq!((reader.load().as_str(), owned.load().as_str()), ("a", "a"));
    for n in 0..5 {
        let text = n.to_string();
        let (guard, snapshot) = (cell.load(), cell.snapshot());
        let before = guard.clone();
        cell.store(text.clone());
        assert_eq!((&*guard, &*snapshot), (&before, &before), "they keep the old value");
        assert_eq!((&*cell.load(), &*cell.snapshot()), (&text, &text));
        assert_eq!((reader.load(), owned.load(), other.load()), (&text, &text, &text));
        assert_eq!((reader.load(), owned.load()), (&text, &text), "the second load of a version");
        assert!(guard.to_snapshot().ptr_eq(&snapshot));
        if n % 2 == 0 {
            reader.release();
            owned.release();
        }
    }
    assert!(Arc::ptr_eq(owned.cell(), &cell));
}

#[test]
fn replace_returns_the_old_value() {
    let cell = CopyOnWriteCell::new(String::from("a"));
    assert_eq!(*cell.replace("b".into()), "a");
    let kept = cell.snapshot();
    let b = cell.replace("c".into());
    assert!(b.ptr_eq(&kept));
    assert_eq!((&**b, &**cell.load()), ("b", "c"));
}

#[test]
fn update_edits_a_clone_and_returns_the_result() {
    let cell = CopyOnWriteCell::new(vec![1]);
    let before = cell.snapshot();
    let len = cell.update(|v| {
        v.push(2);
        v.len()
    });
    assert_eq!((len, &*before, &*cell.load()), (2, &vec![1], &vec![1, 2]));
    cell.update(|_| ());
    assert_eq!(cell.version(), 2, "an update always publishes");
}

#[test]
fn try_update_on_error_changes_nothing() {
    let texts = CopyOnWriteCell::new(String::from("a"));
    let before = texts.snapshot();
    let fails = |v: &mut String| -> Result<(), usize> {
        v.push('b');
        Err(v.len())
    };
    assert_eq!(texts.try_update(fails), Err(2));
    assert!(texts.snapshot().ptr_eq(&before));
    let numbers = CopyOnWriteCell::new(1_u64);
    for n in 1..5 {
        let expected = if n % 2 == 0 { Ok(n) } else { Err(n) };
        let change = |v: &mut u64| {
            *v += n;
            expected
        };
        assert_eq!(numbers.try_update(change), expected);
    }
    assert_eq!((*numbers.load(), numbers.version(), texts.version()), (7, 2, 0));
}

#[test]
fn rcu_retries_until_no_other_write_came_between() {
    let cell = CopyOnWriteCell::new(1);
    let mut calls = 0;
    let old = cell.rcu(|n| {
        calls += 1;
        if calls <= 3 {
            cell.store(n * 10);
        }
        n + 1
    });
    assert_eq!((calls, *old, *cell.load(), cell.version()), (4, 1000, 1001, 4));
}

#[test]
fn compare_and_swap_compares_versions_and_not_values() {
    let cell = CopyOnWriteCell::new(String::from("a"));
    let a = cell.snapshot();
    let old = cell.compare_and_swap(&a, "b".into()).unwrap();
    assert!(old.ptr_eq(&a));
    let error = cell.compare_and_swap(&a, "c".into()).unwrap_err();
    assert_eq!((error.new.as_str(), error.current.as_str()), ("c", "b"));
    cell.store("a".into());
    assert!(cell.compare_and_swap(&a, "d".into()).is_err(), "an equal value of another version");
    let same = cell.snapshot();
    assert!(CopyOnWriteCell::new(String::from("a")).compare_and_swap(&same, "e".into()).is_err());
    assert!(cell.compare_and_swap(&Snapshot::from(String::from("a")), "f".into()).is_err());
    assert!(cell.compare_and_swap(&same, "g".into()).is_ok());
    assert_eq!((cell.load().as_str(), cell.version()), ("g", 3));
}

/// Values without a size have blocks all the same, so their versions differ.
#[test]
fn zero_sized_values_have_versions() {
    let cell = CopyOnWriteCell::new(());
    let first = cell.snapshot();
    assert!(cell.compare_and_swap(&first, ()).is_ok());
    assert!(cell.compare_and_swap(&first, ()).is_err());
    let second = cell.snapshot();
    assert!(!second.ptr_eq(&first) && second == first);
    cell.update(|unit| *unit = ());
    cell.rcu(|unit| *unit);
    assert_eq!((cell.version(), cell.into_inner().try_unwrap()), (3, Ok(())));
    let mut calls = 0;
    let works = CopyOnWriteCell::new((|| ()) as fn());
    works.update(|work| (calls += 1, work()));
    assert_eq!(calls, 1);
}

#[test]
fn over_aligned_values_are_aligned_in_every_version() {
    #[derive(Clone, Debug, PartialEq)]
    #[repr(align(256))]
    struct Wide(u8);
    let cell = CopyOnWriteCell::new(Wide(0));
    let mut reader = cell.reader();
    for n in 1..20 {
        match n % 3 {
            0 => cell.store(Wide(n)),
            1 => cell.update(|wide| wide.0 = n),
            _ => _ = cell.rcu(|_| Wide(n)),
        }
        let snapshot = cell.snapshot();
        for wide in [&*cell.load(), &*snapshot, reader.load()] {
            assert_eq!((wide.0, (&raw const *wide).addr() % 256), (n, 0));
        }
    }
    drop(reader);
    assert_eq!(cell.into_inner().try_unwrap(), Ok(Wide(19)));
}

#[test]
fn get_mut_edits_in_place_or_a_clone_of_a_shared_value() {
    let mut cell = CopyOnWriteCell::new(String::from("a"));
    let address = (&raw const *cell.load()).addr();
    cell.get_mut().push('b');
    assert_eq!((&raw const *cell.load()).addr(), address, "in place");
    let before = cell.snapshot();
    cell.get_mut().push('c');
    assert_eq!((before.as_str(), cell.load().as_str(), cell.version()), ("ab", "abc", 2));
    drop(before);
    cell.get_mut().clear();
    assert_eq!((cell.load().as_str(), cell.version()), ("", 3));
}

#[test]
fn into_inner_returns_the_last_value() {
    let cell = CopyOnWriteCell::new(String::from("a"));
    let kept = cell.snapshot();
    let shared = cell.into_inner().try_unwrap().unwrap_err();
    assert!(shared.ptr_eq(&kept));
    drop(shared);
    assert_eq!(kept.try_unwrap().unwrap(), "a");
}

#[test]
fn try_unwrap_on_a_replaced_value_that_a_guard_reads_fails() {
    let cell = CopyOnWriteCell::new(String::from("a"));
    let guard = cell.load();
    let old = cell.replace("b".into());
    let old = old.try_unwrap().expect_err("the guard reads it");
    assert_eq!((guard.as_str(), old.as_str()), ("a", "a"));
    drop(guard);
    assert_eq!(old.try_unwrap().unwrap(), "a");
}

#[test]
fn snapshot_compares_hashes_and_formats_as_its_value() {
    let cell = CopyOnWriteCell::new(String::from("b"));
    let (b, c) = (cell.snapshot(), Snapshot::from(String::from("c")));
    assert!(b == b.clone() && b == Snapshot::from(String::from("b")) && b != c && b < c);
    assert_eq!(b.cmp(&c), "b".cmp("c"));
    assert_eq!(Snapshot::from(f64::NAN).partial_cmp(&Snapshot::from(1.0)), None);
    assert_eq!(format!("{b} {b:?} {:5}|", c), "b \"b\" c    |");
    assert_eq!(format!("{b:p}"), format!("{:p}", &*b));
    let map = HashMap::from([(b.clone(), 1)]);
    assert_eq!((map.get(&b), map.get(&String::from("b"))), (Some(&1), Some(&1)));
    let map = BTreeMap::from([(c, 1)]);
    assert_eq!(map.get(&String::from("c")), Some(&1));
    let (as_ref, borrowed): (&String, &String) = (b.as_ref(), b.borrow());
    assert_eq!((as_ref, borrowed), (&*b, &*b));
    assert_eq!(size_of::<Option<Snapshot<u8>>>(), size_of::<Snapshot<u8>>());
}

#[test]
fn debug_and_display_show_the_value() {
    let cell = CopyOnWriteCell::new("a");
    assert_eq!(format!("{cell:?}"), "CopyOnWriteCell(\"a\")");
    assert_eq!(format!("{} {:?}", cell.load(), cell.load()), "a \"a\"");
    let owned = ArcCellReader::from(Arc::new(CopyOnWriteCell::new(1)));
    assert_eq!(format!("{:?} {owned:?}", cell.reader()), "CellReader { .. } ArcCellReader { .. }");
    struct Opaque;
    let cell = CopyOnWriteCell::new(Opaque);
    let error: CellCompareError<Opaque> =
        cell.compare_and_swap(&Snapshot::from(Opaque), Opaque).err().unwrap();
    assert_eq!(format!("{error:?}"), "CellCompareError { .. }");
    assert!(error.to_string().contains("was changed"), "{error}");
    let source: &dyn std::error::Error = &error;
    assert!(source.source().is_none());
}

#[test]
fn version_counts_the_writes_that_publish() {
    let mut cell = CopyOnWriteCell::new(0);
    type Write = fn(&CopyOnWriteCell<i32>);
    let writes: [Write; 7] = [
        |c| c.store(0),
        |c| _ = c.replace(0),
        |c| c.update(|_| ()),
        |c| assert!(c.try_update(|_| Ok::<_, ()>(())).is_ok()),
        |c| _ = c.rcu(|n| *n),
        |c| assert!(c.compare_and_swap(&c.snapshot(), 0).is_ok()),
        |c| _ = c.try_update(|_| Err::<(), _>(())),
    ];
    for (n, write) in writes.iter().enumerate() {
        write(&cell);
        assert_eq!(cell.version(), (n as u64 + 1).min(6));
    }
    cell.get_mut();
    assert_eq!(cell.version(), 7);
}

#[test]
fn watcher_of_a_cell_notifies_of_each_write() {
    let cell = CopyOnWriteCell::new(0);
    let mut watcher = cell.subscribe();
    assert!(!watcher.has_changed() && !watcher.wait_timeout(Duration::ZERO));
    cell.store(1);
    assert!(watcher.has_changed() && watcher.wait_timeout(Duration::ZERO));
    thread::scope(|threads| {
        threads.spawn(|| cell.update(|n| *n += 1));
        watcher.wait();
        assert_eq!(*cell.load(), 2);
    });
}

/// A vector for many threads, whose writes copy no more than a path.
#[test]
fn cell_with_a_persistent_vector_keeps_every_version() {
    let n = if cfg!(miri) { 100 } else { 5000 };
    let cell = CopyOnWriteCell::new((0..n).collect::<PersistentVector<usize>>());
    let mut versions = vec![cell.snapshot()];
    for i in (0..n).step_by(7) {
        cell.update(|v| v.set(i, n + i));
        versions.push(cell.snapshot());
    }
    for (k, version) in versions.iter().enumerate() {
        for i in (0..n).step_by(7) {
            assert_eq!(version[i], if i / 7 < k { n + i } else { i });
        }
    }
}

#[test]
fn heap_bytes_covers_the_value() {
    assert!(CopyOnWriteCell::new([0_u8; 1000]).heap_bytes() > 1000);
    assert!(CopyOnWriteCell::new(()).heap_bytes() < 100);
    assert!(CopyOnWriteCell::new(vec![0_u8; 1000]).heap_bytes() < 100, "not what the value owns");
}
