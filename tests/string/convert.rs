//! Tests of conversions, comparisons and formatting of `CowString`, which behave as `String`'s do.

use std::borrow::{Borrow, BorrowMut, Cow};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::ffi::CString;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::common::panics::message;
use crate::forms::{FORMS, check, lengths, texts};
use cow_collections::{CowString, CowVec, ToCowString, cow_format};

const LONG: &str = "longer than fifteen bytes, €";

#[test]
fn from_every_text() {
    for text in lengths().into_iter().flat_map(texts) {
        let made: [CowString; 10] = [
            (&*text).into(),
            (&mut *text.clone()).into(),
            text.clone().into(),
            (&text).into(),
            Box::<str>::from(&*text).into(),
            Rc::<str>::from(&*text).into(),
            Arc::<str>::from(&*text).into(),
            Cow::Borrowed(&*text).into(),
            Cow::<str>::Owned(text.clone()).into(),
            text.parse().unwrap(),
        ];
        for s in made {
            assert_eq!((&*s, s.is_inline()), (&*text, text.len() <= 15));
        }
    }
    let s = CowString::from(LONG);
    let again = CowString::from(&s);
    assert!(again.ptr_eq(&s), "no copy");
}

#[test]
fn into_every_text() {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (s, copies) = form.make(&text);
            assert_eq!(String::from(s.clone()), text);
            assert_eq!(String::from(&s), text);
            assert_eq!(*Box::<str>::from(s.clone()), *text);
            assert_eq!(*Rc::<str>::from(s.clone()), *text);
            assert_eq!(*Arc::<str>::from(s.clone()), *text);
            assert_eq!(Vec::<u8>::from(s.clone()), text.as_bytes());
            assert_eq!(CowVec::<u8>::from(s.clone()), *text.as_bytes());
            assert!(matches!(Cow::from(&s), Cow::Borrowed(x) if x.as_ptr() == s.as_ptr()));
            assert!(matches!(Cow::from(s.clone()), Cow::Owned(x) if x == text));
            drop(copies);
            assert_eq!(s, text);
        }
    }
}

#[test]
fn bytes_that_may_be_text() {
    for bytes in [LONG.as_bytes(), b"short", b"", b"no text \xFF of some length", b"\xE2\x82"] {
        let (ours, std) = (CowString::try_from(bytes.to_vec()), String::from_utf8(bytes.to_vec()));
        assert_eq!(ours.map(String::from), std);
        let c = CString::new(bytes).unwrap();
        match (CowString::try_from(c.clone()), c.into_string()) {
            (Ok(ours), Ok(std)) => assert_eq!(ours, std),
            (ours, std) => assert_eq!(ours.unwrap_err(), std.unwrap_err()),
        }
    }
}

/// Decodes single units, surrogate pairs and unpaired surrogates, and compares the results with std's.
#[test]
fn utf16_in_bytes_of_either_order() {
    let all: [&[u16]; 6] = [
        &[],
        &[0x6F, 0x6B],
        &[0x6F, 0xD834, 0xDD1E, 0x20AC],
        &[0xD834],
        &[0x6F, 0xDD1E, 0x6B],
        &[0xD834, 0xD834, 0xDD1E],
    ];
    for units in all {
        let std = String::from_utf16(units);
        assert_eq!(CowString::from_utf16(units).ok(), std.as_ref().ok().map(CowString::from));
        let (little, big): (Vec<_>, Vec<_>) =
            units.iter().map(|unit| (unit.to_le_bytes(), unit.to_be_bytes())).unzip();
        for odd in [false, true] {
            let (mut little, mut big) = (little.concat(), big.concat());
            let mut lossy = String::from_utf16_lossy(units);
            if odd {
                little.push(0x41);
                big.push(0x41);
                lossy.push('\u{FFFD}');
            }
            let (from_le, from_be) =
                (CowString::from_utf16le(&little), CowString::from_utf16be(&big));
            assert_eq!(from_le, from_be);
            assert_eq!(from_le.is_ok(), std.is_ok() && !odd);
            match (&from_le, &std) {
                (Ok(ours), Ok(std)) => assert_eq!(ours, std),
                (Err(error), _) => {
                    let valid = error.valid_up_to();
                    assert!(CowString::from_utf16le(&little[..valid]).is_ok());
                    let more = (valid + 2).min(little.len());
                    assert!(CowString::from_utf16le(&little[..more]).is_err(), "invalid");
                }
                (Ok(_), Err(_)) => unreachable!(),
            }
            assert_eq!(CowString::from_utf16le_lossy(&little), lossy);
            assert_eq!(CowString::from_utf16be_lossy(&big), lossy);
        }
    }
    let message = |bytes: &[u8]| CowString::from_utf16be(bytes).unwrap_err().to_string();
    assert_eq!(message(b"\0o\0"), "invalid utf-16: odd last byte at index 2");
    assert_eq!(message(b"\xD8\x34"), "invalid utf-16: unpaired surrogate at index 0");
}

