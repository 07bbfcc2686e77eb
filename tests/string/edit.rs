//! Compares edits, capacity methods and conversions of `CowString` with those of `String`. Every operation runs on
//! every form, with copies that must not change.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use crate::common::panics::message;
use crate::forms::{FORMS, Form, check, lengths, texts};
use cow_collections::{CowString, CowVec};

/// Returns the last character boundary at or before `n / of` of the length.
fn boundary(s: &str, n: usize, of: usize) -> usize {
    let at = s.len() * n / of;
    (0..=at).rev().find(|i| s.is_char_boundary(*i)).unwrap()
}

/// The positions of edits: the start, the end and between, as fractions of the length.
const FRACTIONS: &[(usize, usize)] =
    if cfg!(miri) { &[(0, 2), (1, 2)] } else { &[(0, 0), (0, 2), (1, 1), (1, 2), (3, 4), (4, 4)] };

const PIECES: &[&str] = if cfg!(miri) {
    &["", "a piece of €"]
} else {
    &["", "€", "fourteen bytes", "a piece of forty bytes, which is more.€"]
};

#[test]
fn insert_in_every_form_equals_string() {
    for &(n, _) in FRACTIONS {
        for piece in PIECES {
            check(
                |s| s.insert_str(boundary(s, n, 4), piece),
                |s| s.insert_str(boundary(s, n, 4), piece),
            );
        }
        check(|s| s.insert(boundary(s, n, 4), 'ß'), |s| s.insert(boundary(s, n, 4), 'ß'));
    }
}

#[test]
fn replace_range_in_every_form_equals_string() {
    for &(n, m) in FRACTIONS {
        for piece in PIECES {
            check(
                |s| s.replace_range(boundary(s, n, 4)..boundary(s, m, 4), piece),
                |s| s.replace_range(boundary(s, n, 4)..boundary(s, m, 4), piece),
            );
        }
    }
    check(|s| s.replace_range(.., "other"), |s| s.replace_range(.., "other"));
}

#[test]
fn remove_in_every_form_equals_string() {
    for n in 0..4 {
        let nth = |s: &str| (!s.is_empty()).then(|| boundary(s, n, 4));
        check(
            |s| nth(s).filter(|at| *at < s.len()).map(|at| s.remove(at)),
            |s| nth(s).filter(|at| *at < s.len()).map(|at| s.remove(at)),
        );
    }
    // Removes the first character until the text is empty.
    check(
        |s| std::iter::from_fn(|| (!s.is_empty()).then(|| s.remove(0))).collect::<String>(),
        std::mem::take,
    );
}

#[test]
fn retain_in_every_form_equals_string() {
    let keeps: [fn(char) -> bool; 7] = [
        |_| true,
        |_| false,
        |c| c.is_ascii(),
        |c| !c.is_ascii(),
        |c| c != 'a',
        |c| c < 'd',
        |c| u32::from(c) % 2 == 0,
    ];
    for keep in keeps {
        check(|s| s.retain(keep), |s| s.retain(keep));
    }
    // `retain` visits each character once, in order.
    check(
        |s| {
            let mut seen = String::new();
            s.retain(|c| {
                seen.push(c);
                c > 'k'
            });
            seen
        },
        |s| {
            let seen = s.clone();
            s.retain(|c| c > 'k');
            seen
        },
    );
}

#[test]
fn make_ascii_case_in_every_form_equals_string() {
    check(CowString::make_ascii_uppercase, |s| s.make_ascii_uppercase());
    check(CowString::make_ascii_lowercase, |s| s.make_ascii_lowercase());
    for form in FORMS {
        let (mut s, _copies) = form.make("abcdefghijklmnopqrst, €");
        let at = s.as_ptr();
        s.make_ascii_lowercase();
        assert_eq!(s.as_ptr(), at, "{form:?}: copied without a change");
    }
}

