//! Operations on texts, with `String` as the oracle.
//!
//! Bytes decode to a script of operations, so that property tests, fuzzing and saved inputs share one
//! interpreter. A script works on a few texts (clones, slices, static, inline) and on a vector of bytes,
//! which may share a buffer with them. After each operation every text is checked.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use cow_collections::{CowString, CowVec};
use std::borrow::{BorrowMut, Cow};
use std::fmt::{self, Write as _};
use std::mem::{forget, take};
use std::ops::{DerefMut, Range};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

/// An edit that `String` and `CowString` have under the same name.
///
/// Positions are reduced to valid ones. A number stands for a text through [`text`], and for a character
/// through [`character`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    Push(u8),
    PushStr(u8),
    Pop,
    Insert(u8, u8),
    InsertStr(u8, u8),
    Remove(u8),
    /// Keeps the characters for which [`keeps`] returns `true`.
    Retain(u8),
    Truncate(u8),
    Clear,
    /// Drains a range; the last field says how many characters to take from each end.
    Drain(u8, u8, u8),
    ReplaceRange(u8, u8, u8),
    ExtendFromWithin(u8, u8),
    /// Extends by an iterator of one of several item types. The last field is the number of repetitions.
    Extend(u8, u8, u8),
    /// Extends by an iterator that panics after a number of characters.
    ExtendPanics(u8, u8),
    Add(u8),
    AddAssign(u8),
    Write(u8, u8),
    /// Writes a text, then a value whose `Display` fails.
    WriteFails(u8),
    Reserve(u8),
    ReserveExact(u8),
    TryReserve(u8),
    TryReserveExact(u8),
    ShrinkTo(u8),
    ShrinkToFit,
    /// Changes the ASCII case in place through one of the mutable views, some of them of a range.
    MakeAscii(u8, u8, u8),
    /// Replaces the text by the result of a `to_*case` method.
    Case(u8),
    Replace(u8, u8),
    Replacen(u8, u8, u8),
    Repeat(u8),
    /// Converts to another owning type or encoding and back.
    Through(u8),
}

/// An operation on the texts. A number stands for the index of another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOp {
    Edit(Edit),
    /// Calls `retain` with a [`keeps`] that panics after a number of characters.
    RetainPanics(u8, u8),
    /// Drains a range, takes some characters, and forgets the drain.
    ForgetDrain(u8, u8, u8),
    /// Edits by a pattern. `String` has these methods only as unstable ones.
    Change(u8, u8, u8),
    /// Calls `into_chars` and takes a number of characters from the front and from the back.
    IntoChars(u8, u8),
    /// Extends the text and a clone of it in alternation.
    ExtendBesideClone(u8),
    /// Drops a clone of the text in the middle of `retain` or `drain`.
    EditBesideClone(u8, u8, u8),
    /// Makes a new text by one of the constructors.
    New(u8, u8),
    Clone,
    CloneFrom(u8),
    Drop,
    /// Takes a slice by one of the slicing methods.
    Slice(u8, u8, u8),
    /// Splits by a method that shares parts, and keeps one of the parts.
    Parts(u8, u8, u8),
    SplitOff(u8),
    /// Makes a new text from this one and another.
    Collect(u8, u8),
    /// Extends this text by another one.
    ExtendByTexts(u8, u8),
    /// Converts this text, or a clone of it, to the vector of bytes.
    ToBytes(bool),
    /// Appends a text to the vector of bytes, or truncates the vector.
    EditBytes(u8, u8),
    /// Converts a clone of the vector to a text, which shares its buffer.
    FromBytes,
}

/// An operation, the index of its text, and whether a hidden clone of that text exists meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub target: u8,
    pub hidden: bool,
    pub op: TextOp,
}

impl Step {
    pub const BYTES: usize = 5;

    /// Decodes a step. Any five bytes are valid.
    pub fn decode([kind, target, a, b, c]: [u8; Self::BYTES]) -> Self {
        Self { target: target & 0x7F, hidden: target > 0x7F, op: TextOp::decode(kind, a, b, c) }
    }

    /// Decodes the steps of a script. Fewer than five bytes at the end are ignored.
    pub fn script(bytes: &[u8]) -> Vec<Self> {
        let (steps, _) = bytes.as_chunks();
        steps.iter().map(|step| Self::decode(*step)).collect()
    }
}

