//! `CopyOnWriteList` and `CopyOnWriteSet`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use cow_collections::list::ArcWatcher;
use cow_collections::{CopyOnWriteList, CopyOnWriteSet, CowVec, UniqueVec};

use crate::attack::{Case, Subject, attack, attack_again, case};
use crate::element::{Elem, Item, Key, Nothing, Plain, elements};
use crate::liars::{Becomes, Span, coming, folded, items, order, show, yes};
use crate::script::{Friend, Meddle, call, call_from_drop};
use crate::vec::{NUMBERS, leaked, six};

/// A waker that is user code.
pub struct Bell;

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        call();
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        call_from_drop();
    }
}

/// A list, and whether a watcher or a guard is active while it is written to.
pub struct List<T> {
    pub list: Rc<CopyOnWriteList<T>>,
    watched: bool,
    guarded: bool,
}

impl<T: Elem> List<T> {
    /// Runs `work` while a waker waits for a change, or while a guard and a reader hold the version from before
    /// `work`.
    pub fn run(&self, work: impl FnOnce(&CopyOnWriteList<T>)) {
        let mut watcher = self.watched.then(|| self.list.subscribe());
        if let Some(watcher) = &mut watcher {
            let waker = Waker::from(Arc::new(Bell));
            _ = watcher.poll_changed(&mut Context::from_waker(&waker));
        }
        let guard = self.guarded.then(|| self.list.load());
        let mut reader = self.list.reader();
        let read = if self.guarded { reader.load().len() } else { 0 };
        work(&self.list);
        assert_eq!(guard.map_or(0, |guard| guard.iter().map(T::number).count()), read);
    }
}

impl<T: Elem> Subject for List<T> {
    const FORMS: usize = 3;
    const HEAVY: bool = cfg!(miri);
    const REFUSES: Option<&str> = Some("written from within another write to it");

    fn make(form: usize) -> Self {
        let list = Rc::new(CopyOnWriteList::from(six()));
        Self { list, watched: form == 1, guarded: form == 2 }
    }

    fn check(&self) -> Vec<u8> {
        let guard = self.list.load();
        let numbers: Vec<u8> = guard.iter().map(T::number).collect();
        assert_eq!(numbers.len(), self.list.len());
        assert!(self.list.snapshot().iter().map(T::number).eq(numbers.iter().copied()));
        numbers
    }

    fn use_again(&mut self) {
        let len = self.list.len();
        self.list.push(T::of(30));
        assert!(self.list.insert(0, T::of(31)).is_ok());
        assert_eq!(self.list.len(), len + 2);
        drop(self.list.remove_at(len / 2));
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.list.snapshot();
        Some(Box::new(move || hidden.check()))
    }

    fn friend(&self) -> Option<Friend> {
        let list = self.list.clone();
        let mut snapshots = vec![self.list.snapshot()];
        Some(Box::new(move |how| match how {
            Meddle::Read => {
                assert_eq!(list.load().iter().map(T::number).count(), list.reader().load().len());
                drop((list.first(), list.get(1), list.to_vec()));
            }
            Meddle::Push => list.push(T::of(50)),
            Meddle::Clone => {
                snapshots.push(list.snapshot());
                snapshots.iter_mut().for_each(|snapshot| snapshot.push(T::of(50)));
            }
            Meddle::Drop => {
                snapshots.clear();
                list.truncate(2);
            }
        }))
    }
}