/// Tests `replace_first`, `replace_last` and `remove_matches`, which are unstable in `String`.
#[test]
fn replaces_within_itself() {
    for to in PIECES {
        check(|s| s.replace_first('c', to), |s| *s = s.replacen('c', to, 1));
        check(
            |s| s.replace_last("d", to),
            |s| {
                if let Some(at) = s.rfind('d') {
                    s.replace_range(at..=at, to);
                }
            },
        );
    }
    let kept = |c: char| u32::from(c) % 3 == 0;
    check(|s| s.remove_matches(|c| !kept(c)), |s| s.retain(kept));
    check(|s| s.remove_matches("bc"), |s| *s = s.replace("bc", ""));
    check(|s| s.remove_matches(""), |_| ());
    check(|s| s.remove_matches('€'), |s| *s = s.replace('€', ""));
    for form in FORMS {
        let (mut s, _copies) = form.make("abcdefghijklmnopqrst");
        let at = s.as_ptr();
        s.remove_matches('z');
        s.replace_first('z', "");
        s.replace_last('z', "");
        assert_eq!(s.as_ptr(), at, "{form:?}: copied without a match");
        s.remove_matches(|c| c > 'e');
        assert_eq!((&*s, s.is_inline()), ("abcde", true));
    }
}

/// Checks that a pattern that panics at any of its calls leaves the text unchanged.
#[test]
fn a_pattern_that_panics_removes_nothing() {
    for form in FORMS {
        for at in 0..6 {
            let (mut s, copies) = form.make("abcdef");
            let mut asked = 0;
            let panics = |c| {
                assert!(asked < at, "as asked");
                asked += 1;
                c != 'b'
            };
            assert_eq!(message(|| s.remove_matches(panics)), "as asked");
            assert_eq!(s, "abcdef");
            drop(copies);
        }
    }
}

#[test]
fn drain_in_every_form_equals_string() {
    for &(n, m) in FRACTIONS {
        let range = |s: &str| boundary(s, n, 4)..boundary(s, m, 4);
        check(|s| s.drain(range(s)).collect::<String>(), |s| s.drain(range(s)).collect());
        check(|s| drop(s.drain(range(s))), |s| drop(s.drain(range(s))));
        check(
            |s| {
                let mut drain = s.drain(range(s));
                let ends = (drain.next(), drain.next_back(), drain.size_hint());
                (ends, drain.as_str().to_owned(), drain.rev().collect::<String>())
            },
            |s| {
                let mut drain = s.drain(range(s));
                let ends = (drain.next(), drain.next_back(), drain.size_hint());
                (ends, drain.as_str().to_owned(), drain.rev().collect::<String>())
            },
        );
    }
}

#[test]
fn a_drain_says_what_is_left() {
    let mut s = CowString::from("äbcdefghijklmnopq");
    let mut drain = s.drain(2..6);
    assert_eq!(drain.next(), Some('b'));
    assert_eq!((drain.as_str(), format!("{drain:?}")), ("cde", "Drain(\"cde\")".to_owned()));
    let (text, bytes): (&str, &[u8]) = (drain.as_ref(), drain.as_ref());
    assert_eq!((text, bytes), ("cde", &b"cde"[..]));
    assert_eq!(drain.last(), Some('e'));
    assert_eq!(s, "äfghijklmnopq");
    let mut drain = s.drain(..);
    while drain.next().is_some() {}
    assert_eq!((drain.next(), drain.next_back()), (None, None));
    drop(drain);
    assert_eq!(s, "");
}

#[test]
fn a_drain_that_is_forgotten_removes_nothing() {
    let text = "longer than fifteen bytes";
    for form in FORMS {
        let (mut s, copies) = form.make(text);
        let mut drain = s.drain(3..9);
        drain.next();
        std::mem::forget(drain);
        assert_eq!(s, text, "{form:?}");
        s.push('!');
        assert_eq!(s, format!("{text}!"), "{form:?}");
        drop(copies);
    }
}

#[test]
fn split_off_in_every_form_equals_string() {
    for n in 0..=4 {
        check(|s| s.split_off(boundary(s, n, 4)).to_string(), |s| s.split_off(boundary(s, n, 4)));
    }
}

#[test]
fn a_split_shares_what_was_shared_and_keeps_what_was_not() {
    let text = "longer than fifteen bytes, by far";
    let mut own = CowString::with_capacity(100);
    own.push_str(text);
    let (at, cap) = (own.as_ptr(), own.capacity());
    let rest = own.split_off(8);
    assert_eq!((own.as_ptr(), own.capacity()), (at, cap));
    assert_eq!((rest.strong_count(), &*rest), (1, &text[8..]));

    let all = CowString::from(text);
    let mut shared = all.clone();
    let rest = shared.split_off(8);
    assert_eq!((shared.as_ptr(), rest.as_ptr()), (all.as_ptr(), all[8..].as_ptr()));
    assert_eq!(all.strong_count(), 3);

    let mut fixed = CowString::from_static("longer than fifteen bytes, by far");
    assert!(fixed.split_off(8).is_static() && fixed.is_static());
    assert!(!shared.is_static() && !CowString::from("short").is_static());
}

