//! The one file that names a synchronisation primitive, in two worlds under the same names.
//!
//! Ordinary builds get `core`'s atomics and the global allocator. Builds with `--cfg cow_loom` get
//! loom's, so that the models run the crate's own code as it ships. Everything else in the crate says
//! `crate::sync`; `tests/tidy.rs` holds that rule.

/// Declares a `const fn` that is a plain `fn` under loom, whose primitives need a running model.
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

    /// Whether the control `name` is switched on: never, outside loom.
    #[inline(always)]
    pub(crate) const fn weakened(_name: &str) -> bool {
        false
    }

    /// Whether loads of counters are to be made read-modify-writes: never, outside loom.
    #[inline(always)]
    pub(crate) const fn loads_as_rmw() -> bool {
        false
    }

    /// Tells loom when the elements of a buffer are read and when they are changed; nothing here.
    #[derive(Debug)]
    pub(crate) struct LoomAccess;

    impl LoomAccess {
        pub(crate) const fn new() -> Self {
            Self
        }

        /// Elements are about to be read.
        #[inline(always)]
        pub(crate) fn read(&self) {}

        /// Elements are about to be changed or freed by their only holder.
        #[inline(always)]
        pub(crate) fn write(&self) {}
    }

    #[cfg(feature = "list")]
    pub(crate) use self::std_only::*;

    #[cfg(feature = "list")]
    mod std_only {
        #[cfg(feature = "arc-swap")]
        pub(crate) use arc_swap::{ArcSwapAny, Cache, Guard as ArcSwapGuard, RefCnt};
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) use core::sync::atomic::AtomicPtr;
        pub(crate) use parking_lot::{Mutex, MutexGuard};
        #[cfg(feature = "arc-swap")]
        pub(crate) use std::sync::OnceLock;

        /// Takes a lock that is held for less time than it takes to pass it on, with the lines of all that
        /// it guards, to another core. So a thread that does not get it looks again after ever longer
        /// pauses, for its holder to use it many times more, and lets others run only then. The first is
        /// of 16 spins, about a short write, and all are of 1,008: 0.3 and 17 µs where a spin takes 17 ns.
        /// (First pauses of one spin, and those of `crossbeam_utils::Backoff`, were measured slower.)
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

        /// A number that no other running thread has: an address of its own.
        #[inline]
        pub(crate) fn thread_token() -> usize {
            NUMBER.with(|number| core::ptr::from_ref(number).addr())
        }

        /// The threads that ask, counted from 1, so that a few of them never share a slot by chance.
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

        /// A full fence between a SeqCst read-modify-write and SeqCst loads. On x86 that
        /// read-modify-write is one already, and the language orders it before those loads as well.
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

    /// Whether the control `name` is switched on by `COW_WEAKEN`, which is read once.
    pub(crate) fn weakened(name: &str) -> bool {
        static CONTROL: OnceLock<Option<std::string::String>> = OnceLock::new();
        CONTROL.get_or_init(|| std::env::var("COW_WEAKEN").ok()).as_deref() == Some(name)
    }

    /// Whether `COW_RMW_LOADS` asks for loads of counters as read-modify-writes: loom remembers only
    /// the last access to each object, and so misses interleavings around a plain load.
    pub(crate) fn loads_as_rmw() -> bool {
        static RMW: OnceLock<bool> = OnceLock::new();
        *RMW.get_or_init(|| std::env::var_os("COW_RMW_LOADS").is_some())
    }

    /// Tells loom when the elements of a buffer are read and when they are changed.
    #[derive(Debug)]
    pub(crate) struct LoomAccess(loom::cell::UnsafeCell<()>);

    impl LoomAccess {
        pub(crate) fn new() -> Self {
            Self(loom::cell::UnsafeCell::new(()))
        }

        /// Elements are about to be read.
        pub(crate) fn read(&self) {
            self.0.with(|_| ());
        }

        /// Elements are about to be changed or freed by their only holder.
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
        /// Outside the model: what a stand-in keeps to its end.
        #[cfg(feature = "arc-swap")]
        pub(crate) use std::sync::Mutex as UnmodelledMutex;

        /// The fence, as on targets whose read-modify-writes are none: loom takes SeqCst for AcqRel
        /// everywhere else.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) fn fence_after_rmw() {
            loom::sync::atomic::fence(loom::sync::atomic::Ordering::SeqCst);
        }

        /// All threads begin their search for a slot at the same one.
        #[cfg(not(feature = "arc-swap"))]
        pub(crate) fn thread_number() -> usize {
            0
        }

        /// `parking_lot`'s interface over loom's mutex: no poison.
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

        /// A number that no other running thread of the model has.
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

/// Outside any model also under loom: only ever compared with what the same thread stored.
#[cfg(feature = "list")]
pub(crate) use core::sync::atomic::AtomicUsize as UnmodelledUsize;

#[cfg(feature = "list")]
pub(crate) use watching::*;

/// What tells of a list's changes.
#[cfg(all(feature = "list", not(cow_loom)))]
mod watching {
    pub(crate) use core::sync::atomic::AtomicBool;
    use core::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use super::MutexGuard;

    /// A count with one writer at a time.
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

        /// Adds 1, by a plain store. For the one writer.
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

        /// Gives the lock back, waits, and takes it for a moment again.
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

    /// A count with one writer at a time, who has what it stored last from outside the model: loom does
    /// not look at what other threads do between a load of its own and the store that follows it.
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

        /// loom has no clock: a deadline never comes.
        pub(crate) fn wait<T>(&self, guard: MutexGuard<'_, T>, _deadline: Option<Instant>) {
            drop(self.0.wait(guard));
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}
