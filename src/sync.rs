//! The same names for std's and loom's synchronisation primitives, and [`NamedOrdering`].
//!
//! Ordinary builds get `core`'s atomics, the global allocator and parking_lot. Builds with `--cfg cow_loom` get loom's,
//! so that the models run the crate's code as it ships. No other file names a primitive; `.ci/run tidy` checks that.

/// An ordering that a loom run can weaken by name: `COW_WEAKEN=NAME` makes it Relaxed, and `.ci/run loom-controls` shows
/// that a model then fails.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedOrdering {
    name: &'static str,
    strong: Ordering,
}

impl NamedOrdering {
    pub(crate) const fn new(name: &'static str, strong: Ordering) -> Self {
        Self { name, strong }
    }

    #[inline(always)]
    pub(crate) fn order(self) -> Ordering {
        if weakened(self.name) { Ordering::Relaxed } else { self.strong }
    }

    /// Executes the full fence that this ordering names, after a SeqCst read-modify-write.
    #[cfg(all(feature = "list", not(feature = "arc-swap")))]
    #[inline(always)]
    pub(crate) fn fence_after_rmw(self) {
        if !weakened(self.name) {
            fence_after_rmw();
        }
    }
}

/// Defines a `const fn`. Under loom it is not `const`, because loom's types cannot be made in a constant.
macro_rules! const_fn {
    ($(#[$attribute:meta])* $visibility:vis const fn $($rest:tt)*) => {
        #[cfg(not(cow_loom))]
        $(#[$attribute])*
        $visibility const fn $($rest)*

        #[cfg(cow_loom)]
        $(#[$attribute])*
        $visibility fn $($rest)*
    };
}
pub(crate) use const_fn;

#[cfg(not(cow_loom))]
mod world {
    pub(crate) use alloc::alloc::{alloc, dealloc};
    pub(crate) use core::sync::atomic::{AtomicUsize, Ordering};

    /// Returns whether the ordering `name` is weakened: never, outside loom.
    #[inline(always)]
    pub(crate) const fn weakened(_name: &str) -> bool {
        false
    }

    /// Returns whether loads of counters are made read-modify-writes: never, outside loom.
    #[inline(always)]
    pub(crate) const fn loads_as_rmw() -> bool {
        false
    }

    /// Tells loom of reads and writes of the elements of a block. Does nothing outside loom.
    #[derive(Debug)]
    pub(crate) struct LoomAccess;

    impl LoomAccess {
        pub(crate) const fn new() -> Self {
            Self
        }

        /// Tells loom that elements are read next.
        #[inline(always)]
        pub(crate) fn read(&self) {}

        /// Tells loom that the unique owner changes or frees elements next.
        #[inline(always)]
        pub(crate) fn write(&self) {}
    }

    #[cfg(feature = "list")]
    pub(crate) use self::std_only::*;

    #[cfg(feature = "list")]
    mod std_only {
        #[cfg(feature = "arc-swap")]
        pub(crate) use arc_swap::{ArcSwapAny, Guard as ArcSwapGuard, RefCnt};
        pub(crate) use core::sync::atomic::AtomicPtr;
        pub(crate) use parking_lot::{Mutex, MutexGuard};
        #[cfg(feature = "arc-swap")]
        pub(crate) use std::sync::OnceLock;

        /// Takes a lock that threads hold only for a short time.
        ///
        /// A thread that does not get the lock tries again after pauses of 16 to 512 spins, and then sleeps. So the
        /// holder can write many times in a row, because moving the guarded cache lines to another core takes longer
        /// than a short write. The first pause is about as long as such a write. A first pause of one spin, and
        /// `crossbeam_utils::Backoff`, were measured slower.
        #[inline]
        pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
            #[cold]
            #[inline(never)]
            fn contended<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
                for round in 4..10 {
                    for _ in 0..1 << round {
                        core::hint::spin_loop();
                    }
                    if let Some(guard) = mutex.try_lock() {
                        return guard;
                    }
                }
                mutex.lock()
            }
            mutex.try_lock().unwrap_or_else(|| contended(mutex))
        }

        std::thread_local! {
            static NUMBER: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
        }

        /// Returns a number that no other running thread has: the address of a thread-local.
        #[inline]
        pub(crate) fn thread_token() -> usize {
            NUMBER.with(|number| core::ptr::from_ref(number).addr())
        }

        /// Returns this thread's number, counted from 1 in the order of the first calls. So a few threads never share
        /// a slot by chance.
        #[cfg(not(feature = "arc-swap"))]
        #[inline]
        pub(crate) fn thread_number() -> usize {
            #[cold]
            fn first() -> usize {
                use super::super::UnmodelledUsize;
                static LAST: UnmodelledUsize = UnmodelledUsize::new(0);
                let number = LAST.fetch_add(1, super::Ordering::Relaxed) + 1;
                NUMBER.set(number);
                number
            }
            match NUMBER.get() {
                0 => first(),
                number => number,
            }
        }

        /// The number of a list's slots for guards, and of those for readers.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) const FIXED_SLOTS: usize = 8;

        /// Executes a full fence between a SeqCst read-modify-write and SeqCst loads. Does nothing on x86, where the
        /// read-modify-write is itself a full fence. The language orders it before the loads too.
        #[cfg(not(feature = "arc-swap"))]
        #[inline(always)]
        pub(crate) fn fence_after_rmw() {
            if !cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
                core::sync::atomic::fence(super::Ordering::SeqCst);
            }
        }
    }
}

