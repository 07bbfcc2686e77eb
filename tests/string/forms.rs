//! Texts in every form that a `CowString` can have, and the check of an operation beside `String`.

use cow_collections::CowString;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Lengths around each edge: inline, words, the first block and its growth.
pub fn lengths() -> Vec<usize> {
    if cfg!(miri) { vec![15, 33] } else { (0..=17).chain(31..=33).chain(63..=65).collect() }
}

/// Texts of `n` bytes: plain, and with a character of 2, 3 and 4 bytes across or at the end.
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

/// The ways in which a `CowString` holds a text. The second value keeps whatever must not change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// Inline, or the only handle of its buffer.
    Unique,
    /// The only handle, with room.
    Roomy,
    /// With a clone; the bytes after its end are free.
    Shared,
    /// With a longer clone that has taken the bytes after its end.
    Taken,
    /// From the middle of a buffer whose other handles are gone.
    Middle,
    /// From the middle of a buffer that others hold.
    SharedMiddle,
    /// A shortened handle, the only one left, of a buffer with more bytes claimed.
    Orphans,
    /// Static text, also when short.
    Static,
}

pub const FORMS: [Form; 8] = [
    Form::Unique,
    Form::Roomy,
    Form::Shared,
    Form::Taken,
    Form::Middle,
    Form::SharedMiddle,
    Form::Orphans,
    Form::Static,
];

const PREFIX: &str = "a prefix of more than fifteen bytes, €";
const SUFFIX: &str = "€ and a suffix of more than fifteen";

impl Form {
    /// `text` in this form, and copies that share what it shares.
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
            // A long slice first, so that even short texts are not inline.
            Self::Middle => (shortened(&around(), text), vec![]),
            Self::SharedMiddle => {
                let all = around();
                (all.slice(middle), vec![all])
            }
            Self::Orphans => {
                let mut s = around();
                s = s.slice(PREFIX.len()..);
                s.truncate(text.len());
                (s, vec![])
            }
            Self::Static => {
                // What is found in one static costs nothing.
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

/// A static text. It can be reached for ever, so that no checker takes it for lost.
fn lasting(text: String) -> &'static str {
    static ALL: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let mut all = ALL.lock().unwrap();
    if !all.contains(&*text) {
        all.insert(text.clone().leak());
    }
    all.get(&*text).unwrap()
}

/// `text` out of the middle of `all`, in its buffer whatever its length.
fn shortened(all: &CowString, text: &str) -> CowString {
    let mut s = all.slice(PREFIX.len()..);
    s.truncate(text.len());
    s
}

/// Runs an operation on each text in each form beside `String`, and looks at the copies after.
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
            // What is left works on.
            s.push_str("more of it");
            assert_eq!(s, expected + "more of it", "{form:?}");
            assert_eq!(copies, before, "{form:?}: a copy changed");
        }
    }
}
