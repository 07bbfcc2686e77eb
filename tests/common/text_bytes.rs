//! Checks every conversion of bytes to text against the standard library.
#![allow(clippy::incompatible_msrv, reason = "tests may need a newer compiler than the library")]

use cow_collections::{CowString, CowVec};
use std::ffi::CString;
use std::str;

/// Decodes `bytes` as UTF-8 and as UTF-16.
pub fn check(bytes: &[u8]) {
    utf8(bytes);
    shared_utf8(bytes);
    utf16(bytes);
}

fn utf8(bytes: &[u8]) {
    let std = String::from_utf8(bytes.into());
    assert_eq!(CowString::from_utf8(bytes.into()).map(String::from), std);
    assert_eq!(CowString::try_from(Vec::from(bytes)).map(String::from), std);
    let (lossy, std_lossy) = (CowString::from_utf8_lossy(bytes), String::from_utf8_lossy(bytes));
    assert_eq!(lossy, std_lossy);
    assert_eq!(CowString::from_utf8_lossy_owned(bytes.into()), std_lossy);
    // The text stays valid when a clone appends to their shared buffer.
    let mut longer = lossy.clone();
    longer.push('€');
    assert_eq!((&*lossy, &*longer), (&*std_lossy, &*(std_lossy.clone() + "€")));
    if let Ok(c) = CString::new(bytes) {
        assert_eq!(CowString::try_from(c.clone()).map(String::from), c.into_string());
    }
}

/// Converts a vector without a copy, both whole and as a prefix, while a clone shares the buffer. The first byte
/// chooses the length of the prefix.
fn shared_utf8(bytes: &[u8]) {
    let whole = CowVec::from(bytes);
    let cut = bytes.first().map_or(0, |n| usize::from(*n) % (bytes.len() + 1));
    for end in [cut, bytes.len()] {
        let mut head = whole.clone();
        head.truncate(end);
        match (CowString::try_from(head), str::from_utf8(&bytes[..end])) {
            (Ok(mut ours), Ok(std)) => {
                assert_eq!(ours, *std);
                assert!(ours.is_inline() || ours.as_ptr() == whole.as_ptr(), "copied");
                ours.push('€');
                assert_eq!(ours, [std, "€"].concat());
            }
            (Err(ours), Err(std)) => {
                assert_eq!((ours.utf8_error(), ours.to_string()), (std, std.to_string()));
                let back = ours.into_bytes();
                assert_eq!((back.as_ptr(), back.len()), (whole.as_ptr(), end), "copied");
            }
            (ours, std) => panic!("{ours:?} and {std:?}"),
        }
    }
    assert_eq!(whole, *bytes, "the shared vector is unchanged");
}

/// Decodes UTF-16 units, and bytes of both byte orders, whose last byte may be half a unit. One of two
/// runs maps every unit from 0x8000 on to a surrogate.
fn utf16(bytes: &[u8]) {
    let (pairs, odd) = bytes.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    let surrogate = |unit: &u16| if unit >> 15 == 1 { 0xD800 | unit & 0x7FF } else { *unit };
    for units in [units.iter().map(surrogate).collect(), units] {
        let (ours, std) = (CowString::from_utf16(&units), String::from_utf16(&units));
        let std_lossy = String::from_utf16_lossy(&units);
        assert_eq!(ours.ok().map(String::from), std.as_ref().ok().cloned());
        assert_eq!(CowString::from_utf16_lossy(&units), std_lossy);

        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let (little, big) = ([&*little, odd].concat(), [&*big, odd].concat());
        let valid: usize =
            char::decode_utf16(units).map_while(Result::ok).map(|c| 2 * c.len_utf16()).sum();
        let std = if odd.is_empty() { std.map_err(|_| valid) } else { Err(valid) };
        let std_lossy = std_lossy + if odd.is_empty() { "" } else { "\u{FFFD}" };
        for (ours, lossy) in [
            (CowString::from_utf16le(&little), CowString::from_utf16le_lossy(&little)),
            (CowString::from_utf16be(&big), CowString::from_utf16be_lossy(&big)),
        ] {
            assert_eq!(ours.map(String::from).map_err(|error| error.valid_up_to()), std);
            assert_eq!(lossy, std_lossy);
        }
    }
}
