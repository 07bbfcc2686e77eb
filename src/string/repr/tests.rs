use super::*;
use alloc::vec::Vec;

const MAX_OFFSET: usize = 1023;
const MAX_PLAIN: usize = 4095;

type Repr = super::Repr<MAX_OFFSET, MAX_PLAIN>;

fn bytes(n: usize) -> Vec<u8> {
    (0..n).map(|i| i as u8 | 1).collect()
}

/// Returns the 16 bytes of an inline handle.
fn raw(repr: &Repr) -> [u8; 16] {
    assert!(repr.is_inline());
    // SAFETY: the 16 bytes of an inline handle are initialised and hold no pointer (S2).
    unsafe { ptr::from_ref(repr).cast::<[u8; 16]>().read() }
}

/// Returns the tag, the last of the 16 bytes.
fn tag(repr: &Repr) -> u8 {
    repr.upper.get().to_ne_bytes()[7]
}

/// The tag of a counted handle with offset 0.
const COUNTED_0: u8 = 0xC0;
/// The tag of a cloned handle with offset 0.
const CLONED_0: u8 = 0xE0;
const HUGE_TAG: u8 = 0xBF;
const STATIC_TAG: u8 = 0x80;

#[test]
fn upper_keeps_every_bit_of_offset_and_length() {
    let text = [0; 16];
    for bit in 0..29 {
        for offset in [1 << bit, (1 << bit) - 1, OFFSET_BITS ^ (1 << bit)] {
            for form in [COUNTED, COUNTED | CLONED] {
                let len = !offset & 0xFFFF_FFFF;
                let upper = form | (offset as u64) << 32 | len as u64;
                // The handle must not be dropped, because it has no block.
                let repr = ManuallyDrop::new(Repr::from_parts(text.as_ptr(), upper));
                assert_eq!((repr.offset(), repr.len()), (offset, len));
                assert_eq!((repr.is_inline(), repr.is_huge()), (false, false));
                assert_eq!(tag(&repr), (form >> 56) as u8 | (offset >> 24) as u8);
            }
        }
    }
}

#[test]
fn tag_of_each_form_is_its_number() {
    for n in 0..=INLINE {
        assert_eq!(tag(&Repr::copy_of(&bytes(n))), 0x40 + n as u8);
    }
    assert_eq!(tag(&Repr::copy_of(&bytes(16))), COUNTED_0);
    assert_eq!(tag(&Repr::from_static(&[7; 16])), STATIC_TAG);
    assert_eq!(tag(&Repr::from_static(&[7; 15])), 0x4F);
    assert_eq!(tag(&Repr::with_capacity(MAX_PLAIN + 1)), HUGE_TAG);
}

#[test]
fn clone_of_counted_handle_is_cloned_until_unique() {
    let all = Repr::with_capacity(100);
    let mut cloned = all.clone();
    assert_eq!((tag(&all), tag(&cloned)), (COUNTED_0, CLONED_0));
    assert!(all.ptr_eq(&cloned) && cloned.ptr_eq(&all) && cloned.clone().ptr_eq(&cloned));
    cloned.push(&bytes(20));
    assert_eq!((tag(&cloned), tag(&cloned.slice(3, 20))), (CLONED_0, CLONED_0));
    assert!(cloned.ptr == all.ptr && !cloned.ptr_eq(&all));
    drop(all);
    cloned.push(&bytes(20));
    assert_eq!((tag(&cloned), cloned.strong_count()), (COUNTED_0, 1), "the handle is unique");
    for other in [Repr::copy_of(b"inline"), Repr::from_static(&[7; 40])] {
        assert_eq!(tag(&other.clone()), tag(&other));
    }
    let huge = Repr::with_capacity(MAX_PLAIN + 100);
    assert_eq!(tag(&huge.clone()), HUGE_TAG);
    assert_eq!(huge.strong_count(), 1);
}

#[test]
fn push_after_truncate_of_cloned_handle_is_in_place_if_unique() {
    let all = Repr::copy_of(&bytes(100));
    let mut cloned = all.clone();
    cloned.truncate(50);
    assert_eq!((tag(&cloned), cloned.retained_len()), (CLONED_0, 100), "the block is as before");
    let (at, hidden) = (cloned.ptr, cloned.clone());
    cloned.push(b"x");
    assert!(cloned.ptr != at, "the next slot is taken");
    let mut cloned = hidden;
    drop(all);
    cloned.push(b"xyz");
    assert_eq!((tag(&cloned), cloned.ptr, cloned.retained_len()), (COUNTED_0, at, 53));
    assert_eq!(cloned.as_bytes(), [&bytes(50)[..], b"xyz"].concat());
}

