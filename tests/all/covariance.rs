//! Two ways in which an append to a shared buffer through a covariant handle could cause a use after free in
//! safe code. Both programs compile, and Miri and AddressSanitizer must find nothing in them.
#![allow(coherence_leak_check, reason = "the test with a higher-ranked type needs it")]

use cow_collections::{CowVec, PersistentVector, UniqueVec};
use std::sync::{LazyLock, Mutex};

fn with_room<T>(first: T) -> CowVec<T> {
    let mut v = UniqueVec::with_capacity(4);
    v.push(first);
    v.into_shared()
}

/// An element whose drop reads the string that it refers to and records it.
struct Loud<'a>(&'a String, &'a Mutex<Vec<String>>);
impl Clone for Loud<'_> {
    fn clone(&self) -> Self {
        Loud(self.0, self.1)
    }
}
impl Drop for Loud<'_> {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0.clone());
    }
}

/// Checks that a clone never drops an element of a shorter lifetime after that lifetime.
#[test]
fn a_shorter_lifetime_never_lands_in_a_siblings_buffer() {
    static LONG: LazyLock<String> = LazyLock::new(|| "static".to_string());
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

    let a: CowVec<Loud<'static>> = with_room(Loud(&LONG, &HEARD));
    {
        let local = "local ".repeat(20);
        let mut b: CowVec<Loud<'_>> = a.clone();
        b.push(Loud(&local, &HEARD));
        assert!(!std::ptr::eq(a.as_ptr(), b.as_ptr().cast()), "copied: the type has drop glue");
    }
    assert!(
        HEARD.lock().unwrap().iter().any(|s| s.starts_with("local")),
        "dropped within its lifetime"
    );
    drop(a);
}

trait Call {
    fn call(&self);
}

static STASH: Mutex<Vec<&'static String>> = Mutex::new(Vec::new());
static LONG: LazyLock<String> = LazyLock::new(|| "long".to_string());

impl Call for for<'a> fn(&'a String) {
    fn call(&self) {
        self(&"short lived, freed when this returns".to_string());
    }
}

impl Call for fn(&'static String) {
    fn call(&self) {
        self(&LONG);
    }
}

struct OnDrop<F: Call>(F);

impl<F: Call> Drop for OnDrop<F> {
    fn drop(&mut self) {
        self.0.call();
    }
}

impl<F: Call + Copy> Clone for OnDrop<F> {
    fn clone(&self) -> Self {
        OnDrop(self.0)
    }
}

/// Checks the same for subtypes that are both `'static`. A higher-ranked function pointer is a subtype of
/// another one, and the clone could run the wrong type's drop. A `'static` bound would not help.
#[test]
fn a_higher_ranked_subtype_never_lands_in_a_siblings_buffer() {
    fn ignore(_: &String) {}
    fn stash(s: &'static String) {
        STASH.lock().unwrap().push(s);
    }
    let a: CowVec<OnDrop<for<'a> fn(&'a String)>> =
        with_room(OnDrop(ignore as for<'a> fn(&'a String)));
    let mut b: CowVec<OnDrop<fn(&'static String)>> = a.clone();
    b.push(OnDrop(stash as fn(&'static String)));
    drop(b);
    drop(a);
    let stash = STASH.lock().unwrap();
    assert_eq!(stash.iter().map(|s| s.as_str()).collect::<Vec<_>>(), ["long"]);
}

/// Checks the same for versions of a persistent vector, in the leaves of the tree and in the tail.
#[test]
fn a_shorter_lifetime_never_lands_in_a_leaf_of_another_version() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let heard = || HEARD.lock().unwrap().iter().filter(|s| s.starts_with("local")).count();
    let a: PersistentVector<Loud<'static>> = (0..70).map(|_| Loud(&LONG, &HEARD)).collect();
    {
        let local = "local ".repeat(20);
        let mut b: PersistentVector<Loud<'_>> = a.clone();
        b.push_back(Loud(&local, &HEARD));
        drop(b.set(3, Loud(&local, &HEARD)));
        drop(b.set(68, Loud(&local, &HEARD)));
        let mut c = a.clone();
        c.truncate(64);
        (0..40).for_each(|_| c.push_back(Loud(&local, &HEARD)));
        drop((b, c));
        assert_eq!(heard(), 43, "dropped within its lifetime");
    }
    drop(a);
    assert_eq!(heard(), 43, "no later drop reads it");
}

/// Checks the same for the front leaf of a persistent vector.
#[test]
fn a_shorter_lifetime_never_lands_in_a_front_leaf_of_another_version() {
    static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let heard = || HEARD.lock().unwrap().iter().filter(|s| s.starts_with("local")).count();
    let mut a: PersistentVector<Loud<'static>> = (0..70).map(|_| Loud(&LONG, &HEARD)).collect();
    (0..3).for_each(|_| a.push_front(Loud(&LONG, &HEARD)));
    {
        let local = "local ".repeat(20);
        let mut b: PersistentVector<Loud<'_>> = a.clone();
        (0..40).for_each(|_| b.push_front(Loud(&local, &HEARD)));
        let mut c: PersistentVector<Loud<'_>> = a.clone();
        (0..4).for_each(|_| drop(c.pop_front()));
        c.push_front(Loud(&local, &HEARD));
        drop(c.set(1, Loud(&local, &HEARD)));
        drop((b, c));
        assert_eq!(heard(), 42, "dropped within its lifetime");
    }
    drop(a);
    assert_eq!(heard(), 42, "no later drop reads it");
}