impl TextOp {
    fn decode(kind: u8, a: u8, b: u8, c: u8) -> Self {
        match kind % 64 {
            0..44 => Self::Edit(Edit::decode(kind % 64, a, b, c)),
            44 => Self::Change(a, b, c),
            45 => Self::IntoChars(a, b),
            46 => Self::RetainPanics(a, b),
            47 => Self::ForgetDrain(a, b, c),
            48 => Self::ExtendBesideClone(a),
            49 => Self::EditBesideClone(a, b, c),
            50 | 51 => Self::New(a, b),
            52 | 53 => Self::Clone,
            54 => Self::CloneFrom(a),
            55 => Self::Drop,
            56 => Self::Slice(a, b, c),
            57 | 58 => Self::Parts(a, b, c),
            59 => Self::SplitOff(a),
            60 => Self::Collect(a, b),
            61 => Self::ExtendByTexts(a, b),
            62 => match a % 3 {
                0 => Self::ToBytes(b % 2 == 0),
                1 => Self::EditBytes(b, c),
                _ => Self::FromBytes,
            },
            _ => Self::FromBytes,
        }
    }
}

impl Edit {
    fn decode(kind: u8, a: u8, b: u8, c: u8) -> Self {
        match kind {
            0..3 => Self::Push(a),
            3..6 => Self::PushStr(a),
            6 | 7 => Self::Pop,
            8 => Self::Insert(a, b),
            9 => Self::InsertStr(a, b),
            10 => Self::Remove(a),
            11 => Self::Retain(a),
            12 => Self::Truncate(a),
            13 => Self::Clear,
            14 | 15 => Self::Drain(a, b, c),
            16 | 17 => Self::ReplaceRange(a, b, c),
            18 => Self::ExtendFromWithin(a, b),
            19 | 20 => Self::Extend(a, b, c),
            21 => Self::ExtendPanics(a, b),
            22 => Self::Add(a),
            23 => Self::AddAssign(a),
            24 => Self::Write(a, b),
            25 => Self::WriteFails(a),
            26 => Self::Reserve(a),
            27 => Self::ReserveExact(a),
            28 => Self::TryReserve(a),
            29 => Self::TryReserveExact(a),
            30 => Self::ShrinkTo(a),
            31 | 32 => Self::ShrinkToFit,
            33..36 => Self::MakeAscii(a, b, c),
            36 | 37 => Self::Case(a),
            38 | 39 => Self::Replace(a, b),
            40 => Self::Replacen(a, b, c),
            41 => Self::Repeat(a),
            _ => Self::Through(a),
        }
    }
}

/// The pieces of texts. They have lengths around the inline limit and characters of each width, and they
/// exercise case mapping, line breaks and patterns.
const PIECES: [&str; 16] = [
    "a",
    "ß",
    "€",
    "𝄞",
    ",",
    "\r\n",
    "\0",
    "Ab, cD",
    "ΑΣ Σ",
    "İﬁ\u{301}",
    "fourteen bytes",
    "fifteen bytes..",
    "sixteen byt€s..",
    "ß, of seventeen..",
    "  the line of 31 bytes, 𝄞\nor so ",
    "a line, some more of it; forty-one bytes €",
];

const CHARS: [char; 12] =
    ['a', 'B', ',', ' ', '\n', '\0', 'ß', 'Σ', '€', '\u{FFFD}', '𝄞', '\u{10FFFF}'];

/// The text that static texts are parts of.
static ALL: &str = "static, and of every width: ß, €, 𝄞.\nThe second line is plain, and so long that what \
                    is cut from it need not be short, a, B, c;\nand the third: Σ, İ.";

/// Longer texts are truncated first.
const LONG: usize = 240;

/// Returns one of the pieces, repeated up to four times, or the empty text.
pub fn text(n: u8) -> String {
    if n == u8::MAX { String::new() } else { piece(n).repeat(1 + usize::from(n) / 16 % 4) }
}

fn piece(n: u8) -> &'static str {
    PIECES[usize::from(n) % PIECES.len()]
}

pub fn character(n: u8) -> char {
    CHARS[usize::from(n) % CHARS.len()]
}

/// Returns the index of a character of `s`, or the length of `s`.
fn at(position: u8, s: &str) -> usize {
    s.floor_char_boundary(usize::from(position) % (s.len() + 1))
}

/// Returns a range of whole characters.
fn range(start: u8, count: u8, s: &str) -> Range<usize> {
    let start = at(start, s);
    start..start + at(count, &s[start..])
}

