//! The second factor: which one a sign-in asks for, how users set one up, and what they prefer.
//!
//! Source: *Adding MFA to a user pool* and *TOTP software token MFA*.

mod admin_delete_software_token;
mod associate_software_token;
mod set_user_mfa_preference;
mod set_user_settings;
mod software_token;
pub(crate) mod totp;
mod verify_software_token;

pub use admin_delete_software_token::admin_delete_software_token;
pub use associate_software_token::{AssociatedSoftwareToken, associate_software_token};
pub use set_user_mfa_preference::{
    FactorSettings, UserMfaPreference, admin_set_user_mfa_preference, set_user_mfa_preference,
};
pub use set_user_settings::{admin_set_user_settings, set_user_settings};
pub(crate) use software_token::{Judged, PendingToken, offered};
pub(crate) use verify_software_token::verified;
pub use verify_software_token::{VerifySoftwareToken, verify_software_token};

use crate::ports::Medium;
use crate::secret::{AccessToken, SessionToken};
use crate::user::{MfaMethod, User};
use crate::user_pool::{Mfa, UserPool};

/// On whose behalf an authenticator app is set up.
#[derive(Debug)]
pub enum Holder {
    /// Of a user who is signed in.
    AccessToken(AccessToken),
    /// Of one who is asked for it in the middle of a sign-in.
    Session(SessionToken),
}

/// What a sign-in asks for after the first factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing more.
    Nothing,
    /// This one.
    Factor(MfaMethod),
    /// One of these, as the user chooses: `SELECT_MFA_TYPE`.
    Choice(Vec<MfaMethod>),
    /// There is none, and the pool insists: `MFA_SETUP` of one of these, if there are any.
    SetUp(Vec<MfaMethod>),
}

/// Which second factor is due. What a user has turned on counts even if the pool has stopped offering it (documented for
/// authenticator apps); with nothing turned on, a pool that insists asks for what it offers and the user can give.
pub(crate) fn due(pool: &UserPool, user: &User) -> Due {
    if pool.settings.mfa == Mfa::Off {
        return Due::Nothing;
    }
    let candidates = candidates(pool, user);
    match candidates.as_slice() {
        [] if pool.settings.mfa == Mfa::Optional => Due::Nothing,
        [] => Due::SetUp(to_set_up(pool)),
        [only] => Due::Factor(*only),
        _ => match user.mfa.preferred.filter(|method| candidates.contains(method)) {
            Some(preferred) => Due::Factor(preferred),
            None => Due::Choice(candidates),
        },
    }
}

/// Whether a sign-in of this user may ask for this factor: then what it goes to is no way around the password.
pub(crate) fn is_second_factor(pool: &UserPool, user: &User, medium: Medium) -> bool {
    let method = match medium {
        Medium::Sms => MfaMethod::SmsMfa,
        Medium::Email => MfaMethod::EmailOtp,
    };
    pool.settings.mfa != Mfa::Off && candidates(pool, user).contains(&method)
}

fn candidates(pool: &UserPool, user: &User) -> Vec<MfaMethod> {
    let turned_on: Vec<MfaMethod> = user
        .mfa
        .enabled
        .iter()
        .copied()
        .filter(|method| can_give(user, *method))
        .collect();
    if pool.settings.mfa != Mfa::On || !turned_on.is_empty() {
        return turned_on;
    }
    MfaMethod::ALL
        .into_iter()
        .filter(|method| pool.mfa_factors.offers(*method) && can_give(user, *method))
        .collect()
}

/// What a user can set up in the middle of a sign-in: a code by message needs an address or number first.
fn to_set_up(pool: &UserPool) -> Vec<MfaMethod> {
    let software_token = pool.mfa_factors.offers(MfaMethod::SoftwareTokenMfa);
    software_token
        .then_some(MfaMethod::SoftwareTokenMfa)
        .into_iter()
        .collect()
}

/// Whether the user has what the factor needs. As with Cognito, a number or address need not be verified.
pub(crate) fn can_give(user: &User, method: MfaMethod) -> bool {
    match method {
        MfaMethod::SmsMfa => contact(user, Medium::Sms).is_some(),
        MfaMethod::EmailOtp => contact(user, Medium::Email).is_some(),
        MfaMethod::SoftwareTokenMfa => user.software_tokens.verified.is_some(),
    }
}

/// Where a code by this medium goes.
pub(crate) fn contact(user: &User, medium: Medium) -> Option<&str> {
    user.attributes
        .get(medium.attribute())
        .filter(|contact| !contact.is_empty())
}

#[cfg(test)]
mod tests;
