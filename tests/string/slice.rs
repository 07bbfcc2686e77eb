//! Parts of a `CowString` by name: the same as `str`'s, and in the same buffer.

use crate::forms::{FORMS, Form, lengths, message, texts};
use cow_collections::CowString;
use cow_collections::string::{CharPattern, Pattern};

/// Texts with delimiters, words and white space in every place.
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

/// That `ours` are `theirs`, out of the same bytes.
#[track_caller]
fn same(whole: &CowString, ours: &[CowString], theirs: &[&str]) {
    assert_eq!(ours, theirs);
    for (part, expected) in ours.iter().zip(theirs) {
        assert_eq!(part.is_inline(), part.len() <= 15);
        assert!(part.is_inline() || part.as_ptr() == expected.as_ptr(), "{expected:?} is a copy");
    }
    if whole.strong_count() > 0 {
        let shared = ours.iter().filter(|part| !part.is_inline()).count();
        assert!(whole.strong_count() > shared, "every part has a count");
    }
}

/// Every iterator over the parts that a pattern makes, from each end that it has.
#[track_caller]
fn check_pattern<P: Pattern>(pattern: impl Fn() -> P) {
    for (form, text) in cases() {
        let (s, copies) = form.make(text);
        let before = s.strong_count();
        macro_rules! check {
            ($shared:ident, $std:ident $(, $n:expr)?) => {{
                let theirs: Vec<&str> = P::$std(pattern(), &s $(, $n)?).collect();
                let parts: Vec<CowString> = s.$shared($($n,)? pattern()).collect();
                same(&s, &parts, &theirs);
                assert_eq!(s.$shared($($n,)? pattern()).count(), theirs.len());
                assert_eq!(s.$shared($($n,)? pattern()).last().as_deref(), theirs.last().copied());
                assert_eq!(
                    s.$shared($($n,)? pattern()).nth(1).as_deref(),
                    theirs.get(1).copied()
                );
            }};
        }
        check!(split_shared, split);
        check!(rsplit_shared, rsplit);
        check!(split_terminator_shared, split_terminator);
        check!(rsplit_terminator_shared, rsplit_terminator);
        check!(split_inclusive_shared, split_inclusive);
        for n in if cfg!(miri) { 2..3 } else { 0..4 } {
            check!(splitn_shared, splitn, n);
            check!(rsplitn_shared, rsplitn, n);
        }
        let both = |(a, b): (CowString, CowString)| vec![a, b];
        let std_both = |(a, b)| vec![a, b];
        macro_rules! check_some {
            ($shared:ident, $std:ident, $ours:expr, $theirs:expr) => {{
                let (ours, theirs) = (s.$shared(pattern()), P::$std(pattern(), &s));
                assert_eq!(ours.is_some(), theirs.is_some());
                if let (Some(ours), Some(theirs)) = (ours, theirs) {
                    same(&s, &$ours(ours), &$theirs(theirs));
                }
            }};
        }
        check_some!(split_once_shared, split_once, both, std_both);
        check_some!(rsplit_once_shared, rsplit_once, both, std_both);
        check_some!(strip_prefix_shared, strip_prefix, |x| [x], |x| [x]);
        check_some!(strip_suffix_shared, strip_suffix, |x| [x], |x| [x]);
        same(
            &s,
            &[s.trim_start_matches_shared(pattern())],
            &[P::trim_start_matches(pattern(), &s)],
        );
        same(&s, &[s.trim_end_matches_shared(pattern())], &[P::trim_end_matches(pattern(), &s)]);
        assert_eq!(s.strong_count(), before);
        assert!(copies.iter().all(|copy| copy.contains(&*s) || s.contains(&**copy)));
    }
}

#[track_caller]
fn check_char_pattern<P: CharPattern>(pattern: impl Fn() -> P) {
    check_pattern(&pattern);
    for (form, text) in cases() {
        let (s, _copies) = form.make(text);
        same(&s, &[s.trim_matches_shared(pattern())], &[P::trim_matches(pattern(), &s)]);
    }
}

#[test]
fn characters() {
    for c in if cfg!(miri) { &[','][..] } else { &[',', 'a', 'x', '€', '\n'] } {
        let c = *c;
        check_char_pattern(|| c);
    }
}

#[test]
fn sets_of_characters() {
    check_char_pattern(|| [',', 'a']);
    check_char_pattern(|| &[',', ' ']);
    check_char_pattern(|| &[',', 'x', '€'][..]);
    check_char_pattern(|| [' '; 0]);
}

