//! Checks how many blocks `CowString` allocates, and that all are freed.

use crate::common::alloc::{blocks_of, no_leak};
use cow_collections::{CowString, CowVec, ToCowString, cow_format};

const LONG: &str = "a text of more than fifteen bytes,\nin two lines of some length\n";

#[test]
fn short_and_static_texts_allocate_nothing() {
    no_leak(|| {
        assert_eq!(blocks_of(CowString::new).0, 0);
        assert_eq!(blocks_of(|| CowString::from("fifteen bytes..")).0, 0);
        assert_eq!(blocks_of(|| CowString::from_static(LONG)).0, 0);
        let (blocks, s) = blocks_of(|| CowString::from_static(LONG).slice(2..40));
        assert_eq!((blocks, &*s), (0, &LONG[2..40]));
    });
}

#[test]
fn a_long_text_is_one_block_for_all_who_share_it() {
    no_leak(|| {
        let (blocks, text) = blocks_of(|| CowString::from(LONG));
        assert_eq!(blocks, 1);
        assert_eq!(blocks_of(|| text.clone()).0, 0);
        assert_eq!(blocks_of(|| text.slice(3..50)).0, 0);
        assert_eq!(blocks_of(|| text.lines_shared().map(|line| line.len()).sum::<usize>()).0, 0);
        let (blocks, bytes) = blocks_of(|| CowVec::from(text.clone()));
        assert_eq!((blocks, bytes.as_ptr()), (0, text.as_ptr()));
        assert_eq!(blocks_of(|| CowString::try_from(bytes).unwrap()).0, 0);
        let mut shorter = text.clone();
        assert_eq!(blocks_of(|| shorter.truncate(20)).0, 0);
        assert_eq!(blocks_of(|| shorter.push('!')).0, 1, "the next byte is taken");
    });
}

#[test]
fn a_history_of_clone_then_push_allocates_as_one_string_does() {
    no_leak(|| {
        let mut history = Vec::with_capacity(1000);
        let (blocks, ()) = blocks_of(|| {
            let mut now = CowString::new();
            for _ in 0..1000 {
                history.push(now.clone());
                now.push('x');
            }
        });
        assert!(blocks <= 7, "{blocks} blocks: growth alone takes seven");
        assert!(history.iter().enumerate().all(|(n, version)| version.len() == n));
    });
}

#[test]
fn results_that_are_short_are_inline() {
    no_leak(|| {
        // The original is not inline, nor would it be after one replacement.
        for (text, result) in [
            ("aaaa------------bbbb", "aaaa++++bbbb"),
            ("aaaa------------bbbbbbb", "aaaa++++bbbbbbb"),
        ] {
            let text = CowString::from(text);
            assert_eq!(blocks_of(|| text.replace("---", "+")), (0, result.into()));
        }
    });
}

#[test]
fn extend_from_within_on_unique_with_room_does_not_allocate() {
    no_leak(|| {
        let mut s = CowString::with_capacity(100);
        s.push_str("more than fifteen bytes");
        assert_eq!(blocks_of(|| s.extend_from_within(..9)).0, 0);
        assert_eq!(s, "more than fifteen bytesmore than");
    });
}

#[test]
fn a_copy_that_does_not_grow_has_no_room() {
    no_leak(|| {
        let mut s = CowString::with_capacity(1000);
        s.push_str(&"0123456789".repeat(4));
        let _others = s.clone();
        s.replace_range(10..30, "abcdefghijklmnopqrst");
        assert_eq!(s, "0123456789abcdefghijklmnopqrst0123456789");
        assert_eq!(s.heap_bytes(), CowString::from(&s[..]).heap_bytes());
    });
}

/// Checks that `cow_format!` makes the same text as `format!`. Evaluates to the numbers of blocks that both allocate.
macro_rules! formatted {
    ($($argument:tt)*) => {{
        let (ours, text) = blocks_of(|| cow_format!($($argument)*));
        let (std, expected) = blocks_of(|| format!($($argument)*));
        assert_eq!(text, expected);
        assert!(text.is_inline() || text.capacity() <= expected.capacity().max(16) * 2, "wasteful");
        (ours, std)
    }};
}

