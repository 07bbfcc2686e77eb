//! Edits handles with small limits, and compares each edit with the same edit of a `Vec<u8>`.
//!
//! A unit test runs this model with random scripts, and the fuzzer `string_repr` with generated ones.

use alloc::vec;
use alloc::vec::Vec;
use core::mem::replace;
use core::ops::Range;

use super::{Growth, Repr};

type Small = Repr<63, 255>;

impl<const MAX_OFFSET: usize, const MAX_PLAIN: usize> Repr<MAX_OFFSET, MAX_PLAIN> {
    /// Like [`Repr::splice_unchecked`], but checks the range.
    pub(super) fn splice(&mut self, start: usize, end: usize, with: &[u8]) {
        assert!(start <= end && end <= self.len(), "the range must be within the bytes");
        // SAFETY: the range lies within the bytes.
        unsafe { self.splice_unchecked(start, end, with) };
    }
}

/// Runs the edits that a script encodes, four bytes each, and compares all handles after each edit.
#[cfg_attr(not(cow_fuzz), expect(unreachable_pub, reason = "builds for the fuzzers export it"))]
pub fn run(script: &[u8]) {
    let mut all = vec![(Small::new(), Vec::new())];
    for edit in script.chunks_exact(4) {
        let at = usize::from(edit[1]) % all.len();
        let new = apply(edit[0], &mut all[at], edit[2], edit[3]);
        all.extend(new.filter(|_| all.len() < 8));
        if all.len() > 1 && (edit[0] == 255 || all[at].1.len() > 2000) {
            all.swap_remove(at);
        }
        for (ours, theirs) in &all {
            assert_eq!(ours.as_bytes(), theirs, "after {edit:?}");
            assert!(ours.capacity() >= ours.len());
            assert!(ours.retained_len() >= ours.len());
        }
    }
}

/// Applies one edit to a pair. Returns the pair that it makes, if any.
fn apply(kind: u8, pair: &mut (Small, Vec<u8>), a: u8, b: u8) -> Option<(Small, Vec<u8>)> {
    static TEXT: [u8; 300] = [7; 300];
    let (ours, theirs) = pair;
    let Range { start, end } = range(a, b, theirs.len());
    let more: Vec<u8> = (0..a).map(|i| i ^ b).collect();
    match kind % 16 {
        0 => {
            ours.push(&more);
            theirs.extend(&more);
        }
        1 => {
            ours.push_piece(&more, usize::from(b) * 2);
            theirs.extend(&more);
        }
        2 => {
            ours.splice(start, end, &more[..more.len() / 4]);
            theirs.splice(start..end, more[..more.len() / 4].iter().copied());
        }
        3 => {
            ours.splice(0, start, b"");
            theirs.drain(..start);
        }
        4 => {
            ours.truncate(start);
            theirs.truncate(start);
        }
        5 => return Some((ours.clone(), theirs.clone())),
        6 => return Some((ours.slice(start, end), theirs[start..end].to_vec())),
        7 => return Some((ours.split_off(start), theirs.split_off(start))),
        8 => {
            ours.extend_from_within(start, end);
            theirs.extend_from_within(start..end);
        }
        9 => {
            ours.make_mut()[start..].fill(b);
            theirs[start..].fill(b);
        }
        10 => {
            let growth = if b % 2 == 0 { Growth::Amortised } else { Growth::Exact };
            ours.try_reserve(usize::from(a) * 2, growth).unwrap();
            assert!(ours.capacity() >= theirs.len() + usize::from(a) * 2);
        }
        11 => ours.shrink_to(usize::from(a) * 2),
        12 => {
            ours.clear();
            theirs.clear();
        }
        13 => {
            if let Some(mut guard) = ours.retain_after(start) {
                let (removed, kept) = ((end - start) / 2, (end - start).div_ceil(2));
                guard.remove(0, removed);
                guard.remove(kept, 0);
                drop(guard);
                theirs.drain(start..start + removed);
            }
        }
        14 => {
            *ours = match replace(ours, Small::new()).try_into_handle() {
                Ok(handle) => Small::from_handle(handle),
                Err(ours) => ours,
            };
        }
        _ if b % 2 == 0 => return Some((Small::from_static(&TEXT[..a.into()]), vec![7; a.into()])),
        _ => return Some((Small::with_capacity(usize::from(a) * 3), Vec::new())),
    }
    None
}

fn range(a: u8, b: u8, len: usize) -> Range<usize> {
    let (a, b) = (usize::from(a) % (len + 1), usize::from(b) % (len + 1));
    a.min(b)..a.max(b)
}
