//! Makes texts in every form of a `CowString`, and compares an operation on each with `String`.

use cow_collections::CowString;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Returns lengths around each limit: a word, inline, the first block and its growth.
pub fn lengths() -> Vec<usize> {
    if cfg!(miri) { vec![15, 33] } else { (0..=17).chain(31..=33).chain(63..=65).collect() }
}

/// Returns texts of `n` bytes: ASCII, and with a character of 2, 3 or 4 bytes at the end or the start.
pub fn texts(n: usize) -> Vec<String> {
    let plain = |n: usize| (0..n).map(|i| char::from(b'a' + (i % 26) as u8)).collect::<String>();
    if cfg!(miri) {
        return vec![plain(n - 3) + "€"];
    }
    let mut all = vec![plain(n)];
    for wide in ["ß", "€", "𝄞"] {
        if n >= wide.len() {
            all.push(plain(n - wide.len()) + wide);
            all.push(wide.to_owned() + &plain(n - wide.len()));
        }
    }
    all
}

/// A way in which a `CowString` holds a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Inline, or the unique owner of its buffer.
    Unique,
    /// The unique owner of a buffer with spare capacity.
    Roomy,
    /// Shared with clones; the bytes after the end are free.
    Shared,
    /// Shared with a longer clone that has claimed the bytes after the end.
    Taken,
    /// A unique owner in the middle of a buffer.
    Middle,
    /// A shared slice in the middle of a buffer.
    SharedMiddle,
    /// A truncated handle that is the unique owner of a buffer with excess bytes.
    Excess,
    /// A static text, even if short.
    Static,
}

pub const FORMS: [Form; 8] = [
    Form::Unique,
    Form::Roomy,
    Form::Shared,
    Form::Taken,
    Form::Middle,
    Form::SharedMiddle,
    Form::Excess,
    Form::Static,
];

const PREFIX: &str = "a prefix of more than fifteen bytes, €";
const SUFFIX: &str = "€ and a suffix of more than fifteen";

impl Form {
    /// Returns `text` in this form, and copies that share its buffer or static text.
    pub fn make(self, text: &str) -> (CowString, Vec<CowString>) {
        let roomy = || {
            let mut s = CowString::with_capacity(text.len() + 40);
            s.push_str(text);
            s
        };
        let around = || CowString::from([PREFIX, text, SUFFIX].concat());
        let middle = PREFIX.len()..PREFIX.len() + text.len();
        match self {
            Self::Unique => (text.into(), vec![]),
            Self::Roomy => (roomy(), vec![]),
            Self::Shared => {
                let s = roomy();
                (s.clone(), vec![s.clone(), s])
            }
            Self::Taken => {
                let (s, mut longer) = (roomy(), roomy());
                longer.clone_from(&s);
                longer.push_str("taken");
                (s, vec![longer])
            }
            // Takes a long slice first, because a short slice would be inline.
            Self::Middle => (shortened(&around(), text), vec![]),
            Self::SharedMiddle => {
                let all = around();
                (all.slice(middle), vec![all])
            }
            Self::Excess => {
                let mut s = around();
                s = s.slice(PREFIX.len()..);
                s.truncate(text.len());
                (s, vec![])
            }
            Self::Static => {
                // A prefix of this static needs no leak.
                static ALL: &str =
                    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm";
                let whole = if ALL.starts_with(text) {
                    ALL
                } else if cfg!(miri) {
                    return (text.into(), vec![]);
                } else {
                    lasting([text, SUFFIX].concat())
                };
                let mut s = CowString::from_static(whole);
                s.truncate(text.len());
                (s.clone(), vec![s])
            }
        }
    }
}

/// Leaks a text. A static keeps it reachable, so that leak checkers do not report it.
fn lasting(text: String) -> &'static str {
    static ALL: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let mut all = ALL.lock().unwrap();
    if !all.contains(&*text) {
        all.insert(text.clone().leak());
    }
    all.get(&*text).unwrap()
}

/// Returns `text` from the middle of `all`, in the buffer of `all` even if it is short.
fn shortened(all: &CowString, text: &str) -> CowString {
    let mut s = all.slice(PREFIX.len()..);
    s.truncate(text.len());
    s
}

/// Runs an operation on each text in each form and on `String`, compares them, and checks that copies are unchanged.
#[track_caller]
pub fn check<R: PartialEq + std::fmt::Debug>(
    ours: impl Fn(&mut CowString) -> R,
    theirs: impl Fn(&mut String) -> R,
) {
    for text in lengths().into_iter().flat_map(texts) {
        for form in FORMS {
            let (mut s, copies) = form.make(&text);
            assert_eq!(s, text, "{form:?}");
            let before: Vec<String> = copies.iter().map(String::from).collect();
            let kept = s.clone();

            let mut shared = s.clone();
            let mut expected = text.clone();
            let expected_result = theirs(&mut expected);
            assert_eq!(ours(&mut shared), expected_result, "{form:?} {text:?}, shared");
            assert_eq!(shared, expected, "{form:?} {text:?}, shared");
            assert_eq!(kept, text, "{form:?}: a copy changed");
            assert_eq!(s, text, "{form:?}: a copy changed");
            drop((shared, kept));

            assert_eq!(ours(&mut s), expected_result, "{form:?} {text:?}");
            assert_eq!(s, expected, "{form:?} {text:?}");
            assert_eq!(copies, before, "{form:?}: a copy changed");
            // The text stays usable.
            s.push_str("more of it");
            assert_eq!(s, expected + "more of it", "{form:?}");
            assert_eq!(copies, before, "{form:?}: a copy changed");
        }
    }
}