fn writes<T: Elem>() -> Vec<Case<List<T>>> {
    let cases: &[Case<List<T>>] = &[
        case("CopyOnWriteList::compare_and_swap", |l| {
            l.run(|l| drop(l.compare_and_swap(&l.snapshot(), Becomes)));
        }),
        case("CopyOnWriteList::compare_and_swap", |l| {
            l.run(|l| {
                let new = CowVec::from(six());
                drop(l.compare_and_swap(&l.snapshot(), new.clone()));
            });
        }),
        case("CopyOnWriteList::compare_and_swap_version", |l| {
            l.run(|l| drop(l.compare_and_swap_version(l.version(), Becomes)));
        }),
        case("Clone for list::CompareError<T> | PartialEq for list::CompareError<T>", |l| {
            l.run(|l| {
                let error = l.compare_and_swap_version(u64::MAX, six::<T>());
                _ = error.clone() == error;
            });
        }),
        case("CopyOnWriteList::dedup", |l| l.run(|l| _ = l.dedup())),
        case("CopyOnWriteList::dedup_by", |l| {
            l.run(|l| _ = l.dedup_by(|a, b| yes(a.number() == b.number())));
        }),
        case("CopyOnWriteList::dedup_by_key", |l| l.run(|l| _ = l.dedup_by_key(|e| e.key()))),
        case("CopyOnWriteList::extend", |l| l.run(|l| l.extend(items()))),
        case("CopyOnWriteList::extend_absent", |l| l.run(|l| _ = l.extend_absent(items()))),
        case("CopyOnWriteList::extend_from_slice", |l| {
            l.run(|l| l.extend_from_slice(&elements(20, 3)));
        }),
        case("CopyOnWriteList::fork | CopyOnWriteList::get_mut", |l| {
            l.run(|l| l.fork().get_mut().sort());
        }),
        case("CopyOnWriteList::get_mut", |l| {
            let mut list = CopyOnWriteList::from(l.list.snapshot());
            list.get_mut().sort();
        }),
        case("CopyOnWriteList::insert", |l| l.run(|l| drop(l.insert(2, T::of(20))))),
        case("CopyOnWriteList::insert_many", |l| l.run(|l| drop(l.insert_many(2, items())))),
        case("CopyOnWriteList::insert_many", |l| l.run(|l| drop(l.insert_many(90, items())))),
        case("CopyOnWriteList::pop | CopyOnWriteList::pop_front", |l| {
            l.run(|l| drop((l.pop(), l.pop_front())));
        }),
        case("CopyOnWriteList::push | CopyOnWriteList::push_front", |l| {
            l.run(|l| l.push(T::of(20)));
            l.run(|l| l.push_front(T::of(20)));
        }),
        case("CopyOnWriteList::push_if_absent", |l| l.run(|l| drop(l.push_if_absent(T::of(20))))),
        case("CopyOnWriteList::push_if_absent_by", |l| {
            l.run(|l| {
                drop(l.push_if_absent_by(T::of(20), |a, b| yes(a.number() == b.number())));
            });
        }),
        case("CopyOnWriteList::rcu", |l| {
            l.run(|l| {
                drop(l.rcu(|old| {
                    let mut new = old.clone();
                    new.extend(items());
                    if yes(true) { new } else { old.clone() }
                }));
            });
        }),
        case("CopyOnWriteList::remove", |l| l.run(|l| drop(l.remove(&Key::of(2))))),
        case("CopyOnWriteList::remove_all", |l| {
            l.run(|l| _ = l.remove_all(&[Key::of(2), Key::of(5)]));
        }),
        case("CopyOnWriteList::remove_at | CopyOnWriteList::swap_remove_at", |l| {
            l.run(|l| drop((l.remove_at(1), l.swap_remove_at(1))));
        }),
        case("CopyOnWriteList::remove_first_by", |l| {
            l.run(|l| drop(l.remove_first_by(|e| yes(e.number() == 3))));
        }),
        case("CopyOnWriteList::remove_if", |l| l.run(|l| _ = l.remove_if(|e| yes(e.is_odd())))),
        case("CopyOnWriteList::remove_range", |l| l.run(|l| drop(l.remove_range(Span)))),
        case("CopyOnWriteList::replace", |l| l.run(|l| drop(l.replace(Becomes)))),
        case("CopyOnWriteList::replace_all", |l| {
            l.run(|l| {
                l.replace_all(|e| {
                    call();
                    T::of(e.number())
                });
            });
        }),
        case("CopyOnWriteList::retain", |l| l.run(|l| _ = l.retain(|e| yes(e.is_odd())))),
        case("CopyOnWriteList::reverse", |l| l.run(|l| l.reverse())),
        case("CopyOnWriteList::rotate_left | CopyOnWriteList::rotate_right", |l| {
            l.run(|l| {
                l.rotate_left(2);
                l.rotate_right(1);
            });
        }),
        case("CopyOnWriteList::set", |l| l.run(|l| drop(l.set(2, T::of(20))))),
        case("CopyOnWriteList::sort", |l| l.run(|l| l.sort())),
        case("CopyOnWriteList::sort_by", |l| l.run(|l| l.sort_by(order))),
        case("CopyOnWriteList::sort_by_key", |l| l.run(|l| l.sort_by_key(|e| e.key()))),
        case("CopyOnWriteList::sort_unstable", |l| l.run(|l| l.sort_unstable())),
        case("CopyOnWriteList::sort_unstable_by", |l| l.run(|l| l.sort_unstable_by(order))),
        case("CopyOnWriteList::sort_unstable_by_key", |l| {
            l.run(|l| l.sort_unstable_by_key(|e| e.key()));
        }),
        case("CopyOnWriteList::splice", |l| l.run(|l| drop(l.splice(Span, items())))),
        case("CopyOnWriteList::store", |l| {
            let new = CowVec::from(six());
            l.run(|l| l.store(new.clone()));
            l.run(|l| l.store(Becomes));
        }),
        case("CopyOnWriteList::truncate", |l| l.run(|l| l.truncate(2))),
        case("CopyOnWriteList::try_update", |l| {
            l.run(|l| {
                _ = l.try_update(|v| {
                    v.extend(items());
                    drop(v.pop());
                    if yes(true) { Ok(()) } else { Err(()) }
                });
            });
        }),
        case("CopyOnWriteList::update", |l| {
            l.run(|l| {
                l.update(|v| {
                    let kept = v.clone();
                    v.retain(|e| yes(e.is_odd()));
                    v.extend(items());
                    drop(kept);
                });
            });
        }),
        case("CopyOnWriteList::update_range", |l| {
            l.run(|l| {
                _ = l.update_range(Span, |part| {
                    call();
                    part.iter_mut().for_each(|e| *e = T::of(20));
                });
            });
        }),
        case("Extend<T> for CopyOnWriteList<T>", |l| {
            let mut list = CopyOnWriteList::from(l.list.snapshot());
            Extend::extend(&mut list, items());
        }),
        case("Extend<T> for &CopyOnWriteList<T>", |l| {
            l.run(|mut l| Extend::extend(&mut l, items()));
        }),
    ];
    cases.to_vec()
}

