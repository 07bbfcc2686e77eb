//! Tests of slices of a `CowString`. They equal the results of `str`'s methods and share the buffer.

use crate::common::panics::{message, place};
use crate::forms::{FORMS, Form, lengths, texts};
use cow_collections::CowString;
use cow_collections::string::Pattern;

/// Texts with delimiters, words and white space in various places.
const TEXTS: [&str; 9] = [
    "",
    ",",
    "one entry of more than fifteen bytes",
    ",a leading comma, and another one,,",
    "aabaabaab,aab and a long rest of it,aab",
    "  white space\t\u{2003} around a text of some length \r\n",
    "a line of more than fifteen bytes\r\nshort\n\nanother line of more than fifteen",
    "naïve, größer, 𝄞, €€€€€€€€€, and so on, and on",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

fn cases() -> Vec<(Form, &'static str)> {
    let forms = if cfg!(miri) { &FORMS[5..6] } else { &FORMS[..] };
    let texts = if cfg!(miri) { &TEXTS[4..5] } else { &TEXTS[..] };
    forms.iter().flat_map(|form| texts.iter().map(|text| (*form, *text))).collect()
}

/// Checks that `ours` equal `theirs` and share their bytes, unless inline.
#[track_caller]
fn same(whole: &CowString, ours: &[CowString], theirs: &[&str]) {
    assert_eq!(ours, theirs);
    for (part, expected) in ours.iter().zip(theirs) {
        assert_eq!(part.is_inline(), part.len() <= 15);
        assert!(part.is_inline() || part.as_ptr() == expected.as_ptr(), "{expected:?} is a copy");
    }
    if whole.strong_count() > 0 {
        let shared = ours.iter().filter(|part| !part.is_inline()).count();
        assert!(whole.strong_count() > shared, "each part holds a reference");
    }
}

/// Checks `split_shared` and `split_once_shared` with a pattern.
#[track_caller]
fn check_pattern<P: Pattern>(pattern: impl Fn() -> P) {
    for (form, text) in cases() {
        let (s, copies) = form.make(text);
        let before = s.strong_count();
        let theirs: Vec<&str> = P::split(pattern(), &s).collect();
        same(&s, &s.split_shared(pattern()).collect::<Vec<_>>(), &theirs);
        let found = P::match_indices(pattern(), &s).next();
        let expected = found.map(|(at, found)| [&s[..at], &s[at + found.len()..]]);
        let ours = s.split_once_shared(pattern());
        assert_eq!(ours.is_some(), expected.is_some());
        if let (Some((first, second)), Some(expected)) = (ours, expected) {
            same(&s, &[first, second], &expected);
        }
        assert_eq!(s.strong_count(), before);
        assert!(copies.iter().all(|copy| copy.contains(&*s) || s.contains(&**copy)));
    }
}

#[test]
fn split_shared_by_char_equals_split() {
    for c in if cfg!(miri) { &[','][..] } else { &[',', 'a', 'x', '€', '\n'] } {
        check_pattern(|| *c);
    }
}

#[test]
fn split_shared_by_set_of_chars_equals_split() {
    check_pattern(|| [',', 'a']);
    check_pattern(|| &[',', ' ']);
    check_pattern(|| &[',', 'x', '€'][..]);
    check_pattern(|| [' '; 0]);
}

#[test]
fn split_shared_by_closure_equals_split() {
    check_pattern(|| |c: char| c.is_whitespace() || c == 'x');
    check_pattern(|| char::is_alphabetic);
    // A closure whose answer alternates.
    check_pattern(|| {
        let mut odd = false;
        move |_| {
            odd = !odd;
            odd
        }
    });
}

#[test]
fn split_shared_by_text_equals_split() {
    let all = [",", "aab", "", "€€", ", and", "not there", "xx"];
    for delimiter in if cfg!(miri) { &all[1..2] } else { &all[..] } {
        check_pattern(|| *delimiter);
        check_pattern(|| delimiter);
        let (owned, ours) = (String::from(*delimiter), CowString::from(*delimiter));
        check_pattern(|| &owned);
        check_pattern(|| &ours);
    }
}

/// Checks the parts that `share_all` shares for each method of `str`, and the methods of its iterator.
#[test]
fn share_all_of_each_method_of_str_shares_its_parts() {
    for (form, text) in cases() {
        let (s, copies) = form.make(text);
        let before = s.strong_count();
        macro_rules! check {
            ($($parts:expr;)+) => {$({
                let theirs: Vec<&str> = $parts.collect();
                let shared = || s.share_all($parts);
                same(&s, &shared().collect::<Vec<_>>(), &theirs);
                assert_eq!(shared().count(), theirs.len());
                assert_eq!(shared().last().as_deref(), theirs.last().copied());
                assert_eq!(shared().nth(1).as_deref(), theirs.get(1).copied());
                assert_eq!(shared().size_hint(), $parts.size_hint());
            })+};
        }
        for pattern in if cfg!(miri) { &[","][..] } else { &[",", "aab", "", "€€", "xx"] } {
            check! {
                s.split(pattern);
                s.rsplit(pattern);
                s.split_terminator(pattern);
                s.rsplit_terminator(pattern);
                s.split_inclusive(pattern);
                s.matches(pattern);
                s.match_indices(pattern).map(|(_, found)| found);
                s.split_once(pattern).into_iter().flat_map(<[&str; 2]>::from);
                s.rsplit_once(pattern).into_iter().flat_map(<[&str; 2]>::from);
                s.strip_prefix(pattern).into_iter();
                s.strip_suffix(pattern).into_iter();
                [s.trim_start_matches(pattern), s.trim_end_matches(pattern)].into_iter();
            }
            for n in if cfg!(miri) { 2..3 } else { 0..4 } {
                check! {
                    s.splitn(n, pattern);
                    s.rsplitn(n, pattern);
                }
            }
        }
        check! {
            s.lines();
            s.lines().rev();
            s.split_whitespace();
            s.split_ascii_whitespace();
            [s.trim(), s.trim_start(), s.trim_end(), s.trim_matches(',')].into_iter();
            s.char_indices().map(|(at, _)| &s[at..]);
            s.char_indices().map(|(at, c)| &s[at..at + c.len_utf8()]);
        }
        assert_eq!(s.strong_count(), before);
        assert!(copies.iter().all(|copy| copy.contains(&*s) || s.contains(&**copy)));
    }
}

/// Checks parts that do not lie in the text: parts of an equal text, or partly outside the slice.
#[test]
fn share_all_of_part_outside_the_text_panics() {
    let all = CowString::from("0123456789abcdefghijklmnopqrstuvwxyz");
    let s = all.slice(10..30);
    let equal = String::from(&s);
    for outside in [&equal[..], &equal[3..4], &all[5..15], &all[25..31], &all[..], "elsewhere"] {
        let mut parts = s.share_all(["", &s[1..], outside, &s[2..]]);
        assert_eq!((&*parts.next().unwrap(), &*parts.next().unwrap()), ("", &s[1..]));
        assert_eq!(message(|| drop(parts.next())), "the part is not within this text");
        assert_eq!(parts.next().unwrap(), s[2..], "the iterator continues after the panic");
        let last = || drop(s.share_all([outside]).last());
        assert_eq!(message(last), "the part is not within this text");
    }
    assert_eq!(s.strong_count(), 2);
}

/// Checks that the panics of each method name its caller, and not a line of the crate.
#[test]
fn share_all_of_part_outside_the_text_blames_the_caller() {
    let s = CowString::from("0123456789abcdefghijklmnopqrstuvwxyz");
    let parts = || s.share_all(["elsewhere", "elsewhere"]);
    let here = (file!().to_string(), line!() + 1);
    let blamed = [place(|| parts().next()), place(|| parts().nth(1)), place(|| parts().last())];
    assert_eq!(blamed, [here.clone(), here.clone(), here]);
    let here = (file!().to_string(), line!() + 1);
    let blamed = [place(|| parts().next_back()), place(|| parts().nth_back(1))];
    assert_eq!(blamed, [here.clone(), here]);
    assert_eq!(place(|| s.slice(99..)), (file!().to_string(), line!()));
    assert_eq!(place(|| s.slice(..=99)), (file!().to_string(), line!()));
}

/// Compares what each kind of pattern finds with the methods of `str`.
#[test]
fn patterns_find_what_str_finds() {
    let text = "one,two;three,four;five of some length";
    let s = CowString::from(text);
    let found = |parts: &mut dyn Iterator<Item = CowString>| parts.collect::<Vec<_>>();
    let expected: Vec<&str> = text.split(',').collect();
    assert_eq!(found(&mut s.split_shared(',')), expected);
    assert_eq!(found(&mut s.split_shared(",")), expected);
    assert_eq!(found(&mut s.split_shared(&",")), expected);
    assert_eq!(found(&mut s.split_shared(&String::from(","))), expected);
    assert_eq!(found(&mut s.split_shared(&CowString::from(","))), expected);
    assert_eq!(found(&mut s.split_shared(|c| c == ',')), expected);
    let expected: Vec<&str> = text.split([',', ';']).collect();
    assert_eq!(found(&mut s.split_shared([',', ';'])), expected);
    assert_eq!(found(&mut s.split_shared(&[',', ';'])), expected);
    assert_eq!(found(&mut s.split_shared(&[',', ';'][..])), expected);
    let delimiters = String::from(",;");
    assert_eq!(found(&mut s.split_shared(|c| delimiters.contains(c))), expected);
}

#[test]
fn named_methods_share_what_str_finds() {
    for (form, text) in cases() {
        let (s, _copies) = form.make(text);
        let std = s.as_str();
        let lines: Vec<CowString> = s.lines_shared().collect();
        same(&s, &lines, &std.lines().collect::<Vec<_>>());
        let words: Vec<CowString> = s.split_whitespace_shared().collect();
        same(&s, &words, &std.split_whitespace().collect::<Vec<_>>());
        same(&s, &[s.trim_shared()], &[std.trim()]);
    }
}

/// Iterates from both ends in alternation, and compares the size hints at each step.
#[test]
fn from_both_ends() {
    for (form, text) in cases() {
        let (s, _copies) = form.make(text);
        let (mut ours, mut theirs) = (s.split_shared(','), s.split(','));
        for from_back in [false, true, true, false, true, false, false, true, true] {
            assert_eq!(ours.size_hint(), theirs.size_hint());
            let (ours, theirs) = if from_back {
                (ours.next_back(), theirs.next_back())
            } else {
                (ours.next(), theirs.next())
            };
            assert_eq!(ours.as_deref(), theirs);
        }
        assert_eq!((ours.next(), ours.next_back()), (None, None), "fused");
        let (mut ours, mut theirs) = (s.lines_shared(), s.lines());
        assert_eq!(ours.nth_back(1).as_deref(), theirs.nth_back(1));
        assert_eq!(ours.next().as_deref(), theirs.next());
    }
}

#[test]
fn a_cloned_iterator_goes_on_from_there() {
    let s = CowString::from("one entry of some length,another of some length,last of some length");
    let mut parts = s.split_shared(',');
    let first = parts.next().unwrap();
    assert_eq!(format!("{parts:?}"), r#"["another of some length", "last of some length"]"#);
    let again = parts.clone();
    assert_eq!(parts.collect::<Vec<_>>(), again.collect::<Vec<_>>());
    assert_eq!((&*first, s.strong_count()), ("one entry of some length", 2));
}

/// Checks that each part holds one reference, and that the last part becomes the unique owner of the buffer.
#[test]
fn every_part_has_a_count() {
    let s = CowString::from("a line of more than fifteen bytes\n".repeat(20));
    for taken in [0, 1, 2, 19, 20, 21] {
        let mut lines = s.lines_shared();
        let parts: Vec<CowString> = lines.by_ref().take(taken).collect();
        assert_eq!(s.strong_count(), 1 + parts.len(), "{taken}");
        drop(parts);
        assert_eq!((lines.count(), s.strong_count()), (20 - taken.min(20), 1));
    }
    let mut line = s.lines_shared().nth(3).unwrap();
    drop(s);
    assert!(line.is_unique());
    line.push('!');
    assert_eq!(line, "a line of more than fifteen bytes!");
}

/// Sends parts, and the iterator itself, to other threads.
#[test]
fn parts_go_to_other_threads() {
    let s = CowString::from("a line of more than fifteen bytes\n".repeat(20));
    std::thread::scope(|scope| {
        let mut lines = s.lines_shared();
        for _ in 0..3 {
            let mut line = lines.next().unwrap();
            scope.spawn(move || {
                line.push_str(" and on");
                assert_eq!(line, "a line of more than fifteen bytes and on");
            });
        }
        scope.spawn(move || assert_eq!(lines.count(), 17));
    });
    assert_eq!(s.strong_count(), 1);
}

#[test]
fn a_reference_leads_back_to_its_text() {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (s, copies) = form.make(&text);
            for part in [&s[..], s.trim_end_matches('a'), s.trim_start_matches(|c| c < 'd')] {
                let ours = s.slice_ref(part);
                assert_eq!(ours, part);
                assert!(ours.is_inline() || ours.as_ptr() == part.as_ptr(), "{form:?}");
                assert_eq!(s.try_slice_ref(part).unwrap(), part);
                // A slice of a slice lies in both.
                if let Some((at, _)) = part.char_indices().nth(1) {
                    assert_eq!(s.slice_ref(&ours.as_str()[..0]), "");
                    assert_eq!(s.slice_ref(&part[at..]), part[at..]);
                }
            }
            assert_eq!(s.slice_ref(""), "");
            assert!(text.is_empty() || s.try_slice_ref(&text).is_none(), "an equal text elsewhere");
            drop(copies);
            let mut s = s;
            s.push_str("and on");
            assert_eq!(s, text.clone() + "and on");
        }
    }
}

