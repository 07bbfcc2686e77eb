//! [`CopyOnWriteList`], one list that many threads read while others write to it.

mod convert;
mod guard;
mod reader;

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem;
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::ptr;

pub use self::guard::Guard;
pub use self::reader::Reader;
use crate::raw::publish::Publication;
#[cfg(cow_loom)]
#[doc(hidden)]
pub use crate::raw::publish::Standin;
use crate::vec::{CowVec, UniqueVec};

/// A list for many readers and few writers: reads never wait, and what is read never changes.
///
/// It is Java's `CopyOnWriteArrayList`: shared by reference and written through `&self`. A write does
/// not touch what readers look at. [`push`](CopyOnWriteList::push) and
/// [`extend`](CopyOnWriteList::extend) append in place, behind the end of every version read so far;
/// other writes build a new buffer and put it in place of the old one.
///
/// | to read | costs | use it for |
/// |---|---|---|
/// | [`load`](CopyOnWriteList::load) | two atomics of the thread's own | one look, or one loop |
/// | [`snapshot`](CopyOnWriteList::snapshot) | two more, shared by all threads | a [`CowVec`] to keep, or to send to another thread |
/// | [`reader`](CopyOnWriteList::reader) | about 1 ns while the list stays | a thread that reads again and again |
///
/// | to write | costs |
/// |---|---|
/// | [`push`](CopyOnWriteList::push), [`extend`](CopyOnWriteList::extend) | O(1) amortised an element, in place; all elements are cloned when the buffer doubles |
/// | all other | O(n): each element that stays is cloned, and one new version is published |
///
/// Writers wait for each other, readers for nobody. Each call is one change: readers see all of it or
/// nothing, and a call that changes nothing publishes nothing. A panic in a clone or a closure leaves the
/// list as it was.
///
/// A write from within another write to the same list, on the same thread, panics: closures, and `Clone`
/// of the elements, run while the list is locked. (One that waits for *another thread* which writes to
/// the list waits for ever.) Old elements are dropped after unlocking, so their `Drop` may write to it.
///
/// The list is not `Clone`, since a clone could mean the same list or a copy: share `&list` or
/// `Arc<CopyOnWriteList<T>>`, or copy with `CopyOnWriteList::from(list.snapshot())`.
///
/// # Examples
///
/// ```
/// use cow_collections::CopyOnWriteList;
///
/// static LIST: CopyOnWriteList<u32> = CopyOnWriteList::new();
///
/// LIST.extend([1, 2]);
/// let before = LIST.snapshot();
/// std::thread::scope(|threads| {
///     threads.spawn(|| LIST.push(3));
/// });
/// assert_eq!(before, [1, 2]);
/// assert_eq!(LIST.load()[..], [1, 2, 3]);
/// ```
///
/// It is invariant in `T`, because elements are put in through a shared reference:
///
/// ```
/// # use cow_collections::CopyOnWriteList;
/// fn same<'a>(list: &'a CopyOnWriteList<&'static str>) -> &'a CopyOnWriteList<&'static str> {
///     list
/// }
/// ```
/// ```compile_fail
/// # use cow_collections::CopyOnWriteList;
/// fn shorter<'a>(list: &'a CopyOnWriteList<&'static str>) -> &'a CopyOnWriteList<&'a str> {
///     list
/// }
/// ```
#[doc(alias = "CopyOnWriteArrayList")]
pub struct CopyOnWriteList<T> {
    publication: Publication<T>,
    invariant: PhantomData<fn(T) -> T>,
}

// What is published is never half-written, whatever panics.
impl<T: RefUnwindSafe> UnwindSafe for CopyOnWriteList<T> {}
impl<T: RefUnwindSafe> RefUnwindSafe for CopyOnWriteList<T> {}

/// What needs no `Clone`, because nothing is copied.
impl<T> CopyOnWriteList<T> {
    /// Creates an empty list that has not allocated.
    ///
    /// O(1).
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// static LISTENERS: CopyOnWriteList<fn()> = CopyOnWriteList::new();
    /// assert!(LISTENERS.is_empty());
    /// ```
    #[cfg(not(cow_loom))]
    #[must_use]
    pub const fn new() -> Self {
        Self { publication: Publication::new(), invariant: PhantomData }
    }

    /// Creates an empty list.
    #[cfg(cow_loom)]
    #[must_use]
    pub fn new() -> Self {
        Self { publication: Publication::new(), invariant: PhantomData }
    }

    /// Creates an empty list with room for at least `capacity` elements, which are appended in place.
    ///
    /// One allocation; none if `capacity` is 0.
    ///
    /// # Panics
    ///
    /// If the block would be larger than `isize::MAX` bytes: "capacity overflow".
    #[must_use]
    #[track_caller]
    pub fn with_capacity(capacity: usize) -> Self {
        UniqueVec::with_capacity(capacity).into()
    }