#[test]
fn characters_of_an_owner() {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (s, copies) = form.make(&text);
            assert!(s.clone().into_chars().eq(text.chars()));
            assert!(s.clone().into_chars().rev().eq(text.chars().rev()));
            let all = s.clone().into_chars();
            assert_eq!(all.clone().count(), text.chars().count());
            assert_eq!(all.clone().last(), text.chars().last());
            assert_eq!(all.size_hint(), text.chars().size_hint());
            assert_eq!(all.clone().fold(String::new(), |s, c| s + &String::from(c)), text);
            let (mut ours, mut std) = (all, text.chars());
            while let Some(c) = std.next() {
                assert_eq!((ours.next(), ours.next_back()), (Some(c), std.next_back()));
                assert_eq!(ours.as_str(), std.as_str());
            }
            assert_eq!((ours.next(), ours.next_back(), ours.as_str()), (None, None, ""));
            let mut part = s.clone().into_chars();
            part.next();
            let rest = part.as_str().to_owned();
            assert_eq!(part.into_string(), rest);
            drop(copies);
        }
    }
    assert_eq!(format!("{:?}", CowString::from("ab").into_chars()), "IntoChars(\"ab\")");
}

#[test]
fn joins_as_slices_do() {
    let all: [&[&str]; 5] =
        [&[], &["one"], &["", ""], &["one", "€", "three"], &["longer than 15 bytes", "and more"]];
    for texts in all {
        let ours: Vec<CowString> = texts.iter().copied().map(CowString::from).collect();
        assert_eq!(CowString::concat(texts), texts.concat());
        assert_eq!(CowString::concat(&ours), texts.concat());
        for between in ["", ", ", "some longer text between"] {
            let joined = CowString::join(&ours, between);
            assert_eq!(joined, texts.join(between));
            assert_eq!(joined.is_inline(), joined.len() <= 15);
        }
    }
    // `as_ref` returns a different text at each call. The text of the second call is joined.
    struct Fickle(std::cell::Cell<usize>);
    impl AsRef<str> for Fickle {
        fn as_ref(&self) -> &str {
            self.0.set(self.0.get() + 1);
            &LONG[..self.0.get()]
        }
    }
    let fickle: Vec<Fickle> = (0..3).map(|n| Fickle(std::cell::Cell::new(n * 5))).collect();
    assert_eq!(CowString::concat(&fickle), [&LONG[..2], &LONG[..7], &LONG[..12]].concat());
}

#[test]
fn join_iter_of_any_iterator_gives_what_join_of_a_slice_gives() {
    let all: [&[&str]; 5] =
        [&[], &["one"], &["", ""], &["one", "€", "three"], &["longer than 15 bytes", "and more"]];
    for texts in all {
        for between in ["", ", ", "some longer text between"] {
            let expected = CowString::join(texts, between);
            assert_eq!(CowString::join_iter(texts, between), expected);
            assert_eq!(
                CowString::join_iter(texts.iter().map(ToString::to_string), between),
                expected
            );
            let ours: CowVec<CowString> = texts.iter().copied().map(CowString::from).collect();
            assert_eq!(CowString::join_iter(&ours, between), expected);
            assert_eq!(CowString::join_iter(ours, between).is_inline(), expected.len() <= 15);
        }
    }
}