/// Checks that `try_slice_ref` of a slice rejects references outside it or over its ends, although they lie in its
/// buffer.
#[test]
fn a_reference_past_the_edges_is_refused() {
    let all = CowString::from("0123456789abcdefghijklmnopqrstuvwxyz");
    let part = all.slice(10..30);
    for outside in [0..5, 5..10, 5..15, 0..36, 25..31, 29..36, 30..36, 9..30, 10..31] {
        assert!(part.try_slice_ref(&all[outside.clone()]).is_none(), "{outside:?}");
    }
    for inside in [10..30, 10..11, 29..30, 12..28] {
        assert_eq!(part.slice_ref(&all[inside.clone()]), all[inside]);
    }
    let short = CowString::from("inline");
    let other = CowString::from("inline");
    assert_eq!(short.slice_ref(&short[2..]), "line");
    assert!(short.try_slice_ref(&other[2..]).is_none());
}

/// Checks that a slice made by `slice_ref` can be edited. Its pointer must have provenance over the header.
#[test]
fn a_referenced_part_can_be_written() {
    let all = CowString::from("a prefix, then a part of some length, then the rest");
    let mut part = all.slice_ref(&all[10..37]);
    part.push('!');
    assert_eq!(part, "then a part of some length,!");
    let mut last = all.slice_ref(&all[30..]);
    drop(all);
    last.push_str(" of it");
    assert_eq!(last, "length, then the rest of it");
    let mut only = last.slice_ref(&last[8..]);
    drop(last);
    assert!(only.is_unique());
    only.make_mut().make_ascii_uppercase();
    assert_eq!(only, "THEN THE REST OF IT");
}

