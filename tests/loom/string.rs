//! Loom models of parts of a string on several threads: which handle may write, and which one frees the block.

use crate::common::check;
use cow_collections::CowString;
use loom::thread;

const TEXT: &str =
    "first line of some length\nsecond line of some length\nthird line of some length\n";

/// One thread reads and drops a part. Another edits the text, in place if its handle is unique by then.
#[test]
fn make_mut_against_a_dropping_part_copies_or_edits_in_place() {
    check(10, || {
        let mut text = CowString::from(TEXT);
        let mut lines = text.lines_shared();
        let (first, second) = (lines.next().unwrap(), lines.next().unwrap());
        let reader = thread::spawn(move || assert_eq!(&second[..6], "second"));
        drop(first);
        text.make_mut().make_ascii_uppercase();
        assert_eq!(&text[..5], "FIRST");
        reader.join().unwrap();
    });
}

/// One thread reads and drops the whole text. Another shortens a clone and appends to it, over the bytes that the first
/// one reads if the clone is unique by then.
#[test]
fn push_on_a_shortened_clone_against_a_dropping_text_copies_or_overwrites() {
    check(5, || {
        let text = CowString::from(TEXT);
        let mut clone = text.clone();
        let reader = thread::spawn(move || assert_eq!(&text[26..32], "second"));
        clone.truncate(26);
        clone.push_str("then");
        assert_eq!(&clone[20..], "ength\nthen");
        reader.join().unwrap();
    });
}

/// One thread reads and drops the whole text. Another replaces a part of a clone, in place if the clone is unique by
/// then.
#[test]
fn replace_range_on_a_clone_against_a_dropping_text_copies_or_edits_in_place() {
    check(5, || {
        let text = CowString::from(TEXT);
        let mut clone = text.clone();
        let reader = thread::spawn(move || assert_eq!(&text[26..32], "second"));
        clone.replace_range(6..10, "text");
        assert_eq!(&clone[..10], "first text");
        reader.join().unwrap();
    });
}

/// One thread reads and drops a clone. Another edits the text in the middle, in place if its handle is unique by then.
#[test]
fn insert_on_a_text_against_a_dropping_clone_copies_or_edits_in_place() {
    check(5, || {
        let mut text = CowString::with_capacity(2 * TEXT.len());
        text.push_str(TEXT);
        let clone = text.clone();
        let reader = thread::spawn(move || assert_eq!(&clone[26..32], "second"));
        text.insert(6, 'x');
        assert_eq!(&text[..11], "first xline");
        reader.join().unwrap();
    });
}

/// One handle writes while another thread makes parts, and drops them and its own handle.
#[test]
fn make_mut_against_parts_keeps_their_text() {
    check(50, || {
        let text = CowString::from(TEXT);
        let mut other = text.clone();
        let writer = thread::spawn(move || {
            other.make_mut().make_ascii_uppercase();
            assert_eq!(&other[..5], "FIRST");
        });
        let mut lines = text.lines_shared();
        lines.next();
        let second = lines.next().unwrap();
        drop(text);
        assert_eq!(&second[..6], "second");
        drop(second);
        writer.join().unwrap();
    });
}

/// Two parts and the text are dropped on three threads. The last handle frees the block.
#[test]
fn drop_of_parts_by_two_threads_frees_once() {
    check(50, || {
        let text = CowString::from(TEXT);
        let parts: Vec<CowString> = text.lines_shared().skip(1).collect();
        let threads = parts.into_iter().map(|part| {
            thread::spawn(move || {
                assert!(part.ends_with(" line of some length"));
                drop(part);
            })
        });
        let threads: Vec<_> = threads.collect();
        drop(text);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}
