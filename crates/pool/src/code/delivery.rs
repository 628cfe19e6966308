//! What a client is told of a code on its way: where it went, masked.

use crate::id::UserPoolId;
use crate::ports::Medium;
use crate::seal::Purpose;
use crate::service::Service;

/// `CodeDeliveryDetails`: where a code went, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeDelivery {
    /// How.
    pub medium: Medium,
    /// `j***@e***` or `+*******1212`.
    pub destination: String,
}

impl CodeDelivery {
    /// What a client that hides unknown users is told of somebody who gets no code; see [`simulated_delivery`].
    #[must_use]
    pub(crate) fn simulated(service: &Service, pool: &UserPoolId, login: &str, preferred: Medium) -> Self {
        let (medium, destination) = simulated_delivery(service, pool, login, preferred);
        Self { medium, destination }
    }
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
/// otherwise `preferred`, the medium that codes of this pool go by first, so that the same name always gets the same answer.
///
/// Source: *Managing user existence error responses*: the form of the name and the settings of the pool decide.
#[must_use]
pub(crate) fn simulated_delivery(
    service: &Service,
    pool: &UserPoolId,
    login: &str,
    preferred: Medium,
) -> (Medium, String) {
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
    let destination = match preferred {
        Medium::Email => format!("{}***@{}***", letter(digest[0]), letter(digest[1])),
        Medium::Sms => {
            let ending = u16::from_be_bytes([digest[0], digest[1]]) % 10_000;
            format!("+*******{ending:04}")
        }
    };
    (preferred, destination)
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