#[test]
fn push_on_clone_after_truncate_of_counted_handle_is_in_place() {
    let mut all = Repr::copy_of(&bytes(100));
    all.truncate(50);
    let mut clone = all.clone();
    clone.push(b"xyz");
    assert_eq!((clone.ptr, clone.strong_count()), (all.ptr, 2));
    assert_eq!((all.as_bytes(), all.retained_len()), (&bytes(50)[..], 53));
}

#[test]
fn inline_bytes_are_in_order_with_zeros_beyond() {
    for n in 0..=INLINE {
        let mut expected = [0; 16];
        expected[..n].copy_from_slice(&bytes(n));
        expected[15] = 0x40 + n as u8;
        let mut repr = Repr::copy_of(&bytes(n));
        assert_eq!(raw(&repr), expected);
        assert_eq!((repr.len(), repr.as_bytes()), (n, &bytes(n)[..]));
        for shorter in (0..n).rev() {
            repr.truncate(shorter);
            expected[shorter] = 0;
            expected[15] -= 1;
            assert_eq!(raw(&repr), expected);
        }
        repr.push(&bytes(n));
        assert!(repr.ptr_eq(&Repr::copy_of(&bytes(n))));
        repr.clear();
        assert_eq!(raw(&repr), raw(&Repr::new()));
    }
    const IN_CONST: Repr = Repr::from_static(b"fifteen bytes .");
    assert_eq!(raw(&IN_CONST), *b"fifteen bytes .\x4F");
}

#[test]
fn slice_past_max_offset_copies() {
    let all = Repr::copy_of(&bytes(2000));
    for (start, shared) in [(0, true), (1, true), (MAX_OFFSET, true), (MAX_OFFSET + 1, false)] {
        let part = all.slice(start, start + 100);
        assert_eq!(part.as_bytes(), &bytes(2000)[start..start + 100]);
        assert_eq!(part.ptr == all.ptr.wrapping_add(start), shared, "{start}");
        assert_eq!(all.strong_count(), 1 + usize::from(shared));
    }
    let part = all.slice(MAX_OFFSET, 2000);
    assert_eq!(part.slice(1, 100).as_bytes(), &bytes(2000)[MAX_OFFSET + 1..MAX_OFFSET + 100]);
    assert_eq!(all.strong_count(), 2, "the slice of the slice is a copy");
}

#[test]
fn with_capacity_above_max_plain_is_huge() {
    let plain = Repr::copy_of(&bytes(MAX_PLAIN - 16));
    let mut huge = Repr::with_capacity(MAX_PLAIN + 100);
    huge.push(&bytes(MAX_PLAIN + 1));
    assert_eq!((tag(&plain), tag(&huge)), (COUNTED_0, HUGE_TAG));
    assert_eq!(huge.len(), MAX_PLAIN + 1);

    // The rounded capacity decides, not the requested one.
    let rounded = Repr::with_capacity(MAX_PLAIN);
    assert_eq!(tag(&rounded) == HUGE_TAG, rounded.capacity() > MAX_PLAIN);

    let (front, middle) = (huge.slice(0, 100), huge.slice(1, 100));
    assert_eq!((tag(&front), front.ptr, front.len()), (HUGE_TAG, huge.ptr, 100));
    assert_eq!(
        (tag(&middle), middle.len()),
        (COUNTED_0, 99),
        "a slice of a huge handle is a copy unless it starts at 0"
    );
    assert_eq!(huge.strong_count(), 2);
    assert_eq!(middle.as_bytes(), &bytes(100)[1..]);
    drop(front);

    let other = huge.clone();
    huge.push(b"xy");
    assert_eq!((other.len(), huge.len()), (MAX_PLAIN + 1, MAX_PLAIN + 3));
    assert_eq!(other.ptr, huge.ptr, "the push is in place");
    drop(other);
    huge.truncate(20);
    assert_eq!((tag(&huge), huge.as_bytes()), (HUGE_TAG, &bytes(20)[..]));
    huge.make_mut()[0] = 9;
    assert_eq!(huge.as_bytes()[..2], [9, 1]);
    huge.clear();
    assert_eq!((tag(&huge), huge.len()), (HUGE_TAG, 0));
}

