//! Compares `CowString` with `String`: every operation on every form, with a hidden copy that must not change.

use std::borrow::Borrow;
use std::collections::{HashMap, hash_map::DefaultHasher};
use std::fmt::Write;
use std::hash::{Hash, Hasher};

use crate::common::panics::message;
use crate::forms::{FORMS, check, lengths, texts};
use cow_collections::{CowString, CowVec, cow_vec};

#[test]
fn push_in_every_form_equals_string() {
    check(|s| s.push('x'), |s| s.push('x'));
    check(|s| s.push('€'), |s| s.push('€'));
    check(|s| s.push_str(""), |s| s.push_str(""));
    for n in if cfg!(miri) { vec![1, 40] } else { vec![1, 8, 15, 16, 200] } {
        let more = "ä".repeat(n / 2) + &"z".repeat(n % 2);
        check(|s| s.push_str(&more), |s| s.push_str(&more));
    }
}

#[test]
fn pop_in_every_form_equals_string() {
    check(CowString::pop, String::pop);
    let twice = |s: &mut CowString| (s.pop(), s.push('é'), s.pop(), s.pop());
    check(twice, |s| (s.pop(), s.push('é'), s.pop(), s.pop()));
}

#[test]
fn truncate_and_clear_in_every_form_equal_string() {
    check(CowString::clear, String::clear);
    for n in if cfg!(miri) { vec![2, 15] } else { vec![0, 1, 3, 14, 15, 16, 60, 100] } {
        let boundary =
            |s: &str| (0..=n.min(s.len())).rev().find(|i| s.is_char_boundary(*i)).unwrap();
        check(|s| s.truncate(boundary(s)), |s| s.truncate(boundary(s)));
    }
    check(|s| s.truncate(1000), |s| s.truncate(1000));
}

#[test]
fn make_mut_and_write_in_every_form_equal_string() {
    check(|s| s.make_mut().make_ascii_uppercase(), |s| s.make_ascii_uppercase());
    check(|s| write!(s, "{}-{:>4}", 12, 'ß').unwrap(), |s| write!(s, "{}-{:>4}", 12, 'ß').unwrap());
    check(|s| s.write_char('€').unwrap(), |s| s.write_char('€').unwrap());
}

#[test]
fn extend_in_every_form_equals_string() {
    let word = ['x', 'y', '€'];
    check(|s| s.extend(word), |s| s.extend(word));
    check(|s| s.extend(["x", "", "a longer piece"]), |s| s.extend(["x", "", "a longer piece"]));
    check(|s| s.extend(core::iter::repeat_n('q', 40)), |s| s.extend(core::iter::repeat_n('q', 40)));
}

#[test]
fn slice_shares_the_buffer_or_is_inline() {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (s, _copies) = form.make(&text);
            let at: Vec<usize> = (0..=text.len()).filter(|i| text.is_char_boundary(*i)).collect();
            let step = if cfg!(miri) { 16 } else { 1 + text.len() / 32 };
            for &start in at.iter().step_by(step) {
                for &end in at.iter().filter(|end| **end >= start).step_by(step) {
                    let part = s.slice(start..end);
                    assert_eq!(part, &text[start..end], "{form:?}");
                    assert_eq!(part.is_inline(), end - start <= 15, "{form:?}");
                    if !part.is_inline() {
                        assert_eq!(part.as_ptr(), s[start..].as_ptr(), "{form:?}");
                    }
                    let mut changed = part.clone();
                    changed.push('!');
                    assert_eq!((&part[..], &s[..]), (&text[start..end], &text[..]), "{form:?}");
                }
            }
        }
    }
}

