//! Forks an address space: parent and child share all pages until one of them writes.
//!
//! `cargo run --release --example fork_pages -- FILE`
//!
//! - An address space is a vector of pages, and a page is a vector of bytes. A fork is a clone of the space: it
//!   copies a handle, however large the space is.
//! - The parent has FILE (by default README.md) in its pages, and the child writes to one of them. A table shows
//!   which page each of them has before and after the write, for the first 16 pages.
//! - A space of 1 GiB is then measured. All its pages are one shared page of zeros until they are written to.
//!
//! Exit status: 1 if a check fails, 2 if the file cannot be used.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::counting::allocated_by;
use common::{Outcome, argument, ensure, exit, read, refused, timed};
use cow_collections::{CowVec, PersistentVector, cow_vec};

const PAGE: usize = 4096;
const SHOWN: usize = 16;

/// An address space. Its `clone` is the fork.
#[derive(Clone, PartialEq)]
struct AddressSpace {
    pages: PersistentVector<CowVec<u8>>,
}

impl AddressSpace {
    /// Creates a space of `pages` pages that begins with `bytes`. The rest is zeros.
    fn new(pages: usize, bytes: &[u8]) -> Self {
        let mut this = Self { pages: PersistentVector::new() };
        this.pages.resize(pages, cow_vec![0; PAGE]); // clones of one page
        bytes.chunks(PAGE).enumerate().for_each(|(page, part)| this.write(page * PAGE, part));
        this
    }

    /// Writes bytes that do not cross the end of a page.
    ///
    /// `get_mut` copies the shared nodes on the path to the page, and `make_mut` copies the page if it is shared.
    /// An operating system does so when a process writes to a shared page.
    fn write(&mut self, address: usize, bytes: &[u8]) {
        let page = self.pages.get_mut(address / PAGE).expect("the address is within the space");
        page.make_mut()[address % PAGE..][..bytes.len()].copy_from_slice(bytes);
    }

    /// Returns the address of a page. It is the same in two spaces that share the page.
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
        return Err(refused(format!("{file:?}: expected a non-empty file")));
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
    ensure(differ(&after) == 1, "the write did not copy exactly one page")?;
    ensure(parent.frame(touched) == old, "the parent's page moved when the child wrote")?;
    // `diff` finds the written page too, and does not read what the spaces share.
    let hunks = parent.pages.diff(&child.pages);
    ensure(hunks.len() == 1 && hunks[0].old == (touched..touched + 1), format!("{hunks:?}"))?;
    let intact = parent == AddressSpace::new(parent.pages.len(), &bytes);
    ensure(intact, "the parent saw the child's write")?;

    // The parent is now the unique owner of the old page, so it writes in place.
    let ((), copied) = allocated_by(|| parent.write(touched * PAGE, b"and so was the parent"));
    println!("the parent writes to the same page, no longer shared: {copied} bytes copied");
    ensure(copied == 0 && parent.frame(touched) == old, "a page with a unique owner was copied")
}

/// Lists the frames of the first pages of parent and child. A frame gets a number when it first appears.
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
    println!("a space of 1 GiB: {pages} handles of one page of zeros, and {table} bytes of table");
    ensure(parent.pages[0].strong_count() == pages, "the space has more than one page of zeros")?;

    let ((mut child, time), copied) = allocated_by(|| timed(|| parent.clone()));
    let handle = size_of::<AddressSpace>();
    println!("fork: {copied} bytes copied besides the handle of {handle}, in {time:?}");
    ensure(copied == 0, "a fork copied memory")?;

    let middle = pages / 2;
    let (((), time), copied) = allocated_by(|| timed(|| child.write(middle * PAGE, b"!")));
    let page = child.pages[middle].heap_bytes();
    let path = child.pages.heap_bytes() - child.pages.shared_bytes_with(&parent.pages);
    println!(
        "one write: {copied} bytes copied, a page of {page} and its path of {path}, in {time:?}"
    );
    ensure(copied == page + path, "one write copied more than a page and its path")?;
    ensure(path < PAGE / 2, "the path takes half a page or more")?;

    let program = AddressSpace::new(SHOWN, b"another program");
    let fork_and_replace = || {
        child.clone_from(&parent);
        child.clone_from(&program); // like `exec`: releases what was shared
    };
    let (((), time), copied) = allocated_by(|| timed(fork_and_replace));
    println!("fork and replace: {copied} bytes copied, in {time:?}");
    ensure(copied == 0 && child == program, "fork and replace copied memory")?;
    ensure(parent.pages[0].strong_count() == pages, "the child still holds pages of the parent")
}
