//! The writers' lock of a list, which knows its holder.

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};

use crate::sync::{Mutex, MutexGuard, Ordering, UnmodelledUsize, const_fn, lock, thread_token};

/// A mutex that panics where a thread that holds it asks for it again.
///
/// The threads that wait for it look at its word again and again, and so take the line with it from the
/// holder: what that writes meanwhile is better on the next one.
#[repr(C)]
pub(super) struct Lock<T> {
    /// The token of the holder, 0 without one. Relaxed is enough: it only has to tell a thread whether
    /// it is the holder itself, and a thread sees its own last store, or a later one of another thread.
    holder: UnmodelledUsize,
    mutex: Mutex<T>,
}

/// The rest of the line of the lock's word, for what it guards to begin with.
const LEFT: usize = 64 / size_of::<usize>() - 2;
pub(super) type RestOfLine = [MaybeUninit<usize>; LEFT];

/// Nothing in it.
pub(super) const REST_OF_LINE: RestOfLine = [const { MaybeUninit::uninit() }; LEFT];

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

    /// What it guards, for the owner.
    pub(super) fn get_mut(&mut self) -> &mut T {
        self.mutex.get_mut()
    }

    /// The lock if nobody holds it, this thread included.
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
        "a CopyOnWriteList was written from within another write to it on the same thread: by a \
         closure given to that write, or by Clone or Drop of an element"
    );
}

/// Holds the lock. Its drop forgets the holder first and unlocks then.
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
