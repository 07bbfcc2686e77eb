//! A cell with user code that writes to the cell that calls it, and the threads that writes exclude.

use crate::common::panics::message;
use cow_collections::CopyOnWriteCell;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::thread;

const REENTRANT: &str = "written from within another write";

#[test]
fn write_within_a_write_panics_and_a_read_does_not() {
    let cell = CopyOnWriteCell::new(String::from("a"));
    let watcher = RefCell::new(cell.subscribe());
    let first = cell.snapshot();
    let writes: [&dyn Fn(); 8] = [
        &|| cell.store("b".into()),
        &|| _ = cell.replace("b".into()),
        &|| cell.update(|_| ()),
        &|| _ = cell.try_update(|_| Err::<(), ()>(())),
        &|| _ = cell.rcu(String::clone),
        &|| _ = cell.compare_and_swap(&first, "b".into()),
        // These calls would never return.
        &|| watcher.borrow_mut().wait(),
        &|| _ = watcher.borrow_mut().wait_timeout(std::time::Duration::from_secs(60)),
    ];
    for write in writes {
        let texts = [
            message(|| cell.update(|_| write())),
            message(|| _ = cell.try_update(|_| (write(), Ok::<(), ()>(())).1)),
        ];
        for text in texts {
            assert!(text.contains(REENTRANT) && text.contains("CopyOnWriteCell"), "{text}");
        }
        assert!(cell.snapshot().ptr_eq(&first));
    }
    let mut reader = cell.reader();
    cell.update(|v| {
        v.push('b');
        assert_eq!((&*cell.load(), &*cell.snapshot(), reader.load()), (&*first, &*first, &*first));
        assert_eq!(cell.version(), 0);
        // This fails without the lock, because the cell had another version at the load.
        let other = CopyOnWriteCell::new(String::new());
        assert!(cell.compare_and_swap(&other.snapshot(), "c".into()).is_err());
        other.update(|text| text.push('c'));
        assert_eq!(*other.load(), "c", "a write to another cell succeeds");
    });
    assert_eq!(*cell.load(), "ab");
}

/// A value whose clone or drop writes to its own cell.
struct Writes {
    cell: Weak<CopyOnWriteCell<Writes>>,
    at_drop: bool,
}

impl Writes {
    fn write(&self) {
        if let Some(cell) = self.cell.upgrade() {
            cell.store(Writes { cell: Weak::new(), at_drop: false });
        }
    }
}

impl Clone for Writes {
    fn clone(&self) -> Self {
        if !self.at_drop {
            self.write();
        }
        Self { cell: self.cell.clone(), at_drop: self.at_drop }
    }
}

impl Drop for Writes {
    fn drop(&mut self) {
        if self.at_drop {
            self.write();
        }
    }
}

#[test]
fn clone_that_writes_panics() {
    let cell = Rc::new(CopyOnWriteCell::new(Writes { cell: Weak::new(), at_drop: false }));
    cell.store(Writes { cell: Rc::downgrade(&cell), at_drop: false });
    let text = message(|| cell.update(|_| ()));
    assert!(text.contains(REENTRANT), "{text}");
    assert_eq!(cell.version(), 1);
    _ = cell.rcu(Writes::clone);
    assert_eq!(cell.version(), 3, "the clone wrote without a lock, so that `rcu` tried twice");
}

/// The values that a write drops go after unlocking, also when the write unwinds or returns an error.
#[test]
fn drops_run_after_unlocking_also_when_unwinding() {
    let writes = || {
        let cell = Rc::new(CopyOnWriteCell::new(Writes { cell: Weak::new(), at_drop: false }));
        cell.store(Writes { cell: Rc::downgrade(&cell), at_drop: true });
        cell
    };
    type Work = fn(&CopyOnWriteCell<Writes>);
    let plain = || Writes { cell: Weak::new(), at_drop: false };
    let works: [(Work, u64); 6] = [
        (|c| c.store(Writes { cell: Weak::new(), at_drop: false }), 2),
        (|c| drop(c.replace(Writes { cell: Weak::new(), at_drop: false })), 2),
        (|c| drop(c.rcu(|_| Writes { cell: Weak::new(), at_drop: false })), 2),
        // The clone that is not published writes when it is dropped, and so does the old value then.
        (|c| _ = c.try_update(|_| Err::<(), ()>(())), 2),
        (|c| assert_eq!(message(|| c.update(|_| panic!("asked"))), "asked"), 2),
        (
            |c| {
                let seen = c.snapshot();
                let new = Writes { cell: seen.cell.clone(), at_drop: true };
                c.store(Writes { cell: Weak::new(), at_drop: false });
                drop(c.compare_and_swap(&seen, new).err());
            },
            2,
        ),
    ];
    for (n, (work, least)) in works.into_iter().enumerate() {
        let cell = writes();
        let before = cell.version();
        work(&cell);
        assert!(cell.version() >= before + least, "{n}: {} changes", cell.version() - before);
        cell.store(plain());
    }
}

const THREADS: usize = 4;

/// Every kind of write that depends on the old value adds 1. None is lost.
#[test]
fn writes_by_many_threads_lose_no_update() {
    let rounds = if cfg!(miri) { 8 } else { 3000 };
    let plain = CopyOnWriteCell::new(0_usize);
    let boxed = CopyOnWriteCell::new(Box::new(0_usize));
    thread::scope(|threads| {
        for t in 0..THREADS {
            let (plain, boxed) = (&plain, &boxed);
            threads.spawn(move || {
                for n in 0..rounds {
                    match (n + t) % 4 {
                        0 => {
                            plain.update(|n| *n += 1);
                            boxed.update(|n| **n += 1);
                        }
                        1 => {
                            plain.rcu(|n| n + 1);
                            boxed.rcu(|n| Box::new(**n + 1));
                        }
                        2 => {
                            for result in [Err(()), Ok(())] {
                                let add = |n: &mut usize| {
                                    *n += 1;
                                    result
                                };
                                assert_eq!(plain.try_update(add), result);
                                assert_eq!(boxed.try_update(|n| add(n)), result);
                            }
                        }
                        _ => {
                            let mut seen = plain.snapshot();
                            while let Err(error) = plain.compare_and_swap(&seen, *seen + 1) {
                                assert_eq!(error.new, *seen + 1);
                                seen = error.current;
                            }
                            let mut seen = boxed.snapshot();
                            while let Err(error) =
                                boxed.compare_and_swap(&seen, Box::new(**seen + 1))
                            {
                                seen = error.current;
                            }
                        }
                    }
                }
            });
        }
    });
    assert_eq!((*plain.load(), **boxed.load()), (THREADS * rounds, THREADS * rounds));
    assert_eq!(plain.version(), (THREADS * rounds) as u64);
}
