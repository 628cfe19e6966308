//! Hexadecimal digits as SRP writes numbers: lower case, without leading zeros.

/// Reads an even number of digits, in either case.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

/// Reads a number of any count of digits, odd ones included, into its shortest big-endian bytes; zero has none.
pub(super) fn decode_number(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let text = text.trim_start_matches('0');
    if text.len().is_multiple_of(2) {
        decode(text)
    } else {
        decode(&format!("0{text}"))
    }
}

/// Writes a big-endian number without leading zeros; zero is `0`.
pub(super) fn encode_number(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let text: String = nibbles
        .skip_while(|nibble| *nibble == 0)
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect();
    if text.is_empty() { "0".to_owned() } else { text }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_leading_zeros_both_ways() {
        assert_eq!(decode_number("000F").unwrap(), [15]);
        assert_eq!(decode_number("fFf").unwrap(), [0x0f, 0xff]);
        assert_eq!(decode_number("0").unwrap(), [0; 0]);
        assert_eq!(encode_number(&[0, 0x0a, 0xbc]), "abc");
        assert_eq!(encode_number(&[0, 0]), "0");
    }

    #[test]
    fn what_is_not_hexadecimal_is_no_number() {
        for text in ["", "g", "-1", "0x1", "1 ", "ä", "+1"] {
            assert_eq!(decode_number(text), None, "{text}");
        }
        assert_eq!(decode("abc"), None);
    }
}
