//! Depends on the crate with its default features, and uses all four collections.

use cow_collections::list::Guard;
use cow_collections::{CopyOnWriteList, CowString, CowVec, PersistentVector, UniqueVec, cow_vec};
use impls::impls;

#[path = "../../../common/impls.rs"]
mod impls;

// `parking_lot` is built with `send_guard` here.
const _: () = {
    assert!(impls!(parking_lot::MutexGuard<'static, u8>: Send));
    assert!(!impls!(Guard<'static, u8>: Send) && impls!(Guard<'static, u8>: Sync));
};

fn main() {
    let before: CowVec<u64> = cow_vec![1, 2, 3];
    let mut after = before.clone();
    assert!(after.ptr_eq(&before));
    after.push(4);
    assert_eq!((&before[..], &after[..]), (&[1, 2, 3][..], &[1, 2, 3, 4][..]));

    let mut unique: UniqueVec<u64> = after.into_unique();
    unique[0] = 9;
    assert_eq!(unique.into_shared()[..], [9, 2, 3, 4]);

    let text = CowString::from("one line\nand a second, longer one\n");
    let lines: Vec<CowString> = text.lines_shared().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(&*lines[1], "and a second, longer one");

    let versions = CopyOnWriteList::new();
    let mut newest: PersistentVector<CowString> = lines.into_iter().collect();
    versions.push(newest.clone());
    let first = versions.snapshot();
    newest.set(0, CowString::from("another line"));
    versions.push(newest);
    assert_eq!((first.len(), versions.len()), (1, 2));
    let all = versions.load();
    assert_eq!((&*all[0][0], &*all[1][0]), ("one line", "another line"));
    assert_eq!(all[0][1], all[1][1]);

    println!("consumer: {} versions of {} lines", all.len(), all[0].len());
}