#[test]
fn an_error_that_is_a_text() {
    let s = CowString::from(LONG);
    let plain: Box<dyn Error> = s.clone().into();
    let sync: Box<dyn Error + Send + Sync> = s.clone().into();
    assert_eq!(s.strong_count(), 3, "no copy");
    let std: Box<dyn Error> = LONG.into();
    for error in [plain, sync] {
        assert_eq!(
            (error.to_string(), format!("{error:?}")),
            (std.to_string(), format!("{std:?}"))
        );
        assert!(error.source().is_none());
    }
    fn fails() -> Result<(), Box<dyn Error>> {
        Err(CowString::from("for a reason"))?
    }
    assert_eq!(fails().unwrap_err().to_string(), "for a reason");
}

#[test]
fn collects_as_string_does() {
    for text in lengths().into_iter().flat_map(texts) {
        let chars: Vec<char> = text.chars().collect();
        let pieces: Vec<&str> = text.split_inclusive('c').collect();
        let owned = || pieces.iter().map(|piece| String::from(*piece));
        let ours: Vec<CowString> = owned().map(CowString::from).collect();
        let by_ref: Vec<String> = owned().collect();
        let made: [CowString; 10] = [
            chars.iter().collect(),
            by_ref.iter().collect(),
            chars.into_iter().collect(),
            pieces.iter().copied().collect(),
            owned().collect(),
            owned().map(String::into_boxed_str).collect(),
            pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect(),
            owned().map(Cow::<str>::Owned).collect(),
            ours.iter().collect(),
            ours.iter().cloned().collect(),
        ];
        for s in made {
            assert_eq!(s, text);
        }
        let before: Vec<String> = ours.iter().map(String::from).collect();
        assert_eq!(ours.iter().cloned().collect::<String>(), text);
        assert_eq!(*ours.iter().cloned().collect::<Box<str>>(), *text);
        assert_eq!(ours.iter().cloned().collect::<Cow<'_, str>>(), text);
        let mut std = String::from("x");
        std.extend(ours.iter().cloned());
        assert_eq!(std, "x".to_owned() + &text);
        assert_eq!(ours, before, "the source is unchanged");
    }
}

#[test]
fn the_first_text_is_not_copied() {
    let s = CowString::from(LONG);
    let alone: CowString = [s.clone()].into_iter().collect();
    let by_ref: CowString = [&s].into_iter().collect();
    assert!(alone.ptr_eq(&s) && by_ref.ptr_eq(&s));
    let mut roomy = CowString::with_capacity(100);
    roomy.push_str(LONG);
    let at = roomy.as_ptr();
    let all: CowString = [roomy, "and more of it".into()].into_iter().collect();
    assert_eq!((all.as_ptr(), &*all), (at, "longer than fifteen bytes, €and more of it"));
    assert_eq!(Vec::<CowString>::new().into_iter().collect::<CowString>(), "");
}

#[test]
fn extends_as_string_does() {
    let owned = [String::from("one"), String::from(" and two of some length")];
    let ours = owned.clone().map(CowString::from);
    check(|s| s.extend(&['x', '€']), |s| s.extend(&['x', '€']));
    check(|s| s.extend(owned.clone()), |s| s.extend(owned.clone()));
    check(|s| s.extend(&owned), |s| s.extend(owned.clone()));
    check(
        |s| s.extend(owned.clone().map(String::into_boxed_str)),
        |s| s.extend(owned.clone().map(String::into_boxed_str)),
    );
    check(
        |s| s.extend(owned.iter().map(|x| Cow::Borrowed(&**x))),
        |s| s.extend(owned.iter().map(|x| Cow::Borrowed(&**x))),
    );
    check(|s| s.extend(ours.clone()), |s| s.extend(owned.clone()));
    check(|s| s.extend(&ours), |s| s.extend(owned.clone()));
    check(|s| *s += "and more", |s| *s += "and more");
    check(|s| *s = std::mem::take(s) + "and more", |s| *s = std::mem::take(s) + "and more");
    // `&CowString` coerces to `&str`.
    assert_eq!(CowString::from("a") + &ours[0] + &owned[0], "aoneone");
    assert_eq!(String::from("a") + &ours[0], "aone");
}

/// Checks that the pieces before a panic of the iterator stay appended.
#[test]
fn an_iterator_that_panics_leaves_a_text() {
    for form in FORMS {
        let (mut s, copies) = form.make("abcdefghijklmnopqrst");
        let before: Vec<String> = copies.iter().map(String::from).collect();
        let pieces = ["€", "x", "a longer piece, €"];
        let mut n = 0;
        let panics = std::iter::from_fn(|| {
            assert!(n < pieces.len(), "as asked");
            n += 1;
            Some(pieces[n - 1])
        });
        assert_eq!(message(|| s.extend(panics)), "as asked");
        assert_eq!(s, "abcdefghijklmnopqrst€xa longer piece, €");
        assert_eq!(copies, before, "{form:?}");
    }
}

/// Compares in both directions with every type that `String` compares with.
#[test]
fn compares_with_other_texts() {
    let all = ["", "a", "fifteen bytes .", "fifteen bytes ..", LONG];
    for x in all {
        for y in all {
            let (s, owned, cow) = (CowString::from(x), String::from(y), Cow::Borrowed(y));
            let equal = x == y;
            assert_eq!([s == *y, *y == s, s == y, y == s], [equal; 4]);
            assert_eq!([s == owned, owned == s, s == cow, cow == s], [equal; 4]);
            let by_ref = &owned;
            assert_eq!([s == by_ref, by_ref == s], [equal; 2]);
            let (boxed, rc, arc): (Box<str>, Rc<str>, Arc<str>) = (y.into(), y.into(), y.into());
            assert_eq!([s == boxed, boxed == s, s == rc, rc == s], [equal; 4]);
            assert_eq!([s == arc, arc == s], [equal; 2]);
            let (order, reversed) = (Some(x.cmp(y)), Some(y.cmp(x)));
            assert_eq!((s.partial_cmp(y), y.partial_cmp(&s)), (order, reversed));
            assert_eq!((s.partial_cmp(&y), (&y).partial_cmp(&&s)), (order, reversed));
            assert_eq!((s.partial_cmp(&owned), owned.partial_cmp(&s)), (order, reversed));
            assert_eq!((s.partial_cmp(&cow), cow.partial_cmp(&s)), (order, reversed));
            assert_eq!((s.partial_cmp(&boxed), arc.partial_cmp(&s)), (order, reversed));
        }
    }
    assert_eq!(CowString::from("b").cmp(&"a".into()), Ordering::Greater);
}

/// Compares texts in every form, with lengths around the inline limit and a difference in each byte of the two
/// words.
#[test]
fn equality_in_every_form() {
    let forms = if cfg!(miri) { &FORMS[3..5] } else { &FORMS[..] };
    let lengths = if cfg!(miri) { 14..17 } else { 0..18 };
    for n in lengths {
        let text = "x".repeat(n);
        for at in 0..=n {
            // Differs in one byte, or is one byte longer.
            let other = if at == n {
                text.clone() + "\0"
            } else {
                text[..at].to_owned() + "y" + &text[at + 1..]
            };
            for a in forms {
                for b in forms {
                    let ((a, _a), (b, _b)) = (a.make(&text), b.make(&text));
                    assert_eq!([a == b, b == a], [true; 2]);
                    let (c, _c) = forms[at % forms.len()].make(&other);
                    assert_eq!([a == c, c == b], [false; 2]);
                }
            }
        }
    }
}

#[test]
fn is_found_by_a_str() {
    let map = HashMap::from([(CowString::from(LONG), 1), (CowString::from("short"), 2)]);
    assert_eq!((map.get(LONG), map.get("short"), map.get("no")), (Some(&1), Some(&2), None));
    let map = BTreeMap::from([(CowString::from(LONG), 1)]);
    assert_eq!(map.get(LONG), Some(&1));
}

#[test]
fn borrows_as_everything_that_string_does() {
    let mut s = CowString::from(LONG);
    let kept = s.clone();
    let (a, b): (&str, &[u8]) = (s.as_ref(), s.as_ref());
    assert_eq!((a, b), (LONG, LONG.as_bytes()));
    assert_eq!((&s[1..4], &s[..], &s[5..=6]), ("ong", LONG, "r "));
    let borrowed: &str = s.borrow();
    assert_eq!(borrowed, LONG);
    let borrowed: &mut str = s.borrow_mut();
    borrowed.make_ascii_uppercase();
    assert_eq!((&*s, &*kept), ("LONGER THAN FIFTEEN BYTES, €", LONG));
}

/// A `Display` that writes in pieces, and fails at the end if the flag is set.
struct Pieces<'a>(&'a [&'a str], bool);

impl fmt::Display for Pieces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| f.write_str(piece))?;
        if self.1 { Err(fmt::Error) } else { Ok(()) }
    }
}