/// Returns whether the predicate with number `n` keeps `c`.
fn keeps(n: u8, c: char) -> bool {
    match n % 8 {
        0 => c.is_ascii(),
        1 => !c.is_ascii(),
        2 => c.is_alphanumeric(),
        3 => c == 'a',
        4 => c != 'a',
        5 => false,
        6 => true,
        _ => c as u32 & u32::from(n) == 0,
    }
}

/// The payload of an intended panic. It bypasses the panic hook, because the hook of a fuzz target aborts.
struct OnPurpose;

fn panic_on_purpose() -> ! {
    resume_unwind(Box::new(OnPurpose))
}

/// Returns whether `work` finishes without an intended panic.
fn survives(work: impl FnOnce()) -> bool {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(()) => true,
        Err(panic) if panic.is::<OnPurpose>() => false,
        Err(panic) => resume_unwind(panic),
    }
}

struct Fails;

impl fmt::Display for Fails {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

/// `with_pattern!(number, p => ..)` evaluates an expression with a pattern `p` of one of the types that `str`
/// accepts.
macro_rules! with_pattern {
    ($n:expr, $p:ident => $body:expr) => {{
        let n: u8 = $n;
        // The empty text is among them; it matches everywhere.
        let found = if n < 248 { text(n / 8 % 16) } else { String::new() };
        match n % 8 {
            0 | 1 => {
                let $p = character(n / 8);
                $body
            }
            2 | 3 => {
                let $p = &*found;
                $body
            }
            4 => {
                let $p = &found;
                $body
            }
            5 => {
                let $p = [',', 'a', 'ß'];
                $body
            }
            6 => {
                let $p = &[' ', '€'][..];
                $body
            }
            _ => {
                let $p = |c: char| !c.is_ascii_alphabetic();
                $body
            }
        }
    }};
}

/// `edit_as_string!(text, edit, Type)` performs an edit by methods that both types share by name. The oracle
/// is therefore the standard library itself. Evaluates to the edit's result as a text.
macro_rules! edit_as_string {
    ($s:expr, $edit:expr, $t:ty) => {{
        let s: &mut $t = $s;
        let (len, mut gave) = (s.len(), String::new());
        match $edit {
            Edit::Push(c) => s.push(character(c)),
            Edit::PushStr(t) => s.push_str(&text(t)),
            Edit::Pop => gave.extend(s.pop()),
            Edit::Insert(i, c) => s.insert(at(i, s), character(c)),
            Edit::InsertStr(i, t) => s.insert_str(at(i, s), &text(t)),
            Edit::Remove(i) if len > 0 => {
                gave.push(s.remove(s.floor_char_boundary(usize::from(i) % len)));
            }
            Edit::Remove(_) => {}
            Edit::Retain(n) => s.retain(|c| {
                gave.push(c);
                keeps(n, c)
            }),
            Edit::Truncate(i) => {
                s.truncate(at(i, s));
                s.truncate(usize::from(i) + len);
            }
            Edit::Clear => s.clear(),
            Edit::Drain(i, n, c) => {
                let mut drain = s.drain(range(i, n, s));
                gave.extend(drain.by_ref().take(usize::from(c % 4)));
                gave.extend(drain.by_ref().rev().take(usize::from(c / 4 % 4)));
                gave.push_str(drain.as_str());
                gave.extend((c > 200).then(|| drain.last()).flatten());
            }
            Edit::ReplaceRange(i, n, t) => s.replace_range(range(i, n, s), &text(t)),
            Edit::ExtendFromWithin(i, n) => s.extend_from_within(range(i, n, s)),
            Edit::Extend(kind, t, n) => {
                let (t, n) = (text(t), usize::from(n % 4));
                let chars: Vec<char> = t.chars().collect();
                match kind % 7 {
                    0 => s.extend(t.chars()),
                    1 => s.extend(&chars),
                    2 => s.extend(vec![&*t; n]),
                    3 => s.extend(vec![t; n]),
                    4 => s.extend(vec![t.into_boxed_str(); n]),
                    5 => s.extend([Cow::Borrowed(&*t), Cow::Owned(t.clone())]),
                    _ => s.extend(vec![<$t>::from(t); n]),
                }
            }
            Edit::ExtendPanics(t, n) => {
                let (t, mut left) = (text(t), n % 16);
                survives(|| {
                    s.extend(t.chars().inspect(|_| match left {
                        0 => panic_on_purpose(),
                        _ => left -= 1,
                    }))
                });
            }
            Edit::Add(t) => *s = take(s) + &text(t),
            Edit::AddAssign(t) => *s += &text(t),
            Edit::Write(t, n) => {
                write!(s, "{}{:>4}{n:03}", text(t), character(n)).unwrap();
                s.write_char(character(t)).unwrap();
            }
            Edit::WriteFails(t) => assert!(write!(s, "{}{Fails}more", text(t)).is_err()),
            Edit::Reserve(n) => {
                s.reserve(n.into());
                assert!(s.capacity() >= len + usize::from(n));
            }
            Edit::ReserveExact(n) => {
                s.reserve_exact(n.into());
                assert!(s.capacity() >= len + usize::from(n));
            }
            Edit::TryReserve(n) => {
                s.try_reserve(n.into()).unwrap();
                assert!(s.capacity() >= len + usize::from(n));
                assert!(s.try_reserve(usize::MAX).is_err());
            }
            Edit::TryReserveExact(n) => {
                assert!(s.try_reserve_exact(usize::MAX).is_err());
                s.try_reserve_exact(n.into()).unwrap();
                assert!(s.capacity() >= len + usize::from(n));
            }
            Edit::ShrinkTo(n) => s.shrink_to(n.into()),
            Edit::ShrinkToFit => s.shrink_to_fit(),
            Edit::MakeAscii(view, i, n) => {
                let part = range(i, n, s);
                match view % 9 {
                    0 => s.make_ascii_uppercase(),
                    1 => s.as_mut_str().make_ascii_lowercase(),
                    2 => AsMut::<str>::as_mut(s).make_ascii_uppercase(),
                    3 => BorrowMut::<str>::borrow_mut(s).make_ascii_lowercase(),
                    4 => s[part].make_ascii_uppercase(),
                    5 => s.get_mut(part).unwrap().make_ascii_lowercase(),
                    6 => s.deref_mut().make_ascii_lowercase(),
                    7 => s.make_ascii_lowercase(),
                    _ => {
                        let (head, rest) = s.split_at_mut(part.start);
                        head.make_ascii_uppercase();
                        rest.make_ascii_lowercase();
                    }
                }
            }
            Edit::Case(0..64) => *s = s.to_lowercase(),
            Edit::Case(64..128) => *s = s.to_uppercase(),
            Edit::Case(128..192) => *s = s.to_ascii_lowercase(),
            Edit::Case(_) => *s = s.to_ascii_uppercase(),
            Edit::Replace(p, t) => *s = with_pattern!(p, p => s.replace(p, piece(t))),
            Edit::Replacen(p, t, n) => {
                *s = with_pattern!(p, p => s.replacen(p, piece(t), usize::from(n % 4)));
            }
            Edit::Repeat(n) => *s = s.repeat(usize::from(n % 4)),
            Edit::Through(way) => {
                let old = take(s);
                *s = match way % 19 {
                    0 => String::from(old).into(),
                    1 => Box::<str>::from(old).into(),
                    2 => Arc::<str>::from(old)[..].into(),
                    3 => Rc::<str>::from(old)[..].into(),
                    4 => Cow::<str>::from(old).into(),
                    5 => Cow::<str>::from(&old).into(),
                    6 => <$t>::try_from(Vec::<u8>::from(old)).unwrap(),
                    7 => <$t>::try_from(old.into_bytes()).unwrap(),
                    8 => <$t>::from_utf8(Vec::from(old)).unwrap(),
                    9 => old.into_boxed_str().into(),
                    10 => <$t>::from_utf8_lossy(old.as_bytes()).into(),
                    11 => <$t>::from_utf16(&old.encode_utf16().collect::<Vec<u16>>()).unwrap(),
                    12 => <$t>::from_utf16_lossy(&old.encode_utf16().collect::<Vec<u16>>()),
                    13 => old.parse().unwrap(),
                    14 => old.chars().collect(),
                    15 => old.chars().collect::<Vec<char>>().iter().collect(),
                    16 => old.split_inclusive(',').collect(),
                    17 => [old].into_iter().collect(),
                    _ => <$t>::from(&old),
                };
            }
        }
        gave
    }};
}

/// A text and its oracle.
pub struct Live {
    ours: CowString,
    theirs: String,
}

impl Live {
    /// Performs an operation on this text alone. Returns the text that the operation makes, if any.
    fn apply(&mut self, op: TextOp, now: fmt::Arguments<'_>) -> Option<Self> {
        match op {
            TextOp::Edit(edit) => self.edit(edit, now),
            TextOp::RetainPanics(n, when) => self.retain_panics(n, when, now),
            TextOp::ForgetDrain(i, n, c) => self.forget_drain(i, n, c),
            TextOp::Change(way, p, t) => self.change(way, p, t),
            TextOp::IntoChars(front, back) => return Some(self.take_chars(front, back, now)),
            TextOp::EditBesideClone(n, i, c) => self.edit_beside_clone(n, i, c),
            TextOp::ExtendBesideClone(t) => return Some(self.extend_beside_clone(t)),
            TextOp::New(way, t) => return Some(Self::new(way, t)),
            TextOp::Clone => return Some(self.clone()),
            TextOp::Slice(way, i, n) => return Some(self.slice(way, i, n, now)),
            TextOp::Parts(way, p, n) => {
                let mut parts = self.parts(way, p, now);
                let n = usize::from(n) % parts.len().max(1);
                return (n < parts.len()).then(|| parts.swap_remove(n));
            }
            TextOp::SplitOff(i) => return Some(self.split_off(i)),
            _ => unreachable!("handled by `World::perform`"),
        }
        None
    }

