//! The writers' lock of a list or a cell. It knows its holder, and panics where a mutex would deadlock.

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};

use crate::sync::{Mutex, MutexGuard, Ordering, UnmodelledUsize, const_fn, lock, thread_token};

/// A mutex that panics if the thread that holds it locks it again.
///
/// Threads that wait load the mutex's word again and again, which takes its cache line from the holder. So the
/// value should begin with a [`RestOfLine`].
#[repr(C)]
pub(super) struct Lock<T> {
    /// The token of the thread that holds the lock, or 0.
    ///
    /// Relaxed is enough. A thread only compares this with its own token, and it sees its own last store or a
    /// later one of another thread.
    holder: UnmodelledUsize,
    mutex: Mutex<T>,
}

const REST_WORDS: usize = 64 / size_of::<usize>() - 2;

/// Padding that fills the rest of the cache line that [`Lock`]'s words are on.
pub(super) type RestOfLine = [MaybeUninit<usize>; REST_WORDS];

pub(super) const REST_OF_LINE: RestOfLine = [const { MaybeUninit::uninit() }; REST_WORDS];

impl<T> Lock<T> {
    const_fn! {
        pub(super) const fn new(value: T) -> Self {
            Self { holder: UnmodelledUsize::new(0), mutex: Mutex::new(value) }
        }
    }

    #[inline]
    #[track_caller]
    pub(super) fn lock(&self) -> Locked<'_, T> {
        if self.holder.load(Ordering::Relaxed) == thread_token() {
            reentrant();
        }
        self.locked(lock(&self.mutex))
    }

    pub(super) fn get_mut(&mut self) -> &mut T {
        self.mutex.get_mut()
    }

    /// Takes the lock, or returns `None` if any thread holds it.
    #[cfg(not(feature = "arc-swap"))]
    pub(super) fn try_lock(&self) -> Option<Locked<'_, T>> {
        Some(self.locked(self.mutex.try_lock()?))
    }

    #[inline]
    fn locked<'a>(&'a self, value: MutexGuard<'a, T>) -> Locked<'a, T> {
        self.holder.store(thread_token(), Ordering::Relaxed);
        Locked { holder: &self.holder, value }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn reentrant() -> ! {
    panic!(
        "a CopyOnWriteList or CopyOnWriteCell was written from within another write to it on the \
         same thread, or a change of it was waited for there: by a closure given to that write, or \
         by Clone or Drop of a value in it"
    );
}

/// Holds the lock. Its drop clears the holder, and then unlocks.
pub(super) struct Locked<'a, T> {
    holder: &'a UnmodelledUsize,
    value: MutexGuard<'a, T>,
}

impl<T> Drop for Locked<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.holder.store(0, Ordering::Relaxed);
    }
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Locked<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