#[test]
fn push_above_max_plain_is_huge_and_copy_is_counted() {
    let mut repr = Repr::copy_of(&bytes(3000));
    repr.push(&bytes(3000));
    assert_eq!((tag(&repr), repr.len()), (HUGE_TAG, 6000));
    repr.truncate(20);
    let shared = repr.clone();
    repr.make_mut()[0] = 9;
    assert_eq!((tag(&repr), tag(&shared)), (COUNTED_0, HUGE_TAG));
    assert_eq!(shared.as_bytes(), bytes(20));
}

/// Returns a handle that fills its block, and the block's capacity.
fn full() -> (Repr, usize) {
    let mut repr = Repr::with_capacity(100);
    let cap = repr.capacity();
    repr.push(&bytes(cap));
    (repr, cap)
}

#[test]
fn push_on_unique_slice_moves_it_to_the_front_before_growing() {
    let (all, cap) = full();
    let mut part = all.slice(60, cap - 4);
    let first = all.ptr;
    drop(all);
    assert_eq!((part.offset(), part.capacity()), (60, cap - 60));
    part.push(&bytes(4));
    assert_eq!((part.offset(), part.len()), (60, cap - 60), "the push fills the block");
    part.push(&bytes(1));
    assert_eq!(
        (part.ptr, part.offset(), part.len()),
        (first, 0, cap - 59),
        "the push does not allocate"
    );
    let expected = [&bytes(cap)[60..cap - 4], &bytes(4), &bytes(1)].concat();
    assert_eq!((part.as_bytes(), part.capacity()), (&expected[..], cap));
    part.push(&bytes(60));
    assert_eq!(part.len(), cap + 1);
    assert!(part.capacity() >= 2 * cap, "a full block doubles");
}

#[test]
fn push_on_unique_slice_with_small_offset_grows_at_once() {
    let (all, cap) = full();
    let mut part = all.slice(2, cap);
    drop(all);
    part.push(&bytes(1));
    assert_eq!((part.offset(), part.len()), (0, cap - 1));
    assert!(part.capacity() >= 2 * cap);
    assert_eq!(part.as_bytes()[..cap - 2], bytes(cap)[2..]);
}

#[test]
fn slice_of_short_and_static_bytes_has_no_block() {
    static TEXT: [u8; 40] = [b'x'; 40];
    let all = Repr::from_static(&TEXT);
    let part = all.slice(3, 30);
    assert_eq!((tag(&part), part.ptr, part.len()), (STATIC_TAG, TEXT[3..].as_ptr(), 27));
    assert!(all.slice(3, 18).is_inline());
    assert!(!all.slice(3, 19).is_inline());
    let heap = Repr::copy_of(&TEXT);
    assert!(heap.slice(25, 40).is_inline());
    assert_eq!(heap.slice(24, 40).offset(), 24);
    assert_eq!(heap.slice(24, 40).slice(0, 16).offset(), 24);
}

#[test]
fn write_to_short_shared_or_static_bytes_is_inline() {
    let all = Repr::copy_of(&bytes(40));
    let mut part = all.clone();
    part.truncate(5);
    assert!(!part.is_inline(), "truncating does not move the bytes");
    part.push(&bytes(3));
    assert!(part.is_inline(), "the push copies, because the next slots are taken");
    let mut part = Repr::from_static(b"a text of more than 15 bytes");
    part.truncate(4);
    assert_eq!(part.make_mut(), b"a te");
    assert!(part.is_inline());
}

#[test]
fn from_handle_and_back_keeps_the_block() {
    for n in [0, 1, 15, 16, 100] {
        let vector = crate::vec::CowVec::from(&bytes(n)[..]);
        let at = vector.as_ptr();
        let repr = Repr::from_handle(vector.into_handle());
        assert_eq!((repr.as_bytes(), repr.is_inline()), (&bytes(n)[..], n <= INLINE));
        match repr.try_into_handle() {
            Ok(handle) => assert_eq!((handle.as_slice().as_ptr(), n > INLINE), (at, true)),
            Err(repr) => assert!(repr.is_inline()),
        }
    }
}

#[test]
#[cfg(all(target_pointer_width = "64", not(miri)))]
fn set_len_of_huge_handle_keeps_56_bits() {
    let mut repr = Repr::with_capacity(MAX_PLAIN + 1);
    for len in [1 << 32, (1 << 32) - 1, 0x12_3456_789A, (1 << 47) + 1] {
        // SAFETY: the length fits 56 bits. Nothing reads the bytes, which are not initialised.
        unsafe { repr.set_len(len) };
        assert_eq!(repr.len(), len);
    }
    repr.clear();
}

