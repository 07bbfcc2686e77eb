#![cfg(not(cow_loom))]
//! `CowVec` and `UniqueVec`, one behaviour a test.

use cow_collections::{CowVec, UniqueVec, cow_vec};

#[test]
fn clone_then_push_claims_the_next_slot() {
    let a = cow_vec![1, 2, 3];
    let mut b = a.clone();
    let mut c = a.clone();
    b.push(4);
    c.push(5);
    assert!(core::ptr::eq(a.as_ptr(), b.as_ptr()), "the first child is free");
    assert!(!core::ptr::eq(a.as_ptr(), c.as_ptr()), "the second finds the slot taken");
    assert_eq!((&a[..], &b[..], &c[..]), (&[1, 2, 3][..], &[1, 2, 3, 4][..], &[1, 2, 3, 5][..]));
}

#[test]
fn types_with_drop_glue_never_share_an_append() {
    let a = cow_vec![String::from("a")];
    let mut b = a.clone();
    b.reserve(10);
    let c = b.clone();
    b.push(String::from("b"));
    assert!(!core::ptr::eq(c.as_ptr(), b.as_ptr()));
    assert_eq!((a.len(), b.len(), c.len()), (1, 2, 1));
}

#[test]
fn orphans_go_when_a_handle_is_alone_again() {
    let mut a = cow_vec![1];
    let mut b = a.clone();
    b.push(2);
    b.push(3);
    drop(b);
    a.push(9);
    assert_eq!(a, [1, 9]);
}

#[test]
fn unique_vec_round_trip() {
    let mut v = cow_vec![1, 2, 3];
    {
        let u = v.make_unique();
        u.insert(0, 0);
        u.retain(|x| x % 2 == 0);
        u[0] = 8;
    }
    assert_eq!(v, [8, 2]);
    let u: UniqueVec<i32> = v.clone().into_unique();
    assert_eq!(u, v);
    assert!(v.get_unique().is_some());
    let w = v.clone();
    assert!(v.get_unique().is_none());
    assert_eq!(w.try_into_unique().unwrap_err(), [8, 2]);
}

#[test]
fn collect_takes_short_and_long_hints() {
    struct Liar(usize, usize);
    impl Iterator for Liar {
        type Item = usize;
        fn next(&mut self) -> Option<usize> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, None)
        }
    }
    for hint in [0, 1, 5, 9] {
        assert_eq!(Liar(5, hint).collect::<CowVec<_>>(), [4, 3, 2, 1, 0]);
    }
}