    fn edit(&mut self, edit: Edit, now: fmt::Arguments<'_>) {
        let place = |s: &CowString| (s.as_ptr(), s.heap_bytes());
        let (room, before) = (self.ours.capacity(), place(&self.ours));
        let gave = edit_as_string!(&mut self.ours, edit, CowString);
        let expected = edit_as_string!(&mut self.theirs, edit, String);
        assert_eq!(gave, expected, "{now} gave");
        if matches!(edit, Edit::Push(_) | Edit::PushStr(_) | Edit::ExtendFromWithin(..)) {
            let (fits, stays) = (self.theirs.len() <= room, place(&self.ours) == before);
            assert_eq!(stays, fits, "{now}: a capacity of {room}");
        }
    }

    pub fn from(ours: CowString, theirs: String) -> Self {
        Self { ours, theirs }
    }

    /// Calls `retain` with a predicate that may panic. Afterwards the text is unchanged, or, if it was unique, may
    /// lack the characters rejected so far.
    fn retain_panics(&mut self, n: u8, when: u8, now: fmt::Arguments<'_>) {
        let when = usize::from(when % 32);
        let alone = self.ours.is_unique();
        let mut asked = 0;
        let all = survives(|| {
            self.ours.retain(|c| {
                if asked == when {
                    panic_on_purpose();
                }
                asked += 1;
                keeps(n, c)
            });
        });
        let mut place = 0;
        let mut kept = self.theirs.clone();
        kept.retain(|c| {
            place += 1;
            place > asked || keeps(n, c)
        });
        assert!(all || asked == when, "{now}: only the predicate panics");
        if all || alone && self.ours == kept {
            self.theirs = kept;
        }
    }

