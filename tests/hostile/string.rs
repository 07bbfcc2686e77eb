//! `CowString`.

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::Hash;
use std::sync::LazyLock;

use cow_collections::{CowString, ToCowString, cow_format};

use crate::attack::{Case, Subject, attack, case};
use crate::element::{Elem, Item};
use crate::liars::{Digest, Span, View, coming, folded, rfolded, show, tried, yes};
use crate::script::{Friend, Meddle};

/// The beginning of all forms. The range of [`Span`] is one character.
const SHORT: &str = "aéb, dé";
const LONG: &str = "aéb, dé, beyond fifteen";

impl Subject for CowString {
    const FORMS: usize = 6;

    fn make(form: usize) -> Self {
        match form {
            0 => SHORT.into(),
            1 => LONG.into(),
            2 => Self::from_static(LONG),
            // The middle of a unique buffer.
            3 => Self::from(["before it ", LONG, " after it"].concat()).slice(10..10 + LONG.len()),
            // Another handle has pushed bytes past the end.
            4 => {
                let mut all = Self::from(LONG);
                all.push_str(" and more");
                let mut text = all.clone();
                text.truncate(LONG.len());
                text
            }
            _ => {
                let mut text = Self::with_capacity(200);
                text.push_str(SHORT);
                text
            }
        }
    }

    fn check(&self) -> Vec<u8> {
        let text = std::str::from_utf8(self.as_bytes()).expect("it is text");
        let known = |byte: u8| byte.is_ascii_lowercase() || b" ,\xc3\xa9".contains(&byte);
        assert!(text.bytes().all(known), "{text:?}");
        assert!(self.len() <= self.capacity().max(self.retained_len()));
        text.into()
    }

    fn use_again(&mut self) {
        self.push('é');
        self.insert_str(0, "more");
        self.truncate(4);
    }

    fn hide(&self) -> Option<Box<dyn Fn() -> Vec<u8>>> {
        let hidden = self.clone();
        Some(Box::new(move || hidden.check()))
    }

    fn friend(&self) -> Option<Friend> {
        let mut friend = Some(self.clone());
        Some(Box::new(move |how| match how {
            Meddle::Read => drop(friend.as_ref().map(Self::check)),
            Meddle::Push => friend.as_mut().into_iter().for_each(|text| text.push_str("pushed")),
            Meddle::Clone => drop(friend.as_ref().map(|text| text.slice(3..))),
            Meddle::Drop => friend = None,
        }))
    }
}

/// Returns a text that fits inline, one that does not, or a single character.
fn text(number: u8) -> &'static str {
    ["ab", "a text that is longer than what fits inline", "é"][usize::from(number) % 3]
}

fn character(number: u8) -> &'static char {
    &['a', 'é', 'z'][usize::from(number) % 3]
}

fn owned(number: u8) -> String {
    text(number).into()
}

fn boxed(number: u8) -> Box<str> {
    text(number).into()
}

fn ours(number: u8) -> CowString {
    text(number).into()
}

fn cow(number: u8) -> Cow<'static, str> {
    if number % 2 == 0 { Cow::Borrowed(text(number)) } else { Cow::Owned(owned(number)) }
}

fn our_reference(number: u8) -> &'static CowString {
    static ALL: [CowString; 2] = [
        CowString::from_static("ab"),
        CowString::from_static("a text that is longer than what fits inline"),
    ];
    &ALL[usize::from(number) % 2]
}

fn owned_reference(number: u8) -> &'static String {
    static ALL: LazyLock<[String; 2]> = LazyLock::new(|| [owned(0), owned(1)]);
    &ALL[usize::from(number) % 2]
}

/// A pattern that is a closure.
fn vowel(c: char) -> bool {
    yes(c == 'a' || c == 'é')
}

fn all<A>(iter: impl Iterator<Item = A>) {
    iter.for_each(drop);
}

