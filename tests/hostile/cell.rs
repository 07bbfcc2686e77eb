//! `CopyOnWriteCell` and `Snapshot`.

use std::fmt::Write;
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use cow_collections::CopyOnWriteCell;
use cow_collections::list::Snapshot;

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Nothing, Plain};
use crate::liars::{Digest, Sink, order, show, yes};
use crate::list::{Bell, List};
use crate::script::{Friend, Meddle, call};

/// A cell, and whether a watcher or a guard is active while it is written to.
pub struct One<T> {
    cell: Rc<CopyOnWriteCell<T>>,
    watched: bool,
    guarded: bool,
}

impl<T: Elem> One<T> {
    /// Runs `work` while a waker waits for a change, or while a guard and a reader hold the value from before `work`.
    fn run(&self, work: impl FnOnce(&CopyOnWriteCell<T>)) {
        let mut watcher = self.watched.then(|| self.cell.subscribe());
        if let Some(watcher) = &mut watcher {
            let waker = Waker::from(Arc::new(Bell));
            _ = watcher.poll_changed(&mut Context::from_waker(&waker));
        }
        let guard = self.guarded.then(|| self.cell.load());
        let mut reader = self.cell.reader();
        let read = if self.guarded { reader.load().number() } else { 0 };
        work(&self.cell);
        assert_eq!(guard.map_or(0, |guard| guard.number()), read);
    }
}

impl<T: Elem> Subject for One<T> {
    const FORMS: usize = 3;
    const HEAVY: bool = cfg!(miri);
    const REFUSES: Option<&str> = List::<T>::REFUSES;

    fn make(form: usize) -> Self {
        let cell = Rc::new(CopyOnWriteCell::new(T::of(1)));
        Self { cell, watched: form == 1, guarded: form == 2 }
    }

    fn check(&self) -> Vec<u8> {
        let number = self.cell.load().number();
        assert_eq!(self.cell.snapshot().number(), number);
        vec![number]
    }

    fn use_again(&mut self) {
        let version = self.cell.version();
        self.cell.store(T::of(30));
        self.cell.update(|value| *value = T::of(31));
        drop(self.cell.replace(T::of(1)));
        assert_eq!((self.cell.load().number(), self.cell.version()), (1, version + 3));
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.cell.snapshot();
        Some(Box::new(move || vec![hidden.number()]))
    }

    fn friend(&self) -> Option<Friend> {
        let cell = self.cell.clone();
        let mut snapshots = vec![self.cell.snapshot()];
        Some(Box::new(move |how| match how {
            Meddle::Read => {
                assert_eq!(cell.load().number(), cell.reader().load().number());
            }
            Meddle::Push => cell.store(T::of(50)),
            Meddle::Clone => {
                snapshots.push(cell.snapshot());
                drop(snapshots.swap_remove(0).try_unwrap());
            }
            Meddle::Drop => {
                snapshots.clear();
                drop(cell.replace(T::of(2)));
            }
        }))
    }
}

fn cases<T: Elem>() -> Vec<Case<One<T>>> {
    let cases: &[Case<One<T>>] = &[
        case("CopyOnWriteCell::update", |c| {
            c.run(|c| {
                c.update(|value| {
                    let old = value.clone();
                    call();
                    *value = T::of(20);
                    drop(old);
                });
            });
        }),
        case("CopyOnWriteCell::try_update", |c| {
            c.run(|c| {
                _ = c.try_update(|value| {
                    *value = value.clone();
                    if yes(true) { Ok(()) } else { Err(()) }
                });
            });
        }),
        case("CopyOnWriteCell::rcu", |c| {
            c.run(|c| {
                let mut calls = 0;
                let old = c.rcu(|value| {
                    calls += 1;
                    // User code may write at each call, so that only the last call does not run it.
                    if calls < 4 { value.clone() } else { T::of(20) }
                });
                drop(old);
            });
        }),
        case("CopyOnWriteCell::get_mut", |c| {
            let mut cell = CopyOnWriteCell::new(c.cell.load().clone());
            let kept = cell.snapshot();
            *cell.get_mut() = T::of(20);
            drop(kept);
            *cell.get_mut() = T::of(21);
        }),
        case(
            "Clone for list::CellCompareError<T> | PartialEq for list::CellCompareError<T>",
            |c| {
                c.run(|c| {
                    let other = Snapshot::from(T::of(1));
                    let error = c.compare_and_swap(&other, T::of(20)).err().unwrap();
                    _ = error.clone() == error;
                });
            },
        ),
        case("Debug for CopyOnWriteCell<T> | Debug for list::CellGuard<'_, T>", |c| {
            show(&*c.cell);
            show(&c.cell.load());
        }),
        case("Display for list::CellGuard<'_, T> | Display for list::Snapshot<T>", |c| {
            _ = write!(Sink, "{}", c.cell.load());
            _ = write!(Sink, "{:>9}", c.cell.snapshot());
        }),
        case("Debug for list::Snapshot<T> | Hash for list::Snapshot<T>", |c| {
            let snapshot = c.cell.snapshot();
            show(&snapshot);
            snapshot.hash(&mut Digest);
        }),
        case(
            "PartialEq for list::Snapshot<T> | PartialOrd for list::Snapshot<T> \
             | Ord for list::Snapshot<T>",
            |c| {
                let (snapshot, other) = (c.cell.snapshot(), Snapshot::from(T::of(2)));
                _ = (snapshot == other, snapshot < other, snapshot.cmp(&other));
                _ = order(&*snapshot, &*other);
            },
        ),
    ];
    cases.to_vec()
}

pub fn covers() -> Vec<&'static str> {
    cases::<Plain<0>>().iter().map(|case| case.covers).collect()
}

#[test]
fn cell_stays_valid() {
    assert_eq!(attack(&cases::<Item<0>>()), [""; 0]);
}

#[test]
fn cell_of_a_value_without_drop_glue_stays_valid() {
    attack_again(&cases::<Plain<7>>());
}

#[test]
fn cell_of_a_value_without_a_size_stays_valid() {
    attack_again(&cases::<Nothing>());
}