    fn forget_drain(&mut self, i: u8, n: u8, c: u8) {
        let mut drain = self.ours.drain(range(i, n, &self.theirs));
        drain.by_ref().take(usize::from(c % 4)).for_each(drop);
        drain.by_ref().rev().take(usize::from(c / 4 % 4)).for_each(drop);
        forget(drain);
    }

    fn change(&mut self, way: u8, p: u8, t: u8) {
        with_pattern!(p, p => match way % 3 {
            0 => {
                self.ours.remove_matches(p);
                self.theirs = self.theirs.replace(p, "");
            }
            1 => {
                self.ours.replace_first(p, &text(t));
                self.theirs = self.theirs.replacen(p, &text(t), 1);
            }
            _ => {
                self.ours.replace_last(p, &text(t));
                let last = self.theirs.rmatch_indices(p).next();
                if let Some(range) = last.map(|(start, found)| start..start + found.len()) {
                    self.theirs.replace_range(range, &text(t));
                }
            }
        });
    }

    /// Takes characters from both ends and returns the rest as a text.
    fn take_chars(&self, front: u8, back: u8, now: fmt::Arguments<'_>) -> Self {
        let (mut ours, mut theirs) = (self.ours.clone().into_chars(), self.theirs.chars());
        for _ in 0..front % 32 {
            assert_eq!(ours.next(), theirs.next(), "{now}");
        }
        for _ in 0..back % 32 {
            assert_eq!(ours.next_back(), theirs.next_back(), "{now}");
        }
        assert_eq!(ours.as_str(), theirs.as_str(), "{now}");
        assert!(ours.clone().rev().eq(theirs.clone().rev()), "{now}");
        self.part(ours.into_string(), theirs.as_str(), now)
    }

