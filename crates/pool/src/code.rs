//! Codes that are sent to people: how they are kept, compared and announced.

use crate::id::UserPoolId;
use crate::ports::Medium;
use crate::seal::Purpose;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::user::User;
use crate::user_pool::UserPool;

/// What is kept of a code: a keyed digest, bound to pool and user. Six digits alone could be guessed from a plain one.
pub(crate) fn digest(service: &Service, pool: &UserPool, user: &User, code: &ConfirmationCode) -> Vec<u8> {
    let parts = [pool.id.as_str(), user.sub.as_str(), code.expose()];
    service.sealer.digest(Purpose::Code, &parts).to_vec()
}

/// Whether `code` is the one of `digest`; in constant time.
pub(crate) fn matches(
    service: &Service,
    pool: &UserPool,
    user: &User,
    code: &ConfirmationCode,
    kept: &[u8],
) -> bool {
    subtle::ConstantTimeEq::ct_eq(digest(service, pool, user, code).as_slice(), kept).into()
}

/// The destination as the API shows it: `a***@e***` and `+*******9934`.
///
/// Source: observed for both.
#[must_use]
pub(crate) fn masked(medium: Medium, destination: &str) -> String {
    match medium {
        Medium::Email => {
            let (name, domain) = destination.split_once('@').unwrap_or((destination, ""));
            let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
            format!("{}***@{}***", first(name), first(domain))
        }
        Medium::Sms => {
            let digits: Vec<char> = destination.chars().filter(char::is_ascii_digit).collect();
            let shown = digits.len().saturating_sub(4);
            format!(
                "+{}{}",
                "*".repeat(shown),
                digits[shown..].iter().collect::<String>()
            )
        }
    }
}

/// A stable stand-in for the delivery of a code to somebody who does not exist: the form of the name decides, and
/// otherwise a digest, so that the same name always gets the same answer.
#[must_use]
pub(crate) fn simulated_delivery(service: &Service, pool: &UserPoolId, login: &str) -> (Medium, String) {
    if login.contains('@') {
        return (Medium::Email, masked(Medium::Email, login));
    }
    if login.starts_with('+') && login[1..].bytes().all(|b| b.is_ascii_digit()) {
        return (Medium::Sms, masked(Medium::Sms, login));
    }
    let digest = service
        .sealer
        .digest(Purpose::Code, &[pool.as_str(), "delivery", login]);
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    (
        Medium::Email,
        format!("{}***@{}***", letter(digest[0]), letter(digest[1])),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_first_letter_of_each_side() {
        assert_eq!(masked(Medium::Email, "jane@example.com"), "j***@e***");
        assert_eq!(masked(Medium::Email, "é@ü.de"), "é***@ü***");
        assert_eq!(masked(Medium::Email, ""), "***@***");
    }

    #[test]
    fn a_number_keeps_its_last_four_digits() {
        assert_eq!(masked(Medium::Sms, "+14325551212"), "+*******1212");
        assert_eq!(masked(Medium::Sms, "+123"), "+123");
    }
}