fn reads<T: Elem>() -> Vec<Case<List<T>>> {
    let cases: &[Case<List<T>>] = &[
        case("CopyOnWriteList::contains", |l| l.run(|l| _ = l.contains(&Key::of(5)))),
        case("CopyOnWriteList::contains_all", |l| l.run(|l| _ = l.contains_all(coming(key)))),
        case("CopyOnWriteList::first | CopyOnWriteList::last | CopyOnWriteList::get", |l| {
            l.run(|l| drop((l.first(), l.last(), l.get(2))));
        }),
        case("CopyOnWriteList::for_each", |l| l.run(|l| l.for_each(|_| call()))),
        case("CopyOnWriteList::index_of | CopyOnWriteList::index_of_from", |l| {
            l.run(|l| _ = (l.index_of(&Key::of(5)), l.index_of_from(&Key::of(5), 2)));
        }),
        case("CopyOnWriteList::last_index_of | CopyOnWriteList::last_index_of_to", |l| {
            l.run(|l| _ = (l.last_index_of(&Key::of(5)), l.last_index_of_to(&Key::of(5), 2)));
        }),
        case("CopyOnWriteList::position", |l| l.run(|l| _ = l.position(|e| yes(e.number() == 9)))),
        case("CopyOnWriteList::to_vec", |l| l.run(|l| drop(l.to_vec()))),
        case("CopyOnWriteList::with", |l| {
            l.run(|l| {
                _ = l.with(2, |e| {
                    call();
                    e.number()
                });
            });
        }),
        case("Watcher::poll_changed", |l| {
            let (one, two) = (Waker::from(Arc::new(Bell)), Waker::from(Arc::new(Bell)));
            let mut watcher = l.list.subscribe();
            for waker in [&one, &two, &one] {
                _ = watcher.poll_changed(&mut Context::from_waker(waker));
            }
            drop((one, two));
            l.list.push(T::of(20));
            _ = watcher.has_changed();
        }),
        case(
            "Watcher::changed | Future for list::Changed<'_, '_, T> | Clone for list::Watcher<'_, T>",
            |l| {
                let bell = Waker::from(Arc::new(Bell));
                let cx = &mut Context::from_waker(&bell);
                let mut watcher = l.list.subscribe();
                let mut other = watcher.clone();
                let (mut future, mut dropped) = (watcher.changed(), other.changed());
                _ = (Pin::new(&mut future).poll(cx), Pin::new(&mut dropped).poll(cx));
                drop(dropped);
                l.list.push(T::of(20));
                _ = Pin::new(&mut future).poll(cx);
            },
        ),
        case("ArcWatcher::poll_changed", |l| {
            let list = arc_of(&l.list);
            let (one, two) = (Waker::from(Arc::new(Bell)), Waker::from(Arc::new(Bell)));
            let mut watcher = ArcWatcher::new(&list);
            for waker in [&one, &two, &one] {
                _ = watcher.poll_changed(&mut Context::from_waker(waker));
            }
            list.push(T::of(20));
            _ = watcher.has_changed();
            watcher.mark_seen();
            _ = watcher.poll_changed(&mut Context::from_waker(&two));
            drop((one, two));
            // Wakes the task after the drops of the elements.
            drop(list);
            assert!(watcher.is_closed() && watcher.upgrade().is_none());
        }),
        case(
            "ArcWatcher::changed | Future for list::ArcChanged<'_, L> \
             | Clone for list::ArcWatcher<L> | Drop for list::ArcWatcher<L>",
            |l| {
                let list = arc_of(&l.list);
                let bell = Waker::from(Arc::new(Bell));
                let cx = &mut Context::from_waker(&bell);
                let mut watcher = ArcWatcher::new(&list);
                let mut other = watcher.clone();
                let (mut future, mut dropped) = (watcher.changed(), other.changed());
                _ = (Pin::new(&mut future).poll(cx), Pin::new(&mut dropped).poll(cx));
                drop(dropped);
                _ = other.poll_changed(cx);
                drop(other);
                list.push(T::of(20));
                _ = Pin::new(&mut future).poll(cx);
                _ = Pin::new(&mut future).poll(cx);
                drop(list);
                assert!(Pin::new(&mut future).poll(cx).is_ready());
            },
        ),
        case("FromIterator<T> for CopyOnWriteList<T>", |_| {
            drop(items::<T>().collect::<CopyOnWriteList<T>>());
        }),
        case(
            "From<&[T]> for CopyOnWriteList<T> | From<&[T; N]> for CopyOnWriteList<T> \
             | From<CowVec<T>> for CopyOnWriteList<T>",
            |l| {
                drop(CopyOnWriteList::from(&elements::<T>(20, 3)[..]));
                drop(CopyOnWriteList::from(&[1, 2, 3].map(T::of)));
                drop(CopyOnWriteList::from(l.list.snapshot()));
            },
        ),
        case("Debug for CopyOnWriteList<T> | Debug for list::Guard<'_, T>", |l| {
            show(&*l.list);
            show(&l.list.load());
        }),
        case(
            "PartialEq<CopyOnWriteList<U>> for CopyOnWriteList<T> \
             | PartialEq<[U]> for CopyOnWriteList<T> \
             | PartialEq<&[U]> for CopyOnWriteList<T> \
             | PartialEq<[U; N]> for CopyOnWriteList<T> \
             | PartialEq<&[U; N]> for CopyOnWriteList<T> \
             | PartialEq<Vec<U>> for CopyOnWriteList<T> \
             | PartialEq<VecDeque<U>> for CopyOnWriteList<T> \
             | PartialEq<UniqueVec<U>> for CopyOnWriteList<T> \
             | PartialEq<CowVec<U>> for CopyOnWriteList<T>",
            |l| {
                let array = NUMBERS.map(T::of);
                l.run(|l| {
                    _ = (*l == VecDeque::from(six()), *l == UniqueVec::from(six()));
                    _ = (*l == array, *l == &array, *l == array[..], *l == &array[..]);
                    _ = (*l == six(), *l == CowVec::from(six()));
                    _ = *l == CopyOnWriteList::from(six());
                });
            },
        ),
        case(
            "PartialEq<CopyOnWriteList<U>> for [T] | PartialEq<CopyOnWriteList<U>> for &[T] \
             | PartialEq<CopyOnWriteList<U>> for [T; N] \
             | PartialEq<CopyOnWriteList<U>> for &[T; N] \
             | PartialEq<CopyOnWriteList<U>> for Vec<T> \
             | PartialEq<CopyOnWriteList<U>> for VecDeque<T> \
             | PartialEq<CopyOnWriteList<U>> for UniqueVec<T> \
             | PartialEq<CopyOnWriteList<U>> for CowVec<T>",
            |l| {
                let array = NUMBERS.map(T::of);
                l.run(|l| {
                    _ = (VecDeque::from(six::<T>()) == *l, UniqueVec::from(six::<T>()) == *l);
                    _ = (array == *l, &array == *l, array[..] == *l, &array[..] == *l);
                    _ = (six::<T>() == *l, CowVec::from(six::<T>()) == *l);
                });
            },
        ),
    ];
    cases.to_vec()
}