fn edits() -> Vec<Case<CowString>> {
    let cases: &[Case<CowString>] = &[
        case("CowString::concat", |v| *v = CowString::concat(&[View, View, View])),
        case("CowString::join", |v| *v = CowString::join(&[View, View, View], ", ")),
        case("CowString::join_iter", |v| *v = CowString::join_iter(coming(|_| View), ", ")),
        case("CowString::drain", |v| drop(v.drain(Span))),
        case("CowString::drain", |v| _ = v.drain(Span).next_back()),
        case("Iterator for string::Drain<'_>", |v| folded(v.drain(1..))),
        case("DoubleEndedIterator for string::Drain<'_>", |v| {
            rfolded(v.drain(3..));
            tried(v.drain(..3));
        }),
        case("CowString::extend_from_within", |v| v.extend_from_within(Span)),
        case("CowString::replace_range", |v| v.replace_range(Span, "")),
        case("CowString::replace_range", |v| v.replace_range(Span, "another text that is longer")),
        case("CowString::retain", |v| v.retain(vowel)),
        case("CowString::remove_matches", |v| v.remove_matches(vowel)),
        case("CowString::replace", |v| *v = v.replace(vowel, "is replaced")),
        case("CowString::replace_first", |v| v.replace_first(vowel, "is replaced")),
        case("CowString::replace_last", |v| v.replace_last(vowel, "")),
        case("CowString::replacen", |v| *v = v.replacen(vowel, "is replaced", 2)),
        case("CowString::slice", |v| *v = v.slice(Span)),
        case("CowString::try_slice", |v| drop(v.try_slice(Span))),
        case("Extend<char> for string::CowString", |v| v.extend(coming(char_of))),
        case("Extend<&'a char> for string::CowString", |v| v.extend(coming(character))),
        case("Extend<&'a str> for string::CowString", |v| v.extend(coming(text))),
        case("Extend<&'a String> for string::CowString", |v| v.extend(coming(owned_reference))),
        case("Extend<&'a string::CowString> for string::CowString", |v| {
            v.extend(coming(our_reference));
        }),
        case("Extend<String> for string::CowString", |v| v.extend(coming(owned))),
        case("Extend<Box<str>> for string::CowString", |v| v.extend(coming(boxed))),
        case("Extend<Cow<'a, str>> for string::CowString", |v| v.extend(coming(cow))),
        case("Extend<string::CowString> for string::CowString", |v| v.extend(coming(ours))),
        case("Extend<string::CowString> for String", |v| {
            let mut text = String::from("ab");
            text.extend(coming(ours));
            *v = text.into();
        }),
        case("FromIterator<char> for string::CowString", |v| *v = coming(char_of).collect()),
        case("FromIterator<&'a char> for string::CowString", |v| *v = coming(character).collect()),
        case("FromIterator<&'a str> for string::CowString", |v| *v = coming(text).collect()),
        case("FromIterator<&'a String> for string::CowString", |v| {
            *v = coming(owned_reference).collect();
        }),
        case("FromIterator<&'a string::CowString> for string::CowString", |v| {
            *v = coming(our_reference).collect();
        }),
        case("FromIterator<String> for string::CowString", |v| *v = coming(owned).collect()),
        case("FromIterator<Box<str>> for string::CowString", |v| *v = coming(boxed).collect()),
        case("FromIterator<Cow<'a, str>> for string::CowString", |v| *v = coming(cow).collect()),
        case("FromIterator<string::CowString> for string::CowString", |v| {
            *v = coming(ours).collect();
        }),
        case("FromIterator<string::CowString> for String", |v| {
            *v = coming(ours).collect::<String>().into();
        }),
        case("FromIterator<string::CowString> for Box<str>", |v| {
            *v = coming(ours).collect::<Box<str>>().into();
        }),
        case("FromIterator<string::CowString> for Cow<'_, str>", |v| {
            *v = coming(ours).collect::<Cow<'_, str>>().into();
        }),
        case("Hash for string::CowString", |v| v.hash(&mut Digest)),
        case("Write for string::CowString", |v| _ = write!(v, "{View}, {View}")),
        case("ToCowString for T", |v| *v = View.to_cow_string()),
        case("ToCowString for T", |v| *v = cow_format!("{View}, {View}")),
    ];
    cases.to_vec()
}

fn char_of(number: u8) -> char {
    *character(number)
}

fn no_text(_: u8) -> &'static str {
    ""
}

fn searches() -> Vec<Case<CowString>> {
    let cases: &[Case<CowString>] = &[
        case("string::Pattern for F | CowString::split_shared", |v| all(v.split_shared(vowel))),
        case("CowString::split_once_shared", |v| drop(v.split_once_shared(vowel))),
        case("CowString::share_all", |v| all(v.share_all(v.split(vowel)))),
        case("CowString::share_all", |v| all(v.share_all(coming(no_text)))),
        case("Iterator for string::SharedParts<'a, I>", |v| {
            folded(v.split_shared(vowel));
            drop(v.split_shared(vowel).nth(1));
            _ = v.split_shared(vowel).count();
        }),
        case("DoubleEndedIterator for string::SharedParts<'a, I>", |v| {
            tried(v.split_shared(vowel));
            drop(v.split_shared(vowel).nth_back(1));
        }),
        case("Clone for string::SharedParts<'a, I> | Debug for string::SharedParts<'a, I>", |v| {
            let captured = Item::<0>::of(1);
            let mut parts = v.split_shared(move |c| yes(captured.is_odd() && c == 'b'));
            drop(parts.next());
            drop(parts.clone());
            show(&parts);
        }),
        case("Iterator for string::IntoChars", |v| folded(v.clone().into_chars())),
        case("DoubleEndedIterator for string::IntoChars", |v| {
            rfolded(v.clone().into_chars());
            tried(v.clone().into_chars());
        }),
    ];
    cases.to_vec()
}

pub fn covers() -> Vec<&'static str> {
    [edits(), searches()].concat().iter().map(|case| case.covers).collect()
}

#[test]
fn string_that_is_edited_stays_valid() {
    assert_eq!(attack(&edits()), [""; 0]);
}

#[test]
fn string_that_is_searched_stays_valid() {
    assert_eq!(attack(&searches()), [""; 0]);
}