#[test]
fn closures() {
    check_char_pattern(|| |c: char| c.is_whitespace() || c == 'x');
    check_char_pattern(|| char::is_alphabetic);
    // One that changes what it picks.
    check_char_pattern(|| {
        let mut odd = false;
        move |_| {
            odd = !odd;
            odd
        }
    });
}

#[test]
fn other_texts() {
    let all = [",", "aab", "", "€€", ", and", "not there", "xx"];
    for delimiter in if cfg!(miri) { &all[1..2] } else { &all[..] } {
        let delimiter = *delimiter;
        check_pattern(|| delimiter);
        check_pattern(|| &delimiter);
        let (owned, ours) = (String::from(delimiter), CowString::from(delimiter));
        check_pattern(|| &owned);
        check_pattern(|| &ours);
    }
}

/// What each kind of pattern finds, beside the methods of `str` themselves.
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
    assert_eq!(s.splitn_shared(2, ';').last().unwrap(), "three,four;five of some length");
}

#[test]
fn lines_words_and_trims() {
    for (form, text) in cases() {
        let (s, _copies) = form.make(text);
        let std = s.as_str();
        same(&s, &s.lines_shared().collect::<Vec<_>>(), &std.lines().collect::<Vec<_>>());
        same(
            &s,
            &s.lines_shared().rev().collect::<Vec<_>>(),
            &std.lines().rev().collect::<Vec<_>>(),
        );
        same(
            &s,
            &s.split_whitespace_shared().collect::<Vec<_>>(),
            &std.split_whitespace().collect::<Vec<_>>(),
        );
        same(
            &s,
            &s.split_ascii_whitespace_shared().collect::<Vec<_>>(),
            &std.split_ascii_whitespace().collect::<Vec<_>>(),
        );
        same(
            &s,
            &[s.trim_shared(), s.trim_start_shared(), s.trim_end_shared()],
            &[std.trim(), std.trim_start(), std.trim_end()],
        );
        for at in (0..=std.len()).filter(|at| std.is_char_boundary(*at)) {
            let (a, b) = s.split_at_shared(at);
            let (x, y) = std.split_at(at);
            same(&s, &[a, b], &[x, y]);
        }
    }
}

/// Both ends at once, and what is said of the length on the way.
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

/// Each part has one count, whatever the iterator did; and the last of them has the buffer.
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

/// Parts outlive the text, in other threads as well.
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
        // The iterator itself.
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
                // A slice of the slice, which stands in both.
                if let Some((at, _)) = part.char_indices().nth(1) {
                    assert_eq!(s.slice_ref(&ours.as_str()[..0]), "");
                    assert_eq!(s.slice_ref(&part[at..]), part[at..]);
                }
            }
            assert_eq!(s.slice_ref(""), "");
            assert!(text.is_empty() || s.try_slice_ref(&text).is_none(), "equal, but elsewhere");
            drop(copies);
            let mut s = s;
            s.push_str("and on");
            assert_eq!(s, text.clone() + "and on");
        }
    }
}

/// From a part: what lies before it, over its edge, and after it is not in it, though it is in the block.
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

/// A slice of a slice can be written, which needs the way back to the header.
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
fn what_a_part_keeps_alive() {
    let text = CowString::from("a short key = a value of more than fifteen bytes");
    let (key, value) = text.split_once_shared(" = ").unwrap();
    assert_eq!((key.strong_count(), value.strong_count()), (0, 2), "short ones keep nothing");
    drop(text);
    let at = value.as_ptr();
    let mut value = value;
    assert!(value.is_unique() && value.as_ptr() == at, "the whole buffer is its own now");
    let copy = CowString::from(value.as_str());
    assert_eq!(copy.strong_count(), 1, "a copy keeps nothing");
    let trimmed = value.trim_end_matches_shared("bytes");
    assert_eq!((&*trimmed, value.strong_count()), ("a value of more than fifteen ", 2));
}

#[test]
fn panics_speak_as_str() {
    let s = CowString::from("sixteen bytes, €");
    let std = String::from(&s);
    assert_eq!(message(|| drop(s.split_at_shared(16))), message(|| _ = std.split_at(16)));
    assert_eq!(message(|| drop(s.split_at_shared(99))), message(|| _ = std.split_at(99)));
    let elsewhere = message(|| drop(s.slice_ref("sixteen")));
    assert_eq!(elsewhere, "the part does not stand within this text");
}

/// A closure that panics leaves the text and its buffer as they are.
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