/// Returns a list of the same elements in an `Arc`.
#[allow(clippy::arc_with_non_send_sync, reason = "an `ArcWatcher` needs an `Arc`")]
fn arc_of<T: Elem>(list: &CopyOnWriteList<T>) -> Arc<CopyOnWriteList<T>> {
    Arc::new(list.snapshot().into())
}

fn key(number: u8) -> &'static Key {
    const KEYS: &[Key] = &[Key::of(2), Key::of(5)];
    &KEYS[usize::from(number) % 2]
}

impl<T: Elem> Subject for Rc<CopyOnWriteSet<T>> {
    const FORMS: usize = 1;
    const REFUSES: Option<&str> = List::<T>::REFUSES;

    fn make(_: usize) -> Self {
        Rc::new([1, 2, 3, 4].map(T::of).into())
    }

    fn check(&self) -> Vec<u8> {
        let numbers: Vec<u8> = self.load().iter().map(T::number).collect();
        assert_eq!(numbers.len(), self.len());
        numbers
    }

    fn use_again(&mut self) {
        _ = (self.insert(T::of(30)), self.remove(&Key::of(30)));
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.snapshot();
        Some(Box::new(move || hidden.check()))
    }

    fn friend(&self) -> Option<Friend> {
        let set = self.clone();
        Some(Box::new(move |how| match how {
            Meddle::Read => drop(set.check()),
            Meddle::Push => _ = set.insert(T::of(50)),
            Meddle::Clone => drop(set.snapshot()),
            Meddle::Drop => set.clear(),
        }))
    }
}

