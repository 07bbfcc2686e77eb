//! Elements whose implementations of safe traits are hostile.
#![allow(
    clippy::non_canonical_partial_ord_impl,
    clippy::non_canonical_clone_impl,
    reason = "each trait lies independently of the others"
)]

use std::borrow::Borrow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt::{self, Debug, Display};
use std::hash::{Hash, Hasher};
use std::hint::black_box;

use crate::script::{Ask, answer, call_from_drop};

/// The largest number of an element. The smallest is 1. Memory without an element has no mark, or a number out of
/// this range.
const MOST: u8 = 60;

const ALIVE: u32 = 0xA11E_57ED;

/// The content of every hostile element, and the key that key functions return.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    mark: u32,
    number: u8,
}

impl Key {
    pub const fn of(number: u8) -> Self {
        Self { mark: ALIVE, number }
    }

    #[track_caller]
    pub fn number(&self) -> u8 {
        if self.mark != ALIVE || self.number == 0 || self.number > MOST {
            FOUND_NONE.set(true);
            panic!("no element is here: {:#x}, {}", self.mark, self.number);
        }
        self.number
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        answer(Ask::Equal, &[self.number() == other.number(), true, false])
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let honest = Some(self.number().cmp(&other.number()));
        answer(Ask::Partial, &[honest, None, Some(Ordering::Less), Some(Ordering::Greater)])
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let honest = self.number().cmp(&other.number());
        answer(Ask::Order, &[honest, Ordering::Less, Ordering::Greater, Ordering::Equal])
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(answer(Ask::Hash, &[self.number(), 0, 255]));
    }
}

impl Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shown(f, "an element")
    }
}

/// Writes `text`, writes a longer text, or fails.
pub fn shown(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    match answer(Ask::Write, &[0, 1, 2]) {
        0 => f.write_str(text),
        1 => Err(fmt::Error),
        _ => (0..9).try_for_each(|_| f.write_str("a text that nobody expects")),
    }
}

/// An element with hostile implementations of all traits that collections use.
pub(crate) trait Elem:
    Clone + Ord + Hash + Debug + Display + Borrow<Key> + Send + Sync + 'static
{
    /// Makes an element with a valid number. Runs no hostile code.
    fn of(number: u8) -> Self;

    /// Returns the number. Panics if this is no element. Runs no hostile code.
    fn number(&self) -> u8;

    fn is_odd(&self) -> bool {
        self.number() % 2 == 1
    }

    fn key(&self) -> Key {
        Key::of(self.number().max(1))
    }
}

/// Makes `count` elements with numbers from `first` on.
pub fn elements<T: Elem>(first: u8, count: u8) -> Vec<T> {
    (first..first + count).map(T::of).collect()
}

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static FOUND_NONE: Cell<bool> = const { Cell::new(false) };
}

/// Returns the number of elements with drop glue that this thread made and has not dropped.
pub fn live() -> isize {
    LIVE.get()
}

/// Returns whether memory without an element was used as an element since the last call. The panic that this causes
/// may have been caught, or mistaken for a panic of the crate.
pub fn found_none() -> bool {
    FOUND_NONE.take()
}

fn born() {
    LIVE.set(LIVE.get() + 1);
}

fn died() {
    LIVE.set(LIVE.get() - 1);
}

/// An element with drop glue, larger by `PAD` words.
pub(crate) struct Item<const PAD: usize> {
    key: Key,
    _pad: [u64; PAD],
}

/// An element that is `Copy`, so that it can be appended to a shared buffer, larger by `PAD` words.
#[derive(Copy)]
pub struct Plain<const PAD: usize> {
    key: Key,
    _pad: [u64; PAD],
}

/// An element with drop glue and without a size; its number is always 1.
pub struct Nothing;

impl<const PAD: usize> Elem for Item<PAD> {
    fn of(number: u8) -> Self {
        born();
        Self { key: Key::of(number), _pad: [0; PAD] }
    }

    fn number(&self) -> u8 {
        self.key.number()
    }
}

impl<const PAD: usize> Drop for Item<PAD> {
    fn drop(&mut self) {
        self.number();
        self.key.mark = 0;
        // Prevents the removal of the store, because nothing reads it if the crate is correct.
        black_box(&mut self.key);
        died();
        call_from_drop();
    }
}

impl<const PAD: usize> Elem for Plain<PAD> {
    fn of(number: u8) -> Self {
        Self { key: Key::of(number), _pad: [0; PAD] }
    }

    fn number(&self) -> u8 {
        self.key.number()
    }
}

impl Elem for Nothing {
    fn of(_: u8) -> Self {
        born();
        Self
    }

    fn number(&self) -> u8 {
        1
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        died();
        call_from_drop();
    }
}

macro_rules! hostile {
    ($([$($vars:tt)*] $type:ty;)+) => {$(
        impl<$($vars)*> Clone for $type {
            fn clone(&self) -> Self {
                Self::of(answer(Ask::Clone, &[self.number(), 60, 1]))
            }
        }

        impl<$($vars)*> PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.key() == other.key()
            }
        }

        impl<$($vars)*> Eq for $type {}

        impl<$($vars)*> PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                self.key().partial_cmp(&other.key())
            }
        }

        impl<$($vars)*> Ord for $type {
            fn cmp(&self, other: &Self) -> Ordering {
                self.key().cmp(&other.key())
            }
        }

        impl<$($vars)*> Hash for $type {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.key().hash(state);
            }
        }

        impl<$($vars)*> Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                shown(f, "an element")
            }
        }

        impl<$($vars)*> Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                shown(f, "an element")
            }
        }

        impl<$($vars)*> Borrow<Key> for $type {
            fn borrow(&self) -> &Key {
                const OTHERS: &[Key] = &[Key::of(1), Key::of(2), Key::of(60)];
                match answer(Ask::View, &[0, 1, 2, 3]) {
                    0 => &OTHERS[usize::from(self.is_odd())],
                    other => &OTHERS[other - 1],
                }
            }
        }
    )+};
}

hostile! {
    [const PAD: usize] Item<PAD>;
    [const PAD: usize] Plain<PAD>;
    [] Nothing;
}
