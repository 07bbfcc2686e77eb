//! Checks that the collections never call `next` on an iterator after it returned `None`.

use cow_collections::{CowString, CowVec, PersistentVector, UniqueVec};

/// An iterator over a number of elements that panics if `next` is called after it returned `None`.
struct Once(Option<usize>);

impl Iterator for Once {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let left = self.0.expect("no call after `None`");
        self.0 = left.checked_sub(1);
        self.0
    }
}

#[test]
fn no_iterator_is_asked_again_after_its_end() {
    for n in [0, 1, 127, 128, 129, 300, 1_000] {
        let once = || Once(Some(n));
        let chars = || once().map(|_| 'ß');
        assert_eq!(once().collect::<CowVec<_>>().len(), n);
        assert_eq!(once().collect::<UniqueVec<_>>().len(), n);
        assert_eq!(chars().collect::<CowString>().chars().count(), n);
        assert_eq!(once().collect::<PersistentVector<_>>().len(), n);
        let mut vector: PersistentVector<usize> = (0..200).collect();
        let old = vector.clone();
        vector.extend(once());
        drop(vector.splice(10..20, once()));
        assert_eq!((vector.len(), old.len()), (190 + 2 * n, 200));
        let mut v: CowVec<usize> = (0..200).collect();
        let old = v.clone();
        v.extend(once());
        drop(v.splice(10..20, once()));
        assert_eq!((v.len(), old.len()), (190 + 2 * n, 200));
        let mut unique = UniqueVec::from([1]);
        unique.extend(once());
        drop(unique.splice(..1, once()));
        assert_eq!(unique.len(), 2 * n);
        let mut text = CowString::from("text");
        text.extend(chars());
        assert_eq!(text.chars().count(), 4 + n);
        #[cfg(feature = "list")]
        {
            let list: cow_collections::CopyOnWriteList<usize> = once().collect();
            list.extend(once());
            list.insert_many(0, once()).unwrap();
            list.splice(..n, once()).unwrap();
            assert_eq!(
                (list.len(), list.replace(once().collect::<Vec<_>>()).len()),
                (3 * n, 3 * n)
            );
            list.extend_absent(once());
            assert_eq!(list.len(), n);
            let set: cow_collections::CopyOnWriteSet<usize> = once().collect();
            assert_eq!((set.len(), set.extend(once())), (n, 0));
        }
    }
}