#[test]
fn splice_at_front_raises_offset_up_to_max_offset() {
    let all = bytes(3000);
    let mut repr = Repr::copy_of(&all);
    let first = repr.ptr;
    repr.splice(0, MAX_OFFSET, b"");
    assert_eq!((repr.ptr, repr.offset()), (first.wrapping_add(MAX_OFFSET), MAX_OFFSET));
    assert_eq!(repr.as_bytes(), &all[MAX_OFFSET..]);
    let shared = repr.clone();
    repr.splice(0, 1, b"");
    assert_eq!(
        (repr.offset(), repr.as_bytes()),
        (0, &all[MAX_OFFSET + 1..]),
        "the bytes are copied"
    );
    assert_eq!((shared.strong_count(), shared.len()), (1, 3000 - MAX_OFFSET));
    repr.splice(0, 3, b"");
    repr.splice(1, 3, b"more than before");
    assert_eq!(
        repr.as_bytes(),
        [&all[MAX_OFFSET + 4..][..1], b"more than before", &all[MAX_OFFSET + 7..]].concat()
    );
}

#[test]
fn splice_at_front_past_max_offset_moves_once_per_max_offset_bytes() {
    let all = bytes(4000);
    let mut repr = Repr::copy_of(&all);
    let (first, cap) = (repr.ptr, repr.capacity());
    assert_eq!(tag(&repr), COUNTED_0, "the handle is not huge");
    let mut moves = 0;
    for removed in 1..=all.len() {
        let before = repr.offset();
        repr.splice(0, 1, b"");
        // Removing the last byte truncates, and keeps the offset.
        if removed < all.len() {
            let moved = before == MAX_OFFSET;
            assert_eq!(repr.offset(), if moved { 0 } else { before + 1 });
            moves += usize::from(moved);
        }
        if removed % 97 == 0 || repr.offset() == 0 {
            assert_eq!(repr.as_bytes(), &all[removed..]);
        }
        assert_eq!(repr.capacity(), cap - repr.offset());
    }
    assert_eq!((moves, repr.len()), (4000 / (MAX_OFFSET + 1), 0));
    assert_eq!(repr.ptr, first.wrapping_add(repr.offset()), "the block is the same");
    repr.push(b"xy");
    assert_eq!(repr.as_bytes(), b"xy");
}

#[test]
fn edits_of_huge_handle_equal_those_of_vec() {
    let mut expected = bytes(MAX_PLAIN + 50);
    let mut repr = Repr::with_capacity(MAX_PLAIN + 200);
    repr.push(&expected);
    let splice = |repr: &mut Repr, expected: &mut Vec<u8>, start, end, with: &[u8]| {
        repr.splice(start, end, with);
        expected.splice(start..end, with.iter().copied());
        assert_eq!(repr.as_bytes(), expected);
    };
    splice(&mut repr, &mut expected, 0, 7, b"");
    splice(&mut repr, &mut expected, 100, 120, b"in between");
    assert_eq!(tag(&repr), HUGE_TAG, "the splices are in place, without an offset");
    repr.extend_from_within(3, 9);
    expected.extend_from_within(3..9);
    assert_eq!(repr.as_bytes(), expected);
    let hidden = repr.clone();
    splice(&mut repr, &mut expected, 0, 1, b"");
    splice(&mut repr, &mut expected, 5, 5, b"a copy");
    assert_eq!((tag(&hidden), hidden.strong_count()), (HUGE_TAG, 1));
    let rest = repr.split_off(30);
    assert_eq!((rest.as_bytes(), rest.strong_count()), (&expected[30..], 1));
    repr.shrink_to(20);
    assert_eq!(
        (tag(&repr), repr.as_bytes()),
        (COUNTED_0, &expected[..30]),
        "the handle is not huge any more"
    );
}

#[test]
fn try_reserve_above_max_plain_is_huge() {
    for shared in [false, true] {
        let mut repr = Repr::copy_of(&bytes(100));
        let hidden = shared.then(|| repr.clone());
        for growth in [Growth::Exact, Growth::Amortised] {
            repr.try_reserve(MAX_PLAIN, growth).unwrap();
            assert_eq!((tag(&repr), repr.as_bytes()), (HUGE_TAG, &bytes(100)[..]));
            repr.shrink_to(0);
            assert_eq!((tag(&repr), repr.as_bytes()), (COUNTED_0, &bytes(100)[..]));
            assert!(repr.capacity() < 120);
        }
        assert_eq!(hidden.map_or(1, |hidden| hidden.strong_count()), 1);
    }
}

