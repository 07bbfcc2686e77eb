//! Panics at every call of a closure, pattern, iterator or `Display` in the methods of `CowString` that take one.
//!
//! The text stays valid UTF-8, and a hidden copy never changes. The edits in `WHOLE` leave the text unchanged.

use std::fmt::{self, Write as _};

use crate::common::dummy::{Ledger, Point, demand, panic_at_every};
use cow_collections::{CowString, cow_format};

const TEXT: &str = "h\u{e9}llo, \u{20ac}5 and \u{1f600} of it";

/// The forms of a text, each with a hidden copy, which shares its buffer in some forms.
const FORMS: [fn() -> (CowString, CowString); 5] = [
    || (TEXT.into(), CowString::new()),
    || {
        let text = CowString::from(TEXT);
        (text.clone(), text)
    },
    || {
        let all = cow_format!("before {TEXT} behind");
        (all.slice(7..7 + TEXT.len()), all)
    },
    || (cow_format!("before {TEXT} behind").slice(7..7 + TEXT.len()), CowString::new()),
    || (CowString::from_static(TEXT), CowString::from_static(TEXT)),
];

/// A `Display` that writes a text three times and may panic before each.
struct Shown<'a>(&'a Ledger, &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..3).try_for_each(|_| {
            self.0.pass(Point::Closure);
            f.write_str(self.1)
        })
    }
}

fn say<R>(ledger: &Ledger, answer: R) -> R {
    ledger.pass(Point::Closure);
    answer
}

type Work = fn(&mut CowString, &Ledger);

/// Operations that leave the text unchanged if a call panics.
const WHOLE: &[Work] = &[
    |s, l| s.remove_matches(|c: char| say(l, c == 'o')),
    |s, l| drop(s.split_shared(|c: char| say(l, c == ' ')).collect::<Vec<_>>()),
    |s, l| _ = s.trim_matches(|c: char| say(l, c != ' ')).len(),
    |s, l| drop(s.replace(|c: char| say(l, c == 'o'), "0")),
    |s, l| *s = s.chars().map(|c| say(l, c)).collect(),
    |s, l| *s = s.split(' ').map(|part| say(l, part)).collect(),
    |s, l| *s = cow_format!("{s}{}", Shown(l, "\u{e9}")),
];

/// Edits that keep what was done before the panic.
const IN_STEPS: &[Work] = &[
    |s, l| s.retain(|c| say(l, c != 'o' && c != '\u{20ac}')),
    |s, l| s.extend("\u{1f600} and more of it".chars().map(|c| say(l, c))),
    |s, l| s.extend(["\u{1f600}", " and ", "more"].map(|part| say(l, part))),
    |s, l| s.extend(["\u{1f600}", " and ", "more"].into_iter().map(|part| say(l, part))),
    |s, l| write!(s, "{}", Shown(l, "\u{e9}")).unwrap(),
    |s, l| {
        let drain = s.drain(1..8);
        drain.for_each(|_| say(l, ()));
    },
];

/// Panics at every call in `work`, on each form. `whole` says that the text must then be unchanged. Returns the number
/// of calls.
fn at_every_call(work: Work, whole: bool) -> usize {
    let points = FORMS.iter().map(|make| {
        panic_at_every(
            Point::Closure,
            |_| (make(), String::from(&make().1)),
            |((s, _), _), ledger| work(s, ledger),
            |((s, hidden), before)| {
                assert!(std::str::from_utf8(s.as_bytes()).is_ok(), "not UTF-8");
                assert!(!whole || s == TEXT, "{s}");
                assert_eq!(hidden, before, "the hidden copy changed");
            },
        )
    });
    points.sum()
}

#[test]
fn panic_in_a_call_of_any_other_edit_leaves_the_text_whole() {
    let _hits = demand(&[(Point::Closure, 515)]);
    for (i, work) in WHOLE.iter().enumerate() {
        assert!(at_every_call(*work, true) > 0, "work {i} calls nothing");
    }
}

#[test]
fn panic_in_a_call_of_a_step_by_step_edit_leaves_a_text() {
    let _hits = demand(&[(Point::Closure, 260)]);
    for (i, work) in IN_STEPS.iter().enumerate() {
        assert!(at_every_call(*work, false) > 0, "work {i} calls nothing");
    }
}