#[test]
fn slice_by_every_kind_of_range_equals_str() {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let s = CowString::from("0123456789abcdef€");
    assert_eq!(s.slice(..), s);
    assert!(s.slice(..).ptr_eq(&s));
    assert_eq!(s.slice(1..), s[1..]);
    assert_eq!(s.slice(..=15), "0123456789abcdef");
    assert_eq!(s.slice((Excluded(0), Included(2))), "12");
    assert_eq!(s.slice((Unbounded, Excluded(2))), "01");
    assert_eq!(s.try_slice(16..19).unwrap(), "€");
    assert_eq!(s.try_slice(16..18), None);
    assert_eq!(s.try_slice(17..), None);
    assert_eq!(s.try_slice(3..20), None);
    assert_eq!(s.try_slice(..=usize::MAX), None);
    assert_eq!(s.try_slice((Included(4), Excluded(3))), None);
}

#[test]
fn panics_have_the_messages_of_string() {
    let text = "sixteen bytes, €";
    let (mut s, mut std) = (CowString::from(text), String::from(text));
    assert_eq!(message(|| s.truncate(16)), message(|| std.truncate(16)));
    assert_eq!(s, text);
    assert_eq!(message(|| drop(s.slice(16..))), message(|| _ = &std[16..]));
    assert_eq!(message(|| drop(s.slice(3..99))), message(|| _ = &std[3..99]));
    let (four, three) = (4, 3);
    assert_eq!(message(|| drop(s.slice(four..three))), message(|| _ = &std[four..three]));
    let most = usize::MAX;
    assert!(message(|| drop(s.slice(..=most))).contains("is out of bounds"));
    assert_eq!(message(|| drop(CowString::with_capacity(most))), "capacity overflow");
    assert_eq!(
        message(|| drop(CowString::with_capacity(isize::MAX as usize))),
        "capacity overflow"
    );
}

#[test]
fn lines_are_those_of_str() {
    let texts = [
        "",
        "\n",
        "\r\n",
        "one",
        "one\n",
        "a line of more than fifteen bytes\r\nshort\n\nanother line of more than fifteen",
        "a line of more than fifteen bytes, and a bare \r in the middle\r\n",
    ];
    for text in texts {
        for s in [CowString::from(text), CowString::from_static(text)] {
            let lines: Vec<CowString> = s.lines_shared().collect();
            assert_eq!(lines, text.lines().collect::<Vec<_>>());
            let mut back: Vec<CowString> = s.lines_shared().rev().collect();
            back.reverse();
            assert_eq!(back, lines);
            for (line, expected) in lines.iter().zip(s.lines()) {
                assert!(line.is_inline() || line.as_ptr() == expected.as_ptr());
            }
            assert_eq!(format!("{:?}", s.lines_shared()), format!("{lines:?}"));
            assert_eq!(s.lines_shared().size_hint(), s.lines().size_hint());
        }
    }
}

#[test]
fn a_history_of_clone_then_push_is_one_buffer() {
    let mut now = CowString::with_capacity(100);
    now.push_str("sixteen bytes ..");
    let mut history = vec![now.clone()];
    for _ in 0..20 {
        now.push('x');
        history.push(now.clone());
    }
    for (n, version) in history.iter().enumerate() {
        assert_eq!(version.as_ptr(), now.as_ptr());
        assert_eq!(*version, "sixteen bytes ..".to_owned() + &"x".repeat(n));
    }
    assert_eq!(now.strong_count(), history.len() + 1);
    let mut other = history[3].clone();
    other.push('y');
    assert!(!core::ptr::eq(other.as_ptr(), now.as_ptr()), "another handle has claimed the byte");
    assert_eq!(history[4], "sixteen bytes ..xxxx");
}

#[test]
fn a_slice_at_the_end_appends_in_place() {
    let mut all = CowString::with_capacity(200);
    all.push_str("a prefix and then the last line");
    let mut last = all.slice(13..);
    last.push_str(" goes on");
    assert_eq!(last.as_ptr(), all[13..].as_ptr());
    assert_eq!(
        (&all[..], &last[..]),
        ("a prefix and then the last line", "then the last line goes on")
    );
    all.push('!');
    assert_eq!((&all[25..], &last[12..]), ("t line!", "t line goes on"));
}