#[test]
fn copy_of_at_most_15_bytes_is_inline() {
    let all = Repr::copy_of(&bytes(40));
    let mut repr = all.clone();
    repr.splice(2, 38, b"xy");
    assert_eq!((repr.is_inline(), repr.as_bytes()), (true, &[1, 1, b'x', b'y', 39, 39][..]));
    let mut repr = all.slice(0, 16);
    repr.splice(3, 4, b"");
    assert!(repr.is_inline() && repr.len() == 15);
    let mut repr = all.clone();
    repr.truncate(4);
    repr.try_reserve(11, Growth::Amortised).unwrap();
    assert!(repr.is_inline());
    let mut repr = all.clone();
    repr.truncate(4);
    repr.try_reserve(12, Growth::Exact).unwrap();
    assert!(!repr.is_inline() && repr.capacity() >= 16);
}

#[test]
fn retain_guard_closes_gaps_and_keeps_the_rest() {
    let lengths: &[usize] = if cfg!(miri) { &[5, 17] } else { &[0, 1, 10, 15, 16, 40] };
    for &n in lengths {
        let all = bytes(n);
        for asked in 0..=n {
            let mut repr = Repr::copy_of(&all);
            let mut work = repr.retain_after(0).unwrap();
            for i in 0..asked {
                assert_eq!(work.rest(), &all[i..]);
                if i % 3 == 1 { work.remove(1, 0) } else { work.remove(0, 1) }
            }
            drop(work);
            let kept = |i: &usize| *i >= asked || i % 3 == 1;
            let expected: Vec<u8> = (0..n).filter(kept).map(|i| all[i]).collect();
            assert_eq!(repr.as_bytes(), expected);
            assert!(!repr.is_inline() || repr.ptr_eq(&Repr::copy_of(&expected)));
        }
    }
}

#[test]
fn retain_guard_on_shared_or_static_is_none() {
    let mut repr = Repr::copy_of(&bytes(40));
    let mut clone = repr.clone();
    assert!(repr.retain_after(0).is_none() && clone.retain_after(3).is_none());
    assert!(<Repr>::from_static(&[7; 40]).retain_after(0).is_none());
    drop(clone);
    assert!(repr.retain_after(0).is_some());
    assert_eq!(repr.as_bytes(), bytes(40));
}

#[test]
#[should_panic(expected = "the bytes must be undecided")]
fn retain_guard_past_the_end_panics() {
    let mut repr = Repr::copy_of(&bytes(40));
    let mut work = repr.retain_after(10).unwrap();
    work.remove(20, 5);
    work.remove(3, usize::MAX);
}

#[test]
fn splice_makes_a_unique_handle_counted() {
    let mut repr = Repr::with_capacity(64);
    repr.push(&bytes(40));
    let mut clone = repr.clone();
    drop(repr);
    for _ in 0..2 {
        clone.splice(10, 12, b"abc");
        // SAFETY: the range lies within the bytes.
        assert!(unsafe { clone.splice_unique(10, 13, &bytes(12)[10..]) }, "the fast path");
    }
    assert_eq!(clone.as_bytes(), bytes(40));
}

#[test]
fn pop_ascii_if_cloned_keeps_other_handles_and_other_bytes() {
    let mut repr = Repr::copy_of(&[&[b'x'; 16][..], "ß".as_bytes(), b"yz"].concat());
    assert_eq!(repr.pop_ascii_if_cloned(), None, "counted");
    let mut clone = repr.clone();
    assert_eq!(clone.pop_ascii_if_cloned(), Some(b'z'));
    assert_eq!(clone.pop_ascii_if_cloned(), Some(b'y'));
    assert_eq!(clone.pop_ascii_if_cloned(), None, "not ASCII");
    assert_eq!((clone.len(), repr.len()), (18, 20));
    clone.truncate(0);
    assert_eq!(clone.pop_ascii_if_cloned(), None, "empty");
    assert_eq!(<Repr>::copy_of(b"inline").clone().pop_ascii_if_cloned(), None);
    assert_eq!(<Repr>::from_static(&[b'x'; 40]).clone().pop_ascii_if_cloned(), None);
}

#[test]
fn random_edits_with_small_limits_equal_those_of_vec() {
    let mut seed = 7_u32;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    for _ in 0..if cfg!(miri) { 5 } else { 500 } {
        let script: Vec<u8> = (0..200).map(|_| next()).collect();
        model::run(&script);
    }
}
