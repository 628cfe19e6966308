//! With what a choice-based sign-in may begin: what the pool allows and the user has.
//!
//! Source: *Manage authentication methods in AWS SDKs* and *Adding MFA to a user pool*. The app client's other flows do not
//! matter: `ALLOW_USER_AUTH` covers password and SRP by itself (API reference, `ExplicitAuthFlows`).

use super::challenge::ChallengeName;
use super::step::Step;
use crate::code;
use crate::error::{Error, text};
use crate::ports::Medium;
use crate::user::{User, UserStatus};
use crate::user_pool::{FirstFactor as Allowed, Mfa, UserPool};
use crate::web_authn::Passkey;

/// A way to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    PasswordSrp,
    Password,
    EmailOtp,
    SmsOtp,
    WebAuthn,
}

impl Choice {
    /// In the order in which they are offered: that of the passwords as observed, the rest chosen.
    const ALL: [Self; 5] = [
        Self::PasswordSrp,
        Self::Password,
        Self::EmailOtp,
        Self::SmsOtp,
        Self::WebAuthn,
    ];

    /// Reads `ANSWER` or `PREFERRED_CHALLENGE`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what begins no sign-in.
    pub(super) fn parse(name: &str) -> Result<Self, Error> {
        let known = Self::ALL
            .into_iter()
            .find(|choice| choice.challenge().as_str() == name);
        known.ok_or_else(|| Error::invalid_parameter(text::CHALLENGE_NOT_AVAILABLE))
    }

    /// The challenge of this name.
    pub(super) fn challenge(self) -> ChallengeName {
        match self {
            Self::PasswordSrp => ChallengeName::PasswordSrp,
            Self::Password => ChallengeName::Password,
            Self::EmailOtp => ChallengeName::EmailOtp,
            Self::SmsOtp => ChallengeName::SmsOtp,
            Self::WebAuthn => ChallengeName::WebAuthn,
        }
    }

    /// The parameter without which it cannot begin.
    pub(super) fn parameter(self) -> Option<&'static str> {
        match self {
            Self::PasswordSrp => Some("SRP_A"),
            Self::Password => Some("PASSWORD"),
            Self::EmailOtp | Self::SmsOtp | Self::WebAuthn => None,
        }
    }

    /// The pool's word for it.
    fn allowed(self) -> Allowed {
        match self {
            Self::PasswordSrp | Self::Password => Allowed::Password,
            Self::EmailOtp => Allowed::EmailOtp,
            Self::SmsOtp => Allowed::SmsOtp,
            Self::WebAuthn => Allowed::WebAuthn,
        }
    }

    fn is_password(self) -> bool {
        self.allowed() == Allowed::Password
    }
}

/// Who is signing in.
pub(super) struct Person<'a> {
    /// What was typed.
    pub(super) login: &'a str,
    /// The user behind it; nobody where the client is not to learn that.
    pub(super) user: Option<User>,
}

/// With what this person may begin. Who has nothing is offered the passwords, none of which will be right: an empty list
/// would tell that somebody is there.
pub(super) fn offered(step: &Step<'_>, person: &Person<'_>) -> Vec<Choice> {
    let pool = step.pool();
    let has = |choice: &Choice| {
        let choice = *choice;
        is_allowed(pool, choice)
            && match &person.user {
                Some(user) => can(pool, user, choice),
                None => might(step, person.login, choice),
            }
    };
    let offered: Vec<Choice> = Choice::ALL.into_iter().filter(has).collect();
    if offered.is_empty() {
        vec![Choice::PasswordSrp, Choice::Password]
    } else {
        offered
    }
}

/// `ConfiguredUserAuthFactors`: what a choice-based sign-in would offer to this user.
pub(crate) fn first_factors(pool: &UserPool, user: &User) -> Vec<Allowed> {
    let mut factors: Vec<Allowed> = Choice::ALL
        .into_iter()
        .filter(|&choice| is_allowed(pool, choice) && can(pool, user, choice))
        .map(Choice::allowed)
        .collect();
    factors.dedup();
    factors
}

/// The passkeys that sign this user in: those of the pool's relying party.
pub(super) fn passkeys<'u>(pool: &'u UserPool, user: &'u User) -> impl Iterator<Item = &'u Passkey> {
    let relying_party = pool.web_authn.relying_party_id.as_ref();
    user.passkeys
        .iter()
        .filter(move |passkey| Some(&passkey.relying_party_id) == relying_party)
}

/// Whether anybody of the pool may begin so. Where a second factor is required, codes are none: they would be the only one; a
/// passkey is where it counts for both.
fn is_allowed(pool: &UserPool, choice: Choice) -> bool {
    let is_both = choice == Choice::WebAuthn && pool.web_authn.is_multi_factor();
    let is_enough = choice.is_password() || is_both || pool.settings.mfa != Mfa::On;
    is_enough && pool.settings.first_factors.contains(&choice.allowed())
}

/// Whether the user has what it takes. Codes go to verified destinations, and to nobody who has yet to confirm the sign-up
/// or to choose a password (observed for the latter).
fn can(pool: &UserPool, user: &User, choice: Choice) -> bool {
    match choice {
        Choice::PasswordSrp | Choice::Password => user.credential.is_some(),
        Choice::EmailOtp => destination(pool, user, Medium::Email).is_some(),
        Choice::SmsOtp => destination(pool, user, Medium::Sms).is_some(),
        Choice::WebAuthn => user.status == UserStatus::Confirmed && passkeys(pool, user).next().is_some(),
    }
}

/// Whether somebody of this name who is not there is said to have it: a password, and what codes would go to.
fn might(step: &Step<'_>, login: &str, choice: Choice) -> bool {
    let medium = || {
        let key = step.pool().case().login_key(login);
        code::simulated_delivery(step.service, &step.pool().id, key.as_str(), Medium::Email).0
    };
    match choice {
        Choice::PasswordSrp | Choice::Password => true,
        Choice::EmailOtp => medium() == Medium::Email,
        Choice::SmsOtp => medium() == Medium::Sms,
        Choice::WebAuthn => false,
    }
}

/// Where a code that opens a sign-in would go.
pub(super) fn destination<'u>(pool: &UserPool, user: &'u User, medium: Medium) -> Option<&'u str> {
    let (choice, attribute, verified) = match medium {
        Medium::Email => (Choice::EmailOtp, "email", "email_verified"),
        Medium::Sms => (Choice::SmsOtp, "phone_number", "phone_number_verified"),
    };
    let may = user.status == UserStatus::Confirmed && is_allowed(pool, choice);
    let is_verified = user.attributes.get(verified) == Some("true");
    user.attributes
        .get(attribute)
        .filter(|value| may && is_verified && !value.is_empty())
}