fn set<T: Elem>() -> Vec<Case<Rc<CopyOnWriteSet<T>>>> {
    let cases: &[Case<Rc<CopyOnWriteSet<T>>>] = &[
        case("CopyOnWriteSet::extend", |s| _ = s.extend(items())),
        case("CopyOnWriteSet::insert", |s| _ = s.insert(T::of(20))),
        case("CopyOnWriteSet::remove", |s| _ = s.remove(&Key::of(2))),
        case("CopyOnWriteSet::retain", |s| _ = s.retain(|e| yes(e.is_odd()))),
        case("CopyOnWriteSet::contains", |s| _ = s.contains(&Key::of(2))),
        case("CopyOnWriteSet::is_subset | CopyOnWriteSet::is_superset", |s| {
            let other = Rc::make(0);
            _ = (s.is_subset(&other), s.is_superset(&other));
        }),
        case("Extend<T> for CopyOnWriteSet<T>", |_| {
            let mut set = CopyOnWriteSet::from([1, 2, 3].map(T::of));
            Extend::extend(&mut set, items());
        }),
        case("Extend<T> for &CopyOnWriteSet<T>", |s| {
            let mut set = &**s;
            Extend::extend(&mut set, items());
        }),
        case("FromIterator<T> for CopyOnWriteSet<T>", |s| *s = Rc::new(items().collect())),
        case("From<Vec<T>> for CopyOnWriteSet<T> | From<[T; N]> for CopyOnWriteSet<T>", |_| {
            drop(CopyOnWriteSet::from(six::<T>()));
            drop(CopyOnWriteSet::from(NUMBERS.map(T::of)));
        }),
        case("PartialEq for CopyOnWriteSet<T>", |s| _ = *s == Rc::make(0)),
        case("Debug for CopyOnWriteSet<T>", |s| {
            show(&**s);
            folded(s.load().iter());
        }),
    ];
    cases.to_vec()
}