#[cfg(cow_loom)]
mod world {
    pub(crate) use loom::alloc::{alloc, dealloc};
    pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::OnceLock;

    /// Returns whether `COW_WEAKEN`, which is read once, is `name`.
    pub(crate) fn weakened(name: &str) -> bool {
        static CONTROL: OnceLock<Option<std::string::String>> = OnceLock::new();
        CONTROL.get_or_init(|| std::env::var("COW_WEAKEN").ok()).as_deref() == Some(name)
    }

    /// Returns whether `COW_RMW_LOADS` makes loads of counters read-modify-writes. loom misses interleavings around a
    /// plain load, because it remembers only the last access to each object.
    pub(crate) fn loads_as_rmw() -> bool {
        static RMW: OnceLock<bool> = OnceLock::new();
        *RMW.get_or_init(|| std::env::var_os("COW_RMW_LOADS").is_some())
    }

    /// Tells loom of reads and writes of the elements of a block.
    #[derive(Debug)]
    pub(crate) struct LoomAccess(loom::cell::UnsafeCell<()>);

    impl LoomAccess {
        pub(crate) fn new() -> Self {
            Self(loom::cell::UnsafeCell::new(()))
        }

        /// Tells loom that elements are read next.
        pub(crate) fn read(&self) {
            self.0.with(|_| ());
        }

        /// Tells loom that the unique owner changes or frees elements next.
        pub(crate) fn write(&self) {
            self.0.with_mut(|_| ());
        }
    }

    #[cfg(feature = "list")]
    pub(crate) use self::modelled::*;

    #[cfg(feature = "list")]
    mod modelled {
        pub(crate) use loom::sync::MutexGuard;
        pub(crate) use loom::sync::atomic::AtomicPtr;
        /// Guards the old versions of a mock. Not modelled by loom.
        #[cfg(feature = "arc-swap")]
        pub(crate) use std::sync::Mutex as UnmodelledMutex;

        /// One, so that a second guard, and a second reader, find no free slot.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) const FIXED_SLOTS: usize = 1;

        /// Executes the fence, as on targets where a read-modify-write is not a fence. loom treats other SeqCst
        /// operations as AcqRel.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) fn fence_after_rmw() {
            loom::sync::atomic::fence(loom::sync::atomic::Ordering::SeqCst);
        }