    /// The elements of this moment, as a slice behind a guard.
    ///
    /// O(1), never waits: two atomics on memory of this thread. Keeps this version alive while the guard
    /// lives. Many guards at once on one thread (more than eight) make further ones dearer.
    ///
    /// If the guard is the last holder of an old version, its drop drops the elements; one that panics
    /// there aborts the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!["a", "b"]);
    /// for name in &list.load() {
    ///     list.push(name); // not seen by this loop
    /// }
    /// assert_eq!(list, ["a", "b", "a", "b"]);
    /// ```
    #[inline]
    #[must_use]
    pub fn load(&self) -> Guard<'_, T> {
        Guard::new(self.publication.load())
    }

    /// The elements of this moment, as an owned value.
    ///
    /// O(1), never waits: a [`load`](CopyOnWriteList::load) and one atomic increment that all threads
    /// share. Nothing is copied: a snapshot is a [`CowVec`] on the list's own buffer, which it keeps
    /// alive, with all that is pushed into the same buffer later. It never sees that. A push to it
    /// copies, as long as the list or another snapshot holds the buffer.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1]);
    /// let snapshot = list.snapshot();
    /// list.push(2);
    /// assert_eq!(snapshot, [1]);
    /// ```
    #[inline]
    #[must_use]
    #[doc(alias = "toArray")]
    #[doc(alias = "iterator")]
    pub fn snapshot(&self) -> CowVec<T> {
        self.load().to_snapshot()
    }

    /// A reader for one thread, which keeps the version that it saw last.
    ///
    /// O(1); see [`Reader`] for what it costs and keeps alive.
    #[inline]
    #[must_use]
    pub fn reader(&self) -> Reader<'_, T> {
        Reader::new(self.publication.reader())
    }

    /// The number of elements at this moment.
    ///
    /// O(1), as [`load`](CopyOnWriteList::load).
    #[inline]
    #[must_use]
    #[doc(alias = "size")]
    pub fn len(&self) -> usize {
        self.load().len()
    }

    /// Whether there are no elements at this moment.
    ///
    /// O(1), as [`load`](CopyOnWriteList::load).
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the list has an element equal to `element` at this moment.
    ///
    /// O(n), on one version.
    #[must_use]
    pub fn contains(&self, element: &T) -> bool
    where
        T: PartialEq,
    {
        self.load().contains(element)
    }

    /// Removes all elements.
    ///
    /// O(1) for the list; the elements are dropped by the last holder of this version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list.
    #[track_caller]
    pub fn clear(&self) {
        let mut writing = self.publication.write();
        if writing.as_slice().is_empty() {
            return;
        }
        let retired = writing.publish(UniqueVec::new());
        drop(writing);
        drop(retired);
    }
}

