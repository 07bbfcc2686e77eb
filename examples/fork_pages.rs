//! What `fork` does to memory: parent and child share all pages, and who writes to one gets a new page.
//!
//! `cargo run --release --example fork_pages -- FILE`
//!
//! - An address space is a vector of pages, and each page a vector of bytes. The clone of it is the fork:
//!   it copies a handle, however large the space is.
//! - The parent has FILE (README.md) in its pages. The child writes to one of them, and the table of the
//!   first 16 pages shows who has which page, before and after.
//! - The same is then measured in a space of 1 GiB. All of it is one page of zeros until it is written to.
//!
//! Exit status: 1 if something is not as it should be, 2 if the file cannot be used.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::counting::allocated_by;
use common::{Outcome, argument, ensure, exit, read, refused, timed};
use cow_collections::{CowVec, PersistentVector, cow_vec};

const PAGE: usize = 4096;
const SHOWN: usize = 16;

/// `clone` is `fork`.
#[derive(Clone, PartialEq)]
struct AddressSpace {
    pages: PersistentVector<CowVec<u8>>,
}

impl AddressSpace {
    /// A space of so many pages, the first of which have the bytes.
    fn new(pages: usize, bytes: &[u8]) -> Self {
        let mut this = Self { pages: PersistentVector::new() };
        this.pages.resize(pages, cow_vec![0; PAGE]); // clones of one page
        bytes.chunks(PAGE).enumerate().for_each(|(page, part)| this.write(page * PAGE, part));
        this
    }

    /// Writes bytes that do not cross the end of a page.
    ///
    /// `get_mut` copies the way to the page, where others have it too, and `make_mut` the page: what the
    /// hardware's write fault does for a process.
    fn write(&mut self, address: usize, bytes: &[u8]) {
        let page = self.pages.get_mut(address / PAGE).expect("an address within the space");
        page.make_mut()[address % PAGE..][..bytes.len()].copy_from_slice(bytes);
    }

    /// Where a page is: two spaces that share it have it at one address.
    fn frame(&self, page: usize) -> *const u8 {
        self.pages[page].as_ptr()
    }
}

fn main() -> ExitCode {
    exit(fork_the_file().and_then(|()| fork_a_gigabyte()))
}

fn fork_the_file() -> Outcome {
    let file = argument("a file", "README.md")?;
    let bytes = read(&file)?;
    if bytes.is_empty() {
        return Err(refused(format!("{file:?}: expected a file that is not empty")));
    }
    let mut parent = AddressSpace::new(bytes.len().div_ceil(PAGE).max(SHOWN), &bytes);
    println!("{file:?}: {} bytes, in a space of {} pages", bytes.len(), parent.pages.len());

    let touched = ((bytes.len() - 1) / PAGE).min(SHOWN - 1);
    let old = parent.frame(touched);
    let mut child = parent.clone();
    let mut numbers = BTreeMap::new();
    let before = table(&parent, &child, &mut numbers);
    child.write(touched * PAGE, b"the child was here");
    let after = table(&parent, &child, &mut numbers);

    println!("frames    after the fork    after the child's write");
    println!("          parent  child     parent  child");
    for (page, ([parent, child], [parent_after, child_after])) in
        before.iter().zip(&after).enumerate()
    {
        let mark = if page == touched { "   <- written" } else { "" };
        println!(
            "page {page:>3}  {parent:>6} {child:>6} {parent_after:>10} {child_after:>6}{mark}"
        );
    }
    let differ = |table: &[[usize; 2]]| table.iter().filter(|[a, b]| a != b).count();
    ensure(differ(&before) == 0, "the fork did not share every page")?;
    ensure(differ(&after) == 1, "another page than the one written to was copied")?;
    ensure(parent.frame(touched) == old, "the writer did not get the new page, but the other")?;
    // `diff` finds it too, without a look at what the two share.
    let hunks = parent.pages.diff(&child.pages);
    ensure(hunks.len() == 1 && hunks[0].old == (touched..touched + 1), format!("{hunks:?}"))?;
    let intact = parent == AddressSpace::new(parent.pages.len(), &bytes);
    ensure(intact, "the parent saw the child's write")?;

    // Nobody else has the old page any longer, so the parent may write where it is.
    let ((), copied) = allocated_by(|| parent.write(touched * PAGE, b"and so was the parent"));
    println!("the parent writes to the same page, now its own: {copied} bytes copied");
    ensure(copied == 0 && parent.frame(touched) == old, "a page with one owner was copied")
}

/// Lists the frames of the first pages of both. Each frame gets a number where it first appears.
fn table(
    parent: &AddressSpace,
    child: &AddressSpace,
    numbers: &mut BTreeMap<*const u8, usize>,
) -> Vec<[usize; 2]> {
    let mut number = |frame| {
        let next = numbers.len();
        *numbers.entry(frame).or_insert(next)
    };
    (0..SHOWN).map(|page| [number(parent.frame(page)), number(child.frame(page))]).collect()
}

fn fork_a_gigabyte() -> Outcome {
    let pages = (1 << 30) / PAGE;
    let parent = AddressSpace::new(pages, &[]);
    let table = parent.pages.heap_bytes();
    println!("a space of 1 GiB: {pages} times one page of zeros, and {table} bytes of table");
    ensure(parent.pages[0].strong_count() == pages, "the pages of zeros are not one")?;

    let ((mut child, time), copied) = allocated_by(|| timed(|| parent.clone()));
    let handle = size_of::<AddressSpace>();
    println!("fork: {copied} bytes copied but the handle of {handle}, in {time:?}");
    ensure(copied == 0, "a fork copied memory")?;

    let middle = pages / 2;
    let (((), time), copied) = allocated_by(|| timed(|| child.write(middle * PAGE, b"!")));
    let page = child.pages[middle].heap_bytes();
    let path = child.pages.heap_bytes() - child.pages.shared_bytes_with(&parent.pages);
    println!(
        "one write: {copied} bytes copied, a page of {page} and its path of {path}, in {time:?}"
    );
    ensure(copied == page + path, "one write copied more than a page and its path")?;
    ensure(path < PAGE / 2, "the path is long")?;

    let program = AddressSpace::new(SHOWN, b"another program");
    let fork_and_replace = || {
        child.clone_from(&parent);
        child.clone_from(&program); // `exec`: what was shared is let go
    };
    let (((), time), copied) = allocated_by(|| timed(fork_and_replace));
    println!("fork and replace: {copied} bytes copied, in {time:?}");
    ensure(copied == 0 && child == program, "fork and replace copied memory")?;
    ensure(parent.pages[0].strong_count() == pages, "the parent's pages are not its own again")
}
