//! What a new password must have.
//!
//! Source: "Adding user pool password requirements" in Cognito's guide; texts observed.

use serde::{Deserialize, Serialize};
use trigger::Password;

use crate::error::{Error, text};

/// `PasswordPolicy`, with Cognito's defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the policy is four independent switches, as in the API"
)]
pub struct PasswordPolicy {
    /// Least number of characters, 6 to 99.
    pub minimum_length: u32,
    /// Wants A–Z.
    pub require_uppercase: bool,
    /// Wants a–z.
    pub require_lowercase: bool,
    /// Wants 0–9.
    pub require_numbers: bool,
    /// Wants one of the listed symbols.
    pub require_symbols: bool,
    /// Days for which a temporary password is good, 0 to 365.
    pub temporary_password_validity_days: u32,
    /// How many earlier passwords may not come back.
    #[serde(default)]
    pub password_history_size: Option<u32>,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: 8,
            require_uppercase: true,
            require_lowercase: true,
            require_numbers: true,
            require_symbols: true,
            temporary_password_validity_days: 7,
            password_history_size: None,
        }
    }
}

/// The symbols that count as symbols; a space counts too, inside the password.
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";

/// Most characters of a password.
const MAXIMUM_LENGTH: usize = 256;

/// By which operation a password is set: each words its refusal in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the API's name")]
pub enum Operation {
    SignUp,
    AdminCreateUser,
    AdminSetUserPassword,
    NewPasswordRequired,
    ConfirmForgotPassword,
    ChangePassword,
}

impl Operation {
    /// What stands before the rule that was broken. Observed.
    fn prefix(self) -> &'static str {
        match self {
            Self::SignUp => "Password did not conform with policy: ",
            Self::AdminCreateUser => "Password did not conform with password policy: ",
            Self::AdminSetUserPassword
            | Self::NewPasswordRequired
            | Self::ConfirmForgotPassword
            | Self::ChangePassword => "Password does not conform to policy: ",
        }
    }
}

impl PasswordPolicy {
    /// Whether `password` may be set by `operation`.
    ///
    /// # Errors
    /// [`Error::InvalidPassword`] names the first rule that it breaks, in the words of the operation.
    pub fn check(&self, password: &Password, operation: Operation) -> Result<(), Error> {
        match self.broken_rule(password.expose()) {
            None => Ok(()),
            Some(rule) => Err(Error::InvalidPassword(
                format!("{}{rule}", operation.prefix()).into(),
            )),
        }
    }

    /// The first rule that `password` breaks: length, upper case, lower case, digits, symbols. That length comes first
    /// is known, the order of the rest chosen.
    fn broken_rule(&self, password: &str) -> Option<&'static str> {
        let length = password.chars().count();
        let has = |class: fn(char) -> bool| password.chars().any(class);
        let inner = password.trim_matches(' ');
        let has_symbol = inner.contains(' ') || password.chars().any(|c| SYMBOLS.contains(c));
        if length < self.minimum_length as usize {
            Some("Password not long enough")
        } else if length > MAXIMUM_LENGTH {
            Some("Password too long")
        } else if self.require_uppercase && !has(|c| c.is_ascii_uppercase()) {
            Some("Password must have uppercase characters")
        } else if self.require_lowercase && !has(|c| c.is_ascii_lowercase()) {
            Some("Password must have lowercase characters")
        } else if self.require_numbers && !has(|c| c.is_ascii_digit()) {
            Some("Password must have numeric characters")
        } else if self.require_symbols && !has_symbol {
            Some("Password must have symbol characters")
        } else {
            None
        }
    }

    /// Whether the policy itself keeps to Cognito's ranges.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    pub(super) fn check_ranges(&self) -> Result<(), Error> {
        let sound = (6..=99).contains(&self.minimum_length)
            && self.temporary_password_validity_days <= 365
            && self.password_history_size.is_none_or(|size| size <= 24);
        if sound {
            Ok(())
        } else {
            Err(Error::invalid_parameter(text::PASSWORD_POLICY_RANGE))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str) -> Option<&'static str> {
        PasswordPolicy::default().broken_rule(password)
    }

    #[test]
    fn a_password_with_all_that_is_asked_for_passes() {
        for password in ["Abcdef1!", "Passw0rd with space", "Ab1~`\\|<>", "Ünïcode-Abc1"] {
            assert_eq!(broken(password), None, "{password}");
        }
    }

    #[test]
    fn length_is_looked_at_first() {
        assert_eq!(broken(""), Some("Password not long enough"));
        assert_eq!(broken("Abc1!"), Some("Password not long enough"));
        assert_eq!(broken(&"Abcdef1!".repeat(33)), Some("Password too long"));
    }

    #[test]
    fn then_each_class_in_turn() {
        assert_eq!(
            broken("abcdefgh"),
            Some("Password must have uppercase characters")
        );
        assert_eq!(
            broken("ABCDEFGH"),
            Some("Password must have lowercase characters")
        );
        assert_eq!(broken("Abcdefgh"), Some("Password must have numeric characters"));
        assert_eq!(broken("Abcdefg1"), Some("Password must have symbol characters"));
    }

    #[test]
    fn letters_and_digits_are_basic_latin() {
        assert_eq!(
            broken("Äbcdefg1!"),
            Some("Password must have uppercase characters")
        );
        assert_eq!(broken("Abcdefg٣!"), Some("Password must have numeric characters"));
    }

    #[test]
    fn a_space_is_a_symbol_only_inside() {
        assert_eq!(broken(" Abcdefg1 "), Some("Password must have symbol characters"));
        assert_eq!(broken("Abcd efg1"), None);
    }

    #[test]
    fn what_the_policy_does_not_ask_for_may_be_missing() {
        let policy = PasswordPolicy {
            minimum_length: 6,
            require_uppercase: false,
            require_lowercase: false,
            require_numbers: false,
            require_symbols: false,
            ..PasswordPolicy::default()
        };
        assert_eq!(policy.broken_rule("aaaaaa"), None);
    }

    #[test]
    fn each_operation_has_its_own_words() {
        let text = |operation| {
            let refused = PasswordPolicy::default().check(&Password::new("short"), operation);
            refused.unwrap_err().to_string()
        };
        assert_eq!(
            text(Operation::SignUp),
            "Password did not conform with policy: Password not long enough"
        );
        assert_eq!(
            text(Operation::AdminCreateUser),
            "Password did not conform with password policy: Password not long enough"
        );
        assert_eq!(
            text(Operation::ChangePassword),
            "Password does not conform to policy: Password not long enough"
        );
    }

    #[test]
    fn the_policy_has_ranges() {
        let with_length = |minimum_length| PasswordPolicy {
            minimum_length,
            ..PasswordPolicy::default()
        };
        assert!(with_length(5).check_ranges().is_err());
        assert!(with_length(6).check_ranges().is_ok());
        assert!(with_length(99).check_ranges().is_ok());
        assert!(with_length(100).check_ranges().is_err());
        let forever = PasswordPolicy {
            temporary_password_validity_days: 366,
            ..PasswordPolicy::default()
        };
        assert!(forever.check_ranges().is_err());
    }
}
