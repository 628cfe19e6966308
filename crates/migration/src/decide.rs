//! The decision table: a standing and an occasion become a response, the event unchanged, or a refusal.
//!
//! It never makes an account weaker than it was unless a rule says so, and it never verifies a contact by itself.

use trigger::Attributes;
use trigger::migrate_user::{FinalUserStatus, MessageAction, Response};

use crate::mapping::Mapping;
use crate::profile::{Login, Profile, SecondFactor};
use crate::refusal::Refusal;
use crate::rules::{OnOtherMfa, OnPasswordChange, OnSmsMfa, OnUnconfirmed, Rules};
use crate::standing::Standing;

/// On which occasion, and for which login.
#[derive(Clone, Debug)]
pub enum Occasion {
    /// Somebody signs in with a password.
    SignIn(Login),
    /// Somebody forgot the password.
    ForgotPassword(Login),
}

impl Occasion {
    /// The login of whoever it is.
    #[must_use]
    pub fn login(&self) -> &Login {
        match self {
            Self::SignIn(login) | Self::ForgotPassword(login) => login,
        }
    }
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The user moves.
    Respond(Response),
    /// The event goes back as it came: nobody moves, nothing is disclosed.
    Unchanged,
    /// The function throws.
    Refuse(Refusal),
}

/// Decides. Free of I/O, of time and of chance.
#[must_use]
pub fn decide(occasion: &Occasion, standing: Standing, rules: Rules, mapping: &Mapping) -> Decision {
    match occasion {
        Occasion::SignIn(login) => at_sign_in(standing, rules, |profile| mapping.apply(profile, login)),
        Occasion::ForgotPassword(login) => {
            at_forgot_password(standing, rules, |profile| mapping.apply(profile, login))
        }
    }
}

fn at_sign_in(standing: Standing, rules: Rules, map: impl Fn(&Profile) -> Attributes) -> Decision {
    let confirmed = |profile: &Profile| sign_in_response(map(profile), FinalUserStatus::Confirmed);
    let reset = |profile: &Profile, refusal| reset_response(map(profile), rules, refusal);
    match standing {
        Standing::Active(profile) => confirmed(&profile),
        Standing::WrongPassword => Decision::Refuse(Refusal::WrongPassword),
        Standing::Unknown => Decision::Refuse(Refusal::Unknown),
        Standing::Disabled => Decision::Refuse(Refusal::Disabled),
        Standing::NoPassword => Decision::Refuse(Refusal::NoPassword),
        Standing::LockedForNow(_) => Decision::Refuse(Refusal::LockedForNow),
        Standing::PasswordMustChange(profile) => match rules.password_must_change {
            OnPasswordChange::Reset => {
                keeping_the_factor(&profile, rules, reset(&profile, Refusal::PasswordMustChange))
            }
            OnPasswordChange::Refuse => Decision::Refuse(Refusal::PasswordMustChange),
        },
        Standing::ResetDue(profile) => match rules.reset_due {
            OnPasswordChange::Reset => {
                keeping_the_factor(&profile, rules, reset(&profile, Refusal::ResetDue))
            }
            OnPasswordChange::Refuse => Decision::Refuse(Refusal::ResetDue),
        },
        Standing::Unconfirmed(profile) => match rules.unconfirmed {
            OnUnconfirmed::Refuse => Decision::Refuse(Refusal::Unconfirmed),
            OnUnconfirmed::Move => confirmed(&profile),
        },
        Standing::SecondFactor(SecondFactor::Sms, profile) => match rules.sms_mfa {
            OnSmsMfa::Keep => with_sms_mfa(confirmed(&profile)),
            OnSmsMfa::Refuse => Decision::Refuse(Refusal::SecondFactor),
            OnSmsMfa::Drop => confirmed(&profile),
        },
        Standing::SecondFactor(SecondFactor::Other, profile) => match rules.other_mfa {
            OnOtherMfa::Refuse => Decision::Refuse(Refusal::SecondFactor),
            OnOtherMfa::Reset => reset(&profile, Refusal::SecondFactor),
            OnOtherMfa::Drop => confirmed(&profile),
        },
    }
}

