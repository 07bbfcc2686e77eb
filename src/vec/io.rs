//! Implements `Write` for vectors of bytes.

use std::io::{self, IoSlice, Write};

use super::{CowVec, UniqueVec};

/// Appends the bytes. Never returns an error.
impl Write for UniqueVec<u8> {
    /// O(k) amortised for k bytes.
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// O(k) amortised for k bytes in all. Reserves once.
    #[inline]
    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let len = parts.iter().map(|part| part.len()).sum();
        self.reserve(len);
        for part in parts {
            self.extend_from_slice(part);
        }
        Ok(len)
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

/// Appends the bytes, as [`CowVec::extend_from_slice`] does. Never returns an error.
///
/// Clones the buffer if it is shared and cannot be appended to in place.
///
/// To read, use the slice, which implements `Read` and `BufRead`, or a [`Cursor`](io::Cursor) of a vector, which also
/// implements `Seek` and can own a clone.
///
/// # Examples
///
/// ```
/// use cow_collections::cow_vec;
/// use std::io::Write;
///
/// let head = cow_vec![b'>', b' '];
/// let mut line = head.clone();
/// write!(line, "{}", 12)?;
/// assert_eq!((&head[..], &line[..]), (&b"> "[..], &b"> 12"[..]));
/// # std::io::Result::Ok(())
/// ```
impl Write for CowVec<u8> {
    /// O(k) amortised for k bytes; on a shared buffer at most one copy.
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// O(k) amortised for k bytes in all; on a shared buffer at most one copy.
    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        for (i, part) in parts.iter().enumerate() {
            // Does not reserve on a shared buffer: that would copy where a claim can append in place.
            if let Some(unique) = self.get_unique() {
                unique.write_vectored(&parts[i..])?;
                break;
            }
            self.extend_from_slice(part);
        }
        Ok(parts.iter().map(|part| part.len()).sum())
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