#[test]
fn extends_from_within() {
    for &(n, m) in FRACTIONS {
        let range = |s: &str| boundary(s, n, 4)..boundary(s, m, 4);
        check(|s| s.extend_from_within(range(s)), |s| s.extend_from_within(range(s)));
    }
    let twice = |s: &mut CowString| (0..3).for_each(|_| s.extend_from_within(..));
    check(twice, |s| (0..3).for_each(|_| s.extend_from_within(..)));
}

#[test]
fn a_shared_text_is_extended_from_within_where_it_is() {
    let mut s = CowString::with_capacity(100);
    s.push_str("longer than fifteen bytes");
    let kept = s.clone();
    s.extend_from_within(..6);
    assert_eq!((s.as_ptr(), &*s), (kept.as_ptr(), "longer than fifteen byteslonger"));
    let mut other = kept.clone();
    other.extend_from_within(..6);
    assert_ne!(other.as_ptr(), kept.as_ptr(), "another handle has claimed the bytes");
    assert_eq!((other, kept), (s, "longer than fifteen bytes".into()));
}

#[test]
fn mutable_views_in_every_form_write_as_string() {
    check(|s| s.as_mut_str().make_ascii_uppercase(), |s| s.make_ascii_uppercase());
    check(|s| s[..].make_ascii_uppercase(), |s| s[..].make_ascii_uppercase());
    check(
        |s| AsMut::<str>::as_mut(s).make_ascii_uppercase(),
        |s| AsMut::<str>::as_mut(s).make_ascii_uppercase(),
    );
}

#[test]
fn try_mut_on_unique_returns_the_text_in_place() {
    for (form, text) in FORMS.into_iter().flat_map(|form| [4, 40].map(|n| (form, "x".repeat(n)))) {
        let (mut s, kept) = form.make(&text);
        let (unique, place) = (s.is_unique(), s.as_ptr());
        let inline = s.is_inline();
        let Some(lent) = s.try_mut() else {
            assert!(!unique, "{form:?}");
            continue;
        };
        assert!(unique && (inline || lent.as_ptr() == place), "{form:?}");
        lent.make_ascii_uppercase();
        assert_eq!(s, text.to_uppercase(), "{form:?}");
        drop(kept);
    }
}

#[test]
fn reserve_in_every_form_makes_room_in_place() {
    for n in if cfg!(miri) { vec![40] } else { vec![0, 1, 15, 16, 200] } {
        type Reserve = fn(&mut CowString, usize);
        let ways: [Reserve; 4] = [
            |s, n| s.reserve(n),
            |s, n| s.reserve_exact(n),
            |s, n| s.try_reserve(n).unwrap(),
            |s, n| s.try_reserve_exact(n).unwrap(),
        ];
        for reserve in ways {
            check(
                |s| {
                    reserve(s, n);
                    assert!(s.capacity() >= s.len() + n && s.is_unique());
                    let room = s.as_ptr();
                    s.extend(std::iter::repeat_n('x', n));
                    assert!(s.is_inline() || s.as_ptr() == room, "`reserve` made room");
                },
                |s| s.extend(std::iter::repeat_n('x', n)),
            );
        }
    }
}

#[test]
fn exact_room_is_exact_but_for_the_size_class() {
    for form in FORMS {
        let (mut s, _copies) = form.make("longer than fifteen bytes");
        s.shrink_to_fit();
        s.reserve_exact(1000);
        assert!((1025..1041).contains(&s.capacity()), "{form:?}: {}", s.capacity());
    }
}

