//! What a mutated copy of the crate asks at each mutant: whether it is the one that is switched on.
#![allow(unsafe_code, reason = "asks libc, which allocates nothing")]

use core::ffi::{CStr, c_char, c_int, c_void};
use core::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

unsafe extern "C" {
    fn getenv(name: *const c_char) -> *const c_char;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn write(file: c_int, bytes: *const c_void, count: usize) -> isize;
    fn close(file: c_int) -> c_int;
}

const UNKNOWN: u32 = u32::MAX;
static ACTIVE: AtomicU32 = AtomicU32::new(UNKNOWN);
static REACHED: [AtomicU8; 1 << 14] = [const { AtomicU8::new(0) }; 1 << 14];

/// Whether mutant `number`, counted from 1, is on. `COW_MUTANT` names it; 0 is none, and writes those that are
/// asked for to the file `COW_REACHED`. What the compiler evaluates is never mutated.
pub(crate) const fn on(number: u32) -> bool {
    core::intrinsics::const_eval_select((number,), never, ask)
}

const fn never(_: u32) -> bool {
    false
}

#[inline(never)]
fn ask(number: u32) -> bool {
    let active = match ACTIVE.load(Relaxed) {
        UNKNOWN => first(),
        active => active,
    };
    if active == 0 && REACHED[number as usize].swap(1, Relaxed) == 0 {
        report(number);
    }
    active == number
}

#[cold]
fn first() -> u32 {
    // SAFETY: a string that ends in 0.
    let text = unsafe { getenv(c"COW_MUTANT".as_ptr()) };
    let number = if text.is_null() {
        0
    } else {
        // SAFETY: what `getenv` gives is a string that stays.
        let text = unsafe { CStr::from_ptr(text) };
        text.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    ACTIVE.store(number, Relaxed);
    number
}

/// At once, as a process may abort, and without an allocation, as a test may count them.
#[cold]
fn report(mut number: u32) {
    // SAFETY: as above.
    let file = unsafe { getenv(c"COW_REACHED".as_ptr()) };
    if file.is_null() {
        return;
    }
    let mut line = *b"     \n";
    for digit in line[..5].iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    // O_WRONLY, O_CREAT and O_APPEND on Linux.
    // SAFETY: the path is a string that ends in 0, and the bytes are the line's.
    unsafe {
        let file = open(file, 0o1 | 0o100 | 0o2000, 0o644);
        write(file, line.as_ptr().cast(), line.len());
        close(file);
    }
}
