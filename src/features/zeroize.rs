//! Wiping of memory through zeroize, where nobody else can see it.
//!
//! Not of a `PersistentVector`, whose leaves may be shared one by one, nor of a list, which others read.

use core::mem;

use zeroize::Zeroize;

use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

impl<T: Zeroize> Zeroize for UniqueVec<T> {
    /// Wipes and drops the elements, and wipes the whole buffer, which stays. O(capacity).
    ///
    /// As with a `Vec`: blocks that were left when the vector grew were not wiped.
    fn zeroize(&mut self) {
        self.spare_capacity_mut().zeroize();
        self.iter_mut().zeroize();
        self.clear();
    }
}

impl<T: Zeroize> Zeroize for CowVec<T> {
    /// As of a [`UniqueVec`] if the buffer is not shared: then it wipes what dropped clones had pushed,
    /// too. O(capacity).
    ///
    /// A shared buffer is let go, and **not wiped**, since others see it: who has it last must wipe it. To
    /// be sure, ask [`CowVec::is_unique`] before.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    /// use zeroize::Zeroize;
    ///
    /// let mut key = cow_vec![1, 2, 3];
    /// let mut other = key.clone();
    /// key.zeroize();
    /// assert_eq!((&key[..], &other[..]), (&[][..], &[1, 2, 3][..]));
    /// other.zeroize(); // the last: the buffer is wiped
    /// assert!(other.is_empty());
    /// ```
    fn zeroize(&mut self) {
        match self.get_unique() {
            Some(unique) => unique.zeroize(),
            None => *self = Self::new(),
        }
    }
}

impl Zeroize for CowString {
    /// Wipes the text, inline or in a buffer that is not shared, which is wiped whole and given back.
    /// O(capacity).
    ///
    /// A shared buffer is let go, and **not wiped**, since others see it: who has it last must wipe it. To
    /// be sure, ask [`CowString::is_unique`] before. Neither is static text. A move of an inline text may
    /// leave a copy where it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    /// use zeroize::Zeroize;
    ///
    /// let mut password = CowString::from("correct horse battery staple");
    /// assert!(password.is_unique());
    /// password.zeroize();
    /// assert_eq!(password, "");
    /// ```
    fn zeroize(&mut self) {
        if self.is_inline() {
            self.make_mut().zeroize();
            self.clear();
        } else if self.is_unique() {
            mem::take(self).into_bytes().zeroize();
        } else {
            *self = Self::new();
        }
    }
}