/// Cases for elements that are `Copy`.
fn of_copies() -> Vec<Case<List<Plain<0>>>> {
    let cases: &[Case<List<Plain<0>>>] = &[
        case("Extend<&'a T> for CopyOnWriteList<T> | Extend<&'a T> for &CopyOnWriteList<T>", |l| {
            let mut list = CopyOnWriteList::from(l.list.snapshot());
            Extend::extend(&mut list, coming(leaked));
            l.run(|mut l| Extend::extend(&mut l, coming(leaked)));
        }),
        case("Extend<&'a T> for CopyOnWriteSet<T> | Extend<&'a T> for &CopyOnWriteSet<T>", |_| {
            let mut set = CopyOnWriteSet::from(six::<Plain<0>>());
            Extend::extend(&mut set, coming(leaked));
            Extend::extend(&mut &set, coming(leaked));
        }),
    ];
    cases.to_vec()
}

pub fn covers() -> Vec<&'static str> {
    let lists = [writes::<Plain<0>>(), reads(), of_copies()].concat();
    let sets = set::<Plain<0>>();
    lists.iter().map(|case| case.covers).chain(sets.iter().map(|case| case.covers)).collect()
}

#[test]
fn list_that_is_written_to_stays_valid() {
    assert_eq!(attack(&writes::<Item<0>>()), [""; 0]);
}

#[test]
fn list_that_is_read_stays_valid() {
    assert_eq!(attack(&reads::<Item<0>>()), [""; 0]);
}

#[test]
fn list_of_elements_without_drop_glue_stays_valid() {
    attack_again(&[writes::<Plain<0>>(), reads(), of_copies()].concat());
}

#[test]
fn list_of_elements_without_a_size_stays_valid() {
    attack_again(&[writes::<Nothing>(), reads()].concat());
}

#[test]
fn set_stays_valid() {
    assert_eq!(attack(&set::<Item<0>>()), [""; 0]);
    attack_again(&set::<Plain<0>>());
}