#[test]
fn a_unique_slice_uses_the_whole_buffer() {
    let all = CowString::from("x".repeat(200));
    let mut part = all.slice(100..150);
    assert_eq!(part.capacity(), 50, "shared, and not at the end");
    drop(all);
    assert!(part.capacity() >= 100);
    let before = part.as_ptr();
    part.push_str(&"y".repeat(50));
    assert_eq!(part.as_ptr(), before);
    part.clear();
    assert!(part.capacity() >= 200, "`clear` makes the front usable");
}

#[test]
fn clear_and_truncate_keep_the_capacity_of_unique() {
    let mut s = CowString::from("longer than fifteen bytes");
    let at = s.as_ptr();
    s.truncate(3);
    assert!(!s.is_inline() && s.as_ptr() == at);
    s.clear();
    assert!(s.is_empty() && s.capacity() >= 25);
    s.push('x');
    assert_eq!(s.as_ptr(), at);

    let shared = s.clone();
    s.clear();
    assert!(s.is_inline() && shared == "x");
    assert_eq!(shared.strong_count(), 1);

    let mut s = CowString::from_static("a text that lives for ever");
    s.truncate(5);
    assert!(!s.is_inline());
    s.clear();
    assert!(s.is_inline());
}

#[test]
fn capacity_is_at_least_what_was_asked_for() {
    assert_eq!(CowString::new().capacity(), 15);
    assert_eq!(CowString::with_capacity(15).strong_count(), 0);
    let s = CowString::with_capacity(16);
    assert!(s.capacity() >= 16 && s.strong_count() == 1 && s.is_empty());
    assert_eq!(CowString::from_static("a text that lives for ever").capacity(), 26);
    let mut s = CowString::with_capacity(100);
    let at = s.as_ptr();
    s.extend(core::iter::repeat_n('x', s.capacity()));
    assert_eq!(s.as_ptr(), at);
    assert_eq!(s.capacity(), s.len());
}

#[test]
fn is_unique_unless_static_or_shared() {
    assert!(CowString::new().is_unique());
    assert!(!CowString::from_static("a text that lives for ever").is_unique());
    let mut a = CowString::from("longer than fifteen bytes");
    assert!(a.is_unique());
    let b = a.slice(3..20);
    assert!(!a.is_unique());
    assert_eq!((a.strong_count(), b.strong_count()), (2, 2));
    drop(a);
    assert_eq!(b.strong_count(), 1);
    let short = b.slice(..3);
    assert_eq!((short.strong_count(), b.strong_count()), (0, 1));
}

#[test]
fn ptr_eq_only_of_the_same_bytes() {
    let text = "longer than fifteen bytes";
    let a = CowString::from(text);
    assert!(a.ptr_eq(&a.clone()) && a.ptr_eq(&a.slice(..)));
    assert!(!a.ptr_eq(&a.slice(..20)) && !a.ptr_eq(&a.slice(1..)));
    assert!(!a.ptr_eq(&CowString::from(text)));
    static TEXT: CowString = CowString::from_static("longer than fifteen bytes");
    assert!(TEXT.ptr_eq(&TEXT.clone()));
    assert!(CowString::from("short").ptr_eq(&CowString::from_static("short")));
    assert!(!CowString::from("short").ptr_eq(&CowString::from("other")));
}

