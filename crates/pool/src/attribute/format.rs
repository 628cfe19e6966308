//! How an e-mail address and a phone number look.
//!
//! Cognito says of a phone number that it is `+` and digits; of an e-mail address only that it must look like one. What
//! passes here is therefore wide: an old directory's addresses have to come through.

/// Whether `text` looks like an e-mail address: something, one `@`, a domain, nothing blank.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let clean = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
    let labels_sound = domain.split('.').all(|label| !label.is_empty());
    clean(local) && clean(domain) && !local.contains('@') && labels_sound
}

/// Whether `text` is a phone number: `+`, then digits.
#[must_use]
pub fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_something_on_both_sides_of_one_at() {
        for text in [
            "a@b.c",
            "first.last+tag@example.co.jp",
            "ユーザー@例え.jp",
            "root@localhost",
        ] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "", "a", "@b.c", "a@", "a@@b.c", "a b@c.d", "a@b c.d", "a@b..c", "a@.b", "a@b.",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn phone_numbers_are_plus_and_digits() {
        assert!(is_phone_number("+14325551212"));
        for text in [
            "",
            "+",
            "14325551212",
            "+1 432 555 1212",
            "+1(432)5551212",
            "+１２３",
        ] {
            assert!(!is_phone_number(text), "{text}");
        }
    }
}
