//! Parses the text once, and prints the number of allocations, the bytes of the tree, the peak of the process's memory
//! in KiB, and the number of nodes.

#[path = "../../../../common/alloc.rs"]
mod alloc;

use std::fs;

use typst_syntax::SyntaxNode;

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

fn nodes(root: &SyntaxNode) -> usize {
    1 + root.children().map(nodes).sum::<usize>()
}

fn main() {
    let (text, live) = (parse::text(), alloc::live());
    let (blocks, root) = alloc::blocks_of(|| typst_syntax::parse(&text));
    let live = alloc::live() - live;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    let peak = peak.trim().trim_end_matches(" kB");
    assert_eq!(root.len(), text.len());
    assert!(root.errors_and_warnings().0.is_empty(), "the text has an error");
    println!("{blocks} {live} {peak} {}", nodes(&root));
}
