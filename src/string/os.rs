//! Conversions and comparisons with the types of `std`: paths, `OsStr` and socket addresses.

use alloc::vec;
use core::net::SocketAddr;
use std::ffi::{OsStr, OsString};
use std::io;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};

use super::CowString;

impl AsRef<OsStr> for CowString {
    #[inline]
    fn as_ref(&self) -> &OsStr {
        self.as_str().as_ref()
    }
}

impl AsRef<Path> for CowString {
    #[inline]
    fn as_ref(&self) -> &Path {
        self.as_str().as_ref()
    }
}

impl From<CowString> for OsString {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: CowString) -> Self {
        Self::from(&*text)
    }
}

impl From<CowString> for PathBuf {
    /// Copies the text. O(n): one allocation.
    #[inline]
    fn from(text: CowString) -> Self {
        Self::from(&*text)
    }
}

macro_rules! text_of {
    ($($type:ident)+) => {$(
        impl TryFrom<$type> for CowString {
            type Error = $type;

            /// Converts the name to a string. O(n): checks it, then copies it.
            ///
            /// # Errors
            ///
            /// Returns the name if it is not valid Unicode.
            fn try_from(name: $type) -> Result<Self, $type> {
                match AsRef::<OsStr>::as_ref(&name).to_str() {
                    Some(text) => Ok(text.into()),
                    None => Err(name),
                }
            }
        }
    )+};
}

text_of!(OsString PathBuf);

/// Implements `==`, for `$left` with `$right` on the right, by their conversions to `$as`.
macro_rules! equal_as {
    ($as:ident: $($left:ty, $right:ty;)+) => {$(
        impl PartialEq<$right> for $left {
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                AsRef::<$as>::as_ref(self) == AsRef::<$as>::as_ref(other)
            }
        }
    )+};
}

equal_as! {
    OsStr:
    CowString, OsStr;
    OsStr, CowString;
    CowString, OsString;
    OsString, CowString;
}

// Paths compare component by component.
equal_as! {
    Path:
    CowString, Path;
    Path, CowString;
    CowString, PathBuf;
    PathBuf, CowString;
}

impl ToSocketAddrs for CowString {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<vec::IntoIter<SocketAddr>> {
        self.as_str().to_socket_addrs()
    }
}