/// Whoever is not to be moved looks like somebody unknown.
fn at_forgot_password(standing: Standing, rules: Rules, map: impl Fn(&Profile) -> Attributes) -> Decision {
    let found = |profile: &Profile, factor: Option<SecondFactor>| {
        let by_sms = factor == Some(SecondFactor::Sms) && rules.sms_mfa == OnSmsMfa::Keep;
        forgot_password_response(map(profile), rules, |attributes| {
            carry_sms_mfa(attributes).filter(|_| by_sms)
        })
    };
    match standing {
        Standing::WrongPassword | Standing::Unknown | Standing::Disabled | Standing::NoPassword => {
            Decision::Unchanged
        }
        Standing::LockedForNow(None) => Decision::Refuse(Refusal::LockedForNow),
        Standing::Unconfirmed(_) if rules.unconfirmed == OnUnconfirmed::Refuse => Decision::Unchanged,
        Standing::Active(profile)
        | Standing::LockedForNow(Some(profile))
        | Standing::PasswordMustChange(profile)
        | Standing::ResetDue(profile)
        | Standing::Unconfirmed(profile) => found(&profile, profile.second_factor),
        Standing::SecondFactor(factor, profile) => found(&profile, Some(factor)),
    }
}

fn sign_in_response(attributes: Attributes, status: FinalUserStatus) -> Decision {
    if attributes.is_empty() {
        return Decision::Refuse(Refusal::NothingToMove);
    }
    Decision::Respond(Response {
        final_user_status: Some(status),
        ..moving(attributes)
    })
}

/// A user who has to reset the password and has no verified contact could never do it: the pool would know the user, so
/// the function would not be asked again. Such a user stays where they are.
fn reset_response(attributes: Attributes, rules: Rules, refusal: Refusal) -> Decision {
    if rules.unconfirmed == OnUnconfirmed::Refuse && !has_verified_contact(&attributes) {
        return Decision::Refuse(refusal);
    }
    sign_in_response(attributes, FinalUserStatus::ResetRequired)
}

/// A reset must not take the second factor away.
fn keeping_the_factor(profile: &Profile, rules: Rules, decision: Decision) -> Decision {
    let refused = Decision::Refuse(Refusal::SecondFactor);
    match profile.second_factor {
        None => decision,
        Some(SecondFactor::Sms) => match rules.sms_mfa {
            OnSmsMfa::Keep => with_sms_mfa(decision),
            OnSmsMfa::Refuse => refused,
            OnSmsMfa::Drop => decision,
        },
        Some(SecondFactor::Other) => match rules.other_mfa {
            OnOtherMfa::Refuse => refused,
            OnOtherMfa::Reset | OnOtherMfa::Drop => decision,
        },
    }
}

/// Cognito makes the user before it looks for a verified contact to send the code to. A user without one would be
/// there, unable to reset and no longer able to move by signing in: such a user looks unknown.
fn forgot_password_response(
    attributes: Attributes,
    rules: Rules,
    sms_mfa: impl Fn(&Attributes) -> Option<bool>,
) -> Decision {
    if attributes.is_empty()
        || rules.unconfirmed == OnUnconfirmed::Refuse && !has_verified_contact(&attributes)
    {
        return Decision::Unchanged;
    }
    // `finalUserStatus` stays absent: Cognito's default is RESET_REQUIRED, and the reset makes it CONFIRMED.
    let enable_sms_mfa = sms_mfa(&attributes);
    Decision::Respond(Response {
        enable_sms_mfa,
        ..moving(attributes)
    })
}

fn moving(attributes: Attributes) -> Response {
    Response {
        user_attributes: Some(attributes),
        force_alias_creation: Some(false),
        message_action: Some(MessageAction::Suppress),
        ..Response::default()
    }
}

/// Cognito wants a phone number for `enableSMSMFA`; without one the factor cannot be carried.
fn with_sms_mfa(decision: Decision) -> Decision {
    match decision {
        Decision::Respond(response) => match response.user_attributes.as_ref().and_then(carry_sms_mfa) {
            Some(enable) => Decision::Respond(Response {
                enable_sms_mfa: Some(enable),
                ..response
            }),
            None => Decision::Refuse(Refusal::SecondFactor),
        },
        other => other,
    }
}

fn carry_sms_mfa(attributes: &Attributes) -> Option<bool> {
    attributes.get("phone_number").map(|_| true)
}

fn has_verified_contact(attributes: &Attributes) -> bool {
    let verified =
        |contact, verified| attributes.get(contact).is_some() && attributes.get(verified) == Some("true");
    verified("email", "email_verified") || verified("phone_number", "phone_number_verified")
}