#[test]
fn shrink_to_in_every_form_keeps_what_is_asked_for() {
    for n in [0, 10, 50, 1000] {
        check(
            |s| {
                let (before, heap, len) = (s.capacity(), s.heap_bytes(), s.len());
                s.shrink_to(n);
                assert!(s.is_inline() || s.is_static() || len.max(n) > 15);
                assert!(s.capacity() >= len.max(n.min(before)), "{before} to {}", s.capacity());
                assert!(s.heap_bytes() <= heap);
            },
            |s| s.shrink_to(n),
        );
    }
    check(
        |s| {
            s.shrink_to_fit();
            let kept = if s.is_static() { s.len() } else { s.retained_len() };
            assert!(s.is_inline() == (s.len() <= 15) || s.is_static());
            assert!(kept < s.len() + 24, "{kept} for {}", s.len());
        },
        |s| s.shrink_to_fit(),
    );
}

#[test]
fn slice_keeps_its_buffer_until_shrink_to_fit() {
    let book = CowString::from("0123456789abcdef".repeat(100));
    assert_eq!((book.retained_len(), book.heap_bytes() >= 1600), (1600, true));
    let mut slice = book.slice(800..820);
    assert_eq!((slice.retained_len(), slice.heap_bytes()), (1600, book.heap_bytes()));
    slice.shrink_to_fit();
    assert_eq!((slice.retained_len(), book.strong_count()), (20, 1));
    assert!(slice.heap_bytes() < 100);
    let mut alone = book.slice(800..820);
    drop(book);
    alone.shrink_to_fit();
    assert_eq!((alone.retained_len(), &*alone), (20, "0123456789abcdef0123"));
    assert!(alone.heap_bytes() < 100);
    for s in [CowString::from("short"), CowString::from_static("a text that lives for ever")] {
        assert_eq!((s.retained_len(), s.heap_bytes()), (s.len(), 0));
    }
}

#[test]
fn out_into_other_owners() {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let of = || form.make(&text);
            assert_eq!(&*of().0.into_boxed_str(), &*text, "{form:?}");
            assert_eq!(of().0.into_string(), text, "{form:?}");
            assert_eq!(of().0.into_bytes(), *text.as_bytes(), "{form:?}");
        }
    }
}

#[test]
fn a_leaked_text_is_changed_where_it_is() {
    // A static holds the leaked texts, so that leak checkers do not report them.
    static LEAKED: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (s, copies) = form.make(&text);
            let before: Vec<String> = copies.iter().map(String::from).collect();
            let leaked = s.leak();
            assert_eq!(leaked, &*text);
            leaked.make_ascii_uppercase();
            assert_eq!(leaked, &*text.to_ascii_uppercase());
            assert_eq!(copies, before, "{form:?}");
            LEAKED.lock().unwrap().push(leaked);
        }
    }
    let s = CowString::from("longer than fifteen bytes");
    let at = s.as_ptr();
    let leaked = s.leak();
    assert_eq!(leaked.as_ptr(), at, "a unique buffer does not move");
    LEAKED.lock().unwrap().push(leaked);
}

#[test]
fn from_encoded_text() {
    for text in lengths().into_iter().flat_map(texts) {
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(CowString::from_utf8(text.clone().into()).unwrap(), text);
        assert_eq!(CowString::from_utf8_lossy(text.as_bytes()), text);
        assert_eq!(CowString::from_utf16(&units).unwrap(), text);
        assert_eq!(CowString::from_utf16_lossy(&units), text);
        #[expect(unsafe_code, reason = "asks for the promise that this function is about")]
        // SAFETY: the bytes are from a `String`, so they are UTF-8.
        let unchecked = unsafe { CowString::from_utf8_unchecked(text.clone().into()) };
        assert_eq!(unchecked, text);
    }
    for bad in [&b"\xFF"[..], b"0123456789abcde\xE2\x82", b"\xE2\x82fifteen and more bytes\xF0"] {
        assert_eq!(CowString::from_utf8_lossy(bad), *String::from_utf8_lossy(bad));
        let (ours, std) = (CowString::from_utf8(bad.into()), String::from_utf8(bad.into()));
        assert_eq!(ours.unwrap_err(), std.unwrap_err());
        let error = CowString::try_from(CowVec::from(bad)).unwrap_err();
        assert_eq!(error.utf8_error(), std::str::from_utf8(bad).unwrap_err());
        assert_eq!(error.into_bytes(), bad);
    }
    for bad in [&[0xD800][..], &[0x61, 0xDC00, 0x62], &[0x61, 0xD800]] {
        assert_eq!(CowString::from_utf16_lossy(bad), String::from_utf16_lossy(bad));
        assert!(CowString::from_utf16(bad).is_err());
    }
}

