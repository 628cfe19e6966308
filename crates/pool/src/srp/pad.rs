//! How numbers enter SRP's hashes.

use std::borrow::Cow;

/// A big-endian non-negative number in its shortest two's-complement form: a leading zero byte if the top bit is
/// set, and one zero byte for zero. Not filled up to the length of N, unlike RFC 5054.
pub(super) fn pad(number: &[u8]) -> Cow<'_, [u8]> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = &number[start..];
    match digits.first() {
        Some(first) if *first < 0x80 => Cow::Borrowed(digits),
        _ => Cow::Owned([&[0], digits].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_padded_as_by_the_clients() {
        for (number, padded) in [
            (&[0x7f][..], &[0x7f][..]),
            (&[0x80], &[0, 0x80]),
            (&[0x0f, 0xff], &[0x0f, 0xff]),
            (&[0, 0, 0x0f, 0xff], &[0x0f, 0xff]),
            (&[0, 0xff, 0], &[0, 0xff, 0]),
            (&[0], &[0]),
            (&[], &[0]),
        ] {
            assert_eq!(&*pad(number), padded);
        }
    }
}
