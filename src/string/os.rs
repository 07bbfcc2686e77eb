//! What only `std` has: paths, names of the operating system, addresses.

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

macro_rules! equal_as_paths {
    ($($left:ty, $right:ty;)+) => {$(
        impl PartialEq<$right> for $left {
            /// Compares paths, component by component.
            #[inline]
            fn eq(&self, other: &$right) -> bool {
                AsRef::<Path>::as_ref(self) == AsRef::<Path>::as_ref(other)
            }
        }
    )+};
}

equal_as_paths! {
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