#[test]
fn compares_and_hashes_as_str_in_every_form() {
    let hash = |x: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        x(&mut hasher);
        hasher.finish()
    };
    let all = ["", "a", "ab", "b", "fifteen bytes .", "fifteen bytes ..", "fifteen bytes .€", "ü"];
    let others = if cfg!(miri) { &FORMS[5..6] } else { &FORMS[..] };
    let all = if cfg!(miri) { &all[3..6] } else { &all[..] };
    for &x in all {
        for &y in all {
            for (a, b) in FORMS.iter().flat_map(|f| others.iter().map(move |g| (f, g))) {
                let ((a, _a), (b, _b)) = (a.make(x), b.make(y));
                assert_eq!(a == b, x == y, "{x} {y}");
                assert_eq!(a.cmp(&b), x.cmp(y));
                assert_eq!(a.partial_cmp(&b), x.partial_cmp(y));
            }
        }
        for form in FORMS {
            let (a, _copies) = form.make(x);
            assert_eq!(hash(&|h| a.hash(h)), hash(&|h| x.hash(h)));
            let owned = String::from(x);
            assert!(a == *x && a == x && a == owned);
            assert!(*x == a && x == a && owned == a);
            assert_eq!(
                (format!("{a:?}"), format!("{a:>20}")),
                (format!("{x:?}"), format!("{x:>20}"))
            );
            let (borrowed, by_ref): (&str, &str) = (a.borrow(), a.as_ref());
            assert_eq!((borrowed, by_ref, a.as_bytes()), (x, x, x.as_bytes()));
        }
    }
    let map = HashMap::from([(CowString::from("key"), 1)]);
    assert_eq!(map.get("key"), Some(&1));
}

#[test]
fn zeros_in_the_text_are_not_the_zeros_beyond_it() {
    let (a, b) = (CowString::from("a"), CowString::from("a\0"));
    assert_ne!(a, b);
    let mut c = b.clone();
    c.pop();
    assert_eq!(a, c);
    assert!(a.ptr_eq(&c));
}

#[test]
fn constants_and_statics() {
    const EMPTY: CowString = CowString::new();
    const SHORT: &CowString = &CowString::from_static("fifteen bytes .");
    const LONG: &CowString = &CowString::from_static("sixteen bytes ..");
    const LENGTHS: (usize, usize) = (SHORT.len(), LONG.len());
    const TEXTS: (&str, &str) = (SHORT.as_str(), LONG.as_str());
    assert!(EMPTY.is_empty() && SHORT.is_inline() && !LONG.is_inline());
    assert_eq!((LENGTHS, TEXTS), ((15, 16), ("fifteen bytes .", "sixteen bytes ..")));
    let mut changed = LONG.clone();
    changed.push('!');
    assert_eq!((&changed[..], &LONG[..]), ("sixteen bytes ..!", "sixteen bytes .."));
}

#[test]
fn from_other_texts_and_back() {
    for text in lengths().into_iter().flat_map(texts) {
        assert_eq!(CowString::from(&text[..]), text);
        assert_eq!(CowString::from(text.clone()), text);
        assert_eq!(text.chars().collect::<CowString>(), text);
        assert_eq!(text.split_inclusive('c').collect::<CowString>(), text);
        let s = CowString::from(text.clone());
        assert_eq!(s.is_inline(), text.len() <= 15);
        assert_eq!((String::from(&s), String::from(s)), (text.clone(), text));
    }
    for c in ['a', 'ß', '€', '𝄞'] {
        assert_eq!(CowString::from(c), c.to_string());
    }
    assert_eq!(CowString::default(), "");
}

#[test]
fn bytes_and_text_share_a_buffer() {
    let text = "longer than fifteen bytes, €";
    let s = CowString::from(text);
    let shared = CowVec::from(s.clone());
    assert_eq!((shared.as_ptr(), shared.strong_count()), (s.as_ptr(), 2));

    // A push through one type makes the byte unavailable to the other.
    let mut longer = shared.clone();
    longer.push(b'!');
    let mut also = s.clone();
    also.push('?');
    assert_eq!((longer.as_ptr(), longer.last()), (s.as_ptr(), Some(&b'!')));
    assert_eq!((also.ends_with("€?"), &s[..]), (true, text));
    assert_ne!(also.as_ptr(), s.as_ptr());

    let back = CowString::try_from(shared).unwrap();
    assert!(back.ptr_eq(&s));
    drop((longer, also, s));
    let mut bytes = CowVec::from(back);
    assert_eq!((&bytes[..], bytes.strong_count()), (text.as_bytes(), 1));
    bytes.push(b'.');
    assert_eq!(bytes.len(), text.len() + 1, "the dropped vector's byte is free");
}