#[test]
fn formats_as_std_does() {
    assert_eq!(12.to_cow_string(), "12");
    assert_eq!(u128::MAX.to_cow_string(), u128::MAX.to_string());
    assert_eq!(true.to_cow_string() + &'€'.to_cow_string(), "true€");
    assert_eq!(LONG.to_cow_string(), LONG);
    assert_eq!(CowString::from(LONG).to_cow_string(), LONG);
    assert_eq!((-1.5).to_cow_string(), "-1.5");
    let pieces = Pieces(&["one", "", " and two of some length", "€"], false);
    assert_eq!(pieces.to_cow_string(), pieces.to_string());

    let (width, name) = (9, "text");
    assert_eq!(cow_format!("{name:>width$}-{:?}-{0}", 1), format!("{name:>width$}-{:?}-{0}", 1));
    assert_eq!(cow_format!("{pieces}{pieces}"), format!("{pieces}{pieces}"));
    let literal = cow_format!("a literal of more than fifteen bytes");
    assert_eq!((&*literal, literal.strong_count()), ("a literal of more than fifteen bytes", 0));
    assert_eq!(cow_format!("{{}}"), "{}");
    assert_eq!(cow_format!(""), "");

    let fails = || Pieces(&["one"], true);
    assert_eq!(message(|| drop(fails().to_cow_string())), message(|| drop(fails().to_string())));
    assert_eq!(
        message(|| drop(cow_format!("{}", fails()))),
        message(|| drop(format!("{}", fails())))
    );
}