#[test]
fn short_formats_allocate_nothing() {
    let (word, n, wide) = ("word", 42, '€');
    no_leak(|| {
        assert_eq!(formatted!("{word} = {n}"), (0, 2));
        assert_eq!(formatted!("{n:>15}").0, 0);
        assert_eq!(formatted!("{wide}{wide}{wide}{wide}{wide}").0, 0);
        assert_eq!(formatted!("{word:?} {n:#x} {{}}").0, 0);
        // The format string itself is longer than the result.
        assert_eq!(formatted!("{empty}{empty}{empty}{empty}{n}{empty}{empty}", empty = "").0, 0);
    });
}

#[test]
fn long_formats_allocate_at_most_what_std_does() {
    let (word, n, list) = ("word", 42, ["a few words"; 10]);
    no_leak(|| {
        assert_eq!(formatted!("{LONG}"), (1, 1));
        assert_eq!(formatted!("{word}: {LONG}"), (1, 2));
        assert_eq!(formatted!("a format string of more than fifteen bytes: {n}"), (1, 1));
        assert_eq!(formatted!("{{{n}}} of a text in braces, {{{{{n}}}}}, is {n}"), (1, 1));
        let lines = formatted!(
            "first a line of some length with {n}\nthen a line of some length with {n}\nthen \
             another line of some length with {n}\nand last a line of some length with {n}"
        );
        assert_eq!(lines, (1, 1));
        let filled = formatted!(
            "a line of some length before {LONG}, a line of some length before {LONG}, and then \
             some before {LONG} and {word} and {word}"
        );
        assert!(filled.0 <= filled.1, "{filled:?}");
        let pieces =
            formatted!("{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}");
        assert!(pieces.0 <= pieces.1, "{pieces:?}");
        let list = formatted!("{list:?}");
        assert!(list.0 <= list.1, "{list:?}");
        let padded = formatted!("{n:>100}");
        assert!(padded.0 <= padded.1, "{padded:?}");
        assert_eq!(blocks_of(|| cow_format!("a literal of more than fifteen bytes")).0, 0);
    });
}

#[test]
fn values_become_texts_in_at_most_one_block() {
    macro_rules! blocks {
        ($value:expr) => {{
            let value = $value;
            let (blocks, text) = blocks_of(|| value.to_cow_string());
            assert_eq!(text, value.to_string());
            blocks
        }};
    }
    no_leak(|| {
        assert_eq!(blocks!(0_u8) + blocks!(i8::MIN) + blocks!(u16::MAX) + blocks!(i32::MIN), 0);
        assert_eq!(blocks!(999_999_999_999_999_u64) + blocks!(-99_999_999_999_999_i64), 0);
        assert_eq!((blocks!(u64::MAX), blocks!(i64::MIN), blocks!(i128::MIN)), (1, 1, 1));
        assert_eq!(blocks!(true) + blocks!(false) + blocks!('a') + blocks!('𝄞'), 0);
        assert_eq!(blocks!("") + blocks!("fifteen bytes.."), 0);
        assert_eq!(
            (blocks!("sixteen bytes ..") + blocks!(LONG), blocks!(String::from(LONG))),
            (2, 1)
        );
        assert_eq!(blocks!(String::from("fifteen bytes..")), 0);
        for text in [CowString::from("short"), LONG.into(), CowString::from_static(LONG)] {
            assert_eq!(blocks!(&text), 0, "a clone");
            assert!(text.to_cow_string().ptr_eq(&text));
        }
        let generic = |text: &dyn std::fmt::Display| blocks_of(|| text.to_cow_string()).0;
        assert_eq!((generic(&CowString::from("short")), generic(&CowString::from(LONG))), (0, 1));
    });
}
