//! What a team may decide otherwise: the cells of the decision table that have a choice.

use serde::Deserialize;

use crate::profile::SecondFactor;
use crate::standing::Standing;

/// `[rules]` of `rehome.toml`.
///
/// ```toml
/// [rules]
/// password_must_change = "reset"   # or "refuse"
/// reset_due = "reset"              # or "refuse"
/// unconfirmed = "refuse"           # or "move": unverified stays unverified
/// sms_mfa = "keep"                 # or "refuse"; "drop" makes the account weaker
/// other_mfa = "refuse"             # or "reset"; "drop" makes the account weaker
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Password right, but temporary or expired.
    pub password_must_change: OnPasswordChange,
    /// A reset is due already.
    pub reset_due: OnPasswordChange,
    /// Password right, contact never confirmed.
    pub unconfirmed: OnUnconfirmed,
    /// Password right, second factor by SMS.
    pub sms_mfa: OnSmsMfa,
    /// Password right, second factor of another kind.
    pub other_mfa: OnOtherMfa,
}

impl Rules {
    /// The rules that had a say about a standing, as `rehome.toml` would write them.
    #[must_use]
    pub fn applied(self, standing: &Standing) -> Vec<&'static str> {
        let change = |key: [&'static str; 2], rule| match rule {
            OnPasswordChange::Reset => key[0],
            OnPasswordChange::Refuse => key[1],
        };
        let unconfirmed = || match self.unconfirmed {
            OnUnconfirmed::Refuse => "unconfirmed = refuse",
            OnUnconfirmed::Move => "unconfirmed = move",
        };
        let (rule, factor) = match standing {
            Standing::PasswordMustChange(profile) => (
                Some(change(
                    ["password_must_change = reset", "password_must_change = refuse"],
                    self.password_must_change,
                )),
                profile.second_factor,
            ),
            Standing::ResetDue(profile) => (
                Some(change(
                    ["reset_due = reset", "reset_due = refuse"],
                    self.reset_due,
                )),
                profile.second_factor,
            ),
            Standing::Unconfirmed(_) => (Some(unconfirmed()), None),
            Standing::SecondFactor(factor, _) => (None, Some(*factor)),
            _ => (None, None),
        };
        rule.into_iter()
            .chain(factor.map(|factor| self.on_second_factor(factor)))
            .collect()
    }

    fn on_second_factor(self, factor: SecondFactor) -> &'static str {
        match (factor, self.sms_mfa, self.other_mfa) {
            (SecondFactor::Sms, OnSmsMfa::Keep, _) => "sms_mfa = keep",
            (SecondFactor::Sms, OnSmsMfa::Refuse, _) => "sms_mfa = refuse",
            (SecondFactor::Sms, OnSmsMfa::Drop, _) => "sms_mfa = drop",
            (SecondFactor::Other, _, OnOtherMfa::Refuse) => "other_mfa = refuse",
            (SecondFactor::Other, _, OnOtherMfa::Reset) => "other_mfa = reset",
            (SecondFactor::Other, _, OnOtherMfa::Drop) => "other_mfa = drop",
        }
    }
}

/// At sign-in, when the password is not to be used any longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnPasswordChange {
    /// The user moves with `RESET_REQUIRED`.
    #[default]
    Reset,
    /// The user stays.
    Refuse,
}

/// When no contact of the user was ever confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnUnconfirmed {
    /// The user stays; at a forgotten password nothing is disclosed.
    #[default]
    Refuse,
    /// The user moves; what was unverified stays unverified.
    Move,
}

/// When codes by SMS are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnSmsMfa {
    /// The user moves with `enableSMSMFA`.
    #[default]
    Keep,
    /// The user stays.
    Refuse,
    /// The user moves without the second factor.
    Drop,
}

/// When a second factor is on whose secret cannot be carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnOtherMfa {
    /// The user stays until the password is reset.
    #[default]
    Refuse,
    /// The user moves with `RESET_REQUIRED`: the code to the verified contact stands in for the factor.
    Reset,
    /// The user moves without the second factor.
    Drop,
}
