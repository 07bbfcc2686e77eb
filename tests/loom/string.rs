//! Parts of a string in other threads, explored by loom: which handle may write, and which one frees.

use crate::common::check;
use cow_collections::CowString;
use loom::thread;

const TEXT: &str =
    "first line of some length\nsecond line of some length\nthird line of some length\n";

/// A part is read and dropped elsewhere, while the text is edited: in place if it is alone by then.
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

/// Another handle writes while parts are made and dropped, the text among them.
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

/// The text goes first: the last of its parts frees the block, wherever that is.
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