    /// Extends this text while a clone is pushed to, so that both compete for the bytes behind the text. Returns
    /// the clone.
    fn extend_beside_clone(&mut self, t: u8) -> Self {
        let mut other = self.clone();
        self.ours.extend(text(t).chars().inspect(|c| {
            other.ours.push(*c);
            other.ours.push('-');
        }));
        for c in text(t).chars() {
            self.theirs.push(c);
            other.theirs.extend([c, '-']);
        }
        other
    }

    fn edit_beside_clone(&mut self, n: u8, i: u8, c: u8) {
        let mut other = Some(self.ours.clone());
        if n < 128 {
            let mut left = c % 16;
            let keep = |c: char| {
                left = left.wrapping_sub(1);
                if left == 0 {
                    other = None;
                }
                keeps(n, c)
            };
            self.ours.retain(keep);
            self.theirs.retain(|c| keeps(n, c));
        } else {
            let range = range(i, c, &self.theirs);
            let mut drain = self.ours.drain(range.clone());
            drain.next();
            drop(other);
            drain.next_back();
            drop(drain);
            self.theirs.drain(range);
        }
    }

    fn new(way: u8, t: u8) -> Self {
        let theirs = text(t);
        let ours = match way % 8 {
            0 | 1 => CowString::from(&*theirs),
            2 => {
                let room = theirs.len() + usize::from(way);
                let mut roomy = CowString::try_with_capacity(room).unwrap();
                assert!(roomy.capacity() >= room);
                roomy.push_str(&theirs);
                roomy
            }
            3 => return Self::from(CowString::from(character(t)), character(t).to_string()),
            4 => return Self::from(CowString::new(), String::new()),
            5 => CowString::from(theirs.clone().as_mut_str()),
            _ => {
                let part = &ALL[range(way / 8 * 6, t, ALL)];
                return Self::from(CowString::from_static(part), part.into());
            }
        };
        Self { ours, theirs }
    }

    fn slice(&self, way: u8, i: u8, n: u8, now: fmt::Arguments<'_>) -> Self {
        let (s, Range { start, end }) = (&self.ours, range(i, n, &self.theirs));
        let (part, range) = match way % 8 {
            0 => (s.slice(start..end), start..end),
            1 => (s.slice(start..), start..s.len()),
            2 => (s.slice(..end), 0..end),
            3 => (s.slice(..), 0..s.len()),
            4 => (s.try_slice(start..end).unwrap(), start..end),
            5 => (s.slice_ref(&s[start..end]), start..end),
            6 => (s.try_slice_ref(&s[..end]).unwrap(), 0..end),
            _ => {
                let (first, second) = s.split_at(start);
                assert_eq!(s.slice_ref(first), self.theirs[..start], "{now}");
                (s.slice_ref(second), start..s.len())
            }
        };
        assert!(s.try_slice(..=s.len()).is_none(), "{now}");
        self.part(part, &self.theirs[range], now)
    }

    /// Checks that a part shares the buffer of this text, unless it is inline.
    fn part(&self, ours: CowString, theirs: &str, now: fmt::Arguments<'_>) -> Self {
        assert_eq!(ours, theirs, "{now}");
        assert_eq!(ours.is_inline(), theirs.len() <= 15, "{now}");
        let shared = self.ours.as_bytes().as_ptr_range().contains(&ours.as_ptr());
        assert!(ours.is_inline() || shared, "{now}: the part was copied");
        Self::from(ours, theirs.into())
    }