#[test]
fn panics_have_the_messages_of_string() {
    #[track_caller]
    fn same(ours: impl FnOnce(&mut CowString), theirs: impl FnOnce(&mut String)) {
        let text = "sixteen bytes, €";
        let (mut s, mut std) = (CowString::from(text), String::from(text));
        let hidden = s.clone();
        assert_eq!(message(|| ours(&mut s)), message(|| theirs(&mut std)));
        assert_eq!((&*s, &*hidden, &*std), (text, text, text));
        assert!(s.ptr_eq(&hidden));
    }
    macro_rules! same {
        ($s:ident => $work:expr) => {
            same(|$s| _ = $work, |$s| _ = $work)
        };
    }
    let (most, three) = (usize::MAX, 3);
    for at in [16, 17, 19, 99, most] {
        same!(s => s.insert(at, 'x'));
        same!(s => s.insert_str(at, "xy"));
        same!(s => s.remove(at));
        same!(s => s.split_off(at));
    }
    same!(s => s.remove(18));
    for at in [16, 17, 19, 99, most] {
        // The messages may differ in the nightly compilers that Miri runs on.
        if cfg!(miri) {
            break;
        }
        same!(s => s.drain(at..));
        same!(s => s.drain(..at));
        same!(s => s.drain(three..at));
        same!(s => s.drain(at..three));
        same!(s => s.replace_range(at.., "x"));
        same!(s => s.replace_range(..at, "x"));
        same!(s => s.replace_range(at..three, "x"));
        same!(s => s.extend_from_within(at..));
        same!(s => s.extend_from_within(..at));
    }
    for at in [15, 16, 18, 99, most] {
        if !cfg!(miri) {
            same!(s => s.drain(..=at));
            same!(s => s.extend_from_within(three..=at));
        }
    }
    same!(s => s.reserve(most));
    same!(s => s.reserve(isize::MAX as usize));
    same!(s => s.reserve_exact(most - 16));
    let mut s = CowString::from("text");
    for n in [most, isize::MAX as usize] {
        let errors = [s.try_reserve(n), s.try_reserve_exact(n)].map(Result::unwrap_err);
        for error in errors {
            assert!(error.to_string().starts_with("capacity overflow"));
        }
    }
    assert_eq!(s, "text");
}

// The tests below rule out defects that other string types had. Each comment states the correct behaviour.

/// compact_str 413, lean_string 80ada44, std 78498: a panicking predicate leaves no partial character.
#[test]
fn retain_that_panics_leaves_text() {
    let text = if cfg!(miri) {
        "aß€𝄞b-€ longer"
    } else {
        "aß€𝄞b-aß€𝄞b-aß€𝄞b-longer than that"
    };
    let n = text.chars().count();
    let turned_down = |c: char| matches!(c, 'ß' | '€' | 'b');
    for panic_at in (0..n).step_by(if cfg!(miri) { 2 } else { 1 }) {
        for form in FORMS {
            let (mut s, copies) = form.make(text);
            let before: Vec<String> = copies.iter().map(String::from).collect();
            let shared = !copies.is_empty();
            let mut asked = 0;
            let result = catch_unwind(AssertUnwindSafe(|| {
                s.retain(|c| {
                    assert!(asked < panic_at, "on purpose");
                    asked += 1;
                    !turned_down(c)
                });
            }));
            assert!(result.is_err());
            assert!(std::str::from_utf8(s.as_bytes()).is_ok());
            // Either the rejected characters are removed, or the text is unchanged.
            let (asked, rest): (String, String) =
                (text.chars().take(panic_at).collect(), text.chars().skip(panic_at).collect());
            let kept = asked.replace(turned_down, "") + &rest;
            let expected = [text, &kept];
            assert!(expected.contains(&&*s), "{form:?}, {panic_at}: {s}");
            assert!(!shared || s == text, "{form:?}: a shared text is unchanged");
            assert_eq!(copies, before, "{form:?}: a copy changed");
            s.push('x');
            assert!(s.ends_with('x'));
        }
    }
}

