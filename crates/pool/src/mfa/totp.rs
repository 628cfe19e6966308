//! Time-based one-time passwords: RFC 6238 with HMAC-SHA-1, steps of 30 seconds and six digits, as every authenticator app
//! has them.

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq as _;

use crate::time::Time;

/// Seconds of a step.
const STEP: i64 = 30;
/// How many steps a clock may be off, to either side.
const TOLERANCE: i64 = 1;
/// RFC 4648, section 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The newest step around `now` whose code is `given`. Every step is computed and compared, in constant time.
pub(crate) fn matching_step(secret: &[u8], given: &str, now: Time) -> Option<i64> {
    let present = now.seconds().div_euclid(STEP);
    let mut found = None;
    for step in present - TOLERANCE..=present + TOLERANCE {
        if bool::from(code(secret, step).as_bytes().ct_eq(given.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// The code of a step: six digits.
pub(crate) fn code(secret: &[u8], step: i64) -> String {
    format!("{:06}", truncated(secret, step) % 1_000_000)
}

/// RFC 4226, section 5.3: 31 bits of the digest, from where its last four bits say.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let digest = tag.as_ref();
    let offset = digest.last().map_or(0, |last| usize::from(last & 0x0f));
    let bits = digest
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
    bits & 0x7fff_ffff
}

/// A secret as people type it into their app: Base32 without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(letter(bits >> held));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(letter(bits << (5 - held)));
    }
    text
}

fn letter(bits: u32) -> char {
    char::from(BASE32[(bits & 31) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_of_rfc_6238() {
        // Appendix B, the SHA-1 rows: the last six of eight digits.
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(RFC_SECRET, seconds / STEP), expected, "at {seconds}");
        }
    }

    #[test]
    fn the_codes_of_rfc_4226() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, expected) in (0..).zip(expected) {
            assert_eq!(code(RFC_SECRET, step), expected);
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late() {
        let now = Time(1_234_567_890_000);
        let present = 1_234_567_890 / STEP;
        for offset in -3..=3_i64 {
            let found = matching_step(RFC_SECRET, &code(RFC_SECRET, present + offset), now);
            assert_eq!(found, (offset.abs() <= 1).then_some(present + offset), "{offset}");
        }
        for nothing in ["", "5924", "0059240", "005925"] {
            assert_eq!(matching_step(RFC_SECRET, nothing, now), None);
        }
    }

    #[test]
    fn base32_as_in_rfc_4648_without_padding() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(&[0xff; 32]).len(), 52);
    }
}