/// Compares the methods that return a new text with those of `str`. A result equal to the original shares its buffer.
#[test]
fn new_texts_are_those_of_str() {
    let all = [
        "",
        "a",
        "ABCdef, and more of both",
        "longer than fifteen bytes",
        "ὈΔΥΣΣΕΎΣ ΣΑΣ Σ",
        "Straße İstanbul ǅ ﬁ, of some length",
        "aab aab aab aab aab",
        "ASCII first, ÄÖÜ then",
    ];
    let forms = if cfg!(miri) { &FORMS[5..6] } else { &FORMS[..] };
    let all = if cfg!(miri) { &all[2..4] } else { &all[..] };
    for (text, form) in all.iter().flat_map(|text| forms.iter().map(move |form| (*text, form))) {
        let (s, copies) = form.make(text);
        let before: Vec<String> = copies.iter().map(String::from).collect();
        // `s` is a `CowString`, so these calls do not resolve to the methods of `str`.
        let same = |ours: CowString, std: String| {
            assert_eq!(ours, std, "{form:?}");
            assert!(text != std || ours.ptr_eq(&s), "{form:?}: {text:?} was copied");
        };
        same(s.to_lowercase(), text.to_lowercase());
        same(s.to_uppercase(), text.to_uppercase());
        same(s.to_ascii_lowercase(), text.to_ascii_lowercase());
        same(s.to_ascii_uppercase(), text.to_ascii_uppercase());
        for n in [0, 1, 2, 3, 7, 40] {
            same(s.repeat(n), text.repeat(n));
        }
        for to in ["", "x", "a longer piece, €"] {
            assert_eq!(s.replace('a', to), text.replace('a', to));
            assert_eq!(s.replace("aab", to), text.replace("aab", to));
            assert_eq!(s.replace("", to), text.replace("", to));
            assert_eq!(s.replace([' ', ','], to), text.replace([' ', ','], to));
            assert_eq!(s.replace(char::is_uppercase, to), text.replace(char::is_uppercase, to));
            for count in 0..4 {
                assert_eq!(s.replacen('a', to, count), text.replacen('a', to, count));
            }
            same(s.replace("not there", to), text.to_owned());
            same(s.replacen('a', to, 0), text.to_owned());
        }
        assert_eq!(copies, before, "{form:?}");
    }
    let std = message(|| drop("xy".repeat(usize::MAX)));
    assert_eq!(message(|| drop(CowString::from("xy").repeat(usize::MAX))), std);
}

