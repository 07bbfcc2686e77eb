//! `Write` for vectors of bytes.

use std::io::{self, Write};

use super::PersistentVector;

/// Appends the written bytes, as [`PersistentVector::extend_from_slice`] does. Never fails.
///
/// # Examples
///
/// ```
/// use cow_collections::PersistentVector;
/// use std::io::Write;
///
/// let mut log = PersistentVector::new();
/// writeln!(log, "one")?;
/// let before = log.clone();
/// writeln!(log, "two")?;
/// assert_eq!((before.to_vec(), log.to_vec()), (b"one\n".to_vec(), b"one\ntwo\n".to_vec()));
/// # std::io::Result::Ok(())
/// ```
impl Write for PersistentVector<u8> {
    /// O(k) amortised for k bytes.
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    /// Does nothing.
    #[inline]
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