#[test]
fn split_once_shared_keeps_the_buffer_alive() {
    let text = CowString::from("a short key = a value of more than fifteen bytes");
    let (key, value) = text.split_once_shared(" = ").unwrap();
    assert_eq!((key.strong_count(), value.strong_count()), (0, 2), "the key is inline");
    drop(text);
    let at = value.as_ptr();
    let mut value = value;
    assert!(value.is_unique() && value.as_ptr() == at, "the part is the unique owner");
    let copy = CowString::from(value.as_str());
    assert_eq!(copy.strong_count(), 1, "a copy holds no reference to the original");
    let trimmed = value.slice_ref(value.trim_end_matches("bytes"));
    assert_eq!((&*trimmed, value.strong_count()), ("a value of more than fifteen ", 2));
}

#[test]
fn panics_have_the_messages_of_str() {
    let s = CowString::from("sixteen bytes, €");
    let std = String::from(&s);
    assert_eq!(message(|| drop(s.slice(16..))), message(|| _ = &std[16..]));
    assert_eq!(message(|| drop(s.slice(..99))), message(|| _ = &std[..99]));
    for last in [15, 16, 18, 99, usize::MAX] {
        assert_eq!(message(|| drop(s.slice(..=last))), message(|| _ = &std[..=last]));
        assert_eq!(message(|| drop(s.slice(20..=last))), message(|| _ = &std[20..=last]));
    }
    let elsewhere = message(|| drop(s.slice_ref("sixteen")));
    assert_eq!(elsewhere, "the part is not within this text");
}

/// Checks that a closure that panics leaves the text and its buffer unchanged.
#[test]
fn a_pattern_that_panics_changes_nothing() {
    let s = CowString::from("one entry of some length,another of some length,last of some length");
    for at in [0, 3, 30, 60] {
        let mut seen = 0;
        let panics = |_: char| {
            seen += 1;
            assert!(seen <= at, "as asked");
            seen % 20 == 0
        };
        assert_eq!(message(|| drop(s.split_shared(panics).collect::<Vec<_>>())), "as asked");
        assert_eq!(s.strong_count(), 1);
    }
    assert_eq!(s.len(), 67);
}