    /// Returns the parts that one of the sharing methods finds.
    fn parts(&self, way: u8, p: u8, now: fmt::Arguments<'_>) -> Vec<Self> {
        let (s, t, n, c) = (&self.ours, &*self.theirs, usize::from(way / 32), character(way));
        let (ours, theirs): (Vec<CowString>, Vec<&str>) = with_pattern!(p, p => match way % 21 {
            0 => (s.split_shared(p).collect(), t.split(p).collect()),
            1 => (s.share_all(s.rsplit(p)).collect(), t.rsplit(p).collect()),
            2 => (s.share_all(s.splitn(n, p)).collect(), t.splitn(n, p).collect()),
            3 => (s.share_all(s.rsplitn(n, p)).collect(), t.rsplitn(n, p).collect()),
            4 => (s.share_all(s.split_terminator(p)).collect(), t.split_terminator(p).collect()),
            5 => (s.share_all(s.rsplit_terminator(p)).collect(), t.rsplit_terminator(p).collect()),
            6 => (s.share_all(s.split_inclusive(p)).collect(), t.split_inclusive(p).collect()),
            7 => (s.split_whitespace_shared().collect(), t.split_whitespace().collect()),
            8 => (s.share_all(s.split_ascii_whitespace()).collect(), t.split_ascii_whitespace().collect()),
            9 => (s.lines_shared().collect(), t.lines().collect()),
            10 => (s.split_shared(c).rev().collect(), t.split(c).rev().collect()),
            11 => (s.share_all(s.strip_prefix(p)).collect(), Vec::from_iter(t.strip_prefix(p))),
            12 => (s.share_all(s.strip_suffix(p)).collect(), Vec::from_iter(t.strip_suffix(p))),
            13 => (vec![s.trim_shared()], vec![t.trim()]),
            14 => (vec![s.slice_ref(s.trim_start())], vec![t.trim_start()]),
            15 => (vec![s.slice_ref(s.trim_end())], vec![t.trim_end()]),
            16 => (vec![s.slice_ref(s.trim_matches(c))], vec![t.trim_matches(c)]),
            17 => (vec![s.slice_ref(s.trim_start_matches(p))], vec![t.trim_start_matches(p)]),
            18 => (vec![s.slice_ref(s.trim_end_matches(p))], vec![t.trim_end_matches(p)]),
            19 => (both(s.split_once_shared(p)), both(t.split_once(p))),
            _ => (s.share_all(both(s.rsplit_once(p))).collect(), both(t.rsplit_once(p))),
        });
        assert_eq!(ours.len(), theirs.len(), "{now}");
        ours.into_iter().zip(theirs).map(|(ours, theirs)| self.part(ours, theirs, now)).collect()
    }

    fn extend_by_texts(&mut self, way: u8, Self { ours, theirs }: &Self) {
        match way % 4 {
            0 => self.ours.extend([ours]),
            1 => self.ours.extend([ours.clone()]),
            2 => self.ours.push_str(ours),
            _ => self.ours = take(&mut self.ours) + ours,
        }
        self.theirs.push_str(theirs);
    }

    fn split_off(&mut self, i: u8) -> Self {
        let i = at(i, &self.theirs);
        Self::from(self.ours.split_off(i), self.theirs.split_off(i))
    }

    fn collect(&self, way: u8, other: &Self) -> Self {
        let (a, b) = (&self.ours, &other.ours);
        let ours = match way % 6 {
            0 => [a, b].into_iter().collect(),
            1 => CowString::concat(&[a, b]),
            2 => CowString::from(a) + b,
            3 => a.clone() + b,
            4 => [a.clone(), b.clone(), a.clone()].into_iter().collect(),
            _ => CowString::join(&[a, b, a], piece(way)),
        };
        let (a, b) = (&*self.theirs, &*other.theirs);
        let theirs = match way % 6 {
            0..4 => a.to_owned() + b,
            4 => [a, b, a].concat(),
            _ => [a, b, a].join(piece(way)),
        };
        Self { ours, theirs }
    }

    fn check(&self, now: fmt::Arguments<'_>) {
        let Self { ours, theirs } = self;
        assert_eq!(ours.as_bytes(), theirs.as_bytes(), "after {now}");
        assert_eq!((ours.as_str(), ours.len()), (&**theirs, theirs.len()), "after {now}");
        let (room, memory) = (ours.capacity(), ours.heap_bytes());
        assert!(room >= ours.len() && ours.retained_len() >= ours.len(), "after {now}");
        if ours.is_inline() || ours.is_static() {
            assert_eq!((ours.strong_count(), memory), (0, 0), "after {now}");
            assert_eq!(room, if ours.is_inline() { 15 } else { ours.len() }, "after {now}");
        } else {
            assert!(ours.strong_count() > 0 && memory > ours.retained_len(), "after {now}");
            assert!(memory > room, "after {now}");
        }
    }
}

impl Clone for Live {
    fn clone(&self) -> Self {
        Self::from(self.ours.clone(), self.theirs.clone())
    }
}

fn both<T>(pair: Option<(T, T)>) -> Vec<T> {
    pair.into_iter().flat_map(|(a, b)| [a, b]).collect()
}

/// The state that a script works on.
struct World {
    texts: Vec<Live>,
    bytes: CowVec<u8>,
    expected_bytes: String,
}

impl World {
    const TEXTS: usize = 6;