/// What copies: readers keep the elements they have, so others are cloned.
///
/// In all of these, whatever can run a `Drop` of the user's is declared before the lock is taken, so that
/// it dies after it is given back, also when a panic unwinds.
impl<T: Clone> CopyOnWriteList<T> {
    /// A clone of the element at `index`, or `None` if there is none at this moment.
    ///
    /// O(1) and one clone. To look at it without a clone, use [`load`](CopyOnWriteList::load).
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        self.load().get(index).cloned()
    }

    /// Appends an element.
    ///
    /// O(1) amortised, in place: nobody's version is copied. When the buffer is full it doubles; readers
    /// may still hold the old one, so all elements are cloned then, about one clone a push in the long
    /// run.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, if a clone panics, or if the new capacity would
    /// exceed `isize::MAX` bytes. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::new();
    /// list.push("a");
    /// assert_eq!(list, ["a"]);
    /// ```
    #[inline]
    #[track_caller]
    #[doc(alias = "add")]
    pub fn push(&self, element: T) {
        let mut grown = UniqueVec::new();
        let mut writing = self.publication.write();
        if writing.room() > 0 {
            return writing.append(element);
        }
        grow(&mut grown, writing.as_slice(), 1);
        grown.push(element);
        let retired = writing.publish(grown);
        drop(writing);
        drop(retired);
    }

    /// Appends all elements that `elements` yields, at once.
    ///
    /// O(1) amortised an element, in place, as [`push`](CopyOnWriteList::push). The iterator is run to its
    /// end before the list is locked, so it may read and write the list. Readers see all of the elements or
    /// none.
    ///
    /// # Panics
    ///
    /// As [`push`](CopyOnWriteList::push), or if the iterator panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1]);
    /// list.extend([2, 3]);
    /// assert_eq!(list, [1, 2, 3]);
    /// ```
    #[track_caller]
    #[doc(alias = "addAll")]
    pub fn extend(&self, elements: impl IntoIterator<Item = T>) {
        let mut batch: Vec<T> = elements.into_iter().collect();
        if batch.is_empty() {
            return;
        }
        let mut grown = UniqueVec::new();
        let mut writing = self.publication.write();
        if writing.room() >= batch.len() {
            return writing.append_all(&mut batch);
        }
        grow(&mut grown, writing.as_slice(), batch.len());
        grown.append_vec(&mut batch);
        let retired = writing.publish(grown);
        drop(writing);
        drop(retired);
    }

    /// Inserts an element at `index`, before the one that is there.
    ///
    /// O(n): clones the elements into a new version.
    ///
    /// # Errors
    ///
    /// Gives the element back if `index` is greater than the length of this moment. Other threads may have
    /// changed that, so it is no panic.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'c']);
    /// assert_eq!(list.insert(1, 'b'), Ok(()));
    /// assert_eq!(list.insert(9, 'z'), Err('z'));
    /// assert_eq!(list, ['a', 'b', 'c']);
    /// ```
    #[track_caller]
    #[doc(alias = "add")]
    pub fn insert(&self, index: usize, element: T) -> Result<(), T> {
        let mut element = Some(element);
        self.rebuild(|old, new| {
            let (head, rest) = old.split_at_checked(index)?;
            new.reserve(with_spare_room(old.len() + 1));
            new.extend_from_slice(head);
            new.extend(element.take());
            new.extend_from_slice(rest);
            Some(())
        });
        element.map_or(Ok(()), Err)
    }

    /// Replaces the element at `index` and returns a clone of the old one.
    ///
    /// O(n): clones the elements into a new version.
    ///
    /// # Errors
    ///
    /// Gives the element back if there is none at `index` at this moment.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'b']);
    /// assert_eq!(list.set(1, 'c'), Ok('b'));
    /// assert_eq!(list.set(2, 'd'), Err('d'));
    /// assert_eq!(list, ['a', 'c']);
    /// ```
    #[track_caller]
    pub fn set(&self, index: usize, mut element: T) -> Result<T, T> {
        let done = self.rebuild(|old, new| {
            let (head, rest) = old.split_at_checked(index)?;
            let (target, rest) = rest.split_first()?;
            new.reserve(with_spare_room(old.len()));
            new.extend_from_slice(head);
            new.push(mem::replace(&mut element, target.clone()));
            new.extend_from_slice(rest);
            Some(())
        });
        if done.is_some() { Ok(element) } else { Err(element) }
    }

    /// Removes the element at `index` and returns a clone of it, or `None` if there is none at this moment.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec!['a', 'b']);
    /// assert_eq!(list.remove_at(0), Some('a'));
    /// assert_eq!(list.remove_at(1), None);
    /// ```
    #[track_caller]
    #[doc(alias = "remove")]
    pub fn remove_at(&self, index: usize) -> Option<T> {
        self.remove_where(|len| (index < len).then_some(index))
    }

    /// Removes the last element and returns a clone of it, or `None` if there is none.
    ///
    /// O(n): clones the other elements into a new version.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone panics. The list is then as it was.
    #[track_caller]
    #[doc(alias = "removeLast")]
    pub fn pop(&self) -> Option<T> {
        self.remove_where(|len| len.checked_sub(1))
    }

    /// Removes the element at the index that `which` gives for the length.
    #[track_caller]
    fn remove_where(&self, which: impl FnOnce(usize) -> Option<usize>) -> Option<T> {
        let mut removed = None;
        self.rebuild(|old, new| {
            let index = which(old.len())?;
            removed = Some(old[index].clone());
            new.reserve(with_spare_room(old.len() - 1));
            new.extend_from_slice(&old[..index]);
            new.extend_from_slice(&old[index + 1..]);
            Some(())
        });
        removed
    }

    /// Keeps the elements for which `keep` is true, in order, and returns how many went.
    ///
    /// O(n): `keep` sees each element once; if one goes, those that stay are cloned into a new version, and
    /// no other. If none goes nothing is cloned or published.
    ///
    /// # Panics
    ///
    /// If `keep` writes to this list, or it or a clone panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![1, 2, 3, 4]);
    /// assert_eq!(list.retain(|n| n % 2 == 0), 2);
    /// assert_eq!(list, [2, 4]);
    /// ```
    #[track_caller]
    #[doc(alias = "removeIf")]
    #[doc(alias = "retainAll")]
    #[doc(alias = "removeAll")]
    pub fn retain(&self, mut keep: impl FnMut(&T) -> bool) -> usize {
        let removed = self.rebuild(|old, new| {
            let first_gone = old.iter().position(|element| !keep(element))?;
            new.extend_from_slice(&old[..first_gone]);
            for element in &old[first_gone + 1..] {
                if keep(element) {
                    new.push(element.clone());
                }
            }
            Some(old.len() - new.len())
        });
        removed.unwrap_or(0)
    }

    /// Changes the list by any means a vector has, as one change.
    ///
    /// `change` gets the elements as a [`CowVec`], shared with the list; its first write clones what it
    /// needs, and what it leaves is published. It runs while the list is locked for other writers; readers
    /// go on. If it leaves the vector as it was, by [`ptr_eq`](CowVec::ptr_eq), nothing is published.
    ///
    /// O(1) and what `change` costs; and a copy if what it leaves is shared with another vector or is the
    /// list's own buffer, shortened.
    ///
    /// # Panics
    ///
    /// If `change` writes to this list by other means than its vector, or it or a clone panics. The list is
    /// then as it was. What `change` itself drops, also while it unwinds, it drops under the lock: an
    /// element whose `Drop` writes to this list then panics, which while unwinding aborts the process.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CopyOnWriteList;
    ///
    /// let list = CopyOnWriteList::from(vec![3, 1, 2]);
    /// let largest = list.update(|v| {
    ///     v.make_mut().sort();
    ///     v.pop()
    /// });
    /// assert_eq!(largest, Some(3));
    /// assert_eq!(list, [1, 2]);
    /// ```
    #[track_caller]
    pub fn update<R>(&self, change: impl FnOnce(&mut CowVec<T>) -> R) -> R {
        let mut copy = UniqueVec::new();
        let mut draft;
        let result;
        let retired;
        let mut writing = self.publication.write();
        draft = CowVec::from_handle(writing.to_handle());
        result = change(&mut draft);
        if ptr::eq(draft.as_slice(), writing.as_slice()) {
            return result;
        }
        match take_publishable(&mut draft) {
            Some(unique) => retired = writing.publish(unique),
            None => {
                copy.reserve(with_spare_room(draft.len()));
                copy.extend_from_slice(&draft);
                retired = writing.publish(copy);
            }
        }
        drop(writing);
        drop(retired);
        result
    }

    /// Makes `elements` the elements of the list.
    ///
    /// O(1) if the vector is not shared. Clones the buffer if it is shared, before the list is locked. If
    /// it is the list's own buffer with its own length nothing is published.
    ///
    /// # Panics
    ///
    /// If called from within another write to this list, or if a clone panics. The list is then as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::{CopyOnWriteList, cow_vec};
    ///
    /// let list = CopyOnWriteList::from(vec![1]);
    /// list.store(cow_vec![2, 3]);
    /// assert_eq!(list, [2, 3]);
    /// ```
    #[track_caller]
    pub fn store(&self, elements: CowVec<T>) {
        let (elements, shared) = publishable(elements);
        let mut writing = self.publication.write();
        if shared.as_ref().is_some_and(|shared| ptr::eq(shared.as_slice(), writing.as_slice())) {
            return;
        }
        let retired = writing.publish(elements);
        drop(writing);
        drop(retired);
    }

    /// Publishes what `build` makes of the current elements, unless it gives `None`. What it writes into
    /// is declared out here, so that it dies after unlocking if `build` panics.
    #[track_caller]
    fn rebuild<R>(&self, build: impl FnOnce(&[T], &mut UniqueVec<T>) -> Option<R>) -> Option<R> {
        let mut new = UniqueVec::new();
        let mut writing = self.publication.write();
        let result = build(writing.as_slice(), &mut new)?;
        let retired = writing.publish(new);
        drop(writing);
        drop(retired);
        Some(result)
    }
}