        /// Returns 0, so that all threads try the same slot first.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) fn thread_number() -> usize {
            0
        }

        /// loom's mutex with the interface of `parking_lot`, without poisoning.
        #[derive(Debug)]
        pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

        impl<T> Mutex<T> {
            pub(crate) fn new(value: T) -> Self {
                Self(loom::sync::Mutex::new(value))
            }

            pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
                self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
            }

            pub(crate) fn get_mut(&mut self) -> &mut T {
                self.0.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner)
            }

            #[cfg(not(feature = "arc-swap"))]
            pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
                self.0.try_lock().ok()
            }
        }

        pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
            mutex.lock()
        }

        /// Returns a number that no other running thread of the model has.
        pub(crate) fn thread_token() -> usize {
            loom::thread_local! {
                static TOKEN: std::boxed::Box<u8> = std::boxed::Box::new(0);
            }
            TOKEN.with(|token| core::ptr::from_ref(&**token).addr())
        }
    }
}

#[cfg(feature = "list")]
pub(crate) use crossbeam_utils::CachePadded;
pub(crate) use world::*;

/// A word that loom does not model. It holds a hint, or a value that a thread compares only with its own.
#[cfg(feature = "list")]
pub(crate) use core::sync::atomic::AtomicUsize as UnmodelledUsize;

#[cfg(feature = "list")]
pub(crate) use watching::*;

/// The primitives that count a list's changes and wait for them.
#[cfg(all(feature = "list", not(cow_loom)))]
mod watching {
    pub(crate) use core::sync::atomic::AtomicBool;
    use core::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use super::MutexGuard;

    /// A counter with one writer at a time.
    #[derive(Debug)]
    pub(crate) struct Counter(AtomicU64);

    impl Counter {
        pub(crate) const fn new() -> Self {
            Self(AtomicU64::new(0))
        }

        #[inline]
        pub(crate) fn load(&self, order: Ordering) -> u64 {
            self.0.load(order)
        }

        /// Adds 1 by a load and a store. For the writer.
        #[inline]
        pub(crate) fn advance(&self, order: Ordering) {
            self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(1), order);
        }
    }

    #[derive(Debug)]
    pub(crate) struct Condvar(parking_lot::Condvar);

    impl Condvar {
        pub(crate) const fn new() -> Self {
            Self(parking_lot::Condvar::new())
        }

        /// Releases the lock and waits. Locks and unlocks it again before it returns.
        pub(crate) fn wait<T>(&self, mut guard: MutexGuard<'_, T>, deadline: Option<Instant>) {
            match deadline {
                None => self.0.wait(&mut guard),
                Some(deadline) => _ = self.0.wait_until(&mut guard, deadline),
            }
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}

#[cfg(all(feature = "list", cow_loom))]
mod watching {
    pub(crate) use loom::sync::atomic::AtomicBool;
    use loom::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use super::MutexGuard;

    /// A counter with one writer at a time. The writer loads its last value outside the model. loom would not explore
    /// what other threads do between such a load and the store after it.
    #[derive(Debug)]
    pub(crate) struct Counter {
        own: core::sync::atomic::AtomicU64,
        shown: AtomicU64,
    }

    impl Counter {
        pub(crate) fn new() -> Self {
            Self { own: core::sync::atomic::AtomicU64::new(0), shown: AtomicU64::new(0) }
        }

        pub(crate) fn load(&self, order: Ordering) -> u64 {
            self.shown.load(order)
        }

        pub(crate) fn advance(&self, order: Ordering) {
            self.shown.store(self.own.fetch_add(1, Ordering::Relaxed) + 1, order);
        }
    }

    #[derive(Debug)]
    pub(crate) struct Condvar(loom::sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(loom::sync::Condvar::new())
        }

        /// Waits without a deadline, because loom has no clock.
        pub(crate) fn wait<T>(&self, guard: MutexGuard<'_, T>, _deadline: Option<Instant>) {
            drop(self.0.wait(guard));
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}