/// std 162286: nothing is moved before the capacity is reserved.
#[test]
fn an_insert_that_finds_no_room_changes_nothing() {
    let text = "longer than fifteen bytes";
    for form in FORMS {
        let (mut s, _copies) = form.make(text);
        assert!(s.try_reserve(isize::MAX as usize).is_err());
        assert_eq!(s, text, "{form:?}");
        assert_eq!(message(|| s.reserve(isize::MAX as usize)), "capacity overflow");
        assert_eq!(s, text, "{form:?}");
    }
}

/// compact_str 379 and smol_str 88: bytes cut from an inline text are zeroed, so that equal texts compare equal.
#[test]
fn inline_texts_are_equal_whatever_they_were_before() {
    let edits: [fn(&mut CowString); 7] = [
        |s| s.truncate(3),
        |s| s.replace_range(3.., ""),
        |s| s.retain(|c| "abc".contains(c)),
        |s| drop(s.drain(3..)),
        |s| drop(s.split_off(3)),
        |s| {
            s.truncate(12);
            s.insert_str(0, "abc");
            s.truncate(3);
        },
        |s| {
            s.clear();
            s.push_str("abc");
        },
    ];
    for len in 4..=15 {
        for edit in edits {
            let mut s = CowString::from(&"abcdefghijklmno"[..len]);
            edit(&mut s);
            assert!(s.is_inline() && s.ptr_eq(&CowString::from("abc")), "{len}");
            s.push_str("123456789012");
            assert_eq!(s, "abc123456789012");
        }
    }
}

/// bytes RUSTSEC-2026-0007: the capacity of a slice counts from its start, not from the start of the buffer.
#[test]
fn the_room_of_a_slice_ends_with_its_buffer() {
    for taken in [1, 16, 99] {
        let mut all = CowString::with_capacity(100);
        all.push_str(&"x".repeat(all.capacity()));
        let whole = all.capacity();
        drop(all.drain(..taken));
        assert_eq!((all.len(), all.capacity()), (whole - taken, whole - taken));
        let before = all.to_string();
        all.push_str("more");
        assert_eq!(all, before + "more");
    }
}

/// Checks that bytes removed at the front become spare capacity again.
#[test]
fn a_queue_does_not_grow() {
    let mut s = CowString::from("twenty bytes of text");
    s.reserve(20);
    let buffers: HashSet<*const u8> = (0..if cfg!(miri) { 60 } else { 10_000 })
        .map(|_| {
            s.push('x');
            s.remove(0);
            s.as_ptr().wrapping_sub(s.as_ptr().addr() % 4096)
        })
        .collect();
    assert!(buffers.len() <= 4 && s.heap_bytes() < 200, "{} bytes", s.heap_bytes());
    assert_eq!(s, "x".repeat(20));
}

/// Checks that an edit that needs no copy makes none, even on a shared text.
#[test]
fn nothing_is_copied_where_nothing_changes_or_only_an_end_goes() {
    let text = "a shared text of more than fifteen bytes";
    type Edit = fn(&mut CowString);
    let edits: [(Edit, usize); 9] = [
        (|s| s.retain(|_| true), 0),
        (|s| s.retain(|c| c != 'z'), 0),
        (|s| s.replace_range(2..8, "shared"), 0),
        (|s| s.insert_str(9, ""), 0),
        (|s| drop(s.drain(9..9)), 0),
        (|s| _ = s.remove(0), 1),
        (|s| drop(s.drain(..9)), 9),
        (|s| s.replace_range(..2, ""), 2),
        (|s| s.truncate(20), 0),
    ];
    for form in [Form::Shared, Form::Taken, Form::SharedMiddle, Form::Static] {
        for (edit, offset) in edits {
            let (mut s, copies) = form.make(text);
            let before = s.as_ptr();
            edit(&mut s);
            assert_eq!(s.as_ptr(), before.wrapping_add(offset), "{form:?}");
            assert!(s == text[offset..] || s == text[..20]);
            drop(copies);
        }
    }
    let all = CowString::from(text);
    let mut s = all.clone();
    s.retain(|c| c == 'a');
    assert!(s.is_inline() && all == text, "a short result needs no buffer");
    let mut s = all.clone();
    s.replace_range(3..37, "");
    assert!(s.is_inline() && s == "a stes");
}