    fn new(text: Live) -> Self {
        Self { texts: vec![text], bytes: CowVec::new(), expected_bytes: String::new() }
    }

    fn place(&self, n: u8) -> usize {
        usize::from(n) % self.texts.len()
    }

    fn apply(&mut self, step: Step, now: fmt::Arguments<'_>) {
        let this = self.place(step.target);
        let hidden = step.hidden.then(|| self.texts[this].clone());
        let long = self.texts[this].theirs.len() > LONG;
        let op = if long { TextOp::Edit(Edit::Truncate(100)) } else { step.op };
        if let Some(new) = self.perform(this, op, now) {
            if self.texts.len() < Self::TEXTS {
                self.texts.push(new);
            } else {
                self.texts[usize::from(step.target / 8) % Self::TEXTS] = new;
            }
        }
        if let Some(hidden) = hidden {
            hidden.check(now);
        }
        self.check(now);
    }

    /// Performs an operation on the text with index `this`. Returns the new text, if any.
    fn perform(&mut self, this: usize, op: TextOp, now: fmt::Arguments<'_>) -> Option<Live> {
        match op {
            TextOp::CloneFrom(n) => {
                let (source, n) = (self.texts[this].clone(), self.place(n));
                self.texts[n].ours.clone_from(&source.ours);
                self.texts[n].theirs = source.theirs;
            }
            TextOp::Drop => {
                let gone = self.texts.swap_remove(this);
                if self.texts.is_empty() {
                    self.texts.push(Live::from(CowString::default(), String::new()));
                }
                drop(gone);
            }
            TextOp::Collect(way, n) => {
                let other = self.other(n);
                return Some(self.texts[this].collect(way, &other));
            }
            TextOp::ExtendByTexts(way, n) => {
                let other = self.other(n);
                self.texts[this].extend_by_texts(way, &other);
            }
            TextOp::ToBytes(clone) => {
                let Live { ours, theirs } = &mut self.texts[this];
                self.expected_bytes.clone_from(theirs);
                self.bytes = if clone {
                    ours.clone().into_bytes()
                } else {
                    theirs.clear();
                    take(ours).into()
                };
            }
            TextOp::EditBytes(i, t) if i < 128 && self.bytes.len() < LONG => {
                self.bytes.extend_from_slice(text(t).as_bytes());
                self.expected_bytes.push_str(&text(t));
            }
            TextOp::EditBytes(i, _) => {
                let len = at(i, &self.expected_bytes);
                self.bytes.truncate(len);
                self.expected_bytes.truncate(len);
            }
            TextOp::FromBytes => {
                let ours = self.bytes.clone().try_into().unwrap();
                return Some(Live::from(ours, self.expected_bytes.clone()));
            }
            op => return self.texts[this].apply(op, now),
        }
        None
    }

    /// Returns a clone of the text with index `n`, truncated if it is long.
    fn other(&self, n: u8) -> Live {
        let mut other = self.texts[self.place(n)].clone();
        if other.theirs.len() > LONG {
            let len = at(100, &other.theirs);
            other.ours.truncate(len);
            other.theirs.truncate(len);
        }
        other
    }

    fn check(&self, now: fmt::Arguments<'_>) {
        self.texts.iter().for_each(|live| live.check(now));
        for [a, b] in self.texts.array_windows() {
            assert_eq!(a.ours == b.ours, a.theirs == b.theirs, "after {now}");
            assert_eq!(a.ours.cmp(&b.ours), a.theirs.cmp(&b.theirs), "after {now}");
            assert!(!a.ours.ptr_eq(&b.ours) || a.theirs == b.theirs, "after {now}");
        }
        assert_eq!(self.bytes, *self.expected_bytes.as_bytes(), "after {now}");
    }
}

/// Runs a script on one empty text.
pub fn run(script: &[Step]) {
    run_from(Live::from(CowString::new(), String::new()), script);
}

/// Runs a script on a given text.
pub fn run_from(text: Live, script: &[Step]) {
    let mut world = World::new(text);
    for (i, step) in script.iter().enumerate() {
        world.apply(*step, format_args!("step {i}: {step:?}"));
    }
}
