//! Uses handles of one buffer on several threads that synchronise only through the buffer's counts. Written for
//! ThreadSanitizer and for Miri under many seeds (`-Zmiri-many-seeds=0..64`). `tests/list/race.rs` does the same
//! for lists.

use cow_collections::{CowString, CowVec, PersistentVector};
use std::thread;

const ROUNDS: usize = if cfg!(miri) { 2 } else { 2000 };

/// Lets another thread read a clone and drop it, and meanwhile polls until `alone` returns `true`. The write that
/// follows must be ordered after everything that the other thread did.
fn hand_over<C: Clone + Send>(
    mut ours: C,
    look: impl Fn(&C) + Sync,
    alone: impl Fn(&mut C) -> bool,
    write: impl Fn(&mut C),
) {
    for _ in 0..ROUNDS {
        thread::scope(|threads| {
            let (theirs, look) = (ours.clone(), &look);
            threads.spawn(move || {
                look(&theirs);
                drop(theirs);
            });
            let asked = (0..1_000_000).find(|_| {
                thread::yield_now();
                alone(&mut ours)
            });
            assert!(asked.is_some(), "the other handle was dropped");
            write(&mut ours);
        });
    }
}

#[test]
fn write_after_readers_dropped_their_handles() {
    let sum = |v: &CowVec<usize>| assert!(v.iter().sum::<usize>() >= 4);
    let add = |v: &mut CowVec<usize>| v.make_mut().iter_mut().for_each(|x| *x += 1);
    hand_over(CowVec::from([1; 4]), sum, CowVec::is_unique, add);
    let push = |v: &mut CowVec<usize>| {
        v.push(1);
        v.truncate(4);
    };
    hand_over(CowVec::from([1; 4]), sum, CowVec::is_unique, push);
}

#[test]
fn drop_after_readers_dropped_their_handles() {
    let look = |v: &CowVec<Box<usize>>| assert!(v.iter().all(|x| **x < ROUNDS + 4));
    let renew = |v: &mut CowVec<Box<usize>>| {
        let first = **v.first().unwrap();
        *v = (first..first + 4).map(|n| Box::new((n + 1) % ROUNDS)).collect();
    };
    hand_over(CowVec::from_iter((0..4).map(Box::new)), look, CowVec::is_unique, renew);
    // The last handle frees the buffer, on either thread.
    let renew = |v: &mut CowVec<Box<usize>>| *v = CowVec::from_iter((0..4).map(Box::new));
    hand_over(CowVec::from_iter((0..4).map(Box::new)), look, |_| true, renew);
}

#[test]
fn texts_are_written_after_their_readers() {
    let text = CowString::from("longer than fifteen bytes, and plain");
    let look = |s: &CowString| assert!(s.slice(4..).eq_ignore_ascii_case(&s[4..]));
    let flip = |s: &mut CowString| match s.starts_with('l') {
        true => s.make_mut().make_ascii_uppercase(),
        false => s.make_mut().make_ascii_lowercase(),
    };
    hand_over(text, look, CowString::is_unique, flip);
}

/// Writes while another thread may still read: in place on a unique vector, to a copied path on a shared one.
#[test]
fn versions_are_written_beside_their_readers() {
    let n = if cfg!(miri) { 20 } else { 100 };
    let tree: PersistentVector<[usize; 32]> = (0..n).map(|i| [i; 32]).collect();
    let look = |v: &PersistentVector<[usize; 32]>| {
        assert!(v.iter().all(|x| x[0] == x[31]));
    };
    let edit = |v: &mut PersistentVector<[usize; 32]>| {
        v.set(7, [3; 32]);
        v.push_back([4; 32]);
        v.push_front([5; 32]);
        v.truncate(n);
    };
    hand_over(tree, look, |_| true, edit);
}

/// Pushes to clones concurrently. One clone appends in place, the others copy.
#[test]
fn clones_claim_the_room_behind_them() {
    for round in 0..ROUNDS {
        let mut start = CowVec::with_capacity(16);
        start.extend([round; 4]);
        let ends: Vec<_> = thread::scope(|threads| {
            let push = |n: usize| {
                let mut own = start.clone();
                move || {
                    (0..6).for_each(|i| own.push(round + n + i));
                    own
                }
            };
            [0, 1, 2].map(|n| threads.spawn(push(n))).map(|t| t.join().unwrap()).into()
        });
        for (n, end) in ends.iter().enumerate() {
            assert_eq!(end[..4], start[..]);
            assert!(end[4..].iter().copied().eq(round + n..round + n + 6));
        }
        assert_eq!(ends.iter().filter(|end| end.as_ptr() == start.as_ptr()).count(), 1);
    }
}
