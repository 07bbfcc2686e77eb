//! A guest book that many threads sign, and its loom model: run with `RUSTFLAGS="--cfg cow_loom"`.

use cow_collections::{CopyOnWriteList, CowVec};

pub type Book = CopyOnWriteList<&'static str>;

/// Signs the book.
pub fn sign(book: &Book, name: &'static str) {
    book.update(|names| names.push(name));
}

/// Signs a copy of the book and stores it. Names that others sign meanwhile are lost.
pub fn sign_a_copy(book: &Book, name: &'static str) {
    let mut names: CowVec<&str> = book.snapshot();
    names.push(name);
    book.store(names);
}

#[cfg(all(test, cow_loom))]
mod model {
    use super::*;
    use loom::{sync::Arc, thread};

    /// Explores two threads that sign.
    fn two_guests(sign: fn(&Book, &'static str)) {
        loom::model(move || {
            let book = Arc::new(Book::new());
            let other = book.clone();
            let guest = thread::spawn(move || sign(&other, "Ada"));
            sign(&book, "Grace");
            guest.join().unwrap();
            assert_eq!(book.len(), 2, "a name was lost");
        });
    }

    #[test]
    fn no_name_is_lost() {
        two_guests(sign);
    }

    #[test]
    #[should_panic(expected = "a name was lost")]
    fn loom_finds_the_bug() {
        two_guests(sign_a_copy);
    }
}

/// The loom test of the page `docs::recipes`. It needs the flag as well.
#[cfg(doctest)]
#[doc = include_str!("../../../../src/docs/recipes_loom.md")]
mod recipe {}