/// Makes room in `grown` for twice the elements of `old`, or for `more` in addition to them if that is
/// more, and clones them into it.
#[cold]
#[inline(never)]
#[track_caller]
fn grow<T: Clone>(grown: &mut UniqueVec<T>, old: &[T], more: usize) {
    grown.reserve(old.len().saturating_mul(2).max(old.len().saturating_add(more)));
    grown.extend_from_slice(old);
}

/// The room to make for `len` elements, so that a few pushes find some.
fn with_spare_room(len: usize) -> usize {
    len.saturating_add(len / 2)
}

/// `elements` in a buffer that a list may publish (B11), copied if it is shared; then also itself.
#[track_caller]
fn publishable<T: Clone>(elements: CowVec<T>) -> (UniqueVec<T>, Option<CowVec<T>>) {
    match elements.into_handle().try_into_publishable() {
        Ok(unique) => (unique, None),
        Err(shared) => (shared.copied(shared.len()), Some(CowVec::from_handle(shared))),
    }
}

/// Takes what is in `draft` if a list may publish it as it is (B11), and if finding out runs no drop:
/// this is called under the lock.
fn take_publishable<T>(draft: &mut CowVec<T>) -> Option<UniqueVec<T>> {
    let handle = mem::take(draft).into_handle();
    let taken = if handle.may_hide_orphans() { Err(handle) } else { handle.try_into_publishable() };
    taken.map_err(|shared| *draft = CowVec::from_handle(shared)).ok()
}