/// Checks a replacement whose result exceeds the estimated capacity and grows more than once.
#[test]
fn a_replacement_that_is_longer_than_the_text() {
    let s = CowString::from("a.b.c.d");
    let long = "x".repeat(100);
    assert_eq!(s.replace('.', &long), "a.b.c.d".replace('.', &long));
    let s = CowString::from("-".repeat(100));
    assert_eq!((s.replace('-', ""), s.len()), (CowString::new(), 100));
}

#[cfg(feature = "std")]
mod os {
    use super::*;
    use std::ffi::{OsStr, OsString};
    use std::path::{Path, PathBuf};

    #[test]
    fn os_str_and_path_conversions_keep_the_text() {
        for text in [LONG, "short", ""] {
            let s = CowString::from(text);
            let (name, path): (&OsStr, &Path) = (s.as_ref(), s.as_ref());
            assert_eq!((name, path), (OsStr::new(text), Path::new(text)));
            assert_eq!(OsString::from(s.clone()), *text);
            assert_eq!(PathBuf::from(s), Path::new(text));
        }
    }

    #[test]
    fn compares_with_paths() {
        for (x, y, equal) in [("a/b", "a/b", true), ("a//b", "a/b", true), ("a/b", "a/c", false)] {
            let (s, path, buf) = (CowString::from(x), Path::new(y), PathBuf::from(y));
            assert_eq!([s == *path, *path == s, s == buf, buf == s], [equal; 4]);
        }
        for (x, y) in [("a/b", "a/b"), ("a//b", "a/b")] {
            let (s, name, owned) = (CowString::from(x), OsStr::new(y), OsString::from(y));
            assert_eq!([s == *name, *name == s, s == owned, owned == s], [x == y; 4]);
        }
    }

    #[test]
    fn names_that_may_be_text() {
        for text in [LONG, "short", ""] {
            assert_eq!(CowString::try_from(OsString::from(text)).unwrap(), text);
            assert_eq!(CowString::try_from(PathBuf::from(text)).unwrap(), text);
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            let name = OsString::from_vec(vec![b'a', 0xFF]);
            assert_eq!(CowString::try_from(name.clone()).unwrap_err(), name);
            assert_eq!(CowString::try_from(PathBuf::from(&name)).unwrap_err(), *name);
        }
    }

    #[test]
    #[cfg(not(miri))]
    fn to_socket_addrs_equals_that_of_str() {
        use std::net::ToSocketAddrs;
        let ours: Vec<_> = CowString::from("127.0.0.1:80").to_socket_addrs().unwrap().collect();
        assert_eq!(ours, "127.0.0.1:80".to_socket_addrs().unwrap().collect::<Vec<_>>());
        assert!(CowString::from("no address").to_socket_addrs().is_err());
    }
}
