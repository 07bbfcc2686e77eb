//! Wiping memory through the crate `zeroize`.
//!
//! `UniqueVec` implements `Zeroize`, because it can always wipe its buffer. `CowVec` and `CowString` have
//! `try_zeroize`, which wipes a buffer that is not shared. `PersistentVector` has neither, because each leaf
//! may be shared. Lists have neither, because other threads read them.

use core::mem;

use zeroize::Zeroize;

use crate::string::CowString;
use crate::vec::{CowVec, UniqueVec};

impl<T: Zeroize> Zeroize for UniqueVec<T> {
    /// Wipes each element by its `zeroize` and drops it, and wipes the spare capacity, as `Vec` does.
    ///
    /// O(capacity). The vector keeps its buffer.
    ///
    /// Buffers that the vector freed when it grew are not wiped, as with `Vec`.
    fn zeroize(&mut self) {
        self.spare_capacity_mut().zeroize();
        self.iter_mut().zeroize();
        self.clear();
    }
}

/// Wiping memory, with the feature `zeroize`.
impl<T: Zeroize> CowVec<T> {
    /// Wipes the vector if its buffer is not shared, and returns whether it did.
    ///
    /// If unique, wipes each element by its `zeroize` and drops it, and wipes the spare capacity, as `Vec` does. The
    /// spare capacity includes what the buffer kept beyond this vector's end. The vector is then empty and keeps the
    /// buffer. O(capacity).
    ///
    /// If shared, changes nothing and returns `false`, because other handles read the buffer. The last handle can wipe
    /// it.
    ///
    /// `CowVec` does not implement `Zeroize`, whose callers rely on the memory being wiped.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::cow_vec;
    ///
    /// let mut key = cow_vec![1, 2, 3];
    /// let mut other = key.clone();
    /// assert!(!key.try_zeroize());
    /// drop(key);
    /// assert!(other.try_zeroize());
    /// assert!(other.is_empty());
    /// ```
    #[must_use = "a shared buffer is not wiped"]
    pub fn try_zeroize(&mut self) -> bool {
        match self.get_unique() {
            Some(unique) => {
                unique.zeroize();
                true
            }
            None => false,
        }
    }
}

/// Wiping memory, with the feature `zeroize`.
impl CowString {
    /// Wipes the text if no other string shares it, and returns whether it did.
    ///
    /// If inline, wipes the text. If unique, wipes the text and the spare capacity, and frees the buffer. The string
    /// is then empty. O(capacity).
    ///
    /// If shared or static, changes nothing and returns `false`, because others read the text. The last string of a
    /// buffer can wipe it.
    ///
    /// A move of an inline text may leave a copy where it was. `CowString` does not implement `Zeroize`, whose
    /// callers rely on the memory being wiped.
    ///
    /// # Examples
    ///
    /// ```
    /// use cow_collections::CowString;
    ///
    /// let mut password = CowString::from("correct horse battery staple");
    /// let clone = password.clone();
    /// assert!(!password.try_zeroize());
    /// drop(clone);
    /// assert!(password.try_zeroize());
    /// assert_eq!(password, "");
    /// ```
    #[must_use = "a shared text is not wiped"]
    pub fn try_zeroize(&mut self) -> bool {
        if self.is_inline() {
            self.make_mut().zeroize();
            self.clear();
            true
        } else {
            self.is_unique() && mem::take(self).into_bytes().try_zeroize()
        }
    }
}