#[test]
fn slices_become_bytes() {
    let all = CowString::from("a prefix and then the last line, of some length");
    let front = CowVec::from(all.slice(..20));
    assert_eq!((front.as_ptr(), &front[..]), (all.as_ptr(), &b"a prefix and then th"[..]));
    let shared = CowVec::from(all.slice(13..));
    assert_eq!(shared, all[13..].as_bytes());
    assert_ne!(shared.as_ptr(), all[13..].as_ptr());
    let (first, last) = (all.as_ptr(), all.slice(13..));
    drop((all, front));
    let mut unique = CowVec::from(last);
    assert_eq!((unique.as_ptr(), &unique[..]), (first, &shared[..]), "moved to the front");
    assert!(unique.is_unique());
    unique.push(0xFF);
    assert_eq!(unique.as_ptr(), first);
    for form in FORMS {
        for text in ["", "short", "abcdefghijklmnopqrst"] {
            let (s, copies) = form.make(text);
            let before: Vec<String> = copies.iter().map(String::from).collect();
            let mut bytes = CowVec::from(s);
            assert_eq!(bytes, *text.as_bytes(), "{form:?}");
            bytes.push(b'!');
            assert_eq!(CowString::try_from(bytes).unwrap(), text.to_owned() + "!", "{form:?}");
            assert_eq!(copies, before, "{form:?}");
        }
    }
}

#[test]
fn bytes_become_text() {
    for text in lengths().into_iter().flat_map(texts) {
        let bytes = CowVec::from(text.as_bytes());
        let at = bytes.as_ptr();
        let s = CowString::try_from(bytes).unwrap();
        assert_eq!(s, text);
        assert_eq!(s.is_inline(), text.len() <= 15);
        assert!(s.is_inline() || s.as_ptr() == at);
    }
    let mut bytes = CowVec::from(&b"a text of more than 15 bytes"[..]);
    let whole = bytes.clone();
    bytes.truncate(20);
    let s = CowString::try_from(bytes).unwrap();
    assert_eq!((&s[..], s.as_ptr()), ("a text of more than ", whole.as_ptr()));
    assert_eq!(whole.len(), 28);
}

#[test]
fn bytes_that_are_no_text_come_back() {
    for n in [1, 2, 16, 40] {
        let mut bytes = cow_vec![b'x'; n];
        bytes.push(0xE2); // the first byte of a three-byte character
        let at = bytes.as_ptr();
        let error = CowString::try_from(bytes.clone()).unwrap_err();
        let std = String::from_utf8(bytes.to_vec()).unwrap_err();
        assert_eq!(error.utf8_error(), std.utf8_error());
        assert_eq!((error.to_string(), error.clone()), (std.to_string(), error.clone()));
        assert_eq!(error.into_bytes().as_ptr(), at);
    }
}

#[test]
fn size_is_16_bytes_and_there_is_one_niche() {
    assert_eq!(size_of::<CowString>(), 16);
    assert_eq!(size_of::<Option<CowString>>(), 16);
    #[expect(dead_code, reason = "only its size is used")]
    enum Token {
        Text(CowString),
        Comma,
        End,
    }
    let larger = 16 + align_of::<CowString>();
    assert_eq!((size_of::<Token>(), size_of::<Option<Option<CowString>>>()), (larger, larger));
    fn promises<T: Send + Sync + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    promises::<CowString>();
}

#[test]
fn threads_share_and_append() {
    let mut start = CowString::with_capacity(4096);
    start.push_str("what all threads have before them");
    std::thread::scope(|scope| {
        for n in 0..4_u8 {
            let mut mine = start.clone();
            scope.spawn(move || {
                let digit = char::from(b'0' + n);
                for i in 0..if cfg!(miri) { 5 } else { 100 } {
                    mine.push(digit);
                    let part = mine.slice(10..);
                    drop(mine.clone());
                    assert_eq!(part.len(), 23 + i + 1);
                }
                assert!(mine[33..].chars().all(|c| c == digit));
            });
        }
    });
    assert_eq!(start, "what all threads have before them");
    assert!(start.is_unique());
}
